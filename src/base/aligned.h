/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Size of a cache line, and of the widest vectors of today's machines, in
 * bytes. A vector that straddles two lines takes two reads. */
#define CACHE_LINE 64

/**
 * aligned_try_new:
 * @count: may be 0
 *
 * Returns: (transfer full) (nullable): @count uninitialised floats, aligned to
 *   %CACHE_LINE; free with aligned_free(). %NULL if there is not enough memory
 */
gfloat *aligned_try_new (gsize count);

/**
 * aligned_free:
 * @floats: (nullable)
 */
void aligned_free (gfloat *floats);

G_END_DECLS
