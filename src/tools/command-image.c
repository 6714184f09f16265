/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "base/file.h"
#include "base/model-error.h"
#include "classifier/classifier.h"
#include "classifier/result.h"
#include "cnn/plan/plan.h"
#include "overlay/contact-sheet.h"
#include "tools/command.h"
#include "tools/table.h"

#ifdef HAVE_GDK_PIXBUF
#include <gdk-pixbuf/gdk-pixbuf.h>
#endif

#define DEFAULT_LAYERS "all"
#define N_PRINTED 5

#define DOT "\xc2\xb7"
#define TIMES "\xc3\x97"

#define MAX_FILE_SIZE (64 << 20)
#define MAX_SIDE 16384
#define MAX_PIXELS (64 << 20)

#define PNG_SIGNATURE "\x89PNG\r\n\x1a\n"
#define PNG_SIGNATURE_SIZE 8
#define PNG_SIZE_OFFSET 16 /* of the width, which the height follows */

/* The rest of a file that is being read. */
typedef struct {
  const guint8 *at;
  gsize left;
} Input;

static gboolean
check_size (gint64 width, gint64 height, GError **error)
{
  if (width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE
      && width * height <= MAX_PIXELS)
    return TRUE;
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
      "has %" G_GINT64_FORMAT "x%" G_GINT64_FORMAT " pixels; at most %d, and "
      "%d along a side, are accepted",
      width, height, MAX_PIXELS, MAX_SIDE);
  return FALSE;
}

static cairo_status_t
read_input (void *closure, unsigned char *data, unsigned int length)
{
  Input *input = closure;

  if (length > input->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (data, input->at, length);
  input->at += length;
  input->left -= length;
  return CAIRO_STATUS_SUCCESS;
}

static guint32
read_word (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | (guint32) bytes[1] << 16
      | (guint32) bytes[2] << 8 | bytes[3];
}

/* Colours are premultiplied, so dropping alpha composites them over black. */
static cairo_surface_t *
drop_alpha (cairo_surface_t *surface)
{
  const gint width = cairo_image_surface_get_width (surface);
  const gint height = cairo_image_surface_get_height (surface);
  cairo_surface_t *opaque = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  cairo_t *cairo = cairo_create (opaque);

  cairo_set_source_surface (cairo, surface, 0, 0);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  cairo_surface_destroy (surface);
  return opaque;
}

static cairo_surface_t *
load_png (const guint8 *bytes, gsize size, GError **error)
{
  Input input = { bytes, size };
  cairo_surface_t *surface;

  if (size < PNG_SIZE_OFFSET + 8) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "is a PNG file that ends too early");
    return NULL;
  }
  if (!check_size (read_word (bytes + PNG_SIZE_OFFSET),
          read_word (bytes + PNG_SIZE_OFFSET + 4), error))
    return NULL;
  surface = cairo_image_surface_create_from_png_stream (read_input, &input);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    return drop_alpha (surface);
  cairo_surface_destroy (surface);
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "is a PNG file that is damaged");
  return NULL;
}

#ifdef HAVE_GDK_PIXBUF

/* Refuses a picture that is too large before its pixels are decoded. */
static void
on_size_prepared (GdkPixbufLoader *loader, gint width, gint height,
    gpointer data)
{
  GError **error = data;

  if (!*error && !check_size (width, height, error))
    gdk_pixbuf_loader_set_size (loader, 1, 1);
}

static cairo_surface_t *
copy_pixbuf (const GdkPixbuf *pixbuf)
{
  const gint width = gdk_pixbuf_get_width (pixbuf);
  const gint height = gdk_pixbuf_get_height (pixbuf);
  const gint n_channels = gdk_pixbuf_get_n_channels (pixbuf);
  const gboolean has_alpha = gdk_pixbuf_get_has_alpha (pixbuf);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24,
      width, height);
  guint8 *data = cairo_image_surface_get_data (surface);
  const gint stride = cairo_image_surface_get_stride (surface);

  for (gint y = 0; y < height; y++) {
    const guint8 *from = gdk_pixbuf_read_pixels (pixbuf)
        + (gsize) y * (gsize) gdk_pixbuf_get_rowstride (pixbuf);
    guint32 *to = (guint32 *) (gpointer) (data + (gsize) y * (gsize) stride);

    for (gint x = 0; x < width; x++, from += n_channels) {
      const guint32 alpha = has_alpha ? from[3] : 255;

      to[x] = 0;
      for (gint i = 0; i < 3; i++)
        to[x] = to[x] << 8 | (from[i] * alpha + 127) / 255;
    }
  }
  cairo_surface_mark_dirty (surface);
  return surface;
}

/* The loaders of GdkPixbuf 2.44 are programs, and all that they say is in the
 * error. */
static void
keep_first_line (GError *error)
{
  error->message[strcspn (error->message, "\r\n")] = '\0';
}

static cairo_surface_t *
load_other (GBytes *file, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GdkPixbuf) upright = NULL;
  g_autoptr (GError) reason = NULL;
  gboolean complete;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size_prepared),
      &reason);
  complete = gdk_pixbuf_loader_write_bytes (loader, file,
      reason ? NULL : error);
  /* The loader must be closed in any case; the first error is reported. */
  complete = gdk_pixbuf_loader_close (loader,
                 complete && !reason ? error : NULL)
      && complete;
  if (reason) {
    g_clear_error (error);
    g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
  }
  if (!complete) {
    keep_first_line (*error);
    return NULL;
  }
  upright = gdk_pixbuf_apply_embedded_orientation (
      gdk_pixbuf_loader_get_pixbuf (loader));
  return copy_pixbuf (upright);
}

#else

static cairo_surface_t *
load_other (GBytes *file, GError **error)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED,
      "is not a PNG file, and this program was built without GdkPixbuf, which "
      "reads others");
  return NULL;
}

#endif

/* Decodes a picture as CAIRO_FORMAT_RGB24, upright, over black where it is
 * transparent. */
static cairo_surface_t *
load_picture (const gchar *path, GError **error)
{
  g_autoptr (GBytes) file = file_read (path, MAX_FILE_SIZE, error);
  cairo_surface_t *picture;
  const guint8 *bytes;
  gsize size;

  if (!file)
    return NULL;
  bytes = g_bytes_get_data (file, &size);
  picture = size >= PNG_SIGNATURE_SIZE
          && memcmp (bytes, PNG_SIGNATURE, PNG_SIGNATURE_SIZE) == 0
      ? load_png (bytes, size, error)
      : load_other (file, error);
  if (!picture)
    g_prefix_error (error, "%s: ", path);
  return picture;
}

static void
get_frame (cairo_surface_t *picture, ImageFrame *frame)
{
  *frame = (ImageFrame) {
    /* Words of 0xxxRRGGBB. */
    .format = G_BYTE_ORDER == G_LITTLE_ENDIAN ? IMAGE_FORMAT_BGRX
                                              : IMAGE_FORMAT_XRGB,
    .width = cairo_image_surface_get_width (picture),
    .height = cairo_image_surface_get_height (picture),
    .plane = { cairo_image_surface_get_data (picture) },
    .stride = { cairo_image_surface_get_stride (picture) },
    .colorimetry = { .kr = 0.299, .kb = 0.114, .full_range = TRUE },
  };
}

/**
 * Look:
 * @prediction: the classifier's
 * @nodes: (element-type guint): of which sheets are drawn
 * @scores: one for each class, or the number
 * @result: the prediction, of @scores
 *
 * A look at one picture through one network.
 */
typedef struct {
  const Options *options;
  Classifier *classifier;
  CnnModel *model; /* the classifier's */
  const CnnPrediction *prediction;
  GArray *nodes;
  CnnPlan *plan;
  cairo_surface_t *picture;
  gfloat *scores;
  ClassifierResult result;
} Look;

static void
look_clear (Look *look)
{
  g_clear_pointer (&look->plan, cnn_plan_free);
  g_clear_pointer (&look->nodes, g_array_unref);
  g_clear_pointer (&look->picture, cairo_surface_destroy);
  g_clear_pointer (&look->classifier, classifier_free);
  g_clear_pointer (&look->result.description, classifier_description_unref);
  g_free (look->scores);
}

static gboolean
look_load (Look *look, GError **error)
{
  const Options *options = look->options;
  const CnnLimits limits = command_get_limits (options);
  const ClassifierSource source = {
    .model = options->model,
    .labels = options->labels,
    .output = options->output,
    .size = command_get_input_size (options),
    .limits = &limits,
  };
  const gchar *layers = options->layers ? options->layers : DEFAULT_LAYERS;

  look->classifier = classifier_load (&source, error);
  if (!look->classifier)
    return FALSE;
  look->model = classifier_get_model (look->classifier);
  look->prediction = classifier_get_prediction (look->classifier);
  look->nodes = command_select_layers (look->model, layers, error);
  if (!look->nodes)
    return FALSE;
  look->plan = cnn_plan_new (look->model, (const guint *) look->nodes->data,
      look->nodes->len, error);
  if (!look->plan)
    return FALSE;
  look->picture = load_picture (options->picture, error);
  return look->picture != NULL;
}

static void
predict (Look *look)
{
  const CnnPrediction *prediction = look->prediction;

  look->scores = g_new (gfloat,
      cnn_prediction_count_scores (prediction->kind, prediction->n_classes));
  look->result.description = classifier_describe (look->classifier,
      classifier_get_attribute (look->classifier));
  look->result.winner = cnn_prediction_compute (prediction,
      cnn_plan_get_activation (look->plan, prediction->output), look->scores);
  look->result.scores = look->scores;
}

static void
look_run (Look *look)
{
  g_autoptr (ImageResizer) resizer = classifier_new_resizer (look->classifier);
  ImageFrame frame;
  Rect whole = { 0 };

  get_frame (look->picture, &frame);
  whole.width = frame.width;
  whole.height = frame.height;
  image_resizer_run (resizer, &frame, &whole,
      cnn_plan_get_input (look->plan, 0));
  cnn_plan_run (look->plan);
  predict (look);
}

/* Returns: (transfer full): the part of the picture that the network sees */
static cairo_surface_t *
get_seen (const Look *look)
{
  ImageFrame frame;
  ClassifierView view;
  cairo_surface_t *seen;
  cairo_t *cairo;
  Rect whole = { 0 }, part;

  get_frame (look->picture, &frame);
  whole.width = frame.width;
  whole.height = frame.height;
  classifier_get_view (look->classifier, &frame, &whole, &whole, &view);
  part = rect_apply_margins (&whole, &view.seen);
  seen = cairo_image_surface_create (CAIRO_FORMAT_RGB24, part.width,
      part.height);
  cairo = cairo_create (seen);
  cairo_set_source_surface (cairo, look->picture, -part.x, -part.y);
  cairo_paint (cairo);
  cairo_destroy (cairo);
  return seen;
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

static void
print_hint (const Look *look)
{
  const gchar *hint = classifier_get_range_hint (look->classifier);

  if (hint)
    g_printerr ("activationmap-model: %s: the layers are those of %s; without "
                "a preprocess.json that says so, its input is pixel / 255\n",
        look->options->model, hint);
}

/* Returns: (transfer full): the classes, that of the highest score first */
static guint *
rank_classes (const Look *look)
{
  const guint n_classes = look->result.description->n_classes;
  guint *order = g_new (guint, n_classes);

  for (guint i = 0; i < n_classes; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n_classes, sizeof *order, compare_scores,
      look->scores);
  return order;
}

static void
print_class (const Look *look, guint class)
{
  const ClassifierResult *result = &look->result;
  const gboolean is_marked = result->description->kind == CNN_PREDICTION_LABELS
      && classifier_result_is_predicted (result, class);
  g_autofree gchar *label = table_make_printable (
      g_strdup (result->description->labels[class]));

  g_print ("%8.4f%s%s\n", look->scores[class], is_marked ? " * " : "  ", label);
}

/* A number and the labels that may be predicted together need to be told what
 * they are about; classes often speak for themselves. */
static void
print_attribute (const Look *look)
{
  const gchar *attribute =
      classifier_get_preprocess (look->classifier)->attribute;

  if (attribute && g_str_equal (attribute, look->result.description->attribute))
    g_print ("%s\n", attribute);
}

/* Prints the classes with the highest scores, best first, and all labels that
 * are predicted, which are marked. */
static void
print_classes (const Look *look)
{
  const ClassifierDescription *description = look->result.description;
  g_autofree guint *order = rank_classes (look);
  guint n_printed = MIN (description->n_classes, N_PRINTED);

  while (description->kind == CNN_PREDICTION_LABELS
      && n_printed < description->n_classes
      && classifier_result_is_predicted (&look->result, order[n_printed]))
    n_printed++;
  print_attribute (look);
  for (guint i = 0; i < n_printed; i++)
    print_class (look, order[i]);
  if (n_printed < description->n_classes)
    g_print ("          and %u more\n", description->n_classes - n_printed);
}

static void
print_number (const Look *look)
{
  g_autofree gchar *text = table_make_printable (
      classifier_result_to_text (&look->result));

  g_print ("%s: %s\n", look->result.description->attribute, text);
}

static void
print_image (const Look *look)
{
  const guint output = look->prediction->output;
  g_autofree gchar *name = table_make_printable (
      g_strdup (cnn_model_get_node_name (look->model, output)));
  g_autofree gchar *shape = cnn_shape_to_string (
      cnn_model_get_node_shape (look->model, output));

  g_print ("%s (%s): an image, which has no label; --output-dir draws it\n",
      name, shape);
}

/* Names the outputs that are not the prediction. */
static void
print_other_outputs (const Look *look)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (look->model, &n_outputs);

  for (guint i = 0; i < n_outputs; i++) {
    g_autofree gchar *name = NULL, *shape = NULL;

    if (i == classifier_get_output (look->classifier))
      continue;
    name = table_make_printable (
        g_strdup (cnn_model_get_node_name (look->model, outputs[i])));
    shape = cnn_shape_to_string (
        cnn_model_get_node_shape (look->model, outputs[i]));
    g_print ("another output: %s (%s)\n", name, shape);
  }
}

static void
print_prediction (const Look *look)
{
  switch (look->prediction->kind) {
    case CNN_PREDICTION_NUMBER:
      print_number (look);
      break;
    case CNN_PREDICTION_MAPS:
      print_image (look);
      break;
    default:
      print_classes (look);
      break;
  }
  print_other_outputs (look);
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

  if (cnn_layer_maps_is_vector (layer))
    return g_strdup_printf ("%s " DOT " %d value%s", class, layer->channels, s);
  return g_strdup_printf ("%s " DOT " %d map%s of %d" TIMES "%d", class,
      layer->channels, s, layer->width, layer->height);
}

/* Returns: (transfer full) (nullable): how certain the note of a sheet is */
static gchar *
format_note_detail (const Look *look)
{
  const ClassifierResult *result = &look->result;

  return result->description->kind == CNN_PREDICTION_CLASSES
      ? g_strdup_printf ("%.1f %%", 100.0 * result->scores[result->winner])
      : NULL;
}

static cairo_surface_t *
draw_sheet (const Look *look, cairo_surface_t *seen, guint node)
{
  const CnnLayerMaps layer = describe_layer (look, node);
  const ClassifierDescription *description = look->result.description;
  OverlaySheetText text = { .picture = seen };
  g_autofree gchar *detail = format_detail (look, node, &layer);
  g_autofree gchar *note = classifier_result_to_text (&look->result);
  g_autofree gchar *note_detail = format_note_detail (look);

  text.title = layer.name;
  text.detail = detail;
  text.note = note;
  text.note_detail = note_detail;
  if (node == look->prediction->output
      && (guint) layer.channels == description->n_classes)
    text.names = description->labels;
  return overlay_contact_sheet_draw (&layer, &text, OVERLAY_COLORMAP_YLGNBU);
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static gboolean
write_sheet (const Look *look, cairo_surface_t *seen, guint node, guint call,
    GError **error)
{
  g_autofree gchar *path = command_get_layer_path (look->model, node, call,
      look->options->output_dir, ".png");
  g_autoptr (GByteArray) png = g_byte_array_new ();
  cairo_surface_t *sheet = draw_sheet (look, seen, node);
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
  g_autofree guint *calls = command_count_calls (look->model);
  cairo_surface_t *seen;
  gboolean done = TRUE;

  if (!command_make_folder (folder, error))
    return FALSE;
  seen = get_seen (look);
  for (guint i = 0; i < look->nodes->len && done; i++) {
    const guint node = g_array_index (look->nodes, guint, i);

    done = write_sheet (look, seen, node, calls[node], error);
  }
  cairo_surface_destroy (seen);
  if (!done)
    return FALSE;
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
    print_hint (&look);
    print_prediction (&look);
    done = !options->output_dir || write_sheets (&look, error);
  }
  look_clear (&look);
  return done;
}
