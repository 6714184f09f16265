/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/preprocess.h"
#include "classifier/result.h"
#include "cnn/model/model.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * Classifier:
 *
 * A network that classifies pictures, with its preprocessing and the labels of
 * its classes. Immutable once loaded.
 */
typedef struct _Classifier Classifier;

/**
 * classifier_load:
 * @model: a model.json, or the folder that holds it
 * @labels: (nullable): a file with one label per line; empty for numbered
 *   classes; %NULL for the file that preprocess.json names, or the labels of an
 *   export of Teachable Machine, or labels.txt beside the model, or numbered
 *   classes if there is none of them
 * @size: (nullable): see cnn_model_load_sized(); %NULL for the size in
 *   preprocess.json, if it has one
 * @limits: (nullable): see cnn_model_load()
 *
 * Loads a model, which must have one input of height x width x 1, 3 or 4
 * channels, or of height x width, and the preprocess.json beside it. If that
 * says nothing about the range of the input, a model that scales its input
 * itself gets values of 0 to 255.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file
 */
Classifier *classifier_load (const gchar *model, const gchar *labels,
    const CnnInputSize *size, const CnnLimits *limits, GError **error);

void classifier_free (Classifier *classifier);

CnnModel *classifier_get_model (const Classifier *classifier);

const ClassifierPreprocess *classifier_get_preprocess (
    const Classifier *classifier);

/**
 * classifier_get_labels:
 * @n_classes: (out) (optional): see cnn_prediction_count_classes()
 *
 * Returns: (array length=n_classes) (transfer none): the labels of the classes
 */
const gchar *const *classifier_get_labels (const Classifier *classifier,
    guint *n_classes);

/**
 * classifier_find_class:
 * @name: a label, or the number of a class, from 0
 * @index: (out): the class
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT when there is no such class
 */
gboolean classifier_find_class (const Classifier *classifier, const gchar *name,
    guint *index, GError **error);

/**
 * classifier_get_range_hint:
 *
 * Returns: (nullable) (transfer none): see input_range_get_hint(), if the
 *   model's folder does not say which range its input has
 */
const gchar *classifier_get_range_hint (const Classifier *classifier);

/**
 * classifier_get_view:
 * @crop: the part of @frame that the resizer gets
 * @region: the part of @frame that the result is about, at least 1x1
 * @view: (out): what of it the model sees
 */
void classifier_get_view (const Classifier *classifier, const ImageFrame *frame,
    const Rect *crop, const Rect *region, ClassifierView *view);

/**
 * classifier_new_resizer:
 *
 * Returns: (transfer full): a resizer that fills the model's input from a
 *   picture
 */
ImageResizer *classifier_new_resizer (const Classifier *classifier);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Classifier, classifier_free)

G_END_DECLS
