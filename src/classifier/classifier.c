/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/classifier.h"

#include "classifier/input-range.h"
#include "classifier/labels.h"
#include "cnn/model/prediction.h"

/* Bytes that a short label takes, with its share of the heap. */
#define LABEL_MEMORY 64

struct _Classifier {
  CnnModel *model;
  ClassifierPreprocess preprocess;
  ImageTensorSpec spec;
  GStrv labels;
  guint n_classes;
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

/* A network whose output is a picture has millions of values, each of which
 * would be a class here. */
static gboolean
check_n_classes (guint n_classes, const CnnLimits *limits, GError **error)
{
  const CnnLimits default_limits = CNN_LIMITS_DEFAULT;
  const gsize most = (limits ? limits : &default_limits)->memory_bytes
      / LABEL_MEMORY;

  if (n_classes <= most)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "its output has %u values, but the memory limit allows %" G_GSIZE_FORMAT
      " classes",
      n_classes, most);
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

static gboolean
take_exported_labels (Classifier *self, const gchar *folder, GError **error)
{
  const GStrv labels = self->preprocess.exported_labels;
  const guint n = g_strv_length (labels);

  if (n != self->n_classes) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "%s: its metadata.json has %u labels, but its model.json tells %u "
        "classes apart; they are not from the same export",
        folder, n, self->n_classes);
    return FALSE;
  }
  self->labels = g_strdupv (labels);
  return TRUE;
}

static gboolean
read_labels (Classifier *self, const gchar *folder, const gchar *labels,
    GError **error)
{
  g_autofree gchar *beside = g_build_filename (folder, "labels.txt", NULL);

  if (!labels)
    labels = self->preprocess.labels;
  if (!labels && self->preprocess.exported_labels)
    return take_exported_labels (self, folder, error);
  if (!labels && g_file_test (beside, G_FILE_TEST_EXISTS))
    labels = beside;
  self->labels = labels && *labels
      ? labels_load (labels, self->n_classes, error)
      : number_classes (self->n_classes);
  return self->labels != NULL;
}

Classifier *
classifier_load (const gchar *model, const gchar *labels,
    const CnnInputSize *size, const CnnLimits *limits, GError **error)
{
  g_autoptr (Classifier) self = g_new0 (Classifier, 1);
  g_autofree gchar *folder = g_file_test (model, G_FILE_TEST_IS_DIR)
      ? g_strdup (model)
      : g_path_get_dirname (model);

  if (!classifier_preprocess_load (&self->preprocess, folder, error))
    return NULL;
  if (!size && self->preprocess.input_size.height > 0)
    size = &self->preprocess.input_size;
  self->model = cnn_model_load_sized (model, limits, size, error);
  if (!self->model)
    return NULL;
  self->n_classes = cnn_prediction_count_classes (self->model);
  if (!read_shape (self, error)
      || !check_n_classes (self->n_classes, limits, error)) {
    g_prefix_error (error, "%s: ", model);
    return NULL;
  }
  choose_range (self);
  if (!apply_preprocess (self, folder, error)
      || !read_labels (self, folder, labels, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
classifier_free (Classifier *classifier)
{
  g_clear_pointer (&classifier->model, cnn_model_unref);
  classifier_preprocess_clear (&classifier->preprocess);
  g_strfreev (classifier->labels);
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

const gchar *const *
classifier_get_labels (const Classifier *classifier, guint *n_classes)
{
  if (n_classes)
    *n_classes = classifier->n_classes;
  return (const gchar *const *) classifier->labels;
}

gboolean
classifier_find_class (const Classifier *classifier, const gchar *name,
    guint *index, GError **error)
{
  g_autofree gchar *labels = NULL;
  guint64 number;

  for (guint i = 0; i < classifier->n_classes; i++) {
    if (g_str_equal (classifier->labels[i], name)) {
      *index = i;
      return TRUE;
    }
  }
  if (g_ascii_string_to_unsigned (name, 10, 0, classifier->n_classes - 1,
          &number, NULL)) {
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
