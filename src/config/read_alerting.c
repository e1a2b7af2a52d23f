/* Values of when people are told. */
#include "base/clock.h"
#include "base/num.h"
#include "base/zone.h"
#include "config/duration.h"
#include "load.h"

enum { DAY_MINUTES = 24 * 60 };

void read_repeat(struct loader *l, const struct value *v)
{
    sv text;
    struct repeat_cfg *to = value_field(v);
    if (!take_text(l, v->node, v->path, &text))
        return;
    if (sv_eq(text, SV("diminishing")))
        *to = (struct repeat_cfg){DAY_SECONDS, 32 * DAY_SECONDS};
    else if (sv_eq(text, SV("daily")))
        *to = (struct repeat_cfg){DAY_SECONDS, DAY_SECONDS};
    else if (sv_eq(text, SV("never")))
        *to = (struct repeat_cfg){0, 0};
    else if (duration_parse(text, &to->first) && to->first >= DAY_SECONDS && to->first <= 365 * DAY_SECONDS)
        to->most = to->first;
    else
        PROBLEM(l->p, v->node->at, bad_repeat, v->path, text);
}

static const char *const weekdays[] = {
#define WEEKDAY_WORD(id) #id,
    WEEKDAYS(WEEKDAY_WORD)
#undef WEEKDAY_WORD
};

static size_t take_weekday(struct loader *l, const struct node *node, sv path)
{
    sv text;
    if (!take_text(l, node, path, &text))
        return SIZE_MAX;
    for (size_t i = 0; i < COUNT_OF(weekdays); i++)
        if (sv_eq_nocase(text, sv_c(weekdays[i])))
            return i;
    PROBLEM(l->p, node->at, bad_weekday, path, text);
    return SIZE_MAX;
}

void read_weekday(struct loader *l, const struct value *v)
{
    size_t i = take_weekday(l, v->node, v->path);
    if (i != SIZE_MAX)
        *(enum weekday *)value_field(v) = (enum weekday)i;
}

/* All of them would be silence for ever. */
void read_weekdays(struct loader *l, const struct value *v)
{
    uint8_t days = (uint8_t)take_bits(l, v, take_weekday);
    if (days == (1U << WEEKDAY_END) - 1)
        PROBLEM(l->p, v->node->at, always_quiet, v->path);
    memcpy(value_field(v), &days, sizeof days);
}

/* "HH:MM" in minutes. */
static bool read_clock(sv text, uint16_t *out)
{
    uint64_t hour, minute;
    size_t colon = sv_find_char(text, ':', 0);
    if (colon == SIZE_MAX || !num_u64(sv_first(text, colon), 24, &hour) || text.n - colon != 3 ||
        !num_u64(sv_skip(text, colon + 1), 59, &minute) || hour * 60 + minute > DAY_MINUTES)
        return false;
    *out = (uint16_t)(hour * 60 + minute);
    return true;
}

bool read_span(struct loader *l, const struct node *item, sv path, void *to)
{
    sv text;
    struct span_cfg span;
    if (!take_text(l, item, path, &text))
        return false;
    size_t dash = sv_find_char(text, '-', 0);
    bool ok = dash != SIZE_MAX && read_clock(sv_first(text, dash), &span.from) &&
              read_clock(sv_skip(text, dash + 1), &span.to) && span.from != span.to &&
              !(span.from == 0 && span.to == DAY_MINUTES) && span.from < DAY_MINUTES;
    if (ok)
        memcpy(to, &span, sizeof span);
    else
        PROBLEM(l->p, item->at, bad_span, path, text);
    return ok;
}

void read_zone(struct loader *l, const struct value *v)
{
    sv name;
    if (!take_text(l, v->node, v->path, &name))
        return;
    if (zone_is_known(name))
        memcpy(value_field(v), &name, sizeof name);
    else
        PROBLEM(l->p, v->node->at, bad_zone, v->path, name);
}

void read_one_pattern(struct loader *l, const struct value *v)
{
    sv name;
    if (take_domain(l, v->node, v->path, SV("*."), &name))
        memcpy(value_field(v), &name, sizeof name);
}
