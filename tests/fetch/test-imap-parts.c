#include "unit.h"

#include "imap_answer.h"
#include "imap_date.h"
#include "imap_list.h"

static void reads_dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t want;
    } good[] = {
        {"17-Jul-1996 02:44:25 -0700", 837596665},
        {" 1-Jan-1970 00:00:00 +0000", 0},
        {"01-jan-1970 01:00:00 +0100", 0},
        {"29-Feb-2024 23:59:60 +0000", 1709251200},
    };
    static const char *const bad[] = {"",
                                      "17-Jul-1996",
                                      "17-Jul-1996 02:44:25",
                                      "17-Jul-1996 02:44:25 GMT",
                                      "17-Jux-1996 02:44:25 +0000",
                                      "0-Jul-1996 02:44:25 +0000",
                                      "32-Jul-1996 02:44:25 +0000",
                                      "17-Jul-1996 24:44:25 +0000",
                                      "17-Jul-1996 02:60:25 +0000",
                                      "17-Jul-1996 02:44 +0000",
                                      "17-Jul-1996 02:44:25 +00000"};
    int64_t got;
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        assert_true(imap_date(sv_c(good[i].text), &got));
        assert_int_equal(got, good[i].want);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(imap_date(sv_c(bad[i]), &got));
}

static void reads_answers(void **state)
{
    (void)state;
    struct imap_answer a = imap_answer_of(SV(" NO [INUSE now] busy \r"));
    assert_int_equal(a.status, IMAP_NO);
    assert_sv_equal(a.code, "INUSE");
    assert_sv_equal(a.arguments, "now");
    assert_sv_equal(a.text, "busy");
    assert_sv_equal(a.whole, "NO [INUSE now] busy");
    assert_true(imap_answer_transient(&a));
    a = imap_answer_of(SV("ok [unclosed text"));
    assert_int_equal(a.status, IMAP_OK);
    assert_int_equal(a.code.n, 0);
    assert_false(imap_answer_transient(&a));
    a = imap_answer_of(SV("NO [AUTHENTICATIONFAILED]"));
    assert_sv_equal(a.code, "AUTHENTICATIONFAILED");
    assert_false(imap_answer_transient(&a));
    a = imap_answer_of(SV("NO Temporary failure"));
    assert_true(imap_answer_transient(&a));
    assert_int_equal(imap_answer_of(SV("")).status, IMAP_OTHER);
    assert_int_equal(imap_answer_of(SV("bye")).status, IMAP_BYE);
}

static void writes_sets(void **state)
{
    (void)state;
    static const uint32_t uids[] = {1, 3, 4, 5, 9, 4294967294, 4294967295};
    buf out;
    buf_init(&out, 100);
    struct imap_set set = {.out = &out};
    for (size_t i = 0; i < COUNT_OF(uids); i++)
        imap_set_add(&set, uids[i]);
    imap_set_end(&set);
    assert_sv_equal(buf_view(&out), "1,3:5,9,4294967294:4294967295");
    buf_free(&out);
}

static void sorts_and_bounds_lists(void **state)
{
    (void)state;
    struct imap_list l;
    imap_list_init(&l, 5);
    static const uint32_t uids[] = {7, 3, 7, 1, 9, 4, 8};
    for (size_t i = 0; i < COUNT_OF(uids); i++)
        assert_true(imap_list_add(&l, uids[i], 1, ENTRY_LISTED));
    imap_list_close(&l);
    /* 4 was left out, so that only what lies under it counts. */
    assert_int_equal(l.n, 2);
    assert_int_equal(l.entries[0].uid, 1);
    assert_int_equal(l.entries[1].uid, 3);
    assert_non_null(imap_list_find(&l, 3));
    assert_null(imap_list_find(&l, 7));
    imap_list_clear(&l);
    assert_null(imap_list_find(&l, 3));
    imap_list_free(&l);
}

RUN_TESTS(cmocka_unit_test(reads_dates), cmocka_unit_test(reads_answers), cmocka_unit_test(writes_sets),
          cmocka_unit_test(sorts_and_bounds_lists))
