/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/onnx-layout.h"

#include <string.h>

/* Joins parts that are neighbors in both orders. */
static void
join_parts (OnnxLayout *layout)
{
  guint n = 0;

  for (guint i = 0; i < layout->n_parts; i++) {
    if (n > 0 && layout->places[i] == layout->places[i - 1] + 1) {
      layout->sizes[n - 1] *= layout->sizes[i];
      continue;
    }
    layout->sizes[n] = layout->sizes[i];
    layout->places[n++] = layout->places[i];
  }
  layout->n_parts = n;
  /* Numbers the places without gaps; they are different. */
  for (guint i = 0, place = 0; place < n; i++) {
    for (guint k = 0; k < n; k++) {
      if (layout->places[k] == i) {
        layout->places[k] = place++;
        break;
      }
    }
  }
}

/* Splits a part in two, of which the first has @size. */
static void
split_part (OnnxLayout *layout, guint part, gint64 size)
{
  const guint place = layout->places[part];

  for (guint i = 0; i < layout->n_parts; i++)
    layout->places[i] += layout->places[i] > place;
  memmove (layout->sizes + part + 1, layout->sizes + part,
      (layout->n_parts - part) * sizeof *layout->sizes);
  memmove (layout->places + part + 1, layout->places + part,
      (layout->n_parts - part) * sizeof *layout->places);
  layout->n_parts++;
  layout->sizes[part] = size;
  layout->sizes[part + 1] /= size;
  layout->places[part + 1] = place + 1;
}

/* Splits parts so that each dimension of @shape consists of whole ones. */
static gboolean
split_at (OnnxLayout *layout, const OnnxShape *shape)
{
  guint part = 0;

  for (guint i = 0; i < shape->rank; i++) {
    gint64 left = shape->dims[i];

    for (; left > 1 && part < layout->n_parts; part++) {
      const gint64 size = layout->sizes[part];

      if (size > left) {
        if (size % left != 0 || layout->n_parts == ONNX_MAX_PARTS)
          return FALSE;
        split_part (layout, part, left);
        left = 1;
      } else if (left % size == 0) {
        left /= size;
      } else {
        return FALSE;
      }
    }
  }
  return TRUE;
}

/* Finds the parts of each dimension, which consists of whole parts. */
static void
find_parts (const OnnxLayout *layout, guint first[ONNX_MAX_RANK + 1])
{
  guint part = 0;

  for (guint i = 0; i < layout->shape.rank; i++) {
    first[i] = part;
    for (gint64 size = 1; size < layout->shape.dims[i]; part++)
      size *= layout->sizes[part];
  }
  first[layout->shape.rank] = part;
}

void
onnx_layout_init (OnnxLayout *layout, const OnnxShape *shape,
    const guint *order)
{
  guint part_of[ONNX_MAX_RANK] = { 0 }, place = 0;

  *layout = (OnnxLayout) { .shape = *shape };
  for (guint i = 0; i < shape->rank; i++) {
    if (shape->dims[i] > 1) {
      part_of[i] = layout->n_parts;
      layout->sizes[layout->n_parts++] = shape->dims[i];
    }
  }
  for (guint i = 0; i < shape->rank; i++) {
    if (shape->dims[order[i]] > 1)
      layout->places[part_of[order[i]]] = place++;
  }
  join_parts (layout);
}

gboolean
onnx_layout_reshape (OnnxLayout *layout, const OnnxShape *shape)
{
  OnnxLayout result = *layout;

  if (!split_at (&result, shape))
    return FALSE;
  result.shape = *shape;
  join_parts (&result);
  *layout = result;
  return TRUE;
}

void
onnx_layout_transpose (OnnxLayout *layout, const guint *permutation)
{
  OnnxLayout whole = *layout;
  guint first[ONNX_MAX_RANK + 1];

  split_at (&whole, &whole.shape);
  find_parts (&whole, first);
  layout->n_parts = 0;
  for (guint i = 0; i < whole.shape.rank; i++) {
    const guint from = permutation[i];

    layout->shape.dims[i] = whole.shape.dims[from];
    for (guint part = first[from]; part < first[from + 1]; part++) {
      layout->sizes[layout->n_parts] = whole.sizes[part];
      layout->places[layout->n_parts++] = whole.places[part];
    }
  }
  join_parts (layout);
}

void
onnx_layout_plan_move (const OnnxLayout *layout, const guint *order,
    OnnxMove *move)
{
  OnnxLayout wanted = *layout;

  onnx_layout_transpose (&wanted, order);
  move->n = wanted.n_parts;
  for (guint i = 0; i < wanted.n_parts; i++) {
    move->dims[wanted.places[i]] = wanted.sizes[i];
    move->permutation[i] = wanted.places[i];
  }
}

gint64 *
onnx_layout_map (const OnnxLayout *layout)
{
  const gint64 count = onnx_shape_count (&layout->shape);
  gint64 *map = g_new (gint64, (gsize) count);

  for (gint64 i = 0; i < count; i++) {
    gint64 rest = i, at = 0, index[ONNX_MAX_PARTS];
    guint part_at[ONNX_MAX_PARTS];

    for (guint k = 0; k < layout->n_parts; k++)
      part_at[layout->places[k]] = k;
    for (guint place = layout->n_parts; place > 0; place--) {
      const guint part = part_at[place - 1];

      index[part] = rest % layout->sizes[part];
      rest /= layout->sizes[part];
    }
    for (guint k = 0; k < layout->n_parts; k++)
      at = at * layout->sizes[k] + index[k];
    map[i] = at;
  }
  return map;
}

gboolean
onnx_layout_equal (const OnnxLayout *a, const OnnxLayout *b)
{
  return onnx_shape_equal (&a->shape, &b->shape) && a->n_parts == b->n_parts
      && memcmp (a->sizes, b->sizes, a->n_parts * sizeof *a->sizes) == 0
      && memcmp (a->places, b->places, a->n_parts * sizeof *a->places) == 0;
}
