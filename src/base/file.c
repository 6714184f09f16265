/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/model-error.h"

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

/* Without O_NONBLOCK, opening a FIFO would wait for a writer. */
static gint
open_file (const gchar *path)
{
  return g_open (path, O_RDONLY | O_BINARY | O_NONBLOCK | O_CLOEXEC, 0);
}

/* A small text file that stands for a large one that was not fetched. */
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
  struct stat info = { 0 };

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_READ, "%s: is %s", path,
        S_ISDIR (info.st_mode) ? "a folder; give a file in it"
                               : "not a regular file");
    return FALSE;
  }
  *size = (gsize) info.st_size;
  if ((guint64) info.st_size <= max_size)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "%s: has %" G_GUINT64_FORMAT " bytes; at most %" G_GSIZE_FORMAT
      " are accepted",
      path, (guint64) info.st_size, max_size);
  return FALSE;
}

static GBytes *
read_bytes (gint fd, const gchar *path, gsize size, GError **error)
{
  guint8 *data = g_try_malloc (MAX (size, 1));

  if (!data) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "%s: there is no memory for its %" G_GSIZE_FORMAT " bytes", path, size);
  } else if (!read_all (fd, data, size)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_READ, "%s: cannot be read",
        path);
  } else if (is_lfs_pointer (data, size)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "%s: is a Git LFS pointer, not the file itself: run git lfs pull in "
        "the repository that it is from",
        path);
  } else {
    return g_bytes_new_take (data, size);
  }
  g_free (data);
  return NULL;
}

GBytes *
file_read (const gchar *path, gsize max_size, GError **error)
{
  gint fd = open_file (path);
  GBytes *bytes = NULL;
  gsize size;

  if (fd < 0) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_NOT_FOUND,
        "%s: cannot be opened: %s", path, g_strerror (errno));
    return NULL;
  }
  if (measure (fd, path, max_size, &size, error))
    bytes = read_bytes (fd, path, size, error);
  g_close (fd, NULL);
  return bytes;
}

gsize
file_peek (const gchar *path, gchar *start, gsize size)
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
file_is_below (const gchar *path)
{
  g_auto (GStrv) components = NULL;

  if (!path[0] || path[0] == '/' || strchr (path, '\\') || strchr (path, ':'))
    return FALSE;
  components = g_strsplit (path, "/", -1);
  return !g_strv_contains ((const gchar *const *) components, "..");
}

#define BOM "\xef\xbb\xbf"
#define BOM_SIZE 3

static gboolean
is_utf16 (const gchar *data, gsize size)
{
  return size >= 2
      && (memcmp (data, "\xff\xfe", 2) == 0
          || memcmp (data, "\xfe\xff", 2) == 0);
}

const gchar *
file_get_text (GBytes *file, gsize *size, GError **error)
{
  const gchar *data = g_bytes_get_data (file, size);

  if (*size >= BOM_SIZE && memcmp (data, BOM, BOM_SIZE) == 0) {
    data += BOM_SIZE;
    *size -= BOM_SIZE;
  }
  if (*size == 0)
    return "";
  if (g_utf8_validate_len (data, *size, NULL))
    return data;
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      is_utf16 (data, *size) ? "is a text in UTF-16: save it as UTF-8"
                             : "is not a text in UTF-8");
  return NULL;
}
