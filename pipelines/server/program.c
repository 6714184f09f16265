/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "guard.h"
#include "hub.h"
#include "journal.h"
#include "outputs.h"
#include "reload.h"
#include "server.h"
#include "users.h"
#ifdef HAVE_WEB
#include "web/web.h"
#endif

/* How often memory that is free is given back. */
#define TRIM_INTERVAL 60 /* seconds */

struct _Program {
  gchar **argv;
  GMainLoop *loop;
  GPtrArray *hubs; /* of Hub, in the order of the configuration */
  Users *users;    /* NULL: anybody may watch */
  Guard *guard;
  Outputs *outputs;
  Server *server;
#ifdef HAVE_WEB
  Web *web; /* (nullable) */
#endif
  gboolean has_tls;
  gboolean is_reloading, must_reload;
  guint n_waiting; /* hubs that have no frame yet, or have not ended */
  guint n_running; /* hubs that have not ended */
  gint status;
};

#ifdef HAVE_WEB
/* Nobody who has not chosen the port has to do without the streams because
 * something else is there. */
static gboolean
is_bearable (const WebOptions *web, const GError *error)
{
  return web->port == WEB_DEFAULT_PORT
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static gboolean
make_web (Program *self, const Options *options, const WebOptions *web,
    GError **error)
{
  g_autoptr (GError) failure = NULL;

  if (web->port < 0)
    return TRUE;
  self->web = web_new (web, &options->access, self->hubs, self->users,
      self->guard, &failure);
  if (self->web)
    return TRUE;
  if (is_bearable (web, failure)) {
    journal_print ("%s", failure->message);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
print_page (Program *self)
{
  g_autofree gchar *url = self->web ? web_make_url (self->web) : NULL;

  if (url)
    g_print ("Page: %s\n", url);
}
#endif

static void
start_serving (Program *self)
{
  server_start (self->server);
  for (guint i = 0; i < self->hubs->len; i++) {
    g_autofree gchar *url = server_make_url (self->server,
        self->hubs->pdata[i]);

    g_print ("Ready: %s\n", url);
  }
#ifdef HAVE_WEB
  print_page (self);
#endif
  journal_notify ("READY=1");
}

static void
on_ready (Hub *hub, gpointer data)
{
  Program *self = data;

  if (--self->n_waiting == 0 && self->n_running > 0)
    start_serving (self);
}

/* The others go on. */
static void
on_ended (Hub *hub, const GError *error, gpointer data)
{
  Program *self = data;

  journal_print ("%s%s%s", hub_get_name (hub), *hub_get_name (hub) ? ": " : "",
      error->message);
  if (--self->n_running > 0)
    return;
  self->status = EXIT_FAILURE;
  g_main_loop_quit (self->loop);
}

static gboolean
make_hubs (Program *self, const Options *options, GError **error)
{
  const HubListener listener = { on_ready, on_ended };

  for (guint i = 0; i < options->streams->len; i++) {
    const StreamOptions *stream = options->streams->pdata[i];
    Hub *hub = hub_new (stream, error);

    if (!hub) {
      if (*stream->name)
        g_prefix_error (error, "stream %s: ", stream->name);
      return FALSE;
    }
    hub_set_listener (hub, &listener, self);
    g_ptr_array_add (self->hubs, hub);
  }
  self->n_waiting = self->n_running = self->hubs->len;
  return TRUE;
}

static gboolean
make_access (Program *self, const AccessOptions *access, GError **error)
{
  self->guard = guard_new ((guint) access->max_connections);
  if (!access->users)
    return TRUE;
  self->users = users_new (access->users,
      (const gchar *const *) access->operators, error);
  return self->users != NULL;
}

static void
free_hub (gpointer hub)
{
  hub_free (hub);
}

Program *
program_new (const Options *options, const WebOptions *web, gchar **argv,
    GError **error)
{
  g_autoptr (Program) self = g_new0 (Program, 1);

  self->argv = argv;
  self->has_tls = options->access.certificate != NULL;
  self->loop = g_main_loop_new (NULL, FALSE);
  self->hubs = g_ptr_array_new_with_free_func (free_hub);
  if (!make_access (self, &options->access, error)
      || !make_hubs (self, options, error))
    return NULL;
  self->outputs = outputs_new (self->hubs, error);
  if (!self->outputs)
    return NULL;
  self->server = server_new (options, self->hubs, self->users, self->guard,
      error);
  if (!self->server)
    return NULL;
#ifdef HAVE_WEB
  if (!make_web (self, options, web, error))
    return NULL;
#endif
  return g_steal_pointer (&self);
}

void
program_free (Program *self)
{
  /* Files are finished while there is time. */
  g_clear_pointer (&self->outputs, outputs_free);
  self->must_reload = FALSE;
  while (self->is_reloading)
    g_main_context_iteration (NULL, TRUE);
#ifdef HAVE_WEB
  g_clear_pointer (&self->web, web_free);
#endif
  g_clear_pointer (&self->server, server_free);
  g_ptr_array_unref (self->hubs);
  g_clear_pointer (&self->users, users_free);
  g_clear_pointer (&self->guard, guard_free);
  g_main_loop_unref (self->loop);
  g_free (self);
}

static gboolean
on_end (gpointer data)
{
  Program *self = data;

  journal_notify ("STOPPING=1");
  g_main_loop_quit (self->loop);
  return G_SOURCE_CONTINUE;
}

/* What would let in others than before in a way that takes more than to read
 * some files again. */
static gboolean
check_reload (const Program *self, const Reload *reload, GError **error)
{
  const gchar *what = NULL;

  if (!self->users != !reload->users)
    what = "--users";
  else if (self->has_tls != (reload->options->access.certificate != NULL))
    what = "--certificate";
  if (what)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "%s can be added or removed only by a restart", what);
  return !what;
}

/* Whatever can fail comes first. */
static gboolean
apply (Program *self, Reload *reload, GError **error)
{
  GTlsCertificate *certificate = reload->options->access.certificate;

  if (!check_reload (self, reload, error)
      || !server_set_access (self->server, certificate, reload->users, error))
    return FALSE;
  if (self->users)
    users_replace (self->users, g_steal_pointer (&reload->users));
#ifdef HAVE_WEB
  if (self->web)
    web_set_certificate (self->web, certificate);
#endif
  for (guint i = 0; i < self->hubs->len; i++)
    hub_apply_properties (self->hubs->pdata[i], reload->changes->pdata[i]);
  return TRUE;
}

static void start_reload (Program *self);

static void
notify_reloading (void)
{
  g_autofree gchar *state =
      g_strdup_printf ("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
          g_get_monotonic_time ());

  journal_notify (state);
}

static void
on_reloaded (Reload *result, const GError *error, gpointer data)
{
  Program *self = data;
  g_autoptr (Reload) reload = result;
  g_autoptr (GError) failure = NULL;

  if (reload && !apply (self, reload, &failure))
    error = failure;
  if (error)
    journal_print ("Reload failed, nothing has changed: %s", error->message);
  else
    journal_print ("Reloaded users, certificate and properties");
  journal_notify ("READY=1");
  self->is_reloading = FALSE;
  if (self->must_reload)
    start_reload (self);
}

static void
start_reload (Program *self)
{
  self->must_reload = FALSE;
  self->is_reloading = TRUE;
  notify_reloading ();
  reload_start (self->argv, self->hubs, on_reloaded, self);
}

/* While it is at work on the last one, files may have changed again. */
static gboolean
on_reload (gpointer data)
{
  Program *self = data;

  if (self->is_reloading)
    self->must_reload = TRUE;
  else
    start_reload (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog (gpointer data)
{
  journal_notify ("WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static guint64
get_number (const gchar *variable)
{
  const gchar *text = g_getenv (variable);

  return text ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/* The service manager says how long it may hear nothing, and of which process,
 * which may be one that has started this one. */
static guint
add_watchdog (void)
{
  const guint64 interval_us = get_number ("WATCHDOG_USEC");
  const guint64 process = get_number ("WATCHDOG_PID");

  return interval_us && (!process || process == (guint64) getpid ())
      ? g_timeout_add ((guint) (interval_us / 2000), on_watchdog, NULL)
      : 0;
}

/* Otherwise glibc keeps all that viewers had, in the arenas of threads that
 * have ended, for the next ones; and which arena those get is chance. */
static gboolean
give_back_memory (gpointer data)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
  return G_SOURCE_CONTINUE;
}

gint
program_run (Program *self)
{
  guint sources[] = { g_unix_signal_add (SIGINT, on_end, self),
    g_unix_signal_add (SIGTERM, on_end, self),
    g_unix_signal_add (SIGHUP, on_reload, self), add_watchdog (),
    g_timeout_add_seconds (TRIM_INTERVAL, give_back_memory, NULL) };

  for (guint i = 0; i < self->hubs->len; i++)
    hub_start (self->hubs->pdata[i]);
  g_main_loop_run (self->loop);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_clear_handle_id (&sources[i], g_source_remove);
  return self->status;
}
