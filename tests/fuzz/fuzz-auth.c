/* Authentication-Results and its kin, to the wire and back. */
#include "fuzz.h"

#include "mail/auth.h"
#include "model/domain.h"
#include "wire/wire.h"

static void check(const struct mail_auth *m)
{
    fuzz_require(m->n_fields <= fuzz_limits()->auth_fields && m->n_received <= fuzz_limits()->auth_hops,
                 "fields are limited");
    for (size_t i = 0; i < m->n_fields; i++)
        for (size_t k = 0; k < m->fields[i].n_statements; k++) {
            sv domain = m->fields[i].statements[k].domain;
            fuzz_require(domain.p == NULL || domain_is_plain(domain), "a domain is plain");
        }
}

void fuzz_one(sv in)
{
    arena memory;
    buf frame;
    struct mail_auth m, back;
    arena_init(&memory, MIB(4));
    buf_init(&frame, MIB(1));
    mail_auth_read(in, fuzz_limits(), &memory, &m);
    check(&m);
    wire_put_authentication(&frame, &m);
    fuzz_require(!frame.failed && wire_get_authentication(sv_skip(buf_view(&frame), WIRE_HEAD), fuzz_limits(),
                                                          &memory, &back),
                 "the parent takes all of it");
    fuzz_require(back.n_fields == m.n_fields && back.more == m.more, "nothing is lost on the way");
    buf_free(&frame);
    arena_free(&memory);
}
