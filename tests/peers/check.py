#!/usr/bin/env python3
"""Judges a plan for a week in the neutral format `keikka-city/1` by the rules of docs/neutral-format.md, and nothing else.

    check.py INSTANCE PLAN          prints one line of JSON; exit code 0 if the plan is possible

It shares no code with the generator, with the peers or with keikka, and believes no figure that the plan claims. Whole seconds only.
"""
import json
import math
import sys
from collections import Counter, defaultdict

LISTED_MAX = 10


def way_s(week, person, here, there):
    """Seconds from one (lat, lon) to another for a person."""
    (lat_a, lon_a), (lat_b, lon_b) = [(math.radians(lat), math.radians(lon)) for lat, lon in (here, there)]
    half = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    metres = math.ceil(2 * week["earth_radius_m"] * math.asin(math.sqrt(half)) * week["detour"])
    return math.ceil(metres * 36 / week["modes"][person["mode"]])


def spot(row):
    return None if row["lat"] is None else (row["lat"], row["lon"])


def pair_breaks(week, person, gig):
    """Rules that this person breaks at this gig whatever else happens."""
    if gig["kind"] not in person["kinds"]:
        yield "kind not accepted"
    if set(gig["skills"]) - set(person["skills"]):
        yield "skill missing"
    if not set(gig["languages_any"]).intersection(person["languages"]):
        yield "no common language"
    if spot(gig) and way_s(week, person, spot(person), spot(gig)) > person["max_travel_s"]:
        yield "too far from home"


def round_breaks(week, person, window, stops):
    """Rules broken on one round trip, and its seconds of travel. `stops` is [(start, gig)], ascending."""
    broken, travel_s = [], 0
    opens, closes = window
    here, left_at, talked_s, free_at = spot(person), opens, 0, opens
    for start, gig in stops:
        if start < free_at:
            broken.append(f"{gig['id']} begins before the one before it ends")
        if spot(gig):
            way = way_s(week, person, here, spot(gig))
            travel_s += way
            # On the way one may call, and the call costs its own time.
            if left_at + talked_s + way > start:
                broken.append(f"{gig['id']} cannot be reached by {start}")
            here, left_at, talked_s = spot(gig), start + gig["duration_s"], 0
        else:
            talked_s += gig["duration_s"]
        free_at = start + gig["duration_s"]
    home = way_s(week, person, here, spot(person)) if here != spot(person) else 0
    if left_at + talked_s + home > closes or free_at > closes:
        broken.append(f"home after {closes}")
    return broken, travel_s + home


def person_breaks(week, person, work):
    """Rules broken by all that one person does, and the seconds of travel. `work` is [(start, gig)]."""
    broken, travel_s, rounds = [], 0, defaultdict(list)
    if len(work) > person["max_gigs_week"]:
        broken.append(f"{len(work)} gigs in the week")
    for day, count in Counter(start // 86_400 for start, _ in work).items():
        if count > person["max_gigs_day"]:
            broken.append(f"{count} gigs on day {day}")
    for start, gig in sorted(work, key=lambda stop: (stop[0], stop[1]["id"])):
        inside = [n for n, (a, b) in enumerate(person["windows"]) if a <= start and start + gig["duration_s"] <= b]
        if inside:
            rounds[inside[0]].append((start, gig))
        else:
            broken.append(f"{gig['id']} at {start} lies in no window")
    for number, stops in rounds.items():
        found, way = round_breaks(week, person, person["windows"][number], stops)
        broken += found
        travel_s += way
    return broken, travel_s


def judge(week, plan):
    people = {person["id"]: person for person in week["volunteers"]}
    gigs = {gig["id"]: gig for gig in week["gigs"]}
    broken, work, filled, seen = [], defaultdict(list), [], set()
    if plan["instance"] != week["name"]:
        broken.append(f"the plan is for {plan['instance']}")
    for row in plan["assignments"]:
        gig, start, helpers = gigs.get(row["gig"]), row["start"], row["volunteers"]
        if gig is None or row["gig"] in seen or type(start) is not int or any(name not in people for name in helpers):
            broken.append(f"{row['gig']}: unknown, named twice, or without a whole start or a known helper")
            continue
        seen.add(row["gig"])
        if not any(a <= start and start + gig["duration_s"] <= b for a, b in gig["windows"]):
            broken.append(f"{gig['id']} at {start} lies in none of its windows")
        if len(set(helpers)) != len(helpers) or len(helpers) > gig["people"]:
            broken.append(f"{gig['id']} has helpers {helpers} and needs {gig['people']}")
        # With too few it does not take place: a waste, but no rule is broken.
        elif len(helpers) == gig["people"]:
            filled.append(gig)
        for name in helpers:
            broken += [f"{name} at {gig['id']}: {rule}" for rule in pair_breaks(week, people[name], gig)]
            work[name].append((start, gig))
    travel_s = 0
    for name in sorted(work):
        found, way = person_breaks(week, people[name], work[name])
        broken += [f"{name}: {rule}" for rule in found]
        travel_s += way
    weight = sum(gig["weight"] for gig in filled)
    return {
        "feasible": not broken, "violations": len(broken), "weight": weight, "total": sum(gig["weight"] for gig in gigs.values()),
        "gigs": len(filled), "of": len(gigs), "travel_s": travel_s, "objective": weight * 20_000 - travel_s, "broken": broken[:LISTED_MAX],
    }


def main():
    with open(sys.argv[1], encoding="utf-8") as instance, open(sys.argv[2], encoding="utf-8") as plan:
        verdict = judge(json.load(instance), json.load(plan))
    print(json.dumps(verdict))
    sys.exit(0 if verdict["feasible"] else 1)


if __name__ == "__main__":
    main()
