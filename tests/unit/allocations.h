/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * allocations_count:
 *
 * Returns: the number of allocations that the process has made, or -1 if it is
 *   unknown: without glibc, and with sanitizers, which replace malloc()
 */
gint allocations_count (void);

/**
 * allocations_get_size:
 *
 * Returns: the number of bytes that the main thread has in use, or -1 if it is
 *   unknown
 */
gssize allocations_get_size (void);

G_END_DECLS
