/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Viewer: pulls the pictures of a stream or a file as I420. */
typedef struct _Viewer Viewer;

Viewer *viewer_new_for_url (const gchar *url);
Viewer *viewer_new_for_file (const gchar *path);
void viewer_free (Viewer *self);

/* Waits for the next picture; NULL after the last one. The test fails if there
 * is an error, or no picture for very long. */
GstSample *viewer_pull (Viewer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Viewer, viewer_free)

/* The mean absolute difference in luma of two pictures of the same size, within
 * a rectangle. */
gdouble compare_luma (GstSample *a, GstSample *b, gint x, gint y, gint width,
    gint height);

G_END_DECLS
