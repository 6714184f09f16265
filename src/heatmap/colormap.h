/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeatmapColormap:
 * @HEATMAP_COLORMAP_YLGNBU: plotly's YlGnBu, dark navy to pale yellow
 * @HEATMAP_COLORMAP_SIGNED: light blue for the least, black in the middle, orange
 *   for the greatest; what it shows is scaled to have zero in the middle
 *
 * Perceptual maps except for turbo and jet, which are there by choice only.
 */
typedef enum {
  HEATMAP_COLORMAP_YLGNBU,
  HEATMAP_COLORMAP_VIRIDIS,
  HEATMAP_COLORMAP_MAGMA,
  HEATMAP_COLORMAP_INFERNO,
  HEATMAP_COLORMAP_PLASMA,
  HEATMAP_COLORMAP_CIVIDIS,
  HEATMAP_COLORMAP_TURBO,
  HEATMAP_COLORMAP_JET,
  HEATMAP_COLORMAP_GRAY,
  HEATMAP_COLORMAP_SIGNED,
  HEATMAP_N_COLORMAPS
} HeatmapColormap;

/**
 * heatmap_colormap_get_table:
 *
 * Returns: (array fixed-size=256): opaque 0xFFRRGGBB words in native byte
 *   order (CAIRO_FORMAT_ARGB32), low values first; static, thread-safe
 */
const guint32 *heatmap_colormap_get_table (HeatmapColormap colormap);

/**
 * heatmap_colormap_get_zero:
 *
 * Returns: index of the colour that stands for no response
 */
guint heatmap_colormap_get_zero (HeatmapColormap colormap);

G_END_DECLS
