/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/depthwise-operation.h"

#include "base/aligned.h"
#include "cnn/plan/convolution-operation.h"

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

CnnOperation *
cnn_depthwise_operation_new (const CnnWindow *window, const CnnShape *input,
    const CnnShape *output, const gfloat *kernel, const gfloat *bias,
    const CnnFusion *fusion)
{
  const gsize channels = (gsize) input->dims[2];
  const gsize taps = (gsize) window->size[0] * window->size[1];
  const CnnKernels *kernels = cnn_kernels_within (fusion->kernels, channels);
  Depthwise *self;
  CnnDepthwise *job;

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
  job = &self->job;
  job->height = input->dims[0];
  job->width = input->dims[1];
  job->channels = input->dims[2];
  job->top = (gint) cnn_window_pad_before (window, 0, input->dims[0],
      output->dims[0]);
  job->left = (gint) cnn_window_pad_before (window, 1, input->dims[1],
      output->dims[1]);
  for (guint axis = 0; axis < 2; axis++) {
    job->size[axis] = window->size[axis];
    job->stride[axis] = window->stride[axis];
    job->dilation[axis] = window->dilation[axis];
  }
  job->kernel = self->kernel;
  job->bias = self->bias;
  job->clamp = cnn_fusion_clamp (fusion, &self->activation);
  job->output_height = output->dims[0];
  job->output_width = output->dims[1];
  return &self->operation;
}

typedef struct {
  CnnOperation operation;
  CnnShape between; /* what the depthwise convolution gives */
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
      output, pointwise, bias, fusion);
  if (!self->depthwise || !self->pointwise) {
    separable_free (&self->operation);
    return NULL;
  }
  return &self->operation;
}
