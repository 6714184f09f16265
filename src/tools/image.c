/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "classifier/classifier.h"
#include "cnn/model/prediction.h"
#include "cnn/plan/plan.h"
#include "overlay/contact-sheet.h"
#include "tools/picture.h"
#include "tools/table.h"
#include "tools/tool.h"

#define DEFAULT_LAYERS "all"
#define N_PRINTED 5

#define DOT "\xc2\xb7"
#define TIMES "\xc3\x97"

/**
 * Look:
 * @nodes: (element-type guint): of which sheets are drawn
 * @scores: one for each class
 * @winner: the class of the highest
 *
 * A look at one picture through one network.
 */
typedef struct {
  const Options *options;
  Classifier *classifier;
  CnnModel *model; /* the classifier's */
  GArray *nodes;
  CnnPlan *plan;
  cairo_surface_t *picture;
  gfloat *scores;
  guint winner;
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->plan, cnn_plan_free);
  g_clear_pointer (&look->nodes, g_array_unref);
  g_clear_pointer (&look->picture, cairo_surface_destroy);
  g_clear_pointer (&look->classifier, classifier_free);
  g_free (look->scores);
}

static const gchar *const *
get_labels (const Look *look, guint *n_classes)
{
  return classifier_get_labels (look->classifier, n_classes);
}

static guint
get_output (const Look *look)
{
  guint n_outputs;

  return cnn_model_get_outputs (look->model, &n_outputs)[0];
}

static gboolean
look_load (Look *look, GError **error)
{
  const Options *options = look->options;
  const CnnLimits limits = tool_get_limits (options);
  const gchar *layers = options->layers ? options->layers : DEFAULT_LAYERS;

  look->classifier = classifier_load (options->model, options->labels,
      tool_get_input_size (options), &limits, error);
  if (!look->classifier)
    return FALSE;
  look->model = classifier_get_model (look->classifier);
  look->nodes = tool_select_layers (look->model, layers, error);
  if (!look->nodes)
    return FALSE;
  look->plan = cnn_plan_new (look->model, (const guint *) look->nodes->data,
      look->nodes->len, error);
  if (!look->plan)
    return FALSE;
  look->picture = picture_load (options->picture, error);
  return look->picture != NULL;
}

static void
look_run (Look *look)
{
  g_autoptr (ImageResizer) resizer = classifier_new_resizer (look->classifier);
  ImageFrame frame;
  Rect whole = { 0 };
  guint n_classes;

  picture_get_frame (look->picture, &frame);
  whole.width = frame.width;
  whole.height = frame.height;
  image_resizer_run (resizer, &frame, &whole,
      cnn_plan_get_input (look->plan, 0));
  cnn_plan_run (look->plan);
  get_labels (look, &n_classes);
  look->scores = g_new (gfloat, n_classes);
  look->winner = cnn_prediction_compute (look->model,
      cnn_plan_get_activation (look->plan, get_output (look)), look->scores);
}

static gint
compare_scores (gconstpointer a, gconstpointer b, gpointer scores)
{
  const guint first = *(const guint *) a, second = *(const guint *) b;
  const gfloat difference = ((gfloat *) scores)[second]
      - ((gfloat *) scores)[first];

  if (difference == 0.0f)
    return first < second ? -1 : 1;
  return difference > 0.0f ? 1 : -1;
}

/* The classes with the highest scores, the winner first. */
static void
print_prediction (const Look *look)
{
  const gchar *attribute =
      classifier_get_preprocess (look->classifier)->attribute;
  guint n_classes;
  const gchar *const *labels = get_labels (look, &n_classes);
  g_autofree guint *order = g_new (guint, n_classes);

  for (guint i = 0; i < n_classes; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n_classes, sizeof *order, compare_scores,
      look->scores);
  if (attribute)
    g_print ("%s\n", attribute);
  for (guint i = 0; i < MIN (n_classes, N_PRINTED); i++) {
    g_autofree gchar *label = table_make_printable (
        g_strdup (labels[order[i]]));

    g_print ("%8.4f  %s\n", look->scores[order[i]], label);
  }
  if (n_classes > N_PRINTED)
    g_print ("          and %u more\n", n_classes - N_PRINTED);
}

static CnnLayerMaps
describe_layer (const Look *look, guint node)
{
  const CnnSelectedLayer selected = { node, node };
  CnnLayerMaps layer = cnn_layer_selection_describe (look->model, &selected);

  layer.data = cnn_plan_get_activation (look->plan, node);
  return layer;
}

static gchar *
format_detail (const Look *look, guint node, const CnnLayerMaps *layer)
{
  const gchar *class = cnn_model_get_node_class (look->model, node);
  const gchar *s = layer->channels == 1 ? "" : "s";

  if (layer->height == 1 && layer->width == 1)
    return g_strdup_printf ("%s " DOT " %d value%s", class, layer->channels, s);
  return g_strdup_printf ("%s " DOT " %d map%s of %d" TIMES "%d", class,
      layer->channels, s, layer->width, layer->height);
}

static cairo_surface_t *
draw_sheet (const Look *look, guint node)
{
  const CnnLayerMaps layer = describe_layer (look, node);
  OverlaySheetText text = { .picture = look->picture };
  guint n_classes;
  const gchar *const *labels = get_labels (look, &n_classes);
  g_autofree gchar *detail = NULL;
  g_autofree gchar *note_detail = g_strdup_printf ("%.1f %%",
      100.0 * look->scores[look->winner]);

  detail = format_detail (look, node, &layer);
  text.title = layer.name;
  text.detail = detail;
  text.note = labels[look->winner];
  text.note_detail = note_detail;
  if (node == get_output (look) && (guint) layer.channels == n_classes)
    text.names = labels;
  return overlay_contact_sheet_draw (&layer, &text, OVERLAY_COLORMAP_YLGNBU);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
write_sheet (const Look *look, guint node, GError **error)
{
  g_autofree gchar *path = tool_get_layer_path (look->model, node,
      look->options->output_dir, ".png");
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_surface_t *sheet = draw_sheet (look, node);
  const cairo_status_t status = cairo_surface_write_to_png_stream (sheet,
      append_bytes, png);

  cairo_surface_destroy (sheet);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "%s: cannot be drawn: %s", path, cairo_status_to_string (status));
    return FALSE;
  }
  return g_file_set_contents_full (path, (const gchar *) png->data,
      (gssize) png->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}

static gboolean
write_sheets (const Look *look, GError **error)
{
  const gchar *folder = look->options->output_dir;

  if (!tool_make_folder (folder, error))
    return FALSE;
  for (guint i = 0; i < look->nodes->len; i++) {
    if (!write_sheet (look, g_array_index (look->nodes, guint, i), error))
      return FALSE;
  }
  g_print ("%u sheets written to %s\n", look->nodes->len, folder);
  return TRUE;
}

gboolean
command_image (const Options *options, GError **error)
{
  Look look = { .options = options };
  gboolean done = look_load (&look, error);

  if (done) {
    look_run (&look);
    print_prediction (&look);
    done = !options->output_dir || write_sheets (&look, error);
  }
  look_clear (&look);
  return done;
}
