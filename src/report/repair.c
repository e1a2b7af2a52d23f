#include "repair.h"

#include "guard.h"
#include "prolog.h"
#include "reference.h"
#include "repair-attributes.h"
#include "repair-tree.h"

enum state { CONTENT, ATTRIBUTES, COMMENT, CDATA, INSTRUCTION };

enum {
    SLICE = 4096,      /* of the input that is looked at together */
    PROLOG_MAX = 1024, /* an XML declaration */
    END_TAG_MAX = 256, /* from "</" to '>' */
};

void repair_init(struct repairer *r, const struct limits *limits)
{
    size_t markup = (size_t)limits->xml_markup;
    *r = (struct repairer){0};
    buf_init(&r->in, 2 * markup + 4 * SLICE);
    buf_init(&r->made, 16 * markup + 65536);
    buf_init(&r->held, 65536);
    buf_init(&r->text, 16 * SLICE);
    buf_init(&r->kept, markup / 2);
}

void repair_free(struct repairer *r)
{
    buf_free(&r->in);
    buf_free(&r->made);
    buf_free(&r->held);
    buf_free(&r->text);
    buf_free(&r->kept);
}

void repair_start(struct repairer *r, struct reading *rd, struct outlet out)
{
    buf_reset(&r->in);
    buf_reset(&r->made);
    buf_reset(&r->held);
    buf_reset(&r->kept);
    r->rd = rd;
    r->out = out;
    r->state = CONTENT;
    r->in_root = r->root_begins = r->has_doctype = r->holding = false;
    r->prologs = 0;
    r->text_n = 0;
    r->depth = 0;
    r->closed.n = 0;
}

static bool is_name_start(char c)
{
    char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || c == '_' || c == ':' || (unsigned char)c >= 0x80;
}

static size_t name_length(sv s)
{
    size_t n = 0;
    while (n < s.n &&
           (is_name_start(s.p[n]) || (n && (ascii_is_digit(s.p[n]) || s.p[n] == '-' || s.p[n] == '.'))))
        n++;
    return n;
}

/* XML forbids only the '>' of "]]>", but a start tag may have lost its '<'. */
static void put_gt(struct repairer *r)
{
    sv before = r->text.n ? buf_view(&r->text) : tree_last(r);
    if (sv_ends(before, SV("]]")))
        reading_note(r->rd, NOTE_angle_escaped);
    buf_puts(&r->text, "&gt;");
}

/* Octets of s before the first of two. */
static size_t length_before(sv s, char a, char b)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != a && s.p[n] != b)
        n++;
    return n;
}

/* Plain text, with its references put right and every '>' escaped. */
static size_t put_text(struct repairer *r, sv s, bool last)
{
    size_t i = 0;
    buf_reset(&r->text);
    while (i < s.n) {
        sv rest = sv_skip(s, i);
        size_t plain = length_before(rest, '&', '>'), n = 1;
        buf_sv(&r->text, sv_first(rest, plain));
        i += plain;
        if (i == s.n)
            break;
        if (s.p[i] == '&')
            n = reference_put(r->rd, &r->text, sv_skip(s, i), last, r->has_doctype);
        else
            put_gt(r);
        if (n == 0)
            break;
        i += n;
    }
    if (r->depth)
        tree_text(r, buf_view(&r->text));
    else if (sv_trim(sv_first(s, i)).n)
        reading_note(r->rd, NOTE_leading_junk);
    return i;
}

/* Whoever reads the text of an element has as much of it as he takes, were all of it references: the parser
 * calls for each of them, and there may be millions. */
static bool is_read_no_further(const struct repairer *r)
{
    return r->text_n > REFERENCE_MAX * r->rd->limits->xml_leaf + SLICE;
}

/* A '<' that opens no markup: text in a value, junk before the root, and elsewhere the parser's to refuse. */
static size_t put_angle(struct repairer *r)
{
    if (r->holding || tree_in_value(r)) {
        reading_note(r->rd, NOTE_angle_escaped);
        if (!is_read_no_further(r))
            tree_text(r, SV("&lt;"));
        r->text_n++;
    } else if (r->depth) {
        tree_emit(r, SV("<"));
    } else {
        reading_note(r->rd, NOTE_leading_junk);
    }
    return 1;
}

static size_t step_text(struct repairer *r, sv s, bool last)
{
    size_t lt = sv_find_char(s, '<', 0);
    bool whole = lt != SIZE_MAX || last;
    sv text = sv_first(s, lt < SLICE ? lt : SLICE);
    if (is_read_no_further(r))
        return text.n;
    size_t n = put_text(r, text, whole && text.n == (lt == SIZE_MAX ? s.n : lt));
    if (r->text_n || sv_trim(text).n)
        r->text_n += n;
    return n;
}

static void to_state(struct repairer *r, enum state state)
{
    r->state = (uint8_t)state;
    r->skipped = 0;
}

static size_t step_comment(struct repairer *r, sv s, bool last)
{
    size_t at = sv_find(s, SV("--"), 0);
    if (at == 0 && s.n >= 3) {
        if (s.p[2] != '>')
            reading_note(r->rd, NOTE_comment_hyphens);
        else
            to_state(r, CONTENT);
        return s.p[2] == '>' ? 3 : 1;
    }
    if (at == SIZE_MAX)
        at = s.p[s.n - 1] == '-' ? s.n - 1 : s.n;
    r->skipped += at;
    if (r->skipped > r->rd->limits->xml_markup)
        reading_note(r->rd, NOTE_comment_dropped);
    return last ? s.n : at;
}

static size_t step_instruction(struct repairer *r, sv s, bool last)
{
    size_t at = sv_find(s, SV("?>"), 0);
    if (at != SIZE_MAX) {
        to_state(r, CONTENT);
        return at + 2;
    }
    r->skipped += s.n;
    if (r->skipped > r->rd->limits->xml_markup)
        reading_note(r->rd, NOTE_comment_dropped);
    return last || s.p[s.n - 1] != '?' ? s.n : s.n - 1;
}

static size_t cdata_plain_length(sv s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '<' && s.p[n] != '>' && s.p[n] != '&')
        n++;
    return n;
}

static size_t step_cdata(struct repairer *r, sv s, bool last)
{
    size_t end = sv_find(s, SV("]]>"), 0);
    size_t n = end != SIZE_MAX ? end : last ? s.n : s.n > 2 ? s.n - 2 : 0;
    if (end == 0) {
        to_state(r, CONTENT);
        return 3;
    }
    n = n < SLICE ? n : SLICE;
    for (size_t i = 0; i < n;) {
        size_t plain = cdata_plain_length(sv_first(sv_skip(s, i), n - i));
        if (plain == 0)
            tree_text(r, s.p[i] == '<' ? SV("&lt;") : s.p[i] == '>' ? SV("&gt;") : SV("&amp;"));
        else
            tree_text(r, sv_first(sv_skip(s, i), plain));
        i += plain ? plain : 1;
    }
    return n;
}

static size_t step_prolog(struct repairer *r, sv s, bool last)
{
    sv window = sv_first(s, PROLOG_MAX);
    size_t end = sv_find_char(window, '>', 0), lt = sv_find_char(window, '<', 1);
    if (end == SIZE_MAX && lt == SIZE_MAX)
        return s.n >= PROLOG_MAX || last ? put_angle(r) : 0;
    r->prologs++;
    if (lt < end) { /* it has no end: the next markup begins */
        reading_note(r->rd, NOTE_prolog_ignored);
        return lt;
    }
    if (r->prologs > 1 || r->depth || !prolog_is_plain(sv_first(s, end + 1)))
        reading_note(r->rd, NOTE_prolog_ignored);
    return end + 1;
}

static size_t step_doctype(struct repairer *r, sv s, bool last)
{
    size_t end = 1;
    while (end < s.n && end < GUARD_DOCTYPE && s.p[end] != '>' && s.p[end] != '[')
        end++;
    if (end == s.n && end < GUARD_DOCTYPE)
        return last ? s.n : 0;
    if (s.p[end] != '>' || !guard_doctype_is_bare(sv_first(sv_skip(s, 1), end - 1)))
        reading_refuse(r->rd, REJECT_dtd, "%.*s", SV_ARG(sv_first(s, end < 60 ? end + 1 : 60)));
    reading_note(r->rd, NOTE_doctype_ignored);
    r->has_doctype = true;
    return end + 1;
}

/* s may still become what starts with `mark`. */
static bool may_become(sv s, sv mark, bool last)
{
    return !last && s.n < mark.n && sv_starts_nocase(mark, s);
}

/* "<!…" and "<?…" */
static size_t step_special(struct repairer *r, sv s, bool last)
{
    if (may_become(s, SV("<!--"), last) || may_become(s, SV("<![CDATA["), last) ||
        may_become(s, SV("<!DOCTYPE"), last) || may_become(s, SV("<?xml "), last))
        return 0;
    if (sv_starts(s, SV("<?")) && s.n > 2 && !is_name_start(s.p[2]))
        reading_note(r->rd, NOTE_prolog_ignored);
    if (sv_starts(s, SV("<!--"))) {
        to_state(r, COMMENT);
        return 4;
    }
    if (sv_starts(s, SV("<![CDATA[")) && r->depth) {
        to_state(r, CDATA);
        return 9;
    }
    if (sv_starts_nocase(s, SV("<!DOCTYPE")))
        return step_doctype(r, s, last);
    if (sv_starts_nocase(s, SV("<?xml")) && s.n > 5 && !is_name_start(s.p[5]) && s.p[5] != '-')
        return step_prolog(r, s, last);
    if (sv_starts(s, SV("<?"))) {
        to_state(r, INSTRUCTION);
        return 2;
    }
    return put_angle(r);
}

/* The octets end inside of "</feedback>", and nothing else is open. */
static bool is_cut_root_end(struct repairer *r, sv name)
{
    sv own = r->depth == 1 ? tree_name(tree_top(r)) : SV_ABSENT;
    return own.n && name.n <= own.n && sv_eq_nocase(sv_first(own, name.n), name);
}

/* "</row id="1">", "</row/>": between the innermost element's own name and the '>' stands something that
 * means nothing. The '>', or `at` when this is no such thing. */
static size_t pass_tail(struct repairer *r, sv s, size_t at, sv name)
{
    if (r->depth == 0 || !sv_eq_nocase(tree_local(tree_name(tree_top(r))), tree_local(name)))
        return at;
    size_t to = at;
    while (to < s.n && to < END_TAG_MAX && s.p[to] != '>' && s.p[to] != '<')
        to++;
    return to < END_TAG_MAX && (to == s.n || s.p[to] == '>') ? to : at;
}

/* "< /count>": an end tag when it has the innermost element's own name, else text. `s` at '<' and a blank. */
static bool is_spaced_end(struct repairer *r, sv s, bool last, bool *more)
{
    s = sv_first(s, END_TAG_MAX);
    sv rest = sv_skip(s, 1);
    while (rest.n && ascii_is_blank(rest.p[0]))
        rest = sv_skip(rest, 1);
    *more = !last && s.n < END_TAG_MAX && rest.n == 0;
    if (rest.n == 0 || rest.p[0] != '/' || r->depth == 0)
        return false;
    sv name = sv_skip(rest, 1);
    size_t n = name_length(name);
    *more = !last && s.n < END_TAG_MAX && n == name.n;
    return n > 0 && n < name.n && name.p[n] == '>' && tree_is_own_name(r, sv_first(name, n));
}

/* What has no end in END_TAG_MAX octets is none, in whatever pieces they come. */
static size_t step_end_tag(struct repairer *r, sv s, bool last)
{
    size_t at = 1;
    s = sv_first(s, END_TAG_MAX);
    while (at < s.n && (ascii_is_blank(s.p[at]) || s.p[at] == '/'))
        at++;
    size_t n = name_length(sv_skip(s, at));
    bool odd = at > 2;
    sv name = sv_first(sv_skip(s, at), n);
    at += n;
    while (at < s.n && ascii_is_blank(s.p[at]))
        at++;
    if (n && at < s.n && s.p[at] != '>') {
        size_t to = pass_tail(r, s, at, name);
        odd = odd || to > at;
        at = to;
    }
    if (at == s.n && at < END_TAG_MAX) {
        if (last && is_cut_root_end(r, name)) {
            reading_note(r->rd, NOTE_end_tag_completed);
            tree_close(r);
        }
        return last ? s.n : 0;
    }
    bool closed = at < s.n && s.p[at] == '>', opens_next = at < s.n && s.p[at] == '<';
    if (r->depth == 0 || (!closed && !opens_next) || (n == 0 && !r->holding) || n >= REPAIR_NAME)
        return put_angle(r);
    if (n == 0)
        name = tree_name(tree_top(r));
    if (!tree_end(r, name))
        return put_angle(r);
    if (n == 0 || odd || opens_next)
        reading_note(r->rd, NOTE_end_tag_repaired);
    return closed ? at + 1 : at;
}

static void set_tag(struct repairer *r, sv name)
{
    memcpy(r->tag.name, name.p, name.n);
    r->tag.n = name.n;
}

/* Outside of the root only the root counts, and the wrapper of one reporter around it. */
static bool may_start(struct repairer *r, sv name)
{
    sv local = tree_local(name);
    return r->depth || sv_eq_nocase(local, SV("feedback")) || sv_eq_nocase(local, SV("schema"));
}

static size_t step_start_tag(struct repairer *r, sv s, bool last)
{
    size_t n = name_length(sv_skip(s, 1));
    sv name = sv_first(sv_skip(s, 1), n);
    if (n + 1 == s.n && n < REPAIR_NAME) {
        r->root_begins = last && may_start(r, name);
        return last ? s.n : 0;
    }
    char next = n + 1 < s.n ? s.p[n + 1] : '\0';
    bool is_tag = n < REPAIR_NAME && (ascii_is_blank(next) || next == '>' || next == '/' ||
                                      (next == '<' && tree_is_container(r, name)));
    if (!is_tag || !may_start(r, name))
        return put_angle(r);
    if (next == '/' && s.n < n + 3 && !last)
        return 0;
    size_t end = next == '>' ? n + 1 : next == '/' && s.n > n + 2 && s.p[n + 2] == '>' ? n + 2 : 0;
    enum start_meaning meaning = r->depth ? tree_start_meaning(r, name, end != 0) : START_ELEMENT;
    if (meaning == START_TEXT)
        return put_angle(r);
    if (meaning == START_END) {
        reading_note(r->rd, NOTE_end_tag_repaired);
        tree_close(r);
        return end + 1;
    }
    tree_release(r);
    set_tag(r, name);
    buf_reset(&r->kept);
    to_state(r, ATTRIBUTES);
    return n + 1;
}

static void tag_over(struct repairer *r, bool self_closed)
{
    if (r->depth == 0 && sv_eq_nocase(tree_local(tree_name(&r->tag)), SV("schema")))
        reading_note(r->rd, NOTE_schema_ignored);
    else
        tree_open(r, self_closed);
    to_state(r, CONTENT);
}

static size_t step_attributes(struct repairer *r, sv s, bool last)
{
    enum tag_end end;
    size_t n = attributes_step(r, s, last, &end);
    if (end != TAG_OPEN)
        tag_over(r, end == TAG_SELF_CLOSED);
    return n;
}

static size_t step_content(struct repairer *r, sv s, bool last)
{
    if (s.p[0] != '<')
        return step_text(r, s, last);
    if (s.n < 2)
        return last ? put_angle(r) : 0;
    if (s.p[1] == '!' || s.p[1] == '?')
        return step_special(r, s, last);
    bool more = false;
    if (s.p[1] == '/' || (ascii_is_blank(s.p[1]) && is_spaced_end(r, s, last, &more)))
        return step_end_tag(r, s, last);
    if (more)
        return 0;
    if (s.p[1] == '<' && r->depth && !r->holding && !tree_in_value(r)) {
        reading_note(r->rd, NOTE_stray_text); /* "<<count>" */
        return 1;
    }
    return is_name_start(s.p[1]) ? step_start_tag(r, s, last) : put_angle(r);
}

static size_t step(struct repairer *r, sv s, bool last)
{
    switch ((enum state)r->state) {
    case CONTENT:
        return step_content(r, s, last);
    case ATTRIBUTES:
        return step_attributes(r, s, last);
    case COMMENT:
        return step_comment(r, s, last);
    case CDATA:
        return step_cdata(r, s, last);
    case INSTRUCTION:
        return step_instruction(r, s, last);
    }
    return s.n;
}

/* The root is closed: the rest is looked at by others, and only for what it is not. */
static bool is_over(const struct repairer *r)
{
    return r->in_root && r->depth == 0;
}

static void run(struct repairer *r, bool last)
{
    sv s = buf_view(&r->in);
    while (s.n && !is_over(r) && reading_goes_on(r->rd)) {
        uint8_t state = r->state;
        size_t n = step(r, s, last);
        if (n == 0 && r->state == state)
            break;
        s = sv_skip(s, n);
    }
    if (is_over(r)) {
        outlet_put(&r->out, s);
        s = SV_ABSENT;
    }
    buf_consume(&r->in, r->in.n - s.n);
}

void repair_push(struct repairer *r, sv text)
{
    while (text.n && !is_over(r) && r->rd->reject == REJECT_NONE_) {
        sv slice = sv_first(text, SLICE);
        buf_sv(&r->in, slice);
        text = sv_skip(text, slice.n);
        if (r->in.failed)
            reading_refuse(r->rd, REJECT_markup_too_long, "more than %zu octets of markup", r->in.max);
        run(r, false);
    }
    if (is_over(r))
        outlet_put(&r->out, text);
}

void repair_end(struct repairer *r)
{
    run(r, true);
    if (!r->in_root && (r->root_begins || r->state == ATTRIBUTES))
        reading_fail(r->rd, REJECT_truncated, "%s", "the document ends in its first tag");
    else if (!r->in_root)
        reading_fail(r->rd, REJECT_not_feedback, "%s", "no element <feedback>");
    tree_flush(r);
}
