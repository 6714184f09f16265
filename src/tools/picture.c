/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tools/picture.h"

#include <string.h>

#include "base/file.h"
#include "base/model-error.h"

#ifdef HAVE_GDK_PIXBUF
#include <gdk-pixbuf/gdk-pixbuf.h>
#endif

#define MAX_FILE_SIZE (64 << 20)
#define MAX_SIDE 16384
#define MAX_PIXELS (64 << 20)

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"
#define PNG_SIGNATURE_SIZE 8
#define PNG_SIZE_OFFSET 16 /* of the width, which the height follows */

/* What is read of a file so far. */
typedef struct {
  const guint8 *at;
  gsize left;
} Input;

static gboolean
check_size (gint64 width, gint64 height, GError **error)
{
  if (width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE
      && width * height <= MAX_PIXELS)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "is of %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT " pixels; at most %d, and "
      "%d along a side, are accepted",
      width, height, MAX_PIXELS, MAX_SIDE);
  return FALSE;
}

static cairo_status_t
read_input (void *closure, unsigned char *data, unsigned int length)
{
  Input *input = closure;

  if (length > input->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, input->at, length);
  input->at += length;
  input->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static guint32
read_word (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16
      | (guint32) bytes[2] << 8 | bytes[3];
}

/* Colours are premultiplied, so that without alpha they are over black. */
static cairo_surface_t *
drop_alpha (cairo_surface_t *surface)
{
  const gint width = cairo_image_surface_get_width (surface);
  const gint height = cairo_image_surface_get_height (surface);
  cairo_surface_t *opaque = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  cairo_t *cairo = cairo_create (opaque);

  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return opaque;
}

static cairo_surface_t *
load_png (const guint8 *bytes, gsize size, GError **error)
{
  Input input = { bytes, size };
  cairo_surface_t *surface;

  if (size < PNG_SIZE_OFFSET + 8) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is a PNG file that ends too early");
    return NULL;
  }
  if (!check_size (read_word (bytes + PNG_SIZE_OFFSET),
          read_word (bytes + PNG_SIZE_OFFSET + 4), error))
    return NULL;
  surface = cairo_image_surface_create_from_png_stream (read_input, &input);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return drop_alpha (surface);
  cairo_surface_destroy (surface);
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "is a PNG file that is damaged");
  return NULL;
}

#ifdef HAVE_GDK_PIXBUF

/* Refuses a size before its pixels are decoded. */
static void
on_size_prepared (GdkPixbufLoader *loader, gint width, gint height,
    gpointer data)
{
  GError **error = data;

  if (!*error && !check_size (width, height, error))
    gdk_pixbuf_loader_set_size (loader, 1, 1);
}

static cairo_surface_t *
copy_pixbuf (const GdkPixbuf *pixbuf)
{
  const gint width = gdk_pixbuf_get_width (pixbuf);
  const gint height = gdk_pixbuf_get_height (pixbuf);
  const gint n_channels = gdk_pixbuf_get_n_channels (pixbuf);
  const gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  guint8 *data = cairo_image_surface_get_data (surface);
  const gint stride = cairo_image_surface_get_stride (surface);

  for (gint y = 0; y < height; y++) {
    const guint8 *from = gdk_pixbuf_read_pixels (pixbuf)
        + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf);
    guint32 *to = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);

    for (gint x = 0; x < width; x++, from += n_channels) {
      const guint32 alpha = has_alpha ? from[3] : 255;

      to[x] = 0;
      for (gint i = 0; i < 3; i++)
        to[x] = to[x] << 8 | (from[i] * alpha + 127) / 255;
    }
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

static cairo_surface_t *
load_other (GBytes *file, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GdkPixbuf) upright = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean complete;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared),
      &reason);
  complete = gdk_pixbuf_loader_write_bytes (loader, file,
      reason ? NULL : error);
  /* Must be closed in any case; of two errors the first counts. */
  complete = gdk_pixbuf_loader_close (loader,
                 complete && !reason ? error : NULL)
      && complete;
  if (reason) {
    g_clear_error (error);
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  if (!complete)
    return NULL;
  upright = gdk_pixbuf_apply_embedded_orientation (
      gdk_pixbuf_loader_get_pixbuf (loader));
  return copy_pixbuf (upright);
}

#else

static cairo_surface_t *
load_other (GBytes *file, GError **error)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "is no PNG file, and this program was built without GdkPixbuf, which "
      "reads others");
  return NULL;
}

#endif

cairo_surface_t *
picture_load (const gchar *path, GError **error)
{
  g_autoptr (GBytes) file = file_read (path, MAX_FILE_SIZE, error);
  cairo_surface_t *picture;
  const guint8 *bytes;
  gsize size;

  if (!file)
    return NULL;
  bytes = g_bytes_get_data (file, &size);
  picture = size >= PNG_SIGNATURE_SIZE
          && memcmp (bytes, PNG_SIGNATURE, PNG_SIGNATURE_SIZE) == 0
      ? load_png (bytes, size, error)
      : load_other (file, error);
  if (!picture)
    g_prefix_error (error, "%s: ", path);
  return picture;
}

void
picture_get_frame (cairo_surface_t *picture, ImageFrame *frame)
{
  *frame = (ImageFrame) {
    /* Words of 0xxxRRGGBB. */
    .format = G_BYTE_ORDER == G_LITTLE_ENDIAN ? IMAGE_FORMAT_BGRX
                                              : IMAGE_FORMAT_XRGB,
    .width = cairo_image_surface_get_width (picture),
    .height = cairo_image_surface_get_height (picture),
    .plane = { cairo_image_surface_get_data (picture) },
    .stride = { cairo_image_surface_get_stride (picture) },
    .colorimetry = { .kr = 0.299, .kb = 0.114, .full_range = TRUE },
  };
}
