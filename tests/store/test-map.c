#include "map.h"

#include <stdio.h>

#include "support.h"

static sv key_of(int i, char out[32])
{
    return sv_of(out, (size_t)snprintf(out, 32, "key %d", i));
}

static void holds_what_was_put(void **state)
{
    (void)state;
    struct map m;
    uint64_t v = 0;
    char key[32];
    map_init(&m, MIB(16));
    assert_false(map_get(&m, SV("x"), &v));
    for (int i = 0; i < 20000; i++)
        map_put(&m, key_of(i, key), (uint64_t)i);
    map_put(&m, key_of(5, key), 55);
    for (int i = 0; i < 20000; i++) {
        assert_true(map_get(&m, key_of(i, key), &v));
        assert_int_equal(v, i == 5 ? 55 : i);
    }
    map_clear(&m);
    assert_false(map_get(&m, key_of(5, key), &v));
    map_free(&m);
}

/* Full, it forgets and goes on; it never says what was not put. */
static void forgets_when_full(void **state)
{
    (void)state;
    struct map m;
    uint64_t v;
    char key[32];
    map_init(&m, KIB(64));
    for (int i = 0; i < 20000; i++) {
        map_put(&m, key_of(i, key), (uint64_t)i);
        assert_true(map_get(&m, key_of(i, key), &v));
        assert_int_equal(v, i);
        assert_true(m.n <= KIB(64) / 32);
    }
    assert_false(map_get(&m, key_of(0, key), &v));
    map_free(&m);
}

static void empty_key(void **state)
{
    (void)state;
    struct map m;
    uint64_t v;
    map_init(&m, KIB(64));
    map_put(&m, SV_ABSENT, 1);
    map_put(&m, SV(""), 2);
    assert_true(map_get(&m, SV(""), &v));
    assert_int_equal(v, 2);
    assert_int_equal(m.n, 1);
    map_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_was_put),
        cmocka_unit_test(forgets_when_full),
        cmocka_unit_test(empty_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
