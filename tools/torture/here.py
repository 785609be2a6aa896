"""Finds the shared torture scripts and gives their `common` to the scripts of this folder."""
import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SHARED = os.environ.get("DUKAO_TORTURE") or os.path.join(ROOT, "..", "shared", "tools", "torture")
if not os.path.exists(os.path.join(SHARED, "common.py")):
    sys.exit(f"no torture scripts in {SHARED}: say where they are in DUKAO_TORTURE")
sys.path.insert(0, os.path.abspath(SHARED))

# The bytes of `-shm` that SQLite locks in WAL mode, and where its header says how far the log reaches.
WRITE_LOCK, READ_LOCK, MX_FRAME, READ_MARKS = 120, 123, 16, 100
