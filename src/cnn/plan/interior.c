/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/plan/interior.h"

#include "cnn/model/model-private.h"
#include "cnn/plan/receptive-field.h"

/* Rows or columns of a map, from the first to the one before @end. */
typedef struct {
  gint64 begin;
  gint64 end;
} Span;

/* Whether what a row or column of a node's output takes from one of its inputs
 * is inside. What all of them take alike, such as the weight of a channel, says
 * nothing. */
static gboolean
takes_interior (const CnnModel *model, guint node, guint input, guint axis,
    gint cell, const Span *interior)
{
  CnnReach reach;

  if (!cnn_receptive_field_get_reach (model, node, input, axis, cell, &reach))
    return TRUE;
  return reach.first >= interior->begin && reach.last < interior->end;
}

static gboolean
is_inside (const CnnModel *model, guint node, guint axis, gint cell,
    const Span *interiors)
{
  const guint n_inputs = cnn_model_get_node (model, node)->n_inputs;

  for (guint i = 0; i < n_inputs; i++) {
    const guint input = cnn_model_get_node_input (model, node, i);

    if (!takes_interior (model, node, input, axis, cell, &interiors[input]))
      return FALSE;
  }
  return TRUE;
}

/* The further a cell is from the middle, the further its reach. */
static Span
find_span (const CnnModel *model, guint node, guint axis, const Span *interiors)
{
  Span span = { 0, cnn_receptive_field_get_side (model, node, axis) };

  while (span.begin < span.end
      && !is_inside (model, node, axis, (gint) span.begin, interiors))
    span.begin++;
  while (span.end > span.begin
      && !is_inside (model, node, axis, (gint) span.end - 1, interiors))
    span.end--;
  return span;
}

/* At least the middle half of a side. */
static Span
widen (Span span, gint side)
{
  const gint margin = side / 4;

  if (2 * (span.end - span.begin) >= side)
    return span;
  return (Span) { margin, side - margin };
}

static Span
find_interior (const CnnModel *model, guint node, guint axis)
{
  g_autofree Span *interiors = g_new (Span, node + 1);

  for (guint i = 0; i <= node; i++)
    interiors[i] = find_span (model, i, axis, interiors);
  return widen (interiors[node],
      cnn_receptive_field_get_side (model, node, axis));
}

Rect
cnn_interior_find (const CnnModel *model, guint node)
{
  const Span rows = find_interior (model, node, 0);
  const Span columns = find_interior (model, node, 1);

  return (Rect) { (gint) columns.begin, (gint) rows.begin,
    (gint) (columns.end - columns.begin), (gint) (rows.end - rows.begin) };
}
