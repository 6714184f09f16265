/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What image_composite() and its loops over pixels have in common. */

#pragma once

#include "image/image-composite.h"
#include "image/image-format.h"

G_BEGIN_DECLS

/* In the order of the components of RGB formats. */
enum {
  RED,
  GREEN,
  BLUE,
  ALPHA,
  N_CHANNELS
};

/* A component from premultiplied levels. A negative weight of a colour becomes
 * a positive one of (alpha - colour), for which @complement is all ones: so no
 * sum is ever negative. Where @is_channel, the component is the channel of the
 * same index, unweighted. */
typedef struct {
  gboolean is_channel;
  guint16 weight[N_CHANNELS];
  guint16 complement[N_CHANNELS];
} Weights;

typedef struct {
  ImageFrame *frame;
  const ImageFormatInfo *format;
  Weights weights[IMAGE_MAX_COMPONENTS];

  const ImageOverlay *overlay;
  gint x, y;
  /* the part of the frame that the overlay lies over */
  gint left, top, right, bottom;
} Composition;

/* The loops, for one instruction set each. */
void composition_run_baseline (const Composition *composition);
#ifdef CPU_X86
void composition_run_avx2 (const Composition *composition);
#endif

G_END_DECLS
