#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Train the default model and write it as a TensorFlow.js layers-model folder.

    nice model/train/teach_gender.py --data DATA \\
        --describer node_modules/@vladmandic/human/models/faceres.json \\
        --output answers.csv
    nice model/train/train_gender.py --data DATA --bf16 --answers answers.csv \\
        --previous model/gender --rate 1e-3 --epochs 16 --checkpoint gender.pt

The topology is that of the web demo that this project began as. The network
learns from the labels, for adults also from what teach_gender.py answers for
each face, which is more reliable where a label is wrong, and less certain where
a face cannot be told; and from what the previous model answers for the same
crops. objective.py says what else it learns: to give the same answer for a face
that is held still, and maps in which there is something to see. With --previous
it continues from an exported model; without, it starts from random weights.

The weights written are the exponential moving average after the last epoch; no
epoch is picked by its validation figures. Finally, a temperature that divides
the logits is fitted on faces kept out of the training, so that the
probabilities are calibrated.

Faces are drawn by age band, group and sex: the fewer of a kind there are, the
more often each of them is drawn, by the fourth root.

The learning rate reaches zero when --epochs are done or --minutes of training
are used up, whichever comes first. With epochs alone a run can be repeated
exactly; minutes keep it short on a busy machine. Each epoch is seeded by its
number, so a run that was stopped continues from its checkpoint as if it had not
been. --bf16 computes in bfloat16, which halves the time on processors that have
instructions for it and is of no use on others; the weights stay float32.
"""

import argparse
import copy
import csv
import io
import itertools
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import layers_model
from data import (INPUT_SIDE, FaceSet, add_data_argument, load_lfw,
                  load_utkface)
from layers_runner import read_weights
from lessons import EPOCH, Drawing
from networks import (DROPOUT, FILTERS, KERNEL, UNITS, build_student,
                      folded_layers, predict, start_at)
from objective import center_first_kernels, objective

LABELS = ("Female", "Male")
CROP_SCALE = 1.0

WARM_UP = 0.03
WEIGHT_DECAY = 0.03
EMA_DECAY = 0.998
START_BATCHES = 8
EVALUATE_EVERY = 10
LABEL_SMOOTHING = 0.04
# How much of a target is the answer of teach_gender.py, which knows adults
# better than the labels do, and children worse; and how much of a target is
# then what the previous model answers for the same crops.
ANSWER_SHARE = 0.5
ADULT = 16
PREVIOUS_SHARE = 0.5


def export(student: nn.Sequential, folder: Path) -> None:
    """Write the student as a complete layers-model folder.

    Kernels go from (out, in, height, width) to (height, width, in, out). For
    a dense layer the first three axes are then joined, which is the order in
    which Flatten runs over a height, width, channel map.
    """
    layers = [layers_model.input_layer("input_1", (INPUT_SIDE, INPUT_SIDE, 3))]
    for number, filters in enumerate(FILTERS, 1):
        layers += [layers_model.conv2d(f"conv2d_{number}", filters, KERNEL,
                                      "relu"),
                   layers_model.max_pooling2d(f"max_pooling2d_{number}", 2)]
    layers.append(layers_model.flatten("flatten_1"))
    for number in (1, 2):
        layers += [layers_model.dense(f"dense_{number}", UNITS, "relu"),
                   layers_model.dropout(f"dropout_{number}", DROPOUT)]
    layers.append(layers_model.dense("dense_3", 1, "sigmoid"))

    weights: dict[str, np.ndarray] = {}
    for name, layer in folded_layers(student).items():
        kernel = layer.weight.detach().permute(2, 3, 1, 0).numpy()
        if name.startswith("dense"):
            kernel = kernel.reshape(-1, kernel.shape[-1])
        weights[f"{name}/kernel"] = kernel
        weights[f"{name}/bias"] = layer.bias.detach().numpy()
    layers_model.write_trained(folder, "gender", layers, weights,
                               half_kernels=True)
    layers_model.write_labels(folder, LABELS)
    layers_model.write_preprocess(folder, resize="legacy", channels="rgb",
                                 scale=1 / 255, offset=0,
                                 crop_scale=CROP_SCALE, attribute="gender")


def rate_factor(progress: float) -> float:
    """Rise linearly over the warm-up, then fall along a half cosine."""
    if progress < WARM_UP:
        return progress / WARM_UP
    return 0.5 * (1 + math.cos(
        math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


def f1_scores(male: torch.Tensor,
              predicted: torch.Tensor) -> tuple[float, float]:
    """Return the F1 of the female and of the male class."""
    scores = []
    for positive in (0, 1):
        hits = ((male == positive) & (predicted == positive)).sum().item()
        named = (male == positive).sum() + (predicted == positive).sum()
        scores.append(2 * hits / max(1, named.item()))
    return scores[0], scores[1]


class Training:
    """The state of a run: network, moving average, optimiser, epoch."""

    def __init__(self, network: nn.Module,
                 options: argparse.Namespace) -> None:
        self.epochs, self.minutes = options.epochs, options.minutes
        self.seed, self.bf16 = options.seed, options.bf16
        self.rate = options.rate
        self.network = network.to(memory_format=torch.channels_last)
        self.previous = (copy.deepcopy(self.network).eval()
                         if options.previous else None)
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = torch.optim.AdamW(
            [value for value in self.network.parameters()
             if value.requires_grad], weight_decay=WEIGHT_DECAY)
        self.epoch = self.steps = 0
        self.seconds = 0.0

    def progress(self, share_of_epoch: float = 0.0,
                 seconds: float = 0.0) -> float:
        """Return how much of the run is done, 0..1.

        share_of_epoch and seconds are those of the epoch that is running.
        """
        return min(1.0, max(
            (self.epoch + share_of_epoch) / self.epochs,
            (self.seconds + seconds) / (60 * self.minutes)))

    def save(self, path: Path) -> None:
        """Write the checkpoint in one step."""
        buffer = io.BytesIO()
        torch.save({"network": self.network.state_dict(),
                    "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "epochs": self.epochs, "seed": self.seed,
                    "epoch": self.epoch, "steps": self.steps,
                    "seconds": self.seconds}, buffer)
        layers_model.replace_file(path, buffer.getvalue())

    def load(self, path: Path) -> None:
        """Load a checkpoint of a run with the same epochs and seed."""
        state = torch.load(path)
        if (state["epochs"], state["seed"]) != (self.epochs, self.seed):
            raise SystemExit(f"{path}: is of a run with --epochs "
                             f"{state['epochs']} --seed {state['seed']}")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.steps = state["epoch"], state["steps"]
        self.seconds = state["seconds"]

    def run_epoch(self, drawing: Drawing) -> float:
        """Train on one epoch of faces; return the mean of the objective."""
        torch.manual_seed(self.seed * 100003 + self.epoch)
        started = time.monotonic()
        self.network.train()
        total, done = 0.0, 0
        for crops, target in drawing.batches(self.epoch):
            for group in self.optimiser.param_groups:
                group["lr"] = self.rate * rate_factor(self.progress(
                    done / EPOCH, time.monotonic() - started))
            total += self._step(crops, target) * len(target)
            done += len(target)
        self.epoch += 1
        self.seconds += time.monotonic() - started
        return total / done

    @torch.no_grad()
    def _answer(self, crops: torch.Tensor) -> torch.Tensor:
        """Return the mean answer of the previous model to each pair, (N,)."""
        return self.previous(crops).float().sigmoid().reshape(2, -1).mean(0)

    def _step(self, crops: torch.Tensor, target: torch.Tensor) -> float:
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            if self.previous:
                target = torch.lerp(target, self._answer(crops),
                                    PREVIOUS_SHARE)
            loss = objective(self.network, crops, target)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        center_first_kernels(self.network)
        self.steps += 1
        # The average forgets the first, random weights faster than the last.
        keep = min(EMA_DECAY, self.steps / (self.steps + 9))
        with torch.no_grad():
            for mean, value in zip(self.average.state_dict().values(),
                                   self.network.state_dict().values()):
                if mean.is_floating_point():
                    mean.lerp_(value, 1 - keep)
        return loss.item()


def fitted_temperature(logits: torch.Tensor, male: torch.Tensor) -> float:
    """Return the divisor of the logits that makes the labels most likely."""
    rate = torch.zeros((), requires_grad=True)
    optimiser = torch.optim.LBFGS([rate], max_iter=50)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = F.binary_cross_entropy_with_logits(logits * rate.exp(), male)
        value.backward()
        return value

    optimiser.step(loss)
    return math.exp(-rate.item())


def calibrate(student: nn.Sequential, sets: list[FaceSet]) -> float:
    """Divide the last layer by the temperature fitted to the faces."""
    crops = torch.cat([faces.jittered(number).crops(CROP_SCALE)
                       for number, faces in enumerate(sets)])
    temperature = fitted_temperature(
        predict(student, crops), torch.cat([faces.male for faces in sets]))
    with torch.no_grad():
        student.dense_3.weight /= temperature
        student.dense_3.bias /= temperature
    return temperature


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface and lfw-dev")
    parser.add_argument("--output", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to write")
    parser.add_argument("--checkpoint", type=Path, required=True,
                        help="file to save after every epoch, and to take up "
                             "when it exists")
    parser.add_argument("--answers", type=Path, required=True,
                        help="what teach_gender.py wrote")
    parser.add_argument("--previous", type=Path,
                        help="layers-model folder of the same topology, to "
                             "go on from")
    parser.add_argument("--rate", type=float, default=2e-3,
                        help="highest learning rate")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=math.inf,
                        help="training time to end the run in, counted over "
                             "all its parts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true",
                        help="compute in bfloat16")
    return parser.parse_args()


def read_targets(path: Path, sets: list[FaceSet]) -> torch.Tensor:
    """Return the target of each face: the label, mixed with the answer for
    adults.
    """
    male = torch.cat([faces.male for faces in sets])
    target = male * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / 2
    with path.open(newline="") as file:
        answers = {row["file"]: float(row["male"])
                   for row in csv.DictReader(file)}
    names = [file for faces in sets for file in faces.files]
    ages = torch.cat([faces.age for faces in sets])
    for place, name in enumerate(names):
        if name in answers and ages[place] >= ADULT:
            target[place] = torch.lerp(target[place],
                                       torch.tensor(answers[name]),
                                       ANSWER_SHARE)
    return target


def build_network(previous: Path | None, drawing: Drawing) -> nn.Sequential:
    """Return the student, with the function of the previous model if any."""
    network = build_student()
    if previous:
        crops = [crops for crops, _ in itertools.islice(
            drawing.batches(0), START_BATCHES)]
        start_at(network, read_weights(previous), torch.cat(crops))
    return network


def main() -> None:
    """Train, print a line per epoch, and write the model."""
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    started = time.monotonic()
    colour, gray = (load(options.data, "train")
                    for load in (load_utkface, load_lfw))
    val = load_utkface(options.data, "val")
    held_out = {"utkface": val.select(val.age >= 16),
                "lfw": load_lfw(options.data, "val")}
    inputs = {name: faces.crops(1.0) for name, faces in held_out.items()}
    print(f"{len(colour)} colour and {len(gray)} gray faces read in "
          f"{time.monotonic() - started:.0f} s", flush=True)

    drawing = Drawing(colour, gray,
                      read_targets(options.answers, [colour, gray]),
                      options.seed)
    network = build_network(options.previous, drawing)
    training = Training(network, options)
    if options.checkpoint.exists():
        training.load(options.checkpoint)
    while training.progress() < 1:
        loss = training.run_epoch(drawing)
        training.save(options.checkpoint)
        line = (f"epoch {training.epoch}/{options.epochs}  loss {loss:.4f}  "
                f"{training.seconds / 60:.1f} min")
        if training.epoch % EVALUATE_EVERY == 0:
            for name, faces in held_out.items():
                predicted = predict(training.average, inputs[name]) > 0
                macro_f1 = sum(f1_scores(faces.male, predicted)) / 2
                line += f"  {name} {macro_f1:.4f}"
        print(line, flush=True)
    temperature = calibrate(training.average,
                            [load(options.data, "calibration")
                             for load in (load_utkface, load_lfw)])
    training.save(options.checkpoint)
    export(training.average, options.output)
    print(f"{options.output}: written after {training.epoch} epochs, "
          f"{training.seconds / 60:.0f} min, temperature {temperature:.3f}")


if __name__ == "__main__":
    main()
