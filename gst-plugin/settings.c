/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "settings.h"

#include <string.h>

#include "base/model-error.h"
#include "streamclock.h"

static gchar **
get_string (const SettingsLayout *layout, gpointer settings, guint index)
{
  return (gchar **) G_STRUCT_MEMBER_P (settings, layout->strings[index]);
}

static guint
get_serial (gconstpointer settings)
{
  return *(const guint *) settings;
}

/* @copy does not own any strings yet. */
static void
copy_settings (const SettingsLayout *layout, gconstpointer settings,
    gpointer copy)
{
  memcpy (copy, settings, layout->size);
  for (guint i = 0; i < layout->n_strings; i++) {
    gchar **string = get_string (layout, copy, i);

    *string = g_strdup (*string);
  }
}

gboolean
settings_update (const SettingsLayout *layout, GstObject *object,
    gconstpointer settings, gpointer snapshot, gpointer old)
{
  GST_OBJECT_LOCK (object);
  if (get_serial (settings) == get_serial (snapshot)) {
    GST_OBJECT_UNLOCK (object);
    return FALSE;
  }
  memcpy (old, snapshot, layout->size);
  copy_settings (layout, settings, snapshot);
  GST_OBJECT_UNLOCK (object);
  return TRUE;
}

void
settings_clear (const SettingsLayout *layout, gpointer settings)
{
  for (guint i = 0; i < layout->n_strings; i++)
    g_clear_pointer (get_string (layout, settings, i), g_free);
}

void
settings_take_string (gchar **string, const GValue *value)
{
  g_free (*string);
  *string = g_value_dup_string (value);
}

static void
sync_to_buffer (GstObject *object, const GstSegment *segment, GstBuffer *buffer)
{
  const GstClockTime time = stream_clock_get_stream_time (segment, buffer);

  if (GST_CLOCK_TIME_IS_VALID (time))
    gst_object_sync_values (object, time);
}

void
settings_sync (GstBaseTransform *transform, GstBuffer *buffer)
{
  sync_to_buffer (GST_OBJECT (transform), &transform->segment, buffer);
}

static GstPadProbeReturn
sync_at_pad (GstPad *pad, GstPadProbeInfo *info, gpointer object)
{
  g_autoptr (GstEvent) event = NULL;
  const GstSegment *segment;

  if (!gst_object_has_active_control_bindings (object))
    return GST_PAD_PROBE_OK;
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  if (!event)
    return GST_PAD_PROBE_OK;
  gst_event_parse_segment (event, &segment);
  sync_to_buffer (object, segment, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

void
settings_sync_at (GstPad *pad, GstObject *object)
{
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, sync_at_pad, object, NULL);
}

gchar *
settings_get_default_model (const gchar *name)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");

  return g_build_filename (folder ? folder : MODEL_DIR, name, NULL);
}

void
settings_post_model_error (GstElement *element, const GError *error,
    const gchar *consequence)
{
  switch ((ModelError) error->code) {
    case CNN_ERROR_NOT_FOUND:
      GST_ELEMENT_ERROR (element, RESOURCE, NOT_FOUND, ("%s", error->message),
          ("%s", consequence));
      break;
    case MODEL_ERROR_READ:
      GST_ELEMENT_ERROR (element, RESOURCE, OPEN_READ, ("%s", error->message),
          ("%s", consequence));
      break;
    case MODEL_ERROR_ARGUMENT:
      GST_ELEMENT_ERROR (element, LIBRARY, SETTINGS, ("%s", error->message),
          ("%s", consequence));
      break;
    default:
      GST_ELEMENT_ERROR (element, LIBRARY, INIT, ("%s", error->message),
          ("%s", consequence));
      break;
  }
}
