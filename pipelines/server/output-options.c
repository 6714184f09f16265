/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "output-options.h"

#include <string.h>

#define NAME "{name}"
/* What a stream without a name is called. */
#define DEFAULT_NAME "live"
#define DEFAULT_SECONDS 600
#define MAX_SECONDS (24 * 60 * 60)

/* A unit of what files are limited by. */
typedef struct {
  gchar name;
  guint64 factor;
} Unit;

static const Unit sizes[] = { { 'M', 1 << 20 }, { 'G', 1 << 30 },
  { 'T', G_GUINT64_CONSTANT (1) << 40 }, { 0 } };
static const Unit ages[] = { { 'h', 60 * 60 }, { 'd', 24 * 60 * 60 },
  { 'w', 7 * 24 * 60 * 60 }, { 0 } };

const gchar *
output_options_get_name (const gchar *name)
{
  return *name ? name : DEFAULT_NAME;
}

void
output_options_make_entries (OutputOptions *self, GOptionEntry *entries)
{
  const GOptionEntry these[OUTPUT_OPTIONS_N_ENTRIES] = {
    { "mqtt", 0, 0, G_OPTION_ARG_STRING, &self->mqtt,
        "Publish what is in each picture to this topic of a broker; in this "
        "and "
        "the other outputs, {name} stands for the name of the stream",
        "mqtt[s]://[USER@]HOST[:PORT]/TOPIC" },
    { "mqtt-password-file", 0, 0, G_OPTION_ARG_FILENAME,
        &self->mqtt_password_file,
        "File whose first line is the password of the broker's user", "FILE" },
    { "mqtt-ca", 0, 0, G_OPTION_ARG_FILENAME, &self->mqtt_ca,
        "PEM file with who may have signed the broker's certificate (default: "
        "the system's)",
        "FILE" },
    { "push", 0, 0, G_OPTION_ARG_STRING, &self->push,
        "Send the picture with the maps to another RTSP server",
        "rtsp[s]://[USER@]HOST[:PORT]/PATH" },
    { "push-password-file", 0, 0, G_OPTION_ARG_FILENAME,
        &self->push_password_file,
        "File whose first line is the password of that server's user", "FILE" },
    { "push-ca", 0, 0, G_OPTION_ARG_FILENAME, &self->push_ca,
        "PEM file with who may have signed that server's certificate (default: "
        "the system's)",
        "FILE" },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &self->record,
        "Write the picture with the maps, and what is in it, into files in "
        "this "
        "folder",
        "FOLDER" },
    { "record-seconds", 0, 0, G_OPTION_ARG_INT, &self->record_seconds,
        "Begin a new file after this time (default: 600)", "SECONDS" },
    { "record-size", 0, 0, G_OPTION_ARG_STRING, &self->record_limit,
        "... or at this size, such as 500M, in units of M, G or T (default: no "
        "limit)",
        "SIZE" },
    { "record-keep", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->record_keep,
        "Remove files that are older than this, in units of h, d or w, or the "
        "oldest of them when they are larger together; may be given twice",
        "AGE|SIZE" },
  };

  memcpy (entries, these, sizeof these);
}

static gboolean
refuse (GError **error, const gchar *option, const gchar *problem)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s: %s",
      option, problem);
  return FALSE;
}

static void
insert_name (gchar **place, const gchar *name)
{
  g_auto (GStrv) parts = *place ? g_strsplit (*place, NAME, -1) : NULL;

  if (!parts)
    return;
  g_free (*place);
  *place = g_strjoinv (output_options_get_name (name), parts);
}

/* The URL itself is not repeated: it may have a password in it. */
static gboolean
check_url (const gchar *option, const gchar *url, const gchar *const *schemes,
    GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (!uri || !g_strv_contains (schemes, g_uri_get_scheme (uri))
      || !g_uri_get_host (uri) || !*g_uri_get_host (uri)) {
    g_autofree gchar *problem =
        g_strdup_printf ("must be a URL such as %s://host/path", schemes[0]);

    return refuse (error, option, problem);
  }
  if (g_uri_get_password (uri)) {
    g_autofree gchar *problem =
        g_strdup_printf ("everybody could read this password; put it into a "
                         "file, and name that with --%s-password-file",
            option);

    return refuse (error, option, problem);
  }
  return TRUE;
}

static gboolean
check_mqtt (const OutputOptions *self, GError **error)
{
#ifdef HAVE_MQTT
  static const gchar *const schemes[] = { "mqtt", "mqtts", NULL };
#endif

  if (!self->mqtt)
    return TRUE;
#ifdef HAVE_MQTT
  return check_url ("mqtt", self->mqtt, schemes, error);
#else
  return refuse (error, "mqtt", "this program was built without libmosquitto");
#endif
}

static gboolean
check_push (const OutputOptions *self, GError **error)
{
  static const gchar *const schemes[] = { "rtsp", "rtsps", NULL };

  return !self->push || check_url ("push", self->push, schemes, error);
}

/* Parses a number with a unit. */
static gboolean
parse_limit (const gchar *text, const Unit *units, guint64 *limit)
{
  gchar *end = NULL;
  const guint64 number = g_ascii_strtoull (text, &end, 10);

  for (const Unit *unit = units; unit->name; unit++) {
    if (end[0] == unit->name && end[1] == '\0' && number > 0
        && number <= (guint64) G_MAXINT64 / unit->factor) {
      *limit = number * unit->factor;
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean
parse_keep (OutputOptions *self, GError **error)
{
  for (gchar **text = self->record_keep; text && *text; text++) {
    guint64 age;

    if (parse_limit (*text, ages, &age))
      self->keep_seconds = (gint64) age;
    else if (!parse_limit (*text, sizes, &self->keep_size))
      return refuse (error, "record-keep",
          "must be an age such as 12h, 30d or 8w, or a size such as 500M, 100G "
          "or 2T");
  }
  return TRUE;
}

static gboolean
parse_record (OutputOptions *self, GError **error)
{
  if (self->record && !self->record_seconds)
    self->record_seconds = DEFAULT_SECONDS;
  if (self->record_seconds < 0 || self->record_seconds > MAX_SECONDS)
    return refuse (error, "record-seconds", "must be from 1 to 86400");
  if (self->record_limit
      && !parse_limit (self->record_limit, sizes, &self->record_size))
    return refuse (error, "record-size", "must be such as 500M, 2G or 1T");
  return parse_keep (self, error);
}

gboolean
output_options_finish (OutputOptions *self, const gchar *name, GError **error)
{
  insert_name (&self->mqtt, name);
  insert_name (&self->push, name);
  insert_name (&self->record, name);
  return check_mqtt (self, error) && check_push (self, error)
      && parse_record (self, error);
}

/* How it is sent to a URL; the flags that say so are the caller's. */
static OutputUse
get_url_use (const gchar *url, const gchar *tls_scheme, OutputUse user,
    OutputUse tls)
{
  g_autoptr (GUri) uri = url ? g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL)
                             : NULL;
  OutputUse use = 0;

  if (uri && g_uri_get_user (uri))
    use |= user;
  if (uri && g_str_equal (g_uri_get_scheme (uri), tls_scheme))
    use |= tls;
  return use;
}

OutputUse
output_options_get_use (const OutputOptions *self)
{
  return get_url_use (self->mqtt, "mqtts", OUTPUT_MQTT_USER, OUTPUT_MQTT_TLS)
      | get_url_use (self->push, "rtsps", OUTPUT_PUSH_USER, OUTPUT_PUSH_TLS)
      | (self->record ? OUTPUT_RECORD : 0);
}

gboolean
output_options_check_effects (const OutputOptions *self, OutputUse use,
    GError **error)
{
  const struct {
    const gchar *option;
    gboolean is_given;
    OutputUse needed;
    const gchar *problem;
  } options[] = {
    { "mqtt-password-file", self->mqtt_password_file != NULL, OUTPUT_MQTT_USER,
        "has no effect without --mqtt=...://USER@HOST/..." },
    { "mqtt-ca", self->mqtt_ca != NULL, OUTPUT_MQTT_TLS,
        "has no effect without --mqtt=mqtts://..." },
    { "push-password-file", self->push_password_file != NULL, OUTPUT_PUSH_USER,
        "has no effect without --push=...://USER@HOST/..." },
    { "push-ca", self->push_ca != NULL, OUTPUT_PUSH_TLS,
        "has no effect without --push=rtsps://..." },
    { "record-seconds", self->record_seconds != 0, OUTPUT_RECORD,
        "has no effect without --record" },
    { "record-size", self->record_limit != NULL, OUTPUT_RECORD,
        "has no effect without --record" },
    { "record-keep", self->record_keep != NULL, OUTPUT_RECORD,
        "has no effect without --record" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++) {
    if (options[i].is_given && !(use & options[i].needed))
      return refuse (error, options[i].option, options[i].problem);
  }
  return TRUE;
}

static gboolean
check_place (const gchar *option, const gchar *place, const gchar *other,
    GError **error)
{
  return !place || g_strcmp0 (place, other) != 0
      || refuse (error, option,
          "two streams cannot go to the same place; write {name} where their "
          "names are to be");
}

gboolean
output_options_check_distinct (const OutputOptions *self,
    const OutputOptions *other, GError **error)
{
  return check_place ("mqtt", self->mqtt, other->mqtt, error)
      && check_place ("push", self->push, other->push, error);
}

void
output_options_copy (const OutputOptions *self, OutputOptions *copy)
{
  *copy = *self;
  copy->mqtt = g_strdup (self->mqtt);
  copy->mqtt_password_file = g_strdup (self->mqtt_password_file);
  copy->mqtt_ca = g_strdup (self->mqtt_ca);
  copy->push = g_strdup (self->push);
  copy->push_password_file = g_strdup (self->push_password_file);
  copy->push_ca = g_strdup (self->push_ca);
  copy->record = g_strdup (self->record);
  copy->record_limit = g_strdup (self->record_limit);
  copy->record_keep = g_strdupv (self->record_keep);
}

void
output_options_clear (OutputOptions *self)
{
  g_clear_pointer (&self->mqtt, g_free);
  g_clear_pointer (&self->mqtt_password_file, g_free);
  g_clear_pointer (&self->mqtt_ca, g_free);
  g_clear_pointer (&self->push, g_free);
  g_clear_pointer (&self->push_password_file, g_free);
  g_clear_pointer (&self->push_ca, g_free);
  g_clear_pointer (&self->record, g_free);
  g_clear_pointer (&self->record_limit, g_free);
  g_clear_pointer (&self->record_keep, g_strfreev);
}
