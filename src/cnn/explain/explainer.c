/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/explain/explainer.h"

#include <math.h>
#include <string.h>

#include "base/aligned.h"
#include "cnn/explain/head.h"
#include "cnn/kernels/reference.h"
#include "cnn/layers/activation.h"

/**
 * Step:
 * @bare: (nullable): the layer without its activation function, if values
 *   before that function are needed
 * @before: (nullable): output of @bare
 * @job: the arguments of the backpropagation, except the constant, which is
 *   reset for each run
 *
 * The backpropagation through one node of the head.
 */
typedef struct {
  guint node;
  const CnnLayer *layer;
  CnnLayer *bare;
  gfloat *before;
  CnnTensor *inputs;
  CnnTensor *input_gradients;
  CnnOperation *backward; /* or NULL */
  CnnBackpropagation job;
} Step;

/**
 * CnnExplainer:
 * @masked: (nullable): a separate plan for score-cam, so that @plan keeps its
 *   activations
 * @bare_logits: (nullable): the layer of the logits without its sigmoid or
 *   softmax; owned by the last step
 * @options: options of all plans
 * @head_steps: (element-type guint): steps of @plan that compute the head
 * @scratch: scratch memory of the steps
 * @backward_scratch: (nullable): scratch memory of the steps' fast kernels
 * @gradients: one tensor per node, with data for the nodes of the head, its
 *   sides and its target; a view shares the data of its input
 * @buffers: all other memory that belongs to the explainer
 */
struct _CnnExplainer {
  CnnModel *model;
  CnnCamMethod method;
  CnnPrediction prediction;
  CnnPlanOptions options;
  CnnHead head;
  CnnPlan *plan;
  CnnPlan *masked;
  const CnnLayer *bare_logits;
  CnnTensor *logits_inputs;
  CnnTensor logits;
  const CnnKnockOut *knock_outs; /* borrowed */
  guint n_knock_outs;
  GArray *steps;
  gfloat *scratch;
  gfloat *backward_scratch;
  GArray *head_steps;
  CnnTensor *gradients;
  GPtrArray *buffers;
  gboolean out_of_memory;

  CnnCamInput cam_input;
  gfloat *cam;
  gfloat *map;
  gfloat *cell_contributions;
  gfloat *channel_contributions;
  gfloat *weights;  /* one per channel */
  gdouble *eigen;   /* scratch of cnn_cam_compute() */
  gfloat *saved;    /* one channel of the target, or the mask of the input */
  gfloat *enlarged; /* the mask, as large as the input */
  CnnExplanation explanation;
};

gboolean
cnn_explainer_find_target (const CnnModel *model, guint output,
    const gchar *name, CnnSelectedLayer *target, GError **error)
{
  gint node;

  if (name && *name && !g_str_equal (name, "auto"))
    return cnn_layer_selection_find_block (model, name, target, error);
  node = cnn_head_find_last_map (model, output);
  if (node < 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "the model has no layer with maps to explain its output by");
    return FALSE;
  }
  target->node = (guint) node;
  target->source = cnn_layer_selection_find_source (model, target->node);
  return TRUE;
}

static gboolean
parse_channel (const gchar *text, const CnnModel *model, guint node,
    guint *channel, GError **error)
{
  const CnnShape *shape = cnn_model_get_node_shape (model, node);
  const gint channels = shape->rank ? shape->dims[shape->rank - 1] : 1;
  guint64 number;

  if (g_ascii_string_to_unsigned (text, 10, 0, (guint64) channels - 1, &number,
          NULL)) {
    *channel = (guint) number;
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "'%s' is no channel of layer '%s', which has channels 0 to %d", text,
      cnn_model_get_node_name (model, node), channels - 1);
  return FALSE;
}

/* A view only passes on the values of another layer, and has none of its
 * own. */
static gboolean
check_computed (const CnnModel *model, guint node, GError **error)
{
  const CnnLayer *layer = cnn_model_get_node (model, node)->layer;

  if (layer->class->run)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "layer '%s' (%s) computes nothing that could be set to zero", layer->name,
      layer->class->name);
  return FALSE;
}

/* @item is taken apart. */
static gboolean
parse_item (gchar *item, const CnnModel *model, CnnKnockOut *knock_out,
    GError **error)
{
  gchar *colon = strrchr (item, ':');
  CnnSelectedLayer block;

  if (!colon) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "knock-out '%s' is not layer:channel", item);
    return FALSE;
  }
  *colon = '\0';
  if (!cnn_layer_selection_find_block (model, g_strstrip (item), &block, error)
      || !check_computed (model, block.node, error)
      || !parse_channel (g_strstrip (colon + 1), model, block.node,
          &knock_out->channel, error))
    return FALSE;
  knock_out->node = block.node;
  knock_out->layer = cnn_model_get_node_name (model, block.node);
  return TRUE;
}

GArray *
cnn_knock_outs_parse (const CnnModel *model, const gchar *text, GError **error)
{
  g_autoptr (GArray)
      knock_outs = g_array_new (FALSE, FALSE, sizeof (CnnKnockOut));
  g_auto (GStrv) items = g_strsplit (text ? text : "", ",", -1);

  for (guint i = 0; items[i]; i++) {
    CnnKnockOut knock_out;

    if (!*g_strstrip (items[i]))
      continue;
    if (!parse_item (items[i], model, &knock_out, error))
      return NULL;
    g_array_append_val (knock_outs, knock_out);
  }
  return g_steal_pointer (&knock_outs);
}

/* Zeroed. */
static gpointer
new_buffer (CnnExplainer *self, gsize count, gsize size)
{
  gpointer buffer = g_try_malloc0_n (MAX (count, 1), size);

  if (buffer)
    g_ptr_array_add (self->buffers, buffer);
  else
    self->out_of_memory = TRUE;
  return buffer;
}

static gfloat *
new_values (CnnExplainer *self, const CnnShape *shape)
{
  return new_buffer (self, cnn_shape_size (shape), sizeof (gfloat));
}

static void
give_gradient (CnnExplainer *self, guint node)
{
  const CnnShape *shape = cnn_model_get_node_shape (self->model, node);

  self->gradients[node] = (CnnTensor) { shape, new_values (self, shape) };
}

static void
share_gradient (CnnExplainer *self, guint node)
{
  const guint seen = cnn_model_get_node_input (self->model, node, 0);

  self->gradients[node].shape = cnn_model_get_node_shape (self->model, node);
  self->gradients[node].data = self->gradients[seen].data;
}

static gboolean
is_view (const CnnModel *model, guint node)
{
  return cnn_model_get_node (model, node)->layer->class->role
      == CNN_LAYER_ROLE_VIEW;
}

static void
give_gradients (CnnExplainer *self)
{
  const CnnHead *head = &self->head;

  self->gradients = g_new0 (CnnTensor, self->model->nodes->len);
  give_gradient (self, head->target);
  for (guint i = 0; i < head->sides->len; i++)
    give_gradient (self, g_array_index (head->sides, guint, i));
  for (guint i = 0; i < head->nodes->len; i++) {
    const guint node = g_array_index (head->nodes, guint, i);

    if (is_view (self->model, node))
      share_gradient (self, node);
    else
      give_gradient (self, node);
  }
}

/* The values of a node of the plan. */
static CnnTensor
get_values (const CnnExplainer *self, CnnPlan *plan, guint node)
{
  return (CnnTensor) { cnn_model_get_node_shape (self->model, node),
    cnn_plan_get_writable_activation (plan, node) };
}

/* Whether the logits are the values of the node before its sigmoid or
 * softmax. */
static gboolean
is_squashed (const CnnExplainer *self, guint node)
{
  return node == self->head.logits && self->head.squashed;
}

/* Whether the layer's values before its fused activation function are needed:
 * to explain them, or to differentiate the function. */
static gboolean
needs_bare (const CnnExplainer *self, guint node)
{
  const CnnLayer *layer = cnn_model_get_node (self->model, node)->layer;

  return is_squashed (self, node)
      || (layer->class->role != CNN_LAYER_ROLE_ACTIVATION
          && cnn_activation_needs_input (layer->activation));
}

static void
step_clear (gpointer data)
{
  Step *step = data;

  if (step->backward)
    step->backward->free (step->backward);
}

/* Prepares backpropagation on fast kernels, for layers that support it. */
static void
make_backward (CnnExplainer *self, Step *step)
{
  const CnnFusion fusion = { .kernels = self->options.kernels,
    .exact = self->options.exact };
  const CnnShape *input = step->inputs[0].shape;

  if (!fusion.kernels || !step->layer->class->make_backward)
    return;
  step->backward = step->layer->class->make_backward (step->layer, input,
      step->job.output.shape, &fusion);
  if (!step->backward)
    return;
  step->job.backward = step->backward;
  step->job.backward_values = new_values (self, input);
}

static void
append_step (CnnExplainer *self, guint node)
{
  const CnnNode *call = cnn_model_get_node (self->model, node);
  Step step = {
    .node = node,
    .layer = call->layer,
    .inputs = new_buffer (self, call->n_inputs, sizeof (CnnTensor)),
    .input_gradients = new_buffer (self, call->n_inputs, sizeof (CnnTensor)),
  };

  if (self->out_of_memory)
    return;
  for (guint i = 0; i < call->n_inputs; i++) {
    const guint input = cnn_model_get_node_input (self->model, node, i);

    step.inputs[i] = get_values (self, self->plan, input);
    step.input_gradients[i] = self->gradients[input];
  }
  step.job.inputs = step.inputs;
  step.job.n_inputs = call->n_inputs;
  step.job.output = get_values (self, self->plan, node);
  step.job.gradient = self->gradients[node];
  step.job.input_gradients = step.input_gradients;
  step.job.scratch = self->scratch;
  if (needs_bare (self, node)) {
    step.bare = cnn_layer_copy_without_activation (call->layer);
    g_ptr_array_add (self->buffers, step.bare);
    step.before = is_squashed (self, node) ? self->logits.data
                                           : new_values (self, &call->shape);
    step.job.before_activation = step.before;
  }
  if (is_squashed (self, node)) {
    step.layer = self->bare_logits = step.bare;
    step.job.output = self->logits;
    self->logits_inputs = new_buffer (self, call->n_inputs, sizeof (CnnTensor));
  }
  make_backward (self, &step);
  g_array_append_val (self->steps, step);
}

/* Allocates one aligned scratch memory that all steps share. */
static void
share_backward_scratch (CnnExplainer *self)
{
  gsize size = 0;

  for (guint i = 0; i < self->steps->len; i++) {
    const CnnOperation *backward =
        g_array_index (self->steps, Step, i).backward;

    if (backward)
      size = MAX (size, backward->scratch_size);
  }
  self->backward_scratch = aligned_try_new (size);
  if (!self->backward_scratch) {
    self->out_of_memory = TRUE;
    return;
  }
  memset (self->backward_scratch, 0, size * sizeof *self->backward_scratch);
  for (guint i = 0; i < self->steps->len; i++) {
    g_array_index (self->steps, Step, i).job.backward_scratch =
        self->backward_scratch;
  }
}

static void
make_steps (CnnExplainer *self)
{
  const CnnHead *head = &self->head;
  gsize largest = 0;

  for (guint i = 0; i < head->nodes->len; i++) {
    const guint node = g_array_index (head->nodes, guint, i);

    largest = MAX (largest, cnn_shape_size (self->gradients[node].shape));
  }
  self->scratch = new_buffer (self, largest, sizeof (gfloat));
  self->logits.shape = cnn_model_get_node_shape (self->model, head->logits);
  self->logits.data = new_values (self, self->logits.shape);
  self->steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (self->steps, step_clear);
  for (guint i = 0; i < head->nodes->len && !self->out_of_memory; i++) {
    const guint node = g_array_index (head->nodes, guint, i);

    if (!is_view (self->model, node))
      append_step (self, node);
  }
  share_backward_scratch (self);
}

/* Each node of the head has its own step, because it is kept. */
static void
find_head_steps (CnnExplainer *self)
{
  const guint n_steps = cnn_plan_get_n_steps (self->plan);
  g_autofree guint8 *in_head = g_new0 (guint8, self->model->nodes->len);

  for (guint i = 0; i < self->head.nodes->len; i++)
    in_head[g_array_index (self->head.nodes, guint, i)] = TRUE;
  self->head_steps = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint step = 0; step < n_steps; step++) {
    guint first, last;

    cnn_plan_get_step (self->plan, step, &first, &last);
    if (in_head[last])
      g_array_append_val (self->head_steps, step);
  }
}

/* Also keeps the nodes that the caller wants. */
static CnnPlan *
make_plan (const CnnExplainer *self, GArray *keep,
    const CnnExplainerOptions *options, GError **error)
{
  g_array_append_vals (keep, options->keep, options->n_keep);
  g_array_append_val (keep, self->head.target);
  return cnn_plan_new_full (self->model, (const guint *) keep->data, keep->len,
      &self->options, error);
}

static gboolean
make_plans (CnnExplainer *self, const CnnExplainerOptions *options,
    GError **error)
{
  const CnnHead *head = &self->head;
  const CnnNode *logits = cnn_model_get_node (self->model, head->logits);
  g_autoptr (GArray) keep = g_array_new (FALSE, FALSE, sizeof (guint));

  g_array_append_vals (keep, head->nodes->data, head->nodes->len);
  g_array_append_vals (keep, head->sides->data, head->sides->len);
  self->plan = make_plan (self, keep, options, error);
  if (!self->plan)
    return FALSE;
  find_head_steps (self);
  if (self->method != CNN_CAM_SCORE_CAM)
    return TRUE;
  g_array_set_size (keep, 0);
  g_array_append_val (keep, head->logits);
  for (guint i = 0; i < logits->n_inputs; i++) {
    const guint input = cnn_model_get_node_input (self->model, head->logits, i);

    g_array_append_val (keep, input);
  }
  self->masked = make_plan (self, keep, options, error);
  return self->masked != NULL;
}

static void
make_results (CnnExplainer *self)
{
  const CnnShape *shape = cnn_model_get_node_shape (self->model,
      self->head.target);
  const gsize channels = (gsize) shape->dims[2];
  const gsize cells = (gsize) shape->dims[0] * (gsize) shape->dims[1];
  guint n_inputs;
  const CnnShape *input = cnn_model_get_node_shape (self->model,
      cnn_model_get_inputs (self->model, &n_inputs)[0]);

  self->cam = new_buffer (self, cells, sizeof (gfloat));
  self->map = new_buffer (self, cells, sizeof (gfloat));
  self->cell_contributions = new_buffer (self, cells, sizeof (gfloat));
  self->channel_contributions = new_buffer (self, channels, sizeof (gfloat));
  self->weights = new_buffer (self, channels, sizeof (gfloat));
  self->eigen = new_buffer (self, 2 * channels + cells, sizeof (gdouble));
  self->saved = new_buffer (self, cells, sizeof (gfloat));
  if (self->method == CNN_CAM_SCORE_CAM)
    self->enlarged = new_values (self, input);
  self->cam_input = (CnnCamInput) {
    .activations = get_values (self, self->plan, self->head.target).data,
    .gradient = self->gradients[self->head.target].data,
    .cells = cells,
    .channels = channels,
  };
  self->explanation = (CnnExplanation) {
    .method = cnn_cam_get_name (self->method),
    .layer = cnn_model_get_node_name (self->model, self->head.target),
    .source = cnn_model_get_node_name (self->model,
        cnn_layer_selection_find_source (self->model, self->head.target)),
    .height = shape->dims[0],
    .width = shape->dims[1],
    .channels = shape->dims[2],
    .activations = self->cam_input.activations,
    .gradient = self->cam_input.gradient,
    .cam = self->cam,
    .map = self->map,
    .cell_contributions = self->cell_contributions,
    .channel_contributions = self->channel_contributions,
  };
}

static gboolean
check_method (const CnnExplainer *self, GError **error)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (self->model, &n_inputs);

  if (self->method != CNN_CAM_SCORE_CAM
      || (n_inputs == 1
          && cnn_model_get_node_shape (self->model, inputs[0])->rank == 3))
    return TRUE;
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "score-cam masks a picture, but the model has other inputs: use another "
      "method");
  return FALSE;
}

static CnnPrediction
choose_prediction (const CnnModel *model, const CnnPrediction *wanted)
{
  CnnPrediction prediction;
  guint n_outputs;

  if (wanted)
    return *wanted;
  prediction = cnn_prediction_describe (model,
      cnn_model_get_outputs (model, &n_outputs)[0]);
  if (prediction.kind == CNN_PREDICTION_NUMBER)
    cnn_prediction_take_as_logit (&prediction);
  return prediction;
}

CnnExplainer *
cnn_explainer_new (CnnModel *model, const CnnExplainerOptions *options,
    GError **error)
{
  g_autoptr (CnnExplainer) self = g_new0 (CnnExplainer, 1);

  g_return_val_if_fail (options->target < model->nodes->len, NULL);
  self->model = cnn_model_ref (model);
  self->method = options->method;
  self->prediction = choose_prediction (model, options->prediction);
  self->options = options->plan
      ? *options->plan
      : (CnnPlanOptions) { .kernels = cnn_kernels_get () };
  /* Ablation-CAM changes the target's values, and only those. */
  if (self->method == CNN_CAM_ABLATION_CAM)
    self->options.changed_node = options->target;
  self->buffers = g_ptr_array_new_with_free_func (g_free);
  if (!check_method (self, error)
      || !cnn_head_init (&self->head, model, self->prediction.output,
          options->target, error)
      || !make_plans (self, options, error))
    return NULL;
  give_gradients (self);
  make_steps (self);
  make_results (self);
  if (self->out_of_memory) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "no memory to explain the model's output");
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
cnn_explainer_free (CnnExplainer *explainer)
{
  cnn_head_clear (&explainer->head);
  g_clear_pointer (&explainer->plan, cnn_plan_free);
  g_clear_pointer (&explainer->masked, cnn_plan_free);
  g_clear_pointer (&explainer->steps, g_array_unref);
  g_clear_pointer (&explainer->head_steps, g_array_unref);
  aligned_free (explainer->backward_scratch);
  g_ptr_array_unref (explainer->buffers);
  g_free (explainer->gradients);
  cnn_model_unref (explainer->model);
  g_free (explainer);
}

CnnPlan *
cnn_explainer_get_plan (CnnExplainer *explainer)
{
  return explainer->plan;
}

void
cnn_explainer_set_knock_outs (CnnExplainer *explainer,
    const CnnKnockOut *knock_outs, guint n_knock_outs)
{
  explainer->knock_outs = knock_outs;
  explainer->n_knock_outs = n_knock_outs;
  cnn_plan_set_knock_outs (explainer->plan, knock_outs, n_knock_outs);
  if (explainer->masked) {
    cnn_plan_set_knock_outs (explainer->masked, knock_outs, n_knock_outs);
  }
}

/**
 * Choice:
 * @first: index of the first value among the logits
 * @count: number of values, one after the other
 * @weight: of each value in their sum: 1 if it is for the class, -1 if it is
 *   against it
 *
 * The values that are explained.
 */
typedef struct {
  gsize first;
  gsize count;
  gfloat weight;
} Choice;

static Choice
choose_logits (const CnnExplainer *self, guint target_class)
{
  const gsize size = cnn_shape_size (self->logits.shape);

  if (self->prediction.kind == CNN_PREDICTION_MAPS)
    return (Choice) { 0, size, 1.0f / (gfloat) size };
  if (size > 1)
    return (Choice) { target_class, 1, 1.0f };
  if (self->prediction.kind == CNN_PREDICTION_NUMBER)
    return (Choice) { 0, 1, 1.0f };
  return (Choice) { 0, 1, target_class == 1 ? 1.0f : -1.0f };
}

static gfloat
sum_choice (const Choice *choice, const gfloat *logits)
{
  gdouble sum = 0.0;

  for (gsize i = 0; i < choice->count; i++)
    sum += (gdouble) logits[choice->first + i];
  return (gfloat) (sum * (gdouble) choice->weight);
}

/* Reads the logit of the last run of a plan. */
static gfloat
read_logit (CnnExplainer *self, CnnPlan *plan, const Choice *choice)
{
  const guint node = self->head.logits;
  const guint n_inputs = cnn_model_get_node (self->model, node)->n_inputs;

  if (!self->bare_logits)
    return sum_choice (choice, cnn_plan_get_activation (plan, node));
  for (guint i = 0; i < n_inputs; i++) {
    self->logits_inputs[i] = get_values (self, plan,
        cnn_model_get_node_input (self->model, node, i));
  }
  self->bare_logits->class->run (self->bare_logits, self->logits_inputs,
      n_inputs, &self->logits);
  return sum_choice (choice, self->logits.data);
}

static void
clear_gradient (const CnnExplainer *self, guint node)
{
  const CnnTensor *gradient = &self->gradients[node];

  memset (gradient->data, 0,
      cnn_shape_size (gradient->shape) * sizeof *gradient->data);
}

static void
begin_gradients (const CnnExplainer *self, const Choice *choice)
{
  const CnnHead *head = &self->head;

  clear_gradient (self, head->target);
  for (guint i = 0; i < head->sides->len; i++)
    clear_gradient (self, g_array_index (head->sides, guint, i));
  for (guint i = 0; i < head->nodes->len; i++)
    clear_gradient (self, g_array_index (head->nodes, guint, i));
  for (gsize i = 0; i < choice->count; i++)
    self->gradients[head->logits].data[choice->first + i] = choice->weight;
}

/* Returns the part of the logit that comes from nodes other than the target. */
static gdouble
sum_sides (const CnnExplainer *self)
{
  gdouble sum = 0.0;

  for (guint i = 0; i < self->head.sides->len; i++) {
    const guint node = g_array_index (self->head.sides, guint, i);
    const gfloat *values = cnn_plan_get_activation (self->plan, node);
    const CnnTensor *gradient = &self->gradients[node];
    const gsize size = cnn_shape_size (gradient->shape);

    for (gsize k = 0; k < size; k++)
      sum += (gdouble) values[k] * gradient->data[k];
  }
  return sum;
}

/* Nothing depends on the values that a node computes for a channel that is
 * knocked out. The logits are taken before the sigmoid or softmax, so that
 * knocking out its outputs does not affect them. */
static void
block_knock_outs (const CnnExplainer *self, guint node)
{
  if (is_squashed (self, node))
    return;
  for (guint i = 0; i < self->n_knock_outs; i++) {
    if (self->knock_outs[i].node == node) {
      cnn_tensor_clear_channel (&self->gradients[node],
          self->knock_outs[i].channel);
    }
  }
}

/* Computes the gradients, the logit, and the part of the logit that does not
 * come from the target. */
static void
go_back (CnnExplainer *self, const Choice *choice)
{
  gdouble bias = 0.0;

  begin_gradients (self, choice);
  for (guint i = self->steps->len; i > 0; i--) {
    const Step *step = &g_array_index (self->steps, Step, i - 1);
    CnnBackpropagation job = step->job;

    block_knock_outs (self, step->node);
    if (step->bare) {
      const CnnTensor before = { job.output.shape, step->before };

      step->bare->class->run (step->bare, job.inputs, job.n_inputs, &before);
    }
    step->layer->class->backpropagate (step->layer, &job);
    bias += job.constant;
  }
  self->explanation.bias = (gfloat) (bias + sum_sides (self));
  self->explanation.logit = sum_choice (choice,
      g_array_index (self->steps, Step, self->steps->len - 1).job.output.data);
}

static void
sum_channel_contributions (CnnExplainer *self)
{
  const CnnCamInput *input = &self->cam_input;
  gfloat *sums = self->channel_contributions;

  memset (sums, 0, input->channels * sizeof *sums);
  for (gsize cell = 0; cell < input->cells; cell++) {
    const gfloat *a = input->activations + cell * input->channels;
    const gfloat *g = input->gradient + cell * input->channels;

    for (gsize c = 0; c < input->channels; c++)
      sums[c] += a[c] * g[c];
  }
}

static void
run_head (CnnExplainer *self)
{
  for (guint i = 0; i < self->head_steps->len; i++) {
    cnn_plan_run_step (self->plan, g_array_index (self->head_steps, guint, i));
  }
}

/* Returns the relative loss of the logit without a channel. */
static gfloat
ablate (CnnExplainer *self, gsize channel, const Choice *choice)
{
  const CnnCamInput *input = &self->cam_input;
  gfloat *values = get_values (self, self->plan, self->head.target).data
      + channel;
  const gfloat logit = self->explanation.logit;
  gboolean silent = TRUE;
  gfloat without;

  for (gsize i = 0; i < input->cells; i++) {
    self->saved[i] = values[i * input->channels];
    values[i * input->channels] = 0.0f;
    silent = silent && self->saved[i] == 0.0f;
  }
  if (silent || logit == 0.0f)
    without = logit;
  else {
    run_head (self);
    without = read_logit (self, self->plan, choice);
  }
  for (gsize i = 0; i < input->cells; i++)
    values[i * input->channels] = self->saved[i];
  return logit == 0.0f ? 0.0f : (logit - without) / logit;
}

static void
compute_ablation_cam (CnnExplainer *self, const Choice *choice)
{
  for (gsize c = 0; c < self->cam_input.channels; c++)
    self->weights[c] = ablate (self, c, choice);
  run_head (self); /* again with all channels */
  cnn_cam_sum_weighted (&self->cam_input, self->weights, self->cam);
}

/* Enlarges one channel to the size of the input and normalises it to 0..1. */
static void
enlarge_channel (CnnExplainer *self, gsize channel, const CnnShape *input)
{
  const CnnExplanation *explanation = &self->explanation;
  const CnnShape small = { 3, { explanation->height, explanation->width, 1 } };
  const CnnShape large = { 3, { input->dims[0], input->dims[1], 1 } };
  const CnnTensor mask = { &small, self->saved };
  const CnnTensor enlarged = { &large, self->enlarged };
  const gsize size = cnn_shape_size (&large);
  gfloat least = INFINITY, most = -INFINITY;

  for (gsize i = 0; i < self->cam_input.cells; i++) {
    self->saved[i] =
        self->cam_input.activations[i * self->cam_input.channels + channel];
  }
  cnn_resize_bilinear (CNN_GRID_HALF_PIXEL, &mask, &enlarged);
  for (gsize i = 0; i < size; i++) {
    least = MIN (least, self->enlarged[i]);
    most = MAX (most, self->enlarged[i]);
  }
  for (gsize i = 0; i < size; i++)
    self->enlarged[i] = (self->enlarged[i] - least) / (most - least + 1e-8f);
}

static gfloat
score_masked (CnnExplainer *self, gsize channel, const Choice *choice)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (self->model, &n_inputs);
  const CnnShape *shape = cnn_model_get_node_shape (self->model, inputs[0]);
  const CnnShape mask_shape = { 3, { shape->dims[0], shape->dims[1], 1 } };
  const CnnTensor mask = { &mask_shape, self->enlarged };
  const CnnTensor masked = { shape, cnn_plan_get_input (self->masked, 0) };

  enlarge_channel (self, channel, shape);
  memcpy (masked.data, cnn_plan_get_input (self->plan, 0),
      cnn_shape_size (shape) * sizeof (gfloat));
  cnn_combine (CNN_COMBINATION_MULTIPLY, &mask, &masked);
  cnn_plan_run (self->masked);
  return read_logit (self, self->masked, choice);
}

static void
compute_score_cam (CnnExplainer *self, const Choice *choice)
{
  for (gsize c = 0; c < self->cam_input.channels; c++)
    self->weights[c] = score_masked (self, c, choice);
  cnn_activation_apply (CNN_ACTIVATION_SOFTMAX, self->weights, 1,
      self->cam_input.channels);
  cnn_cam_sum_weighted (&self->cam_input, self->weights, self->cam);
}

const CnnExplanation *
cnn_explainer_run (CnnExplainer *self, guint target_class)
{
  const Choice choice = choose_logits (self, target_class);

  g_return_val_if_fail (target_class < MAX (self->prediction.n_classes, 1),
      NULL);
  self->explanation.target_class = target_class;
  go_back (self, &choice);
  sum_channel_contributions (self);
  cnn_cam_compute (CNN_CAM_HIRES_CAM, &self->cam_input, self->eigen,
      self->cell_contributions);
  if (self->method == CNN_CAM_ABLATION_CAM)
    compute_ablation_cam (self, &choice);
  else if (self->method == CNN_CAM_SCORE_CAM)
    compute_score_cam (self, &choice);
  else
    cnn_cam_compute (self->method, &self->cam_input, self->eigen, self->cam);
  cnn_cam_normalize (self->cam, self->cam_input.cells, self->map);
  return &self->explanation;
}
