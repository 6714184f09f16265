/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/model-error.h"

/* Not G_DEFINE_QUARK(): it turns its first argument into a string, which
 * clang-format would make "cnn - error - quark". */
GQuark
model_error_quark (void)
{
  return g_quark_from_static_string ("cnn-error-quark");
}
