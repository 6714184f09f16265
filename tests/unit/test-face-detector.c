/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers detecting faces in a frame, with a network that takes white squares
 * for faces (tests/golden/make-face-golden.py), with and without a second
 * network that refines them, and models that are refused. */

#include "face/face-detector.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "allocations.h"
#include "base/model-error.h"
#include "linear-model.h"

/* A gray frame, full range. */
typedef struct {
  ImageFrame frame;
  guint8 *pixels;
} Picture;

static const gchar *
golden_path (const gchar *name)
{
  static gchar *path = NULL;

  g_free (path);
  path = g_test_build_filename (G_TEST_DIST, "..", "golden", name, NULL);
  return path;
}

static FaceDetector *
load (const gchar *model)
{
  g_autoptr (GError) error = NULL;
  FaceDetector *detector = face_detector_new (model, &error);

  g_assert_no_error (error);
  return detector;
}

static FaceDetector *
new_detector (void)
{
  return load (golden_path ("face-squares"));
}

static FaceDetector *
new_refined_detector (void)
{
  return load (golden_path ("face-squares-refined"));
}

static void
prepare (FaceDetector *detector, gint width, gint height, guint min_size)
{
  g_autoptr (GError) error = NULL;
  ImageCanvas canvas;

  image_canvas_init (&canvas, width, height, 1.0);
  g_assert_true (face_detector_prepare (detector, &canvas, min_size, &error));
  g_assert_no_error (error);
}

static void
start_picture (Picture *picture, gint width, gint height)
{
  picture->pixels = g_malloc0 ((gsize) width * height);
  picture->frame = (ImageFrame) { IMAGE_FORMAT_GRAY8, width, height,
    { picture->pixels }, { width }, { 0.299, 0.114, TRUE } };
}

static void
draw_square (Picture *picture, gint left, gint top, gint side, guint8 luma)
{
  for (gint y = top; y < top + side; y++)
    memset (picture->pixels + y * picture->frame.width + left, luma,
        (gsize) side);
}

static guint
count_faces (FaceDetector *detector, const Picture *picture, FaceLook look)
{
  guint n;

  face_detector_run (detector, &picture->frame, look, 0.5f, &n);
  return n;
}

static void
check (const FaceDetection *face, gfloat x, gfloat y, gfloat side,
    gfloat tolerance)
{
  g_assert_cmpfloat_with_epsilon (face->area.x, x, tolerance);
  g_assert_cmpfloat_with_epsilon (face->area.y, y, tolerance);
  g_assert_cmpfloat_with_epsilon (face->area.width, side, tolerance);
  g_assert_cmpfloat (face->area.width, ==, face->area.height);
}

static void
test_sizes (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  const FaceDetection *faces;
  Picture picture;
  guint n;

  start_picture (&picture, 320, 256);
  prepare (detector, 320, 256, FACE_DETECTOR_MIN_SIDE);
  draw_square (&picture, 64, 64, 8, 255);
  draw_square (&picture, 160, 160, 16, 254);
  draw_square (&picture, 288, 32, 32, 253); /* the face exceeds the frame */
  faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
      &n);
  g_assert_cmpuint (n, ==, 3);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (faces[i].confidence, 1.0f, 1e-3);
  /* Brighter squares have more confidence. */
  check (&faces[0], 68.0f, 68.0f, 8.0f, 1e-3f);
  check (&faces[1], 168.0f, 168.0f, 16.0f, 1e-3f);
  check (&faces[2], 304.0f, 48.0f, 48.0f, 1e-3f);
  g_free (picture.pixels);
}

/* A face may lie anywhere in its cell, also in one that is cut off by the
 * padding. */
static void
test_places (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();

  prepare (detector, 107, 83, FACE_DETECTOR_MIN_SIDE);
  for (gint x = 0; x <= 107 - 16; x += 3) {
    const gint y = x * 2 % (83 - 15);
    const FaceDetection *faces;
    Picture picture;
    guint n;

    start_picture (&picture, 107, 83);
    draw_square (&picture, x, y, 16, 255);
    faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
        &n);
    g_assert_cmpuint (n, ==, 1);
    check (&faces[0], (gfloat) x + 8.0f, (gfloat) y + 8.0f, 16.0f, 1e-3f);
    g_free (picture.pixels);
  }
}

/* Frames are scaled so that faces of min_size, or of a twelfth of the frame's
 * shorter side, get the size that the network is made for. No frame is
 * enlarged. */
static void
test_scales (void)
{
  static const struct {
    gint width, height;
    guint min_size;
    gdouble scale;
  } cases[] = {
    { 640, 480, 2 * FACE_DETECTOR_MIN_SIDE, 2.0 },
    { 640, 480, 4 * FACE_DETECTOR_MIN_SIDE, 4.0 },
    { 640, 480, FACE_DETECTOR_MIN_SIDE, 1.0 },
    { 640, 480, 7, 1.0 },
    { 640, 480, 5 * FACE_DETECTOR_MIN_SIDE / 2, 2.5 },
    { 1280, 720, 4 * FACE_DETECTOR_MIN_SIDE, 4.0 },
    { 3840, 2160, 9 * FACE_DETECTOR_MIN_SIDE, 9.0 },
    { 640, 480, 0, 480.0 / 12.0 / FACE_DETECTOR_MIN_SIDE },
    { 1280, 720, 0, 720.0 / 12.0 / FACE_DETECTOR_MIN_SIDE },
    { 720, 1280, 0, 720.0 / 12.0 / FACE_DETECTOR_MIN_SIDE },
    { 320, 180, 0, MAX (180.0 / 12.0 / FACE_DETECTOR_MIN_SIDE, 1.0) },
    { 160, 120, 0, 1.0 },
    { 1001, 777, 0, 777.0 / 12.0 / FACE_DETECTOR_MIN_SIDE },
  };
  g_autoptr (FaceDetector) detector = new_detector ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const gdouble scale = cases[i].scale;
    const gint side = (gint) floor (16.0 * scale + 0.5);
    const gint x = (gint) (32 * scale), y = (gint) (48 * scale);
    const FaceDetection *faces;
    Picture picture;
    guint n;

    start_picture (&picture, cases[i].width, cases[i].height);
    draw_square (&picture, x, y, side, 255);
    prepare (detector, cases[i].width, cases[i].height, cases[i].min_size);
    faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
        &n);
    g_assert_cmpuint (n, ==, 1);
    check (&faces[0], (gfloat) x + (gfloat) side / 2.0f,
        (gfloat) y + (gfloat) side / 2.0f, (gfloat) (16.0 * scale),
        0.3f * (gfloat) scale);
    g_free (picture.pixels);
  }
}

static void
draw_area (Picture *picture, const Rect *rect, guint8 luma)
{
  for (gint y = rect->y; y < rect->y + rect->height; y++)
    memset (picture->pixels + y * picture->frame.width + rect->x, luma,
        (gsize) rect->width);
}

/* The squares in a picture that is displayed at 320x256. */
static const Rect displayed[] = { { 64, 64, 16, 16 }, { 160, 160, 32, 32 } };

static void
check_displayed (const FaceDetection *face, const ImageCanvas *canvas,
    const Rect *square, gfloat tolerance)
{
  const gfloat across = (gfloat) canvas->width / (gfloat) canvas->frame_width;
  const gfloat down = (gfloat) canvas->height / (gfloat) canvas->frame_height;
  const FaceArea area = face_area_from_rect (square);

  g_assert_cmpfloat_with_epsilon (face->area.x * across, area.x, tolerance);
  g_assert_cmpfloat_with_epsilon (face->area.y * down, area.y, tolerance);
  g_assert_cmpfloat_with_epsilon (face->area.width * across, area.width,
      tolerance);
  g_assert_cmpfloat_with_epsilon (face->area.height * down,
      face->area.width * across, 1e-3f);
}

/* With pixels that are not square, the same faces are found in the picture as
 * it is displayed. */
static void
check_anamorphic (const gchar *model, gdouble pixel_aspect, gfloat tolerance)
{
  g_autoptr (FaceDetector) detector = load (golden_path (model));
  g_autoptr (GError) error = NULL;
  const gint width = (gint) floor (320 / MAX (pixel_aspect, 1.0) + 0.5);
  const gint height = (gint) floor (256 * MIN (pixel_aspect, 1.0) + 0.5);
  const FaceDetection *faces;
  ImageCanvas canvas;
  Picture picture;
  guint n;

  image_canvas_init (&canvas, width, height, pixel_aspect);
  start_picture (&picture, width, height);
  for (guint i = 0; i < G_N_ELEMENTS (displayed); i++) {
    const Rect squeezed = image_canvas_to_frame (&canvas, &displayed[i]);

    draw_area (&picture, &squeezed, (guint8) (255 - i));
  }
  g_assert_true (face_detector_prepare (detector, &canvas,
      2 * FACE_DETECTOR_MIN_SIDE, &error));
  g_assert_no_error (error);
  faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
      &n);
  g_assert_cmpuint (n, ==, 2);
  for (guint i = 0; i < n; i++)
    check_displayed (&faces[i], &canvas,
        &displayed[faces[i].area.x * (gfloat) canvas.width
            > 100.0f * (gfloat) width],
        tolerance);
  g_free (picture.pixels);
}

static void
test_anamorphic (void)
{
  static const gdouble aspects[] = { 1.0, 4.0 / 3.0, 16.0 / 11.0, 12.0 / 11.0,
    32.0 / 27.0, 8.0 / 9.0, 2.0, 0.5 };

  for (guint i = 0; i < G_N_ELEMENTS (aspects); i++) {
    check_anamorphic ("face-squares", aspects[i], 1.5f);
    check_anamorphic ("face-squares-refined", aspects[i], 2.5f);
  }
}

/* No side of a frame is enlarged, and another pixel aspect ratio makes the
 * detector prepare again. */
static void
test_anamorphic_sizes (void)
{
  static const struct {
    gdouble pixel_aspect;
    guint min_size;
    gint width, height;
  } cases[] = {
    { 1.0, 2 * FACE_DETECTOR_MIN_SIDE, 128, 128 },
    { 2.0, 2 * FACE_DETECTOR_MIN_SIDE, 256, 128 },
    { 2.0, FACE_DETECTOR_MIN_SIDE, 256, 128 },
    { 0.5, 2 * FACE_DETECTOR_MIN_SIDE, 128, 256 },
    { 0.5, 1, 128, 256 },
    { 2.0, 4 * FACE_DETECTOR_MIN_SIDE, 128, 64 },
    { 2.0, 0, 256, 128 },
  };
  g_autoptr (FaceDetector) detector = new_detector ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    CnnInputSize input;
    ImageCanvas canvas;

    image_canvas_init (&canvas, 256, 256, cases[i].pixel_aspect);
    g_assert_true (
        face_detector_prepare (detector, &canvas, cases[i].min_size, &error));
    g_assert_no_error (error);
    input = face_detector_get_input_size (detector);
    g_assert_cmpint (input.width, ==, cases[i].width);
    g_assert_cmpint (input.height, ==, cases[i].height);
  }
}

/* The input is only padded as far as the strides of all layers require. */
static void
test_input_sizes (void)
{
  static const struct {
    const gchar *model;
    gint width, height, input_width, input_height; /* frames are halved */
  } cases[] = {
    { "face-squares", 640, 480, 320, 256 },
    { "face-squares", 1280, 720, 640, 384 },
    { "face-squares", 641, 513, 352, 288 },
    { "face-squares-8", 640, 480, 320, 240 },
    { "face-squares-8", 320, 180, 160, 96 },
    { "face-squares-8", 641, 481, 328, 248 },
    { "face-squares-8", 3, 3, 8, 8 },
    { "face-pyramid", 320, 180, 160, 96 },
    { "face-pyramid", 640, 480, 320, 256 },
    { "face-pyramid", 1279, 719, 640, 384 },
    { "face-pyramid", 3840, 2160, 1920, 1088 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FaceDetector) detector = load (golden_path (cases[i].model));
    CnnInputSize input;

    prepare (detector, cases[i].width, cases[i].height,
        2 * FACE_DETECTOR_MIN_SIDE);
    input = face_detector_get_input_size (detector);
    g_assert_cmpint (input.width, ==, cases[i].input_width);
    g_assert_cmpint (input.height, ==, cases[i].input_height);
  }
}

/* A network whose only output has half the stride to which its input is
 * aligned. */
static void
test_pyramid (void)
{
  g_autoptr (FaceDetector) detector = load (golden_path ("face-pyramid"));

  for (gint width = 49; width < 200; width += 15) {
    const gint height = width * 3 % 97 + 16;
    const gint x = (width - 17) / 16 * 16, y = (height - 16) / 16 * 16;
    const FaceDetection *faces;
    Picture picture;
    guint n;

    start_picture (&picture, width, height);
    draw_square (&picture, x, y, 16, 255);
    prepare (detector, width, height, FACE_DETECTOR_MIN_SIDE);
    faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
        &n);
    g_assert_cmpuint (n, ==, 1);
    check (&faces[0], (gfloat) x + 8.0f, (gfloat) y + 8.0f, 16.0f, 1e-3f);
    g_free (picture.pixels);
  }
}

/* Faces of this confidence are found if the threshold is a little lower, but
 * not if it only allows @doubt times their 1 - confidence. */
static void
check_confidence (FaceDetector *detector, const Picture *picture, guint n_found,
    gfloat confidence, gdouble tolerance, gfloat doubt)
{
  const FaceDetection *faces;
  guint n;

  faces = face_detector_run (detector, &picture->frame, FACE_LOOK_ANEW,
      confidence * 0.99f, &n);
  g_assert_cmpuint (n, ==, n_found);
  if (n > 0)
    g_assert_cmpfloat_with_epsilon (faces[0].confidence, confidence, tolerance);
  /* Floats this close to 1 are too coarse for the other threshold. */
  if (confidence > 0.999f)
    return;
  face_detector_run (detector, &picture->frame, FACE_LOOK_ANEW,
      1.0f - (1.0f - confidence) * doubt, &n);
  g_assert_cmpuint (n, ==, 0);
}

static void
test_confidence (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  Picture picture;

  start_picture (&picture, 128, 96);
  prepare (detector, 128, 96, FACE_DETECTOR_MIN_SIDE);
  for (gint luma = 150; luma < 256; luma += 5) {
    const gfloat logit = 40.0f * (gfloat) luma / 255.0f - 23.0f;
    const gfloat confidence = 1.0f / (1.0f + expf (-logit));

    draw_square (&picture, 32, 32, 16, (guint8) luma);
    check_confidence (detector, &picture, 1, confidence, 1e-4, 0.99f);
  }
  g_free (picture.pixels);
}

/* A threshold of 0 accepts everything, and one of 1 nothing; both are valid. */
static void
test_confidence_limits (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  Picture picture;
  guint n;

  start_picture (&picture, 640, 640);
  prepare (detector, 640, 640, FACE_DETECTOR_MIN_SIDE);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.0f, &n);
  g_assert_cmpuint (n, ==, FACE_DETECTOR_MAX_FACES);
  draw_square (&picture, 32, 32, 16, 255);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 1.0f, &n);
  g_assert_cmpuint (n, ==, 0);
  g_free (picture.pixels);
}

/* No faces are found in noise, in a white frame, or in the leftovers of an
 * earlier run in the network's memory. */
static void
test_no_faces (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Picture picture;
  guint n;

  start_picture (&picture, 300, 200);
  prepare (detector, 300, 200, FACE_DETECTOR_MIN_SIDE);
  draw_square (&picture, 100, 100, 16, 255);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 1);
  for (guint i = 0; i < 300 * 200; i++)
    picture.pixels[i] = (guint8) g_rand_int_range (rand, 0, 256);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 0);
  memset (picture.pixels, 255, 300 * 200);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 0);
  memset (picture.pixels, 0, 300 * 200);
  face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 0);
  g_free (picture.pixels);
}

static void
test_tiny_frames (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();

  for (gint width = 1; width < 70; width += 17) {
    for (gint height = 1; height < 70; height += 17) {
      Picture picture;
      guint n;

      start_picture (&picture, width, height);
      for (guint size = 0; size < 200; size += 50) {
        prepare (detector, width, height, size);
        face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
        g_assert_cmpuint (n, ==, 0);
      }
      prepare (detector, width, height, G_MAXUINT);
      face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
      g_assert_cmpuint (n, ==, 0);
      g_free (picture.pixels);
    }
  }
}

static void
test_not_a_detector (void)
{
  static const struct {
    const gchar *name;
    ModelError code;
    const gchar *text;
  } cases[] = {
    { "nowhere", MODEL_ERROR_NOT_FOUND, "nowhere" },
    { "models/original-small", MODEL_ERROR_ARGUMENT, "original-small" },
    { "tfjs/pyramid", MODEL_ERROR_INVALID, "face detector" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (face_detector_new (golden_path (cases[i].name), &error));
    g_assert_error (error, MODEL_ERROR, (gint) cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].name));
    g_assert_nonnull (strstr (error->message, cases[i].text));
  }
}

/* A frame that is too large for this machine fails with an error that says so,
 * and leaves the detector usable. */
static void
test_too_large (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  g_autoptr (GError) error = NULL;
  ImageCanvas canvas;

  image_canvas_init (&canvas, 1 << 16, 1 << 16, 1.0);
  g_assert_false (face_detector_prepare (detector, &canvas, 1, &error));
  g_assert_error (error, MODEL_ERROR, MODEL_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "65536x65536"));
  prepare (detector, 64, 64, 0);
}

/* The first network reports squares of the largest stride 1.5 times too large.
 * The second one corrects them, as well as a few samples allow; the others stay
 * as they are. */
static void
test_refined (void)
{
  g_autoptr (FaceDetector) detector = new_refined_detector ();
  const FaceDetection *faces;
  Picture picture;
  guint n;

  start_picture (&picture, 320, 256);
  prepare (detector, 320, 256, FACE_DETECTOR_MIN_SIDE);
  draw_square (&picture, 64, 64, 8, 255);
  draw_square (&picture, 160, 160, 16, 240);
  draw_square (&picture, 224, 32, 32, 255);
  faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
      &n);
  g_assert_cmpuint (n, ==, 3);
  /* Best first. */
  check (&faces[0], 68.0f, 68.0f, 8.0f, 0.2f);
  check (&faces[1], 168.0f, 168.0f, 16.0f, 0.5f);
  check (&faces[2], 240.0f, 48.0f, 32.0f, 2.0f);
  g_assert_cmpfloat (faces[0].confidence, >, 0.999f);
  g_assert_cmpfloat (faces[1].confidence, >, 0.999f);
  g_assert_cmpfloat (faces[2].confidence, >, 0.9f);
  g_free (picture.pixels);
}

/* The confidence follows from the mean of the logits of both networks. */
static void
test_refined_confidence (void)
{
  g_autoptr (FaceDetector) detector = new_refined_detector ();
  Picture picture;

  start_picture (&picture, 128, 96);
  prepare (detector, 128, 96, 8);
  for (gint luma = 100; luma < 256; luma += 5) {
    const gfloat value = (gfloat) luma / 255.0f;
    const gfloat proposed = 1.0f / (1.0f + expf (23.0f - 40.0f * value));
    const gfloat expected = 1.0f / (1.0f + expf (14.0f - 30.0f * value));

    draw_square (&picture, 32, 32, 8, (guint8) luma);
    check_confidence (detector, &picture,
        proposed >= FACE_DETECTOR_MIN_PROPOSAL, expected, 1e-3, 0.9f);
  }
  g_free (picture.pixels);
}

/* The second network reports 5.8 pixels for a square that is this dim. */
static void
test_too_small (void)
{
  g_autoptr (FaceDetector) detector = new_refined_detector ();
  Picture picture;

  start_picture (&picture, 128, 96);
  draw_square (&picture, 32, 32, 8, 136);
  prepare (detector, 128, 96, 8);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_ANEW), ==, 1);
  prepare (detector, 128, 96, 12);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_ANEW), ==, 0);
  g_free (picture.pixels);
}

/* A yellow square is a face in luma, but not in colour. */
static void
test_refined_colour (void)
{
  g_autoptr (FaceDetector) plain = new_detector ();
  g_autoptr (FaceDetector) refined = new_refined_detector ();
  g_autofree guint8 *pixels = g_malloc0 (256 * 128 * 3);
  const ImageFrame frame = { IMAGE_FORMAT_RGB, 256, 128, { pixels },
    { 3 * 256 }, { 0.299, 0.114, TRUE } };
  const FaceDetection *faces;
  guint n;

  for (gint y = 64; y < 80; y++) {
    for (gint x = 32; x < 48; x++)
      memset (pixels + (y * 256 + x) * 3, 180, 2);
    memset (pixels + (y * 256 + 160) * 3, 255, 16 * 3);
  }
  prepare (plain, 256, 128, FACE_DETECTOR_MIN_SIDE);
  face_detector_run (plain, &frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 2);
  prepare (refined, 256, 128, FACE_DETECTOR_MIN_SIDE);
  faces = face_detector_run (refined, &frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 1);
  check (&faces[0], 168.0f, 72.0f, 16.0f, 0.1f);
  /* Yellow has a luma of 0.63, which gives a logit of 2; in colour it gives
   * -5. */
  faces = face_detector_run (refined, &frame, FACE_LOOK_ANEW, 0.1f, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpfloat (faces[0].area.x, >, 100.0f);
  g_assert_cmpfloat_with_epsilon (faces[1].confidence, 0.184f, 1e-3);
}

/* In a video, candidates that the first network doubts take turns at being
 * refined, but no longer once they have been confirmed as faces. */
static void
test_turns (void)
{
  const guint8 dim = 136; /* logits of -1.7 and 5.7 in the two networks */
  g_autoptr (FaceDetector) detector = new_refined_detector ();
  Picture picture;
  gint longest = 0;

  start_picture (&picture, 128, 96);
  prepare (detector, 128, 96, 8);
  for (gint left = 16; left < 80; left += 8) {
    gint n_waited = 0;

    draw_square (&picture, left, 32, 8, dim);
    while (count_faces (detector, &picture, FACE_LOOK_SEARCH) == 0) {
      n_waited++;
      g_assert_cmpint (n_waited, <, 2);
    }
    longest = MAX (longest, n_waited);
    for (gint i = 0; i < 16; i++)
      g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_SEARCH), ==,
          1);

    draw_square (&picture, left, 32, 8, 0);
    g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_SEARCH), ==,
        0);
    draw_square (&picture, left, 32, 8, dim);
    g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_ANEW), ==, 1);
    draw_square (&picture, left, 32, 8, 0);
    g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_SEARCH), ==,
        0);
  }
  g_assert_cmpint (longest, >, 0);
  g_free (picture.pixels);
}

/* Without a search, faces are followed and lost, but none is found. */
static void
test_following (void)
{
  g_autoptr (FaceDetector) detector = new_refined_detector ();
  const FaceDetection *faces;
  Picture picture;
  guint n;

  start_picture (&picture, 128, 96);
  prepare (detector, 128, 96, 8);
  draw_square (&picture, 32, 32, 8, 255);
  g_assert_false (face_detector_can_follow (detector));
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_ANEW), ==, 1);
  g_assert_true (face_detector_can_follow (detector));

  draw_square (&picture, 80, 32, 8, 255);
  draw_square (&picture, 32, 32, 8, 0);
  draw_square (&picture, 34, 32, 8, 255);
  faces = face_detector_run (detector, &picture.frame, FACE_LOOK_FOLLOW, 0.5f,
      &n);
  g_assert_cmpuint (n, ==, 1);
  check (&faces[0], 38.0f, 36.0f, 8.0f, 1.0f);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_SEARCH), ==, 2);

  draw_square (&picture, 34, 32, 8, 0);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_FOLLOW), ==, 1);
  draw_square (&picture, 34, 32, 8, 255);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_FOLLOW), ==, 1);
  g_assert_cmpuint (count_faces (detector, &picture, FACE_LOOK_SEARCH), ==, 2);
  g_free (picture.pixels);
}

/* The number of candidates that are refined is limited, but not below that of
 * the faces wanted. */
static void
test_many_proposals (void)
{
  g_autoptr (FaceDetector) plain = new_detector ();
  g_autoptr (FaceDetector) refined = new_refined_detector ();
  const FaceDetection *faces;
  Picture picture;
  guint n;

  start_picture (&picture, 640, 480);
  /* The order of brightness is unrelated to that of position. */
  for (gint i = 0; i < 48; i++)
    draw_square (&picture, i % 8 * 80, i / 8 * 80, 16,
        (guint8) (255 - i * 29 % 48));
  prepare (plain, 640, 480, FACE_DETECTOR_MIN_SIDE);
  face_detector_run (plain, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, 48);
  prepare (refined, 640, 480, FACE_DETECTOR_MIN_SIDE);
  faces = face_detector_run (refined, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
  g_assert_cmpuint (n, ==, MIN (FACE_DETECTOR_MAX_PROPOSALS, 48));
  for (guint i = 0; i < n; i++) {
    const gint row = (gint) (faces[i].area.y / 80.0f);
    const gint number = row * 8 + (gint) (faces[i].area.x / 80.0f);

    g_assert_cmpint (number * 29 % 48, <, FACE_DETECTOR_MAX_PROPOSALS);
    if (i > 0)
      g_assert_cmpfloat (faces[i].confidence, <=, faces[i - 1].confidence);
  }
  face_detector_expect_faces (refined, 48);
  g_assert_cmpuint (count_faces (refined, &picture, FACE_LOOK_ANEW), ==, 48);
  face_detector_expect_faces (refined, 1);
  g_assert_cmpuint (count_faces (refined, &picture, FACE_LOOK_ANEW), ==,
      FACE_DETECTOR_MAX_PROPOSALS);
  g_free (picture.pixels);
}

/* A detector of white squares whose second network is written by the test. */
typedef struct {
  gchar *folder;
  gchar *refiner;
} Folder;

static const gchar *const linked[] = { "model.json", "weights.bin" };

static void
make_folder (Folder *folder, gconstpointer data)
{
  folder->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
  folder->refiner = g_build_filename (folder->folder, "refine", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (linked); i++) {
    g_autofree gchar *target = g_build_filename (golden_path ("face-squares"),
        linked[i], NULL);
    g_autofree gchar *link = g_build_filename (folder->folder, linked[i], NULL);

    g_assert_cmpint (symlink (target, link), ==, 0);
  }
}

static void
remove_folder (Folder *folder, gconstpointer data)
{
  g_remove (folder->refiner);
  linear_model_remove (folder->folder);
  g_free (folder->folder);
  g_free (folder->refiner);
}

static void
write_refiner (const Folder *folder, const LinearModel *model,
    const gchar *preprocess)
{
  g_autofree gchar *path = g_build_filename (folder->refiner, "preprocess.json",
      NULL);

  linear_model_write (model, folder->refiner);
  g_assert_true (g_file_set_contents (path, preprocess, -1, NULL));
}

/* The second network sees a crop of five times the square's side, sampled at
 * half of the side. If there is another square two sides away, it moves the
 * face between the two, where both become one. */
static void
test_merged (Folder *folder, gconstpointer data)
{
  enum {
    SIZE = 10
  };
  static const gfloat bias[4] = { 2.0f, 0.0f, 0.0f, 0.0f };
  static gfloat kernel[SIZE][SIZE][1][4];
  const LinearModel model = { SIZE, SIZE, 1, 4, kernel[0][0][0], bias, 1 };
  g_autoptr (FaceDetector) detector = NULL;
  const FaceDetection *faces;
  Picture picture;
  guint n;

  kernel[4][8][0][1] = 1.0f;
  kernel[4][0][0][1] = -1.0f;
  write_refiner (folder, &model,
      "{\"version\":1,\"resize\":\"half-pixel\",\"crop_scale\":5}");
  detector = load (folder->folder);
  start_picture (&picture, 320, 160);
  draw_square (&picture, 32, 32, 16, 255);
  draw_square (&picture, 64, 32, 16, 254);
  draw_square (&picture, 224, 96, 16, 253);
  prepare (detector, 320, 160, FACE_DETECTOR_MIN_SIDE);
  faces = face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f,
      &n);
  g_assert_cmpuint (n, ==, 2);
  check (&faces[0], 232.0f, 104.0f, 16.0f, 0.2f);
  check (&faces[1], 56.0f, 40.0f, 16.0f, 0.2f);
  g_free (picture.pixels);
  linear_model_remove (folder->refiner);
}

/* A candidate is dropped if the output of the second network is implausible or
 * lies outside the frame. */
static void
test_no_answer (Folder *folder, gconstpointer data)
{
  static const gfloat biases[][4] = { { 5.0f, 3.0f, 0.0f, 0.0f },
    { 5.0f, 0.0f, 0.0f, 2.0f }, { 5.0f, -0.6f, 0.0f, 0.0f } };

  for (guint i = 0; i < G_N_ELEMENTS (biases); i++) {
    const LinearModel model = { 8, 8, 3, 4, NULL, biases[i], 1 };
    g_autoptr (FaceDetector) detector = NULL;
    Picture picture;
    guint n;

    write_refiner (folder, &model, "{\"version\":1,\"crop_scale\":1.5}");
    detector = load (folder->folder);
    start_picture (&picture, 128, 96);
    draw_square (&picture, 0, 32, 16, 255);
    prepare (detector, 128, 96, FACE_DETECTOR_MIN_SIDE);
    face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
    g_assert_cmpuint (n, ==, 0);
    g_free (picture.pixels);
    linear_model_remove (folder->refiner);
  }
}

static void
expect_error (const Folder *folder, ModelError code, const gchar *text)
{
  g_autofree gchar *file = g_build_filename (folder->folder, "model.json",
      NULL);
  const gchar *const models[] = { folder->folder, file };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (face_detector_new (models[i], &error));
    g_assert_error (error, MODEL_ERROR, (gint) code);
    g_assert_nonnull (strstr (error->message, folder->refiner));
    g_assert_nonnull (strstr (error->message, text));
  }
}

/* A "refine" folder that cannot be loaded is an error. */
static void
test_bad_refiner (Folder *folder, gconstpointer data)
{
  static const gfloat bias[5] = { 0.0f };
  const LinearModel model = { 8, 8, 3, 5, NULL, bias, 1 };

  face_detector_free (load (folder->folder));
  g_assert_cmpint (symlink ("nowhere", folder->refiner), ==, 0);
  expect_error (folder, MODEL_ERROR_NOT_FOUND, "model.json");
  g_assert_cmpint (g_remove (folder->refiner), ==, 0);
  g_assert_cmpint (g_mkdir (folder->refiner, 0700), ==, 0);
  expect_error (folder, MODEL_ERROR_NOT_FOUND, "model.json");
  write_refiner (folder, &model, "{\"version\":1}");
  expect_error (folder, MODEL_ERROR_INVALID, "4 values");
  linear_model_remove (folder->refiner);
}

static void
check_allocations (FaceDetector *detector)
{
  Picture picture;
  gint before;
  guint n;

  start_picture (&picture, 317, 251);
  draw_square (&picture, 64, 64, 16, 255);
  draw_square (&picture, 192, 64, 32, 255);
  prepare (detector, 317, 251, FACE_DETECTOR_MIN_SIDE);
  before = allocations_count ();
  g_assert_cmpint (before, >, 0);
  for (guint i = 0; i < 3; i++) {
    face_detector_run (detector, &picture.frame, FACE_LOOK_ANEW, 0.5f, &n);
    g_assert_cmpuint (n, ==, 2);
  }
  g_assert_cmpint (allocations_count (), ==, before);
  g_free (picture.pixels);
}

static void
test_allocation (void)
{
  g_autoptr (FaceDetector) plain = new_detector ();
  g_autoptr (FaceDetector) refined = new_refined_detector ();

  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  check_allocations (plain);
  check_allocations (refined);
}

static void
add_with_folder (const gchar *path,
    void (*test) (Folder *folder, gconstpointer data))
{
  g_test_add (path, Folder, NULL, make_folder, test, remove_folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/face-detector/sizes", test_sizes);
  g_test_add_func ("/face-detector/places", test_places);
  g_test_add_func ("/face-detector/scales", test_scales);
  g_test_add_func ("/face-detector/anamorphic", test_anamorphic);
  g_test_add_func ("/face-detector/anamorphic-sizes", test_anamorphic_sizes);
  g_test_add_func ("/face-detector/input-sizes", test_input_sizes);
  g_test_add_func ("/face-detector/pyramid", test_pyramid);
  g_test_add_func ("/face-detector/confidence", test_confidence);
  g_test_add_func ("/face-detector/confidence-limits", test_confidence_limits);
  g_test_add_func ("/face-detector/no-faces", test_no_faces);
  g_test_add_func ("/face-detector/tiny-frames", test_tiny_frames);
  g_test_add_func ("/face-detector/not-a-detector", test_not_a_detector);
  g_test_add_func ("/face-detector/too-large", test_too_large);
  g_test_add_func ("/face-detector/refined", test_refined);
  g_test_add_func ("/face-detector/refined-confidence",
      test_refined_confidence);
  g_test_add_func ("/face-detector/too-small", test_too_small);
  g_test_add_func ("/face-detector/refined-colour", test_refined_colour);
  g_test_add_func ("/face-detector/turns", test_turns);
  g_test_add_func ("/face-detector/following", test_following);
  g_test_add_func ("/face-detector/many-proposals", test_many_proposals);
  add_with_folder ("/face-detector/merged", test_merged);
  add_with_folder ("/face-detector/no-answer", test_no_answer);
  add_with_folder ("/face-detector/bad-refiner", test_bad_refiner);
  g_test_add_func ("/face-detector/allocation", test_allocation);
  return g_test_run ();
}
