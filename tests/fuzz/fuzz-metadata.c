/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Fuzzes the reader of the metadata.json of Teachable Machine. */

#include "classifier/teachable-machine.h"
#include "fuzz.h"

/* A label is one line of text. */
static void
check_label (const gchar *label)
{
  g_assert_true (*label && g_utf8_validate (label, -1, NULL));
  for (const gchar *c = label; *c; c++)
    g_assert_false (g_ascii_iscntrl (*c));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) labels = NULL;

  fuzz_write_file ("metadata.json", data, size);
  g_assert_true (teachable_machine_load (fuzz_get_folder (), &labels, &error)
      == (error == NULL));
  for (guint i = 0; labels && labels[i]; i++)
    check_label (labels[i]);
  return 0;
}
