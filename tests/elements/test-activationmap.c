/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of the bin activationmap: its properties, the regions that it analyses,
 * and its behaviour in pipelines. */

#include "common.h"

#include <gst/controller/gstdirectcontrolbinding.h>
#include <gst/controller/gstinterpolationcontrolsource.h>
#include <math.h>

#define WIDTH 640
#define HEIGHT 480
#define MODEL test_path ("golden/models/original-small")

static GstElement *
make_element (const gchar *properties)
{
  return test_element ("activationmap model=%s face-model=%s min-size=%d %s",
      MODEL, TEST_FACE_MODEL, TEST_MIN_SIZE, properties);
}

static guint
count_activations (GstBuffer *buffer)
{
  gpointer state = NULL;
  guint n = 0;

  while (gst_buffer_iterate_activation_meta (buffer, &state))
    n++;
  return n;
}

static void
check_box (GstBuffer *buffer, guint index, guint x, guint y, guint width,
    guint height)
{
  GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, index);

  fail_unless (meta != NULL);
  fail_unless (meta->x == (gint) x && meta->y == (gint) y
          && meta->width == width && meta->height == height,
      "%u,%u %ux%u", meta->x, meta->y, meta->width, meta->height);
}

/* Properties */

static const gchar *const children[] = { "tracker", "inference", "overlay" };

static gboolean
is_own (GParamSpec *pspec, GObject *object)
{
  return pspec->owner_type == G_OBJECT_TYPE (object);
}

GST_START_TEST (test_properties)
{
  GstElement *element = test_element ("activationmap");
  GObjectClass *object_class = G_OBJECT_GET_CLASS (element);

  for (guint i = 0; i < G_N_ELEMENTS (children); i++) {
    GstElement *child = gst_bin_get_by_name (GST_BIN (element), children[i]);
    g_autofree GParamSpec **pspecs = NULL;
    guint n_pspecs, n_compared = 0;

    fail_unless (child != NULL);
    pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (child),
        &n_pspecs);
    for (guint k = 0; k < n_pspecs; k++) {
      GParamSpec *own = g_object_class_find_property (object_class,
          pspecs[k]->name);
      GValue here = G_VALUE_INIT, there = G_VALUE_INIT;

      if (!is_own (pspecs[k], G_OBJECT (child)))
        continue;
      n_compared++;
      fail_unless (own != NULL, "no %s", pspecs[k]->name);
      fail_unless (is_own (own, G_OBJECT (element)));
      fail_unless (own->value_type == pspecs[k]->value_type);
      fail_unless (own->flags == pspecs[k]->flags);
      fail_unless (
          g_param_values_cmp (own, g_param_spec_get_default_value (own),
              g_param_spec_get_default_value (pspecs[k]))
          == 0);
      g_object_get_property (G_OBJECT (element), own->name, &here);
      g_object_get_property (G_OBJECT (child), own->name, &there);
      fail_unless (g_param_values_cmp (own, &here, &there) == 0);
      fail_unless (
          g_param_values_cmp (own, &here, g_param_spec_get_default_value (own))
          == 0);
      g_value_unset (&here);
      g_value_unset (&there);
    }
    fail_unless (n_compared > 0);
    gst_object_unref (child);
  }
  gst_object_unref (element);
}
GST_END_TEST;

static GstControlSource *
control (GstElement *element, const gchar *property)
{
  GstControlSource *source = gst_interpolation_control_source_new ();

  g_object_set (source, "mode", GST_INTERPOLATION_MODE_LINEAR, NULL);
  fail_unless (gst_object_add_control_binding (GST_OBJECT (element),
      gst_direct_control_binding_new_absolute (GST_OBJECT (element), property,
          source)));
  return source;
}

/* A property of the bin can be controlled, and its child gets the same
 * value. */
GST_START_TEST (test_controlled)
{
  GstElement *element = make_element ("");
  g_autoptr (GstElement)
      overlay = gst_bin_get_by_name (GST_BIN (element), "overlay");
  GstControlSource *source = control (element, "opacity");
  GstHarness *harness = test_harness (element, "I420", 64, 48);

  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source),
      0, 0.0);
  gst_timed_value_control_source_set (GST_TIMED_VALUE_CONTROL_SOURCE (source),
      GST_SECOND, 1.0);
  for (guint i = 0; i <= 30; i += 10) {
    gdouble here, there;

    gst_buffer_unref (test_push (harness, test_frame ("I420", 64, 48, i)));
    g_object_get (element, "opacity", &here, NULL);
    g_object_get (overlay, "opacity", &there, NULL);
    fail_unless (fabs (here - i / 30.0) < 1e-6, "%g at frame %u", here, i);
    fail_unless (here == there);
  }
  gst_object_unref (source);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_set_and_get)
{
  GstElement *element = test_element (
      "activationmap model=a labels=b roi-type=c roi-scale=1.5 layers=d "
      "interval=7 attribute=e post-messages=true max-memory=77 max-macs=99 "
      "output=g colormap=jet "
      "draw-boxes=false draw-labels=false draw-maps=false face-model=f "
      "min-size=50 max-faces=3 confidence=0.75 label-size=20 "
      "label-content=id+label");

  for (guint i = 0; i <= G_N_ELEMENTS (children); i++) {
    static const gchar *const names[] = { "model", "labels", "roi-type",
      "layers", "attribute", "roi-scale", "interval", "post-messages",
      "max-memory", "max-macs", "output", "colormap", "draw-boxes",
      "draw-labels", "draw-maps", "face-model", "min-size", "max-faces",
      "confidence", "label-size", "label-content" };
    static const gchar *const due[] = { "a", "b", "c", "d", "e", "1.5", "7",
      "true", "77", "99", "g", "Rainbow, as in old plots", "false", "false",
      "false", "f", "50", "3", "0.75", "20",
      "The id of the region+The label of each attribute" };
    GstElement *object = i == 0
        ? gst_object_ref (element)
        : gst_bin_get_by_name (GST_BIN (element), children[i - 1]);

    for (guint k = 0; k < G_N_ELEMENTS (names); k++) {
      GParamSpec *pspec =
          g_object_class_find_property (G_OBJECT_GET_CLASS (object), names[k]);
      GValue value = G_VALUE_INIT;
      g_autofree gchar *text = NULL;

      if (!pspec)
        continue;
      g_object_get_property (G_OBJECT (object), names[k], &value);
      text = G_VALUE_HOLDS_STRING (&value) ? g_value_dup_string (&value)
                                           : gst_value_serialize (&value);
      if (g_str_equal (names[k], "colormap")) {
        fail_unless_equals_int (g_value_get_enum (&value), 7);
      } else {
        fail_unless_equals_string (text, due[k]);
      }
      g_value_unset (&value);
    }
    gst_object_unref (object);
  }
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_is_a_filter)
{
  GstElement *element = make_element ("");
  GstHarness *harness = test_harness (element, "RGB", WIDTH, HEIGHT);

  fail_if (GST_OBJECT_FLAG_IS_SET (harness->element, GST_ELEMENT_FLAG_SINK));
  fail_if (GST_OBJECT_FLAG_IS_SET (harness->element, GST_ELEMENT_FLAG_SOURCE));
  fail_unless_equals_int (harness->element->numsinkpads, 1);
  fail_unless_equals_int (harness->element->numsrcpads, 1);
  gst_harness_set_upstream_latency (harness, 12 * GST_MSECOND);
  fail_unless_equals_uint64 (gst_harness_query_latency (harness),
      12 * GST_MSECOND);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Regions */

/* A frame with a face of 32 pixels at 128, 96. */
static GstBuffer *
make_frame (const gchar *format, guint number)
{
  GstBuffer *buffer = test_black_frame ("GRAY8", WIDTH, HEIGHT, number);

  test_draw_square (buffer, WIDTH, 128, 96, 32, 255);
  return test_convert (buffer, "GRAY8", format, WIDTH, HEIGHT);
}

GST_START_TEST (test_finds)
{
  static const gchar *const formats[] = { "RGB", "I420", "NV12", "YUY2",
    "GRAY8", "BGRA", "I420_10LE", "P010_10LE" };
  GstHarness *harness = test_harness (make_element (""), "RGB", WIDTH, HEIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    GstBuffer *buffer;

    gst_harness_set_src_caps (harness, test_caps (formats[i], WIDTH, HEIGHT));
    buffer = test_push (harness, make_frame (formats[i], i));
    fail_unless_equals_int (count_activations (buffer), 1);
    check_box (buffer, 0, 128, 96, 32, 32);
    fail_unless_equals_int (gst_buffer_get_nth_activation_meta (buffer, 0)->id,
        1);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static gboolean
accepts (GstElement *element, const gchar *format)
{
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstCaps) caps = test_caps (format, WIDTH, HEIGHT);

  return gst_pad_query_accept_caps (pad, caps);
}

/* Formats like those that are read, but with samples that lie otherwise. */
GST_START_TEST (test_formats_refused)
{
  static const gchar *const lines[] = { "facetracker", "cnninference",
    "activationoverlay", "activationmap" };
  static const gchar *const formats[] = { "I420_10BE", "P010_10BE",
    "NV12_10LE32", "NV12_10LE40", "I420_12LE", "I422_10LE", "P012_LE",
    "GRAY16_LE" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    GstElement *element = test_element ("%s", lines[i]);

    fail_unless (accepts (element, "I420_10LE"));
    fail_unless (accepts (element, "P010_10LE"));
    for (guint k = 0; k < G_N_ELEMENTS (formats); k++)
      fail_if (accepts (element, formats[k]), "%s accepts %s", lines[i],
          formats[k]);
    gst_object_unref (element);
  }
}
GST_END_TEST;

/* If nothing is drawn, the picture is neither changed nor copied. */
GST_START_TEST (test_leaves_pixels)
{
  GstHarness *harness = test_harness (
      make_element ("draw-boxes=false draw-labels=false draw-maps=false"),
      "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = make_frame ("I420", 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (buffer);
  GstMemory *memory = gst_buffer_peek_memory (buffer, 0);

  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), 1);
  fail_unless (gst_buffer_peek_memory (buffer, 0) == memory);
  fail_unless (test_same_bytes (buffer, bytes));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_upstream_regions)
{
  GstHarness *harness = test_harness (make_element (""), "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = make_frame ("RGB", 0);

  test_add_region (buffer, "face", 0, 300, 200, 77, 88);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), 1);
  check_box (buffer, 0, 300, 200, 77, 88);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_whole_frame)
{
  GstHarness *harness = test_harness (make_element ("roi-type=\"\""), "RGB",
      WIDTH, HEIGHT);
  GstBuffer *buffer = test_push (harness, make_frame ("RGB", 0));

  fail_unless_equals_int (count_activations (buffer), 1);
  check_box (buffer, 0, 0, 0, WIDTH, HEIGHT);
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "roi-type", "face", NULL);
  buffer = test_push (harness, make_frame ("RGB", 1));
  fail_unless_equals_int (count_activations (buffer), 1);
  check_box (buffer, 0, 128, 96, 32, 32);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GBytes *
draw_label (const gchar *properties)
{
  g_autofree gchar *all =
      g_strconcat ("layout=face draw-maps=false label-content=label ",
          properties, NULL);
  GstHarness *harness = test_harness (make_element (all), "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = test_push (harness, make_frame ("RGB", 0));
  GBytes *bytes = test_copy_bytes (buffer);

  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  return bytes;
}

/* What is drawn is the same as of a network whose classes have that name. */
GST_START_TEST (test_uncertain)
{
  gchar *folder = test_write_model (8, 8, 3, 2);
  g_autofree gchar *labels = g_strdup_printf ("labels=\"%s/labels.txt\"",
      folder);
  g_autoptr (GBytes) named = NULL;
  g_autoptr (GBytes) uncertain = draw_label ("uncertain-below=1");
  g_autoptr (GBytes) usual = draw_label ("");

  test_write_file (folder, "labels.txt", "uncertain\nuncertain", -1);
  named = draw_label (labels);
  fail_unless (g_bytes_equal (uncertain, named));
  fail_if (g_bytes_equal (uncertain, usual));
  test_remove_folder (folder);
}
GST_END_TEST;

GST_START_TEST (test_no_face_model)
{
  GstHarness *harness = test_harness (make_element ("face-model=\"\""), "RGB",
      WIDTH, HEIGHT);
  GstBuffer *buffer = test_push (harness, make_frame ("RGB", 0));

  fail_unless_equals_int (count_activations (buffer), 0);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_ERROR | GST_MESSAGE_WARNING),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The detector and the network run on the same frames, so that the network
 * never runs on a place where a face is only expected to be. Each frame has a
 * prediction. */
GST_START_TEST (test_interval)
{
  GstHarness *harness = test_harness (make_element ("interval=3"), "GRAY8",
      WIDTH, HEIGHT);
  const GstActivations *last = NULL;
  GstBuffer *outputs[12];

  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++) {
    GstActivationMeta *meta;

    outputs[i] = test_push (harness, make_frame ("GRAY8", i));
    fail_unless_equals_int (count_activations (outputs[i]), 1);
    check_box (outputs[i], 0, 128, 96, 32, 32);
    meta = gst_buffer_get_nth_activation_meta (outputs[i], 0);
    fail_unless ((meta->activations == last) == (i % 3 != 0));
    last = meta->activations;
  }
  for (guint i = 0; i < G_N_ELEMENTS (outputs); i++)
    gst_buffer_unref (outputs[i]);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_tiny_frames)
{
  static const gint sizes[] = { 1, 2, 3, 15, 16 };
  GstHarness *harness = test_harness (make_element (""), "I420", 1, 1);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++) {
      gst_harness_set_src_caps (harness,
          test_caps ("I420", sizes[i], sizes[k]));
      gst_buffer_unref (
          test_push (harness, test_frame ("I420", sizes[i], sizes[k], i)));
    }
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A model that cannot be loaded causes one error, and the bin works once the
 * property has been corrected. */
GST_START_TEST (test_bad_model)
{
  GstElement *element = make_element ("");
  GstHarness *harness;
  GstBuffer *buffer;

  g_object_set (element, "model", "/no/such/model", NULL);
  test_expect_no_start (element);
  test_expect_error (element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "/no/such/model");
  g_object_set (element, "model", MODEL, NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = test_push (harness, make_frame ("RGB", 0));
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Pipelines */

static GstElement *
make_pipeline (const gchar *source, const gchar *properties, const gchar *sink)
{
  g_autofree gchar *line = g_strdup_printf (
      "%s ! video/x-raw,format=I420,width=320,height=240,framerate=30/1 ! "
      "activationmap name=map model=%s face-model=%s %s ! %s",
      source, MODEL, TEST_FACE_MODEL, properties, sink);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);

  fail_unless (pipeline != NULL && error == NULL, "%s: %s", line,
      error ? error->message : "");
  return pipeline;
}

static void
wait_for (GstElement *pipeline, GstMessageType type)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  GstMessage *message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      type | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);

  fail_unless (message != NULL, "nothing happens");
  fail_unless (GST_MESSAGE_TYPE (message) == type, "%s",
      GST_MESSAGE_TYPE_NAME (message));
  gst_message_unref (message);
}

static void
stop (GstElement *pipeline)
{
  fail_unless_equals_int (gst_element_set_state (pipeline, GST_STATE_NULL),
      GST_STATE_CHANGE_SUCCESS);
  gst_object_unref (pipeline);
}

GST_START_TEST (test_end_of_stream)
{
  GstElement *pipeline = make_pipeline ("videotestsrc num-buffers=20", "",
      "fakesink");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (test_state_cycles)
{
  GstElement *pipeline = make_pipeline ("videotestsrc", "", "fakesink");
  GstElement *map = gst_bin_get_by_name (GST_BIN (pipeline), "map");

  for (guint i = 0; i < 20; i++) {
    /* Sometimes go only up to PAUSED, or only back to READY. */
    gst_element_set_state (pipeline,
        i % 3 == 2 ? GST_STATE_PAUSED : GST_STATE_PLAYING);
    wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
    fail_unless_equals_int (gst_element_set_state (pipeline,
                                i % 4 == 3 ? GST_STATE_READY : GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
  }
  gst_element_set_state (pipeline, GST_STATE_NULL);
  fail_unless_equals_int (GST_BIN_NUMCHILDREN (map), 3);
  gst_object_unref (map);
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (test_seek)
{
  GstElement *pipeline = make_pipeline ("videotestsrc num-buffers=100000",
      "interval=3", "fakesink");

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
  for (guint i = 0; i < 10; i++) {
    fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH, (10 - i) * GST_SECOND));
    wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
  }
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (test_latency)
{
  GstElement *pipeline =
      make_pipeline ("videotestsrc is-live=true num-buffers=5", "",
          "fakesink sync=true");
  GstQuery *query = gst_query_new_latency ();
  gboolean live;
  GstClockTime least, most;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
  fail_unless (gst_element_query (pipeline, query));
  gst_query_parse_latency (query, &live, &least, &most);
  fail_unless (live);
  fail_unless (most == GST_CLOCK_TIME_NONE || most >= least);
  gst_query_unref (query);
  wait_for (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
}
GST_END_TEST;

/* Caps can be negotiated with converters on both sides. */
GST_START_TEST (test_negotiation)
{
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=5 ! video/x-raw,format=AYUV ! videoconvert ! "
      "activationmap model=%s face-model=%s ! videoconvert ! "
      "video/x-raw,format=v308 ! fakesink",
      MODEL, TEST_FACE_MODEL);
  GstElement *pipeline = gst_parse_launch (line, NULL);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
}
GST_END_TEST;

/* Two bins in one pipeline do not disturb each other. */
GST_START_TEST (test_two)
{
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=60 ! tee name=t ! queue ! activationmap "
      "model=%s face-model=%s ! fakesink t. ! queue ! activationmap "
      "model=%s face-model=%s colormap=jet ! fakesink",
      MODEL, TEST_FACE_MODEL, MODEL, TEST_FACE_MODEL);
  GstElement *pipeline = gst_parse_launch (line, NULL);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
}
GST_END_TEST;

static Suite *
activationmap_suite (void)
{
  Suite *suite = suite_create ("activationmap");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_properties);
  tcase_add_test (tests, test_controlled);
  tcase_add_test (tests, test_set_and_get);
  tcase_add_test (tests, test_is_a_filter);
  tcase_add_test (tests, test_finds);
  tcase_add_test (tests, test_formats_refused);
  tcase_add_test (tests, test_leaves_pixels);
  tcase_add_test (tests, test_upstream_regions);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_uncertain);
  tcase_add_test (tests, test_no_face_model);
  tcase_add_test (tests, test_interval);
  tcase_add_test (tests, test_tiny_frames);
  tcase_add_test (tests, test_bad_model);
  tcase_add_test (tests, test_end_of_stream);
  tcase_add_test (tests, test_state_cycles);
  tcase_add_test (tests, test_seek);
  tcase_add_test (tests, test_latency);
  tcase_add_test (tests, test_negotiation);
  tcase_add_test (tests, test_two);
  return suite;
}

GST_CHECK_MAIN (activationmap);
