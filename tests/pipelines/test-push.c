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
  g_autoptr (Receiver) receiver = receiver_new (0, NULL, NULL);
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
  Receiver *receiver = receiver_new (0, NULL, NULL);
  const gint port = receiver_get_port (receiver);
  Service *server = start_service (port, "", "");

  for (guint i = 0; i < 2; i++) {
    service_wait_for_log (server, "begun");
    pull_some (receiver);
    receiver_free (receiver);
    service_wait_for_log (server, "next try in 1 s");
    receiver = receiver_new (port, NULL, NULL);
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
  g_autoptr (Receiver) receiver = receiver_new (0, "anna", PASSWORD);
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

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "x264enc", "h264parse", "rtph264pay",
    "rtph264depay", "avdec_h264", "rtspclientsink", NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_func ("/push/pushes", test_pushes);
  g_test_add_func ("/push/server-restarts", test_server_restarts);
  g_test_add_func ("/push/password", test_password);
  return g_test_run ();
}
