/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "heatmap/renderer.h"

G_BEGIN_DECLS

/**
 * HeatmapFaceMemory:
 *
 * Keeps faces from trembling: their boxes follow with a little delay, and of
 * each attribute a label of two changes only when the network is sure of the
 * other one.
 */
typedef struct _HeatmapFaceMemory HeatmapFaceMemory;

HeatmapFaceMemory *heatmap_face_memory_new (void);
void heatmap_face_memory_free (HeatmapFaceMemory *memory);

/**
 * heatmap_face_memory_reset:
 *
 * Forgets all faces.
 */
void heatmap_face_memory_reset (HeatmapFaceMemory *memory);

/**
 * heatmap_face_memory_smooth:
 * @faces: (array length=n_faces): of one frame
 * @elapsed: seconds since the last frame
 *
 * Faces without an id are left as they are, and those that are not in this
 * frame are forgotten.
 *
 * Returns: (array length=n_faces) (transfer none): how to show @faces, valid
 *   until the next call
 */
const HeatmapFace *heatmap_face_memory_smooth (HeatmapFaceMemory *memory,
    const HeatmapFace *faces, guint n_faces, gdouble elapsed);

G_END_DECLS
