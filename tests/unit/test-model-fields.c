/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Gives every option of every layer class values that it cannot have. Each must
 * fail with one error that names the file, the layer and the option. */

#include <cjson/cJSON.h>
#include <glib/gstdio.h>
#include <string.h>

#include "cnn/model/model.h"

/* Values, as JSON, that an option of a kind cannot have. */
typedef struct {
  const gchar *values[16];
} Kind;

static const Kind count = { { "\"3\"", "0", "-1", "1.5", "1e300", "16777217",
    "true", "[]", "[2]", "{}" } };
static const Kind pair = { { "\"2\"", "0", "-1", "1.5", "1e300", "true", "[]",
    "[2]", "[2,2,2]", "[1,0]", "[1,\"1\"]", "[[1],[1]]", "{}" } };
static const Kind border = { { "\"1\"", "-1", "0.5", "1e300", "true", "[]",
    "[1]", "[1,1,1]", "[1,-1]", "[[1,1],[1]]", "[[1,1,1],[1,1]]",
    "[[1,[1]],[1,1]]", "[\"a\",\"b\"]", "{}" } };
static const Kind number = { { "\"1\"", "1e300", "-1e300", "true", "[]", "[1]",
    "{}" } };
static const Kind numbers = { { "\"1\"", "1e300", "true", "[]", "[1,\"1\"]",
    "[[1],[2]]", "[1,1]", "{}" } };
static const Kind boolean = { { "\"true\"", "0", "1", "[]", "[true]", "{}" } };
static const Kind word = { { "\"\"", "\"elsewhere\"", "0", "true", "[]",
    "{}" } };
static const Kind axis = { { "\"1\"", "0", "1.5", "9", "-9", "true",
    "[1,\"2\"]", "[]", "{}" } };
static const Kind axes = { { "\"1\"", "0", "1.5", "9", "true", "[1,\"2\"]",
    "[0]", "[4]", "[-1]", "{}" } };
static const Kind shape = { { "\"4\"", "4", "true", "[0]", "[1.5]", "[-2]",
    "[-1,-1]", "[\"4\"]", "[7]", "[1,1,1,1,1,1,96]", "[16777217]", "{}" } };
static const Kind permutation = { { "\"1\"", "1", "true", "[]", "[1,1,2]",
    "[0,1,2]", "[2,3,4]", "[1,2]", "[1,2,\"3\"]", "[1,2,3,4,5,6,7]", "{}" } };
static const Kind batch_shape = { { "\"4\"", "4", "true", "[]", "[null,0]",
    "[null,-4]", "[null,1.5]", "[null,\"4\"]", "[null,null]", "[null,16777217]",
    "[null,1,1,1,1,1,1,1]", "{}" } };
static const Kind padding = { { "\"0\"", "-1", "1", "[0]", "[0,1]", "0.5",
    "1e300", "true", "[]", "{}" } };

/**
 * LayerClass:
 * @config: a valid configuration
 * @options: keys with their kinds of invalid values
 */
typedef struct {
  const gchar *name;
  const gchar *config;
  struct {
    const gchar *key;
    const Kind *kind;
  } options[10];
} LayerClass;

#define WINDOW                                \
  { "strides", &pair }, { "padding", &word }, \
  {                                           \
    "data_format", &word                      \
  }
#define CONVOLUTION                                             \
  WINDOW, { "kernel_size", &pair }, { "dilation_rate", &pair }, \
      { "use_bias", &boolean },                                 \
  {                                                             \
    "activation", &word                                         \
  }

static const LayerClass classes[] = {
  { "Activation", "{\"activation\":\"relu\"}", { { "activation", &word } } },
  { "AveragePooling2D", "{}", { WINDOW, { "pool_size", &pair } } },
  { "BatchNormalization", "{}",
      { { "axis", &axis }, { "epsilon", &number }, { "scale", &boolean },
          { "center", &boolean }, { "trainable", &boolean } } },
  { "CenterCrop", "{\"height\":2,\"width\":2}",
      { { "height", &count }, { "width", &count }, { "data_format", &word } } },
  { "Concatenate", "{}", { { "axis", &axis } } },
  { "Conv2D", "{\"filters\":2,\"kernel_size\":2}",
      { CONVOLUTION, { "filters", &count }, { "groups", &count } } },
  { "Conv2DTranspose", "{\"filters\":2,\"kernel_size\":2}",
      { CONVOLUTION, { "filters", &count }, { "output_padding", &padding } } },
  { "Cropping2D", "{}", { { "cropping", &border }, { "data_format", &word } } },
  { "Dense", "{\"units\":2}",
      { { "units", &count }, { "use_bias", &boolean },
          { "activation", &word } } },
  { "DepthwiseConv2D", "{\"kernel_size\":2}",
      { CONVOLUTION, { "depth_multiplier", &count } } },
  { "ELU", "{}", { { "alpha", &number } } },
  { "Flatten", "{}", { { "data_format", &word } } },
  { "GlobalAveragePooling2D", "{}",
      { { "keepdims", &boolean }, { "data_format", &word } } },
  { "GlobalMaxPooling2D", "{}",
      { { "keepdims", &boolean }, { "data_format", &word } } },
  { "InputLayer", "{\"batch_shape\":[null,4]}",
      { { "batch_shape", &batch_shape } } },
  { "LayerNormalization", "{}",
      { { "axis", &axis }, { "epsilon", &number }, { "scale", &boolean },
          { "center", &boolean }, { "rms_scaling", &boolean } } },
  { "LeakyReLU", "{}",
      { { "alpha", &number }, { "negative_slope", &number } } },
  { "MaxPooling2D", "{}", { WINDOW, { "pool_size", &pair } } },
  { "Normalization", "{\"mean\":0,\"variance\":1}",
      { { "axis", &axis }, { "mean", &numbers }, { "variance", &numbers },
          { "invert", &boolean } } },
  { "PReLU", "{}", { { "shared_axes", &axes } } },
  { "Permute", "{\"dims\":[2,1,3]}", { { "dims", &permutation } } },
  { "RandomCrop", "{\"height\":4,\"width\":6}",
      { { "height", &count }, { "width", &count }, { "data_format", &word } } },
  { "ReLU", "{}",
      { { "max_value", &number }, { "negative_slope", &number },
          { "threshold", &number } } },
  { "Rescaling", "{\"scale\":2}",
      { { "scale", &numbers }, { "offset", &numbers } } },
  { "Reshape", "{\"target_shape\":[96]}", { { "target_shape", &shape } } },
  { "Resizing", "{\"height\":2,\"width\":2}",
      { { "height", &count }, { "width", &count }, { "interpolation", &word },
          { "data_format", &word }, { "crop_to_aspect_ratio", &boolean },
          { "pad_to_aspect_ratio", &boolean }, { "resize", &word } } },
  { "SeparableConv2D", "{\"filters\":2,\"kernel_size\":2}",
      { CONVOLUTION, { "filters", &count }, { "depth_multiplier", &count } } },
  { "Softmax", "{}", { { "axis", &axis } } },
  { "ThresholdedReLU", "{}", { { "theta", &number } } },
  { "UpSampling2D", "{}",
      { { "size", &pair }, { "interpolation", &word },
          { "data_format", &word } } },
  { "ZeroPadding2D", "{}",
      { { "padding", &border }, { "data_format", &word } } },
};

/* Classes of which the engine reads no options. */
static const gchar *const plain_classes[] = { "ActivityRegularization", "Add",
  "AlphaDropout", "AugMix", "Average", "CutMix", "Dropout", "GaussianDropout",
  "GaussianNoise", "Identity", "Maximum", "Minimum", "MixUp", "Multiply",
  "RandAugment", "RandomBrightness", "RandomColorDegeneration",
  "RandomColorJitter", "RandomContrast", "RandomElasticTransform",
  "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
  "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective",
  "RandomPosterization", "RandomRotation", "RandomSaturation",
  "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth",
  "RandomZoom", "SpatialDropout2D", "Subtract" };

static gchar *folder, *file;

/* Loads a model of a single layer whose weights are missing. */
static GError *
load (const gchar *class_name, const gchar *config)
{
  const gboolean is_input = g_str_equal (class_name, "InputLayer");
  g_autofree gchar *text = g_strdup_printf (
      "{\"modelTopology\":{\"keras_version\":\"3.5.0\",\"class_name\":"
      "\"Functional\",\"config\":{\"layers\":[{\"class_name\":\"InputLayer\","
      "\"name\":\"in\",\"config\":{\"batch_shape\":[null,4,6,4]}},"
      "{\"class_name\":\"%s\",\"name\":\"it\",\"config\":%s,"
      "\"inbound_nodes\":%s}],\"output_layers\":[[\"it\",0,0]]}},"
      "\"weightsManifest\":[]}",
      class_name, config, is_input ? "[]" : "[[[\"in\",0,0]]]");
  g_autoptr (CnnModel) model = NULL;
  GError *error = NULL;

  g_remove (file); /* replacing it would sync to the disk, which is slow */
  g_assert_true (g_file_set_contents (file, text, -1, NULL));
  model = cnn_model_load (folder, NULL, &error);
  g_assert_true ((model == NULL) == (error != NULL));
  return error;
}

static gchar *
set_option (const gchar *config, const gchar *key, const gchar *value)
{
  cJSON *root = cJSON_Parse (config);
  gchar *text;

  cJSON_DeleteItemFromObjectCaseSensitive (root, key);
  cJSON_AddItemToObject (root, key, cJSON_CreateRaw (value));
  text = cJSON_PrintUnformatted (root);
  cJSON_Delete (root);
  return text;
}

static void
check_value (const LayerClass *class, const gchar *key, const gchar *value)
{
  g_autofree gchar *config = set_option (class->config, key, value);
  g_autofree gchar *start = g_strdup_printf ("%s: layer 'it' (%s): ", file,
      class->name);
  g_autofree gchar *option = g_strdup_printf ("'%s'", key);
  g_autoptr (GError) error = load (class->name, config);

  if (!error || !g_str_has_prefix (error->message, start)
      || !strstr (error->message + strlen (start), option)) {
    g_test_message ("%s: %s", config, error ? error->message : "is accepted");
    g_test_fail ();
  }
}

static void
test_class (gconstpointer data)
{
  const LayerClass *class = data;
  g_autoptr (GError) error = load (class->name, class->config);

  if (error && !strstr (error->message, "is not in the weights manifest"))
    g_error ("%s", error->message);
  for (guint i = 0; i < G_N_ELEMENTS (class->options); i++) {
    const gchar *key = class->options[i].key;
    const Kind *kind = class->options[i].kind;

    for (guint k = 0; key && kind->values[k]; k++)
      check_value (class, key, kind->values[k]);
  }
}

/* A configuration must be a JSON object. */
static void
test_no_object (void)
{
  static const gchar *const configs[] = { "5", "\"relu\"", "true", "[1]" };

  for (guint i = 0; i < G_N_ELEMENTS (configs); i++) {
    g_autoptr (GError) error = load ("Flatten", configs[i]);

    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "layer 'it'"));
    g_assert_nonnull (strstr (error->message, "'config' is no object"));
  }
}

static gboolean
is_listed (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    if (g_str_equal (classes[i].name, name))
      return TRUE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (plain_classes); i++) {
    if (g_str_equal (plain_classes[i], name))
      return TRUE;
  }
  return FALSE;
}

static void
test_all_classes_are_listed (void)
{
  g_auto (GStrv) names = cnn_model_list_layer_classes ();

  for (guint i = 0; names[i]; i++) {
    if (!is_listed (names[i]))
      g_error ("%s is not in the table", names[i]);
  }
}

static void
test_all_classes_are_documented (void)
{
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "..", "..",
      "docs", "models.md", NULL);
  g_auto (GStrv) names = cnn_model_list_layer_classes ();
  g_autofree gchar *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; names[i]; i++) {
    g_autofree gchar *quoted = g_strconcat ("`", names[i], "`", NULL);

    if (!strstr (text, quoted))
      g_error ("%s is not in docs/models.md", names[i]);
  }
}

int
main (int argc, char **argv)
{
  gint result;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  file = g_build_filename (folder, "model.json", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    g_autofree gchar *path = g_strconcat ("/cnn/fields/", classes[i].name,
        NULL);

    g_test_add_data_func (path, &classes[i], test_class);
  }
  g_test_add_func ("/cnn/fields/no-object", test_no_object);
  g_test_add_func ("/cnn/fields/all-classes", test_all_classes_are_listed);
  g_test_add_func ("/cnn/fields/all-documented",
      test_all_classes_are_documented);
  result = g_test_run ();
  g_remove (file);
  g_rmdir (folder);
  g_free (file);
  g_free (folder);
  return result;
}
