#include "migration_private.h"
#include "pg_schema_private.h"

#include "store/store.h"

/*
 * What lists and history read comes first in `message`: SQLite walks a row
 * from its start, and the long fields may lie on pages of their own. `seq` is
 * the order of arrival in this database; no key of ours is made of it.
 */
static const char first[] =
	"CREATE TABLE message ("
	" seq INTEGER PRIMARY KEY,"
	" time INTEGER NOT NULL,"
	" fingerprint INTEGER NOT NULL,"
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" state INTEGER NOT NULL,"
	" state_time INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" outreach REAL NOT NULL,"
	" relevance REAL NOT NULL,"
	" digest TEXT NOT NULL,"
	" sender TEXT NOT NULL,"
	" rcpt TEXT NOT NULL,"
	" author TEXT NOT NULL,"
	" author_name TEXT NOT NULL,"
	" subject TEXT NOT NULL,"
	" message_id TEXT NOT NULL,"
	" queue_id TEXT NOT NULL,"
	" node TEXT NOT NULL,"
	" verdict TEXT NOT NULL,"
	" priority TEXT NOT NULL,"
	" model TEXT NOT NULL,"
	" gate TEXT NOT NULL,"
	" reasons TEXT NOT NULL,"
	" vendor TEXT NOT NULL,"
	" note TEXT NOT NULL,"
	" owner TEXT NOT NULL DEFAULT '',"
	" lease INTEGER NOT NULL DEFAULT 0,"
	" UNIQUE (buyer, id)"
	") STRICT;"
	"CREATE INDEX message_repeat ON message (buyer, digest);"
	"CREATE INDEX message_vendor ON message (vendor, buyer)"
	" WHERE vendor <> '';"
	"CREATE INDEX message_id ON message (id);"
	"CREATE INDEX message_time ON message (time, state, verdict);"
	/* The states that have a body: held and releasing. */
	"CREATE INDEX message_held ON message (buyer, id, time, state)"
	" WHERE state IN (1, 2);"
	"CREATE TABLE body ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	" frame BLOB NOT NULL,"
	" UNIQUE (buyer, id)"
	") STRICT;"
	"CREATE TABLE ledger ("
	" buyer TEXT NOT NULL,"
	" contact TEXT NOT NULL,"
	" first INTEGER NOT NULL,"
	" last INTEGER NOT NULL,"
	" PRIMARY KEY (buyer, contact)"
	") STRICT, WITHOUT ROWID;";

/*
 * The bytes of one hold, which all its messages share: `refs` of them point
 * here, and the last that lets go takes it along. The key is "buyer/id" of the
 * first that was kept, so that it begins with a buyer as every key does; only
 * release and expiry come here for another buyer's, judging never.
 *
 * The bytes are in a table of their own since SQLite writes a whole row anew
 * when one of its integers changes its width: from two references to one that
 * would be megabytes, which a full disk does not have.
 */
static const char shared[] =
	"CREATE TABLE content ("
	" id TEXT PRIMARY KEY,"
	" refs INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" frame INTEGER NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE frame ("
	" seq INTEGER PRIMARY KEY,"
	" bytes BLOB NOT NULL"
	") STRICT;"
	"ALTER TABLE message ADD COLUMN content TEXT NOT NULL DEFAULT '';"
	"INSERT INTO frame (seq, bytes) SELECT body.rowid, frame FROM body"
	" JOIN message USING (buyer, id);"
	"INSERT INTO content (id, refs, size, frame)"
	" SELECT buyer || '/' || id, 1, body.size, body.rowid FROM body"
	" JOIN message USING (buyer, id);"
	"UPDATE message SET content = buyer || '/' || id"
	" WHERE (buyer, id) IN (SELECT buyer, id FROM body);"
	"DROP TABLE body;";

/*
 * What learning needs. A row of `touch` stands for a message of a campaign and
 * has its `seq`; `origin` is what likeness_origin() makes of it, `author` a
 * hash of the author's address. Other mail costs nothing there.
 */
static const char learning[] =
	"ALTER TABLE message ADD COLUMN campaign TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE message ADD COLUMN touch INTEGER NOT NULL DEFAULT 0;"
	"CREATE TABLE touch ("
	" seq INTEGER PRIMARY KEY,"
	" time INTEGER NOT NULL,"
	" fingerprint INTEGER NOT NULL,"
	" buyer TEXT NOT NULL,"
	" campaign TEXT NOT NULL,"
	" origin TEXT NOT NULL,"
	" reference INTEGER NOT NULL,"
	" subject INTEGER NOT NULL,"
	" author INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX touch_campaign"
	" ON touch (buyer, campaign, time, reference);"
	"CREATE INDEX touch_origin ON touch (buyer, origin, time)"
	" WHERE origin <> '';"
	"CREATE INDEX touch_reference ON touch (origin, reference, time)"
	" WHERE origin <> '' AND reference <> 0;"
	"CREATE INDEX touch_subject ON touch (origin, subject, time)"
	" WHERE origin <> '' AND subject <> 0;"
	"CREATE INDEX touch_author ON touch (author, time)"
	" WHERE author <> 0;"
	"CREATE TABLE features ("
	" seq INTEGER PRIMARY KEY,"
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" size INTEGER NOT NULL,"
	" frame BLOB NOT NULL,"
	" UNIQUE (buyer, id)"
	") STRICT;"
	"CREATE INDEX features_time ON features (time);"
	"CREATE TABLE feedback ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" message TEXT NOT NULL,"
	" label INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" retracted INTEGER NOT NULL DEFAULT 0,"
	" retracted_by TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX feedback_active ON feedback (buyer, message)"
	" WHERE retracted = 0;"
	"CREATE TABLE ruling ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" scope INTEGER NOT NULL,"
	" word INTEGER NOT NULL,"
	" subject TEXT NOT NULL,"
	" until INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL,"
	" cause TEXT NOT NULL,"
	" undone INTEGER NOT NULL DEFAULT 0,"
	" undone_by TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX ruling_active ON ruling (buyer, subject, scope, time)"
	" WHERE undone = 0;";

/*
 * What people do about mail. A version's `seq` is its mark. Keys begin with the
 * buyer where there is one; a pass belongs to an address.
 */
static const char people[] =
	"CREATE TABLE version ("
	" seq INTEGER PRIMARY KEY,"
	" buyer TEXT NOT NULL,"
	" number INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL,"
	" note TEXT NOT NULL,"
	" base TEXT NOT NULL,"
	" text TEXT NOT NULL,"
	" UNIQUE (buyer, number)"
	") STRICT;"
	"CREATE TABLE pass ("
	" hash TEXT PRIMARY KEY,"
	" kind INTEGER NOT NULL,"
	" address TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" until INTEGER NOT NULL,"
	" ended INTEGER NOT NULL,"
	" agent TEXT NOT NULL,"
	" client TEXT NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX pass_until ON pass (until);"
	"CREATE TABLE audit ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" action TEXT NOT NULL,"
	" object TEXT NOT NULL,"
	" detail TEXT NOT NULL,"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX audit_id ON audit (id);"
	"CREATE INDEX audit_who ON audit (who, id);"
	"CREATE TABLE job ("
	" kind TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" lease INTEGER NOT NULL,"
	" owner TEXT NOT NULL,"
	" done INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL,"
	" note TEXT NOT NULL,"
	" PRIMARY KEY (kind, key)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX job_time ON job (kind, time);"
	"CREATE TABLE pending ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"
	" message TEXT NOT NULL,"
	" giver TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" until INTEGER NOT NULL,"
	" ended INTEGER NOT NULL DEFAULT 0,"
	" ended_by TEXT NOT NULL DEFAULT '',"
	" note TEXT NOT NULL,"
	" PRIMARY KEY (buyer, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE UNIQUE INDEX pending_open ON pending (buyer, message, kind)"
	" WHERE ended = 0;";

/*
 * Held mail by campaign. `waiting` is what is held, with its place in the order
 * of regret: that of store/queue.h without the buyer's threshold, which is the
 * same for all. `fold` sums it up, a row a campaign; message_fold has all that
 * is asked for then.
 *
 * Triggers keep the sums when a state changes. A new message is added by the
 * driver (sqlite_sum.c): a trigger makes SQLite copy every page that an insert
 * changes, in case it must be taken back, and that doubles what a note costs.
 */
static const char held[] =
	"CREATE INDEX message_fold ON message (buyer, campaign, time, id,"
	" outreach, relevance, vendor, priority) WHERE state = 1;"
	"CREATE INDEX touch_reach ON touch (campaign, buyer);"
	"CREATE VIEW waiting AS SELECT seq, buyer, campaign, id, time, vendor,"
	" priority, subject, author, author_name, CASE campaign WHEN '' THEN "
	"id ELSE campaign END AS key,"
	" CASE WHEN outreach < 0 AND relevance < 0 THEN -1.0"
	" ELSE 1.0 - iif(outreach < 0, 0.5, outreach)"
	" * (1.0 - iif(relevance < 0, 0.5, relevance)) END"
	" - 2.0 * EXISTS (SELECT 1 FROM feedback"
	" WHERE feedback.buyer = message.buyer"
	" AND feedback.message = message.id AND retracted = 0) AS rank"
	" FROM message WHERE state = 1;"
	"CREATE TABLE fold ("
	" buyer TEXT NOT NULL,"
	" key TEXT NOT NULL,"
	" n INTEGER NOT NULL,"
	" first INTEGER NOT NULL,"
	" last INTEGER NOT NULL,"
	" rank REAL NOT NULL,"
	" top TEXT NOT NULL,"
	" vendor TEXT NOT NULL,"
	" PRIMARY KEY (buyer, key)"
	") STRICT, WITHOUT ROWID;";

#define FOLD_ENTER                                                             \
	" BEGIN"                                                               \
	" INSERT INTO fold (buyer, key, n, first, last, rank, top, vendor)"    \
	" SELECT buyer, key, 1, time, time, rank, id, vendor FROM waiting"     \
	" WHERE seq = new.seq ON CONFLICT (buyer, key) DO UPDATE SET"          \
	" n = n + 1, first = min(first, excluded.first),"                      \
	" last = max(last, excluded.last),"                                    \
	" (rank, top, vendor) = (SELECT excluded.rank, excluded.top,"          \
	" excluded.vendor WHERE (excluded.rank, excluded.top) > (rank, top)"   \
	" UNION ALL SELECT rank, top, vendor LIMIT 1);"                        \
	" END;"
#define FOLD_TOP                                                               \
	"(rank, top, vendor) = (SELECT rank, id, vendor FROM waiting"          \
	" WHERE waiting.buyer = fold.buyer AND campaign = fold.key"            \
	" ORDER BY rank DESC, id DESC LIMIT 1)"
#define FOLD_LEFT                                                              \
	" WHERE buyer = old.buyer AND key ="                                   \
	" CASE old.campaign WHEN '' THEN old.id ELSE old.campaign END"

static const char folds[] =
	"INSERT INTO fold (buyer, key, n, first, last, rank, top, vendor)"
	" SELECT buyer, key, n, first, last, rank, id, vendor FROM"
	" (SELECT *, count(*) OVER whole AS n, min(time) OVER whole AS first,"
	" max(time) OVER whole AS last, row_number() OVER"
	" (PARTITION BY buyer, key ORDER BY rank DESC, id DESC) AS place"
	" FROM waiting WINDOW whole AS (PARTITION BY buyer, key))"
	" WHERE place = 1;"
	"CREATE TRIGGER fold_enter AFTER UPDATE OF state ON message"
	" WHEN new.state = 1 AND old.state <> 1" FOLD_ENTER
	"CREATE TRIGGER fold_leave AFTER UPDATE OF state ON message"
	" WHEN old.state = 1 AND new.state <> 1 BEGIN"
	" UPDATE fold SET n = n - 1" FOLD_LEFT ";"
	" DELETE FROM fold" FOLD_LEFT " AND n = 0;"
	" UPDATE fold SET"
	" first = (SELECT min(time) FROM waiting"
	" WHERE waiting.buyer = fold.buyer AND campaign = fold.key),"
	" last = (SELECT max(time) FROM waiting"
	" WHERE waiting.buyer = fold.buyer AND campaign = fold.key)"
	" WHERE buyer = old.buyer AND key = old.campaign"
	" AND old.time IN (first, last);"
	" UPDATE fold SET " FOLD_TOP " WHERE buyer = old.buyer"
	" AND key = old.campaign AND top = old.id;"
	" END;";

/* A label takes its message to the end of the order, and back. */
#define FOLD_LABEL                                                             \
	" BEGIN"                                                               \
	" UPDATE fold SET rank = waiting.rank FROM waiting"                    \
	" WHERE waiting.buyer = new.buyer AND waiting.id = new.message"        \
	" AND campaign = '' AND fold.buyer = new.buyer"                        \
	" AND fold.key = new.message;"                                         \
	" UPDATE fold SET " FOLD_TOP " WHERE buyer = new.buyer"                \
	" AND key = (SELECT campaign FROM waiting"                             \
	" WHERE waiting.buyer = new.buyer AND id = new.message);"              \
	" END;"

static const char labels[] =
	"CREATE TRIGGER fold_label AFTER INSERT ON feedback"
	" WHEN new.retracted = 0" FOLD_LABEL
	"CREATE TRIGGER fold_retract AFTER UPDATE OF retracted ON "
	"feedback" FOLD_LABEL;

/*
 * What came on a day and what became of it, for each buyer and, as the buyer
 * '', for all: `flow` sums up `fate`, which is what one message counts as.
 */
#define FLOW_ADD                                                               \
	" BEGIN"                                                               \
	" INSERT INTO flow SELECT buyer, day, priority, delivered,"            \
	" tagged, held, released, relevant FROM fate WHERE seq = new.seq"      \
	" UNION ALL SELECT '', day, priority, delivered, tagged, held,"        \
	" released, relevant FROM fate WHERE seq = new.seq"                    \
	" ON CONFLICT (buyer, day, priority) DO UPDATE SET"                    \
	" delivered = delivered + excluded.delivered,"                         \
	" tagged = tagged + excluded.tagged,"                                  \
	" held = held + excluded.held,"                                        \
	" released = released + excluded.released,"                            \
	" relevant = relevant + excluded.relevant;"                            \
	" END;"
#define FLOW_TAKE                                                              \
	" BEGIN"                                                               \
	" UPDATE flow SET delivered = flow.delivered - fate.delivered,"        \
	" tagged = flow.tagged - fate.tagged, held = flow.held - fate.held,"   \
	" released = flow.released - fate.released,"                           \
	" relevant = flow.relevant - fate.relevant"                            \
	" FROM fate WHERE fate.seq = old.seq"                                  \
	" AND flow.buyer IN ('', old.buyer) AND flow.day = fate.day"           \
	" AND flow.priority = fate.priority;"                                  \
	" END;"

static const char flow[] =
	"CREATE TABLE flow ("
	" buyer TEXT NOT NULL,"
	" day INTEGER NOT NULL,"
	" priority TEXT NOT NULL,"
	" delivered INTEGER NOT NULL,"
	" tagged INTEGER NOT NULL,"
	" held INTEGER NOT NULL,"
	" released INTEGER NOT NULL,"
	" relevant INTEGER NOT NULL,"
	" PRIMARY KEY (buyer, day, priority)"
	") STRICT, WITHOUT ROWID;"
	"CREATE VIEW fate AS SELECT seq, buyer,"
	" time / 86400000000 * 86400000000 AS day, priority,"
	" state = 0 AND verdict <> 'tag' AS delivered,"
	" state = 0 AND verdict = 'tag' AS tagged,"
	" state <> 0 AS held,"
	" state = 3 AS released,"
	" state = 0 AND verdict = 'deliver' AND outreach >= 0.5 AS relevant"
	" FROM message;"
	"INSERT INTO flow SELECT buyer, day, priority, sum(delivered),"
	" sum(tagged), sum(held), sum(released), sum(relevant) FROM fate"
	" GROUP BY buyer, day, priority;"
	"INSERT INTO flow SELECT '', day, priority, sum(delivered),"
	" sum(tagged), sum(held), sum(released), sum(relevant) FROM flow"
	" GROUP BY day, priority;"
	"CREATE TRIGGER flow_leave BEFORE UPDATE OF state ON message"
	" WHEN old.state <> new.state" FLOW_TAKE
	"CREATE TRIGGER flow_enter AFTER UPDATE OF state ON message"
	" WHEN old.state <> new.state" FLOW_ADD
	"CREATE TRIGGER flow_delete BEFORE DELETE ON message" FLOW_TAKE;

/*
 * Cards of vendors: a domain without a row is its own. Claims have the domain
 * they came from, so that cards can be parted again; `gleaned` says which
 * bodies were read.
 */
static const char vendors[] =
	"CREATE TABLE vendor ("
	" domain TEXT PRIMARY KEY,"
	" card TEXT NOT NULL,"
	" name TEXT NOT NULL DEFAULT '',"
	" owner TEXT NOT NULL DEFAULT '',"
	" note TEXT NOT NULL DEFAULT '',"
	" time INTEGER NOT NULL,"
	" giver TEXT NOT NULL"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE claim ("
	" vendor TEXT NOT NULL,"
	" buyer TEXT NOT NULL,"
	" message TEXT NOT NULL,"
	" kind INTEGER NOT NULL,"
	" place INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" text TEXT NOT NULL,"
	" what TEXT NOT NULL,"
	" value REAL NOT NULL,"
	" value_max REAL NOT NULL,"
	" unit TEXT NOT NULL,"
	" currency TEXT NOT NULL,"
	" period TEXT NOT NULL,"
	" PRIMARY KEY (vendor, buyer, message, kind, place)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX claim_time ON claim (time);"
	"CREATE TABLE gleaned ("
	" buyer TEXT NOT NULL,"
	" message TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" PRIMARY KEY (buyer, message)"
	") STRICT, WITHOUT ROWID;";

static const struct migration_step steps[] = {
	{ .what = "messages, bodies and the ledger", .sqlite = { first } },
	{ .what = "one body for all recipients", .sqlite = { shared } },
	{ .what = "campaigns, features, feedback and rulings",
	  .sqlite = { learning } },
	{ .what = "profiles, access, audit, jobs and what is pending",
	  .sqlite = { people, held, folds, labels, flow } },
	{ .what = "cards of vendors and what their mail claims",
	  .sqlite = { vendors } },
	{ .what = "items, sources and metrics",
	  .sqlite = { migration_signals } },
	{ .what = "documents, topics and watches",
	  .sqlite = { migration_search, migration_topics } },
	{ .what = "decisions of groups", .sqlite = { migration_decisions } },
	{ .what = "sums of vendors",
	  .sqlite = { migration_vendors },
	  .pg = { pg_tables_mail, pg_tables_held, pg_tables_said,
		  pg_tables_people, pg_tables_market, pg_tables_search, pg_sums,
		  pg_triggers, pg_triggers_more } },
	{ .what = "models that serve",
	  .sqlite = { migration_models },
	  .pg = { migration_models_pg } },
	{ .what = "the newest versions without their texts",
	  .sqlite = { migration_versions },
	  .pg = { migration_versions_pg } },
	{ .what = "the figures of old days",
	  .sqlite = { migration_days },
	  .pg = { migration_days } },
};

guint
migration_newest(void)
{
	return G_N_ELEMENTS(steps);
}

gboolean
migration_run(const struct migration_target *target, GError **error)
{
	guint version;

	if (!target->version(target->handle, &version, error))
		return FALSE;
	if (version > migration_newest()) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
			    "schema %u is newer than this program's %u",
			    version, migration_newest());
		return FALSE;
	}
	for (; version < migration_newest(); version++) {
		const struct migration_step *step = &steps[version];

		if (!target->run(target->handle, version + 1, step, error)) {
			g_prefix_error(error,
				       "schema step %u (%s): ", version + 1,
				       step->what);
			return FALSE;
		}
	}
	return TRUE;
}
