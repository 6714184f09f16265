/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests of cnninference: explanations of its predictions, and channels that are
 * knocked out. tests/unit/test-explain.c tests the values. */

#include "common.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define SIZE 64
#define MODEL test_path ("golden/models/original-small")

/* Relative to the sum of the absolute values; they are in single precision. */
#define SUM_TOLERANCE 1e-5

static const gchar *const methods[] = { "grad-cam", "grad-cam++", "xgrad-cam",
  "hires-cam", "layer-cam", "eigen-cam", "ablation-cam", "score-cam" };

static GstHarness *
make_harness (const gchar *properties)
{
  return test_harness (test_element ("cnninference roi-type=\"\" model=%s %s",
                           MODEL, properties),
      "RGB", SIZE, SIZE);
}

/* Returns the activations for a whole frame of noise. */
static GstActivations *
push_frame (GstHarness *harness)
{
  GstBuffer *buffer = test_push (harness, test_frame ("RGB", SIZE, SIZE, 0));
  GstActivations *activations = gst_activations_ref (
      gst_buffer_get_nth_activation_meta (buffer, 0)->activations);

  gst_buffer_unref (buffer);
  return activations;
}

static GstActivations *
run_once (const gchar *properties)
{
  GstHarness *harness = make_harness (properties);
  GstActivations *activations = push_frame (harness);

  gst_harness_teardown (harness);
  return activations;
}

/* Checks that the contributions and the bias add up to the logit, and that the
 * logit gives the score. */
static void
check_explanation (const GstActivations *activations)
{
  const CnnExplanation *explanation =
      gst_activations_get_result (activations)->explanation;
  const gsize cells = (gsize) explanation->height * (gsize) explanation->width;
  gdouble by_cells = explanation->bias, by_channels = explanation->bias;
  gdouble size = fabs (explanation->bias);

  for (gsize i = 0; i < cells; i++) {
    by_cells += explanation->cell_contributions[i];
    fail_unless (explanation->map[i] >= 0.0f && explanation->map[i] <= 1.0f);
  }
  for (gint c = 0; c < explanation->channels; c++) {
    by_channels += explanation->channel_contributions[c];
    size += fabs (explanation->channel_contributions[c]);
  }
  fail_unless (fabs (by_cells - explanation->logit) <= SUM_TOLERANCE * size,
      "%g, not %g", by_cells, explanation->logit);
  fail_unless (fabs (by_channels - explanation->logit) <= SUM_TOLERANCE * size,
      "%g, not %g", by_channels, explanation->logit);
  /* Both networks end in one sigmoid. */
  fail_unless (
      fabs (1.0 / (1.0 + exp (-explanation->logit))
          - gst_activations_get_score (activations, explanation->target_class))
      < 1e-6);
}

GST_START_TEST (test_none)
{
  g_autoptr (GstActivations) activations = run_once ("");

  fail_unless (gst_activations_get_result (activations)->explanation == NULL);
  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 0);
}
GST_END_TEST;

GST_START_TEST (test_methods)
{
  g_autofree gchar *properties = g_strdup_printf ("explain=%s", methods[__i__]);
  g_autoptr (GstActivations) activations = run_once (properties);
  const CnnExplanation *explanation =
      gst_activations_get_result (activations)->explanation;

  fail_unless_equals_string (explanation->method, methods[__i__]);
  /* The map of the layer after it has only one cell. */
  fail_unless_equals_string (explanation->layer, "conv2d_3");
  fail_unless_equals_string (explanation->source, "conv2d_3");
  fail_unless_equals_int (explanation->height, 3);
  fail_unless_equals_int (explanation->width, 3);
  fail_unless_equals_int (explanation->channels, 8);
  fail_unless_equals_int (explanation->target_class,
      gst_activations_get_winner (activations));
  check_explanation (activations);
}
GST_END_TEST;

/* With two classes, what speaks for one speaks against the other: contributions
 * differ only in their sign. */
GST_START_TEST (test_class)
{
  g_autoptr (GstActivations)
      zero = run_once ("explain=hires-cam explain-class=0");
  g_autoptr (GstActivations)
      one = run_once ("explain=hires-cam explain-class=\"class 1\"");

  fail_unless_equals_int (
      gst_activations_get_result (zero)->explanation->target_class, 0);
  fail_unless_equals_int (
      gst_activations_get_result (one)->explanation->target_class, 1);
  fail_unless (gst_activations_get_result (zero)->explanation->logit != 0.0f);
  fail_unless_equals_float (
      gst_activations_get_result (zero)->explanation->logit,
      -gst_activations_get_result (one)->explanation->logit);
  for (gint c = 0; c < 8; c++) {
    gsize n;

    fail_unless_equals_float (gst_activations_get_channel_contributions (zero,
                                  &n)[c],
        -gst_activations_get_channel_contributions (one, &n)[c]);
  }
  check_explanation (zero);
  check_explanation (one);
}
GST_END_TEST;

/* A convolution is explained by the layer that is shown for it, which need not
 * be one of the layers in the metadata. */
GST_START_TEST (test_layer)
{
  static const gchar *const names[][2] = { { "conv2d_1", "max_pooling2d_1" },
    { "max_pooling2d_2", "max_pooling2d_2" }, { "auto", "conv2d_3" },
    { "", "conv2d_3" } };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *properties = g_strdup_printf (
        "explain=layer-cam layers=dense_1 explain-layer=\"%s\"", names[i][0]);
    g_autoptr (GstActivations) activations = run_once (properties);

    fail_unless_equals_string (
        gst_activations_get_result (activations)->explanation->layer,
        names[i][1]);
    fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
    check_explanation (activations);
  }
}
GST_END_TEST;

GST_START_TEST (test_changes)
{
  GstHarness *harness = make_harness ("");
  GstActivations *activations;

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    gst_util_set_object_arg (G_OBJECT (harness->element), "explain",
        methods[i]);
    activations = push_frame (harness);
    fail_unless_equals_string (gst_activations_get_explanation (activations,
                                   NULL, NULL, NULL, NULL),
        methods[i]);
    gst_activations_unref (activations);
  }
  g_object_set (harness->element, "explain-layer", "conv2d_2", "knock-out",
      "conv2d_1:2", NULL);
  activations = push_frame (harness);
  fail_unless_equals_string (
      gst_activations_get_result (activations)->explanation->layer,
      "max_pooling2d_2");
  fail_unless_equals_string (gst_activations_get_knock_out (activations, 0,
                                 NULL),
      "max_pooling2d_1");
  check_explanation (activations);
  gst_activations_unref (activations);
  gst_util_set_object_arg (G_OBJECT (harness->element), "explain", "none");
  g_object_set (harness->element, "knock-out", "", NULL);
  activations = push_frame (harness);
  fail_unless (gst_activations_get_result (activations)->explanation == NULL);
  fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 0);
  gst_activations_unref (activations);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Channels that are knocked out are zero, with and without an explanation, and
 * the intact scores are those of the whole network. */
GST_START_TEST (test_knock_outs)
{
  static const gchar *const settings[] = { "", "explain=hires-cam",
    "explain=ablation-cam", "explain=score-cam" };
  g_autoptr (GstActivations) intact = run_once ("");

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autofree gchar *properties = g_strdup_printf (
        "knock-out=\"conv2d_2:0, max_pooling2d_2:1 ,,conv2d_2:2,conv2d_2:3\" "
        "%s",
        settings[i]);
    g_autoptr (GstActivations) activations = run_once (properties);
    const CnnLayerMaps *layer =
        &gst_activations_get_result (activations)->layers[1];
    const CnnLayerMaps *before =
        &gst_activations_get_result (intact)->layers[1];
    gdouble sum = 0.0;

    fail_unless_equals_int (gst_activations_get_n_knock_outs (activations), 4);
    fail_unless_equals_string (layer->name, "max_pooling2d_2");
    for (gint k = 0; k < layer->height * layer->width * layer->channels; k++) {
      const gint channel = k % layer->channels;

      sum += channel < 4 ? before->data[k] : 0.0;
      fail_unless_equals_float (layer->data[k],
          channel < 4 ? 0.0f : before->data[k]);
      fail_unless_equals_int (classifier_result_is_knocked_out (
                                  gst_activations_get_result (activations),
                                  layer, channel),
          channel < 4);
    }
    fail_unless (sum > 0.0);
    for (guint c = 0; c < 2; c++) {
      fail_unless_equals_float (gst_activations_get_intact_score (activations,
                                    c),
          gst_activations_get_score (intact, c));
      fail_unless (gst_activations_get_score (activations, c)
          != gst_activations_get_score (intact, c));
    }
    if (gst_activations_get_result (activations)->explanation)
      check_explanation (activations);
  }
}
GST_END_TEST;

/* Returns the structure of the only region in the message that was posted. */
static const GstStructure *
pop_region (GstElement *element, GstMessage **message)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (element);
  const GValue *list;

  *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  fail_unless (*message != NULL);
  list = gst_structure_get_value (gst_message_get_structure (*message),
      "regions");
  return gst_value_get_structure (gst_value_list_get_value (list, 0));
}

GST_START_TEST (test_messages)
{
  GstHarness *harness = make_harness (
      "post-messages=true explain=grad-cam explain-class=1 "
      "knock-out=conv2d_1:3,conv2d_3:0");
  g_autoptr (GstActivations) activations = push_frame (harness);
  GstMessage *message;
  const GstStructure *region = pop_region (harness->element, &message);
  const GValue *contributions = gst_structure_get_value (region,
      "contributions");
  gdouble logit, bias, sum, confidence;

  fail_unless_equals_string (gst_structure_get_string (region, "explain"),
      "grad-cam");
  fail_unless_equals_string (gst_structure_get_string (region, "explain-layer"),
      "conv2d_3");
  fail_unless_equals_string (gst_structure_get_string (region, "explain-class"),
      "class 1");
  fail_unless (gst_structure_get (region, "logit", G_TYPE_DOUBLE, &logit,
      "bias", G_TYPE_DOUBLE, &bias, "intact-confidence", G_TYPE_DOUBLE,
      &confidence, NULL));
  fail_unless_equals_float (logit,
      gst_activations_get_result (activations)->explanation->logit);
  fail_unless_equals_int (gst_value_array_get_size (contributions), 8);
  sum = bias;
  for (guint i = 0; i < 8; i++) {
    sum += g_value_get_double (gst_value_array_get_value (contributions, i));
  }
  fail_unless (fabs (sum - logit) < 1e-5 * (1.0 + fabs (logit)));
  fail_unless_equals_string (gst_structure_get_string (region, "knock-out"),
      "max_pooling2d_1:3,max_pooling2d_3:0");
  fail_unless_equals_float (confidence,
      gst_activations_get_intact_score (activations,
          gst_activations_get_winner (activations)));
  gst_message_unref (message);

  gst_util_set_object_arg (G_OBJECT (harness->element), "explain", "none");
  g_object_set (harness->element, "knock-out", NULL, NULL);
  gst_activations_unref (push_frame (harness));
  region = pop_region (harness->element, &message);
  fail_if (gst_structure_has_field (region, "explain"));
  fail_if (gst_structure_has_field (region, "knock-out"));
  gst_message_unref (message);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/**
 * Clip:
 * @frames: the boxes of the faces in each frame
 */
typedef struct {
  const cJSON *frames;
  gint n_frames;
  guint n_explained;
} Clip;

/* Adds the faces that are known to be in the clip. */
static GstPadProbeReturn
add_faces (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Clip *clip = data;
  GstBuffer *buffer = gst_buffer_make_writable (
      GST_PAD_PROBE_INFO_BUFFER (info));
  const cJSON *box;

  cJSON_ArrayForEach (box, cJSON_GetArrayItem (clip->frames, clip->n_frames))
  {
    guint sides[4];

    for (gint i = 0; i < 4; i++)
      sides[i] = (guint) cJSON_GetArrayItem (box, i)->valueint;
    test_add_region (buffer, "face", 0, sides[0], sides[1], sides[2], sides[3]);
  }
  clip->n_frames++;
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
check_faces (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Clip *clip = data;
  gpointer state = NULL;
  GstActivationMeta *meta;

  while ((meta = gst_buffer_iterate_activation_meta (
              GST_PAD_PROBE_INFO_BUFFER (info), &state))) {
    check_explanation (meta->activations);
    clip->n_explained++;
  }
  return GST_PAD_PROBE_OK;
}

static void
play_clip (const gchar *properties, Clip *clip)
{
  g_autofree gchar *line = g_strdup_printf (
      "filesrc location=\"%s\" ! decodebin ! videoconvert ! "
      "video/x-raw,format=I420 ! cnninference name=inference model=\"%s\" %s ! "
      "fakesink",
      test_path ("../pipelines/sample/sample.mp4"),
      test_path ("../model/gender"), properties);
  g_autoptr (GError) error = NULL;
  GstElement *pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstElement) inference = NULL;
  g_autoptr (GstPad) sink = NULL, src = NULL;
  g_autoptr (GstBus) bus = NULL;
  GstMessage *message;

  fail_unless (pipeline != NULL, "%s", error ? error->message : "");
  inference = gst_bin_get_by_name (GST_BIN (pipeline), "inference");
  sink = gst_element_get_static_pad (inference, "sink");
  src = gst_element_get_static_pad (inference, "src");
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, add_faces, clip, NULL);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, check_faces, clip, NULL);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  bus = gst_element_get_bus (pipeline);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

/* The contributions add up for every face of a clip. */
GST_START_TEST (test_clip)
{
  static const gchar *const needed[] = { "qtdemux", "h264parse", "avdec_h264",
    NULL };
  static const gchar *const settings[] = { "explain=hires-cam",
    "explain=layer-cam explain-layer=conv2d_2",
    "explain=grad-cam knock-out=conv2d_3:1,conv2d_2:7" };
  g_autofree gchar *json = NULL;
  cJSON *truth;

  if (!test_has_elements (needed))
    return;
  fail_unless (
      g_file_get_contents (test_path ("../pipelines/sample/sample.json"), &json,
          NULL, NULL));
  truth = cJSON_Parse (json);
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    Clip clip = { cJSON_GetObjectItem (truth, "frames"), 0, 0 };

    play_clip (settings[i], &clip);
    fail_unless_equals_int (clip.n_frames, cJSON_GetArraySize (clip.frames));
    fail_unless_equals_int (clip.n_explained, 336);
  }
  cJSON_Delete (truth);
}
GST_END_TEST;

static Suite *
explanation_suite (void)
{
  Suite *suite = suite_create ("explanation");
  TCase *tests = tcase_create ("general");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_none);
  tcase_add_loop_test (tests, test_methods, 0, G_N_ELEMENTS (methods));
  tcase_add_test (tests, test_class);
  tcase_add_test (tests, test_layer);
  tcase_add_test (tests, test_changes);
  tcase_add_test (tests, test_knock_outs);
  tcase_add_test (tests, test_messages);
  tcase_add_test (tests, test_clip);
  return suite;
}

GST_CHECK_MAIN (explanation);
