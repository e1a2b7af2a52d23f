#include "finding.h"

#include "base/clock.h"

bool finding_is_none(const struct alert_case *c)
{
    return c->published == POLICY_NONE;
}

void findings_put(struct survey *s, const struct finding *f)
{
    struct finding *more = arena_more(s->a, s->list, s->n, &s->room, sizeof *more);
    if (more == NULL)
        return;
    s->list = more;
    s->list[s->n] = *f;
    s->list[s->n].subject = arena_sv(s->a, f->subject); /* figures go before incidents */
    s->list[s->n++].item = SIZE_MAX;
}

/* Days with mail of a figure in the last ALERT_WINDOW_DAYS. */
static void set_days(const struct survey *s, const struct figure *f, struct finding *out)
{
    out->first_day = out->last_day = s->today;
    for (size_t i = f->days.n; i-- > 0 && f->days.p[i].day > s->today - ALERT_WINDOW_DAYS;)
        if (f->days.p[i].counts.failed)
            out->first_day = f->days.p[i].day;
    for (size_t i = f->days.n; i-- > 0;)
        if (f->days.p[i].counts.failed && f->days.p[i].day <= s->today) {
            out->last_day = f->days.p[i].day;
            break;
        }
}

/* One for each reporter that has enough of a kind in a week. */
static void find_by_reporter(struct survey *s, const struct rule *rule, enum rule_id id,
                             enum figure_kind kind)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, kind, s->a, &n);
    for (size_t i = 0; list && i < n; i++) {
        struct day_sum week = figure_sum(list[i], s->today - rule->window_days + 1, s->today);
        struct finding f = {
            .rule = id, .of = list[i]->key, .subject = list[i]->key.text, .counts = week.counts};
        if (week.counts.failed < rule->messages)
            continue;
        f.harmful = rule->harm_messages && week.counts.failed >= rule->harm_messages;
        f.sure = week.sure.failed >= rule->messages;
        f.sure_harmful = rule->harm_messages && week.sure.failed >= rule->harm_messages;
        set_days(s, list[i], &f);
        findings_put(s, &f);
    }
}

static void find_not_applied(struct survey *s, const struct rule *rule)
{
    find_by_reporter(s, rule, RULE_policy_not_applied, FIGURE_not_applied);
}

static void find_untrusted(struct survey *s, const struct rule *rule)
{
    find_by_reporter(s, rule, RULE_report_untrusted, FIGURE_untrusted);
}

/* Networks of strangers that were let through in the last week. */
static uint64_t count_networks(const struct survey *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->sums->sources.n_slots; i++) {
        const struct source *source = (const struct source *)s->sums->sources.slots[i];
        if (source == NULL || source->key.rule != RULE_unknown_source || source->days.n == 0)
            continue;
        n += source->days.p[source->days.n - 1].day > s->today - ALERT_WINDOW_DAYS;
    }
    return n;
}

/* A domain that asks for nothing is told so once, and not of each stranger. */
static void find_spoofed(struct survey *s, const struct rule *rule)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, FIGURE_unknown_failed, s->a, &n);
    struct finding f = {.rule = RULE_spoofed_under_none,
                        .of = {.kind = FIGURE_unknown_failed, .sender = SIZE_MAX},
                        .subject = s->c->domain,
                        .harmful = true,
                        .first_day = s->today,
                        .last_day = s->today};
    uint64_t sure = 0;
    if (!finding_is_none(s->c))
        return;
    for (size_t i = 0; list && i < n; i++) {
        struct finding days = {0};
        struct day_sum week = figure_sum(list[i], s->today - rule->window_days + 1, s->today);
        counts_add(&f.counts, &week.counts);
        sure += week.sure.by_fate[FATE_let_through];
        set_days(s, list[i], &days);
        f.first_day = week.counts.failed && days.first_day < f.first_day ? days.first_day : f.first_day;
    }
    if (f.counts.by_fate[FATE_let_through] < rule->messages)
        return;
    f.sure = f.sure_harmful = sure >= rule->messages;
    f.much = count_networks(s);
    findings_put(s, &f);
}

void findings_make(struct survey *s, const struct alert_case *c, const struct figures *f,
                   const struct sums *sums, arena *a)
{
    static const struct {
        enum rule_id id;
        void (*find)(struct survey *s, const struct rule *rule);
    } finders[] = {
        {RULE_sender_leg_lost, compare_legs},      {RULE_spoofed_under_none, find_spoofed},
        {RULE_new_source_passing, novel_sources},  {RULE_new_dkim_selector, novel_selectors},
        {RULE_volume_spike, compare_volume},       {RULE_pass_rate_drop, compare_rate},
        {RULE_new_subdomain, novel_names},         {RULE_policy_not_applied, find_not_applied},
        {RULE_reporter_silent, compare_reporters}, {RULE_report_untrusted, find_untrusted},
    };
    *s = (struct survey){.c = c, .figures = f, .sums = sums, .a = a, .today = day_of(c->event_clock - 1)};
    if (c->entry == SIZE_MAX || c->config->domains[c->entry].unwatched || c->event_clock == 0)
        return;
    novel_remember(s);
    for (size_t i = 0; i < COUNT_OF(finders); i++) {
        struct rule rule = rule_in_force(c->config, c->entry, finders[i].id);
        if (!rule.off)
            finders[i].find(s, &rule);
    }
}

const struct incident *finding_incident(const struct alert_case *c, const struct finding *f)
{
    const struct incident *best = NULL;
    for (size_t i = 0; i < c->n_incidents; i++) {
        const struct incident *in = &c->incidents[i];
        if (in->rule != f->rule || !sv_eq(in->subject, f->subject) || !sv_eq(in->before, f->leg))
            continue;
        if (best == NULL || (in->state == INCIDENT_firing && best->state != INCIDENT_firing) ||
            (in->state == best->state && in->last_day > best->last_day))
            best = in;
    }
    return best;
}

static enum severity severity_of(const struct alert_case *c, const struct finding *f)
{
    const struct rule rule = rule_in_force(c->config, c->entry, f->rule);
    enum severity s = f->harmful ? rule.harm : rule.mild, sure = f->sure_harmful ? rule.harm : rule.mild;
    return s == SEVERITY_critical && !(f->sure && sure == SEVERITY_critical) ? SEVERITY_warning : s;
}

static int64_t longest_news(const struct alert_case *c)
{
    int64_t week = ALERT_RESOLVE_DAYS * DAY_SECONDS;
    return c->config->max_age > week ? c->config->max_age : week;
}

/* Of such a domain everybody knows what is told: only tenfold is news, whenever it comes. */
static bool is_stale(const struct outcome *o)
{
    const struct incident *i = &o->incident;
    return i->rule == RULE_spoofed_under_none && i->told_failed > 0 &&
           o->counts.failed / ALERT_TENFOLD < i->told_failed;
}

static enum news news_of(const struct alert_case *c, const struct outcome *o)
{
    const struct incident *i = &o->incident;
    bool old = c->now - (i->last_day + 1) * DAY_SECONDS >= longest_news(c);
    if (i->state != INCIDENT_firing || old || !life_is_carried(c, i) || is_stale(o))
        return NEWS_none;
    if (i->told_at == 0)
        return i->told_failed > 0 ? NEWS_again : NEWS_first;
    if (i->severity > i->told_severity)
        return NEWS_worse;
    return i->told_failed && o->counts.failed / ALERT_TENFOLD >= i->told_failed ? NEWS_tenfold : NEWS_none;
}

static void go_on(const struct alert_case *c, struct outcome *o, const struct finding *f)
{
    struct incident *i = &o->incident;
    enum severity severity = severity_of(c, f);
    enum severity kept = i->severity == SEVERITY_critical && !f->sure ? SEVERITY_warning : i->severity;
    int64_t last = f->last_day > i->last_day ? f->last_day : i->last_day;
    severity = severity > kept ? severity : kept;
    o->changed = last != i->last_day || severity != i->severity;
    i->last_day = last;
    i->severity = severity;
}

static void open_episode(const struct alert_case *c, struct outcome *o, const struct finding *f)
{
    struct incident *i = &o->incident;
    i->state = INCIDENT_firing;
    i->severity = severity_of(c, f);
    i->episode++;
    i->first_day = f->first_day;
    i->last_day = f->last_day;
    i->opened = c->now;
    i->told_at = 0;
    i->repeats = 0;
    o->exists = o->changed = true;
}

struct outcome finding_outcome(const struct alert_case *c, const struct finding *f,
                               const struct incident *was)
{
    struct outcome o = {.finding = f, .exists = was != NULL, .is_new = was == NULL, .counts = f->counts};
    if (was)
        o.incident = *was;
    else
        o.incident =
            (struct incident){.rule = f->rule, .domain = c->domain, .subject = f->subject, .before = f->leg};
    if (was && was->state == INCIDENT_firing)
        go_on(c, &o, f);
    else if (!was || f->last_day > was->last_day)
        open_episode(c, &o, f);
    life_close_if_over(c, &o);
    o.news = o.exists ? news_of(c, &o) : NEWS_none;
    return o;
}
