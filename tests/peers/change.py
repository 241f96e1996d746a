#!/usr/bin/env python3
"""What a day does to a plan: some gigs change, and what was promised stands.

    change.py WEEK PLAN --seed N [--percent 1] --promised FILE --blind FILE     writes the changed week twice
    change.py WEEK PLAN --compare CHANGED NEWPLAN                               prints promises, broken ones, and their share

Of the changed gigs a third is gone, a third has other times, a third is new (a copy of another gig). `promised` is a week of `keikka-city/2`
that names every unchanged assignment of the plan as accepted; `blind` is the same week without a word about them.
"""
import argparse
import json

from generate import DAY, Dice


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def store(path, data):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(data, file, separators=(",", ":"))


def changed(week, seed, percent):
    """The changed week and the ids of the gigs that are not as they were."""
    dice, gigs = Dice(seed + 977), list(week["gigs"])
    touched = set()
    while len(touched) < max(1, len(gigs) * percent // 100):
        touched.add(dice.between(0, len(gigs) - 1))
    result, ids = [], set()
    for number, gig in enumerate(gigs):
        what = number % 3 if number in touched else None
        if what != 0:
            result.append(gig)
        if what == 0:
            ids.add(gig["id"])
        elif what == 1:
            # The same hours on another day.
            days = dice.between(1, 6)
            result[-1] = {**gig, "windows": sorted([s % DAY + (s // DAY + days) % 7 * DAY, s % DAY + (s // DAY + days) % 7 * DAY + e - s] for s, e in gig["windows"])}
            ids.add(gig["id"])
        elif what == 2:
            result.append({**gig, "id": f"new-{gig['id']}"})
            ids.add(f"new-{gig['id']}")
    return {**week, "name": f"{week['name']}-changed", "gigs": result}, ids


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("week")
    words.add_argument("plan")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--percent", type=int, default=1)
    words.add_argument("--promised")
    words.add_argument("--blind")
    words.add_argument("--compare", nargs=2)
    asked = words.parse_args()
    week, plan = load(asked.week), load(asked.plan)
    if asked.compare:
        before = {gig["id"]: gig for gig in week["gigs"]}
        same = {gig["id"] for gig in load(asked.compare[0])["gigs"] if before.get(gig["id"]) == gig}
        seats = [(row["gig"], name, row["start"]) for row in plan["assignments"] if row["gig"] in same for name in row["volunteers"]]
        kept = {(row["gig"], name, row["start"]) for row in load(asked.compare[1])["assignments"] for name in row["volunteers"]}
        print(len(seats), sum(seat not in kept for seat in seats))
        return
    blind, ids = changed(week, asked.seed, asked.percent)
    promises = [
        {"gig": row["gig"], "slot": slot, "volunteer": name, "start": row["start"], "state": "accepted"}
        for row in plan["assignments"] if row["gig"] not in ids for slot, name in enumerate(row["volunteers"])
    ]
    store(asked.blind, blind)
    store(asked.promised, {**blind, "schema": "keikka-city/2", "promises": promises})


if __name__ == "__main__":
    main()
