/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <time.h>

#include "cnn/plan/plan.h"
#include "tools/command.h"
#include "tools/table.h"

#define MIN_RUNS 5
#define SEED 1

static const TableColumn columns[] = {
  { "Layers", FALSE },
  { "Kernel", FALSE },
  { "MACs", TRUE },
  { "ms", TRUE },
  { "%", TRUE },
  { "GFLOP/s", TRUE },
};

/**
 * Times:
 * @steps: (element-type GArray): for each step its times, in seconds
 * @runs: (element-type double): times of whole runs, in seconds
 */
typedef struct {
  GPtrArray *steps;
  GArray *runs;
} Times;

/* GLib's clock counts microseconds, which is too coarse for some steps. */
static gdouble
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gdouble) now.tv_sec + (gdouble) now.tv_nsec * 1e-9;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  const gdouble first = *(const gdouble *) a, second = *(const gdouble *) b;

  return (first > second) - (first < second);
}

static gdouble
get_median (GArray *times)
{
  const gdouble *values = (const gdouble *) (gpointer) times->data;

  g_array_sort (times, compare);
  return times->len % 2
      ? values[times->len / 2]
      : 0.5 * (values[times->len / 2 - 1] + values[times->len / 2]);
}

/* The same values each time the program runs; which ones hardly matters. */
static void
fill_inputs (const CnnModel *model, CnnPlan *plan)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  for (guint i = 0; i < n_inputs; i++) {
    const gsize count = cnn_shape_size (
        cnn_model_get_node_shape (model, inputs[i]));
    gfloat *values = cnn_plan_get_input (plan, i);

    for (gsize k = 0; k < count; k++)
      values[k] = (gfloat) g_rand_double (random);
  }
}

static void
times_init (Times *times, guint n_steps)
{
  times->runs = g_array_new (FALSE, FALSE, sizeof (gdouble));
  times->steps = g_ptr_array_new_with_free_func (
      (GDestroyNotify) g_array_unref);
  for (guint i = 0; i < n_steps; i++)
    g_ptr_array_add (times->steps,
        g_array_new (FALSE, FALSE, sizeof (gdouble)));
}

static void
times_clear (Times *times)
{
  g_ptr_array_unref (times->steps);
  g_array_unref (times->runs);
}

/* Alternates between a whole run and one step by step, so that both see the
 * same clock rate and other load. */
static void
measure_once (CnnPlan *plan, Times *times)
{
  gdouble start = get_time ();
  gdouble elapsed;

  cnn_plan_run (plan);
  elapsed = get_time () - start;
  g_array_append_val (times->runs, elapsed);
  for (guint i = 0; i < times->steps->len; i++) {
    start = get_time ();
    cnn_plan_run_step (plan, i);
    elapsed = get_time () - start;
    g_array_append_val (g_ptr_array_index (times->steps, i), elapsed);
  }
}

static void
measure (const CnnModel *model, CnnPlan *plan, gdouble seconds, Times *times)
{
  gdouble start;

  fill_inputs (model, plan);
  cnn_plan_run (plan); /* touches all memory for the first time */
  start = get_time ();
  do {
    measure_once (plan, times);
  } while (times->runs->len < MIN_RUNS || get_time () - start < seconds);
}

/* The nodes of a step are a chain of first inputs. */
static guint64
count_macs (const CnnModel *model, guint first, guint last)
{
  guint64 macs = cnn_model_get_node_macs (model, first);
  guint n_inputs;

  for (; last != first;
       last = cnn_model_get_node_inputs (model, last, &n_inputs)[0])
    macs += cnn_model_get_node_macs (model, last);
  return macs;
}

/* A multiply-accumulate counts as two operations. */
static gchar *
format_speed (guint64 macs, gdouble seconds)
{
  if (macs == 0 || seconds <= 0.0)
    return g_strdup ("-");
  return g_strdup_printf ("%.2f", 2e-9 * (gdouble) macs / seconds);
}

static void
add_row (Table *table, gchar *layers, const gchar *kernel, guint64 macs,
    gdouble seconds, gdouble run)
{
  table_take (table, layers);
  table_take (table, g_strdup (kernel));
  table_take (table, table_format_count (macs));
  table_take (table, g_strdup_printf ("%.4f", 1e3 * seconds));
  table_take (table,
      g_strdup_printf ("%.1f", run > 0.0 ? 100.0 * seconds / run : 0.0));
  table_take (table, format_speed (macs, seconds));
}

static void
add_rows (Table *table, const CnnModel *model, const CnnPlan *plan,
    const Times *times)
{
  const gdouble run = get_median (times->runs);
  guint64 all_macs = 0;

  for (guint i = 0; i < times->steps->len; i++) {
    guint first, last;
    const gchar *kernel = cnn_plan_get_step (plan, i, &first, &last);
    const guint64 macs = count_macs (model, first, last);
    const gchar *name = cnn_model_get_node_name (model, first);

    add_row (table,
        first == last ? g_strdup (name)
                      : g_strdup_printf ("%s .. %s", name,
                          cnn_model_get_node_name (model, last)),
        kernel, macs, get_median (g_ptr_array_index (times->steps, i)), run);
    all_macs += macs;
  }
  add_row (table, g_strdup ("a whole run"), "", all_macs, run, run);
}

static CnnPlan *
make_plan (const Options *options, CnnModel *model, GError **error)
{
  g_autoptr (GArray) nodes = NULL;

  if (!options->layers)
    return cnn_plan_new (model, NULL, 0, error);
  nodes = command_select_layers (model, options->layers, error);
  return nodes
      ? cnn_plan_new (model, (const guint *) nodes->data, nodes->len, error)
      : NULL;
}

gboolean
command_bench (const Options *options, GError **error)
{
  g_autoptr (CnnModel) model = command_load_model (options, error);
  g_autoptr (CnnPlan) plan = model ? make_plan (options, model, error) : NULL;
  g_autoptr (Table) table = NULL;
  Times times;

  if (!plan)
    return FALSE;
  times_init (&times, cnn_plan_get_n_steps (plan));
  measure (model, plan, options->seconds, &times);
  table = table_new (columns, G_N_ELEMENTS (columns));
  add_rows (table, model, plan, &times);
  g_print ("Instruction set: %s; one thread; medians of %u runs\n",
      cnn_kernels_get_name (cnn_kernels_get ()), times.runs->len);
  table_print (table);
  times_clear (&times);
  return TRUE;
}
