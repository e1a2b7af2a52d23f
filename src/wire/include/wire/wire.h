/* Frames between the program and its confined reader: u32 length, u8 type, payload; all integers little
 * endian, the length is that of the payload. Field by field, never a struct.
 * A reader is a copy of a mould, which never meets a mail (worker/mould.h). The conversation with it, in
 * packets:
 *   parent: limits                                       (once)
 *   parent: ask, with one end of a socket                (for each reader)
 *   mould:  born                                         (for each ask)
 * and with the reader on its own socket:
 *   worker: hello                                        (once, after it has confined itself)
 *   parent: mail_begin mail_data* mail_end
 *   worker: (document_begin (record* (reset record*)* (aggregate_end | reject) | tlsrpt | failure))*
 *           authentication? done
 * Texts in decoded values point into the payload they were decoded from. Every get_ demands the whole
 * payload and nothing after it, enum values that exist, and the caps of the limits; texts are UTF-8
 * without NUL, those of a report at most limits.xml_leaf, all others at most limits.mail_text octets. */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/report.h"

enum wire_side { WIRE_PARENT, WIRE_WORKER };

/* clang-format off */
/* type, who sends it */
#define WIRE_TYPES(X) \
    X(limits,         WIRE_PARENT) \
    X(mail_begin,     WIRE_PARENT) \
    X(mail_data,      WIRE_PARENT) \
    X(mail_end,       WIRE_PARENT) \
    X(hello,          WIRE_WORKER) \
    X(document_begin, WIRE_WORKER) \
    X(record,         WIRE_WORKER) \
    X(reset,          WIRE_WORKER) \
    X(aggregate_end,  WIRE_WORKER) \
    X(tlsrpt,         WIRE_WORKER) \
    X(failure,        WIRE_WORKER) \
    X(reject,         WIRE_WORKER) \
    X(authentication, WIRE_WORKER) \
    X(done,           WIRE_WORKER)

/* How far the reader could confine itself. */
#define WIRE_SANDBOXES(X) \
    X(off,         "not confined: a build for valgrind") \
    X(weak,        "as far as this system allows (best-effort); it refused the system call filter or a limit") \
    X(wide,        "wide filter: a build with sanitizers") \
    X(no_landlock, "system call filter and resource limits; this kernel has no Landlock") \
    X(full,        "system call filter, Landlock and resource limits")

/* Why a reader ended before its greeting: its exit code, the rest of the sentence. */
#define WIRE_EXITS(X) \
    X(usage,   64, "was not started by dmarcwarn") \
    X(memory,  71, "has no memory to start with") \
    X(build,   76, "is of another build than this program; install both from one package") \
    X(sandbox, 77, "cannot confine itself on this system (seccomp, no_new_privs or a resource limit was refused); 'sandbox: best-effort' would go on without") \
    X(warm_up, 70, "cannot read its own sample report")
/* clang-format on */

enum wire_type {
    WIRE_TYPE_NONE_,
#define WIRE_TYPE_ITEM(name, side) WIRE_##name,
    WIRE_TYPES(WIRE_TYPE_ITEM)
#undef WIRE_TYPE_ITEM
        WIRE_TYPE_END
};

enum wire_sandbox {
#define WIRE_SANDBOX_ITEM(name, sentence) WIRE_SANDBOX_##name,
    WIRE_SANDBOXES(WIRE_SANDBOX_ITEM)
#undef WIRE_SANDBOX_ITEM
        WIRE_SANDBOX_END
};

enum wire_exit {
#define WIRE_EXIT_ITEM(name, code, sentence) WIRE_EXIT_##name = (code),
    WIRE_EXITS(WIRE_EXIT_ITEM)
#undef WIRE_EXIT_ITEM
};

enum { WIRE_HEAD = 5 }; /* octets of length and type */

const char *wire_type_name(enum wire_type t);
const char *wire_sandbox_name(enum wire_sandbox s);
const char *wire_sandbox_sentence(enum wire_sandbox s);
/* NULL for a code that is none of ours. */
const char *wire_exit_sentence(int code);

/* Names the version and everything that both sides must agree on: version, and a digest over the
 * sources of the frames and of the model. */
const char *wire_build_id(void);

struct wire_frame {
    enum wire_type type;
    sv payload; /* inside the input */
};

enum wire_take { WIRE_MORE, WIRE_FRAME, WIRE_BAD };

/* Takes the first frame that `from` sent off *in. WIRE_MORE: not whole yet, *in is untouched. WIRE_BAD:
 * a length above max, an unknown type, or one that this side does not send; told as soon as it is seen. */
enum wire_take wire_take(sv *in, enum wire_side from, uint64_t max, struct wire_frame *out) NODISCARD;

/* The packets of a mould. slot: of the caller's; pid: of the reader, 0: none could be made. */
enum { WIRE_ASK_SIZE = 1, WIRE_BORN_SIZE = 5 };
void wire_put_ask(char out[WIRE_ASK_SIZE], uint8_t slot);
void wire_put_born(char out[WIRE_BORN_SIZE], const char ask[WIRE_ASK_SIZE], uint32_t pid);
bool wire_get_born(sv packet, uint8_t *slot, uint32_t *pid) NODISCARD;

/* Encoders append one frame to out; out->failed tells that it did not fit, and then out is cut back to
 * where the frame would have begun. */
struct wire_hello {
    sv build_id;
    enum wire_sandbox sandbox;
};

struct wire_reject {
    enum reject reason;
    sv detail; /* may be absent */
};

struct wire_done {
    enum mail_state state;      /* never MAIL_TEMPORARY: a reader that lives has no such reason */
    enum not_report not_report; /* 0 unless MAIL_NOT_A_REPORT */
    enum reject reject;         /* 0 unless MAIL_REJECTED */
    sv detail;
    struct mail_facts facts; /* but for auth, which has a frame of its own */
    uint64_t documents;      /* sent since mail_begin; 0 unless MAIL_READ; the reject that
                                        says too_many_reports is one beyond limits.mail_reports */
    uint64_t cpu_ms;         /* processor time of this mail */
    bool limit_hit;          /* the reader wants to be replaced */
    bool holds_original;     /* as in struct mail_outcome */
};

/* The build id stands first, so that another build can be told from damage. best_effort: a reader that cannot
 * confine itself wholly goes on with what it could. */
void wire_put_limits(buf *out, const struct limits *l, bool best_effort);
enum wire_limits { WIRE_LIMITS_OK, WIRE_LIMITS_OTHER_BUILD, WIRE_LIMITS_BAD };
enum wire_limits wire_get_limits(sv payload, struct limits *l, bool *best_effort) NODISCARD;

/* size: octets of the mail, at most limits.mail_size. */
void wire_put_mail_begin(buf *out, uint64_t size);
bool wire_get_mail_begin(sv payload, const struct limits *l, uint64_t *size) NODISCARD;

/* The payload is the piece itself, 1 to limits.wire_data octets. */
void wire_put_mail_data(buf *out, sv piece);
void wire_put_mail_end(buf *out);
void wire_put_reset(buf *out);
/* For mail_end and reset. */
bool wire_get_nothing(sv payload) NODISCARD;

void wire_put_hello(buf *out, const struct wire_hello *h);
bool wire_get_hello(sv payload, struct wire_hello *h) NODISCARD;

/* member: the way inside (struct document). */
void wire_put_document_begin(buf *out, sv member);
bool wire_get_document_begin(sv payload, const struct limits *l, sv *member) NODISCARD;

/* Arrays of the decoded record and report are made in a. */
void wire_put_record(buf *out, const struct record *r);
bool wire_get_record(sv payload, const struct limits *l, arena *a, struct record *r) NODISCARD;

void wire_put_aggregate_end(buf *out, const struct report *r);
bool wire_get_aggregate_end(sv payload, const struct limits *l, arena *a, struct report *r) NODISCARD;

/* Arrays are made in a. ok and failed of the report are summed up, not sent. */
void wire_put_tlsrpt(buf *out, const struct tlsrpt *r);
bool wire_get_tlsrpt(sv payload, const struct limits *l, arena *a, struct tlsrpt *r) NODISCARD;

void wire_put_failure(buf *out, const struct failure_report *f);
bool wire_get_failure(sv payload, const struct limits *l, struct failure_report *f) NODISCARD;

/* What the mail's header says of its authenticity; arrays are made in a. Names are plain and in lower case,
 * fields in the order of their hops, numbers by limits.auth_fields, auth_results and auth_hops. */
void wire_put_authentication(buf *out, const struct mail_auth *m);
bool wire_get_authentication(sv payload, const struct limits *l, arena *a, struct mail_auth *m) NODISCARD;

void wire_put_reject(buf *out, const struct wire_reject *r);
bool wire_get_reject(sv payload, const struct limits *l, struct wire_reject *r) NODISCARD;

void wire_put_done(buf *out, const struct wire_done *d);
bool wire_get_done(sv payload, const struct limits *l, struct wire_done *d) NODISCARD;

#endif
