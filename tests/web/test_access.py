#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests whom activationmap-server lets in: logins, and those that are not meant
to be; limits; and what a reload changes.

    test_access.py
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(__file__))
from logins import Client, write_users  # noqa: E402
from web_server import Server, tap  # noqa: E402

FOLDER = tempfile.TemporaryDirectory()


def in_folder(name):
    return os.path.join(FOLDER.name, name)


def write_ann_and_bob():
    return write_users(in_folder("users"), "ann", "bob")


def test_a_login_is_worth_something_once():
    with Server(f"--users={write_ann_and_bob()}") as server:
        ann = Client(server, "ann")
        status, challenge = ann.ask()
        assert status == 401 and "stale" not in challenge, (status, challenge)
        # As a browser does, some requests overtake others.
        for count in (1, 2, 5, 3, 4, 100):
            assert ann.ask(ann.sign(count=count))[0] == 200, count
        for count in (2, 100, 1):
            nonce = ann.nonce
            status, challenge = ann.ask(ann.sign(count=count))
            assert status == 401 and "stale=true" in challenge, (count, challenge)
            ann.nonce = nonce
        check_other_requests(server, ann)


def check_other_requests(server, ann):
    """What was heard on the wire opens nothing else, and to nobody else."""
    ann.ask()
    heard = ann.sign("/healthz")
    for path, method in (("/metrics", "GET"), ("/healthz?a", "GET"),
                         ("/healthz", "HEAD")):
        status, challenge = Client(server, "ann").ask(heard, path, method)
        assert status == 401 and "stale" not in challenge, (path, challenge)
    status, challenge = Client(server, "ann", address="127.0.0.2").ask(heard)
    assert status == 401 and "stale=true" in challenge, challenge
    assert ann.ask(heard)[0] == 200


def test_nonces_are_the_servers():
    with Server(f"--users={write_ann_and_bob()}") as server:
        ann = Client(server, "ann")
        status, challenge = ann.ask(ann.sign(nonce="0123"))
        assert status == 401 and "stale=true" in challenge, (status, challenge)
        assert ann.ask(ann.sign())[0] == 200
        eve = Client(server, "ann", "guessed")
        status, challenge = eve.ask(eve.sign(nonce="0123"))
        assert status == 401 and "stale" not in challenge, (status, challenge)


try:
    tap.main(globals())
finally:
    FOLDER.cleanup()
