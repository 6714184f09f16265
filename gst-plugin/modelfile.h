/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * model_file_get_default:
 * @name: of a model that comes with the plugin
 *
 * Returns: (transfer full): its folder, where it was installed or where the
 *   environment variable `GST_ACTIVATIONMAP_MODEL_DIR` says
 */
gchar *model_file_get_default (const gchar *name);

/**
 * model_file_post_error:
 * @error: a %MODEL_ERROR of loading a model
 * @consequence: what @element cannot do now
 *
 * Posts the error that fits.
 */
void model_file_post_error (GstElement *element, const GError *error,
    const gchar *consequence);

G_END_DECLS
