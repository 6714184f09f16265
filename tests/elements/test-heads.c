/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What cnninference says of a number, of labels and of an image, in the
 * metadata, in its messages and in the lines of regionjson. */

#include "common.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define SIDE 64
#define BOX_SIDE 32
#define BOX_X 16
#define BOX_Y 8

/* Gray values of the quarters of the region. */
static const guint8 quarters[] = { 255, 51, 0, 204 };
#define AGE "50.0 years"

static GstHarness *
make_harness (const gchar *output, const gchar *properties)
{
  return test_harness (test_element ("cnninference model=%s output=%s %s",
                           test_path ("heads"), output, properties),
      "GRAY8", SIDE, SIDE);
}

static GstBuffer *
make_frame (void)
{
  GstBuffer *buffer = test_black_frame ("GRAY8", SIDE, SIDE, 0);

  for (gint i = 0; i < 4; i++)
    test_draw_square (buffer, SIDE, BOX_X + i % 2 * BOX_SIDE / 2,
        BOX_Y + i / 2 * BOX_SIDE / 2, BOX_SIDE / 2, quarters[i]);
  test_add_region (buffer, "face", 1, BOX_X, BOX_Y, BOX_SIDE, BOX_SIDE);
  return buffer;
}

static const GstStructure *
get_parameter (GstBuffer *buffer, const gchar *name)
{
  return gst_video_region_of_interest_meta_get_param (test_nth_region (buffer,
                                                          0),
      name);
}

static const GstActivations *
get_activations (GstBuffer *buffer)
{
  GstActivationMeta *meta = gst_buffer_get_nth_activation_meta (buffer, 0);

  fail_unless (meta != NULL);
  return meta->activations;
}

static void
assert_near (gdouble value, gdouble expected)
{
  fail_unless (fabs (value - expected) < 1e-3, "%g is not %g", value, expected);
}

static gdouble
get_double (const GstStructure *structure, const gchar *field)
{
  gdouble value = NAN;

  fail_unless (gst_structure_get_double (structure, field, &value));
  return value;
}

/* Returns: (transfer full): the first object in the line of regionjson */
static cJSON *
read_json (GstBuffer *buffer)
{
  GstHarness *harness = test_harness (test_element ("regionjson"), "GRAY8",
      SIDE, SIDE);
  GstBuffer *line = test_push (harness, gst_buffer_ref (buffer));
  GstMapInfo map;
  cJSON *root, *object;

  gst_buffer_map (line, &map, GST_MAP_READ);
  root = cJSON_ParseWithLength ((const gchar *) map.data, map.size);
  gst_buffer_unmap (line, &map);
  gst_buffer_unref (line);
  gst_harness_teardown (harness);
  object = cJSON_DetachItemFromArray (cJSON_GetObjectItem (root, "objects"), 0);
  cJSON_Delete (root);
  fail_unless (object != NULL);
  return object;
}

GST_START_TEST (test_number)
{
  GstHarness *harness = make_harness ("age", "explain=hires-cam");
  GstBuffer *buffer = test_push (harness, make_frame ());
  const GstStructure *parameter = get_parameter (buffer, "age");
  const GstActivations *activations = get_activations (buffer);
  g_autofree gchar *text = gst_activations_to_text (activations);
  cJSON *object = read_json (buffer);
  const cJSON *json = cJSON_GetObjectItem (object, "age");

  fail_unless (parameter != NULL);
  fail_unless_equals_string (gst_structure_get_string (parameter, "label"),
      AGE);
  fail_unless_equals_string (gst_structure_get_string (parameter, "unit"),
      "years");
  assert_near (get_double (parameter, "value"), 50.0);
  fail_if (gst_structure_has_field (parameter, "confidence"));
  fail_if (gst_structure_has_field (parameter, "label_id"));
  fail_unless_equals_string (cJSON_GetObjectItem (json, "label")->valuestring,
      AGE);
  assert_near (cJSON_GetObjectItem (json, "value")->valuedouble, 50.0);
  fail_unless (cJSON_GetObjectItem (json, "confidence") == NULL);
  fail_unless_equals_int (gst_activations_get_kind (activations),
      GST_ACTIVATIONS_NUMBER);
  fail_unless_equals_int (gst_activations_get_n_classes (activations), 0);
  assert_near (gst_activations_get_number (activations), 50.0);
  assert_near (gst_activations_get_intact_number (activations), 50.0);
  fail_unless_equals_string (gst_activations_get_unit (activations), "years");
  fail_unless_equals_string (text, AGE);
  cJSON_Delete (object);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_labels)
{
  GstHarness *harness = make_harness ("marks", "");
  GstBuffer *buffer = test_push (harness, make_frame ());
  const GstStructure *parameter = get_parameter (buffer, "marks");
  const GValue *labels = gst_structure_get_value (parameter, "labels");
  const GstActivations *activations = get_activations (buffer);
  cJSON *object = read_json (buffer);
  const cJSON *json = cJSON_GetObjectItem (object, "marks");
  const cJSON *last = cJSON_GetArrayItem (cJSON_GetObjectItem (json, "labels"),
      1);

  fail_unless_equals_string (gst_structure_get_string (parameter, "label"),
      "class 0, class 3");
  assert_near (get_double (parameter, "confidence"), 1 / (1 + exp (-4)));
  fail_unless_equals_int (gst_value_list_get_size (labels), 2);
  assert_near (get_double (gst_value_get_structure (
                               gst_value_list_get_value (labels, 1)),
                   "confidence"),
      1 / (1 + exp (-2.4)));
  fail_unless_equals_string (cJSON_GetObjectItem (last, "label")->valuestring,
      "class 3");
  fail_unless_equals_int (cJSON_GetObjectItem (last, "label_id")->valueint, 3);
  fail_unless (gst_activations_is_predicted (activations, 3));
  fail_if (gst_activations_is_predicted (activations, 1));
  assert_near (gst_activations_get_threshold (activations, 1), 0.5);
  cJSON_Delete (object);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* A black region has none of the labels. */
GST_START_TEST (test_no_labels)
{
  GstHarness *harness = make_harness ("marks", "");
  GstBuffer *frame = test_black_frame ("GRAY8", SIDE, SIDE, 0);
  GstBuffer *buffer;
  const GstStructure *parameter;
  cJSON *object;

  test_add_region (frame, "face", 1, BOX_X, BOX_Y, BOX_SIDE, BOX_SIDE);
  buffer = test_push (harness, frame);
  parameter = get_parameter (buffer, "marks");
  object = read_json (buffer);
  fail_unless_equals_string (gst_structure_get_string (parameter, "label"), "");
  fail_if (gst_structure_has_field (parameter, "confidence"));
  fail_unless_equals_int (cJSON_GetArraySize (cJSON_GetObjectItem (
                              cJSON_GetObjectItem (object, "marks"), "labels")),
      0);
  cJSON_Delete (object);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* An image is nothing but values, which are a layer and an output. */
GST_START_TEST (test_image)
{
  GstHarness *harness = make_harness ("mask", "");
  GstBuffer *buffer = test_push (harness, make_frame ());
  const GstActivations *activations = get_activations (buffer);
  cJSON *object = read_json (buffer);
  guint height, width, channels;
  gsize n_values;
  const gfloat *values = gst_activations_get_output_data (activations, 3,
      &height, &width, &channels, &n_values);

  fail_unless_equals_int (gst_activations_get_kind (activations),
      GST_ACTIVATIONS_MAPS);
  fail_unless (gst_activations_to_text (activations) == NULL);
  fail_unless_equals_int (gst_activations_get_n_layers (activations), 1);
  fail_unless_equals_string (gst_activations_get_layer_name (activations, 0),
      "mask");
  fail_unless_equals_int (height, 8);
  fail_unless_equals_int (width, 8);
  fail_unless_equals_int (channels, 1);
  fail_unless_equals_int (n_values, 64);
  assert_near (values[0], 1 / (1 + exp (-4)));
  fail_unless (get_parameter (buffer, "mask") == NULL);
  fail_unless (cJSON_GetObjectItem (object, "mask") == NULL);
  cJSON_Delete (object);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* All outputs are in the metadata; another one can be chosen while playing. */
GST_START_TEST (test_outputs)
{
  static const gchar *const names[] = { "age", "marks", "corner", "mask" };
  GstHarness *harness = make_harness ("\"\"", "");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GstBuffer *buffer;
    const GstActivations *activations;
    g_autoptr (GBytes) bytes = NULL;
    guint channels;

    g_object_set (harness->element, "output", names[i], NULL);
    buffer = test_push (harness, make_frame ());
    activations = get_activations (buffer);
    fail_unless_equals_int (gst_activations_get_n_outputs (activations), 4);
    fail_unless_equals_int (gst_activations_get_output (activations), i);
    fail_unless_equals_string (gst_activations_get_output_name (activations, i),
        names[i]);
    fail_unless_equals_string (gst_activations_get_attribute (activations),
        names[i]);
    bytes = gst_activations_get_output_bytes ((GstActivations *) activations, 0,
        NULL, NULL, &channels);
    fail_unless_equals_int (channels, 1);
    assert_near (*(const gfloat *) g_bytes_get_data (bytes, NULL), 50.0);
    gst_buffer_unref (buffer);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* An output that the model does not have is an error, as a wrong model is. */
GST_START_TEST (test_no_output)
{
  GstElement *element = test_element ("cnninference model=%s output=gender",
      test_path ("heads"));

  fail_unless_equals_int (gst_element_set_state (element, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  fail_unless_equals_int (test_count_messages (element, GST_MESSAGE_ERROR), 1);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_object_unref (element);
}
GST_END_TEST;

static const GstStructure *
get_region (GstMessage *message)
{
  const GValue *regions =
      gst_structure_get_value (gst_message_get_structure (message), "regions");

  return gst_value_get_structure (gst_value_list_get_value (regions, 0));
}

/* Fields of a message that are there, and one that is not. */
static const struct {
  const gchar *output;
  const gchar *there[4];
  const gchar *absent;
} messages[] = {
  { "age", { "label", "value", "unit", "intact-value" }, "confidence" },
  { "marks", { "label", "labels", "knock-out", "intact-confidence" }, "value" },
  { "mask", { "explain", "logit", "bias", "knock-out" }, "label" },
};

GST_START_TEST (test_messages)
{
  GstHarness *harness = make_harness (messages[__i__].output,
      "post-messages=true explain=hires-cam knock-out=maps:0");
  GstBuffer *buffer = test_push (harness, make_frame ());
  GstBus *bus = gst_element_get_bus (harness->element);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ELEMENT);
  const GstStructure *region;

  fail_unless (message != NULL);
  region = get_region (message);
  for (guint i = 0; i < G_N_ELEMENTS (messages[0].there); i++)
    fail_unless (gst_structure_has_field (region, messages[__i__].there[i]),
        "%s", messages[__i__].there[i]);
  fail_if (gst_structure_has_field (region, messages[__i__].absent));
  fail_unless_equals_int (gst_structure_has_field (region, "explain-class"),
      __i__ == 1);
  gst_message_unref (message);
  gst_object_unref (bus);
  gst_buffer_unref (buffer);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Activations of other elements can be numbers and labels as well. */
GST_START_TEST (test_builder)
{
  static const gchar *const names[] = { "hat", "scarf", NULL };
  const gfloat scores[] = { 0.3f, 0.2f };
  g_autoptr (GstActivationsBuilder)
      number = gst_activations_builder_new_number ("m", "age", "years");
  g_autoptr (GstActivationsBuilder)
      labels = gst_activations_builder_new_labels ("m", "wears", names, 0.25f);
  GstActivations *age, *wears;
  g_autofree gchar *years = NULL, *wear = NULL;

  fail_if (gst_activations_builder_set_scores (number, scores, 2, 0));
  fail_if (gst_activations_builder_set_number (labels, 3.0f));
  fail_unless (gst_activations_builder_finish (number) == NULL);
  fail_unless (gst_activations_builder_set_number (number, 3.25f));
  fail_unless (gst_activations_builder_set_scores (labels, scores, 2, 0));
  age = gst_activations_builder_finish (number);
  wears = gst_activations_builder_finish (labels);
  years = gst_activations_to_text (age);
  wear = gst_activations_to_text (wears);
  fail_unless_equals_string (years, "3.25 years");
  fail_unless_equals_string (wear, "hat");
  fail_unless_equals_int (gst_activations_get_n_outputs (age), 0);
  gst_activations_unref (age);
  gst_activations_unref (wears);
}
GST_END_TEST;

static Suite *
heads_suite (void)
{
  Suite *suite = suite_create ("heads");
  TCase *tests = tcase_create ("heads");

  suite_add_tcase (suite, tests);
  tcase_add_unchecked_fixture (tests, test_load_plugin, NULL);
  tcase_add_test (tests, test_number);
  tcase_add_test (tests, test_labels);
  tcase_add_test (tests, test_no_labels);
  tcase_add_test (tests, test_image);
  tcase_add_test (tests, test_outputs);
  tcase_add_test (tests, test_no_output);
  tcase_add_loop_test (tests, test_messages, 0, G_N_ELEMENTS (messages));
  tcase_add_test (tests, test_builder);
  return suite;
}

GST_CHECK_MAIN (heads);
