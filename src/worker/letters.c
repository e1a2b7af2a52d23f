#include "letters.h"

#include <stdlib.h>
#include <string.h>

#include "base/magic.h"

void letters_init(struct letters *l, const struct limits *limits)
{
    *l = (struct letters){.limits = limits};
    buf_init(&l->octets, (size_t)limits->document_size);
}

static void free_letter(struct letter *letter)
{
    free(letter->member);
    letter->member = NULL;
    buf_free(&letter->octets);
}

void letters_reset(struct letters *l)
{
    for (size_t i = 0; i < l->n; i++)
        free_letter(&l->list[i]);
    free(l->list);
    buf_free(&l->octets);
    letters_init(l, l->limits);
}

void letters_free(struct letters *l)
{
    if (l->limits)
        letters_reset(l);
}

/* What stands before a colon, without blanks (RFC 5322 2.2); absent: the line is no field. */
static sv field_name(sv line)
{
    size_t colon = sv_find_char(line, ':', 0);
    sv name = sv_first(line, colon == SIZE_MAX ? 0 : colon);
    for (size_t i = 0; i < name.n; i++)
        if (ascii_is_blank(name.p[i]))
            return SV_ABSENT;
    return name.n ? name : SV_ABSENT;
}

static bool is_field_of_mails(sv name)
{
    static const sv names[] = {SV_INIT("From"),        SV_INIT("To"),           SV_INIT("Date"),
                               SV_INIT("Subject"),     SV_INIT("Message-ID"),   SV_INIT("Received"),
                               SV_INIT("Return-Path"), SV_INIT("Delivered-To"), SV_INIT("MIME-Version")};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (sv_eq_nocase(name, names[i]))
            return true;
    return false;
}

static sv take_line(sv *rest)
{
    size_t end = sv_find_char(*rest, '\n', 0);
    sv line = sv_first(*rest, end == SIZE_MAX ? rest->n : end + 1);
    *rest = sv_skip(*rest, line.n);
    return line;
}

/* One such field may begin any text; two before the first empty line do not. */
bool letters_look_like(sv head)
{
    unsigned fields = 0;
    if (magic_of(head) == MAGIC_MBOX)
        return magic_is_mbox_line(take_line(&head));
    while (head.n && fields < 2) {
        sv line = take_line(&head), name = field_name(line);
        bool folded = line.p[0] == ' ' || line.p[0] == '\t';
        if (name.p == NULL && !folded)
            return false;
        fields += is_field_of_mails(name);
    }
    return fields >= 2;
}

void letters_begin(struct letters *l)
{
    buf_reset(&l->octets);
    l->too_much = false;
}

bool letters_push(struct letters *l, sv chunk)
{
    l->too_much = l->held + l->octets.n + chunk.n > l->limits->document_size;
    if (!l->too_much)
        buf_sv(&l->octets, chunk);
    return !l->too_much && !l->octets.failed;
}

static struct letter *add(struct letters *l)
{
    if ((l->n & (l->n - 1)) == 0) {
        struct letter *more = reallocarray(l->list, l->n ? 2 * l->n : 1, sizeof *more);
        if (more == NULL)
            return NULL;
        l->list = more;
    }
    return &l->list[l->n++];
}

enum reject letters_end(struct letters *l, sv member, unsigned level)
{
    if (l->too_much || l->octets.failed)
        return l->too_much ? REJECT_mail_unpacked_too_large : REJECT_memory_limit;
    char *copy = member.p ? strndup(member.p, member.n) : NULL;
    struct letter *letter = member.p && copy == NULL ? NULL : add(l);
    if (letter == NULL) {
        free(copy);
        return REJECT_memory_limit;
    }
    *letter = (struct letter){.member = copy, .octets = l->octets, .level = level};
    l->held += letter->octets.n;
    buf_init(&l->octets, (size_t)l->limits->document_size);
    return REJECT_NONE_;
}

const struct letter *letters_next(struct letters *l)
{
    if (l->at) {
        l->held -= l->list[l->at - 1].octets.n;
        free_letter(&l->list[l->at - 1]);
    }
    if (l->at == l->n) {
        letters_reset(l);
        return NULL;
    }
    return &l->list[l->at++];
}

bool letters_mbox_next(sv *rest, sv *mail)
{
    bool after_blank = false;
    if (rest->n == 0)
        return false;
    (void)take_line(rest); /* "From …" */
    *mail = sv_first(*rest, 0);
    while (rest->n) {
        sv after = *rest;
        sv line = take_line(&after);
        if (after_blank && magic_is_mbox_line(line))
            break;
        after_blank = sv_trim(line).n == 0;
        mail->n += line.n;
        *rest = after;
    }
    return true;
}
