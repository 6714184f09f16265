/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

G_BEGIN_DECLS

/*
 * Scalar code for whole tensors, forward and backward. Convolutions and
 * pooling, which slide a window, are in reference-window.h. The kernels for the
 * instruction sets are tested against it, and it is the fallback for cases that
 * they do not support.
 */

/**
 * cnn_dense:
 * @input: @inputs values
 * @kernel: @inputs x @units
 * @bias: (nullable): @units values
 * @output: (out): @units values
 *
 * output = input * kernel + bias.
 */
void cnn_dense (const gfloat *input, gsize inputs, const gfloat *kernel,
    const gfloat *bias, gsize units, gfloat *output);

/**
 * cnn_dense_backpropagate:
 * @gradient: @units derivatives with respect to the output
 * @input_gradient: (inout): @inputs derivatives, to which the result is added
 *
 * input_gradient += kernel * gradient.
 */
void cnn_dense_backpropagate (const gfloat *gradient, gsize inputs,
    const gfloat *kernel, gsize units, gfloat *input_gradient);

typedef enum {
  CNN_COMBINATION_COPY,
  CNN_COMBINATION_ADD,
  CNN_COMBINATION_SUBTRACT,
  CNN_COMBINATION_MULTIPLY,
  CNN_COMBINATION_MAXIMUM,
  CNN_COMBINATION_MINIMUM
} CnnCombination;

/**
 * cnn_combine:
 * @input: tensor whose dimensions, counted from the last one, equal those of
 *   @output, are 1, or are missing
 * @output: (inout): tensor to combine with @input
 *
 * output = output (combination) input, for each value; dimensions of 1 are
 * repeated.
 */
void cnn_combine (CnnCombination combination, const CnnTensor *input,
    const CnnTensor *output);

/**
 * cnn_combine_pair:
 * @first: as many values as @output has; may be those of @output
 * @second: tensor whose dimensions are as in cnn_combine()
 * @output: (out): tensor for the result
 *
 * output = first (combination) second.
 */
void cnn_combine_pair (CnnCombination combination, const gfloat *first,
    const CnnTensor *second, const CnnTensor *output);

/**
 * cnn_sum_repeated:
 * @gradient: derivatives with respect to each value of an output
 * @input_gradient: (inout): derivatives to which the result is added; its
 *   dimensions are as in cnn_combine()
 *
 * Backpropagates through repeated dimensions: a value that was read several
 * times gets the sum.
 */
void cnn_sum_repeated (const CnnTensor *gradient,
    const CnnTensor *input_gradient);

/**
 * cnn_transpose:
 * @permutation: for each dimension of @output, the one of @input that it is
 */
void cnn_transpose (const CnnTensor *input,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *output);

/**
 * cnn_transpose_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): derivatives with respect to the input, to which the
 *   result is added
 */
void cnn_transpose_backpropagate (const CnnTensor *gradient,
    const guint permutation[CNN_MAX_RANK], const CnnTensor *input_gradient);

/**
 * cnn_place2d:
 * @input: height x width x channels
 * @top: row of @output for the first row of @input; may be negative
 * @left: column of @output for the first column of @input; may be negative
 * @output: height x width x channels; zero outside @input
 */
void cnn_place2d (const CnnTensor *input, gint top, gint left,
    const CnnTensor *output);

/**
 * cnn_place2d_backpropagate:
 * @gradient: derivatives with respect to the output
 * @input_gradient: (inout): derivatives with respect to the input, to which the
 *   result is added
 */
void cnn_place2d_backpropagate (const CnnTensor *gradient, gint top, gint left,
    const CnnTensor *input_gradient);

/**
 * CnnGrid:
 * @CNN_GRID_LEGACY: cell i of the output lies at i * in / out of the input
 * @CNN_GRID_ALIGN_CORNERS: at i * (in - 1) / (out - 1): first and last cells
 *   coincide
 * @CNN_GRID_HALF_PIXEL: at (i + 0.5) * in / out - 0.5: edges coincide
 *
 * Ways to align the grids of input and output, all of which TensorFlow has.
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

/* Backpropagate through both: derivatives with respect to the output are added
 * to those with respect to the input. */
void cnn_resize_nearest_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient);
void cnn_resize_bilinear_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient);

G_END_DECLS
