/* One mailbox of the loop: its connection, its protocol, its deadlines. */
#ifndef FETCH_MAILBOX_H
#define FETCH_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap_curl.h"
#include "imap_proto.h"

enum stage { WAITING, CONNECTING, TALKING, OVER };

struct mailbox {
    const struct mailbox_cfg *cfg;
    enum stage stage;
    size_t same_host;  /* the first mailbox of this host, which counts those that are connected */
    size_t connected;  /* of the host, where this is its first mailbox */
    bool cached_token; /* the login's; when it is refused, a new one is tried */
    struct imap_conn conn;
    struct imap_proto proto;
    bool pending;      /* there may be octets that no poll tells of */
    bool send_failed;  /* the server may have said why */
    uint64_t progress; /* of proto, when progress_at was set */
    int64_t heard_at, progress_at;
};

/* Octets of the buffer that mailboxes read into, one after the other. */
enum { MAILBOX_READ = 64 * 1024 };

/* Sends and reads what can be done without waiting, at most limits.imap_turn octets, and looks at the
 * deadlines. Stops early when a handler sets *paused. Look at proto.phase afterwards. */
void mailbox_turn(struct mailbox *b, char octets[MAILBOX_READ], const bool *paused);

/* False: the session ended or failed. */
bool mailbox_is_talking(const struct mailbox *b);

/* When the mailbox is given up unless something happens (monotonic, ms), and why. */
int64_t mailbox_deadline(const struct mailbox *b, const char **why);

#endif
