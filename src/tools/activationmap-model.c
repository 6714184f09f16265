/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* activationmap-model: inspects, runs and benchmarks a model. */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/model-error.h"
#include "tools/command.h"

#define PROGRAM "activationmap-model"
#define EXIT_USAGE 2
#define DEFAULT_SECONDS 2.0

/* Options that only some commands have. */
typedef enum {
  HAS_INPUT = 1 << 0,
  HAS_LAYERS = 1 << 1,
  HAS_OUTPUT_DIR = 1 << 2,
  HAS_LABELS = 1 << 3,
  HAS_SECONDS = 1 << 4,
} OptionSet;

typedef struct {
  const gchar *name;
  Command run;
  gint n_arguments;
  OptionSet options;
  const gchar *arguments;
  const gchar *summary;
} CommandInfo;

static const CommandInfo commands[] = {
  { "summary", command_summary, 1, 0, "MODEL",
      "Prints the layers of a model with their output shapes, parameters and "
      "multiply-accumulates." },
  { "run", command_run, 1, HAS_INPUT | HAS_LAYERS | HAS_OUTPUT_DIR,
      "MODEL --input X.npy|X.f32",
      "Runs a model on an array and prints its outputs. With --output-dir it "
      "writes the output of each layer as DIR/LAYER.npy, float32, without the "
      "batch dimension." },
  { "image", command_image, 2, HAS_LAYERS | HAS_OUTPUT_DIR | HAS_LABELS,
      "MODEL PICTURE",
      "Runs a model on a picture and prints its prediction. With --output-dir "
      "it draws the maps of each layer as DIR/LAYER.png." },
  { "bench", command_bench, 1, HAS_LAYERS | HAS_SECONDS, "MODEL",
      "Prints the time and speed of each layer and the kernel that runs it. "
      "The "
      "environment variable ACTIVATIONMAP_CPU sets the instruction set: "
      "scalar, baseline, avx2 or avx512." },
};

static const CommandInfo *
find_command (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_str_equal (commands[i].name, name))
      return &commands[i];
  }
  return NULL;
}

static gboolean
parse_input_size (const gchar *name, const gchar *value, gpointer data,
    GError **error)
{
  Options *options = data;
  g_autoptr (GError) reason = NULL;

  if (cnn_input_size_from_string (&options->input_size, value, &reason))
    return TRUE;
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      reason->message);
  return FALSE;
}

static void
add_entry (GOptionGroup *group, const CommandInfo *command, OptionSet needed,
    const GOptionEntry *entry)
{
  const GOptionEntry entries[] = { *entry, { NULL } };

  if ((command->options & needed) == needed)
    g_option_group_add_entries (group, entries);
}

static gboolean
parse_command_line (const CommandInfo *command, Options *options, gint *argc,
    gchar ***argv, GError **error)
{
  const struct {
    OptionSet needed;
    GOptionEntry entry;
  } entries[] = {
    { HAS_INPUT,
        { "input", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &options->inputs,
            "NumPy array, or raw little-endian float32 values if the name ends "
            "in .f32, in the shape of the model's input, with or without a "
            "batch dimension of 1; once for each input, in their order",
            "FILE" } },
    { HAS_LAYERS,
        { "layers", 'l', 0, G_OPTION_ARG_STRING, &options->layers,
            "Names separated by commas, 'auto' (each convolution after its "
            "activation and pooling) or 'all'",
            "LAYERS" } },
    { HAS_OUTPUT_DIR,
        { "output-dir", 'o', 0, G_OPTION_ARG_FILENAME, &options->output_dir,
            "Folder to write to; created if it does not exist", "DIR" } },
    { HAS_LABELS,
        { "labels", 0, 0, G_OPTION_ARG_FILENAME, &options->labels,
            "One label per line, class 0 first (default: as preprocess.json "
            "says, or labels.txt next to the model)",
            "FILE" } },
    { HAS_LABELS,
        { "output", 0, 0, G_OPTION_ARG_STRING, &options->output,
            "Name or number of the output that is the prediction (default: as "
            "preprocess.json says, or the first)",
            "NAME" } },
    { HAS_SECONDS,
        { "seconds", 's', 0, G_OPTION_ARG_DOUBLE, &options->seconds,
            "How long to measure (default: 2)", "SECONDS" } },
    { 0,
        { "input-size", 0, 0, G_OPTION_ARG_CALLBACK, parse_input_size,
            "Height and width of an input that the model leaves open, such as "
            "240x320",
            "HxW" } },
    { 0,
        { "max-memory", 0, 0, G_OPTION_ARG_INT64, &options->max_memory,
            "Limit for weights and activations (default: 1024)", "MIB" } },
    { 0,
        { "max-macs", 0, 0, G_OPTION_ARG_INT64, &options->max_macs,
            "Limit for one run, in millions of multiply-accumulates (default: "
            "100000)",
            "MILLIONS" } },
  };
  g_autofree gchar *usage = g_strconcat (command->name, " ", command->arguments,
      NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree gchar *summary = g_strdup_printf ("%s %s\n\n%s", PROGRAM, usage,
      command->summary);
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, options, NULL);

  g_option_context_set_summary (context, summary);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    add_entry (group, command, entries[i].needed, &entries[i].entry);
  g_option_context_set_main_group (context, group);
  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
check_options (const CommandInfo *command, Options *options, gint argc,
    gchar **argv, GError **error)
{
  const gint64 most = MIN (G_MAXSIZE >> 20, G_MAXINT);

  if (argc != command->n_arguments + 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "usage: %s %s %s", PROGRAM, command->name, command->arguments);
    return FALSE;
  }
  if (options->max_memory < 1 || options->max_memory > most) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--max-memory is not between 1 and %" G_GINT64_FORMAT " MiB", most);
    return FALSE;
  }
  if (options->max_macs < 1 || options->max_macs > G_MAXINT) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--max-macs is not between 1 and %d million", G_MAXINT);
    return FALSE;
  }
  /* Written so that NaN fails. */
  if (!(options->seconds >= 0.0 && options->seconds <= 3600.0)) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--seconds is not between 0 and 3600");
    return FALSE;
  }
  options->model = argv[1];
  options->picture = command->n_arguments > 1 ? argv[2] : NULL;
  return TRUE;
}

/* A full disk shows only when the buffer of stdout is written. */
static gboolean
flush_stdout (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
      "the output cannot be written");
  return FALSE;
}

static gint
run_command (const CommandInfo *command, gint argc, gchar **argv)
{
  Options options = { .max_memory = CNN_LIMITS_DEFAULT_MIB,
    .max_macs = CNN_LIMITS_DEFAULT_MILLION_MACS,
    .seconds = DEFAULT_SECONDS };
  g_autoptr (GError) error = NULL;
  gint status = EXIT_SUCCESS;

  if (!parse_command_line (command, &options, &argc, &argv, &error)
      || !check_options (command, &options, argc, argv, &error)
      || !command->run (&options, &error) || !flush_stdout (&error)) {
    g_printerr (PROGRAM ": %s\n", error->message);
    status = error->domain == G_OPTION_ERROR ? EXIT_USAGE : EXIT_FAILURE;
  }
  g_strfreev (options.inputs);
  g_free (options.layers);
  g_free (options.output_dir);
  g_free (options.labels);
  g_free (options.output);
  return status;
}

static void
print_help (void)
{
  g_print ("Usage:\n");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  " PROGRAM " %s %s [OPTIONS]\n", commands[i].name,
        commands[i].arguments);
  g_print ("\nMODEL is the folder of a TensorFlow.js layers-model, or its "
           "model.json.\n" PROGRAM " COMMAND --help describes a command, "
           "--version prints the version.\n");
}

gint
main (gint argc, gchar **argv)
{
  const gchar *name = argc > 1 ? argv[1] : "";
  const CommandInfo *command = find_command (name);

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* programs read the output */
  if (command)
    return run_command (command, argc - 1, argv + 1);
  if (g_str_equal (name, "--version")) {
    g_print (PROGRAM " " TOOL_VERSION "\n");
    return EXIT_SUCCESS;
  }
  if (g_str_equal (name, "--help") || g_str_equal (name, "-h")) {
    print_help ();
    return EXIT_SUCCESS;
  }
  if (*name)
    g_printerr (PROGRAM ": '%s' is not a command; see --help\n", name);
  else
    g_printerr (PROGRAM ": a command is missing; see --help\n");
  return EXIT_USAGE;
}
