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
};

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
