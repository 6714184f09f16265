/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "onnxruntime.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "ort-api.h"

/**
 * OnnxRuntime:
 * @values: values of the outputs; created by the first run and overwritten by
 *   all later ones
 */
struct _OnnxRuntime {
  OrtSession *session;
  const gchar *input_name;
  OrtValue *input;
  const gchar *const *outputs;
  guint n_outputs;
  OrtValue **values;
};

static const OrtApi *ort;

static void
check (const OrtStatus *status)
{
  if (status) {
    g_print ("error %s\n", ort->get_error_message (status));
    exit (EXIT_FAILURE);
  }
}

const gchar *
onnxruntime_open (void)
{
  const gchar *path = g_getenv ("BENCH_ONNXRUNTIME");
  void *library = path ? dlopen (path, RTLD_NOW) : NULL;
  OrtGetApiBase get_base = NULL;

  if (!path)
    return "BENCH_ONNXRUNTIME is not set";
  if (library)
    *(void **) &get_base = dlsym (library, "OrtGetApiBase");
  if (!get_base)
    return dlerror ();
  ort = get_base ()->get_api (ORT_API_VERSION);
  return ort ? NULL : "its version is too old";
}

static OrtSession *
create_session (const gchar *path)
{
  static OrtEnv *env;
  OrtSessionOptions *options;
  OrtSession *session;

  if (!env)
    check (ort->create_env (ORT_LOGGING_LEVEL_WARNING, "bench", &env));
  check (ort->create_session_options (&options));
  check (ort->set_intra_op_threads (options, 1));
  check (ort->set_inter_op_threads (options, 1));
  check (ort->set_optimization_level (options, ORT_ENABLE_ALL));
  check (ort->create_session (env, path, options, &session));
  return session;
}

static OrtValue *
create_input (gfloat *input, const gint64 dims[4])
{
  gsize size = sizeof (gfloat);
  OrtMemoryInfo *info;
  OrtValue *value;

  for (guint i = 0; i < 4; i++)
    size *= (gsize) dims[i];
  check (ort->create_cpu_memory_info (ORT_ARENA_ALLOCATOR, ORT_MEMORY_DEFAULT,
      &info));
  check (ort->create_tensor (info, input, size, dims, 4, ORT_FLOAT, &value));
  return value;
}

OnnxRuntime *
onnxruntime_load (const gchar *path, const gchar *input_name, gfloat *input,
    const gint64 dims[4], const gchar *const *outputs, guint n_outputs)
{
  OnnxRuntime *self = g_new0 (OnnxRuntime, 1);

  self->session = create_session (path);
  self->input_name = input_name;
  self->input = create_input (input, dims);
  self->outputs = outputs;
  self->n_outputs = n_outputs;
  self->values = g_new0 (OrtValue *, n_outputs);
  return self;
}

void
onnxruntime_run (OnnxRuntime *self)
{
  check (ort->run (self->session, NULL, &self->input_name,
      (const OrtValue *const *) &self->input, 1, self->outputs, self->n_outputs,
      self->values));
}

const gfloat *
onnxruntime_get_output (OnnxRuntime *self, guint index, gsize *n_values)
{
  OrtTensorInfo *info;
  void *data;

  check (ort->get_tensor_info (self->values[index], &info));
  check (ort->count_elements (info, n_values));
  check (ort->get_tensor_data (self->values[index], &data));
  return data;
}
