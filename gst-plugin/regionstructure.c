/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "regionstructure.h"

static void
set_explanation (GstStructure *structure, const GstActivations *activations,
    const GstActivationExplanation *explanation)
{
  GValue contributions = G_VALUE_INIT;

  g_value_init (&contributions, GST_TYPE_ARRAY);
  for (gint c = 0; c < explanation->channels; c++) {
    GValue contribution = G_VALUE_INIT;

    g_value_init (&contribution, G_TYPE_DOUBLE);
    g_value_set_double (&contribution,
        (gdouble) explanation->channel_contributions[c]);
    gst_value_array_append_and_take_value (&contributions, &contribution);
  }
  gst_structure_set (structure, "explain", G_TYPE_STRING, explanation->method,
      "explain-layer", G_TYPE_STRING, explanation->layer, "explain-class",
      G_TYPE_STRING,
      gst_activations_get_label (activations, explanation->target_class),
      "logit", G_TYPE_DOUBLE, (gdouble) explanation->logit, "bias",
      G_TYPE_DOUBLE, (gdouble) explanation->bias, NULL);
  gst_structure_take_value (structure, "contributions", &contributions);
}

static void
set_knock_outs (GstStructure *structure, const GstActivations *activations)
{
  const guint n_knock_outs = gst_activations_get_n_knock_outs (activations);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_knock_outs; i++) {
    gint channel;
    const gchar *layer = gst_activations_get_knock_out (activations, i,
        &channel);

    g_string_append_printf (text, "%s%s:%d", i ? "," : "", layer, channel);
  }
  gst_structure_set (structure, "knock-out", G_TYPE_STRING, text->str,
      "intact-confidence", G_TYPE_DOUBLE,
      (gdouble) gst_activations_get_intact_score (activations,
          gst_activations_get_winner (activations)),
      NULL);
}

GstStructure *
region_structure_new (gint id, const ImageRect *box,
    const GstActivations *activations)
{
  const guint winner = gst_activations_get_winner (activations);
  const GstActivationExplanation *explanation =
      gst_activations_get_explanation (activations);
  GstStructure *structure = gst_structure_new ("region", "id", G_TYPE_INT, id,
      "x", G_TYPE_UINT, (guint) box->x, "y", G_TYPE_UINT, (guint) box->y,
      "width", G_TYPE_UINT, (guint) box->width, "height", G_TYPE_UINT,
      (guint) box->height, "attribute", G_TYPE_STRING,
      gst_activations_get_attribute (activations), "label", G_TYPE_STRING,
      gst_activations_get_label (activations, winner), "label-id", G_TYPE_UINT,
      winner, "confidence", G_TYPE_DOUBLE,
      (gdouble) gst_activations_get_score (activations, winner), NULL);

  if (explanation)
    set_explanation (structure, activations, explanation);
  if (gst_activations_get_n_knock_outs (activations) > 0)
    set_knock_outs (structure, activations);
  return structure;
}
