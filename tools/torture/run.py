#!/usr/bin/env python3
"""run: every row of the fault tests, one after the other; a line of JSON each, a table at the end.

    tools/torture/run.py --dukao target/release/dukao --district config            # everything, hours
    tools/torture/run.py --dukao target/release/dukao --district config --short    # what runs on every commit
    tools/torture/run.py … --rows F1,F12

A row is a script of this folder, one of the shared torture scripts, or tests of the crate (`cargo test`). Exit 0: every
promise kept. 1: a promise is broken, or a row could not be run. 2: a tool is missing (strace, faketime, sshd), and the
rows that need it were skipped; never a pass.
"""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time

import here

# Row of the fault table: what breaks, then (long command, short command). None: not in the short run.
ROWS = [
    ("F1", "kill -9", "kill9.py --kills 1000", "kill9.py --kills 20"),
    ("F2", "power cut", "power.py --trials 10000", "power.py --trials 60 --writes 6 --controls 30"),
    ("F3", "EIO at a flush", "eio.py --calls 60", "eio.py --calls 5"),
    ("F3", "faults in the store", "lib store::tests::faults", None),
    ("F4", "terminal gone", "drop.py --count 250", "drop.py --count 2"),
    ("F4", "terminal gone, session", "drop.py --count 250 --as jiazu", "drop.py --count 2 --as jiazu"),
    ("F4", "signals and the terminal", "it pty::", None),
    ("F5", "SSH, hostile and dropped", "ssh_fixture.sh", "ssh_fixture.sh"),
    ("F6", "frozen client", "frozen.py --seconds 60 --writers 8 --p99-factor 2", "frozen.py --seconds 3 --writers 2"),
    ("F7", "disk full, by limit", "full.py --how fsize", "full.py --how fsize"),
    ("F7", "disk full, tmpfs", "full.py --how tmpfs", None),
    ("F8", "file system read-only", "readonly.py", None),
    ("F9", "rights or database lost", "it care::", None),
    ("F10", "damaged database and log", "dmg.py --trials 700 --wal-trials 100", "dmg.py --trials 21 --wal-trials 8"),
    ("F12", "locked", "locked.py --seconds 60", "locked.py --seconds 11"),
    ("F13", "clock jumps", "clock.py", "clock.py"),
    ("F14", "nonsense in", "it fuzz:: DUKAO_FUZZ=3000", None),
    ("F14", "hostile text", "it hostile::", None),
    ("F16", "random keys", "it storm:: DUKAO_STORM_KEYS=1000000", None),
    ("F17", "resizes, keys in a pty", "storm.py --keys 100000 --resizes 10000 --seconds 540",
     "storm.py --keys 1000 --resizes 200"),
    ("F18", "50 processes", "conc.py --procs 50 --writes 20 --p99-ms 3000", "conc.py --procs 4 --writes 5"),
    ("F18", "50 editors, 5 minutes",
     "it editors:: DUKAO_EDITORS=50 DUKAO_EDITORS_SECONDS=300 DUKAO_EDITORS_THINK_MS=1000 DUKAO_EDITORS_P99_MS=100", None),
    ("F18", "50 editors, a storm", "it editors:: DUKAO_EDITORS=50 DUKAO_EDITORS_SECONDS=30 DUKAO_EDITORS_THINK_MS=0 DUKAO_EDITORS_P99_MS=300",
     None),
    ("F19", "a large year", "large.py", None),
    ("F20", "rights, in the store", "lib store::tests::matrix", None),
    ("F20", "rights, by commands", "it rights::", None),
    ("F21", "tampering", "lib store::tests::tampering", None),
    ("F22", "an endless reader", "reader.py", None),
    ("F23", "another's commit", "it sessions::", None),
    ("F24", "hostile SSH client", "it ssh::", None),
    ("F25", "backup under load", "lib store::tests::care", None),
]


# What a row needs beyond Python; only for want of it may a row go unrun, which is said loudly.
NEEDS = {"power.py": ("strace", "-o", "/dev/null", "true"), "eio.py": ("strace", "-o", "/dev/null", "true"),
         "clock.py": ("faketime", "-f", "+1d", "true"), "ssh_fixture.sh": ("sshd",)}


def missing(what):
    """The tool that a row needs and that is not here, or does not work here (a container may forbid tracing)."""
    need = NEEDS.get(what.split()[0])
    if not need:
        return None
    found = shutil.which(need[0], path=os.environ.get("PATH", "") + ":/usr/sbin")
    works = found and (len(need) == 1 or subprocess.run(need, capture_output=True).returncode == 0)
    return None if works else need[0]


def argv(what, args):
    words = what.split()
    if words[0] in ("it", "lib"):
        which = ["--test", "it"] if words[0] == "it" else ["--lib"]
        return (["cargo", "test", "--locked", *which, *[w for w in words[1:] if "=" not in w], "--", "--nocapture"],
                dict(w.split("=", 1) for w in words if "=" in w))
    own = os.path.join(here.ROOT, "tools", "torture", words[0])
    script = own if os.path.exists(own) else os.path.join(here.SHARED, words[0])
    run = [sys.executable, script] if script.endswith(".py") else ["bash", script]
    seed = ["--seed", str(args.seed)] if script.endswith(".py") else []
    return [*run, "--dukao", args.dukao, "--district", args.district, *words[1:], *seed], {}


def run(row, name, what, args):
    if tool := missing(what):
        line = {"row": row, "name": name, "seconds": 0, "ok": None, "skipped": f"SKIPPED LOUDLY: no working {tool}"}
        print(json.dumps(line, ensure_ascii=False), flush=True)
        return line
    cmd, env = argv(what, args)
    began = time.monotonic()
    limit = 240 if args.short else 7200
    try:
        p = subprocess.run(cmd, cwd=here.ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        p = subprocess.CompletedProcess(cmd, 1, "", f"no end within {limit} s")
    line = {"row": row, "name": name, "seconds": round(time.monotonic() - began, 1)}
    told = [x for x in p.stdout.splitlines() if x.startswith("{")]
    if told:
        line.update(json.loads(told[-1]))
    if what.startswith(("it ", "lib ")):
        passed = sum(int(n) for n in re.findall(r"test result: ok\. (\d+) passed", p.stdout))
        line.update(tests=passed, ok=p.returncode == 0 and passed > 0)
        if not line["ok"]:
            line["broken"] = [(p.stdout + p.stderr)[-600:]]
    elif not told:
        line.update(ok=None, unable=(p.stderr or p.stdout)[-300:])
    if line.get("ok") is None:
        line.update(ok=False, broken=[line.get("unable")])
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return line


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--dukao", required=True)
    p.add_argument("--district", required=True)
    p.add_argument("--short", action="store_true", help="what runs on every commit")
    p.add_argument("--rows", help="only these rows, e.g. F1,F12")
    p.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31), help="printed; repeats a run")
    args = p.parse_args()
    args.dukao, args.district = os.path.abspath(args.dukao), os.path.abspath(args.district)
    print(json.dumps({"seed": args.seed, "short": args.short}), flush=True)
    wanted = args.rows.split(",") if args.rows else None
    lines = []
    for row, name, long, short in ROWS:
        what = short if args.short else long
        if what and (wanted is None or row in wanted):
            lines.append(run(row, name, what, args))
    for line in lines:
        verdict = {True: "kept", False: "BROKEN", None: "SKIPPED"}[line.get("ok")]
        print(f"{line['row']:4} {line['name']:28} {line['seconds']:7.1f} s  {verdict}", file=sys.stderr)
    broken = [x for x in lines if x.get("ok") is False]
    unable = [x for x in lines if x.get("ok") is None]
    sys.exit(1 if broken else 2 if unable or not lines else 0)


main()
