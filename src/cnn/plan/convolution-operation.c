/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/convolution-operation.h"

#include <string.h>

#include "base/aligned.h"
#include "cnn/plan/convolution-private.h"

gboolean
cnn_convolution_init (CnnConvolution *self, const CnnWindow *window,
    const CnnShape *input, const CnnShape *output, gsize weights_size,
    const gfloat *bias, const CnnFusion *fusion)
{
  self->in_channels = input->dims[2];
  self->out_channels = output->dims[2];
  self->clamp = cnn_fusion_clamp (fusion, &self->activation);
  for (guint axis = 0; axis < 2; axis++) {
    self->pad[axis] = (gint) cnn_window_pad_before (window, axis,
        input->dims[axis], output->dims[axis]);
  }
  self->bias = g_new0 (gfloat,
      cnn_kernels_pad (self->kernels, (gsize) self->out_channels));
  memcpy (self->bias, bias, (gsize) self->out_channels * sizeof *bias);
  self->weights = aligned_try_new (weights_size);
  return self->weights != NULL;
}

void
cnn_convolution_clear (CnnConvolution *self)
{
  aligned_free (self->weights);
  g_free (self->bias);
}

void
cnn_convolution_apply_activation (const CnnConvolution *self,
    const CnnTensor *output)
{
  cnn_activation_apply (self->activation, output->data,
      (gsize) output->shape->dims[0] * output->shape->dims[1],
      (gsize) self->out_channels);
}

CnnOperation *
cnn_convolution_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gboolean winograd = cnn_winograd_convolution_pays (window, input,
      output, fusion);
  const gsize outputs = (gsize) output->dims[2];
  const gsize rows = (gsize) window->size[0] * window->size[1] * input->dims[2];
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
  return cnn_direct_convolution_new (window, input, output, folded, folded_bias,
      fusion);
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
