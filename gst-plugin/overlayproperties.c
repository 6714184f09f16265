/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlayproperties.h"

#include "settings.h"

#define DEFAULT_PANEL_FACE (-1)
#define DEFAULT_FOLLOW GST_ACTIVATION_FOLLOW_AUTO
#define DEFAULT_SHOW OVERLAY_SHOW_DEFAULT

static const OverlayStyle default_style = OVERLAY_STYLE_INIT;

enum {
  PROP_0,
  PROP_LAYOUT,
  PROP_SHOW,
  PROP_PANEL_MODEL,
  PROP_PANEL_LAYERS,
  PROP_PANEL_FACE,
  PROP_CHANNEL,
  PROP_PAGE,
  PROP_PAGE_TIME,
  PROP_SCALING,
  PROP_SCALING_EXPONENT,
  PROP_RANGE_MINIMUM,
  PROP_RANGE_MAXIMUM,
  PROP_GAMMA,
  PROP_COLORMAP,
  PROP_CAM_COLORMAP,
  PROP_OPACITY,
  PROP_PANEL_OPACITY,
  PROP_SMOOTHING,
  PROP_FOLLOW,
  PROP_DRAW_BOXES,
  PROP_DRAW_LABELS,
  PROP_DRAW_MAPS,
  PROP_LABEL_SIZE,
  PROP_LABEL_CONTENT,
};

#define GST_TYPE_ACTIVATION_OVERLAY_COLORMAP \
  (gst_activation_overlay_colormap_get_type ())

static GType
gst_activation_overlay_colormap_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_COLORMAP_YLGNBU, "Dark navy to pale yellow", "ylgnbu" },
    { OVERLAY_COLORMAP_VIRIDIS, "Violet to yellow", "viridis" },
    { OVERLAY_COLORMAP_MAGMA, "Black to pale yellow by violet", "magma" },
    { OVERLAY_COLORMAP_INFERNO, "Black to pale yellow by red", "inferno" },
    { OVERLAY_COLORMAP_PLASMA, "Blue to yellow", "plasma" },
    { OVERLAY_COLORMAP_CIVIDIS, "Blue to yellow, for all colour vision",
        "cividis" },
    { OVERLAY_COLORMAP_TURBO, "Rainbow, smooth", "turbo" },
    { OVERLAY_COLORMAP_JET, "Rainbow, as in old plots", "jet" },
    { OVERLAY_COLORMAP_GRAY, "Black to white", "gray" },
    { OVERLAY_COLORMAP_SIGNED, "Blue below zero, orange above", "signed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  G_STATIC_ASSERT (G_N_ELEMENTS (values) == OVERLAY_N_COLORMAPS + 1);
  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayColormap", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_LAYOUT \
  (gst_activation_overlay_layout_get_type ())

static GType
gst_activation_overlay_layout_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_LAYOUT_DOCK, "A panel over the picture, away from the faces",
        "dock" },
    { OVERLAY_LAYOUT_BESIDE, "A panel beside the picture, in a wider frame",
        "beside" },
    { OVERLAY_LAYOUT_FACE, "Only on the face", "face" },
    { OVERLAY_LAYOUT_NONE, "No maps", "none" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  G_STATIC_ASSERT (G_N_ELEMENTS (values) == OVERLAY_N_LAYOUTS + 1);
  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayLayout", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_SHOW \
  (gst_activation_overlay_show_get_type ())

static GType
gst_activation_overlay_show_get_type (void)
{
  static const GFlagsValue values[] = {
    { OVERLAY_SHOW_MAPS, "The maps of layers", "maps" },
    { OVERLAY_SHOW_KERNELS, "The kernels of the first convolution", "kernels" },
    { OVERLAY_SHOW_INPUT, "The input of the network, in the layout beside",
        "input" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_flags_register_static ("GstActivationOverlayShow", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_SCALING \
  (gst_activation_overlay_scaling_get_type ())

static GType
gst_activation_overlay_scaling_get_type (void)
{
  static const GEnumValue values[] = {
    { OVERLAY_SCALING_INSIDE,
        "Each map in the range of its inside, without outliers", "inside" },
    { OVERLAY_SCALING_MAP, "Each map in its own range", "map" },
    { OVERLAY_SCALING_LAYER, "Each layer in its own range", "layer" },
    { OVERLAY_SCALING_FIXED, "From range-minimum to range-maximum", "fixed" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  G_STATIC_ASSERT (G_N_ELEMENTS (values) == OVERLAY_N_SCALINGS + 1);
  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_enum_register_static ("GstActivationOverlayScaling", values));
  }
  return (GType) type;
}

#define GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT \
  (gst_activation_overlay_label_content_get_type ())

static GType
gst_activation_overlay_label_content_get_type (void)
{
  static const GFlagsValue values[] = {
    { OVERLAY_LABEL_AUTO, "What tells faces and attributes apart", "auto" },
    { OVERLAY_LABEL_ID, "The id of the region", "id" },
    { OVERLAY_LABEL_ATTRIBUTE, "The name of each attribute", "attribute" },
    { OVERLAY_LABEL_LABEL, "The label of each attribute", "label" },
    { OVERLAY_LABEL_CONFIDENCE, "The confidence of each label", "confidence" },
    { 0, NULL, NULL },
  };
  static gsize type = 0;

  if (g_once_init_enter (&type)) {
    g_once_init_leave (&type,
        g_flags_register_static ("GstActivationOverlayLabelContent", values));
  }
  return (GType) type;
}

void
overlay_properties_init (OverlayProperties *self)
{
  *self = (OverlayProperties) { .style = default_style,
    .follow = DEFAULT_FOLLOW,
    .show = DEFAULT_SHOW,
    .panel_face = DEFAULT_PANEL_FACE };
  self->selection = overlay_selection_new (DEFAULT_SHOW, NULL, NULL,
      DEFAULT_PANEL_FACE, NULL, 1);
}

void
overlay_properties_clear (OverlayProperties *self)
{
  g_clear_pointer (&self->panel_model, g_free);
  g_clear_pointer (&self->panel_layers, g_free);
  g_clear_pointer (&self->channel, g_free);
  g_clear_pointer (&self->selection, overlay_selection_unref);
}

gboolean
overlay_properties_want_beside (const OverlayProperties *self)
{
  return self->style.draw_maps && self->style.layout == OVERLAY_LAYOUT_BESIDE;
}

/* Returns the place in @style of a property that is a plain number. */
static gdouble *
get_number (OverlayStyle *style, guint id)
{
  switch (id) {
    case PROP_PAGE_TIME:
      return &style->page_time;
    case PROP_SCALING_EXPONENT:
      return &style->scaling_exponent;
    case PROP_RANGE_MINIMUM:
      return &style->range_minimum;
    case PROP_RANGE_MAXIMUM:
      return &style->range_maximum;
    case PROP_GAMMA:
      return &style->gamma;
    case PROP_OPACITY:
      return &style->opacity;
    case PROP_PANEL_OPACITY:
      return &style->panel_opacity;
    case PROP_SMOOTHING:
      return &style->smoothing;
    default:
      return NULL;
  }
}

static void
set_style (OverlayStyle *style, guint id, const GValue *value)
{
  gdouble *number = get_number (style, id);

  if (number)
    *number = g_value_get_double (value);
  else if (id == PROP_LAYOUT)
    style->layout = (OverlayLayout) g_value_get_enum (value);
  else if (id == PROP_SCALING)
    style->scaling = (OverlayScaling) g_value_get_enum (value);
  else if (id == PROP_COLORMAP)
    style->colormap = (OverlayColormap) g_value_get_enum (value);
  else if (id == PROP_CAM_COLORMAP)
    style->cam_colormap = (OverlayColormap) g_value_get_enum (value);
  else if (id == PROP_PAGE)
    style->page = g_value_get_uint (value);
  else if (id == PROP_DRAW_BOXES)
    style->draw_boxes = g_value_get_boolean (value);
  else if (id == PROP_DRAW_LABELS)
    style->draw_labels = g_value_get_boolean (value);
  else if (id == PROP_DRAW_MAPS)
    style->draw_maps = g_value_get_boolean (value);
  else if (id == PROP_LABEL_SIZE)
    style->label_size = g_value_get_uint (value);
  else if (id == PROP_LABEL_CONTENT)
    style->label_content = (OverlayLabelContent) g_value_get_flags (value);
}

static void
set_selection (OverlayProperties *self, guint id, const GValue *value)
{
  const guint serial = self->selection->serial + (id != PROP_PANEL_FACE);

  if (id == PROP_SHOW)
    self->show = (OverlayShow) g_value_get_flags (value);
  else if (id == PROP_PANEL_MODEL)
    settings_take_string (&self->panel_model, value);
  else if (id == PROP_PANEL_LAYERS)
    settings_take_string (&self->panel_layers, value);
  else if (id == PROP_CHANNEL)
    settings_take_string (&self->channel, value);
  else
    self->panel_face = g_value_get_int (value);
  overlay_selection_unref (self->selection);
  self->selection = overlay_selection_new (self->show, self->panel_model,
      self->panel_layers, self->panel_face, self->channel, serial);
}

void
overlay_properties_set (OverlayProperties *self, guint id, const GValue *value)
{
  switch (id) {
    case PROP_SHOW:
    case PROP_PANEL_MODEL:
    case PROP_PANEL_LAYERS:
    case PROP_PANEL_FACE:
    case PROP_CHANNEL:
      set_selection (self, id, value);
      break;
    case PROP_FOLLOW:
      self->follow = (GstActivationFollow) g_value_get_enum (value);
      break;
    default:
      set_style (&self->style, id, value);
      break;
  }
}

static void
get_style_property (const OverlayStyle *style, guint id, GValue *value)
{
  gdouble *number = get_number ((OverlayStyle *) style, id);

  if (number)
    g_value_set_double (value, *number);
  else if (id == PROP_LAYOUT)
    g_value_set_enum (value, (gint) style->layout);
  else if (id == PROP_SCALING)
    g_value_set_enum (value, (gint) style->scaling);
  else if (id == PROP_COLORMAP)
    g_value_set_enum (value, (gint) style->colormap);
  else if (id == PROP_CAM_COLORMAP)
    g_value_set_enum (value, (gint) style->cam_colormap);
  else if (id == PROP_PAGE)
    g_value_set_uint (value, style->page);
  else if (id == PROP_DRAW_BOXES)
    g_value_set_boolean (value, style->draw_boxes);
  else if (id == PROP_DRAW_LABELS)
    g_value_set_boolean (value, style->draw_labels);
  else if (id == PROP_DRAW_MAPS)
    g_value_set_boolean (value, style->draw_maps);
  else if (id == PROP_LABEL_SIZE)
    g_value_set_uint (value, style->label_size);
  else if (id == PROP_LABEL_CONTENT)
    g_value_set_flags (value, style->label_content);
}

void
overlay_properties_get (const OverlayProperties *self, guint id, GValue *value)
{
  switch (id) {
    case PROP_SHOW:
      g_value_set_flags (value, self->show);
      break;
    case PROP_PANEL_MODEL:
      g_value_set_string (value, self->panel_model);
      break;
    case PROP_PANEL_LAYERS:
      g_value_set_string (value, self->panel_layers);
      break;
    case PROP_PANEL_FACE:
      g_value_set_int (value, self->panel_face);
      break;
    case PROP_CHANNEL:
      g_value_set_string (value, self->channel);
      break;
    case PROP_FOLLOW:
      g_value_set_enum (value, (gint) self->follow);
      break;
    default:
      get_style_property (&self->style, id, value);
      break;
  }
}

static const GParamFlags choice_flags = G_PARAM_READWRITE
    | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING;
static const GParamFlags number_flags = G_PARAM_READWRITE
    | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING
    | GST_PARAM_CONTROLLABLE;

static void
install_panel_properties (GObjectClass *object_class)
{
  /**
   * GstActivationOverlay:layout:
   *
   * Where the maps are shown. `beside` makes frames wider, and changing to or
   * from it while playing negotiates new caps. Its panel is drawn beside the
   * picture; boxes and labels are drawn on it as in all layouts, unless
   * #GstActivationOverlay:draw-boxes and #GstActivationOverlay:draw-labels are
   * off: then the picture stays as it is.
   */
  g_object_class_install_property (object_class, PROP_LAYOUT,
      g_param_spec_enum ("layout", "Layout", "Where the maps are shown",
          GST_TYPE_ACTIVATION_OVERLAY_LAYOUT, (gint) default_style.layout,
          number_flags));
  /**
   * GstActivationOverlay:show:
   *
   * What the panel shows of a network. The kernels are those of the first
   * convolution, one tile for each channel, above its maps: zero is mid-gray,
   * and each kernel is scaled by its largest weight. The input is what the
   * network gets, and has its place in the layout `beside`.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_SHOW,
      g_param_spec_flags ("show", "Show", "What the panel shows of a network",
          GST_TYPE_ACTIVATION_OVERLAY_SHOW, DEFAULT_SHOW, choice_flags));
  /**
   * GstActivationOverlay:panel-model:
   *
   * The network whose maps are shown where several look at a region: the name
   * of a model, or its attribute, such as `gender`. `all` shows the maps of
   * all, page by page where they do not fit at once; the score and the
   * explanation are those of the last. When empty, no maps are shown.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_PANEL_MODEL,
      g_param_spec_string ("panel-model", "Panel model",
          "Model or attribute whose maps are shown, or all; empty = none "
          "(default: the last that was run)",
          NULL, choice_flags));
  /**
   * GstActivationOverlay:panel-layers:
   *
   * The layers to show, in this order, out of those that the metadata has. A
   * name that it does not have causes a warning.
   */
  g_object_class_install_property (object_class, PROP_PANEL_LAYERS,
      g_param_spec_string ("panel-layers", "Panel layers",
          "Layers to show, separated by commas; empty = none (default: all "
          "there "
          "are)",
          NULL, choice_flags));
  /**
   * GstActivationOverlay:panel-face:
   *
   * The region whose maps are shown; none while it is not in the picture.
   */
  g_object_class_install_property (object_class, PROP_PANEL_FACE,
      g_param_spec_int ("panel-face", "Panel face",
          "Id of the region whose maps are shown; -1 for the largest", -1,
          G_MAXINT, DEFAULT_PANEL_FACE, number_flags));
  /**
   * GstActivationOverlay:channel:
   *
   * One channel to show large, such as `conv2d_2:7`. Text of another form, and
   * a channel that the panel does not have, cause a warning.
   */
  g_object_class_install_property (object_class, PROP_CHANNEL,
      g_param_spec_string ("channel", "Channel",
          "Channel to show large, as layer:channel (default: none)", NULL,
          choice_flags));
  /**
   * GstActivationOverlay:page:
   *
   * Which page of maps to show, where they do not all fit at once.
   */
  g_object_class_install_property (object_class, PROP_PAGE,
      g_param_spec_uint ("page", "Page",
          "Which page of maps to show, from 1; 0 for one after the other", 0,
          G_MAXUINT, default_style.page, number_flags));
  /**
   * GstActivationOverlay:page-time:
   *
   * How long each page is shown when #GstActivationOverlay:page is 0.
   */
  g_object_class_install_property (object_class, PROP_PAGE_TIME,
      g_param_spec_double ("page-time", "Page time",
          "Seconds that each page is shown when page is 0", 0.1, 3600.0,
          default_style.page_time, number_flags));
}

static void
install_scaling_properties (GObjectClass *object_class)
{
  /**
   * GstActivationOverlay:scaling:
   *
   * Which values the first and the last colour stand for.
   */
  g_object_class_install_property (object_class, PROP_SCALING,
      g_param_spec_enum ("scaling", "Scaling",
          "Which values get the colours' full range",
          GST_TYPE_ACTIVATION_OVERLAY_SCALING, (gint) default_style.scaling,
          number_flags));
  /**
   * GstActivationOverlay:scaling-exponent:
   *
   * With scaling=layer, how far weak channels are brought up: a channel is
   * multiplied by the power -b of its largest value (as part of the layer's).
   */
  g_object_class_install_property (object_class, PROP_SCALING_EXPONENT,
      g_param_spec_double ("scaling-exponent", "Scaling exponent",
          "With scaling=layer: 0 for one range, 1 for one a channel", 0.0, 1.0,
          default_style.scaling_exponent, number_flags));
  /**
   * GstActivationOverlay:range-minimum:
   *
   * The value that gets the lowest colour when #GstActivationOverlay:scaling
   * is `fixed`.
   */
  g_object_class_install_property (object_class, PROP_RANGE_MINIMUM,
      g_param_spec_double ("range-minimum", "Range minimum",
          "Value of the lowest colour with scaling=fixed", -G_MAXFLOAT,
          G_MAXFLOAT, default_style.range_minimum, number_flags));
  /**
   * GstActivationOverlay:range-maximum:
   *
   * The value that gets the highest colour when #GstActivationOverlay:scaling
   * is `fixed`.
   */
  g_object_class_install_property (object_class, PROP_RANGE_MAXIMUM,
      g_param_spec_double ("range-maximum", "Range maximum",
          "Value of the highest colour with scaling=fixed", -G_MAXFLOAT,
          G_MAXFLOAT, default_style.range_maximum, number_flags));
  /**
   * GstActivationOverlay:gamma:
   *
   * The power to which values between 0 and 1 are raised, after scaling. Below
   * 1 it lifts weak ones.
   */
  g_object_class_install_property (object_class, PROP_GAMMA,
      g_param_spec_double ("gamma", "Gamma",
          "Exponent of the scaled values; below 1 lifts weak ones", 0.1, 10.0,
          default_style.gamma, number_flags));
  /**
   * GstActivationOverlay:smoothing:
   *
   * Ranges grow at once and fall in about this time. Also steadies boxes, the
   * class activation map and labels on the edge. Metadata is not smoothed.
   */
  g_object_class_install_property (object_class, PROP_SMOOTHING,
      g_param_spec_double ("smoothing", "Smoothing",
          "Seconds in which ranges fall; 0 for no smoothing of anything", 0.0,
          60.0, default_style.smoothing, number_flags));
  /**
   * GstActivationOverlay:follow:
   *
   * Whether frames continue each other: see #GstFaceTracker:follow. Where they
   * do not, nothing is smoothed, and every curve starts over.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_FOLLOW,
      g_param_spec_enum ("follow", "Follow",
          "Whether to smooth the drawing from frame to frame",
          GST_TYPE_ACTIVATION_FOLLOW, DEFAULT_FOLLOW, number_flags));
}

static void
install_drawing_properties (GObjectClass *object_class)
{
  /**
   * GstActivationOverlay:colormap:
   *
   * The colours of the activation maps, from the lowest value to the highest.
   */
  g_object_class_install_property (object_class, PROP_COLORMAP,
      g_param_spec_enum ("colormap", "Colormap", "Colours of the maps",
          GST_TYPE_ACTIVATION_OVERLAY_COLORMAP, (gint) default_style.colormap,
          number_flags));
  /**
   * GstActivationOverlay:cam-colormap:
   *
   * Colours of the class activation map. `signed` shows what speaks for the
   * class (orange) and against it (blue) instead.
   */
  g_object_class_install_property (object_class, PROP_CAM_COLORMAP,
      g_param_spec_enum ("cam-colormap", "CAM colormap",
          "Colours of the class activation map; signed for the evidence",
          GST_TYPE_ACTIVATION_OVERLAY_COLORMAP,
          (gint) default_style.cam_colormap, number_flags));
  /**
   * GstActivationOverlay:opacity:
   *
   * How much the strongest part of the class activation map covers the face;
   * weaker parts cover less.
   */
  g_object_class_install_property (object_class, PROP_OPACITY,
      g_param_spec_double ("opacity", "Opacity",
          "Of the strongest part of the class activation map", 0.0, 1.0,
          default_style.opacity, number_flags));
  /**
   * GstActivationOverlay:panel-opacity:
   *
   * How much the panel's background covers the picture in layout `dock`.
   */
  g_object_class_install_property (object_class, PROP_PANEL_OPACITY,
      g_param_spec_double ("panel-opacity", "Panel opacity",
          "Of the panel's background over the picture", 0.0, 1.0,
          default_style.panel_opacity, number_flags));
  /**
   * GstActivationOverlay:draw-boxes:
   *
   * Whether the box of each region is drawn.
   */
  g_object_class_install_property (object_class, PROP_DRAW_BOXES,
      g_param_spec_boolean ("draw-boxes", "Draw boxes",
          "Draw the box of each region", default_style.draw_boxes,
          number_flags));
  /**
   * GstActivationOverlay:draw-labels:
   *
   * Whether the label of each region is drawn, with a bar for its confidence.
   */
  g_object_class_install_property (object_class, PROP_DRAW_LABELS,
      g_param_spec_boolean ("draw-labels", "Draw labels",
          "Draw the label of each region with a bar for its confidence",
          default_style.draw_labels, number_flags));
  /**
   * GstActivationOverlay:draw-maps:
   *
   * Whether maps are drawn, in whatever #GstActivationOverlay:layout.
   */
  g_object_class_install_property (object_class, PROP_DRAW_MAPS,
      g_param_spec_boolean ("draw-maps", "Draw maps",
          "Draw maps at all; false is as layout=none", default_style.draw_maps,
          number_flags));
  /**
   * GstActivationOverlay:label-size:
   *
   * A label for which there is no room is drawn at three quarters of it.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_LABEL_SIZE,
      g_param_spec_uint ("label-size", "Label size",
          "Of the text beside regions, in pixels; 0 chooses one for the frame",
          0, G_MAXINT16, default_style.label_size, number_flags));
  /**
   * GstActivationOverlay:label-content:
   *
   * `auto` writes the label and the confidence of each attribute, the id where
   * there are several regions or nothing else is known, and the names of
   * attributes where there are several.
   *
   * Since: 0.2
   */
  g_object_class_install_property (object_class, PROP_LABEL_CONTENT,
      g_param_spec_flags ("label-content", "Label content",
          "What is written beside regions",
          GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT,
          default_style.label_content, number_flags));
}

void
overlay_properties_install (GObjectClass *object_class)
{
  install_panel_properties (object_class);
  install_scaling_properties (object_class);
  install_drawing_properties (object_class);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_COLORMAP, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_LABEL_CONTENT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_LAYOUT, 0);
  gst_type_mark_as_plugin_api (GST_TYPE_ACTIVATION_OVERLAY_SCALING, 0);
}
