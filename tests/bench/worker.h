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
 * It loads the network, runs it once and prints "ready MILLISECONDS KIB": the
 * time that both took, and by how much they raised its peak memory. Then it
 * executes the commands on its standard input until that ends:
 *
 *   time BUDGET    run for about as many milliseconds, at least three times;
 *                  print the median milliseconds of a run
 *   outputs FILE   write the outputs of a run to FILE, as float32; print "done"
 *   steps BUDGET   print a line "MILLISECONDS MACS LABEL" for each step of the
 *                  network, then "done"; only this engine supports it
 *
 * Input files and outputs have the layout of the engine. */

/**
 * WorkerNetwork:
 * @folder: folder that contains the network in all formats
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
 * @input_file: name of the input file in the folder of the network
 * @load: prepares the network for running
 * @print_steps: (nullable): executes the command "steps"
 */
typedef struct {
  const gchar *input_file;
  gpointer (*load) (const WorkerNetwork *network, GError **error);
  void (*run) (gpointer instance);
  void (*write_outputs) (gpointer instance, FILE *file);
  void (*print_steps) (gpointer instance, gdouble budget);
} WorkerEngine;

int worker_main (const WorkerEngine *engine, int argc, char **argv);

/* Milliseconds since an arbitrary time. */
gdouble worker_now (void);

/**
 * worker_median:
 * @times: (array length=n): the values, which are sorted in place
 * @n: number of values, at least 1
 */
gdouble worker_median (gdouble *times, guint n);

G_END_DECLS
