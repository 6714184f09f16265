/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include "cnn/shape.h"

G_BEGIN_DECLS

/*
 * Checked access to a parsed JSON text. Every number is finite, integral and
 * in range before it is cast; every error names the key. cJSON objects are
 * borrowed from their root.
 */

/**
 * cnn_json_parse:
 *
 * Parses UTF-8 JSON of bounded depth, with or without a byte-order mark.
 *
 * Returns: (transfer full): free with cJSON_Delete(); %NULL with a %CNN_ERROR
 */
cJSON *cnn_json_parse (GBytes *text, GError **error);

/**
 * cnn_json_print:
 *
 * Returns: (transfer full) (nullable): @root as JSON in one line; free with
 *   cJSON_free(); %NULL where there is no memory for it
 */
gchar *cnn_json_print (const cJSON *root);

/**
 * cnn_json_get:
 *
 * Returns: (transfer none) (nullable): the member of @object with that key;
 *   %NULL if there is none, if it is null, or if @object is no object
 */
const cJSON *cnn_json_get (const cJSON *object, const gchar *key);

/**
 * cnn_json_get_string:
 *
 * Returns: (transfer none): a non-empty string; %NULL with a %CNN_ERROR
 */
const gchar *cnn_json_get_string (const cJSON *object, const gchar *key,
    GError **error);

/**
 * cnn_json_get_choice:
 * @choices: (array zero-terminated=1): the strings that are allowed
 * @choice: (inout): the index of the one that is there; kept where the key is
 *   absent
 */
gboolean cnn_json_get_choice (const cJSON *object, const gchar *key,
    const gchar *const *choices, guint *choice, GError **error);

/**
 * cnn_json_get_boolean:
 * @value: (inout): the default; kept where the key is absent
 */
gboolean cnn_json_get_boolean (const cJSON *object, const gchar *key,
    gboolean *value, GError **error);

/**
 * cnn_json_to_number:
 * @what: names the number in the error message
 *
 * Reads a finite number that a float can hold.
 */
gboolean cnn_json_to_number (const cJSON *item, const gchar *what,
    gdouble *value, GError **error);

/**
 * cnn_json_get_number:
 * @value: (inout): the default; kept where the key is absent
 */
gboolean cnn_json_get_number (const cJSON *object, const gchar *key,
    gdouble *value, GError **error);

/**
 * cnn_json_to_integer:
 * @what: names the number in the error message
 */
gboolean cnn_json_to_integer (const cJSON *item, const gchar *what, gint min,
    gint max, gint *value, GError **error);

/**
 * cnn_json_get_integer:
 *
 * Like cnn_json_to_integer(), for a key that must be there.
 */
gboolean cnn_json_get_integer (const cJSON *object, const gchar *key, gint min,
    gint max, gint *value, GError **error);

/**
 * cnn_json_get_pair:
 * @pair: (inout) (array fixed-size=2): height and width; the default is kept
 *   where the key is absent
 *
 * Reads n or [h, w], each at least @min, as Keras writes kernel sizes and
 * strides.
 */
gboolean cnn_json_get_pair (const cJSON *object, const gchar *key, gint min,
    gint pair[2], GError **error);

/**
 * cnn_json_to_shape:
 *
 * Reads a list of dimensions, all of them given.
 */
gboolean cnn_json_to_shape (const cJSON *item, const gchar *what,
    CnnShape *shape, GError **error);

/**
 * cnn_json_to_batch_shape:
 * @shape: (out): without the first dimension, the batch, which may be null or
 *   anything; other sizes that are null, which the file leaves open, are 0
 */
gboolean cnn_json_to_batch_shape (const cJSON *item, const gchar *what,
    CnnShape *shape, GError **error);

G_END_DECLS
