/* gst-activationmap: live activation maps of CNNs in video
 *
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

/* Enough for the largest model that is accepted: the file (4 GiB), its weights
 * (1 GiB), and both again in the check that they load. A small file holds few
 * weights, but may name the same long string a thousand times, of which libhdf5
 * makes a thousand copies. */
#define MAX_MEMORY ((guint64) 12 << 30)
#define BASE_MEMORY ((guint64) 1 << 30)
#define MEMORY_PER_BYTE 32

/* The largest model takes some ten seconds of the processor; libhdf5 goes in
 * circles in some damaged files. */
#define MAX_SECONDS 120

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
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

/* The parent must live on to clean up. */
static void
forward_signals (void)
{
  static const gint numbers[] = { SIGINT, SIGTERM, SIGHUP };
  struct sigaction action = { .sa_handler = forward_signal };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    sigaction (numbers[i], &action, NULL);
}

static void
set_limit (gint resource, guint64 value)
{
  struct rlimit limit;

  if (getrlimit (resource, &limit) != 0)
    return;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value)
    limit.rlim_cur = limit.rlim_max = (rlim_t) value;
  setrlimit (resource, &limit);
}

static void
set_limits (guint64 input_size)
{
  signal (SIGXFSZ, SIG_IGN); /* then writing fails, with a reason */
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_CPU, MAX_SECONDS);
#if !defined(__SANITIZE_ADDRESS__) && GLIB_SIZEOF_VOID_P > 4
  if (input_size < (MAX_MEMORY - BASE_MEMORY) / MEMORY_PER_BYTE)
    set_limit (RLIMIT_AS, BASE_MEMORY + MEMORY_PER_BYTE * input_size);
  else
    set_limit (RLIMIT_AS, MAX_MEMORY);
#endif
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
  if (interrupted) {
    g_printerr ("activationmap-convert: interrupted, nothing is written\n");
    return -1;
  }
  g_printerr ("activationmap-convert: the reader of the file was ended by "
              "signal %d (%s): the file is damaged, or asks for too much\n",
      WTERMSIG (status), strsignal (WTERMSIG (status)));
  return -1;
}

gint
sandbox_run (SandboxFunc function, gpointer data, guint64 input_size)
{
  pid_t pid = fork ();

  if (pid < 0) {
    g_printerr ("activationmap-convert: no process can be started: %s\n",
        g_strerror (errno));
    return -1;
  }
  if (pid == 0) {
    set_limits (input_size);
    exit (function (data));
  }
  worker_pid = pid;
  forward_signals ();
  return wait_for (pid);
}
