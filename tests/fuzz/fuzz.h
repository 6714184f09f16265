/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * fuzz_get_folder:
 *
 * Returns: (transfer none): the folder for files that targets write and read
 *   back; it is in TMPDIR, which run.sh removes at the end
 */
const gchar *fuzz_get_folder (void);

/* Writes a file to that folder. */
void fuzz_write_file (const gchar *name, const void *data, gsize size);

/* The entry points that libFuzzer calls, and the function that it provides. */

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
gsize LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size,
    unsigned int seed);
gsize LLVMFuzzerMutate (guint8 *data, gsize size, gsize max_size);

G_END_DECLS
