/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SandboxFunc:
 *
 * Returns: the exit status
 */
typedef gint (*SandboxFunc) (gpointer data);

/**
 * sandbox_run:
 * @input_size: of the file that is read, in bytes; bounds the memory
 *
 * Runs a function in a process of its own, with bounds on memory and time.
 * libhdf5 is not made for hostile files: if it crashes, goes in circles or asks
 * for more and more memory, only the worker ends.
 *
 * Returns: the function's exit status, or -1 if the process was ended by a
 *   signal, or could not be started, which is said on stderr
 */
gint sandbox_run (SandboxFunc function, gpointer data, guint64 input_size);

G_END_DECLS
