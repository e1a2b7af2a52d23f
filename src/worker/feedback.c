#include "feedback.h"

#include "mail/contents.h"
#include "mail/header.h"

void feedback_init(struct feedback *f, const struct limits *limits, arena *a)
{
    *f = (struct feedback){.limits = limits, .arena = a};
    buf_init(&f->scratch, limits->mail_size);
}

void feedback_free(struct feedback *f)
{
    buf_free(&f->scratch);
}

void feedback_start(struct feedback *f)
{
    f->pending = false;
    f->spare = (struct feedback_original){.is_there = false};
}

enum { ENCODED = 4 }; /* octets for one: three of quoted-printable, and line ends */

/* The start of the decoded leaf, in the scratch or the mail. */
static sv head_of(struct feedback *f, const struct mail_leaf *leaf)
{
    struct mail_leaf head = *leaf;
    head.body = sv_first(leaf->body, ENCODED * f->limits->header_block);
    return sv_first(mail_decode(&head, &f->scratch), f->limits->header_block);
}

/* Number of fields that were of use. */
static unsigned take_fields(struct feedback *f, struct failure_reader *r, sv block)
{
    struct header_field field;
    unsigned n = 0;
    for (uint64_t i = 0; i < f->limits->header_lines && header_next(&block, &field); i++)
        n += failure_field(r, field.name, header_unfold(field.raw, f->arena));
    return n;
}

enum { FEEDBACK_BLOCKS = 100 };

/* Some reporters put an empty line between the fields: what stands behind it belongs to them as long as it
 * has fields. */
static unsigned take_blocks(struct feedback *f, struct failure_reader *r, sv body)
{
    unsigned n = 0;
    for (unsigned i = 0; i < FEEDBACK_BLOCKS && body.n; i++) {
        while (body.n && ascii_is_blank(body.p[0]))
            body = sv_skip(body, 1);
        sv block = header_split(body, &body);
        unsigned more = block.p ? take_fields(f, r, block) : 0;
        if (more && n)
            note_add(&r->report.notes, NOTE_feedback_in_pieces);
        n += more;
        if (block.p == NULL)
            break;
    }
    return n;
}

/* A value that is not folded lies in the scratch, which does not last: failure_field copies what it keeps.
 * False: there is no field of a failure report. */
static bool take_feedback(struct feedback *f, struct failure_reader *r, const struct mail_leaf *leaf)
{
    unsigned n = take_blocks(f, r, head_of(f, leaf));
    /* Some reporters lose the empty line between the header of the part and its fields. */
    unsigned in_header = take_fields(f, r, leaf->headers);
    if (in_header)
        note_add(&r->report.notes, NOTE_feedback_in_header);
    note_add_all(&r->report.notes, &leaf->notes);
    return n + in_header > 0;
}

/* The header of the mail that it is about: the body of a message/rfc822, or all of text/rfc822-headers. */
static struct feedback_original original_of(struct feedback *f, sv head)
{
    struct feedback_original o = {.is_there = false};
    struct header_field from, id;
    sv rest;
    while (head.n && ascii_is_blank(head.p[0]))
        head = sv_skip(head, 1);
    sv block = header_split(head, &rest);
    bool has_from = header_find(block, SV("From"), &from), has_id = header_find(block, SV("Message-ID"), &id);
    if (has_from)
        o.header_from_domain = arena_sv(f->arena, header_domain_raw(from.raw));
    if (has_id)
        o.message_id = arena_sv(f->arena, header_unfold(id.raw, f->arena));
    o.is_there = has_from || has_id;
    return o;
}

static void use(struct feedback *f, const struct feedback_original *o)
{
    failure_original(&f->reader, o->header_from_domain, o->message_id);
    f->has_original = true;
}

static void start_report(struct feedback *f, const struct failure_reader *fields, sv path, bool is_text)
{
    f->reader = *fields;
    f->pending = true;
    f->is_text = is_text;
    f->has_original = false;
    f->path = path;
    if (f->spare.is_there && !is_text) {
        use(f, &f->spare);
        f->spare.is_there = false;
    }
}

static void take_original(struct feedback *f, const struct mail_leaf *leaf)
{
    if (f->pending ? f->has_original && f->spare.is_there : f->spare.is_there)
        return;
    struct feedback_original o = original_of(f, head_of(f, leaf));
    o.path = leaf->path;
    if (!o.is_there)
        return;
    if (f->pending && !f->has_original)
        use(f, &o);
    else
        f->spare = o;
}

static bool take_text(struct feedback *f, const struct mail_leaf *leaf)
{
    struct failure_reader text;
    sv quoted;
    if (f->pending || !sv_eq(leaf->type, SV("text/plain")))
        return false;
    failure_start(&text, f->limits, f->arena);
    if (!failure_plain_text(&text, head_of(f, leaf), &quoted))
        return false;
    start_report(f, &text, leaf->path, true);
    struct feedback_original o = original_of(f, quoted);
    if (o.is_there)
        use(f, &o);
    return true;
}

bool feedback_is_next(const struct feedback *f, const struct mail_leaf *leaf)
{
    return leaf->feedback && f->pending && !f->is_text;
}

bool feedback_take(struct feedback *f, const struct mail_leaf *leaf)
{
    if (leaf->original) {
        take_original(f, leaf);
        return true;
    }
    if (!leaf->feedback)
        return take_text(f, leaf);
    struct failure_reader fields;
    failure_start(&fields, f->limits, f->arena);
    if (!take_feedback(f, &fields, leaf))
        return false;
    start_report(f, &fields, leaf->path, false);
    return true;
}

const struct failure_report *feedback_next(struct feedback *f, sv *path)
{
    if (!f->pending && f->spare.is_there) {
        struct failure_reader none;
        failure_start(&none, f->limits, f->arena);
        start_report(f, &none, f->spare.path, false);
        note_add(&f->reader.report.notes, NOTE_feedback_absent);
    }
    if (!f->pending)
        return NULL;
    f->pending = false;
    *path = f->path;
    failure_end(&f->reader);
    return &f->reader.report;
}
