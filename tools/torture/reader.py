#!/usr/bin/env python3
"""reader: somebody reads and never ends; writers go on, and the growing log is said.

Takes a read mark in `-shm` as a connection does that holds a read transaction open, so that no checkpoint gets past it.
Scores are saved until the log is over its limit: `status` and `doctor` must warn. After the reader is gone the next
saves bring the log down, and the warning ends.
"""
import fcntl
import os
import struct

import here
from common import Unable, main


def arguments(p):
    p.add_argument("--mib", type=int, default=64, help="the limit after which the log is a finding (default 64)")
    p.add_argument("--saves", type=int, default=20000, help="give up after so many saves (default 20000)")


def mark(shm, slot):
    """Pretends to read at the end of the log: takes a slot as SQLite does, exclusively, then shared."""
    fcntl.lockf(shm, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, here.READ_LOCK + slot)
    reach, = struct.unpack("=I", os.pread(shm, 4, here.MX_FRAME))
    os.pwrite(shm, struct.pack("=I", reach), here.READ_MARKS + 4 * slot)
    fcntl.lockf(shm, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, here.READ_LOCK + slot)
    return reach


def warned(r):
    return any(word in r.out + r.err for word in ("日志已有", "the log has"))


def body(t, args):
    from common import Tty
    cells, _ = t.prepare(4)
    cmd, env = t.command()
    session = Tty(cmd, env, t.work)                             # keeps the log from being removed between commands
    t.children.append(session.proc)
    if not session.wait_output():
        raise Unable("no first frame")
    t.set(cells[0], 1)
    t.set(cells[0], 2)
    shm = os.open(t.db + "-shm", os.O_RDWR)
    t.figures.update(marked_frame=mark(shm, 4))
    wal, saves = t.db + "-wal", 0
    before = t.run("status")
    while os.path.getsize(wal) <= args.mib << 20 and saves < args.saves:
        r = t.set(cells[saves % 4], saves // 4 % cells[saves % 4][2])
        t.check(r.rc in (0, 4), f"a save beside a reader: {r}")
        saves += 1
    size = os.path.getsize(wal)
    if size <= args.mib << 20:
        raise Unable(f"{saves} saves made a log of {size >> 20} MiB only")
    status, doctor = t.run("status"), t.run("doctor")
    t.figures.update(saves=saves, log_mib=size >> 20, status_warns=warned(status), doctor_warns=warned(doctor))
    t.check(not warned(before), "warned of a small log")
    t.check(warned(status), f"`status` does not tell of a log of {size >> 20} MiB: {status}")
    t.check(warned(doctor), f"`doctor` does not tell of a log of {size >> 20} MiB: {doctor}")
    os.close(shm)
    for k in range(8):
        t.set(cells[0], k % cells[0][2])
    after = os.path.getsize(wal)
    t.figures.update(log_mib_after=after >> 20)
    t.check(after <= args.mib << 20, f"the reader is gone and the log still has {after >> 20} MiB")
    v = t.verify()
    t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")


main(__doc__, "reader", arguments, body)
