/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OverlayColormap:
 * @OVERLAY_COLORMAP_YLGNBU: plotly's YlGnBu, dark navy to pale yellow
 * @OVERLAY_COLORMAP_SIGNED: diverging: light blue for the least value, black
 *   in the middle, orange for the greatest; ranges are symmetric around zero
 *
 * All colormaps except turbo and jet are perceptually uniform, or nearly so.
 */
typedef enum {
  OVERLAY_COLORMAP_YLGNBU,
  OVERLAY_COLORMAP_VIRIDIS,
  OVERLAY_COLORMAP_MAGMA,
  OVERLAY_COLORMAP_INFERNO,
  OVERLAY_COLORMAP_PLASMA,
  OVERLAY_COLORMAP_CIVIDIS,
  OVERLAY_COLORMAP_TURBO,
  OVERLAY_COLORMAP_JET,
  OVERLAY_COLORMAP_GRAY,
  OVERLAY_COLORMAP_SIGNED,
  OVERLAY_N_COLORMAPS
} OverlayColormap;

/**
 * overlay_colormap_get_table:
 *
 * Returns: (array fixed-size=256): opaque 0xFFRRGGBB words in native byte
 *   order (CAIRO_FORMAT_ARGB32), low values first; static, thread-safe
 */
const guint32 *overlay_colormap_get_table (OverlayColormap colormap);

/**
 * overlay_colormap_get_zero:
 *
 * Returns: index of the colour of a zero response
 */
guint overlay_colormap_get_zero (OverlayColormap colormap);

G_END_DECLS
