/* Strings of strangers leave the program through exactly one of these, one for each kind of output. Each
 * takes any octets, appends harmless valid UTF-8, and never fails but by the sticky failure of the buffer.
 *
 * Unsafe characters are controls (C0, DEL, C1), line and paragraph separators, marks that turn the
 * direction of text, and characters without width or picture. Where people read they are shown, not
 * dropped: \x1b for one octet or ASCII control, \u{202e} for a character; octets that are no UTF-8 as \xff.
 */
#ifndef TEXT_ESCAPE_H
#define TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sv.h"

typedef void text_escaper(buf *out, sv s);

/* One line on a terminal or in a table: unsafe characters are shown, also line ends and tabs. */
text_escaper text_terminal;

/* As text_terminal, and a backslash is doubled, so that what is shown can be told from what was there. */
text_escaper text_log;

/* One CSV cell (RFC 4180), quoted where it needs to be. A cell that a spreadsheet would compute (first
 * sign = + - @, tab or CR, also behind blanks) begins with an apostrophe. CR and LF stay, inside quotes. */
text_escaper text_csv;

/* As text_csv without the apostrophe, for cells that are numbers of ours or where exactness is asked for. */
text_escaper text_csv_raw;

/* HTML text or a double-quoted attribute value: & < > " ' as entities, unsafe characters shown. */
text_escaper text_html;

/* Text of our own or of the configuration in the body of a plain mail: unsafe characters shown. */
text_escaper text_mail;

/* Strangers' text in a mail, before or instead of the above: what a mail program makes a link of is
 * broken visibly: "example[.]com", "http[:]//", "a[@]b". */
text_escaper text_mail_foreign;
text_escaper text_html_foreign;

/* Slack. Text objects take & < > as entities, which leaves no mention, no link and no date. text_slack is
 * for mrkdwn objects ("verbatim": true) and plain_text objects and leaves * _ ~ ` alone: own text only.
 * text_slack_foreign makes a code span, in which Slack reads no formatting and no links, with backticks
 * replaced by apostrophes and links broken as in mails. */
text_escaper text_slack;
text_escaper text_slack_foreign;

/* Our own words as code: a code span, a <code> element. */
text_escaper text_slack_code;
text_escaper text_html_code;

/* Markdown as Discord and Mattermost read it. text_markdown is for own text: what could begin a format, a
 * link or a mention gets a backslash. text_markdown_foreign makes a code span, in which neither reads
 * anything, with backticks replaced by apostrophes, links broken, and "<", of which Mattermost makes
 * mentions and links even there, as "[<]". */
text_escaper text_markdown;
text_escaper text_markdown_code;
text_escaper text_markdown_foreign;

/* Strangers' text as a <code> element, links broken: in Telegram's HTML nothing in it becomes a mention. */
text_escaper text_html_code_foreign;

/* The value of a parameter of structured data (RFC 5424 6.3.3), without the quotes; unsafe characters shown.
 */
text_escaper text_syslog_value;

/* A JSON string's inside (RFC 8259 7), without the quotes: valid UTF-8, unsafe characters as \uXXXX,
 * octets that are no UTF-8 as U+FFFD. */
text_escaper text_json;

/* The value of a header field (RFC 5322 2.2): unsafe characters become blanks, so no CR or LF gets out; what
 * is not ASCII becomes encoded-words (RFC 2047) of at most 75 octets; folded at 76. `used`: octets of the
 * line that the name has taken, with colon and blank. */
void text_header(buf *out, sv s, size_t used);

/* True for the unsafe characters above. */
bool text_is_unsafe(uint32_t cp);

/* At most max octets of s at a character border, with "…" appended in the form of `esc` when something was
 * cut. */
void text_put_cut(buf *out, sv s, size_t max, text_escaper *esc);

#endif
