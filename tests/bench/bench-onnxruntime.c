/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A worker that runs ONNX Runtime through its C API. BENCH_ONNXRUNTIME is the
 * path of the library. */

#include <dlfcn.h>
#include <stdlib.h>

#include "ort-api.h"
#include "worker.h"

/**
 * Runtime:
 * @values: values of the outputs; created by the first run and overwritten by
 *   all later ones
 */
typedef struct {
  const WorkerNetwork *network;
  OrtSession *session;
  OrtValue *input;
  OrtValue **values;
} Runtime;

static const OrtApi *ort;

static void
check (const OrtStatus *status)
{
  if (status) {
    g_print ("error %s\n", ort->get_error_message (status));
    exit (EXIT_FAILURE);
  }
}

static const OrtApiBase *
open_library (void)
{
  const gchar *path = g_getenv ("BENCH_ONNXRUNTIME");
  void *library = path ? dlopen (path, RTLD_NOW) : NULL;
  OrtGetApiBase get_base = NULL;

  if (library)
    *(void **) &get_base = dlsym (library, "OrtGetApiBase");
  return get_base ? get_base () : NULL;
}

static OrtSession *
create_session (OrtEnv *env, const gchar *folder)
{
  g_autofree gchar *path = g_build_filename (folder, "model.onnx", NULL);
  OrtSessionOptions *options;
  OrtSession *session;

  check (ort->create_session_options (&options));
  check (ort->set_intra_op_threads (options, 1));
  check (ort->set_inter_op_threads (options, 1));
  check (ort->set_optimization_level (options, ORT_ENABLE_ALL));
  check (ort->create_session (env, path, options, &session));
  return session;
}

static OrtValue *
create_input (const WorkerNetwork *network)
{
  const gint64 dims[] = { 1, network->dims[2], network->dims[0],
    network->dims[1] };
  OrtMemoryInfo *info;
  OrtValue *value;

  check (ort->create_cpu_memory_info (ORT_ARENA_ALLOCATOR, ORT_MEMORY_DEFAULT,
      &info));
  check (ort->create_tensor (info, network->input, network->input_size, dims,
      G_N_ELEMENTS (dims), ORT_FLOAT, &value));
  return value;
}

static gpointer
runtime_load (const WorkerNetwork *network, GError **error)
{
  static OrtEnv *env;
  Runtime *self = g_new0 (Runtime, 1);

  self->network = network;
  check (ort->create_env (ORT_LOGGING_LEVEL_WARNING, "bench", &env));
  self->session = create_session (env, network->folder);
  self->input = create_input (network);
  self->values = g_new0 (OrtValue *, network->n_outputs);
  return self;
}

static void
runtime_run (gpointer instance)
{
  static const gchar *const input_names[] = { "input_1" };
  Runtime *self = instance;

  check (ort->run (self->session, NULL, input_names,
      (const OrtValue *const *) &self->input, 1,
      (const gchar *const *) self->network->outputs, self->network->n_outputs,
      self->values));
}

static void
runtime_write_outputs (gpointer instance, FILE *file)
{
  Runtime *self = instance;

  for (guint i = 0; i < self->network->n_outputs; i++) {
    OrtTensorInfo *info;
    gsize count;
    void *data;

    check (ort->get_tensor_info (self->values[i], &info));
    check (ort->count_elements (info, &count));
    check (ort->get_tensor_data (self->values[i], &data));
    fwrite (data, sizeof (gfloat), count, file);
  }
}

int
main (int argc, char **argv)
{
  const WorkerEngine engine = { "input.nchw.f32", runtime_load, runtime_run,
    runtime_write_outputs };
  const OrtApiBase *base = open_library ();

  if (!base || !(ort = base->get_api (ORT_API_VERSION))) {
    g_print ("error ONNX Runtime cannot be opened: %s\n",
        base ? "its version is too old" : dlerror ());
    return EXIT_FAILURE;
  }
  return worker_main (&engine, argc, argv);
}
