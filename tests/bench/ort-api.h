/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The few functions of ONNX Runtime's C API that a worker needs, declared here
 * because the packages of the library come without its headers. The API is one
 * table to which each version only appends, so that places in it are stable. */

#define ORT_API_VERSION 17

typedef struct _OrtEnv OrtEnv;
typedef struct _OrtMemoryInfo OrtMemoryInfo;
typedef struct _OrtSession OrtSession;
typedef struct _OrtSessionOptions OrtSessionOptions;
typedef struct _OrtStatus OrtStatus;
typedef struct _OrtTensorInfo OrtTensorInfo;
typedef struct _OrtValue OrtValue;

enum {
  ORT_LOGGING_LEVEL_WARNING = 2
};
enum {
  ORT_ENABLE_ALL = 99
};
enum {
  ORT_ARENA_ALLOCATOR = 1
};
enum {
  ORT_MEMORY_DEFAULT = 0
};
enum {
  ORT_FLOAT = 1
};

typedef void (*OrtUnused) (void);

typedef struct {
  OrtUnused unused_0[2];
  const gchar *(*get_error_message) (const OrtStatus *status); /* 2 */
  OrtStatus *(*create_env) (int level, const gchar *id, OrtEnv **env);
  OrtUnused unused_4[3];
  OrtStatus *(*create_session) (const OrtEnv *env, const gchar *path,
      const OrtSessionOptions *options, OrtSession **session); /* 7 */
  OrtUnused unused_8[1];
  OrtStatus *(*run) (OrtSession *session, const void *options,
      const gchar *const *input_names, const OrtValue *const *inputs,
      gsize n_inputs, const gchar *const *output_names, gsize n_outputs,
      OrtValue **outputs); /* 9 */
  OrtStatus *(*create_session_options) (OrtSessionOptions **options);
  OrtUnused unused_11[12];
  OrtStatus *(
      *set_optimization_level) (OrtSessionOptions *options, int level); /* 23 */
  OrtStatus *(*set_intra_op_threads) (OrtSessionOptions *options, int threads);
  OrtStatus *(*set_inter_op_threads) (OrtSessionOptions *options, int threads);
  OrtUnused unused_26[23];
  OrtStatus *(*create_tensor) (const OrtMemoryInfo *info, void *data,
      gsize size, const gint64 *dims, gsize n_dims, int type,
      OrtValue **value); /* 49 */
  OrtUnused unused_50[1];
  OrtStatus *(*get_tensor_data) (OrtValue *value, void **data); /* 51 */
  OrtUnused unused_52[12];
  OrtStatus *(
      *count_elements) (const OrtTensorInfo *info, gsize *count); /* 64 */
  OrtStatus *(*get_tensor_info) (const OrtValue *value, OrtTensorInfo **info);
  OrtUnused unused_66[3];
  OrtStatus *(*create_cpu_memory_info) (int allocator, int memory,
      OrtMemoryInfo **info); /* 69 */
} OrtApi;

typedef struct {
  const OrtApi *(*get_api) (guint32 version);
  const gchar *(*get_version) (void);
} OrtApiBase;

typedef const OrtApiBase *(*OrtGetApiBase) (void);

#define ORT_ASSERT_PLACE(function, place) \
  G_STATIC_ASSERT (                       \
      G_STRUCT_OFFSET (OrtApi, function) == (place) * sizeof (OrtUnused))

ORT_ASSERT_PLACE (get_error_message, 2);
ORT_ASSERT_PLACE (create_session, 7);
ORT_ASSERT_PLACE (run, 9);
ORT_ASSERT_PLACE (set_optimization_level, 23);
ORT_ASSERT_PLACE (create_tensor, 49);
ORT_ASSERT_PLACE (get_tensor_data, 51);
ORT_ASSERT_PLACE (count_elements, 64);
ORT_ASSERT_PLACE (create_cpu_memory_info, 69);

G_END_DECLS
