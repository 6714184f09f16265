/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "mqtt-client.h"

#include <errno.h>
#include <gio/gio.h>
#include <mosquitto.h>
#include <string.h>

#include "backoff.h"
#include "journal.h"
#include "secret.h"

#define PORT 1883
#define TLS_PORT 8883
#define KEEPALIVE_SECONDS 30
/* How often the thread looks whether it is to end while there is nothing to
 * send or to receive. */
#define LOOP_MS 500
/* How long a broker may take to hear that this is the end. */
#define FAREWELL_TIME G_USEC_PER_SEC
#define SYSTEM_AUTHORITIES "/etc/ssl/certs"

struct _MqttClient {
  struct mosquitto *mosquitto;
  gchar *label; /* for logs */
  gchar *host;
  gint port;
  gchar *topic, *status_topic;
  Backoff backoff; /* of the thread alone */
  GThread *thread;

  GMutex lock;
  GCond changed;
  gchar *reason; /* why there is no connection, if the library has told; this
                    and what follows is protected by lock */
  gboolean is_connected;
  gint64 farewell; /* when the thread must end; 0: it goes on */
  gint last_sent;  /* the number of the last message that was sent */
};

static void
set_connected (MqttClient *self, gboolean is_connected)
{
  g_mutex_lock (&self->lock);
  self->is_connected = is_connected;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
set_reason (MqttClient *self, const gchar *reason)
{
  g_mutex_lock (&self->lock);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  g_mutex_unlock (&self->lock);
}

static void
publish_status (MqttClient *self, const gchar *status)
{
  mosquitto_publish (self->mosquitto, NULL, self->status_topic,
      (gint) strlen (status), status, 0, TRUE);
}

static void
on_connect (struct mosquitto *mosquitto, void *data, int code)
{
  MqttClient *self = data;

  if (code != 0) {
    set_reason (self, mosquitto_connack_string (code));
    return;
  }
  backoff_reset (&self->backoff);
  publish_status (self, MQTT_CLIENT_ONLINE);
  set_connected (self, TRUE);
  journal_print ("%s: connected", self->label);
}

static void
on_disconnect (struct mosquitto *mosquitto, void *data, int code)
{
  set_connected (data, FALSE);
}

static void
on_publish (struct mosquitto *mosquitto, void *data, int number)
{
  MqttClient *self = data;

  g_mutex_lock (&self->lock);
  self->last_sent = number;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* What is wrong with a certificate is only said here. */
static void
on_log (struct mosquitto *mosquitto, void *data, int level, const char *text)
{
  if (level == MOSQ_LOG_ERR)
    set_reason (data, text);
}

static gboolean
is_done (MqttClient *self)
{
  gboolean is;

  g_mutex_lock (&self->lock);
  is = self->farewell
      && (!self->is_connected || g_get_monotonic_time () >= self->farewell);
  g_mutex_unlock (&self->lock);
  return is;
}

/* Until the connection ends. */
static gint
serve (MqttClient *self)
{
  gint status = MOSQ_ERR_SUCCESS;

  while (status == MOSQ_ERR_SUCCESS && !is_done (self))
    status = mosquitto_loop (self->mosquitto, LOOP_MS, 1);
  return status;
}

/* @number: of the last system call that failed. Since libmosquitto 2.1 that may
 * be one on a socket that it has closed because it could not connect. */
static const gchar *
explain (gint status, gint number)
{
  if (status != MOSQ_ERR_ERRNO)
    return mosquitto_strerror (status);
  return number == EBADF ? "cannot be reached" : g_strerror (number);
}

static void
print_failure (MqttClient *self, gint status, gint number, guint seconds)
{
  g_autofree gchar *reason = NULL;

  g_mutex_lock (&self->lock);
  reason = g_steal_pointer (&self->reason);
  g_mutex_unlock (&self->lock);
  if (!reason)
    reason = g_strdup (explain (status, number));
  journal_print ("%s: %s (next try in %u s)", self->label, reason, seconds);
}

static void
wait_for_retry (MqttClient *self, guint seconds)
{
  const gint64 end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;

  g_mutex_lock (&self->lock);
  while (
      !self->farewell && g_cond_wait_until (&self->changed, &self->lock, end))
    ;
  g_mutex_unlock (&self->lock);
}

/* Connecting blocks, since only then all addresses of a name are tried. */
static gpointer
run (gpointer data)
{
  MqttClient *self = data;

  while (!is_done (self)) {
    gint status = mosquitto_connect (self->mosquitto, self->host, self->port,
        KEEPALIVE_SECONDS);
    gint number = errno;

    if (status == MOSQ_ERR_SUCCESS) {
      status = serve (self);
      number = errno;
    }
    set_connected (self, FALSE);
    if (!is_done (self)) {
      const guint seconds = backoff_next (&self->backoff);

      print_failure (self, status, number, seconds);
      wait_for_retry (self, seconds);
    }
  }
  return NULL;
}

static gboolean
check_status (gint status, const gchar *what, GError **error)
{
  if (status == MOSQ_ERR_SUCCESS)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s", what,
      mosquitto_strerror (status));
  return FALSE;
}

static gboolean
set_user (MqttClient *self, const gchar *user, const gchar *password_file,
    GError **error)
{
  g_autofree gchar *password = NULL;

  if (password_file) {
    password = secret_read (password_file, error);
    if (!password)
      return FALSE;
  }
  return !user
      || check_status (mosquitto_username_pw_set (self->mosquitto, user,
                           password),
          self->label, error);
}

static gboolean
set_authorities (MqttClient *self, const gchar *ca_file, GError **error)
{
  return check_status (mosquitto_tls_set (self->mosquitto, ca_file,
                           ca_file ? NULL : SYSTEM_AUTHORITIES, NULL, NULL,
                           NULL),
      ca_file ? ca_file : SYSTEM_AUTHORITIES, error);
}

static gboolean
set_topic (MqttClient *self, const gchar *path, GError **error)
{
  self->topic = g_strdup (path + (*path == '/'));
  self->status_topic = g_strconcat (self->topic, "/status", NULL);
  if (!*self->topic
      || mosquitto_pub_topic_check (self->status_topic) != MOSQ_ERR_SUCCESS) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "%s: there must be a topic after the host, as in mqtt://host/topic, "
        "without + and #",
        self->label);
    return FALSE;
  }
  return check_status (mosquitto_will_set (self->mosquitto, self->status_topic,
                           (gint) strlen (MQTT_CLIENT_OFFLINE),
                           MQTT_CLIENT_OFFLINE, 0, TRUE),
      self->label, error);
}

static gboolean
set_address (MqttClient *self, const gchar *url, const gchar *password_file,
    const gchar *ca_file, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, error);
  const gboolean is_encrypted = uri
      && g_str_equal (g_uri_get_scheme (uri), "mqtts");

  if (!uri)
    return FALSE;
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri);
  if (self->port <= 0)
    self->port = is_encrypted ? TLS_PORT : PORT;
  return set_topic (self, g_uri_get_path (uri), error)
      && set_user (self, g_uri_get_user (uri), password_file, error)
      && (!is_encrypted || set_authorities (self, ca_file, error));
}

static MqttClient *
make_client (const gchar *url)
{
  MqttClient *self = g_new0 (MqttClient, 1);

  mosquitto_lib_init ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->label = journal_hide_password (url);
  self->mosquitto = mosquitto_new (NULL, TRUE, self);
  mosquitto_threaded_set (self->mosquitto, TRUE);
  mosquitto_connect_callback_set (self->mosquitto, on_connect);
  mosquitto_disconnect_callback_set (self->mosquitto, on_disconnect);
  mosquitto_publish_callback_set (self->mosquitto, on_publish);
  mosquitto_log_callback_set (self->mosquitto, on_log);
  return self;
}

MqttClient *
mqtt_client_new (const gchar *url, const gchar *password_file,
    const gchar *ca_file, GError **error)
{
  g_autoptr (MqttClient) self = make_client (url);

  if (!set_address (self, url, password_file, ca_file, error))
    return NULL;
  self->thread = g_thread_new ("mqtt", run, self);
  return g_steal_pointer (&self);
}

void
mqtt_client_close (MqttClient *self)
{
  const gboolean is_connected = mqtt_client_is_connected (self);

  if (!self->thread)
    return;
  g_mutex_lock (&self->lock);
  self->farewell = g_get_monotonic_time () + FAREWELL_TIME;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  if (is_connected) {
    publish_status (self, MQTT_CLIENT_OFFLINE);
    mosquitto_disconnect (self->mosquitto);
  }
  g_thread_join (g_steal_pointer (&self->thread));
}

void
mqtt_client_free (MqttClient *self)
{
  mqtt_client_close (self);
  mosquitto_destroy (self->mosquitto);
  mosquitto_lib_cleanup ();
  g_free (self->label);
  g_free (self->host);
  g_free (self->topic);
  g_free (self->status_topic);
  g_free (self->reason);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
mqtt_client_is_connected (MqttClient *self)
{
  gboolean is_connected;

  g_mutex_lock (&self->lock);
  is_connected = self->is_connected;
  g_mutex_unlock (&self->lock);
  return is_connected;
}

/* The library would queue without a bound. */
gboolean
mqtt_client_publish (MqttClient *self, const gchar *message)
{
  gboolean is_sent;
  gint number;

  if (!mqtt_client_is_connected (self)
      || mosquitto_publish (self->mosquitto, &number, self->topic,
             (gint) strlen (message), message, 0, FALSE)
          != MOSQ_ERR_SUCCESS)
    return FALSE;
  g_mutex_lock (&self->lock);
  while (self->last_sent != number && self->is_connected && !self->farewell)
    g_cond_wait (&self->changed, &self->lock);
  is_sent = self->last_sent == number;
  g_mutex_unlock (&self->lock);
  return is_sent;
}
