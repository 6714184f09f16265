# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The training data of the networks: batches of varied crops, and targets.

Everything is seeded by the number of the epoch, so that any epoch can be
reproduced without those before it.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from augment import augmented_crop
from data import AGE_BANDS, FaceSet
from networks import predict

BATCH = 128
RARITY_POWER = 0.25
RARITY_LIMIT = 2.5
TODDLER_SHARE = 0.5
LABEL_SMOOTHING = 0.04
TEACHER_SHARE = 0.7
KEPT_EPOCHS = 10


class Drawing:
    """The training faces, and how they are drawn and varied."""

    def __init__(self, colour: FaceSet, gray: FaceSet, seed: int) -> None:
        """Take the two sets.

        Gray faces come in one of two sizes, so that there are crops that were
        reduced strongly and crops that were reduced little.
        """
        self._sets = (colour, gray, gray.shrunk(colour.pictures.shape[1]))
        self._count = (len(colour), len(gray))
        male = torch.cat([colour.male, gray.male])
        self._target = male * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / 2
        self._seed = seed
        weight = np.concatenate([rarity(colour), rarity(gray)])
        self._order = np.random.default_rng(seed).permutation(len(weight))
        self._ends = np.cumsum(weight[self._order] / weight.sum())

    def batches(self, epoch: int) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
        """Yield crops, uint8, (N, 50, 50, 3), and targets, (N,).

        An epoch has as many faces as there are, in random order, rarer ones
        more often: they are taken at equal distances along the cumulated
        weights, so that each appears as often as its weight says, to within
        one.
        """
        random = np.random.default_rng((self._seed, epoch))
        count = sum(self._count)
        points = (np.arange(count) + random.random()) / count
        places = np.searchsorted(self._ends, points).clip(max=count - 1)
        faces = random.permutation(self._order[places])
        for part in in_batches(faces):
            yield (np.stack([self._crop(face, random) for face in part]),
                   self._target[part])

    def _crop(self, face: int, random: np.random.Generator) -> np.ndarray:
        number, index = 0, int(face)
        if index >= self._count[0]:
            number, index = int(random.integers(1, 3)), index - self._count[0]
        faces = self._sets[number]
        return augmented_crop(faces.pictures[index],
                              faces.boxes[index].numpy(), random)


class Lessons:
    """The crops of some epochs with the teachers' outputs, used repeatedly.

    Running the teachers takes longer than training the student, so they are
    run for KEPT_EPOCHS epochs only, which take some 170 MB each. Whole batches
    of them are mirrored at random.
    """

    def __init__(self, drawing: Drawing, teachers: list[nn.Module],
                 seed: int, bf16: bool) -> None:
        self._drawing, self._teachers = drawing, teachers
        self._seed, self._bf16 = seed, bf16
        self._kept: dict[int, tuple[np.ndarray, torch.Tensor]] = {}

    def batches(self, epoch: int) -> Iterator[tuple[np.ndarray, torch.Tensor]]:
        """Yield crops, uint8, (N, 50, 50, 3), and targets, (N,)."""
        number = epoch % KEPT_EPOCHS
        if number not in self._kept:
            self._kept[number] = self._prepare(number)
        crops, targets = self._kept[number]
        random = np.random.default_rng((self._seed, epoch, 1))
        for part in in_batches(random.permutation(len(crops))):
            step = random.choice((-1, 1))
            yield crops[part][:, :, ::step], targets[part]

    def _prepare(self, number: int) -> tuple[np.ndarray, torch.Tensor]:
        crops, targets = [], []
        for part, target in self._drawing.batches(number):
            with torch.autocast("cpu", torch.bfloat16, enabled=self._bf16):
                answers = [predict(teacher, as_input(part)).float()
                           for teacher in self._teachers]
            answer = torch.stack(answers).mean(dim=0).sigmoid()
            crops.append(part)
            targets.append(target.lerp(answer, TEACHER_SHARE))
        return np.concatenate(crops), torch.cat(targets)


def in_batches(items: np.ndarray) -> list[np.ndarray]:
    """Split into batches; the last may be smaller."""
    return np.split(items, range(BATCH, len(items), BATCH))


def as_input(crops: np.ndarray) -> torch.Tensor:
    """Turn uint8, (N, 50, 50, 3), into the network's input, channels last."""
    return torch.from_numpy(np.ascontiguousarray(crops)).permute(
        0, 3, 1, 2).float() / 255


def rarity(faces: FaceSet) -> np.ndarray:
    """Return how often to draw each face, by age band, group and sex."""
    band = np.searchsorted([high for _, high in AGE_BANDS], faces.age)
    kinds = np.stack([band, faces.group.numpy(), faces.male.numpy()], axis=1)
    _, kind, counts = np.unique(kinds, axis=0, return_inverse=True,
                                return_counts=True)
    weight = ((1000 / counts) ** RARITY_POWER).clip(max=RARITY_LIMIT)[kind]
    toddler = (faces.age >= 0) & (faces.age <= AGE_BANDS[0][1])
    return np.where(toddler, TODDLER_SHARE, 1) * weight
