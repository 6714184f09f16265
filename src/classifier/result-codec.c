/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "classifier/result-codec.h"

#include <string.h>

#include "base/stored-number.h"
#include "cnn/model/filters.h"

#define HAS_INTACT_SCORES (1u << 0)
#define HAS_EXPLANATION (1u << 1)
#define HAS_UNCERTAIN_BELOW (1u << 2)
#define HAS_INPUT (1u << 3)
#define HAS_KERNELS (1u << 4)
#define ALL_FLAGS                                                        \
  (HAS_INTACT_SCORES | HAS_EXPLANATION | HAS_UNCERTAIN_BELOW | HAS_INPUT \
      | HAS_KERNELS)

static void
write_uint (GByteArray *bytes, guint32 value)
{
  const guint32 word = GUINT32_TO_LE (value);

  g_byte_array_append (bytes, (const guint8 *) &word, sizeof word);
}

static void
write_floats (GByteArray *bytes, const gfloat *values, gsize count)
{
  const guint start = bytes->len;

  g_byte_array_append (bytes, (const guint8 *) values,
      (guint) (count * sizeof *values));
  stored_float32_convert (bytes->data + start, count);
}

static void
write_name (GByteArray *bytes, const gchar *name)
{
  const gsize length = strlen (name);

  write_uint (bytes, (guint32) length);
  g_byte_array_append (bytes, (const guint8 *) name, (guint) length);
}

static void
write_rect (GByteArray *bytes, const Rect *rect)
{
  write_uint (bytes, (guint32) rect->x);
  write_uint (bytes, (guint32) rect->y);
  write_uint (bytes, (guint32) rect->width);
  write_uint (bytes, (guint32) rect->height);
}

static void
write_layer (GByteArray *bytes, const CnnLayerMaps *layer)
{
  write_name (bytes, layer->name);
  write_name (bytes, layer->source);
  write_uint (bytes, (guint32) layer->height);
  write_uint (bytes, (guint32) layer->width);
  write_uint (bytes, (guint32) layer->channels);
  write_rect (bytes, &layer->interior);
  write_floats (bytes, layer->data, cnn_layer_maps_size (layer));
}

static void
write_explanation (GByteArray *bytes, const CnnExplanation *explanation)
{
  const gsize cells = cnn_explanation_count_cells (explanation);

  write_name (bytes, explanation->method);
  write_name (bytes, explanation->layer);
  write_name (bytes, explanation->source);
  write_uint (bytes, explanation->target_class);
  write_uint (bytes, (guint32) explanation->height);
  write_uint (bytes, (guint32) explanation->width);
  write_uint (bytes, (guint32) explanation->channels);
  write_floats (bytes, &explanation->logit, 1);
  write_floats (bytes, &explanation->bias, 1);
  write_floats (bytes, explanation->cam, cells);
  write_floats (bytes, explanation->map, cells);
  write_floats (bytes, explanation->cell_contributions, cells);
  write_floats (bytes, explanation->channel_contributions,
      (gsize) explanation->channels);
}

static void
write_view (GByteArray *bytes, const ClassifierView *view)
{
  const RectMargins *all[] = { &view->seen, &view->maps };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    const gfloat values[] = { all[i]->left, all[i]->top, all[i]->right,
      all[i]->bottom };

    write_floats (bytes, values, G_N_ELEMENTS (values));
  }
}

static void
write_colors (GByteArray *bytes, const ClassifierColors *colors)
{
  const gsize n_channels = (gsize) image_channels_count (colors->channels);

  write_uint (bytes, colors->channels);
  write_floats (bytes, colors->scale, n_channels);
  write_floats (bytes, colors->offset, n_channels);
}

static void
write_kernels (GByteArray *bytes, const ClassifierKernels *kernels,
    gint n_channels)
{
  write_name (bytes, kernels->form.name);
  write_name (bytes, kernels->form.source);
  write_uint (bytes, (guint32) kernels->form.height);
  write_uint (bytes, (guint32) kernels->form.width);
  write_uint (bytes, (guint32) kernels->form.channels);
  write_floats (bytes, kernels->values,
      classifier_kernels_count_values (kernels, n_channels));
}

static void
write_description (GByteArray *bytes, const ClassifierDescription *description)
{
  write_name (bytes, description->model_name);
  write_name (bytes, description->attribute);
  write_uint (bytes, description->kind);
  write_uint (bytes, description->n_classes);
  for (guint i = 0; i < description->n_classes; i++)
    write_name (bytes, description->labels[i]);
  if (description->kind == CNN_PREDICTION_LABELS)
    write_floats (bytes, description->thresholds, description->n_classes);
  write_name (bytes, description->unit ? description->unit : "");
  if (description->uncertain_below > 0.0f)
    write_floats (bytes, &description->uncertain_below, 1);
  write_colors (bytes, &description->colors);
  if (description->kernels)
    write_kernels (bytes, description->kernels,
        image_channels_count (description->colors.channels));
}

static void
write_layers (GByteArray *bytes, const CnnLayerMaps *layers, guint n_layers)
{
  write_uint (bytes, n_layers);
  for (guint i = 0; i < n_layers; i++)
    write_layer (bytes, &layers[i]);
}

static guint32
get_flags (const ClassifierResult *result)
{
  return (result->intact_scores ? HAS_INTACT_SCORES : 0)
      | (result->explanation ? HAS_EXPLANATION : 0)
      | (result->description->uncertain_below > 0.0f ? HAS_UNCERTAIN_BELOW : 0)
      | (result->input.data ? HAS_INPUT : 0)
      | (result->description->kernels ? HAS_KERNELS : 0);
}

void
classifier_result_encode (const ClassifierResult *result, GByteArray *bytes)
{
  const guint n_scores = classifier_description_count_scores (
      result->description);

  write_uint (bytes, get_flags (result));
  write_description (bytes, result->description);
  write_uint (bytes, result->winner);
  write_view (bytes, &result->view);
  write_floats (bytes, result->scores, n_scores);
  if (result->intact_scores)
    write_floats (bytes, result->intact_scores, n_scores);
  write_layers (bytes, result->outputs, result->n_outputs);
  write_uint (bytes, result->output);
  write_layers (bytes, result->layers, result->n_layers);
  if (result->input.data)
    write_layer (bytes, &result->input);
  if (result->explanation)
    write_explanation (bytes, result->explanation);
  write_uint (bytes, result->n_knock_outs);
  for (guint i = 0; i < result->n_knock_outs; i++) {
    write_uint (bytes, result->knock_outs[i].node);
    write_uint (bytes, result->knock_outs[i].channel);
    write_name (bytes, result->knock_outs[i].layer);
  }
}

/**
 * Reader:
 * @data: the bytes left to read
 * @size: how many there are
 * @failed: whether something was not valid; nothing is read from then on
 * @values: room for all floats, as many as there are words in the data
 * @description: (nullable): the result's description, once it is read
 */
typedef struct {
  const guint8 *data;
  gsize size;
  gboolean failed;
  gfloat *values;
  ClassifierDescription *description;
} Reader;

static gconstpointer
take (Reader *reader, gsize size)
{
  gconstpointer taken = reader->data;

  if (reader->failed || size > reader->size) {
    reader->failed = TRUE;
    return NULL;
  }
  reader->data += size;
  reader->size -= size;
  return taken;
}

/* Returns 0 after a failure. */
static guint32
read_uint (Reader *reader)
{
  gconstpointer word = take (reader, sizeof (guint32));
  guint32 value;

  if (!word)
    return 0;
  memcpy (&value, word, sizeof value);
  return GUINT32_FROM_LE (value);
}

/* Returns the number of items that follow, of at least @least bytes each. */
static guint
read_count (Reader *reader, gsize least)
{
  const guint32 count = read_uint (reader);

  if (count <= reader->size / least)
    return count;
  reader->failed = TRUE;
  return 0;
}

static gint
read_size (Reader *reader)
{
  const guint32 size = read_uint (reader);

  if (size > 0 && size <= G_MAXINT)
    return (gint) size;
  reader->failed = TRUE;
  return 1;
}

static const gfloat *
read_floats (Reader *reader, gsize count)
{
  const gfloat *values = reader->values;

  if (count > reader->size / sizeof (guint32))
    reader->failed = TRUE;
  for (gsize i = 0; i < count && !reader->failed; i++) {
    const guint32 word = read_uint (reader);

    memcpy (reader->values++, &word, sizeof word);
  }
  return values;
}

/* Returns: (transfer full) */
static gchar *
read_text (Reader *reader)
{
  const guint32 length = read_uint (reader);
  gconstpointer text = take (reader, length);

  if (text && !memchr (text, '\0', length))
    return g_strndup (text, length);
  reader->failed = TRUE;
  return g_strdup ("");
}

static const gchar *
read_name (Reader *reader)
{
  g_autofree gchar *text = read_text (reader);

  return classifier_description_intern (reader->description, text);
}

/* Some kinds have classes, and the others have none. */
static gboolean
has_classes (CnnPredictionKind kind)
{
  return kind == CNN_PREDICTION_CLASSES || kind == CNN_PREDICTION_LABELS;
}

/* The product of all three, or G_MAXSIZE if it overflows. */
static gsize
multiply (gint a, gint b, gint c)
{
  gsize product;

  if (g_size_checked_mul (&product, (gsize) a, (gsize) b)
      && g_size_checked_mul (&product, product, (gsize) c))
    return product;
  return G_MAXSIZE;
}

static void
read_colors (Reader *reader, ClassifierColors *colors)
{
  const guint32 channels = read_uint (reader);
  gsize n_channels, size;

  if (channels > IMAGE_CHANNELS_RGBA) {
    reader->failed = TRUE;
    return;
  }
  colors->channels = (ImageChannels) channels;
  n_channels = (gsize) image_channels_count (colors->channels);
  size = n_channels * sizeof (gfloat);
  memcpy (colors->scale, read_floats (reader, n_channels), size);
  memcpy (colors->offset, read_floats (reader, n_channels), size);
}

/* The names are to be freed. */
static void
read_kernels (Reader *reader, ClassifierKernels *kernels, gint n_channels)
{
  gsize n_values;

  kernels->form.name = read_text (reader);
  kernels->form.source = read_text (reader);
  kernels->form.height = read_size (reader);
  kernels->form.width = read_size (reader);
  kernels->form.channels = read_size (reader);
  n_values = multiply (kernels->form.height, kernels->form.width,
      kernels->form.channels);
  if (n_values > CNN_FILTERS_MAX_VALUES)
    reader->failed = TRUE;
  else
    kernels->values = read_floats (reader, n_values * (gsize) n_channels);
}

static void
read_description (Reader *reader, guint32 flags)
{
  g_autofree gchar *model_name = read_text (reader);
  g_autofree gchar *attribute = read_text (reader);
  const guint32 kind = read_uint (reader);
  const guint n_classes = read_count (reader, sizeof (guint32));
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  ClassifierDescription description = {
    .model_name = model_name,
    .attribute = attribute,
    .kind = (CnnPredictionKind) kind,
  };
  ClassifierKernels kernels = { 0 };
  g_autofree gchar *unit = NULL;

  for (guint i = 0; i < n_classes; i++)
    g_ptr_array_add (labels, read_text (reader));
  reader->failed |= kind >= CNN_PREDICTION_N_KINDS
      || (n_classes > 0) != has_classes (description.kind);
  description.labels = (const gchar *const *) labels->pdata;
  description.n_classes = labels->len;
  if (description.kind == CNN_PREDICTION_LABELS)
    description.thresholds = read_floats (reader, n_classes);
  unit = read_text (reader);
  description.unit = *unit ? unit : NULL;
  if (flags & HAS_UNCERTAIN_BELOW) {
    description.uncertain_below = *read_floats (reader, 1);
    reader->failed |= !(description.uncertain_below > 0.0f);
  }
  read_colors (reader, &description.colors);
  if (flags & HAS_KERNELS)
    read_kernels (reader, &kernels,
        image_channels_count (description.colors.channels));
  description.kernels = (flags & HAS_KERNELS) && !reader->failed ? &kernels
                                                                 : NULL;
  reader->description = classifier_description_new (&description);
  g_free ((gpointer) kernels.form.name);
  g_free ((gpointer) kernels.form.source);
}

static RectMargins
read_margins (Reader *reader)
{
  const gfloat *values = read_floats (reader, 4);
  const RectMargins margins = { values[0], values[1], values[2], values[3] };

  if (!rect_margins_are_valid (&margins))
    reader->failed = TRUE;
  return margins;
}

/* Returns: cells of a map, or none */
static Rect
read_interior (Reader *reader, gint width, gint height)
{
  guint32 words[4];

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = read_uint (reader);
  if (words[0] > (guint32) width || words[2] > (guint32) width - words[0]
      || words[1] > (guint32) height || words[3] > (guint32) height - words[1])
    reader->failed = TRUE;
  return (Rect) { (gint) words[0], (gint) words[1], (gint) words[2],
    (gint) words[3] };
}

static void
read_layer (Reader *reader, CnnLayerMaps *layer)
{
  layer->name = read_name (reader);
  layer->source = read_name (reader);
  layer->height = read_size (reader);
  layer->width = read_size (reader);
  layer->channels = read_size (reader);
  layer->interior = read_interior (reader, layer->width, layer->height);
  layer->data = read_floats (reader,
      multiply (layer->height, layer->width, layer->channels));
}

static void
read_explanation (Reader *reader, CnnExplanation *explanation)
{
  gsize cells;

  explanation->method = read_name (reader);
  explanation->layer = read_name (reader);
  explanation->source = read_name (reader);
  explanation->target_class = read_uint (reader);
  explanation->height = read_size (reader);
  explanation->width = read_size (reader);
  explanation->channels = read_size (reader);
  explanation->logit = *read_floats (reader, 1);
  explanation->bias = *read_floats (reader, 1);
  cells = multiply (explanation->height, explanation->width, 1);
  explanation->cam = read_floats (reader, cells);
  explanation->map = read_floats (reader, cells);
  explanation->cell_contributions = read_floats (reader, cells);
  explanation->channel_contributions = read_floats (reader,
      (gsize) explanation->channels);
  reader->failed |= explanation->target_class
      >= MAX (reader->description->n_classes, 1);
}

static void
read_knock_out (Reader *reader, CnnKnockOut *knock_out)
{
  knock_out->node = read_uint (reader);
  knock_out->channel = read_uint (reader);
  knock_out->layer = read_name (reader);
}

/* The input has the channels that its colours are about. */
static void
read_input (Reader *reader, CnnLayerMaps *input)
{
  read_layer (reader, input);
  reader->failed |= input->channels
      != image_channels_count (reader->description->colors.channels);
}

/* The fewest bytes that a layer and a knock-out take. */
#define LAYER_SIZE (10 * sizeof (guint32))
#define KNOCK_OUT_SIZE (3 * sizeof (guint32))

/* Returns: (transfer full) */
static CnnLayerMaps *
read_layers (Reader *reader, guint *n_layers)
{
  CnnLayerMaps *layers;

  *n_layers = read_count (reader, LAYER_SIZE);
  layers = g_new0 (CnnLayerMaps, *n_layers);
  for (guint i = 0; i < *n_layers; i++)
    read_layer (reader, &layers[i]);
  return layers;
}

/* After read_description(). */
static void
read_scores (Reader *reader, guint32 flags, ClassifierResult *result)
{
  const guint n_scores = classifier_description_count_scores (
      reader->description);

  result->winner = read_uint (reader);
  result->view.seen = read_margins (reader);
  result->view.maps = read_margins (reader);
  reader->failed |= result->winner >= MAX (reader->description->n_classes, 1);
  result->scores = read_floats (reader, n_scores);
  if (flags & HAS_INTACT_SCORES)
    result->intact_scores = read_floats (reader, n_scores);
}

/* Returns NULL after a failure. */
static ClassifierResult *
read_result (Reader *reader)
{
  const guint32 flags = read_uint (reader);
  ClassifierResult result = { 0 };
  CnnExplanation explanation = { 0 };
  g_autofree CnnLayerMaps *outputs = NULL, *layers = NULL;
  g_autofree CnnKnockOut *knock_outs = NULL;

  reader->failed |= (flags & ~ALL_FLAGS) != 0;
  read_description (reader, flags);
  result.description = reader->description;
  read_scores (reader, flags, &result);
  result.outputs = outputs = read_layers (reader, &result.n_outputs);
  result.output = read_uint (reader);
  reader->failed |= result.output >= MAX (result.n_outputs, 1);
  result.layers = layers = read_layers (reader, &result.n_layers);
  if (flags & HAS_INPUT)
    read_input (reader, &result.input);
  if (flags & HAS_EXPLANATION) {
    read_explanation (reader, &explanation);
    result.explanation = &explanation;
  }
  result.n_knock_outs = read_count (reader, KNOCK_OUT_SIZE);
  result.knock_outs = knock_outs = g_new0 (CnnKnockOut, result.n_knock_outs);
  for (guint i = 0; i < result.n_knock_outs; i++)
    read_knock_out (reader, &knock_outs[i]);
  if (reader->failed || reader->size > 0
      || (result.n_knock_outs > 0) != (result.intact_scores != NULL))
    return NULL;
  return classifier_result_copy (&result);
}

ClassifierResult *
classifier_result_decode (const guint8 *data, gsize size)
{
  /* More than can be read: after a failure, read_margins() still looks at four
   * floats. */
  g_autofree gfloat *values = g_new0 (gfloat, size / sizeof (guint32) + 4);
  Reader reader = { .data = data, .size = size, .values = values };
  ClassifierResult *result = read_result (&reader);

  g_clear_pointer (&reader.description, classifier_description_unref);
  return result;
}
