/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "face/face-area.h"

G_BEGIN_DECLS

/* How far ahead a motion is extrapolated, in nanoseconds: people do not keep
 * their speed for longer. */
#define FACE_MOTION_MAX_PREDICTION G_GUINT64_CONSTANT (250000000)

/**
 * FaceMotion:
 * @area: the smoothed area at @time
 * @measured: the last measurement, not smoothed
 * @velocity_x: horizontal velocity, in pixels per second
 * @velocity_y: vertical velocity, in pixels per second
 * @time: time of the last measurement, in nanoseconds
 *
 * Follows a face's area over time: steady while the face rests, and without
 * delay when it jumps.
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
 * Starts at @area, at rest.
 */
void face_motion_start (FaceMotion *motion, const FaceArea *area, guint64 time);

/**
 * face_motion_measure:
 * @measured: where the face was found
 * @time: must not be before the last measurement
 *
 * Moves the area towards @measured: by 0.3 of the distance in a 30th of a
 * second (an exponential moving average weighted by the elapsed time), and by
 * more the larger the distance is. From a quarter of the face's size on, it
 * moves all the way.
 */
void face_motion_measure (FaceMotion *motion, const FaceArea *measured,
    guint64 time);

/**
 * face_motion_predict:
 *
 * Returns: where the face is at @time if it keeps its velocity, for
 *   FACE_MOTION_MAX_PREDICTION at most
 */
FaceArea face_motion_predict (const FaceMotion *motion, guint64 time);

G_END_DECLS
