#!/usr/bin/env python3
"""Runs a program that writes a plan, measures it, and judges the plan.

    measure.py --instance FILE --plan FILE [--seconds N] -- PROGRAM WORDS..

Prints lines of `name value`: what the run cost (wall and CPU time, most memory at once), what the plan is worth by check.py, and what
the plan itself claims: its certificate, its stages, the notes of a peer. The program is killed after N seconds.
"""
import argparse
import json
import os
import signal
import subprocess
import sys
import time

import check


def run(command, seconds):
    """(exit code or -signal, wall s, CPU s, most memory in KiB). Standard output of the program goes to standard error."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    signal.signal(signal.SIGALRM, lambda *_: child.kill())
    signal.alarm(seconds)
    _, status, used = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - began
    signal.alarm(0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return child.returncode, wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss


def tell(name, value):
    print(name, str(value).lower() if isinstance(value, bool) else str(value).replace("\n", " "))


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--instance", required=True)
    words.add_argument("--plan", required=True)
    words.add_argument("--seconds", type=int, default=3_600)
    words.add_argument("command", nargs="+")
    asked = words.parse_args()
    if os.path.exists(asked.plan):
        os.remove(asked.plan)
    code, wall_s, cpu_s, peak_kib = run(asked.command, asked.seconds)
    for name, value in (("exit", code), ("wall_ms", round(wall_s * 1e3, 1)), ("cpu_ms", round(cpu_s * 1e3, 1)), ("peak_kib", peak_kib)):
        tell(name, value)
    if code != 0:
        return
    with open(asked.instance, encoding="utf-8") as instance, open(asked.plan, encoding="utf-8") as written:
        week, plan = json.load(instance), json.load(written)
    for name, value in check.judge(week, plan).items():
        if name != "broken":
            tell(name, value)
        else:
            for rule in value:
                tell("broken", rule)
    claims = plan.get("certificate") or {}
    for name in ("status", "bound", "bound_weight", "gap"):
        if name in claims:
            tell(name, claims[name])
    for stage in claims.get("stages", []):
        bound = stage.get("bound")
        tell("stage", f"{stage['elapsed_ms']} {stage['objective']} {'-' if bound is None else bound} {stage['name']}")
    for name, value in plan.get("notes", {}).items():
        tell(f"note {name}", value)


if __name__ == "__main__":
    main()
