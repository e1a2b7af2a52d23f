#!/usr/bin/env python3
"""Two years, a run a day, and the notices held against what truly happened (world.py).

  test_years.py [--list] [--seed N] [--days N]

Every event is told within the runs that it allows, nothing else is told more than once a domain and year, and nothing twice
without news. --list prints every notice, a line each, for reading. Without --days it is 730 days where DMARCWARN_SUITE is `all`,
else 100."""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import world  # noqa: E402
from lib import agent, config  # noqa: E402

FIRST = 20089  # 2025-01-01
AFTER = 10  # days in which late reports may still add to what happened
NEWS = ("first", "again", "worse", "fate", "tenfold", "confirmed", "repeat", "explained", "over")


class Told:
    """One alert of one notice."""

    def __init__(self, day, notice, alert):
        self.day = day
        self.notice = notice["id"]
        self.domains = [alert["domain"]] if alert["domain"] else []
        self.domains += [d["domain"] for d in alert.get("domains") or []]
        self.rule, self.severity, self.news = alert["rule"], alert["severity"], alert["reason"]
        self.incident, self.episode, self.title = alert["fingerprint"], alert["episode"], alert["title"]
        self.event = None

    def __str__(self):
        return "%4d  %-8s %-8s %-21s %-20s %s" % (self.day - FIRST, self.severity, self.news, self.rule,
                                                  ",".join(self.domains)[:20], self.title)


def live(days, seed, folder):
    """Every alert of every notice of a run a day."""
    mails, told = os.path.join(folder, "mails"), os.path.join(folder, "told")
    os.mkdir(mails)
    open(told, "w").close()
    yml = config.write(os.path.join(folder, "dmarcwarn.yml"), world.configuration(mails, told, os.path.join(folder, "state", "db")))
    os.chmod(yml, 0o600)
    the_world, seen = world.World(FIRST, days, seed), []
    with open(told) as lines:
        for day in range(FIRST, FIRST + days):
            paths = []
            for name, content, when in the_world.reports(day):
                paths.append(os.path.join(mails, name))
                with open(paths[-1], "wb") as f:
                    f.write(content)
                os.utime(paths[-1], (when, when))
            run = subprocess.run([agent.program(), "run", "-c", yml, "--now", str(day * world.DAY + world.RUN_AT)], capture_output=True, text=True)
            if run.returncode != 0 or run.stderr:
                raise SystemExit("day %d: exit %d, %s" % (day - FIRST, run.returncode, run.stderr))
            for path in paths:
                os.unlink(path)
            for line in lines:
                notice = json.loads(line)
                seen += [Told(day, notice, alert) for alert in notice["alerts"]]
    return the_world, seen


def belongs(told, h):
    """The happening, its end, or what late reports still say of it."""
    return told.rule in h.rules and (not told.domains or set(told.domains) & set(h.domains)) and h.first < told.day <= h.last + AFTER


def judge(the_world, seen):
    """The lines of what is wrong."""
    wrong = []
    for h in the_world.happenings:
        mine = [t for t in seen if belongs(t, h)]
        for t in mine:
            t.event = h
        last_day = h.first + 1 + (h.within or 0)
        what = "%s of %s, days %d to %d" % (h.kind, ",".join(h.domains[:2]), h.first - FIRST, h.last - FIRST)
        if h.within is not None and last_day < FIRST + the_world.days and not [t for t in mine if t.day <= last_day and t.news != "over"]:
            wrong.append("not told until day %d: %s" % (last_day - FIRST, what))
        if h.over and h.last + AFTER < FIRST + the_world.days and not [t for t in mine if t.news == "over"]:
            wrong.append("its end is not told: " + what)
    years = max(1, round(the_world.days / 365))
    superfluous = collections.Counter(d for t in seen if t.event is None and t.news != "over" for d in t.domains or ["*"])
    wrong += ["%d superfluous notices of %s" % (n, domain) for domain, n in superfluous.items() if n > years]
    known = {}
    for t in seen:
        if t.news not in NEWS:
            wrong.append("a repeat without news: %s" % t)
        key = (t.incident, t.episode)
        before = known.setdefault(key, [])
        if t.news == "repeat":  # of what goes on, after 1, 2, 4 … days
            if t.day - FIRST < (before[-1][1] if before else 0) + 2 ** [n for n, _ in before].count("repeat"):
                wrong.append("repeated too soon: %s" % t)
        elif t.news in [n for n, _ in before] and t.news not in ("tenfold", "confirmed"):
            wrong.append("told twice: %s" % t)
        before.append((t.news, t.day - FIRST))
    # An event may be told in many alerts, but not in a flood of them; that it goes on has its own measure above.
    for h in the_world.happenings:
        mine = [t for t in seen if t.event is h and t.news != "repeat"]
        notices = {t.notice for t in mine}
        if len(notices) > 4 * len(h.domains):
            wrong.append("%d notices about one event: %s of %s" % (len(notices), h.kind, h.domains[0]))
        if len(mine) > 6 * len(h.domains):
            wrong.append("%d alerts about one event: %s of %s" % (len(mine), h.kind, h.domains[0]))
    return wrong


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--list", action="store_true")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--days", type=int, default=730 if os.environ.get("DMARCWARN_SUITE") == "all" else 100)
    o = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dmarcwarn-years-") as folder:
        the_world, seen = live(o.days, o.seed, folder)
    wrong = judge(the_world, seen)
    if o.list:
        for t in seen:
            print("%s%s" % (t, "" if t.event else "   <- superfluous"))
    stray = sum(t.event is None for t in seen)
    print("%d days, %d domains: %d events, %d of them to be told; %d alerts in %d notices, %d of no event; %d wrong" % (
        o.days, len(world.DOMAINS), len(the_world.happenings), sum(h.within is not None for h in the_world.happenings), len(seen),
        len({t.notice for t in seen}), stray, len(wrong)))
    for line in wrong:
        print("wrong: " + line)
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
