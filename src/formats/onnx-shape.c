/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-shape.h"

#include <string.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

gboolean
onnx_shape_set (OnnxShape *shape, const gint64 *dims, gsize rank,
    const gchar *what, GError **error)
{
  gint64 count = 1;

  shape->rank = 0;
  for (gsize i = 0; i < rank; i++) {
    if (i == ONNX_MAX_RANK || dims[i] < 0 || dims[i] > ONNX_MAX_SIZE
        || count * dims[i] > ONNX_MAX_SIZE) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
          "%s has a dimension of %" G_GINT64_FORMAT ", too many values, or "
          "more than %d dimensions",
          what, dims[i], ONNX_MAX_RANK);
      return FALSE;
    }
    count *= dims[i];
    shape->dims[shape->rank++] = dims[i];
  }
  return TRUE;
}

gint64
onnx_shape_count (const OnnxShape *shape)
{
  gint64 count = 1;

  for (guint i = 0; i < shape->rank; i++)
    count *= shape->dims[i];
  return count;
}

gboolean
onnx_shape_equal (const OnnxShape *a, const OnnxShape *b)
{
  return a->rank == b->rank
      && memcmp (a->dims, b->dims, a->rank * sizeof *a->dims) == 0;
}

gchar *
onnx_shape_to_string (const OnnxShape *shape)
{
  GString *string = g_string_new (shape->rank == 0 ? "one value" : NULL);

  for (guint i = 0; i < shape->rank; i++)
    g_string_append_printf (string, "%s%" G_GINT64_FORMAT, i ? "x" : "",
        shape->dims[i]);
  return g_string_free (string, FALSE);
}

gboolean
onnx_shape_broadcast (OnnxShape *shape, const OnnxShape *other, GError **error)
{
  OnnxShape result = shape->rank >= other->rank ? *shape : *other;
  gint64 dims[ONNX_MAX_RANK];

  for (guint i = 0; i < MIN (shape->rank, other->rank); i++) {
    const gint64 a = shape->dims[shape->rank - 1 - i];
    const gint64 b = other->dims[other->rank - 1 - i];

    if (a != b && a != 1 && b != 1) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "its inputs have %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
          " values along one dimension, which do not fit",
          a, b);
      return FALSE;
    }
    result.dims[result.rank - 1 - i] = a == 1 ? b : a;
  }
  memcpy (dims, result.dims, sizeof dims);
  return onnx_shape_set (shape, dims, result.rank, "its result", error);
}

gint
onnx_axis_find (gint64 axis, guint rank, GError **error)
{
  const gint64 n = (gint64) rank;

  if (axis >= -n && axis < n)
    return (gint) (axis < 0 ? axis + n : axis);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "'axis' is %" G_GINT64_FORMAT ", but its input has %u dimensions", axis,
      rank);
  return -1;
}

/* Replaces 0 by the size of the input, and finds the -1. */
static gint
resolve_zeros (const OnnxShape *shape, gint64 *dims, gsize rank, gint64 *known)
{
  gint open = -1;

  *known = 1;
  for (gsize i = 0; i < rank; i++) {
    if (dims[i] == 0 && i < shape->rank)
      dims[i] = shape->dims[i];
    if (dims[i] == -1 && open < 0)
      open = (gint) i;
    else if (dims[i] < 0 || dims[i] > ONNX_MAX_SIZE
        || (*known *= dims[i]) > ONNX_MAX_SIZE)
      return -2;
  }
  return open;
}

gboolean
onnx_shape_reshape (const OnnxShape *shape, const gint64 *dims, gsize rank,
    OnnxShape *result, GError **error)
{
  const gint64 count = onnx_shape_count (shape);
  gint64 wanted[ONNX_MAX_RANK], known = 0;
  g_autofree gchar *text = NULL;
  gint open = -2;

  if (rank <= ONNX_MAX_RANK) {
    for (gsize i = 0; i < rank; i++)
      wanted[i] = dims[i];
    open = resolve_zeros (shape, wanted, rank, &known);
  }
  if (open >= 0 && known > 0 && count % known == 0) {
    wanted[open] = count / known;
    known = count;
  }
  if (open >= -1 && known == count)
    return onnx_shape_set (result, wanted, rank, "its result", error);
  text = onnx_shape_to_string (shape);
  g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
      "its input of %s does not fit the shape that it shall get", text);
  return FALSE;
}

gboolean
onnx_shape_flatten (const OnnxShape *shape, gint64 axis, OnnxShape *result,
    GError **error)
{
  gint64 dims[2] = { 1, 1 };
  gint dimension = (gint) shape->rank;

  if (axis != (gint64) shape->rank
      && (dimension = onnx_axis_find (axis, shape->rank, error)) < 0)
    return FALSE;
  for (guint i = 0; i < shape->rank; i++)
    dims[i < (guint) dimension ? 0 : 1] *= shape->dims[i];
  return onnx_shape_set (result, dims, 2, "its result", error);
}

/* Marks axes of @rank dimensions. */
static gboolean
mark_axes (const gint64 *axes, gsize n_axes, guint rank,
    gboolean marks[ONNX_MAX_RANK], GError **error)
{
  for (gsize i = 0; i < n_axes; i++) {
    const gint axis = onnx_axis_find (axes[i], rank, error);

    if (axis < 0)
      return FALSE;
    if (marks[axis]) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'axes' has %d twice", axis);
      return FALSE;
    }
    marks[axis] = TRUE;
  }
  return TRUE;
}

gboolean
onnx_shape_squeeze (const OnnxShape *shape, const gint64 *axes, gsize n_axes,
    OnnxShape *result, GError **error)
{
  gboolean marks[ONNX_MAX_RANK] = { FALSE };

  if (!mark_axes (axes, n_axes, shape->rank, marks, error))
    return FALSE;
  result->rank = 0;
  for (guint i = 0; i < shape->rank; i++) {
    const gboolean leave_out = n_axes > 0 ? marks[i] : shape->dims[i] == 1;

    if (leave_out && shape->dims[i] != 1) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "dimension %u is %" G_GINT64_FORMAT ", not 1", i, shape->dims[i]);
      return FALSE;
    }
    if (!leave_out)
      result->dims[result->rank++] = shape->dims[i];
  }
  return TRUE;
}

gboolean
onnx_shape_unsqueeze (const OnnxShape *shape, const gint64 *axes, gsize n_axes,
    OnnxShape *result, GError **error)
{
  gboolean marks[ONNX_MAX_RANK] = { FALSE };
  guint next = 0;

  if (n_axes > ONNX_MAX_RANK - shape->rank) {
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT,
        "has a result of more than %d dimensions", ONNX_MAX_RANK);
    return FALSE;
  }
  result->rank = shape->rank + (guint) n_axes;
  if (!mark_axes (axes, n_axes, result->rank, marks, error))
    return FALSE;
  for (guint i = 0; i < result->rank; i++)
    result->dims[i] = marks[i] ? 1 : shape->dims[next++];
  return TRUE;
}

gboolean
onnx_shape_transpose (const OnnxShape *shape, const Onnx__Node *node,
    guint permutation[ONNX_MAX_RANK], OnnxShape *result, GError **error)
{
  gint64 order[ONNX_MAX_RANK];
  gboolean marks[ONNX_MAX_RANK] = { FALSE };

  for (guint i = 0; i < shape->rank; i++)
    order[i] = (gint64) (shape->rank - 1 - i);
  if (!onnx_node_get_integers (node, "perm", order, shape->rank, error)
      || !mark_axes (order, shape->rank, shape->rank, marks, error))
    return FALSE;
  result->rank = shape->rank;
  for (guint i = 0; i < shape->rank; i++) {
    permutation[i] = (guint) onnx_axis_find (order[i], shape->rank, NULL);
    result->dims[i] = shape->dims[permutation[i]];
  }
  return TRUE;
}

gboolean
onnx_shape_append (OnnxShape *shape, guint dimension, const OnnxShape *other,
    GError **error)
{
  OnnxShape same = *other;
  gint64 dims[ONNX_MAX_RANK];

  if (dimension < other->rank)
    same.dims[dimension] = shape->dims[dimension];
  if (!onnx_shape_equal (shape, &same)) {
    g_autofree gchar *a = onnx_shape_to_string (shape);
    g_autofree gchar *b = onnx_shape_to_string (other);

    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "its inputs of %s and %s do not fit", a, b);
    return FALSE;
  }
  memcpy (dims, shape->dims, sizeof dims);
  dims[dimension] += other->dims[dimension];
  return onnx_shape_set (shape, dims, shape->rank, "its result", error);
}

/* Indices count back from the end if they are negative, and are limited to
 * what is there. Backwards the end may be before the first value. */
static void
slice_dimension (OnnxSlice *slice, guint dimension, gint64 size, gint64 start,
    gint64 end, gint64 step)
{
  const gint64 last = step > 0 ? size : size - 1;
  const gint64 first = step > 0 ? 0 : -1;
  gint64 count;

  start = CLAMP (start < 0 ? start + size : start, 0, last);
  end = CLAMP (end < 0 ? end + size : end, first, last);
  count = step > 0 ? (end - start + step - 1) / step
                   : (start - end - step - 1) / -step;
  slice->starts[dimension] = start;
  slice->steps[dimension] = step;
  slice->shape.dims[dimension] = MAX (count, 0);
}

gboolean
onnx_slice_init (OnnxSlice *slice, const OnnxShape *shape, const gint64 *starts,
    const gint64 *ends, const gint64 *axes, const gint64 *steps, gsize n,
    GError **error)
{
  *slice = (OnnxSlice) { .shape = *shape };
  for (guint i = 0; i < shape->rank; i++)
    slice->steps[i] = 1;
  for (gsize i = 0; i < n; i++) {
    const gint64 step = steps ? steps[i] : 1;
    const gint dimension = onnx_axis_find (axes ? axes[i] : (gint64) i,
        shape->rank, error);

    if (dimension < 0)
      return FALSE;
    if (step == 0 || step > ONNX_MAX_SIZE || step < -ONNX_MAX_SIZE) {
      g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
          "'steps' has %" G_GINT64_FORMAT, step);
      return FALSE;
    }
    slice_dimension (slice, (guint) dimension, shape->dims[dimension],
        starts[i], ends[i], step);
  }
  return TRUE;
}
