#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measure the default model and print the figures as Markdown tables.

    meson devenv -C build model/train/track_faces.py --data DATA \\
        --output tracked.csv
    model/train/evaluate_gender.py --data DATA --tracked tracked.csv \\
        --checkpoint gender.pt

Measured on UTKFace's validation split, ages 16 and more, and on the LFW faces
of held-out people, with three kinds of crops: from the collections' Viola-Jones
boxes; from the same boxes made unsteady, moved by 5 % of their size in each
direction and scaled by 7 % (standard deviations); and, with --tracked, with the
plugin finding, cropping and classifying the faces itself. Faces that the plugin
does not find are not counted in its figures; their share is printed. The tables
by group are for the plugin, or without --tracked for the unsteady boxes.

For the first two the model is read back from its layers-model folder and run
by a forward pass that depends neither on the network that was trained nor on
the plugin: it follows model.json. With --checkpoint its outputs are compared
with those of the trained network, and a difference above 5e-3 is an error.

The expected calibration error uses 15 equal bins of the predicted class'
confidence. Intervals are of 95 %, by resampling the faces. A channel is dead if
its map is zero everywhere for each of 300 faces, which are taken at equal
distances from both collections; map_visibility.py says when a map is visible.

The last table says what cnninference's uncertain-below does: how many faces
keep their label, and how many of these labels are right. Doubtful faces are
those of the validation split, ages 16 and more, made so.
"""

import argparse
import csv
import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from data import (AGE_BANDS, INPUT_SIDE, UTKFACE_GROUPS, FaceSet,
                  add_data_argument, load_lfw, load_utkface)
from layers_runner import LayersModel
from map_visibility import VISIBLE, contrast, inner_cells, reaches
from networks import FILTERS, KERNEL, build_student, predict
from train_gender import CROP_SCALE, f1_scores

ADULT_AGE = 16
CROP_SCALES = tuple(scale / 100 for scale in range(80, 131, 10))
JITTER_SEED = 5
CALIBRATION_BINS = 15
DEAD_SAMPLE = 300
RESAMPLINGS = 2000
RESAMPLING_SEED = 1
UNCERTAIN_BELOW = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
BLUR_SIDE, TINY_SIDE = 20, 12
# The error that storing the kernels as float16 may cause.
EXPORT_TOLERANCE = 5e-3


def calibration_error(male: torch.Tensor, p: torch.Tensor) -> float:
    """Return the expected calibration error."""
    confidence = torch.maximum(p, 1 - p)
    right = ((p > 0.5) == (male > 0.5)).float()
    bins = (confidence * CALIBRATION_BINS).long().clamp(
        max=CALIBRATION_BINS - 1)
    return sum(abs(float((confidence[bins == number]
                          - right[bins == number]).sum()))
               for number in range(CALIBRATION_BINS)) / len(male)


def macro_f1(male: torch.Tensor, p: torch.Tensor) -> float:
    """Return the mean of both classes' F1."""
    return sum(f1_scores(male, p > 0.5)) / 2


def macro_f1_interval(male: torch.Tensor,
                      p: torch.Tensor) -> tuple[float, float]:
    """Return the 95 % interval of the mean of both classes' F1."""
    kinds = np.bincount(2 * (male > 0.5).numpy() + (p > 0.5).numpy(),
                        minlength=4)
    random = np.random.default_rng(RESAMPLING_SEED)
    right_0, wrong_0, wrong_1, right_1 = random.multinomial(
        len(male), kinds / len(male), RESAMPLINGS).T
    wrong = wrong_0 + wrong_1
    scores = [2 * right / np.maximum(2 * right + wrong, 1)
              for right in (right_0, right_1)]
    low, high = np.quantile(np.mean(scores, axis=0), (0.025, 0.975))
    return float(low), float(high)


def read_tracked(path: Path, collection: str,
                 faces: FaceSet) -> torch.Tensor:
    """Return the plugin's p(male) of each face, NaN where it found none."""
    with path.open(newline="") as file:
        answers = {row["file"]: float(row["male"])
                   for row in csv.DictReader(file)
                   if row["collection"] == collection}
    return torch.tensor([answers.get(file, math.nan)
                         for file in faces.files])


def table_row(name: str, faces: FaceSet, p: torch.Tensor,
              keep: torch.Tensor) -> str:
    """Return the measures of the faces where keep is true and p is known."""
    keep = keep & ~p.isnan()
    male, p = faces.male[keep], p[keep]
    female_f1, male_f1 = f1_scores(male, p > 0.5)
    accuracy = ((p > 0.5) == (male > 0.5)).float().mean().item()
    low, high = macro_f1_interval(male, p)
    cells = [name, str(len(male)), f"{accuracy:.3f}",
             f"{(female_f1 + male_f1) / 2:.3f} ({low:.3f}-{high:.3f})"]
    cells += [f"{value:.3f}" for value in (female_f1, male_f1,
                                           calibration_error(male, p))]
    return "| " + " | ".join(cells) + " |"


def kinds_of_faces(utkface: FaceSet) -> dict[str, torch.Tensor]:
    """Return masks of the age bands, and of the groups of age 16 and more."""
    adult = utkface.age >= ADULT_AGE
    kinds = {f"{low}-{high} years": (utkface.age >= low)
             & (utkface.age <= high) for low, high in AGE_BANDS}
    return kinds | {f"16+, {group}": adult & (utkface.group == index)
                    for index, group in enumerate(UTKFACE_GROUPS)}


def print_groups(utkface: FaceSet, p: torch.Tensor) -> None:
    """Print the measures of UTKFace by age band and group, then by sex."""
    kinds = kinds_of_faces(utkface)
    print_header("UTKFace")
    for name, kind in kinds.items():
        print(table_row(name, utkface, p, kind))

    right = ((p > 0.5) == (utkface.male > 0.5)).float()
    print("\n| UTKFace | women | accuracy | men | accuracy |\n|" + "---|" * 5)
    for name, kind in kinds.items():
        row = name
        for sex in (0, 1):
            keep = kind & ~p.isnan() & (utkface.male == sex)
            row += f" | {keep.sum()} | {right[keep].mean():.3f}"
        print(f"| {row} |")


def print_header(first: str) -> None:
    """Print the head of a table of rows from table_row."""
    print(f"\n| {first} | number | accuracy | macro F1 | F1 female | F1 male | "
          "calibration error |\n|---|---|---|---|---|---|---|")


def compare_with_checkpoint(model: LayersModel, path: Path,
                            crops: torch.Tensor) -> None:
    """Print the largest difference from the trained network; raise if large."""
    network = build_student()
    network.load_state_dict(torch.load(path)["average"])
    difference = (predict(network, crops).sigmoid()
                  - model.probabilities(crops)).abs().max().item()
    print(f"Largest difference of p between the exported model and the "
          f"trained network on {len(crops)} faces: {difference:.1e}\n")
    if difference > EXPORT_TOLERANCE:
        raise SystemExit(f"more than {EXPORT_TOLERANCE}")


def print_channels(model: LayersModel, crops: torch.Tensor) -> None:
    """Print how many of the shown maps are dead, and how many visible."""
    sample = crops[torch.linspace(0, len(crops) - 1, DEAD_SAMPLE).long()]
    spans = reaches(INPUT_SIDE, [KERNEL] * len(FILTERS), 2)
    print(f"\n| maps | channels | dead over {DEAD_SAMPLE} faces | silent, of a "
          "face | visible, of a face | mean contrast |\n|" + "---|" * 6)
    for (name, maps), span in zip(model.pooled_maps(sample), spans):
        largest = maps.amax(dim=(1, 2))
        dead = int((largest.amax(dim=0) <= 0).sum())
        silent = (largest <= 0).float().sum(dim=1).mean()
        values = contrast(inner_cells(maps, span))
        visible = (values >= VISIBLE).float().sum(dim=1).mean()
        print(f"| {name} | {maps.shape[-1]} | {dead} | {silent:.1f} | "
              f"{visible:.1f} | {values[largest > 0].mean():.3f} |")


def print_flat_answer(model: LayersModel) -> None:
    """Print how the first maps answer to a flat gray picture."""
    gray = torch.full((1, 3, INPUT_SIDE, INPUT_SIDE), 0.5)
    _, maps = next(model.pooled_maps(gray))
    inside = inner_cells(maps, reaches(INPUT_SIDE, [KERNEL], 2)[0])[0, 0]
    print(f"\nOn a flat gray picture {int((inside > 1e-3).sum())} of "
          f"{len(inside)} channels of the first layer answer.")


def coarse(crops: torch.Tensor, side: int) -> torch.Tensor:
    """Return the crops as if they had been side pixels wide."""
    return F.interpolate(F.interpolate(crops, (side, side), mode="area"),
                         crops.shape[2:], mode="bilinear")


def covered(crops: torch.Tensor) -> torch.Tensor:
    """Return the crops with their lower half, as by a mask, in gray."""
    crops = crops.clone()
    crops[:, :, INPUT_SIDE // 2:] = 0.5
    return crops


def print_uncertain(model: LayersModel, known: dict[str, tuple[
        torch.Tensor, torch.Tensor]], adults: FaceSet) -> None:
    """Print how many faces keep their label, and how many of these are right.

    known: for kinds of faces, whether they are male, and p
    """
    crops = adults.crops(CROP_SCALE)
    for name, doubtful in (
            (f"16+, as if {BLUR_SIDE} pixels wide", coarse(crops, BLUR_SIDE)),
            (f"16+, as if {TINY_SIDE} pixels wide", coarse(crops, TINY_SIDE)),
            ("16+, lower half covered", covered(crops))):
        known[name] = adults.male, model.probabilities(doubtful)
    print("\n| labelled / right, uncertain-below = | "
          + " | ".join(f"{value:g}" for value in UNCERTAIN_BELOW) + " |\n|"
          + "---|" * (len(UNCERTAIN_BELOW) + 1))
    for name, (male, p) in known.items():
        confidence = torch.maximum(p, 1 - p)
        right = (p > 0.5) == (male > 0.5)
        cells = []
        for value in UNCERTAIN_BELOW:
            keep = confidence >= value
            cells.append(f"{keep.float().mean():.3f} / "
                         f"{right[keep].float().mean():.3f}")
        print(f"| {name} | " + " | ".join(cells) + " |")


def uncertain_kinds(utkface: FaceSet, lfw: FaceSet,
                    answers: tuple[torch.Tensor, torch.Tensor]
                    ) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Return sex and p of the kinds of faces in the last table."""
    p_utkface, p_lfw = answers
    found = ~p_utkface.isnan()
    masks = {"16+": utkface.age >= ADULT_AGE}
    masks |= {name: mask for name, mask in kinds_of_faces(utkface).items()
              if name in ("0-3 years", "4-15 years", "70-120 years")}
    kinds = {f"UTKFace {name}": (utkface.male[mask & found],
                                 p_utkface[mask & found])
             for name, mask in masks.items()}
    found = ~p_lfw.isnan()
    return kinds | {"LFW": (lfw.male[found], p_lfw[found])}


def print_scales(model: LayersModel, utkface: FaceSet, lfw: FaceSet) -> None:
    """Print how macro F1 depends on the size of the crop."""
    print("| crop scale | UTKFace 16+ macro F1 | LFW macro F1 |\n|---|---|---|")
    for scale in CROP_SCALES:
        scores = [macro_f1(faces.male, model.probabilities(faces.crops(scale)))
                  for faces in (utkface, lfw)]
        print(f"| {scale:.1f} | {scores[0]:.4f} | {scores[1]:.4f} |")


def print_summary(answers: dict[str, tuple[torch.Tensor, torch.Tensor]],
                  utkface: FaceSet, lfw: FaceSet) -> None:
    """Print the measures for each kind of crop."""
    adult = utkface.age >= ADULT_AGE
    everyone = torch.ones(len(lfw), dtype=torch.bool)
    print_header("faces, crop")
    for name, (p_utkface, p_lfw) in answers.items():
        print(table_row(f"UTKFace 16+, {name}", utkface, p_utkface, adult))
        print(table_row(f"LFW, held-out people, {name}", lfw, p_lfw, everyone))


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface and lfw-dev")
    parser.add_argument("--model", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to measure")
    parser.add_argument("--tracked", type=Path,
                        help="what track_faces.py wrote, with the same model")
    parser.add_argument("--checkpoint", type=Path,
                        help="checkpoint of the training to compare with")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)

    model = LayersModel(options.model)
    utkface = load_utkface(options.data, "val")
    lfw = load_lfw(options.data, "val")
    if options.checkpoint:
        compare_with_checkpoint(model, options.checkpoint,
                                utkface.crops(CROP_SCALE))
    print_scales(model, utkface.select(utkface.age >= ADULT_AGE), lfw)

    answers = {name: tuple(model.probabilities(faces.crops(CROP_SCALE))
                           for faces in sets)
               for name, sets in (
                   ("Viola-Jones box", (utkface, lfw)),
                   ("unsteady box", (utkface.jittered(JITTER_SEED),
                                     lfw.jittered(JITTER_SEED + 1))))}
    shown = "unsteady box"
    if options.tracked:
        shown = "the plugin"
        answers[shown] = tuple(
            read_tracked(options.tracked, collection, faces)
            for collection, faces in (("utkface", utkface), ("lfw", lfw)))
        print("\nThe plugin finds " + " and ".join(
            f"{(~p.isnan()).float().mean() * 100:.1f} % of {name}'s faces"
            for name, p in zip(("UTKFace", "LFW"), answers[shown])) + ".")
    print_summary(answers, utkface, lfw)
    print_groups(utkface, answers[shown][0])
    print_channels(model, torch.cat([faces.crops(CROP_SCALE)
                                     for faces in (utkface, lfw)]))
    print_flat_answer(model)
    print_uncertain(model, uncertain_kinds(utkface, lfw, answers[shown]),
                    utkface.select(utkface.age >= ADULT_AGE))


if __name__ == "__main__":
    main()
