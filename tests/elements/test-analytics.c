/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests with GstAnalytics: objects of other detectors are used as regions, and
 * elements that know only GstAnalytics can read and draw the faces and
 * predictions of our elements. */

#include "common.h"

#include <cjson/cJSON.h>
#include <gst/analytics/analytics.h>
#include <math.h>
#include <string.h>

#define WIDTH 640
#define HEIGHT 480
#define SIDE 32
#define MODEL test_path ("golden/models/original-small")

static const Rect somewhere = { 100, 80, 90, 70 };

static GstHarness *
make_inference (const gchar *properties)
{
  return test_harness (test_element ("cnninference model=%s %s", MODEL,
                           properties),
      "GRAY8", WIDTH, HEIGHT);
}

static GstHarness *
make_tracker (const gchar *rest)
{
  g_autofree gchar *line =
      g_strdup_printf ("facetracker face-model=%s min-size=%d %s",
          TEST_FACE_MODEL, TEST_MIN_SIZE, rest);

  return test_parse_harness (line, "GRAY8", WIDTH, HEIGHT);
}

static GstBuffer *
make_frame (guint number)
{
  return test_black_frame ("GRAY8", WIDTH, HEIGHT, number);
}

static GstBuffer *
make_face (guint number, gint x)
{
  GstBuffer *buffer = make_frame (number);

  test_draw_square (buffer, WIDTH, x, 96, SIDE, 255);
  return buffer;
}

static guint
add_object (GstBuffer *buffer, const gchar *type, const Rect *box)
{
  GstAnalyticsODMtd object;

  fail_unless (gst_analytics_relation_meta_add_od_mtd (
      gst_buffer_add_analytics_relation_meta (buffer),
      type ? g_quark_from_string (type) : 0, box->x, box->y, box->width,
      box->height, 0.75f, &object));
  return object.id;
}

static void
add_tracking (GstBuffer *buffer, guint object, guint64 id)
{
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (
      buffer);
  GstAnalyticsTrackingMtd tracking;

  fail_unless (
      gst_analytics_relation_meta_add_tracking_mtd (meta, id, 0, &tracking));
  /* Like ioutracker: a relation in this direction only. */
  fail_unless (gst_analytics_relation_meta_set_relation (meta,
      GST_ANALYTICS_REL_TYPE_RELATE_TO, object, tracking.id));
}

static guint
count (GstBuffer *buffer, GstAnalyticsMtdType type)
{
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (
      buffer);
  gpointer state = NULL;
  GstAnalyticsMtd mtd;
  guint n = 0;

  fail_unless (meta != NULL);
  while (gst_analytics_relation_meta_iterate (meta, &state, type, &mtd))
    n++;
  return n;
}

static guint
count_objects (GstBuffer *buffer)
{
  return count (buffer, gst_analytics_od_mtd_get_mtd_type ());
}

/* Returns the only metadata of @type that is related to @object. The relations
 * must exist in both directions, with all types that other elements look
 * for. */
static GstAnalyticsMtd
get_related (GstBuffer *buffer, guint object, GstAnalyticsMtdType type)
{
  GstAnalyticsRelationMeta *meta = gst_buffer_get_analytics_relation_meta (
      buffer);
  gpointer state = NULL;
  GstAnalyticsMtd mtd, other;

  fail_unless (gst_analytics_relation_meta_get_direct_related (meta, object,
      GST_ANALYTICS_REL_TYPE_RELATE_TO, type, &state, &mtd));
  fail_if (gst_analytics_relation_meta_get_direct_related (meta, object,
      GST_ANALYTICS_REL_TYPE_RELATE_TO, type, &state, &other));
  fail_unless_equals_int (gst_analytics_relation_meta_get_relation (meta,
                              object, mtd.id),
      GST_ANALYTICS_REL_TYPE_RELATE_TO | GST_ANALYTICS_REL_TYPE_CONTAIN);
  fail_unless_equals_int (gst_analytics_relation_meta_get_relation (meta,
                              mtd.id, object),
      GST_ANALYTICS_REL_TYPE_RELATE_TO | GST_ANALYTICS_REL_TYPE_IS_PART_OF);
  return mtd;
}

static guint64
get_track (GstBuffer *buffer, guint object, GstClockTime *first_seen)
{
  GstAnalyticsTrackingMtd tracking = get_related (buffer, object,
      gst_analytics_tracking_mtd_get_mtd_type ());
  GstClockTime last_seen;
  gboolean is_lost;
  guint64 id;

  fail_unless (gst_analytics_tracking_mtd_get_info (&tracking, &id, first_seen,
      &last_seen, &is_lost));
  fail_if (is_lost);
  return id;
}

/* Checks the type of @object and returns its box, read as other elements do. */
static Rect
get_object (GstBuffer *buffer, guint object, const gchar *type,
    gfloat *confidence)
{
  GstAnalyticsODMtd mtd;
  Rect box;

  fail_unless (gst_analytics_relation_meta_get_od_mtd (
      gst_buffer_get_analytics_relation_meta (buffer), object, &mtd));
  fail_unless_equals_string (g_quark_to_string (
                                 gst_analytics_od_mtd_get_obj_type (&mtd)),
      type);
  fail_unless (gst_analytics_od_mtd_get_location (&mtd, &box.x, &box.y,
      &box.width, &box.height, confidence));
  return box;
}

static guint
count_predictions (GstBuffer *buffer)
{
  guint n = 0;

  while (gst_buffer_get_nth_activation_meta (buffer, n))
    n++;
  return n;
}

static const cJSON *
get (const cJSON *object, const gchar *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  fail_unless (item != NULL, "no %s", key);
  return item;
}

/* Returns the line that comes out, to be freed with cJSON_Delete(). */
static cJSON *
push_and_parse (GstHarness *harness, GstBuffer *buffer)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree gchar *line = NULL;
  cJSON *frame;

  buffer = test_push (harness, buffer);
  bytes = test_copy_bytes (buffer);
  gst_buffer_unref (buffer);
  line = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  frame = cJSON_Parse (line);
  fail_unless (frame != NULL, "%s", line);
  return frame;
}

/* Types of objects, and whether they count as faces. */
static const struct {
  const gchar *type;
  gboolean is_face;
} types[] = { { "face", TRUE }, { "person", FALSE }, { NULL, TRUE } };

/* An object of another detector is a region of its type. */
GST_START_TEST (test_object)
{
  GstHarness *harness = make_inference ("");
  GstBuffer *buffer = make_frame (0);
  const guint object = add_object (buffer, types[__i__].type, &somewhere);
  const GstActivationMeta *meta;

  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_predictions (buffer), types[__i__].is_face);
  fail_unless_equals_int (count_objects (buffer), 1);
  fail_unless (test_nth_region (buffer, 0) == NULL);
  if (types[__i__].is_face) {
    meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    fail_unless_equals_int (meta->x, somewhere.x);
    fail_unless_equals_int (meta->y, somewhere.y);
    fail_unless_equals_int (meta->width, somewhere.width);
    fail_unless_equals_int (meta->height, somewhere.height);
    fail_unless_equals_int (meta->id, -1);
    fail_unless_equals_string (g_quark_to_string (meta->roi_type),
        types[__i__].type);
    get_related (buffer, object, gst_analytics_cls_mtd_get_mtd_type ());
  }
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A region, and an object whose id is 1: the id of the region, their distance
 * in pixels, the type of the object, and the expected number of faces. */
static const struct {
  gint id;
  gint distance;
  const gchar *type;
  guint n_faces;
} pairs[] = {
  { 0, 0, "face", 1 },
  { 0, 2, "face", 1 },
  { 7, -2, "face", 1 },
  { 0, 3, "face", 2 },
  { 7, 3, "face", 2 },
  { 1, 20, "face", 1 },
  { 1, 100, "face", 2 },
  { 0, 0, "person", 1 },
};

GST_START_TEST (test_one_face)
{
  GstHarness *harness = make_inference ("");
  GstBuffer *buffer = make_frame (0);
  const gint distance = pairs[__i__].distance;
  const Rect box = { somewhere.x + distance, somewhere.y + distance,
    somewhere.width - distance / 2, somewhere.height - distance / 2 };

  test_add_region (buffer, "face", pairs[__i__].id, (guint) somewhere.x,
      (guint) somewhere.y, (guint) somewhere.width, (guint) somewhere.height);
  add_object (buffer, "car", &somewhere);
  fail_unless_equals_int (add_object (buffer, pairs[__i__].type, &box), 1);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_predictions (buffer), pairs[__i__].n_faces);
  fail_unless_equals_int (count (buffer, gst_analytics_cls_mtd_get_mtd_type ()),
      pairs[__i__].n_faces);
  /* A region without an object gets one of its own. */
  fail_unless_equals_int (count_objects (buffer),
      2 + (pairs[__i__].n_faces == 2 || pairs[__i__].type[0] == 'p'));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A prediction still belongs to its object further downstream, even after a
 * change of size, and the second network finds the same faces as the first. */
GST_START_TEST (test_further_down)
{
  g_autofree gchar *line = g_strdup_printf (
      "cnninference model=%s attribute=one ! videoconvert ! videoscale "
      "add-borders=false ! capsfilter caps=video/x-raw,width=%d,height=%d ! "
      "cnninference model=%s attribute=two ! regionjson",
      MODEL, 333, 211, MODEL);
  GstHarness *harness = test_parse_harness (line, "GRAY8", WIDTH, HEIGHT);
  GstBuffer *buffer = make_frame (0);
  const Rect other = { 300, 80, 90, 70 };
  const cJSON *objects, *object;
  cJSON *frame;

  add_object (buffer, "car", &somewhere);
  add_object (buffer, "face", &somewhere);
  add_tracking (buffer, add_object (buffer, "face", &other), 42);
  test_add_region (buffer, "face", 0, 400, 300, 50, 60);
  frame = push_and_parse (harness, buffer);
  objects = get (frame, "objects");
  fail_unless_equals_int (cJSON_GetArraySize (objects), 4);
  cJSON_ArrayForEach (object, objects)
  {
    const gboolean is_face = !strcmp (get (object, "roi_type")->valuestring,
        "face");

    fail_unless_equals_int (cJSON_HasObjectItem (object, "one"), is_face);
    fail_unless_equals_int (cJSON_HasObjectItem (object, "two"), is_face);
    get (object, "region_id");
  }
  object = cJSON_GetArrayItem (objects, 3);
  fail_unless_equals_int (get (object, "id")->valueint, 42);
  fail_unless_equals_int (get (object, "x")->valueint, 156);
  object = get (object, "detection");
  fail_unless (fabs (get (object, "confidence")->valuedouble - 0.75) < 1e-6);
  fail_unless (fabs (get (get (object, "bounding_box"), "x_min")->valuedouble
                   - 300.0 / WIDTH)
      < 0.005);
  cJSON_Delete (frame);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* How many classes a white region has for each kind of output: labels are
 * listed if they are predicted, and a number and an image have none. */
static const struct {
  const gchar *output;
  gsize n_classes;
} heads[] = { { "age", 0 }, { "marks", 4 }, { "corner", 4 }, { "mask", 0 } };

GST_START_TEST (test_heads)
{
  const Rect box = { 96, 96, SIDE, SIDE };
  GstHarness *harness =
      test_harness (test_element ("cnninference model=%s output=%s",
                        test_path ("heads"), heads[__i__].output),
          "GRAY8", WIDTH, HEIGHT);
  GstBuffer *buffer = make_face (0, box.x);
  const guint object = add_object (buffer, "face", &box);
  GstAnalyticsMtd mtd;

  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_predictions (buffer), 1);
  fail_unless_equals_int (count (buffer, gst_analytics_cls_mtd_get_mtd_type ()),
      heads[__i__].n_classes > 0);
  if (heads[__i__].n_classes > 0) {
    mtd = get_related (buffer, object, gst_analytics_cls_mtd_get_mtd_type ());
    fail_unless_equals_int (gst_analytics_cls_mtd_get_length (
                                (GstAnalyticsClsMtd *) &mtd),
        heads[__i__].n_classes);
  }
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
check_uncertain (GstHarness *harness, GstBuffer *buffer, guint object)
{
  GstAnalyticsClsMtd mtd;

  buffer = test_push (harness, buffer);
  mtd = get_related (buffer, object, gst_analytics_cls_mtd_get_mtd_type ());
  fail_unless_equals_int (gst_analytics_cls_mtd_get_length (&mtd), 1);
  fail_unless_equals_string (g_quark_to_string (
                                 gst_analytics_cls_mtd_get_quark (&mtd, 0)),
      "uncertain");
  gst_buffer_unref (buffer);
}

/* The winner comes first, all classes have their scores, and labels are
 * escaped, because other elements read them as markup. */
GST_START_TEST (test_classification)
{
  const gchar *const labels[] = { "<b>one", "R&D", "\"three\"" };
  const gchar *const markup[] = { "&lt;b&gt;one", "R&amp;D",
    "&quot;three&quot;" };
  gchar *folder = test_write_model (8, 8, 3, 3);
  g_autofree gchar *text = g_strjoin ("\n", labels[0], labels[1], labels[2],
      NULL);
  GstAnalyticsClsMtd mtd;
  GstHarness *harness;
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, 0);
  const guint object = add_object (buffer, "face", &somewhere);
  const GstActivations *activations;
  guint winner;

  test_write_file (folder, "labels.txt", text, -1);
  harness = test_harness (test_element ("cnninference model=%s", folder),
      "GRAY8", WIDTH, HEIGHT);
  buffer = test_push (harness, buffer);
  activations = gst_buffer_get_nth_activation_meta (buffer, 0)->activations;
  winner = gst_activations_get_winner (activations);
  mtd = get_related (buffer, object, gst_analytics_cls_mtd_get_mtd_type ());
  fail_unless_equals_int (gst_analytics_cls_mtd_get_length (&mtd), 3);
  fail_unless_equals_string (g_quark_to_string (
                                 gst_analytics_cls_mtd_get_quark (&mtd, 0)),
      markup[winner]);
  for (guint i = 0; i < 3; i++) {
    const gint place = gst_analytics_cls_mtd_get_index_by_quark (&mtd,
        g_quark_from_string (markup[i]));

    fail_unless (place >= 0, "no %s", markup[i]);
    fail_unless_equals_float (gst_analytics_cls_mtd_get_level (&mtd,
                                  (gsize) place),
        gst_activations_get_score (activations, i));
  }
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "uncertain-below", 1.0, NULL);
  buffer = test_frame ("GRAY8", WIDTH, HEIGHT, 1);
  check_uncertain (harness, buffer, add_object (buffer, "face", &somewhere));
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* The classification of a whole frame is not related to any object. */
GST_START_TEST (test_whole_frame)
{
  GstHarness *harness = make_inference ("roi-type=\"\"");
  GstBuffer *buffer = make_frame (0);

  add_object (buffer, "face", &somewhere);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_objects (buffer), 1);
  fail_unless_equals_int (count (buffer, gst_analytics_cls_mtd_get_mtd_type ()),
      1);
  fail_unless_equals_int (gst_analytics_relation_meta_get_relation (
                              gst_buffer_get_analytics_relation_meta (buffer),
                              0, 1),
      GST_ANALYTICS_REL_TYPE_NONE);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A face is an object with the same box, confidence and id as its region, and
 * the id of the region meta is the id of the object. */
GST_START_TEST (test_found)
{
  GstHarness *harness = make_tracker ("roi-type=head");
  gint ids[2];

  for (guint i = 0; i < 20; i++) {
    GstBuffer *buffer = make_face (i, 570 + (gint) i);
    GstVideoRegionOfInterestMeta *region;
    GstClockTime first_seen;
    gfloat confidence;
    Rect box;

    /* Add a second face that could be confused with the first. */
    test_draw_square (buffer, WIDTH, 64, 256, SIDE, 255);
    buffer = test_push (harness, buffer);
    for (guint k = 0; (region = test_nth_region (buffer, k)); k++) {
      fail_unless (region->id > 0);
      box = get_object (buffer, (guint) region->id, "head", &confidence);
      fail_unless_equals_int (box.x, (gint) region->x);
      fail_unless_equals_int (box.y, (gint) region->y);
      fail_unless_equals_int (box.width, (gint) region->w);
      fail_unless_equals_int (box.height, (gint) region->h);
      fail_unless (box.x + box.width <= WIDTH);
      fail_unless (confidence > 0.5f && confidence <= 1.0f);
      fail_unless_equals_int ((gint) get_track (buffer, (guint) region->id,
                                  &first_seen),
          test_object_id (region));
      fail_unless_equals_uint64 (first_seen, 0);
      /* Faces keep their ids, in whatever order they are listed. */
      if (i == 0)
        ids[region->x < WIDTH / 2] = test_object_id (region);
      fail_unless_equals_int (test_object_id (region),
          ids[region->x < WIDTH / 2]);
    }
    fail_unless_equals_int (count_objects (buffer), 2);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Elements that find nothing attach empty metadata, so that nothing old is
 * drawn. */
static const gchar *const silent[] = { "facetracker",
  "facetracker face-model=\"\"", "cnninference" };

GST_START_TEST (test_nothing)
{
  GstHarness *harness = test_parse_harness (silent[__i__], "GRAY8", WIDTH,
      HEIGHT);
  GstBuffer *buffer = test_push (harness, make_frame (0));
  const GstAnalyticsRelationMeta *meta =
      gst_buffer_get_analytics_relation_meta (buffer);

  fail_unless (meta != NULL);
  fail_unless_equals_int (gst_analytics_relation_get_length (meta), 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Objects of other detectors are followed. Each stays one object, and gets a
 * new tracking in place of the one that it had. Boxes that are only regions
 * become objects, too. */
GST_START_TEST (test_followed)
{
  GstHarness *harness = make_tracker ("");

  for (guint i = 0; i < 10; i++) {
    GstBuffer *buffer = make_frame (i);
    const Rect left = { 10 + 3 * (gint) i, 100, 100, 100 };
    const Rect right = { 400 - 3 * (gint) i, 100, 100, 100 };
    GstVideoRegionOfInterestMeta *region;
    GstClockTime first_seen;
    guint object, other;

    test_add_region (buffer, "face", 0, 300, 300, 60, 60);
    object = add_object (buffer, "face", i % 2 ? &left : &right);
    add_tracking (buffer, object, 9);
    other = add_object (buffer, "face", i % 2 ? &right : &left);
    buffer = test_push (harness, buffer);
    region = test_nth_region (buffer, 0);
    fail_unless (test_nth_region (buffer, 1) == NULL);
    fail_unless_equals_int (count_objects (buffer), 3);
    fail_unless_equals_int (test_object_id (region), 1);
    fail_unless_equals_int ((gint) get_track (buffer, (guint) region->id,
                                &first_seen),
        1);
    fail_unless_equals_int ((gint) get_track (buffer, object, &first_seen),
        i % 2 ? 3 : 2);
    fail_unless_equals_int ((gint) get_track (buffer, other, &first_seen),
        i % 2 ? 2 : 3);
    fail_unless_equals_uint64 (first_seen, 0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* videoconvert drops the parameters of regions, but keeps trackings. So
 * predictions have the stable id, and not that of the object in its frame. */
GST_START_TEST (test_stable_ids)
{
  g_autofree gchar *line = g_strdup_printf (
      "! videoconvert ! "
      "video/x-raw,format=RGB ! cnninference model=%s interval=3",
      MODEL);
  GstHarness *harness = make_tracker (line);
  gint id = -1;

  for (guint i = 0; i < 10; i++) {
    GstBuffer *buffer = make_face (i, 100 + 2 * (gint) i);
    const GstActivationMeta *meta;

    /* From here on there is a second face, so object ids may change. */
    if (i > 4)
      test_draw_square (buffer, WIDTH, 400, 256, SIDE, 255);
    buffer = test_push (harness, buffer);
    meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    fail_unless (meta != NULL);
    if (i == 0)
      id = meta->id;
    fail_unless_equals_int (meta->id, id);
    fail_unless (test_object_id (test_nth_region (buffer, 0)) == -1);
    fail_unless_equals_int (count_objects (buffer), count_predictions (buffer));
    gst_buffer_unref (buffer);
  }
  fail_unless (id > 0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* GStreamer's own overlay draws our faces and labels, and nothing in frames
 * that we mark as having none. */
GST_START_TEST (test_drawn)
{
  const gchar *const needed[] = { "objectdetectionoverlay", "videoconvert",
    NULL };
  gchar *folder = test_write_model (8, 8, 3, 2);
  g_autofree gchar *line = g_strdup_printf (
      "! cnninference model=%s ! "
      "videoconvert ! video/x-raw,format=BGRA ! objectdetectionoverlay",
      folder);
  GstHarness *harness;
  GstVideoFrame frame;
  GstVideoInfo info;
  GstBuffer *buffer;

  if (!test_has_elements (needed)) {
    test_remove_folder (folder);
    return;
  }
  test_write_file (folder, "labels.txt", "<i>&\n</b>", -1);
  harness = make_tracker (line);
  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_BGRA, WIDTH, HEIGHT);
  for (guint i = 0; i < 4; i++) {
    guint n_box = 0, n_label = 0;

    buffer = test_push (harness, i == 0 ? make_face (i, 128) : make_frame (i));
    fail_unless (gst_video_frame_map (&frame, &info, buffer, GST_MAP_READ));
    for (gint y = 0; y < HEIGHT; y++) {
      for (gint x = 0; x < WIDTH; x++) {
        const guint8 *pixel = GST_VIDEO_FRAME_COMP_DATA (&frame, 1)
            + y * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) + 4 * x;
        const gboolean is_inside = x >= 128 && x < 128 + SIDE && y >= 96
            && y < 96 + SIDE;

        if (*pixel <= 40 || is_inside)
          continue;
        n_box += y >= 94;
        n_label += y < 94;
      }
    }
    gst_video_frame_unmap (&frame);
    gst_buffer_unref (buffer);
    fail_unless_equals_int (n_box > 0, i == 0);
    fail_unless_equals_int (n_label > 0, i == 0);
  }
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

static Suite *
analytics_suite (void)
{
  Suite *suite = suite_create ("analytics");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_object, 0, (gint) G_N_ELEMENTS (types));
  tcase_add_loop_test (tests, test_one_face, 0, (gint) G_N_ELEMENTS (pairs));
  tcase_add_test (tests, test_further_down);
  tcase_add_loop_test (tests, test_heads, 0, G_N_ELEMENTS (heads));
  tcase_add_test (tests, test_classification);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_found);
  tcase_add_loop_test (tests, test_nothing, 0, (gint) G_N_ELEMENTS (silent));
  tcase_add_test (tests, test_followed);
  tcase_add_test (tests, test_stable_ids);
  tcase_add_test (tests, test_drawn);
  return suite;
}

GST_CHECK_MAIN (analytics);
