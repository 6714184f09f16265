#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A worker that runs OpenCV's DNN module."""

import pathlib

import cv2

import worker


def load(folder: pathlib.Path, outputs: list[str]):
    cv2.setNumThreads(1)
    net = cv2.dnn.readNetFromONNX(str(folder / "model.onnx"))
    names = [f"onnx_node!{name}" for name in outputs]

    def run(data):
        net.setInput(data)
        return net.forward(names)
    return run


worker.serve(load)
