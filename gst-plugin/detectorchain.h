/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/**
 * DetectorChain:
 *
 * A region detector beside the video's own way: each frame is scaled,
 * converted to what the detector takes, and pushed through it; what comes back
 * are the regions alone. The picture that goes downstream is never touched.
 */
typedef struct _DetectorChain DetectorChain;

/**
 * detector_chain_new:
 * @bin: gets the detector as a child
 * @description: of an element, or elements linked with "!", that attach
 *   GstVideoRegionOfInterestMeta, with their properties
 *
 * Returns: (transfer full): or %NULL when an element is not installed, or with
 *   another %GST_PARSE_ERROR
 */
DetectorChain *detector_chain_new (GstBin *bin, const gchar *description,
    GError **error);

/**
 * detector_chain_free:
 *
 * Also takes the detector out of its bin.
 */
void detector_chain_free (DetectorChain *chain);

/**
 * detector_chain_set_active:
 *
 * Must be active in PAUSED and PLAYING.
 */
void detector_chain_set_active (DetectorChain *chain, gboolean active);

/**
 * detector_chain_handle_event:
 * @event: (transfer none): a downstream event of the video
 *
 * Keeps the detector's caps and segment as the video's are.
 */
void detector_chain_handle_event (DetectorChain *chain, GstEvent *event);

/**
 * detector_chain_detect:
 * @buffer: (transfer full): a frame
 *
 * Runs the detector in the calling thread.
 *
 * Returns: (transfer full): the frame with the regions found
 */
GstBuffer *detector_chain_detect (DetectorChain *chain, GstBuffer *buffer);

G_END_DECLS
