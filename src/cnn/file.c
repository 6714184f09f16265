/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cnn/cnn-error.h"

#ifndef O_BINARY
#define O_BINARY 0
#endif
#ifndef O_NONBLOCK
#define O_NONBLOCK 0
#endif

static gboolean
read_all (gint fd, guint8 *data, gsize size)
{
  gsize done = 0;

  while (done < size) {
    gssize n = read (fd, data + done, size - done);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    done += (gsize) n;
  }
  return TRUE;
}

GBytes *
cnn_file_read (const gchar *path, gsize max_size, GError **error)
{
  /* Opening a FIFO would wait for its writer without O_NONBLOCK. */
  gint fd = g_open (path, O_RDONLY | O_BINARY | O_NONBLOCK | O_CLOEXEC, 0);
  GBytes *bytes = NULL;
  guint8 *data = NULL;
  struct stat info;

  if (fd < 0) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_NOT_FOUND,
        "%s: cannot be opened: %s", path, g_strerror (errno));
    return NULL;
  }
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_READ, "%s: is no regular file",
        path);
  } else if ((guint64) info.st_size > max_size) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "%s: has %" G_GUINT64_FORMAT " bytes, at most %" G_GSIZE_FORMAT
        " are accepted",
        path, (guint64) info.st_size, max_size);
  } else if (!(data = g_try_malloc (MAX (info.st_size, 1)))) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "%s: no memory for its %" G_GUINT64_FORMAT " bytes", path,
        (guint64) info.st_size);
  } else if (!read_all (fd, data, (gsize) info.st_size)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_READ, "%s: cannot be read", path);
  } else {
    bytes = g_bytes_new_take (g_steal_pointer (&data), (gsize) info.st_size);
  }
  g_free (data);
  g_close (fd, NULL);
  return bytes;
}

gboolean
cnn_file_is_below (const gchar *path)
{
  g_auto (GStrv) components = NULL;

  if (!path[0] || path[0] == '/' || strchr (path, '\\') || strchr (path, ':'))
    return FALSE;
  components = g_strsplit (path, "/", -1);
  return !g_strv_contains ((const gchar *const *) components, "..");
}
