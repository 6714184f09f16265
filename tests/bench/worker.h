/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* A worker runs one network on one engine and lives as long as the benchmark
 * measures that network:
 *
 *   worker FOLDER HEIGHT WIDTH CHANNELS OUTPUT...
 *
 * It loads the network, runs it once and prints "ready MILLISECONDS KIB": how
 * long the two took and by how much they raised the peak of its memory. Then it
 * obeys lines on its standard input until that ends:
 *
 *   time BUDGET    run for about as many milliseconds, at least three times;
 *                  print the median milliseconds of a run
 *   outputs FILE   write the outputs of a run there, as float32; print "done"
 *   steps BUDGET   print a line "MILLISECONDS MACS LABEL" for each step of the
 *                  network, then "done"; of this engine only
 *
 * An input file has the values in the engine's own layout, and so have the
 * outputs. */

/**
 * WorkerNetwork:
 * @folder: with the network in all formats
 * @dims: height, width and channels of the input
 * @outputs: (array zero-terminated=1): names of the layers to read
 */
typedef struct {
  const gchar *folder;
  gint64 dims[3];
  gfloat *input;
  gsize input_size;
  gchar **outputs;
  guint n_outputs;
} WorkerNetwork;

/**
 * WorkerEngine:
 * @input_file: in the folder of the network
 * @load: makes the network ready to run
 * @print_steps: (nullable)
 */
typedef struct {
  const gchar *input_file;
  gpointer (*load) (const WorkerNetwork *network, GError **error);
  void (*run) (gpointer instance);
  void (*write_outputs) (gpointer instance, FILE *file);
  void (*print_steps) (gpointer instance, gdouble budget);
} WorkerEngine;

int worker_main (const WorkerEngine *engine, int argc, char **argv);

/* Milliseconds since some time. */
gdouble worker_now (void);

/**
 * worker_median:
 * @times: (array length=n): is sorted
 * @n: at least 1
 */
gdouble worker_median (gdouble *times, guint n);

G_END_DECLS
