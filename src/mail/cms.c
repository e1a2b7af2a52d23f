/* Just enough BER (X.690) to take the mail out of a signed S/MIME message. A view of an element of
 * indefinite length reaches to the end of what is around it: the walk goes inwards and never needs more. */
#include "cms.h"

#include "base/attr.h"

enum {
    TAG_INTEGER = 0x02,
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_OCTETS_CONSTRUCTED = 0x24,
    TAG_SEQUENCE = 0x30,
    TAG_SET = 0x31,
    TAG_CONTEXT_0 = 0xA0,
};

struct element {
    unsigned char tag;
    bool indefinite;
    sv value;
};

/* Takes the element at the start of *rest; one of indefinite length takes all of it. */
static bool take(sv *rest, struct element *e)
{
    if (rest->n < 2)
        return false;
    unsigned char length = (unsigned char)rest->p[1];
    size_t head = 2, n = length;
    e->tag = (unsigned char)rest->p[0];
    e->indefinite = length == 0x80;
    if (e->indefinite) {
        n = rest->n - head;
    } else if (length > 0x80) {
        size_t octets = length & 0x7FU;
        if (octets > 4 || rest->n < head + octets)
            return false;
        n = 0;
        for (size_t i = 0; i < octets; i++)
            n = n << 8 | (unsigned char)rest->p[head + i];
        head += octets;
    }
    if (n > rest->n - head)
        return false;
    e->value = sv_first(sv_skip(*rest, head), n);
    *rest = sv_skip(*rest, head + n);
    return true;
}

static bool take_tag(sv *rest, unsigned char tag, sv *value)
{
    struct element e;
    if (!take(rest, &e) || e.tag != tag)
        return false;
    *value = e.value;
    return true;
}

/* Of a constructed octet string. There may be millions, most of a length that one octet says. */
static bool take_chunk(sv *rest, sv *chunk)
{
    if (rest->n < 2 || rest->p[0] != TAG_OCTETS || (unsigned char)rest->p[1] >= 0x80)
        return take_tag(rest, TAG_OCTETS, chunk);
    size_t n = (unsigned char)rest->p[1];
    if (n > rest->n - 2)
        return false;
    *chunk = sv_of(rest->p + 2, n);
    *rest = sv_of(rest->p + 2 + n, rest->n - 2 - n);
    return true;
}

/* The chunks of a constructed octet string, one behind the other. */
static bool join(sv chunks, arena *a, sv *content)
{
    size_t n = 0;
    sv chunk;
    /* There may be three octets about each one of theirs. */
    for (sv rest = chunks; take_chunk(&rest, &chunk);)
        n += chunk.n;
    char *to = arena_alloc(a, n);
    if (to == NULL)
        return false;
    n = 0;
    while (take_chunk(&chunks, &chunk)) {
        if (chunk.n)
            memcpy(to + n, chunk.p, chunk.n);
        n += chunk.n;
    }
    *content = sv_of(to, n);
    return n > 0;
}

enum cms_kind cms_kind(sv der)
{
    static const struct {
        sv oid;
        enum cms_kind kind;
    } kinds[] = {
        {SV_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), CMS_SIGNED},             /* RFC 5652 5.1 */
        {SV_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09"), CMS_COMPRESSED}, /* RFC 3274 1.1 */
    };
    sv info, oid;
    if (der.n == 0 || der.p[0] != TAG_SEQUENCE)
        return CMS_NONE;
    if (!take_tag(&der, TAG_SEQUENCE, &info) || !take_tag(&info, TAG_OID, &oid))
        return CMS_OTHER;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (sv_eq(oid, kinds[i].oid))
            return kinds[i].kind;
    return CMS_OTHER;
}

bool cms_signed_content(sv der, arena *a, sv *content)
{
    static const sv signed_data = SV_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"); /* 1.2.840.113549.1.7.2 */
    sv info, oid, explicit0, data, version, digests, encap, type, inner;
    if (!take_tag(&der, TAG_SEQUENCE, &info) || !take_tag(&info, TAG_OID, &oid) || !sv_eq(oid, signed_data))
        return false;
    if (!take_tag(&info, TAG_CONTEXT_0, &explicit0) || !take_tag(&explicit0, TAG_SEQUENCE, &data))
        return false;
    if (!take_tag(&data, TAG_INTEGER, &version) || !take_tag(&data, TAG_SET, &digests))
        return false;
    if (!take_tag(&data, TAG_SEQUENCE, &encap) || !take_tag(&encap, TAG_OID, &type) ||
        !take_tag(&encap, TAG_CONTEXT_0, &inner))
        return false;
    struct element e;
    if (!take(&inner, &e))
        return false;
    if (e.tag == TAG_OCTETS_CONSTRUCTED)
        return join(e.value, a, content);
    *content = e.value;
    return e.tag == TAG_OCTETS && e.value.n > 0;
}
