/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Replaces libFuzzer where it is not available: runs a target on all files in
 * the given folders, so that fixed bugs stay fixed. */

#include <glib/gstdio.h>

#include "fuzz.h"

static void
replay_file (const gchar *path)
{
  g_autofree gchar *data = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  g_print ("%s\n", path);
  LLVMFuzzerTestOneInput ((const guint8 *) data, size);
}

static void
for_each_file (const gchar *folder, void (*function) (const gchar *path))
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const gchar *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);

    function (path);
  }
}

static void
remove_file (const gchar *path)
{
  g_remove (path);
}

int
main (int argc, char **argv)
{
  for (gint i = 1; i < argc; i++)
    for_each_file (argv[i], replay_file);
  for_each_file (fuzz_get_folder (), remove_file);
  g_rmdir (fuzz_get_folder ());
  return 0;
}
