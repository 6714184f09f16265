/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/convolution-operation.h"

#include "cnn/plan/direct-convolution.h"
#include "cnn/plan/kernel-operations.h"
#include "cnn/plan/winograd-convolution.h"

/* -- Convolution -- */

CnnOperation *
cnn_convolution_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, gint groups, const gfloat *kernel,
    const gfloat *bias, const CnnFusion *fusion)
{
  const gboolean winograd = groups == 1
      && cnn_winograd_convolution_pays (window, input, output, fusion);
  const gsize outputs = (gsize) output->dims[2];
  const gsize rows = (gsize) window->size[0] * window->size[1]
      * (gsize) (input->dims[2] / groups);
  g_autofree gfloat *folded = NULL;
  gfloat *folded_bias;

  if ((fusion->pool && !winograd) || !cnn_window_is_small (window))
    return NULL;
  folded = g_try_new (gfloat, (rows + 1) * outputs);
  if (!folded)
    return NULL;
  folded_bias = folded + rows * outputs;
  cnn_fusion_fold (fusion, kernel, rows, outputs, bias, folded, folded_bias);
  if (winograd) {
    return cnn_winograd_convolution_new (window, input, output, folded,
        folded_bias, fusion);
  }
  return cnn_direct_convolution_new (window, input, output, groups, folded,
      folded_bias, fusion);
}

/* Whether windows with the same padding and stride 1 lead back to the cells
 * from which they come. */
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

/* Reverses the order of taps, and swaps inputs and outputs. */
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
  return cnn_convolution_operation_new (window, output, input, 1, turned, NULL,
      fusion);
}

/* -- Separable convolution -- */

typedef struct {
  CnnOperation operation;
  CnnShape between; /* result of the depthwise convolution */
  CnnOperation *depthwise;
  CnnOperation *pointwise;
} Separable;

static void
separable_free (CnnOperation *operation)
{
  Separable *self = (Separable *) operation;

  if (self->depthwise)
    self->depthwise->free (self->depthwise);
  if (self->pointwise)
    self->pointwise->free (self->pointwise);
  g_free (self);
}

static void
separable_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Separable *self = (const Separable *) operation;
  const CnnTensor between = { &self->between, scratch };

  self->depthwise->run (self->depthwise, input, &between, NULL);
  self->pointwise->run (self->pointwise, &between, output, NULL);
}

CnnOperation *
cnn_separable_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *depthwise, const gfloat *pointwise,
    const gfloat *bias, const CnnFusion *fusion)
{
  static const CnnWindow point = { .size = { 1, 1 },
    .stride = { 1, 1 },
    .dilation = { 1, 1 } };
  const CnnFusion nothing = { .kernels = fusion->kernels,
    .exact = fusion->exact };
  Separable *self = g_new0 (Separable, 1);

  self->between = *output;
  self->between.dims[2] = input->dims[2];
  self->operation.description = "separable";
  self->operation.scratch_size = cnn_shape_size (&self->between);
  self->operation.run = separable_run;
  self->operation.free = separable_free;
  self->depthwise = cnn_depthwise_operation_new (window, input, &self->between,
      depthwise, NULL, &nothing);
  self->pointwise = cnn_convolution_operation_new (&point, &self->between,
      output, 1, pointwise, bias, fusion);
  if (!self->depthwise || !self->pointwise) {
    separable_free (&self->operation);
    return NULL;
  }
  return &self->operation;
}
