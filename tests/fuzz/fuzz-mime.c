/* A mail to leaves and their contents. */
#include "fuzz.h"

#include "mail/contents.h"
#include "mail/header.h"
#include "mail/mail.h"

struct walk {
    struct mail_contents contents;
    arena *memory;
    size_t leaves;
};

static bool on_header(void *ctx, sv name, sv value)
{
    struct walk *w = ctx;
    (void)header_text(value, w->memory);
    fuzz_require(name.n > 0, "a header field has a name");
    return true;
}

static bool on_leaf(void *ctx, const struct mail_leaf *leaf)
{
    struct walk *w = ctx;
    sv bytes;
    w->leaves++;
    mail_contents_start(&w->contents, leaf);
    while (mail_contents_next(&w->contents, &bytes))
        fuzz_require(bytes.n <= leaf->body.n, "decoding makes nothing longer");
    return true;
}

static void on_reject(void *ctx, enum reject reason, sv path, sv detail)
{
    (void)ctx;
    (void)path;
    (void)detail;
    fuzz_require(reason > REJECT_NONE_ && reason < REJECT_END, "a reject has a reason");
}

void fuzz_one(sv in)
{
    static const struct mail_sink sink = {on_header, on_leaf, on_reject};
    arena memory;
    struct mail_info info = {.not_report = NOT_REPORT_other};
    arena_init(&memory, MIB(4));
    struct walk w = {.memory = &memory};
    mail_contents_init(&w.contents, (size_t)fuzz_limits()->mail_size);
    fuzz_require(mail_split(in, fuzz_limits(), &memory, &sink, &w, &info), "only a callback stops the walk");
    fuzz_require(w.leaves <= fuzz_limits()->mime_parts, "parts are limited");
    mail_contents_free(&w.contents);
    arena_free(&memory);
}
