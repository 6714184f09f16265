/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <hdf5.h>

#include "cnn/shape.h"

G_BEGIN_DECLS

/**
 * hdf5_dataset_read:
 * @dataset: an open dataset
 * @image: the file it lies in
 * @budget: (inout): how many bytes of values may still be read
 * @shape: (out)
 *
 * Reads numbers of any supported type as float32.
 *
 * Returns: (transfer full): finite values; %NULL with a %MODEL_ERROR
 */
gfloat *hdf5_dataset_read (hid_t dataset, GBytes *image, gsize *budget,
    CnnShape *shape, GError **error);

G_END_DECLS
