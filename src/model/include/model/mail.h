/* A mail or file as it came in, and what became of it. */
#ifndef MODEL_MAIL_H
#define MODEL_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sv.h"
#include "model/auth.h"
#include "model/rejects.h"
#include "model/report.h"

struct raw_mail {
    uint32_t source;      /* which mailbox or input, an index of its maker */
    uint32_t uidvalidity; /* IMAP; 0 for files */
    uint32_t uid;         /* IMAP; for files the running number of the input */
    int64_t internaldate; /* Unix seconds UTC; when the server got it */
    char *bytes;          /* by malloc; whoever holds the raw_mail frees it */
    size_t n;
};

/* Facts of the mail itself, as the reader saw them. Raw text. */
struct mail_facts {
    sv from_domain; /* of the From header's address, folded to lower case */
    sv message_id;
    sv subject; /* decoded, for people only */
    struct mail_auth auth;
};

enum mail_state {
    MAIL_READ,         /* at least one document was found (some may be rejects) */
    MAIL_NOT_A_REPORT, /* no report and nothing that wanted to be one */
    MAIL_REJECTED,     /* permanent: the whole mail could not be read */
    MAIL_TEMPORARY,    /* the reader died or hung: try again in a later run */
};

/* What intake makes of one mail. Valid until it is released. */
struct mail_outcome {
    enum mail_state state;
    enum not_report not_report; /* MAIL_NOT_A_REPORT */
    enum reject reject;         /* MAIL_REJECTED, MAIL_TEMPORARY */
    sv detail;
    struct mail_facts facts;
    size_t n_documents;
    bool holds_original; /* a failure report or the mail that one is about lies in it: somebody's words, of
                            which no copy may be kept */
};

#endif
