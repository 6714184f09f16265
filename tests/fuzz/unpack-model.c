/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/*
 * unpack-model FILE: converts an input of the targets for models to files for
 * other programs: a folder in TMPDIR with the model, input-0.f32 and so on.
 * Prints the folder. Fails if the input is not a model.
 */

#include <stdlib.h>

#include "fuzz.h"
#include "model-input.h"

static void
write_inputs (CnnModel *model)
{
  g_autoptr (CnnPlan) plan = cnn_plan_new (model, NULL, 0, NULL);
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);

  g_assert_nonnull (plan);
  model_input_fill (model, plan);
  for (guint i = 0; i < n_inputs; i++) {
    g_autofree gchar *name = g_strdup_printf ("input-%u.f32", i);

    fuzz_write_file (name, cnn_plan_get_input (plan, i),
        cnn_shape_size (cnn_model_get_node_shape (model, inputs[i]))
            * sizeof (gfloat));
  }
}

int
main (int argc, char **argv)
{
  g_autofree gchar *data = NULL;
  g_autoptr (CnnModel) model = NULL;
  gsize size;

  if (argc != 2 || !g_file_get_contents (argv[1], &data, &size, NULL))
    return EXIT_FAILURE;
  g_print ("%s\n", fuzz_get_folder ());
  model = model_input_load ((const guint8 *) data, size);
  if (!model)
    return EXIT_FAILURE;
  write_inputs (model);
  return EXIT_SUCCESS;
}
