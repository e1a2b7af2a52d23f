/* A notice that waits and a newer one of its domain become one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/coalesce.h"

enum { ITEMS = 4 };

static arena memory;
static struct limits limits;
static struct notice_item older_items[ITEMS], newer_items[ITEMS];
static struct notice older, newer, both;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, MIB(1));
    older = (struct notice){.created = 100, .items = older_items, .id = {1}};
    newer = (struct notice){.created = 200, .items = newer_items, .id = {2}, .known = 3};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static void add(struct notice *n, uint8_t incident, enum news news, enum severity severity,
                uint64_t since_told)
{
    n->items[n->n_items++] = (struct notice_item){.incident = {incident},
                                                  .rule = RULE_unknown_source,
                                                  .news = news,
                                                  .severity = severity,
                                                  .counts = {.failed = since_told},
                                                  .since_told = since_told};
}

static void join(size_t items)
{
    assert_true(alert_coalesce(&older, &newer, &limits, &memory, &both));
    assert_int_equal(both.n_items, items);
}

static void each_incident_once_as_it_is_now(void **state)
{
    (void)state;
    add(&older, 1, NEWS_first, SEVERITY_warning, 10);
    add(&older, 2, NEWS_again, SEVERITY_warning, 30);
    add(&newer, 1, NEWS_worse, SEVERITY_critical, 5);
    add(&newer, 3, NEWS_first, SEVERITY_warning, 20);
    join(3);
    assert_int_equal(both.items[0].incident[0], 1);
    assert_int_equal(both.items[0].news, NEWS_first);
    assert_int_equal(both.items[0].since_told, 15);
    assert_int_equal(both.items[0].counts.failed, 5);
    assert_int_equal(both.items[1].incident[0], 2);
    assert_int_equal(both.items[2].incident[0], 3);
    assert_int_equal(both.severity, SEVERITY_critical);
    assert_int_equal(both.created, 100);
    assert_int_equal(both.id[0], 2);
    assert_int_equal(both.known, 3);
}

static void what_began_and_ended_is_not_told(void **state)
{
    (void)state;
    add(&older, 1, NEWS_first, SEVERITY_warning, 10);
    add(&newer, 1, NEWS_over, SEVERITY_warning, 0);
    join(0);
    add(&older, 2, NEWS_tenfold, SEVERITY_warning, 10);
    add(&newer, 2, NEWS_explained, SEVERITY_warning, 0);
    join(1);
    assert_int_equal(both.items[0].news, NEWS_explained);
}

static void what_ended_and_came_back_is_back(void **state)
{
    (void)state;
    add(&older, 1, NEWS_over, SEVERITY_critical, 0);
    add(&newer, 1, NEWS_again, SEVERITY_warning, 7);
    join(1);
    assert_int_equal(both.items[0].news, NEWS_again);
    assert_int_equal(both.items[0].since_told, 7);
    assert_int_equal(both.severity, SEVERITY_warning);
}

static void what_is_too_much_is_counted(void **state)
{
    (void)state;
    limits.notice_items = 1;
    older.more = 2;
    add(&older, 1, NEWS_first, SEVERITY_warning, 10);
    add(&newer, 2, NEWS_first, SEVERITY_warning, 20);
    join(1);
    assert_int_equal(both.items[0].incident[0], 2);
    assert_int_equal(both.more, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_incident_once_as_it_is_now),
        TEST(what_began_and_ended_is_not_told),
        TEST(what_ended_and_came_back_is_back),
        TEST(what_is_too_much_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
