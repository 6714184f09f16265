/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CnnError:
 * @CNN_ERROR_NOT_FOUND: a file does not exist or cannot be opened
 * @CNN_ERROR_READ: a file cannot be read, or is no regular file
 * @CNN_ERROR_INVALID: a file contradicts its format or itself
 * @CNN_ERROR_UNSUPPORTED: well-formed, but beyond what this engine does
 * @CNN_ERROR_LIMIT: larger than the CnnLimits allow
 * @CNN_ERROR_ARGUMENT: a name or list given by the caller does not fit
 *
 * Messages name the file, the place in it, the reason, and what to do.
 */
typedef enum {
  CNN_ERROR_NOT_FOUND,
  CNN_ERROR_READ,
  CNN_ERROR_INVALID,
  CNN_ERROR_UNSUPPORTED,
  CNN_ERROR_LIMIT,
  CNN_ERROR_ARGUMENT
} CnnError;

#define CNN_ERROR (cnn_error_quark ())
GQuark cnn_error_quark (void);

G_END_DECLS
