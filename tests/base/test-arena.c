#include "unit.h"

#include "base/arena.h"

static void gives_zeroed_memory(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 1 << 20);
    for (int i = 0; i < 1000; i++) {
        unsigned char *p = arena_alloc(&a, 100);
        assert_non_null(p);
        for (int k = 0; k < 100; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xff, 100);
    }
    arena_reset(&a);
    unsigned char *again = arena_alloc(&a, 100);
    assert_int_equal(again[99], 0);
    arena_free(&a);
}

static void stops_at_its_cap(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 100);
    assert_non_null(arena_alloc(&a, 100));
    assert_false(a.failed);
    assert_null(arena_alloc(&a, 1));
    assert_true(a.failed);
    arena_reset(&a);
    assert_false(a.failed);
    assert_null(arena_array(&a, SIZE_MAX / 2, 4));
    assert_true(a.failed);
    arena_free(&a);
}

static void lists_grow(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 4096);
    int *list = NULL;
    size_t room = 0;
    for (int i = 0; i < 100; i++) {
        list = arena_more(&a, list, (size_t)i, &room, sizeof *list);
        assert_non_null(list);
        list[i] = i;
    }
    assert_int_equal(room, 128);
    for (int i = 0; i < 100; i++)
        assert_int_equal(list[i], i);
    assert_ptr_equal(arena_more(&a, list, 127, &room, sizeof *list), list);
    assert_null(arena_more(&a, list, 128, &room, 4096));
    assert_int_equal(room, 128);
    arena_free(&a);
}

static void copies_text(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 1 << 16);
    assert_sv_equal(arena_sv(&a, SV("abc")), "abc");
    assert_null(arena_sv(&a, SV_ABSENT).p);
    assert_non_null(arena_sv(&a, SV("")).p);
    assert_string_equal(arena_cstr(&a, SV_ABSENT), "");
    assert_sv_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
    /* Larger than a chunk. */
    assert_non_null(arena_alloc(&a, 60000));
    arena_free(&a);
}

RUN_TESTS(cmocka_unit_test(gives_zeroed_memory), cmocka_unit_test(stops_at_its_cap),
          cmocka_unit_test(lists_grow), cmocka_unit_test(copies_text))
