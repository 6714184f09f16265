/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/model/dialect.h"

CnnDialect
cnn_dialect_from_version (const gchar *keras_version)
{
  if (!keras_version)
    return CNN_DIALECT_KERAS_2;
  if (g_str_has_prefix (keras_version, "tfjs"))
    return CNN_DIALECT_TFJS;
  return g_str_has_prefix (keras_version, "3.") ? CNN_DIALECT_KERAS_3
                                                : CNN_DIALECT_KERAS_2;
}
