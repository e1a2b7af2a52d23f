#include "signature.h"

#include "base/base64.h"
#include "base/sha256.h"

enum { SIGNATURE_MAX = 64 };

sv signature_of(arena *a, sv key, sv id, sv time, sv body)
{
    buf content CLEANUP(buf_free), text CLEANUP(buf_free);
    uint8_t mac[SHA256_SIZE];
    buf_init(&content, id.n + time.n + body.n + 2);
    buf_init(&text, SIGNATURE_MAX);
    buf_sv(&content, id);
    buf_char(&content, '.');
    buf_sv(&content, time);
    buf_char(&content, '.');
    buf_sv(&content, body);
    if (content.failed || !hmac_sha256(key, buf_view(&content), mac))
        return SV_ABSENT;
    buf_puts(&text, "v1,");
    base64_encode(&text, sv_of((const char *)mac, sizeof mac));
    return text.failed ? SV_ABSENT : arena_sv(a, buf_view(&text));
}
