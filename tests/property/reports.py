"""Random valid aggregate reports: the facts that a reader must find, and the XML that says so.

A report is a list of tokens, so that a mutator can damage a certain one: what it is, its text, its path (names from the
root down, the index of the record in the place of its name).
"""
import dataclasses
from xml.sax.saxutils import escape

START, TEXT, END, BLANK = "start", "text", "end", "blank"
ORGS = ("Receiver Inc.", "Müller & Söhne", "“quoted” <org>", "日本 Mail", "a", "R. 'n' D., \"Ltd\"", "ünï ©öde")
EMAILS = ("dmarc@receiver.example", "noreply-dmarc@reports.receiver.example", "Org <dmarc@receiver.example>")
IDS = ("{n}", "<{n}@receiver.example>", "example.com:{n}", "{n}-a_b+c.d", "{n}!x?y=z&a")
DOMAINS = ("example.com", "example.net", "sub.example.org", "xn--mnchen-3ya.example", "EXAMPLE.COM")
POLICIES = ("none", "quarantine", "reject")
DKIM = ("none", "pass", "fail", "policy", "neutral", "temperror", "permerror")
SPF = ("none", "neutral", "pass", "fail", "softfail", "temperror", "permerror")
REASONS = ("trusted_forwarder", "mailing_list", "local_policy", "other")
COMMENTS = ("arc=pass as[1].d=list.example", "known list", "a < b && c > d", "für alle Fälle")
# The smallest containers in which the order of children means nothing.
UNORDERED = {"report_metadata", "date_range", "policy_published", "row", "identifiers", "dkim", "spf", "reason"}


class Token:
    __slots__ = ("kind", "text", "path")

    def __init__(self, kind, text, path):
        self.kind, self.text, self.path = kind, text, path

    @property
    def name(self):
        return self.path[-1]


@dataclasses.dataclass
class Report:
    facts: dict
    tree: list
    rfc9990: bool
    root_attributes: str = ""
    tokens: list = dataclasses.field(default_factory=list)

    def xml(self, prolog='<?xml version="1.0" encoding="UTF-8"?>\n'):
        return prolog + "".join(token.text for token in self.tokens)

    def leaves(self, *names):
        """Indexes of the start tokens of leaves with text, of these names or all."""
        return [i for i, t in enumerate(self.tokens[:-1])
                if t.kind == START and self.tokens[i + 1].kind == TEXT and (not names or t.name in names)]

    def spans(self, name):
        """(first, last) token of each element of that name."""
        found = []
        for i, token in enumerate(self.tokens):
            if token.kind == START and token.name == name:
                end = next(j for j in range(i, len(self.tokens))
                           if self.tokens[j].kind == END and self.tokens[j].path == token.path)
                found.append((i, end))
        return found

    def drop(self, span):
        del self.tokens[span[0]:span[1] + 1]


def sums(facts):
    facts["messages"] = sum(r["count"] for r in facts["records"])
    facts["dmarc_fail_messages"] = sum(r["count"] for r in facts["records"] if "pass" not in (r["dkim"], r["spf"]))
    return facts


def address(rng):
    return rng.choice(("192.0.2.%d" % rng.randrange(256), "198.51.100.%d" % rng.randrange(256),
                       "2001:db8::%x" % rng.randrange(1, 0x10000), "2001:db8:1:2:3:4:5:%x" % rng.randrange(0x1000, 0x10000)))


def maybe(rng, value, chance=0.5):
    return value if rng.random() < chance else None


def make_record(rng, rfc9990, same_from):
    dkims = [{"domain": rng.choice(DOMAINS), "selector": "s%d" % rng.randrange(9) if rfc9990 else maybe(rng, "k1", 0.8),
              "result": rng.choice(DKIM), "human_result": maybe(rng, "body hash", 0.2)} for _ in range(rng.choice((0, 0, 1, 1, 2, 4)))]
    spfs = [{"domain": rng.choice(DOMAINS), "scope": maybe(rng, "mfrom") if rfc9990 else maybe(rng, rng.choice(("mfrom", "helo")), 0.7),
             "result": rng.choice(SPF), "human_result": None} for _ in range(rng.choice((0, 1, 1, 1)) if rfc9990 else rng.choice((1, 1, 2)))]
    return {"source_ip": address(rng), "count": rng.choice((1, 2, 3, 17, 1000, rng.randrange(1, 10**9))),
            "disposition": rng.choice(POLICIES), "dkim": rng.choice(("pass", "fail")), "spf": rng.choice(("pass", "fail")),
            "reasons": [{"type": rng.choice(REASONS), "comment": maybe(rng, rng.choice(COMMENTS))} for _ in range(rng.choice((0, 0, 0, 1, 2)))],
            "header_from": same_from or rng.choice(DOMAINS), "envelope_from": maybe(rng, rng.choice(DOMAINS)),
            "envelope_to": maybe(rng, "in.example", 0.2), "auth_results": {"dkim": dkims, "spf": spfs}}


def make_facts(rng, rfc9990):
    begin = rng.randrange(1400000000, 1790000000)
    domain = rng.choice(DOMAINS)
    policy = {"domain": domain, "p": rng.choice(POLICIES), "sp": maybe(rng, rng.choice(POLICIES)), "np": None,
              "adkim": maybe(rng, rng.choice("rs")), "aspf": maybe(rng, rng.choice("rs")), "pct": None,
              "fo": maybe(rng, rng.choice(("0", "1", "1:d:s")), 0.3), "testing": None, "discovery_method": None}
    if rfc9990:
        policy.update(np=maybe(rng, rng.choice(POLICIES)), testing=maybe(rng, rng.choice("yn")),
                      discovery_method=rng.choice(("psl", "treewalk")))
    else:
        policy.update(pct=maybe(rng, "100", 0.8))
    same_from = domain if rng.random() < 0.6 else None
    facts = {"type": "aggregate", "dialect": "rfc9990" if rfc9990 else "rfc7489", "org_name": rng.choice(ORGS), "email": rng.choice(EMAILS),
             "extra_contact_info": maybe(rng, "https://receiver.example/?a=1&b=2", 0.3),
             "report_id": rng.choice(IDS).format(n=rng.randrange(10**12)), "begin": begin, "end": begin + rng.choice((86399, 86400, 3600)),
             "errors": ["no valid rua"] if rng.random() < 0.1 else [], "generator": maybe(rng, "Gen 1.0") if rfc9990 else None,
             "domain": domain, "policy_published": policy,
             "records": [make_record(rng, rfc9990, same_from) for _ in range(rng.choice((1, 1, 2, 2, 3, 7)))]}
    return sums(facts)


def pairs(source, *names):
    return [[name, str(source[name])] for name in names if source[name] is not None]


def record_tree(record):
    auth = record["auth_results"]
    evaluated = pairs(record, "disposition", "dkim", "spf") + [["reason", pairs(r, "type", "comment")] for r in record["reasons"]]
    row = pairs(record, "source_ip", "count") + [["policy_evaluated", evaluated]]
    results = [["dkim", pairs(d, "domain", "selector", "result", "human_result")] for d in auth["dkim"]]
    results += [["spf", pairs(s, "domain", "scope", "result", "human_result")] for s in auth["spf"]]
    return ["record", [["row", row], ["identifiers", pairs(record, "envelope_to", "envelope_from", "header_from")],
                       ["auth_results", results]]]


def make_tree(rng, facts):
    metadata = pairs(facts, "org_name", "email", "extra_contact_info", "report_id") + [["date_range", pairs(facts, "begin", "end")]]
    metadata += [["error", error] for error in facts["errors"]] + pairs(facts, "generator")
    policy = facts["policy_published"]
    return (([["version", "1.0"]] if rng.random() < 0.5 else []) + [["report_metadata", metadata]]
            + [["policy_published", pairs(policy, "domain", "adkim", "aspf", "p", "sp", "np", "pct", "fo", "testing", "discovery_method")]]
            + [record_tree(record) for record in facts["records"]])


def put_tokens(out, children, indent, depth, path):
    index = 0
    blank = None if indent is None else "\n" + indent * depth
    for name, content in children:
        here = path + (name,)
        if name == "record":
            here, index = path + (index, name), index + 1
        elif name in ("dkim", "spf", "reason") and isinstance(content, list):
            here = path + (index, name)
            index += 1
        if blank is not None:
            out.append(Token(BLANK, blank, path))
        out.append(Token(START, "<%s>" % name, here))
        if isinstance(content, str):
            out.append(Token(TEXT, escape(content), here))
        else:
            put_tokens(out, content, indent, depth + 1, here)
            if blank is not None:
                out.append(Token(BLANK, blank, here))
        out.append(Token(END, "</%s>" % name, here))


def write(rng, report):
    """Makes the tokens anew out of the tree."""
    indent = rng.choice((None, "", "  ", "\t"))
    report.tokens = [Token(START, "<feedback%s>" % report.root_attributes, ("feedback",))]
    put_tokens(report.tokens, report.tree, indent, 1, ("feedback",))
    report.tokens += [Token(BLANK, "" if indent is None else "\n", ("feedback",)), Token(END, "</feedback>", ("feedback",))]
    return report


def make(rng):
    rfc9990 = rng.random() < 0.4
    facts = make_facts(rng, rfc9990)
    attributes = ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"' if rfc9990 else rng.choice(("", "", ' xmlns="http://dmarc.org/dmarc-xml/0.1"'))
    return write(rng, Report(facts, make_tree(rng, facts), rfc9990, attributes))
