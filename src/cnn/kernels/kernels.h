/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include "base/cpu.h"
#include "cnn/kernels/winograd.h"
#include "cnn/layers/activation.h"

G_BEGIN_DECLS

/**
 * CnnClamp:
 * @least: 0 for ReLU; -INFINITY for none
 * @most: 6 for ReLU6; INFINITY for none
 */
typedef struct {
  gfloat least;
  gfloat most;
} CnnClamp;

/**
 * CnnMultiply:
 * @a: rows x depth values of each segment
 * @a_row: floats from one row of @a to the next
 * @segments: (array length=n_segments): offset of each segment in @a, in
 *   floats; a convolution has one segment per kernel row
 * @depth: values of a row in one segment
 * @b: packed by cnn_kernels_pack(): n_segments * depth x columns
 * @bias: (nullable): added to each row, padded like @b
 * @clamp: bounds of the results, applied last
 * @c: rows x columns results
 * @c_row: floats from one row of @c to the next
 * @batches: number of such products, one after the other
 * @a_batch: floats from one batch to the next in @a
 * @b_batch: floats from one batch to the next in @b
 * @c_batch: floats from one batch to the next in @c
 *
 * c = a * b + bias, where the rows of a are the segments one after the other.
 */
typedef struct {
  const gfloat *a;
  gsize a_row;
  const gsize *segments;
  gsize n_segments;
  gsize depth;
  const gfloat *b;
  const gfloat *bias;
  CnnClamp clamp;
  gfloat *c;
  gsize c_row;
  gsize rows;
  gsize columns;
  gsize batches;
  gsize a_batch;
  gsize b_batch;
  gsize c_batch;
} CnnMultiply;

/**
 * CnnWinogradInput:
 * @input: height x width x channels, NHWC
 * @top: padding above; cells outside are zero
 * @left: padding at the left
 * @first_row: first tile row to transform
 * @rows: number of tile rows
 * @columns: tiles in a tile row
 * @channel_stride: floats of a tile in @v: @channels padded to whole vectors
 * @position_stride: floats from one position to the next in @v
 * @v: (out): position x tiles x channels
 *
 * Input transform of a block of tiles.
 */
typedef struct {
  const CnnWinograd *winograd;
  const gfloat *input;
  gint height;
  gint width;
  gint channels;
  gint top;
  gint left;
  gint first_row;
  gint rows;
  gint columns;
  gsize channel_stride;
  gsize position_stride;
  gfloat *v;
} CnnWinogradInput;

/**
 * CnnWinogradTarget:
 * @bias: channels, padded to whole vectors
 * @pool: 2x2 max-pooling, valid, stride 2, of the convolution's output
 * @output: height x width x channels, NHWC; of the pooled output with @pool
 *
 * The destination of the output transform, and the operations before writing.
 */
typedef struct {
  const gfloat *bias;
  CnnClamp clamp;
  gboolean pool;
  gfloat *output;
  gint height;
  gint width;
  gint channels;
} CnnWinogradTarget;

/**
 * CnnWinogradOutput:
 * @m: position x tiles x @channels (padded to @channel_stride)
 * @position_stride: floats from one position to the next in @m
 * @first_row: tile row of the block's first tile
 * @columns: tiles in a tile row
 * @first_tile: first tile of the block in @m
 * @tiles: number of tiles
 * @first_channel: first channel of @m in the output
 * @channels: channels of @m: whole vectors, unless they are the last ones
 *
 * Output transform of some tiles of a block.
 */
typedef struct {
  const CnnWinograd *winograd;
  const gfloat *m;
  gsize channel_stride;
  gsize position_stride;
  gint first_row;
  gint columns;
  gsize first_tile;
  gsize tiles;
  gint first_channel;
  gint channels;
  CnnWinogradTarget target;
} CnnWinogradOutput;

/* The maximum number of input channels of CnnWinogradShallow, and the outputs
 * of its tiles. */
#define CNN_WINOGRAD_SHALLOW 4
#define CNN_WINOGRAD_SHALLOW_OUTPUTS 4

/**
 * CnnWinogradShallow:
 * @winograd: with stride 1 and %CNN_WINOGRAD_SHALLOW_OUTPUTS
 * @input: height x width x channels, NHWC
 * @channels: number of input channels, up to %CNN_WINOGRAD_SHALLOW
 * @top: padding above; cells outside are zero
 * @left: padding at the left
 * @rows: rows of tiles
 * @columns: tiles in a row
 * @row_stride: @columns padded to whole vectors
 * @weights: vectors of output channels x position x channels x vector
 * @v: scratch of positions x channels x row_stride floats
 * @phases: scratch of tile size x channels x 4 x (row_stride + 1) floats
 *
 * A complete convolution of few channels. The input transform is vectorised
 * over the tiles of a row, and products are transformed back immediately.
 */
typedef struct {
  const CnnWinograd *winograd;
  const gfloat *input;
  gint height;
  gint width;
  gint channels;
  gint top;
  gint left;
  gint rows;
  gint columns;
  gsize row_stride;
  const gfloat *weights;
  gfloat *v;
  gfloat *phases;
  CnnWinogradTarget target;
} CnnWinogradShallow;

/**
 * CnnDepthwise:
 * @input: height x width x channels, NHWC
 * @top: padding above; cells outside are zero
 * @left: padding at the left
 * @kernel: kernel height x kernel width x channels
 * @bias: channels
 * @output: output height x output width x channels
 * @channels: number of channels, at least the length of a vector
 *
 * A convolution of each channel on its own.
 */
typedef struct {
  const gfloat *input;
  gint height;
  gint width;
  gint channels;
  gint top;
  gint left;
  gint size[2];
  gint stride[2];
  gint dilation[2];
  const gfloat *kernel;
  const gfloat *bias;
  CnnClamp clamp;
  gfloat *output;
  gint output_height;
  gint output_width;
} CnnDepthwise;

/**
 * CnnPooling:
 * @input: height x width x channels, NHWC
 * @pad: padding above and at the left; cells outside are not counted
 * @average: whether to average rather than take the largest value
 * @output: output height x output width x channels
 * @columns: scratch of width x channels floats, needed if there are fewer
 *   channels than a vector has
 */
typedef struct {
  const gfloat *input;
  gint height;
  gint width;
  gint channels;
  gint pad[2];
  gint size[2];
  gint stride[2];
  gboolean average;
  gfloat *output;
  gint output_height;
  gint output_width;
  gfloat *columns;
} CnnPooling;

/**
 * CnnScale:
 * @input: rows x channels
 * @factor: (nullable): channels; all 1 if absent, when there is a @shift
 * @factor_row: floats from one row of @factor to the next: 0 if all rows have
 *   the same, otherwise @channels
 * @shift: (nullable): channels; all 0 if absent
 * @shift_row: like @factor_row, of @shift
 * @output: rows x channels
 * @channels: number of channels, at least the length of a vector
 *
 * output = input * factor + shift, within the bounds.
 */
typedef struct {
  const gfloat *input;
  const gfloat *factor;
  gsize factor_row;
  const gfloat *shift;
  gsize shift_row;
  CnnClamp clamp;
  gfloat *output;
  gsize rows;
  gsize channels;
} CnnScale;

/**
 * CnnKernels:
 * @level: the instruction set
 * @vector: floats in a vector
 * @fused: whether the instruction set has a fused multiply-add
 * @half: (nullable): kernels with vectors half as long, whose multiply() is
 *   used for the last columns if these fit into such a vector
 * @multiply: see CnnMultiply
 * @dot: the same for few columns: of one batch, with a depth of at least the
 *   length of a vector, and with @b packed by cnn_kernels_pack_dots()
 * @winograd_input: see CnnWinogradInput
 * @winograd_output: see CnnWinogradOutput
 * @winograd_shallow: see CnnWinogradShallow
 * @depthwise: see CnnDepthwise
 * @pooling: see CnnPooling
 * @scale: see CnnScale
 * @activate: applies an activation function to values in place; returns FALSE
 *   for those of which there is only scalar code. Use cnn_kernels_activate()
 * @dense: output = input * kernel + bias, where kernel is inputs x units and
 *   @indices is scratch for as many values as there are inputs; inputs that are
 *   zero are skipped
 *
 * The inner loops for one instruction set.
 */
typedef struct _CnnKernels {
  CpuLevel level;
  gsize vector;
  gboolean fused;
  const struct _CnnKernels *half;
  void (*multiply) (const CnnMultiply *job);
  void (*dot) (const CnnMultiply *job);
  void (*winograd_input) (const CnnWinogradInput *job);
  void (*winograd_output) (const CnnWinogradOutput *job);
  void (*winograd_shallow) (const CnnWinogradShallow *job);
  void (*depthwise) (const CnnDepthwise *job);
  void (*pooling) (const CnnPooling *job);
  void (*scale) (const CnnScale *job);
  gboolean (*activate) (CnnActivation activation, gfloat *values, gsize count);
  void (*dense) (const gfloat *input, gsize inputs, const gfloat *kernel,
      const gfloat *bias, gsize units, gfloat *output, guint32 *indices);
} CnnKernels;

/* One for each file kernels-*.c. Use cnn_kernels_get() to choose one, because
 * not every processor can run all of them. */
extern const CnnKernels cnn_kernels_baseline;
extern const CnnKernels cnn_kernels_avx2;
extern const CnnKernels cnn_kernels_avx512;

/**
 * cnn_kernels_get:
 *
 * Returns: (transfer none) (nullable): the kernels of cpu_get_level(); %NULL
 *   for %CPU_SCALAR, which means the reference code of each layer
 */
const CnnKernels *cnn_kernels_get (void);

/**
 * cnn_kernels_get_nth:
 *
 * Returns: (transfer none) (nullable): the nth of all kernels that were
 *   compiled and that this processor can run, slowest first; %NULL after the
 *   last one
 */
const CnnKernels *cnn_kernels_get_nth (guint n);

/**
 * cnn_kernels_get_name:
 * @kernels: (nullable): %NULL for the reference code of each layer
 *
 * Returns: (transfer none): the name of the instruction set, such as "avx2"
 */
const gchar *cnn_kernels_get_name (const CnnKernels *kernels);

/**
 * cnn_kernels_within:
 *
 * Returns: (transfer none) (nullable): the widest kernels, up to @kernels,
 *   whose vectors are not longer than @count; %NULL if there are none
 */
const CnnKernels *cnn_kernels_within (const CnnKernels *kernels, gsize count);

/**
 * cnn_kernels_fit:
 *
 * Instead of half-empty vectors, vectors of half the length are preferable:
 * they are never slower, and faster if the processor splits the long ones.
 *
 * Returns: (transfer none): the narrowest kernels, up to @kernels, that need no
 *   more vectors for @count values and are as good in other respects
 */
const CnnKernels *cnn_kernels_fit (const CnnKernels *kernels, gsize count);

/**
 * cnn_kernels_pad:
 *
 * Returns: @count rounded up to whole vectors
 */
gsize cnn_kernels_pad (const CnnKernels *kernels, gsize count);

/**
 * cnn_kernels_pad_columns:
 *
 * Returns: @columns rounded up to the whole vectors that multiply() takes; the
 *   last of several may be a vector of @kernels->half
 */
gsize cnn_kernels_pad_columns (const CnnKernels *kernels, gsize columns);

/**
 * cnn_kernels_count_vectors:
 *
 * Returns: the number of vectors that multiply() takes for @columns, of which
 *   the last may be a half
 */
gdouble cnn_kernels_count_vectors (const CnnKernels *kernels, gsize columns);

/**
 * cnn_kernels_round_columns:
 *
 * Returns: @columns rounded down to pairs of vectors, but at least one pair
 */
gsize cnn_kernels_round_columns (const CnnKernels *kernels, gsize columns);

/**
 * cnn_kernels_take_columns:
 * @columns: columns of a packed matrix
 * @first: first column that is left
 * @block: as cnn_kernels_round_columns() returns it
 *
 * multiply() can compute such a block of columns on its own; its weights begin
 * at @first times the rows of the packed matrix.
 *
 * Returns: the number of columns of the next block: @block, or all that are
 *   left if after @block fewer would be left than that
 */
gsize cnn_kernels_take_columns (gsize columns, gsize first, gsize block);

/**
 * cnn_kernels_pack:
 * @b: @rows x @columns values
 * @packed: (out caller-allocates): @rows x cnn_kernels_pad_columns (@columns)
 *   values
 *
 * Packs a matrix as multiply() reads it: blocks of two vectors of columns, row
 * by row, padded with zeros. The remaining columns may be a block of one
 * vector, a block of half a vector, or both.
 */
void cnn_kernels_pack (const CnnKernels *kernels, const gfloat *b, gsize rows,
    gsize columns, gfloat *packed);

/**
 * cnn_kernels_pack_dots:
 * @b: @n_segments * @depth x @columns values
 * @packed: (out caller-allocates): @columns * @n_segments *
 *   cnn_kernels_pad (@depth) values
 *
 * Packs a matrix as dot() reads it: column by column. The last vector of a
 * segment ends where the segment does, with zeros for what the one before has
 * already.
 */
void cnn_kernels_pack_dots (const CnnKernels *kernels, const gfloat *b,
    gsize n_segments, gsize depth, gsize columns, gfloat *packed);

/**
 * cnn_kernels_activate:
 * @values: (inout): @rows x @channels values
 *
 * cnn_activation_apply() with the kernels, as far as they have the function.
 */
void cnn_kernels_activate (const CnnKernels *kernels, CnnActivation activation,
    gfloat *values, gsize rows, gsize channels);

G_END_DECLS
