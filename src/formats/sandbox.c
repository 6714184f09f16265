/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "formats/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The largest file that is accepted needs 4 GiB for itself and 1 GiB for its
 * weights, and both again while the result is loaded as a check. A small file
 * has few weights, but may refer to one long string a thousand times, and
 * libhdf5 makes a copy for each. */
#define MAX_MEMORY ((guint64) 12 << 30)
#define BASE_MEMORY ((guint64) 1 << 30)
#define MEMORY_PER_BYTE 32

/* Plain weights take 0.03 seconds per MiB, compressed ones 0.05 per MiB of the
 * file (libhdf5 1.10, one core of a busy server), so that this leaves a factor
 * of 20 and more. Nothing but a damaged or hostile file comes near. */
#define MAX_SECONDS 600
#define BASE_SECONDS 20
#define BYTES_PER_SECOND (1 << 20)

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

/* AddressSanitizer reserves terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__) || GLIB_SIZEOF_VOID_P == 4
#define LIMITS_MEMORY FALSE
#else
#define LIMITS_MEMORY TRUE
#endif

static volatile sig_atomic_t worker_pid;
static volatile sig_atomic_t interrupted;

static void
forward_signal (gint number)
{
  interrupted = TRUE;
  if (worker_pid > 0)
    kill ((pid_t) worker_pid, number);
}

static const gint forwarded[] = { SIGINT, SIGTERM, SIGHUP };

static void
forward_signals (void)
{
  struct sigaction action = { .sa_handler = forward_signal };

  for (guint i = 0; i < G_N_ELEMENTS (forwarded); i++)
    sigaction (forwarded[i], &action, NULL);
}

static void
block_signals (sigset_t *previous)
{
  sigset_t signals;

  sigemptyset (&signals);
  for (guint i = 0; i < G_N_ELEMENTS (forwarded); i++)
    sigaddset (&signals, forwarded[i]);
  sigprocmask (SIG_BLOCK, &signals, previous);
}

/* Sets limits, but never raises one that is already lower. */
static void
set_limit (gint resource, guint64 soft, guint64 hard)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) != 0)
    return;
  limit.rlim_cur = (rlim_t) MIN (limit.rlim_cur, soft);
  limit.rlim_max = (rlim_t) MIN (limit.rlim_max, hard);
  setrlimit (resource, &limit);
}

static guint64
choose_memory (guint64 input_size)
{
  return MIN (BASE_MEMORY + MEMORY_PER_BYTE * MIN (input_size, MAX_MEMORY),
      MAX_MEMORY);
}

static guint64
choose_seconds (guint64 input_size)
{
  return MIN (BASE_SECONDS + input_size / BYTES_PER_SECOND, MAX_SECONDS);
}

static void
set_limits (guint64 input_size)
{
  const guint64 seconds = choose_seconds (input_size);

  signal (SIGXFSZ, SIG_IGN); /* so that write() fails with a reason instead */
  set_limit (RLIMIT_CORE, 0, 0);
  /* The soft limit sends SIGXCPU, the hard one SIGKILL. */
  set_limit (RLIMIT_CPU, seconds, seconds + 1);
  if (LIMITS_MEMORY)
    set_limit (RLIMIT_AS, choose_memory (input_size),
        choose_memory (input_size));
}

static void
report_signal (gint number)
{
  if (interrupted)
    g_printerr ("activationmap-convert: interrupted, nothing was written\n");
  else if (number == SIGXCPU)
    g_printerr ("activationmap-convert: the file takes far too long for its "
                "size: it is damaged, or made to do so; save the model again "
                "from Keras with model.save ()\n");
  else
    g_printerr ("activationmap-convert: the reader of the file was ended by "
                "signal %d (%s): the file is damaged, or needs too much "
                "memory\n",
        number, strsignal (number));
}

static gint
wait_for (pid_t pid)
{
  gint status;

  while (waitpid (pid, &status, 0) < 0) {
    if (errno != EINTR)
      return -1;
  }
  if (WIFEXITED (status))
    return WEXITSTATUS (status);
  report_signal (WTERMSIG (status));
  return -1;
}

/* The parent stays alive to clean up. Signals are blocked until it can forward
 * them to the worker. */
gint
sandbox_run (SandboxFunc function, gpointer data, guint64 input_size)
{
  sigset_t previous;
  pid_t pid;

  block_signals (&previous);
  pid = fork ();
  if (pid == 0) {
    set_limits (input_size);
    sigprocmask (SIG_SETMASK, &previous, NULL);
    exit (function (data));
  }
  worker_pid = pid;
  if (pid > 0)
    forward_signals ();
  sigprocmask (SIG_SETMASK, &previous, NULL);
  if (pid < 0) {
    g_printerr ("activationmap-convert: cannot start a process: %s\n",
        g_strerror (errno));
    return -1;
  }
  return wait_for (pid);
}
