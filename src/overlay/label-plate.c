/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/label-plate.h"

#include <math.h>
#include <string.h>

#include "overlay/drawing.h"
#include "overlay/face-style.h"
#include "overlay/text-line.h"

#define PLATE_COLOUR 0x000000
#define PLATE_ALPHA 0.65
#define TEXT_COLOUR 0xffffff
#define NAME_COLOUR 0xb8bdc5
#define MINUS "\xe2\x88\x92"

#define MAX_ROWS 8

/* One attribute, as it is shown. */
typedef struct {
  guint name;   /* version of the line of text; 0 when it is not shown */
  guint label;  /* likewise */
  gint percent; /* -1 when it is not shown */
  gboolean has_change;
  gint change; /* tenths of a percent */
} Row;

/* All that the drawing depends on, and its measures. */
typedef struct {
  gint id; /* -1 when it is not shown */
  guint colour;
  guint n_rows;
  Row rows[MAX_ROWS];

  gint text_size;
  gint padding;
  gint space;
  gint line_height;
  gint bar_height; /* 0 when there are no bars */
  gint id_width;   /* of the columns, from left to right; 0 for an empty one */
  gint name_width;
  gint label_width;
  gint percent_width;
  gint change_width;
} Sheet;

struct _OverlayLabelPlate {
  OverlayText *text;
  OverlayTextLine *names[MAX_ROWS]; /* made when they are first wanted */
  OverlayTextLine *labels[MAX_ROWS];
  Sheet sheet;
  Sheet drawn;
  gint background_size; /* of the text for which the background was drawn */
  cairo_surface_t *background;
  cairo_surface_t *surface;
};

OverlayLabelPlate *
overlay_label_plate_new (OverlayText *text)
{
  OverlayLabelPlate *plate = g_new0 (OverlayLabelPlate, 1);

  plate->text = text;
  return plate;
}

void
overlay_label_plate_free (OverlayLabelPlate *plate)
{
  for (guint i = 0; i < MAX_ROWS; i++) {
    g_clear_pointer (&plate->names[i], overlay_text_line_free);
    g_clear_pointer (&plate->labels[i], overlay_text_line_free);
  }
  g_clear_pointer (&plate->background, cairo_surface_destroy);
  g_clear_pointer (&plate->surface, cairo_surface_destroy);
  g_free (plate);
}

static gboolean
has_text (const gchar *string)
{
  return string != NULL && *string != '\0';
}

static gint
get_percent (gdouble confidence)
{
  return confidence >= 0.0 ? (gint) lround (100.0 * MIN (confidence, 1.0)) : -1;
}

static void
format_id (gchar *string, gsize size, gint id)
{
  g_snprintf (string, (gulong) size, "#%d", id);
}

static void
format_percent (gchar *string, gsize size, gint percent)
{
  g_snprintf (string, (gulong) size, "%d %%", percent);
}

static void
format_change (gchar *string, gsize size, gint change)
{
  const gchar *sign = change < 0 ? MINUS : change > 0 ? "+" : "";

  g_snprintf (string, (gulong) size, "(%s%d.%d)", sign, ABS (change) / 10,
      ABS (change) % 10);
}

/* Which attributes have something to tell. */
static gboolean
is_told (const OverlayAttribute *attribute, OverlayLabelContent content)
{
  return ((content & OVERLAY_LABEL_LABEL) != 0 && has_text (attribute->label))
      || ((content & OVERLAY_LABEL_CONFIDENCE) != 0
          && attribute->confidence >= 0.0)
      || (content & (OVERLAY_LABEL_LABEL | OVERLAY_LABEL_ATTRIBUTE))
      == OVERLAY_LABEL_ATTRIBUTE;
}

/* Returns the width, and the version if there is a text. */
static gint
set_line (OverlayLabelPlate *plate, OverlayTextLine **line, const gchar *string,
    gint max_width, guint32 rgb, guint *version)
{
  const OverlayTextStyle style = { .size = plate->sheet.text_size,
    .max_width = max_width,
    .keeps_size = TRUE,
    .rgb = rgb };
  gint width;

  *version = 0;
  if (!has_text (string) || max_width <= 0)
    return 0;
  if (*line == NULL)
    *line = overlay_text_line_new (plate->text);
  width = overlay_text_line_set (*line, string, &style);
  *version = width > 0 ? overlay_text_line_get_version (*line) : 0;
  return width;
}

static void
set_figures (Sheet *sheet, Row *row, const OverlayAttribute *attribute,
    const OverlayPlateLook *look)
{
  row->percent = -1;
  if ((look->content & OVERLAY_LABEL_CONFIDENCE) == 0
      || !(attribute->confidence >= 0.0))
    return;
  row->percent = get_percent (attribute->confidence);
  sheet->percent_width = overlay_glyphs_measure (look->glyphs, "100 %");
  row->has_change = attribute->has_change;
  if (!row->has_change)
    return;
  row->change = (gint) lround (1000.0 * CLAMP (attribute->change, -1.0, 1.0));
  sheet->change_width = MAX (overlay_glyphs_measure (look->glyphs, "(+88.8)"),
      overlay_glyphs_measure (look->glyphs, "(" MINUS "88.8)"));
}

static void
add_column (gint *width, gint column, gint space)
{
  if (column > 0)
    *width += column + (*width > 0 ? space : 0);
}

static gint
get_inner_width (const Sheet *sheet)
{
  gint width = 0;

  add_column (&width, sheet->id_width, sheet->space);
  add_column (&width, sheet->name_width, sheet->space);
  add_column (&width, sheet->label_width, sheet->space);
  add_column (&width, sheet->percent_width, sheet->space);
  add_column (&width, sheet->change_width, sheet->space);
  return width;
}

static gint
get_row_height (const Sheet *sheet)
{
  return sheet->line_height + 2 * sheet->bar_height;
}

static gint
get_height (const Sheet *sheet)
{
  return (gint) MAX (sheet->n_rows, 1) * get_row_height (sheet);
}

/* What is left of the widest plate beside all columns that are known. */
static gint
get_room (const Sheet *sheet, const OverlayPlateLook *look)
{
  const gint used = get_inner_width (sheet);

  return look->max_width - 2 * sheet->padding - used
      - (used > 0 ? sheet->space : 0);
}

static void
set_names (OverlayLabelPlate *plate, const OverlayFace *face,
    const OverlayPlateLook *look, const guint *attributes)
{
  Sheet *sheet = &plate->sheet;
  const gboolean is_alone = (look->content & OVERLAY_LABEL_LABEL) == 0;
  const gint room = get_room (sheet, look) / (is_alone ? 1 : 2);
  gint widest = 0;

  if ((look->content & OVERLAY_LABEL_ATTRIBUTE) == 0)
    return;
  for (guint i = 0; i < sheet->n_rows; i++)
    widest = MAX (widest,
        set_line (plate, &plate->names[i], face->attributes[attributes[i]].name,
            room, is_alone ? TEXT_COLOUR : NAME_COLOUR, &sheet->rows[i].name));
  sheet->name_width = widest;
}

static void
set_labels (OverlayLabelPlate *plate, const OverlayFace *face,
    const OverlayPlateLook *look, const guint *attributes)
{
  Sheet *sheet = &plate->sheet;
  const gint room = get_room (sheet, look);
  gint widest = 0;

  if ((look->content & OVERLAY_LABEL_LABEL) == 0)
    return;
  for (guint i = 0; i < sheet->n_rows; i++)
    widest = MAX (widest,
        set_line (plate, &plate->labels[i],
            face->attributes[attributes[i]].label, room, TEXT_COLOUR,
            &sheet->rows[i].label));
  sheet->label_width = widest;
}

static void
set_id (Sheet *sheet, const OverlayFace *face, const OverlayPlateLook *look)
{
  gchar string[16];

  sheet->colour = overlay_face_style_get_colour_index (face->id);
  sheet->id = -1;
  if ((look->content & OVERLAY_LABEL_ID) == 0 || face->id < 0)
    return;
  sheet->id = face->id;
  format_id (string, sizeof (string), face->id);
  sheet->id_width = overlay_glyphs_measure (look->glyphs, string);
}

static void
set_measures (Sheet *sheet, const OverlayPlateLook *look)
{
  const gint size = overlay_glyphs_get_size (look->glyphs);

  sheet->text_size = size;
  sheet->padding = size / 2;
  sheet->line_height = (gint) lround (1.6 * size);
  sheet->space = overlay_glyphs_measure (look->glyphs, " ") + 1;
  if (look->has_bars && (look->content & OVERLAY_LABEL_CONFIDENCE) != 0)
    sheet->bar_height = MAX (size / 6, 2);
}

/* The rows, as far as there is room; returns which attributes they show. */
static void
set_rows (Sheet *sheet, const OverlayFace *face, const OverlayPlateLook *look,
    guint *attributes)
{
  const guint most = MIN (look->max_rows, MAX_ROWS);

  for (guint i = 0; i < face->n_attributes && sheet->n_rows < most; i++) {
    const OverlayAttribute *attribute = &face->attributes[i];

    if (!is_told (attribute, look->content)
        || (gint) (sheet->n_rows + 1) * get_row_height (sheet)
            > look->max_height)
      continue;
    attributes[sheet->n_rows] = i;
    set_figures (sheet, &sheet->rows[sheet->n_rows], attribute, look);
    sheet->n_rows++;
  }
  if (sheet->percent_width == 0)
    sheet->bar_height = 0;
}

gboolean
overlay_label_plate_set (OverlayLabelPlate *plate, const OverlayFace *face,
    const OverlayPlateLook *look, gint *width, gint *height)
{
  Sheet *sheet = &plate->sheet;
  guint attributes[MAX_ROWS];
  gint inner;

  memset (sheet, 0, sizeof (*sheet)); /* also what lies between the members */
  set_measures (sheet, look);
  set_id (sheet, face, look);
  set_rows (sheet, face, look, attributes);
  set_names (plate, face, look, attributes);
  set_labels (plate, face, look, attributes);
  inner = get_inner_width (sheet);
  *width = inner + 2 * sheet->padding;
  *height = get_height (sheet);
  return inner > 0 && *width <= look->max_width && *height <= look->max_height;
}

static void
draw_background (OverlayLabelPlate *plate, gint width, gint height)
{
  const gint size = plate->sheet.text_size;
  cairo_t *cairo;

  if (plate->background != NULL && plate->background_size == size
      && cairo_image_surface_get_width (plate->background) == width
      && cairo_image_surface_get_height (plate->background) == height)
    return;
  plate->background_size = size;
  overlay_drawing_renew_surface (&plate->background, width, height);
  cairo = cairo_create (plate->background);
  overlay_drawing_set_colour (cairo, PLATE_COLOUR, PLATE_ALPHA);
  overlay_drawing_fill_plate (cairo, width, height, MAX (size / 5, 2));
  cairo_destroy (cairo);
  cairo_surface_flush (plate->background);
}

static void
copy_background (OverlayLabelPlate *plate, OverlayPixels *pixels)
{
  OverlayPixels background;

  overlay_pixels_from_surface (&background, plate->background);
  overlay_pixels_from_surface (pixels, plate->surface);
  memcpy (pixels->data, background.data,
      (gsize) pixels->height * pixels->stride * sizeof (guint32));
}

static gint
skip_column (gint x, gint column, gint space)
{
  return column > 0 ? x + column + space : x;
}

static void
draw_figures (const Sheet *sheet, const Row *row, const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, gint x, gint y)
{
  gchar string[24];

  if (row->percent < 0)
    return;
  format_percent (string, sizeof (string), row->percent);
  overlay_glyphs_show (glyphs, pixels, string,
      x + sheet->percent_width - overlay_glyphs_measure (glyphs, string), y,
      sheet->line_height, TEXT_COLOUR);
  if (!row->has_change)
    return;
  format_change (string, sizeof (string), row->change);
  overlay_glyphs_show (glyphs, pixels, string,
      skip_column (x, sheet->percent_width, sheet->space), y,
      sheet->line_height, TEXT_COLOUR);
}

static void
draw_row (const OverlayLabelPlate *plate, guint index,
    const OverlayGlyphs *glyphs, const OverlayPixels *pixels, gint y)
{
  const Sheet *sheet = &plate->sheet;
  const Row *row = &sheet->rows[index];
  gint x = skip_column (sheet->padding, sheet->id_width, sheet->space);

  if (row->name != 0)
    overlay_text_line_show (plate->names[index], pixels, x, y,
        sheet->line_height);
  x = skip_column (x, sheet->name_width, sheet->space);
  if (row->label != 0)
    overlay_text_line_show (plate->labels[index], pixels, x, y,
        sheet->line_height);
  x = skip_column (x, sheet->label_width, sheet->space);
  draw_figures (sheet, row, glyphs, pixels, x, y);
}

/* Of several rows, the bars begin where the rows do, behind the id. */
static void
draw_bar (const Sheet *sheet, const Row *row, const OverlayPixels *pixels,
    gint y)
{
  const gint left = sheet->n_rows == 1
      ? sheet->padding
      : skip_column (sheet->padding, sheet->id_width, sheet->space);
  const gint height = sheet->bar_height,
             width = pixels->width - sheet->padding - left;
  const gint tick = MAX (height / 2, 1);
  const gint middle = left + (width - tick) / 2;
  const Rect track = { left, y, width, height };
  const Rect bar = { left, y, (gint) lround (width * row->percent / 100.0),
    height };
  const Rect gap = { middle - tick, y, 3 * tick, height };
  const Rect mark = { middle, y - tick, tick, height + 2 * tick };

  overlay_pixels_tint (pixels, &track, TEXT_COLOUR, 64);
  overlay_pixels_tint (pixels, &bar,
      overlay_face_style_get_colour (sheet->colour), 255);
  overlay_pixels_tint (pixels, &gap, PLATE_COLOUR, 204);
  overlay_pixels_tint (pixels, &mark, TEXT_COLOUR, 255);
}

static void
draw (OverlayLabelPlate *plate, const OverlayGlyphs *glyphs)
{
  const Sheet *sheet = &plate->sheet;
  OverlayPixels pixels;
  gchar id[16];

  copy_background (plate, &pixels);
  if (sheet->id >= 0) {
    format_id (id, sizeof (id), sheet->id);
    overlay_glyphs_show (glyphs, &pixels, id, sheet->padding, 0,
        sheet->line_height, overlay_face_style_get_colour (sheet->colour));
  }
  for (guint i = 0; i < sheet->n_rows; i++) {
    const gint y = (gint) i * get_row_height (sheet);

    draw_row (plate, i, glyphs, &pixels, y);
    if (sheet->bar_height > 0 && sheet->rows[i].percent >= 0)
      draw_bar (sheet, &sheet->rows[i], &pixels, y + sheet->line_height - 1);
  }
}

cairo_surface_t *
overlay_label_plate_draw (OverlayLabelPlate *plate,
    const OverlayPlateLook *look)
{
  const gint width = get_inner_width (&plate->sheet) + 2 * plate->sheet.padding;
  const gint height = get_height (&plate->sheet);

  if (plate->surface != NULL
      && memcmp (&plate->drawn, &plate->sheet, sizeof (plate->drawn)) == 0)
    return plate->surface;
  draw_background (plate, width, height);
  overlay_drawing_ensure_surface (&plate->surface, width, height);
  cairo_surface_flush (plate->surface);
  draw (plate, look->glyphs);
  cairo_surface_mark_dirty (plate->surface);
  overlay_drawing_renew_serial (plate->surface);
  memcpy (&plate->drawn, &plate->sheet, sizeof (plate->drawn));
  return plate->surface;
}
