/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/labels.h"

#include "base/file.h"
#include "base/model-error.h"

#define MAX_FILE_SIZE (1 << 20)

GStrv
labels_load (const gchar *path, guint n_classes, GError **error)
{
  g_autoptr (GBytes) bytes = file_read (path, MAX_FILE_SIZE, error);
  g_auto (GStrv) labels = NULL;
  g_autofree gchar *text = NULL;
  gsize size;
  const gchar *data;
  guint n;

  if (!bytes)
    return NULL;
  data = file_get_text (bytes, &size, error);
  if (!data) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  text = g_strndup (data, size);
  g_strchomp (text);
  labels = g_strsplit (text, "\n", -1);
  n = g_strv_length (labels);
  if (n != n_classes) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "%s: has %u labels, but the model tells %u classes apart; write one "
        "label a line, class 0 first",
        path, n, n_classes);
    return NULL;
  }
  for (guint i = 0; i < n; i++) {
    if (!*g_strstrip (labels[i])) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "%s: line %u has no label", path, i + 1);
      return NULL;
    }
  }
  return g_steal_pointer (&labels);
}
