/* What `replay` prints: what one or two configurations would have told of the past. */
#ifndef OUTPUT_REPLAY_H
#define OUTPUT_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/rules.h"

enum { REPLAY_ACTIVE, REPLAY_TRIED, REPLAY_CONFIGS };

/* An incident in a notice. */
struct replay_event {
    int64_t day; /* since 1970, on which it would have been told */
    sv domain, subject;
    enum rule_id rule;
    enum severity severity;
    enum news news;
    bool with[REPLAY_CONFIGS];
};

/* Notices on a day or to a channel. */
struct replay_count {
    int64_t day;
    sv channel;
    uint64_t notices[REPLAY_CONFIGS];
};

struct replay {
    int64_t since, until; /* Unix seconds */
    size_t n_configs;     /* 1: the active one alone */
    const char *paths[REPLAY_CONFIGS];
    const struct replay_count *days; /* all of them, in order */
    size_t n_days;
    const struct replay_count *channels; /* by name */
    size_t n_channels;
    const struct replay_event *events; /* in order */
    size_t n_events;
};

/* For people, or as one JSON object. ERR_DISK, ERR_MEMORY. */
bool replay_print(const struct replay *r, bool json, FILE *to, struct err *e) NODISCARD;

#endif
