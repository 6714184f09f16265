/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-server tells a service manager, which is this test, how it is:
 * the protocol of sd_notify(3). */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "service.h"

#define PATIENCE 120 /* s */

typedef struct {
  GSocket *socket;
  gchar *folder, *path; /* NULL: its name is abstract */
} Manager;

/* @name: as in the variable. An @ at its beginning stands for a zero byte. */
static GSocketAddress *
make_address (const gchar *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const gsize length = strlen (name);

  g_assert_cmpuint (length, <, sizeof address.sun_path);
  memcpy (address.sun_path, name, length);
  if (name[0] == '@')
    address.sun_path[0] = '\0';
  return g_socket_address_new_from_native (&address,
      G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + length);
}

static gchar *
make_name (Manager *self, gboolean is_abstract)
{
  if (is_abstract)
    return g_strdup_printf ("@activationmap-test-%" G_GINT64_FORMAT,
        g_get_real_time ());
  self->folder = g_dir_make_tmp (NULL, NULL);
  self->path = g_build_filename (self->folder, "notify", NULL);
  return g_strdup (self->path);
}

static void
manager_init (Manager *self, gboolean is_abstract)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *name = make_name (self, is_abstract);
  g_autoptr (GSocketAddress) address = make_address (name);

  self->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM,
      G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_socket_bind (self->socket, address, FALSE, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (self->socket, PATIENCE);
  g_setenv ("NOTIFY_SOCKET", name, TRUE);
}

static void
manager_clear (Manager *self)
{
  g_unsetenv ("NOTIFY_SOCKET");
  g_object_unref (self->socket);
  if (self->path) {
    g_unlink (self->path);
    g_rmdir (self->folder);
  }
  g_free (self->path);
  g_free (self->folder);
}

static gchar *
receive (Manager *self)
{
  gchar text[256];
  g_autoptr (GError) error = NULL;
  const gssize size = g_socket_receive (self->socket, text, sizeof text, NULL,
      &error);

  g_assert_no_error (error);
  return g_strndup (text, (gsize) size);
}

/* The server must not say anything else before, but that it lives. */
static void
expect (Manager *self, const gchar *state)
{
  g_autofree gchar *text = NULL;

  do {
    g_free (text);
    text = receive (self);
  } while (g_str_equal (text, "WATCHDOG=1"));
  if (!g_str_has_prefix (text, state))
    g_error ("%s instead of %s", text, state);
}

static void
test_states (gconstpointer is_abstract)
{
  Manager manager = { 0 };
  Service *server;

  manager_init (&manager, GPOINTER_TO_INT (is_abstract));
  server = service_start_with_sample ();
  expect (&manager, "READY=1");
  g_subprocess_send_signal (server->process, SIGHUP);
  expect (&manager, "RELOADING=1\nMONOTONIC_USEC=");
  expect (&manager, "READY=1");
  service_end (server, SIGTERM);
  expect (&manager, "STOPPING=1");
  manager_clear (&manager);
}

/* One that waits for its camera is not ended for that. */
static void
test_watchdog (void)
{
  const gchar *arguments[] = { "--source=rtsp://127.0.0.1:9/none", "--port=0",
    NULL };
  Manager manager = { 0 };
  Service *server;

  manager_init (&manager, FALSE);
  g_setenv ("WATCHDOG_USEC", "200000", TRUE);
  server = service_start (arguments);
  for (guint n_signs = 0; n_signs < 5;) {
    g_autofree gchar *text = receive (&manager);

    n_signs += g_str_equal (text, "WATCHDOG=1");
  }
  service_end (server, SIGTERM);
  g_unsetenv ("WATCHDOG_USEC");
  manager_clear (&manager);
}

/* The variables may be meant for the process that has started this one. */
static void
test_watchdog_of_another (void)
{
  Manager manager = { 0 };
  Service *server;

  manager_init (&manager, FALSE);
  g_setenv ("WATCHDOG_USEC", "200000", TRUE);
  g_setenv ("WATCHDOG_PID", "1", TRUE);
  server = service_start_with_sample ();
  g_usleep (G_USEC_PER_SEC);
  service_end (server, SIGTERM);
  for (gboolean is_ended = FALSE; !is_ended;) {
    g_autofree gchar *text = receive (&manager);

    g_assert_cmpstr (text, !=, "WATCHDOG=1");
    is_ended = g_str_equal (text, "STOPPING=1");
  }
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  manager_clear (&manager);
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "x264enc", "h264parse", "rtspsrc",
    NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_data_func ("/service-manager/states", GINT_TO_POINTER (FALSE),
      test_states);
  g_test_add_data_func ("/service-manager/states-abstract",
      GINT_TO_POINTER (TRUE), test_states);
  g_test_add_func ("/service-manager/watchdog", test_watchdog);
  g_test_add_func ("/service-manager/watchdog-of-another",
      test_watchdog_of_another);
  return g_test_run ();
}
