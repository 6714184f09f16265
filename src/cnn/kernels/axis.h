/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/shape.h"

/**
 * CnnAxisView:
 * @outer: product of the dimensions before the axis
 * @length: of the axis
 * @inner: product of the dimensions after it
 *
 * A tensor as three dimensions, of which the middle one is worked on.
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
