#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Write how male each training face looks to a network that knows many faces.

    npm install --ignore-scripts @vladmandic/human@3.3.6
    nice model/train/teach_gender.py --data DATA --bf16 \\
        --describer node_modules/@vladmandic/human/models/faceres.json \\
        --output answers.csv

train_gender.py learns from these answers. face_describer.py says what that
network is; of its own guess of the sex nothing is used. A logistic regression
on its features is fitted to the labels of UTKFace's training faces: five times,
each time without a fifth of them, whose answers it then gives. So no answer for
a face depends on the label of this face or of its near-duplicates. The
validation faces are answered by one that is fitted to all training faces: only
to print how good it is. LFW's labels need no help: the people have names.

The file has the columns file, male (the probability).
"""

import argparse
import csv
from pathlib import Path

import cv2
import torch
import torch.nn.functional as F

from data import (AGE_BANDS, FaceSet, add_data_argument, load_utkface,
                  percentile)
from face_describer import FaceDescriber

N_FOLDS = 5
DECAY = 1e-2
STEPS = 40


class Regression:
    """A logistic regression on standardised features."""

    def __init__(self, features: torch.Tensor, male: torch.Tensor) -> None:
        self._mean, self._deviation = features.mean(0), features.std(0) + 1e-3
        self._weight = torch.zeros(features.shape[1], requires_grad=True)
        self._bias = torch.zeros((), requires_grad=True)
        optimiser = torch.optim.LBFGS([self._weight, self._bias],
                                      max_iter=STEPS,
                                      line_search_fn="strong_wolfe")
        standard = self._standardised(features)

        def loss() -> torch.Tensor:
            optimiser.zero_grad()
            value = F.binary_cross_entropy_with_logits(
                standard @ self._weight + self._bias, male)
            value = value + DECAY * self._weight.square().sum()
            value.backward()
            return value

        optimiser.step(loss)

    def _standardised(self, features: torch.Tensor) -> torch.Tensor:
        return (features - self._mean) / self._deviation

    @torch.no_grad()
    def answer(self, features: torch.Tensor) -> torch.Tensor:
        """Return the probability of each face being male, (N,)."""
        return (self._standardised(features) @ self._weight
                + self._bias).sigmoid()


def answer_in_folds(faces: FaceSet, features: torch.Tensor) -> torch.Tensor:
    """Return the answer for each face by a regression that does not know it."""
    fold = torch.tensor([percentile(name) % N_FOLDS for name in faces.kin])
    answers = torch.empty(len(faces))
    for number in range(N_FOLDS):
        known = fold != number
        answers[~known] = Regression(
            features[known], faces.male[known]).answer(features[~known])
    return answers


def print_accuracy(name: str, faces: FaceSet, answers: torch.Tensor) -> None:
    """Print how often the answers for each age band are right."""
    right = ((answers > 0.5) == (faces.male > 0.5)).float()
    for low, high in AGE_BANDS:
        band = right[(faces.age >= low) & (faces.age <= high)]
        print(f"{name}, {low}-{high} years: {band.mean():.4f} of {len(band)}",
              flush=True)


def write_answers(path: Path, faces: FaceSet, answers: torch.Tensor) -> None:
    """Write a line for each face."""
    with path.open("w", newline="") as output:
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow(["file", "male"])
        writer.writerows(zip(faces.files,
                             (f"{answer:.4f}" for answer in answers)))


def main() -> None:
    """Write the answers, and print how good they are."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface")
    parser.add_argument("--describer", type=Path, required=True,
                        help="faceres.json of the npm package "
                             "@vladmandic/human")
    parser.add_argument("--output", type=Path, required=True,
                        help="file to write")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true",
                        help="compute the features in bfloat16")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)

    describer = FaceDescriber(options.describer, options.bf16)
    faces = load_utkface(options.data, "train")
    features = describer.describe(faces.pictures)
    answers = answer_in_folds(faces, features)
    write_answers(options.output, faces, answers)
    print_accuracy("training", faces, answers)
    val = load_utkface(options.data, "val")
    print_accuracy("validation", val, Regression(features, faces.male).answer(
        describer.describe(val.pictures)))


if __name__ == "__main__":
    main()
