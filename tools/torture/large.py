#!/usr/bin/env python3
"""large: a year of a hundred thousand records, many sessions open on it; it starts, filters and saves as before.

Imports generated progress (fixed seed) into the sample, all in one transaction; opens the sessions; measures the time to
a first frame, to the answer of a filter, and of saves (whole processes) meanwhile; looks at memory and at the log.
"""
import datetime
import os
import time

import here  # noqa: F401
from common import Tty, Unable, main, quantile, status


def arguments(p):
    p.add_argument("--records", type=int, default=100000)
    p.add_argument("--sessions", type=int, default=50)
    p.add_argument("--writes", type=int, default=50, help="saves meanwhile (default 50)")
    p.add_argument("--key-ms", type=float, default=50, help="longest median answer to a key (default 50)")
    p.add_argument("--save-ms", type=float, default=5000,
                   help="longest p99 of a save: the whole process, which reads all the records (default 5000)")
    p.add_argument("--first-frame-s", type=float, default=1.0, help="longest start of one session (default 1)")


def body(t, args):
    cells, base = t.prepare(4)
    ids = [p["id"] for p in t.must("projects", "--json").obj["projects"]]
    first, path = datetime.date(2012, 1, 1), os.path.join(t.work, "progress.csv")
    with open(path, "w", encoding="utf-8") as f:
        f.write("project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note\n")
        for k in range(args.records):
            day = first + datetime.timedelta(days=k // len(ids))
            f.write(f"{ids[k % len(ids)]},{day},{t.rng.randrange(0, 101)},,,,,,\n")
    r = t.run("import", path, "--json", timeout=600)
    t.figures.update(import_s=round(r.seconds, 1))
    if r.rc:
        raise Unable(f"import of {args.records} rows: {r}")
    began, ttys = time.monotonic(), []
    cmd, env = t.command()
    one = Tty(cmd, env, t.work)
    t.children.append(one.proc)
    if not one.wait_output(30, quiet=.05):
        raise Unable("no first frame")
    start = time.monotonic() - began - .05
    for _ in range(args.sessions - 1):
        tty = Tty(cmd, env, t.work)
        t.children.append(tty.proc)
        ttys.append(tty)
    for tty in ttys:
        if not tty.wait_output(120, quiet=.3):
            t.check(False, "a session shows nothing")
    keys = []
    for key in (b"2", b"/", b"g", b"a", b"o", b"\x1b", b"\x1b[B", b"\x1b[B", b"3", b"2"):
        seen, began = len(one.text()), time.monotonic()
        one.write(key)
        while len(one.text()) == seen and time.monotonic() - began < 2:
            time.sleep(.001)
        keys.append(1000 * (time.monotonic() - began))
    saves, acked = [], 0
    for k in range(args.writes):
        r = t.set(cells[k % 4], k // 4 % cells[k % 4][2])
        acked += r.rc == 0
        saves.append(1000 * r.seconds)
    rss = [status(x.proc.pid, "VmRSS") or 0 for x in [one, *ttys]]
    log = os.path.getsize(t.db + "-wal") if os.path.exists(t.db + "-wal") else 0
    t.figures.update(records=args.records, sessions=args.sessions, first_frame_s=round(start, 2), key_ms_p50=quantile(keys, .5),
                     key_ms_max=quantile(keys, 1), save_ms_p50=quantile(saves, .5), save_ms_p99=quantile(saves, .99),
                     rss_mib_max=max(rss) >> 10, log_mib=log >> 20, database_mib=os.path.getsize(t.db) >> 20)
    t.check(start <= args.first_frame_s, f"first frame after {start:.2f} s")
    t.check(quantile(keys, .5) <= args.key_ms, f"keys are answered after {quantile(keys, .5)} ms")
    t.check(quantile(saves, .99) <= args.save_ms, f"p99 of a save is {quantile(saves, .99)} ms")
    t.check(log <= 64 << 20, f"the log has {log >> 20} MiB")
    for x in [one, *ttys]:
        x.proc.kill()
    v = t.verify(timeout=120)
    t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")
    new = (v.obj or {}).get("entries", 0) - base["entries"]
    t.check(new == acked + args.records, f"{acked} saves and {args.records} rows acknowledged, {new} entries")


main(__doc__, "large", arguments, body)
