/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/contact-sheet.h"

#include <math.h>

#include "overlay/drawing.h"
#include "overlay/map-tile.h"
#include "overlay/text.h"

#define MAX_TILES 4096

#define DETAIL_ALPHA 0.65
#define FAINT_ALPHA 0.45

/* Sizes in pixels. */
#define MARGIN 28
#define MIN_WIDTH 640 /* without the margins */
#define PICTURE_HEIGHT 72
#define HEADER_HEIGHT 96 /* including the space below it */
#define TITLE_SIZE 26
#define DETAIL_SIZE 15
#define LABEL_SIZE 11
#define LABEL_HEIGHT 16
#define MIN_LABEL_WIDTH 24
#define MIN_VALUE_WIDTH 64
#define FOOTER_HEIGHT 44 /* including the space above it */
#define BAR_WIDTH 192
#define BAR_HEIGHT 12
/* Aspect ratio of the whole grid, width / height. */
#define ASPECT 1.5

/**
 * Sheet:
 * @label_height: height of a label, or 0 if tiles are too small for labels
 * @shown: number of channels that have a tile
 * @ranges: (array length=shown): range of each of these channels
 */
typedef struct {
  const CnnLayerMaps *layer;
  const OverlaySheetText *text;
  OverlayText *typesetter;
  const guint32 *table;
  cairo_surface_t *surface;
  gint tile_width, tile_height;
  gint label_height;
  gint gap;
  gint columns, rows;
  gint shown;
  OverlayRange *ranges;
} Sheet;

/* The range of a vector includes 0, so that the colour of a single value is
 * meaningful. */
static void
measure (Sheet *sheet)
{
  overlay_map_range_measure (sheet->layer, sheet->shown, sheet->ranges);
  for (gint i = 0; cnn_layer_maps_is_vector (sheet->layer) && i < sheet->shown;
       i++) {
    sheet->ranges[i].minimum = MIN (sheet->ranges[i].minimum, 0.0f);
    sheet->ranges[i].maximum = MAX (sheet->ranges[i].maximum, 0.0f);
  }
}

/* The fewer maps there are, the larger they are drawn. */
static gint
get_tile_size (gint n_tiles)
{
  static const struct {
    gint n_tiles;
    gint size;
  } sizes[] = { { 4, 288 }, { 16, 176 }, { 64, 128 }, { 256, 88 },
    { 1024, 56 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    if (n_tiles <= sizes[i].n_tiles)
      return sizes[i].size;
  }
  return 28;
}

/* Maps smaller than the tile size are enlarged by an integer factor. */
static void
choose_tile (Sheet *sheet)
{
  const CnnLayerMaps *layer = sheet->layer;
  const gint size = get_tile_size (sheet->shown);
  const gint longer = MAX (layer->width, layer->height);

  if (cnn_layer_maps_is_vector (layer)) {
    sheet->tile_width = size;
    sheet->tile_height = MAX (size / 3, 20);
  } else if (longer <= size) {
    sheet->tile_width = layer->width * (size / longer);
    sheet->tile_height = layer->height * (size / longer);
  } else {
    sheet->tile_width = MAX ((gint) ((gint64) layer->width * size / longer), 1);
    sheet->tile_height = MAX ((gint) ((gint64) layer->height * size / longer),
        1);
  }
  sheet->label_height = sheet->tile_width >= MIN_LABEL_WIDTH ? LABEL_HEIGHT : 0;
  sheet->gap = sheet->label_height > 0 ? MAX (size / 16, 8) : 3;
}

static gint
get_pitch_x (const Sheet *sheet)
{
  return sheet->tile_width + sheet->gap;
}

static gint
get_pitch_y (const Sheet *sheet)
{
  return sheet->tile_height + sheet->label_height + sheet->gap;
}

/* Chooses the number of columns that gives the grid its aspect ratio, or the
 * nearest power of two if it is close and divides the number of channels. */
static void
choose_grid (Sheet *sheet)
{
  const gdouble pitch = (gdouble) get_pitch_y (sheet) / get_pitch_x (sheet);
  const gdouble ideal = MAX (sqrt (sheet->shown * ASPECT * pitch), 1.0);
  const gint even = 1 << (gint) lround (log2 (ideal));
  const gboolean is_near = even < 1.34 * ideal && ideal < 1.34 * even;
  const gint columns = is_near && sheet->shown % even == 0
      ? even
      : (gint) ceil (ideal);

  sheet->columns = MIN (columns, sheet->shown);
  sheet->rows = (sheet->shown + sheet->columns - 1) / sheet->columns;
}

static gint
get_inner_width (const Sheet *sheet)
{
  return MAX (sheet->columns * get_pitch_x (sheet) - sheet->gap, MIN_WIDTH);
}

static gint
get_height (const Sheet *sheet)
{
  return MARGIN + HEADER_HEIGHT + sheet->rows * get_pitch_y (sheet) - sheet->gap
      + FOOTER_HEIGHT + MARGIN;
}

static void
show_text (const Sheet *sheet, cairo_t *cairo, const gchar *string,
    gdouble alpha, gint x, gint y, gint height, gint max_width)
{
  g_autofree gchar *clean = overlay_text_clean (string);

  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, alpha);
  overlay_text_show (sheet->typesetter, cairo, clean, x, y, height, max_width);
}

/* Shows text that ends at @right. Returns its width. */
static gint
show_text_at_right (const Sheet *sheet, cairo_t *cairo, const gchar *string,
    gdouble alpha, gint right, gint y, gint height, gint max_width)
{
  g_autofree gchar *clean = overlay_text_clean (string);
  const gint width = overlay_text_measure_within (sheet->typesetter, clean,
      max_width);

  overlay_drawing_set_color (cairo, OVERLAY_TEXT_COLOR, alpha);
  overlay_text_show (sheet->typesetter, cairo, clean, right - width, y, height,
      max_width);
  return width;
}

/* Returns the width that the picture takes, including the space after it. */
static gint
draw_picture (cairo_t *cairo, cairo_surface_t *picture)
{
  const gdouble width = cairo_image_surface_get_width (picture);
  const gdouble height = cairo_image_surface_get_height (picture);
  const gdouble scale = PICTURE_HEIGHT / MAX (height, width / 2.0);

  cairo_save (cairo);
  cairo_translate (cairo, MARGIN,
      MARGIN + (PICTURE_HEIGHT - height * scale) / 2.0);
  cairo_scale (cairo, scale, scale);
  cairo_set_source_surface (cairo, picture, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (cairo), CAIRO_FILTER_BEST);
  cairo_rectangle (cairo, 0, 0, width, height);
  cairo_fill (cairo);
  cairo_restore (cairo);
  return (gint) ceil (width * scale) + MARGIN / 2;
}

static void
draw_header (const Sheet *sheet, cairo_t *cairo)
{
  const OverlaySheetText *text = sheet->text;
  const gint right = MARGIN + get_inner_width (sheet);
  const gint second = MARGIN + PICTURE_HEIGHT / 2 + 2;
  const gint first_height = PICTURE_HEIGHT / 2, second_height = 24;
  gint left = MARGIN;
  gint note = 0, note_detail = 0;

  if (text->picture)
    left += draw_picture (cairo, text->picture);
  overlay_text_select (sheet->typesetter, TITLE_SIZE, TRUE);
  if (text->note)
    note = MARGIN
        + show_text_at_right (sheet, cairo, text->note, 1.0, right, MARGIN,
            first_height, (right - left) / 2);
  show_text (sheet, cairo, text->title, 1.0, left, MARGIN, first_height,
      right - left - note);
  overlay_text_select (sheet->typesetter, DETAIL_SIZE, FALSE);
  if (text->note_detail)
    note_detail = MARGIN
        + show_text_at_right (sheet, cairo, text->note_detail, DETAIL_ALPHA,
            right, second, second_height, (right - left) / 2);
  show_text (sheet, cairo, text->detail, DETAIL_ALPHA, left, second,
      second_height, right - left - note_detail);
}

static void
draw_tiles (Sheet *sheet)
{
  guint8 *data = cairo_image_surface_get_data (sheet->surface);
  const gsize stride = (gsize) cairo_image_surface_get_stride (sheet->surface);
  OverlayPixels tile = { NULL, stride / sizeof (guint32), sheet->tile_width,
    sheet->tile_height };

  cairo_surface_flush (sheet->surface);
  for (gint i = 0; i < sheet->shown; i++) {
    const gint x = MARGIN + i % sheet->columns * get_pitch_x (sheet);
    const gint y = MARGIN + HEADER_HEIGHT
        + i / sheet->columns * get_pitch_y (sheet);

    tile.data = (guint32 *) (gpointer) (data + (gsize) y * stride) + x;
    overlay_map_tile_draw (&tile, sheet->layer, i, &sheet->ranges[i],
        sheet->table);
  }
  cairo_surface_mark_dirty (sheet->surface);
}

/* Formats a number with a point in any locale. */
static gchar *
format_number (gdouble value)
{
  gchar text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof (text), "%.3g", value));
}

/* Formats the value of a tile: its only value in a vector, otherwise the
 * greatest value of the map. */
static gchar *
format_value (const Sheet *sheet, gint channel)
{
  const gfloat value = cnn_layer_maps_is_vector (sheet->layer)
      ? sheet->layer->data[channel]
      : sheet->ranges[channel].maximum;

  return format_number (value + 0.0f); /* 0, not -0 */
}

static void
draw_label (const Sheet *sheet, cairo_t *cairo, gint channel)
{
  const gint x = MARGIN + channel % sheet->columns * get_pitch_x (sheet);
  const gint y = MARGIN + HEADER_HEIGHT
      + channel / sheet->columns * get_pitch_y (sheet) + sheet->tile_height;
  g_autofree gchar *number = g_strdup_printf ("%d", channel);
  g_autofree gchar *value = format_value (sheet, channel);
  const gchar *name = sheet->text->names ? sheet->text->names[channel] : number;
  gint width = 0;

  if (sheet->tile_width >= MIN_VALUE_WIDTH)
    width = overlay_text_measure (sheet->typesetter, "n")
        + show_text_at_right (sheet, cairo, value, FAINT_ALPHA,
            x + sheet->tile_width, y, sheet->label_height, sheet->tile_width);
  show_text (sheet, cairo, name, DETAIL_ALPHA, x, y, sheet->label_height,
      sheet->tile_width - width);
}

static gchar *
describe_range (const Sheet *sheet)
{
  g_autofree gchar *minimum = format_number (sheet->ranges[0].minimum);
  g_autofree gchar *maximum = format_number (sheet->ranges[0].maximum);

  if (!cnn_layer_maps_is_vector (sheet->layer))
    return g_strdup ("each map from its least to its greatest value");
  return g_strdup_printf ("all values from %s to %s", minimum, maximum);
}

static void
draw_footer (const Sheet *sheet, cairo_t *cairo)
{
  const gint y = get_height (sheet) - MARGIN - BAR_HEIGHT;
  const gint x = MARGIN + BAR_WIDTH + MARGIN / 2;
  g_autofree gchar *range = describe_range (sheet);

  for (gint i = 0; i < BAR_WIDTH; i++) {
    overlay_drawing_set_color (cairo,
        sheet->table[i * 255 / (BAR_WIDTH - 1)] & 0xffffff, 1.0);
    cairo_rectangle (cairo, MARGIN + i, y, 1, BAR_HEIGHT);
    cairo_fill (cairo);
  }
  overlay_text_select (sheet->typesetter, LABEL_SIZE + 1, FALSE);
  show_text (sheet, cairo, range, FAINT_ALPHA, x, y, BAR_HEIGHT,
      MARGIN + get_inner_width (sheet) - x);
}

static void
draw (Sheet *sheet)
{
  cairo_t *cairo = cairo_create (sheet->surface);

  overlay_drawing_set_color (cairo, OVERLAY_BACKGROUND_COLOR, 1.0);
  cairo_paint (cairo);
  draw_header (sheet, cairo);
  draw_footer (sheet, cairo);
  draw_tiles (sheet);
  overlay_text_select (sheet->typesetter, LABEL_SIZE, FALSE);
  for (gint i = 0; sheet->label_height > 0 && i < sheet->shown; i++)
    draw_label (sheet, cairo, i);
  cairo_destroy (cairo);
}

cairo_surface_t *
overlay_contact_sheet_draw (const CnnLayerMaps *layer,
    const OverlaySheetText *text, OverlayColormap colormap)
{
  Sheet sheet = {
    .layer = layer,
    .text = text,
    .table = overlay_colormap_get_table (colormap),
    .shown = MIN (layer->channels, MAX_TILES),
  };

  sheet.typesetter = overlay_text_new ();
  sheet.ranges = g_new (OverlayRange, sheet.shown);
  measure (&sheet);
  choose_tile (&sheet);
  choose_grid (&sheet);
  sheet.surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      get_inner_width (&sheet) + 2 * MARGIN, get_height (&sheet));
  draw (&sheet);
  overlay_text_free (sheet.typesetter);
  g_free (sheet.ranges);
  return sheet.surface;
}
