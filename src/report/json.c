#include "json.h"

#include <stdio.h>

#include "base/utf16.h"
#include "base/utf8.h"
#include "fit.h"

/* low: the low octet's place. */
static uint32_t unit_at(sv s, size_t i, size_t low)
{
    return (uint32_t)(unsigned char)s.p[i + 1 - low] << 8 | (unsigned char)s.p[i + low];
}

static void put_utf16(buf *out, sv s, size_t low)
{
    size_t i = 0;
    while (i + 2 <= s.n) {
        uint32_t cp = unit_at(s, i, low);
        uint32_t next = i + 4 <= s.n ? unit_at(s, i + 2, low) : 0;
        i += 2;
        if (cp >= 0xD800 && cp <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF) {
            cp = 0x10000 + ((cp & 0x3FF) << 10 | (next & 0x3FF));
            i += 2;
        }
        utf8_put(out, cp);
    }
}

static void put_text(buf *out, sv octets, struct note_set *notes)
{
    static const sv bom = SV_INIT("\xEF\xBB\xBF");
    size_t mark;
    enum utf16 form = utf16_of(octets, &mark);
    if (form != UTF16_NONE) {
        note_add(notes, NOTE_json_encoding);
        put_utf16(out, sv_skip(octets, mark), form == UTF16_BE);
        return;
    }
    while (sv_starts(octets, bom))
        octets = sv_skip(octets, bom.n);
    fit_utf8(out, octets, notes);
}

enum reject json_convert(sv octets, const struct limits *limits, buf *out, struct note_set *notes)
{
    if (octets.n <= limits->json_size)
        put_text(out, octets, notes);
    if (octets.n > limits->json_size || out->n > limits->json_size)
        return REJECT_document_too_large;
    return out->failed ? REJECT_memory_limit : REJECT_NONE_;
}

void json_scan_start(struct json_scan *s, buf *text, const struct limits *limits)
{
    *s = (struct json_scan){.limits = limits, .p = text->p, .n = text->n};
}

/* What has been passed over moves to where the value goes on, which is before what was left out. */
static void close_gap(struct json_scan *s, size_t to)
{
    if (s->gap)
        memmove(s->p + s->moved - s->gap, s->p + s->moved, to - s->moved);
    s->moved = to;
}

static void leave_out(struct json_scan *s, size_t from)
{
    if (from == 0 || from == s->at)
        return;
    close_gap(s, from);
    s->gap += s->at - from;
    s->moved = s->at;
}

enum { UNIT_ESCAPE = 6 }; /* \u0041 */

/* Octets of the escape at hand, with its second half when it is of a pair. */
static size_t escape_length(const struct json_scan *s)
{
    sv escape = sv_first(sv_of(s->p + s->at, s->n - s->at), UNIT_ESCAPE);
    if (escape.n < UNIT_ESCAPE || escape.p[1] != 'u')
        return 2;
    bool is_high = ascii_lower(escape.p[2]) == 'd' && strchr("89abAB", escape.p[3]);
    return is_high ? 2 * UNIT_ESCAPE : UNIT_ESCAPE;
}

static bool is_inside_character(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80;
}

/* Passes over a string; false when it has no end. Reporters put line ends into policy strings. What is
 * longer than any text that is taken from it is left out: jansson would copy it again and again. */
static bool skip_string(struct json_scan *s, struct note_set *notes)
{
    size_t enough = s->at + 1 + UNIT_ESCAPE * (size_t)(s->limits->xml_leaf + 1), cut = 0;
    for (s->at++; s->at < s->n; s->at++) {
        char *c = s->p + s->at;
        if ((unsigned char)*c < 0x20) {
            *c = ' ';
            note_add(notes, NOTE_controls_replaced);
        }
        if (s->at >= enough && cut == 0 && !is_inside_character(*c))
            cut = s->at;
        if (*c == '\\') {
            size_t end = s->at + escape_length(s);
            enough = end > enough && cut == 0 ? end : enough;
            s->at++;
        } else if (*c == '"') {
            leave_out(s, cut);
            return s->at++, true;
        }
    }
    return false;
}

/* Passes over a number or word; false when it is longer than any that means something: jansson multiplies
 * long numbers out. */
static bool skip_word(struct json_scan *s)
{
    size_t from = s->at;
    while (s->at < s->n && !ascii_is_blank(s->p[s->at]) && !strchr(",:{}[]\"", s->p[s->at]))
        s->at++;
    return s->at - from <= s->limits->json_word;
}

/* One token; only what is needed to count: the grammar is jansson's. */
static enum reject scan_token(struct json_scan *s, struct note_set *notes)
{
    switch (s->p[s->at]) {
    case ',':
    case ':':
        s->at++;
        return REJECT_NONE_;
    case '}':
    case ']':
        s->at++;
        s->depth--;
        return REJECT_NONE_;
    case '{':
    case '[':
        s->at++;
        s->depth++;
        break;
    case '"':
        if (!skip_string(s, notes))
            return REJECT_truncated;
        break;
    case '\0':
        return REJECT_json_damaged;
    default:
        if (!skip_word(s))
            return REJECT_json_damaged;
        break;
    }
    if (s->depth > s->limits->json_depth)
        return REJECT_too_deep;
    return ++s->tokens > s->limits->json_tokens ? REJECT_too_many_tokens : REJECT_NONE_;
}

static void skip_blanks(struct json_scan *s)
{
    while (s->at < s->n && ascii_is_blank(s->p[s->at]))
        s->at++;
}

enum reject json_scan_value(struct json_scan *s, sv *value, struct note_set *notes)
{
    enum reject why = REJECT_NONE_;
    skip_blanks(s);
    size_t from = s->at;
    if (from == s->n || (s->p[from] != '{' && s->p[from] != '['))
        return REJECT_json_not_tlsrpt;
    s->depth = 0;
    s->moved = from;
    s->gap = 0;
    do {
        why = scan_token(s, notes);
        close_gap(s, s->at);
        *value = sv_of(s->p + from, s->at - s->gap - from);
        skip_blanks(s);
    } while (why == REJECT_NONE_ && s->depth && s->at < s->n);
    return why == REJECT_NONE_ && s->depth ? REJECT_truncated : why;
}

/* NULs are what some mail systems fill up with; a record separator begins each value of a sequence (RFC
 * 7464), a comma parts the entries of a list. */
sv json_scan_rest(struct json_scan *s, bool *odd)
{
    static const sv bom = SV_INIT("\xEF\xBB\xBF");
    *odd = false;
    for (skip_blanks(s); s->at < s->n; skip_blanks(s)) {
        char c = s->p[s->at];
        bool is_bom = sv_starts(sv_of(s->p + s->at, s->n - s->at), bom);
        if (!is_bom && c != '\0' && c != '\x1e' && c != ',')
            break;
        *odd = true;
        s->at += is_bom ? bom.n : 1;
    }
    return sv_of(s->p + s->at, s->n - s->at);
}

/* Loads it again less strictly when that helps; true when it does. */
static bool be_lenient(enum json_error_code why, size_t *flags, struct note_set *notes)
{
    if (why == json_error_duplicate_key && *flags & JSON_REJECT_DUPLICATES) {
        note_add(notes, NOTE_json_key_repeated);
        *flags &= ~(size_t)JSON_REJECT_DUPLICATES;
        return true;
    }
    if (why == json_error_numeric_overflow && !(*flags & JSON_DECODE_INT_AS_REAL)) {
        *flags |= JSON_DECODE_INT_AS_REAL;
        return true;
    }
    return false;
}

enum reject json_tree(sv text, json_t **tree, struct note_set *notes, char detail[JSON_DETAIL])
{
    size_t flags = JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
    json_error_t e = {.line = 0};
    while ((*tree = json_loadb(text.p, text.n, flags, &e)) == NULL)
        if (!be_lenient(json_error_code(&e), &flags, notes))
            break;
    if (*tree)
        return REJECT_NONE_;
    (void)snprintf(detail, JSON_DETAIL, "line %d, column %d: %s", e.line, e.column, e.text);
    return json_error_code(&e) == json_error_out_of_memory ? REJECT_memory_limit : REJECT_json_damaged;
}

void json_cleanup(json_t **tree)
{
    json_decref(*tree);
}
