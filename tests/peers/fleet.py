"""How a week is put to an engine that routes vehicles. The same for every such engine.

A volunteer is a vehicle that starts and ends at home. Over a whole week, a stay at home of fixed time and length, between two windows in
which the volunteer can do anything at all, brings the vehicle home; where the week has too many volunteers for that, each window is a vehicle.
A call has no place: it is done at home, for which each volunteer needs a matrix of their own. Above `CALLS_MAX` volunteers that is
gigabytes, so calls are left to the greedy completion. What no router can express (two helpers at one start, caps of a day for gigs that
can fall on several days) is mended afterwards.
"""
import numpy as np

from week import DAY, HOME, Week

CALLS_MAX = 300
COUNT_DAYS, COUNT_WEEK = 7, 7


class Fleet:
    def __init__(self, path, whole_weeks_max=10**9):
        self.week = Week(path)
        week = self.week
        self.with_calls = len(week.people) <= CALLS_MAX
        self.by_week = len(week.people) <= whole_weeks_max
        self.can = [{gig for gig, _ in options if self.with_calls or not week.is_call(gig)} for options in week.options]
        self.people = [person for person, gigs in enumerate(self.can) if gigs]
        self.gigs = sorted(set().union(*self.can)) if self.can else []
        self.placed = [gig for gig in self.gigs if not week.is_call(gig)]
        self.windows = {person: sorted({w for gig, w in week.options[person] if gig in self.can[person]}) for person in self.people}

    def vehicles(self):
        """(person, window or nothing for the whole week, gigs it may take)."""
        for person in self.people:
            if self.by_week:
                yield person, None, self.can[person]
            else:
                for window in self.windows[person]:
                    yield person, window, {gig for gig, w in self.week.options[person] if w == window and gig in self.can[person]}

    def span(self, person, window):
        """From when to when a vehicle is out."""
        times = self.week.people[person]["windows"]
        return tuple(times[window]) if window is not None else (times[self.windows[person][0]][0], times[self.windows[person][-1]][1])

    def stays(self, person):
        """Stays at home between windows: [(from, seconds)]. Needless for who takes one gig a week."""
        if not self.by_week or self.week.people[person]["max_gigs_week"] == 1:
            return []
        times = [self.week.people[person]["windows"][window] for window in self.windows[person]]
        return [(before[1], after[0] - before[1]) for before, after in zip(times, times[1:])]

    def counts(self, gig):
        """What one gig takes of a vehicle's caps: seven days, then the week. A day counts only where no other day is possible."""
        days = {start // DAY for start, _ in self.week.gigs[gig]["windows"]}
        return [int(days == {day}) for day in range(COUNT_DAYS)] + [1]

    def caps(self, person):
        row = self.week.people[person]
        return [row["max_gigs_day"]] * COUNT_DAYS + [row["max_gigs_week"]]

    def between_gigs(self, mode, gigs):
        """Seconds between gigs with a place, as a square matrix."""
        lat, lon = np.array([self.week.places[gig] for gig in gigs]).reshape(-1, 2).T
        return self._ways(lat[:, None], lon[:, None], lat[None, :], lon[None, :], mode)

    def from_home(self, person, gigs):
        lat, lon = np.array([self.week.places[gig] for gig in gigs]).reshape(-1, 2).T
        return self._ways(*self.week.homes[person], lat, lon, self.week.people[person]["mode"])

    def all_ways(self, mode, gigs, people):
        """Seconds between gigs with a place, then homes."""
        lat, lon = np.array([self.week.places[gig] for gig in gigs] + [self.week.homes[person] for person in people]).T
        return np.concatenate([self._ways(a, b, lat, lon, mode)[None] for a, b in zip(lat, lon)])

    def _ways(self, lat_a, lon_a, lat_b, lon_b, mode):
        half = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
        metres = np.ceil(self.week.stretch * np.arcsin(np.sqrt(half)) * self.week.detour).astype(np.int64)
        return -(-metres * 36 // self.week.speeds[mode])


__all__ = ["Fleet", "HOME", "COUNT_DAYS", "COUNT_WEEK"]
