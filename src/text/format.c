#include "text/format.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/attr.h"
#include "base/clock.h"

void text_number(buf *out, uint64_t n)
{
    char digits[24], spaced[32];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t to = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            spaced[to++] = ',';
        spaced[to++] = digits[i];
    }
    buf_put(out, spaced, to);
}

void text_percent(buf *out, uint64_t part, uint64_t whole)
{
    if (part == 0 || part >= whole) {
        buf_puts(out, part == 0 ? "0%" : "100%");
        return;
    }
    while (whole > UINT64_MAX / 1000) {
        whole >>= 1;
        part >>= 1;
    }
    unsigned permille = (unsigned)(part * 1000 / whole);
    if (permille == 0)
        buf_puts(out, "<0.1%");
    else if (permille % 10 == 0)
        buf_printf(out, "%u%%", permille / 10);
    else
        buf_printf(out, "%u.%u%%", permille / 10, permille % 10);
}

void text_duration(buf *out, int64_t seconds)
{
    static const struct unit {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    int64_t rest = seconds > 0 ? seconds : 0;
    size_t i = 0;
    while (i + 1 < COUNT_OF(units) && rest < units[i].seconds)
        i++;
    buf_printf(out, "%" PRId64 " %s", rest / units[i].seconds, units[i].name);
    rest %= units[i].seconds;
    if (i + 1 < COUNT_OF(units) && rest >= units[i + 1].seconds)
        buf_printf(out, " %" PRId64 " %s", rest / units[i + 1].seconds, units[i + 1].name);
}

void text_size(buf *out, uint64_t octets)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned i = 0;
    uint64_t tenths = octets;
    if (octets < 1024) {
        buf_printf(out, "%u B", (unsigned)octets);
        return;
    }
    /* Down to below 1024 units, the last step with a digit behind the point. */
    for (i = 1; tenths >= UINT64_C(1024) * 1024; i++)
        tenths >>= 10;
    tenths = tenths * 10 / 1024;
    if (tenths % 10 == 0 || tenths >= 1000)
        buf_printf(out, "%u %s", (unsigned)(tenths / 10), units[i]);
    else
        buf_printf(out, "%u.%u %s", (unsigned)(tenths / 10), (unsigned)(tenths % 10), units[i]);
}

static const char *const months[TEXT_LANG_END][12] = {
    [TEXT_en] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
};

static void put_date_ja(buf *out, struct civil c, bool year, bool month)
{
    if (year)
        buf_printf(out, "%" PRId64 "\u5e74", c.year);
    if (month)
        buf_printf(out, "%d\u6708", c.month);
    buf_printf(out, "%d\u65e5", c.day);
}

static void put_date(buf *out, enum text_lang lang, struct civil c, bool year)
{
    if (lang == TEXT_ja) {
        put_date_ja(out, c, year, true);
        return;
    }
    buf_printf(out, "%d %s", c.day, months[lang][c.month - 1]);
    if (year)
        buf_printf(out, " %" PRId64, c.year);
}

/* What the days have in common stands once: before them in Japanese, behind them in English. */
static void put_days_ja(buf *out, struct civil a, struct civil b)
{
    put_date_ja(out, a, true, true);
    buf_puts(out, "\uff5e");
    put_date_ja(out, b, a.year != b.year, a.year != b.year || a.month != b.month);
}

static void put_days(buf *out, enum text_lang lang, struct civil a, struct civil b)
{
    if (lang == TEXT_ja) {
        put_days_ja(out, a, b);
    } else if (a.year == b.year && a.month == b.month) {
        buf_printf(out, "%d\u2013", a.day);
        put_date(out, lang, b, true);
    } else {
        put_date(out, lang, a, a.year != b.year);
        buf_puts(out, " \u2013 ");
        put_date(out, lang, b, true);
    }
}

void text_day_range(buf *out, enum text_lang lang, int64_t first, int64_t last)
{
    struct civil a = civil_of(first * DAY_SECONDS), b = civil_of(last * DAY_SECONDS);
    if (first >= last)
        put_date(out, lang, a, true);
    else
        put_days(out, lang, a, b);
}

void text_moment(buf *out, enum text_lang lang, int64_t unix_seconds, sv zone, int64_t ahead)
{
    struct civil c = civil_of(unix_seconds + ahead);
    put_date(out, lang, c, true);
    buf_printf(out, " %02d:%02d ", c.hour, c.minute);
    buf_sv(out, zone.n ? zone : SV("UTC"));
}
