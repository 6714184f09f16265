/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/kernel-operations.h"

#include "base/aligned.h"

/* -- Dense layers -- */

typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnActivation activation;
  const gfloat *kernel; /* borrowed */
  const gfloat *bias;   /* borrowed */
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

/* -- Depthwise convolution -- */

typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnDepthwise job; /* all but where the tensors are */
  CnnActivation activation;
  gfloat *kernel;
  gfloat *bias;
} Depthwise;

static void
depthwise_free (CnnOperation *operation)
{
  Depthwise *self = (Depthwise *) operation;

  aligned_free (self->kernel);
  g_free (self->bias);
  g_free (self);
}

static void
depthwise_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Depthwise *self = (const Depthwise *) operation;
  CnnDepthwise job = self->job;

  job.input = input->data;
  job.output = output->data;
  self->kernels->depthwise (&job);
  cnn_activation_apply (self->activation, output->data,
      (gsize) job.output_height * job.output_width, (gsize) job.channels);
}

static CnnDepthwise
describe_depthwise (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output)
{
  CnnDepthwise job = {
    .height = input->dims[0],
    .width = input->dims[1],
    .channels = input->dims[2],
    .top = (gint) cnn_window_pad_before (window, 0, input->dims[0],
        output->dims[0]),
    .left = (gint) cnn_window_pad_before (window, 1, input->dims[1],
        output->dims[1]),
    .output_height = output->dims[0],
    .output_width = output->dims[1],
  };

  for (guint axis = 0; axis < 2; axis++) {
    job.size[axis] = window->size[axis];
    job.stride[axis] = window->stride[axis];
    job.dilation[axis] = window->dilation[axis];
  }
  return job;
}

CnnOperation *
cnn_depthwise_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gsize channels = (gsize) input->dims[2];
  const gsize taps = (gsize) window->size[0] * window->size[1];
  const CnnKernels *kernels = cnn_kernels_within (fusion->kernels, channels);
  Depthwise *self;

  if (fusion->pool || !kernels || !cnn_window_is_small (window))
    return NULL;
  self = g_new0 (Depthwise, 1);
  self->operation.description = "depthwise";
  self->operation.run = depthwise_run;
  self->operation.free = depthwise_free;
  self->kernels = kernels;
  self->kernel = aligned_try_new (taps * channels);
  self->bias = g_new (gfloat, channels);
  if (!self->kernel) {
    depthwise_free (&self->operation);
    return NULL;
  }
  cnn_fusion_fold (fusion, kernel, taps, channels, bias, self->kernel,
      self->bias);
  self->job = describe_depthwise (window, input, output);
  self->job.kernel = self->kernel;
  self->job.bias = self->bias;
  self->job.clamp = cnn_fusion_clamp (fusion, &self->activation);
  return &self->operation;
}

/* -- Pooling -- */

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
