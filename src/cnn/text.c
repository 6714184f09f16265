/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/text.h"

#include <string.h>

#include "cnn/cnn-error.h"

#define BOM "\xef\xbb\xbf"
#define BOM_SIZE 3

static gboolean
is_utf16 (const gchar *data, gsize size)
{
  return size >= 2
      && (memcmp (data, "\xff\xfe", 2) == 0
          || memcmp (data, "\xfe\xff", 2) == 0);
}

const gchar *
cnn_text_get (GBytes *file, gsize *size, GError **error)
{
  const gchar *data = g_bytes_get_data (file, size);

  if (*size >= BOM_SIZE && memcmp (data, BOM, BOM_SIZE) == 0) {
    data += BOM_SIZE;
    *size -= BOM_SIZE;
  }
  if (*size == 0)
    return "";
  if (g_utf8_validate_len (data, *size, NULL))
    return data;
  g_set_error_literal (error, CNN_ERROR, CNN_ERROR_INVALID,
      is_utf16 (data, *size) ? "is a text in UTF-16: save it as UTF-8"
                             : "is no text in UTF-8");
  return NULL;
}
