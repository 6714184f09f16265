/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "piececomposition.h"

#include <string.h>

/* What rectangles hold: BGRA or ARGB bytes, which are ARGB words. */
static GstBuffer *
copy_pixels (const HeatmapPiece *piece)
{
  const gint width = piece->rect.width, height = piece->rect.height;
  const guint8 *data = cairo_image_surface_get_data (piece->surface);
  const gint stride = cairo_image_surface_get_stride (piece->surface);
  const gsize row = (gsize) width * 4;
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, row * (gsize) height,
      NULL);
  GstMapInfo map;

  gst_buffer_add_video_meta (buffer, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint) width, (guint) height);
  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gint y = 0; y < height; y++)
    memcpy (map.data + (gsize) y * row, data + (gsize) y * (gsize) stride, row);
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

void
piece_composition_attach (GstBuffer *buffer, const HeatmapPiece *pieces,
    guint n_pieces)
{
  GstVideoOverlayComposition *composition = gst_video_overlay_composition_new (
      NULL);

  for (guint i = 0; i < n_pieces; i++) {
    const HeatmapPiece *piece = &pieces[i];
    g_autoptr (GstBuffer) pixels = copy_pixels (piece);
    GstVideoOverlayRectangle *rectangle =
        gst_video_overlay_rectangle_new_raw (pixels, piece->rect.x,
            piece->rect.y, (guint) piece->rect.width,
            (guint) piece->rect.height,
            GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);

    gst_video_overlay_composition_add_rectangle (composition, rectangle);
    gst_video_overlay_rectangle_unref (rectangle);
  }
  gst_buffer_add_video_overlay_composition_meta (buffer, composition);
  gst_video_overlay_composition_unref (composition);
}
