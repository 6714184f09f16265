/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What image_thumbnail_draw() and its loops over pixels have in common. */

#pragma once

#include "image/image-format.h"
#include "image/image-taps.h"
#include "image/thumbnail.h"

G_BEGIN_DECLS

#define THUMBNAIL_LEVELS 3 /* and as many planes at most */
#define ONE 256            /* fractions have eight bits */

/* Bytes of the plane's rows that the crop needs, mixed from two rows. */
typedef struct {
  gint first;
  gint n_bytes;
  guint8 *mixed;
  gint n_allocated;
} Span;

struct _ImageThumbnail {
  gint width;
  gint height;
  ImageTap *columns;
  ImageTap *rows;
  guint16 *fraction;             /* of columns, 0 ... ONE */
  gint *lower[THUMBNAIL_LEVELS]; /* bytes from the start of the span */
  gint *upper[THUMBNAIL_LEVELS];
  guint16 *level[THUMBNAIL_LEVELS]; /* times ONE */
  Span spans[THUMBNAIL_LEVELS];
};

static inline gint
thumbnail_count_levels (const ImageFormatInfo *format)
{
  return MIN (format->n_components, THUMBNAIL_LEVELS);
}

/* The loops, for one instruction set each: all rows of the picture. */
void thumbnail_run_baseline (ImageThumbnail *thumbnail, const ImageFrame *frame,
    guint32 *words, gsize stride);
#ifdef CPU_X86
void thumbnail_run_avx2 (ImageThumbnail *thumbnail, const ImageFrame *frame,
    guint32 *words, gsize stride);
#endif

G_END_DECLS
