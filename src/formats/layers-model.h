/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/shape.h"
#include "formats/hdf5-reader.h"

G_BEGIN_DECLS

/**
 * KerasWeight:
 * @name: as in a tfjs manifest, such as "conv2d/kernel"
 */
typedef struct {
  gchar *name;
  CnnShape shape;
  gfloat *values;
} KerasWeight;

/**
 * KerasModel:
 * @keras_version: that wrote the file
 * @config: class_name and config of the model
 * @weights: (element-type KerasWeight): all of the model's, none of the
 *   optimizer's
 */
typedef struct {
  gchar *keras_version;
  gchar *backend;
  cJSON *config;
  GPtrArray *weights;
  GHashTable *weights_by_name; /* borrows from weights */
} KerasModel;

/**
 * keras_model_read:
 * @file: an .h5 or .keras file
 * @max_bytes: of all weights as float32
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR
 */
KerasModel *keras_model_read (GBytes *file, gsize max_bytes, GError **error);

void keras_model_free (KerasModel *model);

/* For the readers of the two formats. */

KerasModel *keras_model_new (void);

/**
 * keras_model_set_config:
 * @json: with class_name and config
 * @what: names the text in the error message
 */
gboolean keras_model_set_config (KerasModel *model, GBytes *json,
    const gchar *what, GError **error);

/**
 * keras_model_load_weight:
 * @path: of the dataset
 * @name: to give it; must not be in the model yet
 */
gboolean keras_model_load_weight (KerasModel *model, Hdf5Reader *reader,
    const gchar *path, const gchar *name, GError **error);

gboolean keras_model_has_weight (const KerasModel *model, const gchar *name);

/**
 * keras_model_get_layers:
 * @entry: class_name and config of a model or layer
 *
 * Returns: (transfer none) (nullable): the list of layers when it is a model
 */
const cJSON *keras_model_get_layers (const cJSON *entry);

/**
 * keras_model_get_layer_name:
 *
 * Returns: (transfer none) (nullable): the name of an entry of such a list
 */
const gchar *keras_model_get_layer_name (const cJSON *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KerasModel, keras_model_free)

G_END_DECLS
