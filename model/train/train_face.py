#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Train the network that proposes faces and write it as a layers-model folder.

    nice model/train/train_face.py --data DATA --labels labels.csv --bf16 \\
        --checkpoint face.pt

See face_photos.py and face_scenes.py for the scenes, label_faces.py for the
list of labels, face_network.py for the network, and face_training.py for how
it is trained. train_face_refinement.py comes next: it trains on the proposals
of this network.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from face_network import STRIDES, FaceNetwork, export, padded_luma
from face_photos import ScenePool
from face_scenes import Scene, Sizes
from face_training import MakeBatch, Training, parser_of

SIZES = Sizes(side=160, smallest=10, largest=190, lfw=72)
BATCH = 32
# Sides, in strides, of the faces that a level of the pyramid must find, and of
# those it may.
WANTED = (1.6, 5.0)
ALLOWED = (1.1, 7.0)
# Cells whose centre is this near to a face's, in sides, count as its centre,
# and those further away than the second value as none.
CENTRE = 0.13
NOT_CENTRE = 0.3
FOCUS = 2.0
FACE_WEIGHT = 0.5
BOX_WEIGHT = 3.0


def assign(scene: Scene) -> list[np.ndarray]:
    """Return the target of each level, (5, rows, columns) float32.

    Channel 0 is 1 for a face's centre, 0 for none, -1 where it does not
    matter. The others are offset x and y and the logarithm of the side, as in
    the output, and the side in strides.
    """
    targets = []
    for level, stride in enumerate(STRIDES):
        cells = SIZES.side // stride
        target = np.zeros((5, cells, cells), np.float32)
        places = (np.arange(cells) + 0.5) * stride
        low = 0 if level == 0 else WANTED[0]
        high = math.inf if level == len(STRIDES) - 1 else WANTED[1]
        nearest = np.full((cells, cells), np.inf)
        for number, (x, y, side) in enumerate(
                np.concatenate([scene.ignored, scene.faces])):
            distance = np.maximum(np.abs(places[None] - x),
                                  np.abs(places[:, None] - y))
            size = side / stride
            wanted = (number >= len(scene.ignored) and low <= size <= high)
            allowed = min(low, ALLOWED[0]) <= size <= max(high, ALLOWED[1])
            if not allowed and number >= len(scene.ignored):
                continue
            target[0][(distance < NOT_CENTRE * side)
                      & (target[0] == 0)] = -1
            if not wanted:
                continue
            centre = distance <= max(CENTRE * side, stride / 2)
            centre &= distance < nearest
            nearest[centre] = distance[centre]
            target[0][centre] = 1
            rows, columns = np.nonzero(centre)
            target[1][centre] = (x - places[columns]) / stride
            target[2][centre] = (y - places[rows]) / stride
            target[3][centre] = math.log(size)
            target[4][centre] = size
        targets.append(target)
    return targets


def loss_of(outputs: list[torch.Tensor],
            targets: list[torch.Tensor]) -> torch.Tensor:
    """Return focal loss of the logits plus smooth L1 of the boxes, per face."""
    found = torch.cat([maps.flatten(2) for maps in outputs], dim=2)
    wanted = torch.cat([maps.flatten(2) for maps in targets], dim=2)
    matters = wanted[:, 0] >= 0
    is_face = wanted[:, 0] > 0
    logit, truth = found[:, 0], is_face.float()
    p = torch.sigmoid(logit)
    wrong = torch.where(is_face, 1 - p, p)
    weight = torch.where(is_face, FACE_WEIGHT, 1 - FACE_WEIGHT)
    focal = (F.binary_cross_entropy_with_logits(logit, truth,
                                                reduction="none")
             * wrong ** FOCUS * weight * matters).sum()
    boxes, sought = found.transpose(1, 2)[is_face], wanted.transpose(
        1, 2)[is_face]
    size = sought[:, 4:5]
    error = torch.cat([(boxes[:, 1:3] - sought[:, 1:3]) / size,
                       boxes[:, 3:4] - sought[:, 3:4]], dim=1)
    box = F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05,
                           reduction="sum")
    return (focal + BOX_WEIGHT * box) / max(1, int(is_face.sum()))


def main() -> None:
    """Train, print a line per round, and write the model."""
    options = parser_of(__doc__, 100, Path(__file__).parent.parent
                        / "face").parse_args()
    pool = ScenePool(options.data, options.labels)

    def batches_of(seed: int) -> MakeBatch:
        maker = pool.maker(SIZES, seed)

        def make() -> tuple[torch.Tensor, list[torch.Tensor]]:
            scenes = [maker.make() for _ in range(BATCH)]
            targets = zip(*(assign(scene) for scene in scenes))
            return (padded_luma([scene.picture for scene in scenes],
                                smallest=SIZES.side),
                    [torch.from_numpy(np.stack(level)) for level in targets])

        return make

    training = Training(FaceNetwork, options)
    training.run(batches_of, loss_of)
    export(training.average, options.output)


if __name__ == "__main__":
    main()
