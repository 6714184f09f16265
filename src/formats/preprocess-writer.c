/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/preprocess-writer.h"

#include <math.h>

#include "base/file.h"
#include "classifier/input-range.h"
#include "classifier/labels.h"
#include "classifier/preprocess.h"
#include "classifier/teachable-machine.h"
#include "cnn/model/prediction.h"
#include "formats/layers-model-writer.h"

#define MAX_LABELS_SIZE (1 << 20)
#define LABELS_FILE "labels.txt"

typedef struct {
  const gchar *name;
  gdouble scale;
  gdouble offset;
} Range;

static const Range ranges[] = {
  { "0..1", 1.0 / 255.0, 0.0 },
  { "-1..1", 2.0 / 255.0, -1.0 },
  { "0..255", 1.0, 0.0 },
};

void
preprocess_options_init (PreprocessOptions *preprocess)
{
  *preprocess = (PreprocessOptions) { .scale = ranges[0].scale,
    .offset = ranges[0].offset };
}

void
preprocess_options_clear (PreprocessOptions *preprocess)
{
  g_free (preprocess->resize);
  g_free (preprocess->channels);
  g_free (preprocess->fit);
  g_free (preprocess->labels);
  g_strfreev (preprocess->names);
  g_free (preprocess->output);
  g_free (preprocess->attribute);
  g_free (preprocess->unit);
  g_free (preprocess->thresholds);
}

gboolean
preprocess_options_set_range (PreprocessOptions *preprocess, const gchar *range,
    GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    if (g_str_equal (ranges[i].name, range)) {
      preprocess->has_range = TRUE;
      preprocess->scale = ranges[i].scale;
      preprocess->offset = ranges[i].offset;
      return TRUE;
    }
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "range '%s' is none of 0..1, -1..1 and 0..255", range);
  return FALSE;
}

/* Reads numbers that are separated by commas, and perhaps in brackets. */
static gboolean
read_list (const gchar *text, const gchar *what, gdouble *values, guint *n,
    GError **error)
{
  g_autofree gchar *inner = g_strdup (text);
  g_auto (GStrv) parts = NULL;
  guint count = 0;

  g_strdelimit (inner, "[]()", ' ');
  parts = g_strsplit (inner, ",", -1);
  for (; parts[count] && count < IMAGE_MAX_CHANNELS; count++) {
    const gchar *part = g_strstrip (parts[count]);
    gchar *end;

    values[count] = g_ascii_strtod (part, &end);
    if (!*part || *end || !(fabs (values[count]) <= 1e6))
      break;
  }
  if (count > 0 && !parts[count] && (*n == 0 || *n == count)) {
    *n = count;
    return TRUE;
  }
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "%s '%s' is no list of numbers for each channel, such as "
      "0.485,0.456,0.406",
      what, text);
  return FALSE;
}

gboolean
preprocess_options_set_mean (PreprocessOptions *preprocess, const gchar *mean,
    const gchar *deviation, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < IMAGE_MAX_CHANNELS; i++) {
    preprocess->mean[i] = 0.0;
    preprocess->deviation[i] = 1.0;
  }
  if ((mean && !read_list (mean, "mean", preprocess->mean, &n, error))
      || (deviation
          && !read_list (deviation, "standard deviation", preprocess->deviation,
              &n, error)))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    if (!(preprocess->deviation[i] > 1e-6)) {
      g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
          "a standard deviation is not above 0");
      return FALSE;
    }
  }
  preprocess->n_channels = n;
  preprocess->has_range = TRUE;
  return TRUE;
}

/* A mean above 1 can only be one of 0..255. */
static gboolean
is_of_levels (const gchar *mean)
{
  gdouble values[IMAGE_MAX_CHANNELS];
  guint n = 0;

  return read_list (mean, "mean", values, &n, NULL) && values[0] > 1.0;
}

gboolean
preprocess_options_take_hints (PreprocessOptions *preprocess,
    const PreprocessHints *hints, GError **error)
{
  if (!preprocess->channels)
    preprocess->channels = g_strdup (hints->channels);
  if (!preprocess->labels)
    preprocess->names = g_strdupv (hints->names);
  if (preprocess->has_range)
    return TRUE;
  if (!hints->range && hints->mean && is_of_levels (hints->mean)
      && !preprocess_options_set_range (preprocess, "0..255", error))
    return FALSE;
  if ((hints->range
          && !preprocess_options_set_range (preprocess, hints->range, error))
      || ((hints->mean || hints->deviation)
          && !preprocess_options_set_mean (preprocess, hints->mean,
              hints->deviation, error)))
    return FALSE;
  return TRUE;
}

static gboolean
check_choice (const gchar *value, const gchar *const *choices,
    const gchar *what, GError **error)
{
  g_autofree gchar *list = NULL;

  if (!value || classifier_find_name (choices, value) >= 0)
    return TRUE;
  list = g_strjoinv (", ", (gchar **) choices);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
      "%s '%s' is none of %s", what, value, list);
  return FALSE;
}

static gboolean
check_thresholds (const gchar *text, GError **error)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (guint i = 0; items[i]; i++) {
    gchar *end;
    const gdouble threshold = g_ascii_strtod (items[i], &end);

    /* Written so that NaN fails. */
    if (end == items[i] || *end || !(threshold >= 0.0 && threshold <= 1.0)) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
          "threshold '%s' is not a number between 0 and 1", items[i]);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
check_not_empty (const gchar *text, const gchar *what, GError **error)
{
  if (!text || *text)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT, "%s is empty", what);
  return FALSE;
}

gboolean
preprocess_options_check (const PreprocessOptions *preprocess, GError **error)
{
  const gdouble crop_scale = preprocess->crop_scale;

  if (!check_choice (preprocess->resize, classifier_resize_names, "resize",
          error)
      || !check_choice (preprocess->channels, classifier_channels_names,
          "channel order", error)
      || !check_choice (preprocess->fit, classifier_fit_names, "fit", error))
    return FALSE;
  /* Written so that NaN fails. */
  if (crop_scale != 0.0
      && !(crop_scale >= CLASSIFIER_MIN_CROP_SCALE
          && crop_scale <= CLASSIFIER_MAX_CROP_SCALE)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "crop scale is not between %g and %g", CLASSIFIER_MIN_CROP_SCALE,
        CLASSIFIER_MAX_CROP_SCALE);
    return FALSE;
  }
  return check_not_empty (preprocess->output, "output", error)
      && check_not_empty (preprocess->unit, "unit", error)
      && (!preprocess->thresholds
          || check_thresholds (preprocess->thresholds, error))
      && (!preprocess->attribute
          || classifier_check_attribute (preprocess->attribute, error));
}

/* 0 if the first input is not a picture. One without channels is gray. */
static gint
count_channels (const CnnModel *model)
{
  guint n;
  guint input = cnn_model_get_inputs (model, &n)[0];
  const CnnShape *shape = cnn_model_get_node_shape (model, input);

  if (shape->rank == 2)
    return 1;
  return shape->rank == 3 ? shape->dims[2] : 0;
}

static ImageChannels
get_usual_channels (gint n)
{
  switch (n) {
    case 1:
      return IMAGE_CHANNELS_GRAY;
    case 4:
      return IMAGE_CHANNELS_RGBA;
    default:
      return IMAGE_CHANNELS_RGB;
  }
}

/* The requested order, by default one that fits the model's input. */
static gboolean
choose_channels (const PreprocessOptions *preprocess, const CnnModel *model,
    const gchar **channels, GError **error)
{
  gint n = model ? count_channels (model) : 0;
  gint wanted;

  *channels = preprocess->channels;
  if (n > 0 && preprocess->n_channels > 1
      && (guint) n != preprocess->n_channels) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "mean or standard deviation has %u numbers, but the model takes %d "
        "channels",
        preprocess->n_channels, n);
    return FALSE;
  }
  if (!*channels)
    *channels = classifier_channels_names[get_usual_channels (n)];
  wanted = image_channels_count (
      (ImageChannels) classifier_find_name (classifier_channels_names,
          *channels));
  if (n > 0 && n != wanted && preprocess->channels) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "channel order '%s' has %d channels, but the model takes %d", *channels,
        wanted, n);
    return FALSE;
  }
  return TRUE;
}

static void
set_range (PreprocessOptions *preprocess, gdouble scale, gdouble offset)
{
  if (preprocess->has_range)
    return;
  preprocess->scale = scale;
  preprocess->offset = offset;
}

static gboolean
has_labels (const PreprocessOptions *preprocess)
{
  return preprocess->labels || preprocess->names;
}

/* The output that the options are about. A number with labels is a logit. */
static gboolean
describe_output (const PreprocessOptions *preprocess, const CnnModel *model,
    CnnPrediction *prediction, GError **error)
{
  guint index, n_outputs;

  if (!cnn_model_find_output (model, preprocess->output, &index, error))
    return FALSE;
  *prediction = cnn_prediction_describe (model,
      cnn_model_get_outputs (model, &n_outputs)[index]);
  if (has_labels (preprocess) && prediction->kind == CNN_PREDICTION_NUMBER)
    cnn_prediction_take_as_logit (prediction);
  return TRUE;
}

/* 0 without classes. */
static guint
count_labels (const PreprocessOptions *preprocess, const CnnModel *model)
{
  CnnPrediction prediction;

  return describe_output (preprocess, model, &prediction, NULL)
      ? prediction.n_classes
      : 0;
}

/* Checks what is said about the output, as a reader of @folder will. */
static gboolean
check_output (const PreprocessOptions *preprocess, const CnnModel *model,
    const gchar *folder, GError **error)
{
  ClassifierPreprocess written;
  CnnPrediction prediction;
  gboolean fits;

  if (!describe_output (preprocess, model, &prediction, error))
    return FALSE;
  fits = classifier_preprocess_load (&written, folder, error)
      && classifier_preprocess_check_prediction (&written, &prediction, error);
  classifier_preprocess_clear (&written);
  return fits;
}

/* A file that does not fit must be another model's. */
static void
find_labels (PreprocessOptions *preprocess, const CnnModel *model,
    const gchar *input)
{
  g_autofree gchar *folder = g_path_get_dirname (input);
  g_autofree gchar *path = g_build_filename (folder, LABELS_FILE, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv)
      labels = labels_load (path, count_labels (preprocess, model), &error);

  if (labels)
    preprocess->labels = g_steal_pointer (&path);
  else
    g_printerr ("activationmap-convert: no labels: %s\n", error->message);
}

static void
complete_teachable_machine (PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *input)
{
  set_range (preprocess, TEACHABLE_MACHINE_SCALE, TEACHABLE_MACHINE_OFFSET);
  if (!preprocess->fit)
    preprocess->fit = g_strdup (classifier_fit_names[IMAGE_FIT_COVER]);
  if (!preprocess->labels)
    find_labels (preprocess, model, input);
  preprocess->numbered = TRUE;
  g_print (
      "an image model of Teachable Machine: input = %s, fit \"%s\", %s%s\n",
      preprocess->has_range ? "as --input-range says" : "pixel / 127 - 1",
      preprocess->fit,
      preprocess->labels ? "labels of " : "classes without labels",
      preprocess->labels ? preprocess->labels : "");
}

/* The names may be those of what a detector finds, which has other outputs. */
static void
check_names (PreprocessOptions *preprocess, const CnnModel *model)
{
  const guint n = g_strv_length (preprocess->names);
  const guint n_labels = count_labels (preprocess, model);

  if (n == n_labels) {
    g_print ("the file has the labels of its %u classes\n", n);
    return;
  }
  g_printerr ("activationmap-convert: the file names %u classes, but %u are "
              "predicted: no labels\n",
      n, n_labels);
  g_clear_pointer (&preprocess->names, g_strfreev);
}

void
preprocess_options_complete (PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *input)
{
  const gchar *hint = input_range_get_hint (model);

  if (preprocess->names)
    check_names (preprocess, model);
  if (teachable_machine_made (model)) {
    complete_teachable_machine (preprocess, model, input);
  } else if (input_range_is_pixels (model)) {
    set_range (preprocess, 1.0, 0.0);
    g_print ("the model scales its input itself: input = %s\n",
        preprocess->has_range ? "as --input-range says" : "pixel, 0..255");
  } else if (hint && !preprocess->has_range) {
    g_printerr ("activationmap-convert: the layers are those of %s; without "
                "--input-range, its input is pixel / 255\n",
        hint);
  }
}

/* One label a line. */
static gboolean
write_labels (GStrv labels, const gchar *path, GError **error)
{
  g_autofree gchar *lines = NULL;
  g_autofree gchar *text = NULL;

  lines = g_strjoinv ("\n", labels);
  text = g_strconcat (lines, "\n", NULL);
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE,
      0666, error);
}

static gboolean
copy_labels (const PreprocessOptions *preprocess, const CnnModel *model,
    const gchar *folder, GError **error)
{
  const gchar *path = preprocess->labels;
  g_autofree gchar *target = g_build_filename (folder, LABELS_FILE, NULL);
  g_autoptr (GBytes) text = NULL;
  gsize size;
  gconstpointer data;

  if (!path)
    return write_labels (preprocess->names, target, error);
  if (model && count_labels (preprocess, model) > 0) {
    g_auto (GStrv)
        labels = labels_load (path, count_labels (preprocess, model), error);

    if (!labels)
      return FALSE;
    if (preprocess->numbered) {
      teachable_machine_strip_numbers (labels);
      return write_labels (labels, target, error);
    }
  }
  text = file_read (path, MAX_LABELS_SIZE, error);
  if (!text)
    return FALSE;
  data = g_bytes_get_data (text, &size);
  return g_file_set_contents_full (target, data, (gssize) size,
      G_FILE_SET_CONTENTS_NONE, 0666, error);
}

/* Mean and deviation of each channel become its scale and offset. */
static void
add_range (cJSON *root, const PreprocessOptions *preprocess)
{
  gdouble scales[IMAGE_MAX_CHANNELS], offsets[IMAGE_MAX_CHANNELS];
  const gint n = (gint) preprocess->n_channels;

  if (n == 0) {
    cJSON_AddNumberToObject (root, "scale", preprocess->scale);
    cJSON_AddNumberToObject (root, "offset", preprocess->offset);
    return;
  }
  for (gint i = 0; i < n; i++) {
    scales[i] = preprocess->scale / preprocess->deviation[i];
    offsets[i] = (preprocess->offset - preprocess->mean[i])
        / preprocess->deviation[i];
  }
  /* One number is for all channels. */
  cJSON_AddItemToObject (root, "scale",
      n == 1 ? cJSON_CreateNumber (scales[0])
             : cJSON_CreateDoubleArray (scales, n));
  cJSON_AddItemToObject (root, "offset",
      n == 1 ? cJSON_CreateNumber (offsets[0])
             : cJSON_CreateDoubleArray (offsets, n));
}

/* A number, or a list of them. The text has been checked. */
static cJSON *
create_thresholds (const gchar *text)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);
  cJSON *list;

  if (!items[1])
    return cJSON_CreateNumber (g_ascii_strtod (items[0], NULL));
  list = cJSON_CreateArray ();
  for (guint i = 0; items[i]; i++)
    cJSON_AddItemToArray (list,
        cJSON_CreateNumber (g_ascii_strtod (items[i], NULL)));
  return list;
}

static cJSON *
create_json (const PreprocessOptions *preprocess, const gchar *channels)
{
  cJSON *root = cJSON_CreateObject ();

  cJSON_AddNumberToObject (root, "version", 1);
  cJSON_AddStringToObject (root, "resize",
      preprocess->resize ? preprocess->resize
                         : classifier_resize_names[IMAGE_RESIZE_HALF_PIXEL]);
  cJSON_AddStringToObject (root, "channels", channels);
  add_range (root, preprocess);
  if (preprocess->fit)
    cJSON_AddStringToObject (root, "fit", preprocess->fit);
  if (preprocess->input_size.height > 0) {
    const gint size[2] = { preprocess->input_size.height,
      preprocess->input_size.width };

    cJSON_AddItemToObject (root, "input_size", cJSON_CreateIntArray (size, 2));
  }
  if (preprocess->crop_scale > 0.0)
    cJSON_AddNumberToObject (root, "crop_scale", preprocess->crop_scale);
  if (has_labels (preprocess))
    cJSON_AddStringToObject (root, "labels", LABELS_FILE);
  if (preprocess->output)
    cJSON_AddStringToObject (root, "output", preprocess->output);
  if (preprocess->attribute)
    cJSON_AddStringToObject (root, "attribute", preprocess->attribute);
  if (preprocess->unit)
    cJSON_AddStringToObject (root, "unit", preprocess->unit);
  if (preprocess->thresholds)
    cJSON_AddItemToObject (root, "threshold",
        create_thresholds (preprocess->thresholds));
  return root;
}

gboolean
preprocess_writer_write (const PreprocessOptions *preprocess,
    const CnnModel *model, const gchar *folder, GError **error)
{
  const gchar *channels;
  gboolean done;
  cJSON *root;

  if (!choose_channels (preprocess, model, &channels, error)
      || (has_labels (preprocess)
          && !copy_labels (preprocess, model, folder, error)))
    return FALSE;
  root = create_json (preprocess, channels);
  done = layers_model_writer_write_json (root, folder,
      CLASSIFIER_PREPROCESS_FILE, error);
  cJSON_Delete (root);
  return done && (!model || check_output (preprocess, model, folder, error));
}
