#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# annotate-many.sh as a job array of Slurm: each task takes every nth recording of
# the list.
#
#   pipelines/annotate-many.sh --list-only FROM TO [PROPERTY=VALUE...]
#   sbatch --array=1-100 pipelines/annotate-many-slurm.sh TO
#
# All nodes must have the folder of annotate.sh, FROM and TO at the same places. A
# task needs one core and, for 1080p, 1 GB. Recordings that have a result are left
# out, so the same two lines again do what is new or has failed; without sbatch,
# annotate-many.sh does that on one machine, and says what is missing.
#
#SBATCH --job-name=annotate-many
#SBATCH --cpus-per-task=1
#SBATCH --output=annotate-many-%A_%a.out
set -euo pipefail

to=$1
mapfile -t settings <"$to/annotate-many.settings"
mapfile -t list <"$to/annotate-many.list"

# The settings are annotate.sh, its options, and after -- the properties.
for i in "${!settings[@]}"; do
  [ "${settings[i]}" != -- ] || break
done

failed=0
for ((n = SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN; n < ${#list[@]}; \
n += SLURM_ARRAY_TASK_COUNT)); do
  IFS=$'\t' read -r recording result <<<"${list[n]}"
  [ ! -e "$result" ] || continue
  status=0
  "${settings[@]:0:i+1}" "$recording" "$result" "${settings[@]:i+1}" \
    || status=$?
  # A signal is for the whole task.
  ((status < 128)) || exit "$status"
  ((status == 0)) || failed=$((failed + 1))
done
echo "$failed recordings failed."
((failed == 0))
