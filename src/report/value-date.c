/* The dates of reports. The standards have Unix seconds and nothing else. */
#include "base/clock.h"
#include "base/num.h"
#include "value.h"

enum { DATE_TEXT = 64 };

/* The first DMARC reports are of 2012; 2010 to 2100. */
static const int64_t plausible_first = INT64_C(1262304000), plausible_last = INT64_C(4102444800);

/* What a number counts in: fractions of a second, by its size. Nanoseconds only where they are plausible:
 * other numbers of that size are no dates. */
static const struct {
    int64_t from, to, units;
} scales[] = {
    {INT64_C(100000000001), INT64_C(100000000000000), 1000},
    {INT64_C(100000000000001), INT64_C(99999999999999999), 1000000},
    {INT64_C(1262304000000000000), INT64_C(4102444800000000000), 1000000000},
};

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
    bool negative = s.n && s.p[0] == '-', plain = s.n && s.p[0] != '+', clamped = false;
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
    *out = !negative ? v : clamped ? INT64_MIN : -v;
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
    int64_t offset, half;
    bool has_time, has_half;
};

/* "02:24", "02:24:22.5"; 24:00 is the end of the day. */
static bool take_clock(sv word, struct civil *c)
{
    int *parts[] = {&c->hour, &c->minute, &c->second};
    static const uint64_t most[] = {24, 59, 60};
    sv part;
    size_t i = 0;
    for (uint64_t v; i < 3 && sv_split(&word, ':', &part); i++) {
        if (i == 2) /* of a second no fraction is kept */
            part = sv_first(part, sv_find_char(part, '.', 0));
        if (!num_u64(part, most[i], &v))
            return false;
        *parts[i] = (int)v;
    }
    return i >= 2 && word.n == 0 && (c->hour < 24 || c->minute + c->second == 0);
}

/* Hours east of UTC. Letters that mean several zones are not here. */
static const struct {
    sv name;
    int hours;
} zones[] = {
    {SV_INIT("Z"), 0},     {SV_INIT("UT"), 0},    {SV_INIT("UTC"), 0},   {SV_INIT("GMT"), 0},
    {SV_INIT("WET"), 0},   {SV_INIT("WEST"), 1},  {SV_INIT("CET"), 1},   {SV_INIT("CEST"), 2},
    {SV_INIT("EET"), 2},   {SV_INIT("EEST"), 3},  {SV_INIT("MSK"), 3},   {SV_INIT("JST"), 9},
    {SV_INIT("KST"), 9},   {SV_INIT("AEST"), 10}, {SV_INIT("AEDT"), 11}, {SV_INIT("NZST"), 12},
    {SV_INIT("NZDT"), 13}, {SV_INIT("EST"), -5},  {SV_INIT("EDT"), -4},  {SV_INIT("CST"), -6},
    {SV_INIT("CDT"), -5},  {SV_INIT("MST"), -7},  {SV_INIT("MDT"), -6},  {SV_INIT("PST"), -8},
    {SV_INIT("PDT"), -7},
};

/* "+0200", "+02:00", "+02", "+2". */
static bool take_offset(sv s, int64_t *offset)
{
    uint64_t hours, minutes = 0;
    bool west = s.n && s.p[0] == '-';
    if (s.n == 0 || (s.p[0] != '+' && s.p[0] != '-'))
        return false;
    s = sv_skip(s, 1);
    sv digits = take_digits(&s);
    sv behind = sv_skip(digits, digits.n > 2 ? digits.n - 2 : digits.n);
    if (s.n == 3 && s.p[0] == ':' && digits.n <= 2)
        behind = sv_skip(s, 1);
    else if (s.n || digits.n > 4)
        return false;
    if (!num_u64(sv_first(digits, digits.n > 2 ? digits.n - 2 : digits.n), 14, &hours) ||
        (behind.n && !num_u64(behind, 59, &minutes)))
        return false;
    int64_t seconds = (int64_t)(hours * 3600 + minutes * 60);
    *offset = west ? -seconds : seconds;
    return true;
}

static bool is_letters(sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ascii_lower(s.p[i]) < 'a' || ascii_lower(s.p[i]) > 'z')
            return false;
    return s.n > 0;
}

/* An offset, "GMT", or both: "GMT+01:00", "+0100 CET". */
static bool take_zone(sv s, int64_t *offset)
{
    size_t n = 0;
    while (n < s.n && s.p[n] != '+' && s.p[n] != '-')
        n++;
    if (n == 0) {
        size_t blank = sv_find_char(s, ' ', 0);
        return take_offset(sv_first(s, blank), offset) &&
               (blank == SIZE_MAX || is_letters(sv_skip(s, blank + 1)));
    }
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        if (!sv_eq_nocase(zones[i].name, sv_first(s, n)))
            continue;
        *offset = zones[i].hours * INT64_C(3600);
        return n == s.n || (zones[i].hours == 0 && take_offset(sv_skip(s, n), offset));
    }
    return false;
}

/* "AM" or "PM" behind an hour of 1 to 12: *east, as a zone, moves it where it belongs. */
static bool take_half(sv word, int hour, int64_t *east)
{
    bool pm = sv_eq_nocase(word, SV("PM"));
    if ((!pm && !sv_eq_nocase(word, SV("AM"))) || hour < 1 || hour > 12)
        return false;
    *east += (pm ? (hour == 12 ? 0 : -12) : (hour == 12 ? 12 : 0)) * INT64_C(3600);
    return true;
}

/* Years of two digits as in RFC 5322 4.3, where a day and a month stand before them (RFC 850). */
static bool take_short_year(sv word, struct civil *c)
{
    uint64_t v;
    if (word.n != 2 || c->year || c->month == 0 || c->day == 0 || !num_u64(word, 99, &v))
        return false;
    c->year = (int64_t)v + (v < 50 ? 2000 : 1900);
    return true;
}

static bool take_date_word(sv word, struct loose_date *d)
{
    uint64_t v;
    if (ascii_is_digit(word.p[0]) && sv_find_char(word, ':', 0) != SIZE_MAX)
        return d->has_time = take_clock(word, &d->civil);
    if (num_u64(word, 9999, &v) && word.n == 4 && d->civil.year == 0)
        return d->civil.year = (int64_t)v, v > 0;
    if (num_u64(word, 31, &v) && word.n <= 2 && d->civil.day == 0)
        return d->civil.day = (int)v, v > 0;
    if (take_short_year(word, &d->civil))
        return true;
    if (d->civil.month == 0 && month_of(word))
        return d->civil.month = month_of(word), true;
    if (d->has_time && !d->has_half && take_half(word, d->civil.hour, &d->half))
        return d->has_half = true;
    if (d->has_time && take_zone(word, &d->offset))
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

/* "Tue, 24 Nov 2026 02:24:22 +0000" (RFC 5322), "Tuesday, 24-Nov-26 02:24:22 GMT" (RFC 850) and "Tue Nov 24
 * 02:24:22 2026" (ctime). */
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
    *out = civil_to_unix(d.civil) - d.offset - d.half;
    return true;
}

/* Two digits of hour, minute and second each, with colons or without: at most "hh:mm:ss" in out. */
static size_t copy_clock(sv digits, char out[8])
{
    size_t n = 0;
    bool plain = sv_find_char(digits, ':', 0) == SIZE_MAX;
    if (plain && digits.n != 4 && digits.n != 6)
        return 0;
    for (size_t i = 0; i < digits.n; i++) {
        if (plain && i > 0 && i % 2 == 0)
            out[n++] = ':';
        if (n == 8)
            return 0;
        out[n++] = digits.p[i];
    }
    return n;
}

/* "2026-11-24", "2026/11/24", "2026.11.4", "20261124" as the first; takes it off *s. */
static bool take_day(sv *s, char out[10])
{
    sv year = take_digits(s), month = SV_ABSENT, day = SV_ABSENT;
    if (year.n == 8) {
        month = sv_first(sv_skip(year, 4), 2);
        day = sv_skip(year, 6);
        year = sv_first(year, 4);
    } else if (s->n && strchr("-/.", s->p[0])) {
        char mark = s->p[0];
        *s = sv_skip(*s, 1);
        month = take_digits(s);
        if (s->n == 0 || s->p[0] != mark)
            return false;
        *s = sv_skip(*s, 1);
        day = take_digits(s);
    }
    if (year.n != 4 || month.n == 0 || month.n > 2 || day.n == 0 || day.n > 2)
        return false;
    memcpy(out, "0000-00-00", 10);
    memcpy(out, year.p, 4);
    memcpy(out + 7 - month.n, month.p, month.n);
    memcpy(out + 10 - day.n, day.p, day.n);
    return true;
}

/* The time of day behind a day, with what says where that is: appends "Thh:mm:ss" to text. */
static size_t take_clock_and_zone(sv s, char *text, int64_t *offset)
{
    size_t n = 0;
    while (n < s.n && (ascii_is_digit(s.p[n]) || s.p[n] == ':'))
        n++;
    text[0] = 'T';
    size_t clock = copy_clock(sv_first(s, n), text + 1);
    s = sv_skip(s, n);
    if (s.n && (s.p[0] == '.' || s.p[0] == ',')) {
        s = sv_skip(s, 1);
        (void)take_digits(&s);
    }
    s = sv_trim(s);
    if (clock < 4)
        return 0;
    bool local = s.n && !take_half(s, (text[1] - '0') * 10 + text[2] - '0', offset);
    return local && !take_zone(s, offset) ? 0 : clock + 1;
}

/* ISO 8601 as it is met: "2026/11/24", "20261124T022422Z", "2026-11-24 02:24:22,5+00", "… UTC". */
static bool read_iso(sv s, int64_t *out)
{
    char text[10 + 1 + 8];
    int64_t offset = 0;
    size_t clock = 0;
    if (!take_day(&s, text))
        return false;
    if (s.n) {
        if (sv_find_char(SV("Tt _"), s.p[0], 0) == SIZE_MAX)
            return false;
        clock = take_clock_and_zone(sv_trim(sv_skip(s, 1)), text + 10, &offset);
        if (clock == 0)
            return false;
    }
    if (!clock_parse_iso(sv_of(text, 10 + clock), out))
        return false;
    *out -= offset;
    return true;
}

/* A day of this century without any mark, also with its time: "20261124", "20261124022422". As a number it
 * would be a second of 1970 or a millisecond of the far future. */
static bool read_plain_day(sv s, int64_t *out)
{
    char text[8 + 1 + 6];
    sv digits = s, rest = s;
    (void)take_digits(&rest);
    if (rest.n || (digits.n != 8 && digits.n != 12 && digits.n != 14) || !sv_starts(digits, SV("20")))
        return false;
    memcpy(text, digits.p, 8);
    text[8] = 'T';
    memcpy(text + 9, digits.p + 8, digits.n - 8);
    return read_iso(sv_of(text, digits.n == 8 ? 8 : digits.n + 1), out);
}

/* Without quotes or brackets around it, and without a comment "(UTC)" or "[UTC]" behind it. */
static sv bare(sv s, struct note_set *notes)
{
    static const char open[] = "\"'<[(", close[] = "\"'>])";
    for (size_t i = 0; i < sizeof open - 1; i++)
        if (s.n >= 2 && s.p[0] == open[i] && s.p[s.n - 1] == close[i])
            return value_trim(sv_first(sv_skip(s, 1), s.n - 2), notes);
    char last = s.n ? s.p[s.n - 1] : '\0';
    size_t comment = last == ')' ? sv_find_char(s, '(', 0) : last == ']' ? sv_find_char(s, '[', 0) : SIZE_MAX;
    return comment == SIZE_MAX ? s : sv_trim(sv_first(s, comment));
}

/* In whatever units: seconds. */
static int64_t seconds_of(int64_t v, struct note_set *notes)
{
    for (size_t i = 0; i < COUNT_OF(scales); i++)
        if (v >= scales[i].from && v <= scales[i].to) {
            note_add(notes, NOTE_date_milliseconds);
            return v / scales[i].units;
        }
    return v;
}

bool value_date(sv text, int64_t *out, struct note_set *notes)
{
    int64_t v;
    sv inside = bare(text, notes);
    bool plain = inside.n == text.n;
    if (read_plain_day(inside, &v)) {
        plain = false;
    } else if (read_seconds(inside, &v, notes)) {
        v = seconds_of(v, notes);
    } else if (read_iso(inside, &v) || read_words(inside, &v)) {
        plain = false;
    } else {
        return false;
    }
    if (!plain)
        note_add(notes, NOTE_date_form);
    if (v < plausible_first || v > plausible_last)
        note_add(notes, NOTE_date_implausible);
    *out = v;
    return true;
}
