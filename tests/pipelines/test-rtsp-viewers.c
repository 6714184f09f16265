/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What viewers do to a server, and what it does for them: those that hang up,
 * that read nothing, that ask for too much, that come to a slow source. */

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service.h"
#include "talk.h"
#include "viewer.h"

#define CLOCK_RATE 90000
#define IDR 5
#define SLICE 1

static void
watch (const gchar *url, guint n_pictures)
{
  g_autoptr (Viewer) viewer = viewer_new_for_url (url);

  for (guint i = 0; i < n_pictures; i++) {
    g_autoptr (GstSample) sample = viewer_pull (viewer);

    g_assert_nonnull (sample);
  }
}

/* Viewers that vanish do not count as viewers. */
static void
test_hang_ups (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0",
    "--max-connections=1000", NULL };
  Service *service = service_start (arguments);
  Talk *first = talk_new (service->url);

  g_free (talk_describe (first));
  for (guint i = 0; i < 300; i++) {
    Talk *talk = talk_new (service->url);

    g_free (talk_describe (talk));
    g_free (talk_set_up (talk, TALK_TCP));
    talk_free (talk);
  }
  watch (service->url, 5);
  talk_free (first);
  service_end (service, SIGTERM);
}

/* A FIFO that a clip is written to, piece by piece. */
typedef struct {
  gchar *folder, *path, *contents;
  gsize size;
  gint pipe;
  GThread *writer;
  gint stop, is_late; /* atomic */
} Fifo;

static void
write_clip (const gchar *path, const gchar *elements)
{
  g_autofree gchar *launch = g_strdup_printf ("%s ! filesink location=%s",
      elements, path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (launch, &error);
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_assert_no_error (error);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}

/* Stops in the middle for so long that all that follows is late, by more than a
 * viewer waits. */
static gpointer
write_slowly (gpointer data)
{
  Fifo *self = data;
  const gsize piece = self->size / 1000;

  for (gsize i = 0; i < self->size && !g_atomic_int_get (&self->stop);
       i += piece) {
    if (write (self->pipe, self->contents + i, MIN (piece, self->size - i)) < 0)
      break;
    if (i == 500 * piece) {
      g_usleep (25 * G_USEC_PER_SEC);
      g_atomic_int_set (&self->is_late, TRUE);
    }
    g_usleep (10 * 1000);
  }
  return NULL;
}

static void
fifo_init (Fifo *self)
{
  g_autofree gchar *clip = NULL;

  self->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "pipe", NULL);
  clip = g_build_filename (self->folder, "clip.ts", NULL);
  write_clip (clip,
      "videotestsrc num-buffers=300 pattern=ball ! "
      "video/x-raw,width=160,height=120,framerate=30/1 ! "
      "x264enc tune=zerolatency key-int-max=30 ! mpegtsmux");
  g_assert_true (
      g_file_get_contents (clip, &self->contents, &self->size, NULL));
  g_unlink (clip);
  g_assert_no_errno (mkfifo (self->path, 0600));
  self->pipe = g_open (self->path, O_RDWR | O_CLOEXEC);
  self->writer = g_thread_new ("writer", write_slowly, self);
}

static void
fifo_clear (Fifo *self)
{
  g_atomic_int_set (&self->stop, TRUE);
  g_thread_join (self->writer);
  close (self->pipe);
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_free (self->contents);
}

/* Who comes to a source that is late gets pictures too. */
static void
test_late_source (void)
{
  Fifo fifo = { 0 };
  g_autofree gchar *source = NULL;
  const gchar *arguments[] = { NULL, "--port=0", "--property=roi-type=", NULL };
  Service *service;

  fifo_init (&fifo);
  source = g_strdup_printf ("--source=%s", fifo.path);
  arguments[0] = source;
  service = service_start (arguments);
  while (!g_atomic_int_get (&fifo.is_late))
    g_usleep (G_USEC_PER_SEC / 10);
  watch (service->url, 5);
  service_end (service, SIGTERM);
  fifo_clear (&fifo);
}

/* Who waits between SETUP and PLAY gets the few pictures that were kept, and
 * then those of now, without a pause in their times. */
static void
test_no_backlog (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0", NULL };
  Service *service = service_start (arguments);
  Talk *talk = talk_new (service->url);
  TalkPacket packet;
  guint32 time;
  guint n_old = 0;

  g_free (talk_describe (talk));
  g_free (talk_set_up (talk, TALK_TCP));
  g_usleep (8 * G_USEC_PER_SEC);
  g_free (talk_play (talk));
  g_assert_true (talk_next_packet (talk, &packet));
  /* A busy machine makes short pauses of its own. What was encoded after PLAY
   * begins with a keyframe. */
  for (time = packet.time; packet.type != IDR || n_old == 0;
       time = packet.time) {
    g_assert_true (talk_next_packet (talk, &packet));
    g_assert_cmpuint (packet.time - time, <, 5 * CLOCK_RATE);
    n_old += packet.time != time;
  }
  g_assert_cmpuint (n_old, <, 8);
  talk_free (talk);
  service_end (service, SIGTERM);
}

/* At a few pictures a second, too, there is a keyframe every other second. */
static void
test_keyframes (void)
{
  const gchar *arguments[] = { "--source=test", "--fps=3", "--port=0", NULL };
  Service *service = service_start (arguments);
  Talk *talk = talk_new (service->url);
  TalkPacket packet = { 0 };
  guint32 keyframe = 0;
  guint n_keyframes = 0;

  g_free (talk_describe (talk));
  g_free (talk_set_up (talk, TALK_TCP));
  g_free (talk_play (talk));
  while (n_keyframes < 4) {
    g_assert_true (talk_next_packet (talk, &packet));
    if (packet.type != IDR || (n_keyframes > 0 && packet.time == keyframe))
      continue;
    if (n_keyframes > 0)
      g_assert_cmpuint (packet.time - keyframe, <=, 4 * CLOCK_RATE);
    keyframe = packet.time;
    n_keyframes++;
  }
  talk_free (talk);
  service_end (service, SIGTERM);
}

/* What is long is refused before it is read. */
static void
test_long_body (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0", NULL };
  Service *service = service_start (arguments);
  Talk *talk = talk_new (service->url);
  g_autofree gchar *answer = NULL;

  talk_send (talk, "SET_PARAMETER", service->url, "Content-Length: 300000000");
  answer = talk_receive (talk);
  g_test_message ("%s", answer ? answer : "connection closed");
  g_assert_true (!answer || strstr (answer, " 413 "));
  talk_free (talk);
  watch (service->url, 2);
  service_end (service, SIGTERM);
}

/* Connections wait while the server is busy: here it is stopped. */
static void
test_many_at_once (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0", NULL };
  Service *service = service_start (arguments);
  Talk *talks[60];

  g_subprocess_send_signal (service->process, SIGSTOP);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    talks[i] = talk_new (service->url);
  g_subprocess_send_signal (service->process, SIGCONT);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++) {
    g_free (talk_describe (talks[i]));
    talk_free (talks[i]);
  }
  service_end (service, SIGTERM);
}

/* A viewer that does not read is disconnected, which is logged. */
static void
test_reads_nothing (void)
{
  const gchar *arguments[] = { "--source=test:snow", "--bitrate=100000",
    "--port=0", "--viewer-timeout=1", NULL };
  Service *service = service_start_with_log (arguments);
  Talk *talk = talk_new (service->url);

  g_free (talk_describe (talk));
  g_free (talk_set_up (talk, TALK_TCP));
  g_free (talk_play (talk));
  service_wait_for_log (service, "127.0.0.1 watches /live");
  service_wait_for_log (service, "127.0.0.1 has left /live");
  talk_free (talk);
  service_end (service, SIGTERM);
}

static void
test_connection_limit (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0",
    "--max-connections=2", NULL };
  Service *service = service_start (arguments);
  Talk *first = talk_new (service->url), *second = talk_new (service->url);
  Talk *third;

  g_free (talk_describe (first));
  g_free (talk_describe (second));
  third = talk_new (service->url);
  talk_send (third, "OPTIONS", service->url, NULL);
  g_assert_null (talk_receive (third));
  talk_free (third);
  talk_free (second);
  talk_free (first);
  service_end (service, SIGTERM);
}

/* One connection cannot take all sessions, and gives back those that it has
 * taken. */
static void
test_session_limit (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0", NULL };
  Service *service = service_start (arguments);
  g_autofree gchar *url = g_strconcat (service->url, "/stream=0", NULL);
  Talk *greedy = talk_new (service->url);
  guint n_sessions = 0;
  gboolean is_granted = TRUE;

  g_free (talk_describe (greedy));
  while (is_granted) {
    g_autofree gchar *answer = NULL;

    talk_send (greedy, "SETUP", url, "Transport: " TALK_TCP);
    answer = talk_receive (greedy);
    is_granted = strstr (answer, " 200 OK") != NULL;
    n_sessions += is_granted;
    g_assert_true (is_granted || strstr (answer, " 503 "));
  }
  g_assert_cmpuint (n_sessions, <=, 128);
  talk_free (greedy);
  watch (service->url, 2);
  service_end (service, SIGTERM);
}

/* The description names neither a user nor a host, and UDP comes from the ports
 * that a firewall lets through. */
static void
test_description (void)
{
  const gchar *arguments[] = { "--source=test", "--port=0",
    "--udp-ports=47310-47319", NULL };
  Service *service = service_start (arguments);
  Talk *talk = talk_new (service->url);
  g_autofree gchar *description = talk_describe (talk);
  g_autofree gchar *answer = talk_set_up (talk,
      "RTP/AVP;unicast;client_port=47400-47401");

  g_assert_nonnull (strstr (description, "cname:activationmap\r"));
  g_test_message ("%s", answer);
  g_assert_nonnull (strstr (answer, "server_port=4731"));
  talk_free (talk);
  service_end (service, SIGTERM);
}

/* The picture without the maps is at another path. */
static void
test_clean (void)
{
  Service *service = service_start_with_sample ();
  g_autoptr (Viewer)
      original = viewer_new_for_file (g_getenv ("GST_ACTIVATIONMAP_SAMPLE"));
  g_autofree gchar *url = g_strndup (service->url,
      strlen (service->url) - strlen ("live"));
  g_autofree gchar *clean = g_strconcat (url, "clean", NULL);
  g_autoptr (Viewer) viewer = viewer_new_for_url (clean);
  g_autoptr (GstSample) plain = viewer_pull (original);

  /* The corner in which the maps are drawn as soon as there is a face. */
  for (guint i = 0; i < 60; i++) {
    g_autoptr (GstSample) sample = viewer_pull (viewer);

    g_assert_cmpfloat (compare_luma (sample, plain, 590, 10, 40, 60), <, 10);
  }
  g_clear_pointer (&viewer, viewer_free);
  service_end (service, SIGTERM);
}

static gchar *
write_file (const gchar *folder, const gchar *name, const gchar *contents)
{
  gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, contents, -1,
      G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

/* Two streams of a configuration, of which one source is not there: its viewers
 * see that, and then, once it is there, its pictures. */
static void
test_lost_source (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *clip = g_build_filename (folder, "late.mkv", NULL);
  g_autofree gchar *text = g_strdup_printf (
      "[server]\nport=0\nproperty=roi-type=;draw-maps=false;draw-labels=false\n"
      "[stream late]\nsource=%s\nsize=160x120\n[stream ball]\nsource=test\n",
      clip);
  g_autofree gchar *path = write_file (folder, "server.conf", text);
  g_autofree gchar *config = g_strdup_printf ("--config=%s", path);
  const gchar *arguments[] = { config, NULL };
  Service *service = service_start (arguments);
  g_autofree gchar *second = g_data_input_stream_read_line (service->output,
      NULL, NULL, NULL);
  g_autoptr (Viewer) viewer = viewer_new_for_url (service->url);
  g_autoptr (GstSample) lost = viewer_pull (viewer);
  gdouble difference = 0;

  g_assert_true (g_str_has_suffix (service->url, "/late/live"));
  g_assert_true (g_str_has_suffix (second, "/ball/live"));
  write_clip (clip,
      "videotestsrc num-buffers=90 pattern=white ! "
      "video/x-raw,width=160,height=120,framerate=30/1 ! x264enc "
      "! matroskamux");
  while (difference < 100) {
    g_autoptr (GstSample) sample = viewer_pull (viewer);

    difference = compare_luma (sample, lost, 60, 90, 40, 20);
  }
  watch (second + strlen (SERVICE_READY), 5);
  g_clear_pointer (&viewer, viewer_free);
  service_end (service, SIGTERM);
  g_unlink (clip);
  g_unlink (path);
  g_rmdir (folder);
}

/* A picture is shown at a steady rate, and its properties can be changed by a
 * configuration that is read again. */
static void
test_reload (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *picture = g_build_filename (folder, "still.png", NULL);
  g_autofree gchar *text = NULL;
  g_autofree gchar *path = NULL;
  g_autofree gchar *config = NULL;
  const gchar *arguments[] = { NULL, NULL };
  Service *service;

  write_clip (picture, "videotestsrc num-buffers=1 ! pngenc");
  text = g_strdup_printf ("[server]\nport=0\nsource=%s\n", picture);
  path = write_file (folder, "server.conf", text);
  config = g_strdup_printf ("--config=%s", path);
  arguments[0] = config;
  service = service_start_with_log (arguments);
  watch (service->url, 5);
  g_free (text);
  text = g_strdup_printf (
      "[server]\nport=0\nsource=%s\nproperty=colormap=viridis\n", picture);
  g_free (write_file (folder, "server.conf", text));
  g_subprocess_send_signal (service->process, SIGHUP);
  service_wait_for_log (service, "colormap is now viridis");
  service_wait_for_log (service, "Reloaded users");
  service_end (service, SIGTERM);
  g_unlink (picture);
  g_unlink (path);
  g_rmdir (folder);
}

/* Anybody else is refused, and the log says so, without the password. */
static void
test_users (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *ha1 = g_compute_checksum_for_string (G_CHECKSUM_MD5,
      "anna:activationmap:open sesame", -1);
  g_autofree gchar *line = g_strdup_printf ("anna:activationmap:%s\n", ha1);
  g_autofree gchar *path = write_file (folder, "users", line);
  g_autofree gchar *users = g_strdup_printf ("--users=%s", path);
  const gchar *arguments[] = { "--source=test", "--port=0", users,
    "--address=0.0.0.0", NULL };
  Service *service = service_start_with_log (arguments);
  const gchar *port = strrchr (service->url, ':');
  g_autofree gchar *url = g_strconcat ("rtsp://127.0.0.1", port, NULL);
  g_autofree gchar *right = g_strconcat ("rtsp://anna:open%20sesame@127.0.0.1",
      port, NULL);
  Talk *talk = talk_new (url);
  g_autofree gchar *answer = NULL;
  g_autofree gchar *second = NULL;

  g_assert_null (strstr (service->url, "0.0.0.0"));
  talk_send (talk, "DESCRIBE", url, NULL);
  answer = talk_receive (talk);
  g_assert_nonnull (strstr (answer, " 401 "));
  g_assert_nonnull (strstr (answer, "Digest realm=\"activationmap\""));
  talk_send (talk, "DESCRIBE", url,
      "Authorization: Digest username=\"anna\", realm=\"activationmap\", "
      "nonce=\"0\", uri=\"/live\", response=\"0\"");
  second = talk_receive (talk);
  g_assert_nonnull (strstr (second, " 401 "));
  service_wait_for_log (service, "127.0.0.1: wrong name or password");
  talk_free (talk);
  watch (right, 5);
  service_end (service, SIGTERM);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_version (void)
{
  const gchar *arguments[] = { "--version", NULL };
  g_autoptr (GSubprocess)
      process = service_spawn (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree gchar *output = NULL;

  g_assert_true (
      g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_assert_true (g_str_has_prefix (output, "activationmap-server "));
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "rtspsrc", "rtph264depay",
    "rtph264pay", "x264enc", "h264parse", "avdec_h264", "matroskamux",
    "mpegtsmux", "pngenc", "imagefreeze", NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_func ("/rtsp-viewers/hang-ups", test_hang_ups);
  g_test_add_func ("/rtsp-viewers/late-source", test_late_source);
  g_test_add_func ("/rtsp-viewers/no-backlog", test_no_backlog);
  g_test_add_func ("/rtsp-viewers/keyframes", test_keyframes);
  g_test_add_func ("/rtsp-viewers/long-body", test_long_body);
  g_test_add_func ("/rtsp-viewers/many-at-once", test_many_at_once);
  g_test_add_func ("/rtsp-viewers/reads-nothing", test_reads_nothing);
  g_test_add_func ("/rtsp-viewers/connection-limit", test_connection_limit);
  g_test_add_func ("/rtsp-viewers/session-limit", test_session_limit);
  g_test_add_func ("/rtsp-viewers/description", test_description);
  g_test_add_func ("/rtsp-viewers/clean", test_clean);
  g_test_add_func ("/rtsp-viewers/lost-source", test_lost_source);
  g_test_add_func ("/rtsp-viewers/reload", test_reload);
  g_test_add_func ("/rtsp-viewers/users", test_users);
  g_test_add_func ("/rtsp-viewers/version", test_version);
  return g_test_run ();
}
