/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-refiner.h"

#include <math.h>

#include "classifier/classifier.h"
#include "cnn/plan/plan.h"

/* A face that is so many times as large or as small as the candidate is not
 * what was proposed, but something else. */
#define MAX_RATIO 3.0f

struct _FaceRefiner {
  Classifier *network;
  CnnPlan *plan;
  ImageResizer *resizer;
  gfloat crop_scale;
};

static guint
get_output (const FaceRefiner *refiner, guint *n_outputs)
{
  return cnn_model_get_outputs (classifier_get_model (refiner->network),
      n_outputs)[0];
}

static gboolean
check_output (const FaceRefiner *refiner, GError **error)
{
  guint n_outputs;
  const guint output = get_output (refiner, &n_outputs);
  const CnnShape *shape = cnn_model_get_node_shape (classifier_get_model (
                                                        refiner->network),
      output);
  g_autofree gchar *text = NULL;

  if (n_outputs == 1 && cnn_shape_size (shape) == FACE_REFINER_N_VALUES)
    return TRUE;
  text = cnn_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "a network that refines faces has one output of %d values, but this one "
      "has %u, the first of %s",
      FACE_REFINER_N_VALUES, n_outputs, text);
  return FALSE;
}

/* The places of the output are those of a crop that fills the input. */
static gboolean
check_fit (const FaceRefiner *refiner, GError **error)
{
  const ImageFit fit = classifier_get_preprocess (refiner->network)->fit;

  if (fit == IMAGE_FIT_STRETCH)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      CLASSIFIER_PREPROCESS_FILE
      ": 'fit' is '%s', but a network that refines faces needs 'stretch'",
      classifier_fit_names[fit]);
  return FALSE;
}

static gboolean
load (FaceRefiner *refiner, const gchar *model, GError **error)
{
  refiner->network = classifier_load (&(ClassifierSource) { .model = model },
      error);
  if (!refiner->network)
    return FALSE;
  if (!check_output (refiner, error) || !check_fit (refiner, error)) {
    g_prefix_error (error, "%s: ", model);
    return FALSE;
  }
  refiner->plan = cnn_plan_new (classifier_get_model (refiner->network), NULL,
      0, error);
  return refiner->plan != NULL;
}

FaceRefiner *
face_refiner_new (const gchar *model, GError **error)
{
  g_autoptr (FaceRefiner) refiner = g_new0 (FaceRefiner, 1);
  gdouble crop_scale;

  if (!load (refiner, model, error))
    return NULL;
  refiner->resizer = classifier_new_resizer (refiner->network);
  crop_scale = classifier_get_preprocess (refiner->network)->crop_scale;
  refiner->crop_scale = crop_scale > 0.0 ? (gfloat) crop_scale : 1.0f;
  return g_steal_pointer (&refiner);
}

void
face_refiner_free (FaceRefiner *refiner)
{
  g_clear_pointer (&refiner->plan, cnn_plan_free);
  g_clear_pointer (&refiner->resizer, image_resizer_free);
  g_clear_pointer (&refiner->network, classifier_free);
  g_free (refiner);
}

static Rect
choose_crop (const FaceRefiner *refiner, const FaceArea *place)
{
  const FaceArea around = { place->x, place->y,
    place->width * refiner->crop_scale, place->height * refiner->crop_scale };

  return face_area_to_rect (&around);
}

/* Written so that NaN fails. */
static gboolean
is_plausible (const FaceRefiner *refiner, const gfloat *values)
{
  const gfloat reach = refiner->crop_scale / 2.0f;

  return isfinite (values[0]) && fabsf (values[1]) <= reach
      && fabsf (values[2]) <= reach && fabsf (values[3]) <= logf (MAX_RATIO);
}

gboolean
face_refiner_run (FaceRefiner *refiner, const ImageFrame *frame,
    const FaceArea *place, FaceArea *area, gfloat *logit)
{
  const Rect crop = choose_crop (refiner, place);
  /* The network speaks of the crop that it was given, in whole pixels. */
  const FaceArea seen = face_area_from_rect (&crop);
  const gfloat x_unit = seen.width / refiner->crop_scale;
  const gfloat y_unit = seen.height / refiner->crop_scale;
  const gfloat *values;
  guint n_outputs;

  image_resizer_run (refiner->resizer, frame, &crop,
      cnn_plan_get_input (refiner->plan, 0));
  cnn_plan_run (refiner->plan);
  values = cnn_plan_get_activation (refiner->plan,
      get_output (refiner, &n_outputs));
  if (!is_plausible (refiner, values))
    return FALSE;
  area->x = seen.x + values[1] * x_unit;
  area->y = seen.y + values[2] * y_unit;
  area->width = expf (values[3]) * x_unit;
  area->height = area->width * (place->height / place->width);
  *logit = values[0];
  return TRUE;
}
