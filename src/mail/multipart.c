#include "multipart.h"

#include "line.h"

enum { BOUNDARY_MAX = 200 }; /* of a guessed one; RFC 2046 allows 70 */

struct delimiter {
    size_t start, end; /* with the line end before it and the one behind it */
    bool close;
};

/* Behind the boundary: "--" perhaps, blanks, and the end of the line. Everything else is another
 * boundary that this one is the start of. */
static bool tail(sv body, size_t at, struct delimiter *d)
{
    d->close = sv_starts(sv_skip(body, at), SV("--"));
    sv rest = lwsp_skip(sv_skip(body, at + (d->close ? 2 : 0)));
    while (rest.n && rest.p[0] == '\r')
        rest = sv_skip(rest, 1);
    d->end = body.n - rest.n + (rest.n > 0);
    return rest.n == 0 || rest.p[0] == '\n';
}

/* The next delimiter line at or behind `from`. A hit inside a line sends the search to the next line, so
 * that a body of nothing but dashes costs no more than its lines. */
static bool find(sv body, sv delimiter, size_t from, struct delimiter *d)
{
    while (delimiter.n > 2 && (from = sv_find(body, delimiter, from)) != SIZE_MAX) {
        bool line_start = from == 0 || body.p[from - 1] == '\n';
        if (line_start && tail(body, from + delimiter.n, d)) {
            /* The line end before it belongs to the delimiter. */
            d->start = from - (from > 0);
            while (d->start > 0 && body.p[d->start - 1] == '\r')
                d->start--;
            return true;
        }
        size_t line_end = sv_find_char(body, '\n', from);
        if (line_end == SIZE_MAX)
            return false;
        from = line_end + 1;
    }
    return false;
}

/* The first line that looks like a delimiter before a part's header. */
static sv guess(sv body)
{
    sv rest = body, line;
    while (line_next(&rest, &line))
        if (sv_starts(line, SV("--")) && line.n < BOUNDARY_MAX &&
            sv_starts_nocase(line_peek(rest), SV("content")))
            return sv_trim(line);
    return SV_ABSENT;
}

bool multipart_has(sv body, sv delimiter)
{
    struct delimiter d;
    return find(body, delimiter, 0, &d);
}

bool multipart_start(struct multipart *m, sv body, sv delimiter)
{
    struct delimiter d;
    *m = (struct multipart){.body = body, .delimiter = delimiter};
    if (!find(body, m->delimiter, 0, &d)) {
        m->delimiter = guess(body);
        m->guessed = true;
        if (!find(body, m->delimiter, 0, &d))
            return false;
    }
    m->at = d.end;
    m->closed = d.close;
    return true;
}

bool multipart_next(struct multipart *m, sv *part)
{
    while (m->at < m->body.n) {
        struct delimiter d = {.start = m->body.n, .end = m->body.n};
        bool found = find(m->body, m->delimiter, m->at, &d), outside = m->closed;
        size_t start = m->at, end = d.start > start ? d.start : start;
        m->at = d.end;
        m->closed = found && d.close;
        if (!outside) {
            *part = sv_skip(sv_first(m->body, end), start);
            return true;
        }
    }
    return false;
}
