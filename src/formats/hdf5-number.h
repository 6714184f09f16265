/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <hdf5.h>

#include "base/stored-number.h"

G_BEGIN_DECLS

/**
 * hdf5_number_init:
 * @type: of a dataset
 *
 * Returns: FALSE with a %MODEL_ERROR if it is none that can be decoded
 */
gboolean hdf5_number_init (StoredNumber *number, hid_t type, GError **error);

G_END_DECLS
