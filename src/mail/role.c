#include "role.h"

#include "base/attr.h"
#include "mail/contents.h"
#include "mail/header.h"

bool type_is_feedback(sv type)
{
    return sv_ends(type, SV("feedback-report")) || sv_ends(type, SV("feedback_report"));
}

enum { FEEDBACK_SNIFFED = 16 * 1024 }; /* a feedback part is a few hundred octets */

/* What Outlook and gateways make text or octets of. */
static bool begins_as_feedback(const struct part_head *h, sv body)
{
    struct mail_leaf l = {.body = body, .encoding = h->encoding};
    struct header_field f;
    sv rest;
    buf scratch;
    if (h->kind != PART_LEAF || body.n > FEEDBACK_SNIFFED)
        return false;
    buf_init(&scratch, body.n + 3);
    sv block = header_split(sv_trim(mail_decode(&l, &scratch)), &rest);
    sv next = header_split(sv_trim(rest), &rest); /* an empty line may stand between */
    bool yes = header_find(block, SV("Feedback-Type"), &f) &&
               (header_find(block, SV("User-Agent"), &f) || header_find(block, SV("Source-IP"), &f) ||
                header_find(next, SV("User-Agent"), &f) || header_find(next, SV("Source-IP"), &f));
    buf_free(&scratch);
    return yes;
}

enum magic part_magic(const struct part_head *h, sv body)
{
    struct mail_leaf l = {.body = body, .encoding = h->encoding};
    return mail_magic(&l);
}

/* It is a container or a report by its octets. */
static bool is_document(const struct part_head *h, sv body)
{
    return part_magic(h, body) != MAGIC_NONE;
}

/* A field that such a part must or may have (RFC 5965 3, RFC 6591 3), in `block`. */
static bool has_feedback_field(sv block)
{
    static const sv names[] = {
        SV_INIT("Feedback-Type"), SV_INIT("User-Agent"),      SV_INIT("Version"),
        SV_INIT("Source-IP"),     SV_INIT("Arrival-Date"),    SV_INIT("Received-Date"),
        SV_INIT("Auth-Failure"),  SV_INIT("Reported-Domain"), SV_INIT("Delivery-Result")};
    struct header_field f;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (header_find(block, names[i], &f))
            return true;
    return false;
}

/* A type alone makes no feedback report of what is none, and no evidence of the parts behind it. */
static bool is_feedback(const struct siblings *s, const struct part_head *h, sv body)
{
    struct mail_leaf l = {.body = sv_first(body, FEEDBACK_SNIFFED), .encoding = h->encoding};
    buf scratch;
    sv rest;
    if (!type_is_feedback(h->type))
        return !(s && s->behind) && begins_as_feedback(h, body);
    if (is_document(h, body))
        return false;
    buf_init(&scratch, FEEDBACK_SNIFFED + 3);
    bool yes = (s && s->declared) || has_feedback_field(h->block) ||
               has_feedback_field(header_split(sv_trim(mail_decode(&l, &scratch)), &rest));
    buf_free(&scratch);
    return yes;
}

/* The offending mail in a feedback report, by its type or place, and all behind the feedback itself
 * (RFC 5965 2: text, feedback, original). Outlook and others lose the types, so the place counts too. */
enum role role_of(struct siblings *s, const struct part_head *h, sv body)
{
    bool behind = s && s->behind;
    if (is_feedback(s, h, body)) {
        if (s)
            s->behind = true;
        return ROLE_FEEDBACK;
    }
    bool by_place = behind || (s && s->declared && s->index >= 3);
    bool by_type = s && s->feedback_report && (h->kind == PART_MAIL || type_is_mail_like(h->type));
    return by_place || by_type ? ROLE_ORIGINAL : ROLE_NONE;
}
