/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * InflateFormat:
 * @INFLATE_RAW: as in zip archives
 * @INFLATE_ZLIB: with zlib's header and checksum, as in HDF5
 */
typedef enum {
  INFLATE_RAW,
  INFLATE_ZLIB
} InflateFormat;

/**
 * inflate_exactly:
 * @output: (out caller-allocates) (array length=output_size)
 *
 * Decompresses deflated bytes whose size is known beforehand. Never writes
 * more than @output_size bytes, whatever the stream would expand to.
 *
 * Returns: FALSE if the stream is damaged, or longer or shorter than that
 */
gboolean inflate_exactly (InflateFormat format, const guint8 *input,
    gsize input_size, guint8 *output, gsize output_size);

G_END_DECLS
