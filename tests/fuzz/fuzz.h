/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib/gstdio.h>

G_BEGIN_DECLS

/* Removes the file first: g_file_set_contents_full() of GLib 2.74 leaves the end
 * of a longer one. */
static inline void
fuzz_write_file (const gchar *folder, const gchar *name, const void *data,
    gsize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  g_remove (path);
  g_file_set_contents_full (path, data, (gssize) size, G_FILE_SET_CONTENTS_NONE,
      0600, NULL);
}

/* What libFuzzer calls, and what it offers. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
gsize LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size,
    unsigned int seed);
gsize LLVMFuzzerMutate (guint8 *data, gsize size, gsize max_size);

G_END_DECLS
