/* The two bodies of a mail, UTF-8 with LF line ends. */
#ifndef RENDER_EMAIL_BODY_H
#define RENDER_EMAIL_BODY_H

#include "base/arena.h"
#include "render/render.h"
#include "text/catalogue.h"

/* Words as they stand in plain text. */
struct text_style plain_style(const struct render_context *c);

/* Both tell the same number of items; `told` of them, or the subject alone where it is 0. */
size_t email_items_that_fit(const struct notice *n, const struct render_context *c, arena *memory);

bool email_text(const struct notice *n, const struct render_context *c, size_t told, arena *memory, buf *out);
bool email_html(const struct notice *n, const struct render_context *c, size_t told, arena *memory, buf *out);

/* The subject, raw: text_header comes after it. */
bool email_subject(const struct notice *n, const struct render_context *c, arena *memory, buf *out);

#endif
