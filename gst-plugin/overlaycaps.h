/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/* Sides of frames, in pixels. Smaller frames have no room for a drawing, and
 * Cairo makes no larger surfaces. */
#define OVERLAY_CAPS_MIN_SIZE 16
#define OVERLAY_CAPS_MAX_SIZE G_MAXINT16

/**
 * overlay_caps_can_draw:
 *
 * Returns: whether anything can be drawn on frames of this size
 */
gboolean overlay_caps_can_draw (gint width, gint height);

/**
 * overlay_caps_get_wide_width:
 * @pixel_aspect: as in #ImageFrame
 *
 * Returns: the width of a frame of this size with the panel beside the picture;
 *   @width itself where the frame has no room for one
 */
gint overlay_caps_get_wide_width (gint width, gint height,
    gdouble pixel_aspect);

/**
 * overlay_caps_has_composition:
 *
 * Returns: whether frames of the first structure of @caps may have a
 *   #GstVideoOverlayCompositionMeta
 */
gboolean overlay_caps_has_composition (const GstCaps *caps);

/**
 * overlay_caps_transform:
 * @from: the pad that @caps belong to
 * @beside: whether the panel makes frames wider
 * @attaches: whether compositions may be attached; never beside the picture
 *
 * From the sink pad the result is exact for fixed sizes, and has at least all
 * that is possible for ranges. From the source pad it is exact, but without the
 * odd widths where ranges have a step, and without steps at odds with the
 * panel's width where the height is not fixed.
 *
 * Returns: (transfer full): the caps at the other pad
 */
GstCaps *overlay_caps_transform (GstPadDirection from, const GstCaps *caps,
    gboolean beside, gboolean attaches);

/**
 * overlay_caps_fix_pixel_aspect:
 * @caps: (transfer full): the caps of frames with the panel beside the picture
 * @filter: the caps of the frames that come in, the preferred ones first
 *
 * Which pictures fit a width depends on the shape of their pixels. If @caps
 * limit the width but leave the shape open, it becomes that of @filter, or
 * square.
 *
 * Returns: (transfer full): @caps, or others
 */
GstCaps *overlay_caps_fix_pixel_aspect (GstCaps *caps, const GstCaps *filter);

G_END_DECLS
