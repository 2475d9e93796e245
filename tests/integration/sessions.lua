-- Milter sessions without an MTA: what an MTA may offer, and what may go wrong
-- between two of its commands. Run by test_miltertest.sh with miltertest(8),
-- one case a process: -D case=NAME -D socket=SOCKET. Prints "fine" when done.

QUINN = "<quinn@buyer.example>"
TARA = "<tara@buyer.example>"
BOB = "<bob@buyer.example>"

-- All that a current MTA offers: actions and protocol steps.
ACTIONS = 0x1ff
STEPS = 0x1fffff
LEADSPC = 0x100000
NR = 0xff080

function check(what, got, wanted)
	if got ~= wanted then
		error(what .. ": got " .. tostring(got) .. ", wanted " .. tostring(wanted), 2)
	end
end

function fine(what, got)
	if got ~= nil then
		error(what .. ": " .. tostring(got), 2)
	end
end

function open(version, actions, steps)
	local conn = mt.connect(socket, 20, 0.1)
	if conn == nil then
		error("nobody listens")
	end
	-- The manual has these two the other way round; the program has not.
	fine("negotiate", mt.negotiate(conn, version, steps, actions))
	fine("conninfo", mt.conninfo(conn, "mail.seller.example", "198.51.100.7"))
	return conn
end

function envelope(conn, sender, ...)
	mt.macro(conn, SMFIC_MAIL, "i", "4fX1")
	fine("mailfrom", mt.mailfrom(conn, sender))
	for _, rcpt in ipairs({ ... }) do
		fine("rcptto", mt.rcptto(conn, rcpt))
	end
end

function content(conn)
	local file = io.open(pitch)
	local header = true
	for line in file:lines() do
		if header and line == "" then
			header = false
		elseif header then
			local name, value = line:match("^([^:]+):(.*)$")
			fine("header", mt.header(conn, name, value))
		else
			fine("body", mt.bodystring(conn, line .. "\r\n"))
		end
	end
	file:close()
end

-- One mail of the seller to everybody named; the reply at its end.
function mail(conn, ...)
	envelope(conn, "<sam@seller.example>", ...)
	fine("data", mt.data(conn))
	check("reply to DATA", mt.getreply(conn), SMFIR_CONTINUE)
	content(conn)
	fine("eom", mt.eom(conn))
	return mt.getreply(conn)
end

cases = {}

function cases.tag()
	local conn = open(nil, ACTIONS, STEPS)
	check("leading spaces asked for", mt.test_option(conn, LEADSPC), true)
	check("replies given up", mt.test_option(conn, 0x8000), true)
	check("reply to DATA kept", mt.test_option(conn, 0x10000), false)
	check("reply", mail(conn, TARA), SMFIR_ACCEPT)
	check("field added", mt.eom_check(conn, MT_HDRADD, "X-Pitchward"), true)
	check("its space is ours", mt.getheader(conn, "X-Pitchward", 0):sub(1, 13), " verdict=tag;")
	check("nobody removed", mt.eom_check(conn, MT_RCPTDELETE, TARA), false)
	mt.disconnect(conn)
end

function cases.quarantine()
	local conn = open(nil, ACTIONS, STEPS)
	check("reply", mail(conn, QUINN, BOB), SMFIR_ACCEPT)
	check("removed", mt.eom_check(conn, MT_RCPTDELETE, QUINN), true)
	check("not removed", mt.eom_check(conn, MT_RCPTDELETE, BOB), false)
	check("no field for others", mt.eom_check(conn, MT_HDRADD), false)
	check("again, to one alone", mail(conn, QUINN), SMFIR_DISCARD)
	mt.disconnect(conn)
end

-- An MTA of long ago: no actions but headers, no DATA, no choice of replies.
function cases.old()
	local conn = open(2, 0x11, 0x3f)
	envelope(conn, "<sam@seller.example>", QUINN, BOB)
	content(conn)
	fine("eom", mt.eom(conn))
	check("reply", mt.getreply(conn), SMFIR_ACCEPT)
	check("nobody removed", mt.eom_check(conn, MT_RCPTDELETE, QUINN), false)
	check("the verdict at least", mt.getheader(conn, "X-Pitchward", 0):sub(1, 18), "verdict=quarantine")
	mt.disconnect(conn)
end

function cases.no_leading_space()
	local conn = open(nil, ACTIONS, STEPS - LEADSPC)
	check("reply", mail(conn, TARA), SMFIR_ACCEPT)
	check("the MTA puts the space", mt.getheader(conn, "X-Pitchward", 0):sub(1, 12), "verdict=tag;")
	mt.disconnect(conn)
end

-- An MTA that waits for every reply gets every one.
function cases.all_replies()
	local conn = open(nil, ACTIONS, STEPS - NR)
	envelope(conn, "<sam@seller.example>", TARA)
	check("reply to RCPT", mt.getreply(conn), SMFIR_CONTINUE)
	fine("data", mt.data(conn))
	check("reply to DATA", mt.getreply(conn), SMFIR_CONTINUE)
	fine("header", mt.header(conn, "Subject", " x"))
	check("reply to a field", mt.getreply(conn), SMFIR_CONTINUE)
	fine("body", mt.bodystring(conn, "x\r\n"))
	check("reply to the body", mt.getreply(conn), SMFIR_CONTINUE)
	fine("eom", mt.eom(conn))
	check("reply", mt.getreply(conn), SMFIR_ACCEPT)
	mt.disconnect(conn)
end

function cases.early()
	local conn = open(nil, ACTIONS, STEPS)
	envelope(conn, "<sam@seller.example>", BOB)
	fine("data", mt.data(conn))
	check("accepted at DATA", mt.getreply(conn), SMFIR_ACCEPT)
	check("the next is judged", mail(conn, TARA), SMFIR_ACCEPT)
	check("field added", mt.eom_check(conn, MT_HDRADD, "X-Pitchward"), true)
	mt.disconnect(conn)
end

-- Aborted at every step, and what comes after knows nothing of it.
function cases.abort()
	local conn = open(nil, ACTIONS, STEPS)
	envelope(conn, "<sam@seller.example>", QUINN)
	mt.abort(conn)
	envelope(conn, "<sam@seller.example>", QUINN)
	fine("data", mt.data(conn))
	mt.abort(conn)
	envelope(conn, "<sam@seller.example>", QUINN)
	fine("data", mt.data(conn))
	content(conn)
	mt.abort(conn)
	check("reply", mail(conn, TARA), SMFIR_ACCEPT)
	check("the abandoned one is not removed", mt.eom_check(conn, MT_RCPTDELETE, QUINN), false)
	check("field added", mt.eom_check(conn, MT_HDRADD, "X-Pitchward"), true)
	mt.disconnect(conn)
end

-- Connections that end in the middle, politely or not.
function cases.cut()
	for _, polite in ipairs({ true, false }) do
		mt.disconnect(open(nil, ACTIONS, STEPS), polite)
		local conn = open(nil, ACTIONS, STEPS)
		envelope(conn, "<sam@seller.example>", QUINN)
		mt.disconnect(conn, polite)
		conn = open(nil, ACTIONS, STEPS)
		envelope(conn, "<sam@seller.example>", QUINN)
		fine("data", mt.data(conn))
		content(conn)
		mt.disconnect(conn, polite)
	end
end

function cases.bytes()
	local conn = open(nil, ACTIONS, STEPS)
	envelope(conn, "<caf\233@seller.example>", TARA, "<\"a b\"@buyer.example>", "<\255>", "")
	fine("data", mt.data(conn))
	fine("header", mt.header(conn, "Subject", " \233\255 \27[31m"))
	fine("header", mt.header(conn, "x-pitchWARD", " forged"))
	fine("header", mt.header(conn, "X-Pitchward", " forged"))
	fine("body", mt.bodystring(conn, "\1\2\255\r\r\n"))
	fine("eom", mt.eom(conn))
	check("reply", mt.getreply(conn), SMFIR_ACCEPT)
	check("forged ones deleted", mt.eom_check(conn, MT_HDRDELETE, "x-pitchWARD"), true)
	mt.disconnect(conn)
end

function cases.unknown_client()
	local conn = mt.connect(socket, 20, 0.1)
	fine("conninfo", mt.conninfo(conn, "nowhere", "unspec"))
	check("reply", mail(conn, TARA), SMFIR_ACCEPT)
	mt.disconnect(conn)
	conn = mt.connect(socket, 20, 0.1)
	fine("conninfo", mt.conninfo(conn, "six", "2001:db8::1"))
	check("reply", mail(conn, TARA), SMFIR_ACCEPT)
	mt.disconnect(conn)
end

-- A hundred messages in one connection, by turns to each kind of recipient.
function cases.many()
	local conn = open(nil, ACTIONS, STEPS)
	for i = 1, 25 do
		check("tag", mail(conn, TARA), SMFIR_ACCEPT)
		check("quarantine", mail(conn, QUINN), SMFIR_DISCARD)
		check("both", mail(conn, QUINN, TARA), SMFIR_ACCEPT)
		envelope(conn, "<sam@seller.example>", BOB)
		fine("data", mt.data(conn))
		check("early", mt.getreply(conn), SMFIR_ACCEPT)
	end
	mt.disconnect(conn)
end

local function count_threads()
	local file = io.open("/proc/" .. worker .. "/status")
	local count = file:read("*a"):match("Threads:%s*(%d+)")
	file:close()
	return tonumber(count)
end

-- Messages of many connections, woven into each other command by command, to
-- each kind of recipient by turns. A thread for each connection, or else a few
-- threads that take whatever command is next.
function cases.turns()
	local kinds = { TARA, QUINN, BOB }
	local before = count_threads()
	local conns = {}
	for i = 1, 30 do
		conns[i] = open(nil, ACTIONS, STEPS)
	end
	for i, conn in ipairs(conns) do
		envelope(conn, "<sam@seller.example>", kinds[i % 3 + 1])
	end
	for i, conn in ipairs(conns) do
		fine("data", mt.data(conn))
		check("reply to DATA", mt.getreply(conn), i % 3 == 2 and SMFIR_ACCEPT or SMFIR_CONTINUE)
	end
	check("a thread for each", count_threads() >= before + 30, threads == "connection")
	for i, conn in ipairs(conns) do
		if i % 3 ~= 2 then
			content(conn)
		end
	end
	for i, conn in ipairs(conns) do
		if i % 3 ~= 2 then
			fine("eom", mt.eom(conn))
			check("reply", mt.getreply(conn), i % 3 == 1 and SMFIR_DISCARD or SMFIR_ACCEPT)
			check("field", mt.eom_check(conn, MT_HDRADD, "X-Pitchward"), i % 3 == 0)
		end
		mt.disconnect(conn)
	end
end

-- Many that abort, and then go without a word.
function cases.leave()
	for _ = 1, 10 do
		local conn = open(nil, ACTIONS, STEPS)
		envelope(conn, "<sam@seller.example>", QUINN)
		fine("data", mt.data(conn))
		check("reply to DATA", mt.getreply(conn), SMFIR_CONTINUE)
		content(conn)
		mt.abort(conn)
		envelope(conn, "<sam@seller.example>", QUINN)
		mt.disconnect(conn, false)
	end
end

-- There is no queue id yet when the sender is told.
function cases.late_id()
	local conn = open(nil, ACTIONS, STEPS)
	mt.macro(conn, SMFIC_MAIL, "i", "")
	fine("mailfrom", mt.mailfrom(conn, "<sam@seller.example>"))
	mt.macro(conn, SMFIC_RCPT, "i", "4fXlate")
	fine("rcptto", mt.rcptto(conn, TARA))
	fine("data", mt.data(conn))
	check("reply to DATA", mt.getreply(conn), SMFIR_CONTINUE)
	content(conn)
	fine("eom", mt.eom(conn))
	check("reply", mt.getreply(conn), SMFIR_ACCEPT)
	mt.disconnect(conn)
end

-- What the test of the store's failures asks for.
function cases.tempfail()
	local conn = open(nil, ACTIONS, STEPS)
	check("reply", mail(conn, QUINN), SMFIR_REPLYCODE)
	mt.disconnect(conn)
end

function cases.delivered()
	local conn = open(nil, ACTIONS, STEPS)
	check("reply", mail(conn, QUINN), SMFIR_ACCEPT)
	check("nobody removed", mt.eom_check(conn, MT_RCPTDELETE, QUINN), false)
	check("marked", mt.getheader(conn, "X-Pitchward-Error", 0), " " .. class)
	mt.disconnect(conn)
end

local ok, problem = pcall(cases[case])
mt.echo(ok and "fine" or problem)
