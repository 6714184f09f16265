/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/drawing.h"

static gboolean
has_size (cairo_surface_t *surface, gint width, gint height)
{
  return surface != NULL && cairo_image_surface_get_width (surface) == width
      && cairo_image_surface_get_height (surface) == height;
}

static void
clear (cairo_surface_t *surface)
{
  cairo_t *cairo = cairo_create (surface);

  cairo_set_operator (cairo, CAIRO_OPERATOR_CLEAR);
  cairo_paint (cairo);
  cairo_destroy (cairo);
}

void
overlay_drawing_ensure_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  if (has_size (*surface, width, height))
    return;
  g_clear_pointer (surface, cairo_surface_destroy);
  *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
}

void
overlay_drawing_renew_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  overlay_drawing_ensure_surface (surface, width, height);
  clear (*surface);
  overlay_drawing_renew_serial (*surface);
}

static const cairo_user_data_key_t serial_key;

void
overlay_drawing_renew_serial (cairo_surface_t *surface)
{
  static gsize last = 0;
  const gsize serial = (gsize) g_atomic_pointer_add (&last, 1) + 1;

  cairo_surface_set_user_data (surface, &serial_key, GSIZE_TO_POINTER (serial),
      NULL);
}

gsize
overlay_drawing_get_serial (cairo_surface_t *surface)
{
  return GPOINTER_TO_SIZE (cairo_surface_get_user_data (surface, &serial_key));
}

void
overlay_drawing_grow_surface (cairo_surface_t **surface, gint width,
    gint height)
{
  if (*surface != NULL) {
    width = MAX (width, cairo_image_surface_get_width (*surface));
    height = MAX (height, cairo_image_surface_get_height (*surface));
  }
  overlay_drawing_ensure_surface (surface, width, height);
}

void
overlay_drawing_set_colour (cairo_t *cairo, guint32 rgb, gdouble alpha)
{
  cairo_set_source_rgba (cairo, (rgb >> 16 & 0xff) / 255.0,
      (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0, alpha);
}

cairo_font_options_t *
overlay_drawing_make_font_options (void)
{
  cairo_font_options_t *options = cairo_font_options_create ();

  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_ON);
  return options;
}

void
overlay_drawing_fill_plate (cairo_t *cairo, gint width, gint height,
    gint radius)
{
  cairo_new_path (cairo);
  cairo_arc (cairo, width - radius, radius, radius, -G_PI_2, 0);
  cairo_arc (cairo, width - radius, height - radius, radius, 0, G_PI_2);
  cairo_arc (cairo, radius, height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cairo, radius, radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cairo);
  cairo_fill (cairo);
}
