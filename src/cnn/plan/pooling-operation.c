/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/pooling-operation.h"

typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnPooling job; /* all but where the tensors are */
} Pooling;

static void
pooling_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Pooling *self = (const Pooling *) operation;
  CnnPooling job = self->job;

  job.input = input->data;
  job.output = output->data;
  job.columns = scratch;
  self->kernels->pooling (&job);
}

CnnOperation *
cnn_pooling_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, gboolean average, const CnnFusion *fusion)
{
  const CnnKernels *wide = cnn_kernels_within (fusion->kernels,
      (gsize) input->dims[2]);
  Pooling *self;

  if (!cnn_window_is_small (window) || fusion->pool || fusion->factor
      || fusion->activation != CNN_ACTIVATION_LINEAR)
    return NULL;
  self = g_new0 (Pooling, 1);
  self->operation.description = average ? "average pooling" : "max pooling";
  self->operation.run = pooling_run;
  self->operation.free = (void (*) (CnnOperation *)) g_free;
  if (!wide)
    self->operation.scratch_size = (gsize) input->dims[1] * input->dims[2];
  self->kernels = wide ? wide : fusion->kernels;
  self->job = (CnnPooling) {
    .height = input->dims[0],
    .width = input->dims[1],
    .channels = input->dims[2],
    .size = { window->size[0], window->size[1] },
    .stride = { window->stride[0], window->stride[1] },
    .average = average,
    .output_height = output->dims[0],
    .output_width = output->dims[1],
  };
  for (guint axis = 0; axis < 2; axis++) {
    self->job.pad[axis] = (gint) cnn_window_pad_before (window, axis,
        input->dims[axis], output->dims[axis]);
  }
  return &self->operation;
}
