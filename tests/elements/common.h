/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Helpers for the tests of the elements. */

#pragma once

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>

#include "face/face-detector.h"
#include "gstactivationmeta-private.h"
#include "image/image-frame.h"

G_BEGIN_DECLS

/* The formats in the caps of the elements, in the order of ImageFormat. */
#define TEST_N_FORMATS IMAGE_N_FORMATS
extern const gchar *const test_formats[];

/**
 * test_load_plugin:
 *
 * Loads the plugin from the file that the environment variable
 * ACTIVATIONMAP_PLUGIN names, because the registry may not know it. This is an
 * unchecked fixture of all test cases that need our elements.
 */
void test_load_plugin (void);

/**
 * test_path:
 * @relative: a path relative to the folder tests/
 *
 * Returns: (transfer none): the full path, interned
 */
const gchar *test_path (const gchar *relative);

/**
 * test_write_model:
 *
 * Writes a model with the layers `conv` (3x3, two maps, ReLU), `flat` and `out`
 * (@n_classes, softmax), whose input is @height x @width x @channels.
 *
 * Returns: (transfer full): its folder; remove it with test_remove_folder()
 */
gchar *test_write_model (gint height, gint width, gint channels,
    guint n_classes);
void test_write_file (const gchar *folder, const gchar *name, const void *data,
    gssize size);
void test_remove_folder (gchar *folder);

/**
 * test_caps:
 *
 * Returns: (transfer full): caps with 30 frames a second
 */
GstCaps *test_caps (const gchar *format, gint width, gint height);

/**
 * test_frame:
 *
 * Returns: (transfer full): frame @number, from 0, of a stream of 30 frames a
 *   second, with noise that is the same each time
 */
GstBuffer *test_frame (const gchar *format, gint width, gint height,
    guint number);

/**
 * test_black_frame:
 *
 * Returns: (transfer full): black frame @number, from 0, of a stream of 30
 *   frames a second
 */
GstBuffer *test_black_frame (const gchar *format, gint width, gint height,
    guint number);

/**
 * test_draw_square:
 * @buffer: GRAY8 and @width pixels wide
 *
 * Draws a square that a detector with TEST_FACE_MODEL takes for a face. Its
 * side must be 8, 16 or 32 pixels once the frame is scaled, that is 16, 32 or
 * 64 with a `min-size` of TEST_MIN_SIZE. If it is not white, the confidence is
 * lower: see golden/make-face-golden.py.
 */
void test_draw_square (GstBuffer *buffer, gint width, gint x, gint y, gint side,
    guint8 luma);
#define TEST_FACE_MODEL test_path ("golden/face-squares")
#define TEST_MIN_SIZE (2 * FACE_DETECTOR_MIN_SIDE)

/**
 * test_convert:
 * @buffer: (transfer full): a frame of a stream of 30 frames a second
 *
 * Returns: (transfer full): the same picture in another format
 */
GstBuffer *test_convert (GstBuffer *buffer, const gchar *from, const gchar *to,
    gint width, gint height);

/**
 * test_add_region:
 * @id: the id of the meta; no parameter `object_id` is added
 */
GstVideoRegionOfInterestMeta *test_add_region (GstBuffer *buffer,
    const gchar *type, gint id, guint x, guint y, guint width, guint height);

/**
 * test_nth_region:
 *
 * Returns: (transfer none) (nullable): the region, whatever its type
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
 * Returns: whether elements have used GstAnalytics so far. If so, the id of a
 *   region meta is not the one by which the region is followed.
 */
gboolean test_has_analytics (void);

/**
 * test_activations:
 *
 * Returns: (transfer full): activations with one layer "maps" of @height x
 *   @width x @channels, whose values are @data, and two classes "low" and
 *   "high", of which the latter scores 0.75
 */
GstActivations *test_activations (guint height, guint width, guint channels,
    const gfloat *data);

/**
 * test_add_prediction:
 *
 * Returns: (transfer none): the added meta, of type "face" and with @id
 */
GstActivationMeta *test_add_prediction (GstBuffer *buffer,
    GstActivations *activations, gint id, const Rect *box);

/**
 * test_map_image:
 *
 * Maps @buffer and fills @image from the addresses of the planes, without the
 * code of the plugin.
 */
void test_map_image (GstBuffer *buffer, const GstVideoInfo *info,
    GstMapFlags flags, GstVideoFrame *frame, ImageFrame *image);

/**
 * test_element:
 * @description: printf format of one element with its properties
 *
 * Returns: (transfer full): the element, with a bus of its own
 */
GstElement *test_element (const gchar *description, ...) G_GNUC_PRINTF (1, 2);

/**
 * test_harness:
 * @element: (transfer full):
 *
 * Returns: (transfer full): a playing harness around @element
 */
GstHarness *test_harness (GstElement *element, const gchar *format, gint width,
    gint height);

/**
 * test_parse_harness:
 * @description: a chain of elements
 *
 * Like test_harness(), with several elements.
 */
GstHarness *test_parse_harness (const gchar *description, const gchar *format,
    gint width, gint height);

/**
 * test_push:
 * @buffer: (transfer full):
 *
 * Pushes a buffer and pulls one. Unlike gst_harness_push_and_pull(), it fails
 * at once if the push does.
 *
 * Returns: (transfer full): the buffer that comes out
 */
GstBuffer *test_push (GstHarness *harness, GstBuffer *buffer);

/* Pops all messages of the bus and counts those of @type. */
guint test_count_messages (GstElement *element, GstMessageType type);

/**
 * test_expect_no_start:
 *
 * Fails unless @element refuses to start, for whatever reason.
 */
void test_expect_no_start (GstElement *element);

/**
 * test_expect_warning:
 *
 * Fails unless the bus holds exactly one warning, with @text in its message,
 * and no error. Pops all messages.
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
 * @text: part of the error message
 *
 * Fails unless the bus holds exactly one error, this one. Pops all messages.
 */
void test_expect_error (GstElement *element, GQuark domain, gint code,
    const gchar *text);

/**
 * test_has_elements:
 * @names: (array zero-terminated=1): names of the elements that a test needs
 *
 * Returns: whether all are installed. If not, it prints which one is missing.
 */
gboolean test_has_elements (const gchar *const *names);

/* Returns whether @buffer holds exactly @bytes. */
gboolean test_same_bytes (GstBuffer *buffer, GBytes *bytes);
GBytes *test_copy_bytes (GstBuffer *buffer);

G_END_DECLS
