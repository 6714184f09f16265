/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Fixes the size of the pictures that a capsfilter lets through to that of the
 * first picture that comes to @pad, in front of it; those that only say that
 * there is no signal (OUTLET_NO_SIGNAL) do not count. Later ones of another
 * size are for a videoscale between the two to fit in: many viewers and files
 * do not take pictures of different sizes in one stream. H.264 with 4:2:0
 * chroma needs even sizes, so odd ones lose a column or row. */
void canvas_fix (GstPad *pad, GstElement *capsfilter);

G_END_DECLS
