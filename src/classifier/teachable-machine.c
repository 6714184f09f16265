/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/teachable-machine.h"

#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/model-error.h"

#define METADATA_FILE "metadata.json"
#define MAX_FILE_SIZE (1 << 20)
#define PACKAGE "@teachablemachine/"

/* Removes what would not be one line of text. */
static gchar *
copy_label (const gchar *text)
{
  gchar *label = g_strdup (text);

  for (gchar *c = label; *c; c++) {
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  }
  return g_strstrip (label);
}

static GStrv
read_labels (const cJSON *root, GError **error)
{
  const cJSON *list = json_get (root, "labels"), *item;
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  if (!cJSON_IsArray (list) || !list->child) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'labels' is missing or not a list of labels");
    return NULL;
  }
  cJSON_ArrayForEach (item, list)
  {
    g_autofree gchar *label = copy_label (
        cJSON_IsString (item) ? item->valuestring : "");

    if (!*label) {
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'labels' holds something that is not a label, or is empty");
      return NULL;
    }
    g_strv_builder_add (labels, label);
  }
  return g_strv_builder_end (labels);
}

/* Returns: (nullable): the kind of model, such as "image"; NULL if the file is
 * not Teachable Machine's */
static const gchar *
get_kind (const cJSON *root)
{
  const cJSON *package = json_get (root, "packageName");

  if (cJSON_IsString (package)
      && g_str_has_prefix (package->valuestring, PACKAGE))
    return package->valuestring + strlen (PACKAGE);
  /* Models of sounds are those of another library. */
  return json_get (root, "tfjsSpeechCommandsVersion") ? "audio" : NULL;
}

static gboolean
read_metadata (const cJSON *root, GStrv *labels, GError **error)
{
  const gchar *kind = get_kind (root);

  if (!kind)
    return TRUE;
  if (g_str_equal (kind, "image")) {
    *labels = read_labels (root, error);
    return *labels != NULL;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "the model is %s of Teachable Machine, which does not take pictures; "
      "make an image project there, and export that",
      g_str_equal (kind, "audio")      ? "an audio model"
          : g_str_equal (kind, "pose") ? "a pose model"
                                       : "another kind of model");
  return FALSE;
}

gboolean
teachable_machine_load (const gchar *folder, GStrv *labels, GError **error)
{
  g_autofree gchar *path = g_build_filename (folder, METADATA_FILE, NULL);
  g_autoptr (GBytes) text = NULL;
  gboolean done;
  cJSON *root;

  *labels = NULL;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  text = file_read (path, MAX_FILE_SIZE, error);
  if (!text)
    return FALSE;
  root = json_parse (text, error);
  done = root && read_metadata (root, labels, error);
  cJSON_Delete (root);
  if (!done)
    g_prefix_error (error, "%s: ", path);
  return done;
}

/* Returns the layer's name without those of the models that it is in. */
static const gchar *
get_own_name (const CnnModel *model, guint node)
{
  const gchar *name = cnn_model_get_node_name (model, node);
  const gchar *slash = strrchr (name, '/');

  return slash ? slash + 1 : name;
}

/* Returns the last node before @node that is not the input of a model inside
 * the model, or -1. */
static gint
find_before (const CnnModel *model, gint node)
{
  do {
    node--;
  } while (node >= 0
      && g_str_equal (cnn_model_get_node_class (model, (guint) node),
          "InputLayer"));
  return node;
}

gboolean
teachable_machine_made (const CnnModel *model)
{
  /* The last layers of every such model, backwards; numbers at the end vary. */
  static const gchar *const names[] = { "dense_Dense", "dense_Dense",
    "global_average_pooling2d_GlobalAveragePooling2D", "out_relu", "Conv_1_bn",
    "Conv_1" };
  gint node = (gint) cnn_model_get_n_nodes (model);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    node = find_before (model, node);
    if (node < 0
        || !g_str_has_prefix (get_own_name (model, (guint) node), names[i]))
      return FALSE;
  }
  return TRUE;
}

/* Returns: (nullable): what follows the number */
static const gchar *
skip_number (const gchar *label, guint number)
{
  g_autofree gchar *prefix = g_strdup_printf ("%u ", number);

  return g_str_has_prefix (label, prefix) ? label + strlen (prefix) : NULL;
}

void
teachable_machine_strip_numbers (GStrv labels)
{
  for (guint i = 0; labels[i]; i++) {
    if (!skip_number (labels[i], i))
      return;
  }
  for (guint i = 0; labels[i]; i++) {
    gchar *label = labels[i];

    labels[i] = g_strchug (g_strdup (skip_number (label, i)));
    g_free (label);
  }
}
