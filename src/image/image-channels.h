/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ImageChannels:
 *
 * The contents of the tensor's channels. %IMAGE_CHANNELS_GRAY is one channel,
 * the luma of full-range R'G'B' with the weights of BT.601 (0.299, 0.587,
 * 0.114), as in tf.image.rgb_to_grayscale. In %IMAGE_CHANNELS_RGBA, alpha is
 * that of an opaque picture: a pixel value of 255, which is scaled like the
 * others, as in tf.browser.fromPixels() of four channels.
 */
typedef enum {
  IMAGE_CHANNELS_RGB,
  IMAGE_CHANNELS_BGR,
  IMAGE_CHANNELS_GRAY,
  IMAGE_CHANNELS_RGBA
} ImageChannels;

/* The most channels that a tensor has. */
#define IMAGE_MAX_CHANNELS 4

/**
 * image_channels_count:
 *
 * Returns: the number of channels: 1, 3 or 4
 */
gint image_channels_count (ImageChannels channels);

G_END_DECLS
