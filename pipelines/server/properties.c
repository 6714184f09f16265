/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "properties.h"

#include <string.h>

static GParamSpec *
find_own (GstElement *element, const gchar *name)
{
  GParamSpec *pspec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (element), name);

  return pspec && pspec->owner_type == G_OBJECT_TYPE (element) ? pspec : NULL;
}

static gboolean
contains (GPtrArray *pspecs, const gchar *name)
{
  for (guint i = 0; i < pspecs->len; i++) {
    if (g_str_equal (((GParamSpec *) pspecs->pdata[i])->name, name))
      return TRUE;
  }
  return FALSE;
}

static void
add_own (GPtrArray *list, GstElement *element)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++) {
    if (find_own (element, pspecs[i]->name)
        && !contains (list, pspecs[i]->name))
      g_ptr_array_add (list, pspecs[i]);
  }
}

GParamSpec **
properties_list (GstElement *const *elements, guint n_elements, guint *n_pspecs)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < n_elements; i++)
    add_own (list, elements[i]);
  *n_pspecs = list->len;
  return (GParamSpec **) g_ptr_array_free (list, FALSE);
}

GstElement *
properties_find (GstElement *const *elements, guint n_elements,
    const gchar *name)
{
  for (guint i = 0; i < n_elements; i++) {
    if (find_own (elements[i], name))
      return elements[i];
  }
  return NULL;
}

static void
property_change_free (gpointer data)
{
  PropertyChange *self = data;

  g_free (self->name);
  g_free (self->text);
  if (G_IS_VALUE (&self->value))
    g_value_unset (&self->value);
  g_free (self);
}

static gboolean
parse_value (PropertyChange *self, GParamSpec *pspec, GError **error)
{
  g_value_init (&self->value, pspec->value_type);
  if (gst_value_deserialize_with_pspec (&self->value, self->text, pspec)
      && !g_param_value_validate (pspec, &self->value))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%s is not a valid value of the property %s of activationmap", self->text,
      self->name);
  return FALSE;
}

static gboolean
parse_change (GstElement *const *elements, guint n_elements,
    PropertyChange *change, GError **error)
{
  GstElement *element = properties_find (elements, n_elements, change->name);
  GParamSpec *pspec = element ? find_own (element, change->name) : NULL;

  if (pspec && pspec->flags & G_PARAM_WRITABLE)
    return parse_value (change, pspec, error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "activationmap has no property %s", change->name);
  return FALSE;
}

GPtrArray *
properties_parse (GstElement *const *elements, guint n_elements,
    const gchar *const *texts, GError **error)
{
  g_autoptr (GPtrArray)
      changes = g_ptr_array_new_with_free_func (property_change_free);

  for (const gchar *const *text = texts; text && *text; text++) {
    const gchar *equals = strchr (*text, '=');
    PropertyChange *change = g_new0 (PropertyChange, 1);

    change->name = g_strndup (*text, (gsize) (equals - *text));
    change->text = g_strdup (equals + 1);
    g_ptr_array_add (changes, change);
    if (!parse_change (elements, n_elements, change, error))
      return NULL;
  }
  return g_steal_pointer (&changes);
}

static void
set_property (GstElement *const *elements, guint n_elements,
    const PropertyChange *change)
{
  for (guint i = 0; i < n_elements; i++) {
    if (find_own (elements[i], change->name))
      g_object_set_property (G_OBJECT (elements[i]), change->name,
          &change->value);
  }
}

void
properties_set (GstElement *const *elements, guint n_elements,
    const GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    set_property (elements, n_elements, changes->pdata[i]);
}

gchar *
properties_get (GstElement *const *elements, guint n_elements,
    const gchar *name)
{
  GstElement *element = properties_find (elements, n_elements, name);
  GValue value = G_VALUE_INIT;
  gchar *text;

  if (!element)
    return NULL;
  g_value_init (&value, find_own (element, name)->value_type);
  g_object_get_property (G_OBJECT (element), name, &value);
  /* A string as it is, without the quotes of the notation. */
  text = G_VALUE_HOLDS_STRING (&value) ? g_value_dup_string (&value)
                                       : gst_value_serialize (&value);
  g_value_unset (&value);
  return text ? text : g_strdup ("");
}

void
properties_copy (GstElement *from, GstElement *to)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = properties_list (&from, 1, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++) {
    GValue value = G_VALUE_INIT;

    g_value_init (&value, pspecs[i]->value_type);
    g_object_get_property (G_OBJECT (from), pspecs[i]->name, &value);
    g_object_set_property (G_OBJECT (to), pspecs[i]->name, &value);
    g_value_unset (&value);
  }
}
