#include <string.h>

#include "message_private.h"

/*
 * Reads the bytes as lines that end in CRLF, LF or bare CR. The next LF is
 * kept, so that a flood of bare CRs does not look for it again and again.
 */
struct lines {
	const char *at;
	const char *end;
	const char *lf;
	gboolean bare_cr;
};

struct line {
	const char *start;
	gsize len; /* without its end */
	const char *next;
};

/* A container that is open: parts are still being found in it. */
struct level {
	guint part;
	GString *boundary; /* NULL for message/rfc822 */
	gboolean closed;   /* its boundary no longer counts */
	gboolean digest;
};

struct split {
	struct mail *mail;
	struct lines lines;
	GArray *levels;	 /* of struct level, outermost first */
	guint waiting;	 /* levels whose boundary may still come */
	guint leaf;	 /* the part whose body is being passed, or NONE */
	gboolean capped; /* what is left is not looked at */
};

#define NONE G_MAXUINT

static void
add_odd(struct split *split, guint bits)
{
	mail_add_odd(split->mail, bits);
}

static struct mail_part *
part_at(const struct split *split, guint index)
{
	return &g_array_index(split->mail->parts, struct mail_part, index);
}

static struct level *
level_at(const struct split *split, guint index)
{
	return &g_array_index(split->levels, struct level, index);
}

/* The line at `lines->at`, not stepped over; FALSE at the end. */
static gboolean
line_read(struct lines *lines, struct line *line)
{
	const char *stop;
	const char *cr;

	if (lines->at >= lines->end)
		return FALSE;
	if (!lines->lf || lines->lf < lines->at) {
		lines->lf = memchr(lines->at, '\n',
				   (gsize)(lines->end - lines->at));
		if (!lines->lf)
			lines->lf = lines->end;
	}
	stop = lines->lf;
	line->start = lines->at;
	line->next = stop < lines->end ? stop + 1 : stop;
	if (lines->bare_cr) {
		cr = memchr(lines->at, '\r', (gsize)(stop - lines->at));
		if (cr && cr + 1 != stop) {
			stop = cr;
			line->next = cr + 1;
		}
	}
	if (stop > line->start && stop[-1] == '\r')
		stop--;
	line->len = (gsize)(stop - line->start);
	return TRUE;
}

/*
 * The length of a field's name, 0 when the line begins none: printable ASCII,
 * then spaces perhaps, then a colon, as Postfix and sendmail have it.
 */
static gsize
name_len(const struct line *line)
{
	gsize n = 0;
	gsize i;

	while (n < line->len && line->start[n] > ' ' && line->start[n] < 127 &&
	       line->start[n] != ':')
		n++;
	i = n;
	while (i < line->len &&
	       (line->start[i] == ' ' || line->start[i] == '\t'))
		i++;
	return i < line->len && line->start[i] == ':' ? n : 0;
}

static gboolean
has_high(const char *data, gsize len)
{
	const guint64 tops = G_GUINT64_CONSTANT(0x8080808080808080);
	guint64 found = 0;
	gsize i = 0;

	for (; i + 8 <= len; i += 8) {
		guint64 v;

		memcpy(&v, data + i, sizeof(v));
		found |= v;
	}
	for (; i < len; i++)
		found |= (guint64)(guchar)data[i];
	return (found & tops) != 0;
}

/*
 * Which level's boundary a line is, counted from the inside out; NONE for an
 * ordinary line. Only spaces may follow it (RFC 2046 section 5.1.1).
 */
static guint
boundary_match(const struct split *split, const struct line *line,
	       gboolean *closing)
{
	const char *text = line->start + 2;
	gsize len = line->len;

	if (split->waiting == 0 || len < 3 || line->start[0] != '-' ||
	    line->start[1] != '-')
		return NONE;
	len -= 2;
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	for (guint i = split->levels->len; i-- > 0;) {
		const struct level *level = level_at(split, i);
		gsize n;

		if (!level->boundary || level->closed)
			continue;
		n = level->boundary->len;
		*closing = len == n + 2 && text[n] == '-' && text[n + 1] == '-';
		if ((len == n || *closing) &&
		    memcmp(text, level->boundary->str, n) == 0)
			return i;
	}
	return NONE;
}

/* Steps over the lines that continue a field; the end of its value. */
static const char *
skip_folds(struct split *split, const struct line *first)
{
	const char *end = first->start + first->len;
	struct line line;

	while (line_read(&split->lines, &line) &&
	       (*line.start == ' ' || *line.start == '\t')) {
		end = line.start + line.len;
		split->lines.at = line.next;
	}
	return end;
}

/* Takes up a field within the caps of its block, which began at `block`. */
static void
add_field(struct split *split, struct mail_part *part, const char *block,
	  struct mail_field field)
{
	const struct mail_limits *limits = &split->mail->limits;
	const char *end = field.value + field.value_len;
	gsize colon = (gsize)(field.value - field.name);

	if (part->n_fields >= limits->headers || colon > limits->header ||
	    (gsize)(field.name - block) + colon > limits->header_block) {
		add_odd(split, MAIL_CAP_HEADERS);
		return;
	}
	if ((gsize)(end - field.name) > limits->header) {
		add_odd(split, MAIL_CAP_HEADERS);
		field.value_len = limits->header - colon;
	}
	if ((gsize)(field.value - block) + field.value_len >
	    limits->header_block) {
		add_odd(split, MAIL_CAP_HEADERS);
		field.value_len =
			limits->header_block - (gsize)(field.value - block);
	}
	g_array_append_val(split->mail->fields, field);
	part->n_fields++;
}

/* Reads a header block and steps over the empty line that ends it. */
static void
read_block(struct split *split, struct mail_part *part)
{
	const char *block = split->lines.at;
	gboolean closing;
	struct line line;

	while (line_read(&split->lines, &line)) {
		gsize len = name_len(&line);
		struct mail_field field = { line.start, len, NULL, 0 };
		const char *end;

		if (len == 0 || boundary_match(split, &line, &closing) != NONE)
			break;
		split->lines.at = line.next;
		end = skip_folds(split, &line);
		field.value = (const char *)memchr(line.start + len, ':',
						   line.len - len) +
			      1;
		field.value_len = (gsize)(end - field.value);
		add_field(split, part, block, field);
	}
	if (has_high(block, (gsize)(split->lines.at - block)))
		add_odd(split, MAIL_ODD_8BIT_HEADER);
	if (line_read(&split->lines, &line) && line.len == 0)
		split->lines.at = line.next;
}

/* Two open boundaries of which one begins like the other: RFC 2046 5.1.2. */
static gboolean
boundary_ambiguous(const struct split *split, const GString *boundary)
{
	for (guint i = 0; i < split->levels->len; i++) {
		const struct level *level = level_at(split, i);

		if (level->boundary && !level->closed &&
		    memcmp(level->boundary->str, boundary->str,
			   MIN(level->boundary->len, boundary->len)) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Opens a container; takes `boundary`. */
static void
push_level(struct split *split, guint index, GString *boundary)
{
	struct level level = { index, boundary, FALSE, FALSE };

	level.digest =
		strcmp(part_at(split, index)->type, "multipart/digest") == 0;
	if (boundary) {
		if (boundary_ambiguous(split, boundary))
			add_odd(split, MAIL_ODD_BOUNDARY);
		split->waiting++;
	}
	g_array_append_val(split->levels, level);
}

static void
set_end(struct split *split, guint index, const char *end)
{
	struct mail_part *part = part_at(split, index);

	part->body_len = end > part->body ? (gsize)(end - part->body) : 0;
}

static gboolean
has_children(const struct split *split, guint index)
{
	return index + 1 < split->mail->parts->len &&
	       part_at(split, index + 1)->parent == index;
}

static void
pop_level(struct split *split, const char *end)
{
	struct level *level = level_at(split, split->levels->len - 1);

	set_end(split, level->part, end);
	if (level->boundary && !level->closed) {
		split->waiting--;
		if (!split->capped)
			add_odd(split, MAIL_ODD_BOUNDARY);
		/* Its boundary never came: what is there is shown as it is. */
		if (!has_children(split, level->part))
			part_at(split, level->part)->kind = MAIL_PART_TEXT;
	}
	if (level->boundary)
		g_string_free(level->boundary, TRUE);
	g_array_set_size(split->levels, split->levels->len - 1);
}

/* Ends the leaf and all containers inside of the first `n` levels. */
static void
close_down_to(struct split *split, guint n, const char *end)
{
	if (split->leaf != NONE)
		set_end(split, split->leaf, end);
	split->leaf = NONE;
	while (split->levels->len > n)
		pop_level(split, end);
}

/*
 * Opens a container where the caps allow; TRUE when the part is a message
 * whose own header block follows.
 */
static gboolean
enter(struct split *split, guint index, GString *boundary)
{
	struct mail_part *part = part_at(split, index);
	const struct mail_limits *limits = &split->mail->limits;

	split->leaf = index;
	if (part->kind != MAIL_PART_MULTIPART &&
	    part->kind != MAIL_PART_MESSAGE)
		return FALSE;
	if (part->depth >= limits->depth ||
	    split->mail->parts->len >= limits->parts) {
		add_odd(split, part->depth >= limits->depth ? MAIL_CAP_DEPTH
							    : MAIL_CAP_PARTS);
		part->kind = MAIL_PART_ATTACHMENT;
		if (boundary)
			g_string_free(boundary, TRUE);
		return FALSE;
	}
	split->leaf = NONE;
	push_level(split, index, boundary);
	return part->kind == MAIL_PART_MESSAGE;
}

/* Reads the part that begins here, and messages directly inside it. */
static void
open_part(struct split *split, guint parent, guint depth, gboolean digest)
{
	guint index;

	do {
		struct mail_part part = { .parent = parent, .depth = depth };
		GString *boundary;

		index = split->mail->parts->len;
		part.first_field = split->mail->fields->len;
		read_block(split, &part);
		part.body = split->lines.at;
		boundary = mail_part_describe(split->mail, &part, digest);
		g_array_append_val(split->mail->parts, part);
		parent = index;
		depth++;
		digest = FALSE;
		if (!enter(split, index, boundary))
			break;
	} while (TRUE);
}

/* Where the text before a boundary ends: its line end is the boundary's. */
static const char *
before_line(const struct split *split, const struct line *line)
{
	const char *end = line->start;

	if (end > split->mail->data && end[-1] == '\n')
		end--;
	if (end > split->mail->data && end[-1] == '\r')
		end--;
	return end;
}

static void
pass_boundary(struct split *split, guint level, gboolean closing,
	      const struct line *line)
{
	struct level *open;
	struct mail_part *parent;

	close_down_to(split, level + 1, before_line(split, line));
	open = level_at(split, level);
	split->lines.at = line->next;
	if (closing) {
		open->closed = TRUE;
		split->waiting--;
		return;
	}
	if (split->mail->parts->len >= split->mail->limits.parts) {
		add_odd(split, MAIL_CAP_PARTS);
		split->capped = TRUE;
		return;
	}
	parent = part_at(split, open->part);
	open_part(split, open->part, parent->depth + 1, open->digest);
}

/* "From someone Mon Jan  1 ..." of an mbox; not a field "From : someone". */
static void
skip_mbox_lines(struct split *split)
{
	struct line line;

	while (line_read(&split->lines, &line) && line.len > 5 &&
	       memcmp(line.start, "From ", 5) == 0 && name_len(&line) == 0)
		split->lines.at = line.next;
}

void
mail_split(struct mail *mail)
{
	struct split split = { .mail = mail, .leaf = NONE };
	gboolean closing;
	struct line line;

	split.lines.at = mail->data;
	split.lines.end = mail->data + mail->len;
	split.lines.bare_cr = (mail_odd(mail) & MAIL_ODD_BARE_CR) != 0;
	split.levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	skip_mbox_lines(&split);
	open_part(&split, 0, 0, FALSE);
	while (split.waiting > 0 && !split.capped &&
	       line_read(&split.lines, &line)) {
		guint level = boundary_match(&split, &line, &closing);

		if (level == NONE)
			split.lines.at = line.next;
		else
			pass_boundary(&split, level, closing, &line);
	}
	/* What was not looked at may hold the boundaries that are missed. */
	split.capped |= (mail_odd(mail) & MAIL_CAP_MESSAGE) != 0;
	close_down_to(&split, 0, mail->data + mail->len);
	g_array_free(split.levels, TRUE);
}
