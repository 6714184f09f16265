/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "cnn/model/model.h"

G_BEGIN_DECLS

/**
 * CnnFilters:
 * @node: the convolution
 * @count: number of filters, one for each channel of its output
 * @height: of each kernel, in cells of what the convolution reads
 * @width: of each kernel
 * @channels: channels of each kernel: those of the network's input
 * @kernels: @count x @height x @width x @channels floats
 *
 * What the channels of a convolution answer to.
 */
typedef struct {
  guint node;
  gint count;
  gint height;
  gint width;
  gint channels;
  gfloat *kernels;
} CnnFilters;

/* The most values that kernels have which can still be looked at. Those of
 * AlexNet, the largest of the well-known networks, have 34848. */
#define CNN_FILTERS_MAX_VALUES 65536

/**
 * cnn_filters_find:
 * @filters: (out): to be cleared with cnn_filters_clear() if they are found
 *
 * Finds the first convolution, if it still reads the channels of the first
 * input: layers before it may scale, pad, resize or pool them. A depthwise
 * convolution has kernels that are zero but for one channel, one in groups such
 * that are zero outside of their group; those of a separable one are the
 * products of both its kernels. Kernels of a dilated convolution are without
 * its holes.
 *
 * Returns: FALSE if there is none, or more than %CNN_FILTERS_MAX_VALUES; a
 *   transposed convolution is none
 */
gboolean cnn_filters_find (const CnnModel *model, CnnFilters *filters);

void cnn_filters_clear (CnnFilters *filters);

G_END_DECLS
