#include "migration_private.h"

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

static const struct migration_step steps[] = {
	{ "messages, bodies and the ledger", first },
	{ "one body for all recipients", shared },
	{ "campaigns, features, feedback and rulings", learning },
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
		g_set_error(error, STORE_ERROR, STORE_ERROR_BROKEN,
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
