/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * SECTION:element-activationmap
 * @title: activationmap
 * @see_also: facetracker, cnninference, activationoverlay
 *
 * Shows live what a convolutional network sees: finds the faces in a video,
 * runs a network on each, attaches its prediction and activation maps to the
 * buffer and draws them. A bin of facetracker, cnninference and
 * activationoverlay; their properties are its own.
 *
 * Where a frame brings no regions, #GstActivationMap:detector looks for them in
 * a scaled copy. Frames that bring regions, from whatever detector is
 * upstream, are taken as they are.
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 v4l2src ! videoconvert ! activationmap ! videoconvert !
 *     autovideosink
 * gst-launch-1.0 filesrc location=in.mp4 ! decodebin ! videoconvert !
 *     activationmap colormap=viridis ! x264enc ! mp4mux !
 *     filesink location=out.mp4
 * ]|
 */

#include "gstactivationmap.h"

#include <gst/video/video.h>

#include "detectorchain.h"
#include "gstactivationoverlay.h"
#include "gstcnninference.h"
#include "gstfacetracker.h"
#include "videoframe.h"

GST_DEBUG_CATEGORY_STATIC (gst_activation_map_debug);
#define GST_CAT_DEFAULT gst_activation_map_debug

#define DEFAULT_DETECTOR "facedetect display=false updates=none"

enum {
  PROP_0,
  PROP_DETECTOR,
  FIRST_CHILD_PROP,
};

#define N_CHILDREN 3

struct _GstActivationMap {
  GstBin parent;

  GstElement *children[N_CHILDREN]; /* tracker, inference, overlay */

  /* under the object lock */
  gchar *detector;
  gboolean whole_frame; /* the network looks at no regions */

  DetectorChain *chain;   /* from PAUSED on; NULL without a detector */
  GError *detector_error; /* why there is none, until it is told */
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

/* The property of a child's own class, not of those it is derived from. */
static GParamSpec *
find_child_property (GstElement *child, const gchar *name)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (child),
      name);

  return pspec && pspec->owner_type == G_OBJECT_TYPE (child) ? pspec : NULL;
}

static void
set_detector (GstActivationMap *self, const gchar *detector)
{
  GST_OBJECT_LOCK (self);
  g_free (self->detector);
  self->detector = g_strdup (detector);
  GST_OBJECT_UNLOCK (self);
}

static void
set_roi_type (GstActivationMap *self, const gchar *roi_type)
{
  GST_OBJECT_LOCK (self);
  self->whole_frame = !roi_type || !*roi_type;
  GST_OBJECT_UNLOCK (self);
}

static void
gst_activation_map_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstActivationMap *self = GST_ACTIVATION_MAP (object);

  if (id == PROP_DETECTOR) {
    set_detector (self, g_value_get_string (value));
    return;
  }
  if (g_str_equal (pspec->name, "roi-type"))
    set_roi_type (self, g_value_get_string (value));
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

  if (id == PROP_DETECTOR) {
    GST_OBJECT_LOCK (self);
    g_value_set_string (value, self->detector);
    GST_OBJECT_UNLOCK (self);
    return;
  }
  for (guint i = 0; i < N_CHILDREN; i++) {
    if (find_child_property (self->children[i], pspec->name)) {
      g_object_get_property (G_OBJECT (self->children[i]), pspec->name, value);
      return;
    }
  }
}

static gboolean
has_regions (GstBuffer *buffer)
{
  return gst_buffer_get_meta (buffer,
             GST_VIDEO_REGION_OF_INTEREST_META_API_TYPE)
      != NULL;
}

/* Says once, and only when it matters, that there is no detector. */
static void
warn_without_detector (GstActivationMap *self)
{
  if (!self->detector_error)
    return;
  GST_ELEMENT_WARNING (self, RESOURCE, NOT_FOUND,
      ("There is no face detector: %s. Install it (facedetect is in "
       "gstreamer1.0-opencv), set the property 'detector', or put a detector "
       "upstream; until then no face is found.",
          self->detector_error->message),
      (NULL));
  g_clear_error (&self->detector_error);
}

static GstPadProbeReturn
on_data (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  GstActivationMap *self = data;
  gboolean whole_frame;

  if (info->type & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    if (self->chain) {
      detector_chain_handle_event (self->chain,
          GST_PAD_PROBE_INFO_EVENT (info));
    }
    return GST_PAD_PROBE_OK;
  }
  GST_OBJECT_LOCK (self);
  whole_frame = self->whole_frame;
  GST_OBJECT_UNLOCK (self);
  if (whole_frame || has_regions (GST_PAD_PROBE_INFO_BUFFER (info)))
    return GST_PAD_PROBE_OK;
  if (self->chain) {
    info->data = detector_chain_detect (self->chain,
        GST_PAD_PROBE_INFO_BUFFER (info));
  } else {
    warn_without_detector (self);
  }
  return GST_PAD_PROBE_OK;
}

static void
drop_detector (GstActivationMap *self)
{
  g_clear_pointer (&self->chain, detector_chain_free);
  g_clear_error (&self->detector_error);
}

static gboolean
make_detector (GstActivationMap *self)
{
  g_autofree gchar *detector = NULL;

  drop_detector (self); /* of a state change that failed */
  GST_OBJECT_LOCK (self);
  detector = g_strdup (self->detector);
  GST_OBJECT_UNLOCK (self);
  if (!detector || !*detector)
    return TRUE;
  self->chain = detector_chain_new (GST_BIN (self), detector,
      &self->detector_error);
  if (self->chain
      || g_error_matches (self->detector_error, GST_PARSE_ERROR,
          GST_PARSE_ERROR_NO_SUCH_ELEMENT))
    return TRUE;
  GST_ELEMENT_ERROR (self, LIBRARY, SETTINGS,
      ("Property 'detector': %s", self->detector_error->message), (NULL));
  g_clear_error (&self->detector_error);
  return FALSE;
}

static GstStateChangeReturn
gst_activation_map_change_state (GstElement *element, GstStateChange transition)
{
  GstActivationMap *self = GST_ACTIVATION_MAP (element);
  GstStateChangeReturn result;

  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    if (!make_detector (self))
      return GST_STATE_CHANGE_FAILURE;
    if (self->chain)
      detector_chain_set_active (self->chain, TRUE);
  }
  result = GST_ELEMENT_CLASS (parent_class)->change_state (element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY
      || transition == GST_STATE_CHANGE_READY_TO_NULL)
    drop_detector (self);
  return result;
}

static void
gst_activation_map_finalize (GObject *object)
{
  GstActivationMap *self = GST_ACTIVATION_MAP (object);

  g_free (self->detector);
  g_clear_error (&self->detector_error);
  G_OBJECT_CLASS (parent_class)->finalize (object);
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
  g_autoptr (GstPad) pad = NULL;

  self->detector = g_strdup (DEFAULT_DETECTOR);
  self->children[0] = g_object_new (GST_TYPE_FACE_TRACKER, "name", "tracker",
      NULL);
  self->children[1] = g_object_new (GST_TYPE_CNN_INFERENCE, "name", "inference",
      NULL);
  self->children[2] = g_object_new (GST_TYPE_ACTIVATION_OVERLAY, "name",
      "overlay", NULL);
  for (guint i = 0; i < N_CHILDREN; i++) {
    gst_bin_add (GST_BIN (self), self->children[i]);
    if (i > 0)
      gst_element_link (self->children[i - 1], self->children[i]);
  }
  add_ghost_pad (self, self->children[0], "sink", &sink_template);
  add_ghost_pad (self, self->children[N_CHILDREN - 1], "src", &src_template);
  pad = gst_element_get_static_pad (self->children[0], "sink");
  gst_pad_add_probe (pad,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_data,
      self, NULL);
}

/* A property of this bin that says of itself what the child's does. */
static GParamSpec *
clone_property (GParamSpec *pspec)
{
  const gchar *name = pspec->name;
  const gchar *nick = g_param_spec_get_nick (pspec);
  const gchar *blurb = g_param_spec_get_blurb (pspec);
  const GParamFlags flags = pspec->flags & ~GST_PARAM_CONTROLLABLE;

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
  guint id = FIRST_CHILD_PROP;

  object_class->set_property = gst_activation_map_set_property;
  object_class->get_property = gst_activation_map_get_property;
  object_class->finalize = gst_activation_map_finalize;

  /**
   * GstActivationMap:detector:
   *
   * The element that looks for regions in frames that bring none, with its
   * properties, as in a launch line; empty for none.
   */
  g_object_class_install_property (object_class, PROP_DETECTOR,
      g_param_spec_string ("detector", "Detector",
          "Element that finds regions in frames that bring none; empty = none",
          DEFAULT_DETECTOR,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS
              | GST_PARAM_MUTABLE_READY));
  install_child_properties (object_class, GST_TYPE_FACE_TRACKER, &id);
  install_child_properties (object_class, GST_TYPE_CNN_INFERENCE, &id);
  install_child_properties (object_class, GST_TYPE_ACTIVATION_OVERLAY, &id);

  gst_element_class_set_static_metadata (element_class, "Activation map",
      "Filter/Analyzer/Video",
      "Shows live what a convolutional network sees in each face of a video",
      "The gst-activationmap authors");
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);

  element_class->change_state = gst_activation_map_change_state;
}
