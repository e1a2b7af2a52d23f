#include "alert/alert.h"
#include "base/attr.h"

#define FATE_BIT(f) (1U << FATE_##f)

static const struct alert_rule rules[RULE_END] = {
    [RULE_known_sender_failing] =
        {
            .by_sender = true,
            .window_days = 1,
            .messages = 5,
            .share_bp = 200,
            .harm_messages = 5,
            .harm_share_bp = 200,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
            .harmful = FATE_BIT(quarantined) | FATE_BIT(rejected),
        },
    [RULE_unknown_source] =
        {
            .window_days = 1,
            .messages = 10,
            .week_messages = 30,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_unlisted_own_server] =
        {
            .window_days = 1,
            .messages = 5,
            .week_messages = 10,
            .harm_messages = 5,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
            .harmful = FATE_BIT(quarantined) | FATE_BIT(rejected),
        },
    [RULE_foreign_passing] =
        {
            .by_sender = true,
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_foreign_growing] =
        {
            .by_sender = true,
            .window_days = 1,
            .messages = 10,
            .growth = ALERT_TENFOLD,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_sender_expired] =
        {
            .by_sender = true,
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_domain_parked_sending] =
        {
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_critical,
            .harm = SEVERITY_critical,
            .harmful = FATE_BIT(let_through),
        },
    /* Of these two the harm is p=none. */
    [RULE_policy_weakened] = {.mild = SEVERITY_warning, .harm = SEVERITY_critical},
    [RULE_policy_changed] = {.mild = SEVERITY_info, .harm = SEVERITY_info},
    [RULE_no_reports] = {.mild = SEVERITY_warning, .harm = SEVERITY_warning},
};

struct alert_rule alert_rule(const struct config *c, enum rule_id id)
{
    struct alert_rule rule = rules[id];
    const struct rule_cfg *set = &c->rules[id];
    if (set->min_messages) {
        rule.messages = set->min_messages;
        rule.week_messages = 0;
    }
    if (set->window_days)
        rule.window_days = set->window_days;
    if (set->share_bp)
        rule.share_bp = set->share_bp;
    if (set->severity != SEVERITY_END)
        rule.mild = rule.harm = set->severity;
    return rule;
}
