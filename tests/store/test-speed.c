/* How fast facts go in and out. Figures are printed; only that the numbers are right is asserted. */
#include "store/facts.h"
#include "support.h"

enum { REPORTS = 200, RECORDS = 1000 };

static bool add(void *ctx, const struct row *row)
{
    uint64_t *sums = ctx;
    sums[0]++;
    sums[1] += row->record.count;
    return true;
}

static void print_rate(const char *what, uint64_t n, int64_t since)
{
    int64_t ms = clock_mono_ms() - since;
    print_message("%s: %llu in %lld ms, %llu a second\n", what, (unsigned long long)n, (long long)ms,
                  (unsigned long long)(n * 1000 / (uint64_t)(ms ? ms : 1)));
}

static void in_and_out(void **state)
{
    struct fixture *f = *state;
    static struct record records[RECORDS];
    static struct dkim_auth dkims[50];
    uint64_t messages = 0;
    for (int i = 0; i < 50; i++) {
        dkims[i] = (struct dkim_auth){
            SV("example.com"), arena_printf(&f->a, "selector%d", i), {.v = DKIM_FAIL}, SV_ABSENT};
    }
    for (unsigned i = 0; i < RECORDS; i++) {
        records[i] = made_record("192.0.2.1", i % 9 + 1);
        records[i].source_ip.b[14] = (uint8_t)(i >> 8);
        records[i].source_ip.b[15] = (uint8_t)i;
        records[i].dkims = &dkims[i % 50];
        records[i].n_dkims = 1;
        messages += records[i].count;
    }
    int64_t start = clock_mono_ms();
    for (uint32_t i = 0; i < REPORTS; i++) {
        struct made_mail m;
        struct report r = made_report(text(f, "%u", i));
        r.begin += (int64_t)(i % 30) * DAY_SECONDS;
        r.end += (int64_t)(i % 30) * DAY_SECONDS;
        make_mail(&m, i + 1);
        add_report(&m, r, records, RECORDS);
        if (i % 100 == 0)
            assert_true(store_begin_mails(f->s, NOW, &f->e));
        struct store_put put;
        assert_true(put_open(f, &m, &put));
        if (i % 100 == 99)
            assert_true(store_commit_mails(f->s, &f->e));
    }
    print_rate("records stored", REPORTS * RECORDS, start);
    reopen(f);
    for (int again = 0; again < 2; again++) {
        uint64_t sums[2] = {0, 0};
        start = clock_mono_ms();
        assert_true(store_rows(f->s, SV("example.com"), 0, INT64_MAX, add, sums, &f->e));
        print_rate("rows read", sums[0], start);
        assert_int_equal(sums[0], REPORTS * RECORDS);
        assert_int_equal(sums[1], messages * REPORTS);
    }
    print_message("octets in the file: %lld\n",
                  (long long)sql_int(f, "SELECT page_count * 4096 FROM pragma_page_count"));
}

static void small_mails(void **state)
{
    struct fixture *f = *state;
    struct record r[3] = {made_record("192.0.2.1", 1), made_record("192.0.2.2", 2),
                          made_record("192.0.2.3", 3)};
    enum { MAILS = 3000 };
    int64_t start = clock_mono_ms();
    for (uint32_t i = 0; i < MAILS; i++) {
        struct made_mail m;
        struct store_put put;
        const char *id = text(f, "%u", i);
        make_mail(&m, i + 1);
        add_report(&m, made_report(id), r, 3);
        if (i % 100 == 0)
            assert_true(store_begin_mails(f->s, NOW, &f->e));
        assert_true(put_open(f, &m, &put));
        if (i % 100 == 99)
            assert_true(store_commit_mails(f->s, &f->e));
    }
    print_rate("mails of 3 records stored", MAILS, start);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), 6 * MAILS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_and_out),
        TEST(small_mails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
