/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A worker that runs the engine of this project, on the instruction set given
 * by ACTIVATIONMAP_CPU. */

#include <string.h>

#include "cnn/plan/plan.h"
#include "worker.h"

typedef struct {
  const WorkerNetwork *network;
  CnnModel *model;
  CnnPlan *plan;
  guint *kept;
} Engine;

static gboolean
find_outputs (Engine *self, GError **error)
{
  const WorkerNetwork *network = self->network;

  self->kept = g_new (guint, network->n_outputs);
  for (guint i = 0; i < network->n_outputs; i++) {
    const gint node = cnn_model_find_node (self->model, network->outputs[i]);

    if (node < 0) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_ARGUMENT,
          "there is no layer %s", network->outputs[i]);
      return FALSE;
    }
    self->kept[i] = (guint) node;
  }
  return TRUE;
}

static gpointer
engine_load (const WorkerNetwork *network, GError **error)
{
  const CnnPlanOptions options = { cnn_kernels_get (), FALSE };
  Engine *self = g_new0 (Engine, 1);

  self->network = network;
  self->model = cnn_model_load (network->folder, NULL, error);
  if (!self->model || !find_outputs (self, error))
    return NULL;
  self->plan = cnn_plan_new_full (self->model, self->kept, network->n_outputs,
      &options, error);
  return self->plan ? self : NULL;
}

static void
fill_input (Engine *self)
{
  memcpy (cnn_plan_get_input (self->plan, 0), self->network->input,
      self->network->input_size);
}

static void
engine_run (gpointer instance)
{
  Engine *self = instance;

  fill_input (self);
  cnn_plan_run (self->plan);
}

static void
engine_write_outputs (gpointer instance, FILE *file)
{
  Engine *self = instance;

  for (guint i = 0; i < self->network->n_outputs; i++) {
    const CnnShape *shape = cnn_model_get_node_shape (self->model,
        self->kept[i]);

    fwrite (cnn_plan_get_activation (self->plan, self->kept[i]),
        sizeof (gfloat), cnn_shape_size (shape), file);
  }
}

static void
print_step (Engine *self, guint step, GArray *times)
{
  guint first, last;
  const gchar *kernel = cnn_plan_get_step (self->plan, step, &first, &last);
  guint64 macs = 0;

  for (guint node = first; node <= last; node++)
    macs += cnn_model_get_node_macs (self->model, node);
  g_print ("%.9g %" G_GUINT64_FORMAT " %s: %s",
      worker_median ((gdouble *) times->data, times->len), macs, kernel,
      cnn_model_get_node_name (self->model, first));
  if (last != first)
    g_print (" to %s", cnn_model_get_node_name (self->model, last));
  g_print ("\n");
}

static void
time_steps (Engine *self, GPtrArray *times)
{
  fill_input (self);
  for (guint step = 0; step < times->len; step++) {
    const gdouble start = worker_now ();
    gdouble elapsed;

    cnn_plan_run_step (self->plan, step);
    elapsed = worker_now () - start;
    g_array_append_val (g_ptr_array_index (times, step), elapsed);
  }
}

static void
engine_print_steps (gpointer instance, gdouble budget)
{
  Engine *self = instance;
  g_autoptr (GPtrArray)
      times = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  const gdouble start = worker_now ();

  for (guint i = 0; i < cnn_plan_get_n_steps (self->plan); i++)
    g_ptr_array_add (times, g_array_new (FALSE, FALSE, sizeof (gdouble)));
  do {
    time_steps (self, times);
  } while (worker_now () - start < budget);
  for (guint step = 0; step < times->len; step++)
    print_step (self, step, g_ptr_array_index (times, step));
}

int
main (int argc, char **argv)
{
  const WorkerEngine engine = { "input.nhwc.f32", engine_load, engine_run,
    engine_write_outputs, engine_print_steps };

  return worker_main (&engine, argc, argv);
}
