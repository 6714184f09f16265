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

/**
 * activation_sync_values_at:
 * @pad: where the frames come in
 * @object: that outlives the pad, such as the bin that it is in
 *
 * Sets what is controlled of @object, before each frame that passes @pad.
 */
void activation_sync_values_at (GstPad *pad, GstObject *object);

G_END_DECLS
