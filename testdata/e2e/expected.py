"""The notices that samples.py must lead to, worked out by hand from the rules and not taken from a run.

The rules: one of ours fails when at least 5 messages of a UTC day and at least 2 % of that sender's fail; somebody unknown is told of
when at least 10 messages of a day or 30 of 7 days fail, as a warning when at least 10 were let through, else it is only kept. An
incident of an unknown source is that of its network, /24 or /48. One notice a domain and run.

example.com, all on the day before today

  sender `own` (192.0.2.10, 2001:db8:25::5)     passing                 failing
    mail 1, Alpha                               180                     12 rejected
    mail 2, Beta                                 40                      4 rejected
    mail 3, Gamma                                90 + 30                 -
    mail 4, Delta                                20                      2 quarantined
    mail 8, Zeta                                 10                      -
    mail 9 is the report of mail 1 again           -                     -
    sum                                         370                     18: 16 rejected, 2 quarantined
    18 >= 5, and 18 of 388 are 4.6 % >= 2 %: known_sender_failing. DKIM is what broke: the failing rows carry a failing signature of
    example.com, and SPF passes for the bounce domain only, before as after.

  sender `newsletter` (198.51.100.32/28)
    mail 3: 50 pass, by SPF; mail 4: 46 pass, 4 fail. 4 < 5: nothing.

  203.0.113.0/24, unknown
    mail 1: 203.0.113.7 25 let through; mail 3: 203.0.113.7 15 let through; mail 8: 203.0.113.8 5 let through
    45 >= 10 in a day, 45 >= 10 let through: unknown_source, warning.

  198.51.100.0/24, unknown (198.51.100.200 is outside the newsletter's network)
    mail 2: 60 rejected. 60 >= 10 in a day, 0 let through: unknown_source, info, kept and not sent.

  2001:db8:9::/48: 9 let through, < 10 and < 30: nothing. 2001:db8:a::/48: 3 rejected: nothing.

example.net

  2001:db8:77::/48, unknown
    mail 5, four days: 2001:db8:77::1 24 let through, 2001:db8:77:5::9 8 quarantined, so 6 and 2 a day.
    8 < 10 a day, 32 >= 30 in 7 days, 24 >= 10 let through: unknown_source, warning.
  `own`: 80 + 25 pass.

example.org

  `own`: 60 + 20 pass. `newsletter`: 5 of 400 fail, 1.25 % < 2 %: nothing. 2001:db8:b::/48: 9 quarantined, < 10: nothing.
  Mail 11 is cut and counts nothing; its 203.0.113.61 to .67 may appear nowhere.
  Then the thirteenth mail: 198.51.100.0/24 (198.51.100.99) 33 let through and 7 quarantined: unknown_source, warning.
"""
from typing import Dict, NamedTuple, Optional, Tuple


class Incident(NamedTuple):
    rule: str
    sources: Tuple[str, ...]  # any of these names it: sender, network or address
    failed: int  # messages
    fates: Dict[str, int]  # fate -> messages, without the zeros
    total: Optional[int] = None  # all messages of the sender in the period
    cause: Optional[str] = None  # the leg that broke


class Notice(NamedTuple):
    domain: str
    severity: str
    incidents: Tuple[Incident, ...]
    never: Tuple[str, ...]  # must not appear in it


FIRST_RUN = (
    Notice("example.com", "warning", (
        Incident("known_sender_failing", ("own",), 18, {"rejected": 16, "quarantined": 2}, 388, "DKIM"),
        Incident("unknown_source", ("203.0.113.0/24", "203.0.113.7"), 45, {"let through": 45}),
    ), ("198.51.100.", "newsletter", "2001:db8:9:", "2001:db8:a:", "203.0.113.6", "example.net")),
    Notice("example.net", "warning", (
        Incident("unknown_source", ("2001:db8:77::/48", "2001:db8:77::1"), 32, {"let through": 24, "quarantined": 8}),
    ), ("192.0.2.10", "203.0.113.", "198.51.100.", "example.com")),
)

THIRTEENTH = (
    Notice("example.org", "warning", (
        Incident("unknown_source", ("198.51.100.0/24", "198.51.100.99"), 40, {"let through": 33, "quarantined": 7}),
    ), ("2001:db8:b:", "203.0.113.6", "newsletter")),
)
