/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/aligned.h"

#include <stdlib.h>

gfloat *
cnn_aligned_try_new (gsize count)
{
  gsize bytes;

  if (!g_size_checked_mul (&bytes, MAX (count, 1), sizeof (gfloat))
      || !g_size_checked_add (&bytes, bytes, CNN_ALIGNMENT - 1))
    return NULL;
  return aligned_alloc (CNN_ALIGNMENT, bytes / CNN_ALIGNMENT * CNN_ALIGNMENT);
}

void
cnn_aligned_free (gfloat *floats)
{
  free (floats);
}
