/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* After a change of a property, of the caps or of the stream, an element
 * discards the results that no longer hold, and no others. */

#include "common.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MODEL test_path ("golden/models/original-small")
#define WIDTH 97
#define HEIGHT 75

/* Returns the activations of the only face. The caller may only compare the
 * pointer with others. */
static const GstActivations *
push_face (GstHarness *harness, guint number)
{
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, number);
  GstActivationMeta *meta;
  const GstActivations *activations;

  test_add_region (buffer, "face", 1, 20, 11, 41, 30);
  buffer = test_push (harness, buffer);
  meta = gst_buffer_get_nth_activation_meta (buffer, 0);
  fail_unless (meta != NULL);
  activations = meta->activations;
  gst_buffer_unref (buffer);
  return activations;
}

static GstHarness *
make_harness (void)
{
  return test_harness (test_element ("cnninference interval=1000 model=%s",
                           MODEL),
      "RGB", WIDTH, HEIGHT);
}

static const struct {
  const gchar *name;
  const gchar *value;
  gboolean is_other; /* whether earlier results no longer hold */
} settings[] = {
  { "post-messages", "true", FALSE },
  { "interval", "500", FALSE },
  { "interval", "1000", FALSE },
  { "model", NULL, FALSE }, /* the same */
  { "layers", "auto", FALSE },
  { "roi-scale", "0", FALSE },
  { "roi-type", "face", FALSE },
  { "max-memory", "1024", FALSE },
  { "explain", "none", FALSE },
  { "roi-scale", "1.5", TRUE },
  { "layers", "all", TRUE },
  { "attribute", "other", TRUE },
  { "uncertain-below", "0.75", TRUE },
  { "explain", "hires-cam", TRUE },
  { "knock-out", "conv2d_1:1", TRUE },
  { "max-memory", "512", TRUE },
  { "max-macs", "100000", FALSE },
  { "max-macs", "50000", TRUE },
  { "output", "0", TRUE },
};

GST_START_TEST (test_properties)
{
  GstHarness *harness = make_harness ();
  const gchar *value = settings[__i__].value;
  const GstActivations *first = push_face (harness, 0);
  /* Kept, or other activations might be allocated at the same address. */
  GstActivations *kept = gst_activations_ref ((GstActivations *) first);

  fail_unless (push_face (harness, 1) == first);
  gst_util_set_object_arg (G_OBJECT (harness->element), settings[__i__].name,
      value ? value : MODEL);
  fail_unless ((push_face (harness, 2) != first) == settings[__i__].is_other);
  gst_activations_unref (kept);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Nothing is kept from another stream, nor, in the next test, from frames of
 * another size. A new event with the same caps changes nothing. */
GST_START_TEST (test_streams)
{
  GstHarness *harness = make_harness ();
  const GstActivations *first = push_face (harness, 0);
  GstActivations *kept;

  gst_harness_push_event (harness,
      gst_event_new_caps (test_caps ("RGB", WIDTH, HEIGHT)));
  fail_unless (push_face (harness, 1) == first);
  kept = gst_activations_ref ((GstActivations *) first);
  gst_harness_push_event (harness, gst_event_new_stream_start ("other"));
  gst_harness_push_event (harness,
      gst_event_new_caps (test_caps ("RGB", WIDTH, HEIGHT)));
  {
    GstSegment segment;

    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_harness_push_event (harness, gst_event_new_segment (&segment));
  }
  fail_if (push_face (harness, 2) == first);
  gst_activations_unref (kept);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_other_size)
{
  GstHarness *harness = make_harness ();
  const GstActivations *first = push_face (harness, 0);
  GstActivations *kept = gst_activations_ref ((GstActivations *) first);

  gst_harness_set_src_caps (harness, test_caps ("RGB", WIDTH + 2, HEIGHT));
  {
    GstBuffer *buffer = test_frame ("RGB", WIDTH + 2, HEIGHT, 1);

    test_add_region (buffer, "face", 1, 20, 11, 41, 30);
    buffer = test_push (harness, buffer);
    fail_if (
        gst_buffer_get_nth_activation_meta (buffer, 0)->activations == first);
    gst_buffer_unref (buffer);
  }
  gst_activations_unref (kept);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A problem with one property is reported once, whatever happens to others. */
GST_START_TEST (test_warnings)
{
  GstHarness *harness = make_harness ();
  GstElement *element = harness->element;

  g_object_set (element, "layers", "nosuch", NULL);
  push_face (harness, 0);
  test_expect_warning (element, "nosuch");
  g_object_set (element, "explain", 1, "knock-out", "conv2d_1:1", NULL);
  push_face (harness, 1);
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_WARNING),
      0);
  g_object_set (element, "layers", "auto", NULL);
  push_face (harness, 2);
  g_object_set (element, "layers", "nosuch", NULL);
  push_face (harness, 3);
  test_expect_warning (element, "nosuch");
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_other_faces)
{
  GstElement *element = test_element ("activationoverlay channel=bad");
  GstHarness *harness = test_harness (gst_object_ref (element), "RGB", WIDTH,
      HEIGHT);

  gst_buffer_unref (test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0)));
  test_expect_warning (element, "bad");
  for (guint face = 1; face < 4; face++) {
    g_object_set (element, "panel-face", face, NULL);
    gst_buffer_unref (
        test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, face)));
  }
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_WARNING),
      0);
  gst_object_unref (element);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A load that failed is not repeated until a relevant setting changes. */
GST_START_TEST (test_failed_load)
{
  gchar *folder = test_write_model (8, 8, 3, 2);
  g_autofree gchar *shard = g_build_filename (folder, "weights.bin", NULL);
  g_autofree gchar *aside = g_strconcat (shard, ".aside", NULL);
  GstHarness *harness = make_harness ();

  fail_unless_equals_int (g_rename (shard, aside), 0);
  g_object_set (harness->element, "model", folder, NULL);
  for (guint i = 0; i < 3; i++) {
    fail_unless_equals_int (gst_harness_push (harness,
                                test_frame ("RGB", WIDTH, HEIGHT, i)),
        GST_FLOW_ERROR);
    /* Neither the file, whether it is there again or not, nor these settings
     * cause another attempt. */
    fail_unless_equals_int (g_rename (i % 2 ? shard : aside,
                                i % 2 ? aside : shard),
        0);
    g_object_set (harness->element, "interval", 3 + i, "model", folder, NULL);
  }
  g_object_set (harness->element, "max-memory", 99, NULL);
  push_face (harness, 7);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

GST_START_TEST (test_failed_detector)
{
  g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  g_autofree gchar *model = g_build_filename (folder, "face", NULL);
  g_autofree gchar *file = g_build_filename (model, "model.json", NULL);
  GstHarness *harness = test_harness (test_element ("facetracker"), "RGB",
      WIDTH, HEIGHT);

  g_object_set (harness->element, "face-model", model, NULL);
  for (guint i = 0; i < 2; i++) {
    fail_unless_equals_int (gst_harness_push (harness,
                                test_frame ("RGB", WIDTH, HEIGHT, i)),
        GST_FLOW_ERROR);
    if (i == 0)
      fail_unless_equals_int (symlink (TEST_FACE_MODEL, model), 0);
    g_object_set (harness->element, "confidence", 0.6, "face-model", model,
        NULL);
  }
  g_object_set (harness->element, "face-model", file, NULL);
  gst_buffer_unref (test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 2)));
  gst_harness_teardown (harness);
  g_unlink (model);
  g_rmdir (folder);
}
GST_END_TEST;

/* Properties read back as they were set. The default leaves the value to the
 * model. */
GST_START_TEST (test_defaults)
{
  GstElement *element = test_element ("cnninference");
  g_autofree gchar *attribute = NULL, *labels = NULL, *model = NULL;
  gdouble scale;

  g_object_get (element, "roi-scale", &scale, "attribute", &attribute, "labels",
      &labels, "model", &model, NULL);
  fail_unless_equals_float (scale, 0.0);
  fail_unless (attribute == NULL && labels == NULL && model == NULL);
  gst_object_unref (element);
}
GST_END_TEST;

static Suite *
changes_suite (void)
{
  Suite *suite = suite_create ("field-changes");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_properties, 0,
      (gint) G_N_ELEMENTS (settings));
  tcase_add_test (tests, test_streams);
  tcase_add_test (tests, test_other_size);
  tcase_add_test (tests, test_warnings);
  tcase_add_test (tests, test_other_faces);
  tcase_add_test (tests, test_failed_load);
  tcase_add_test (tests, test_failed_detector);
  tcase_add_test (tests, test_defaults);
  return suite;
}

GST_CHECK_MAIN (changes);
