/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "modelfile.h"

#include "base/model-error.h"

gchar *
model_file_get_default (const gchar *name)
{
  const gchar *folder = g_getenv ("GST_ACTIVATIONMAP_MODEL_DIR");

  return g_build_filename (folder ? folder : MODEL_DIR, name, NULL);
}

void
model_file_post_error (GstElement *element, const GError *error,
    const gchar *consequence)
{
  switch ((ModelError) error->code) {
    case CNN_ERROR_NOT_FOUND:
      GST_ELEMENT_ERROR (element, RESOURCE, NOT_FOUND, ("%s", error->message),
          ("%s", consequence));
      break;
    case MODEL_ERROR_READ:
      GST_ELEMENT_ERROR (element, RESOURCE, OPEN_READ, ("%s", error->message),
          ("%s", consequence));
      break;
    case MODEL_ERROR_ARGUMENT:
      GST_ELEMENT_ERROR (element, LIBRARY, SETTINGS, ("%s", error->message),
          ("%s", consequence));
      break;
    default:
      GST_ELEMENT_ERROR (element, LIBRARY, INIT, ("%s", error->message),
          ("%s", consequence));
      break;
  }
}
