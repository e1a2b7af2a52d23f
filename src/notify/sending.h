/* One attempt at a channel: what the kinds of channels share. */
#ifndef NOTIFY_SENDING_H
#define NOTIFY_SENDING_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "notify/notify.h"
#include "verdict.h"

struct sending;

/* What differs between those that HTTP leads to. */
struct http_kind {
    sv success;                            /* what the body of a good answer says; absent: anything */
    sv (*target)(const struct sending *s); /* the URL of the POST; NULL: the channel's */
    bool by_line;                          /* each line of the payload is a request of its own */
    bool bearer;                           /* the token of the channel is sent as one (RFC 6750) */
    bool is_signed;                        /* Standard Webhooks */
    bool may_be_ours; /* its 400 also tells of a wrong token or room: the channel is broken then */
};

struct sending {
    CURL *easy; /* fresh options, old connections */
    const struct limits *limits;
    struct tokens *tokens;
    const struct channel_cfg *channel;
    const struct payload *payload; /* NULL: nothing is to be sent, only the way there is tried */
    const struct http_kind *http;  /* how this kind is spoken to */
    const char *ehlo;              /* our name for SMTP */
    struct answer *answer;

    arena *a; /* of this attempt */
    sv where; /* host of the far side, for texts */
    buf said; /* its answer: the HTTP body, capped, or the last SMTP reply that refuses */
    char why[CURL_ERROR_SIZE];
    sv rest;    /* of the message, not yet read */
    bool asked; /* the message was read from, so the far side wants it */
    bool some_refused;
    bool some_put_off; /* some recipient for now only, 4xx */
    bool held_back;    /* and so nobody was sent anything */
    bool is_private;   /* an address of the far side, and the channel denies those */
};

sv http_telegram(const struct sending *s);
sv http_alertmanager(const struct sending *s);
void http_send(struct sending *s);
void http_probe(struct sending *s);
void smtp_send(struct sending *s); /* without payload: up to the login */
void syslog_send(struct sending *s);
void syslog_probe(struct sending *s);
void stdout_send(struct sending *s);
void command_send(struct sending *s);
void command_probe(struct sending *s);

struct option_number {
    CURLoption option;
    long value;
};

struct option_text {
    CURLoption option;
    sv value; /* absent: the option is left alone */
};

/* False: out of memory; the answer says so. */
bool sending_set_numbers(struct sending *s, const struct option_number *options, size_t n) NODISCARD;
bool sending_set_texts(struct sending *s, const struct option_text *options, size_t n) NODISCARD;

/* TLS, trust and what never differs. plain: without TLS, which only a loopback address may be. */
bool sending_begin(struct sending *s, sv host, bool plain) NODISCARD;

/* Where the channel says deny_private: no socket is opened to an address that is private. After
 * sending_begin. False: out of memory. */
bool peer_deny_private(struct sending *s) NODISCARD;

/* The answer, in words: "HOST what (quoted); advice". */
void sending_failed(struct sending *s, enum answer_class cls, const char *what, const char *quoted,
                    const char *advice);

/* libcurl could not do it. */
void sending_broke(struct sending *s, CURLcode code);

#endif
