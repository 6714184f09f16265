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

/* Opening a FIFO would wait for its writer without O_NONBLOCK. */
static gint
open_file (const gchar *path)
{
  return g_open (path, O_RDONLY | O_BINARY | O_NONBLOCK | O_CLOEXEC, 0);
}

/* What a repository holds in place of a large file that was not fetched. */
static gboolean
is_lfs_pointer (const guint8 *data, gsize size)
{
  static const gchar start[] = "version https://git-lfs.github.com/spec/";

  return size >= sizeof start - 1
      && memcmp (data, start, sizeof start - 1) == 0;
}

static gboolean
measure (gint fd, const gchar *path, gsize max_size, gsize *size,
    GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_READ, "%s: is no regular file",
        path);
    return FALSE;
  }
  *size = (gsize) info.st_size;
  if ((guint64) info.st_size <= max_size)
    return TRUE;
  g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
      "%s: has %" G_GUINT64_FORMAT " bytes, at most %" G_GSIZE_FORMAT
      " are accepted",
      path, (guint64) info.st_size, max_size);
  return FALSE;
}

static GBytes *
read_bytes (gint fd, const gchar *path, gsize size, GError **error)
{
  guint8 *data = g_try_malloc (MAX (size, 1));

  if (!data) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "%s: no memory for its %" G_GSIZE_FORMAT " bytes", path, size);
  } else if (!read_all (fd, data, size)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_READ, "%s: cannot be read", path);
  } else if (is_lfs_pointer (data, size)) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_INVALID,
        "%s: is a Git LFS pointer in place of the file: fetch the file with "
        "git lfs pull",
        path);
  } else {
    return g_bytes_new_take (data, size);
  }
  g_free (data);
  return NULL;
}

GBytes *
cnn_file_read (const gchar *path, gsize max_size, GError **error)
{
  gint fd = open_file (path);
  GBytes *bytes = NULL;
  gsize size;

  if (fd < 0) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_NOT_FOUND,
        "%s: cannot be opened: %s", path, g_strerror (errno));
    return NULL;
  }
  if (measure (fd, path, max_size, &size, error))
    bytes = read_bytes (fd, path, size, error);
  g_close (fd, NULL);
  return bytes;
}

gsize
cnn_file_peek (const gchar *path, gchar *start, gsize size)
{
  gint fd = open_file (path);
  gsize length = 0;

  if (fd < 0)
    return 0;
  if (measure (fd, path, G_MAXSIZE, &length, NULL)) {
    length = MIN (length, size);
    if (!read_all (fd, (guint8 *) start, length))
      length = 0;
  }
  g_close (fd, NULL);
  return length;
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
