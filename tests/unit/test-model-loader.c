/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A model that cannot be loaded fails with one error that names the place. */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/model/prediction.h"
#include "cnn/plan/layer-selection.h"
#include "cnn/plan/plan.h"

/* A Functional model of one convolution (2 to 3 channels) and a dense layer:
 * 3*3*2*3 + 3 + 48*2 + 2 = 155 weights. */
static const gchar model_json[] =
    "{\"format\":\"layers-model\",\"modelTopology\":{\"model_config\":"
    "{\"class_name\":\"Model\",\"config\":{\"name\":\"m\",\"layers\":["
    "{\"name\":\"in\",\"class_name\":\"InputLayer\",\"config\":{"
    "\"batch_input_shape\":[null,4,4,2]},\"inbound_nodes\":[]},"
    "{\"name\":\"conv\",\"class_name\":\"Conv2D\",\"config\":{\"filters\":3,"
    "\"kernel_size\":[3,3],\"strides\":[1,1],\"padding\":\"same\","
    "\"activation\":\"relu\"},\"inbound_nodes\":[[[\"in\",0,0,{}]]]},"
    "{\"name\":\"flat\",\"class_name\":\"Flatten\",\"config\":{},"
    "\"inbound_nodes\":[[[\"conv\",0,0,{}]]]},"
    "{\"name\":\"out\",\"class_name\":\"Dense\",\"config\":{\"units\":2,"
    "\"activation\":\"softmax\"},\"inbound_nodes\":[[[\"flat\",0,0,{}]]]}],"
    "\"input_layers\":[[\"in\",0,0]],\"output_layers\":[[\"out\",0,0]]}}},"
    "\"weightsManifest\":[{\"paths\":[\"a.bin\",\"b.bin\"],\"weights\":["
    "{\"name\":\"conv/kernel\",\"shape\":[3,3,2,3],\"dtype\":\"float32\"},"
    "{\"name\":\"conv/bias:0\",\"shape\":[3],\"dtype\":\"float32\"},"
    "{\"name\":\"m/out/kernel\",\"shape\":[48,2],\"dtype\":\"float32\"},"
    "{\"name\":\"out/bias\",\"shape\":[2],\"dtype\":\"float32\"}]}]}";

#define N_WEIGHTS 155
#define SHARD_A_SIZE 101 /* not a whole number of floats */

typedef struct {
  gchar *folder;
} Fixture;

static void
write_file (Fixture *fixture, const gchar *name, const void *data, gsize size)
{
  g_autofree gchar *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_remove (path); /* replacing it would sync to the disk, which is slow */
  g_file_set_contents (path, data, (gssize) size, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gfloat weights[N_WEIGHTS];

  fixture->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  for (guint i = 0; i < N_WEIGHTS; i++)
    weights[i] = (gfloat) i / N_WEIGHTS;
  stored_float32_convert (weights, N_WEIGHTS);
  write_file (fixture, "model.json", model_json, strlen (model_json));
  write_file (fixture, "a.bin", weights, SHARD_A_SIZE);
  write_file (fixture, "b.bin", (guint8 *) weights + SHARD_A_SIZE,
      sizeof weights - SHARD_A_SIZE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const gchar *names[] = { "model.json", "a.bin", "b.bin" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_build_filename (fixture->folder, names[i], NULL);

    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static void
assert_fails (Fixture *fixture, const CnnLimits *limits, ModelError code,
    const gchar *part)
{
  g_autoptr (GError) error = NULL;
  CnnModel *model = cnn_model_load (fixture->folder, limits, &error);

  g_assert_null (model);
  g_assert_error (error, MODEL_ERROR, (gint) code);
  g_test_message ("%s", error->message);
  if (!strstr (error->message, part) || !strstr (error->message, "model.json"))
    g_error ("'%s' lacks '%s' or its file", error->message, part);
}

static gchar *
replace_once (const gchar *text, const gchar *from, const gchar *to)
{
  const gchar *at = strstr (text, from);

  g_assert_nonnull (at);
  return g_strdup_printf ("%.*s%s%s", (gint) (at - text), text, to,
      at + strlen (from));
}

static void
test_loads (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *file = g_build_filename (fixture->folder, "model.json",
      NULL);
  const gchar *paths[] = { fixture->folder, file };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CnnModel) model = cnn_model_load (paths[i], NULL, &error);
    g_autofree gchar *shape = NULL;
    guint output, n_outputs;

    g_assert_no_error (error);
    g_assert_cmpuint (cnn_model_get_n_nodes (model), ==, 4);
    g_assert_cmpstr (cnn_model_get_name (model), ==, "m");
    g_assert_cmpstr (cnn_model_get_node_class (model, 1), ==, "Conv2D");
    shape = cnn_shape_to_string (cnn_model_get_node_shape (model, 1));
    g_assert_cmpstr (shape, ==, "4x4x3");
    output = cnn_model_get_outputs (model, &n_outputs)[0];
    g_assert_cmpuint (cnn_prediction_describe (model, output).n_classes, ==, 2);
  }
}

typedef struct {
  const gchar *name;
  const gchar *from;
  const gchar *to;
  ModelError code;
  const gchar *part;
} Mutation;

static const Mutation mutations[] = {
  { "graph-model", "layers-model", "graph-model", MODEL_ERROR_UNSUPPORTED,
      "graph-model" },
  { "syntax", "{\"model_config\"", "{{\"model_config\"", MODEL_ERROR_INVALID,
      "JSON" },
  { "no-topology", "modelTopology", "topology", MODEL_ERROR_INVALID,
      "modelTopology" },
  { "lambda", "\"Flatten\"", "\"Lambda\"", MODEL_ERROR_UNSUPPORTED,
      "layer 'flat': is a Lambda: Python code, which is not run" },
  { "activation-twice", "\"relu\"",
      "{\"class_name\":\"Dense\",\"config\":{\"units\":2,\"activation\":"
      "{\"class_name\":\"ReLU\",\"config\":{}}}}",
      MODEL_ERROR_UNSUPPORTED,
      "layer 'conv': 'activation': has a layer as its own activation" },
  { "class", "\"Flatten\"", "\"Folding\"", MODEL_ERROR_UNSUPPORTED,
      "layer 'flat': is of class Folding, which is not supported" },
  { "model-class", "\"Model\"", "\"Graph\"", MODEL_ERROR_UNSUPPORTED, "Graph" },
  { "activation", "\"relu\"", "\"cubic\"", MODEL_ERROR_UNSUPPORTED,
      "layer 'conv' (Conv2D): 'activation': function 'cubic'" },
  { "no-filters", "\"filters\":3,", "", MODEL_ERROR_INVALID, "'filters'" },
  { "fraction", "\"filters\":3", "\"filters\":3.5", MODEL_ERROR_INVALID,
      "3.5" },
  { "negative", "\"filters\":3", "\"filters\":-3", MODEL_ERROR_INVALID, "-3" },
  { "huge", "\"filters\":3", "\"filters\":1e300", MODEL_ERROR_INVALID,
      "1e+300" },
  { "text-number", "\"filters\":3", "\"filters\":\"3\"", MODEL_ERROR_INVALID,
      "'filters'" },
  { "stride-zero", "\"strides\":[1,1]", "\"strides\":[0,1]",
      MODEL_ERROR_INVALID, "'strides' is 0" },
  { "kernel-three", "\"kernel_size\":[3,3]", "\"kernel_size\":[3,3,3]",
      MODEL_ERROR_INVALID, "'kernel_size'" },
  { "window-too-large", "\"padding\":\"same\"",
      "\"padding\":\"valid\",\"dilation_rate\":9", MODEL_ERROR_INVALID,
      "larger than its input" },
  { "padding", "\"padding\":\"same\"", "\"padding\":\"causal\"",
      MODEL_ERROR_UNSUPPORTED, "causal" },
  { "channels-first", "\"padding\":\"same\"",
      "\"padding\":\"same\",\"data_format\":\"channels_first\"",
      MODEL_ERROR_UNSUPPORTED, "channels_last" },
  { "groups", "\"padding\":\"same\"", "\"padding\":\"same\",\"groups\":2",
      MODEL_ERROR_INVALID, "'groups' is 2" },
  { "open-size", "[null,4,4,2]", "[null,null,4,2]", MODEL_ERROR_UNSUPPORTED,
      "layer 'in' (InputLayer): 'batch_input_shape' leaves a size open (null): "
      "give the height and the width" },
  { "rank", "[null,4,4,2]", "[null,1,1,1,1,1,1,2]", MODEL_ERROR_LIMIT,
      "dimensions" },
  { "vector-input", "[null,4,4,2]", "[null,32]", MODEL_ERROR_INVALID,
      "height x width x channels" },
  { "large-input", "[null,4,4,2]", "[null,16777216,16777216,2]",
      MODEL_ERROR_LIMIT, "bytes" },
  { "wrong-channels", "[null,4,4,2]", "[null,4,4,1]", MODEL_ERROR_INVALID,
      "conv/kernel" },
  { "kernel-shape", "[3,3,2,3]", "[3,3,3,2]", MODEL_ERROR_INVALID,
      "is 3x3x3x2 in the manifest, but the layer needs 3x3x2x3" },
  { "missing-weight", "conv/bias:0", "other/bias", MODEL_ERROR_INVALID,
      "'conv/bias' is not in" },
  { "unused-weight", "\"activation\":\"relu\"",
      "\"activation\":\"relu\",\"use_bias\":false", MODEL_ERROR_INVALID,
      "'conv/bias' belongs to no layer" },
  { "duplicate-weight", "out/bias", "conv/bias", MODEL_ERROR_INVALID, "twice" },
  { "ambiguous-weight", "\"out/bias\",\"shape\":[2]",
      "\"x/out/kernel\",\"shape\":[2]", MODEL_ERROR_INVALID, "could be" },
  { "too-many-bytes", "[48,2]", "[48,1]", MODEL_ERROR_INVALID, "b.bin" },
  { "too-few-bytes", "[48,2]", "[48,4]", MODEL_ERROR_INVALID,
      "weightsManifest[0]: weight 'm/out/kernel': 376 bytes are missing after "
      "'b.bin'" },
  { "dtype", "\"dtype\":\"float32\"", "\"dtype\":\"int8\"",
      MODEL_ERROR_UNSUPPORTED, "int8" },
  { "quantised", "\"dtype\":\"float32\"",
      "\"dtype\":\"float32\",\"quantization\":{\"dtype\":\"uint8\"}",
      MODEL_ERROR_INVALID,
      "weightsManifest[0]: weight 'conv/kernel': 'quantization': 'scale'" },
  { "no-manifest", "weightsManifest", "weights", MODEL_ERROR_INVALID,
      "weightsManifest" },
  { "no-paths", "\"paths\"", "\"files\"", MODEL_ERROR_INVALID,
      "weightsManifest[0]: 'paths'" },
  { "parent-path", "a.bin", "../a.bin", MODEL_ERROR_INVALID, "../a.bin" },
  { "absolute-path", "a.bin", "/etc/passwd", MODEL_ERROR_INVALID,
      "/etc/passwd" },
  { "url", "a.bin", "http://localhost/a.bin", MODEL_ERROR_INVALID, "http" },
  { "folder-path", "a.bin", ".", MODEL_ERROR_READ, "is a folder" },
  { "absent-shard", "b.bin", "c.bin", MODEL_ERROR_NOT_FOUND, "c.bin" },
  { "duplicate-layer", "\"name\":\"flat\"", "\"name\":\"conv\"",
      MODEL_ERROR_INVALID, "twice" },
  { "unknown-input", "[[[\"in\",0,0,{}]]]", "[[[\"nobody\",0,0,{}]]]",
      MODEL_ERROR_INVALID, "'nobody'" },
  { "unknown-node", "[[[\"in\",0,0,{}]]]", "[[[\"in\",1,0,{}]]]",
      MODEL_ERROR_INVALID, "node 1" },
  { "unknown-tensor", "[[[\"in\",0,0,{}]]]", "[[[\"in\",0,7,{}]]]",
      MODEL_ERROR_INVALID, "7" },
  { "two-inputs", "[[[\"in\",0,0,{}]]]", "[[[\"in\",0,0,{}],[\"in\",0,0,{}]]]",
      MODEL_ERROR_INVALID, "2 inputs" },
  { "no-input", "[[[\"in\",0,0,{}]]]", "[]", MODEL_ERROR_INVALID, "no input" },
  { "cycle", "[[[\"in\",0,0,{}]]]", "[[[\"flat\",0,0,{}]]]",
      MODEL_ERROR_INVALID, "cycle" },
  { "fed-input", "\"inbound_nodes\":[]}",
      "\"inbound_nodes\":[[[\"out\",0,0,{}]]]}", MODEL_ERROR_INVALID, "cycle" },
  { "shared-channels", "[[[\"in\",0,0,{}]]]",
      "[[[\"in\",0,0,{}]],[[\"conv\",0,0,{}]]]", MODEL_ERROR_INVALID,
      "shared by inputs" },
  { "no-output", "\"output_layers\":[[\"out\",0,0]]", "\"output_layers\":[]",
      MODEL_ERROR_INVALID, "no output" },
  { "unknown-output", "[[\"out\",0,0]]", "[[\"end\",0,0]]", MODEL_ERROR_INVALID,
      "'end'" },
};

#define QUANTIZED "\"dtype\":\"float32\",\"quantization\":"

/* Fields of the wrong type or with unusable values. */
static const Mutation malformed[] = {
  { "format", "\"layers-model\"", "5", MODEL_ERROR_INVALID, "'format'" },
  { "trailing-text", "]}]}", "]}]}]", MODEL_ERROR_INVALID, "error near byte" },
  { "escaped-nul", "b.bin", "b.bin\\u0000", MODEL_ERROR_INVALID,
      "has a NUL in a string at byte" },
  { "topology", "\"modelTopology\":{", "\"modelTopology\":[{",
      MODEL_ERROR_INVALID, "JSON" },
  { "topology-text", "\"modelTopology\":", "\"modelTopology\":\"\",\"x\":",
      MODEL_ERROR_INVALID, "modelTopology" },
  { "model-config", "\"model_config\":{", "\"model_config\":5,\"x\":{",
      MODEL_ERROR_INVALID, "modelTopology: 'class_name'" },
  { "version", "{\"model_config\"", "{\"keras_version\":3,\"model_config\"",
      MODEL_ERROR_INVALID, "modelTopology: 'keras_version'" },
  { "model-class-number", "\"Model\"", "7", MODEL_ERROR_INVALID,
      "modelTopology: 'class_name'" },
  { "no-layers", "\"layers\":[", "\"levels\":[", MODEL_ERROR_INVALID,
      "model 'm': 'layers'" },
  { "layers-object", "\"layers\":[", "\"layers\":{},\"x\":[",
      MODEL_ERROR_INVALID, "model 'm': 'layers'" },
  { "layer-number", "\"layers\":[", "\"layers\":[5,", MODEL_ERROR_INVALID,
      "model 'm': layers[0]: 'class_name'" },
  { "layer-without-class", "\"class_name\":\"Conv2D\",", "",
      MODEL_ERROR_INVALID, "model 'm': layers[1]: 'class_name'" },
  { "layer-without-name", "\"name\":\"conv\",", "", MODEL_ERROR_INVALID,
      "model 'm': layers[1]: 'name'" },
  { "name-number", "\"name\":\"conv\"", "\"name\":5", MODEL_ERROR_INVALID,
      "model 'm': layers[1]: 'name'" },
  { "empty-sequential", "\"Flatten\",\"config\":{}",
      "\"Sequential\",\"config\":{\"layers\":[]}", MODEL_ERROR_INVALID,
      "model 'flat': 'layers'" },
  { "nodes-text", "[[[\"in\",0,0,{}]]]", "\"in\"", MODEL_ERROR_INVALID,
      "layer 'conv': 'inbound_nodes' is no list" },
  { "node-number", "[[[\"in\",0,0,{}]]]", "[5]", MODEL_ERROR_INVALID,
      "layer 'conv': 'inbound_nodes'" },
  { "short-node", "[[[\"in\",0,0,{}]]]", "[[[\"in\"]]]", MODEL_ERROR_INVALID,
      "layer 'conv': 'inbound_nodes'" },
  { "node-index-text", "[[[\"in\",0,0,{}]]]", "[[[\"in\",\"0\",0]]]",
      MODEL_ERROR_INVALID, "layer 'conv': 'inbound_nodes'" },
  { "negative-node", "[[[\"in\",0,0,{}]]]", "[[[\"in\",-1,0]]]",
      MODEL_ERROR_INVALID, "layer 'conv': 'inbound_nodes'" },
  { "negative-tensor", "[[[\"in\",0,0,{}]]]", "[[[\"in\",0,-1]]]",
      MODEL_ERROR_INVALID, "layer 'conv': 'inbound_nodes'" },
  { "no-args", "[[[\"in\",0,0,{}]]]", "[{\"kwargs\":{}}]", MODEL_ERROR_INVALID,
      "layer 'conv': 'inbound_nodes' has a node without 'args'" },
  { "args-number", "[[[\"in\",0,0,{}]]]", "[{\"args\":[5]}]",
      MODEL_ERROR_UNSUPPORTED, "layer 'conv': is called with an argument" },
  { "no-history", "[[[\"in\",0,0,{}]]]",
      "[{\"args\":[{\"class_name\":\"__keras_tensor__\",\"config\":{}}]}]",
      MODEL_ERROR_INVALID, "layer 'conv': 'keras_history'" },
  { "training", "[[[\"in\",0,0,{}]]]",
      "[[[\"in\",0,0,{\"training\":true}]],[[\"in\",0,0,{}]]]",
      MODEL_ERROR_UNSUPPORTED,
      "layer 'conv': is called with training=True and without" },
  { "inputs-number", "[[\"in\",0,0]]", "5", MODEL_ERROR_INVALID,
      "model 'm': 'input_layers' is no list" },
  { "unknown-inputs", "[[\"in\",0,0]]", "[[\"conv\",0,0]]", MODEL_ERROR_INVALID,
      "model 'm': 'input_layers' has 'conv'" },
  { "same-inputs", "[[\"in\",0,0]]", "[[\"in\",0,0],[\"in\",0,0]]",
      MODEL_ERROR_INVALID, "model 'm': 'input_layers' has 'in'" },
  { "outputs-number", "[[\"out\",0,0]]", "5", MODEL_ERROR_INVALID,
      "model 'm': 'output_layers' is no list" },
  { "short-output", "[[\"out\",0,0]]", "[[\"out\",0]]", MODEL_ERROR_INVALID,
      "model 'm': 'output_layers'" },
  { "output-tensor", "[[\"out\",0,0]]", "[[\"out\",0,1]]", MODEL_ERROR_INVALID,
      "'output_layers' has output 1 of 'out'" },
  { "manifest-object", "\"weightsManifest\":[{",
      "\"weightsManifest\":{},\"x\":[{", MODEL_ERROR_INVALID,
      "'weightsManifest'" },
  { "group-number", "\"weightsManifest\":[", "\"weightsManifest\":[5,",
      MODEL_ERROR_INVALID, "weightsManifest[0]: 'paths'" },
  { "paths-text", "[\"a.bin\",\"b.bin\"]", "\"a.bin\"", MODEL_ERROR_INVALID,
      "weightsManifest[0]: 'paths'" },
  { "no-shards", "[\"a.bin\",\"b.bin\"]", "[]", MODEL_ERROR_INVALID,
      "weightsManifest[0]: weight 'conv/kernel': 216 bytes are missing" },
  { "path-number", "\"a.bin\"", "5", MODEL_ERROR_INVALID,
      "weightsManifest[0]: 'paths'" },
  { "empty-path", "\"a.bin\"", "\"\"", MODEL_ERROR_INVALID,
      "weightsManifest[0]: 'paths'" },
  { "weights-object", "\"weights\":[", "\"weights\":{},\"x\":[",
      MODEL_ERROR_INVALID, "weightsManifest[0]: 'weights'" },
  { "weight-number", "\"weights\":[", "\"weights\":[5,", MODEL_ERROR_INVALID,
      "weightsManifest[0]: weights[0]: 'name'" },
  { "weight-without-name", "\"name\":\"conv/bias:0\",", "", MODEL_ERROR_INVALID,
      "weightsManifest[0]: weights[1]: 'name'" },
  { "no-shape", "\"shape\":[3,3,2,3],", "", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape'" },
  { "shape-number", "[3,3,2,3]", "54", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape'" },
  { "shape-zero", "[3,3,2,3]", "[3,3,0,3]", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape' is 0" },
  { "shape-fraction", "[3,3,2,3]", "[3,3,2.5,3]", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape' is 2.5" },
  { "shape-open", "[3,3,2,3]", "[3,3,null,3]", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape'" },
  { "shape-text", "[3,3,2,3]", "[3,3,\"2\",3]", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'shape'" },
  { "shape-rank", "[3,3,2,3]", "[3,3,2,3,1,1,1]", MODEL_ERROR_LIMIT,
      "weight 'conv/kernel': 'shape'" },
  { "shape-huge", "[3,3,2,3]", "[16777216,16777216,16777216]",
      MODEL_ERROR_LIMIT, "the weights take" },
  { "no-dtype", ",\"dtype\":\"float32\"", "", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'dtype'" },
  { "dtype-number", "\"dtype\":\"float32\"", "\"dtype\":32",
      MODEL_ERROR_INVALID, "weight 'conv/kernel': 'dtype'" },
  { "dtype-string", "\"dtype\":\"float32\"", "\"dtype\":\"string\"",
      MODEL_ERROR_UNSUPPORTED, "weight 'conv/kernel': values of type string" },
  { "dtype-complex", "\"dtype\":\"float32\"", "\"dtype\":\"complex64\"",
      MODEL_ERROR_UNSUPPORTED,
      "weight 'conv/kernel': values of type complex64" },
  { "quantization-text", "\"dtype\":\"float32\"", QUANTIZED "\"uint8\"",
      MODEL_ERROR_INVALID, "weight 'conv/kernel': 'quantization': 'dtype'" },
  { "quantization-dtype", "\"dtype\":\"float32\"",
      QUANTIZED "{\"dtype\":\"int4\"}", MODEL_ERROR_UNSUPPORTED,
      "weight 'conv/kernel': 'quantization': " },
  { "quantization-scale", "\"dtype\":\"float32\"",
      QUANTIZED "{\"dtype\":\"uint8\",\"scale\":\"1\",\"min\":0}",
      MODEL_ERROR_INVALID, "weight 'conv/kernel': 'quantization': 'scale'" },
  { "quantization-huge", "\"dtype\":\"float32\"",
      QUANTIZED "{\"dtype\":\"uint8\",\"scale\":1e999,\"min\":0}",
      MODEL_ERROR_INVALID, "weight 'conv/kernel': 'quantization': 'scale'" },
  { "quantization-min", "\"dtype\":\"float32\"",
      QUANTIZED "{\"dtype\":\"uint8\",\"scale\":1}", MODEL_ERROR_INVALID,
      "weight 'conv/kernel': 'quantization': 'min'" },
  { "quantized-half", "\"dtype\":\"float32\"",
      "\"dtype\":\"float16\",\"quantization\":{\"dtype\":\"uint8\"}",
      MODEL_ERROR_INVALID, "weight 'conv/kernel': only float32 and int32" },
};

static void
test_mutation (Fixture *fixture, gconstpointer data)
{
  const Mutation *mutation = data;
  g_autofree gchar *text = replace_once (model_json, mutation->from,
      mutation->to);

  write_file (fixture, "model.json", text, strlen (text));
  assert_fails (fixture, NULL, mutation->code, mutation->part);
}

static void
test_accepted_variants (Fixture *fixture, gconstpointer data)
{
  const gchar *variants[][2] = {
    { "[[[\"in\",0,0,{}]]]", "[[\"in\",0,0,{}]]" },
    { "[[\"out\",0,0]]", "[\"out\",0,0]" },
    { "batch_input_shape", "batch_shape" },
    { "\"format\":\"layers-model\",", "" },
    { "\"kernel_size\":[3,3]", "\"kernel_size\":3" },
    { "\"Model\"", "\"Functional\"" },
    { "{\"format\"", "\xef\xbb\xbf{\r\n\"format\"" },
    { "[[[\"in\",0,0,{}]]]", "[[[\"in\",0,0,{\"training\":true}]]]" },
    { "batch_input_shape", "batchInputShape" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autofree gchar *text = replace_once (model_json, variants[i][0],
        variants[i][1]);
    g_autoptr (GError) error = NULL;
    g_autoptr (CnnModel) model = NULL;

    write_file (fixture, "model.json", text, strlen (text));
    model = cnn_model_load (fixture->folder, NULL, &error);
    g_assert_no_error (error);
  }
}

static void
test_not_finite (Fixture *fixture, gconstpointer data)
{
  gfloat weights[N_WEIGHTS] = { 0 };

  weights[N_WEIGHTS - 1] = (gfloat) NAN;
  stored_float32_convert (weights, N_WEIGHTS);
  write_file (fixture, "a.bin", weights, SHARD_A_SIZE);
  write_file (fixture, "b.bin", (guint8 *) weights + SHARD_A_SIZE,
      sizeof weights - SHARD_A_SIZE);
  assert_fails (fixture, NULL, MODEL_ERROR_INVALID,
      "weight 'out/bias': value 1 of 2 is not finite; the last one is in "
      "'b.bin'");
}

/* Makes a network that ends in a layer for maps of any size. */
static gchar *
make_open_model (const gchar *batch_shape)
{
  g_autofree gchar *open = replace_once (model_json, "[null,4,4,2]",
      batch_shape);
  g_autofree gchar *shape = replace_once (open, "[48,2]", "[3,2]");

  return replace_once (shape, "\"Flatten\"", "\"GlobalMaxPooling2D\"");
}

static void
write_open_model (Fixture *fixture, const gchar *batch_shape)
{
  g_autofree gchar *text = make_open_model (batch_shape);
  const gfloat weights[3 * 3 * 2 * 3 + 3 + 3 * 2 + 2] = { 0 };

  write_file (fixture, "model.json", text, strlen (text));
  write_file (fixture, "a.bin", weights, SHARD_A_SIZE);
  write_file (fixture, "b.bin", (const guint8 *) weights + SHARD_A_SIZE,
      sizeof weights - SHARD_A_SIZE);
}

static void
check_input_size (Fixture *fixture, const CnnInputSize *size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel)
      model = cnn_model_load_sized (fixture->folder, NULL, size, &error);
  const CnnShape input = { 3, { size->height, size->width, 2 } };
  const CnnShape maps = { 3, { size->height, size->width, 3 } };

  g_assert_no_error (error);
  g_assert_true (cnn_shape_equal (cnn_model_get_node_shape (model, 0), &input));
  g_assert_true (cnn_shape_equal (cnn_model_get_node_shape (model, 1), &maps));
}

static void
test_input_size (Fixture *fixture, gconstpointer data)
{
  static const CnnInputSize sizes[] = { { 6, 9 }, { 1, 1 }, { 240, 320 } };
  static const gchar *const shapes[] = { "[null,6,null,2]", "[null,null,9,2]",
    "[null,6,9,2]" };

  write_open_model (fixture, "[8,null,null,2]");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    check_input_size (fixture, &sizes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    write_open_model (fixture, shapes[i]);
    check_input_size (fixture, &sizes[0]);
  }
}

static void
test_input_size_refused (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const gchar *shape;
    CnnInputSize size;
    ModelError code;
    const gchar *part;
  } cases[] = {
    { "[null,6,9,2]", { 6, 8 }, MODEL_ERROR_ARGUMENT,
        "model.json: layer 'in' (InputLayer): 'batch_input_shape' has the "
        "fixed width 9; an input of 6x8 (height x width) does not fit it" },
    { "[null,6,null,2]", { 7, 9 }, MODEL_ERROR_ARGUMENT, "the fixed height 6" },
    { "[null,null,null,null]", { 6, 9 }, MODEL_ERROR_UNSUPPORTED,
        "leaves a size open (null): save the model" },
    { "[null,null]", { 6, 9 }, MODEL_ERROR_UNSUPPORTED,
        "leaves a size open (null): save the model" },
    { "[null,null,null,2]", { 0, 9 }, MODEL_ERROR_ARGUMENT,
        "an input of 0x9 (height x width) was asked for" },
    { "[null,null,null,2]", { 6, -9 }, MODEL_ERROR_ARGUMENT, "6x-9" },
    { "[null,null,null,2]", { CNN_MAX_DIMENSION + 1, 1 }, MODEL_ERROR_ARGUMENT,
        "both must be from 1 to" },
    { "[null,null,null,2]", { CNN_MAX_DIMENSION, CNN_MAX_DIMENSION },
        MODEL_ERROR_LIMIT, "bytes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    write_open_model (fixture, cases[i].shape);
    g_assert_null (
        cnn_model_load_sized (fixture->folder, NULL, &cases[i].size, &error));
    g_assert_error (error, MODEL_ERROR, (gint) cases[i].code);
    if (!strstr (error->message, cases[i].part))
      g_error ("'%s' lacks '%s'", error->message, cases[i].part);
  }
}

/* A model may use its whole limit; the error says how much it needs. */
static void
test_memory_limit (Fixture *fixture, gconstpointer data)
{
  CnnLimits limits = CNN_LIMITS_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (fixture->folder, NULL, &error);
  g_autofree gchar *figure = NULL;

  g_assert_no_error (error);
  figure = g_strdup_printf ("the model takes %" G_GSIZE_FORMAT " bytes",
      cnn_model_get_memory (model));
  limits.memory_bytes = cnn_model_get_memory (model) - 1;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT, figure);
  limits.memory_bytes++;
  g_clear_pointer (&model, cnn_model_unref);
  model = cnn_model_load (fixture->folder, &limits, &error);
  g_assert_no_error (error);
}

/* An error names a property only if whoever loads the model has it. */
static void
test_limit_names (Fixture *fixture, gconstpointer data)
{
  CnnLimits limits = CNN_LIMITS_DEFAULT;
  g_autoptr (GError) error = NULL;

  limits.macs = 500;
  g_assert_null (cnn_model_load (fixture->folder, &limits, &error));
  g_assert_true (g_str_has_suffix (error->message, "the limit of 500"));
  limits.adjustable = TRUE;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT,
      "the limit of 500 (max-macs, in millions)");
  limits = (CnnLimits) CNN_LIMITS_DEFAULT;
  limits.memory_bytes = 1000;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT, "limit of 1000 bytes");
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  CnnLimits limits = CNN_LIMITS_DEFAULT;

  limits.json_bytes = 100;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT, "at most 100");
  limits = (CnnLimits) CNN_LIMITS_DEFAULT;
  limits.memory_bytes = 64;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT,
      "the weights take 620 bytes (0.0 MiB), beyond the limit of 64 bytes");
  limits = (CnnLimits) CNN_LIMITS_DEFAULT;
  limits.macs = 500;
  assert_fails (fixture, &limits, MODEL_ERROR_LIMIT, "beyond the limit of 500");
}

static void
test_missing_file (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *file = g_build_filename (fixture->folder, "model.json",
      NULL);

  g_remove (file);
  assert_fails (fixture, NULL, MODEL_ERROR_NOT_FOUND, "model.json");
}

static void
test_deep_nesting (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *deep = g_strnfill (100000, '[');

  write_file (fixture, "model.json", deep, strlen (deep));
  assert_fails (fixture, NULL, MODEL_ERROR_LIMIT, "nested deeper");
}

/* Truncated files and changed bytes must cause nothing worse than an error. */
static void
test_damaged_text (Fixture *fixture, gconstpointer data)
{
  const gsize size = strlen (model_json);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize cut = 0; cut < size; cut += 7) {
    g_autoptr (CnnModel) model = NULL;

    write_file (fixture, "model.json", model_json, cut);
    model = cnn_model_load (fixture->folder, NULL, NULL);
    g_assert_null (model);
  }
  for (guint i = 0; i < 500; i++) {
    g_autofree gchar *text = g_strdup (model_json);
    g_autoptr (CnnModel) model = NULL;

    text[g_rand_int_range (random, 0, (gint) size)] =
        (gchar) g_rand_int_range (random, 1, 256);
    write_file (fixture, "model.json", text, size);
    model = cnn_model_load (fixture->folder, NULL, NULL);
    if (model) {
      g_autoptr (CnnPlan) plan = cnn_plan_new (model, NULL, 0, NULL);

      cnn_plan_run (plan);
    }
  }
}

static void
test_selection (Fixture *fixture, gconstpointer data)
{
  g_autofree gchar *folder = g_test_build_filename (G_TEST_DIST, "..", "golden",
      "models", "original-small", NULL);
  g_autoptr (CnnModel) model = cnn_model_load (folder, NULL, NULL);
  g_autoptr (GArray) selection = NULL;
  g_autoptr (GArray) named = NULL;
  g_autoptr (GError) error = NULL;
  const gchar *sources[] = { "conv2d_1", "conv2d_2", "conv2d_3" };
  const gchar *nodes[] = { "max_pooling2d_1", "max_pooling2d_2",
    "max_pooling2d_3" };

  g_assert_nonnull (model);
  selection = cnn_layer_selection_new (model, "auto", NULL);
  g_assert_cmpuint (selection->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const CnnSelectedLayer *layer = &g_array_index (selection, CnnSelectedLayer,
        i);

    g_assert_cmpstr (cnn_model_get_node_name (model, layer->node), ==,
        nodes[i]);
    g_assert_cmpstr (cnn_model_get_node_name (model, layer->source), ==,
        sources[i]);
  }
  named = cnn_layer_selection_new (model, "dense_1, conv2d_1", NULL);
  g_assert_cmpuint (named->len, ==, 2);
  g_assert_null (cnn_layer_selection_new (model, "conv2d_9", &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "conv2d_9"));
}

#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

static void
add_mutations (const gchar *prefix, const Mutation *table, gsize size)
{
  for (gsize i = 0; i < size; i++) {
    g_autofree gchar *path = g_strconcat (prefix, table[i].name, NULL);

    g_test_add (path, Fixture, &table[i], set_up, test_mutation, tear_down);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/cnn/loader/loads", test_loads);
  ADD ("/cnn/loader/variants", test_accepted_variants);
  ADD ("/cnn/loader/not-finite", test_not_finite);
  ADD ("/cnn/loader/limits", test_limits);
  ADD ("/cnn/loader/limit-names", test_limit_names);
  ADD ("/cnn/loader/memory-limit", test_memory_limit);
  ADD ("/cnn/loader/input-size", test_input_size);
  ADD ("/cnn/loader/input-size-refused", test_input_size_refused);
  ADD ("/cnn/loader/missing-file", test_missing_file);
  ADD ("/cnn/loader/deep-nesting", test_deep_nesting);
  ADD ("/cnn/loader/damaged-text", test_damaged_text);
  ADD ("/cnn/selection", test_selection);
  add_mutations ("/cnn/loader/refuses/", mutations, G_N_ELEMENTS (mutations));
  add_mutations ("/cnn/loader/malformed/", malformed, G_N_ELEMENTS (malformed));
  return g_test_run ();
}
