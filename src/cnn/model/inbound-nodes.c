/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/inbound-nodes.h"

#include "base/json.h"
#include "base/model-error.h"

/* Limits far beyond real networks, which keep hostile graphs cheap. */
#define MAX_NODE 8192
#define MAX_CALL_INPUTS 1024

/* Whether @item is ["layer", node, tensor, ...]. */
static gboolean
is_reference (const cJSON *item)
{
  return cJSON_IsArray (item) && cJSON_IsString (item->child);
}

static gboolean
append_reference (const cJSON *item, const gchar *what, GArray *references,
    GError **error)
{
  const cJSON *name = is_reference (item) ? item->child : NULL;
  CnnReference reference;

  if (!name || !name->next) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' is not of the form [layer, node index, tensor index]", what);
    return FALSE;
  }
  reference.layer = name->valuestring;
  if (!json_to_integer (name->next, what, 0, MAX_NODE, &reference.node, error)
      || !json_to_integer (name->next->next, what, 0, MAX_NODE,
          &reference.tensor, error))
    return FALSE;
  g_array_append_val (references, reference);
  return TRUE;
}

static gboolean
is_training (const cJSON *kwargs)
{
  const cJSON *training = json_get (kwargs, "training");

  return cJSON_IsTrue (training)
      || (cJSON_IsNumber (training) && training->valuedouble != 0.0);
}

static gboolean
is_keras_tensor (const cJSON *item)
{
  const cJSON *class_name = json_get (item, "class_name");

  return cJSON_IsString (class_name)
      && g_str_equal (class_name->valuestring, "__keras_tensor__");
}

/* Appends an argument of Keras 3: a tensor or a list of tensors. The recursion
 * is bounded by the depth of JSON texts. */
static gboolean
append_argument (const cJSON *argument, GArray *references, GError **error)
{
  const cJSON *item;

  if (cJSON_IsNull (argument) || cJSON_IsBool (argument))
    return TRUE;
  if (is_keras_tensor (argument)) {
    return append_reference (json_get (json_get (argument, "config"),
                                 "keras_history"),
        "keras_history", references, error);
  }
  if (!cJSON_IsArray (argument)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is called with an argument that is no tensor, which is not supported: "
        "put a layer in its place, such as Rescaling for x * 2 + 1");
    return FALSE;
  }
  cJSON_ArrayForEach (item, argument)
  {
    if (!append_argument (item, references, error))
      return FALSE;
  }
  return TRUE;
}

/* Reads {"args": [...], "kwargs": {...}}. */
static gboolean
append_arguments (const cJSON *item, GArray *references, gboolean *training,
    GError **error)
{
  const cJSON *kwargs = json_get (item, "kwargs");
  const cJSON *args = json_get (item, "args");
  const cJSON *keyword;

  if (!cJSON_IsArray (args)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'inbound_nodes' has a node without 'args'");
    return FALSE;
  }
  cJSON_ArrayForEach (keyword, kwargs)
  {
    if (is_keras_tensor (keyword)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
          "is called with a tensor as '%s', which is not supported",
          keyword->string ? keyword->string : "kwargs");
      return FALSE;
    }
  }
  *training = is_training (kwargs);
  return append_argument (args, references, error);
}

/* Reads [["layer", node, tensor, {}], ...]. */
static gboolean
append_list (const cJSON *list, GArray *references, gboolean *training,
    GError **error)
{
  const cJSON *item;

  if (!cJSON_IsArray (list)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'inbound_nodes' is no list of nodes");
    return FALSE;
  }
  cJSON_ArrayForEach (item, list)
  {
    if (!append_reference (item, "inbound_nodes", references, error))
      return FALSE;
    *training |= is_training (cJSON_GetArrayItem (item, 3));
  }
  return TRUE;
}

static gboolean
all_are_references (const cJSON *list)
{
  const cJSON *item;

  cJSON_ArrayForEach (item, list)
  {
    if (!is_reference (item))
      return FALSE;
  }
  return TRUE;
}

static gboolean
append_call (const cJSON *item, GArray *references, GArray *counts,
    guint *n_training, GError **error)
{
  guint before = references->len;
  gboolean training = FALSE;
  guint count;
  gboolean parsed;

  if (cJSON_IsObject (item)) {
    parsed = append_arguments (item, references, &training, error);
  } else if (is_reference (item)) {
    parsed = append_reference (item, "inbound_nodes", references, error);
    training = is_training (cJSON_GetArrayItem (item, 3));
  } else {
    parsed = append_list (item, references, &training, error);
  }
  if (!parsed)
    return FALSE;
  *n_training += training ? 1 : 0;
  count = references->len - before;
  if (count > MAX_CALL_INPUTS || counts->len == MAX_NODE) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "has more than %d calls or %d inputs", MAX_NODE, MAX_CALL_INPUTS);
    return FALSE;
  }
  g_array_append_val (counts, count);
  return TRUE;
}

gboolean
cnn_inbound_nodes_parse (const cJSON *nodes, gboolean merges,
    GArray *references, GArray *counts, guint *n_training, GError **error)
{
  const cJSON *item;

  if (nodes && !cJSON_IsArray (nodes)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'inbound_nodes' is no list");
    return FALSE;
  }
  /* A single call without its list. */
  if (is_reference (nodes)
      || (merges && nodes && nodes->child && nodes->child->next
          && all_are_references (nodes)))
    return append_call (nodes, references, counts, n_training, error);
  cJSON_ArrayForEach (item, nodes)
  {
    if (!append_call (item, references, counts, n_training, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
cnn_references_parse (const cJSON *list, const gchar *what, GArray *references,
    GError **error)
{
  const cJSON *item;

  if (is_reference (list))
    return append_reference (list, what, references, error);
  if (list && !cJSON_IsArray (list) && !cJSON_IsObject (list)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID, "'%s' is no list",
        what);
    return FALSE;
  }
  cJSON_ArrayForEach (item, list)
  {
    if (!append_reference (item, what, references, error))
      return FALSE;
  }
  return TRUE;
}
