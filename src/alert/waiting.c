#include "waiting.h"

#include <stdlib.h>

#include "base/clock.h"

enum {
    WEEK = 7,
    WEEKS = ALERT_BASELINE_DAYS / WEEK, /* in which that day of the week is looked at */
    WEEKS_KNOWN = 3,                    /* of them, of a reporter that nobody has verified */
    WEEKS_VERIFIED = 2,
    STEADY_DAYS = 7, /* of ALERT_BASELINE_DAYS */
    VOLUME_BP = 100, /* of the domain's mail: whose word would change nothing is not waited for */
    LATE_DAYS = 4    /* after the day's end; later reports do not come any more */
};

struct late {
    sv name;
    uint64_t volume;
};

/* What a reporter tells of a domain: the mail of senders and strangers, and that of forwarders. */
struct told {
    const struct figure *mail, *forwarded; /* the second may be NULL */
    bool verified;                         /* then only what is verified counts */
};

static uint64_t on(const struct told *t, int64_t first, int64_t last)
{
    struct day_sum mail = figure_sum(t->mail, first, last);
    struct day_sum rest = t->forwarded ? figure_sum(t->forwarded, first, last) : (struct day_sum){0};
    counts_add(&mail.counts, &rest.counts);
    counts_add(&mail.sure, &rest.sure);
    return t->verified ? mail.sure.total : mail.counts.total;
}

static size_t sure_days(const struct figure *f, int64_t first, int64_t last)
{
    size_t n = 0;
    for (size_t i = 0; i < f->days.n; i++)
        n += f->days.p[i].day >= first && f->days.p[i].day <= last && f->days.p[i].sure.total > 0;
    return n;
}

static bool is_usual(const struct told *t, int64_t day)
{
    size_t days = 0, weeks = 0;
    for (int64_t d = day - ALERT_BASELINE_DAYS; d < day; d++)
        days += on(t, d, d) > 0;
    for (int64_t w = 1; w <= WEEKS; w++)
        weeks += on(t, day - w * WEEK, day - w * WEEK) > 0;
    return days >= STEADY_DAYS && weeks >= (t->verified ? WEEKS_VERIFIED : WEEKS_KNOWN);
}

static int by_volume(const void *a, const void *b)
{
    const struct late *x = a, *y = b;
    if (x->volume != y->volume)
        return x->volume > y->volume ? -1 : 1;
    return sv_cmp(x->name, y->name);
}

static const struct figure *of_name(const struct figure **list, size_t n, sv name)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(list[i]->key.text, name))
            return list[i];
    return NULL;
}

/* The reporters that an item with that last day waits for; *n_out of them. NULL: no memory. */
static struct late *late_on(const struct survey *s, int64_t day, arena *a, size_t *n_out)
{
    size_t n, n_forwarded;
    const struct figure **mail = figures_list(s->figures, FIGURE_mail, a, &n);
    const struct figure **forwarded = figures_list(s->figures, FIGURE_forwarded, a, &n_forwarded);
    struct late *late = arena_array(a, n, sizeof *late);
    int64_t first = day - ALERT_BASELINE_DAYS;
    uint64_t all = 0;
    *n_out = 0;
    if (!mail || !forwarded || !late)
        return NULL;
    for (size_t i = 0; i < n; i++)
        all += figure_sum(mail[i], first, day - 1).counts.total;
    for (size_t i = 0; i < n; i++) {
        struct told t = {mail[i], of_name(forwarded, n_forwarded, mail[i]->key.text),
                         sure_days(mail[i], first, day - 1) >= STEADY_DAYS};
        uint64_t volume = figure_sum(mail[i], first, day - 1).counts.total;
        if (figure_share(volume, all) >= VOLUME_BP && on(&t, day, INT64_MAX) == 0 && is_usual(&t, day))
            late[(*n_out)++] = (struct late){mail[i]->key.text, volume};
    }
    if (*n_out > 1)
        qsort(late, *n_out, sizeof *late, by_volume);
    return late;
}

static bool may_wait(const struct survey *s, const struct notice_item *item)
{
    enum rule_about about = rule_about(item->rule);
    bool of_one = item->rule == RULE_policy_not_applied || item->rule == RULE_reporter_silent ||
                  item->rule == RULE_report_untrusted;
    return (about == ABOUT_SOURCES || about == ABOUT_DOMAIN) && !of_one && !news_is_end(item->news) &&
           s->c->now < (item->last_day + 1 + LATE_DAYS) * DAY_SECONDS;
}

bool waiting_name(const struct survey *s, struct notice_item *items, size_t n, arena *a)
{
    for (size_t i = 0; i < n; i++) {
        size_t all;
        if (!may_wait(s, &items[i]))
            continue;
        const struct late *late = late_on(s, items[i].last_day, a, &all);
        if (late == NULL)
            return false;
        items[i].all_waiting = all;
        items[i].n_waiting = all < NOTICE_WAITING ? all : NOTICE_WAITING;
        for (size_t k = 0; k < items[i].n_waiting; k++)
            items[i].waiting[k] = arena_sv(a, late[k].name);
    }
    return !a->failed;
}

void waiting_join(struct notice_item *to, const struct notice_item *from)
{
    size_t left = 0;
    for (size_t i = 0; i < to->n_waiting; i++) {
        bool both = false;
        for (size_t k = 0; k < from->n_waiting; k++)
            both = both || sv_eq(to->waiting[i], from->waiting[k]);
        if (both)
            to->waiting[left++] = to->waiting[i];
    }
    to->n_waiting = to->all_waiting = left;
}
