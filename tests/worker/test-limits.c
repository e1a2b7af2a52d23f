/* Every limit of the reader from both sides: an input at it is read, one above is told by its reason or note.
 * A row is an input that holds `at` times a unit; '#' in it becomes the number of the time. */
#include "unit.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "reader.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"

#define META_BEGIN                                                                                           \
    "<feedback><report_metadata><org_name>Org</org_name><email>a@example.com</email><report_id>1"            \
    "</report_id><date_range><begin>1700006400</begin><end>1700092799</end></date_range>"
#define META_END                                                                                             \
    "</report_metadata><policy_published><domain>example.net</domain><p>none</p></policy_published>"
#define ROW_BEGIN                                                                                            \
    "<record><row><source_ip>192.0.2.1</source_ip><count>1</count><policy_evaluated><disposition>none"       \
    "</disposition><dkim>pass</dkim><spf>pass</spf>"
#define ROW_END                                                                                              \
    "</policy_evaluated></row><identifiers><header_from>example.net</header_from></identifiers>"             \
    "<auth_results>"
#define SPF        "<spf><domain>example.net</domain><result>pass</result></spf>"
#define DKIM       "<dkim><domain>example.net</domain><result>pass</result></dkim>"
#define RECORD_END "</auth_results></record>"
#define RECORD     ROW_BEGIN ROW_END SPF RECORD_END
#define HEAD       META_BEGIN META_END
#define END        "</feedback>"
#define REPORT     HEAD RECORD END

#define TOP       "From: a@example.com\n"
#define XML       "Content-Type: text/xml\n"
#define MULTIPART TOP "Content-Type: multipart/mixed; boundary=b\n\n"
#define PART(xml) "--b\n" XML "\n" xml "\n"

#define TLS_BEGIN                                                                                            \
    "{\"organization-name\":\"x\",\"date-range\":{\"start-datetime\":\"2024-01-01T00:00:00Z\"},"             \
    "\"report-id\":\"1\",\"policies\":["
#define TLS_END "]}"
#define POLICY_BEGIN                                                                                         \
    "{\"policy\":{\"policy-type\":\"sts\",\"policy-domain\":\"example.com\"},\"summary\":{"                  \
    "\"total-successful-session-count\":1,\"total-failure-session-count\":0},\"failure-details\":["
#define POLICY_END "]}"
#define FAILURE    "{\"result-type\":\"sts-policy-invalid\",\"failed-session-count\":1}"

#define LEFT(limit, text) ((limit) - (sizeof(text) - 1))

struct row {
    const char *limit;
    uint64_t value, at; /* set to value, it is reached by `at` units */
    const char *before, *unit, *after;
    const char *code; /* what is said above it, and not at it */
};

/* clang-format off */
static const struct row rows[] = {
    /* the header of a mail */
    {"header_lines", 5, 3, TOP XML, "X: y\n", "\n" REPORT, "too_many_headers"},
    {"header_block", 100, LEFT(100, TOP XML "X: \n"), TOP XML "X: ", "y", "\n\n" REPORT, "header_too_large"},
    {"auth_fields", 2, 2, "", "Authentication-Results: a.example; spf=pass\n", "Subject: x\n\nx\n", "auth_more"},
    {"auth_results", 3, 2, "Authentication-Results: a.example; spf=pass", "; dkim=pass header.d=a.example", "\n\nx\n", "auth_more"},
    /* parts */
    {"mime_parts", 5, 4, MULTIPART, "--b\n\nx\n", PART(REPORT) "--b--\n", "too_many_parts"},
    {"mail_depth", 3, 3, "", TOP "Content-Type: message/rfc822\n\n", TOP XML "\n" REPORT, "too_deep"},
    {"mail_reports", 3, 3, MULTIPART, PART(REPORT), "--b--\n", "too_many_reports"},
    {"document_size", 2000, LEFT(2000, REPORT), HEAD, " ", RECORD END, "document_too_large"},
    {"mail_unpacked", 2000, LEFT(2000, REPORT), HEAD, " ", RECORD END, "mail_unpacked_too_large"},
    /* XML */
    {"xml_depth", 8, 7, HEAD, "<x>", "<!-- -->", "too_deep"},
    {"xml_leaf", 100, 100, META_BEGIN "<error>", "e", "</error>" META_END RECORD END, "text_cut"},
    {"xml_markup", 200, 200 - 3, HEAD "<", "n", "/>" RECORD END, "markup_too_long"},
    {"xml_attributes", 4, 0, HEAD "<x a='' b='' c='' d=''", " e=''", "/>" RECORD END, "attributes_dropped"},
    {"xml_unknown", 5, 5, HEAD, "<x#/>", RECORD END, "too_many_unknown"},
    {"report_rows", 5, 5, HEAD, RECORD, END, "too_many_rows"},
    {"report_errors", 3, 3, META_BEGIN, "<error>e</error>", META_END RECORD END, "list_cut"},
    {"row_reasons", 3, 3, HEAD ROW_BEGIN, "<reason><type>other</type></reason>", ROW_END SPF RECORD_END END, "list_cut"},
    {"row_auths", 3, 3, HEAD ROW_BEGIN ROW_END, SPF, RECORD_END END, "auth_results_cut"},
    {"row_auths", 3, 3, HEAD ROW_BEGIN ROW_END, DKIM, RECORD_END END, "auth_results_cut"},
    /* JSON */
    {"json_size", 1000, LEFT(1000, TLS_BEGIN TLS_END), TLS_BEGIN, " ", TLS_END, "document_too_large"},
    {"json_depth", 5, 4, "{\"organization-name\":", "[", "", "too_deep"},
    {"json_word", 20, LEFT(20, "0."), TLS_BEGIN "0.", "1", TLS_END, "json_damaged"},
    {"json_tokens", 20, 8, TLS_BEGIN, "1,", "1" TLS_END, "too_many_tokens"},
    {"tls_policies", 3, 2, TLS_BEGIN, POLICY_BEGIN POLICY_END ",", POLICY_BEGIN POLICY_END TLS_END, "too_many_rows"},
    {"tls_failures", 3, 2, TLS_BEGIN POLICY_BEGIN, FAILURE ",", FAILURE POLICY_END TLS_END, "too_many_rows"},
};
/* clang-format on */

static struct limits limits;
static struct parent parent;
static struct reader *reader;
static buf mail, said, told;
static arena memory;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    parent_init(&parent, memfd_create("said", MFD_CLOEXEC), limits.wire_frame);
    aggregate_library_init();
    tlsrpt_library_init();
    reader = reader_new(&limits, &parent);
    buf_init(&mail, MIB(16));
    buf_init(&said, MIB(64));
    buf_init(&told, MIB(1));
    arena_init(&memory, MIB(64));
    return reader && parent.fd >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    reader_free(reader);
    (void)close(parent.fd);
    parent_free(&parent);
    buf_free(&mail);
    buf_free(&said);
    buf_free(&told);
    arena_free(&memory);
    return 0;
}

static void tell_notes(const struct note_set *notes)
{
    for (unsigned i = 0; i < NOTE_END; i++)
        if (note_has(notes, (enum note)i))
            buf_printf(&told, "%s ", note_code((enum note)i));
}

static void tell(const struct wire_frame *f)
{
    struct report report;
    struct tlsrpt tlsrpt;
    struct wire_reject reject;
    struct wire_done done;
    struct mail_auth auth;
    if (f->type == WIRE_aggregate_end && wire_get_aggregate_end(f->payload, &limits, &memory, &report))
        tell_notes(&report.notes);
    else if (f->type == WIRE_tlsrpt && wire_get_tlsrpt(f->payload, &limits, &memory, &tlsrpt))
        tell_notes(&tlsrpt.notes);
    else if (f->type == WIRE_reject && wire_get_reject(f->payload, &limits, &reject))
        buf_printf(&told, "%s ", reject_code(reject.reason));
    else if (f->type == WIRE_authentication && wire_get_authentication(f->payload, &limits, &memory, &auth))
        buf_puts(&told, auth.more ? "auth_more " : "");
    else if (f->type == WIRE_done && wire_get_done(f->payload, &limits, &done) && done.state == MAIL_REJECTED)
        buf_printf(&told, "%s ", reject_code(done.reject));
}

static void put_unit(sv unit, uint64_t i)
{
    sv before;
    if (sv_find_char(unit, '#', 0) == SIZE_MAX || !sv_split(&unit, '#', &before)) {
        buf_sv(&mail, unit);
        return;
    }
    buf_printf(&mail, "%.*s%llu%.*s", SV_ARG(before), (unsigned long long)i, SV_ARG(unit));
}

/* Every code that was said about the mail that holds the unit n times. */
static const char *codes(const struct row *r, uint64_t n)
{
    struct err e;
    struct wire_frame f;
    buf_reset(&mail);
    buf_puts(&mail, r->before);
    for (uint64_t i = 0; i < n; i++)
        put_unit(sv_c(r->unit), i);
    buf_puts(&mail, r->after);
    reader_mail(reader, buf_view(&mail));
    buf_reset(&said);
    buf_reset(&told);
    assert_true(parent_flush(&parent) && lseek(parent.fd, 0, SEEK_SET) == 0 &&
                file_read_fd(parent.fd, "said", &said, &e) && ftruncate(parent.fd, 0) == 0 &&
                lseek(parent.fd, 0, SEEK_SET) == 0);
    for (sv in = buf_view(&said); wire_take(&in, WIRE_WORKER, limits.wire_frame, &f) == WIRE_FRAME;)
        tell(&f);
    buf_char(&told, '\0');
    return told.p;
}

static void each_limit_holds_at_its_value_and_not_before(void **state)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct err e;
        char value[24];
        (void)tear_down(state);
        assert_int_equal(set_up(state), 0);
        (void)snprintf(value, sizeof value, "%llu", (unsigned long long)r->value);
        assert_true(limits_set(&limits, sv_c(r->limit), sv_c(value), &e));
        reader_free(reader);
        reader = reader_new(&limits, &parent);
        if (strstr(codes(r, r->at), r->code))
            fail_msg("%s: at it, %s is said: %s", r->limit, r->code, told.p);
        if (!strstr(codes(r, r->at + 1), r->code))
            fail_msg("%s: above it, %s is not said: %s", r->limit, r->code, told.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_limit_holds_at_its_value_and_not_before, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
