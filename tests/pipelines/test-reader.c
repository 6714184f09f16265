/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Sources that end at once, or that fail again and again. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "reader.h"
#include "source.h"

static gint n_bins, n_bins_alive; /* atomic */

GstElement *__real_source_make_bin (const Source *self, gint fps,
    GError **error);
GstElement *__wrap_source_make_bin (const Source *self, gint fps,
    GError **error);

/* From any thread. */
static void
on_bin_gone (gpointer data, GObject *bin)
{
  g_atomic_int_add (&n_bins_alive, -1);
}

/* Counts what readers have made of their sources. */
GstElement *
__wrap_source_make_bin (const Source *self, gint fps, GError **error)
{
  GstElement *bin = __real_source_make_bin (self, fps, error);

  if (bin) {
    g_object_weak_ref (G_OBJECT (bin), on_bin_gone, NULL);
    g_atomic_int_inc (&n_bins);
    g_atomic_int_inc (&n_bins_alive);
  }
  return bin;
}

/* What a reader has given. */
typedef struct {
  gint n_pictures; /* atomic */
  guint n_lost;
} Count;

static void
on_picture (GstBuffer *picture, GstCaps *caps, GstClockTime time, gpointer data)
{
  Count *self = data;

  g_atomic_int_inc (&self->n_pictures);
  g_main_context_wakeup (NULL);
}

static void
on_lost (const GError *error, gpointer data)
{
  ((Count *) data)->n_lost++;
}

static void
on_ended (const GError *error, gpointer data)
{
  g_error ("%s", error->message);
}

static Reader *
read_source (const gchar *source, Count *count)
{
  const StreamOptions options = { .source = (gchar *) source };
  const ReaderListener listener = { on_picture, on_lost, on_ended };
  g_autoptr (GError) error = NULL;
  Reader *reader = reader_new (&options, &listener, count, &error);

  g_assert_no_error (error);
  reader_start (reader);
  return reader;
}

static void
wait_for_pictures (Count *count, gint n_pictures)
{
  while (g_atomic_int_get (&count->n_pictures) < n_pictures)
    g_main_context_iteration (NULL, TRUE);
}

/* Returns: (transfer full): what the elements write. */
static GBytes *
make_file (const gchar *elements)
{
  g_autofree gchar *path = NULL;
  g_autofree gchar *launch = NULL;
  gchar *contents;
  gsize size;
  g_autoptr (GstElement) pipeline = NULL;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;

  g_close (g_file_open_tmp (NULL, &path, NULL), NULL);
  launch = g_strdup_printf ("%s ! filesink location=%s", elements, path);
  pipeline = gst_parse_launch (launch, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_unlink (path);
  return g_bytes_new_take (contents, size);
}

/* Returns: (transfer full): the name of a file that the elements write. */
static gchar *
write_file (const gchar *elements)
{
  g_autoptr (GBytes) file = make_file (elements);
  gchar *path = NULL;

  g_close (g_file_open_tmp (NULL, &path, NULL), NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (file, NULL),
      (gssize) g_bytes_get_size (file), NULL));
  return path;
}

/* A video is repeated; nothing is left of each time that it was read. */
static void
test_repeated (void)
{
  g_autofree gchar *path = write_file ("videotestsrc num-buffers=5 ! jpegenc ! "
                                       "matroskamux");
  Count count = { 0 };
  Reader *reader;

  g_atomic_int_set (&n_bins, 0);
  reader = read_source (path, &count);
  wait_for_pictures (&count, 16);
  reader_free (reader);
  g_assert_cmpint (g_atomic_int_get (&n_bins), >, 3);
  g_assert_cmpint (g_atomic_int_get (&n_bins_alive), ==, 0);
  g_unlink (path);
}

/* A video of one picture is read once: its file may be gone afterwards. */
static void
test_single_picture (void)
{
  g_autofree gchar *path = write_file ("videotestsrc num-buffers=1 ! jpegenc ! "
                                       "matroskamux");
  Count count = { 0 };
  g_autoptr (Reader) reader = NULL;

  reader = read_source (path, &count);
  wait_for_pictures (&count, 1);
  g_unlink (path);
  wait_for_pictures (&count, 6);
  g_assert_cmpuint (count.n_lost, ==, 0);
}

/* Site: an HTTP server with one file, of which it may send only a part. */
typedef struct {
  GSocketService *service;
  const gchar *status; /* NULL: all is well */
  GBytes *file;
  gsize n_bytes; /* that it sends */
  gchar *url;
  gint n_requests; /* atomic */
} Site;

static gboolean
on_request (GThreadedSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer data)
{
  Site *self = data;
  GIOStream *stream = G_IO_STREAM (connection);
  g_autofree gchar *head = g_strdup_printf (
      "HTTP/1.0 %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
      self->status ? self->status : "200 OK", g_bytes_get_size (self->file));
  gchar request[4096];

  if (g_input_stream_read (g_io_stream_get_input_stream (stream), request,
          sizeof request, NULL, NULL)
      <= 0)
    return TRUE;
  g_atomic_int_inc (&self->n_requests);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), head,
      strlen (head), NULL, NULL, NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream),
      g_bytes_get_data (self->file, NULL), self->n_bytes, NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
  return TRUE;
}

static void
site_init (Site *self, const gchar *elements, gdouble part)
{
  g_autoptr (GInetAddress)
      address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (address, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->file = make_file (elements);
  self->n_bytes = (gsize) (part * (gdouble) g_bytes_get_size (self->file));
  self->service = g_threaded_socket_service_new (8);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), wanted,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (on_request), self);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
}

static void
site_clear (Site *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  g_bytes_unref (self->file);
  g_free (self->url);
}

/* A still picture of a URL is asked for once. */
static void
test_picture_of_url (void)
{
  Site site = { 0 };
  Count count = { 0 };
  Reader *reader;

  site_init (&site, "videotestsrc num-buffers=1 ! jpegenc", 1);
  reader = read_source (site.url, &count);
  wait_for_pictures (&count, 6);
  reader_free (reader);
  g_assert_cmpuint (count.n_lost, ==, 0);
  g_assert_cmpint (g_atomic_int_get (&site.n_requests), ==, 1);
  site_clear (&site);
}

static GPtrArray *lines;

static void
on_print (const gchar *text)
{
  g_ptr_array_add (lines, g_strdup (text));
}

/* Returns: (transfer full): what the first line of the log says about it. */
static gchar *
lose_source (const gchar *url)
{
  Count count = { 0 };
  Reader *reader;
  gchar *line;

  lines = g_ptr_array_new_with_free_func (g_free);
  g_set_printerr_handler (on_print);
  reader = read_source (url, &count);
  while (count.n_lost < 1)
    g_main_context_iteration (NULL, TRUE);
  reader_free (reader);
  g_set_printerr_handler (NULL);
  line = g_strdup (lines->pdata[0]);
  g_ptr_array_unref (lines);
  g_test_message ("%s", line);
  return line;
}

/* The log says what has happened, not that an element cannot go on. */
static void
test_says_why (void)
{
  Site site = { .status = "404 Not Found" };
  g_autofree gchar *not_found = NULL;
  g_autofree gchar *url = NULL;
  g_autofree gchar *unreachable = NULL;

  site_init (&site, "videotestsrc num-buffers=1 ! jpegenc", 1);
  not_found = lose_source (site.url);
  g_assert_null (strstr (not_found, "Internal data stream error"));
  url = g_strdup (site.url);
  site_clear (&site);
  unreachable = lose_source (url);
  g_assert_nonnull (strstr (unreachable, "cannot be reached"));
}

/* It is not even decoded: as a still picture it could have any size. */
static void
test_too_large (void)
{
  Site site = { 0 };
  g_autofree gchar *refused = NULL;

  site_init (&site,
      "videotestsrc num-buffers=1 ! video/x-raw,width=8193,height=16 ! pngenc",
      1);
  refused = lose_source (site.url);
  g_assert_nonnull (strstr (refused, "a picture of 8193x16 is too large"));
  site_clear (&site);
}

/* A source that gives a few pictures before it fails is not asked for them
 * every second. */
static void
test_fails_again (void)
{
  Site site = { 0 };
  Count count = { 0 };
  Reader *reader;

  lines = g_ptr_array_new_with_free_func (g_free);
  g_set_printerr_handler (on_print);
  site_init (&site,
      "videotestsrc num-buffers=60 ! video/x-raw,framerate=30/1 ! jpegenc ! "
      "matroskamux streamable=true",
      0.25);
  reader = read_source (site.url, &count);
  while (count.n_lost < 3)
    g_main_context_iteration (NULL, TRUE);
  reader_free (reader);
  site_clear (&site);
  g_set_printerr_handler (NULL);
  g_assert_cmpint (count.n_pictures, >, 1);
  g_assert_cmpuint (lines->len, ==, 3);
  for (guint i = 0; i < lines->len; i++) {
    g_autofree gchar *end = g_strdup_printf ("; next try in %u s\n", 1u << i);

    g_test_message ("%s", (const gchar *) lines->pdata[i]);
    g_assert_true (g_str_has_suffix (lines->pdata[i], end));
  }
  g_ptr_array_unref (lines);
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "jpegenc", "jpegdec", "matroskamux",
    "matroskademux", "souphttpsrc" };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    g_autoptr (GstElementFactory)
        factory = gst_element_factory_find (elements[i]);

    if (!factory) {
      g_print ("1..0 # SKIP there is no element %s\n", elements[i]);
      return 0;
    }
  }
  g_test_add_func ("/reader/repeated", test_repeated);
  g_test_add_func ("/reader/single-picture", test_single_picture);
  g_test_add_func ("/reader/picture-of-url", test_picture_of_url);
  g_test_add_func ("/reader/says-why", test_says_why);
  g_test_add_func ("/reader/too-large", test_too_large);
  g_test_add_func ("/reader/fails-again", test_fails_again);
  return g_test_run ();
}
