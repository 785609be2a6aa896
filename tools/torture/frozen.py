#!/usr/bin/env python3
"""frozen: one client stops reading its terminal; the others do not notice, and it holds no lock.

A dashboard gets keys without end while nobody reads its output, so that its writes block. Meanwhile K writers save; the
latency of a save (the whole process) is compared with the same writers before. When the client reads again, the
dashboard goes on; when its connection is closed, it is gone within 2 s.
"""
import os
import threading
import time

import here  # noqa: F401
from common import Tty, Unable, main, quantile, stat


def arguments(p):
    p.add_argument("--writers", type=int, default=4, help="others who save meanwhile (default 4)")
    p.add_argument("--p99-factor", type=float, default=0, help="break when p99 grows by more (default: only report)")
    p.add_argument("--seconds", type=float, default=10, help="how long it is frozen (default 10; the promise names 60)")


def locks_of(pid):
    """Locks of a process on the database that keep others out; the shared ones of a reader or of the bell do not."""
    with open("/proc/locks") as f:
        return [line.strip() for line in f if line.split()[4] == str(pid) and line.split()[3] == "WRITE"]


def writing(pid):
    """Whether one of its threads is in the middle of write(2); None where nobody may look, as the program is not dumpable."""
    try:
        return any(open(f"/proc/{pid}/task/{task}/syscall").read().split()[0] == "1" for task in os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return None


def blocked(pid):
    """Whether it stays in that write; None where nobody may look."""
    for _ in range(4):
        if not (now := writing(pid)):
            return now
        time.sleep(.05)
    return True


def body(t, args):
    cells, base = t.prepare(args.writers)
    cmd, env = t.command()
    tty = Tty(cmd, env, t.work, size=(200, 50))
    t.children.append(tty.proc)
    if not tty.wait_output():
        raise Unable(f"no first frame: {tty.text()[-200:]!r}")

    acked, lock = [0], threading.Lock()

    def others(seconds):
        """Latencies in ms of the writers during so many seconds."""
        found, end = [], time.monotonic() + seconds

        def work(cell):
            value = 0
            while time.monotonic() < end:
                value = value % cell[2] + 1
                r = t.set(cell, value)
                with lock:
                    acked[0] += bool(r.rc == 0 and r.obj and r.obj["saved"])    # the value it had already makes no entry
                    found.append(1000 * r.seconds)
                    if r.rc not in (0, 5):
                        t.check(False, f"a save of another: {r}")
        threads = [threading.Thread(target=work, args=(cell,)) for cell in cells]
        for x in threads:
            x.start()
        for x in threads:
            x.join()
        return found

    before = others(args.seconds)
    tty.closed = True                                           # nobody reads from here on
    tty.reader.join(1)
    end = time.monotonic() + 30
    while time.monotonic() < end and not blocked(tty.proc.pid):  # pictures until the terminal takes no more
        tty.write(b"2\x1b[6~1", timeout=1)
        time.sleep(.02)
    during = others(args.seconds)
    stuck = blocked(tty.proc.pid)
    held, cpu = locks_of(tty.proc.pid), stat(tty.proc.pid)
    t.figures.update(frozen=stuck, state=cpu and cpu[0], locks=len(held), save_ms_p50=[quantile(before, .5), quantile(during, .5)],
                     save_ms_p99=[quantile(before, .99), quantile(during, .99)], saves=[len(before), len(during)])
    t.check(not held, f"the frozen client holds {held}")
    t.check(stuck is not False, "the client was never frozen: this test proves nothing")
    if args.p99_factor:
        t.check(quantile(during, .99) <= args.p99_factor * quantile(before, .99) + 20, "the others notice the frozen client")
    os.close(tty.slave)
    os.close(tty.master)
    began = time.monotonic()
    while time.monotonic() - began < 3 and (s := stat(tty.proc.pid)) and s[0] not in "ZX":
        time.sleep(.01)
    t.figures.update(gone_s=round(time.monotonic() - began, 2))
    t.check(time.monotonic() - began <= 2, "the frozen client is still there 2 s after its connection was closed")
    v = t.verify()
    t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")
    new = (v.obj or {}).get("entries", 0) - base["entries"]
    t.check(new == acked[0], f"{acked[0]} acknowledged, {new} entries")


main(__doc__, "frozen", arguments, body)
