/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-activationmap
 * @title: activationmap
 * @see_also: facetracker, cnninference, activationoverlay
 *
 * Shows live what a convolutional network sees: finds the faces in a video,
 * runs a network on each, attaches its prediction and activation maps to the
 * buffer and draws them. It is a bin of facetracker, cnninference and
 * activationoverlay, and has all of their properties.
 *
 * Frames that bring regions, from whatever detector is upstream, are taken as
 * they are; in all others facetracker looks for faces.
 *
 * A property that several of the three have is set on all of them:
 * #GstActivationMap:roi-type; #GstActivationMap:interval, with which faces are
 * looked for and the network is run in the same frames, every nth, while in
 * between faces move on as before and keep their predictions; and
 * #GstActivationMap:follow, with which, if it is `off`, all of them treat each
 * frame as a picture of its own.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! activationmap ! videoconvert !
 *     autovideosink
 * gst-launch-1.0 filesrc location=in.mp4 !
 *     decodebin expose-all-streams=false 'caps=video/x-raw(ANY)' !
 *     videoconvert ! videoflip video-direction=auto !
 *     activationmap colormap=viridis ! x264enc ! mp4mux !
 *     filesink location=out.mp4
 * ]|
 */

#include <gst/video/video.h>

#include "gstactivationmapelements.h"
#include "settings.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_activation_map_debug);
#define GST_CAT_DEFAULT gst_activation_map_debug

#define N_CHILDREN 3

static GType (*const child_types[N_CHILDREN]) (void) = {
  gst_face_tracker_get_type,
  gst_cnn_inference_get_type,
  gst_activation_overlay_get_type,
};

struct _GstActivationMap {
  GstBin parent;

  GstElement *children[N_CHILDREN]; /* tracker, inference, overlay */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_VIDEO_CAPS));
static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS (ACTIVATION_OVERLAY_CAPS));

#define gst_activation_map_parent_class parent_class
G_DEFINE_FINAL_TYPE_WITH_CODE (GstActivationMap, gst_activation_map,
    GST_TYPE_BIN,
    GST_DEBUG_CATEGORY_INIT (gst_activation_map_debug, "activationmap", 0,
        "shows what a network sees"));
GST_ELEMENT_REGISTER_DEFINE (activationmap, "activationmap", GST_RANK_NONE,
    GST_TYPE_ACTIVATION_MAP);

/* Returns a property of the child's own class, not of a class that it is
 * derived from. */
static GParamSpec *
find_child_property (GstElement *child, const gchar *name)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (child),
      name);

  return pspec && pspec->owner_type == G_OBJECT_TYPE (child) ? pspec : NULL;
}

static void
gst_activation_map_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstActivationMap *self = GST_ACTIVATION_MAP (object);

  for (guint i = 0; i < N_CHILDREN; i++) {
    if (find_child_property (self->children[i], pspec->name)) {
      g_object_set_property (G_OBJECT (self->children[i]), pspec->name, value);
    }
  }
}

static void
gst_activation_map_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  GstActivationMap *self = GST_ACTIVATION_MAP (object);

  for (guint i = 0; i < N_CHILDREN; i++) {
    if (find_child_property (self->children[i], pspec->name)) {
      g_object_get_property (G_OBJECT (self->children[i]), pspec->name, value);
      return;
    }
  }
}

static void
add_ghost_pad (GstActivationMap *self, GstElement *child, const gchar *name,
    GstStaticPadTemplate *template)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (child, name);
  g_autoptr (GstPadTemplate)
      pad_template = gst_static_pad_template_get (template);

  gst_element_add_pad (GST_ELEMENT (self),
      gst_ghost_pad_new_from_template (name, target, pad_template));
}

static void
gst_activation_map_init (GstActivationMap *self)
{
  static const gchar *const names[N_CHILDREN] = { "tracker", "inference",
    "overlay" };
  g_autoptr (GstPad) pad = NULL;

  for (guint i = 0; i < N_CHILDREN; i++) {
    self->children[i] = g_object_new (child_types[i](), "name", names[i], NULL);
    gst_bin_add (GST_BIN (self), self->children[i]);
    if (i > 0)
      gst_element_link (self->children[i - 1], self->children[i]);
  }
  add_ghost_pad (self, self->children[0], "sink", &sink_template);
  add_ghost_pad (self, self->children[N_CHILDREN - 1], "src", &src_template);
  pad = gst_element_get_static_pad (self->children[0], "sink");
  settings_sync_at (pad, GST_OBJECT (self));
}

/* Returns the blurbs of all children that have the property. */
static const gchar *
join_blurbs (const gchar *name)
{
  g_autoptr (GPtrArray) blurbs = g_ptr_array_new ();
  g_autofree gchar *joined = NULL;

  for (guint i = 0; i < N_CHILDREN; i++) {
    GObjectClass *child_class = g_type_class_ref (child_types[i]());
    GParamSpec *pspec = g_object_class_find_property (child_class, name);

    if (pspec && pspec->owner_type == child_types[i]())
      g_ptr_array_add (blurbs, (gpointer) g_param_spec_get_blurb (pspec));
    g_type_class_unref (child_class);
  }
  g_ptr_array_add (blurbs, NULL);
  joined = g_strjoinv (". ", (gchar **) blurbs->pdata);
  return g_intern_string (joined);
}

/* Returns a property for the bin that is like the child's, except for its
 * blurb. */
static GParamSpec *
clone_property (GParamSpec *pspec)
{
  const gchar *name = pspec->name;
  const gchar *nick = g_param_spec_get_nick (pspec);
  const gchar *blurb = join_blurbs (name);
  const GParamFlags flags = pspec->flags;

  if (G_IS_PARAM_SPEC_BOOLEAN (pspec)) {
    return g_param_spec_boolean (name, nick, blurb,
        G_PARAM_SPEC_BOOLEAN (pspec)->default_value, flags);
  } else if (G_IS_PARAM_SPEC_UINT (pspec)) {
    const GParamSpecUInt *number = G_PARAM_SPEC_UINT (pspec);

    return g_param_spec_uint (name, nick, blurb, number->minimum,
        number->maximum, number->default_value, flags);
  } else if (G_IS_PARAM_SPEC_INT (pspec)) {
    const GParamSpecInt *number = G_PARAM_SPEC_INT (pspec);

    return g_param_spec_int (name, nick, blurb, number->minimum,
        number->maximum, number->default_value, flags);
  } else if (G_IS_PARAM_SPEC_DOUBLE (pspec)) {
    const GParamSpecDouble *number = G_PARAM_SPEC_DOUBLE (pspec);

    return g_param_spec_double (name, nick, blurb, number->minimum,
        number->maximum, number->default_value, flags);
  } else if (G_IS_PARAM_SPEC_ENUM (pspec)) {
    return g_param_spec_enum (name, nick, blurb, pspec->value_type,
        G_PARAM_SPEC_ENUM (pspec)->default_value, flags);
  } else if (G_IS_PARAM_SPEC_FLAGS (pspec)) {
    return g_param_spec_flags (name, nick, blurb, pspec->value_type,
        G_PARAM_SPEC_FLAGS (pspec)->default_value, flags);
  } else if (G_IS_PARAM_SPEC_STRING (pspec)) {
    return g_param_spec_string (name, nick, blurb,
        G_PARAM_SPEC_STRING (pspec)->default_value, flags);
  }
  g_return_val_if_reached (NULL);
}

static void
install_child_properties (GObjectClass *object_class, GType child_type,
    guint *id)
{
  GObjectClass *child_class = g_type_class_ref (child_type);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (child_class, &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++) {
    /* Children may have a property in common. */
    if (pspecs[i]->owner_type == child_type
        && !g_object_class_find_property (object_class, pspecs[i]->name)) {
      g_object_class_install_property (object_class, (*id)++,
          clone_property (pspecs[i]));
    }
  }
  g_type_class_unref (child_class);
}

static void
gst_activation_map_class_init (GstActivationMapClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  guint id = 1;

  object_class->set_property = gst_activation_map_set_property;
  object_class->get_property = gst_activation_map_get_property;
  for (guint i = 0; i < N_CHILDREN; i++)
    install_child_properties (object_class, child_types[i](), &id);

  gst_element_class_set_static_metadata (element_class, "Activation map",
      "Filter/Analyzer/Video",
      "Shows live what a convolutional network sees in each face of a video",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
}
