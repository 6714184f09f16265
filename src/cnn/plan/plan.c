/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/plan.h"

#include <string.h>

#include "base/aligned.h"
#include "base/model-error.h"
#include "cnn/model/model-private.h"
#include "cnn/plan/operation.h"

/**
 * Slot:
 * @owner: the node whose memory this node uses: itself, or the source of a view
 * @last_use: the last node that reads it; G_MAXUINT if it is kept
 * @offset: offset in the arena, in floats
 * @size: size in floats; 0 for a node that is fused into another
 */
typedef struct {
  guint owner;
  guint last_use;
  gsize offset;
  gsize size;
} Slot;

/**
 * Step:
 * @first: the node whose input it reads
 * @last: the node whose output it computes
 * @operation: (nullable): %NULL for the reference code of the layer
 */
typedef struct {
  guint first;
  guint last;
  CnnOperation *operation;
} Step;

struct _CnnPlan {
  CnnModel *model;
  Slot *slots;       /* one per node */
  GArray *steps;     /* Step elements */
  CnnTensor *inputs; /* inputs of the current step */
  gfloat *arena;
  gfloat *scratch;
  const CnnKnockOut *knock_outs; /* borrowed */
  guint n_knock_outs;
};

static void
step_clear (gpointer data)
{
  Step *step = data;

  if (step->operation)
    step->operation->free (step->operation);
}

static const CnnLayer *
get_layer (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer;
}

/* Whether the node has no values of its own but shares those of its input. */
static gboolean
shares_memory (const CnnModel *model, guint node, const CnnPlanOptions *options)
{
  return get_layer (model, node)->class->role == CNN_LAYER_ROLE_VIEW
      && node != options->changed_node;
}

/* Marks the nodes whose values are needed after a run. */
static guint8 *
mark_needed (const CnnModel *model, const guint *keep, guint n_keep)
{
  guint8 *needed = g_new0 (guint8, model->nodes->len);
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (model, &n_outputs);

  for (guint i = 0; i < n_keep; i++)
    needed[keep[i]] = TRUE;
  for (guint i = 0; i < n_outputs; i++)
    needed[outputs[i]] = TRUE;
  return needed;
}

/* The node that @node could be fused with: the only one that reads it, if
 * nothing else needs its values. Returns -1 if there is none. */
static gint
find_follower (const CnnModel *model, guint node, const guint8 *needed)
{
  gint follower = needed[node] ? -1 : cnn_model_find_only_reader (model, node);

  if (follower >= 0
      && cnn_model_get_node (model, (guint) follower)->n_inputs != 1)
    return -1;
  return follower;
}

static gboolean
is_2x2_pool (const CnnModel *model, guint node)
{
  const CnnLayer *layer = get_layer (model, node);

  return layer->class->is_2x2_max_pool && layer->class->is_2x2_max_pool (layer);
}

static gboolean
fold_normalization (const CnnModel *model, guint node, CnnFusion *fusion)
{
  const CnnLayer *layer = get_layer (model, node);

  return layer->class->get_affine
      && layer->class->get_affine (layer,
          cnn_model_get_node_shape (model, node), &fusion->factor,
          &fusion->shift);
}

/**
 * Chain:
 * @fusion: the operations after the first node of the chain
 * @last: the last node of the chain
 *
 * A node with the nodes that can be fused into it.
 */
typedef struct {
  CnnFusion fusion;
  guint last;
} Chain;

/* Extends a chain by the normalisation and the activation behind it, as far as
 * the values in between are not needed. */
static void
follow_pointwise (const CnnModel *model, const guint8 *needed, Chain *chain)
{
  gint follower = find_follower (model, chain->last, needed);

  if (chain->fusion.activation != CNN_ACTIVATION_LINEAR)
    return;
  if (follower >= 0
      && fold_normalization (model, (guint) follower, &chain->fusion)) {
    chain->last = (guint) follower;
    follower = find_follower (model, chain->last, needed);
  }
  if (follower >= 0
      && get_layer (model, (guint) follower)->class->only_activation
      && get_layer (model, (guint) follower)->activation
          != CNN_ACTIVATION_LINEAR) {
    chain->last = (guint) follower;
    chain->fusion.activation = get_layer (model, chain->last)->activation;
  }
}

/* Pooling is fused behind no activation, ReLU or ReLU6, which can be applied
 * before or after taking the largest value with the same result. */
static void
follow_pool (const CnnModel *model, const guint8 *needed, Chain *chain)
{
  const gint follower = find_follower (model, chain->last, needed);

  if (follower >= 0 && is_2x2_pool (model, (guint) follower)
      && chain->fusion.activation <= CNN_ACTIVATION_RELU6) {
    chain->fusion.pool = TRUE;
    chain->last = (guint) follower;
  }
}

static CnnOperation *
make_operation (const CnnModel *model, guint first, const CnnFusion *fusion)
{
  const CnnNode *node = cnn_model_get_node (model, first);
  g_autofree CnnShape *inputs = g_new (CnnShape, node->n_inputs);

  for (guint i = 0; i < node->n_inputs; i++) {
    inputs[i] = *cnn_model_get_node_shape (model,
        cnn_model_get_node_input (model, first, i));
  }
  return node->layer->class->make_operation (node->layer, inputs,
      node->n_inputs, &node->shape, fusion);
}

/* Makes a step of the longest chain that the layer supports, or of the node
 * alone. */
static Step
make_step (const CnnModel *model, guint node, const guint8 *needed,
    const CnnPlanOptions *options)
{
  const CnnLayer *layer = get_layer (model, node);
  const CnnFusion none = { .kernels = options->kernels,
    .exact = options->exact,
    .activation = layer->activation };
  const Chain alone = { none, node };
  Chain chains[3] = { alone, alone, alone };
  Step step = { node, node, NULL };

  if (!options->kernels || !layer->class->make_operation)
    return step;
  follow_pointwise (model, needed, &chains[1]);
  chains[2] = chains[1];
  follow_pool (model, needed, &chains[2]);
  for (gint i = 2; i >= 0 && !step.operation; i--) {
    step.operation = make_operation (model, node, &chains[i].fusion);
    if (step.operation)
      step.last = chains[i].last;
  }
  return step;
}

/* A view that does not share its input's memory has a step that copies. */
static gboolean
has_step (const CnnModel *model, guint node, const CnnPlanOptions *options)
{
  const CnnLayerClass *class = get_layer (model, node)->class;

  return class->run
      || (class->role == CNN_LAYER_ROLE_VIEW
          && !shares_memory (model, node, options));
}

/* Makes a step for each node that computes something and is not fused into the
 * step of another. */
static void
make_steps (CnnPlan *plan, const guint8 *needed, const CnnPlanOptions *options)
{
  const CnnModel *model = plan->model;
  g_autofree guint8 *fused = g_new0 (guint8, model->nodes->len);

  plan->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (plan->steps, step_clear);
  for (guint i = 0; i < model->nodes->len; i++) {
    Step step;

    if (fused[i] || !has_step (model, i, options))
      continue;
    step = make_step (model, i, needed, options);
    for (guint node = step.last; node != step.first;
         node = cnn_model_get_node_input (model, node, 0))
      fused[node] = TRUE;
    g_array_append_val (plan->steps, step);
  }
}

static void
use_inputs (CnnPlan *plan, guint node, guint at)
{
  for (guint i = 0; i < cnn_model_get_node (plan->model, node)->n_inputs; i++) {
    guint input = cnn_model_get_node_input (plan->model, node, i);
    Slot *owner = &plan->slots[plan->slots[input].owner];

    owner->last_use = MAX (owner->last_use, at);
  }
}

static void
give_slot (CnnPlan *plan, guint node)
{
  const gsize unit = CACHE_LINE / sizeof (gfloat);
  const gsize size = cnn_shape_size (
      cnn_model_get_node_shape (plan->model, node));

  plan->slots[node].size = (size + unit - 1) / unit * unit;
}

static void
find_lifetimes (CnnPlan *plan, const guint8 *needed,
    const CnnPlanOptions *options)
{
  const CnnModel *model = plan->model;
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < model->nodes->len; i++) {
    plan->slots[i].owner = shares_memory (model, i, options)
        ? plan->slots[cnn_model_get_node_input (model, i, 0)].owner
        : i;
    plan->slots[i].last_use = i;
  }
  /* The caller writes inputs before the run. */
  for (guint i = 0; i < n_inputs; i++) {
    give_slot (plan, inputs[i]);
    plan->slots[inputs[i]].last_use = G_MAXUINT;
  }
  for (guint i = 0; i < plan->steps->len; i++) {
    const Step *step = &g_array_index (plan->steps, Step, i);

    give_slot (plan, step->last);
    use_inputs (plan, step->first, step->last);
  }
  for (guint i = 0; i < model->nodes->len; i++) {
    if (needed[i])
      plan->slots[plan->slots[i].owner].last_use = G_MAXUINT;
  }
}

/* A part of the arena that is not in use, in floats. */
typedef struct {
  gsize begin;
  gsize end;
} Gap;

/**
 * Arena:
 * @gaps: (element-type Gap): gaps in order; the last one is unbounded
 * @size: size that is needed
 * @released: nodes before this one have released the slots that they read last
 * @first_of: for each node, 1 + a slot that it is the last to read, or 0
 * @next_of: for each slot, 1 + the next one of the same last reader, or 0
 *
 * The arena while slots are placed in it, in the order of computation.
 */
typedef struct {
  Slot *slots;
  GArray *gaps;
  gsize size;
  guint released;
  guint *first_of;
  guint *next_of;
} Arena;

/* Finds the first gap that is large enough. */
static guint
find_gap (const Arena *arena, gsize size)
{
  const Gap *gaps = (const Gap *) arena->gaps->data;
  guint i = 0;

  while (gaps[i].end - gaps[i].begin < size)
    i++;
  return i;
}

static void
place_slot (Arena *arena, guint number)
{
  Slot *slot = &arena->slots[number];
  const guint i = find_gap (arena, slot->size);
  Gap *gap = &g_array_index (arena->gaps, Gap, i);

  slot->offset = gap->begin;
  gap->begin += slot->size;
  arena->size = MAX (arena->size, gap->begin);
  if (gap->begin == gap->end)
    g_array_remove_index (arena->gaps, i);
  if (slot->last_use == G_MAXUINT)
    return;
  arena->next_of[number] = arena->first_of[slot->last_use];
  arena->first_of[slot->last_use] = number + 1;
}

static void
release_slot (Arena *arena, guint number)
{
  const Slot *slot = &arena->slots[number];
  const Gap released = { slot->offset, slot->offset + slot->size };
  Gap *gaps = (Gap *) arena->gaps->data;
  guint i = 0;

  while (gaps[i].begin < released.end)
    i++;
  if (gaps[i].begin == released.end)
    gaps[i].begin = released.begin;
  else
    g_array_insert_val (arena->gaps, i, released);
  gaps = (Gap *) arena->gaps->data;
  if (i > 0 && gaps[i - 1].end == gaps[i].begin) {
    gaps[i].begin = gaps[i - 1].begin;
    g_array_remove_index (arena->gaps, i - 1);
  }
}

/* A step writes its output while it reads its input, at the position of its
 * first node in the order. Only slots that no node from there on reads are
 * free. */
static void
release_before (Arena *arena, guint node)
{
  for (; arena->released < node; arena->released++) {
    for (guint slot = arena->first_of[arena->released]; slot > 0;
         slot = arena->next_of[slot - 1])
      release_slot (arena, slot - 1);
  }
}

static gsize
place_slots (CnnPlan *plan)
{
  const CnnModel *model = plan->model;
  g_autoptr (GArray) gaps = g_array_new (FALSE, FALSE, sizeof (Gap));
  g_autofree guint *first_of = g_new0 (guint, model->nodes->len);
  g_autofree guint *next_of = g_new0 (guint, model->nodes->len);
  const Gap whole = { 0, G_MAXSIZE };
  Arena arena = { plan->slots, gaps, 0, 0, first_of, next_of };
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  g_array_append_val (gaps, whole);
  for (guint i = 0; i < n_inputs; i++)
    place_slot (&arena, inputs[i]);
  for (guint i = 0; i < plan->steps->len; i++) {
    const Step *step = &g_array_index (plan->steps, Step, i);

    release_before (&arena, step->first);
    place_slot (&arena, step->last);
  }
  for (guint i = 0; i < model->nodes->len; i++)
    plan->slots[i].offset = plan->slots[plan->slots[i].owner].offset;
  return arena.size;
}

static guint
count_most_inputs (const CnnModel *model)
{
  guint most = 1;

  for (guint i = 0; i < model->nodes->len; i++)
    most = MAX (most, cnn_model_get_node (model, i)->n_inputs);
  return most;
}

static gboolean
allocate (CnnPlan *plan, GError **error)
{
  const gsize size = place_slots (plan);
  gsize scratch = 0;

  for (guint i = 0; i < plan->steps->len; i++) {
    const CnnOperation *operation =
        g_array_index (plan->steps, Step, i).operation;

    if (operation)
      scratch = MAX (scratch, operation->scratch_size);
  }
  plan->arena = aligned_try_new (size + scratch);
  if (!plan->arena) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "no memory for %" G_GSIZE_FORMAT " values of activations",
        size + scratch);
    return FALSE;
  }
  memset (plan->arena, 0, (size + scratch) * sizeof *plan->arena);
  plan->scratch = plan->arena + size;
  return TRUE;
}

CnnPlan *
cnn_plan_new_full (CnnModel *model, const guint *keep, guint n_keep,
    const CnnPlanOptions *options, GError **error)
{
  g_autoptr (CnnPlan) plan = g_new0 (CnnPlan, 1);
  g_autofree guint8 *needed = mark_needed (model, keep, n_keep);

  plan->model = cnn_model_ref (model);
  plan->slots = g_new0 (Slot, model->nodes->len);
  plan->inputs = g_new (CnnTensor, count_most_inputs (model));
  make_steps (plan, needed, options);
  find_lifetimes (plan, needed, options);
  return allocate (plan, error) ? g_steal_pointer (&plan) : NULL;
}

CnnPlan *
cnn_plan_new (CnnModel *model, const guint *keep, guint n_keep, GError **error)
{
  const CnnPlanOptions options = { .kernels = cnn_kernels_get () };

  return cnn_plan_new_full (model, keep, n_keep, &options, error);
}

void
cnn_plan_free (CnnPlan *plan)
{
  g_array_unref (plan->steps);
  cnn_model_unref (plan->model);
  g_free (plan->slots);
  g_free (plan->inputs);
  aligned_free (plan->arena);
  g_free (plan);
}

gfloat *
cnn_plan_get_input (CnnPlan *plan, guint input)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (plan->model, &n_inputs);

  g_return_val_if_fail (input < n_inputs, NULL);
  return plan->arena + plan->slots[inputs[input]].offset;
}

guint
cnn_plan_get_n_steps (const CnnPlan *plan)
{
  return plan->steps->len;
}

const gchar *
cnn_plan_get_step (const CnnPlan *plan, guint step, guint *first, guint *last)
{
  const Step *self = &g_array_index (plan->steps, Step, step);

  *first = self->first;
  *last = self->last;
  return self->operation ? self->operation->description : "scalar";
}

void
cnn_plan_run_step (CnnPlan *plan, guint step)
{
  const Step *self = &g_array_index (plan->steps, Step, step);
  const CnnModel *model = plan->model;
  const CnnNode *node = cnn_model_get_node (model, self->first);
  const CnnTensor output = { cnn_model_get_node_shape (model, self->last),
    plan->arena + plan->slots[self->last].offset };

  for (guint i = 0; i < node->n_inputs; i++) {
    guint input = cnn_model_get_node_input (model, self->first, i);

    plan->inputs[i].shape = cnn_model_get_node_shape (model, input);
    plan->inputs[i].data = plan->arena + plan->slots[input].offset;
  }
  if (self->operation) {
    self->operation->run (self->operation, plan->inputs, &output,
        plan->scratch);
  } else if (node->layer->class->run) {
    node->layer->class->run (node->layer, plan->inputs, node->n_inputs,
        &output);
  } else { /* a view with memory of its own */
    memcpy (output.data, plan->inputs[0].data,
        cnn_shape_size (output.shape) * sizeof *output.data);
  }
  for (guint i = 0; i < plan->n_knock_outs; i++) {
    if (plan->knock_outs[i].node == self->last)
      cnn_tensor_clear_channel (&output, plan->knock_outs[i].channel);
  }
}

void
cnn_plan_run (CnnPlan *plan)
{
  for (guint i = 0; i < plan->steps->len; i++)
    cnn_plan_run_step (plan, i);
}

gfloat *
cnn_plan_get_writable_activation (CnnPlan *plan, guint node)
{
  const Slot *owner = &plan->slots[plan->slots[node].owner];

  g_return_val_if_fail (owner->last_use == G_MAXUINT, NULL);
  return plan->arena + owner->offset;
}

const gfloat *
cnn_plan_get_activation (const CnnPlan *plan, guint node)
{
  return cnn_plan_get_writable_activation ((CnnPlan *) plan, node);
}

void
cnn_plan_set_knock_outs (CnnPlan *plan, const CnnKnockOut *knock_outs,
    guint n_knock_outs)
{
  plan->knock_outs = knock_outs;
  plan->n_knock_outs = n_knock_outs;
}
