/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TableColumn:
 * @is_number: whether cells are aligned to the right
 */
typedef struct {
  const gchar *heading;
  gboolean is_number;
} TableColumn;

/**
 * Table:
 *
 * Text in columns, each as wide as its widest cell.
 */
typedef struct _Table Table;

/**
 * table_new:
 * @columns: (array length=n_columns): not copied
 */
Table *table_new (const TableColumn *columns, guint n_columns);

void table_free (Table *table);

/**
 * table_take:
 * @cell: (transfer full): made printable with table_make_printable()
 *
 * Adds the next cell of the row; a full row is followed by a new one.
 */
void table_take (Table *table, gchar *cell);

/* Prints the headings, a line and the rows to stdout. */
void table_print (const Table *table);

/* Prints a line as wide as the table. */
void table_print_line (const Table *table, gchar character);

/**
 * table_format_count:
 *
 * Returns: (transfer full): such as "400,897"
 */
gchar *table_format_count (guint64 count);

/**
 * table_make_printable:
 * @text: (transfer full): any bytes, such as the name of a layer
 *
 * Returns: (transfer full): the text with control characters and invalid UTF-8
 *   replaced
 */
gchar *table_make_printable (gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

G_END_DECLS
