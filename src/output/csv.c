/* A row a record in the columns of parsedmarc's CSV, then ours; columns that we cannot fill stay empty, so
 * that dashboards and scripts switch over without change. */
#include "base/clock.h"
#include "format.h"
#include "text/escape.h"
#include "totals.h"

static const char header[] =
    "xml_schema,org_name,org_email,org_extra_contact_info,report_id,begin_date,end_date,normalized_timespan,"
    "errors,domain,adkim,aspf,p,sp,pct,fo,source_ip_address,source_country,source_reverse_dns,"
    "source_base_domain,source_name,source_type,source_asn,source_as_name,source_as_domain,count,spf_aligned,"
    "dkim_aligned,dmarc_aligned,disposition,policy_override_reasons,policy_override_comments,envelope_from,"
    "header_from,envelope_to,dkim_domains,dkim_selectors,dkim_results,spf_domains,spf_scopes,spf_results,"
    "file,who,sender,fate,notes\r\n";

enum { LIST_MAX = 4 * 1024 * 1024 };

struct line {
    struct output *o;
    bool comma;
    buf list; /* of the cell being joined */
};

static void cell(struct line *l, sv text)
{
    if (l->comma)
        buf_char(&l->o->out, ',');
    text_csv(&l->o->out, text);
    l->comma = true;
}

static void empty_cells(struct line *l, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        cell(l, SV_ABSENT);
}

static void truth(struct line *l, bool yes)
{
    cell(l, yes ? SV("True") : SV("False"));
}

static void number(struct line *l, uint64_t n)
{
    buf_reset(&l->list);
    buf_printf(&l->list, "%llu", (unsigned long long)n);
    cell(l, buf_view(&l->list));
}

/* "2026-11-24 02:24:22", UTC. */
static void moment(struct line *l, bool present, int64_t t)
{
    char text[CLOCK_TEXT];
    size_t n = strlen(clock_iso(t, text));
    text[n - 1] = '\0';
    text[n - 10] = ' ';
    cell(l, present ? sv_c(text) : SV_ABSENT);
}

/* Joins item(i) for i < n by commas into one cell. */
static void joined(struct line *l, size_t n, sv (*item)(const void *of, size_t i), const void *of)
{
    buf_reset(&l->list);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_char(&l->list, ',');
        buf_sv(&l->list, item(of, i));
    }
    cell(l, buf_view(&l->list));
}

static sv an_error(const void *of, size_t i)
{
    return ((const struct report *)of)->errors[i];
}

static sv reason_type(const void *of, size_t i)
{
    return word_text(REASON_LIST, ((const struct record *)of)->reasons[i].type);
}

static sv reason_comment(const void *of, size_t i)
{
    return ((const struct record *)of)->reasons[i].comment;
}

static sv dkim_domain(const void *of, size_t i)
{
    return ((const struct record *)of)->dkims[i].domain;
}

static sv dkim_selector(const void *of, size_t i)
{
    return ((const struct record *)of)->dkims[i].selector;
}

static sv dkim_result(const void *of, size_t i)
{
    return word_text(DKIM_LIST, ((const struct record *)of)->dkims[i].result);
}

static sv spf_domain(const void *of, size_t i)
{
    return ((const struct record *)of)->spfs[i].domain;
}

static sv spf_scope(const void *of, size_t i)
{
    return word_text(SCOPE_LIST, ((const struct record *)of)->spfs[i].scope);
}

static sv spf_result(const void *of, size_t i)
{
    return word_text(SPF_LIST, ((const struct record *)of)->spfs[i].result);
}

static sv a_note(const void *of, size_t i)
{
    return sv_c(note_code(((const enum note *)of)[i]));
}

static void report_cells(struct line *l, const struct report *r)
{
    const struct policy_published *p = &r->policy;
    cell(l, r->version.n ? r->version : SV("draft"));
    cell(l, r->org_name);
    cell(l, r->email);
    cell(l, r->extra_contact_info);
    cell(l, r->report_id);
    moment(l, r->has_begin, r->begin);
    moment(l, r->has_end, r->end);
    truth(l, false); /* counts are never split over days here */
    joined(l, r->n_errors, an_error, r);
    cell(l, r->domain);
    cell(l, word_text(ALIGNMENT_LIST, p->adkim));
    cell(l, word_text(ALIGNMENT_LIST, p->aspf));
    cell(l, word_text(POLICY_LIST, p->p));
    cell(l, word_text(POLICY_LIST, p->sp));
    cell(l, p->pct);
    cell(l, p->fo);
}

static void record_cells(struct line *l, const struct record *r)
{
    char ip[IP_TEXT];
    cell(l, sv_c(ip_text(&r->source_ip, ip)));
    empty_cells(l, 8); /* country to AS domain: not known from files */
    number(l, r->count);
    truth(l, r->spf.v == VERDICT_PASS);
    truth(l, r->dkim.v == VERDICT_PASS);
    truth(l, record_passes(r));
    cell(l, word_text(DISPOSITION_LIST, r->disposition));
    joined(l, r->n_reasons, reason_type, r);
    joined(l, r->n_reasons, reason_comment, r);
    cell(l, r->envelope_from);
    cell(l, r->header_from);
    cell(l, r->envelope_to);
    joined(l, r->n_dkims, dkim_domain, r);
    joined(l, r->n_dkims, dkim_selector, r);
    joined(l, r->n_dkims, dkim_result, r);
    joined(l, r->n_spfs, spf_domain, r);
    joined(l, r->n_spfs, spf_scope, r);
    joined(l, r->n_spfs, spf_result, r);
}

static void our_cells(struct line *l, sv file, const struct report *r, const struct record *record)
{
    struct output_label label = output_label_of(l->o, r, record);
    enum note notes[NOTE_END];
    size_t n = 0;
    for (unsigned i = 0; i < NOTE_END; i++)
        if (note_has(&r->notes, (enum note)i))
            notes[n++] = (enum note)i;
    cell(l, file);
    cell(l, label.who);
    cell(l, label.sender);
    cell(l, label.fate);
    joined(l, n, a_note, notes);
}

static bool start(struct output *o)
{
    buf_puts(&o->out, header);
    return true;
}

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    struct line l = {.o = o};
    struct record r;
    buf_init(&l.list, LIST_MAX);
    while (records->next(records, &r)) {
        l.comma = false;
        report_cells(&l, &d->report);
        record_cells(&l, &r);
        our_cells(&l, file, &d->report, &r);
        buf_puts(&o->out, "\r\n");
        output_step(o);
    }
    buf_free(&l.list);
}

/* A spreadsheet has no place for what is no record: the exit code and the other formats tell. */
static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    (void)o, (void)file, (void)member, (void)reason, (void)detail;
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    (void)o, (void)file, (void)member, (void)reason;
}

static void finish(struct output *o)
{
    (void)o;
}

const struct output_format output_csv = {
    .name = "csv",
    .open = start,
    .document = document,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = finish,
    .totals = totals_csv,
};
