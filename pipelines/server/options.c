/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "options.h"

#include <gst/gst.h>

#define MIN_SIZE 32
#define MAX_SIZE 8192
#define MAX_FPS 240
#define MIN_BITRATE 50
#define MAX_BITRATE 200000

static gboolean
check_range (const gchar *name, gint value, gint minimum, gint maximum,
    GError **error)
{
  if (value >= minimum && value <= maximum)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      "--%s=%d: must be from %d to %d", name, value, minimum, maximum);
  return FALSE;
}

/* H.264 with 4:2:0 chroma needs even sizes. */
static gboolean
is_size (guint64 value)
{
  return value >= MIN_SIZE && value <= MAX_SIZE && value % 2 == 0;
}

static gboolean
parse_size (Options *self, const gchar *text, GError **error)
{
  gchar *end = NULL;
  guint64 width, height = 0;

  width = g_ascii_strtoull (text, &end, 10);
  if (*end == 'x')
    height = g_ascii_strtoull (end + 1, &end, 10);
  if (*end || !is_size (width) || !is_size (height)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--size=%s: must be two even numbers from %d to %d, such as 640x480",
        text, MIN_SIZE, MAX_SIZE);
    return FALSE;
  }
  self->width = width;
  self->height = height;
  return TRUE;
}

static gboolean
check (const Options *self, GError **error)
{
  if (!check_range ("port", self->port, 0, G_MAXUINT16, error)
      || !check_range ("bitrate", self->bitrate, MIN_BITRATE, MAX_BITRATE,
          error)
      || !check_range ("fps", self->fps, 0, MAX_FPS, error))
    return FALSE;
  if (self->mount[0] != '/') {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
        "--mount=%s: must begin with /", self->mount);
    return FALSE;
  }
  for (gchar **property = self->properties; property && *property; property++) {
    if (!strchr (*property, '=')) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
          "--property=%s: must be NAME=VALUE", *property);
      return FALSE;
    }
  }
  return TRUE;
}

static void
set_default (gchar **option, const gchar *value)
{
  if (!*option)
    *option = g_strdup (value);
}

static gboolean
parse (Options *self, gint *argc, gchar ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree gchar *size = NULL;
  const GOptionEntry entries[] = {
    { "source", 's', 0, G_OPTION_ARG_FILENAME, &self->source,
        "camera (default), camera:DEVICE, sample, or a video file, which is "
        "repeated forever",
        "SOURCE" },
    { "address", 'a', 0, G_OPTION_ARG_STRING, &self->address,
        "Address to listen on (default: 127.0.0.1, this machine only; 0.0.0.0 "
        "for all)",
        "ADDRESS" },
    { "port", 'p', 0, G_OPTION_ARG_INT, &self->port,
        "Port to listen on (default: 8554; 0: any free port)", "PORT" },
    { "mount", 'm', 0, G_OPTION_ARG_STRING, &self->mount,
        "Path of the stream (default: /live)", "PATH" },
    { "property", 'P', 0, G_OPTION_ARG_STRING_ARRAY, &self->properties,
        "Property of the element activationmap, such as colormap=viridis; may "
        "be repeated",
        "NAME=VALUE" },
    { "bitrate", 'b', 0, G_OPTION_ARG_INT, &self->bitrate,
        "Bit rate of the stream in kbit/s (default: 2000)", "KBITS" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &self->fps,
        "Pictures per second (default: those of the source)", "FPS" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size,
        "Size of the picture (default: that of the source)", "WxH" },
    { NULL },
  };

  g_option_context_set_summary (context,
      "Serves a camera or a video file over RTSP with the activation maps of a "
      "convolutional network drawn into it.");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        "Unknown argument %s; --help lists the options", (*argv)[1]);
    return FALSE;
  }
  return !size || parse_size (self, size, error);
}

Options *
options_new (gint *argc, gchar ***argv, GError **error)
{
  g_autoptr (Options) self = g_new0 (Options, 1);

  self->port = 8554;
  self->bitrate = 2000;
  if (!parse (self, argc, argv, error))
    return NULL;
  set_default (&self->address, "127.0.0.1");
  set_default (&self->mount, "/live");
  set_default (&self->source, "camera");
  return check (self, error) ? g_steal_pointer (&self) : NULL;
}

void
options_free (Options *self)
{
  g_free (self->address);
  g_free (self->mount);
  g_free (self->source);
  g_strfreev (self->properties);
  g_free (self);
}
