/* dmarcwarn parse: files in, a listing out. No configuration, no database; the same readers and the same
 * stage as `run`. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "common.h"
#include "fetch/files.h"
#include "intake/intake.h"
#include "labels.h"
#include "output/output.h"
#include "parse_filter.h"
#include "parse_queue.h"
#include "progress.h"
#include "readers.h"
#include "say.h"
#include "seen.h"
#include "temporary.h"
#include "zone.h"

#define PARSE_MEMORY MIB(64)

/* Inputs on their way at a time, for each reader: enough to keep it busy while another one holds up the
 * order. */
enum { AHEAD = 8, MEMBER_MAX = 64 * 1024 };

enum {
    OPT_STATISTICS = 1,
    OPT_INCLUDE,
    OPT_EXCLUDE,
    OPT_BY,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_TZ,
    OPT_FAIL_ONLY,
    OPT_ALL_ROWS,
    OPT_AUTH_RESULTS,
    OPT_NOTES,
    OPT_LINT,
    OPT_FORMAT,
    OPT_XML,
    OPT_OUTPUT,
    OPT_ALLOWLIST,
    OPT_JOBS,
    OPT_SANDBOX,
};

static const struct opt options[] = {
    {OPT_STATISTICS, 's', "statistics", NULL, "sums by source address over all reports, failing first"},
    {OPT_STATISTICS, 0, "statistics-mode", NULL, "the same"},
    {OPT_BY, 0, "by", "KEY", "list by reporter (default), or sum by source, domain, day, sender or selector"},
    {OPT_INCLUDE, 0, "include-ips", "LIST", "only sources in these addresses and networks, commas between"},
    {OPT_EXCLUDE, 0, "exclude-ips", "LIST", "no sources in these"},
    {OPT_SINCE, 0, "since", "DATE", "only reports that end on or after it"},
    {OPT_UNTIL, 0, "until", "DATE", "only reports that end on or before it"},
    {OPT_TZ, 0, "tz", "ZONE", "the time zone of days and dates (UTC)"},
    {OPT_FAIL_ONLY, 0, "fail-only", NULL, "only what fails DMARC"},
    {OPT_ALL_ROWS, 0, "all-rows", NULL, "in the table, also what passes, row by row"},
    {OPT_AUTH_RESULTS, 0, "auth-results", NULL,
     "in the table, the raw DKIM and SPF results beside the verdicts"},
    {OPT_NOTES, 0, "notes", NULL,
     "in the table and with TLS and failure reports in JSON, what the reader repaired or inferred"},
    {OPT_LINT, 0, "lint", NULL,
     "in the table and in JSON, which clauses of RFC 9990 or RFC 7489 a report breaks"},
    {OPT_FORMAT, 0, "format", "FORMAT",
     "table (default), json, ndjson (an object a line and document) or csv"},
    {OPT_XML, 0, "xml", NULL,
     "the reports as XML as they were understood, indented, with the reader's notes"},
    {OPT_ALLOWLIST, 0, "allowlist", "FILE",
     "senders and domains, as in the configuration: whose mail a source is"},
    {OPT_OUTPUT, 'o', "output", "FILE", "write there instead of to standard output (-)"},
    {OPT_JOBS, 0, "jobs", "N", "reader processes, 1 to 8 (2)"},
    {OPT_SANDBOX, 0, "sandbox", "HOW",
     "full (default), or best-effort: where the system lets a reader not confine itself"},
    {0, 0, NULL, NULL, NULL},
};

static int parse_main(int argc, char **argv);

const struct command cmd_parse = {
    .name = "parse",
    .args = "[--] PATH…",
    .summary = "Read reports from files, folders, mboxes, Maildirs or standard input (-)",
    .opts = options,
    .details = "A path may be a report (XML, gzip, zip), a mail, an mbox, a Maildir or a folder of any of\n"
               "these. DKIM and SPF are the verdicts of policy_evaluated: whether a domain aligned with the\n"
               "From address passed, which is what DMARC asks; --auth-results shows the raw results, which\n"
               "may pass for any domain. Sums leave out a report that was there before.\n"
               "Exit status: 0 something was read; 65 nothing could be read; 64 wrong usage.\n",
    .run = parse_main,
};

struct parse {
    struct common common;
    arena arena;
    const struct output_format *format;
    struct output_options shown;
    struct parse_filter filter;
    bool best_effort;
    const char *since, *until; /* read when the zone is known */
    const char *path;          /* of the output; NULL: standard output */
    buf member;                /* the way to the document at hand */
    sv temporary;              /* name of the file that will take that path; absent: none */
    FILE *to;
    struct files *files;
    struct intake *intake;
    struct output *output;
    struct parse_queue queue;
    bool files_end;
    uint64_t reports; /* read */
    struct progress progress;
    struct seen seen;
    const char *allowlist; /* NULL: none */
    struct labels labels;
};

static bool take_format(struct parse *p, const char *value, struct err *e)
{
    p->format = output_format_named(sv_c(value));
    return p->format != NULL ||
           err_set(e, ERR_USAGE, "--format=%s: write one of %s", value, output_format_names());
}

static bool take_sandbox(struct parse *p, const char *value, struct err *e)
{
    p->best_effort = strcmp(value, "best-effort") == 0;
    return p->best_effort || strcmp(value, "full") == 0 ||
           err_set(e, ERR_USAGE, "--sandbox=%s: write full or best-effort", value);
}

static bool take_view(struct parse *p, const char *value, struct err *e)
{
    return output_view_named(sv_c(value), &p->shown.view) ||
           err_set(e, ERR_USAGE, "--by=%s: write one of %s", value, output_view_names());
}

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct parse *p = ctx;
    switch (id) {
    case OPT_STATISTICS:
        p->shown.view = OUTPUT_BY_SOURCE;
        return true;
    case OPT_BY:
        return take_view(p, value, e);
    case OPT_INCLUDE:
        return parse_filter_ips(&p->filter.include, "include-ips", value, &p->arena, e);
    case OPT_EXCLUDE:
        return parse_filter_ips(&p->filter.exclude, "exclude-ips", value, &p->arena, e);
    case OPT_SINCE:
        p->since = value;
        return true;
    case OPT_UNTIL:
        p->until = value;
        return true;
    case OPT_TZ:
        p->shown.zone_offset = zone_offset;
        return zone_set(value, e);
    case OPT_FAIL_ONLY:
        p->filter.fail_only = true;
        return true;
    case OPT_ALL_ROWS:
        p->shown.all_rows = true;
        return true;
    case OPT_AUTH_RESULTS:
        p->shown.auth_results = true;
        return true;
    case OPT_NOTES:
        p->shown.notes = true;
        return true;
    case OPT_LINT:
        p->shown.lint = true;
        return true;
    case OPT_FORMAT:
        return take_format(p, value, e);
    case OPT_XML:
        return take_format(p, "xml", e);
    case OPT_ALLOWLIST:
        p->allowlist = value;
        return true;
    case OPT_OUTPUT:
        p->path = strcmp(value, "-") == 0 ? NULL : value;
        return true;
    case OPT_SANDBOX:
        return take_sandbox(p, value, e);
    case OPT_JOBS:
        return limits_set(&p->common.limits, SV("workers"), sv_c(value), e) || err_prefix(e, "--jobs: ");
    default:
        return err_set(e, ERR_BUG, "option %d is in no table", id);
    }
}

/* Dates are read in the zone that --tz set, wherever it stood. A bare date means the whole day. */
static bool take_dates(struct parse *p, struct err *e)
{
    static const char hint[] = "write 2026-11-24 or 2026-11-24T02:24:22Z";
    if (p->shown.zone_offset == NULL && !zone_set("UTC", e))
        return false;
    if (p->since && !zone_parse(p->since, &p->filter.since))
        return err_set(e, ERR_USAGE, "--since=%s is no date; %s", p->since, hint);
    if (p->until == NULL)
        return true;
    if (!zone_parse(p->until, &p->filter.until))
        return err_set(e, ERR_USAGE, "--until=%s is no date; %s", p->until, hint);
    if (strlen(p->until) <= strlen("2026-11-24"))
        p->filter.until += DAY_SECONDS;
    return true;
}

/* In sums a report counts once, however often it comes. */
static bool is_repeated(struct parse *p, const struct report *r, struct record_cursor *records, bool *yes,
                        struct err *e)
{
    *yes = false;
    return p->shown.view == OUTPUT_BY_REPORTER ||
           seen_report(&p->seen, r, records, &p->common.limits, yes, e);
}

static bool print_report(struct parse *p, sv file, const struct document *d, struct record_cursor *records,
                         struct err *e)
{
    struct filtered space;
    bool repeated;
    p->reports++;
    if (!parse_filter_wants(&p->filter, &d->report))
        return true;
    if (!is_repeated(p, &d->report, records, &repeated, e))
        return false;
    if (repeated)
        output_repeated(p->output);
    else
        output_document(p->output, file, d, parse_filter_records(&p->filter, &space, records));
    return true;
}

/* TLS and failure reports are no part of sums and never repeated there. */
static void print_other(struct parse *p, sv file, const struct document *d)
{
    p->reports++;
    if (parse_filter_wants_other(&p->filter, d))
        output_document(p->output, file, d, NULL);
}

/* The way to what is inside the mail of an mbox leads through the mail. Lives in *text. */
static sv member_of(const struct parse_job *job, sv inside, buf *text)
{
    if (job->number == 0)
        return inside;
    buf_reset(text);
    buf_printf(text, "mail %u", job->number);
    if (inside.p)
        buf_printf(text, " > %.*s", SV_ARG(inside));
    return buf_view(text);
}

static bool print_document(struct parse *p, const struct parse_job *job, size_t i, struct err *e)
{
    sv file = sv_c(job->path);
    struct document d = *intake_document(job->result, i);
    d.member = member_of(job, d.member, &p->member);
    switch (d.kind) {
    case DOCUMENT_AGGREGATE:
        return print_report(p, file, &d, intake_records(job->result, i), e);
    case DOCUMENT_TLSRPT:
    case DOCUMENT_FAILURE:
        print_other(p, file, &d);
        return true;
    case DOCUMENT_REJECT:
        output_document(p->output, file, &d, NULL);
        return true;
    }
    return true;
}

static bool print_documents(struct parse *p, const struct parse_job *job, struct err *e)
{
    for (size_t i = 0; i < job->result->outcome.n_documents; i++)
        if (!print_document(p, job, i, e))
            return false;
    return true;
}

static bool print_result(struct parse *p, const struct parse_job *job, struct err *e)
{
    sv file = sv_c(job->path), member = member_of(job, SV_ABSENT, &p->member);
    const struct mail_outcome *o = &job->result->outcome;
    switch (o->state) {
    case MAIL_NOT_A_REPORT:
        output_not_a_report(p->output, file, member, o->not_report);
        return true;
    case MAIL_REJECTED:
    case MAIL_TEMPORARY:
        output_reject(p->output, file, member, o->reject, o->detail);
        return true;
    case MAIL_READ:
        return print_documents(p, job, e);
    }
    return true;
}

static bool print_ready(struct parse *p, struct err *e)
{
    for (struct parse_job *job; (job = parse_queue_ready(&p->queue)) != NULL; parse_queue_pop(&p->queue)) {
        if (job->result == NULL) {
            output_reject(p->output, sv_c(job->path), member_of(job, SV_ABSENT, &p->member), job->why,
                          SV_ABSENT);
            continue;
        }
        bool ok = print_result(p, job, e) && intake_intact(job->result, e);
        intake_release(p->intake, job->result);
        job->result = NULL;
        if (!ok)
            return false;
    }
    return true;
}

/* Hands the next input to the readers. */
static bool submit_next(struct parse *p, struct err *e)
{
    struct files_item item;
    switch (files_next(p->files, &item, e)) {
    case FILES_END:
        p->files_end = true;
        return true;
    case FILES_ERROR:
        progress_clear(&p->progress);
        say(SAY_ERROR, "%s", e->msg);
        return true;
    case FILES_ITEM:
        break;
    }
    uint64_t id = parse_queue_next_id(&p->queue);
    bool ok = parse_queue_push(&p->queue, &item) || err_set(e, ERR_MEMORY, "out of memory");
    if (ok && item.why == REJECT_NONE_)
        ok = intake_submit(p->intake, &item.mail, id, e);
    free(item.mail.bytes);
    return ok;
}

static bool wants_more(const struct parse *p)
{
    return !p->files_end && !parse_queue_full(&p->queue) &&
           intake_backlog(p->intake) < p->common.limits.backlog;
}

static bool turn(struct parse *p, struct err *e)
{
    if (!readers_turn(p->intake, !wants_more(p), e))
        return false;
    for (struct intake_result *r; intake_next(p->intake, &r);)
        parse_queue_finish(&p->queue, r);
    return print_ready(p, e);
}

static bool read_all(struct parse *p, struct err *e)
{
    while (!p->files_end || p->queue.n) {
        progress_update(&p->progress, p->queue.first_id, 0);
        if (wants_more(p) && !submit_next(p, e))
            return false;
        if (intake_pending(p->intake) ? !turn(p, e) : !print_ready(p, e))
            return false;
    }
    return true;
}

static bool take_allowlist(struct parse *p, struct err *e)
{
    if (p->allowlist == NULL)
        return true;
    p->shown.label = labels_of;
    p->shown.label_ctx = &p->labels;
    return labels_load(&p->labels, &p->common, p->allowlist, &p->arena, e);
}

/* The output file takes its name only when it is whole: it may be among the inputs, or be all there is of
 * an earlier run. What is no ordinary file (a pipe, /dev/null) is written to as it is. */
static bool open_file(struct parse *p, struct err *e)
{
    struct stat st;
    bool ordinary = stat(p->path, &st) != 0 || S_ISREG(st.st_mode);
    if (ordinary) {
        p->temporary = arena_printf(&p->arena, "%s.XXXXXX", p->path);
        int fd = p->temporary.p ? mkostemp((char *)(uintptr_t)p->temporary.p, O_CLOEXEC) : -1;
        if (fd >= 0)
            temporary_begin(p->temporary.p);
        p->to = fd >= 0 && fchmod(fd, 0644) == 0 ? fdopen(fd, "w") : NULL;
    } else {
        p->to = fopen(p->path, "we");
    }
    return p->to != NULL || err_set(e, ERR_STATE, "%s: cannot write: %s", p->path, strerror(errno));
}

static bool close_file(struct parse *p, bool good, struct err *e)
{
    bool ok = fclose(p->to) == 0;
    if (p->temporary.p && good && ok)
        ok = rename(p->temporary.p, p->path) == 0;
    else if (p->temporary.p)
        (void)unlink(p->temporary.p);
    temporary_end();
    return ok ||
           err_set(e, err_class_of_errno(errno, ERR_STATE), "%s: cannot write: %s", p->path, strerror(errno));
}

static bool open_output(struct parse *p, struct err *e)
{
    p->to = stdout;
    if (p->path && !open_file(p, e))
        return false;
    p->shown.color = common_color(&p->common, fileno(p->to));
    p->shown.width = common_width(fileno(p->to));
    p->shown.hide_empty = parse_filter_thins(&p->filter);
    p->output = output_open(p->format, p->to, &p->shown);
    return p->output != NULL || err_set(e, ERR_MEMORY, "out of memory");
}

static bool open_all(struct parse *p, char **paths, int n, struct err *e)
{
    const struct intake_options intake = {.limits = &p->common.limits, .best_effort = p->best_effort};
    if (!intake_open(&intake, &p->intake, e))
        return false;
    p->files = files_open((const char *const *)paths, (size_t)n, &p->common.limits);
    if (p->files == NULL || !parse_queue_init(&p->queue, AHEAD * p->common.limits.workers))
        return err_set(e, ERR_MEMORY, "out of memory");
    return open_output(p, e);
}

static int parse(struct parse *p, char **paths, int n)
{
    struct err e = {0};
    int code = 0;
    progress_start(&p->progress, "mails and files");
    bool ok = open_all(p, paths, n, &e) && read_all(p, &e);
    progress_clear(&p->progress);
    if (!ok)
        code = say_err(&e);
    if (p->output && !output_close(p->output, &e))
        code = say_err(&e);
    if (p->to && p->to != stdout && !close_file(p, code == 0 && p->reports, &e) && code == 0)
        code = say_err(&e);
    parse_queue_free(&p->queue, p->intake);
    intake_close(p->intake);
    files_close(p->files);
    seen_free(&p->seen);
    if (code != 0 || p->reports)
        return code;
    say(SAY_WARNING, "no report could be read from what was given");
    return err_exit_code(ERR_INPUT);
}

static int parse_main(int argc, char **argv)
{
    struct parse p = {.format = output_format_named(SV("table"))};
    struct opts o;
    struct err e;
    parse_filter_init(&p.filter);
    arena_init(&p.arena, PARSE_MEMORY);
    buf_init(&p.member, MEMBER_MAX);
    opts_start(&o, &cmd_parse, argc, argv);
    bool ok = common_parse(&p.common, &cmd_parse, &o, take_option, &p, &e);
    if (ok && o.n_operands == 0)
        ok = err_set(&e, ERR_USAGE, "no PATH given; 'dmarcwarn parse --help' tells more");
    if (ok && p.shown.view != OUTPUT_BY_REPORTER && !output_format_sums(p.format))
        ok = err_set(&e, ERR_USAGE, "--xml shows reports, not sums: leave out -s or --by");
    if (ok && p.shown.view == OUTPUT_BY_SENDER && p.allowlist == NULL)
        ok = err_set(&e, ERR_USAGE, "--by=sender needs --allowlist=FILE, which names the senders");
    ok = ok && take_dates(&p, &e) && take_allowlist(&p, &e);
    int code = ok ? parse(&p, o.operands, o.n_operands) : common_give_up(&p.common, &cmd_parse, &e);
    buf_free(&p.member);
    arena_free(&p.arena);
    return code;
}
