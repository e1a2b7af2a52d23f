#include "address.h"

#include "base/utf8.h"
#include "model/domain.h"

enum { LOCAL_PART_MAX = 64 }; /* RFC 5321 4.5.3.1.1 */

static bool is_atom_char(char c)
{
    char l = ascii_lower(c);
    return (l >= 'a' && l <= 'z') || ascii_is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_local_part(sv local)
{
    if (local.n == 0 || local.n > LOCAL_PART_MAX || local.p[local.n - 1] == '.')
        return false;
    sv atom;
    while (sv_split(&local, '.', &atom)) {
        if (atom.n == 0)
            return false;
        for (size_t i = 0; i < atom.n; i++)
            if (!is_atom_char(atom.p[i]))
                return false;
    }
    return true;
}

bool address_is_valid(sv address)
{
    size_t at = sv_find_char(address, '@', 0);
    return at != SIZE_MAX && is_local_part(sv_first(address, at)) &&
           domain_is_plain(sv_skip(address, at + 1));
}

static bool is_display_name(sv name)
{
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f || strchr("<>\"\\", name.p[i]))
            return false;
    return utf8_valid(name);
}

bool address_is_valid_from(sv from)
{
    size_t open = sv_find_char(from, '<', 0);
    if (open == SIZE_MAX)
        return address_is_valid(from);
    return sv_ends(from, SV(">")) && is_display_name(sv_first(from, open)) &&
           address_is_valid(sv_skip(sv_first(from, from.n - 1), open + 1));
}
