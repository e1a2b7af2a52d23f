"""Two years of mail of twenty domains, as reports: what everybody sends, what goes wrong, and what of that people must be told.

A day is a whole number of days since 1970 (UTC). `World(first, days)` is the same for the same arguments. `reports(day)` gives
the mails that arrive between the run of the day before (07:00) and that of this day; `happenings` lists the true events."""
import gzip
import json
import random
from collections import Counter
from email.utils import formatdate
from typing import NamedTuple

DAY = 86400
RUN_AT = 7 * 3600

# name, host, share of all mail, days between the end of a report's day and its arrival
REPORTERS = [
    ("Alpha Mail", "alpha.example.org", 0.45, 0), ("Beta Mail", "beta.example.org", 0.25, 0),
    ("Gamma Outlook", "gamma.example.org", 0.14, 0), ("Delta Post", "delta.example.org", 0.08, 1),
    ("Epsilon Net", "epsilon.example.org", 0.05, 0), ("Zeta Webmail", "zeta.example.org", 0.03, 2),
]


class Domain(NamedTuple):
    name: str
    volume: float  # good messages of a working day
    policy: str
    senders: tuple  # names of SENDERS, the larger ones first


class Sender(NamedTuple):
    ips: tuple
    selector: str  # signs with d= of the domain
    spf: str  # envelope domain, {} stands for the domain; "" is none that is aligned


SENDERS = {
    "office": Sender(("192.0.2.10", "192.0.2.11"), "mail2024", "{}"),
    "post": Sender(tuple("198.51.100.%d" % n for n in range(32, 40)), "k2", "bounces.mailpost.example"),
    "shop": Sender(("192.0.2.80",), "", "{}"),
}
SENDER_IPS = {"office": ["192.0.2.0/28"], "post": ["198.51.100.32/28"], "shop": ["192.0.2.80"]}

DOMAINS = {d.name: d for d in [
    Domain("orchard.example", 8000, "reject", ("office", "post", "shop")),
    Domain("harbour.example", 5000, "reject", ("post", "office")),
    Domain("meadow.example", 3000, "quarantine", ("office", "post")),
    Domain("quarry.example", 900, "reject", ("office", "post")),
    Domain("lantern.example", 700, "reject", ("office",)),
    Domain("thistle.example", 600, "none", ("office", "post")),
    Domain("copper.example", 500, "quarantine", ("office", "shop")),
    Domain("saddle.example", 400, "reject", ("office", "post")),
    Domain("willow.example", 300, "none", ("office",)),
    Domain("basalt.example", 90, "reject", ("office",)),
    Domain("cinder.example", 60, "reject", ("office",)),
    Domain("dune.example", 50, "none", ("office",)),
    Domain("ember.example", 40, "quarantine", ("office",)),
    Domain("fjord.example", 30, "reject", ("office",)),
    Domain("glade.example", 20, "reject", ("office",)),
    Domain("heath.example", 1.2, "reject", ("office",)),
    Domain("islet.example", 1.0, "none", ("office",)),
    Domain("jetty.example", 0.8, "quarantine", ("office",)),
    Domain("parked-one.example", 0, "reject", ()),
    Domain("parked-two.example", 0, "reject", ()),
]}


class Happening(NamedTuple):
    """What truly happens on the days first to last. `rules` are those that may tell it; `within` is the number of runs from the
    first one that sees the evidence to the one that must have told it, None where nothing has to be told. `over`: its end is told."""

    kind: str
    domains: tuple
    first: int
    last: int
    rules: frozenset
    within: object
    over: bool
    facts: dict


class Row(NamedTuple):
    ip: str
    header_from: str
    dkim: bool  # aligned
    spf: bool  # aligned
    signatures: tuple  # (d, s, result)
    envelope: tuple  # (domain, result)
    reason: str = ""


# Rows of one kind of mail.


def good(domain, sender, ip):
    s = SENDERS[sender]
    envelope = s.spf.format(domain)
    return Row(ip, domain, bool(s.selector), envelope == domain, ((domain, s.selector, "pass"),) if s.selector else (), (envelope, "pass"))


def spoof(domain, ip):
    return Row(ip, domain, False, False, (), ("bulk.example.org", "softfail"))


def forwarded(domain, ip):
    return Row(ip, domain, True, False, ((domain, "mail2024", "pass"),), ("lists.example.org", "pass"))


def network(rng):
    """An address of some network far away; tests of benchmarks have 512 networks of IPv4 to themselves, documentation 65,536 of IPv6."""
    if rng.random() < 0.5:
        return "198.%d.%d.%d" % (rng.choice((18, 19)), rng.randrange(256), rng.randrange(1, 255))
    return "2001:db8:%x::%x" % (rng.randrange(1, 65536), rng.randrange(1, 65536))


# What happens: each kind changes the mail of its days. A function takes the world, the happening, the day, the domain and the
# messages of the day (a Counter of rows), and changes them in place.


def breaks(world, h, day, domain, mail):
    """Every aligned leg of one sender is lost: its signatures no longer verify, and its servers are not in the SPF record."""
    for row in [r for r in mail if r.ip in SENDERS[h.facts["sender"]].ips]:
        n = mail.pop(row)
        lost = round(n * h.facts.get("share", 1))
        if n - lost:
            mail[row] += n - lost
        if lost:
            mail[row._replace(dkim=False, spf=False, signatures=tuple((d, s, "fail") for d, s, _ in row.signatures),
                              envelope=(row.envelope[0], "fail" if row.spf else "pass"))] += lost


def loses_spf(world, h, day, domain, mail):
    for row in [r for r in mail if r.ip in SENDERS[h.facts["sender"]].ips and r.spf]:
        mail[row._replace(spf=False, envelope=(row.envelope[0], "fail"))] += mail.pop(row)


def spoofs(world, h, day, domain, mail):
    """`messages` a day from `networks` networks; receivers honour the policy but for the share `through`."""
    rng = random.Random("%s %d" % (domain, h.first))
    ips = [network(rng) for _ in range(h.facts["networks"])]
    for n, ip in enumerate(ips):
        count = h.facts["messages"] // len(ips) + (n < h.facts["messages"] % len(ips))
        through = round(count * h.facts.get("through", 0))
        row = spoof(h.facts.get("name", domain), ip)
        mail[row] += count - through
        if through:
            mail[row._replace(reason="local_policy")] += through


def passes(world, h, day, domain, mail):
    """Somebody passes whom nobody listed: with a key of the domain, or by an address inside of its SPF record."""
    if h.facts.get("selector"):
        mail[Row(h.facts["ip"], domain, True, False, ((domain, h.facts["selector"], "pass"),), ("out.tool.example", "pass"))] += h.facts["messages"]
    else:
        mail[Row(h.facts["ip"], domain, False, True, (), (domain, "pass"))] += h.facts["messages"]


def forwards(world, h, day, domain, mail):
    rng = random.Random(h.first)
    for _ in range(h.facts["messages"]):
        mail[forwarded(domain, network(rng))] += 1


def scales(world, h, day, domain, mail):
    for row in list(mail):
        mail[row] = max(1, round(mail[row] * h.facts["factor"]))


CHANGES = {"breaks": breaks, "loses_spf": loses_spf, "spoofs": spoofs, "passes": passes, "forwards": forwards, "scales": scales}


def happening(kind, domains, first, last, rules="", within=None, over=False, **facts):
    domains = (domains,) if isinstance(domains, str) else tuple(domains)
    return Happening(kind, domains, first, last, frozenset(rules.split()), within, over, facts)


def plan():
    """All that happens in 730 days. `within` counts runs; a comparative rule waits until the day is closed, 36 hours after its end."""
    everybody = tuple(DOMAINS)
    return [
        # What goes wrong with our own mail.
        happening("breaks", "orchard.example", 60, 63, "known_sender_failing", 1, True, sender="post"),
        happening("breaks", "lantern.example", 205, 209, "known_sender_failing", 1, True, sender="office"),
        happening("breaks", "copper.example", 330, 332, "known_sender_failing", 1, True, sender="shop"),
        happening("breaks", "thistle.example", 402, 406, "known_sender_failing", 1, True, sender="office"),
        happening("breaks", "meadow.example", 610, 616, "known_sender_failing pass_rate_drop", 1, True, sender="post", share=0.15),
        happening("breaks", "glade.example", 500, 506, "known_sender_failing", 1, True, sender="office"),
        happening("breaks", "heath.example", 300, 330, "known_sender_failing", 8, True, sender="office"),
        happening("loses_spf", "saddle.example", 150, 170, "sender_leg_lost", 4, False, sender="office"),
        happening("loses_spf", "orchard.example", 420, 440, "sender_leg_lost known_sender_failing", 4, False, sender="office"),
        # Strangers.
        happening("spoofs", "harbour.example", 75, 80, "unknown_source volume_spike policy_not_applied", 3, False, messages=400, networks=1, through=0.5),
        happening("spoofs", "basalt.example", 260, 262, "unknown_source volume_spike policy_not_applied", 1, False, messages=120, networks=2, through=1),
        happening("spoofs", "quarry.example", 350, 354, "unknown_source volume_spike policy_not_applied", 1, False, messages=3000, networks=300, through=0.9),
        happening("spoofs", "willow.example", 120, 160, "spoofed_under_none unknown_source volume_spike", 4, False, messages=40, networks=12),
        happening("spoofs", "willow.example", 560, 565, "spoofed_under_none unknown_source volume_spike", 3, False, messages=4000, networks=40),
        happening("spoofs", "dune.example", 222, 226, "spoofed_under_none unknown_source", 1, False, messages=60, networks=1),
        happening("spoofs", "ember.example", 470, 472, "unknown_source new_subdomain", 1, False, messages=80, networks=1, through=1, name="login.ember.example"),
        happening("spoofs", "orchard.example", 520, 530, "volume_spike", None, False, messages=900, networks=60),
        happening("spoofs", "fjord.example", 90, 92, "", None, False, messages=25, networks=5),
        happening("spoofs", "saddle.example", 640, 641, "volume_spike", None, False, messages=60, networks=20),
        happening("spoofs", "parked-one.example", 180, 183, "", None, False, messages=50, networks=10),
        happening("passes", "parked-two.example", 280, 281, "domain_parked_sending new_source_passing new_dkim_selector", 1, False,
                  selector="x1", ip="203.0.113.40", messages=4),
        happening("passes", "meadow.example", 250, 729, "new_source_passing new_dkim_selector", 1, False, selector="tool1", ip="203.0.113.90", messages=60),
        happening("passes", "copper.example", 540, 545, "new_source_passing", 1, False, ip="203.0.113.120", messages=30),
        # The published policy.
        happening("policy", "harbour.example", 310, 317, "policy_weakened", 2, True, p="none"),
        happening("policy", "cinder.example", 130, 135, "policy_weakened", 4, True, p="quarantine"),
        happening("policy", "willow.example", 600, 729, "policy_changed", None, False, p="quarantine"),
        # Reports stop.
        happening("silence", "quarry.example", 450, 462, "no_reports", 4, True),
        happening("silence", "ember.example", 655, 672, "no_reports", 8, True),
        happening("silence", everybody, 575, 581, "no_reports", 5, True),
        # The noise of the world is told once where p=none lets it through.
        *[happening("noise", d.name, 0, 729, "spoofed_under_none") for d in DOMAINS.values() if d.policy == "none"],
        # What looks like news and is none.
        happening("scales", everybody, 118, 121, factor=0.1),  # a long weekend
        happening("scales", everybody, 362, 368, factor=0.2),
        happening("scales", "orchard.example", 380, 381, factor=4),  # a campaign
        happening("forwards", "harbour.example", 200, 204, messages=300),
        happening("new_reporter", everybody, 240, 729),
        happening("twice", everybody, 270, 275),
        happening("late", everybody, 390, 396),
        happening("future", "harbour.example", 410, 410),
    ]


class World:
    def __init__(self, first, days, seed=1):
        self.first, self.days, self.seed = first, days, seed
        self.happenings = [h._replace(first=h.first + first, last=h.last + first) for h in plan() if h.first < days]
        self._arrivals = {}
        self._made = 0

    def during(self, kind, day, domain=None):
        return [h for h in self.happenings if h.kind == kind and h.first <= day <= h.last and (domain is None or domain in h.domains)]

    def policy(self, domain, day):
        found = self.during("policy", day, domain)
        return found[-1].facts["p"] if found else DOMAINS[domain].policy

    def mail(self, domain, day):
        """The messages of a day: rows and how many."""
        d = DOMAINS[domain]
        rng = random.Random("%d %s %d" % (self.seed, domain, day))
        mail = Counter()
        working = (day + 3) % 7 < 5
        for n, sender in enumerate(d.senders):
            share = {1: (1,), 2: (0.7, 0.3), 3: (0.6, 0.3, 0.1)}[len(d.senders)][n]
            expected = d.volume * share * (1 if working else 0.25) * rng.uniform(0.8, 1.25)
            count = int(expected) + (rng.random() < expected % 1)
            ips = SENDERS[sender].ips
            for k, ip in enumerate(ips):
                part = count // len(ips) + (k < count % len(ips))
                if part:
                    mail[good(domain, sender, ip)] += part
        for _ in range(rng.choice((0, 0, 1, 2)) if d.volume > 100 else rng.random() < 0.05):
            mail[spoof(domain, network(rng))] += rng.randrange(1, 3)  # the noise of the world
        if d.volume > 100:
            for _ in range(rng.randrange(0, 1 + int(d.volume / 400))):
                mail[forwarded(domain, network(rng))] += 1
        for h in self.happenings:
            if h.kind in CHANGES and h.first <= day <= h.last and domain in h.domains:
                CHANGES[h.kind](self, h, day, domain, mail)
        return mail

    def _make(self, day):
        """Writes the reports about a day into the days of their arrival."""
        reporters = REPORTERS + ([("Eta Broad", "eta.example.org", 0.5, 0)] if self.during("new_reporter", day) else [])
        late = bool(self.during("late", day))
        for domain in DOMAINS:
            if self.during("silence", day, domain):
                continue
            rng = random.Random("%d %s %d split" % (self.seed, domain, day))
            seen = [Counter() for _ in reporters]
            for row, count in self.mail(domain, day).items():
                for n, part in enumerate(_split(rng, count, [r[2] for r in reporters])):
                    if part:
                        seen[n][row] += part
            for n, (org, host, _, delay) in enumerate(reporters):
                if not seen[n]:
                    continue
                arrival = day + 1 + delay + (3 if late and n == 1 else 0)
                content = report_xml(org, host, domain, self.policy(domain, day), day, seen[n])
                copies = 2 if self.during("twice", day) else 1
                for k in range(copies):
                    self._put(arrival + k, host, org, domain, content)
        for h in self.during("future", day):
            content = report_xml("Alpha Mail", "alpha.example.org", h.domains[0], "none", day + 365, Counter({spoof(h.domains[0], "203.0.113.66"): 500}))
            self._put(day + 1, "alpha.example.org", "Alpha Mail", h.domains[0], content)

    def _put(self, arrival, host, org, domain, content):
        self._made += 1
        when = arrival * DAY + 2 * 3600 + self._made % 3600
        self._arrivals.setdefault(arrival, []).append(("%06d-%s-%s.eml" % (self._made, host, domain), report_mail(host, domain, content, when), when))

    def reports(self, day):
        """[(file name, octets, time of arrival)]; days must be asked for in order."""
        if day > self.first:
            self._make(day - 1)
        return self._arrivals.pop(day, [])


def _split(rng, count, shares):
    """How many of the messages each reporter sees; small counts by lot."""
    total = sum(shares)
    if count < 50:
        seen = Counter(rng.choices(range(len(shares)), shares, k=count))
        return [seen[n] for n in range(len(shares))]
    parts = [int(count * s / total) for s in shares]
    parts[0] += count - sum(parts)
    return parts


def _tags(pairs):
    return "".join("<%s>%s</%s>" % (tag, value, tag) for tag, value in pairs)


def _record(row, count, policy):
    passed = row.dkim or row.spf
    disposition = "none" if passed or row.reason else policy
    out = "<record><row>" + _tags([("source_ip", row.ip), ("count", count)]) + "<policy_evaluated>"
    out += _tags([("disposition", disposition), ("dkim", "pass" if row.dkim else "fail"), ("spf", "pass" if row.spf else "fail")])
    if row.reason:
        out += "<reason>%s</reason>" % _tags([("type", row.reason), ("comment", "")])
    out += "</policy_evaluated></row><identifiers>%s</identifiers><auth_results>" % _tags([("header_from", row.header_from)])
    for d, s, result in row.signatures:
        out += "<dkim>%s</dkim>" % _tags([("domain", d), ("selector", s), ("result", result)])
    return out + "<spf>%s</spf></auth_results></record>" % _tags([("domain", row.envelope[0]), ("result", row.envelope[1])])


def report_xml(org, host, domain, policy, day, mail):
    out = '<?xml version="1.0" encoding="UTF-8"?><feedback><report_metadata>'
    out += _tags([("org_name", org), ("email", "dmarc@" + host), ("report_id", "%s-%d" % (domain, day))])
    out += "<date_range>%s</date_range></report_metadata>" % _tags([("begin", day * DAY), ("end", (day + 1) * DAY - 1)])
    out += "<policy_published>%s</policy_published>" % _tags([("domain", domain), ("adkim", "r"), ("aspf", "r"), ("p", policy), ("sp", policy), ("pct", 100)])
    return (out + "".join(_record(row, count, policy) for row, count in mail.items()) + "</feedback>").encode()


def report_mail(host, domain, content, when):
    """A report mail as it lies in the mailbox; our server found that its sender passes DMARC."""
    import base64
    body = base64.encodebytes(gzip.compress(content, 1, mtime=when)).decode()
    return ("Received: from %s (%s [192.0.2.250]) by mx.example.net with ESMTPS; %s\n"
            "Authentication-Results: mx.example.net; dmarc=pass header.from=%s\n"
            "From: dmarc@%s\nTo: dmarc@example.net\nSubject: Report domain: %s\nDate: %s\nMIME-Version: 1.0\n"
            "Content-Type: application/gzip; name=\"%s!%s.xml.gz\"\nContent-Transfer-Encoding: base64\n\n%s"
            % (host, host, formatdate(when), host, host, domain, formatdate(when), host, domain, body)).encode()


def configuration(folder, told, state):
    """The configuration as Python values: every notice is appended to the file `told`, a line of JSON each."""
    domains = {d.name: {"senders": list(d.senders)} for d in DOMAINS.values() if d.senders}
    domains.update({d.name: {"parked": True} for d in DOMAINS.values() if not d.senders})
    senders = {name: {"ip": SENDER_IPS[name]} for name in SENDERS}
    senders["office"]["dkim"] = [{"domain": d.name, "selector": ["mail2024"]} for d in DOMAINS.values() if "office" in d.senders]
    return {
        "mailboxes": {"main": {"folder": folder, "trust": {"authserv_id": "mx.example.net"}}},
        "senders": senders,
        "domains": domains,
        "channels": {"log": {"type": "command", "argv": ["/usr/bin/tee", "-a", told]}},
        "state": {"path": state},
    }


if __name__ == "__main__":
    print(json.dumps([h._asdict() for h in World(0, 730).happenings], default=sorted, indent=1))
