/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What activationmap-server publishes by MQTT, with a real broker. */

#include <cjson/cJSON.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <mosquitto.h>
#include <signal.h>

#include "broker.h"
#include "mqtt-client.h"
#include "service.h"

#define TOPIC "house/live"
#define STATUS "house/live/status"
#define PASSWORD "open sesame"
#define ANYBODY "allow_anonymous true\n"
#define LARGE (64 << 20)

static gchar *folder;

static gchar *
make_url (const Broker *broker)
{
  return g_strdup_printf ("--mqtt=mqtt://127.0.0.1:%d/house/{name}",
      broker_get_port (broker));
}

static Service *
start_service (const Broker *broker)
{
  g_autofree gchar *url = make_url (broker);
  const gchar *arguments[] = { "--source=sample", "--port=0", url, NULL };

  return service_start_with_log (arguments);
}

/* A line of regionjson, of a picture that was taken after @start. Returns how
 * many objects are in it. */
static gint
check_message (const gchar *text, gint64 start)
{
  cJSON *json = cJSON_Parse (text);
  const cJSON *objects = cJSON_GetObjectItem (json, "objects");
  const cJSON *timestamp = cJSON_GetObjectItem (json, "timestamp");
  const gdouble time = cJSON_GetNumberValue (timestamp) / 1000;
  gint n_objects;

  g_assert_true (cJSON_IsArray (objects));
  g_assert_cmpfloat (time, >=, start);
  g_assert_cmpfloat (time, <=, g_get_real_time () + G_USEC_PER_SEC);
  n_objects = cJSON_GetArraySize (objects);
  if (n_objects > 0)
    g_assert_nonnull (
        cJSON_GetObjectItem (cJSON_GetArrayItem (objects, 0), "gender"));
  cJSON_Delete (json);
  return n_objects;
}

static void
test_publishes (void)
{
  g_autoptr (Broker) broker = broker_new (folder, ANYBODY);
  g_autoptr (Subscriber) subscriber = NULL;
  const gint64 start = g_get_real_time ();
  gint n_objects = 0;
  Service *server;

  broker_start (broker);
  subscriber = subscriber_new (broker);
  server = start_service (broker);
  subscriber_wait_for (subscriber, STATUS, "online");
  while (n_objects == 0) {
    g_autofree gchar *text = subscriber_wait (subscriber, TOPIC);

    n_objects = check_message (text, start);
  }
  service_end (server, SIGTERM);
  subscriber_wait_for (subscriber, STATUS, "offline");
}

/* Who asks later hears of the status, too, and a server that has died. */
static void
test_last_will (void)
{
  g_autoptr (Broker) broker = broker_new (folder, ANYBODY);
  g_autoptr (Subscriber) late = NULL;
  Service *server;

  broker_start (broker);
  server = start_service (broker);
  service_wait_for_log (server, "connected");
  late = subscriber_new (broker);
  subscriber_wait_for (late, STATUS, "online");
  g_subprocess_force_exit (server->process);
  subscriber_wait_for (late, STATUS, "offline");
  service_free (server);
}

static void
test_broker_restarts (void)
{
  g_autoptr (Broker) broker = broker_new (folder, ANYBODY);
  g_autoptr (Subscriber) subscriber = NULL;
  g_autofree gchar *text = NULL;
  Service *server = start_service (broker);
  int major, minor, revision;

  mosquitto_lib_version (&major, &minor, &revision);
  service_wait_for_log (server,
      major > 2 || minor > 0 ? "cannot be reached (next try in 2 s)"
                             : "refused (next try in 2 s)");
  for (guint i = 0; i < 2; i++) {
    broker_start (broker);
    service_wait_for_log (server, "connected");
    broker_kill (broker);
    service_wait_for_log (server, "next try in 1 s");
  }
  broker_start (broker);
  subscriber = subscriber_new (broker);
  subscriber_wait_for (subscriber, STATUS, "online");
  text = subscriber_wait (subscriber, TOPIC);
  service_end (server, SIGTERM);
}

static gchar *
write_file (const gchar *name, const gchar *contents)
{
  gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, contents, -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

static void
run (const gchar *const *argv)
{
  g_autoptr (GSubprocess)
      process = service_spawn_program (argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

/* Returns the settings of a broker that asks for a password, by TLS; NULL if
 * there is no openssl. */
static gchar *
make_secrets (void)
{
  g_autofree gchar *key = g_build_filename (folder, "key.pem", NULL);
  g_autofree gchar *certificate = g_build_filename (folder, "ca.pem", NULL);
  g_autofree gchar *users = write_file ("users", "");
  const gchar *add_user[] = { "mosquitto_passwd", "-b", users, "anna", PASSWORD,
    NULL };

  if (!service_make_certificate (certificate, key))
    return NULL;
  run (add_user);
  return g_strdup_printf ("certfile %s\nkeyfile %s\npassword_file %s\n",
      certificate, key, users);
}

/* Starts a server with a password, and waits for a line of its log. */
static void
connect_encrypted (const Broker *broker, const gchar *password,
    const gchar *ca_file, const gchar *expected)
{
  g_autofree gchar *password_file = write_file ("password", password);
  g_autofree gchar *password_option =
      g_strconcat ("--mqtt-password-file=", password_file, NULL);
  g_autofree gchar *ca_option = g_strconcat ("--mqtt-ca=", ca_file, NULL);
  g_autofree gchar *url =
      g_strdup_printf ("--mqtt=mqtts://anna@127.0.0.1:%d/" TOPIC,
          broker_get_port (broker));
  const gchar *arguments[] = { "--source=sample", "--port=0", url,
    password_option, ca_option, NULL };
  Service *server = service_start_with_log (arguments);

  service_wait_for_log (server, expected);
  service_end (server, SIGTERM);
}

static void
test_encrypted (void)
{
  g_autoptr (Broker) broker = NULL;
  g_autofree gchar *settings = NULL;
  g_autofree gchar *ca_file = g_build_filename (folder, "ca.pem", NULL);
  g_autofree gchar *add_user = g_find_program_in_path ("mosquitto_passwd");

  settings = add_user ? make_secrets () : NULL;
  if (!settings) {
    g_test_skip ("there is no openssl, or no mosquitto_passwd");
    return;
  }
  broker = broker_new (folder, settings);
  broker_start (broker);
  connect_encrypted (broker, PASSWORD, ca_file, "connected");
  connect_encrypted (broker, "wrong", ca_file, "not authorised");
  /* One that has not signed the broker's. */
  connect_encrypted (broker, PASSWORD, "/etc/ssl/certs/ca-certificates.crt",
      "certificate verify failed");
}

static gpointer
publish (gpointer client)
{
  g_autofree gchar *message = g_strnfill (LARGE, 'a');

  return GINT_TO_POINTER (mqtt_client_publish (client, message));
}

static void
wait_until_connected (MqttClient *client)
{
  while (!mqtt_client_is_connected (client))
    g_usleep (10 * 1000);
}

/* What a broker does not take is not queued, and holds nobody up at the end. */
static void
test_stalled_broker (void)
{
  static const guint8 accepted[] = { 0x20, 2, 0, 0 }; /* CONNACK */
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL,
      NULL);
  g_autofree gchar *url = g_strdup_printf ("mqtt://127.0.0.1:%u/topic", port);
  g_autoptr (MqttClient) client = mqtt_client_new (url, NULL, NULL, NULL);
  g_autoptr (GSocketConnection)
      connection = g_socket_listener_accept (listener, NULL, NULL, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (
      G_IO_STREAM (connection));
  GThread *thread;

  g_assert_true (g_output_stream_write_all (output, accepted, sizeof accepted,
      NULL, NULL, NULL));
  wait_until_connected (client);
  thread = g_thread_new ("publish", publish, client);
  mqtt_client_close (client);
  g_assert_false (GPOINTER_TO_INT (g_thread_join (thread)));
}

static void
remove_folder (void)
{
  const gchar *argv[] = { "rm", "-rf", folder, NULL };

  run (argv);
  g_free (folder);
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "x264enc", "h264parse", "rtph264pay",
    NULL };
  gint status;

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  if (!broker_find_program ()) {
    g_print ("1..0 # SKIP there is no mosquitto\n");
    return 0;
  }
  folder = g_dir_make_tmp (NULL, NULL);
  g_test_add_func ("/mqtt/publishes", test_publishes);
  g_test_add_func ("/mqtt/last-will", test_last_will);
  g_test_add_func ("/mqtt/broker-restarts", test_broker_restarts);
  g_test_add_func ("/mqtt/encrypted", test_encrypted);
  g_test_add_func ("/mqtt/stalled-broker", test_stalled_broker);
  status = g_test_run ();
  remove_folder ();
  return status;
}
