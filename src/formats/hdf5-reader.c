/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/hdf5-reader.h"

#include <hdf5.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "base/model-error.h"

/* Keras nests groups a few levels deep, and large models have a few thousand
 * weights. */
#define MAX_DEPTH 32
#define MAX_STRINGS 16384
#define MAX_STRING_BYTES ((gsize) 64 << 20)

/* Highest compression ratio that is accepted. Weights hardly shrink. */
#define MAX_RATIO 100

struct _Hdf5Reader {
  GBytes *image;
  hid_t file;
  gsize budget;
  gsize string_budget;
};

static gint64
refuse (GError **error, const gchar *where, const gchar *reason)
{
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "HDF5 '%s': %s",
      *where ? where : "/", reason);
  return -1;
}

/* By default libhdf5 copies the image at each of these steps. The file is
 * opened read-only, so all of them can share the one image. */
static void *
image_malloc (size_t size, H5FD_file_image_op_t operation, void *data)
{
  GBytes *image = data;

  return size == g_bytes_get_size (image)
      ? (gpointer) g_bytes_get_data (image, NULL)
      : NULL;
}

static void *
image_memcpy (void *to, const void *from, size_t size,
    H5FD_file_image_op_t operation, void *data)
{
  return to == from ? to : NULL;
}

static void *
image_realloc (void *image, size_t size, H5FD_file_image_op_t operation,
    void *data)
{
  return NULL;
}

static herr_t
image_free (void *image, H5FD_file_image_op_t operation, void *data)
{
  return 0;
}

static void *
image_copy_data (void *data)
{
  return data;
}

static herr_t
image_free_data (void *data)
{
  return 0;
}

static hid_t
open_image (GBytes *image)
{
  H5FD_file_image_callbacks_t callbacks = { image_malloc, image_memcpy,
    image_realloc, image_free, image_copy_data, image_free_data, image };
  hid_t access = H5Pcreate (H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  gsize size;
  gconstpointer data = g_bytes_get_data (image, &size);

  if (access < 0)
    return access;
  if (H5Pset_fapl_core (access, 1 << 20, FALSE) >= 0
      && H5Pset_fclose_degree (access, H5F_CLOSE_STRONG) >= 0
      && H5Pset_file_image_callbacks (access, &callbacks) >= 0
      && H5Pset_file_image (access, (gpointer) data, size) >= 0)
    file = H5Fopen ("image", H5F_ACC_RDONLY, access);
  H5Pclose (access);
  return file;
}

Hdf5Reader *
hdf5_reader_new (GBytes *image, gsize max_bytes, GError **error)
{
  Hdf5Reader *reader;
  hid_t file;

  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
  file = open_image (image);
  if (file < 0) {
    refuse (error, "", "is damaged or truncated");
    return NULL;
  }
  reader = g_new0 (Hdf5Reader, 1);
  reader->image = g_bytes_ref (image);
  reader->file = file;
  reader->budget = max_bytes;
  reader->string_budget = MAX_STRING_BYTES;
  return reader;
}

void
hdf5_reader_free (Hdf5Reader *reader)
{
  H5Fclose (reader->file);
  g_bytes_unref (reader->image);
  g_free (reader);
}

/* Opens a member of a group. Only hard links are followed: soft links can form
 * cycles, and external ones lead out of the file. */
static hid_t
open_member (hid_t group, const gchar *name)
{
  H5L_info_t info;

  if (!*name || g_str_equal (name, ".") || H5Iget_type (group) != H5I_GROUP
      || H5Lexists (group, name, H5P_DEFAULT) <= 0
      || H5Lget_info (group, name, &info, H5P_DEFAULT) < 0
      || info.type != H5L_TYPE_HARD)
    return H5I_INVALID_HID;
  return H5Oopen (group, name, H5P_DEFAULT);
}

static hid_t
find_object (Hdf5Reader *reader, const gchar *path, H5I_type_t type)
{
  g_auto (GStrv) names = g_strsplit (path, "/", MAX_DEPTH + 1);
  hid_t object = H5Gopen2 (reader->file, "/", H5P_DEFAULT);

  for (guint i = 0; names[i] && object >= 0; i++) {
    hid_t parent = object;

    object = i < MAX_DEPTH ? open_member (parent, names[i]) : H5I_INVALID_HID;
    H5Oclose (parent);
  }
  if (object >= 0 && H5Iget_type (object) != type) {
    H5Oclose (object);
    object = H5I_INVALID_HID;
  }
  return object;
}

static hid_t
open_object (Hdf5Reader *reader, const gchar *path, H5I_type_t type,
    GError **error)
{
  hid_t object = find_object (reader, path, type);

  if (object < 0) {
    refuse (error, path,
        type == H5I_GROUP
            ? "there is no such group in this file (links are not followed)"
            : "there is no such dataset in this file (links are not followed)");
  }
  return object;
}

gboolean
hdf5_reader_has_group (Hdf5Reader *reader, const gchar *path)
{
  hid_t group = find_object (reader, path, H5I_GROUP);

  if (group < 0)
    return FALSE;
  H5Oclose (group);
  return TRUE;
}

guint
hdf5_reader_count_members (Hdf5Reader *reader, const gchar *path)
{
  hid_t group = find_object (reader, path, H5I_GROUP);
  H5G_info_t info = { 0 };

  if (group < 0)
    return 0;
  if (H5Gget_info (group, &info) < 0)
    info.nlinks = 0;
  H5Oclose (group);
  return (guint) MIN (info.nlinks, G_MAXINT);
}

static herr_t
compare_prefix (hid_t group, const char *name, const H5L_info_t *info,
    void *prefix)
{
  return g_str_has_prefix (name, prefix) ? 1 : 0;
}

gboolean
hdf5_reader_has_member (Hdf5Reader *reader, const gchar *path,
    const gchar *prefix)
{
  hid_t group = *path ? find_object (reader, path, H5I_GROUP)
                      : H5Gopen2 (reader->file, "/", H5P_DEFAULT);
  gboolean found;

  if (group < 0)
    return FALSE;
  found = H5Literate (group, H5_INDEX_NAME, H5_ITER_NATIVE, NULL,
              compare_prefix, (gpointer) prefix)
      > 0;
  H5Oclose (group);
  return found;
}

gboolean
hdf5_reader_has_attribute (Hdf5Reader *reader, const gchar *path,
    const gchar *name)
{
  hid_t group = find_object (reader, path, H5I_GROUP);
  gboolean exists;

  if (group < 0)
    return FALSE;
  exists = H5Aexists (group, name) > 0;
  H5Oclose (group);
  return exists;
}

/* Many strings can refer to the same bytes in the file, so the budget is for
 * all of them together. */
static gboolean
add_string (Hdf5Reader *reader, GPtrArray *strings, const gchar *text,
    gsize size, GError **error)
{
  if (size > reader->string_budget || strings->len == MAX_STRINGS
      || !g_utf8_validate (text, (gssize) size, NULL)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "holds too many strings, too long ones, or not UTF-8");
    return FALSE;
  }
  reader->string_budget -= size;
  g_ptr_array_add (strings, g_strndup (text, size));
  return TRUE;
}

/* Strings of a fixed size, which may be padded or lack a terminator. */
static gboolean
add_fixed_strings (Hdf5Reader *reader, hid_t type, const gchar *buffer,
    gsize count, GPtrArray *strings, GError **error)
{
  gsize size = H5Tget_size (type);
  gboolean pads_with_spaces = H5Tget_strpad (type) == H5T_STR_SPACEPAD;

  for (gsize i = 0; i < count; i++) {
    const gchar *text = buffer + i * size;
    gsize length = strnlen (text, size);

    while (pads_with_spaces && length > 0 && text[length - 1] == ' ')
      length--;
    if (!add_string (reader, strings, text, length, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_variable_strings (Hdf5Reader *reader, gchar **texts, gsize count,
    GPtrArray *strings, GError **error)
{
  for (gsize i = 0; i < count; i++) {
    const gchar *text = texts[i] ? texts[i] : "";

    if (!add_string (reader, strings, text, strlen (text), error))
      return FALSE;
  }
  return TRUE;
}

/* Strings of variable length are read as pointers to memory that libhdf5
 * allocates. */
static gboolean
read_list (Hdf5Reader *reader, hid_t attribute, hid_t type, hid_t space,
    gsize count, GPtrArray *strings, GError **error)
{
  gboolean is_variable = H5Tis_variable_str (type) > 0;
  g_autofree gpointer buffer = NULL;
  gsize total;
  gboolean done;

  if (!g_size_checked_mul (&total, H5Tget_size (type), count)
      || total > MAX_STRING_BYTES || !(buffer = g_try_malloc0 (total))
      || H5Aread (attribute, type, buffer) < 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "cannot be read");
    return FALSE;
  }
  done = is_variable
      ? add_variable_strings (reader, buffer, count, strings, error)
      : add_fixed_strings (reader, type, buffer, count, strings, error);
  if (is_variable)
    H5Dvlen_reclaim (type, space, H5P_DEFAULT, buffer);
  return done;
}

static gboolean
read_strings (Hdf5Reader *reader, hid_t attribute, GPtrArray *strings,
    GError **error)
{
  hid_t type = H5Aget_type (attribute);
  hid_t space = H5Aget_space (attribute);
  hssize_t count = space >= 0 ? H5Sget_simple_extent_npoints (space) : -1;
  gboolean done = FALSE;

  if (type < 0 || count < 0 || count > MAX_STRINGS
      || (count > 0 && H5Tget_class (type) != H5T_STRING)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is not a list of strings");
  } else if (count == 0) {
    done = TRUE; /* of any type: h5py writes an empty list as numbers */
  } else {
    done = read_list (reader, attribute, type, space, (gsize) count, strings,
        error);
  }
  if (space >= 0)
    H5Sclose (space);
  if (type >= 0)
    H5Tclose (type);
  return done;
}

static gboolean
append_attribute (Hdf5Reader *reader, hid_t group, const gchar *name,
    GPtrArray *strings, GError **error)
{
  hid_t attribute = H5Aopen (group, name, H5P_DEFAULT);
  gboolean done;

  if (attribute < 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "cannot be read");
    return FALSE;
  }
  done = read_strings (reader, attribute, strings, error);
  H5Aclose (attribute);
  return done;
}

static gboolean
append_attributes (Hdf5Reader *reader, hid_t group, const gchar *name,
    GPtrArray *strings, GError **error)
{
  if (H5Aexists (group, name) > 0)
    return append_attribute (reader, group, name, strings, error);
  for (guint part = 0; part < MAX_STRINGS; part++) {
    g_autofree gchar *part_name = g_strdup_printf ("%s%u", name, part);

    if (H5Aexists (group, part_name) <= 0) {
      if (part > 0)
        return TRUE;
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "is missing");
      return FALSE;
    }
    if (!append_attribute (reader, group, part_name, strings, error))
      return FALSE;
  }
  return TRUE;
}

GStrv
hdf5_reader_get_strings (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error)
{
  hid_t group = open_object (reader, path, H5I_GROUP, error);
  GPtrArray *strings;

  if (group < 0)
    return NULL;
  strings = g_ptr_array_new_with_free_func (g_free);
  if (!append_attributes (reader, group, name, strings, error)) {
    g_prefix_error (error, "HDF5 '%s': attribute '%s' ", *path ? path : "/",
        name);
    g_clear_pointer (&strings, g_ptr_array_unref);
  }
  H5Oclose (group);
  if (!strings)
    return NULL;
  g_ptr_array_add (strings, NULL);
  return (GStrv) g_ptr_array_free (strings, FALSE);
}

gchar *
hdf5_reader_get_string (Hdf5Reader *reader, const gchar *path,
    const gchar *name, GError **error)
{
  g_auto (GStrv) strings = hdf5_reader_get_strings (reader, path, name, error);

  if (!strings)
    return NULL;
  if (g_strv_length (strings) != 1) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "HDF5 '%s': attribute '%s' is not one string", *path ? path : "/",
        name);
    return NULL;
  }
  return g_strdup (strings[0]);
}

static gboolean
refuse_dataset (GError **error, const gchar *reason)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID, reason);
  return FALSE;
}

static gboolean
read_shape (hid_t dataset, CnnShape *shape, gsize *count, GError **error)
{
  hid_t space = H5Dget_space (dataset);
  hsize_t dims[H5S_MAX_RANK];
  gint rank = -1;

  if (space >= 0 && H5Sget_simple_extent_type (space) != H5S_NULL)
    rank = H5Sget_simple_extent_ndims (space);
  if (rank > CNN_MAX_RANK
      || (rank > 0 && H5Sget_simple_extent_dims (space, dims, NULL) != rank))
    rank = -1;
  if (space >= 0)
    H5Sclose (space);
  if (rank < 0)
    return refuse_dataset (error, "is empty or has too many dimensions");
  shape->rank = (guint) rank;
  for (gint i = 0; i < rank; i++) {
    if (dims[i] < 1 || dims[i] > CNN_MAX_DIMENSION)
      return refuse_dataset (error,
          "has a dimension that is zero or too large");
    shape->dims[i] = (gint) dims[i];
  }
  return cnn_shape_count (shape, count)
      || refuse_dataset (error, "is too large");
}

/* The size of a number in the file, 0 on error. */
static gsize
read_number_size (hid_t dataset, GError **error)
{
  hid_t type = H5Dget_type (dataset);
  H5T_class_t class = type >= 0 ? H5Tget_class (type) : H5T_NO_CLASS;
  gsize size = type >= 0 ? H5Tget_size (type) : 0;

  if (type >= 0)
    H5Tclose (type);
  if (size > 0 && (class == H5T_FLOAT || class == H5T_INTEGER))
    return size;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "holds numbers of a type that is not supported (class %d, "
      "%" G_GSIZE_FORMAT " bytes); save the model with float32 weights",
      class, size);
  return 0;
}

/* Checks the declared size against the limit and the size of the file. */
static gboolean
check_size (const Hdf5Reader *reader, gsize count, gsize number_size,
    GError **error)
{
  gsize size;

  if (count > reader->budget / sizeof (gfloat))
    return refuse_dataset (error,
        "takes the weights beyond the limit for all of them");
  if (!g_size_checked_mul (&size, count, number_size)
      || size / MAX_RATIO > g_bytes_get_size (reader->image))
    return refuse_dataset (error, "is compressed beyond reason");
  return TRUE;
}

/**
 * Chunks:
 * @shape: shape of a chunk
 * @size: size of a chunk before filters are applied, in bytes
 * @deflate_bit: the bit of the deflate filter in a chunk's mask of skipped
 *   filters, 0 if the filter is not used
 */
typedef struct {
  hsize_t shape[CNN_MAX_RANK];
  gsize size;
  guint32 deflate_bit;
} Chunks;

/* Accepts no filter, shuffle, deflate, or shuffle and deflate: for these the
 * size of a chunk can be checked. */
static gboolean
read_filters (hid_t properties, guint32 *deflate_bit, GError **error)
{
  gint n_filters = H5Pget_nfilters (properties);

  for (gint i = 0; i < n_filters; i++) {
    size_t n_values = 0;
    guint flags;
    H5Z_filter_t filter = H5Pget_filter2 (properties, (guint) i, &flags,
        &n_values, NULL, 0, NULL, NULL);

    if (filter == H5Z_FILTER_DEFLATE && *deflate_bit == 0) {
      *deflate_bit = 1u << i;
    } else if (filter != H5Z_FILTER_SHUFFLE || i > 0) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
          "is stored through filter %d; only shuffle and gzip are supported",
          (gint) filter);
      return FALSE;
    }
  }
  return n_filters >= 0 || refuse_dataset (error, "has no list of filters");
}

static gboolean
read_chunk_shape (const Hdf5Reader *reader, hid_t properties, gint rank,
    gsize number_size, Chunks *chunks, GError **error)
{
  if (rank == 0
      || H5Pget_chunk (properties, CNN_MAX_RANK, chunks->shape) != rank)
    return refuse_dataset (error, "has chunks of another rank");
  chunks->size = number_size;
  for (gint i = 0; i < rank; i++) {
    if (!g_size_checked_mul (&chunks->size, chunks->size, chunks->shape[i])
        || chunks->size == 0
        || chunks->size / MAX_RATIO > g_bytes_get_size (reader->image))
      return refuse_dataset (error, "has chunks that are too large");
  }
  return TRUE;
}

static gboolean
check_chunk (hid_t dataset, const Chunks *chunks, const hsize_t *offset,
    GError **error)
{
  uLongf size = chunks->size;
  g_autofree guint8 *stored = NULL;
  g_autofree guint8 *plain = NULL;
  hsize_t stored_size = 0;
  guint32 skipped = 0;

  if (H5Dget_chunk_storage_size (dataset, offset, &stored_size) < 0
      || stored_size == 0)
    return refuse_dataset (error, "does not have all its chunks in this file");
  if (stored_size > compressBound (chunks->size))
    return refuse_dataset (error, "has a damaged chunk");
  stored = g_try_malloc (stored_size);
  plain = g_try_malloc (chunks->size);
  if (!stored || !plain
      || H5Dread_chunk (dataset, H5P_DEFAULT, offset, &skipped, stored) < 0)
    return refuse_dataset (error, "has a chunk that cannot be read");
  if (chunks->deflate_bit & ~skipped)
    return (uncompress (plain, &size, stored, stored_size) == Z_OK
               && size == chunks->size)
        || refuse_dataset (error, "has a damaged chunk");
  return stored_size == chunks->size
      || refuse_dataset (error, "has a chunk of the wrong size");
}

/* Moves on to the next chunk, last dimension first. */
static gboolean
advance (hsize_t *offset, const CnnShape *shape, const hsize_t *chunk)
{
  for (gint i = (gint) shape->rank - 1; i >= 0; i--) {
    offset[i] += chunk[i];
    if (offset[i] < (hsize_t) shape->dims[i])
      return TRUE;
    offset[i] = 0;
  }
  return FALSE;
}

/* libhdf5 reports no error if a chunk is missing (it returns zeros), too short
 * (it returns whatever follows in memory) or too long (it returns the
 * beginning), so each chunk is checked first. */
static gboolean
check_chunks (const Hdf5Reader *reader, hid_t dataset, hid_t properties,
    const CnnShape *shape, gsize number_size, GError **error)
{
  Chunks chunks = { .deflate_bit = 0 };
  hsize_t offset[CNN_MAX_RANK] = { 0 };

  if (!read_filters (properties, &chunks.deflate_bit, error)
      || !read_chunk_shape (reader, properties, (gint) shape->rank, number_size,
          &chunks, error))
    return FALSE;
  do {
    if (!check_chunk (dataset, &chunks, offset, error))
      return FALSE;
  } while (advance (offset, shape, chunks.shape));
  return TRUE;
}

/* libhdf5 would read data from any other file that this one names, and return
 * zeros for data that was never written. */
static gboolean
check_storage (const Hdf5Reader *reader, hid_t dataset, const CnnShape *shape,
    gsize number_size, GError **error)
{
  hid_t properties = H5Dget_create_plist (dataset);
  H5D_space_status_t status = H5D_SPACE_STATUS_ERROR;
  gboolean done;

  if (properties < 0)
    return refuse_dataset (error, "has no properties");
  if (H5Pget_external_count (properties) != 0)
    done = refuse_dataset (error,
        "has its data in another file, which is not followed");
  else if (H5Pget_layout (properties) == H5D_VIRTUAL)
    done = refuse_dataset (error,
        "is virtual: its data is elsewhere, which is not followed");
  else if (H5Pget_layout (properties) == H5D_CHUNKED)
    done = check_chunks (reader, dataset, properties, shape, number_size,
        error);
  else
    done = (H5Dget_space_status (dataset, &status) >= 0
               && status == H5D_SPACE_STATUS_ALLOCATED)
        || refuse_dataset (error, "does not have all its data in this file");
  H5Pclose (properties);
  return done;
}

static gfloat *
read_values (hid_t dataset, gsize count, GError **error)
{
  g_autofree gfloat *values = g_try_new0 (gfloat, count);

  if (!values) {
    refuse_dataset (error, "is larger than the memory");
    return NULL;
  }
  if (H5Dread (dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values)
      < 0) {
    refuse_dataset (error, "cannot be read");
    return NULL;
  }
  for (gsize i = 0; i < count; i++) {
    if (!isfinite (values[i])) {
      refuse_dataset (error, "holds a value that is not finite");
      return NULL;
    }
  }
  return g_steal_pointer (&values);
}

static gfloat *
read_dataset (Hdf5Reader *reader, hid_t dataset, CnnShape *shape,
    GError **error)
{
  gsize count, number_size;

  if (!read_shape (dataset, shape, &count, error))
    return NULL;
  number_size = read_number_size (dataset, error);
  if (number_size == 0 || !check_size (reader, count, number_size, error)
      || !check_storage (reader, dataset, shape, number_size, error))
    return NULL;
  reader->budget -= count * sizeof (gfloat);
  return read_values (dataset, count, error);
}

gfloat *
hdf5_reader_get_values (Hdf5Reader *reader, const gchar *path, CnnShape *shape,
    GError **error)
{
  hid_t dataset = open_object (reader, path, H5I_DATASET, error);
  gfloat *values;

  if (dataset < 0)
    return NULL;
  values = read_dataset (reader, dataset, shape, error);
  if (!values)
    g_prefix_error (error, "HDF5 '%s': ", path);
  H5Oclose (dataset);
  return values;
}
