/* Splits a mail that is whole in memory into its leaf parts (RFC 5322, RFC 2045 to 2049). Everything is
 * bounded by struct limits: header_block, header_lines, header_params, mime_parts, mime_depth,
 * mail_depth; the time is linear in the size of the mail for each level of nesting. No I/O, no locale,
 * no recursion beyond those limits. */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/notes.h"
#include "model/rejects.h"

enum mail_encoding {
    MAIL_IDENTITY, /* 7bit, 8bit, binary, absent and unknown ones (RFC 2045 6.4) */
    MAIL_BASE64,
    MAIL_QP,
    MAIL_UUENCODE, /* x-uuencode and its spellings */
};

/* A part that holds no other parts. Its text lives as long as the mail and the arena do. */
struct mail_leaf {
    sv body; /* as it stands in the mail: mail/contents.h decodes it */
    enum mail_encoding encoding;
    sv type;        /* "application/gzip": lower case, no parameters; "text/plain" when there is none */
    sv charset;     /* parameter of text types, as written; absent when there is none */
    sv name;        /* UTF-8, from Content-Disposition or Content-Type: a hint, never a path; or absent */
    sv path;        /* "part 2.1", "part 2 > message > part 1"; absent when the mail itself is the leaf */
    sv headers;     /* its header block as it stands in the mail, for mail/header.h */
    unsigned level; /* mails around it: 0 for the parts of the mail itself */
    bool original;  /* part of a feedback report (RFC 5965) that is the offending mail, or behind it:
                       evidence only, never searched for reports; its headers may be read */
    bool feedback;  /* the fields of a feedback report (RFC 5965 3): by its type, or where that was lost by
                       what it begins with; maybe in its headers instead of its body */
    bool no_mail;   /* the input has no header at all: it is whole the body, and no mail */
    struct note_set notes; /* how it was found: part_type_ignored, mail_field_misspelt, boundary_undeclared,
                              transfer_encoding_ignored, those of what is around it too */
};

/* Callbacks of mail_split. header and leaf return false to stop the walk. */
struct mail_sink {
    /* Each header field of the outermost mail, top down, before any leaf. value is unfolded and trimmed,
     * otherwise raw. May be NULL. */
    bool (*header)(void *ctx, sv name, sv value);
    /* Each leaf, depth first, in order. */
    bool (*leaf)(void *ctx, const struct mail_leaf *leaf);
    /* Something that cannot be read: a limit, an encrypted form. What was given before stands, and the
     * walk goes on beside it where it can. path is absent when it is the whole mail; detail may be. */
    void (*reject)(void *ctx, enum reject reason, sv path, sv detail);
};

struct mail_info {
    struct mail_facts facts; /* complete before the first leaf */
    /* What the mail is if no report is found in it; final when mail_split has returned. */
    enum not_report not_report;
    size_t sign; /* which sign made it so; of no use outside */
};

/* Walks the mail. Copies (decoded containers, names, paths) go into the arena, whose cap is the limit of
 * memory: when it is reached the walk ends with the reject memory_limit. False: a callback stopped it. */
bool mail_split(sv mail, const struct limits *limits, arena *a, const struct mail_sink *sink, void *ctx,
                struct mail_info *info) NODISCARD;

#endif
