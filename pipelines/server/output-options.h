/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OutputOptions: where one stream is sent to. In what is a place, {name} stands
 * for the name of the stream. */
typedef struct {
  gchar *mqtt;               /* mqtt[s]://[USER@]HOST[:PORT]/TOPIC, or NULL */
  gchar *mqtt_password_file; /* or NULL */
  gchar *mqtt_ca;            /* PEM file, or NULL: that of the system */
  gchar *push;               /* rtsp[s]://[USER@]HOST[:PORT]/PATH, or NULL */
  gchar *push_password_file; /* or NULL */
  gchar *push_ca;            /* PEM file, or NULL: that of the system */
  gchar *record;             /* folder, or NULL */
  gint record_seconds;       /* of a file */
  gchar *record_limit;       /* what record_size was parsed from, or NULL */
  guint64 record_size;       /* most bytes of a file; 0: no limit */
  gchar **record_keep;       /* what follows was parsed from, or NULL */
  gint64 keep_seconds;       /* how long files are kept; 0: forever */
  guint64 keep_size;         /* bytes of all files; 0: no limit */
} OutputOptions;

#define OUTPUT_OPTIONS_N_ENTRIES 10

/* Where streams are sent to, and how. */
typedef enum {
  OUTPUT_MQTT_USER = 1 << 0,
  OUTPUT_MQTT_TLS = 1 << 1,
  OUTPUT_PUSH_USER = 1 << 2,
  OUTPUT_PUSH_TLS = 1 << 3,
  OUTPUT_RECORD = 1 << 4,
} OutputUse;

/* Fills in the entries by which the options are parsed. */
void output_options_make_entries (OutputOptions *self, GOptionEntry *entries);

/* Checks and completes what was parsed for the stream of this @name, which may
 * be "". Errors: a value that cannot be. */
gboolean output_options_finish (OutputOptions *self, const gchar *name,
    GError **error);

/* Errors: both streams are sent to the same place. */
gboolean output_options_check_distinct (const OutputOptions *self,
    const OutputOptions *other, GError **error);

/* After output_options_finish(). */
OutputUse output_options_get_use (const OutputOptions *self);

/* @use: of all streams. Errors: an option that has no effect on any. */
gboolean output_options_check_effects (const OutputOptions *self, OutputUse use,
    GError **error);

/* What a stream is called in places: its name, which may be "". */
const gchar *output_options_get_name (const gchar *name);

/* Puts copies into @copy, whatever it had. */
void output_options_copy (const OutputOptions *self, OutputOptions *copy);
void output_options_clear (OutputOptions *self);

G_END_DECLS
