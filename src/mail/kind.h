/* What a part says about itself, and what that makes of it. */
#ifndef MAIL_KIND_H
#define MAIL_KIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sv.h"
#include "mail/mail.h"

enum part_kind {
    PART_LEAF,
    PART_MULTIPART,
    PART_MAIL,      /* a mail whole: message/rfc822 and its kin */
    PART_SMIME,     /* application/pkcs7-mime: signed or enveloped */
    PART_ENCRYPTED, /* PGP/MIME */
    PART_PIECE,     /* message/partial */
    PART_NOTHING,   /* signatures, and bodies that lie elsewhere (message/external-body) */
};

struct part_head {
    sv block;      /* all header fields */
    sv type_field; /* raw value of Content-Type, or absent */
    sv type;       /* in lower case, the default filled in */
    sv name;
    enum mail_encoding encoding;
    enum part_kind kind;
    bool misspelt; /* a field that counts is not called as it should be */
};

/* default_type: "text/plain", in a digest "message/rfc822" (RFC 2046 5.1.5). */
void part_head_read(sv block, sv default_type, uint64_t max_params, arena *a, struct part_head *out);

/* The offending mail of a feedback report, or its header only (RFC 5965 2 d), and what it gets called. */
bool type_is_mail_like(sv type);

#endif
