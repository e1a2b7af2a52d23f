/* The look-up tables against the plainest possible search. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "addresses.h"
#include "names.h"

enum { NETS = 400 };

static uint32_t seed = 7;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

/* Few bits are ever set, so that networks nest. */
static struct ip some_ip(void)
{
    struct ip ip = {{0}};
    for (size_t i = 0; i < 4; i++)
        ip.b[i] = (uint8_t)(next(4) << 6);
    return ip;
}

static struct cidr some_net(void)
{
    struct ip ip = some_ip();
    uint8_t bits = (uint8_t)next(33);
    for (unsigned bit = bits; bit < 128; bit++)
        ip.b[bit / 8] = (uint8_t)(ip.b[bit / 8] & ~(0x80U >> bit % 8));
    return (struct cidr){ip, bits};
}

static size_t plain_find(const struct address_entry *all, const struct ip *ip)
{
    size_t best = SIZE_MAX;
    int bits = -1;
    for (size_t i = 0; i < NETS; i++) {
        if (cidr_contains(&all[i].net, ip) && all[i].net.bits > bits) {
            bits = all[i].net.bits;
            best = all[i].value;
        }
    }
    return best;
}

static void narrowest_network(void **state)
{
    (void)state;
    struct address_entry all[NETS], sorted[NETS];
    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < NETS; i++)
            all[i] = sorted[i] = (struct address_entry){.net = some_net(), .value = i};
        struct address_table t = {sorted, NETS};
        address_table_sort(&t);
        for (int i = 0; i < 300; i++) {
            struct ip ip = some_ip();
            assert_int_equal(address_find(&t, &ip), plain_find(all, &ip));
        }
    }
}

static void empty_tables(void **state)
{
    (void)state;
    struct address_table a = {0};
    struct name_table n = {0};
    address_table_sort(&a);
    name_table_sort(&n);
    assert_int_equal(address_find(&a, &(struct ip){{0}}), SIZE_MAX);
    assert_int_equal(name_find(&n, SV("example.com"), SV_ABSENT), SIZE_MAX);
}

static void names(void **state)
{
    (void)state;
    const sv k1[] = {SV("k1")};
    struct name_entry entries[] = {
        {.name = SV("example.com"), .value = 5, .selectors = k1, .n_selectors = 1},
        {.name = SV("example.com"), .value = 3},
        {.name = SV("example.com"), .below = true, .value = 4},
        {.name = SV("b.example.com"), .value = 9},
        {.name = SV("com"), .below = true, .value = 7},
    };
    struct name_table t = {entries, 5};
    name_table_sort(&t);
    assert_int_equal(name_find(&t, SV("example.com"), SV("K1")), 3);
    assert_int_equal(name_find(&t, SV("a.b.example.com"), SV_ABSENT), 4);
    assert_int_equal(name_find(&t, SV("b.example.com"), SV_ABSENT), 4);
    assert_int_equal(name_find(&t, SV("example.net"), SV_ABSENT), SIZE_MAX);
    assert_int_equal(name_find(&t, SV("other.com"), SV_ABSENT), 7);
    assert_int_equal(name_find(&t, SV("com"), SV_ABSENT), SIZE_MAX);
}

static void folding(void **state)
{
    (void)state;
    struct name_room room;
    assert_true(sv_eq(name_fold(SV(" Mail.Example.COM. "), &room), SV("mail.example.com")));
    assert_true(name_fold(SV("b\u00fccher.example"), &room).n == 0);
    assert_true(name_fold(SV("a..b"), &room).n == 0);
    assert_true(name_fold(SV("."), &room).n == 0);
    assert_true(name_fold(SV_ABSENT, &room).n == 0);
    char longest[260];
    memset(longest, 'a', sizeof longest);
    for (size_t i = 50; i < sizeof longest; i += 51)
        longest[i] = '.';
    assert_true(name_fold(sv_of(longest, 253), &room).n == 253);
    assert_true(name_fold(sv_of(longest, 254), &room).n == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrowest_network),
        cmocka_unit_test(empty_tables),
        cmocka_unit_test(names),
        cmocka_unit_test(folding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
