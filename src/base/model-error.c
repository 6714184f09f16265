/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "base/model-error.h"

/* Not with G_DEFINE_QUARK(), which makes a string of its first argument: as
 * clang-format writes that, "cnn - error - quark". */
GQuark
model_error_quark (void)
{
  return g_quark_from_static_string ("cnn-error-quark");
}
