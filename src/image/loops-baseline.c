/* gst-activationmap: live activation maps of CNNs in video
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COMPOSITION_RUN composition_run_baseline
#define LUMA_SCALER_RUN luma_scaler_run_baseline
#define RESIZER_RUN resizer_run_baseline
#define THUMBNAIL_RUN thumbnail_run_baseline

#include "composition_tmpl.c"
#include "luma-scaler_tmpl.c"
#include "resizer_tmpl.c"
#include "thumbnail_tmpl.c"
