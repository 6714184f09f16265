/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Tests the kernels that belong to single channels. */

#include <glib/gstdio.h>
#include <string.h>

#include "base/stored-number.h"
#include "cnn/model/channel-kernel.h"

#define LAYER(class, name, config, input)                       \
  ",{\"class_name\":\"" class "\",\"name\":\"" name             \
                              "\",\"config\":{\"name\":\"" name \
                              "\",\"use_bias\":false" config    \
                              "},\"inbound_nodes\":[[[\"" input \
                              "\",0,0,{}]]]}"
#define WEIGHT(name, shape) \
  "{\"name\":\"" name "\",\"dtype\":\"float32\",\"shape\":" shape "}"

/* Two channels become four, which two groups of two filters read. */
static const gchar topology[] =
    "{\"modelTopology\":{\"class_name\":\"Model\",\"config\":{\"name\":\"m\","
    "\"layers\":[{\"class_name\":\"InputLayer\",\"name\":\"input\",\"config\":{"
    "\"name\":\"input\",\"batch_input_shape\":[null,3,3,2]},"
    "\"inbound_nodes\":[]}" LAYER ("DepthwiseConv2D", "deep",
        ",\"kernel_size\":[1,1],\"depth_multiplier\":2", "input")
        LAYER ("Conv2D", "grouped",
            ",\"kernel_size\":[1,1],\"filters\":4,\"groups\":2",
            "deep") "],"
                    "\"input_layers\":[[\"input\",0,0]],\"output_layers\":[["
                    "\"grouped\",0,0]]"
                    "}},\"weightsManifest\":[{\"paths\":[\"weights\"],"
                    "\"weights\":[" WEIGHT ("deep/depthwise_kernel",
                        "[1,1,2,2]") "," WEIGHT ("grouped/kernel",
                        "[1,1,2,4]") "]}]}";

static const gfloat weights[] = { 1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24 };

static CnnModel *
load (void)
{
  g_autofree gchar *folder = g_dir_make_tmp ("kernel-XXXXXX", NULL);
  g_autofree gchar *json = g_build_filename (folder, "model.json", NULL);
  g_autofree gchar *shard = g_build_filename (folder, "weights", NULL);
  g_autoptr (GError) error = NULL;
  gfloat stored[G_N_ELEMENTS (weights)];
  CnnModel *model;

  memcpy (stored, weights, sizeof stored);
  stored_float32_convert (stored, G_N_ELEMENTS (stored));
  g_assert_true (g_file_set_contents (json, topology, -1, NULL));
  g_assert_true (
      g_file_set_contents (shard, (const gchar *) stored, sizeof stored, NULL));
  model = cnn_model_load (json, NULL, &error);
  g_assert_no_error (error);
  g_remove (json);
  g_remove (shard);
  g_rmdir (folder);
  return model;
}

static void
check (const CnnModel *model, const gchar *name, guint channel, guint first,
    const gfloat *expected, gint depth)
{
  const guint node = (guint) cnn_model_find_node (model, name);
  gfloat values[2];
  guint first_input;
  CnnShape shape;

  g_assert_true (cnn_channel_kernel_get_shape (model, node, &shape));
  g_assert_cmpuint (shape.rank, ==, 3);
  g_assert_cmpint (shape.dims[2], ==, depth);
  cnn_channel_kernel_copy (model, node, channel, &first_input, values);
  g_assert_cmpuint (first_input, ==, first);
  for (gint i = 0; i < depth; i++)
    g_assert_cmpfloat (values[i], ==, expected[i]);
}

static void
test_depthwise (void)
{
  g_autoptr (CnnModel) model = load ();

  check (model, "deep", 1, 0, (const gfloat[]) { 2 }, 1);
  check (model, "deep", 2, 1, (const gfloat[]) { 3 }, 1);
}

static void
test_groups (void)
{
  g_autoptr (CnnModel) model = load ();

  check (model, "grouped", 0, 0, (const gfloat[]) { 11, 21 }, 2);
  check (model, "grouped", 3, 2, (const gfloat[]) { 14, 24 }, 2);
}

static void
test_other_layers (void)
{
  g_autoptr (CnnModel) model = load ();
  CnnShape shape;

  g_assert_false (cnn_channel_kernel_get_shape (model,
      (guint) cnn_model_find_node (model, "input"), &shape));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel-kernel/depthwise", test_depthwise);
  g_test_add_func ("/channel-kernel/groups", test_groups);
  g_test_add_func ("/channel-kernel/other-layers", test_other_layers);
  return g_test_run ();
}
