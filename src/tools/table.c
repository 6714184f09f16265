/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tools/table.h"

#define SPACE 2 /* between columns */

struct _Table {
  const TableColumn *columns;
  guint n_columns;
  GPtrArray *cells;
  glong *widths;
};

Table *
table_new (const TableColumn *columns, guint n_columns)
{
  Table *table = g_new0 (Table, 1);

  table->columns = columns;
  table->n_columns = n_columns;
  table->cells = g_ptr_array_new_with_free_func (g_free);
  table->widths = g_new (glong, n_columns);
  for (guint i = 0; i < n_columns; i++)
    table->widths[i] = g_utf8_strlen (columns[i].heading, -1);
  return table;
}

void
table_free (Table *table)
{
  g_ptr_array_unref (table->cells);
  g_free (table->widths);
  g_free (table);
}

gchar *
table_make_printable (gchar *text)
{
  gchar *valid = g_utf8_make_valid (text, -1);
  GString *printable = g_string_new (NULL);

  for (const gchar *c = valid; *c; c = g_utf8_next_char (c)) {
    const gunichar character = g_utf8_get_char (c);

    g_string_append_unichar (printable,
        g_unichar_isprint (character) ? character : '?');
  }
  g_free (valid);
  g_free (text);
  return g_string_free (printable, FALSE);
}

void
table_take (Table *table, gchar *cell)
{
  glong *width = &table->widths[table->cells->len % table->n_columns];

  cell = table_make_printable (cell);
  *width = MAX (*width, g_utf8_strlen (cell, -1));
  g_ptr_array_add (table->cells, cell);
}

static void
print_cell (const Table *table, guint column, const gchar *text)
{
  const gboolean is_number = table->columns[column].is_number;
  const gint space = (gint) (table->widths[column] - g_utf8_strlen (text, -1));
  const gboolean is_last = column + 1 == table->n_columns;

  g_print ("%*s%s%*s", is_number ? space : 0, "", text,
      is_last ? 0 : (is_number ? 0 : space) + SPACE, "");
  if (is_last)
    g_print ("\n");
}

void
table_print_line (const Table *table, gchar character)
{
  glong width = SPACE * (glong) (table->n_columns - 1);
  g_autofree gchar *line = NULL;

  for (guint i = 0; i < table->n_columns; i++)
    width += table->widths[i];
  line = g_strnfill ((gsize) width, character);
  g_print ("%s\n", line);
}

void
table_print (const Table *table)
{
  table_print_line (table, '_');
  for (guint i = 0; i < table->n_columns; i++)
    print_cell (table, i, table->columns[i].heading);
  table_print_line (table, '=');
  for (guint i = 0; i < table->cells->len; i++)
    print_cell (table, i % table->n_columns,
        g_ptr_array_index (table->cells, i));
  table_print_line (table, '=');
}

gchar *
table_format_count (guint64 count)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%" G_GUINT64_FORMAT, count);
  for (gssize at = (gssize) text->len - 3; at > 0; at -= 3)
    g_string_insert_c (text, at, ',');
  return g_string_free (text, FALSE);
}
