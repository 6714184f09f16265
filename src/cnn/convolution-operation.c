/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/convolution-operation.h"

#include <math.h>
#include <string.h>

/* Tiles that are transformed and multiplied together: enough to read each
 * weight from the cache for many of them, few enough to stay in it. */
#define MAX_BLOCK_TILES 16

/* Products that are kept between multiplying and transforming back: 128 KiB,
 * found by measurement. */
#define GROUP_FLOATS 32768

/* Up to this many input channels Winograd's input transform is vectorised over
 * tiles, from MIN_CHANNELS up over channels. */
#define MAX_TILES_FIRST_CHANNELS 4
#define MIN_CHANNELS 8

typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnWindow window;
  CnnClamp clamp;
  CnnActivation activation; /* what the clamp does not do */
  gboolean pool;
  gint in_channels;
  gint out_channels;
  gint pad[2];     /* above and at the left */
  gfloat *weights; /* packed */
  gfloat *bias;    /* padded */

  /* direct */
  gint padded[2];  /* height and width of the padded input */
  gsize *segments; /* see CnnMultiply */
  gsize n_segments;
  gsize depth;

  /* Winograd */
  CnnWinograd winograd;
  gint tiles[2]; /* rows and columns, of what is needed of the output */
  gint block_rows;
  gsize group_tiles;
  gboolean tiles_first;
  gsize row_stride;
  gsize channel_stride;
  gsize v_size; /* in floats */
  gsize m_size;
} Convolution;

static void
convolution_free (CnnOperation *operation)
{
  Convolution *self = (Convolution *) operation;

  g_free (self->weights);
  g_free (self->bias);
  g_free (self->segments);
  g_free (self);
}

static void
apply_activation (const Convolution *self, const CnnTensor *output)
{
  cnn_activation_apply (self->activation, output->data,
      (gsize) output->shape->dims[0] * output->shape->dims[1],
      (gsize) self->out_channels);
}

static const gfloat *
pad_input (const Convolution *self, const CnnTensor *input, gfloat *padded)
{
  const gint height = input->shape->dims[0], width = input->shape->dims[1];
  const gsize channels = (gsize) self->in_channels;
  const gsize before = self->pad[1] * channels, row = width * channels;
  const gsize after = (self->padded[1] - width) * channels - before;

  if (self->padded[0] == height && self->padded[1] == width)
    return input->data;
  for (gint y = 0; y < self->padded[0]; y++) {
    gfloat *to = padded + (gsize) y * self->padded[1] * channels;
    const gint from = y - self->pad[0];

    if (from < 0 || from >= height) {
      memset (to, 0, self->padded[1] * channels * sizeof *to);
      continue;
    }
    memset (to, 0, before * sizeof *to);
    memcpy (to + before, input->data + from * row, row * sizeof *to);
    memset (to + before + row, 0, after * sizeof *to);
  }
  return padded;
}

static void
run_direct (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Convolution *self = (const Convolution *) operation;
  const gfloat *padded = pad_input (self, input, scratch);
  const gsize row_size = (gsize) self->padded[1] * self->in_channels;
  gint rows = output->shape->dims[0];
  CnnMultiply job = {
    .a_row = (gsize) self->window.stride[1] * self->in_channels,
    .a_column = 1,
    .segments = self->segments,
    .n_segments = self->n_segments,
    .depth = self->depth,
    .b = self->weights,
    .bias = self->bias,
    .clamp = self->clamp,
    .c_row = (gsize) self->out_channels,
    .rows = (gsize) output->shape->dims[1],
    .columns = (gsize) self->out_channels,
    .batches = 1,
  };

  /* A 1x1 convolution sees one long row. */
  if (self->n_segments == 1 && self->window.size[1] == 1
      && self->window.stride[0] == 1 && self->window.stride[1] == 1) {
    job.rows *= (gsize) rows;
    rows = 1;
  }
  for (gint y = 0; y < rows; y++) {
    job.a = padded + (gsize) y * self->window.stride[0] * row_size;
    job.c = output->data + (gsize) y * job.rows * job.c_row;
    self->kernels->multiply (&job);
  }
  apply_activation (self, output);
}

/* One segment a kernel row; one a kernel cell where the cells of a row do not
 * lie side by side. */
static void
prepare_segments (Convolution *self)
{
  const CnnWindow *window = &self->window;
  const gboolean whole_rows = window->dilation[1] == 1;
  const gsize channels = (gsize) self->in_channels;
  const gint columns = whole_rows ? 1 : window->size[1];
  gsize n = 0;

  self->depth = whole_rows ? window->size[1] * channels : channels;
  self->n_segments = (gsize) window->size[0] * columns;
  self->segments = g_new (gsize, self->n_segments);
  for (gint y = 0; y < window->size[0]; y++) {
    for (gint x = 0; x < columns; x++) {
      self->segments[n++] = ((gsize) y * window->dilation[0] * self->padded[1]
                                + (gsize) x * window->dilation[1])
          * channels;
    }
  }
}

static gint
padded_size (const CnnWindow *window, guint axis, gint output)
{
  return (output - 1) * window->stride[axis]
      + (window->size[axis] - 1) * window->dilation[axis] + 1;
}

static gboolean
prepare_direct (Convolution *self, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel)
{
  const CnnWindow *window = &self->window;
  const gsize taps = (gsize) window->size[0] * window->size[1];
  const gsize rows = taps * self->in_channels;

  for (guint axis = 0; axis < 2; axis++) {
    self->padded[axis] = MAX (input->dims[axis],
        padded_size (window, axis, output->dims[axis]));
  }
  prepare_segments (self);
  self->weights = g_try_new (gfloat,
      rows * cnn_kernels_pad (self->kernels, (gsize) self->out_channels));
  if (!self->weights)
    return FALSE;
  cnn_kernels_pack (self->kernels, kernel, rows, (gsize) self->out_channels,
      self->weights);
  self->operation.run = run_direct;
  self->operation.description = "direct";
  if (self->padded[0] != input->dims[0] || self->padded[1] != input->dims[1]) {
    self->operation.scratch_size = (gsize) self->padded[0] * self->padded[1]
        * self->in_channels;
  }
  return TRUE;
}

/* Products of all positions for some of the tiles of a block. */
static void
multiply_positions (const Convolution *self, gsize block_tiles, const gfloat *v,
    gsize first_tile, gsize tiles, gfloat *m)
{
  static const gsize segment = 0;
  const gsize v_row = self->tiles_first ? 1 : self->channel_stride;
  const gsize columns = cnn_kernels_pad (self->kernels,
      (gsize) self->out_channels);
  const CnnMultiply job = {
    .a = v + first_tile * v_row,
    .a_row = v_row,
    .a_column = self->tiles_first ? block_tiles : 1,
    .segments = &segment,
    .n_segments = 1,
    .depth = (gsize) self->in_channels,
    .b = self->weights,
    .c = m,
    .c_row = columns,
    .rows = tiles,
    .columns = columns,
    .clamp = { -INFINITY, INFINITY },
    .batches = (gsize) self->winograd.tile * self->winograd.tile,
    .a_batch = block_tiles
        * (self->tiles_first ? (gsize) self->in_channels
                             : self->channel_stride),
    .b_batch = self->in_channels * columns,
    .c_batch = tiles * columns,
  };

  self->kernels->multiply (&job);
}

/* Multiplies and transforms back the tiles of a block, a group at a time. */
static void
run_groups (const Convolution *self, gint rows, const gfloat *v, gfloat *m,
    CnnWinogradOutput *out)
{
  const gsize block_tiles = rows * self->row_stride;
  const gsize end = block_tiles - self->row_stride + self->tiles[1];
  const gsize groups = (end + self->group_tiles - 1) / self->group_tiles;
  gsize tile = 0;

  for (gsize group = 0; group < groups; group++) {
    /* Nearly the same size each. */
    const gsize tiles = (end - tile + groups - group - 1) / (groups - group);

    multiply_positions (self, block_tiles, v, tile, tiles, m);
    out->first_tile = tile;
    out->tiles = out->tile_stride = tiles;
    self->kernels->winograd_output (out);
    tile += tiles;
  }
}

static void
run_winograd (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Convolution *self = (const Convolution *) operation;
  gfloat *v = scratch, *m = v + self->v_size;
  CnnWinogradInput in = {
    .winograd = &self->winograd,
    .input = input->data,
    .height = input->shape->dims[0],
    .width = input->shape->dims[1],
    .channels = self->in_channels,
    .top = self->pad[0],
    .left = self->pad[1],
    .columns = self->tiles[1],
    .tiles_first = self->tiles_first,
    .row_stride = self->row_stride,
    .channel_stride = self->channel_stride,
    .v = v,
    .phases = m + self->m_size,
  };
  CnnWinogradOutput out = {
    .winograd = &self->winograd,
    .m = m,
    .channel_stride = cnn_kernels_pad (self->kernels,
        (gsize) self->out_channels),
    .row_stride = self->row_stride,
    .columns = self->tiles[1],
    .bias = self->bias,
    .clamp = self->clamp,
    .pool = self->pool,
    .output = output->data,
    .height = output->shape->dims[0],
    .width = output->shape->dims[1],
    .channels = self->out_channels,
  };

  for (gint row = 0; row < self->tiles[0]; row += self->block_rows) {
    in.first_row = out.first_row = row;
    in.rows = MIN (self->block_rows, self->tiles[0] - row);
    self->kernels->winograd_input (&in);
    run_groups (self, in.rows, v, m, &out);
  }
  apply_activation (self, output);
}

static gboolean
winograd_fits (const CnnWindow *window, gint in_channels, gint out_channels)
{
  return window->size[0] == window->size[1]
      && (window->size[0] == 3 || window->size[0] == 5)
      && window->stride[0] == 1 && window->stride[1] == 1
      && window->dilation[0] == 1 && window->dilation[1] == 1
      && out_channels >= MIN_CHANNELS
      && (in_channels <= MAX_TILES_FIRST_CHANNELS
          || in_channels >= MIN_CHANNELS);
}

static gsize
align (gsize floats)
{
  return (floats + 15) / 16 * 16;
}

static gboolean
pack_winograd (Convolution *self, const gfloat *kernel)
{
  const gsize inputs = (gsize) self->in_channels;
  const gsize outputs = (gsize) self->out_channels;
  const gsize columns = cnn_kernels_pad (self->kernels, outputs);
  const gsize positions = (gsize) self->winograd.tile * self->winograd.tile;
  g_autofree gfloat *transformed = g_try_new (gfloat,
      positions * inputs * outputs);

  self->weights = g_try_new (gfloat, positions * inputs * columns);
  if (!transformed || !self->weights)
    return FALSE;
  cnn_winograd_transform_kernel (&self->winograd, kernel, inputs, outputs,
      transformed);
  for (gsize position = 0; position < positions; position++) {
    cnn_kernels_pack (self->kernels, transformed + position * inputs * outputs,
        inputs, outputs, self->weights + position * inputs * columns);
  }
  return TRUE;
}

static gboolean
prepare_winograd (Convolution *self, const CnnShape *output,
    const gfloat *kernel)
{
  gsize positions, tiles, columns;

  cnn_winograd_init (&self->winograd, self->window.size[0]);
  positions = (gsize) self->winograd.tile * self->winograd.tile;
  for (guint axis = 0; axis < 2; axis++) {
    /* Pooling drops the last row and column of an odd size. */
    gint cells = self->pool ? output->dims[axis] & ~1 : output->dims[axis];

    self->tiles[axis] = (cells + CNN_WINOGRAD_OUTPUTS - 1)
        / CNN_WINOGRAD_OUTPUTS;
  }
  self->tiles_first = self->in_channels <= MAX_TILES_FIRST_CHANNELS;
  self->block_rows = CLAMP (MAX_BLOCK_TILES / self->tiles[1], 1,
      self->tiles[0]);
  self->row_stride = (gsize) self->tiles[1];
  if (self->tiles_first)
    self->row_stride = cnn_kernels_pad (self->kernels, self->row_stride);
  self->channel_stride = cnn_kernels_pad (self->kernels,
      (gsize) self->in_channels);
  tiles = self->block_rows * self->row_stride;
  self->v_size = align (positions * tiles
      * (self->tiles_first ? (gsize) self->in_channels : self->channel_stride));
  columns = cnn_kernels_pad (self->kernels, (gsize) self->out_channels);
  self->group_tiles = CLAMP (GROUP_FLOATS / (positions * columns), 1, tiles);
  self->m_size = align (positions * self->group_tiles * columns);
  self->operation.scratch_size = self->v_size + self->m_size;
  if (self->tiles_first) {
    self->operation.scratch_size += (gsize) self->winograd.tile
        * self->in_channels * CNN_WINOGRAD_OUTPUTS * (self->row_stride + 1);
  }
  self->operation.run = run_winograd;
  self->operation.description = "winograd";
  return pack_winograd (self, kernel);
}

CnnOperation *
cnn_convolution_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gboolean winograd = !fusion->exact
      && winograd_fits (window, input->dims[2], output->dims[2]);
  const gsize rows = (gsize) window->size[0] * window->size[1] * input->dims[2];
  g_autofree gfloat *folded = NULL;
  Convolution *self;
  gboolean prepared;

  if (fusion->pool && !winograd)
    return NULL;
  self = g_new0 (Convolution, 1);
  self->operation.free = convolution_free;
  self->kernels = fusion->kernels;
  self->window = *window;
  self->clamp = cnn_fusion_clamp (fusion, &self->activation);
  self->pool = fusion->pool;
  self->in_channels = input->dims[2];
  self->out_channels = output->dims[2];
  for (guint axis = 0; axis < 2; axis++) {
    self->pad[axis] = (gint) cnn_window_pad_before (window, axis,
        input->dims[axis], output->dims[axis]);
  }
  self->bias = g_new0 (gfloat,
      cnn_kernels_pad (self->kernels, (gsize) self->out_channels));
  folded = g_try_new (gfloat, rows * (gsize) self->out_channels);
  prepared = folded != NULL;
  if (prepared) {
    cnn_fusion_fold (fusion, kernel, rows, (gsize) self->out_channels, bias,
        folded, self->bias);
    prepared = winograd ? prepare_winograd (self, output, folded)
                        : prepare_direct (self, input, output, folded);
  }
  if (!prepared) {
    convolution_free (&self->operation);
    return NULL;
  }
  return &self->operation;
}

/* Whether windows of the same padding and stride 1 lead back to each cell that
 * they came from. */
static gboolean
can_turn_around (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output)
{
  for (guint axis = 0; axis < 2; axis++) {
    const gint in = input->dims[axis], out = output->dims[axis];

    if (window->stride[axis] != 1
        || cnn_window_pad_before (window, axis, out, in)
            != cnn_window_get_extent (window, axis) - 1
                - cnn_window_pad_before (window, axis, in, out))
      return FALSE;
  }
  return TRUE;
}

/* Last tap first, and inputs for outputs. */
static void
turn_around (const CnnWindow *window, gsize inputs, gsize outputs,
    const gfloat *kernel, gfloat *turned)
{
  const gsize taps = (gsize) window->size[0] * (gsize) window->size[1];

  for (gsize tap = 0; tap < taps; tap++) {
    const gfloat *from = kernel + (taps - 1 - tap) * inputs * outputs;

    for (gsize o = 0; o < outputs; o++) {
      for (gsize i = 0; i < inputs; i++)
        *turned++ = from[i * outputs + o];
    }
  }
}

CnnOperation *
cnn_convolution_operation_new_backward (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const CnnFusion *fusion)
{
  const gsize inputs = (gsize) input->dims[2];
  const gsize outputs = (gsize) output->dims[2];
  g_autofree gfloat *turned = NULL;

  if (!can_turn_around (window, input, output))
    return NULL;
  turned = g_try_new (gfloat,
      (gsize) window->size[0] * (gsize) window->size[1] * inputs * outputs);
  if (!turned)
    return NULL;
  turn_around (window, inputs, outputs, kernel, turned);
  return cnn_convolution_operation_new (window, output, input, turned, NULL,
      fusion);
}
