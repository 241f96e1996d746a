"""What the peers share: a week read from its file, who can take what, round trips timed exactly, and a plan that stays possible.

Engines cannot express every rule of docs/neutral-format.md. So that each is treated kindly and alike, what an engine answers is taken
over as far as the rules allow (`Plan.take_over`), and what is left is filled greedily (`Plan.complete`).
"""
import json
import math
from collections import Counter, defaultdict

HOME = -1
DAY = 86_400
GRID = 900


class Week:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.name, self.people, self.gigs = data["name"], data["volunteers"], data["gigs"]
        self.speeds, self.stretch = data["modes"], 2 * data["earth_radius_m"]
        self.detour = data["detour"]
        self.homes = [angles(person) for person in self.people]
        self.places = [angles(gig) for gig in self.gigs]
        self.known = {}
        self.options = [self._options(person) for person in range(len(self.people))]

    def is_call(self, gig):
        return self.places[gig] is None

    def metres(self, here, there):
        half = math.sin((there[0] - here[0]) / 2) ** 2 + math.cos(here[0]) * math.cos(there[0]) * math.sin((there[1] - here[1]) / 2) ** 2
        return math.ceil(self.stretch * math.asin(math.sqrt(half)) * self.detour)

    def way(self, person, here, there):
        """Seconds between two stops; a stop is a gig with a place, or HOME."""
        if here == there:
            return 0
        key = (person, here, there) if HOME in (here, there) else (self.people[person]["mode"], here, there)
        if key not in self.known:
            ends = [self.homes[person] if stop == HOME else self.places[stop] for stop in (here, there)]
            self.known[key] = -(-self.metres(*ends) * 36 // self.speeds[self.people[person]["mode"]])
        return self.known[key]

    def _options(self, person):
        """(gig, window) pairs that this person could take if they took nothing else, by gig."""
        row, found = self.people[person], []
        kinds, skills, languages = set(row["kinds"]), set(row["skills"]), set(row["languages"])
        # No way is shorter than the line to the same latitude.
        reach = (row["max_travel_s"] + 1) * self.speeds[row["mode"]] / 36 / self.detour / (self.stretch / 2)
        for number, gig in enumerate(self.gigs):
            if gig["kind"] not in kinds or not skills.issuperset(gig["skills"]) or languages.isdisjoint(gig["languages_any"]):
                continue
            windows = [n for n, (a, b) in enumerate(row["windows"]) if any(max(a, s) + gig["duration_s"] <= min(b, e) for s, e in gig["windows"])]
            if not windows or (not self.is_call(number) and abs(self.homes[person][0] - self.places[number][0]) > reach):
                continue
            if not self.is_call(number) and self.way(person, HOME, number) > row["max_travel_s"]:
                continue
            found += [(number, window) for window in windows if self.time_round(person, window, [number], {})]
        return found

    def time_round(self, person, window, order, pinned):
        """Earliest starts of a round trip through these gigs in this order and its seconds of travel, or nothing if impossible."""
        opens, closes = self.people[person]["windows"][window]
        clock = left_at = opens
        here, talked_s, travel_s, starts = HOME, 0, 0, []
        for number in order:
            gig = self.gigs[number]
            length, earliest = gig["duration_s"], clock
            if not self.is_call(number):
                way = self.way(person, here, number)
                travel_s += way
                earliest = max(clock, left_at + talked_s + way)
            start = pinned.get(number)
            if start is None:
                start = next((max(s, earliest) for s, e in gig["windows"] if max(s, earliest) + length <= e), None)
            if start is None or start < earliest:
                return None
            clock = start + length
            if self.is_call(number):
                talked_s += length
            else:
                here, left_at, talked_s = number, clock, 0
            if clock > closes:
                return None
            starts.append(start)
        home = self.way(person, here, HOME)
        return (starts, travel_s + home) if max(clock, left_at + talked_s + home) <= closes else None


class Plan:
    """A plan in the making. It is possible at any time."""

    def __init__(self, week):
        self.week = week
        self.rounds = defaultdict(list)
        self.travel = Counter()
        self.in_week, self.on_day, self.pinned = Counter(), Counter(), {}
        self.filled = set()
        self.can = [set(options) for options in week.options]

    def day(self, person, window):
        return self.week.people[person]["windows"][window][0] // DAY

    def insertion(self, gig, person, window, start=None):
        """The cheapest place for one more gig in a round trip: (extra seconds, new order), or nothing."""
        row = self.week.people[person]
        if self.in_week[person] >= row["max_gigs_week"] or self.on_day[person, self.day(person, window)] >= row["max_gigs_day"]:
            return None
        order = self.rounds[person, window]
        if gig in order:
            return None
        pinned, best = self.pinned if start is None else {**self.pinned, gig: start}, None
        for at in range(len(order) + 1):
            longer = order[:at] + [gig] + order[at:]
            timed = self.week.time_round(person, window, longer, pinned)
            if timed and (best is None or timed[1] < best[0]):
                best = (timed[1], longer)
        return best and (best[0] - self.travel[person, window], best[1])

    def insert(self, gig, person, window, found):
        self.travel[person, window] += found[0]
        self.rounds[person, window] = found[1]
        self.in_week[person] += 1
        self.on_day[person, self.day(person, window)] += 1

    def fill(self, gig, who):
        """Fills a gig with the first of `who`, [(person, window)], that suits, or with two of them at one start."""
        helpers = self.week.gigs[gig]["people"]
        if helpers == 1:
            found = [(self.insertion(gig, *pair), pair) for pair in who]
            chosen = min(((extra, pair) for extra, pair in found if extra), key=lambda option: option[0][0], default=None)
            if chosen:
                self.insert(gig, *chosen[1], chosen[0])
                self.filled.add(gig)
            return chosen is not None
        best = None
        for start in self.starts(gig):
            able = {}
            for person, window in who:
                extra = self.insertion(gig, person, window, start)
                if extra and (person not in able or extra[0] < able[person][0][0]):
                    able[person] = (extra, window)
            nearest = sorted(able.items(), key=lambda option: (option[1][0][0], option[0]))[:helpers]
            cost = sum(extra[0] for _, (extra, _) in nearest)
            if len(nearest) == helpers and (best is None or cost < best[0]):
                best = (cost, start, nearest)
        if best:
            self.pinned[gig] = best[1]
            for person, (extra, window) in best[2]:
                self.insert(gig, person, window, extra)
            self.filled.add(gig)
        return best is not None

    def starts(self, gig):
        row = self.week.gigs[gig]
        return sorted({start for s, e in row["windows"] for start in range(s, e - row["duration_s"] + 1, GRID)})

    def take_over(self, answer):
        """Takes over an engine's answer, [(gig, person, start)], heaviest gigs first. Returns how many of its gigs break a rule."""
        of_gig, lost = defaultdict(list), 0
        for gig, person, start in answer:
            of_gig[gig].append((person, start))
        for gig in sorted(of_gig, key=lambda gig: (-self.week.gigs[gig]["weight"], gig)):
            who = [pair for person, start in of_gig[gig] for pair in self.near(gig, person, start)]
            # In its own window if it can be; in another one of the same helper if not.
            own = [pair for person, start in of_gig[gig] for pair in self.near(gig, person, start)[:1]]
            lost += not (self.fill(gig, own) or self.fill(gig, who))
        return lost

    def near(self, gig, person, start):
        """The helper's windows for this gig, the one around a moment first."""
        windows = self.week.people[person]["windows"]
        usable = [n for n in range(len(windows)) if (gig, n) in self.can[person]]
        return [(person, n) for n in sorted(usable, key=lambda n: (not windows[n][0] <= start <= windows[n][1], abs(windows[n][0] - start)))]

    def complete(self):
        """Fills what is open, the heaviest first, each where it costs the shortest way. Returns how many it filled."""
        before, able = len(self.filled), defaultdict(list)
        for person, options in enumerate(self.week.options):
            for gig, window in options:
                able[gig].append((person, window))
        left = [gig for gig in range(len(self.week.gigs)) if gig not in self.filled]
        left.sort(key=lambda gig: (-self.week.gigs[gig]["weight"] / self.week.gigs[gig]["people"], len(able[gig]), gig))
        for gig in left:
            self.fill(gig, able[gig])
        return len(self.filled) - before

    def write(self, path, engine, **notes):
        helpers, start_of = defaultdict(list), {}
        for (person, window), order in sorted(self.rounds.items()):
            if order:
                starts, _ = self.week.time_round(person, window, order, self.pinned)
                for gig, start in zip(order, starts):
                    helpers[gig].append(self.week.people[person]["id"])
                    start_of[gig] = start
        rows = [{"gig": self.week.gigs[gig]["id"], "volunteers": helpers[gig], "start": start_of[gig]} for gig in sorted(helpers)]
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"instance": self.week.name, "engine": engine, "assignments": rows, "notes": notes}, out, separators=(",", ":"))


def angles(row):
    return None if row["lat"] is None else (math.radians(row["lat"]), math.radians(row["lon"]))
