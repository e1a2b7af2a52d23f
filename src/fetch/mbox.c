#include "mbox.h"

#include "base/magic.h"

void mbox_init(struct mbox *m, size_t max_mail, size_t max_line)
{
    *m = (struct mbox){.max_line = max_line, .after_blank = true};
    buf_init(&m->mail, max_mail);
}

void mbox_free(struct mbox *m)
{
    buf_free(&m->mail);
}

static bool is_blank_line(sv line)
{
    return sv_eq(line, SV("\n")) || sv_eq(line, SV("\r\n"));
}

static void put(struct mbox *m, sv octets)
{
    if (m->too_large)
        return;
    buf_sv(&m->mail, octets);
    if (!m->mail.failed)
        return;
    buf_free(&m->mail);
    m->too_large = true;
}

static void begin_mail(struct mbox *m)
{
    if (m->fresh) {
        buf_reset(&m->mail);
        m->too_large = false;
    }
    m->fresh = false;
}

/* The next line of *in, whole or as much of it as is needed; false: more octets are needed. */
static bool next_line(const struct mbox *m, sv in, bool end, sv *line)
{
    size_t at = sv_find_char(in, '\n', 0);
    *line = sv_first(in, at == SIZE_MAX ? in.n : at + 1);
    if (line->n == 0)
        return false;
    bool whole = at != SIZE_MAX || end || m->in_line || in.n > m->max_line;
    /* A piece that cannot become a separator need not be whole, but its kind must be known. */
    return whole || (in.n >= 5 && !sv_starts(in, SV("From ")));
}

/* True: a mail ended before this line. */
static bool take_line(struct mbox *m, sv line)
{
    bool from = m->started ? magic_is_mbox_line(line) : sv_starts(line, SV("From "));
    bool separates = !m->in_line && m->after_blank && line.n <= m->max_line && from;
    bool ended = separates && m->started;
    bool whole = line.p[line.n - 1] == '\n';
    if (!separates)
        put(m, line);
    m->after_blank = whole && !m->in_line && is_blank_line(line);
    m->in_line = !whole;
    m->started = true;
    return ended;
}

enum mbox_result mbox_next(struct mbox *m, sv *in, bool end)
{
    sv line;
    begin_mail(m);
    while (next_line(m, *in, end, &line)) {
        *in = sv_skip(*in, line.n);
        if (take_line(m, line)) {
            m->fresh = true;
            return MBOX_MAIL;
        }
    }
    if (!end || !m->started)
        return MBOX_MORE;
    m->started = false;
    m->fresh = true;
    return MBOX_MAIL;
}
