/* Header fields, their parameters, encoded words and addresses. */
#include "fuzz.h"

#include "base/utf8.h"
#include "mail/header.h"

static const char *const params[] = {"boundary", "charset", "name", "filename"};

static void one_field(const struct header_field *f, arena *a)
{
    fuzz_require(utf8_valid(header_text(f->raw, a)), "a decoded header is UTF-8");
    (void)header_unfold(f->raw, a);
    (void)header_token(f->raw, a);
    (void)header_domain(f->raw, a);
    for (size_t i = 0; i < COUNT_OF(params); i++)
        fuzz_require(
            utf8_valid(header_param(f->raw, sv_c(params[i]), (size_t)fuzz_limits()->header_params, a)),
            "a decoded parameter is UTF-8");
    sv domain = header_domain_raw(f->raw);
    fuzz_require(domain.n == 0 || (domain.p >= f->raw.p && domain.p + domain.n <= f->raw.p + f->raw.n),
                 "the domain lies in the field");
}

void fuzz_one(sv in)
{
    arena memory;
    struct header_field f;
    sv body, rest = header_split(in, &body);
    fuzz_require(rest.n + body.n <= in.n, "header and body lie in the mail");
    arena_init(&memory, MIB(4));
    while (header_next(&rest, &f)) {
        one_field(&f, &memory);
        arena_reset(&memory);
    }
    (void)!header_find(in, SV("Content-Type"), &f);
    arena_free(&memory);
}
