#!/usr/bin/env python3
"""readonly: the file system turns read-only under load; no crash, no acknowledgement of what is not there.

A loop-mounted ext4 (root), a dashboard open on it, saves in a loop; then `mount -o remount,ro`. Saves are refused with
exit 6 and a sentence, reading goes on, the dashboard lives. After `remount,rw` the next save works without a restart.
"""
import os
import subprocess

import here  # noqa: F401
from common import Tty, Unable, main


def arguments(p):
    p.add_argument("--writes", type=int, default=20, help="saves before it turns (default 20)")


def mount(*words):
    return subprocess.run(["mount", *words], capture_output=True, text=True)


def body(t, args):
    image, folder = os.path.join(t.work, "image"), os.path.join(t.work, "disk")
    os.mkdir(folder)
    with open(image, "wb") as f:
        f.truncate(64 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", image], capture_output=True, text=True)
    r = mount("-o", "loop", image, folder) if made.returncode == 0 else made
    if r.returncode:
        raise Unable(f"loop mount: {r.stderr.strip()}")
    try:
        os.chmod(folder, 0o700)
        t.db = os.path.join(folder, "year.db")
        cells, base = t.prepare(4)
        cmd, env = t.command()
        tty = Tty(cmd, env, t.work)
        t.children.append(tty.proc)
        if not tty.wait_output():
            raise Unable("no first frame")
        acked = 0
        for k in range(args.writes):
            acked += t.set(cells[k % 4], k // 4).rc == 0
        subprocess.run(["sync"], check=False)
        r = mount("-o", "remount,ro", folder)                   # refused while files are open for writing:
        how = "remount,ro"
        if r.returncode:                                        # then the file system is stopped as after an error
            how = "remount,abort"
            r = mount("-o", "remount,abort", folder)
        if r.returncode:
            raise Unable(f"remount: {r.stderr.strip()}")
        refused = t.set(cells[0], cells[0][2])
        t.figures.update(how=how, acked=acked, refusal_rc=refused.rc, refusal=(refused.err or "").strip()[-200:])
        t.check(not refused.crashed and refused.rc in (1, 6), f"a save on a read-only file system: {refused}")
        reading = t.run("status", "--json")
        t.check(not reading.crashed, f"reading on a read-only file system: {reading}")
        t.figures.update(reading_rc=reading.rc, reading_says=(reading.err or "").strip()[-160:])
        start = len(tty.text())
        tty.write(b"2")
        tty.wait_output(3)
        t.check(tty.proc.poll() is None and len(tty.text()) > start, "the dashboard died or froze")
        tty.proc.kill()
        tty.proc.wait()
        tty.hang_up()
        subprocess.run(["umount", folder], check=False)
        subprocess.run(["e2fsck", "-fy", image], capture_output=True, check=False)
        r = mount("-o", "loop", image, folder)
        if r.returncode:
            raise Unable(f"mounting again: {r.stderr.strip()}")
        v = t.verify()
        t.check(v.rc == 0 and v.obj["ok"], f"verify: {v}")
        new = (v.obj or {}).get("entries", 0) - base["entries"]
        t.figures.update(new_entries=new)
        t.check(new == acked, f"{acked} acknowledged, {new} entries")
        t.check(t.set(cells[0], 0 if t.points(cells[0]) else 1).rc == 0, "a save once it is writable again")
    finally:
        subprocess.run(["umount", "-l", folder], capture_output=True, check=False)


main(__doc__, "readonly", arguments, body)
