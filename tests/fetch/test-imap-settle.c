/* What is owed to mails, quota, and mailboxes that are read for the first time: each script is a session. */
#include "script.h"

#define CAPABILITIES(words)                                                                                  \
    {                                                                                                        \
        "TAGX1 CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 " words "\r\nTAGX1 OK done\r\n"                      \
    }
#define EXAMINED(tag)                                                                                        \
    {                                                                                                        \
        tag " EXAMINE \"INBOX\"\r\n", BOX tag " OK [READ-ONLY] done\r\n"                                     \
    }
#define SELECTED "selected 4: 77 next 100 exists 3\n"
#define SELECT(validity)                                                                                     \
    {                                                                                                        \
        "TAGX3 SELECT \"INBOX\"\r\n", "* OK [CLOSED] x\r\n* 3 EXISTS\r\n* OK [UIDVALIDITY " validity         \
                                      "] ok\r\nTAGX3 OK [READ-WRITE] done\r\n"                               \
    }
#define READ_ALREADY .state = {77, 99, NULL, 0, true}
#define FETCHED      SELECTED "fetched\n"
#define ENDED        "ended, floor 99, left 0\n"

static const uint32_t uids[] = {5, 6, 7, 9};
static const struct fetch_debt seen = {FETCH_SEEN, {0}, uids, 4};
static const struct fetch_debt moved = {FETCH_MOVE, SV_INIT("Read \"it\"/M\303\244rz"), uids, 4};
static const struct fetch_debt deleted = {FETCH_DELETE, {0}, uids + 3, 1};

#define TARGET "\"Read \\\"it\\\"/M&AOQ-rz\"\r\n"

static void nothing_owed(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), LEAVING("TAGX3"))},
        FETCHED ENDED);
}

static void seen_and_deleted(void **state)
{
    (void)state;
    const struct fetch_debt debts[] = {seen, deleted};
    script_check(&(struct script){READ_ALREADY, .debts = debts, .n_debts = 2,
                                  SCRIPT(CAPABILITIES("UIDPLUS MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                         {"TAGX4 UID STORE 5:7,9 +FLAGS.SILENT (\\Seen)\r\n",
                                          "* 1 FETCH (UID 5 FLAGS (\\Seen))\r\nTAGX4 OK\r\n"},
                                         {"TAGX5 UID STORE 9 +FLAGS.SILENT (\\Deleted)\r\n", "TAGX5 OK\r\n"},
                                         {"TAGX6 UID EXPUNGE 9\r\n", "* 3 EXPUNGE\r\nTAGX6 OK\r\n"},
                                         LEAVING("TAGX7"))},
                 FETCHED "settled 0: 0 to 4\nsettled 1: 0 to 1\n" ENDED);
}

static void moved_at_once(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &moved, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID MOVE 5:7,9 " TARGET,
                                 "* OK [COPYUID 1 5:7 1:3] x\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\nTAGX4 OK\r\n"},
                                LEAVING("TAGX5"))},
        FETCHED "settled 0: 0 to 4\n" ENDED);
}

static void moved_by_copy(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &moved, .n_debts = 1, .limit = {"imap_batch_uids", "3"},
                         SCRIPT(CAPABILITIES("UIDPLUS"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID COPY 5:7 " TARGET, "TAGX4 OK\r\n"},
                                {"TAGX5 UID STORE 5:7 +FLAGS.SILENT (\\Deleted)\r\n", "TAGX5 OK\r\n"},
                                {"TAGX6 UID EXPUNGE 5:7\r\n", "TAGX6 OK\r\n"},
                                {"TAGX7 UID COPY 9 " TARGET, "TAGX7 OK\r\n"},
                                {"TAGX8 UID STORE 9 +FLAGS.SILENT (\\Deleted)\r\n", "TAGX8 OK\r\n"},
                                {"TAGX9 UID EXPUNGE 9\r\n", "TAGX9 OK\r\n"}, LEAVING("TAGX10"))},
        FETCHED "settled 0: 0 to 3\nsettled 0: 3 to 4\n" ENDED);
}

/* Never a bare EXPUNGE: it would remove what others flagged. */
static void only_flagged_without_uidplus(void **state)
{
    (void)state;
    script_check(&(struct script){READ_ALREADY, .debts = &deleted, .n_debts = 1,
                                  SCRIPT(CAPABILITIES(""), EXAMINED("TAGX2"), SELECT("77"),
                                         {"TAGX4 UID STORE 9 +FLAGS.SILENT (\\Deleted)\r\n", "TAGX4 OK\r\n"},
                                         LEAVING("TAGX5"))},
                 FETCHED "settled 0: 0 to 1, only flagged\n" ENDED);
}

static void the_target_is_made_once(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &moved, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID MOVE 5:7,9 " TARGET, "TAGX4 NO [TRYCREATE] no such folder\r\n"},
                                {"TAGX5 CREATE " TARGET, "TAGX5 NO [ALREADYEXISTS] there\r\n"},
                                {"TAGX6 UID MOVE 5:7,9 " TARGET, "TAGX6 OK\r\n"}, LEAVING("TAGX7"))},
        FETCHED "settled 0: 0 to 4\n" ENDED);
    script_check(
        &(struct script){READ_ALREADY, .debts = &moved, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID MOVE 5:7,9 " TARGET, "TAGX4 NO no\r\n"},
                                {"TAGX5 CREATE " TARGET, "TAGX5 NO [NOPERM] no\r\n"},
                                {"TAGX6 UID MOVE 5:7,9 " TARGET, "TAGX6 NO [NOPERM] not allowed\r\n"})},
        FETCHED
        "failed, floor 99, left 0, in hand 0, exit 69: mails cannot be moved to the folder of after or "
        "on_error: the server says: NO [NOPERM] not allowed\n");
}

static void what_is_done_before_it_breaks_is_told(void **state)
{
    (void)state;
    const struct fetch_debt debts[] = {seen, moved};
    script_check(
        &(struct script){READ_ALREADY, .debts = debts, .n_debts = 2,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID STORE 5:7,9 +FLAGS.SILENT (\\Seen)\r\n", "TAGX4 OK\r\n"},
                                {"TAGX5 UID MOVE 5:7,9 " TARGET, "* 1 EXPUNGE\r\n"}, {NULL, NULL})},
        FETCHED
        "settled 0: 0 to 4\nfailed, floor 99, left 0, in hand 0, exit 69 transient: the server closed the "
        "connection in the middle of the session\n");
}

static void busy_is_no_missing_folder(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &moved, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("77"),
                                {"TAGX4 UID MOVE 5:7,9 " TARGET, "TAGX4 NO [INUSE] busy\r\n"})},
        FETCHED
        "failed, floor 99, left 0, in hand 0, exit 69 transient: mails cannot be moved to the folder of "
        "after or on_error: the server says: NO [INUSE] busy\n");
}

static void not_under_another_uidvalidity(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &seen, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"), SELECT("78"))},
        FETCHED
        "failed, floor 99, left 0, in hand 0, exit 69 transient: the server numbered its mails anew during "
        "the run, and nothing was moved or flagged\n");
}

static void not_in_a_folder_for_reading_only(void **state)
{
    (void)state;
    script_check(
        &(struct script){READ_ALREADY, .debts = &seen, .n_debts = 1,
                         SCRIPT(CAPABILITIES("MOVE"), EXAMINED("TAGX2"),
                                {"TAGX3 SELECT \"INBOX\"\r\n",
                                 "* OK [UIDVALIDITY 77] ok\r\nTAGX3 OK [READ-ONLY] done\r\n"})},
        FETCHED
        "failed, floor 99, left 0, in hand 0, exit 69: the server opens the folder for reading only; let "
        "the user change it, or take after and on_error out\n");
}

static void quota(void **state)
{
    (void)state;
    script_check(
        &(struct script){.state = {77, 99, NULL, 0, false},
                         SCRIPT(CAPABILITIES("QUOTA"),
                                {"TAGX2 GETQUOTAROOT \"INBOX\"\r\nTAGX3 EXAMINE \"INBOX\"\r\n",
                                 "* QUOTAROOT INBOX \"a (b)\" {3}\r\nc (\r\n"
                                 "* QUOTA \"a (b)\" (STORAGE 10 512 MESSAGE 7 9)\r\n* QUOTA {3}\r\nc ( ()\r\n"
                                 "* QUOTA x (STORAGE many 5)\r\n* QUOTA\r\nTAGX2 OK\r\n" BOX
                                 "TAGX3 OK [READ-ONLY] done\r\n"},
                                LEAVING("TAGX4"))},
        "quota STORAGE 10 of 512\nquota MESSAGE 7 of 9\n" SELECTED ENDED);
    /* Whatever it says and whenever it comes, the mails are read. */
    script_check(&(struct script){SCRIPT(CAPABILITIES("QUOTA"),
                                         {"TAGX2 GETQUOTAROOT \"INBOX\"\r\nTAGX3 EXAMINE \"INBOX\"\r\n",
                                          BOX "TAGX3 OK [READ-ONLY] done\r\n"},
                                         {"TAGX4 UID FETCH 1:* (UID RFC822.SIZE)\r\n", "TAGX4 OK\r\n"},
                                         {"", "TAGX2 NO no quota\r\n"}, LEAVING("TAGX5"))},
                 SELECTED "ended, floor 0, left 0\n");
}

#define OLD   "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\""
#define YOUNG "INTERNALDATE \"17-Jul-2026 02:44:25 -0700\""
#define LISTED                                                                                               \
    "* 1 FETCH (UID 5 RFC822.SIZE 4 " OLD ")\r\n* 2 FETCH (" YOUNG " UID 6 RFC822.SIZE 3)\r\n"               \
    "* 3 FETCH (UID 9 " OLD " RFC822.SIZE 3)\r\nTAGX3 OK\r\n"

static void only_recent_mails_the_first_time(void **state)
{
    (void)state;
    script_check(&(struct script){.since = 1000000000,
                                  SCRIPT(OPENING(BOX),
                                         {"TAGX3 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)\r\n", LISTED},
                                         {"TAGX4 UID FETCH 6 (UID INTERNALDATE BODY.PEEK[])\r\n",
                                          "* 2 FETCH (UID 6 " YOUNG " BODY[] \"abc\")\r\nTAGX4 OK\r\n"},
                                         LEAVING("TAGX5"))},
                 SELECTED "mail 4/77/6 at 1784281465: [abc]\nended, floor 9, left 0\n");
}

static void all_mails_once_there_is_a_mark(void **state)
{
    (void)state;
    script_check(&(struct script){.since = 1000000000,
                                  .state = {77, 8, NULL, 0, false},
                                  SCRIPT(OPENING(BOX), {"TAGX3 UID FETCH 9:* (UID RFC822.SIZE)\r\n", LISTED},
                                         {"TAGX4 UID FETCH 9 (UID INTERNALDATE BODY.PEEK[])\r\n",
                                          "* 2 FETCH (UID 9 " OLD " BODY[] \"abc\")\r\nTAGX4 OK\r\n"},
                                         LEAVING("TAGX5"))},
                 SELECTED "mail 4/77/9 at 837596665: [abc]\nended, floor 9, left 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_owed),
        cmocka_unit_test(seen_and_deleted),
        cmocka_unit_test(moved_at_once),
        cmocka_unit_test(moved_by_copy),
        cmocka_unit_test(only_flagged_without_uidplus),
        cmocka_unit_test(the_target_is_made_once),
        cmocka_unit_test(what_is_done_before_it_breaks_is_told),
        cmocka_unit_test(busy_is_no_missing_folder),
        cmocka_unit_test(not_under_another_uidvalidity),
        cmocka_unit_test(not_in_a_folder_for_reading_only),
        cmocka_unit_test(quota),
        cmocka_unit_test(only_recent_mails_the_first_time),
        cmocka_unit_test(all_mails_once_there_is_a_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
