/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/hdf5-dataset.h"

#include <string.h>

#include "base/model-error.h"
#include "formats/hdf5-number.h"
#include "formats/inflate.h"

/* How far a file may be smaller than what it holds. Weights hardly shrink. */
#define MAX_RATIO 100

#define MAX_CHUNKS 65536

/**
 * Dataset:
 * @chunk: (array): dimensions of a chunk
 * @shuffle_bit: of this filter in a chunk's mask, 0 if it is not used
 * @deflate_bit: likewise
 * @bytes: (owned): its values as they are in the file
 */
typedef struct {
  hid_t id;
  GBytes *image;
  CnnShape shape;
  gsize count;
  StoredNumber number;
  hsize_t chunk[CNN_MAX_RANK];
  gsize chunk_size;
  guint32 shuffle_bit;
  guint32 deflate_bit;
  guint8 *bytes;
} Dataset;

static gboolean
refuse (GError **error, const gchar *reason)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID, reason);
  return FALSE;
}

static gboolean
read_shape (Dataset *dataset, GError **error)
{
  hid_t space = H5Dget_space (dataset->id);
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
    return refuse (error, "is empty or has too many dimensions");
  dataset->shape.rank = (guint) rank;
  for (gint i = 0; i < rank; i++) {
    if (dims[i] < 1 || dims[i] > CNN_MAX_DIMENSION)
      return refuse (error, "has a dimension that is zero or too large");
    dataset->shape.dims[i] = (gint) dims[i];
  }
  if (!cnn_shape_count (&dataset->shape, &dataset->count))
    return refuse (error, "is too large");
  return TRUE;
}

static gboolean
read_type (Dataset *dataset, GError **error)
{
  hid_t type = H5Dget_type (dataset->id);
  gboolean known = type >= 0
      && hdf5_number_init (&dataset->number, type, error);

  if (type >= 0)
    H5Tclose (type);
  else
    refuse (error, "has no type");
  return known;
}

/* Holds what is declared against what is allowed and what is there. */
static gboolean
check_size (const Dataset *dataset, gsize *budget, GError **error)
{
  gsize size = g_bytes_get_size (dataset->image);

  if (dataset->count > *budget / MAX (sizeof (gfloat), dataset->number.size))
    return refuse (error, "takes the weights beyond the limit for all of them");
  if (dataset->count * dataset->number.size / MAX_RATIO > size)
    return refuse (error, "is compressed beyond reason");
  *budget -= dataset->count * sizeof (gfloat);
  return TRUE;
}

static gboolean
allocate (Dataset *dataset, GError **error)
{
  dataset->bytes = g_try_malloc (dataset->count * dataset->number.size);
  return dataset->bytes != NULL || refuse (error, "is larger than the memory");
}

/* Contiguous data is taken from the image without libhdf5. */
static gboolean
read_contiguous (Dataset *dataset, GError **error)
{
  gsize available, size = dataset->count * dataset->number.size;
  const guint8 *image = g_bytes_get_data (dataset->image, &available);
  haddr_t offset = H5Dget_offset (dataset->id);

  if (offset == HADDR_UNDEF || offset > available || available - offset < size
      || H5Dget_storage_size (dataset->id) != size)
    return refuse (error, "has not all its data in this file");
  if (!allocate (dataset, error))
    return FALSE;
  memcpy (dataset->bytes, image + offset, size);
  return TRUE;
}

/* Compact data lies in the object's header, which libhdf5 has read. */
static gboolean
read_compact (Dataset *dataset, GError **error)
{
  gsize size = dataset->count * dataset->number.size;
  gboolean done;
  hid_t type;

  if (size > G_MAXUINT16 || H5Dget_storage_size (dataset->id) != size)
    return refuse (error, "has not all its data in this file");
  if (!allocate (dataset, error))
    return FALSE;
  type = H5Dget_type (dataset->id);
  done = type >= 0
      && H5Dread (dataset->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
             dataset->bytes)
          >= 0;
  if (type >= 0)
    H5Tclose (type);
  return done || refuse (error, "cannot be read");
}

/* Nothing, shuffle, deflate, or deflate after shuffle. */
static gboolean
read_filters (Dataset *dataset, hid_t properties, GError **error)
{
  gint n_filters = H5Pget_nfilters (properties);

  for (gint i = 0; i < n_filters && i < 3; i++) {
    size_t n_values = 0;
    guint flags;
    H5Z_filter_t filter = H5Pget_filter2 (properties, (guint) i, &flags,
        &n_values, NULL, 0, NULL, NULL);

    if (filter == H5Z_FILTER_SHUFFLE && i == 0 && !dataset->deflate_bit) {
      dataset->shuffle_bit = 1u << i;
    } else if (filter == H5Z_FILTER_DEFLATE && !dataset->deflate_bit) {
      dataset->deflate_bit = 1u << i;
    } else {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
          "is stored through filter %d; only shuffle and gzip are supported",
          (gint) filter);
      return FALSE;
    }
  }
  return n_filters >= 0 || refuse (error, "has no list of filters");
}

static gboolean
read_chunk_shape (Dataset *dataset, hid_t properties, GError **error)
{
  guint rank = dataset->shape.rank;
  hsize_t chunk[CNN_MAX_RANK];
  gsize n_chunks = 1, total, size = dataset->number.size;

  if (rank == 0
      || H5Pget_chunk (properties, CNN_MAX_RANK, chunk) != (gint) rank)
    return refuse (error, "has chunks of another rank");
  for (guint i = 0; i < rank; i++) {
    gsize dim = (gsize) dataset->shape.dims[i];

    if (chunk[i] < 1 || chunk[i] > CNN_MAX_DIMENSION
        || !g_size_checked_mul (&size, size, chunk[i])
        || !g_size_checked_mul (&n_chunks, n_chunks, (dim - 1) / chunk[i] + 1))
      return refuse (error, "has chunks that are too large");
    dataset->chunk[i] = chunk[i];
  }
  /* Chunks reach over the edge, but by no more than their own size: at most
   * twice as far in each dimension. */
  if (n_chunks > MAX_CHUNKS || !g_size_checked_mul (&total, n_chunks, size)
      || total / (1 << CNN_MAX_RANK) > dataset->count * dataset->number.size)
    return refuse (error, "has chunks that are too many or too large");
  dataset->chunk_size = size;
  return TRUE;
}

/* The shuffle filter stores the first bytes of all numbers, then the second
 * ones, and so on. */
static void
unshuffle (const guint8 *from, guint8 *to, gsize count, gsize size)
{
  for (gsize byte = 0; byte < size; byte++) {
    for (gsize i = 0; i < count; i++)
      to[i * size + byte] = from[byte * count + i];
  }
}

/* Undoes the filters of a chunk as it is in the file. */
static guint8 *
decode_chunk (const Dataset *dataset, const guint8 *stored, gsize stored_size,
    guint32 skipped, GError **error)
{
  gsize size = dataset->chunk_size;
  g_autofree guint8 *plain = g_try_malloc (size);
  g_autofree guint8 *ordered = NULL;

  if (!plain) {
    refuse (error, "has chunks larger than the memory");
    return NULL;
  }
  if (dataset->deflate_bit & ~skipped) {
    if (!inflate_exactly (INFLATE_ZLIB, stored, stored_size, plain, size)) {
      refuse (error, "has a damaged chunk");
      return NULL;
    }
  } else if (stored_size == size) {
    memcpy (plain, stored, size);
  } else {
    refuse (error, "has a chunk of the wrong size");
    return NULL;
  }
  if (!(dataset->shuffle_bit & ~skipped))
    return g_steal_pointer (&plain);
  ordered = g_try_malloc (size);
  if (!ordered) {
    refuse (error, "has chunks larger than the memory");
    return NULL;
  }
  unshuffle (plain, ordered, size / dataset->number.size, dataset->number.size);
  return g_steal_pointer (&ordered);
}

/* Moves on to the next place below @limit with @step, last dimension first. */
static gboolean
advance (hsize_t *place, const hsize_t *limit, const hsize_t *step, gint rank)
{
  for (gint i = rank - 1; i >= 0; i--) {
    place[i] += step ? step[i] : 1;
    if (place[i] < limit[i])
      return TRUE;
    place[i] = 0;
  }
  return FALSE;
}

/* Copies the rows of a chunk that lie within the dataset. */
static void
place_chunk (const Dataset *dataset, const hsize_t *offset, const guint8 *chunk)
{
  gint last = (gint) dataset->shape.rank - 1;
  hsize_t row[CNN_MAX_RANK] = { 0 }, extent[CNN_MAX_RANK];
  gsize number_size = dataset->number.size;

  for (gint i = 0; i <= last; i++)
    extent[i] = MIN (dataset->chunk[i],
        (hsize_t) dataset->shape.dims[i] - offset[i]);
  do {
    gsize from = 0, to = 0;

    for (gint i = 0; i <= last; i++) {
      from = from * dataset->chunk[i] + row[i];
      to = to * (gsize) dataset->shape.dims[i] + offset[i] + row[i];
    }
    memcpy (dataset->bytes + to * number_size, chunk + from * number_size,
        extent[last] * number_size);
  } while (advance (row, extent, NULL, last));
}

static gboolean
read_chunk (const Dataset *dataset, const hsize_t *offset, GError **error)
{
  g_autofree guint8 *stored = NULL;
  g_autofree guint8 *chunk = NULL;
  guint32 skipped = 0;
  hsize_t size = 0;

  if (H5Dget_chunk_storage_size (dataset->id, offset, &size) < 0 || size == 0
      || size > g_bytes_get_size (dataset->image))
    return refuse (error, "has not all its data in this file");
  stored = g_try_malloc (size);
  if (!stored
      || H5Dread_chunk (dataset->id, H5P_DEFAULT, offset, &skipped, stored) < 0)
    return refuse (error, "has a chunk that cannot be read");
  chunk = decode_chunk (dataset, stored, size, skipped, error);
  if (!chunk)
    return FALSE;
  place_chunk (dataset, offset, chunk);
  return TRUE;
}

static gboolean
read_chunked (Dataset *dataset, hid_t properties, GError **error)
{
  hsize_t offset[CNN_MAX_RANK] = { 0 }, dims[CNN_MAX_RANK];

  if (!read_filters (dataset, properties, error)
      || !read_chunk_shape (dataset, properties, error)
      || !allocate (dataset, error))
    return FALSE;
  for (guint i = 0; i < dataset->shape.rank; i++)
    dims[i] = (hsize_t) dataset->shape.dims[i];
  do {
    if (!read_chunk (dataset, offset, error))
      return FALSE;
  } while (advance (offset, dims, dataset->chunk, (gint) dataset->shape.rank));
  return TRUE;
}

static gboolean
read_bytes (Dataset *dataset, GError **error)
{
  hid_t properties = H5Dget_create_plist (dataset->id);
  gboolean done;

  if (properties < 0)
    return refuse (error, "has no properties");
  if (H5Pget_external_count (properties) != 0) {
    done = refuse (error,
        "has its data in another file, which is not followed");
  } else {
    switch (H5Pget_layout (properties)) {
      case H5D_COMPACT:
        done = read_compact (dataset, error);
        break;
      case H5D_CONTIGUOUS:
        done = read_contiguous (dataset, error);
        break;
      case H5D_CHUNKED:
        done = read_chunked (dataset, properties, error);
        break;
      default:
        done = refuse (error,
            "is virtual: its data is elsewhere, which is not followed");
    }
  }
  H5Pclose (properties);
  return done;
}

static gfloat *
decode (const Dataset *dataset, GError **error)
{
  g_autofree gfloat *values = g_try_new (gfloat, dataset->count);

  if (!values) {
    refuse (error, "is larger than the memory");
    return NULL;
  }
  if (!stored_number_decode (&dataset->number, dataset->bytes, values,
          dataset->count)) {
    refuse (error, "holds a value that is not finite");
    return NULL;
  }
  return g_steal_pointer (&values);
}

gfloat *
hdf5_dataset_read (hid_t id, GBytes *image, gsize *budget, CnnShape *shape,
    GError **error)
{
  Dataset dataset = { .id = id, .image = image };
  gfloat *values = NULL;

  if (read_shape (&dataset, error) && read_type (&dataset, error)
      && check_size (&dataset, budget, error) && read_bytes (&dataset, error))
    values = decode (&dataset, error);
  g_free (dataset.bytes);
  *shape = dataset.shape;
  return values;
}
