/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whether several faces are faster as a batch: the median time of a face when
 * the network runs for one face after the other, and when each layer runs for
 * all faces before the next one does, so that its weights are still in the
 * cache. Both ways in turns, with the activations of each face in memory of its
 * own.
 *
 *   bench-batch model/gender [faces]
 */

#include <stdlib.h>
#include <time.h>

/* To give one plan, whose weights the faces are to share, an arena a face. */
#include "cnn/plan.c"

#include "cnn/layer-selection.h"

#define ROUNDS 400
#define DEFAULT_FACES 4
#define MAX_FACES 64

/**
 * Batch:
 * @own_arena: of the plan
 * @arenas: (array length=n_faces)
 */
typedef struct {
  CnnPlan *plan;
  gfloat *own_arena;
  gfloat **arenas;
  guint n_faces;
} Batch;

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static gdouble
get_microseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gdouble) now.tv_sec * 1e6 + (gdouble) now.tv_nsec * 1e-3;
}

/* The layers that cnninference keeps. */
static CnnPlan *
make_plan (CnnModel *model, GError **error)
{
  g_autoptr (GArray) selection = cnn_layer_selection_new (model, "auto", error);
  g_autoptr (GArray) keep = g_array_new (FALSE, FALSE, sizeof (guint));

  if (!selection)
    return NULL;
  for (guint i = 0; i < selection->len; i++) {
    g_array_append_val (keep,
        g_array_index (selection, CnnSelectedLayer, i).node);
  }
  return cnn_plan_new (model, (const guint *) keep->data, keep->len, error);
}

static void
make_arenas (Batch *batch)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const gsize size = (gsize) (batch->plan->scratch - batch->plan->arena);
  guint n_inputs;
  const gsize input_size = cnn_shape_size (
      cnn_model_get_node_shape (batch->plan->model,
          cnn_model_get_inputs (batch->plan->model, &n_inputs)[0]));

  batch->own_arena = batch->plan->arena;
  batch->arenas = g_new (gfloat *, batch->n_faces);
  for (guint i = 0; i < batch->n_faces; i++) {
    gfloat *input;

    batch->arenas[i] = cnn_aligned_try_new (size);
    g_assert (batch->arenas[i]);
    memset (batch->arenas[i], 0, size * sizeof (gfloat));
    batch->plan->arena = batch->arenas[i];
    input = cnn_plan_get_input (batch->plan, 0);
    for (gsize k = 0; k < input_size; k++)
      input[k] = (gfloat) g_rand_double (random);
  }
}

static void
free_batch (Batch *batch)
{
  for (guint i = 0; i < batch->n_faces; i++)
    cnn_aligned_free (batch->arenas[i]);
  g_free (batch->arenas);
  batch->plan->arena = batch->own_arena;
  cnn_plan_free (batch->plan);
}

static void
run_face_by_face (const Batch *batch)
{
  for (guint face = 0; face < batch->n_faces; face++) {
    batch->plan->arena = batch->arenas[face];
    cnn_plan_run (batch->plan);
  }
}

static void
run_layer_by_layer (const Batch *batch)
{
  for (guint step = 0; step < cnn_plan_get_n_steps (batch->plan); step++) {
    for (guint face = 0; face < batch->n_faces; face++) {
      batch->plan->arena = batch->arenas[face];
      cnn_plan_run_step (batch->plan, step);
    }
  }
}

static gdouble
measure (void (*run) (const Batch *batch), const Batch *batch)
{
  const gdouble start = get_microseconds ();

  run (batch);
  return (get_microseconds () - start) / batch->n_faces;
}

static void
compare_ways (const Batch *batch)
{
  gdouble faces[ROUNDS], layers[ROUNDS];

  for (guint round = 0; round < ROUNDS; round++) {
    faces[round] = measure (run_face_by_face, batch);
    layers[round] = measure (run_layer_by_layer, batch);
  }
  qsort (faces, ROUNDS, sizeof *faces, compare_times);
  qsort (layers, ROUNDS, sizeof *layers, compare_times);
  g_print ("%u faces, us each: %.1f face by face, %.1f layer by layer\n",
      batch->n_faces, faces[ROUNDS / 2], layers[ROUNDS / 2]);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = NULL;
  Batch batch = { .n_faces = argc > 2 ? (guint) atoi (argv[2])
                                      : DEFAULT_FACES };

  if (argc < 2 || argc > 3 || batch.n_faces < 1 || batch.n_faces > MAX_FACES) {
    g_printerr ("usage: %s model [faces, 1 to %d]\n", argv[0], MAX_FACES);
    return 2;
  }
  model = cnn_model_load (argv[1], NULL, &error);
  batch.plan = model ? make_plan (model, &error) : NULL;
  if (!batch.plan) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  make_arenas (&batch);
  compare_ways (&batch);
  free_batch (&batch);
  return 0;
}
