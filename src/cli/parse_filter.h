/* Which reports and records `parse` shows. */
#ifndef CLI_PARSE_FILTER_H
#define CLI_PARSE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/ip.h"
#include "model/report.h"

struct cidr_list {
    struct cidr *nets;
    size_t n;
};

struct parse_filter {
    struct cidr_list include, exclude; /* include empty: all */
    bool fail_only;
    int64_t since, until; /* reports whose last second lies in [since, until); INT64_MIN, INT64_MAX: all */
};

void parse_filter_init(struct parse_filter *f);

/* "192.0.2.0/24,2001:db8::1": addresses and networks, commas between; repeated options add up. */
bool parse_filter_ips(struct cidr_list *l, const char *option, const char *text, arena *a,
                      struct err *e) NODISCARD;

/* Whether records are taken out at all. */
bool parse_filter_thins(const struct parse_filter *f);
bool parse_filter_wants(const struct parse_filter *f, const struct report *r);

/* A TLS or failure report. TLS reports are of no single source: the first list, when there is one, leaves
 * them out. fail_only wants failed sessions, and any failure report. */
bool parse_filter_wants_other(const struct parse_filter *f, const struct document *d);

/* A cursor that leaves out what the filter does not want. */
struct filtered {
    struct record_cursor base;
    struct record_cursor *inner;
    const struct parse_filter *filter;
};

struct record_cursor *parse_filter_records(const struct parse_filter *f, struct filtered *space,
                                           struct record_cursor *inner);

#endif
