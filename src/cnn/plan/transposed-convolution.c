/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/transposed-convolution.h"

#include <string.h>

#include "cnn/kernels/reference.h"
#include "cnn/plan/convolution.h"

/* The largest stride that is worth so many phases. */
#define MAX_STRIDE 8

/* The maximum size of the padded input, in floats, or relative to input and
 * output together. Windows of few cells far apart would need much more. */
#define MAX_PADDED_FLOATS 131072
#define MAX_PADDED_PART 4

/**
 * Phase:
 * @first: row and column of its first output
 * @segments: see CnnMultiply; one for each tap that leads to the phase; in the
 *   memory of the operation, as is @weights
 *
 * The outputs whose positions are the same modulo the strides.
 */
typedef struct {
  gint first[2];
  const gsize *segments;
  gsize n_segments;
  const gfloat *weights;
} Phase;

/**
 * TransposedConvolution:
 * @segments: those of all phases; each tap leads to one phase
 * @phases: stride * stride of them
 * @before: padding above and at the left of the input
 * @padded: shape of the padded input; that of the input if it needs none
 */
typedef struct {
  CnnConvolution base;
  gint stride[2];
  gsize *segments;
  Phase *phases;
  gint n_phases;
  gint before[2];
  CnnShape padded;
} TransposedConvolution;

static void
transposed_free (CnnOperation *operation)
{
  TransposedConvolution *self = (TransposedConvolution *) operation;

  g_free (self->segments);
  g_free (self->phases);
  cnn_convolution_clear (&self->base);
  g_free (self);
}

/* The number of outputs of a phase. */
static gint
count_cells (const TransposedConvolution *self, const Phase *phase, guint axis,
    gint output)
{
  return (output - phase->first[axis] + self->stride[axis] - 1)
      / self->stride[axis];
}

static void
run_phase (const TransposedConvolution *self, const Phase *phase,
    const gfloat *input, const CnnTensor *output)
{
  const gint width = output->shape->dims[1];
  const gsize columns = (gsize) self->base.out_channels;
  const gint rows = count_cells (self, phase, 0, output->shape->dims[0]);
  CnnMultiply job = {
    .a = input,
    .a_row = (gsize) self->base.in_channels,
    .segments = phase->segments,
    .n_segments = phase->n_segments,
    .depth = (gsize) self->base.in_channels,
    .b = phase->weights,
    .bias = self->base.bias,
    .clamp = self->base.clamp,
    .c = output->data
        + ((gsize) phase->first[0] * width + phase->first[1]) * columns,
    .c_row = (gsize) self->stride[1] * columns,
    .rows = (gsize) count_cells (self, phase, 1, width),
    .columns = columns,
    .batches = 1,
  };

  for (gint y = 0; y < rows; y++) {
    self->base.kernels->multiply (&job);
    job.a += (gsize) self->padded.dims[1] * job.a_row;
    job.c += (gsize) self->stride[0] * width * columns;
  }
}

static void
transposed_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const TransposedConvolution *self = (const TransposedConvolution *) operation;
  const CnnTensor padded = { &self->padded, scratch };
  const gfloat *from = input->data;

  if (self->base.operation.scratch_size > 0) {
    cnn_place2d (input, self->before[0], self->before[1], &padded);
    from = scratch;
  }
  for (gint i = 0; i < self->n_phases; i++)
    run_phase (self, &self->phases[i], from, output);
  cnn_convolution_apply_activation (&self->base, output->data,
      (gsize) output->shape->dims[0] * output->shape->dims[1]);
}

/**
 * Reach:
 * @pad: padding of the window on the output
 * @low: the lowest position, relative to the first cell of the input, that the
 *   first output of a phase reads; @high likewise the highest
 *
 * What the taps read along one axis.
 */
typedef struct {
  gint pad;
  gint low;
  gint high;
} Reach;

/* Finds the cell of the input from which a tap leads to the first output of a
 * phase, relative to the first cell. Returns FALSE if there is none. */
static gboolean
find_cell (const CnnWindow *window, guint axis, const Reach *reach, gint first,
    gint tap, gint *cell)
{
  const gint position = first + reach->pad - tap * window->dilation[axis];

  *cell = position / window->stride[axis];
  return position % window->stride[axis] == 0;
}

static Reach
find_reach (const CnnWindow *window, guint axis, const CnnShape *input,
    const CnnShape *output)
{
  Reach reach = { .pad = (gint) cnn_window_pad_before (window, axis,
                      output->dims[axis], input->dims[axis]) };
  gint cell;

  for (gint first = 0; first < window->stride[axis]; first++) {
    for (gint tap = 0; tap < window->size[axis]; tap++) {
      if (!find_cell (window, axis, &reach, first, tap, &cell))
        continue;
      reach.low = MIN (reach.low, cell);
      reach.high = MAX (reach.high, cell);
    }
  }
  return reach;
}

/* Chooses the padding of the input, so that no tap reads outside of it. */
static gboolean
prepare_padding (TransposedConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, Reach reaches[2])
{
  gdouble size = input->dims[2];

  self->padded = *input;
  for (guint axis = 0; axis < 2; axis++) {
    const gint stride = window->stride[axis];
    gint cells;

    reaches[axis] = find_reach (window, axis, input, output);
    cells = (output->dims[axis] + stride - 1) / stride + reaches[axis].high;
    self->stride[axis] = stride;
    self->before[axis] = -reaches[axis].low;
    self->padded.dims[axis] = self->before[axis]
        + MAX (cells, input->dims[axis]);
    size *= self->padded.dims[axis];
  }
  if (size > MAX (MAX_PADDED_FLOATS,
          MAX_PADDED_PART
              * ((gdouble) cnn_shape_size (input) + cnn_shape_size (output))))
    return FALSE;
  if (!cnn_shape_equal (&self->padded, input))
    self->base.operation.scratch_size = cnn_shape_size (&self->padded);
  return TRUE;
}

/* Lists the taps that lead to a phase at @segments, and gathers their weights
 * from @kernel, which has inputs x outputs for each tap. */
static void
gather_taps (const TransposedConvolution *self, const CnnWindow *window,
    const Reach reaches[2], const gfloat *kernel, gfloat *gathered,
    gsize *segments, Phase *phase)
{
  const gsize inputs = (gsize) self->base.in_channels;
  const gsize tap = inputs * (gsize) self->base.out_channels;
  const gint taps = window->size[0] * window->size[1];
  gint y, x;

  phase->segments = segments;
  for (gint i = 0; i < taps; i++) {
    if (!find_cell (window, 0, &reaches[0], phase->first[0],
            i / window->size[1], &y)
        || !find_cell (window, 1, &reaches[1], phase->first[1],
            i % window->size[1], &x))
      continue;
    memcpy (gathered + phase->n_segments * tap, kernel + (gsize) i * tap,
        tap * sizeof *gathered);
    segments[phase->n_segments++] = inputs
        * ((gsize) (y + self->before[0]) * (gsize) self->padded.dims[1]
            + (gsize) (x + self->before[1]));
  }
}

/* @gathered is memory of the size of @kernel. */
static void
prepare_phases (TransposedConvolution *self, const CnnWindow *window,
    const Reach reaches[2], const gfloat *kernel, gfloat *gathered)
{
  const gsize inputs = (gsize) self->base.in_channels;
  const gsize columns = (gsize) self->base.out_channels;
  gfloat *weights = self->base.weights;
  gsize *segments = g_new (gsize, window->size[0] * window->size[1]);

  self->segments = segments;
  self->n_phases = self->stride[0] * self->stride[1];
  self->phases = g_new0 (Phase, self->n_phases);
  for (gint i = 0; i < self->n_phases; i++) {
    Phase *phase = &self->phases[i];

    phase->first[0] = i / self->stride[1];
    phase->first[1] = i % self->stride[1];
    gather_taps (self, window, reaches, kernel, gathered, segments, phase);
    segments += phase->n_segments;
    phase->weights = weights;
    cnn_kernels_pack (self->base.kernels, gathered, phase->n_segments * inputs,
        columns, weights);
    weights += phase->n_segments * inputs
        * cnn_kernels_pad_columns (self->base.kernels, columns);
  }
}

/* Swaps outputs and inputs of each tap. */
static void
transpose_taps (const gfloat *kernel, gsize taps, gsize inputs, gsize outputs,
    gfloat *transposed)
{
  for (gsize tap = 0; tap < taps; tap++, kernel += outputs * inputs) {
    for (gsize i = 0; i < inputs; i++) {
      for (gsize o = 0; o < outputs; o++)
        *transposed++ = kernel[o * inputs + i];
    }
  }
}

static gboolean
prepare (TransposedConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion)
{
  const gsize inputs = (gsize) input->dims[2];
  const gsize outputs = (gsize) output->dims[2];
  const gsize taps = (gsize) window->size[0] * (gsize) window->size[1];
  const gsize size = taps * inputs * outputs;
  g_autofree gfloat *transposed = g_try_new (gfloat, size);
  g_autofree gfloat *folded = g_try_new (gfloat, size);
  g_autofree gfloat *folded_bias = g_new (gfloat, outputs);
  Reach reaches[2];

  if (!transposed || !folded
      || !prepare_padding (self, window, input, output, reaches))
    return FALSE;
  transpose_taps (kernel, taps, inputs, outputs, transposed);
  cnn_fusion_fold (fusion, transposed, taps * inputs, outputs, bias, folded,
      folded_bias);
  if (!cnn_convolution_init (&self->base, window, input, output,
          taps * inputs * cnn_kernels_pad_columns (self->base.kernels, outputs),
          folded_bias, fusion))
    return FALSE;
  prepare_phases (self, window, reaches, folded, transposed);
  return TRUE;
}

CnnOperation *
cnn_transposed_convolution_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  TransposedConvolution *self;

  if (fusion->pool || !cnn_window_is_small (window)
      || window->stride[0] > MAX_STRIDE || window->stride[1] > MAX_STRIDE)
    return NULL;
  self = g_new0 (TransposedConvolution, 1);
  self->base.operation.description = "transposed";
  self->base.operation.run = transposed_run;
  self->base.operation.free = transposed_free;
  self->base.kernels = cnn_kernels_fit (fusion->kernels,
      (gsize) output->dims[2]);
  if (!prepare (self, window, input, output, kernel, bias, fusion)) {
    transposed_free (&self->base.operation);
    return NULL;
  }
  return &self->base.operation;
}
