/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/direct-convolution.h"

#include <string.h>

#include "cnn/plan/convolution.h"

/* The size of the input that is padded at a time: 128 KiB, found by
 * measurement. With less, more rows of overlapping windows are padded twice. */
#define BAND_FLOATS 32768

/* The maximum size of a band relative to input and output together. Windows of
 * few cells far apart would need much more. */
#define MAX_BAND_PART 4

/**
 * DirectConvolution:
 * @stride: stride of the window, in input cells
 * @row_size: floats of an input row with its padding
 * @extent: number of input rows from which an output row is computed
 * @padded: whether there is padding
 * @band: number of output rows whose input is padded at a time
 * @segments: see CnnMultiply
 * @one_row: whether the step between output rows equals that between cells, so
 *   that all rows are computed as one
 */
typedef struct {
  CnnConvolution base;
  gint stride[2];
  gsize row_size;
  gint extent;
  gboolean padded;
  gint band;
  gsize *segments;
  gsize n_segments;
  gsize depth;
  gboolean one_row;
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
multiply_rows (const DirectConvolution *self, const gfloat *input, gint rows,
    gint width, gfloat *output)
{
  const gsize columns = (gsize) self->base.out_channels;
  const gsize row_size = (gsize) width * columns;
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
    .c_row = columns,
    .rows = (gsize) width,
    .columns = columns,
    .batches = 1,
  };

  if (self->one_row) {
    job.rows *= (gsize) rows;
    rows = 1;
  }
  for (gint y = 0; y < rows; y++) {
    self->base.kernels->multiply (&job);
    job.a += (gsize) self->stride[0] * self->row_size;
    job.c += row_size;
  }
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
  cnn_convolution_apply_activation (&self->base, output);
}

/* One segment per kernel row, or per kernel cell if the cells of a row are not
 * adjacent. */
static void
prepare_segments (DirectConvolution *self, const CnnWindow *window)
{
  const gboolean whole_rows = window->dilation[1] == 1;
  const gsize channels = (gsize) self->base.in_channels;
  const gint columns = whole_rows ? 1 : window->size[1];
  gsize n = 0;

  self->depth = whole_rows ? window->size[1] * channels : channels;
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

static gboolean
prepare_band (DirectConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output)
{
  const gint span = find_span (window, 1, output->dims[1]);
  gint rows;

  self->padded = span > input->dims[1]
      || find_span (window, 0, output->dims[0]) > input->dims[0];
  self->row_size = (gsize) MAX (span, input->dims[1]) * input->dims[2];
  self->extent = (gint) cnn_window_get_extent (window, 0);
  if (!self->padded)
    return TRUE;
  rows = (gint) (BAND_FLOATS / self->row_size);
  self->band = CLAMP ((rows - self->extent) / window->stride[0] + 1, 1,
      output->dims[0]);
  self->base.operation.scratch_size = self->row_size
      * (gsize) ((self->band - 1) * window->stride[0] + self->extent);
  return self->base.operation.scratch_size <= MAX (MAX_BAND_PART
                 * (cnn_shape_size (input) + cnn_shape_size (output)),
             BAND_FLOATS);
}

CnnOperation *
cnn_direct_convolution_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gsize columns = (gsize) output->dims[2];
  const gsize rows = (gsize) window->size[0] * window->size[1] * input->dims[2];
  DirectConvolution *self = g_new0 (DirectConvolution, 1);
  CnnConvolution *base = &self->base;

  base->operation.description = "direct";
  base->operation.run = direct_run;
  base->operation.free = direct_free;
  base->kernels = cnn_kernels_fit (fusion->kernels, columns);
  self->stride[0] = window->stride[0];
  self->stride[1] = window->stride[1];
  self->one_row = window->size[0] == 1 && window->size[1] == 1
      && window->stride[0] == 1 && window->stride[1] == 1;
  if (!prepare_band (self, window, input, output)
      || !cnn_convolution_init (base, window, input, output,
          rows * cnn_kernels_pad_columns (base->kernels, columns), bias,
          fusion)) {
    direct_free (&base->operation);
    return NULL;
  }
  prepare_segments (self, window);
  cnn_kernels_pack (base->kernels, kernel, rows, columns, base->weights);
  return &base->operation;
}
