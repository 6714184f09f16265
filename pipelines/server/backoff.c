/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "backoff.h"

#define FIRST_SECONDS 1
#define LAST_SECONDS 32

guint
backoff_next (Backoff *self)
{
  self->seconds = CLAMP (self->seconds * 2, FIRST_SECONDS, LAST_SECONDS);
  return self->seconds;
}

void
backoff_reset (Backoff *self)
{
  self->seconds = 0;
}
