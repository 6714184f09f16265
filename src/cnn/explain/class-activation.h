/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnCamMethod:
 * @CNN_CAM_GRAD_CAM: w_k = mean (G_k); Selvaraju et al., 2017
 * @CNN_CAM_GRAD_CAM_PLUS_PLUS: w_k = sum (max (G, 0) * a) with
 *   a = G^2 / (2 G^2 + S_k G^3 + 1e-6), 0 where G = 0; Chattopadhay et al.,
 *   2018
 * @CNN_CAM_XGRAD_CAM: w_k = sum (G A) / (S_k + 1e-7); Fu et al., 2020
 * @CNN_CAM_HIRES_CAM: sum over k of G A; Draelos and Carin, 2020
 * @CNN_CAM_LAYER_CAM: sum over k of max (G, 0) A; Jiang et al., 2021
 * @CNN_CAM_EIGEN_CAM: A without the mean of each channel, projected on its
 *   first principal component; Muhammad and Yeasin, 2020
 * @CNN_CAM_ABLATION_CAM: w_k = (Y - Y without k) / Y; Desai and Ramaswamy, 2020
 * @CNN_CAM_SCORE_CAM: w = softmax over k of Y for the picture masked by A_k;
 *   Wang et al., 2020
 *
 * Methods for class activation maps, which show the parts of a picture that
 * are the reasons for a class. A_k is the activation of channel k of the target
 * layer, S_k its sum over cells, Y the logit, and G_k the derivative of Y by
 * A_k. For methods with weights w, the map is the sum over k of w_k A_k. The
 * formulas are those of the package pytorch-grad-cam.
 */
typedef enum {
  CNN_CAM_GRAD_CAM,
  CNN_CAM_GRAD_CAM_PLUS_PLUS,
  CNN_CAM_XGRAD_CAM,
  CNN_CAM_HIRES_CAM,
  CNN_CAM_LAYER_CAM,
  CNN_CAM_EIGEN_CAM,
  CNN_CAM_ABLATION_CAM,
  CNN_CAM_SCORE_CAM
} CnnCamMethod;

#define CNN_CAM_N_METHODS (CNN_CAM_SCORE_CAM + 1)

/**
 * cnn_cam_get_name:
 *
 * Returns: (transfer none): name of the method, such as "grad-cam++"
 */
const gchar *cnn_cam_get_name (CnnCamMethod method);

/**
 * CnnCamInput:
 * @activations: @cells x @channels values A
 * @gradient: @cells x @channels values G; only read by methods that have G in
 *   their formula
 */
typedef struct {
  const gfloat *activations;
  const gfloat *gradient;
  gsize cells;
  gsize channels;
} CnnCamInput;

/**
 * cnn_cam_compute:
 * @method: any method but ablation-cam and score-cam, which have to run the
 *   network
 * @scratch: scratch memory for 2 * channels + cells values
 * @cam: (out): one value per cell
 */
void cnn_cam_compute (CnnCamMethod method, const CnnCamInput *input,
    gdouble *scratch, gfloat *cam);

/**
 * cnn_cam_sum_weighted:
 * @weights: one weight per channel
 * @cam: (out): sum over channels of weight * activation, for each cell
 */
void cnn_cam_sum_weighted (const CnnCamInput *input, const gfloat *weights,
    gfloat *cam);

/**
 * cnn_cam_normalize:
 * @map: (out): max (cam, 0) minus its least value, divided by 1e-7 + its
 *   largest value: values of 0 to 1, or all 0 if no value of @cam is positive
 */
void cnn_cam_normalize (const gfloat *cam, gsize cells, gfloat *map);

G_END_DECLS
