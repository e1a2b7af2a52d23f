#include "reading.h"

#include <stdarg.h>
#include <stdio.h>

/* The first fault is the one that is told. */
static bool is_first_fault(struct reading *rd, enum reject why, bool final)
{
    if (rd->reject != REJECT_NONE_)
        return false;
    rd->reject = why;
    rd->final = final;
    return true;
}

bool reading_fail(struct reading *rd, enum reject why, const char *fmt, ...)
{
    if (is_first_fault(rd, why, false)) {
        va_list ap;
        va_start(ap, fmt);
        (void)vsnprintf(rd->detail, sizeof rd->detail, fmt, ap);
        va_end(ap);
    }
    return false;
}

bool reading_refuse(struct reading *rd, enum reject why, const char *fmt, ...)
{
    if (is_first_fault(rd, why, true)) {
        va_list ap;
        va_start(ap, fmt);
        (void)vsnprintf(rd->detail, sizeof rd->detail, fmt, ap);
        va_end(ap);
    }
    return false;
}
