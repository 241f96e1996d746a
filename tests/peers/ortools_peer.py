#!/usr/bin/env python3
"""The routing library of OR-Tools: cheapest insertion, then guided local search, one thread, until the time is used.

    ortools_peer.py INSTANCE PLAN [--seconds N]

Who may do what is exact: the domain of a stop's vehicle. An open gig costs its weight x 20,000, which is our objective. Two helpers are
two stops of one start. Whole weeks find no first plan in minutes above 150 volunteers, so there each window is a vehicle.
"""
import argparse
import time

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from fleet import COUNT_DAYS, COUNT_WEEK, Fleet
from week import Plan

WHOLE_WEEKS_MAX = 150
WEIGHT_POINTS = 20_000
HORIZON_S = 7 * 86_400


class Model:
    def __init__(self, fleet):
        self.fleet = fleet
        self.vehicles = list(fleet.vehicles())
        # A stop is ("home", person), ("gig", gig) or ("stay", person, start, seconds).
        people = fleet.people
        self.stops = [("home", None)] if fleet.with_calls else [("home", person) for person in people]
        home = {person: 0 if fleet.with_calls else at for at, person in enumerate(people)}
        self.stops += [("gig", gig) for gig in fleet.gigs for _ in range(fleet.week.gigs[gig]["people"])]
        self.stops += [("stay", person, *stay) for person in people for stay in fleet.stays(person)]
        ends = [home[person] for person, _, _ in self.vehicles]
        self.manager = pywrapcp.RoutingIndexManager(len(self.stops), len(ends), ends, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.time = self.add_time()
        self.add_stops()
        self.add_caps()

    def add_time(self):
        fleet, routing = self.fleet, self.routing
        length = np.array([fleet.week.gigs[stop[1]]["duration_s"] if stop[0] == "gig" else stop[3] if stop[0] == "stay" else 0 for stop in self.stops])
        matrices = self.matrices()
        known = {}
        for key, ways in matrices.items():
            known[key] = routing.RegisterTransitMatrix(ways.tolist()), routing.RegisterTransitMatrix((ways + length[:, None]).tolist())
        keys = [person if fleet.with_calls else fleet.week.people[person]["mode"] for person, _, _ in self.vehicles]
        for number, key in enumerate(keys):
            routing.SetArcCostEvaluatorOfVehicle(known[key][0], number)
        routing.AddDimensionWithVehicleTransits([known[key][1] for key in keys], HORIZON_S, HORIZON_S, False, "time")
        clock = routing.GetDimensionOrDie("time")
        for number, (person, window, _) in enumerate(self.vehicles):
            for end in (routing.Start(number), routing.End(number)):
                clock.CumulVar(end).SetRange(*fleet.span(person, window))
        return clock

    def matrices(self):
        """Seconds between stops, by person where calls are done at home, else by mode."""
        fleet, week = self.fleet, self.fleet.week
        where = [stop[1] if stop[0] == "gig" and not week.is_call(stop[1]) else None for stop in self.stops]
        placed = np.array([at for at, gig in enumerate(where) if gig is not None], int)
        gigs = [where[at] for at in placed]
        if not fleet.with_calls:
            row_of = {gig: row for row, gig in enumerate(fleet.placed)}
            row_of |= {("home", person): len(fleet.placed) + at for at, person in enumerate(fleet.people)}
            rows = [row_of[stop[1]] if stop[0] == "gig" else row_of["home", stop[1]] for stop in self.stops]
            return {mode: fleet.all_ways(mode, fleet.placed, fleet.people)[np.ix_(rows, rows)] for mode in week.speeds}
        at_home = np.setdiff1d(np.arange(len(self.stops)), placed)
        modes, found = {mode: fleet.between_gigs(mode, gigs) for mode in week.speeds}, {}
        for person in fleet.people:
            ways = np.zeros((len(self.stops),) * 2, np.int64)
            ways[np.ix_(placed, placed)] = modes[week.people[person]["mode"]]
            out = fleet.from_home(person, gigs)
            ways[np.ix_(at_home, placed)] = out[None, :]
            ways[np.ix_(placed, at_home)] = out[:, None]
            found[person] = ways
        return found

    def add_stops(self):
        fleet, routing = self.fleet, self.routing
        takers, own, meeting = {}, {}, {}
        for number, (person, _, gigs) in enumerate(self.vehicles):
            own[person] = number
            for gig in gigs:
                takers.setdefault(gig, []).append(number)
        for at, stop in enumerate(self.stops):
            if stop[0] == "home":
                continue
            index = self.manager.NodeToIndex(at)
            start = self.time.CumulVar(index)
            if stop[0] == "stay":
                start.SetValue(stop[2])
                routing.VehicleVar(index).SetValues([own[stop[1]]])
                continue
            gig = fleet.week.gigs[stop[1]]
            windows = [(s, e - gig["duration_s"]) for s, e in gig["windows"]]
            start.SetRange(windows[0][0], windows[-1][1])
            for (_, last), (first, _) in zip(windows, windows[1:]):
                start.RemoveInterval(last + 1, first - 1)
            routing.VehicleVar(index).SetValues([-1, *takers[stop[1]]])
            routing.AddDisjunction([index], WEIGHT_POINTS * gig["weight"] // gig["people"])
            if stop[1] in meeting:
                routing.solver().Add(meeting[stop[1]] == start)
            meeting[stop[1]] = start

    def add_caps(self):
        fleet, counts = self.fleet, [self.fleet.counts(stop[1]) if stop[0] == "gig" else [0] * 8 for stop in self.stops]
        for kind in range(COUNT_DAYS + 1) if fleet.by_week else [COUNT_WEEK]:
            taken = self.routing.RegisterUnaryTransitVector([count[kind] for count in counts])
            caps = [fleet.caps(person)[kind] if window is None else min(fleet.caps(person)) for person, window, _ in self.vehicles]
            self.routing.AddDimensionWithVehicleCapacity(taken, 0, caps, True, f"cap{kind}")

    def solve(self, seconds):
        """[(gig, person, start)], or nothing where no plan was found in time."""
        how = pywrapcp.DefaultRoutingSearchParameters()
        how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        how.time_limit.seconds = seconds
        answer, taken = self.routing.SolveWithParameters(how), []
        for number, (person, _, _) in enumerate(self.vehicles if answer else []):
            index = self.routing.Start(number)
            while not self.routing.IsEnd(index):
                stop = self.stops[self.manager.IndexToNode(index)]
                if stop[0] == "gig":
                    taken.append((stop[1], person, answer.Min(self.time.CumulVar(index))))
                index = answer.Value(self.routing.NextVar(index))
        return taken


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("instance")
    words.add_argument("plan")
    words.add_argument("--seconds", type=int, default=60)
    asked = words.parse_args()
    model = Model(Fleet(asked.instance, WHOLE_WEEKS_MAX))
    began, began_wall = time.process_time(), time.monotonic()
    taken = model.solve(asked.seconds)
    engine_s = time.process_time() - began
    limited = asked.seconds is not None and time.monotonic() - began_wall >= 0.95 * asked.seconds
    plan = Plan(model.fleet.week)
    cut = plan.take_over(taken)
    added = plan.complete()
    plan.write(asked.plan, "or-tools routing", engine_ms=round(engine_s * 1e3), cut=cut, added=added, limited=limited)


if __name__ == "__main__":
    main()
