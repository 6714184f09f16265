/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What becomes of a region, of an object of GstAnalytics and of a prediction in
 * GStreamer's own elements. A prediction must be in the right place, with its
 * maps turned as the picture is, or gone.
 *
 *   test-transforms --table
 *
 * prints, separated by tabs, what this version of GStreamer does;
 * docs/make-metadata-table.sh makes a table of that. */

#include "common.h"

#include <glib/gstdio.h>
#include <string.h>
#ifdef HAVE_ANALYTICS
#include <gst/analytics/analytics.h>
#endif

#define WIDTH 320
#define HEIGHT 240

static const Rect somewhere = { 40, 20, 80, 60 };

/* A map of two rows and three columns. */
static const gfloat upright[] = { 0, 1, 2, 3, 4, 5 };
#define UPRIGHT      \
  {                  \
    0, 1, 2, 3, 4, 5 \
  }

typedef enum {
  KEPT,       /* by every version */
  FOLLOWS,    /* gone before GStreamer 1.28 */
  MISPLACED,  /* wrong before GStreamer 1.28 */
  SERIALIZED, /* this element came with GStreamer 1.24 */
  CUT,        /* not in the picture any more */
} Fate;

#if GST_CHECK_VERSION(1, 28, 0)
#define IS_TOLD TRUE
#else
#define IS_TOLD FALSE
#endif

/**
 * Case:
 * @element: the element, as in the table
 * @line: the pipeline, if that is more
 * @fate: what becomes of the prediction
 * @box: where @somewhere is then
 * @map: its map
 */
typedef struct {
  const gchar *element;
  const gchar *line;
  Fate fate;
  Rect box;
  gfloat map[6];
} Case;

static const Case cases[] = {
  { "videoconvert", "videoconvert ! capsfilter caps=video/x-raw,format=RGB",
      KEPT, { 40, 20, 80, 60 }, UPRIGHT },
  { "videoscale",
      "videoscale ! capsfilter caps=video/x-raw,width=640,height=480", KEPT,
      { 80, 40, 160, 120 }, UPRIGHT },
  { "videoscale add-borders=false",
      "videoscale add-borders=false ! capsfilter "
      "caps=video/x-raw,width=640,height=240,"
      "pixel-aspect-ratio=1/1",
      KEPT, { 80, 20, 160, 60 }, UPRIGHT },
  { "videoscale add-borders=true",
      "videoscale ! capsfilter "
      "caps=video/x-raw,width=640,height=240,pixel-aspect-ratio=1/1",
      MISPLACED, { 200, 20, 80, 60 }, UPRIGHT },
  { "videocrop left=20 top=10", NULL, FOLLOWS, { 20, 10, 80, 60 }, UPRIGHT },
  { "videocrop left=60", NULL, FOLLOWS, { -20, 20, 80, 60 }, UPRIGHT },
  { "videocrop left=200", NULL, CUT, { -160, 20, 80, 60 }, UPRIGHT },
  { "videoflip video-direction=horiz", NULL, FOLLOWS, { 200, 20, 80, 60 },
      { 2, 1, 0, 5, 4, 3 } },
  { "videoflip video-direction=vert", NULL, FOLLOWS, { 40, 160, 80, 60 },
      { 3, 4, 5, 0, 1, 2 } },
  { "videoflip video-direction=180", NULL, FOLLOWS, { 200, 160, 80, 60 },
      { 5, 4, 3, 2, 1, 0 } },
  { "videoflip video-direction=90r", NULL, FOLLOWS, { 160, 40, 60, 80 },
      { 3, 0, 4, 1, 5, 2 } },
  { "videoflip video-direction=90l", NULL, FOLLOWS, { 20, 200, 60, 80 },
      { 2, 5, 1, 4, 0, 3 } },
  { "videoflip video-direction=ul-lr", NULL, FOLLOWS, { 20, 40, 60, 80 },
      { 0, 3, 1, 4, 2, 5 } },
  { "videoflip video-direction=ur-ll", NULL, FOLLOWS, { 160, 200, 60, 80 },
      { 5, 2, 4, 1, 3, 0 } },
  { "videobox left=-40 top=-20", NULL, FOLLOWS, { 80, 40, 80, 60 }, UPRIGHT },
  { "videobox left=60", NULL, FOLLOWS, { -20, 20, 80, 60 }, UPRIGHT },
  { "compositor",
      "queue ! compositor sink_0::xpos=100 sink_0::ypos=50 sink_0::width=160 "
      "sink_0::height=120 ! capsfilter caps=video/x-raw,width=640,height=480",
      FOLLOWS, { 120, 60, 40, 30 }, UPRIGHT },
  { "x264enc", "x264enc tune=zerolatency", KEPT, { 40, 20, 80, 60 }, UPRIGHT },
  { "vp8enc", "vp8enc deadline=1", KEPT, { 40, 20, 80, 60 }, UPRIGHT },
  { "jpegenc", NULL, KEPT, { 40, 20, 80, 60 }, UPRIGHT },
  { "videorate", "videorate ! capsfilter caps=video/x-raw,framerate=60/1", KEPT,
      { 40, 20, 80, 60 }, UPRIGHT },
  { "deinterlace", NULL, KEPT, { 40, 20, 80, 60 }, UPRIGHT },
  { "videobalance", "videobalance saturation=0.5", KEPT, { 40, 20, 80, 60 },
      UPRIGHT },
  { "unixfdsink", "unixfdsrc", SERIALIZED, { 40, 20, 80, 60 }, UPRIGHT },
};

static gboolean
has_factory (const gchar *line)
{
  g_autofree gchar *name = g_strndup (line, strcspn (line, " "));
  const gchar *const names[] = { name, NULL };

  return test_has_elements (names);
}

static gboolean
is_installed (const Case *test)
{
  return has_factory (test->element)
      && (!test->line || has_factory (test->line));
}

static void
add_object (GstBuffer *buffer, const Rect *box)
{
#ifdef HAVE_ANALYTICS
  GstAnalyticsODMtd object;

  fail_unless (gst_analytics_relation_meta_add_od_mtd (
      gst_buffer_add_analytics_relation_meta (buffer),
      g_quark_from_string ("face"), box->x, box->y, box->width, box->height,
      0.75f, &object));
#endif
}

static GstBuffer *
make_frame (const Rect *box)
{
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autoptr (GstActivations) activations = test_activations (2, 3, 1, upright);

  test_add_region (buffer, "face", 7, (guint) box->x, (guint) box->y,
      (guint) box->width, (guint) box->height);
  add_object (buffer, box);
  test_add_prediction (buffer, activations, 3, box)->region_id = 7;
  return buffer;
}

/* The end of the stream makes elements give what they hold back. */
static GstBuffer *
run_element (const gchar *line, GstBuffer *buffer)
{
  GstHarness *harness = test_parse_harness (line, "I420", WIDTH, HEIGHT);

  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  gst_harness_push_event (harness, gst_event_new_eos ());
  buffer = gst_harness_pull (harness);
  fail_unless (buffer != NULL);
  gst_harness_teardown (harness);
  return buffer;
}

/* The sink takes memory that it shares, which an element before it asks for. */
static GstBuffer *
run_socket (GstBuffer *buffer)
{
  gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *line = g_strdup_printf (
      "videoconvert ! capsfilter caps=video/x-raw,format=RGB ! "
      "unixfdsink wait-for-connection=true socket-path=%s/socket",
      folder);
  g_autofree gchar *other_line =
      g_strdup_printf ("unixfdsrc socket-path=%s/socket", folder);
  GstHarness *harness = test_parse_harness (line, "I420", WIDTH, HEIGHT);
  GstHarness *other = gst_harness_new_parse (other_line);

  gst_harness_play (other);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_OK);
  buffer = gst_harness_pull (other);
  fail_unless (buffer != NULL);
  gst_harness_teardown (other);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
  return buffer;
}

static GstBuffer *
run (const Case *test, const Rect *box)
{
  GstBuffer *buffer = make_frame (box);

  if (test->fate == SERIALIZED)
    return run_socket (buffer);
  return run_element (test->line ? test->line : test->element, buffer);
}

/* Returns FALSE if there is none. */
static gboolean
get_prediction (GstBuffer *buffer, Rect *box)
{
  const GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer,
      0);

  if (!meta)
    return FALSE;
  *box = gst_activation_meta_get_box (meta);
  return TRUE;
}

static gboolean
get_region (GstBuffer *buffer, Rect *box)
{
  const GstVideoRegionOfInterestMeta *meta = test_nth_region (buffer, 0);

  if (!meta)
    return FALSE;
  *box = (Rect) { (gint) meta->x, (gint) meta->y, (gint) meta->w,
    (gint) meta->h };
  return TRUE;
}

static gboolean
get_object (GstBuffer *buffer, Rect *box)
{
#ifdef HAVE_ANALYTICS
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (
      buffer);
  gpointer state = NULL;
  GstAnalyticsODMtd object;
  gfloat confidence;

  return meta
      && gst_analytics_relation_meta_iterate (meta, &state,
          gst_analytics_od_mtd_get_mtd_type (), &object)
      && gst_analytics_od_mtd_get_location (&object, &box->x, &box->y,
          &box->width, &box->height, &confidence);
#else
  return FALSE;
#endif
}

static gboolean
is_same (const Rect *a, const Rect *b)
{
  return a->x == b->x && a->y == b->y && a->width == b->width
      && a->height == b->height;
}

static gboolean
is_there (Fate fate)
{
  return fate == KEPT || fate == SERIALIZED
      || (IS_TOLD && (fate == FOLLOWS || fate == MISPLACED));
}

static void
check_map (GstBuffer *buffer, const gfloat *map, gboolean is_transposed)
{
  guint height, width;
  const gfloat *data = gst_activations_get_layer_data (
      gst_buffer_get_nth_activation_meta (buffer, 0)->activations, 0, &height,
      &width, NULL, NULL);

  fail_unless_equals_int (height, is_transposed ? 3 : 2);
  fail_unless_equals_int (width, is_transposed ? 2 : 3);
  for (guint i = 0; i < G_N_ELEMENTS (upright); i++)
    fail_unless_equals_float (data[i], map[i]);
}

/* A process that has only received metadata so far can read it. */
GST_START_TEST (test_registered)
{
  gst_object_unref (test_element ("regionjson"));
  fail_unless (gst_meta_get_info ("GstActivationMeta") != NULL);
}
GST_END_TEST;

GST_START_TEST (test_element_moves)
{
  const Case *test = &cases[__i__];
  GstBuffer *buffer;
  Rect box = { 0 };

  if (!is_installed (test) || (test->fate == MISPLACED && !IS_TOLD))
    return;
  buffer = run (test, &somewhere);
  fail_unless_equals_int (get_prediction (buffer, &box), is_there (test->fate));
  if (is_there (test->fate)) {
    const GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer,
        0);

    fail_unless (is_same (&box, &test->box), "%s: %dx%d at %d,%d",
        test->element, box.width, box.height, box.x, box.y);
    fail_unless_equals_int (meta->id, 3);
    fail_unless_equals_int (meta->region_id, 7);
    check_map (buffer, test->map, test->box.width < test->box.height);
  }
  gst_buffer_unref (buffer);
}
GST_END_TEST;

/* Elements of ours that read boxes, behind one that moves them. */
static const gchar *const readers[] = {
  "regionjson",
  "facetracker face-model=\"\"",
  "cnninference ! identity",
  "activationoverlay",
  "queue ! videoconvert ! activationoverlay",
  "activationmap face-model=\"\"",
};

/* Returns whether a frame, or a line about it, has any boxes. */
static gboolean
has_boxes (GstBuffer *buffer)
{
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
  gsize size;
  const gchar *text = g_bytes_get_data (bytes, &size);
  Rect box;

  return get_region (buffer, &box) || get_object (buffer, &box)
      || get_prediction (buffer, &box)
      || g_strstr_len (text, (gssize) size, "roi_type");
}

static GstHarness *
make_reader (const gchar *mover, const gchar *reader)
{
  g_autofree gchar *line = g_strdup_printf ("%s ! %s", mover, reader);
  GstHarness *harness = test_parse_harness (line, "I420", WIDTH, HEIGHT);
  g_autoptr (GstBus) bus = gst_bus_new ();

  gst_element_set_bus (harness->element, bus);
  return harness;
}

#define WIDER \
  " ! capsfilter caps=video/x-raw,width=640,height=240,pixel-aspect-ratio=1/1"

/* What moves the picture, and words of the warning; NULL for none. */
static const struct {
  const gchar *line;
  const gchar *warning;
} movers[] = {
  { "videoscale name=mover" WIDER, "mover has put borders" },
  { "videoscale add-borders=false" WIDER, NULL },
};

/* Where boxes do not follow the picture, there is one warning, and they are
 * left out. */
static void
check_mover (guint mover, const gchar *reader)
{
  const gchar *warning = IS_TOLD ? NULL : movers[mover].warning;
  GstHarness *harness = make_reader (movers[mover].line, reader);

  for (guint i = 0; i < 3; i++) {
    GstBuffer *buffer = test_push (harness, make_frame (&somewhere));

    fail_unless_equals_int (has_boxes (buffer), !warning);
    gst_buffer_unref (buffer);
  }
  if (warning)
    test_expect_warning (harness->element, warning);
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING),
      0);
  gst_harness_teardown (harness);
}

GST_START_TEST (test_misplaced)
{
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    check_mover ((guint) __i__, readers[i]);
}
GST_END_TEST;

#if GST_CHECK_VERSION(1, 28, 0)
/* Boxes at and beyond the edges of the frame stay as they are. */
static const Rect edges[] = { { 240, 180, 80, 60 }, { -21, -7, 80, 60 },
  { 0, 0, WIDTH, HEIGHT }, { 300, 200, 81, 67 } };

GST_START_TEST (test_edges)
{
  const Rect *box = &edges[__i__];
  GstBuffer *buffer = make_frame (box);
  Rect moved = { 0 };

  buffer =
      run_element ("videoconvert ! capsfilter caps=video/x-raw,format=RGB ! "
                   "videoflip video-direction=90r ! "
                   "videoflip video-direction=90l ! "
                   "videocrop left=10 ! videobox left=-10",
          buffer);
  fail_unless (get_prediction (buffer, &moved));
  if (box->x >= 10) {
    fail_unless (is_same (box, &moved), "%dx%d at %d,%d", moved.width,
        moved.height, moved.x, moved.y);
  } else {
    /* What was cropped off does not come back. */
    fail_unless_equals_int (moved.x, 10);
    fail_unless_equals_int (moved.x + moved.width, box->x + box->width);
  }
  check_map (buffer, upright, FALSE);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

/* Faces of which GStreamer loses or misplaces the region, because a part is cut
 * off or because they touch an edge, and how they are still reported. */
static const struct {
  const gchar *line;
  Rect box;
  const gchar *report;
} lost_regions[] = {
  { "videocrop left=60", { 40, 20, 80, 60 },
      "\"x\":0,\"y\":20,\"w\":60,\"h\":60,\"unclipped\":{\"x\":-" },
  { "videoscale" WIDER, { 240, 180, 80, 60 },
      "\"x\":400,\"y\":180,\"w\":80,\"h\":60" },
};

GST_START_TEST (test_lost_region)
{
  GstHarness *harness = make_reader (lost_regions[__i__].line, "regionjson");
  GstBuffer *buffer = test_push (harness,
      make_frame (&lost_regions[__i__].box));
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
  g_autofree gchar *line = g_strndup (g_bytes_get_data (bytes, NULL),
      g_bytes_get_size (bytes));
  const gchar *first = strstr (line, "roi_type");

  fail_unless (strstr (line, lost_regions[__i__].report) != NULL, "%s", line);
  fail_unless (first && first == g_strrstr (line, "roi_type"), "%s", line);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstBuffer *
transform_frame (gfloat (*matrix)[3])
{
  GstBuffer *buffer = make_frame (&somewhere), *out = gst_buffer_new ();
  GstMeta *meta = (GstMeta *) gst_buffer_get_nth_activation_meta (buffer, 0);
  const GstVideoRectangle whole = { 0, 0, WIDTH, HEIGHT };
  GstVideoMetaTransformMatrix transform;
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  gst_video_meta_transform_matrix_init (&transform, &info, &whole, &info,
      &whole);
  memcpy (transform.matrix, matrix, sizeof transform.matrix);
  fail_unless (meta->info->transform_func (out, meta, buffer,
      gst_video_meta_transform_matrix_get_quark (), &transform));
  gst_buffer_unref (buffer);
  return out;
}

/* Where no upright box is left, there is no prediction either. */
GST_START_TEST (test_oblique)
{
  gfloat turned[3][3] = { { 0.7f, -0.7f, 0 }, { 0.7f, 0.7f, 0 }, { 0, 0, 1 } };
  gfloat tilted[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0.001f, 0, 1 } };
  gfloat huge[3][3] = { { 1e30f, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
  gfloat same[3][3] = { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } };
  gfloat (*const matrices[])[3] = { turned, tilted, huge, same };

  for (guint i = 0; i < G_N_ELEMENTS (matrices); i++) {
    GstBuffer *out = transform_frame (matrices[i]);
    Rect box = { 0 };

    fail_unless_equals_int (get_prediction (out, &box), i == 3);
    gst_buffer_unref (out);
  }
}
GST_END_TEST;
#endif

/* Allows for rounding. */
static gboolean
is_near (const Rect *a, const Rect *b)
{
  return ABS (a->x - b->x) <= 1 && ABS (a->y - b->y) <= 1
      && ABS (a->width - b->width) <= 1 && ABS (a->height - b->height) <= 1;
}

/* Elements may clip a box to the frame. */
static void
print_fate (gboolean is_there, const Rect *box, const Rect *expected)
{
  const Rect clipped = rect_clip (expected, G_MAXINT, G_MAXINT);

  if (!is_there)
    g_print ("\tgone");
  else if (is_near (box, expected))
    g_print (clipped.width > 0 ? "\tright" : "\toutside");
  else if (is_near (box, &clipped))
    g_print ("\tclipped");
  else
    g_print ("\twrong: %d,%d %dx%d", box->x, box->y, box->width, box->height);
}

static void
print_case (const Case *test)
{
  GstBuffer *buffer;
  Rect box = { 0 };

  if (!is_installed (test))
    return;
  buffer = run (test, &somewhere);
  g_print ("%s", test->element);
  print_fate (get_region (buffer, &box), &box, &test->box);
#ifdef HAVE_ANALYTICS
  print_fate (get_object (buffer, &box), &box, &test->box);
#else
  g_print ("\t-");
#endif
  print_fate (get_prediction (buffer, &box), &box, &test->box);
  g_print ("\n");
  gst_buffer_unref (buffer);
}

GST_START_TEST (print_table)
{
  guint major, minor, micro, nano;

  gst_version (&major, &minor, &micro, &nano);
  g_print ("GStreamer %u.%u\tregion\tobject\tprediction\n", major, minor);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    print_case (&cases[i]);
}
GST_END_TEST;

static Suite *
transforms_suite (gboolean prints)
{
  Suite *suite = suite_create ("transforms");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  if (prints) {
    tcase_add_test (tests, print_table);
    return suite;
  }
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_registered);
  tcase_add_loop_test (tests, test_element_moves, 0,
      (gint) G_N_ELEMENTS (cases));
  tcase_add_loop_test (tests, test_misplaced, 0, (gint) G_N_ELEMENTS (movers));
#if GST_CHECK_VERSION(1, 28, 0)
  tcase_add_loop_test (tests, test_edges, 0, (gint) G_N_ELEMENTS (edges));
  tcase_add_loop_test (tests, test_lost_region, 0,
      (gint) G_N_ELEMENTS (lost_regions));
  tcase_add_test (tests, test_oblique);
#endif
  return suite;
}

int
main (int argc, char **argv)
{
  const gboolean prints = argc > 1 && g_str_equal (argv[1], "--table");

  if (prints)
    argc = 1;
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (transforms_suite (prints), "transforms",
      __FILE__);
}
