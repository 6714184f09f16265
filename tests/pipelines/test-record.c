/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-server records streams into files. */

#include <cjson/cJSON.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "service.h"
#include "viewer.h"

#define LAUNCH                                                             \
  "filesrc name=file ! matroskademux name=demuxer demuxer.video_0 ! queue" \
  " ! h264parse ! avdec_h264 ! appsink name=pictures sync=false"           \
  " demuxer.subtitle_0 ! queue ! appsink name=lines sync=false"
/* Matroska counts in ms. */
#define PRECISION GST_MSECOND
/* Of a file: less than what is recorded in a few seconds. */
#define MAX_FILE_SIZE (64 << 10)

static Service *
start_service (const gchar *folder, const gchar *option)
{
  g_autofree gchar *record = g_strconcat ("--record=", folder, NULL);
  const gchar *arguments[] = { "--source=sample", "--port=0", record, option,
    NULL };

  return service_start_with_log (arguments);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const gchar *const *) a, *(const gchar *const *) b);
}

/* Returns the recordings in a folder, in their order. */
static GPtrArray *
list_videos (const gchar *path)
{
  GPtrArray *videos = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const gchar *name;

  while (folder && (name = g_dir_read_name (folder))) {
    if (g_str_has_suffix (name, ".mkv"))
      g_ptr_array_add (videos, g_build_filename (path, name, NULL));
  }
  g_ptr_array_sort (videos, compare_names);
  return videos;
}

static gchar **
read_lines (const gchar *video)
{
  g_autofree gchar *base = g_strndup (video, strlen (video) - strlen (".mkv"));
  g_autofree gchar *path = g_strconcat (base, ".jsonl", NULL);
  g_autofree gchar *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  return g_strsplit (contents, "\n", -1);
}

static GstClockTime
get_timestamp (const gchar *line)
{
  cJSON *json = cJSON_Parse (line);
  const gdouble timestamp = cJSON_GetNumberValue (
      cJSON_GetObjectItem (json, "timestamp"));

  g_assert_true (cJSON_IsArray (cJSON_GetObjectItem (json, "objects")));
  cJSON_Delete (json);
  return (GstClockTime) timestamp;
}

/* The demuxer hands subtitles on as markup. */
static void
check_line (GstSample *subtitle, const gchar *line)
{
  g_autofree gchar *markup = g_markup_escape_text (line, -1);
  GstMapInfo map;

  g_assert_true (
      gst_buffer_map (gst_sample_get_buffer (subtitle), &map, GST_MAP_READ));
  g_assert_cmpmem (map.data, map.size, markup, strlen (markup));
  gst_buffer_unmap (gst_sample_get_buffer (subtitle), &map);
}

static GstAppSink *
get_sink (GstElement *pipeline, const gchar *name)
{
  return GST_APP_SINK (gst_bin_get_by_name (GST_BIN (pipeline), name));
}

static GstElement *
open_video (const gchar *path)
{
  GstElement *pipeline = gst_parse_launch (LAUNCH, NULL);
  g_autoptr (GstElement)
      file = gst_bin_get_by_name (GST_BIN (pipeline), "file");

  g_object_set (file, "location", path, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  return pipeline;
}

/* Plays a file: each picture has a line of the same time, in the file beside it
 * and as a subtitle. Of a file that is not finished, the last picture may lack
 * its subtitle, and the last lines their pictures. Returns the number of
 * pictures. */
static guint
check_video (const gchar *path, gboolean is_finished)
{
  GstElement *pipeline = open_video (path);
  g_autoptr (GstAppSink) pictures = get_sink (pipeline, "pictures");
  g_autoptr (GstAppSink) subtitles = get_sink (pipeline, "lines");
  g_auto (GStrv) lines = read_lines (path);
  guint n_pictures = 0, n_missing = 0;
  GstSample *picture;

  while ((picture = gst_app_sink_pull_sample (pictures))) {
    const gchar *line = lines[n_pictures++];
    const GstClockTime time = GST_BUFFER_PTS (gst_sample_get_buffer (picture));
    g_autoptr (GstSample) subtitle = gst_app_sink_pull_sample (subtitles);

    g_assert_nonnull (line);
    if (subtitle)
      check_line (subtitle, line);
    else
      g_assert_true (!is_finished && n_missing++ == 0);
    g_assert_cmpuint (ABS (GST_CLOCK_DIFF (get_timestamp (line), time)), <=,
        PRECISION);
    gst_sample_unref (picture);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
  g_test_message ("%s: %u pictures, %u lines", path, n_pictures,
      g_strv_length (lines) - 1);
  g_assert_cmpuint (g_strv_length (lines) - 1, >=, n_pictures);
  g_assert_true (!is_finished || g_strv_length (lines) - 1 == n_pictures);
  return n_pictures;
}

static void
remove_folder (const gchar *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const gchar *name;

  while (files && (name = g_dir_read_name (files))) {
    g_autofree gchar *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

static void
wait_for_videos (const gchar *folder, guint number)
{
  guint n_videos = 0;

  while (n_videos < number) {
    g_autoptr (GPtrArray) videos = list_videos (folder);

    n_videos = videos->len;
    g_usleep (100 * 1000);
  }
}

/* One file after the other; the last one is finished as well. */
static void
test_files (void)
{
  g_autofree gchar *folder = g_dir_make_tmp (NULL, NULL);
  Service *server = start_service (folder, "--record-seconds=3");
  g_autoptr (GPtrArray) videos = NULL;

  service_wait_for_log (server, "begun");
  wait_for_videos (folder, 3);
  service_end (server, SIGTERM);
  videos = list_videos (folder);
  for (guint i = 0; i < videos->len; i++)
    g_assert_cmpuint (check_video (videos->pdata[i], TRUE), >, 0);
  remove_folder (folder);
}

static void
test_killed (void)
{
  g_autofree gchar *folder = g_dir_make_tmp (NULL, NULL);
  Service *server = start_service (folder, NULL);
  g_autoptr (GPtrArray) videos = NULL;

  service_wait_for_log (server, "begun");
  g_subprocess_force_exit (server->process);
  g_subprocess_wait (server->process, NULL, NULL);
  service_free (server);
  videos = list_videos (folder);
  g_assert_cmpuint (videos->len, ==, 1);
  g_assert_cmpuint (check_video (videos->pdata[0], FALSE), >=, 2);
  remove_folder (folder);
}

static void
assert_watched (Service *server)
{
  g_autoptr (Viewer) viewer = viewer_new_for_url (server->url);

  for (guint i = 0; i < 5; i++)
    gst_sample_unref (viewer_pull (viewer));
}

/* What is wrong with a folder is said, and the stream can be watched. */
static void
test_unwritable (void)
{
  Service *server = start_service ("/dev/null/recordings", NULL);

  service_wait_for_log (server, "nothing can be recorded here: ");
  assert_watched (server);
  service_end (server, SIGTERM);
}

static void
limit_files (rlim_t size, struct rlimit *old)
{
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_FSIZE, old));
  limit = *old;
  limit.rlim_cur = size;
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &limit));
}

/* As on a full disk, writing fails after a while. */
static void
test_no_space (void)
{
  g_autofree gchar *folder = g_dir_make_tmp (NULL, NULL);
  struct rlimit old;
  Service *server;

  signal (SIGXFSZ, SIG_IGN);
  limit_files (MAX_FILE_SIZE, &old);
  server = start_service (folder, NULL);
  g_assert_no_errno (setrlimit (RLIMIT_FSIZE, &old));
  service_wait_for_log (server, "File too large");
  assert_watched (server);
  service_end (server, SIGTERM);
  remove_folder (folder);
}

gint
main (gint argc, gchar **argv)
{
  static const gchar *const elements[] = { "x264enc", "h264parse", "rtph264pay",
    "rtspsrc", "avdec_h264", "splitmuxsink", "matroskamux", "matroskademux",
    NULL };

  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  if (!service_has_elements (elements))
    return 0;
  g_test_add_func ("/record/files", test_files);
  g_test_add_func ("/record/killed", test_killed);
  g_test_add_func ("/record/unwritable", test_unwritable);
  g_test_add_func ("/record/no-space", test_no_space);
  return g_test_run ();
}
