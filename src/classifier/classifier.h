/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "classifier/description.h"
#include "classifier/preprocess.h"
#include "classifier/result.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/**
 * Classifier:
 *
 * A network that predicts something about pictures, with its preprocessing and
 * the meaning of its output. Immutable once loaded.
 */
typedef struct _Classifier Classifier;

/**
 * ClassifierSource:
 * @model: a model.json, or the folder that holds it
 * @labels: (nullable): a file with one label per line; empty for numbered
 *   classes; %NULL for the file that preprocess.json names, or the labels of an
 *   export of Teachable Machine, or labels.txt beside the model, or numbered
 *   classes if there is none of them
 * @output: (nullable): the output that is the prediction, see
 *   cnn_model_find_output(); %NULL or empty for the one that preprocess.json
 *   names, or the first. What the files beside the model say about the output
 *   they mean does not apply to another one
 * @size: (nullable): see cnn_model_load_sized(); %NULL for the size in
 *   preprocess.json, if it has one
 * @limits: (nullable): see cnn_model_load()
 *
 * What to load.
 */
typedef struct {
  const gchar *model;
  const gchar *labels;
  const gchar *output;
  const CnnInputSize *size;
  const CnnLimits *limits;
} ClassifierSource;

/**
 * classifier_load:
 *
 * Loads a model, which must have one input of height x width x 1, 3 or 4
 * channels, or of height x width, and the preprocess.json beside it. If that
 * says nothing about the range of the input, a model that scales its input
 * itself gets values of 0 to 255. A single value without a sigmoid is a number,
 * unless there are two labels: then it is the logit of the second.
 *
 * Returns: (transfer full): or %NULL with a %MODEL_ERROR that names the file
 */
Classifier *classifier_load (const ClassifierSource *source, GError **error);

void classifier_free (Classifier *classifier);

CnnModel *classifier_get_model (const Classifier *classifier);

const ClassifierPreprocess *classifier_get_preprocess (
    const Classifier *classifier);

/**
 * classifier_get_prediction:
 *
 * Returns: (transfer none): the output that is the prediction, and its kind
 */
const CnnPrediction *classifier_get_prediction (const Classifier *classifier);

/**
 * classifier_get_output:
 *
 * Returns: the index of that output, see cnn_model_get_outputs()
 */
guint classifier_get_output (const Classifier *classifier);

/**
 * classifier_get_attribute:
 *
 * Returns: (transfer none): what the output predicts: as preprocess.json says;
 *   the output's own name, if there are several; else "value" for a number and
 *   "class" for everything else
 */
const gchar *classifier_get_attribute (const Classifier *classifier);

/**
 * classifier_describe:
 * @attribute: what to call the attribute
 *
 * Returns: (transfer full): a description for results; drop with
 *   classifier_description_unref()
 */
ClassifierDescription *classifier_describe (const Classifier *classifier,
    const gchar *attribute);

/**
 * classifier_get_labels:
 * @n_classes: (out) (optional): see #CnnPrediction
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
