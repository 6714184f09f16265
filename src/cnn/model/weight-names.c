/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/weight-names.h"

#include <string.h>

#include "base/model-error.h"

/* Limits far beyond real names, which keep hostile ones cheap. */
#define MAX_COMPONENTS 64
#define MAX_ALIKE 256

/**
 * Name:
 * @components: parts between "/"; "block/conv/kernel" has three
 */
typedef struct {
  gchar *text;
  GStrv components;
  guint n_components;
} Name;

/**
 * Ending:
 * @text: start of the ending in a name
 * @n_before: number of components of that name before it
 * @number: number of the name with the fewest components before the ending
 * @rival: number of another name with as few components before, or -1
 *
 * An ending of one or more names that starts at a component.
 */
typedef struct {
  guint hash;
  const gchar *text;
  guint n_before;
  gint number;
  gint rival;
} Ending;

/**
 * CnnWeightNames:
 * @names: Name elements
 * @endings: set of Ending elements
 * @by_component: component before the last -> GArray of numbers
 */
struct _CnnWeightNames {
  GPtrArray *names;
  GHashTable *endings;
  GHashTable *by_component;
};

static void
name_free (gpointer data)
{
  Name *name = data;

  g_free (name->text);
  g_strfreev (name->components);
  g_free (name);
}

static guint
ending_hash (gconstpointer ending)
{
  return ((const Ending *) ending)->hash;
}

static gboolean
ending_equal (gconstpointer a, gconstpointer b)
{
  return g_str_equal (((const Ending *) a)->text, ((const Ending *) b)->text);
}

/* Hashes from the end, so that one pass over a name gives the hashes of all its
 * endings. */
static guint
extend_hash (guint hash, const gchar *begin, const gchar *end)
{
  while (end > begin)
    hash = hash * 31 + (guchar) * --end;
  return hash;
}

CnnWeightNames *
cnn_weight_names_new (void)
{
  CnnWeightNames *self = g_new (CnnWeightNames, 1);

  self->names = g_ptr_array_new_with_free_func (name_free);
  self->endings = g_hash_table_new_full (ending_hash, ending_equal, g_free,
      NULL);
  self->by_component = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      (GDestroyNotify) g_array_unref);
  return self;
}

void
cnn_weight_names_free (CnnWeightNames *names)
{
  g_hash_table_unref (names->by_component);
  g_hash_table_unref (names->endings);
  g_ptr_array_unref (names->names);
  g_free (names);
}

static const Name *
get_name (const CnnWeightNames *self, guint number)
{
  return g_ptr_array_index (self->names, number);
}

const gchar *
cnn_weight_names_get (const CnnWeightNames *names, guint number)
{
  return get_name (names, number)->text;
}

static const Ending *
find_ending (const CnnWeightNames *self, const gchar *text)
{
  const Ending wanted = { .text = text,
    .hash = extend_hash (0, text, text + strlen (text)) };

  return g_hash_table_lookup (self->endings, &wanted);
}

static void
add_ending (CnnWeightNames *self, const Ending *ending)
{
  Ending *known = g_hash_table_lookup (self->endings, ending);

  if (!known)
    g_hash_table_add (self->endings, g_memdup2 (ending, sizeof *ending));
  else if (ending->n_before == known->n_before)
    known->rival = ending->number;
  else if (ending->n_before < known->n_before) {
    known->n_before = ending->n_before;
    known->number = ending->number;
    known->rival = -1;
  }
}

static void
add_endings (CnnWeightNames *self, const Name *name, gint number)
{
  const gchar *end = name->text + strlen (name->text);
  Ending ending = { .number = number, .rival = -1 };

  for (guint i = name->n_components; i > 0; i--) {
    ending.text = end - strlen (name->components[i - 1]);
    ending.hash = extend_hash (ending.hash, ending.text, end);
    ending.n_before = i - 1;
    add_ending (self, &ending);
    if (i > 1) {
      end = ending.text - 1;
      ending.hash = extend_hash (ending.hash, end, ending.text);
    }
  }
}

static void
add_components (CnnWeightNames *self, const Name *name, guint number)
{
  for (guint i = 0; i + 1 < name->n_components; i++) {
    gchar *component = name->components[i];
    GArray *numbers = g_hash_table_lookup (self->by_component, component);

    if (!numbers) {
      numbers = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (self->by_component, component, numbers);
    }
    if (numbers->len == 0
        || g_array_index (numbers, guint, numbers->len - 1) != number)
      g_array_append_val (numbers, number);
  }
}

static gboolean
check_name (const CnnWeightNames *self, const Name *name, GError **error)
{
  const Ending *known = find_ending (self, name->text);

  if (known && known->n_before == 0) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is listed twice");
    return FALSE;
  }
  if (name->n_components > MAX_COMPONENTS) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "has a name of more than %d components", MAX_COMPONENTS);
    return FALSE;
  }
  return TRUE;
}

gboolean
cnn_weight_names_add (CnnWeightNames *names, const gchar *name, GError **error)
{
  const guint number = names->names->len;
  const gsize length = strlen (name);
  Name *added = g_new (Name, 1);

  added->text = g_strndup (name,
      length > 2 && g_str_has_suffix (name, ":0") ? length - 2 : length);
  added->components = g_strsplit (added->text, "/", -1);
  added->n_components = g_strv_length (added->components);
  if (!check_name (names, added, error)) {
    name_free (added);
    return FALSE;
  }
  g_ptr_array_add (names->names, added);
  add_endings (names, added, (gint) number);
  add_components (names, added, number);
  return TRUE;
}

/* Returns 0 for "kernel", 1 for "kernel_7", which TensorFlow uses if the graph
 * already has a "kernel", and G_MAXUINT for everything else. */
static guint
compare_variable (const gchar *name, const gchar *variable)
{
  gsize length = strlen (variable);

  if (strncmp (name, variable, length) != 0)
    return G_MAXUINT;
  name += length;
  if (!*name)
    return 0;
  return name[0] == '_' && name[1]
          && strspn (name + 1, "0123456789") == strlen (name + 1)
      ? 1
      : G_MAXUINT;
}

/* Returns the number of components in which the first @n_components of a name
 * and the first @n of @path differ: those of the path that the name lacks, plus
 * its additional ones. */
static guint
compare_ancestors (const GStrv components, guint n_components, const GStrv path,
    guint n)
{
  guint missing = 0;

  while (n > 0) {
    if (n_components > 0
        && g_str_equal (components[n_components - 1], path[n - 1]))
      n_components--;
    else
      missing++;
    n--;
  }
  return missing + n_components;
}

/* Returns the distance of a name from "PATH/VARIABLE", or G_MAXUINT if it is
 * that of another variable. The form of the variable counts first, then the
 * distance of the layer's name from it, and then the other components. */
static guint
get_distance (const Name *name, const GStrv path, guint n,
    const gchar *variable)
{
  guint last = name->n_components - 1, at = last;
  guint form = compare_variable (name->components[last], variable);

  if (form == G_MAXUINT)
    return G_MAXUINT;
  do {
    if (at-- == 0)
      return G_MAXUINT;
  } while (!g_str_equal (name->components[at], path[n - 1]));
  return form << 24 | (last - 1 - at) << 16
      | MIN (compare_ancestors (name->components, at, path, n - 1), 0xffff);
}

/* Chooses the nearest of some names that share a component with the path of the
 * layer. */
static gint
find_nearest (const CnnWeightNames *self, const GArray *alike, const GStrv path,
    const gchar *variable, gint *rival)
{
  const guint n = g_strv_length (path);
  guint least = G_MAXUINT;
  gint nearest = -1;

  for (guint i = 0; i < alike->len; i++) {
    const guint number = g_array_index (alike, guint, i);
    const guint distance = get_distance (get_name (self, number), path, n,
        variable);

    if (distance > least || distance == G_MAXUINT)
      continue;
    *rival = distance == least ? nearest : -1;
    nearest = (gint) number;
    least = distance;
  }
  return nearest;
}

/* More than %MAX_ALIKE names are not compared: the first two are rivals. */
static gint
find_alike (const CnnWeightNames *self, const gchar *layer,
    const gchar *variable, gint *rival)
{
  g_auto (GStrv) path = g_strsplit (layer, "/", -1);
  const gchar *last = strrchr (layer, '/');
  const GArray *alike = g_hash_table_lookup (self->by_component,
      last ? last + 1 : layer);

  if (!alike)
    return -1;
  if (alike->len <= MAX_ALIKE)
    return find_nearest (self, alike, path, variable, rival);
  *rival = (gint) g_array_index (alike, guint, 1);
  return (gint) g_array_index (alike, guint, 0);
}

gint
cnn_weight_names_find (const CnnWeightNames *names, const gchar *layer,
    const gchar *variable, gint *rival)
{
  g_autofree gchar *exact = g_strconcat (layer, "/", variable, NULL);
  const Ending *ending = find_ending (names, exact);

  *rival = ending ? ending->rival : -1;
  return ending ? ending->number : find_alike (names, layer, variable, rival);
}
