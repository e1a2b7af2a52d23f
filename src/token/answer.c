#include "answer.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/num.h"

/* RFC 8628 3.2: five seconds unless said. */
enum { INTERVAL = 5, INTERVAL_MOST = 60, TEXT_MOST = 2048 };
#define LIFETIME_MOST (90 * DAY_SECONDS)

bool answer_is_token(sv s, size_t longest)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return s.n > 0 && s.n <= longest;
}

static sv text_of(const json_t *object, const char *name)
{
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? sv_of(json_string_value(v), json_string_length(v)) : SV_ABSENT;
}

static sv token_of(const json_t *object, const char *name, size_t longest, arena *a)
{
    sv s = text_of(object, name);
    return answer_is_token(s, longest) ? arena_sv(a, s) : SV_ABSENT;
}

/* Raw: Microsoft's have line ends in them. */
static sv words_of(const json_t *object, const char *name, arena *a)
{
    return arena_sv(a, sv_first(text_of(object, name), TEXT_MOST));
}

/* Some servers send numbers as texts. */
static int64_t seconds_of(const json_t *object, const char *name, int64_t otherwise, int64_t most)
{
    uint64_t n = 0;
    const json_t *v = json_object_get(object, name);
    double value = json_is_number(v) ? json_number_value(v) : -1;
    if (json_is_string(v) && num_u64(text_of(object, name), (uint64_t)most, &n))
        value = (double)n;
    if (!(value > 0))
        return otherwise;
    return value > (double)most ? most : (int64_t)value;
}

bool answer_read(sv body, size_t longest, arena *a, struct token_answer *out)
{
    json_t *o = json_loadb(body.p ? body.p : "", body.n, 0, NULL);
    bool ok = json_is_object(o);
    *out = (struct token_answer){0};
    if (ok) {
        out->access_token = token_of(o, "access_token", longest, a);
        out->refresh_token = token_of(o, "refresh_token", longest, a);
        out->error = words_of(o, "error", a);
        out->description = words_of(o, "error_description", a);
        out->expires_in = seconds_of(o, "expires_in", 0, LIFETIME_MOST);
        out->device_code = token_of(o, "device_code", longest, a);
        out->user_code = token_of(o, "user_code", TEXT_MOST, a);
        out->uri = token_of(o, "verification_uri", TEXT_MOST, a);
        if (out->uri.p == NULL) /* Google's name for it, from before RFC 8628 */
            out->uri = token_of(o, "verification_url", TEXT_MOST, a);
        out->uri_complete = token_of(o, "verification_uri_complete", TEXT_MOST, a);
        out->interval = seconds_of(o, "interval", INTERVAL, INTERVAL_MOST);
    }
    json_decref(o);
    return ok && !a->failed;
}
