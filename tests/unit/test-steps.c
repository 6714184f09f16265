/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * All work that depends on a file must be linear in its size. The engine is
 * compiled to count the basic blocks that it executes: a file of twice the size
 * may take twice as many.
 */

#include <glib/gstdio.h>
#include <string.h>

#include "classifier/labels.h"
#include "cnn/explain/explainer.h"

#define SIZE 400u
/* The allowed ratio is above 2, because hash tables grow in jumps. */
#define MOST 2.2

void __sanitizer_cov_trace_pc (void);

static guint64 steps;

void
__sanitizer_cov_trace_pc (void)
{
  steps++;
}

/**
 * Writer:
 * @layers: layers of the topology, separated by commas
 * @weights: manifest entries of one float each, separated by commas
 * @groups: groups of the manifest, other than that of @weights
 */
typedef struct {
  GString *layers;
  GString *weights;
  GString *groups;
  guint n_weights;
} Writer;

/**
 * Shape:
 * @write: writes a model of @n parts
 * @model: class of the model, "Sequential" or "Functional"
 * @tail: fields of the topology after its layers
 */
typedef struct {
  const gchar *name;
  void (*write) (Writer *writer, guint n);
  const gchar *model;
  const gchar *tail;
} Shape;

static void add (GString *list, const gchar *format, ...) G_GNUC_PRINTF (2, 3);

static void
add (GString *list, const gchar *format, ...)
{
  va_list arguments;

  if (list->len > 0)
    g_string_append_c (list, ',');
  va_start (arguments, format);
  g_string_append_vprintf (list, format, arguments);
  va_end (arguments);
}

static void
add_weight (Writer *writer, const gchar *name)
{
  add (writer->weights,
      "{\"name\":\"%s\",\"shape\":[1,1],\"dtype\":\"float32\"}", name);
  writer->n_weights++;
}

static void
add_input (GString *layers)
{
  add (layers,
      "{\"class_name\":\"InputLayer\",\"config\":{\"name\":\"in\","
      "\"batch_input_shape\":[null,1,1,1]}}");
}

static void
add_dense (GString *layers, const gchar *name)
{
  add (layers,
      "{\"class_name\":\"Dense\",\"config\":{\"name\":\"%s\",\"units\":1,"
      "\"use_bias\":false}}",
      name);
}

/* One layer per weight. */
static void
write_dense (Writer *writer, guint n, const gchar *prefix, const gchar *suffix,
    gboolean numbered)
{
  add_input (writer->layers);
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *name = g_strdup_printf ("dense_%u", i);
    g_autofree gchar *number = numbered ? g_strdup_printf ("_%u", i)
                                        : g_strdup ("");
    g_autofree gchar *weight = g_strconcat (prefix, name, suffix, number, NULL);

    add_dense (writer->layers, name);
    add_weight (writer, weight);
  }
}

static void
write_exact (Writer *writer, guint n)
{
  write_dense (writer, n, "", "/kernel:0", FALSE);
}

static void
write_prefixed (Writer *writer, guint n)
{
  write_dense (writer, n, "a/model/", "/kernel", FALSE);
}

static void
write_numbered (Writer *writer, guint n)
{
  write_dense (writer, n, "model/", "/kernel", TRUE);
}

static void
write_between (Writer *writer, guint n)
{
  write_dense (writer, n, "", "/cell/kernel", FALSE);
}

/* Models of one layer, which has the same name in all of them. */
static void
write_nested (Writer *writer, guint n)
{
  add_input (writer->layers);
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *weight = g_strdup_printf ("all/m_%u/dense/kernel", i);
    g_autoptr (GString) inner = g_string_new (NULL);

    add_input (inner);
    add_dense (inner, "dense");
    add (writer->layers,
        "{\"class_name\":\"Sequential\",\"config\":{\"name\":\"m_%u\","
        "\"layers\":[%s]}}",
        i, inner->str);
    add_weight (writer, weight);
  }
}

/* One group of the manifest per weight. */
static void
write_groups (Writer *writer, guint n)
{
  write_exact (writer, n);
  g_string_truncate (writer->weights, 0);
  writer->n_weights = 0;
  for (guint i = 0; i < n; i++) {
    add (writer->groups,
        "{\"paths\":[\"one.bin\"],\"weights\":[{\"name\":\"dense_%u/kernel\","
        "\"shape\":[1,1],\"dtype\":\"float32\"}]}",
        i);
  }
}

/* One group with one shard per weight. */
static void
write_shards (Writer *writer, guint n)
{
  g_autoptr (GString) paths = g_string_new (NULL);

  write_exact (writer, n);
  for (guint i = 0; i < n; i++)
    add (paths, "\"one.bin\"");
  add (writer->groups, "{\"paths\":[%s],\"weights\":[%s]}", paths->str,
      writer->weights->str);
  g_string_truncate (writer->weights, 0);
  writer->n_weights = 0;
}

static void
add_call (Writer *writer, const gchar *class_name, guint number,
    const gchar *inputs)
{
  add (writer->layers,
      "{\"class_name\":\"%s\",\"name\":\"layer_%u\",\"config\":{},"
      "\"inbound_nodes\":[[%s]]}",
      class_name, number, inputs);
}

static void
add_functional_input (Writer *writer)
{
  add (writer->layers,
      "{\"class_name\":\"InputLayer\",\"name\":\"in\",\"config\":{"
      "\"batch_input_shape\":[null,2,2,1]},\"inbound_nodes\":[]}");
}

/* Each layer reads the previous one and the input; they are listed
 * backwards. */
static void
write_residual (Writer *writer, guint n)
{
  for (guint i = n; i > 0; i--) {
    g_autofree gchar *before = i > 1 ? g_strdup_printf ("layer_%u", i - 1)
                                     : g_strdup ("in");
    g_autofree gchar *inputs =
        g_strdup_printf ("[\"%s\",0,0,{}],[\"in\",0,0,{}]", before);

    add_call (writer, "Add", i, inputs);
  }
  add_functional_input (writer);
}

/* Many layers that read the input, and one layer that reads all of them. */
static void
write_fan (Writer *writer, guint n)
{
  g_autoptr (GString) inputs = g_string_new (NULL);

  add_functional_input (writer);
  for (guint i = 2; i <= n; i++) {
    add_call (writer, i % 2 ? "Flatten" : "MaxPooling2D", i, "[\"in\",0,0,{}]");
    if (i % 2 == 0)
      add (inputs, "[\"layer_%u\",0,0,{}]", i);
  }
  add_call (writer, "Concatenate", 1, inputs->str);
}

/* A single layer that is called many times. */
static void
write_shared (Writer *writer, guint n)
{
  g_autoptr (GString) calls = g_string_new ("[[\"in\",0,0,{}]]");

  add_functional_input (writer);
  for (guint i = 1; i < n; i++)
    add (calls, "[[\"layer_1\",%u,0,{}]]", i - 1);
  add (writer->layers,
      "{\"class_name\":\"ReLU\",\"name\":\"layer_1\",\"config\":{},"
      "\"inbound_nodes\":[%s]}",
      calls->str);
}

#define FUNCTIONAL_TAIL(output) \
  ",\"input_layers\":[[\"in\",0,0]],\"output_layers\":[[" output "]]"

static const Shape shapes[] = {
  { "exact-names", write_exact, "Sequential", "" },
  { "prefixed-names", write_prefixed, "Sequential", "" },
  { "numbered-names", write_numbered, "Sequential", "" },
  { "names-between", write_between, "Sequential", "" },
  { "nested", write_nested, "Sequential", "" },
  { "groups", write_groups, "Sequential", "" },
  { "shards", write_shards, "Sequential", "" },
  { "residual", write_residual, "Functional",
      FUNCTIONAL_TAIL ("\"layer_2\",0,0") },
  { "fan", write_fan, "Functional", FUNCTIONAL_TAIL ("\"layer_1\",0,0") },
  { "shared", write_shared, "Functional", FUNCTIONAL_TAIL ("\"layer_1\",9,0") },
};

static gchar *
make_json (const Shape *shape, const Writer *writer)
{
  if (writer->n_weights > 0 || writer->groups->len == 0) {
    add (writer->groups, "{\"paths\":[\"all.bin\"],\"weights\":[%s]}",
        writer->weights->str);
  }
  return g_strdup_printf (
      "{\"modelTopology\":{\"class_name\":\"%s\",\"config\":{\"name\":\"m\","
      "\"layers\":[%s]%s}},\"weightsManifest\":[%s]}",
      shape->model, writer->layers->str, shape->tail, writer->groups->str);
}

static void
write_file (const gchar *folder, const gchar *name, const void *data,
    gsize size)
{
  g_autofree gchar *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, (gssize) size, NULL));
}

static void
remove_folder (const gchar *folder)
{
  static const gchar *const names[] = { "model.json", "all.bin", "one.bin",
    "labels.txt" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *path = g_build_filename (folder, names[i], NULL);

    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
write_model (const Shape *shape, guint n, const gchar *folder)
{
  Writer writer = { g_string_new (NULL), g_string_new (NULL),
    g_string_new (NULL), 0 };
  g_autofree gchar *json = NULL;
  g_autofree gfloat *zeros = g_new0 (gfloat, n);

  shape->write (&writer, n);
  json = make_json (shape, &writer);
  write_file (folder, "model.json", json, strlen (json));
  write_file (folder, "all.bin", zeros, writer.n_weights * sizeof *zeros);
  write_file (folder, "one.bin", zeros, sizeof *zeros);
  g_string_free (writer.layers, TRUE);
  g_string_free (writer.weights, TRUE);
  g_string_free (writer.groups, TRUE);
}

/* Counts the steps of loading a model, computing the activations of all layers
 * and, if possible, creating an explainer. */
static guint64
count_steps (const gchar *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = NULL;
  g_autoptr (GArray) layers = NULL;
  g_autoptr (CnnExplainer) explainer = NULL;
  g_autoptr (CnnPlan) plan = NULL;
  g_autoptr (GArray) nodes = g_array_new (FALSE, FALSE, sizeof (guint));
  CnnExplainerOptions options = { .method = CNN_CAM_GRAD_CAM };

  steps = 0;
  model = cnn_model_load (folder, NULL, &error);
  g_assert_no_error (error);
  layers = cnn_layer_selection_new (model, "auto", NULL);
  for (guint i = 0; i < cnn_model_get_n_nodes (model); i++)
    g_array_append_val (nodes, i);
  plan = cnn_plan_new (model, (const guint *) nodes->data, nodes->len, NULL);
  cnn_plan_run (plan);
  options.target = cnn_model_get_inputs (model, &(guint) { 0 })[0];
  explainer = cnn_explainer_new (model, &options, NULL);
  return steps;
}

static void
check_growth (guint64 half, guint64 whole)
{
  g_test_message ("%" G_GUINT64_FORMAT " steps, and %" G_GUINT64_FORMAT
                  " for twice the file",
      half, whole);
  g_assert_cmpuint (half, >, SIZE);
  g_assert_cmpfloat ((gdouble) whole, <=, MOST * (gdouble) half);
}

static void
test_model (gconstpointer data)
{
  const Shape *shape = data;
  guint64 counts[2];

  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);

    write_model (shape, SIZE << i, folder);
    counts[i] = count_steps (folder);
    remove_folder (folder);
  }
  check_growth (counts[0], counts[1]);
}

static void
test_labels (void)
{
  guint64 counts[2];

  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
    g_autofree gchar *path = g_build_filename (folder, "labels.txt", NULL);
    g_autoptr (GString) text = g_string_new (NULL);
    g_auto (GStrv) labels = NULL;

    for (guint k = 0; k < SIZE << i; k++)
      g_string_append_printf (text, "label %u\n", k);
    write_file (folder, "labels.txt", text->str, text->len);
    steps = 0;
    labels = labels_load (path, SIZE << i, NULL);
    g_assert_nonnull (labels);
    counts[i] = steps;
    remove_folder (folder);
  }
  check_growth (counts[0], counts[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    g_autofree gchar *path = g_strconcat ("/cnn/steps/", shapes[i].name, NULL);

    g_test_add_data_func (path, &shapes[i], test_model);
  }
  g_test_add_func ("/cnn/steps/labels", test_labels);
  return g_test_run ();
}
