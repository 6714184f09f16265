/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Starts the server as a person would, on a free port, and watches its
 * stream. */

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service.h"
#include "viewer.h"

#define N_PICTURES 30
#define STEP_US (10 * 1000)

/* Areas of the sample, which is 640x480: one in which the maps are drawn, and
 * one in which nothing ever is. */
#define DOCK 530, 10, 100, 200
#define BARE 200, 4, 200, 30

static void
assert_size (GstSample *sample, gint width, gint height)
{
  const GstStructure *caps =
      gst_caps_get_structure (gst_sample_get_caps (sample), 0);
  gint value = 0;

  g_assert_true (gst_structure_get_int (caps, "width", &value));
  g_assert_cmpint (value, ==, width);
  g_assert_true (gst_structure_get_int (caps, "height", &value));
  g_assert_cmpint (value, ==, height);
}

/* Pulls pictures, and checks that their timestamps increase. */
static void
watch (Viewer *viewer, guint n_pictures, gint width, gint height)
{
  GstClockTime previous = GST_CLOCK_TIME_NONE;

  for (guint i = 0; i < n_pictures; i++) {
    g_autoptr (GstSample) sample = viewer_pull (viewer);
    GstClockTime time;

    g_assert_nonnull (sample);
    assert_size (sample, width, height);
    time = GST_BUFFER_PTS (gst_sample_get_buffer (sample));
    if (GST_CLOCK_TIME_IS_VALID (previous))
      g_assert_cmpuint (time, >, previous);
    previous = time;
  }
}

static void
test_annotated (void)
{
  Service *server = service_start_with_sample ();
  g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);
  g_autoptr (Viewer)
      original = viewer_new_for_file (g_getenv ("GST_ACTIVATIONMAP_SAMPLE"));
  g_autoptr (GstSample) plain = viewer_pull (original);
  gdouble dock = 0, bare = 0;

  /* There is a face in the first eight of the nine seconds. */
  for (guint i = 0; i < 300 && dock < 40; i++) {
    g_autoptr (GstSample) sample = viewer_pull (viewer);

    g_assert_nonnull (sample);
    assert_size (sample, 640, 480);
    dock = compare_luma (sample, plain, DOCK);
    bare = compare_luma (sample, plain, BARE);
    g_assert_cmpfloat (bare, <, 10);
  }
  g_test_message ("difference where maps are drawn: %.1f, elsewhere: %.1f",
      dock, bare);
  g_assert_cmpfloat (dock, >=, 40);
  g_clear_pointer (&viewer, viewer_free);
  service_end (server, SIGTERM);
}

static void
test_two_viewers (void)
{
  Service *server = service_start_with_sample ();
  g_autoptr (Viewer) first = viewer_new_for_url (server->url);
  g_autoptr (Viewer) second = NULL;

  watch (first, N_PICTURES, 640, 480);
  second = viewer_new_for_url (server->url);
  watch (second, N_PICTURES, 640, 480);
  watch (first, N_PICTURES, 640, 480);
  g_clear_pointer (&first, viewer_free);
  watch (second, N_PICTURES, 640, 480);
  /* The server ends while a viewer is still connected. */
  service_end (server, SIGINT);
}

static void
test_come_back (void)
{
  Service *server = service_start_with_sample ();

  for (guint i = 0; i < 4; i++) {
    g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);

    watch (viewer, 5, 640, 480);
  }
  service_end (server, SIGTERM);
}

/* Writes the output of the elements to a file in the folder. */
static gchar *
write_file (const gchar *folder, const gchar *name, const gchar *elements)
{
  gchar *path = g_build_filename (folder, name, NULL);
  g_autofree gchar *launch = g_strconcat (elements, " ! filesink name=sink",
      NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (launch, &error);
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_object_set (sink, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return path;
}

/* A clip of one second, of an odd size. */
static gchar *
write_clip (const gchar *folder)
{
  return write_file (folder, "clip.mkv",
      "videotestsrc num-buffers=30 pattern=ball ! "
      "video/x-raw,format=Y444,width=161,height=121,framerate=30/1 ! x264enc ! "
      "matroskamux");
}

static void
test_repeats (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *clip = write_clip (folder);
  g_autofree gchar *source = g_strdup_printf ("--source=%s", clip);
  const gchar *arguments[] = { source, "--port=0",
    "--property=roi-type=", NULL };
  Service *server = service_start (arguments);
  g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);

  watch (viewer, 75, 160, 120);
  g_clear_pointer (&viewer, viewer_free);
  service_end (server, SIGTERM);
  g_unlink (clip);
  g_rmdir (folder);
}

/* Two clips in one, of different sizes and proportions. */
static gchar *
write_changing_clip (const gchar *folder)
{
  return write_file (folder, "changing.ts",
      "videotestsrc num-buffers=30 ! "
      "video/x-raw,width=160,height=120,framerate=30/1 ! x264enc ! "
      "video/x-h264,profile=main ! concat name=both ! h264parse ! mpegtsmux "
      "name=end videotestsrc num-buffers=30 ! "
      "video/x-raw,width=320,height=180,framerate=30/1 ! x264enc ! "
      "video/x-h264,profile=main ! both. end.");
}

/* The size of the source changes again and again; a viewer sees one size. */
static void
test_changing_size (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *clip = write_changing_clip (folder);
  g_autofree gchar *source = g_strdup_printf ("--source=%s", clip);
  const gchar *arguments[] = { source, "--port=0",
    "--property=roi-type=", "--property=layout=beside", NULL };
  Service *server = service_start (arguments);
  g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);
  g_autoptr (GstSample) first = viewer_pull (viewer);
  const GstStructure *caps =
      gst_caps_get_structure (gst_sample_get_caps (first), 0);
  gint width = 0, height = 0;

  gst_structure_get_int (caps, "width", &width);
  gst_structure_get_int (caps, "height", &height);
  /* That of either, with the panel beside it. */
  g_assert_true (height == 120 || height == 180);
  g_assert_cmpint (width, >, height == 120 ? 160 : 320);
  watch (viewer, 75, width, height);
  g_clear_pointer (&viewer, viewer_free);
  service_end (server, SIGTERM);
  g_unlink (clip);
  g_rmdir (folder);
}

static gboolean
contains (GBytes *bytes, const gchar *text)
{
  return g_strstr_len (g_bytes_get_data (bytes, NULL),
             (gssize) g_bytes_get_size (bytes), text)
      != NULL;
}

/* A source that can stop in the middle. */
typedef struct {
  gchar *folder;
  gchar *path;
  gint pipe; /* -1 if nothing is written to it */
} Stall;

static Stall
stall_new (void)
{
  Stall self = { .pipe = -1 };

  self.folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  self.path = g_build_filename (self.folder, "pipe", NULL);
  g_assert_no_errno (mkfifo (self.path, 0600));
  return self;
}

/* Writes only the beginning of a clip to the pipe. */
static void
stall_give (Stall *self, gdouble part)
{
  g_autofree gchar *clip = write_clip (self->folder);
  g_autofree gchar *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (clip, &contents, &size, &error);
  g_assert_no_error (error);
  size = (gsize) (part * (gdouble) size);
  self->pipe = g_open (self->path, O_RDWR | O_CLOEXEC);
  g_assert_cmpint (self->pipe, >=, 0);
  g_assert_cmpint (write (self->pipe, contents, size), ==, (gssize) size);
  g_unlink (clip);
}

/* Waits until everything written has been read. */
static void
stall_wait (const Stall *self)
{
  gint n_waiting = 1;

  while (n_waiting > 0) {
    g_usleep (STEP_US);
    g_assert_no_errno (ioctl (self->pipe, FIONREAD, &n_waiting));
  }
}

static void
stall_clear (Stall *self)
{
  if (self->pipe >= 0)
    close (self->pipe);
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

/* Requests the description of the stream without waiting for the answer. Only
 * the answer to the request before it is awaited. */
static GSocketConnection *
ask (const gchar *url)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_to_uri (client, url,
      8554, NULL, &error);
  g_autofree gchar *text =
      g_strdup_printf ("OPTIONS %s RTSP/1.0\r\nCSeq: 1\r\n\r\n"
                       "DESCRIBE %s RTSP/1.0\r\nCSeq: 2\r\n\r\n",
          url, url);
  gchar byte;

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (
                                 G_IO_STREAM (connection)),
      text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
      &byte, 1, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

/* Waits until the process has installed a handler for a signal. */
static void
wait_for_handler (GSubprocess *process, gint signal_number)
{
  g_autofree gchar *path = g_build_filename ("/proc",
      g_subprocess_get_identifier (process), "status", NULL);
  guint64 caught = 0;

  while (!(caught >> (signal_number - 1) & 1)) {
    g_autofree gchar *status = NULL;

    g_usleep (STEP_US);
    g_assert_true (g_file_get_contents (path, &status, NULL, NULL));
    caught = g_ascii_strtoull (strstr (status, "SigCgt:") + 7, NULL, 16);
  }
}

/* The server can end while viewers wait for pictures that do not come. */
static void
test_stalled (void)
{
  Stall stall = stall_new ();
  g_autofree gchar *source = g_strdup_printf ("--source=%s", stall.path);
  const gchar *arguments[] = { source, "--port=0",
    "--property=roi-type=", NULL };
  g_autoptr (GSocketConnection) first = NULL;
  g_autoptr (GSocketConnection) second = NULL;
  Service *server;

  stall_give (&stall, 0.8);
  server = service_start (arguments);
  first = ask (server->url);
  second = ask (server->url);
  service_end (server, SIGTERM);
  stall_clear (&stall);
}

static void
test_stalled_at_the_start (void)
{
  Stall stall = stall_new ();
  g_autofree gchar *source = g_strdup_printf ("--source=%s", stall.path);
  const gchar *arguments[] = { source, "--port=0", NULL };
  g_autoptr (GSubprocess) process = NULL;

  stall_give (&stall, 0.1);
  process = service_spawn (arguments, G_SUBPROCESS_FLAGS_NONE);
  stall_wait (&stall);
  service_end_process (process, SIGTERM);
  stall_clear (&stall);
}

static void
test_pipe_without_writer (void)
{
  Stall stall = stall_new ();
  g_autofree gchar *source = g_strdup_printf ("--source=%s", stall.path);
  const gchar *arguments[] = { source, "--port=0", NULL };
  g_autoptr (GSubprocess)
      process = service_spawn (arguments, G_SUBPROCESS_FLAGS_NONE);

  wait_for_handler (process, SIGTERM);
  service_end_process (process, SIGTERM);
  stall_clear (&stall);
}

/* A source that cannot be repeated is shown once, and then the server says
 * so. */
static void
test_not_repeatable (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *clip = write_clip (folder);
  const gchar *arguments[] = { "--source=/dev/stdin", "--port=0",
    "--property=roi-type=", NULL };
  g_autoptr (GSubprocess) process = service_spawn (arguments,
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
          | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) input = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) errors = NULL;
  g_autoptr (GError) error = NULL;

  file = g_mapped_file_new (clip, FALSE, &error);
  g_assert_no_error (error);
  input = g_mapped_file_get_bytes (file);
  g_subprocess_communicate (process, input, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_true (contains (output, SERVICE_READY));
  g_assert_true (contains (errors, "cannot be played again"));
  g_unlink (clip);
  g_rmdir (folder);
}

static void
test_size (void)
{
  const gchar *arguments[] = { "--source=sample", "--port=0", "--size=320x240",
    "--fps=10", "--bitrate=500", "--mount=/faces",
    "--property=explain-class=Gefühl", NULL };
  Service *server = service_start (arguments);
  g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);

  g_assert_true (g_str_has_suffix (server->url, "/faces"));
  watch (viewer, 10, 320, 240);
  g_clear_pointer (&viewer, viewer_free);
  service_end (server, SIGTERM);
}

/* Checks that the server gives a reason in one line, and is never ready. */
static void
assert_refused (const gchar *const *arguments)
{
  g_autoptr (GSubprocess) process = service_spawn (arguments,
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autofree gchar *output = NULL;
  g_autofree gchar *errors = NULL;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_test_message ("%s", errors);
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_true (g_str_has_prefix (errors, "activationmap-server: "));
  g_assert_true (strchr (errors, '\n') == errors + strlen (errors) - 1);
}

static void
test_bad_arguments (void)
{
  const gchar *const cases[][4] = {
    { "--no-such-option" },
    { "no-such-argument" },
    { "--port=65536" },
    { "--port=-1" },
    { "--mount=live" },
    { "--bitrate=0" },
    { "--fps=-1" },
    { "--size=641x480" },
    { "--size=640" },
    { "--size=640x480x" },
    { "--source=/no/such/file.mp4" },
    { "--source=/" },
    { "--source=camera:/dev/no-such-camera" },
    { "--source=camera:/dev/null", "--port=0" },
    { "--source=/dev/null", "--port=0" },
    { "--source=sample", "--property=colormap" },
    { "--source=sample", "--property=no-such-property=1" },
    { "--source=sample", "--property=colormap=no-such-colormap" },
    { "--source=sample", "--port=0", "--property=model=/no/such/model" },
    { "--source=sample", "--address=no such address", "--no-auth" },
    { "--source=sample", "--address=0.0.0.0" },
    { "--source=sample", "--users=/no/such/file" },
    { "--source=sample", "--users=/dev/null", "--no-auth" },
    { "--source=sample", "--operators=anna" },
    { "--source=sample", "--certificate=/no/such/file" },
    { "--source=sample", "--udp-ports=5000" },
    { "--source=sample", "--udp-ports=5001-5000" },
    { "--source=sample", "--mount=/clean" },
    { "--source=ftp://127.0.0.1/film.mp4" },
    { "--source=test:no-such-pattern" },
    { "--config=/no/such/file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i]);
}

static void
test_undecodable (void)
{
  g_autofree gchar *name = NULL;
  g_autofree gchar *source = NULL;
  const gchar *arguments[] = { NULL, "--port=0", NULL };
  g_autoptr (GError) error = NULL;
  const gint file = g_file_open_tmp (NULL, &name, &error);

  g_assert_no_error (error);
  g_close (file, NULL);
  g_assert_true (
      g_file_set_contents (name, "This is not a video.\n", -1, NULL));
  source = g_strdup_printf ("--source=%s", name);
  arguments[0] = source;
  assert_refused (arguments);
  g_unlink (name);
}

static void
test_port_in_use (void)
{
  Service *server = service_start_with_sample ();
  g_autofree gchar *port = NULL;
  const gchar *arguments[] = { "--source=sample", NULL, NULL };
  gint number;

  g_assert_cmpint (sscanf (server->url, "rtsp://127.0.0.1:%d/live", &number),
      ==, 1);
  port = g_strdup_printf ("--port=%d", number);
  arguments[1] = port;
  assert_refused (arguments);
  service_end (server, SIGTERM);
}

/* Returns the name of a missing element that the tests need, or %NULL. */
gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "rtspsrc", "rtph264depay",
    "rtph264pay", "x264enc", "h264parse", "avdec_h264", "matroskamux",
    "v4l2src", NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_func ("/rtsp-server/annotated", test_annotated);
  g_test_add_func ("/rtsp-server/two-viewers", test_two_viewers);
  g_test_add_func ("/rtsp-server/come-back", test_come_back);
  g_test_add_func ("/rtsp-server/repeats", test_repeats);
  g_test_add_func ("/rtsp-server/changing-size", test_changing_size);
  g_test_add_func ("/rtsp-server/stalled", test_stalled);
  g_test_add_func ("/rtsp-server/stalled-at-the-start",
      test_stalled_at_the_start);
  g_test_add_func ("/rtsp-server/pipe-without-writer",
      test_pipe_without_writer);
  g_test_add_func ("/rtsp-server/not-repeatable", test_not_repeatable);
  g_test_add_func ("/rtsp-server/size", test_size);
  g_test_add_func ("/rtsp-server/bad-arguments", test_bad_arguments);
  g_test_add_func ("/rtsp-server/undecodable", test_undecodable);
  g_test_add_func ("/rtsp-server/port-in-use", test_port_in_use);
  return g_test_run ();
}
