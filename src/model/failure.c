#include "model/failure.h"

bool failure_is_authentication(const struct failure_report *f)
{
    /* A comment may stand behind the keyword (RFC 5965 3.5). */
    size_t comment = sv_find_char(f->feedback_type, '(', 0);
    sv keyword = sv_trim(sv_first(f->feedback_type, comment));
    return keyword.n == 0 || sv_eq_nocase(keyword, SV("auth-failure"));
}
