/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "password.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
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

/* They are blocked until wait_for_line() takes them: one that came just
 * before the reading would be seen only after it. @old_mask: (out),
 * @old: (out): what was there */
static void
catch_signals (sigset_t *old_mask, struct sigaction old[G_N_ELEMENTS (signals)])
{
  struct sigaction action = { .sa_handler = on_signal };
  sigset_t mask;

  sigemptyset (&action.sa_mask);
  sigemptyset (&mask);
  caught = 0;
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaddset (&mask, signals[i]);
  sigprocmask (SIG_BLOCK, &mask, old_mask);
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, &old[i]);
}

static void
release_signals (const sigset_t *old_mask,
    const struct sigaction old[G_N_ELEMENTS (signals)])
{
  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &old[i], NULL);
  sigprocmask (SIG_SETMASK, old_mask, NULL);
  if (caught)
    raise (caught);
}

/* Returns: whether there is something to read; FALSE after a signal */
static gboolean
wait_for_line (const sigset_t *mask)
{
  fd_set inputs;

  FD_ZERO (&inputs);
  FD_SET (STDIN_FILENO, &inputs);
  return pselect (STDIN_FILENO + 1, &inputs, NULL, NULL, NULL, mask) == 1;
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
  sigset_t old_mask;
  struct termios hidden = *shown;
  gboolean is_read;

  catch_signals (&old_mask, old);
  g_printerr ("Password: ");
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  is_read = wait_for_line (&old_mask) && read_line (line, size);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, shown);
  g_printerr ("\n");
  release_signals (&old_mask, old);
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
