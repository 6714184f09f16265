/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "formats/layers-model.h"

G_BEGIN_DECLS

/**
 * LayersModelBuilder:
 *
 * A model that is built layer by layer. Layers on which no output depends are
 * left out at the end.
 */
typedef struct _LayersModelBuilder LayersModelBuilder;

LayersModelBuilder *layers_model_builder_new (void);

void layers_model_builder_free (LayersModelBuilder *builder);

/**
 * layers_model_builder_add:
 * @class_name: class in Keras
 * @name: the wanted name; if another layer has it, a number is added
 * @config: (transfer full): configuration in Keras, without the name
 * @inputs: (array length=n_inputs): layers that it reads
 * @shape: shape of its output
 *
 * Returns: the layer's number
 */
guint layers_model_builder_add (LayersModelBuilder *builder,
    const gchar *class_name, const gchar *name, cJSON *config,
    const guint *inputs, guint n_inputs, const CnnShape *shape);

/**
 * layers_model_builder_take_weight:
 * @variable: such as "kernel"
 * @values: (transfer full): cnn_shape_size() values
 *
 * Adds a weight to the layer that was added last.
 */
void layers_model_builder_take_weight (LayersModelBuilder *builder,
    const gchar *variable, const CnnShape *shape, gfloat *values);

/* Has the layer that was added last called with training=True. */
void layers_model_builder_set_training (LayersModelBuilder *builder);

/* The number of all values of weights, those of unused layers included. */
guint64 layers_model_builder_count_values (const LayersModelBuilder *builder);

const CnnShape *
layers_model_builder_get_shape (const LayersModelBuilder *builder, guint layer);

/* Notes which tensor of another format a layer's output is, the first time. */
void layers_model_builder_set_origin (LayersModelBuilder *builder, guint layer,
    const gchar *tensor);

/* Whether the layer has the class, and the key that value if @key is given. */
gboolean layers_model_builder_is (const LayersModelBuilder *builder,
    guint layer, const gchar *class_name, const gchar *key, const gchar *value);

/**
 * layers_model_builder_copy:
 *
 * Adds a layer that is like another, with copies of its weights.
 *
 * Returns: the new layer, whose configuration may be changed
 */
guint layers_model_builder_copy (LayersModelBuilder *builder, guint layer);

cJSON *layers_model_builder_get_config (LayersModelBuilder *builder,
    guint layer);

/**
 * layers_model_builder_finish:
 * @name: the model's name
 * @outputs: (array length=n_outputs): layers whose outputs are the model's
 *
 * Returns: (transfer full): the model; %NULL with a %MODEL_ERROR if a weight is
 *   not finite, or if there are too many
 */
LayersModel *layers_model_builder_finish (LayersModelBuilder *builder,
    const gchar *name, const guint *outputs, guint n_outputs, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayersModelBuilder, layers_model_builder_free)

G_END_DECLS
