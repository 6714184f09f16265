/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/model-builder.h"

#include "base/json.h"
#include "base/model-error.h"
#include "cnn/layers/layer-classes.h"

/* A limit far beyond real networks, which keeps hostile graphs cheap. */
#define MAX_CALLS 8192

/**
 * Builder:
 * @bytes: bytes of weights and activations
 * @n_calls: number of calls that have been placed, of layers and nested models
 */
typedef struct {
  CnnModel *model;
  CnnWeightStore *weights;
  const CnnLimits *limits;
  const CnnInputSize *size;
  gsize bytes;
  guint64 macs;
  guint n_calls;
} Builder;

typedef enum {
  CALL_NEW,
  CALL_OPEN, /* waits for its inputs */
  CALL_PLACED
} CallState;

/**
 * Call:
 * @next_edge: the first edge that may not be placed yet
 * @first_output: index into the outputs of the instance
 */
typedef struct {
  CallState state;
  guint next_edge;
  guint first_output;
  guint n_outputs;
} Call;

/**
 * Instance:
 * @inputs: (nullable): nodes that a nested model reads
 * @calls: state of each call of the topology
 * @outputs: (element-type guint): nodes made from the calls
 *
 * A model, or one call of a nested model, while it is being placed.
 */
typedef struct {
  const CnnTopology *topology;
  const GArray *inputs;
  Call *calls;
  GArray *outputs;
} Instance;

static gboolean place_model (Builder *builder, const CnnTopology *topology,
    const GArray *inputs, GArray *outputs, GError **error);

static const CnnTopologyCall *
get_call (const Instance *instance, guint call)
{
  return &g_array_index (instance->topology->calls, CnnTopologyCall, call);
}

static const CnnTopologyEntry *
get_entry (const Instance *instance, guint call)
{
  return &g_array_index (instance->topology->entries, CnnTopologyEntry,
      get_call (instance, call)->entry);
}

static gboolean
fail_at (const CnnTopologyEntry *entry, GError **error)
{
  g_prefix_error (error, "layer '%s' (%s): ", entry->name,
      entry->layer       ? entry->layer->class->name
          : entry->model ? "model"
                         : "InputLayer");
  return FALSE;
}

/* The name of a limit for an error, unless nobody can change it. */
static const gchar *
name_limit (const Builder *builder, const gchar *name)
{
  return builder->limits->adjustable ? name : "";
}

/* A single output beyond the limit is refused at once, so that no size can
 * overflow later; the sum is checked at the end, when it is known. */
static gboolean
add_memory (Builder *builder, const CnnNode *node, GError **error)
{
  const gsize limit = builder->limits->memory_bytes;
  gsize bytes;
  g_autofree gchar *shape = NULL;

  if (cnn_shape_count (&node->shape, &bytes)
      && g_size_checked_mul (&bytes, bytes, sizeof (gfloat)) && bytes <= limit
      && g_size_checked_add (&builder->bytes, builder->bytes, bytes))
    return TRUE;
  shape = cnn_shape_to_string (&node->shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "its output of %s alone takes more than the limit of %" G_GSIZE_FORMAT
      " bytes%s",
      shape, limit, name_limit (builder, " (max-memory, in MiB)"));
  return FALSE;
}

static gboolean
check_memory (const Builder *builder, GError **error)
{
  const gsize weights = cnn_weight_store_get_bytes (builder->weights);
  const gdouble mib = 1 << 20;

  if (builder->bytes <= builder->limits->memory_bytes)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "the model takes %" G_GSIZE_FORMAT " bytes (%.1f MiB: weights %.1f, "
      "activations %.1f), beyond the limit of %" G_GSIZE_FORMAT " bytes%s",
      builder->bytes, (gdouble) builder->bytes / mib, (gdouble) weights / mib,
      (gdouble) (builder->bytes - weights) / mib, builder->limits->memory_bytes,
      name_limit (builder, " (max-memory, in MiB)"));
  return FALSE;
}

/* The sum is checked at the end, so that the error says how much the whole
 * model needs. */
static void
add_macs (Builder *builder, const CnnNode *node, const CnnShape *input)
{
  guint64 macs;

  if (!input || !node->layer->class->count_macs)
    return;
  macs = node->layer->class->count_macs (node->layer, input, &node->shape);
  if (!g_uint64_checked_add (&builder->macs, builder->macs, macs))
    builder->macs = G_MAXUINT64;
}

static gboolean
check_macs (const Builder *builder, GError **error)
{
  if (builder->macs <= builder->limits->macs)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "one run of the model takes %" G_GUINT64_FORMAT
      " multiply-accumulates (%.1f million), beyond the limit of "
      "%" G_GUINT64_FORMAT "%s",
      builder->macs, (gdouble) builder->macs / 1e6, builder->limits->macs,
      name_limit (builder, " (max-macs, in millions)"));
  return FALSE;
}

static gboolean
check_n_inputs (guint n_inputs, guint min, guint max, GError **error)
{
  if (n_inputs >= min && n_inputs <= max)
    return TRUE;
  if (n_inputs == 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has no input");
  } else if (min == max) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has %u inputs, but takes %u", n_inputs, min);
  } else {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "has %u inputs, but takes at least %u", n_inputs, min);
  }
  return FALSE;
}

/* Appends a node whose inputs are in the model already. */
static gboolean
add_node (Builder *builder, CnnLayer *layer, const GArray *inputs,
    GError **error)
{
  CnnModel *model = builder->model;
  CnnNode node = { layer, model->edges->len, inputs->len, { 0 } };
  g_autofree CnnShape *shapes = g_new (CnnShape, inputs->len);
  const CnnShape *first = inputs->len > 0 ? shapes : NULL;

  for (guint i = 0; i < inputs->len; i++) {
    shapes[i] = *cnn_model_get_node_shape (model,
        g_array_index (inputs, guint, i));
  }
  if (!check_n_inputs (inputs->len, layer->class->min_inputs,
          layer->class->max_inputs, error)
      || !layer->class->infer_shape (layer, shapes, inputs->len, &node.shape,
          error)
      || !add_memory (builder, &node, error)
      || !cnn_weight_store_bind (builder->weights, layer, first, error))
    return FALSE;
  add_macs (builder, &node, first);
  g_array_append_val (model->nodes, node);
  g_array_append_vals (model->edges, inputs->data, inputs->len);
  return TRUE;
}

/* An input of a nested model is the node that it is called with; its own shape
 * may leave sizes open. */
static gboolean
check_input_shape (const cJSON *config, const CnnShape *shape, GError **error)
{
  const gchar *key = json_get (config, "batch_shape") ? "batch_shape"
                                                      : "batch_input_shape";
  const cJSON *declared = json_get (config, key);
  const cJSON *dim = cJSON_IsArray (declared) ? declared->child : NULL;
  guint rank = 0;
  gboolean fits = TRUE;

  if (!dim)
    return TRUE;
  for (dim = dim->next; dim && fits; dim = dim->next, rank++) {
    fits = rank < shape->rank
        && (!cJSON_IsNumber (dim) || dim->valuedouble == shape->dims[rank]);
  }
  if (!fits || rank != shape->rank) {
    g_autofree gchar *given = cnn_shape_to_string (shape);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'%s' does not fit its input of %s", key, given);
    return FALSE;
  }
  return TRUE;
}

static gboolean
place_nested_input (Builder *builder, Instance *instance,
    const CnnTopologyEntry *entry, GError **error)
{
  guint node = g_array_index (instance->inputs, guint, entry->input);

  if (!check_input_shape (entry->config,
          cnn_model_get_node_shape (builder->model, node), error))
    return FALSE;
  g_array_append_val (instance->outputs, node);
  return TRUE;
}

/* Places a layer and, behind it, the one that is its activation function. */
static gboolean
place_layer (Builder *builder, Instance *instance,
    const CnnTopologyEntry *entry, const GArray *inputs, GError **error)
{
  CnnLayer *layer = entry->layer;
  const gboolean is_input = layer->class->role == CNN_LAYER_ROLE_INPUT;
  guint number = builder->model->nodes->len;
  g_autoptr (GArray) between = g_array_new (FALSE, FALSE, sizeof (guint));

  if ((is_input && !cnn_input_layer_set_size (layer, builder->size, error))
      || !add_node (builder, layer, inputs, error))
    return FALSE;
  if (is_input)
    g_array_append_val (builder->model->inputs, number);
  if (entry->activation) {
    g_array_append_val (between, number);
    number++;
    if (!add_node (builder, entry->activation, between, error))
      return FALSE;
  }
  g_array_append_val (instance->outputs, number);
  return TRUE;
}

/* Returns the nodes that a call reads, all of which have been placed. */
static GArray *
get_inputs (const Instance *instance, guint number, GError **error)
{
  const CnnTopologyCall *call = get_call (instance, number);
  g_autoptr (GArray) inputs = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < call->n_edges; i++) {
    const CnnTopologyEdge *edge = &g_array_index (instance->topology->edges,
        CnnTopologyEdge, call->first_edge + i);
    const Call *source = &instance->calls[edge->call];

    if (edge->tensor >= source->n_outputs) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "reads output %u of '%s', which has %u", edge->tensor,
          get_entry (instance, edge->call)->name, source->n_outputs);
      return NULL;
    }
    g_array_append_val (inputs,
        g_array_index (instance->outputs, guint,
            source->first_output + edge->tensor));
  }
  return g_steal_pointer (&inputs);
}

static gboolean
place_entry (Builder *builder, Instance *instance,
    const CnnTopologyEntry *entry, const GArray *inputs, GError **error)
{
  if (++builder->n_calls > MAX_CALLS) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "takes the model to more than %d nodes", MAX_CALLS);
    return FALSE;
  }
  if (entry->layer)
    return place_layer (builder, instance, entry, inputs, error);
  if (!entry->model) {
    return check_n_inputs (inputs->len, 0, 0, error)
        && place_nested_input (builder, instance, entry, error);
  }
  return check_n_inputs (inputs->len, entry->model->inputs->len,
             entry->model->inputs->len, error)
      && place_model (builder, entry->model, inputs, instance->outputs, error);
}

static gboolean
place_call (Builder *builder, Instance *instance, guint number, GError **error)
{
  const CnnTopologyEntry *entry = get_entry (instance, number);
  Call *call = &instance->calls[number];
  g_autoptr (GArray) inputs = get_inputs (instance, number, error);

  call->first_output = instance->outputs->len;
  if (!inputs || !place_entry (builder, instance, entry, inputs, error))
    return fail_at (entry, error);
  call->n_outputs = instance->outputs->len - call->first_output;
  call->state = CALL_PLACED;
  return TRUE;
}

/* Returns the next call that @number reads and that is not placed, or -1. */
static gint
find_missing_input (const Instance *instance, guint number)
{
  const CnnTopologyCall *call = get_call (instance, number);
  Call *placing = &instance->calls[number];

  for (; placing->next_edge < call->n_edges; placing->next_edge++) {
    guint source = g_array_index (instance->topology->edges, CnnTopologyEdge,
        call->first_edge + placing->next_edge)
                       .call;

    if (instance->calls[source].state != CALL_PLACED)
      return (gint) source;
  }
  return -1;
}

/* Places a call after all that it depends on: depth first, with an explicit
 * stack. A call that is found on the stack again is part of a cycle. */
static gboolean
place_with_inputs (Builder *builder, Instance *instance, guint number,
    GError **error)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint));

  if (instance->calls[number].state == CALL_PLACED)
    return TRUE;
  g_array_append_val (stack, number);
  while (stack->len > 0) {
    gint missing;

    number = g_array_index (stack, guint, stack->len - 1);
    instance->calls[number].state = CALL_OPEN;
    missing = find_missing_input (instance, number);
    if (missing < 0) {
      if (!place_call (builder, instance, number, error))
        return FALSE;
      g_array_set_size (stack, stack->len - 1);
    } else if (instance->calls[missing].state == CALL_OPEN) {
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "is part of a cycle");
      return fail_at (get_entry (instance, (guint) missing), error);
    } else {
      g_array_append_val (stack, missing);
    }
  }
  return TRUE;
}

static gboolean
place_calls (Builder *builder, Instance *instance, GError **error)
{
  const CnnTopology *topology = instance->topology;

  /* Inputs come first, so that their nodes have the order of the inputs. */
  for (guint i = 0; i < topology->inputs->len; i++) {
    const CnnTopologyEntry *entry = &g_array_index (topology->entries,
        CnnTopologyEntry, g_array_index (topology->inputs, guint, i));

    if (!place_with_inputs (builder, instance, entry->first_call, error))
      return FALSE;
  }
  for (guint i = 0; i < topology->calls->len; i++) {
    if (!place_with_inputs (builder, instance, i, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
collect_outputs (const Instance *instance, GArray *outputs, GError **error)
{
  const CnnTopology *topology = instance->topology;

  for (guint i = 0; i < topology->outputs->len; i++) {
    const CnnTopologyEdge *edge = &g_array_index (topology->outputs,
        CnnTopologyEdge, i);
    const Call *source = &instance->calls[edge->call];

    if (edge->tensor >= source->n_outputs) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'output_layers' has output %u of '%s', which has %u", edge->tensor,
          get_entry (instance, edge->call)->name, source->n_outputs);
      return FALSE;
    }
    g_array_append_val (outputs,
        g_array_index (instance->outputs, guint,
            source->first_output + edge->tensor));
  }
  return TRUE;
}

static gboolean
place_model (Builder *builder, const CnnTopology *topology,
    const GArray *inputs, GArray *outputs, GError **error)
{
  Instance instance = { topology, inputs, g_new0 (Call, topology->calls->len),
    g_array_new (FALSE, FALSE, sizeof (guint)) };
  gboolean placed = place_calls (builder, &instance, error)
      && collect_outputs (&instance, outputs, error);

  g_free (instance.calls);
  g_array_unref (instance.outputs);
  return placed;
}

gboolean
cnn_model_build (CnnModel *model, const CnnTopology *topology,
    CnnWeightStore *weights, const CnnLimits *limits, const CnnInputSize *size,
    GError **error)
{
  Builder builder = { model, weights, limits, size,
    cnn_weight_store_get_bytes (weights), 0, 0 };

  return place_model (&builder, topology, NULL, model->outputs, error)
      && check_memory (&builder, error) && check_macs (&builder, error);
}
