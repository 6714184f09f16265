/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ModelError:
 * @MODEL_ERROR_NOT_FOUND: a file does not exist or cannot be opened
 * @MODEL_ERROR_READ: a file cannot be read, or is not a regular file
 * @MODEL_ERROR_INVALID: a file contradicts its format or itself
 * @MODEL_ERROR_UNSUPPORTED: well-formed, but beyond what this engine does
 * @MODEL_ERROR_LIMIT: larger than a limit, such as those of CnnLimits, allows
 * @MODEL_ERROR_ARGUMENT: a name or list given by the caller does not fit
 *
 * Messages name the file, the place in it, the reason, and what to do.
 */
typedef enum {
  MODEL_ERROR_NOT_FOUND,
  MODEL_ERROR_READ,
  MODEL_ERROR_INVALID,
  MODEL_ERROR_UNSUPPORTED,
  MODEL_ERROR_LIMIT,
  MODEL_ERROR_ARGUMENT
} ModelError;

#define MODEL_ERROR (model_error_quark ())
GQuark model_error_quark (void);

G_END_DECLS
