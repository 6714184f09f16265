/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/winograd-convolution.h"

#include <math.h>

#include "cnn/plan/convolution.h"
#include "cnn/plan/direct-convolution.h"

/* The number of tiles that are transformed and multiplied together: enough to
 * read each weight for many of them, few enough to stay in the cache. Weights
 * that do not stay there themselves are better read less often. */
#define MAX_BLOCK_TILES 16
#define MAX_LARGE_BLOCK_TILES 64

/* The size of the products kept between multiplying and transforming back:
 * 128 KiB, or for large weights 256 KiB; found by measurement. */
#define GROUP_FLOATS 32768
#define LARGE_GROUP_FLOATS 65536

/* The cost of a tile's transform per position, in operations on vectors, found
 * by measurement. */
#define TRANSFORM_OPERATIONS 6.5

static const CnnWinograd *const all_winograds[] = { &cnn_winograd_3x3,
  &cnn_winograd_5x5, &cnn_winograd_small_3x3, &cnn_winograd_strided_3x3,
  &cnn_winograd_small_strided_3x3 };

/**
 * WinogradConvolution:
 * @input_kernels: kernels for the input transform
 * @pool: see CnnFusion
 * @tiles: rows and columns of tiles in the part of the output that is needed
 * @block_rows: number of tile rows that are transformed together
 * @group_tiles: number of tiles that are multiplied together
 * @block_columns: number of output channels that are computed together
 * @v_stride: floats of a tile's channels, or with the shallow kernel, of a
 *   row's tiles
 * @v_size: size of the transformed input, in floats
 */
typedef struct {
  CnnConvolution base;
  const CnnWinograd *winograd;
  const CnnKernels *input_kernels;
  gboolean pool;
  gint tiles[2];
  gint block_rows;
  gsize group_tiles;
  gsize block_columns;
  gsize v_stride;
  gsize v_size;
} WinogradConvolution;

static void
winograd_free (CnnOperation *operation)
{
  cnn_convolution_clear ((CnnConvolution *) operation);
  g_free (operation);
}

static CnnWinogradTarget
make_target (const WinogradConvolution *self, const CnnTensor *output)
{
  return (CnnWinogradTarget) {
    .bias = self->base.bias,
    .clamp = self->base.clamp,
    .pool = self->pool,
    .output = output->data,
    .height = output->shape->dims[0],
    .width = output->shape->dims[1],
    .channels = self->base.out_channels,
  };
}

/* Applies the activation to the whole output. */
static void
finish (const WinogradConvolution *self, const CnnTensor *output)
{
  cnn_convolution_apply_activation (&self->base, output->data,
      (gsize) output->shape->dims[0] * output->shape->dims[1]);
}

static void
run_shallow (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const WinogradConvolution *self = (const WinogradConvolution *) operation;
  const CnnWinogradShallow job = {
    .winograd = self->winograd,
    .input = input->data,
    .height = input->shape->dims[0],
    .width = input->shape->dims[1],
    .channels = self->base.in_channels,
    .top = self->base.pad[0],
    .left = self->base.pad[1],
    .rows = self->tiles[0],
    .columns = self->tiles[1],
    .row_stride = self->v_stride,
    .weights = self->base.weights,
    .v = scratch,
    .phases = scratch + self->v_size,
    .target = make_target (self, output),
  };

  self->base.kernels->winograd_shallow (&job);
  finish (self, output);
}

static gsize
align (gsize floats)
{
  return (floats + 15) / 16 * 16;
}

/* The distance between positions is an odd number of cache lines, so that the
 * same tile of all positions does not map to a few sets of the cache. */
static gsize
space_positions (gsize floats)
{
  return align (floats) | 16;
}

/* Multiplies all batches of a job and advances to the next batch. */
static void
multiply_batches (const CnnKernels *kernels, CnnMultiply *job)
{
  if (job->batches > 0)
    kernels->multiply (job);
  job->a += job->batches * job->a_batch;
  job->b += job->batches * job->b_batch;
  job->c += job->batches * job->c_batch;
}

/* Computes the products of all positions for some tiles of a block, and for the
 * output channels of @out. */
static void
multiply_positions (const WinogradConvolution *self, const gfloat *v,
    gsize v_batch, gfloat *m, const CnnWinogradOutput *out)
{
  static const gsize segment = 0;
  const CnnWinograd *winograd = self->winograd;
  const gint tile = winograd->tile, distinct = winograd->distinct;
  const gsize inputs = (gsize) self->base.in_channels;
  const gsize weights = inputs
      * cnn_kernels_pad_columns (self->base.kernels,
          (gsize) self->base.out_channels);
  CnnMultiply job = {
    .a = v,
    .a_row = self->v_stride,
    .segments = &segment,
    .n_segments = 1,
    .depth = inputs,
    .c = m,
    .c_row = out->channel_stride,
    .rows = out->tiles,
    .columns = cnn_kernels_pad_columns (self->base.kernels,
        (gsize) out->channels),
    .clamp = { -INFINITY, INFINITY },
    .a_batch = v_batch,
    .c_batch = out->position_stride,
  };

  for (gint x = 0; x < tile; x++) {
    job.b = self->base.weights + (gsize) out->first_channel * inputs
        + MIN (x, distinct - 1) * distinct * weights;
    job.b_batch = weights;
    job.batches = (gsize) distinct;
    multiply_batches (self->base.kernels, &job);
    job.b -= weights;
    job.b_batch = 0;
    job.batches = (gsize) (tile - distinct);
    multiply_batches (self->base.kernels, &job);
  }
}

/* Multiplies and transforms back the tiles of a block, a group at a time. */
static void
run_groups (const WinogradConvolution *self, const CnnWinogradInput *in,
    gfloat *m, CnnWinogradOutput *out)
{
  const gsize block_tiles = (gsize) in->rows * self->tiles[1];
  gsize groups = (block_tiles + self->group_tiles - 1) / self->group_tiles;
  gsize tile = 0;

  for (; groups > 0; groups--) {
    /* All groups have nearly the same size. */
    out->tiles = (block_tiles - tile + groups - 1) / groups;
    out->first_tile = tile;
    out->position_stride = space_positions (out->tiles * out->channel_stride);
    multiply_positions (self, in->v + tile * in->channel_stride,
        in->position_stride, m, out);
    self->base.kernels->winograd_output (out);
    tile += out->tiles;
  }
}

/* Runs all groups of a block for some output channels after the other, so that
 * their weights stay in the cache. */
static void
run_block (const WinogradConvolution *self, const CnnWinogradInput *in,
    gfloat *m, CnnWinogradOutput *out)
{
  const gint channels = self->base.out_channels;

  for (gint first = 0; first < channels; first += out->channels) {
    out->first_channel = first;
    out->channels = (gint) cnn_kernels_take_columns ((gsize) channels,
        (gsize) first, self->block_columns);
    out->channel_stride = cnn_kernels_pad_columns (self->base.kernels,
        (gsize) out->channels);
    run_groups (self, in, m, out);
  }
}

static void
run_deep (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const WinogradConvolution *self = (const WinogradConvolution *) operation;
  gfloat *v = scratch, *m = v + self->v_size;
  CnnWinogradInput in = {
    .winograd = self->winograd,
    .input = input->data,
    .height = input->shape->dims[0],
    .width = input->shape->dims[1],
    .channels = self->base.in_channels,
    .top = self->base.pad[0],
    .left = self->base.pad[1],
    .columns = self->tiles[1],
    .channel_stride = self->v_stride,
    .v = v,
  };
  CnnWinogradOutput out = {
    .winograd = self->winograd,
    .m = m,
    .columns = self->tiles[1],
    .target = make_target (self, output),
  };

  for (gint row = 0; row < self->tiles[0]; row += self->block_rows) {
    in.first_row = out.first_row = row;
    in.rows = MIN (self->block_rows, self->tiles[0] - row);
    in.position_stride = space_positions (
        (gsize) in.rows * in.columns * in.channel_stride);
    self->input_kernels->winograd_input (&in);
    run_block (self, &in, m, &out);
  }
  finish (self, output);
}

static void
count_tiles (const CnnWinograd *winograd, const CnnShape *output, gboolean pool,
    gint tiles[2])
{
  for (guint axis = 0; axis < 2; axis++) {
    /* Pooling drops the last row and column of an odd size. */
    const gint cells = pool ? output->dims[axis] & ~1 : output->dims[axis];

    tiles[axis] = (cells + winograd->outputs - 1) / winograd->outputs;
  }
}

static gboolean
is_shallow (const CnnWinograd *winograd, gint in_channels)
{
  return in_channels <= CNN_WINOGRAD_SHALLOW && winograd->stride == 1
      && winograd->outputs == CNN_WINOGRAD_SHALLOW_OUTPUTS;
}

static gsize
count_vectors (const CnnKernels *kernels, gint values)
{
  return cnn_kernels_pad (kernels, (gsize) values) / kernels->vector;
}

/* Cells that are pooled together must lie in the same tile. */
static gboolean
winograd_fits (const CnnWinograd *winograd, const CnnWindow *window,
    const CnnFusion *fusion)
{
  for (guint axis = 0; axis < 2; axis++) {
    if (window->size[axis] != winograd->kernel
        || window->stride[axis] != winograd->stride
        || window->dilation[axis] != 1)
      return FALSE;
  }
  return !fusion->pool || winograd->outputs % 2 == 0;
}

/* The number of packed weights of a deep convolution. */
static gsize
count_weights (const CnnWinograd *winograd, const CnnKernels *kernels,
    gsize inputs, gsize outputs)
{
  return (gsize) winograd->distinct * (gsize) winograd->distinct * inputs
      * cnn_kernels_pad_columns (kernels, outputs);
}

/* The cost of reading the weights, once for each block of tiles. */
static gdouble
count_reading_operations (const CnnWinograd *winograd,
    const CnnKernels *kernels, gsize inputs, gsize outputs, const gint tiles[2])
{
  const gint block_rows = MAX (MAX_LARGE_BLOCK_TILES / tiles[1], 1);
  const gint blocks = (tiles[0] + block_rows - 1) / block_rows;

  return blocks
      * cnn_convolution_count_reading (
          count_weights (winograd, kernels, inputs, outputs));
}

/* Estimates the cost in operations on vectors. */
static gdouble
count_winograd_operations (const CnnWinograd *winograd, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  const CnnKernels *kernels = cnn_kernels_fit (fusion->kernels,
      (gsize) output->dims[2]);
  const gdouble outputs = (gdouble) count_vectors (kernels, output->dims[2]);
  const gdouble positions = (gdouble) winograd->tile * winograd->tile;
  gint tiles[2];
  gdouble inputs, all_tiles;

  count_tiles (winograd, output, fusion->pool, tiles);
  all_tiles = (gdouble) tiles[0] * tiles[1];
  if (is_shallow (winograd, input->dims[2])) {
    inputs = (gdouble) tiles[0] * input->dims[2]
        * (gdouble) count_vectors (kernels, tiles[1]);
  } else {
    inputs = all_tiles
        * (gdouble) count_vectors (cnn_kernels_fit (fusion->kernels,
                                       (gsize) input->dims[2]),
            input->dims[2]);
  }
  return positions
      * (all_tiles
              * cnn_kernels_count_vectors (kernels, (gsize) output->dims[2])
              * input->dims[2]
          + TRANSFORM_OPERATIONS * (inputs + all_tiles * outputs))
      + count_reading_operations (winograd, kernels, (gsize) input->dims[2],
          (gsize) output->dims[2], tiles);
}

/* Returns the kind with the fewest operations, or NULL if none fits. */
static const CnnWinograd *
choose_winograd (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion, gdouble *operations)
{
  const CnnWinograd *chosen = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (all_winograds); i++) {
    gdouble count;

    if (!winograd_fits (all_winograds[i], window, fusion))
      continue;
    count = count_winograd_operations (all_winograds[i], input, output, fusion);
    if (!chosen || count < *operations) {
      chosen = all_winograds[i];
      *operations = count;
    }
  }
  return chosen;
}

gboolean
cnn_winograd_convolution_pays (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const CnnFusion *fusion)
{
  gdouble operations;

  return !fusion->exact
      && choose_winograd (window, input, output, fusion, &operations)
      && operations
      < cnn_direct_convolution_count_operations (window, input, output, fusion);
}

/* Packs weights: vectors of output channels x position x channels x vector. */
static void
pack_shallow (WinogradConvolution *self, const gfloat *transformed)
{
  const gsize vector = self->base.kernels->vector;
  const gsize outputs = (gsize) self->base.out_channels;
  const gsize rows = (gsize) self->winograd->tile * self->winograd->tile
      * self->base.in_channels;
  gfloat *weights = self->base.weights;

  for (gsize output = 0; output < outputs; output += vector) {
    for (gsize row = 0; row < rows; row++) {
      for (gsize i = output; i < output + vector; i++)
        *weights++ = i < outputs ? transformed[row * outputs + i] : 0.0f;
    }
  }
}

static void
pack_deep (WinogradConvolution *self, const gfloat *transformed)
{
  const gsize inputs = (gsize) self->base.in_channels;
  const gsize outputs = (gsize) self->base.out_channels;
  const gsize columns = cnn_kernels_pad_columns (self->base.kernels, outputs);
  const gsize distinct = (gsize) self->winograd->distinct;

  for (gsize i = 0; i < distinct * distinct; i++) {
    cnn_kernels_pack (self->base.kernels, transformed + i * inputs * outputs,
        inputs, outputs, self->base.weights + i * inputs * columns);
  }
}

static void
prepare_shallow (WinogradConvolution *self)
{
  const gsize tile = (gsize) self->winograd->tile;
  const gsize inputs = (gsize) self->base.in_channels;

  self->v_stride = cnn_kernels_pad (self->base.kernels, (gsize) self->tiles[1]);
  self->v_size = align (tile * tile * inputs * self->v_stride);
  self->base.operation.scratch_size = self->v_size
      + tile * inputs * CNN_WINOGRAD_SHALLOW_OUTPUTS * (self->v_stride + 1);
  self->base.operation.run = run_shallow;
}

/* Chooses how many tiles, and how many output channels, are computed together,
 * and returns the output channels for which there must be memory. */
static gsize
choose_blocks (WinogradConvolution *self)
{
  const gsize positions = (gsize) self->winograd->tile * self->winograd->tile;
  const gsize outputs = (gsize) self->base.out_channels;
  const gboolean large = count_weights (self->winograd, self->base.kernels,
                             (gsize) self->base.in_channels, outputs)
      > CNN_CACHED_WEIGHTS;
  const gint max_tiles = large ? MAX_LARGE_BLOCK_TILES : MAX_BLOCK_TILES;
  const gsize floats = large ? LARGE_GROUP_FLOATS : GROUP_FLOATS;
  gsize tiles, columns;

  self->block_rows = CLAMP (max_tiles / self->tiles[1], 1, self->tiles[0]);
  tiles = (gsize) self->block_rows * self->tiles[1];
  self->block_columns = cnn_kernels_round_columns (self->base.kernels,
      GROUP_FLOATS / (positions * MIN (tiles, MAX_BLOCK_TILES)));
  columns = MIN (2 * self->block_columns,
      cnn_kernels_pad_columns (self->base.kernels, outputs));
  self->group_tiles = CLAMP (floats / (positions * columns), 1, tiles);
  return columns;
}

static void
prepare_deep (WinogradConvolution *self, const CnnKernels *kernels)
{
  const gsize inputs = (gsize) self->base.in_channels;
  const gsize positions = (gsize) self->winograd->tile * self->winograd->tile;
  const gsize columns = choose_blocks (self);
  const gsize tiles = (gsize) self->block_rows * self->tiles[1];

  self->input_kernels = cnn_kernels_fit (kernels, inputs);
  self->v_stride = cnn_kernels_pad (self->input_kernels, inputs);
  self->v_size = positions * space_positions (tiles * self->v_stride);
  self->base.operation.scratch_size = self->v_size
      + positions * space_positions (self->group_tiles * columns);
  self->base.operation.run = run_deep;
}

CnnOperation *
cnn_winograd_convolution_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gsize inputs = (gsize) input->dims[2];
  const gsize outputs = (gsize) output->dims[2];
  gdouble operations;
  const CnnWinograd *winograd = choose_winograd (window, input, output, fusion,
      &operations);
  const gsize rows = (gsize) winograd->distinct * winograd->distinct * inputs;
  g_autofree gfloat *transformed = g_try_new (gfloat, rows * outputs);
  WinogradConvolution *self = g_new0 (WinogradConvolution, 1);
  CnnConvolution *base = &self->base;

  base->operation.description = "winograd";
  base->operation.free = winograd_free;
  base->kernels = cnn_kernels_fit (fusion->kernels, outputs);
  self->winograd = winograd;
  self->pool = fusion->pool;
  count_tiles (winograd, output, self->pool, self->tiles);
  if (!transformed
      || !cnn_convolution_init (base, window, input, output,
          rows * cnn_kernels_pad (base->kernels, outputs), bias, fusion)) {
    winograd_free (&base->operation);
    return NULL;
  }
  cnn_winograd_transform_kernel (winograd, kernel, inputs, outputs,
      transformed);
  if (is_shallow (winograd, input->dims[2])) {
    prepare_shallow (self);
    pack_shallow (self, transformed);
  } else {
    prepare_deep (self, fusion->kernels);
    pack_deep (self, transformed);
  }
  return &base->operation;
}
