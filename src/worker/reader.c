#include "reader.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/magic.h"
#include "delivery.h"
#include "feedback.h"
#include "guess.h"
#include "letters.h"
#include "mail/contents.h"
#include "mail/header.h"
#include "mail/mail.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "tail.h"
#include "tls.h"
#include "unpack/unpack.h"

struct reader {
    const struct limits *limits;
    struct documents out;
    struct unpacker *unpacker;
    struct aggregate_reader *aggregate;
    struct tls_document tls;
    struct feedback feedback;
    struct mail_contents contents;
    arena memory;
    struct letters letters;
    arena inside; /* of one of them */
    /* the mail */
    struct unpack_total total;
    uint64_t octets;          /* of it, as it came */
    int64_t start, cpu_start; /* ms */
    enum reject whole;
    sv whole_detail;
    bool stop;
    bool holds_original;
    bool is_report_mail; /* the one that is read is called like one that brings a report */
    /* the one of letters that is read: the way to it, and the mails around it */
    buf prefix;
    unsigned level;
    /* the part of the mail itself that is read, or NULL; what its octets are, and the mail's facts */
    const struct mail_leaf *leaf;
    enum magic leaf_magic;
    const struct mail_facts *facts;
    /* the document */
    bool is_expected; /* the input itself, or in a mail that is called like that of a report, or so itself */
    const struct note_set *found; /* how its octets were found in the mail */
    bool packed;                  /* it lies in a container */
    bool is_letter;
    sv letter; /* the way to it */
    sv member; /* the way to it, if it is no letter */
    bool is_tls;
    bool again;    /* begin is called once more for the same one */
    bool answered; /* before its octets were at their end */
    enum aggregate_answer answer;
    struct tail tail;
    bool follows; /* begin is called once more for the report behind the one that was read */
};

static int64_t cpu_ms(void)
{
    struct timespec t;
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) < 0 ? 0
                                                           : (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The mail cannot be read to its end; the first reason counts. */
static void give_up(struct reader *r, enum reject why, sv detail)
{
    if (r->whole != REJECT_NONE_)
        return;
    r->whole = why;
    r->whole_detail = detail;
}

static void too_many_reports(struct reader *r)
{
    give_up(r, REJECT_too_many_reports, SV_ABSENT);
    r->stop = true;
}

/* A document that is a reject and nothing else. */
static void add_reject(struct reader *r, sv member, enum reject reason, sv detail)
{
    if (documents_begin(&r->out, member))
        documents_reject(&r->out, reason, detail);
    else
        too_many_reports(r);
}

static int64_t for_octets(uint64_t ms, uint64_t octets)
{
    return (int64_t)((double)ms * (double)octets / (double)MIB(1));
}

/* Processor time that the mail may take so far, ms. A few octets that unpack to many, each of them dear to
 * read, would else keep a reader busy for as long as mail_cpu, as often as somebody likes. */
static int64_t work_budget(const struct reader *r)
{
    const struct limits *l = r->limits;
    int64_t packed = for_octets(l->work_packed, r->octets),
            unpacked = for_octets(l->work_unpacked, r->octets + r->total.octets);
    int64_t most = (int64_t)l->work_base + (packed < unpacked ? packed : unpacked);
    return most < (int64_t)l->mail_cpu ? most : (int64_t)l->mail_cpu;
}

/* Of one thread no more processor time is used than passes; the clock that says so costs no system call. The
 * millisecond: both are cut. */
static bool may_have_used_up_cpu(const struct reader *r, int64_t budget)
{
    return clock_mono_ms() - r->start + 1 >= budget;
}

/* Also ends the mail. */
static bool used_up_cpu(struct reader *r)
{
    int64_t budget = work_budget(r);
    if (!r->stop && may_have_used_up_cpu(r, budget) && cpu_ms() - r->cpu_start >= budget) {
        give_up(r, REJECT_cpu_limit, SV_ABSENT);
        r->stop = true;
    }
    return r->stop;
}

/* ---- records, from report/ ---- */

static bool on_reset(void *self)
{
    struct reader *r = self;
    documents_reset(&r->out);
    return true;
}

static bool on_record(void *self, const struct record *record)
{
    struct reader *r = self;
    return documents_record(&r->out, record);
}

/* ---- documents, from unpack/ ---- */

/* Whether the octets are worth to be a document. Drawings and office documents are XML too, and spam and
 * bounces bring them: such a mail is no report, and nothing to tell of. */
static bool looks_like_report(const struct reader *r, sv member, sv head)
{
    if (r->is_tls)
        return tlsrpt_looks_like(head);
    return aggregate_looks_like(head) &&
           (r->is_expected || guess_file_is_report(member) || aggregate_has_root(head));
}

static bool open_document(struct reader *r, sv member, enum magic magic, sv head)
{
    r->member = member;
    r->is_tls = magic == MAGIC_JSON || magic == MAGIC_UTF16_JSON;
    if (!looks_like_report(r, member, head))
        return false;
    if (documents_begin(&r->out, member))
        return true;
    too_many_reports(r);
    return false;
}

static bool on_begin(void *ctx, sv member, enum magic magic, sv head)
{
    struct reader *r = ctx;
    if (r->stop)
        return false;
    r->is_letter = r->packed && !r->again && !r->follows && letters_look_like(head);
    if (r->is_letter) {
        r->letter = member;
        letters_begin(&r->letters);
        return true;
    }
    if (!r->again) {
        if (!r->follows)
            tail_start(&r->tail);
        if (!open_document(r, member, magic, head))
            return false;
        if (r->is_tls)
            tls_document_start(&r->tls);
        else
            aggregate_start(r->aggregate);
    }
    tail_pass(&r->tail);
    r->again = r->answered = r->follows = false;
    return true;
}

/* Damage inside, which the checksum behind it may explain. */
static bool is_damaged(const struct reader *r)
{
    sv detail;
    enum reject why = aggregate_reject(r->aggregate, &detail);
    return why != REJECT_dtd && !documents_is_limit(why);
}

/* A report that is whole is still unpacked to its end: the checksum stands behind it. So is one that is
 * damaged, but not a bomb. */
static bool push(struct reader *r, sv piece)
{
    bool complete = aggregate_is_complete(r->aggregate);
    if (aggregate_push(r->aggregate, piece))
        return true;
    r->answered = true;
    r->answer = aggregate_end(r->aggregate);
    if (aggregate_is_complete(r->aggregate))
        tail_found(&r->tail, piece, complete);
    return r->answer == AGGREGATE_DONE || (r->answer == AGGREGATE_REJECT && is_damaged(r));
}

static bool on_data(void *ctx, sv chunk)
{
    struct reader *r = ctx;
    if (used_up_cpu(r))
        return false;
    if (r->is_letter)
        return letters_push(&r->letters, chunk);
    if (r->is_tls)
        return tls_document_push(&r->tls, chunk);
    sv piece = tail_piece(&r->tail, chunk);
    return r->answered || piece.n == 0 || push(r, piece);
}

/* Hands the report on. Another one behind it is the next to be read. */
static enum unpack_next close_report(struct reader *r, const struct note_set *notes)
{
    struct report report = *aggregate_report(r->aggregate);
    note_add_all(&report.notes, notes);
    note_add_all(&report.notes, r->found);
    bool more = tail_has_report(&r->tail);
    if (more)
        note_remove(&report.notes, NOTE_trailing_junk);
    if (more || r->tail.from > 0)
        note_add(&report.notes, NOTE_reports_joined);
    if (r->leaf)
        report.delivery = delivery_faults(r->leaf, r->leaf_magic, r->facts->subject, &report);
    documents_report(&r->out, &report);
    if (!more)
        return UNPACK_NEXT;
    tail_next(&r->tail);
    r->follows = true;
    return UNPACK_AGAIN;
}

/* A report that is damaged, or lacks what it must have, keeps nobody from the one behind it. */
static enum unpack_next close_damaged(struct reader *r)
{
    sv detail = SV_ABSENT;
    enum reject why = aggregate_reject(r->aggregate, &detail);
    documents_reject(&r->out, why, detail);
    if (!is_damaged(r))
        return UNPACK_NEXT;
    if (aggregate_is_complete(r->aggregate) && tail_has_report(&r->tail))
        tail_next(&r->tail);
    else if (!tail_skip_to_declaration(&r->tail))
        return UNPACK_NEXT;
    r->follows = true;
    return UNPACK_AGAIN;
}

static enum unpack_next close_document(struct reader *r, const struct note_set *notes)
{
    switch (r->answer) {
    case AGGREGATE_DONE:
        return close_report(r, notes);
    case AGGREGATE_AGAIN:
        r->again = true;
        return UNPACK_AGAIN;
    case AGGREGATE_REJECT:
        return close_damaged(r);
    case AGGREGATE_STOPPED:
        documents_reject(&r->out, REJECT_document_too_large, SV("a record is larger than a frame"));
        return UNPACK_NEXT;
    }
    return UNPACK_NEXT;
}

/* Of a mail in a container nothing is read that did not come whole. */
static enum unpack_next end_letter(struct reader *r, enum reject status, sv detail)
{
    if (!r->stop && status == REJECT_NONE_)
        status = letters_end(&r->letters, r->letter, r->level + 1);
    if (!r->stop && status != REJECT_NONE_)
        add_reject(r, r->letter, status, detail);
    return r->stop ? UNPACK_STOP : UNPACK_NEXT;
}

static enum unpack_next on_end(void *ctx, enum reject status, sv detail, const struct note_set *notes)
{
    struct reader *r = ctx;
    if (r->is_letter)
        return end_letter(r, status, detail);
    if (r->stop) {
        /* Told with the document that it ended in, and not again of the mail. */
        documents_reject(&r->out, r->whole, r->whole_detail);
        r->whole = REJECT_NONE_;
        return UNPACK_STOP;
    }
    if (status != REJECT_NONE_) {
        documents_reject(&r->out, status, detail);
        return UNPACK_NEXT;
    }
    if (r->is_tls) {
        struct note_set all = *notes;
        note_add_all(&all, r->found);
        if (tls_document_end(&r->tls, r->member, &all, &r->out))
            return UNPACK_NEXT;
        too_many_reports(r);
        return UNPACK_STOP;
    }
    if (!r->answered) {
        r->answer = aggregate_end(r->aggregate);
        tail_found_at_end(&r->tail);
    }
    return close_document(r, notes);
}

static void on_container_reject(void *ctx, enum reject reason, sv member, sv detail)
{
    struct reader *r = ctx;
    if (r->out.open) /* its container did not open for another reading */
        documents_reject(&r->out, reason, detail);
    else
        add_reject(r, member, reason, detail);
}

static void read_bytes(struct reader *r, sv bytes, sv member, const struct note_set *found)
{
    static const struct unpack_sink sink = {on_begin, on_data, on_end, on_container_reject};
    enum magic magic = magic_of(bytes);
    r->packed = magic == MAGIC_GZIP || magic == MAGIC_ZIP || magic == MAGIC_TAR;
    r->found = found;
    r->again = r->follows = false;
    if (!unpack(r->unpacker, bytes, member, &r->total, &sink, r))
        r->stop = true;
}

/* ---- leaves, from mail/ ---- */

/* The failure report that is complete now, if there is one. */
static void add_failure(struct reader *r)
{
    sv path;
    const struct failure_report *f = feedback_next(&r->feedback, &path);
    if (f == NULL)
        return;
    if (documents_begin(&r->out, path))
        documents_failure(&r->out, f);
    else
        too_many_reports(r);
}

/* The way to a part, from the input on. */
static sv full_path(struct reader *r, sv path)
{
    if (r->prefix.n == 0)
        return path;
    return path.p ? arena_printf(&r->inside, "%.*s > %.*s", SV_ARG(buf_view(&r->prefix)), SV_ARG(path))
                  : buf_view(&r->prefix);
}

static bool on_leaf(void *ctx, const struct mail_leaf *found)
{
    struct reader *r = ctx;
    sv bytes;
    struct mail_leaf own = *found;
    const struct mail_leaf *leaf = &own;
    own.path = full_path(r, found->path);
    if (feedback_is_next(&r->feedback, leaf))
        add_failure(r);
    bool taken = feedback_take(&r->feedback, leaf);
    r->holds_original = r->holds_original || taken || leaf->original;
    if (taken)
        return !r->stop;
    r->is_expected = r->is_report_mail || guess_file_is_report(leaf->name);
    mail_contents_start(&r->contents, leaf);
    while (!used_up_cpu(r) && mail_contents_next(&r->contents, &bytes)) {
        if (bytes.p == NULL) {
            add_reject(r, leaf->path, REJECT_memory_limit, SV_ABSENT);
            break;
        }
        if (magic_of(bytes) == MAGIC_OLE && guess_is_outlook_mail(leaf->type, leaf->name)) {
            add_reject(r, leaf->path, REJECT_container_unsupported, SV("a mail of Outlook (.msg)"));
            continue;
        }
        r->leaf = leaf->no_mail || leaf->level || r->prefix.n ? NULL : leaf;
        r->leaf_magic = magic_of(bytes);
        read_bytes(r, bytes, leaf->path, &r->contents.notes);
        r->leaf = NULL;
    }
    return !r->stop;
}

static bool on_header(void *ctx, sv name, sv value)
{
    struct reader *r = ctx;
    if (sv_eq_nocase(name, SV("Subject")) && guess_subject_is_report(header_text(value, &r->memory)))
        r->is_report_mail = true;
    return true;
}

static void on_mail_reject(void *ctx, enum reject reason, sv path, sv detail)
{
    struct reader *r = ctx;
    if (path.p == NULL && r->level == 0)
        give_up(r, reason, detail);
    else
        add_reject(r, full_path(r, path), reason, detail);
}

/* ---- the mail ---- */

static void start(struct reader *r, uint64_t octets)
{
    r->octets = octets;
    documents_start(&r->out);
    feedback_start(&r->feedback);
    letters_reset(&r->letters);
    buf_reset(&r->prefix);
    r->level = 0;
    arena_reset(&r->memory);
    r->total = (struct unpack_total){0};
    r->start = clock_mono_ms();
    r->cpu_start = cpu_ms();
    r->whole = REJECT_NONE_;
    r->whole_detail = SV_ABSENT;
    r->stop = r->holds_original = r->is_report_mail = false;
    r->is_expected = true;
    r->leaf = NULL;
}

static void read_parts(struct reader *r, sv mail, arena *memory, struct mail_info *info)
{
    static const struct mail_sink sink = {on_header, on_leaf, on_mail_reject};
    r->is_report_mail = false;
    r->facts = &info->facts;
    if (!mail_split(mail, r->limits, memory, &sink, r, info))
        r->stop = true;
    if (!r->stop)
        add_failure(r);
}

/* What its header says is nothing to go by: anybody can pack a mail. */
static void read_inside(struct reader *r, sv mail)
{
    struct mail_info info = {.not_report = NOT_REPORT_other};
    arena_reset(&r->inside);
    feedback_start(&r->feedback);
    read_parts(r, mail, &r->inside, &info);
}

static void read_mbox(struct reader *r, const struct letter *letter)
{
    sv rest = buf_view(&letter->octets), mail;
    for (unsigned n = 1; !used_up_cpu(r) && letters_mbox_next(&rest, &mail); n++) {
        buf_reset(&r->prefix);
        buf_printf(&r->prefix, "%s%smail %u", letter->member ? letter->member : "",
                   letter->member ? " > " : "", n);
        read_inside(r, mail);
    }
}

static void read_letter(struct reader *r, const struct letter *letter)
{
    sv octets = buf_view(&letter->octets);
    r->level = letter->level;
    buf_reset(&r->prefix);
    buf_puts(&r->prefix, letter->member ? letter->member : "");
    if (letter->level > r->limits->mail_depth)
        add_reject(r, full_path(r, SV_ABSENT), REJECT_too_deep, SV("mails"));
    else if (magic_of(octets) == MAGIC_MBOX)
        read_mbox(r, letter);
    else
        read_inside(r, octets);
}

void reader_mail(struct reader *r, sv mail)
{
    struct mail_info info = {.not_report = NOT_REPORT_other};
    const struct letter *letter;
    start(r, mail.n);
    if (magic_is_document(magic_of(mail)))
        read_bytes(r, mail, SV_ABSENT, &(const struct note_set){{0, 0}});
    else
        read_parts(r, mail, &r->memory, &info);
    while (!r->stop && (letter = letters_next(&r->letters)) != NULL)
        read_letter(r, letter);
    documents_done(&r->out, &(struct documents_end){.facts = &info.facts,
                                                    .not_report = info.not_report,
                                                    .whole = r->whole,
                                                    .detail = r->whole_detail,
                                                    .holds_original = r->holds_original,
                                                    .cpu_ms = (uint64_t)(cpu_ms() - r->cpu_start)});
}

void reader_refuse(struct reader *r, enum reject reason)
{
    const struct mail_facts none = {0};
    start(r, 0);
    documents_done(&r->out,
                   &(struct documents_end){.facts = &none, .not_report = NOT_REPORT_other, .whole = reason});
}

const struct documents *reader_documents(const struct reader *r)
{
    return &r->out;
}

struct reader *reader_new(const struct limits *limits, struct parent *parent)
{
    struct reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    const struct aggregate_sink sink = {.self = r, .reset = on_reset, .record = on_record};
    r->limits = limits;
    documents_init(&r->out, parent, limits);
    mail_contents_init(&r->contents, limits->mail_size);
    tls_document_init(&r->tls, limits);
    feedback_init(&r->feedback, limits, &r->memory);
    /* A copy with mended line ends and one of every mail inside that is encoded, smaller each time. */
    arena_init(&r->memory, MIB(4) + 2 * limits->mail_size);
    arena_init(&r->inside, MIB(4) + 2 * limits->mail_size);
    letters_init(&r->letters, limits);
    buf_init(&r->prefix, KIB(16));
    r->unpacker = unpacker_new(limits);
    r->aggregate = aggregate_new(limits, sink);
    if (r->unpacker && r->aggregate)
        return r;
    reader_free(r);
    return NULL;
}

void reader_free(struct reader *r)
{
    if (r == NULL)
        return;
    unpacker_free(r->unpacker);
    aggregate_free(r->aggregate);
    mail_contents_free(&r->contents);
    tls_document_free(&r->tls);
    feedback_free(&r->feedback);
    documents_free(&r->out);
    letters_free(&r->letters);
    buf_free(&r->prefix);
    arena_free(&r->inside);
    arena_free(&r->memory);
    free(r);
}
