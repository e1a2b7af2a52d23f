/* Transfer decoding, with each encoding a leaf can have. */
#include "fuzz.h"

#include "base/base64.h"
#include "mail/contents.h"

static void one_encoding(sv body, enum mail_encoding encoding, struct mail_contents *c, buf *scratch)
{
    struct mail_leaf leaf = {.body = body, .encoding = encoding, .type = SV("text/plain")};
    sv bytes;
    size_t given = 0;
    buf_reset(scratch);
    bytes = mail_decode(&leaf, scratch);
    fuzz_require(bytes.p != NULL && bytes.n <= body.n, "decoding makes nothing longer");
    mail_contents_start(c, &leaf);
    while (mail_contents_next(c, &bytes))
        given++;
    fuzz_require(given > 0, "every leaf gives something");
}

/* What is encoded comes back as it was. */
static void there_and_back(sv in, buf *text, buf *back)
{
    buf_reset(text);
    buf_reset(back);
    base64_encode(text, in);
    fuzz_require(base64_decode(back, buf_view(text)), "own base64 is not odd");
    fuzz_require(sv_eq(buf_view(back), in), "base64 comes back as it was");
}

void fuzz_one(sv in)
{
    struct mail_contents c;
    buf scratch, more;
    buf_init(&scratch, MIB(4));
    buf_init(&more, MIB(4));
    mail_contents_init(&c, (size_t)fuzz_limits()->mail_size);
    for (int e = MAIL_IDENTITY; e <= MAIL_UUENCODE; e++)
        one_encoding(in, (enum mail_encoding)e, &c, &scratch);
    there_and_back(in, &scratch, &more);
    mail_contents_free(&c);
    buf_free(&scratch);
    buf_free(&more);
}
