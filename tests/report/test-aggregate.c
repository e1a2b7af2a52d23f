/* The reader as its caller sees it: limits, readings, reuse, memory, pieces of any size. */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "read-report.h"

#define METADATA                                                                                             \
    "<report_metadata><org_name>R</org_name><email>d@r.example</email><report_id>1</report_id>"              \
    "<date_range><begin>1700006400</begin><end>1700092799</end></date_range>"
#define HEAD "<feedback>" METADATA
#define POLICY                                                                                               \
    "</report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published>"
#define ROW                                                                                                  \
    "<record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_evaluated>"                        \
    "<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf>"
#define IDENTIFIERS                                                                                          \
    "</policy_evaluated></row><identifiers><header_from>example.com</header_from></"                         \
    "identifiers><auth_results>"
#define RESULT "<spf><domain>example.com</domain><result>fail</result></spf>"
#define RECORD ROW IDENTIFIERS RESULT "</auth_results></record>"
#define END    "</feedback>"
#define WHOLE  HEAD POLICY RECORD END

static struct limits limits;
static struct report_reading *reading;
static buf doc;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    buf_init(&doc, (size_t)1 << 28);
    reading = report_reading_new(&limits);
    return reading ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    report_reading_free(reading);
    buf_free(&doc);
    return 0;
}

static void repeat(const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_puts(&doc, text);
}

static enum aggregate_answer feed(void)
{
    return report_reading_feed(reading, buf_view(&doc), 65536);
}

static const struct report *done(void)
{
    if (feed() != AGGREGATE_DONE)
        fail_msg("rejected: %u", report_reading_reject(reading));
    return report_reading_report(reading);
}

static void rejected(enum reject why)
{
    assert_int_equal(feed(), AGGREGATE_REJECT);
    assert_int_equal(report_reading_reject(reading), why);
}

static void a_good_report_is_read_once(void **state)
{
    (void)state;
    buf_puts(&doc, WHOLE);
    const struct report *r = done();
    assert_int_equal(report_reading_count(reading), 1);
    assert_int_equal(r->records, 1);
    assert_int_equal(r->messages, 2);
    assert_int_equal(r->dmarc_fail_messages, 0);
}

static void odd_octets_take_two_readings_damage_three_a_cut_two(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD "<error>\x07</error>" POLICY RECORD END);
    (void)done();
    assert_int_equal(report_reading_count(reading), 2);
    buf_reset(&doc);
    buf_puts(&doc, HEAD "<error>&x;</error>" POLICY RECORD END);
    (void)done();
    assert_int_equal(report_reading_count(reading), 3);
    buf_reset(&doc);
    buf_puts(&doc, HEAD POLICY RECORD "</feed");
    (void)done();
    assert_int_equal(report_reading_count(reading), 2);
}

static void a_danger_ends_the_first_reading(void **state)
{
    (void)state;
    buf_puts(&doc, "<!DOCTYPE feedback [ <!ENTITY a 'b'> ]>" WHOLE);
    rejected(REJECT_dtd);
    assert_int_equal(report_reading_count(reading), 1);
}

static void the_version_is_kept_as_written(void **state)
{
    (void)state;
    buf_puts(&doc, "<feedback><version> 2.0 </version>" METADATA POLICY RECORD END);
    const struct report *r = done();
    assert_true(sv_eq(r->version, SV("2.0")));
    assert_int_equal(r->dialect, DIALECT_RFC7489);
}

static void lists_are_cut_at_their_limits(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD);
    repeat("<error>e</error>", 101);
    buf_puts(&doc, POLICY ROW);
    repeat("<reason><type>other</type></reason>", 101);
    buf_puts(&doc, IDENTIFIERS);
    repeat("<dkim><domain>d.example</domain><result>pass</result></dkim>", 101);
    repeat(RESULT, 101);
    buf_puts(&doc, "</auth_results></record>" END);
    const struct report *r = done();
    const struct record *record = report_reading_record(reading, 0);
    assert_int_equal(r->n_errors, 100);
    assert_int_equal(record->n_reasons, 100);
    assert_int_equal(record->n_dkims, 100);
    assert_int_equal(record->n_spfs, 100);
    assert_true(sv_eq(record->dkims[99].domain, SV("d.example")));
    assert_true(note_has(&r->notes, NOTE_list_cut));
    assert_true(note_has(&r->notes, NOTE_auth_results_cut));
}

static void elements_around_the_report_have_a_limit(void **state)
{
    (void)state;
    limits.xml_around = 20;
    buf_puts(&doc, "<reports>");
    repeat("<a/>", 19);
    buf_puts(&doc, WHOLE "</reports>");
    assert_true(note_has(&done()->notes, NOTE_wrapper_ignored));
    buf_reset(&doc);
    buf_puts(&doc, "<reports>");
    repeat("<a/>", 20);
    buf_puts(&doc, WHOLE "</reports>");
    rejected(REJECT_not_feedback);
    assert_int_equal(report_reading_count(reading), 1);
}

/* Whatever else is wrong with it. */
static void what_has_no_report_in_it_is_not_feedback(void **state)
{
    (void)state;
    static const char *const others[] = {
        "<?xml version=\"1.0\"?><svg/>",
        "<svg><a b='c'>text</a></svg>",
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a></a></a></"
        "a></a>"
        "</a></a></a></a></a>",
        "<svg><a>",
        "<html><br>&nbsp;</html>",
    };
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        buf_reset(&doc);
        buf_puts(&doc, others[i]);
        rejected(REJECT_not_feedback);
    }
}

static void records_have_a_limit(void **state)
{
    (void)state;
    limits.report_rows = 5;
    buf_puts(&doc, HEAD POLICY);
    repeat(RECORD, 5);
    buf_puts(&doc, END);
    assert_int_equal(done()->records, 5);
    doc.n -= sizeof END - 1;
    buf_puts(&doc, RECORD END);
    rejected(REJECT_too_many_rows);
}

static void different_names_are_counted_not_elements(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD POLICY);
    repeat("<own/>", 5000);
    for (int i = 0; i < 1999; i++)
        buf_printf(&doc, "<own%d/>", i);
    buf_puts(&doc, RECORD END);
    (void)done();
    doc.n -= sizeof END - 1;
    buf_puts(&doc, "<one-more/>" END);
    rejected(REJECT_too_many_unknown);
}

static void names_below_foreign_elements_are_counted_too(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD POLICY "<f:x xmlns:f='urn:f'>");
    for (int i = 0; i < 2100; i++)
        buf_printf(&doc, "<f:y%d/>", i);
    buf_puts(&doc, "</f:x>" END);
    rejected(REJECT_too_many_unknown);
}

/* Whatever the parser keeps for the whole document. */
static void other_names_are_counted_too(void **state)
{
    (void)state;
    static const char *const forms[] = {"<x a%d='b'/>", "<x xmlns:p%d='urn:p'/>", "<x xmlns='urn:p%d'/>",
                                        "<p%d:x/>", "<?p%d x?>"};
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        buf_reset(&doc);
        buf_puts(&doc, HEAD POLICY);
        for (int n = 0; n < 2100; n++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            buf_printf(&doc, forms[i], n);
#pragma GCC diagnostic pop
        }
        buf_puts(&doc, END);
        rejected(REJECT_too_many_unknown);
    }
}

/* The parser is quadratic in an open section; a value that is one is cut like any other. */
static void long_sections_are_read(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD "<error><![CDATA[");
    repeat("01234567\xc3\xa9", 20000);
    buf_puts(&doc, "]]></error>" POLICY RECORD END);
    const struct report *r = done();
    assert_int_equal(r->records, 1);
    assert_true(note_has(&r->notes, NOTE_text_cut));
    buf_reset(&doc);
    buf_puts(&doc, HEAD "<error><![CDATA[");
    repeat("]", 20000);
    buf_puts(&doc, "x]]></error>" POLICY RECORD END);
    (void)done();
}

static void many_namespaces_are_refused(void **state)
{
    (void)state;
    buf_puts(&doc, "<feedback");
    for (int i = 0; i < 2000; i++)
        buf_printf(&doc, " xmlns:n%d='urn:n'", i);
    buf_puts(&doc, WHOLE);
    rejected(REJECT_too_many_attributes);
}

static void many_attributes_are_dropped(void **state)
{
    (void)state;
    buf_puts(&doc, "<feedback");
    for (int i = 0; i < 20000; i++)
        buf_printf(&doc, " a%d='b'", i);
    buf_puts(&doc, WHOLE + 9);
    assert_true(note_has(&done()->notes, NOTE_attributes_dropped));
}

static void long_markup_is_refused(void **state)
{
    (void)state;
    buf_puts(&doc, "<feedback x='");
    repeat("0123456789", 10000);
    buf_puts(&doc, "'>" WHOLE);
    rejected(REJECT_markup_too_long);
    buf_reset(&doc);
    buf_puts(&doc, HEAD "<");
    repeat("name", 10000);
    buf_puts(&doc, ">" POLICY END);
    rejected(REJECT_markup_too_long);
    /* In a value it is text. */
    buf_reset(&doc);
    buf_puts(&doc, HEAD "<error><");
    repeat("name", 10000);
    buf_puts(&doc, "></error>" POLICY RECORD END);
    assert_true(note_has(&done()->notes, NOTE_angle_escaped));
}

static void depth_is_bounded(void **state)
{
    (void)state;
    buf_puts(&doc, HEAD POLICY);
    repeat("<a>", 100000);
    rejected(REJECT_too_deep);
    /* Also where the text has to be repaired. */
    buf_reset(&doc);
    buf_puts(&doc, HEAD "<error>&</error>" POLICY);
    repeat("<a>", 100000);
    rejected(REJECT_too_deep);
}

static void nothing_of_a_failed_document_stays(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "<",
        "\xff\xfe<",
        "<feedback",
        "<feedback><report_metadata>",
        HEAD POLICY RECORD,
        HEAD POLICY RECORD "</record></feedback>",
        "<?xml version='1.0'?><!DOCTYPE feedback SYSTEM 'x'>" WHOLE,
        "<a/>",
        "<feedback xmlns='urn:x'/>",
        HEAD "<error>&#xFFFFFFFFFFFFFFFFFFFF;</error>" POLICY "<x><y>",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(report_reading_feed(reading, sv_c(bad[i]), 3), AGGREGATE_REJECT);
        buf_reset(&doc);
        buf_puts(&doc, WHOLE);
        const struct report *r = done();
        assert_int_equal(report_reading_count(reading), 1);
        assert_int_equal(r->records_raw, 1);
        assert_int_equal(r->notes.bits[0] | r->notes.bits[1], 0);
        assert_int_equal(r->dialect, DIALECT_RFC7489);
    }
}

struct counting {
    unsigned resets, records, records_since_reset;
    bool give_up_at_record, give_up_at_reset;
};

static bool count_reset(void *self)
{
    struct counting *c = self;
    c->resets++;
    c->records_since_reset = 0;
    return !c->give_up_at_reset;
}

static bool count_record(void *self, const struct record *r)
{
    struct counting *c = self;
    (void)r;
    c->records++;
    c->records_since_reset++;
    return !c->give_up_at_record;
}

static enum aggregate_answer count(struct counting *c, sv text)
{
    struct aggregate_reader *r =
        aggregate_new(&limits, (struct aggregate_sink){c, count_reset, count_record});
    enum aggregate_answer answer;
    assert_non_null(r);
    aggregate_start(r);
    do {
        bool more = aggregate_push(r, text);
        (void)more;
        answer = aggregate_end(r);
    } while (answer == AGGREGATE_AGAIN);
    aggregate_free(r);
    return answer;
}

static void the_sink_hears_of_each_reading(void **state)
{
    (void)state;
    struct counting c = {0};
    assert_int_equal(count(&c, SV(HEAD POLICY RECORD RECORD "&x;" RECORD END)), AGGREGATE_DONE);
    assert_int_equal(c.resets, 2);
    assert_int_equal(c.records, 2 + 2 + 3);
    assert_int_equal(c.records_since_reset, 3);
}

static void the_sink_may_give_up(void **state)
{
    (void)state;
    struct counting c = {.give_up_at_record = true};
    assert_int_equal(count(&c, SV(HEAD POLICY RECORD RECORD END)), AGGREGATE_STOPPED);
    assert_int_equal(c.records, 1);
    c = (struct counting){.give_up_at_reset = true};
    assert_int_equal(count(&c, SV(HEAD "&" POLICY RECORD END)), AGGREGATE_STOPPED);
    assert_int_equal(c.records, 0);
}

/* 200,000 records through one reader: its memory does not grow with them. */
static void memory_is_flat(void **state)
{
    (void)state;
    struct counting c = {0};
    struct aggregate_reader *r =
        aggregate_new(&limits, (struct aggregate_sink){&c, count_reset, count_record});
    sv piece = SV(RECORD RECORD RECORD RECORD RECORD RECORD RECORD RECORD RECORD RECORD);
    assert_non_null(r);
    aggregate_start(r);
    assert_true(aggregate_push(r, SV(HEAD POLICY RECORD)));
    size_t before = 0;
    for (int i = 0; i < 20000; i++) {
        assert_true(aggregate_push(r, piece));
        if (i == 100)
            before = mallinfo2().uordblks;
    }
    size_t after = mallinfo2().uordblks;
    assert_true(aggregate_push(r, SV(END)));
    assert_int_equal(aggregate_end(r), AGGREGATE_DONE);
    assert_int_equal(aggregate_report(r)->records, 200001);
    assert_int_equal(aggregate_report(r)->messages, 400002);
    assert_true(after <= before + 65536);
    aggregate_free(r);
}

static void what_is_behind_is_not_wanted(void **state)
{
    (void)state;
    struct counting c = {0};
    struct aggregate_reader *r =
        aggregate_new(&limits, (struct aggregate_sink){&c, count_reset, count_record});
    assert_non_null(r);
    aggregate_start(r);
    assert_true(aggregate_push(r, SV(HEAD POLICY RECORD RECORD RECORD END)));
    assert_true(aggregate_push(r, SV("\r\n \r\n")));
    assert_false(aggregate_push(r, SV("junk")));
    assert_int_equal(aggregate_end(r), AGGREGATE_DONE);
    aggregate_start(r);
    assert_false(aggregate_push(r, SV("<!DOCTYPE a [" WHOLE WHOLE)));
    assert_int_equal(aggregate_end(r), AGGREGATE_REJECT);
    aggregate_free(r);
}

/* libxml2 prints its errors unless it is kept from it; the confined process dies of a write. */
static void nothing_is_printed(void **state)
{
    (void)state;
    FILE *log = tmpfile();
    assert_non_null(log);
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0 && dup2(fileno(log), STDERR_FILENO) >= 0);
    (void)report_reading_feed(reading, SV("<feedback>\xff&x;<a:b c=d></feedback>"), 1);
    (void)report_reading_feed(reading, SV("<?xml version='9.9' encoding='nonsense'?><a xmlns='%'>&#0;"), 1);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    (void)close(saved);
    assert_int_equal(lseek(fileno(log), 0, SEEK_END), 0);
    (void)fclose(log);
}

static void heads_are_told_apart(void **state)
{
    (void)state;
    static const char *const yes[] = {
        "<?xml version=\"1.0\"?>",
        "\xEF\xBB\xBF<?xml",
        "<feedback>",
        "\n <ns2:feedback xmlns:ns2='x'>",
        "junk <x> <?xml ",
        "<FEEDBACK>",
        "unused",
        " unused\r\n",
        "<!DOCTYPE feedback><feedback>",
        "<xs:schema><feedback>",
    };
    static const char *const no[] = {
        "",          " \n",   "hello",           "<html><body>",        "<!DOCTYPE HTML PUBLIC '-'><?xml ",
        "{\"a\":1}", "a < b", "<p>feedback</p>", "From: a <feed@back>", "unused mailbox",
    };
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (!aggregate_looks_like(sv_c(yes[i])))
            fail_msg("'%s' is not recognised", yes[i]);
    for (size_t i = 0; i < COUNT_OF(no); i++)
        if (aggregate_looks_like(sv_c(no[i])))
            fail_msg("'%s' is taken for a report", no[i]);
    assert_true(aggregate_looks_like(sv_of("\xff\xfe<\0f\0e\0e\0d\0b\0a\0c\0k\0>\0", 22)));
    assert_true(aggregate_looks_like(sv_of("\0<\0?\0x\0m\0l", 10)));
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* One random change to the octets of doc. */
static void damage(uint64_t *seed)
{
    static const char spice[] = "<>&/\"'=!?-[];:\\ \0\x07\xff\xc3\xe2x";
    size_t at = next_random(seed) % doc.n, n = next_random(seed) % 8;
    switch (next_random(seed) % 4) {
    case 0:
        doc.p[at] = spice[next_random(seed) % (sizeof spice - 1)];
        break;
    case 1:
        doc.n = at ? at : 1;
        break;
    case 2: {
        size_t gone = at + n < doc.n ? n : doc.n - at;
        memmove(doc.p + at, doc.p + at + gone, doc.n - at - gone);
        doc.n -= gone;
        break;
    }
    default:
        if (at + n < doc.n)
            memmove(doc.p + next_random(seed) % (doc.n - n), doc.p + at, n);
    }
    if (doc.n == 0)
        buf_char(&doc, '<');
}

static char *printed(size_t piece)
{
    char *text = NULL;
    size_t n = 0;
    struct err e;
    FILE *to = open_memstream(&text, &n);
    assert_non_null(to);
    struct output *out = output_open(output_format_named(SV("ndjson")), to, &(struct output_options){0});
    (void)report_reading_feed(reading, buf_view(&doc), piece);
    report_reading_print(reading, SV("x"), out);
    assert_true(output_close(out, &e));
    assert_int_equal(fclose(to), 0);
    return text;
}

/* Whatever the damage, the answer does not hang on how the octets arrive. */
static void pieces_do_not_matter(void **state)
{
    (void)state;
    uint64_t seed = 0x5EED;
    for (int i = 0; i < 3000; i++) {
        buf_reset(&doc);
        buf_puts(&doc, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" HEAD
                       "<error>a &amp; b</error><!-- c -->" POLICY RECORD RECORD END);
        for (uint64_t times = 1 + next_random(&seed) % 3; times > 0; times--)
            damage(&seed);
        char *whole = printed(SIZE_MAX), *bits = printed(1 + next_random(&seed) % 9);
        if (strcmp(whole, bits) != 0)
            fail_msg("%.*s\n whole: %s bits: %s", (int)doc.n, doc.p, whole, bits);
        free(whole);
        free(bits);
    }
}

int main(void)
{
    aggregate_library_init();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_good_report_is_read_once),
        TEST(odd_octets_take_two_readings_damage_three_a_cut_two),
        TEST(a_danger_ends_the_first_reading),
        TEST(the_version_is_kept_as_written),
        TEST(lists_are_cut_at_their_limits),
        TEST(elements_around_the_report_have_a_limit),
        TEST(what_has_no_report_in_it_is_not_feedback),
        TEST(records_have_a_limit),
        TEST(different_names_are_counted_not_elements),
        TEST(names_below_foreign_elements_are_counted_too),
        TEST(other_names_are_counted_too),
        TEST(long_sections_are_read),
        TEST(many_namespaces_are_refused),
        TEST(many_attributes_are_dropped),
        TEST(long_markup_is_refused),
        TEST(depth_is_bounded),
        TEST(nothing_of_a_failed_document_stays),
        TEST(the_sink_hears_of_each_reading),
        TEST(the_sink_may_give_up),
        TEST(memory_is_flat),
        TEST(what_is_behind_is_not_wanted),
        TEST(nothing_is_printed),
        TEST(heads_are_told_apart),
        TEST(pieces_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
