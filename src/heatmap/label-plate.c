/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "heatmap/label-plate.h"

#include <math.h>

#include "heatmap/drawing.h"
#include "heatmap/face-style.h"
#include "heatmap/text.h"

#define PLATE_COLOUR 0x000000
#define PLATE_ALPHA 0.65
#define TEXT_COLOUR 0xffffff
#define MINUS "\xe2\x88\x92"
#define MIN_TEXT_SIZE 10

/* What the drawing depends on. */
typedef struct {
  gint frame_width;
  gint frame_height;
  gint id;      /* -1 when it is not written */
  gint percent; /* -1 when there is none */
  gboolean has_change;
  gint change; /* tenths of a percent */
  guint colour;
} PlateKey;

struct _HeatmapLabelPlate {
  PlateKey key;
  gchar *label;
  cairo_surface_t *surface;
};

/* The parts of a plate from left to right, and their measures. */
typedef struct {
  gint text_size;
  gint padding;
  gint line_height;
  gint bar_height;
  gchar *id;
  gchar *label;
  gchar *percent;
  gchar *change;
  gint id_width;
  gint label_width;
  gint percent_width;
  gint change_width;
  gint space;
} PlateParts;

HeatmapLabelPlate *
heatmap_label_plate_new (void)
{
  return g_new0 (HeatmapLabelPlate, 1);
}

void
heatmap_label_plate_free (HeatmapLabelPlate *plate)
{
  g_clear_pointer (&plate->surface, cairo_surface_destroy);
  g_free (plate->label);
  g_free (plate);
}

static gint
get_percent (gdouble confidence)
{
  return confidence >= 0.0 ? (gint) lround (100.0 * MIN (confidence, 1.0)) : -1;
}

static const HeatmapAttribute nothing = { .confidence = -1.0 };

static const HeatmapAttribute *
get_attribute (const HeatmapFace *face)
{
  return face->n_attributes > 0 ? &face->attributes[0] : &nothing;
}

static gboolean
has_label (const HeatmapAttribute *attribute)
{
  return attribute->label != NULL && *attribute->label != '\0';
}

/* An id is also worth writing when nothing else is known of the face. */
static PlateKey
make_key (gint frame_width, gint frame_height, const HeatmapFace *face,
    gboolean with_id)
{
  const HeatmapAttribute *attribute = get_attribute (face);
  PlateKey key = { .frame_width = frame_width,
    .frame_height = frame_height,
    .id = -1,
    .percent = get_percent (attribute->confidence),
    .has_change = attribute->has_change && attribute->confidence >= 0.0,
    .colour = heatmap_face_style_get_colour_index (face->id) };

  if (key.has_change)
    key.change = (gint) lround (1000.0 * CLAMP (attribute->change, -1.0, 1.0));
  if (with_id || (!has_label (attribute) && key.percent < 0))
    key.id = MAX (face->id, -1);
  return key;
}

static gboolean
is_current (const HeatmapLabelPlate *plate, const PlateKey *key,
    const gchar *label)
{
  const PlateKey *old = &plate->key;

  return old->frame_width == key->frame_width
      && old->frame_height == key->frame_height && old->id == key->id
      && old->percent == key->percent && old->colour == key->colour
      && old->has_change == key->has_change && old->change == key->change
      && g_strcmp0 (plate->label, label) == 0;
}

static void
measure_parts (PlateParts *parts, cairo_t *cairo, const PlateKey *key,
    const gchar *label)
{
  gint most;
  g_autofree gchar *clean = heatmap_text_clean (label);

  parts->text_size =
      MAX ((gint) lround (0.026 * MIN (key->frame_width, key->frame_height)),
          MIN_TEXT_SIZE);
  parts->padding = parts->text_size / 2;
  parts->line_height = (gint) lround (1.6 * parts->text_size);
  heatmap_text_select (cairo, parts->text_size, FALSE);
  parts->space = heatmap_text_measure (cairo, " ") + 1;
  most = MAX (key->frame_width / 3, 14 * parts->text_size);
  most = MIN (most, key->frame_width) - 2 * parts->padding;
  if (key->id >= 0) {
    parts->id = g_strdup_printf ("#%d", key->id);
    parts->id_width = heatmap_text_measure (cairo, parts->id);
    most -= parts->id_width + parts->space;
  }
  if (key->percent >= 0) {
    parts->percent = g_strdup_printf ("%d %%", key->percent);
    parts->percent_width = heatmap_text_measure (cairo, "100 %");
    parts->bar_height = MAX (parts->text_size / 6, 2);
    most -= parts->percent_width + parts->space;
  }
  if (key->has_change) {
    parts->change = g_strdup_printf ("(%s%d.%d)",
        key->change < 0       ? MINUS
            : key->change > 0 ? "+"
                              : "",
        ABS (key->change) / 10, ABS (key->change) % 10);
    parts->change_width = heatmap_text_measure (cairo, "(+88.8)");
    most -= parts->change_width + parts->space;
  }
  if (*clean != '\0') {
    parts->label = heatmap_text_ellipsise (cairo, clean, most);
    parts->label_width = heatmap_text_measure (cairo, parts->label);
  }
}

static void
clear_parts (PlateParts *parts)
{
  g_free (parts->id);
  g_free (parts->label);
  g_free (parts->percent);
  g_free (parts->change);
}

static gint
get_width (const PlateParts *parts)
{
  gint n_parts = (parts->id != NULL) + (parts->label != NULL)
      + (parts->percent != NULL) + (parts->change != NULL);

  return 2 * parts->padding + parts->id_width + parts->label_width
      + parts->percent_width + parts->change_width
      + MAX (n_parts - 1, 0) * parts->space;
}

static gint
get_height (const PlateParts *parts)
{
  return parts->line_height
      + (parts->bar_height > 0 ? 2 * parts->bar_height : 0);
}

static void
draw_text (cairo_t *cairo, const PlateParts *parts, const PlateKey *key)
{
  gint x = parts->padding;

  if (parts->id != NULL) {
    heatmap_drawing_set_colour (cairo,
        heatmap_face_style_get_colour (key->colour), 1.0);
    heatmap_text_show (cairo, parts->id, x, 0, parts->line_height);
    x += parts->id_width + parts->space;
  }
  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, 1.0);
  if (parts->label != NULL) {
    heatmap_text_show (cairo, parts->label, x, 0, parts->line_height);
    x += parts->label_width + parts->space;
  }
  if (parts->percent != NULL) {
    x += parts->percent_width;
    heatmap_text_show (cairo, parts->percent,
        x - heatmap_text_measure (cairo, parts->percent), 0,
        parts->line_height);
    x += parts->space;
  }
  if (parts->change != NULL)
    heatmap_text_show (cairo, parts->change, x, 0, parts->line_height);
}

static void
fill_rectangle (cairo_t *cairo, gdouble x, gdouble y, gdouble width,
    gdouble height)
{
  cairo_rectangle (cairo, x, y, width, height);
  cairo_fill (cairo);
}

static void
draw_bar (cairo_t *cairo, const PlateParts *parts, const PlateKey *key)
{
  gint height = parts->bar_height;
  gint width = get_width (parts) - 2 * parts->padding;
  gint x = parts->padding;
  gint y = parts->line_height - 1;
  gint tick = MAX (height / 2, 1);
  gint middle = x + (width - tick) / 2;

  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, 0.25);
  fill_rectangle (cairo, x, y, width, height);
  heatmap_drawing_set_colour (cairo,
      heatmap_face_style_get_colour (key->colour), 1.0);
  fill_rectangle (cairo, x, y, round (width * key->percent / 100.0), height);
  heatmap_drawing_set_colour (cairo, PLATE_COLOUR, 0.8);
  fill_rectangle (cairo, middle - tick, y, 3 * tick, height);
  heatmap_drawing_set_colour (cairo, TEXT_COLOUR, 1.0);
  fill_rectangle (cairo, middle, y - tick, tick, height + 2 * tick);
}

static void
draw (HeatmapLabelPlate *plate, const PlateParts *parts)
{
  gint width = get_width (parts);
  gint height = get_height (parts);
  cairo_t *cairo;

  heatmap_drawing_renew_surface (&plate->surface, width, height);
  cairo = cairo_create (plate->surface);
  heatmap_drawing_set_colour (cairo, PLATE_COLOUR, PLATE_ALPHA);
  heatmap_drawing_fill_plate (cairo, width, height,
      MAX (parts->text_size / 5, 2));
  heatmap_text_select (cairo, parts->text_size, FALSE);
  draw_text (cairo, parts, &plate->key);
  if (parts->percent != NULL)
    draw_bar (cairo, parts, &plate->key);
  cairo_destroy (cairo);
  cairo_surface_flush (plate->surface);
}

static void
renew (HeatmapLabelPlate *plate)
{
  const PlateKey *key = &plate->key;
  PlateParts parts = { 0 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cairo = cairo_create (surface);

  measure_parts (&parts, cairo, key, plate->label);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  if (get_width (&parts) <= 2 * parts.padding
      || get_width (&parts) > key->frame_width
      || get_height (&parts) > key->frame_height / 2)
    g_clear_pointer (&plate->surface, cairo_surface_destroy);
  else
    draw (plate, &parts);
  clear_parts (&parts);
}

cairo_surface_t *
heatmap_label_plate_update (HeatmapLabelPlate *plate, gint frame_width,
    gint frame_height, const HeatmapFace *face, gboolean with_id)
{
  PlateKey key = make_key (frame_width, frame_height, face, with_id);

  const gchar *label = get_attribute (face)->label;

  if (!is_current (plate, &key, label)) {
    plate->key = key;
    g_free (plate->label);
    plate->label = g_strdup (label);
    renew (plate);
  }
  return plate->surface;
}
