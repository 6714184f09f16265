/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <math.h>

G_BEGIN_DECLS

/* What is smoothed frame by frame is tuned for this time between frames. */
#define OVERLAY_USUAL_FRAME_TIME (1.0 / 30.0)

/**
 * overlay_smoothing_get_part:
 * @part: of the way to a new value that is gone in a usual frame
 * @elapsed: seconds since the last frame
 *
 * Returns: the part that is gone in this frame, so that what is shown lags by
 *   the same time at every frame rate
 */
static inline gdouble
overlay_smoothing_get_part (gdouble part, gdouble elapsed)
{
  return 1.0 - pow (1.0 - part, MAX (elapsed, 0.0) / OVERLAY_USUAL_FRAME_TIME);
}

G_END_DECLS
