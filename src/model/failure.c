#include "model/failure.h"

bool failure_is_authentication(const struct failure_report *f)
{
    return f->feedback_type.n == 0 || sv_eq_nocase(f->feedback_type, SV("auth-failure"));
}
