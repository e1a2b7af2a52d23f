/* Values of senders, domains, rules and routes as YAML. */
#include "base/clock.h"
#include "load.h"
#include "print.h"

static void put_text(struct printer *p, const void *item)
{
    print_word(p->out, *(const sv *)item);
}

static void put_channel(struct printer *p, const void *item)
{
    size_t i = *(const size_t *)item;
    print_word(p->out, i == TO_TENANT ? SV("tenant") : p->c->channels[i].name);
}

void print_channels(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(size_t), put_channel);
}

void print_recipients(struct printer *p, const struct key *k, const void *base)
{
    print_channels(p, k, base);
}

void print_text_channels(struct printer *p, const struct key *k, const void *base)
{
    print_channels(p, k, base);
}

void print_names(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(sv), put_text);
}

void print_patterns(struct printer *p, const struct key *k, const void *base)
{
    print_names(p, k, base);
}

void print_selectors(struct printer *p, const struct key *k, const void *base)
{
    print_names(p, k, base);
}

void print_tenants(struct printer *p, const struct key *k, const void *base)
{
    print_names(p, k, base);
}

void print_domain(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_items(struct printer *p, const struct key *k, const void *base)
{
    char pattern[64] = {0};
    size_t n = print_field_count(k, base), length = strlen(k->path);
    if (n == 0)
        return;
    memcpy(pattern, k->path, length);
    memcpy(pattern + length, ".#", 2);
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    p->indent += PRINT_STEP;
    for (size_t i = 0; i < n; i++) {
        buf_printf(p->out, "%*s-\n", p->indent, "");
        p->indent += PRINT_STEP;
        print_keys(p, pattern, (const char *)print_field_items(k, base) + i * k->size);
        p->indent -= PRINT_STEP;
    }
    p->indent -= PRINT_STEP;
}

/* "key: [a, b]" of the words whose bits are set. */
void print_bits(struct printer *p, const struct key *k, uint64_t bits, const char *(*word)(unsigned))
{
    const char *apart = " [";
    if (bits == 0)
        return;
    print_key(p, print_leaf(k));
    for (unsigned i = 0; i < 64; i++) {
        if ((bits >> i & 1) == 0)
            continue;
        buf_puts(p->out, apart);
        buf_puts(p->out, word(i));
        apart = ", ";
    }
    buf_puts(p->out, "]\n");
}

static const char *severity_word(unsigned i)
{
    return severity_name((enum severity)i);
}

static const char *rule_word(unsigned i)
{
    return rule_name((enum rule_id)i);
}

void print_severities(struct printer *p, const struct key *k, const void *base)
{
    print_bits(p, k, ((const struct route_cfg *)base)->match.severities, severity_word);
}

void print_rule_names(struct printer *p, const struct key *k, const void *base)
{
    print_bits(p, k, ((const struct route_cfg *)base)->match.rules, rule_word);
}

void print_silenced_rules(struct printer *p, const struct key *k, const void *base)
{
    print_bits(p, k, ((const struct silence_cfg *)base)->rules, rule_word);
}

void print_sender_kind(struct printer *p, const struct key *k, const void *base)
{
    enum sender_kind kind = ((const struct sender_cfg *)base)->kind;
    if (kind != SENDER_OURS)
        print_line(p, k, sv_c(sender_kind_word(kind)));
}

void print_policy_word(struct printer *p, const struct key *k, const void *base)
{
    struct word w = {*(const uint8_t *)print_field(k, base), SV_ABSENT};
    if (w.v != POLICY_ABSENT)
        print_line(p, k, word_text(POLICY_LIST, w));
}

void print_severity(struct printer *p, const struct key *k, const void *base)
{
    const struct rule_cfg *r = base;
    if (r->severity != SEVERITY_END)
        print_line(p, k, sv_c(severity_name(r->severity)));
}

void print_sandbox(struct printer *p, const struct key *k, const void *base)
{
    print_line(p, k, *(const bool *)print_field(k, base) ? SV("best-effort") : SV("full"));
}

void print_flag(struct printer *p, const struct key *k, const void *base)
{
    if (*(const bool *)print_field(k, base))
        print_line(p, k, SV("true"));
}

void print_unflag(struct printer *p, const struct key *k, const void *base)
{
    if (*(const bool *)print_field(k, base))
        print_line(p, k, SV("false"));
}

void print_date(struct printer *p, const struct key *k, const void *base)
{
    char text[CLOCK_TEXT];
    int64_t after = *(const int64_t *)print_field(k, base);
    if (after)
        print_line(p, k, sv_c(clock_date(after - DAY_SECONDS, text)));
}

void print_share(struct printer *p, const struct key *k, const void *base)
{
    uint32_t bp = *(const uint32_t *)print_field(k, base);
    if (bp == 0)
        return;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %u.%02u%%\n", bp / 100, bp % 100);
}

void print_days(struct printer *p, const struct key *k, const void *base)
{
    uint32_t days = *(const uint32_t *)print_field(k, base);
    if (days == 0)
        return;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %ud\n", days);
}

void print_factor(struct printer *p, const struct key *k, const void *base)
{
    uint32_t factor = *(const uint32_t *)print_field(k, base);
    if (factor == 0)
        return;
    print_key(p, print_leaf(k));
    buf_printf(p->out, " %u\n", factor);
}

static void print_rule(struct printer *p, enum rule_id id, const struct rule_cfg *rule)
{
    size_t before = p->out->n;
    print_key(p, sv_c(rule_name(id)));
    if (rule->off) {
        buf_puts(p->out, " off\n");
        return;
    }
    buf_char(p->out, '\n');
    size_t head = p->out->n;
    p->indent += PRINT_STEP;
    print_keys(p, "rules.*", rule);
    p->indent -= PRINT_STEP;
    if (p->out->n > head)
        return;
    p->out->n = rule->on ? head - 1 : before;
    if (rule->on)
        buf_puts(p->out, " on\n");
}

/* What is printed holds them all. */
void print_include(struct printer *p, const struct key *k, const void *base)
{
    (void)p;
    (void)k;
    (void)base;
}

static void print_map_of_rules(struct printer *p, const struct key *k, const struct rule_cfg *rules)
{
    size_t before = p->out->n;
    print_key(p, print_leaf(k));
    buf_char(p->out, '\n');
    size_t head = p->out->n;
    p->indent += PRINT_STEP;
    for (unsigned id = 0; id < RULE_END; id++)
        print_rule(p, (enum rule_id)id, &rules[id]);
    p->indent -= PRINT_STEP;
    if (p->out->n == head)
        p->out->n = before;
}

void print_rules(struct printer *p, const struct key *k, const void *base)
{
    (void)base;
    print_map_of_rules(p, k, p->c->rules);
}

void print_domain_rules(struct printer *p, const struct key *k, const void *base)
{
    const struct domain_cfg *d = base;
    if (d->rules)
        print_map_of_rules(p, k, d->rules);
}
