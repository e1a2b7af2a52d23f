#include "model/domain.h"

#include <idn2.h>

#include "base/utf8.h"

static bool is_label_char(char c)
{
    c = ascii_lower(c);
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c) || c == '-' || c == '_';
}

bool domain_is_plain(sv name)
{
    sv label;
    if (name.n == 0 || name.n > DOMAIN_MAX || name.p[name.n - 1] == '.')
        return false;
    for (sv rest = name; sv_split(&rest, '.', &label);) {
        if (label.n == 0 || label.n > 63)
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!is_label_char(label.p[i]))
                return false;
    }
    return true;
}

static bool is_ascii(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static sv lowered(arena *a, sv s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (p == NULL)
        return SV_ABSENT;
    for (size_t i = 0; i < s.n; i++)
        p[i] = ascii_lower(s.p[i]);
    return sv_of(p, s.n);
}

static sv without_last_dots(sv name)
{
    while (name.n && (name.p[name.n - 1] == '.' || ascii_is_blank(name.p[name.n - 1])))
        name.n--;
    return name;
}

/* The A-label form, or absent when libidn2 refuses, or makes no name of it, like blanks of wide ones. It
 * knows other dots than '.'. */
static sv to_a_labels(arena *a, sv name)
{
    const char *in = arena_cstr(a, name);
    char *ascii = NULL;
    if (in == NULL || name.n > 4 * DOMAIN_MAX || !utf8_valid(name) || strlen(in) != name.n ||
        idn2_to_ascii_8z(in, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return SV_ABSENT;
    sv out = arena_sv(a, sv_c(ascii));
    idn2_free(ascii);
    out = without_last_dots(out);
    return domain_is_plain(out) ? out : SV_ABSENT;
}

sv domain_fold(arena *a, sv name, bool *odd)
{
    if (name.p == NULL)
        return SV_ABSENT;
    name = sv_trim(without_last_dots(name));
    sv folded = is_ascii(name) ? lowered(a, name) : to_a_labels(a, name);
    if (odd)
        *odd = !domain_is_plain(folded);
    return folded.p ? folded : lowered(a, name);
}

bool domain_is_under(sv name, sv parent)
{
    if (sv_eq(name, parent))
        return true;
    return parent.n && name.n > parent.n && sv_ends(name, parent) && name.p[name.n - parent.n - 1] == '.';
}

bool domain_is_related(sv a, sv b)
{
    sv shorter = a.n < b.n ? a : b;
    if (sv_find_char(shorter, '.', 0) == SIZE_MAX)
        return false;
    return domain_is_under(a, b) || domain_is_under(b, a);
}

sv domain_of_address(sv address)
{
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < address.n; i++)
        if (address.p[i] == '@')
            at = i;
    if (at == SIZE_MAX)
        return SV_ABSENT;
    sv domain = sv_skip(address, at + 1);
    size_t end = sv_find_char(domain, '>', 0);
    domain = sv_trim(end == SIZE_MAX ? domain : sv_first(domain, end));
    return domain.n ? domain : SV_ABSENT;
}
