#include "unit.h"

#include "mail/contents.h"
#include "model/limits.h"

static void gives(const struct mail_leaf *leaf, const char *const *want)
{
    struct mail_contents c;
    sv bytes;
    size_t n = 0;
    mail_contents_init(&c, 4096);
    /* Twice: the buffers are reused. */
    for (int round = 0; round < 2; round++) {
        mail_contents_start(&c, leaf);
        for (n = 0; mail_contents_next(&c, &bytes); n++) {
            assert_non_null(want[n]);
            assert_sv_equal(bytes, want[n]);
        }
        assert_null(want[n]);
        assert_false(mail_contents_next(&c, &bytes));
    }
    mail_contents_free(&c);
}

#define GIVES(leaf, ...) gives((leaf), (const char *const[]){__VA_ARGS__, NULL})

static struct mail_leaf leaf_of(const char *body, enum mail_encoding encoding)
{
    return (struct mail_leaf){
        .body = sv_c(body), .type = SV("application/octet-stream"), .encoding = encoding};
}

#define LONG_XML    "<?xml version=\"1.0\"?><feedback></feedback>"
#define LONG_BASE64 "PD94bWwgdmVyc2lvbj0iMS4wIj8+PGZlZWRiYWNrPjwvZmVlZGJhY2s+"

static void certain_documents_come_alone(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of("PGEvPg==", MAIL_BASE64);
    GIVES(&l, "<a/>");
    l = leaf_of("<a/>\nbegin 644 x\n#0V%T\n`\nend\n", MAIL_IDENTITY);
    GIVES(&l, "<a/>\nbegin 644 x\n#0V%T\n`\nend\n");
    l = leaf_of("\r\n \r\n<a/>", MAIL_IDENTITY);
    GIVES(&l, "\r\n \r\n<a/>");
    l = leaf_of("<a/>", MAIL_BASE64); /* says so and is not */
    GIVES(&l, "<a/>");
}

static void text_is_searched(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of("<banner>\n\n" LONG_BASE64 "\n\nfooter", MAIL_IDENTITY);
    l.type = SV("text/plain");
    GIVES(&l, LONG_XML);
    l = leaf_of("a\n" LONG_BASE64 "\n\nb\n" LONG_BASE64, MAIL_IDENTITY);
    GIVES(&l, LONG_XML, LONG_XML);
    l = leaf_of("begin 644 x\n#0V%T\n`\nend\n\n" LONG_BASE64, MAIL_IDENTITY);
    GIVES(&l, "Cat", LONG_XML);
    l = leaf_of("UEsDB is how a zip begins", MAIL_IDENTITY);
    GIVES(&l, "UEsDB is how a zip begins");
    l = leaf_of("H4sI\n\nH4sI", MAIL_IDENTITY);
    GIVES(&l, "H4sI\n\nH4sI");
}

static void lines_of_base64_belong_together(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of(
        "> no\n  PD94bWwgdmVyc2lvbj0iMS4wIj8+  \r\nPGZlZWRiYWNrPjwvZmVlZGJhY2s+\r\n\r\nx", MAIL_IDENTITY);
    GIVES(&l, LONG_XML);
}

/* Words before the data put the four-letter groups out of step. */
static void base64_with_words_before_it(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of("Some words\n\n" LONG_BASE64 "\n", MAIL_BASE64);
    GIVES(&l, LONG_XML);
}

static void pasted_reports(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of("see <?xml?><x/> and\n<?xml?>\n<feedback><report_metadata>", MAIL_IDENTITY);
    GIVES(&l, "<?xml?>\n<feedback><report_metadata>");
    l = leaf_of("so: <feedback a='b'><report_metadata> bye", MAIL_IDENTITY);
    GIVES(&l, "<feedback a='b'><report_metadata> bye");
    l = leaf_of("we want <feedback> from you", MAIL_IDENTITY);
    GIVES(&l, "we want <feedback> from you");
}

static void evidence_is_only_decoded(void **state)
{
    (void)state;
    struct mail_leaf l = leaf_of("x\n" LONG_BASE64, MAIL_IDENTITY);
    l.original = true;
    GIVES(&l, "x\n" LONG_BASE64);
    l.original = false;
    l.no_mail = true;
    GIVES(&l, "x\n" LONG_BASE64);
}

static void memory_has_a_maximum(void **state)
{
    (void)state;
    struct mail_contents c;
    sv bytes = SV("x");
    struct mail_leaf l = leaf_of(LONG_BASE64, MAIL_BASE64);
    mail_contents_init(&c, 8);
    mail_contents_start(&c, &l);
    assert_true(mail_contents_next(&c, &bytes));
    assert_null(bytes.p);
    assert_false(mail_contents_next(&c, &bytes));
    /* A line of uuencode means more octets than it has. */
    l = leaf_of("begin 644 x\nM\nM\n", MAIL_IDENTITY);
    mail_contents_start(&c, &l);
    assert_true(mail_contents_next(&c, &bytes));
    assert_sv_equal(bytes, "begin 644 x\nM\nM\n");
    mail_contents_free(&c);
}

RUN_TESTS(cmocka_unit_test(certain_documents_come_alone), cmocka_unit_test(text_is_searched),
          cmocka_unit_test(lines_of_base64_belong_together), cmocka_unit_test(base64_with_words_before_it),
          cmocka_unit_test(pasted_reports), cmocka_unit_test(evidence_is_only_decoded),
          cmocka_unit_test(memory_has_a_maximum))
