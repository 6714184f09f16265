/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "videometa.h"

#include <gst/video/video.h>

#include "videoframe.h"

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
video_meta_propose_allocation (GstBaseTransform *transform,
    GstQuery *decide_query, GstQuery *query)
{
  gboolean is_offered;

  /* Fails where downstream knows no allocation, which binds nobody. */
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

  if (!video_frame_fits (info, buffer)
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
video_meta_prepare_output_buffer (GstBaseTransform *transform,
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
