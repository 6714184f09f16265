/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/explain/class-activation.h"

#include <math.h>
#include <string.h>

#include "cnn/kernels/vector.h"

/* Power iteration ends when the component moves by less than EIGEN_TOLERANCE,
 * squared, or after EIGEN_ITERATIONS, if a second component is as good. */
#define EIGEN_TOLERANCE 1e-14
#define EIGEN_ITERATIONS 300

const gchar *
cnn_cam_get_name (CnnCamMethod method)
{
  static const gchar *const names[CNN_CAM_N_METHODS] = {
    [CNN_CAM_GRAD_CAM] = "grad-cam",
    [CNN_CAM_GRAD_CAM_PLUS_PLUS] = "grad-cam++",
    [CNN_CAM_XGRAD_CAM] = "xgrad-cam",
    [CNN_CAM_HIRES_CAM] = "hires-cam",
    [CNN_CAM_LAYER_CAM] = "layer-cam",
    [CNN_CAM_EIGEN_CAM] = "eigen-cam",
    [CNN_CAM_ABLATION_CAM] = "ablation-cam",
    [CNN_CAM_SCORE_CAM] = "score-cam",
  };

  return names[method];
}

/* Sums over the cells of one channel. */
typedef struct {
  gdouble activation;
  gdouble gradient;
  gdouble product;
} ChannelSums;

static ChannelSums
sum_channel (const CnnCamInput *input, gsize channel)
{
  ChannelSums sums = { 0.0, 0.0, 0.0 };

  for (gsize i = channel; i < input->cells * input->channels;
       i += input->channels) {
    sums.activation += input->activations[i];
    sums.gradient += input->gradient[i];
    sums.product += (gdouble) input->activations[i] * input->gradient[i];
  }
  return sums;
}

static gdouble
weigh_plus_plus (const CnnCamInput *input, gsize channel, gdouble activation)
{
  gdouble weight = 0.0;

  for (gsize i = channel; i < input->cells * input->channels;
       i += input->channels) {
    const gdouble g = input->gradient[i];

    if (g > 0.0)
      weight += g * g * g / (2.0 * g * g + activation * g * g * g + 1e-6);
  }
  return weight;
}

static gdouble
weigh (CnnCamMethod method, const CnnCamInput *input, gsize channel)
{
  const ChannelSums sums = sum_channel (input, channel);

  switch (method) {
    case CNN_CAM_GRAD_CAM:
      return sums.gradient / (gdouble) input->cells;
    case CNN_CAM_GRAD_CAM_PLUS_PLUS:
      return weigh_plus_plus (input, channel, sums.activation);
    case CNN_CAM_XGRAD_CAM:
      return sums.product / (sums.activation + 1e-7);
    default:
      g_assert_not_reached ();
  }
}

static void
add_weighted_channels (CnnCamMethod method, const CnnCamInput *input,
    gfloat *cam)
{
  memset (cam, 0, input->cells * sizeof *cam);
  for (gsize c = 0; c < input->channels; c++) {
    const gfloat weight = (gfloat) weigh (method, input, c);

    for (gsize cell = 0; cell < input->cells; cell++)
      cam[cell] += weight * input->activations[cell * input->channels + c];
  }
}

static void
sum_products (const CnnCamInput *input, gboolean only_positive, gfloat *cam)
{
  for (gsize cell = 0; cell < input->cells; cell++) {
    const gfloat *a = input->activations + cell * input->channels;
    const gfloat *g = input->gradient + cell * input->channels;

    cam[cell] = 0.0f;
    for (gsize c = 0; c < input->channels; c++)
      cam[cell] += a[c] * (only_positive ? MAX (g[c], 0.0f) : g[c]);
  }
}

/**
 * Eigen:
 * @mean: mean of each channel
 * @component: unit vector with one value per channel
 * @projection: projection of each cell's activations, minus the mean, on the
 *   component
 *
 * The first principal component of the cells, found by power iteration.
 */
typedef struct {
  const CnnCamInput *input;
  gdouble *mean;
  gdouble *component;
  gdouble *projection;
} Eigen;

static void
find_means (Eigen *eigen)
{
  const gsize channels = eigen->input->channels, cells = eigen->input->cells;

  for (gsize c = 0; c < channels; c++) {
    eigen->mean[c] = 0.0;
    for (gsize i = 0; i < cells; i++)
      eigen->mean[c] += eigen->input->activations[i * channels + c];
    eigen->mean[c] /= (gdouble) cells;
  }
}

/* Starts with the cell that is farthest from the mean. */
static void
choose_component (Eigen *eigen)
{
  const gsize channels = eigen->input->channels, cells = eigen->input->cells;
  const gfloat *farthest = eigen->input->activations;
  gdouble largest = -1.0;

  for (gsize i = 0; i < cells; i++) {
    const gfloat *cell = eigen->input->activations + i * channels;
    gdouble distance = 0.0;

    for (gsize c = 0; c < channels; c++) {
      distance += (cell[c] - eigen->mean[c]) * (cell[c] - eigen->mean[c]);
    }
    if (distance > largest) {
      largest = distance;
      farthest = cell;
    }
  }
  for (gsize c = 0; c < channels; c++)
    eigen->component[c] = farthest[c] - eigen->mean[c];
}

/* Scales the component to length 1. Returns FALSE if its length is 0. */
static gboolean
normalize_component (Eigen *eigen)
{
  const gsize channels = eigen->input->channels;
  gdouble square = 0.0;

  for (gsize c = 0; c < channels; c++)
    square += eigen->component[c] * eigen->component[c];
  for (gsize c = 0; c < channels && square > 0.0; c++)
    eigen->component[c] /= sqrt (square);
  return square > 0.0;
}

static void
project (Eigen *eigen)
{
  const gsize channels = eigen->input->channels, cells = eigen->input->cells;

  for (gsize i = 0; i < cells; i++) {
    const gfloat *cell = eigen->input->activations + i * channels;

    eigen->projection[i] = 0.0;
    for (gsize c = 0; c < channels; c++) {
      eigen->projection[i] += (cell[c] - eigen->mean[c]) * eigen->component[c];
    }
  }
}

/* Moves the component to the sum of the cells weighted by their projections.
 * Returns the square of the distance that it moves. */
static gdouble
improve_component (Eigen *eigen)
{
  const gsize channels = eigen->input->channels, cells = eigen->input->cells;
  gdouble square = 0.0, moved = 0.0;

  for (gsize i = 0; i < cells; i++)
    square += eigen->projection[i] * eigen->projection[i];
  /* After convergence the sum is the component times the eigenvalue, which is
   * the squared length of the projection. */
  for (gsize c = 0; c < channels; c++) {
    gdouble sum = 0.0;

    for (gsize i = 0; i < cells; i++) {
      sum += eigen->projection[i]
          * (eigen->input->activations[i * channels + c] - eigen->mean[c]);
    }
    sum = square > 0.0 ? sum / square : 0.0;
    moved += (sum - eigen->component[c]) * (sum - eigen->component[c]);
    eigen->component[c] = sum;
  }
  return moved;
}

static void
compute_eigen_cam (const CnnCamInput *input, gdouble *scratch, gfloat *cam)
{
  Eigen eigen = { input, scratch, scratch + input->channels,
    scratch + 2 * input->channels };
  gdouble least = 0.0, most = 0.0, moved = 1.0;

  memset (cam, 0, input->cells * sizeof *cam);
  find_means (&eigen);
  choose_component (&eigen);
  for (guint i = 0; i < EIGEN_ITERATIONS && moved > EIGEN_TOLERANCE; i++) {
    if (!normalize_component (&eigen))
      return;
    project (&eigen);
    moved = improve_component (&eigen);
  }
  for (gsize i = 0; i < input->cells; i++) {
    least = MIN (least, eigen.projection[i]);
    most = MAX (most, eigen.projection[i]);
  }
  /* The sign of the component is arbitrary: show the larger side. */
  for (gsize i = 0; i < input->cells; i++) {
    cam[i] = (gfloat) (-least > most ? -eigen.projection[i]
                                     : eigen.projection[i]);
  }
}

void
cnn_cam_compute (CnnCamMethod method, const CnnCamInput *input,
    gdouble *scratch, gfloat *cam)
{
  switch (method) {
    case CNN_CAM_HIRES_CAM:
      sum_products (input, FALSE, cam);
      break;
    case CNN_CAM_LAYER_CAM:
      sum_products (input, TRUE, cam);
      break;
    case CNN_CAM_EIGEN_CAM:
      compute_eigen_cam (input, scratch, cam);
      break;
    default:
      add_weighted_channels (method, input, cam);
      break;
  }
}

void
cnn_cam_sum_weighted (const CnnCamInput *input, const gfloat *weights,
    gfloat *cam)
{
  for (gsize cell = 0; cell < input->cells; cell++) {
    cam[cell] = cnn_dot (input->activations + cell * input->channels, weights,
        input->channels);
  }
}

void
cnn_cam_normalize (const gfloat *cam, gsize cells, gfloat *map)
{
  gfloat least = G_MAXFLOAT, most = 0.0f;

  for (gsize i = 0; i < cells; i++) {
    map[i] = MAX (cam[i], 0.0f);
    least = MIN (least, map[i]);
    most = MAX (most, map[i]);
  }
  for (gsize i = 0; i < cells; i++)
    map[i] = (map[i] - least) / (1e-7f + most - least);
}
