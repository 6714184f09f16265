/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/model-error.h"
#include "formats/conversion.h"
#include "formats/output-folder.h"
#include "formats/sandbox.h"

#define DEFAULT_SHARD_SIZE (4 << 20) /* as tensorflowjs_converter */
#define MIN_SHARD_SIZE 16

typedef struct {
  Conversion conversion;
  gchar *input;
  gchar *output;
  gchar *encoding;
  gchar *range;
  gchar *mean;
  gchar *deviation;
  gchar *input_size;
  gchar *architecture;
  gint64 shard_size;
  gboolean force;
  gboolean no_check;
  gboolean version;
} Options;

typedef struct {
  Conversion *conversion;
  const gchar *folder;
} Work;

static void
show_progress (guint n_weights, guint total_weights, guint64 n_bytes,
    guint64 total_bytes)
{
  g_printerr ("\r%u of %u tensors, %.1f of %.1f MB%s", n_weights, total_weights,
      (gdouble) n_bytes / 1e6, (gdouble) total_bytes / 1e6,
      n_weights == total_weights ? "\n" : "");
}

static gboolean
parse_command_line (Options *options, gint *argc, gchar ***argv, GError **error)
{
  PreprocessOptions *preprocess = &options->conversion.preprocess;
  const GOptionEntry entries[] = {
    { "architecture", 0, 0, G_OPTION_ARG_FILENAME, &options->architecture,
        "What model.to_json () returned, for an IN.h5 with weights only",
        "FILE" },
    { "quantize", 0, 0, G_OPTION_ARG_STRING, &options->encoding,
        "Write weights as float16 or uint8; biases stay float32", "TYPE" },
    { "shard-size", 0, 0, G_OPTION_ARG_INT64, &options->shard_size,
        "Maximum size of a file of weights (default: 4194304)", "BYTES" },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &options->force,
        "Replace the model in OUTDIR", NULL },
    { "no-check", 0, 0, G_OPTION_ARG_NONE, &options->no_check,
        "Keep a model that activationmap cannot load", NULL },
    { "input-range", 0, 0, G_OPTION_ARG_STRING, &options->range,
        "Range of the model's input: 0..1 (default), -1..1 or 0..255 "
        "(default if it scales its input itself)",
        "RANGE" },
    { "mean", 0, 0, G_OPTION_ARG_STRING, &options->mean,
        "What to subtract from each channel after that, such as "
        "0.485,0.456,0.406",
        "M,M,M" },
    { "std", 0, 0, G_OPTION_ARG_STRING, &options->deviation,
        "What to divide each channel by after that, such as 0.229,0.224,0.225",
        "S,S,S" },
    { "input-size", 0, 0, G_OPTION_ARG_STRING, &options->input_size,
        "Height and width of an input that the model leaves open, such as "
        "224x224",
        "HxW" },
    { "channel-order", 0, 0, G_OPTION_ARG_STRING, &preprocess->channels,
        "rgb, bgr, gray or rgba (default: depends on the model's input)",
        "ORDER" },
    { "fit", 0, 0, G_OPTION_ARG_STRING, &preprocess->fit,
        "stretch (default), cover (the middle) or contain (with black bars): "
        "a picture of other proportions than the input's",
        "FIT" },
    { "resize", 0, 0, G_OPTION_ARG_STRING, &preprocess->resize,
        "half-pixel (default, as Keras), legacy (tf.image.resizeBilinear) or "
        "align-corners",
        "METHOD" },
    { "crop-scale", 0, 0, G_OPTION_ARG_DOUBLE, &preprocess->crop_scale,
        "Size of the crop relative to the face", "FACTOR" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &preprocess->labels,
        "One label per line, class 0 first; copied into OUTDIR", "FILE" },
    { "attribute", 0, 0, G_OPTION_ARG_STRING, &preprocess->attribute,
        "What the model predicts, such as gender", "NAME" },
    { "output", 0, 0, G_OPTION_ARG_STRING, &preprocess->output,
        "Name of the output that is the prediction (default: the first)",
        "NAME" },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &preprocess->unit,
        "Unit of the number that the model predicts, such as years", "UNIT" },
    { "threshold", 0, 0, G_OPTION_ARG_STRING, &preprocess->thresholds,
        "Score above which a label is predicted where there may be several "
        "(default: 0.5), or one for each label, separated by commas",
        "NUMBER" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version,
        "Print the version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext)
      context = g_option_context_new ("IN.h5|IN.keras|IN.onnx|FOLDER OUTDIR");

  g_option_context_set_summary (context,
      "Converts a model of Keras or ONNX into a folder that activationmap and "
      "TensorFlow.js load.");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
check_options (Options *options, GError **error)
{
  Conversion *conversion = &options->conversion;

  conversion->input = options->input;
  conversion->architecture = options->architecture;
  conversion->check = !options->no_check;
  conversion->writer.progress = isatty (STDERR_FILENO) ? show_progress : NULL;
  if (options->encoding
      && !weight_encoding_from_string (options->encoding,
          &conversion->writer.encoding)) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "quantisation '%s' is neither float16 nor uint8", options->encoding);
    return FALSE;
  }
  if (options->shard_size < MIN_SHARD_SIZE
      || options->shard_size > G_MAXINT32) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
        "shard size is not between %d and %d bytes", MIN_SHARD_SIZE,
        G_MAXINT32);
    return FALSE;
  }
  conversion->writer.shard_size = (guint) options->shard_size;
  return (!options->range
             || preprocess_options_set_range (&conversion->preprocess,
                 options->range, error))
      && (!(options->mean || options->deviation)
          || preprocess_options_set_mean (&conversion->preprocess,
              options->mean, options->deviation, error))
      && (!options->input_size
          || cnn_input_size_from_string (&conversion->preprocess.input_size,
              options->input_size, error))
      && preprocess_options_check (&conversion->preprocess, error);
}

static gint
fail (GError *error)
{
  g_printerr ("activationmap-convert: %s\n", error->message);
  return EXIT_FAILURE;
}

static gint
work (gpointer data)
{
  const Work *job = data;
  g_autoptr (GError) error = NULL;

  if (!conversion_run (job->conversion, job->folder, &error))
    return fail (error);
  return EXIT_SUCCESS;
}

/* 0 if there is no such file; the worker reports that. */
static guint64
get_size (const gchar *path)
{
  GStatBuf file;

  return g_stat (path, &file) == 0 ? (guint64) file.st_size : 0;
}

static gint
convert (Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OutputFolder)
      folder = output_folder_new (options->output, options->force, &error);
  Work job = { &options->conversion };

  if (!folder)
    return fail (error);
  job.folder = output_folder_get_path (folder);
  if (sandbox_run (work, &job, get_size (options->input)) != EXIT_SUCCESS)
    return EXIT_FAILURE;
  return output_folder_publish (folder, &error) ? EXIT_SUCCESS : fail (error);
}

static gint
run (Options *options, gint argc, gchar **argv)
{
  g_autoptr (GError) error = NULL;

  if (!parse_command_line (options, &argc, &argv, &error))
    return fail (error);
  if (options->version) {
    g_print ("activationmap-convert " CONVERT_VERSION "\n");
    return EXIT_SUCCESS;
  }
  if (argc != 3) {
    g_printerr ("Usage: activationmap-convert [OPTIONS] "
                "IN.h5|IN.keras|IN.onnx|FOLDER "
                "OUTDIR\n"
                "See activationmap-convert --help\n");
    return EXIT_FAILURE;
  }
  options->input = conversion_find_input (argv[1]);
  options->output = argv[2];
  return check_options (options, &error) ? convert (options) : fail (error);
}

gint
main (gint argc, gchar **argv)
{
  Options options = { .shard_size = DEFAULT_SHARD_SIZE };
  gint status;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* programs read the output */
  preprocess_options_init (&options.conversion.preprocess);
  status = run (&options, argc, argv);
  preprocess_options_clear (&options.conversion.preprocess);
  g_free (options.input);
  g_free (options.encoding);
  g_free (options.range);
  g_free (options.mean);
  g_free (options.deviation);
  g_free (options.input_size);
  g_free (options.architecture);
  return status;
}
