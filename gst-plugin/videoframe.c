/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "videoframe.h"

#include "image/image-canvas.h"

static const struct {
  GstVideoFormat video;
  ImageFormat image;
} formats[] = {
  { GST_VIDEO_FORMAT_I420, IMAGE_FORMAT_I420 },
  { GST_VIDEO_FORMAT_YV12, IMAGE_FORMAT_YV12 },
  { GST_VIDEO_FORMAT_NV12, IMAGE_FORMAT_NV12 },
  { GST_VIDEO_FORMAT_NV21, IMAGE_FORMAT_NV21 },
  { GST_VIDEO_FORMAT_YUY2, IMAGE_FORMAT_YUY2 },
  { GST_VIDEO_FORMAT_UYVY, IMAGE_FORMAT_UYVY },
  { GST_VIDEO_FORMAT_I420_10LE, IMAGE_FORMAT_I420_10LE },
  { GST_VIDEO_FORMAT_P010_10LE, IMAGE_FORMAT_P010_10LE },
  { GST_VIDEO_FORMAT_GRAY8, IMAGE_FORMAT_GRAY8 },
  { GST_VIDEO_FORMAT_RGB, IMAGE_FORMAT_RGB },
  { GST_VIDEO_FORMAT_BGR, IMAGE_FORMAT_BGR },
  { GST_VIDEO_FORMAT_RGBx, IMAGE_FORMAT_RGBX },
  { GST_VIDEO_FORMAT_BGRx, IMAGE_FORMAT_BGRX },
  { GST_VIDEO_FORMAT_xRGB, IMAGE_FORMAT_XRGB },
  { GST_VIDEO_FORMAT_RGBA, IMAGE_FORMAT_RGBA },
  { GST_VIDEO_FORMAT_BGRA, IMAGE_FORMAT_BGRA },
  { GST_VIDEO_FORMAT_ARGB, IMAGE_FORMAT_ARGB },
};
G_STATIC_ASSERT (G_N_ELEMENTS (formats) == IMAGE_N_FORMATS);

static ImageFormat
image_format_from_video_format (GstVideoFormat format)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    if (formats[i].video == format)
      return formats[i].image;
  }
  g_return_val_if_reached (IMAGE_FORMAT_GRAY8);
}

/* The white of graphics, 203 cd/m2, by ITU-R BT.2408. */
static gdouble
get_graphics_white (GstVideoTransferFunction transfer)
{
  switch (transfer) {
    case GST_VIDEO_TRANSFER_SMPTE2084: /* PQ */
      return 0.58;
    case GST_VIDEO_TRANSFER_ARIB_STD_B67: /* HLG */
      return 0.75;
    default:
      return 1.0;
  }
}

static void
get_colorimetry (const GstVideoInfo *info, ImageColorimetry *colorimetry)
{
  const GstVideoColorimetry *source = &GST_VIDEO_INFO_COLORIMETRY (info);

  /* RGB has no matrix, and unknown ones are most often BT.601. */
  if (!gst_video_color_matrix_get_Kr_Kb (source->matrix, &colorimetry->kr,
          &colorimetry->kb))
    gst_video_color_matrix_get_Kr_Kb (GST_VIDEO_COLOR_MATRIX_BT601,
        &colorimetry->kr, &colorimetry->kb);
  colorimetry->full_range = source->range == GST_VIDEO_COLOR_RANGE_0_255
      || (source->range == GST_VIDEO_COLOR_RANGE_UNKNOWN
          && GST_VIDEO_INFO_IS_RGB (info));
  colorimetry->graphics_white = get_graphics_white (source->transfer);
}

gdouble
image_pixel_aspect_from_video_info (const GstVideoInfo *info)
{
  return image_pixel_aspect_from_ratio (GST_VIDEO_INFO_PAR_N (info),
      GST_VIDEO_INFO_PAR_D (info));
}

void
image_frame_from_video_frame (GstVideoFrame *frame, ImageFrame *image)
{
  const GstVideoInfo *info = &frame->info;

  image->format = image_format_from_video_format (
      GST_VIDEO_FRAME_FORMAT (frame));
  image->width = GST_VIDEO_FRAME_WIDTH (frame);
  image->height = GST_VIDEO_FRAME_HEIGHT (frame);
  get_colorimetry (info, &image->colorimetry);
  image->pixel_aspect = image_pixel_aspect_from_video_info (info);
  for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES (frame); i++) {
    /* YV12 is I420 with its chroma planes swapped in memory: go by component
     * where each has a plane of its own. */
    guint plane = GST_VIDEO_FRAME_N_PLANES (frame) == 3
        ? (guint) GST_VIDEO_FORMAT_INFO_PLANE (info->finfo, i)
        : i;

    image->plane[i] = GST_VIDEO_FRAME_PLANE_DATA (frame, plane);
    image->stride[i] = GST_VIDEO_FRAME_PLANE_STRIDE (frame, plane);
  }
}

/* Checks a buffer before it is mapped, as GStreamer logs critical messages
 * about buffers that are empty or have a GstVideoMeta of another format. */
static gboolean
may_be_frame (const GstVideoInfo *info, GstBuffer *buffer)
{
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);

  return gst_buffer_n_memory (buffer) > 0
      && (!meta
          || (meta->format == GST_VIDEO_INFO_FORMAT (info)
              && meta->width == (guint) GST_VIDEO_INFO_WIDTH (info)
              && meta->height == (guint) GST_VIDEO_INFO_HEIGHT (info)));
}

gboolean
activation_frame_map (GstElement *element, gboolean *has_warned,
    GstVideoFrame *frame, const GstVideoInfo *info, GstBuffer *buffer,
    GstMapFlags flags)
{
  if (may_be_frame (info, buffer)
      && gst_video_frame_map (frame, info, buffer,
          flags | (GstMapFlags) GST_VIDEO_FRAME_MAP_FLAG_NO_REF))
    return TRUE;
  if (!*has_warned) {
    GST_ELEMENT_WARNING (element, STREAM, FORMAT,
        ("A buffer of %" G_GSIZE_FORMAT
         " bytes is no frame of %dx%d %s, and is passed over.",
            gst_buffer_get_size (buffer), GST_VIDEO_INFO_WIDTH (info),
            GST_VIDEO_INFO_HEIGHT (info),
            gst_video_format_to_string (GST_VIDEO_INFO_FORMAT (info))),
        ("It does not fit the caps. Others of this kind are not reported."));
  }
  *has_warned = TRUE;
  return FALSE;
}

static GstBaseTransformClass *
get_base_class (void)
{
  return g_type_class_peek (GST_TYPE_BASE_TRANSFORM);
}

static GQuark
get_quark (void)
{
  return g_quark_from_static_string ("activation-packs-frames");
}

gboolean
activation_frame_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query)
{
  gboolean is_offered;

  /* This fails if downstream does not support allocation queries, which does
   * not matter. */
  get_base_class ()->propose_allocation (transform, decide_query, query);
  is_offered = gst_query_find_allocation_meta (query, GST_VIDEO_META_API_TYPE,
      NULL);
  if (!is_offered)
    gst_query_add_allocation_meta (query, GST_VIDEO_META_API_TYPE, NULL);
  g_object_set_qdata (G_OBJECT (transform), get_quark (),
      GINT_TO_POINTER (!is_offered));
  GST_DEBUG_OBJECT (transform, "GstVideoMeta is offered %s",
      is_offered ? "as downstream offers it" : "for this element alone");
  return TRUE;
}

static gboolean
is_padded (const GstVideoMeta *meta, const GstVideoInfo *info)
{
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (info); i++) {
    if (meta->offset[i] != GST_VIDEO_INFO_PLANE_OFFSET (info, i)
        || meta->stride[i] != GST_VIDEO_INFO_PLANE_STRIDE (info, i))
      return TRUE;
  }
  return FALSE;
}

static gboolean
copy_frame (const GstVideoInfo *info, GstBuffer *buffer, GstBuffer *copy)
{
  GstVideoFrame from, to;
  gboolean is_copied;

  if (!may_be_frame (info, buffer)
      || !gst_video_frame_map (&from, info, buffer, GST_MAP_READ))
    return FALSE;
  if (!gst_video_frame_map (&to, info, copy, GST_MAP_WRITE)) {
    gst_video_frame_unmap (&from);
    return FALSE;
  }
  is_copied = gst_video_frame_copy (&to, &from);
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  return is_copied;
}

/* Returns: (transfer full) (nullable): the frame without padding */
static GstBuffer *
pack (const GstVideoInfo *info, GstBuffer *buffer)
{
  GstBuffer *packed = gst_buffer_new_allocate (NULL, GST_VIDEO_INFO_SIZE (info),
      NULL);
  GstVideoMeta *meta;

  if (!copy_frame (info, buffer, packed)) {
    gst_buffer_unref (packed);
    return NULL;
  }
  gst_buffer_copy_into (packed, buffer, GST_BUFFER_COPY_METADATA, 0, -1);
  while ((meta = gst_buffer_get_video_meta (packed)))
    gst_buffer_remove_meta (packed, (GstMeta *) meta);
  return packed;
}

GstFlowReturn
activation_frame_prepare_output_buffer (GstBaseTransform *transform,
    GstBuffer *buffer, GstBuffer **out_buffer)
{
  const GstVideoMeta *meta = gst_buffer_get_video_meta (buffer);
  g_autoptr (GstCaps) caps = NULL;
  GstVideoInfo info;

  *out_buffer = NULL;
  if (meta && gst_base_transform_is_in_place (transform)
      && g_object_get_qdata (G_OBJECT (transform), get_quark ())) {
    caps = gst_pad_get_current_caps (transform->srcpad);
    if (caps && gst_video_info_from_caps (&info, caps)
        && is_padded (meta, &info))
      *out_buffer = pack (&info, buffer);
  }
  if (*out_buffer)
    return GST_FLOW_OK;
  return get_base_class ()->prepare_output_buffer (transform, buffer,
      out_buffer);
}
