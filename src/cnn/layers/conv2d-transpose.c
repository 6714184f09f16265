/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference-window.h"

/**
 * Conv2DTranspose:
 * @output_padding: of height and width; negative if it is not given
 */
typedef struct {
  CnnLayer layer;
  CnnWindow window;
  gint filters;
  gint output_padding[2];
  gboolean use_bias;
  gfloat *kernel; /* kernel height x kernel width x filters x input channels */
  gfloat *bias;   /* filters, or NULL */
} Conv2DTranspose;

static gboolean
conv2d_transpose_configure (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  Conv2DTranspose *self = (Conv2DTranspose *) layer;

  self->use_bias = TRUE;
  self->output_padding[0] = self->output_padding[1] = -1;
  return json_get_integer (config, "filters", 1, CNN_MAX_DIMENSION,
             &self->filters, error)
      && cnn_window_configure_kernel (&self->window, config, error)
      && cnn_layer_get_pair (config, "output_padding", 0, self->output_padding,
          error)
      && json_get_boolean (config, "use_bias", &self->use_bias, error)
      && cnn_layer_configure_activation (layer, config, error);
}

/* Without output padding, same: in * stride; valid: in * stride + max (extent -
 * stride, 0). */
static gint64
get_size (const Conv2DTranspose *self, guint axis, gint input)
{
  const gint64 stride = self->window.stride[axis];
  const gint64 extent = cnn_window_get_extent (&self->window, axis);

  return input * stride + (self->window.same ? 0 : MAX (extent - stride, 0));
}

/* With output padding, (in - 1) * stride + extent - cut + padding, where same
 * cuts 2 * floor (extent / 2) and valid nothing. */
static gint64
get_padded_size (const Conv2DTranspose *self, guint axis, gint input)
{
  const gint64 extent = cnn_window_get_extent (&self->window, axis);

  return (gint64) (input - 1) * self->window.stride[axis] + extent
      - (self->window.same ? extent / 2 * 2 : 0) + self->output_padding[axis];
}

/* Whether the convolution with the same window leads back to @input cells. */
static gboolean
leads_back (const CnnWindow *window, guint axis, gint64 output, gint input)
{
  const gint64 cells = window->same
      ? output
      : output - cnn_window_get_extent (window, axis) + 1;

  return cells > 0
      && (cells + window->stride[axis] - 1) / window->stride[axis] == input;
}

static gboolean
conv2d_transpose_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Conv2DTranspose *self = (const Conv2DTranspose *) layer;

  if (!cnn_layer_check_feature_map (&inputs[0], error))
    return FALSE;
  *output = (CnnShape) { 3, { 0, 0, self->filters } };
  for (guint axis = 0; axis < 2; axis++) {
    const gboolean padded = self->output_padding[axis] >= 0;
    const gint input = inputs[0].dims[axis];
    const gint64 size = padded ? get_padded_size (self, axis, input)
                               : get_size (self, axis, input);

    if (padded && !leads_back (&self->window, axis, size, input)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'output_padding' is %d, which does not fit its kernel and strides",
          self->output_padding[axis]);
      return FALSE;
    }
    if (!cnn_layer_set_dimension (output, axis, size, error))
      return FALSE;
  }
  return TRUE;
}

static guint
conv2d_transpose_declare (CnnLayer *layer, const CnnShape *input,
    CnnVariable *variables)
{
  Conv2DTranspose *self = (Conv2DTranspose *) layer;
  const gint *size = self->window.size;

  variables[0] = (CnnVariable) { "kernel", NULL, TRUE,
    { 4, { size[0], size[1], self->filters, input->dims[2] } }, &self->kernel };
  variables[1] = (CnnVariable) { "bias", NULL, TRUE, { 1, { self->filters } },
    &self->bias };
  return self->use_bias ? 2 : 1;
}

static guint64
conv2d_transpose_count_macs (const CnnLayer *layer, const CnnShape *input,
    const CnnShape *output)
{
  const Conv2DTranspose *self = (const Conv2DTranspose *) layer;
  const gint *size = self->window.size;

  /* The kernel is in memory, so its own product is small. */
  return (guint64) cnn_shape_size (input) * (guint64) size[0]
      * (guint64) size[1] * (guint64) self->filters;
}

static void
conv2d_transpose_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const Conv2DTranspose *self = (const Conv2DTranspose *) layer;
  const gint *dims = output->shape->dims;

  cnn_transposed_convolution2d (&self->window, &inputs[0], self->kernel,
      self->bias, output);
  cnn_activation_apply (layer->activation, output->data,
      (gsize) dims[0] * (gsize) dims[1], (gsize) dims[2]);
}

static void
conv2d_transpose_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Conv2DTranspose *self = (const Conv2DTranspose *) layer;

  cnn_layer_backpropagate_activation (layer, job);
  cnn_layer_backpropagate_bias (job, self->bias);
  cnn_transposed_convolution2d_backpropagate (&self->window, &job->gradient,
      self->kernel, &job->input_gradients[0]);
}

const CnnLayerClass cnn_conv2d_transpose_class = {
  .name = "Conv2DTranspose",
  .instance_size = sizeof (Conv2DTranspose),
  .role = CNN_LAYER_ROLE_CONVOLUTION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = conv2d_transpose_configure,
  .infer_shape = conv2d_transpose_infer_shape,
  .declare = conv2d_transpose_declare,
  .count_macs = conv2d_transpose_count_macs,
  .run = conv2d_transpose_run,
  .backpropagate = conv2d_transpose_backpropagate,
};
