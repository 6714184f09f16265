/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/classifier.h"

#include "classifier/input-range.h"
#include "classifier/labels.h"
#include "cnn/model/filters.h"

/* Bytes that a short label takes, with its share of the heap. */
#define LABEL_MEMORY 64

#define DEFAULT_THRESHOLD 0.5f

/* For models that do not say what they predict. */
#define CLASS_ATTRIBUTE "class"
#define NUMBER_ATTRIBUTE "value"

/**
 * Classifier:
 * @output: index of the output that is the prediction
 * @is_own_output: whether it is the one that the files beside the model mean
 * @labels: (array length=prediction.n_classes)
 * @thresholds: (array length=prediction.n_classes) (nullable): if there may be
 *   several labels
 */
struct _Classifier {
  CnnModel *model;
  ClassifierPreprocess preprocess;
  ImageTensorSpec spec;
  guint output;
  gboolean is_own_output;
  CnnPrediction prediction;
  GStrv labels;
  gfloat *thresholds;
};

/* An input without channels is one of gray pixels. */
static gint
get_n_channels (const CnnShape *shape)
{
  switch (shape->rank) {
    case 2:
      return 1;
    case 3:
      return shape->dims[2];
    default:
      return 0;
  }
}

static gboolean
read_shape (Classifier *self, GError **error)
{
  static const ImageChannels by_number[] = { [1] = IMAGE_CHANNELS_GRAY,
    [3] = IMAGE_CHANNELS_RGB,
    [4] = IMAGE_CHANNELS_RGBA };
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (self->model, &n_inputs);
  const CnnShape *shape = cnn_model_get_node_shape (self->model, inputs[0]);
  const gint n_channels = get_n_channels (shape);
  g_autofree gchar *text = NULL;

  if (n_inputs != 1) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "is not an image network: it has %u inputs, and a picture is only one",
        n_inputs);
    return FALSE;
  }
  if (n_channels == 1 || n_channels == 3 || n_channels == 4) {
    self->spec.height = shape->dims[0];
    self->spec.width = shape->dims[1];
    self->spec.channels = by_number[n_channels];
    return TRUE;
  }
  text = cnn_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "is not an image network: its input is %s, and that of a picture is "
      "height x width x 1, 3 or 4 channels",
      text);
  return FALSE;
}

/* A network that scales its input itself gets pixels as they are, unless its
 * folder says otherwise. */
static void
choose_range (Classifier *self)
{
  if (self->preprocess.has_range || !input_range_is_pixels (self->model))
    return;
  self->preprocess.scale = 1.0;
  self->preprocess.offset = 0.0;
}

/* Numbers for each channel must be as many as the model takes. */
static gboolean
apply_range (Classifier *self, const gchar *folder, guint n_channels,
    GError **error)
{
  const ClassifierPreprocess *preprocess = &self->preprocess;
  ImageTensorSpec *spec = &self->spec;
  const guint n_scales = preprocess->n_scales;
  const guint n_offsets = preprocess->n_offsets;

  spec->scale = (gfloat) preprocess->scale;
  spec->offset = (gfloat) preprocess->offset;
  if (n_scales == 0 && n_offsets == 0)
    return TRUE;
  if ((n_scales > 0 && n_scales != n_channels)
      || (n_offsets > 0 && n_offsets != n_channels)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "%s" G_DIR_SEPARATOR_S CLASSIFIER_PREPROCESS_FILE
        ": 'scale' or 'offset' has %u numbers, but the model takes %u channels",
        folder, n_scales > 0 && n_scales != n_channels ? n_scales : n_offsets,
        n_channels);
    return FALSE;
  }
  spec->normalizes = TRUE;
  for (guint i = 0; i < n_channels; i++) {
    spec->factor[i] = n_scales > 0 ? (gfloat) preprocess->scales[i]
                                   : spec->scale;
    spec->shift[i] = n_offsets > 0 ? (gfloat) preprocess->offsets[i]
                                   : spec->offset;
  }
  spec->scale = 1.0f;
  spec->offset = 0.0f;
  return TRUE;
}

/* Checks the preprocessing against the model's input, and applies it. */
static gboolean
apply_preprocess (Classifier *self, const gchar *folder, GError **error)
{
  const ClassifierPreprocess *preprocess = &self->preprocess;
  const gint n_channels = image_channels_count (self->spec.channels);

  if (preprocess->has_channels) {
    if (image_channels_count (preprocess->channels) != n_channels) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "%s" G_DIR_SEPARATOR_S CLASSIFIER_PREPROCESS_FILE
          ": 'channels' is '%s', but the model takes %d",
          folder, classifier_channels_names[preprocess->channels], n_channels);
      return FALSE;
    }
    self->spec.channels = preprocess->channels;
  }
  self->spec.convention = preprocess->resize;
  self->spec.fit = preprocess->fit;
  return apply_range (self, folder, image_channels_count (self->spec.channels),
      error);
}

static gboolean
fail_in_preprocess (const gchar *folder, GError **error)
{
  g_prefix_error (error, "%s" G_DIR_SEPARATOR_S CLASSIFIER_PREPROCESS_FILE ": ",
      folder);
  return FALSE;
}

static gboolean
choose_output (Classifier *self, const gchar *folder, const gchar *wanted,
    GError **error)
{
  guint n_outputs, own;

  if (!cnn_model_find_output (self->model, self->preprocess.output, &own,
          error))
    return fail_in_preprocess (folder, error);
  self->output = own;
  if (wanted && *wanted
      && !cnn_model_find_output (self->model, wanted, &self->output, error))
    return FALSE;
  self->is_own_output = self->output == own;
  self->prediction = cnn_prediction_describe (self->model,
      cnn_model_get_outputs (self->model, &n_outputs)[self->output]);
  return TRUE;
}

/* A network may have millions of values, each of which would be a class. */
static gboolean
check_n_classes (const Classifier *self, const CnnLimits *limits,
    GError **error)
{
  const CnnLimits default_limits = CNN_LIMITS_DEFAULT;
  const gsize most = (limits ? limits : &default_limits)->memory_bytes
      / LABEL_MEMORY;

  if (self->prediction.n_classes <= most)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "its output has %u values, but the memory limit allows %" G_GSIZE_FORMAT
      " classes",
      self->prediction.n_classes, most);
  return FALSE;
}

static GStrv
number_classes (guint n_classes)
{
  GStrv labels = g_new0 (gchar *, n_classes + 1);

  for (guint i = 0; i < n_classes; i++)
    labels[i] = g_strdup_printf ("class %u", i);
  return labels;
}

/* Returns: (transfer full) (nullable): the file with the labels, if there is
 * one */
static gchar *
find_labels (const Classifier *self, const gchar *folder, const gchar *labels)
{
  g_autofree gchar *beside = g_build_filename (folder, "labels.txt", NULL);

  if (labels)
    return *labels ? g_strdup (labels) : NULL;
  if (!self->is_own_output)
    return NULL;
  if (self->preprocess.labels)
    return g_strdup (self->preprocess.labels);
  return g_file_test (beside, G_FILE_TEST_EXISTS) ? g_steal_pointer (&beside)
                                                  : NULL;
}

static gboolean
take_exported_labels (Classifier *self, const gchar *folder, GError **error)
{
  const GStrv labels = self->preprocess.exported_labels;
  const guint n = g_strv_length (labels);

  if (n != self->prediction.n_classes) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "%s: its metadata.json has %u labels, but its model.json tells %u "
        "classes apart; they are not from the same export",
        folder, n, self->prediction.n_classes);
    return FALSE;
  }
  self->labels = g_strdupv (labels);
  return TRUE;
}

static gboolean
read_labels (Classifier *self, const gchar *folder, const gchar *labels,
    GError **error)
{
  CnnPrediction *prediction = &self->prediction;
  g_autofree gchar *path = find_labels (self, folder, labels);

  if (!labels && self->is_own_output && !self->preprocess.labels
      && self->preprocess.exported_labels)
    return take_exported_labels (self, folder, error);
  if (path && prediction->kind == CNN_PREDICTION_NUMBER)
    cnn_prediction_take_as_logit (prediction);
  self->labels = path && prediction->kind != CNN_PREDICTION_MAPS
      ? labels_load (path, prediction->n_classes, error)
      : number_classes (prediction->n_classes);
  return self->labels != NULL;
}

/* Checks that the file describes an output of this kind. */
static gboolean
check_meaning (const Classifier *self, const gchar *folder, GError **error)
{
  if (!self->is_own_output
      || classifier_preprocess_check_prediction (&self->preprocess,
          &self->prediction, error))
    return TRUE;
  return fail_in_preprocess (folder, error);
}

static void
set_thresholds (Classifier *self)
{
  const guint n_classes = self->prediction.n_classes;
  const gfloat *thresholds = self->preprocess.thresholds;
  const guint n_thresholds = self->is_own_output ? self->preprocess.n_thresholds
                                                 : 0;

  if (self->prediction.kind != CNN_PREDICTION_LABELS)
    return;
  self->thresholds = g_new (gfloat, n_classes);
  for (guint i = 0; i < n_classes; i++)
    self->thresholds[i] = n_thresholds == 0 ? DEFAULT_THRESHOLD
                                            : thresholds[i % n_thresholds];
}

static gboolean
load_model (Classifier *self, const ClassifierSource *source, GError **error)
{
  const CnnInputSize *size = source->size;

  if (!size && self->preprocess.input_size.height > 0)
    size = &self->preprocess.input_size;
  self->model = cnn_model_load_sized (source->model, source->limits, size,
      error);
  if (!self->model)
    return FALSE;
  if (!read_shape (self, error)) {
    g_prefix_error (error, "%s: ", source->model);
    return FALSE;
  }
  choose_range (self);
  return TRUE;
}

static gboolean
load_meaning (Classifier *self, const ClassifierSource *source,
    const gchar *folder, GError **error)
{
  if (!choose_output (self, folder, source->output, error))
    return FALSE;
  if (!check_n_classes (self, source->limits, error)) {
    g_prefix_error (error, "%s: ", source->model);
    return FALSE;
  }
  if (!read_labels (self, folder, source->labels, error)
      || !check_meaning (self, folder, error))
    return FALSE;
  set_thresholds (self);
  return TRUE;
}

Classifier *
classifier_load (const ClassifierSource *source, GError **error)
{
  g_autoptr (Classifier) self = g_new0 (Classifier, 1);
  g_autofree gchar *folder = g_file_test (source->model, G_FILE_TEST_IS_DIR)
      ? g_strdup (source->model)
      : g_path_get_dirname (source->model);

  if (!classifier_preprocess_load (&self->preprocess, folder, error)
      || !load_model (self, source, error)
      || !apply_preprocess (self, folder, error)
      || !load_meaning (self, source, folder, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
classifier_free (Classifier *classifier)
{
  g_clear_pointer (&classifier->model, cnn_model_unref);
  classifier_preprocess_clear (&classifier->preprocess);
  g_strfreev (classifier->labels);
  g_free (classifier->thresholds);
  g_free (classifier);
}

CnnModel *
classifier_get_model (const Classifier *classifier)
{
  return classifier->model;
}

const ClassifierPreprocess *
classifier_get_preprocess (const Classifier *classifier)
{
  return &classifier->preprocess;
}

const CnnPrediction *
classifier_get_prediction (const Classifier *classifier)
{
  return &classifier->prediction;
}

guint
classifier_get_output (const Classifier *classifier)
{
  return classifier->output;
}

static gboolean
has_several_outputs (const Classifier *classifier)
{
  guint n_outputs;

  cnn_model_get_outputs (classifier->model, &n_outputs);
  return n_outputs > 1;
}

const gchar *
classifier_get_attribute (const Classifier *classifier)
{
  const gchar *name = cnn_model_get_node_name (classifier->model,
      classifier->prediction.output);

  if (classifier->is_own_output && classifier->preprocess.attribute)
    return classifier->preprocess.attribute;
  if (has_several_outputs (classifier)
      && classifier_check_attribute (name, NULL))
    return name;
  return classifier->prediction.kind == CNN_PREDICTION_NUMBER ? NUMBER_ATTRIBUTE
                                                              : CLASS_ATTRIBUTE;
}

static ClassifierKernels
describe_kernels (const Classifier *classifier, const CnnFilters *filters)
{
  const gchar *name = cnn_model_get_node_name (classifier->model,
      filters->node);

  return (ClassifierKernels) { { .name = name,
                                   .source = name,
                                   .height = filters->height,
                                   .width = filters->width,
                                   .channels = filters->count },
    filters->kernels };
}

ClassifierDescription *
classifier_describe (const Classifier *classifier, const gchar *attribute)
{
  ClassifierKernels kernels;
  CnnFilters filters = { 0 };
  ClassifierDescription description = {
    .model_name = cnn_model_get_name (classifier->model),
    .attribute = attribute,
    .kind = classifier->prediction.kind,
    .labels = (const gchar *const *) classifier->labels,
    .n_classes = classifier->prediction.n_classes,
    .thresholds = classifier->thresholds,
    .unit = classifier->is_own_output ? classifier->preprocess.unit : NULL,
  };
  ClassifierDescription *copy;

  classifier_colors_init (&description.colors, &classifier->spec);
  if (cnn_filters_find (classifier->model, &filters)) {
    kernels = describe_kernels (classifier, &filters);
    description.kernels = &kernels;
  }
  copy = classifier_description_new (&description);
  cnn_filters_clear (&filters);
  return copy;
}

const gchar *const *
classifier_get_labels (const Classifier *classifier, guint *n_classes)
{
  if (n_classes)
    *n_classes = classifier->prediction.n_classes;
  return (const gchar *const *) classifier->labels;
}

static gboolean
check_has_classes (const Classifier *classifier, GError **error)
{
  if (classifier->prediction.n_classes > 0)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "the output '%s' is %s, which has no classes",
      cnn_model_get_node_name (classifier->model,
          classifier->prediction.output),
      classifier->prediction.kind == CNN_PREDICTION_NUMBER ? "a number"
                                                           : "an image");
  return FALSE;
}

gboolean
classifier_find_class (const Classifier *classifier, const gchar *name,
    guint *index, GError **error)
{
  const guint n_classes = classifier->prediction.n_classes;
  g_autofree gchar *labels = NULL;
  guint64 number;

  if (!check_has_classes (classifier, error))
    return FALSE;
  for (guint i = 0; i < n_classes; i++) {
    if (g_str_equal (classifier->labels[i], name)) {
      *index = i;
      return TRUE;
    }
  }
  if (g_ascii_string_to_unsigned (name, 10, 0, n_classes - 1, &number, NULL)) {
    *index = (guint) number;
    return TRUE;
  }
  labels = g_strjoinv (", ", classifier->labels);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "the model has no class '%s'; it has %s, numbered from 0", name, labels);
  return FALSE;
}

const gchar *
classifier_get_range_hint (const Classifier *classifier)
{
  return classifier->preprocess.has_range
      ? NULL
      : input_range_get_hint (classifier->model);
}

void
classifier_get_view (const Classifier *classifier, const ImageFrame *frame,
    const Rect *crop, const Rect *region, ClassifierView *view)
{
  const ImageTensorSpec *spec = &classifier->spec;
  Rect source, target;
  gdouble across, down;

  image_fit_place (spec->fit, crop, frame->pixel_aspect, spec->width,
      spec->height, &source, &target);
  across = (gdouble) source.width / target.width;
  down = (gdouble) source.height / target.height;
  view->seen = rect_get_margins (region, source.x, source.y, source.width,
      source.height);
  view->maps = rect_get_margins (region, source.x - target.x * across,
      source.y - target.y * down, spec->width * across, spec->height * down);
}

ImageResizer *
classifier_new_resizer (const Classifier *classifier)
{
  return image_resizer_new (&classifier->spec);
}
