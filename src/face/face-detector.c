/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "face/face-detector.h"

#include <math.h>
#include <string.h>

#include "cnn/plan/plan.h"
#include "face/face-candidates.h"
#include "face/face-refiner.h"
#include "image/luma-scaler.h"

/* An input at which a network shows its strides. It is not square, so that a
 * picture that is drawn together into one value is none. */
#define PROBE_HEIGHT 128
#define PROBE_WIDTH (2 * PROBE_HEIGHT)
/* Folder of the network that refines, below the detector's own. */
#define REFINER "refine"
/* Part that the first look has in the logit after the second. */
#define PROPOSAL_WEIGHT 0.5f
/* A place that is as probable as that is always looked at again. */
#define SURE_PROPOSAL 0.3f
/* Of the others each has its turn once in so many frames. */
#define N_TURNS 8
/* A place is that of a face of the last frame from this intersection over union
 * on. */
#define LAST_FACE_OVERLAP 0.3f
/* The smallest face is, unless said otherwise, such a part of the frame's
 * smaller side: 40 pixels of 640x480. */
#define DEFAULT_PART 12
/* What is smaller than this part of the smallest face is left out. */
#define LEAST_PART 0.5f

/**
 * FaceDetector:
 * @alignment: what height and width of the input must be multiples of
 * @refiner: (nullable)
 * @refined: what has become of the candidates, on the canvas
 * @turn: whose turn it is, of the places that are doubtful
 * @canvas: of the frames that it is ready for; of no size if it is not ready
 * @least_side: of faces, in pixels of the canvas
 * @picture: size of the scaled frame in the network's input, whose rest is
 *   padding
 * @faces: of this frame, or the last one, in pixels of the frame
 */
struct _FaceDetector {
  gchar *model_path;
  gint alignment;
  FaceCandidates *candidates;
  FaceRefiner *refiner;
  FaceCandidates *refined;
  guint turn;

  ImageCanvas canvas;
  guint min_size;
  gfloat least_side;
  CnnInputSize picture;
  CnnInputSize input;
  CnnModel *model;
  CnnPlan *plan;
  ImageLumaScaler *scaler;

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
      && shape->dims[1] == size->width && shape->dims[2] == 1;
}

/* One stride both ways, without rest. */
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
        "a face detector has one input, of height x width x 1");
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

/* The largest stride of all that is computed, and not only of the outputs:
 * where coarse maps are made larger again and added to finer ones, each size
 * must be whole. All strides are powers of two, as they divide the probe. */
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

/* A link that leads nowhere is an error, not a folder that is not there. */
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
  /* The size is not known yet; whether the model is one of faces is. */
  static const CnnInputSize probe = { PROBE_HEIGHT, PROBE_WIDTH };
  g_autoptr (CnnModel) loaded = load_model (model, &probe, error);
  g_autoptr (FaceDetector) detector = NULL;

  if (!loaded)
    return NULL;
  detector = g_new0 (FaceDetector, 1);
  detector->model_path = g_strdup (model);
  detector->alignment = find_alignment (loaded, &probe);
  detector->candidates = face_candidates_new ();
  if (!load_refiner (detector, error))
    return NULL;
  return g_steal_pointer (&detector);
}

static void
drop_plan (FaceDetector *detector)
{
  detector->canvas = (ImageCanvas) { 0 };
  detector->n_faces = 0;
  g_clear_pointer (&detector->plan, cnn_plan_free);
  g_clear_pointer (&detector->model, cnn_model_unref);
  g_clear_pointer (&detector->scaler, image_luma_scaler_free);
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

/* At which no side of the frame is enlarged. */
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
  detector->scaler = image_luma_scaler_new (detector->canvas.frame_width,
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

/* The network works in the memory of its input, so that the padding is to be
 * written each time. */
static void
fill_input (FaceDetector *detector, const ImageFrame *frame)
{
  const CnnInputSize *picture = &detector->picture, *input = &detector->input;
  const gsize row_length = (gsize) input->width;
  gfloat *pixels = cnn_plan_get_input (detector->plan, 0);

  image_luma_scaler_run (detector->scaler, frame, pixels, row_length);
  for (gint row = 0; row < input->height; row++) {
    const gint n_pixels = row < picture->height ? picture->width : 0;

    memset (pixels + row * row_length + n_pixels, 0,
        (row_length - n_pixels) * sizeof *pixels);
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

/* From pixels of the scaled picture. Their height and width differ by less than
 * a pixel in the picture's whole length. */
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

/* What is known after the second look. */
static gfloat
combine_logits (gfloat proposal, gfloat refined)
{
  return PROPOSAL_WEIGHT * proposal + (1.0f - PROPOSAL_WEIGHT) * refined;
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

/* Neighbours of the same size have their turns in different frames, and a place
 * that does not move has it regularly. */
static gboolean
has_turn (const FaceDetector *detector, const FaceArea *place)
{
  const guint column = (guint) (place->x / place->width);
  const guint row = (guint) (place->y / place->height);

  return (3 * column + 5 * row + detector->turn) % N_TURNS == 0;
}

/* Most doubtful places are of things that are there in every frame, and are no
 * faces in any. */
static gboolean
is_worth_a_look (const FaceDetector *detector, const FaceCandidate *proposal,
    const FaceArea *place, gboolean anew)
{
  return anew || proposal->logit >= logit (SURE_PROPOSAL)
      || is_last_face (detector, place) || has_turn (detector, place);
}

static void
refine_candidate (FaceDetector *detector, const ImageFrame *frame,
    const FaceCandidate *proposal, const FaceArea *place, gfloat min_logit)
{
  FaceArea area;
  gfloat refined, logit;

  if (!face_refiner_run (detector->refiner, frame, place, &area, &refined))
    return;
  logit = combine_logits (proposal->logit, refined);
  if (logit < min_logit)
    return;
  area = frame_to_canvas (&detector->canvas, &area);
  face_candidates_add (detector->refined, &area, logit);
}

/* @area is on the canvas. */
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

  face_candidates_begin (detector->refined, detector->canvas.width,
      detector->canvas.height);
  for (guint i = 0; i < n && n_refined < FACE_DETECTOR_MAX_PROPOSALS; i++) {
    const FaceArea square = to_canvas (detector, &found[i].area);
    const FaceArea place = canvas_to_frame (&detector->canvas, &square);

    if (square.width < detector->least_side
        || !is_worth_a_look (detector, &found[i], &place, anew))
      continue;
    refine_candidate (detector, frame, &found[i], &place, min_logit);
    n_refined++;
  }
  detector->turn = (detector->turn + 1) % N_TURNS;
}

/* Two places, looked at more closely, may turn out to be one face. */
static void
find_refined_faces (FaceDetector *detector, const ImageFrame *frame,
    gfloat min_logit, gboolean anew)
{
  const FaceCandidate *found;
  guint n;

  refine_candidates (detector, frame, min_logit, anew);
  found = face_candidates_suppress (detector->refined, &n);
  detector->n_faces = 0;
  for (guint i = 0; i < n; i++)
    add_face (detector, &found[i].area, &found[i]);
}

const FaceDetection *
face_detector_run (FaceDetector *detector, const ImageFrame *frame,
    gboolean anew, gfloat min_confidence, guint *n)
{
  const gfloat min_logit = logit (min_confidence);

  g_return_val_if_fail (detector->plan != NULL, NULL);

  if (detector->refiner)
    find_refined_faces (detector, frame, min_logit, anew);
  else
    find_faces (detector, frame, min_logit);
  *n = detector->n_faces;
  return detector->faces;
}
