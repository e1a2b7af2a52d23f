#include "guess.h"

#include "base/attr.h"

static bool has(sv text, sv word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (sv_starts_nocase(sv_skip(text, i), word))
            return true;
    return false;
}

bool guess_file_is_report(sv name)
{
    enum { SEPARATORS = 3 }; /* between receiver, domain, begin and end */
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++)
        n += name.p[i] == '!';
    return n >= SEPARATORS || has(name, SV("dmarc"));
}

bool guess_subject_is_report(sv subject)
{
    static const sv words[] = {SV_INIT("report domain"), SV_INIT("report-id"), SV_INIT("dmarc")};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (has(subject, words[i]))
            return true;
    return false;
}

bool guess_is_outlook_mail(sv type, sv name)
{
    return sv_eq(type, SV("application/vnd.ms-outlook")) || sv_ends_nocase(name, SV(".msg"));
}
