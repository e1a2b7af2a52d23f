#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *e, enum err_class cls, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    e->cls = cls;
    return false;
}

bool err_prefix(struct err *e, const char *fmt, ...)
{
    char old[sizeof e->msg];
    memcpy(old, e->msg, sizeof old);
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof e->msg) {
        size_t room = sizeof e->msg - (size_t)n - 1;
        size_t len = strnlen(old, room);
        memcpy(e->msg + n, old, len);
        e->msg[(size_t)n + len] = '\0';
    }
    return false;
}

const char *err_quote(sv s, char out[ERR_QUOTE])
{
    bool cut = s.n >= ERR_QUOTE;
    size_t n = cut ? ERR_QUOTE - sizeof "..." : s.n;
    for (size_t i = 0; i < n; i++)
        out[i] = s.p[i] >= 0x20 && s.p[i] < 0x7F ? s.p[i] : '?';
    memcpy(out + n, cut ? "..." : "", cut ? sizeof "..." : 1);
    return out;
}

void err_clear(struct err *e)
{
    e->cls = ERR_NONE;
    e->msg[0] = '\0';
}

int err_exit_code(enum err_class cls)
{
    switch (cls) {
    case ERR_NONE:
        return 0;
    case ERR_USAGE:
        return 64;
    case ERR_INPUT:
    case ERR_LIMIT:
        return 65;
    case ERR_UNREACHABLE:
        return 69;
    case ERR_BUG:
        return 70;
    case ERR_MEMORY:
        return 71;
    case ERR_STATE:
        return 73;
    case ERR_DISK:
    case ERR_DAMAGED:
        return 74;
    case ERR_RETRY:
        return 75;
    case ERR_LOGIN:
        return 77;
    case ERR_CONFIG:
        return 78;
    }
    return 70;
}
