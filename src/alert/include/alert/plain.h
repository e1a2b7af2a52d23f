/* What is so now and stands in no row of an aggregate report: a part of the agent that fails. The caller
 * names what it sees; this keeps incidents of it, and says what is to be told. Pure. */
#ifndef ALERT_PLAIN_H
#define ALERT_PLAIN_H

#include "alert/alert.h"

struct alert_plain {
    enum rule_id rule;
    sv subject;
    sv detail;     /* what people are told beside it: an error, a name; may be absent */
    sv after;      /* a second one */
    bool harmful;  /* the rule's `harm` instead of its `mild` */
    bool verified; /* the report is; the agent's own word needs none */
    bool mere;     /* info, unless the configuration sets the severity */
    bool fades;    /* it goes on no longer, and nobody says that it is well */
    bool proven;   /* it is over, and `verified` says whether who proves it is; as if it were not named */
    bool stays;    /* it keeps an incident open and is not enough to begin one */
    int64_t first_day, last_day;
    int64_t reported; /* when the last report about it came in; 0: none did */
    struct counts counts;
    uint64_t much, usual; /* as in struct notice_item, and so are the reporters */
    struct notice_reporter *reporters;
    size_t n_reporters, all_reporters;
};

struct alert_plain_case {
    const struct config *config;
    sv domain;                        /* policy domain; "": the agent itself */
    size_t entry;                     /* as in struct alert_case */
    const struct incident *incidents; /* of that domain */
    size_t n_incidents;
    const struct alert_plain *plains;
    size_t n_plains;
    uint64_t
        ends;    /* bits (1 << rule): what goes on is named, so that incidents of it that are not are over */
    int64_t now; /* run clock */
    const struct silence_cfg *silences; /* as in struct alert_case */
    size_t n_silences;
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};

/* Told when it begins, when it is more severe, and, of what people mend, again after `repeat` and when it is
 * over. Memory is the arena's. False: ERR_MEMORY. */
bool alert_decide_plain(const struct alert_plain_case *c, arena *a, struct decision *out,
                        struct err *e) NODISCARD;

/* The channels that hear of it: those of alert_channels but `broken`; where that leaves none, every other
 * one that is of no tenant: its error is not for customers. Of a channel that takes nothing it is no use to
 * tell it. chosen and broken: config.n_channels each. */
void alert_channels_but(const struct config *c, const struct decision *d, const bool *broken, bool *chosen);

#endif
