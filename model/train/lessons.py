# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The training data of the gender model: batches of pairs of varied crops, and
targets.

Everything is seeded by the number of the epoch, so that any epoch can be
reproduced without those before it.
"""

from collections.abc import Iterator

import numpy as np
import torch

from augment import augmented_pair
from data import AGE_BANDS, FaceSet

BATCH = 64
EPOCH = 96 * BATCH
RARITY_POWER = 0.25
RARITY_LIMIT = 2.5
TODDLER_SHARE = 0.5


class Drawing:
    """The training faces, and how they are drawn and varied."""

    def __init__(self, colour: FaceSet, gray: FaceSet, target: torch.Tensor,
                 seed: int) -> None:
        """Take the two sets, and the target for each face of both.

        Gray faces come in one of two sizes, so that there are crops that were
        reduced strongly and crops that were reduced little.
        """
        self._sets = (colour, gray, gray.shrunk(colour.pictures.shape[1]))
        self._count = (len(colour), len(gray))
        self._target = target
        self._seed = seed
        weight = np.concatenate([rarity(colour), rarity(gray)])
        self._order = np.random.default_rng(seed).permutation(len(weight))
        self._ends = np.cumsum(weight[self._order] / weight.sum())

    def batches(self, epoch: int) -> Iterator[tuple[torch.Tensor,
                                                    torch.Tensor]]:
        """Yield crops, (2 N, 3, 50, 50), and targets, (N,).

        Crops i and N + i are a pair: the same face, varied in the same way.

        An epoch has EPOCH faces in random order, rarer ones more often: they
        are taken at equal distances along the cumulated weights, so that each
        kind appears as often as its weight says.
        """
        random = np.random.default_rng((self._seed, epoch))
        points = (np.arange(EPOCH) + random.random()) / EPOCH
        places = np.searchsorted(self._ends, points).clip(
            max=len(self._order) - 1)
        faces = random.permutation(self._order[places])
        for part in np.split(faces, range(BATCH, len(faces), BATCH)):
            firsts, seconds = zip(*(self._pair(face, random)
                                    for face in part))
            yield as_input(np.stack(firsts + seconds)), self._target[part]

    def _pair(self, face: int,
              random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        number, index = 0, int(face)
        if index >= self._count[0]:
            number, index = int(random.integers(1, 3)), index - self._count[0]
        faces = self._sets[number]
        return augmented_pair(faces.pictures[index],
                              faces.boxes[index].numpy(), random)


def as_input(crops: np.ndarray) -> torch.Tensor:
    """Turn uint8, (N, 50, 50, 3), into the network's input, channels last."""
    return torch.from_numpy(crops).permute(0, 3, 1, 2).float() / 255


def rarity(faces: FaceSet) -> np.ndarray:
    """Return how often to draw each face, by age band, group and sex."""
    band = np.searchsorted([high for _, high in AGE_BANDS], faces.age)
    kinds = np.stack([band, faces.group.numpy(), faces.male.numpy()], axis=1)
    _, kind, counts = np.unique(kinds, axis=0, return_inverse=True,
                                return_counts=True)
    weight = ((1000 / counts) ** RARITY_POWER).clip(max=RARITY_LIMIT)[kind]
    toddler = (faces.age >= 0) & (faces.age <= AGE_BANDS[0][1])
    return np.where(toddler, TODDLER_SHARE, 1) * weight
