"""Reports read by Python's own email, gzip, zipfile and xml.etree: a second opinion, strict and without any repair."""
import email
import gzip
import io
import ipaddress
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib

DEPTH = 3
UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ElementTree.ParseError, ValueError,
              LookupError)


class Unsure(Exception):
    """Python's modules do not say what this means."""


def leaves(mail):
    """The decoded leaves of a mail."""
    for part in email.message_from_bytes(mail).walk():
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""


def documents(data, depth=0):
    """The XML documents in a leaf or file. Raises one of UNREADABLE."""
    if data[:2] == b"\x1f\x8b" and depth < DEPTH:
        return documents(gzip.decompress(data), depth + 1)
    if data[:4] == b"PK\3\4" and depth < DEPTH:
        found = []
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                if not name.endswith("/") and not name.startswith("__MACOSX/"):
                    found += documents(packed.read(name), depth + 1)
        return found
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return [data] if text[:1] == b"<" and b"feedback" in text[:1000].lower() else []


def names(tag):
    uri, _, local = tag[1:].rpartition("}") if tag[0] == "{" else ("", "", tag)
    return uri, local.lower()


class Element:
    """An element of a report and what in it counts: children of the root's namespace or none."""

    def __init__(self, node, root_uri):
        self.node, self.uri = node, root_uri

    def all(self, name):
        for child in self.node:
            uri, local = names(child.tag)
            if local == name and uri in ("", self.uri):
                yield Element(child, self.uri)

    def first(self, name):
        return next(self.all(name), Element(ElementTree.Element("none"), ""))

    def own_text(self):
        """Its text, and that of the elements in it which count."""
        parts = [self.node.text or ""]
        for child in self.node:
            if names(child.tag)[0] in ("", self.uri):
                parts.append(Element(child, self.uri).own_text())
            parts.append(child.tail or "")
        return "".join(parts)

    def text(self, name):
        """The first that is not empty."""
        return next((t for t in (e.own_text().strip() for e in self.all(name)) if t), None)

    def word(self, name):
        text = self.text(name)
        return text and text.lower()

    def number(self, name):
        text = self.text(name)
        if text is None or not (text.isascii() and text.isdigit() and len(text) <= 10):
            raise Unsure(name)
        return int(text)


def record(e):
    row = e.first("row")
    evaluated, identifiers = row.first("policy_evaluated"), e.first("identifiers")
    results = list(e.all("auth_results"))
    try:
        ip = ipaddress.ip_address(row.text("source_ip") or "")
    except ValueError:
        raise Unsure("source_ip") from None
    return {"source_ip": str(getattr(ip, "ipv4_mapped", None) or ip), "count": row.number("count"),
            "disposition": evaluated.word("disposition"), "dkim": evaluated.word("dkim"), "spf": evaluated.word("spf"),
            "reasons": [{"type": r.word("type"), "comment": r.text("comment")} for r in evaluated.all("reason")],
            "header_from": identifiers.text("header_from"), "envelope_from": identifiers.text("envelope_from"),
            "envelope_to": identifiers.text("envelope_to"),
            "auth_results": {
                "dkim": [{"domain": d.text("domain"), "selector": d.text("selector"), "result": d.word("result")} for r in results for d in r.all("dkim")],
                "spf": [{"domain": s.text("domain"), "scope": s.word("scope"), "result": s.word("result")} for r in results for s in r.all("spf")]}}


def facts(document):
    """What the line of a report must say, as far as this reader has it; None: no report."""
    root = ElementTree.fromstring(document)
    uri, local = names(root.tag)
    if local != "feedback":
        return None
    top = Element(root, uri)
    metadata, policy = top.first("report_metadata"), top.first("policy_published")
    dates = metadata.first("date_range")
    return {"org_name": metadata.text("org_name"), "email": metadata.text("email"), "report_id": metadata.text("report_id"),
            "begin": dates.number("begin"), "end": dates.number("end"), "domain": policy.text("domain"), "p": policy.word("p"),
            "sp": policy.word("sp"), "records": [record(r) for r in top.all("record")]}
