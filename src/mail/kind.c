#include "kind.h"

#include "base/attr.h"
#include "mail/header.h"

static const struct {
    sv type;
    enum part_kind kind;
} kinds[] = {
    {SV_INIT("message/rfc822"), PART_MAIL},
    {SV_INIT("message/rfc-822"), PART_MAIL},
    {SV_INIT("message/global"), PART_MAIL},
    {SV_INIT("message/news"), PART_MAIL},
    {SV_INIT("message/partial"), PART_PIECE},
    {SV_INIT("message/external-body"), PART_NOTHING},
    {SV_INIT("multipart/encrypted"), PART_ENCRYPTED},
    {SV_INIT("application/pkcs7-mime"), PART_SMIME},
    {SV_INIT("application/x-pkcs7-mime"), PART_SMIME},
    {SV_INIT("application/pkcs7-signature"), PART_NOTHING},
    {SV_INIT("application/x-pkcs7-signature"), PART_NOTHING},
    {SV_INIT("application/pgp-signature"), PART_NOTHING},
};

static const struct {
    sv token;
    enum mail_encoding encoding;
} encodings[] = {
    {SV_INIT("base64"), MAIL_BASE64},       {SV_INIT("base-64"), MAIL_BASE64},
    {SV_INIT("quoted-printable"), MAIL_QP}, {SV_INIT("quotedprintable"), MAIL_QP},
    {SV_INIT("x-uuencode"), MAIL_UUENCODE}, {SV_INIT("uuencode"), MAIL_UUENCODE},
    {SV_INIT("x-uue"), MAIL_UUENCODE},      {SV_INIT("x-uu"), MAIL_UUENCODE},
};

static enum part_kind kind_of(sv type, sv name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (sv_eq(type, kinds[i].type))
            return kinds[i].kind;
    if (sv_starts(type, SV("multipart")))
        return PART_MULTIPART;
    /* Forwarders attach mails under any type, gateways signed ones; the name tells. */
    if (sv_ends_nocase(name, SV(".eml")))
        return PART_MAIL;
    return sv_ends_nocase(name, SV(".p7m")) ? PART_SMIME : PART_LEAF;
}

bool type_is_mail_like(sv type)
{
    static const sv types[] = {SV_INIT("message/rfc822"),         SV_INIT("message/rfc-822"),
                               SV_INIT("message/rfc822-headers"), SV_INIT("message/global"),
                               SV_INIT("message/global-headers"), SV_INIT("text/rfc822-headers"),
                               SV_INIT("text/rfc822-header"),     SV_INIT("text/rfc822"),
                               SV_INIT("text/rfc-822"),           SV_INIT("text/rfc-822-headers")};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (sv_eq(type, types[i]))
            return true;
    return false;
}

/* "ContentType" for "Content-Type": Trustwave and others lose the hyphen. */
static bool is_misspelt(sv name, sv right)
{
    size_t n = 0;
    for (size_t i = 0; i < right.n; i++) {
        if (right.p[i] == '-')
            n += n < name.n && (name.p[n] == '-' || name.p[n] == '_');
        else if (n >= name.n || ascii_lower(name.p[n]) != ascii_lower(right.p[i]))
            return false;
        else
            n++;
    }
    return n == name.n;
}

static enum mail_encoding encoding_of(sv raw, arena *a)
{
    sv token = raw.p ? header_token(raw, a) : SV_ABSENT;
    for (size_t i = 0; i < COUNT_OF(encodings); i++)
        if (sv_eq(token, encodings[i].token))
            return encodings[i].encoding;
    return MAIL_IDENTITY;
}

static sv name_of(sv disposition, sv type, uint64_t max_params, arena *a)
{
    sv name = disposition.p ? header_param(disposition, SV("filename"), max_params, a) : SV_ABSENT;
    if (name.n == 0 && type.p)
        name = header_param(type, SV("name"), max_params, a);
    return name.n ? name : SV_ABSENT;
}

void part_head_read(sv block, sv default_type, uint64_t max_params, arena *a, struct part_head *out)
{
    static const sv names[] = {SV_INIT("Content-Type"), SV_INIT("Content-Transfer-Encoding"),
                               SV_INIT("Content-Disposition")};
    sv right[COUNT_OF(names)] = {{0}}, misspelt[COUNT_OF(names)] = {{0}};
    struct header_field f;
    for (sv rest = block; header_next(&rest, &f);)
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            if (sv_eq_nocase(f.name, names[i]))
                right[i] = right[i].p ? right[i] : f.raw;
            else if (is_misspelt(f.name, names[i]))
                misspelt[i] = misspelt[i].p ? misspelt[i] : f.raw;
        }
    *out = (struct part_head){.block = block};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (right[i].p == NULL) {
            right[i] = misspelt[i];
            out->misspelt = out->misspelt || misspelt[i].p;
        }
    out->type_field = right[0];
    out->type = right[0].p ? header_token(right[0], a) : default_type;
    if (out->type.n == 0)
        out->type = default_type;
    out->encoding = encoding_of(right[1], a);
    out->name = name_of(right[2], right[0], max_params, a);
    out->kind = kind_of(out->type, out->name);
}
