-- psql -v part=PART -v n=MESSAGES -v buyers=BUYERS [-v first=N -v last=N] -f sizing.sql
-- Plants what sizing.c plants, in an empty store that sizing.c or the programs
-- have opened once. For quantities only: turn fsync off. Parts: begin, then
-- rows for each range of messages (several at once), then end, which makes the
-- indexes. Ten million with 100,000 buyers: 20 GB, and 8 GB of log.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';

SELECT :'part' = 'begin' AS begins, :'part' = 'rows' AS fills, :'part' = 'end' AS ends \gset
\if :begins
CREATE EXTENSION IF NOT EXISTS pgcrypto;

CREATE TABLE sizing_later AS
SELECT c.relname AS name, con.conname AS word, 2 - (con.contype = 'p')::int AS turn,
	format('ALTER TABLE %I ADD CONSTRAINT %I %s', c.relname, con.conname, pg_get_constraintdef(con.oid)) AS make,
	format('ALTER TABLE %I DROP CONSTRAINT %I', c.relname, con.conname) AS unmake
FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
WHERE con.contype = 'p' AND c.relname IN ('message', 'features', 'touch', 'kin', 'ring', 'ledger', 'frame', 'content')
UNION ALL
SELECT t.relname, c.relname, 2, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON '), format('DROP INDEX %I', c.relname)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
WHERE NOT i.indisprimary AND t.relname IN ('message', 'features', 'touch', 'kin', 'ring', 'ledger');
SELECT unmake FROM sizing_later \gexec

CREATE FUNCTION sizing_vendor(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN n % 50 = 0 THEN 0 ELSE n * 7919 % 20000 END $$;
CREATE FUNCTION sizing_campaign(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT (CASE WHEN n % 50 = 0 THEN 0 ELSE n * 7919 % 20000 END) * 4 + n % 4 $$;
CREATE FUNCTION sizing_time(n bigint, of bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT 1795359600000000 - (of - n) * (365 * 86400000000 / of) $$;
CREATE FUNCTION sizing_id(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT lpad(n::text, 10, '0') || upper(substr(md5(n::text), 1, 16)) $$;
\endif

\if :fills
\timing on
INSERT INTO message (seq, time, fingerprint, buyer, id, state, state_time, attempts, size, outreach, relevance,
	digest, sender, rcpt, author, author_name, subject, message_id, queue_id, node, verdict, priority, model, gate,
	reasons, vendor, note, content, campaign, touch)
SELECT n, sizing_time(n, :n), hashint8extended(n, 0), 'buyer' || n * 104729 % :buyers, sizing_id(n),
	(n % 20 = 0)::int, 1795359600000000, 0, 9000,
	CASE WHEN n % 10 < 3 THEN 0.5 + n % 5000 / 10000.0 ELSE -1 END, CASE WHEN n % 10 < 3 THEN n % 9973 / 9973.0 ELSE -1 END,
	CASE WHEN n % 20 = 0 THEN md5(n::text) || md5('x' || n) ELSE substr(md5(n::text), 1, 16) END,
	'bounce' || n % 97 || '@vendor' || sizing_vendor(n) || '.example', '<buyer' || n * 104729 % :buyers || '@buyer.example>',
	'rep' || n % 7 || '@vendor' || sizing_vendor(n) || '.example', 'Jordan Seller',
	'A quick idea for your team, ' || lpad(n::text, 13, '0'), '<' || lpad(n::text, 36, '0') || '@v.example>', '4Q' || lpad(n::text, 9, '0'),
	'mx1.buyer.example', CASE WHEN n % 20 = 0 THEN 'quarantine' ELSE 'deliver' END,
	CASE WHEN n % 10 >= 3 THEN '' WHEN n % 3 = 0 THEN 'tprm' ELSE 'edr' END, rpad('m', 52, 'm'),
	CASE WHEN n % 10 < 3 THEN '' ELSE 'reply' END, CASE WHEN n % 20 = 0 THEN '[' || rpad('r', 1498, 'r') || ']' ELSE '[]' END,
	CASE WHEN n % 10 < 3 THEN 'vendor' || sizing_vendor(n) || '.example' ELSE '' END, 'by verdict',
	CASE WHEN n % 20 = 0 THEN 'buyer' || n * 104729 % :buyers || '/' || sizing_id(n) ELSE '' END,
	CASE WHEN n % 10 < 3 THEN 'CAMP' || lpad(sizing_campaign(n)::text, 22, '0') ELSE '' END,
	(n % 10 < 3)::int
FROM generate_series(:first::bigint, :last::bigint) AS n;

INSERT INTO touch SELECT n, sizing_time(n, :n), hashint8extended(n, 0), 'buyer' || n * 104729 % :buyers,
	'CAMP' || lpad(sizing_campaign(n)::text, 22, '0'), 'vendor' || sizing_vendor(n) || '.*', n * 31, sizing_campaign(n) * 1000003 + 1,
	sizing_vendor(n) * 7 + n % 7 + 1
FROM generate_series(:first::bigint, :last::bigint) AS n WHERE n % 10 < 3;
INSERT INTO kin SELECT side, n, sizing_time(n, :n), 'CAMP' || lpad(sizing_campaign(n)::text, 22, '0'), n * 31,
	sizing_campaign(n) * 1000003 + 1
FROM generate_series(:first::bigint, :last::bigint) AS n CROSS JOIN LATERAL (VALUES ('vendor' || sizing_vendor(n) || '.*'),
	((sizing_vendor(n) * 7 + n % 7 + 1)::text)) AS both_sides (side) WHERE n % 10 < 3;
INSERT INTO ring (kind, seq, time, fingerprint, buyer, campaign) SELECT kind, n, sizing_time(n, :n), hashint8extended(n, 0),
	'buyer' || n * 104729 % :buyers, CASE WHEN n % 10 < 3 THEN 'CAMP' || lpad(sizing_campaign(n)::text, 22, '0') ELSE '' END
FROM generate_series(:first::bigint, :last::bigint) AS n CROSS JOIN (VALUES (0), (1)) AS kinds (kind) WHERE kind = 0 OR n % 10 < 3;
INSERT INTO features (seq, buyer, id, time, size, frame) SELECT n, 'buyer' || n * 104729 % :buyers, sizing_id(n),
	sizing_time(n, :n), 600, gen_random_bytes(510)
FROM generate_series(:first::bigint, :last::bigint) AS n WHERE n % 10 < 3;
INSERT INTO frame SELECT n, gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000) || gen_random_bytes(1000)
	|| gen_random_bytes(1000) FROM generate_series(:first::bigint, :last::bigint) AS n WHERE n % 20 = 0;
INSERT INTO content SELECT 'buyer' || n * 104729 % :buyers || '/' || sizing_id(n), 1, 9000, n
FROM generate_series(:first::bigint, :last::bigint) AS n WHERE n % 20 = 0;
\endif

\if :ends
\timing on
INSERT INTO ledger SELECT 'buyer' || b, lpad(to_hex(b * 10 + i), 32, '0'), 1795359600000000, 1795359600000000
FROM generate_series(0, :buyers::bigint - 1) AS b, generate_series(0, 9) AS i;

-- One with a long queue: 100,000 held in 30,000 campaigns.
INSERT INTO message (seq, time, fingerprint, buyer, id, state, state_time, attempts, size, outreach, relevance,
	digest, sender, rcpt, author, author_name, subject, message_id, queue_id, node, verdict, priority, model, gate,
	reasons, vendor, note, campaign, touch)
SELECT :n + i, 1795359600000000 - i % 28 * 86400000000 - i, i, 'desk', lpad((:n + i)::text, 10, '0') || upper(substr(md5(i::text), 1, 16)),
	1, 1795359600000000, 0, 9000, 0.5 + i * 7919 % 10007 / 20014.0, i * 104729 % 10007 / 10007.0, md5(i::text) || md5('x' || i),
	'bounce@v' || i % 997 || '.example', '<desk@buyer.example>', 'rep@v' || i % 997 || '.example', 'Jordan Seller',
	'A quick idea ' || i || ' for your team', '<' || i || '@v.example>', '4Q' || i, 'mx1.buyer.example', 'quarantine',
	CASE WHEN i % 3 > 0 THEN 'edr' ELSE 'tprm' END, rpad('m', 52, 'm'), '', '[' || rpad('r', 1498, 'r') || ']',
	'v' || i % 997 || '.example', 'by verdict', 'DESK' || lpad((i % 30000)::text, 22, '0'), 1
FROM generate_series(1, 100000::bigint) AS i;


SELECT make FROM sizing_later ORDER BY turn, word \gexec
INSERT INTO fold SELECT DISTINCT ON (buyer, key) buyer, key, count(*) OVER of, min(time) OVER of, max(time) OVER of, rank, id, vendor
FROM waiting WINDOW of AS (PARTITION BY buyer, key) ORDER BY buyer, key, rank DESC, id DESC;
INSERT INTO flow SELECT buyer, day, priority, sum(delivered), sum(tagged), sum(held), sum(released), sum(relevant)
FROM fate GROUP BY buyer, day, priority;
SELECT setval('message_seq', :n + 100001), setval('frame_seq', :n + 1), setval('features_seq', :n + 1);
DROP FUNCTION sizing_vendor, sizing_campaign, sizing_time, sizing_id;
DROP TABLE sizing_later;
VACUUM ANALYZE;
\endif
