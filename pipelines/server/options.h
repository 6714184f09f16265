/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include "output-options.h"

G_BEGIN_DECLS

/* StreamOptions: what one stream is made of. */
typedef struct {
  gchar *name;           /* "": it has none */
  gchar *source;         /* as source_new() takes it */
  gchar **properties;    /* "name=value" of activationmap, or NULL */
  gchar *mount;          /* path of the drawn picture: "/NAME/live" */
  gint bitrate;          /* of H.264, in kbit/s */
  gint fps;              /* 0: that of the source */
  gint width, height;    /* 0: those of the source */
  gboolean has_siblings; /* so it waits for its source, where a single stream
                            would end the program */
  OutputOptions outputs;
} StreamOptions;

StreamOptions *stream_options_copy (const StreamOptions *self);
void stream_options_free (StreamOptions *self);

/* AccessOptions: who may reach the server. They are the same for RTSP and
 * HTTP. */
typedef struct {
  gchar *address;               /* to listen on */
  gchar *users;                 /* file of Users, or NULL */
  gchar **operators;            /* names, or NULL */
  gboolean no_auth;             /* anybody, even from other machines */
  gboolean read_only;           /* nobody changes anything */
  GTlsCertificate *certificate; /* with its key, or NULL: no TLS */
  gint max_connections;         /* of one address */
  gint viewer_timeout;          /* seconds after which one that reads nothing is
                           disconnected */
} AccessOptions;

/* Options: the command line and the configuration file, parsed and checked.
 *
 * The configuration is a GKeyFile. The keys of its group [server] are the names
 * of the options without their dashes; those of a group [stream NAME] are the
 * options of streams. A list is separated by semicolons. The command line
 * wins. See configuration.h. */
typedef struct {
  AccessOptions access;
  GPtrArray *streams;                 /* of StreamOptions, at least one */
  gint port;                          /* of RTSP; 0: any free port */
  gint first_udp_port, last_udp_port; /* for RTP over UDP; 0: any */
  gchar *new_user; /* only ask for the password of this user, and write it to
                         access.users; or NULL */
} Options;

/* Parses the command line, and the configuration if it names one. @groups:
 * (nullable): further groups of options, NULL-terminated, which are shown by
 * --help-NAME and may also stand in [server]; they are taken. Exits the program
 * if it is only asked for help or the version. */
Options *options_new (gchar **argv, GOptionGroup **groups, GError **error);
void options_free (Options *self);

/* Whether it may be the name of a machine; it need not be that of one. */
gboolean options_is_host_name (const gchar *text);

/* Whether the address can only be reached from this machine. */
gboolean access_options_is_local (const AccessOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StreamOptions, stream_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)

G_END_DECLS
