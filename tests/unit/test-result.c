/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Results survive a round trip through bytes, and anything else that is read is
 * refused. */

#include <math.h>
#include <string.h>

#include "classifier/result-codec.h"

#define SEED 20261130

static gfloat numbers[64];

static const gchar *const labels[] = { "no", "\xe5\xa5\xb3", "" };

static void
fill_numbers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    numbers[i] = (gfloat) i * 1.25f - 3.0f;
}

/* Makes a result with all optional parts, or with none. */
static ClassifierResult *
make_result (gboolean is_whole)
{
  const ClassifierColors colors = { IMAGE_CHANNELS_BGR, { 1.0f, 2.0f, 3.0f },
    { -4.0f, 5.0f, 6.0f } };
  const ClassifierKernels kernels = { { "conv", "conv", 1, 2, 3 }, numbers };
  g_autoptr (ClassifierDescription) description = classifier_description_new (
      &(const ClassifierDescription) { "model", "attribute", labels,
          is_whole ? 3 : 1, .colors = colors,
          .kernels = is_whole ? &kernels : NULL });
  const gchar *pool = classifier_description_intern (description, "pool");
  const CnnLayerMaps layers[] = { { pool, "conv", 2, 3, 2, numbers,
                                      { 1, 0, 2, 2 } },
    { "dense", "dense", 1, 1, 5, numbers + 7 } };
  const CnnLayerMaps outputs[] = { { "age", "age", 1, 1, 1, numbers + 9 },
    { "mask", "mask", 2, 2, 1, numbers + 11 } };
  const CnnExplanation explanation = { .method = "hires-cam",
    .layer = pool,
    .source = "conv",
    .target_class = 2,
    .logit = -1.5f,
    .bias = 0.25f,
    .height = 2,
    .width = 3,
    .channels = 2,
    .cam = numbers,
    .map = numbers + 1,
    .cell_contributions = numbers + 2,
    .channel_contributions = numbers + 3 };
  const CnnKnockOut knock_outs[] = { { 7, 1, pool }, { 9, 0, "dense" } };
  const ClassifierResult whole = { .description = description,
    .scores = numbers + 4,
    .intact_scores = numbers + 5,
    .winner = 1,
    .view = { { 0.125f, 0.0f, 0.25f, 0.0f }, { 0.0f, -1.5f, 0.0f, -2.0f } },
    .outputs = outputs,
    .n_outputs = 2,
    .output = 1,
    .layers = layers,
    .n_layers = 2,
    .input = { "input", "input", 2, 3, 3, numbers + 13 },
    .explanation = &explanation,
    .knock_outs = knock_outs,
    .n_knock_outs = 2 };
  const ClassifierResult little = { .description = description,
    .scores = numbers };

  return classifier_result_copy (is_whole ? &whole : &little);
}

static void
check_same (const ClassifierResult *a, const ClassifierResult *b)
{
  g_autoptr (GByteArray) first = g_byte_array_new ();
  g_autoptr (GByteArray) second = g_byte_array_new ();

  classifier_result_encode (a, first);
  classifier_result_encode (b, second);
  g_assert_cmpmem (first->data, first->len, second->data, second->len);
}

static void
test_round_trip (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (ClassifierResult) result = make_result (i == 0);
    g_autoptr (ClassifierResult) decoded = NULL;
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    classifier_result_encode (result, bytes);
    decoded = classifier_result_decode (bytes->data, bytes->len);
    g_assert_nonnull (decoded);
    check_same (result, decoded);
    g_assert_cmpuint (decoded->n_layers, ==, i == 0 ? 2 : 0);
    if (i > 0)
      continue;
    g_assert_cmpfloat (decoded->view.seen.right, ==, 0.25f);
    g_assert_cmpfloat (decoded->view.maps.bottom, ==, -2.0f);
    g_assert_cmpstr (decoded->description->labels[1], ==, "\xe5\xa5\xb3");
    g_assert_cmpstr (decoded->layers[0].source, ==, "conv");
    g_assert_cmpint (decoded->layers[0].interior.x, ==, 1);
    g_assert_cmpint (decoded->layers[0].interior.height, ==, 2);
    g_assert_cmpmem (decoded->layers[1].data, 5 * sizeof (gfloat), numbers + 7,
        5 * sizeof (gfloat));
    g_assert_cmpuint (decoded->n_outputs, ==, 2);
    g_assert_cmpuint (decoded->output, ==, 1);
    g_assert_cmpstr (decoded->outputs[1].name, ==, "mask");
    g_assert_cmpmem (decoded->outputs[1].data, 4 * sizeof (gfloat),
        numbers + 11, 4 * sizeof (gfloat));
    g_assert_cmpfloat (decoded->explanation->bias, ==, 0.25f);
    g_assert_cmpint (decoded->description->colors.channels, ==,
        IMAGE_CHANNELS_BGR);
    g_assert_cmpfloat (decoded->description->colors.offset[2], ==, 6.0f);
    g_assert_cmpstr (decoded->description->kernels->form.source, ==, "conv");
    g_assert_cmpmem (decoded->description->kernels->values,
        18 * sizeof (gfloat), numbers, 18 * sizeof (gfloat));
    g_assert_cmpmem (decoded->input.data, 18 * sizeof (gfloat), numbers + 13,
        18 * sizeof (gfloat));
    g_assert_nonnull (
        classifier_result_get_contributions (decoded, &decoded->layers[0]));
    g_assert_true (
        classifier_result_is_knocked_out (decoded, &decoded->layers[0], 1));
  }
}

/* What the cells 0 ... 5 of two rows become in each of the turns. */
static const struct {
  MapTurn turn;
  gint cells[6];
} turns[] = {
  { { FALSE, FALSE, FALSE }, { 0, 1, 2, 3, 4, 5 } },
  { { FALSE, TRUE, FALSE }, { 2, 1, 0, 5, 4, 3 } },
  { { FALSE, FALSE, TRUE }, { 3, 4, 5, 0, 1, 2 } },
  { { FALSE, TRUE, TRUE }, { 5, 4, 3, 2, 1, 0 } },
  { { TRUE, FALSE, FALSE }, { 0, 3, 1, 4, 2, 5 } },
  { { TRUE, TRUE, FALSE }, { 3, 0, 4, 1, 5, 2 } },
  { { TRUE, FALSE, TRUE }, { 2, 5, 1, 4, 0, 3 } },
  { { TRUE, TRUE, TRUE }, { 5, 2, 4, 1, 3, 0 } },
};

static void
check_cells (const gfloat *maps, const gfloat *turned, gint channels,
    const gint *cells)
{
  for (gint i = 0; i < 6; i++) {
    for (gint c = 0; c < channels; c++)
      g_assert_cmpfloat (turned[i * channels + c], ==,
          maps[cells[i] * channels + c]);
  }
}

/* The interior of the first layer is all but the first of three columns. */
static void
check_interior (const CnnLayerMaps *turned, const gint *cells)
{
  const Rect *inside = &turned->interior;

  g_assert_cmpint (inside->width * inside->height, ==, 4);
  for (gint y = inside->y; y < inside->y + inside->height; y++) {
    for (gint x = inside->x; x < inside->x + inside->width; x++)
      g_assert_cmpint (cells[y * turned->width + x] % 3, >, 0);
  }
}

/* Maps turn, and all that has no place in the picture stays as it is. */
static void
test_turned (void)
{
  g_autoptr (ClassifierResult) result = make_result (TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (turns); i++) {
    const MapTurn *turn = &turns[i].turn;
    g_autoptr (ClassifierResult)
        turned = classifier_result_copy_turned (result, turn);
    const CnnExplanation *explanation = turned->explanation;

    g_assert_cmpint (turned->layers[0].height, ==, turn->transposes ? 3 : 2);
    g_assert_cmpint (turned->layers[0].width, ==, turn->transposes ? 2 : 3);
    check_cells (numbers, turned->layers[0].data, 2, turns[i].cells);
    check_interior (&turned->layers[0], turns[i].cells);
    g_assert_cmpmem (turned->layers[1].data, 5 * sizeof (gfloat), numbers + 7,
        5 * sizeof (gfloat));
    g_assert_cmpint (turned->input.height, ==, turn->transposes ? 3 : 2);
    check_cells (numbers + 13, turned->input.data, 3, turns[i].cells);
    g_assert_cmpint (explanation->height, ==, turn->transposes ? 3 : 2);
    g_assert_cmpint (explanation->width, ==, turn->transposes ? 2 : 3);
    check_cells (numbers, explanation->cam, 1, turns[i].cells);
    check_cells (numbers + 1, explanation->map, 1, turns[i].cells);
    check_cells (numbers + 2, explanation->cell_contributions, 1,
        turns[i].cells);
    g_assert_cmpmem (explanation->channel_contributions, 2 * sizeof (gfloat),
        numbers + 3, 2 * sizeof (gfloat));
    g_assert_cmpfloat (turned->scores[2], ==, numbers[6]);
    g_assert_cmpfloat (turned->intact_scores[0], ==, numbers[5]);
    g_assert_cmpuint (turned->n_knock_outs, ==, 2);
  }
}

static ClassifierResult *
make_kind (CnnPredictionKind kind, const gfloat *scores)
{
  static const gfloat thresholds[] = { 0.5f, 0.25f, 0.9f };
  const gboolean has_labels = kind == CNN_PREDICTION_CLASSES
      || kind == CNN_PREDICTION_LABELS;
  g_autoptr (ClassifierDescription) description = classifier_description_new (
      &(const ClassifierDescription) { "model", "attribute", labels,
          has_labels ? 2 : 0, kind,
          kind == CNN_PREDICTION_LABELS ? thresholds : NULL,
          kind == CNN_PREDICTION_NUMBER ? "years" : NULL });

  return classifier_result_copy (
      &(const ClassifierResult) { .description = description,
          .scores = scores,
          .winner = 0 });
}

/* What is predicted, in words, before and after a round trip. */
static void
check_text (CnnPredictionKind kind, gfloat first, gfloat second,
    const gchar *expected)
{
  const gfloat scores[] = { first, second };
  g_autoptr (ClassifierResult) result = make_kind (kind, scores);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (ClassifierResult) decoded = NULL;
  g_autofree gchar *text = classifier_result_to_text (result);
  g_autofree gchar *again = NULL;

  g_assert_cmpstr (text, ==, expected);
  classifier_result_encode (result, bytes);
  decoded = classifier_result_decode (bytes->data, bytes->len);
  g_assert_nonnull (decoded);
  g_assert_cmpint (decoded->description->kind, ==, kind);
  check_same (result, decoded);
  again = classifier_result_to_text (decoded);
  g_assert_cmpstr (again, ==, expected);
}

static void
test_kinds (void)
{
  check_text (CNN_PREDICTION_CLASSES, 0.75f, 0.25f, "no");
  check_text (CNN_PREDICTION_LABELS, 0.75f, 0.3f, "no, \xe5\xa5\xb3");
  check_text (CNN_PREDICTION_LABELS, 0.5f, 0.3f, "\xe5\xa5\xb3");
  check_text (CNN_PREDICTION_LABELS, 0.5f, 0.25f, "");
  check_text (CNN_PREDICTION_NUMBER, 71.34f, 0.0f, "71.3 years");
  check_text (CNN_PREDICTION_MAPS, 0.0f, 0.0f, NULL);
}

/* Of two classes with the second predicted. */
static void
check_uncertain (CnnPredictionKind kind, gfloat below, gboolean is_uncertain)
{
  const gfloat scores[] = { 0.375f, 0.625f }, thresholds[] = { 0.5f, 0.5f };
  g_autoptr (ClassifierDescription) description = classifier_description_new (
      &(const ClassifierDescription) { .model_name = "model",
          .attribute = "attribute",
          .labels = labels,
          .n_classes = 2,
          .kind = kind,
          .thresholds = kind == CNN_PREDICTION_LABELS ? thresholds : NULL,
          .uncertain_below = below });
  g_autoptr (ClassifierResult) result = classifier_result_copy (
      &(const ClassifierResult) { .description = description,
          .scores = scores,
          .winner = 1 });
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (ClassifierResult) decoded = NULL;

  classifier_result_encode (result, bytes);
  decoded = classifier_result_decode (bytes->data, bytes->len);
  g_assert_nonnull (decoded);
  g_assert_cmpint (classifier_result_is_uncertain (decoded), ==, is_uncertain);
  g_assert_cmpstr (classifier_result_get_label (decoded), ==,
      is_uncertain ? "uncertain" : labels[1]);
  g_assert_cmpint (classifier_result_is_predicted (decoded, 1), ==,
      !is_uncertain);
  g_assert_false (classifier_result_is_predicted (decoded, 0));
}

static void
test_uncertain (void)
{
  check_uncertain (CNN_PREDICTION_CLASSES, 0.0f, FALSE);
  check_uncertain (CNN_PREDICTION_CLASSES, 0.625f, FALSE);
  check_uncertain (CNN_PREDICTION_CLASSES, 0.63f, TRUE);
  check_uncertain (CNN_PREDICTION_LABELS, 0.63f, FALSE);
}

static void
test_numbers (void)
{
  static const struct {
    gdouble number;
    const gchar *text;
  } cases[] = { { 0.0, "0" }, { 71.34, "71.3" }, { -71.34, "-71.3" },
    { 0.71342, "0.713" }, { 7.1342, "7.13" }, { 1871.4, "1871" },
    { 0.00071342, "0.000713" }, { 1.5e7, "1.5e+07" }, { 1e-9, "1e-09" },
    { INFINITY, "inf" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gchar text[CLASSIFIER_NUMBER_SIZE];

    classifier_format_number (text, cases[i].number);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_other_lengths (void)
{
  g_autoptr (ClassifierResult) result = make_result (TRUE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  classifier_result_encode (result, bytes);
  for (guint length = 0; length < bytes->len; length++) {
    /* A copy lets a sanitizer detect reads beyond the end. */
    g_autofree guint8 *part = g_memdup2 (bytes->data, length);

    g_assert_null (classifier_result_decode (part, length));
  }
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  g_assert_null (classifier_result_decode (bytes->data, bytes->len));
}

/* A place that is nowhere cannot be drawn. */
static void
test_no_place (void)
{
  static const gfloat bad[] = { NAN, INFINITY, -INFINITY,
    2.0f * RECT_MAX_MARGIN };
  g_autoptr (ClassifierResult) result = make_result (TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GByteArray) bytes = g_byte_array_new ();

    result->view.maps.top = bad[i];
    classifier_result_encode (result, bytes);
    g_assert_null (classifier_result_decode (bytes->data, bytes->len));
  }
}

/* If a damaged result can still be decoded, it is consistent. */
static void
test_damage (void)
{
  g_autoptr (ClassifierResult) result = make_result (TRUE);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint n_read = 0;

  classifier_result_encode (result, bytes);
  for (guint i = 0; i < 20000; i++) {
    g_autofree guint8 *damaged = g_memdup2 (bytes->data, bytes->len);
    ClassifierResult *decoded;

    for (guint k = 0; k <= i % 3; k++)
      damaged[g_rand_int_range (random, 0, (gint32) bytes->len)] =
          (guint8) g_rand_int (random);
    decoded = classifier_result_decode (damaged, bytes->len);
    if (!decoded)
      continue;
    n_read++;
    check_same (decoded, decoded);
    classifier_result_unref (decoded);
  }
  g_assert_cmpuint (n_read, >, 0);
  g_assert_cmpuint (n_read, <, 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fill_numbers ();
  g_test_add_func ("/result/round-trip", test_round_trip);
  g_test_add_func ("/result/turned", test_turned);
  g_test_add_func ("/result/kinds", test_kinds);
  g_test_add_func ("/result/uncertain", test_uncertain);
  g_test_add_func ("/result/numbers", test_numbers);
  g_test_add_func ("/result/other-lengths", test_other_lengths);
  g_test_add_func ("/result/no-place", test_no_place);
  g_test_add_func ("/result/damage", test_damage);
  return g_test_run ();
}
