/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/inflate.h"

#include <zlib.h>

gboolean
inflate_exactly (InflateFormat format, const guint8 *input, gsize input_size,
    guint8 *output, gsize output_size)
{
  z_stream stream = { 0 };
  gint status;

  if (input_size > G_MAXINT32 || output_size > G_MAXINT32)
    return FALSE;
  stream.next_in = (Bytef *) input;
  stream.avail_in = (uInt) input_size;
  stream.next_out = output;
  stream.avail_out = (uInt) output_size;
  if (inflateInit2 (&stream, format == INFLATE_RAW ? -MAX_WBITS : MAX_WBITS)
      != Z_OK)
    return FALSE;
  status = inflate (&stream, Z_FINISH);
  inflateEnd (&stream);
  return status == Z_STREAM_END && stream.avail_out == 0;
}
