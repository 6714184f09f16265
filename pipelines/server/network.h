/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Network: facetracker and cnninference, run on one picture after the other in
 * the thread that calls. */
typedef struct _Network Network;

typedef enum {
  NETWORK_TRACKER,
  NETWORK_INFERENCE,
  NETWORK_N_ELEMENTS
} NetworkElement;

/* Errors: an element that there is not. */
Network *network_new (GError **error);
void network_free (Network *self);

/* Returns: (transfer none) (array length=NETWORK_N_ELEMENTS): the elements. */
GstElement *const *network_get_elements (Network *self);

/* Loads the models. Also after an error of network_process(). Errors: as the
 * elements report them. */
gboolean network_start (Network *self, GError **error);

/* @picture: (transfer full). @time: when it was taken; only differences count.
 * Returns: (transfer full) (nullable): the picture with its metadata; NULL
 * after an error, or if the elements have dropped it. */
GstBuffer *network_process (Network *self, GstBuffer *picture, GstCaps *caps,
    GstClockTime time, GError **error);

/* Whether the elements can start after these changes (of PropertyChange): a
 * model, for instance, is loaded on trial. Nothing of this network changes.
 * From any thread. */
gboolean network_try (Network *self, const GPtrArray *changes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Network, network_free)

G_END_DECLS
