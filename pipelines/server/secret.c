/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "secret.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>

gboolean
secret_check (const gchar *path, GError **error)
{
  struct stat status;

  /* What is no file says so when it is read. */
  if (stat (path, &status) != 0 || !S_ISREG (status.st_mode)
      || !(status.st_mode & S_IROTH))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
      "%s: everybody can read the passwords; chmod o= %s", path, path);
  return FALSE;
}

gchar *
secret_read (const gchar *path, GError **error)
{
  g_autofree gchar *contents = NULL;

  if (!secret_check (path, error)
      || !g_file_get_contents (path, &contents, NULL, error))
    return NULL;
  contents[strcspn (contents, "\r\n")] = '\0';
  if (*contents)
    return g_steal_pointer (&contents);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "%s: the first line must be a password", path);
  return NULL;
}
