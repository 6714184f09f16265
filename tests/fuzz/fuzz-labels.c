/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Fuzzes the reader of labels. The input is a byte with the number of classes,
 * followed by the file. */

#include "classifier/labels.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *path = g_build_filename (fuzz_get_folder (), "labels.txt",
      NULL);
  g_auto (GStrv) labels = NULL;
  guint n_classes;

  if (size == 0)
    return 0;
  n_classes = data[0];
  fuzz_write_file ("labels.txt", data + 1, size - 1);
  labels = labels_load (path, n_classes, NULL);
  if (!labels)
    return 0;
  g_assert_cmpuint (g_strv_length (labels), ==, n_classes);
  for (guint i = 0; i < n_classes; i++)
    g_assert_true (*labels[i] && g_utf8_validate (labels[i], -1, NULL));
  return 0;
}
