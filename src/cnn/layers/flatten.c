/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "cnn/cnn-error.h"

static gboolean
flatten_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  gsize count;

  if (!cnn_shape_count (&inputs[0], &count) || count > CNN_MAX_DIMENSION) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "flattens to more than %d values", CNN_MAX_DIMENSION);
    return FALSE;
  }
  output->rank = 1;
  output->dims[0] = (gint) count;
  return TRUE;
}

/* NHWC lies in memory as Flatten orders it: height, width, channels. */
const CnnLayerClass cnn_flatten_class = {
  .name = "Flatten",
  .instance_size = sizeof (CnnLayer),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .infer_shape = flatten_infer_shape,
};
