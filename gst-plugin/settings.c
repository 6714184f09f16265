/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "settings.h"

#include <string.h>

#include "base/model-error.h"
#include "streamclock.h"

/* Returns: (nullable): where the property @id is in @settings */
static gpointer
find_field (const SettingsLayout *layout, gconstpointer settings, guint id)
{
  if (id == 0 || id >= layout->n_fields)
    return NULL;
  return G_STRUCT_MEMBER_P (settings, layout->fields[id].offset);
}

void
settings_take_string (gchar **string, const GValue *value)
{
  g_free (*string);
  *string = g_value_dup_string (value);
}

static void
write_field (gpointer field, const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    settings_take_string (field, value);
  else if (G_VALUE_HOLDS_UINT (value))
    *(guint *) field = g_value_get_uint (value);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    *(gdouble *) field = g_value_get_double (value);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    *(gboolean *) field = g_value_get_boolean (value);
  else if (G_VALUE_HOLDS_ENUM (value))
    *(gint *) field = g_value_get_enum (value);
  else
    g_return_if_reached ();
}

static void
read_field (gconstpointer field, GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, *(gchar *const *) field);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, *(const guint *) field);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_value_set_double (value, *(const gdouble *) field);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, *(const gboolean *) field);
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, *(const gint *) field);
  else
    g_return_if_reached ();
}

void
settings_set_property (const SettingsLayout *layout, GObject *object,
    gpointer settings, guint id, const GValue *value, GParamSpec *pspec)
{
  gpointer field = find_field (layout, settings, id);

  if (!field) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (object);
  ++*(guint *) settings; /* the serial */
  write_field (field, value);
  GST_OBJECT_UNLOCK (object);
}

void
settings_get_property (const SettingsLayout *layout, GObject *object,
    gconstpointer settings, guint id, GValue *value, GParamSpec *pspec)
{
  gconstpointer field = find_field (layout, settings, id);

  if (!field) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (object);
  read_field (field, value);
  GST_OBJECT_UNLOCK (object);
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
  for (guint id = 1; id < layout->n_fields; id++) {
    gchar **string = find_field (layout, copy, id);

    if (layout->fields[id].is_string)
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
  for (guint id = 1; id < layout->n_fields; id++) {
    gchar **string = find_field (layout, settings, id);

    if (layout->fields[id].is_string)
      g_clear_pointer (string, g_free);
  }
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

/* Returns: (transfer full) (nullable): where the models are as seen from the
 *   plugin's file; NULL if the plugin is linked statically */
static gchar *
get_moved_model_dir (void)
{
  g_autoptr (GstPlugin) plugin = NULL;
  g_autofree gchar *folder = NULL;
  g_autofree gchar *path = NULL;

  plugin = gst_registry_find_plugin (gst_registry_get (), "activationmap");
  if (!plugin || !gst_plugin_get_filename (plugin))
    return NULL;
  folder = g_path_get_dirname (gst_plugin_get_filename (plugin));
  path = g_build_filename (folder, MODEL_DIR_FROM_PLUGIN, NULL);
  return g_canonicalize_filename (path, NULL);
}

static gchar *
find_installed_model (const gchar *name, GError **error)
{
  g_autofree gchar *moved_model_dir = get_moved_model_dir ();
  const gchar *const folders[] = { MODEL_DIR, moved_model_dir, NULL };
  g_autofree gchar *searched = NULL;

  for (guint i = 0; folders[i]; i++) {
    g_autofree gchar *path = g_build_filename (folders[i], name, NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&path);
  }
  searched = g_strjoinv (" or ", (gchar **) folders);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_NOT_FOUND,
      "The default model \"%s\" is not in %s; set "
      "GST_ACTIVATIONMAP_MODEL_DIR to the folder that it is in",
      name, searched);
  return NULL;
}

gchar *
settings_find_model (const gchar *model, const gchar *name, GError **error)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");

  if (model)
    return g_strdup (model);
  if (folder)
    return g_build_filename (folder, name, NULL);
  return find_installed_model (name, error);
}

void
settings_post_model_error (GstElement *element, const GError *error,
    const gchar *consequence)
{
  switch ((ModelError) error->code) {
    case MODEL_ERROR_NOT_FOUND:
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
