#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A worker that runs PyTorch with TorchScript's optimisations for inference."""

import pathlib

import torch

import worker


def load(folder: pathlib.Path, outputs: list[str]):
    torch.set_num_threads(1)
    module = torch.jit.optimize_for_inference(
        torch.jit.load(str(folder / "model.pt")))

    def run(data):
        with torch.inference_mode():
            return [x.numpy() for x in module(torch.from_numpy(data))]
    return run


worker.serve(load)
