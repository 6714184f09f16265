/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SandboxFunc:
 *
 * Returns: the exit status of the child process
 */
typedef gint (*SandboxFunc) (gpointer data);

/**
 * sandbox_run:
 * @input_size: size of the file to read, in bytes
 *
 * Runs a function in a child process with limits, because libhdf5 is not made
 * for hostile files: if it crashes, loops or allocates without end, only the
 * child dies.
 *
 * | limit          | base  | for each byte or MiB | at most |
 * |----------------|-------|----------------------|---------|
 * | address space  | 1 GiB | 32 bytes per byte    | 12 GiB  |
 * | processor time | 20 s  | 1 s per MiB          | 600 s   |
 *
 * Lower limits that the process already has stay in force. There is no limit on
 * memory on 32-bit systems, whose address space is one, nor in builds with
 * AddressSanitizer, which reserves terabytes.
 *
 * Returns: the function's exit status, or -1 after printing the reason to
 *   stderr if the child could not be started or was killed by a signal
 */
gint sandbox_run (SandboxFunc function, gpointer data, guint64 input_size);

G_END_DECLS
