/* The dates of reports. The standards have Unix seconds and nothing else. */
#include "base/clock.h"
#include "base/num.h"
#include "value.h"

enum { DATE_TEXT = 64 };

/* The first DMARC reports are of 2012; 2010 to 2100. */
static const int64_t plausible_first = INT64_C(1262304000), plausible_last = INT64_C(4102444800);
static const int64_t milliseconds_from = INT64_C(100000000000), microseconds_from = INT64_C(100000000000000);
static const int64_t nanoseconds_from = INT64_C(100000000000000000);

static sv take_digits(sv *s)
{
    size_t n = 0;
    while (n < s->n && ascii_is_digit(s->p[n]))
        n++;
    sv digits = sv_first(*s, n);
    *s = sv_skip(*s, n);
    return digits;
}

/* digits, then `zeros` more: clamped at int64. */
static int64_t whole_number(sv digits, uint64_t zeros, bool *clamped)
{
    int64_t v = 0;
    for (uint64_t i = 0; i < digits.n + zeros; i++) {
        int digit = i < digits.n ? digits.p[i] - '0' : 0;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, digit, &v)) {
            *clamped = true;
            return INT64_MAX;
        }
    }
    return v;
}

/* "1700000000", "1700000000.0", "1.7e+09", "-1". */
static bool read_seconds(sv s, int64_t *out, struct note_set *notes)
{
    bool negative = s.n && s.p[0] == '-', plain = true, clamped = false;
    uint64_t exponent = 0;
    char mantissa[DATE_TEXT];
    s = sv_skip(s, negative || (s.n && s.p[0] == '+') ? 1 : 0);
    sv whole = take_digits(&s), fraction = SV_ABSENT;
    if (whole.n == 0)
        return false;
    if (s.n && (s.p[0] == '.' || s.p[0] == ',')) {
        s = sv_skip(s, 1);
        fraction = take_digits(&s);
        plain = false;
    }
    if (s.n && ascii_lower(s.p[0]) == 'e') {
        s = sv_skip(s, s.n > 1 && s.p[1] == '+' ? 2 : 1);
        if (!num_u64(take_digits(&s), 18, &exponent))
            return false;
        plain = false;
    }
    if (s.n)
        return false;
    size_t used = fraction.n < exponent ? fraction.n : (size_t)exponent;
    sv digits = whole;
    if (used) {
        if (whole.n + used > sizeof mantissa)
            return false;
        memcpy(mantissa, whole.p, whole.n);
        memcpy(mantissa + whole.n, fraction.p, used);
        digits = sv_of(mantissa, whole.n + used);
    }
    int64_t v = whole_number(digits, exponent - used, &clamped);
    if (!plain)
        note_add(notes, NOTE_date_form);
    if (clamped)
        note_add(notes, NOTE_date_implausible);
    *out = negative ? -v : v;
    return true;
}

static const char month_names[12][4] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};

/* 1 to 12 for a word that begins like a month, else 0. */
static int month_of(sv word)
{
    for (int i = 0; i < 12; i++)
        if (word.n >= 3 && sv_eq_nocase(sv_first(word, 3), sv_c(month_names[i])))
            return i + 1;
    return 0;
}

struct loose_date {
    struct civil civil;
    int64_t offset;
    bool has_time;
};

static bool take_clock(sv word, struct civil *c)
{
    int *parts[] = {&c->hour, &c->minute, &c->second};
    static const uint64_t most[] = {23, 59, 60};
    sv part;
    size_t i = 0;
    for (uint64_t v; i < 3 && sv_split(&word, ':', &part); i++) {
        if (!num_u64(part, most[i], &v))
            return false;
        *parts[i] = (int)v;
    }
    return i >= 2 && word.n == 0;
}

/* "+0200", "GMT". */
static bool take_zone_word(sv word, int64_t *offset)
{
    uint64_t hhmm;
    if (sv_eq_nocase(word, SV("GMT")) || sv_eq_nocase(word, SV("UTC")) || sv_eq_nocase(word, SV("UT")) ||
        sv_eq_nocase(word, SV("Z")))
        return true;
    if (word.n != 5 || (word.p[0] != '+' && word.p[0] != '-') || !num_u64(sv_skip(word, 1), 1459, &hhmm))
        return false;
    int64_t seconds = (int64_t)(hhmm / 100 * 3600 + hhmm % 100 * 60);
    *offset = word.p[0] == '-' ? -seconds : seconds;
    return true;
}

static bool take_date_word(sv word, struct loose_date *d)
{
    uint64_t v;
    if (sv_find_char(word, ':', 0) != SIZE_MAX)
        return d->has_time = take_clock(word, &d->civil);
    if (num_u64(word, 9999, &v) && word.n == 4 && d->civil.year == 0)
        return d->civil.year = (int64_t)v, v > 0;
    if (num_u64(word, 31, &v) && word.n <= 2 && d->civil.day == 0)
        return d->civil.day = (int)v, v > 0;
    if (d->civil.month == 0 && month_of(word))
        return d->civil.month = month_of(word), true;
    if (d->has_time && take_zone_word(word, &d->offset))
        return true;
    static const char days[] = "sun mon tue wed thu fri sat";
    char lower[3];
    for (size_t i = 0; i < 3 && i < word.n; i++)
        lower[i] = ascii_lower(word.p[i]);
    return word.n >= 3 && sv_find(sv_c(days), sv_of(lower, 3), 0) != SIZE_MAX;
}

/* Of "24-Nov-2026": a letter stands on one side of it. */
static bool is_date_hyphen(sv s, size_t i)
{
    return s.p[i] == '-' && i > 0 && i + 1 < s.n &&
           ((ascii_is_digit(s.p[i - 1]) && month_of(sv_skip(s, i + 1))) ||
            (ascii_is_digit(s.p[i + 1]) && i >= 3 && month_of(sv_of(s.p + i - 3, 3))));
}

/* "Tue, 24 Nov 2026 02:24:22 +0000" (RFC 5322), "24-Nov-2026 02:24:22" and "Tue Nov 24 02:24:22 2026"
 * (ctime). */
static bool read_words(sv s, int64_t *out)
{
    struct loose_date d = {0};
    char text[DATE_TEXT];
    if (s.n == 0 || s.n > sizeof text)
        return false;
    for (size_t i = 0; i < s.n; i++)
        text[i] = s.p[i] == ',' || ascii_is_blank(s.p[i]) || is_date_hyphen(s, i) ? ' ' : s.p[i];
    sv rest = sv_of(text, s.n), word;
    while (sv_split(&rest, ' ', &word))
        if (word.n && !take_date_word(word, &d))
            return false;
    if (d.civil.year == 0 || d.civil.month == 0 || d.civil.day == 0)
        return false;
    *out = civil_to_unix(d.civil) - d.offset;
    return true;
}

/* ISO 8601 as it is met: "2026/11/24", "2026-11-24 02:24:22 UTC". */
static bool read_iso(sv s, int64_t *out)
{
    char text[DATE_TEXT];
    if (s.n > sizeof text)
        return false;
    if (sv_ends_nocase(s, SV(" UTC")) || sv_ends_nocase(s, SV(" GMT")))
        s = sv_trim(sv_first(s, s.n - 4));
    for (size_t i = 0; i < s.n; i++)
        text[i] = s.p[i] == '/' && i < 10 ? '-' : s.p[i];
    return clock_parse_iso(sv_of(text, s.n), out);
}

bool value_date(sv text, int64_t *out, struct note_set *notes)
{
    int64_t v;
    if (read_seconds(text, &v, notes)) {
        if (v > milliseconds_from && v < nanoseconds_from) {
            v /= v > microseconds_from ? 1000000 : 1000;
            note_add(notes, NOTE_date_milliseconds);
        }
    } else if (read_iso(text, &v) || read_words(text, &v)) {
        note_add(notes, NOTE_date_form);
    } else {
        return false;
    }
    if (v < plausible_first || v > plausible_last)
        note_add(notes, NOTE_date_implausible);
    *out = v;
    return true;
}
