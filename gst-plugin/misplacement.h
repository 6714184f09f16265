/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Boxes in the wrong place. Before GStreamer 1.28, elements that put borders
 * around the picture scale the boxes in the metadata as if there were none.
 * Nothing in a buffer shows that; the elements do. (Elements that crop or turn
 * the picture drop the metadata.) */

#pragma once

#include <gst/video/video.h>

G_BEGIN_DECLS

/**
 * misplacement_find:
 * @pad: the sink pad of an element, with caps
 *
 * Looks upstream, through elements that pass boxes on, for one that has put
 * borders around the picture without moving them.
 *
 * Returns: (transfer full) (nullable): its name; NULL when there is none
 */
gchar *misplacement_find (GstPad *pad);

/**
 * misplacement_has_boxes:
 *
 * Returns: whether @buffer has metadata with a place in the frame: regions,
 *   objects of GstAnalytics, or predictions for less than the whole frame
 */
gboolean misplacement_has_boxes (GstBuffer *buffer);

/**
 * misplacement_remove_boxes:
 * @buffer: writable
 *
 * Removes all that misplacement_has_boxes() looks for.
 */
void misplacement_remove_boxes (GstBuffer *buffer);

G_END_DECLS
