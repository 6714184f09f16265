/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-server pushes a stream to another RTSP server. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <sys/stat.h>

#include "receiver.h"
#include "service.h"
#include "viewer.h"

#define PASSWORD "open sesame"
/* Where maps are drawn while there is a face. */
#define DOCK 530, 10, 100, 200

static Service *
start_service (gint port, const gchar *user, const gchar *password_file)
{
  g_autofree gchar *url =
      g_strdup_printf ("--push=rtsp://%s127.0.0.1:%d" RECEIVER_PATH, user,
          port);
  g_autofree gchar *password_option =
      g_strdup_printf ("--push-password-file=%s", password_file);
  const gchar *arguments[] = { "--source=sample", "--port=0", url,
    *password_file ? password_option : NULL, NULL };

  return service_start_with_log (arguments);
}

static void
pull_some (Receiver *receiver)
{
  for (guint i = 0; i < 5; i++)
    gst_sample_unref (receiver_pull (receiver));
}

/* The maps are in the picture. */
static void
test_pushes (void)
{
  g_autoptr (Receiver) receiver = receiver_new (0, NULL, NULL, NULL);
  Service *server = start_service (receiver_get_port (receiver), "", "");
  g_autoptr (Viewer)
      original = viewer_new_for_file (g_getenv ("GST_ACTIVATIONMAP_SAMPLE"));
  g_autoptr (GstSample) plain = viewer_pull (original);
  gdouble difference = 0;

  pull_some (receiver);
  while (difference < 40) {
    g_autoptr (GstSample) picture = receiver_pull (receiver);

    difference = compare_luma (picture, plain, DOCK);
  }
  service_end (server, SIGTERM);
}

static void
test_server_restarts (void)
{
  Receiver *receiver = receiver_new (0, NULL, NULL, NULL);
  const gint port = receiver_get_port (receiver);
  Service *server = start_service (port, "", "");

  for (guint i = 0; i < 2; i++) {
    service_wait_for_log (server, "begun");
    pull_some (receiver);
    receiver_free (receiver);
    service_wait_for_log (server, "next try in 1 s");
    receiver = receiver_new (port, NULL, NULL, NULL);
  }
  service_wait_for_log (server, "begun");
  service_end (server, SIGTERM);
  receiver_free (receiver);
}

static gchar *
write_password (const gchar *password)
{
  gchar *path = NULL;

  g_close (g_file_open_tmp (NULL, &path, NULL), NULL);
  g_assert_true (g_file_set_contents_full (path, password, -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

static void
test_password (void)
{
  g_autoptr (Receiver) receiver = receiver_new (0, "anna", PASSWORD, NULL);
  g_autofree gchar *right = write_password (PASSWORD "\n");
  g_autofree gchar *wrong = write_password ("another");
  Service *server = start_service (receiver_get_port (receiver), "anna@",
      wrong);

  service_wait_for_log (server, "Unauthorized");
  service_end (server, SIGTERM);
  server = start_service (receiver_get_port (receiver), "anna@", right);
  pull_some (receiver);
  service_end (server, SIGTERM);
  g_unlink (right);
  g_unlink (wrong);
}

/* Files for an encrypted connection. */
typedef struct {
  gchar *folder, *certificate, *key, *password;
} Files;

static void
files_init (Files *self)
{
  self->folder = g_dir_make_tmp (NULL, NULL);
  self->certificate = g_build_filename (self->folder, "ca.pem", NULL);
  self->key = g_build_filename (self->folder, "key.pem", NULL);
  self->password = write_password (PASSWORD);
}

static void
files_clear (Files *self)
{
  g_unlink (self->certificate);
  g_unlink (self->key);
  g_unlink (self->password);
  g_rmdir (self->folder);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->password);
  g_free (self->folder);
}

/* @authorities: (nullable): the file of those that are trusted. */
static Service *
start_encrypted (const Receiver *receiver, const Files *files,
    const gchar *authorities)
{
  g_autofree gchar *url =
      g_strdup_printf ("--push=rtsps://anna@127.0.0.1:%d" RECEIVER_PATH,
          receiver_get_port (receiver));
  g_autofree gchar *password =
      g_strconcat ("--push-password-file=", files->password, NULL);
  g_autofree gchar *trusted = g_strdup_printf ("--push-ca=%s", authorities);
  const gchar *arguments[] = { "--source=sample", "--port=0", url, password,
    authorities ? trusted : NULL, NULL };

  return service_start_with_log (arguments);
}

/* A certificate that nobody trusts is refused. */
static void
push_encrypted (const Files *files)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_files (files->certificate, files->key, &error);
  g_autoptr (Receiver) receiver = NULL;
  Service *server;

  g_assert_no_error (error);
  receiver = receiver_new (0, "anna", PASSWORD, certificate);
  server = start_encrypted (receiver, files, NULL);
  service_wait_for_log (server, "next try in 1 s");
  service_end (server, SIGTERM);
  server = start_encrypted (receiver, files, files->certificate);
  pull_some (receiver);
  service_end (server, SIGTERM);
}

static void
test_encrypted (void)
{
  Files files = { 0 };

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ())) {
    g_test_skip ("there is no TLS (glib-networking)");
    return;
  }
  files_init (&files);
  if (service_make_certificate (files.certificate, files.key))
    push_encrypted (&files);
  else
    g_test_skip ("there is no openssl");
  files_clear (&files);
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "x264enc", "h264parse", "rtph264pay",
    "rtph264depay", "avdec_h264", "rtspclientsink", NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  /* A server that uses a connection which is closed already ends here. */
  g_setenv ("G_DEBUG", "fatal-criticals", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_func ("/push/pushes", test_pushes);
  g_test_add_func ("/push/server-restarts", test_server_restarts);
  g_test_add_func ("/push/password", test_password);
  g_test_add_func ("/push/encrypted", test_encrypted);
  return g_test_run ();
}
