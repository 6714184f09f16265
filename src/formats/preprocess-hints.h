/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PreprocessHints:
 * @range: (nullable): as for preprocess_options_set_range()
 * @mean: (nullable): as for preprocess_options_set_mean()
 * @deviation: (nullable): likewise
 * @channels: (nullable): "rgb", "bgr" or "gray"
 * @names: (array zero-terminated=1) (nullable): names of the classes
 *
 * What a file says of how its input is made.
 */
typedef struct {
  gchar *range;
  gchar *mean;
  gchar *deviation;
  gchar *channels;
  GStrv names;
} PreprocessHints;

void preprocess_hints_clear (PreprocessHints *hints);

/**
 * preprocess_hints_read_names:
 * @text: (nullable): a list, or a dictionary by number, of strings, as Python
 *   or JSON writes them: "{0: 'cat', 1: 'dog'}"
 *
 * Sets the names of the classes. They are left alone if @text is anything else.
 */
void preprocess_hints_read_names (PreprocessHints *hints, const gchar *text);

/**
 * preprocess_hints_read_modelinfo:
 * @path: path of the model's file
 *
 * Reads the ranges of the input from the file that GstAnalytics has beside a
 * model: PATH.modelinfo, an INI file with a group for each tensor. There,
 * `ranges` is what 0..255 becomes, such as "-1,1", for all channels or, with
 * semicolons, for each (red, green, blue). It is left alone if there is none.
 *
 * Returns: FALSE with a %MODEL_ERROR that names the file if it is damaged
 */
gboolean preprocess_hints_read_modelinfo (PreprocessHints *hints,
    const gchar *path, GError **error);

G_END_DECLS
