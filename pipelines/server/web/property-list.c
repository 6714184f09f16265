/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "property-list.h"

#include <gio/gio.h>
#include <math.h>

static const gchar *const hidden[] = { "model", "labels", "face-model",
  "max-memory", "max-macs", NULL };

static gboolean
is_shown (const GParamSpec *pspec)
{
  const GParamFlags both = G_PARAM_READABLE | G_PARAM_WRITABLE;

  return (pspec->flags & both) == both
      && !(pspec->flags & G_PARAM_CONSTRUCT_ONLY)
      && !g_strv_contains (hidden, pspec->name);
}

static GParamSpec *
find (Hub *hub, const gchar *name)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = hub_list_properties (hub, &n_pspecs);

  for (guint i = 0; i < n_pspecs; i++) {
    if (is_shown (pspecs[i]) && g_str_equal (pspecs[i]->name, name))
      return pspecs[i];
  }
  return NULL;
}

/* The first element that has the property. */
static void
get_value (Hub *hub, const gchar *name, GValue *value)
{
  for (guint i = 0; i < HUB_N_ELEMENTS; i++) {
    GObject *element = G_OBJECT (hub_get_element (hub, (HubElement) i));

    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), name)) {
      g_object_get_property (element, name, value);
      return;
    }
  }
}

static const gchar *
get_nick (const GParamSpec *pspec, gint number)
{
  const GEnumValue *choice =
      g_enum_get_value (G_PARAM_SPEC_ENUM (pspec)->enum_class, number);

  return choice ? choice->value_nick : "";
}

static cJSON *
to_json (const GParamSpec *pspec, const GValue *value)
{
  GValue number = G_VALUE_INIT;

  if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    return cJSON_CreateBool (g_value_get_boolean (value));
  if (G_IS_PARAM_SPEC_ENUM (pspec))
    return cJSON_CreateString (get_nick (pspec, g_value_get_enum (value)));
  if (G_IS_PARAM_SPEC_STRING (pspec)) {
    const gchar *text = g_value_get_string (value);

    return text ? cJSON_CreateString (text) : cJSON_CreateNull ();
  }
  if (G_IS_PARAM_SPEC_FLAGS (pspec)) {
    g_autofree gchar *text = gst_value_serialize (value);

    return cJSON_CreateString (text);
  }
  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_transform (value, &number);
  return cJSON_CreateNumber (g_value_get_double (&number));
}

static const gchar *
get_type_name (const GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    return "boolean";
  if (G_IS_PARAM_SPEC_ENUM (pspec))
    return "choice";
  if (G_IS_PARAM_SPEC_STRING (pspec) || G_IS_PARAM_SPEC_FLAGS (pspec))
    return "string";
  return G_IS_PARAM_SPEC_DOUBLE (pspec) || G_IS_PARAM_SPEC_FLOAT (pspec)
      ? "number"
      : "integer";
}

static void
add_range (cJSON *object, gdouble minimum, gdouble maximum)
{
  cJSON_AddNumberToObject (object, "minimum", minimum);
  cJSON_AddNumberToObject (object, "maximum", maximum);
}

static void
describe_range (cJSON *object, const GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_INT (pspec)) {
    add_range (object, G_PARAM_SPEC_INT (pspec)->minimum,
        G_PARAM_SPEC_INT (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    add_range (object, G_PARAM_SPEC_UINT (pspec)->minimum,
        G_PARAM_SPEC_UINT (pspec)->maximum);
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    add_range (object, G_PARAM_SPEC_DOUBLE (pspec)->minimum,
        G_PARAM_SPEC_DOUBLE (pspec)->maximum);
  }
}

static void
describe_choices (cJSON *object, const GParamSpec *pspec)
{
  const GEnumClass *choices;
  cJSON *list;

  if (!G_IS_PARAM_SPEC_ENUM (pspec))
    return;
  choices = G_PARAM_SPEC_ENUM (pspec)->enum_class;
  list = cJSON_AddArrayToObject (object, "choices");
  for (guint i = 0; i < choices->n_values; i++) {
    cJSON *choice = cJSON_CreateObject ();

    cJSON_AddStringToObject (choice, "value", choices->values[i].value_nick);
    cJSON_AddStringToObject (choice, "description",
        choices->values[i].value_name);
    cJSON_AddItemToArray (list, choice);
  }
}

static cJSON *
describe (Hub *hub, GParamSpec *pspec)
{
  cJSON *object = cJSON_CreateObject ();
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  get_value (hub, pspec->name, &value);
  cJSON_AddStringToObject (object, "name", pspec->name);
  cJSON_AddStringToObject (object, "type", get_type_name (pspec));
  cJSON_AddItemToObject (object, "value", to_json (pspec, &value));
  cJSON_AddItemToObject (object, "default",
      to_json (pspec, g_param_spec_get_default_value (pspec)));
  describe_range (object, pspec);
  describe_choices (object, pspec);
  cJSON_AddStringToObject (object, "description",
      g_param_spec_get_blurb (pspec));
  return object;
}

cJSON *
property_list_describe (Hub *hub)
{
  guint n_pspecs;
  g_autofree GParamSpec **pspecs = hub_list_properties (hub, &n_pspecs);
  cJSON *root = cJSON_CreateObject ();
  cJSON *list = cJSON_AddArrayToObject (root, "properties");

  for (guint i = 0; i < n_pspecs; i++) {
    if (is_shown (pspecs[i]))
      cJSON_AddItemToArray (list, describe (hub, pspecs[i]));
  }
  return root;
}

static gboolean
fail_type (const GParamSpec *pspec, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "%s: must be of type %s; GET lists all types and ranges", pspec->name,
      get_type_name (pspec));
  return FALSE;
}

static gboolean
fail_range (const GParamSpec *pspec, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "%s: out of range; GET lists all types and ranges", pspec->name);
  return FALSE;
}

static gboolean
parse_choice (GParamSpec *pspec, const cJSON *item, gchar **text,
    GError **error)
{
  if (!cJSON_IsString (item))
    return fail_type (pspec, error);
  if (!g_enum_get_value_by_nick (G_PARAM_SPEC_ENUM (pspec)->enum_class,
          item->valuestring)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "%s: there is no \"%s\"; GET lists all choices", pspec->name,
        item->valuestring);
    return FALSE;
  }
  *text = g_strdup (item->valuestring);
  return TRUE;
}

static gboolean
parse_number (GParamSpec *pspec, const cJSON *item, gchar **text,
    GError **error)
{
  g_auto (GValue) number = G_VALUE_INIT;
  g_auto (GValue) value = G_VALUE_INIT;
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (!cJSON_IsNumber (item) || !isfinite (item->valuedouble))
    return fail_type (pspec, error);
  if (g_str_equal (get_type_name (pspec), "integer")
      && item->valuedouble != floor (item->valuedouble))
    return fail_type (pspec, error);
  if (fabs (item->valuedouble) > G_MAXINT)
    return fail_range (pspec, error);
  g_value_init (&number, G_TYPE_DOUBLE);
  g_value_set_double (&number, item->valuedouble);
  g_value_init (&value, pspec->value_type);
  if (item->valuedouble < 0 && G_IS_PARAM_SPEC_UINT (pspec))
    return fail_range (pspec, error);
  g_value_transform (&number, &value);
  if (g_param_value_validate (pspec, &value))
    return fail_range (pspec, error);
  *text = g_strdup (g_ascii_dtostr (digits, sizeof digits, item->valuedouble));
  return TRUE;
}

/* Reads a value in the notation of hub_set_properties(). */
static gboolean
parse_value (GParamSpec *pspec, const cJSON *item, gchar **text, GError **error)
{
  if (G_IS_PARAM_SPEC_ENUM (pspec))
    return parse_choice (pspec, item, text, error);
  if (G_IS_PARAM_SPEC_BOOLEAN (pspec)) {
    if (!cJSON_IsBool (item))
      return fail_type (pspec, error);
    *text = g_strdup (cJSON_IsTrue (item) ? "true" : "false");
    return TRUE;
  }
  if (!g_str_equal (get_type_name (pspec), "string"))
    return parse_number (pspec, item, text, error);
  if (!cJSON_IsString (item) && !cJSON_IsNull (item))
    return fail_type (pspec, error);
  *text = g_strdup (cJSON_IsString (item) ? item->valuestring : "");
  return TRUE;
}

static gchar *
parse_change (Hub *hub, const cJSON *item, GError **error)
{
  GParamSpec *pspec = find (hub, item->string);
  g_autofree gchar *text = NULL;

  if (!pspec) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "There is no property \"%s\" that can be changed; GET lists them",
        item->string);
    return NULL;
  }
  if (!parse_value (pspec, item, &text, error))
    return NULL;
  return g_strconcat (pspec->name, "=", text, NULL);
}

gchar **
property_list_read (Hub *hub, const cJSON *changes, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  const cJSON *item;

  if (!cJSON_IsObject (changes)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "The body must be an object such as {\"explain\": \"grad-cam\"}");
    return NULL;
  }
  cJSON_ArrayForEach (item, changes)
  {
    gchar *text = parse_change (hub, item, error);

    if (!text)
      return NULL;
    g_ptr_array_add (texts, text);
  }
  g_ptr_array_add (texts, NULL);
  return (gchar **) g_ptr_array_free (g_steal_pointer (&texts), FALSE);
}
