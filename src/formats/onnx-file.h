/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include "onnx.pb-c.h"

G_BEGIN_DECLS

/**
 * OnnxFile:
 * @model: the file's content, with a graph
 * @opset: version of the operators of the graph
 *
 * A file that has been parsed. Its strings are terminated, but may contain
 * anything.
 */
typedef struct {
  Onnx__Model *model;
  gint opset;
} OnnxFile;

/**
 * onnx_file_parse:
 *
 * Memory is limited by a multiple of the file's size, because a few bytes can
 * stand for a large struct.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
OnnxFile *onnx_file_parse (GBytes *file, GError **error);

void onnx_file_free (OnnxFile *file);

/**
 * onnx_file_get_metadata:
 *
 * Returns: (transfer none) (nullable): the file's metadata of that name
 */
const gchar *onnx_file_get_metadata (const OnnxFile *file, const gchar *key);

/**
 * onnx_print_name:
 * @name: (nullable): a name in the file
 *
 * Returns: (transfer full): the name as a short line of text, for messages
 */
gchar *onnx_print_name (const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OnnxFile, onnx_file_free)

G_END_DECLS
