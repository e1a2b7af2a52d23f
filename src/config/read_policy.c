/* Values of senders, domains, rules and routes. */
#include "base/clock.h"
#include "base/nearest.h"
#include "base/num.h"
#include "config/duration.h"
#include "load.h"
#include "model/domain.h"
#include "model/rule.h"
#include "model/silence.h"

static const char *const sender_kinds[] = {
    [SENDER_OURS] = "ours", [SENDER_FORWARDER] = "forwarder", [SENDER_FOREIGN] = "foreign"};

static sv all_words(struct loader *l, const char *const *words, size_t n)
{
    sv all = sv_c(words[0]);
    for (size_t i = 1; i < n; i++)
        all = arena_printf(l->a, "%.*s, %s", SV_ARG(all), words[i]);
    return all;
}

size_t take_choice(struct loader *l, const struct node *node, sv path, const char *const *words, size_t n)
{
    sv text;
    struct nearest near;
    size_t i = 0;
    if (!take_text(l, node, path, &text))
        return SIZE_MAX;
    nearest_start(&near, text);
    while (i < n && !sv_eq(text, sv_c(words[i])))
        nearest_offer(&near, sv_c(words[i++]));
    if (i < n)
        return i;
    sv best = nearest_best(&near);
    if (best.n)
        PROBLEM(l->p, node->at, bad_choice_near, path, text, all_words(l, words, n), best);
    else
        PROBLEM(l->p, node->at, bad_choice, path, text, all_words(l, words, n));
    return SIZE_MAX;
}

void read_sender_kind(struct loader *l, const struct value *v)
{
    size_t i = take_choice(l, v->node, v->path, sender_kinds, COUNT_OF(sender_kinds));
    if (i != SIZE_MAX)
        ((struct sender_cfg *)v->base)->kind = (enum sender_kind)i;
}

const char *sender_kind_word(enum sender_kind kind)
{
    return sender_kinds[kind];
}

void read_policy_word(struct loader *l, const struct value *v)
{
    static const char *const words[] = {"none", "quarantine", "reject"};
    size_t i = take_choice(l, v->node, v->path, words, COUNT_OF(words));
    if (i != SIZE_MAX)
        *(uint8_t *)value_field(v) = (uint8_t)(POLICY_NONE + i);
}

static size_t take_severity(struct loader *l, const struct node *node, sv path)
{
    const char *words[SEVERITY_END];
    for (unsigned i = 0; i < SEVERITY_END; i++)
        words[i] = severity_name((enum severity)i);
    return take_choice(l, node, path, words, SEVERITY_END);
}

static size_t take_rule(struct loader *l, const struct node *node, sv path)
{
    sv text;
    struct nearest near;
    enum rule_id id;
    if (!take_text(l, node, path, &text))
        return SIZE_MAX;
    if (rule_from_name(text, &id))
        return id;
    nearest_start(&near, text);
    for (unsigned i = 0; i < RULE_END; i++)
        nearest_offer(&near, sv_c(rule_name((enum rule_id)i)));
    sv best = nearest_best(&near);
    if (best.n)
        PROBLEM(l->p, node->at, bad_rule_near, path, text, best);
    else
        PROBLEM(l->p, node->at, bad_rule, path, text);
    return SIZE_MAX;
}

void read_severity(struct loader *l, const struct value *v)
{
    size_t i = take_severity(l, v->node, v->path);
    if (i != SIZE_MAX)
        ((struct rule_cfg *)v->base)->severity = (enum severity)i;
}

/* One word, or a list of words, as bits. */
uint64_t take_bits(struct loader *l, const struct value *v, take_fn *take)
{
    uint64_t bits = 0;
    size_t place = 0;
    if (v->node->kind != NODE_LIST) {
        size_t one = take(l, v->node, v->path);
        return one == SIZE_MAX ? 0 : UINT64_C(1) << one;
    }
    for (const struct node *e = v->node->first; e; e = e->next, place++) {
        size_t i = take(l, e, arena_printf(l->a, "%.*s[%zu]", SV_ARG(v->path), place));
        bits |= i == SIZE_MAX ? 0 : UINT64_C(1) << i;
    }
    return bits;
}

void read_severities(struct loader *l, const struct value *v)
{
    ((struct route_cfg *)v->base)->match.severities = (uint8_t)take_bits(l, v, take_severity);
}

void read_rule_names(struct loader *l, const struct value *v)
{
    ((struct route_cfg *)v->base)->match.rules = take_bits(l, v, take_rule);
}

void read_silenced_rules(struct loader *l, const struct value *v)
{
    ((struct silence_cfg *)v->base)->rules = take_bits(l, v, take_rule);
}

static size_t take_flag(struct loader *l, const struct value *v)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    size_t i = take_choice(l, v->node, v->path, words, COUNT_OF(words));
    return i == SIZE_MAX ? i : i % 2;
}

void read_flag(struct loader *l, const struct value *v)
{
    size_t is_set = take_flag(l, v);
    if (is_set != SIZE_MAX)
        *(bool *)value_field(v) = is_set;
}

void read_sandbox(struct loader *l, const struct value *v)
{
    static const char *const words[] = {"full", "best-effort"};
    size_t i = take_choice(l, v->node, v->path, words, COUNT_OF(words));
    if (i != SIZE_MAX)
        *(bool *)value_field(v) = i;
}

void read_unflag(struct loader *l, const struct value *v)
{
    size_t is_set = take_flag(l, v);
    if (is_set != SIZE_MAX)
        *(bool *)value_field(v) = !is_set;
}

bool take_domain(struct loader *l, const struct node *node, sv path, sv lead, sv *out)
{
    sv text;
    bool odd = false;
    if (!take_text(l, node, path, &text))
        return false;
    bool leads = lead.n && sv_starts(text, lead);
    sv name = domain_fold(l->a, sv_skip(text, leads ? lead.n : 0), &odd);
    if (odd || !domain_is_plain(name)) {
        PROBLEM(l->p, node->at, bad_name_value, path, text);
        return false;
    }
    *out = leads ? arena_printf(l->a, "%.*s%.*s", SV_ARG(lead), SV_ARG(name)) : name;
    return true;
}

void read_domain(struct loader *l, const struct value *v)
{
    sv name;
    if (take_domain(l, v->node, v->path, SV("."), &name))
        memcpy(value_field(v), &name, sizeof name);
}

/* The date's last moment is over at the next midnight, UTC. */
void read_date(struct loader *l, const struct value *v)
{
    sv text;
    int64_t start;
    char again[CLOCK_TEXT];
    if (!take_text(l, v->node, v->path, &text))
        return;
    /* What comes out again is a day that there is. */
    if (!clock_parse_iso(text, &start) || !sv_eq(sv_c(clock_date(start, again)), text)) {
        PROBLEM(l->p, v->node->at, bad_date, v->path, text);
        return;
    }
    int64_t after = start + DAY_SECONDS;
    memcpy(value_field(v), &after, sizeof after);
}

/* Digits, then at most two more after a point, in hundredths. */
static bool parse_hundredths(sv text, uint64_t *out)
{
    uint64_t whole, part = 0;
    size_t dot = sv_find_char(text, '.', 0);
    sv digits = dot == SIZE_MAX ? SV("0") : sv_skip(text, dot + 1);
    if (!num_u64(sv_first(text, dot == SIZE_MAX ? text.n : dot), 100, &whole) || digits.n > 2 ||
        !num_u64(digits, 99, &part))
        return false;
    *out = whole * 100 + part * (digits.n == 1 ? 10 : 1);
    return true;
}

/* "0.0250": as parse_hundredths with two digits more. */
static bool parse_fraction(sv text, uint64_t *bp)
{
    uint64_t part;
    sv digits = sv_starts(text, SV("0.")) ? sv_skip(text, 2) : SV_ABSENT;
    if (digits.n == 0 || digits.n > 4 || !num_u64(digits, 9999, &part))
        return false;
    for (size_t i = digits.n; i < 4; i++)
        part *= 10;
    *bp = part;
    return true;
}

void read_share(struct loader *l, const struct value *v)
{
    sv text;
    uint64_t bp = 0;
    if (!take_text(l, v->node, v->path, &text))
        return;
    bool percent = sv_ends(text, SV("%"));
    bool ok = percent ? parse_hundredths(sv_first(text, text.n - 1), &bp) : parse_fraction(text, &bp);
    uint64_t number;
    if (ok && bp >= 1 && bp <= 10000)
        *(uint32_t *)value_field(v) = (uint32_t)bp;
    else if (num_u64(text, 100, &number))
        PROBLEM(l->p, v->node->at, share_ambiguous, v->path, text, text);
    else
        PROBLEM(l->p, v->node->at, bad_share, v->path, text);
}

void read_days(struct loader *l, const struct value *v)
{
    sv text;
    int64_t seconds;
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (duration_parse(text, &seconds) && seconds % DAY_SECONDS == 0 &&
        seconds >= v->key->min * DAY_SECONDS && seconds <= v->key->max * DAY_SECONDS)
        *(uint32_t *)value_field(v) = (uint32_t)(seconds / DAY_SECONDS);
    else
        PROBLEM(l->p, v->node->at, bad_days, v->path, text);
}

void read_factor(struct loader *l, const struct value *v)
{
    uint64_t number;
    sv text;
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (num_u64(text, (uint64_t)v->key->max, &number) && number >= (uint64_t)v->key->min)
        *(uint32_t *)value_field(v) = (uint32_t)number;
    else
        PROBLEM(l->p, v->node->at, bad_number, v->path, text, NUMBER((uint64_t)v->key->min),
                NUMBER((uint64_t)v->key->max));
}

static void refuse_knobs(struct loader *l, enum rule_id id, const struct node *e, sv path)
{
    for (unsigned k = 0; k < KNOB_END; k++) {
        const struct node *n = node_get(e, sv_c(rule_knob_name((enum rule_knob_id)k)));
        if (n && rule_knob(id, (enum rule_knob_id)k).max == 0)
            PROBLEM(l->p, n->key_at, unknown_key, n->key, path);
    }
}

/* One rule of a map of them. of_domain: a rule that is off for all is on there by whatever it says of it. */
static void read_rule(struct loader *l, const struct node *e, sv below, struct rule_cfg *rules,
                      bool of_domain)
{
    sv path = load_below(l, below, e->key);
    struct node name = {.kind = NODE_TEXT, .at = e->key_at, .text = e->key};
    size_t id = take_rule(l, &name, below);
    if (id == SIZE_MAX)
        return;
    struct rule_cfg *rule = &rules[id];
    if (e->kind == NODE_MAP)
        refuse_knobs(l, (enum rule_id)id, e, path);
    rule->on = of_domain;
    if (e->kind == NODE_MAP)
        load_keys(l, "rules.*", path, e, rule);
    else if (e->kind == NODE_TEXT && sv_eq(e->text, SV("off")))
        *rule = (struct rule_cfg){.off = true, .severity = SEVERITY_END};
    else if (!of_domain || e->kind != NODE_TEXT || !sv_eq(e->text, SV("on")))
        PROBLEM(l->p, e->at, rule_shape, path);
}

static void read_map_of_rules(struct loader *l, const struct value *v, struct rule_cfg *rules, bool of_domain)
{
    if (v->node->kind != NODE_MAP) {
        PROBLEM(l->p, v->node->at, not_map, v->path);
        return;
    }
    for (const struct node *e = v->node->first; e; e = e->next)
        if (e->kind != NODE_REFUSED)
            read_rule(l, e, v->path, rules, of_domain);
}

void read_rules(struct loader *l, const struct value *v)
{
    read_map_of_rules(l, v, l->c->rules, false);
}

/* On top of those of defaults, which stay as they are. */
void read_domain_rules(struct loader *l, const struct value *v)
{
    struct domain_cfg *d = v->base;
    struct rule_cfg *rules = arena_array(l->a, RULE_END, sizeof *rules);
    for (size_t i = 0; rules && i < RULE_END; i++)
        rules[i] = d->rules ? d->rules[i] : (struct rule_cfg){.severity = SEVERITY_END};
    if (rules == NULL)
        return;
    read_map_of_rules(l, v, rules, true);
    d->rules = rules;
}

/* Done before: what it names is part of the tree. */
void read_include(struct loader *l, const struct value *v)
{
    (void)l;
    (void)v;
}

void check_sender(struct loader *l, const struct node *node, sv path, const void *entry)
{
    static const char *const evidence[] = {"ip", "dkim", "spf", "signs_as", "bounces_as", "networks"};
    const struct sender_cfg *s = entry;
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(evidence); i++) {
        const struct node *e = node_get(node, sv_c(evidence[i]));
        n += e && (e->kind != NODE_LIST || e->n > 0);
    }
    if (n == 0)
        PROBLEM(l->p, node->key_at, no_evidence, path);
    if (s->n_networks && s->kind != SENDER_OURS)
        PROBLEM(l->p, node->key_at, networks_not_ours, path);
}

static bool is_given(const struct node *map, const char *key)
{
    const struct node *e = node_get(map, sv_c(key));
    return e && (e->kind == NODE_LIST ? e->n > 0 : e->kind != NODE_TEXT || e->text.n > 0);
}

/* As of those of the command line: one that fits all would hide what nobody has thought of. */
void check_silence(struct loader *l, const struct node *node, sv path, const void *entry)
{
    static const char *const matchers[] = {"rule", "domain", "tenant", "subject"};
    const struct silence_cfg *s = entry;
    const struct node *until = node_get(node, SV("until"));
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(matchers); i++)
        n += is_given(node, matchers[i]);
    if (n == 0)
        PROBLEM(l->p, node->at, silence_of_all, path);
    if (until && s->ends - DAY_SECONDS > clock_now() + SILENCE_DAYS_MOST * DAY_SECONDS)
        PROBLEM(l->p, until->at, silence_too_long, load_below(l, path, until->key), until->text,
                NUMBER(SILENCE_DAYS_MOST));
}

void check_domain(struct loader *l, const struct node *node, sv path, const void *entry)
{
    const struct domain_cfg *d = entry;
    if (d->parked && d->n_senders && node_get(node, SV("senders"))) /* those of defaults do not count */
        PROBLEM(l->p, node->key_at, parked_senders, path);
}
