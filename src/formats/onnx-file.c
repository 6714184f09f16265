/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-file.h"

#include <stdlib.h>
#include <string.h>

#include "base/model-error.h"

/* Far more than any real network has. */
#define MAX_NODES 65536

#define MIN_OPSET 7
#define MAX_OPSET 21
#define MAX_PRINTED 80

/* Real files take little more than their weights. */
#define BASE_MEMORY ((gsize) 4 << 20)
#define MEMORY_PER_BYTE 16

/**
 * Budget:
 * @left: bytes that may still be allocated
 *
 * The memory of the parser, of which nothing is given back: it counts all that
 * was ever allocated.
 */
typedef struct {
  gsize left;
} Budget;

static void *
allocate (void *data, size_t size)
{
  Budget *budget = data;

  if (size > budget->left)
    return NULL;
  budget->left -= size;
  return malloc (size);
}

static void
release (void *data, void *memory)
{
  free (memory);
}

static Onnx__Model *
unpack (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Budget budget = { BASE_MEMORY + MEMORY_PER_BYTE * size };
  ProtobufCAllocator allocator = { allocate, release, &budget };
  Onnx__Model *model = onnx__model__unpack (&allocator, size, data);

  if (!model)
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is no ONNX file, or is damaged or cut off: save or download it again");
  return model;
}

/* Operators of other domains are refused one by one. */
static gint64
find_opset (const Onnx__Model *model)
{
  for (gsize i = 0; i < model->n_operator_sets; i++) {
    const Onnx__OperatorSet *set = model->operator_sets[i];

    if (!set->domain || !*set->domain || g_str_equal (set->domain, "ai.onnx"))
      return set->version;
  }
  return 0;
}

static gboolean
check_model (OnnxFile *file, GError **error)
{
  const gint64 opset = find_opset (file->model);

  if (!file->model->graph || file->model->graph->n_nodes == 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is no ONNX file of a network: it has no graph with nodes");
    return FALSE;
  }
  if (file->model->graph->n_nodes > MAX_NODES) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "has %" G_GSIZE_FORMAT " nodes, but at most %d are read",
        file->model->graph->n_nodes, MAX_NODES);
    return FALSE;
  }
  if (opset < MIN_OPSET || opset > MAX_OPSET) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
        "uses operator set %" G_GINT64_FORMAT ", but %d to %d are known: "
        "export it with opset_version=17",
        opset, MIN_OPSET, MAX_OPSET);
    return FALSE;
  }
  file->opset = (gint) opset;
  return TRUE;
}

OnnxFile *
onnx_file_parse (GBytes *bytes, GError **error)
{
  g_autoptr (OnnxFile) file = g_new0 (OnnxFile, 1);

  file->model = unpack (bytes, error);
  if (!file->model || !check_model (file, error))
    return NULL;
  return g_steal_pointer (&file);
}

void
onnx_file_free (OnnxFile *file)
{
  Budget budget = { 0 };
  ProtobufCAllocator allocator = { allocate, release, &budget };

  if (file->model)
    onnx__model__free_unpacked (file->model, &allocator);
  g_free (file);
}

const gchar *
onnx_file_get_metadata (const OnnxFile *file, const gchar *key)
{
  const Onnx__Model *model = file->model;

  for (gsize i = 0; i < model->n_metadata; i++) {
    if (g_strcmp0 (model->metadata[i]->key, key) == 0)
      return model->metadata[i]->value;
  }
  return NULL;
}

gchar *
onnx_print_name (const gchar *name)
{
  g_autofree gchar *start = g_strndup (name ? name : "", MAX_PRINTED);
  g_autofree gchar *valid = g_utf8_make_valid (start, -1);

  return g_strcanon (g_strdup (valid),
      G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._:-+@ ()[]", '?');
}
