/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A worker that runs ONNX Runtime through its C API. BENCH_ONNXRUNTIME is the
 * path of the library. */

#include <stdlib.h>

#include "onnxruntime.h"
#include "worker.h"

typedef struct {
  OnnxRuntime *runtime;
  guint n_outputs;
} Instance;

static gpointer
instance_load (const WorkerNetwork *network, GError **error)
{
  g_autofree gchar *path = g_build_filename (network->folder, "model.onnx",
      NULL);
  const gint64 dims[] = { 1, network->dims[2], network->dims[0],
    network->dims[1] };
  Instance *self = g_new0 (Instance, 1);

  self->runtime = onnxruntime_load (path, "input_1", network->input, dims,
      (const gchar *const *) network->outputs, network->n_outputs);
  self->n_outputs = network->n_outputs;
  return self;
}

static void
instance_run (gpointer instance)
{
  const Instance *self = instance;

  onnxruntime_run (self->runtime);
}

static void
instance_write_outputs (gpointer instance, FILE *file)
{
  const Instance *self = instance;

  for (guint i = 0; i < self->n_outputs; i++) {
    gsize n;
    const gfloat *values = onnxruntime_get_output (self->runtime, i, &n);

    fwrite (values, sizeof *values, n, file);
  }
}

int
main (int argc, char **argv)
{
  const WorkerEngine engine = { "input.nchw.f32", instance_load, instance_run,
    instance_write_outputs };
  const gchar *problem = onnxruntime_open ();

  if (problem) {
    g_print ("error ONNX Runtime cannot be opened: %s\n", problem);
    return EXIT_FAILURE;
  }
  return worker_main (&engine, argc, argv);
}
