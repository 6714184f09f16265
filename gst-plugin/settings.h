/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/base/gstbasetransform.h>

G_BEGIN_DECLS

/* The properties of elements: how they are read from one frame to the next, how
 * GstController sets them, and what stands in for a model that is not set. */

/**
 * SettingsField:
 * @offset: offset of a property's value in the struct
 * @is_string: whether the value is a string, which the struct owns, and not a
 *   number, a boolean or an enum
 */
typedef struct {
  gsize offset;
  gboolean is_string;
} SettingsField;

#define SETTINGS_STRING(type, member)    \
  {                                      \
    G_STRUCT_OFFSET (type, member), TRUE \
  }
#define SETTINGS_NUMBER(type, member)     \
  {                                       \
    G_STRUCT_OFFSET (type, member), FALSE \
  }

/**
 * SettingsLayout:
 * @size: of the struct
 * @fields: (array length=n_fields): the field of each property, by its id; the
 *   first one, for id 0, is not used
 * @n_fields: number of fields
 *
 * Describes the struct that holds the properties of an element. Its first
 * member is a guint, the serial, which each change increments.
 */
typedef struct {
  gsize size;
  const SettingsField *fields;
  guint n_fields;
} SettingsLayout;

/**
 * SETTINGS_LAYOUT:
 * @type: of the struct
 * @fields: a static array
 */
#define SETTINGS_LAYOUT(type, fields)            \
  {                                              \
    sizeof (type), fields, G_N_ELEMENTS (fields) \
  }

/**
 * settings_set_property:
 * @object: the element
 * @settings: its properties, which @object's lock guards
 *
 * For #GObjectClass.set_property.
 */
void settings_set_property (const SettingsLayout *layout, GObject *object,
    gpointer settings, guint id, const GValue *value, GParamSpec *pspec);

/**
 * settings_get_property:
 * @object: the element
 * @settings: its properties, which @object's lock guards
 *
 * For #GObjectClass.get_property.
 */
void settings_get_property (const SettingsLayout *layout, GObject *object,
    gconstpointer settings, guint id, GValue *value, GParamSpec *pspec);

/**
 * settings_update:
 * @object: the element
 * @settings: its properties, which @object's lock guards
 * @snapshot: (inout): a copy, of the streaming thread
 * @old: (out): the snapshot before, if there is a new one; drop with
 *   settings_clear()
 *
 * Takes a new snapshot where properties have been set, so that all of a frame
 * is done with the same ones.
 *
 * Returns: FALSE where nothing was set since the last snapshot
 */
gboolean settings_update (const SettingsLayout *layout, GstObject *object,
    gconstpointer settings, gpointer snapshot, gpointer old);

/**
 * settings_clear:
 *
 * Frees the strings of @settings.
 */
void settings_clear (const SettingsLayout *layout, gpointer settings);

/**
 * settings_take_string:
 * @string: (inout): the old value, which is freed
 * @value: the new value of a property
 */
void settings_take_string (gchar **string, const GValue *value);

/**
 * settings_sync:
 *
 * A before_transform that lets GstController set the properties for the time
 * of @buffer.
 */
void settings_sync (GstBaseTransform *transform, GstBuffer *buffer);

/**
 * settings_sync_at:
 * @pad: the pad at which the frames come in
 * @object: outlives the pad, such as the bin that it is in
 *
 * Lets GstController set the properties of @object before each frame that
 * passes @pad.
 */
void settings_sync_at (GstPad *pad, GstObject *object);

/**
 * settings_find_model:
 * @model: (nullable): what the property says; %NULL for the default model
 * @name: of the default model, which comes with the plugin
 *
 * A default model is in the folder that the environment variable
 * `GST_ACTIVATIONMAP_MODEL_DIR` names. Where that is not set, it is where it
 * was installed, or at the same place relative to the plugin's file, which may
 * have been moved together with it.
 *
 * Returns: (transfer full): @model or the folder of the default model; NULL
 *   with a %MODEL_ERROR that names all places, if it is in none
 */
gchar *settings_find_model (const gchar *model, const gchar *name,
    GError **error);

/**
 * settings_post_model_error:
 * @error: a %MODEL_ERROR of loading a model
 * @consequence: what @element cannot do now
 *
 * Posts @error as the element error that fits it.
 */
void settings_post_model_error (GstElement *element, const GError *error,
    const gchar *consequence);

G_END_DECLS
