/* Values of when people are told. */
#include "base/clock.h"
#include "base/zone.h"
#include "config/duration.h"
#include "load.h"

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

void read_weekday(struct loader *l, const struct value *v)
{
    sv text;
    if (!take_text(l, v->node, v->path, &text))
        return;
    for (unsigned i = 0; i < COUNT_OF(weekdays); i++)
        if (sv_eq_nocase(text, sv_c(weekdays[i]))) {
            *(enum weekday *)value_field(v) = (enum weekday)i;
            return;
        }
    PROBLEM(l->p, v->node->at, bad_weekday, v->path, text);
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
