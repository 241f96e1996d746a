#!/usr/bin/env python3
"""Makes a week in the neutral format `keikka-city/1` (docs/neutral-format.md) and writes it to a file.

    generate.py VOLUNTEERSxGIGS --seed N [--shape SHAPE] --out FILE

The same words give the same bytes on every machine: the numbers come from SplitMix64, angles are rounded to five decimals.
usual   ordinary volunteers, two in three of whom take one gig a week; one town up to 300 gigs, four towns above
busy    few volunteers who take 4 to 10 gigs a week, 3 to 5 a day: the case in which routes matter most
nation  as usual, in one town for every 2,500 volunteers

And weeks that are odd in one way, otherwise usual:
escorts    every gig is an escort for two helpers
calls      every gig is a call
village    thirty volunteers live in a village far away and walk, and a quarter of the gigs are there
cars       everybody has a car
hours      every window, of gigs and people, is one hour
ones       everybody takes one gig a day and one a week
languages  twenty languages, of which everybody speaks one to three and every gig asks for one or two
"""
import argparse
import json
import math

HOUR, DAY, MASK = 3600, 86_400, (1 << 64) - 1
# Middle and speakers of Swedish and Russian (in a hundred) of the four towns; the towns are made up, the places are not.
TOWNS = [(60.868, 26.704, 6, 5), (60.205, 24.700, 12, 5), (61.058, 28.187, 2, 9), (60.996, 24.464, 4, 3)]
SPEEDS = {"walk": 45, "bike": 140, "car": 350}
WEIGHT = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}
# Of a hundred gigs.
KINDS = [("home", 24), ("shopping", 34), ("phone", 20), ("escort", 16), ("family", 6)]
ODD = ["escorts", "calls", "village", "cars", "hours", "ones", "languages"]
# The village far away: 30 km and more along the way from any town, and who lives there.
VILLAGE, VILLAGERS = (61.300, 27.300), 30
LANGUAGES = ["fi", "sv", "ru", "en", "et", "so", "ar", "ku", "fa", "sq", "vi", "th", "zh", "tr", "es", "de", "fr", "pl", "uk", "ne"]
# Who accepts a kind, of a hundred volunteers.
ACCEPTS = {"home": 45, "shopping": 70, "phone": 50, "escort": 50, "family": 25}


class Dice:
    """SplitMix64."""

    def __init__(self, seed):
        self.state = seed & MASK

    def roll(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def between(self, low, high):
        return low + self.roll() % (high - low + 1)

    def percent(self, chance):
        return self.between(1, 100) <= chance

    def pick(self, choices):
        return choices[self.roll() % len(choices)]

    def weighted(self, choices):
        """One name of [(name, share)] with shares of a hundred."""
        mark = self.between(1, 100)
        for name, share in choices:
            mark -= share
            if mark <= 0:
                return name
        return choices[-1][0]


class Country:
    """Where people live: towns of a dense middle and a few villages around it."""

    def __init__(self, dice, volunteers, gigs, shape):
        self.dice = dice
        if shape == "nation":
            towns = [self.anywhere() for _ in range(max(1, volunteers // 2_500))]
        else:
            towns = TOWNS[:1] if gigs <= 300 else TOWNS
        self.towns = [(town, self.villages(town)) for town in towns]

    def anywhere(self):
        lat, lon = self.dice.between(60_200, 65_500) / 1_000, self.dice.between(22_000, 29_500) / 1_000
        return (lat, lon, self.dice.pick([1, 2, 5, 30]), self.dice.between(2, 8))

    def villages(self, town):
        """(lat, lon, spread in metres, share of a hundred): half of the town in its middle, the rest around it."""
        found = [(town[0], town[1], 1_500, 46)]
        for share in (12, 11, 9, 8, 7, 4, 3):
            far = self.dice.between(2_500, 9_000) if share > 4 else self.dice.between(12_000, 22_000)
            north, east = self.turned(far)
            found.append((*moved(town[0], town[1], north, east), 900 if share > 4 else 2_200, share))
        return found

    def turned(self, metres):
        """A step of so many metres into one of 64 directions."""
        angle = self.dice.between(0, 63) * math.pi / 32
        return metres * math.cos(angle), metres * math.sin(angle)

    def home(self):
        """Town number, latitude, longitude."""
        number = self.dice.roll() % len(self.towns)
        _, villages = self.towns[number]
        lat, lon, spread, _ = villages[self.dice.weighted([(n, v[3]) for n, v in enumerate(villages)])]
        # The sum of dice keeps most homes near the middle of their village.
        off = [sum(self.dice.between(-spread, spread) for _ in range(3)) * 0.6 for _ in range(2)]
        lat, lon = moved(lat, lon, *off)
        return number, round(lat, 5), round(lon, 5)

    def language(self, number):
        town = self.towns[number][0]
        mark = self.dice.between(1, 100)
        return "sv" if mark <= town[2] else "ru" if mark <= town[2] + town[3] else "fi"


def moved(lat, lon, north_m, east_m):
    return lat + north_m / 111_195, lon + east_m / (111_195 * math.cos(math.radians(lat)))


def volunteer(dice, country, number, shape):
    busy = shape == "busy"
    town, lat, lon = country.home()
    mode = dice.weighted([("walk", 24), ("bike", 28), ("car", 48)])
    native = country.language(town)
    languages = sorted({native} | {extra for extra, share in (("fi", 93), ("sv", 15), ("en", 45), ("ru", 4)) if dice.percent(share)})
    kinds = [kind for kind, _ in KINDS if dice.percent(ACCEPTS[kind] - (12 if busy else 0))] or ["shopping"]
    skills = ["car"] if mode == "car" and dice.percent(85) else []
    skills += [skill for skill, share in (("tools", 35), ("phone_training", 30), ("escort_training", 40), ("first_aid", 25)) if dice.percent(share)]
    windows, days = [], dice.between(4, 6) if busy else dice.weighted([(1, 10), (2, 25), (3, 30), (5, 35)])
    for day in sorted({dice.between(0, 6) for _ in range(days)}):
        start = day * DAY + (dice.between(16, 24) if busy else dice.between(16, 36)) * HOUR // 2
        length = (dice.between(9, 16) if busy else dice.between(5, 12)) * HOUR // 2
        windows.append([start, min(start + length, day * DAY + 21 * HOUR)])
    week = dice.between(4, 10) if busy else dice.weighted([(1, 66), (2, 22), (3, 9), (5, 3)])
    return {
        "id": f"v{number}", "area": f"town{town + 1}", "lat": lat, "lon": lon, "mode": mode,
        "max_travel_s": dice.between(3, 9) * 300, "skills": skills, "languages": languages, "kinds": kinds, "likes": [],
        "windows": windows, "max_gigs_day": min(week, dice.between(3, 5) if busy else dice.between(1, 3)), "max_gigs_week": week,
    }


def gig(dice, country, number, shape):
    kind = {"escorts": "escort", "calls": "phone"}.get(shape) or dice.weighted(KINDS)
    town, lat, lon = country.home()
    shortest, longest = {"home": (3, 8), "shopping": (3, 6), "phone": (1, 4), "escort": (4, 12), "family": (6, 12)}[kind]
    duration_s = dice.between(shortest, longest) * 900
    windows = []
    for day in sorted({dice.between(0, 6) for _ in range(dice.weighted([(1, 40), (2, 35), (3, 25)]))}):
        start = day * DAY + dice.between(32, 64) * 900
        slack = 0 if kind == "escort" and dice.percent(60) else dice.between(0, 14) * 900
        windows.append([start, min(start + duration_s + slack, day * DAY + 21 * HOUR)])
    needed = {"home": ("tools", 45), "shopping": ("car", 30), "phone": ("phone_training", 35), "escort": ("escort_training", 45), "family": ("first_aid", 50)}
    skill, share = needed[kind]
    native = country.language(town)
    priority = dice.weighted([(1, 18), (2, 30), (3, 30), (4, 15), (5, 7)])
    return {
        "id": f"g{number}", "kind": kind, "area": f"town{town + 1}", "lat": None if kind == "phone" else lat,
        "lon": None if kind == "phone" else lon, "duration_s": duration_s, "windows": windows,
        "skills": [skill] if dice.percent(share) else [], "languages_any": sorted({native, "en"}) if native != "fi" and dice.percent(30) else [native],
        "priority": priority, "weight": WEIGHT[priority], "people": 2 if shape == "escorts" or (kind in ("escort", "home") and dice.percent(10)) else 1,
    }


def far(dice, row):
    """Moves somebody or something to the village."""
    if row["lat"] is not None:
        lat, lon = moved(*VILLAGE, *(dice.between(-900, 900) for _ in range(2)))
        row.update(lat=round(lat, 5), lon=round(lon, 5))


def several(dice, most):
    return sorted({dice.pick(LANGUAGES) for _ in range(dice.between(1, most))})


def made_odd(dice, shape, people, gigs):
    """Bends a usual week into one that is odd in one way."""
    for number, row in enumerate(people):
        if shape == "village" and number < VILLAGERS:
            far(dice, row)
            row["mode"] = "walk"
            row["skills"] = [skill for skill in row["skills"] if skill != "car"]
        elif shape == "cars":
            row["mode"] = "car"
        elif shape == "hours":
            row["windows"] = [[start, start + HOUR] for start, _ in row["windows"]]
        elif shape == "ones":
            row.update(max_gigs_day=1, max_gigs_week=1)
        elif shape == "languages":
            row["languages"] = several(dice, 3)
    for row in gigs:
        if shape == "village" and dice.percent(25):
            far(dice, row)
        elif shape == "hours":
            row["duration_s"] = min(row["duration_s"], HOUR)
            row["windows"] = [[start, start + HOUR] for start, _ in row["windows"]]
        elif shape == "languages":
            row["languages_any"] = several(dice, 2)


def week(volunteers, gigs, seed, shape):
    dice = Dice(seed * 7_919 + volunteers * 31 + gigs)
    country = Country(dice, volunteers, gigs, shape)
    people = [volunteer(dice, country, n, shape) for n in range(1, volunteers + 1)]
    tasks = [gig(dice, country, n, shape) for n in range(1, gigs + 1)]
    made_odd(dice, shape, people, tasks)
    return {
        "schema": "keikka-city/1", "name": f"{shape}-{volunteers}x{gigs}-{seed}", "seed": seed, "horizon_s": 7 * DAY, "detour": 1.3,
        "earth_radius_m": 6_371_000, "modes": SPEEDS,
        "volunteers": people, "gigs": tasks,
    }


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("size")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--shape", choices=["usual", "busy", "nation", *ODD], default="usual")
    words.add_argument("--out", required=True)
    asked = words.parse_args()
    volunteers, gigs = (int(part) for part in asked.size.split("x"))
    with open(asked.out, "w", encoding="utf-8") as out:
        json.dump(week(volunteers, gigs, asked.seed, asked.shape), out, separators=(",", ":"))


if __name__ == "__main__":
    main()
