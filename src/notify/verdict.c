#include "verdict.h"

#include "base/attr.h"

#define URL_ADVICE "check the URL of the channel"
#define NEW_URL    "make a new webhook there and store its URL"
#define LATER      "the next run tries again"
#define OURS       "please report it as a defect of dmarcwarn"

/* The first row that fits. */
static const struct verdict *row_of(const struct verdict *rows, int code)
{
    while (code < rows->from || code > rows->to)
        rows++;
    return rows;
}

const struct verdict *verdict_of_status(int status)
{
    static const struct verdict rows[] = {
        {300, 399, ANSWER_BROKEN, "sends us elsewhere, which is not followed", "store the URL it leads to"},
        {400, 400, ANSWER_REFUSED, "cannot read the message", OURS},
        {401, 401, ANSWER_BROKEN, "does not let us in", NEW_URL},
        {403, 403, ANSWER_BROKEN, "does not let us post", NEW_URL},
        {404, 404, ANSWER_BROKEN, "has no such webhook", NEW_URL},
        {408, 408, ANSWER_RETRY, "waited too long for us", LATER},
        {410, 410, ANSWER_BROKEN, "has switched the webhook off", NEW_URL},
        {413, 413, ANSWER_REFUSED, "finds the message too large", "lower the limit notice_items"},
        {422, 422, ANSWER_REFUSED, "cannot use the message", OURS},
        {425, 425, ANSWER_RETRY, "wants it again later", LATER},
        {429, 429, ANSWER_RETRY, "wants fewer messages", LATER},
        {400, 499, ANSWER_BROKEN, "refuses the request", URL_ADVICE},
        {500, 599, ANSWER_RETRY, "has trouble of its own", LATER},
        {INT32_MIN, INT32_MAX, ANSWER_RETRY, "gives an answer that means nothing", URL_ADVICE},
    };
    return row_of(rows, status);
}

const struct verdict *verdict_of_reply(int code, bool at_message)
{
    static const struct verdict before[] = {
        {454, 454, ANSWER_RETRY, "cannot check passwords now", LATER},
        {400, 499, ANSWER_RETRY, "does not take mail now", LATER},
        {530, 530, ANSWER_BROKEN, "wants a login", "give the channel user and password"},
        {535, 535, ANSWER_BROKEN, "refuses the login", "check user and password"},
        {534, 538, ANSWER_BROKEN, "refuses this way to log in", "allow logins by password there"},
        {INT32_MIN, INT32_MAX, ANSWER_BROKEN, "refuses sender or recipients",
         "check from and to, and whether it wants user and password"},
    };
    static const struct verdict after[] = {
        {400, 499, ANSWER_RETRY, "does not take the message now", LATER},
        {INT32_MIN, INT32_MAX, ANSWER_REFUSED, "refuses the message",
         "look into that server's log and filters"},
    };
    return row_of(at_message ? after : before, code);
}

const struct verdict *verdict_of_exit(int code)
{
    static const struct verdict rows[] = {
        {65, 65, ANSWER_REFUSED, "cannot use the notice", "see what it prints"},
        {75, 75, ANSWER_RETRY, "asks to be tried again", LATER},
        {126, 127, ANSWER_BROKEN, "could not run what it needs", "run it by hand with PATH=/usr/bin:/bin"},
        {INT32_MIN, INT32_MAX, ANSWER_BROKEN, "failed", "run it by hand to see why"},
    };
    return row_of(rows, code);
}

/* What is quoted has at most so many octets; so many of a secret in a row give it away. */
enum { WORDS = 80, GIVEN_AWAY = 6 };

/* Letters and digits alone, in small letters: what servers put between and how they write them is theirs.
 * Returns how many. */
static size_t bare_signs(sv s, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < room; i++) {
        char c = ascii_lower(s.p[i]);
        if ((c >= 'a' && c <= 'z') || ascii_is_digit(c))
            out[n++] = c;
    }
    return n;
}

/* Parts of the paths of services, which their answers speak of, too. */
static bool is_public(sv part)
{
    static const sv words[] = {SV_INIT("services"), SV_INIT("webhook"), SV_INIT("webhooks"),
                               SV_INIT("workflows"), SV_INIT("messages")};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (sv_eq(part, words[i]))
            return true;
    return false;
}

/* text: bare signs. */
static bool gives_away(sv text, sv part)
{
    char window[GIVEN_AWAY];
    for (size_t i = 0; i < part.n && !is_public(part); i++)
        if (bare_signs(sv_skip(part, i), window, sizeof window) == sizeof window &&
            sv_find(text, sv_of(window, sizeof window), 0) != SIZE_MAX)
            return true;
    return false;
}

static bool repeats_url(sv text, sv url)
{
    static const char separators[] = "/?&=#:";
    char bare[WORDS];
    sv signs = sv_of(bare, bare_signs(text, bare, sizeof bare));
    size_t from = 0;
    for (size_t i = 0; i <= url.n; i++) {
        if (i < url.n && (url.p[i] == '\0' || !strchr(separators, url.p[i])))
            continue;
        if (gives_away(signs, sv_of(url.p + from, i - from)))
            return true;
        from = i + 1;
    }
    return false;
}

/* Words of small letters, the first of which may be a capital: a secret in base64 or hexadecimal digits is no
 * such thing. */
static bool is_words(sv text)
{
    char before = ' ';
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool small = c >= 'a' && c <= 'z', capital = c >= 'A' && c <= 'Z',
             between = c != '\0' && strchr(" _-.,'", c);
        if (!small && !between && !(capital && strchr(" _-.,'", before)))
            return false;
        before = c;
    }
    return true;
}

bool verdict_may_quote(sv text, sv url)
{
    return text.n > 0 && text.n <= WORDS && is_words(text) && !repeats_url(text, url);
}

sv verdict_bare_address(sv from)
{
    size_t open = sv_find_char(from, '<', 0);
    if (open == SIZE_MAX)
        return sv_trim(from);
    sv inside = sv_skip(from, open + 1);
    size_t close = sv_find_char(inside, '>', 0);
    return sv_first(inside, close == SIZE_MAX ? 0 : close);
}

bool verdict_address_is_safe(sv address)
{
    size_t at = sv_find_char(address, '@', 0);
    if (at == SIZE_MAX || at == 0 || at + 1 == address.n || address.n > 254)
        return false;
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = (unsigned char)address.p[i];
        if (c <= ' ' || c >= 0x7F || strchr("<>(),;:\"\\", (char)c) || (c == '@' && i != at))
            return false;
    }
    return true;
}
