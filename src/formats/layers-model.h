/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/shape.h"
#include "formats/preprocess-hints.h"

G_BEGIN_DECLS

/**
 * LayersModelWeight:
 * @name: as in a tfjs manifest, such as "conv2d/kernel"
 * @values: finite, row-major
 */
typedef struct {
  gchar *name;
  CnnShape shape;
  gfloat *values;
} LayersModelWeight;

/**
 * LayersModel:
 * @keras_version: version of Keras that saved the model, on which the meaning
 *   of some layers depends
 * @source: what the model was saved by, for people
 * @backend: such as "tensorflow"
 * @hints: what the file says of its input
 * @config: class_name and config of the model
 * @weights: (element-type LayersModelWeight): those of the model, without the
 *   optimizer's
 *
 * A tfjs layers-model in memory, the result of reading any of the formats.
 */
typedef struct {
  gchar *keras_version;
  gchar *backend;
  gchar *source;
  PreprocessHints hints;
  cJSON *config;
  GPtrArray *weights;
  GHashTable *weights_by_name; /* borrows from weights */
} LayersModel;

LayersModel *layers_model_new (void);

void layers_model_free (LayersModel *model);

/**
 * layers_model_set_config:
 * @json: an object with class_name and config
 * @what: name of the text for error messages
 *
 * Sets the version too, if it is not known yet.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean layers_model_set_config (LayersModel *model, GBytes *json,
    const gchar *what, GError **error);

/**
 * layers_model_take_weight:
 * @name: must not be in the model yet
 * @values: (transfer full): cnn_shape_size() finite values
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean layers_model_take_weight (LayersModel *model, const gchar *name,
    const CnnShape *shape, gfloat *values, GError **error);

gboolean layers_model_has_weight (const LayersModel *model, const gchar *name);

/**
 * layers_model_get_weight:
 *
 * Returns: (transfer none) (nullable)
 */
const LayersModelWeight *layers_model_get_weight (const LayersModel *model,
    const gchar *name);

/**
 * layers_model_rename_weight:
 *
 * Returns: FALSE if there is no such weight, or another one with the new name
 */
gboolean layers_model_rename_weight (LayersModel *model, const gchar *name,
    const gchar *other);

/**
 * layers_model_remove_weight:
 * @name: is in the model
 */
void layers_model_remove_weight (LayersModel *model, const gchar *name);

/**
 * layers_model_get_layers:
 * @entry: class_name and config of a model or layer
 *
 * Returns: (transfer none) (nullable): the list of layers if it is a model
 */
const cJSON *layers_model_get_layers (const cJSON *entry);

/**
 * layers_model_get_layer_name:
 *
 * Returns: (transfer none) (nullable): the name of an entry of such a list
 */
const gchar *layers_model_get_layer_name (const cJSON *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LayersModel, layers_model_free)

G_END_DECLS
