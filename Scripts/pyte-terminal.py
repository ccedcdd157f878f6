#!/usr/bin/env python3
"""pyte-terminal.py COLUMNS ROWS [--ambiguous-wide] PROGRAM ARGUMENTS...

Runs a program on a PTY and shows what it sends to pyte, a terminal emulator that knows nothing of stet. Driven by lines
of JSON on standard input; each is answered by one line on standard output (`show` says what is on the screen).
"""
import codecs
import fcntl
import json
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import unicodedata

import pyte
import pyte.screens


class Screen(pyte.Screen):
    """What xterm's terminfo promises and pyte leaves out: scrolling without a line feed (ECMA-48 SU, SD)."""

    def _scrolled(self, count, move):
        cursor, margins = (self.cursor.x, self.cursor.y), self.margins
        top, bottom = margins or pyte.screens.Margins(0, self.lines - 1)
        for _ in range(min(count or 1, bottom - top + 1)):
            self.cursor.y = bottom if move == "index" else top
            getattr(self, move)()
        self.cursor.x, self.cursor.y = cursor

    def scroll_up(self, count=None):
        self._scrolled(count, "index")

    def scroll_down(self, count=None):
        self._scrolled(count, "reverse_index")

    def select_graphic_rendition(self, *attributes, **arguments):
        # `CSI > … m` sets how keys are sent; pyte takes it for colours.
        super().select_graphic_rendition(*attributes)


class Stream(pyte.ByteStream):
    csi = dict(pyte.Stream.csi, S="scroll_up", T="scroll_down")
    events = pyte.Stream.events | {"scroll_up", "scroll_down"}


def wide_ambiguous(known):
    def width(character):
        columns = known(character)
        wide = columns == 1 and unicodedata.east_asian_width(character) == "A"
        return 2 if wide else columns

    return width


class Terminal:
    def __init__(self, columns, rows, argv):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        self.screen = Screen(columns, rows)
        self.stream = Stream(self.screen)
        self.output, self.sent, self.alive = bytearray(), 0, True
        os.set_blocking(self.master, False)
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(rows, columns)

    def pump(self, others, wait):
        """Moves bytes both ways until one of `others` can be read or the time is out."""
        writing = [self.master] if self.output and self.alive else []
        reading = others + ([self.master] if self.alive else [])
        readable, writable, _ = select.select(reading, writing, [], wait)
        if self.master in writable:
            try:
                count = os.write(self.master, self.output[:4096])
                del self.output[:count]
            except BlockingIOError:
                pass
        if self.master in readable:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            self.alive = bool(data)
            self.sent += len(data)
            self.stream.feed(data)
        return [other for other in others if other in readable]

    def cells(self, y):
        """The row's cells; the half of a wide character that lost its other half is a blank, as on a screen."""
        row = [self.screen.buffer[y][x].data for x in range(self.screen.columns)]
        for x in range(len(row)):
            if not row[x] and (x == 0 or not row[x - 1] or pyte.screens.wcwidth(row[x - 1][0]) != 2):
                row[x] = " "
        return row

    def show(self, cells):
        screen = self.screen
        rows = [self.cells(y) for y in range(screen.lines)]
        answer = {
            "rows": ["".join(row).rstrip() for row in rows],
            "cursor": [screen.cursor.x, screen.cursor.y],
            "before": "".join(rows[min(screen.cursor.y, screen.lines - 1)][: screen.cursor.x]),
            "bytes": self.sent,
            "waiting": len(self.output),
        }
        if cells:
            answer["cells"] = rows
        return answer

    def obey(self, command):
        what = command["do"]
        if what == "type":
            self.output += command["text"].encode()
        elif what == "paste":
            text = (command["line"] + "\n") * command["count"]
            self.output += b"\x1b[200~" + text.encode() + b"\x1b[201~"
        elif what == "resize":
            self.resize(command["columns"], command["rows"])
        elif what == "storm":
            choose = random.Random(command["seed"])
            for _ in range(command["count"]):
                self.resize(choose.randint(20, 300), choose.randint(4, 60))
                self.pump([], command["wait"])
        elif what == "kill":
            os.killpg(os.tcgetpgrp(self.master), command["signal"])
        return self.show(command.get("cells", False))


def main():
    arguments = sys.argv[1:]
    columns, rows = int(arguments[0]), int(arguments[1])
    arguments = arguments[2:]
    if arguments[0] == "--ambiguous-wide":
        pyte.screens.wcwidth = wide_ambiguous(pyte.screens.wcwidth)
        arguments = arguments[1:]
    terminal = Terminal(columns, rows, arguments)
    lines = codecs.getincrementaldecoder("utf-8")()
    asked = ""
    while True:
        if not terminal.pump([0], None):
            continue
        data = os.read(0, 65536)
        if not data:
            break
        asked += lines.decode(data)
        while "\n" in asked:
            line, asked = asked.split("\n", 1)
            sys.stdout.write(json.dumps(terminal.obey(json.loads(line))) + "\n")
            sys.stdout.flush()
    os.kill(terminal.pid, signal.SIGHUP)


main()
