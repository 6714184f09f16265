/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-server: serves a camera or a video file over RTSP with the
 * activation maps of a network drawn into it. The network runs once for all
 * viewers. */

#include <glib-unix.h>
#include <gst/gst.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "options.h"
#include "producer.h"
#include "relay.h"
#include "server.h"
#include "source.h"

/* How long viewers and the source may take to stop. */
#define SHUTDOWN_TIME (3 * G_USEC_PER_SEC)

typedef struct {
  GMainLoop *loop;
  Producer *producer;
  Relay *relay;
  Server *server;
  gint status;
} Program;

static void
print_error (const GError *error)
{
  g_printerr ("%s: %s\n", g_get_prgname (), error->message);
}

static gboolean
on_signal (gpointer data)
{
  Program *program = data;

  g_main_loop_quit (program->loop);
  return G_SOURCE_CONTINUE;
}

static void
on_picture (GstBuffer *picture, GstCaps *caps, GstClockTime time, gpointer data)
{
  Program *program = data;

  relay_push (program->relay, picture, caps, time);
}

static void
on_started (gpointer data)
{
  Program *program = data;
  g_autofree gchar *url = server_make_url (program->server);

  server_start (program->server);
  g_print ("Ready: %s\n", url);
}

static void
on_failed (const GError *error, gpointer data)
{
  Program *program = data;

  print_error (error);
  program->status = EXIT_FAILURE;
  g_main_loop_quit (program->loop);
}

static void
request_keyframe (gpointer data)
{
  Program *program = data;

  producer_request_keyframe (program->producer);
}

static gboolean
prepare (Program *program, const Options *options, GError **error)
{
  const ProducerListener listener = { on_picture, on_started, on_failed };
  g_autoptr (Source) source = source_new (options->source, error);

  if (!source)
    return FALSE;
  program->relay = relay_new (request_keyframe, program);
  program->producer = producer_new (options, source, &listener, program, error);
  if (!program->producer)
    return FALSE;
  program->server = server_new (options, program->relay, request_keyframe,
      program, error);
  return program->server != NULL;
}

static gint
run (Program *program)
{
  const guint interrupt = g_unix_signal_add (SIGINT, on_signal, program);
  const guint terminate = g_unix_signal_add (SIGTERM, on_signal, program);

  program->loop = g_main_loop_new (NULL, FALSE);
  producer_start (program->producer);
  g_main_loop_run (program->loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
  g_main_loop_unref (program->loop);
  return program->status;
}

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

/* Stops the viewers first, then the producer of their pictures. */
static void
clear (Program *program)
{
  if (program->relay)
    relay_close (program->relay);
  g_clear_pointer (&program->server, server_free);
  g_clear_pointer (&program->producer, producer_free);
  g_clear_pointer (&program->relay, relay_free);
}

static gint
serve (gint *argc, gchar ***argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options = options_new (argc, argv, &error);
  Program program = { 0 };
  gint status = EXIT_FAILURE;

  if (options && prepare (&program, options, &error))
    status = run (&program);
  else
    print_error (error);
  limit_shutdown_time (status);
  clear (&program);
  return status;
}

gint
main (gint argc, gchar **argv)
{
  gint status;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_set_prgname ("activationmap-server");
  status = serve (&argc, &argv);
  gst_deinit ();
  return status;
}
