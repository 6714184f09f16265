/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "overlay/pixels.h"
#include "overlay/text.h"

G_BEGIN_DECLS

/**
 * OverlayGlyphs:
 *
 * The characters of figures, rendered once. Text that changes with every frame
 * is put together from them, as to shape text takes time and memory.
 */
typedef struct _OverlayGlyphs OverlayGlyphs;

/**
 * overlay_glyphs_new:
 * @text: draws them; only for the time of the call
 * @size: of the text, in pixels
 *
 * Returns: (transfer full): free with overlay_glyphs_free()
 */
OverlayGlyphs *overlay_glyphs_new (OverlayText *text, gint size, gboolean bold);

void overlay_glyphs_free (OverlayGlyphs *glyphs);

gint overlay_glyphs_get_size (const OverlayGlyphs *glyphs);

/**
 * overlay_glyphs_measure:
 * @text: UTF-8; of what is not ASCII, only a few signs of mathematics are
 *   known, and a question mark stands for all else
 *
 * Returns: the width of @text, in pixels
 */
gint overlay_glyphs_measure (const OverlayGlyphs *glyphs, const gchar *text);

/**
 * overlay_glyphs_show:
 * @x: left edge
 * @y: top edge of the line
 * @height: of the line; capital letters stand in its middle
 * @rgb: 0xRRGGBB
 *
 * Lays @text over @pixels; what reaches outside is cut off.
 *
 * Returns: where the text ends
 */
gint overlay_glyphs_show (const OverlayGlyphs *glyphs,
    const OverlayPixels *pixels, const gchar *text, gint x, gint y, gint height,
    guint32 rgb);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OverlayGlyphs, overlay_glyphs_free)

G_END_DECLS
