/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Measures how much the tiles of a panel show, for each way of scaling:
 *
 *   contrast  standard deviation of a map's inner cells after scaling to 0..1,
 *             the mean over frames and over the maps that are not silent
 *   visible   maps whose contrast is at least 0.1, of all maps
 *   flicker   mean absolute change of all cells, after scaling, from frame to
 *             frame, while the face stands still: the clip's first frame again
 *             and again, with noise (sigma 4 of 255)
 *
 *   measure-maps CLIP...
 *
 * The largest face of each frame counts. Prints a table in Markdown.
 */

#include <gst/gst.h>
#include <gst/video/video.h>
#include <math.h>
#include <stdlib.h>

#include "gstactivationmeta-private.h"
#include "gstactivationmeta.h"
#include "overlay/layer-state.h"

#define MAX_LAYERS 64
#define FRAME_TIME (1.0 / 30.0)
#define N_NOISY_FRAMES 90
#define NOISE 4.0
#define VISIBLE 0.1

typedef struct {
  gdouble sum;
  guint64 n;
} Mean;

/* What is measured of one layer with one scaling, and the values of its cells
 * in the frame before. */
typedef struct {
  OverlayLayerState state;
  Mean contrast;
  Mean visible;
  Mean flicker;
  gfloat *before;
} Measured;

typedef struct {
  const gchar *name;
  OverlayStyle style;
  Measured layers[MAX_LAYERS];
} Candidate;

typedef struct {
  Candidate candidates[2];
  gchar *names[MAX_LAYERS];
  guint n_layers;
  guint64 n_frames;
  gboolean is_still;
  GRand *random;
} Measurement;

static void
fail (const gchar *text)
{
  g_printerr ("measure-maps: %s\n", text);
  exit (1);
}

static void
add (Mean *mean, gdouble value)
{
  mean->sum += value;
  mean->n++;
}

static gdouble
get_mean (const Mean *mean)
{
  return mean->n > 0 ? mean->sum / (gdouble) mean->n : NAN;
}

/* The place of a cell's colour in the colormap. */
static gdouble
scale (const OverlayRange *range, gfloat value)
{
  const gdouble span = (gdouble) range->maximum - range->minimum;

  return span > 0.0
      ? CLAMP (((gdouble) value - range->minimum) / span, 0.0, 1.0)
      : 0.0;
}

static gdouble
measure_contrast (const CnnLayerMaps *maps, gint channel,
    const OverlayRange *range)
{
  const Rect *inside = &maps->interior;
  gdouble sum = 0.0, squares = 0.0;
  const gdouble n = (gdouble) inside->width * inside->height;

  for (gint y = inside->y; y < inside->y + inside->height; y++) {
    for (gint x = inside->x; x < inside->x + inside->width; x++) {
      const gdouble value = scale (range,
          maps->data[(y * maps->width + x) * maps->channels + channel]);

      sum += value;
      squares += value * value;
    }
  }
  return sqrt (MAX (squares / n - sum / n * sum / n, 0.0));
}

static void
measure_flicker (Measured *measured, const OverlayStyle *style)
{
  const CnnLayerMaps *maps = &measured->state.shown;
  const gsize size = cnn_layer_maps_size (maps);
  const gboolean is_first = measured->before == NULL;
  gdouble sum = 0.0;

  if (is_first)
    measured->before = g_new (gfloat, size);
  for (gsize i = 0; i < size; i++) {
    const OverlayRange range = overlay_layer_state_get_range (&measured->state,
        (gint) (i % (gsize) maps->channels), style);
    const gfloat value = (gfloat) scale (&range, maps->data[i]);

    sum += is_first ? 0.0 : fabs ((gdouble) value - measured->before[i]);
    measured->before[i] = value;
  }
  if (!is_first)
    add (&measured->flicker, sum / (gdouble) size);
}

static void
measure_maps (Measured *measured, const OverlayStyle *style)
{
  const CnnLayerMaps *maps = &measured->state.shown;

  for (gint i = 0; i < maps->channels; i++) {
    const OverlayRange range = overlay_layer_state_get_range (&measured->state,
        i, style);
    const gdouble contrast = measured->state.quiet[i] > 0
        ? 0.0
        : measure_contrast (maps, i, &range);

    add (&measured->visible, contrast >= VISIBLE ? 1.0 : 0.0);
    if (measured->state.quiet[i] == 0)
      add (&measured->contrast, contrast);
  }
}

static void
measure_layer (Measurement *self, Candidate *candidate, guint index,
    const CnnLayerMaps *maps)
{
  Measured *measured = &candidate->layers[index];

  if (measured->state.channels == 0)
    overlay_layer_state_reset (&measured->state, maps->channels);
  overlay_layer_state_update (&measured->state, maps, &candidate->style,
      FRAME_TIME);
  if (self->is_still)
    measure_flicker (measured, &candidate->style);
  else
    measure_maps (measured, &candidate->style);
}

static gint64
get_area (GstActivationMeta *meta)
{
  return (gint64) meta->width * meta->height;
}

static GstActivationMeta *
find_largest (GstBuffer *buffer)
{
  GstActivationMeta *largest = NULL;
  GstMeta *meta;
  gpointer state = NULL;

  while ((meta = gst_buffer_iterate_meta_filtered (buffer, &state,
              GST_ACTIVATION_META_API_TYPE))) {
    GstActivationMeta *found = (GstActivationMeta *) meta;

    if (largest == NULL || get_area (found) > get_area (largest))
      largest = found;
  }
  return largest;
}

static void
measure_frame (Measurement *self, GstBuffer *buffer)
{
  GstActivationMeta *meta = find_largest (buffer);
  const ClassifierResult *result;

  if (meta == NULL)
    return;
  result = gst_activations_get_result (meta->activations);
  self->n_layers = MIN (result->n_layers, MAX_LAYERS);
  self->n_frames++;
  for (guint i = 0; i < self->n_layers; i++) {
    if (self->names[i] == NULL)
      self->names[i] = g_strdup (result->layers[i].source);
    for (guint k = 0; k < G_N_ELEMENTS (self->candidates); k++)
      measure_layer (self, &self->candidates[k], i, &result->layers[i]);
  }
}

/* Maps, ranges and cells of the clip before are none of this one's. */
static void
forget_frames (Measurement *self)
{
  for (guint k = 0; k < G_N_ELEMENTS (self->candidates); k++) {
    for (guint i = 0; i < MAX_LAYERS; i++) {
      Measured *measured = &self->candidates[k].layers[i];

      overlay_layer_state_clear (&measured->state);
      g_clear_pointer (&measured->before, g_free);
    }
  }
}

/* Of two even deviates: Box and Muller. */
static gdouble
get_normal_deviate (GRand *random)
{
  const gdouble radius = sqrt (-2.0 * log (1.0 - g_rand_double (random)));

  return radius * cos (2.0 * G_PI * g_rand_double (random));
}

static GstPadProbeReturn
add_noise (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Measurement *self = user_data;
  GstBuffer *buffer = gst_buffer_make_writable (
      GST_PAD_PROBE_INFO_BUFFER (info));
  GstMapInfo map;

  if (gst_buffer_map (buffer, &map, GST_MAP_READWRITE)) {
    for (gsize i = 0; i < map.size; i++) {
      const gdouble value = map.data[i]
          + NOISE * get_normal_deviate (self->random);

      map.data[i] = (guint8) CLAMP (lround (value), 0, 255);
    }
    gst_buffer_unmap (buffer, &map);
  }
  GST_PAD_PROBE_INFO_DATA (info) = buffer;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
take_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  measure_frame (user_data, GST_PAD_PROBE_INFO_BUFFER (info));
  return GST_PAD_PROBE_OK;
}

static void
add_probe (GstElement *pipeline, const gchar *name, const gchar *pad_name,
    GstPadProbeCallback callback, Measurement *self)
{
  g_autoptr (GstElement)
      element = gst_bin_get_by_name (GST_BIN (pipeline), name);
  g_autoptr (GstPad) pad = gst_element_get_static_pad (element, pad_name);

  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, callback, self, NULL);
}

static void
play (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  gst_element_set_state (pipeline, GST_STATE_NULL);
  if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_ERROR)
    fail ("the clip cannot be played");
}

static void
run (Measurement *self, const gchar *path, gboolean is_still)
{
  g_autofree gchar *freeze = is_still
      ? g_strdup_printf ("imagefreeze num-buffers=%d !", N_NOISY_FRAMES)
      : g_strdup ("");
  g_autofree gchar *description = g_strdup_printf (
      "filesrc name=source ! decodebin ! videoconvert ! "
      "video/x-raw,format=I420 ! %s identity name=noise ! facetracker ! "
      "cnninference ! fakesink name=sink",
      freeze);
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, NULL);
  g_autoptr (GstElement) source = NULL;

  if (pipeline == NULL)
    fail ("the elements are not found; set GST_PLUGIN_PATH");
  self->is_still = is_still;
  source = gst_bin_get_by_name (GST_BIN (pipeline), "source");
  g_object_set (source, "location", path, NULL);
  add_probe (pipeline, "sink", "sink", take_frame, self);
  if (is_still)
    add_probe (pipeline, "noise", "src", add_noise, self);
  play (pipeline);
  forget_frames (self);
}

static void
print_table (const Measurement *self)
{
  g_print ("%" G_GUINT64_FORMAT " frames\n\n", self->n_frames);
  g_print ("| layer | scaling | contrast | visible | flicker |\n"
           "|---|---|--:|--:|--:|\n");
  for (guint i = 0; i < self->n_layers; i++) {
    for (guint k = 0; k < G_N_ELEMENTS (self->candidates); k++) {
      const Measured *measured = &self->candidates[k].layers[i];

      g_print ("| %s | %s | %.3f | %.0f %% | %.4f |\n", self->names[i],
          self->candidates[k].name, get_mean (&measured->contrast),
          100.0 * get_mean (&measured->visible), get_mean (&measured->flicker));
    }
  }
}

int
main (int argc, char **argv)
{
  static Measurement self = { .candidates = { { "map", OVERLAY_STYLE_INIT },
                                  { "inside", OVERLAY_STYLE_INIT } } };

  gst_init (&argc, &argv);
  if (argc < 2)
    fail ("usage: measure-maps CLIP...");
  self.random = g_rand_new_with_seed (1);
  self.candidates[0].style.scaling = OVERLAY_SCALING_MAP;
  for (gint i = 1; i < argc; i++) {
    run (&self, argv[i], FALSE);
    run (&self, argv[i], TRUE);
  }
  print_table (&self);
  g_rand_free (self.random);
  for (guint i = 0; i < MAX_LAYERS; i++)
    g_free (self.names[i]);
  return 0;
}
