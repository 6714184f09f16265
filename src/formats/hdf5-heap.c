/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/hdf5-heap.h"

#include <string.h>

#define HEAP_HEADER_SIZE 16
#define OBJECT_HEADER_SIZE 16

static guint64
get_little_endian (const guint8 *bytes, guint size)
{
  guint64 value = 0;

  while (size-- > 0)
    value = value << 8 | bytes[size];
  return value;
}

/* libhdf5 converts what it reads from the type in the file to that in memory.
 * This conversion leaves references as they are. */
static herr_t
keep_reference (hid_t from, hid_t to, H5T_cdata_t *data, size_t count,
    size_t stride, size_t background_stride, void *buffer, void *background,
    hid_t properties)
{
  if (data->command == H5T_CONV_INIT)
    data->need_bkg = H5T_BKG_NO;
  return H5Tget_size (from) == HDF5_HEAP_REFERENCE_SIZE
          && H5Tget_size (to) == HDF5_HEAP_REFERENCE_SIZE
      ? 0
      : -1;
}

/* The conversion applies to opaque types with this tag only. */
static hid_t
create_reference_type (void)
{
  hid_t type = H5Tcreate (H5T_OPAQUE, HDF5_HEAP_REFERENCE_SIZE);

  if (type >= 0)
    H5Tset_tag (type, "reference into a global heap");
  return type;
}

gboolean
hdf5_heap_read_references (hid_t attribute, hid_t type, guint8 *references)
{
  static gsize registered = 0;
  hid_t reference = create_reference_type ();
  gboolean done;

  if (g_once_init_enter (&registered)) {
    H5Tregister (H5T_PERS_SOFT, "keep references", type, reference,
        keep_reference);
    g_once_init_leave (&registered, 1);
  }
  done = reference >= 0 && H5Aread (attribute, reference, references) >= 0;
  if (reference >= 0)
    H5Tclose (reference);
  return done;
}

/* The heap at an address, if all of it lies in the image. */
static const guint8 *
find_heap (GBytes *image, guint64 address, gsize *size)
{
  gsize available;
  const guint8 *data = g_bytes_get_data (image, &available);
  const guint8 *heap;
  guint64 heap_size;

  if (address > available || available - address < HEAP_HEADER_SIZE)
    return NULL;
  heap = data + address;
  heap_size = get_little_endian (heap + 8, 8);
  if (memcmp (heap, "GCOL\1", 5) != 0 || heap_size > available - address)
    return NULL;
  *size = heap_size;
  return heap;
}

static const guint8 *
find_object (const guint8 *heap, gsize heap_size, guint64 number, gsize *size)
{
  gsize offset = HEAP_HEADER_SIZE;

  while (heap_size >= OBJECT_HEADER_SIZE
      && offset <= heap_size - OBJECT_HEADER_SIZE) {
    const guint8 *object = heap + offset;
    guint64 object_number = get_little_endian (object, 2);
    guint64 object_size = get_little_endian (object + 8, 8);

    offset += OBJECT_HEADER_SIZE;
    if (object_number == 0 || object_size > heap_size - offset)
      return NULL; /* what is left is free */
    if (object_number == number) {
      *size = object_size;
      return heap + offset;
    }
    offset += (object_size + 7) & ~(guint64) 7;
  }
  return NULL;
}

const gchar *
hdf5_heap_follow (GBytes *image, const guint8 *reference, gsize *size)
{
  guint64 length = get_little_endian (reference, 4);
  guint64 address = get_little_endian (reference + 4, 8);
  guint64 number = get_little_endian (reference + 12, 4);
  gsize heap_size, object_size;
  const guint8 *heap, *text;

  *size = 0;
  if (length == 0 || address == 0)
    return "";
  heap = find_heap (image, address, &heap_size);
  text = heap ? find_object (heap, heap_size, number, &object_size) : NULL;
  if (!text || length > object_size)
    return NULL;
  *size = strnlen ((const gchar *) text, length);
  return (const gchar *) text;
}
