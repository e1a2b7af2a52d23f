#include "model/quiet.h"

enum { MINUTE = 60, DAY_MINUTES = 24 * 60, WEEK_DAYS = 7, WEEK_MINUTES = WEEK_DAYS * DAY_MINUTES };

bool quiet_is_set(const struct quiet_cfg *q)
{
    return q->n_times > 0 || q->days != 0;
}

/* Day 0 of 1970 was a Thursday. */
static unsigned weekday_of(int64_t day)
{
    return (unsigned)(((day + WEEKDAY_thu) % WEEK_DAYS + WEEK_DAYS) % WEEK_DAYS);
}

/* Minutes from that one of the day to the end of the span; 0: it is not in it. */
static int64_t left_of(const struct span_cfg *s, int64_t minute)
{
    bool over_midnight = s->to <= s->from;
    if (!over_midnight)
        return minute >= s->from && minute < s->to ? s->to - minute : 0;
    if (minute >= s->from)
        return DAY_MINUTES - minute + s->to;
    return minute < s->to ? s->to - minute : 0;
}

/* Minutes for which it is quiet at least. */
static int64_t quiet_for(const struct quiet_cfg *q, int64_t minutes)
{
    int64_t day = minutes / DAY_MINUTES, minute = minutes % DAY_MINUTES, most = 0;
    if (q->days >> weekday_of(day) & 1)
        most = DAY_MINUTES - minute;
    for (size_t i = 0; i < q->n_times; i++) {
        int64_t left = left_of(&q->times[i], minute);
        most = left > most ? left : most;
    }
    return most;
}

int64_t quiet_end(const struct quiet_cfg *q, int64_t now, int64_t ahead)
{
    int64_t minutes = (now + ahead) / MINUTE, start = minutes;
    for (int64_t more; minutes - start < WEEK_MINUTES && (more = quiet_for(q, minutes)) > 0;)
        minutes += more;
    if (minutes == start)
        return now;
    int64_t end = minutes * MINUTE - ahead;
    return end - now > QUIET_MOST ? now + QUIET_MOST : end;
}

int64_t quiet_rest(const struct quiet_cfg *q, int64_t created, int64_t now, int64_t ahead)
{
    int64_t first = quiet_end(q, created, ahead), most = created + QUIET_MOST;
    if (first > created && first + QUIET_GRACE < most)
        most = first + QUIET_GRACE;
    int64_t end = quiet_end(q, now, ahead);
    if (end <= most)
        return end;
    return most > now ? most : now;
}

bool quiet_is_always(const struct quiet_cfg *q)
{
    return quiet_end(q, 0, 0) == QUIET_MOST;
}
