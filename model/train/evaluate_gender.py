#!/usr/bin/python3
"""Measure the default model and print the figures as Markdown tables.

    model/train/evaluate_gender.py --data DATA [--checkpoint gender.pt]

The model is read back from its layers-model folder and run by the forward
pass in this file, which knows nothing of the network that was trained: it
follows model.json. With --checkpoint the outputs are compared with those of
the trained network, and a difference above 1e-5 is an error.

Measured on UTKFace's validation split, ages 16 and more, and on the LFW faces
of held-out people. Single crop scales differ by less than chance, and a
tracker's boxes vary by some 10 %, so the scale chosen is the one round which
the mean of both macro F1 over +-10 % is best. The expected calibration error
is over 15 equal bins of the predicted class' confidence. A channel is dead if its
map is zero everywhere for each of 300 faces taken at equal distances from both
collections.
"""

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from data import UTKFACE_GROUPS, FaceSet, load_lfw, load_utkface
from train_gender import build_network, f1_scores, predict

ADULT_AGE = 16
AGE_BANDS = ((0, 3), (4, 15), (16, 29), (30, 50), (51, 69), (70, 120))
CROP_SCALES = tuple(scale / 100 for scale in range(80, 131, 5))
STEPS_EACH_SIDE = 2
CALIBRATION_BINS = 15
DEAD_SAMPLE = 300
EXPORT_TOLERANCE = 1e-5


class LayersModel:
    """A sequential TensorFlow.js layers-model, run with PyTorch's functions.

    Activations are (N, height, width, channels) between layers, as in Keras.
    """

    def __init__(self, folder: Path) -> None:
        model = json.loads((folder / "model.json").read_text())
        config = model["modelTopology"]["model_config"]["config"]
        self._layers = config["layers"]
        self._weights = self._read_weights(folder, model["weightsManifest"])
        previous = None
        for layer in self._layers:
            inbound = [call[0][0] for call in layer["inbound_nodes"]]
            if inbound != ([] if previous is None else [previous]):
                raise SystemExit(f"{layer['name']}: is not one of a chain")
            previous = layer["name"]

    @staticmethod
    def _read_weights(folder: Path, manifest: list[dict[str, Any]]
                      ) -> dict[str, torch.Tensor]:
        weights = {}
        for group in manifest:
            content = b"".join((folder / path).read_bytes()
                               for path in group["paths"])
            start = 0
            for entry in group["weights"]:
                count = math.prod(entry["shape"])
                array = np.frombuffer(content, "<f4", count, start)
                weights[entry["name"]] = torch.from_numpy(
                    array.reshape(entry["shape"]).astype(np.float32))
                start += 4 * count
            if start != len(content):
                raise SystemExit(f"{folder}: the shard has {len(content)} "
                                 f"bytes, the manifest names {start}")
        return weights

    def __call__(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return the output for (N, height, width, channels) inputs."""
        values = inputs
        for layer in self._layers:
            values = self._run(layer, values)
        return values

    def pooled_maps(self, crops: torch.Tensor
                    ) -> Iterator[tuple[str, torch.Tensor]]:
        """Yield name and (N, height, width, channels) output of each pooling.

        These are the maps that are shown. The crops are (N, 3, height, width).
        """
        values = crops.permute(0, 2, 3, 1)
        for layer in self._layers:
            values = self._run(layer, values)
            if layer["class_name"] == "MaxPooling2D":
                yield layer["name"], values

    def _run(self, layer: dict[str, Any], x: torch.Tensor) -> torch.Tensor:
        config, kind = layer["config"], layer["class_name"]
        kernel = self._weights.get(f"{layer['name']}/kernel")
        bias = self._weights.get(f"{layer['name']}/bias")
        if kind in ("InputLayer", "Dropout"):
            return x
        if kind == "Flatten":
            return x.reshape(len(x), -1)
        if kind == "MaxPooling2D":
            return F.max_pool2d(x.permute(0, 3, 1, 2), config["pool_size"],
                                config["strides"]).permute(0, 2, 3, 1)
        if kind == "Conv2D" and config["padding"] == "same":
            x = F.conv2d(x.permute(0, 3, 1, 2), kernel.permute(3, 2, 0, 1),
                         bias, config["strides"],
                         padding=[side // 2 for side in kernel.shape[:2]])
            return self._activate(x, config).permute(0, 2, 3, 1)
        if kind == "Dense":
            return self._activate(x @ kernel + bias, config)
        raise SystemExit(f"{layer['name']}: class {kind} is not supported")

    @staticmethod
    def _activate(x: torch.Tensor, config: dict[str, Any]) -> torch.Tensor:
        return {"relu": torch.relu, "sigmoid": torch.sigmoid}[
            config["activation"]](x)

    def probabilities(self, crops: torch.Tensor) -> torch.Tensor:
        """Return p(male), (N,), of (N, 3, height, width) crops."""
        return torch.cat([self(part.permute(0, 2, 3, 1)).reshape(-1)
                          for part in crops.split(256)])


def calibration_error(male: torch.Tensor, p: torch.Tensor) -> float:
    """Return the expected calibration error."""
    confidence = torch.maximum(p, 1 - p)
    right = ((p > 0.5) == (male > 0.5)).float()
    bins = (confidence * CALIBRATION_BINS).long().clamp(
        max=CALIBRATION_BINS - 1)
    return sum(abs(float((confidence[bins == number]
                          - right[bins == number]).sum()))
               for number in range(CALIBRATION_BINS)) / len(male)


def table_row(name: str, faces: FaceSet, p: torch.Tensor,
              keep: torch.Tensor) -> str:
    """Return the measures of the faces where keep is true."""
    male, p = faces.male[keep], p[keep]
    female_f1, male_f1 = f1_scores(male, p > 0.5)
    accuracy = ((p > 0.5) == (male > 0.5)).float().mean().item()
    cells = [name, str(len(male))] + [f"{value:.3f}" for value in (
        accuracy, (female_f1 + male_f1) / 2, female_f1, male_f1,
        calibration_error(male, p))]
    return "| " + " | ".join(cells) + " |"


def steadiest_scale(scores: dict[float, float]) -> float:
    """Return the scale round which the mean score is highest."""
    scales = list(scores)
    reach = STEPS_EACH_SIDE
    return max(scales[reach:-reach], key=lambda scale: sum(
        scores[near] for near in scales[scales.index(scale) - reach:
                                        scales.index(scale) + reach + 1]))


def compare_with_checkpoint(model: LayersModel, path: Path,
                            crops: torch.Tensor) -> None:
    """Print the largest difference to the trained network; raise if large."""
    network = build_network()
    network.load_state_dict(torch.load(path)["average"])
    difference = (predict(network, crops)
                  - model.probabilities(crops)).abs().max().item()
    print(f"Largest difference of p between the exported model and the "
          f"trained network on {len(crops)} faces: {difference:.1e}\n")
    if difference > EXPORT_TOLERANCE:
        raise SystemExit(f"more than {EXPORT_TOLERANCE}")


def print_dead_channels(model: LayersModel, crops: torch.Tensor) -> None:
    """Print how many channels of the shown maps are zero for all crops."""
    sample = crops[torch.linspace(0, len(crops) - 1, DEAD_SAMPLE).long()]
    print(f"\n| maps | channels | dead over {DEAD_SAMPLE} faces |\n|---|---|---|")
    for name, maps in model.pooled_maps(sample):
        dead = int((maps.amax(dim=(0, 1, 2)) <= 0).sum())
        print(f"| {name} | {maps.shape[-1]} | {dead} |")


def main() -> None:
    """Sweep the crop scale and print the measures at the best one."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True,
                        help="folder that holds utkface and lfw-dev, each a "
                             "folder or a .tar file")
    parser.add_argument("--model", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to measure")
    parser.add_argument("--checkpoint", type=Path,
                        help="checkpoint of the training to compare with")
    options = parser.parse_args()
    torch.set_grad_enabled(False)

    model = LayersModel(options.model)
    utkface = load_utkface(options.data, "val")
    lfw = load_lfw(options.data, held_out=True)
    if options.checkpoint:
        compare_with_checkpoint(model, options.checkpoint,
                                utkface.crops(1.0))

    adult = utkface.age >= ADULT_AGE
    everyone = torch.ones(len(lfw), dtype=torch.bool)
    probabilities, means = {}, {}
    print("| crop scale | UTKFace 16+ macro F1 | LFW macro F1 | mean |\n"
          "|---|---|---|---|")
    for scale in CROP_SCALES:
        p = [model.probabilities(faces.crops(scale))
             for faces in (utkface, lfw)]
        scores = [sum(f1_scores(faces.male[keep], q[keep] > 0.5)) / 2
                  for faces, q, keep in ((utkface, p[0], adult),
                                         (lfw, p[1], everyone))]
        probabilities[scale], means[scale] = p, sum(scores) / 2
        print(f"| {scale:.2f} | {scores[0]:.4f} | {scores[1]:.4f} | "
              f"{means[scale]:.4f} |")
    best = steadiest_scale(means)
    print(f"\nBest crop scale (roi-scale): {best:.2f}. With it:\n")

    p_utkface, p_lfw = probabilities[best]
    print("| faces | number | accuracy | macro F1 | F1 female | F1 male | "
          "calibration error |\n|---|---|---|---|---|---|---|")
    print(table_row("UTKFace val, 16+", utkface, p_utkface, adult))
    print(table_row("LFW, held-out people", lfw, p_lfw, everyone))
    for index, group in enumerate(UTKFACE_GROUPS):
        print(table_row(f"UTKFace 16+, {group}", utkface, p_utkface,
                        adult & (utkface.group == index)))
    for low, high in AGE_BANDS:
        print(table_row(f"UTKFace, {low}-{high} years", utkface, p_utkface,
                        (utkface.age >= low) & (utkface.age <= high)))
    print_dead_channels(model, torch.cat([faces.crops(best)
                                          for faces in (utkface, lfw)]))


if __name__ == "__main__":
    main()
