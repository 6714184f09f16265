/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Covers the labels of many faces: that none lies over another face, the panel,
 * what others have drawn or another label; that the work for thousands of
 * regions is bounded; what plates of several attributes say, and how large they
 * are.
 */

#include <string.h>

#include "allocations.h"
#include "base/rect.h"
#include "overlay/face-labels.h"
#include "overlay/label-placement.h"
#include "overlay/renderer.h"

#define N_CORNERS 4

/* Called by LeakSanitizer. The font configuration lives as long as the
 * process. */
const char *__lsan_default_suppressions (void);

__attribute__ ((visibility ("default"))) const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\nleak:libpango\n";
}

/* The linker redirects all calls to the wrapper, which counts them. */
gboolean
__real_overlay_label_placement_choose (const OverlayLabelRequest *request,
    Rect *place);
gboolean
__wrap_overlay_label_placement_choose (const OverlayLabelRequest *request,
    Rect *place);

static guint n_looked_at;

gboolean
__wrap_overlay_label_placement_choose (const OverlayLabelRequest *request,
    Rect *place)
{
  n_looked_at += request->n_taken + request->n_faces;
  return __real_overlay_label_placement_choose (request, place);
}

static const OverlayAttribute attributes[] = {
  { "gender", "Female", 0.98, 0.5, "Male" },
  { "age", "adult", 0.87, 0.5 },
  { "mood", "a rather long description", 0.4, 0.5, NULL, TRUE, -0.1 },
};

typedef struct {
  gint width;
  gint height;
  OverlayFace *faces;
  guint n_faces;
} Crowd;

static void
init_crowd (Crowd *crowd, gint width, gint height, guint n_faces,
    guint n_attributes)
{
  *crowd = (Crowd) { width, height, g_new0 (OverlayFace, n_faces), n_faces };
  for (guint i = 0; i < n_faces; i++) {
    crowd->faces[i].id = (gint) i + 1;
    crowd->faces[i].attributes = attributes;
    crowd->faces[i].n_attributes = n_attributes;
  }
}

/* Arranges the faces in rows, as in a class photo. */
static void
line_up (Crowd *crowd)
{
  gint columns = 1, side;

  while ((guint) (columns * columns) < crowd->n_faces)
    columns++;
  side = MIN (crowd->width, crowd->height) / columns / 2;
  for (gint i = 0; i < (gint) crowd->n_faces; i++)
    crowd->faces[i].box = (Rect) {
      (2 * (i % columns) + 1) * crowd->width / columns / 2 - side / 2,
      (2 * (i / columns) + 1) * crowd->height / columns / 2 - side / 2, side,
      side
    };
}

static void
scatter (Crowd *crowd, GRand *random)
{
  for (guint i = 0; i < crowd->n_faces; i++) {
    const gint side = g_rand_int_range (random, crowd->width / 40,
        crowd->width / 8);

    crowd->faces[i].box = (Rect) {
      g_rand_int_range (random, -side / 2, crowd->width - side / 2),
      g_rand_int_range (random, -side / 2, crowd->height - side / 2), side, side
    };
  }
}

static OverlayScene
make_scene (const Crowd *crowd)
{
  OverlayScene scene = OVERLAY_SCENE_INIT;

  scene.title = "Activation maps";
  scene.faces = crowd->faces;
  scene.n_faces = crowd->n_faces;
  scene.main_face = (gint) crowd->n_faces / 2;
  return scene;
}

static gboolean
contains (const Rect *outer, const Rect *inner)
{
  return outer->x <= inner->x && outer->y <= inner->y
      && outer->x + outer->width >= inner->x + inner->width
      && outer->y + outer->height >= inner->y + inner->height;
}

static gboolean
may_be_of (const Crowd *crowd, const Rect *label, const OverlayFace *own)
{
  for (guint i = 0; i < crowd->n_faces; i++) {
    const Rect *box = &crowd->faces[i].box;

    if (rect_get_overlap (box, label) > 0 && !contains (box, &own->box))
      return FALSE;
  }
  return TRUE;
}

/* A label may only cover its own face and faces that contain that one. */
static void
check_label (const Crowd *crowd, const Rect *label)
{
  gboolean is_well = FALSE;

  for (guint i = 0; i < crowd->n_faces && !is_well; i++)
    is_well = may_be_of (crowd, label, &crowd->faces[i]);
  g_assert_true (is_well);
}

static void
check_apart (const OverlayPiece *pieces, guint first, guint last)
{
  for (guint i = first; i < last; i++) {
    for (guint k = i + 1; k < last; k++)
      g_assert_cmpint (rect_get_overlap (&pieces[i].rect, &pieces[k].rect), ==,
          0);
  }
}

/* Without smoothing, so that boxes are drawn where they are given. */
static OverlayStyle
make_style (void)
{
  OverlayStyle style = OVERLAY_STYLE_INIT;

  style.smoothing = 0.0;
  return style;
}

/* Returns the number of faces that have a label. */
static guint
check_crowd (OverlayRenderer *renderer, const Crowd *crowd)
{
  const OverlayScene scene = make_scene (crowd);
  const OverlayStyle style = make_style ();
  const guint n_boxes = MIN (crowd->n_faces, OVERLAY_MAX_BOXES);
  const guint first = n_boxes * N_CORNERS;
  const OverlayPiece *pieces;
  guint n_pieces;

  pieces = overlay_renderer_render (renderer, crowd->width, crowd->height,
      &scene, &style, &n_pieces);
  g_assert_cmpuint (n_pieces, >, first);
  g_assert_cmpuint (n_pieces - first - 1, <=, OVERLAY_MAX_LABELS);
  check_apart (pieces, first, n_pieces); /* the last one is the panel */
  if (crowd->n_faces <= OVERLAY_MAX_BOXES) {
    for (guint i = first; i < n_pieces - 1; i++)
      check_label (crowd, &pieces[i].rect);
  }
  return n_pieces - first - 1;
}

static const struct {
  gint width;
  gint height;
} sizes[] = { { 640, 480 }, { 1280, 720 }, { 1920, 1080 }, { 720, 1280 } };

/* Nearly all of 25 faces in rows get a label. */
static void
test_class_photo (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (guint n_attributes = 1; n_attributes <= 3; n_attributes++) {
      Crowd crowd;
      guint n_labels;

      init_crowd (&crowd, sizes[i].width, sizes[i].height, 25, n_attributes);
      line_up (&crowd);
      n_labels = check_crowd (renderer, &crowd);
      g_test_message ("%dx%d, %u attributes: %u of 25 have a label",
          crowd.width, crowd.height, n_attributes, n_labels);
      g_assert_cmpuint (n_labels, >=, 22); /* the panel takes room */
      g_free (crowd.faces);
    }
  }
}

static void
test_scattered (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const guint32 seed = g_test_rand_int ();
  GRand *random = g_rand_new_with_seed (seed);

  g_test_message ("seed %u", seed);
  for (guint n_faces = 1; n_faces < 400; n_faces += 1 + n_faces) {
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
      Crowd crowd;

      init_crowd (&crowd, sizes[i].width, sizes[i].height, n_faces,
          1 + n_faces % 3);
      scatter (&crowd, random);
      check_crowd (renderer, &crowd);
      g_free (crowd.faces);
    }
  }
  g_rand_free (random);
}

/* 5,000 regions cost no more drawing and no more searching than 600, even if
 * all ids change with each frame. */
static void
test_thousands (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  GRand *random = g_rand_new_with_seed (1);
  const guint most = OVERLAY_MAX_LABELS * 3
      * (OVERLAY_MAX_BOXES + OVERLAY_MAX_LABELS + 1);

  for (guint n_faces = 600; n_faces < 6000; n_faces += 4400) {
    Crowd crowd;

    init_crowd (&crowd, 1280, 720, n_faces, 1);
    for (guint i = 0; i < 5; i++) {
      scatter (&crowd, random);
      for (guint k = 0; k < n_faces; k++)
        crowd.faces[k].id += 7;
      n_looked_at = 0;
      check_crowd (renderer, &crowd);
      g_test_message ("%u regions: %u rectangles looked at", n_faces,
          n_looked_at);
      g_assert_cmpuint (n_looked_at, <=, most);
    }
    g_free (crowd.faces);
  }
  g_rand_free (random);
}

/* The largest faces come first, whatever their order in the scene. */
static void
test_ranking (void)
{
  static OverlayFaceRanking ranking;
  OverlayScene scene;
  Crowd crowd;

  init_crowd (&crowd, 1280, 720, 5000, 1);
  for (gint i = 0; i < 5000; i++)
    crowd.faces[i].box = (Rect) { 0, 0, i / 10, i / 10 };
  crowd.faces[77].box.width = -3;
  scene = make_scene (&crowd);
  scene.main_face = 3;
  overlay_scene_rank_faces (&scene, &ranking);
  g_assert_cmpuint (ranking.n_faces, ==, OVERLAY_MAX_BOXES);
  g_assert_cmpuint (ranking.order[0], ==, 3);
  for (guint i = 1; i < OVERLAY_MAX_BOXES; i++) {
    g_assert_cmpuint (ranking.order[i], >, 3600); /* an area of 2^17 */
    g_assert_cmpuint (ranking.order[i], !=, ranking.order[i - 1]);
  }
  g_free (crowd.faces);
}

/* A crowd that moves and whose confidences change needs no allocations. */
static void
test_allocations (void)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  OverlayAttribute own[25][2];
  Crowd crowd;

  if (allocations_count () < 0) {
    g_test_skip ("allocations cannot be counted here");
    return;
  }
  init_crowd (&crowd, 1280, 720, 25, 2);
  line_up (&crowd);
  for (guint frame = 0; frame < 30; frame++) {
    const gint before = allocations_count ();

    for (guint i = 0; i < 25; i++) {
      memcpy (own[i], attributes, sizeof (own[i]));
      own[i][0].confidence = 0.6 + 0.01 * ((frame + i) % 30);
      crowd.faces[i].attributes = own[i];
      crowd.faces[i].box.x += frame % 2 ? 1 : -1;
    }
    check_crowd (renderer, &crowd);
    if (frame > 1)
      g_assert_cmpint (allocations_count (), ==, before);
  }
  g_free (crowd.faces);
}

/* Returns the rectangle of the label of a face that is alone in the frame. */
static Rect
get_label (const OverlayFace *face, OverlayLabelContent content, guint size)
{
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayScene scene = OVERLAY_SCENE_INIT;
  const OverlayPiece *pieces;
  guint n_pieces;

  scene.faces = face;
  scene.n_faces = 1;
  style.draw_boxes = FALSE;
  style.label_content = content;
  style.label_size = size;
  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, <=, 1);
  return n_pieces == 1 ? pieces[0].rect : (Rect) { 0, 0, 0, 0 };
}

/* Each attribute has a line; names are shown only if there are several. */
static void
test_attributes (void)
{
  OverlayFace face = { { 400, 300, 100, 100 }, 1, attributes, 1 };
  Rect one, two, named;

  one = get_label (&face, OVERLAY_LABEL_AUTO, 0);
  named = get_label (&face,
      OVERLAY_LABEL_ATTRIBUTE | OVERLAY_LABEL_LABEL | OVERLAY_LABEL_CONFIDENCE,
      0);
  g_assert_cmpint (named.width, >, one.width);
  g_assert_cmpint (named.height, ==, one.height);
  face.n_attributes = 2;
  two = get_label (&face, OVERLAY_LABEL_AUTO, 0);
  g_assert_cmpint (two.height, ==, 2 * one.height);
  g_assert_cmpint (two.width, ==, named.width);
  face.n_attributes = 0;
  g_assert_cmpint (get_label (&face, OVERLAY_LABEL_AUTO, 0).width, >, 0);
}

/* A label has as many lines as fit. */
static void
test_many_attributes (void)
{
  OverlayAttribute many[1000];
  const OverlayFace face = { { 400, 300, 100, 100 }, 1, many, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = attributes[i % G_N_ELEMENTS (attributes)];
  for (guint size = 0; size < 100; size += 9) {
    const Rect label = get_label (&face, OVERLAY_LABEL_AUTO, size);

    g_assert_cmpint (label.height, >, 0);
    g_assert_cmpint (label.height, <=, 360);
  }
}

static void
test_content (void)
{
  const OverlayFace face = { { 400, 300, 100, 100 }, 12, attributes, 1 };
  const gint automatic = get_label (&face, OVERLAY_LABEL_AUTO, 0).width;
  gint widths[16];

  for (guint content = 1; content < 16; content++) {
    widths[content] = get_label (&face, (OverlayLabelContent) content, 0).width;
    g_assert_cmpint (widths[content], >, 0);
    for (guint less = 1; less < content; less++) {
      if ((less & content) == less)
        g_assert_cmpint (widths[less], <, widths[content]);
    }
  }
  g_assert_cmpint (automatic, ==,
      widths[OVERLAY_LABEL_LABEL | OVERLAY_LABEL_CONFIDENCE]);
}

static void
test_size (void)
{
  const OverlayFace face = { { 400, 300, 100, 100 }, 12, attributes, 1 };
  gint last = 0;

  for (guint size = 10; size < 100; size += 10) {
    const gint height = get_label (&face, OVERLAY_LABEL_AUTO, size).height;

    g_assert_cmpint (height, >, last);
    last = height;
  }
  g_assert_cmpint (get_label (&face, OVERLAY_LABEL_AUTO, 19).height, ==,
      get_label (&face, OVERLAY_LABEL_AUTO, 0).height);
  g_assert_cmpint (get_label (&face, OVERLAY_LABEL_AUTO, 32767).height, <=,
      360);
}

/* Labels do not cover the drawings of an earlier overlay. */
static void
test_taken (void)
{
  const OverlayFace face = { { 400, 300, 100, 100 }, 1, attributes, 1 };
  const Rect taken[] = { { 350, 200, 400, 96 }, { 1000, 0, 280, 400 } };
  g_autoptr (OverlayRenderer) renderer = overlay_renderer_new ();
  const OverlayStyle style = OVERLAY_STYLE_INIT;
  OverlayScene scene = OVERLAY_SCENE_INIT;
  const OverlayPiece *pieces;
  guint n_pieces;

  scene.title = "Activation maps";
  scene.faces = &face;
  scene.n_faces = 1;
  scene.taken = taken;
  scene.n_taken = G_N_ELEMENTS (taken);
  pieces = overlay_renderer_render (renderer, 1280, 720, &scene, &style,
      &n_pieces);
  g_assert_cmpuint (n_pieces, ==, N_CORNERS + 1 + 1);
  for (guint i = N_CORNERS; i < n_pieces; i++) {
    for (guint k = 0; k < G_N_ELEMENTS (taken); k++)
      g_assert_cmpint (rect_get_overlap (&pieces[i].rect, &taken[k]), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crowd/class-photo", test_class_photo);
  g_test_add_func ("/crowd/scattered", test_scattered);
  g_test_add_func ("/crowd/thousands", test_thousands);
  g_test_add_func ("/crowd/ranking", test_ranking);
  g_test_add_func ("/crowd/allocations", test_allocations);
  g_test_add_func ("/crowd/attributes", test_attributes);
  g_test_add_func ("/crowd/many-attributes", test_many_attributes);
  g_test_add_func ("/crowd/content", test_content);
  g_test_add_func ("/crowd/size", test_size);
  g_test_add_func ("/crowd/taken", test_taken);
  return g_test_run ();
}
