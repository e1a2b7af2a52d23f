/* The transport of a mailbox: libcurl looks the name up, connects, does TLS and the login, and hands over an
 * authenticated stream of octets. Non-blocking; the handle lives in a multi handle. */
#ifndef FETCH_IMAP_CURL_H
#define FETCH_IMAP_CURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/policy.h"

struct imap_conn {
    CURL *easy;
    CURLM *multi;
    curl_socket_t socket;
    const struct mailbox_cfg *cfg;
    const struct limits *limits;
    char why[CURL_ERROR_SIZE]; /* libcurl's words */
    char said[256];            /* the server's last refusal or farewell during the login */
    size_t said_n;
};

enum imap_io { IO_DONE, IO_AGAIN, IO_CLOSED, IO_ERROR };

/* Starts connecting. The connection's address must not change while it is open; `owner` comes back as
 * CURLINFO_PRIVATE. token: for a login by cfg->oauth, copied; absent where there is none. */
bool imap_conn_open(struct imap_conn *c, CURLM *multi, const struct mailbox_cfg *cfg, sv token,
                    const struct limits *limits, void *owner, struct err *e) NODISCARD;

/* How connecting ended. False: *e says what, where and what to do, *transient as in fetch_end. */
bool imap_conn_opened(struct imap_conn *c, CURLcode result, struct err *e, bool *transient) NODISCARD;

enum imap_io imap_conn_recv(struct imap_conn *c, char *to, size_t room, size_t *n) NODISCARD;
enum imap_io imap_conn_send(struct imap_conn *c, sv octets, size_t *n) NODISCARD;

/* Closes what is open, without waiting. */
void imap_conn_close(struct imap_conn *c);

#endif
