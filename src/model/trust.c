#include "model/trust.h"

static const char *const names[TRUST_END] = {
#define TRUST_NAME(name, sentence) [TRUST_##name] = #name,
    TRUSTS(TRUST_NAME)
#undef TRUST_NAME
};

static const char *const senders[TRUST_SENDER_END] = {
#define SENDER_NAME(name, sentence) [TRUST_SENDER_##name] = #name,
    TRUST_SENDERS(SENDER_NAME)
#undef SENDER_NAME
};

const char *trust_name(enum trust t)
{
    return names[t];
}

const char *trust_sender_name(enum trust_sender s)
{
    return senders[s];
}

static int rank(const struct trust_verdict *v)
{
    switch (v->trust) {
    case TRUST_failed:
        return 0;
    case TRUST_unknown:
    case TRUST_END:
        return 1;
    case TRUST_verified:
        return v->sender == TRUST_SENDER_other ? 2 : 3;
    }
    return 1;
}

int trust_compare(const struct trust_verdict *a, const struct trust_verdict *b)
{
    return rank(a) - rank(b);
}
