/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "image/image-channels.h"

gint
image_channels_count (ImageChannels channels)
{
  switch (channels) {
    case IMAGE_CHANNELS_GRAY:
      return 1;
    case IMAGE_CHANNELS_RGBA:
      return 4;
    case IMAGE_CHANNELS_RGB:
    case IMAGE_CHANNELS_BGR:
    default:
      return 3;
  }
}
