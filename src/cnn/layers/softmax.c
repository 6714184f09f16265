/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>

#include "cnn/kernels/reference.h"
#include "cnn/kernels/vector.h"
#include "cnn/layers/activation-gradient.h"

typedef struct {
  CnnLayer layer;
  gint axis;
} Softmax;

static gboolean
softmax_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Softmax *self = (Softmax *) layer;

  layer->activation = CNN_ACTIVATION_SOFTMAX;
  self->axis = layer->dialect == CNN_DIALECT_TFJS ? 1 : -1;
  return cnn_layer_configure_axis (&self->axis, config, error);
}

static gboolean
softmax_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = inputs[0];
  return cnn_layer_check_axis (((const Softmax *) layer)->axis, &inputs[0],
      error);
}

/* Of @count values that are @step apart. */
static void
softmax (const gfloat *input, gfloat *output, gsize count, gsize step)
{
  gfloat max = input[0];
  gfloat sum = 0.0f;

  for (gsize i = 1; i < count; i++)
    max = MAX (max, input[i * step]);
  for (gsize i = 0; i < count; i++) {
    output[i * step] = expf (input[i * step] - max);
    sum += output[i * step];
  }
  for (gsize i = 0; i < count; i++)
    output[i * step] /= sum;
}

static void
softmax_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gint axis = ((const Softmax *) layer)->axis;
  const CnnAxisView view = cnn_axis_view (output->shape,
      (guint) cnn_layer_find_dimension (axis, output->shape));

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize i = 0; i < view.inner; i++) {
      gsize at = o * view.length * view.inner + i;

      softmax (inputs[0].data + at, output->data + at, view.length, view.inner);
    }
  }
}

static void
softmax_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gint axis = ((const Softmax *) layer)->axis;
  const CnnShape *shape = job->output.shape;
  const CnnAxisView view = cnn_axis_view (shape,
      (guint) cnn_layer_find_dimension (axis, shape));

  for (gsize o = 0; o < view.outer; o++) {
    for (gsize i = 0; i < view.inner; i++) {
      gsize at = o * view.length * view.inner + i;

      job->constant += cnn_softmax_backpropagate (FALSE,
          job->inputs[0].data + at, job->output.data + at,
          job->gradient.data + at, view.length, view.inner);
    }
  }
  cnn_add (job->input_gradients[0].data, job->gradient.data,
      cnn_shape_size (shape));
}

const CnnLayerClass cnn_softmax_class = {
  .name = "Softmax",
  .instance_size = sizeof (Softmax),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = softmax_configure,
  .infer_shape = softmax_infer_shape,
  .run = softmax_run,
  .backpropagate = softmax_backpropagate,
};
