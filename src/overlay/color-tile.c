/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/color-tile.h"

#include <string.h>

#define OPAQUE 0xff000000u

/* Goes from pixel to pixel of a side: @cell is the one in the middle of the
 * pixel, and @rest how far that is from the cell's start, in units of which a
 * cell has twice as many as there are pixels. */
typedef struct {
  gint cell;
  gint64 rest;
} Walk;

static void
take_step (Walk *walk, gint pixels, gint cells)
{
  walk->rest += 2 * (gint64) cells;
  for (; walk->rest >= 2 * (gint64) pixels; walk->rest -= 2 * (gint64) pixels)
    walk->cell++;
}

static Walk
start_walk (gint pixels, gint cells)
{
  Walk walk = { 0, -cells };

  take_step (&walk, pixels, cells);
  return walk;
}

static void
draw_row (guint32 *words, gint n_words, const gfloat *values, gint width,
    const ClassifierColors *colors)
{
  const gsize n_channels = (gsize) image_channels_count (colors->channels);
  Walk walk = start_walk (n_words, width);
  gint last = -1;

  for (gint x = 0; x < n_words; x++) {
    words[x] = walk.cell == last ? words[x - 1]
                                 : OPAQUE
            | classifier_colors_get_rgb (colors,
                values + (gsize) walk.cell * n_channels);
    last = walk.cell;
    take_step (&walk, n_words, width);
  }
}

void
overlay_color_tile_draw (const OverlayPixels *pixels, const gfloat *values,
    gint height, gint width, const ClassifierColors *colors)
{
  const gsize row_size = (gsize) width
      * (gsize) image_channels_count (colors->channels);
  Walk walk = start_walk (pixels->height, height);
  gint last = -1;

  for (gint y = 0; y < pixels->height; y++) {
    guint32 *words = pixels->data + (gsize) y * pixels->stride;

    if (walk.cell == last)
      memcpy (words, words - pixels->stride,
          (gsize) pixels->width * sizeof (*words));
    else
      draw_row (words, pixels->width, values + (gsize) walk.cell * row_size,
          width, colors);
    last = walk.cell;
    take_step (&walk, pixels->height, height);
  }
}

void
overlay_color_tile_draw_kernel (const OverlayPixels *pixels,
    const ClassifierDescription *description, gint filter)
{
  const ClassifierKernels *kernels = description->kernels;
  const gsize n_cells = (gsize) kernels->form.height
      * (gsize) kernels->form.width;
  ClassifierColors colors = { .channels = description->colors.channels };
  const gfloat *values = kernels->values
      + (gsize) filter * n_cells
          * (gsize) image_channels_count (colors.channels);

  classifier_colors_init_signed (&colors, values, n_cells);
  overlay_color_tile_draw (pixels, values, kernels->form.height,
      kernels->form.width, &colors);
}
