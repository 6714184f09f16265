# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The common parts of training the face detector's two networks.

The weights written are the exponential moving average after the last step; no
step is picked by its validation figures. Every hundred steps are a round,
seeded by its number, so a run that was stopped goes on from its checkpoint as
if it had not been.
"""

import argparse
import copy
import io
import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import torch
from torch import nn

import layers_model
from data import add_data_argument

STEPS = 100
WARM_UP = 0.03
WEIGHT_DECAY = 0.01
EMA_DECAY = 0.998
MAX_GRADIENT = 5

# Makes the input of a step, (N, C, H, W), and its target.
MakeBatch = Callable[[], tuple[torch.Tensor, object]]


def parser_of(description: str, rounds: int,
              output: Path) -> argparse.ArgumentParser:
    """Return a parser for the arguments of both trainings."""
    parser = argparse.ArgumentParser(
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface, lfw-dev, backgrounds and unlabelled")
    parser.add_argument("--labels", type=Path, required=True,
                        help="list of faces that label_faces.py wrote")
    parser.add_argument("--output", type=Path, default=output,
                        help="layers-model folder to write")
    parser.add_argument("--checkpoint", type=Path,
                        help="file to save after every round, and to take up "
                             "when it exists")
    parser.add_argument("--start", type=Path,
                        help="checkpoint of another run to begin with the "
                             "weights of")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--rate", type=float, default=3e-3,
                        help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true",
                        help="compute the convolutions in bfloat16, which "
                             "takes half the time on processors with "
                             "AVX-512 BF16 or AMX")
    return parser


def learning_rate(peak: float, progress: float) -> float:
    """Rise linearly over the warm-up, then fall along a half cosine."""
    if progress < WARM_UP:
        return peak * progress / WARM_UP
    return peak * 0.5 * (1 + math.cos(
        math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


def ahead(make_batch: MakeBatch,
          steps: int) -> Iterator[tuple[torch.Tensor, object]]:
    """Yield the batches of some steps, each made while one is learned from."""
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(make_batch)
        for _ in range(steps - 1):
            batch, coming = coming.result(), maker.submit(make_batch)
            yield batch
        yield coming.result()


class Training:
    """The state of a run: network, moving average, optimiser, round."""

    def __init__(self, build: Callable[[], nn.Module],
                 options: argparse.Namespace) -> None:
        torch.set_num_threads(options.threads)
        cv2.setNumThreads(1)
        torch.manual_seed(options.seed)
        self.options = options
        self.network = build().to(memory_format=torch.channels_last)
        if options.start:
            self.network.load_state_dict(torch.load(options.start)["average"])
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(),
                                           weight_decay=WEIGHT_DECAY)
        self.round = 0
        self.seconds = 0.0
        if options.checkpoint and options.checkpoint.exists():
            self._load(options.checkpoint)

    def run(self, batches_of: Callable[[int], MakeBatch],
            loss_of: Callable[[torch.Tensor, object], torch.Tensor]) -> None:
        """Train to the end, with a line and a checkpoint per round.

        batches_of: returns the function that makes a round's batches for a seed
        """
        options = self.options
        while self.round < options.rounds:
            started = time.monotonic()
            loss = self._run_round(
                batches_of(options.seed * 100003 + self.round), loss_of)
            self.round += 1
            self.seconds += time.monotonic() - started
            print(f"round {self.round}/{options.rounds}  loss {loss:.4f}  "
                  f"{self.seconds / 60:.1f} min", flush=True)
            if options.checkpoint:
                self._save(options.checkpoint)
        self.average.eval()

    def _run_round(self, make_batch: MakeBatch,
                   loss_of: Callable[[torch.Tensor, object],
                                     torch.Tensor]) -> float:
        self.network.train()
        total = 0.0
        for step, (pictures, wanted) in enumerate(ahead(make_batch, STEPS)):
            rate = learning_rate(self.options.rate, (
                self.round + step / STEPS) / self.options.rounds)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", torch.bfloat16,
                                enabled=self.options.bf16):
                found = self.network(pictures.contiguous(
                    memory_format=torch.channels_last))
            loss = loss_of(found, wanted)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(),
                                           MAX_GRADIENT)
            self.optimiser.step()
            self._follow(self.round * STEPS + step + 1)
            total += loss.item()
        return total / STEPS

    @torch.no_grad()
    def _follow(self, step: int) -> None:
        """Move the average; it warms up with the run."""
        decay = min(EMA_DECAY, step / (step + 10))
        for mean, value in zip(self.average.state_dict().values(),
                               self.network.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    def _save(self, path: Path) -> None:
        """Write the checkpoint in one step."""
        buffer = io.BytesIO()
        torch.save({"network": self.network.state_dict(),
                    "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "rounds": self.options.rounds, "seed": self.options.seed,
                    "round": self.round, "seconds": self.seconds}, buffer)
        layers_model.replace_file(path, buffer.getvalue())

    def _load(self, path: Path) -> None:
        """Load a checkpoint of a run with the same rounds and seed."""
        state = torch.load(path)
        options = self.options
        if (state["rounds"], state["seed"]) != (options.rounds, options.seed):
            raise SystemExit(f"{path}: is of a run with --rounds "
                             f"{state['rounds']} --seed {state['seed']}")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.round, self.seconds = state["round"], state["seconds"]
