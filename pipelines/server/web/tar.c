/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tar.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BLOCK_SIZE 512
#define MAX_FILES 1000

/* Header: of a file in an archive; numbers are octal, as text. */
typedef struct {
  gchar name[100];
  gchar mode[8], owner[8], group[8];
  gchar size[12];
  gchar time[12];
  gchar checksum[8];
  gchar type;
  gchar link[100];
  gchar magic[8];
  gchar names[64], device[16];
  gchar prefix[155];
  gchar padding[12];
} Header;

G_STATIC_ASSERT (sizeof (Header) == BLOCK_SIZE);

static gboolean fail (GError **error, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const gchar *format, ...)
{
  g_autofree gchar *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The archive %s",
      message);
  return FALSE;
}

static gboolean
parse_octal (const gchar *field, gsize size, guint64 *value)
{
  g_autofree gchar *text = g_strstrip (g_strndup (field, size));

  return g_ascii_string_to_unsigned (text, 8, 0, G_MAXINT, value, NULL);
}

/* The checksum is the sum of all bytes, where its own are spaces. */
static gboolean
is_header (const Header *header)
{
  const guint8 *bytes = (const guint8 *) header;
  guint64 expected, sum = ' ' * sizeof header->checksum;

  for (gsize i = 0; i < BLOCK_SIZE; i++)
    sum += bytes[i];
  for (gsize i = 0; i < sizeof header->checksum; i++)
    sum -= (guint8) header->checksum[i];
  return parse_octal (header->checksum, sizeof header->checksum, &expected)
      && sum == expected;
}

static gboolean
is_end (const Header *header)
{
  static const Header zeros;

  return memcmp (header, &zeros, sizeof zeros) == 0;
}

/* Returns: (transfer full) (nullable): the name without its folders; NULL if it
 * leads out of the archive. */
static gchar *
get_name (const Header *header)
{
  g_autofree gchar *path = g_strndup (header->name, sizeof header->name);
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  const guint n_parts = g_strv_length (parts);

  if (n_parts == 0 || path[0] == '/' || strchr (path, '\\')
      || g_strv_contains ((const gchar *const *) parts, ".."))
    return NULL;
  return g_strdup (parts[n_parts - 1]);
}

static gboolean
write_all (gint file, const guint8 *data, gsize size)
{
  while (size > 0) {
    const gssize written = write (file, data, size);

    if (written < 0)
      return FALSE;
    data += written;
    size -= (gsize) written;
  }
  return TRUE;
}

static gboolean
write_file (const gchar *folder, const gchar *name, const guint8 *data,
    gsize size, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  const gint file = open (path,
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean is_written;

  if (file < 0)
    return fail (error, "has a file that cannot be written, \"%s\": %s", name,
        g_strerror (errno));
  is_written = write_all (file, data, size);
  if (close (file) != 0 || !is_written)
    return fail (error, "cannot be unpacked: %s", g_strerror (errno));
  return TRUE;
}

static gboolean
unpack_file (const Header *header, const guint8 *data, gsize size,
    const gchar *folder, GError **error)
{
  g_autofree gchar *name = get_name (header);

  switch (header->type) {
    case '0':
    case '\0':
      if (!name || !g_utf8_validate (name, -1, NULL))
        return fail (error, "has a path that leads out of it: \"%.100s\"",
            header->name);
      return *name == '.' || *name == '\0'
          || write_file (folder, name, data, size, error);
    case '5': /* a folder */
    case 'x': /* more about the next file, or all */
    case 'g':
      return TRUE;
    default:
      return fail (error, "has something that is no file: \"%.100s\"",
          header->name);
  }
}

gboolean
tar_unpack (GBytes *archive, const gchar *folder, GError **error)
{
  gsize left;
  const guint8 *data = g_bytes_get_data (archive, &left);

  for (guint n_files = 0; left >= BLOCK_SIZE; n_files++) {
    const Header *header = (const Header *) (gconstpointer) data;
    guint64 size, whole;

    if (is_end (header))
      return TRUE;
    if (n_files == MAX_FILES)
      return fail (error, "has more than %d files", MAX_FILES);
    if (!is_header (header)
        || !parse_octal (header->size, sizeof header->size, &size))
      return fail (error, "is damaged, or no tar archive");
    whole = BLOCK_SIZE + (size + BLOCK_SIZE - 1) / BLOCK_SIZE * BLOCK_SIZE;
    if (whole > left)
      return fail (error, "ends too early");
    if (!unpack_file (header, data + BLOCK_SIZE, size, folder, error))
      return FALSE;
    data += whole;
    left -= whole;
  }
  return fail (error, "ends too early");
}
