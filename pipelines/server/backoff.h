/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Backoff: how long to wait before what has failed is tried again: one second,
 * then two, four, up to 32. Initialize it with zeros. */
typedef struct {
  guint seconds; /* of the last wait; 0: it has not failed */
} Backoff;

/* Returns the seconds to wait after one more failure. */
guint backoff_next (Backoff *self);

/* It has worked: the next failure is the first one again. */
void backoff_reset (Backoff *self);

G_END_DECLS
