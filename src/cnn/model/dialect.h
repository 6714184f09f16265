/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnDialect:
 *
 * Who wrote a model. Defaults, and the meaning of some names and options,
 * differ between them.
 */
typedef enum {
  CNN_DIALECT_KERAS_2,
  CNN_DIALECT_KERAS_3,
  CNN_DIALECT_TFJS
} CnnDialect;

/**
 * cnn_dialect_from_version:
 * @keras_version: (nullable): of a topology, such as "2.4.0", "3.5.0" or
 *   "tfjs-layers 4.22.0"
 *
 * Returns: the dialect; Keras 2 for a version that is missing or not known
 */
CnnDialect cnn_dialect_from_version (const gchar *keras_version);

G_END_DECLS
