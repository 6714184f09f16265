/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "journal.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
journal_print (const gchar *format, ...)
{
  g_autofree gchar *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  line = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  for (gchar *c = line; *c; c++) {
    if (g_ascii_iscntrl (*c))
      *c = '?';
  }
  g_printerr ("%s: %s\n", g_get_prgname (), line);
}

/* A name that begins with @ is in the abstract namespace. */
static gboolean
get_address (struct sockaddr_un *address, socklen_t *size)
{
  const gchar *path = g_getenv ("NOTIFY_SOCKET");
  const gsize length = path ? strlen (path) : 0;

  if (length == 0 || length >= sizeof address->sun_path)
    return FALSE;
  memset (address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy (address->sun_path, path, length);
  if (path[0] == '@')
    address->sun_path[0] = '\0';
  *size = (socklen_t) (G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length);
  return TRUE;
}

void
journal_notify (const gchar *state)
{
  struct sockaddr_un address;
  socklen_t size;
  gint descriptor;

  if (!get_address (&address, &size))
    return;
  descriptor = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return;
  if (sendto (descriptor, state, strlen (state), MSG_NOSIGNAL,
          (const struct sockaddr *) &address, size)
      < 0)
    journal_print ("The service manager cannot be told: %s",
        g_strerror (errno));
  close (descriptor);
}

gchar *
journal_hide_password (const gchar *url)
{
  const gchar *host = strstr (url, "://");
  gsize length;
  const gchar *at = NULL;

  if (!host)
    return g_strdup (url);
  host += strlen ("://");
  length = strcspn (host, "/?#");
  for (const gchar *c = host; c < host + length; c++) {
    if (*c == '@')
      at = c;
  }
  if (!at)
    return g_strdup (url);
  return g_strdup_printf ("%.*s***%s", (gint) (host - url), url, at);
}
