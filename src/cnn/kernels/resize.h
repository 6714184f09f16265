/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

/**
 * CnnGrid:
 * @CNN_GRID_LEGACY: cell i of the output lies at i * in / out of the input
 * @CNN_GRID_ALIGN_CORNERS: at i * (in - 1) / (out - 1): first and last cells
 *   fall together
 * @CNN_GRID_HALF_PIXEL: at (i + 0.5) * in / out - 0.5: edges fall together
 *
 * Three ways to lay one grid over another. TensorFlow has all of them.
 */
typedef enum {
  CNN_GRID_LEGACY,
  CNN_GRID_ALIGN_CORNERS,
  CNN_GRID_HALF_PIXEL
} CnnGrid;

/* Both from height x width x channels to height x width x channels. */
void cnn_resize_nearest (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output);
void cnn_resize_bilinear (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output);

/* The way back through both: from derivatives with respect to the output, to
 * those with respect to the input, which are added to. */
void cnn_resize_nearest_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient);
void cnn_resize_bilinear_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient);
