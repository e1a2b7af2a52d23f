/* The first walk, for the rules that look at a domain as a whole: messages by day of each reporter, leg of a
 * sender, selector, name and network. A row has a part in several of these figures. Above
 * limits.domain_networks of them some are left out; which ones depends on the set of keys alone. */
#ifndef ALERT_FIGURES_H
#define ALERT_FIGURES_H

#include "alert/alert.h"
#include "sums.h"
#include "table.h"

/* In brackets: the key, and which messages stand in counts.failed. Forwarders have no part but in the last
 * two.
 */
enum figure_kind {
    FIGURE_mail,           /* (reporter; those that failed) */
    FIGURE_own,            /* (reporter; those that failed) of our senders; of all where a domain has none */
    FIGURE_unknown_failed, /* (reporter; all) */
    FIGURE_known_failed,   /* (reporter; all) */
    FIGURE_not_applied,    /* (reporter; all): let through though the policy says otherwise, for no reason */
    FIGURE_dkim_leg,       /* (sender; those that did not pass by it) */
    FIGURE_spf_leg,        /* (sender; those that did not pass by it) */
    FIGURE_selector,       /* ("DOMAIN SELECTOR"; all) of aligned signatures that passed */
    FIGURE_name,           /* (From: domain below the policy domain; those that failed) */
    FIGURE_passing,        /* (network; all): of nobody we know, and passes */
    FIGURE_signed,         /* (network; all) of these, those that passed by a signature */
    FIGURE_relayed,        /* (network; all): of nobody we list, and passes by a key of ours that we know */
    FIGURE_forwarded,      /* (reporter; all) from forwarders */
    FIGURE_untrusted,      /* (reporter; all) of reports that failed authentication */
    FIGURE_KINDS
};

struct figure_key {
    enum figure_kind kind;
    size_t sender; /* index into config.senders, or SIZE_MAX */
    sv text;       /* reporter, selector, name, network */
};

struct figure {
    struct table_entry head;
    struct figure_key key;
    struct days days;
};

struct figures {
    const struct config *config;
    struct siphash_key hash_key;
    struct table table;
    bool failed; /* sticky: no memory */
};

void figures_init(struct figures *f, const struct config *c);
void figures_free(struct figures *f);

/* alert_row_fn */
void figures_add(void *figures, const struct row *row, const struct verdict *v);

/* A row's part in a figure. */
struct figure_part {
    struct figure_key key;
    bool counts; /* its messages stand in counts.failed */
};

enum { FIGURE_PARTS = 12, FIGURE_TEXT = 512 };

/* Room for the texts of keys that are put together. */
struct figure_room {
    char text[FIGURE_TEXT], name[256], network[CIDR_TEXT];
};

/* The parts of a row; their number. */
size_t figure_parts(const struct config *c, const struct row *row, const struct verdict *v,
                    struct figure_part out[FIGURE_PARTS], struct figure_room *room);

/* The figures of one kind, by key, in `a`; *n of them. NULL: no memory. */
const struct figure **figures_list(const struct figures *f, enum figure_kind kind, arena *a, size_t *n);

/* part of whole in 1/100 percent, rounded down; 0 of nothing. */
uint64_t figure_share(uint64_t part, uint64_t whole);

/* Messages of the days from first to last. */
struct day_sum figure_sum(const struct figure *f, int64_t first, int64_t last);

#endif
