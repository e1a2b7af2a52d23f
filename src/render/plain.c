/* The text of a mail, for standard output. */
#include "channel.h"
#include "email_body.h"
#include "text/escape.h"

bool render_plain(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    arena memory;
    buf subject;
    arena_init(&memory, c->limits->notice_size * 8);
    buf_init(&subject, c->limits->notice_size);
    size_t told = email_items_that_fit(n, c, &memory);
    bool ok = email_subject(n, c, &memory, &subject);
    text_mail(out, buf_view(&subject));
    buf_puts(out, "\n\n");
    ok = ok && email_text(n, c, told, &memory, out);
    buf_char(out, '\n');
    buf_free(&subject);
    arena_free(&memory);
    if (ok && !out->failed)
        return true;
    return err_set(e, out->failed ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered as text");
}
