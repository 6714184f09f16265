/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TableColumn:
 * @is_number: whether its cells stand at its right edge
 */
typedef struct {
  const gchar *heading;
  gboolean is_number;
} TableColumn;

/**
 * Table:
 *
 * Text in columns that are as wide as their cells.
 */
typedef struct _Table Table;

/**
 * table_new:
 * @columns: (array length=n_columns): are not copied
 */
Table *table_new (const TableColumn *columns, guint n_columns);

void table_free (Table *table);

/**
 * table_take:
 * @cell: (transfer full): the next one of the row, or the first of the next
 *   row; characters that are not printable are replaced
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
 * @text: (transfer full): such as the name of a layer, which may be anything
 *
 * Returns: (transfer full): with each control character replaced, and all that
 *   is no UTF-8
 */
gchar *table_make_printable (gchar *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

G_END_DECLS
