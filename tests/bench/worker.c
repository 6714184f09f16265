/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_OUTPUT_ARGUMENT 5
#define MIN_RUNS 3

gdouble
worker_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gdouble) now.tv_sec * 1e3 + (gdouble) now.tv_nsec / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return (x > y) - (x < y);
}

gdouble
worker_median (gdouble *times, guint n)
{
  qsort (times, n, sizeof *times, compare_doubles);
  return (times[(n - 1) / 2] + times[n / 2]) / 2;
}

/* The peak memory so far, in KiB. */
static gint64
read_peak (void)
{
  g_autofree gchar *status = NULL;
  const gchar *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL)
      || !(line = strstr (status, "VmHWM:")))
    return 0;
  return g_ascii_strtoll (line + strlen ("VmHWM:"), NULL, 10);
}

/* Resets the peak to the memory in use, where that is permitted. */
static void
reset_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  if (file) {
    fputs ("5", file);
    fclose (file);
  }
}

static gdouble
time_runs (const WorkerEngine *engine, gpointer instance, gdouble budget)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (gdouble));
  gdouble total = 0.0;

  engine->run (instance);
  while (total < budget || times->len < MIN_RUNS) {
    const gdouble start = worker_now ();
    gdouble elapsed;

    engine->run (instance);
    elapsed = worker_now () - start;
    g_array_append_val (times, elapsed);
    total += elapsed;
  }
  return worker_median ((gdouble *) times->data, times->len);
}

static void
write_outputs (const WorkerEngine *engine, gpointer instance, const gchar *path)
{
  FILE *file = fopen (path, "wb");

  if (!file) {
    g_print ("error cannot write %s\n", path);
    return;
  }
  engine->run (instance);
  engine->write_outputs (instance, file);
  g_print (fclose (file) == 0 ? "done\n" : "error cannot write\n");
}

static void
obey (const WorkerEngine *engine, gpointer instance, const gchar *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 2);
  const gchar *argument = words[0] && words[1] ? words[1] : "";

  if (g_strcmp0 (words[0], "time") == 0) {
    g_print ("%.9g\n",
        time_runs (engine, instance, g_ascii_strtod (argument, NULL)));
  } else if (g_strcmp0 (words[0], "outputs") == 0) {
    write_outputs (engine, instance, argument);
  } else if (g_strcmp0 (words[0], "steps") == 0 && engine->print_steps) {
    engine->print_steps (instance, g_ascii_strtod (argument, NULL));
    g_print ("done\n");
  } else {
    g_print ("error unknown command %s\n", line);
  }
}

static gboolean
read_network (WorkerNetwork *network, const WorkerEngine *engine, int argc,
    char **argv, GError **error)
{
  g_autofree gchar *path = NULL;
  gsize expected = sizeof (gfloat);
  gchar *data = NULL;

  network->folder = argv[1];
  network->outputs = argv + FIRST_OUTPUT_ARGUMENT;
  network->n_outputs = (guint) (argc - FIRST_OUTPUT_ARGUMENT);
  for (guint i = 0; i < G_N_ELEMENTS (network->dims); i++) {
    network->dims[i] = g_ascii_strtoll (argv[2 + i], NULL, 10);
    expected *= (gsize) network->dims[i];
  }
  path = g_build_filename (network->folder, engine->input_file, NULL);
  if (!g_file_get_contents (path, &data, &network->input_size, error))
    return FALSE;
  network->input = (gfloat *) data;
  if (network->input_size != expected) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "%s does not have the size of the input", path);
    return FALSE;
  }
  return TRUE;
}

static gpointer
load (const WorkerEngine *engine, const WorkerNetwork *network, GError **error)
{
  gint64 peak;
  gdouble start;
  gpointer instance;

  reset_peak ();
  peak = read_peak ();
  start = worker_now ();
  instance = engine->load (network, error);
  if (instance) {
    engine->run (instance);
    g_print ("ready %.6g %" G_GINT64_FORMAT "\n", worker_now () - start,
        read_peak () - peak);
  }
  return instance;
}

int
worker_main (const WorkerEngine *engine, int argc, char **argv)
{
  WorkerNetwork network = { NULL };
  g_autoptr (GError) error = NULL;
  gchar line[4096];
  gpointer instance;

  if (argc <= FIRST_OUTPUT_ARGUMENT) {
    g_printerr ("usage: %s FOLDER HEIGHT WIDTH CHANNELS OUTPUT...\n", argv[0]);
    return EXIT_FAILURE;
  }
  if (!read_network (&network, engine, argc, argv, &error)
      || !(instance = load (engine, &network, &error))) {
    g_print ("error %s\n", error->message);
    return EXIT_FAILURE;
  }
  while (fgets (line, sizeof line, stdin))
    obey (engine, instance, g_strchomp (line));
  return EXIT_SUCCESS;
}
