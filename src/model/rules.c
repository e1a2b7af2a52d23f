#include "model/rules.h"

#define NAME(id)               #id,
#define NAME_2(id, sentence)   #id,
#define SENTENCE(id, sentence) sentence,

static const char *const rule_names[] = {RULES(NAME_2)};
static const char *const rule_sentences[] = {RULES(SENTENCE)};
static const char *const rule_knob_names[] = {RULE_KNOBS(NAME)};
static const char *const severity_names[] = {SEVERITIES(NAME)};
static const char *const who_names[] = {WHOS(NAME)};
static const char *const fate_names[] = {FATES(NAME)};
static const char *const incident_state_names[] = {INCIDENT_STATES(NAME)};
static const char *const news_names[] = {"none", NEWS(NAME_2)};

static bool find(const char *const *names, unsigned n, sv name, unsigned *out)
{
    for (unsigned i = 0; i < n; i++) {
        if (sv_eq(name, sv_c(names[i]))) {
            *out = i;
            return true;
        }
    }
    return false;
}

bool rule_is_mended(enum rule_id r)
{
    static const bool mended[RULE_END] = {[RULE_known_sender_failing] = true,
                                          [RULE_unlisted_own_server] = true,
                                          [RULE_foreign_passing] = true,
                                          [RULE_sender_expired] = true,
                                          [RULE_domain_parked_sending] = true,
                                          [RULE_policy_weakened] = true,
                                          [RULE_no_reports] = true,
                                          [RULE_tls_failure] = true,
                                          [RULE_agent_mailbox] = true,
                                          [RULE_agent_channel] = true,
                                          [RULE_agent_disk] = true,
                                          [RULE_agent_clock] = true,
                                          [RULE_agent_config] = true};
    return r < RULE_END && mended[r];
}

bool rule_counts_failures(enum rule_id r)
{
    static const bool passing[RULE_END] = {
        [RULE_sender_leg_lost] = true, [RULE_new_source_passing] = true, [RULE_new_dkim_selector] = true,
        [RULE_foreign_passing] = true, [RULE_sender_expired] = true,     [RULE_domain_parked_sending] = true,
        [RULE_report_untrusted] = true};
    return r < RULE_END && !passing[r];
}

bool news_is_end(enum news n)
{
    return n == NEWS_over || n == NEWS_explained;
}

#define TO_NAME(fn, type, names)                                                                             \
    const char *fn(type v)                                                                                   \
    {                                                                                                        \
        return (unsigned)v < COUNT_OF(names) ? names[v] : "unknown";                                         \
    }
#define FROM_NAME(fn, type, names)                                                                           \
    bool fn(sv name, type *out)                                                                              \
    {                                                                                                        \
        unsigned i;                                                                                          \
        if (!find(names, COUNT_OF(names), name, &i))                                                         \
            return false;                                                                                    \
        *out = (type)i;                                                                                      \
        return true;                                                                                         \
    }

TO_NAME(rule_name, enum rule_id, rule_names)
TO_NAME(rule_sentence, enum rule_id, rule_sentences)
TO_NAME(rule_knob_name, enum rule_knob_id, rule_knob_names)
TO_NAME(severity_name, enum severity, severity_names)
TO_NAME(who_name, enum who, who_names)
TO_NAME(fate_name, enum fate, fate_names)
TO_NAME(incident_state_name, enum incident_state, incident_state_names)
TO_NAME(news_name, enum news, news_names)
FROM_NAME(rule_from_name, enum rule_id, rule_names)
FROM_NAME(severity_from_name, enum severity, severity_names)
FROM_NAME(fate_from_name, enum fate, fate_names)
FROM_NAME(incident_state_from_name, enum incident_state, incident_state_names)
FROM_NAME(news_from_name, enum news, news_names)

enum fate fate_of(struct word disposition)
{
    switch (disposition.v) {
    case DISPOSITION_REJECT:
        return FATE_rejected;
    case DISPOSITION_QUARANTINE:
        return FATE_quarantined;
    }
    return FATE_let_through;
}
