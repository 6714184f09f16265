/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/description.h"
#include "overlay/drawing.h"

G_BEGIN_DECLS

/**
 * overlay_color_tile_draw:
 * @pixels: pixels of the tile, all of which are written
 * @values: @height x @width x channels floats
 * @colors: the colours of @values
 *
 * Draws a small picture, such as the input of a network. Each pixel has the
 * colour of the cell in its middle, so that cells are squares if the sides are
 * multiples of the picture's.
 */
void overlay_color_tile_draw (const OverlayPixels *pixels, const gfloat *values,
    gint height, gint width, const ClassifierColors *colors);

/**
 * overlay_color_tile_draw_kernel:
 * @description: has kernels
 * @filter: index of the kernel to draw
 *
 * Draws a kernel, scaled about zero by its largest weight: zero is mid-gray,
 * and a colour is brighter where the filter answers to more of it.
 */
void overlay_color_tile_draw_kernel (const OverlayPixels *pixels,
    const ClassifierDescription *description, gint filter);

G_END_DECLS
