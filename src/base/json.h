/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cjson/cJSON.h>

#include <glib.h>

G_BEGIN_DECLS

/*
 * Checked access to a parsed JSON text. Every number is checked to be finite,
 * integral and in range before it is cast; every error names the key. cJSON
 * objects are borrowed from their root.
 */

/**
 * json_parse:
 *
 * Parses UTF-8 JSON of bounded depth, with or without a byte-order mark.
 *
 * Returns: (transfer full): free with cJSON_Delete(); %NULL with a %MODEL_ERROR
 */
cJSON *json_parse (GBytes *text, GError **error);

/**
 * json_print:
 *
 * Returns: (transfer full) (nullable): @root as JSON in one line; free with
 *   cJSON_free(). %NULL if there is not enough memory
 */
gchar *json_print (const cJSON *root);

/**
 * json_get:
 *
 * Returns: (transfer none) (nullable): the member of @object with that key;
 *   %NULL if there is none, if it is null, or if @object is not an object
 */
const cJSON *json_get (const cJSON *object, const gchar *key);

/**
 * json_get_flat:
 * @values: (nullable): a number, a list of numbers, or either as Keras writes
 *   an array of numpy
 *
 * Returns: (transfer none) (nullable): the number or the list of numbers,
 *   without the object and the dimensions of 1 around it
 */
const cJSON *json_get_flat (const cJSON *values);

/**
 * json_get_string:
 *
 * Returns: (transfer none): a non-empty string; %NULL with a %MODEL_ERROR
 */
const gchar *json_get_string (const cJSON *object, const gchar *key,
    GError **error);

/**
 * json_get_choice:
 * @choices: (array zero-terminated=1): the strings that are allowed
 * @choice: (inout): the index of the string found; unchanged if the key is
 *   absent
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean json_get_choice (const cJSON *object, const gchar *key,
    const gchar *const *choices, guint *choice, GError **error);

/**
 * json_get_boolean:
 * @value: (inout): the default; unchanged if the key is absent
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean json_get_boolean (const cJSON *object, const gchar *key,
    gboolean *value, GError **error);

/**
 * json_to_number:
 * @what: names the number in the error message
 *
 * Reads a finite number that a float can hold.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean json_to_number (const cJSON *item, const gchar *what, gdouble *value,
    GError **error);

/**
 * json_get_number:
 * @value: (inout): the default; unchanged if the key is absent
 *
 * Like json_to_number(), for a key that may be absent.
 */
gboolean json_get_number (const cJSON *object, const gchar *key, gdouble *value,
    GError **error);

/**
 * json_to_integer:
 * @what: names the number in the error message
 *
 * Reads a whole number from @min to @max.
 *
 * Returns: FALSE with a %MODEL_ERROR
 */
gboolean json_to_integer (const cJSON *item, const gchar *what, gint min,
    gint max, gint *value, GError **error);

/**
 * json_get_integer:
 *
 * Like json_to_integer(), for a key that must be there.
 */
gboolean json_get_integer (const cJSON *object, const gchar *key, gint min,
    gint max, gint *value, GError **error);

G_END_DECLS
