/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Fuzzes the reader of preprocess.json. */

#include "classifier/preprocess.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  ClassifierPreprocess preprocess;

  fuzz_write_file (CLASSIFIER_PREPROCESS_FILE, data, size);
  g_assert_true (
      classifier_preprocess_load (&preprocess, fuzz_get_folder (), &error)
      == (error == NULL));
  classifier_preprocess_clear (&preprocess);
  return 0;
}
