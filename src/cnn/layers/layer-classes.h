/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/layers/layer.h"

extern const CnnLayerClass cnn_activation_layer_class;
extern const CnnLayerClass cnn_activity_regularization_class;
extern const CnnLayerClass cnn_add_class;
extern const CnnLayerClass cnn_alpha_dropout_class;
extern const CnnLayerClass cnn_aug_mix_class;
extern const CnnLayerClass cnn_average_class;
extern const CnnLayerClass cnn_average_pooling2d_class;
extern const CnnLayerClass cnn_batch_normalization_class;
extern const CnnLayerClass cnn_center_crop_class;
extern const CnnLayerClass cnn_concatenate_class;
extern const CnnLayerClass cnn_conv2d_class;
extern const CnnLayerClass cnn_conv2d_transpose_class;
extern const CnnLayerClass cnn_cropping2d_class;
extern const CnnLayerClass cnn_cut_mix_class;
extern const CnnLayerClass cnn_dense_class;
extern const CnnLayerClass cnn_depthwise_conv2d_class;
extern const CnnLayerClass cnn_dropout_class;
extern const CnnLayerClass cnn_elu_class;
extern const CnnLayerClass cnn_flatten_class;
extern const CnnLayerClass cnn_gaussian_dropout_class;
extern const CnnLayerClass cnn_gaussian_noise_class;
extern const CnnLayerClass cnn_global_average_pooling2d_class;
extern const CnnLayerClass cnn_global_max_pooling2d_class;
extern const CnnLayerClass cnn_identity_class;
extern const CnnLayerClass cnn_input_layer_class;
extern const CnnLayerClass cnn_layer_normalization_class;
extern const CnnLayerClass cnn_leaky_relu_class;
extern const CnnLayerClass cnn_max_pooling2d_class;
extern const CnnLayerClass cnn_maximum_class;
extern const CnnLayerClass cnn_minimum_class;
extern const CnnLayerClass cnn_mix_up_class;
extern const CnnLayerClass cnn_multiply_class;
extern const CnnLayerClass cnn_normalization_class;
extern const CnnLayerClass cnn_permute_class;
extern const CnnLayerClass cnn_prelu_class;
extern const CnnLayerClass cnn_rand_augment_class;
extern const CnnLayerClass cnn_random_brightness_class;
extern const CnnLayerClass cnn_random_color_degeneration_class;
extern const CnnLayerClass cnn_random_color_jitter_class;
extern const CnnLayerClass cnn_random_contrast_class;
extern const CnnLayerClass cnn_random_crop_class;
extern const CnnLayerClass cnn_random_elastic_transform_class;
extern const CnnLayerClass cnn_random_erasing_class;
extern const CnnLayerClass cnn_random_flip_class;
extern const CnnLayerClass cnn_random_gaussian_blur_class;
extern const CnnLayerClass cnn_random_grayscale_class;
extern const CnnLayerClass cnn_random_height_class;
extern const CnnLayerClass cnn_random_hue_class;
extern const CnnLayerClass cnn_random_invert_class;
extern const CnnLayerClass cnn_random_perspective_class;
extern const CnnLayerClass cnn_random_posterization_class;
extern const CnnLayerClass cnn_random_rotation_class;
extern const CnnLayerClass cnn_random_saturation_class;
extern const CnnLayerClass cnn_random_sharpness_class;
extern const CnnLayerClass cnn_random_shear_class;
extern const CnnLayerClass cnn_random_translation_class;
extern const CnnLayerClass cnn_random_width_class;
extern const CnnLayerClass cnn_random_zoom_class;
extern const CnnLayerClass cnn_relu_class;
extern const CnnLayerClass cnn_rescaling_class;
extern const CnnLayerClass cnn_reshape_class;
extern const CnnLayerClass cnn_resizing_class;
extern const CnnLayerClass cnn_separable_conv2d_class;
extern const CnnLayerClass cnn_softmax_class;
extern const CnnLayerClass cnn_spatial_dropout2d_class;
extern const CnnLayerClass cnn_subtract_class;
extern const CnnLayerClass cnn_thresholded_relu_class;
extern const CnnLayerClass cnn_up_sampling2d_class;
extern const CnnLayerClass cnn_zero_padding2d_class;

/**
 * cnn_input_layer_set_size:
 * @layer: a layer of #cnn_input_layer_class
 * @size: (nullable): height and width of an input that leaves them open
 *
 * Completes the shape of the input. Must be called before infer_shape.
 *
 * Returns: FALSE with a %MODEL_ERROR if a size stays open, or if the input is a
 *   feature map of another size
 */
gboolean cnn_input_layer_set_size (CnnLayer *layer, const CnnInputSize *size,
    GError **error);
