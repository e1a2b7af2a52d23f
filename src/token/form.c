#include "form.h"

static bool is_unreserved(char c)
{
    char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || ascii_is_digit(c) || (c != '\0' && strchr("-._~", c));
}

void form_add(buf *form, const char *name, sv value)
{
    if (value.p == NULL)
        return;
    buf_printf(form, "%s%s=", form->n ? "&" : "", name);
    for (size_t i = 0; i < value.n; i++) {
        if (is_unreserved(value.p[i]))
            buf_char(form, value.p[i]);
        else
            buf_printf(form, "%%%02X", (unsigned)(unsigned char)value.p[i]);
    }
}

void buf_wipe(buf *b)
{
    if (b->p)
        explicit_bzero(b->p, b->cap);
    buf_free(b);
}
