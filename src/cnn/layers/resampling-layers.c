/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/**
 * Border:
 * @before: cells added above and to the left; negative if they are cut off
 * @after: cells added below and to the right; negative likewise
 */
typedef struct {
  CnnLayer layer;
  gint before[2];
  gint after[2];
} Border;

/* Reads n or [before, after]. */
static gboolean
configure_side (Border *self, guint axis, const cJSON *item, const gchar *key,
    gboolean list_allowed, GError **error)
{
  const cJSON *after = item;

  if (list_allowed && cJSON_IsArray (item) && cJSON_GetArraySize (item) == 2) {
    after = item->child->next;
    item = item->child;
  }
  return json_to_integer (item, key, 0, CNN_MAX_DIMENSION, &self->before[axis],
             error)
      && json_to_integer (after, key, 0, CNN_MAX_DIMENSION, &self->after[axis],
          error);
}

/* Reads n, [height, width] or [[top, bottom], [left, right]]. */
static gboolean
configure_sides (Border *self, const cJSON *config, const gchar *key,
    GError **error)
{
  const cJSON *item = json_get (config, key);

  if (!cnn_layer_check_data_format (config, error))
    return FALSE;
  if (cJSON_IsArray (item) && cJSON_GetArraySize (item) == 2) {
    return configure_side (self, 0, item->child, key, TRUE, error)
        && configure_side (self, 1, item->child->next, key, TRUE, error);
  }
  return configure_side (self, 0, item, key, FALSE, error)
      && configure_side (self, 1, item, key, FALSE, error);
}

static gboolean
zero_padding2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Border *self = (Border *) layer;

  if (json_get (config, "padding"))
    return configure_sides (self, config, "padding", error);
  for (guint axis = 0; axis < 2; axis++)
    self->before[axis] = self->after[axis] = 1;
  return cnn_layer_check_data_format (config, error);
}

static gboolean
cropping2d_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Border *self = (Border *) layer;

  if (!json_get (config, "cropping"))
    return cnn_layer_check_data_format (config, error);
  if (!configure_sides (self, config, "cropping", error))
    return FALSE;
  for (guint axis = 0; axis < 2; axis++) {
    self->before[axis] = -self->before[axis];
    self->after[axis] = -self->after[axis];
  }
  return TRUE;
}

static gboolean
border_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Border *self = (const Border *) layer;

  if (!cnn_shape_check_feature_map (&inputs[0], error))
    return FALSE;
  *output = inputs[0];
  for (guint axis = 0; axis < 2; axis++) {
    gint64 size = (gint64) inputs[0].dims[axis] + self->before[axis]
        + self->after[axis];

    if (!cnn_layer_set_dimension (output, axis, size, error))
      return FALSE;
  }
  return TRUE;
}

static void
border_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const Border *self = (const Border *) layer;

  cnn_place2d (&inputs[0], self->before[0], self->before[1], output);
}

static CnnReach
border_get_reach (const CnnLayer *layer, guint axis, gint input, gint output,
    gint cell)
{
  const gint64 place = (gint64) cell - ((const Border *) layer)->before[axis];

  return (CnnReach) { place, place };
}

static void
border_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const Border *self = (const Border *) layer;

  cnn_place2d_backpropagate (&job->gradient, self->before[0], self->before[1],
      &job->input_gradients[0]);
}

const CnnLayerClass cnn_zero_padding2d_class = {
  .name = "ZeroPadding2D",
  .instance_size = sizeof (Border),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = zero_padding2d_configure,
  .infer_shape = border_infer_shape,
  .run = border_run,
  .get_reach = border_get_reach,
  .backpropagate = border_backpropagate,
};

const CnnLayerClass cnn_cropping2d_class = {
  .name = "Cropping2D",
  .instance_size = sizeof (Border),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = cropping2d_configure,
  .infer_shape = border_infer_shape,
  .run = border_run,
  .get_reach = border_get_reach,
  .backpropagate = border_backpropagate,
};

/* CenterCrop keeps the middle of its input. */
typedef struct {
  CnnLayer layer;
  gint size[2];
} CenterCrop;

static gboolean
center_crop_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  CenterCrop *self = (CenterCrop *) layer;

  return cnn_layer_check_data_format (config, error)
      && json_get_integer (config, "height", 1, CNN_MAX_DIMENSION,
          &self->size[0], error)
      && json_get_integer (config, "width", 1, CNN_MAX_DIMENSION,
          &self->size[1], error);
}

static gboolean
center_crop_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const CenterCrop *self = (const CenterCrop *) layer;

  if (!cnn_shape_check_feature_map (&inputs[0], error))
    return FALSE;
  if (inputs[0].dims[0] < self->size[0] || inputs[0].dims[1] < self->size[1]) {
    g_autofree gchar *shape = cnn_shape_to_string (&inputs[0]);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "its input of %s is smaller than %dx%d; enlarging is not supported",
        shape, self->size[0], self->size[1]);
    return FALSE;
  }
  *output = inputs[0];
  output->dims[0] = self->size[0];
  output->dims[1] = self->size[1];
  return TRUE;
}

/* The position in the output of the first row or column of the input. */
static gint
get_crop_offset (const CenterCrop *self, const CnnShape *input, guint axis)
{
  return -((input->dims[axis] - self->size[axis]) / 2);
}

static CnnReach
center_crop_get_reach (const CnnLayer *layer, guint axis, gint input,
    gint output, gint cell)
{
  const gint64 place = (gint64) cell + (input - output) / 2;

  return (CnnReach) { place, place };
}

static void
center_crop_run (const CnnLayer *layer, const CnnTensor *inputs, guint n_inputs,
    const CnnTensor *output)
{
  const CenterCrop *self = (const CenterCrop *) layer;

  cnn_place2d (&inputs[0], get_crop_offset (self, inputs[0].shape, 0),
      get_crop_offset (self, inputs[0].shape, 1), output);
}

static void
center_crop_backpropagate (const CnnLayer *layer, CnnBackpropagation *job)
{
  const CenterCrop *self = (const CenterCrop *) layer;
  const CnnShape *input = job->inputs[0].shape;

  cnn_place2d_backpropagate (&job->gradient, get_crop_offset (self, input, 0),
      get_crop_offset (self, input, 1), &job->input_gradients[0]);
}

const CnnLayerClass cnn_center_crop_class = {
  .name = "CenterCrop",
  .instance_size = sizeof (CenterCrop),
  .role = CNN_LAYER_ROLE_RESAMPLING,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = center_crop_configure,
  .infer_shape = center_crop_infer_shape,
  .run = center_crop_run,
  .get_reach = center_crop_get_reach,
  .backpropagate = center_crop_backpropagate,
};

/* RandomCrop leaves pictures of its own size as they are. What it does with
 * others depends on the version of Keras. */
static gboolean
random_crop_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const CenterCrop *self = (const CenterCrop *) layer;

  if (!center_crop_infer_shape (layer, inputs, n_inputs, output, error))
    return FALSE;
  if (cnn_shape_equal (&inputs[0], output))
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "crops to %dx%d, and what it does after training depends on the version "
      "of Keras; put a CenterCrop or a Resizing in its place",
      self->size[0], self->size[1]);
  return FALSE;
}

const CnnLayerClass cnn_random_crop_class = {
  .name = "RandomCrop",
  .instance_size = sizeof (CenterCrop),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = center_crop_configure,
  .infer_shape = random_crop_infer_shape,
};

/**
 * Resize:
 * @size: height and width of the output, or for UpSampling2D the factors by
 *   which it is larger than the input
 * @relative: whether the layer is UpSampling2D
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

/* The grid of a layer that comes from a library with all of them. Keras and
 * TensorFlow.js ignore the key. */
static gboolean
configure_named_grid (Resize *self, const cJSON *config, GError **error)
{
  static const gchar *const names[] = { "legacy", "align-corners", "half-pixel",
    NULL };
  guint grid = (guint) self->grid;

  if (!json_get_choice (config, "resize", names, &grid, error))
    return FALSE;
  self->grid = (CnnGrid) grid;
  return TRUE;
}

/* In tfjs, 'crop_to_aspect_ratio' means that corners are not aligned. */
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
      && configure_named_grid (self, config, error)
      && configure_interpolation (self, config, error);
}

static gboolean
resize_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Resize *self = (const Resize *) layer;

  if (!cnn_shape_check_feature_map (&inputs[0], error))
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

/* All grids place @cell within this part of the input, give or take a cell. At
 * the edges, where cells are repeated, nothing is padded. */
static CnnReach
resize_get_reach (const CnnLayer *layer, guint axis, gint input, gint output,
    gint cell)
{
  const gint64 first = (gint64) cell * input / output;
  const gint64 last = ((gint64) cell + 1) * input / output;

  return (CnnReach) { MAX (first - 1, 0), MIN (last + 1, input - 1) };
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
  .get_reach = resize_get_reach,
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
  .get_reach = resize_get_reach,
  .backpropagate = resize_backpropagate,
};
