/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/zip-reader.h"

#include <string.h>
#include <zlib.h>

#include "base/model-error.h"

/* Keras writes three files, and a few more if layers have assets. */
#define MAX_ENTRIES 1024
#define MAX_COMMENT 65535

/* Highest compression ratio that is accepted; weights and JSON stay below. */
#define MAX_RATIO 100

#define END_SIZE 22
#define END_SIGNATURE 0x06054b50
#define ENTRY_SIZE 46
#define ENTRY_SIGNATURE 0x02014b50
#define LOCAL_SIZE 30
#define LOCAL_SIGNATURE 0x04034b50

#define FLAG_ENCRYPTED 1
#define METHOD_STORED 0
#define METHOD_DEFLATED 8

typedef struct {
  gchar *name;
  guint method;
  guint32 checksum;
  gsize size;
  gsize stored_size;
  gsize start; /* of the local header */
  gsize data;
} Entry;

struct _ZipReader {
  GBytes *archive;
  GArray *entries; /* of Entry, sorted by their start */
};

static guint
get16 (const guint8 *bytes)
{
  return bytes[0] | (guint) bytes[1] << 8;
}

static guint32
get32 (const guint8 *bytes)
{
  return get16 (bytes) | (guint32) get16 (bytes + 2) << 16;
}

static gboolean
refuse (GError **error, const gchar *reason)
{
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "zip archive: %s",
      reason);
  return FALSE;
}

static gboolean
refuse_entry (const Entry *entry, GError **error, const gchar *reason)
{
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "zip archive: '%s' %s",
      entry->name, reason);
  return FALSE;
}

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

static gint
compare_places (gconstpointer a, gconstpointer b)
{
  const Entry *first = a, *second = b;

  return first->start < second->start ? -1 : first->start > second->start;
}

/* Nothing is extracted, but such a name shows that the archive is hostile. */
static gboolean
name_is_safe (const gchar *name, gsize size)
{
  g_auto (GStrv) components = NULL;

  if (size == 0 || name[0] == '/' || memchr (name, 0, size)
      || strchr (name, '\\') || strchr (name, ':')
      || !g_utf8_validate (name, (gssize) size, NULL))
    return FALSE;
  components = g_strsplit (name, "/", -1);
  return !g_strv_contains ((const gchar *const *) components, "..");
}

/* Reads the entry's local header, which must match the directory. */
static gboolean
locate_data (Entry *entry, const guint8 *data, gsize directory, GError **error)
{
  const guint8 *local = data + entry->start;
  gsize name_size = strlen (entry->name);

  if (entry->start > directory || directory - entry->start < LOCAL_SIZE
      || get32 (local) != LOCAL_SIGNATURE)
    return refuse_entry (entry, error, "is not where the directory says");
  entry->data = entry->start + LOCAL_SIZE + get16 (local + 26)
      + get16 (local + 28);
  if (entry->data > directory || directory - entry->data < entry->stored_size)
    return refuse_entry (entry, error, "reaches beyond its archive");
  if (get16 (local + 8) != entry->method || get16 (local + 26) != name_size
      || memcmp (local + LOCAL_SIZE, entry->name, name_size) != 0)
    return refuse_entry (entry, error,
        "is described in two ways that contradict each other");
  return TRUE;
}

/* Returns the size of the record, 0 on error. */
static gsize
parse_entry (ZipReader *reader, const guint8 *data, gsize offset, gsize end,
    gsize directory, GError **error)
{
  const guint8 *record = data + offset;
  gsize name_size, size;
  Entry entry = { 0 };

  if (end - offset < ENTRY_SIZE || get32 (record) != ENTRY_SIGNATURE) {
    refuse (error, "the directory is damaged");
    return 0;
  }
  name_size = get16 (record + 28);
  size = ENTRY_SIZE + name_size + get16 (record + 30) + get16 (record + 32);
  if (size > end - offset) {
    refuse (error, "the directory is damaged");
    return 0;
  }
  entry.name = g_strndup ((const gchar *) record + ENTRY_SIZE, name_size);
  if (!name_is_safe (entry.name, name_size)) {
    g_free (entry.name);
    refuse (error, "holds a name that is not a plain relative path");
    return 0;
  }
  entry.method = get16 (record + 10);
  entry.checksum = get32 (record + 16);
  entry.stored_size = get32 (record + 20);
  entry.size = get32 (record + 24);
  entry.start = get32 (record + 42);
  g_array_append_val (reader->entries, entry);
  if (get16 (record + 8) & FLAG_ENCRYPTED) {
    refuse_entry (&entry, error, "is encrypted");
    return 0;
  }
  if (entry.stored_size == G_MAXUINT32 || entry.size == G_MAXUINT32
      || entry.start == G_MAXUINT32) {
    refuse_entry (&entry, error, "is in zip64 form, which is not supported");
    return 0;
  }
  return locate_data (&g_array_index (reader->entries, Entry,
                          reader->entries->len - 1),
             data, directory, error)
      ? size
      : 0;
}

/* In a zip bomb, many members share the same bytes. */
static gboolean
check_overlap (ZipReader *reader, GError **error)
{
  g_array_sort (reader->entries, compare_places);
  for (guint i = 1; i < reader->entries->len; i++) {
    const Entry *before = &g_array_index (reader->entries, Entry, i - 1);
    const Entry *entry = &g_array_index (reader->entries, Entry, i);

    if (before->data + before->stored_size > entry->start)
      return refuse_entry (entry, error, "overlaps another member");
  }
  return TRUE;
}

/* The end record is followed only by a comment of the size that it states. */
static const guint8 *
find_end (const guint8 *data, gsize size)
{
  for (gsize comment = 0; comment <= MAX_COMMENT; comment++) {
    const guint8 *end;

    if (size < END_SIZE + comment)
      return NULL;
    end = data + size - END_SIZE - comment;
    if (get32 (end) == END_SIGNATURE && get16 (end + 20) == comment)
      return end;
  }
  return NULL;
}

static gboolean
parse_directory (ZipReader *reader, GError **error)
{
  gsize size, offset, end, directory;
  const guint8 *data = g_bytes_get_data (reader->archive, &size);
  const guint8 *record = find_end (data, size);
  guint n_entries;

  if (!record)
    return refuse (error, "the end is missing: the file is truncated");
  n_entries = get16 (record + 10);
  end = (gsize) (record - data);
  directory = get32 (record + 16);
  if (get16 (record + 4) || get16 (record + 6)
      || get16 (record + 8) != n_entries)
    return refuse (error, "is split over several files");
  if (n_entries > MAX_ENTRIES)
    return refuse (error, "has too many members to be a Keras file");
  /* Bytes before or in between could be another archive. */
  if (directory > end || end - directory != get32 (record + 12))
    return refuse (error, "the directory is not where the end says");
  offset = directory;
  for (guint i = 0; i < n_entries; i++) {
    gsize entry_size = parse_entry (reader, data, offset, end, directory,
        error);

    if (entry_size == 0)
      return FALSE;
    offset += entry_size;
  }
  if (offset != end)
    return refuse (error, "the directory is damaged");
  return check_overlap (reader, error);
}

ZipReader *
zip_reader_new (GBytes *archive, GError **error)
{
  g_autoptr (ZipReader) reader = g_new0 (ZipReader, 1);

  reader->archive = g_bytes_ref (archive);
  reader->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (reader->entries, entry_clear);
  return parse_directory (reader, error) ? g_steal_pointer (&reader) : NULL;
}

void
zip_reader_free (ZipReader *reader)
{
  g_array_unref (reader->entries);
  g_bytes_unref (reader->archive);
  g_free (reader);
}

static const Entry *
find_entry (ZipReader *reader, const gchar *name, GError **error)
{
  const Entry *found = NULL;

  for (guint i = 0; i < reader->entries->len; i++) {
    const Entry *entry = &g_array_index (reader->entries, Entry, i);

    if (!g_str_equal (entry->name, name))
      continue;
    if (found) {
      refuse_entry (entry, error, "occurs twice");
      return NULL;
    }
    found = entry;
  }
  if (!found) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has no member '%s': it is not a .keras file of Keras; if one is in "
        "it, "
        "unpack it and give that",
        name);
  }
  return found;
}

/* Decompresses raw deflate data, which must expand to @output_size bytes; never
 * writes more than that. */
static gboolean
inflate_exactly (const guint8 *input, gsize input_size, guint8 *output,
    gsize output_size)
{
  z_stream stream = { 0 };
  gint status;

  stream.next_in = (Bytef *) input;
  stream.avail_in = (uInt) input_size;
  stream.next_out = output;
  stream.avail_out = (uInt) output_size;
  if (inflateInit2 (&stream, -MAX_WBITS) != Z_OK)
    return FALSE;
  status = inflate (&stream, Z_FINISH);
  inflateEnd (&stream);
  return status == Z_STREAM_END && stream.avail_out == 0;
}

static GBytes *
inflate_entry (const Entry *entry, const guint8 *data, GError **error)
{
  g_autofree guint8 *contents = g_try_malloc (MAX (entry->size, 1));

  if (!contents) {
    refuse_entry (entry, error, "is larger than the memory");
    return NULL;
  }
  if (!inflate_exactly (data + entry->data, entry->stored_size, contents,
          entry->size)) {
    refuse_entry (entry, error, "is damaged");
    return NULL;
  }
  return g_bytes_new_take (g_steal_pointer (&contents), entry->size);
}

/* Skipped when fuzzing, because a fuzzer cannot guess checksums. */
static gboolean
checksum_is_right (const Entry *entry, GBytes *contents)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
  return TRUE;
#else
  gsize size;
  const guint8 *data = g_bytes_get_data (contents, &size);

  return crc32_z (crc32_z (0, NULL, 0), data, size) == entry->checksum;
#endif
}

GBytes *
zip_reader_get (ZipReader *reader, const gchar *name, gsize max_size,
    GError **error)
{
  const guint8 *data = g_bytes_get_data (reader->archive, NULL);
  const Entry *entry = find_entry (reader, name, error);
  g_autoptr (GBytes) contents = NULL;

  if (!entry)
    return NULL;
  if (entry->size > max_size) {
    refuse_entry (entry, error, "is too large");
    return NULL;
  }
  if (entry->method == METHOD_STORED && entry->size == entry->stored_size) {
    contents = g_bytes_new_from_bytes (reader->archive, entry->data,
        entry->size);
  } else if (entry->method != METHOD_DEFLATED) {
    refuse_entry (entry, error,
        "is packed in a way that is not supported: save the model again");
  } else if (entry->size / MAX_RATIO > entry->stored_size) {
    refuse_entry (entry, error, "is compressed beyond reason");
  } else {
    contents = inflate_entry (entry, data, error);
  }
  if (contents && !checksum_is_right (entry, contents)) {
    refuse_entry (entry, error, "is damaged: its checksum is wrong");
    return NULL;
  }
  return g_steal_pointer (&contents);
}
