/* The walk over a mail, depth first. */
#include "mail/mail.h"

#include "base/attr.h"
#include "cms.h"
#include "facts.h"
#include "kind.h"
#include "line.h"
#include "mail/auth.h"
#include "mail/contents.h"
#include "mail/header.h"
#include "multipart.h"
#include "param.h"
#include "role.h"

struct walk {
    const struct limits *limits;
    arena *a;
    const struct mail_sink *sink;
    void *ctx;
    struct mail_info *info;
    uint64_t parts;
    bool stop, stopped_by_sink;
};

struct part {
    sv octets;                 /* header and body */
    sv mail;                   /* path of the mail around it */
    sv numbers;                /* "2.1", absent for a mail itself */
    unsigned level, depth;     /* mails and multiparts around it */
    bool outermost;            /* the input itself */
    struct siblings *siblings; /* NULL for a mail itself */
    struct note_set notes;     /* of what is around it */
};

static void part_walk(struct walk *w, const struct part *p);

static void reject(struct walk *w, enum reject reason, sv path, sv detail)
{
    w->sink->reject(w->ctx, reason, path, detail);
}

/* True, and the walk ends, when the arena is used up. */
static bool out_of_memory(struct walk *w)
{
    if (w->a->failed && !w->stop) {
        w->stop = true;
        reject(w, REJECT_memory_limit, SV_ABSENT, SV_ABSENT);
    }
    return w->a->failed;
}

static sv path_of(struct walk *w, const struct part *p)
{
    if (p->numbers.p == NULL)
        return p->mail;
    return arena_printf(w->a, "%.*s%spart %.*s", SV_ARG(p->mail), p->mail.p ? " > " : "", SV_ARG(p->numbers));
}

/* Checked before anything looks into the header. */
static bool header_is_bounded(struct walk *w, sv block, sv path)
{
    struct header_field f;
    uint64_t lines = 0;
    if (block.n > w->limits->header_block) {
        reject(w, REJECT_header_too_large, path, SV_ABSENT);
        return false;
    }
    while (header_next(&block, &f))
        lines++;
    if (lines > w->limits->header_lines) {
        reject(w, REJECT_too_many_headers, path, SV_ABSENT);
        return false;
    }
    return true;
}

/* Of a leaf that is none by its type. */
static bool is_other_type(const struct part_head *h)
{
    return h->kind != PART_LEAF || type_is_feedback(h->type);
}

static bool is_pgp_type(const struct part_head *h)
{
    return sv_ends(h->type, SV("/pgp-encrypted")) || sv_ends_nocase(h->name, SV(".pgp")) ||
           sv_ends_nocase(h->name, SV(".gpg"));
}

enum { PGP_SNIFFED = 4 * 1024 };

/* Armoured anywhere in the body; encoded only at its start, where a type or name may help: an OpenPGP packet
 * has its uppermost bit set (RFC 9580 4.2). */
static bool is_pgp(const struct part_head *h, sv body)
{
    static const sv armour = SV_INIT("-----BEGIN PGP MESSAGE-----");
    struct mail_leaf l = {.body = sv_first(body, PGP_SNIFFED), .encoding = h->encoding};
    buf scratch;
    if (sv_find(body, armour, 0) != SIZE_MAX)
        return true;
    if (h->encoding == MAIL_IDENTITY && !is_pgp_type(h))
        return false;
    buf_init(&scratch, PGP_SNIFFED + 3);
    sv head = mail_decode(&l, &scratch);
    bool yes = sv_find(head, armour, 0) != SIZE_MAX ||
               (is_pgp_type(h) && mail_magic(&l) == MAGIC_NONE && head.n && (head.p[0] & 0x80));
    buf_free(&scratch);
    return yes;
}

static void leaf(struct walk *w, const struct part *p, const struct part_head *h, sv body, enum role role)
{
    bool original = role == ROLE_ORIGINAL;
    sv path = path_of(w, p);
    if (!original && is_pgp(h, body)) {
        reject(w, REJECT_encrypted, path, SV("PGP"));
        return;
    }
    struct mail_leaf l = {
        .body = body,
        .encoding = h->encoding,
        .type = h->type,
        .charset = h->type_field.p
                       ? header_param(h->type_field, SV("charset"), w->limits->header_params, w->a)
                       : SV_ABSENT,
        .name = h->name,
        .path = path,
        .headers = h->block,
        .level = p->level,
        .original = original,
        .feedback = role == ROLE_FEEDBACK,
        .no_mail = p->outermost && h->block.p == NULL,
        .notes = p->notes,
    };
    if (h->misspelt)
        note_add(&l.notes, NOTE_mail_field_misspelt);
    /* An empty line before the data seems to end a header. */
    if (l.no_mail && body.n < p->octets.n && mail_magic(&l) != MAGIC_NONE)
        note_add(&l.notes, NOTE_blanks_before_data);
    if (role == ROLE_NONE && (h->kind == PART_MULTIPART ? h->type_field.p != NULL : is_other_type(h)))
        note_add(&l.notes, NOTE_part_type_ignored);
    facts_see_type(w->info, p->level, l.type);
    if (out_of_memory(w))
        return;
    if (!w->sink->leaf(w->ctx, &l))
        w->stop = w->stopped_by_sink = true;
}

/* The octets of a container whose transfer encoding is undone, in the arena. Absent without memory. */
static sv decoded(struct walk *w, const struct part_head *h, sv body)
{
    struct mail_leaf l = {.body = body, .encoding = h->encoding};
    size_t most = (h->encoding == MAIL_BASE64 ? body.n / 4 * 3 : body.n) + MAIL_DECODE_MORE;
    buf room = {.p = arena_alloc(w->a, most), .cap = most, .max = most};
    sv out = room.p ? mail_decode(&l, &room) : SV_ABSENT;
    if (out.p == NULL)
        w->a->failed = true;
    return out;
}

/* A header that quoted-printable has been through. */
static bool looks_quoted(sv block)
{
    return sv_find(block, SV("=3D"), 0) != SIZE_MAX || sv_find(block, SV("=3d"), 0) != SIZE_MAX ||
           sv_find(block, SV("=\n"), 0) != SIZE_MAX || sv_find(block, SV("=\r\n"), 0) != SIZE_MAX;
}

/* Containers may not be encoded (RFC 2045 6.4) and yet are, or only say so: their octets decide. */
static sv container_body(struct walk *w, const struct part_head *h, sv body, bool plain)
{
    sv rest;
    if (h->encoding == MAIL_IDENTITY)
        return body;
    if (plain && !(h->encoding == MAIL_QP && looks_quoted(header_split(sv_trim(body), &rest))))
        return body;
    return decoded(w, h, body);
}

static sv delimiter_of(struct walk *w, const struct part_head *h)
{
    buf b;
    sv charset, out = SV_ABSENT;
    if (h->type_field.p == NULL)
        return SV_ABSENT;
    buf_init(&b, h->type_field.n + 3);
    buf_puts(&b, "--");
    if (param_octets(h->type_field, SV("boundary"), w->limits->header_params, &b, &charset))
        out = arena_sv(w->a, buf_view(&b));
    buf_free(&b);
    return out;
}

enum { ENCRYPTED_PARTS = 8 }; /* looked at; there are two (RFC 1847) */
static void multipart_walk(struct walk *w, const struct part *p, const struct part_head *h, sv body)
{
    struct multipart m;
    sv delimiter = delimiter_of(w, h), report_type = SV_ABSENT;
    if (p->depth >= w->limits->mime_depth) {
        reject(w, REJECT_too_deep, path_of(w, p), SV("multipart in multipart"));
        return;
    }
    sv inside = container_body(w, h, body, multipart_has(body, delimiter));
    if (out_of_memory(w))
        return;
    if (!multipart_start(&m, inside, delimiter)) {
        leaf(w, p, h, body, ROLE_NONE);
        return;
    }
    if (h->type_field.p)
        report_type = header_param(h->type_field, SV("report-type"), w->limits->header_params, w->a);
    struct siblings s = {.default_type = SV("text/plain"),
                         .declared = sv_eq_nocase(report_type, SV("feedback-report"))};
    s.feedback_report = s.declared || (p->siblings && p->siblings->feedback_report);
    if (sv_eq(h->type, SV("multipart/digest")))
        s.default_type = SV("message/rfc822");
    struct part child = {
        .mail = p->mail, .level = p->level, .depth = p->depth + 1, .siblings = &s, .notes = p->notes};
    if (m.guessed)
        note_add(&child.notes, NOTE_boundary_undeclared);
    if (h->misspelt)
        note_add(&child.notes, NOTE_mail_field_misspelt);
    while (!w->stop && multipart_next(&m, &child.octets)) {
        if (++w->parts > w->limits->mime_parts) {
            reject(w, REJECT_too_many_parts, SV_ABSENT, SV_ABSENT);
            w->stop = true;
            break;
        }
        s.index++;
        child.numbers = arena_printf(w->a, "%.*s%s%u", SV_ARG(p->numbers), p->numbers.p ? "." : "", s.index);
        part_walk(w, &child);
        if (sv_eq(h->type, SV("multipart/signed")))
            break; /* RFC 1847: the second part is the signature */
    }
}

/* The start of a mail without what gets before it: a BOM, blank lines. */
static sv mail_start(struct walk *w, sv mail)
{
    sv body;
    mail = line_ends_mended(mail, w->a);
    if (sv_starts(mail, SV("\xef\xbb\xbf")))
        mail = sv_skip(mail, 3);
    sv tail = mail;
    while (tail.n && ascii_is_blank(tail.p[0]))
        tail = sv_skip(tail, 1);
    return tail.n < mail.n && header_split(tail, &body).p ? tail : mail;
}

static void mail_walk(struct walk *w, const struct part *p, const struct part_head *h, sv body)
{
    sv path = path_of(w, p), rest;
    if (p->level >= w->limits->mail_depth) {
        reject(w, REJECT_too_deep, path, SV("mail in mail"));
        return;
    }
    bool plain = header_split(mail_start(w, body), &rest).p != NULL;
    sv inside = container_body(w, h, body, plain);
    struct part mail = {.octets = mail_start(w, inside), .level = p->level + 1, .notes = p->notes};
    mail.mail = arena_printf(w->a, "%.*s%smessage", SV_ARG(path), path.p ? " > " : "");
    if (!out_of_memory(w))
        part_walk(w, &mail);
}

/* A gateway may have decrypted the parts of a multipart/encrypted (RFC 3156 4) and left its type. */
static void encrypted_walk(struct walk *w, const struct part *p, const struct part_head *h, sv body)
{
    struct multipart m;
    struct part_head inner;
    sv part, inside;
    bool readable = false, more = multipart_start(&m, body, delimiter_of(w, h));
    for (unsigned i = 0; more && !readable && i < ENCRYPTED_PARTS && multipart_next(&m, &part); i++) {
        sv block = header_split(part, &inside);
        if (block.n > w->limits->header_block)
            break;
        part_head_read(block, SV("text/plain"), w->limits->header_params, w->a, &inner);
        enum magic magic = inner.kind == PART_MULTIPART ? MAGIC_NONE : part_magic(&inner, inside);
        readable = magic != MAGIC_NONE && magic != MAGIC_PGP;
    }
    if (readable) {
        struct part mixed = *p;
        note_add(&mixed.notes, NOTE_part_type_ignored);
        multipart_walk(w, &mixed, h, body);
    } else if (!out_of_memory(w))
        reject(w, REJECT_encrypted, path_of(w, p), SV("PGP"));
}

/* The octets of an S/MIME part: base64 may be missing from its header, or stand between lines of PEM. */
static sv smime_octets(struct walk *w, const struct part_head *h, sv body)
{
    static const sv pem[] = {SV_INIT("-----BEGIN PKCS7-----"), SV_INIT("-----BEGIN CMS-----")};
    sv der = decoded(w, h, body), text = sv_trim(der);
    struct part_head base64 = {.encoding = MAIL_BASE64};
    for (size_t i = 0; i < COUNT_OF(pem); i++)
        if (sv_starts(text, pem[i])) {
            text = sv_skip(text, pem[i].n);
            size_t end = sv_find(text, SV("-----"), 0);
            return decoded(w, &base64, sv_first(text, end));
        }
    /* What a SEQUENCE of two or more octets of length begins with. */
    return sv_starts(text, SV("MI")) ? decoded(w, &base64, text) : der;
}

/* S/MIME: what is only signed is read (RFC 8551 3.5.2), and what is none of it in spite of its type; the rest
 * is named. */
static void smime_walk(struct walk *w, const struct part *p, const struct part_head *h, sv body)
{
    sv der = smime_octets(w, h, body), rest;
    struct part inner = {
        .mail = path_of(w, p), .level = p->level, .depth = p->depth + 1, .notes = p->notes, .octets = der};
    enum cms_kind kind = cms_kind(der);
    if (out_of_memory(w))
        return;
    bool is_entity = kind == CMS_NONE && header_split(der, &rest).p;
    bool may = inner.depth <= w->limits->mime_depth;
    if (may && (is_entity || (kind == CMS_SIGNED && cms_signed_content(der, w->a, &inner.octets))))
        part_walk(w, &inner);
    else if (kind == CMS_NONE)
        leaf(w, p, h, body, ROLE_NONE);
    else if (kind == CMS_COMPRESSED)
        reject(w, REJECT_container_unsupported, inner.mail, SV("S/MIME, compressed"));
    else
        reject(w, REJECT_encrypted, inner.mail, SV("S/MIME"));
}

/* The header fields of the outermost mail. */
static void headers(struct walk *w, sv block)
{
    struct header_field f;
    mail_auth_read(block, w->limits, w->a, &w->info->facts.auth);
    while (!w->stop && header_next(&block, &f)) {
        facts_see_header(w->info, &f, w->a);
        if (w->sink->header && !w->sink->header(w->ctx, f.name, header_unfold(f.raw, w->a)))
            w->stop = w->stopped_by_sink = true;
    }
}

/* What a type says of octets that are a container or a report counts for nothing. A mail may be said to be
 * encoded and not be so. */
static bool is_against_type(struct walk *w, const struct part_head *h, sv body)
{
    sv rest;
    switch (h->kind) {
    case PART_LEAF:
    case PART_MULTIPART:
        return false;
    case PART_MAIL:
        return header_split(mail_start(w, body), &rest).p == NULL && part_magic(h, body) != MAGIC_NONE;
    case PART_SMIME:
    case PART_ENCRYPTED:
    case PART_PIECE:
    case PART_NOTHING:
        return part_magic(h, body) != MAGIC_NONE;
    }
    return false;
}

static void kind_walk(struct walk *w, const struct part *p, const struct part_head *h, sv body)
{
    if (is_against_type(w, h, body)) {
        leaf(w, p, h, body, ROLE_NONE);
        return;
    }
    switch (h->kind) {
    case PART_LEAF:
        leaf(w, p, h, body, ROLE_NONE);
        return;
    case PART_MULTIPART:
        multipart_walk(w, p, h, body);
        return;
    case PART_MAIL:
        mail_walk(w, p, h, body);
        return;
    case PART_SMIME:
        smime_walk(w, p, h, body);
        return;
    case PART_ENCRYPTED:
        encrypted_walk(w, p, h, body);
        return;
    case PART_PIECE:
        reject(w, REJECT_partial_mail, path_of(w, p), SV_ABSENT);
        return;
    case PART_NOTHING:
        return;
    }
}

static void part_walk(struct walk *w, const struct part *p)
{
    struct part_head h;
    sv body, block = header_split(p->octets, &body);
    if (!header_is_bounded(w, block, path_of(w, p)))
        return;
    if (p->outermost)
        headers(w, block);
    sv default_type = p->siblings ? p->siblings->default_type : SV("text/plain");
    part_head_read(block, default_type, w->limits->header_params, w->a, &h);
    /* A mail that lost its Content-Type may still be a multipart: its body shows it. */
    if (p->siblings == NULL && block.p && h.type_field.p == NULL && h.kind == PART_LEAF)
        h.kind = PART_MULTIPART;
    if (w->stop || out_of_memory(w))
        return;
    enum role role = role_of(p->siblings, &h, body);
    if (role == ROLE_NONE)
        kind_walk(w, p, &h, body);
    else
        leaf(w, p, &h, body, role);
}

bool mail_split(sv mail, const struct limits *limits, arena *a, const struct mail_sink *sink, void *ctx,
                struct mail_info *info)
{
    *info = (struct mail_info){.not_report = sv_trim(mail).n ? NOT_REPORT_other : NOT_REPORT_empty};
    struct walk w = {.limits = limits, .a = a, .sink = sink, .ctx = ctx, .info = info};
    struct part p = {.octets = mail_start(&w, mail), .outermost = true};
    if (!out_of_memory(&w))
        part_walk(&w, &p);
    return !w.stopped_by_sink;
}
