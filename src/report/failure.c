#include "report/failure.h"

#include "base/num.h"
#include "fit.h"
#include "value.h"

enum { TEXT_LINES = 200 }; /* of a report in plain text before the header it quotes */

void failure_start(struct failure_reader *r, const struct limits *limits, arena *a)
{
    *r = (struct failure_reader){.limits = limits, .arena = a, .report = {.incidents = 1}};
}

static void note(struct failure_reader *r, enum note n)
{
    note_add(&r->report.notes, n);
}

static sv fit(struct failure_reader *r, sv value)
{
    return fit_text(value, r->limits, r->arena, &r->report.notes);
}

/* A keyword without case (RFC 5965 3.1), which decides what the report is; a comment behind it stays. */
static void take_type(struct failure_reader *r, sv value)
{
    sv type = fit(r, value);
    char *lower = arena_alloc(r->arena, type.n);
    for (size_t i = 0; lower && i < type.n; i++)
        lower[i] = i < sv_find_char(type, '(', 0) ? ascii_lower(type.p[i]) : type.p[i];
    r->report.feedback_type = lower ? sv_of(lower, type.n) : SV_ABSENT;
}

static sv without_prefix(sv s, sv prefix)
{
    return sv_starts_nocase(s, prefix) ? sv_skip(s, prefix.n) : s;
}

/* "203.0.113.50 (mail.example.net)", "[IPv6:2001:db8::1]" (RFC 5321 4.1.3): the address alone. */
static void take_source_ip(struct failure_reader *r, sv value)
{
    bool changed;
    sv s = sv_trim(value);
    size_t n = 0, open = s.n && s.p[0] == '[';
    while (n < s.n && !ascii_is_blank(s.p[n]) && s.p[n] != '(' && s.p[n] != ';' && !(open && s.p[n] == ']'))
        n++;
    sv bare = without_prefix(sv_skip(sv_first(s, n), open), SV("IPv6:"));
    r->report.has_source_ip = ip_parse_loose(bare, &r->report.source_ip, &changed);
    if (r->report.has_source_ip && (changed || bare.n != s.n))
        note(r, NOTE_ip_cleaned);
}

static sv without_comments(struct failure_reader *r, sv s)
{
    char *to = arena_alloc(r->arena, s.n);
    size_t n = 0, depth = 0;
    for (size_t i = 0; to && i < s.n; i++) {
        depth += s.p[i] == '(';
        if (depth == 0)
            to[n++] = s.p[i];
        depth -= depth && s.p[i] == ')';
    }
    return to ? sv_trim(sv_of(to, n)) : SV_ABSENT;
}

/* Zones by name: those of RFC 5322 4.3, and the usual ones beside. */
static const struct {
    sv name, offset;
} zones[] = {
    {SV_INIT("EST"), SV_INIT("-0500")}, {SV_INIT("EDT"), SV_INIT("-0400")},
    {SV_INIT("CST"), SV_INIT("-0600")}, {SV_INIT("CDT"), SV_INIT("-0500")},
    {SV_INIT("MST"), SV_INIT("-0700")}, {SV_INIT("MDT"), SV_INIT("-0600")},
    {SV_INIT("PST"), SV_INIT("-0800")}, {SV_INIT("PDT"), SV_INIT("-0700")},
    {SV_INIT("CET"), SV_INIT("+0100")}, {SV_INIT("CEST"), SV_INIT("+0200")},
    {SV_INIT("JST"), SV_INIT("+0900")}, {SV_INIT("MSK"), SV_INIT("+0300")},
};

static bool is_month(sv word)
{
    static const sv months = SV_INIT("jan feb mar apr may jun jul aug sep oct nov dec");
    char lower[3] = {0};
    for (size_t i = 0; i < sizeof lower && i < word.n; i++)
        lower[i] = ascii_lower(word.p[i]);
    return word.n == 3 && sv_find(months, sv_of(lower, 3), 0) % 4 == 0;
}

static bool has_whole_year(sv text)
{
    sv word;
    uint64_t year;
    while (sv_split(&text, ' ', &word))
        if (word.n == 4 && num_u64(word, 9999, &year))
            return true;
    return false;
}

/* "Tue, 24 Nov 26 02:24:22 +0000": with all digits of the year, of which two are as RFC 5322 4.3 says
 * (obs-year), else the text as it is. */
static sv with_whole_year(struct failure_reader *r, sv text)
{
    sv rest = text, word, before = SV_ABSENT;
    if (has_whole_year(text)) /* "Tue Nov 24 02:24:22 2026" */
        return text;
    while (sv_split(&rest, ' ', &word)) {
        uint64_t year;
        if (is_month(before) && word.n == 2 && num_u64(word, 99, &year)) {
            sv head = sv_first(text, (size_t)(word.p - text.p));
            return arena_printf(r->arena, "%.*s%s%.*s %.*s", SV_ARG(head), year < 50 ? "20" : "19",
                                SV_ARG(word), SV_ARG(rest));
        }
        before = word.n ? word : before;
    }
    return text;
}

static bool read_date(struct failure_reader *r, sv text)
{
    struct note_set notes = {{0, 0}};
    sv whole = with_whole_year(r, text);
    if (!value_date(whole, &r->report.arrival, &notes))
        return false;
    if (whole.n != text.n)
        note(r, NOTE_date_form);
    /* What is odd in an aggregate report is the rule here (RFC 5322 3.3). */
    if (note_has(&notes, NOTE_date_implausible))
        note(r, NOTE_date_implausible);
    return true;
}

/* With the zone's name replaced by its offset; a name that nobody knows means nothing (RFC 5322 4.3). */
static bool read_named_zone(struct failure_reader *r, sv text)
{
    size_t n = text.n;
    while (n && !ascii_is_blank(text.p[n - 1]))
        n--;
    sv name = sv_skip(text, n), rest = sv_first(text, n), offset = SV_ABSENT;
    for (size_t i = 0; i < COUNT_OF(zones); i++)
        if (sv_eq_nocase(name, zones[i].name))
            offset = zones[i].offset;
    if (!read_date(r, arena_printf(r->arena, "%.*s%.*s", SV_ARG(rest), SV_ARG(offset))))
        return false;
    if (offset.n == 0)
        note(r, NOTE_date_zone_absent);
    return true;
}

static void take_arrival(struct failure_reader *r, sv value)
{
    sv text = without_comments(r, value);
    r->report.has_arrival = text.n && (read_date(r, text) || read_named_zone(r, text));
    if (!r->report.has_arrival) {
        r->report.arrival = 0;
        note(r, NOTE_date_unreadable);
    }
}

static void take_incidents(struct failure_reader *r, sv value)
{
    uint64_t n;
    if (num_u64(sv_trim(value), r->limits->row_count, &n) && n > 0)
        r->report.incidents = n;
    else
        note(r, NOTE_count_unreadable);
}

#define TEXT(name, member)                                                                                   \
    {                                                                                                        \
        SV_INIT(name), offsetof(struct failure_report, member), NULL                                         \
    }
#define VALUE(name, take)                                                                                    \
    {                                                                                                        \
        SV_INIT(name), 0, take                                                                               \
    }

/* A field goes into a text as it is, or through a function. */
static const struct {
    sv name;
    size_t at;
    void (*take)(struct failure_reader *r, sv value);
} fields[] = {
    VALUE("Feedback-Type", take_type),
    TEXT("Auth-Failure", auth_failure),
    TEXT("Reported-Domain", reported_domain),
    TEXT("Delivery-Result", delivery_result),
    TEXT("Identity-Alignment", identity_alignment),
    TEXT("DKIM-Domain", dkim_domain),
    TEXT("DKIM-Identity", dkim_identity),
    TEXT("DKIM-Selector", dkim_selector),
    VALUE("Source-IP", take_source_ip),
    VALUE("Arrival-Date", take_arrival),
    VALUE("Incidents", take_incidents),
};

/* Other names for them: of earlier drafts, and of the plain text that Exim sends. */
static const struct {
    sv name, means;
} aliases[] = {
    {SV_INIT("Received-Date"), SV_INIT("Arrival-Date")},
    {SV_INIT("Sender Domain"), SV_INIT("Reported-Domain")},
    {SV_INIT("Sender IP Address"), SV_INIT("Source-IP")},
    {SV_INIT("Received Date"), SV_INIT("Arrival-Date")},
};

static bool take_field(struct failure_reader *r, size_t i, sv value)
{
    if (r->seen >> i & 1) {
        note(r, NOTE_element_repeated);
        return true;
    }
    r->seen |= 1U << i;
    if (fields[i].take)
        fields[i].take(r, value);
    else
        *(sv *)(void *)((char *)&r->report + fields[i].at) = fit(r, value);
    return true;
}

static sv meaning_of(sv name)
{
    for (size_t i = 0; i < COUNT_OF(aliases); i++)
        if (sv_eq_nocase(name, aliases[i].name))
            return aliases[i].means;
    return name;
}

bool failure_field(struct failure_reader *r, sv name, sv value)
{
    name = meaning_of(name);
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (sv_eq_nocase(name, fields[i].name))
            return take_field(r, i, value);
    return false;
}

void failure_original(struct failure_reader *r, sv header_from_domain, sv message_id)
{
    r->report.header_from_domain = fit(r, header_from_domain);
    r->report.message_id = fit(r, message_id);
}

/* "------ This is a copy of the headers that were received before the error was detected." */
static bool starts_original(sv line)
{
    return sv_starts(line, SV("---")) && sv_find(line, SV("copy of"), 0) != SIZE_MAX;
}

/* The header behind that line. Exim breaks its sentence and indents the rest. */
static sv original_behind(sv text)
{
    sv line, rest = text;
    while (text.n && ascii_is_blank(text.p[0]) && sv_split(&rest, '\n', &line))
        text = rest;
    return text;
}

/* "  Sender Domain: example.com"; false: no line of that form. */
static bool line_field(sv line, sv *name, sv *value)
{
    size_t colon = sv_find_char(line, ':', 0);
    if (colon == SIZE_MAX)
        return false;
    *name = sv_trim(sv_first(line, colon));
    *value = sv_trim(sv_skip(line, colon + 1));
    return true;
}

static void take_line(struct failure_reader *r, sv line)
{
    sv name, value;
    if (line_field(line, &name, &value))
        (void)failure_field(r, name, value);
}

/* Both lines stand before the quoted header. */
static bool is_plain_text(sv text)
{
    sv line, name, value;
    unsigned signs = 0;
    for (unsigned i = 0; i < TEXT_LINES && sv_split(&text, '\n', &line) && !starts_original(line); i++)
        if (line_field(line, &name, &value))
            signs |= sv_eq_nocase(name, SV("Sender Domain"))       ? 1U
                     : sv_eq_nocase(name, SV("Sender IP Address")) ? 2U
                                                                   : 0U;
    return signs == 3;
}

bool failure_plain_text(struct failure_reader *r, sv text, sv *original)
{
    sv line;
    *original = SV_ABSENT;
    if (!is_plain_text(text))
        return false;
    note(r, NOTE_feedback_plain_text);
    for (unsigned i = 0; i < TEXT_LINES && sv_split(&text, '\n', &line); i++) {
        if (starts_original(line)) {
            *original = original_behind(text);
            break;
        }
        take_line(r, line);
    }
    return true;
}

void failure_end(struct failure_reader *r)
{
    const struct failure_report *f = &r->report;
    if (f->feedback_type.n == 0)
        note(r, NOTE_feedback_type_absent);
    if (!f->has_source_ip)
        note(r, NOTE_source_ip_unreadable);
    if (f->header_from_domain.n == 0 && f->message_id.n == 0)
        note(r, NOTE_original_absent);
}
