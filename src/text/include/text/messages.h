/* The table of sentences: X(id, English, Japanese). A language more is a column more, and a sentence that
 * lacks one does not compile. */
#ifndef TEXT_MESSAGES_H
#define TEXT_MESSAGES_H

/* clang-format off */
#define MESSAGES(X) \
    X(severity_info,       "INFO", \
        "情報") \
    X(severity_warning,    "WARNING", \
        "警告") \
    X(severity_critical,   "CRITICAL", \
        "緊急") \
    X(severity_resolved,   "RESOLVED", \
        "解消") \
    X(word,                "{1}", \
        "{1}") \
    /* headlines; 1 sender or network, 2 domain */ \
    X(title_known,         "Your sender \u201c{1}\u201d is failing DMARC for {2}", \
        "自社の送信元「{1}」が {2} の DMARC に不合格となっています") \
    X(title_let_through,   "Mail in the name of {2} from the unknown source {1} is let through", \
        "未登録の送信元 {1} から {2} を名乗るメールが届き、通過しています") \
    X(title_stopped,       "Mail in the name of {2} from the unknown source {1} is stopped", \
        "未登録の送信元 {1} から {2} を名乗るメールが届き、阻止されています") \
    X(title_rest,          "Mail in the name of {2} from very many networks fails DMARC", \
        "非常に多くのネットワークから {2} を名乗るメールが届き、DMARC に不合格となっています") \
    X(title_unlisted,      "A server in your networks that nobody listed, {1}, fails DMARC for {2}", \
        "自社ネットワーク内の未登録サーバー {1} が {2} の DMARC に不合格となっています") \
    X(title_foreign_passing, "\u201c{1}\u201d, which is not yours, passes DMARC for {2}", \
        "自社のものではない「{1}」が {2} の DMARC に合格しています") \
    X(title_foreign_growing, "\u201c{1}\u201d, which is not yours, fails DMARC for {2} ten times as often as before", \
        "自社のものではない「{1}」の {2} に対する不合格が以前の 10 倍に増えています") \
    X(title_expired,       "Your sender \u201c{1}\u201d still sends for {2}, though its entry has expired", \
        "送信元「{1}」は登録期限を過ぎていますが、{2} としての送信を続けています") \
    X(title_parked,        "Mail from {1} passes DMARC for your parked domain {2}", \
        "メールを送らないはずの {2} について、{1} からのメールが DMARC に合格しています") \
    X(subject_known,       "{1} is failing DMARC", \
        "{1} が DMARC に不合格") \
    X(subject_unlisted,    "unlisted server of yours, {1}", \
        "自社の未登録サーバー {1}") \
    X(subject_foreign_passing, "{1} is not yours and passes", \
        "自社のものではない {1} が合格") \
    X(subject_foreign_growing, "{1} is not yours and grows", \
        "自社のものではない {1} が急増") \
    X(subject_expired,     "{1} has expired and still sends", \
        "期限切れの {1} が送信を継続") \
    X(subject_parked,      "{1} passes for a parked domain", \
        "送信しないドメインで {1} が合格") \
    X(subject_unknown,     "unknown source {1}", \
        "未登録の送信元 {1}") \
    X(subject_rest,        "unknown sources in very many networks", \
        "非常に多くのネットワークの未登録の送信元") \
    X(subject_what,        "{1}, {2}", \
        "{1}、{2}") \
    X(subject_line,        "{1} {2}: {3}", \
        "{1} {2}： {3}") \
    X(many_domains,        "{1} {1|domain|domains}", \
        "{1} ドメイン") \
    /* the policy, reports that stopped; 1 domain, 2 policy before, 3 policy now, 4 days, 5 usual gap in days,
       6 the name of the DMARC record */ \
    X(title_policy,        "{1} publishes {3} instead of {2}", \
        "{1} のポリシーが {2} から {3} に変わりました") \
    X(title_policy_mended, "{1} publishes {2} again, or a stricter policy", \
        "{1} のポリシーが {2} 以上に戻りました") \
    X(title_no_reports,    "No DMARC reports come for {1} any more", \
        "{1} の DMARC レポートが届かなくなりました") \
    X(title_reports_back,  "DMARC reports come for {1} again", \
        "{1} の DMARC レポートが再び届いています") \
    X(subject_policy,      "publishes {3} instead of {2}", \
        "ポリシーが {2} から {3} に変更") \
    X(subject_policy_mended, "publishes {2} again", \
        "ポリシーが {2} に復帰") \
    X(subject_no_reports,  "no reports any more", \
        "レポートが途絶") \
    X(subject_reports_back, "reports come again", \
        "レポートが再開") \
    X(summary_policy,      "So say the reports about mail of {4}.", \
        "{4} のメールに関するレポートで確認しました。") \
    X(summary_policy_mended, "So say the newest reports.", \
        "最新のレポートで確認しました。") \
    X(summary_no_reports,  "The last ones are about mail of {4}; before that, at most {5} {5|day|days} passed from one to the next.", \
        "最後のレポートは {4} のメールに関するものです。それまでの間隔は最長でも {5} 日でした。") \
    X(summary_reports_back, "None were about mail later than {4} until now.", \
        "これまでは {4} より後のメールに関するレポートがありませんでした。") \
    X(means_policy_weakened, "A weaker policy asks receivers to let through what they stopped until now.", \
        "ポリシーが弱まると、これまで阻止されていたメールを通過させるよう受信側に求めることになります。") \
    X(means_policy_gone,   "p=none asks receivers to let through whoever writes in your name.", \
        "p=none では、誰が貴社を名乗って送っても通過させるよう受信側に求めることになります。") \
    X(means_policy_changed, "If this was meant, all is well.", \
        "意図した変更であれば問題ありません。") \
    X(means_no_reports,    "Without reports nobody sees when your mail fails or a stranger writes in your name. The mailboxes were read without an error, so the reports did not arrive.", \
        "レポートがなければ、自社のメールが不合格になっても、第三者が貴社を名乗っても気付けません。メールボックスはエラーなく読めたので、レポート自体が届いていません。") \
    X(means_over,          "It is over.", \
        "解消しました。") \
    X(do_policy_look,      "Look up {6} in DNS: who changed it, and was it meant?", \
        "DNS で {6} を確認してください。誰が変更したのか、意図した変更でしょうか。") \
    X(do_policy_restore,   "If it was not meant, publish {2} again.", \
        "意図したものでなければ、{2} に戻して公開してください。") \
    X(do_policy_meant,     "If it was, write the new one into the configuration, as the policy of {1}.", \
        "意図したものであれば、設定ファイルの {1} の policy を新しい値に書き換えてください。") \
    X(do_reports_rua,      "Look up {6} in DNS: does its rua= still name this mailbox?", \
        "DNS で {6} を確認してください。rua= は今もこのメールボックスを指していますか。") \
    X(do_reports_mail,     "Send a mail from elsewhere to the address in rua=: does it arrive in the mailbox?", \
        "外部から rua= のアドレスにメールを送り、メールボックスに届くか確認してください。") \
    X(do_reports_gone,     "If nobody sends as {1} any more, no reports come: set monitor: false on it in the configuration, or take it out.", \
        "{1} から誰も送信しなくなったのであれば、レポートは来ません。設定で monitor: false とするか、登録を外してください。") \
    X(do_nothing,          "Nothing more is to be done.", \
        "対応は不要です。") \
    /* the end of what people mend; 1 sender or network, 2 domain, 3 messages, 4 days, 5 what explains it */ \
    X(title_known_over,    "Your sender \u201c{1}\u201d passes DMARC for {2} again", \
        "自社の送信元「{1}」が再び {2} の DMARC に合格しています") \
    X(title_unlisted_over, "The server {1} that nobody listed sends nothing more that fails as {2}", \
        "未登録サーバー {1} から {2} として不合格となるメールはなくなりました") \
    X(title_foreign_over,  "\u201c{1}\u201d, which is not yours, does not pass DMARC for {2} any more", \
        "自社のものではない「{1}」は {2} の DMARC に合格しなくなりました") \
    X(title_expired_over,  "Your sender \u201c{1}\u201d, whose entry has expired, does not send for {2} any more", \
        "登録期限を過ぎた送信元「{1}」は {2} として送信しなくなりました") \
    X(title_parked_over,   "No mail from {1} passes DMARC for your parked domain {2} any more", \
        "メールを送らないはずの {2} について、{1} からのメールは合格しなくなりました") \
    X(title_explained,     "{1} sends for {2} as \u201c{5}\u201d: your configuration explains it now", \
        "{1} は {2} の送信元「{5}」として登録されました") \
    X(title_removed,       "\u201c{1}\u201d is no sender of {2} in your configuration any more", \
        "「{1}」は設定上 {2} の送信元ではなくなりました") \
    X(subject_known_over,  "{1} passes again", \
        "{1} が再び合格") \
    X(subject_source_over, "no such mail from {1} any more", \
        "{1} からの該当メールが終息") \
    X(subject_explained,   "{1} is {5}", \
        "{1} は {5}") \
    X(subject_removed,     "{1} is no sender any more", \
        "{1} は送信元ではなくなりました") \
    X(summary_known_over,  "{3} {3|message|messages} failed on {4}. Those who reported it have since reported a day of the usual amount without such failures.", \
        "{4} に {3} 通が不合格となりました。その後、これを報告した組織から、通常の通数で不合格のない日が報告されています。") \
    X(summary_source_over, "You were told of {3} {3|message|messages} of {4}; the reports of the seven days since then have none.", \
        "{4} の {3} 通についてお知らせしました。その後 7 日間のレポートに該当するメールはありません。") \
    X(summary_explained,   "You were told of {3} {3|message|messages} of {4}.", \
        "{4} の {3} 通についてお知らせしました。") \
    X(means_explained,     "It counts as that sender\u2019s mail from now on, also what came before.", \
        "過去の分も含め、今後はその送信元のメールとして数えます。") \
    X(means_removed,       "What it sends counts as mail of an unknown source from now on, also what came before.", \
        "過去の分も含め、今後は不明な送信元からのメールとして数えます。") \
    X(news_repeat,         "It goes on: {1} more {1|message|messages} since you were last told.", \
        "続いています。前回のお知らせ以降、さらに {1} 通ありました。") \
    X(news_repeat_standing, "It goes on: newer reports say the same.", \
        "続いています。新しいレポートでも同じ状態です。") \
    /* the agent itself; 1 mailbox, channel or file, 2 an error, 3 and 4 figures, 5 the day on which it began,
       6 a command */ \
    X(agent_itself, "the agent", \
        "エージェント") \
    X(title_mailbox, "The mailbox \u201c{1}\u201d cannot be read", \
        "メールボックス「{1}」を読めません") \
    X(title_mailbox_over, "The mailbox \u201c{1}\u201d can be read again", \
        "メールボックス「{1}」を再び読めるようになりました") \
    X(title_channel, "The channel \u201c{1}\u201d takes no notices", \
        "通知先「{1}」が通知を受け付けません") \
    X(title_channel_over, "The channel \u201c{1}\u201d takes notices again", \
        "通知先「{1}」が再び通知を受け付けています") \
    X(title_disk, "The disk with {1} is nearly full", \
        "{1} のあるディスクの空きがほとんどありません") \
    X(title_db, "The database {1} was damaged, and a new one was begun", \
        "データベース {1} が壊れていたため、新しく作り直しました") \
    X(title_disk_over, "There is room again on the disk with {1}", \
        "{1} のあるディスクに再び空きができました") \
    X(title_clock, "The clock of this machine is wrong", \
        "このマシンの時計が狂っています") \
    X(title_clock_over, "The clock of this machine is right again", \
        "このマシンの時計は正常に戻りました") \
    X(title_config, "The configuration file {1} has errors and is turned off", \
        "設定ファイル {1} に誤りがあり、無効になっています") \
    X(title_config_over, "The configuration file {1} is in force again", \
        "設定ファイル {1} は再び有効になりました") \
    X(subject_mailbox, "mailbox {1} cannot be read", \
        "メールボックス {1} を読めない") \
    X(subject_mailbox_over, "mailbox {1} is read again", \
        "メールボックス {1} が復旧") \
    X(subject_channel, "channel {1} takes no notices", \
        "通知先 {1} が受け付けない") \
    X(subject_channel_over, "channel {1} takes notices again", \
        "通知先 {1} が復旧") \
    X(subject_disk, "disk nearly full", \
        "ディスクの空き不足") \
    X(subject_db, "database damaged and begun anew", \
        "データベースの破損と作り直し") \
    X(subject_disk_over, "room on the disk again", \
        "ディスクの空きが回復") \
    X(subject_clock, "wrong clock", \
        "時計の狂い") \
    X(subject_clock_over, "clock right again", \
        "時計が正常に復帰") \
    X(subject_config, "{1} is turned off", \
        "{1} は無効") \
    X(subject_config_over, "{1} is in force again", \
        "{1} は再び有効") \
    X(summary_mailbox, "It has failed in {3} {3|run|runs} in a row, since {5}: {2}", \
        "{5} から {3} 回連続で失敗しています： {2}") \
    X(summary_channel, "It has failed since {5}, and {3} {3|notice waits|notices wait} for it: {2}", \
        "{5} から失敗しており、{3} 件の通知が待機しています： {2}") \
    X(summary_disk, "{3} MiB of {4} are free.", \
        "{4} MiB のうち空きは {3} MiB です。") \
    X(summary_db, "The damaged file is kept as {2}. Mails that are still in the mailboxes are read anew.", \
        "壊れたファイルは {2} として残してあります。メールボックスに残っているメールは読み直します。") \
    X(summary_clock_back, "A run before this one was {3} {3|hour|hours} later.", \
        "以前の実行のほうが {3} 時間先の時刻でした。") \
    X(summary_clock_behind, "Two verified reporters tell of days that are {3} {3|hour|hours} ahead of it, or more.", \
        "検証済みの報告元 2 者が、{3} 時間以上先の日付を報告しています。") \
    X(summary_config, "What it last held without errors stays in force where that is known, else all of it is left out.", \
        "誤りのなかった前回の内容がわかる場合はそれが有効で、わからない場合はすべて除外されます。") \
    X(summary_agent_over, "The last run found nothing wrong with it.", \
        "前回の実行では問題がありませんでした。") \
    X(means_mailbox, "Its mails stay where they are and nothing is lost, but nobody sees meanwhile what happens to your mail.", \
        "メールはそのまま残り、何も失われません。ただし、その間自社のメールがどう扱われるかは誰にも見えません。") \
    X(means_channel, "What is to be told there waits, and is given up after some days.", \
        "そこへの通知は待機し、数日後に破棄されます。") \
    X(means_disk, "Without room nothing more is stored: runs end with an error, and nobody is warned.", \
        "空きがなくなると何も保存できません。実行はエラーで終わり、警告も届かなくなります。") \
    X(means_db, "Lost are: reports whose mails were moved or deleted since, what was told before (it may be told again), notices " \
        "that waited, silences and acknowledgements made by commands. For some time little is known of what is usual.", \
        "失われたもの：移動・削除済みのメールのレポート、通知済みの記録（再度通知されることがあります）、送信待ちの通知、コマンドで" \
        "作成した抑止と確認済みの記録。しばらくの間は、普段の状態がほとんど分かりません。") \
    X(means_clock, "By this clock days are counted, silence is noticed and old reports are put aside.", \
        "日数の計算、途絶の検知、古いレポートの除外は、この時計によって行われます。") \
    X(means_config, "Its mailboxes, domains and channels are not what it says now.", \
        "そのメールボックス、ドメイン、通知先は、現在の記載どおりにはなっていません。") \
    X(news_repeat_agent, "It goes on.", \
        "続いています。") \
    X(do_mailbox, "If it is the password or the certificate: mend it on the server, or in the mailbox \u201c{1}\u201d of the configuration.", \
        "パスワードや証明書が原因であれば、サーバー側か、設定のメールボックス「{1}」を直してください。") \
    X(do_check_online, "{6} shows at which step it fails.", \
        "{6} で、どの段階で失敗するかがわかります。") \
    X(do_channel, "Mend the address or key of the channel \u201c{1}\u201d in the configuration, and try it by {6}. What waits for it is sent then.", \
        "設定で通知先「{1}」のアドレスや鍵を直し、{6} で試してください。待機中の通知はその後送信されます。") \
    X(do_outbox, "{6} shows what waits and what was given up.", \
        "{6} で、待機中の通知と破棄された通知がわかります。") \
    X(do_disk, "Make room, or move the database to another disk: {6} in the configuration.", \
        "空きを作るか、設定の {6} でデータベースを別のディスクに移してください。") \
    X(do_db_disk, "Check the disk, its file system and the memory of this machine: no program writes such a file.", \
        "このマシンのディスク、ファイルシステム、メモリを点検してください。プログラムがこのようなファイルを書くことはありません。") \
    X(do_db_import, "Read again what was moved out of the mailboxes, from files: {6}.", \
        "メールボックスから移動したメールは、ファイルから読み直してください：{6}") \
    X(do_db_silences, "Make silences again that are still needed: {6}.", \
        "まだ必要な抑止は作り直してください：{6}") \
    X(do_clock, "Let a time server set the clock of this machine.", \
        "このマシンの時計をタイムサーバーで合わせてください。") \
    X(do_check, "{6} shows the errors, with their lines.", \
        "{6} で、誤りとその行がわかります。") \
    /* TLS and failure reports; arguments as of a domain below, but 9 what the last one says */ \
    X(title_tls, "TLS with the mail servers of {1} fails: {2}", \
        "{1} のメールサーバーとの TLS 接続に失敗しています： {2}") \
    X(title_tls_many, "TLS with the mail servers of {1} fails in {7} ways", \
        "{1} のメールサーバーとの TLS 接続が {7} 通りの理由で失敗しています") \
    X(title_tls_over, "TLS with the mail servers of {1} works again: {2}", \
        "{1} のメールサーバーとの TLS 接続が復旧しました： {2}") \
    X(title_tls_well, "TLS with the mail servers of {1} works again", \
        "{1} のメールサーバーとの TLS 接続が復旧しました") \
    X(subject_tls_well, "TLS works again", \
        "TLS が復旧") \
    X(subject_tls, "TLS fails: {2}", \
        "TLS の失敗： {2}") \
    X(subject_tls_many, "TLS fails in {7} ways", \
        "TLS が {7} 通りの理由で失敗") \
    X(subject_tls_over, "TLS works again: {2}", \
        "TLS が復旧： {2}") \
    X(summary_tls, "{3} of {4} {4|session|sessions} failed on {5}, as {9} reports.", \
        "{9} の報告では、{5} に {4} 件のセッションのうち {3} 件が失敗しました。") \
    X(summary_tls_told, "{3} of {4} {4|session|sessions} failed on {5}.", \
        "{5} に {4} 件のセッションのうち {3} 件が失敗しました。") \
    X(summary_tls_over, "All who reported it have since reported a later day without it.", \
        "これを報告した組織すべてから、その後の問題のない日が報告されています。") \
    X(means_tls, "Most senders write all the same, some of them without TLS.", \
        "多くの送信側はそのまま送信し、一部は TLS なしで送信します。") \
    X(means_tls_testing, "Your MTA-STS policy is in test mode, so the mail came all the same. Enforced, it would not.", \
        "MTA-STS ポリシーはテストモードのため、メールは届いています。強制（enforce）であれば届きません。") \
    X(means_tls_enforce, "Your policy is enforced: what senders that keep to it could not send waits with them, and comes back to who wrote it.", \
        "ポリシーは強制（enforce）されています。これに従う送信側のメールは滞留し、やがて差出人に返送されます。") \
    X(do_tls_certificate, "Check the certificates of the mail servers of {1}: their names, their chain, and their last day.", \
        "{1} のメールサーバーの証明書について、名前、チェーン、有効期限を確認してください。") \
    X(do_tls_sts, "Check the MTA-STS policy of {1}, and the web server that serves it.", \
        "{1} の MTA-STS ポリシーと、それを公開している Web サーバーを確認してください。") \
    X(do_tls_dane, "Check the TLSA records of the mail servers of {1} against their certificates, and the signatures of their zone.", \
        "{1} のメールサーバーの TLSA レコードを証明書と照合し、ゾーンの署名も確認してください。") \
    X(do_tls_starttls, "Check that every mail server of {1} offers STARTTLS.", \
        "{1} のすべてのメールサーバーが STARTTLS を提供しているか確認してください。") \
    X(do_tls_other, "Check how the mail servers of {1} speak TLS.", \
        "{1} のメールサーバーの TLS 設定を確認してください。") \
    /* 1 domain, 2 what it asked for, 3 what it asks for now, 4 days, 6 a DNS name */ \
    X(title_tls_policy, "The TLS policy that senders see for {1} has changed", \
        "送信側から見える {1} の TLS ポリシーが変わりました") \
    X(subject_tls_policy, "the TLS policy has changed", \
        "TLS ポリシーの変更") \
    X(summary_tls_policy, "Reports about {4} say {3}. Before, it was {2}.", \
        "{4} についてのレポートでは {3} です。以前は {2} でした。") \
    X(do_tls_policy, "If it was not meant: look at the MTA-STS policy of {1}, and at who may change it and the DNS record {6}.", \
        "意図したものでなければ、{1} の MTA-STS ポリシーと DNS レコード {6}、およびそれらを変更できる人を確認してください。") \
    /* failure reports, arguments as above */ \
    X(title_failure, "Receivers reported single mails from {2} that failed as {1}", \
        "受信側から、{2} から {1} として送られ不合格となったメールが個別に報告されました") \
    X(title_failure_many, "Receivers reported single mails from {7} networks that failed as {1}", \
        "受信側から、{7} 件のネットワークから {1} として送られ不合格となったメールが個別に報告されました") \
    X(subject_failure, "single failed mails from {2} reported", \
        "{2} からの不合格メールの個別報告") \
    X(subject_failure_many, "single failed mails from {7} networks reported", \
        "{7} 件のネットワークからの不合格メールの個別報告") \
    X(summary_failure, "{3} {3|mail|mails}. The last one: {9}", \
        "{3} 通。最後のもの： {9}") \
    X(means_failure, "A failure report shows what became of one mail; how much there is of it, the aggregate reports tell.", \
        "失敗レポートは 1 通のメールの結果を示すものです。全体の量は集計レポートでわかります。") \
    X(do_failure_ours, "If it is a server of yours: find the mail in its log, and why it failed.", \
        "自社のサーバーであれば、そのログでメールを探し、不合格の理由を調べてください。") \
    X(do_failure_other, "If it is not, nothing is to be done: what strangers send as {1} is told by aggregate reports.", \
        "そうでなければ対応は不要です。第三者が {1} として送るメールは集計レポートで通知されます。") \
    /* what mails tell the agent; arguments as above, 1 who sent them or the domain, 2 a reason */ \
    X(title_unusable, "Mails from {1} cannot be read as reports", \
        "{1} からのメールをレポートとして読めません") \
    X(title_unusable_many, "Many mails cannot be read as reports", \
        "多くのメールをレポートとして読めません") \
    X(title_unexpected, "Reports come about {1}, which is not in the configuration", \
        "設定にない {1} についてのレポートが届いています") \
    X(title_unexpected_many, "Reports come about {3} more {3|domain|domains} that are not in the configuration", \
        "設定にないドメイン、さらに {3} 件についてのレポートが届いています") \
    X(subject_unusable, "mails from {1} cannot be read", \
        "{1} からのメールを読めない") \
    X(subject_unusable_many, "many mails cannot be read", \
        "多くのメールを読めない") \
    X(subject_unexpected, "reports about {1}, which is not configured", \
        "設定にない {1} のレポート") \
    X(subject_unexpected_many, "reports about {3} domains that are not configured", \
        "設定にないドメイン {3} 件のレポート") \
    X(summary_unusable, "{3} {3|mail|mails} since {5}; why the last one: {2}.", \
        "{5} 以降に {3} 通。最後のものの理由： {2}") \
    X(summary_unexpected, "They are about mail of {5}.", \
        "{5} のメールについてのものです。") \
    X(means_unusable, "What stands in them counts for nothing until they can be read. They are kept.", \
        "読めるようになるまで、その内容は集計されません。メールは保管されています。") \
    X(means_unexpected, "A domain of yours may have been forgotten in the configuration, or the DMARC record of another one names your mailbox. Anybody can write such a report, too.", \
        "自社のドメインの登録漏れか、他者のドメインの DMARC レコードが自社のメールボックスを指しています。また、このようなレポートは誰でも送れます。") \
    X(do_unusable_list, "{6} shows which they are, and why.", \
        "{6} で、対象のメールと理由がわかります。") \
    X(do_unusable_retry, "After an update of the program, {6} reads them again.", \
        "dmarcwarn を更新した後、{6} で読み直せます。") \
    X(do_unexpected_add, "If it is yours, write it into {6} in the configuration.", \
        "自社のものであれば、設定の {6} に加えてください。") \
    X(do_unexpected_not, "If it is not: with {6} under domains, nothing is told of any that is not listed.", \
        "そうでなければ、domains に {6} と書くと、登録のないドメインについては通知されなくなります。") \
    /* figures of a domain as a whole; 1 domain, 2 sender, network, key, name or reporter, 3 messages that count,
       4 all messages, 5 days, 6 what became of them, 7 the number that is news, 8 the usual one, 9 DKIM or SPF */ \
    X(title_leg_lost, "Your sender \u201c{2}\u201d no longer passes by {9} for {1}", \
        "自社の送信元「{2}」が {1} について {9} で合格しなくなりました") \
    X(title_spoofed, "Strangers write as {1}, and its policy lets them through", \
        "第三者が {1} を名乗って送信しており、公開中のポリシーはそれを通過させています") \
    X(title_spoofed_many, "Strangers write as {1}, whose policies let them through", \
        "第三者が {1} を名乗って送信しており、公開中のポリシーはそれらを通過させています") \
    X(title_new_source, "Mail from {2}, a network never seen before, passes DMARC for {1}", \
        "初めて現れたネットワーク {2} からのメールが {1} の DMARC に合格しています") \
    X(title_new_selector, "Mail of {1} is signed with a DKIM key never seen before, {2}", \
        "{1} のメールが、初めて現れた DKIM 鍵 {2} で署名されています") \
    X(title_volume, "Far more mail in the name of {1} fails than usual", \
        "{1} を名乗るメールの不合格が通常より大幅に増えています") \
    X(title_volume_own, "Far more mail of your senders fails for {1} than usual", \
        "自社の送信元の {1} に対する不合格が通常より大幅に増えています") \
    X(title_rate, "Less of the mail of {1} passes DMARC than usual", \
        "{1} のメールの DMARC 合格率が通常より下がっています") \
    X(title_new_name, "Mail uses {2}, a name below {1} never seen before", \
        "{1} の下位にある、初めて現れた名前 {2} がメールに使われています") \
    X(title_new_names, "Mail uses {7} names below {1} never seen before", \
        "{1} の下位にある、初めて現れた {7} 個の名前がメールに使われています") \
    X(title_not_applied, "{2} lets mail through that fails DMARC for {1}", \
        "{2} が {1} の DMARC に不合格のメールを通過させています") \
    X(title_reporter_silent, "{2} sends no reports about {1} any more", \
        "{2} から {1} についてのレポートが届かなくなりました") \
    X(title_untrusted, "Reports about {1} are not from {2}, whose name they bear", \
        "{2} を名乗る {1} についてのレポートは、そこから届いたものではありません") \
    X(subject_leg_lost, "{2} no longer passes by {9}", \
        "{2} が {9} で合格しなくなった") \
    X(subject_spoofed, "spoofed from {7} {7|network|networks}, and p=none lets it through", \
        "{7} ネットワークからのなりすましを p=none が通過させている") \
    X(subject_new_source, "{2} is new and passes", \
        "新しい {2} が合格") \
    X(subject_new_selector, "new DKIM key {2}", \
        "新しい DKIM 鍵 {2}") \
    X(subject_volume, "far more mail fails, {6}", \
        "不合格が大幅に増加、{6}") \
    X(subject_rate, "passes in {7}, usually in {8}", \
        "合格率 {7}、通常は {8}") \
    X(subject_new_name, "new name {2}", \
        "新しい名前 {2}") \
    X(subject_new_names, "{7} new names", \
        "新しい名前 {7} 個") \
    X(subject_not_applied, "{2} does not apply the policy", \
        "{2} がポリシーを適用していない") \
    X(subject_reporter_silent, "{2} is silent", \
        "{2} のレポートが途絶") \
    X(subject_untrusted, "reports that are not from {2}", \
        "{2} からではないレポート") \
    X(summary_leg_lost, "On {5} it passed by {9} in {7} of {4} {4|message|messages}; before, in {8}. {3} did not: {6}.", \
        "{5} に {9} で合格したのは {4} 通のうち {7} で、以前は {8} でした。合格しなかった {3} 通の内訳： {6}。") \
    X(summary_spoofed, "{3} {3|message|messages} from {7} {7|network|networks} failed DMARC on {5}: {6}.", \
        "{5} に {7} ネットワークからの {3} 通が DMARC に不合格となりました： {6}。") \
    X(summary_new, "{3} {3|message|messages} passed DMARC on {5}.", \
        "{5} に {3} 通が DMARC に合格しました。") \
    X(summary_volume, "{7} {7|message|messages} failed in a day, where usually {8} do at most. In all, on {5}: {6}.", \
        "1 日に {7} 通が不合格となりました。通常は多くても {8} 通です。{5} の内訳： {6}。") \
    X(summary_rate, "On {5} {7} of {4} {4|message|messages} of your senders passed, usually {8} do. {3} failed: {6}.", \
        "{5} に自社の送信元の {4} 通のうち {7} が合格しました。通常は {8} です。不合格の {3} 通の内訳： {6}。") \
    X(summary_new_name, "{4} {4|message|messages} came on {5}, and {3} of them failed DMARC: {6}.", \
        "{5} に {4} 通が届き、そのうち {3} 通が DMARC に不合格となりました： {6}。") \
    X(summary_new_name_passed, "{4} {4|message|messages} came on {5}, and passed DMARC.", \
        "{5} に {4} 通が届き、DMARC に合格しました。") \
    X(summary_not_applied, "{3} {3|message|messages} of strangers on {5}, in spite of the policy and without a reason given: {6}.", \
        "{5} に第三者からの {3} 通が、ポリシーに反し、理由も示されずに通過しました： {6}。") \
    X(summary_reporter_silent, "None are about mail of {5}. Before, it told of {8} of the mail that is reported.", \
        "{5} のメールについてのレポートがありません。以前は、報告されるメールの {8} を報告していました。") \
    X(summary_untrusted, "They tell of {3} {3|message|messages} on {5}: {6}.", \
        "{5} の {3} 通について述べています： {6}。") \
    X(means_leg_lost, "Its mail still passes by the other leg alone. When that breaks too, or mail is forwarded, it fails.", \
        "メールはもう一方だけでまだ合格しています。それも壊れるか、メールが転送されると、不合格になります。") \
    X(means_spoofed, "p=none asks receivers for nothing. Each source is told in the digest only, and this again when there is ten times as much.", \
        "p=none は受信側に何も求めません。個々の送信元はダイジェストでのみ知らせ、この通知は 10 倍になったときにのみ再び送ります。") \
    X(means_new_source, "Nobody listed it, and yet its mail counts as yours: it has a key of yours, or its addresses lie inside your SPF record.", \
        "どこにも登録されていないのに、そのメールは自社のものとして扱われています。自社の鍵を持っているか、アドレスが自社の SPF レコードに含まれています。") \
    X(means_new_selector, "Its signatures pass, so the key stands in your DNS, but nobody listed it: a new tool of yours, a key that was changed, or somebody who should not have it.", \
        "署名は合格しているので、鍵は自社の DNS にありますが、登録されていません。新しいツールか、変更された鍵か、持つべきでない誰かのものです。") \
    X(means_volume, "Somebody writes in your name in masses.", \
        "何者かが自社の名前で大量に送信しています。") \
    X(means_volume_own, "Something that your senders share may have broken.", \
        "自社の送信元に共通する何かが壊れた可能性があります。") \
    X(means_rate, "A part of your own mail has lost its proof.", \
        "自社のメールの一部が証明を失っています。") \
    X(means_new_name, "Names below a domain fall under its sp= or np=, and without these under p=.", \
        "ドメインの下位の名前には sp= または np= が、それらがなければ p= が適用されます。") \
    X(means_not_applied, "Receivers are free to do so. Some know the mail as forwarded and do not say it.", \
        "受信側の判断に任されています。転送されたメールと知っていて、それを示さない受信側もあります。") \
    X(means_reporter_silent, "What happens to your mail there is not seen meanwhile.", \
        "その間、そこで自社のメールがどう扱われるかは見えません。") \
    X(means_untrusted, "Their mails failed the check. They are stored, tell nothing and teach nothing.", \
        "そのメールは検査に不合格となりました。保存はされますが、通知にも学習にも使われません。") \
    X(do_leg_look, "Find out what changed at {2} on {5}: its key, the name that it signs for, its envelope sender, or the record that lists its addresses.", \
        "{5} に {2} で何が変わったかを調べてください：鍵、署名する名前、エンベロープの送信者、アドレスを載せたレコード。") \
    X(do_spoofed_senders, "List your senders in the configuration, until all mail of yours is known and passes.", \
        "自社のメールがすべて登録済みで合格するようになるまで、送信元を設定に登録してください。") \
    X(do_spoofed_policy, "Then publish p=quarantine for {1}, and later p=reject: only that stops strangers.", \
        "その後、{1} に p=quarantine を、のちに p=reject を公開してください。第三者を止めるのはそれだけです。") \
    X(do_new_list, "Is it a server or a tool of yours? Then add it to a sender of {1} in the configuration.", \
        "自社のサーバーやツールですか。そうであれば、設定で {1} の送信元に加えてください。") \
    X(do_new_close, "If it is not yours: delete the key that it signs with from DNS, or take its addresses out of the SPF record of {1}.", \
        "自社のものでなければ、署名に使われる鍵を DNS から削除するか、アドレスを {1} の SPF レコードから外してください。") \
    X(do_selector_list, "Is it yours? Then add its domain and selector to a sender of {1} in the configuration.", \
        "自社のものですか。そうであれば、そのドメインとセレクターを設定で {1} の送信元に加えてください。") \
    X(do_selector_delete, "If it is not yours: delete {2} from DNS, and find out who put it there.", \
        "自社のものでなければ、DNS から {2} を削除し、誰が置いたかを調べてください。") \
    X(do_volume, "If receivers let it through, a stricter policy stops it. If not, the policy works, and there is nothing to be done.", \
        "受信側が通過させているなら、より厳しいポリシーで止まります。そうでなければポリシーは働いており、何もする必要はありません。") \
    X(do_volume_own, "Look at the sources and the evidence: what do they share? A key, a record, a relay?", \
        "送信元と証拠を見て、共通するものを探してください：鍵、レコード、中継サーバー。") \
    X(do_rate_look, "Look at the sources and the evidence: which sender is it, and what changed there?", \
        "送信元と証拠を見てください：どの送信元で、何が変わりましたか。") \
    X(do_rate_dns, "Check the DKIM keys and the SPF record of {1} in DNS.", \
        "DNS にある {1} の DKIM 鍵と SPF レコードを確認してください。") \
    X(do_name_yours, "If it is yours, see that its mail passes before a stricter policy counts for it.", \
        "自社のものであれば、より厳しいポリシーが適用される前に、そのメールが合格することを確認してください。") \
    X(do_name_not, "If it is not yours: sp=reject stops such mail, once all your own names pass.", \
        "自社のものでなければ、自社の名前がすべて合格した後に sp=reject とすれば、そのようなメールは止まります。") \
    X(do_name_stopped, "If it is not yours, nothing is to be done: receivers are asked to reject mail of names below {1} already.", \
        "自社のものでなければ、対応は不要です。{1} の下位の名前のメールは、すでに受信側に拒否を求めています。") \
    X(do_not_applied, "Nothing is to be done at {1}. If it is much, ask the postmaster of {2} why.", \
        "{1} で行うことはありません。量が多ければ、{2} のポストマスターに理由を尋ねてください。") \
    X(do_reporter_silent, "Mostly it comes back by itself. If not, see that the address in rua= still takes its mail.", \
        "多くは自然に再開します。再開しなければ、rua= のアドレスがそのメールを受け取れるか確認してください。") \
    X(do_untrusted, "Nothing is to be done, unless trust in the configuration names the wrong server.", \
        "設定の trust が誤ったサーバーを指していなければ、行うことはありません。") \
    /* the digest; 1 domain, 2 policy */ \
    X(first_state,         "state of the domains", \
        "各ドメインの状態") \
    X(footer_first,        "This is the state of the domains in what the first run has read; from now on news are told.", \
        "初回の実行で読み取ったレポートにおける各ドメインの状態です。今後は新しい動きだけをお知らせします。") \
    X(footer_imported,     "This is what goes on in reports that were imported; what is over in them is not told.", \
        "取り込んだレポートのうち、継続中の事象をまとめてお知らせしています。終わった事象はお知らせしません。") \
    X(digest_all_well,     "all is well", \
        "問題はありません") \
    X(digest_goes_on,      "{1} {1|incident goes|incidents go} on", \
        "{1} 件が継続中です") \
    X(digest_subject,      "weekly digest, {1}", \
        "週次まとめ、{1}") \
    X(digest_title,        "The week: {1}", \
        "今週の状況： {1}") \
    /* 1 reports, 2 domains, 3 notices */ \
    X(digest_alive,        "dmarcwarn runs. In the last 7 days it received {1} {1|report|reports} about {2} {2|domain|domains}, and told of {3} {3|incident|incidents}.", \
        "dmarcwarn は動作しています。過去 7 日間に {2} ドメインについて {1} 件のレポートを受け取り、{3} 件をお知らせしました。") \
    X(digest_silent_week,  "dmarcwarn runs, but in the last 7 days it received no report at all. Check rua= and the mailbox.", \
        "dmarcwarn は動作していますが、過去 7 日間にレポートを 1 件も受け取っていません。rua= とメールボックスを確認してください。") \
    X(digest_more,         "{1} more {1|domain is|domains are} left out here.", \
        "ほかの {1} ドメインはここでは省略しています。") \
    X(digest_footer,       "dmarcwarn digest prints this at any time.", \
        "dmarcwarn digest でいつでも表示できます。") \
    X(digest_ready,        "{1} is ready for {2}", \
        "{1} は {2} に移行できます") \
    X(digest_ready_unless, "{1} is ready for {2}, unless {3} is yours, from which {4} {4|message|messages} failed in 7 days", \
        "{3}（過去 7 日間に {4} 通が不合格）が自社のものでなければ、{1} は {2} に移行できます") \
    X(digest_not_ready,    "{1} is not ready for {2}", \
        "{1} はまだ {2} に移行できません") \
    X(digest_enforced,     "{1} has {2} in force", \
        "{1} では {2} が有効です") \
    X(digest_unclear,      "{1} has too few reports to say what {2} would do", \
        "{1} はレポートが少なく、{2} の影響を判断できません") \
    /* 1 failed, 2 all of known senders, 3 days with reports */ \
    X(digest_ours,         "{1} of {2} messages of your senders failed, on {3} {3|day|days} with reports of the last 30.", \
        "過去 30 日のうちレポートのあった {3} 日間で、自社の送信元のメール {2} 通のうち {1} 通が不合格でした。") \
    X(digest_no_mail,      "No mail of your senders was reported, on {1} {1|day|days} with reports of the last 30.", \
        "過去 30 日のうちレポートのあった {1} 日間で、自社の送信元のメールは報告されていません。") \
    X(digest_lost,         "Under {1} these would be lost: mend what fails first.", \
        "{1} にするとこれらのメールは失われます。まず不合格の原因を直してください。") \
    X(digest_safe,         "Under {1} next to nothing of yours would be lost.", \
        "{1} にしても自社のメールはほとんど失われません。") \
    X(digest_safe_unless,  "Under {1} next to nothing of your senders would be lost, and all of {2}: if that is yours, list it first.", \
        "{1} にしても登録済みの送信元のメールはほとんど失われませんが、{2} のメールはすべて失われます。自社のものであれば、先に登録してください。") \
    X(digest_being_lost,   "Receivers may refuse them: mend what fails.", \
        "受信側で拒否されることがあります。不合格の原因を直してください。") \
    X(digest_others,       "{1} of {2} messages in all failed for other reasons: strangers, mail that somebody passed on, errors of a moment.", \
        "全 {2} 通のうち {1} 通は、その他の理由（第三者、転送、一時的なエラー）で不合格でした。") \
    X(digest_policy,       "Published: {1}.", \
        "公開中のポリシー： {1}") \
    X(digest_named,        "{1}: {2}", \
        "{1}： {2}") \
    X(label_failing,       "Failing", \
        "不合格") \
    X(label_going_on,      "Going on", \
        "継続中") \
    X(label_info,          "For information", \
        "参考") \
    X(label_strangers,     "Unknown sources", \
        "未登録の送信元") \
    X(label_unused_senders, "Senders unused for 180 days", \
        "180 日間使われていない送信元") \
    X(label_unused_keys,   "Keys unused for 180 days", \
        "180 日間使われていない鍵") \
    /* many domains at once; 1 how many, 2 which */ \
    X(label_domains,       "Domains", \
        "ドメイン") \
    X(title_rest_list,     "{1} more {1|domain has|domains have} news", \
        "ほかに {1} ドメインでお知らせがあります") \
    X(subject_rest_list,   "more news of {1} {1|domain|domains}", \
        "ほかに {1} ドメインでお知らせ") \
    X(summary_rest_list,   "Too much has begun at once to be told one by one here.", \
        "一度に多くの事象が始まったため、ここでは個別にお知らせしません。") \
    X(do_rest_list,        "{1} lists all of it.", \
        "{1} で一覧を確認できます。") \
    X(subject_test,        "TEST {1}", \
        "テスト {1}") \
    X(subject_more,        " (+{1} more)", \
        "（ほか {1} 件）") \
    /* numbers; the first of each is messages */ \
    X(summary_known,       "{1} of {2} messages ({3}) failed DMARC on {4}: {5}.", \
        "{4} の {2} 通中 {1} 通（{3}）が DMARC に不合格でした。内訳： {5}。") \
    X(summary_unknown,     "{1} {1|message|messages} failed DMARC on {2}: {3}.", \
        "{2} に {1} 通が DMARC に不合格でした。内訳： {3}。") \
    X(summary_passed,      "{1} {1|message|messages} passed DMARC on {2}.", \
        "{2} に {1} 通が DMARC に合格しました。") \
    X(summary_sent,        "{1} {1|message|messages} came on {2}: {3}.", \
        "{2} に {1} 通が送られました。内訳： {3}。") \
    X(fate_let_through,    "{1} let through", \
        "通過 {1} 通") \
    X(fate_let_through_explained, "{1} let through (no DMARC action; it may still be in spam)", \
        "通過 {1} 通（DMARC による処置なし。迷惑メールに入った可能性はあります）") \
    X(fate_quarantined,    "{1} quarantined", \
        "隔離 {1} 通") \
    X(fate_rejected,       "{1} rejected", \
        "拒否 {1} 通") \
    X(news_again,          "Back: it was over and has begun again (episode {1}).", \
        "再発： 一度解消しましたが、また始まりました（{1} 回目）。") \
    X(news_worse,          "More severe than when you were last told.", \
        "前回のお知らせより深刻になっています。") \
    X(news_fate_known,     "Since you were last told, receivers have begun to refuse it or to put it aside.", \
        "前回のお知らせ以降、受信側が拒否または隔離を始めました。") \
    X(news_fate_unknown,   "Since you were last told, receivers have begun to let it through.", \
        "前回のお知らせ以降、受信側が通過させるようになりました。") \
    X(news_tenfold,        "Ten times as many as you were last told of: {1} more {1|message|messages}.", \
        "前回のお知らせの 10 倍に達しました。新たに {1} 通です。") \
    /* what it means */ \
    X(means_known_rejected, "Receivers refused mail of yours. Until the cause is mended, more of it is lost.", \
        "自社のメールが受信側で拒否されました。原因を取り除くまで失われ続けます。") \
    X(means_known_quarantined, "Receivers put mail of yours aside as suspicious, mostly into spam folders.", \
        "自社のメールが疑わしいものとして隔離されました。多くは迷惑メールフォルダーに入っています。") \
    X(means_known_let_through, "Under a stricter policy this mail would be lost.", \
        "受信側は DMARC による処置をしていません。ポリシーを強めると、このメールは失われます。") \
    X(means_unknown_let_through, "Somebody who is not in your configuration writes in your name.", \
        "設定に登録されていない何者かが貴社を名乗って送信し、受信側は DMARC による処置をしていません。") \
    X(means_unknown_quarantined, "Somebody who is not in your configuration writes in your name, and receivers put the mail aside as suspicious.", \
        "設定に登録されていない何者かが貴社を名乗って送信し、受信側は疑わしいメールとして隔離しました。") \
    X(means_unknown_rejected, "Somebody who is not in your configuration writes in your name, and receivers refused the mail: your policy works.", \
        "設定に登録されていない何者かが貴社を名乗って送信し、受信側は拒否しました。ポリシーは機能しています。") \
    X(means_unlisted_let_through, "It lies in your own address space, so it is most likely a server of yours; under a stricter policy its mail would be lost.", \
        "自社のアドレス範囲にあるため、自社のサーバーである可能性が高いと考えられます。受信側は DMARC による処置をしていませんが、ポリシーを強めるとこのメールは失われます。") \
    X(means_unlisted_quarantined, "It lies in your own address space, so it is most likely a server of yours, and receivers put its mail aside as suspicious.", \
        "自社のアドレス範囲にあるため、自社のサーバーである可能性が高いと考えられます。受信側はそのメールを疑わしいものとして隔離しました。") \
    X(means_unlisted_rejected, "It lies in your own address space, so it is most likely a server of yours, and receivers refused its mail.", \
        "自社のアドレス範囲にあるため、自社のサーバーである可能性が高いと考えられます。受信側はそのメールを拒否しました。") \
    X(means_foreign_passing, "You listed it as not yours, and yet its mail counts as yours: it has a key of yours, or its addresses lie inside your SPF record.", \
        "自社のものではないと登録されていますが、自社のメールとして扱われています。自社の鍵を持っているか、そのアドレスが自社の SPF レコードに含まれています。") \
    X(means_foreign_growing, "You listed it as not yours, and it was quiet until now.", \
        "自社のものではないと登録されており、これまでは目立ちませんでした。") \
    X(means_expired,       "Its entry was to end here. As long as its keys and addresses stand in your DNS, whoever runs it can send as you.", \
        "登録はここで終わるはずでした。鍵やアドレスが DNS に残っている限り、その運用者は貴社として送信できます。") \
    X(means_parked,        "Nobody is to send as this domain, and yet somebody has a key or an address that its DNS allows.", \
        "このドメインからは誰も送信しないはずですが、DNS が認める鍵またはアドレスを何者かが持っています。") \
    X(means_policy_none,   "You publish p=none, which asks for that.", \
        "公開しているポリシーは p=none で、通過させるよう求めています。") \
    X(means_policy_ignored, "You publish p={1}; these receivers let it through all the same.", \
        "公開しているポリシーは p={1} ですが、これらの受信側は通過させています。") \
    X(means_policy_testing, "You publish p={1} in test mode, which asks for milder treatment.", \
        "公開しているポリシーは p={1} のテストモードで、緩やかな扱いを求めています。") \
    /* labels */ \
    X(label_cause,         "Likely cause", \
        "推定原因") \
    X(label_when,          "When", \
        "時期") \
    X(label_reporters,     "Reported by", \
        "報告元") \
    X(label_waiting,       "Not yet in", \
        "未着の報告元") \
    X(label_sources,       "Sources", \
        "送信元アドレス") \
    X(label_via,           "Service", \
        "サービス") \
    X(label_dkim,          "DKIM", \
        "DKIM") \
    X(label_spf,           "SPF", \
        "SPF") \
    X(label_names,         "Names used", \
        "差出人ドメイン") \
    X(label_policy,        "Policy", \
        "ポリシー") \
    X(label_unclear,       "Unclear", \
        "不明確") \
    X(label_owner,         "Owner", \
        "担当") \
    X(label_docs,          "Documents", \
        "資料") \
    X(label_steps,         "What to do", \
        "対応") \
    /* facts */ \
    X(cause_dkim,          "DKIM: {1} other {1|message|messages} of the same days passed by it. SPF does not carry this sender.", \
        "DKIM： 同じ期間のほかのメール {1} 通はこれで合格しています。この送信元は SPF では合格しません。") \
    X(cause_spf,           "SPF: {1} other {1|message|messages} of the same days passed by it. DKIM does not carry this sender.", \
        "SPF： 同じ期間のほかのメール {1} 通はこれで合格しています。この送信元は DKIM では合格しません。") \
    X(cause_both,          "both legs at once: other messages of the same days passed by DKIM ({1}) and by SPF ({2}).", \
        "両方が同時に失敗： 同じ期間のほかのメールは DKIM（{1} 通）と SPF（{2} 通）で合格しています。") \
    X(when,                "mail of {1}, reported {2} ({3})", \
        "{1} のメール、レポートは{2}（{3}）に受信") \
    /* 1 reporters, 2 a day, 3 how many reporters */ \
    X(waiting,             "{1}: usually {3|reports|report}, but not yet about mail of {2}", \
        "{1}（通常届く {3} 件の報告元から、{2} のメールのレポートがまだ届いていません）") \
    X(ago_today,           "today", \
        "本日") \
    X(ago_yesterday,       "yesterday", \
        "昨日") \
    X(ago_days,            "{1} days ago", \
        "{1} 日前") \
    X(listed,              "{1} ({2})", \
        "{1}（{2}）") \
    X(listed_through,      "{1} through {2} ({3})", \
        "{1}（{2} 経由、{3}）") \
    X(and_more,            " and {1} more", \
        " ほか {1} 件") \
    X(apart,               ", ", \
        "、") \
    X(via,                 "{1}: any customer of it can write so, which does not make the mail yours", \
        "{1}： 利用者なら誰でもこのように送信できるため、自社のメールとはみなせません") \
    X(dkim_passed_named,   "{1} passed by a signature of {2} (selector {3}).", \
        "{1} 通は {2} の署名（セレクター {3}）で合格しました。") \
    X(dkim_passed,         "{1} passed by a signature of {2}.", \
        "{1} 通は {2} の署名で合格しました。") \
    X(dkim_broken_named,   "{1} carried a signature of {2} (selector {3}) that did not verify.", \
        "{1} 通は {2} の署名（セレクター {3}）の検証に失敗しました。") \
    X(dkim_broken,         "{1} carried a signature of {2} that did not verify.", \
        "{1} 通は {2} の署名の検証に失敗しました。") \
    X(dkim_temporary,      "{1} met a temporary error while a signature of {2} was checked.", \
        "{1} 通は {2} の署名を検証する際に一時的なエラーが起きました。") \
    X(dkim_unaligned_named, "{1} {1|was|were} signed, but only for {3}, which does not align with {2}.", \
        "{1} 通は署名されていますが、{3} のもので、{2} と一致（アラインメント）しません。") \
    X(dkim_unaligned,      "{1} {1|was|were} signed, but only for a name that does not align with {2}.", \
        "{1} 通は署名されていますが、{2} と一致（アラインメント）しない名前のものです。") \
    X(dkim_absent,         "{1} carried no signature of {2}.", \
        "{1} 通には {2} の署名がありませんでした。") \
    X(spf_passed,          "{1} passed by the record of {2}.", \
        "{1} 通は {2} の SPF レコードで合格しました。") \
    X(spf_broken_named,    "{1} came from an address that the record of {2} does not allow (result {3}).", \
        "{1} 通は {2} の SPF レコードが認めていないアドレスから送られました（結果は {3}）。") \
    X(spf_broken,          "{1} came from an address that the record of {2} does not allow.", \
        "{1} 通は {2} の SPF レコードが認めていないアドレスから送られました。") \
    X(spf_temporary,       "{1} met a temporary error while the record of {2} was read.", \
        "{1} 通は {2} の SPF レコードを参照する際に一時的なエラーが起きました。") \
    X(spf_unaligned_named, "{1} passed, but for {3}, which does not align with {2}.", \
        "{1} 通は合格しましたが、{3} に対するもので、{2} と一致（アラインメント）しません。") \
    X(spf_unaligned,       "{1} passed, but for a name that does not align with {2}.", \
        "{1} 通は合格しましたが、{2} と一致（アラインメント）しない名前に対するものです。") \
    X(spf_absent,          "{1} had no result for a name of {2}.", \
        "{1} 通には {2} に対する結果がありませんでした。") \
    X(spf_absent_named,    "{1} had no result for a name of {2}; most were {4} for {3}.", \
        "{1} 通には {2} に対する結果がありませんでした。多くは {3} に対する {4} です。") \
    X(policy_p,            "p={1}", \
        "p={1}") \
    X(policy_sp,           "sp={1}", \
        "sp={1}") \
    X(policy_testing,      "test mode", \
        "テストモード") \
    X(unclear,             "{1} {1|counts|count} as failed only because the report does not say clearly what became of the check", \
        "{1} 通は、検査の結果がレポートに明記されていないため不合格として数えています") \
    /* what to do */ \
    X(do_ask_owner,        "Ask {1} what changed at {2} on {3}.", \
        "{3} に {2} で何が変わったか、{1} に確認してください。") \
    X(do_dkim_broken_named, "Look up {1} in DNS: is it the key that {2} signs with? If it is, find what changes the mail after signing, such as a gateway or a footer.", \
        "DNS で {1} を確認してください。{2} が署名に使う鍵と同じでしょうか。同じであれば、署名後にメールを書き換えるもの（ゲートウェイやフッターの付加など）を探してください。") \
    X(do_dkim_broken,      "Check that the DKIM key of {2} in DNS is the one it signs with, and that nothing changes the mail after signing, such as a gateway or a footer.", \
        "DNS にある {2} の DKIM 鍵が、署名に実際に使われている鍵と同じか確認してください。また、署名後にメールを書き換えるもの（ゲートウェイやフッターの付加など）がないか確認してください。") \
    X(do_dkim_temporary,   "Check that the name servers of {1} answer quickly: reporters met temporary errors.", \
        "{1} のネームサーバーが速やかに応答するか確認してください。報告元で一時的なエラーが起きています。") \
    X(do_dkim_unaligned,   "Set {2} up to sign with a DKIM key of {1}; it signs in another name only.", \
        "{2} が {1} の DKIM 鍵で署名するよう設定してください。現在は別の名前だけで署名しています。") \
    X(do_dkim_absent,      "Turn DKIM signing on at {2}, with a key of {1}.", \
        "{2} で {1} の鍵による DKIM 署名を有効にしてください。") \
    X(do_spf_broken,       "If these addresses are to send for you, add them to the SPF record of {1}.", \
        "これらのアドレスから送信するのであれば、{1} の SPF レコードに追加してください。") \
    X(do_spf_temporary,    "Check that the SPF record of {1} can be read quickly: reporters met temporary errors.", \
        "{1} の SPF レコードが速やかに参照できるか確認してください。報告元で一時的なエラーが起きています。") \
    X(do_spf_unaligned,    "For a second leg, let {2} use an envelope sender under {1}, so that its SPF aligns.", \
        "もう一方の手段として、SPF が一致するよう {2} のエンベロープ送信者を {1} の名前にしてください。") \
    X(do_spf_absent,       "For a second leg, let {2} use an envelope sender under {1} and list its addresses there.", \
        "もう一方の手段として、{2} のエンベロープ送信者を {1} の名前にし、そのアドレスを SPF レコードに加えてください。") \
    X(do_known_rejected,   "What was refused does not come back by itself: have what matters sent again, after the repair.", \
        "拒否されたメールは自動では再送されません。修復した後、必要なものを送り直してもらってください。") \
    X(do_known_quarantined, "Until then, ask people who wait for this mail to look into their spam folders.", \
        "それまでは、このメールを待っている方に迷惑メールフォルダーの確認を依頼してください。") \
    X(do_known_let_through, "Mend this before you publish a stricter policy, which would lose this mail.", \
        "ポリシーを強める前に修復してください。強めるとこのメールは失われます。") \
    X(do_unknown_list,     "Is it a server or a tool of yours? Then add its addresses to a sender of {1} in the configuration: the next {2} judges with it.", \
        "自社のサーバーやサービスであれば、設定で {1} の送信元にそのアドレスを加えてください。次回の {2} から反映されます。") \
    X(do_unknown_none,     "If it is not yours: a policy of p=quarantine or p=reject stops such mail. Publish it when all your own senders pass.", \
        "自社のものでなければ、p=quarantine または p=reject で阻止できます。自社の送信元がすべて合格してから公開してください。") \
    X(do_unknown_ignored,  "If it is not yours: these receivers did not apply your policy. They may know the mail as forwarded; if not, ask them why.", \
        "自社のものでなければ、これらの受信側がポリシーを適用していません。転送と判断した可能性があります。そうでなければ理由を問い合わせてください。") \
    X(do_unknown_testing,  "If it is not yours: end the test mode of your policy when all your own senders pass.", \
        "自社のものでなければ、自社の送信元がすべて合格した後にポリシーのテストモードを終えてください。") \
    X(do_unknown_unpublished, "If it is not yours: check which DMARC policy {1} publishes, these reports do not say.", \
        "自社のものでなければ、{1} が公開している DMARC ポリシーを確認してください。これらのレポートには記載がありません。") \
    X(do_unknown_quarantined, "If it is not yours: p=reject would keep such mail out of spam folders too.", \
        "自社のものでなければ、p=reject にすると迷惑メールフォルダーにも入らなくなります。") \
    X(do_unknown_nothing,  "If it is not yours, there is nothing to be done.", \
        "自社のものでなければ、対応は不要です。") \
    X(do_unlisted_list,    "Find out which machine it is. If it is to send for {1}, add it to a sender in the configuration, sign its mail and list it in the SPF record.", \
        "どの機器かを調べてください。{1} として送信させるのであれば、設定の送信元に加え、メールに署名し、SPF レコードに載せてください。") \
    X(do_unlisted_stop,    "If it is not to send, find out what it sends, and stop it: it may have been broken into.", \
        "送信させるものでなければ、何を送っているか調べて止めてください。侵入された可能性があります。") \
    X(do_foreign_close,    "Take away what lets it pass: delete the key that it signs with from DNS, or take its addresses out of the SPF record of {1}.", \
        "合格の根拠を取り除いてください。署名に使われている鍵を DNS から削除するか、そのアドレスを {1} の SPF レコードから外してください。") \
    X(do_foreign_ours,     "If it is to send for {1} after all, take the kind off its entry in the configuration.", \
        "やはり {1} として送信させるのであれば、設定の登録から kind を外してください。") \
    X(do_expired_close,    "If it is not needed any more: delete its keys and take its addresses out of the SPF record of {1}.", \
        "不要であれば、鍵を削除し、そのアドレスを {1} の SPF レコードから外してください。") \
    X(do_expired_renew,    "If it is still needed, write a later day into its entry in the configuration.", \
        "まだ必要であれば、設定の登録に新しい期限を書いてください。") \
    X(do_parked_close,     "Delete the DKIM keys of {1} from DNS and let its SPF record be v=spf1 -all.", \
        "{1} の DKIM 鍵を DNS から削除し、SPF レコードを v=spf1 -all にしてください。") \
    X(do_parked_open,      "If mail is to be sent as {1}, take parked off it in the configuration, and list who sends.", \
        "{1} としてメールを送るのであれば、設定から parked を外し、送信元を登録してください。") \
    X(do_parse,            "To see every row, save the report mails and run {1} on them.", \
        "すべての行を見るには、レポートのメールを保存して {1} を実行してください。") \
    /* below it all */ \
    X(footer_item,         "{1}, incident {2}, episode {3}", \
        "{1}、インシデント {2}、{3} 回目") \
    X(footer_test,         "This is a test of the channel, made by {1}. Nothing of it has happened.", \
        "これは {1} による通知先のテストです。実際に起きたことではありません。") \
    X(footer_notice,       "Notice {1} of dmarcwarn, {2}.", \
        "dmarcwarn の通知 {1}、{2}。") \
    X(footer_tenant,       "For {1}.", \
        "{1} 宛ての通知です。") \
    /* trust: is the key of the configuration */ \
    X(not_verified,        "The reports are not verified: set trust: in the configuration to have it checked whether they come from "\
        "who they name.", \
        "未検証: レポートが名乗っている相手から届いたものかどうかは確認していません。設定の trust: で検証できます。") \
    X(partly_verified,     "The reports about {1} of the {2} {2|domain|domains} are not verified: set trust: in the configuration to have it checked "\
        "whether they come from who they name.", \
        "未検証： {2} ドメインのうち {1} ドメインのレポートは、名乗っている相手から届いたものかどうかを確認していません。設定の trust: で検証できます。") \
    X(more_incidents,      "{1} more {1|incident is|incidents are} not spelt out here.", \
        "ほかに {1} 件のインシデントがありますが、ここには記載していません。") \
    X(known_incidents,     "{1} other {1|incident|incidents} of {2} {1|goes|go} on and {1|was|were} told before.", \
        "{2} では、すでにお知らせした {1} 件のインシデントが続いています。") \
    X(repeat_possible,     "This may be a repetition: an earlier attempt to send this notice was interrupted.", \
        "この通知は重複している可能性があります。以前の送信が中断されました。")
/* clang-format on */

#endif
