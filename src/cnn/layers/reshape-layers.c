/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/reference.h"

/* Layers that have an effect in training only. A Dropout that is called with
 * training=True adds noise to what the network knows; here it adds none. */
#define IDENTITY_CLASS(symbol, keras_name) \
  const CnnLayerClass symbol = {           \
    .name = keras_name,                    \
    .instance_size = sizeof (CnnLayer),    \
    .role = CNN_LAYER_ROLE_VIEW,           \
    .min_inputs = 1,                       \
    .max_inputs = 1,                       \
    .infer_shape = cnn_layer_keep_shape,   \
  }

IDENTITY_CLASS (cnn_activity_regularization_class, "ActivityRegularization");
IDENTITY_CLASS (cnn_alpha_dropout_class, "AlphaDropout");
IDENTITY_CLASS (cnn_aug_mix_class, "AugMix");
IDENTITY_CLASS (cnn_cut_mix_class, "CutMix");
IDENTITY_CLASS (cnn_dropout_class, "Dropout");
IDENTITY_CLASS (cnn_gaussian_dropout_class, "GaussianDropout");
IDENTITY_CLASS (cnn_gaussian_noise_class, "GaussianNoise");
IDENTITY_CLASS (cnn_identity_class, "Identity");
IDENTITY_CLASS (cnn_mix_up_class, "MixUp");
IDENTITY_CLASS (cnn_rand_augment_class, "RandAugment");
IDENTITY_CLASS (cnn_random_brightness_class, "RandomBrightness");
IDENTITY_CLASS (cnn_random_color_degeneration_class, "RandomColorDegeneration");
IDENTITY_CLASS (cnn_random_color_jitter_class, "RandomColorJitter");
IDENTITY_CLASS (cnn_random_contrast_class, "RandomContrast");
IDENTITY_CLASS (cnn_random_elastic_transform_class, "RandomElasticTransform");
IDENTITY_CLASS (cnn_random_erasing_class, "RandomErasing");
IDENTITY_CLASS (cnn_random_flip_class, "RandomFlip");
IDENTITY_CLASS (cnn_random_gaussian_blur_class, "RandomGaussianBlur");
IDENTITY_CLASS (cnn_random_grayscale_class, "RandomGrayscale");
IDENTITY_CLASS (cnn_random_height_class, "RandomHeight");
IDENTITY_CLASS (cnn_random_hue_class, "RandomHue");
IDENTITY_CLASS (cnn_random_invert_class, "RandomInvert");
IDENTITY_CLASS (cnn_random_perspective_class, "RandomPerspective");
IDENTITY_CLASS (cnn_random_posterization_class, "RandomPosterization");
IDENTITY_CLASS (cnn_random_rotation_class, "RandomRotation");
IDENTITY_CLASS (cnn_random_saturation_class, "RandomSaturation");
IDENTITY_CLASS (cnn_random_sharpness_class, "RandomSharpness");
IDENTITY_CLASS (cnn_random_shear_class, "RandomShear");
IDENTITY_CLASS (cnn_random_translation_class, "RandomTranslation");
IDENTITY_CLASS (cnn_random_width_class, "RandomWidth");
IDENTITY_CLASS (cnn_random_zoom_class, "RandomZoom");
IDENTITY_CLASS (cnn_spatial_dropout2d_class, "SpatialDropout2D");

/**
 * Reshape:
 * @target: shape of the output
 * @open: dimension of @target whose size follows from the others, or -1
 */
typedef struct {
  CnnLayer layer;
  CnnShape target;
  gint open;
} Reshape;

static gboolean
flatten_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Reshape *self = (Reshape *) layer;

  self->target = (CnnShape) { 1, { 1 } };
  self->open = 0;
  return cnn_layer_check_data_format (config, error);
}

static gboolean
is_open (const cJSON *dimension)
{
  return cJSON_IsNull (dimension)
      || (cJSON_IsNumber (dimension) && dimension->valuedouble == -1.0);
}

static gboolean
reshape_configure (CnnLayer *layer, const cJSON *config, GError **error)
{
  Reshape *self = (Reshape *) layer;
  const cJSON *list = json_get (config, "target_shape");
  const cJSON *dimension;

  self->open = -1;
  if (!cJSON_IsArray (list) || cJSON_GetArraySize (list) > CNN_MAX_RANK) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'target_shape' is no list of at most %d dimensions", CNN_MAX_RANK);
    return FALSE;
  }
  cJSON_ArrayForEach (dimension, list)
  {
    gint *size = &self->target.dims[self->target.rank];

    *size = 1;
    if (is_open (dimension) && self->open < 0)
      self->open = (gint) self->target.rank;
    else if (!json_to_integer (dimension, "target_shape", 1, CNN_MAX_DIMENSION,
                 size, error))
      return FALSE;
    self->target.rank++;
  }
  return TRUE;
}

static gboolean
reshape_infer_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  const Reshape *self = (const Reshape *) layer;
  gsize count = cnn_shape_size (&inputs[0]);
  gsize target;

  *output = self->target;
  if (!cnn_shape_count (output, &target) || count % target != 0
      || (self->open < 0 && count != target)) {
    g_autofree gchar *from = cnn_shape_to_string (&inputs[0]);
    g_autofree gchar *to = cnn_shape_to_string (output);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "its input of %s does not fit its 'target_shape' of %s", from, to);
    return FALSE;
  }
  return self->open < 0
      || cnn_layer_set_dimension (output, (guint) self->open,
          (gint64) (count / target), error);
}

/* Both shapes have their values in the same order in memory. */
const CnnLayerClass cnn_flatten_class = {
  .name = "Flatten",
  .instance_size = sizeof (Reshape),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = flatten_configure,
  .infer_shape = reshape_infer_shape,
};

const CnnLayerClass cnn_reshape_class = {
  .name = "Reshape",
  .instance_size = sizeof (Reshape),
  .role = CNN_LAYER_ROLE_VIEW,
  .min_inputs = 1,
  .max_inputs = 1,
  .configure = reshape_configure,
  .infer_shape = reshape_infer_shape,
};

/**
 * Permute:
 * @permutation: for each dimension of the output, the corresponding one of the
 *   input
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
