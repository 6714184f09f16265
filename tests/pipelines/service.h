/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Service: activationmap-server, started as a person would. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *output;
  GDataInputStream *log; /* NULL: it goes to the test's standard error */
  gchar *url;            /* of the first stream */
} Service;

#define SERVICE_READY "Ready: "

/* Whether all these elements, NULL-terminated, are there; if not, it is said
 * that the tests are skipped. */
gboolean service_has_elements (const gchar *const *names);

/* Starts another program, which ends with the test. */
GSubprocess *service_spawn_program (const gchar *const *argv,
    GSubprocessFlags flags);
GSubprocess *service_spawn (const gchar *const *arguments,
    GSubprocessFlags flags);
/* Ends the process with a signal, and checks that it exits with 0. */
void service_end_process (GSubprocess *process, gint signal_number);

/* Waits until it is ready. */
Service *service_start (const gchar *const *arguments);
Service *service_start_with_sample (void);
/* With a log for service_wait_for_log(). */
Service *service_start_with_log (const gchar *const *arguments);
/* Waits until a line of the log contains this. */
void service_wait_for_log (Service *self, const gchar *text);
void service_end (Service *self, gint signal_number);
/* Of one that has ended otherwise. */
void service_free (Service *self);

/* Writes a new certificate for 127.0.0.1, which is its own authority, and its
 * key into these files. FALSE if there is no openssl. */
gboolean service_make_certificate (const gchar *certificate, const gchar *key);

G_END_DECLS
