/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* GstActivations and GstActivationMeta: what they hold, and what becomes of
 * them when buffers are copied, converted and scaled. */

#include "common.h"

static const gfloat values[2 * 3 * 2] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  11 };

static GstActivations *
make_activations (gint id)
{
  return test_activations (id, 2, 3, 2, values);
}

/* Adds a meta that holds the only reference to its activations. */
static GstActivationMeta *
add_meta (GstBuffer *buffer, gint id, guint x, guint y, guint width,
    guint height)
{
  g_autoptr (GstActivations) activations = make_activations (id);

  return gst_buffer_add_activation_meta (buffer, activations, "face", x, y,
      width, height);
}

static void
check_box (const GstActivationMeta *meta, guint x, guint y, guint width,
    guint height)
{
  fail_unless_equals_int (meta->x, x);
  fail_unless_equals_int (meta->y, y);
  fail_unless_equals_int (meta->width, width);
  fail_unless_equals_int (meta->height, height);
}

GST_START_TEST (test_getters)
{
  gfloat data[12];
  g_autoptr (GstActivations) activations = NULL;
  const GstActivationLayer *layer;
  const gfloat *kept;
  gint height, width, channels;
  gsize n_values;

  memcpy (data, values, sizeof data);
  activations = test_activations (7, 2, 3, 2, data);
  memset (data, 0, sizeof data); /* it has made copies */
  fail_unless_equals_string (gst_activations_get_model_name (activations),
      "model");
  fail_unless_equals_string (gst_activations_get_attribute (activations),
      "attribute");
  fail_unless_equals_int (gst_activations_get_region_id (activations), 7);
  fail_unless_equals_int (gst_activations_get_n_classes (activations), 2);
  fail_unless_equals_int (gst_activations_get_winner (activations), 1);
  fail_unless_equals_string (gst_activations_get_label (activations, 0), "low");
  fail_unless_equals_string (gst_activations_get_label (activations, 1),
      "high");
  fail_unless_equals_float (gst_activations_get_score (activations, 0), 0.25);
  fail_unless_equals_float (gst_activations_get_score (activations, 1), 0.75);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
  layer = gst_activations_get_layer (activations, 0);
  fail_unless_equals_string (layer->name, "maps");
  fail_unless_equals_string (layer->source, "maps");
  fail_unless_equals_string (gst_activations_get_layer_name (activations, 0),
      "maps");
  kept = gst_activations_get_layer_data (activations, 0, &height, &width,
      &channels, &n_values);
  fail_unless (kept == layer->data);
  fail_unless_equals_int (height, 2);
  fail_unless_equals_int (width, 3);
  fail_unless_equals_int (channels, 2);
  fail_unless_equals_uint64 (n_values, 12);
  fail_unless (memcmp (kept, values, sizeof values) == 0);
}
GST_END_TEST;

GST_START_TEST (test_out_of_range)
{
  g_autoptr (GstActivations) activations = make_activations (-1);
  gint height = 1, width = 1, channels = 1;
  gsize n_values = 1;

  fail_unless_equals_int (gst_activations_get_region_id (activations), -1);
  for (guint i = 0; i < 3; i++) {
    const guint beyond[] = { 2, 3, G_MAXUINT };

    fail_unless (gst_activations_get_label (activations, beyond[i]) == NULL);
    fail_unless (gst_activations_get_layer (activations, beyond[i]) == NULL);
    fail_unless (
        gst_activations_get_layer_name (activations, beyond[i]) == NULL);
    ASSERT_CRITICAL (gst_activations_get_score (activations, beyond[i]));
  }
  fail_unless (gst_activations_get_layer_data (activations, 1, &height, &width,
                   &channels, &n_values)
      == NULL);
  fail_unless_equals_int (height, 0);
  fail_unless_equals_int (width, 0);
  fail_unless_equals_int (channels, 0);
  fail_unless_equals_uint64 (n_values, 0);
}
GST_END_TEST;

/* Many layers and classes of all shapes lie in one block without overlapping. */
GST_START_TEST (test_many)
{
  enum {
    N_CLASSES = 1001,
    N_LAYERS = 37
  };
  const gchar *labels[N_CLASSES];
  gfloat scores[N_CLASSES];
  gfloat data[N_LAYERS][60];
  GstActivationLayer layers[N_LAYERS];
  g_autoptr (GstActivations) activations = NULL;

  for (guint i = 0; i < N_CLASSES; i++) {
    labels[i] = i % 2 ? "odd" : "even";
    scores[i] = (gfloat) i / N_CLASSES;
  }
  for (guint i = 0; i < N_LAYERS; i++) {
    const GstActivationLayer layer = { "layer", "source", 1 + (gint) i % 3,
      1 + (gint) i % 4, 1 + (gint) i % 5, data[i] };

    layers[i] = layer;
    for (guint k = 0; k < 60; k++)
      data[i][k] = (gfloat) (i * 100 + k);
  }
  activations = gst_activations_new (NULL, "attribute", 1, N_CLASSES, labels,
      scores, N_CLASSES - 1, layers, N_LAYERS);
  fail_unless (gst_activations_get_model_name (activations) == NULL);
  for (guint i = 0; i < N_CLASSES; i++) {
    fail_unless_equals_string (gst_activations_get_label (activations, i),
        labels[i]);
    fail_unless_equals_float (gst_activations_get_score (activations, i),
        scores[i]);
  }
  for (guint i = 0; i < N_LAYERS; i++) {
    const GstActivationLayer *layer = gst_activations_get_layer (activations,
        i);
    const gsize n_values = (gsize) (layer->height * layer->width
        * layer->channels);

    fail_unless_equals_int (layer->height, layers[i].height);
    fail_unless_equals_string (layer->source, "source");
    fail_unless (
        memcmp (layer->data, data[i], n_values * sizeof (gfloat)) == 0);
  }
}
GST_END_TEST;

GST_START_TEST (test_no_layers)
{
  const gchar *label = "only";
  const gfloat score = 1.0f;
  g_autoptr (GstActivations) activations = gst_activations_new ("model",
      "attribute", 0, 1, &label, &score, 0, NULL, 0);

  fail_unless_equals_int (gst_activations_get_n_layers (activations), 0);
  fail_unless (gst_activations_get_layer (activations, 0) == NULL);
  ASSERT_CRITICAL (gst_activations_new ("model", "attribute", 0, 1, &label,
      &score, 1, NULL, 0));
}
GST_END_TEST;

GST_START_TEST (test_explanation)
{
  const gchar *labels[] = { "no", "yes" };
  const gfloat scores[] = { 0.75f, 0.25f }, intact_scores[] = { 0.5f, 0.5f };
  gfloat data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  const GstActivationLayer layer = { "pool", "convolution", 1, 2, 3, data };
  const GstActivationExplanation explanation = {
    .method = "layer-cam",
    .layer = "pool",
    .source = "convolution",
    .target_class = 1,
    .height = 1,
    .width = 2,
    .channels = 3,
    .cam = data,
    .map = data + 2,
    .cell_contributions = data + 4,
    .channel_contributions = data + 6,
    .logit = 1.5f,
    .bias = -0.5f,
  };
  const GstActivationKnockOut channels[] = { { "pool", 2 }, { "pool", 0 } };
  const GstActivationKnockOuts knock_outs = { channels, 2, intact_scores };
  g_autoptr (GstActivations)
      activations = gst_activations_new_explained ("model", "attribute", 1, 2,
          labels, scores, 0, &layer, 1, &explanation, &knock_outs);
  gint height, width, channel;
  gsize n_values;

  memset (data, 0, sizeof data); /* it has made copies */
  fail_unless_equals_string (gst_activations_get_explanation_method (
                                 activations),
      "layer-cam");
  fail_unless_equals_string (gst_activations_get_explanation_layer (
                                 activations),
      "pool");
  fail_unless_equals_string (
      gst_activations_get_explanation (activations)->source, "convolution");
  fail_unless_equals_int (gst_activations_get_explanation_class (activations),
      1);
  fail_unless_equals_float (gst_activations_get_logit (activations), 1.5);
  fail_unless_equals_float (gst_activations_get_bias (activations), -0.5);
  fail_unless_equals_float (gst_activations_get_cam (activations, &height,
                                &width, &n_values)[1],
      2);
  fail_unless_equals_int (height, 1);
  fail_unless_equals_int (width, 2);
  fail_unless_equals_uint64 (n_values, 2);
  fail_unless_equals_float (gst_activations_get_cam_map (activations, &height,
                                &width, &n_values)[1],
      4);
  fail_unless_equals_float (gst_activations_get_cell_contributions (activations,
                                &height, &width, &n_values)[1],
      6);
  fail_unless_equals_float (
      gst_activations_get_channel_contributions (activations, &n_values)[2], 9);
  fail_unless_equals_uint64 (n_values, 3);
  fail_unless_equals_float (gst_activations_get_layer (activations, 0)->data[5],
      6);

  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 2);
  fail_unless_equals_string (gst_activations_get_knock_out (activations, 0,
                                 &channel),
      "pool");
  fail_unless_equals_int (channel, 2);
  fail_unless (
      gst_activations_get_knock_out (activations, 2, &channel) == NULL);
  fail_unless_equals_int (channel, -1);
  fail_unless (gst_activations_is_knocked_out (activations, "pool", 0));
  fail_if (gst_activations_is_knocked_out (activations, "pool", 1));
  fail_if (gst_activations_is_knocked_out (activations, "convolution", 0));
  fail_unless_equals_float (gst_activations_get_score (activations, 0), 0.75);
  fail_unless_equals_float (gst_activations_get_intact_score (activations, 0),
      0.5);
  ASSERT_CRITICAL (gst_activations_get_intact_score (activations, 2));
}
GST_END_TEST;

GST_START_TEST (test_no_explanation)
{
  g_autoptr (GstActivations) activations = make_activations (1);
  gint height = 1, width = 1, channel = 1;
  gsize n_values = 1;

  fail_unless (gst_activations_get_explanation (activations) == NULL);
  fail_unless (gst_activations_get_explanation_method (activations) == NULL);
  fail_unless (gst_activations_get_explanation_layer (activations) == NULL);
  fail_unless_equals_int (gst_activations_get_explanation_class (activations),
      -1);
  fail_unless_equals_float (gst_activations_get_logit (activations), 0);
  fail_unless_equals_float (gst_activations_get_bias (activations), 0);
  fail_unless (gst_activations_get_cam (activations, &height, &width, &n_values)
      == NULL);
  fail_unless (
      gst_activations_get_cam_map (activations, &height, &width, &n_values)
      == NULL);
  fail_unless (gst_activations_get_cell_contributions (activations, &height,
                   &width, &n_values)
      == NULL);
  fail_unless_equals_int (height, 0);
  fail_unless_equals_int (width, 0);
  fail_unless_equals_uint64 (n_values, 0);
  n_values = 1;
  fail_unless (
      gst_activations_get_channel_contributions (activations, &n_values)
      == NULL);
  fail_unless_equals_uint64 (n_values, 0);
  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 0);
  fail_unless (
      gst_activations_get_knock_out (activations, 0, &channel) == NULL);
  fail_if (gst_activations_is_knocked_out (activations, "maps", 0));
  fail_unless_equals_float (gst_activations_get_intact_score (activations, 1),
      0.75);
}
GST_END_TEST;

static gpointer
hold_and_release (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    gst_activations_unref (gst_activations_ref (data));
  return NULL;
}

GST_START_TEST (test_references)
{
  GstActivations *activations = make_activations (3);
  GstBuffer *buffer = gst_buffer_new ();
  GThread *threads[4];
  GValue value = G_VALUE_INIT;

  fail_unless (gst_activations_ref (activations) == activations);
  gst_activations_unref (activations);

  g_value_init (&value, GST_TYPE_ACTIVATIONS);
  g_value_set_boxed (&value, activations);
  fail_unless (g_value_get_boxed (&value) == activations);
  g_value_unset (&value);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("references", hold_and_release, activations);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  /* The meta has a reference of its own, and we keep ours. */
  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 1, 1);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (gst_activations_get_region_id (activations), 3);
  buffer = gst_buffer_new ();
  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 1, 1);
  gst_activations_unref (activations);
  fail_unless_equals_int (
      gst_activations_get_region_id (
          gst_buffer_get_nth_activation_meta (buffer, 0)->activations),
      3);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (test_add_and_iterate)
{
  GstBuffer *buffer = gst_buffer_new ();
  gpointer state = NULL;
  guint n = 0;
  GstActivationMeta *meta;

  fail_unless (gst_buffer_get_nth_activation_meta (buffer, 0) == NULL);
  fail_unless (gst_buffer_iterate_activation_meta (buffer, &state) == NULL);
  for (guint i = 0; i < 5; i++) {
    /* Others in between do not disturb. */
    test_add_region (buffer, "face", (gint) i, 1, 2, 3, 4);
    meta = add_meta (buffer, (gint) i, i, i + 1, i + 2, i + 3);
    check_box (meta, i, i + 1, i + 2, i + 3);
    fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
  }
  state = NULL;
  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    check_box (meta, n, n + 1, n + 2, n + 3);
    fail_unless (gst_buffer_get_nth_activation_meta (buffer, n) == meta);
    fail_unless_equals_int (gst_activations_get_region_id (meta->activations),
        n);
    n++;
  }
  fail_unless_equals_int (n, 5);
  fail_unless (gst_buffer_get_nth_activation_meta (buffer, 5) == NULL);
  fail_unless (gst_buffer_get_nth_activation_meta (buffer, G_MAXUINT) == NULL);
  gst_buffer_remove_meta (buffer,
      &gst_buffer_get_nth_activation_meta (buffer, 0)->meta);
  fail_unless_equals_int (gst_buffer_get_nth_activation_meta (buffer, 0)->x, 1);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (test_whole_frame)
{
  GstBuffer *buffer = gst_buffer_new ();
  g_autoptr (GstActivations) activations = make_activations (-1);
  GstActivationMeta *meta = gst_buffer_add_activation_meta (buffer, activations,
      NULL, 0, 0, 640, 480);

  fail_unless_equals_int (meta->roi_type, 0);
  gst_buffer_ref (buffer);
  ASSERT_CRITICAL (gst_buffer_add_activation_meta (buffer, activations, NULL, 0,
      0, 640, 480));
  gst_buffer_unref (buffer);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

GST_START_TEST (test_copies)
{
  GstBuffer *buffer = test_frame ("GRAY8", 64, 64, 0);
  GstActivationMeta *meta = add_meta (buffer, 5, 10, 20, 30, 40);
  GstActivations *activations = gst_activations_ref (meta->activations);
  GstBuffer *copies[3] = { gst_buffer_copy (buffer),
    gst_buffer_copy_deep (buffer),
    gst_buffer_make_writable (gst_buffer_ref (buffer)) };

  gst_buffer_unref (buffer);
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++) {
    meta = gst_buffer_get_nth_activation_meta (copies[i], 0);
    check_box (meta, 10, 20, 30, 40);
    fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
    fail_unless (meta->activations == activations);
    fail_unless (gst_buffer_get_nth_activation_meta (copies[i], 1) == NULL);
    gst_buffer_unref (copies[i]);
  }
  gst_activations_unref (activations);
}
GST_END_TEST;

/* Through elements that are not ours. */

typedef struct {
  const gchar *element;
  const gchar *format;
  gint width;
  gint height;
  guint box[4]; /* of 10, 20, 30, 40 in 64x48 */
} Conversion;

static const Conversion conversions[] = {
  { "videoconvert", "I420", 64, 48, { 10, 20, 30, 40 } },
  { "videoconvert", "RGB", 64, 48, { 10, 20, 30, 40 } },
  { "videoscale", "NV12", 128, 96, { 20, 40, 60, 80 } },
  { "videoscale", "NV12", 32, 24, { 5, 10, 15, 20 } },
  { "videoscale add-borders=false", "NV12", 32, 96, { 5, 40, 15, 80 } },
  { "videoscale add-borders=false", "NV12", 100, 100, { 16, 42, 47, 83 } },
  { "videoconvertscale", "BGRx", 128, 96, { 20, 40, 60, 80 } },
  { "queue", "NV12", 64, 48, { 10, 20, 30, 40 } },
  { "identity", "NV12", 64, 48, { 10, 20, 30, 40 } },
};

GST_START_TEST (test_conversion)
{
  const Conversion *conversion = &conversions[__i__];
  GstHarness *harness = gst_harness_new_parse (conversion->element);
  GstBuffer *buffer = test_frame ("NV12", 64, 48, 0);
  GstActivationMeta *meta;

  gst_harness_set_src_caps (harness, test_caps ("NV12", 64, 48));
  gst_harness_set_sink_caps (harness,
      test_caps (conversion->format, conversion->width, conversion->height));
  add_meta (buffer, 5, 10, 20, 30, 40);
  add_meta (buffer, 6, 0, 0, 64, 48);
  buffer = test_push (harness, buffer);
  meta = gst_buffer_get_nth_activation_meta (buffer, 0);
  fail_unless (meta != NULL, "%s drops the meta", conversion->element);
  check_box (meta, conversion->box[0], conversion->box[1], conversion->box[2],
      conversion->box[3]);
  fail_unless_equals_int (gst_activations_get_region_id (meta->activations), 5);
  fail_unless (memcmp (gst_activations_get_layer (meta->activations, 0)->data,
                   values, sizeof values)
      == 0);
  meta = gst_buffer_get_nth_activation_meta (buffer, 1);
  check_box (meta, 0, 0, (guint) conversion->width, (guint) conversion->height);
  fail_unless_equals_int (gst_activations_get_region_id (meta->activations), 6);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Boxes of a careless detector overflow nothing when they are scaled. */
GST_START_TEST (test_huge_box)
{
  GstHarness *harness = gst_harness_new ("videoscale");
  GstBuffer *buffer = test_frame ("GRAY8", 64, 48, 0);

  gst_harness_set_src_caps (harness, test_caps ("GRAY8", 64, 48));
  gst_harness_set_sink_caps (harness, test_caps ("GRAY8", 128, 96));
  add_meta (buffer, 5, G_MAXUINT, G_MAXINT, G_MAXUINT, 0);
  buffer = test_push (harness, buffer);
  fail_unless (gst_buffer_get_nth_activation_meta (buffer, 0) != NULL);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_registration)
{
  const GstMetaInfo *info = gst_activation_meta_get_info ();

  fail_unless (info == gst_meta_get_info ("GstActivationMeta"));
  fail_unless (info->api == GST_ACTIVATION_META_API_TYPE);
  fail_unless_equals_uint64 (info->size, sizeof (GstActivationMeta));
  fail_unless (gst_meta_api_type_has_tag (info->api,
      g_quark_from_string (GST_META_TAG_VIDEO_SIZE_STR)));
  fail_if (gst_meta_api_type_has_tag (info->api,
      g_quark_from_string (GST_META_TAG_MEMORY_STR)));
}
GST_END_TEST;

static Suite *
activationmeta_suite (void)
{
  Suite *suite = suite_create ("activationmeta");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_test (tests, test_getters);
  tcase_add_test (tests, test_out_of_range);
  tcase_add_test (tests, test_many);
  tcase_add_test (tests, test_no_layers);
  tcase_add_test (tests, test_explanation);
  tcase_add_test (tests, test_no_explanation);
  tcase_add_test (tests, test_references);
  tcase_add_test (tests, test_add_and_iterate);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_copies);
  tcase_add_loop_test (tests, test_conversion, 0,
      (gint) G_N_ELEMENTS (conversions));
  tcase_add_test (tests, test_huge_box);
  tcase_add_test (tests, test_registration);
  return suite;
}

GST_CHECK_MAIN (activationmeta);
