/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tools/array-file.h"

#include <string.h>

#include "base/file.h"
#include "base/model-error.h"
#include "base/stored-number.h"

#define MAGIC "\x93NUMPY"
#define MAGIC_SIZE 6
#define MAX_HEADER (1 << 16)
#define MAX_RANK (CNN_MAX_RANK + 1) /* the batch dimension */
#define MAX_NUMBER_SIZE 8
#define ALIGNMENT 64 /* of the data in what is written */

/**
 * Header:
 * @data: offset of the values in the file
 */
typedef struct {
  StoredNumber number;
  gboolean is_fortran;
  guint rank;
  guint64 dims[MAX_RANK];
  gsize data;
} Header;

/* The text that is left to parse, from @at up to @end. */
typedef struct {
  const gchar *at;
  const gchar *end;
} Cursor;

static gboolean
fail (GError **error, const gchar *reason)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID, reason);
  return FALSE;
}

static void
skip_space (Cursor *cursor)
{
  while (cursor->at < cursor->end && g_ascii_isspace (*cursor->at))
    cursor->at++;
}

static gboolean
accept (Cursor *cursor, const gchar *token)
{
  gsize length = strlen (token);

  skip_space (cursor);
  if ((gsize) (cursor->end - cursor->at) < length
      || memcmp (cursor->at, token, length) != 0)
    return FALSE;
  cursor->at += length;
  return TRUE;
}

/* A Python string without escapes, in either kind of quotes; NULL if there is
 * none. */
static gchar *
read_string (Cursor *cursor)
{
  const gchar *start, *close;

  skip_space (cursor);
  if (cursor->at == cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
    return NULL;
  start = cursor->at + 1;
  close = memchr (start, *cursor->at, (gsize) (cursor->end - start));
  if (!close)
    return NULL;
  cursor->at = close + 1;
  return g_strndup (start, (gsize) (close - start));
}

/* A NumPy dtype, such as "<f4" or "|u1". */
static gboolean
parse_type (const gchar *descr, StoredNumber *number)
{
  static const struct {
    const gchar *code;
    StoredNumber number;
  } types[] = {
    { "f2", { 2, TRUE, TRUE, FALSE } },
    { "f4", { 4, TRUE, TRUE, FALSE } },
    { "f8", { 8, TRUE, TRUE, FALSE } },
    { "b1", { 1, FALSE, FALSE, FALSE } },
    { "u1", { 1, FALSE, FALSE, FALSE } },
    { "u2", { 2, FALSE, FALSE, FALSE } },
    { "u4", { 4, FALSE, FALSE, FALSE } },
    { "u8", { 8, FALSE, FALSE, FALSE } },
    { "i1", { 1, FALSE, TRUE, FALSE } },
    { "i2", { 2, FALSE, TRUE, FALSE } },
    { "i4", { 4, FALSE, TRUE, FALSE } },
    { "i8", { 8, FALSE, TRUE, FALSE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (!descr[0] || !g_str_equal (descr + 1, types[i].code))
      continue;
    *number = types[i].number;
    number->is_big_endian = descr[0] == '>';
    return strchr (number->size == 1 ? "|<>" : "<>", descr[0]) != NULL;
  }
  return FALSE;
}

static gboolean
read_type (Cursor *cursor, Header *header, GError **error)
{
  g_autofree gchar *descr = read_string (cursor);
  g_autofree gchar *printable = NULL;

  if (!descr)
    return fail (error,
        "has no simple 'descr': perhaps it is an array of records");
  if (parse_type (descr, &header->number))
    return TRUE;
  printable = g_strescape (descr, NULL);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "holds values of type '%s', which is not supported: save it with "
      ".astype(numpy.float32)",
      printable);
  return FALSE;
}

static gboolean
read_order (Cursor *cursor, Header *header, GError **error)
{
  header->is_fortran = accept (cursor, "True");
  return header->is_fortran || accept (cursor, "False")
      || fail (error, "has a 'fortran_order' that is neither True nor False");
}

static gboolean
read_dimension (Cursor *cursor, Header *header, GError **error)
{
  guint64 value = 0;
  guint n_digits = 0;

  skip_space (cursor);
  for (; cursor->at < cursor->end && g_ascii_isdigit (*cursor->at);
       cursor->at++, n_digits++) {
    /* Too large for any real dimension; larger values would overflow. */
    value = MIN (value * 10 + (guint64) (*cursor->at - '0'),
        G_GUINT64_CONSTANT (1) << 56);
  }
  if (n_digits == 0)
    return fail (error, "has a 'shape' that is no tuple of whole numbers");
  if (header->rank == MAX_RANK)
    return fail (error, "has a 'shape' of too many dimensions");
  header->dims[header->rank++] = value;
  return TRUE;
}

static gboolean
read_shape (Cursor *cursor, Header *header, GError **error)
{
  if (!accept (cursor, "("))
    return fail (error, "has a 'shape' that is no tuple of whole numbers");
  while (!accept (cursor, ")")) {
    if (!read_dimension (cursor, header, error))
      return FALSE;
    if (accept (cursor, ")"))
      break;
    if (!accept (cursor, ","))
      return fail (error, "has a 'shape' that is no tuple of whole numbers");
  }
  return TRUE;
}

static gboolean
read_field (Cursor *cursor, Header *header, guint *seen, GError **error)
{
  static const struct {
    const gchar *key;
    gboolean (*read) (Cursor *cursor, Header *header, GError **error);
  } fields[] = { { "descr", read_type }, { "fortran_order", read_order },
    { "shape", read_shape } };
  g_autofree gchar *key = read_string (cursor);

  for (guint i = 0; key && i < G_N_ELEMENTS (fields); i++) {
    const guint bit = 1u << i;

    if (!g_str_equal (fields[i].key, key) || (*seen & bit)
        || !accept (cursor, ":"))
      continue;
    *seen |= bit;
    return fields[i].read (cursor, header, error);
  }
  return fail (error, "has a header that is no NumPy header");
}

/* {'descr': '<f4', 'fortran_order': False, 'shape': (50, 50, 3), } */
static gboolean
parse_header (Cursor cursor, Header *header, GError **error)
{
  guint seen = 0;

  if (!accept (&cursor, "{"))
    return fail (error, "has a header that is no NumPy header");
  while (!accept (&cursor, "}")) {
    if (!read_field (&cursor, header, &seen, error))
      return FALSE;
    if (accept (&cursor, "}"))
      break;
    if (!accept (&cursor, ","))
      return fail (error, "has a header that is no NumPy header");
  }
  skip_space (&cursor);
  if (cursor.at != cursor.end || seen != 7)
    return fail (error, "has a header that is no NumPy header");
  return TRUE;
}

/* The length of the header is two bytes in version 1 and four in the others. */
static gboolean
read_header (const guint8 *bytes, gsize size, Header *header, GError **error)
{
  gsize length = 0;
  gsize length_size;
  Cursor cursor;

  if (size >= 2 && memcmp (bytes, "PK", 2) == 0)
    return fail (error,
        "is an archive (.npz): save each array with numpy.save");
  if (size < MAGIC_SIZE + 2 || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0)
    return fail (error, "is no NumPy file");
  if (bytes[6] < 1 || bytes[6] > 3) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is of version %u.%u; versions 1 to 3 are supported", bytes[6],
        bytes[7]);
    return FALSE;
  }
  length_size = bytes[6] == 1 ? 2 : 4;
  header->data = MAGIC_SIZE + 2 + length_size;
  if (size < header->data)
    return fail (error, "ends within its header");
  for (gsize i = 0; i < length_size; i++)
    length |= (gsize) bytes[MAGIC_SIZE + 2 + i] << (8 * i);
  if (length > MAX_HEADER)
    return fail (error, "has a header that is too long");
  if (length > size - header->data)
    return fail (error, "ends within its header");
  cursor.at = (const gchar *) bytes + header->data;
  cursor.end = cursor.at + length;
  header->data += length;
  return parse_header (cursor, header, error);
}

static gboolean
check_shape (const Header *header, const CnnShape *shape, GError **error)
{
  const guint skip = header->rank == shape->rank + 1 ? 1 : 0;
  gboolean fits = header->rank == shape->rank + skip
      && (skip == 0 || header->dims[0] == 1);
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree gchar *wanted = NULL;

  for (guint i = 0; fits && i < shape->rank; i++)
    fits = header->dims[i + skip] == (guint64) shape->dims[i];
  if (fits)
    return TRUE;
  for (guint i = 0; i < header->rank; i++)
    g_string_append_printf (found, "%s%" G_GUINT64_FORMAT, i ? "x" : "",
        header->dims[i]);
  wanted = cnn_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "is of shape %s, but the input of the model is %s (or 1x%s)",
      header->rank ? found->str : "()", wanted, wanted);
  return FALSE;
}

static gboolean
check_size (gsize size, gsize wanted, GError **error)
{
  if (size == wanted)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "has %" G_GSIZE_FORMAT " bytes of values, where there must be "
      "%" G_GSIZE_FORMAT,
      size, wanted);
  return FALSE;
}

/* From Fortran order, in which the first index varies fastest, to C order. */
static void
reorder (const CnnShape *shape, const gfloat *fortran, gfloat *values)
{
  const gsize count = cnn_shape_size (shape);

  for (gsize i = 0; i < count; i++) {
    gsize rest = i;
    gsize place = 0;

    for (guint k = 0; k < shape->rank; k++) {
      const gsize dim = (gsize) shape->dims[k];

      place = place * dim + rest % dim;
      rest /= dim;
    }
    values[place] = fortran[i];
  }
}

static gboolean
decode (const Header *header, const guint8 *bytes, const CnnShape *shape,
    gfloat *values, GError **error)
{
  const gsize count = cnn_shape_size (shape);
  g_autofree gfloat *fortran = header->is_fortran ? g_new (gfloat, count)
                                                  : NULL;

  if (!stored_number_decode (&header->number, bytes, fortran ? fortran : values,
          count))
    return fail (error, "holds a value that is not finite");
  if (fortran)
    reorder (shape, fortran, values);
  return TRUE;
}

static gboolean
read_bytes (const gchar *path, const guint8 *bytes, gsize size,
    const CnnShape *shape, gfloat *values, GError **error)
{
  Header header = { .number = { 4, TRUE, TRUE, FALSE } };

  if (g_str_has_suffix (path, ".npy")) {
    if (!read_header (bytes, size, &header, error)
        || !check_shape (&header, shape, error))
      return FALSE;
  }
  return check_size (size - header.data,
             cnn_shape_size (shape) * header.number.size, error)
      && decode (&header, bytes + header.data, shape, values, error);
}

gboolean
array_file_read (const gchar *path, const CnnShape *shape, gfloat *values,
    GError **error)
{
  g_autoptr (GBytes) file = NULL;
  gsize size;
  const guint8 *bytes;

  if (!g_str_has_suffix (path, ".npy") && !g_str_has_suffix (path, ".f32")) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "%s: is neither .npy nor .f32 by its name", path);
    return FALSE;
  }
  /* Twice the size, so that the error for an array that is somewhat too large
   * can name its shape. */
  file = file_read (path,
      2 * (MAX_HEADER + cnn_shape_size (shape) * MAX_NUMBER_SIZE), error);
  if (!file)
    return FALSE;
  bytes = g_bytes_get_data (file, &size);
  if (read_bytes (path, bytes, size, shape, values, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static GString *
make_header (const CnnShape *shape)
{
  const gsize fixed = MAGIC_SIZE + 2 + 2;
  GString *header = g_string_new_len (MAGIC "\x01\x00\x00\x00", fixed);
  gsize length;

  g_string_append (header,
      "{'descr': '<f4', 'fortran_order': False, 'shape': (");
  for (guint i = 0; i < shape->rank; i++)
    g_string_append_printf (header, i ? " %d," : "%d,", shape->dims[i]);
  /* (50, 50, 3), but (50,) */
  if (shape->rank > 1)
    g_string_truncate (header, header->len - 1);
  g_string_append (header, "), }");
  while ((header->len + 1) % ALIGNMENT != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  length = header->len - fixed;
  header->str[fixed - 2] = (gchar) (length & 0xff);
  header->str[fixed - 1] = (gchar) (length >> 8);
  return header;
}

gboolean
array_file_write (const gchar *path, const CnnShape *shape,
    const gfloat *values, GError **error)
{
  const gsize count = cnn_shape_size (shape);
  GString *header = make_header (shape);
  const gsize size = header->len + count * sizeof (gfloat);
  g_autofree gchar *file = g_malloc (size);
  gchar *at = file + header->len;

  memcpy (file, header->str, header->len);
  g_string_free (header, TRUE);
  memcpy (at, values, count * sizeof *values);
  stored_float32_convert (at, count);
  return g_file_set_contents_full (path, file, (gssize) size,
      G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}
