#include "shown.h"

#include "base/utf8.h"
#include "model/domain.h"

/* As the limit text_shown of notices, which has no knob here: what is cut stands whole in JSON. */
enum { TEXT_SHOWN = 256 };

sv shown_text(arena *a, sv text)
{
    if (text.n <= TEXT_SHOWN)
        return arena_sv(a, text);
    return arena_printf(a, "%.*s\u2026", SV_ARG(utf8_cut(text, TEXT_SHOWN)));
}

sv shown_domain(arena *a, sv domain)
{
    bool odd = false;
    sv folded = domain_fold(a, domain, &odd);
    return shown_text(a, odd ? domain : folded);
}

struct word shown_word(arena *a, struct word w)
{
    w.raw = shown_text(a, w.raw);
    return w;
}
