/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-FileCopyrightText: 2026 The gst-activationmap authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* MetadataWriter: what the element regionjson says of pictures. It serves one
 * thread at a time. */
typedef struct _MetadataWriter MetadataWriter;

/* Errors: there is no such element. */
MetadataWriter *metadata_writer_new (GError **error);
void metadata_writer_free (MetadataWriter *self);

/* @picture: with its metadata; @caps: raw video. @timestamp: what becomes the
 * field of this name, in ns; GST_CLOCK_TIME_NONE: there is no such field.
 * Returns: (transfer full) (nullable): a JSON object, in one line, without its
 * end; NULL if the caps are not raw video. */
gchar *metadata_writer_write (MetadataWriter *self, GstBuffer *picture,
    GstCaps *caps, GstClockTime timestamp);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MetadataWriter, metadata_writer_free)

G_END_DECLS
