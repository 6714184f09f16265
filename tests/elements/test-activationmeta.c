/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of GstActivations and GstActivationMeta: their contents, and what
 * happens to them when buffers are copied, converted and scaled. */

#include "common.h"

static const gfloat values[2 * 3 * 2] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  11 };

static GstActivations *
make_activations (void)
{
  return test_activations (2, 3, 2, values);
}

/* Adds a meta that holds the only reference to its activations. */
static GstActivationMeta *
add_meta (GstBuffer *buffer, gint id, gint x, gint y, guint width, guint height)
{
  g_autoptr (GstActivations) activations = make_activations ();
  GstActivationMeta *meta = gst_buffer_add_activation_meta (buffer, activations,
      "face", x, y, width, height);

  fail_unless_equals_int (meta->id, -1);
  fail_unless_equals_int (meta->region_id, 0);
  meta->id = id;
  meta->region_id = id + 100;
  return meta;
}

static void
check_box (const GstActivationMeta *meta, gint x, gint y, guint width,
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
  const gfloat *kept;
  guint height, width, channels;
  gsize n_values;

  memcpy (data, values, sizeof data);
  activations = test_activations (2, 3, 2, data);
  memset (data, 0, sizeof data); /* the values have been copied */
  fail_unless_equals_string (gst_activations_get_model_name (activations),
      "model");
  fail_unless_equals_string (gst_activations_get_attribute (activations),
      "attribute");
  fail_unless_equals_int (gst_activations_get_n_classes (activations), 2);
  fail_unless_equals_int (gst_activations_get_winner (activations), 1);
  fail_unless_equals_string (gst_activations_get_label (activations, 0), "low");
  fail_unless_equals_string (gst_activations_get_label (activations, 1),
      "high");
  fail_unless_equals_float (gst_activations_get_score (activations, 0), 0.25);
  fail_unless_equals_float (gst_activations_get_score (activations, 1), 0.75);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
  fail_unless_equals_string (gst_activations_get_layer_name (activations, 0),
      "maps");
  fail_unless_equals_string (gst_activations_get_layer_source (activations, 0),
      "maps");
  kept = gst_activations_get_layer_data (activations, 0, &height, &width,
      &channels, &n_values);
  fail_unless_equals_int (height, 2);
  fail_unless_equals_int (width, 3);
  fail_unless_equals_int (channels, 2);
  fail_unless_equals_uint64 (n_values, 12);
  fail_unless (memcmp (kept, values, sizeof values) == 0);
  /* All output arguments are optional. */
  fail_unless (
      gst_activations_get_layer_data (activations, 0, NULL, NULL, NULL, NULL)
      == kept);
  /* Who adds a layer does not say what its cells see. */
  fail_if (gst_activations_get_layer_interior (activations, 0, NULL, NULL,
      &width, &height));
  fail_unless_equals_int (width, 0);
  fail_unless_equals_int (height, 0);
}
GST_END_TEST;

/* Every getter rejects an index that is out of range with a critical warning,
 * and also NULL, in the next test. */
GST_START_TEST (test_out_of_range)
{
  static const guint beyond[] = { 2, 3, G_MAXUINT };
  g_autoptr (GstActivations) activations = make_activations ();

  for (guint i = 0; i < G_N_ELEMENTS (beyond); i++) {
    const guint index = beyond[i];

    ASSERT_CRITICAL (gst_activations_get_label (activations, index));
    ASSERT_CRITICAL (gst_activations_get_score (activations, index));
    ASSERT_CRITICAL (gst_activations_get_intact_score (activations, index));
    ASSERT_CRITICAL (gst_activations_get_layer_name (activations, index));
    ASSERT_CRITICAL (gst_activations_get_layer_source (activations, index));
    ASSERT_CRITICAL (gst_activations_get_layer_data (activations, index, NULL,
        NULL, NULL, NULL));
    ASSERT_CRITICAL (
        gst_activations_get_layer_bytes (activations, index, NULL, NULL, NULL));
    ASSERT_CRITICAL (gst_activations_get_layer_interior (activations, index,
        NULL, NULL, NULL, NULL));
    ASSERT_CRITICAL (gst_activations_get_knock_out (activations, index, NULL));
  }
}
GST_END_TEST;

GST_START_TEST (test_null)
{
  ASSERT_CRITICAL (gst_activations_ref (NULL));
  ASSERT_CRITICAL (gst_activations_unref (NULL));
  ASSERT_CRITICAL (gst_activations_get_model_name (NULL));
  ASSERT_CRITICAL (gst_activations_get_attribute (NULL));
  ASSERT_CRITICAL (gst_activations_get_n_classes (NULL));
  ASSERT_CRITICAL (gst_activations_get_winner (NULL));
  ASSERT_CRITICAL (gst_activations_get_label (NULL, 0));
  ASSERT_CRITICAL (gst_activations_get_score (NULL, 0));
  ASSERT_CRITICAL (gst_activations_get_score_bytes (NULL));
  ASSERT_CRITICAL (gst_activations_get_n_layers (NULL));
  ASSERT_CRITICAL (gst_activations_get_layer_name (NULL, 0));
  ASSERT_CRITICAL (gst_activations_get_layer_source (NULL, 0));
  ASSERT_CRITICAL (
      gst_activations_get_layer_data (NULL, 0, NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (
      gst_activations_get_explanation (NULL, NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_layer_bytes (NULL, 0, NULL, NULL, NULL));
  ASSERT_CRITICAL (
      gst_activations_get_layer_interior (NULL, 0, NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_cam (NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_cam_bytes (NULL, NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_cam_map (NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (
      gst_activations_get_maps_area (NULL, NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (
      gst_activations_get_cell_contributions (NULL, NULL, NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_channel_contributions (NULL, NULL));
  ASSERT_CRITICAL (gst_activations_get_n_knock_outs (NULL));
  ASSERT_CRITICAL (gst_activations_get_knock_out (NULL, 0, NULL));
  ASSERT_CRITICAL (gst_activations_get_intact_score (NULL, 0));
}
GST_END_TEST;

/* Many classes, and many layers of different shapes, share one block of memory
 * without overlapping. */
GST_START_TEST (test_many)
{
  enum {
    N_CLASSES = 1001,
    N_LAYERS = 37
  };
  const gchar *labels[N_CLASSES + 1] = { NULL };
  gfloat scores[N_CLASSES];
  gfloat data[N_LAYERS][60];
  g_autoptr (GstActivationsBuilder) builder = NULL;
  g_autoptr (GstActivations) activations = NULL;

  for (guint i = 0; i < N_CLASSES; i++) {
    labels[i] = i % 2 ? "odd" : "even";
    scores[i] = (gfloat) i / N_CLASSES;
  }
  builder = gst_activations_builder_new ("model", "attribute", labels);
  for (guint i = 0; i < N_LAYERS; i++) {
    const guint height = 1 + i % 3, width = 1 + i % 4, channels = 1 + i % 5;

    for (guint k = 0; k < 60; k++)
      data[i][k] = (gfloat) (i * 100 + k);
    fail_unless (gst_activations_builder_add_layer (builder, "layer", "source",
        height, width, channels, data[i], height * width * channels));
  }
  fail_unless (gst_activations_builder_set_scores (builder, scores, N_CLASSES,
      N_CLASSES - 1));
  activations = gst_activations_builder_finish (builder);
  for (guint i = 0; i < N_CLASSES; i++) {
    fail_unless_equals_string (gst_activations_get_label (activations, i),
        labels[i]);
    fail_unless_equals_float (gst_activations_get_score (activations, i),
        scores[i]);
  }
  fail_unless_equals_int (gst_activations_get_n_layers (activations), N_LAYERS);
  for (guint i = 0; i < N_LAYERS; i++) {
    guint height;
    gsize n_values;
    const gfloat *kept = gst_activations_get_layer_data (activations, i,
        &height, NULL, NULL, &n_values);

    fail_unless_equals_int (height, 1 + i % 3);
    fail_unless_equals_string (gst_activations_get_layer_source (activations,
                                   i),
        "source");
    fail_unless (memcmp (kept, data[i], n_values * sizeof (gfloat)) == 0);
  }
}
GST_END_TEST;

/* The builder rejects values that do not fit together, and keeps nothing of
 * them. */
GST_START_TEST (test_builder_refuses)
{
  const gchar *const labels[] = { "only", NULL }, *const none[] = { NULL };
  const gfloat number = 1.0f;
  g_autoptr (GstActivationsBuilder)
      builder = gst_activations_builder_new ("model", "attribute", labels);
  g_autoptr (GstActivations) activations = NULL;

  ASSERT_CRITICAL (gst_activations_builder_new ("model", "attribute", none));
  fail_unless (gst_activations_builder_finish (builder) == NULL);
  fail_if (gst_activations_builder_set_scores (builder, &number, 2, 0));
  fail_if (gst_activations_builder_set_scores (builder, &number, 1, 1));
  fail_if (gst_activations_builder_add_layer (builder, "a", NULL, 1, 1, 1,
      &number, 2));
  fail_if (gst_activations_builder_add_layer (builder, "a", NULL, 0, 1, 1,
      &number, 0));
  fail_if (gst_activations_builder_add_layer (builder, "a", NULL, 1 << 16,
      1 << 16, 1, &number, 0));
  fail_if (gst_activations_builder_add_layer (builder, "a", NULL, G_MAXUINT, 1,
      1, &number, G_MAXUINT));
  fail_unless (gst_activations_builder_finish (builder) == NULL);
  fail_unless (gst_activations_builder_set_scores (builder, &number, 1, 0));
  activations = gst_activations_builder_finish (builder);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 0);
}
GST_END_TEST;

/* All activations from one builder share its names, even after the builder has
 * been freed. A copy of a builder continues from the state of the original. */
GST_START_TEST (test_builder_again)
{
  const gchar *const labels[] = { "low", "high", NULL };
  const gfloat scores[] = { 0.5f, 0.25f };
  GstActivationsBuilder *builder = gst_activations_builder_new ("model",
      "attribute", labels);
  GstActivationsBuilder *copy;
  GstActivations *made[3];

  for (guint i = 0; i < 2; i++) {
    gst_activations_builder_set_scores (builder, scores, 2, i);
    gst_activations_builder_add_layer (builder, "layer", NULL, 1, 1, 2, scores,
        2);
    copy = g_boxed_copy (GST_TYPE_ACTIVATIONS_BUILDER, builder);
    made[i] = gst_activations_builder_finish (builder);
    made[2] = gst_activations_builder_finish (copy);
    gst_activations_builder_free (copy);
    fail_unless_equals_int (gst_activations_get_n_layers (made[2]), 1);
    if (i == 0)
      gst_activations_unref (made[2]);
  }
  gst_activations_builder_free (builder);
  for (guint i = 0; i < 3; i++) {
    fail_unless (gst_activations_get_label (made[i], 1)
        == gst_activations_get_label (made[0], 1));
    fail_unless (gst_activations_get_layer_name (made[i], 0)
        == gst_activations_get_layer_name (made[0], 0));
    fail_unless_equals_int (gst_activations_get_n_layers (made[i]), 1);
    fail_unless_equals_int (gst_activations_get_winner (made[i]), i > 0);
  }
  for (guint i = 0; i < 3; i++)
    gst_activations_unref (made[i]);
}
GST_END_TEST;

/* Creates activations as cnninference does. */
static GstActivations *
make_explained (void)
{
  static const gchar *const labels[] = { "no", "yes" };
  static const gfloat scores[] = { 0.75f, 0.25f };
  static const gfloat intact_scores[] = { 0.5f, 0.5f };
  gfloat data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  g_autoptr (ClassifierDescription) description = classifier_description_new (
      &(const ClassifierDescription) { "model", "attribute", labels, 2 });
  const gchar *pool = classifier_description_intern (description, "pool");
  const gchar *source = classifier_description_intern (description, "conv");
  const CnnLayerMaps layer = { pool, source, 1, 2, 3, data };
  const CnnExplanation explanation = { .method = "layer-cam",
    .layer = pool,
    .source = source,
    .target_class = 1,
    .height = 1,
    .width = 2,
    .channels = 3,
    .cam = data,
    .map = data + 2,
    .cell_contributions = data + 4,
    .channel_contributions = data + 6,
    .logit = 1.5f,
    .bias = -0.5f };
  const CnnKnockOut knock_outs[] = { { 0, 2, pool }, { 0, 0, pool } };
  GstActivations *activations = gst_activations_new_from_result (
      &(const ClassifierResult) { .description = description,
          .scores = scores,
          .intact_scores = intact_scores,
          .layers = &layer,
          .n_layers = 1,
          .explanation = &explanation,
          .knock_outs = knock_outs,
          .n_knock_outs = 2 });

  memset (data, 0, sizeof data); /* the values have been copied */
  return activations;
}

GST_START_TEST (test_explanation)
{
  g_autoptr (GstActivations) activations = make_explained ();
  const gchar *layer;
  guint target_class, height, width, channel;
  gfloat logit, bias;
  gsize n_values;

  fail_unless_equals_string (gst_activations_get_explanation (activations,
                                 &layer, &target_class, &logit, &bias),
      "layer-cam");
  fail_unless_equals_string (layer, "pool");
  fail_unless_equals_int (target_class, 1);
  fail_unless_equals_float (logit, 1.5);
  fail_unless_equals_float (bias, -0.5);
  fail_unless_equals_string (gst_activations_get_layer_source (activations, 0),
      "conv");
  fail_unless_equals_float (gst_activations_get_cam (activations, &height,
                                &width, &n_values)[1],
      2);
  fail_unless_equals_int (height, 1);
  fail_unless_equals_int (width, 2);
  fail_unless_equals_uint64 (n_values, 2);
  fail_unless_equals_float (gst_activations_get_cam_map (activations, NULL,
                                NULL, NULL)[1],
      4);
  fail_unless_equals_float (gst_activations_get_cell_contributions (activations,
                                NULL, NULL, NULL)[1],
      6);
  fail_unless_equals_float (
      gst_activations_get_channel_contributions (activations, &n_values)[2], 9);
  fail_unless_equals_uint64 (n_values, 3);

  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 2);
  fail_unless_equals_string (gst_activations_get_knock_out (activations, 0,
                                 &channel),
      "pool");
  fail_unless_equals_int (channel, 2);
  fail_unless_equals_float (gst_activations_get_score (activations, 0), 0.75);
  fail_unless_equals_float (gst_activations_get_intact_score (activations, 0),
      0.5);
}
GST_END_TEST;

GST_START_TEST (test_no_explanation)
{
  g_autoptr (GstActivations) activations = make_activations ();
  guint height = 1, width = 1, target_class = 7;
  gsize n_values = 1;

  fail_unless (gst_activations_get_explanation (activations, NULL,
                   &target_class, NULL, NULL)
      == NULL);
  fail_unless_equals_int (target_class, 7);
  fail_unless (gst_activations_get_cam (activations, &height, &width, &n_values)
      == NULL);
  fail_unless_equals_int (height, 0);
  fail_unless_equals_int (width, 0);
  fail_unless_equals_uint64 (n_values, 0);
  fail_unless (
      gst_activations_get_cam_map (activations, NULL, NULL, NULL) == NULL);
  fail_unless (
      gst_activations_get_cell_contributions (activations, NULL, NULL, NULL)
      == NULL);
  n_values = 1;
  fail_unless (
      gst_activations_get_channel_contributions (activations, &n_values)
      == NULL);
  fail_unless_equals_uint64 (n_values, 0);
  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 0);
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
  GstActivations *activations = make_activations ();
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

  /* The meta holds a reference of its own, and ours stays valid. */
  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 1, 1);
  gst_buffer_unref (buffer);
  fail_unless_equals_int (gst_activations_get_winner (activations), 1);
  buffer = gst_buffer_new ();
  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 1, 1);
  gst_activations_unref (activations);
  fail_unless_equals_int (
      gst_activations_get_winner (
          gst_buffer_get_nth_activation_meta (buffer, 0)->activations),
      1);
  gst_buffer_unref (buffer);
}
GST_END_TEST;

static void
check_bytes (GBytes *bytes, const gfloat *expected, gsize n_values)
{
  fail_unless_equals_uint64 (g_bytes_get_size (bytes),
      n_values * sizeof (gfloat));
  fail_unless (memcmp (g_bytes_get_data (bytes, NULL), expected,
                   n_values * sizeof (gfloat))
      == 0);
}

/* The bytes are not copies, and keep the activations alive. */
GST_START_TEST (test_bytes)
{
  static const gfloat expected[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  static const gfloat expected_scores[] = { 0.75f, 0.25f };
  GstActivations *activations = make_explained ();
  guint height, width, channels;
  g_autoptr (GBytes) maps = gst_activations_get_layer_bytes (activations, 0,
      &height, &width, &channels);
  g_autoptr (GBytes) scores = gst_activations_get_score_bytes (activations);
  g_autoptr (GBytes) cam = NULL;

  fail_unless_equals_int (height, 1);
  fail_unless_equals_int (width, 2);
  fail_unless_equals_int (channels, 3);
  cam = gst_activations_get_cam_bytes (activations, &height, &width);
  fail_unless_equals_int (height, 1);
  fail_unless_equals_int (width, 2);
  fail_unless (g_bytes_get_data (maps, NULL)
      == gst_activations_get_layer_data (activations, 0, NULL, NULL, NULL,
          NULL));
  fail_unless (g_bytes_get_data (cam, NULL)
      == gst_activations_get_cam (activations, NULL, NULL, NULL));
  gst_activations_unref (activations);
  check_bytes (maps, expected, 6);
  check_bytes (cam, expected, 2);
  check_bytes (scores, expected_scores, 2);
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
    /* Metas of other types in between are skipped. */
    test_add_region (buffer, "face", (gint) i, 1, 2, 3, 4);
    meta = add_meta (buffer, (gint) i, (gint) i, (gint) i + 1, i + 2, i + 3);
    check_box (meta, (gint) i, (gint) i + 1, i + 2, i + 3);
    fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
  }
  state = NULL;
  while ((meta = gst_buffer_iterate_activation_meta (buffer, &state))) {
    check_box (meta, (gint) n, (gint) n + 1, n + 2, n + 3);
    fail_unless (gst_buffer_get_nth_activation_meta (buffer, n) == meta);
    fail_unless_equals_int (meta->id, n);
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
  g_autoptr (GstActivations) activations = make_activations ();
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

/* Metadata survives elements that are not ours. */

typedef struct {
  const gchar *element;
  const gchar *format;
  gint width;
  gint height;
  gint box[4]; /* expected for 10, 20, 30, 40 in 64x48 */
} Conversion;

static const Conversion conversions[] = {
  { "videoconvert", "I420", 64, 48, { 10, 20, 30, 40 } },
  { "videoconvert", "RGB", 64, 48, { 10, 20, 30, 40 } },
  { "videoscale", "NV12", 128, 96, { 20, 40, 60, 80 } },
  { "videoscale", "NV12", 32, 24, { 5, 10, 15, 20 } },
  { "videoscale add-borders=false", "NV12", 32, 96, { 5, 40, 15, 80 } },
#if GST_CHECK_VERSION(1, 28, 0)
  { "videoscale add-borders=false", "NV12", 100, 100, { 16, 42, 47, 83 } },
#else
  { "videoscale add-borders=false", "NV12", 100, 100, { 15, 41, 46, 83 } },
#endif
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
  check_box (meta, conversion->box[0], conversion->box[1],
      (guint) conversion->box[2], (guint) conversion->box[3]);
  fail_unless_equals_int (meta->id, 5);
  fail_unless_equals_int (meta->region_id, 105);
  fail_unless (
      memcmp (gst_activations_get_result (meta->activations)->layers[0].data,
          values, sizeof values)
      == 0);
  meta = gst_buffer_get_nth_activation_meta (buffer, 1);
  check_box (meta, 0, 0, (guint) conversion->width, (guint) conversion->height);
  fail_unless_equals_int (meta->id, 6);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Scaling the boxes of a careless detector causes no overflow. From GStreamer
 * 1.28 on, those that lie outside of the frame are gone. */
GST_START_TEST (test_huge_box)
{
  const guint n_before = GST_CHECK_VERSION (1, 28, 0) ? 1 : 2;
  GstHarness *harness = gst_harness_new ("videoscale");
  GstBuffer *buffer = test_frame ("GRAY8", 64, 48, 0);

  gst_harness_set_src_caps (harness, test_caps ("GRAY8", 64, 48));
  gst_harness_set_sink_caps (harness, test_caps ("GRAY8", 128, 96));
  add_meta (buffer, 5, -20, -1, 40, 40);
  add_meta (buffer, 5, G_MININT, G_MININT, G_MAXUINT, G_MAXUINT);
  add_meta (buffer, 5, 10, 10, G_MAXUINT, 0);
  add_meta (buffer, 5, G_MAXINT, G_MININT, G_MAXUINT, 0);
  buffer = test_push (harness, buffer);
  check_box (gst_buffer_get_nth_activation_meta (buffer, 0), -40, -2, 80, 80);
#if !GST_CHECK_VERSION(1, 28, 0)
  check_box (gst_buffer_get_nth_activation_meta (buffer, 1), G_MININT, G_MININT,
      G_MAXINT, G_MAXINT);
#endif
  check_box (gst_buffer_get_nth_activation_meta (buffer, n_before), 20, 20,
      GST_CHECK_VERSION (1, 28, 0) ? G_MAXINT - 20 : G_MAXINT, 0);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Metadata can be sent to another process, which needs GStreamer 1.24. */
#if GST_CHECK_VERSION(1, 24, 0)
GST_START_TEST (test_serialization)
{
  GstBuffer *buffer = gst_buffer_new (), *other = gst_buffer_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GstActivations) activations = make_explained ();
  const GstActivationMeta *meta;
  guint32 consumed = 0;

  add_meta (buffer, 5, -10, 20, 30, 40);
  gst_buffer_add_activation_meta (buffer, activations, NULL, 0, 0, 64, 48);
  for (guint i = 0; i < 2; i++) {
    g_byte_array_set_size (bytes, 0);
    fail_unless (gst_meta_serialize_simple (
        (GstMeta *) gst_buffer_get_nth_activation_meta (buffer, i), bytes));
    for (guint length = 1; length < bytes->len; length++) {
      g_autofree guint8 *part = g_memdup2 (bytes->data, length);

      fail_unless (
          gst_meta_deserialize (other, part, length, &consumed) == NULL);
    }
    fail_unless (
        gst_meta_deserialize (other, bytes->data, bytes->len, &consumed)
        != NULL);
    fail_unless_equals_int (consumed, bytes->len);
  }
  meta = gst_buffer_get_nth_activation_meta (other, 0);
  check_box (meta, -10, 20, 30, 40);
  fail_unless_equals_int (meta->id, 5);
  fail_unless_equals_int (meta->region_id, 105);
  fail_unless_equals_string (g_quark_to_string (meta->roi_type), "face");
  fail_unless (memcmp (gst_activations_get_layer_data (meta->activations, 0,
                           NULL, NULL, NULL, NULL),
                   values, sizeof values)
      == 0);
  meta = gst_buffer_get_nth_activation_meta (other, 1);
  fail_unless_equals_int (meta->roi_type, 0);
  fail_unless_equals_string (gst_activations_get_explanation (meta->activations,
                                 NULL, NULL, NULL, NULL),
      "layer-cam");
  gst_buffer_unref (buffer);
  gst_buffer_unref (other);
}
GST_END_TEST;
#endif

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
  tcase_add_test (tests, test_null);
  tcase_add_test (tests, test_many);
  tcase_add_test (tests, test_builder_refuses);
  tcase_add_test (tests, test_builder_again);
  tcase_add_test (tests, test_explanation);
  tcase_add_test (tests, test_no_explanation);
  tcase_add_test (tests, test_references);
  tcase_add_test (tests, test_bytes);
  tcase_add_test (tests, test_add_and_iterate);
  tcase_add_test (tests, test_whole_frame);
  tcase_add_test (tests, test_copies);
  tcase_add_loop_test (tests, test_conversion, 0,
      (gint) G_N_ELEMENTS (conversions));
  tcase_add_test (tests, test_huge_box);
  tcase_add_test (tests, test_registration);
#if GST_CHECK_VERSION(1, 24, 0)
  tcase_add_test (tests, test_serialization);
#endif
  return suite;
}

GST_CHECK_MAIN (activationmeta);
