/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnShardReader:
 *
 * The bytes of a group of weights: its files one after the other, of which one
 * at a time is in memory.
 */
typedef struct _CnnShardReader CnnShardReader;

/**
 * cnn_shard_reader_new:
 * @paths: the `paths` of a group; relative paths below @folder. Borrowed
 * @max_size: of all files together, in bytes
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR for a path that leads
 *   elsewhere
 */
CnnShardReader *cnn_shard_reader_new (const cJSON *paths, const gchar *folder,
    gsize max_size, GError **error);

void cnn_shard_reader_free (CnnShardReader *reader);

/**
 * cnn_shard_reader_read:
 * @data: (out caller-allocates): @size bytes
 *
 * Returns: FALSE with a %MODEL_ERROR that names the file, also when the files
 *   have fewer bytes left
 */
gboolean cnn_shard_reader_read (CnnShardReader *reader, guint8 *data,
    gsize size, GError **error);

/**
 * cnn_shard_reader_get_file:
 *
 * Returns: (transfer none): the path of the file that was read last; "" if none
 *   was
 */
const gchar *cnn_shard_reader_get_file (const CnnShardReader *reader);

/**
 * cnn_shard_reader_check_end:
 *
 * Returns: FALSE with a %MODEL_ERROR if there are bytes left
 */
gboolean cnn_shard_reader_check_end (CnnShardReader *reader, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CnnShardReader, cnn_shard_reader_free)

G_END_DECLS
