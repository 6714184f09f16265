/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan.h"

#include "cnn/model-private.h"

/* Widest vectors of today's machines, in bytes. */
#define ALIGNMENT 64

/**
 * Slot:
 * @owner: the node whose memory this node uses: itself, or for a view the one
 *   that it looks at
 * @last_use: the last node that reads it; G_MAXUINT when it is kept
 * @offset: in the arena, in floats
 */
typedef struct {
  guint owner;
  guint last_use;
  gsize offset;
  gsize size;
} Slot;

struct _CnnPlan {
  CnnModel *model;
  Slot *slots;       /* one a node */
  CnnTensor *inputs; /* of the node that runs */
  gpointer memory;
  gfloat *arena;
};

static void
find_lifetimes (CnnPlan *plan, const guint *keep, guint n_keep)
{
  const CnnModel *model = plan->model;
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (model, &n_outputs);

  for (guint i = 0; i < model->nodes->len; i++) {
    const CnnNode *node = cnn_model_get_node (model, i);
    Slot *slot = &plan->slots[i];
    const gsize unit = ALIGNMENT / sizeof (gfloat);

    slot->owner = i;
    slot->last_use = i;
    slot->size = (cnn_shape_size (&node->shape) + unit - 1) / unit * unit;
    /* The caller writes inputs before the run. */
    if (node->n_inputs == 0)
      slot->last_use = G_MAXUINT;
    for (guint k = 0; k < node->n_inputs; k++) {
      guint owner = plan->slots[cnn_model_get_node_input (model, i, k)].owner;

      if (plan->slots[owner].last_use != G_MAXUINT)
        plan->slots[owner].last_use = i;
      if (node->layer->class->role == CNN_LAYER_ROLE_VIEW)
        slot->owner = owner;
    }
  }
  for (guint i = 0; i < n_keep; i++)
    plan->slots[plan->slots[keep[i]].owner].last_use = G_MAXUINT;
  for (guint i = 0; i < n_outputs; i++)
    plan->slots[plan->slots[outputs[i]].owner].last_use = G_MAXUINT;
}

/* First fit: the lowest place that no slot occupies that is still in use when
 * this node is computed. */
static gsize
find_offset (const CnnPlan *plan, guint number)
{
  const Slot *slot = &plan->slots[number];
  gsize offset = 0;
  gboolean moved;

  do {
    moved = FALSE;
    for (guint i = 0; i < number; i++) {
      const Slot *other = &plan->slots[i];

      if (other->owner == i && other->last_use >= number
          && offset < other->offset + other->size
          && other->offset < offset + slot->size) {
        offset = other->offset + other->size;
        moved = TRUE;
      }
    }
  } while (moved);
  return offset;
}

static guint
count_most_inputs (const CnnModel *model)
{
  guint most = 0;

  for (guint i = 0; i < model->nodes->len; i++)
    most = MAX (most, cnn_model_get_node (model, i)->n_inputs);
  return most;
}

static gsize
place_slots (CnnPlan *plan)
{
  gsize end = 0;

  for (guint i = 0; i < plan->model->nodes->len; i++) {
    Slot *slot = &plan->slots[i];

    if (slot->owner == i)
      slot->offset = find_offset (plan, i);
    else
      slot->offset = plan->slots[slot->owner].offset;
    end = MAX (end, slot->offset + slot->size);
  }
  return end;
}

CnnPlan *
cnn_plan_new (CnnModel *model, const guint *keep, guint n_keep, GError **error)
{
  g_autoptr (CnnPlan) plan = g_new0 (CnnPlan, 1);
  gsize bytes;

  plan->model = cnn_model_ref (model);
  plan->slots = g_new0 (Slot, model->nodes->len);
  plan->inputs = g_new (CnnTensor, count_most_inputs (model));
  find_lifetimes (plan, keep, n_keep);
  bytes = place_slots (plan) * sizeof (gfloat);
  plan->memory = g_try_malloc0 (bytes + ALIGNMENT);
  if (!plan->memory) {
    g_set_error (error, CNN_ERROR, CNN_ERROR_LIMIT,
        "no memory for %" G_GSIZE_FORMAT " bytes of activations", bytes);
    return NULL;
  }
  plan->arena = (gfloat *) (((guintptr) plan->memory + ALIGNMENT - 1)
      / ALIGNMENT * ALIGNMENT);
  return g_steal_pointer (&plan);
}

void
cnn_plan_free (CnnPlan *plan)
{
  cnn_model_unref (plan->model);
  g_free (plan->slots);
  g_free (plan->inputs);
  g_free (plan->memory);
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

void
cnn_plan_run (CnnPlan *plan)
{
  const CnnModel *model = plan->model;

  for (guint i = 0; i < model->nodes->len; i++) {
    const CnnNode *node = cnn_model_get_node (model, i);
    const CnnTensor output = { &node->shape,
      plan->arena + plan->slots[i].offset };

    if (!node->layer->class->run)
      continue;
    for (guint k = 0; k < node->n_inputs; k++) {
      guint input = cnn_model_get_node_input (model, i, k);

      plan->inputs[k].shape = cnn_model_get_node_shape (model, input);
      plan->inputs[k].data = plan->arena + plan->slots[input].offset;
    }
    node->layer->class->run (
        node->layer, plan->inputs, node->n_inputs, &output);
  }
}

const gfloat *
cnn_plan_get_activation (const CnnPlan *plan, guint node)
{
  const Slot *owner = &plan->slots[plan->slots[node].owner];

  g_return_val_if_fail (owner->last_use == G_MAXUINT, NULL);
  return plan->arena + owner->offset;
}
