/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "syncvalues.h"

#include "streamclock.h"

void
activation_sync_values (GstBaseTransform *transform, GstBuffer *buffer)
{
  const GstClockTime time = stream_clock_get_stream_time (&transform->segment,
      buffer);

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (GST_OBJECT (transform), time);
}

static GstPadProbeReturn
sync_values (GstPad *pad, GstPadProbeInfo *info, gpointer object)
{
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);
  const GstSegment *segment;
  GstClockTime time;
  GstEvent *event;

  if (!gst_object_has_active_control_bindings (object))
    return GST_PAD_PROBE_OK;
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (!event)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  time = stream_clock_get_stream_time (segment, buffer);
  gst_event_unref (event);
  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (object, time);
  return GST_PAD_PROBE_OK;
}

void
activation_sync_values_at (GstPad *pad, GstObject *object)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, sync_values, object, NULL);
}
