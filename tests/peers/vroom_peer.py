#!/usr/bin/env python3
"""VROOM through pyvroom, one thread.

    vroom_peer.py INSTANCE PLAN [--explore 0..5] [--seconds N]

Who may do what is exact: a gig is a skill of its own, which its candidates have. Weight is VROOM's priority, so it comes before travel.
"""
import argparse
import datetime
import time

import numpy as np
import vroom

from fleet import Fleet
from week import Plan

STAY_PRIORITY = 100


def model(fleet):
    """The problem, and gig and person of every job and vehicle number."""
    week, problem = fleet.week, vroom.Input()
    row_of = {gig: row for row, gig in enumerate(fleet.placed)}
    if fleet.with_calls:
        # Row 0 is the home of whoever drives.
        modes = {mode: fleet.between_gigs(mode, fleet.placed) for mode in week.speeds}
        for person in fleet.people:
            ways = np.zeros((len(fleet.placed) + 1,) * 2, np.uint32)
            ways[1:, 1:] = modes[week.people[person]["mode"]]
            ways[0, 1:] = ways[1:, 0] = fleet.from_home(person, fleet.placed)
            problem.set_durations_matrix(f"p{person}", ways)
        home, profile = {person: 0 for person in fleet.people}, {person: f"p{person}" for person in fleet.people}
        place = {gig: row_of[gig] + 1 if gig in row_of else 0 for gig in fleet.gigs}
    else:
        for mode in week.speeds:
            problem.set_durations_matrix(mode, fleet.all_ways(mode, fleet.placed, fleet.people).astype(np.uint32))
        home = {person: len(fleet.placed) + at for at, person in enumerate(fleet.people)}
        profile, place = {person: week.people[person]["mode"] for person in fleet.people}, row_of
    jobs = {}
    for gig in fleet.gigs:
        row = week.gigs[gig]
        for _ in range(row["people"]):
            jobs[len(jobs) + 1] = gig
            problem.add_job(vroom.Job(
                len(jobs), location=place[gig], default_service=row["duration_s"], delivery=vroom.Amount(fleet.counts(gig)), skills={gig + 1},
                priority=row["weight"], time_windows=[vroom.TimeWindow(s, e - row["duration_s"]) for s, e in row["windows"]]))
    stays = 0
    for person in fleet.people:
        skills = {gig + 1 for gig in fleet.can[person]}
        for start, length in fleet.stays(person):
            stays += 1
            skills.add(len(week.gigs) + stays)
            problem.add_job(vroom.Job(
                len(jobs) + stays, location=home[person], default_service=length, delivery=vroom.Amount([0] * 8),
                skills={len(week.gigs) + stays}, priority=STAY_PRIORITY, time_windows=[vroom.TimeWindow(start, start)]))
        problem.add_vehicle(vroom.Vehicle(
            person + 1, start=home[person], end=home[person], profile=profile[person], skills=skills,
            capacity=vroom.Amount(fleet.caps(person)), time_window=vroom.TimeWindow(*fleet.span(person, None))))
    return problem, jobs


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("instance")
    words.add_argument("plan")
    words.add_argument("--explore", type=int, default=5)
    words.add_argument("--seconds", type=float)
    asked = words.parse_args()
    fleet = Fleet(asked.instance)
    problem, jobs = model(fleet)
    began, began_wall = time.process_time(), time.monotonic()
    answer = problem.solve(asked.explore, 1, datetime.timedelta(seconds=asked.seconds) if asked.seconds else None)
    engine_s = time.process_time() - began
    limited = asked.seconds is not None and time.monotonic() - began_wall >= 0.95 * asked.seconds
    steps = answer.routes[answer.routes["type"] == "job"]
    taken = [
        (jobs[int(job)], int(vehicle) - 1, int(arrival) + int(waiting))
        for vehicle, job, arrival, waiting in zip(steps["vehicle_id"], steps["id"], steps["arrival"], steps["waiting_time"]) if int(job) in jobs
    ]
    plan = Plan(fleet.week)
    cut = plan.take_over(taken)
    added = plan.complete()
    plan.write(asked.plan, f"vroom -x {asked.explore}", engine_ms=round(engine_s * 1e3), cut=cut, added=added, limited=limited)


if __name__ == "__main__":
    main()
