#include "fields.h"

#include <stddef.h>

#include "base/attr.h"
#include "model/report.h"

#define CONTAINER(in_, name_, opens_, flags_)                                                                \
    {                                                                                                        \
        .in = PLACE_##in_, .name = SV_INIT(name_), .opens = PLACE_##opens_, .flags = (flags_)                \
    }
#define LEAF(in_, name_, fill_, type, member, flags_)                                                        \
    {                                                                                                        \
        .in = PLACE_##in_, .name = SV_INIT(name_), .opens = PLACE_LEAF, .fill = FILL_##fill_,                \
        .offset = offsetof(type, member), .flags = (flags_)                                                  \
    }
#define WORD(in_, name_, list, type, member, flags_)                                                         \
    {                                                                                                        \
        .in = PLACE_##in_, .name = SV_INIT(name_), .opens = PLACE_LEAF, .fill = FILL_WORD,                   \
        .offset = offsetof(type, member), .word_list = list##_LIST, .flags = (flags_)                        \
    }

/* In the order of the schemas. */
static const struct field fields[] = {
    CONTAINER(NOWHERE, "feedback", FEEDBACK, 0),

    LEAF(FEEDBACK, "version", TEXT, struct report, version, 0),
    CONTAINER(FEEDBACK, "report_metadata", METADATA, FIELD_ONCE),
    CONTAINER(FEEDBACK, "policy_published", POLICY, FIELD_ONCE),
    CONTAINER(FEEDBACK, "extension", EXTENSION, FIELD_RFC9990),
    CONTAINER(FEEDBACK, "record", RECORD, 0),
    LEAF(FEEDBACK, "org_name", TEXT, struct report, org_name, FIELD_ELSEWHERE),
    LEAF(FEEDBACK, "email", TEXT, struct report, email, FIELD_ELSEWHERE),
    LEAF(FEEDBACK, "extra_contact_info", TEXT, struct report, extra_contact_info, FIELD_ELSEWHERE),
    LEAF(FEEDBACK, "report_id", TEXT, struct report, report_id, FIELD_ELSEWHERE),
    CONTAINER(FEEDBACK, "date_range", DATE_RANGE, FIELD_ONCE | FIELD_ELSEWHERE),
    CONTAINER(FEEDBACK, "data_range", DATE_RANGE, FIELD_ONCE | FIELD_ALIAS | FIELD_ELSEWHERE),
    LEAF(FEEDBACK, "begin", DATE, struct report, begin, FIELD_ELSEWHERE),
    LEAF(FEEDBACK, "end", DATE, struct report, end, FIELD_ELSEWHERE),

    LEAF(METADATA, "org_name", TEXT, struct report, org_name, 0),
    LEAF(METADATA, "email", TEXT, struct report, email, 0),
    LEAF(METADATA, "extra_contact_info", TEXT, struct report, extra_contact_info, 0),
    LEAF(METADATA, "report_id", TEXT, struct report, report_id, 0),
    CONTAINER(METADATA, "date_range", DATE_RANGE, FIELD_ONCE),
    CONTAINER(METADATA, "data_range", DATE_RANGE, FIELD_ONCE | FIELD_ALIAS), /* KDDI */
    LEAF(METADATA, "error", ERROR, struct report, errors, 0),
    LEAF(METADATA, "generator", TEXT, struct report, generator, FIELD_RFC9990),
    LEAF(METADATA, "begin", DATE, struct report, begin, FIELD_ELSEWHERE),
    LEAF(METADATA, "end", DATE, struct report, end, FIELD_ELSEWHERE),

    LEAF(DATE_RANGE, "begin", DATE, struct report, begin, 0),
    LEAF(DATE_RANGE, "end", DATE, struct report, end, 0),

    LEAF(POLICY, "domain", TEXT, struct report, policy.domain, 0),
    WORD(POLICY, "p", POLICY, struct report, policy.p, FIELD_POLICY),
    WORD(POLICY, "sp", POLICY, struct report, policy.sp, FIELD_POLICY),
    WORD(POLICY, "np", POLICY, struct report, policy.np, FIELD_POLICY | FIELD_RFC9990),
    WORD(POLICY, "adkim", ALIGNMENT, struct report, policy.adkim, FIELD_POLICY),
    WORD(POLICY, "aspf", ALIGNMENT, struct report, policy.aspf, FIELD_POLICY),
    LEAF(POLICY, "pct", TEXT, struct report, policy.pct, 0),
    LEAF(POLICY, "fo", TEXT, struct report, policy.fo, 0),
    WORD(POLICY, "testing", TESTING, struct report, policy.testing, FIELD_POLICY | FIELD_RFC9990),
    WORD(POLICY, "t", TESTING, struct report, policy.testing, FIELD_POLICY | FIELD_RFC9990 | FIELD_ALIAS),
    WORD(POLICY, "discovery_method", DISCOVERY, struct report, policy.discovery_method,
         FIELD_POLICY | FIELD_RFC9990),

    CONTAINER(RECORD, "row", ROW, FIELD_ONCE),
    CONTAINER(RECORD, "identifiers", IDENTIFIERS, FIELD_ONCE),
    CONTAINER(RECORD, "identifier", IDENTIFIERS, FIELD_ONCE | FIELD_ALIAS),
    CONTAINER(RECORD, "identities", IDENTIFIERS, FIELD_ONCE | FIELD_ALIAS), /* Google in 2012, junc.org */
    CONTAINER(RECORD, "auth_results", AUTH_RESULTS, 0),
    CONTAINER(RECORD, "auth_result", AUTH_RESULTS, FIELD_ALIAS),
    LEAF(RECORD, "source_ip", IP, struct record, source_ip, FIELD_ELSEWHERE),
    LEAF(RECORD, "count", COUNT, struct record, count, FIELD_ELSEWHERE),
    CONTAINER(RECORD, "policy_evaluated", EVALUATED, FIELD_ONCE | FIELD_ELSEWHERE),
    LEAF(RECORD, "header_from", TEXT, struct record, header_from, FIELD_ELSEWHERE),
    LEAF(RECORD, "envelope_from", TEXT, struct record, envelope_from, FIELD_ELSEWHERE),
    LEAF(RECORD, "envelope_to", TEXT, struct record, envelope_to, FIELD_ELSEWHERE),

    LEAF(ROW, "source_ip", IP, struct record, source_ip, 0),
    LEAF(ROW, "count", COUNT, struct record, count, 0),
    CONTAINER(ROW, "policy_evaluated", EVALUATED, FIELD_ONCE),
    CONTAINER(ROW, "identifiers", IDENTIFIERS, FIELD_ONCE | FIELD_ELSEWHERE),
    CONTAINER(ROW, "auth_results", AUTH_RESULTS, FIELD_ELSEWHERE),

    WORD(EVALUATED, "disposition", DISPOSITION, struct record, disposition, 0),
    WORD(EVALUATED, "dkim", VERDICT, struct record, dkim, 0),
    WORD(EVALUATED, "spf", VERDICT, struct record, spf, 0),
    CONTAINER(EVALUATED, "reason", REASON, 0),

    WORD(REASON, "type", REASON, struct reason, type, 0),
    LEAF(REASON, "comment", TEXT, struct reason, comment, 0),

    LEAF(IDENTIFIERS, "header_from", TEXT, struct record, header_from, 0),
    LEAF(IDENTIFIERS, "envelope_from", TEXT, struct record, envelope_from, 0),
    LEAF(IDENTIFIERS, "envelope_to", TEXT, struct record, envelope_to, 0),

    CONTAINER(AUTH_RESULTS, "dkim", DKIM, 0),
    CONTAINER(AUTH_RESULTS, "spf", SPF, 0),

    LEAF(DKIM, "domain", TEXT, struct dkim_auth, domain, 0),
    LEAF(DKIM, "selector", TEXT, struct dkim_auth, selector, 0),
    WORD(DKIM, "result", DKIM, struct dkim_auth, result, 0),
    LEAF(DKIM, "human_result", TEXT, struct dkim_auth, human_result, 0),

    LEAF(SPF, "domain", TEXT, struct spf_auth, domain, 0),
    WORD(SPF, "scope", SCOPE, struct spf_auth, scope, 0),
    WORD(SPF, "result", SPF, struct spf_auth, result, 0),
    LEAF(SPF, "human_result", TEXT, struct spf_auth, human_result, 0),
};

static bool is_mark(char c)
{
    return c == '-' || c == '_' || c == '.';
}

/* "orgName", "org-name" and "org_name" are the same. */
static bool same_letters(sv a, sv b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a.n && is_mark(a.p[i]))
            i++;
        while (j < b.n && is_mark(b.p[j]))
            j++;
        if (i == a.n || j == b.n)
            return i == a.n && j == b.n;
        if (ascii_lower(a.p[i++]) != ascii_lower(b.p[j++]))
            return false;
    }
}

static const struct field *find_in(enum place in, sv name, enum field_match *how)
{
    *how = MATCH_CASE;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (fields[i].in == in && fields[i].name.n == name.n && sv_eq_nocase(fields[i].name, name)) {
            if (sv_eq(fields[i].name, name))
                *how = MATCH_EXACT;
            return &fields[i];
        }
    *how = MATCH_MARKS;
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (fields[i].in == in && same_letters(fields[i].name, name))
            return &fields[i];
    return NULL;
}

const struct field *field_find(enum place in, sv name, enum field_match *how)
{
    if (in != PLACE_WRAPPER)
        return find_in(in, name, how);
    const struct field *f = find_in(PLACE_FEEDBACK, name, how);
    bool is_part = f && (f->opens == PLACE_METADATA || f->opens == PLACE_POLICY || f->opens == PLACE_RECORD);
    return is_part ? f : NULL;
}

const struct field *field_recall(struct field_memo *m, enum place in, const char *name, enum field_match *how)
{
    uint64_t hash = ((uint64_t)(uintptr_t)name ^ (uint64_t)in << 32) * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 56) % FIELD_MEMO;
    while (m->slots[slot].name && (m->slots[slot].name != name || m->slots[slot].in != in))
        slot = (slot + 1) % FIELD_MEMO;
    if (m->slots[slot].name) {
        *how = m->slots[slot].how;
        return m->slots[slot].field;
    }
    const struct field *f = field_find(in, sv_c(name), how);
    /* Half of the slots stay free: other names are looked up each time. */
    if (m->n < FIELD_MEMO / 2) {
        m->slots[slot].name = name;
        m->slots[slot].in = in;
        m->slots[slot].field = f;
        m->slots[slot].how = *how;
        m->n++;
    }
    return f;
}

void field_forget(struct field_memo *m)
{
    *m = (struct field_memo){0};
}

bool field_is_known_name(sv name)
{
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        if (sv_eq_nocase(fields[i].name, name))
            return true;
    return false;
}
