#include "alert/alert.h"
#include "base/attr.h"

#define FATE_BIT(f) (1U << FATE_##f)

static const struct alert_rule rules[RULE_END] = {
    [RULE_known_sender_failing] =
        {
            .who = WHO_known,
            .day_messages = 5,
            .share_bp = 200,
            .harm_messages = 5,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
            .harmful = FATE_BIT(quarantined) | FATE_BIT(rejected),
        },
    [RULE_unknown_source] =
        {
            .who = WHO_unknown,
            .day_messages = 10,
            .week_messages = 30,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
};

const struct alert_rule *alert_rule(enum rule_id id)
{
    return &rules[id];
}
