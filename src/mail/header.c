#include "mail/header.h"

#include "base/attr.h"
#include "line.h"

/* RFC 5322 2.2 has '<', '{' and quotes too, but no field has them, and XML and JSON in one line do. */
static bool is_name_char(char c)
{
    return c > ' ' && c < 0x7F && c != ':' && c != '<' && c != '{' && c != '"';
}

/* The length of the field name at the start of a line (blanks before the colon as in the obsolete syntax of
 * RFC 5322), or 0. *colon: where the colon is. */
static size_t name_length(sv line, size_t *colon)
{
    size_t n = 0;
    while (n < line.n && is_name_char(line.p[n]))
        n++;
    size_t at = n;
    while (at < line.n && is_lwsp(line.p[at]))
        at++;
    *colon = at;
    return at < line.n && line.p[at] == ':' ? n : 0;
}

static bool is_field(sv line)
{
    size_t colon;
    return name_length(line, &colon) > 0;
}

static bool is_fold(sv line)
{
    return line.n > 0 && is_lwsp(line.p[0]);
}

/* A parameter whose line lost the blank of its fold. */
static bool is_stray_param(sv line)
{
    static const sv names[] = {SV_INIT("name"),     SV_INIT("filename"),    SV_INIT("boundary"),
                               SV_INIT("charset"),  SV_INIT("report-type"), SV_INIT("type"),
                               SV_INIT("protocol"), SV_INIT("micalg"),      SV_INIT("smime-type")};
    enum { LONGEST = 16 };
    size_t n = 0;
    while (n < line.n && n < LONGEST && line.p[n] != '=' && line.p[n] != '*' && line.p[n] != ':')
        n++;
    if (n == line.n || n == LONGEST || line.p[n] == ':')
        return false;
    sv name = sv_trim(sv_first(line, n));
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (sv_eq_nocase(name, names[i]))
            return true;
    return false;
}

/* The line belongs to a header block whose next lines are `rest`: a field, a fold, or a line to pass
 * over because the block goes on behind it. */
static bool in_block(sv line, sv rest, bool first)
{
    if (is_field(line))
        return true;
    if (is_stray_param(line))
        return !first;
    if (is_fold(line) && !first)
        return sv_trim(line).n > 0 || is_field(line_peek(rest)) || is_fold(line_peek(rest));
    return is_field(line_peek(rest));
}

sv header_split(sv mail, sv *body)
{
    sv rest = mail, line;
    bool first = true;
    while (line_next(&rest, &line)) {
        sv block = sv_first(mail, (size_t)(line.p - mail.p));
        if (line.n == 0 || (sv_trim(line).n == 0 && !in_block(line, rest, first))) {
            *body = rest;
            return first ? SV_ABSENT : block;
        }
        if (!in_block(line, rest, first)) {
            *body = sv_of(line.p, (size_t)(mail.p + mail.n - line.p));
            return first ? SV_ABSENT : block;
        }
        first = false;
    }
    *body = sv_skip(mail, mail.n);
    return mail;
}

/* Takes the folds of a field off *rest. */
static void skip_folds(sv *rest)
{
    sv line;
    for (;;) {
        sv next = line_peek(*rest);
        if (!is_fold(next) && !is_stray_param(next))
            return;
        if (!line_next(rest, &line))
            return;
    }
}

bool header_next(sv *rest, struct header_field *f)
{
    sv line;
    while (line_next(rest, &line)) {
        size_t colon, n = name_length(line, &colon);
        if (n == 0)
            continue;
        f->name = sv_first(line, n);
        const char *from = line.p + colon + 1;
        skip_folds(rest);
        f->raw = sv_of(from, (size_t)(rest->p - from));
        while (f->raw.n && (f->raw.p[f->raw.n - 1] == '\n' || f->raw.p[f->raw.n - 1] == '\r'))
            f->raw.n--;
        return true;
    }
    return false;
}

bool header_find(sv block, sv name, struct header_field *f)
{
    while (header_next(&block, f))
        if (sv_eq_nocase(f->name, name))
            return true;
    return false;
}

sv header_unfold(sv raw, arena *a)
{
    raw = sv_trim(raw);
    if (sv_find_char(raw, '\n', 0) == SIZE_MAX)
        return raw.p ? raw : SV("");
    char *to = arena_alloc(a, raw.n);
    if (to == NULL)
        return SV_ABSENT;
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++)
        if (raw.p[i] != '\r' && raw.p[i] != '\n')
            to[n++] = raw.p[i];
    return sv_of(to, n);
}
