#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#include "base/num.h"

static int64_t fixed_now;
static bool is_fixed;

int64_t clock_mono_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now(void)
{
    return is_fixed ? fixed_now : (int64_t)time(NULL);
}

void clock_set_now(int64_t unix_seconds)
{
    fixed_now = unix_seconds;
    is_fixed = true;
}

int64_t day_of(int64_t unix_seconds)
{
    int64_t d = unix_seconds / DAY_SECONDS;
    return unix_seconds % DAY_SECONDS < 0 ? d - 1 : d;
}

/* Days to civil date and back by eras of 400 years, which repeat exactly (146,097 days). */
struct civil civil_of(int64_t unix_seconds)
{
    int64_t days = day_of(unix_seconds);
    int64_t secs = unix_seconds - days * DAY_SECONDS;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){
        .year = yoe + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(secs / 3600),
        .minute = (int)(secs / 60 % 60),
        .second = (int)(secs % 60),
    };
}

int64_t civil_to_unix(struct civil c)
{
    int64_t y = c.year - (c.month <= 2 ? 1 : 0);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    int64_t days = era * 146097 + doe - 719468;
    return days * DAY_SECONDS + c.hour * 3600 + c.minute * 60 + c.second;
}

const char *clock_date(int64_t unix_seconds, char out[CLOCK_TEXT])
{
    struct civil c = civil_of(unix_seconds);
    (void)snprintf(out, CLOCK_TEXT, "%04lld-%02d-%02d", (long long)c.year, c.month, c.day);
    return out;
}

const char *clock_iso(int64_t unix_seconds, char out[CLOCK_TEXT])
{
    struct civil c = civil_of(unix_seconds);
    (void)snprintf(out, CLOCK_TEXT, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)c.year, c.month, c.day,
                   c.hour, c.minute, c.second);
    return out;
}

const char *clock_rfc5322(int64_t unix_seconds, char out[CLOCK_TEXT])
{
    static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = civil_of(unix_seconds);
    int64_t weekday = ((day_of(unix_seconds) % 7) + 7) % 7;
    (void)snprintf(out, CLOCK_TEXT, "%s, %d %s %04lld %02d:%02d:%02d +0000", days[weekday], c.day,
                   months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second);
    return out;
}

/* Takes exactly `digits` digits off *s. */
static bool take_digits(sv *s, size_t digits, uint64_t max, int *out)
{
    uint64_t v;
    if (s->n < digits || !num_u64(sv_first(*s, digits), max, &v))
        return false;
    *s = sv_skip(*s, digits);
    *out = (int)v;
    return true;
}

static bool take_char(sv *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = sv_skip(*s, 1);
    return true;
}

static bool take_date(sv *s, struct civil *c)
{
    int year;
    if (!take_digits(s, 4, 9999, &year) || !take_char(s, '-') || !take_digits(s, 2, 12, &c->month) ||
        !take_char(s, '-') || !take_digits(s, 2, 31, &c->day))
        return false;
    c->year = year;
    /* A day that the month does not have would come back as one of the next month. */
    return c->month >= 1 && c->day >= 1 && civil_of(civil_to_unix(*c)).day == c->day;
}

static bool take_time(sv *s, struct civil *c)
{
    if (!take_digits(s, 2, 24, &c->hour) || !take_char(s, ':') || !take_digits(s, 2, 59, &c->minute))
        return false;
    if (take_char(s, ':') && !take_digits(s, 2, 60, &c->second))
        return false;
    if (take_char(s, '.')) {
        while (s->n && ascii_is_digit(s->p[0]))
            *s = sv_skip(*s, 1);
    }
    return true;
}

/* The zone's distance from UTC in seconds; nothing at all means UTC. */
static bool take_zone(sv *s, int64_t *offset)
{
    *offset = 0;
    if (s->n == 0 || take_char(s, 'Z') || take_char(s, 'z'))
        return true;
    bool west = s->p[0] == '-';
    int hours, minutes;
    if (!(take_char(s, '+') || take_char(s, '-')) || !take_digits(s, 2, 23, &hours))
        return false;
    (void)take_char(s, ':');
    if (!take_digits(s, 2, 59, &minutes))
        return false;
    *offset = (hours * 60 + minutes) * (west ? -60 : 60);
    return true;
}

bool clock_parse_iso(sv s, int64_t *out)
{
    struct civil c = {0};
    int64_t offset = 0;
    s = sv_trim(s);
    if (!take_date(&s, &c))
        return false;
    if (s.n) {
        if (!(take_char(&s, 'T') || take_char(&s, 't') || take_char(&s, ' ')) || !take_time(&s, &c))
            return false;
        s = sv_trim(s);
        if (!take_zone(&s, &offset) || s.n)
            return false;
    }
    *out = civil_to_unix(c) - offset;
    return true;
}
