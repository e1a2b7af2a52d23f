/* Rules that look at a domain as a whole: what they find in its figures, and what becomes of it. */
#ifndef ALERT_FINDING_H
#define ALERT_FINDING_H

#include "figures.h"
#include "life.h"
#include "sums.h"

struct finding {
    enum rule_id rule;
    struct figure_key of; /* the rows that its facts are of; text absent: of any key */
    sv subject;           /* what the incident is named after */
    sv leg;               /* RULE_sender_leg_lost: "DKIM" or "SPF" */
    bool harmful;
    bool sure, sure_harmful;     /* the same by what verified reports say alone */
    int64_t first_day, last_day; /* of its mail */
    struct counts counts;
    uint64_t much, usual; /* as in struct notice_item */
    size_t item;          /* of the notice, or SIZE_MAX */
};

/* What the rules look at, and what they make. */
struct survey {
    const struct alert_case *c;
    const struct figures *figures;
    const struct sums *sums;
    arena *a;
    int64_t today; /* the last day that the event clock has seen the end of */
    struct finding *list;
    size_t n, room;
    struct alert_known *news; /* to be remembered */
    size_t n_news, room_news;
    int64_t data_since; /* first day with data that the rules can know of */
    int64_t due;        /* as in struct decision */
};

/* All findings of a domain, in a fixed order; check a->failed. */
void findings_make(struct survey *s, const struct alert_case *c, const struct figures *f,
                   const struct sums *sums, arena *a);

void findings_put(struct survey *s, const struct finding *f);

/* The incident that the finding belongs to, or NULL: the one that goes on, else the last. */
const struct incident *finding_incident(const struct alert_case *c, const struct finding *f);

struct outcome finding_outcome(const struct alert_case *c, const struct finding *f,
                               const struct incident *was);

/* The published policy asks receivers to let everything through. */
bool finding_is_none(const struct alert_case *c);

/* The parts of findings_make, in files of their own. */
void novel_selectors(struct survey *s, const struct rule *rule);
void novel_sources(struct survey *s, const struct rule *rule);
void novel_names(struct survey *s, const struct rule *rule);
/* To be called before the others: what has been known since when. */
void novel_remember(struct survey *s);
void compare_legs(struct survey *s, const struct rule *rule);
void compare_volume(struct survey *s, const struct rule *rule);
void compare_rate(struct survey *s, const struct rule *rule);
void compare_reporters(struct survey *s, const struct rule *rule);

#endif
