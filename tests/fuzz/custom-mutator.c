/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The mutator for targets that read JSON: changes the tree, and occasionally
 * the bytes. */

#include <string.h>

#include "base/json.h"
#include "fuzz.h"
#include "json-mutator.h"

gsize
LLVMFuzzerCustomMutator (guint8 *data, gsize size, gsize max_size,
    unsigned int seed)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  GRand *random = g_rand_new_with_seed (seed);
  cJSON *root = seed % 8 ? json_parse (bytes, NULL) : NULL;
  gchar *text = NULL;

  if (root) {
    for (gint i = g_rand_int_range (random, 1, 5); i > 0; i--)
      json_mutator_change (root, random);
    text = cJSON_PrintUnformatted (root);
  }
  if (text && strlen (text) <= max_size) {
    size = strlen (text);
    memcpy (data, text, size);
  } else {
    size = LLVMFuzzerMutate (data, size, max_size);
  }
  cJSON_free (text);
  cJSON_Delete (root);
  g_rand_free (random);
  return size;
}
