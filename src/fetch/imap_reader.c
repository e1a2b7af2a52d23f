#include "imap_reader.h"

#include "base/num.h"
#include "imap_date.h"

void imap_reader_init(struct imap_reader *r, uint64_t max_line)
{
    *r = (struct imap_reader){0};
    buf_init(&r->line, (size_t)max_line);
}

void imap_reader_free(struct imap_reader *r)
{
    buf_free(&r->line);
}

void imap_reader_keep(struct imap_reader *r, buf *sink)
{
    r->sink = sink;
}

sv imap_word(sv *s)
{
    while (s->n && s->p[0] == ' ')
        *s = sv_skip(*s, 1);
    size_t at = sv_find_char(*s, ' ', 0);
    sv word = sv_first(*s, at == SIZE_MAX ? s->n : at);
    *s = sv_skip(*s, word.n);
    return word;
}

/* Takes "{n}", "{n+}" or "~{n}" off the end of a line (RFC 9051 4.3, RFC 7888, RFC 3516). *size UINT64_MAX:
 * more than can be. */
static bool take_literal_size(sv *s, uint64_t *size)
{
    sv line = *s;
    if (!sv_ends(line, SV("}")))
        return false;
    line.n--;
    if (sv_ends(line, SV("+")))
        line.n--;
    size_t digits = 0;
    while (digits < line.n && ascii_is_digit(line.p[line.n - digits - 1]))
        digits++;
    sv number = sv_skip(line, line.n - digits);
    line.n -= digits;
    if (digits == 0 || !sv_ends(line, SV("{")))
        return false;
    if (!num_u64(number, INT64_MAX, size))
        *size = UINT64_MAX;
    line.n--;
    if (sv_ends(line, SV("~")))
        line.n--;
    *s = line;
    return true;
}

/* "* OK …" and its kin end in text for people, which may look like a literal. */
static bool may_have_literals(sv line)
{
    static const sv status[] = {SV_INIT("OK"), SV_INIT("NO"), SV_INIT("BAD"), SV_INIT("BYE"),
                                SV_INIT("PREAUTH")};
    sv rest = line;
    if (!sv_eq(imap_word(&rest), SV("*")))
        return false;
    sv word = imap_word(&rest);
    for (size_t i = 0; i < COUNT_OF(status); i++)
        if (sv_eq_nocase(word, status[i]))
            return false;
    return true;
}

/* "* 12 FETCH (": the scan starts behind FETCH. */
static bool is_fetch(sv line, size_t *behind)
{
    sv rest = line;
    uint64_t number;
    if (!sv_eq(imap_word(&rest), SV("*")) || !num_u64(imap_word(&rest), UINT32_MAX, &number) ||
        !sv_eq_nocase(imap_word(&rest), SV("FETCH")))
        return false;
    *behind = line.n - rest.n;
    return true;
}

/* The literal of the line's end is gone from text. */
static void start_scan(struct imap_reader *r, size_t from)
{
    r->pos = from;
    r->at = AT_SCAN;
}

/* A line is whole in r->line: what is it, or what does it go on with? */
static enum imap_item sort_line(struct imap_reader *r)
{
    r->text = buf_view(&r->line);
    r->text.n--; /* LF */
    if (sv_ends(r->text, SV("\r")))
        r->text.n--;
    size_t behind = 0;
    bool goes_on = r->of != OF_NOTHING;
    bool fetch = r->of == OF_FETCH || (!goes_on && r->literals && is_fetch(r->text, &behind));
    bool may = r->literals && (goes_on || may_have_literals(r->text));
    r->literal_next = may && take_literal_size(&r->text, &r->literal_left);
    if (r->literal_next && r->literal_left == UINT64_MAX)
        return IMAP_BROKEN;
    if (fetch) {
        if (!goes_on)
            r->fetch = (struct imap_fetch){0};
        r->of = OF_FETCH;
        start_scan(r, behind);
        return IMAP_MORE;
    }
    r->at = r->literal_next ? AT_LITERAL : AT_START;
    r->of = r->literal_next ? OF_OTHER : OF_NOTHING;
    return r->literal_next || goes_on ? IMAP_MORE : IMAP_LINE;
}

/* True when the line is whole. */
static bool take_line(struct imap_reader *r, sv *in)
{
    size_t at = sv_find_char(*in, '\n', 0);
    size_t n = at == SIZE_MAX ? in->n : at + 1;
    buf_put(&r->line, in->p, n);
    *in = sv_skip(*in, n);
    return at != SIZE_MAX;
}

static bool take_literal(struct imap_reader *r, sv *in)
{
    size_t n = r->literal_left < in->n ? (size_t)r->literal_left : in->n;
    if (r->sink)
        buf_put(r->sink, in->p, n);
    *in = sv_skip(*in, n);
    r->literal_left -= n;
    return r->literal_left == 0;
}

static bool is_token_end(char c)
{
    return c == ' ' || c == '(' || c == ')';
}

/* Position behind the closing quote of a quoted string that opens at r->pos; 0: it does not close. */
static size_t quoted_end(const struct imap_reader *r)
{
    for (size_t i = r->pos + 1; i < r->text.n; i++) {
        if (r->text.p[i] == '\\')
            i++;
        else if (r->text.p[i] == '"')
            return i + 1;
    }
    return 0;
}

/* An attribute's name; a section "BODY[HEADER.FIELDS (TO)]<0>" is part of it. */
static sv take_name(struct imap_reader *r)
{
    size_t from = r->pos;
    bool section = false;
    for (; r->pos < r->text.n && (section || !is_token_end(r->text.p[r->pos])); r->pos++) {
        if (r->text.p[r->pos] == '[')
            section = true;
        else if (r->text.p[r->pos] == ']')
            section = false;
    }
    r->fetch.damaged |= section || r->pos == from;
    return sv_of(r->text.p + from, r->pos - from);
}

static enum imap_attribute attribute_of(sv name)
{
    static const struct {
        sv name;
        enum imap_attribute attribute;
    } known[] = {
        {SV_INIT("UID"), ATTR_UID},
        {SV_INIT("RFC822.SIZE"), ATTR_SIZE},
        {SV_INIT("INTERNALDATE"), ATTR_DATE},
        {SV_INIT("BODY[]"), ATTR_BODY},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (sv_eq_nocase(name, known[i].name))
            return known[i].attribute;
    return ATTR_OTHER;
}

static uint32_t number_of(struct imap_reader *r, sv value)
{
    uint64_t n = 0;
    if (!num_u64(value, UINT32_MAX, &n))
        r->fetch.damaged = true;
    return (uint32_t)n;
}

/* An atom that opens like a literal is one whose size cannot be read: what follows is no longer in step. */
static enum imap_item take_atom(struct imap_reader *r)
{
    size_t from = r->pos;
    while (r->pos < r->text.n && !is_token_end(r->text.p[r->pos]))
        r->pos++;
    sv value = sv_of(r->text.p + from, r->pos - from);
    r->want_value = false;
    if (value.n == 0) {
        r->fetch.damaged = true;
    } else if (r->attribute == ATTR_UID) {
        r->fetch.uid = number_of(r, value);
        r->fetch.damaged |= r->fetch.uid == 0;
    } else if (r->attribute == ATTR_SIZE) {
        r->fetch.size = number_of(r, value);
        r->fetch.has_size = true;
    }
    return sv_starts(value, SV("{")) ? IMAP_BROKEN : IMAP_MORE;
}

/* A body comes at most once in a response; a second one is drained as anything else. */
static bool starts_body(struct imap_reader *r)
{
    if (r->depth != 1 || r->attribute != ATTR_BODY || r->fetch.has_body || r->fetch.damaged)
        return false;
    r->fetch.has_body = true;
    r->sink = NULL;
    return true;
}

static enum imap_item take_quoted(struct imap_reader *r)
{
    size_t end = quoted_end(r);
    if (end == 0) {
        r->fetch.damaged = true;
        return IMAP_MORE;
    }
    sv inside = sv_of(r->text.p + r->pos + 1, end - r->pos - 2);
    r->pos = end;
    r->want_value = r->depth != 1 && r->want_value;
    if (r->depth == 1 && r->attribute == ATTR_DATE)
        r->fetch.has_date = imap_date(inside, &r->fetch.internaldate);
    if (!starts_body(r))
        return IMAP_MORE;
    r->quoted = inside;
    r->body_size = inside.n;
    r->at = AT_QUOTED;
    return IMAP_BODY;
}

static void put_unquoted(struct imap_reader *r)
{
    for (size_t i = 0; r->sink && i < r->quoted.n; i++) {
        if (r->quoted.p[i] == '\\' && i + 1 < r->quoted.n)
            i++;
        buf_char(r->sink, r->quoted.p[i]);
    }
}

static enum imap_item scan_token(struct imap_reader *r)
{
    char c = r->text.p[r->pos];
    if (c == ' ') {
        r->pos++;
    } else if (c == '(') {
        r->pos++;
        r->fetch.damaged |= r->depth == 1 && !r->want_value;
        r->depth++;
    } else if (c == ')') {
        r->pos++;
        r->fetch.damaged |= r->depth == 0 || (r->depth == 1 && r->want_value);
        r->depth -= r->depth > 0;
        r->want_value = r->depth > 1 && r->want_value;
    } else if (r->depth == 0) {
        r->fetch.damaged = true;
    } else if (r->depth == 1 && !r->want_value) {
        r->attribute = attribute_of(take_name(r));
        r->want_value = true;
    } else if (c == '"') {
        return take_quoted(r);
    } else if (r->depth > 1) {
        r->pos++;
    } else {
        return take_atom(r);
    }
    return IMAP_MORE;
}

/* The end of a line of a FETCH response: a literal, or the end of the response. */
static enum imap_item end_scan(struct imap_reader *r)
{
    if (!r->literal_next) {
        r->fetch.damaged |= r->depth != 0;
        r->depth = 0;
        r->want_value = false;
        r->of = OF_NOTHING;
        r->at = AT_START;
        return r->fetch.damaged && r->fetch.has_literal ? IMAP_BROKEN : IMAP_FETCH;
    }
    r->fetch.has_literal = true;
    r->at = AT_LITERAL;
    r->sink = NULL;
    r->body_size = r->literal_left;
    bool body = r->want_value && starts_body(r);
    r->fetch.damaged |= r->depth == 1 && !r->want_value;
    r->want_value = r->depth > 1 && r->want_value;
    return body ? IMAP_BODY : IMAP_MORE;
}

static enum imap_item scan(struct imap_reader *r)
{
    while (r->pos < r->text.n && !r->fetch.damaged) {
        enum imap_item item = scan_token(r);
        if (item != IMAP_MORE)
            return item;
    }
    return end_scan(r);
}

/* One step; IMAP_MORE with r->at changed means: go on. *wait: only more octets help. */
static enum imap_item step(struct imap_reader *r, sv *in, bool *wait)
{
    switch (r->at) {
    case AT_START:
        buf_reset(&r->line);
        r->at = AT_LINE;
        return IMAP_MORE;
    case AT_LINE:
        *wait = !take_line(r, in);
        if (r->line.failed)
            return IMAP_BROKEN;
        return *wait ? IMAP_MORE : sort_line(r);
    case AT_SCAN:
        return scan(r);
    case AT_QUOTED:
        put_unquoted(r);
        r->at = AT_SCAN;
        return IMAP_MORE;
    case AT_LITERAL:
        *wait = !take_literal(r, in);
        if (!*wait)
            r->at = AT_START;
        return IMAP_MORE;
    }
    return IMAP_BROKEN;
}

enum imap_item imap_reader_next(struct imap_reader *r, sv *in)
{
    bool wait = false;
    enum imap_item item = IMAP_MORE;
    while (item == IMAP_MORE && !wait)
        item = step(r, in, &wait);
    return item;
}
