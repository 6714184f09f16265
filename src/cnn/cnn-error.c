/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/cnn-error.h"

G_DEFINE_QUARK (cnn - error - quark, cnn_error)
