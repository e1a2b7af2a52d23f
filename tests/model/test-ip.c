#include "unit.h"

#include "model/ip.h"

static const char *round_trip(const char *text)
{
    static char out[IP_TEXT];
    struct ip ip;
    bool changed;
    return ip_parse_loose(sv_c(text), &ip, &changed) ? ip_text(&ip, out) : "";
}

static void reads_addresses_as_reports_write_them(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {" 192.0.2.1\t", "192.0.2.1"},
        {"[2001:DB8::1]", "2001:db8::1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
        {"010.000.002.001", "10.0.2.1"},
        {"2001:db8:0:0:0:0:0:1", "2001:db8::1"},
        {"1.2.3", ""},
        {"fe80::1%eth0", ""},
        {"192.0.2.1:25", ""},
        {"192.0.2.0/24", ""},
        {"256.1.1.1", ""},
        {"", ""},
        {"[]", ""},
        {"1.2.3.4.5", ""},
        {"0.0.0.0", "0.0.0.0"},
        {"000.0.0.0", "0.0.0.0"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(round_trip(cases[i][0]), cases[i][1]);
}

static void network(const char *text, struct cidr *out)
{
    struct err e;
    assert_true(cidr_parse(sv_c(text), out, &e));
}

static bool has(const char *net, const char *address)
{
    struct cidr c;
    struct ip ip;
    network(net, &c);
    assert_true(ip_parse(sv_c(address), &ip));
    return cidr_contains(&c, &ip);
}

static void networks_contain(void **state)
{
    (void)state;
    assert_true(has("192.0.2.0/24", "192.0.2.255"));
    assert_false(has("192.0.2.0/24", "192.0.3.0"));
    assert_true(has("198.51.100.16/28", "198.51.100.31"));
    assert_false(has("198.51.100.16/28", "198.51.100.32"));
    assert_true(has("192.0.2.1", "192.0.2.1"));
    assert_true(has("2001:db8::/32", "2001:db8:ffff::1"));
    assert_false(has("2001:db8::/32", "192.0.2.1"));
    assert_false(has("0.0.0.0/0", "2001:db8::1"));
    assert_false(has("::/0", "192.0.2.1"));
    assert_true(has("::/0", "2001:db8::1"));
    assert_true(has("::ffff:0:0/96", "192.0.2.1"));
    struct cidr a, b;
    network("192.0.2.128/25", &a);
    network("192.0.2.0/24", &b);
    assert_true(cidr_within(&a, &b));
    assert_false(cidr_within(&b, &a));
    network("::/0", &b);
    assert_true(cidr_within(&a, &b));
}

static void network_errors_say_what_was_meant(void **state)
{
    (void)state;
    struct cidr c;
    struct err e;
    assert_false(cidr_parse(SV("198.51.100.7/28"), &c, &e));
    assert_string_equal(e.msg, "198.51.100.7/28 has host bits set; did you mean 198.51.100.0/28?");
    assert_false(cidr_parse(SV("2001:db8::1/32"), &c, &e));
    assert_string_equal(e.msg, "2001:db8::1/32 has host bits set; did you mean 2001:db8::/32?");
    assert_false(cidr_parse(SV("192.0.2.0/33"), &c, &e));
    assert_false(cidr_parse(SV("192.0.2.0/"), &c, &e));
    assert_false(cidr_parse(SV("mail.example.com"), &c, &e));
}

static void prints_networks(void **state)
{
    (void)state;
    static const char *const texts[] = {"192.0.2.0/24", "192.0.2.1", "2001:db8::/48", "0.0.0.0/0", "::/0"};
    char out[CIDR_TEXT];
    struct cidr c;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        network(texts[i], &c);
        assert_string_equal(cidr_text(&c, out), texts[i]);
    }
    struct ip ip;
    assert_true(ip_parse(SV("203.0.113.77"), &ip));
    c = ip_neighbourhood(&ip);
    assert_string_equal(cidr_text(&c, out), "203.0.113.0/24");
    assert_true(ip_parse(SV("2001:db8:1:2::3"), &ip));
    c = ip_neighbourhood(&ip);
    assert_string_equal(cidr_text(&c, out), "2001:db8:1::/48");
}

static void orders_networks(void **state)
{
    (void)state;
    static const char *const ascending[] = {"192.0.2.0/24", "192.0.2.0/25", "192.0.2.0", "192.0.3.0/24",
                                            "2001:db8::/32"};
    struct cidr nets[COUNT_OF(ascending)];
    for (size_t i = 0; i < COUNT_OF(ascending); i++)
        assert_true(cidr_parse(sv_c(ascending[i]), &nets[i], &(struct err){0}));
    for (size_t i = 0; i < COUNT_OF(ascending); i++) {
        for (size_t k = 0; k < COUNT_OF(ascending); k++) {
            int c = cidr_cmp(&nets[i], &nets[k]);
            assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
        }
    }
}

static bool is_private(const char *text)
{
    struct ip ip;
    assert_true(ip_parse(sv_c(text), &ip));
    return ip_is_private(&ip);
}

/* The first and the last address of each network, and its neighbours on both sides where they are public. */
static void tells_private_addresses(void **state)
{
    static const char *const privates[] = {"0.0.0.0",
                                           "0.255.255.255",
                                           "10.0.0.0",
                                           "10.255.255.255",
                                           "100.64.0.0",
                                           "100.127.255.255",
                                           "127.0.0.1",
                                           "169.254.0.0",
                                           "169.254.169.254",
                                           "172.16.0.0",
                                           "172.31.255.255",
                                           "192.0.0.8",
                                           "192.168.0.0",
                                           "198.18.0.0",
                                           "198.19.255.255",
                                           "224.0.0.1",
                                           "255.255.255.255",
                                           "::",
                                           "::1",
                                           "fc00::",
                                           "fdff:ffff::1",
                                           "fe80::1",
                                           "fec0::1",
                                           "ff02::1",
                                           "64:ff9b::10.0.0.1",
                                           "64:ff9b:1::1",
                                           "2002:7f00:1::",
                                           "2002:c0a8:101::1",
                                           "::ffff:10.1.2.3",
                                           "::10.0.0.1",
                                           "2001::",
                                           "2001:0:a00:1::80ff:fffe",
                                           "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
                                           "::ffff:0:127.0.0.1",
                                           "2001:db8::5efe:10.0.0.1",
                                           "2001:db8::200:5efe:192.168.0.1"};
    static const char *const publics[] = {
        "1.0.0.0",         "9.255.255.255",   "11.0.0.0",         "100.63.255.255",
        "100.128.0.0",     "126.255.255.255", "128.0.0.0",        "169.253.255.255",
        "169.255.0.0",     "172.15.255.255",  "172.32.0.0",       "192.0.1.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255",   "198.20.0.0",
        "223.255.255.255", "2001:db8::1",     "fbff::1",          "64:ff9b::1.1.1.1",
        "2002:101:101::1", "2001:1::1",       "::ffff:0:1.1.1.1", "2001:db8::5efe:1.1.1.1",
        "2000:ffff::1"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(privates); i++)
        if (!is_private(privates[i]))
            fail_msg("%s", privates[i]);
    for (size_t i = 0; i < COUNT_OF(publics); i++)
        if (is_private(publics[i]))
            fail_msg("%s", publics[i]);
}

RUN_TESTS(cmocka_unit_test(tells_private_addresses), cmocka_unit_test(reads_addresses_as_reports_write_them),
          cmocka_unit_test(networks_contain), cmocka_unit_test(network_errors_say_what_was_meant),
          cmocka_unit_test(prints_networks), cmocka_unit_test(orders_networks))
