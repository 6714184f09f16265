/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <string.h>

#include "cnn/kernels/vector.h"

static void
activation_layer_run (const CnnLayer *layer, const CnnTensor *inputs,
    guint n_inputs, const CnnTensor *output)
{
  const CnnShape *shape = output->shape;
  gsize size = cnn_shape_size (shape);
  gsize channels = shape->rank ? shape->dims[shape->rank - 1] : 1;

  memcpy (output->data, inputs[0].data, size * sizeof *output->data);
  cnn_activation_apply (layer->activation, output->data, size / channels,
      channels);
}

static void
activation_layer_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  job->before_activation = job->inputs[0].data;
  cnn_layer_backpropagate_activation (layer, job);
  cnn_add (job->input_gradients[0].data, job->gradient.data,
      cnn_shape_size (job->gradient.shape));
}

const CnnLayerClass cnn_activation_layer_class = {
  .name = "Activation",
  .instance_size = sizeof (CnnLayer),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = cnn_layer_configure_activation,
  .infer_shape = cnn_layer_keep_shape,
  .run = activation_layer_run,
  .backpropagate = activation_layer_backpropagate,
  .only_activation = TRUE,
};
