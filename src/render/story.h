/* A notice in words, before any layout: the same sentences for every channel, already escaped in its style.
 * Order of content: headline, meaning, numbers, sources, evidence, what to do, footer. */
#ifndef RENDER_STORY_H
#define RENDER_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "model/notice.h"
#include "render/render.h"
#include "text/catalogue.h"

struct story_fact {
    sv label, text;
};

enum { STORY_FACTS = 14, STORY_STEPS = 4 };

struct story_item {
    sv severity; /* "WARNING" */
    sv title, summary;
    sv news; /* absent: told for the first time */
    sv meaning;
    struct story_fact facts[STORY_FACTS];
    size_t n_facts;
    sv steps[STORY_STEPS];
    size_t n_steps;
    sv footer; /* empty: there is none */
};

/* One for a rendering; texts are in the arena. Check memory->failed and words.failed at the end. */
struct story {
    const struct text_style *style;
    arena *memory;
    buf words;       /* the sentence that is being put together */
    size_t list_max; /* octets of one list; what is beyond is counted */
    enum render_length length;
    int64_t now; /* that "reported today" is said at, Unix seconds */
    sv zone;     /* of times, and what it is ahead of UTC: the context's */
    int64_t ahead;
    bool explained; /* what "let through" means has been said */
};

enum { STORY_SENTENCE_MAX = 65536 };

/* A time of the day, in the zone of the context. */
sv story_moment(struct story *s, int64_t unix_seconds);

/* list_max as in struct story; length, now and zone are the context's. */
void story_open(struct story *s, const struct text_style *style, arena *memory, size_t list_max,
                const struct render_context *c);

/* True when nothing failed on the way. */
bool story_close(struct story *s);

/* Out of the words: the sentence put together so far; words is empty then. */
sv story_take(struct story *s);

/* The sentence with its arguments. */
sv story_say_args(struct story *s, enum text_id id, const struct text_arg *args, size_t n);
#define SAY(s, id, ...)                                                                                      \
    story_say_args(s, id, (const struct text_arg[]){__VA_ARGS__},                                            \
                   sizeof((const struct text_arg[]){__VA_ARGS__}) / sizeof(struct text_arg))
/* A word without arguments. */
sv story_word(struct story *s, enum text_id id);

/* Above LENGTH_FULL: headline, numbers and footer alone. */
void story_item(struct story *s, const struct notice_item *item, struct story_item *out);

/* "[DMARC] WARNING example.com: own is failing DMARC, 16 rejected (+1 more)", without the bracket. */
sv story_subject(struct story *s, const struct notice *n);

/* The lines below all items: not verified, others that go on, repetition, the tenant, the
 * notice's id. */
enum { STORY_FOOTERS = 8 };
size_t story_footers(struct story *s, const struct notice *n, size_t left_out, bool repeat_possible,
                     sv out[STORY_FOOTERS]);
/* The same as one text. */
sv story_footer_text(struct story *s, const struct notice *n, size_t left_out, bool repeat_possible);

/* Parts of story_item, in files of their own. */
void story_facts(struct story *s, const struct notice_item *item, struct story_item *out);
void story_steps(struct story *s, const struct notice_item *item, struct story_item *out);

/* The same parts of an incident that is not about mail of sources. */
sv standing_title(struct story *s, const struct notice_item *item);
sv standing_subject(struct story *s, const struct notice_item *item);
sv standing_summary(struct story *s, const struct notice_item *item);
sv standing_meaning(struct story *s, const struct notice_item *item);
void standing_steps(struct story *s, const struct notice_item *item, struct story_item *out);

/* The same parts of one of the agent itself. */
sv agent_title(struct story *s, const struct notice_item *item);
sv agent_subject(struct story *s, const struct notice_item *item);
sv agent_summary(struct story *s, const struct notice_item *item);
sv agent_meaning(struct story *s, const struct notice_item *item);
void agent_steps(struct story *s, const struct notice_item *item, struct story_item *out);

/* The same parts of the end of an incident about mail of sources. */
sv ending_title(struct story *s, const struct notice_item *item);
sv ending_subject(struct story *s, const struct notice_item *item);
sv ending_summary(struct story *s, const struct notice_item *item);
sv ending_meaning(struct story *s, const struct notice_item *item);
void ending_steps(struct story *s, const struct notice_item *item, struct story_item *out);

/* The items of a digest: the week of the agent, the state of a domain. */
void digest_item(struct story *s, const struct notice_item *item, struct story_item *out);
sv digest_subject(struct story *s, const struct notice *n);

/* "12 let through, 3 rejected", the worst for the reader first; empty when nothing failed. *explained:
 * whether it has been said what let through means; NULL: it is not to be said here. */
sv story_fates(struct story *s, const struct notice_item *item, bool *explained);
/* The domain, or how many domains, that an incident is about. */
sv story_about(struct story *s, const struct notice_item *item);

/* ITEM_rest: a list of domains, and no incident. */
void rest_item(struct story *s, const struct notice_item *item, struct story_item *out);
sv rest_subject(struct story *s, const struct notice_item *item);

/* "a.example (12), b.example (3) and 5 more", of the lines of that severity; SEVERITY_END: of all. */
sv list_lines(struct story *s, const struct notice_item *item, enum severity severity);

/* Its rule, or what it is instead of an incident, for machines. */
const char *story_rule(const struct notice_item *item);

/* The fate that colours the wording: the worst for the reader that there is any of. */
enum fate story_fate(const struct notice_item *item);

/* The leg that broke, as far as the mail that passed tells. */
enum cause { CAUSE_NONE, CAUSE_DKIM, CAUSE_SPF, CAUSE_BOTH };
enum cause story_cause(const struct notice_item *item);

/* What became of a leg in most of the failed messages; LEG_PASSED when none is known. */
enum leg story_leg(const uint64_t by_leg[LEG_END]);

/* The first result that shows a leg's state, or NULL. */
const struct notice_dkim *story_dkim(const struct notice_item *item, enum leg leg);
const struct notice_spf *story_spf(const struct notice_item *item, enum leg leg);

/* The subject of the rule's incidents is a sender of the configuration; else a network. */
bool story_names_sender(enum rule_id rule);

/* The domain as an argument: a plain name of ours as it is, everything else as a stranger's. */
struct text_arg story_domain(sv domain, bool ours);

#endif
