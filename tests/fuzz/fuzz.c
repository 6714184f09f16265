/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fuzz.h"

#include <glib/gstdio.h>

const gchar *
fuzz_get_folder (void)
{
  static gchar *folder;

  if (!folder) {
    folder = g_dir_make_tmp ("activationmap-fuzz-XXXXXX", NULL);
    g_assert_nonnull (folder);
  }
  return folder;
}

/* Removes the file first, because g_file_set_contents_full() of GLib 2.74 keeps
 * the end of a longer file. */
void
fuzz_write_file (const gchar *name, const void *data, gsize size)
{
  g_autofree gchar *path = g_build_filename (fuzz_get_folder (), name, NULL);

  g_remove (path);
  g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_NONE,
      0600, NULL);
}
