/* A scripted server for imap_proto: what the client must send, what it gets, and a log of what the handler
 * is told. Each script runs with its octets in pieces of 1, 7, and all at once. */
#ifndef TESTS_FETCH_SCRIPT_H
#define TESTS_FETCH_SCRIPT_H

#include "unit.h"

#include "imap_proto.h"

struct step {
    const char *sent;   /* all that the client says since the last step; NULL: the server closes now */
    const char *answer; /* what the server says to it */
};

struct script {
    const struct step *steps;
    size_t n;
    struct fetch_state state;
    const char *folder; /* NULL: INBOX */
    int64_t since;
    const sv *known;
    size_t n_known;
    const struct fetch_debt *debts; /* where the session waits for them */
    size_t n_debts;
    const char *limit[2]; /* name, value of limits that differ */
    const char *more[2];
};

/* The log after the script was played with pieces of `piece` octets (0: all at once). The caller frees. */
char *script_play(const struct script *s, size_t piece);

/* Plays it in all splits; each log must be `want`. */
void script_check(const struct script *s, const char *want);

#define SCRIPT(...)                                                                                          \
    .steps = (const struct step[]){__VA_ARGS__},                                                             \
    .n = sizeof((const struct step[]){__VA_ARGS__}) / sizeof(struct step)

/* Steps that nearly every script begins and ends with. */
#define OPENING(examined)                                                                                    \
    {"TAGX1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1\r\nTAGX1 OK done\r\n"},                                 \
    {                                                                                                        \
        "TAGX2 EXAMINE \"INBOX\"\r\n", examined "TAGX2 OK [READ-ONLY] done\r\n"                              \
    }
#define BOX "* 3 EXISTS\r\n* OK [UIDVALIDITY 77] ok\r\n* OK [UIDNEXT 100] next\r\n"
#define LEAVING(tag)                                                                                         \
    {                                                                                                        \
        tag " LOGOUT\r\n", "* BYE\r\n" tag " OK bye\r\n"                                                     \
    }

#endif
