#include "migration_private.h"

/*
 * What is searched. `document` is slim, for it is read for each that matches;
 * what a person sees of one is beside it. No number is used twice: the index
 * may still have the words of one that is gone.
 *
 * Whatever takes away a message's body, or an item, takes its document along.
 * The index is a virtual table, which triggers may not touch where the schema
 * is not trusted: they write down in `document_gone` what is to leave it, and
 * the writer sees to that before it commits.
 */
const char migration_search[] =
	"CREATE TABLE document ("
	" seq INTEGER PRIMARY KEY AUTOINCREMENT,"
	" kind INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" buyer TEXT NOT NULL,"
	" vendor TEXT NOT NULL,"
	" priority TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" relevance REAL NOT NULL,"
	" fingerprint INTEGER NOT NULL,"
	" link TEXT NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX document_id ON document (id, kind, buyer);"
	"CREATE UNIQUE INDEX document_page ON document (vendor, link)"
	" WHERE kind = 2;"
	"CREATE INDEX document_time ON document (time);"
	"CREATE INDEX document_vendor ON document (vendor, time);"
	"CREATE TABLE document_text ("
	" seq INTEGER PRIMARY KEY,"
	" title TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	" frame BLOB NOT NULL"
	") STRICT;"
	"CREATE TABLE document_terms ("
	" seq INTEGER PRIMARY KEY,"
	" title_terms TEXT NOT NULL,"
	" terms TEXT NOT NULL"
	") STRICT;"
	"CREATE TABLE document_gone (seq INTEGER PRIMARY KEY) STRICT;"
	/* Terms are ready: a blank ends one and nothing else does. */
	"CREATE VIRTUAL TABLE document_index USING fts5(title_terms, terms,"
	" content='document_terms', content_rowid='seq', tokenize=\"ascii"
	" tokenchars '!\"\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'\");"
	"CREATE VIRTUAL TABLE document_word USING"
	" fts5vocab(document_index, row);"
	"CREATE TRIGGER document_leave AFTER DELETE ON document BEGIN"
	" DELETE FROM document_text WHERE seq = old.seq;"
	" INSERT INTO document_gone (seq) VALUES (old.seq);"
	" END;"
	"CREATE TRIGGER document_body AFTER UPDATE OF state, content ON message"
	" WHEN old.state IN (1, 2) AND old.content <> ''"
	" AND (new.state NOT IN (1, 2) OR new.content = '') BEGIN"
	" DELETE FROM document"
	" WHERE kind = 0 AND id = old.id AND buyer = old.buyer;"
	" END;"
	"CREATE TRIGGER document_message AFTER DELETE ON message BEGIN"
	" DELETE FROM document"
	" WHERE kind = 0 AND id = old.id AND buyer = old.buyer;"
	" END;"
	"CREATE TRIGGER document_item AFTER DELETE ON item BEGIN"
	" DELETE FROM document WHERE kind = 1 AND id = old.id;"
	" END;";

/*
 * Terms by vendor and day. `vendors` of a term counts those that ever wrote it:
 * most are one vendor's, and lists pass over them. Term 0 is of all mail.
 *
 * What was read before there were topics is read again; its quotations are
 * replaced.
 */
const char migration_topics[] =
	"CREATE TABLE topic_term ("
	" seq INTEGER PRIMARY KEY,"
	" vendors INTEGER NOT NULL,"
	" time INTEGER NOT NULL,"
	" term TEXT NOT NULL UNIQUE,"
	" label TEXT NOT NULL"
	") STRICT;"
	"INSERT INTO topic_term (seq, vendors, time, term, label)"
	" VALUES (0, 0, 0, '', '');"
	"CREATE TABLE topic ("
	" term INTEGER NOT NULL,"
	" vendor TEXT NOT NULL,"
	" day INTEGER NOT NULL,"
	" buyer TEXT NOT NULL,"
	" priority TEXT NOT NULL,"
	" n INTEGER NOT NULL,"
	" PRIMARY KEY (term, vendor, day, buyer, priority)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TABLE watch ("
	" buyer TEXT NOT NULL,"
	" id TEXT NOT NULL,"
	" query TEXT NOT NULL,"
	" filters TEXT NOT NULL,"
	" giver TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" PRIMARY KEY (buyer, id),"
	" UNIQUE (buyer, query, filters)"
	") STRICT, WITHOUT ROWID;"
	"ALTER TABLE gleaned ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;"
	"DELETE FROM gleaned;";
