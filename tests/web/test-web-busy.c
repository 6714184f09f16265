/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page's server answers while a model is loaded: here, loading a model
 * takes until a gate is opened. */

#include <gst/gst.h>
#include <libsoup/soup.h>

#include "classifier/classifier.h"
#include "hub.h"
#include "load-plugin.h"
#include "network.h"
#include "web/web.h"

#define EXPLAIN "{\"explain\": \"grad-cam\"}"

typedef struct {
  GMutex lock;
  GCond changed;
  gboolean is_open;
  guint n_waiting, n_loads;
} Gate;

static Gate gate = { .is_open = TRUE };
static GThread *main_thread;

/* The main thread never loads a model while it serves. */
static void
gate_pass (void)
{
  g_mutex_lock (&gate.lock);
  gate.n_loads++;
  if (!gate.is_open)
    g_assert_true (g_thread_self () != main_thread);
  gate.n_waiting++;
  while (!gate.is_open)
    g_cond_wait (&gate.changed, &gate.lock);
  gate.n_waiting--;
  g_mutex_unlock (&gate.lock);
}

static void
gate_set (gboolean is_open)
{
  g_mutex_lock (&gate.lock);
  gate.is_open = is_open;
  gate.n_loads = 0;
  g_cond_broadcast (&gate.changed);
  g_mutex_unlock (&gate.lock);
}

static guint
gate_count (const guint *counter)
{
  guint count;

  g_mutex_lock (&gate.lock);
  count = *counter;
  g_mutex_unlock (&gate.lock);
  return count;
}

/* The linker puts these in the place of what loads models in the server. */
Classifier *__real_classifier_load (const ClassifierSource *source,
    GError **error);
Classifier *__wrap_classifier_load (const ClassifierSource *source,
    GError **error);
gboolean __real_network_try (Network *self, const GPtrArray *changes,
    GError **error);
gboolean __wrap_network_try (Network *self, const GPtrArray *changes,
    GError **error);

Classifier *
__wrap_classifier_load (const ClassifierSource *source, GError **error)
{
  gate_pass ();
  return __real_classifier_load (source, error);
}

gboolean
__wrap_network_try (Network *self, const GPtrArray *changes, GError **error)
{
  gate_pass ();
  return __real_network_try (self, changes, error);
}

/* Fixture: a server, and a browser in the same thread. */
typedef struct {
  Hub *hub;
  Guard *guard;
  GPtrArray *hubs;
  Web *web;
  gchar *url;
  SoupSession *session;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  const StreamOptions stream = { .name = (gchar *) "",
    .source = (gchar *) "test",
    .mount = (gchar *) "/live" };
  const WebOptions options = { .port = 0 };
  const AccessOptions access = { .address = (gchar *) "127.0.0.1" };
  g_autoptr (GError) error = NULL;

  self->hub = hub_new (&stream, &error);
  g_assert_no_error (error);
  self->hubs = g_ptr_array_new ();
  g_ptr_array_add (self->hubs, self->hub);
  self->guard = guard_new (100);
  self->web = web_new (&options, &access, self->hubs, NULL, self->guard,
      &error);
  g_assert_no_error (error);
  self->url = web_make_url (self->web);
  self->session = soup_session_new_with_options ("max-conns-per-host", 8, NULL);
  gate_set (FALSE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gate_set (TRUE);
  g_clear_pointer (&self->web, web_free);
  g_object_unref (self->session);
  hub_free (self->hub);
  g_ptr_array_unref (self->hubs);
  guard_free (self->guard);
  g_free (self->url);
}

/* Exchange: a request, and its answer when it has come. */
typedef struct {
  SoupMessage *message;
  GBytes *body; /* NULL: it has not come */
} Exchange;

static void
on_answer (GObject *session, GAsyncResult *result, gpointer data)
{
  Exchange *self = data;
  g_autoptr (GError) error = NULL;

  self->body = soup_session_send_and_read_finish (SOUP_SESSION (session),
      result, &error);
  g_assert_no_error (error);
}

static Exchange *
ask (Fixture *fixture, const gchar *method, const gchar *path,
    const gchar *body)
{
  Exchange *self = g_new0 (Exchange, 1);
  g_autofree gchar *url = g_strconcat (fixture->url, path, NULL);
  g_autoptr (GBytes) bytes = NULL;

  self->message = soup_message_new (method, url);
  if (body) {
    bytes = g_bytes_new_static (body, strlen (body));
    soup_message_set_request_body_from_bytes (self->message, "application/json",
        bytes);
  }
  soup_session_send_and_read_async (fixture->session, self->message,
      G_PRIORITY_DEFAULT, NULL, on_answer, self);
  return self;
}

static void
exchange_finish (Exchange *self, guint status)
{
  while (!self->body)
    g_main_context_iteration (NULL, TRUE);
  g_test_message ("%.*s", (gint) MIN (g_bytes_get_size (self->body), 200),
      (const gchar *) g_bytes_get_data (self->body, NULL));
  g_assert_cmpuint (soup_message_get_status (self->message), ==, status);
  g_bytes_unref (self->body);
  g_object_unref (self->message);
  g_free (self);
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Serves until a thread loads a model. */
static void
wait_for_load (void)
{
  const guint tick = g_timeout_add (10, on_tick, NULL);

  while (gate_count (&gate.n_waiting) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static void
assert_explain (Fixture *fixture, const gchar *value)
{
  g_autofree gchar *explain = hub_get_property (fixture->hub, "explain");

  g_assert_cmpstr (explain, ==, value);
}

static void
test_change (Fixture *fixture, gconstpointer data)
{
  Exchange *change = ask (fixture, "PATCH", "api/properties", EXPLAIN);

  wait_for_load ();
  exchange_finish (ask (fixture, "GET", "api/properties", NULL), 200);
  exchange_finish (ask (fixture, "PATCH", "api/properties",
                       "{\"colormap\": \"viridis\"}"),
      200);
  assert_explain (fixture, "hires-cam");
  g_assert_null (change->body);
  gate_set (TRUE);
  exchange_finish (change, 200);
  assert_explain (fixture, "grad-cam");
}

/* It is loaded once for all who ask. */
static void
test_view (Fixture *fixture, gconstpointer data)
{
  Exchange *model = ask (fixture, "GET", "api/model", NULL);
  Exchange *kernel = ask (fixture, "GET", "api/kernel?layer=conv2d_1&channel=0",
      NULL);

  wait_for_load ();
  exchange_finish (ask (fixture, "GET", "api/streams", NULL), 200);
  g_assert_null (model->body);
  g_assert_null (kernel->body);
  gate_set (TRUE);
  exchange_finish (model, 200);
  exchange_finish (kernel, 200);
  exchange_finish (ask (fixture, "GET", "api/model", NULL), 200);
  g_assert_cmpuint (gate_count (&gate.n_loads), ==, 0);
}

static gpointer
open_later (gpointer data)
{
  g_usleep (G_USEC_PER_SEC / 5);
  gate_set (TRUE);
  return NULL;
}

static void
write_request (GSocketConnection *connection)
{
  const gchar text[] =
      "GET /api/properties HTTP/1.1\r\nHost: localhost\r\n\r\n";

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (
                                                G_IO_STREAM (connection)),
      text, sizeof text - 1, NULL, NULL, NULL));
}

/* The server ends while a model is loaded, and a request comes that it has not
 * read yet: nothing of what it has freed answers. */
static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_uri (client, fixture->url, 80, NULL, NULL);
  GSocket *socket = g_socket_connection_get_socket (connection);
  g_autofree gchar *url = g_strconcat (fixture->url, "api/properties", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("PATCH", url);
  g_autoptr (GBytes) body = g_bytes_new_static (EXPLAIN, strlen (EXPLAIN));
  GThread *opener;

  write_request (connection);
  while (!(g_socket_condition_check (socket, G_IO_IN) & G_IO_IN))
    g_main_context_iteration (NULL, FALSE);
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  soup_session_send_async (fixture->session, message, G_PRIORITY_DEFAULT, NULL,
      NULL, NULL);
  wait_for_load ();
  write_request (connection);
  opener = g_thread_new ("opener", open_later, NULL);
  g_clear_pointer (&fixture->web, web_free);
  g_thread_join (opener);
  assert_explain (fixture, "grad-cam");
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  load_plugin ();
  main_thread = g_thread_self ();
  g_test_add ("/web-busy/change", Fixture, NULL, set_up, test_change,
      tear_down);
  g_test_add ("/web-busy/view", Fixture, NULL, set_up, test_view, tear_down);
  g_test_add ("/web-busy/end", Fixture, NULL, set_up, test_end, tear_down);
  return g_test_run ();
}
