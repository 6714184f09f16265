/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers the way from a frame to the faces in it, with a network whose faces
 * are white squares (tests/golden/make-face-golden.py), and what is refused. */

#include "face/face-detector.h"

#include <math.h>
#include <string.h>

#include "cnn/cnn-error.h"

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
new_detector (void)
{
  g_autoptr (GError) error = NULL;
  FaceDetector *detector = face_detector_new (golden_path ("face-squares"),
      &error);

  g_assert_no_error (error);
  return detector;
}

static void
prepare (FaceDetector *detector, gint width, gint height, guint min_size)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (
      face_detector_prepare (detector, width, height, min_size, &error));
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
  draw_square (&picture, 288, 32, 32, 253); /* the face reaches beyond */
  faces = face_detector_run (detector, &picture.frame, 0.5f, &n);
  g_assert_cmpuint (n, ==, 3);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (faces[i].confidence, 1.0f, 1e-3);
  /* The brighter, the better. */
  check (&faces[0], 68.0f, 68.0f, 8.0f, 1e-3f);
  check (&faces[1], 168.0f, 168.0f, 16.0f, 1e-3f);
  check (&faces[2], 304.0f, 48.0f, 48.0f, 1e-3f);
  g_free (picture.pixels);
}

/* Anywhere in its cell, and in one that is cut off by the padding. */
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
    faces = face_detector_run (detector, &picture.frame, 0.5f, &n);
    g_assert_cmpuint (n, ==, 1);
    check (&faces[0], (gfloat) x + 8.0f, (gfloat) y + 8.0f, 16.0f, 1e-3f);
    g_free (picture.pixels);
  }
}

/* Faces of min_size are scaled to the size that the network is for. */
static void
test_scales (void)
{
  static const struct {
    gint width, height;
    guint min_size;
    gdouble scale;
  } cases[] = {
    { 640, 480, 0, 2.0 },
    { 640, 480, 40, 2.0 },
    { 640, 480, 80, 4.0 },
    { 640, 480, 20, 1.0 },
    { 640, 480, 7, 1.0 },
    { 640, 480, 50, 2.5 },
    { 1280, 720, 0, 3.0 },
    { 1280, 720, 80, 4.0 },
    { 720, 1280, 0, 3.0 },
    { 320, 240, 0, 1.0 },
    { 160, 120, 0, 1.0 },
    { 1001, 777, 0, 777.0 / 12.0 / 20.0 },
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
    faces = face_detector_run (detector, &picture.frame, 0.5f, &n);
    g_assert_cmpuint (n, ==, 1);
    check (&faces[0], (gfloat) x + (gfloat) side / 2.0f,
        (gfloat) y + (gfloat) side / 2.0f, (gfloat) (16.0 * scale),
        0.3f * (gfloat) scale);
    g_free (picture.pixels);
  }
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
    const FaceDetection *faces;
    guint n;

    draw_square (&picture, 32, 32, 16, (guint8) luma);
    faces = face_detector_run (detector, &picture.frame, confidence * 0.99f,
        &n);
    g_assert_cmpuint (n, ==, 1);
    g_assert_cmpfloat_with_epsilon (faces[0].confidence, confidence, 1e-4);
    /* Nearer to 1, floats do not tell it from a little more. */
    if (confidence > 0.999f)
      continue;
    face_detector_run (detector, &picture.frame,
        1.0f - (1.0f - confidence) * 0.99f, &n);
    g_assert_cmpuint (n, ==, 0);
  }
  g_free (picture.pixels);
}

/* 0 lets everything through, 1 nothing; both are no accident. */
static void
test_confidence_limits (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  Picture picture;
  guint n;

  start_picture (&picture, 640, 640);
  prepare (detector, 640, 640, FACE_DETECTOR_MIN_SIDE);
  face_detector_run (detector, &picture.frame, 0.0f, &n);
  g_assert_cmpuint (n, ==, FACE_DETECTOR_MAX_FACES);
  draw_square (&picture, 32, 32, 16, 255);
  face_detector_run (detector, &picture.frame, 1.0f, &n);
  g_assert_cmpuint (n, ==, 0);
  g_free (picture.pixels);
}

/* Neither noise, nor a frame full of white, nor what an earlier run has left
 * in the network's memory. */
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
  face_detector_run (detector, &picture.frame, 0.5f, &n);
  g_assert_cmpuint (n, ==, 1);
  for (guint i = 0; i < 300 * 200; i++)
    picture.pixels[i] = (guint8) g_rand_int_range (rand, 0, 256);
  face_detector_run (detector, &picture.frame, 0.5f, &n);
  g_assert_cmpuint (n, ==, 0);
  memset (picture.pixels, 255, 300 * 200);
  face_detector_run (detector, &picture.frame, 0.5f, &n);
  g_assert_cmpuint (n, ==, 0);
  memset (picture.pixels, 0, 300 * 200);
  face_detector_run (detector, &picture.frame, 0.5f, &n);
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
        face_detector_run (detector, &picture.frame, 0.5f, &n);
        g_assert_cmpuint (n, ==, 0);
      }
      prepare (detector, width, height, G_MAXUINT);
      face_detector_run (detector, &picture.frame, 0.5f, &n);
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
    CnnError code;
    const gchar *text;
  } cases[] = {
    { "nowhere", CNN_ERROR_NOT_FOUND, "nowhere" },
    { "models/original-small", CNN_ERROR_ARGUMENT, "original-small" },
    { "tfjs/pyramid", CNN_ERROR_INVALID, "face detector" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (face_detector_new (golden_path (cases[i].name), &error));
    g_assert_error (error, CNN_ERROR, (gint) cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].name));
    g_assert_nonnull (strstr (error->message, cases[i].text));
  }
}

/* Too large for this machine is an error that says so, and not the end. */
static void
test_too_large (void)
{
  g_autoptr (FaceDetector) detector = new_detector ();
  g_autoptr (GError) error = NULL;

  g_assert_false (
      face_detector_prepare (detector, 1 << 16, 1 << 16, 1, &error));
  g_assert_error (error, CNN_ERROR, CNN_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "65536x65536"));
  prepare (detector, 64, 64, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/face-detector/sizes", test_sizes);
  g_test_add_func ("/face-detector/places", test_places);
  g_test_add_func ("/face-detector/scales", test_scales);
  g_test_add_func ("/face-detector/confidence", test_confidence);
  g_test_add_func ("/face-detector/confidence-limits", test_confidence_limits);
  g_test_add_func ("/face-detector/no-faces", test_no_faces);
  g_test_add_func ("/face-detector/tiny-frames", test_tiny_frames);
  g_test_add_func ("/face-detector/not-a-detector", test_not_a_detector);
  g_test_add_func ("/face-detector/too-large", test_too_large);
  return g_test_run ();
}
