/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/aligned.h"

#include <stdlib.h>

gfloat *
aligned_try_new (gsize count)
{
  gsize bytes;

  if (!g_size_checked_mul (&bytes, MAX (count, 1), sizeof (gfloat))
      || !g_size_checked_add (&bytes, bytes, CACHE_LINE - 1))
    return NULL;
  return aligned_alloc (CACHE_LINE, bytes / CACHE_LINE * CACHE_LINE);
}

void
aligned_free (gfloat *floats)
{
  free (floats);
}
