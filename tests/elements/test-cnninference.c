/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of cnninference: its values are those of the network, for the right
 * pixels of every format; what it attaches and posts; and which errors and
 * warnings it reports. */

#include "common.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "cnn/plan/interior.h"
#include "cnn/plan/plan.h"
#include "image/resizer.h"

#define WIDTH 97
#define HEIGHT 75

/* The input is 14x14x3; three convolutions with 4, 8 and 8 maps, one
 * sigmoid. */
#define MODEL test_path ("golden/models/original-small")

static GstHarness *
make_harness (const gchar *properties, const gchar *format)
{
  return test_harness (test_element ("cnninference model=%s %s", MODEL,
                           properties),
      format, WIDTH, HEIGHT);
}

/* Pushes a frame of noise with one face, and returns what comes out. */
static GstBuffer *
push_face (GstHarness *harness, const gchar *format, guint number, gint id)
{
  GstBuffer *buffer = test_frame (format, WIDTH, HEIGHT, number);

  test_add_region (buffer, "face", id, 20, 11, 41, 30);
  return test_push (harness, buffer);
}

static const GstActivations *
nth_activations (GstBuffer *buffer, guint index)
{
  GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, index);

  return meta ? meta->activations : NULL;
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
check_interior (const GstActivations *activations, guint layer, Rect expected)
{
  guint x, y, width, height;

  fail_unless (gst_activations_get_layer_interior (activations, layer, &x, &y,
      &width, &height));
  fail_unless_equals_int (x, expected.x);
  fail_unless_equals_int (y, expected.y);
  fail_unless_equals_int (width, expected.width);
  fail_unless_equals_int (height, expected.height);
}

/* Runs the network of @folder directly on the pixels of @crop, and compares. */
static void
check_numbers (const GstActivations *activations, GstBuffer *buffer,
    const gchar *format, gint width, gint height, const Rect *crop,
    const gchar *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (folder, NULL, &error);
  g_autoptr (CnnPlan) plan = NULL;
  g_autoptr (ImageResizer) resizer = NULL;
  g_autoptr (GstCaps) caps = test_caps (format, width, height);
  guint nodes[16];
  guint n_layers = gst_activations_get_n_layers (activations);
  guint n, output;
  const CnnShape *shape;
  ImageTensorSpec spec = { .scale = 1.0f / 255.0f };
  const gfloat *values;
  GstVideoInfo info;
  GstVideoFrame frame;
  ImageFrame image;

  fail_unless (model != NULL, "%s", error ? error->message : "");
  for (guint i = 0; i < n_layers; i++) {
    const gint node = cnn_model_find_node (model,
        gst_activations_get_layer_name (activations, i));

    fail_unless (node >= 0);
    nodes[i] = (guint) node;
  }
  plan = cnn_plan_new (model, nodes, n_layers, NULL);
  shape = cnn_model_get_node_shape (model, cnn_model_get_inputs (model, &n)[0]);
  spec.height = shape->dims[0];
  spec.width = shape->dims[1];
  spec.channels = shape->dims[2] == 1 ? IMAGE_CHANNELS_GRAY
                                      : IMAGE_CHANNELS_RGB;
  resizer = image_resizer_new (&spec);
  fail_unless (gst_video_info_from_caps (&info, caps));
  test_map_image (buffer, &info, GST_MAP_READ, &frame, &image);
  image_resizer_run (resizer, &image, crop, cnn_plan_get_input (plan, 0));
  gst_video_frame_unmap (&frame);
  cnn_plan_run (plan);

  output = cnn_model_get_outputs (model, &n)[0];
  values = cnn_plan_get_activation (plan, output);
  if (cnn_shape_size (cnn_model_get_node_shape (model, output)) == 1) {
    fail_unless (fabsf (gst_activations_get_score (activations, 1) - values[0])
            < 1e-6f,
        "score %g, not %g", gst_activations_get_score (activations, 1),
        values[0]);
    fail_unless (
        fabsf (gst_activations_get_score (activations, 0) - 1.0f + values[0])
        < 1e-6f);
    fail_unless_equals_int (gst_activations_get_winner (activations),
        values[0] > 0.5f);
  } else {
    const guint winner = gst_activations_get_winner (activations);

    for (guint i = 0; i < gst_activations_get_n_classes (activations); i++) {
      fail_unless (
          fabsf (gst_activations_get_score (activations, i) - values[i])
          < 1e-6f);
      fail_unless (values[i] <= values[winner]);
    }
  }
  for (guint i = 0; i < n_layers; i++) {
    guint rows, columns, channels;
    gsize n_values;
    const gfloat *data = gst_activations_get_layer_data (activations, i, &rows,
        &columns, &channels, &n_values);

    shape = cnn_model_get_node_shape (model, nodes[i]);
    fail_unless_equals_uint64 (n_values, cnn_shape_size (shape));
    if (shape->rank == 3) {
      fail_unless_equals_int (rows, shape->dims[0]);
      fail_unless_equals_int (columns, shape->dims[1]);
      fail_unless_equals_int (channels, shape->dims[2]);
      check_interior (activations, i, cnn_interior_find (model, nodes[i]));
    } else {
      fail_unless_equals_int (rows, 1);
      fail_unless_equals_int (columns, 1);
    }
    values = cnn_plan_get_activation (plan, nodes[i]);
    for (gsize k = 0; k < n_values; k++) {
      fail_unless (fabsf (data[k] - values[k]) <= 1e-5f * (1 + fabsf (data[k])),
          "layer %u, value %u: %g, not %g", i, (guint) k, data[k], values[k]);
    }
  }
}

static gboolean
same_numbers (const GstActivations *a, const GstActivations *b)
{
  guint height, width, channels;
  gsize n_a, n_b;
  const gfloat *data_a, *data_b;

  data_a = gst_activations_get_layer_data (a, 0, &height, &width, &channels,
      &n_a);
  data_b = gst_activations_get_layer_data (b, 0, &height, &width, &channels,
      &n_b);
  return n_a == n_b && memcmp (data_a, data_b, n_a * sizeof *data_a) == 0
      && gst_activations_get_score (a, 1) == gst_activations_get_score (b, 1);
}

GST_START_TEST (test_numbers)
{
  const gchar *format = test_formats[__i__];
  GstHarness *harness = make_harness ("layers=all", format);
  const Rect crop = { 20, 11, 41, 30 };
  GstBuffer *buffer = push_face (harness, format, 0, 7);
  GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, 0);

  fail_unless_equals_int (count_activations (buffer), 1);
  fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
  fail_unless (meta->x == 20 && meta->y == 11 && meta->width == 41
      && meta->height == 30);
  fail_unless_equals_int (meta->id, 7);
  fail_unless_equals_int (gst_activations_get_n_layers (meta->activations), 8);
  check_numbers (meta->activations, buffer, format, WIDTH, HEIGHT, &crop,
      MODEL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Networks of other shapes: with one gray channel, not square, with many
 * classes. */
GST_START_TEST (test_other_networks)
{
  static const struct {
    guint height, width, channels;
    guint n_classes;
  } shapes[] = { { 12, 12, 1, 2 }, { 5, 9, 3, 3 }, { 1, 1, 1, 40 },
    { 32, 7, 3, 1 }, { 3, 200, 1, 5 } };
  const Rect crop = { 20, 11, 41, 30 };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    gchar *folder = test_write_model (shapes[i].height, shapes[i].width,
        shapes[i].channels, shapes[i].n_classes);
    GstHarness *harness = test_harness (test_element ("cnninference model=%s",
                                            folder),
        "I420", WIDTH, HEIGHT);
    GstBuffer *buffer = push_face (harness, "I420", i, 1);
    const GstActivations *activations = nth_activations (buffer, 0);

    fail_unless_equals_string (gst_activations_get_model_name (activations),
        "written");
    fail_unless_equals_int (gst_activations_get_n_classes (activations),
        MAX (shapes[i].n_classes, 2));
    fail_unless_equals_string (gst_activations_get_label (activations, 1),
        "class 1");
    fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
    check_numbers (activations, buffer, "I420", WIDTH, HEIGHT, &crop, folder);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
    test_remove_folder (folder);
  }
}
GST_END_TEST;

/* A box, the scale, and the expected crop. */
static const struct {
  guint box[4];
  gdouble scale;
  Rect crop;
} crops[] = {
  { { 20, 11, 40, 30 }, 1.0, { 20, 11, 40, 30 } },
  { { 20, 12, 40, 30 }, 1.2, { 16, 9, 48, 36 } },
  { { 20, 12, 40, 30 }, 0.5, { 30, 20, 20, 15 } },
  { { 20, 12, 40, 30 }, 0.1, { 38, 26, 4, 3 } },
  { { 20, 12, 40, 30 }, 10.0, { -160, -123, 400, 300 } },
  { { 0, 0, WIDTH, HEIGHT }, 1.0, { 0, 0, WIDTH, HEIGHT } },
  { { 0, 0, 30, 30 }, 2.0, { -15, -15, 60, 60 } },
  { { 87, 65, 10, 10 }, 1.0, { 87, 65, 10, 10 } },
  { { 87, 65, 10, 10 }, 3.0, { 77, 55, 30, 30 } },
  { { 96, 74, 1, 1 }, 1.0, { 96, 74, 1, 1 } },
  { { 90, 70, 50, 50 }, 1.0, { 90, 70, 50, 50 } },
  { { 300, 200, 50, 50 }, 1.0, { 300, 200, 50, 50 } },
  { { (guint) -20, (guint) -10, 50, 50 }, 1.0, { -20, -10, 50, 50 } },
};

GST_START_TEST (test_crops)
{
  g_autofree gchar *properties = g_strdup_printf ("roi-scale=%g",
      crops[__i__].scale);
  GstHarness *harness = make_harness (properties, "NV12");
  GstBuffer *buffer = test_frame ("NV12", WIDTH, HEIGHT, 0);
  const guint *box = crops[__i__].box;
  GstActivationMeta *meta;

  test_add_region (buffer, "face", 1, box[0], box[1], box[2], box[3]);
  buffer = test_push (harness, buffer);
  meta = gst_buffer_get_nth_activation_meta (buffer, 0);
  /* The box in the metadata is that of the region, not the crop. */
  fail_unless (meta->x == (gint) box[0] && meta->y == (gint) box[1]
      && meta->width == box[2] && meta->height == box[3]);
  check_numbers (meta->activations, buffer, "NV12", WIDTH, HEIGHT,
      &crops[__i__].crop, MODEL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A region is clipped to the frame. The crop also covers the part beyond the
 * border that the parameter `detection` gives, if it belongs to this region. */
static const struct {
  guint box[4];
  gdouble detection[4]; /* x_min, x_max, y_min, y_max, in pixels */
  Rect crop;
} detections[] = {
  { { 20, 11, 40, 30 }, { 20, 60, 11, 41 }, { 20, 11, 40, 30 } },
  { { 20, 11, 40, 30 }, { 20.4, 60.4, 10.7, 40.7 }, { 20, 11, 40, 30 } },
  { { 0, 0, 30, 30 }, { -10, 30, -5, 30 }, { -10, -5, 40, 35 } },
  { { 0, 1, 31, 30 }, { -9.6, 30.4, 0.6, 30.6 }, { -10, 1, 40, 30 } },
  { { 80, 60, 17, 15 }, { 80, 120, 60, 100 }, { 80, 60, 40, 40 } },
  { { 0, 0, WIDTH, HEIGHT }, { -20, 110, -30, 100 }, { -20, -30, 130, 130 } },
  /* detections of another place, and invalid ones */
  { { 20, 11, 40, 30 }, { -10, 30, -5, 30 }, { 20, 11, 40, 30 } },
  { { 0, 0, 30, 30 }, { -10, 33, -5, 30 }, { 0, 0, 30, 30 } },
  { { 0, 0, 30, 30 }, { 30, -10, -5, 30 }, { 0, 0, 30, 30 } },
  { { 0, 0, 30, 30 }, { NAN, 30, -5, 30 }, { 0, 0, 30, 30 } },
  { { 0, 0, 30, 30 }, { -INFINITY, 30, -5, 30 }, { 0, 0, 30, 30 } },
  { { 0, 0, 30, 30 }, { -10, 30, -5, NAN }, { 0, 0, 30, 30 } },
};

GST_START_TEST (test_crops_beyond)
{
  GstHarness *harness = make_harness ("", "I420");
  GstBuffer *buffer = test_frame ("I420", WIDTH, HEIGHT, 0);
  const guint *box = detections[__i__].box;
  const gdouble *detection = detections[__i__].detection;
  GstActivationMeta *meta;

  gst_video_region_of_interest_meta_add_param (test_add_region (buffer, "face",
                                                   1, box[0], box[1], box[2],
                                                   box[3]),
      gst_structure_new ("detection", "x_min", G_TYPE_DOUBLE,
          detection[0] / WIDTH, "x_max", G_TYPE_DOUBLE, detection[1] / WIDTH,
          "y_min", G_TYPE_DOUBLE, detection[2] / HEIGHT, "y_max", G_TYPE_DOUBLE,
          detection[3] / HEIGHT, NULL));
  buffer = test_push (harness, buffer);
  meta = gst_buffer_get_nth_activation_meta (buffer, 0);
  fail_unless (meta->x == (gint) box[0] && meta->y == (gint) box[1]
      && meta->width == box[2] && meta->height == box[3]);
  check_numbers (meta->activations, buffer, "I420", WIDTH, HEIGHT,
      &detections[__i__].crop, MODEL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Boxes that no picture can hold cause no overflow, at any scale. */
GST_START_TEST (test_absurd_boxes)
{
  static const guint boxes[][4] = { { 10, 10, G_MAXINT, G_MAXINT },
    { G_MAXINT, G_MAXINT, G_MAXINT, G_MAXINT },
    { (guint) G_MININT, (guint) G_MININT, 1, 1 },
    { (guint) G_MININT, 0, G_MAXINT, 5 },
    { G_MAXUINT, G_MAXUINT, G_MAXUINT, G_MAXUINT }, { 10, 10, 1, G_MAXINT } };
  static const gdouble scales[] = { 0.1, 1.0, 10.0 };
  const gchar *formats[] = { "I420", "RGB", "YUY2" };

  for (guint i = 0; i < G_N_ELEMENTS (scales) * G_N_ELEMENTS (formats); i++) {
    const gchar *format = formats[i / G_N_ELEMENTS (scales)];
    g_autofree gchar *properties = g_strdup_printf ("roi-scale=%g",
        scales[i % G_N_ELEMENTS (scales)]);
    GstHarness *harness = make_harness (properties, format);
    GstBuffer *buffer = test_frame (format, WIDTH, HEIGHT, 0);

    for (guint k = 0; k < G_N_ELEMENTS (boxes); k++)
      test_add_region (buffer, "face", (gint) k, boxes[k][0], boxes[k][1],
          boxes[k][2], boxes[k][3]);
    test_add_region (buffer, "face", 9, 1, 1, 0, 5); /* has no pixels */
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_activations (buffer), G_N_ELEMENTS (boxes));
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_whole_frame)
{
  const gchar *settings[] = { "roi-type=\"\"", "roi-type=\"\" roi-scale=0.3" };
  const Rect crop = { 0, 0, WIDTH, HEIGHT };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    GstHarness *harness = make_harness (settings[i], "BGRx");
    GstBuffer *buffer = push_face (harness, "BGRx", 0, 4);
    GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, 0);

    fail_unless_equals_int (count_activations (buffer), 1);
    fail_unless_equals_int (meta->roi_type, 0);
    fail_unless (meta->x == 0 && meta->y == 0 && meta->width == WIDTH
        && meta->height == HEIGHT);
    fail_unless_equals_int (meta->id, -1);
    check_numbers (meta->activations, buffer, "BGRx", WIDTH, HEIGHT, &crop,
        MODEL);
    fail_unless (test_nth_region (buffer, 0)->params == NULL);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
  }
}
GST_END_TEST;

GST_START_TEST (test_roi_type)
{
  GstHarness *harness = make_harness ("roi-type=car", "GRAY8");
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, 0);

  test_add_region (buffer, "face", 1, 1, 1, 20, 20);
  test_add_region (buffer, "car", 2, 30, 30, 20, 20);
  test_add_region (buffer, "cars", 3, 1, 1, 20, 20);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), 1);
  fail_unless_equals_int (gst_buffer_get_nth_activation_meta (buffer, 0)->id,
      2);
  fail_unless (test_nth_region (buffer, 0)->params == NULL);
  fail_unless (test_nth_region (buffer, 1)->params != NULL);
  fail_unless (test_nth_region (buffer, 2)->params == NULL);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "roi-type", "face", NULL);
  buffer = push_face (harness, "GRAY8", 1, 5);
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The id comes from `object_id`, or else from the meta, where 0 means none. */
GST_START_TEST (test_region_ids)
{
  GstHarness *harness = make_harness ("", "GRAY8");
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, 0);
  GstVideoRegionOfInterestMeta *region;

  region = test_add_region (buffer, "face", 3, 1, 1, 20, 20);
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("object_id", "id", G_TYPE_INT, 9, NULL));
  test_add_region (buffer, "face", 3, 1, 1, 20, 20);
  test_add_region (buffer, "face", 0, 1, 1, 20, 20);
  region = test_add_region (buffer, "face", 5, 1, 1, 20, 20);
  gst_video_region_of_interest_meta_add_param (region,
      gst_structure_new ("object_id", "id", G_TYPE_STRING, "x", NULL));
  buffer = test_push (harness, buffer);
  for (guint i = 0; i < 4; i++) {
    static const gint ids[] = { 9, 3, -1, 5 };

    fail_unless_equals_int (gst_buffer_get_nth_activation_meta (buffer, i)->id,
        ids[i]);
  }
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
check_layer (const GstActivations *activations, guint index, const gchar *name,
    const gchar *source, gint height, gint width, gint channels)
{
  const CnnLayerMaps *layer =
      &gst_activations_get_result (activations)->layers[index];

  fail_unless (layer != NULL);
  fail_unless_equals_string (layer->name, name);
  fail_unless_equals_string (layer->source, source);
  fail_unless_equals_int (layer->height, height);
  fail_unless_equals_int (layer->width, width);
  fail_unless_equals_int (layer->channels, channels);
}

static void
check_auto_layers (const GstActivations *activations)
{
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 3);
  check_layer (activations, 0, "max_pooling2d_1", "conv2d_1", 7, 7, 4);
  check_layer (activations, 1, "max_pooling2d_2", "conv2d_2", 3, 3, 8);
  check_layer (activations, 2, "max_pooling2d_3", "conv2d_3", 1, 1, 8);
}

GST_START_TEST (test_layers)
{
  GstHarness *harness = make_harness ("", "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);
  const GstActivations *activations;

  check_auto_layers (nth_activations (buffer, 0));
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "layers", "all", NULL);
  buffer = push_face (harness, "RGB", 1, 1);
  activations = nth_activations (buffer, 0);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 8);
  check_layer (activations, 0, "conv2d_1", "conv2d_1", 14, 14, 4);
  check_layer (activations, 7, "dense_2", "dense_2", 1, 1, 1);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "layers", " dense_1 , conv2d_2,,conv2d_2 ",
      NULL);
  buffer = push_face (harness, "RGB", 2, 1);
  activations = nth_activations (buffer, 0);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 3);
  fail_unless_equals_string (gst_activations_get_layer_name (activations, 0),
      "dense_1");
  check_layer (activations, 1, "conv2d_2", "conv2d_2", 7, 7, 8);
  check_layer (activations, 2, "conv2d_2", "conv2d_2", 7, 7, 8);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "layers", "", NULL);
  buffer = push_face (harness, "RGB", 3, 1);
  fail_unless_equals_int (gst_activations_get_n_layers (
                              nth_activations (buffer, 0)),
      0);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "layers", NULL, NULL);
  buffer = push_face (harness, "RGB", 4, 1);
  check_auto_layers (nth_activations (buffer, 0));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_region_parameter)
{
  GstHarness *harness = make_harness ("attribute=age", "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);
  const GstActivations *activations = nth_activations (buffer, 0);
  const guint winner = gst_activations_get_winner (activations);
  GstStructure *age =
      gst_video_region_of_interest_meta_get_param (test_nth_region (buffer, 0),
          "age");
  gdouble confidence;
  gint label_id;

  fail_unless_equals_string (gst_activations_get_attribute (activations),
      "age");
  fail_unless (age != NULL);
  fail_unless_equals_string (gst_structure_get_string (age, "label"),
      gst_activations_get_label (activations, winner));
  fail_unless (gst_structure_get (age, "confidence", G_TYPE_DOUBLE, &confidence,
      "label_id", G_TYPE_INT, &label_id, NULL));
  fail_unless_equals_int (label_id, winner);
  fail_unless_equals_float (confidence,
      gst_activations_get_score (activations, winner));
  fail_unless (confidence >= 0.5);
  fail_unless_equals_string (gst_structure_get_string (age, "model_name"),
      "original-small");
  fail_unless_equals_int (g_list_length (test_nth_region (buffer, 0)->params),
      1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_labels)
{
  gchar *folder = test_write_model (8, 8, 3, 2);
  g_autofree gchar *other = g_build_filename (folder, "other.txt", NULL);
  g_autofree gchar *json = g_build_filename (folder, "model.json", NULL);
  GstHarness *harness;
  GstBuffer *buffer;

  test_write_file (folder, "labels.txt", "beside\nthe model\n", -1);
  test_write_file (folder, "other.txt", "some\nothers", -1);
  harness = test_harness (test_element ("cnninference model=%s", json), "RGB",
      WIDTH, HEIGHT);
  buffer = push_face (harness, "RGB", 0, 1);
  fail_unless_equals_string (
      gst_activations_get_label (nth_activations (buffer, 0), 1), "the model");
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "labels", other, NULL);
  buffer = push_face (harness, "RGB", 1, 1);
  fail_unless_equals_string (
      gst_activations_get_label (nth_activations (buffer, 0), 1), "others");
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "labels", "", NULL);
  buffer = push_face (harness, "RGB", 2, 1);
  fail_unless_equals_string (
      gst_activations_get_label (nth_activations (buffer, 0), 0), "class 0");
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "labels", NULL, NULL);
  buffer = push_face (harness, "RGB", 2, 1);
  fail_unless_equals_string (
      gst_activations_get_label (nth_activations (buffer, 0), 0), "beside");
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* Pushes a frame with regions of these ids (0 for none), and returns the
 * output. */
static GstBuffer *
push_ids (GstHarness *harness, guint number, const gint *ids, guint n_ids)
{
  GstBuffer *buffer = test_frame ("GRAY8", WIDTH, HEIGHT, number);

  for (guint i = 0; i < n_ids; i++)
    test_add_region (buffer, "face", ids[i], 10 * i + number, 10 + number, 30,
        30);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), n_ids);
  return buffer;
}

GST_START_TEST (test_interval)
{
  GstHarness *harness = make_harness ("interval=4", "GRAY8");
  const gint ids[] = { 1, 2, 0, 3 };
  GstBuffer *frames[6];
  GstActivationMeta *meta;

  frames[0] = push_ids (harness, 0, ids, 3);
  frames[1] = push_ids (harness, 1, ids, 3);
  frames[2] = push_ids (harness, 2, ids, 4); /* 3 is new */
  frames[3] = push_ids (harness, 3, ids, 4);
  frames[4] = push_ids (harness, 4, ids, 4); /* all run again */
  frames[5] = push_ids (harness, 5, ids, 4);
  for (guint i = 1; i < 4; i++) {
    for (guint id = 0; id < 2; id++) {
      fail_unless (
          nth_activations (frames[i], id) == nth_activations (frames[0], id));
    }
    /* a region without an id is run each time */
    fail_if (same_numbers (nth_activations (frames[i], 2),
        nth_activations (frames[0], 2)));
  }
  fail_unless_equals_int (gst_buffer_get_nth_activation_meta (frames[2], 3)->id,
      3);
  fail_unless (
      nth_activations (frames[3], 3) == nth_activations (frames[2], 3));
  for (guint id = 0; id < 4; id++) {
    fail_if (same_numbers (nth_activations (frames[4], id),
        nth_activations (frames[3], id)));
    fail_unless (id == 2
        || nth_activations (frames[5], id) == nth_activations (frames[4], id));
  }
  /* The box is that of this frame, and the region has its parameter. */
  meta = gst_buffer_get_nth_activation_meta (frames[3], 1);
  fail_unless (meta->x == 13 && meta->y == 13);
  fail_unless (gst_video_region_of_interest_meta_get_param (
                   test_nth_region (frames[3], 1), "class")
      != NULL);
  for (guint i = 0; i < 6; i++)
    gst_buffer_unref (frames[i]);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_interval_whole_frame)
{
  GstHarness *harness = make_harness ("interval=3 roi-type=\"\"", "GRAY8");
  GstBuffer *frames[4];

  for (guint i = 0; i < 4; i++)
    frames[i] = test_push (harness, test_frame ("GRAY8", WIDTH, HEIGHT, i));
  fail_unless (
      nth_activations (frames[1], 0) == nth_activations (frames[0], 0));
  fail_unless (
      nth_activations (frames[2], 0) == nth_activations (frames[0], 0));
  fail_if (nth_activations (frames[3], 0) == nth_activations (frames[0], 0));
  for (guint i = 0; i < 4; i++)
    gst_buffer_unref (frames[i]);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Changed settings take effect at once, even between two inferences. */
GST_START_TEST (test_interval_and_changes)
{
  GstHarness *harness = make_harness ("interval=1000", "GRAY8");
  const gint ids[] = { 1, 0 };
  Rect crop = { 0, 10, 30, 30 };
  GstBuffer *buffer = push_ids (harness, 0, ids, 1);

  gst_buffer_unref (buffer);
  g_object_set (harness->element, "attribute", "age", NULL);
  buffer = push_ids (harness, 1, ids, 1);
  fail_unless_equals_string (gst_activations_get_attribute (
                                 nth_activations (buffer, 0)),
      "age");
  fail_unless (
      gst_video_region_of_interest_meta_get_param (test_nth_region (buffer, 0),
          "age")
      != NULL);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "roi-scale", 2.0, NULL);
  buffer = push_ids (harness, 2, ids, 1);
  crop = (Rect) { 2 - 15, 12 - 15, 60, 60 };
  check_numbers (nth_activations (buffer, 0), buffer, "GRAY8", WIDTH, HEIGHT,
      &crop, MODEL);
  gst_buffer_unref (buffer);

  g_object_set (harness->element, "layers", "conv2d_1", NULL);
  buffer = push_ids (harness, 3, ids, 1);
  fail_unless_equals_int (gst_activations_get_n_layers (
                              nth_activations (buffer, 0)),
      1);
  gst_buffer_unref (buffer);

  /* The prediction for the whole frame is not reused for a region. */
  g_object_set (harness->element, "roi-type", "", "roi-scale", 1.0, NULL);
  gst_buffer_unref (
      test_push (harness, test_frame ("GRAY8", WIDTH, HEIGHT, 4)));
  g_object_set (harness->element, "roi-type", "face", NULL);
  buffer = push_ids (harness, 5, ids + 1, 1);
  crop = (Rect) { 5, 15, 30, 30 };
  check_numbers (nth_activations (buffer, 0), buffer, "GRAY8", WIDTH, HEIGHT,
      &crop, MODEL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* After a seek the picture is another one, whatever the ids of its regions. */
GST_START_TEST (test_interval_and_flush)
{
  GstHarness *harness = make_harness ("interval=1000", "GRAY8");
  const gint id = 1;
  const Rect crop = { 1, 11, 30, 30 };
  GstSegment segment;
  GstBuffer *buffer;

  gst_buffer_unref (push_ids (harness, 0, &id, 1));
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  buffer = push_ids (harness, 1, &id, 1);
  check_numbers (nth_activations (buffer, 0), buffer, "GRAY8", WIDTH, HEIGHT,
      &crop, MODEL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static const GstStructure *
pop_message (GstElement *element, GstMessage **message)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);

  *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  return *message ? gst_message_get_structure (*message) : NULL;
}

static void
check_clock_time (const GstStructure *structure, const gchar *field,
    GstClockTime due)
{
  GstClockTime time;

  fail_unless (gst_structure_get_clock_time (structure, field, &time));
  fail_unless_equals_uint64 (time, due);
}

GST_START_TEST (test_messages)
{
  GstHarness *harness = make_harness ("post-messages=true attribute=age",
      "RGB");
  const GstActivations *activations;
  const GstStructure *structure, *region;
  const GValue *list;
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  GstMessage *message;
  GstSegment segment;
  guint x, y, width, height, label_id;
  gint id;
  gdouble confidence;
  const gchar *attribute, *label;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  segment.start = 2 * GST_SECOND;
  segment.time = 5 * GST_SECOND;
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  GST_BUFFER_PTS (buffer) = 3 * GST_SECOND;
  test_add_region (buffer, "face", 7, 20, 11, 41, 30);
  test_add_region (buffer, "face", 0, 1, 2, 3, 4);
  buffer = test_push (harness, buffer);
  structure = pop_message (harness->element, &message);
  fail_unless (structure != NULL);
  fail_unless (GST_MESSAGE_SRC (message) == GST_OBJECT (harness->element));
  fail_unless_equals_string (gst_structure_get_name (structure),
      "cnninference");
  check_clock_time (structure, "timestamp", 3 * GST_SECOND);
  check_clock_time (structure, "stream-time", 6 * GST_SECOND);
  check_clock_time (structure, "running-time", 1 * GST_SECOND);
  check_clock_time (structure, "duration", GST_BUFFER_DURATION (buffer));
  list = gst_structure_get_value (structure, "regions");
  fail_unless (GST_VALUE_HOLDS_LIST (list));
  fail_unless_equals_int (gst_value_list_get_size (list), 2);
  for (guint i = 0; i < 2; i++) {
    region = gst_value_get_structure (gst_value_list_get_value (list, i));
    activations = nth_activations (buffer, i);
    fail_unless_equals_string (gst_structure_get_name (region), "region");
    fail_unless (gst_structure_get (region, "id", G_TYPE_INT, &id, "x",
        G_TYPE_UINT, &x, "y", G_TYPE_UINT, &y, "width", G_TYPE_UINT, &width,
        "height", G_TYPE_UINT, &height, "label-id", G_TYPE_UINT, &label_id,
        "confidence", G_TYPE_DOUBLE, &confidence, NULL));
    attribute = gst_structure_get_string (region, "attribute");
    label = gst_structure_get_string (region, "label");
    fail_unless_equals_int (id, i ? -1 : 7);
    fail_unless (i ? x == 1 && y == 2 && width == 3 && height == 4
                   : x == 20 && y == 11 && width == 41 && height == 30);
    fail_unless_equals_string (attribute, "age");
    fail_unless_equals_int (label_id, gst_activations_get_winner (activations));
    fail_unless_equals_string (label,
        gst_activations_get_label (activations, label_id));
    fail_unless_equals_float (confidence,
        gst_activations_get_score (activations, label_id));
  }
  gst_message_unref (message);
  gst_buffer_unref (buffer);
  fail_unless (pop_message (harness->element, &message) == NULL);

  /* No regions, no message. */
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  GST_BUFFER_PTS (buffer) = 4 * GST_SECOND;
  gst_buffer_unref (test_push (harness, buffer));
  fail_unless (pop_message (harness->element, &message) == NULL);
  g_object_set (harness->element, "post-messages", FALSE, NULL);
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  GST_BUFFER_PTS (buffer) = 5 * GST_SECOND;
  test_add_region (buffer, "face", 7, 20, 11, 41, 30);
  gst_buffer_unref (test_push (harness, buffer));
  fail_unless (pop_message (harness->element, &message) == NULL);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Checks the label in the metadata and in the message: what it is, and whether
 * it has a number. */
static void
check_label (GstHarness *harness, guint number, const gchar *label,
    gboolean has_number)
{
  GstBuffer *buffer = push_face (harness, "RGB", number, 1);
  const GstStructure *age =
      gst_video_region_of_interest_meta_get_param (test_nth_region (buffer, 0),
          "age");
  g_autofree gchar *text = gst_activations_to_text (
      nth_activations (buffer, 0));
  GstMessage *message;
  const GstStructure *structure = pop_message (harness->element, &message);
  const GstStructure *region = gst_value_get_structure (
      gst_value_list_get_value (gst_structure_get_value (structure, "regions"),
          0));

  fail_unless_equals_string (text, label);
  fail_unless_equals_string (gst_structure_get_string (age, "label"), label);
  fail_unless_equals_string (gst_structure_get_string (region, "label"), label);
  fail_unless (gst_structure_has_field (age, "confidence"));
  fail_unless (gst_structure_has_field (region, "confidence"));
  fail_unless (gst_structure_has_field (age, "label_id") == has_number);
  fail_unless (gst_structure_has_field (region, "label-id") == has_number);
  gst_message_unref (message);
  gst_buffer_unref (buffer);
}

GST_START_TEST (test_uncertain)
{
  GstHarness *harness = make_harness ("post-messages=true attribute=age",
      "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);
  const GstActivations *activations = nth_activations (buffer, 0);
  const guint winner = gst_activations_get_winner (activations);
  const gdouble confidence = gst_activations_get_score (activations, winner);
  g_autofree gchar *label = g_strdup (
      gst_activations_get_label (activations, winner));
  GstMessage *message;

  gst_buffer_unref (buffer);
  fail_unless (pop_message (harness->element, &message) != NULL);
  gst_message_unref (message);
  fail_unless (confidence < 0.99);
  check_label (harness, 0, label, TRUE);
  g_object_set (harness->element, "uncertain-below", confidence + 0.01, NULL);
  check_label (harness, 0, "uncertain", FALSE);
  g_object_set (harness->element, "uncertain-below", confidence - 0.01, NULL);
  check_label (harness, 0, label, TRUE);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A message is posted for frames without a timestamp, too. */
GST_START_TEST (test_message_without_time)
{
  GstHarness *harness = make_harness ("post-messages=true", "RGB");
  GstBuffer *buffer = test_frame ("RGB", WIDTH, HEIGHT, 0);
  const GstStructure *structure;
  GstMessage *message;

  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  test_add_region (buffer, "face", 0, 20, 11, 41, 30);
  gst_buffer_unref (test_push (harness, buffer));
  structure = pop_message (harness->element, &message);
  fail_unless (structure != NULL);
  check_clock_time (structure, "timestamp", GST_CLOCK_TIME_NONE);
  check_clock_time (structure, "stream-time", GST_CLOCK_TIME_NONE);
  check_clock_time (structure, "running-time", GST_CLOCK_TIME_NONE);
  check_clock_time (structure, "duration", GST_CLOCK_TIME_NONE);
  gst_message_unref (message);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_model_change)
{
  GstHarness *harness = make_harness ("", "RGB");
  gchar *folder = test_write_model (8, 8, 3, 3);
  const Rect crop = { 20, 11, 41, 30 };
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);

  gst_buffer_unref (buffer);
  g_object_set (harness->element, "model", folder, NULL);
  buffer = push_face (harness, "RGB", 1, 1);
  fail_unless_equals_string (gst_activations_get_model_name (
                                 nth_activations (buffer, 0)),
      "written");
  check_numbers (nth_activations (buffer, 0), buffer, "RGB", WIDTH, HEIGHT,
      &crop, folder);
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "model", MODEL, NULL);
  buffer = push_face (harness, "RGB", 2, 1);
  check_numbers (nth_activations (buffer, 0), buffer, "RGB", WIDTH, HEIGHT,
      &crop, MODEL);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_ERROR | GST_MESSAGE_WARNING),
      0);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* Every setting that cannot work, the expected error, and part of its message;
 * "%s" stands for the folder that make_broken() creates. */
static const struct {
  const gchar *property;
  const gchar *value;
  gboolean is_resource;
  gint code;
  const gchar *text;
} errors[] = {
  { "model", "/no/such/model", TRUE, GST_RESOURCE_ERROR_NOT_FOUND,
      "/no/such/model" },
  { "model", "%s/truncated", FALSE, GST_LIBRARY_ERROR_INIT,
      "truncated/model.json" },
  { "model", "%s/no-shard", TRUE, GST_RESOURCE_ERROR_NOT_FOUND,
      "no-shard/weights.bin" },
  { "model", "%s/no-json", FALSE, GST_LIBRARY_ERROR_INIT,
      "no-json/model.json" },
  { "model", "%s/two-channels", FALSE, GST_LIBRARY_ERROR_INIT, "two-channels" },
  { "model", "%s/windows", FALSE, GST_LIBRARY_ERROR_INIT, "windows" },
  { "labels", "/no/such/labels", TRUE, GST_RESOURCE_ERROR_NOT_FOUND,
      "/no/such/labels" },
  { "labels", "/dev", TRUE, GST_RESOURCE_ERROR_OPEN_READ, "/dev" },
  { "labels", "%s/three.txt", FALSE, GST_LIBRARY_ERROR_SETTINGS, "three.txt" },
  { "labels", "%s/blank.txt", FALSE, GST_LIBRARY_ERROR_INIT, "blank.txt" },
};

/* Settings that do not fit the model, and part of the warning. */
static const struct {
  const gchar *property;
  const gchar *value;
  const gchar *text;
} doubts[] = {
  { "layers", "conv2d_1,conv2d_9",
      "'layers': the model has no layer "
      "'conv2d_9'" },
  { "layers", "Auto", "'Auto'" },
  { "attribute", "two words", "'attribute': " },
  { "attribute", "1st", "1st" },
  { "attribute", "\xc3\xa4", "attribute '\xc3\xa4'" },
  { "explain-class", "nobody",
      "'explain-class': the model has no class 'nobody'; it has class 0, "
      "class 1" },
  { "explain-class", "2", "no class '2'" },
  { "explain-layer", "conv2d_9",
      "'explain-layer': the model has no layer "
      "'conv2d_9'" },
  { "explain-layer", "dense_1", "layer 'dense_1' gives" },
  { "knock-out", "conv2d_1", "'conv2d_1' is not layer:channel" },
  { "knock-out", "conv2d_9:1",
      "'knock-out': the model has no layer "
      "'conv2d_9'" },
  { "knock-out", "conv2d_1:3,conv2d_1:4",
      "'4' is no channel of layer 'max_pooling2d_1', which has channels 0 to "
      "3" },
  { "knock-out", "conv2d_1:-1", "'-1' is no channel" },
  { "knock-out", "flatten_1:0",
      "layer 'flatten_1' (Flatten) computes nothing" },
};

/* Creates a folder of broken models for the table of errors. */
static gchar *
make_broken (void)
{
  gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  gchar *made[4];
  static const gchar *const names[] = { "truncated", "no-shard", "no-json",
    "two-channels" };

  test_write_file (folder, "three.txt", "1\n2\n3\n", -1);
  test_write_file (folder, "blank.txt", "\nnot blank\n", -1);
  for (guint i = 0; i < 4; i++) {
    g_autofree gchar *path = g_build_filename (folder, names[i], NULL);

    made[i] = test_write_model (8, 8, i == 3 ? 2 : 3, 2);
    fail_unless_equals_int (g_rename (made[i], path), 0);
    g_free (made[i]);
    made[i] = g_steal_pointer (&path);
  }
  test_write_file (made[0], "weights.bin", "12345678", 8);
  test_write_file (made[1], "unused", "", 0);
  {
    g_autofree gchar *shard = g_build_filename (made[1], "weights.bin", NULL);

    fail_unless_equals_int (g_remove (shard), 0);
  }
  test_write_file (made[2], "model.json", "{ \"format\": \"layers-mod", -1);
  for (guint i = 0; i < 4; i++)
    g_free (made[i]);
  return folder;
}

static void
remove_broken (gchar *folder)
{
  static const gchar *const names[] = { "truncated", "no-shard", "no-json",
    "two-channels" };

  for (guint i = 0; i < 4; i++)
    test_remove_folder (g_build_filename (folder, names[i], NULL));
  test_remove_folder (folder);
}

/* Applies errors[@index]. set_good() makes the element work again. */
static void
set_bad (GstElement *element, guint index, const gchar *folder)
{
  const gchar *value = errors[index].value;
  g_autofree gchar *full = NULL;

  if (value && g_str_has_suffix (value, "/windows"))
    full = g_strdup (test_path ("golden/models/windows"));
  else if (value && g_str_has_prefix (value, "%s"))
    full = g_strconcat (folder, value + 2, NULL);
  else
    full = g_strdup (value);
  gst_util_set_object_arg (G_OBJECT (element), "explain", "hires-cam");
  g_object_set (element, errors[index].property, full, NULL);
}

static void
set_good (GstElement *element)
{
  g_object_set (element, "model", MODEL, "labels", NULL, "layers", "auto",
      "attribute", "gender", "explain-class", NULL, "explain-layer", "auto",
      "knock-out", NULL, NULL);
}

static void
expect_error (GstElement *element, guint index)
{
  test_expect_error (element,
      errors[index].is_resource ? GST_RESOURCE_ERROR : GST_LIBRARY_ERROR,
      errors[index].code, errors[index].text);
}

GST_START_TEST (test_errors_at_start)
{
  gchar *folder = make_broken ();
  GstElement *element = test_element ("cnninference");
  GstHarness *harness;
  GstBuffer *buffer;

  for (guint i = 0; i < 2; i++) {
    set_good (element);
    set_bad (element, (guint) __i__, folder);
    test_expect_no_start (element);
    expect_error (element, (guint) __i__);
  }
  set_good (element);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = push_face (harness, "RGB", 0, 1);
  check_auto_layers (nth_activations (buffer, 0));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  remove_broken (folder);
}
GST_END_TEST;

GST_START_TEST (test_errors_while_streaming)
{
  gchar *folder = make_broken ();
  GstHarness *harness = make_harness ("", "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);

  gst_buffer_unref (buffer);
  set_bad (harness->element, (guint) __i__, folder);
  buffer = test_frame ("RGB", WIDTH, HEIGHT, 1);
  test_add_region (buffer, "face", 1, 20, 11, 41, 30);
  fail_unless_equals_int (gst_harness_push (harness, buffer), GST_FLOW_ERROR);
  expect_error (harness->element, (guint) __i__);

  /* The element works again once the application has corrected the setting. */
  set_good (harness->element);
  buffer = push_face (harness, "RGB", 2, 1);
  check_auto_layers (nth_activations (buffer, 0));
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  remove_broken (folder);
}
GST_END_TEST;

/* A setting that does not fit the model causes one warning, at the start and
 * while playing, and everything else works. Setting the same value again does
 * not repeat the warning. */
GST_START_TEST (test_doubts)
{
  const gchar *property = doubts[__i__].property;
  GstElement *element = test_element ("cnninference explain=hires-cam model=%s",
      MODEL);
  GstHarness *harness;

  g_object_set (element, property, doubts[__i__].value, NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  for (guint i = 0; i < 4; i++) {
    GstBuffer *buffer = push_face (harness, "RGB", i, 1);
    const GstActivations *activations = nth_activations (buffer, 0);

    if (i != 1)
      test_expect_warning (element, doubts[__i__].text);
    fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_WARNING),
        0);
    fail_unless (gst_activations_get_n_classes (activations) == 2);
    gst_buffer_unref (buffer);
    if (i == 1)
      set_good (element);
    if (i == 1)
      gst_buffer_unref (push_face (harness, "RGB", 9, 1));
    g_object_set (element, property, doubts[__i__].value, NULL);
    if (i == 2)
      g_object_set (element, "interval", 1, "roi-scale", 0.0, NULL);
    if (i == 2)
      break;
  }
  gst_buffer_unref (push_face (harness, "RGB", 5, 1));
  fail_unless_equals_int (test_count_messages (element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Valid entries of a list are used, and the others are ignored with a
 * warning. */
GST_START_TEST (test_rest_of_list)
{
  GstHarness *harness = make_harness ("layers=conv2d_9,conv2d_2 "
                                      "knock-out=conv2d_1:9,conv2d_1:2",
      "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);
  const GstActivations *activations = nth_activations (buffer, 0);
  guint channel;

  fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
  fail_unless_equals_string (gst_activations_get_layer_name (activations, 0),
      "conv2d_2");
  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 1);
  gst_activations_get_knock_out (activations, 0, &channel);
  fail_unless_equals_int (channel, 2);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* An empty string means none: no network, no layers. */
GST_START_TEST (test_empty)
{
  GstHarness *harness = make_harness ("model=\"\"", "RGB");
  GstBuffer *buffer = push_face (harness, "RGB", 0, 1);

  fail_unless_equals_int (count_activations (buffer), 0);
  gst_buffer_unref (buffer);
  g_object_set (harness->element, "model", MODEL, "layers", "", NULL);
  buffer = push_face (harness, "RGB", 0, 1);
  fail_unless_equals_int (gst_activations_get_n_layers (
                              nth_activations (buffer, 0)),
      0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The error also says where the default model should be. */
GST_START_TEST (test_default_model)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");
  g_autofree gchar *file = g_build_filename (folder, "gender", "model.json",
      NULL);
  GstElement *element = test_element ("cnninference");
  GstHarness *harness;
  GstBuffer *buffer;

  if (g_file_test (file, G_FILE_TEST_EXISTS)) {
    harness = test_harness (element, "RGB", WIDTH, HEIGHT);
    buffer = push_face (harness, "RGB", 0, 1);
    fail_unless_equals_int (gst_activations_get_n_classes (
                                nth_activations (buffer, 0)),
        2);
    fail_unless (
        gst_activations_get_n_layers (nth_activations (buffer, 0)) >= 3);
    gst_buffer_unref (buffer);
    gst_harness_teardown (harness);
    element = test_element ("cnninference");
  } else {
    g_printerr ("%s is not there: only its absence is tested\n", file);
  }
  g_setenv ("GST_ACTIVATIONMAP_MODEL_DIR", "/no/such/folder", TRUE);
  test_expect_no_start (element);
  test_expect_error (element, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND,
      "/no/such/folder/gender");
  gst_object_unref (element);
}
GST_END_TEST;

/* Rows may be padded, and planes may be in another order, as described by a
 * GstVideoMeta. */
GST_START_TEST (test_strides)
{
  static const gchar *const formats[] = { "I420", "YV12", "NV12", "RGB", "YUY2",
    "GRAY8", "I420_10LE", "P010_10LE" };
  const gchar *format = formats[__i__];
  GstHarness *harness = make_harness ("layers=all", format);
  GstBuffer *compact = test_frame (format, WIDTH, HEIGHT, 0);
  GstBuffer *padded;
  gsize offsets[GST_VIDEO_MAX_PLANES], size = 5;
  gint strides[GST_VIDEO_MAX_PLANES];
  g_autoptr (GstCaps) caps = test_caps (format, WIDTH, HEIGHT);
  GstVideoInfo info;
  GstVideoFrame from, to;

  fail_unless (gst_video_info_from_caps (&info, caps));
  for (guint i = GST_VIDEO_INFO_N_PLANES (&info); i > 0; i--) {
    offsets[i - 1] = size;
    strides[i - 1] = GST_VIDEO_INFO_PLANE_STRIDE (&info, i - 1) + 13;
    size += (gsize) (strides[i - 1] * HEIGHT) + 7;
  }
  padded = gst_buffer_new_allocate (NULL, size, NULL);
  gst_buffer_memset (padded, 0, 0xa5, size);
  gst_buffer_add_video_meta_full (padded, GST_VIDEO_FRAME_FLAG_NONE,
      GST_VIDEO_INFO_FORMAT (&info), WIDTH, HEIGHT,
      GST_VIDEO_INFO_N_PLANES (&info), offsets, strides);
  fail_unless (gst_video_frame_map (&from, &info, compact, GST_MAP_READ));
  fail_unless (gst_video_frame_map (&to, &info, padded, GST_MAP_WRITE));
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (&info); i++) {
    const gint stride = GST_VIDEO_INFO_PLANE_STRIDE (&info, i);

    for (gint y = 0; y < (i ? (HEIGHT + 1) / 2 : HEIGHT); y++)
      memcpy ((guint8 *) to.data[i] + y * strides[i],
          (guint8 *) from.data[i] + y * stride, (gsize) stride);
  }
  gst_video_frame_unmap (&to);
  gst_video_frame_unmap (&from);
  test_add_region (compact, "face", 1, 60, 40, 60, 60);
  test_add_region (padded, "face", 1, 60, 40, 60, 60);
  compact = test_push (harness, compact);
  padded = test_push (harness, padded);
  fail_unless (
      same_numbers (nth_activations (compact, 0), nth_activations (padded, 0)));
  gst_buffer_unref (compact);
  gst_buffer_unref (padded);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_caps_change)
{
  static const struct {
    const gchar *format;
    gint width, height;
  } caps[] = { { "RGB", 97, 75 }, { "I420", 97, 75 }, { "NV12", 320, 240 },
    { "GRAY8", 16, 16 }, { "BGRA", 97, 75 } };
  GstHarness *harness = make_harness ("", "RGB");

  for (guint i = 0; i < G_N_ELEMENTS (caps); i++) {
    const Rect crop = { 5, 6, 10, 9 };
    GstBuffer *buffer = test_frame (caps[i].format, caps[i].width,
        caps[i].height, i);

    gst_harness_set_src_caps (harness,
        test_caps (caps[i].format, caps[i].width, caps[i].height));
    test_add_region (buffer, "face", 1, 5, 6, 10, 9);
    buffer = test_push (harness, buffer);
    check_numbers (nth_activations (buffer, 0), buffer, caps[i].format,
        caps[i].width, caps[i].height, &crop, MODEL);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* The pixels are neither written nor copied, even if somebody else holds the
 * buffer. */
GST_START_TEST (test_untouched)
{
  GstHarness *harness = make_harness ("", "I420");
  GstBuffer *source = test_frame ("I420", WIDTH, HEIGHT, 0);
  g_autoptr (GBytes) bytes = test_copy_bytes (source);
  GstBuffer *buffer, *shared;
  gsize size;
  gpointer data = (gpointer) g_bytes_get_data (bytes, &size);
  GstMemory *memory;

  buffer = gst_buffer_new_wrapped_full (GST_MEMORY_FLAG_READONLY, data, size, 0,
      size, NULL, NULL);
  memory = gst_buffer_peek_memory (buffer, 0);
  test_add_region (buffer, "face", 1, 20, 11, 41, 30);
  buffer = test_push (harness, buffer);
  fail_unless_equals_int (count_activations (buffer), 1);
  fail_unless (gst_buffer_peek_memory (buffer, 0) == memory);
  fail_unless (test_same_bytes (source, bytes));

  shared = test_push (harness, gst_buffer_ref (buffer));
  fail_if (shared == buffer);
  fail_unless (gst_buffer_peek_memory (shared, 0) == memory);
  fail_unless_equals_int (count_activations (shared), 2);
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (shared);
  gst_buffer_unref (buffer);

  /* If there is nothing to do, the same buffer is passed on. */
  buffer = test_push (harness, gst_buffer_ref (source));
  fail_unless_equals_int (count_activations (buffer), 0);
  fail_unless (
      gst_buffer_peek_memory (buffer, 0) == gst_buffer_peek_memory (source, 0));
  gst_buffer_unref (buffer);
  buffer = test_push (harness, source);
  fail_unless (buffer == source);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Buffers that are not valid frames are passed on, with one warning. */
GST_START_TEST (test_no_frames)
{
  static const gsize sizes[] = { 100, 0, WIDTH * HEIGHT };
  GstHarness *harness = make_harness ("", "RGB");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    GstBuffer *buffer = sizes[i] ? gst_buffer_new_and_alloc (sizes[i])
                                 : gst_buffer_new ();

    test_add_region (buffer, "face", 1, 20, 11, 41, 30);
    buffer = test_push (harness, buffer);
    fail_unless_equals_int (count_activations (buffer), 0);
    gst_buffer_unref (buffer);
    if (i == 0)
      test_expect_warning (harness->element, "is no frame of");
  }
  gst_buffer_unref (push_face (harness, "RGB", 0, 1));
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      0);
  gst_harness_teardown (harness);
}
GST_END_TEST;

static GstBuffer *
convert (GstBuffer *buffer, const gchar *from, const gchar *to, gint size)
{
  GstHarness *harness = gst_harness_new ("videoconvert");

  gst_harness_set_src_caps (harness, test_caps (from, size, size));
  gst_harness_set_sink_caps (harness, test_caps (to, size, size));
  buffer = test_push (harness, buffer);
  gst_harness_teardown (harness);
  return buffer;
}

/* A smooth picture, so that chroma can be subsampled without loss. */
static GstBuffer *
make_picture (gint size, gboolean gray)
{
  GstBuffer *buffer = gst_buffer_new_and_alloc ((gsize) (size * size * 4));
  GstMapInfo map;

  gst_buffer_map (buffer, &map, GST_MAP_WRITE);
  for (gint y = 0; y < size; y++) {
    for (gint x = 0; x < size; x++) {
      guint8 *pixel = map.data + 4 * (y * size + x);

      pixel[0] = (guint8) (40 + 150 * x / size);
      pixel[1] = gray ? pixel[0] : (guint8) (60 + 120 * y / size);
      pixel[2] = gray ? pixel[0] : (guint8) (200 - 130 * x / size);
      pixel[3] = 255;
    }
  }
  gst_buffer_unmap (buffer, &map);
  return buffer;
}

/* A picture that GStreamer itself has converted to another format gives the
 * same values. */
GST_START_TEST (test_formats_agree)
{
  enum {
    SIZE = 64
  };
  const gchar *format = test_formats[__i__];
  const gboolean gray = g_str_equal (format, "GRAY8");
  GstBuffer *frames[2] = { make_picture (SIZE, gray), NULL };
  guint height, width, channels;
  const gfloat *data[2];
  gsize n_values;
  gfloat largest = 0.0f, worst = 0.0f;

  frames[1] = convert (gst_buffer_copy_deep (frames[0]), "RGBA", format, SIZE);
  for (guint i = 0; i < 2; i++) {
    GstHarness *harness = test_harness (
        test_element ("cnninference model=%s roi-type=\"\"", MODEL),
        i ? format : "RGBA", SIZE, SIZE);

    frames[i] = test_push (harness, frames[i]);
    data[i] = gst_activations_get_layer_data (nth_activations (frames[i], 0), 0,
        &height, &width, &channels, &n_values);
    gst_harness_teardown (harness);
  }
  for (gsize k = 0; k < n_values; k++) {
    largest = MAX (largest, data[0][k]);
    worst = MAX (worst, fabsf (data[0][k] - data[1][k]));
  }
  GST_INFO ("%s: differs by %g of %g", format, worst, largest);
  fail_unless (largest > 0.01f);
  fail_unless (worst < 0.03f * largest, "%s: differs by %g of %g", format,
      worst, largest);
  gst_buffer_unref (frames[0]);
  gst_buffer_unref (frames[1]);
}
GST_END_TEST;

typedef struct {
  GstElement *element;
  gchar *folder;
  gint stop;
} Changes;

static gpointer
change_properties (gpointer data)
{
  Changes *changes = data;

  for (guint i = 0; !g_atomic_int_get (&changes->stop); i++) {
    g_autofree gchar *text = NULL;

    g_object_set (changes->element, "model", i % 2 ? MODEL : changes->folder,
        "interval", 1 + i % 3, "roi-type", i % 5 ? "face" : "", "attribute",
        i % 2 ? "a" : "b", "layers", i % 3 ? "auto" : "all", "post-messages",
        i % 2, "roi-scale", 1.0 + i % 4, NULL);
    g_object_get (changes->element, "layers", &text, NULL);
    g_thread_yield ();
  }
  return NULL;
}

GST_START_TEST (test_changes_from_another_thread)
{
  GstHarness *harness = make_harness ("", "NV12");
  Changes changes = { harness->element, test_write_model (6, 6, 3, 3), 0 };
  GThread *thread = g_thread_new ("changes", change_properties, &changes);

  for (guint i = 0; i < 200; i++) {
    GstBuffer *buffer = push_face (harness, "NV12", i, 1);

    fail_unless_equals_int (count_activations (buffer), 1);
    gst_buffer_unref (buffer);
  }
  g_atomic_int_set (&changes.stop, 1);
  g_thread_join (thread);
  fail_unless_equals_int (test_count_messages (harness->element,
                              GST_MESSAGE_ERROR),
      0);
  gst_harness_teardown (harness);
  test_remove_folder (changes.folder);
}
GST_END_TEST;

/* The error for exceeding the limit states the memory needed, and a new limit
 * is tried at once. */
GST_START_TEST (test_max_memory)
{
  gchar *folder = test_write_model (200, 200, 3, 4);
  GstElement *element = test_element ("cnninference model=%s max-memory=1",
      folder);
  GstHarness *harness;
  GstBuffer *buffer;

  test_expect_no_start (element);
  /* 54 + 2 + 80000 * 4 + 4 weights */
  test_expect_error (element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT,
      "take 1280240 bytes (1.2 MiB)");
  g_object_set (element, "max-memory", 8, NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = push_face (harness, "RGB", 1, 1);
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

/* The same for the limit on multiply-accumulates. */
GST_START_TEST (test_max_macs)
{
  gchar *folder = test_write_model (200, 200, 3, 4);
  GstElement *element = test_element ("cnninference model=%s max-macs=2",
      folder);
  GstHarness *harness;
  GstBuffer *buffer;

  test_expect_no_start (element);
  /* 200 * 200 * 2 * (27 + 4) */
  test_expect_error (element, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_INIT,
      "2480000 multiply-accumulates (2.5 million), beyond the limit of 2000000 "
      "(max-macs");
  g_object_set (element, "max-macs", 3, NULL);
  harness = test_harness (element, "RGB", WIDTH, HEIGHT);
  buffer = push_face (harness, "RGB", 1, 1);
  fail_unless_equals_int (count_activations (buffer), 1);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
  test_remove_folder (folder);
}
GST_END_TEST;

static Suite *
cnninference_suite (void)
{
  Suite *suite = suite_create ("cnninference");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_loop_test (tests, test_numbers, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_other_networks);
  tcase_add_loop_test (tests, test_crops, 0, (gint) G_N_ELEMENTS (crops));
  tcase_add_loop_test (tests, test_crops_beyond, 0,
      (gint) G_N_ELEMENTS (detections));
  tcase_add_test (tests, test_absurd_boxes);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_roi_type);
  tcase_add_test (tests, test_region_ids);
  tcase_add_test (tests, test_layers);
  tcase_add_test (tests, test_region_parameter);
  tcase_add_test (tests, test_labels);
  tcase_add_test (tests, test_interval);
  tcase_add_test (tests, test_interval_whole_frame);
  tcase_add_test (tests, test_interval_and_changes);
  tcase_add_test (tests, test_interval_and_flush);
  tcase_add_test (tests, test_messages);
  tcase_add_test (tests, test_uncertain);
  tcase_add_test (tests, test_message_without_time);
  tcase_add_test (tests, test_model_change);
  tcase_add_loop_test (tests, test_errors_at_start, 0,
      (gint) G_N_ELEMENTS (errors));
  tcase_add_loop_test (tests, test_errors_while_streaming, 0,
      (gint) G_N_ELEMENTS (errors));
  tcase_add_test (tests, test_max_memory);
  tcase_add_test (tests, test_max_macs);
  tcase_add_loop_test (tests, test_doubts, 0, (gint) G_N_ELEMENTS (doubts));
  tcase_add_test (tests, test_rest_of_list);
  tcase_add_test (tests, test_empty);
  tcase_add_test (tests, test_default_model);
  tcase_add_loop_test (tests, test_strides, 0, 8);
  tcase_add_test (tests, test_caps_change);
  tcase_add_test (tests, test_untouched);
  tcase_add_test (tests, test_no_frames);
  tcase_add_loop_test (tests, test_formats_agree, 0, TEST_N_FORMATS);
  tcase_add_test (tests, test_changes_from_another_thread);
  return suite;
}

GST_CHECK_MAIN (cnninference);
