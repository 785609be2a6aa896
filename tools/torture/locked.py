#!/usr/bin/env python3
"""locked: somebody holds the write lock and does not let go; keys are answered, the wait is said, nothing is lost.

Takes SQLite's write lock on `-shm` (the byte that BEGIN IMMEDIATE takes), as a writer stopped in the middle of a
transaction does. Meanwhile: `score set` gives up after 10 s with exit 6; a dashboard that saves a score says within
a second that it waits, goes on answering keys, gives up after 10 s, and keeps what was typed: once the lock is
released, Enter on what it kept saves it.
"""
import fcntl
import os
import re
import time

import here
from common import Tty, Unable, main, quantile

TYPED = b"5"
SAVED = re.compile("已保存 #?[0-9]|saved #?[0-9]")
GIVES_UP = re.compile("未保存|正忙|not saved")
WAITS = re.compile("等待|等另一|正在保存|waiting", re.I)


def arguments(p):
    p.add_argument("--seconds", type=float, default=12, help="how long the lock is held (default 12; the promise names 60)")


def seen(tty, start, wanted, timeout):
    """Seconds until the output since `start` matches, None if it does not in time."""
    began = time.monotonic()
    while time.monotonic() - began < timeout:
        if wanted.search(tty.text()[start:].decode("utf-8", "replace")):
            return time.monotonic() - began
        time.sleep(.01)
    return None


def answer(tty, key):
    """Milliseconds until a key is answered with any output."""
    start, began = len(tty.text()), time.monotonic()
    tty.write(key)
    while len(tty.text()) == start and time.monotonic() - began < 2:
        time.sleep(.001)
    return 1000 * (time.monotonic() - began)


def body(t, args):
    cells, base = t.prepare(1)
    cmd, env = t.command()
    tty = Tty(cmd, env, t.work)
    t.children.append(tty.proc)
    if not tty.wait_output():
        raise Unable(f"no first frame: {tty.text()[-200:]!r}")
    tty.write(b"5")
    tty.wait_output(3)
    shm = os.open(t.db + "-shm", os.O_RDWR)
    fcntl.lockf(shm, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, here.WRITE_LOCK)
    held = time.monotonic()
    r = t.run("score", "set", t.round, cells[0][0], cells[0][1], "1", "--reason", "torture", "--json", timeout=30)
    t.figures.update(command_rc=r.rc, command_s=round(r.seconds, 1), command_says=(r.err or "").strip()[-160:])
    t.check(r.rc == 6 and r.error is not None, f"`score set` under a lock: {r}")
    t.check(9 <= r.seconds <= 13, f"`score set` gave up after {r.seconds:.1f} s, promised 10")

    start = len(tty.text())
    tty.write(b"\r" + TYPED + b"\r")                            # into the grid, a value, saved
    waits = seen(tty, start, WAITS, 3)
    t.figures.update(waiting_said_s=waits and round(waits, 2))
    t.check(waits is not None and waits <= 1.0, f"the wait was said after {waits} s")
    keys = [answer(tty, k) for k in (b"\x1b[B", b"\x1b[A") * 10]
    t.figures.update(key_ms_p50=quantile(keys, .5), key_ms_max=quantile(keys, 1))
    t.check(quantile(keys, .5) <= 50, f"keys are answered after {quantile(keys, .5)} ms while another holds the lock")
    gave_up = seen(tty, start, GIVES_UP, 15)
    t.figures.update(gave_up_s=gave_up and round(gave_up + (waits or 0), 1))
    t.check(gave_up is not None, "the dashboard does not say that it gave up")
    time.sleep(max(0, args.seconds - (time.monotonic() - held)))
    os.close(shm)                                               # gives the lock back
    entries = t.must("verify", "--json").obj["entries"]
    t.check(entries == base["entries"], f"{entries - base['entries']} entries while another held the lock")
    start = len(tty.text())
    for key in (b"\x1b[A", b"!", b"\r", b"\r"):                  # back on the cell that kept it, and Enter
        tty.write(key)
        if seen(tty, start, SAVED, 1.5) is not None:
            break
    saved = SAVED.search(tty.text()[start:].decode("utf-8", "replace"))
    t.figures.update(kept_and_saved=bool(saved))
    t.check(saved, f"what was typed was not saved once the lock was free: {tty.text()[-200:]!r}")
    r = t.set(cells[0], 1)
    t.check(r.rc == 0, f"the next try once the lock is free: {r}")
    v = t.verify()
    t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")
    t.figures.update(entries=v.obj["entries"] - base["entries"])


main(__doc__, "locked", arguments, body)
