/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Covers the crop of the frame that the second network gets, the conversion of
 * its output to the frame, and models that are refused. */

#include "face/face-refiner.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "allocations.h"
#include "base/model-error.h"
#include "linear-model.h"

#define SIZE 8 /* side of the input of the models written here */
#define N_INPUTS (SIZE * SIZE * 3)
#define N_VALUES FACE_REFINER_N_VALUES

typedef struct {
  gchar *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("activationmap-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  linear_model_remove (fixture->folder);
  g_free (fixture->folder);
}

static void
write_preprocess (const Fixture *fixture, const gchar *text)
{
  g_autofree gchar *path = g_build_filename (fixture->folder, "preprocess.json",
      NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static FaceRefiner *
load (const gchar *model)
{
  g_autoptr (GError) error = NULL;
  FaceRefiner *refiner = face_refiner_new (model, &error);

  g_assert_no_error (error);
  return refiner;
}

static FaceRefiner *
make_refiner (const Fixture *fixture, const gfloat *kernel, const gfloat *bias,
    gdouble crop_scale)
{
  const LinearModel model = { SIZE, SIZE, 3, N_VALUES, kernel, bias, 1 };
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree gchar *preprocess = g_strdup_printf (
      "{\"version\":1,\"resize\":\"half-pixel\",\"crop_scale\":%s}",
      g_ascii_dtostr (number, sizeof number, crop_scale));

  linear_model_write (&model, fixture->folder);
  write_preprocess (fixture, preprocess);
  return load (fixture->folder);
}

static FaceRefiner *
load_golden (void)
{
  g_autofree gchar *model = g_test_build_filename (G_TEST_DIST, "..", "golden",
      "face-squares-refined", "refine", "model.json", NULL);

  return load (model);
}

/* A frame whose red is x and whose green is y; blue is 0. */
static void
make_ramps (ImageFrame *frame, gint width, gint height)
{
  guint8 *pixel = g_malloc0 ((gsize) (width * height * 3));

  *frame = (ImageFrame) { IMAGE_FORMAT_RGB, width, height, { pixel },
    { 3 * width }, { 0.299, 0.114, TRUE } };
  for (gint y = 0; y < height; y++) {
    for (gint x = 0; x < width; x++, pixel += 3) {
      pixel[0] = (guint8) x;
      pixel[1] = (guint8) y;
    }
  }
}

static const struct {
  gint width, height; /* size of the frame */
  FaceArea place;
  gdouble crop_scale;
} places[] = {
  { 200, 150, { 100.0f, 75.0f, 32.0f, 32.0f }, 1.5 },
  { 200, 150, { 100.0f, 75.0f, 33.0f, 33.0f }, 1.5 },
  { 201, 151, { 99.7f, 80.2f, 21.4f, 21.4f }, 1.5 },
  { 201, 151, { 99.2f, 80.8f, 20.9f, 20.9f }, 1.0 },
  { 200, 150, { 100.0f, 75.0f, 50.0f, 50.0f }, 2.0 },
  { 200, 150, { 0.0f, 0.0f, 40.0f, 40.0f }, 1.5 },
  { 200, 150, { 200.0f, 150.0f, 40.0f, 40.0f }, 1.5 },
  { 199, 149, { 198.4f, 3.3f, 61.7f, 61.7f }, 1.3 },
  { 199, 149, { 100.0f, 70.0f, 300.0f, 300.0f }, 1.5 },
  { 60, 40, { 30.0f, 20.0f, 1.0f, 1.0f }, 1.5 },
  { 60, 40, { 30.5f, 20.5f, 0.3f, 0.3f }, 1.0 },
  { 1, 1, { 0.5f, 0.5f, 1.0f, 1.0f }, 1.5 },
  { 7, 250, { 1.0f, 240.0f, 30.0f, 30.0f }, 1.5 },
  /* squares on frames whose pixels are not square */
  { 200, 150, { 100.0f, 75.0f, 24.0f, 32.0f }, 1.5 },
  { 200, 150, { 100.0f, 75.0f, 64.0f, 32.0f }, 1.5 },
  { 200, 150, { 100.0f, 75.0f, 32.0f, 64.0f }, 2.0 },
};

static Rect
expect_crop (guint i)
{
  const FaceArea *place = &places[i].place;
  const gdouble width = (gdouble) place->width * places[i].crop_scale;
  const gdouble height = (gdouble) place->height * places[i].crop_scale;

  return (Rect) { (gint) floor ((gdouble) place->x - width / 2.0 + 0.5),
    (gint) floor ((gdouble) place->y - height / 2.0 + 0.5),
    MAX ((gint) floor (width + 0.5), 1), MAX ((gint) floor (height + 0.5), 1) };
}

/* The position in the frame of sample @i of the input, in pixels from the
 * centre of the first pixel. */
static gdouble
sample_position (gint i, gint begin, gint length, gint frame_length)
{
  const gdouble in_crop = (i + 0.5) * length / SIZE - 0.5;

  return CLAMP (begin + CLAMP (in_crop, 0.0, length - 1.0), 0.0,
      frame_length - 1.0);
}

/* Runs a network with these weights on case @i, in a frame whose pixels hold
 * their own coordinates. */
static gfloat
probe (const Fixture *fixture, guint i,
    gfloat (*weight) (gint row, gint column, gint channel))
{
  static const gfloat bias[N_VALUES] = { 0.0f };
  g_autofree gfloat *kernel = g_new0 (gfloat, N_INPUTS * N_VALUES);
  g_autoptr (FaceRefiner) refiner = NULL;
  ImageFrame frame;
  FaceArea area;
  gfloat logit;

  for (gint k = 0; k < N_INPUTS; k++)
    kernel[k * N_VALUES] = 255.0f * weight (k / 3 / SIZE, k / 3 % SIZE, k % 3);
  refiner = make_refiner (fixture, kernel, bias, places[i].crop_scale);
  make_ramps (&frame, places[i].width, places[i].height);
  g_assert_true (
      face_refiner_run (refiner, &frame, &places[i].place, &area, &logit));
  g_free (frame.plane[0]);
  return logit;
}

static gfloat
first_column (gint row, gint column, gint channel)
{
  return row == 3 && column == 0 && channel == 0;
}

static gfloat
last_column (gint row, gint column, gint channel)
{
  return row == 4 && column == SIZE - 1 && channel == 0;
}

static gfloat
first_row (gint row, gint column, gint channel)
{
  return row == 0 && column == 5 && channel == 1;
}

static gfloat
last_row (gint row, gint column, gint channel)
{
  return row == SIZE - 1 && column == 2 && channel == 1;
}

/* Where the crop extends beyond the frame, the frame's border is repeated. */
static void
test_crop (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    const Rect crop = expect_crop (i);
    const gint width = places[i].width, height = places[i].height;

    g_assert_cmpfloat_with_epsilon (probe (fixture, i, first_column),
        sample_position (0, crop.x, crop.width, width), 1e-3);
    g_assert_cmpfloat_with_epsilon (probe (fixture, i, last_column),
        sample_position (SIZE - 1, crop.x, crop.width, width), 1e-3);
    g_assert_cmpfloat_with_epsilon (probe (fixture, i, first_row),
        sample_position (0, crop.y, crop.height, height), 1e-3);
    g_assert_cmpfloat_with_epsilon (probe (fixture, i, last_row),
        sample_position (SIZE - 1, crop.y, crop.height, height), 1e-3);
  }
}

/* The output is relative to the actual crop, which is rounded to whole
 * pixels. */
static void
test_answer (Fixture *fixture, gconstpointer data)
{
  static const gfloat answers[][N_VALUES] = { { 1.5f, 0.0f, 0.0f, 0.0f },
    { -7.0f, 0.3f, -0.2f, 0.25f }, { 0.0f, -0.45f, 0.5f, -1.0f } };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (answers); k++) {
      g_autoptr (FaceRefiner) refiner = make_refiner (fixture, NULL, answers[k],
          places[i].crop_scale);
      const Rect crop = expect_crop (i);
      const gdouble x_unit = crop.width / places[i].crop_scale;
      const gdouble y_unit = crop.height / places[i].crop_scale;
      ImageFrame frame;
      FaceArea area;
      gfloat logit;

      make_ramps (&frame, places[i].width, places[i].height);
      g_assert_true (
          face_refiner_run (refiner, &frame, &places[i].place, &area, &logit));
      g_assert_cmpfloat (logit, ==, answers[k][0]);
      g_assert_cmpfloat_with_epsilon (area.x,
          crop.x + crop.width / 2.0 + (gdouble) answers[k][1] * x_unit, 1e-3);
      g_assert_cmpfloat_with_epsilon (area.y,
          crop.y + crop.height / 2.0 + (gdouble) answers[k][2] * y_unit, 1e-3);
      g_assert_cmpfloat_with_epsilon (area.width,
          exp ((gdouble) answers[k][3]) * x_unit, 1e-3);
      g_assert_cmpfloat (area.height, ==,
          area.width * (places[i].place.height / places[i].place.width));
      g_free (frame.plane[0]);
    }
  }
}

static gboolean
is_accepted (FaceRefiner *refiner)
{
  const FaceArea place = { 10.0f, 10.0f, 10.0f, 10.0f };
  ImageFrame frame;
  FaceArea area;
  gfloat logit;
  gboolean result;

  make_ramps (&frame, 20, 20);
  result = face_refiner_run (refiner, &frame, &place, &area, &logit);
  g_free (frame.plane[0]);
  return result;
}

static void
test_absurd_answer (Fixture *fixture, gconstpointer data)
{
  static const struct {
    gfloat values[N_VALUES];
    gboolean is_accepted;
  } cases[] = {
    { { 1e30f, 0.74f, -0.74f, 1.09f }, TRUE },
    { { -1e30f, -0.74f, 0.74f, -1.09f }, TRUE },
    { { 1.0f, 0.76f, 0.0f, 0.0f }, FALSE },
    { { 1.0f, -0.76f, 0.0f, 0.0f }, FALSE },
    { { 1.0f, 0.0f, 0.76f, 0.0f }, FALSE },
    { { 1.0f, 0.0f, -1e30f, 0.0f }, FALSE },
    { { 1.0f, 0.0f, 0.0f, 1.1f }, FALSE },
    { { 1.0f, 0.0f, 0.0f, -1.1f }, FALSE },
    { { 1.0f, 0.0f, 0.0f, 1e30f }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FaceRefiner)
        refiner = make_refiner (fixture, NULL, cases[i].values, 1.5);

    g_assert_cmpint (is_accepted (refiner), ==, cases[i].is_accepted);
  }
}

/* Finite weights can give an output that is not finite. */
static void
test_not_finite (Fixture *fixture, gconstpointer data)
{
  static const gfloat bias[N_VALUES] = { 0.0f };

  for (guint value = 0; value < N_VALUES; value++) {
    for (gfloat sign = -1.0f; sign < 2.0f; sign += 2.0f) {
      g_autofree gfloat *kernel = g_new0 (gfloat, N_INPUTS * N_VALUES);
      g_autoptr (FaceRefiner) refiner = NULL;

      for (guint k = 0; k < N_INPUTS; k++)
        kernel[k * N_VALUES + value] = sign * 3e38f;
      refiner = make_refiner (fixture, kernel, bias, 1.5);
      /* Inputs reach 20 / 255, so the sum is many times 3e38. */
      g_assert_false (is_accepted (refiner));
    }
  }
}

/* Draws a white square into a frame from make_black(). */
static void
draw_square (ImageFrame *frame, gint left, gint top, gint side)
{
  for (gint y = top; y < top + side; y++) {
    for (gint x = left; x < left + side; x++) {
      switch (frame->format) {
        case IMAGE_FORMAT_RGB:
          memset (frame->plane[0] + y * frame->stride[0] + 3 * x, 255, 3);
          break;
        case IMAGE_FORMAT_BGRA:
        case IMAGE_FORMAT_XRGB:
          memset (frame->plane[0] + y * frame->stride[0] + 4 * x, 255, 4);
          break;
        case IMAGE_FORMAT_YUY2:
          frame->plane[0][y * frame->stride[0] + 2 * x] = 255;
          break;
        default: /* luma only; chroma stays neutral */
          frame->plane[0][y * frame->stride[0] + x] = 255;
      }
    }
  }
}

static void
make_black (ImageFrame *frame, ImageFormat format, gint width, gint height)
{
  const gint chroma = (width + 1) / 2;
  const gsize size = (gsize) (4 * width * height);
  guint8 *pixels = g_malloc0 (size);

  *frame = (ImageFrame) { format, width, height, { pixels }, { width },
    { 0.299, 0.114, TRUE } };
  switch (format) {
    case IMAGE_FORMAT_RGB:
      frame->stride[0] = 3 * width;
      break;
    case IMAGE_FORMAT_BGRA:
    case IMAGE_FORMAT_XRGB:
      frame->stride[0] = 4 * width;
      break;
    case IMAGE_FORMAT_YUY2:
      frame->stride[0] = 4 * chroma;
      for (gsize i = 1; i < size; i += 2)
        pixels[i] = 128;
      break;
    case IMAGE_FORMAT_I420:
    case IMAGE_FORMAT_NV12:
      memset (pixels + width * height, 128, size - (gsize) (width * height));
      frame->plane[1] = frame->plane[2] = pixels + width * height;
      frame->stride[1] = frame->stride[2] = format == IMAGE_FORMAT_NV12
          ? 2 * chroma
          : chroma;
      break;
    default:
      break;
  }
}

/* A candidate that is slightly off is corrected, in every format. */
static void
test_formats (void)
{
  static const ImageFormat formats[] = { IMAGE_FORMAT_GRAY8, IMAGE_FORMAT_RGB,
    IMAGE_FORMAT_BGRA, IMAGE_FORMAT_XRGB, IMAGE_FORMAT_I420, IMAGE_FORMAT_NV12,
    IMAGE_FORMAT_YUY2 };
  static const gfloat offsets[][2] = { { 0.0f, 0.0f }, { 4.0f, -2.0f },
    { -6.0f, 6.0f }, { 3.0f, 1.0f } };
  g_autoptr (FaceRefiner) refiner = load_golden ();

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++) {
    for (guint k = 0; k < G_N_ELEMENTS (offsets); k++) {
      const FaceArea place = { 56.0f + offsets[k][0], 46.0f + offsets[k][1],
        32.0f, 32.0f };
      ImageFrame frame;
      FaceArea area;
      gfloat logit;

      make_black (&frame, formats[i], 117, 93);
      draw_square (&frame, 40, 30, 32);
      g_assert_true (face_refiner_run (refiner, &frame, &place, &area, &logit));
      g_assert_cmpfloat_with_epsilon (logit, 15.0f, 0.05f);
      g_assert_cmpfloat_with_epsilon (area.x, 56.0f, 0.1f);
      g_assert_cmpfloat_with_epsilon (area.y, 46.0f, 0.1f);
      g_assert_cmpfloat_with_epsilon (area.width, 32.0f, 0.1f);
      g_free (frame.plane[0]);
    }
  }
}

/* preprocess.json determines the order of the channels. */
static void
test_channels (Fixture *fixture, gconstpointer data)
{
  static const gfloat bias[N_VALUES] = { 0.0f };
  const FaceArea place = { 4.0f, 4.0f, 8.0f, 8.0f };
  g_autofree gfloat *kernel = g_new0 (gfloat, N_INPUTS * N_VALUES);
  g_autoptr (FaceRefiner) rgb = NULL;
  g_autoptr (FaceRefiner) bgr = NULL;
  ImageFrame frame;
  FaceArea area;
  gfloat logit;

  kernel[0] = 1.0f;
  rgb = make_refiner (fixture, kernel, bias, 1.0);
  write_preprocess (fixture, "{\"version\":1,\"channels\":\"bgr\"}");
  bgr = load (fixture->folder);
  make_black (&frame, IMAGE_FORMAT_RGB, 8, 8);
  for (guint i = 0; i < 8 * 8; i++) {
    frame.plane[0][3 * i] = 51;
    frame.plane[0][3 * i + 2] = 204;
  }
  g_assert_true (face_refiner_run (rgb, &frame, &place, &area, &logit));
  g_assert_cmpfloat_with_epsilon (logit, 0.2f, 1e-4);
  g_assert_true (face_refiner_run (bgr, &frame, &place, &area, &logit));
  g_assert_cmpfloat_with_epsilon (logit, 0.8f, 1e-4);
  g_free (frame.plane[0]);
}

static void
test_allocation (void)
{
  static const FaceArea place = { 56.0f, 46.0f, 32.0f, 32.0f };
  g_autoptr (FaceRefiner) refiner = load_golden ();
  ImageFrame frame;
  FaceArea area;
  gfloat logit;
  gint before;

  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  make_black (&frame, IMAGE_FORMAT_I420, 117, 93);
  before = allocations_count ();
  g_assert_cmpint (before, >, 0);
  for (guint i = 0; i < 3; i++)
    face_refiner_run (refiner, &frame, &place, &area, &logit);
  g_assert_cmpint (allocations_count (), ==, before);
  g_free (frame.plane[0]);
}

static void
expect_error (const Fixture *fixture, ModelError code, const gchar *text)
{
  g_autofree gchar *model = g_build_filename (fixture->folder, "model.json",
      NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (face_refiner_new (model, &error));
  g_assert_error (error, MODEL_ERROR, (gint) code);
  g_assert_nonnull (strstr (error->message, fixture->folder));
  g_assert_nonnull (strstr (error->message, text));
}

static void
test_wrong_shapes (Fixture *fixture, gconstpointer data)
{
  static const gfloat bias[8] = { 0.0f };
  static const struct {
    gint channels, n_values;
    guint n_outputs;
    ModelError code;
    const gchar *text;
  } cases[] = {
    { 2, 4, 1, MODEL_ERROR_UNSUPPORTED, "height x width x 1, 3 or 4" },
    { 5, 4, 1, MODEL_ERROR_UNSUPPORTED, "height x width x 1, 3 or 4" },
    { 3, 1, 1, MODEL_ERROR_INVALID, "4 values" },
    { 3, 5, 1, MODEL_ERROR_INVALID, "4 values" },
    { 3, 8, 1, MODEL_ERROR_INVALID, "4 values" },
    { 3, 4, 2, MODEL_ERROR_INVALID, "one output" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const LinearModel model = { SIZE, SIZE, cases[i].channels,
      cases[i].n_values, NULL, bias, cases[i].n_outputs };

    linear_model_write (&model, fixture->folder);
    expect_error (fixture, cases[i].code, cases[i].text);
  }
}

static void
test_broken_files (Fixture *fixture, gconstpointer data)
{
  static const gfloat bias[N_VALUES] = { 0.0f };
  const LinearModel model = { SIZE, SIZE, 3, N_VALUES, NULL, bias, 1 };
  g_autofree gchar *weights = g_build_filename (fixture->folder, "weights.bin",
      NULL);
  g_autofree gchar *topology = g_build_filename (fixture->folder, "model.json",
      NULL);

  expect_error (fixture, MODEL_ERROR_NOT_FOUND, "model.json");
  linear_model_write (&model, fixture->folder);
  write_preprocess (fixture, "{\"version\":1,\"channels\":\"gray\"}");
  expect_error (fixture, MODEL_ERROR_INVALID, "preprocess.json");
  write_preprocess (fixture, "{\"version\":1,\"crop_scale\":0}");
  expect_error (fixture, MODEL_ERROR_INVALID, "preprocess.json");
  write_preprocess (fixture, "{\"version\":1,\"fit\":\"cover\"}");
  expect_error (fixture, MODEL_ERROR_INVALID, "'fit' is 'cover'");
  write_preprocess (fixture, "{\"version\":1}");
  g_assert_cmpint (truncate (weights, 100), ==, 0);
  expect_error (fixture, MODEL_ERROR_INVALID, "weights.bin");
  g_assert_cmpint (g_remove (weights), ==, 0);
  expect_error (fixture, MODEL_ERROR_NOT_FOUND, "weights.bin");
  g_assert_cmpint (g_remove (topology), ==, 0);
  g_assert_cmpint (symlink ("nowhere", topology), ==, 0);
  expect_error (fixture, MODEL_ERROR_NOT_FOUND, "model.json");
}

static void
add (const gchar *path, void (*test) (Fixture *fixture, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/face-refiner/crop", test_crop);
  add ("/face-refiner/answer", test_answer);
  add ("/face-refiner/absurd-answer", test_absurd_answer);
  add ("/face-refiner/not-finite", test_not_finite);
  g_test_add_func ("/face-refiner/formats", test_formats);
  add ("/face-refiner/channels", test_channels);
  g_test_add_func ("/face-refiner/allocation", test_allocation);
  add ("/face-refiner/wrong-shapes", test_wrong_shapes);
  add ("/face-refiner/broken-files", test_broken_files);
  return g_test_run ();
}
