/* One mail to documents, without a second process: what the reader says is taken from a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "reader.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "unpack/unpack.h"
#include "warm-up.h"

#define META                                                                                                 \
    "<report_metadata><org_name>Org</org_name><report_id>1</report_id><date_range><begin>1700000000</begin>" \
    "<end>1700086400</end></date_range></report_metadata><policy_published><domain>example.net</domain>"     \
    "<p>reject</p></policy_published>"
#define RECORD                                                                                               \
    "<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none"       \
    "</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>"      \
    "example.net</header_from></identifiers><auth_results/></record>"
#define REPORT "<feedback>" META RECORD RECORD "</feedback>"

static struct limits limits;
static struct parent parent;
static struct reader *reader;
static buf said;
static arena memory;
static sv rest;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    parent_init(&parent, memfd_create("said", 0), limits.wire_frame);
    aggregate_library_init();
    tlsrpt_library_init();
    reader = reader_new(&limits, &parent);
    buf_init(&said, MIB(64));
    arena_init(&memory, MIB(64));
    return reader && parent.fd >= 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    reader_free(reader);
    (void)close(parent.fd);
    parent_free(&parent);
    buf_free(&said);
    arena_free(&memory);
    return 0;
}

static void take_what_was_said(void)
{
    struct err e;
    assert_true(parent_flush(&parent));
    buf_reset(&said);
    assert_int_equal(lseek(parent.fd, 0, SEEK_SET), 0);
    assert_true(file_read_fd(parent.fd, "said", &said, &e));
    assert_int_equal(ftruncate(parent.fd, 0), 0);
    assert_int_equal(lseek(parent.fd, 0, SEEK_SET), 0);
    rest = buf_view(&said);
}

static void read_mail(const char *mail)
{
    reader_mail(reader, sv_c(mail));
    take_what_was_said();
}

static sv next(enum wire_type type)
{
    struct wire_frame f;
    assert_int_equal(wire_take(&rest, WIRE_WORKER, limits.wire_frame, &f), WIRE_FRAME);
    if (f.type != type)
        fail_msg("%s instead of %s", wire_type_name(f.type), wire_type_name(type));
    return f.payload;
}

static void expect_report(const char *member, uint64_t records)
{
    struct report report;
    struct record record;
    sv got;
    assert_true(wire_get_document_begin(next(WIRE_document_begin), &limits, &got));
    if (!sv_eq(got, sv_c(member)) || (got.p == NULL) != (member == NULL))
        fail_msg("member is %.*s", SV_ARG(got));
    for (uint64_t i = 0; i < records; i++) {
        assert_true(wire_get_record(next(WIRE_record), &limits, &memory, &record));
        assert_int_equal(record.count, 3);
    }
    assert_true(wire_get_aggregate_end(next(WIRE_aggregate_end), &limits, &memory, &report));
    assert_int_equal(report.records, records);
    assert_int_equal(report.messages, 3 * records);
    assert_true(sv_eq(report.domain, SV("example.net")));
}

/* A document that ends as a reject, whatever records came before. */
static void expect_reject(enum reject reason)
{
    struct wire_reject got;
    (void)next(WIRE_document_begin);
    struct wire_frame f;
    do
        assert_int_equal(wire_take(&rest, WIRE_WORKER, limits.wire_frame, &f), WIRE_FRAME);
    while (f.type == WIRE_record || f.type == WIRE_reset);
    assert_int_equal(f.type, WIRE_reject);
    assert_true(wire_get_reject(f.payload, &limits, &got));
    if (got.reason != reason)
        fail_msg("%s instead of %s", reject_code(got.reason), reject_code(reason));
}

static struct wire_done expect_done(enum mail_state state, uint64_t documents)
{
    struct wire_done d;
    assert_true(wire_get_done(next(WIRE_done), &limits, &d));
    assert_int_equal(d.state, state);
    assert_int_equal(d.documents, documents);
    assert_int_equal(rest.n, 0);
    return d;
}

#define PARTS                                                                                                \
    "From: Reports <dmarc@Example.COM>\r\nMessage-ID: <1@example.com>\r\n"                                   \
    "Subject: =?utf-8?q?f=C3=BCr?=\r\nMIME-Version: 1.0\r\n"                                                 \
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n"
#define PART(type) "--x\r\nContent-Type: " type "\r\n\r\n"
#define XML_PART   PART("text/xml") REPORT "\r\n"

static void every_part_is_read(void **state)
{
    (void)state;
    read_mail(PARTS PART("text/plain") "Hello\r\n" XML_PART XML_PART "--x--\r\n");
    expect_report("part 2", 2);
    expect_report("part 3", 2);
    struct wire_done d = expect_done(MAIL_READ, 2);
    assert_true(sv_eq(d.facts.from_domain, SV("example.com")));
    assert_true(sv_eq(d.facts.message_id, SV("<1@example.com>")));
    assert_true(sv_eq(d.facts.subject, SV("f\xc3\xbcr")));
    assert_false(d.limit_hit);
}

static void authenticity_is_told_before_the_end(void **state)
{
    (void)state;
    struct mail_auth auth;
    arena a;
    arena_init(&a, MIB(1));
    read_mail("Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n" PARTS XML_PART
              "--x--\r\n");
    expect_report("part 1", 2);
    assert_true(wire_get_authentication(next(WIRE_authentication), &limits, &a, &auth));
    assert_int_equal(auth.n_fields, 1);
    (void)expect_done(MAIL_READ, 1);
    arena_free(&a);
}

static void one_that_is_damaged_does_not_stop_the_others(void **state)
{
    (void)state;
    read_mail(PARTS XML_PART PART("text/xml") "<feedback>" META RECORD "\r\n" PART(
        "text/xml") "<!DOCTYPE feedback [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" REPORT "\r\n" XML_PART
                    "--x--\r\n");
    expect_report("part 1", 2);
    expect_reject(REJECT_truncated);
    expect_reject(REJECT_dtd);
    expect_report("part 4", 2);
    (void)expect_done(MAIL_READ, 4);
}

static void a_file_may_be_the_report_itself(void **state)
{
    (void)state;
    read_mail("<?xml version=\"1.0\"?>" REPORT);
    expect_report(NULL, 2);
    (void)expect_done(MAIL_READ, 1);
}

static void a_repaired_reading_comes_after_a_reset(void **state)
{
    (void)state;
    read_mail("<feedback>" META RECORD "<record><row><source_ip>192.0.2.2</source_ip><count>3</count>"
              "<policy_evaluated><reason><comment>a & b</comment></reason></policy_evaluated></row></record>"
              "</feedback>");
    (void)next(WIRE_document_begin);
    (void)next(WIRE_record);
    (void)next(WIRE_reset);
    struct wire_frame f;
    unsigned records = 0;
    while (wire_take(&rest, WIRE_WORKER, limits.wire_frame, &f) == WIRE_FRAME && f.type != WIRE_aggregate_end)
        records = f.type == WIRE_record ? records + 1 : 0;
    assert_int_equal(f.type, WIRE_aggregate_end);
    assert_int_equal(records, 2);
    struct report report;
    assert_true(wire_get_aggregate_end(f.payload, &limits, &memory, &report));
    assert_true(note_has(&report.notes, NOTE_ampersand_escaped));
    (void)expect_done(MAIL_READ, 1);
}

#define TLSRPT                                                                                               \
    "{\"report-id\":\"t1\",\"date-range\":{\"start-datetime\":\"2026-11-23T00:00:00Z\"},\"policies\":[]}"
#define FIELDS "Feedback-Type: auth-failure\r\nSource-IP: 192.0.2.1\r\n\r\n"

static void joined_tls_reports_are_documents_of_their_own(void **state)
{
    (void)state;
    static const char *const forms[] = {TLSRPT TLSRPT, "[" TLSRPT "," TLSRPT "]"};
    struct tlsrpt r;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        read_mail(forms[i]);
        for (int n = 0; n < 2; n++) {
            (void)next(WIRE_document_begin);
            assert_true(wire_get_tlsrpt(next(WIRE_tlsrpt), &limits, &memory, &r));
            assert_true(note_has(&r.notes, NOTE_reports_joined));
        }
        (void)expect_done(MAIL_READ, 2);
    }
    limits.mail_reports = 1;
    read_mail(TLSRPT TLSRPT);
    (void)next(WIRE_document_begin);
    (void)next(WIRE_tlsrpt);
    expect_reject(REJECT_too_many_reports);
}

static void expect_failure(const char *member, const char *message_id)
{
    struct failure_report f;
    sv got;
    assert_true(wire_get_document_begin(next(WIRE_document_begin), &limits, &got));
    assert_true(sv_eq(got, sv_c(member)));
    assert_true(wire_get_failure(next(WIRE_failure), &limits, &f));
    assert_true(sv_eq(f.message_id, sv_c(message_id)));
}

static void a_tls_report_beside_others(void **state)
{
    (void)state;
    struct tlsrpt r;
    read_mail(PARTS PART("application/tlsrpt+gzip") TLSRPT
              "\r\n" XML_PART PART("application/tlsrpt+json") "{\"policies\":[\r\n--x--\r\n");
    (void)next(WIRE_document_begin);
    assert_true(wire_get_tlsrpt(next(WIRE_tlsrpt), &limits, &memory, &r));
    assert_true(sv_eq(r.report_id, SV("t1")));
    expect_report("part 2", 2);
    expect_reject(REJECT_truncated);
    (void)expect_done(MAIL_READ, 3);
    read_mail(PARTS PART("application/json") "{\"name\":1}\r\n--x--\r\n");
    (void)expect_done(MAIL_NOT_A_REPORT, 0);
}

static void a_tls_report_has_a_limit(void **state)
{
    (void)state;
    limits.json_size = sizeof TLSRPT - 1;
    read_mail(TLSRPT);
    (void)next(WIRE_document_begin);
    (void)next(WIRE_tlsrpt);
    (void)expect_done(MAIL_READ, 1);
    read_mail(TLSRPT " ");
    expect_reject(REJECT_document_too_large);
    assert_true(expect_done(MAIL_READ, 1).limit_hit);
}

/* The mail that a failure report is about is never searched. */
static void failure_reports_and_their_mails(void **state)
{
    (void)state;
    read_mail(PARTS PART("message/feedback-report") FIELDS PART(
        "message/rfc822") "Message-ID: <o@example.com>\r\nContent-Type: text/xml\r\n\r\n" REPORT
                          "\r\n--x--\r\n");
    expect_failure("part 1", "<o@example.com>");
    assert_true(expect_done(MAIL_READ, 1).holds_original);
    /* A report beside it is read, and comes first: the failure report waits for its mail. */
    read_mail(PARTS XML_PART PART("message/feedback-report") FIELDS "--x--\r\n");
    expect_report("part 1", 2);
    expect_failure("part 2", "");
    (void)expect_done(MAIL_READ, 2);
    /* The limit of reports holds for them too. */
    limits.mail_reports = 1;
    read_mail(PARTS XML_PART PART("message/feedback-report") FIELDS "--x--\r\n");
    expect_report("part 1", 2);
    expect_reject(REJECT_too_many_reports);
    (void)expect_done(MAIL_READ, 2);
}

/* So that no copy is kept of it, in whatever the rest of it ends. */
static void a_mail_about_a_mail_is_told(void **state)
{
    (void)state;
    read_mail(PARTS PART("message/feedback-report") FIELDS PART("text/xml") "<feedback>" META
                                                                            "\r\n--x--\r\n");
    expect_failure("part 1", "");
    (void)expect_done(MAIL_READ, 1);
    read_mail(PARTS PART("text/xml") "<feedback>" META "\r\n" PART("message/feedback-report") FIELDS
              "--x--\r\n");
    expect_reject(REJECT_truncated);
    expect_failure("part 2", "");
    assert_true(expect_done(MAIL_READ, 2).holds_original);
    /* In plain text, as Exim sends it; and in a mail inside. */
    read_mail(PARTS PART("text/xml") "<feedback>" META "\r\n" PART(
        "text/plain") "Sender Domain: example.net\r\nSender IP Address: 192.0.2.1\r\n--x--\r\n");
    expect_reject(REJECT_truncated);
    expect_failure("part 2", "");
    assert_true(expect_done(MAIL_READ, 2).holds_original);
    read_mail(PARTS PART("text/xml") "<feedback>" META "\r\n" PART(
        "message/rfc822") "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n"
                          "--y\r\nContent-Type: message/feedback-report\r\n\r\n" FIELDS "--y--\r\n--x--\r\n");
    expect_reject(REJECT_truncated);
    expect_failure("part 2 > message > part 1", "");
    assert_true(expect_done(MAIL_READ, 2).holds_original);
    read_mail(PARTS PART("text/xml") "<feedback>" META "\r\n--x--\r\n");
    expect_reject(REJECT_truncated);
    assert_false(expect_done(MAIL_READ, 1).holds_original);
}

static void what_is_no_report_says_why(void **state)
{
    (void)state;
    read_mail("");
    assert_int_equal(expect_done(MAIL_NOT_A_REPORT, 0).not_report, NOT_REPORT_empty);
    read_mail("From: a@example.com\r\nSubject: x\r\n\r\nHello\r\n");
    assert_int_equal(expect_done(MAIL_NOT_A_REPORT, 0).not_report, NOT_REPORT_other);
    read_mail("From: a@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n");
    assert_int_equal(expect_done(MAIL_NOT_A_REPORT, 0).not_report, NOT_REPORT_auto_reply);
    read_mail("<!DOCTYPE html><html><body>Hello</body></html>");
    (void)expect_done(MAIL_NOT_A_REPORT, 0);
}

static void the_number_of_reports_is_limited(void **state)
{
    (void)state;
    limits.mail_reports = 2;
    read_mail(PARTS XML_PART XML_PART "--x--\r\n");
    expect_report("part 1", 2);
    expect_report("part 2", 2);
    assert_false(expect_done(MAIL_READ, 2).limit_hit);
    read_mail(PARTS XML_PART XML_PART XML_PART XML_PART "--x--\r\n");
    expect_report("part 1", 2);
    expect_report("part 2", 2);
    expect_reject(REJECT_too_many_reports);
    assert_true(expect_done(MAIL_READ, 3).limit_hit);
}

static void a_mail_that_is_too_much_is_rejected_whole(void **state)
{
    (void)state;
    limits.header_lines = 5;
    read_mail(PARTS XML_PART "--x--\r\n");
    expect_report("part 1", 2);
    (void)expect_done(MAIL_READ, 1);
    limits.header_lines = 4;
    read_mail(PARTS XML_PART "--x--\r\n");
    struct wire_done d = expect_done(MAIL_REJECTED, 0);
    assert_int_equal(d.reject, REJECT_too_many_headers);
    assert_true(d.limit_hit);
}

static void a_record_larger_than_a_frame_is_a_reject(void **state)
{
    (void)state;
    limits.wire_frame = parent.frame_max = 150;
    char *long_name = test_malloc(4000);
    memset(long_name, 'a', 3999);
    long_name[3999] = '\0';
    buf mail;
    buf_init(&mail, MIB(1));
    buf_printf(
        &mail,
        "<feedback>%s%s<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row><identifiers>"
        "<header_from>%s</header_from></identifiers></record></feedback>",
        META, RECORD, long_name);
    reader_mail(reader, buf_view(&mail));
    take_what_was_said();
    expect_reject(REJECT_document_too_large);
    assert_true(expect_done(MAIL_READ, 1).limit_hit);
    buf_free(&mail);
    test_free(long_name);
}

/* A report that would take longer than a mail may. */
static void processor_time_is_limited(void **state)
{
    (void)state;
    limits.mail_cpu = 1;
    buf mail;
    buf_init(&mail, MIB(64));
    buf_puts(&mail, "<feedback>" META);
    for (int i = 0; i < 50000; i++)
        buf_puts(&mail, RECORD);
    buf_puts(&mail, "</feedback>");
    reader_mail(reader, buf_view(&mail));
    take_what_was_said();
    expect_reject(REJECT_cpu_limit);
    assert_true(expect_done(MAIL_READ, 1).limit_hit);
    buf_free(&mail);
}

/* Packs by zlib, as gzip. */
static void put_gzip(buf *out, sv in)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)in.n};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.avail_out = (uInt)deflateBound(&z, in.n);
    z.next_out = (Bytef *)buf_room(out, z.avail_out);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->n += z.total_out;
    (void)deflateEnd(&z);
}

/* Cheap to send, dear to read: no work beyond what the octets that came, or came out of them, are worth. */
static void work_follows_the_octets(void **state)
{
    static const struct {
        uint64_t base, packed, unpacked;
        bool is_read;
    } rows[] = {{1, 1, 100000, false}, {1, 100000, 1, false}, {1, 100000, 100000, true}, {10000, 1, 1, true}};
    (void)state;
    buf text, mail;
    buf_init(&text, MIB(16));
    buf_init(&mail, MIB(16));
    buf_puts(&text, "<feedback>" META);
    for (int i = 0; i < 20000; i++)
        buf_puts(&text, RECORD);
    buf_puts(&text, "</feedback>");
    limits.ratio = 1100;
    put_gzip(&mail, buf_view(&text));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        limits.work_base = rows[i].base;
        limits.work_packed = rows[i].packed;
        limits.work_unpacked = rows[i].unpacked;
        reader_mail(reader, buf_view(&mail));
        take_what_was_said();
        if (rows[i].is_read)
            expect_report(NULL, 20000);
        else
            expect_reject(REJECT_cpu_limit);
        assert_int_equal(expect_done(MAIL_READ, 1).limit_hit, !rows[i].is_read);
    }
    buf_free(&text);
    buf_free(&mail);
}

#define OTHER "<feedback>" META RECORD "</feedback>"

/* The notes of the report that comes next. */
static struct note_set notes_of_next(uint64_t records)
{
    struct report report;
    (void)next(WIRE_document_begin);
    while (records-- > 0)
        (void)next(WIRE_record);
    assert_true(wire_get_aggregate_end(next(WIRE_aggregate_end), &limits, &memory, &report));
    return report.notes;
}

static void reports_joined_are_all_read(void **state)
{
    (void)state;
    read_mail(REPORT "\r\n<?xml version=\"1.0\"?>" OTHER OTHER "</feedback>");
    expect_report(NULL, 2);
    expect_report(NULL, 1);
    expect_report(NULL, 1);
    (void)expect_done(MAIL_READ, 3);
    read_mail(REPORT OTHER "\n--end");
    struct note_set first = notes_of_next(2), second = notes_of_next(1);
    assert_true(note_has(&first, NOTE_reports_joined) && !note_has(&first, NOTE_trailing_junk));
    assert_true(note_has(&second, NOTE_reports_joined) && note_has(&second, NOTE_trailing_junk));
    limits.mail_reports = 2;
    read_mail(REPORT OTHER OTHER);
    expect_report(NULL, 2);
    expect_report(NULL, 1);
    expect_reject(REJECT_too_many_reports);
}

/* In the order of octets: low first or high first; the mark before it or none. */
static void put_utf16(buf *out, const char *text, bool big, bool mark)
{
    if (mark)
        buf_puts(out, big ? "\xfe\xff" : "\xff\xfe");
    for (; *text; text++) {
        buf_char(out, big ? '\0' : *text);
        buf_char(out, big ? *text : '\0');
    }
}

static void joined_reports_of_two_octets_a_character_are_all_read(void **state)
{
    (void)state;
    buf joined;
    for (int i = 0; i < 4; i++) {
        const bool big = i & 1, marks = i & 2;
        buf_init(&joined, MIB(1));
        put_utf16(&joined, REPORT "\r\n", big, marks);
        put_utf16(&joined, OTHER "\n", big, marks);
        reader_mail(reader, buf_view(&joined));
        take_what_was_said();
        expect_report(NULL, 2);
        expect_report(NULL, 1);
        (void)expect_done(MAIL_READ, 2);
        buf_free(&joined);
    }
}

static void a_nul_between_joined_reports_is_no_encoding(void **state)
{
    (void)state;
    static const char joined[] = REPORT "\0" OTHER "\0";
    struct report second;
    reader_mail(reader, sv_of(joined, sizeof joined - 1));
    take_what_was_said();
    expect_report(NULL, 2);
    (void)next(WIRE_document_begin);
    (void)next(WIRE_reset);
    (void)next(WIRE_record);
    assert_true(wire_get_aggregate_end(next(WIRE_aggregate_end), &limits, &memory, &second));
    assert_true(note_has(&second.notes, NOTE_leading_junk) &&
                !note_has(&second.notes, NOTE_encoding_ignored));
    (void)expect_done(MAIL_READ, 2);
}

static void damage_in_one_joined_report_does_not_touch_the_others(void **state)
{
    (void)state;
    read_mail(REPORT "<feedback>" META RECORD "</record></feedback>" OTHER);
    expect_report(NULL, 2);
    expect_reject(REJECT_not_well_formed);
    (void)expect_done(MAIL_READ, 2);
    /* Damaged, cut, or without what it must have: the next one says itself where it begins. */
    static const char *const first[] = {"<feedback>" META RECORD "</record></feedback>",
                                        "<feedback>" META "<record><row><source_ip>192.0",
                                        "<feedback></feedback>"};
    for (size_t i = 0; i < COUNT_OF(first); i++) {
        char text[8192];
        (void)snprintf(text, sizeof text, "%s%s", first[i], "<?xml version=\"1.0\"?>" OTHER);
        read_mail(text);
        const enum reject why[] = {REJECT_not_well_formed, REJECT_truncated, REJECT_no_report_metadata};
        expect_reject(why[i]);
        expect_report(NULL, 1);
        (void)expect_done(MAIL_READ, 2);
    }
}

static void too_many_joined_reports_are_told_of(void **state)
{
    (void)state;
    buf joined;
    buf_init(&joined, MIB(1));
    for (int i = 0; i < UNPACK_PASSES + 1; i++)
        buf_puts(&joined, OTHER);
    reader_mail(reader, buf_view(&joined));
    take_what_was_said();
    for (int i = 0; i < UNPACK_PASSES; i++)
        expect_report(NULL, 1);
    expect_reject(REJECT_too_many_reports);
    (void)expect_done(MAIL_READ, UNPACK_PASSES + 1);
    buf_free(&joined);
}

static void gzip_members_that_are_reports_are_all_read(void **state)
{
    (void)state;
    buf packed;
    buf_init(&packed, MIB(1));
    put_gzip(&packed, SV(REPORT));
    put_gzip(&packed, SV(OTHER));
    reader_mail(reader, buf_view(&packed));
    take_what_was_said();
    expect_report(NULL, 2);
    expect_report(NULL, 1);
    (void)expect_done(MAIL_READ, 2);
    buf_free(&packed);
}

/* A whole report in a gzip whose checksum, behind its last octet, is wrong: none of it may count. */
static void a_wrong_checksum_is_a_reject(void **state)
{
    (void)state;
    buf bytes;
    buf_init(&bytes, MIB(1));
    put_gzip(&bytes, SV(REPORT));
    reader_mail(reader, buf_view(&bytes));
    take_what_was_said();
    expect_report(NULL, 2);
    (void)expect_done(MAIL_READ, 1);
    bytes.p[bytes.n - 8] ^= 1;
    reader_mail(reader, buf_view(&bytes));
    take_what_was_said();
    expect_reject(REJECT_gzip_damaged);
    (void)expect_done(MAIL_READ, 1);
    buf_free(&bytes);
}

#define LETTER PARTS PART("text/plain") "Hello\r\n" XML_PART "--x--\r\n"
#define FROM   "From dmarc@example.com Tue Nov 24 02:24:22 2026\r\n"

static void read_gzip(sv inside)
{
    buf packed;
    buf_init(&packed, MIB(1));
    put_gzip(&packed, inside);
    reader_mail(reader, buf_view(&packed));
    take_what_was_said();
    buf_free(&packed);
}

static void a_packed_mail_is_read(void **state)
{
    (void)state;
    read_gzip(SV(LETTER));
    expect_report("part 2", 2);
    struct wire_done d = expect_done(MAIL_READ, 1);
    assert_true(d.facts.from_domain.p == NULL);
}

static void each_mail_of_a_packed_mbox_is_read(void **state)
{
    (void)state;
    read_gzip(
        SV(FROM LETTER "\r\n" FROM "Subject: no report\r\n\r\nFrom here on it is text\r\n\r\n" FROM LETTER));
    expect_report("mail 1 > part 2", 2);
    expect_report("mail 3 > part 2", 2);
    (void)expect_done(MAIL_READ, 2);
}

/* A mail whose only part is a gzip of a mail, and so on. */
static void nested(buf *out, unsigned levels)
{
    buf packed, inside;
    buf_init(&packed, MIB(1));
    buf_init(&inside, MIB(1));
    if (levels)
        nested(&inside, levels - 1);
    else
        buf_puts(&inside, LETTER);
    put_gzip(&packed, buf_view(&inside));
    buf_puts(out, "From: a@example.com\r\nDate: x\r\nContent-Type: application/gzip\r\n\r\n");
    buf_sv(out, buf_view(&packed));
    buf_free(&packed);
    buf_free(&inside);
}

static void packed_mails_nest_to_a_limit(void **state)
{
    (void)state;
    for (unsigned extra = 0; extra < 2; extra++) {
        buf mail;
        buf_init(&mail, MIB(1));
        nested(&mail, (unsigned)limits.mail_depth - 1 + extra);
        reader_mail(reader, buf_view(&mail));
        take_what_was_said();
        if (extra)
            expect_reject(REJECT_too_deep);
        else
            expect_report("part 2", 2);
        assert_true(expect_done(MAIL_READ, 1).limit_hit == (extra > 0));
        buf_free(&mail);
    }
}

static void a_packed_mail_must_be_whole(void **state)
{
    (void)state;
    buf packed;
    buf_init(&packed, MIB(1));
    put_gzip(&packed, SV(LETTER));
    packed.p[packed.n - 5] ^= 1;
    reader_mail(reader, buf_view(&packed));
    take_what_was_said();
    expect_reject(REJECT_gzip_damaged);
    (void)expect_done(MAIL_READ, 1);
    buf_free(&packed);
    limits.document_size = 2000;
    read_gzip(SV(FROM LETTER "\r\n" FROM LETTER "\r\n" FROM LETTER));
    expect_reject(REJECT_document_too_large);
    (void)expect_done(MAIL_READ, 1);
}

static void the_sample_of_the_start_is_read(void **state)
{
    (void)state;
    assert_true(warm_up(reader));
    take_what_was_said();
    assert_true(said.n > 0);
}

/* Texts about a mail that no wire would let pass. */
static void odd_texts_are_made_fit(void **state)
{
    (void)state;
    limits.mail_text = 16;
    read_mail(
        "From: a@example.com\r\nSubject: \xff\xfe this is longer than the limit allows\r\n\r\nHello\r\n");
    struct wire_done d = expect_done(MAIL_NOT_A_REPORT, 0);
    assert_true(d.facts.subject.n > 0 && d.facts.subject.n <= 16);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_part_is_read),
        TEST(authenticity_is_told_before_the_end),
        TEST(one_that_is_damaged_does_not_stop_the_others),
        TEST(a_file_may_be_the_report_itself),
        TEST(a_repaired_reading_comes_after_a_reset),
        TEST(a_tls_report_beside_others),
        TEST(a_tls_report_has_a_limit),
        TEST(failure_reports_and_their_mails),
        TEST(a_mail_about_a_mail_is_told),
        TEST(what_is_no_report_says_why),
        TEST(the_number_of_reports_is_limited),
        TEST(a_mail_that_is_too_much_is_rejected_whole),
        TEST(a_record_larger_than_a_frame_is_a_reject),
        TEST(processor_time_is_limited),
        TEST(work_follows_the_octets),
        TEST(a_wrong_checksum_is_a_reject),
        TEST(reports_joined_are_all_read),
        TEST(joined_reports_of_two_octets_a_character_are_all_read),
        TEST(a_nul_between_joined_reports_is_no_encoding),
        TEST(too_many_joined_reports_are_told_of),
        TEST(joined_tls_reports_are_documents_of_their_own),
        TEST(damage_in_one_joined_report_does_not_touch_the_others),
        TEST(gzip_members_that_are_reports_are_all_read),
        TEST(a_packed_mail_is_read),
        TEST(each_mail_of_a_packed_mbox_is_read),
        TEST(packed_mails_nest_to_a_limit),
        TEST(a_packed_mail_must_be_whole),
        TEST(the_sample_of_the_start_is_read),
        TEST(odd_texts_are_made_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
