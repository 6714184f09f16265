/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "syncvalues.h"

void
activation_sync_values (GstBaseTransform *transform, GstBuffer *buffer)
{
  const GstClockTime time = gst_segment_to_stream_time (&transform->segment,
      GST_FORMAT_TIME, GST_BUFFER_TIMESTAMP (buffer));

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (transform), time);
}
