#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/siphash.h"
#include "table.h"

struct number {
    struct table_entry head;
    uint64_t n;
};

static bool same(const struct table_entry *e, const void *key)
{
    return ((const struct number *)e)->n == *(const uint64_t *)key;
}

static void drop(void *ctx, struct table_entry *e)
{
    size_t *dropped = ctx;
    ++*dropped;
    free(e);
}

static uint64_t hash_of(uint64_t n)
{
    const struct siphash_key key = {{1, 2}};
    return siphash(&key, sv_of(&n, sizeof n));
}

static bool put(struct table *t, uint64_t n, bool pinned, size_t *dropped)
{
    if (!pinned && !table_takes(t, hash_of(n)))
        return false;
    struct number *e = calloc(1, sizeof *e);
    assert_non_null(e);
    *e = (struct number){{hash_of(n), pinned}, n};
    assert_true(table_put(t, &e->head));
    assert_true(table_thin(t, drop, dropped));
    return true;
}

static void keeps_at_most_its_cap_and_all_that_is_pinned(void **state)
{
    (void)state;
    struct table t = {.cap = 100};
    size_t dropped = 0;
    for (uint64_t n = 0; n < 20000; n++)
        put(&t, n, n % 1000 == 0, &dropped);
    assert_true(t.n_counted <= 100 && t.n_counted > 20);
    for (uint64_t n = 0; n < 20000; n++) {
        bool kept = table_find(&t, hash_of(n), same, &n) != NULL;
        assert_int_equal(kept, n % 1000 == 0 || table_takes(&t, hash_of(n)));
    }
    assert_int_equal(t.n_used, t.n_counted + 20);
    table_free(&t, drop, &dropped);
}

static void finds_nothing_in_an_empty_table(void **state)
{
    (void)state;
    struct table t = {.cap = 1};
    size_t dropped = 0;
    uint64_t n = 1;
    assert_null(table_find(&t, 1, same, &n));
    assert_true(table_thin(&t, drop, &dropped));
    table_free(&t, drop, &dropped);
    assert_int_equal(dropped, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_at_most_its_cap_and_all_that_is_pinned),
        cmocka_unit_test(finds_nothing_in_an_empty_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
