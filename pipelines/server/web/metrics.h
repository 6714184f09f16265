/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

#include "stream.h"

G_BEGIN_DECLS

/* Returns: (transfer full): what Prometheus reads at /metrics.
 * @streams: (element-type Stream) */
gchar *metrics_write (GPtrArray *streams);

/* Returns: whether each stream had a picture within the last two seconds.
 * @streams: (element-type Stream) */
gboolean metrics_is_healthy (GPtrArray *streams);

G_END_DECLS
