/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * LinearModel:
 * @kernel: (array) (nullable): height x width x channels x n_values weights;
 *   %NULL for only the bias
 * @bias: (array length=n_values): biases
 * @n_outputs: number of times that the output is listed
 *
 * A network of a single Dense layer that reads all values of the input.
 */
typedef struct {
  gint height;
  gint width;
  gint channels;
  gint n_values;
  const gfloat *kernel;
  const gfloat *bias;
  guint n_outputs;
} LinearModel;

/**
 * linear_model_write:
 * @folder: the folder for model.json and weights.bin, created if necessary
 */
void linear_model_write (const LinearModel *model, const gchar *folder);

/**
 * linear_model_remove:
 *
 * Removes the folder and its model.json, weights.bin and preprocess.json.
 */
void linear_model_remove (const gchar *folder);

G_END_DECLS
