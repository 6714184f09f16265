/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-folding.h"

#include <math.h>
#include <string.h>

#include "base/model-error.h"
#include "formats/onnx-node.h"

static OnnxConstant *
fail (GError **error, const gchar *reason)
{
  g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_UNSUPPORTED, reason);
  return NULL;
}

/* The input, or NULL with an error if it is left out. */
static OnnxConstant *
get_input (const OnnxArguments *arguments, guint i, GError **error)
{
  if (i < arguments->n_inputs && arguments->inputs[i])
    return arguments->inputs[i];
  return fail (error, "has too few inputs");
}

gboolean
onnx_arguments_get_list (const OnnxArguments *arguments, const gchar *name,
    guint input, gint64 **values, gsize *n_values, GError **error)
{
  const gint64 *list = onnx_node_get_list (arguments->node, name, n_values);

  if (input < arguments->n_inputs && arguments->inputs[input])
    return onnx_constant_get_integers (arguments->inputs[input], values,
        n_values, error);
  *values = g_memdup2 (list, *n_values * sizeof **values);
  return TRUE;
}

/* Makes the result, if it is not too large. */
static OnnxConstant *
create (const OnnxArguments *arguments, const OnnxShape *shape,
    gboolean is_integer, GError **error)
{
  if (onnx_shape_count (shape) > arguments->max_values)
    return fail (error, "makes a constant that is larger than the limit");
  return onnx_constant_new (shape, is_integer);
}

static OnnxConstant *
copy_as (const OnnxArguments *arguments, const OnnxConstant *input,
    const OnnxShape *shape, GError **error)
{
  OnnxConstant *result = create (arguments, shape, input->is_integer, error);

  if (result)
    memcpy (result->values, input->values,
        (gsize) onnx_shape_count (shape) * sizeof *result->values);
  return result;
}

static OnnxConstant *
fold_identity (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);

  return input ? onnx_constant_ref (input) : NULL;
}

static OnnxConstant *
fold_constant (const OnnxArguments *arguments, GError **error)
{
  const Onnx__Node *node = arguments->node;
  const Onnx__Tensor *tensor = onnx_node_get_tensor (node, "value");
  OnnxShape shape = { 0 };
  OnnxConstant *result;
  gint64 integer = 0;
  gdouble number = 0.0;
  gsize n;

  if (tensor)
    return onnx_constant_new_tensor (tensor, error);
  if (onnx_node_has_attribute (node, "value_ints")) {
    const gint64 *list = onnx_node_get_list (node, "value_ints", &n);

    return onnx_constant_new_list (list, n);
  }
  if (onnx_node_has_attribute (node, "value_floats")) {
    const gfloat *list = onnx_node_get_floats (node, "value_floats", &n);

    shape = (OnnxShape) { 1, { (gint64) n } };
    result = onnx_constant_new (&shape, FALSE);
    for (gsize i = 0; i < n; i++)
      result->values[i] = list[i];
    return result;
  }
  if (!onnx_node_get_integer (node, "value_int", &integer, error)
      || !onnx_node_get_number (node, "value_float", &number, error))
    return NULL;
  if (onnx_node_has_attribute (node, "value_int"))
    number = (gdouble) integer;
  else if (!onnx_node_has_attribute (node, "value_float"))
    return fail (error, "has no value that is a number");
  result = onnx_constant_new (&shape,
      onnx_node_has_attribute (node, "value_int"));
  result->values[0] = number;
  return result;
}

OnnxConstant *
onnx_fold_shape (const Onnx__Node *node, const OnnxShape *shape, GError **error)
{
  const gint64 rank = (gint64) shape->rank;
  const gint64 count = onnx_shape_count (shape);
  gint64 start = 0, end = rank;

  if (g_str_equal (node->operator_name, "Size")) {
    OnnxConstant *size = onnx_constant_new_list (&count, 1);

    size->shape.rank = 0;
    return size;
  }
  if (!onnx_node_get_integer (node, "start", &start, error)
      || !onnx_node_get_integer (node, "end", &end, error))
    return NULL;
  start = CLAMP (start < 0 ? start + rank : start, 0, rank);
  end = CLAMP (end < 0 ? end + rank : end, start, rank);
  return onnx_constant_new_list (shape->dims + start, (gsize) (end - start));
}

static OnnxConstant *
fold_shape (const OnnxArguments *arguments, GError **error)
{
  const OnnxConstant *input = get_input (arguments, 0, error);

  return input ? onnx_fold_shape (arguments->node, &input->shape, error) : NULL;
}

static OnnxConstant *
fold_constant_of_shape (const OnnxArguments *arguments, GError **error)
{
  const Onnx__Tensor *tensor = onnx_node_get_tensor (arguments->node, "value");
  OnnxConstant *input = get_input (arguments, 0, error), *result = NULL;
  g_autoptr (OnnxConstant) value = NULL;
  g_autofree gint64 *dims = NULL;
  OnnxShape shape;
  gsize rank;

  if (!input || !onnx_constant_get_integers (input, &dims, &rank, error)
      || !onnx_shape_set (&shape, dims, rank, "its result", error))
    return NULL;
  if (tensor && !(value = onnx_constant_new_tensor (tensor, error)))
    return NULL;
  if (value && !onnx_constant_is_single (value))
    return fail (error, "has more than one value");
  result = create (arguments, &shape, value && value->is_integer, error);
  for (gint64 i = 0; result && value && i < onnx_shape_count (&shape); i++)
    result->values[i] = value->values[0];
  return result;
}

static OnnxConstant *
fold_cast (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;
  gint64 to = 1;
  gboolean is_integer;

  if (!input || !onnx_node_get_integer (arguments->node, "to", &to, error))
    return NULL;
  /* float, float16, double, bfloat16 */
  is_integer = to != 1 && to != 10 && to != 11 && to != 16;
  result = create (arguments, &input->shape, is_integer, error);
  for (gint64 i = 0; result && i < onnx_shape_count (&input->shape); i++) {
    result->values[i] = is_integer ? trunc (input->values[i])
                                   : input->values[i];
    if (is_integer && !isfinite (result->values[i])) {
      onnx_constant_unref (result);
      return fail (error, "casts a value that is not finite to an integer");
    }
  }
  return result;
}

static OnnxConstant *
fold_reshape (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);
  g_autofree gint64 *dims = NULL;
  gsize rank;
  OnnxShape shape;

  if (!input
      || !onnx_arguments_get_list (arguments, "shape", 1, &dims, &rank, error)
      || !onnx_shape_reshape (&input->shape, dims, rank, &shape, error))
    return NULL;
  return copy_as (arguments, input, &shape, error);
}

static OnnxConstant *
fold_flatten (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);
  gint64 axis = 1;
  OnnxShape shape;

  if (!input || !onnx_node_get_integer (arguments->node, "axis", &axis, error)
      || !onnx_shape_flatten (&input->shape, axis, &shape, error))
    return NULL;
  return copy_as (arguments, input, &shape, error);
}

static OnnxConstant *
fold_unsqueeze (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);
  g_autofree gint64 *axes = NULL;
  gsize n_axes;
  OnnxShape shape;

  if (!input
      || !onnx_arguments_get_list (arguments, "axes", 1, &axes, &n_axes, error)
      || !onnx_shape_unsqueeze (&input->shape, axes, n_axes, &shape, error))
    return NULL;
  return copy_as (arguments, input, &shape, error);
}

static OnnxConstant *
fold_squeeze (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);
  g_autofree gint64 *axes = NULL;
  gsize n_axes;
  OnnxShape shape;

  if (!input
      || !onnx_arguments_get_list (arguments, "axes", 1, &axes, &n_axes, error)
      || !onnx_shape_squeeze (&input->shape, axes, n_axes, &shape, error))
    return NULL;
  return copy_as (arguments, input, &shape, error);
}

/* The number of values that follow one another along an axis. */
static gint64
count_inner (const OnnxShape *shape, gint axis)
{
  gint64 count = 1;

  for (guint i = (guint) axis + 1; i < shape->rank; i++)
    count *= shape->dims[i];
  return count;
}

static OnnxConstant *
gather (const OnnxArguments *arguments, const OnnxConstant *input, gint axis,
    const OnnxConstant *indices, const OnnxShape *shape, GError **error)
{
  const gint64 inner = count_inner (&input->shape, axis);
  const gint64 length = input->shape.dims[axis];
  const gint64 n_indices = onnx_shape_count (&indices->shape);
  OnnxConstant *result = create (arguments, shape, input->is_integer, error);
  const gint64 count = onnx_shape_count (shape);

  for (gint64 i = 0; result && i < count; i++) {
    const gdouble wanted = indices->values[i / inner % n_indices];
    const gdouble index = wanted < 0.0 ? wanted + (gdouble) length : wanted;

    if (!(index >= 0.0 && index < (gdouble) length)) {
      onnx_constant_unref (result);
      return fail (error, "has an index beyond its input");
    }
    result->values[i] =
        input->values[(i / inner / n_indices * length + (gint64) index) * inner
            + i % inner];
  }
  return result;
}

static OnnxConstant *
fold_gather (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error);
  OnnxConstant *indices = input ? get_input (arguments, 1, error) : NULL;
  gint64 axis = 0, dims[2 * ONNX_MAX_RANK];
  gint dimension;
  gsize rank = 0;
  OnnxShape shape;

  if (!indices || !onnx_node_get_integer (arguments->node, "axis", &axis, error)
      || (dimension = onnx_axis_find (axis, input->shape.rank, error)) < 0)
    return NULL;
  for (gint i = 0; i < dimension; i++)
    dims[rank++] = input->shape.dims[i];
  for (guint i = 0; i < indices->shape.rank; i++)
    dims[rank++] = indices->shape.dims[i];
  for (guint i = (guint) dimension + 1; i < input->shape.rank; i++)
    dims[rank++] = input->shape.dims[i];
  if (!onnx_shape_set (&shape, dims, rank, "its result", error))
    return NULL;
  return gather (arguments, input, dimension, indices, &shape, error);
}

gboolean
onnx_arguments_get_slice (const OnnxArguments *arguments,
    const OnnxShape *shape, OnnxSlice *slice, GError **error)
{
  g_autofree gint64 *starts = NULL, *ends = NULL, *axes = NULL, *steps = NULL;
  gsize n_starts, n_ends, n_axes, n_steps;

  if (!onnx_arguments_get_list (arguments, "starts", 1, &starts, &n_starts,
          error)
      || !onnx_arguments_get_list (arguments, "ends", 2, &ends, &n_ends, error)
      || !onnx_arguments_get_list (arguments, "axes", 3, &axes, &n_axes, error)
      || !onnx_arguments_get_list (arguments, "steps", 4, &steps, &n_steps,
          error))
    return FALSE;
  if (n_starts != n_ends || (n_axes > 0 && n_axes != n_starts)
      || (n_steps > 0 && n_steps != n_starts)) {
    fail (error, "has lists of different lengths");
    return FALSE;
  }
  return onnx_slice_init (slice, shape, starts, ends, n_axes > 0 ? axes : NULL,
      n_steps > 0 ? steps : NULL, n_starts, error);
}

static OnnxConstant *
fold_slice (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;
  OnnxSlice slice;
  gint64 count;

  if (!input
      || !onnx_arguments_get_slice (arguments, &input->shape, &slice, error))
    return NULL;
  result = create (arguments, &slice.shape, input->is_integer, error);
  count = onnx_shape_count (&slice.shape);
  for (gint64 i = 0; result && i < count; i++) {
    gint64 rest = i, at = 0, distance = 1;

    for (guint k = input->shape.rank; k > 0; k--) {
      at += (slice.starts[k - 1]
                + rest % slice.shape.dims[k - 1] * slice.steps[k - 1])
          * distance;
      rest /= slice.shape.dims[k - 1];
      distance *= input->shape.dims[k - 1];
    }
    result->values[i] = input->values[at];
  }
  return result;
}

/* The shape that results from joining the inputs along @axis. */
static gboolean
join_shapes (const OnnxArguments *arguments, gint64 *axis, OnnxShape *shape,
    GError **error)
{
  const OnnxConstant *input = get_input (arguments, 0, error);

  if (!input)
    return FALSE;
  *shape = input->shape;
  *axis = onnx_axis_find (*axis, shape->rank, error);
  if (*axis < 0)
    return FALSE;
  for (guint i = 1; i < arguments->n_inputs; i++) {
    input = get_input (arguments, i, error);
    if (!input
        || !onnx_shape_append (shape, (guint) *axis, &input->shape, error))
      return FALSE;
  }
  return TRUE;
}

static OnnxConstant *
fold_concat (const OnnxArguments *arguments, GError **error)
{
  gint64 axis = 0, outer = 1, at = 0;
  OnnxConstant *result;
  OnnxShape shape;

  if (!onnx_node_get_integer (arguments->node, "axis", &axis, error)
      || !join_shapes (arguments, &axis, &shape, error))
    return NULL;
  for (gint64 i = 0; i < axis; i++)
    outer *= shape.dims[i];
  result = create (arguments, &shape, arguments->inputs[0]->is_integer, error);
  for (gint64 o = 0; result && o < outer; o++) {
    for (guint i = 0; i < arguments->n_inputs; i++) {
      const OnnxConstant *input = arguments->inputs[i];
      const gint64 part = onnx_shape_count (&input->shape) / outer;

      memcpy (result->values + at, input->values + o * part,
          (gsize) part * sizeof *result->values);
      at += part;
    }
  }
  return result;
}

static OnnxConstant *
fold_transpose (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;
  guint permutation[ONNX_MAX_RANK];
  OnnxShape shape;
  gint64 count;

  if (!input
      || !onnx_shape_transpose (&input->shape, arguments->node, permutation,
          &shape, error))
    return NULL;
  result = create (arguments, &shape, input->is_integer, error);
  count = onnx_shape_count (&shape);
  for (gint64 i = 0; result && i < count; i++) {
    gint64 index[ONNX_MAX_RANK], rest = i, at = 0;

    for (guint k = shape.rank; k > 0; k--) {
      index[permutation[k - 1]] = rest % shape.dims[k - 1];
      rest /= shape.dims[k - 1];
    }
    for (guint k = 0; k < shape.rank; k++)
      at = at * input->shape.dims[k] + index[k];
    result->values[i] = input->values[at];
  }
  return result;
}

/* The value of @constant at position @i of @shape, to which it is broadcast. */
static gdouble
get_broadcast (const OnnxConstant *constant, const OnnxShape *shape, gint64 i)
{
  gint64 at = 0, distance = 1;

  for (guint k = 0; k < constant->shape.rank; k++) {
    const gint64 size = constant->shape.dims[constant->shape.rank - 1 - k];
    const gint64 whole = shape->dims[shape->rank - 1 - k];

    at += (size == 1 ? 0 : i % whole) * distance;
    distance *= size;
    i /= whole;
  }
  return constant->values[at];
}

static OnnxConstant *
fold_expand (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;
  g_autofree gint64 *dims = NULL;
  OnnxShape shape;
  gsize rank;

  if (!input
      || !onnx_arguments_get_list (arguments, "shape", 1, &dims, &rank, error)
      || !onnx_shape_set (&shape, dims, rank, "its result", error)
      || !onnx_shape_broadcast (&shape, &input->shape, error))
    return NULL;
  result = create (arguments, &shape, input->is_integer, error);
  for (gint64 i = 0; result && i < onnx_shape_count (&shape); i++)
    result->values[i] = get_broadcast (input, &shape, i);
  return result;
}

/* Integers divide towards zero. */
static gdouble
divide (gdouble a, gdouble b, gboolean is_integer)
{
  if (is_integer)
    return b == 0.0 ? 0.0 : trunc (a / b);
  return a / b;
}

static gdouble
combine (const gchar *operator, gdouble a, gdouble b, gboolean is_integer)
{
  switch (operator[0]) {
    case 'A':
      return a + b;
    case 'S':
      return a - b;
    case 'D':
      return divide (a, b, is_integer);
    case 'P':
      return pow (a, b);
    case 'E':
      return a == b;
    case 'G':
      return a > b;
    case 'L':
      return a < b;
    default:
      return operator[1] == 'u' ? a * b :
          operator[1] == 'a'    ? fmax (a, b)
          :
          operator[1] == 'i' ? fmin (a, b)
                             : a - b * floor (a / b);
  }
}

/* Add, Sub, Mul, Div, Pow, Max, Min, Mod, Equal, Greater and Less. */
static OnnxConstant *
fold_arithmetic (const OnnxArguments *arguments, GError **error)
{
  const gchar *operator= arguments->node->operator_name;
  OnnxConstant *a = get_input (arguments, 0, error);
  OnnxConstant *b = a ? get_input (arguments, 1, error) : NULL, *result;
  const gboolean compares = strchr ("EGL", operator[0]) != NULL;
  OnnxShape shape;

  if (!b)
    return NULL;
  if (arguments->n_inputs > 2)
    return fail (error, "has more than two inputs");
  shape = a->shape;
  if (!onnx_shape_broadcast (&shape, &b->shape, error))
    return NULL;
  result = create (arguments, &shape, compares || a->is_integer, error);
  for (gint64 i = 0; result && i < onnx_shape_count (&shape); i++) {
    const gdouble value = combine (operator, get_broadcast (a, &shape, i),
        get_broadcast (b, &shape, i), a->is_integer);

    result->values[i] = result->is_integer ? value : (gfloat) value;
    if (result->is_integer && !(fabs (value) < 1e18)) {
      onnx_constant_unref (result);
      return fail (error, "overflows");
    }
  }
  return result;
}

static gdouble
apply (const gchar *operator, gdouble value)
{
  if (g_str_equal (operator, "Neg"))
    return -value;
  if (g_str_equal (operator, "Floor"))
    return floor (value);
  if (g_str_equal (operator, "Ceil"))
    return ceil (value);
  if (g_str_equal (operator, "Abs"))
    return fabs (value);
  if (g_str_equal (operator, "Not"))
    return value == 0.0;
  if (g_str_equal (operator, "Sqrt"))
    return sqrt (value);
  if (g_str_equal (operator, "Exp"))
    return exp (value);
  return 1.0 / value; /* Reciprocal */
}

static OnnxConstant *
fold_function (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;

  result = input ? create (arguments, &input->shape, input->is_integer, error)
                 : NULL;
  for (gint64 i = 0; result && i < onnx_shape_count (&input->shape); i++) {
    const gdouble value = apply (arguments->node->operator_name,
        input->values[i]);

    result->values[i] = result->is_integer ? value : (gfloat) value;
  }
  return result;
}

static OnnxConstant *
fold_where (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *condition = get_input (arguments, 0, error), *result;
  OnnxConstant *a = condition ? get_input (arguments, 1, error) : NULL;
  OnnxConstant *b = a ? get_input (arguments, 2, error) : NULL;
  OnnxShape shape;

  if (!b)
    return NULL;
  shape = condition->shape;
  if (!onnx_shape_broadcast (&shape, &a->shape, error)
      || !onnx_shape_broadcast (&shape, &b->shape, error))
    return NULL;
  result = create (arguments, &shape, a->is_integer, error);
  for (gint64 i = 0; result && i < onnx_shape_count (&shape); i++) {
    result->values[i] =
        get_broadcast (get_broadcast (condition, &shape, i) != 0.0 ? a : b,
            &shape, i);
  }
  return result;
}

static OnnxConstant *
fold_range (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *start = get_input (arguments, 0, error), *result;
  OnnxConstant *limit = start ? get_input (arguments, 1, error) : NULL;
  OnnxConstant *step = limit ? get_input (arguments, 2, error) : NULL;
  OnnxShape shape = { 1, { 0 } };
  gdouble count;

  if (!step)
    return NULL;
  if (!onnx_constant_is_single (start) || !onnx_constant_is_single (limit)
      || !onnx_constant_is_single (step))
    return fail (error, "has more than one start, limit or step");
  count = ceil ((limit->values[0] - start->values[0]) / step->values[0]);
  if (!(count <= (gdouble) arguments->max_values))
    return fail (error, "makes a constant that is larger than the limit");
  shape.dims[0] = (gint64) fmax (count, 0.0);
  result = create (arguments, &shape, start->is_integer, error);
  for (gint64 i = 0; result && i < shape.dims[0]; i++)
    result->values[i] = start->values[0] + (gdouble) i * step->values[0];
  return result;
}

/* The product of all values, as for the size of a shape. */
static OnnxConstant *
fold_product (const OnnxArguments *arguments, GError **error)
{
  OnnxConstant *input = get_input (arguments, 0, error), *result;
  OnnxShape shape = { 0 };
  gint64 keep = 1;
  gdouble product = 1.0;

  if (!input
      || !onnx_node_get_integer (arguments->node, "keepdims", &keep, error))
    return NULL;
  if (input->shape.rank > 1)
    return fail (error, "has more than one dimension");
  if (keep && input->shape.rank == 1)
    shape = (OnnxShape) { 1, { 1 } };
  for (gint64 i = 0; i < onnx_shape_count (&input->shape); i++)
    product *= input->values[i];
  if (!(fabs (product) < 1e18))
    return fail (error, "overflows");
  result = onnx_constant_new (&shape, input->is_integer);
  result->values[0] = product;
  return result;
}

static const struct {
  const gchar *operator;
  OnnxConstant *(*fold) (const OnnxArguments *arguments, GError **error);
} folds[] = {
  { "Abs", fold_function },
  { "Add", fold_arithmetic },
  { "Cast", fold_cast },
  { "Ceil", fold_function },
  { "Concat", fold_concat },
  { "Constant", fold_constant },
  { "ConstantOfShape", fold_constant_of_shape },
  { "Div", fold_arithmetic },
  { "Dropout", fold_identity },
  { "Equal", fold_arithmetic },
  { "Exp", fold_function },
  { "Expand", fold_expand },
  { "Flatten", fold_flatten },
  { "Floor", fold_function },
  { "Gather", fold_gather },
  { "Greater", fold_arithmetic },
  { "Identity", fold_identity },
  { "Less", fold_arithmetic },
  { "Max", fold_arithmetic },
  { "Min", fold_arithmetic },
  { "Mod", fold_arithmetic },
  { "Mul", fold_arithmetic },
  { "Neg", fold_function },
  { "Not", fold_function },
  { "Pow", fold_arithmetic },
  { "Range", fold_range },
  { "Reciprocal", fold_function },
  { "ReduceProd", fold_product },
  { "Reshape", fold_reshape },
  { "Shape", fold_shape },
  { "Size", fold_shape },
  { "Slice", fold_slice },
  { "Sqrt", fold_function },
  { "Squeeze", fold_squeeze },
  { "Sub", fold_arithmetic },
  { "Transpose", fold_transpose },
  { "Unsqueeze", fold_unsqueeze },
  { "Where", fold_where },
};

static gint
find_fold (const gchar *operator)
{
  for (guint i = 0; i < G_N_ELEMENTS (folds); i++) {
    if (g_str_equal (folds[i].operator, operator))
      return (gint) i;
  }
  return -1;
}

gboolean
onnx_fold_knows (const gchar *operator)
{
  return find_fold (operator) >= 0;
}

OnnxConstant *
onnx_fold (const OnnxArguments *arguments, GError **error)
{
  const gint fold = find_fold (arguments->node->operator_name);

  return fold >= 0
      ? folds[fold].fold (arguments, error)
      : fail (error, "has only constants as inputs, which is not supported");
}
