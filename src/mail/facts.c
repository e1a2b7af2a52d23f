#include "facts.h"

#include "base/attr.h"
#include "mail/header.h"

static void from(struct mail_info *info, sv raw, arena *a)
{
    if (info->facts.from_domain.p == NULL)
        info->facts.from_domain = header_domain(raw, a);
}

static void message_id(struct mail_info *info, sv raw, arena *a)
{
    if (info->facts.message_id.p == NULL)
        info->facts.message_id = header_unfold(raw, a);
}

static void subject(struct mail_info *info, sv raw, arena *a)
{
    if (info->facts.subject.p == NULL)
        info->facts.subject = header_text(raw, a);
}

static const struct {
    sv name;
    void (*take)(struct mail_info *info, sv raw, arena *a);
} taken[] = {
    {SV_INIT("From"), from},
    {SV_INIT("Message-ID"), message_id},
    {SV_INIT("Subject"), subject},
};

/* In a field of that name, anywhere in its value; NULL: the field is enough. */
static const struct {
    sv name;
    const char *needle;
    enum not_report what;
} signs[] = {
    {SV_INIT("Content-Type"), "delivery-status", NOT_REPORT_bounce},
    {SV_INIT("X-Failed-Recipients"), NULL, NOT_REPORT_bounce},
    {SV_INIT("Content-Type"), "disposition-notification", NOT_REPORT_auto_reply},
    {SV_INIT("Auto-Submitted"), "auto-replied", NOT_REPORT_auto_reply}, /* RFC 3834 5 */
    {SV_INIT("Precedence"), "auto_reply", NOT_REPORT_auto_reply},
    {SV_INIT("X-Autoreply"), NULL, NOT_REPORT_auto_reply},
    {SV_INIT("X-Autorespond"), NULL, NOT_REPORT_auto_reply},
    {SV_INIT("X-Autoresponder"), NULL, NOT_REPORT_auto_reply},
    {SV_INIT("From"), "mailer-daemon@", NOT_REPORT_bounce},
    {SV_INIT("Return-Path"), "<>", NOT_REPORT_bounce}, /* RFC 5321 4.5.5, and what auto-replies have too */
};

static bool holds(sv value, const char *needle)
{
    size_t n = strlen(needle);
    for (size_t i = 0; i + n <= value.n; i++)
        if (sv_starts_nocase(sv_skip(value, i), sv_of(needle, n)))
            return true;
    return false;
}

/* A sign counts over every one that stands behind it in the table. */
static void note_sign(struct mail_info *info, size_t sign)
{
    if (info->sign == 0 || sign + 1 < info->sign) {
        info->sign = sign + 1;
        info->not_report = signs[sign].what;
    }
}

void facts_see_header(struct mail_info *info, const struct header_field *f, arena *a)
{
    for (size_t i = 0; i < COUNT_OF(taken); i++)
        if (sv_eq_nocase(f->name, taken[i].name))
            taken[i].take(info, f->raw, a);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (sv_eq_nocase(f->name, signs[i].name) && (!signs[i].needle || holds(f->raw, signs[i].needle)))
            note_sign(info, i);
}

void facts_see_type(struct mail_info *info, unsigned level, sv type)
{
    static const sv delivery[] = {SV_INIT("message/delivery-status"),
                                  SV_INIT("message/global-delivery-status")};
    for (size_t i = 0; i < COUNT_OF(delivery); i++)
        if (level == 0 && sv_eq(type, delivery[i]))
            note_sign(info, 0);
}
