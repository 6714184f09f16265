/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "broker.h"

#include <mosquitto.h>

#include "service.h"

#define HOST "127.0.0.1"
#define POLL_US (20 * 1000)
/* A test that waits for longer has failed. */
#define PATIENCE_US (120 * G_USEC_PER_SEC)

struct _Broker {
  gchar *configuration;
  gint port;
  GSubprocess *process;
};

typedef struct {
  gchar *topic;
  gchar *text;
} Message;

struct _Subscriber {
  struct mosquitto *mosquitto;
  GAsyncQueue *messages; /* of Message */
};

const gchar *
broker_find_program (void)
{
  static const gchar *const paths[] = { "/usr/sbin/mosquitto",
    "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto" };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    if (g_file_test (paths[i], G_FILE_TEST_IS_EXECUTABLE))
      return paths[i];
  }
  return NULL;
}

gint
broker_find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL,
      NULL);

  g_assert_cmpuint (port, !=, 0);
  g_socket_listener_close (listener);
  return port;
}

/* If it is started by root, it changes its user, who could not read the
 * folder. */
Broker *
broker_new (const gchar *folder, const gchar *settings)
{
  Broker *self = g_new0 (Broker, 1);
  g_autofree gchar *lines = NULL;

  self->port = broker_find_port ();
  self->configuration = g_build_filename (folder, "mosquitto.conf", NULL);
  lines = g_strdup_printf ("user root\nlistener %d " HOST "\n%s", self->port,
      settings);
  g_assert_true (g_file_set_contents (self->configuration, lines, -1, NULL));
  return self;
}

void
broker_free (Broker *self)
{
  broker_kill (self);
  g_free (self->configuration);
  g_free (self);
}

static gboolean
is_listening (const Broker *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection)
      connection = g_socket_client_connect_to_host (client, HOST,
          (guint16) self->port, NULL, NULL);

  return connection != NULL;
}

void
broker_start (Broker *self)
{
  const gchar *argv[] = { broker_find_program (), "-c", self->configuration,
    NULL };
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;

  self->process = service_spawn_program (argv,
      G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  while (!is_listening (self)) {
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    g_usleep (POLL_US);
  }
}

void
broker_kill (Broker *self)
{
  if (!self->process)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

gint
broker_get_port (const Broker *self)
{
  return self->port;
}

static void
message_free (gpointer data)
{
  Message *self = data;

  g_free (self->topic);
  g_free (self->text);
  g_free (self);
}

static void
on_connect (struct mosquitto *mosquitto, void *data, int code)
{
  g_assert_cmpint (code, ==, 0);
  mosquitto_subscribe (mosquitto, NULL, "#", 0);
}

static void
on_message (struct mosquitto *mosquitto, void *data,
    const struct mosquitto_message *message)
{
  Subscriber *self = data;
  Message *copy = g_new0 (Message, 1);

  copy->topic = g_strdup (message->topic);
  copy->text = g_strndup (message->payload, (gsize) message->payloadlen);
  g_async_queue_push (self->messages, copy);
}

Subscriber *
subscriber_new (const Broker *broker)
{
  Subscriber *self = g_new0 (Subscriber, 1);

  mosquitto_lib_init ();
  self->messages = g_async_queue_new_full (message_free);
  self->mosquitto = mosquitto_new (NULL, TRUE, self);
  mosquitto_connect_callback_set (self->mosquitto, on_connect);
  mosquitto_message_callback_set (self->mosquitto, on_message);
  g_assert_cmpint (mosquitto_connect (self->mosquitto, HOST, broker->port, 60),
      ==, MOSQ_ERR_SUCCESS);
  g_assert_cmpint (mosquitto_loop_start (self->mosquitto), ==,
      MOSQ_ERR_SUCCESS);
  return self;
}

void
subscriber_free (Subscriber *self)
{
  mosquitto_disconnect (self->mosquitto);
  mosquitto_loop_stop (self->mosquitto, TRUE);
  mosquitto_destroy (self->mosquitto);
  mosquitto_lib_cleanup ();
  g_async_queue_unref (self->messages);
  g_free (self);
}

gchar *
subscriber_wait (Subscriber *self, const gchar *topic)
{
  gchar *text = NULL;

  while (!text) {
    Message *message = g_async_queue_timeout_pop (self->messages, PATIENCE_US);

    g_assert_nonnull (message);
    if (g_str_equal (message->topic, topic))
      text = g_steal_pointer (&message->text);
    message_free (message);
  }
  return text;
}

void
subscriber_wait_for (Subscriber *self, const gchar *topic, const gchar *message)
{
  g_autofree gchar *text = NULL;

  do {
    g_free (text);
    text = subscriber_wait (self, topic);
  } while (!g_str_equal (text, message));
}
