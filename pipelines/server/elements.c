/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "elements.h"

gboolean
elements_check (const gchar *const *names, GError **error)
{
  for (; *names; names++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (*names);

    if (!factory) {
      g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT,
          "no element \"%s\"", *names);
      return FALSE;
    }
  }
  return TRUE;
}
