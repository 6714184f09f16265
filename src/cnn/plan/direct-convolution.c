/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/direct-convolution.h"

#include <math.h>
#include <string.h>

#include "cnn/plan/convolution.h"

/* The size of the input that is padded at a time: 128 KiB, found by
 * measurement. With less, more rows of overlapping windows are padded twice. */
#define BAND_FLOATS 32768

/* The maximum size of a band relative to input and output together. Windows of
 * few cells far apart would need much more. */
#define MAX_BAND_PART 4

/* The size of the results to which an activation function is applied while they
 * are in the cache, if kernels do not apply it: 64 KiB. At least four blocks of
 * rows, so that weights are not read too often. */
#define CHUNK_FLOATS 16384
#define MIN_CHUNK_CELLS 56

/* The size of a band relative to the weights, if these are many: they are read
 * again for each band. */
#define WEIGHTS_PER_BAND 8

/* The cost of an output in operations on vectors besides its products, and that
 * of a product in dot(), which reads both factors; found by measurement. */
#define OUTPUT_OPERATIONS 4
#define DOT_OUTPUT_OPERATIONS 8
#define DOT_PRODUCT_OPERATIONS 1.5

/**
 * DirectConvolution:
 * @multiply: kernel for the products: multiply() or dot()
 * @stride: stride of the window, in input cells
 * @row_size: floats of an input row with its padding
 * @extent: number of input rows from which an output row is computed
 * @padded: whether there is padding
 * @band: number of output rows whose input is padded at a time
 * @segments: see CnnMultiply
 * @one_row: whether the step between output rows equals that between cells, so
 *   that all rows are computed as one
 * @chunk: with @one_row, the number of cells after which the activation
 *   function is applied
 * @block_columns: columns that are computed for all rows of a band before
 *   others are
 * @groups: number of groups of channels, each with its own weights
 * @depth_step: channels of the input from one group to the next; @columns
 *   likewise of the output
 * @weights_step: packed weights of a group; @bias_step likewise
 */
typedef struct {
  CnnConvolution base;
  void (*multiply) (const CnnMultiply *job);
  gint stride[2];
  gsize row_size;
  gint extent;
  gboolean padded;
  gint band;
  gsize *segments;
  gsize n_segments;
  gsize depth;
  gboolean one_row;
  gsize chunk;
  gsize block_columns;
  gsize groups;
  gsize depth_step;
  gsize columns;
  gsize weights_step;
  gsize bias_step;
} DirectConvolution;

static void
direct_free (CnnOperation *operation)
{
  DirectConvolution *self = (DirectConvolution *) operation;

  cnn_convolution_clear (&self->base);
  g_free (self->segments);
  g_free (self);
}

/* Copies the input of some output rows, with zeros around it. */
static void
pad_band (const DirectConvolution *self, const CnnTensor *input, gint first,
    gint rows, gfloat *band)
{
  const gint height = input->shape->dims[0], width = input->shape->dims[1];
  const gsize channels = (gsize) self->base.in_channels;
  const gsize before = (gsize) self->base.pad[1] * channels;
  const gsize row = (gsize) width * channels;
  const gsize after = self->row_size - row - before;
  const gint top = first * self->stride[0] - self->base.pad[0];
  const gint n = (rows - 1) * self->stride[0] + self->extent;

  for (gint y = top; y < top + n; y++, band += self->row_size) {
    if (y < 0 || y >= height) {
      memset (band, 0, self->row_size * sizeof *band);
      continue;
    }
    memset (band, 0, before * sizeof *band);
    memcpy (band + before, input->data + y * row, row * sizeof *band);
    memset (band + before + row, 0, after * sizeof *band);
  }
}

static void
multiply_groups (const DirectConvolution *self, CnnMultiply job)
{
  for (gsize group = 0; group < self->groups; group++) {
    self->multiply (&job);
    job.a += self->depth_step;
    job.b += self->weights_step;
    job.bias += self->bias_step;
    job.c += self->columns;
  }
}

/* Computes cells that are next to each other, with all that follows. */
static void
multiply_cells (const DirectConvolution *self, CnnMultiply job, gsize cells)
{
  for (gsize cell = 0; cell < cells; cell += job.rows) {
    job.rows = MIN (self->chunk, cells - cell);
    multiply_groups (self, job);
    cnn_convolution_apply_activation (&self->base, job.c, job.rows);
    job.a += job.rows * job.a_row;
    job.c += job.rows * job.c_row;
  }
}

/* Computes a block of columns of some rows. */
static void
multiply_block (const DirectConvolution *self, CnnMultiply job, gsize column,
    gint rows)
{
  job.b += column * job.n_segments * job.depth;
  job.bias += column;
  job.c += column;
  for (gint y = 0; y < rows; y++) {
    multiply_groups (self, job);
    job.a += (gsize) self->stride[0] * self->row_size;
    job.c += job.rows * job.c_row;
  }
}

static void
multiply_rows (const DirectConvolution *self, const gfloat *input, gint rows,
    gint width, gfloat *output)
{
  CnnMultiply job = {
    .a = input,
    .a_row = (gsize) self->stride[1] * self->base.in_channels,
    .segments = self->segments,
    .n_segments = self->n_segments,
    .depth = self->depth,
    .b = self->base.weights,
    .bias = self->base.bias,
    .clamp = self->base.clamp,
    .c = output,
    .c_row = (gsize) self->base.out_channels,
    .rows = (gsize) width,
    .columns = self->columns,
    .batches = 1,
  };

  if (self->one_row) {
    multiply_cells (self, job, (gsize) width * (gsize) rows);
    return;
  }
  for (gsize column = 0; column < self->columns; column += job.columns) {
    job.columns = cnn_kernels_take_columns (self->columns, column,
        self->block_columns);
    multiply_block (self, job, column, rows);
  }
  cnn_convolution_apply_activation (&self->base, output,
      (gsize) rows * (gsize) width);
}

static void
direct_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const DirectConvolution *self = (const DirectConvolution *) operation;
  const gint height = output->shape->dims[0], width = output->shape->dims[1];
  const gsize row_size = (gsize) width * self->base.out_channels;

  if (self->padded) {
    for (gint y = 0; y < height; y += self->band) {
      const gint rows = MIN (self->band, height - y);

      pad_band (self, input, y, rows, scratch);
      multiply_rows (self, scratch, rows, width, output->data + y * row_size);
    }
  } else {
    multiply_rows (self, input->data, height, width, output->data);
  }
}

/* Whether the cells of a kernel row are adjacent in memory. */
static gboolean
has_whole_rows (const CnnWindow *window, gint groups)
{
  return window->dilation[1] == 1 && groups == 1;
}

/* One segment per kernel row, or per kernel cell. */
static void
prepare_segments (DirectConvolution *self, const CnnWindow *window)
{
  const gboolean whole_rows = has_whole_rows (window, (gint) self->groups);
  const gsize channels = (gsize) self->base.in_channels;
  const gint columns = whole_rows ? 1 : window->size[1];
  gsize n = 0;

  self->depth = whole_rows ? window->size[1] * channels : self->depth_step;
  self->n_segments = (gsize) window->size[0] * columns;
  self->segments = g_new (gsize, self->n_segments);
  for (gint y = 0; y < window->size[0]; y++) {
    for (gint x = 0; x < columns; x++) {
      self->segments[n++] = (gsize) y * window->dilation[0] * self->row_size
          + (gsize) x * window->dilation[1] * channels;
    }
  }
}

/* The number of cells that the windows of all outputs span. */
static gint
find_span (const CnnWindow *window, guint axis, gint output)
{
  return (gint) ((output - 1) * window->stride[axis]
      + cnn_window_get_extent (window, axis));
}

static gsize
count_rows (const CnnWindow *window, gsize inputs)
{
  return (gsize) window->size[0] * (gsize) window->size[1] * inputs;
}

static gboolean
prepare_band (DirectConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output)
{
  const gint span = find_span (window, 1, output->dims[1]);
  const gsize floats = MAX (BAND_FLOATS,
      count_rows (window, self->depth_step) * (gsize) output->dims[2]
          / WEIGHTS_PER_BAND);
  gint rows;

  self->padded = span > input->dims[1]
      || find_span (window, 0, output->dims[0]) > input->dims[0];
  self->row_size = (gsize) MAX (span, input->dims[1]) * input->dims[2];
  self->extent = (gint) cnn_window_get_extent (window, 0);
  if (!self->padded)
    return TRUE;
  rows = (gint) MIN (floats / self->row_size, G_MAXINT);
  self->band = CLAMP ((rows - self->extent) / window->stride[0] + 1, 1,
      output->dims[0]);
  self->base.operation.scratch_size = self->row_size
      * (gsize) ((self->band - 1) * window->stride[0] + self->extent);
  return self->base.operation.scratch_size <= MAX (MAX_BAND_PART
                 * (cnn_shape_size (input) + cnn_shape_size (output)),
             floats);
}

static gdouble
count_multiply_operations (const CnnKernels *kernels, gsize rows, gsize columns)
{
  const CnnKernels *fitting = cnn_kernels_fit (kernels, columns);

  return cnn_kernels_count_vectors (fitting, columns)
      * ((gdouble) rows + OUTPUT_OPERATIONS);
}

static gdouble
count_dot_operations (const CnnKernels *kernels, const CnnWindow *window,
    gsize inputs, gsize columns)
{
  const gboolean whole_rows = has_whole_rows (window, 1);
  const gsize depth = whole_rows ? window->size[1] * inputs : inputs;
  const gsize segments = (gsize) window->size[0]
      * (gsize) (whole_rows ? 1 : window->size[1]);
  const CnnKernels *within = cnn_kernels_within (kernels, depth);

  if (!within)
    return INFINITY;
  return (gdouble) columns
      * (DOT_PRODUCT_OPERATIONS * (gdouble) segments
              * (gdouble) (cnn_kernels_pad (within, depth) / within->vector)
          + DOT_OUTPUT_OPERATIONS);
}

gdouble
cnn_direct_convolution_count_operations (const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const CnnFusion *fusion)
{
  const gsize inputs = (gsize) input->dims[2];
  const gsize columns = (gsize) output->dims[2];
  const gsize rows = count_rows (window, inputs);

  return (gdouble) output->dims[0] * output->dims[1]
      * MIN (count_multiply_operations (fusion->kernels, rows, columns),
          count_dot_operations (fusion->kernels, window, inputs, columns))
      + cnn_convolution_count_reading (rows * columns);
}

/* Chooses the kernels, the size of packed weights, and how many of them are
 * read at a time. */
static void
choose_kernels (DirectConvolution *self, const CnnWindow *window,
    const CnnKernels *kernels)
{
  const gsize rows = count_rows (window, self->depth_step);

  self->block_columns = self->columns;
  if (self->groups == 1
      && count_dot_operations (kernels, window, self->depth_step, self->columns)
          < count_multiply_operations (kernels, rows, self->columns)) {
    self->base.operation.description = "direct, few outputs";
    self->base.kernels = cnn_kernels_within (kernels, self->depth);
    self->multiply = self->base.kernels->dot;
    self->weights_step = self->columns * self->n_segments
        * cnn_kernels_pad (self->base.kernels, self->depth);
  } else {
    self->base.kernels = cnn_kernels_fit (kernels, self->columns);
    self->multiply = self->base.kernels->multiply;
    self->weights_step = rows
        * cnn_kernels_pad_columns (self->base.kernels, self->columns);
    if (self->groups == 1) {
      self->block_columns = cnn_kernels_round_columns (self->base.kernels,
          CNN_CACHED_WEIGHTS / rows);
    }
  }
}

/* Packs the weights of one group, rows x columns. */
static void
pack_group (const DirectConvolution *self, const gfloat *kernel, gfloat *packed)
{
  const CnnKernels *kernels = self->base.kernels;

  if (self->multiply == kernels->dot) {
    cnn_kernels_pack_dots (kernels, kernel, self->n_segments, self->depth,
        self->columns, packed);
  } else {
    cnn_kernels_pack (kernels, kernel, self->n_segments * self->depth,
        self->columns, packed);
  }
}

/* Packs the weights of all groups, and gives each group its own bias, padded to
 * whole vectors. */
static gboolean
pack_groups (DirectConvolution *self, const gfloat *kernel, const gfloat *bias)
{
  const gsize rows = self->n_segments * self->depth, columns = self->columns;
  const gsize channels = (gsize) self->base.out_channels;
  g_autofree gfloat *part = g_try_new (gfloat, rows * columns);

  g_free (self->base.bias);
  self->base.bias = g_new0 (gfloat, self->groups * self->bias_step);
  for (gsize group = 0; part && group < self->groups; group++) {
    for (gsize row = 0; row < rows; row++) {
      memcpy (part + row * columns, kernel + row * channels + group * columns,
          columns * sizeof *part);
    }
    pack_group (self, part, self->base.weights + group * self->weights_step);
    memcpy (self->base.bias + group * self->bias_step, bias + group * columns,
        columns * sizeof *bias);
  }
  return part != NULL;
}

/* Describes the groups, and how the output is computed from the input. */
static gboolean
prepare (DirectConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gint groups,
    const CnnFusion *fusion)
{
  self->groups = (gsize) groups;
  self->depth_step = (gsize) (input->dims[2] / groups);
  self->columns = (gsize) (output->dims[2] / groups);
  self->stride[0] = window->stride[0];
  self->stride[1] = window->stride[1];
  self->one_row = window->size[0] == 1 && window->size[1] == 1
      && window->stride[0] == 1 && window->stride[1] == 1;
  self->base.in_channels = input->dims[2];
  if (!prepare_band (self, window, input, output))
    return FALSE;
  prepare_segments (self, window);
  choose_kernels (self, window, fusion->kernels);
  self->bias_step = cnn_kernels_pad (self->base.kernels, self->columns);
  return TRUE;
}

CnnOperation *
cnn_direct_convolution_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, gint groups, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion)
{
  DirectConvolution *self = g_new0 (DirectConvolution, 1);
  CnnConvolution *base = &self->base;

  base->operation.description = groups > 1 ? "direct, grouped" : "direct";
  base->operation.run = direct_run;
  base->operation.free = direct_free;
  if (!prepare (self, window, input, output, groups, fusion)
      || !cnn_convolution_init (base, window, input, output,
          self->groups * self->weights_step, bias, fusion)
      || !pack_groups (self, kernel, bias)) {
    direct_free (&base->operation);
    return NULL;
  }
  self->chunk = base->activation == CNN_ACTIVATION_LINEAR
      ? G_MAXSIZE
      : MAX (CHUNK_FLOATS / (gsize) base->out_channels, MIN_CHUNK_CELLS);
  return &base->operation;
}
