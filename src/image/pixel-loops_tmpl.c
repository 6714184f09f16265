/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* All loops over pixels. Each instruction set has a file that defines LOOPS,
 * the name of the table, includes this one, and is compiled for that set. */

#include "image/pixel-loops.h"

#include "image/levels_tmpl.c"

#include "image/area-scaler_tmpl.c"
#include "image/composite_tmpl.c"
#include "image/resizer_tmpl.c"
#include "image/thumbnail_tmpl.c"

const PixelLoops LOOPS = {
  .composite = composite,
  .resize = resize,
  .scale_area = scale_area,
  .draw_thumbnail = draw_thumbnail,
};
