/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include <glib.h>

G_BEGIN_DECLS

#define MAX_LAYER_VARIABLES 4

/**
 * layer_variables_get:
 * @class_name: of a layer
 * @config: of the same layer
 * @names: (out) (transfer none): %MAX_LAYER_VARIABLES places
 *
 * Which variables a layer of Keras has, in the order in which it saves them,
 * by the names that tfjs knows.
 *
 * Returns: how many; 0 for classes without variables, and for unknown ones
 */
guint layer_variables_get (const gchar *class_name, const cJSON *config,
    const gchar *names[MAX_LAYER_VARIABLES]);

/**
 * layer_variables_to_snake_case:
 *
 * Returns: (transfer full): the class name as Keras writes it in paths, such
 *   as "batch_normalization", "conv2d" or "p_re_lu"
 */
gchar *layer_variables_to_snake_case (const gchar *class_name);

G_END_DECLS
