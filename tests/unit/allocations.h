/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * allocations_count:
 *
 * Returns: how often the process has asked for memory, or -1 where that is not
 *   known: without glibc, and with sanitizers, which have an own malloc()
 */
gint allocations_count (void);

/**
 * allocations_get_size:
 *
 * Returns: bytes that the main thread has in use, or -1 where that is not known
 */
gssize allocations_get_size (void);

G_END_DECLS
