/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * Permute:
 * @permutation: the dimension of the input that each one of the output is
 */
typedef struct {
  CnnLayer layer;
  guint rank;
  guint permutation[CNN_MAX_RANK];
} Permute;

static gboolean
permute_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Permute *self = (Permute *) layer;
  const cJSON *dims = json_get (config, "dims");
  const gint rank = cJSON_GetArraySize (dims);
  guint seen = 0;
  const cJSON *item;

  cJSON_ArrayForEach (item, dims)
  {
    gint dimension;

    if (!json_to_integer (item, "dims", 1, MIN (rank, CNN_MAX_RANK), &dimension,
            error))
      return FALSE;
    if (seen & 1u << dimension || self->rank == CNN_MAX_RANK)
      break;
    seen |= 1u << dimension;
    self->permutation[self->rank++] = (guint) dimension - 1;
  }
  if (!cJSON_IsArray (dims) || self->rank != (guint) rank) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'dims' is no permutation of 1 to at most %d", CNN_MAX_RANK);
    return FALSE;
  }
  return TRUE;
}

static gboolean
permute_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Permute *self = (const Permute *) layer;

  if (inputs[0].rank != self->rank) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'dims' has %u numbers, but its input has %u dimensions", self->rank,
        inputs[0].rank);
    return FALSE;
  }
  output->rank = self->rank;
  for (guint i = 0; i < self->rank; i++)
    output->dims[i] = inputs[0].dims[self->permutation[i]];
  return TRUE;
}

static void
permute_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  cnn_transpose (&inputs[0], ((const Permute *) layer)->permutation, output);
}

static void
permute_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  cnn_transpose_backpropagate (&job->gradient,
      ((const Permute *) layer)->permutation, &job->input_gradients[0]);
}

const CnnLayerClass cnn_permute_class = {
  .name = "Permute",
  .instance_size = sizeof (Permute),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = permute_configure,
  .infer_shape = permute_infer_shape,
  .run = permute_run,
  .backpropagate = permute_backpropagate,
};
