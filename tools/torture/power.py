#!/usr/bin/env python3
"""power: the power goes off; nothing that was acknowledged is lost and nothing is corrupt.

Saves scores under `strace` and keeps every write and flush of the database, its log and its bell in order. Then, many
times: a prefix of that history is replayed as a disk may keep it, where writes since the file's last flush are kept,
lost, or torn at 512 bytes, in any order, and files whose folder was not flushed may be missing. On each such disk
`verify` must say that it is whole, with every entry acknowledged before the prefix ended. The control ignores the
flushes of the log, and must lose something: a test that cannot fail proves nothing.
"""
import ast
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from random import Random

import here  # noqa: F401
from common import Tty, Unable, main

CALL = re.compile(r"^\d+ +(\w+)\((.*)$")
CALLS = "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat"


def arguments(p):
    p.add_argument("--writes", type=int, default=20, help="saves that are recorded (default 20)")
    p.add_argument("--trials", type=int, default=10000, help="disks that are built and verified (default 10000)")
    p.add_argument("--controls", type=int, default=60, help="disks of the control (default 60)")


def text(quoted):
    return ast.literal_eval("b" + quoted)


def recorded(log, db):
    """The history: (what, file, …) in order. Files are named by their ending: '' the database, '-wal', '-bell'."""
    names = {(db + end).encode(): end for end in ("", "-wal", "-bell")}
    strings = re.compile(r'"(?:\\x[0-9a-f]{2})*"')
    for line in open(log, errors="replace"):
        found = CALL.match(line)
        if not found:
            continue
        call, rest = found.groups()
        if " = -1" in rest[-40:]:
            continue
        path = re.match(r"(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*)>", rest)
        opened = names.get(text(f'"{path[1]}"')) if path else None
        quoted = strings.search(rest)
        numbers = re.search(r", (\d+)(?:, (\d+))?\) += ", rest)
        if call == "openat" and "O_CREAT" in rest and quoted and text(quoted[0]) in names:
            yield "create", names[text(quoted[0])]
        elif call in ("unlink", "unlinkat") and quoted and text(quoted[0]) in names:
            yield "remove", names[text(quoted[0])]
        elif call == "pwrite64" and opened is not None:
            yield "write", opened, int(numbers[2]), text(quoted[0])
        elif call == "ftruncate" and opened is not None:
            yield "cut", opened, int(numbers[1])
        elif call in ("fsync", "fdatasync") and opened is not None:
            yield "flush", opened
        elif call == "write" and re.match(r"1<", rest) and quoted:
            seq = re.search(rb'"saved":\s*\[\s*(\d+)', text(quoted[0]))
            if seq:
                yield "told", int(seq[1])


class Disk:
    """What is certainly on the disk, and what may be."""

    def __init__(self, start, ignore=()):
        self.sure, self.maybe, self.ignore = {k: bytearray(v) for k, v in start.items()}, [], ignore
        self.there = {k: True for k in start}               # False: created, its folder entry not yet flushed
        self.told = 0

    def apply(self, op):
        what, rest = op[0], op[1:]
        if what == "told":
            self.told = max(self.told, rest[0])
        elif what == "flush":
            if rest[0] not in self.ignore:
                for file, *change in [m for m in self.maybe if m[0] == rest[0]]:
                    put(self.sure, file, *change)
                self.maybe = [m for m in self.maybe if m[0] != rest[0]]
                self.there[rest[0]] = True
        elif what == "create":
            if rest[0] not in self.sure:
                self.sure[rest[0]], self.there[rest[0]] = bytearray(), False
        elif what == "remove":
            self.maybe.append((rest[0], "remove"))
        elif what == "write":
            self.maybe.append((rest[0], "write", *rest[1:]))
        elif what == "cut":
            self.maybe.append((rest[0], "cut", rest[1]))

    def crashed(self, rng):
        """The files after the power came back."""
        files = {k: bytearray(v) for k, v in self.sure.items() if self.there[k] or rng.random() < .5}
        kept = [m for m in self.maybe if rng.random() < rng.choice((.2, .5, .95))]
        # A folder keeps the order of its own changes: a file is gone only with what was done to it before.
        if rng.random() < .5:
            order = [m for m in kept if m[1] == "write"]
            rng.shuffle(order)
            kept = order + [m for m in kept if m[1] != "write"]
        for file, *change in kept:
            if file not in files:
                continue
            if change[0] == "write" and rng.random() < .2:
                sectors = max(1, len(change[2]) // 512)
                change = ["write", change[1], change[2][:512 * rng.randrange(sectors + 1)]]
            put(files, file, *change)
        return files


def put(files, file, what, *rest):
    if what == "remove":
        files.pop(file, None)
        return
    content = files.setdefault(file, bytearray())
    if what == "cut":
        del content[rest[0]:]
        content.extend(bytes(rest[0] - len(content)))
    else:
        at, data = rest
        content.extend(bytes(max(0, at + len(data) - len(content))))
        content[at:at + len(data)] = data


def body(t, args):
    if not shutil.which("strace"):
        raise Unable("strace is not installed")
    cells, _ = t.prepare(4)
    start = {end: open(t.db + end, "rb").read() for end in ("", "-bell")}       # nobody has it open
    log, ops = os.path.join(t.work, "trace"), []
    session = None
    for k in range(args.writes):
        if k == args.writes // 2:                                               # from here the log stays
            cmd, env = t.command()
            session = Tty(cmd, env, t.work)
            t.children.append(session.proc)
            session.wait_output()
        cell = cells[k % len(cells)]
        cmd, env = t.command(*t.set_argv(cell, (k // len(cells)) % cell[2]))
        r = subprocess.run(["strace", "-f", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", log, *cmd],
                           env=env, cwd=t.work, capture_output=True, text=True)
        if r.returncode:
            raise Unable(f"strace: {r.stderr[-200:]}")
        ops += recorded(log, t.db)
    writes = sum(op[0] == "write" for op in ops)
    t.figures.update(saves=args.writes, operations=len(ops), writes=writes, flushes=sum(op[0] == "flush" for op in ops))
    if not writes or sum(op[0] == "told" for op in ops) < args.writes:
        raise Unable(f"the trace tells only of {writes} writes")

    def trial(number, ignore):
        rng = Random(f"{args.seed}/{number}/{ignore}")
        disk, end = Disk(start, ignore), rng.randrange(len(ops) + 1)
        for op in ops[:end]:
            disk.apply(op)
        folder = os.path.join(t.work, f"disk{number % 4}-{os.getpid()}-{number}")
        os.mkdir(folder, 0o700)
        db = os.path.join(folder, "year.db")
        for name, content in disk.crashed(rng).items():
            with open(os.open(db + name, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as f:
                f.write(content)
        r = t.verify(db=db)
        shutil.rmtree(folder)
        if r.crashed or r.obj is None or not r.obj.get("ok"):
            return f"corrupt after operation {end} (trial {number}): {r}"
        if r.obj["entries"] < disk.told:
            return f"entry {disk.told} was acknowledged, {r.obj['entries']} are there after operation {end} (trial {number})"
        return None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = [b for b in pool.map(lambda n: trial(n, ()), range(args.trials)) if b]
        control = [b for b in pool.map(lambda n: trial(n, ("-wal",)), range(args.controls)) if b]
    t.figures.update(disks=args.trials, bad=len(bad), control_disks=args.controls, control_bad=len(control))
    t.check(not bad, "; ".join(bad[:3]))
    t.check(control, "the control, a log that is never flushed, lost nothing: this test cannot fail")


main(__doc__, "power", arguments, body)
