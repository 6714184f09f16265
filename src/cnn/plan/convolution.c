/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/convolution.h"

#include <string.h>

#include "base/aligned.h"

/* The cost of reading a vector of 64 bytes from memory, in operations on
 * vectors, found by measurement. */
#define READING_OPERATIONS 16

gdouble
cnn_convolution_count_reading (gsize weights)
{
  const gdouble lines = (gdouble) weights * sizeof (gfloat) / CACHE_LINE;

  return weights > CNN_CACHED_WEIGHTS ? READING_OPERATIONS * lines : 0.0;
}

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
cnn_convolution_apply_activation (const CnnConvolution *self, gfloat *output,
    gsize cells)
{
  cnn_kernels_activate (self->kernels, self->activation, output, cells,
      (gsize) self->out_channels);
}
