/*
 * PostgreSQL's tables. They are those of migration.c but for this: what comes
 * with each message is split by its key, so that PostgreSQL's partitioning, or
 * a distributed descendant's, can put it in several places; and no row is
 * written for every message of every buyer.
 *
 * Texts are ordered by their bytes, as SQLite's are.
 */
#include "pg_schema_private.h"

#define TEXT   " text COLLATE \"C\" NOT NULL"
#define NUMBER " bigint NOT NULL"
#define REAL   " double precision NOT NULL"

#define QUOTE(number) #number
#define PARTS_OF(number)                                                       \
	" FOR i IN 0 .. " QUOTE(                                               \
		number) " - 1 LOOP"                                            \
			" EXECUTE format('CREATE TABLE %I"                     \
			" PARTITION OF %I FOR VALUES WITH"                     \
			" (MODULUS " QUOTE(                                    \
				number) ","                                    \
					" REMAINDER %s)', name || '_' || i,"   \
					" name, i); END LOOP;"

/*
 * `kin` has the messages of campaigns by one side, which is the vendor's family
 * or an address, or a hash of the author's address in figures. `ring` has the
 * last fingerprints of all: a small table in one place. Its `seq` begins with
 * the number of the transaction, so that what is committed late does not come
 * before what was read already: rows are given once all that began before them
 * has ended.
 */
const char pg_tables_mail[] =
	"CREATE SEQUENCE message_seq;"
	"CREATE TABLE message ("
	" seq bigint NOT NULL DEFAULT nextval('message_seq'),"
	" time" NUMBER ", fingerprint" NUMBER ", buyer" TEXT ", id" TEXT
	", state" NUMBER ", state_time" NUMBER ", attempts" NUMBER
	", size" NUMBER ", outreach" REAL ", relevance" REAL ", digest" TEXT
	", sender" TEXT ", rcpt" TEXT ", author" TEXT ", author_name" TEXT
	", subject" TEXT ", message_id" TEXT ", queue_id" TEXT ", node" TEXT
	", verdict" TEXT ", priority" TEXT ", model" TEXT ", gate" TEXT
	", reasons" TEXT ", vendor" TEXT ", note" TEXT ", owner" TEXT
	" DEFAULT '', lease" NUMBER " DEFAULT 0, content" TEXT
	" DEFAULT '', campaign" TEXT " DEFAULT '', touch" NUMBER
	" DEFAULT 0, PRIMARY KEY (buyer, id)) PARTITION BY HASH (buyer);"
	"CREATE INDEX message_seq_index ON message (buyer, seq);"
	"CREATE INDEX message_repeat ON message (buyer, digest);"
	"CREATE INDEX message_vendor ON message (vendor, buyer)"
	" WHERE vendor <> '';"
	"CREATE INDEX message_id_index ON message (id);"
	"CREATE INDEX message_time ON message (time, state, verdict);"
	"CREATE INDEX message_held ON message (buyer, id, time, state)"
	" WHERE state IN (1, 2);"
	"CREATE INDEX message_old ON message (time) WHERE state = 1;"
	"CREATE INDEX message_fold ON message (buyer, campaign, time, id)"
	" INCLUDE (seq, outreach, relevance, vendor, priority)"
	" WHERE state = 1;"
	"CREATE INDEX message_offer ON message"
	" (buyer, vendor, priority, time, state, touch, verdict)"
	" WHERE vendor <> '' AND (touch > 0 OR verdict <> 'deliver');";

const char pg_tables_held[] =
	"CREATE TABLE content (id" TEXT " PRIMARY KEY, refs" NUMBER
	", size" NUMBER ", frame" NUMBER ") PARTITION BY HASH (id);"
	"CREATE SEQUENCE frame_seq;"
	"CREATE TABLE frame ("
	" seq bigint PRIMARY KEY DEFAULT nextval('frame_seq'),"
	" bytes bytea NOT NULL) PARTITION BY HASH (seq);"
	"CREATE TABLE ledger (buyer" TEXT ", contact" TEXT ", first" NUMBER
	", last" NUMBER ", PRIMARY KEY (buyer, contact))"
	" PARTITION BY HASH (buyer);"
	"CREATE INDEX ledger_last ON ledger (last);"
	"CREATE SEQUENCE features_seq;"
	"CREATE TABLE features ("
	" seq bigint NOT NULL DEFAULT nextval('features_seq'), buyer" TEXT
	", id" TEXT ", time" NUMBER ", size" NUMBER ", frame bytea NOT NULL,"
	" PRIMARY KEY (buyer, id)) PARTITION BY HASH (buyer);"
	"CREATE INDEX features_time ON features (time);"
	"CREATE INDEX features_seq_index ON features (seq);"
	"CREATE TABLE touch (seq" NUMBER ", time" NUMBER ", fingerprint" NUMBER
	", buyer" TEXT ", campaign" TEXT ", origin" TEXT ", reference" NUMBER
	", subject" NUMBER ", author" NUMBER ", PRIMARY KEY (buyer, seq))"
	" PARTITION BY HASH (buyer);"
	"CREATE INDEX touch_campaign ON touch (buyer, campaign, time);"
	"CREATE INDEX touch_origin ON touch (buyer, origin, time)"
	" WHERE origin <> '';"
	"CREATE INDEX touch_reach ON touch (campaign, buyer);"
	"CREATE TABLE kin (side" TEXT ", seq" NUMBER ", time" NUMBER
	", campaign" TEXT ", reference" NUMBER ", subject" NUMBER
	", PRIMARY KEY (side, seq)) PARTITION BY HASH (side);"
	"CREATE INDEX kin_time ON kin (side, time);"
	"CREATE INDEX kin_reference ON kin (side, reference, time);"
	"CREATE INDEX kin_subject ON kin (side, subject, time);";

const char pg_tables_said[] =
	"CREATE TABLE fold (buyer" TEXT ", key" TEXT ", n" NUMBER
	", first" NUMBER ", last" NUMBER ", rank" REAL ", top" TEXT
	", vendor" TEXT ", PRIMARY KEY (buyer, key)) PARTITION BY HASH (buyer);"
	"CREATE TABLE flow (buyer" TEXT ", day" NUMBER ", priority" TEXT
	", delivered" NUMBER ", tagged" NUMBER ", held" NUMBER
	", released" NUMBER ", relevant" NUMBER
	", PRIMARY KEY (buyer, day, priority)) PARTITION BY HASH (buyer);"
	"CREATE TABLE feedback (buyer" TEXT ", id" TEXT ", message" TEXT
	", label" NUMBER ", time" NUMBER ", giver" TEXT ", source" TEXT
	", retracted" NUMBER " DEFAULT 0, retracted_by" TEXT " DEFAULT '',"
	" PRIMARY KEY (buyer, id)) PARTITION BY HASH (buyer);"
	"CREATE UNIQUE INDEX feedback_active ON feedback (buyer, message)"
	" WHERE retracted = 0;"
	"CREATE TABLE ruling (buyer" TEXT ", id" TEXT ", scope" NUMBER
	", word" NUMBER ", subject" TEXT ", until" NUMBER ", time" NUMBER
	", giver" TEXT ", cause" TEXT ", undone" NUMBER " DEFAULT 0"
	", undone_by" TEXT " DEFAULT '', PRIMARY KEY (buyer, id))"
	" PARTITION BY HASH (buyer);"
	"CREATE INDEX ruling_active ON ruling (buyer, subject, scope, time)"
	" WHERE undone = 0;"
	"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['message',"
	" 'content', 'frame', 'ledger', 'features', 'touch', 'kin', 'fold',"
	" 'flow', 'feedback', 'ruling'] LOOP" PARTS_OF(
		8) " END LOOP; END $$;"
		   "CREATE SEQUENCE ring_seq MAXVALUE 1048575 CYCLE;"
		   "CREATE TABLE ring (kind bigint NOT NULL,"
		   " seq bigint NOT NULL DEFAULT "
		   "(pg_current_xact_id()::text::bigint << 20)"
		   " + nextval('ring_seq'), time" NUMBER ", fingerprint" NUMBER
		   ", buyer" TEXT ", campaign" TEXT
		   ", PRIMARY KEY (kind, seq));"
		   "CREATE FUNCTION ring_settled() RETURNS bigint LANGUAGE sql "
		   "STABLE AS"
		   " $$ SELECT "
		   "pg_snapshot_xmin(pg_current_snapshot())::text::bigint << 20"
		   " $$;";

const char pg_tables_people[] =
	"CREATE SEQUENCE version_seq;"
	"CREATE TABLE version (seq bigint NOT NULL"
	" DEFAULT nextval('version_seq'), buyer" TEXT ", number" NUMBER
	", time" NUMBER ", giver" TEXT ", note" TEXT ", base" TEXT ", text" TEXT
	", PRIMARY KEY (buyer, number));"
	"CREATE TABLE pass (hash" TEXT " PRIMARY KEY, kind" NUMBER
	", address" TEXT ", time" NUMBER ", until" NUMBER ", ended" NUMBER
	", agent" TEXT ", client" TEXT ");"
	"CREATE INDEX pass_until ON pass (until);"
	"CREATE INDEX pass_address ON pass (address);"
	"CREATE TABLE audit (buyer" TEXT ", id" TEXT ", time" NUMBER
	", who" TEXT ", action" TEXT ", object" TEXT ", detail" TEXT
	", PRIMARY KEY (buyer, id));"
	"CREATE UNIQUE INDEX audit_id ON audit (id);"
	"CREATE INDEX audit_who ON audit (who, id);"
	"CREATE TABLE job (kind" TEXT ", key" TEXT ", time" NUMBER
	", lease" NUMBER ", owner" TEXT ", done" NUMBER ", attempts" NUMBER
	", note" TEXT ", PRIMARY KEY (kind, key));"
	"CREATE INDEX job_time ON job (kind, time);"
	"CREATE TABLE pending (buyer" TEXT ", id" TEXT ", kind" NUMBER
	", message" TEXT ", giver" TEXT ", time" NUMBER ", until" NUMBER
	", ended" NUMBER " DEFAULT 0, ended_by" TEXT " DEFAULT '', note" TEXT
	", PRIMARY KEY (buyer, id));"
	"CREATE UNIQUE INDEX pending_open ON pending (buyer, message, kind)"
	" WHERE ended = 0;"
	"CREATE SEQUENCE vote_seq;"
	"CREATE TABLE vote (seq bigint NOT NULL DEFAULT nextval('vote_seq'), "
	"id" TEXT " UNIQUE, team" TEXT ", vendor" TEXT ", member" TEXT
	", word" TEXT ", reason" TEXT ", giver" TEXT ", time" NUMBER
	", PRIMARY KEY (team, seq));"
	"CREATE INDEX vote_team ON vote (team, time);"
	"CREATE TABLE watch (buyer" TEXT ", id" TEXT ", query" TEXT
	", filters" TEXT ", giver" TEXT ", time" NUMBER
	", PRIMARY KEY (buyer, id), UNIQUE (buyer, query, filters));";

const char pg_tables_market[] =
	"CREATE TABLE vendor (domain" TEXT " PRIMARY KEY, card" TEXT
	", name" TEXT " DEFAULT '', owner" TEXT " DEFAULT '', note" TEXT
	" DEFAULT ''"
	", time" NUMBER ", giver" TEXT ");"
	"CREATE TABLE claim (vendor" TEXT ", buyer" TEXT ", message" TEXT
	", kind" NUMBER ", place" NUMBER ", time" NUMBER ", text" TEXT
	", what" TEXT ", value" REAL ", value_max" REAL ", unit" TEXT
	", currency" TEXT ", period" TEXT
	", PRIMARY KEY (vendor, buyer, message, kind, place));"
	"CREATE INDEX claim_time ON claim (time);"
	"CREATE TABLE gleaned (buyer" TEXT ", message" TEXT ", time" NUMBER
	", counted" NUMBER " DEFAULT 0, PRIMARY KEY (buyer, message));"
	"CREATE SEQUENCE item_seq;"
	"CREATE TABLE item (seq bigint UNIQUE DEFAULT nextval('item_seq')"
	", source" TEXT ", guid" TEXT ", id" TEXT " UNIQUE, time" NUMBER
	", seen" NUMBER ", link" TEXT ", title" TEXT ", text" TEXT
	", PRIMARY KEY (source, guid));"
	"CREATE INDEX item_time ON item (time);"
	"CREATE INDEX item_seen ON item (seen);"
	"CREATE TABLE source (name" TEXT " PRIMARY KEY, url" TEXT ", etag" TEXT
	", modified" TEXT ", due" NUMBER ", time" NUMBER ", success" NUMBER
	", failures" NUMBER ", error" TEXT ");"
	"CREATE TABLE metric (buyer" TEXT ", priority" TEXT ", day" NUMBER
	", value" REAL ", PRIMARY KEY (buyer, priority, day));";

const char pg_tables_search[] =
	"CREATE SEQUENCE document_seq;"
	"CREATE TABLE document ("
	" seq bigint PRIMARY KEY DEFAULT nextval('document_seq'), kind" NUMBER
	", time" NUMBER ", buyer" TEXT ", vendor" TEXT ", priority" TEXT
	", source" TEXT ", id" TEXT ", relevance" REAL ", fingerprint" NUMBER
	", link" TEXT ");"
	"CREATE UNIQUE INDEX document_id ON document (id, kind, buyer);"
	"CREATE UNIQUE INDEX document_page ON document (vendor, link)"
	" WHERE kind = 2;"
	"CREATE INDEX document_time ON document (time);"
	"CREATE INDEX document_vendor ON document (vendor, time);"
	"CREATE TABLE document_text ("
	" seq bigint PRIMARY KEY REFERENCES document ON DELETE CASCADE"
	", title" TEXT ", size" NUMBER ", frame bytea NOT NULL);"
	/* Terms are ready: a blank ends one and nothing else does. */
	"CREATE TABLE document_terms ("
	" seq bigint PRIMARY KEY REFERENCES document ON DELETE CASCADE"
	", title_terms" TEXT ", terms" TEXT
	", words text[] COLLATE \"C\" NOT NULL GENERATED ALWAYS AS"
	" (array_remove(string_to_array(lower(title_terms || ' ' || terms),"
	" ' '), '')) STORED);"
	"CREATE INDEX document_words ON document_terms USING gin (words);"
	"CREATE SEQUENCE topic_term_seq;"
	"CREATE TABLE topic_term ("
	" seq bigint PRIMARY KEY DEFAULT nextval('topic_term_seq')"
	", vendors" NUMBER ", time" NUMBER ", term" TEXT " UNIQUE, label" TEXT
	");"
	"INSERT INTO topic_term VALUES (0, 0, 0, '', '');"
	"CREATE TABLE topic (term" NUMBER ", vendor" TEXT ", day" NUMBER
	", buyer" TEXT ", priority" TEXT ", n" NUMBER
	", PRIMARY KEY (term, vendor, day, buyer, priority));";

/* The views of migration.c, where `waiting` and `fate` are explained. */
const char pg_sums[] =
	"CREATE VIEW waiting AS SELECT seq, buyer, campaign, id, time, vendor,"
	" priority, subject, author, author_name,"
	" CASE campaign WHEN '' THEN id ELSE campaign END AS key,"
	" CASE WHEN outreach < 0 AND relevance < 0 THEN -1.0::double precision"
	" ELSE 1.0 - (CASE WHEN outreach < 0 THEN 0.5 ELSE outreach END)"
	" * (1.0 - (CASE WHEN relevance < 0 THEN 0.5 ELSE relevance END)) END"
	" - CASE WHEN EXISTS (SELECT 1 FROM feedback"
	" WHERE feedback.buyer = message.buyer"
	" AND feedback.message = message.id AND retracted = 0)"
	" THEN 2.0 ELSE 0.0 END AS rank"
	" FROM message WHERE state = 1;"
	"CREATE VIEW fate AS SELECT seq, buyer,"
	" time / 86400000000 * 86400000000 AS day, priority,"
	" (state = 0 AND verdict <> 'tag')::int AS delivered,"
	" (state = 0 AND verdict = 'tag')::int AS tagged,"
	" (state <> 0)::int AS held,"
	" (state = 3)::int AS released,"
	" (state = 0 AND verdict = 'deliver' AND outreach >= 0.5)::int"
	" AS relevant FROM message;";

#define FATE(row, sign)                                                        \
	" UPDATE flow SET"                                                     \
	" delivered = delivered " sign " (" row ".state = 0 AND " row          \
	".verdict <> 'tag')::int,"                                             \
	" tagged = tagged " sign " (" row ".state = 0 AND " row                \
	".verdict = 'tag')::int,"                                              \
	" held = held " sign " (" row ".state <> 0)::int,"                     \
	" released = released " sign " (" row ".state = 3)::int,"              \
	" relevant = relevant " sign " (" row ".state = 0 AND " row            \
	".verdict = 'deliver' AND " row ".outreach >= 0.5)::int"               \
	" WHERE buyer = " row ".buyer AND day = " row                          \
	".time / 86400000000 * 86400000000 AND priority = " row ".priority;"
#define TOP                                                                    \
	"(rank, top, vendor) = (SELECT w.rank, w.id, w.vendor FROM waiting w"  \
	" WHERE w.buyer = fold.buyer AND w.campaign = fold.key"                \
	" ORDER BY w.rank DESC, w.id DESC LIMIT 1)"
#define BEATS "(excluded.rank, excluded.top) > (fold.rank, fold.top)"
#define BEST(column)                                                           \
	column " = CASE WHEN " BEATS " THEN excluded." column                  \
	       " ELSE fold." column " END"

/* Rows of the changed message's own buyer only. */
const char pg_triggers[] =
	"CREATE FUNCTION message_changes() RETURNS trigger LANGUAGE plpgsql AS"
	" $$ BEGIN" FATE("old", "-") " IF tg_op = 'UPDATE' THEN" FATE(
		"new",
		"+") " END IF;"
		     /* It leaves the queue. */
		     " IF old.state = 1 AND (tg_op = 'DELETE' OR new.state <> "
		     "1) THEN"
		     " UPDATE fold SET n = n - 1 WHERE buyer = old.buyer AND "
		     "key ="
		     " CASE old.campaign WHEN '' THEN old.id ELSE old.campaign "
		     "END;"
		     " DELETE FROM fold WHERE buyer = old.buyer AND key ="
		     " CASE old.campaign WHEN '' THEN old.id ELSE old.campaign "
		     "END"
		     " AND n = 0;"
		     " UPDATE fold SET first = (SELECT min(w.time) FROM "
		     "waiting w"
		     " WHERE w.buyer = fold.buyer AND w.campaign = fold.key),"
		     " last = (SELECT max(w.time) FROM waiting w"
		     " WHERE w.buyer = fold.buyer AND w.campaign = fold.key)"
		     " WHERE buyer = old.buyer AND key = old.campaign"
		     " AND old.time IN (first, last);"
		     " UPDATE fold SET " TOP " WHERE buyer = old.buyer"
		     " AND key = old.campaign AND top = old.id; END IF;"
		     /* Or comes back to it. */
		     " IF tg_op = 'UPDATE' AND new.state = 1 AND old.state <> "
		     "1 THEN"
		     " INSERT INTO fold (buyer, key, n, first, last, rank, "
		     "top, vendor)"
		     " SELECT buyer, key, 1, time, time, rank, id, vendor FROM "
		     "waiting"
		     " WHERE buyer = new.buyer AND seq = new.seq"
		     " ON CONFLICT (buyer, key) DO UPDATE SET n = fold.n + 1,"
		     " first = least(fold.first, excluded.first),"
		     " last = greatest(fold.last, excluded.last), " BEST(
			     "rank") ", " BEST("top") ", " BEST("vendor") "; "
									  "END "
									  "IF;"
									  " RET"
									  "URN "
									  "NULL"
									  "; "
									  "END "
									  "$$;";

const char pg_triggers_more[] =
	"CREATE TRIGGER message_changed AFTER UPDATE OF state ON message"
	" FOR EACH ROW WHEN (old.state <> new.state)"
	" EXECUTE FUNCTION message_changes();"
	"CREATE TRIGGER message_dropped AFTER DELETE ON message"
	" FOR EACH ROW EXECUTE FUNCTION message_changes();"
	"CREATE FUNCTION feedback_changes() RETURNS trigger LANGUAGE plpgsql AS"
	" $$ DECLARE it waiting%ROWTYPE; BEGIN"
	" SELECT * INTO it FROM waiting w"
	" WHERE w.buyer = new.buyer AND w.id = new.message;"
	" IF NOT FOUND THEN RETURN NULL; END IF;"
	" IF it.campaign = '' THEN UPDATE fold SET rank = it.rank"
	" WHERE buyer = new.buyer AND key = new.message;"
	" ELSE UPDATE fold SET " TOP
	" WHERE buyer = new.buyer AND key = it.campaign; END IF;"
	" RETURN NULL; END $$;"
	"CREATE TRIGGER feedback_given AFTER INSERT ON feedback"
	" FOR EACH ROW WHEN (new.retracted = 0)"
	" EXECUTE FUNCTION feedback_changes();"
	"CREATE TRIGGER feedback_retracted AFTER UPDATE OF retracted ON "
	"feedback"
	" FOR EACH ROW EXECUTE FUNCTION feedback_changes();"
	/* A mail's document goes with its body, an item's with the item. */
	"CREATE FUNCTION document_goes() RETURNS trigger LANGUAGE plpgsql AS"
	" $$ BEGIN DELETE FROM document"
	" WHERE kind = 0 AND id = old.id AND buyer = old.buyer;"
	" RETURN NULL; END $$;"
	"CREATE TRIGGER document_body AFTER UPDATE OF state, content ON message"
	" FOR EACH ROW WHEN (old.state IN (1, 2) AND old.content <> ''"
	" AND (new.state NOT IN (1, 2) OR new.content = ''))"
	" EXECUTE FUNCTION document_goes();"
	"CREATE TRIGGER document_message AFTER DELETE ON message"
	" FOR EACH ROW EXECUTE FUNCTION document_goes();"
	"CREATE FUNCTION document_item_goes() RETURNS trigger LANGUAGE plpgsql"
	" AS $$ BEGIN DELETE FROM document WHERE kind = 1 AND id = old.id;"
	" RETURN NULL; END $$;"
	"CREATE TRIGGER document_item AFTER DELETE ON item"
	" FOR EACH ROW EXECUTE FUNCTION document_item_goes();";
