/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/hdf5-reader.h"

#include <hdf5.h>
#include <string.h>

#include "base/model-error.h"
#include "formats/hdf5-dataset.h"
#include "formats/hdf5-heap.h"

/* Keras names things a few levels deep, and large models have some thousand
 * weights. */
#define MAX_DEPTH 32
#define MAX_STRINGS 16384
#define MAX_STRING_BYTES ((gsize) 64 << 20)

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

/* The superblock, checked before libhdf5 sees the file: the versions that
 * HDF5 1.8 to 1.14 write, with 8-byte addresses, at the very start, without
 * driver information or extensions. */
static gboolean
check_superblock (GBytes *image, GError **error)
{
  static const guint8 signature[8] = { 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a,
    '\n' };
  gsize size;
  const guint8 *data = g_bytes_get_data (image, &size);
  const guint8 *sizes, *addresses;
  guint64 base, extra, end;

  if (size < 128 || memcmp (data, signature, sizeof signature) != 0
      || data[8] > 3) {
    refuse (error, "", "is no HDF5 file of a known version");
    return FALSE;
  }
  sizes = data[8] < 2 ? data + 13 : data + 9;
  addresses = data[8] < 2 ? data + (data[8] == 0 ? 24 : 28) : data + 12;
  memcpy (&base, addresses, 8);
  memcpy (&end, addresses + 16, 8);
  memcpy (&extra, addresses + (data[8] < 2 ? 24 : 8), 8);
  if (sizes[0] != 8 || sizes[1] != 8 || base != 0 || extra != G_MAXUINT64) {
    refuse (error, "", "is of a form that Keras does not write");
    return FALSE;
  }
  if (GUINT64_FROM_LE (end) > size) {
    refuse (error, "", "is truncated");
    return FALSE;
  }
  return TRUE;
}

/* libhdf5 would copy the image at each of these steps. It is opened for
 * reading only, so that all of them may share the one in memory. */
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

  if (!check_superblock (image, error))
    return NULL;
  H5Eset_auto2 (H5E_DEFAULT, NULL, NULL);
  file = open_image (image);
  if (file < 0) {
    refuse (error, "", "is damaged");
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

/* Opens a member of a group, over a hard link only: soft links may point in
 * circles and external ones out of the file. */
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

/* Many strings may be one in the file, so that they are counted together. */
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

/* Strings of one size each, perhaps padded, perhaps without an end. */
static gboolean
read_fixed_strings (Hdf5Reader *reader, hid_t attribute, hid_t type,
    gsize count, GPtrArray *strings, GError **error)
{
  gsize total, size = H5Tget_size (type);
  gboolean pads_with_spaces = H5Tget_strpad (type) == H5T_STR_SPACEPAD;
  g_autofree gchar *buffer = NULL;

  if (size == 0 || !g_size_checked_mul (&total, size, count)
      || total > MAX_STRING_BYTES || H5Aget_storage_size (attribute) != total
      || !(buffer = g_try_malloc (total))
      || H5Aread (attribute, type, buffer) < 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "cannot be read");
    return FALSE;
  }
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
read_variable_strings (Hdf5Reader *reader, hid_t attribute, hid_t type,
    gsize count, GPtrArray *strings, GError **error)
{
  gsize total = count * HDF5_HEAP_REFERENCE_SIZE;
  g_autofree guint8 *references = g_malloc (total);

  if (H5Aget_storage_size (attribute) != total
      || !hdf5_heap_read_references (attribute, type, references)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "cannot be read");
    return FALSE;
  }
  for (gsize i = 0; i < count; i++) {
    gsize size;
    const gchar *text = hdf5_heap_follow (reader->image,
        references + i * HDF5_HEAP_REFERENCE_SIZE, &size);

    if (!text) {
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "refers to a string that is not there");
      return FALSE;
    }
    if (!add_string (reader, strings, text, size, error))
      return FALSE;
  }
  return TRUE;
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
        "holds no list of strings");
  } else if (count == 0) {
    done = TRUE; /* of whatever type: h5py makes it one of numbers */
  } else if (H5Tis_variable_str (type) > 0) {
    done = read_variable_strings (reader, attribute, type, (gsize) count,
        strings, error);
  } else {
    done = read_fixed_strings (reader, attribute, type, (gsize) count, strings,
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

gfloat *
hdf5_reader_get_values (Hdf5Reader *reader, const gchar *path, CnnShape *shape,
    GError **error)
{
  hid_t dataset = open_object (reader, path, H5I_DATASET, error);
  gfloat *values;

  if (dataset < 0)
    return NULL;
  values = hdf5_dataset_read (dataset, reader->image, &reader->budget, shape,
      error);
  if (!values)
    g_prefix_error (error, "HDF5 '%s': ", path);
  H5Oclose (dataset);
  return values;
}
