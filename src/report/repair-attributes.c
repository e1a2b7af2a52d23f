#include "repair-attributes.h"

#include "reference.h"
#include "repair-tree.h"

static size_t name_length(sv s)
{
    size_t n = 0;
    while (n < s.n && !ascii_is_blank(s.p[n]) && !strchr("=></\"'", s.p[n]))
        n++;
    return n;
}

static size_t blanks(sv s, size_t at)
{
    while (at < s.n && ascii_is_blank(s.p[at]))
        at++;
    return at;
}

static bool is_kept_already(const struct repairer *r, sv name)
{
    sv kept = buf_view(&r->kept);
    for (size_t at = 0; (at = sv_find(kept, name, at)) != SIZE_MAX; at++)
        if (at > 0 && kept.p[at - 1] == ' ' && at + name.n < kept.n && kept.p[at + name.n] == '=')
            return true;
    return false;
}

/* A namespace counts; without it an element might be taken for one of the report. */
static void keep_namespace(struct repairer *r, sv name, sv value)
{
    if (is_kept_already(r, name)) {
        reading_note(r->rd, NOTE_attributes_dropped);
        return;
    }
    buf_char(&r->kept, ' ');
    buf_sv(&r->kept, name);
    buf_puts(&r->kept, "=\"");
    for (size_t i = 0; i < value.n;) {
        if (value.p[i] == '&') {
            i += reference_put(r->rd, &r->kept, sv_skip(value, i), true, r->has_doctype);
        } else {
            if (value.p[i] == '"')
                buf_puts(&r->kept, "&quot;");
            else
                buf_char(&r->kept, value.p[i]);
            i++;
        }
    }
    buf_char(&r->kept, '"');
    if (r->kept.failed)
        reading_refuse(r->rd, REJECT_too_many_attributes, "more than %zu octets of namespaces in one tag",
                       r->kept.max);
}

static void take_attribute(struct repairer *r, sv name, sv value)
{
    r->skipped++;
    if (value.p && (sv_eq(name, SV("xmlns")) || (sv_starts(name, SV("xmlns:")) && name.n > 6)))
        keep_namespace(r, name, value);
    else
        reading_note(r->rd, NOTE_attributes_dropped);
}

/* An attribute whose name has `n` octets. */
static size_t step_attribute(struct repairer *r, sv s, size_t n, bool last)
{
    sv name = sv_first(s, n);
    size_t at = blanks(s, n);
    if (at == s.n && !last)
        return 0;
    if (at == s.n || s.p[at] != '=') {
        take_attribute(r, name, SV_ABSENT);
        return n;
    }
    at = blanks(s, at + 1);
    if (at == s.n)
        return last ? s.n : 0;
    char quote = s.p[at];
    if (quote == '"' || quote == '\'') {
        size_t end = sv_find_char(s, quote, at + 1), lt = sv_find_char(s, '<', at + 1);
        if (end != SIZE_MAX && end < lt) {
            take_attribute(r, name, sv_first(sv_skip(s, at + 1), end - at - 1));
            return end + 1;
        }
        if (lt == SIZE_MAX && !last)
            return 0;
    }
    /* No quotes, or only one: up to the next blank or the end of the tag. */
    size_t end = at;
    while (end < s.n && !ascii_is_blank(s.p[end]) && s.p[end] != '>' && s.p[end] != '<')
        end++;
    if (end == s.n && !last)
        return 0;
    take_attribute(r, name, SV_ABSENT);
    return end;
}

/* "<row<source_ip>": the '>' is missing. Only where no text may have stood behind it. */
static size_t without_bracket(struct repairer *r, enum tag_end *end)
{
    *end = TAG_ENDED;
    if (r->skipped == 0 && tree_is_container(r, tree_name(&r->tag)))
        reading_note(r->rd, NOTE_start_tag_repaired);
    else
        reading_fail(r->rd, REJECT_not_well_formed, "the tag <%.*s has no end", SV_ARG(tree_name(&r->tag)));
    return 0;
}

size_t attributes_step(struct repairer *r, sv s, bool last, enum tag_end *end)
{
    *end = TAG_OPEN;
    if (s.n > r->rd->limits->xml_markup && name_length(s) == s.n) {
        reading_refuse(r->rd, REJECT_markup_too_long, "an attribute of more than %zu octets", s.n);
        return s.n;
    }
    if (ascii_is_blank(s.p[0]))
        return blanks(s, 0);
    if (s.p[0] == '>') {
        *end = TAG_ENDED;
        return 1;
    }
    if (s.p[0] == '<')
        return without_bracket(r, end);
    if (s.p[0] == '/' && s.n < 2 && !last)
        return 0;
    if (s.p[0] == '/' && s.n >= 2 && s.p[1] == '>') {
        *end = TAG_SELF_CLOSED;
        return 2;
    }
    size_t n = name_length(s);
    if (n == s.n && !last)
        return 0;
    if (n)
        return step_attribute(r, s, n, last);
    reading_note(r->rd, NOTE_attributes_dropped);
    return 1;
}
