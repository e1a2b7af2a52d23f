#!/usr/bin/env python3
"""The hostile inputs: what each one is. What the reader must say to it stands in expected.txt.

`make.py` writes the small ones beside itself, where they are kept as seeds of the fuzzers; `make.py FOLDER` writes all of
them there.
"""
import base64
import gzip
import io
import os
import random
import struct
import sys
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
SMALL = 4096
TABLE = []  # (name, maker)


def add(name, data):
    TABLE.append((name, data if callable(data) else lambda: data))


# ---- what they are made of ----

HEAD = (b"<report_metadata><org_name>r.example</org_name><email>dmarc@r.example</email><report_id>1</report_id><date_range>"
        b"<begin>1700006400</begin><end>1700092799</end></date_range></report_metadata><policy_published>"
        b"<domain>example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p><pct>100</pct></policy_published>")
RECORD = (b"<record><row><source_ip>192.0.2.1</source_ip><count>1</count><policy_evaluated><disposition>none</disposition>"
          b"<dkim>pass</dkim><spf>pass</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from>"
          b"</identifiers><auth_results><spf><domain>example.com</domain><result>pass</result></spf></auth_results></record>")


def report(inside=RECORD, head=HEAD, before=b"<?xml version=\"1.0\"?>\n", root=b""):
    return before + b"<feedback" + root + b">" + head + inside + b"</feedback>\n"


GOOD = report()


def record(**changes):
    """RECORD with the text of some elements replaced; names as in the report."""
    out = RECORD
    for name, text in changes.items():
        tag = name.encode()
        start, end = out.index(b"<" + tag + b">") + len(tag) + 2, out.index(b"</" + tag + b">")
        out = out[:start] + text + out[end:]
    return out


def head(**changes):
    out = HEAD
    for name, text in changes.items():
        tag = name.encode()
        start, end = out.index(b"<" + tag + b">") + len(tag) + 2, out.index(b"</" + tag + b">")
        out = out[:start] + text + out[end:]
    return out


def gz(data):
    return gzip.compress(data, mtime=0)


def deflated(unit, total):
    """A raw deflate stream of `total` octets that repeat `unit`, made without deflating all of them."""
    step = unit * max(1, (8 << 20) // len(unit))
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = c.compress(step) + c.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15)
    times = total // len(step)
    return piece * times + end.compress(b"") + end.flush(), times * len(step), step, times


def gz_of(unit, total, before=b""):
    """gzip of `before` and then `total` octets of `unit`; its checksum is never reached."""
    first = b""
    if before:
        c = zlib.compressobj(9, zlib.DEFLATED, -15)
        first = c.compress(before) + c.flush(zlib.Z_FULL_FLUSH)
    body, size, _, _ = deflated(unit, total)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + first + body + struct.pack("<II", 0, (size + len(before)) & 0xFFFFFFFF)


def local(name, data, crc, size, method=8, flags=0):
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0x5821, crc, len(data), size, len(name), 0) + name + data


def central(name, packed, crc, size, at, method=8, flags=0):
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, flags, method, 0, 0x5821, crc, packed, size, len(name), 0, 0, 0, 0, 0, at) + name


def end(count, size, at, comment=b""):
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF, size, at, len(comment)) + comment


def zip_raw(entries, comment=b""):
    """entries: (name, packed octets, crc, size, method, flags)."""
    out, directory = b"", b""
    for name, data, crc, size, method, flags in entries:
        directory += central(name, len(data), crc, size, len(out), method, flags)
        out += local(name, data, crc, size, method, flags)
    return out + directory + end(len(entries), len(directory), len(out), comment)


def zipped(*files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in files:
            z.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def zip_entry(data, name=b"r.xml", flags=0, size=None, crc=None):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (name, c.compress(data) + c.flush(), zlib.crc32(data) if crc is None else crc, len(data) if size is None else size, 8, flags)


def zip_bomb(unit, total, entries=1):
    body, size, step, times = deflated(unit, total)
    crc = 0
    for _ in range(times):
        crc = zlib.crc32(step, crc)
    return zip_raw([(b"r%d.xml" % i, body, crc, size, 8, 0) for i in range(entries)])


TOP = b"From: Reporter <dmarc@r.example>\nTo: rua@example.com\nSubject: Report domain: example.com\nMIME-Version: 1.0\n"


def part(data, kind=b"application/gzip", more=b""):
    return (b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64\n" + more + b"\n" + base64.encodebytes(data))


def mixed(*parts, boundary=b"b", kind=b"mixed", top=TOP):
    before = top + b"Content-Type: multipart/" + kind + b"; boundary=\"" + boundary + b"\"\n\n"
    return before + b"".join(b"--" + boundary + b"\n" + p + b"\n" for p in parts) + b"--" + boundary + b"--\n"


def feedback_only(data):
    return mixed(b"\nx\n", b"Content-Type: message/feedback-report\n\n" + data, kind=b"report; report-type=feedback-report")


def mail(data, kind=b"application/gzip", more=b""):
    return TOP + part(data, kind, more)


# ---- packed in other ways ----

def tar(*entries, before=b"", end=bytes(1024)):
    """entries: (name, data, type, size field or None)."""
    out = before
    for name, data, kind, size in entries:
        h = bytearray(512)
        h[0:len(name)] = name
        h[100:108], h[124:136], h[156:157] = b"0000644\0", size or b"%011o\0" % len(data), kind
        h[148:156] = b" " * 8
        h[148:156] = b"%06o\0 " % sum(h)
        out += bytes(h) + data + bytes(-len(data) % 512)
    return out + end


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
add("outlook.msg", OLE + bytes(600) + "__substg1.0_0037001F".encode("utf-16-le"))
add("outlook-named.eml", lambda: mail(OLE + bytes(600), b"application/octet-stream; name=\"report.msg\""))
add("word.doc", OLE + bytes(600) + "WordDocument".encode("utf-16-le"))
add("rar.rar", b"Rar!\x1a\x07\x01\0" + b"x" * 40)
add("compress.xml.Z", b"\x1f\x9d\x90" + b"x" * 40)
add("lzip.xml.lz", b"LZIP\x01\x0c" + b"x" * 40)
add("lzma.xml.lzma", b"\x5d\0\0\x80\0" + b"\xff" * 8 + b"x" * 40)
add("lz4.xml.lz4", b"\x04\x22\x4d\x18\x64\x40" + b"x" * 40)
add("lha.lzh", b"\x21\x8d-lh5-" + b"x" * 40)
add("arj.arj", b"\x60\xea\x2c\0" + b"x" * 40)
add("cab.cab", b"MSCF\0\0\0\0" + b"x" * 40)
add("zlib.xml.z", zlib.compress(GOOD))
add("rar-in-zip.zip", lambda: zipped(("r.rar", b"Rar!\x1a\x07\x01\0" + b"x" * 40)))
add("pgp-key.xml.gpg", b"\x85\x01\x0c\x03" + b"KEYIDKEY" + b"\x01" + b"k" * 258)
add("pgp-phrase.xml.gpg", b"\x8c\x0d\x04\x09\x03\x08saltsalt\xff\xd2\x3f\x01" + b"d" * 62)
add("pgp-new-form.xml.gpg", b"\xc1\xc0\x4c\x03" + b"KEYIDKEY" + b"\x12" + b"k" * 258)
add("pgp-armour.xml.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQ\n-----END PGP MESSAGE-----\n")
add("pgp-in-zip.zip", lambda: zipped(("r.gpg", b"\x85\x01\x0c\x03" + b"KEYIDKEY" + b"\x01" + b"k" * 258)))
add("tar.tar", tar((b"d/", b"", b"5", None), (b"d/r.xml", GOOD, b"0", None), (b"._r.xml", b"x", b"0", None), (b"link", b"", b"2", None)))
add("tar-old.tar", tar((b"r.xml", GOOD, b"\0", None)))
add("tar-of-gzip.tar", lambda: tar((b"r.xml.gz", gz(GOOD), b"0", None), (b"s.xml", GOOD, b"0", None)))
add("tar-gzip.tar.gz", lambda: gz(tar((b"r.xml.gz", gz(GOOD), b"0", None), (b"s.xml", GOOD, b"0", None))))
add("tar-4-deep.tar.gz", lambda: gz(tar((b"r.xml.gz.gz", gz(gz(GOOD)), b"0", None))))
add("tar-cut.tar", tar((b"r.xml", GOOD, b"0", None))[:900])
add("tar-without-end.tar", tar((b"r.xml", GOOD, b"0", None), end=b""))
add("tar-size-more.tar", tar((b"r.xml", GOOD, b"0", b"77777777777\0")))
add("tar-size-binary.tar", tar((b"r.xml", GOOD, b"0", b"\x80" + b"\xff" * 11)))
add("tar-header-damaged.tar", tar((b"r.xml", GOOD, b"0", None), end=b"x" * 512))
add("tar-only-folders.tar", tar((b"d/", b"", b"5", None)))
add("tar-entries-1001.tar", lambda: tar(*[(b"d/", b"", b"5", None)] * 1001))
add("tar-name-escapes.tar", tar((b"../../etc/\x1b[2J", GOOD, b"0", None)))

# ---- gzip ----


def below_the_ratio(unit, mib):
    """gzip of a report that is cut behind `mib` MiB of `unit`, with comments that keep it just below the limit of the ratio."""
    n = (mib << 20) // 180
    noise = base64.b64encode(random.Random(1).getrandbits(8 * n).to_bytes(n, "big"))
    comments = b"".join(b"<!--" + noise[i:i + 4000] + b"-->" for i in range(0, len(noise), 4000))
    return gz(b"<feedback>" + HEAD + comments + unit * ((mib << 20) // len(unit)))


add("gzip-ampersands-20-mib.gz", lambda: below_the_ratio(b"& ", 20))

GIB = 1 << 30
add("gzip-bomb-10-gib-zeros.gz", lambda: gz_of(b"\0", 10 * GIB))
add("gzip-bomb-10-gib-text.gz", lambda: gz_of(b"x", 10 * GIB, b"<feedback><error>"))
add("gzip-bomb-1-gib-records.gz", lambda: gz_of(RECORD, GIB, report(b"")[:-12]))
add("gzip-bomb-1-gib-comments.gz", lambda: gz_of(b"<!-- -->", GIB, b"<feedback>"))
add("gzip-bomb-1-gib-blanks.gz", lambda: gz_of(b"  \n", GIB, b"<feedback>"))
add("gzip-bomb-1-gib-empty-elements.gz", lambda: gz_of(b"<x/>", GIB, b"<feedback>"))
add("gzip-bomb-1-gib-in-gzip.gz", lambda: gz(gz_of(b"x", GIB, b"<feedback>")))
add("gzip-bomb-in-mail.eml", lambda: mail(gz_of(b" ", GIB, b"<feedback>")))
add("gzip-bomb-json.gz", lambda: gz_of(b"[", GIB, b"{\"organization-name\":"))
add("gzip-bombs-small-each.eml", lambda: mixed(*[part(gz(b"<feedback>" + b" " * 1000000))] * 300))
add("gzip-checksum.gz", gz(GOOD)[:-8] + b"\1\2\3\4" + gz(GOOD)[-4:])
add("gzip-size-wrong.gz", gz(GOOD)[:-4] + b"\xff\xff\xff\x7f")
add("gzip-cut-in-header.gz", gz(GOOD)[:8])
add("gzip-cut-in-data.gz", gz(GOOD)[:200])
add("gzip-cut-in-trailer.gz", gz(GOOD)[:-5])
add("gzip-damaged-in-data.gz", gz(GOOD)[:100] + b"\xff" * 40 + gz(GOOD)[140:])
add("gzip-junk-behind.gz", gz(GOOD) + b"junk" * 10)
add("gzip-reserved-flags.gz", gz(GOOD)[:3] + b"\xe0" + gz(GOOD)[4:])
add("gzip-endless-name.gz", lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\xff" + b"n" * 10000000)
add("gzip-members-64.gz", gz(GOOD[:50]) + gz(GOOD[50:]) + gz(b"") * 62)
add("gzip-members-65.gz", gz(GOOD[:50]) + gz(GOOD[50:]) + gz(b"") * 63)
add("gzip-members-100000.gz", lambda: gz(b"<feedback>") + gz(b"") * 100000)
add("gzip-12-deep.gz", lambda: __import__("functools").reduce(lambda d, _: gz(d), range(12), GOOD))
add("gzip-empty.gz", gz(b""))

# ---- zip ----

add("zip-bomb-1-gib.zip", lambda: zip_bomb(b"x", GIB))
add("zip-bomb-1-gib-text.zip", lambda: zip_bomb(b"<feedback>", GIB))
add("zip-bomb-1-gib-blanks.zip", lambda: zip_bomb(b"<!--  -->\n", GIB))
add("zip-bomb-16-of-64-mib.zip", lambda: zip_bomb(b"<feedback>", 64 << 20, 16))
add("zip-bomb-1000-of-1-mib.zip", lambda: zip_bomb(b"<feedback>", 8 << 20, 1000))
add("zip-bomb-in-mail.eml", lambda: mail(zip_bomb(b"<feedback>", GIB), b"application/zip"))


def overlapping(n, inside=b"<feedback>" * 100000):
    name, data, crc, size, method, flags = zip_entry(inside)
    directory = b"".join(central(b"%05d.xml" % i, len(data), crc, size, 0) for i in range(n))
    out = local(name, data, crc, size)
    return out + directory + end(n, len(directory), len(out))


add("zip-overlapping.zip", lambda: overlapping(1000))
add("zip-overlapping-blanks.zip", lambda: overlapping(1000, b"<?xml version=\"1.0\"?><feedback>" + b" " * 900000))
add("zip-blanks-each.zip", lambda: zip_raw([zip_entry(b"<feedback>" + b" " * 900000, b"%d.xml" % i) for i in range(30)]))
add("zip-entries-1000.zip", lambda: zipped(*[("%d.txt" % i, b"x") for i in range(1000)]))
add("zip-entries-1001.zip", lambda: zipped(*[("%d.txt" % i, b"x") for i in range(1001)]))
add("zip-entries-60000.zip", lambda: zipped(*[("%d.txt" % i, b"x") for i in range(60000)]))
add("zip-count-lies-less.zip", zipped(("a.xml", GOOD), ("b.xml", GOOD)).replace(struct.pack("<HH", 2, 2), struct.pack("<HH", 1, 1)))
add("zip-count-lies-more.zip", zipped(("a.xml", GOOD))[:-14] + struct.pack("<HH", 900, 900) + zipped(("a.xml", GOOD))[-10:])
add("zip-64-entries-2-63.zip", zipped(("a.xml", GOOD))[:-22]
    + struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1 << 63, 1 << 63, 51, len(zipped(("a.xml", GOOD))) - 73)
    + struct.pack("<4sLQL", b"PK\6\7", 0, len(zipped(("a.xml", GOOD))) - 22, 1) + end(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
add("zip-many-end-records.zip", lambda: zipped(("a.xml", GOOD)) + end(1, 0x33, 0, b"x" * 60000)[:22] * 2000)
add("zip-end-records-in-comment.zip", lambda: zip_raw([zip_entry(GOOD)], (b"PK\5\6" * 16000)[:60000]))
add("zip-encrypted.zip", zip_raw([zip_entry(GOOD, flags=1)]))
add("zip-strong-encryption.zip", zip_raw([zip_entry(GOOD, flags=0x41)]))
add("zip-bzip2.zip", zipped(("r.xml", GOOD), method=zipfile.ZIP_BZIP2))
add("zip-lzma.zip", zipped(("r.xml", GOOD), method=zipfile.ZIP_LZMA))
add("zip-unknown-method.zip", zip_raw([(b"r.xml", b"xxxx", 0, 4, 77, 0)]))
add("zip-traversal.zip", zipped(("../../../../etc/cron.d/x", GOOD)))
add("zip-absolute.zip", zipped(("/etc/passwd", GOOD)))
add("zip-name-escapes.zip", zipped(("\x1b[31m\u202er.xml", GOOD)))
add("zip-name-utf-8.zip", zipped(("Bericht für example.com.xml", GOOD)))
add("zip-name-latin-1.zip", zip_raw([zip_entry(GOOD, name=b"Bericht f\xfcr \x1b[31m.xml")]))
add("zip-name-long.zip", lambda: zipped(("n" * 65000, GOOD)))
add("zip-name-nul.zip", zip_raw([zip_entry(GOOD, name=b"r.xml\0.exe")]))
add("zip-folder-first.zip", zipped(("d/", b""), ("d/r.xml", GOOD)))
add("zip-only-folders.zip", zipped(("d/", b""), ("e/", b"")))
add("zip-no-entries.zip", zipped())
add("zip-4-deep.zip", zipped(("a.zip", zipped(("b.zip", zipped(("c.zip", zipped(("r.xml", GOOD)))))))))
add("zip-3-deep.zip", zipped(("a.zip", zipped(("b.zip", zipped(("r.xml", GOOD)))))))
add("zip-checksum.zip", zip_raw([zip_entry(GOOD, crc=1)]))
add("zip-size-less.zip", zip_raw([zip_entry(GOOD, size=10)]))
add("zip-size-more.zip", zip_raw([zip_entry(GOOD, size=0xFFFFFFF0)]))
add("zip-cut.zip", zipped(("r.xml", GOOD))[:-30])
add("zip-no-directory.zip", zipped(("r.xml", GOOD))[:100])
add("zip-directory-beyond.zip", zipped(("r.xml", GOOD))[:-6] + struct.pack("<LH", 0x7FFFFFFF, 0))
add("zip-behind-program.zip", b"MZ" + b"\0" * 100 + zipped(("r.xml", GOOD)))
# One zip behind another, and one that only lies in another.
add("zips-joined.zip", zipped(("1.xml", GOOD)) + b"\r\n" + zipped(("2.xml", GOOD)))
add("zips-joined-damaged.zip", zip_raw([zip_entry(GOOD, crc=1)]) + zipped(("2.xml", GOOD)))
add("zips-joined-100.zip", zipped(("1.xml", b"x")) * 100)
add("zip-stored-in-zip.zip", zipped(("1.zip", zipped(("1.xml", GOOD))), method=zipfile.ZIP_STORED))
add("zip-ends-100000.zip", lambda: zipped(("1.xml", GOOD)) + b"PK\5\6" * 100000)
add("zip-as-gzip-in-mail.eml", mail(zipped(("r.xml", GOOD)), b"application/gzip", b"Content-Disposition: attachment; filename=\"r.xml.gz\"\n"))
add("zip-one-good-one-bomb.zip", lambda: zip_raw([zip_entry(GOOD, b"a.xml"), (b"b.xml",) + (lambda d: (d[0], 0, d[1], 8, 0))(deflated(b"<feedback>", 64 << 20))]))

# ---- other containers ----

add("bzip2.xml.bz2", b"BZh91AY&SY" + b"\0" * 40)
add("xz.xml.xz", b"\xfd7zXZ\0" + b"\0" * 40)
add("zstd.xml.zst", b"\x28\xb5\x2f\xfd" + b"\0" * 40)
add("7z.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40)
add("winmail.dat", b"\x78\x9f\x3e\x22" + b"\0" * 40)

# ---- declarations and entities ----


def dtd(subset, use=b"", name=b"feedback"):
    return b"<?xml version=\"1.0\"?>\n<!DOCTYPE " + name + b" " + subset + b">\n" + report(use + RECORD, before=b"")


add("xxe-file.xml", dtd(b"[<!ENTITY x SYSTEM \"file:///etc/passwd\">]", b"<error>&x;</error>"))
add("xxe-device.xml", dtd(b"[<!ENTITY x SYSTEM \"file:///dev/random\">]", b"<error>&x;</error>"))
add("xxe-http.xml", dtd(b"[<!ENTITY x SYSTEM \"http://192.0.2.1/x\">]", b"<error>&x;</error>"))
add("xxe-parameter.xml", dtd(b"[<!ENTITY % x SYSTEM \"http://192.0.2.1/x.dtd\"> %x;]"))
add("xxe-external-dtd.xml", dtd(b"SYSTEM \"http://192.0.2.1/x.dtd\""))
add("xxe-public-dtd.xml", dtd(b"PUBLIC \"-//x//y\" \"http://192.0.2.1/x.dtd\""))
add("xxe-utf-16.xml", dtd(b"[<!ENTITY x SYSTEM \"file:///etc/passwd\">]").decode().encode("utf-16"))
add("xxe-utf-16-be.xml", b"\xfe\xff" + dtd(b"[<!ENTITY x SYSTEM \"file:///etc/passwd\">]").decode().encode("utf-16-be"))
add("xxe-utf-7.xml", b"<?xml version=\"1.0\" encoding=\"UTF-7\"?>\n+ADw-!DOCTYPE feedback +AFs-+ADw-!ENTITY x SYSTEM \"file:///etc/passwd\"+AD4-+AF0-+AD4-\n" + report(before=b""))
add("xxe-lower-case.xml", dtd(b"[<!ENTITY x SYSTEM \"file:///etc/passwd\">]").replace(b"DOCTYPE", b"doctype"))
add("xxe-behind-comment.xml", dtd(b"<!-- -->[<!ENTITY x \"y\">]"))
add("xxe-late.xml", report(b"<!DOCTYPE feedback [<!ENTITY x \"y\">]>" + RECORD))
add("xxe-xinclude.xml", report(b"<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\"/>" + RECORD))
add("xxe-stylesheet.xml", report(before=b"<?xml version=\"1.0\"?><?xml-stylesheet href=\"http://192.0.2.1/x.xsl\"?>\n"))
add("doctype-bare.xml", dtd(b"", name=b"feedback"))
add("doctype-long.xml", dtd(b"x" * 300))
add("laughs-billion.xml", dtd(b"[<!ENTITY a \"ha\">" + b"".join(b"<!ENTITY %c \"%s\">" % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]", b"<error>&j;</error>"))
add("laughs-quadratic.xml", lambda: dtd(b"[<!ENTITY a \"" + b"a" * 100000 + b"\">]", b"<error>" + b"&a;" * 100000 + b"</error>"))
add("entity-undefined.xml", report(record(header_from=b"&xxe;example.com")))
add("entity-predefined-1000000.xml", lambda: report(record(header_from=b"&amp;" * 1000000)))
add("entity-zero.xml", report(record(header_from=b"a&#0;b.example")))
add("entity-huge-number.xml", report(record(header_from=b"a&#99999999999999999999;b")))

# ---- shapes of XML ----

add("depth-17.xml", report(b"<x>" * 16 + b"</x>" * 16 + RECORD))
add("depth-16.xml", report(b"<x>" * 15 + b"</x>" * 15 + RECORD))
add("depth-1000000.xml", lambda: report(b"<x>" * 1000000))
add("attributes-200000.xml", lambda: report(b"<x " + b"".join(b"a%d=\"\" " % i for i in range(200000)) + b"/>" + RECORD))
add("attributes-200000.xml.gz", lambda: gz(report(b"<x " + b"".join(b"a%d=\"\" " % i for i in range(200000)) + b"/>" + RECORD)))
add("attributes-33.xml", report(b"<x " + b" ".join(b"a%d=\"\"" % i for i in range(33)) + b"/>" + RECORD))
add("attributes-1000-a-tag.xml", lambda: report((b"<x " + b" ".join(b"a%d=\"\"" % i for i in range(32)) + b"/>") * 2000))
add("attribute-names-1000000.xml", lambda: report(b"".join(b"<x " + b" ".join(b"a%d=\"\"" % j for j in range(i, i + 31)) + b"/>" for i in range(0, 1000000, 31))))
add("prefixes-100000.xml", lambda: report(b"".join(b"<p%d:x/>" % i for i in range(100000))))
add("instructions-100000.xml", lambda: report(b"".join(b"<?p%d x?>" % i for i in range(100000))))
add("namespaces-100000.xml", lambda: report(b"".join(b"<x xmlns:a%d=\"urn:%d\"/>" % (i, i) for i in range(100000))))
add("names-1000000.xml", lambda: report(b"".join(b"<a%d/>" % i for i in range(1000000))))
add("names-2000.xml", lambda: report(b"".join(b"<a%d/>" % i for i in range(2000)) + RECORD))
add("names-2001.xml", lambda: report(b"".join(b"<a%d/>" % i for i in range(2001)) + RECORD))
add("names-1000000-in-one-row.xml", lambda: report(RECORD.replace(b"<row>", b"<row>" + b"".join(b"<a%d/>" % i for i in range(1000000)))))
add("name-10000.xml", lambda: report(b"<" + b"n" * 10000 + b"/>"))
add("value-of-attribute-10000000.xml", lambda: report(b"<x a=\"" + b"v" * 10000000 + b"\"/>"))
add("text-1000000.xml", lambda: report(b"<error>" + b"t" * 1000000 + b"</error>", head=HEAD.replace(b"</report_metadata>", b"<error>" + b"t" * 1000000 + b"</error></report_metadata>")))
add("comment-10000000.xml", lambda: report(b"<!--" + b"c" * 10000000 + b"-->" + RECORD))
add("comment-unclosed.xml", lambda: report(b"<!--" + b"c" * 10000000))
add("instruction-10000000.xml", lambda: report(b"<?x " + b"c" * 10000000 + b"?>" + RECORD))
add("cdata-10000000.xml", lambda: report(b"<![CDATA[" + b"c" * 10000000 + b"]]>" + RECORD))
add("cdata-in-value.xml", lambda: report(record(header_from=b"<![CDATA[" + b"a" * 20000 + b"]]>")))
add("cdata-brackets-1000000.xml", lambda: report(b"<![CDATA[" + b"]" * 1000000 + b"]]>" + RECORD))
add("angles-10000000.xml", lambda: b"<feedback>" + b"<" * 10000000)
add("ends-1000000.xml", lambda: report(b"</x>" * 1000000))
add("quotes-open.xml", lambda: report(b"<x a=\"" + b"<y>" * 1000000))
add("ampersands-1000000.xml", lambda: report(b"<x>" + b"& " * 1000000 + b"</x>" + RECORD))
add("encoding-unknown.xml", report(before=b"<?xml version=\"1.0\" encoding=\"EBCDIC-CP-US\"?>"))
add("encoding-ucs-4.xml", report().decode().encode("utf-32-be"))
add("encoding-overlong.xml", report(record(header_from=b"a\xc0\xbcb.example")))
add("encoding-surrogates.xml", report(record(header_from=b"a\xed\xa0\x80b.example")))
add("not-xml.xml", b"<" + b"\xff\xfe\0" * 100)
add("not-a-report.xml", b"<?xml version=\"1.0\"?><rss><channel/></rss>")
add("html.html", b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>")
add("svg.xml", b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>")

# ---- contents of a report ----

add("rows-1000001.xml.gz", lambda: gz(report(b"<record/>" * 1000001)))
add("rows-100000-results.xml", lambda: report(RECORD.replace(b"<auth_results>", b"<auth_results>" + b"<dkim><domain>a.example</domain><result>pass</result></dkim>" * 100000)))
add("rows-100000-reasons.xml", lambda: report(RECORD.replace(b"</policy_evaluated>", b"<reason><type>other</type></reason>" * 100000 + b"</policy_evaluated>")))
add("errors-100000.xml", lambda: report(head=HEAD.replace(b"</report_metadata>", b"<error>x</error>" * 100000 + b"</report_metadata>")))
for name, text in (("negative", b"-5"), ("2-64", b"18446744073709551616"), ("exponent", b"1e9"), ("hex", b"0x10"), ("empty", b""), ("above", b"1000000000001"), ("digits-100000", b"9" * 3000)):
    add("count-%s.xml" % name, report(record(count=text)))
add("count-sum-overflows.xml", report(record(count=b"1000000000000") * 3))
for name, text in (("zero", b"0"), ("year-9999", b"253402300799"), ("year-292277026596", b"9223372036854775807"), ("above-64-bits", b"99999999999999999999"), ("negative", b"-1"), ("milliseconds", b"1700092799000"), ("words", b"tomorrow")):
    add("end-%s.xml" % name, report(head=head(end=text)))
add("range-reversed.xml", report(head=head(begin=b"1700092799", end=b"1700006400")))
add("range-100-years.xml", report(head=head(begin=b"0")))
for name, text in (("mapped", b"::ffff:192.0.2.1"), ("zone", b"fe80::1%eth0"), ("short", b"192.0.2"), ("octal", b"0300.0.02.01"), ("network", b"192.0.2.0/24"), ("port", b"192.0.2.1:25"), ("name", b"localhost"), ("sql", b"1' OR '1'='1"), ("empty", b""), ("long", b"1" * 3000)):
    add("address-%s.xml" % name, report(record(source_ip=text)))
for name, text in (("long", b"a." * 1000 + b"example"), ("homograph", "\u0430pple.example".encode()), ("bidi", "\u202emoc.elpmaxe".encode()), ("script", b"&lt;script&gt;alert(1)&lt;/script&gt;"), ("at", b"a@b@c.example"), ("line-end", b"a.example&#13;&#10;Bcc: x@example.net"), ("formula", b"=cmd|' /C calc'!A0"), ("mention", b"&lt;!channel&gt; @everyone"), ("escape-c1", "a\u009b31mb".encode()), ("path", b"../../etc/passwd"), ("sql", b"x'); DROP TABLE report;--"), ("format", b"%s%n%x")):
    add("domain-%s.xml" % name, report(record(header_from=text), head=head(domain=text)))
add("verdict-unknown.xml", report(record(dkim=b"passs", spf=b"")))

# ---- mails ----

add("parts-4000.eml", lambda: mixed(*[b"\nx"] * 3999 + [part(gz(GOOD))]))
add("parts-4001.eml", lambda: mixed(*[b"\nx"] * 4000 + [part(gz(GOOD))]))
add("parts-1000000.eml", lambda: mixed(*[b""] * 1000000))
add("headers-1000000.eml", lambda: b"X: y\n" * 1000000 + TOP + b"\nx\n")
add("headers-501.eml", TOP + b"X: y\n" * 498 + b"\nx\n")
add("headers-1000000-in-part.eml", lambda: mixed(b"X: y\n" * 1000000 + b"\nx", part(gz(GOOD))))
add("header-10000000.eml", lambda: b"X: " + b"y" * 10000000 + b"\n" + TOP + b"\nx\n")
add("header-folded-100000.eml", lambda: b"Subject: x\n" + b" y\n" * 100000 + b"\nx\n")
add("addresses-20000.eml", lambda: TOP + b"Cc: " + b"a@b.example, " * 19000 + b"\n\nx\n")
add("from-colons.eml", b"From: " + b":" * 3000 + b"\n\nx\n")
add("from-comments-100000.eml", lambda: b"From: " + b"(" * 100000 + b")" * 100000 + b"a@b.example\n\nx\n")
add("subject-encoded-words.eml", lambda: b"Subject: " + b"=?utf-8?q?=1B=5B31m=E2=80=AE?= " * 8000 + b"\n\nx\n")
add("header-nul.eml", b"From: a\0b@example.com\nSubject: \0\0\n\nx\n")
add("header-injection.eml", TOP.replace(b"Subject:", b"Subject: =?utf-8?q?a=0D=0ABcc:_x=40example.net?=") + b"\nx\n")
add("multiparts-10.eml", lambda: nested_multiparts(10))
add("multiparts-11.eml", lambda: nested_multiparts(11))
add("multiparts-20000.eml", lambda: nested_multiparts(20000))
add("mails-in-mails-5.eml", lambda: nested_mails(5))
add("mails-in-mails-6.eml", lambda: nested_mails(6))
add("mails-in-mails-50000.eml", lambda: nested_mails(50000))
add("parameters-10000.eml", lambda: mixed(part(gz(GOOD), more=b"Content-Disposition: attachment;\n" + b"".join(b" filename*%d=a;\n" % i for i in range(400)) + b" x=y\n")))
add("boundary-long.eml", lambda: mixed(part(gz(GOOD)), boundary=b"b" * 100000))
add("boundary-empty.eml", mixed(part(gz(GOOD)), boundary=b""))
add("boundary-lines-1000000.eml", lambda: mixed(b"\n" + b"--bx\n" * 1000000, part(gz(GOOD))))
add("dashes-1000000.eml", lambda: TOP + b"Content-Type: multipart/mixed\n\n" + b"--\n" * 1000000)
add("type-feedback-xml.eml", feedback_only(GOOD))
add("type-rfc822-bomb.eml", lambda: mail(gz_of(b" ", GIB, b"<feedback>"), b"message/rfc822"))
add("first-damaged.eml", mixed(part(gz(GOOD)[:-30]), part(gz(GOOD))))
add("partial.eml", TOP + b"Content-Type: message/partial; id=1; number=1; total=9\n\nx\n")
add("external-body.eml", TOP + b"Content-Type: message/external-body; access-type=URL; URL=\"http://192.0.2.1/\"\n\nContent-Type: text/xml\n\n")
add("pgp.eml", TOP + b"\n-----BEGIN PGP MESSAGE-----\nx\n")
add("smime-lengths.eml", mail(b"\x30\x84\xff\xff\xff\xff\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02" + b"\xa0\x80" * 200, b"application/pkcs7-mime; smime-type=signed-data"))
add("smime-nested.eml", lambda: mail(b"\x30\x80" * 500000, b"application/pkcs7-mime"))
add("uuencode-grows.eml", lambda: TOP + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 r.gz\n" + b"M\n" * 2000000 + b"end\n")
add("smime-chunks-5000000.eml", lambda: mail(
    b"\x30\x80\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\0\x30\x80"
    b"\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x01\xa0\x80\x24\x80" + b"\x04\x01a" * 5000000,
    b"application/pkcs7-mime; smime-type=signed-data"))
add("uuencode-empty-900000.eml", lambda: TOP + b"\n" + b"begin 644 a.xml\n`\nend\n" * 900000)
add("uuencode-begins-1000000.eml", lambda: TOP + b"\n" + b"begin 644 x\n" * 1000000)
add("base64-runs-100000.eml", lambda: TOP + b"\n" + (b"H4sI" + b"A" * 40 + b"\n\n") * 100000)
add("base64-12-times.eml", lambda: TOP + b"Content-Transfer-Encoding: base64\n\n" + __import__("functools").reduce(lambda d, _: base64.encodebytes(d), range(12), gz(GOOD)))
add("quoted-printable-equals.eml", lambda: TOP + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 3000000)
add("quoted-printable-blanks.eml", lambda: TOP + b"Content-Transfer-Encoding: quoted-printable\n\n" + (b" " * 1000 + b"x\n") * 5000)
add("reports-1001.eml", lambda: mixed(*[part(GOOD, b"text/xml")] * 1001))
add("reports-1001.zip", lambda: zipped(*[("%d.xml" % i, GOOD) for i in range(1000)]))
add("lines-of-nothing.eml", lambda: b"\n" * 5000000)
add("from-lines.mbox", lambda: b"From a@example.com Mon Jan  1 00:00:00 2024\n\n" * 100000)
add("octets.bin", lambda: bytes(range(256)) * 20000)
add("nothing.eml", b"")


def nested_multiparts(n):
    inner = part(gz(GOOD))
    before = after = b""
    for i in range(n - 1, 0, -1):
        before = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) + before
        after += b"\n--b%d--\n" % i
    return TOP + b"Content-Type: multipart/mixed; boundary=b0\n\n--b0\n" + before + inner + after + b"\n--b0--\n"


def nested_mails(n):
    return (TOP + b"Content-Type: message/rfc822\n\n") * n + TOP + part(gz(GOOD))


# ---- TLS reports ----

TLS = (b"{\"organization-name\":\"r.example\",\"date-range\":{\"start-datetime\":\"2024-01-01T00:00:00Z\",\"end-datetime\":"
       b"\"2024-01-01T23:59:59Z\"},\"contact-info\":\"a@r.example\",\"report-id\":\"1\",\"policies\":[%s]}")
POLICY = b"{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},\"summary\":{\"total-successful-session-count\":1,\"total-failure-session-count\":0}%s}"

add("json-tokens-1000000.json", lambda: TLS % (b"1," * 1000000 + b"1"))
add("json-names-1000000.json", lambda: b"{\"organization-name\":\"x\"," + b"".join(b"\"%d\":1," % i for i in range(350000)) + b"\"a\":1}")
add("json-depth-17.json", TLS % (b"[" * 16 + b"]" * 16))
add("json-depth-1000000.json", lambda: b"{\"organization-name\":" + b"[" * 1000000)
add("json-5-mib.json", lambda: TLS % (POLICY % b"") + b" " * (5 << 20))
add("json-string-3-mib.json", lambda: (TLS % (POLICY % b"")).replace(b"r.example\",\"date", b"x" * (3 << 20) + b"\",\"date"))
add("json-policies-1001.json", lambda: TLS % b",".join([POLICY % b""] * 1001))
add("json-failures-20001.json", lambda: TLS % (POLICY % (b",\"failure-details\":[" + b",".join([b"{}"] * 20001) + b"]")))
add("json-sessions-huge.json", TLS % (POLICY % b"").replace(b":1,", b":99999999999999999999999,"))
add("json-sessions-negative.json", TLS % (POLICY % b"").replace(b":1,", b":-1,"))
add("json-number-64.json", TLS % (POLICY % b"").replace(b":1,", b":1." + b"0" * 62 + b",", 1))
add("json-number-65.json", TLS % (POLICY % b"").replace(b":1,", b":1." + b"0" * 63 + b",", 1))
add("json-number-3000000.json", lambda: TLS % (POLICY % b"").replace(b":1,", b":" + b"1" * 3000000 + b",", 1))
add("json-fraction-3000000.json", lambda: TLS % (POLICY % b"").replace(b":1,", b":0." + b"9" * 3000000 + b",", 1))
add("json-failures-14000.json", lambda: TLS % (POLICY % (b",\"failure-details\":[" + b",".join(
    b"{\"result-type\":\"x%d\",\"failed-session-count\":1,\"sending-mta-ip\":\"192.0.2.1\"}" % i for i in range(14000)) + b"]")))
add("json-names-49000.json", lambda: (TLS % (POLICY % b""))[:-1] + b"".join(b",\"k%d\":0" % i for i in range(49000)) + b"}")
add("json-policy-strings-30000.json", lambda: TLS % (b"{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\",\"policy-string\":["
    + b",".join([b"\"" + b"x" * 100 + b"\""] * 30000) + b"]}}"))
add("json-exponent.json", TLS % (POLICY % b"").replace(b":1,", b":1e999999,"))
add("json-nan.json", TLS % (POLICY % b"").replace(b":1,", b":NaN,"))
add("json-nul.json", (TLS % (POLICY % b"")).replace(b"\"1\"", b"\"a\\u0000b\""))
add("json-surrogate.json", (TLS % (POLICY % b"")).replace(b"\"1\"", b"\"a\\ud800b\""))
add("json-keys-twice.json", (TLS % (POLICY % b"")).replace(b"\"report-id\"", b"\"report-id\":\"2\",\"report-id\""))
add("json-cut.json", (TLS % (POLICY % b""))[:200])
add("json-behind.json", TLS % (POLICY % b"") + b"{}")
add("json-other.json", b"{\"name\": [1, 2, 3]}")

# ---- mails that bring no report ----

SPAM = TOP.replace(b"Report domain: example.com", b"Your invoice")
BOUNCE = b"Return-Path: <>\n" + SPAM
SVG = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"/></svg>\n"
DOCX = zipped(("[Content_Types].xml", b"<?xml version=\"1.0\"?><Types/>"), ("word/document.xml", b"<?xml version=\"1.0\"?><document/>"))
REPORT_NAME = "r.example!example.com!1700006400!1700092799.xml"

add("spam-svg.eml", mixed(part(SVG, b"image/svg+xml"), top=SPAM))
add("spam-docx.eml", mixed(part(DOCX, b"application/octet-stream; name=invoice.docx"), top=SPAM))
add("spam-xml-cut.eml", mixed(part(SVG[:60], b"text/xml"), top=SPAM))
add("spam-ole.eml", mixed(part(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, b"application/msword; name=invoice.doc"), top=SPAM))
add("bounce-svg.eml", mixed(b"\nNot delivered.\n", b"Content-Type: message/rfc822\n\n" + mixed(part(SVG, b"image/svg+xml"), top=SPAM), top=BOUNCE))
add("svg-in-report-mail.eml", mixed(part(SVG, b"image/svg+xml")))
add("svg-called-report.eml", mixed(part(SVG, b"text/xml; name=\"" + REPORT_NAME.encode() + b"\""), top=SPAM))
add("svg-called-report-in-zip.eml", mixed(part(zipped((REPORT_NAME, SVG)), b"application/zip"), top=SPAM))
add("svg-beside-report.eml", mixed(part(SVG, b"image/svg+xml"), part(gz(GOOD)), top=SPAM))
add("root-late-in-spam.eml", mixed(part(b"<?xml version=\"1.0\"?><!-- " + b"x" * 2500 + b" --><f:feedback/>", b"text/xml"), top=SPAM))

# ---- failure reports ----

FIELDS = b"Feedback-Type: auth-failure\nUser-Agent: x/1\nVersion: 1\nSource-IP: 192.0.2.1\nAuth-Failure: dmarc\n"


def feedback(fields, original=b"From: a@example.com\nSubject: secret\n\nbody\n"):
    return mixed(b"\nThis is a report.\n", b"Content-Type: message/feedback-report\n\n" + fields, b"Content-Type: message/rfc822\n\n" + original,
                 kind=b"report; report-type=feedback-report")


add("feedback-fields-100000.eml", lambda: feedback(FIELDS + b"X: y\n" * 100000))
add("feedback-1000-of-them.eml", lambda: mixed(*[b"Content-Type: message/feedback-report\n\n" + FIELDS] * 1500))
add("feedback-report-in-original.eml", feedback(FIELDS, mail(gz(GOOD))))
add("feedback-no-fields.eml", feedback_only(b"X-Nothing: y\n"))
add("feedback-no-fields-before-report.eml", mixed(b"Content-Type: message/feedback-report\n\nX: y\n", part(gz(GOOD))))
add("feedback-no-fields-and-original.eml", feedback(b"X: y\n"))
add("feedback-blank-lines-100000.eml", lambda: feedback(FIELDS.replace(b"\n", b"\n\n") + b"X: y\n\n" * 100000))
add("feedback-source-junk.eml", feedback(FIELDS.replace(b"192.0.2.1", b"<script>")))
add("feedback-incidents.eml", feedback(FIELDS + b"Incidents: 99999999999999999999\n"))


def is_small(data):
    return len(data) <= SMALL


def write(folder, only_small):
    for name, maker in TABLE:
        data = maker()
        if not only_small or is_small(data):
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    os.makedirs(sys.argv[1] if len(sys.argv) > 1 else HERE, exist_ok=True)
    write(sys.argv[1] if len(sys.argv) > 1 else HERE, len(sys.argv) == 1)
