/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlaynegotiation.h"

#include <math.h>

#include "overlaycaps.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_EXTERN (gst_activation_overlay_debug);
#define GST_CAT_DEFAULT gst_activation_overlay_debug

/* In windows larger than this, in pixels, nothing is drawn sharper. */
#define MAX_WINDOW_SIZE 8192

void
overlay_negotiation_init (OverlayNegotiation *self, GstBaseTransform *transform,
    gboolean beside)
{
  *self = (OverlayNegotiation) { .transform = transform,
    .wants_beside = beside,
    .scale = 1.0 };
  gst_video_info_init (&self->info);
  gst_video_info_init (&self->out_info);
}

void
overlay_negotiation_start (OverlayNegotiation *self)
{
  self->has_explained = FALSE;
  g_atomic_int_set (&self->refused, FALSE);
}

gboolean
overlay_negotiation_set_beside (OverlayNegotiation *self, gboolean beside)
{
  return g_atomic_int_exchange (&self->wants_beside, beside) != beside;
}

static gboolean
wants_beside (OverlayNegotiation *self)
{
  return g_atomic_int_get (&self->wants_beside);
}

gboolean
overlay_negotiation_is_beside (const OverlayNegotiation *self)
{
  return GST_VIDEO_INFO_WIDTH (&self->out_info)
      > GST_VIDEO_INFO_WIDTH (&self->info);
}

gboolean
overlay_negotiation_can_draw (const OverlayNegotiation *self)
{
  return overlay_caps_can_draw (GST_VIDEO_INFO_WIDTH (&self->info),
      GST_VIDEO_INFO_HEIGHT (&self->info));
}

static gboolean
attaches_compositions (OverlayNegotiation *self)
{
  return !g_atomic_int_get (&self->refused);
}

/* The caps themselves tell which layout was chosen. Drawing follows the caps,
 * so that the property may change at any time. */
GstCaps *
overlay_negotiation_transform_caps (OverlayNegotiation *self,
    GstPadDirection from, GstCaps *caps, GstCaps *filter)
{
  const gboolean beside = wants_beside (self);
  const gboolean attaches = attaches_compositions (self);
  GstCaps *result = overlay_caps_transform (from, caps, beside, attaches);

  gst_caps_append (result,
      overlay_caps_transform (from, caps, !beside, attaches));
  if (filter) {
    GstCaps *filtered = gst_caps_intersect_full (filter, result,
        GST_CAPS_INTERSECT_FIRST);

    gst_caps_unref (result);
    result = filtered;
  }
  return result;
}

/* Takes @caps. */
static GstCaps *
restrict_to_template (GstCaps *caps, GstPad *pad)
{
  g_autoptr (GstCaps) template = gst_pad_get_pad_template_caps (pad);
  GstCaps *restricted = gst_caps_intersect_full (caps, template,
      GST_CAPS_INTERSECT_FIRST);

  gst_caps_unref (caps);
  return restricted;
}

/* Transforms caps of the pad @from to caps of the pad @to. Takes @caps. */
static GstCaps *
transform_between_pads (OverlayNegotiation *self, GstPad *from, GstPad *to,
    GstCaps *caps, gboolean beside)
{
  GstCaps *result;

  caps = restrict_to_template (caps, from);
  result = overlay_caps_transform (GST_PAD_DIRECTION (from), caps, beside,
      attaches_compositions (self));
  gst_caps_unref (caps);
  return restrict_to_template (result, to);
}

/* Returns the caps of frames that downstream accepts once this layout has
 * changed them. */
static GstCaps *
get_sink_caps (OverlayNegotiation *self, GstCaps *filter, gboolean beside)
{
  GstPad *sink = GST_BASE_TRANSFORM_SINK_PAD (self->transform);
  GstPad *src = GST_BASE_TRANSFORM_SRC_PAD (self->transform);
  g_autoptr (GstCaps) peer_filter = NULL;
  GstCaps *caps, *filtered;

  if (filter)
    peer_filter = transform_between_pads (self, sink, src,
        gst_caps_ref (filter), beside);
  caps = gst_pad_peer_query_caps (src, peer_filter);
  if (beside && filter)
    caps = overlay_caps_fix_pixel_aspect (caps, filter);
  caps = transform_between_pads (self, src, sink, caps, beside);
  if (!filter)
    return caps;
  filtered = gst_caps_intersect_full (filter, caps, GST_CAPS_INTERSECT_FIRST);
  gst_caps_unref (caps);
  return filtered;
}

/* Lets upstream choose a size that works with the wanted layout. If it has
 * none, it may send what it has, and an error then says what is wrong. */
void
overlay_negotiation_answer_caps_query (OverlayNegotiation *self,
    GstQuery *query)
{
  const gboolean beside = wants_beside (self);
  g_autoptr (GstCaps) caps = NULL;
  GstCaps *filter;

  gst_query_parse_caps (query, &filter);
  caps = get_sink_caps (self, filter, beside);
  if (beside && filter && gst_caps_is_empty (caps)) {
    gst_caps_unref (caps);
    caps = get_sink_caps (self, filter, FALSE);
  }
  GST_DEBUG_OBJECT (self->transform, "taking, %s the picture: %" GST_PTR_FORMAT,
      beside ? "beside" : "on", caps);
  gst_query_set_caps_result (query, caps);
}

static gboolean
takes_anything (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_pad_peer_query_caps (pad, NULL);

  return gst_caps_is_any (caps);
}

/* Keeps the structures of @caps that are for this layout. Takes @caps. */
static GstCaps *
keep_layout (GstCaps *caps, GstCaps *in_caps, gboolean beside)
{
  g_autoptr (GstCaps)
      allowed = overlay_caps_transform (GST_PAD_SINK, in_caps, beside, TRUE);
  GstCaps *kept = gst_caps_intersect_full (caps, allowed,
      GST_CAPS_INTERSECT_FIRST);

  gst_caps_unref (caps);
  return kept;
}

/* Returns whether upstream has frames of another size, for which there is
 * room. */
static gboolean
can_upstream_adapt (OverlayNegotiation *self, gboolean beside)
{
  g_autoptr (GstCaps) allowed = get_sink_caps (self, NULL, beside);
  g_autoptr (GstCaps) caps = NULL;

  if (gst_caps_is_empty (allowed))
    return FALSE;
  caps = gst_pad_peer_query_caps (GST_BASE_TRANSFORM_SINK_PAD (self->transform),
      allowed);
  return !gst_caps_is_empty (caps);
}

/* Returns whether these frames have been coming, so that it must be the layout
 * that has changed. */
static gboolean
is_negotiated (OverlayNegotiation *self, GstCaps *in_caps)
{
  g_autoptr (GstCaps) sink_caps = gst_pad_get_current_caps (
      GST_BASE_TRANSFORM_SINK_PAD (self->transform));
  g_autoptr (GstCaps) src_caps = gst_pad_get_current_caps (
      GST_BASE_TRANSFORM_SRC_PAD (self->transform));

  return src_caps && sink_caps && gst_caps_is_equal (sink_caps, in_caps);
}

/* To be asked if downstream accepts no frames of the wanted layout. The other
 * layout then has to do until frames of another size come or, after a warning,
 * for good. */
static gboolean
may_use_other_layout (OverlayNegotiation *self, GstCaps *in_caps,
    gboolean beside)
{
  if (can_upstream_adapt (self, beside)) {
    GST_INFO_OBJECT (self->transform,
        "asking upstream for frames of another size");
    gst_base_transform_reconfigure_sink (self->transform);
    return TRUE;
  }
  if (!is_negotiated (self, in_caps))
    return FALSE;
  GST_ELEMENT_WARNING (self->transform, CORE, NEGOTIATION,
      ("Property 'layout': downstream takes no frames of the width that this "
       "layout needs, so the frames stay as they are. Let it take any width, "
       "scale the frames after activationoverlay, or choose another layout."),
      (NULL));
  return TRUE;
}

/* Reads the property only once, as it may change in the meantime. */
static GstCaps *
choose_layout (OverlayNegotiation *self, GstCaps *in_caps, GstCaps *caps)
{
  const gboolean beside = wants_beside (self);
  GstCaps *chosen = keep_layout (gst_caps_ref (caps), in_caps, beside);

  if (gst_caps_is_empty (chosen)
      && may_use_other_layout (self, in_caps, beside)) {
    gst_caps_unref (chosen);
    return caps;
  }
  gst_caps_unref (caps);
  return chosen;
}

/* A downstream that takes any caps need not draw compositions. */
static GstCaps *
avoid_compositions (GstCaps *caps, GstPad *pad)
{
  if (!overlay_caps_has_composition (caps) || !takes_anything (pad))
    return caps;
  caps = gst_caps_make_writable (caps);
  while (gst_caps_get_size (caps) > 1 && overlay_caps_has_composition (caps))
    gst_caps_remove_structure (caps, 0);
  return caps;
}

GstCaps *
overlay_negotiation_choose_caps (OverlayNegotiation *self, GstCaps *in_caps,
    GstCaps *caps)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self->transform);

  if (!gst_pad_is_linked (pad))
    return caps;
  return avoid_compositions (choose_layout (self, in_caps, caps), pad);
}

gboolean
overlay_negotiation_set_caps (OverlayNegotiation *self, GstCaps *caps,
    GstCaps *out_caps)
{
  gboolean beside;

  if (!gst_video_info_from_caps (&self->info, caps)
      || !gst_video_info_from_caps (&self->out_info, out_caps))
    return FALSE;
  beside = overlay_negotiation_is_beside (self);
  self->attaches = FALSE;
  self->scale = 1.0;
  self->takes_composition = overlay_caps_has_composition (caps);
  self->offers_composition = overlay_caps_has_composition (out_caps);
  g_atomic_int_set (&self->must_ask, self->offers_composition);
  gst_base_transform_set_in_place (self->transform, !beside);
  GST_INFO_OBJECT (self->transform, "in: %" GST_PTR_FORMAT, caps);
  GST_INFO_OBJECT (self->transform, "out, %s the picture: %" GST_PTR_FORMAT,
      beside ? "beside" : "on", out_caps);
  return TRUE;
}

void
overlay_negotiation_restrict_allocation (const OverlayNegotiation *self,
    GstQuery *query)
{
  guint index;

  while (!self->offers_composition
      && gst_query_find_allocation_meta (query,
          GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, &index))
    gst_query_remove_nth_allocation_meta (query, index);
}

void
overlay_negotiation_restart (OverlayNegotiation *self)
{
  g_atomic_int_set (&self->refused, FALSE);
  g_atomic_int_set (&self->must_ask, TRUE);
}

/* Returns whether it is only the width that downstream does not accept. */
static gboolean
takes_other_widths (OverlayNegotiation *self, GstCaps *in_caps)
{
  g_autoptr (GstCaps) filter = gst_caps_copy (in_caps);
  g_autoptr (GstCaps) caps = NULL;

  gst_caps_set_features_simple (filter, NULL);
  gst_structure_remove_field (gst_caps_get_structure (filter, 0), "width");
  caps = gst_pad_peer_query_caps (GST_BASE_TRANSFORM_SRC_PAD (self->transform),
      filter);
  return !gst_caps_is_empty (caps);
}

/* Returns TRUE once there is an error that says why nothing was negotiated. */
static gboolean
explain_failure (OverlayNegotiation *self, GstCaps *in_caps)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self->transform);
  GstVideoInfo info;
  gint width, height;

  if (self->has_explained)
    return TRUE;
  if (!wants_beside (self) || GST_PAD_IS_FLUSHING (pad)
      || !gst_video_info_from_caps (&info, in_caps)
      || !takes_other_widths (self, in_caps))
    return FALSE;
  width = GST_VIDEO_INFO_WIDTH (&info);
  height = GST_VIDEO_INFO_HEIGHT (&info);
  self->has_explained = TRUE;
  GST_ELEMENT_ERROR (self->transform, CORE, NEGOTIATION,
      ("Property 'layout': beside a picture of %dx%d the panel makes frames of "
       "%dx%d, which downstream does not take. Let it take any width, scale "
       "the frames after activationoverlay, or choose another layout.",
          width, height,
          overlay_caps_get_wide_width (width, height,
              image_pixel_aspect_from_video_info (&info)),
          height),
      (NULL));
  return TRUE;
}

void
overlay_negotiation_check_caps_event (OverlayNegotiation *self, GstCaps *caps,
    gboolean handled)
{
  if (handled)
    self->has_explained = FALSE;
  else
    explain_failure (self, caps);
}

static gdouble
limit_scale (const GstVideoInfo *info, gdouble scale)
{
  const gint shorter = MIN (GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  const gint longer = MAX (GST_VIDEO_INFO_WIDTH (info),
      GST_VIDEO_INFO_HEIGHT (info));
  /* Rounded up, as a little less would lose a pixel. */
  const gdouble least = nextafter ((gdouble) OVERLAY_CAPS_MIN_SIZE / shorter,
      1.0);
  const gdouble most = (gdouble) MAX_WINDOW_SIZE / longer;

  return least < 1.0 && most > 1.0 ? CLAMP (scale, least, most) : 1.0;
}

/* Returns how much larger a pixel is in the window, which shows the whole
 * frame, than in the frame. */
static gdouble
get_window_scale (const GstVideoInfo *info, const GstStructure *window)
{
  const gdouble aspect = image_pixel_aspect_from_video_info (info);
  guint width, height;

  if (!window
      || !gst_structure_get (window, "width", G_TYPE_UINT, &width, "height",
          G_TYPE_UINT, &height, NULL)
      || width == 0 || height == 0)
    return 1.0;
  return limit_scale (info,
      MIN (width / (GST_VIDEO_INFO_WIDTH (info) * aspect),
          (gdouble) height / GST_VIDEO_INFO_HEIGHT (info)));
}

static void
refuse_composition (OverlayNegotiation *self)
{
  GST_INFO_OBJECT (self->transform,
      "drawing on frames, as downstream takes the caps of "
      "compositions but does not draw them");
  g_atomic_int_set (&self->refused, TRUE);
  gst_base_transform_reconfigure_src (self->transform);
}

static void
use_answer (OverlayNegotiation *self, GstQuery *query)
{
  const GstStructure *window;
  guint index;

  self->attaches = gst_query_find_allocation_meta (query,
      GST_VIDEO_OVERLAY_COMPOSITION_META_API_TYPE, &index);
  if (!self->attaches) {
    refuse_composition (self);
    return;
  }
  gst_query_parse_nth_allocation_meta (query, index, &window);
  self->scale = get_window_scale (&self->info, window);
  GST_INFO_OBJECT (self->transform,
      "attaching compositions, drawn %.3f times as large", self->scale);
}

/* Elements in between may accept the caps although the sink does not draw, so
 * an allocation query asks the sink itself. GstBaseTransform sends none if the
 * element works in place. If there is no answer, for instance while downstream
 * is flushing, nothing is decided, and the sink is asked again. */
static void
ask_for_composition (OverlayNegotiation *self)
{
  GstPad *pad = GST_BASE_TRANSFORM_SRC_PAD (self->transform);
  g_autoptr (GstCaps) caps = NULL;
  g_autoptr (GstQuery) query = NULL;

  g_atomic_int_set (&self->must_ask, FALSE);
  self->attaches = FALSE;
  self->scale = 1.0;
  if (!self->offers_composition)
    return;
  caps = gst_pad_get_current_caps (pad);
  query = gst_query_new_allocation (caps, FALSE);
  if (gst_pad_peer_query (pad, query)) {
    use_answer (self, query);
  } else {
    GST_DEBUG_OBJECT (self->transform,
        "no answer whether compositions are drawn");
    g_atomic_int_set (&self->must_ask, TRUE);
  }
}

/* Downstream answers only once it has caps, and its answer may call for
 * others. */
static gboolean
settle_caps (OverlayNegotiation *self)
{
  GstBaseTransform *transform = self->transform;

  if (!gst_base_transform_reconfigure (transform))
    return FALSE;
  if (!g_atomic_int_get (&self->must_ask))
    return TRUE;
  ask_for_composition (self);
  return gst_base_transform_reconfigure (transform);
}

static GstFlowReturn
get_failure (OverlayNegotiation *self)
{
  g_autoptr (GstCaps) caps = NULL;

  if (GST_PAD_IS_FLUSHING (GST_BASE_TRANSFORM_SRC_PAD (self->transform)))
    return GST_FLOW_FLUSHING;
  caps = gst_pad_get_current_caps (
      GST_BASE_TRANSFORM_SINK_PAD (self->transform));
  return caps && explain_failure (self, caps) ? GST_FLOW_ERROR
                                              : GST_FLOW_NOT_NEGOTIATED;
}

GstFlowReturn
overlay_negotiation_settle (OverlayNegotiation *self)
{
  return settle_caps (self) ? GST_FLOW_OK : get_failure (self);
}
