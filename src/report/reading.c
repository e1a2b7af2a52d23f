#include "reading.h"

#include <stdarg.h>
#include <stdio.h>

static void set_fault(struct reading *rd, enum reject why, bool final, const char *fmt, va_list ap)
{
    if (rd->reject != REJECT_NONE_)
        return;
    rd->reject = why;
    rd->final = final;
    (void)vsnprintf(rd->detail, sizeof rd->detail, fmt, ap);
}

bool reading_fail(struct reading *rd, enum reject why, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_fault(rd, why, false, fmt, ap);
    va_end(ap);
    return false;
}

bool reading_refuse(struct reading *rd, enum reject why, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_fault(rd, why, true, fmt, ap);
    va_end(ap);
    return false;
}
