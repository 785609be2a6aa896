#!/usr/bin/env python3
"""eio: the disk refuses a flush; never "not saved" for what is there, nor "saved" for what is not, never twice.

One save a time under `strace -e inject=fsync,fdatasync:error=EIO:when=N` (and from N on), N = 1, 2, …; half of the
processes are also killed at their end. Afterwards, in a new process: the ledger has one entry for every acknowledged
save; a refused one (exit 1 or 6) has none; "unknown" is said only where nothing could be found out; `verify` is whole.
"""
import shutil
import subprocess

import here  # noqa: F401
from common import Result, Unable, main


def arguments(p):
    p.add_argument("--calls", type=int, default=60, help="which flush fails: 1 … this (default 60)")


def body(t, args):
    if not shutil.which("strace"):
        raise Unable("strace is not installed")
    cells, base = t.prepare(1)
    cell, entries, value = cells[0], base["entries"], 0
    seen = dict(saved=0, refused=0, unknown=0)
    reached = 0
    for n in range(1, args.calls + 1):
        for when in (f"{n}", f"{n}+"):
            value = value % cell[2] + 1
            if t.points(cell) == value:
                value = value % cell[2] + 1
            cmd, env = t.command(*t.set_argv(cell, value))
            p = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
                                "-e", f"inject=fsync,fdatasync:error=EIO:when={when}", *cmd],
                               env=env, cwd=t.work, capture_output=True, text=True, timeout=60)
            r = Result(p.returncode, p.stdout, p.stderr, 0)
            v = t.must("verify", "--json").obj
            new, entries = v["entries"] - entries, v["entries"]
            where = f"flush {when}: {r}"
            t.check(v["ok"], f"verify after {where}: {v['problems']}")
            t.check(not r.crashed, f"crash at {where}")
            t.check(new in (0, 1), f"{new} entries of one save, {where}")
            if r.rc == 0:
                seen["saved"] += 1
                t.check(new == 1 and t.points(cell) == value, f"acknowledged and not there, {where}")
            else:
                reached = n
                t.check(r.rc in (1, 6), f"exit code {r.rc}, {where}")
                if "unknown" in r.err or "不知道" in r.err:
                    seen["unknown"] += 1
                else:
                    seen["refused"] += 1
                    t.check(new == 0, f"refused, and yet an entry is there, {where}")
    t.figures.update(seen, last_flush_that_mattered=reached)
    t.check(seen["refused"] + seen["unknown"] > 0, "no flush was refused: this test cannot fail")


main(__doc__, "eio", arguments, body)
