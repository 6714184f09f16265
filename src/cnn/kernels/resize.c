/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cnn/kernels/resize.h"

#include <math.h>
#include <string.h>

#include "cnn/kernels/vector.h"

/* The cell of the input that is nearest; whole numbers, so exact. Nearest to a
 * place halfway between two is the later one. */
static gint
find_nearest (CnnGrid grid, gint position, gint in, gint out)
{
  gint64 i = position;

  if (grid == CNN_GRID_LEGACY)
    return (gint) (i * in / out);
  if (grid == CNN_GRID_HALF_PIXEL)
    return (gint) ((2 * i + 1) * in / (2 * (gint64) out));
  if (out == 1)
    return 0;
  return (gint) ((2 * i * (in - 1) + out - 1) / (2 * (gint64) (out - 1)));
}

void
cnn_resize_nearest (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gsize channels = (gsize) in[2];
  gfloat *cell = output->data;

  for (gint y = 0; y < out[0]; y++) {
    const gfloat *row = input->data
        + (gsize) find_nearest (grid, y, in[0], out[0]) * in[1] * channels;

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      memcpy (cell, row + find_nearest (grid, x, in[1], out[1]) * channels,
          channels * sizeof *cell);
    }
  }
}

/**
 * Position:
 *
 * Between cells @low and @high of the input, @fraction of the way.
 */
typedef struct {
  gint low;
  gint high;
  gfloat fraction;
} Position;

static Position
find_position (CnnGrid grid, gint i, gint in, gint out)
{
  gdouble source = (gdouble) i * in / out;
  Position position;

  if (grid == CNN_GRID_ALIGN_CORNERS)
    source = out > 1 ? (gdouble) i * (in - 1) / (out - 1) : 0.0;
  else if (grid == CNN_GRID_HALF_PIXEL)
    source = (i + 0.5) * in / out - 0.5;
  position.low = (gint) MAX (floor (source), 0.0);
  position.high = (gint) MIN (ceil (source), in - 1);
  position.fraction = (gfloat) (source - position.low);
  return position;
}

void
cnn_resize_bilinear (CnnGrid grid, const CnnTensor *input,
    const CnnTensor *output)
{
  const gint *in = input->shape->dims, *out = output->shape->dims;
  const gsize channels = (gsize) in[2], row = (gsize) in[1] * channels;
  gfloat *cell = output->data;

  for (gint y = 0; y < out[0]; y++) {
    const Position v = find_position (grid, y, in[0], out[0]);

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      const Position h = find_position (grid, x, in[1], out[1]);
      const gfloat *top = input->data + v.low * row;
      const gfloat *bottom = input->data + v.high * row;
      const gsize left = h.low * channels, right = h.high * channels;

      for (gsize c = 0; c < channels; c++) {
        gfloat above = top[left + c]
            + (top[right + c] - top[left + c]) * h.fraction;
        gfloat below = bottom[left + c]
            + (bottom[right + c] - bottom[left + c]) * h.fraction;

        cell[c] = above + (below - above) * v.fraction;
      }
    }
  }
}

void
cnn_resize_nearest_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gsize channels = (gsize) in[2];
  const gfloat *cell = gradient->data;

  for (gint y = 0; y < out[0]; y++) {
    gfloat *row = input_gradient->data
        + (gsize) find_nearest (grid, y, in[0], out[0]) * in[1] * channels;

    for (gint x = 0; x < out[1]; x++, cell += channels) {
      cnn_add (row + find_nearest (grid, x, in[1], out[1]) * channels, cell,
          channels);
    }
  }
}

/* Four neighbours get their shares. */
static void
spread_cell (const gfloat *cell, const Position *v, const Position *h,
    const CnnTensor *input_gradient)
{
  const gsize channels = (gsize) input_gradient->shape->dims[2];
  const gsize row = (gsize) input_gradient->shape->dims[1] * channels;
  gfloat *top = input_gradient->data + v->low * row;
  gfloat *bottom = input_gradient->data + v->high * row;
  const gsize left = h->low * channels, right = h->high * channels;

  for (gsize c = 0; c < channels; c++) {
    const gfloat below = cell[c] * v->fraction, above = cell[c] - below;

    top[left + c] += above - above * h->fraction;
    top[right + c] += above * h->fraction;
    bottom[left + c] += below - below * h->fraction;
    bottom[right + c] += below * h->fraction;
  }
}

void
cnn_resize_bilinear_backpropagate (CnnGrid grid, const CnnTensor *gradient,
    const CnnTensor *input_gradient)
{
  const gint *in = input_gradient->shape->dims, *out = gradient->shape->dims;
  const gfloat *cell = gradient->data;

  for (gint y = 0; y < out[0]; y++) {
    const Position v = find_position (grid, y, in[0], out[0]);

    for (gint x = 0; x < out[1]; x++, cell += out[2]) {
      const Position h = find_position (grid, x, in[1], out[1]);

      spread_cell (cell, &v, &h, input_gradient);
    }
  }
}
