"""One damage or oddity each. A mutator says beforehand which answers to it are allowed: the same facts, or certain other
ones, with certain notes, or a reject with one of certain reasons. Never others.

A mutator takes (rng, report) and returns a Case, or None where the report has nothing to damage in that way.
"""
import base64
import dataclasses
import gzip
import io
import quopri
import random
import time
import zipfile
from xml.sax.saxutils import escape

import reports
from reports import BLANK, END, START, TEXT, Token

MUTATORS = []
BROKEN = {"not_well_formed"}
BOMBS = {"dtd", "too_deep", "too_many_attributes", "markup_too_long"}
TAG_REPAIRS = {"end_tag_repaired", "start_tag_repaired", "attributes_dropped", "stray_text", "angle_escaped"}
FREE_TEXTS = ("org_name", "extra_contact_info", "comment", "human_result")


@dataclasses.dataclass
class Facts:
    """These facts. Of `some` one note at least; others only out of `some` and `also`."""
    facts: dict
    some: frozenset = frozenset()
    also: frozenset = frozenset()


@dataclasses.dataclass
class Reject:
    reasons: frozenset


@dataclasses.dataclass
class Case:
    data: bytes
    answers: list  # alternatives; each is a list of Facts and Rejects, one a document


def mutator(function):
    MUTATORS.append(function)
    return function


def bytes_of(data):
    return data if isinstance(data, bytes) else data.encode("utf-8")


def same(data, report, *notes, also=(), or_reject=()):
    answers = [[Facts(report.facts, frozenset(notes), frozenset(also))]]
    return Case(bytes_of(data), answers + ([[Reject(frozenset(or_reject))]] if or_reject else []))


def reject(data, *reasons):
    return Case(bytes_of(data), [[Reject(frozenset(reasons))]])


# ---- helpers ----

def container_places(report, inside=None):
    """Indexes of blanks, where an element or text may be put between elements."""
    return [i for i, t in enumerate(report.tokens) if t.kind in (START, END) and i + 1 < len(report.tokens)
            and report.tokens[i + 1].kind != TEXT and not (t.kind == END and t.name == "feedback")
            and (inside is None or inside(t))]


def insert(report, place, text):
    report.tokens.insert(place + 1, Token(BLANK, text, report.tokens[place].path))


def value_at(facts, path):
    """(dict, key) of the fact that a leaf's path fills."""
    *_, parent, name = path
    if path[1:2] and isinstance(path[1], int):
        record = facts["records"][path[1]]
        if parent == "reason":
            return record["reasons"][path[-3]], name
        if parent == "dkim":
            return record["auth_results"]["dkim"][path[-3]], name
        if parent == "spf":
            return record["auth_results"]["spf"][path[-3] - len(record["auth_results"]["dkim"])], name
        return record, name
    if parent == "policy_published":
        return facts["policy_published"], name
    return facts, name


def set_value(facts, path, value):
    holder, name = value_at(facts, path)
    holder[name] = value
    if path[-2:] == ("policy_published", "domain"):
        facts["domain"] = value


def pick(rng, items):
    return rng.choice(items) if items else None


def pick_leaf(rng, report, *names, inside=None):
    return pick(rng, [i for i in report.leaves(*names) if inside is None or inside in report.tokens[i].path])


def retext(report, leaf, xml):
    report.tokens[leaf + 1].text = xml


def free_leaf(rng, report):
    return pick_leaf(rng, report, *FREE_TEXTS)


# ---- the octets ----

@mutator
def identity(_, report):
    return same(report.xml(), report)


@mutator
def no_declaration(_, report):
    return same(report.xml(""), report)


@mutator
def line_ends(rng, report):
    return same(report.xml().replace("\n", rng.choice(("\r\n", "\r"))), report)


@mutator
def byte_order_mark(_, report):
    return same(b"\xef\xbb\xbf" + report.xml().encode(), report)


@mutator
def utf_16(rng, report):
    declared = rng.choice(("UTF-16", "UTF-8", "ISO-8859-1"))
    xml = report.xml('<?xml version="1.0" encoding="%s"?>' % declared)
    form = rng.choice(("utf-16-le", "utf-16-be"))
    mark = rng.choice(("\ufeff", ""))
    return same((mark + xml).encode(form), report, *(() if declared == "UTF-16" else ("encoding_ignored",)))


@mutator
def windows_1252(rng, report):
    declared = rng.choice((None, "UTF-8", "windows-1252", "cp1252"))
    xml = report.xml('<?xml version="1.0"%s?>\n' % (' encoding="%s"' % declared if declared else ""))
    try:
        data = xml.encode("cp1252")
        data.decode("utf-8")
    except UnicodeEncodeError:
        return None
    except UnicodeDecodeError:
        return same(data, report, *(("not_utf8",) if declared in (None, "UTF-8") else ()))
    return same(data, report)


@mutator
def unknown_charset(_, report):
    xml = report.xml('<?xml version="1.0" encoding="x-unknown-8bit"?>\n')
    if not xml.isascii():
        return None
    return same(xml, report, "encoding_ignored")


@mutator
def wrong_charset(rng, report):
    """UTF-8 under another name, or under one that has no more than its ASCII."""
    name = rng.choice(("utf8mb4", "us-ascii", "ascii", "unicode-1-1-utf-8", "x-mac-own"))
    xml = report.xml('<?xml version="1.0" encoding="%s"?>\n' % name)
    return same(xml, report, *(() if xml.isascii() and "ascii" in name else ("encoding_ignored",)))


@mutator
def declared_utf_16(_, report):
    return same(report.xml('<?xml version="1.0" encoding="UTF-16"?>\n'), report, "encoding_ignored")


@mutator
def control_character(rng, report):
    leaf = free_leaf(rng, report)
    if leaf is None:
        return None
    text = report.tokens[leaf + 1].text + "\ufffd" + "x"
    set_value(report.facts, report.tokens[leaf].path, value_of(text))
    put = rng.choice(("\x07", "\x00", "\x1b", "\x0b", "&#7;", "&#x0;", "\ufffe"))
    retext(report, leaf, text.replace("\ufffd", put))
    return same(report.xml(), report, "controls_replaced")


def value_of(xml):
    return xml.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# ---- around the root ----

@mutator
def leading(rng, report):
    junk = rng.choice(("\n", " \r\n", "\ufeff\ufeff", "\n<!-- a comment -->\n", "<report follows>\n", "x "))
    return same(junk + report.xml(), report, also=("leading_junk", "angle_escaped"))


@mutator
def declaration(rng, report):
    prolog = rng.choice(('<?xml version="1.0"?>\n' * 2, '<?xml version="1.0" encoding="UTF-8"?>"\n', '<?xml version="1.0">\n',
                         '<?xml version="1.0" encoding=UTF-8?>\n', '<?xml version="1.0" encoding="UTF-8"\n',
                         '<? xml version="1.0"?>\n', '<?xml?>', '<?xml version="1.0"?>text\n'))
    return same(report.xml(prolog), report, "prolog_ignored", "leading_junk")


@mutator
def document_type(rng, report):
    doctype = rng.choice(("<!DOCTYPE feedback>", "<!doctype feedback >", "<!DOCTYPE\nfeedback>"))
    return same(report.xml('<?xml version="1.0"?>%s\n' % doctype), report, "doctype_ignored")


@mutator
def document_type_definition(rng, report):
    inside = rng.choice(('SYSTEM "http://example.com/x.dtd"', '[<!ENTITY a "b">]', 'PUBLIC "a" "b"', "[ %x; ]", '[<!ELEMENT a ANY>]'))
    return reject(report.xml('<?xml version="1.0"?><!DOCTYPE feedback %s>\n' % inside), "dtd")


@mutator
def schema_wrapper(rng, report):
    start = rng.choice(('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">', '<xs:schema xmlns:xs="x" targetNamespace="y">', "<xs:schema>"))
    end = rng.choice(("", "</xs:schema>"))
    return same(report.xml('<?xml version="1.0"?>\n' + start) + end, report, "schema_ignored", also=("prefix_undeclared", "trailing_junk"))


@mutator
def trailing(rng, report):
    junk = rng.choice(("\0", "</feedback>", "text", "<html/>", "\n--boundary--\n", "\x1a", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!--"))
    return same(report.xml() + junk, report, "trailing_junk")


@mutator
def joined(rng, report):
    other = reports.make(random.Random(rng.random()))
    between = rng.choice(("", "\n", "\r\n\r\n"))
    both = report.xml() + between + other.xml()
    case = same(both.encode(rng.choice(("utf-8", "utf-16-le", "utf-16-be"))), report, "reports_joined", also=("encoding_ignored",))
    case.answers[0].append(Facts(other.facts, frozenset(("reports_joined",)), frozenset(("encoding_ignored",))))
    return case


# ---- cut ----

@mutator
def cut(rng, report):
    data = report.xml().encode()
    end = data.rindex(b"</feedback>")
    at = rng.randrange(data.index(b"<feedback") + len("<feedback"), len(data))
    if at >= end + 2:
        return same(data[:at].rstrip(b"\n"), report, *(() if data[:at].endswith(b">") else ("end_tag_completed",)))
    return reject(data[:at], "truncated")


@mutator
def gzip_cut(rng, report):
    packed = gzip.compress(report.xml().encode(), mtime=0)
    at = rng.randrange(18, len(packed))
    if at >= len(packed) - 8:
        return same(packed[:at], report, "gzip_trailer_missing")
    # The last octet of the data may hold nothing but padding.
    if at == len(packed) - 9:
        return None
    return reject(packed[:at], "truncated")


@mutator
def zip_cut(rng, report):
    packed = zipped(report)
    return reject(packed[:rng.randrange(30, len(packed) - 22)], "truncated", "zip_damaged")


# ---- markup ----

@mutator
def ampersand(rng, report):
    leaf = free_leaf(rng, report)
    if leaf is None:
        return None
    more = rng.choice((" & Co", "?a=1&b=2", " AT&T", "&", " &unknown; x", " & amp;"))
    text = report.tokens[leaf + 1].text
    set_value(report.facts, report.tokens[leaf].path, value_of(text) + more)
    retext(report, leaf, text + more)
    return same(report.xml(), report, "ampersand_escaped")


@mutator
def html_entity(rng, report):
    leaf = free_leaf(rng, report)
    if leaf is None:
        return None
    entity, character = rng.choice((("eacute", "é"), ("copy", "©"), ("euro", "€"), ("hellip", "…")))
    text = report.tokens[leaf + 1].text
    set_value(report.facts, report.tokens[leaf].path, value_of(text) + character)
    retext(report, leaf, text + "&%s;" % entity)
    return same(report.xml(), report, "entity_replaced")


@mutator
def angle(rng, report):
    leaf = pick_leaf(rng, report, "org_name", "email", "extra_contact_info", "human_result")
    if leaf is None:
        return None
    more = rng.choice((" <a@receiver.example>", " < 3", " <x", " <<", " a<b>c</b>"))
    text = report.tokens[leaf + 1].text
    set_value(report.facts, report.tokens[leaf].path, value_of(text) + more)
    retext(report, leaf, text + more)
    if more == " a<b>c</b>":  # well-formed: the text of an unknown element in a value is the value's
        set_value(report.facts, report.tokens[leaf].path, value_of(text) + " ac")
        return same(report.xml(), report, "unknown_elements")
    return same(report.xml(), report, "angle_escaped", or_reject=BROKEN)


KNOWN = {"version", "org_name", "email", "extra_contact_info", "report_id", "error", "generator", "begin", "end", "domain", "p", "sp", "np",
         "adkim", "aspf", "pct", "fo", "testing", "t", "discovery_method", "source_ip", "count", "disposition", "dkim", "spf", "type",
         "comment", "header_from", "envelope_from", "envelope_to", "selector", "result", "human_result", "scope"}


def misspell(rng, name):
    at = rng.randrange(len(name))
    forms = (name[:at] + name[at + 1:], name[:at] + rng.choice("abcxyz") + name[at:], name[:at] + rng.choice("abcxyz") + name[at + 1:],
             name[:at] + name[at:at + 2][::-1] + name[at + 2:])
    wrong = rng.choice(forms)
    return wrong if wrong and wrong != name and wrong not in KNOWN and not wrong[0].isdigit() and wrong[0] != "_" else None


def any_leaf(rng, report):
    return pick(rng, report.leaves())


@mutator
def end_tag_misspelt(rng, report):
    leaf = any_leaf(rng, report)
    wrong = misspell(rng, report.tokens[leaf].name)
    if wrong is None or wrong.replace("_", "") == report.tokens[leaf].name.replace("_", ""):
        return None
    report.tokens[leaf + 2].text = "</%s>" % wrong
    return same(report.xml(), report, "end_tag_repaired", or_reject=BROKEN)


@mutator
def start_tag_misspelt(rng, report):
    leaf = any_leaf(rng, report)
    wrong = misspell(rng, report.tokens[leaf].name)
    if wrong is None:
        return None
    report.tokens[leaf].text = "<%s>" % wrong
    return same(report.xml(), report, "start_tag_repaired", "end_tag_repaired", also=("name_alias",), or_reject=BROKEN)


@mutator
def end_tag_odd(rng, report):
    leaf = any_leaf(rng, report)
    name = report.tokens[leaf].name
    form = rng.choice(("</%s id='1'>", "<//%s>", "</%s/>", "</ %s>", "<\\%s>", "<%s>", "<%s/>", "</%s", "</>"))
    report.tokens[leaf + 2].text = form % name if "%" in form else form
    return same(report.xml(), report, "end_tag_repaired", also=("angle_escaped",), or_reject=BROKEN)


@mutator
def octet_missing_in_a_tag(rng, report):
    """The strongest of all: whatever is missing, no other report comes of it."""
    tags = [i for i, t in enumerate(report.tokens) if t.kind in (START, END) and t.name != "feedback"]
    token = report.tokens[rng.choice(tags)]
    at = rng.randrange(len(token.text))
    token.text = token.text[:at] + token.text[at + 1:]
    return same(report.xml(), report, *TAG_REPAIRS, "name_alias", or_reject=BROKEN)


@mutator
def end_tag_lost(rng, report):
    ends = [i for i, t in enumerate(report.tokens) if t.kind == END and t.name != "feedback"]
    del report.tokens[rng.choice(ends)]
    return reject(report.xml(), *BROKEN)


@mutator
def end_tag_stray(rng, report):
    place = pick(rng, container_places(report))
    insert(report, place, "</%s>" % rng.choice(("record", "row", "auth_results", "report_metadata", "identifiers", "policy_evaluated")))
    return reject(report.xml(), *BROKEN)


@mutator
def attributes(rng, report):
    starts = [i for i, t in enumerate(report.tokens) if t.kind == START and t.name != "feedback"]
    token = report.tokens[rng.choice(starts)]
    good = rng.random() < 0.5
    put = rng.choice((' lang="en"', " a='1' b=\"2\"", '\n x="&lt;"') if good else (" a=1", ' a="1" a="2"', " a", ' a="1'))
    token.text = token.text[:-1] + put + ">"
    return same(report.xml(), report, *(() if good else ("attributes_dropped",)))


# ---- what XML allows ----

@mutator
def comments(rng, report):
    for _ in range(rng.randrange(1, 6)):
        place = rng.randrange(1, len(report.tokens))
        report.tokens.insert(place, Token(BLANK, rng.choice(("<!-- <count>9</count> -->", "<?pi x?>", "<!---->")), ("feedback",)))
    return same(report.xml(), report)


@mutator
def cdata(rng, report):
    leaf = any_leaf(rng, report)
    value = value_of(report.tokens[leaf + 1].text)
    retext(report, leaf, rng.choice((" <![CDATA[%s]]>", "<![CDATA[ %s\n]]>")) % value)
    return same(report.xml(), report)


@mutator
def references(rng, report):
    leaf = any_leaf(rng, report)
    form = rng.choice(("&#%d;", "&#x%x;"))
    retext(report, leaf, "".join(form % ord(c) for c in value_of(report.tokens[leaf + 1].text)))
    return same(report.xml(), report)


@mutator
def blanks_around(rng, report):
    for leaf in report.leaves():
        blank = rng.choice((" ", "\n\t", "\u00a0", "\t \r\n", "\u200b", "\ufeff"))
        retext(report, leaf, blank + report.tokens[leaf + 1].text + blank)
    return same(report.xml(), report, also=("invisible_dropped",))


@mutator
def order(rng, report):
    def shuffle(children):
        for name, content in children:
            if isinstance(content, list):
                shuffle(content)
                if name in reports.UNORDERED:
                    rng.shuffle(content)
    shuffle(report.tree)
    return same(reports.write(rng, report).xml(), report)


@mutator
def case_of_names(rng, report):
    change = rng.choice((str.upper, str.title))
    for token in report.tokens:
        if token.kind in (START, END) and token.name != "feedback":
            token.text = change(token.text)
    return same(report.xml(), report, "name_case")


@mutator
def names_squeezed(rng, report):
    put = rng.choice(("", "-"))
    for token in report.tokens:
        if token.kind in (START, END) and token.name != "feedback":
            token.text = token.text.replace("_", put)
    return same(report.xml(), report, "name_alias")


@mutator
def names_other(rng, report):
    old, new = rng.choice((("date_range", "data_range"), ("identifiers", "identities"), ("auth_results", "auth_result")))
    for token in report.tokens:
        if token.kind in (START, END) and token.name == old:
            token.text = token.text.replace(old, new)
    return same(report.xml(), report, "name_alias")


@mutator
def prefixes(rng, report):
    declared = rng.random() < 0.5
    uri = "urn:ietf:params:xml:ns:dmarc-2.0" if report.rfc9990 else "http://receiver.example/own"
    for token in report.tokens:
        if token.kind == START:
            token.text = "<ns2:" + token.text[1:]
        elif token.kind == END:
            token.text = "</ns2:" + token.text[2:]
    root = report.tokens[0]
    root.text = '<ns2:feedback xmlns:ns2="%s">' % uri if declared else "<ns2:feedback>"
    if declared:
        return same(report.xml(), report)
    if report.rfc9990 and not says_rfc9990(report):
        report.facts["dialect"] = "rfc7489"
    return same(report.xml(), report, "prefix_undeclared")


def says_rfc9990(report):
    policy = report.facts["policy_published"]
    return report.facts["generator"] or any(policy[key] for key in ("np", "testing", "discovery_method"))


@mutator
def foreign_elements(rng, report):
    for _ in range(rng.randrange(1, 4)):
        name = rng.choice(("record", "count", "source_ip", "dkim", "domain", "own"))
        insert(report, pick(rng, container_places(report)), '<x:%s xmlns:x="urn:own">9</x:%s>' % (name, name))
    return same(report.xml(), report, "foreign_elements")


@mutator
def unknown_elements(rng, report):
    for _ in range(rng.randrange(1, 4)):
        insert(report, pick(rng, container_places(report)), rng.choice(("<own>1</own>", "<rf>afrf</rf>", "<own><count>9</count></own>", "<ri/>")))
    return same(report.xml(), report, "unknown_elements")


@mutator
def end_tag_twice(rng, report):
    leaf = any_leaf(rng, report)
    report.tokens[leaf + 2].text += rng.choice(("", " ", "\n")) + report.tokens[leaf + 2].text
    return same(report.xml(), report, "end_tag_repaired", or_reject=BROKEN)


@mutator
def wrapper_around(rng, report):
    start, end = rng.choice((("<reports>", "</reports>"), ("<a><b>x</b><c>", "</c></a>"), ("<xs:schema xmlns:xs='urn:x'><xs:element/>", "</xs:schema>"),
                             ("<e:Envelope xmlns:e='urn:e'><e:Body>", "</e:Body></e:Envelope>")))
    return same('<?xml version="1.0"?>' + start + report.xml("") + end, report, "wrapper_ignored",
                also=("schema_ignored", "trailing_junk", "stray_text"))


@mutator
def wrappers_inside(rng, report):
    """Around the records, or around each part of the report."""
    name = rng.choice(("records", "own", "data"))
    children = report.tree
    wrapped = [child for child in children if child[0] == "record"]
    if not wrapped:
        return None
    if rng.random() < 0.5:
        report.tree = [child for child in children if child[0] != "record"] + [[name, wrapped]]
    else:
        report.tree = [child if child[0] == "version" else [name, [child]] for child in children]
    return same(reports.write(rng, report).xml(), report, "wrapper_ignored", also=("unknown_elements",))


@mutator
def empty_first(rng, report):
    name = rng.choice(("report_metadata", "policy_published", "row", "identifiers", "policy_evaluated", "date_range"))
    first, _ = rng.choice(report.spans(name))
    report.tokens.insert(first, Token(BLANK, rng.choice(("<%s/>", "<%s> </%s>", "<%s>\n<own>9</own></%s>")).replace("%s", name), ("feedback",)))
    return same(report.xml(), report, "element_repeated", also=("unknown_elements",))


@mutator
def flat(rng, report):
    """The tags of a container are gone; its values stand in the one around it."""
    name = rng.choice(("date_range", "row", "identifiers"))
    inside, ends = rng.choice([(i, j) for i, j in report.spans(name)])
    report.tokens[ends].text = report.tokens[inside].text = ""
    return same(report.xml(), report, "element_misplaced")


@mutator
def too_deep(rng, report):
    levels = rng.choice((16, 40, 200))
    insert(report, pick(rng, container_places(report)), "<own>" * levels + "</own>" * levels)
    return reject(report.xml(), "too_deep")


@mutator
def stray_text(rng, report):
    insert(report, pick(rng, container_places(report, lambda t: t.name not in ("reason", "dkim", "spf"))), " text ")
    return same(report.xml(), report, "stray_text")


# ---- values ----

@mutator
def count(rng, report):
    leaf = pick_leaf(rng, report, "count")
    form = rng.choice(("", "-3", "x", "1e3", "1000000000001", "99999999999999999999", "3.0", "0x10"))
    retext(report, leaf, form)
    report.facts["records"][report.tokens[leaf].path[1]]["count"] = 1
    reports.sums(report.facts)
    return same(report.xml(), report, "count_unreadable")


@mutator
def count_padded(rng, report):
    leaf = pick_leaf(rng, report, "count")
    retext(report, leaf, "000" + report.tokens[leaf + 1].text)
    return same(report.xml(), report)


@mutator
def address_unreadable(rng, report):
    leaf = pick_leaf(rng, report, "source_ip")
    retext(report, leaf, rng.choice(("", "none", "192.0.2", "192.0.2.1/32", "192.0.2.1:25", "fe80::1%eth0", "2001:db8::g", "192.0.2.256")))
    del report.facts["records"][report.tokens[leaf].path[1]]
    reports.sums(report.facts)
    return same(report.xml(), report, "ip_unreadable")


@mutator
def address_odd(rng, report):
    leaf = pick_leaf(rng, report, "source_ip")
    ip = report.tokens[leaf + 1].text
    v6 = ":" in ip
    retext(report, leaf, rng.choice(("[%s]" % ip, ip.upper() if v6 else "::ffff:" + ip, ip if v6 else ".".join("%03d" % int(x) for x in ip.split(".")))))
    return same(report.xml(), report, also=("ip_cleaned", "ip_mapped"))


def word_case(word):
    return () if word.islower() else ("word_case",)


@mutator
def verdict(rng, report):
    leaf = pick_leaf(rng, report, "dkim", "spf", inside="policy_evaluated")
    form = rng.choice(("none", "softfail", "passed", "pass!", "true", "", "PASS", "Fail"))
    retext(report, leaf, form)
    plain = form.lower() in ("pass", "fail")
    set_value(report.facts, report.tokens[leaf].path, form.lower() if plain else form or None)
    reports.sums(report.facts)
    return same(report.xml(), report, *(word_case(form) if plain else ("verdict_unknown",) if form else ("verdict_absent",)),
                also=() if plain else ("verdict_contradicted",))


@mutator
def disposition(rng, report):
    leaf = pick_leaf(rng, report, "disposition")
    form = rng.choice(("softfail", "15", "delivered", "", "pass", " REJECT "))
    retext(report, leaf, form)
    known = form.strip().lower() in ("reject", "pass")
    set_value(report.facts, report.tokens[leaf].path, form.strip().lower() if known else form or None)
    if form == "pass":
        report.facts["dialect"] = "rfc9990"
    return same(report.xml(), report, *(word_case(form) if known else ("disposition_unknown",) if form else ("disposition_absent",)))


@mutator
def result(rng, report):
    leaf = pick_leaf(rng, report, "result")
    if leaf is None:
        return None
    form = rng.choice(("hardfail", "unknown", "not.evaluated", "PASS", "Neutral"))
    retext(report, leaf, form)
    known = form.lower() in reports.DKIM
    set_value(report.facts, report.tokens[leaf].path, form.lower() if known else form)
    return same(report.xml(), report, *(word_case(form) if known else ("result_unknown",)))


@mutator
def dates(rng, report):
    leaf = pick_leaf(rng, report, "begin", "end")
    seconds = int(report.tokens[leaf + 1].text)
    form, note = rng.choice((("%d.0", "date_form"), ("%d000", "date_milliseconds"), ("%d000000", "date_milliseconds"),
                             ("%d000000000", "date_milliseconds"), ("&lt;%d&gt;", "date_form"), ('"%d"', "date_form"), ("[%d]", "date_form"),
                             ("+%d", "date_form"), (" %d ", None)))
    retext(report, leaf, form % seconds)
    return same(report.xml(), report, *((note,) if note else ()))


DATE_FORMS = ("%Y-%m-%d %H:%M:%S+00", "%Y-%m-%d %H:%M:%S.123456+00", "%Y-%m-%dT%H:%M:%S,5Z", "%Y%m%dT%H%M%SZ", "%Y%m%d%H%M%S", "%Y/%m/%d %H:%M:%S",
              "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S UTC %Y", "%a, %d %b %Y %H:%M:%S +0000 (UTC)", "%Y-%m-%d %H:%M:%S +0000 UTC",
              "%b %d, %Y %I:%M:%S %p", "<%Y-%m-%dT%H:%M:%SZ>")


@mutator
def dates_written_out(rng, report):
    leaf = pick_leaf(rng, report, "begin", "end")
    moment = time.gmtime(int(report.tokens[leaf + 1].text))
    retext(report, leaf, escape(time.strftime(rng.choice(DATE_FORMS), moment)))
    return same(report.xml(), report, "date_form")


@mutator
def date_missing(rng, report):
    name = rng.choice(("begin", "end"))
    if rng.random() < 0.5:
        report.drop(report.spans(name)[0])
    else:
        retext(report, report.leaves(name)[0], rng.choice(("", "yesterday", "n/a")))
    report.facts[name] = None
    return same(report.xml(), report, name + "_absent")


@mutator
def dates_missing(rng, report):
    if rng.random() < 0.5:
        report.drop(report.spans("date_range")[0])
    else:
        for leaf in report.leaves("begin", "end"):
            retext(report, leaf, "never")
    return reject(report.xml(), "no_usable_date")


@mutator
def dates_reversed(_, report):
    begin, end = report.leaves("begin")[0], report.leaves("end")[0]
    report.facts["begin"], report.facts["end"] = report.facts["end"], report.facts["begin"]
    retext(report, begin, str(report.facts["begin"]))
    retext(report, end, str(report.facts["end"]))
    return same(report.xml(), report, "range_reversed")


@mutator
def metadata_missing(rng, report):
    name = rng.choice(("org_name", "email", "report_id"))
    report.drop(report.spans(name)[0])
    report.facts[name] = None
    return same(report.xml(), report, name + "_absent")


@mutator
def no_metadata(_, report):
    report.drop(report.spans("report_metadata")[0])
    return reject(report.xml(), "no_report_metadata")


@mutator
def no_policy_domain(rng, report):
    whole = rng.random() < 0.5
    span = report.spans("policy_published" if whole else "domain")[0]
    report.drop(span)
    names = {r["header_from"] for r in report.facts["records"]}
    if len({name.lower() for name in names}) != 1:
        return reject(report.xml(), "no_policy_domain")
    facts = report.facts
    facts["domain"] = facts["records"][0]["header_from"]
    policy = facts["policy_published"]
    policy["domain"] = None
    if whole:
        if report.rfc9990 and not report.root_attributes:
            return None
        facts["policy_published"] = dict.fromkeys(policy)
    return same(report.xml(), report, "domain_inferred", *(("policy_absent",) if whole else ()))


@mutator
def record_parts_missing(rng, report):
    name, note = rng.choice((("identifiers", "header_from_inferred"), ("auth_results", "auth_results_absent"), ("policy_evaluated", "verdict_absent")))
    span = rng.choice(report.spans(name))
    record = report.facts["records"][report.tokens[span[0]].path[1]]
    report.drop(span)
    if name == "identifiers":
        record.update(header_from=None, envelope_from=None, envelope_to=None)
    elif name == "auth_results":
        record["auth_results"] = {"dkim": [], "spf": []}
    else:
        record.update(disposition=None, dkim=None, spf=None, reasons=[])
        reports.sums(report.facts)
    return same(report.xml(), report, note, also=("disposition_absent", "verdict_contradicted"))


@mutator
def repeated(rng, report):
    name = rng.choice(("org_name", "report_id", "begin", "p", "source_ip", "count", "header_from", "row", "identifiers", "date_range"))
    spans = report.spans(name)
    first, last = rng.choice(spans)
    again = "".join(t.text for t in report.tokens[first:last + 1]).replace("pass", "fail")
    report.tokens.insert(last + 1, Token(BLANK, again, ("feedback",)))
    return same(report.xml(), report, "element_repeated")


@mutator
def reason_as_text(rng, report):
    spans = report.spans("reason")
    if not spans:
        return None
    first, last = rng.choice(spans)
    path = report.tokens[first].path
    word = rng.choice(("sampled_out", "forwarded"))
    report.tokens[first:last + 1] = [Token(BLANK, "<reason>%s</reason>" % word, path)]
    reason = report.facts["records"][path[1]]["reasons"][path[-2]]
    reason.update(type=word, comment=None)
    return same(report.xml(), report, "reason_form")


@mutator
def policy_word(rng, report):
    leaf = pick_leaf(rng, report, "p", "sp", "adkim", "aspf", inside="policy_published")
    path, text = report.tokens[leaf].path, report.tokens[leaf + 1].text
    if rng.random() < 0.5:
        retext(report, leaf, rng.choice((text + ";", '"%s"' % text, text + ".")))
        return same(report.xml(), report, "policy_form")
    retext(report, leaf, "nil")
    set_value(report.facts, path, "nil")
    return same(report.xml(), report, "policy_unknown")


@mutator
def text_too_long(rng, report):
    leaf = pick_leaf(rng, report, "org_name", "extra_contact_info")
    text = "é" * rng.randrange(2049, 5000)
    retext(report, leaf, text)
    set_value(report.facts, report.tokens[leaf].path, text[:2048])
    return same(report.xml(), report, "text_cut")


# ---- containers and mails ----

def zipped(report, *more, method=zipfile.ZIP_DEFLATED, data=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, content in more:
            z.writestr(name, content)
        z.writestr("r.xml", data or report.xml().encode())
    return out.getvalue()


@mutator
def zip_forms(rng, report):
    more = (("folder/", b""), ("__MACOSX/._r.xml", b"\0\5\26\7"), ("folder/.DS_Store", b"x"), ("empty", b""), ("readme.txt", b"hello"))
    return same(zipped(report, *rng.sample(more, rng.randrange(4)), method=rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))), report)


@mutator
def gzip_forms(rng, report):
    data = report.xml().encode()
    form = rng.randrange(4)
    if form == 0:
        return same(gzip.compress(data), report)
    if form == 1:
        return same(gzip.compress(data) + rng.choice((b"\r\n", b"\0\0\0", b"junk")), report, "trailing_junk")
    if form == 2:
        at = rng.randrange(1, len(data))
        return same(gzip.compress(data[:at]) + gzip.compress(data[at:]), report, "gzip_members")
    return same(gzip.compress(data, compresslevel=0), report)


@mutator
def gzip_flipped(rng, report):
    packed = bytearray(gzip.compress(report.xml().encode(), mtime=0))
    at = rng.randrange(10, len(packed) - 9)
    packed[at] ^= 1 << rng.randrange(8)
    # What looks like a bomb is refused before its checksum is seen.
    # Some bits mean nothing: the length of a code that is never used. Another ends the data just before the end of the
    # file: then there is no checksum, and only the XML shows the damage.
    return same(bytes(packed), report, or_reject={"gzip_damaged", "truncated"} | BOMBS | BROKEN)


@mutator
def nested(rng, report):
    data, depth = report.xml().encode(), rng.randrange(2, 5)
    for _ in range(depth):
        data = gzip.compress(data) if rng.random() < 0.5 else zipped(report, data=data)
    return reject(data, "too_deep") if depth > 3 else same(data, report)


def encoded(rng, data, binary):
    coding = rng.choice(("base64", "quoted-printable") if binary else ("base64", "quoted-printable", "8bit"))
    if coding == "base64":
        data = base64.encodebytes(data)
    elif coding == "quoted-printable" and binary:  # line ends of a binary are no line ends
        data = b"=\n".join(b"".join(b"=%02X" % octet for octet in data[i:i + 24]) for i in range(0, len(data), 24))
    elif coding == "quoted-printable":
        data = quopri.encodestring(data)
    return coding.encode(), data


@mutator
def mails(rng, report):
    data = report.xml().encode()
    packed = rng.choice((gzip.compress(data), zipped(report), None))
    coding, body = encoded(rng, packed or data, packed is not None)
    kind = rng.choice((b"application/gzip", b"application/zip", b"application/octet-stream", b"text/xml", b"text/plain", b"x"))
    leaf = b"Content-Type: %s; name=\"r\"\nContent-Transfer-Encoding: %s\n\n%s" % (kind, coding, body)
    head = b"From: r@receiver.example\nSubject: Report Domain: example.com\nMIME-Version: 1.0\n"
    boundary = b"=_%d" % rng.randrange(10**9)
    form = rng.randrange(3)
    mail = head + leaf
    if form:
        mail = head + b"Content-Type: multipart/mixed; boundary=\"%s\"\n\n--%s\nContent-Type: text/plain\n\nHello\n--%s\n%s\n--%s--\n" % (
            boundary, boundary, boundary, leaf, boundary)
    if form == 2:
        mail = head + b"Content-Type: message/rfc822\n\n" + mail
    return same(mail if rng.random() < 0.5 or coding == b"8bit" else mail.replace(b"\n", b"\r\n"), report)
