/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/layers/layer.h"

#include "base/aligned.h"
#include "base/json.h"
#include "base/model-error.h"
#include "cnn/kernels/vector.h"

const CnnLayerClass *
cnn_layer_find_class (const gchar *class_name)
{
  guint n_classes;
  const CnnLayerClass *const *classes = cnn_layer_get_classes (&n_classes);

  for (guint i = 0; i < n_classes; i++) {
    if (g_str_equal (classes[i]->name, class_name))
      return classes[i];
  }
  return NULL;
}

static void
refuse_class (const gchar *class_name, GError **error)
{
  if (g_str_equal (class_name, "Lambda")) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is a Lambda: Python code, which is not run; put layers of Keras in "
        "its place, such as Rescaling, and save the model again");
    return;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "is of class %s, which is not supported; put layers in its place that "
      "are (docs/models.md lists them), and save the model again",
      class_name);
}

CnnLayer *
cnn_layer_new (const gchar *class_name, const gchar *name, const cJSON *config,
    CnnDialect dialect, GError **error)
{
  const CnnLayerClass *class = cnn_layer_find_class (class_name);
  CnnLayer *layer;

  if (!class)
    refuse_class (class_name, error);
  if (class && config && !cJSON_IsObject (config)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'config' is no object");
    class = NULL;
  }
  if (!class) {
    g_prefix_error (error, "layer '%s': ", name);
    return NULL;
  }
  layer = g_malloc0 (class->instance_size);
  layer->class = class;
  layer->name = g_strdup (name);
  layer->dialect = dialect;
  if (class->configure && !class->configure (layer, config, error)) {
    g_prefix_error (error, "layer '%s' (%s): ", name, class->name);
    cnn_layer_free (layer);
    return NULL;
  }
  return layer;
}

void
cnn_layer_free (CnnLayer *layer)
{
  if (layer->class->clear)
    layer->class->clear (layer);
  for (guint i = 0; i < layer->n_variables; i++)
    aligned_free (*layer->variables[i].values);
  g_free (layer->name);
  g_free (layer);
}

gboolean
cnn_layer_configure_activation (CnnLayer *layer, const cJSON *config,
    GError **error)
{
  const cJSON *item = json_get (config, "activation");
  const gchar *key = "activation", *name;

  if (!item)
    return TRUE;
  /* Keras may write {"class_name": "function", "config": "relu"}. */
  if (cJSON_IsObject (item)) {
    if (cJSON_IsObject (json_get (item, "config")))
      return TRUE;
    config = item;
    key = "config";
  }
  name = json_get_string (config, key, error);
  if (!name || !cnn_activation_from_name (name, &layer->activation, error)) {
    g_prefix_error (error, "'activation': ");
    return FALSE;
  }
  if (layer->activation == CNN_ACTIVATION_HARD_SIGMOID
      && layer->dialect != CNN_DIALECT_KERAS_3)
    layer->activation = CNN_ACTIVATION_HARD_SIGMOID_KERAS_2;
  return TRUE;
}

gboolean
cnn_layer_keep_shape (const CnnLayer *layer, const CnnShape *inputs,
    guint n_inputs, CnnShape *output, GError **error)
{
  *output = inputs[0];
  return TRUE;
}

gint
cnn_layer_find_dimension (gint axis, const CnnShape *shape)
{
  gint rank = (gint) shape->rank;
  gint dimension = axis < 0 ? rank + axis : axis - 1;

  return dimension < rank ? MAX (dimension, -1) : -1;
}

CnnAxisView
cnn_layer_get_axis_view (gint axis, const CnnShape *shape)
{
  return cnn_axis_view (shape, (guint) cnn_layer_find_dimension (axis, shape));
}

gboolean
cnn_layer_check_axis (gint axis, const CnnShape *shape, GError **error)
{
  g_autofree gchar *string = NULL;

  if (cnn_layer_find_dimension (axis, shape) >= 0)
    return TRUE;
  string = cnn_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'axis' is %d, but its input is %s, counted from 1", axis, string);
  return FALSE;
}

gboolean
cnn_layer_configure_axis (gint *axis, const cJSON *config, GError **error)
{
  const cJSON *item = json_get (config, "axis");

  if (!item)
    return TRUE;
  if (cJSON_IsArray (item) && item->child && !item->child->next)
    item = item->child;
  return json_to_integer (item, "axis", -CNN_MAX_RANK, CNN_MAX_RANK, axis,
      error);
}

gboolean
cnn_layer_get_pair (const cJSON *config, const gchar *key, gint min,
    gint pair[2], GError **error)
{
  const cJSON *item = json_get (config, key);

  if (!item)
    return TRUE;
  if (cJSON_IsArray (item) && cJSON_GetArraySize (item) == 2) {
    return json_to_integer (item->child, key, min, CNN_MAX_DIMENSION, &pair[0],
               error)
        && json_to_integer (item->child->next, key, min, CNN_MAX_DIMENSION,
            &pair[1], error);
  }
  if (!json_to_integer (item, key, min, CNN_MAX_DIMENSION, &pair[0], error))
    return FALSE;
  pair[1] = pair[0];
  return TRUE;
}

gboolean
cnn_layer_check_data_format (const cJSON *config, GError **error)
{
  static const gchar *const formats[] = { "channels_last", NULL };
  guint format;

  return json_get_choice (config, "data_format", formats, &format, error);
}

gboolean
cnn_layer_configure_window (CnnWindow *window, const cJSON *config,
    const gchar *size_key, GError **error)
{
  static const gchar *const paddings[] = { "valid", "same", NULL };
  guint padding = 0;

  if (!cnn_layer_check_data_format (config, error)
      || !json_get_choice (config, "padding", paddings, &padding, error))
    return FALSE;
  window->same = padding == 1;
  window->dilation[0] = window->dilation[1] = 1;
  return cnn_layer_get_pair (config, size_key, 1, window->size, error)
      && cnn_layer_get_pair (config, "strides", 1, window->stride, error)
      && cnn_layer_get_pair (config, "dilation_rate", 1, window->dilation,
          error);
}

gboolean
cnn_layer_configure_kernel_window (CnnWindow *window, const cJSON *config,
    GError **error)
{
  window->stride[0] = window->stride[1] = 1;
  if (!json_get (config, "kernel_size")) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "'kernel_size' is missing");
    return FALSE;
  }
  return cnn_layer_configure_window (window, config, "kernel_size", error);
}

gboolean
cnn_layer_set_dimension (CnnShape *shape, guint dimension, gint64 size,
    GError **error)
{
  if (size >= 1 && size <= CNN_MAX_DIMENSION) {
    shape->dims[dimension] = (gint) size;
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR,
      size < 1 ? MODEL_ERROR_INVALID : MODEL_ERROR_LIMIT,
      "its output would have a size of %" G_GINT64_FORMAT, size);
  return FALSE;
}

CnnLayer *
cnn_layer_copy_without_activation (const CnnLayer *layer)
{
  CnnLayer *copy = g_memdup2 (layer, layer->class->instance_size);

  copy->activation = CNN_ACTIVATION_LINEAR;
  return copy;
}

void
cnn_layer_apply_activation (const CnnLayer *layer, const CnnTensor *output)
{
  const gsize channels = cnn_shape_get_channels (output->shape);

  cnn_activation_apply (layer->activation, output->data,
      cnn_shape_size (output->shape) / channels, channels);
}

void
cnn_layer_backpropagate_activation (const CnnLayer *layer,
    CnnBackpropagation *job)
{
  const CnnShape *shape = job->output.shape;
  const gsize channels = cnn_shape_get_channels (shape);

  job->constant += cnn_activation_backpropagate (layer->activation,
      job->before_activation, job->output.data, job->gradient.data,
      cnn_shape_size (shape) / channels, channels);
}

gboolean
cnn_layer_run_backward (CnnBackpropagation *job)
{
  const CnnTensor values = { job->inputs[0].shape, job->backward_values };

  if (!job->backward)
    return FALSE;
  job->backward->run (job->backward, &job->gradient, &values,
      job->backward_scratch);
  cnn_add (job->input_gradients[0].data, values.data,
      cnn_shape_size (values.shape));
  return TRUE;
}

void
cnn_layer_backpropagate_bias (CnnBackpropagation *job, const gfloat *bias)
{
  const CnnShape *shape = job->gradient.shape;
  const gsize channels = cnn_shape_get_channels (shape);

  if (bias) {
    job->constant += cnn_sum_scaled (job->gradient.data,
        cnn_shape_size (shape) / channels, channels, bias);
  }
}
