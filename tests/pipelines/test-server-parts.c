/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The parts of the server that can be tried without a picture. */

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <utime.h>

#include "backoff.h"
#include "frame.h"
#include "guard.h"
#include "journal.h"
#include "mailbox.h"
#include "options.h"
#include "password.h"
#include "recordings.h"
#include "secret.h"
#include "source.h"
#include "stamps.h"
#include "users.h"

#define PASSWORD "open sesame"

static gchar *
write_file (const gchar *contents, guint mode)
{
  gchar *path = NULL;
  const gint file = g_file_open_tmp (NULL, &path, NULL);

  g_assert_cmpint (file, >=, 0);
  g_close (file, NULL);
  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  g_assert_no_errno (chmod (path, mode));
  return path;
}

static void
test_users (void)
{
  const gchar *const operators[] = { "bob", NULL };
  g_autofree gchar *path = write_file ("", 0600);
  g_autoptr (Users) users = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *ha1 = NULL;

  g_assert_true (users_write (path, "anna", "another", &error));
  g_assert_true (users_write (path, "bob", PASSWORD, &error));
  g_assert_true (users_write (path, "anna", PASSWORD, &error));
  users = users_new (path, operators, &error);
  g_assert_no_error (error);
  g_assert_cmpint (users_get_role (users, "anna"), ==, USER_VIEWER);
  g_assert_cmpint (users_get_role (users, "bob"), ==, USER_OPERATOR);
  g_assert_cmpint (users_get_role (users, "carol"), ==, USER_NONE);
  ha1 = users_get_ha1 (users, "anna");
  /* printf %s 'anna:activationmap:open sesame' | md5sum */
  g_assert_cmpstr (ha1, ==, "dd80d0869aa120dd8f787c9385db14d9");
  g_unlink (path);
}

static void
test_bad_users (void)
{
  const struct {
    const gchar *contents;
    guint mode;
  } cases[] = {
    { "anna:activationmap:0123456789abcdef0123456789abcdef\n", 0644 },
    { "anna:other:0123456789abcdef0123456789abcdef\n", 0600 },
    { "anna:activationmap:0123456789abcdef\n", 0600 },
    { "anna:activationmap\n", 0600 },
    { ":activationmap:0123456789abcdef0123456789abcdef\n", 0600 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *path = write_file (cases[i].contents, cases[i].mode);
    g_autoptr (GError) error = NULL;

    g_assert_null (users_new (path, NULL, &error));
    g_assert_nonnull (error);
    g_test_message ("%s", error->message);
    g_unlink (path);
  }
}

/* Those of another file, of whom others are operators. */
static void
test_replace_users (void)
{
  const gchar *const operators[] = { "bob", NULL };
  g_autofree gchar *first = write_file ("", 0600);
  g_autofree gchar *second = write_file ("", 0600);
  g_autoptr (Users) users = NULL;
  Users *other;
  g_autoptr (GError) error = NULL;

  g_assert_true (users_write (first, "anna", PASSWORD, &error));
  g_assert_true (users_write (first, "bob", PASSWORD, &error));
  g_assert_true (users_write (second, "bob", PASSWORD, &error));
  users = users_new (first, NULL, &error);
  g_assert_no_error (error);
  other = users_new (second, operators, &error);
  g_assert_no_error (error);
  users_replace (users, other);
  g_assert_cmpint (users_get_role (users, "anna"), ==, USER_NONE);
  g_assert_cmpint (users_get_role (users, "bob"), ==, USER_OPERATOR);
  g_assert_cmpstr (users_get_path (users), ==, second);
  g_unlink (first);
  g_unlink (second);
}

static void
test_guard (void)
{
  g_autoptr (Guard) guard = guard_new (2);
  guint n_requests = 0;

  g_assert_true (guard_add_connection (guard, "::1"));
  g_assert_true (guard_add_connection (guard, "::1"));
  g_assert_false (guard_add_connection (guard, "::1"));
  g_assert_true (guard_add_connection (guard, "1::1"));
  guard_remove_connection (guard, "::1");
  g_assert_true (guard_add_connection (guard, "::1"));
  while (guard_add_request (guard, "::1"))
    n_requests++;
  g_assert_cmpuint (n_requests, >=, 1000);
  g_assert_true (guard_add_request (guard, "1::1"));
  for (guint i = 0; i < 20; i++)
    guard_add_failed_login (guard, "::1");
  g_assert_true (guard_is_locked_out (guard, "::1"));
  g_assert_false (guard_is_locked_out (guard, "1::1"));
}

/* A word is worth something only for what it was made for. */
static void
test_stamps (void)
{
  Stamps here, there;
  g_autofree gchar *word = NULL;
  g_autofree gchar *other = NULL;
  g_autofree gchar *older = NULL;

  stamps_init (&here);
  stamps_init (&there);
  word = stamps_make (&here, "ticket");
  other = stamps_make (&here, "ticket");
  older = g_strconcat ("1", strchr (word, '.'), NULL);
  g_assert_cmpint (stamps_get_age (&here, "ticket", word), >=, 0);
  g_assert_cmpstr (word, !=, other);
  g_assert_cmpint (stamps_get_age (&here, "nonce", word), ==, -1);
  g_assert_cmpint (stamps_get_age (&there, "ticket", word), ==, -1);
  g_assert_cmpint (stamps_get_age (&here, "ticket", older), ==, -1);
  g_assert_cmpint (stamps_get_age (&here, "ticket", ""), ==, -1);
}

/* Whoever has one address of IPv6 has all with the same first half, and IPv4 in
 * IPv6 is IPv4. */
static void
test_guard_of_networks (void)
{
  const struct {
    const gchar *first, *second;
    gboolean is_same;
  } cases[] = {
    { "2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", TRUE },
    { "2001:db8:1:2::1", "2001:db8:1:3::1", FALSE },
    { "::ffff:192.0.2.1", "192.0.2.1", TRUE },
    { "::ffff:192.0.2.1", "::ffff:192.0.2.2", FALSE },
    { "192.0.2.1", "192.0.2.2", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Guard) guard = guard_new (1);

    g_assert_true (guard_add_connection (guard, cases[i].first));
    g_assert_cmpint (guard_add_connection (guard, cases[i].second), !=,
        cases[i].is_same);
  }
}

static gchar *
make_address (guint number)
{
  return g_strdup_printf ("10.%u.%u.%u", number >> 16 & 255, number >> 8 & 255,
      number & 255);
}

/* Many addresses do not drive out one that is locked out, nor one that is in
 * use. */
static void
test_guard_forgets (void)
{
  g_autoptr (Guard) guard = guard_new (1);

  for (guint i = 0; i < 20; i++)
    guard_add_failed_login (guard, "192.0.2.1");
  g_assert_true (guard_add_connection (guard, "192.0.2.3"));
  for (guint i = 0; i < 2 * GUARD_MAX_ADDRESSES; i++) {
    g_autofree gchar *address = make_address (i);

    guard_add_request (guard, address);
  }
  g_assert_true (guard_is_locked_out (guard, "192.0.2.1"));
  g_assert_false (guard_add_connection (guard, "192.0.2.3"));
}

/* All addresses together. */
static void
test_guard_in_all (void)
{
  g_autoptr (Guard) guard = guard_new (100);
  guint n_connections = 0, n_sessions = 0;

  while (n_connections < 10000) {
    g_autofree gchar *address = make_address (n_connections / 100);

    if (!guard_add_connection (guard, address))
      break;
    n_connections++;
  }
  g_assert_cmpuint (n_connections, ==, GUARD_MAX_CONNECTIONS);
  guard_remove_connection (guard, "10.0.0.0");
  g_assert_true (guard_add_connection (guard, "192.0.2.1"));
  for (; guard_may_add_session (guard, "192.0.2.1"); n_sessions++)
    guard_add_session (guard, "192.0.2.1");
  g_assert_cmpuint (n_sessions, ==, GUARD_MAX_SESSIONS / 2);
  g_assert_true (guard_may_add_session (guard, "192.0.2.2"));
  guard_remove_session (guard, "192.0.2.1");
  g_assert_true (guard_may_add_session (guard, "192.0.2.1"));
}

typedef struct {
  GMutex lock;
  GCond changed;
  gboolean is_open; /* FALSE: the consumer waits in its function */
  GArray *numbers;  /* of the frames that it was given */
} Consumer;

static void
on_frame (GstSample *frame, gpointer data)
{
  Consumer *self = data;
  const guint64 number = frame_get_info (frame).number;

  g_mutex_lock (&self->lock);
  g_array_append_val (self->numbers, number);
  g_cond_broadcast (&self->changed);
  while (!self->is_open)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static void
put (Mailbox *mailbox, guint64 number)
{
  const FrameInfo info = { .number = number };
  g_autoptr (GstBuffer) buffer = gst_buffer_new ();
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-raw");
  g_autoptr (GstSample) frame = frame_new (buffer, caps, &info);

  mailbox_put (mailbox, frame);
}

static void
wait_for (Consumer *consumer, guint n_frames)
{
  g_mutex_lock (&consumer->lock);
  while (consumer->numbers->len < n_frames)
    g_cond_wait (&consumer->changed, &consumer->lock);
  g_mutex_unlock (&consumer->lock);
}

/* While the consumer is busy with the first frame, the newest one waits. */
static void
test_mailbox (void)
{
  Consumer consumer = { .numbers = g_array_new (FALSE, FALSE,
                            sizeof (guint64)) };
  Mailbox *mailbox = mailbox_new ("test", 1, NULL, on_frame, &consumer);
  guint64 n_delivered, n_dropped;

  put (mailbox, 1);
  wait_for (&consumer, 1);
  for (guint64 i = 2; i <= 10; i++)
    put (mailbox, i);
  g_mutex_lock (&consumer.lock);
  consumer.is_open = TRUE;
  g_cond_broadcast (&consumer.changed);
  g_mutex_unlock (&consumer.lock);
  wait_for (&consumer, 2);
  mailbox_get_counts (mailbox, &n_delivered, &n_dropped);
  mailbox_free (mailbox);
  g_assert_cmpuint (consumer.numbers->len, ==, 2);
  g_assert_cmpuint (g_array_index (consumer.numbers, guint64, 1), ==, 10);
  g_assert_cmpuint (n_delivered, ==, 2);
  g_assert_cmpuint (n_dropped, ==, 8);
  g_array_unref (consumer.numbers);
}

/* In a main context: in order, and not after the end. */
static void
test_mailbox_in_context (void)
{
  Consumer consumer = { .is_open = TRUE,
    .numbers = g_array_new (FALSE, FALSE, sizeof (guint64)) };
  g_autoptr (GMainContext) context = g_main_context_new ();
  Mailbox *mailbox = mailbox_new ("test", 2, context, on_frame, &consumer);

  put (mailbox, 1);
  put (mailbox, 2);
  put (mailbox, 3);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpuint (consumer.numbers->len, ==, 2);
  g_assert_cmpuint (g_array_index (consumer.numbers, guint64, 0), ==, 2);
  put (mailbox, 4);
  mailbox_free (mailbox);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpuint (consumer.numbers->len, ==, 2);
  g_array_unref (consumer.numbers);
}

static Options *
parse (const gchar *config, const gchar *argument, GError **error)
{
  g_autofree gchar *path = write_file (config, 0600);
  g_autofree gchar *option = g_strconcat ("--config=", path, NULL);
  gchar *argv[] = { (gchar *) "activationmap-server", option,
    (gchar *) argument, NULL };
  Options *options = options_new (argv, NULL, error);

  g_unlink (path);
  return options;
}

static void
test_options (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options =
      parse ("[server]\nport=1234\nfps=5\nno-auth=true\nproperty=a=1;b=2\n"
             "[stream door]\nsource=rtsp://name:secret@host/\nfps=7\n"
             "[stream yard]\nproperty=c=3\nbitrate=500\n",
          "--bitrate=900", &error);
  const StreamOptions *door, *yard;

  g_assert_no_error (error);
  g_assert_cmpint (options->port, ==, 1234);
  g_assert_true (options->access.no_auth);
  g_assert_cmpuint (options->streams->len, ==, 2);
  door = options->streams->pdata[0];
  yard = options->streams->pdata[1];
  g_assert_cmpstr (door->name, ==, "door");
  g_assert_cmpstr (door->mount, ==, "/door/live");
  g_assert_cmpstr (door->source, ==, "rtsp://name:secret@host/");
  g_assert_cmpint (door->fps, ==, 7);
  g_assert_cmpint (door->bitrate, ==, 900);
  g_assert_cmpint (yard->fps, ==, 5);
  g_assert_cmpint (yard->bitrate, ==, 900);
  g_assert_cmpuint (g_strv_length (yard->properties), ==, 3);
  g_assert_cmpstr (yard->properties[2], ==, "c=3");
}

static void
test_bad_configurations (void)
{
  const gchar *const cases[] = { "[server]\nno-such-option=1\n",
    "[stream a]\nport=1\n", "[stream a/b]\nfps=1\n", "[other]\n", "fps=1\n",
    "[server]\nfps=many\n", "[server]\naddress=192.0.2.1\n",
    "[server]\naddress=127.0.0.1:80\n", "[server]\naddress=a b\n",
    "[server]\nmount=live\n", "[server]\nmount=/a b\n",
    "[server]\nmount=/a//b\n", "[server]\nmount=/a?b\n" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (cases[i], NULL, &error));
    g_assert_nonnull (error);
    g_test_message ("%s", error->message);
  }
}

/* Nothing is what a variable of a script that has no value becomes. */
static void
test_empty_arguments (void)
{
  const gchar *const arguments[] = { "", "--source=", "--operators=" };

  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse ("", arguments[i], &error));
    g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  }
}

/* Who asks for PipeWire is told which package has it. */
static void
test_pipewire (void)
{
  g_autoptr (GstElementFactory)
      factory = gst_element_factory_find ("pipewiresrc");
  g_autoptr (GError) error = NULL;
  Source *source = source_new ("pipewire", &error);

  g_assert_no_error (error);
  if (factory) {
    g_test_skip ("there is a pipewiresrc");
  } else {
    g_assert_null (source_make_bin (source, 0, &error));
    g_assert_nonnull (strstr (error->message, "gstreamer1.0-pipewire"));
  }
  source_free (source);
}

static void
test_bad_sources (void)
{
  const gchar *const sources[] = { "rtsp://", "rtsp:///live", "http://",
    "https:///a.mp4", "ftp://host/a.mp4" };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (source_new (sources[i], &error));
    g_assert_nonnull (strstr (error->message, "://"));
  }
}

#ifdef HAVE_MQTT
static void
test_outputs (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Options) options =
      parse ("[server]\nmqtt=mqtt://host/house/{name}/faces\n"
             "mqtt-password-file=a\nmqtt-ca=a\n"
             "record=/srv/{name}\nrecord-size=2G\nrecord-keep=30d;100M\n"
             "[stream door]\n[stream yard]\nmqtt=mqtts://anna@host/yard\n",
          NULL, &error);
  const StreamOptions *door, *yard;

  g_assert_no_error (error);
  door = options->streams->pdata[0];
  yard = options->streams->pdata[1];
  g_assert_cmpstr (door->outputs.mqtt, ==, "mqtt://host/house/door/faces");
  g_assert_cmpstr (yard->outputs.mqtt, ==, "mqtts://anna@host/yard");
  g_assert_cmpstr (yard->outputs.record, ==, "/srv/yard");
  g_assert_cmpint (yard->outputs.record_seconds, ==, 600);
  g_assert_cmpuint (yard->outputs.record_size, ==,
      G_GUINT64_CONSTANT (2) << 30);
  g_assert_cmpint (yard->outputs.keep_seconds, ==, 30 * 24 * 60 * 60);
  g_assert_cmpuint (yard->outputs.keep_size, ==, 100 << 20);
}

static void
test_bad_outputs (void)
{
  const gchar *const cases[] = {
    "[server]\nmqtt=mqtt://anna:" PASSWORD "@host/topic\n",
    "[server]\nmqtt=http://host/topic\n",
    "[server]\nmqtt=topic\n",
    "[server]\nmqtt=mqtt://host/topic\n[stream door]\n[stream yard]\n",
    "[server]\npush=rtsp://host/live\n[stream door]\n[stream yard]\n",
    "[server]\npush=rtsp://anna:" PASSWORD "@host/live\n",
    "[server]\nrecord=/srv\nrecord-seconds=-1\n",
    "[server]\nrecord=/srv\nrecord-size=7d\n",
    "[server]\nrecord=/srv\nrecord-keep=0d\n",
    "[server]\nrecord=/srv\nrecord-keep=99999999T\n",
    "[server]\nmqtt-password-file=a\n",
    "[server]\nmqtt=mqtt://host/topic\nmqtt-password-file=a\n",
    "[server]\nmqtt=mqtt://anna@host/topic\nmqtt-ca=a\n",
    "[server]\npush=rtsp://host/live\npush-password-file=a\n",
    "[server]\npush=rtsp://anna@host/live\npush-ca=a\n",
    "[server]\nmqtt=mqtts://anna@host/topic\npush-ca=a\n",
    "[server]\nrecord-seconds=5\n",
    "[server]\nrecord-size=5M\n",
    "[stream door]\nrecord-keep=5d\n[stream yard]\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (cases[i], NULL, &error));
    g_assert_nonnull (error);
    g_assert_null (strstr (error->message, PASSWORD));
    g_test_message ("%s", error->message);
  }
}
#endif

static void
write_recording (const gchar *folder, const gchar *name, gsize size,
    gint64 hours)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);
  g_autofree gchar *contents = g_strnfill (size, 'a');
  const gint64 time = g_get_real_time () / G_USEC_PER_SEC - hours * 60 * 60;
  struct utimbuf times = { time, time };

  g_assert_true (g_file_set_contents (path, contents, -1, NULL));
  g_assert_no_errno (g_utime (path, &times));
}

/* Removes them all, and returns how many there were. */
static guint
remove_recordings (const gchar *folder, const gchar *const *names)
{
  guint n_names = 0;

  for (; *names; names++) {
    g_autofree gchar *path = g_build_filename (folder, *names, NULL);

    n_names += g_unlink (path) == 0 ? 1 : 0;
  }
  return n_names;
}

/* What is too old goes, then the oldest ones until the others fit; what this
 * stream has not recorded stays. */
static void
test_recordings (void)
{
  const gchar *const old[] = { "door-20260101T000000Z.mkv",
    "door-20260101T000000Z.jsonl", "door-20260401T000000Z.mkv", NULL };
  const gchar *const young[] = { "door-20260402T000000Z.mkv",
    "door-20260402T000000Z.jsonl", "door-20260403T000000Z.mkv", NULL };
  const gchar *const foreign[] = { "door-2-20260101T000000Z.mkv",
    "door-20260101T000000Z.txt", "door-2026.mkv", "20260101T000000Z.mkv",
    NULL };
  g_autofree gchar *folder = g_dir_make_tmp (NULL, NULL);
  g_autoptr (Recordings)
      recordings = recordings_new (folder, "door", 24 * 60 * 60, 5000);
  g_autofree gchar *expected = g_build_filename (folder,
      "door-20260403T000001Z", NULL);
  g_autofree gchar *path = NULL;

  for (guint i = 0; i < 3; i++) {
    write_recording (folder, old[i], 1000, i < 2 ? 25 : 23);
    write_recording (folder, young[i], i == 1 ? 1000 : 2000, 1);
  }
  for (guint i = 0; foreign[i]; i++)
    write_recording (folder, foreign[i], 10000, 1000);
  path = recordings_begin (recordings, 1775174400); /* 2026-04-03 */
  g_assert_cmpstr (path, ==, expected);
  g_assert_cmpuint (remove_recordings (folder, old), ==, 0);
  g_assert_cmpuint (remove_recordings (folder, young), ==, 3);
  g_assert_cmpuint (remove_recordings (folder, foreign), ==, 4);
  g_assert_no_errno (g_rmdir (folder));
}

static void
test_secret (void)
{
  g_autofree gchar *path = write_file (PASSWORD "\n", 0600);
  g_autofree gchar *empty = write_file ("\n" PASSWORD, 0600);
  g_autofree gchar *open = write_file (PASSWORD, 0644);
  g_autofree gchar *password = secret_read (path, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (password, ==, PASSWORD);
  g_assert_null (secret_read (empty, NULL));
  g_assert_null (secret_read (open, NULL));
  g_assert_null (secret_read ("/no/such/file", NULL));
  g_assert_null (secret_read (g_get_tmp_dir (), &error));
  g_assert_nonnull (strstr (error->message, g_strerror (EISDIR)));
  g_unlink (path);
  g_unlink (empty);
  g_unlink (open);
}

static void
test_backoff (void)
{
  Backoff backoff = { 0 };
  guint last = 0;

  g_assert_cmpuint (backoff_next (&backoff), ==, 1);
  g_assert_cmpuint (backoff_next (&backoff), ==, 2);
  for (guint i = 0; i < 10; i++)
    last = backoff_next (&backoff);
  g_assert_cmpuint (last, ==, 32);
  backoff_reset (&backoff);
  g_assert_cmpuint (backoff_next (&backoff), ==, 1);
}

static void
test_passwords_hidden (void)
{
  static const gchar *const cases[][2] = {
    { "rtsp://anna:secret@host/a@b", "rtsp://***@host/a@b" },
    { "rtsp://anna:se@cret@host", "rtsp://***@host" },
    { "rtsp://anna:se#cret@host/live", "rtsp://***@host/live" },
    { "rtsp://anna:se?cr@et@host:554/", "rtsp://***@host:554/" },
    { "rtsp://anna:se/cret@host/live", "rtsp://***@host/live" },
    { "rtsp://anna@[::1]:554/a@b", "rtsp://***@[::1]:554/a@b" },
    { "http://host/a@b", "http://host/a@b" },
    { "http://host:80/a@b", "http://host:80/a@b" },
    { "http://[::1]/a@b", "http://[::1]/a@b" },
    { "http://host/x?user=anna&pwd=secret&n=1",
        "http://host/x?user=anna&pwd=***&n=1" },
    { "http://host/?Token=a=b;x#here", "http://host/?Token=***;x#here" },
    { "rtsp://host/user=anna&password=secret&channel=1",
        "rtsp://host/user=anna&password=***&channel=1" },
    { "http://host/?keyboard=x&pwd", "http://host/?keyboard=x&pwd" },
    { "/films/a@b.mp4", "/films/a@b.mp4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *hidden = journal_hide_password (cases[i][0]);

    g_assert_cmpstr (hidden, ==, cases[i][1]);
  }
}

static gboolean is_shown;

int __real_tcsetattr (int terminal, int when, const struct termios *attributes);
int __wrap_tcsetattr (int terminal, int when, const struct termios *attributes);

/* Ctrl-C as soon as the terminal hides what is typed, before the reading. */
int
__wrap_tcsetattr (int terminal, int when, const struct termios *attributes)
{
  const int result = __real_tcsetattr (terminal, when, attributes);

  is_shown = (attributes->c_lflag & ECHO) != 0;
  if (!is_shown)
    raise (SIGINT);
  return result;
}

static void
on_interrupt (gint number)
{
  (void) number;
  _exit (is_shown ? 0 : 1);
}

static void
test_interrupted_password (void)
{
  gchar password[8];
  gint control, terminal;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, 0);
    g_test_trap_assert_passed ();
    return;
  }
  signal (SIGINT, on_interrupt);
  g_assert_no_errno (openpty (&control, &terminal, NULL, NULL, NULL));
  g_assert_cmpint (dup2 (terminal, STDIN_FILENO), ==, STDIN_FILENO);
  password_read (password, sizeof password);
  g_assert_not_reached ();
}

gint
main (gint argc, gchar **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/server-parts/users", test_users);
  g_test_add_func ("/server-parts/bad-users", test_bad_users);
  g_test_add_func ("/server-parts/replace-users", test_replace_users);
  g_test_add_func ("/server-parts/guard", test_guard);
  g_test_add_func ("/server-parts/guard-of-networks", test_guard_of_networks);
  g_test_add_func ("/server-parts/guard-forgets", test_guard_forgets);
  g_test_add_func ("/server-parts/guard-in-all", test_guard_in_all);
  g_test_add_func ("/server-parts/stamps", test_stamps);
  g_test_add_func ("/server-parts/mailbox", test_mailbox);
  g_test_add_func ("/server-parts/mailbox-in-context", test_mailbox_in_context);
  g_test_add_func ("/server-parts/options", test_options);
  g_test_add_func ("/server-parts/bad-configurations", test_bad_configurations);
  g_test_add_func ("/server-parts/empty-arguments", test_empty_arguments);
  g_test_add_func ("/server-parts/bad-sources", test_bad_sources);
  g_test_add_func ("/server-parts/pipewire", test_pipewire);
#ifdef HAVE_MQTT
  g_test_add_func ("/server-parts/outputs", test_outputs);
  g_test_add_func ("/server-parts/bad-outputs", test_bad_outputs);
#endif
  g_test_add_func ("/server-parts/recordings", test_recordings);
  g_test_add_func ("/server-parts/secret", test_secret);
  g_test_add_func ("/server-parts/backoff", test_backoff);
  g_test_add_func ("/server-parts/interrupted-password",
      test_interrupted_password);
  g_test_add_func ("/server-parts/passwords-hidden", test_passwords_hidden);
  return g_test_run ();
}
