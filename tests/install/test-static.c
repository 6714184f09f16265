/* gst-activationmap: tests
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The plugin as a part of a program, which is what gstreamer-full makes of it:
 * no file of it is looked for, and its elements load their models. */
#include <gst/gst.h>

GST_PLUGIN_STATIC_DECLARE (activationmap);

static gboolean
starts (const gchar *name)
{
  GstElement *element = gst_element_factory_make (name, NULL);
  gboolean started = element != NULL
      && gst_element_set_state (element, GST_STATE_PAUSED)
          != GST_STATE_CHANGE_FAILURE;

  g_print ("%s: %s\n", name, started ? "starts" : "does not start");
  if (element != NULL) {
    gst_element_set_state (element, GST_STATE_NULL);
    gst_object_unref (element);
  }
  return started;
}

int
main (int argc, char **argv)
{
  gboolean found;

  gst_init (&argc, &argv);
  if (gst_registry_find_plugin (gst_registry_get (), "activationmap") != NULL)
    g_error ("There is a plugin activationmap besides that of the program.");
  GST_PLUGIN_STATIC_REGISTER (activationmap);
  found = starts ("activationmap") && starts ("regionjson");
  gst_deinit ();
  return found ? 0 : 1;
}
