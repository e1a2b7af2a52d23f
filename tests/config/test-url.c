
#include "unit.h"

#include "base/attr.h"
#include "url.h"

static void splits(void **state)
{
    static const struct {
        const char *text, *scheme, *host, *rest;
        uint16_t port;
    } cases[] = {
        {"imaps://imap.example.com", "imaps", "imap.example.com", "", 0},
        {"imap://imap.example.com:1143/", "imap", "imap.example.com", "/", 1143},
        {"https://[2001:db8::1]:443/a?b#c", "https", "2001:db8::1", "/a?b#c", 443},
        {"http://127.0.0.1?x", "http", "127.0.0.1", "?x", 0},
        {"https://bücher.example/@a:b", "https", "bücher.example", "/@a:b", 0},
        {"smtp://h:65535", "smtp", "h", "", 65535},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct url u;
        assert_int_equal(url_split(sv_c(cases[i].text), &u), URL_OK);
        assert_true(sv_eq(u.scheme, sv_c(cases[i].scheme)));
        assert_true(sv_eq(u.host, sv_c(cases[i].host)));
        assert_true(sv_eq(u.rest, sv_c(cases[i].rest)));
        assert_int_equal(u.port, cases[i].port);
    }
}

static void names_the_fault(void **state)
{
    static const struct {
        const char *text;
        enum url_fault fault;
    } cases[] = {
        {"", URL_SCHEME},
        {"imap.example.com", URL_SCHEME},
        {"://h", URL_SCHEME},
        {"imaps:/h", URL_SCHEME},
        {"imaps://u@h", URL_LOGIN},
        {"imaps://u:p@h:993/", URL_LOGIN},
        {"imaps://", URL_HOST},
        {"imaps://:993", URL_HOST},
        {"imaps://a b", URL_HOST},
        {"imaps://a%62", URL_HOST},
        {"imaps://-a", URL_HOST},
        {"imaps://[::1", URL_HOST},
        {"imaps://[127.0.0.1]", URL_HOST},
        {"imaps://[::1%25eth0]", URL_HOST},
        {"imaps://[]", URL_HOST},
        {"imaps://[::1]x", URL_PORT},
        {"imaps://h:", URL_PORT},
        {"imaps://h:0", URL_PORT},
        {"imaps://h:65536", URL_PORT},
        {"imaps://h:+1", URL_PORT},
        {"imaps://::1", URL_HOST},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct url u;
        assert_int_equal(url_split(sv_c(cases[i].text), &u), cases[i].fault);
    }
}

static void only_addresses_are_loopback(void **state)
{
    (void)state;
    assert_true(url_host_is_loopback(SV("127.0.0.1")));
    assert_true(url_host_is_loopback(SV("127.255.255.254")));
    assert_true(url_host_is_loopback(SV("::1")));
    assert_true(url_host_is_loopback(SV("::ffff:127.0.0.1")));
    assert_false(url_host_is_loopback(SV("localhost")));
    assert_false(url_host_is_loopback(SV("128.0.0.1")));
    assert_false(url_host_is_loopback(SV("126.255.255.255")));
    assert_false(url_host_is_loopback(SV("::2")));
    assert_false(url_host_is_loopback(SV("127.0.0.1.example.com")));
    assert_false(url_host_is_loopback(SV("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits),
        cmocka_unit_test(names_the_fault),
        cmocka_unit_test(only_addresses_are_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
