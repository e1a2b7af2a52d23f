/* A small report and its records, printed into memory by any format. */
#ifndef TESTS_OUTPUT_SAMPLE_H
#define TESTS_OUTPUT_SAMPLE_H

#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"

struct list_cursor {
    struct record_cursor base;
    const struct record *records;
    size_t n, at;
};

static bool list_next(struct record_cursor *self, struct record *out)
{
    struct list_cursor *c = (struct list_cursor *)self;
    if (c->at == c->n)
        return false;
    *out = c->records[c->at++];
    return true;
}

static void list_rewind(struct record_cursor *self)
{
    ((struct list_cursor *)self)->at = 0;
}

static struct ip sample_ip(const char *text)
{
    struct ip ip = {{0}};
    if (!ip_parse(sv_c(text), &ip))
        abort();
    return ip;
}

static struct document sample_document(void)
{
    struct document d = {
        .kind = DOCUMENT_AGGREGATE,
        .report =
            {
                .org_name = SV("google.com"),
                .email = SV("noreply-dmarc-support@google.com"),
                .report_id = SV("17265e"),
                .has_begin = true,
                .has_end = true,
                .begin = 1795392000,
                .end = 1795478399,
                .policy = {.domain = SV("example.com"),
                           .p.v = POLICY_REJECT,
                           .adkim.v = ALIGNMENT_RELAXED,
                           .pct = SV("100")},
                .domain = SV("example.com"),
                .records = 3,
                .records_raw = 4,
                .messages = 17,
                .dmarc_fail_messages = 12,
            },
    };
    note_add(&d.report.notes, NOTE_doctype_ignored);
    return d;
}

static struct dkim_auth sample_dkim[] = {
    {.domain = SV_INIT("example.net"), .selector = SV_INIT("s1"), .result = {.v = DKIM_PASS}},
};
static struct spf_auth sample_spf[] = {
    {.domain = SV_INIT("bounce.example.net"),
     .scope = {.v = SCOPE_MFROM},
     .result = {.v = SPF_UNKNOWN, .raw = SV_INIT("hardfail")}},
};
static struct reason sample_reasons[] = {{.type = {.v = REASON_OTHER}, .comment = SV_INIT("why, \"not\"")}};

static size_t sample_records(struct record out[3])
{
    out[0] = (struct record){.source_ip = sample_ip("192.0.2.10"),
                             .count = 5,
                             .disposition.v = DISPOSITION_NONE,
                             .dkim.v = VERDICT_PASS,
                             .spf.v = VERDICT_FAIL,
                             .header_from = SV("example.com"),
                             .envelope_from = SV("")};
    out[1] = (struct record){.source_ip = sample_ip("203.0.113.7"),
                             .count = 10,
                             .disposition.v = DISPOSITION_REJECT,
                             .dkim.v = VERDICT_FAIL,
                             .spf.v = VERDICT_FAIL,
                             .header_from = SV("=example.com"),
                             .reasons = sample_reasons,
                             .n_reasons = 1,
                             .dkims = sample_dkim,
                             .n_dkims = 1,
                             .spfs = sample_spf,
                             .n_spfs = 1};
    out[2] = (struct record){.source_ip = sample_ip("203.0.113.7"),
                             .count = 2,
                             .disposition.v = DISPOSITION_REJECT,
                             .dkim.v = VERDICT_FAIL,
                             .spf.v = VERDICT_FAIL,
                             .header_from = SV("=example.com"),
                             .reasons = sample_reasons,
                             .n_reasons = 1,
                             .dkims = sample_dkim,
                             .n_dkims = 1,
                             .spfs = sample_spf,
                             .n_spfs = 1};
    return 3;
}

/* What `format` prints for the sample, a reject and a mail without report. The caller frees. */
static char *printed(const char *format, const struct output_options *options)
{
    char *text = NULL;
    size_t size = 0;
    struct err e;
    struct record records[3];
    struct list_cursor cursor = {{list_next, list_rewind}, records, sample_records(records), 0};
    struct document d = sample_document();
    FILE *to = open_memstream(&text, &size);
    struct output *o = output_open(output_format_named(sv_c(format)), to, options);
    output_document(o, SV("in/a.xml"), &d, &cursor.base);
    struct document bad = {.kind = DOCUMENT_REJECT,
                           .member = SV("part 2 > a.zip"),
                           .reject = {REJECT_truncated, SV("\033[2Jx")}};
    output_document(o, SV("in/b.eml"), &bad, NULL);
    output_not_a_report(o, SV("in/c.eml"), SV_ABSENT, NOT_REPORT_bounce);
    output_repeated(o);
    if (!output_close(o, &e) || fclose(to) != 0)
        abort();
    return text;
}

#endif
