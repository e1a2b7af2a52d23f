#include <jansson.h>

#include "base/base64.h"
#include "base/buf.h"
#include "token/token.h"

enum { CHALLENGE_MOST = 4096 };

static bool is_word(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return n > 0 && n < TOKEN_STATUS && s[n] == '\0';
}

const char *token_challenge(sv base64, char out[TOKEN_STATUS])
{
    buf json;
    buf_init(&json, CHALLENGE_MOST);
    out[0] = '\0';
    bool whole = base64_decode(&json, sv_trim(base64)) && !json.failed && json.n;
    json_t *object = whole ? json_loadb(json.p, json.n, 0, NULL) : NULL;
    const char *status = json_string_value(json_object_get(object, "status"));
    if (status && is_word(status))
        memcpy(out, status, strlen(status) + 1);
    json_decref(object);
    buf_free(&json);
    return out;
}
