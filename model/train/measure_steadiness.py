#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measure how steady the plugin's probability is on a face that stands still.

    meson devenv -C build $PWD/model/train/measure_steadiness.py --data DATA

Validation faces of both collections, at equal distances, are placed in frames
as track_faces.py places them. Each frame is shown many times with other noise:
normal deviates for each of R, G, B of each pixel. The first frames, in which
the tracker settles, do not count. Printed for each level of noise:

    mean, 99 %, worst   standard deviation of p(male) over the frames of a face:
                        the mean over faces, their 99th percentile, the largest
    flips               faces whose label changes, of those whose mean p is
                        above 0.6 or below 0.4; and of the others
    box                 mean standard deviation of the box's left edge, in
                        widths
"""

import argparse
from pathlib import Path

import numpy as np

from data import FaceSet, add_data_argument, load_lfw, load_utkface
from track_faces import Gst, Plugin, largest, staged

SETTLING = 4
FRAMES = 24
SURE = 0.6
SEED = 1


def show_still(plugin: Plugin, frame: np.ndarray, sigma: float,
               random: np.random.Generator) -> np.ndarray:
    """Return p(male) and the box's left edge in widths, (frames found, 2)."""
    plugin.pause()
    found = []
    for number in range(SETTLING + FRAMES):
        noise = random.standard_normal(frame.shape, np.float32) * sigma
        noisy = (frame + noise).round().clip(0, 255).astype(np.uint8)
        regions = plugin.push(noisy)
        if regions and number >= SETTLING:
            face = largest(regions)
            found.append((face.male, face.x / face.width))
    return np.array(found).reshape(-1, 2)


def take_some(faces: FaceSet, count: int) -> list[np.ndarray]:
    """Return frames with some of the faces."""
    return [staged(faces, int(number))[0]
            for number in np.linspace(0, len(faces) - 1, count)]


def print_row(sigma: float, runs: list[np.ndarray]) -> None:
    """Print the figures of a level of noise."""
    deviations = np.array([run[:, 0].std() for run in runs])
    means = np.array([run[:, 0].mean() for run in runs])
    flips = np.array([len(set(run[:, 0] > 0.5)) > 1 for run in runs])
    sure = np.maximum(means, 1 - means) > SURE
    box = np.mean([run[:, 1].std() for run in runs])
    print(f"| {sigma:g} | {len(runs)} | {deviations.mean():.4f} | "
          f"{np.quantile(deviations, 0.99):.3f} | {deviations.max():.3f} | "
          f"{flips[sure].sum()} of {sure.sum()} | "
          f"{flips[~sure].sum()} of {(~sure).sum()} | {box:.4f} |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface and lfw-dev")
    parser.add_argument("--model", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to run")
    parser.add_argument("--faces", type=int, default=100,
                        help="how many of each collection")
    parser.add_argument("--noise", type=float, nargs="+", default=[8],
                        help="standard deviations, of 255")
    options = parser.parse_args()

    Gst.init(None)
    frames = [frame for load in (load_utkface, load_lfw)
              for frame in take_some(load(options.data, "val"), options.faces)]
    print("| noise | faces | mean | 99 % | worst | flips where p > 0.6 | other "
          "flips | box |\n|" + "---|" * 8)
    with Plugin("facetracker", options.model) as plugin:
        for sigma in options.noise:
            random = np.random.default_rng(SEED)
            runs = [show_still(plugin, frame, sigma, random)
                    for frame in frames]
            print_row(sigma, [run for run in runs if len(run) > 1])


if __name__ == "__main__":
    main()
