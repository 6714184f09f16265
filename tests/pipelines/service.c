/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "service.h"

#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

/* The server must not outlive a test that failed: a program that reads the
 * output of the test would wait for it. */
static void
end_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

gboolean
service_has_elements (const gchar *const *names)
{
  for (guint i = 0; names[i]; i++) {
    g_autoptr (GstElementFactory) factory = gst_element_factory_find (names[i]);

    if (!factory) {
      g_print ("1..0 # SKIP there is no element %s\n", names[i]);
      return FALSE;
    }
  }
  return TRUE;
}

GSubprocess *
service_spawn_program (const gchar *const *argv, GSubprocessFlags flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

GSubprocess *
service_spawn (const gchar *const *arguments, GSubprocessFlags flags)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  const gchar *plugin = g_getenv ("ACTIVATIONMAP_PLUGIN");

  g_ptr_array_add (argv, g_strdup (g_getenv ("ACTIVATIONMAP_SERVER")));
  if (plugin)
    g_ptr_array_add (argv, g_strdup_printf ("--gst-plugin-load=%s", plugin));
#ifdef HAVE_WEB
  /* The page has a port of its own, which may be in use. */
  g_ptr_array_add (argv, g_strdup ("--http-port=-1"));
#endif
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add (argv, g_strdup (arguments[i]));
  g_ptr_array_add (argv, NULL);
  return service_spawn_program ((const gchar *const *) argv->pdata, flags);
}

static Service *
start (const gchar *const *arguments, GSubprocessFlags flags)
{
  Service *self = g_new0 (Service, 1);
  g_autofree gchar *line = NULL;
  g_autoptr (GError) error = NULL;

  self->process = service_spawn (arguments,
      flags | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  if (flags & G_SUBPROCESS_FLAGS_STDERR_PIPE) {
    self->log = g_data_input_stream_new (
        g_subprocess_get_stderr_pipe (self->process));
  }
  self->output = g_data_input_stream_new (
      g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line_utf8 (self->output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  g_assert_true (g_str_has_prefix (line, SERVICE_READY "rtsp"));
  self->url = g_strdup (line + strlen (SERVICE_READY));
  return self;
}

Service *
service_start (const gchar *const *arguments)
{
  return start (arguments, G_SUBPROCESS_FLAGS_NONE);
}

Service *
service_start_with_log (const gchar *const *arguments)
{
  return start (arguments, G_SUBPROCESS_FLAGS_STDERR_PIPE);
}

void
service_wait_for_log (Service *self, const gchar *text)
{
  g_autofree gchar *line = NULL;

  do {
    g_free (line);
    line = g_data_input_stream_read_line (self->log, NULL, NULL, NULL);
    g_assert_nonnull (line);
    g_test_message ("%s", line);
  } while (!strstr (line, text));
}

Service *
service_start_with_sample (void)
{
  const gchar *arguments[] = { "--source=sample", "--port=0", NULL };

  return service_start (arguments);
}

/* Ends the process with a signal, and checks that it exits with 0. */
void
service_end_process (GSubprocess *process, gint signal_number)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (process, signal_number);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

void
service_end (Service *self, gint signal_number)
{
  service_end_process (self->process, signal_number);
  service_free (self);
}

void
service_free (Service *self)
{
  g_object_unref (self->output);
  g_clear_object (&self->log);
  g_object_unref (self->process);
  g_free (self->url);
  g_free (self);
}

gboolean
service_make_certificate (const gchar *certificate, const gchar *key)
{
  g_autofree gchar *openssl = g_find_program_in_path ("openssl");
  const gchar *argv[] = { openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt",
    "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out",
    certificate, "-subj", "/CN=localhost", "-addext",
    "subjectAltName=IP:127.0.0.1", NULL };
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  if (!openssl)
    return FALSE;
  process = service_spawn_program (argv, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
  return TRUE;
}
