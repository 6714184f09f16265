/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * Resize:
 * @size: height and width of the output; for UpSampling2D how many times those
 *   of the input
 * @relative: whether it is UpSampling2D
 */
typedef struct {
  CnnLayer layer;
  gint size[2];
  gboolean relative;
  gboolean bilinear;
  CnnGrid grid;
} Resize;

static gboolean
configure_interpolation (Resize *self, const cJSON *config, GError **error)
{
  static const gchar *const methods[] = { "nearest", "bilinear", NULL };
  guint method = self->bilinear ? 1 : 0;

  if (!json_get_choice (config, "interpolation", methods, &method, error))
    return FALSE;
  self->bilinear = method == 1;
  return TRUE;
}

static gboolean
up_sampling2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Resize *self = (Resize *) layer;

  self->relative = TRUE;
  self->size[0] = self->size[1] = 2;
  self->grid = layer->dialect == CNN_DIALECT_TFJS ? CNN_GRID_LEGACY
                                                  : CNN_GRID_HALF_PIXEL;
  return cnn_layer_check_data_format (config, error)
      && cnn_layer_get_pair (config, "size", 1, self->size, error)
      && configure_interpolation (self, config, error);
}

/* What tfjs makes of 'crop_to_aspect_ratio' is not to align the corners. */
static gboolean
configure_grid (Resize *self, const cJSON *config, GError **error)
{
  gboolean crop = FALSE, pad = FALSE;

  if (!json_get_boolean (config, "crop_to_aspect_ratio", &crop, error)
      || !json_get_boolean (config, "pad_to_aspect_ratio", &pad, error))
    return FALSE;
  self->grid = CNN_GRID_HALF_PIXEL;
  if (self->layer.dialect == CNN_DIALECT_TFJS) {
    self->grid = crop ? CNN_GRID_LEGACY : CNN_GRID_ALIGN_CORNERS;
  } else if (crop || pad) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "'%s_to_aspect_ratio' is not supported", crop ? "crop" : "pad");
    return FALSE;
  }
  return TRUE;
}

static gboolean
resizing_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Resize *self = (Resize *) layer;

  self->bilinear = TRUE;
  return cnn_layer_check_data_format (config, error)
      && json_get_integer (config, "height", 1, CNN_MAX_DIMENSION,
          &self->size[0], error)
      && json_get_integer (config, "width", 1, CNN_MAX_DIMENSION,
          &self->size[1], error)
      && configure_grid (self, config, error)
      && configure_interpolation (self, config, error);
}

static gboolean
resize_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Resize *self = (const Resize *) layer;

  if (!cnn_layer_check_feature_map (&inputs[0], error))
    return FALSE;
  *output = inputs[0];
  for (guint axis = 0; axis < 2; axis++) {
    gint64 size = self->size[axis];

    if (self->relative)
      size *= inputs[0].dims[axis];
    if (!cnn_layer_set_dimension (output, axis, size, error))
      return FALSE;
  }
  return TRUE;
}

static void
resize_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Resize *self = (const Resize *) layer;

  if (self->bilinear)
    cnn_resize_bilinear (self->grid, &inputs[0], output);
  else
    cnn_resize_nearest (self->grid, &inputs[0], output);
}

static void
resize_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Resize *self = (const Resize *) layer;

  if (self->bilinear) {
    cnn_resize_bilinear_backpropagate (self->grid, &job->gradient,
        &job->input_gradients[0]);
  } else {
    cnn_resize_nearest_backpropagate (self->grid, &job->gradient,
        &job->input_gradients[0]);
  }
}

const CnnLayerClass cnn_up_sampling2d_class = {
  .name = "UpSampling2D",
  .instance_size = sizeof (Resize),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = up_sampling2d_configure,
  .infer_shape = resize_infer_shape,
  .run = resize_run,
  .backpropagate = resize_backpropagate,
};

const CnnLayerClass cnn_resizing_class = {
  .name = "Resizing",
  .instance_size = sizeof (Resize),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = resizing_configure,
  .infer_shape = resize_infer_shape,
  .run = resize_run,
  .backpropagate = resize_backpropagate,
};
