/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include <math.h>

#include "base/json.h"

/* x < 0: alpha * (exp (x) - 1) */
typedef struct {
  CnnLayer layer;
  gfloat alpha;
} Elu;

static gboolean
elu_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  gdouble alpha = 1.0;

  if (!json_get_number (config, "alpha", &alpha, error))
    return FALSE;
  ((Elu *) layer)->alpha = (gfloat) alpha;
  return TRUE;
}

static void
elu_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const gfloat alpha = ((const Elu *) layer)->alpha;
  const gfloat *values = inputs[0].data;
  const gsize size = cnn_shape_size (output->shape);

  for (gsize i = 0; i < size; i++)
    output->data[i] = values[i] < 0.0f ? alpha * expm1f (values[i]) : values[i];
}

static void
elu_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const gfloat alpha = ((const Elu *) layer)->alpha;
  const gfloat *values = job->inputs[0].data, *output = job->output.data;
  const gsize size = cnn_shape_size (job->output.shape);

  for (gsize i = 0; i < size; i++) {
    const gfloat slope = values[i] < 0.0f ? output[i] + alpha : 1.0f;

    job->constant += (gdouble) job->gradient.data[i]
        * (output[i] - slope * values[i]);
    job->input_gradients[0].data[i] += job->gradient.data[i] * slope;
  }
}

const CnnLayerClass cnn_elu_class = {
  .name = "ELU",
  .instance_size = sizeof (Elu),
  .role = CNN_LAYER_ROLE_ACTIVATION,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = elu_configure,
  .infer_shape = cnn_layer_keep_shape,
  .run = elu_run,
  .backpropagate = elu_backpropagate,
};
