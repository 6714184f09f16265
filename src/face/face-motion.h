/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/* In nanoseconds: for longer nobody goes on as before. */
#define FACE_MOTION_MAX_PREDICTION G_GUINT64_CONSTANT (250000000)

/**
 * FaceMotion:
 * @area: smoothed, at @time
 * @measured: the last measurement as it was
 * @velocity_x: in pixels a second
 * @velocity_y: likewise
 * @time: of the last measurement, in nanoseconds
 *
 * How a face moves: steady where it rests, and without delay where it jumps.
 */
typedef struct {
  FaceArea area;
  FaceArea measured;
  gfloat velocity_x;
  gfloat velocity_y;
  guint64 time;
} FaceMotion;

/**
 * face_motion_start:
 *
 * Takes @area as it is, at rest.
 */
void face_motion_start (FaceMotion *motion, const FaceArea *area, guint64 time);

/**
 * face_motion_measure:
 * @measured: where the face was found
 * @time: not before the last measurement
 *
 * Moves the area towards @measured, by 0.3 of the way in a 30th of a second
 * (an exponential moving average whose weight follows the time that has
 * passed), and by more the farther it is off: all the way from a quarter of
 * the face's size on.
 */
void face_motion_measure (FaceMotion *motion, const FaceArea *measured,
    guint64 time);

/**
 * face_motion_predict:
 *
 * Returns: where the face is at @time if it moves on as it did, for
 *   FACE_MOTION_MAX_PREDICTION at most
 */
FaceArea face_motion_predict (const FaceMotion *motion, guint64 time);

G_END_DECLS
