/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "misplacement.h"

#include <math.h>

#include "analytics.h"
#include "frametransform.h"
#include "gstactivationmeta.h"

/* These keep the boxes that come in, and add none. */
static const gchar *const neutral_elements[] = { "capsfilter", "clocksync",
  "identity", "queue", "queue2", "tee", "valve", "videobalance", "videoconvert",
  "videoconvertscale", "videorate", "videoscale", NULL };

/* Returns: (transfer full) (nullable): the next pad upstream of @pad, which is
 * one of a bin */
static GstPad *
leave_bin (GstPad *pad)
{
  g_autoptr (GstProxyPad) ghost = NULL;

  if (GST_IS_GHOST_PAD (pad))
    return gst_ghost_pad_get_target (GST_GHOST_PAD (pad));
  ghost = gst_proxy_pad_get_internal (GST_PROXY_PAD (pad));
  return ghost ? gst_pad_get_peer (GST_PAD (ghost)) : NULL;
}

/* Returns: (transfer full) (nullable): the element that sends to @pad, which
 * may be in another bin */
static GstElement *
get_upstream (GstPad *pad)
{
  GstPad *peer = gst_pad_get_peer (pad);
  GstElement *element;

  while (peer && GST_IS_PROXY_PAD (peer)) {
    GstPad *proxy = peer;

    peer = leave_bin (proxy);
    gst_object_unref (proxy);
  }
  if (!peer)
    return NULL;
  element = gst_pad_get_parent_element (peer);
  gst_object_unref (peer);
  return element;
}

static gboolean
is_neutral (GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);

  return factory
      && g_strv_contains (neutral_elements, GST_OBJECT_NAME (factory));
}

static gboolean
may_add_borders (GstElement *element)
{
  GParamSpec *property = g_object_class_find_property (G_OBJECT_GET_CLASS (
                                                           element),
      "add-borders");
  gboolean adds = FALSE;

  if (property && G_IS_PARAM_SPEC_BOOLEAN (property))
    g_object_get (element, "add-borders", &adds, NULL);
  return adds;
}

/* Returns FALSE if the pad has no caps of a video. */
static gboolean
get_info (GstElement *element, const gchar *name, GstVideoInfo *info)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, name);
  g_autoptr (GstCaps) caps = pad ? gst_pad_get_current_caps (pad) : NULL;

  return caps && gst_video_info_from_caps (info, caps);
}

/* Returns the proportions of the frame as displayed. */
static gdouble
get_aspect (const GstVideoInfo *info)
{
  return (gdouble) GST_VIDEO_INFO_WIDTH (info) * GST_VIDEO_INFO_PAR_N (info)
      / ((gdouble) GST_VIDEO_INFO_HEIGHT (info) * GST_VIDEO_INFO_PAR_D (info));
}

/* Borders are added where the proportions change by a pixel or more. */
static gboolean
adds_borders (GstElement *element)
{
  GstVideoInfo in, out;
  gdouble change;

  if (!may_add_borders (element) || !get_info (element, "sink", &in)
      || !get_info (element, "src", &out))
    return FALSE;
  change = fabs (get_aspect (&in) / get_aspect (&out) - 1.0);
  return change
      * MAX (GST_VIDEO_INFO_WIDTH (&out), GST_VIDEO_INFO_HEIGHT (&out))
      >= 1.0;
}

gchar *
misplacement_find (GstPad *pad)
{
  g_autoptr (GstPad) sink = gst_object_ref (pad);

  if (frame_transform_is_told ())
    return NULL;
  while (sink) {
    g_autoptr (GstElement) element = get_upstream (sink);

    g_clear_pointer (&sink, gst_object_unref);
    if (element && adds_borders (element))
      return gst_element_get_name (element);
    if (element && is_neutral (element))
      sink = gst_element_get_static_pad (element, "sink");
  }
  return NULL;
}

static gboolean
has_box (const GstMeta *meta)
{
  const GType api = meta->info->api;

  if (api == GST_ACTIVATION_META_API_TYPE)
    return ((const GstActivationMeta *) meta)->roi_type != 0;
  return api == GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE
      || analytics_has_objects (meta);
}

gboolean
misplacement_has_boxes (GstBuffer *buffer)
{
  gpointer state = NULL;
  GstMeta *meta;

  while ((meta = gst_buffer_iterate_meta (buffer, &state))) {
    if (has_box (meta))
      return TRUE;
  }
  return FALSE;
}

static gboolean
remove_if_box (GstBuffer *buffer, GstMeta **meta, gpointer data)
{
  if (has_box (*meta))
    *meta = NULL;
  return TRUE;
}

void
misplacement_remove_boxes (GstBuffer *buffer)
{
  gst_buffer_foreach_meta (buffer, remove_if_box, NULL);
}
