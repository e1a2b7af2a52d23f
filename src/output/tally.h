/* Reports gathered by reporter for the table: rows that are the same to the eye are one, and what passes
 * is only counted unless asked for. Grows with what is shown, not with what is read. */
#ifndef OUTPUT_TALLY_H
#define OUTPUT_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "format.h"
#include "model/report.h"
#include "others.h"
#include "reject_list.h"

struct tally_row {
    struct ip ip;
    uint64_t count;
    bool passes;
    struct word disposition, dkim, spf;
    sv header_from;
    sv sender;                    /* by the caller's label */
    sv dkim_results, spf_results; /* in words, only with auth_results */
};

struct tally_report {
    sv file, report_id, domain;
    int64_t begin, end;
    struct policy_published policy; /* words only */
    struct tally_row *rows;         /* failing ones first, most messages first */
    size_t n_rows;
    uint64_t passing_sources, passing, failing; /* sources: different addresses; messages */
    struct note_set notes;
    struct lint_set lint; /* only with the option */
    enum dialect dialect;
};

struct tally_reporter {
    sv name, email, key;
    struct tally_report **reports; /* in order of their begin */
    size_t n_reports, cap;
    uint64_t messages, failing;
};

struct tally {
    arena arena;
    struct tally_reporter **reporters; /* by name after tally_sort */
    size_t n_reporters, cap;
    struct others others;
    struct reject_list rejects;
    bool failed; /* out of memory */
};

void tally_init(struct tally *t);
void tally_free(struct tally *t);
void tally_report(struct tally *t, const struct output *o, sv file, const struct report *r,
                  struct record_cursor *records);
void tally_sort(struct tally *t);

#endif
