/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/shard-reader.h"

#include <string.h>

#include "base/file.h"
#include "base/model-error.h"

/**
 * CnnShardReader:
 * @path: the file that is open, or the one to open next; %NULL after the last
 * @last: (nullable): the file that was read last
 * @shard: (nullable): contents of the open file
 * @offset: of the next byte in it
 * @max_size: that the files to come may have
 */
struct _CnnShardReader {
  gchar *folder;
  const cJSON *path;
  const cJSON *last;
  GBytes *shard;
  gsize offset;
  gsize max_size;
};

CnnShardReader *
cnn_shard_reader_new (const cJSON *paths, const gchar *folder, gsize max_size,
    GError **error)
{
  CnnShardReader *reader;
  const cJSON *path;

  cJSON_ArrayForEach (path, paths)
  {
    if (!cJSON_IsString (path) || !file_is_below (path->valuestring)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'paths' has '%s', which is no relative path below the model's "
          "folder",
          cJSON_IsString (path) ? path->valuestring : "(no string)");
      return NULL;
    }
  }
  reader = g_new0 (CnnShardReader, 1);
  reader->folder = g_strdup (folder);
  reader->path = paths->child;
  reader->max_size = max_size;
  return reader;
}

void
cnn_shard_reader_free (CnnShardReader *reader)
{
  g_clear_pointer (&reader->shard, g_bytes_unref);
  g_free (reader->folder);
  g_free (reader);
}

/* Makes sure that a file with bytes left is open, unless there is none. */
static gboolean
advance (CnnShardReader *reader, GError **error)
{
  while (reader->path) {
    if (!reader->shard) {
      g_autofree gchar *file = g_build_filename (reader->folder,
          reader->path->valuestring, NULL);

      reader->shard = file_read (file, reader->max_size, error);
      if (!reader->shard)
        return FALSE;
      reader->last = reader->path;
      reader->max_size -= g_bytes_get_size (reader->shard);
      reader->offset = 0;
    }
    if (reader->offset < g_bytes_get_size (reader->shard))
      return TRUE;
    g_clear_pointer (&reader->shard, g_bytes_unref);
    reader->path = reader->path->next;
  }
  return TRUE;
}

const gchar *
cnn_shard_reader_get_file (const CnnShardReader *reader)
{
  return reader->last ? reader->last->valuestring : "";
}

gboolean
cnn_shard_reader_read (CnnShardReader *reader, guint8 *data, gsize size,
    GError **error)
{
  while (size > 0) {
    const guint8 *bytes;
    gsize length;

    if (!advance (reader, error))
      return FALSE;
    if (!reader->path) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "%" G_GSIZE_FORMAT " bytes are missing after '%s': a shard is "
          "truncated or missing in 'paths'",
          size, cnn_shard_reader_get_file (reader));
      return FALSE;
    }
    bytes = g_bytes_get_data (reader->shard, &length);
    length = MIN (length - reader->offset, size);
    memcpy (data, bytes + reader->offset, length);
    reader->offset += length;
    data += length;
    size -= length;
  }
  return TRUE;
}

gboolean
cnn_shard_reader_check_end (CnnShardReader *reader, GError **error)
{
  if (!advance (reader, error))
    return FALSE;
  if (!reader->path)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "%s: has %" G_GSIZE_FORMAT " bytes more than the weights need",
      reader->path->valuestring,
      g_bytes_get_size (reader->shard) - reader->offset);
  return FALSE;
}
