
#include "unit.h"

#include "address.h"
#include "base/attr.h"

static void takes_addresses(void **state)
{
    static const char *const good[] = {"a@example.com", "first.last+tag@mail.example.com", "root@localhost",
                                       "{x}!#$%&'*/=?^_`|~-@example.com", "a@xn--bcher-kva.example"};
    static const char *const bad[] = {
        "",         "a",          "@example.com", "a@",           ".a@example.com",
        "a.@b.com", "a..b@b.com", "a b@b.com",    "a@b@c",        "a@b com",
        "a@b..com", "a@.com",     "<a@b.com>",    "a@b.com\r\nX", "\"a\"@b.com",
        "a@[::1]",  "ä@b.com",    "a@bücher.com", "a,b@c.com",    "a@b.com."};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(address_is_valid(sv_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(address_is_valid(sv_c(bad[i])));
    assert_false(address_is_valid(sv_of("a@b\0c", 5)));
}

static void a_local_part_ends_at_64_octets(void **state)
{
    char text[] = "0123456789012345678901234567890123456789012345678901234567890123_@example.com";
    (void)state;
    assert_false(address_is_valid(sv_c(text)));
    assert_true(address_is_valid(sv_c(text + 1)));
}

static void takes_a_name_before_an_address(void **state)
{
    static const char *const good[] = {"a@example.com", "<a@example.com>", "DMARC watch <a@example.com>",
                                       "Überwacher, Inc. <a@example.com>", "No.blank<a@example.com>"};
    static const char *const bad[] = {"",
                                      "A <a@b.com",
                                      "A <a@b.com> x",
                                      "A <a@b.com>>",
                                      "A <<a@b.com>",
                                      "\"A\" <a@b.com>",
                                      "A\n <a@b.com>",
                                      "A > <a@b.com>",
                                      "A <a>",
                                      "\xff <a@b.com>",
                                      "A <x@y.com> <a@b.com>",
                                      "A a@b.com"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(address_is_valid_from(sv_c(good[i])));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(address_is_valid_from(sv_c(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_addresses),
        cmocka_unit_test(a_local_part_ends_at_64_octets),
        cmocka_unit_test(takes_a_name_before_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
