/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-server: serves cameras and videos over RTSP with the activation
 * maps of a network drawn into them. The network runs once for all viewers of a
 * stream. */

#include <gst/gst.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "journal.h"
#include "options.h"
#include "password.h"
#include "program.h"
#include "users.h"
#include "web-options.h"

/* How long viewers and the sources may take to stop. */
#define SHUTDOWN_TIME (3 * G_USEC_PER_SEC)
#define MAX_PASSWORD 256

static gpointer
exit_after_timeout (gpointer data)
{
  g_usleep (SHUTDOWN_TIME);
  _exit (GPOINTER_TO_INT (data));
}

/* A thread that waits for a source or a viewer may wait forever. Nothing that
 * it uses is freed while it runs: either all threads end in time, or the whole
 * process exits without waiting for them. */
static void
limit_shutdown_time (gint status)
{
  g_thread_unref (
      g_thread_new ("shutdown", exit_after_timeout, GINT_TO_POINTER (status)));
}

static gint
add_user (const Options *options)
{
  gchar password[MAX_PASSWORD] = "";
  g_autoptr (GError) error = NULL;

  if (password_read (password, sizeof password)
      && users_write (options->access.users, options->new_user, password,
          &error))
    return EXIT_SUCCESS;
  journal_print ("%s", error ? error->message : "There is no password");
  return EXIT_FAILURE;
}

static gint
serve (const Options *options, const WebOptions *web, gchar **argv)
{
  g_autoptr (GError) error = NULL;
  Program *program = program_new (options, web, argv, &error);
  gint status = EXIT_FAILURE;

  if (program)
    status = program_run (program);
  else
    journal_print ("%s", error->message);
  limit_shutdown_time (status);
  g_clear_pointer (&program, program_free);
  return status;
}

gint
main (gint argc, gchar **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options = NULL;
  WebOptions web = WEB_OPTIONS_DEFAULT;
  gint status = EXIT_FAILURE;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_set_prgname ("activationmap-server");
  options = web_options_parse (&web, argv, &error);
  if (!options)
    journal_print ("%s", error->message);
  else if (options->new_user)
    status = add_user (options);
  else
    status = serve (options, &web, argv);
  web_options_clear (&web);
  gst_deinit ();
  return status;
}
