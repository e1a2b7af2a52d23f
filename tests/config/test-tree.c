
#include "unit.h"

#include "tree.h"

enum { MEMORY = 1 << 20, ERRORS = 20 };

struct fixture {
    arena a;
    struct limits limits;
    struct config_errors errors;
};

static int set_up(void **state)
{
    static struct fixture f;
    arena_init(&f.a, MEMORY);
    limits_default(&f.limits);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(&((struct fixture *)*state)->a);
    return 0;
}

static struct node *read(struct fixture *f, const char *text)
{
    struct problems p;
    problems_start(&p, &f->errors, ERRORS, &f->a);
    return tree_read(sv_c(text), SV("f.yml"), &f->limits, &f->a, &p);
}

static void keeps_places_and_quotes(void **state)
{
    struct fixture *f = *state;
    const struct node *root = read(f, "one: two\nlist:\n  - 'x'\n  - {größe: 1, y: \"2\"}\nempty:\n");
    assert_non_null(root);
    assert_int_equal(f->errors.n, 0);
    assert_int_equal(root->kind, NODE_MAP);
    assert_int_equal(root->n, 3);
    const struct node *one = root->first, *list = one->next, *empty = list->next;
    assert_true(sv_eq(one->key, SV("one")) && sv_eq(one->text, SV("two")) && !one->quoted);
    assert_int_equal(one->key_at.line, 1);
    assert_int_equal(one->key_at.column, 1);
    assert_int_equal(one->at.column, 6);
    assert_int_equal(list->kind, NODE_LIST);
    assert_int_equal(list->n, 2);
    assert_true(list->first->quoted && sv_eq(list->first->text, SV("x")));
    assert_int_equal(list->first->at.line, 3);
    const struct node *y = node_get(list->first->next, SV("y"));
    assert_true(y->quoted);
    assert_int_equal(y->key_at.column, 16); /* characters, not octets */
    assert_int_equal(empty->kind, NODE_TEXT);
    assert_true(empty->text.n == 0 && !empty->quoted);
    assert_null(node_get(root, SV("on")));
}

static void plain_words_stay_texts(void **state)
{
    struct fixture *f = *state;
    const struct node *root = read(f, "[no, on, 0x10, 1e3, ~, null, .inf, 2026-11-24]");
    static const char *const words[] = {"no", "on", "0x10", "1e3", "~", "null", ".inf", "2026-11-24"};
    size_t i = 0;
    for (const struct node *n = root->first; n; n = n->next)
        assert_true(sv_eq(n->text, sv_c(words[i++])));
    assert_int_equal(i, COUNT_OF(words));
}

static void the_first_of_two_keys_stays(void **state)
{
    struct fixture *f = *state;
    const struct node *root = read(f, "a: 1\nb: 2\na: 3\na: 4\n");
    assert_int_equal(f->errors.n, 2);
    assert_string_equal(f->errors.list[1].text, "duplicate key 'a' (first at f.yml:1:1)");
    assert_int_equal(f->errors.list[1].line, 4);
    assert_true(sv_eq(node_get(root, SV("a"))->text, SV("1")));
    assert_int_equal(root->first->next->next->kind, NODE_REFUSED);
}

static void depth_is_counted(void **state)
{
    struct fixture *f = *state;
    f->limits.config_depth = 3;
    assert_non_null(read(f, "a: [[1]]"));
    assert_null(read(f, "a: [[[1]]]"));
    assert_string_equal(f->errors.list[0].code, "too_deep");
    assert_int_equal(f->errors.list[0].column, 6);
}

static void errors_are_sorted_and_capped(void **state)
{
    struct fixture *f = *state;
    struct problems p;
    problems_start(&p, &f->errors, 3, &f->a);
    static const unsigned lines[] = {5, 2, 9, 1, 7, 2};
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        PROBLEM(&p, ((struct place){SV("f"), lines[i], (unsigned)i + 1}), bad_network, NUMBER(lines[i]),
                SV("x"));
    assert_int_equal(f->errors.n, 3);
    assert_int_equal(f->errors.more, 3);
    assert_string_equal(f->errors.list[0].text, "1: x");
    assert_int_equal(f->errors.list[1].column, 2);
    assert_int_equal(f->errors.list[2].column, 6);
}

static void long_arguments_are_cut_at_a_character(void **state)
{
    struct fixture *f = *state;
    struct problems p;
    char text[2 * CONFIG_TEXT];
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "ü", 2);
    problems_start(&p, &f->errors, 3, &f->a);
    PROBLEM(&p, ((struct place){.file = SV("f")}), bad_network, SV("x"), sv_of(text, sizeof text));
    size_t n = strlen(f->errors.list[0].text);
    assert_in_range(n, CONFIG_TEXT - 2, CONFIG_TEXT - 1);
    assert_int_equal((n - 3) % 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_places_and_quotes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plain_words_stay_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_of_two_keys_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_are_sorted_and_capped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_arguments_are_cut_at_a_character, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
