
#include "unit.h"

#include "hash.h"

struct fixture {
    struct cidr ips[2];
    struct dkim_identity dkim;
    sv texts[2];
    size_t senders[1];
    struct sender_cfg sender;
    struct domain_cfg domain;
    struct mailbox_cfg mailbox;
    struct config c;
};

static struct fixture fill(void)
{
    return (struct fixture){.ips = {{{{1}}, 128}, {{{2}}, 120}},
                            .dkim = {.domain = SV("example.com")},
                            .texts = {SV("ab"), SV("c")},
                            .c = {.max_age = 604800}};
}

static void hash_of(struct fixture *f, uint8_t out[32])
{
    f->c.senders = &f->sender;
    f->c.domains = &f->domain;
    f->c.mailboxes = &f->mailbox;
    f->c.n_senders = f->c.n_domains = 1;
    f->sender.ips = f->ips;
    f->sender.dkims = &f->dkim;
    f->sender.spfs = f->texts;
    f->domain.senders = f->senders;
    assert_true(config_hash(&f->c, out));
}

/* Whether `change` gives another hash than the plain fixture. */
#define CHANGES(change)                                                                                      \
    do {                                                                                                     \
        uint8_t before[32], after[32];                                                                       \
        struct fixture f = fill();                                                                           \
        hash_of(&f, before);                                                                                 \
        change;                                                                                              \
        hash_of(&f, after);                                                                                  \
        changed = memcmp(before, after, sizeof before) != 0;                                                 \
    } while (0)

static void covers_what_judging_uses(void **state)
{
    bool changed;
    struct rule_cfg own[RULE_END] = {{.off = true}};
    (void)state;
    CHANGES(f.c.max_age++);
    CHANGES(f.c.cool_down++);
    CHANGES(f.c.learn++);
    CHANGES(f.c.repeat.first++);
    CHANGES(f.c.repeat.most++);
    assert_true(changed);
    CHANGES(f.sender.name = SV("own"));
    assert_true(changed);
    CHANGES(f.c.n_mailboxes = 1);
    assert_false(changed); /* nobody is believed there */
    CHANGES((f.c.n_mailboxes = 1, f.mailbox.trust.in = TRUST_IN_GOOGLE));
    assert_true(changed);
    CHANGES(f.sender.kind = SENDER_FOREIGN);
    assert_true(changed);
    CHANGES(f.sender.n_ips = 1);
    assert_true(changed);
    CHANGES(f.sender.n_dkims = 1);
    assert_true(changed);
    CHANGES(f.sender.n_spfs = 1);
    assert_true(changed);
    CHANGES(f.sender.shared = true);
    assert_true(changed);
    CHANGES(f.sender.expires = 1);
    assert_true(changed);
    CHANGES(f.domain.name = SV("example.com"));
    assert_true(changed);
    CHANGES(f.domain.wildcard = true);
    assert_true(changed);
    CHANGES(f.domain.n_senders = 1);
    assert_true(changed);
    CHANGES(f.domain.parked = true);
    assert_true(changed);
    CHANGES(f.domain.policy.p = POLICY_REJECT);
    assert_true(changed);
    CHANGES(f.domain.min_messages = 2);
    assert_true(changed);
    CHANGES(f.domain.tenant = SV("acme"));
    assert_true(changed);
    CHANGES((f.sender.networks = f.ips, f.sender.n_networks = 1));
    assert_true(changed);
    CHANGES(f.c.rules[RULE_END - 1].off = true);
    assert_true(changed);
    CHANGES(f.c.rules[0].severity = SEVERITY_critical);
    assert_true(changed);
    CHANGES(f.domain.rules = own);
    assert_true(changed);
}

static void leaves_the_rest_out(void **state)
{
    struct mailbox_cfg mailbox = {.password = SV("x")};
    bool changed;
    (void)state;
    CHANGES(
        (f.c.mailboxes = &mailbox, f.c.n_mailboxes = 1, f.c.limits.workers = 3, f.sender.owner = SV("x")));
    assert_false(changed);
}

/* {"ab", "c"} and {"a", "bc"} differ though their octets are the same. */
static void texts_keep_their_borders(void **state)
{
    uint8_t one[32], two[32];
    struct fixture f = fill();
    (void)state;
    f.sender.n_spfs = 2;
    hash_of(&f, one);
    f.texts[0] = SV("a");
    f.texts[1] = SV("bc");
    hash_of(&f, two);
    assert_memory_not_equal(one, two, sizeof one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_what_judging_uses),
        cmocka_unit_test(leaves_the_rest_out),
        cmocka_unit_test(texts_keep_their_borders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
