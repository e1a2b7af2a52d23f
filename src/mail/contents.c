#include "mail/contents.h"

#include "base/attr.h"
#include "base/base64.h"
#include "base/magic.h"
#include "line.h"
#include "qp.h"
#include "uuencode.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* *rest: what follows the first file of a uuencoded body, else nothing. */
static sv decode(const struct mail_leaf *leaf, buf *scratch, bool *clean, sv *rest)
{
    *rest = sv_skip(leaf->body, leaf->encoding == MAIL_UUENCODE ? 0 : leaf->body.n);
    *clean = true;
    buf_reset(scratch);
    switch (leaf->encoding) {
    case MAIL_IDENTITY:
        return leaf->body;
    case MAIL_BASE64:
        *clean = base64_decode(scratch, leaf->body);
        break;
    case MAIL_QP:
        qp_decode(scratch, leaf->body);
        break;
    case MAIL_UUENCODE:
        (void)!buf_room(scratch, smaller(leaf->body.n + MAIL_DECODE_MORE, scratch->max));
        (void)uuencode_next(rest, scratch);
        break;
    }
    return scratch->failed ? SV_ABSENT : scratch->n ? buf_view(scratch) : SV("");
}

sv mail_decode(const struct mail_leaf *leaf, buf *scratch)
{
    bool clean;
    sv rest;
    return decode(leaf, scratch, &clean, &rest);
}

void mail_contents_init(struct mail_contents *c, size_t max)
{
    *c = (struct mail_contents){.state = CONTENTS_END};
    buf_init(&c->decoded, max);
    buf_init(&c->inner, max);
}

void mail_contents_free(struct mail_contents *c)
{
    buf_free(&c->decoded);
    buf_free(&c->inner);
}

void mail_contents_start(struct mail_contents *c, const struct mail_leaf *leaf)
{
    c->leaf = leaf;
    c->state = CONTENTS_WHOLE;
    c->notes = c->of_leaf = leaf->notes;
}

static sv without_blanks(sv s)
{
    while (s.n && ascii_is_blank(s.p[0]))
        s = sv_skip(s, 1);
    return s;
}

/* Nothing is searched in what is evidence only or no mail. */
static bool is_searched(const struct mail_leaf *leaf)
{
    return !leaf->original && !leaf->no_mail;
}

/* What the first octets tell is enough. Plain text and HTML may begin with '<' or '{' and hold something
 * else all the same: a banner of a gateway before lines of base64. */
static bool is_certain(const struct mail_leaf *leaf, sv bytes)
{
    enum magic m = magic_of(bytes);
    bool text = sv_eq(leaf->type, SV("text/plain")) || sv_eq(leaf->type, SV("text/html"));
    return magic_is_document(m) && !(text && (m == MAGIC_XML || m == MAGIC_JSON));
}

/* XML and JSON may have blanks before them. */
static bool needs_no_blanks(sv bytes)
{
    enum magic m = magic_of(bytes);
    return m != MAGIC_XML && m != MAGIC_JSON;
}

/* "<?xml version=3D"1.0"?>": quoted-printable that no field tells of. */
static bool is_quoted_xml(sv body)
{
    sv tag = without_blanks(body);
    tag = sv_first(tag, sv_find_char(tag, '>', 0));
    return magic_of(tag) == MAGIC_XML &&
           (sv_find(tag, SV("=3D\""), 0) != SIZE_MAX || sv_find(tag, SV("=3D'"), 0) != SIZE_MAX);
}

/* The decoded leaf, or the body as it stands, when one of them is a document. A binary part may have got
 * an empty line too many before it. */
static bool whole(struct mail_contents *c, sv *bytes)
{
    bool clean;
    struct mail_leaf leaf = *c->leaf;
    if (leaf.encoding == MAIL_IDENTITY && is_searched(&leaf) && is_quoted_xml(leaf.body)) {
        leaf.encoding = MAIL_QP;
        note_add(&c->of_leaf, NOTE_transfer_encoding_ignored);
        c->notes = c->of_leaf;
    }
    c->whole = c->text = decode(&leaf, &c->decoded, &clean, &c->behind);
    sv candidates[] = {c->whole, without_blanks(c->whole), without_blanks(c->leaf->body)};
    for (size_t i = 0; i < (is_searched(c->leaf) ? COUNT_OF(candidates) : 1); i++) {
        bool as_it_stands = i == 2 && c->leaf->encoding != MAIL_IDENTITY;
        if (!is_certain(c->leaf, candidates[i]))
            continue;
        *bytes = candidates[i];
        if (as_it_stands)
            note_add(&c->notes, NOTE_transfer_encoding_ignored);
        else if (!clean)
            note_add(&c->notes, NOTE_base64_odd);
        if (i == 1 && needs_no_blanks(candidates[i]))
            note_add(&c->notes, NOTE_blanks_before_data);
        return true;
    }
    return false;
}

enum { SNIFFED = 8 * 1024 };

enum magic mail_magic(const struct mail_leaf *leaf)
{
    struct mail_leaf head = *leaf;
    enum magic found = MAGIC_NONE;
    buf scratch;
    head.body = sv_first(leaf->body, SNIFFED);
    buf_init(&scratch, SNIFFED + 3);
    sv decoded = mail_decode(&head, &scratch);
    const sv candidates[] = {decoded, without_blanks(decoded), without_blanks(head.body)};
    for (size_t i = 0; found == MAGIC_NONE && i < COUNT_OF(candidates); i++) {
        enum magic m = magic_of(candidates[i]);
        found = magic_is_document(m) ? m : MAGIC_NONE;
    }
    buf_free(&scratch);
    return found;
}

enum { BASE64_RUN_MIN = 32 }; /* less holds no document */

static bool is_base64_line(sv line)
{
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i], l = ascii_lower(c);
        if (!(l >= 'a' && l <= 'z') && !ascii_is_digit(c) && c != '+' && c != '/' && c != '=')
            return false;
    }
    return line.n > 0;
}

/* gzip, zip, "<?xml", the same behind a BOM, "<feedback", "{"organization-name"". */
static bool starts_document(sv line)
{
    static const sv starts[] = {SV_INIT("H4sI"),         SV_INIT("UEsDB"),
                                SV_INIT("PD94bW"),       SV_INIT("77u/PD94"),
                                SV_INIT("PGZlZWRiYWNr"), SV_INIT("eyJvcmdhbml6YXRpb24t")};
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (sv_starts(line, starts[i]))
            return true;
    return false;
}

/* The rest from the next line on that may start a document, by its first octet: a mail may have millions of
 * short lines. */
static sv next_start(sv rest)
{
    const char *p = rest.p, *end = rest.p + rest.n;
    while (p < end) {
        const char *line = p;
        while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '>'))
            p++;
        if (p < end && (*p == 'H' || *p == 'U' || *p == 'P' || *p == '7' || *p == 'e'))
            return sv_of(line, (size_t)(end - line));
        while (p < end && *p != '\n')
            p++;
        p += p < end;
    }
    return sv_skip(rest, rest.n);
}

/* The line without the marks of a mail that quotes it. */
static sv unquoted(sv line)
{
    while (line.n && (ascii_is_blank(line.p[0]) || line.p[0] == '>'))
        line = sv_skip(line, 1);
    return sv_trim(line);
}

/* The next lines of base64 that start a document, taken off *rest together. */
static bool base64_run(sv *rest, sv *run)
{
    sv line;
    while (*rest = next_start(*rest), line_next(rest, &line)) {
        line = unquoted(line);
        if (!starts_document(line) || !is_base64_line(line))
            continue;
        const char *from = line.p, *end = line.p + line.n;
        while (is_base64_line(unquoted(line_peek(*rest))) && line_next(rest, &line))
            end = line.p + line.n;
        *run = sv_of(from, (size_t)(end - from));
        if (run->n >= BASE64_RUN_MIN)
            return true;
    }
    return false;
}

/* The last place of needle before `limit`, or SIZE_MAX. */
static size_t last_before(sv text, sv needle, size_t limit)
{
    size_t last = SIZE_MAX;
    text = sv_first(text, limit);
    for (size_t at = 0; (at = sv_find(text, needle, at)) != SIZE_MAX; at++)
        last = at;
    return last;
}

/* A report that somebody pasted into a text, from its start on, or absent. */
static sv pasted(sv text)
{
    static const struct {
        sv sign, also, start; /* both words are there; where the document starts before the first one */
        sv end;               /* its last one, where text may follow; absent: the reader finds it */
    } forms[] = {
        {SV_INIT("<feedback"), SV_INIT("report_metadata>"), SV_INIT("<?xml"), {NULL, 0}},
        {SV_INIT("\"organization-name\""), SV_INIT("\"policies\""), SV_INIT("{"), SV_INIT("}")},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t sign = sv_find(text, forms[i].sign, 0);
        if (sign == SIZE_MAX || sv_find(text, forms[i].also, 0) == SIZE_MAX)
            continue;
        size_t start = last_before(text, forms[i].start, sign);
        size_t end = forms[i].end.n ? last_before(text, forms[i].end, SIZE_MAX) : SIZE_MAX;
        if (end != SIZE_MAX)
            text = sv_first(text, end + forms[i].end.n);
        return sv_skip(text, start == SIZE_MAX ? sign : start);
    }
    return SV_ABSENT;
}

/* A run that is all there is has another transfer encoding than the header says. */
static void note_run(struct mail_contents *c, sv run, bool clean)
{
    bool is_all = sv_trim(c->text).n == sv_trim(run).n;
    note_add(&c->notes, is_all ? NOTE_transfer_encoding_ignored : NOTE_found_in_text);
    if (!clean)
        note_add(&c->notes, NOTE_base64_odd);
}

/* What the search in c->rest finds next. */
static bool search(struct mail_contents *c, sv *bytes)
{
    sv run;
    buf_reset(&c->inner);
    c->notes = c->of_leaf;
    if (c->state == CONTENTS_UUENCODED) {
        bool more;
        /* There may be a million of them that hold nothing. */
        while ((more = uuencode_next(&c->rest, &c->inner)) && !c->inner.failed && c->inner.n == 0)
            continue;
        if (more && !c->inner.failed) {
            *bytes = buf_view(&c->inner);
            note_add(&c->notes, NOTE_found_in_text);
            return true;
        }
        c->state = CONTENTS_BASE64;
        c->rest = c->text;
    }
    if (!base64_run(&c->rest, &run))
        return false;
    note_run(c, run, base64_decode(&c->inner, run));
    *bytes = buf_view(&c->inner);
    return true;
}

static bool is_document(sv bytes)
{
    return magic_is_document(magic_of(without_blanks(bytes)));
}

/* The search is over in this place; true when there is another: the body as it stands, unless a report lies
 * in the decoded one. The uuencoded file that was no document is not decoded again. */
static bool next_place(struct mail_contents *c)
{
    bool more = !c->found && c->leaf->encoding != MAIL_IDENTITY && c->text.p != c->leaf->body.p &&
                pasted(c->whole).p == NULL;
    if (more) {
        c->text = c->leaf->body;
        c->rest = c->leaf->encoding == MAIL_UUENCODE && !is_document(c->whole) ? c->behind : c->text;
        c->state = CONTENTS_UUENCODED;
    }
    return more;
}

/* Nothing was found: a report in the middle of the text, or the text itself. */
static sv what_is_left(struct mail_contents *c)
{
    sv inside = is_searched(c->leaf) ? pasted(c->whole) : SV_ABSENT;
    c->notes = c->of_leaf;
    if (inside.p == NULL)
        return c->whole;
    if (sv_trim(inside).n < sv_trim(c->whole).n)
        note_add(&c->notes, NOTE_found_in_text);
    return inside;
}

bool mail_contents_next(struct mail_contents *c, sv *bytes)
{
    if (c->state == CONTENTS_WHOLE) {
        bool done = whole(c, bytes);
        c->rest = c->text;
        c->found = false;
        c->state = done ? CONTENTS_END : is_searched(c->leaf) ? CONTENTS_UUENCODED : CONTENTS_LEFT;
        if (done)
            return true;
    }
    while (c->state == CONTENTS_UUENCODED || c->state == CONTENTS_BASE64) {
        if (search(c, bytes))
            return c->found = true;
        if (!next_place(c))
            c->state = c->found ? CONTENTS_END : CONTENTS_LEFT;
    }
    if (c->state == CONTENTS_END)
        return false;
    c->state = CONTENTS_END;
    *bytes = what_is_left(c);
    return true;
}
