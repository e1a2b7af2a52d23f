/* TLS and failure reports in every format. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "output/output.h"

static struct tls_failure failures[] = {
    {.result_type = SV_INIT("certificate-expired"),
     .has_sessions = true,
     .sessions = 3,
     .receiving_mx_hostname = SV_INIT("mx.example.com")},
    {.result_type = SV_INIT("new\033[2J")},
};
static struct tls_policy policies[] = {
    {.type = SV_INIT("sts"),
     .domain = SV_INIT("example.com"),
     .ok = 1200,
     .failed = 3,
     .failures = failures,
     .n_failures = 2},
    {.ok = 1},
};

static struct document tls_document(void)
{
    struct document d = {.kind = DOCUMENT_TLSRPT,
                         .member = SV("part 2"),
                         .tlsrpt = {.org_name = SV("Org"),
                                    .report_id = SV("t1"),
                                    .has_begin = true,
                                    .begin = 1795392000,
                                    .policies = policies,
                                    .n_policies = 2,
                                    .ok = 1201,
                                    .failed = 3}};
    note_add(&d.tlsrpt.notes, NOTE_end_absent);
    return d;
}

static struct document failure_document(const char *type)
{
    struct document d = {.kind = DOCUMENT_FAILURE,
                         .failure = {.feedback_type = sv_c(type),
                                     .auth_failure = SV("dmarc"),
                                     .reported_domain = SV("example.com"),
                                     .has_source_ip = true,
                                     .has_arrival = true,
                                     .arrival = 1795428000,
                                     .incidents = 1,
                                     .header_from_domain = SV("example.org"),
                                     .message_id = SV("<\"1\"@example.org>")}};
    if (!ip_parse(SV("192.0.2.1"), &d.failure.source_ip))
        abort();
    note_add(&d.failure.notes, NOTE_ip_cleaned);
    return d;
}

/* What `format` prints for one of each. The caller frees. */
static char *printed(const char *format, const struct output_options *options)
{
    char *text = NULL;
    size_t size = 0;
    struct err e;
    struct document documents[] = {tls_document(), failure_document("auth-failure"),
                                   failure_document("abuse")};
    FILE *to = open_memstream(&text, &size);
    struct output *o = output_open(output_format_named(sv_c(format)), to, options);
    for (size_t i = 0; i < COUNT_OF(documents); i++)
        output_document(o, SV("a.eml"), &documents[i], NULL);
    if (!output_close(o, &e) || fclose(to) != 0)
        abort();
    return text;
}

#define TLS(more)                                                                                            \
    "{\"type\":\"tlsrpt\",\"file\":\"a.eml\",\"member\":\"part 2\",\"org_name\":\"Org\",\"email\":null,"     \
    "\"report_id\":\"t1\",\"begin\":1795392000,\"end\":null,\"policies\":[{\"type\":\"sts\",\"domain\":"     \
    "\"example.com\",\"ok\":1200,\"failed\":3,\"failures\":[{\"result_type\":\"certificate-expired\","       \
    "\"sessions\":3,\"sending_mta_ip\":null,\"receiving_mx_hostname\":\"mx.example.com\",\"receiving_ip\":"  \
    "null,\"failure_reason_code\":null},{\"result_type\":\"new\\u001b[2J\",\"sessions\":null,"               \
    "\"sending_mta_ip\":null,\"receiving_mx_hostname\":null,\"receiving_ip\":null,\"failure_reason_code\":"  \
    "null}]},{\"type\":null,\"domain\":null,\"ok\":1,\"failed\":0,\"failures\":[]}],\"ok\":1201,\"failed\":" \
    "3" more "}"
#define FAILURE(type, feedback_type, more)                                                                   \
    "{\"type\":\"" type "\",\"file\":\"a.eml\",\"member\":null,\"feedback_type\":\"" feedback_type           \
    "\",\"auth_failure\":\"dmarc\",\"source_ip\":\"192.0.2.1\",\"reported_domain\":\"example.com\","         \
    "\"arrival\":1795428000,\"delivery_result\":null,\"identity_alignment\":null,\"dkim_domain\":null,"      \
    "\"header_from_domain\":\"example.org\",\"message_id\":\"<\\\"1\\\"@example.org>\"" more "}"

static void ndjson(void **state)
{
    (void)state;
    char *text = printed("ndjson", &(struct output_options){.view = OUTPUT_BY_REPORTER});
    assert_string_equal(
        text, TLS("") "\n" FAILURE("failure", "auth-failure", "") "\n" FAILURE("feedback", "abuse", "") "\n");
    free(text);
}

static void json_with_notes(void **state)
{
    (void)state;
    char *text = printed("json", &(struct output_options){.view = OUTPUT_BY_REPORTER, .notes = true});
    assert_string_equal(
        text,
        "{\"schema\":\"dmarcwarn.parse.v1\",\"reports\":[" TLS(",\"notes\":[\"end_absent\"]") "," FAILURE(
            "failure", "auth-failure",
            ",\"notes\":[\"ip_cleaned\"]") "," FAILURE("feedback", "abuse",
                                                       ",\"notes\":[\"ip_cleaned\"]") "],\"rejects\":[]}\n");
    free(text);
}

/* libsmartcols escapes the backslash of our escaping once more. */
static void table(void **state)
{
    (void)state;
    char *text = printed("table", &(struct output_options){.view = OUTPUT_BY_REPORTER});
    assert_string_equal(
        text,
        "TLS reports\n"
        "  REPORTER DOMAIN      POLICY PERIOD                                 SESSIONS FAILED FAILURES\n"
        "  Org      example.com sts    2026-11-23T00:00Z to 2026-11-24T00:00Z    1,203      3 "
        "certificate-expired 3, new\\x1b[2J ?\n"
        "  Org      -           -      2026-11-23T00:00Z to 2026-11-24T00:00Z        1      0 -\n"
        "\n"
        "Failure reports\n"
        "  ARRIVAL           TYPE         SOURCE    DOMAIN      HEADER FROM FAILURE DELIVERY MESSAGE-ID\n"
        "  2026-11-23T10:00Z auth-failure 192.0.2.1 example.com example.org dmarc   -        "
        "<\"1\"@example.org>\n"
        "  2026-11-23T10:00Z abuse        192.0.2.1 example.com example.org dmarc   -        "
        "<\"1\"@example.org>\n"
        "\n");
    free(text);
}

static void table_with_notes(void **state)
{
    (void)state;
    char *text = printed("table", &(struct output_options){.view = OUTPUT_BY_REPORTER, .notes = true});
    assert_non_null(strstr(text, " NOTES\n"));
    assert_non_null(strstr(text, " end_absent\n"));
    assert_non_null(strstr(text, " ip_cleaned\n"));
    free(text);
}

/* Only reports of mails' authentication have a place there. */
static void other_formats_leave_them_out(void **state)
{
    (void)state;
    static const struct output_options plain = {.view = OUTPUT_BY_REPORTER},
                                       sums = {.view = OUTPUT_BY_SOURCE};
    char *text = printed("csv", &plain);
    assert_null(strstr(text, "example"));
    free(text);
    text = printed("xml", &plain);
    assert_null(strstr(text, "example"));
    free(text);
    text = printed("ndjson", &sums);
    assert_string_equal(text, "");
    free(text);
    text = printed("table", &sums);
    assert_non_null(strstr(text, "0 reports"));
    free(text);
}

RUN_TESTS(cmocka_unit_test(ndjson), cmocka_unit_test(json_with_notes), cmocka_unit_test(table),
          cmocka_unit_test(table_with_notes), cmocka_unit_test(other_formats_leave_them_out))
