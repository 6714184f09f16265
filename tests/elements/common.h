/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the tests of the elements have in common. */

#pragma once

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include "face/face-detector.h"
#include "gstactivationmeta-private.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/* The formats that the elements say they take, in the order of ImageFormat. */
#define TEST_N_FORMATS IMAGE_N_FORMATS
extern const gchar *const test_formats[];

/**
 * test_load_plugin:
 *
 * Loads the plugin that the environment variable ACTIVATIONMAP_PLUGIN names,
 * where the registry cannot know it. To be an unchecked fixture of the cases
 * that need our elements.
 */
void test_load_plugin (void);

/**
 * test_path:
 * @relative: to the folder tests/
 *
 * Returns: (transfer none): interned
 */
const gchar *test_path (const gchar *relative);

/**
 * test_write_model:
 *
 * Writes a model of `conv` (3x3, two maps, ReLU), `flat` and `out`
 * (@n_classes, softmax) over an input of @height x @width x @channels.
 *
 * Returns: (transfer full): its folder, to remove with test_remove_folder()
 */
gchar *test_write_model (gint height, gint width, gint channels,
    guint n_classes);
void test_write_file (const gchar *folder, const gchar *name, const void *data,
    gssize size);
void test_remove_folder (gchar *folder);

/**
 * test_caps:
 *
 * Returns: (transfer full): caps of 30 frames a second
 */
GstCaps *test_caps (const gchar *format, gint width, gint height);

/**
 * test_frame:
 *
 * Returns: (transfer full): a buffer of noise that is the same each time, the
 *   @number th of a stream of 30 frames a second
 */
GstBuffer *test_frame (const gchar *format, gint width, gint height,
    guint number);

/**
 * test_black_frame:
 *
 * Returns: (transfer full): a black buffer, the @number th of a stream of 30
 *   frames a second
 */
GstBuffer *test_black_frame (const gchar *format, gint width, gint height,
    guint number);

/**
 * test_draw_square:
 * @buffer: GRAY8 and @width pixels wide
 *
 * Draws what a detector with TEST_FACE_MODEL takes for a face: of 8, 16 or 32
 * pixels once the frame is scaled, so of 16, 32 or 64 with a `min-size` of
 * TEST_MIN_SIZE. Unless it is white, with less confidence: see
 * golden/make-face-golden.py.
 */
void test_draw_square (GstBuffer *buffer, gint width, gint x, gint y, gint side,
    guint8 luma);
#define TEST_FACE_MODEL test_path ("golden/face-squares")
#define TEST_MIN_SIZE (2 * FACE_DETECTOR_MIN_SIDE)

/**
 * test_convert:
 * @buffer: (transfer full): of 30 frames a second
 *
 * Returns: (transfer full): the same picture in another format
 */
GstBuffer *test_convert (GstBuffer *buffer, const gchar *from, const gchar *to,
    gint width, gint height);

/**
 * test_add_region:
 * @id: for the meta; no `object_id` parameter is added
 */
GstVideoRegionOfInterestMeta *test_add_region (GstBuffer *buffer,
    const gchar *type, gint id, guint x, guint y, guint width, guint height);

/**
 * test_nth_region:
 *
 * Returns: (transfer none) (nullable): of any type
 */
GstVideoRegionOfInterestMeta *test_nth_region (GstBuffer *buffer, guint index);

/**
 * test_object_id:
 *
 * Returns: the `id` of the parameter `object_id`, or -1
 */
gint test_object_id (GstVideoRegionOfInterestMeta *region);

/**
 * test_has_analytics:
 *
 * Returns: whether elements have used GstAnalytics so far; the own id of a
 *   region is then not the one by which it is followed
 */
gboolean test_has_analytics (void);

/**
 * test_activations:
 *
 * Returns: (transfer full): of one layer "maps" of @height x @width x @channels
 *   with the values @data, two classes "low" and "high", and 0.75 for the
 *   latter
 */
GstActivations *test_activations (guint height, guint width, guint channels,
    const gfloat *data);

/**
 * test_add_prediction:
 *
 * Returns: (transfer none): the meta of a "face" with @id
 */
GstActivationMeta *test_add_prediction (GstBuffer *buffer,
    GstActivations *activations, gint id, const Rect *box);

/**
 * test_map_image:
 *
 * Maps @buffer by its planes' own addresses, not through the plugin's code.
 */
void test_map_image (GstBuffer *buffer, const GstVideoInfo *info,
    GstMapFlags flags, GstVideoFrame *frame, ImageFrame *image);

/**
 * test_element:
 * @description: printf format of one element with its properties
 *
 * Returns: (transfer full): with a bus of its own
 */
GstElement *test_element (const gchar *description, ...) G_GNUC_PRINTF (1, 2);

/**
 * test_harness:
 *
 * Returns: (transfer full): around @element, which it takes; playing
 */
GstHarness *test_harness (GstElement *element, const gchar *format, gint width,
    gint height);

/**
 * test_parse_harness:
 * @description: of several elements in a row
 *
 * As test_harness().
 */
GstHarness *test_parse_harness (const gchar *description, const gchar *format,
    gint width, gint height);

/**
 * test_push:
 * @buffer: (transfer full):
 *
 * Fails, other than gst_harness_push_and_pull() at once, when nothing comes
 * out.
 *
 * Returns: (transfer full): what comes out
 */
GstBuffer *test_push (GstHarness *harness, GstBuffer *buffer);

/* Pops all messages of the bus and counts those of @type. */
guint test_count_messages (GstElement *element, GstMessageType type);

/**
 * test_expect_no_start:
 *
 * @element refuses to start, for whatever reason it then tells.
 */
void test_expect_no_start (GstElement *element);

/**
 * test_expect_warning:
 *
 * There was one warning, and no error; it has @text in its message.
 */
void test_expect_warning (GstElement *element, const gchar *text);

/**
 * test_wait_for:
 *
 * Waits for the next message of @type, and fails when an error comes first.
 */
void test_wait_for (GstElement *pipeline, GstMessageType type);

/**
 * test_expect_error:
 * @text: part of what the error says
 *
 * Fails unless the bus holds exactly one error, this one. Pops all messages.
 */
void test_expect_error (GstElement *element, GQuark domain, gint code,
    const gchar *text);

/**
 * test_has_elements:
 * @names: (array zero-terminated=1): of elements that a test needs
 *
 * Returns: FALSE, and says which, when one is not installed
 */
gboolean test_has_elements (const gchar *const *names);

/* Has @buffer the bytes @bytes? */
gboolean test_same_bytes (GstBuffer *buffer, GBytes *bytes);
GBytes *test_copy_bytes (GstBuffer *buffer);

G_END_DECLS
