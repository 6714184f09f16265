/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a run may not do: allocate. */

#include <errno.h>
#include <stdlib.h>

#include "cnn/plan.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#endif

/* The C library lets a program bring its own allocator; a sanitizer has brought
 * one already. */
#if defined(__GLIBC__) && !defined(SANITIZED)
#define COUNTS_ALLOCATIONS

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t count, size_t size);
extern void *__libc_realloc (void *memory, size_t size);
extern void *__libc_memalign (size_t alignment, size_t size);

static gint allocations;

void *
malloc (size_t size)
{
  g_atomic_int_inc (&allocations);
  return __libc_malloc (size);
}

void *
calloc (size_t count, size_t size)
{
  g_atomic_int_inc (&allocations);
  return __libc_calloc (count, size);
}

void *
realloc (void *memory, size_t size)
{
  g_atomic_int_inc (&allocations);
  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  g_atomic_int_inc (&allocations);
  return __libc_memalign (alignment, size);
}

int
posix_memalign (void **memory, size_t alignment, size_t size)
{
  g_atomic_int_inc (&allocations);
  *memory = __libc_memalign (alignment, size);
  return *memory ? 0 : ENOMEM;
}
#endif

static void
check_runs (CnnModel *model, const CnnKernels *kernels)
{
#ifdef COUNTS_ALLOCATIONS
  const CnnPlanOptions options = { kernels, FALSE };
  const gint before_plan = g_atomic_int_get (&allocations);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnPlan)
      plan = cnn_plan_new_full (model, NULL, 0, &options, &error);
  gint before_runs;

  g_assert_no_error (error);
  before_runs = g_atomic_int_get (&allocations);
  /* That they are counted at all. */
  g_assert_cmpint (before_runs, >, before_plan);
  for (guint i = 0; i < 3; i++)
    cnn_plan_run (plan);
  g_assert_cmpint (g_atomic_int_get (&allocations), ==, before_runs);
#endif
}

static void
test_allocation (gconstpointer data)
{
  g_autofree gchar *file = g_test_build_filename (G_TEST_DIST, "..", "golden",
      data, "model.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CnnModel) model = cnn_model_load (file, NULL, &error);
  const CnnKernels *kernels;

  g_assert_no_error (error);
#ifndef COUNTS_ALLOCATIONS
  g_test_skip ("allocations cannot be counted with this C library");
#endif
  check_runs (model, NULL);
  for (guint i = 0; (kernels = cnn_kernels_get_nth (i)); i++)
    check_runs (model, kernels);
}

int
main (int argc, char **argv)
{
  const gchar *models[] = { "models/original-small", "models/windows",
    "tfjs/conv2d", "tfjs/merges", "tfjs/mini-mobilenet", "tfjs/mini-xception",
    "tfjs/normalizations", "tfjs/pooling", "tfjs/squeeze-excite",
    "tfjs/transposed" };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree gchar *path = g_strconcat ("/cnn/plan/allocation/", models[i],
        NULL);

    g_test_add_data_func (path, models[i], test_allocation);
  }
  return g_test_run ();
}
