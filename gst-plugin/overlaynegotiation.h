/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>
#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * OverlayNegotiation:
 * @info: of the frames that come in
 * @out_info: of those that go out; wider than @info beside the picture
 * @takes_composition: whether frames may come in with a composition, to be
 *   drawn or passed on
 * @offers_composition: whether the caps allow frames to go out with one, which
 *   does not mean that downstream draws it
 * @attaches: whether downstream draws compositions, so that pieces are attached
 *   instead of drawn
 * @scale: pixels of downstream's window to a pixel of the frame
 *
 * Negotiation between activationoverlay and its neighbours, and its result: the
 * caps with the panel on or beside the picture, who draws, and how large
 * downstream shows the frame. overlaycaps.h has the arithmetic of the caps.
 *
 * It serves the streaming thread, except for overlay_negotiation_set_beside(),
 * overlay_negotiation_restart() and the functions that answer about caps.
 */
typedef struct {
  GstVideoInfo info;
  GstVideoInfo out_info;
  gboolean takes_composition;
  gboolean offers_composition;
  gboolean attaches;
  gdouble scale;

  /*< private >*/
  GstBaseTransform *transform; /* the element, which holds this */
  gboolean has_explained;      /* why no caps were negotiated */
  gint wants_beside;           /* atomic: the layout of the properties */
  gint must_ask; /* atomic: whether downstream draws compositions */
  gint refused;  /* atomic: it takes their caps but does not */
} OverlayNegotiation;

/**
 * overlay_negotiation_init:
 * @transform: the element
 * @beside: see overlay_negotiation_set_beside()
 */
void overlay_negotiation_init (OverlayNegotiation *self,
    GstBaseTransform *transform, gboolean beside);

/**
 * overlay_negotiation_start:
 *
 * Forgets the problems with earlier neighbours.
 */
void overlay_negotiation_start (OverlayNegotiation *self);

/**
 * overlay_negotiation_set_beside:
 * @beside: whether the panel is to be beside the picture
 *
 * May be called from any thread.
 *
 * Returns: whether that differs from before, so that caps must be negotiated
 *   again
 */
gboolean overlay_negotiation_set_beside (OverlayNegotiation *self,
    gboolean beside);

/**
 * overlay_negotiation_is_beside:
 *
 * Returns: whether the panel is beside the picture, by the caps
 */
gboolean overlay_negotiation_is_beside (const OverlayNegotiation *self);

/**
 * overlay_negotiation_can_draw:
 *
 * Returns: whether frames are of a size on which anything can be drawn
 */
gboolean overlay_negotiation_can_draw (const OverlayNegotiation *self);

/**
 * overlay_negotiation_transform_caps:
 * @from: the pad that @caps belong to
 * @filter: (nullable):
 *
 * Returns: (transfer full): the caps at the other pad with either layout, the
 *   wanted one first
 */
GstCaps *overlay_negotiation_transform_caps (OverlayNegotiation *self,
    GstPadDirection from, GstCaps *caps, GstCaps *filter);

/**
 * overlay_negotiation_answer_caps_query:
 * @query: of the sink pad's caps
 *
 * Answers so that upstream chooses a size that works with the wanted layout. If
 * it has none, it may send what it has, and an error then says what is wrong.
 */
void overlay_negotiation_answer_caps_query (OverlayNegotiation *self,
    GstQuery *query);

/**
 * overlay_negotiation_choose_caps:
 * @in_caps: of the frames that come in
 * @caps: (transfer full): what they may go out as
 *
 * Returns: (transfer full): those of @caps that are for the wanted layout, or
 *   for the other one if it has to do
 */
GstCaps *overlay_negotiation_choose_caps (OverlayNegotiation *self,
    GstCaps *in_caps, GstCaps *caps);

/**
 * overlay_negotiation_set_caps:
 *
 * Adopts the negotiated caps. The element works in place unless the panel is
 * beside the picture.
 *
 * Returns: FALSE if either caps are not those of video
 */
gboolean overlay_negotiation_set_caps (OverlayNegotiation *self, GstCaps *caps,
    GstCaps *out_caps);

/**
 * overlay_negotiation_restrict_allocation:
 * @query: an allocation query with downstream's answer, for upstream
 *
 * Removes compositions from @query if frames go out without them.
 */
void overlay_negotiation_restrict_allocation (const OverlayNegotiation *self,
    GstQuery *query);

/**
 * overlay_negotiation_restart:
 *
 * To be called, from any thread, when downstream was replaced or its window was
 * resized, neither of which changes the caps.
 */
void overlay_negotiation_restart (OverlayNegotiation *self);

/**
 * overlay_negotiation_check_caps_event:
 * @caps: the caps that came in
 * @handled: whether anything was negotiated for them
 *
 * Posts an error that says why not, if the layout is the reason.
 */
void overlay_negotiation_check_caps_event (OverlayNegotiation *self,
    GstCaps *caps, gboolean handled);

/**
 * overlay_negotiation_settle:
 *
 * Negotiates what is still open, before a frame.
 *
 * Returns: %GST_FLOW_OK, or how the flow ends; %GST_FLOW_ERROR after an error
 *   was posted
 */
GstFlowReturn overlay_negotiation_settle (OverlayNegotiation *self);

G_END_DECLS
