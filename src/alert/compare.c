/* Rules that hold a day against earlier ones: they wait until its reports are in. */
#include <stdlib.h>

#include "base/clock.h"
#include "episode.h"
#include "finding.h"

enum {
    BASE_DAYS = ALERT_BASELINE_DAYS,
    USUAL_PERCENT = 80,     /* of the usual volume: so much is in when the day's reports are, */
    USUAL_WAIT = 36 * 3600, /* or this long after its end */
    STEADY_DAYS = 7,        /* of the base: a reporter that came on so many is held against itself */
    HISTORY_DAYS = 14,      /* with mail: before, nothing is usual */
    RATE_DAYS = 14,         /* whose rates the new one is held against */
    RATE_LOST = 2500,       /* a fall by so much, in 1/100 percent, */
    LOST_BP = 200,          /* … with so much of the mail lost is harm */
    LEG_PASSED_BP = 9000,   /* a leg that passed on so much of the mail can be lost */
    SILENT_DAYS = 4,        /* a reporter is silent after */
    BP = 10000
};

/* The reporters of a domain, by what they use to report. */
struct habits {
    const struct figure **mail;
    size_t n;
};

static struct habits habits_of(struct survey *s)
{
    struct habits h;
    h.mail = figures_list(s->figures, FIGURE_mail, s->a, &h.n);
    h.n = h.mail ? h.n : 0;
    return h;
}

static uint64_t mail_between(const struct figure *f, int64_t first, int64_t last)
{
    return figure_sum(f, first, last).counts.total;
}

static size_t days_between(const struct figure *f, int64_t first, int64_t last)
{
    size_t n = 0;
    for (size_t i = 0; i < f->days.n; i++)
        n += f->days.p[i].day >= first && f->days.p[i].day <= last;
    return n;
}

/* The reporters of most of the usual volume have told of the day, or nobody is waited for any more. */
static bool is_closed(struct survey *s, const struct habits *h, int64_t day)
{
    uint64_t usual = 0, in = 0;
    int64_t at = (day + 1) * DAY_SECONDS + USUAL_WAIT;
    for (size_t i = 0; i < h->n; i++) {
        uint64_t volume = mail_between(h->mail[i], day - BASE_DAYS, day - 1);
        usual += volume;
        in += days_between(h->mail[i], day, day) ? volume : 0;
    }
    if (s->c->now >= at || (usual && in / USUAL_PERCENT >= usual / 100 && in * 100 >= usual * USUAL_PERCENT))
        return true;
    if (s->due == 0 || at < s->due)
        s->due = at;
    return false;
}

static bool is_steady(const struct habits *h, sv reporter, int64_t day)
{
    for (size_t i = 0; i < h->n; i++)
        if (sv_eq(h->mail[i]->key.text, reporter))
            return days_between(h->mail[i], day - BASE_DAYS, day - 1) >= STEADY_DAYS;
    return false;
}

/* Sums by day of a kind of figure, of steady reporters alone. [0] is the day BASE_DAYS before. */
struct course {
    struct day_sum days[BASE_DAYS + 1];
};

static void course_of(struct survey *s, const struct habits *h, enum figure_kind kind, int64_t day,
                      struct course *out)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, kind, s->a, &n);
    *out = (struct course){0};
    for (size_t i = 0; list && i < n; i++) {
        if (!is_steady(h, list[i]->key.text, day))
            continue;
        for (size_t k = 0; k < list[i]->days.n; k++) {
            int64_t at = list[i]->days.p[k].day - (day - BASE_DAYS);
            if (at < 0 || at > BASE_DAYS)
                continue;
            counts_add(&out->days[at].counts, &list[i]->days.p[k].counts);
            counts_add(&out->days[at].sure, &list[i]->days.p[k].sure);
        }
    }
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static size_t history_days(const struct survey *s, const struct habits *h, int64_t day)
{
    size_t n = 0;
    (void)s;
    for (int64_t d = day - BASE_DAYS; d < day; d++) {
        bool any = false;
        for (size_t i = 0; i < h->n && !any; i++)
            any = days_between(h->mail[i], d, d) > 0;
        n += any;
    }
    return n;
}

/* The 95th percentile of failed messages a day. */
static uint64_t usual_most(const struct course *c)
{
    uint64_t sums[BASE_DAYS];
    for (size_t i = 0; i < BASE_DAYS; i++)
        sums[i] = c->days[i].counts.failed;
    qsort(sums, BASE_DAYS, sizeof *sums, by_number);
    return sums[(BASE_DAYS * 95 + 99) / 100 - 1];
}

/* ---- volume_spike ---- */

static void spike_on(struct survey *s, const struct rule *rule, const struct habits *h, int64_t day,
                     struct finding *f)
{
    struct course course;
    course_of(s, h, f->of.kind, day, &course);
    const struct day_sum *now = &course.days[BASE_DAYS];
    uint64_t usual = usual_most(&course);
    if (now->counts.failed / rule->growth < usual || now->counts.failed - usual < rule->messages)
        return;
    bool known = f->of.kind == FIGURE_known_failed;
    bool let_through = now->counts.by_fate[FATE_let_through] >= rule->harm_messages && !finding_is_none(s->c);
    f->first_day = f->counts.failed ? f->first_day : day;
    f->last_day = day;
    f->harmful = f->harmful || known || let_through;
    f->sure = f->sure || now->sure.failed >= usual + rule->messages;
    f->sure_harmful = f->sure && f->harmful;
    f->much = now->counts.failed > f->much ? now->counts.failed : f->much;
    f->usual = usual;
    counts_add(&f->counts, &now->counts);
}

static void find_spike(struct survey *s, const struct rule *rule, const struct habits *h,
                       enum figure_kind kind, sv subject)
{
    struct finding f = {
        .rule = RULE_volume_spike, .of = {.kind = kind, .sender = SIZE_MAX}, .subject = subject};
    for (int64_t day = s->today - ALERT_WINDOW_DAYS + 1; day <= s->today; day++)
        if (history_days(s, h, day) >= HISTORY_DAYS && is_closed(s, h, day))
            spike_on(s, rule, h, day, &f);
    if (f.counts.failed)
        findings_put(s, &f);
}

void compare_volume(struct survey *s, const struct rule *rule)
{
    struct habits h = habits_of(s);
    find_spike(s, rule, &h, FIGURE_unknown_failed, SV("strangers"));
    find_spike(s, rule, &h, FIGURE_known_failed, SV("own senders"));
}

/* ---- pass_rate_drop ---- */

static uint64_t rate_of(const struct counts *c)
{
    return figure_share(c->total - c->failed, c->total);
}

/* The median rate of RATE_DAYS days before the window; false: of too few of them. */
static bool usual_rate(const struct course *c, size_t window, uint64_t *out)
{
    uint64_t rates[RATE_DAYS];
    size_t n = 0;
    for (size_t i = BASE_DAYS + 1 - window - RATE_DAYS; i < BASE_DAYS + 1 - window; i++)
        if (c->days[i].counts.total)
            rates[n++] = rate_of(&c->days[i].counts);
    if (n < RATE_DAYS / 2)
        return false;
    qsort(rates, n, sizeof *rates, by_number);
    *out = rates[n / 2];
    return true;
}

static bool is_lost(const struct counts *c)
{
    uint64_t lost = c->by_fate[FATE_quarantined] + c->by_fate[FATE_rejected];
    return c->total && lost >= c->total / BP * LOST_BP + (c->total % BP * LOST_BP + BP - 1) / BP;
}

static void drop_on(struct survey *s, const struct rule *rule, const struct habits *h, int64_t day,
                    struct finding *f)
{
    struct course course;
    struct day_sum now = {.day = day};
    uint64_t usual;
    course_of(s, h, FIGURE_own, day, &course);
    for (size_t i = 0; i < rule->window_days; i++) {
        counts_add(&now.counts, &course.days[BASE_DAYS - i].counts);
        counts_add(&now.sure, &course.days[BASE_DAYS - i].sure);
    }
    if (now.counts.total < rule->messages || !usual_rate(&course, rule->window_days, &usual) ||
        usual < rate_of(&now.counts) + rule->share_bp)
        return;
    f->first_day = f->counts.total ? f->first_day : day - rule->window_days + 1;
    f->last_day = day;
    f->counts = now.counts;
    f->much = rate_of(&now.counts);
    f->usual = usual;
    f->sure = now.sure.total >= rule->messages && usual >= rate_of(&now.sure) + rule->share_bp;
    f->harmful = f->harmful || (usual >= f->much + RATE_LOST && is_lost(&now.counts));
    f->sure_harmful =
        f->sure_harmful || (f->sure && usual >= rate_of(&now.sure) + RATE_LOST && is_lost(&now.sure));
}

/* All of a domain's own mail by day, whoever reports it. */
static bool add_up(struct survey *s, enum figure_kind kind, struct days *out)
{
    size_t n;
    const struct figure **list = figures_list(s->figures, kind, s->a, &n);
    for (size_t i = 0; list && i < n; i++)
        for (size_t k = 0; k < list[i]->days.n; k++)
            if (!days_add(out, &list[i]->days.p[k]))
                return false;
    return list != NULL;
}

/* The scale of domains with a few messages a week. */
static void small_drop(const struct survey *s, const struct rule *rule, const struct days *days,
                       struct finding *f)
{
    for (size_t i = 0; i < days->n && rule->small_messages; i++) {
        struct small_break broken;
        if (days->p[i].day <= s->today - ALERT_WINDOW_DAYS || days->p[i].day > s->today ||
            !episode_broke(days, i, INT64_MIN, rule->small_messages, &broken))
            continue;
        f->first_day = broken.first_day;
        f->last_day = days->p[i].day;
        f->counts = broken.counts;
        f->much = 0;
        f->usual = broken.usual_bp;
        f->sure = broken.sure.failed >= rule->small_messages;
        f->harmful = is_lost(&broken.counts);
        f->sure_harmful = f->sure && is_lost(&broken.sure);
    }
}

void compare_rate(struct survey *s, const struct rule *rule)
{
    struct habits h = habits_of(s);
    struct days days = {0};
    struct finding f = {
        .rule = RULE_pass_rate_drop, .of = {.kind = FIGURE_own, .sender = SIZE_MAX}, .subject = s->c->domain};
    for (int64_t day = s->today - ALERT_WINDOW_DAYS + 1; day <= s->today; day++)
        if (is_closed(s, &h, day))
            drop_on(s, rule, &h, day, &f);
    if (f.counts.total == 0 && add_up(s, FIGURE_own, &days))
        small_drop(s, rule, &days, &f);
    free(days.p);
    if (f.counts.total)
        findings_put(s, &f);
}

/* ---- sender_leg_lost ---- */

static bool leg_lost_on(const struct rule *rule, const struct figure *leg, int64_t day, struct finding *f)
{
    struct day_sum now = figure_sum(leg, day - rule->window_days + 1, day);
    struct day_sum before = figure_sum(leg, day - rule->window_days - BASE_DAYS + 1, day - rule->window_days);
    if (now.counts.total < rule->messages || before.counts.total < rule->messages ||
        rate_of(&now.counts) >= rule->share_bp || rate_of(&before.counts) < LEG_PASSED_BP)
        return false;
    f->first_day = f->counts.total ? f->first_day : day - rule->window_days + 1;
    f->last_day = day;
    f->counts = now.counts;
    f->much = rate_of(&now.counts);
    f->usual = rate_of(&before.counts);
    f->sure = now.sure.total >= rule->messages;
    return true;
}

static void find_leg(struct survey *s, const struct rule *rule, const struct habits *h,
                     const struct figure *leg, sv name)
{
    struct finding f = {.rule = RULE_sender_leg_lost,
                        .of = leg->key,
                        .subject = s->c->config->senders[leg->key.sender].name,
                        .leg = name};
    for (int64_t day = s->today - ALERT_WINDOW_DAYS + 1; day <= s->today; day++)
        if (is_closed(s, h, day))
            (void)leg_lost_on(rule, leg, day, &f);
    if (f.counts.total == 0)
        small_drop(s, rule, &leg->days, &f);
    f.harmful = true;
    f.sure_harmful = f.sure;
    if (f.counts.total)
        findings_put(s, &f);
}

void compare_legs(struct survey *s, const struct rule *rule)
{
    static const struct {
        enum figure_kind kind;
        sv name;
    } legs[] = {{FIGURE_dkim_leg, SV_INIT("DKIM")}, {FIGURE_spf_leg, SV_INIT("SPF")}};
    struct habits h = habits_of(s);
    for (size_t i = 0; i < COUNT_OF(legs); i++) {
        size_t n;
        const struct figure **list = figures_list(s->figures, legs[i].kind, s->a, &n);
        for (size_t k = 0; list && k < n; k++)
            find_leg(s, rule, &h, list[k], legs[i].name);
    }
}

/* ---- reporter_silent ---- */

/* How much of the domain's mail it reported before it fell silent. */
void compare_reporters(struct survey *s, const struct rule *rule)
{
    struct habits h = habits_of(s);
    int64_t last = s->today - SILENT_DAYS, first = last - BASE_DAYS + 1;
    uint64_t all = 0;
    for (size_t i = 0; i < h.n; i++)
        all += mail_between(h.mail[i], first, last);
    for (size_t i = 0; i < h.n && history_days(s, &h, last + 1) >= HISTORY_DAYS; i++) {
        uint64_t volume = mail_between(h.mail[i], first, last);
        struct finding f = {.rule = RULE_reporter_silent,
                            .of = h.mail[i]->key,
                            .subject = h.mail[i]->key.text,
                            .first_day = last + 1,
                            .last_day = s->today,
                            .sure = true};
        f.usual = figure_share(volume, all);
        if (f.usual >= rule->share_bp && mail_between(h.mail[i], last + 1, s->today) == 0 &&
            days_between(h.mail[i], first, last) >= STEADY_DAYS)
            findings_put(s, &f);
    }
}
