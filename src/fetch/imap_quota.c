/* Quota (RFC 9208 5.1, RFC 2087): read where the server offers it. */
#include "base/num.h"
#include "imap_proto.h"

/* The root is any text, also with parentheses; the list behind it has none inside. */
static sv list_of(sv line)
{
    size_t open = line.n;
    while (open && line.p[open - 1] != '(')
        open--;
    sv list = sv_skip(line, open);
    size_t close = sv_find_char(list, ')', 0);
    return open && close != SIZE_MAX ? sv_first(list, close) : SV_ABSENT;
}

void imap_quota(struct imap_proto *p, sv line)
{
    sv list = list_of(line);
    for (sv resource = imap_word(&list); resource.n; resource = imap_word(&list)) {
        uint64_t used, limit;
        if (num_u64(imap_word(&list), INT64_MAX, &used) && num_u64(imap_word(&list), INT64_MAX, &limit))
            p->config.handler->quota(p->config.handler->ctx, p->config.source, resource, used, limit);
    }
}
