#include "imap_answer.h"

#include "imap_reader.h"

static enum imap_status status_of(sv word)
{
    static const struct {
        sv word;
        enum imap_status status;
    } known[] = {
        {SV_INIT("OK"), IMAP_OK},
        {SV_INIT("NO"), IMAP_NO},
        {SV_INIT("BAD"), IMAP_BAD},
        {SV_INIT("BYE"), IMAP_BYE},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (sv_eq_nocase(word, known[i].word))
            return known[i].status;
    return IMAP_OTHER;
}

struct imap_answer imap_answer_of(sv line)
{
    line = sv_trim(line);
    sv rest = line;
    struct imap_answer a = {.status = status_of(imap_word(&rest)), .whole = line};
    a.text = sv_trim(rest);
    size_t close = sv_find_char(a.text, ']', 0);
    if (sv_starts(a.text, SV("[")) && close != SIZE_MAX) {
        a.arguments = sv_of(a.text.p + 1, close - 1);
        a.code = imap_word(&a.arguments);
        a.arguments = sv_trim(a.arguments);
        a.text = sv_trim(sv_skip(a.text, close + 1));
    }
    return a;
}

static bool has_nocase(sv s, sv part)
{
    for (; s.n >= part.n; s = sv_skip(s, 1))
        if (sv_starts_nocase(s, part))
            return true;
    return false;
}

bool imap_answer_transient(const struct imap_answer *a)
{
    /* RFC 5530; THROTTLED is Google's. SERVERBUG is not among them: it comes again for the same mail. */
    static const sv codes[] = {SV_INIT("UNAVAILABLE"), SV_INIT("INUSE"), SV_INIT("LIMIT"),
                               SV_INIT("THROTTLED")};
    /* Exchange Online sends BAD and these words for too many connections and too much traffic. */
    static const sv words[] = {SV_INIT("throttled"), SV_INIT("not connected"), SV_INIT("try again"),
                               SV_INIT("temporar")};
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (sv_eq_nocase(a->code, codes[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (has_nocase(a->text, words[i]))
            return true;
    return false;
}
