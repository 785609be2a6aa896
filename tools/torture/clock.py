#!/usr/bin/env python3
"""clock: the clock jumps a year ahead and a year back; the order of the ledger stays, and `verify` warns.

Saves under `faketime` at +1 year and -1 year. `seq` is the only order; lights and deadlines follow the as-of date of
the plan, not the clock; `verify` stays whole and names the entries whose instant goes back.
"""
import shutil
import subprocess

import here  # noqa: F401
from common import Result, Unable, main


def arguments(p):
    p.add_argument("--jumps", nargs="+", default=["+365d", "-365d", "+0d"], help="offsets of the clock, one save each")


def body(t, args):
    if not shutil.which("faketime"):
        raise Unable("faketime is not installed")
    cells, base = t.prepare(1)
    rows = t.must("rectifications", "--json").obj
    for k, jump in enumerate(args.jumps):
        cmd, env = t.command(*t.set_argv(cells[0], k + 1))
        p = subprocess.run(["faketime", "-f", jump, *cmd], env=env, cwd=t.work, capture_output=True, text=True)
        r = Result(p.returncode, p.stdout, p.stderr, 0)
        t.check(r.rc == 0, f"a save at {jump}: {r}")
    v = t.verify()
    told = [line for line in v.err.splitlines() if "回拨" in line or "went back" in line]
    history = t.must("history", "--json").obj["entries"][-len(args.jumps):]
    t.figures.update(instants=[e["at"][:10] for e in history], entries=(v.obj or {}).get("entries", 0) - base["entries"],
                     warned=told)
    t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")
    t.check(told, "`verify` does not say that the clock went back")
    t.check([e["seq"] for e in history] == sorted(e["seq"] for e in history), "the order of the ledger follows the clock")
    t.check(t.points(cells[0]) == len(args.jumps), "the newest entry is not the one that counts")
    t.check(t.must("rectifications", "--json").obj == rows, "deadlines followed the clock")


main(__doc__, "clock", arguments, body)
