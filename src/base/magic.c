#include "base/magic.h"

#include "base/attr.h"
#include "base/utf16.h"

enum { TEXT_HEAD = 1024 };

static const struct {
    sv head;
    enum magic kind;
} signatures[] = {
    {SV_INIT("\x1f\x8b\x08"), MAGIC_GZIP},
    {SV_INIT("PK\x03\x04"), MAGIC_ZIP},
    {SV_INIT("PK\x05\x06"), MAGIC_ZIP},
    {SV_INIT("PK\x07\x08"), MAGIC_ZIP}, /* spanned marker before the first entry */
    {SV_INIT("BZh"), MAGIC_BZIP2},
    {SV_INIT("\xfd"
             "7zXZ\0"),
     MAGIC_XZ},
    {SV_INIT("\x28\xb5\x2f\xfd"), MAGIC_ZSTD},
    {SV_INIT("7z\xbc\xaf\x27\x1c"), MAGIC_7Z},
    {SV_INIT("\x78\x9f\x3e\x22"), MAGIC_TNEF},
    {SV_INIT("From "), MAGIC_MBOX},
    {SV_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), MAGIC_OLE},
    {SV_INIT("Rar!\x1a\x07"), MAGIC_RAR},
    {SV_INIT("\x1f\x9d"), MAGIC_COMPRESS},
    {SV_INIT("LZIP\x01"), MAGIC_LZIP},
    {SV_INIT("\x5d\0\0"), MAGIC_LZMA},
    {SV_INIT("\x04\x22\x4d\x18"), MAGIC_LZ4},
    {SV_INIT("\x02\x21\x4c\x18"), MAGIC_LZ4},
    {SV_INIT("\x60\xea"), MAGIC_ARJ},
    {SV_INIT("MSCF\0\0\0\0"), MAGIC_CAB},
    {SV_INIT("\x78\x01"), MAGIC_ZLIB},
    {SV_INIT("\x78\x9c"), MAGIC_ZLIB},
    {SV_INIT("\x78\xda"), MAGIC_ZLIB},
};

enum { TAR_HEADER = 512, TAR_SUM = 148, TAR_SUM_SIZE = 8 };

/* The sum of the header's octets, its own field taken as blanks, stands in it in octal (POSIX pax). */
static bool is_tar(sv s)
{
    unsigned long sum = 0, told = 0;
    bool digits = false;
    if (s.n < TAR_HEADER || s.p[0] == '\0')
        return false;
    for (size_t i = TAR_SUM; i < TAR_SUM + TAR_SUM_SIZE; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '7') {
            told = told * 8 + (unsigned long)(c - '0');
            digits = true;
        } else if (c != ' ' && c != '\0') {
            return false;
        }
    }
    for (size_t i = 0; i < TAR_HEADER; i++)
        sum += i >= TAR_SUM && i < TAR_SUM + TAR_SUM_SIZE ? ' ' : (unsigned char)s.p[i];
    return digits && sum == told;
}

static unsigned octet(sv s, size_t i)
{
    return (unsigned char)s.p[i];
}

/* The start of an OpenPGP packet (RFC 9580 4.2) of a size that a session key has. */
struct pgp_packet {
    unsigned tag;
    size_t head, size;
};

static bool pgp_packet(sv s, struct pgp_packet *p)
{
    if (s.n < 8 || !(octet(s, 0) & 0x80))
        return false;
    bool is_new = octet(s, 0) & 0x40, is_two = is_new ? octet(s, 1) >= 192 : (octet(s, 0) & 3) == 1;
    if (is_new ? octet(s, 1) >= 224 : (octet(s, 0) & 3) > 1)
        return false;
    p->tag = is_new ? octet(s, 0) & 63 : octet(s, 0) >> 2 & 15;
    p->head = is_two ? 3 : 2;
    p->size =
        is_two ? (is_new ? (octet(s, 1) - 192) * 256 + 192 : octet(s, 1) * 256) + octet(s, 2) : octet(s, 1);
    return true;
}

/* It begins with a session key, for a public key or a pass phrase (RFC 9580 5.1, 5.3). */
static bool is_pgp(sv s)
{
    enum { PUBLIC_KEY = 1, PASS_PHRASE = 3 };
    enum { KEY_LEAST = 20, KEY_MOST = 2200, PHRASE_MOST = 80, CIPHER_MOST = 13 };
    struct pgp_packet p;
    if (sv_starts(s, SV("-----BEGIN PGP MESSAGE-----")))
        return true;
    if (!pgp_packet(s, &p))
        return false;
    unsigned version = octet(s, p.head), next = octet(s, p.head + 1);
    if (p.tag == PUBLIC_KEY)
        return (version == 3 || version == 6) && p.size >= KEY_LEAST && p.size <= KEY_MOST;
    return p.tag == PASS_PHRASE && version >= 4 && version <= 6 && p.size >= 4 && p.size <= PHRASE_MOST &&
           (version > 4 || (next >= 1 && next <= CIPHER_MOST));
}

/* "-lh5-" behind the header's size and checksum. */
static bool is_lha(sv s)
{
    sv method = sv_skip(s, 2);
    return sv_starts(method, SV("-l")) && method.n > 4 && method.p[4] == '-' && s.n > 20;
}

/* "[ {" begins a list of objects; many a text begins with a bracket alone. */
static bool is_list(sv s)
{
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != '\0' && !ascii_is_blank(s.p[i]))
            return s.p[i] == '{';
    return false;
}

/* s begins with the character c. */
static enum magic of_text(sv s, char c, bool utf16)
{
    if (c == '<')
        return utf16 ? MAGIC_UTF16_XML : MAGIC_XML;
    if (c == '{' || (c == '[' && is_list(sv_first(s, TEXT_HEAD))))
        return utf16 ? MAGIC_UTF16_JSON : MAGIC_JSON;
    return MAGIC_NONE;
}

static enum magic of_utf16(sv s)
{
    size_t mark;
    enum utf16 form = utf16_of(s, &mark);
    bool le = form == UTF16_LE;
    for (s = sv_skip(s, mark); form != UTF16_NONE && s.n >= 2; s = sv_skip(s, 2)) {
        char c = s.p[le ? 0 : 1], zero = s.p[le ? 1 : 0];
        if (zero != 0)
            return MAGIC_NONE;
        if (!ascii_is_blank(c))
            return of_text(s, c, true);
    }
    return MAGIC_NONE;
}

enum magic magic_of(sv s)
{
    if (s.n == 0)
        return MAGIC_EMPTY;
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (sv_starts(s, signatures[i].head))
            return signatures[i].kind;
    if (is_tar(s))
        return MAGIC_TAR;
    if (is_pgp(s))
        return MAGIC_PGP;
    if (is_lha(s))
        return MAGIC_LHA;
    enum magic wide = of_utf16(s);
    if (wide != MAGIC_NONE)
        return wide;
    if (sv_starts(s, SV("\xef\xbb\xbf")))
        s = sv_skip(s, 3);
    s = sv_first(s, TEXT_HEAD);
    while (s.n && (s.p[0] == '\0' || ascii_is_blank(s.p[0])))
        s = sv_skip(s, 1);
    return s.n ? of_text(s, s.p[0], false) : MAGIC_NONE;
}

bool magic_is_document(enum magic m)
{
    return m != MAGIC_NONE && m != MAGIC_EMPTY && m != MAGIC_MBOX;
}

bool magic_is_unsupported(enum magic m)
{
    static const enum magic packed[] = {MAGIC_BZIP2,    MAGIC_XZ,   MAGIC_ZSTD, MAGIC_7Z,  MAGIC_RAR,
                                        MAGIC_COMPRESS, MAGIC_LZIP, MAGIC_LZMA, MAGIC_LZ4, MAGIC_LHA,
                                        MAGIC_ARJ,      MAGIC_CAB,  MAGIC_ZLIB};
    for (size_t i = 0; i < COUNT_OF(packed); i++)
        if (m == packed[i])
            return true;
    return false;
}

bool magic_is_mbox_line(sv line)
{
    if (!sv_starts(line, SV("From ")))
        return false;
    for (size_t i = 5; i + 5 <= line.n; i++) {
        const char *p = line.p + i;
        if (p[2] == ':' && ascii_is_digit(p[0]) && ascii_is_digit(p[1]) && ascii_is_digit(p[3]) &&
            ascii_is_digit(p[4]))
            return true;
    }
    return false;
}

const char *magic_name(enum magic m)
{
    static const char *const names[] = {
        [MAGIC_NONE] = "unknown",
        [MAGIC_EMPTY] = "empty",
        [MAGIC_GZIP] = "gzip",
        [MAGIC_ZIP] = "zip",
        [MAGIC_XML] = "XML",
        [MAGIC_JSON] = "JSON",
        [MAGIC_MBOX] = "mbox",
        [MAGIC_BZIP2] = "bzip2",
        [MAGIC_XZ] = "xz",
        [MAGIC_ZSTD] = "zstd",
        [MAGIC_7Z] = "7z",
        [MAGIC_TNEF] = "TNEF",
        [MAGIC_UTF16_XML] = "UTF-16 XML",
        [MAGIC_UTF16_JSON] = "UTF-16 JSON",
        [MAGIC_TAR] = "tar",
        [MAGIC_OLE] = "OLE",
        [MAGIC_RAR] = "rar",
        [MAGIC_COMPRESS] = "compress (.Z)",
        [MAGIC_LZIP] = "lzip",
        [MAGIC_LZMA] = "lzma",
        [MAGIC_LZ4] = "lz4",
        [MAGIC_LHA] = "lha",
        [MAGIC_ARJ] = "arj",
        [MAGIC_CAB] = "cab",
        [MAGIC_ZLIB] = "zlib",
        [MAGIC_PGP] = "PGP",
    };
    return (size_t)m < COUNT_OF(names) ? names[m] : "unknown";
}
