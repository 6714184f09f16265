/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-names.h"

#include <string.h>

#define MAX_LENGTH 120

/**
 * OnnxNames:
 * @outer: modules of which other modules are parts
 */
struct _OnnxNames {
  GHashTable *outer;
};

/* The path of the module in which a node is: all but the last component of its
 * name. NULL if there is none. */
static gchar *
get_module (const gchar *name)
{
  const gchar *slash = name ? strrchr (name, '/') : NULL;

  return slash && slash > name ? g_strndup (name, (gsize) (slash - name))
                               : NULL;
}

OnnxNames *
onnx_names_new (const Onnx__Graph *graph)
{
  OnnxNames *names = g_new0 (OnnxNames, 1);

  names->outer = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < graph->n_nodes; i++) {
    g_autofree gchar *module = get_module (graph->nodes[i]->name);
    gchar *outer = module ? get_module (module) : NULL;

    while (outer && !g_hash_table_contains (names->outer, outer)) {
      gchar *next = get_module (outer);

      g_hash_table_add (names->outer, outer);
      outer = next;
    }
    g_free (outer);
  }
  return names;
}

void
onnx_names_free (OnnxNames *names)
{
  g_hash_table_unref (names->outer);
  g_free (names);
}

gchar *
onnx_names_clean (const gchar *name)
{
  gchar *clean = g_strndup (name, MAX_LENGTH);

  return g_strcanon (clean, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-", '_');
}

/* Joins the components of a path. PyTorch repeats those above: "/layer1/
 * layer1.0/conv1". TensorFlow puts all in "StatefulPartitionedCall". */
static gchar *
join_path (const gchar *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  GString *joined = g_string_new (NULL);

  for (guint i = 0; parts[i]; i++) {
    g_autofree gchar *prefix = g_strconcat (parts[i], ".", NULL);

    if (!*parts[i] || g_str_equal (parts[i], "StatefulPartitionedCall")
        || (parts[i + 1] && g_str_has_prefix (parts[i + 1], prefix)))
      continue;
    g_string_append_printf (joined, "%s%s", joined->len ? "." : "", parts[i]);
  }
  return g_string_free (joined, FALSE);
}

/* "fc" for weights named "fc.weight", but not for "onnx::Conv_123". */
static gchar *
get_weights_name (const Onnx__Node *node)
{
  const gchar *name = node->n_inputs > 1 ? node->inputs[1] : "";
  const gchar *dot = strrchr (name, '.');

  return dot && dot > name && !strchr (name, ':') && !strchr (name, '/')
      ? g_strndup (name, (gsize) (dot - name))
      : NULL;
}

static gchar *
name_by_path (const OnnxNames *names, const gchar *path, const gchar *module)
{
  const gchar *last = path + strlen (module) + 1;
  g_autofree gchar *joined = join_path (module);
  g_autofree gchar *lower = g_ascii_strdown (last, -1);

  if (!*joined)
    return g_steal_pointer (&lower);
  return g_hash_table_contains (names->outer, module)
      ? g_strconcat (joined, ".", lower, NULL)
      : g_steal_pointer (&joined);
}

gchar *
onnx_names_choose (const OnnxNames *names, const Onnx__Node *node)
{
  g_autofree gchar *module = get_module (node->name);
  g_autofree gchar *weights = get_weights_name (node);
  const gchar *own = node->name ? node->name : "";
  g_autofree gchar *lower = NULL;

  own += *own == '/';
  if (module) {
    g_autofree gchar *name = name_by_path (names, node->name, module);

    return onnx_names_clean (name);
  }
  if (weights)
    return onnx_names_clean (weights);
  lower = g_ascii_strdown (*own ? own : node->operator_name, -1);
  return onnx_names_clean (lower);
}
