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
 * OnnxNames:
 *
 * Readable names for the layers of a graph.
 */
typedef struct _OnnxNames OnnxNames;

/**
 * onnx_names_new:
 * @graph: borrowed
 */
OnnxNames *onnx_names_new (const Onnx__Graph *graph);

void onnx_names_free (OnnxNames *names);

/**
 * onnx_names_choose:
 *
 * The name of the module that a node is all of, such as "features.0" for
 * "/features/features.0/Conv"; with the operator if it is only a part, such as
 * "layer1.0.add" for "/layer1/layer1.0/Add". A node whose name says nothing of
 * modules has that of its weights ("fc" for "fc.weight").
 *
 * Returns: (transfer full): a name that may occur several times
 */
gchar *onnx_names_choose (const OnnxNames *names, const Onnx__Node *node);

/* Returns: (transfer full): letters, digits and "_.-" of @name */
gchar *onnx_names_clean (const gchar *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OnnxNames, onnx_names_free)

G_END_DECLS
