/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "host.h"

#include <gio/gio.h>
#include <string.h>

gchar *
host_from_address (const gchar *address)
{
  g_autoptr (GInetAddress) parsed = g_inet_address_new_from_string (address);

  if (parsed && g_inet_address_get_is_any (parsed))
    return g_strdup (g_get_host_name ());
  if (strchr (address, ':'))
    return g_strdup_printf ("[%s]", address);
  return g_strdup (address);
}
