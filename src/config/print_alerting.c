/* Values of when people are told. */
#include "base/clock.h"
#include "config/duration.h"
#include "print.h"

void print_repeat(struct printer *p, const struct key *k, const void *base)
{
    const struct repeat_cfg *r = print_field(k, base);
    if (r->first == 0) {
        print_line(p, k, SV("never"));
    } else if (r->most > r->first) {
        print_line(p, k, SV("diminishing"));
    } else {
        print_key(p, print_leaf(k));
        buf_char(p->out, ' ');
        duration_print(r->first, p->out);
        buf_char(p->out, '\n');
    }
}

static const char *const weekdays[] = {
#define WEEKDAY_WORD(id) #id,
    WEEKDAYS(WEEKDAY_WORD)
#undef WEEKDAY_WORD
};

static const char *weekday_word(unsigned i)
{
    return weekdays[i];
}

void print_weekday(struct printer *p, const struct key *k, const void *base)
{
    print_line(p, k, sv_c(weekdays[*(const enum weekday *)print_field(k, base)]));
}

void print_weekdays(struct printer *p, const struct key *k, const void *base)
{
    print_bits(p, k, *(const uint8_t *)print_field(k, base), weekday_word);
}

static void put_span(struct printer *p, const void *item)
{
    const struct span_cfg *s = item;
    buf_printf(p->out, "\"%02u:%02u-%02u:%02u\"", s->from / 60U, s->from % 60U, s->to / 60U, s->to % 60U);
}

void print_spans(struct printer *p, const struct key *k, const void *base)
{
    print_list(p, k, base, sizeof(struct span_cfg), put_span);
}

void print_zone(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_one_pattern(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}
