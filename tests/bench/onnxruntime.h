/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _OnnxRuntime OnnxRuntime;

/**
 * onnxruntime_open:
 *
 * Opens the library that the environment variable BENCH_ONNXRUNTIME names.
 *
 * Returns: (nullable): why that fails, or %NULL
 */
const gchar *onnxruntime_open (void);

/**
 * onnxruntime_load:
 * @path: an .onnx file
 * @input_name: name of its input
 * @input: (transfer none): values of the input, which must stay
 * @dims: batch, channels, height and width of the input
 * @outputs: (transfer none) (array length=n_outputs): names of the outputs to
 *   compute
 *
 * Prepares a network for one thread. Any error of the library ends the program.
 */
OnnxRuntime *onnxruntime_load (const gchar *path, const gchar *input_name,
    gfloat *input, const gint64 dims[4], const gchar *const *outputs,
    guint n_outputs);

void onnxruntime_run (OnnxRuntime *self);

/**
 * onnxruntime_get_output:
 * @n_values: (out)
 *
 * Returns: (transfer none): the values of an output, once the network has run
 */
const gfloat *onnxruntime_get_output (OnnxRuntime *self, guint index,
    gsize *n_values);

G_END_DECLS
