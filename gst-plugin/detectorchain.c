/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "detectorchain.h"

#include <gst/video/video.h>
#include <math.h>

/* Frames are scaled to this many pixels, 480x360 say, so that detection costs
 * the same for all sizes. Stock facedetect finds faces from 30 pixels up. Of
 * 640x480 frames it takes 2/3 of the time that the whole frame takes, and finds
 * as many faces, with fewer false ones. */
#define DETECTION_PIXELS (480 * 360)

typedef struct {
  GQuark roi_type;
  guint x, y, width, height;
} Region;

struct _DetectorChain {
  GstElement *element; /* scaler, size and detector, in the bin */
  GstElement *size;    /* the capsfilter among them */
  GstPad *src;         /* frames go out here */
  GstPad *sink;        /* and come back here */
  GstVideoInfo info;   /* of the video */
  GstVideoInfo small;  /* of what comes back */
  GArray *regions;     /* of Region, in pixels of the video */
  GThread *thread;     /* that pushes the frames; atomic */
  gboolean is_failing; /* which has been said */
  gint has_own_thread; /* likewise; atomic */
};

/* Without templates these pads would take and give the current caps only. */
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

/* The rectangle comes from another element: nothing of it may leave the frame.
 */
static void
append_region (DetectorChain *chain, const GstVideoRegionOfInterestMeta *meta)
{
  const gdouble scale_x = (gdouble) GST_VIDEO_INFO_WIDTH (&chain->info)
      / GST_VIDEO_INFO_WIDTH (&chain->small);
  const gdouble scale_y = (gdouble) GST_VIDEO_INFO_HEIGHT (&chain->info)
      / GST_VIDEO_INFO_HEIGHT (&chain->small);
  const guint width = (guint) GST_VIDEO_INFO_WIDTH (&chain->small);
  const guint height = (guint) GST_VIDEO_INFO_HEIGHT (&chain->small);
  Region region = { meta->roi_type, MIN (meta->x, width), MIN (meta->y, height),
    0, 0 };

  region.width = (guint) (MIN (meta->w, width - region.x) * scale_x + 0.5);
  region.height = (guint) (MIN (meta->h, height - region.y) * scale_y + 0.5);
  region.x = (guint) (region.x * scale_x + 0.5);
  region.y = (guint) (region.y * scale_y + 0.5);
  if (region.width > 0 && region.height > 0)
    g_array_append_val (chain->regions, region);
}

/* Regions that come late belong to a frame that has gone. */
static void
warn_of_own_thread (DetectorChain *chain)
{
  if (!g_atomic_int_compare_and_exchange (&chain->has_own_thread, 0, 1))
    return;
  GST_ELEMENT_WARNING (chain->element, LIBRARY, SETTINGS,
      ("The detector answers in a thread of its own, as with a queue, so no "
       "region is found."),
      (NULL));
}

static GstFlowReturn
collect_regions (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  DetectorChain *chain = gst_pad_get_element_private (pad);
  GstMeta *meta;
  gpointer state = NULL;

  if (g_atomic_pointer_get (&chain->thread) != g_thread_self ()) {
    warn_of_own_thread (chain);
    gst_buffer_unref (buffer);
    return GST_FLOW_OK;
  }
  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)))
    append_region (chain, (GstVideoRegionOfInterestMeta *) meta);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
follow_caps (GstPad *pad, GstObject *parent, GstEvent *event)
{
  DetectorChain *chain = gst_pad_get_element_private (pad);
  gboolean fits = TRUE;

  if (GST_EVENT_TYPE (event) == GST_EVENT_CAPS) {
    GstCaps *caps;

    gst_event_parse_caps (event, &caps);
    fits = gst_video_info_from_caps (&chain->small, caps);
  }
  gst_event_unref (event);
  return fits;
}

static GstElement *
make_element (const gchar *description, GError **error)
{
  g_autofree gchar *full = g_strconcat (
      "videoconvertscale add-borders=false ! capsfilter name=size ! ",
      description, NULL);

  /* Fatal errors only would let a mistyped property pass. */
  return gst_parse_bin_from_description_full (full, TRUE, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, error);
}

DetectorChain *
detector_chain_new (GstBin *bin, const gchar *description, GError **error)
{
  GstElement *element = make_element (description, error);
  g_autoptr (GstPad) first = NULL;
  g_autoptr (GstPad) last = NULL;
  DetectorChain *chain;

  if (!element)
    return NULL;
  chain = g_new0 (DetectorChain, 1);
  chain->element = element;
  chain->size = gst_bin_get_by_name (GST_BIN (element), "size");
  chain->regions = g_array_new (FALSE, FALSE, sizeof (Region));
  chain->src = gst_pad_new_from_static_template (&src_template, "detector_src");
  chain->sink = gst_pad_new_from_static_template (&sink_template,
      "detector_sink");
  gst_object_ref_sink (chain->src);
  gst_object_ref_sink (chain->sink);
  gst_pad_set_element_private (chain->sink, chain);
  gst_pad_set_chain_function (chain->sink, collect_regions);
  gst_pad_set_event_function (chain->sink, follow_caps);
  gst_bin_add (bin, element);
  first = gst_element_get_static_pad (element, "sink");
  last = gst_element_get_static_pad (element, "src");
  if (!first || !last || gst_pad_link (chain->src, first) != GST_PAD_LINK_OK
      || gst_pad_link (last, chain->sink) != GST_PAD_LINK_OK) {
    g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_LINK,
        "detector '%s' does not take video and give it back", description);
    g_clear_pointer (&chain, detector_chain_free);
  }
  return chain;
}

void
detector_chain_free (DetectorChain *chain)
{
  GstObject *bin = gst_object_get_parent (GST_OBJECT (chain->element));

  detector_chain_set_active (chain, FALSE);
  gst_element_set_state (chain->element, GST_STATE_NULL);
  if (bin) {
    gst_bin_remove (GST_BIN (bin), chain->element);
    gst_object_unref (bin);
  }
  gst_object_unref (chain->size);
  gst_object_unref (chain->src);
  gst_object_unref (chain->sink);
  g_array_unref (chain->regions);
  g_free (chain);
}

void
detector_chain_set_active (DetectorChain *chain, gboolean active)
{
  gst_pad_set_active (chain->src, active);
  gst_pad_set_active (chain->sink, active);
}

static gint
scale_length (gint length, gdouble scale)
{
  return MAX (1, (gint) (length * scale + 0.5));
}

static void
set_size (DetectorChain *chain)
{
  const gint width = GST_VIDEO_INFO_WIDTH (&chain->info);
  const gint height = GST_VIDEO_INFO_HEIGHT (&chain->info);
  const gdouble scale = sqrt (DETECTION_PIXELS / ((gdouble) width * height));
  GstCaps *caps = gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT,
      scale_length (width, scale), "height", G_TYPE_INT,
      scale_length (height, scale), NULL);

  g_object_set (chain->size, "caps", caps, NULL);
  gst_caps_unref (caps);
}

void
detector_chain_handle_event (DetectorChain *chain, GstEvent *event)
{
  switch (GST_EVENT_TYPE (event)) {
    case GST_EVENT_CAPS: {
      GstCaps *caps;

      gst_event_parse_caps (event, &caps);
      if (gst_video_info_from_caps (&chain->info, caps))
        set_size (chain);
      break;
    }
    case GST_EVENT_STREAM_START:
    case GST_EVENT_SEGMENT:
      break;
    default:
      return;
  }
  gst_pad_push_event (chain->src, gst_event_ref (event));
}

/* Elements post errors themselves, but not when they cannot agree on caps. */
static void
check_flow (DetectorChain *chain, GstFlowReturn flow)
{
  const gboolean is_failing = flow < GST_FLOW_OK && flow != GST_FLOW_FLUSHING;

  if (is_failing && !chain->is_failing) {
    GST_ELEMENT_WARNING (chain->element, STREAM, FAILED,
        ("The detector does not take the frames (%s), so no region is found.",
            gst_flow_get_name (flow)),
        (NULL));
  }
  chain->is_failing = is_failing;
}

GstBuffer *
detector_chain_detect (DetectorChain *chain, GstBuffer *buffer)
{
  g_array_set_size (chain->regions, 0);
  g_atomic_pointer_set (&chain->thread, g_thread_self ());
  /* Nothing keeps the frame, so it is as writable afterwards as before. */
  check_flow (chain, gst_pad_push (chain->src, gst_buffer_ref (buffer)));
  if (chain->regions->len == 0)
    return buffer;
  buffer = gst_buffer_make_writable (buffer);
  for (guint i = 0; i < chain->regions->len; i++) {
    const Region *region = &g_array_index (chain->regions, Region, i);

    gst_buffer_add_video_region_of_interest_meta_id (buffer, region->roi_type,
        region->x, region->y, region->width, region->height);
  }
  return buffer;
}
