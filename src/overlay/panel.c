/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/panel.h"

#include <math.h>
#include <string.h>

#include "image/image-canvas.h"
#include "image/thumbnail.h"
#include "overlay/color-tile.h"
#include "overlay/drawing.h"
#include "overlay/face-boxes.h"
#include "overlay/grid-view.h"
#include "overlay/panel-layout.h"
#include "overlay/score-view.h"
#include "overlay/text.h"

#define DETAIL_ALPHA 0.65

#define DOT "\xc2\xb7"
#define TIMES "\xc3\x97"

#define N_LEVELS 256
/* Frames are missing if the rate is below this part of the full frame rate. */
#define ENOUGH_FRAMES 0.95

/* LayerKey and Key hold everything that the static part of a panel depends
 * on. */
typedef struct {
  gchar *name;
  gint height;
  gint width;
  gint channels;
  gboolean has_contributions;
  gboolean has_kernels;
} LayerKey;

typedef struct {
  gint frame_width;
  gint frame_height;
  OverlayLayout layout;
  gdouble opacity;
  guint color;
  guint page;
  gint enlarged_layer;
  gint focused_layer;
  gboolean has_cam;
  gint input_width;
  gint input_height;
  guint n_score_rows;
  guint n_layers;
} Key;

struct _OverlayPanel {
  OverlayText *text;
  OverlayPanelLayout layout;
  OverlayDock dock;
  cairo_surface_t *surface;

  gboolean is_made;
  Key key;
  gchar *title;
  gchar *attribute; /* (nullable): attribute named in the title */
  GArray *layers;   /* LayerKey elements */
  GArray *states;   /* OverlayLayerState elements, one per layer */

  OverlayGlyphs *heading_glyphs;
  OverlayGlyphs *title_glyphs;
  OverlayGlyphs *caption_glyphs;

  guint32 table[N_LEVELS];
  OverlayColormap table_colormap;
  gdouble table_gamma;

  OverlayScoreView *score;
  ImageThumbnail *crop; /* (nullable): of the size of shown */
  Rect shown;           /* the part of the square that the picture fills */

  gdouble time; /* in seconds: timestamp of the frame, or summed up */
};

static void
clear_layer_key (gpointer key)
{
  g_free (((LayerKey *) key)->name);
}

static void
clear_state (gpointer state)
{
  overlay_layer_state_clear (state);
}

OverlayPanel *
overlay_panel_new (OverlayText *text)
{
  OverlayPanel *panel = g_new0 (OverlayPanel, 1);

  panel->text = text;
  panel->layers = g_array_new (FALSE, TRUE, sizeof (LayerKey));
  g_array_set_clear_func (panel->layers, clear_layer_key);
  panel->states = g_array_new (FALSE, TRUE, sizeof (OverlayLayerState));
  g_array_set_clear_func (panel->states, clear_state);
  panel->score = overlay_score_view_new (text);
  panel->table_gamma = -1.0;
  return panel;
}

static void
clear_glyphs (OverlayPanel *panel)
{
  g_clear_pointer (&panel->heading_glyphs, overlay_glyphs_free);
  g_clear_pointer (&panel->title_glyphs, overlay_glyphs_free);
  g_clear_pointer (&panel->caption_glyphs, overlay_glyphs_free);
}

void
overlay_panel_free (OverlayPanel *panel)
{
  g_clear_pointer (&panel->surface, cairo_surface_destroy);
  g_array_unref (panel->layers);
  g_array_unref (panel->states);
  g_free (panel->title);
  g_free (panel->attribute);
  clear_glyphs (panel);
  overlay_score_view_free (panel->score);
  g_clear_pointer (&panel->crop, image_thumbnail_free);
  g_free (panel);
}

void
overlay_panel_reset (OverlayPanel *panel)
{
  overlay_score_view_reset (panel->score);
  panel->dock.is_placed = FALSE;
  for (guint i = 0; i < panel->states->len; i++) {
    OverlayLayerState *state = &g_array_index (panel->states, OverlayLayerState,
        i);

    overlay_layer_state_reset (state, state->channels);
  }
}

guint
overlay_panel_get_page (const OverlayPanel *panel)
{
  return panel->key.page + 1;
}

static const CnnExplanation *
get_explanation (const OverlayScene *scene)
{
  return scene->result != NULL ? scene->result->explanation : NULL;
}

/* Returns the attribute to which all maps belong if the face has several, and
 * otherwise NULL. */
static const gchar *
get_attribute_name (const OverlayScene *scene)
{
  const OverlayFace *face = overlay_scene_get_main_face (scene);

  if (face == NULL || overlay_face_count_names (face) < 2
      || scene->main_attribute >= face->n_attributes)
    return NULL;
  for (guint i = 0; i < scene->n_layers; i++) {
    if (scene->layers[i].result != scene->result)
      return NULL;
  }
  return face->attributes[scene->main_attribute].name;
}

static Key
make_key (const OverlayPanel *panel, gint frame_width, gint frame_height,
    const OverlayScene *scene, const OverlayStyle *style, guint page)
{
  const OverlayFace *face = overlay_scene_get_main_face (scene);
  Key key;

  memset (&key, 0, sizeof (key)); /* also padding bytes */
  key.frame_width = frame_width;
  key.frame_height = frame_height;
  key.layout = style->layout;
  key.opacity = style->panel_opacity;
  key.color = face != NULL ? overlay_face_get_color_index (face->id) : 0;
  key.page = page;
  key.n_layers = face != NULL ? scene->n_layers : 0;
  key.enlarged_layer = key.n_layers > 0 ? scene->enlarged_layer : -1;
  key.focused_layer = key.n_layers > 0 ? scene->focused_layer : -1;
  key.has_cam = face != NULL && get_explanation (scene) != NULL;
  if (face != NULL && scene->input != NULL) {
    key.input_width = scene->input->width;
    key.input_height = scene->input->height;
  }
  if (face != NULL && scene->result != NULL)
    key.n_score_rows = overlay_score_view_count_rows (scene->result);
  return key;
}

static gboolean
is_layer (const LayerKey *key, const OverlayLayer *layer)
{
  const CnnLayerMaps *maps = layer->maps;

  return key->height == maps->height && key->width == maps->width
      && key->channels == maps->channels
      && key->has_kernels == layer->has_kernels
      && key->has_contributions
      == (overlay_layer_get_contributions (layer) != NULL)
      && g_strcmp0 (key->name, layer->name) == 0;
}

static gboolean
are_layers_current (const OverlayPanel *panel, const OverlayScene *scene,
    guint n_layers)
{
  /* the state of the layers is kept over frames without a face */
  if (n_layers > 0 && panel->layers->len != n_layers)
    return FALSE;
  for (guint i = 0; i < n_layers; i++) {
    if (!is_layer (&g_array_index (panel->layers, LayerKey, i),
            &scene->layers[i]))
      return FALSE;
  }
  return TRUE;
}

static void
remember_layers (OverlayPanel *panel, const OverlayScene *scene, guint n_layers)
{
  g_array_set_size (panel->layers, 0);
  g_array_set_size (panel->states, 0);
  g_array_set_size (panel->states, n_layers);
  for (guint i = 0; i < n_layers; i++) {
    const OverlayLayer *layer = &scene->layers[i];
    const CnnLayerMaps *maps = layer->maps;
    const LayerKey key = { g_strdup (layer->name), maps->height, maps->width,
      maps->channels, overlay_layer_get_contributions (layer) != NULL,
      layer->has_kernels };

    g_array_append_val (panel->layers, key);
    overlay_layer_state_reset (&g_array_index (panel->states, OverlayLayerState,
                                   i),
        maps->channels);
  }
}

static gchar *
make_title (const OverlayPanel *panel)
{
  g_autofree gchar *whole = panel->attribute == NULL
      ? g_strdup (panel->title)
      : g_strconcat (panel->title, " " DOT " ", panel->attribute, NULL);

  return overlay_text_clean (whole);
}

static void
set_string (gchar **string, const gchar *value)
{
  if (g_strcmp0 (*string, value) == 0)
    return;
  g_free (*string);
  *string = g_strdup (value);
}

static void
draw_title (OverlayPanel *panel, cairo_t *cairo)
{
  const OverlayPanelLayout *layout = &panel->layout;
  const Rect *rect = &layout->title;
  gint rule = MAX (rect->height / 14, 1);
  gint right = layout->is_beside ? layout->notice.x + layout->notice.width
                                 : rect->x + rect->width;
  g_autofree gchar *clean = make_title (panel);

  overlay_text_fit (panel->text, clean, layout->title_size, TRUE, rect->width);
  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, 1.0);
  if (panel->key.n_layers == 0 && !layout->is_beside) {
    overlay_text_show (panel->text, cairo, clean, rect->x, rect->y,
        rect->height, rect->width);
    return;
  }
  overlay_text_show (panel->text, cairo, clean, rect->x, rect->y,
      rect->height - 3 * rule, rect->width);
  overlay_drawing_set_color (cairo, overlay_face_get_color (panel->key.color),
      1.0);
  cairo_rectangle (cairo, rect->x, rect->y + rect->height - rule,
      right - rect->x, rule);
  cairo_fill (cairo);
}

/* The details that a heading shows beside the name, depending on the room. */
typedef enum {
  DETAIL_SHAPE_AND_COUNT, /* "25x25 · 16", or "7x7 · 24-47/512" */
  DETAIL_SHAPE,
  DETAIL_NONE
} Detail;

/* The shape of a vector is not shown. If only some channels are shown, the
 * heading gives their numbers. */
static gchar *
make_detail (const LayerKey *layer, const OverlayGrid *grid, Detail detail)
{
  g_autofree gchar *count = g_strdup_printf ("%d", layer->channels);
  g_autofree gchar *shape = g_strdup_printf ("%d" TIMES "%d", layer->width,
      layer->height);

  if (grid->shown < layer->channels) {
    g_autofree gchar *all = g_steal_pointer (&count);

    count = g_strdup_printf ("%d–%d/%s", grid->first,
        grid->first + grid->shown - 1, all);
    if (detail != DETAIL_SHAPE_AND_COUNT)
      return g_steal_pointer (&count);
  }
  if (detail == DETAIL_NONE)
    return g_strdup ("");
  if (layer->width == 1 && layer->height == 1)
    return g_steal_pointer (&count);
  if (detail == DETAIL_SHAPE)
    return g_steal_pointer (&shape);
  return g_strconcat (shape, " " DOT " ", count, NULL);
}

static const LayerKey *
get_layer_key (const OverlayPanel *panel, const OverlayGrid *grid)
{
  return &g_array_index (panel->layers, LayerKey, grid->layer);
}

static gboolean
heading_fits (OverlayText *text, const OverlayGrid *grid, const LayerKey *layer,
    Detail detail)
{
  g_autofree gchar *name = overlay_text_clean (layer->name);
  g_autofree gchar *rest = make_detail (layer, grid, detail);

  return overlay_text_measure (text, name) + overlay_text_measure (text, "n")
      + overlay_text_measure (text, rest)
      <= grid->heading.width;
}

/* All headings of a page show the same details. */
static Detail
choose_detail (const OverlayPanel *panel)
{
  const OverlayGridPage *page = &panel->layout.grids;
  Detail detail = DETAIL_SHAPE_AND_COUNT;

  for (guint i = 0; i < page->n_grids; i++) {
    const OverlayGrid *grid = &page->grids[i];

    while (detail < DETAIL_NONE
        && !heading_fits (panel->text, grid, get_layer_key (panel, grid),
            detail))
      detail++;
  }
  return detail;
}

/* Draws the name at the left edge. The detail is at the right edge in a dock,
 * and follows the name in a panel beside the picture. */
static void
draw_heading (const OverlayPanel *panel, cairo_t *cairo,
    const OverlayGrid *grid, Detail detail)
{
  const LayerKey *layer = get_layer_key (panel, grid);
  const Rect *rect = &grid->heading;
  OverlayText *text = panel->text;
  g_autofree gchar *name = overlay_text_clean (layer->name);
  g_autofree gchar *rest = make_detail (layer, grid, detail);
  gint width = overlay_text_measure (text, rest);
  gint space = width > 0 ? overlay_text_measure (text, "n") : 0;
  gint name_width = overlay_text_measure_within (text, name,
      rect->width - width - space);
  gint x = rect->x + rect->width - width;

  if (panel->layout.is_beside)
    x = rect->x + name_width + space;
  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, DETAIL_ALPHA);
  overlay_text_show (text, cairo, rest, x, rect->y, rect->height, width);
  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, 1.0);
  overlay_text_show (text, cairo, name, rect->x, rect->y, rect->height,
      name_width);
}

static void
draw_headings (const OverlayPanel *panel, cairo_t *cairo)
{
  const OverlayGridPage *page = &panel->layout.grids;
  Detail detail;

  overlay_text_select (panel->text, panel->layout.heading_size, FALSE);
  detail = choose_detail (panel);
  for (guint i = 0; i < page->n_grids; i++) {
    if (page->grids[i].heading.height > 0)
      draw_heading (panel, cairo, &page->grids[i], detail);
  }
}

static void
draw_page_line (const OverlayPanel *panel, cairo_t *cairo)
{
  const OverlayPanelLayout *layout = &panel->layout;
  const Rect *rect = &layout->page_line;
  g_autofree gchar *text = g_strdup_printf ("page %u of %u",
      panel->key.page + 1, layout->n_pages);

  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, DETAIL_ALPHA);
  overlay_text_show (panel->text, cairo, text, rect->x, rect->y, rect->height,
      rect->width);
}

/* Says what the small picture is, and at least its size. */
static void
draw_input_line (const OverlayPanel *panel, cairo_t *cairo)
{
  const Rect *rect = &panel->layout.input_line;
  g_autofree gchar *size = g_strdup_printf ("%d" TIMES "%d",
      panel->key.input_width, panel->key.input_height);
  g_autofree gchar *whole = g_strconcat ("input ", size, NULL);
  const gchar *text = whole;

  overlay_text_select (panel->text, panel->layout.heading_size, FALSE);
  if (overlay_text_measure (panel->text, whole) > rect->width)
    text = size;
  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, DETAIL_ALPHA);
  overlay_text_show (panel->text, cairo, text, rect->x, rect->y, rect->height,
      rect->width);
}

/* Without maps, the plate is only as wide as the title. */
static void
fit_title_plate (OverlayPanel *panel)
{
  OverlayPanelLayout *layout = &panel->layout;
  gint most = layout->frame_width - 2 * layout->margin - 2 * layout->padding;
  g_autofree gchar *clean = make_title (panel);

  overlay_text_select (panel->text, layout->title_size, TRUE);
  layout->title.x = layout->padding;
  layout->title.width = MIN (overlay_text_measure (panel->text, clean), most);
  layout->rect.width = layout->title.width + 2 * layout->padding;
}

static guint32
get_background (const OverlayPanel *panel)
{
  gdouble alpha = panel->layout.is_beside ? 1.0 : panel->key.opacity;

  return overlay_pixels_make_word (OVERLAY_BACKGROUND_COLOR,
      (guint) lround (255 * alpha));
}

static void
draw_lasting_part (OverlayPanel *panel)
{
  const OverlayPanelLayout *layout = &panel->layout;
  cairo_t *cairo = cairo_create (panel->surface);

  overlay_drawing_set_color (cairo, OVERLAY_BACKGROUND_COLOR,
      layout->is_beside ? 1.0 : panel->key.opacity);
  if (layout->is_beside)
    cairo_paint (cairo);
  else
    overlay_drawing_fill_plate (cairo, layout->rect.width, layout->rect.height,
        layout->padding);
  if (layout->title.height > 0)
    draw_title (panel, cairo);
  draw_headings (panel, cairo);
  if (layout->page_line.height > 0)
    draw_page_line (panel, cairo);
  if (layout->input_line.height > 0)
    draw_input_line (panel, cairo);
  cairo_destroy (cairo);
}

static void
renew_glyphs (OverlayPanel *panel)
{
  const OverlayPanelLayout *layout = &panel->layout;

  if (panel->heading_glyphs != NULL
      && overlay_glyphs_get_size (panel->heading_glyphs) == layout->heading_size
      && overlay_glyphs_get_size (panel->title_glyphs) == layout->title_size
      && overlay_glyphs_get_size (panel->caption_glyphs)
          == layout->caption_size)
    return;
  clear_glyphs (panel);
  panel->heading_glyphs = overlay_glyphs_new (panel->text, layout->heading_size,
      FALSE);
  panel->title_glyphs = overlay_glyphs_new (panel->text, layout->title_size,
      TRUE);
  panel->caption_glyphs = overlay_glyphs_new (panel->text, layout->caption_size,
      FALSE);
}

static void
renew (OverlayPanel *panel, const OverlayScene *scene, const Key *key)
{
  OverlayPanelLayout *layout = &panel->layout;
  const OverlayPanelRequest request = { .frame_width = key->frame_width,
    .frame_height = key->frame_height,
    .is_beside = key->layout == OVERLAY_LAYOUT_BESIDE,
    .has_title = scene->title != NULL && *scene->title != '\0',
    .has_cam = key->has_cam,
    .input_width = key->input_width,
    .input_height = key->input_height,
    .n_score_rows = key->n_score_rows,
    .layers = scene->layers,
    .n_layers = key->n_layers,
    .enlarged = key->enlarged_layer,
    .focus = key->focused_layer,
    .page = key->page };

  panel->key = *key;
  panel->is_made = TRUE;
  if (!are_layers_current (panel, scene, key->n_layers))
    remember_layers (panel, scene, key->n_layers);
  set_string (&panel->title, scene->title);
  set_string (&panel->attribute, get_attribute_name (scene));
  overlay_panel_layout_compute (layout, &request);
  if (layout->rect.height == 0)
    return;
  if (!layout->is_beside && layout->n_pages == 0)
    fit_title_plate (panel);
  renew_glyphs (panel);
  overlay_drawing_renew_surface (&panel->surface, layout->rect.width,
      layout->rect.height);
  draw_lasting_part (panel);
}

static gboolean
is_current (const OverlayPanel *panel, const OverlayScene *scene,
    const Key *key)
{
  return panel->is_made && memcmp (&panel->key, key, sizeof (*key)) == 0
      && g_strcmp0 (panel->title, scene->title) == 0
      && g_strcmp0 (panel->attribute, get_attribute_name (scene)) == 0
      && are_layers_current (panel, scene, key->n_layers);
}

static guint
choose_page (const OverlayPanel *panel, const OverlayStyle *style)
{
  guint n_pages = panel->layout.n_pages;

  if (n_pages < 2)
    return 0;
  if (style->page > 0)
    return (style->page - 1) % n_pages;
  return (
      guint) fmod (floor (panel->time / MAX (style->page_time, 0.1)), n_pages);
}

/* Tries twice, because the number of pages is only known after the first
 * try. */
static void
ensure_current (OverlayPanel *panel, gint frame_width, gint frame_height,
    const OverlayScene *scene, const OverlayStyle *style)
{
  for (guint tries = 0; tries < 2; tries++) {
    Key key = make_key (panel, frame_width, frame_height, scene, style,
        choose_page (panel, style));

    if (is_current (panel, scene, &key))
      return;
    renew (panel, scene, &key);
  }
}

static void
prepare_table (OverlayPanel *panel, const OverlayStyle *style)
{
  const guint32 *table = overlay_colormap_get_table (style->colormap);

  if (panel->table_colormap == style->colormap
      && panel->table_gamma == style->gamma)
    return;
  for (guint i = 0; i < N_LEVELS; i++)
    panel->table[i] = table[lround (255.0 * pow (i / 255.0, style->gamma))];
  panel->table_colormap = style->colormap;
  panel->table_gamma = style->gamma;
}

static void
update_states (OverlayPanel *panel, const OverlayScene *scene,
    const OverlayStyle *style, gdouble elapsed)
{
  for (guint i = 0; i < panel->key.n_layers; i++) {
    if (!scene->layers[i].has_kernels)
      overlay_layer_state_update (&g_array_index (panel->states,
                                      OverlayLayerState, i),
          scene->layers[i].maps, style, elapsed);
  }
}

/* Returns where the edge of a rectangle is in a square that shows another. */
static gint
scale_edge (gint edge, gint start, gint length, gint side)
{
  const gdouble part = ((gdouble) edge - start) / length;

  return (gint) lround (CLAMP (part, 0.0, 1.0) * side);
}

/* The square is the network's input: the picture, and bars beside it if there
 * are any. */
static void
place_picture (OverlayPanel *panel, const Rect *seen, const Rect *maps)
{
  const gint side = panel->layout.crop.height;
  const gint left = scale_edge (seen->x, maps->x, maps->width, side);
  const gint top = scale_edge (seen->y, maps->y, maps->height, side);
  const gint right = scale_edge (seen->x + seen->width, maps->x, maps->width,
      side);
  const gint bottom = scale_edge (seen->y + seen->height, maps->y, maps->height,
      side);
  const Rect shown = { MIN (left, side - 1), MIN (top, side - 1),
    MAX (right - left, 1), MAX (bottom - top, 1) };

  if (!panel->crop || shown.width != panel->shown.width
      || shown.height != panel->shown.height) {
    g_clear_pointer (&panel->crop, image_thumbnail_free);
    panel->crop = image_thumbnail_new (shown.width, shown.height);
  }
  panel->shown = shown;
}

/* The box of @face is in pixels of the picture's canvas. */
static void
draw_crop (OverlayPanel *panel, const OverlayPixels *pixels,
    const ImageFrame *picture, const OverlayFace *face,
    const ClassifierView *view)
{
  const OverlayPixels square = overlay_pixels_get_part (pixels,
      &panel->layout.crop);
  const Rect all = { 0, 0, square.width, square.height };
  const Rect seen = rect_apply_margins (&face->box, &view->seen);
  const Rect maps = rect_apply_margins (&face->box, &view->maps);
  OverlayPixels part;
  ImageCanvas canvas;
  Rect crop;

  place_picture (panel, &seen, &maps);
  part = overlay_pixels_get_part (&square, &panel->shown);
  if (picture == NULL)
    return;
  image_canvas_init (&canvas, picture->width, picture->height,
      picture->pixel_aspect);
  crop = image_canvas_to_frame (&canvas, &seen);
  if (crop.width < 1 || crop.height < 1)
    return;
  if (part.width < square.width || part.height < square.height)
    overlay_pixels_fill (&square, &all, overlay_pixels_make_word (0, 255));
  image_thumbnail_draw (panel->crop, picture, &crop, part.data, part.stride);
}

static void
draw_input (OverlayPanel *panel, const OverlayPixels *pixels,
    const OverlayScene *scene)
{
  const Rect *rect = &panel->layout.input;
  const CnnLayerMaps *input = scene->input;
  OverlayPixels tile;

  if (rect->height == 0 || input == NULL)
    return;
  tile = overlay_pixels_get_part (pixels, rect);
  overlay_color_tile_draw (&tile, input->data, input->height, input->width,
      &scene->result->description->colors);
}

/* The heat lies on the picture, not on the bars. */
static void
draw_cam (OverlayPanel *panel, const OverlayPixels *pixels,
    OverlayHeatmap *heatmap, const OverlayStyle *style)
{
  OverlayPixels from = overlay_pixels_get_part (pixels, &panel->layout.crop);
  OverlayPixels to = overlay_pixels_get_part (pixels, &panel->layout.cam);
  const OverlayPixels part = overlay_pixels_get_part (&to, &panel->shown);
  const Rect box = { -panel->shown.x, -panel->shown.y, to.width, to.height };

  for (gint y = 0; y < to.height; y++)
    memcpy (to.data + (gsize) y * to.stride,
        from.data + (gsize) y * from.stride,
        (gsize) to.width * sizeof (guint32));
  overlay_heatmap_draw (heatmap, &part, &box, style->cam_colormap,
      style->opacity, TRUE);
}

/* Missing frames are shown; small deviations of the clock are not. */
static void
format_rate (gchar *text, gsize size, const OverlayScene *scene)
{
  gchar rate[16], full_rate[16];

  g_ascii_formatd (rate, sizeof (rate), "%.1f", scene->frame_rate);
  g_ascii_formatd (full_rate, sizeof (full_rate), "%.1f",
      scene->full_frame_rate);
  if (scene->frame_rate <= 0.0)
    *text = '\0';
  else if (scene->frame_rate < ENOUGH_FRAMES * scene->full_frame_rate)
    g_snprintf (text, (gulong) size, "%s of %s FPS", rate, full_rate);
  else
    g_snprintf (text, (gulong) size, "%s FPS", rate);
}

static void
draw_notice (OverlayPanel *panel, const OverlayPixels *pixels,
    const OverlayScene *scene, const OverlayFace *face)
{
  const Rect *rect = &panel->layout.notice;
  gint rule = MAX (rect->height / 14, 1);
  Rect area = *rect;
  gchar page[32] = "", rate[40], id[16] = "", text[104];
  gint width;

  if (rect->height == 0)
    return;
  area.height -= 2 * rule;
  overlay_pixels_fill (pixels, &area, get_background (panel));
  if (face != NULL && face->id >= 0 && scene->n_faces > 1)
    g_snprintf (id, sizeof (id), "#%d   ", face->id);
  if (panel->layout.n_pages > 1)
    g_snprintf (page, sizeof (page), "page %u/%u   ", panel->key.page + 1,
        panel->layout.n_pages);
  format_rate (rate, sizeof (rate), scene);
  g_snprintf (text, sizeof (text), "%s%s%s", id, page, rate);
  g_strchomp (text);
  width = overlay_glyphs_measure (panel->heading_glyphs, text);
  overlay_glyphs_show (panel->heading_glyphs, pixels, text,
      rect->x + rect->width - width, rect->y, area.height,
      OVERLAY_DETAIL_COLOR);
}

static const gchar *const scaling_notes[] = {
  [OVERLAY_SCALING_INSIDE] = "scaled to the inside",
  [OVERLAY_SCALING_MAP] = "scaled per map",
  [OVERLAY_SCALING_LAYER] = "scaled per layer",
  [OVERLAY_SCALING_FIXED] = "fixed range",
};
G_STATIC_ASSERT (G_N_ELEMENTS (scaling_notes) == OVERLAY_N_SCALINGS);

/* A gradient with the values of its ends, in order from left to right. */
typedef struct {
  const gchar *name;
  const gchar *low;
  const guint32 *table;
  const gchar *high;
} Colors;

#define GRADIENT_LENGTH 5 /* in text heights */

static gint
measure_colors (const OverlayGlyphs *glyphs, const Colors *colors)
{
  const gint size = overlay_glyphs_get_size (glyphs);

  return overlay_glyphs_measure (glyphs, colors->name)
      + overlay_glyphs_measure (glyphs, colors->low)
      + overlay_glyphs_measure (glyphs, colors->high)
      + (GRADIENT_LENGTH + 2) * size;
}

static gint
draw_colors (const OverlayPanel *panel, const OverlayPixels *pixels, gint x,
    const Colors *colors)
{
  const OverlayGlyphs *glyphs = panel->heading_glyphs;
  const Rect *rect = &panel->layout.legend;
  gint size = overlay_glyphs_get_size (glyphs), gap = size / 2;
  Rect gradient = { 0, rect->y + size / 4, GRADIENT_LENGTH * size,
    rect->height - size / 2 };

  x = overlay_glyphs_show (glyphs, pixels, colors->name, x, rect->y,
      rect->height, OVERLAY_TEXT_COLOR);
  if (*colors->name != '\0')
    x += size;
  x = overlay_glyphs_show (glyphs, pixels, colors->low, x, rect->y,
      rect->height, OVERLAY_DETAIL_COLOR);
  gradient.x = x + gap;
  overlay_pixels_gradient (pixels, &gradient, colors->table);
  return overlay_glyphs_show (glyphs, pixels, colors->high,
      gradient.x + gradient.width + gap, rect->y, rect->height,
      OVERLAY_DETAIL_COLOR);
}

/* The map is scaled to 0..1; evidence is shown in units of the logit. */
static void
draw_cam_legend (const OverlayPanel *panel, const OverlayPixels *pixels,
    const OverlayScene *scene, const OverlayStyle *style,
    const OverlayHeatmap *heatmap, gint left)
{
  const Rect *rect = &panel->layout.legend;
  gchar low[16] = "0", high[16] = "1";
  Colors colors = { get_explanation (scene)->method, low,
    overlay_colormap_get_table (style->cam_colormap), high };
  gint x;

  if (style->cam_colormap == OVERLAY_COLORMAP_SIGNED) {
    const gdouble largest = overlay_heatmap_get_largest (heatmap);

    colors.name = "evidence";
    overlay_grid_view_format (low, sizeof (low), -largest);
    overlay_grid_view_format (high, sizeof (high), largest);
  }
  x = rect->x + rect->width - measure_colors (panel->heading_glyphs, &colors);
  if (x >= left)
    draw_colors (panel, pixels, x, &colors);
}

static void
draw_legend (const OverlayPanel *panel, const OverlayPixels *pixels,
    const OverlayScene *scene, const OverlayStyle *style,
    const OverlayHeatmap *heatmap)
{
  const Rect *rect = &panel->layout.legend;
  const OverlayGlyphs *glyphs = panel->heading_glyphs;
  const gint size = overlay_glyphs_get_size (glyphs);
  const Colors colors = { "", "low", panel->table, "high" };
  const gchar *note = scaling_notes[style->scaling];
  gint x;

  if (rect->height == 0 || panel->key.n_layers == 0)
    return;
  overlay_pixels_fill (pixels, rect, get_background (panel));
  x = draw_colors (panel, pixels, rect->x, &colors) + size;
  if (x + overlay_glyphs_measure (glyphs, note) <= rect->x + rect->width)
    x = overlay_glyphs_show (glyphs, pixels, note, x, rect->y, rect->height,
        OVERLAY_DETAIL_COLOR);
  if (panel->key.has_cam && heatmap != NULL)
    draw_cam_legend (panel, pixels, scene, style, heatmap, x + size);
}

static void
draw_info (OverlayPanel *panel, const OverlayPixels *pixels,
    const OverlayScene *scene, const OverlayStyle *style,
    OverlayHeatmap *heatmap, const OverlayFace *face)
{
  static const ClassifierView box_of_face = { { 0 }, { 0 } };
  const OverlayPanelLayout *layout = &panel->layout;
  OverlayPixels score;

  if (layout->crop.height == 0 || face == NULL)
    return;
  draw_crop (panel, pixels, scene->picture, face,
      scene->result ? &scene->result->view : &box_of_face);
  draw_input (panel, pixels, scene);
  if (layout->cam.height > 0 && heatmap != NULL)
    draw_cam (panel, pixels, heatmap, style);
  if (scene->result == NULL)
    return;
  overlay_score_view_update (panel->score, scene->result, face->id,
      (gint64) (panel->time * 1e9));
  score = overlay_pixels_get_part (pixels, &layout->score);
  overlay_score_view_draw (panel->score, &score, scene->result,
      panel->title_glyphs, panel->heading_glyphs, get_background (panel),
      overlay_face_get_color (panel->key.color));
}

static void
draw_changing_part (OverlayPanel *panel, const OverlayScene *scene,
    const OverlayStyle *style, OverlayHeatmap *heatmap)
{
  const OverlayGridPage *page = &panel->layout.grids;
  const OverlayFace *face = overlay_scene_get_main_face (scene);
  OverlayPixels pixels;
  OverlayGridView view = { .pixels = &pixels,
    .background = get_background (panel),
    .heading = panel->heading_glyphs,
    .caption = panel->caption_glyphs,
    .table = panel->table,
    .style = style,
    .scene = scene };

  overlay_pixels_from_surface (&pixels, panel->surface);
  for (guint i = 0; i < page->n_grids; i++)
    overlay_grid_view_draw (&view, &page->grids[i],
        &g_array_index (panel->states, OverlayLayerState,
            page->grids[i].layer));
  if (!panel->layout.is_beside)
    return;
  draw_notice (panel, &pixels, scene, face);
  draw_legend (panel, &pixels, scene, style, heatmap);
  draw_info (panel, &pixels, scene, style, heatmap, face);
}

/* A plate that shows only the title never changes. */
static gboolean
has_changing_part (const OverlayPanel *panel)
{
  return panel->layout.is_beside || panel->layout.grids.n_grids > 0;
}

gboolean
overlay_panel_render (OverlayPanel *panel, gint frame_width, gint frame_height,
    const OverlayScene *scene, const OverlayStyle *style,
    OverlayHeatmap *heatmap, gdouble elapsed, OverlayPiece *piece)
{
  panel->time = scene->time >= 0 ? (gdouble) scene->time / 1e9
                                 : panel->time + elapsed;
  ensure_current (panel, frame_width, frame_height, scene, style);
  if (panel->layout.rect.height == 0)
    return FALSE;

  prepare_table (panel, style);
  update_states (panel, scene, style, elapsed);
  if (has_changing_part (panel)) {
    cairo_surface_flush (panel->surface);
    draw_changing_part (panel, scene, style, heatmap);
    cairo_surface_mark_dirty (panel->surface);
    overlay_drawing_renew_serial (panel->surface);
  }
  overlay_panel_layout_place (&panel->layout, scene, &panel->dock, elapsed);
  *piece = (OverlayPiece) { panel->layout.rect, panel->surface };
  return TRUE;
}
