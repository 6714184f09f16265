#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Train the network that refines the proposals of the face detector.

    nice model/train/train_face_refinement.py --data DATA --labels labels.csv \\
        --bf16 --proposals face.pt --checkpoint refinement.pt

It trains on the proposals of the network that train_face.py made, in scenes of
the same kind, and on boxes placed near the faces. See face_photos.py
and face_scenes.py for the scenes, face_refinement.py for the network, and
face_training.py for how it is trained.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from face_boxes import overlaps
from face_network import FaceNetwork, propose
from face_photos import PhotoSceneMaker, ScenePool
from face_refinement import RefinementNetwork, as_input, crop, export
from face_scenes import Scene, Sizes
from face_training import MakeBatch, Training, parser_of

SIZES = Sizes(side=320, smallest=24, largest=300, lfw=math.inf)
SCENES = 12
# How small the scenes are made for the first network; of its proposals above
# this confidence, so many of the surest of each scene are taken.
SCALES = (0.42, 0.6)
LOWEST_CONFIDENCE = 0.03
MAX_PROPOSALS = 10
# How far boxes near faces are off: standard deviations, in sides, and of the
# logarithm of the side.
SHIFT, SCALE = 0.09, 0.15
# Intersections over union with a face from which a box is a face, from which it
# can be corrected, and below which it is none; and with a place to ignore,
# above which it is ignored.
FACE, NEAR, NONE, IGNORED = 0.4, 0.3, 0.2, 0.2
BOX_WEIGHT = 1.0


def label(box: np.ndarray, scene: Scene) -> tuple[float, ...]:
    """Return the target of the network for a box: 5 numbers.

    The first is 1 for a face, 0 for none, -1 where it does not matter. Then
    come offset x, y and the logarithm of the side, as in the output, and
    whether these three count.
    """
    if len(scene.faces):
        overlap = overlaps(box, scene.faces)
        nearest = int(overlap.argmax())
        if overlap[nearest] >= NEAR:
            x, y, side = scene.faces[nearest]
            return (1 if overlap[nearest] >= FACE else -1,
                    (x - box[0]) / box[2], (y - box[1]) / box[2],
                    math.log(side / box[2]), 1)
        if overlap[nearest] >= NONE:
            return -1, 0, 0, 0, 0
    ignored = (overlaps(box, scene.ignored) > IGNORED).any()
    return -1 if ignored else 0, 0, 0, 0, 0


class BatchMaker:
    """Makes batches of crops of new scenes; equal seeds make equal batches."""

    def __init__(self, maker: PhotoSceneMaker, proposer: FaceNetwork,
                 seed: int) -> None:
        self._maker, self._proposer = maker, proposer
        self._random = np.random.default_rng((seed, 1))

    def make(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Make a batch and its labels, (N, 5); N varies."""
        scenes = [self._maker.make() for _ in range(SCENES)]
        proposals = propose(self._proposer,
                            [scene.picture for scene in scenes],
                            self._random.uniform(*SCALES), LOWEST_CONFIDENCE,
                            MAX_PROPOSALS)
        crops, labels = [], []
        for scene, proposed in zip(scenes, proposals):
            for box in [*proposed[:, :3], *map(self._near, scene.faces),
                        self._anywhere()]:
                cut, box = crop(scene.picture, box)
                crops.append(cut)
                labels.append(label(box, scene))
        return as_input(crops), torch.tensor(labels, dtype=torch.float32)

    def _near(self, face: np.ndarray) -> np.ndarray:
        shift = self._random.normal(0, SHIFT, 2) * face[2]
        side = face[2] * math.exp(self._random.normal(0, SCALE))
        return np.array((*(face[:2] + shift), side))

    def _anywhere(self) -> np.ndarray:
        side = math.exp(self._random.uniform(math.log(SIZES.smallest),
                                             math.log(0.6 * SIZES.side)))
        return np.array((*self._random.uniform(0, SIZES.side, 2), side))


def loss_of(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return cross-entropy of the logits plus smooth L1 of the boxes."""
    known, near = wanted[:, 0] >= 0, wanted[:, 4] > 0
    face = F.binary_cross_entropy_with_logits(found[known, 0],
                                              wanted[known, 0])
    box = F.smooth_l1_loss(found[near, 1:], wanted[near, 1:4], beta=0.05,
                           reduction="sum") / max(1, int(near.sum()))
    return face + BOX_WEIGHT * box


def main() -> None:
    """Train, print a line per round, and write the model."""
    parser = parser_of(__doc__, 140, Path(__file__).parent.parent
                       / "face" / "refine")
    parser.add_argument("--proposals", type=Path, required=True,
                        help="checkpoint of train_face.py")
    options = parser.parse_args()
    training = Training(RefinementNetwork, options)
    proposer = FaceNetwork()
    proposer.load_state_dict(torch.load(options.proposals)["average"])
    proposer.eval()
    pool = ScenePool(options.data, options.labels)

    def batches_of(seed: int) -> MakeBatch:
        return BatchMaker(pool.maker(SIZES, seed),
                          proposer, seed).make

    training.run(batches_of, loss_of)
    export(training.average, options.output)


if __name__ == "__main__":
    main()
