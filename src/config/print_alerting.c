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

void print_weekday(struct printer *p, const struct key *k, const void *base)
{
    static const char *const words[] = {
#define WEEKDAY_WORD(id) #id,
        WEEKDAYS(WEEKDAY_WORD)
#undef WEEKDAY_WORD
    };
    print_line(p, k, sv_c(words[*(const enum weekday *)print_field(k, base)]));
}

void print_zone(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}

void print_one_pattern(struct printer *p, const struct key *k, const void *base)
{
    print_text(p, k, base);
}
