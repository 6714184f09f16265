/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer-classes.h"

static const CnnLayerClass *const layer_classes[] = {
  &cnn_activation_layer_class,
  &cnn_activity_regularization_class,
  &cnn_add_class,
  &cnn_alpha_dropout_class,
  &cnn_aug_mix_class,
  &cnn_average_class,
  &cnn_average_pooling2d_class,
  &cnn_batch_normalization_class,
  &cnn_center_crop_class,
  &cnn_concatenate_class,
  &cnn_conv2d_class,
  &cnn_conv2d_transpose_class,
  &cnn_cropping2d_class,
  &cnn_cut_mix_class,
  &cnn_dense_class,
  &cnn_depthwise_conv2d_class,
  &cnn_dropout_class,
  &cnn_elu_class,
  &cnn_flatten_class,
  &cnn_gaussian_dropout_class,
  &cnn_gaussian_noise_class,
  &cnn_global_average_pooling2d_class,
  &cnn_global_max_pooling2d_class,
  &cnn_identity_class,
  &cnn_input_layer_class,
  &cnn_layer_normalization_class,
  &cnn_leaky_relu_class,
  &cnn_max_pooling2d_class,
  &cnn_maximum_class,
  &cnn_minimum_class,
  &cnn_mix_up_class,
  &cnn_multiply_class,
  &cnn_normalization_class,
  &cnn_permute_class,
  &cnn_prelu_class,
  &cnn_rand_augment_class,
  &cnn_random_brightness_class,
  &cnn_random_color_degeneration_class,
  &cnn_random_color_jitter_class,
  &cnn_random_contrast_class,
  &cnn_random_crop_class,
  &cnn_random_elastic_transform_class,
  &cnn_random_erasing_class,
  &cnn_random_flip_class,
  &cnn_random_gaussian_blur_class,
  &cnn_random_grayscale_class,
  &cnn_random_height_class,
  &cnn_random_hue_class,
  &cnn_random_invert_class,
  &cnn_random_perspective_class,
  &cnn_random_posterization_class,
  &cnn_random_rotation_class,
  &cnn_random_saturation_class,
  &cnn_random_sharpness_class,
  &cnn_random_shear_class,
  &cnn_random_translation_class,
  &cnn_random_width_class,
  &cnn_random_zoom_class,
  &cnn_relu_class,
  &cnn_rescaling_class,
  &cnn_reshape_class,
  &cnn_resizing_class,
  &cnn_separable_conv2d_class,
  &cnn_softmax_class,
  &cnn_spatial_dropout2d_class,
  &cnn_subtract_class,
  &cnn_thresholded_relu_class,
  &cnn_up_sampling2d_class,
  &cnn_zero_padding2d_class,
};

const CnnLayerClass *const *
cnn_layer_get_classes (guint *n_classes)
{
  *n_classes = G_N_ELEMENTS (layer_classes);
  return layer_classes;
}
