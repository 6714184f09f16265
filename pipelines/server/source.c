/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "source.h"

#include <gio/gio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

#define DEFAULT_DEVICE "/dev/video0"

/* A format that every camera has at full rate, or else the closest to it. Many
 * cameras give only JPEG at full rate, so it is decoded. */
#define CAMERA_FORMATS                                                    \
  " ! video/x-raw,width=640,height=480,framerate=30/1;"                   \
  "image/jpeg,width=640,height=480,framerate=30/1;video/x-raw;image/jpeg" \
  " ! decodebin ! videoconvert"

/* Sound is not even decoded. */
#define DECODE                                           \
  " ! decodebin name=decoder caps=video/x-raw(ANY)"      \
  " expose-all-streams=false ! videoconvert ! videoflip" \
  " video-direction=auto"

typedef enum {
  CAMERA,
  PIPEWIRE,
  TEST,
  RTSP,
  HTTP,
  PICTURE,
  VIDEO
} Kind;

typedef struct {
  const gchar *property; /* of the element "source", or NULL: there is none */
  const gchar *launch;
  gboolean is_live, is_remote;
} KindInfo;

/* The RTSP source gives up on UDP only after seconds, and TCP passes all
 * firewalls. */
static const KindInfo kinds[] = {
  [CAMERA] = { "device", "v4l2src name=source" CAMERA_FORMATS, TRUE, FALSE },
  [PIPEWIRE] = { "target-object", "pipewiresrc name=source" CAMERA_FORMATS,
      TRUE, FALSE },
  [TEST] = { "pattern", "videotestsrc name=source is-live=true", TRUE, FALSE },
  [RTSP] = { "location",
      "rtspsrc name=source protocols=tcp latency=100 drop-on-latency=true"
      " ! application/x-rtp,media=video" DECODE,
      TRUE, TRUE },
  [HTTP] = { "location", "souphttpsrc name=source" DECODE, FALSE, TRUE },
  [PICTURE] = { "location",
      "filesrc name=source" DECODE " ! imagefreeze is-live=true name=freeze",
      TRUE, FALSE },
  [VIDEO] = { "location", "filesrc name=source" DECODE, FALSE, FALSE },
};

/* What a source may begin with. */
static const struct {
  const gchar *prefix;
  Kind kind;
  gboolean is_url;
} prefixes[] = {
  { "camera:", CAMERA, FALSE },
  { "pipewire:", PIPEWIRE, FALSE },
  { "test:", TEST, FALSE },
  { "rtsp://", RTSP, TRUE },
  { "rtsps://", RTSP, TRUE },
  { "rtspt://", RTSP, TRUE },
  { "http://", HTTP, TRUE },
  { "https://", HTTP, TRUE },
};

struct _Source {
  Kind kind;
  gchar *location; /* NULL: the default of the element */
  gchar *label;
  gboolean is_pipe;
};

static gchar *
find_sample (void)
{
  const gchar *sample = g_getenv ("GST_ACTIVATIONMAP_SAMPLE");

  return g_strdup (sample && *sample ? sample : SAMPLE_FILE);
}

gboolean
source_check (const Source *self, GError **error)
{
  if (self->kind != CAMERA && self->kind != PICTURE && self->kind != VIDEO)
    return TRUE;
  if (!g_file_test (self->location, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
        self->kind == CAMERA
            ? "There is no camera '%s'; --source=sample shows a clip"
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

/* Goes by the first bytes of the file, as a name may be anything. */
static gboolean
is_picture (const gchar *path)
{
  guchar bytes[64];
  g_autofree gchar *type = NULL;
  FILE *file = fopen (path, "rb");
  gsize n_bytes;

  if (!file)
    return FALSE;
  n_bytes = fread (bytes, 1, sizeof bytes, file);
  fclose (file);
  type = g_content_type_guess (NULL, bytes, n_bytes, NULL);
  return g_content_type_is_a (type, "image/*")
      && !g_content_type_equals (type, "image/gif");
}

static void
look_at_file (Source *self)
{
  struct stat status;

  if (self->kind != VIDEO || stat (self->location, &status) != 0)
    return;
  self->is_pipe = !S_ISREG (status.st_mode);
  if (!self->is_pipe && is_picture (self->location))
    self->kind = PICTURE;
}

/* A scheme that is none of those above is not the name of a file. */
static gboolean
check_scheme (const gchar *text, GError **error)
{
  g_autofree gchar *scheme = strstr (text, "://") ? g_uri_parse_scheme (text)
                                                  : NULL;

  if (!scheme)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "%s:// is not supported as a source; rtsp, rtsps, http, https and names "
      "of files are",
      scheme);
  return FALSE;
}

static gboolean
parse_prefix (Source *self, const gchar *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++) {
    if (g_str_has_prefix (text, prefixes[i].prefix)) {
      self->kind = prefixes[i].kind;
      self->location = g_strdup (
          prefixes[i].is_url ? text : text + strlen (prefixes[i].prefix));
      return TRUE;
    }
  }
  return FALSE;
}

/* Nothing else of a URL is looked at: cameras have passwords in theirs that no
 * parser would take. */
static gboolean
check_host (const Source *self, GError **error)
{
  const gchar *scheme_end = strstr (self->location, "://");

  if (!kinds[self->kind].is_remote || !strchr ("/", scheme_end[3]))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      "%s: must be a URL with a host, such as rtsp://camera.example/path",
      self->location);
  return FALSE;
}

static gboolean
parse (Source *self, const gchar *text, GError **error)
{
  if (g_str_equal (text, "camera")) {
    self->kind = CAMERA;
    self->location = g_strdup (DEFAULT_DEVICE);
  } else if (g_str_equal (text, "pipewire")) {
    self->kind = PIPEWIRE;
  } else if (g_str_equal (text, "test")) {
    self->kind = TEST;
  } else if (g_str_equal (text, "sample")) {
    self->kind = VIDEO;
    self->location = find_sample ();
  } else if (parse_prefix (self, text)) {
    return check_host (self, error);
  } else {
    self->kind = VIDEO;
    self->location = g_strdup (text);
    return check_scheme (text, error);
  }
  return TRUE;
}

Source *
source_new (const gchar *text, GError **error)
{
  g_autoptr (Source) self = g_new0 (Source, 1);

  self->label = journal_hide_password (text);
  if (!parse (self, text, error))
    return NULL;
  look_at_file (self);
  return g_steal_pointer (&self);
}

void
source_free (Source *self)
{
  g_free (self->location);
  g_free (self->label);
  g_free (self);
}

/* The picture is repeated at a rate; a test pattern and the picture are as fast
 * as that. */
static gchar *
make_launch (const Source *self, gint fps)
{
  if (self->kind == PICTURE) {
    return g_strdup_printf ("%s ! capsfilter caps=video/x-raw,framerate=%d/1",
        kinds[PICTURE].launch, fps ? fps : SOURCE_PICTURE_FPS);
  }
  if (self->kind == TEST) {
    return g_strdup_printf (
        "%s ! capsfilter caps=video/x-raw,width=640,height=480,"
        "framerate=%d/1",
        kinds[TEST].launch, fps ? fps : 30);
  }
  return g_strdup (kinds[self->kind].launch);
}

static gboolean
set_location (const Source *self, GstElement *bin, GError **error)
{
  const gchar *property = kinds[self->kind].property;
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (bin), "source");
  GValue value = G_VALUE_INIT;
  GParamSpec *pspec;

  if (!self->location)
    return TRUE;
  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (element), property);
  g_value_init (&value, pspec->value_type);
  if (G_VALUE_HOLDS_STRING (&value)) {
    g_value_set_string (&value, self->location);
  } else if (!gst_value_deserialize (&value, self->location)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "%s is not a %s of %s", self->location, property,
        GST_OBJECT_NAME (gst_element_get_factory (element)));
    g_value_unset (&value);
    return FALSE;
  }
  g_object_set_property (G_OBJECT (element), property, &value);
  g_value_unset (&value);
  return TRUE;
}

/* Not by the parser: it takes a pad for unlinked that a decoder is linked to
 * later. */
static void
add_ghost_pad (GstElement *bin)
{
  g_autoptr (GstPad)
      pad = gst_bin_find_unlinked_pad (GST_BIN (bin), GST_PAD_SRC);

  gst_element_add_pad (bin, gst_ghost_pad_new ("src", pad));
}

GstElement *
source_make_bin (const Source *self, gint fps, GError **error)
{
  g_autofree gchar *launch = make_launch (self, fps);
  g_autoptr (GstElement) bin = gst_parse_bin_from_description_full (launch,
      FALSE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, error);

  if (!bin) {
    if (self->kind == PIPEWIRE)
      g_prefix_error (error, "pipewire needs gstreamer1.0-pipewire: ");
    return NULL;
  }
  gst_object_ref_sink (bin);
  add_ghost_pad (bin);
  return set_location (self, bin, error) ? g_steal_pointer (&bin) : NULL;
}

const gchar *
source_get_label (const Source *self)
{
  return self->label;
}

gboolean
source_is_live (const Source *self)
{
  return kinds[self->kind].is_live;
}

gboolean
source_is_repeated (const Source *self)
{
  return (self->kind == VIDEO && !self->is_pipe) || self->kind == HTTP;
}

gboolean
source_may_return (const Source *self)
{
  return !self->is_pipe;
}

gboolean
source_is_remote (const Source *self)
{
  return kinds[self->kind].is_remote;
}
