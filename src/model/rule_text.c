/* A rule's numbers in a line, for the commands and the manual. */
#include "model/rule.h"

static void put_rate(buf *out, uint32_t bp)
{
    buf_printf(out, ", %u.%02u%% of the source's", (unsigned)bp / 100, (unsigned)bp % 100);
}

void rule_put_numbers(buf *out, const struct rule *r)
{
    if (r->messages)
        buf_printf(out, "%llu %s", (unsigned long long)r->messages,
                   r->messages == 1 ? "message" : "messages");
    if (r->messages && r->window_days)
        buf_printf(out, " in %ud", (unsigned)r->window_days);
    if (r->share_bp && r->about != ABOUT_SOURCES)
        buf_printf(out, "%s%u.%02u%%", r->messages ? ", " : "", (unsigned)r->share_bp / 100,
                   (unsigned)r->share_bp % 100);
    else if (r->share_bp)
        put_rate(out, r->share_bp);
    if (r->growth)
        buf_printf(out, ", %llu times as many as before", (unsigned long long)r->growth);
    if (r->week_messages)
        buf_printf(out, ", or %llu in 7d", (unsigned long long)r->week_messages);
    if (r->small_messages)
        buf_printf(out, ", or all of the last %llu on 2 days, where nine in ten passed before",
                   (unsigned long long)r->small_messages);
    buf_printf(out, "%s%s", r->messages || r->share_bp ? "; " : "", severity_name(r->mild));
    if (r->harm != r->mild && r->harm_messages)
        buf_printf(out, ", %s when %llu did harm", severity_name(r->harm),
                   (unsigned long long)r->harm_messages);
    else if (r->harm != r->mild)
        buf_printf(out, " or %s", severity_name(r->harm));
}

/* "min_messages 5, 1 to 1000000000". */
static void put_knob(buf *out, enum rule_knob_id id, const struct rule_knob *k)
{
    buf_printf(out, "%s ", rule_knob_name(id));
    switch (id) {
    case KNOB_min_messages:
    case KNOB_factor:
        buf_printf(out, "%llu, %llu to %llu", (unsigned long long)k->def, (unsigned long long)k->min,
                   (unsigned long long)k->max);
        return;
    case KNOB_window:
        buf_printf(out, "%llud, %llud to %llud", (unsigned long long)k->def, (unsigned long long)k->min,
                   (unsigned long long)k->max);
        return;
    case KNOB_rate:
        if (k->def)
            buf_printf(out, "%llu.%02llu%%, ", (unsigned long long)k->def / 100,
                       (unsigned long long)k->def % 100);
        buf_printf(out, "%s%llu.%02llu%% to %llu%%", k->def ? "" : "unset, ",
                   (unsigned long long)k->min / 100, (unsigned long long)k->min % 100,
                   (unsigned long long)k->max / 100);
        return;
    case KNOB_severity:
    case KNOB_END:
        break;
    }
    buf_puts(out, "info, warning or critical");
}

void rule_put_knobs(buf *out, enum rule_id id)
{
    const char *before = "";
    for (unsigned k = 0; k < KNOB_END; k++) {
        struct rule_knob knob = rule_knob(id, (enum rule_knob_id)k);
        if (knob.max == 0)
            continue;
        buf_puts(out, before);
        put_knob(out, (enum rule_knob_id)k, &knob);
        before = "; ";
    }
}
