/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/face-labels.h"

#include <math.h>
#include <string.h>

#include "overlay/drawing.h"
#include "overlay/face-boxes.h"
#include "overlay/label-placement.h"

#define SIZE_SHARE 0.026 /* text size relative to the frame's shorter side */
#define MIN_SIZE 10
#define MAX_SIZE_SHARE 0.25
#define SMALL_SHARE 0.75
#define MIN_SMALL_SIZE 9

/* Widths of plates in text heights. */
#define MAX_WIDTH 14
#define MAX_SMALL_WIDTH 16
#define MAX_BRIEF_WIDTH 10

#define PLATE_COLOR 0x000000
#define PLATE_ALPHA 0.65
#define NAME_COLOR 0xb8bdc5
#define MINUS "\xe2\x88\x92"

#define MAX_ROWS 8

/**
 * PlateLook:
 * @glyphs: glyphs for figures; all text has their size
 * @content: the parts to show, not %OVERLAY_LABEL_AUTO
 * @max_width: maximum width of the plate; labels are cut to fit
 * @max_height: maximum height of the plate; lines beyond it are left out
 * @max_rows: maximum number of lines
 * @has_bars: whether confidences are also shown as bars
 *
 * The way in which a plate presents a face.
 */
typedef struct {
  const OverlayGlyphs *glyphs;
  OverlayLabelContent content;
  gint max_width;
  gint max_height;
  guint max_rows;
  gboolean has_bars;
} PlateLook;

/* An attribute as shown on a plate. */
typedef struct {
  guint name;   /* version of the name's text line; 0 if not shown */
  guint label;  /* version of the label's text line; 0 if not shown */
  guint unit;   /* version of the unit's text line; 0 if not shown */
  gint percent; /* length of the bar; -1 for none */
  gint tick;    /* where the bar has its tick, in percent */
  gchar figure[CLASSIFIER_NUMBER_SIZE + 4];
  gchar change[CLASSIFIER_NUMBER_SIZE + 4];
} Row;

/* Everything that determines the drawing of a plate, and its dimensions. */
typedef struct {
  gint id; /* -1 if not shown */
  guint color;
  guint n_rows;
  Row rows[MAX_ROWS];

  gint text_size;
  gint padding;
  gint space;
  gint line_height;
  gint bar_height; /* 0 if there are no bars */
  gint id_width;   /* the columns from left to right; 0 if empty */
  gint name_width;
  gint label_width;
  gint figure_width;
  gint unit_width;
  gint change_width;
} Sheet;

/* The text beside one face: its id, and a line per attribute with its name, and
 * its label and confidence or its number. The confidence is also shown as a bar
 * with a tick at the threshold. */
typedef struct {
  OverlayText *text;
  OverlayTextLine *names[MAX_ROWS]; /* created when first needed */
  OverlayTextLine *labels[MAX_ROWS];
  OverlayTextLine *units[MAX_ROWS];
  Sheet sheet;
  Sheet drawn;
  gint background_size; /* text size for which the background was drawn */
  cairo_surface_t *background;
  cairo_surface_t *surface;
} Plate;

/* If a label does not fit in one form, the next one is tried. */
typedef enum {
  FULL,
  SMALL,
  BRIEF,
  N_FORMS
} Form;

/* The label of the face with this id, as long as the face is present. */
typedef struct {
  gint id;
  guint last_frame;
  Plate *plates[N_FORMS];
} Label;

struct _OverlayFaceLabels {
  OverlayText *text;
  OverlayGlyphs *glyphs;
  OverlayGlyphs *small_glyphs;
  GPtrArray *labels; /* Label elements */
  guint frame;
  GArray *faces; /* Rect elements: the boxes of faces */
  GArray *taken; /* Rect elements: everything else on the frame */
};

/* The state that all labels of a frame share. */
typedef struct {
  OverlayFaceLabels *labels;
  const OverlayScene *scene;
  OverlayLabelContent content;
  gint sizes[N_FORMS]; /* text size of each form */
  PlateLook looks[N_FORMS];
  OverlayLabelRequest request;
  GArray *pieces;
} Drawing;

static Plate *
plate_new (OverlayText *text)
{
  Plate *plate = g_new0 (Plate, 1);

  plate->text = text;
  return plate;
}

static void
plate_free (Plate *plate)
{
  for (guint i = 0; i < MAX_ROWS; i++) {
    g_clear_pointer (&plate->names[i], overlay_text_line_free);
    g_clear_pointer (&plate->labels[i], overlay_text_line_free);
    g_clear_pointer (&plate->units[i], overlay_text_line_free);
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

/* Formats a change of the confidence in percent, with one decimal. */
static void
format_change (gchar *string, gsize size, gdouble change)
{
  const gint tenths = (gint) lround (1000.0 * CLAMP (change, -1.0, 1.0));
  const gchar *sign = tenths < 0 ? MINUS : tenths > 0 ? "+" : "";

  g_snprintf (string, (gulong) size, "(%s%d.%d)", sign, ABS (tenths) / 10,
      ABS (tenths) % 10);
}

static void
format_number_change (gchar *string, gsize size, gdouble change)
{
  gchar number[CLASSIFIER_NUMBER_SIZE];

  overlay_glyphs_format_number (number, sizeof (number), change);
  g_snprintf (string, (gulong) size, "(%s%s)", change > 0.0 ? "+" : "", number);
}

static gboolean
shows_confidence (const OverlayAttribute *attribute,
    OverlayLabelContent content)
{
  return (content & OVERLAY_LABEL_CONFIDENCE) != 0
      && attribute->confidence >= 0.0;
}

static gboolean
shows_number (const OverlayAttribute *attribute, OverlayLabelContent content)
{
  return (content & OVERLAY_LABEL_LABEL) != 0 && attribute->has_number;
}

/* Returns whether any part of the attribute is to be shown. */
static gboolean
is_shown (const OverlayAttribute *attribute, OverlayLabelContent content)
{
  return ((content & OVERLAY_LABEL_LABEL) != 0 && has_text (attribute->label))
      || shows_confidence (attribute, content)
      || shows_number (attribute, content)
      || ((content & (OVERLAY_LABEL_LABEL | OVERLAY_LABEL_ATTRIBUTE))
              == OVERLAY_LABEL_ATTRIBUTE
          && !attribute->is_continued);
}

/* Returns the width of the line. @version is set to 0 if there is no text. */
static gint
set_line (Plate *plate, OverlayTextLine **line, const gchar *string,
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
set_confidence (Sheet *sheet, Row *row, const OverlayAttribute *attribute,
    const OverlayGlyphs *glyphs)
{
  row->percent = get_percent (attribute->confidence);
  row->tick = get_percent (attribute->threshold);
  g_snprintf (row->figure, sizeof (row->figure), "%d %%", row->percent);
  sheet->figure_width = MAX (sheet->figure_width,
      overlay_glyphs_measure (glyphs, "100 %"));
  if (!attribute->has_change)
    return;
  format_change (row->change, sizeof (row->change), attribute->change);
  sheet->change_width = MAX (sheet->change_width,
      MAX (overlay_glyphs_measure (glyphs, "(+88.8)"),
          overlay_glyphs_measure (glyphs, "(" MINUS "88.8)")));
}

/* The room for a number is that of three digits, unless it needs more. */
static void
set_number (Sheet *sheet, Row *row, const OverlayAttribute *attribute,
    const OverlayGlyphs *glyphs)
{
  overlay_glyphs_format_number (row->figure, sizeof (row->figure),
      attribute->number);
  sheet->figure_width = MAX (sheet->figure_width,
      MAX (overlay_glyphs_measure (glyphs, "0.888"),
          overlay_glyphs_measure (glyphs, row->figure)));
  if (!attribute->has_change)
    return;
  format_number_change (row->change, sizeof (row->change), attribute->change);
  sheet->change_width = MAX (sheet->change_width,
      MAX (overlay_glyphs_measure (glyphs, "(+0.888)"),
          overlay_glyphs_measure (glyphs, row->change)));
}

static void
set_figures (Sheet *sheet, Row *row, const OverlayAttribute *attribute,
    const PlateLook *look)
{
  row->percent = -1;
  if (shows_number (attribute, look->content))
    set_number (sheet, row, attribute, look->glyphs);
  else if (shows_confidence (attribute, look->content))
    set_confidence (sheet, row, attribute, look->glyphs);
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
  add_column (&width, sheet->figure_width, sheet->space);
  add_column (&width, sheet->unit_width, sheet->space);
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

/* The width that the known columns leave on a plate of maximum width. */
static gint
get_room (const Sheet *sheet, const PlateLook *look)
{
  const gint used = get_inner_width (sheet);

  return look->max_width - 2 * sheet->padding - used
      - (used > 0 ? sheet->space : 0);
}

static void
set_names (Plate *plate, const OverlayFace *face, const PlateLook *look,
    const guint *attributes)
{
  Sheet *sheet = &plate->sheet;
  const gboolean is_alone = (look->content & OVERLAY_LABEL_LABEL) == 0;
  const gint room = get_room (sheet, look) / (is_alone ? 1 : 2);
  gint widest = 0;

  if ((look->content & OVERLAY_LABEL_ATTRIBUTE) == 0)
    return;
  for (guint i = 0; i < sheet->n_rows; i++) {
    const OverlayAttribute *attribute = &face->attributes[attributes[i]];

    widest = MAX (widest,
        set_line (plate, &plate->names[i],
            attribute->is_continued ? NULL : attribute->name, room,
            is_alone ? OVERLAY_TEXT_COLOR : NAME_COLOR, &sheet->rows[i].name));
  }
  sheet->name_width = widest;
}

static void
set_units (Plate *plate, const OverlayFace *face, const PlateLook *look,
    const guint *attributes)
{
  Sheet *sheet = &plate->sheet;
  const gint room = get_room (sheet, look) / 2;

  for (guint i = 0; i < sheet->n_rows; i++) {
    const OverlayAttribute *attribute = &face->attributes[attributes[i]];

    if (shows_number (attribute, look->content))
      sheet->unit_width = MAX (sheet->unit_width,
          set_line (plate, &plate->units[i], attribute->unit, room,
              OVERLAY_TEXT_COLOR, &sheet->rows[i].unit));
  }
}

static void
set_labels (Plate *plate, const OverlayFace *face, const PlateLook *look,
    const guint *attributes)
{
  Sheet *sheet = &plate->sheet;
  const gint room = get_room (sheet, look);
  gint widest = 0;

  if ((look->content & OVERLAY_LABEL_LABEL) == 0)
    return;
  for (guint i = 0; i < sheet->n_rows; i++)
    widest = MAX (widest,
        set_line (plate, &plate->labels[i],
            face->attributes[attributes[i]].label, room, OVERLAY_TEXT_COLOR,
            &sheet->rows[i].label));
  sheet->label_width = widest;
}

static void
set_id (Sheet *sheet, const OverlayFace *face, const PlateLook *look)
{
  gchar string[16];

  sheet->color = overlay_face_get_color_index (face->id);
  sheet->id = -1;
  if ((look->content & OVERLAY_LABEL_ID) == 0 || face->id < 0)
    return;
  sheet->id = face->id;
  format_id (string, sizeof (string), face->id);
  sheet->id_width = overlay_glyphs_measure (look->glyphs, string);
}

static void
set_measures (Sheet *sheet, const PlateLook *look)
{
  const gint size = overlay_glyphs_get_size (look->glyphs);

  sheet->text_size = size;
  sheet->padding = size / 2;
  sheet->line_height = (gint) lround (1.6 * size);
  sheet->space = overlay_glyphs_measure (look->glyphs, " ") + 1;
  if (look->has_bars && (look->content & OVERLAY_LABEL_CONFIDENCE) != 0)
    sheet->bar_height = MAX (size / 6, 2);
}

static gboolean
has_bars (const Sheet *sheet)
{
  for (guint i = 0; i < sheet->n_rows; i++) {
    if (sheet->rows[i].percent >= 0)
      return TRUE;
  }
  return FALSE;
}

/* Sets as many rows as fit, and returns the @attributes that they show. */
static void
set_rows (Sheet *sheet, const OverlayFace *face, const PlateLook *look,
    guint *attributes)
{
  const guint most = MIN (look->max_rows, MAX_ROWS);

  for (guint i = 0; i < face->n_attributes && sheet->n_rows < most; i++) {
    const OverlayAttribute *attribute = &face->attributes[i];

    if (!is_shown (attribute, look->content)
        || (gint) (sheet->n_rows + 1) * get_row_height (sheet)
            > look->max_height)
      continue;
    attributes[sheet->n_rows] = i;
    set_figures (sheet, &sheet->rows[sheet->n_rows], attribute, look);
    sheet->n_rows++;
  }
  if (!has_bars (sheet))
    sheet->bar_height = 0;
}

/* Sets the contents of the plate. Its size does not depend on the confidence,
 * so that it does not flicker. Memory is only allocated for new text. Returns
 * FALSE if there is nothing to show or no room for it. */
static gboolean
plate_set (Plate *plate, const OverlayFace *face, const PlateLook *look,
    gint *width, gint *height)
{
  Sheet *sheet = &plate->sheet;
  guint attributes[MAX_ROWS];
  gint inner;

  memset (sheet, 0, sizeof (*sheet)); /* also padding bytes */
  set_measures (sheet, look);
  set_id (sheet, face, look);
  set_rows (sheet, face, look, attributes);
  set_units (plate, face, look, attributes);
  set_names (plate, face, look, attributes);
  set_labels (plate, face, look, attributes);
  inner = get_inner_width (sheet);
  *width = inner + 2 * sheet->padding;
  *height = get_height (sheet);
  return inner > 0 && *width <= look->max_width && *height <= look->max_height;
}

static void
draw_background (Plate *plate, gint width, gint height)
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
  overlay_drawing_set_color (cairo, PLATE_COLOR, PLATE_ALPHA);
  overlay_drawing_fill_plate (cairo, width, height, MAX (size / 5, 2));
  cairo_destroy (cairo);
  cairo_surface_flush (plate->background);
}

static void
copy_background (Plate *plate, OverlayPixels *pixels)
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

/* Draws the figure, which is aligned right so that the unit follows it, and the
 * change. */
static void
draw_figures (const Plate *plate, guint index, const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, gint x, gint y)
{
  const Sheet *sheet = &plate->sheet;
  const Row *row = &sheet->rows[index];

  overlay_glyphs_show (glyphs, pixels, row->figure,
      x + sheet->figure_width - overlay_glyphs_measure (glyphs, row->figure), y,
      sheet->line_height, OVERLAY_TEXT_COLOR);
  x = skip_column (x, sheet->figure_width, sheet->space);
  if (row->unit != 0)
    overlay_text_line_show (plate->units[index], pixels, x, y,
        sheet->line_height);
  x = skip_column (x, sheet->unit_width, sheet->space);
  overlay_glyphs_show (glyphs, pixels, row->change, x, y, sheet->line_height,
      OVERLAY_TEXT_COLOR);
}

static void
draw_row (const Plate *plate, guint index, const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, gint y)
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
  draw_figures (plate, index, glyphs, pixels, x, y);
}

/* If there are several rows, their bars are indented by the id column, like the
 * rows themselves. */
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
  const gint place = left + (width - tick) * row->tick / 100;
  const Rect track = { left, y, width, height };
  const Rect bar = { left, y, (gint) lround (width * row->percent / 100.0),
    height };
  const Rect gap = { place - tick, y, 3 * tick, height };
  const Rect mark = { place, y - tick, tick, height + 2 * tick };

  overlay_pixels_tint (pixels, &track, OVERLAY_TEXT_COLOR, 64);
  overlay_pixels_tint (pixels, &bar, overlay_face_get_color (sheet->color),
      255);
  overlay_pixels_tint (pixels, &gap, PLATE_COLOR, 204);
  overlay_pixels_tint (pixels, &mark, OVERLAY_TEXT_COLOR, 255);
}

static void
draw_content (Plate *plate, const OverlayGlyphs *glyphs)
{
  const Sheet *sheet = &plate->sheet;
  OverlayPixels pixels;
  gchar id[16];

  copy_background (plate, &pixels);
  if (sheet->id >= 0) {
    format_id (id, sizeof (id), sheet->id);
    overlay_glyphs_show (glyphs, &pixels, id, sheet->padding, 0,
        sheet->line_height, overlay_face_get_color (sheet->color));
  }
  for (guint i = 0; i < sheet->n_rows; i++) {
    const gint y = (gint) i * get_row_height (sheet);

    draw_row (plate, i, glyphs, &pixels, y);
    if (sheet->bar_height > 0 && sheet->rows[i].percent >= 0)
      draw_bar (sheet, &sheet->rows[i], &pixels, y + sheet->line_height - 1);
  }
}

/* Draws the current contents unless they have been drawn already. */
static cairo_surface_t *
plate_draw (Plate *plate, const PlateLook *look)
{
  const gint width = get_inner_width (&plate->sheet) + 2 * plate->sheet.padding;
  const gint height = get_height (&plate->sheet);

  if (plate->surface != NULL
      && memcmp (&plate->drawn, &plate->sheet, sizeof (plate->drawn)) == 0)
    return plate->surface;
  draw_background (plate, width, height);
  overlay_drawing_ensure_surface (&plate->surface, width, height);
  cairo_surface_flush (plate->surface);
  draw_content (plate, look->glyphs);
  cairo_surface_mark_dirty (plate->surface);
  overlay_drawing_renew_serial (plate->surface);
  memcpy (&plate->drawn, &plate->sheet, sizeof (plate->drawn));
  return plate->surface;
}

static void
label_free (gpointer data)
{
  Label *label = data;

  for (guint form = 0; form < N_FORMS; form++)
    g_clear_pointer (&label->plates[form], plate_free);
  g_free (label);
}

OverlayFaceLabels *
overlay_face_labels_new (OverlayText *text)
{
  OverlayFaceLabels *labels = g_new0 (OverlayFaceLabels, 1);

  labels->text = text;
  labels->labels = g_ptr_array_new_with_free_func (label_free);
  labels->faces = g_array_new (FALSE, FALSE, sizeof (Rect));
  labels->taken = g_array_new (FALSE, FALSE, sizeof (Rect));
  return labels;
}

void
overlay_face_labels_free (OverlayFaceLabels *labels)
{
  g_clear_pointer (&labels->glyphs, overlay_glyphs_free);
  g_clear_pointer (&labels->small_glyphs, overlay_glyphs_free);
  g_ptr_array_unref (labels->labels);
  g_array_unref (labels->faces);
  g_array_unref (labels->taken);
  g_free (labels);
}

static gint
choose_size (gint frame_width, gint frame_height, guint wanted)
{
  const gint side = MIN (frame_width, frame_height);
  const gint most = MAX ((gint) (MAX_SIZE_SHARE * side), MIN_SMALL_SIZE);

  if (wanted > 0)
    return (gint) CLAMP (wanted, MIN_SMALL_SIZE, (guint) most);
  return MAX ((gint) lround (SIZE_SHARE * side), MIN_SIZE);
}

static void
set_looks (Drawing *drawing, guint wanted_size)
{
  const gint width = drawing->request.frame_width;
  const gint height = drawing->request.frame_height;
  const gint size = choose_size (width, height, wanted_size);
  const gint small = MAX ((gint) (SMALL_SHARE * size), MIN_SMALL_SIZE);

  drawing->sizes[FULL] = size;
  drawing->sizes[SMALL] = drawing->sizes[BRIEF] = small;
  drawing->looks[FULL] =
      (PlateLook) { .max_width = MIN (MAX (width / 3, MAX_WIDTH * size), width),
        .max_height = height / 2,
        .max_rows = G_MAXUINT,
        .has_bars = TRUE };
  drawing->looks[SMALL] =
      (PlateLook) { .max_width = MIN (MAX_SMALL_WIDTH * small, width),
        .max_height = height / 2,
        .max_rows = G_MAXUINT };
  drawing->looks[BRIEF] =
      (PlateLook) { .max_width = MIN (MAX_BRIEF_WIDTH * small, width),
        .max_height = height / 2,
        .max_rows = 1 };
}

/* Both small forms share their glyphs. */
static const OverlayGlyphs *
ensure_glyphs (Drawing *drawing, Form form)
{
  OverlayGlyphs **glyphs = form == FULL ? &drawing->labels->glyphs
                                        : &drawing->labels->small_glyphs;
  const gint size = drawing->sizes[form];

  if (*glyphs != NULL && overlay_glyphs_get_size (*glyphs) == size)
    return *glyphs;
  g_clear_pointer (glyphs, overlay_glyphs_free);
  *glyphs = overlay_glyphs_new (drawing->labels->text, size, FALSE);
  return *glyphs;
}

static gboolean
is_anything_known (const OverlayFace *face)
{
  for (guint i = 0; i < face->n_attributes; i++) {
    const OverlayAttribute *attribute = &face->attributes[i];

    if (attribute->confidence >= 0.0 || attribute->has_number
        || has_text (attribute->label))
      return TRUE;
  }
  return FALSE;
}

/* A number alone says nothing, and neither do the labels of several networks if
 * it is not known which is whose. */
static gboolean
needs_names (const OverlayFace *face, Form form)
{
  for (guint i = 0; i < face->n_attributes; i++) {
    if (face->attributes[i].has_number)
      return TRUE;
  }
  return form != BRIEF && overlay_face_count_names (face) > 1;
}

static OverlayLabelContent
choose_content (const Drawing *drawing, const OverlayFace *face, Form form)
{
  guint content = OVERLAY_LABEL_LABEL | OVERLAY_LABEL_CONFIDENCE;

  if (drawing->content != OVERLAY_LABEL_AUTO)
    return drawing->content;
  if (drawing->scene->n_faces > 1 || !is_anything_known (face))
    content |= OVERLAY_LABEL_ID;
  if (needs_names (face, form))
    content |= OVERLAY_LABEL_ATTRIBUTE;
  return (OverlayLabelContent) content;
}

/* Returns the label of the face with this id, or else the one that has been
 * unused for longest. */
static Label *
find_label (const OverlayFaceLabels *labels, gint id)
{
  Label *idle = NULL;
  guint idle_for = 1; /* faces of the last frame may return in this one */

  for (guint i = 0; i < labels->labels->len; i++) {
    Label *label = g_ptr_array_index (labels->labels, i);
    const guint age = labels->frame - label->last_frame;

    if (label->id == id && age > 0)
      return label;
    if (age > idle_for) {
      idle = label;
      idle_for = age;
    }
  }
  return idle;
}

static Label *
take_label (OverlayFaceLabels *labels, gint id)
{
  Label *label = find_label (labels, id);

  if (label == NULL) {
    label = g_new0 (Label, 1);
    g_ptr_array_add (labels->labels, label);
  }
  label->id = id;
  label->last_frame = labels->frame;
  return label;
}

static gboolean
try_form (Drawing *drawing, const OverlayFace *face, Label *label, Form form)
{
  OverlayLabelRequest *request = &drawing->request;
  PlateLook *look = &drawing->looks[form];
  Plate **plate = &label->plates[form];
  OverlayPiece piece;

  if (*plate == NULL)
    *plate = plate_new (drawing->labels->text);
  look->glyphs = ensure_glyphs (drawing, form);
  look->content = choose_content (drawing, face, form);
  request->box = face->box;
  request->taken = (const Rect *) (gpointer) drawing->labels->taken->data;
  request->n_taken = drawing->labels->taken->len;
  if (!plate_set (*plate, face, look, &request->width, &request->height)
      || !overlay_label_placement_choose (request, &piece.rect))
    return FALSE;
  piece.surface = plate_draw (*plate, look);
  g_array_append_val (drawing->pieces, piece);
  g_array_append_val (drawing->labels->taken, piece.rect);
  return TRUE;
}

static void
add_label (Drawing *drawing, const OverlayFace *face)
{
  Label *label;

  if (face->is_drawn && face->n_attributes == 0)
    return;
  label = take_label (drawing->labels, face->id);
  for (Form form = FULL; form < N_FORMS; form++) {
    if (try_form (drawing, face, label, form))
      return;
  }
}

static void
collect_obstacles (OverlayFaceLabels *labels, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const Rect *panel)
{
  g_array_set_size (labels->faces, 0);
  for (guint i = 0; i < ranking->n_faces; i++)
    g_array_append_val (labels->faces, scene->faces[ranking->order[i]].box);
  g_array_set_size (labels->taken, 0);
  if (panel != NULL)
    g_array_append_vals (labels->taken, panel, 1);
  g_array_append_vals (labels->taken, scene->taken, scene->n_taken);
}

void
overlay_face_labels_add (OverlayFaceLabels *labels, gint frame_width,
    gint frame_height, const OverlayScene *scene,
    const OverlayFaceRanking *ranking, const OverlayStyle *style,
    const Rect *panel, GArray *pieces)
{
  Drawing drawing = { .labels = labels,
    .scene = scene,
    .content = style->label_content,
    .request = { .frame_width = frame_width, .frame_height = frame_height },
    .pieces = pieces };

  labels->frame++;
  collect_obstacles (labels, scene, ranking, panel);
  drawing.request.faces = (const Rect *) (gpointer) labels->faces->data;
  drawing.request.n_faces = labels->faces->len;
  set_looks (&drawing, style->label_size);
  for (guint i = 0; i < MIN (ranking->n_faces, OVERLAY_MAX_LABELS); i++)
    add_label (&drawing, &scene->faces[ranking->order[i]]);
}
