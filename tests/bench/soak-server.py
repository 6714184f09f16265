#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs activationmap-server for hours while viewers come and go, and some of them
misbehave; says whether its memory, descriptors, threads and latency stay flat.

    meson devenv -C build ../tests/bench/soak-server.py --minutes 120

Everything happens in rounds of ten minutes. For eight of them there are viewers by
RTSP (TCP and UDP), WebSocket and MJPEG, who stay for up to 40 seconds, and requests for
snapshots and values. 64 players hang up, 200 connections are hostile, and in every
second round 30 more viewers watch for a minute. Then all are gone; the end of that is
what rounds are compared by. Each ten seconds a row is written to a CSV file, and at the
end, or of a file of before (--table FILE), a table in Markdown.
"""

import argparse
import csv
import os
import random
import shutil
import socket
import statistics
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "web"))
os.environ.setdefault("ACTIVATIONMAP_SERVER",
                      shutil.which("activationmap-server") or "activationmap-server")
import rtsp  # noqa: E402
import websocket  # noqa: E402
from web_server import Server, tap  # noqa: E402

ROUND = 600  # seconds of a round, and when in it what happens
REST = 480  # a session that nobody ends is one for 60 s
HANG_UPS, HOSTILE, CROWD = 120, 240, 360
CROWD_TIME = 60
INTERVAL = 10
MEASURED_REST = 550
PEOPLE, ENEMIES = "127.0.0.1", "127.0.0.2"
COLUMNS = ("seconds", "phase", "memory_kib", "descriptors", "threads", "cpu_percent",
           "latency_ms", "gap_ms", "viewers", "seen", "dropped", "visits",
           "failures")


class Soak:
    """A server with all who come to it."""

    def __init__(self, server, seconds):
        self.server = server
        self.start = time.monotonic()
        self.seconds = seconds
        self.lock = threading.Lock()
        self.visits = self.failures = 0
        self.gap = 0  # the longest between two pictures of a viewer, since asked

    @property
    def age(self):
        return time.monotonic() - self.start

    @property
    def place(self):
        """Return the second of the round."""
        return self.age % ROUND

    def is_over(self):
        return self.age >= self.seconds or self.server.process.poll() is not None

    def is_resting(self):
        return self.place >= REST or self.is_over()

    def visit(self, function, *arguments):
        """Call it; what fails is counted, and told."""
        try:
            function(self, *arguments)
        except (OSError, AssertionError, websocket.Refused, ValueError) as error:
            with self.lock:
                self.failures += 1
            print(f"{self.age:.0f} s: {function.__name__}: {error!r}",
                  file=sys.stderr, flush=True)
        with self.lock:
            self.visits += 1

    def note_gap(self, seconds):
        with self.lock:
            self.gap = max(self.gap, seconds)

    def take_gap(self):
        with self.lock:
            gap, self.gap = self.gap, 0
        return gap

    def wait_until(self, place):
        """Wait for that second of the round; return whether it comes."""
        while not self.is_over() and self.place < place:
            time.sleep(0.5)
        return not self.is_over()


def stay(soak, read, seconds):
    """Read pictures for some time, or until all are to be gone."""
    end = time.monotonic() + seconds
    last = None
    while (now := time.monotonic()) < end and not soak.is_resting():
        read()
        if last:
            soak.note_gap(time.monotonic() - last)
        last = now


def play(soak, seconds, over_udp):
    url = random.choice([soak.server.rtsp,
                         soak.server.rtsp.replace("/live", "/clean")])
    with rtsp.Player(url, over_udp=over_udp) as player:
        stay(soak, player.read, seconds)
        if over_udp or random.random() < 0.5:
            player.leave()


def play_by_tcp(soak, seconds):
    play(soak, seconds, False)


def play_by_udp(soak, seconds):
    play(soak, seconds, True)


def watch_page(soak, seconds):
    with websocket.Viewer(soak.server.port) as viewer:
        stay(soak, viewer.next, seconds)


def watch_mjpeg(soak, seconds):
    with socket.create_connection((PEOPLE, soak.server.port), 60) as connection:
        connection.sendall(b"GET /mjpeg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        stay(soak, lambda: connection.recv(65536), seconds)


def ask(soak, seconds):
    for path in ("/", "/snapshot.jpg", "/api/frame.json", "/api/model",
                 "/api/properties", "/healthz"):
        status, _, body = soak.server.ask("GET", path)
        assert status == 200 and body, (path, status)
    time.sleep(seconds / 10)


VISITORS = (play_by_tcp, play_by_udp, watch_page, watch_mjpeg, ask)


def come_and_go(soak, visitor):
    """One such viewer after the other, with a pause between them."""
    while not soak.is_over():
        if soak.is_resting():
            time.sleep(0.5)
            continue
        soak.visit(visitor, random.uniform(2, 40))
        time.sleep(random.uniform(0, 10))


def hang_up(soak):
    with rtsp.Player(soak.server.rtsp, ENEMIES):
        pass


def be_hostile(soak, number):
    """Say something wrong, or nothing, and wait a little for what comes."""
    rtsp_port = int(soak.server.rtsp.split("/")[2].rpartition(":")[2])
    port = random.choice([rtsp_port, soak.server.port])
    words = random.choice([
        b"", bytes(random.randrange(256) for _ in range(2000)),
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
        b"GET /" + b"../" * 3000 + b" HTTP/1.1\r\n\r\n",
        b"POST /api/models?file=a.tar HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Length: 99999999999\r\n\r\n" + b"a" * 10000,
        b"GET /live.ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Origin: http://elsewhere.example\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + b"A" * 22 + b"==\r\n\r\n",
        b"SETUP rtsp://127.0.0.1/live/stream=0 RTSP/1.0\r\nCSeq: 1\r\n"
        b"Transport: RTP/AVP;unicast;client_port=1-2\r\n\r\n",
        b"PLAY rtsp://127.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\nSession: 1\r\n\r\n",
        b"SET_PARAMETER / RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 4000000000\r\n\r\n"
        + b"a" * 10000,
        b"$\0\xff\xff" + b"a" * 1000])
    with socket.create_connection((PEOPLE, port), 10, (ENEMIES, 0)) as connection:
        try:
            connection.sendall(words)
            connection.settimeout(0.2 if number % 10 else 2)
            connection.recv(4096)
        except OSError:
            pass  # that it is refused, or not answered


def misbehave(soak):
    """What happens once a round."""
    while not soak.is_over():
        if soak.wait_until(HANG_UPS):
            for _ in range(64):
                soak.visit(hang_up)
        if soak.wait_until(HOSTILE):
            for number in range(200):
                soak.visit(be_hostile, number)
        if soak.wait_until(CROWD) and int(soak.age / ROUND) % 2 == 0:
            crowd = [start(soak.visit, visitor, CROWD_TIME)
                     for visitor in VISITORS[:3] for _ in range(10)]
            for thread in crowd:
                thread.join()
        soak.wait_until(ROUND - 1)
        time.sleep(2)


def start(function, *arguments):
    thread = threading.Thread(target=function, args=arguments, daemon=True)
    thread.start()
    return thread


def read_metrics(server):
    _, _, body = server.ask("GET", "/metrics")
    lines = [line.split() for line in body.decode().splitlines()
             if not line.startswith("#")]
    return {name.partition("{")[0].removeprefix("activationmap_"): float(value)
            for name, value in lines}


def read_cpu(pid):
    """Return the seconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(soak):
    """Return a row: ten seconds, of whose latencies the median counts."""
    pid = soak.server.process.pid
    cpu, begin = read_cpu(pid), time.monotonic()
    latencies = []
    for _ in range(INTERVAL):
        time.sleep(1)
        metrics = read_metrics(soak.server)
        latencies.append(metrics["latency_seconds"] * 1000)
    place = soak.place
    return dict(zip(COLUMNS, (
        round(soak.age), "rest" if place >= MEASURED_REST else
        "leaving" if place >= REST else "busy",
        soak.server.get_memory(), len(os.listdir(f"/proc/{pid}/fd")),
        len(os.listdir(f"/proc/{pid}/task")),
        round(100 * (read_cpu(pid) - cpu) / (time.monotonic() - begin), 1),
        round(statistics.median(latencies), 1), round(1000 * soak.take_gap()),
        int(metrics["viewers"]), int(metrics["frames_seen_total"]),
        int(metrics["frames_dropped_total"]), soak.visits, soak.failures)))


def run(minutes, output, fps):
    with Server(f"--fps={fps}", log=sys.stderr) as server, \
            open(output, "w", encoding="utf-8", newline="") as file:
        soak = Soak(server, 60 * minutes)
        threads = [start(come_and_go, soak, visitor) for visitor in VISITORS]
        threads.append(start(misbehave, soak))
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        while not soak.is_over():
            rows.writerow(measure(soak))
            file.flush()
        for thread in threads:
            thread.join()


def get_slope(points):
    """Return the rise of a line through points (least squares)."""
    mean_x = statistics.mean(x for x, _ in points)
    mean_y = statistics.mean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread \
        if spread else 0


def get_quarters(rows, seconds):
    """Return the rows of each quarter of the time."""
    return [[row for row in rows if i / 4 < row["seconds"] / seconds <= (i + 1) / 4]
            for i in range(4)]


def write_line(name, rows, seconds, column, digits=0):
    cells = [f"{statistics.median(row[column] for row in quarter):.{digits}f}"
             if quarter else "-" for quarter in get_quarters(rows, seconds)]
    slope = get_slope([(row["seconds"] / 3600, row[column]) for row in rows])
    print(f"| {name} | {' | '.join(cells)} | {slope:+.{digits + 1}f} |")


def write_table(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [{name: value if name == "phase" else float(value)
                 for name, value in row.items()} for row in csv.DictReader(file)]
    seconds = rows[-1]["seconds"]
    rest = [row for row in rows if row["phase"] == "rest"]
    busy = [row for row in rows if row["phase"] == "busy"]
    print(f"{seconds / 60:.0f} minutes, {rows[-1]['visits']:.0f} visits, of which "
          f"{rows[-1]['failures']:.0f} failed; {rows[-1]['seen']:.0f} pictures, of "
          f"which {rows[-1]['dropped']:.0f} were dropped; at most "
          f"{max(row['viewers'] for row in rows):.0f} viewers at once.\n")
    print("| medians of each quarter | first | second | third | last | "
          "change in an hour |\n|---|--:|--:|--:|--:|--:|")
    if rest:
        write_line("memory without viewers [KiB]", rest, seconds, "memory_kib")
        write_line("descriptors without viewers", rest, seconds, "descriptors")
        write_line("threads without viewers", rest, seconds, "threads")
    write_line("memory with viewers [KiB]", busy, seconds, "memory_kib")
    write_line("latency with viewers [ms]", busy, seconds, "latency_ms", 1)
    write_line("longest pause of a viewer [ms]", busy, seconds, "gap_ms")
    write_line("processor with viewers [%]", busy, seconds, "cpu_percent", 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--fps", type=int, default=10, help="of the source")
    parser.add_argument("--output", default="soak.csv", help="the CSV file")
    parser.add_argument("--table", metavar="FILE",
                        help="run nothing, and print the table of FILE")
    options = parser.parse_args()
    if not options.table:
        run(options.minutes, options.output, options.fps)
    write_table(options.table or options.output)


if __name__ == "__main__":
    main()
