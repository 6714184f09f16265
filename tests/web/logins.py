# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Users of the server, and how they log in (RFC 7616, with MD5)."""

import hashlib
import http.client
import itertools
import json
import os
import re
import urllib.error
import urllib.request

from web_server import TIMEOUT

REALM = "activationmap"


def get_password(name):
    return f"secret {name}"


def get_ha1(name, password):
    return hashlib.md5(f"{name}:{REALM}:{password}".encode()).hexdigest()


def write_users(path, *names):
    """Write the file of --users, and return its path."""
    lines = [f"{name}:{REALM}:{get_ha1(name, get_password(name))}\n"
             for name in names]
    with open(path, "w", encoding="ascii", opener=lambda path, flags:
              os.open(path, flags, 0o600)) as file:
        file.writelines(lines)
    return path


def open_as(server, name, password):
    """Return a function that asks as somebody would who uses urllib."""
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, server.url, name, password)
    opener = urllib.request.build_opener(
        urllib.request.HTTPDigestAuthHandler(passwords))

    def ask(method, path, body=None):
        request = urllib.request.Request(
            server.url + path, json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"}, method=method)
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except ValueError:  # urllib gives up after five challenges
            return 401, b""
    return ask


class Client:
    """Logs in with headers of its own making, from an address of its own."""

    def __init__(self, server, name, password=None, address="127.0.0.1"):
        self.server = server
        self.name = name
        self.ha1 = get_ha1(name, get_password(name) if password is None else password)
        self.address = address
        self.counter = itertools.count(1)
        self.nonce = None

    def sign(self, path="/api/streams", method="GET", nonce=None, count=None):
        """Return the header of a request."""
        nonce = nonce or self.nonce
        count = f"{count or next(self.counter):08x}"
        place = hashlib.md5(f"{method}:{path}".encode()).hexdigest()
        response = hashlib.md5(
            f"{self.ha1}:{nonce}:{count}:cafe:auth:{place}".encode()).hexdigest()
        return (f'Digest username="{self.name}", realm="{REALM}", nonce="{nonce}", '
                f'uri="{path}", qop=auth, nc={count}, cnonce="cafe", '
                f'response="{response}"')

    def ask(self, header=None, path="/api/streams", method="GET"):
        """Return the status, and the challenge if there is one."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=TIMEOUT,
            source_address=(self.address, 0))
        try:
            connection.request(method, path,
                               headers={"Authorization": header} if header else {})
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        challenge = answer.headers["WWW-Authenticate"] or ""
        nonce = re.search(r'nonce="([^"]+)"', challenge)
        if nonce:
            self.nonce = nonce[1]
            self.counter = itertools.count(1)
        return answer.status, challenge
