/* What was never seen before: selectors, names below the domain, networks that pass. */
#include <stdlib.h>

#include "base/clock.h"
#include "finding.h"

enum {
    NAMES_SINGLY = 5,  /* more new names at once are one finding */
    MANY_A_DAY = 100,  /* signed messages of a new network that are a replay or a service, no accident */
    RELAYED_SHARE = 50 /* one in so many of a day's mail at least */
};

static int compare_known(enum alert_known_kind kind, sv key, const struct alert_known *k)
{
    return kind != k->kind ? (kind < k->kind ? -1 : 1) : sv_cmp(key, k->key);
}

/* The first day, or INT64_MAX. */
static int64_t known_since(const struct alert_case *c, enum alert_known_kind kind, sv key)
{
    size_t low = 0, high = c->n_known;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = compare_known(kind, key, &c->known[mid]);
        if (order == 0)
            return c->known[mid].first_day;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return INT64_MAX;
}

static void remember(struct survey *s, enum alert_known_kind kind, sv key, int64_t day)
{
    struct alert_known *more = arena_more(s->a, s->news, s->n_news, &s->room_news, sizeof *more);
    if (more == NULL)
        return;
    s->news = more;
    s->news[s->n_news++] = (struct alert_known){kind, arena_sv(s->a, key), day};
}

static bool is_full(const struct survey *s)
{
    return s->c->n_known + s->n_news >= s->c->config->limits.domain_networks;
}

static const struct {
    enum figure_kind figure;
    enum alert_known_kind known;
} kinds[] = {{FIGURE_selector, KNOWN_selector}, {FIGURE_name, KNOWN_name}, {FIGURE_passing, KNOWN_network}};

static void remember_kind(struct survey *s, size_t kind)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, kinds[kind].figure, s->a, &n);
    for (size_t i = 0; list && i < n && !is_full(s); i++) {
        int64_t first = list[i]->days.p[0].day;
        if (first < known_since(s->c, kinds[kind].known, list[i]->key.text))
            remember(s, kinds[kind].known, list[i]->key.text, first);
    }
}

void novel_remember(struct survey *s)
{
    size_t n;
    const struct figure **mail = figures_list(s->figures, FIGURE_mail, s->a, &n);
    int64_t since = known_since(s->c, KNOWN_data, SV("")), was = since;
    for (size_t i = 0; mail && i < n; i++)
        since = mail[i]->days.p[0].day < since ? mail[i]->days.p[0].day : since;
    s->data_since = since;
    if (since < was)
        remember(s, KNOWN_data, SV(""), since);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        remember_kind(s, i);
}

/* First seen in the last week, and after the days of learning. What does not fit into what is remembered is
 * not new. */
static bool is_new(const struct survey *s, enum alert_known_kind kind, const struct figure *f)
{
    int64_t known = known_since(s->c, kind, f->key.text), first = f->days.p[0].day;
    if (known == INT64_MAX && is_full(s))
        return false;
    first = known < first ? known : first;
    return first > s->today - ALERT_WINDOW_DAYS && first <= s->today &&
           first - s->data_since >= s->c->config->learn / DAY_SECONDS;
}

static struct finding finding_of(const struct survey *s, enum rule_id rule, const struct figure *f)
{
    struct day_sum all = figure_sum(f, s->today - ALERT_WINDOW_DAYS + 1, s->today);
    size_t last = f->days.n - 1;
    while (last > 0 && f->days.p[last].day > s->today)
        last--;
    return (struct finding){.rule = rule,
                            .of = f->key,
                            .subject = f->key.text,
                            .first_day = f->days.p[0].day,
                            .last_day = f->days.p[last].day,
                            .counts = all.counts,
                            .sure = all.sure.total > 0};
}

static bool is_parked(const struct survey *s)
{
    return s->c->config->domains[s->c->entry].parked;
}

/* "SELECTOR._domainkey.DOMAIN", as it stands in DNS, of "DOMAIN SELECTOR". */
static sv key_name(arena *a, sv text)
{
    sv domain;
    if (!sv_split(&text, ' ', &domain))
        return text;
    return arena_printf(a, "%.*s._domainkey.%.*s", SV_ARG(text), SV_ARG(domain));
}

/* What passes as a parked domain is told as that. */
void novel_selectors(struct survey *s, const struct rule *rule)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, FIGURE_selector, s->a, &n);
    for (size_t i = 0; list && i < n && !is_parked(s); i++) {
        struct finding f = finding_of(s, RULE_new_dkim_selector, list[i]);
        if (!is_new(s, KNOWN_selector, list[i]) || f.counts.failed < rule->messages)
            continue;
        f.subject = key_name(s->a, list[i]->key.text);
        f.harmful = true;
        f.sure_harmful = f.sure;
        findings_put(s, &f);
    }
}

/* Messages of the network that passed by a signature; NULL: none did. */
static const struct figure *signed_by(const struct survey *s, const struct figure *network)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, FIGURE_signed, s->a, &n);
    for (size_t i = 0; list && i < n; i++)
        if (sv_eq(list[i]->key.text, network->key.text))
            return list[i];
    return NULL;
}

/* The most of a day; sure: of what verified reports say. */
static uint64_t most_of(const struct figure *f, bool sure)
{
    uint64_t most = 0;
    for (size_t d = 0; f && d < f->days.n; d++) {
        uint64_t n = sure ? f->days.p[d].sure.total : f->days.p[d].counts.total;
        most = n > most ? n : most;
    }
    return most;
}

/* By SPF alone: our record allows more than our servers, which is a warning. By a signature: a key of ours is
 * elsewhere, and many such messages are critical; some may have been passed on by hands that nobody knows. A
 * severity that the configuration sets is for both. */
static void weigh_source(const struct survey *s, const struct rule *rule, const struct figure *network,
                         struct finding *f)
{
    const struct figure *by_key = signed_by(s, network);
    uint64_t keyed = by_key ? figure_sum(by_key, network->days.p[0].day, s->today).counts.total : 0;
    f->harmful = keyed < f->counts.total || most_of(network, false) >= MANY_A_DAY;
    f->sure_harmful =
        most_of(by_key, true) >= MANY_A_DAY || (rule->mild == rule->harm && f->sure && f->harmful);
}

/* Of all reporters. */
static uint64_t usual_of(const struct survey *s)
{
    size_t n;
    struct counts all = {0};
    const struct figure **list = figures_list(s->figures, FIGURE_mail, s->a, &n);
    for (size_t i = 0; list && i < n; i++) {
        struct day_sum week = figure_sum(list[i], s->today - ALERT_WINDOW_DAYS + 1, s->today);
        counts_add(&all, &week.counts);
    }
    return all.total / ALERT_WINDOW_DAYS;
}

static bool is_among(const struct figure *const *list, size_t n, sv network)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(list[i]->key.text, network))
            return true;
    return false;
}

/* Not remembered: who passes mail on so much does it again within the days that are looked at. Which hand it
 * is in nobody can see, so that it is a warning at most. */
static void find_relays(struct survey *s, const struct rule *rule, const struct figure *const *passing,
                        size_t n_passing)
{
    size_t n;
    uint64_t usual = usual_of(s),
             least = usual / RELAYED_SHARE > MANY_A_DAY ? usual / RELAYED_SHARE : MANY_A_DAY;
    const struct figure **list = figures_list(s->figures, FIGURE_relayed, s->a, &n);
    for (size_t i = 0; list && i < n; i++) {
        struct finding f = finding_of(s, RULE_new_source_passing, list[i]);
        if (!is_new(s, KNOWN_network, list[i]) || most_of(list[i], false) < least ||
            f.counts.failed < rule->messages || is_among(passing, n_passing, list[i]->key.text))
            continue;
        f.harmful = true;
        f.sure_harmful = rule->mild == rule->harm && f.sure;
        findings_put(s, &f);
    }
}

void novel_sources(struct survey *s, const struct rule *rule)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, FIGURE_passing, s->a, &n);
    for (size_t i = 0; list && i < n && !is_parked(s); i++) {
        struct finding f = finding_of(s, RULE_new_source_passing, list[i]);
        if (!is_new(s, KNOWN_network, list[i]) || f.counts.failed < rule->messages)
            continue;
        weigh_source(s, rule, list[i], &f);
        findings_put(s, &f);
    }
    if (list && !is_parked(s))
        find_relays(s, rule, list, n);
}

static void name_harm(const struct survey *s, const struct rule *rule, struct finding *f)
{
    f->harmful = f->counts.by_fate[FATE_let_through] >= rule->harm_messages && !finding_is_none(s->c);
    f->sure_harmful = f->sure && f->harmful;
}

/* Strangers can make up names without end: many are one finding. */
static void put_names(struct survey *s, const struct rule *rule, struct finding *names, size_t n)
{
    struct finding all = {.rule = RULE_new_subdomain,
                          .of = {.kind = FIGURE_name, .sender = SIZE_MAX},
                          .subject = SUBJECT_REST,
                          .first_day = s->today,
                          .much = n};
    for (size_t i = 0; i < n; i++) {
        all.first_day = names[i].first_day < all.first_day ? names[i].first_day : all.first_day;
        all.last_day = names[i].last_day > all.last_day ? names[i].last_day : all.last_day;
        all.sure = all.sure || names[i].sure;
        counts_add(&all.counts, &names[i].counts);
        name_harm(s, rule, &names[i]);
        if (n <= NAMES_SINGLY)
            findings_put(s, &names[i]);
    }
    name_harm(s, rule, &all);
    if (n > NAMES_SINGLY)
        findings_put(s, &all);
}

void novel_names(struct survey *s, const struct rule *rule)
{
    size_t n, found = 0;
    const struct figure **list = figures_list(s->figures, FIGURE_name, s->a, &n);
    struct finding *names = arena_array(s->a, n, sizeof *names);
    for (size_t i = 0; list && names && i < n; i++) {
        struct finding f = finding_of(s, RULE_new_subdomain, list[i]);
        f.much = 1;
        if (is_new(s, KNOWN_name, list[i]) && f.counts.total >= rule->messages)
            names[found++] = f;
    }
    if (names)
        put_names(s, rule, names, found);
}
