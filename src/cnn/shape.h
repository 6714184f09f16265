/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_BEGIN_DECLS

#define CNN_MAX_RANK 6
#define CNN_MAX_DIMENSION (1 << 24)

/**
 * CnnShape:
 * @rank: number of dimensions, 0 (a scalar) to %CNN_MAX_RANK
 * @dims: their sizes, 1 to %CNN_MAX_DIMENSION each
 *
 * The shape of a tensor, outermost dimension first. Activations leave out the
 * batch dimension: a feature map is height, width, channels.
 */
typedef struct {
  guint rank;
  gint dims[CNN_MAX_RANK];
} CnnShape;

/**
 * cnn_shape_count:
 * @count: (out): number of elements
 *
 * Returns: FALSE if the product does not fit a gsize
 */
gboolean cnn_shape_count (const CnnShape *shape, gsize *count);

/**
 * cnn_shape_size:
 *
 * Returns: number of elements of a shape that is known to be in bounds
 */
gsize cnn_shape_size (const CnnShape *shape);

/**
 * cnn_shape_get_channels:
 *
 * Returns: the size of the last dimension; 1 for a scalar
 */
gsize cnn_shape_get_channels (const CnnShape *shape);

/**
 * CnnAxisView:
 * @outer: product of the dimensions before the axis
 * @length: size of the axis
 * @inner: product of the dimensions after it
 *
 * A tensor as three dimensions, of which the middle one is the axis.
 */
typedef struct {
  gsize outer;
  gsize length;
  gsize inner;
} CnnAxisView;

static inline CnnAxisView
cnn_axis_view (const CnnShape *shape, guint dimension)
{
  CnnAxisView view = { 1, (gsize) shape->dims[dimension], 1 };

  for (guint i = 0; i < dimension; i++)
    view.outer *= (gsize) shape->dims[i];
  for (guint i = dimension + 1; i < shape->rank; i++)
    view.inner *= (gsize) shape->dims[i];
  return view;
}

/**
 * CnnTensor:
 * @data: cnn_shape_size (@shape) values, row-major
 *
 * A view of values that are owned by something else.
 */
typedef struct {
  const CnnShape *shape;
  gfloat *data;
} CnnTensor;

/**
 * cnn_tensor_clear_channel:
 * @channel: index into the last dimension
 *
 * Sets the values of one channel to zero.
 */
void cnn_tensor_clear_channel (const CnnTensor *tensor, guint channel);

gboolean cnn_shape_equal (const CnnShape *a, const CnnShape *b);

/**
 * cnn_shape_to_string:
 *
 * Returns: (transfer full): such as "50x50x3"; "scalar" for rank 0
 */
gchar *cnn_shape_to_string (const CnnShape *shape);

/* Whether an input is height x width x channels. */
gboolean cnn_shape_check_feature_map (const CnnShape *input, GError **error);

/**
 * cnn_shape_from_json:
 *
 * Reads a list of dimensions, all of them given.
 */
gboolean cnn_shape_from_json (const cJSON *item, const gchar *what,
    CnnShape *shape, GError **error);

/**
 * cnn_shape_from_batch_json:
 * @shape: (out): without the first dimension, the batch, which may be null or
 *   anything; other sizes that are null, which the file leaves open, are 0
 */
gboolean cnn_shape_from_batch_json (const cJSON *item, const gchar *what,
    CnnShape *shape, GError **error);

/**
 * CnnInputSize:
 * @height: 1 to %CNN_MAX_DIMENSION
 * @width: 1 to %CNN_MAX_DIMENSION
 *
 * The size at which a network runs that takes feature maps of any size.
 */
typedef struct {
  gint height;
  gint width;
} CnnInputSize;

/**
 * cnn_input_size_check:
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT if it is out of range
 */
gboolean cnn_input_size_check (const CnnInputSize *size, GError **error);

/**
 * cnn_input_size_from_string:
 * @size: (out): the size
 * @text: height and width, such as "240x320"
 *
 * Returns: FALSE with %MODEL_ERROR_ARGUMENT if @text is anything else
 */
gboolean cnn_input_size_from_string (CnnInputSize *size, const gchar *text,
    GError **error);

G_END_DECLS
