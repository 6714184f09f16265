/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-detector.h"

#include <math.h>
#include <string.h>

#include "cnn/plan/plan.h"
#include "face/face-candidates.h"
#include "face/face-refiner.h"
#include "image/area-scaler.h"

/* Size of the input from which the strides are found. It is not square, so that
 * a layer that reduces the picture to a single value does not pass for one with
 * a stride. */
#define PROBE_HEIGHT 128
#define PROBE_WIDTH (2 * PROBE_HEIGHT)
/* R'G'B', 0 to 1. */
#define INPUT_CHANNELS 3
/* Folder of the network that refines, below the detector's own. */
#define REFINER "refine"
/* So many candidates are refined for each of many faces that are wanted. */
#define PROPOSALS_PER_FACE 2
/* Weight of the other logit in its mean with that of the second network. */
#define OTHER_WEIGHT 0.5f
/* A candidate of at least this probability is refined in every frame. */
#define SURE_PROPOSAL 0.3f
/* Of the others, each is refined once in so many searches. */
#define N_TURNS 2
/* A candidate lies on a face of the last frame if their intersection over union
 * is greater than this. */
#define LAST_FACE_OVERLAP 0.3f
/* By default, the side of the smallest face is the frame's smaller side divided
 * by this: 40 pixels in 640x480. */
#define DEFAULT_PART 12
/* Faces smaller than this fraction of the smallest face are left out. */
#define LEAST_PART 0.5f

/**
 * FaceDetector:
 * @alignment: height and width of the input must be multiples of this
 * @refiner: (nullable): the second network
 * @refined: the candidates after refinement, in pixels of the canvas
 * @turn: selects the doubtful candidates to refine in this search
 * @max_proposals: the most candidates to refine in a search
 * @canvas: the frames prepared for; all zero if there is no plan
 * @least_side: side below which faces are left out, in pixels of the canvas
 * @picture: size of the scaled frame within the network's input; the rest is
 *   padding
 * @has_run: whether there was a frame since it was prepared
 * @faces: the faces of the last frame, in pixels of the frame
 */
struct _FaceDetector {
  gchar *model_path;
  gint alignment;
  FaceCandidates *candidates;
  FaceRefiner *refiner;
  FaceCandidates *refined;
  guint turn;
  guint max_proposals;

  ImageCanvas canvas;
  guint min_size;
  gfloat least_side;
  CnnInputSize picture;
  CnnInputSize input;
  CnnModel *model;
  CnnPlan *plan;
  ImageAreaScaler *scaler;

  gboolean has_run;
  FaceDetection faces[FACE_DETECTOR_MAX_FACES];
  guint n_faces;
};

static gboolean
is_input (const CnnModel *model, const CnnInputSize *size)
{
  guint n_inputs;
  const guint *inputs = cnn_model_get_inputs (model, &n_inputs);
  const CnnShape *shape = cnn_model_get_node_shape (model, inputs[0]);

  return n_inputs == 1 && shape->rank == 3 && shape->dims[0] == size->height
      && shape->dims[1] == size->width && shape->dims[2] == INPUT_CHANNELS;
}

/* Whether the input is a whole multiple of the shape, the same both ways. */
static gboolean
is_whole (const CnnShape *shape, const CnnInputSize *size)
{
  return shape->rank == 3 && size->height % shape->dims[0] == 0
      && size->width % shape->dims[1] == 0
      && size->height / shape->dims[0] == size->width / shape->dims[1];
}

static gboolean
is_map (const CnnShape *shape, const CnnInputSize *size)
{
  return is_whole (shape, size) && shape->dims[2] == FACE_MAP_CHANNELS;
}

static gboolean
check_shapes (const CnnModel *model, const CnnInputSize *size, GError **error)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (model, &n_outputs);

  if (!is_input (model, size)) {
    g_set_error_literal (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "a face detector has one input, of height x width x 3");
    return FALSE;
  }
  for (guint i = 0; i < n_outputs; i++) {
    const CnnShape *shape = cnn_model_get_node_shape (model, outputs[i]);
    g_autofree gchar *text = NULL;

    if (is_map (shape, size))
      continue;
    text = cnn_shape_to_string (shape);
    g_set_error (error, MODEL_ERROR, MODEL_ERROR_INVALID,
        "output '%s' is %s for an input of %dx%d, but that of a face detector "
        "is height / stride x width / stride x %d",
        cnn_model_get_node_name (model, outputs[i]), text, size->height,
        size->width, FACE_MAP_CHANNELS);
    return FALSE;
  }
  return TRUE;
}

static CnnModel *
load_model (const gchar *path, const CnnInputSize *size, GError **error)
{
  g_autoptr (CnnModel) model = cnn_model_load_sized (path, NULL, size, error);

  if (!model)
    return NULL;
  if (!check_shapes (model, size, error)) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  return g_steal_pointer (&model);
}

/* The largest stride of all nodes, not only of the outputs: where coarse maps
 * are enlarged and added to finer ones, all sizes must come out whole. All
 * strides are powers of two, because they divide the probe. */
static gint
find_alignment (const CnnModel *model, const CnnInputSize *size)
{
  gint alignment = 1;

  for (guint node = 0; node < cnn_model_get_n_nodes (model); node++) {
    const CnnShape *shape = cnn_model_get_node_shape (model, node);

    if (is_whole (shape, size))
      alignment = MAX (alignment, size->height / shape->dims[0]);
  }
  return alignment;
}

/* A dangling link counts as existing, so that it becomes an error. */
static gboolean
exists (const gchar *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS)
      || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

static gboolean
load_refiner (FaceDetector *detector, GError **error)
{
  const gchar *model = detector->model_path;
  g_autofree gchar *folder = g_file_test (model, G_FILE_TEST_IS_DIR)
      ? g_strdup (model)
      : g_path_get_dirname (model);
  g_autofree gchar *refiner = g_build_filename (folder, REFINER, NULL);
  g_autofree gchar *file = g_build_filename (refiner, "model.json", NULL);

  if (!exists (refiner))
    return TRUE;
  detector->refiner = face_refiner_new (file, error);
  detector->refined = face_candidates_new ();
  return detector->refiner != NULL;
}

FaceDetector *
face_detector_new (const gchar *model, GError **error)
{
  /* The size of the frames is not known yet, but any size shows whether this is
   * a face detector. */
  static const CnnInputSize probe = { PROBE_HEIGHT, PROBE_WIDTH };
  g_autoptr (CnnModel) loaded = load_model (model, &probe, error);
  g_autoptr (FaceDetector) detector = NULL;

  if (!loaded)
    return NULL;
  detector = g_new0 (FaceDetector, 1);
  detector->model_path = g_strdup (model);
  detector->alignment = find_alignment (loaded, &probe);
  detector->candidates = face_candidates_new ();
  face_detector_expect_faces (detector, 0);
  if (!load_refiner (detector, error))
    return NULL;
  return g_steal_pointer (&detector);
}

static void
drop_plan (FaceDetector *detector)
{
  detector->canvas = (ImageCanvas) { 0 };
  detector->has_run = FALSE;
  detector->n_faces = 0;
  g_clear_pointer (&detector->plan, cnn_plan_free);
  g_clear_pointer (&detector->model, cnn_model_unref);
  g_clear_pointer (&detector->scaler, image_area_scaler_free);
}

void
face_detector_free (FaceDetector *detector)
{
  drop_plan (detector);
  face_candidates_free (detector->candidates);
  face_candidates_free (detector->refined);
  g_clear_pointer (&detector->refiner, face_refiner_free);
  g_free (detector->model_path);
  g_free (detector);
}

void
face_detector_expect_faces (FaceDetector *detector, guint n)
{
  detector->max_proposals = MAX (FACE_DETECTOR_MAX_PROPOSALS,
      PROPOSALS_PER_FACE * MIN (n, FACE_DETECTOR_MAX_FACES));
}

static gint
align (const FaceDetector *detector, gint length)
{
  const gint alignment = detector->alignment;

  return (length + alignment - 1) / alignment * alignment;
}

static gint
scale_length (gint length, gdouble scale)
{
  return CLAMP ((gint) floor (length * scale + 0.5), 1, length);
}

/* The largest scale that does not enlarge the frame in either direction. */
static gdouble
get_largest_scale (const ImageCanvas *canvas)
{
  return MIN ((gdouble) canvas->frame_width / canvas->width,
      (gdouble) canvas->frame_height / canvas->height);
}

static void
choose_sizes (FaceDetector *detector)
{
  const ImageCanvas *canvas = &detector->canvas;
  const gdouble smallest = detector->min_size > 0
      ? (gdouble) detector->min_size
      : (gdouble) MIN (canvas->width, canvas->height) / DEFAULT_PART;
  const gdouble scale = MIN (FACE_DETECTOR_MIN_SIDE / smallest,
      get_largest_scale (canvas));

  detector->least_side = LEAST_PART * (gfloat) smallest;
  detector->picture.width = scale_length (canvas->width, scale);
  detector->picture.height = scale_length (canvas->height, scale);
  detector->input.width = align (detector, detector->picture.width);
  detector->input.height = align (detector, detector->picture.height);
}

static gboolean
make_plan (FaceDetector *detector, GError **error)
{
  choose_sizes (detector);
  detector->model = load_model (detector->model_path, &detector->input, error);
  if (!detector->model)
    return FALSE;
  detector->plan = cnn_plan_new (detector->model, NULL, 0, error);
  if (!detector->plan)
    return FALSE;
  detector->scaler = image_area_scaler_new (detector->canvas.frame_width,
      detector->canvas.frame_height, detector->picture.width,
      detector->picture.height);
  return TRUE;
}

gboolean
face_detector_prepare (FaceDetector *detector, const ImageCanvas *canvas,
    guint min_size, GError **error)
{
  g_return_val_if_fail (canvas->frame_width >= 1 && canvas->frame_height >= 1,
      FALSE);

  if (image_canvas_equal (&detector->canvas, canvas)
      && detector->min_size == min_size)
    return TRUE;
  drop_plan (detector);
  detector->canvas = *canvas;
  detector->min_size = min_size;
  if (make_plan (detector, error))
    return TRUE;
  g_prefix_error (error,
      "for faces of %u pixels in frames of %dx%d (0: a twelfth of the smaller "
      "side): ",
      min_size, canvas->frame_width, canvas->frame_height);
  drop_plan (detector);
  return FALSE;
}

CnnInputSize
face_detector_get_input_size (const FaceDetector *detector)
{
  return detector->input;
}

/* A run of the network overwrites its input, so the padding must be written
 * each time. */
static void
fill_input (FaceDetector *detector, const ImageFrame *frame)
{
  const CnnInputSize *picture = &detector->picture, *input = &detector->input;
  const gsize row_length = (gsize) input->width * INPUT_CHANNELS;
  gfloat *pixels = cnn_plan_get_input (detector->plan, 0);

  image_area_scaler_run (detector->scaler, frame, pixels, row_length);
  for (gint row = 0; row < input->height; row++) {
    const gsize n_values = row < picture->height
        ? (gsize) picture->width * INPUT_CHANNELS
        : 0;

    memset (pixels + row * row_length + n_values, 0,
        (row_length - n_values) * sizeof *pixels);
  }
}

static gfloat
logit (gfloat probability)
{
  return logf (probability / (1.0f - probability));
}

static void
collect_candidates (FaceDetector *detector, gfloat min_logit)
{
  guint n_outputs;
  const guint *outputs = cnn_model_get_outputs (detector->model, &n_outputs);

  face_candidates_begin (detector->candidates, detector->picture.width,
      detector->picture.height);
  for (guint i = 0; i < n_outputs; i++) {
    const CnnShape *shape = cnn_model_get_node_shape (detector->model,
        outputs[i]);
    const FaceMap map = {
      .values = cnn_plan_get_activation (detector->plan, outputs[i]),
      .height = shape->dims[0],
      .width = shape->dims[1],
      .stride = detector->input.height / shape->dims[0],
    };

    face_candidates_add_map (detector->candidates, &map, min_logit);
  }
}

static const FaceCandidate *
find_candidates (FaceDetector *detector, const ImageFrame *frame,
    gfloat min_logit, guint *n)
{
  fill_input (detector, frame);
  cnn_plan_run (detector->plan);
  collect_candidates (detector, min_logit);
  return face_candidates_suppress (detector->candidates, n);
}

/* From pixels of the scaled picture, whose sides were rounded to whole pixels,
 * so that the two scales differ slightly. */
static FaceArea
to_canvas (const FaceDetector *detector, const FaceArea *area)
{
  const gfloat x_scale = (gfloat) detector->canvas.width
      / (gfloat) detector->picture.width;
  const gfloat y_scale = (gfloat) detector->canvas.height
      / (gfloat) detector->picture.height;
  const gfloat side = area->width * sqrtf (x_scale * y_scale);

  return (FaceArea) { area->x * x_scale, area->y * y_scale, side, side };
}

static FaceArea
scale_area (const FaceArea *area, gfloat x_scale, gfloat y_scale)
{
  return (FaceArea) { area->x * x_scale, area->y * y_scale,
    area->width * x_scale, area->height * y_scale };
}

static FaceArea
canvas_to_frame (const ImageCanvas *canvas, const FaceArea *area)
{
  return scale_area (area,
      (gfloat) canvas->frame_width / (gfloat) canvas->width,
      (gfloat) canvas->frame_height / (gfloat) canvas->height);
}

static FaceArea
frame_to_canvas (const ImageCanvas *canvas, const FaceArea *area)
{
  return scale_area (area,
      (gfloat) canvas->width / (gfloat) canvas->frame_width,
      (gfloat) canvas->height / (gfloat) canvas->frame_height);
}

/* @other: the logit of the first network, or the last one */
static gfloat
combine_logits (gfloat other, gfloat refined)
{
  return OTHER_WEIGHT * other + (1.0f - OTHER_WEIGHT) * refined;
}

static gboolean
is_last_face (const FaceDetector *detector, const FaceArea *place)
{
  for (guint i = 0; i < detector->n_faces; i++) {
    if (face_area_overlap (place, &detector->faces[i].area) > LAST_FACE_OVERLAP)
      return TRUE;
  }
  return FALSE;
}

/* Spreads doubtful candidates over N_TURNS searches by their position, so that
 * neighbours of the same size fall in different ones, and one that does not
 * move is refined regularly. */
static gboolean
is_its_turn (const FaceDetector *detector, const FaceArea *place)
{
  const guint column = (guint) (place->x / place->width);
  const guint row = (guint) (place->y / place->height);

  return (3 * column + 5 * row + detector->turn) % N_TURNS == 0;
}

/* Most doubtful candidates are objects that appear in every frame and are never
 * a face, so they need not be refined each time. */
static gboolean
should_refine (const FaceDetector *detector, const FaceCandidate *proposal,
    const FaceArea *place, gboolean anew)
{
  return anew || proposal->logit >= logit (SURE_PROPOSAL)
      || is_last_face (detector, place) || is_its_turn (detector, place);
}

/* @place: in pixels of the frame
 * @logit: of the proposal, or that of the last face there */
static void
refine_place (FaceDetector *detector, const ImageFrame *frame,
    const FaceArea *place, gfloat logit, gfloat min_logit)
{
  FaceArea area;
  gfloat refined;

  if (!face_refiner_run (detector->refiner, frame, place, &area, &refined))
    return;
  logit = combine_logits (logit, refined);
  if (logit < min_logit)
    return;
  area = frame_to_canvas (&detector->canvas, &area);
  face_candidates_add (detector->refined, &area, logit);
}

/* @area: in pixels of the canvas */
static void
add_face (FaceDetector *detector, const FaceArea *area,
    const FaceCandidate *candidate)
{
  if (area->width < detector->least_side
      || detector->n_faces == FACE_DETECTOR_MAX_FACES)
    return;
  detector->faces[detector->n_faces++] =
      (FaceDetection) { canvas_to_frame (&detector->canvas, area),
        face_candidate_get_confidence (candidate) };
}

static void
find_faces (FaceDetector *detector, const ImageFrame *frame, gfloat min_logit)
{
  guint n;
  const FaceCandidate *found = find_candidates (detector, frame, min_logit, &n);

  detector->n_faces = 0;
  for (guint i = 0; i < n; i++) {
    const FaceArea area = to_canvas (detector, &found[i].area);

    add_face (detector, &area, &found[i]);
  }
}

static void
refine_candidates (FaceDetector *detector, const ImageFrame *frame,
    gfloat min_logit, gboolean anew)
{
  guint n, n_refined = 0;
  const FaceCandidate *found = find_candidates (detector, frame,
      logit (FACE_DETECTOR_MIN_PROPOSAL), &n);

  for (guint i = 0; i < n && n_refined < detector->max_proposals; i++) {
    const FaceArea square = to_canvas (detector, &found[i].area);
    const FaceArea place = canvas_to_frame (&detector->canvas, &square);

    if (square.width < detector->least_side
        || !should_refine (detector, &found[i], &place, anew))
      continue;
    refine_place (detector, frame, &place, found[i].logit, min_logit);
    n_refined++;
  }
  detector->turn = (detector->turn + 1) % N_TURNS;
}

static void
refine_last_faces (FaceDetector *detector, const ImageFrame *frame,
    gfloat min_logit)
{
  for (guint i = 0; i < detector->n_faces; i++) {
    const FaceDetection *face = &detector->faces[i];

    refine_place (detector, frame, &face->area, logit (face->confidence),
        min_logit);
  }
}

/* Two candidates may turn out to be the same face once refined, hence the
 * second suppression. */
static void
find_refined_faces (FaceDetector *detector, const ImageFrame *frame,
    gfloat min_logit, FaceLook look)
{
  const FaceCandidate *found;
  guint n;

  face_candidates_begin (detector->refined, detector->canvas.width,
      detector->canvas.height);
  if (look == FACE_LOOK_FOLLOW)
    refine_last_faces (detector, frame, min_logit);
  else
    refine_candidates (detector, frame, min_logit, look == FACE_LOOK_ANEW);
  found = face_candidates_suppress (detector->refined, &n);
  detector->n_faces = 0;
  for (guint i = 0; i < n; i++)
    add_face (detector, &found[i].area, &found[i]);
}

gboolean
face_detector_can_follow (const FaceDetector *detector)
{
  return detector->refiner != NULL && detector->has_run;
}

const FaceDetection *
face_detector_run (FaceDetector *detector, const ImageFrame *frame,
    FaceLook look, gfloat min_confidence, guint *n)
{
  const gfloat min_logit = logit (min_confidence);

  g_return_val_if_fail (detector->plan != NULL, NULL);

  g_return_val_if_fail (look != FACE_LOOK_FOLLOW
          || face_detector_can_follow (detector),
      NULL);

  detector->has_run = TRUE;
  if (detector->refiner)
    find_refined_faces (detector, frame, min_logit, look);
  else
    find_faces (detector, frame, min_logit);
  *n = detector->n_faces;
  return detector->faces;
}
