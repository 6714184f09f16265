/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COMPOSITION_RUN composition_run_avx2
#define LUMA_SCALER_RUN luma_scaler_run_avx2
#define RESIZER_RUN resizer_run_avx2
#define THUMBNAIL_RUN thumbnail_run_avx2

#include "image/composition_tmpl.c"
#include "image/luma-scaler_tmpl.c"
#include "image/resizer_tmpl.c"
#include "image/thumbnail_tmpl.c"
