/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/dock.h"

#include "heatmap/dock-layout.h"
#include "heatmap/drawing.h"
#include "heatmap/face-style.h"
#include "heatmap/map-tile.h"
#include "heatmap/text.h"

#define PANEL_COLOUR 0x14161a
#define PANEL_ALPHA 0.8
#define TEXT_COLOUR 0xffffff
#define DETAIL_ALPHA 0.65

#define DOT "\xc2\xb7"
#define TIMES "\xc3\x97"

/* What the lasting part of the dock depends on, but for the frame's size. */
typedef struct {
  gchar *name;
  gint height;
  gint width;
  gint channels;
} LayerKey;

struct _HeatmapDock {
  HeatmapDockLayout layout;
  gboolean on_left;
  cairo_surface_t *surface;

  gchar *title;
  guint colour;
  guint n_layers;
  LayerKey layers[HEATMAP_DOCK_MAX_GRIDS];

  HeatmapRange *ranges;
};

HeatmapDock *
heatmap_dock_new (void)
{
  return g_new0 (HeatmapDock, 1);
}

void
heatmap_dock_free (HeatmapDock *dock)
{
  g_clear_pointer (&dock->surface, cairo_surface_destroy);
  for (guint i = 0; i < G_N_ELEMENTS (dock->layers); i++)
    g_free (dock->layers[i].name);
  g_free (dock->title);
  g_free (dock->ranges);
  g_free (dock);
}

static const HeatmapFace *
get_main_face (const HeatmapScene *scene)
{
  if (scene->main_face < 0 || (guint) scene->main_face >= scene->n_faces)
    return NULL;
  return &scene->faces[scene->main_face];
}

static guint
count_layers (const HeatmapScene *scene)
{
  return get_main_face (scene) != NULL ? scene->n_layers : 0;
}

static guint
get_colour (const HeatmapScene *scene)
{
  const HeatmapFace *face = get_main_face (scene);

  return face != NULL ? heatmap_face_style_get_colour_index (face->id) : 0;
}

static gboolean
is_layer (const LayerKey *key, const HeatmapLayer *layer)
{
  return key->height == layer->height && key->width == layer->width
      && key->channels == layer->channels
      && g_strcmp0 (key->name, layer->name) == 0;
}

static gboolean
is_current (const HeatmapDock *dock, gint frame_width, gint frame_height,
    const HeatmapScene *scene)
{
  guint n_layers = count_layers (scene);

  if (dock->layout.frame_width != frame_width
      || dock->layout.frame_height != frame_height || dock->n_layers != n_layers
      || dock->colour != get_colour (scene)
      || g_strcmp0 (dock->title, scene->title) != 0)
    return FALSE;
  for (guint i = 0; i < MIN (n_layers, HEATMAP_DOCK_MAX_GRIDS); i++) {
    if (!is_layer (&dock->layers[i], &scene->layers[i]))
      return FALSE;
  }
  return TRUE;
}

static void
remember (HeatmapDock *dock, const HeatmapScene *scene)
{
  guint n_keys;

  dock->n_layers = count_layers (scene);
  dock->colour = get_colour (scene);
  g_free (dock->title);
  dock->title = g_strdup (scene->title);

  n_keys = MIN (dock->n_layers, HEATMAP_DOCK_MAX_GRIDS);
  for (guint i = 0; i < n_keys; i++) {
    const HeatmapLayer *layer = &scene->layers[i];

    g_free (dock->layers[i].name);
    dock->layers[i] = (LayerKey) { g_strdup (layer->name), layer->height,
      layer->width, layer->channels };
  }
}

/* Makes the type a little smaller before letters have to go. */
static gchar *
fit_title (cairo_t *cairo, const HeatmapDockLayout *layout, const gchar *title)
{
  gint size = layout->title_size;

  heatmap_text_select (cairo, size, TRUE);
  while (size > MAX (layout->title_size * 2 / 3, layout->heading_size)
      && heatmap_text_measure (cairo, title) > layout->title.width)
    heatmap_text_select (cairo, --size, TRUE);
  return heatmap_text_ellipsise (cairo, title, layout->title.width);
}

static void
draw_title (HeatmapDock *dock, cairo_t *cairo)
{
  const ImageRect *rect = &dock->layout.title;
  gint rule = MAX (rect->height / 14, 1);
  g_autofree gchar *clean = heatmap_text_clean (dock->title);
  g_autofree gchar *title = fit_title (cairo, &dock->layout, clean);

  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, 1.0);
  if (dock->n_layers == 0) {
    heatmap_text_show (cairo, title, rect->x, rect->y, rect->height);
    return;
  }
  heatmap_text_show (cairo, title, rect->x, rect->y, rect->height - 3 * rule);
  heatmap_drawing_set_colour (cairo,
      heatmap_face_style_get_colour (dock->colour), 1.0);
  cairo_rectangle (cairo, rect->x, rect->y + rect->height - rule, rect->width,
      rule);
  cairo_fill (cairo);
}

/* What a heading tells beside the name, as far as there is room. */
typedef enum {
  DETAIL_SHAPE_AND_COUNT, /* "25x25 · 16", or "7x7 · 24/512" */
  DETAIL_SHAPE,
  DETAIL_NONE
} Detail;

/* A vector has no shape to speak of, and the count of the channels that are
 * shown is there whenever some are not. */
static gchar *
make_detail (const LayerKey *layer, gint shown, Detail detail)
{
  g_autofree gchar *count = g_strdup_printf ("%d", layer->channels);
  g_autofree gchar *shape = g_strdup_printf ("%d" TIMES "%d", layer->width,
      layer->height);

  if (shown < layer->channels) {
    g_autofree gchar *all = g_steal_pointer (&count);

    count = g_strdup_printf ("%d/%s", shown, all);
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

static gboolean
heading_fits (cairo_t *cairo, const HeatmapDockGrid *grid,
    const LayerKey *layer, Detail detail)
{
  g_autofree gchar *name = heatmap_text_clean (layer->name);
  g_autofree gchar *rest = make_detail (layer, grid->shown, detail);

  return heatmap_text_measure (cairo, name) + heatmap_text_measure (cairo, "n")
      + heatmap_text_measure (cairo, rest)
      <= grid->heading.width;
}

/* All headings tell the same. */
static Detail
choose_detail (const HeatmapDock *dock, cairo_t *cairo)
{
  Detail detail = DETAIL_SHAPE_AND_COUNT;

  for (guint i = 0; i < dock->layout.n_grids; i++) {
    while (detail < DETAIL_NONE
        && !heading_fits (cairo, &dock->layout.grids[i], &dock->layers[i],
            detail))
      detail++;
  }
  return detail;
}

/* The name at the left edge, the detail at the right one. */
static void
draw_heading (cairo_t *cairo, const HeatmapDockGrid *grid,
    const LayerKey *layer, Detail detail)
{
  const ImageRect *rect = &grid->heading;
  g_autofree gchar *clean = heatmap_text_clean (layer->name);
  g_autofree gchar *rest = make_detail (layer, grid->shown, detail);
  g_autofree gchar *name = NULL;
  gint width = heatmap_text_measure (cairo, rest);
  gint space = width > 0 ? heatmap_text_measure (cairo, "n") : 0;

  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, DETAIL_ALPHA);
  heatmap_text_show (cairo, rest, rect->x + rect->width - width, rect->y,
      rect->height);
  name = heatmap_text_ellipsise (cairo, clean, rect->width - width - space);
  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, 1.0);
  heatmap_text_show (cairo, name, rect->x, rect->y, rect->height);
}

static void
draw_headings (HeatmapDock *dock, cairo_t *cairo)
{
  Detail detail;

  heatmap_text_select (cairo, dock->layout.heading_size, FALSE);
  detail = choose_detail (dock, cairo);
  for (guint i = 0; i < dock->layout.n_grids; i++) {
    if (dock->layout.grids[i].heading.height > 0)
      draw_heading (cairo, &dock->layout.grids[i], &dock->layers[i], detail);
  }
}

static void
draw_remainder (const HeatmapDockLayout *layout, cairo_t *cairo)
{
  const ImageRect *rect = &layout->remainder;
  guint n_hidden = layout->n_layers - layout->n_grids;
  g_autofree gchar *text = g_strdup_printf ("+%u layer%s", n_hidden,
      n_hidden == 1 ? "" : "s");
  g_autofree gchar *fitting = heatmap_text_ellipsise (cairo, text, rect->width);

  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, DETAIL_ALPHA);
  heatmap_text_show (cairo, fitting, rect->x, rect->y, rect->height);
}

/* A title without maps gets a plate of its own width. */
static void
fit_title_plate (HeatmapDock *dock)
{
  HeatmapDockLayout *layout = &dock->layout;
  gint most = layout->frame_width - 2 * layout->margin - 2 * layout->padding;
  g_autofree gchar *clean = heatmap_text_clean (dock->title);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);

  heatmap_text_select (cairo, layout->title_size, TRUE);
  layout->title.x = layout->padding;
  layout->title.width = MIN (heatmap_text_measure (cairo, clean), most);
  layout->rect.width = layout->title.width + 2 * layout->padding;
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
}

static void
draw_lasting_part (HeatmapDock *dock)
{
  const HeatmapDockLayout *layout = &dock->layout;
  cairo_t *cairo = cairo_create (dock->surface);

  heatmap_drawing_set_colour (cairo, PANEL_COLOUR, PANEL_ALPHA);
  heatmap_drawing_fill_plate (cairo, layout->rect.width, layout->rect.height,
      layout->padding);
  if (layout->title.height > 0)
    draw_title (dock, cairo);
  draw_headings (dock, cairo);
  if (layout->remainder.height > 0)
    draw_remainder (layout, cairo);
  cairo_destroy (cairo);
}

static void
renew (HeatmapDock *dock, gint frame_width, gint frame_height,
    const HeatmapScene *scene)
{
  HeatmapDockLayout *layout = &dock->layout;
  gboolean has_title = scene->title != NULL && *scene->title != '\0';
  gint most = 0;

  remember (dock, scene);
  heatmap_dock_layout_compute (layout, frame_width, frame_height, has_title,
      scene->layers, dock->n_layers);
  if (layout->rect.height == 0)
    return;
  if (layout->n_grids == 0)
    fit_title_plate (dock);
  for (guint i = 0; i < layout->n_grids; i++)
    most = MAX (most, layout->grids[i].shown);
  dock->ranges = g_renew (HeatmapRange, dock->ranges, most);
  heatmap_drawing_renew_surface (&dock->surface, layout->rect.width,
      layout->rect.height);
  draw_lasting_part (dock);
}

static void
draw_grid (HeatmapDock *dock, const HeatmapDockGrid *grid,
    const HeatmapLayer *layer, const guint32 *table)
{
  guint8 *data = cairo_image_surface_get_data (dock->surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (dock->surface);
  gint pitch_x = grid->tile_width + grid->gap;
  gint pitch_y = grid->tile_height + grid->gap;
  HeatmapPixels tile = { NULL, stride / sizeof (guint32), grid->tile_width,
    grid->tile_height };

  heatmap_map_tile_measure (layer, grid->shown, dock->ranges);
  for (gint i = 0; i < grid->shown; i++) {
    gint x = grid->x + i % grid->columns * pitch_x;
    gint y = grid->y + i / grid->columns * pitch_y;

    tile.data = (guint32 *) (gpointer) (data + (gsize) y * stride) + x;
    heatmap_map_tile_draw (&tile, layer, i, &dock->ranges[i], table);
  }
}

gboolean
heatmap_dock_render (HeatmapDock *dock, gint frame_width, gint frame_height,
    const HeatmapScene *scene, HeatmapColormap colormap, HeatmapPiece *piece)
{
  const HeatmapFace *face = get_main_face (scene);
  const guint32 *table = heatmap_colormap_get_table (colormap);

  if (!is_current (dock, frame_width, frame_height, scene))
    renew (dock, frame_width, frame_height, scene);
  if (dock->layout.rect.height == 0)
    return FALSE;

  cairo_surface_flush (dock->surface);
  for (guint i = 0; i < dock->layout.n_grids; i++)
    draw_grid (dock, &dock->layout.grids[i], &scene->layers[i], table);
  cairo_surface_mark_dirty (dock->surface);
  dock->on_left = heatmap_dock_layout_place (&dock->layout,
      face != NULL ? &face->box : NULL, dock->on_left);
  *piece = (HeatmapPiece) { dock->layout.rect, dock->surface };
  return TRUE;
}
