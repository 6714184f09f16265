/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/kernel-operations.h"

#include <string.h>

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
  cnn_kernels_activate (self->kernels, self->activation, output->data, rows,
      self->units);
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

/* Computes the rows one by one, and applies the activation to each while it is
 * in the cache. */
static void
depthwise_run (const CnnOperation *operation, const CnnTensor *input,
    const CnnTensor *output, gfloat *scratch)
{
  const Depthwise *self = (const Depthwise *) operation;
  const gsize cells = (gsize) self->job.output_width;
  CnnDepthwise job = self->job;

  job.input = input->data;
  job.output = output->data;
  job.output_height = 1;
  for (gint y = 0; y < self->job.output_height; y++) {
    self->kernels->depthwise (&job);
    cnn_kernels_activate (self->kernels, self->activation, job.output, cells,
        (gsize) job.channels);
    job.top -= job.stride[0];
    job.output += cells * (gsize) job.channels;
  }
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

/* -- Scaling, merging and activation -- */

/* The size of the values that are read at a time: 16 KiB. */
#define CHUNK_FLOATS 4096

/**
 * Pointwise:
 * @job: all but where the tensors are
 * @whole: which of two inputs is as large as the output
 * @product: whether they are multiplied rather than added
 * @copies: whether values are only copied
 */
typedef struct {
  CnnOperation operation;
  const CnnKernels *kernels;
  CnnScale job;
  guint whole;
  gboolean product;
  gboolean copies;
  CnnActivation activation;
} Pointwise;

/* Computes some rows, and applies the activation to them while they are in the
 * cache. */
static void
pointwise_run_rows (const Pointwise *self, const CnnScale *job)
{
  const gsize channels = job->channels;

  if (self->copies)
    memcpy (job->output, job->input, job->rows * channels * sizeof (gfloat));
  else
    self->kernels->scale (job);
  cnn_kernels_activate (self->kernels, self->activation, job->output, job->rows,
      channels);
}

static void
pointwise_run_job (const Pointwise *self, CnnScale job)
{
  const gsize chunk = MAX (CHUNK_FLOATS / job.channels, 1);

  for (gsize left = job.rows; left > 0; left -= job.rows) {
    job.rows = MIN (chunk, left);
    pointwise_run_rows (self, &job);
    job.input += job.rows * job.channels;
    job.output += job.rows * job.channels;
    if (job.factor)
      job.factor += job.rows * job.factor_row;
    if (job.shift)
      job.shift += job.rows * job.shift_row;
  }
}

static void
pointwise_run (const CnnOperation *operation, const CnnTensor *inputs,
    const CnnTensor *output, gfloat *scratch)
{
  const Pointwise *self = (const Pointwise *) operation;
  CnnScale job = self->job;

  job.input = inputs[0].data;
  job.output = output->data;
  pointwise_run_job (self, job);
}

static Pointwise *
pointwise_new (const CnnShape *shape, const CnnKernels *kernels)
{
  Pointwise *self = g_new0 (Pointwise, 1);

  self->operation.run = pointwise_run;
  self->operation.free = (void (*) (CnnOperation *)) g_free;
  self->kernels = kernels;
  self->job.channels = cnn_shape_get_channels (shape);
  self->job.rows = cnn_shape_size (shape) / self->job.channels;
  return self;
}

CnnOperation *
cnn_activation_operation_new (const CnnShape *shape, const CnnFusion *fusion)
{
  Pointwise *self;

  if (fusion->pool || fusion->factor)
    return NULL;
  self = pointwise_new (shape, fusion->kernels);
  self->operation.description = "activation";
  self->copies = TRUE;
  self->activation = fusion->activation;
  return &self->operation;
}

/* An operation that runs scale(). */
static Pointwise *
scale_new (const CnnShape *shape, const CnnFusion *fusion)
{
  const CnnKernels *kernels = cnn_kernels_within (fusion->kernels,
      cnn_shape_get_channels (shape));
  Pointwise *self;

  if (fusion->pool || fusion->factor || !kernels)
    return NULL;
  self = pointwise_new (shape, kernels);
  self->job.clamp = cnn_fusion_clamp (fusion, &self->activation);
  return self;
}

CnnOperation *
cnn_scaling_operation_new (const gfloat *factor, const gfloat *shift,
    const CnnShape *shape, const CnnFusion *fusion)
{
  Pointwise *self = scale_new (shape, fusion);

  if (!self)
    return NULL;
  self->operation.description = "scaling";
  self->job.factor = factor;
  self->job.shift = shift;
  return &self->operation;
}

static void
merging_run (const CnnOperation *operation, const CnnTensor *inputs,
    const CnnTensor *output, gfloat *scratch)
{
  const Pointwise *self = (const Pointwise *) operation;
  const gfloat *other = inputs[1 - self->whole].data;
  CnnScale job = self->job;

  job.input = inputs[self->whole].data;
  job.factor = self->product ? other : NULL;
  job.shift = self->product ? NULL : other;
  job.output = output->data;
  pointwise_run_job (self, job);
}

/* Finds the distance of the rows of an input that is repeated, if need be, to
 * the shape of the output. */
static gboolean
find_row (const CnnShape *input, const CnnShape *output, gsize *row)
{
  const gsize channels = cnn_shape_get_channels (output);
  const gboolean whole = cnn_shape_equal (input, output);

  *row = whole ? channels : 0;
  return whole
      || (cnn_shape_get_channels (input) == channels
          && cnn_shape_size (input) == channels);
}

CnnOperation *
cnn_merging_operation_new (gboolean product, const CnnShape inputs[2],
    const CnnShape *output, const CnnFusion *fusion)
{
  const guint whole = cnn_shape_equal (&inputs[0], output) ? 0 : 1;
  Pointwise *self;
  gsize row;

  if (!cnn_shape_equal (&inputs[whole], output)
      || !find_row (&inputs[1 - whole], output, &row))
    return NULL;
  self = scale_new (output, fusion);
  if (!self)
    return NULL;
  self->operation.description = product ? "product" : "sum";
  self->operation.run = merging_run;
  self->job.factor_row = self->job.shift_row = row;
  self->whole = whole;
  self->product = product;
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
