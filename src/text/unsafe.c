#include "base/attr.h"
#include "text/escape.h"

/* Ascending. Unicode's default-ignorable and bidirectional control characters, and what terminals act on. */
static const struct range {
    uint32_t first, last;
} unsafe[] = {
    {0x0, 0x1F},        /* C0 */
    {0x7F, 0x9F},       /* DEL, C1 */
    {0xAD, 0xAD},       /* soft hyphen */
    {0x34F, 0x34F},     /* combining grapheme joiner */
    {0x61C, 0x61C},     /* Arabic letter mark */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180B, 0x180F},   /* Mongolian selectors */
    {0x200B, 0x200F},   /* zero width, direction marks */
    {0x2028, 0x202E},   /* separators, embeddings, overrides */
    {0x2060, 0x206F},   /* word joiner, isolates */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFDD0, 0xFDEF},   /* no characters */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xFEFF, 0xFEFF},   /* byte order mark */
    {0xFFA0, 0xFFA0},   /* half-width Hangul filler */
    {0xFFF0, 0xFFFB},   /* interlinear annotations */
    {0xFFFE, 0xFFFF},   /* no characters */
    {0x1BCA0, 0x1BCA3}, /* shorthand controls */
    {0x1D173, 0x1D17A}, /* musical controls */
    {0xE0000, 0xE0FFF}, /* tags, more variation selectors */
};

bool text_is_unsafe(uint32_t cp)
{
    size_t low = 0, high = COUNT_OF(unsafe);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (cp > unsafe[mid].last)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < COUNT_OF(unsafe) && cp >= unsafe[low].first)
        return true;
    return (cp & 0xFFFE) == 0xFFFE; /* the last two of every plane are no characters */
}
