#include "guard.h"

#include "base/attr.h"

/* What makes markup other than "<name>" and "</name>". */
#define GUARD_SPECIAL_OCTETS "=!?"

enum state { TEXT, OPEN, TAG, TAG_DOUBLE, TAG_SINGLE, END_TAG, BANG, DOCTYPE, COMMENT, CDATA, INSTRUCTION };

void guard_start(struct guard *g, struct reading *rd, struct outlet out)
{
    *g = (struct guard){.rd = rd, .out = out};
}

bool guard_doctype_is_bare(sv inside)
{
    if (!sv_starts_nocase(inside, SV("!DOCTYPE")))
        return false;
    sv name = sv_skip(inside, strlen("!DOCTYPE"));
    if (name.n == 0 || !ascii_is_blank(name.p[0]))
        return false;
    name = sv_trim(name);
    for (size_t i = 0; i < name.n; i++)
        if (ascii_is_blank(name.p[i]) || strchr("[]\"'<>&%", name.p[i]))
            return false;
    return name.n > 0;
}

/* Before anything is said about the open markup, the parser gets all that stands before it: when the
 * root ends there, the markup is none of the report. */
static bool matters(struct guard *g)
{
    outlet_put(&g->out, sv_skip(sv_first(g->chunk, g->opened_at), g->passed));
    g->passed = g->opened_at > g->passed ? g->opened_at : g->passed;
    return reading_goes_on(g->rd);
}

/* A long CDATA section becomes several: the parser looks through all of an open one again and again. Behind
 * an ASCII character that neither ends a section nor a line, so that nothing else changes; a section that has
 * none of these for so long is refused. */
static void break_cdata(struct guard *g, size_t at)
{
    unsigned char c = (unsigned char)g->chunk.p[at];
    if (c >= 0x80 || c == ']' || c == '\r')
        return;
    outlet_put(&g->out, sv_skip(sv_first(g->chunk, at + 1), g->passed));
    outlet_put(&g->out, SV(GUARD_CDATA_BREAK));
    g->passed = at + 1;
    g->length = 0;
}

static void too_long(struct guard *g)
{
    if (matters(g))
        reading_fail(g->rd, REJECT_markup_too_long, "more than %llu octets between '<' and '>'",
                     (unsigned long long)g->rd->limits->xml_markup);
}

/* After '<': what kind of markup it is. */
static enum state opened(struct guard *g, char c)
{
    g->length = 2;
    g->equals = 0;
    g->ending = 0;
    if (c == '!') {
        g->head[0] = c;
        g->n_head = 1;
        return BANG;
    }
    return c == '?' ? INSTRUCTION : c == '/' ? END_TAG : c == '>' ? TEXT : TAG;
}

static char as_it_is(char c)
{
    return c;
}

/* After "<!": comment, CDATA section, document type, or something that no XML has. */
static enum state banged(struct guard *g, char c)
{
    static const struct {
        sv mark;
        enum state state;
    } kinds[] = {{SV_INIT("!--"), COMMENT}, {SV_INIT("![CDATA["), CDATA}, {SV_INIT("!doctype"), DOCTYPE}};
    size_t at = g->n_head++;
    g->head[at] = c;
    /* The first octet behind the '!' tells them apart, and those before this one were right. */
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        sv mark = kinds[k].mark;
        char (*fold)(char) = kinds[k].state == DOCTYPE ? ascii_lower : as_it_is;
        if (fold(g->head[1]) == mark.p[1] && fold(c) == mark.p[at])
            return at + 1 == mark.n ? kinds[k].state : BANG;
    }
    return c == '>' ? TEXT : END_TAG;
}

static enum state in_doctype(struct guard *g, char c)
{
    sv inside = sv_of(g->head, g->n_head);
    if (c == '[' || g->n_head == GUARD_DOCTYPE || (c == '>' && !guard_doctype_is_bare(inside))) {
        if (matters(g))
            reading_refuse(g->rd, REJECT_dtd, "<%.*s%c", SV_ARG(sv_first(inside, 60)), c);
        return TEXT;
    }
    if (c == '>') {
        if (matters(g))
            reading_note(g->rd, NOTE_doctype_ignored);
        return TEXT;
    }
    g->head[g->n_head++] = c;
    return DOCTYPE;
}

static enum state in_tag(struct guard *g, char c)
{
    if (c == '>')
        return TEXT;
    if (c == '=' && ++g->equals > g->rd->limits->xml_attributes && matters(g))
        reading_fail(g->rd, REJECT_too_many_attributes, "more than %llu attributes in one tag",
                     (unsigned long long)g->rd->limits->xml_attributes);
    /* Before the first '=', a quote is an error to the parser and hides nothing: see skip_plain_tags. */
    if (g->equals == 0)
        return TAG;
    return c == '"' ? TAG_DOUBLE : c == '\'' ? TAG_SINGLE : TAG;
}

/* Inside of what ends with twice `mark` (or once) and '>'. */
static enum state until(struct guard *g, enum state state, char c, char mark, uint8_t times)
{
    if (c == mark) {
        g->ending = g->ending < times ? (uint8_t)(g->ending + 1) : times;
        return state;
    }
    bool end = c == '>' && g->ending == times;
    g->ending = 0;
    return end ? TEXT : state;
}

static enum state next_state(struct guard *g, enum state state, char c)
{
    switch (state) {
    case TEXT:
        return c == '<' ? OPEN : TEXT;
    case OPEN:
        return opened(g, c);
    case TAG:
        return in_tag(g, c);
    case TAG_DOUBLE:
        return c == '"' ? TAG : TAG_DOUBLE;
    case TAG_SINGLE:
        return c == '\'' ? TAG : TAG_SINGLE;
    case END_TAG:
        return c == '>' ? TEXT : END_TAG;
    case BANG:
        return banged(g, c);
    case DOCTYPE:
        return in_doctype(g, c);
    case COMMENT:
        return until(g, COMMENT, c, '-', 2);
    case CDATA:
        return until(g, CDATA, c, ']', 2);
    case INSTRUCTION:
        return until(g, INSTRUCTION, c, '?', 1);
    }
    return TEXT;
}

static size_t find_from(sv s, char c, size_t from)
{
    const char *hit = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
    return hit ? (size_t)(hit - s.p) : s.n;
}

/* From i on, outside of any markup: the '<' of the next one that has to be looked at. Tags without '='
 * are passed over in bulk; a '>' every few KiB shows that none of them is long. Without '=', a quote inside
 * of a tag is an error to the parser, so that it cannot hide a '>'. */
static size_t skip_plain_tags(struct guard *g, sv s, size_t i)
{
    enum { WINDOW = 4096 };
    size_t limit = s.n;
    for (size_t k = 0; k < COUNT_OF(g->next_special); k++) {
        if (g->next_special[k] < i)
            g->next_special[k] = find_from(s, GUARD_SPECIAL_OCTETS[k], i);
        limit = g->next_special[k] < limit ? g->next_special[k] : limit;
    }
    size_t window = g->rd->limits->xml_markup < WINDOW ? (size_t)g->rd->limits->xml_markup : WINDOW;
    while (i < limit) {
        const char *gt = memrchr(s.p + i, '>', limit - i < window ? limit - i : window);
        if (gt == NULL)
            break;
        i = (size_t)(gt + 1 - s.p);
    }
    return find_from(s, '<', i);
}

void guard_push(struct guard *g, sv octets)
{
    enum state state = (enum state)g->state;
    g->chunk = octets;
    g->passed = 0;
    g->opened_at = 0;
    for (size_t k = 0; k < COUNT_OF(g->next_special); k++)
        g->next_special[k] = find_from(octets, GUARD_SPECIAL_OCTETS[k], 0);
    for (size_t i = 0; i < octets.n && reading_goes_on(g->rd); i++) {
        if (state == TEXT) {
            i = skip_plain_tags(g, octets, i);
            g->opened_at = i;
            g->length = 0;
        } else if (++g->length > (state == CDATA ? 2 : 1) * g->rd->limits->xml_markup) {
            too_long(g);
        }
        if (i < octets.n)
            state = next_state(g, state, octets.p[i]);
        if (state == CDATA && i < octets.n && g->length > g->rd->limits->xml_markup)
            break_cdata(g, i);
    }
    g->state = (uint8_t)state;
    if (g->rd->reject == REJECT_NONE_)
        outlet_put(&g->out, sv_skip(octets, g->passed));
}
