/* Parameters of Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2231). */
#include "param.h"

#include <stdlib.h>

#include "base/charset.h"
#include "base/num.h"
#include "base/utf8.h"
#include "encoded-word.h"
#include "line.h"
#include "mail/header.h"
#include "qp.h"

/* Blanks, line ends and comments (RFC 5322 3.2.2) at the start of s. */
static sv cfws_skip(sv s)
{
    size_t depth = 0;
    while (s.n) {
        char c = s.p[0];
        if (depth && c == '\\')
            s = sv_skip(s, 1);
        else if (c == '(')
            depth++;
        else if (c == ')' && depth)
            depth--;
        else if (!depth && !ascii_is_blank(c))
            return s;
        s = sv_skip(s, 1);
    }
    return s;
}

sv header_token(sv raw, arena *a)
{
    sv s = cfws_skip(raw);
    if (s.n && s.p[0] == '"')
        s = sv_skip(s, 1);
    size_t n = 0;
    while (n < s.n && !ascii_is_blank(s.p[n]) && s.p[n] != ';' && s.p[n] != '(' && s.p[n] != '"')
        n++;
    char *to = arena_alloc(a, n);
    for (size_t i = 0; to && i < n; i++)
        to[i] = ascii_lower(s.p[i]);
    return sv_of(to, to ? n : 0);
}

/* One "name*2*=value" as written. */
struct piece {
    sv name;
    bool numbered, encoded; /* *N, and the last '*' */
    uint64_t number;
    sv value; /* between its quotes */
    bool quoted;
};

/* The quoted string at the start of *s; an unended one goes to the end. */
static sv take_quoted(sv *s)
{
    size_t n = 1;
    while (n < s->n && s->p[n] != '"')
        n += s->p[n] == '\\' ? 2 : 1;
    sv value = sv_skip(sv_first(*s, n), 1);
    *s = sv_skip(*s, n + 1);
    return value;
}

/* "name=" follows: the parameter before it had no ';' behind it. */
static bool starts_param(sv s)
{
    size_t n = 0;
    while (n < s.n && (s.p[n] == '-' || s.p[n] == '*' || ascii_is_digit(s.p[n]) ||
                       (ascii_lower(s.p[n]) >= 'a' && ascii_lower(s.p[n]) <= 'z')))
        n++;
    return n > 0 && n < s.n && s.p[n] == '=';
}

/* A value without quotes, which may hold blanks all the same (file names do). */
static sv take_bare(sv *s)
{
    size_t n = 0;
    for (; n < s->n && s->p[n] != ';'; n++) {
        bool gap = n > 0 && ascii_is_blank(s->p[n - 1]);
        if (gap && !ascii_is_blank(s->p[n]) && (s->p[n] == '(' || starts_param(sv_skip(*s, n))))
            break;
    }
    sv value = sv_trim(sv_first(*s, n));
    *s = sv_skip(*s, n);
    return value;
}

/* Reads the "*", "*N" or "*N*" behind a name. */
static void read_stars(struct piece *p)
{
    size_t star = sv_find_char(p->name, '*', 0);
    if (star == SIZE_MAX)
        return;
    sv rest = sv_skip(p->name, star + 1);
    p->name = sv_first(p->name, star);
    p->encoded = rest.n == 0 || sv_ends(rest, SV("*"));
    sv digits = sv_first(rest, sv_find_char(rest, '*', 0));
    p->numbered = digits.n > 0;
    if (p->numbered && !num_u64(digits, UINT32_MAX, &p->number))
        p->number = UINT64_MAX; /* no section of any name */
}

/* Takes the next parameter off *s, which stands behind the value or the parameter before. */
static bool piece_next(sv *s, struct piece *p)
{
    *p = (struct piece){0};
    for (;;) {
        *s = cfws_skip(*s);
        if (s->n == 0)
            return false;
        if (s->p[0] == ';') {
            *s = sv_skip(*s, 1);
            continue;
        }
        size_t n = 0;
        while (n < s->n && s->p[n] != '=' && s->p[n] != ';' && !ascii_is_blank(s->p[n]))
            n++;
        p->name = sv_first(*s, n);
        sv rest = cfws_skip(sv_skip(*s, n));
        if (rest.n && rest.p[0] == '=') {
            *s = cfws_skip(sv_skip(rest, 1));
            break;
        }
        *s = rest;
    }
    read_stars(p);
    p->quoted = s->n && s->p[0] == '"';
    p->value = p->quoted ? take_quoted(s) : take_bare(s);
    return true;
}

/* Appends the octets of a value: quotes' backslashes and, if it is encoded, "%41" undone, folds dropped. */
static void put_octets(buf *out, const struct piece *p, sv value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '\r' || c == '\n')
            continue;
        if (p->quoted && c == '\\' && i + 1 < value.n) {
            c = value.p[++i];
        } else if (p->encoded && c == '%' && i + 2 < value.n) {
            int high = hex_digit(value.p[i + 1]), low = hex_digit(value.p[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high * 16 + low);
                i += 2;
            }
        }
        buf_char(out, c);
    }
}

/* Takes "charset'language'" off an encoded value (RFC 2231 4). */
static sv take_charset(sv *value)
{
    size_t first = sv_find_char(*value, '\'', 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : sv_find_char(*value, '\'', first + 1);
    if (second == SIZE_MAX)
        return SV_ABSENT;
    sv charset = sv_first(*value, first);
    *value = sv_skip(*value, second + 1);
    return charset;
}

/* Finds the parameter that stands whole, and puts its numbered sections where by_number is given.
 * True when there are sections. */
static bool collect(sv raw, sv name, size_t max, struct piece *whole, struct piece *by_number)
{
    struct piece p;
    bool sections = false;
    for (size_t seen = 0; seen < max && piece_next(&raw, &p); seen++) {
        if (!sv_eq_nocase(p.name, name) || (p.numbered && p.number >= max))
            continue;
        sections = sections || p.numbered;
        struct piece *to = !p.numbered ? whole : by_number ? &by_number[p.number] : NULL;
        /* Of "name*" and "name" the encoded one is better; of equals the first counts. */
        if (to && (to->name.p == NULL || (p.encoded && !to->encoded)))
            *to = p;
    }
    return sections;
}

static void put_sections(buf *out, const struct piece *by_number, size_t max, sv *charset)
{
    for (size_t i = 0; i < max && by_number[i].name.p; i++) {
        sv value = by_number[i].value;
        if (i == 0 && by_number[i].encoded)
            *charset = take_charset(&value);
        put_octets(out, &by_number[i], value);
    }
}

bool param_octets(sv raw, sv name, size_t max, buf *out, sv *charset)
{
    struct piece whole = {0}, *by_number = NULL;
    bool sections = collect(raw, name, max, &whole, NULL) && !whole.encoded;
    *charset = SV_ABSENT;
    if (sections && (by_number = calloc(max, sizeof *by_number)) == NULL)
        return false;
    if (sections)
        (void)collect(raw, name, max, &whole, by_number);
    /* Sections without the first one are of no use. */
    bool joined = sections && by_number[0].name.p;
    if (joined)
        put_sections(out, by_number, max, charset);
    else
        put_sections(out, &whole, 1, charset);
    free(by_number);
    return (joined || whole.name.p) && !out->failed;
}

sv header_param(sv raw, sv name, size_t max_params, arena *a)
{
    buf octets, text;
    sv charset, result = SV_ABSENT;
    buf_init(&octets, raw.n + 1);
    buf_init(&text, raw.n * UTF8_REPLACEMENT_SIZE + 1);
    if (param_octets(raw, name, max_params, &octets, &charset)) {
        enum charset set = charset_of(charset);
        sv value = buf_view(&octets);
        if (set != CHARSET_UNKNOWN) {
            (void)charset_put(&text, set, value);
            result = arena_sv(a, buf_view(&text));
        } else {
            result = arena_sv(a, words_decode(sv_trim(value), a));
        }
        if (result.p == NULL && value.n == 0)
            result = SV("");
    }
    buf_free(&octets);
    buf_free(&text);
    return result;
}
