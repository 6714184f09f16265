/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "source.h"

#include <gio/gio.h>
#include <unistd.h>

#define DEFAULT_DEVICE "/dev/video0"

/* A format that every camera has at full rate, or else the closest to it. Many
 * cameras give only JPEG at full rate, so it is decoded. */
#define CAMERA_LAUNCH                                                     \
  "v4l2src name=source"                                                   \
  " ! video/x-raw,width=640,height=480,framerate=30/1;"                   \
  "image/jpeg,width=640,height=480,framerate=30/1;video/x-raw;image/jpeg" \
  " ! decodebin ! videoconvert"

/* Sound is not even decoded. clocksync plays the file in real time. */
#define FILE_LAUNCH                                             \
  "filesrc name=source"                                         \
  " ! decodebin caps=video/x-raw(ANY) expose-all-streams=false" \
  " ! videoconvert ! videoflip video-direction=auto ! clocksync"

struct _Source {
  gboolean camera;
  gchar *location;
};

static gchar *
find_sample (void)
{
  const gchar *sample = g_getenv ("GST_ACTIVATIONMAP_SAMPLE");

  return g_strdup (sample && *sample ? sample : SAMPLE_FILE);
}

static gboolean
check_location (const Source *self, GError **error)
{
  if (!g_file_test (self->location, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        self->camera ? "There is no camera %s; --source=sample shows a clip"
                     : "There is no file %s",
        self->location);
    return FALSE;
  }
  if (g_file_test (self->location, G_FILE_TEST_IS_DIR)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
        "%s is a folder, not a video file", self->location);
    return FALSE;
  }
  if (access (self->location, R_OK) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
        "%s cannot be read: permission denied", self->location);
    return FALSE;
  }
  return TRUE;
}

Source *
source_new (const gchar *text, GError **error)
{
  g_autoptr (Source) self = g_new0 (Source, 1);

  if (g_str_equal (text, "camera")) {
    self->camera = TRUE;
    self->location = g_strdup (DEFAULT_DEVICE);
  } else if (g_str_has_prefix (text, "camera:")) {
    self->camera = TRUE;
    self->location = g_strdup (text + strlen ("camera:"));
  } else if (g_str_equal (text, "sample")) {
    self->location = find_sample ();
  } else {
    self->location = g_strdup (text);
  }
  return check_location (self, error) ? g_steal_pointer (&self) : NULL;
}

void
source_free (Source *self)
{
  g_free (self->location);
  g_free (self);
}

gboolean
source_is_camera (const Source *self)
{
  return self->camera;
}

const gchar *
source_get_location (const Source *self)
{
  return self->location;
}

const gchar *
source_get_launch (const Source *self)
{
  return self->camera ? CAMERA_LAUNCH : FILE_LAUNCH;
}

const gchar *
source_get_location_property (const Source *self)
{
  return self->camera ? "device" : "location";
}
