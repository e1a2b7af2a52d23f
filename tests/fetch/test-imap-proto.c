/* What real servers do and what they should not do: each script is a whole session. */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>

#define BODIES(tag, set) tag " UID FETCH " set " (UID INTERNALDATE BODY.PEEK[])\r\n"
#define LIST(tag, set)   tag " UID FETCH " set " (UID RFC822.SIZE)\r\n"
#define DATE             "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\""
#define SELECTED         "selected 4: 77 next 100 exists 3\n"
#define AT               " at 837596665: "
#define ONE_LISTED(size) "* 1 FETCH (UID 5 RFC822.SIZE " size ")\r\nTAGX3 OK done\r\n"
#define UNREADABLE(line)                                                                                     \
    ": the server's answers cannot be followed: a line above " line                                          \
    " octets (imap_line), or not IMAP's grammar"
#define ONE_MAIL                                                                                             \
    {                                                                                                        \
        LIST("TAGX3", "1:*"), ONE_LISTED("4")                                                                \
    }

static void hands_over_whole_mails(void **state)
{
    (void)state;
    script_check(
        &(struct script){SCRIPT(
            OPENING(BOX),
            {LIST("TAGX3", "1:*"), "* 1 FETCH (UID 5 RFC822.SIZE 4)\r\n* 2 FETCH (RFC822.SIZE 3 UID 6)\r\n"
                                   "* 3 FETCH (UID 9 RFC822.SIZE 0)\r\nTAGX3 OK done\r\n"},
            {BODIES("TAGX4", "5:6,9"), "* 1 FETCH (UID 5 " DATE " BODY[] {4}\r\nab\r\n)\r\n"
                                       "* 2 FETCH (BODY[] {3}\r\n)\r\n UID 6 " DATE ")\r\n"
                                       "* 3 FETCH (" DATE " BODY[] {0}\r\n UID 9)\r\nTAGX4 OK done\r\n"},
            LEAVING("TAGX5"))},
        SELECTED "mail 4/77/5" AT "[ab\r\n]\nmail 4/77/6" AT "[)\r\n]\nmail 4/77/9" AT "[]\n"
                 "ended, floor 9, left 0\n");
}

static void asks_only_above_the_mark(void **state)
{
    (void)state;
    /* n:* also gives the last mail below n. */
    script_check(
        &(struct script){.state = {77, 20, NULL, 0},
                         SCRIPT(OPENING(BOX),
                                {LIST("TAGX3", "21:*"), "* 3 FETCH (UID 20 RFC822.SIZE 4)\r\nTAGX3 OK\r\n"},
                                LEAVING("TAGX4"))},
        SELECTED "ended, floor 20, left 0\n");
    /* Nothing above the mark by UIDNEXT: no list at all. */
    script_check(&(struct script){.state = {77, 99, NULL, 0}, SCRIPT(OPENING(BOX), LEAVING("TAGX3"))},
                 SELECTED "ended, floor 99, left 0\n");
    script_check(
        &(struct script){SCRIPT(OPENING("* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n"), LEAVING("TAGX3"))},
        "selected 4: 1 next 0 exists 0\nended, floor 0, left 0\n");
    script_check(&(struct script){.state = {77, UINT32_MAX, NULL, 0}, SCRIPT(OPENING(BOX), LEAVING("TAGX3"))},
                 SELECTED "ended, floor 4294967295, left 0\n");
}

#define FIVE                                                                                                 \
    "* 1 FETCH (UID 5 RFC822.SIZE 1)\r\n* 2 FETCH (UID 6 RFC822.SIZE 1)\r\n* 3 FETCH (UID 7 RFC822.SIZE "    \
    "1)\r\n"                                                                                                 \
    "* 4 FETCH (UID 8 RFC822.SIZE 1)\r\n* 5 FETCH (UID 9 RFC822.SIZE 1)\r\nTAGX3 OK\r\n"
#define BODY_OF(uid) "* 1 FETCH (UID " uid " " DATE " BODY[] {1}\r\nx)\r\n"
#define KEY          "OR FROM \"a.example\" FROM \"b.example\"\r\n"
#define MAIL_OF(uid) "mail 4/77/" uid AT "[x]\n"

/* Whatever the server answers to the searches, each mail is asked for once, and the floor waits for all. */
static void known_reporters_come_first(void **state)
{
    (void)state;
    const sv known[] = {SV("a.example"), SV("no\"domain"), SV("b.example")};
    script_check(
        &(struct script){
            .known = known,
            .n_known = COUNT_OF(known),
            .limit = {"known_above", "4"},
            .more = {"known_batch", "3"},
            SCRIPT(OPENING(BOX), {LIST("TAGX3", "1:*"), FIVE},
                   {"TAGX4 UID SEARCH UID 5:7 " KEY, "* SEARCH 7 4 99 x\r\nTAGX4 OK\r\n"},
                   {"TAGX5 UID SEARCH UID 8:9 " KEY, "* SEARCH 9\r\nTAGX5 OK\r\n"},
                   {BODIES("TAGX6", "7,9"), BODY_OF("7") "TAGX6 OK\r\n"},
                   {BODIES("TAGX7", "9"), BODY_OF("9") "TAGX7 OK\r\n"},
                   {BODIES("TAGX8", "5:6,8"), BODY_OF("5") BODY_OF("6") BODY_OF("8") "TAGX8 OK\r\n"},
                   LEAVING("TAGX9"))},
        SELECTED MAIL_OF("7") MAIL_OF("9") MAIL_OF("5") MAIL_OF("6") MAIL_OF("8") "ended, floor 9, left 0\n");
    script_check(
        &(struct script){.known = known,
                         .n_known = COUNT_OF(known),
                         .limit = {"known_above", "4"},
                         SCRIPT(OPENING(BOX), {LIST("TAGX3", "1:*"), FIVE},
                                {"TAGX4 UID SEARCH UID 5:9 " KEY, "* SEARCH 8\r\nTAGX4 OK\r\n"},
                                {BODIES("TAGX5", "8"), BODY_OF("8") "TAGX5 OK\r\n"},
                                {BODIES("TAGX6", "5:7,9"), BODY_OF("5") "TAGX6 NO [UNAVAILABLE] later\r\n"})},
        SELECTED MAIL_OF("8")
            MAIL_OF("5") "failed, floor 5, left 3, in hand 6, exit 69 transient: "
                         "the mails cannot be fetched: the server says: NO [UNAVAILABLE] later\n");
}

static void without_an_answer_the_order_is_that_of_the_list(void **state)
{
    (void)state;
    const sv known[] = {SV("a.example")};
    static const char *const answers[] = {"TAGX4 BAD what\r\n",
                                          "TAGX4 NO [UNAVAILABLE] later\r\n",
                                          "TAGX4 OK\r\n",
                                          "* SEARCH\r\nTAGX4 OK\r\n",
                                          "* SEARCH 4294967296 -5 0 1\r\nTAGX4 OK\r\n",
                                          "* 1 FETCH (UID 77 RFC822.SIZE 1)\r\nTAGX4 OK\r\n"};
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        script_check(
            &(struct script){.known = known,
                             .n_known = 1,
                             .limit = {"known_above", "4"},
                             SCRIPT(OPENING(BOX), {LIST("TAGX3", "1:*"), FIVE},
                                    {"TAGX4 UID SEARCH UID 5:9 FROM \"a.example\"\r\n", answers[i]},
                                    {BODIES("TAGX5", "5:9"), BODY_OF("5") BODY_OF("6") BODY_OF("7")
                                                                 BODY_OF("8") BODY_OF("9") "TAGX5 OK\r\n"},
                                    LEAVING("TAGX6"))},
            SELECTED MAIL_OF("5") MAIL_OF("6") MAIL_OF("7") MAIL_OF("8")
                MAIL_OF("9") "ended, floor 9, left 0\n");
    /* Not above the limit: nobody is asked for. */
    script_check(
        &(struct script){.known = known,
                         .n_known = 1,
                         .limit = {"known_above", "5"},
                         SCRIPT(OPENING(BOX), {LIST("TAGX3", "1:*"), FIVE},
                                {BODIES("TAGX4", "5:9"), BODY_OF("5") BODY_OF("6") BODY_OF("7") BODY_OF("8")
                                                             BODY_OF("9") "TAGX4 OK\r\n"},
                                LEAVING("TAGX5"))},
        SELECTED MAIL_OF("5") MAIL_OF("6") MAIL_OF("7") MAIL_OF("8") MAIL_OF("9") "ended, floor 9, left 0\n");
}

static void another_uidvalidity_voids_mark_and_gaps(void **state)
{
    (void)state;
    const struct fetch_gap gaps[] = {{3, true}, {5, false}};
    script_check(
        &(struct script){.state = {76, 20, gaps, 2},
                         SCRIPT(OPENING(BOX), ONE_MAIL,
                                {BODIES("TAGX4", "5"), "* 1 FETCH (UID 5 BODY[] \"a\")\r\nTAGX4 OK\r\n"},
                                LEAVING("TAGX5"))},
        "selected 4: 77 next 100 exists 3 renumbered\nmail 4/77/5 at 1000000000: [a]\n"
        "ended, floor 5, left 0\n");
}

/* One mail with UID 5, announced with 4 octets; the body command gets `answer`. */
static void one_body(const char *answer, const char *want)
{
    char *text, *log;
    assert_true(asprintf(&text, "%sTAGX4 OK done\r\n", answer) > 0);
    assert_true(asprintf(&log, SELECTED "%sended, floor 5, left 0\n", want) > 0);
    script_check(
        &(struct script){SCRIPT(OPENING(BOX), ONE_MAIL, {BODIES("TAGX4", "5"), text}, LEAVING("TAGX5"))},
        log);
    free(text);
    free(log);
}

static void takes_bodies_in_every_form(void **state)
{
    (void)state;
    one_body("* 1 FETCH (UID 5 BODY[] \"q\\\"u\\\\o)t (e{3}\" " DATE ")\r\n",
             "mail 4/77/5" AT "[q\"u\\o)t (e{3}]\n");
    one_body("* 1 FETCH (UID 5 BODY[] {4+}\r\nabcd)\r\n", "mail 4/77/5 at 1000000000: [abcd]\n");
    one_body("* 1 FETCH (UID 5 BODY[] ~{4}\r\nabcd)\r\n", "mail 4/77/5 at 1000000000: [abcd]\n");
    one_body("* 1 fetch (body[] {4}\r\nabcd uid 5)\r\n", "mail 4/77/5 at 1000000000: [abcd]\n");
    one_body("* 1 FETCH (UID 5 " DATE " BODY[] {4}\nabcd)\n", "mail 4/77/5" AT "[abcd]\n");
    one_body(
        "* 1 FETCH (X-GM-LABELS (\"a {3}\" {2}\r\n)) foo) UID 5 FLAGS () MODSEQ (9) BODY[] {5}\r\n12345)\r\n",
        "mail 4/77/5 at 1000000000: [12345]\n");
    one_body("* 1 FETCH (ENVELOPE (\"a)\" NIL ((\"x\" NIL \"(\" \"d\")) {3}\r\n((( NIL) UID 5 BODY[] "
             "{1}\r\nx)\r\n",
             "mail 4/77/5 at 1000000000: [x]\n");
    one_body("* 1 FETCH (UID 5 BODY[HEADER.FIELDS (\"A\" B)]<0> {3}\r\nabc BODY[] {1}\r\nx)\r\n",
             "mail 4/77/5 at 1000000000: [x]\n");
    one_body("* 1 FETCH (UID 5 INTERNALDATE \"tomorrow\" BODY[] {1}\r\nx)\r\n",
             "mail 4/77/5 at 1000000000: [x]\n");
    /* Only the first of two bodies counts, and only the first answer for a mail. */
    one_body("* 1 FETCH (UID 5 BODY[] {1}\r\nx BODY[] {1}\r\ny)\r\n* 1 FETCH (UID 5 BODY[] {1}\r\nz)\r\n",
             "mail 4/77/5 at 1000000000: [x]\n");
}

static void lets_unsolicited_data_pass(void **state)
{
    (void)state;
    one_body("* 4 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen) UID 5)\r\n* 3 EXPUNGE\r\n* OK [ALERT] quota {3}\r\n"
             "* LIST () \"/\" {3}\r\na\r\n\r\n* NO [OVERQUOTA] full {12}\r\n+ idling\r\nTAGY4 OK "
             "other\r\nTAGX99 OK x\r\n"
             "* 1 FETCH (UID 5 BODY[] {1}\r\nx)\r\n* 2 FETCH (UID 6 BODY[] {1}\r\ny)\r\n* VANISHED "
             "1:3\r\n\r\njunk {5}\r\n",
             "alert: quota {3}\nmail 4/77/5 at 1000000000: [x]\n");
}

static void never_looks_into_a_literal(void **state)
{
    (void)state;
    one_body("* 1 FETCH (UID 5 BODY[] {64}\r\n"
             "TAGX4 OK done\r\n* BYE go\r\n+ go\r\n* 9 FETCH (UID 5 BODY[] {1}\r\nx)\r\n)\r\n",
             "mail 4/77/5 at 1000000000: [TAGX4 OK done\r\n* BYE go\r\n+ go\r\n* 9 FETCH (UID 5 BODY[] "
             "{1}\r\nx)\r\n]\n");
}

static void starts_in_the_middle_of_the_stream(void **state)
{
    (void)state;
    /* What came with the end of the login may be cut anywhere; a line that ends like a literal is none yet.
     */
    script_check(&(struct script){SCRIPT(
                     {"TAGX1 CAPABILITY\r\n", "S (\\Seen) {200}\r\n* 9 FETCH (UID 5 {7}\r\n* 5 EXISTS\r\n"
                                              "* CAPABILITY IMAP4rev1 ID IDLE\r\nTAGX1 OK done\r\n"},
                     {"TAGX2 ID (\"name\" \"dmarcwarn\")\r\nTAGX3 EXAMINE \"INBOX\"\r\n",
                      "* ID NIL\r\nTAGX2 OK\r\n* 0 EXISTS\r\n* OK [UIDVALIDITY 8] x\r\nTAGX3 OK done\r\n"},
                     LEAVING("TAGX4"))},
                 "selected 4: 8 next 0 exists 0\nended, floor 0, left 0\n");
}

static void asks_once_more_then_lists_a_gap(void **state)
{
    (void)state;
    script_check(
        &(struct script){SCRIPT(
            OPENING(BOX),
            {LIST("TAGX3", "1:*"),
             "* 1 FETCH (UID 5 RFC822.SIZE 4)\r\n* 2 FETCH (UID 7 RFC822.SIZE 4)\r\n"
             "* 3 FETCH (UID 8 RFC822.SIZE 4)\r\n* 4 FETCH (UID 9 RFC822.SIZE 4)\r\nTAGX3 OK\r\n"},
            {BODIES("TAGX4", "5,7:9"), "* 1 FETCH (UID 5 BODY[] NIL)\r\n* 4 FETCH (UID 9 BODY[] {1}\r\nd)\r\n"
                                       "* 2 FETCH (UID 7 BODY[] {0}\r\n)\r\nTAGX4 NO some are gone\r\n"},
            {BODIES("TAGX5", "5"), "* 1 FETCH (UID 5 BODY[] {1}\r\na)\r\nTAGX5 OK\r\n"},
            {BODIES("TAGX6", "7"), "TAGX6 BAD internal\r\n"},
            {BODIES("TAGX7", "8"), "* 3 FETCH (UID 8 BODY[] \")\r\nTAGX7 OK\r\n"}, LEAVING("TAGX8"))},
        SELECTED "mail 4/77/9 at 1000000000: [d]\nmail 4/77/5 at 1000000000: [a]\ngap 7: unfetchable\n"
                 "gap 8: unfetchable\nended, floor 9, left 0\n");
}

static void drains_what_is_too_large(void **state)
{
    (void)state;
    /* 5: the real size is above the limit. 6: announced too large, is not. 7: announced beyond any doubt.
     * 8: too large with the UID behind it. */
    script_check(
        &(struct script){
            .limit = {"mail_size", "10"},
            SCRIPT(OPENING(BOX),
                   {LIST("TAGX3", "1:*"),
                    "* 1 FETCH (UID 5 RFC822.SIZE 9)\r\n* 2 FETCH (UID 6 RFC822.SIZE 30)\r\n"
                    "* 3 FETCH (UID 7 RFC822.SIZE 44)\r\n* 4 FETCH (UID 8 RFC822.SIZE 9)\r\nTAGX3 OK\r\n"},
                   {BODIES("TAGX4", "5:6,8"),
                    "* 1 FETCH (UID 5 BODY[] {11}\r\n12345678901)\r\n* 2 FETCH (UID 6 BODY[] "
                    "{10}\r\n1234567890)\r\n"
                    "* 4 FETCH (BODY[] {12}\r\nTAGX4 OK\r\n\r\n UID 8)\r\nTAGX4 OK\r\n"},
                   LEAVING("TAGX5"))},
        SELECTED "gap 7: mail_too_large\ngap 5: mail_too_large\nmail 4/77/6 at 1000000000: [1234567890]\n"
                 "gap 8: mail_too_large\nended, floor 8, left 0\n");
}

static void forms_batches_by_number_and_size(void **state)
{
    (void)state;
#define SIZED(n, uid, size) "* " #n " FETCH (UID " #uid " RFC822.SIZE " #size ")\r\n"
#define GIVE(uid)           "* 1 FETCH (UID " #uid " BODY[] {1}\r\nx)\r\n"
#define GOT(uid)            "mail 4/77/" #uid " at 1000000000: [x]\n"
    script_check(
        &(struct script){.limit = {"imap_batch_uids", "3"},
                         .more = {"imap_batch_size", "100"},
                         SCRIPT(OPENING(BOX),
                                {LIST("TAGX3", "1:*"),
                                 SIZED(1, 1, 1) SIZED(2, 2, 1) SIZED(3, 4, 1) SIZED(4, 5, 60) SIZED(5, 6, 41)
                                     SIZED(6, 7, 59) SIZED(7, 8, 101) SIZED(8, 4294967295, 1) "TAGX3 OK\r\n"},
                                {BODIES("TAGX4", "1:2,4"), GIVE(1) GIVE(2) GIVE(4) "TAGX4 OK\r\n"},
                                {BODIES("TAGX5", "5"), GIVE(5) "TAGX5 OK\r\n"},
                                {BODIES("TAGX6", "6:7"), GIVE(6) GIVE(7) "TAGX6 OK\r\n"},
                                {BODIES("TAGX7", "8"), GIVE(8) "TAGX7 OK\r\n"},
                                {BODIES("TAGX8", "4294967295"), GIVE(4294967295) "TAGX8 OK\r\n"},
                                LEAVING("TAGX9"))},
        SELECTED GOT(1) GOT(2) GOT(4) GOT(5) GOT(6) GOT(7) GOT(8)
            GOT(4294967295) "ended, floor 4294967295, left 0\n");
}

static void keeps_several_commands_in_flight(void **state)
{
    (void)state;
    /* The second command is answered before the first; the floor waits for the first. */
    script_check(
        &(struct script){
            .limit = {"imap_batch_uids", "1"},
            .more = {"imap_in_flight", "2"},
            SCRIPT(OPENING(BOX),
                   {LIST("TAGX3", "1:*"), SIZED(1, 1, 1) SIZED(2, 2, 1) SIZED(3, 3, 1) "TAGX3 OK\r\n"},
                   {BODIES("TAGX4", "1") BODIES("TAGX5", "2"), GIVE(2) "TAGX5 OK\r\n"},
                   {BODIES("TAGX6", "3"), "TAGX4 OK\r\n"}, {BODIES("TAGX7", "1"), GIVE(3)}, {NULL, NULL})},
        SELECTED GOT(2) GOT(3) "failed, floor 0, left 1, in hand 1, exit 69 transient: the server closed the "
                               "connection in the middle of the session\n");
}

static void works_off_old_gaps(void **state)
{
    (void)state;
    const struct fetch_gap gaps[] = {{2, true}, {3, false}, {4, true}, {6, true}, {9, true}, {50, false}};
    /* 50 lies above the mark and is neither asked for with the others nor alone; 9 is above it and asked
     * alone. */
    script_check(
        &(struct script){
            .state = {77, 8, gaps, 6},
            SCRIPT(OPENING(BOX),
                   {LIST("TAGX3", "9:*"), SIZED(1, 9, 1) SIZED(2, 10, 1) SIZED(3, 50, 1) "TAGX3 OK\r\n"},
                   {BODIES("TAGX4", "10"), GIVE(10) "TAGX4 OK\r\n"},
                   {LIST("TAGX5", "2,4,6,9"), SIZED(1, 4, 1) SIZED(2, 6, 1) SIZED(3, 9, 1) "TAGX5 OK\r\n"},
                   {BODIES("TAGX6", "4"), GIVE(4) "TAGX6 OK\r\n"}, {BODIES("TAGX7", "6"), "TAGX7 OK\r\n"},
                   {BODIES("TAGX8", "9"), GIVE(9) "TAGX8 OK\r\n"}, LEAVING("TAGX9"))},
        SELECTED GOT(10) "gone 2\n" GOT(4) "gap 6: unfetchable\n" GOT(9) "ended, floor 10, left 0\n");
}

static void lists_in_parts_when_there_are_too_many(void **state)
{
    (void)state;
    script_check(&(struct script){.limit = {"mailbox_list", "2"},
                                  SCRIPT(OPENING(BOX),
                                         {LIST("TAGX3", "1:*"), SIZED(1, 1, 1) SIZED(2, 3, 1) SIZED(3, 2, 1)
                                                                    SIZED(4, 4, 1) "TAGX3 OK\r\n"},
                                         {BODIES("TAGX4", "1"), GIVE(1) "TAGX4 OK\r\n"},
                                         {LIST("TAGX5", "2:*"),
                                          SIZED(3, 2, 1) SIZED(2, 3, 1) SIZED(4, 4, 1) "TAGX5 OK\r\n"},
                                         {BODIES("TAGX6", "2:3"), GIVE(2) GIVE(3) "TAGX6 OK\r\n"},
                                         {LIST("TAGX7", "4:*"), SIZED(4, 4, 1) SIZED(4, 4, 1) "TAGX7 OK\r\n"},
                                         {BODIES("TAGX8", "4"), GIVE(4) "TAGX8 OK\r\n"}, LEAVING("TAGX9"))},
                 SELECTED GOT(1) GOT(2) GOT(3) GOT(4) "ended, floor 4, left 0\n");
    script_check(&(struct script){.limit = {"mailbox_list", "1"},
                                  SCRIPT(OPENING(BOX), {LIST("TAGX3", "1:*"),
                                                        SIZED(1, 9, 1) SIZED(2, 3, 1) "TAGX3 OK\r\n"})},
                 SELECTED
                 "failed, floor 0, left 0, in hand 0, exit 69: the server lists its mails in no order, and "
                 "too many (mailbox_list)\n");
}

/* The answers to CAPABILITY and EXAMINE, then the end of the log. */
static void opening(const char *examined, const char *want)
{
    script_check(&(struct script){.folder = "B\xc3\xbc/A & \"B\"",
                                  SCRIPT({"TAGX1 CAPABILITY\r\n", "TAGX1 BAD what\r\n"},
                                         {"TAGX2 EXAMINE \"B&APw-/A &- \\\"B\\\"\"\r\n", examined})},
                 want);
}

static void tells_why_a_folder_cannot_be_opened(void **state)
{
    (void)state;
    opening(
        "TAGX2 NO [NONEXISTENT] no such\x1b mailbox\r\n",
        "failed, floor 0, left 0, in hand 0, exit 69: the folder 'B\xc3\xbc/A & \"B\"' cannot be opened: the "
        "server "
        "says: NO [NONEXISTENT] no such? mailbox; write it as the server does (capitals, '/' or '.' between "
        "levels)\n");
    opening("TAGX2 NO [UNAVAILABLE] later\r\n",
            "failed, floor 0, left 0, in hand 0, exit 69 transient: the folder "
            "cannot be opened: the server says: NO [UNAVAILABLE] later\n");
    opening("TAGX2 BAD User is authenticated but not connected.\r\n",
            "failed, floor 0, left 0, in hand 0, exit 69 transient: the mailbox is closed to this login: the "
            "server says: BAD User is authenticated but not connected.; give the service principal or person "
            "FullAccess (Add-MailboxPermission) and check user; if it worked before, there were too many "
            "connections\n");
    opening("* 3 EXISTS\r\nTAGX2 OK\r\n", "failed, floor 0, left 0, in hand 0, exit 69: the server gives no "
                                          "UIDVALIDITY for the folder, so that its "
                                          "mails cannot be told apart; another IMAP server is needed\n");
    struct imap_proto p;
    struct limits limits;
    limits_default(&limits);
    struct fetch_state none = {0};
    struct err e;
    struct imap_config config = {.limits = &limits, .folder = SV("a\nb")};
    assert_false(imap_proto_init(&p, &config, &none, &e));
    assert_int_equal(e.cls, ERR_CONFIG);
}

static void ends_when_the_server_ends(void **state)
{
    (void)state;
    const struct step mail = ONE_MAIL;
#define ENDING(sent, answer, want)                                                                           \
    script_check(&(struct script){SCRIPT(OPENING(BOX), mail, {sent, answer}, {NULL, NULL})},                 \
                 SELECTED "failed, floor 0, left 1, in hand 5, exit 69" want "\n")
    ENDING(BODIES("TAGX4", "5"), "* 1 FETCH (UID 5 BODY[] {9}\r\nabc",
           " transient: the server closed the connection in the middle of the session");
    ENDING(BODIES("TAGX4", "5"), "* BYE shutting down\r\n",
           " transient: the server ends the session: the server says: BYE shutting down");
    ENDING(BODIES("TAGX4", "5"), "TAGX4 BAD Request is throttled. Suggested Backoff Time: 9 milliseconds\r\n",
           " transient: the mails cannot be fetched: the server says: BAD Request is throttled. Suggested "
           "Backoff "
           "Time: 9 milliseconds");
    ENDING(BODIES("TAGX4", "5"), "* 1 FETCH (UID 5 BODY[] {18446744073709551616}\r\n", UNREADABLE("1048576"));
    ENDING(BODIES("TAGX4", "5"), "* 1 FETCH (UID 5 BODY[] {-5}\r\n", UNREADABLE("1048576"));
    /* A tagged line inside an answer: the answer does not close. */
    ENDING(BODIES("TAGX4", "5"), "* 1 FETCH (UID 5 BODY[] {1}\r\na\r\nTAGX4 OK done\r\n)\r\n",
           UNREADABLE("1048576"));
    /* After LOGOUT an end is an end. */
    script_check(&(struct script){SCRIPT(OPENING("* OK [UIDVALIDITY 1] x\r\n"), {"TAGX3 LOGOUT\r\n", "* BY"},
                                         {NULL, NULL})},
                 "selected 4: 1 next 0 exists 0\nended, floor 0, left 0\n");
}

static void a_line_has_a_limit(void **state)
{
    (void)state;
    char line[300];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\0';
    script_check(&(struct script){.limit = {"imap_line", "200"}, SCRIPT({"TAGX1 CAPABILITY\r\n", line})},
                 "failed, floor 0, left 0, in hand 0, exit 69" UNREADABLE("200") "\n");
}

static void gaps_have_a_limit(void **state)
{
    (void)state;
    script_check(&(struct script){.limit = {"mailbox_gaps", "1"},
                                  SCRIPT(OPENING(BOX), ONE_MAIL, {BODIES("TAGX4", "5"), "TAGX4 OK\r\n"},
                                         {BODIES("TAGX5", "5"), "TAGX5 OK\r\n"})},
                 SELECTED
                 "gap 5: unfetchable\nfailed, floor 0, left 0, in hand 0, exit 69: the server lists 1 mails "
                 "that could not be had, which is the limit (mailbox_gaps)\n");
}

/* 200,000 mails with UIDs far apart, listed in one answer. */
static void lists_a_huge_mailbox_compactly(void **state)
{
    (void)state;
    enum { MAILS = 200000, APART = 20000 };
    buf answer;
    buf_init(&answer, 1 << 25);
    for (uint32_t i = 1; i <= MAILS; i++)
        buf_printf(&answer, "* %u FETCH (UID %u RFC822.SIZE 5000)\r\n", i, i * APART);
    buf_puts(&answer, "TAGX3 OK done\r\n");
    buf_char(&answer, '\0');
    buf first;
    buf_init(&first, 4096);
    buf_puts(&first, "TAGX4 UID FETCH ");
    for (unsigned i = 1; i <= 100; i++)
        buf_printf(&first, "%s%u", i > 1 ? "," : "", i * APART);
    buf_puts(&first, " (UID INTERNALDATE BODY.PEEK[])\r\n");
    buf_char(&first, '\0');
    char *log =
        script_play(&(struct script){SCRIPT(OPENING("* 200000 EXISTS\r\n* OK [UIDVALIDITY 77] ok\r\n"),
                                            {LIST("TAGX3", "1:*"), answer.p}, {first.p, "* BYE\r\n"})},
                    0);
    assert_string_equal(
        log, "selected 4: 77 next 0 exists 200000\nfailed, floor 0, left 200000, in hand 20000, exit 69 "
             "transient: the server ends the session: the server says: BYE\n");
    free(log);
    buf_free(&first);
    buf_free(&answer);
}

RUN_TESTS(cmocka_unit_test(hands_over_whole_mails), cmocka_unit_test(asks_only_above_the_mark),
          cmocka_unit_test(known_reporters_come_first),
          cmocka_unit_test(without_an_answer_the_order_is_that_of_the_list),
          cmocka_unit_test(another_uidvalidity_voids_mark_and_gaps),
          cmocka_unit_test(takes_bodies_in_every_form), cmocka_unit_test(lets_unsolicited_data_pass),
          cmocka_unit_test(never_looks_into_a_literal), cmocka_unit_test(starts_in_the_middle_of_the_stream),
          cmocka_unit_test(asks_once_more_then_lists_a_gap), cmocka_unit_test(drains_what_is_too_large),
          cmocka_unit_test(forms_batches_by_number_and_size),
          cmocka_unit_test(keeps_several_commands_in_flight), cmocka_unit_test(works_off_old_gaps),
          cmocka_unit_test(lists_in_parts_when_there_are_too_many),
          cmocka_unit_test(tells_why_a_folder_cannot_be_opened), cmocka_unit_test(ends_when_the_server_ends),
          cmocka_unit_test(a_line_has_a_limit), cmocka_unit_test(gaps_have_a_limit),
          cmocka_unit_test(lists_a_huge_mailbox_compactly))
