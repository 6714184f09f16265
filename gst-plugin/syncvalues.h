/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/**
 * activation_sync_values:
 *
 * A before_transform that lets GstController set the properties for the time
 * of @buffer.
 */
void activation_sync_values (GstBaseTransform *transform, GstBuffer *buffer);

G_END_DECLS
