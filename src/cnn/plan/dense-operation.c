/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/dense-operation.h"

typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnActivation activation;
  const gfloat *kernel; /* borrowed */
  const gfloat *bias;   /* likewise */
  gsize inputs;
  gsize units;
} Dense;

static void
dense_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Dense *self = (const Dense *) operation;
  const gsize rows = cnn_shape_size (input->shape) / self->inputs;

  for (gsize row = 0; row < rows; row++) {
    self->kernels->dense (input->data + row * self->inputs, self->inputs,
        self->kernel, self->bias, self->units, output->data + row * self->units,
        (guint32 *) scratch);
  }
  cnn_activation_apply (self->activation, output->data, rows, self->units);
}

CnnOperation *
cnn_dense_operation_new (const gfloat *kernel, const gfloat *bias, gint inputs,
    gint units, const CnnFusion *fusion)
{
  Dense *self;

  if (fusion->pool || fusion->factor)
    return NULL;
  self = g_new0 (Dense, 1);
  self->operation.description = "dense";
  self->operation.scratch_size = (gsize) inputs; /* indices */
  self->operation.run = dense_run;
  self->operation.free = (void (*) (CnnOperation *)) g_free;
  self->kernels = fusion->kernels;
  self->activation = fusion->activation;
  self->kernel = kernel;
  self->bias = bias;
  self->inputs = (gsize) inputs;
  self->units = (gsize) units;
  return &self->operation;
}
