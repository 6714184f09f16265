/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "overlay/scene.h"

#include "overlay/drawing.h"

/* Faces are sorted into classes: one per size, and one for the main face. */
#define N_CLASSES 65
#define MAIN_CLASS (N_CLASSES - 1)

const gfloat *
overlay_layer_get_contributions (const OverlayLayer *layer)
{
  return layer->result && !layer->has_kernels
      ? classifier_result_get_contributions (layer->result, layer->maps)
      : NULL;
}

guint
overlay_face_count_names (const OverlayFace *face)
{
  guint n_names = 0;

  for (guint i = 0; i < face->n_attributes; i++)
    n_names += face->attributes[i].is_continued ? 0 : 1;
  return n_names;
}

static gboolean
is_valid_form (const CnnLayerMaps *maps)
{
  return maps->height >= 1 && maps->width >= 1 && maps->channels >= 1;
}

static gboolean
is_valid_layer (const OverlayLayer *layer)
{
  if (!is_valid_form (layer->maps))
    return FALSE;
  return layer->has_kernels
      ? layer->result != NULL && layer->result->description->kernels != NULL
      : layer->maps->data != NULL;
}

static gboolean
is_valid_input (const OverlayScene *scene)
{
  return is_valid_form (scene->input) && scene->input->data != NULL
      && scene->result != NULL
      && scene->input->channels
      == image_channels_count (scene->result->description->colors.channels);
}

gboolean
overlay_scene_is_valid (const OverlayScene *scene)
{
  for (guint i = 0; i < scene->n_layers; i++) {
    if (!is_valid_layer (&scene->layers[i]))
      return FALSE;
  }
  if (scene->input != NULL && !is_valid_input (scene))
    return FALSE;
  if (scene->enlarged_layer >= 0
      && ((guint) scene->enlarged_layer >= scene->n_layers
          || scene->enlarged_channel < 0
          || scene->enlarged_channel
              >= scene->layers[scene->enlarged_layer].maps->channels))
    return FALSE;
  return TRUE;
}

const OverlayFace *
overlay_scene_get_main_face (const OverlayScene *scene)
{
  if (scene->main_face < 0 || (guint) scene->main_face >= scene->n_faces)
    return NULL;
  return &scene->faces[scene->main_face];
}

/* The class is the number of binary digits of the face's area. */
static guint
get_class (const OverlayScene *scene, guint index)
{
  const Rect *box = &scene->faces[index].box;
  guint64 area = (guint64) MAX (box->width, 0) * (guint64) MAX (box->height, 0);
  guint digits = 0;

  if ((gint) index == scene->main_face)
    return MAIN_CLASS;
  for (; area > 0; area >>= 1)
    digits++;
  return digits;
}

void
overlay_scene_rank_faces (const OverlayScene *scene,
    OverlayFaceRanking *ranking)
{
  guint counts[N_CLASSES] = { 0 };
  guint place = 0;

  for (guint i = 0; i < scene->n_faces; i++)
    counts[get_class (scene, i)]++;
  for (guint i = N_CLASSES; i > 0; i--) {
    const guint count = counts[i - 1];

    counts[i - 1] = place; /* rank of the first face of the class */
    place += count;
  }
  for (guint i = 0; i < scene->n_faces; i++) {
    const guint rank = counts[get_class (scene, i)]++;

    if (rank < OVERLAY_MAX_BOXES)
      ranking->order[rank] = i;
  }
  ranking->n_faces = MIN (scene->n_faces, OVERLAY_MAX_BOXES);
}

gsize
overlay_piece_get_serial (const OverlayPiece *piece)
{
  return overlay_drawing_get_serial (piece->surface);
}
