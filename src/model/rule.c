#include "model/rule.h"

#include "base/attr.h"

#define FATE_BIT(f) (1U << FATE_##f)
#define OURS_LOST   (FATE_BIT(quarantined) | FATE_BIT(rejected))

enum { MESSAGES_MAX = 1000000000, SHARE_ALL = 10000, FACTOR_MAX = 1000, TENFOLD = 10 };

static const struct rule rules[RULE_END] = {
    [RULE_known_sender_failing] =
        {
            .subject = SUBJECT_sender,
            .window_days = 1,
            .messages = 5,
            .share_bp = 200,
            .small_messages = 3,
            .harm_messages = 5,
            .harm_share_bp = 200,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
            .harmful = OURS_LOST,
        },
    /* rate: below it the leg is lost. */
    [RULE_sender_leg_lost] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_sender,
            .evidence = EVIDENCE_comparative,
            .window_days = 2,
            .messages = 50,
            .share_bp = 5000,
            .small_messages = 3,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
        },
    [RULE_unknown_source] =
        {
            .subject = SUBJECT_network,
            .window_days = 1,
            .messages = 10,
            .week_messages = 30,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_spoofed_under_none] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_domain,
            .window_days = 7,
            .messages = 10,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
        },
    [RULE_unlisted_own_server] =
        {
            .subject = SUBJECT_network,
            .window_days = 1,
            .messages = 5,
            .week_messages = 10,
            .harm_messages = 5,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
            .harmful = OURS_LOST,
        },
    /* Critical is a key of ours in the hands of a stranger who sends much. */
    [RULE_new_source_passing] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_network,
            .messages = 1,
            .mild = SEVERITY_info,
            .harm = SEVERITY_critical,
        },
    [RULE_new_dkim_selector] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_selector,
            .messages = 1,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
        },
    [RULE_foreign_passing] =
        {
            .subject = SUBJECT_sender,
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_foreign_growing] =
        {
            .subject = SUBJECT_sender,
            .evidence = EVIDENCE_comparative,
            .window_days = 1,
            .messages = 10,
            .growth = TENFOLD,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    [RULE_sender_expired] =
        {
            .subject = SUBJECT_sender,
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_warning,
            .harmful = FATE_BIT(let_through),
        },
    /* messages: more than usual, at the least */
    [RULE_volume_spike] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_domain,
            .evidence = EVIDENCE_comparative,
            .messages = 100,
            .growth = 3,
            .harm_messages = 100,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
        },
    /* rate: the fall, in points */
    [RULE_pass_rate_drop] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_domain,
            .evidence = EVIDENCE_comparative,
            .window_days = 2,
            .messages = 100,
            .share_bp = 1000,
            .small_messages = 3,
            .mild = SEVERITY_warning,
            .harm = SEVERITY_critical,
        },
    [RULE_new_subdomain] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_name,
            .messages = 1,
            .harm_messages = 10,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
        },
    [RULE_domain_parked_sending] =
        {
            .subject = SUBJECT_network,
            .window_days = 1,
            .messages = 1,
            .harm_messages = 1,
            .mild = SEVERITY_critical,
            .harm = SEVERITY_critical,
            .harmful = FATE_BIT(let_through),
        },
    /* Of the first the harm is p=none. */
    [RULE_policy_weakened] = {.about = ABOUT_POLICY,
                              .subject = SUBJECT_domain,
                              .mild = SEVERITY_warning,
                              .harm = SEVERITY_critical},
    [RULE_policy_changed] = {.about = ABOUT_POLICY,
                             .subject = SUBJECT_domain,
                             .mild = SEVERITY_info,
                             .harm = SEVERITY_info},
    [RULE_policy_not_applied] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_reporter,
            .window_days = 7,
            .messages = 50,
            .harm_messages = 1000,
            .mild = SEVERITY_info,
            .harm = SEVERITY_warning,
        },
    [RULE_reporter_silent] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_reporter,
            .evidence = EVIDENCE_comparative,
            .share_bp = 1000,
            .mild = SEVERITY_info,
            .harm = SEVERITY_info,
        },
    [RULE_report_untrusted] =
        {
            .about = ABOUT_DOMAIN,
            .subject = SUBJECT_reporter,
            .window_days = 7,
            .messages = 1,
            .mild = SEVERITY_info,
            .harm = SEVERITY_info,
        },
    /* Of sessions of a day. The harm is a policy that is enforced; in test mode it is info. */
    [RULE_tls_failure] = {.about = ABOUT_OTHERS,
                          .subject = SUBJECT_object,
                          .messages = 10,
                          .share_bp = 100,
                          .mild = SEVERITY_warning,
                          .harm = SEVERITY_critical},
    [RULE_tls_policy_changed] = {.about = ABOUT_OTHERS,
                                 .subject = SUBJECT_object,
                                 .mild = SEVERITY_info,
                                 .harm = SEVERITY_info},
    /* The harm is that it is a sender of ours. */
    [RULE_failure_report] = {.about = ABOUT_OTHERS,
                             .subject = SUBJECT_network,
                             .window_days = 7,
                             .messages = 1,
                             .mild = SEVERITY_info,
                             .harm = SEVERITY_warning},
    /* Of mails. rate: of what a run has read */
    [RULE_report_unusable] = {.about = ABOUT_AGENT,
                              .subject = SUBJECT_reporter,
                              .window_days = 7,
                              .messages = 3,
                              .share_bp = 2000,
                              .mild = SEVERITY_warning,
                              .harm = SEVERITY_warning},
    [RULE_unexpected_domain] = {.about = ABOUT_AGENT,
                                .subject = SUBJECT_domain,
                                .mild = SEVERITY_info,
                                .harm = SEVERITY_info},
    /* What the agent knows of itself needs no report. */
    [RULE_agent_mailbox] = {.about = ABOUT_AGENT,
                            .subject = SUBJECT_object,
                            .mild = SEVERITY_critical,
                            .harm = SEVERITY_critical},
    [RULE_agent_channel] = {.about = ABOUT_AGENT,
                            .subject = SUBJECT_object,
                            .mild = SEVERITY_critical,
                            .harm = SEVERITY_critical},
    [RULE_agent_disk] = {.about = ABOUT_AGENT,
                         .subject = SUBJECT_object,
                         .mild = SEVERITY_critical,
                         .harm = SEVERITY_critical},
    [RULE_agent_db] = {.about = ABOUT_AGENT,
                       .subject = SUBJECT_object,
                       .mild = SEVERITY_critical,
                       .harm = SEVERITY_critical},
    [RULE_agent_clock] = {.about = ABOUT_AGENT,
                          .subject = SUBJECT_object,
                          .mild = SEVERITY_warning,
                          .harm = SEVERITY_warning},
    [RULE_agent_config] = {.about = ABOUT_AGENT,
                           .subject = SUBJECT_object,
                           .mild = SEVERITY_warning,
                           .harm = SEVERITY_warning},
    [RULE_no_reports] = {.about = ABOUT_REPORTS,
                         .subject = SUBJECT_domain,
                         .evidence = EVIDENCE_comparative,
                         .mild = SEVERITY_warning,
                         .harm = SEVERITY_warning},
};

const struct rule *rule_standard(enum rule_id id)
{
    return &rules[id];
}

enum rule_about rule_about(enum rule_id id)
{
    return rules[id].about;
}

bool rule_is_own_word(enum rule_id id)
{
    return rules[id].about == ABOUT_AGENT && rules[id].subject == SUBJECT_object;
}

/* Rules about the policy or absent reports count no messages. A rule whose window has no standard counts
 * over days of its own. */
struct rule_knob rule_knob(enum rule_id id, enum rule_knob_id knob)
{
    const struct rule *r = &rules[id];
    bool counts = r->about == ABOUT_SOURCES;
    switch (knob) {
    case KNOB_min_messages:
        return (struct rule_knob){r->messages, 1, r->messages ? MESSAGES_MAX : 0};
    case KNOB_window:
        return (struct rule_knob){r->window_days, 1, r->window_days ? 7 : 0};
    case KNOB_rate:
        return (struct rule_knob){r->share_bp, 1, counts || r->share_bp ? SHARE_ALL : 0};
    case KNOB_factor:
        return (struct rule_knob){r->growth, 2, r->growth ? FACTOR_MAX : 0};
    case KNOB_severity:
    case KNOB_END:
        break;
    }
    return (struct rule_knob){r->harm, SEVERITY_info, SEVERITY_critical};
}

static void set(struct rule *rule, const struct rule_cfg *by)
{
    rule->off = (rule->off && !by->on) || by->off;
    if (by->min_messages) {
        rule->messages = by->min_messages;
        rule->week_messages = rule->small_messages = 0;
    }
    if (by->window_days)
        rule->window_days = by->window_days;
    if (by->factor)
        rule->growth = by->factor;
    if (by->share_bp)
        rule->share_bp = by->share_bp;
    if (by->severity != SEVERITY_END)
        rule->mild = rule->harm = by->severity;
}

/* What the domain sets of its own, or NULL. */
static const struct rule_cfg *own_of(const struct config *c, size_t entry, enum rule_id id)
{
    return entry != SIZE_MAX && c->domains[entry].rules ? &c->domains[entry].rules[id] : NULL;
}

struct rule rule_in_force(const struct config *c, size_t entry, enum rule_id id)
{
    struct rule rule = rules[id];
    set(&rule, &c->rules[id]);
    const struct rule_cfg *own = own_of(c, entry, id);
    if (own)
        set(&rule, own);
    return rule;
}

bool rule_is_off(const struct config *c, size_t entry, enum rule_id id)
{
    const struct rule_cfg *own = own_of(c, entry, id);
    return (c->rules[id].off && !(own && own->on)) || (own && own->off);
}

bool rule_sets_severity(const struct config *c, size_t entry, enum rule_id id)
{
    const struct rule_cfg *own = own_of(c, entry, id);
    return c->rules[id].severity != SEVERITY_END || (own && own->severity != SEVERITY_END);
}

static const char *const subject_names[] = {
#define SUBJECT_NAME(id) #id,
    RULE_SUBJECTS(SUBJECT_NAME)
#undef SUBJECT_NAME
};

static const char *const evidence_names[] = {
#define EVIDENCE_NAME(id) #id,
    RULE_EVIDENCES(EVIDENCE_NAME)
#undef EVIDENCE_NAME
};

const char *rule_subject_name(enum rule_subject s)
{
    return s < SUBJECT_END ? subject_names[s] : "unknown";
}

bool rule_folds(enum rule_id id)
{
    static const bool folds[SUBJECT_END] = {[SUBJECT_sender] = true,
                                            [SUBJECT_network] = true,
                                            [SUBJECT_selector] = true,
                                            [SUBJECT_reporter] = true};
    return folds[rule_standard(id)->subject] || id == RULE_spoofed_under_none;
}

const char *rule_evidence_name(enum rule_evidence e)
{
    return e < EVIDENCE_END ? evidence_names[e] : "unknown";
}
