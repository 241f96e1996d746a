#!/usr/bin/env python3
"""The floor: every gig in turn, the heaviest first, to whoever has the shortest way. What a careful person does with a list.

    greedy_peer.py INSTANCE PLAN
"""
import sys

from week import Plan, Week


def main():
    plan = Plan(Week(sys.argv[1]))
    plan.complete()
    plan.write(sys.argv[2], "greedy")


if __name__ == "__main__":
    main()
