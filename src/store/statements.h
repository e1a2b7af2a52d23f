/* All SQL of the store but the schema and the settings: prepared once, bound values only. Needs SQLite
 * 3.34 (no RETURNING, no STRICT). */
#ifndef STORE_STATEMENTS_H
#define STORE_STATEMENTS_H

/* clang-format off */
#define STATEMENTS(X) \
    X(begin,            "BEGIN IMMEDIATE") \
    X(commit,           "COMMIT") \
    X(savepoint,        "SAVEPOINT mail") \
    X(savepoint_keep,   "RELEASE mail") \
    X(savepoint_undo,   "ROLLBACK TO mail") \
    \
    X(meta_get,         "SELECT value FROM meta WHERE key = ?1") \
    X(meta_put,         "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)") \
    X(meta_drop,        "DELETE FROM meta WHERE key = ?1") \
    X(meta_add,         "INSERT INTO meta(key, value) VALUES(?1, ?2)" \
                        " ON CONFLICT(key) DO UPDATE SET value = value + excluded.value") \
    \
    X(mailbox_make,     "INSERT OR IGNORE INTO mailbox(host, port, user, folder, uidvalidity, mark)" \
                        " VALUES(?1, ?2, ?3, ?4, 0, 0)") \
    X(mailbox_get,      "SELECT id, uidvalidity, mark FROM mailbox" \
                        " WHERE host = ?1 AND port = ?2 AND user = ?3 AND folder = ?4") \
    X(mailbox_validity, "SELECT uidvalidity FROM mailbox WHERE id = ?1") \
    X(mailbox_void,     "UPDATE mailbox SET uidvalidity = ?2, mark = 0 WHERE id = ?1") \
    X(mailbox_mark,     "SELECT mark FROM mailbox WHERE id = ?1 AND uidvalidity = ?2") \
    X(mailbox_move,     "UPDATE mailbox SET mark = ?2 WHERE id = ?1 AND mark < ?2") \
    X(mailbox_settled,  "SELECT 1 FROM mail WHERE mailbox = ?1 AND uidvalidity = ?2 AND uid = ?3" \
                        " UNION ALL SELECT 1 FROM gap WHERE mailbox = ?1 AND uid = ?3 LIMIT 1") \
    X(gap_list,         "SELECT uid, tries, reason, size FROM gap WHERE mailbox = ?1 ORDER BY uid") \
    X(gap_count,        "SELECT count(*) FROM gap WHERE mailbox = ?1") \
    X(gap_tries,        "SELECT tries FROM gap WHERE mailbox = ?1 AND uid = ?2") \
    X(gap_put,          "INSERT OR REPLACE INTO gap(mailbox, uid, reason, detail, size, tries)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)") \
    X(gap_drop,         "DELETE FROM gap WHERE mailbox = ?1 AND uid = ?2") \
    X(gap_void,         "DELETE FROM gap WHERE mailbox = ?1") \
    X(debt_void,        "DELETE FROM debt WHERE mailbox = ?1") \
    X(debt_put,         "INSERT OR REPLACE INTO debt(mailbox, action, uid, argument, tries)" \
                        " VALUES(?1, ?2, ?3, ?4, 0)") \
    X(debt_list,        "SELECT uid FROM debt WHERE mailbox = ?1 AND action = ?2" \
                        " AND CAST(argument AS INTEGER) <= ?3 ORDER BY uid LIMIT ?4") \
    X(debt_count,       "SELECT count(*) FROM debt WHERE mailbox = ?1 AND action = ?2" \
                        " AND CAST(argument AS INTEGER) <= ?3") \
    X(debt_drop,        "DELETE FROM debt WHERE mailbox = ?1 AND action = ?2 AND uid = ?3") \
    X(debt_forget,      "DELETE FROM debt WHERE mailbox = ?1 AND action = ?2") \
    \
    X(file_get,         "SELECT size, mtime, uid, done FROM file WHERE mailbox = ?1 AND path = ?2") \
    X(file_last,        "SELECT max(coalesce((SELECT max(uid) FROM mail WHERE mailbox = ?1 AND uidvalidity = ?2), 0)," \
                        " coalesce((SELECT max(uid) FROM gap WHERE mailbox = ?1), 0))") \
    X(file_put,         "INSERT OR REPLACE INTO file(mailbox, path, size, mtime, uid, done)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)") \
    \
    X(mail_get,         "SELECT id FROM mail WHERE mailbox = ?1 AND uidvalidity = ?2 AND uid = ?3") \
    X(mail_put,         "INSERT INTO mail(mailbox, uidvalidity, uid, size, internaldate, stored, state, reason," \
                        " from_domain, message_id, authentication)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") \
    X(mail_update,      "UPDATE mail SET size = ?2, internaldate = ?3, stored = ?4, state = ?5, reason = ?6," \
                        " from_domain = ?7, message_id = ?8, authentication = ?9" \
                        " WHERE id = ?1") \
    X(mail_above,       "SELECT uid FROM mail WHERE mailbox = ?1 AND uidvalidity = ?2 AND uid > ?3 AND uid NOT IN" \
                        " (SELECT uid FROM gap WHERE mailbox = ?1) ORDER BY uid LIMIT ?4") \
    /* By the first mail of each that says the same of itself, so that later ones displace none. */ \
    X(mail_reporters,   "SELECT mailbox, from_domain, authentication FROM mail WHERE mailbox = ?1 AND state = 'read'" \
                        " AND from_domain IS NOT NULL GROUP BY from_domain, authentication ORDER BY min(id) LIMIT ?2") \
    X(quarantine_put,   "INSERT INTO quarantine(mail, document, member, reason, detail, since)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)") \
    X(quarantine_drop,  "DELETE FROM quarantine WHERE mail = ?1") \
    X(quarantine_since, "SELECT min(since) FROM quarantine WHERE mail = ?1") \
    X(quarantine_list,  "SELECT m.id, min(q.since), b.id, b.host, b.port, b.user, b.folder," \
                        " b.uidvalidity = m.uidvalidity, m.uidvalidity, m.uid, m.size, m.internaldate," \
                        " r.mail IS NOT NULL, count(*) FROM quarantine q JOIN mail m ON m.id = q.mail" \
                        " JOIN mailbox b ON b.id = m.mailbox LEFT JOIN raw_mail r ON r.mail = m.id" \
                        " WHERE ?1 IS NULL OR m.id = ?1 GROUP BY m.id ORDER BY m.id") \
    X(quarantine_mail,  "SELECT document, member, reason, detail FROM quarantine WHERE mail = ?1" \
                        " ORDER BY document, id") \
    X(quarantine_old,   "SELECT DISTINCT mail FROM quarantine WHERE since < ?1 ORDER BY mail LIMIT ?2") \
    X(raw_get,          "SELECT size, bytes FROM raw_mail WHERE mail = ?1") \
    X(raw_size,         "SELECT length(bytes) FROM raw_mail WHERE mail = ?1") \
    X(raw_oldest,       "SELECT mail, length(bytes) FROM raw_mail ORDER BY mail LIMIT 1") \
    X(raw_put,          "INSERT INTO raw_mail(mail, size, bytes) VALUES(?1, ?2, ?3)") \
    X(raw_drop,         "DELETE FROM raw_mail WHERE mail = ?1") \
    \
    X(name_id,          "SELECT id FROM name WHERE text = ?1") \
    X(name_put,         "INSERT INTO name(text) VALUES(?1)") \
    X(name_text,        "SELECT text FROM name WHERE id = ?1") \
    X(evidence_id,      "SELECT id FROM evidence WHERE tuple = ?1") \
    X(evidence_put,     "INSERT INTO evidence(tuple) VALUES(?1)") \
    X(evidence_tuple,   "SELECT tuple FROM evidence WHERE id = ?1") \
    \
    X(seen_get,         "SELECT report FROM seen WHERE facts_id = ?1") \
    X(seen_put,         "INSERT INTO seen(facts_id, set_id, received, report) VALUES(?1, ?2, ?3, ?4)") \
    X(seen_others,      "SELECT 1 FROM seen WHERE set_id = ?1 AND report <> ?2 LIMIT 1") \
    X(seen_set,         "SELECT report FROM seen WHERE set_id = ?1 ORDER BY received, report") \
    X(report_put,       "INSERT INTO report(set_id, domain, received, clock, begin, end, first_day," \
                        " claimed_begin, claimed_end, dialect, version, org_name, email, extra_contact_info," \
                        " report_id, generator, policy_domain, p, sp, np, adkim, aspf, pct, fo, testing, discovery_method," \
                        " notes, records, records_raw, messages, failed)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17," \
                        " ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)") \
    X(report_error_put, "INSERT INTO report_error(report, n, text) VALUES(?1, ?2, ?3)") \
    X(delivery_put,     "INSERT OR REPLACE INTO delivery(report, mail, member) VALUES(?1, ?2, ?3)") \
    X(delivery_list,    "SELECT m.mailbox, m.from_domain, m.authentication FROM delivery d" \
                        " JOIN mail m ON m.id = d.mail WHERE d.report = ?1 ORDER BY d.mail") \
    X(fact_put,         "INSERT INTO fact(domain, day, report, n, ip, count, disposition, evidence)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
    X(tls_report_put,   "INSERT OR IGNORE INTO tls_report(facts_id, mail, received, org_name, email, report_id," \
                        " begin, end, notes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
    X(tls_policy_put,   "INSERT INTO tls_policy(report, n, type, domain, ok, failed, text)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)") \
    X(tls_failure_put,  "INSERT INTO tls_failure(report, policy, n, result_type, sessions, sending_mta_ip," \
                        " receiving_mx_hostname, receiving_ip, failure_reason_code)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
    X(failure_report_put, "INSERT OR IGNORE INTO failure_report(facts_id, mail, received, feedback_type," \
                        " auth_failure, source_ip, reported_domain, arrival, delivery_result, identity_alignment," \
                        " dkim_domain, dkim_identity, dkim_selector, incidents, header_from_domain, message_id," \
                        " notes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16," \
                        " ?17)") \
    /* CROSS: from the few deliveries of the report, never from all mails of the mailbox. */ \
    X(dirty_report,     "INSERT INTO dirty(domain, from_day) SELECT domain, first_day FROM report WHERE id = ?1" \
                        " AND NOT EXISTS (SELECT 1 FROM delivery d CROSS JOIN mail o ON o.id = d.mail JOIN mail m ON m.id = ?2" \
                        " WHERE d.report = ?1 AND o.id <> m.id AND o.mailbox = m.mailbox" \
                        " AND o.from_domain IS m.from_domain AND o.authentication IS m.authentication)" \
                        " ON CONFLICT(domain) DO UPDATE SET from_day = min(from_day, excluded.from_day)") \
    \
    X(dirty_list,       "SELECT n.text, d.from_day FROM dirty d JOIN name n ON n.id = d.domain" \
                        " ORDER BY n.text") \
    X(dirty_drop,       "DELETE FROM dirty WHERE domain = (SELECT id FROM name WHERE text = ?1)") \
    X(known_list,       "SELECT kind, key, first_day FROM known WHERE domain = ?1 ORDER BY kind, key") \
    X(known_put,        "INSERT INTO known(domain, kind, key, first_day) VALUES(?1, ?2, ?3, ?4)" \
                        " ON CONFLICT(domain, kind, key) DO UPDATE SET first_day = excluded.first_day" \
                        " WHERE excluded.first_day < first_day") \
    X(deadline_put,     "INSERT OR REPLACE INTO deadline(domain, at) VALUES(?1, ?2)") \
    X(deadline_drop,    "DELETE FROM deadline WHERE domain = ?1") \
    X(deadline_list,    "SELECT domain, ?1 / 86400 - 7 FROM deadline WHERE at <= ?1 AND domain NOT IN" \
                        " (SELECT n.text FROM dirty d JOIN name n ON n.id = d.domain) ORDER BY domain") \
    X(domain_list,      "SELECT n.text, min(min(r.first_day), coalesce((SELECT min(day) FROM daily d" \
                        " WHERE d.domain = r.domain), min(r.first_day))) FROM report r JOIN name n ON n.id = r.domain" \
                        " GROUP BY r.domain ORDER BY n.text") \
    X(domain_state,     "SELECT r.clock, r.id FROM report r" \
                        " WHERE r.domain = (SELECT id FROM name WHERE text = ?1) AND r.end <= r.received + ?2" \
                        " ORDER BY r.clock DESC, r.id DESC") \
    X(domain_first,     "SELECT min(clock) FROM (SELECT min(clock) AS clock FROM report" \
                        " WHERE domain = (SELECT id FROM name WHERE text = ?1) UNION ALL SELECT min(day) * 86400" \
                        " FROM daily WHERE domain = (SELECT id FROM name WHERE text = ?1))") \
    X(quiet_list,       "SELECT n.text, 0 FROM report r JOIN name n ON n.id = r.domain GROUP BY r.domain" \
                        " HAVING max(r.clock) > ?1 AND max(r.clock) <= ?2 ORDER BY n.text") \
    X(quiet_days,       "SELECT (r.clock - 1) / 86400, r.id FROM report r" \
                        " WHERE r.domain = (SELECT id FROM name WHERE text = ?1) AND r.clock > ?2" \
                        " ORDER BY r.clock") \
    X(report_delivered, "SELECT 1 FROM report r JOIN delivery d ON d.report = r.id JOIN mail m ON m.id = d.mail" \
                        " JOIN mailbox b ON b.id = m.mailbox WHERE r.domain = (SELECT id FROM name WHERE text = ?1)" \
                        " AND r.clock > ?2 AND NOT (b.host = '' AND b.user = ?3) LIMIT 1") \
    X(report_count,     "SELECT count(*) FROM report WHERE domain = (SELECT id FROM name WHERE text = ?1)" \
                        " AND clock > ?2") \
    X(report_head,      "SELECT r.set_id, EXISTS (SELECT 1 FROM seen o WHERE o.set_id = r.set_id" \
                        " AND o.report <> r.id), r.begin, r.end, r.received, r.org_name, r.email," \
                        " r.policy_domain, r.p, r.sp, r.np, r.adkim, r.aspf, r.pct, r.fo, r.testing," \
                        " r.discovery_method FROM report r WHERE r.id = ?1") \
    X(fact_list,        "SELECT day, report, ip, count, disposition, evidence FROM fact" \
                        " WHERE domain = (SELECT id FROM name WHERE text = ?1) AND day BETWEEN ?2 AND ?3" \
                        " ORDER BY day, report, n") \
    X(daily_list,       "SELECT day, origin, ip, count, disposition, evidence, lag FROM daily" \
                        " WHERE domain = (SELECT id FROM name WHERE text = ?1) AND day BETWEEN ?2 AND ?3" \
                        " ORDER BY day, origin") \
    X(origin_tuple,     "SELECT tuple FROM origin WHERE id = ?1") \
    X(origin_id,        "SELECT id FROM origin WHERE tuple = ?1") \
    X(origin_put,       "INSERT INTO origin(tuple, last_day) VALUES(?1, ?2)") \
    X(origin_keep,      "UPDATE origin SET last_day = ?2 WHERE id = ?1 AND last_day < ?2") \
    \
    X(thin_domain,      "SELECT min(domain) FROM report WHERE domain > ?1") \
    X(thin_newest,      "SELECT max(clock) FROM report WHERE domain = ?1") \
    X(thin_list,        "SELECT id FROM report WHERE domain = ?1 AND clock < ?2 ORDER BY clock LIMIT ?3") \
    X(thin_report,      "SELECT domain, first_day, end FROM report WHERE id = ?1") \
    X(thin_day,         "INSERT INTO daily(domain, day, origin, lag, ip, disposition, evidence, count)" \
                        " SELECT domain, day, ?4, ?5, ip, coalesce(disposition, 0), evidence, count FROM fact" \
                        " WHERE domain = ?1 AND day = ?2 AND report = ?3 ORDER BY n" \
                        " ON CONFLICT(domain, day, origin, lag, ip, disposition, evidence) DO UPDATE" \
                        " SET count = min(count + excluded.count, 4611686018427387904)") \
    X(thin_fact,        "DELETE FROM fact WHERE domain = ?1 AND day = ?2 AND report = ?3") \
    X(thin_error,       "DELETE FROM report_error WHERE report = ?1") \
    X(thin_delivery,    "DELETE FROM delivery WHERE report = ?1") \
    X(thin_head,        "DELETE FROM report WHERE id = ?1") \
    X(thin_seen,        "UPDATE seen SET report = ?3 WHERE set_id = ?1 AND report = ?2") \
    X(thin_mails,       "SELECT id, stored FROM mail WHERE id > ?1 ORDER BY id LIMIT ?2") \
    X(thin_mail,        "DELETE FROM mail WHERE id = ?1 AND EXISTS (SELECT 1 FROM mailbox b WHERE b.id = mail.mailbox" \
                        " AND (b.uidvalidity <> mail.uidvalidity OR mail.uid < b.mark))" \
                        " AND NOT EXISTS (SELECT 1 FROM delivery WHERE mail = ?1)" \
                        " AND NOT EXISTS (SELECT 1 FROM quarantine WHERE mail = ?1)" \
                        " AND NOT EXISTS (SELECT 1 FROM raw_mail WHERE mail = ?1)" \
                        " AND NOT EXISTS (SELECT 1 FROM tls_report WHERE mail = ?1)" \
                        " AND NOT EXISTS (SELECT 1 FROM failure_report WHERE mail = ?1)") \
    X(thin_sum_domain,  "SELECT min(domain) FROM daily WHERE domain > ?1") \
    X(thin_sum_day,     "SELECT min(day) FROM daily WHERE domain = ?1") \
    X(thin_sums,        "DELETE FROM daily WHERE domain = ?1 AND day = ?2") \
    X(thin_forget,      "DELETE FROM seen WHERE facts_id IN (SELECT facts_id FROM seen WHERE report < 0" \
                        " AND report > ?1 LIMIT ?2)") \
    X(thin_origins,     "DELETE FROM origin WHERE id IN (SELECT id FROM origin WHERE last_day < ?1 LIMIT ?2)") \
    X(thin_tls,         "SELECT id FROM tls_report WHERE received < ?1 LIMIT ?2") \
    X(thin_tls_failure, "DELETE FROM tls_failure WHERE report = ?1") \
    X(thin_tls_policy,  "DELETE FROM tls_policy WHERE report = ?1") \
    X(thin_tls_report,  "DELETE FROM tls_report WHERE id = ?1") \
    X(thin_failures,    "DELETE FROM failure_report WHERE id IN (SELECT id FROM failure_report WHERE received < ?1" \
                        " LIMIT ?2)") \
    X(space_all,        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") \
    X(space_free,       "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size") \
    X(space_give_back,  "PRAGMA incremental_vacuum(256)") \
    \
    X(incident_list,    "SELECT id, rule, domain, subject, severity, state, episode, first_day, last_day, opened," \
                        " told_at, told_severity, told_failed, told_let_through, before, after, repeats, due," \
                        " acked_at, acked_by FROM incident WHERE domain = ?1 ORDER BY opened, id") \
    X(incident_put,     "INSERT OR REPLACE INTO incident(id, rule, domain, subject, severity, state, episode," \
                        " first_day, last_day, opened, told_at, told_severity, told_failed, told_let_through," \
                        " before, after, repeats, due, acked_at, acked_by)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18," \
                        " ?19, ?20)") \
    X(incident_all,     "SELECT id, rule, domain, subject, severity, state, episode, first_day, last_day, opened," \
                        " told_at, told_severity, told_failed, told_let_through, before, after, repeats, due," \
                        " acked_at, acked_by FROM incident WHERE ?1 OR state = 'firing'" \
                        " ORDER BY state, CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, domain, id") \
    X(incident_ack,     "UPDATE incident SET acked_at = ?2, acked_by = ?3 WHERE id = ?1 AND state = 'firing'") \
    X(incident_same,    "SELECT DISTINCT i.domain FROM incident i JOIN told t ON t.incident = i.id AND t.channel = ?4" \
                        " AND t.episode = i.episode WHERE i.rule = ?1 AND i.subject = ?2 AND i.state = 'firing'" \
                        " AND i.told_at > 0 AND i.told_at < ?3 ORDER BY i.domain") \
    X(incident_recall,  "UPDATE incident SET due = ?1 WHERE due > 0 AND due > ?1") \
    X(incident_find,    "SELECT id FROM incident WHERE rule = ?1 AND subject = ?2 AND domain = ?3 AND state = 'firing'") \
    X(incident_untell,  "UPDATE incident SET told_at = 0, repeats = 0, told_failed = told_failed * ?2," \
                        " told_let_through = told_let_through * ?2 WHERE id = ?1 AND state = 'firing'" \
                        " AND NOT EXISTS (SELECT 1 FROM told t WHERE t.incident = ?1 AND t.episode = incident.episode)") \
    X(incident_untell_rise, "UPDATE incident SET told_severity = CASE WHEN ?2 THEN 'info' ELSE told_severity END," \
                        " told_failed = told_failed / ?3, told_let_through = told_let_through / ?3" \
                        " WHERE id = ?1 AND state = 'firing' AND NOT EXISTS (SELECT 1 FROM outbox o JOIN outbox x" \
                        " ON x.notice = o.notice WHERE o.id = ?4 AND x.state = 'sent')") \
    X(incident_look,    "UPDATE incident SET due = ?2 WHERE id = ?1 AND state = 'firing' AND (due = 0 OR due > ?2)") \
    X(told_drop,        "DELETE FROM told WHERE incident = ?1 AND channel = (SELECT channel FROM outbox WHERE id = ?2)") \
    X(incident_due,     "SELECT domain, min(last_day) FROM incident WHERE due > 0 AND due <= ?1 GROUP BY domain" \
                        " ORDER BY domain") \
    X(told_list,        "SELECT channel, episode, at FROM told WHERE incident = ?1 ORDER BY channel") \
    X(told_put,         "INSERT OR REPLACE INTO told(incident, channel, episode, at) VALUES(?1, ?2, ?3, ?4)") \
    X(network_list,     "SELECT ip, bits FROM incident_network WHERE incident = ?1 ORDER BY ip, bits") \
    X(network_put,      "INSERT OR IGNORE INTO incident_network(incident, ip, bits) VALUES(?1, ?2, ?3)") \
    X(notice_count,     "SELECT count(*) FROM notice WHERE created > ?1 AND (?2 = '' OR domain = ?2)") \
    X(notice_put,       "INSERT INTO notice(id, domain, severity, created, frozen) VALUES(?1, ?2, ?3, ?4, ?5)") \
    \
    X(outbox_put,       "INSERT INTO outbox(notice, channel, state, not_before, attempts, repeat_possible)" \
                        " VALUES(?1, ?2, 'waiting', ?3, 0, 0)") \
    X(outbox_recover,   "UPDATE outbox SET state = 'waiting', not_before = 0, repeat_possible = 1" \
                        " WHERE state = 'sending'") \
    X(outbox_next,      "SELECT o.id, o.notice, o.channel, n.frozen, n.created, o.attempts, o.repeat_possible" \
                        " FROM outbox o JOIN notice n ON n.id = o.notice WHERE o.state = 'waiting'" \
                        " AND o.not_before NOT BETWEEN ?1 + 1 AND ?1 + ?2" \
                        " AND NOT EXISTS (SELECT 1 FROM channel c WHERE c.name = o.channel" \
                        " AND c.hold_until BETWEEN ?1 + 1 AND ?1 + ?2) ORDER BY o.id LIMIT 1") \
    X(outbox_claim,     "UPDATE outbox SET state = 'sending', attempts = attempts + 1" \
                        " WHERE id = ?1 AND state = 'waiting'") \
    X(outbox_of_domain, "SELECT o.id, n.frozen, n.created FROM outbox o JOIN notice n ON n.id = o.notice" \
                        " WHERE o.state = 'waiting' AND o.channel = ?1 AND n.domain = ?2 AND o.repeat_possible = 0" \
                        " ORDER BY o.id") \
    X(outbox_rest,      "UPDATE outbox SET not_before = ?2 WHERE id = ?1 AND state = 'waiting'") \
    X(outbox_finish,    "UPDATE outbox SET state = ?2, finished = ?3, error = ?4" \
                        " WHERE id = ?1 AND state IN ('waiting', 'sending')") \
    X(outbox_waiting,   "SELECT o.id, n.frozen FROM outbox o JOIN notice n ON n.id = o.notice" \
                        " WHERE o.state = 'waiting' AND o.id > ?1 ORDER BY o.id LIMIT 1") \
    X(outbox_attempt,   "SELECT o.channel, o.attempts, n.created FROM outbox o JOIN notice n ON n.id = o.notice" \
                        " WHERE o.id = ?1 AND o.state = 'sending'") \
    X(outbox_wait,      "UPDATE outbox SET state = 'waiting', not_before = ?2, error = ?3," \
                        " repeat_possible = repeat_possible OR ?4 WHERE id = ?1") \
    X(outbox_counts,    "SELECT (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))," \
                        " (SELECT count(*) FROM outbox WHERE state = 'dead')," \
                        " (SELECT min(n.created) FROM outbox o JOIN notice n ON n.id = o.notice" \
                        " WHERE o.state IN ('waiting', 'sending'))") \
    X(outbox_due,       "UPDATE outbox SET not_before = 0 WHERE channel = ?1 AND state = 'waiting'") \
    X(outbox_expire,    "UPDATE outbox SET state = 'dead', finished = ?3, error = ?4 WHERE channel = ?1" \
                        " AND state = 'waiting' AND (attempts > 0 OR not_before <= ?3)" \
                        " AND notice IN (SELECT id FROM notice WHERE created <= ?2)") \
    X(outbox_list,      "SELECT o.id, o.notice, o.channel, o.state, n.created, o.attempts, max(o.not_before," \
                        " coalesce((SELECT hold_until FROM channel c WHERE c.name = o.channel), 0)), o.error," \
                        " n.domain, n.severity FROM outbox o JOIN notice n ON n.id = o.notice" \
                        " WHERE o.state IN ('waiting', 'sending', 'dead') AND (?1 = 0 OR o.id = ?1)" \
                        " ORDER BY o.id LIMIT ?2") \
    X(outbox_revive,    "UPDATE outbox SET state = 'waiting', not_before = 0, finished = NULL" \
                        " WHERE id = ?1 AND state IN ('waiting', 'dead')") \
    X(outbox_drop,      "DELETE FROM outbox WHERE id = ?1 AND state IN ('waiting', 'dead')") \
    X(channel_hold,     "INSERT INTO channel(name, hold_until) VALUES(?1, ?2)" \
                        " ON CONFLICT(name) DO UPDATE SET hold_until = excluded.hold_until") \
    X(channel_gave_up,  "INSERT INTO channel(name, gave_up) VALUES(?1, ?2)" \
                        " ON CONFLICT(name) DO UPDATE SET gave_up = excluded.gave_up") \
    X(channel_config,   "SELECT config FROM channel WHERE name = ?1 AND config <> 0") \
    X(channel_begin,    "INSERT INTO channel(name, config) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET" \
                        " config = excluded.config, hold_until = 0, parked = NULL, error = NULL") \
    X(channel_park,     "INSERT INTO channel(name, parked, error) VALUES(?1, ?2, ?3) ON CONFLICT(name) DO UPDATE" \
                        " SET parked = coalesce(parked, excluded.parked), error = excluded.error") \
    X(channel_worked,   "UPDATE channel SET parked = NULL, error = NULL WHERE name = ?1 AND parked IS NOT NULL") \
    X(channel_count,    "SELECT count(*) FROM channel") \
    X(channel_list,     "SELECT name, hold_until, coalesce(parked, 0), error, coalesce(gave_up, 0)," \
                        " (SELECT count(*) FROM outbox WHERE channel = name AND state IN ('waiting', 'sending'))," \
                        " (SELECT count(*) FROM outbox WHERE channel = name AND state = 'dead')" \
                        " FROM channel ORDER BY name") \
    X(standing_put,     "INSERT OR REPLACE INTO standing(channel, incident, notice) VALUES(?1, ?2, ?3)") \
    X(standing_list,    "SELECT s.incident, s.notice, coalesce(i.state, '') = 'firing', n.frozen FROM standing s" \
                        " JOIN notice n ON n.id = s.notice LEFT JOIN incident i ON i.id = s.incident" \
                        " WHERE s.channel = ?1 AND s.notice > ?2 ORDER BY s.notice, s.incident LIMIT ?3") \
    X(standing_drop,    "DELETE FROM standing WHERE channel = ?1 AND NOT EXISTS" \
                        " (SELECT 1 FROM incident i WHERE i.id = incident AND i.state = 'firing')") \
    \
    X(silence_put,      "INSERT INTO silence(rules, tenant, domain, subject, starts, ends, author, comment)" \
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)") \
    X(silence_last,     "SELECT max(id) FROM silence") \
    X(silence_list,     "SELECT id, rules, tenant, domain, subject, starts, ends, author, comment FROM silence" \
                        " WHERE ends > ?1 ORDER BY id") \
    X(silence_expire,   "UPDATE silence SET ends = ?2 WHERE id = ?1 AND ends > ?2") \
    \
    X(run_unended,      "SELECT ended IS NULL FROM run ORDER BY id DESC LIMIT 1") \
    X(run_check,        "PRAGMA quick_check(1)") \
    X(run_put,          "INSERT INTO run(started) VALUES(?1)") \
    X(run_end,          "UPDATE run SET ended = ?2, exit_code = ?3, mails = ?4, reports = ?5, known = ?6," \
                        " rejects = ?7, notices = ?8, sent = ?9, failed = ?10 WHERE id = ?1") \
    X(run_last,         "SELECT id, started, ended, exit_code, mails, reports, known, rejects, notices, sent," \
                        " failed FROM run WHERE ended IS NOT NULL ORDER BY id DESC LIMIT 1") \
    X(streak_put,       "INSERT INTO streak(object, runs, since, run, error) VALUES(?1, 1, ?2, ?3, ?4)" \
                        " ON CONFLICT(object) DO UPDATE SET runs = runs + (run <> excluded.run)," \
                        " run = excluded.run, error = excluded.error") \
    X(streak_get,       "SELECT runs, since, error = ?2 FROM streak WHERE object = ?1") \
    X(mailbox_streaks,  "SELECT substr(object, 9), runs, since, error FROM streak WHERE object LIKE 'mailbox:%'" \
                        " ORDER BY object") \
    X(channel_bad,      "SELECT c.name, coalesce(c.parked, 0), coalesce(c.gave_up, 0), coalesce(s.since, 0)," \
                        " coalesce(c.error, s.error), (SELECT count(*) FROM outbox WHERE channel = c.name" \
                        " AND state IN ('waiting', 'sending')) FROM channel c" \
                        " LEFT JOIN streak s ON s.object = 'channel:' || c.name" \
                        " WHERE c.parked IS NOT NULL OR s.object IS NOT NULL ORDER BY c.name") \
    X(run_past,         "SELECT coalesce((SELECT started FROM run WHERE id < ?1 ORDER BY id DESC LIMIT 1), 0)," \
                        " coalesce((SELECT max(started) FROM run WHERE id < ?1), 0)") \
    X(report_ahead,     "SELECT id, end, email FROM report WHERE end > received AND end > ?1 ORDER BY end DESC" \
                        " LIMIT ?2") \
    X(unread_list,      "SELECT m.mailbox, m.from_domain, m.authentication, q.reason, min(q.since) FROM (SELECT mail," \
                        " reason, min(since) AS since FROM quarantine WHERE since > ?1 GROUP BY mail" \
                        " ORDER BY mail DESC LIMIT ?2) q JOIN mail m ON m.id = q.mail" \
                        " GROUP BY m.from_domain, coalesce(m.message_id, m.id) ORDER BY q.mail") \
    X(failure_list,     "SELECT m.mailbox, m.from_domain, m.authentication, f.received, f.feedback_type," \
                        " f.auth_failure, f.reported_domain, f.dkim_domain, f.dkim_selector, f.header_from_domain," \
                        " f.message_id, f.source_ip, f.incidents FROM (SELECT * FROM failure_report" \
                        " WHERE received > ?1 ORDER BY received DESC LIMIT ?2) f JOIN mail m ON m.id = f.mail" \
                        " ORDER BY f.id") \
    X(tls_list,         "SELECT r.id, p.n, p.domain, p.type, p.text, coalesce(r.end, r.begin + 86400, r.received)," \
                        " p.ok, p.failed, coalesce(r.org_name, r.email, ''), r.received, r.mail, f.result_type," \
                        " f.receiving_mx_hostname, f.sessions FROM (SELECT * FROM tls_report" \
                        " WHERE received > ?1 ORDER BY received DESC LIMIT ?2) r JOIN tls_policy p ON p.report = r.id" \
                        " LEFT JOIN tls_failure f ON f.report = r.id AND f.policy = p.n" \
                        " ORDER BY r.id DESC, p.n, f.n") \
    X(tls_asked,        "SELECT r.id, p.n, p.domain, p.type, p.text, coalesce(r.end, r.begin + 86400, r.received)," \
                        " p.ok, p.failed, coalesce(r.org_name, r.email, ''), r.received, r.mail, NULL, NULL, 0" \
                        " FROM (SELECT * FROM tls_report WHERE received > ?1 ORDER BY received DESC LIMIT ?2) r" \
                        " JOIN tls_policy p ON p.report = r.id ORDER BY r.id DESC, p.n") \
    X(tls_seen_list,    "SELECT reporter, policy, day FROM tls_seen WHERE domain = ?1 ORDER BY reporter") \
    X(tls_seen_put,     "INSERT OR REPLACE INTO tls_seen(domain, reporter, policy, day) VALUES(?1, ?2, ?3, ?4)") \
    X(tls_seen_thin,    "DELETE FROM tls_seen WHERE domain = ?1 AND reporter NOT IN (SELECT reporter FROM tls_seen" \
                        " WHERE domain = ?1 ORDER BY day DESC, reporter LIMIT ?2)") \
    X(mail_origin,      "SELECT mailbox, from_domain, authentication FROM mail WHERE id = ?1") \
    X(incident_domains, "SELECT DISTINCT domain FROM incident WHERE rule = ?1 AND state = 'firing' ORDER BY domain") \
    X(streak_drop,      "DELETE FROM streak WHERE object = ?1") \
    \
    X(status_mailbox,   "SELECT uidvalidity, mark, (SELECT count(*) FROM gap WHERE mailbox = m.id) FROM mailbox m" \
                        " WHERE host = ?1 AND port = ?2 AND user = ?3 AND folder = ?4") \
    X(status_streak,    "SELECT runs, since, error FROM streak WHERE object = ?1") \
    X(status_success,   "SELECT max(ended) FROM run WHERE ended IS NOT NULL AND started < ?1") \
    X(status_channel,   "SELECT (SELECT count(*) FROM outbox WHERE channel = ?1 AND state IN ('waiting', 'sending'))," \
                        " (SELECT count(*) FROM outbox WHERE channel = ?1 AND state = 'dead')," \
                        " (SELECT hold_until FROM channel WHERE name = ?1)") \
    X(status_notes, \
      "SELECT reporter, notes, count(*), max(received) FROM (SELECT coalesce(nullif(org_name, ''), " \
      "substr(email, instr(email, '@') + 1), '') AS reporter, notes, received FROM (SELECT org_name, email, " \
      "notes, received FROM report WHERE notes <> '' UNION ALL SELECT org_name, email, notes, received FROM " \
      "tls_report WHERE notes <> '')) GROUP BY reporter COLLATE NOCASE, notes ORDER BY reporter COLLATE NOCASE") \
    X(status_quarantine, "SELECT count(*) FROM quarantine")
/* clang-format on */

enum statement {
#define STATEMENT_ITEM(name, sql) SQL_##name,
    STATEMENTS(STATEMENT_ITEM)
#undef STATEMENT_ITEM
        SQL_END
};

#endif
