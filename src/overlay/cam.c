/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/cam.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define N_LEVELS 256

struct _OverlayCam {
  gint id;
  gboolean is_signed;
  gdouble largest; /* what 1 stands for when signed */
  gint height;
  gint width;
  gfloat *cells; /* -1 to 1 when signed, else 0 to 1 */
  gfloat *row;   /* of cells, between two rows of the map */
  guint32 *line; /* of words, before they are laid over pixels */
  gint line_length;
  gboolean is_new;

  /* premultiplied words of all levels, and what they were made for */
  guint32 words[N_LEVELS];
  OverlayColormap colormap;
  gdouble opacity;
};

/* Levels are fixed point with this many bits of fraction. */
#define LEVEL_BITS 16

/* Where a row of pixels lies between two rows of cells. */
typedef struct {
  gint first;
  gint second;
  gfloat part;
} Between;

OverlayCam *
overlay_cam_new (void)
{
  OverlayCam *cam = g_new0 (OverlayCam, 1);

  cam->is_new = TRUE;
  cam->opacity = -1.0;
  return cam;
}

void
overlay_cam_free (OverlayCam *cam)
{
  g_free (cam->cells);
  g_free (cam->row);
  g_free (cam->line);
  g_free (cam);
}

void
overlay_cam_reset (OverlayCam *cam)
{
  cam->is_new = TRUE;
}

static void
set_shape (OverlayCam *cam, gint height, gint width)
{
  if (cam->height == height && cam->width == width)
    return;
  cam->height = height;
  cam->width = width;
  cam->cells = g_renew (gfloat, cam->cells, (gsize) height * (gsize) width);
  cam->row = g_renew (gfloat, cam->row, width);
  cam->is_new = TRUE;
}

static gfloat
get_largest (const gfloat *values, gsize n)
{
  gfloat largest = 0.0f;

  for (gsize i = 0; i < n; i++) {
    gfloat size = fabsf (values[i]);

    largest = size <= FLT_MAX && size > largest ? size : largest;
  }
  return largest;
}

void
overlay_cam_update (OverlayCam *cam, const CnnExplanation *explanation, gint id,
    gboolean is_signed, gdouble part)
{
  gsize n = (gsize) explanation->height * (gsize) explanation->width;
  const gfloat *values = is_signed ? explanation->cell_contributions
                                   : explanation->map;
  gfloat largest = is_signed ? get_largest (values, n) : 1.0f;
  gfloat gain = largest > 0.0f ? 1.0f / largest : 0.0f;

  set_shape (cam, explanation->height, explanation->width);
  if (cam->is_new || cam->id != id || cam->is_signed != is_signed)
    part = 1.0;
  for (gsize i = 0; i < n; i++) {
    gfloat value = values[i] * gain;

    value = value >= -1.0f && value <= 1.0f ? value : 0.0f;
    cam->cells[i] = part < 1.0
        ? cam->cells[i] + (value - cam->cells[i]) * (gfloat) part
        : value;
  }
  cam->largest += ((gdouble) largest - cam->largest) * part;
  cam->id = id;
  cam->is_signed = is_signed;
  cam->is_new = FALSE;
}

gdouble
overlay_cam_get_largest (const OverlayCam *cam)
{
  return cam->largest;
}

static void
make_words (OverlayCam *cam, OverlayColormap colormap, gdouble opacity)
{
  const guint32 *table = overlay_colormap_get_table (colormap);
  guint zero = overlay_colormap_get_zero (colormap);
  guint zero_to_end = N_LEVELS - 1 - zero;

  if (cam->colormap == colormap && cam->opacity == opacity)
    return;
  for (guint i = 0; i < N_LEVELS; i++) {
    guint strength = MIN (ABS ((gint) i - (gint) zero), (gint) zero_to_end);
    guint32 colour = table[i];

    /* the evidence is a matter of two colours, not of many */
    if (colormap == OVERLAY_COLORMAP_SIGNED)
      colour = table[i < zero ? 0 : N_LEVELS - 1];
    cam->words[i] = overlay_pixels_make_word (colour & 0xffffff,
        (guint) lround (255.0 * opacity * strength / zero_to_end));
  }
  cam->colormap = colormap;
  cam->opacity = opacity;
}

static Between
find_between (gint pixel, gint n_pixels, gint n_cells)
{
  gfloat position =
      ((gfloat) pixel + 0.5f) * (gfloat) n_cells / (gfloat) n_pixels - 0.5f;
  Between between;

  position = CLAMP (position, 0.0f, (gfloat) (n_cells - 1));
  between.first = (gint) position;
  between.second = MIN (between.first + 1, n_cells - 1);
  between.part = position - (gfloat) between.first;
  return between;
}

static gfloat
mix (gfloat a, gfloat b, gfloat part)
{
  return a + (b - a) * part;
}

static void
prepare_row (OverlayCam *cam, const Between *down)
{
  const gfloat *upper = cam->cells + (gsize) down->first * (gsize) cam->width;
  const gfloat *lower = cam->cells + (gsize) down->second * (gsize) cam->width;
  gfloat zero = cam->is_signed ? 0.5f : 0.0f;
  gfloat gain = cam->is_signed ? 0.5f : 1.0f;

  for (gint i = 0; i < cam->width; i++) {
    gfloat value = mix (upper[i], lower[i], down->part);

    cam->row[i] = (zero + gain * value) * (N_LEVELS - 1);
  }
}

/* Premultiplied words over opaque pixels, two components at a time. */
static void
lay_over (guint32 *restrict pixels, const guint32 *restrict words, gint n)
{
  for (gint i = 0; i < n; i++) {
    const guint32 word = words[i], below = pixels[i];
    const guint32 rest = 255 - (word >> 24);
    guint32 even = (below & 0xff00ff) * rest + 0x800080;
    guint32 odd = (below >> 8 & 0xff00ff) * rest + 0x800080;

    even = (even + (even >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
    odd = (odd + (odd >> 8 & 0xff00ff)) & 0xff00ff00;
    pixels[i] = word + (even | odd);
  }
}

/* The first pixel at or right of the middle of a cell. */
static gint64
find_middle (const OverlayCam *cam, const Rect *box, gint cell)
{
  const gint64 cells = 2 * (gint64) cam->width;
  const gint64 position = (2 * (gint64) cell + 1) * box->width - cam->width;

  return box->x + (position + cells - 1) / cells;
}

/* Pixels from @x to @end, all between the same two cells: their levels rise by
 * the same @step. */
static void
draw_span (const OverlayCam *cam, guint32 *pixels, gint x, gint end, gint level,
    gint step)
{
  for (; x < end; x++, level += step)
    pixels[x] = cam->words[level >> LEVEL_BITS & (N_LEVELS - 1)];
}

static void
draw_row (const OverlayCam *cam, guint32 *pixels, gint width, const Rect *box)
{
  const gfloat unit = (gfloat) (1 << LEVEL_BITS);
  const gfloat cells = (gfloat) cam->width / (gfloat) box->width;
  gint x = 0;

  /* before the first middle, between each two, and behind the last one */
  for (gint cell = -1; cell < cam->width && x < width; cell++) {
    const gint left = MAX (cell, 0), right = MIN (cell + 1, cam->width - 1);
    const gint end = cell + 1 < cam->width
        ? (gint) CLAMP (find_middle (cam, box, cell + 1), x, width)
        : width;
    const gfloat slope = (cam->row[right] - cam->row[left]) * cells;
    /* from the middle of the cell at the left to the middle of the pixel */
    const gfloat way = (gfloat) ((gint64) x - box->x) + 0.5f
        - ((gfloat) left + 0.5f) / cells;

    draw_span (cam, pixels, x, end,
        (gint) ((cam->row[left] + slope * way + 0.5f) * unit),
        (gint) (slope * unit));
    x = end;
  }
}

static void
ensure_line (OverlayCam *cam, gint length)
{
  if (cam->line_length >= length)
    return;
  cam->line = g_renew (guint32, cam->line, length);
  cam->line_length = length;
}

void
overlay_cam_draw (OverlayCam *cam, const OverlayPixels *pixels, const Rect *box,
    OverlayColormap colormap, gdouble opacity, gboolean over)
{
  make_words (cam, colormap, opacity);
  if (over)
    ensure_line (cam, pixels->width);
  for (gint y = 0; y < pixels->height; y++) {
    guint32 *row = pixels->data + (gsize) y * pixels->stride;
    Between down = find_between (y - box->y, box->height, cam->height);

    prepare_row (cam, &down);
    draw_row (cam, over ? cam->line : row, pixels->width, box);
    if (over)
      lay_over (row, cam->line, pixels->width);
  }
}
