/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "password.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Those that would end the program. */
static const gint signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t caught;

static void
on_signal (gint number)
{
  caught = number;
}

/* Without SA_RESTART, a signal also ends the reading. @old: (out): what was
 * there */
static void
catch_signals (struct sigaction old[G_N_ELEMENTS (signals)])
{
  struct sigaction action = { .sa_handler = on_signal };

  sigemptyset (&action.sa_mask);
  caught = 0;
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, &old[i]);
}

static void
release_signals (const struct sigaction old[G_N_ELEMENTS (signals)])
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &old[i], NULL);
  if (caught)
    raise (caught);
}

static gboolean
read_line (gchar *line, gint size)
{
  if (!fgets (line, size, stdin))
    return FALSE;
  line[strcspn (line, "\r\n")] = '\0';
  return TRUE;
}

static gboolean
read_hidden (gchar *line, gint size, const struct termios *shown)
{
  struct sigaction old[G_N_ELEMENTS (signals)];
  struct termios hidden = *shown;
  gboolean is_read;

  catch_signals (old);
  g_printerr ("Password: ");
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  is_read = read_line (line, size);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, shown);
  g_printerr ("\n");
  release_signals (old);
  return is_read;
}

gboolean
password_read (gchar *password, gint size)
{
  struct termios shown;

  return tcgetattr (STDIN_FILENO, &shown) == 0
      ? read_hidden (password, size, &shown)
      : read_line (password, size);
}
