/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <glib/gstdio.h>

#include "cnn/plan/interior.h"
#include "cnn/plan/layer-selection.h"

/* A layer without weights, after "input" or the layer before it. */
#define LAYER(class, name, config, before)                            \
  ",{\"class_name\":\"" class "\",\"name\":\"" name "\",\"config\":{" \
                              "\"name\":\"" name "\"" config          \
                              "},\"inbound_nodes\":[[[\"" before      \
                              "\",0,0,{}]]]}"

/* 16 rows of 24 columns, through layers of all kinds that move a window. */
static const gchar topology[] =
    "{\"modelTopology\":{\"class_name\":\"Model\",\"config\":{\"name\":\"m\","
    "\"layers\":[{\"class_name\":\"InputLayer\",\"name\":\"input\",\"config\":{"
    "\"name\":\"input\",\"batch_input_shape\":[null,16,24,1]},"
    "\"inbound_nodes\":[]}" LAYER ("ZeroPadding2D", "pad",
        ",\"padding\":[[2,1],[0,3]]", "input") LAYER ("MaxPooling2D", "slide",
        ",\"pool_size\":[3,3],\"strides\":[1,1],\"padding\":\"valid\"",
        "pad") LAYER ("AveragePooling2D", "halve",
        ",\"pool_size\":[4,4],\"strides\":[2,2],\"padding\":\"same\"",
        "input") LAYER ("UpSampling2D", "double", ",\"size\":[2,2]",
        "halve") LAYER ("Cropping2D", "cut", ",\"cropping\":[[3,0],[0,1]]",
        "input") LAYER ("GlobalAveragePooling2D", "mean", ",\"keepdims\":true",
        "pad") LAYER ("AveragePooling2D", "wide",
        ",\"pool_size\":[15,15],\"strides\":[1,1],\"padding\":\"same\"",
        "input") ",{\"class_name\":\"Multiply\",\"name\":\"weigh\",\"config\":{"
                 "\"name\":\"weigh\"},\"inbound_nodes\":[[[\"slide\",0,0,{}],"
                 "[\"mean\",0,0,{}]]]}],"
                 "\"input_layers\":[[\"input\",0,0]],\"output_layers\":[["
                 "\"weigh\",0,0],"
                 "[\"double\",0,0],[\"cut\",0,0],[\"wide\",0,0]]}},"
                 "\"weightsManifest\":[]}";

static CnnModel *
load_topology (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("interior-XXXXXX", NULL);
  g_autofree gchar *path = g_build_filename (folder, "model.json", NULL);
  g_autoptr (GError) error = NULL;
  CnnModel *model;

  g_assert_true (g_file_set_contents (path, topology, -1, NULL));
  model = cnn_model_load (path, NULL, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (folder);
  return model;
}

static void
check_interior (const CnnModel *model, const gchar *name, Rect expected)
{
  const gint node = cnn_model_find_node (model, name);
  Rect interior;

  g_assert_cmpint (node, >=, 0);
  interior = cnn_interior_find (model, (guint) node);
  g_test_message ("%s: %d,%d %dx%d", name, interior.x, interior.y,
      interior.width, interior.height);
  g_assert_cmpint (interior.x, ==, expected.x);
  g_assert_cmpint (interior.y, ==, expected.y);
  g_assert_cmpint (interior.width, ==, expected.width);
  g_assert_cmpint (interior.height, ==, expected.height);
}

static void
test_windows (void)
{
  g_autoptr (CnnModel) model = load_topology ();

  check_interior (model, "input", (Rect) { 0, 0, 24, 16 });
  check_interior (model, "pad", (Rect) { 0, 2, 24, 16 });
  /* Row i covers the rows i to i + 2, of which 2 to 17 are inside. */
  check_interior (model, "slide", (Rect) { 0, 2, 22, 14 });
  /* One row of padding on each side: row i covers 2 i - 1 to 2 i + 2. */
  check_interior (model, "halve", (Rect) { 1, 1, 10, 6 });
  check_interior (model, "cut", (Rect) { 0, 0, 23, 13 });
}

/* A weight for the whole map sees the padding, but in all cells alike. */
static void
test_weight_of_channel (void)
{
  g_autoptr (CnnModel) model = load_topology ();

  check_interior (model, "weigh", (Rect) { 0, 2, 22, 14 });
}

/* Interpolation reaches a cell further, at either side. Of the rows, 4 to 10
 * are left, which is less than half. */
static void
test_upsampling (void)
{
  g_autoptr (CnnModel) model = load_topology ();

  check_interior (model, "double", (Rect) { 4, 4, 15, 8 });
}

/* Two of 16 rows and 10 of 24 columns see no padding. */
static void
test_middle_stands_in (void)
{
  g_autoptr (CnnModel) model = load_topology ();

  check_interior (model, "wide", (Rect) { 6, 4, 12, 8 });
}

/* The default network: 5x5 convolutions with padding, each pooled by two. */
static void
test_default_model (void)
{
  g_autofree gchar *path = g_test_build_filename (G_TEST_DIST, "..", "..",
      "model", "gender", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (path, NULL, &error);
  g_autoptr (GArray) layers = NULL;
  const Rect expected[] = { { 1, 1, 23, 23 }, { 2, 2, 9, 9 }, { 1, 1, 4, 4 } };

  g_assert_no_error (error);
  layers = cnn_layer_selection_new (model, "auto", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (layers->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < layers->len; i++) {
    const CnnLayerMaps maps = cnn_layer_selection_describe (model,
        &g_array_index (layers, CnnSelectedLayer, i));

    check_interior (model, maps.name, expected[i]);
    g_assert_cmpint (maps.interior.width, ==, expected[i].width);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/interior/windows", test_windows);
  g_test_add_func ("/interior/weight-of-channel", test_weight_of_channel);
  g_test_add_func ("/interior/upsampling", test_upsampling);
  g_test_add_func ("/interior/middle-stands-in", test_middle_stands_in);
  g_test_add_func ("/interior/default-model", test_default_model);
  return g_test_run ();
}
