/* Each limit of the walk: at it, above it, and what hostile sizes cost. */
#include <stdio.h>
#include <time.h>

#include "unit.h"

#include "base/buf.h"
#include "mail/mail.h"

struct seen {
    size_t leaves, rejects, headers, stop_after;
    enum reject reason;
    char path[512];
};

static bool on_header(void *ctx, sv name, sv value)
{
    struct seen *s = ctx;
    (void)name;
    (void)value;
    s->headers++;
    return true;
}

static bool on_leaf(void *ctx, const struct mail_leaf *leaf)
{
    struct seen *s = ctx;
    (void)leaf;
    return ++s->leaves != s->stop_after;
}

static void on_reject(void *ctx, enum reject reason, sv path, sv detail)
{
    struct seen *s = ctx;
    (void)detail;
    s->rejects++;
    s->reason = reason;
    assert_true(snprintf(s->path, sizeof s->path, "%.*s", SV_ARG(path)) >= 0);
}

static struct seen split(const buf *mail, const struct limits *limits, size_t memory)
{
    static const struct mail_sink sink = {on_header, on_leaf, on_reject};
    struct seen s = {0};
    struct mail_info info;
    arena a;
    assert_false(mail->failed);
    arena_init(&a, memory);
    assert_true(mail_split(buf_view(mail), limits, &a, &sink, &s, &info));
    arena_free(&a);
    return s;
}

static struct limits limits;
static buf mail;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    buf_init(&mail, MIB(64));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&mail);
    return 0;
}

static void repeat(const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_puts(&mail, text);
}

static void header_lines(void **state)
{
    (void)state;
    repeat("A: b\n c\n", limits.header_lines);
    assert_int_equal(split(&mail, &limits, MIB(1)).headers, limits.header_lines);
    repeat("A: b\n", 1);
    struct seen s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.reason, REJECT_too_many_headers);
    assert_string_equal(s.path, "");
    assert_int_equal(s.leaves + s.headers, 0);
}

static void header_block(void **state)
{
    (void)state;
    buf_puts(&mail, "A: ");
    repeat("x", limits.header_block - 4);
    buf_puts(&mail, "\n");
    assert_int_equal(split(&mail, &limits, MIB(1)).headers, 1);
    buf_reset(&mail);
    buf_puts(&mail, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nok\n--b\nA: ");
    repeat("x", limits.header_block);
    buf_puts(&mail, "\n\nlost\n--b\n\nok\n--b--\n");
    struct seen s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.reason, REJECT_header_too_large);
    assert_string_equal(s.path, "part 2");
    assert_int_equal(s.leaves, 2);
}

static void mime_parts(void **state)
{
    (void)state;
    buf_puts(&mail, "Content-Type: multipart/mixed; boundary=b\n\n");
    repeat("--b\n\nx\n", limits.mime_parts);
    struct seen s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.leaves, limits.mime_parts);
    assert_int_equal(s.rejects, 0);
    repeat("--b\n\nx\n", 200000);
    s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.leaves, limits.mime_parts);
    assert_int_equal(s.rejects, 1);
    assert_int_equal(s.reason, REJECT_too_many_parts);
}

static void nest(size_t levels)
{
    for (size_t i = 0; i < levels; i++)
        buf_printf(&mail, "Content-Type: multipart/mixed; boundary=%zu\n\n--%zu\n", i, i);
    buf_puts(&mail, "\nx\n");
}

static void mime_depth(void **state)
{
    (void)state;
    nest(limits.mime_depth);
    assert_int_equal(split(&mail, &limits, MIB(1)).leaves, 1);
    buf_reset(&mail);
    nest(limits.mime_depth + 1);
    struct seen s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.reason, REJECT_too_deep);
    assert_string_equal(s.path, "part 1.1.1.1.1.1.1.1.1.1");
}

/* Deeper than any stack: the limit, not the recursion, ends it. */
static void a_hundred_thousand_levels(void **state)
{
    (void)state;
    nest(100000);
    assert_int_equal(split(&mail, &limits, MIB(1)).reason, REJECT_too_deep);
    buf_reset(&mail);
    repeat("Content-Type: message/rfc822\n\n", 100000);
    struct seen s = split(&mail, &limits, MIB(1));
    assert_int_equal(s.reason, REJECT_too_deep);
    assert_string_equal(s.path, "message > message > message > message > message");
}

static void what_stands_beside_is_read(void **state)
{
    (void)state;
    limits.mail_depth = 1;
    buf_puts(&mail, "Content-Type: multipart/mixed; boundary=b\n\n"
                    "--b\nContent-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nA: b\n\nx\n"
                    "--b\nContent-Type: message/rfc822\n\nA: b\n\nx\n--b\n\nok\n--b--\n");
    struct seen s = split(&mail, &limits, MIB(1));
    assert_string_equal(s.path, "part 1 > message");
    assert_int_equal(s.leaves, 2);
}

static void memory(void **state)
{
    (void)state;
    buf_puts(&mail, "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n");
    repeat("QTogYgoKQTogYgoK\n", 10000);
    assert_int_equal(split(&mail, &limits, MIB(1)).leaves, 1);
    struct seen s = split(&mail, &limits, KIB(64));
    assert_int_equal(s.reason, REJECT_memory_limit);
    assert_int_equal(s.leaves, 0);
}

static void the_sink_stops_the_walk(void **state)
{
    (void)state;
    static const struct mail_sink sink = {NULL, on_leaf, on_reject};
    struct seen s = {.stop_after = 2};
    struct mail_info info;
    arena a;
    arena_init(&a, MIB(1));
    buf_puts(&mail, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\n\n2\n--b\n\n3\n--b--\n");
    assert_false(mail_split(buf_view(&mail), &limits, &a, &sink, &s, &info));
    assert_int_equal(s.leaves, 2);
    arena_free(&a);
}

/* Quadratic reading of any of these would take minutes. */
static void time_is_linear(void **state)
{
    (void)state;
    static const struct {
        const char *head, *repeated;
    } cases[] = {
        {"A: b\n", "a: b\n"},
        {"Subject: ", "=?"},
        {"Subject: ", "=?utf-8?q?x"},
        {"From: ", "(\""},
        {"Content-Type: multipart/mixed; ", "a="},
        {"Content-Type: multipart/mixed; ", "\"("},
        {"Content-Type: multipart/mixed; ", "a b="},
        {"Content-Type: multipart/mixed; boundary=a\n\n", "--a"},
        {"Content-Type: multipart/mixed; boundary=a\n\n", "--a \tx\n"},
        {"Content-Type: multipart/mixed\n\n", "--x\n"},
        {"Content-Type: multipart/mixed; boundary=\"\"\n\n", "--\n"},
        {"A: b\n", " \n"},
        {"", "a: b\r"},
    };
    clock_t start = clock();
    limits.header_block = MIB(1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_reset(&mail);
        buf_puts(&mail, cases[i].head);
        repeat(cases[i].repeated, KIB(512) / strlen(cases[i].repeated));
        buf_puts(&mail, "\n\n");
        (void)split(&mail, &limits, MIB(16));
    }
    assert_true((clock() - start) / CLOCKS_PER_SEC < 6);
}

#define LIMIT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
RUN_TESTS(LIMIT_TEST(header_lines), LIMIT_TEST(header_block), LIMIT_TEST(mime_parts), LIMIT_TEST(mime_depth),
          LIMIT_TEST(a_hundred_thousand_levels), LIMIT_TEST(what_stands_beside_is_read), LIMIT_TEST(memory),
          LIMIT_TEST(the_sink_stops_the_walk), LIMIT_TEST(time_is_linear))
