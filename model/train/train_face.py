#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Train the network that proposes faces and write it as a layers-model folder.

    NODE_PATH=FOLDER nice model/train/train_face.py --data DATA \\
        --labels labels.csv --teacher yunet_n_dynamic.onnx --bf16 \\
        --checkpoint face.pt

In each scene it learns what the teacher says in each cell (distillation),
corrected where the scene's own faces show that the teacher is wrong. See
face_photos.py and face_scenes.py for the scenes, label_faces.py for the list of
labels, face_teacher.py for the teacher, face_network.py for the network, and
face_training.py for how it is trained. train_face_refinement.py comes next: it
trains on the proposals of this network.
"""

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from face_boxes import overlaps
from face_network import STRIDES, FaceNetwork, as_input, export
from face_photos import ScenePool
from face_scenes import Scene, Sizes
from face_teacher import Teacher, as_squares
from face_training import MakeBatch, Training, parser_of

SIZES = Sizes(side=160, smallest=8, largest=190, lfw=72)
BATCH = 32
# A cell in which the teacher is as sure as this says that there is a face. It
# means a known one from this intersection over union on; if it means none, nor
# a place to ignore, the teacher is wrong.
SAYS_FACE = 0.1
SAME, NONE = 0.5, 0.25
# A known face that no cell is as sure of has been missed. Then cells whose
# centre is this near to the face's, in sides, learn that it is there, of the
# level whose stride is nearest to this part of the side.
FOUND = 0.5
CENTRE = 0.13
STRIDE_OF_SIDE = 0.3
SURE = 0.8
# Cells of at least this probability learn the box.
HAS_BOX = 0.2
FOCUS = 2.0
BOX_WEIGHT = 3.0

# For each level (rows, columns, 4): centre x and y, side in pixels, and
# probability.
Cells = list[np.ndarray]


def as_cells(looks: list[np.ndarray]) -> Cells:
    """Return the teacher's cells with squares for boxes."""
    return [as_squares(level.reshape(-1, 5)).reshape(*level.shape[:2], 4)
            for level in looks]


def correct(cells: np.ndarray, scene: Scene) -> np.ndarray:
    """Correct what the teacher says of a scene in one level, in place.

    Returns how sure its cells are of each of the scene's faces, (N,).
    """
    known = np.concatenate([scene.faces, scene.ignored])
    surest = np.zeros(len(scene.faces))
    for row, column in zip(*np.nonzero(cells[:, :, 3] >= SAYS_FACE)):
        cell = cells[row, column]
        overlap = overlaps(cell, known) if len(known) else np.zeros(1)
        nearest = int(overlap.argmax())
        if overlap[nearest] < NONE:
            cell[3] = 0
        elif overlap[nearest] >= SAME and nearest < len(scene.faces):
            cell[:3] = known[nearest]
            surest[nearest] = max(surest[nearest], cell[3])
    return surest


def add(cells: Cells, face: np.ndarray) -> None:
    """Add a face that the teacher has missed."""
    level = int(np.argmin([abs(math.log(stride / (STRIDE_OF_SIDE * face[2])))
                           for stride in STRIDES]))
    stride, here = STRIDES[level], cells[level]
    rows, columns = ((np.arange(length) + 0.5) * stride
                     for length in here.shape[:2])
    distance = np.maximum(np.abs(columns[None] - face[0]),
                          np.abs(rows[:, None] - face[1]))
    centre = distance <= max(CENTRE * face[2], stride / 2)
    here[centre & (here[:, :, 3] < SURE)] = (*face, SURE)


def assign(looks: list[np.ndarray], scene: Scene) -> list[np.ndarray]:
    """Return the target of each level, (4, rows, columns) float32.

    Channel 0 is the probability of a face. The others are offset x and y and
    the logarithm of the side, as in the output.
    """
    cells = as_cells(looks)
    surest = np.max([correct(level, scene) for level in cells], axis=0)
    for face in scene.faces[surest < FOUND]:
        add(cells, face)
    targets = []
    for stride, level in zip(STRIDES, cells):
        rows, columns = np.indices(level.shape[:2]) + 0.5
        targets.append(np.stack([
            level[:, :, 3], level[:, :, 0] / stride - columns,
            level[:, :, 1] / stride - rows,
            np.log(level[:, :, 2] / stride)]).astype(np.float32))
    return targets


def loss_of(outputs: list[torch.Tensor],
            targets: list[torch.Tensor]) -> torch.Tensor:
    """Return quality focal loss of the logits plus smooth L1 of the boxes.

    Both are divided by the sum of the wanted probabilities. Quality focal loss:
    Li et al., "Generalized Focal Loss", 2020.
    """
    found = torch.cat([maps.flatten(2) for maps in outputs], dim=2)
    wanted = torch.cat([maps.flatten(2) for maps in targets], dim=2)
    logit, truth = found[:, 0], wanted[:, 0]
    wrong = (torch.sigmoid(logit) - truth).abs()
    focal = (F.binary_cross_entropy_with_logits(logit, truth,
                                                reduction="none")
             * wrong ** FOCUS).sum()
    has_box = truth >= HAS_BOX
    boxes, sought = (values.transpose(1, 2)[has_box]
                     for values in (found, wanted))
    error = torch.cat([(boxes[:, 1:3] - sought[:, 1:3])
                       / torch.exp(sought[:, 3:]),
                       boxes[:, 3:] - sought[:, 3:]], dim=1)
    box = (F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05,
                            reduction="none") * sought[:, :1]).sum()
    return (focal + BOX_WEIGHT * box) / max(1, float(truth[has_box].sum()))


def main() -> None:
    """Train, print a line per round, and write the model."""
    parser = parser_of(__doc__, 160, Path(__file__).parent.parent / "face")
    parser.add_argument("--teacher", type=Path, required=True)
    options = parser.parse_args()
    pool = ScenePool(options.data, options.labels)
    teacher = Teacher(options.teacher)

    def batches_of(seed: int) -> MakeBatch:
        maker = pool.maker(SIZES, seed)

        def make() -> tuple[torch.Tensor, list[torch.Tensor]]:
            scenes = [maker.make() for _ in range(BATCH)]
            targets = zip(*(assign(teacher.look(scene.picture), scene)
                            for scene in scenes))
            return (as_input([scene.picture for scene in scenes],
                             smallest=SIZES.side),
                    [torch.from_numpy(np.stack(level)) for level in targets])

        return make

    training = Training(FaceNetwork, options)
    training.run(batches_of, loss_of)
    teacher.close()
    export(training.average, options.output)


if __name__ == "__main__":
    main()
