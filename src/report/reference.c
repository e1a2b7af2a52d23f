#include "reference.h"

#include "base/attr.h"
#include "base/num.h"
#include "base/utf8.h"

/* The entities of HTML 4 (W3C, section 24), which XML does not have. */
static const struct {
    sv name;
    uint32_t cp;
} html_entities[] = {
    {SV_INIT("AElig"), 0x00C6},    {SV_INIT("Aacute"), 0x00C1},  {SV_INIT("Acirc"), 0x00C2},
    {SV_INIT("Agrave"), 0x00C0},   {SV_INIT("Alpha"), 0x0391},   {SV_INIT("Aring"), 0x00C5},
    {SV_INIT("Atilde"), 0x00C3},   {SV_INIT("Auml"), 0x00C4},    {SV_INIT("Beta"), 0x0392},
    {SV_INIT("Ccedil"), 0x00C7},   {SV_INIT("Chi"), 0x03A7},     {SV_INIT("Dagger"), 0x2021},
    {SV_INIT("Delta"), 0x0394},    {SV_INIT("ETH"), 0x00D0},     {SV_INIT("Eacute"), 0x00C9},
    {SV_INIT("Ecirc"), 0x00CA},    {SV_INIT("Egrave"), 0x00C8},  {SV_INIT("Epsilon"), 0x0395},
    {SV_INIT("Eta"), 0x0397},      {SV_INIT("Euml"), 0x00CB},    {SV_INIT("Gamma"), 0x0393},
    {SV_INIT("Iacute"), 0x00CD},   {SV_INIT("Icirc"), 0x00CE},   {SV_INIT("Igrave"), 0x00CC},
    {SV_INIT("Iota"), 0x0399},     {SV_INIT("Iuml"), 0x00CF},    {SV_INIT("Kappa"), 0x039A},
    {SV_INIT("Lambda"), 0x039B},   {SV_INIT("Mu"), 0x039C},      {SV_INIT("Ntilde"), 0x00D1},
    {SV_INIT("Nu"), 0x039D},       {SV_INIT("OElig"), 0x0152},   {SV_INIT("Oacute"), 0x00D3},
    {SV_INIT("Ocirc"), 0x00D4},    {SV_INIT("Ograve"), 0x00D2},  {SV_INIT("Omega"), 0x03A9},
    {SV_INIT("Omicron"), 0x039F},  {SV_INIT("Oslash"), 0x00D8},  {SV_INIT("Otilde"), 0x00D5},
    {SV_INIT("Ouml"), 0x00D6},     {SV_INIT("Phi"), 0x03A6},     {SV_INIT("Pi"), 0x03A0},
    {SV_INIT("Prime"), 0x2033},    {SV_INIT("Psi"), 0x03A8},     {SV_INIT("Rho"), 0x03A1},
    {SV_INIT("Scaron"), 0x0160},   {SV_INIT("Sigma"), 0x03A3},   {SV_INIT("THORN"), 0x00DE},
    {SV_INIT("Tau"), 0x03A4},      {SV_INIT("Theta"), 0x0398},   {SV_INIT("Uacute"), 0x00DA},
    {SV_INIT("Ucirc"), 0x00DB},    {SV_INIT("Ugrave"), 0x00D9},  {SV_INIT("Upsilon"), 0x03A5},
    {SV_INIT("Uuml"), 0x00DC},     {SV_INIT("Xi"), 0x039E},      {SV_INIT("Yacute"), 0x00DD},
    {SV_INIT("Yuml"), 0x0178},     {SV_INIT("Zeta"), 0x0396},    {SV_INIT("aacute"), 0x00E1},
    {SV_INIT("acirc"), 0x00E2},    {SV_INIT("acute"), 0x00B4},   {SV_INIT("aelig"), 0x00E6},
    {SV_INIT("agrave"), 0x00E0},   {SV_INIT("alefsym"), 0x2135}, {SV_INIT("alpha"), 0x03B1},
    {SV_INIT("and"), 0x2227},      {SV_INIT("ang"), 0x2220},     {SV_INIT("aring"), 0x00E5},
    {SV_INIT("asymp"), 0x2248},    {SV_INIT("atilde"), 0x00E3},  {SV_INIT("auml"), 0x00E4},
    {SV_INIT("bdquo"), 0x201E},    {SV_INIT("beta"), 0x03B2},    {SV_INIT("brvbar"), 0x00A6},
    {SV_INIT("bull"), 0x2022},     {SV_INIT("cap"), 0x2229},     {SV_INIT("ccedil"), 0x00E7},
    {SV_INIT("cedil"), 0x00B8},    {SV_INIT("cent"), 0x00A2},    {SV_INIT("chi"), 0x03C7},
    {SV_INIT("circ"), 0x02C6},     {SV_INIT("clubs"), 0x2663},   {SV_INIT("cong"), 0x2245},
    {SV_INIT("copy"), 0x00A9},     {SV_INIT("crarr"), 0x21B5},   {SV_INIT("cup"), 0x222A},
    {SV_INIT("curren"), 0x00A4},   {SV_INIT("dArr"), 0x21D3},    {SV_INIT("dagger"), 0x2020},
    {SV_INIT("darr"), 0x2193},     {SV_INIT("deg"), 0x00B0},     {SV_INIT("delta"), 0x03B4},
    {SV_INIT("diams"), 0x2666},    {SV_INIT("divide"), 0x00F7},  {SV_INIT("eacute"), 0x00E9},
    {SV_INIT("ecirc"), 0x00EA},    {SV_INIT("egrave"), 0x00E8},  {SV_INIT("empty"), 0x2205},
    {SV_INIT("emsp"), 0x2003},     {SV_INIT("ensp"), 0x2002},    {SV_INIT("epsilon"), 0x03B5},
    {SV_INIT("equiv"), 0x2261},    {SV_INIT("eta"), 0x03B7},     {SV_INIT("eth"), 0x00F0},
    {SV_INIT("euml"), 0x00EB},     {SV_INIT("euro"), 0x20AC},    {SV_INIT("exist"), 0x2203},
    {SV_INIT("fnof"), 0x0192},     {SV_INIT("forall"), 0x2200},  {SV_INIT("frac12"), 0x00BD},
    {SV_INIT("frac14"), 0x00BC},   {SV_INIT("frac34"), 0x00BE},  {SV_INIT("frasl"), 0x2044},
    {SV_INIT("gamma"), 0x03B3},    {SV_INIT("ge"), 0x2265},      {SV_INIT("hArr"), 0x21D4},
    {SV_INIT("harr"), 0x2194},     {SV_INIT("hearts"), 0x2665},  {SV_INIT("hellip"), 0x2026},
    {SV_INIT("iacute"), 0x00ED},   {SV_INIT("icirc"), 0x00EE},   {SV_INIT("iexcl"), 0x00A1},
    {SV_INIT("igrave"), 0x00EC},   {SV_INIT("image"), 0x2111},   {SV_INIT("infin"), 0x221E},
    {SV_INIT("int"), 0x222B},      {SV_INIT("iota"), 0x03B9},    {SV_INIT("iquest"), 0x00BF},
    {SV_INIT("isin"), 0x2208},     {SV_INIT("iuml"), 0x00EF},    {SV_INIT("kappa"), 0x03BA},
    {SV_INIT("lArr"), 0x21D0},     {SV_INIT("lambda"), 0x03BB},  {SV_INIT("lang"), 0x2329},
    {SV_INIT("laquo"), 0x00AB},    {SV_INIT("larr"), 0x2190},    {SV_INIT("lceil"), 0x2308},
    {SV_INIT("ldquo"), 0x201C},    {SV_INIT("le"), 0x2264},      {SV_INIT("lfloor"), 0x230A},
    {SV_INIT("lowast"), 0x2217},   {SV_INIT("loz"), 0x25CA},     {SV_INIT("lrm"), 0x200E},
    {SV_INIT("lsaquo"), 0x2039},   {SV_INIT("lsquo"), 0x2018},   {SV_INIT("macr"), 0x00AF},
    {SV_INIT("mdash"), 0x2014},    {SV_INIT("micro"), 0x00B5},   {SV_INIT("middot"), 0x00B7},
    {SV_INIT("minus"), 0x2212},    {SV_INIT("mu"), 0x03BC},      {SV_INIT("nabla"), 0x2207},
    {SV_INIT("nbsp"), 0x00A0},     {SV_INIT("ndash"), 0x2013},   {SV_INIT("ne"), 0x2260},
    {SV_INIT("ni"), 0x220B},       {SV_INIT("not"), 0x00AC},     {SV_INIT("notin"), 0x2209},
    {SV_INIT("nsub"), 0x2284},     {SV_INIT("ntilde"), 0x00F1},  {SV_INIT("nu"), 0x03BD},
    {SV_INIT("oacute"), 0x00F3},   {SV_INIT("ocirc"), 0x00F4},   {SV_INIT("oelig"), 0x0153},
    {SV_INIT("ograve"), 0x00F2},   {SV_INIT("oline"), 0x203E},   {SV_INIT("omega"), 0x03C9},
    {SV_INIT("omicron"), 0x03BF},  {SV_INIT("oplus"), 0x2295},   {SV_INIT("or"), 0x2228},
    {SV_INIT("ordf"), 0x00AA},     {SV_INIT("ordm"), 0x00BA},    {SV_INIT("oslash"), 0x00F8},
    {SV_INIT("otilde"), 0x00F5},   {SV_INIT("otimes"), 0x2297},  {SV_INIT("ouml"), 0x00F6},
    {SV_INIT("para"), 0x00B6},     {SV_INIT("part"), 0x2202},    {SV_INIT("permil"), 0x2030},
    {SV_INIT("perp"), 0x22A5},     {SV_INIT("phi"), 0x03C6},     {SV_INIT("pi"), 0x03C0},
    {SV_INIT("piv"), 0x03D6},      {SV_INIT("plusmn"), 0x00B1},  {SV_INIT("pound"), 0x00A3},
    {SV_INIT("prime"), 0x2032},    {SV_INIT("prod"), 0x220F},    {SV_INIT("prop"), 0x221D},
    {SV_INIT("psi"), 0x03C8},      {SV_INIT("rArr"), 0x21D2},    {SV_INIT("radic"), 0x221A},
    {SV_INIT("rang"), 0x232A},     {SV_INIT("raquo"), 0x00BB},   {SV_INIT("rarr"), 0x2192},
    {SV_INIT("rceil"), 0x2309},    {SV_INIT("rdquo"), 0x201D},   {SV_INIT("real"), 0x211C},
    {SV_INIT("reg"), 0x00AE},      {SV_INIT("rfloor"), 0x230B},  {SV_INIT("rho"), 0x03C1},
    {SV_INIT("rlm"), 0x200F},      {SV_INIT("rsaquo"), 0x203A},  {SV_INIT("rsquo"), 0x2019},
    {SV_INIT("sbquo"), 0x201A},    {SV_INIT("scaron"), 0x0161},  {SV_INIT("sdot"), 0x22C5},
    {SV_INIT("sect"), 0x00A7},     {SV_INIT("shy"), 0x00AD},     {SV_INIT("sigma"), 0x03C3},
    {SV_INIT("sigmaf"), 0x03C2},   {SV_INIT("sim"), 0x223C},     {SV_INIT("spades"), 0x2660},
    {SV_INIT("sub"), 0x2282},      {SV_INIT("sube"), 0x2286},    {SV_INIT("sum"), 0x2211},
    {SV_INIT("sup"), 0x2283},      {SV_INIT("sup1"), 0x00B9},    {SV_INIT("sup2"), 0x00B2},
    {SV_INIT("sup3"), 0x00B3},     {SV_INIT("supe"), 0x2287},    {SV_INIT("szlig"), 0x00DF},
    {SV_INIT("tau"), 0x03C4},      {SV_INIT("there4"), 0x2234},  {SV_INIT("theta"), 0x03B8},
    {SV_INIT("thetasym"), 0x03D1}, {SV_INIT("thinsp"), 0x2009},  {SV_INIT("thorn"), 0x00FE},
    {SV_INIT("tilde"), 0x02DC},    {SV_INIT("times"), 0x00D7},   {SV_INIT("trade"), 0x2122},
    {SV_INIT("uArr"), 0x21D1},     {SV_INIT("uacute"), 0x00FA},  {SV_INIT("uarr"), 0x2191},
    {SV_INIT("ucirc"), 0x00FB},    {SV_INIT("ugrave"), 0x00F9},  {SV_INIT("uml"), 0x00A8},
    {SV_INIT("upsih"), 0x03D2},    {SV_INIT("upsilon"), 0x03C5}, {SV_INIT("uuml"), 0x00FC},
    {SV_INIT("weierp"), 0x2118},   {SV_INIT("xi"), 0x03BE},      {SV_INIT("yacute"), 0x00FD},
    {SV_INIT("yen"), 0x00A5},      {SV_INIT("yuml"), 0x00FF},    {SV_INIT("zeta"), 0x03B6},
    {SV_INIT("zwj"), 0x200D},      {SV_INIT("zwnj"), 0x200C},
};

static const sv xml_entities[] = {SV_INIT("amp"), SV_INIT("lt"), SV_INIT("gt"), SV_INIT("quot"),
                                  SV_INIT("apos")};

static bool is_xml_char(uint64_t cp)
{
    return (cp >= 0x20 && cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF) && cp != 0xFFFE && cp != 0xFFFF) ||
           cp == '\t' || cp == '\n' || cp == '\r';
}

static bool hex_value(sv digits, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.n; i++) {
        char c = ascii_lower(digits.p[i]);
        uint64_t digit = ascii_is_digit(c) ? (uint64_t)(c - '0') : (uint64_t)(c - 'a') + 10;
        if (digit > 15 || *out > UINT64_MAX / 16)
            return false;
        *out = *out * 16 + digit;
    }
    return digits.n > 0;
}

/* "#38" and "#x26"; false: no number. */
static bool put_number(struct reading *rd, buf *out, sv inside)
{
    uint64_t cp;
    sv digits = sv_skip(inside, 1);
    bool hex = sv_starts_nocase(digits, SV("x"));
    if (!(hex ? hex_value(sv_skip(digits, 1), &cp) : num_u64(digits, UINT64_MAX, &cp)))
        return false;
    if (is_xml_char(cp)) {
        buf_printf(out, "&#%llu;", (unsigned long long)cp);
        return true;
    }
    utf8_put(out, UTF8_REPLACEMENT);
    reading_note(rd, NOTE_controls_replaced);
    return true;
}

static bool put_entity(struct reading *rd, buf *out, sv name)
{
    for (size_t i = 0; i < COUNT_OF(xml_entities); i++)
        if (sv_eq_nocase(name, xml_entities[i])) {
            if (!sv_eq(name, xml_entities[i]))
                reading_note(rd, NOTE_entity_replaced);
            buf_printf(out, "&%.*s;", SV_ARG(xml_entities[i]));
            return true;
        }
    for (size_t i = 0; i < COUNT_OF(html_entities); i++)
        if (sv_eq(name, html_entities[i].name)) {
            utf8_put(out, html_entities[i].cp);
            reading_note(rd, NOTE_entity_replaced);
            return true;
        }
    return false;
}

static bool is_name(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        if ((c < 'a' || c > 'z') && (i == 0 || (!ascii_is_digit(c) && c != '.' && c != '-')) && c != '_')
            return false;
    }
    return s.n > 0;
}

size_t reference_put(struct reading *rd, buf *out, sv s, bool last, bool entities_may_be)
{
    sv window = sv_first(s, REFERENCE_MAX);
    size_t end = 1;
    while (end < window.n && window.p[end] != ';' && window.p[end] != '&' && window.p[end] != '<' &&
           !ascii_is_blank(window.p[end]))
        end++;
    if (end == s.n && end < REFERENCE_MAX && !last)
        return 0;
    if (end < window.n && window.p[end] == ';') {
        sv inside = sv_first(sv_skip(window, 1), end - 1);
        if (inside.n && (inside.p[0] == '#' ? put_number(rd, out, inside) : put_entity(rd, out, inside)))
            return end + 1;
        if (entities_may_be && is_name(inside))
            reading_refuse(rd, REJECT_entity, "&%.*s;", SV_ARG(inside));
    }
    buf_puts(out, "&amp;");
    reading_note(rd, NOTE_ampersand_escaped);
    return 1;
}
