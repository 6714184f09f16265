/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "properties.h"

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

gboolean
properties_parse (GstElement *const *elements, guint n_elements,
    const gchar *name, const gchar *text, GValue *value, GError **error)
{
  GstElement *element = properties_find (elements, n_elements, name);
  GParamSpec *pspec = element ? find_own (element, name) : NULL;

  if (!pspec || !(pspec->flags & G_PARAM_WRITABLE)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "activationmap has no property %s", name);
    return FALSE;
  }
  g_value_init (value, pspec->value_type);
  if (gst_value_deserialize_with_pspec (value, text, pspec)
      && !g_param_value_validate (pspec, value))
    return TRUE;
  g_value_unset (value);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "%s is not a valid value of the property %s of activationmap", text,
      name);
  return FALSE;
}

void
properties_set (GstElement *const *elements, guint n_elements,
    const gchar *name, const GValue *value)
{
  for (guint i = 0; i < n_elements; i++) {
    if (find_own (elements[i], name))
      g_object_set_property (G_OBJECT (elements[i]), name, value);
  }
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
