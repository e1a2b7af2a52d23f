#include "fill.h"

#include "base/num.h"
#include "model/domain.h"
#include "value.h"

/* The value whose members the fields of that place fill. */
static void *value_of(struct builder *b, enum place in)
{
    struct record *r = &b->record;
    switch (in) {
    case PLACE_FEEDBACK:
    case PLACE_METADATA:
    case PLACE_DATE_RANGE:
    case PLACE_POLICY:
        return &b->report;
    case PLACE_RECORD:
    case PLACE_ROW:
    case PLACE_EVALUATED:
    case PLACE_IDENTIFIERS:
        return r;
    case PLACE_REASON:
        return &r->reasons[r->n_reasons - 1];
    case PLACE_DKIM:
        return &r->dkims[r->n_dkims - 1];
    case PLACE_SPF:
        return &r->spfs[r->n_spfs - 1];
    case PLACE_NOWHERE:
    case PLACE_WRAPPER:
    case PLACE_EXTENSION:
    case PLACE_AUTH_RESULTS:
    case PLACE_LEAF:
    case PLACE_UNKNOWN:
    case PLACE_FOREIGN:
        break;
    }
    return NULL;
}

static arena *arena_of(struct builder *b, enum place in)
{
    return value_of(b, in) == &b->report ? &b->head : &b->row;
}

void *fill_list_add(arena *a, void **items, size_t *n, size_t size)
{
    /* Room doubles whenever it is used up: at 0, 4, 8, 16 … items. */
    if (*n == 0 || (*n >= 4 && (*n & (*n - 1)) == 0)) {
        void *more = arena_array(a, *n ? *n * 2 : 4, size);
        if (more == NULL)
            return NULL;
        if (*n)
            memcpy(more, *items, *n * size);
        *items = more;
    }
    return (char *)*items + (*n)++ * size;
}

static void fill_text(struct builder *b, const struct field *f, sv *to, sv text)
{
    if (to->n)
        reading_note(b->rd, NOTE_element_repeated);
    else
        *to = arena_sv(arena_of(b, f->in), sv_of(text.p ? text.p : "", text.n));
}

static void note_unknown_word(struct builder *b, const struct field *f)
{
    switch ((enum word_list)f->word_list) {
    case POLICY_LIST:
    case ALIGNMENT_LIST:
    case TESTING_LIST:
    case DISCOVERY_LIST:
        reading_note(b->rd, NOTE_policy_unknown);
        break;
    case DISPOSITION_LIST:
        reading_note(b->rd, NOTE_disposition_unknown);
        break;
    case VERDICT_LIST:
        reading_note(b->rd, NOTE_verdict_unknown);
        break;
    case DKIM_LIST:
    case SPF_LIST:
    case SCOPE_LIST:
        reading_note(b->rd, NOTE_result_unknown);
        break;
    case REASON_LIST:
        reading_note(b->rd, NOTE_reason_form);
        break;
    case WORD_LIST_END:
        break;
    }
}

static void fill_word(struct builder *b, const struct field *f, struct word *to, sv text)
{
    bool cleaned = false;
    if (to->v != WORD_ABSENT) {
        reading_note(b->rd, NOTE_element_repeated);
        return;
    }
    enum word_list list = (enum word_list)f->word_list;
    *to = f->flags & FIELD_POLICY ? value_policy_word(list, text, &cleaned) : word_read(list, text);
    if (cleaned)
        reading_note(b->rd, NOTE_policy_form);
    else if (to->v > WORD_UNKNOWN && !sv_eq(sv_trim(text), word_text(list, *to)))
        reading_note(b->rd, NOTE_word_case);
    if (to->v == WORD_UNKNOWN) {
        to->raw = arena_sv(arena_of(b, f->in), to->raw);
        note_unknown_word(b, f);
    }
}

static void fill_date(struct builder *b, const struct field *f, int64_t *to, sv text)
{
    bool *has = f->offset == offsetof(struct report, begin) ? &b->report.has_begin : &b->report.has_end;
    if (*has)
        reading_note(b->rd, NOTE_element_repeated);
    else
        *has = value_date(text, to, &b->rd->notes);
}

static void fill_ip(struct builder *b, struct ip *to, sv text)
{
    bool changed = false;
    if (b->has_ip)
        reading_note(b->rd, NOTE_element_repeated);
    else
        b->has_ip = ip_parse_loose(text, to, &changed);
    if (changed && b->has_ip)
        reading_note(b->rd, NOTE_ip_cleaned);
    if (b->has_ip && ip_is_v4(to) && sv_find_char(text, ':', 0) != SIZE_MAX)
        reading_note(b->rd, NOTE_ip_mapped);
}

static void fill_count(struct builder *b, uint64_t *to, sv text)
{
    if (b->has_count)
        reading_note(b->rd, NOTE_element_repeated);
    else
        b->has_count = num_u64(text, b->rd->limits->row_count, to);
}

static void fill_error(struct builder *b, sv text)
{
    if (text.n == 0)
        return;
    if (b->report.n_errors == b->rd->limits->report_errors) {
        reading_note(b->rd, NOTE_list_cut);
        return;
    }
    sv *to = fill_list_add(&b->head, (void **)&b->report.errors, &b->report.n_errors, sizeof *to);
    if (to)
        *to = arena_sv(&b->head, text);
}

void fill_field(struct builder *b, const struct field *f, sv text)
{
    char *value = value_of(b, f->in);
    void *to = value ? value + f->offset : NULL;
    if (to == NULL)
        return;
    switch (f->fill) {
    case FILL_TEXT:
        fill_text(b, f, to, text);
        break;
    case FILL_WORD:
        fill_word(b, f, to, text);
        break;
    case FILL_DATE:
        fill_date(b, f, to, text);
        break;
    case FILL_IP:
        fill_ip(b, to, text);
        break;
    case FILL_COUNT:
        fill_count(b, to, text);
        break;
    case FILL_ERROR:
        fill_error(b, text);
        break;
    }
}

static sv without_dots(sv name)
{
    while (name.n && name.p[name.n - 1] == '.')
        name.n--;
    return name;
}

/* The records of a report mostly have one and the same header_from. */
static void check_from(struct builder *b, sv from)
{
    bool odd = false;
    if (b->report.records && sv_eq(from, b->shared_from))
        return;
    if (b->report.records == 0)
        b->shared_from = arena_sv(&b->head, from);
    else if (!sv_eq_nocase(without_dots(from), without_dots(b->shared_from)))
        b->from_differs = true;
    if (from.n == 0)
        reading_note(b->rd, NOTE_header_from_inferred);
    else if (!domain_is_plain(from))
        (void)domain_fold(&b->row, from, &odd);
    if (odd)
        reading_note(b->rd, NOTE_domain_odd);
}

/* Names alone show that the two belong together, whatever the organisational domain is (RFC 9989 4.10). */
static bool is_aligned(struct builder *b, struct word mode, sv from, sv name)
{
    if (name.n == 0 || sv_eq_nocase(without_dots(name), without_dots(from)))
        return name.n > 0;
    if (mode.v == ALIGNMENT_STRICT)
        return false;
    from = domain_fold(&b->row, from, NULL);
    name = domain_fold(&b->row, name, NULL);
    sv policy = domain_fold(&b->row, b->report.policy.domain, NULL);
    return domain_is_related(from, name) ||
           (policy.n && domain_is_under(from, policy) && domain_is_under(name, policy));
}

static bool dkim_passes(struct builder *b, sv from)
{
    const struct record *r = &b->record;
    for (size_t i = 0; i < r->n_dkims; i++)
        if (r->dkims[i].result.v == DKIM_PASS &&
            is_aligned(b, b->report.policy.adkim, from, r->dkims[i].domain))
            return true;
    return false;
}

static bool spf_passes(struct builder *b, sv from)
{
    const struct record *r = &b->record;
    for (size_t i = 0; i < r->n_spfs; i++)
        if (r->spfs[i].result.v == SPF_PASS && r->spfs[i].scope.v != SCOPE_HELO &&
            is_aligned(b, b->report.policy.aspf, from, r->spfs[i].domain))
            return true;
    return false;
}

/* The verdict stays what it is: nobody guesses. But a reader may want to know. */
static void note_verdicts(struct builder *b)
{
    const struct record *r = &b->record;
    sv from = r->header_from.n ? r->header_from : b->report.policy.domain;
    if (r->dkim.v == VERDICT_ABSENT || r->spf.v == VERDICT_ABSENT)
        reading_note(b->rd, NOTE_verdict_absent);
    if ((r->dkim.v <= VERDICT_UNKNOWN && dkim_passes(b, from)) ||
        (r->spf.v <= VERDICT_UNKNOWN && spf_passes(b, from)))
        reading_note(b->rd, NOTE_verdict_contradicted);
}

static void note_record(struct builder *b)
{
    const struct record *r = &b->record;
    note_verdicts(b);
    if (!b->has_count)
        reading_note(b->rd, NOTE_count_unreadable);
    if (r->disposition.v == DISPOSITION_ABSENT)
        reading_note(b->rd, NOTE_disposition_absent);
    if (r->disposition.v == DISPOSITION_PASS)
        b->report.dialect = DIALECT_RFC9990;
    for (size_t i = 0; i < r->n_reasons; i++)
        if (r->reasons[i].type.v == REASON_POLICY_TEST_MODE)
            b->report.dialect = DIALECT_RFC9990;
    if ((b->seen >> PLACE_AUTH_RESULTS & 1) == 0)
        reading_note(b->rd, NOTE_auth_results_absent);
}

void fill_record_end(struct builder *b)
{
    struct record *r = &b->record;
    struct report *report = &b->report;
    /* In an unknown element much may be called a record. */
    if (b->in_wrapper && (b->seen >> PLACE_ROW & 1) == 0)
        return;
    if (++report->records_raw > b->rd->limits->report_rows) {
        reading_refuse(b->rd, REJECT_too_many_rows, "more than %llu records",
                       (unsigned long long)b->rd->limits->report_rows);
        return;
    }
    if (!b->has_ip) {
        reading_note(b->rd, NOTE_ip_unreadable);
        return;
    }
    if (!b->has_count)
        r->count = 1;
    note_record(b);
    check_from(b, r->header_from);
    if (b->row.failed || b->head.failed) {
        reading_refuse(b->rd, REJECT_memory_limit, "record %llu", (unsigned long long)report->records_raw);
        return;
    }
    report->records++;
    report->messages = sat_add(report->messages, r->count);
    if (!record_passes(r))
        report->dmarc_fail_messages = sat_add(report->dmarc_fail_messages, r->count);
    if (!b->sink.record(b->sink.self, r))
        b->rd->stopped = true;
}
