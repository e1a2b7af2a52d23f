/* The spool of the stage against a plain copy: octets put down, cut off and read again. Each step of the
 * input is a letter and two octets of number. */
#include "fuzz.h"

#include "spool.h"

enum { MEMORY = 100, CAP = 4000, STEP = 3 };

struct model {
    struct spool spool;
    char copy[CAP];
};

static void put(struct model *m, sv octets)
{
    struct err e;
    uint64_t at = spool_size(&m->spool);
    enum spool_put done = spool_put(&m->spool, octets, &e);
    fuzz_require(done == (at + octets.n > CAP ? SPOOL_FULL : SPOOL_OK), "the cap and nothing else refuses");
    if (done == SPOOL_OK)
        memcpy(m->copy + at, octets.p, octets.n);
}

static void read_back(struct model *m, uint64_t at, size_t n)
{
    char got[CAP];
    struct err e;
    uint64_t size = spool_size(&m->spool);
    at = size ? at % size : 0;
    n = (size_t)(n > size - at ? size - at : n);
    fuzz_require(spool_read(&m->spool, at, got, n, &e), "what was put down can be read");
    fuzz_require(memcmp(got, m->copy + at, n) == 0, "it is what was put down");
}

void fuzz_one(sv in)
{
    struct model m;
    spool_init(&m.spool, MEMORY, CAP, NULL);
    for (; in.n >= STEP; in = sv_skip(in, STEP)) {
        size_t n = (size_t)((unsigned char)in.p[1] << 8 | (unsigned char)in.p[2]);
        if (in.p[0] == 'c')
            spool_cut(&m.spool, spool_size(&m.spool) ? n % (spool_size(&m.spool) + 1) : 0);
        else if (in.p[0] == 'r')
            read_back(&m, n, n);
        else
            put(&m, sv_first(in, n));
    }
    read_back(&m, 0, CAP);
    spool_free(&m.spool);
}
