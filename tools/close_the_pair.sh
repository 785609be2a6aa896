#!/usr/bin/env bash
# The sample's open pair of rounds, taken to its end through the real program by the persons whose work it is: the
# remaining ballots are confirmed and the remaining projects certified, both rounds sealed, verified, published, reopened
# and sealed again. Works in a scratch folder of its own and fails at the first thing that is not as it should be.
#
#   tools/close_the_pair.sh target/release/dukao
set -euo pipefail

[ $# = 1 ] || { echo "usage: $0 path/to/dukao" >&2; exit 2; }
dukao=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

# Nothing of whoever runs this may matter.
unset DUKAO_DATABASE XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME LC_ALL LC_MESSAGES
export HOME=$scratch LANG=zh_CN.UTF-8 DUKAO_DISTRICT=$scratch/office

asm=2014-H1-ASM
obs=2014-Q2-OBS

fail() { echo "FAILED: $*" >&2; exit 1; }

# ---- an office whose persons are known by sudo, so that one script can be all of them in turn
"$dukao" init office >/dev/null
sed -i 's/^uid = /uid = 77/; s/^sample = true/sample = false\nidentity = "sudo"/' office/district.toml
uid_of() { sed -n "/^login = \"$1\"/,/^uid/s/^uid = //p" office/district.toml; }

# as LOGIN COMMAND…
as() {
    local login=$1
    shift
    SUDO_UID=$(uid_of "$login") "$dukao" "$@"
}

# expect CODE LOGIN COMMAND…: the command ends with that exit code
expect() {
    local wanted=$1 code=0
    shift
    as "$@" >out 2>err || code=$?
    [ "$code" = "$wanted" ] || fail "exit $code, not $wanted: $*"$'\n'"$(cat out err)"
    printf '  %-7s exit %s  %s\n' "$1" "$code" "${*:2}"
}

# field ROUND NAME: one field of `round list --json`
field() {
    as zhukao round list --json | python3 -c '
import json, sys
print(next(r for r in json.load(sys.stdin)["rounds"] if r["id"] == sys.argv[1])[sys.argv[2]])' "$@"
}

is() { [ "$2" = "$3" ] || fail "$1 is $2, not $3"; }

# figures ROUND: units with their scores and ranks, apart from state
figures() {
    as zhukao rank --round "$1" --json | python3 -c '
import json, sys
for r in json.load(sys.stdin)["rows"]: print(r["unit"], r["rank"], r["score"])'
}

echo "== what is left"
is "state of $asm" "$(field $asm state)" open
is "state of $obs" "$(field $obs state)" open
expect 4 zhukao round seal $obs
expect 4 zhukao round seal $asm
projects=$(as zhukao projects --json | python3 -c 'import json, sys; print(*(p["id"] for p in json.load(sys.stdin)["projects"]))')
for id in $projects; do as zhukao project "$id" --round $asm --json; done >dossiers
# As on paper: one file with the second entries, and one per team with what it certifies. A suggestion is accepted as it
# is; where the facts suggest nothing, the team gives full points.
python3 - <<'PYTHON'
import csv, json
team = {"GY": "jiazu", "SZ": "jiazu", "AZ": "yizu", "XX": "yizu", "NC": "bingzu", "CQ": "bingzu"}
read, at, text = json.JSONDecoder(), 0, open("dossiers", encoding="utf-8").read()
ballots, scores = [], {}
while at < len(text):
    project, end = read.raw_decode(text, at)
    at = end + len(text[end:]) - len(text[end:].lstrip())
    for b in (project["panel"] or {}).get("ballots") or []:
        if b["state"] == "entered":
            ballots.append((project["panel"]["round"], b["judge"], project["id"], "confirmed", b["score"]))
    if project["score"]["state"] == "provisional":
        for part in project["score"]["parts"]:
            if part["basis"] in ("derived", "missing"):
                points = part["max"] if part["points"] is None else part["points"]
                row = (project["score"]["round"], project["id"], part["criterion"], points)
                scores.setdefault(team[project["headquarters"]], []).append(row)

def write(name, header, rows):
    with open(name, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])

write("ballots.csv", ("round", "judge", "project", "state", "score"), ballots[1:])
for login, rows in scores.items():
    write(f"{login}.csv", ("round", "project", "criterion", "points"), rows)
_, judge, site, _, score = ballots[0]
with open("one_ballot", "w") as out:
    print(judge, site, score, score - 0.5 if score >= 0.5 else score + 0.5, file=out)
print(f"  {len(ballots)} ballots to confirm, {len({r[1] for rows in scores.values() for r in rows})} projects to certify")
PYTHON
read -r judge site score other <one_ballot

echo "== ballots: a first entry, and its second by another person"
expect 0 luru ballot set $obs "$judge" "$site" "$other"
expect 3 luru ballot confirm $obs "$judge" "$site" "$other"
expect 4 hedui ballot confirm $obs "$judge" "$site" "$score"
expect 0 luru ballot set $obs "$judge" "$site" "$score"
expect 0 hedui ballot confirm $obs "$judge" "$site" "$score"
# By sudo no file is named: records come in by standard input.
expect 3 hedui import ballots.csv
expect 3 zhenban import - --kind ballots <ballots.csv
expect 0 hedui import - --kind ballots <ballots.csv
[ ! -s err ] || fail "not every ballot was confirmed: $(cat err)"

echo "== certification, each team its own units"
for csv in jiazu.csv yizu.csv bingzu.csv; do
    [ ! -e $csv ] || expect 0 "${csv%.csv}" import - --kind scores <$csv
done
is "certified projects" "$(field $asm certified)" "$(field $asm in_scope)"

echo "== sealing freezes the figures"
open_board=$(figures $asm)
expect 3 luru round seal $obs
expect 0 zhukao round seal $obs
expect 0 zhukao round seal $asm
is "the board" "$(figures $asm)" "$open_board"
asm_hash=$(field $asm hash)
obs_hash=$(field $obs hash)
[ "${#asm_hash}${#obs_hash}" = 6464 ] || fail "no hashes: $asm_hash $obs_hash"
# It computes both seals again from the inputs and compares them with the stored hashes.
expect 0 jiandu verify

echo "== publishing, and no entry after it"
expect 3 zhenban rank --round $asm
expect 0 zhukao round publish $obs
expect 0 zhukao round publish $asm
expect 0 zhenban rank --round $asm
expect 4 luru ballot set $obs "$judge" "$site" "$other" --reason 更正
expect 4 zhukao score set $asm "$site" duty 1 --reason 更正
expect 4 zhukao ballot set $obs "$judge" "$site" void --reason 更正

echo "== reopened and sealed again without a change: the same hashes"
expect 5 zhukao round reopen $obs
expect 0 zhukao round reopen $obs --reason 核对
expect 0 zhukao round reopen $asm --reason 核对
expect 0 zhukao round seal $obs
expect 0 zhukao round seal $asm
is "hash of $obs" "$(field $obs hash)" "$obs_hash"
is "hash of $asm" "$(field $asm hash)" "$asm_hash"
is "revision of $obs" "$(field $obs revision)" 2
is "revision of $asm" "$(field $asm revision)" 2

echo "== one ballot by half a point: another hash"
expect 0 zhukao round reopen $obs --reason 原票看错
expect 5 luru ballot set $obs "$judge" "$site" "$other"
expect 0 luru ballot set $obs "$judge" "$site" "$other" --reason 原票看错
expect 4 zhukao round seal $obs
expect 0 hedui ballot confirm $obs "$judge" "$site" "$other"
expect 0 zhukao round seal $obs
[ "$(field $obs hash)" != "$obs_hash" ] || fail "the hash of $obs does not tell the change"
is "hash of $asm" "$(field $asm hash)" "$asm_hash"
is "revision of $obs" "$(field $obs revision)" 3
expect 0 jiandu verify
echo "the pair is closed"
