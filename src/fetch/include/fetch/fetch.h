/* Mailboxes by IMAP, all in one loop that never blocks. Fetching changes nothing on a server: EXAMINE and
 * BODY.PEEK[] only. What is owed to the mails is done after it, by fetch_settle. The loop of a run is
 *
 *     while (work is left) {
 *         fetch_wait(f, worker sockets …);      the one place that waits
 *         fetch_turn(f);                        calls the handler
 *         … the other sockets …
 *     }
 *
 * The program ignores SIGPIPE before it opens this. Nothing here writes, logs above debug, or keeps state
 * over runs. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/policy.h"
#include "model/rejects.h"

/* A mail that an earlier run listed as a gap, or one above the mark that is stored already. It is never asked
 * for together with others, also above the mark. With `ask` it is asked for alone, after everything else. */
struct fetch_gap {
    uint32_t uid;
    bool ask;
};

/* What is stored about a mailbox. mark: the highest UID below which every mail is stored, quarantined or
 * listed as a gap; 0: none yet. uidvalidity 0: never seen. When the server's UIDVALIDITY is another one, mark
 * and gaps are void and everything is fetched again (RFC 9051 2.3.1.1). */
struct fetch_state {
    uint32_t uidvalidity, mark;
    const struct fetch_gap *gaps; /* ascending by uid, at most limits.mailbox_gaps */
    size_t n_gaps;
    bool settles; /* when all mails are handed out, the session waits for fetch_settle */
    bool looks; /* the session ends once the folder is open: no mail is asked for, the quota is not either */
};

enum fetch_action { FETCH_SEEN, FETCH_MOVE, FETCH_DELETE };

/* What is owed to some mails. A mail that is not there any more counts as done (RFC 9051 6.4.9). */
struct fetch_debt {
    enum fetch_action action;
    sv folder;            /* FETCH_MOVE: where to, UTF-8; made if it is not there */
    const uint32_t *uids; /* ascending */
    size_t n;
};

struct fetch_box {
    uint32_t uidvalidity;
    uint32_t uidnext; /* 0: the server does not say */
    uint32_t exists;  /* mails in the mailbox */
    bool renumbered;  /* the UIDVALIDITY of fetch_state was another one: mark and gaps are void */
    bool moves;       /* the server has MOVE (RFC 6851) */
    bool expunges;    /* and UIDPLUS, which removes some mails and no others (RFC 4315) */
};

struct fetch_end {
    struct err err; /* ERR_NONE: all that was there has been handed out, or fetch_stop ended it */
    bool transient; /* network, time-out, a busy server: may be over in the next run by itself */
    bool stopped;   /* by fetch_stop */
    uint32_t uid;   /* whose mail was being read or waited for when it broke; 0: none. For counting tries */
    uint32_t left;  /* mails that are listed and were not handed out */
};

/* What happens at the mailboxes. `mailbox` is the index that fetch_add gave. Called from fetch_turn and
 * fetch_stop only; a handler may call fetch_pause and fetch_floor and nothing else of this header. */
struct fetch_handler {
    void *ctx;
    /* The folder is open. Once a mailbox, before any mail of it. */
    void (*selected)(void *ctx, uint32_t mailbox, const struct fetch_box *box);
    /* Who is known to send reports there: *n domains, plain (model/domain.h). Asked for when there are more
     * new mails than limits.known_above; what the server finds to be from them comes first. It is order only:
     * From: is what a sender wants it to be. The domains hold during the call. NULL: nobody is known. */
    const sv *(*known)(void *ctx, uint32_t mailbox, size_t *n);
    /* A whole mail; source is the mailbox. The handler owns mail.bytes (free). Mostly ascending by UID, those
     * of known reporters before the others. */
    void (*mail)(void *ctx, struct raw_mail mail);
    /* A mail that could not be had: REJECT_mail_too_large (left on the server) or REJECT_unfetchable. */
    void (*gap)(void *ctx, uint32_t mailbox, uint32_t uid, enum reject why);
    /* A gap that was to be asked for is no longer on the server. */
    void (*gone)(void *ctx, uint32_t mailbox, uint32_t uid);
    /* Text that the server wants people to see (RFC 9051 7.1, ALERT). Raw; valid during the call. */
    void (*alert)(void *ctx, uint32_t mailbox, sv text);
    /* How full the mailbox's quota is (RFC 9208), once for each resource of it, like STORAGE. */
    void (*quota)(void *ctx, uint32_t mailbox, sv resource, uint64_t used, uint64_t limit);
    /* All mails have been handed out, and the session waits for fetch_settle, which is not called from here.
     */
    void (*fetched)(void *ctx, uint32_t mailbox);
    /* uids[from … to) of a debt are done. only_flagged: they are flagged \Deleted and stay, as the server
     * cannot remove these and no others (it has no UIDPLUS, RFC 4315). */
    void (*settled)(void *ctx, uint32_t mailbox, size_t debt, size_t from, size_t to, bool only_flagged);
    /* The last call for a mailbox. err.msg begins with what went wrong, without the mailbox's name; no secret
     * is in it, and the server's words are escaped and cut. Classes: ERR_LOGIN, ERR_UNREACHABLE (network,
     * time-out, certificate, folder, a server that does not speak IMAP), ERR_CONFIG (ca_file cannot be read),
     * ERR_MEMORY. */
    void (*done)(void *ctx, uint32_t mailbox, const struct fetch_end *end);
};

struct fetch;
struct tokens;

/* handler and limits are kept by address. ERR_CONFIG: this libcurl has no IMAP or no TLS. */
struct fetch *fetch_open(const struct limits *limits, const struct fetch_handler *handler,
                         struct err *e) NODISCARD;

/* Where mailboxes with oauth2 get their tokens; without it they cannot log in. A token is asked for when a
 * mailbox starts connecting, which blocks for limits.token_time at most, and once more when a server refuses
 * one from the disk. */
void fetch_use_tokens(struct fetch *f, struct tokens *tokens);

/* Adds a mailbox; *mailbox: its index, from 0 upwards. cfg is kept by address, state is copied. Connecting
 * starts in a fetch_turn, when limits.parallel and limits.per_host allow. ERR_CONFIG when the
 * folder's name is no UTF-8 or has control characters, or TLS is off for a host that is no loopback address.
 */
bool fetch_add(struct fetch *f, const struct mailbox_cfg *cfg, const struct fetch_state *state,
               uint32_t *mailbox, struct err *e) NODISCARD;

/* Waits at most timeout_ms for anything at a mailbox or at the n descriptors of `extra` (revents is filled
 * in, as by poll(2); a hang-up shows as POLLIN). Returns at once while a mailbox still has octets that are
 * read but not looked at, and in time for every deadline. Also waits when there is no mailbox. A signal ends
 * it early. */
bool fetch_wait(struct fetch *f, struct pollfd *extra, size_t n, int timeout_ms, struct err *e) NODISCARD;

/* One turn of every mailbox: at most limits.imap_turn octets each, without blocking; then its deadlines. */
void fetch_turn(struct fetch *f);

/* While paused, connected mailboxes are neither polled nor read, and their deadlines stand still. */
void fetch_pause(struct fetch *f, bool paused);

/* Ends every mailbox now; the handler gets `done` for each that had none. */
void fetch_stop(struct fetch *f);

/* After `fetched`: SELECTs the folder, does what is owed, and ends the session; with n = 0 it only ends it.
 * The debts are kept by address until `done`. Nothing is done when the folder's UIDVALIDITY is another one by
 * now. For a mailbox that ended meanwhile this does nothing. */
void fetch_settle(struct fetch *f, uint32_t mailbox, const struct fetch_debt *debts, size_t n);

/* Mailboxes without `done`. */
size_t fetch_active(const struct fetch *f);

/* Every UID of the mailbox up to this one was handed to the handler (mail or gap), or does not exist, or lies
 * under the mark. A mark may go up to it, as far as the mails handed out are dealt with. 0
 * before the folder is open. */
uint32_t fetch_floor(const struct fetch *f, uint32_t mailbox);

void fetch_close(struct fetch *f);

#endif
