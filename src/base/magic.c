#include "base/magic.h"

#include "base/attr.h"

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
};

static enum magic of_text(char c, bool utf16)
{
    if (c == '<')
        return utf16 ? MAGIC_UTF16_XML : MAGIC_XML;
    if (c == '{')
        return utf16 ? MAGIC_UTF16_JSON : MAGIC_JSON;
    return MAGIC_NONE;
}

/* UTF-16: a BOM, or an ASCII character beside a zero octet. */
static enum magic of_utf16(sv s)
{
    bool le = sv_starts(s, SV("\xff\xfe")), be = sv_starts(s, SV("\xfe\xff"));
    if (le || be)
        s = sv_skip(s, 2);
    else if (s.n >= 2 && s.p[0] && !s.p[1])
        le = true;
    else if (s.n >= 2 && !s.p[0] && s.p[1])
        be = true;
    while ((le || be) && s.n >= 2) {
        char c = s.p[le ? 0 : 1], zero = s.p[le ? 1 : 0];
        if (zero != 0)
            return MAGIC_NONE;
        if (!ascii_is_blank(c))
            return of_text(c, true);
        s = sv_skip(s, 2);
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
    enum magic wide = of_utf16(s);
    if (wide != MAGIC_NONE)
        return wide;
    if (sv_starts(s, SV("\xef\xbb\xbf")))
        s = sv_skip(s, 3);
    s = sv_trim(sv_first(s, 1024));
    return s.n ? of_text(s.p[0], false) : MAGIC_NONE;
}

bool magic_is_document(enum magic m)
{
    return m != MAGIC_NONE && m != MAGIC_EMPTY && m != MAGIC_MBOX;
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
    };
    return (size_t)m < COUNT_OF(names) ? names[m] : "unknown";
}
