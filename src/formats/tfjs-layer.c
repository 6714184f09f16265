/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/tfjs-layer.h"

#include <math.h>

#include "base/json.h"
#include "cnn/layers/layer.h"

/* Functions of Keras that TensorFlow.js has under another name, or not at all
 * (NULL). The rest have the same name. */
static const struct {
  const gchar *name;
  const gchar *other;
} functions[] = {
  { "silu", "swish" },
  { "celu", "elu" },
  { "exponential", NULL },
  { "gelu_new", NULL },
  { "hard_shrink", NULL },
  { "hard_silu", NULL },
  { "hard_swish", NULL },
  { "hard_tanh", NULL },
  { "log_sigmoid", NULL },
  { "soft_shrink", NULL },
  { "squareplus", NULL },
  { "tanh_shrink", NULL },
};

static const gchar *
get_class (const cJSON *entry)
{
  const cJSON *name = json_get (entry, "class_name");

  return cJSON_IsString (name) ? name->valuestring : "";
}

static void
set_class (cJSON *entry, const gchar *class_name)
{
  cJSON_ReplaceItemInObjectCaseSensitive (entry, "class_name",
      cJSON_CreateString (class_name));
}

/* Replaces the member or adds it. */
static void
set_member (cJSON *object, const gchar *key, cJSON *item)
{
  cJSON_DeleteItemFromObjectCaseSensitive (object, key);
  cJSON_AddItemToObject (object, key, item);
}

static void
rename_member (cJSON *object, const gchar *key, const gchar *other)
{
  cJSON *item = cJSON_DetachItemFromObjectCaseSensitive (object, key);

  if (item)
    set_member (object, other, item);
}

static gdouble
get_number (const cJSON *config, const gchar *key, gdouble otherwise)
{
  const cJSON *item = json_get (config, key);

  return cJSON_IsNumber (item) ? item->valuedouble : otherwise;
}

static void
take_note (GPtrArray *notes, const cJSON *entry, const gchar *what)
{
  const gchar *name = layers_model_get_layer_name (entry);

  g_ptr_array_add (notes,
      g_strdup_printf ("layer '%s' (%s): %s", name ? name : "",
          get_class (entry), what));
}

#define NOT_LOADED "TensorFlow.js will not load the model: "
#define OTHERWISE "TensorFlow.js will compute other values: "

static void
rewrite_leaky_relu (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  rename_member (config, "negative_slope", "alpha");
}

/* There, ReLU has no slope and no threshold. */
static void
rewrite_relu (LayersModel *model, cJSON *entry, cJSON *config, GPtrArray *notes)
{
  const gdouble slope = get_number (config, "negative_slope", 0.0);
  const gdouble threshold = get_number (config, "threshold", 0.0);
  const gboolean is_limited = json_get (config, "max_value") != NULL;

  if (slope == 0.0 && threshold == 0.0)
    return;
  if (!is_limited && threshold == 0.0) {
    set_class (entry, "LeakyReLU");
    rename_member (config, "negative_slope", "alpha");
  } else if (!is_limited && slope == 0.0) {
    set_class (entry, "ThresholdedReLU");
    rename_member (config, "threshold", "theta");
  } else {
    take_note (notes, entry,
        OTHERWISE "its ReLU has no 'negative_slope' and no 'threshold'");
  }
}

static void
rewrite_softmax (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  if (!json_get (config, "axis"))
    set_member (config, "axis", cJSON_CreateNumber (-1.0));
}

static void
rewrite_batch_normalization (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  const cJSON *axis = json_get (config, "axis");

  if (cJSON_IsArray (axis) && cJSON_GetArraySize (axis) == 1)
    set_member (config, "axis", cJSON_Duplicate (axis->child, TRUE));
}

static void
rewrite_conv2d (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  if (get_number (config, "groups", 1.0) != 1.0)
    take_note (notes, entry, NOT_LOADED "its Conv2D has no 'groups'");
}

static void
rewrite_conv2d_transpose (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  if (json_get (config, "output_padding"))
    take_note (notes, entry,
        OTHERWISE "its Conv2DTranspose has no 'output_padding'");
}

static void
rewrite_up_sampling2d (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  const cJSON *method = json_get (config, "interpolation");

  if (cJSON_IsString (method) && g_str_equal (method->valuestring, "bilinear"))
    take_note (notes, entry,
        OTHERWISE "its bilinear interpolation samples at other positions");
}

static void
rewrite_resizing (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  take_note (notes, entry,
      OTHERWISE
      "its Resizing samples at other positions, unless the size stays");
}

static void
rewrite_subtract (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  take_note (notes, entry, NOT_LOADED "it has no Subtract");
}

static void
rewrite_random_crop (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  take_note (notes, entry, NOT_LOADED "it has no RandomCrop");
}

static cJSON *
create_numbers (const gdouble *values, gint count)
{
  return count == 1 ? cJSON_CreateNumber (values[0])
                    : cJSON_CreateDoubleArray (values, count);
}

/**
 * Statistics:
 * @mean: @count values, as is @variance
 */
typedef struct {
  gint count;
  gdouble *mean;
  gdouble *variance;
} Statistics;

/* Reads a variable of a Normalization from the configuration or the weights.
 * Returns: (nullable): if it is neither in one nor in the other */
static gdouble *
read_statistic (const LayersModel *model, const cJSON *entry,
    const cJSON *config, const gchar *variable, gint *count)
{
  g_autofree gchar *name = g_strconcat (layers_model_get_layer_name (entry),
      "/", variable, NULL);
  const LayersModelWeight *weight = layers_model_get_weight (model, name);
  const cJSON *item = json_get_flat (json_get (config, variable));
  gdouble *values = NULL;

  *count = 0;
  if (item) {
    const cJSON *value = cJSON_IsArray (item) ? item->child : item;

    *count = cJSON_IsArray (item) ? cJSON_GetArraySize (item) : 1;
    values = g_new0 (gdouble, MAX (*count, 1));
    for (gint i = 0; i < *count; i++, value = value->next)
      values[i] = cJSON_IsNumber (value) ? value->valuedouble : NAN;
  } else if (weight) {
    *count = (gint) cnn_shape_size (&weight->shape);
    values = g_new (gdouble, *count);
    for (gint i = 0; i < *count; i++)
      values[i] = weight->values[i];
  }
  return values;
}

/* Returns FALSE, as the loader will say why, if they are not usable. */
static gboolean
read_statistics (const LayersModel *model, const cJSON *entry,
    const cJSON *config, Statistics *statistics)
{
  gint n_variances;

  statistics->mean = read_statistic (model, entry, config, "mean",
      &statistics->count);
  statistics->variance = read_statistic (model, entry, config, "variance",
      &n_variances);
  if (!statistics->mean || !statistics->variance || statistics->count == 0
      || statistics->count != n_variances)
    return FALSE;
  for (gint i = 0; i < n_variances; i++) {
    if (!isfinite (statistics->mean[i]) || !(statistics->variance[i] >= 0.0)
        || !isfinite (statistics->variance[i]))
      return FALSE;
  }
  return TRUE;
}

static void
remove_statistics (LayersModel *model, const cJSON *entry)
{
  static const gchar *const variables[] = { "mean", "variance", "count" };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++) {
    g_autofree gchar *name = g_strconcat (layers_model_get_layer_name (entry),
        "/", variables[i], NULL);

    if (layers_model_has_weight (model, name))
      layers_model_remove_weight (model, name);
  }
}

static const gchar *const common_keys[] = { "name", "trainable", "dtype",
  "batch_input_shape", NULL };

/* Keeps what layers of all classes have. */
static void
keep_common (cJSON *config, const gchar *also)
{
  cJSON *item = config->child;

  while (item) {
    cJSON *next = item->next;

    if (!g_strv_contains (common_keys, item->string)
        && g_strcmp0 (item->string, also) != 0)
      cJSON_Delete (cJSON_DetachItemViaPointer (config, item));
    item = next;
  }
}

/* (x - mean) / deviation is x * scale + offset. */
static void
rewrite_normalization (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  const gboolean invert = cJSON_IsTrue (json_get (config, "invert"));
  Statistics statistics = { 0 };

  if (layers_model_get_layer_name (entry)
      && read_statistics (model, entry, config, &statistics)) {
    for (gint i = 0; i < statistics.count; i++) {
      const gdouble deviation = fmax (sqrt (statistics.variance[i]), 1e-7);

      statistics.variance[i] = invert ? deviation : 1.0 / deviation;
      if (!invert)
        statistics.mean[i] *= -1.0 / deviation;
    }
    remove_statistics (model, entry);
    keep_common (config, NULL);
    set_class (entry, "Rescaling");
    set_member (config, "scale",
        create_numbers (statistics.variance, statistics.count));
    set_member (config, "offset",
        create_numbers (statistics.mean, statistics.count));
  }
  g_free (statistics.mean);
  g_free (statistics.variance);
}

static void
flatten_member (cJSON *config, const gchar *key)
{
  const cJSON *item = json_get (config, key);
  const cJSON *flat = json_get_flat (item);

  if (flat && flat != item)
    set_member (config, key, cJSON_Duplicate (flat, TRUE));
}

static void
rewrite_rescaling (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  flatten_member (config, "scale");
  flatten_member (config, "offset");
}

typedef void (*Rewrite) (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes);

static const struct {
  const gchar *class_name;
  Rewrite rewrite;
} rules[] = {
  { "BatchNormalization", rewrite_batch_normalization },
  { "Conv2D", rewrite_conv2d },
  { "Conv2DTranspose", rewrite_conv2d_transpose },
  { "LeakyReLU", rewrite_leaky_relu },
  { "Normalization", rewrite_normalization },
  { "RandomCrop", rewrite_random_crop },
  { "ReLU", rewrite_relu },
  { "Rescaling", rewrite_rescaling },
  { "Resizing", rewrite_resizing },
  { "Softmax", rewrite_softmax },
  { "Subtract", rewrite_subtract },
  { "UpSampling2D", rewrite_up_sampling2d },
};

/* Whether the layer does nothing after training, and TensorFlow.js does not
 * know it. */
static gboolean
is_unknown_identity (const CnnLayerClass *class)
{
  static const gchar *const known[] = { "AlphaDropout", "Dropout",
    "GaussianDropout", "GaussianNoise", NULL };

  return class->role == CNN_LAYER_ROLE_VIEW && !class->configure
      && !g_strv_contains (known, class->name);
}

/* A Dropout does nothing after training either. */
static void
rewrite_identity (cJSON *entry, cJSON *config)
{
  keep_common (config, "rate");
  set_class (entry, "Dropout");
  if (!json_get (config, "rate"))
    set_member (config, "rate", cJSON_CreateNumber (0.0));
}

static gboolean
has_suffix (const gchar *key)
{
  return g_str_has_suffix (key, "_initializer")
      || g_str_has_suffix (key, "_regularizer")
      || g_str_has_suffix (key, "_constraint");
}

static void
remove_training (cJSON *config)
{
  cJSON *item = config->child;

  while (item) {
    cJSON *next = item->next;

    if (has_suffix (item->string))
      cJSON_Delete (cJSON_DetachItemViaPointer (config, item));
    item = next;
  }
}

/* All values are float32 when the network runs, whatever the policy was. */
static void
rewrite_common (cJSON *config)
{
  remove_training (config);
  rename_member (config, "batch_shape", "batch_input_shape");
  if (json_get (config, "dtype"))
    set_member (config, "dtype", cJSON_CreateString ("float32"));
}

static cJSON *
create_leaky_relu (void)
{
  cJSON *entry = cJSON_CreateObject ();

  cJSON_AddStringToObject (entry, "class_name", "LeakyReLU");
  cJSON_AddNumberToObject (cJSON_AddObjectToObject (entry, "config"), "alpha",
      0.2);
  return entry;
}

static void
rewrite_function (const LayersModel *model, cJSON *entry, cJSON *config,
    const gchar *name, GPtrArray *notes)
{
  g_autofree gchar *what = g_strdup_printf (NOT_LOADED "it has no '%s'", name);

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++) {
    if (!g_str_equal (functions[i].name, name))
      continue;
    if (functions[i].other)
      set_member (config, "activation",
          cJSON_CreateString (functions[i].other));
    else
      take_note (notes, entry, what);
  }
  if (g_str_equal (name, "leaky_relu"))
    set_member (config, "activation", create_leaky_relu ());
  if (g_str_equal (name, "hard_sigmoid")
      && g_str_has_prefix (model->keras_version, "3."))
    take_note (notes, entry, OTHERWISE "its hard_sigmoid is that of Keras 2");
}

/* A layer in the place of the function stays one, which TensorFlow.js accepts.
 * Only its class and configuration matter. */
static void
rewrite_activation (LayersModel *model, cJSON *entry, cJSON *config,
    GPtrArray *notes)
{
  cJSON *activation = cJSON_GetObjectItemCaseSensitive (config, "activation");
  cJSON *inner = cJSON_GetObjectItemCaseSensitive (activation, "config");

  if (cJSON_IsString (activation) || cJSON_IsString (inner)) {
    g_autofree gchar *name = g_strdup (
        cJSON_IsString (inner) ? inner->valuestring : activation->valuestring);

    set_member (config, "activation", cJSON_CreateString (name));
    rewrite_function (model, entry, config, name, notes);
  } else if (cJSON_IsObject (inner)) {
    tfjs_layer_rewrite (model, activation, notes);
    cJSON_DeleteItemFromObjectCaseSensitive (activation, "module");
    cJSON_DeleteItemFromObjectCaseSensitive (activation, "registered_name");
    cJSON_DeleteItemFromObjectCaseSensitive (activation, "build_config");
  }
}

/* The depth of the recursion is that of the JSON text. */
void
tfjs_layer_rewrite (LayersModel *model, cJSON *entry, GPtrArray *notes)
{
  const CnnLayerClass *class = cnn_layer_find_class (get_class (entry));
  cJSON *config = cJSON_GetObjectItemCaseSensitive (entry, "config");

  if (!class || !cJSON_IsObject (config))
    return;
  rewrite_common (config);
  rewrite_activation (model, entry, config, notes);
  if (is_unknown_identity (class))
    rewrite_identity (entry, config);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    if (g_str_equal (rules[i].class_name, class->name))
      rules[i].rewrite (model, entry, config, notes);
  }
}

/* TensorFlow.js ignores `keepdims`. */
static gboolean
keeps_dimensions (const cJSON *entry)
{
  const gchar *class_name = get_class (entry);

  return (g_str_equal (class_name, "GlobalAveragePooling2D")
             || g_str_equal (class_name, "GlobalMaxPooling2D"))
      && cJSON_IsTrue (json_get (json_get (entry, "config"), "keepdims"));
}

cJSON *
tfjs_layer_split (cJSON *entry)
{
  const gint shape[] = { 1, 1, -1 };
  const gchar *name = layers_model_get_layer_name (entry);
  g_autofree gchar *inner = g_strconcat (name, "/", name, NULL);
  cJSON *pooling, *config;

  if (!name || !keeps_dimensions (entry))
    return NULL;
  pooling = cJSON_CreateObject ();
  cJSON_AddStringToObject (pooling, "class_name", get_class (entry));
  config = cJSON_Duplicate (json_get (entry, "config"), TRUE);
  set_member (config, "name", cJSON_CreateString (inner));
  cJSON_DeleteItemFromObjectCaseSensitive (config, "keepdims");
  cJSON_AddItemToObject (pooling, "config", config);
  set_class (entry, "Reshape");
  config = cJSON_GetObjectItemCaseSensitive (entry, "config");
  keep_common (config, NULL);
  cJSON_DeleteItemFromObjectCaseSensitive (config, "batch_input_shape");
  set_member (config, "target_shape",
      cJSON_CreateIntArray (shape, G_N_ELEMENTS (shape)));
  return pooling;
}
