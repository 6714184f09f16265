/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap, the bin: its properties, its detector, and how it behaves in
 * pipelines. */

#include "common.h"

#include <gst/base/gstbasetransform.h>
#include <string.h>

#define WIDTH 640
#define HEIGHT 480
#define MODEL test_path ("golden/models/original-small")

/* A detector that finds a face at a tenth of the picture, a fifth of it wide
 * and high, and counts the frames that it sees. */

typedef GstBaseTransform TestDetector;
typedef GstBaseTransformClass TestDetectorClass;

static GType test_detector_get_type (void);
G_DEFINE_TYPE (TestDetector, test_detector, GST_TYPE_BASE_TRANSFORM)

static gint n_detections;
static gint n_faces = 1;
static gint detected_width;
static gint detected_height;

static GstFlowReturn
test_detector_transform_ip (GstBaseTransform *transform, GstBuffer *buffer)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (transform->sinkpad);
  GstVideoInfo info;

  fail_unless (gst_video_info_from_caps (&info, caps));
  detected_width = GST_VIDEO_INFO_WIDTH (&info);
  detected_height = GST_VIDEO_INFO_HEIGHT (&info);
  fail_unless_equals_uint64 (gst_buffer_get_size (buffer),
      GST_VIDEO_INFO_SIZE (&info));
  g_atomic_int_inc (&n_detections);
  for (gint i = 0; i < g_atomic_int_get (&n_faces); i++)
    test_add_region (buffer, "face", 0, (guint) (detected_width / 10 * (1 + i)),
        (guint) detected_height / 10, (guint) detected_width / 5,
        (guint) detected_height / 5);
  return GST_FLOW_OK;
}

static void
test_detector_class_init (TestDetectorClass *klass)
{
  static GstStaticPadTemplate templates[] = {
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("video/x-raw,format=RGB")),
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("video/x-raw,format=RGB")),
  };

  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &templates[0]);
  gst_element_class_add_static_pad_template (GST_ELEMENT_CLASS (klass),
      &templates[1]);
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass), "Detector",
      "Test", "For tests", "Tests");
  klass->transform_ip = test_detector_transform_ip;
}

static void
test_detector_init (TestDetector *self)
{
}

static void
set_up (void)
{
  test_load_plugin ();
  gst_element_register (NULL, "testdetector", GST_RANK_NONE,
      test_detector_get_type ());
}

static GstElement *
make_element (const gchar *properties)
{
  return test_element ("activationmap model=%s %s", MODEL, properties);
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
  fail_unless (meta->x == x && meta->y == y && meta->width == width
          && meta->height == height,
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
      const GParamFlags flags = GST_PARAM_CONTROLLABLE;
      GValue here = G_VALUE_INIT, there = G_VALUE_INIT;

      if (!is_own (pspecs[k], G_OBJECT (child)))
        continue;
      n_compared++;
      fail_unless (own != NULL, "no %s", pspecs[k]->name);
      fail_unless (is_own (own, G_OBJECT (element)));
      fail_unless (own->value_type == pspecs[k]->value_type);
      fail_unless ((own->flags | flags) == (pspecs[k]->flags | flags));
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

GST_START_TEST (test_set_and_get)
{
  GstElement *element = test_element (
      "activationmap model=a labels=b roi-type=c roi-scale=1.5 layers=d "
      "interval=7 attribute=e post-messages=true max-memory=77 colormap=jet "
      "draw-boxes=false draw-labels=false draw-maps=false detector=f");
  g_autofree gchar *detector = NULL;

  for (guint i = 0; i <= G_N_ELEMENTS (children); i++) {
    static const gchar *const names[] = { "model", "labels", "roi-type",
      "layers", "attribute", "roi-scale", "interval", "post-messages",
      "max-memory", "colormap", "draw-boxes", "draw-labels", "draw-maps" };
    static const gchar *const due[] = { "a", "b", "c", "d", "e", "1.5", "7",
      "true", "77", "Rainbow, as in old plots", "false", "false", "false" };
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
  g_object_get (element, "detector", &detector, NULL);
  fail_unless_equals_string (detector, "f");
  gst_object_unref (element);
}
GST_END_TEST;

GST_START_TEST (test_is_a_filter)
{
  GstElement *element = make_element ("detector=testdetector");
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

/* Detection */

GST_START_TEST (test_detector_finds)
{
  static const struct {
    const gchar *format;
    gint width, height;
  } caps[] = { { "RGB", 640, 480 }, { "I420", 1280, 720 }, { "NV12", 322, 242 },
    { "YUY2", 480, 640 }, { "GRAY8", 3840, 2160 }, { "BGRA", 640, 480 } };
  GstHarness *harness = test_harness (make_element ("detector=testdetector"),
      "RGB", 640, 480);

  n_detections = 0;
  for (guint i = 0; i < G_N_ELEMENTS (caps); i++) {
    const gint width = caps[i].width, height = caps[i].height;
    GstBuffer *buffer = test_frame (caps[i].format, width, height, i);
    GstActivationMeta *meta;

    gst_harness_set_src_caps (harness,
        test_caps (caps[i].format, width, height));
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (n_detections, i + 1);
    fail_unless_equals_int (count_activations (buffer), 1);
    /* As large for all, and not distorted. */
    fail_unless (ABS (detected_width * detected_height - 480 * 360) < 2000,
        "%dx%d", detected_width, detected_height);
    fail_unless (
        ABS (detected_width * height - detected_height * width) <= 2 * width
        || ABS (detected_width * height - detected_height * width)
            <= 2 * height);
    meta = gst_buffer_get_nth_activation_meta (buffer, 0);
    fail_unless (ABS ((gint) meta->x - width / 10) <= 1 + 10 * width / 480);
    fail_unless (ABS ((gint) meta->y - height / 10) <= 1 + 10 * height / 360);
    fail_unless (ABS ((gint) meta->width - width / 5) <= 1 + 5 * width / 360);
    fail_unless (
        ABS ((gint) meta->height - height / 5) <= 1 + 5 * height / 360);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* 480x360 of 640x480: the arithmetic is exact there. */
GST_START_TEST (test_detector_boxes)
{
  GstHarness *harness = test_harness (make_element ("detector=testdetector"),
      "RGB", 640, 480);
  GstBuffer *buffer;

  for (gint n = 0; n < 4; n++) {
    g_atomic_int_set (&n_faces, n);
    buffer = test_push (harness, test_frame ("RGB", 640, 480, (guint) n));
    fail_unless_equals_int (count_activations (buffer), n);
    for (gint i = 0; i < n; i++) {
      check_box (buffer, (guint) i, 64 * (guint) (1 + i), 48, 128, 96);
      fail_unless_equals_int (gst_activations_get_region_id (
                                  gst_buffer_get_nth_activation_meta (buffer,
                                      (guint) i)
                                      ->activations),
          i + 1);
    }
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The picture does not go through the detector, and is not copied for it. */
GST_START_TEST (test_detector_leaves_pixels)
{
  GstHarness *harness = test_harness (
      make_element ("detector=testdetector draw-boxes=false draw-labels=false "
                    "draw-maps=false"),
      "I420", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
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
  GstHarness *harness = test_harness (make_element ("detector=testdetector"),
      "RGB", WIDTH, HEIGHT);
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);

  n_detections = 0;
  test_add_region (buffer, "face", 0, 300, 200, 77, 88);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (n_detections, 0);
  fail_unless_equals_int (count_activations (buffer), 1);
  check_box (buffer, 0, 300, 200, 77, 88);
  fail_unless_equals_int (test_object_id (test_nth_region (buffer, 0)), 1);
  gst_buffer_unref (buffer);
  /* The next one brings none. */
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 1));
  fail_unless_equals_int (n_detections, 1);
  check_box (buffer, 0, 64, 48, 128, 96);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_whole_frame)
{
  GstHarness *harness =
      test_harness (make_element ("detector=testdetector roi-type=\"\""), "RGB",
          WIDTH, HEIGHT);
  GstBuffer *buffer;

  n_detections = 0;
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0));
  fail_unless_equals_int (n_detections, 0);
  fail_unless_equals_int (count_activations (buffer), 1);
  check_box (buffer, 0, 0, 0, WIDTH, HEIGHT);
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "roi-type", "face", NULL);
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 1));
  fail_unless_equals_int (n_detections, 1);
  check_box (buffer, 0, 64, 48, 128, 96);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_no_detector)
{
  static const gchar *const values[] = { "", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    GstElement *element = make_element ("");
    GstHarness *harness;
    GstBuffer *buffer;

    g_object_set (element, "detector", values[i], NULL);
    harness = test_harness (element, "RGB", WIDTH, HEIGHT);
    buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0));
    fail_unless_equals_int (count_activations (buffer), 0);
    gst_buffer_unref (buffer);
    fail_unless_equals_int (test_count_messages (harness->element,
                                GST_MESSAGE_ERROR | GST_MESSAGE_WARNING),
        0);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_missing_detector)
{
  GstHarness *harness = test_harness (make_element ("detector=nonexistent"),
      "RGB", WIDTH, HEIGHT);
  g_autoptr (GstBus) bus = gst_element_get_bus (harness->element);
  g_autoptr (GError) error = NULL;
  GstMessage *message;
  GstBuffer *buffer;

  /* Who brings regions needs no detector, and so no warning. */
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  test_add_region (buffer, "face", 0, 300, 200, 77, 88);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  fail_unless (
      gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR)
      == NULL);

  for (guint i = 1; i < 5; i++)
    gst_buffer_unref (
        test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, i)));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (harness->element));
  gst_message_parse_warning (message, &error, NULL);
  fail_unless (strstr (error->message, "nonexistent") != NULL);
  gst_message_unref (message);
  fail_unless (
      gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR)
      == NULL);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const gchar *const bad_detectors[] = { "identity !", "! identity",
  "identity nosuch=1", "testdetector ! ! identity", "fakesrc", "fakesink",
  "videotestsrc ! fakesink", "audioconvert", "capsfilter caps=nonsense(" };

GST_START_TEST (test_bad_detector)
{
  GstElement *element = make_element ("");
  GstHarness *harness;
  GstBuffer *buffer;

  for (guint i = 0; i < 2; i++) {
    g_object_set (element, "detector", bad_detectors[__i__], NULL);
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PLAYING),
        GST_STATE_CHANGE_FAILURE);
    test_expect_error (element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS,
        "detector");
    fail_unless_equals_int (gst_element_set_state (element, GST_STATE_NULL),
        GST_STATE_CHANGE_SUCCESS);
    fail_unless_equals_int (GST_BIN_NUMCHILDREN (element), 3);
  }
  g_object_set (element, "detector", "testdetector", NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0));
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* It can be linked, but takes no frame that there is: that is said once. */
GST_START_TEST (test_failing_detector)
{
  GstHarness *harness =
      test_harness (make_element ("detector=\"testdetector ! "
                                  "capsfilter caps=video/x-raw,width=7\""),
          "RGB", WIDTH, HEIGHT);
  g_autoptr (GstBus) bus = gst_element_get_bus (harness->element);
  GstMessage *message;

  for (guint i = 0; i < 3; i++)
    gst_buffer_unref (
        test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, i)));
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
  gst_message_unref (message);
  fail_unless (
      gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR)
      == NULL);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* With a thread of its own it cannot say in time what is in a frame. */
GST_START_TEST (test_detector_with_thread)
{
  GstHarness *harness = test_harness (make_element (
                                          "detector=\"queue ! testdetector\""),
      "RGB", WIDTH, HEIGHT);
  g_autoptr (GstBus) bus = gst_element_get_bus (harness->element);
  GstMessage *message;

  for (guint i = 0; i < 30; i++) {
    GstBuffer *buffer = test_push (harness,
        test_frame ("RGB", WIDTH, HEIGHT, i));

    fail_unless_equals_int (count_activations (buffer), 0);
    gst_buffer_unref (buffer);
  }
  message = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND,
      GST_MESSAGE_WARNING | GST_MESSAGE_ERROR);
  fail_unless (message != NULL);
  fail_unless (GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING);
  gst_message_unref (message);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Also from READY, as the property's flags say. */
GST_START_TEST (test_detector_change)
{
  GstElement *element = make_element ("detector=nonexistent");
  GstHarness *harness;
  GstBuffer *buffer;

  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  g_object_set (element, "detector", "testdetector", NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0));
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);

  fail_unless_equals_int (gst_element_set_state (harness->element,
                              GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  g_object_set (harness->element, "detector", "", NULL);
  gst_harness_play (harness);
  gst_harness_set_src_caps (harness, test_caps ("RGB", WIDTH, HEIGHT));
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 1));
  fail_unless_equals_int (count_activations (buffer), 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A chain of elements, with properties, works as a detector. */
GST_START_TEST (test_detector_chain)
{
  GstHarness *harness =
      test_harness (make_element (
                        "detector=\"identity silent=true ! videoconvert ! "
                        "testdetector name=mine ! identity\""),
          "NV12", WIDTH, HEIGHT);
  GstBuffer *buffer = test_push (harness,
      test_frame ("NV12", WIDTH, HEIGHT, 0));

  check_box (buffer, 0, 64, 48, 128, 96);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_tiny_frames)
{
  static const gint sizes[] = { 1, 2, 3, 15, 16 };
  GstHarness *harness = test_harness (make_element ("detector=testdetector"),
      "I420", 1, 1);

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

/* A bad model says so once, and the bin can be used when it is put right. */
GST_START_TEST (test_bad_model)
{
  GstElement *element = make_element ("detector=testdetector");
  GstHarness *harness;
  GstBuffer *buffer;

  g_object_set (element, "model", "/no/such/model", NULL);
  harness = test_harness (gst_object_ref (element), "RGB", WIDTH, HEIGHT);
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_EOS);
  test_expect_error (element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "/no/such/model");
  gst_harness_teardown (harness);
  g_object_set (element, "model", MODEL, NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = test_push (harness, test_frame ("RGB", WIDTH, HEIGHT, 0));
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
      "activationmap name=map model=%s detector=testdetector %s ! %s",
      source, MODEL, properties, sink);
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

  n_detections = 0;
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_EOS);
  fail_unless_equals_int (n_detections, 20);
  stop (pipeline);
}
GST_END_TEST;

GST_START_TEST (test_state_cycles)
{
  GstElement *pipeline = make_pipeline ("videotestsrc", "", "fakesink");
  GstElement *map = gst_bin_get_by_name (GST_BIN (pipeline), "map");

  for (guint i = 0; i < 20; i++) {
    /* Sometimes only as far as PAUSED, and only back to READY. */
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
  gint before;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
  for (guint i = 0; i < 10; i++) {
    before = g_atomic_int_get (&n_detections);
    fail_unless (gst_element_seek_simple (pipeline, GST_FORMAT_TIME,
        GST_SEEK_FLAG_FLUSH, (10 - i) * GST_SECOND));
    wait_for (pipeline, GST_MESSAGE_ASYNC_DONE);
    fail_unless (g_atomic_int_get (&n_detections) > before);
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

/* The stock elements around it agree on caps with it. */
GST_START_TEST (test_negotiation)
{
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=5 ! video/x-raw,format=AYUV ! videoconvert ! "
      "activationmap model=%s detector=testdetector ! videoconvert ! "
      "video/x-raw,format=v308 ! fakesink",
      MODEL);
  GstElement *pipeline = gst_parse_launch (line, NULL);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  wait_for (pipeline, GST_MESSAGE_EOS);
  stop (pipeline);
}
GST_END_TEST;

/* Two of them at once share nothing that they should not. */
GST_START_TEST (test_two)
{
  g_autofree gchar *line = g_strdup_printf (
      "videotestsrc num-buffers=60 ! tee name=t ! queue ! activationmap "
      "model=%s detector=testdetector ! fakesink t. ! queue ! activationmap "
      "model=%s detector=testdetector colormap=jet ! fakesink",
      MODEL, MODEL);
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
  tcase_add_unchecked_fixture (tests, set_up, NULL);
  tcase_add_test (tests, test_properties);
  tcase_add_test (tests, test_set_and_get);
  tcase_add_test (tests, test_is_a_filter);
  tcase_add_test (tests, test_detector_finds);
  tcase_add_test (tests, test_detector_boxes);
  tcase_add_test (tests, test_detector_leaves_pixels);
  tcase_add_test (tests, test_upstream_regions);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_no_detector);
  tcase_add_test (tests, test_missing_detector);
  tcase_add_loop_test (tests, test_bad_detector, 0,
      (gint) G_N_ELEMENTS (bad_detectors));
  tcase_add_test (tests, test_failing_detector);
  tcase_add_test (tests, test_detector_with_thread);
  tcase_add_test (tests, test_detector_change);
  tcase_add_test (tests, test_detector_chain);
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
