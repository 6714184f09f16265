/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

#define KERAS_MAX_VARIABLES 4

/**
 * keras_variables_list:
 * @config: (nullable): configuration of the layer
 * @names: (out caller-allocates): names of its variables in tfjs, in the order
 *   in which Keras saves them
 *
 * Returns: their number, 0 for unknown classes and those without any
 */
guint keras_variables_list (const gchar *class_name, const cJSON *config,
    const gchar *names[KERAS_MAX_VARIABLES]);

G_END_DECLS
