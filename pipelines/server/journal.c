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

#define HIDDEN "***"
/* Between the fields of a URL. */
#define SEPARATORS "/?&;#"

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
    journal_print ("The service manager cannot be notified: %s",
        g_strerror (errno));
  close (descriptor);
}

/* Whether this is a host with a port, or without one, rather than a name and
 * the beginning of a password. */
static gboolean
is_host (const gchar *start, gsize length)
{
  const gchar *end = start + length;

  while (end > start && g_ascii_isdigit (end[-1]))
    end--;
  return end == start || end[-1] == ':' || end[-1] == ']'
      || !memchr (start, ':', (gsize) (end - start));
}

/* Where the host begins, after a name and a password. These may have any
 * character that somebody has forgotten to escape, so the last @ counts. */
static const gchar *
find_host (const gchar *start)
{
  const gsize length = strcspn (start, "/");
  const gchar *at = g_strrstr_len (start, (gssize) length, "@");

  if (!at && !is_host (start, length))
    at = strrchr (start, '@');
  return at ? at : start;
}

static gboolean
is_secret_field (const gchar *name, gsize length)
{
  static const gchar *const names[] = { "access_token", "api_key", "apikey",
    "auth", "credential", "key", "pass", "passphrase", "passwd", "password",
    "pw", "pwd", "secret", "sig", "signature", "token", NULL };
  g_autofree gchar *lower = g_ascii_strdown (name, (gssize) length);

  return g_strv_contains (names, lower);
}

/* Adds the rest of a URL with what its secret fields say left out. Some cameras
 * have fields in the path. */
static void
add_fields (GString *hidden, const gchar *text)
{
  while (*text) {
    const gsize name = strcspn (text, "=" SEPARATORS);
    const gsize whole = strcspn (text, SEPARATORS);
    const gboolean is_secret = text[name] == '='
        && is_secret_field (text, name);

    g_string_append_len (hidden, text, (gssize) (is_secret ? name : whole));
    if (is_secret)
      g_string_append (hidden, "=" HIDDEN);
    text += whole;
    if (*text)
      g_string_append_c (hidden, *text++);
  }
}

gchar *
journal_hide_password (const gchar *url)
{
  const gchar *scheme_end = strstr (url, "://");
  const gchar *start, *host;
  GString *hidden;

  if (!scheme_end)
    return g_strdup (url);
  start = scheme_end + strlen ("://");
  host = find_host (start);
  hidden = g_string_new_len (url, (gssize) (start - url));
  if (host > start)
    g_string_append (hidden, HIDDEN);
  add_fields (hidden, host);
  return g_string_free (hidden, FALSE);
}
