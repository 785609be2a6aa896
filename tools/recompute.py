#!/usr/bin/env python3
"""Recompute the figures of a district folder independently of the program.

Reads the TOML files and the bootstrap CSV records of DIR, applies the rules of domain.md (F1-F19, section 11)
in exact fractions and prints status tallies, projects, boards, project scores, panels, quota plans, indicators, goals
and rectifications as JSON.
With --compare BIN it runs the program on a copy of the folder (without uids, so that whoever runs it may read open
rounds) with a database of its own, all in a temporary folder, and reports every difference.
Recorded resolutions of quota labels are not known here: they live in the database only.
"""
import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction as Fr
from functools import cache
from math import ceil, floor
from pathlib import Path

STATES = ["draft", "open", "sealed", "published", "final"]
BOARDS = {"headquarters": "headquarters", "towns": "town"}
UNITS = {"元": (1, "CNY"), "万元": (10**4, "CNY"), "万": (10**4, "CNY"), "亿元": (10**8, "CNY"), "亿": (10**8, "CNY"),
         "美元": (1, "USD"), "万美元": (10**4, "USD"), "亿美元": (10**8, "USD")}


# --- values (section 3, F2)

def round_half(x):
    """Nearest integer, exact halves away from zero."""
    return floor(x + Fr(1, 2)) if x >= 0 else -floor(-x + Fr(1, 2))


def round2(x):
    return Fr(round_half(Fr(x) * 100), 100)


def clamp(x, cap):
    return max(Fr(cap["min"]), min(Fr(cap["max"]), x))


def weighted_mean(pairs):
    """W of domain.md section 3 over (value, weight), absent values left out."""
    present = [(x, w) for x, w in pairs if x is not None]
    total = sum(w for _, w in present)
    return Fr(sum(x * w for x, w in present)) / total if total else None


def money(text):
    """(amount, currency), or None for an empty cell."""
    if not text:
        return None
    plain = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text))
    number, unit = re.fullmatch(r"(-?\d+(?:\.\d+)?)(\D+)", plain).groups()
    factor, currency = UNITS[unit]
    return Fr(number) * factor, currency


def yuan(amount):
    return amount[0] if amount and amount[1] == "CNY" else 0


def number(text):
    return Fr(text) if text else None


def day(text):
    return date.fromisoformat(text) if text else None


def months(start, end, at):
    """(whole months gone at `at`, months of the period), or None if the period is not whole months."""
    after = end + timedelta(1)
    if start.day != 1 or after.day != 1:
        return None
    index = lambda d: d.year * 12 + d.month
    total = index(after) - index(start)
    gone = index(at + timedelta(1)) - index(start)  # the month of the day after `at` has not ended yet
    return max(0, min(total, gone)), total


def pace(method, start, end, at):
    whole = months(start, end, at) if method == "months" else None
    if whole:
        return Fr(*whole)
    return max(Fr(0), min(Fr(1), Fr((at - start).days + 1, (end - start).days + 1)))


class District:
    def __init__(self, folder, as_of=None):
        self.folder = Path(folder)
        self.conf, projects, self.rules, self.targets = (
            self.toml(n) for n in ("district", "projects", "scoring", "targets"))
        self.forced = as_of
        self.today = as_of or self.conf.get("today") or date.today()
        self.year = date(self.conf["year"], 1, 1), date(self.conf["year"], 12, 31)
        self.units = {u["code"]: u for u in self.conf.get("unit", [])}
        self.projects = {p["id"]: p for p in projects.get("project", [])}
        self.rounds = {r["id"]: r for r in self.conf.get("round", [])}
        self.judges = {j["id"]: j for j in self.conf.get("judge", [])}
        self.read_records()

    # --- input

    def toml(self, name):
        path = self.folder / f"{name}.toml"
        if not path.exists():
            return {}
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Fr)

    def read_records(self):
        rows = {}
        for entry in self.conf.get("bootstrap", []):
            path = self.folder / entry
            for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
                with open(file, encoding="utf-8-sig", newline="") as lines:
                    table = [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(lines)]
                rows.setdefault(file.stem, []).extend(table)
        of = lambda kind: rows.get(kind, [])
        keyed = lambda kind, *key: {tuple(r[k] for k in key): r for r in of(kind)}
        self.done = {k: day(r.get("done")) for k, r in keyed("milestones", "project", "milestone").items()}
        self.progress = sorted(keyed("progress", "project", "date").values(), key=lambda r: r["date"])
        self.incidents = list(keyed("incidents", "id").values())
        self.rectifications = list(keyed("rectifications", "id").values())
        self.attractions = list(keyed("attractions", "id").values())
        self.indicators = list(keyed("indicators", "indicator", "period").values())
        self.goals = sorted(keyed("goals", "goal", "date").values(), key=lambda r: r["date"])
        self.entries = {k: r["points"] for k, r in keyed("scores", "round", "project", "criterion").items()}
        self.ballots = {}
        for (rnd, judge, project), r in keyed("ballots", "round", "judge", "project").items():
            self.ballots.setdefault((rnd, project), {})[judge] = (r["state"], number(r.get("score")))
        self.state = dict.fromkeys(self.rounds, "draft")
        for r in sorted(of("rounds"), key=lambda r: r["state"] != "open"):  # `open` rows are applied first
            self.state[r["round"]] = r["state"]

    # --- dates, rounds, responsibility

    def at(self, rnd):
        """D of a round."""
        frozen = STATES.index(self.state[rnd["id"]]) >= STATES.index("sealed")
        return rnd["as_of"] if frozen or not self.forced else self.forced

    def status_date(self):
        opened = [r["as_of"] for r in self.rounds.values()
                  if r["kind"] == "assessment" and self.state[r["id"]] == "open"]
        return self.forced or max(opened, default=self.today)

    def pair(self, rnd):
        if rnd.get("pair"):
            return self.rounds[rnd["pair"]]
        return next((r for r in self.rounds.values() if r.get("pair") == rnd["id"]), None)

    def both(self, rnd):
        """(assessment, observation) of a round and its pair."""
        other = self.pair(rnd)
        return (rnd, other) if rnd["kind"] == "assessment" else (other, rnd)

    def previous(self, rnd):
        if rnd.get("previous"):
            found = self.rounds.get(rnd["previous"])
            return found if found and self.state[found["id"]] != "draft" else None
        earlier = [r for r in self.rounds.values() if r["kind"] == rnd["kind"] and r["as_of"] < rnd["as_of"]
                   and self.state[r["id"]] in STATES[2:]]
        return max(earlier, key=lambda r: r["as_of"], default=None)

    @staticmethod
    def plan_shares(project, kind):
        if kind == "headquarters":
            return {project["headquarters"]: Fr(1)}
        if project.get("town_shares"):
            return {u: Fr(bp, 10000) for u, bp in project["town_shares"].items()}
        return {project.get("town"): Fr(1)}

    def holders(self, project, kind):
        """[(first day or None, shares)] in order of time."""
        moves = sorted((m for m in project.get("move", []) if m["board"] == kind), key=lambda m: m["from"])
        return [(None, self.plan_shares(project, kind))] + [(m["from"], {m["unit"]: Fr(1)}) for m in moves]

    def shares_at(self, project, kind, at):
        return [s for start, s in self.holders(project, kind) if start is None or start <= at][-1]

    def shares(self, project, kind, rnd):
        """F9: unit -> q; the unit None is 未注明."""
        if self.rules["unit"]["attribution"] == "as_of":
            return self.shares_at(project, kind, self.at(rnd))
        end = rnd["to"] + timedelta(1)
        held = self.holders(project, kind)
        days, share_of, last = Counter(), {}, None
        for i, (start, shares) in enumerate(held):
            lo = max(start or rnd["from"], rnd["from"])
            hi = min(held[i + 1][0] if i + 1 < len(held) else end, end)
            if lo < hi:
                last = tuple(shares.items())
                days[last] += (hi - lo).days
                share_of[last] = shares
        total = (end - rnd["from"]).days
        points = {k: round_half(Fr(10000 * n, total)) for k, n in days.items()}
        points[last] = 10000 - sum(bp for k, bp in points.items() if k != last)
        result = {}
        for key, bp in points.items():
            for unit, share in share_of[key].items():
                result[unit] = result.get(unit, 0) + Fr(bp, 10000) * share
        return {u: q for u, q in result.items() if q > 0}

    # --- F1 status, F19 tallies

    def done_by(self, project, milestone, at):
        done = self.done.get((project["id"], milestone["name"]))
        return done if done and done <= at else None

    @cache
    def status(self, pid, at):
        """(status, light, lag)."""
        project, light = self.projects[pid], self.rules["light"]["milestone"]
        if project.get("state", "active") in ("exempt", "withdrawn"):
            return "excluded", None, None
        nodes = project.get("milestone", [])
        if not nodes:
            return "unknown", "grey", None
        lags = [(at - m["due"]).days - light.get("grace_days", 0) for m in nodes if not self.done_by(project, m, at)]
        if not lags:
            return "completed", "green", None
        lag = max(lags)
        if lag <= 0:
            return "on_track", "green", None
        return "behind", "yellow" if lag <= light["yellow_to"] else "red", lag

    def tally(self, commitment, at):
        found = [self.status(p["id"], at) for p in self.projects.values() if p["commitment"] == commitment]
        count = Counter(s for s, _, _ in found)
        return {"total": len(found), "completed": count["completed"], "on_track": count["on_track"],
                "behind": count["behind"], "behind_red": sum(light == "red" for _, light, _ in found),
                "unknown": count["unknown"], "excluded": count["excluded"]}

    def run_rate(self, tally, at):
        total, done = tally["total"], tally["completed"]
        rate = lambda n: round2(Fr(100 * n, total)) if total else None
        gone, year = months(*self.year, at)
        left = total - done
        needed = Fr(left, year - gone) if year > gone else None
        so_far = Fr(done, gone) if gone else None
        return {"completed_percent": rate(done), "completed_or_on_track_percent": rate(done + tally["on_track"]),
                "behind_percent": rate(tally["behind"]), "forecast": round2(Fr(done * year, gone)) if gone else None,
                "left": left, "needed_per_month": None if needed is None else round2(needed),
                "per_month_so_far": None if so_far is None else round2(so_far),
                "ratio": round2(needed / so_far) if needed is not None and so_far else None}

    def status_json(self):
        at, now = self.status_date(), self.today
        behind = [p for p in self.projects.values() if self.status(p["id"], at)[0] == "behind"]
        behind.sort(key=lambda p: (p["commitment"] != "must", -self.status(p["id"], at)[2], p["id"]))
        until = now + timedelta(self.rules["light"]["due_soon_days"])
        soon = [(m["due"], p["id"], i, m["name"]) for p in self.projects.values()
                if self.status(p["id"], now)[0] != "excluded" for i, m in enumerate(p.get("milestone", []))
                if now <= m["due"] <= until and not self.done_by(p, m, now)]
        return {"district": self.conf["id"], "as_of": at, "total": len(self.projects),
                "must": self.tally("must", at), "stretch": self.tally("stretch", at),
                "behind": [p["id"] for p in behind],
                "due_soon": [{"project": p, "milestone": name, "due": due} for due, p, _, name in sorted(soon)]}

    def projects_json(self):
        """F1 of every project, with the units that answer at D."""
        at, rows = self.status_date(), []
        for p in self.projects.values():
            status, light, lag = self.status(p["id"], at)
            opened = [m for m in p.get("milestone", []) if not self.done_by(p, m, at)]
            upcoming = None if status == "excluded" else min(opened, key=lambda m: m["due"], default=None)
            towns = list(self.shares_at(p, "town", at))
            rows.append({"id": p["id"], "name": p["name"], "commitment": p["commitment"],
                         "headquarters": next(iter(self.shares_at(p, "headquarters", at))),
                         "town": towns[0] if len(towns) == 1 else None, "state": p.get("state", "active"),
                         "status": status, "light": light, "lag_days": lag,
                         "next_milestone": upcoming and {"name": upcoming["name"], "due": upcoming["due"]}})
        return {"as_of": at, "projects": rows}

    def milestones(self, project):
        """Done and late days of the milestones at D."""
        at, rows = self.status_date(), []
        for m in project.get("milestone", []):
            done = self.done_by(project, m, at)
            late = ((done or at) - m["due"]).days
            rows.append({"name": m["name"], "due": m["due"], "done": done, "weight": m.get("weight", 1),
                         "late_days": late if late > 0 else None})
        return rows

    # --- F3 - F8 project scores

    def suggestion(self, criterion, project, at):
        """Points, "n/a", or None where missing."""
        source, points = criterion["source"], Fr(criterion["points"])
        if source == "entry":
            return None
        if source == "milestones":
            return self.node_points(criterion, project, at)
        record = next((r for r in reversed(self.progress)
                       if r["project"] == project["id"] and day(r["date"]) <= at), {})
        if source == "investment":
            plan = money(project.get("annual_plan"))
            gone = pace(criterion.get("pace", "months"), *self.year, at)
            if plan is None or gone == 0:
                return "n/a"
            got = money(record.get("invested"))
            if got is None or got[1] != plan[1] or day(record["date"]) < self.year[0]:
                return None
            part, whole = got[0], plan[0] * gone
        else:
            names = {"certified_progress": ("percent", "planned_percent"),
                     "permits": ("permits_obtained", "permits_due")}
            part, whole = (number(record.get(name)) for name in names[source])
            if whole == 0:
                return "n/a"
            if part is None or whole is None:
                return None
        return round2(points * min(Fr(criterion.get("cap_percent", 100), 100), part / whole))

    def node_points(self, criterion, project, at):
        completed = self.status(project["id"], at)[0] == "completed"
        nodes = [m for m in project.get("milestone", []) if completed or m["due"] <= at]
        if not nodes:
            return "n/a"
        late = criterion.get("late", {})

        def credit(m):
            done = self.done_by(project, m, at)
            if not done:
                return Fr(0)
            if done <= m["due"] or not late:
                return Fr(1)
            steps = ceil(Fr((done - m["due"]).days, late["step_days"]))
            return max(Fr(late["floor_percent"], 100), 1 - Fr(late["loss_percent"], 100) * steps)

        return round2(Fr(criterion["points"]) * weighted_mean((credit(m), m.get("weight", 1)) for m in nodes))

    def part(self, rnd, project, criterion):
        suggested = self.suggestion(criterion, project, self.at(rnd))
        entry = self.entries.get((rnd["id"], project["id"], criterion["id"]))
        if entry is None:
            points = None if suggested == "n/a" else suggested
            basis = {"n/a": "not_applicable", None: "missing"}.get(suggested, "derived")
        elif entry == "n/a":
            points, basis = None, "not_applicable"
        else:
            points = Fr(entry)
            original = self.suggestion(criterion, project, rnd["as_of"])  # an entry was made at the round's as_of
            basis = "entered" if original is None else "accepted" if points == original else "override"
        return {"criterion": criterion["id"], "points": points, "max": criterion["points"], "basis": basis}

    def events(self, rnd, project):
        """F6: kind -> number of events."""
        at, rules, count = self.at(rnd), self.rules, Counter()
        resolved_kind = {d["id"]: d["when_resolved"] for d in rules.get("deduction", []) if d.get("when_resolved")}
        unresolved_kind = {v: k for k, v in resolved_kind.items()}
        for r in self.incidents:
            if r["project"] != project["id"] or day(r["date"]) > at:
                continue
            kind, over = r["kind"], day(r["date"])
            if kind in resolved_kind or kind in unresolved_kind:
                over = day(r.get("resolved"))
                over = over if over and over <= at else None
                kind = resolved_kind.get(kind, kind) if over else unresolved_kind.get(kind, kind)
            if over is None or over >= rnd["from"]:
                count[kind] += 1
        for rule in rules.get("deduction", []) + rules.get("bonus", []):
            source = rule.get("source", "incidents")
            if source == "overdue_rectifications":
                count[rule["id"]] = sum(
                    r["project"] == project["id"] and day(r["issued"]) <= at and day(r["due"]) < at
                    and not (r.get("closed") and day(r["closed"]) <= at) for r in self.rectifications)
            elif source == "stop_and_go":
                count[rule["id"]] = int(project.get("stall") == "stop_and_go")
            elif source == "early_completion" and self.status(project["id"], at)[0] == "completed":
                nodes = project["milestone"]
                early = max(m["due"] for m in nodes) - max(self.done_by(project, m, at) for m in nodes)
                count[rule["id"]] = max(0, early.days // rule["step_days"])
        return count

    def task_points(self, project):
        if project.get("task_points"):
            return project["task_points"]
        rule, total = self.rules["task_points"], money(project.get("total_investment"))
        if total is None or total[1] != "CNY":
            return rule["default"]
        return [t["points"] for t in rule["tiers"] if money(t["at_least"])[0] <= total[0]][-1]

    def in_scope(self, project):
        scope = self.rules["scope"]
        kinds = scope["commitments"] + (["stretch"] if scope["stretch"]["mode"] == "same" else [])
        return project["commitment"] in kinds and project.get("state", "active") in ("active", "suspended")

    @cache
    def score(self, rid, pid):
        """F5 - F8 of an in-scope project."""
        rnd, project, rules = self.rounds[rid], self.projects[pid], self.rules
        parts = [self.part(rnd, project, c) for c in rules["criterion"]]
        settled = all(p["basis"] not in ("derived", "missing") for p in parts)
        effective = [p for p in parts if p["points"] is not None]
        applicable = sum(Fr(p["max"]) for p in effective)
        count, caps = self.events(rnd, project), rules["caps"]
        bonus = min(Fr(caps["bonus"]), sum((Fr(b["points"]) * count[b["id"]] for b in rules.get("bonus", [])), Fr(0)))
        deductions, groups = [], {}
        for d in rules.get("deduction", []):
            if n := count[d["id"]]:
                points = Fr(d["points"]) * n
                deductions.append({"kind": d["id"], "count": n, "points": points})
                groups[d["group"]] = groups.get(d["group"], 0) + points
        deduction = sum((min(Fr(caps["deduction"][g]), x) for g, x in groups.items()), Fr(0))
        veto = any(count[e["id"]] for e in rules.get("veto", {}).get("events", []))
        enough = applicable >= rules["scope"]["min_applicable"]
        state = "provisional" if not settled else "certified" if enough or veto else "not_scored"
        score = None
        if veto:
            score = Fr(0)
        elif enough and applicable:
            base = round2(100 * sum(p["points"] for p in effective) / applicable)
            score = clamp(base + bonus - deduction, caps["project"])
        task = self.task_points(project)
        return {"round": rid, "state": state, "parts": parts, "applicable_points": applicable, "bonus": bonus,
                "deductions": deductions, "deduction_total": deduction, "veto": veto, "score": score,
                "task_points": task, "earned_points": None if score is None else round2(task * score / 100)}

    # --- F9 - F13 boards

    def trimmed(self, scores):
        """(removed, mean of the rest rounded, k)."""
        rule, n = self.rules["observation"]["trim"], len(scores)
        if rule == "auto":
            k = 0 if n < 5 else 1 if n < 20 else n // 10
        else:
            k = 0 if rule == "none" else min(rule, (n - 1) // 2)
        scores = sorted(scores)
        kept = scores[k:n - k]
        return scores[:k] + scores[n - k:], round2(sum(kept) / Fr(len(kept))), k

    @cache
    def panel(self, rid, pid):
        rules, project, at = self.rules["observation"], self.projects[pid], self.at(self.rounds[rid])
        ballots = self.ballots.get((rid, pid), {})
        holders = {u for kind in BOARDS.values() for u in self.shares_at(project, kind, at) if u}
        recused = {j for j, d in self.judges.items() if d.get("home_unit") in holders}
        recused |= {j for j, (state, _) in ballots.items() if state == "recused"}
        valid = {j: score for j, (state, score) in ballots.items()
                 if state in ("entered", "confirmed") and j not in recused}
        removed, score, k = [], None, 0
        groups = rules.get("groups", [])
        if valid and len(valid) >= rules["min_valid"]:
            if not groups:
                removed, score, k = self.trimmed(valid.values())
            else:
                means = []
                for group in groups:
                    own = [s for j, s in valid.items() if self.judges[j].get("group") == group["id"]]
                    out, mean, trim = self.trimmed(own) if own else ([], None, 0)
                    removed, k = sorted(removed + out), max(k, trim)
                    means.append((mean, group["weight"]))
                score = weighted_mean(means)
                score = None if score is None else round2(score)
        return {"round": rid, "valid": len(valid), "trimmed_per_side": k, "removed": removed, "score": score,
                "absent": sum(state == "absent" for j, (state, _) in ballots.items() if j not in recused),
                "recused": len(recused)}

    def assessment(self, rnd, kind, unit):
        """F9 for one unit."""
        rules, at = self.rules, self.at(rnd)
        held = [(p, q) for p in self.projects.values() if (q := self.shares(p, kind, rnd).get(unit))]
        scope = [(self.score(rnd["id"], p["id"]), q) for p, q in held if self.in_scope(p)]
        scored = [(s, q) for s, q in scope if s["score"] is not None]
        rows = [(s["score"], q, round2(s["task_points"] * q)) for s, q in scored]
        task = sum((t for _, _, t in rows), Fr(0))
        earned = sum((round2(t * s / 100) for s, _, t in rows), Fr(0))
        value, bonus = None, Fr(0)
        if rows:
            method, stretch = rules["unit"]["method"], rules["scope"]["stretch"]
            if method == "sum":
                value = earned
            elif method == "mean":
                value = round2(weighted_mean((s, q) for s, q, _ in rows))
            else:
                value = round2(100 * earned / task)
            if stretch["mode"] == "bonus":
                done = sum((q for p, q in held if p["commitment"] == "stretch"
                            and self.status(p["id"], at)[0] == "completed"), Fr(0))
                bonus = min(Fr(stretch["cap"]), round2(Fr(stretch["per_completed"]) * done))
            value += bonus
            if method != "sum":
                value = clamp(value, rules["caps"]["unit"])
        return {"value": value, "task_points": task, "earned_points": earned, "projects": len(scope),
                "scored": len(scored), "certified": sum(s["state"] == "certified" for s, _ in scope),
                "stretch_bonus": bonus, "veto": any(s["veto"] for s, _ in scope),
                "incomplete": any(s["state"] == "provisional" for s, _ in scope),
                "deduction_total": sum((s["deduction_total"] for s, _ in scored), Fr(0))}

    def observation(self, rnd, kind, unit):
        """F11 for one unit."""
        sites = [self.projects[pid] for pid in rnd["projects"]]
        panels = [self.panel(rnd["id"], p["id"])["score"] for p in sites
                  if p.get("state", "active") in ("active", "suspended") and self.shares(p, kind, rnd).get(unit)]
        mean = weighted_mean((s, 1) for s in panels)
        return None if mean is None else round2(mean)

    def composite(self, a, o):
        rule = self.rules["composite"]
        if (a is None or o is None) and rule["missing"] == "blank":
            return None
        mean = weighted_mean([(a, rule["assessment"]), (o, rule["observation"])])
        return None if mean is None else round2(mean)

    def tie_key(self, rnd, kind, unit, deduction):
        """F13: smaller is better."""
        must = [self.status(p["id"], self.at(rnd))[0] for p in self.projects.values()
                if p["commitment"] == "must" and self.shares(p, kind, rnd).get(unit)]
        must = [s for s in must if s != "excluded"]
        keys = {"must_completed_rate": -Fr(must.count("completed"), len(must)) if must else Fr(0),
                "behind_count": must.count("behind"), "deduction_total": deduction}
        return tuple(keys[k] for k in self.rules["rank"]["tie_break"])

    @cache
    def board(self, board, rid, by):
        """Rows of a leaderboard, without movement."""
        kind = BOARDS[board]
        asm, obs = self.both(self.rounds[rid])
        base = obs if by == "observation" else asm
        codes = [c for c, u in self.units.items() if u["kind"] == kind]
        if any(None in self.shares(p, kind, base) for p in self.projects.values()):
            codes.append(None)
        rows, ranked = [], []
        for code in codes:
            a = self.assessment(asm, kind, code) if asm else {}
            values = {"assessment": a.get("value"), "observation": self.observation(obs, kind, code) if obs else None}
            values["composite"] = self.composite(*values.values()) if asm and obs else None
            flags = [f for f in ("veto", "incomplete") if a.get(f) and (f == "veto" or by != "observation")]
            if by == "composite" and values["composite"] is not None:
                flags += [f"no_{m}" for m in ("assessment", "observation") if values[m] is None]
            name = self.units[code]["name"] if code else "未注明"
            row = {"rank": None, "tied": False, "unit": code, "name": name,
                   "score": values[by], **values}
            row |= {k: a.get(k) for k in ("task_points", "earned_points", "projects", "scored", "certified",
                                          "stretch_bonus")}
            row |= {"delta": None, "flags": flags}
            rows.append(row)
            rests = by != "observation" and values["assessment"] is not None
            if code and self.units[code].get("ranked", True) and row["score"] is not None \
                    and not (rests and a["scored"] < self.rules["rank"]["min_projects"]):
                # An observation is not ordered by what an assessment deducts.
                deduction = a.get("deduction_total", Fr(0)) if by != "observation" else Fr(0)
                key = (-row["score"], self.tie_key(base, kind, code, deduction))
                ranked.append((key, row))
        keys = sorted(key for key, _ in ranked)
        if self.rules["rank"]["method"] == "dense":
            order = {key: i for i, key in enumerate(sorted(set(keys)), 1)}
        else:
            order = {key: keys.index(key) + 1 for key in keys}
        for key, row in ranked:
            row["rank"], row["tied"] = order[key], keys.count(key) > 1
            if any(other[0] == key[0] and other != key for other in keys):
                row["flags"].append("tie_broken")
        return sorted(rows, key=lambda r: (r["rank"] is None, r["rank"] or 0))

    def board_json(self, board, rid, by):
        asm, obs = self.both(self.rounds[rid])
        base = obs if by == "observation" else asm
        rows = self.board(board, rid, by)
        before = self.previous(base)
        if before and (by != "composite" or self.pair(before)):
            ranks = {r["unit"]: r["rank"] for r in self.board(board, before["id"], by)}
            for row in rows:
                if row["rank"] and ranks.get(row["unit"]):
                    row["delta"] = ranks[row["unit"]] - row["rank"]
        states = [self.state[r["id"]] for r in ((asm, obs) if by == "composite" else (base,))]
        return {"round": rid, "board": board, "by": by, "state": min(states, key=STATES.index), "rows": rows}

    def measures(self, rnd):
        return ["assessment", "observation", "composite"] if self.pair(rnd) else [rnd["kind"]]

    # --- F14, F17 quotas, F15 indicators, F16 goals, F18 rectifications

    def quota_unit(self, quota):
        if quota.get("unit"):
            return quota["unit"]
        bare = lambda s: "".join(s.split())
        return next((c for c, u in self.units.items() if bare(quota["label"]) in
                     [bare(n) for n in (u["name"], u.get("short", ""), *u.get("aliases", []))]), None)

    def quota_light(self, plan, gone, target, actual):
        rule = self.rules["light"]["quota"]
        if self.today < plan["from"] or not target or actual is None:
            return "grey"
        if rule.get("preset") == "sanya":
            expected = target * gone
            return "green" if actual >= expected else "yellow" if expected - actual <= expected / 2 else "red"
        lag = 100 * gone - Fr(100 * actual, target)
        yellow, red = rule.get("yellow_from", 10), rule.get("red_above", 30)
        return "green" if lag < yellow else "yellow" if lag <= red else "red"

    def quota_plan(self, plan):
        now, rules, tiers = self.today, self.rules["quota"], plan["tier"]
        gone = pace(rules["pace"], plan["from"], plan["to"], now)
        signed = [a | {"money": money(a["amount"]), "got": money(a.get("received"))} for a in self.attractions
                  if not a.get("excluded") and plan["from"] <= day(a["signed"]) <= min(plan["to"], now)]
        least = Fr(rules.get("min_received_percent", 0), 100)
        recognised = [a for a in signed if a["money"][1] == "CNY" and yuan(a["got"]) >= a["money"][0] * least]
        credits = lambda a: [c.strip() for c in a.get("credits", "").split(";") if c.strip()]
        within = {t["id"]: [a for a in recognised if a["money"][0] >= money(t["at_least"])[0]] for t in tiers}
        quotas = plan.get("quota", [])
        outer = sum(yuan(a["got"]) for a in signed if a.get("origin") == "other_province")
        inner = sum(yuan(a["got"]) for a in signed if a.get("origin") == "in_province")

        def implied(targets, i):
            return next((targets[t["id"]] for t in tiers[i:] if t["id"] in targets), 0)

        def cell(quota, unit, tier):
            target = quota["targets"].get(tier["id"])
            actual = sum(unit in credits(a) for a in within[tier["id"]]) if unit else None
            known = bool(target) and actual is not None
            lag = 100 * gone - Fr(100 * actual, target) if known else Fr(0)
            return {"id": tier["id"], "target": target, "actual": actual,
                    "progress": round2(Fr(100 * actual, target)) if known else None,
                    "lag_pp": round2(lag) if lag > 0 else None, "light": self.quota_light(plan, gone, target, actual),
                    "forecast": round2(actual / gone) if gone and actual is not None else None}

        def points(ratio):
            if rules["score"] == "threshold":
                return 100 if ratio >= 1 else 50 if 2 * ratio >= 1 else 0
            return 100 * (min(Fr(1), ratio) if rules["score"] == "capped" else ratio)

        rows = []
        for quota in quotas:
            unit = self.quota_unit(quota)
            cells = [cell(quota, unit, t) for t in tiers]
            mean = weighted_mean((points(Fr(c["actual"], c["target"])), 1) for c in cells if c["target"] and unit)
            rows.append({"unit": unit, "label": quota.get("label") or self.units[unit]["name"],
                         "resolution": "resolved" if unit else "unresolved", "tiers": cells,
                         "score": None if mean is None else round2(mean)})
        return {"id": plan["id"], "pace": round2(100 * gone),
                "funds": {"outside_city_yuan": outer + inner, "outside_province_yuan": outer},
                "tiers": [{"id": t["id"], "headline": t.get("headline"),
                           "stated_sum": sum(q["targets"].get(t["id"], 0) for q in quotas),
                           "implied_sum": sum(implied(q["targets"], i) for q in quotas),
                           "distinct": len(within[t["id"]]), "credits": sum(len(credits(a)) for a in within[t["id"]])}
                          for i, t in enumerate(tiers)],
                "rows": rows}

    def goal(self, goal):
        value = next((Fr(r["value"]) for r in reversed(self.goals)
                      if r["goal"] == goal["id"] and day(r["date"]) <= self.today), None)
        op, target = goal["op"], goal.get("value")
        met = value is not None and (value == 0 if op == "zero" else value == 1 if op == "done" else
                                     value <= target if op == "at_most" else value >= target)
        if met:
            light = "green"
        elif self.today > goal["due"] or (op == "zero" and value is not None and value > 0):
            light = "red"
        else:
            light = "grey" if value is None else "yellow"
        return {"id": goal["id"], "op": op, "target": target, "value": value, "due": goal["due"], "light": light}

    def indicator(self, indicator):
        def newness(record):
            """Last day of the period and its months: of two that end on one day the longer one is newer."""
            year, _, part = record["period"].partition("-")
            last, length = {"": (12, 12), "H1": (6, 6), "H2": (12, 6)}.get(part) or (3 * int(part[1:]), 3)
            return date(int(year) + last // 12, last % 12 + 1, 1) - timedelta(1), length

        known = [r for r in self.indicators if r["indicator"] == indicator["id"] and newness(r)[0] <= self.today]
        record = max(known, key=newness, default={})
        growth, target, city, value = (number(record.get(k)) for k in ("growth", "target_growth", "city_growth", "value"))
        versus = record.get("versus_city") or None
        sign, beyond = (1, "above") if indicator["better"] == "higher" else (-1, "below")
        conditions = [sign * growth >= sign * bound for bound in (target, city) if None not in (growth, bound)]
        if growth is not None and city is None and versus:
            conditions.append(versus in (beyond, "equal"))
        if growth is None or not conditions and sign * growth >= 0:
            light = "grey"
        else:
            light = "red" if sign * growth < 0 else "green" if all(conditions) else "yellow"
        return {"id": indicator["id"], "name": indicator["name"], "period": record.get("period"), "value": value,
                "unit": indicator["unit"], "growth": growth, "target_growth": target, "versus_city": versus,
                "provisional": record.get("provisional") == "yes", "light": light}

    def rectification(self, r):
        issued, due, closed = (day(r.get(k)) for k in ("issued", "due", "closed"))
        left, state = (due - self.today).days, r["state"]
        if closed and closed > self.today:  # not yet: it waits to be closed
            closed, state = None, "submitted"
        light = "green" if closed or left > self.rules["light"]["rectification"]["warn_days"] else \
            "red" if left < 0 else "yellow"
        return {"id": r["id"], "project": r.get("project") or None, "unit": r["unit"], "state": state,
                "issued": issued, "due": due, "closed": closed, "light": light,
                "overdue_days": -left if light == "red" else None}

    def rectifications_json(self):
        """By id: in which order the program lists them is no figure."""
        issued = [r for r in self.rectifications if day(r["issued"]) <= self.today]
        rows = sorted(map(self.rectification, issued), key=lambda r: r["id"])
        return {"as_of": self.today, "rectifications": rows}

    # --- output

    def live_rounds(self):
        return [r for r in self.rounds.values() if self.state[r["id"]] != "draft"]

    def figures(self):
        rounds = {}
        for rnd in self.live_rounds():
            rid = rnd["id"]
            out = rounds[rid] = {"kind": rnd["kind"], "state": self.state[rid], "as_of": self.at(rnd)}
            out["boards"] = {b: {m: self.board_json(b, rid, m)["rows"] for m in self.measures(rnd)} for b in BOARDS}
            if rnd["kind"] == "assessment":
                out["projects"] = {p: self.score(rid, p) for p, d in self.projects.items() if self.in_scope(d)}
            else:
                out["panels"] = {p: self.panel(rid, p) for p in rnd["projects"]}
        status = self.status_json()
        return {"status": status,
                "run_rate": {c: self.run_rate(status[c], status["as_of"]) for c in ("must", "stretch")},
                "projects": self.projects_json()["projects"], "rounds": rounds, "targets": self.targets_json(),
                "rectifications": self.rectifications_json()["rectifications"]}

    def targets_json(self):
        return {"as_of": self.today, "quota_plans": [self.quota_plan(p) for p in self.targets.get("quota_plan", [])],
                "indicators": [self.indicator(i) for i in self.targets.get("indicator", [])],
                "goals": [self.goal(g) for g in self.targets.get("goal", [])]}


def plain(value):
    """Fractions and dates as JSON values; every printed fraction is a short decimal, so a float is exact enough."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, Fr):
        return int(value) if value.denominator == 1 else float(value)
    return value.isoformat() if isinstance(value, date) else value


def differences(ours, theirs, path):
    """Lines naming where `theirs` lacks or contradicts a value of `ours`; keys only they have are ignored."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key not in theirs:
                yield f"{path}.{key}: key missing"
            else:
                yield from differences(value, theirs[key], f"{path}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list):
        if path.endswith(".flags"):
            ours, theirs = sorted(ours), sorted(theirs)
        if len(ours) != len(theirs):
            yield f"{path}: {len(ours)} recomputed, {len(theirs)} from the program: {ours} / {theirs}"
        for i, (a, b) in enumerate(zip(ours, theirs)):
            name = (a.get("unit") or a.get("id") or a.get("criterion") or i) if isinstance(a, dict) else i
            yield from differences(a, b, f"{path}[{name}]")
    elif ours != theirs or isinstance(ours, bool) != isinstance(theirs, bool):
        yield f"{path}: {ours!r} recomputed, {theirs!r} from the program"


def compare(district, binary, quick):
    """Every difference between our figures and those that `binary` prints."""
    targets = district.targets_json()
    wanted = [(["status"], district.status_json()), (["projects"], district.projects_json()),
              (["rectifications"], district.rectifications_json())]
    wanted += [(["targets", name.partition("_")[0].replace("quota", "quotas")], {k: targets[k] for k in ("as_of", name)})
               for name in ("quota_plans", "indicators", "goals")]
    told = set()
    for rnd in district.live_rounds():
        rid = rnd["id"]
        for board in BOARDS:
            for by in district.measures(rnd):
                wanted.append((["rank", board, "--round", rid, "--by", by], district.board_json(board, rid, by)))
        asm, obs = district.both(rnd)
        rounds = asm and asm["id"], obs and obs["id"]
        if quick or rounds in told:  # a round and its pair give one answer
            continue
        told.add(rounds)
        for pid, project in district.projects.items():
            found = {"milestones": district.milestones(project), "score": None, "panel": None}
            if asm and district.in_scope(project):
                found["score"] = district.score(asm["id"], pid)
            elif asm:
                found["score"] = {"state": "out_of_scope", "parts": [], "score": None}
            if obs and pid in obs["projects"]:
                found["panel"] = district.panel(obs["id"], pid)
            wanted.append((["project", pid, "--round", rid], found))
    with tempfile.TemporaryDirectory() as temp:
        home = {f"XDG_{k}_HOME": f"{temp}/{k.lower()}" for k in ("CONFIG", "DATA", "STATE", "CACHE")}
        env = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": temp, "XDG_RUNTIME_DIR": temp, **home}
        copy = Path(shutil.copytree(district.folder, f"{temp}/district"))
        conf = (copy / "district.toml").read_text(encoding="utf-8")
        # without any uid the owner of the database may read open rounds too; an unknown uid is only a viewer
        (copy / "district.toml").write_text(re.sub(r"(?m)^\s*uid\s*=.*$", "", conf), encoding="utf-8")
        options = ["--district", str(copy), "--database", f"{temp}/compare.db", "--lang", "zh", "--json"]
        if district.forced:
            options += ["--as-of", district.forced.isoformat()]
        for command, ours in wanted:
            name = " ".join(command)
            run = subprocess.run([binary, *options, *command], env=env, cwd=temp, capture_output=True,
                                 encoding="utf-8", timeout=120)
            try:
                theirs = json.loads(run.stdout)
            except ValueError:
                yield f"{name}: exit {run.returncode}, no JSON: {(run.stderr or run.stdout).strip()[:300]}"
                continue
            for answer in (ours, theirs):
                if "rectifications" in answer:
                    answer["rectifications"].sort(key=lambda r: r["id"])
            yield from differences(plain(ours), theirs, name)
    print(f"{len(wanted)} answers compared", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("district", metavar="DIR", help="district folder: *.toml and the records it bootstraps")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="recompute as of that day")
    parser.add_argument("--compare", metavar="BIN", help="compare with this program; exit 1 on any difference")
    parser.add_argument("--quick", action="store_true",
                        help="with --compare: without the milestones, score and panel of every single project")
    args = parser.parse_args()
    district = District(args.district, args.as_of)
    if not args.compare:
        print(json.dumps(plain(district.figures()), ensure_ascii=False, indent=2))
        return 0
    found = 0
    for line in compare(district, str(Path(args.compare).resolve()), args.quick):
        print(line)
        found += 1
    print(f"{found} differences", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
