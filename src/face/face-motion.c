/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-motion.h"

#include <math.h>

#define NANOSECONDS 1e-9f
/* Time constants of the averages, in seconds: in this time the old value decays
 * to 1 / e. The area moves by 0.3 of the way in a 30th of a second. */
#define AREA_TIME 0.0935f
/* Velocities are differences of positions, which are noisier. */
#define VELOCITY_TIME 0.2f
/* Distance from which on a face is not smoothed, relative to its size. */
#define JUMP 0.25f

void
face_motion_start (FaceMotion *motion, const FaceArea *area, guint64 time)
{
  *motion = (FaceMotion) { .area = *area, .measured = *area, .time = time };
}

static gfloat
to_seconds (guint64 time)
{
  return (gfloat) time * NANOSECONDS;
}

/* The largest difference in position or size, relative to the size of @b. */
static gfloat
get_distance (const FaceArea *a, const FaceArea *b)
{
  const gfloat x = fabsf (a->x - b->x) / MAX (b->width, 1.0f);
  const gfloat y = fabsf (a->y - b->y) / MAX (b->height, 1.0f);
  const gfloat width = fabsf (a->width - b->width) / MAX (b->width, 1.0f);
  const gfloat height = fabsf (a->height - b->height) / MAX (b->height, 1.0f);

  return MAX (MAX (x, y), MAX (width, height));
}

static void
approach (gfloat *value, gfloat target, gfloat weight)
{
  *value += (target - *value) * weight;
}

static void
measure_velocity (FaceMotion *motion, const FaceArea *measured, gfloat seconds)
{
  const gfloat weight = 1.0f - expf (-seconds / VELOCITY_TIME);

  if (seconds <= 0.0f)
    return;
  approach (&motion->velocity_x, (measured->x - motion->measured.x) / seconds,
      weight);
  approach (&motion->velocity_y, (measured->y - motion->measured.y) / seconds,
      weight);
}

void
face_motion_measure (FaceMotion *motion, const FaceArea *measured, guint64 time)
{
  const gfloat seconds = to_seconds (time - motion->time);
  const gfloat jump = MIN (get_distance (&motion->area, measured) / JUMP, 1.0f);
  const gfloat weight = 1.0f - expf (-seconds / AREA_TIME) * (1.0f - jump);
  FaceArea *area = &motion->area;

  measure_velocity (motion, measured, seconds);
  approach (&area->x, measured->x, weight);
  approach (&area->y, measured->y, weight);
  approach (&area->width, measured->width, weight);
  approach (&area->height, measured->height, weight);
  motion->measured = *measured;
  motion->time = time;
}

FaceArea
face_motion_predict (const FaceMotion *motion, guint64 time)
{
  const gfloat seconds = to_seconds (
      MIN (time - motion->time, FACE_MOTION_MAX_PREDICTION));
  FaceArea area = motion->area;

  area.x += motion->velocity_x * seconds;
  area.y += motion->velocity_y * seconds;
  return area;
}
