/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image-cpu.h"

static gboolean
look (void)
{
#ifdef IMAGE_X86
  const gchar *most = g_getenv ("ACTIVATIONMAP_CPU");

  return __builtin_cpu_supports ("avx2")
      && (!most || g_str_has_prefix (most, "avx"));
#else
  return FALSE;
#endif
}

gboolean
image_cpu_has_avx2 (void)
{
  static gsize answer = 0; /* 1: no, 2: yes */

  if (g_once_init_enter (&answer))
    g_once_init_leave (&answer, look () ? 2 : 1);
  return answer == 2;
}
