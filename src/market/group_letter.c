#include <string.h>

#include "base/error.h"
#include "base/id.h"
#include "group_private.h"
#include "mail/address.h"
#include "mail/compose.h"

static const char *const names[] = { "chosen", "not now", "declined" };

static const char *const texts[] = {
	"Hello,\r\n\r\n"
	"we have looked at what you offer, and we would like to go on with\r\n"
	"you. Please write to this address alone; whoever is in charge here\r\n"
	"will answer from it.\r\n",
	"Hello,\r\n\r\n"
	"thank you for writing. We have not decided, and there is nothing "
	"we\r\n"
	"need from you now. We will write from this address when that\r\n"
	"changes. Please do not write to single colleagues in the meantime:\r\n"
	"it would not change anything.\r\n",
	"Hello,\r\n\r\n"
	"thank you for writing. We have looked at what you offer, and we "
	"will\r\n"
	"not go on with it. Please take all of us off your list for it;\r\n"
	"should that change, we will write to you from this address.\r\n",
};

const char *
group_status_name(enum group_status status)
{
	return names[status];
}

/* Whether the last that was said of the list took the card off, or a domain
 * that has joined it since. */
static gboolean
was_taken_off(const struct group_view *view, const char *card)
{
	gboolean off = FALSE;

	for (guint i = 0; i < view->votes->len; i++) {
		const struct store_vote *vote = view->votes->pdata[i];

		if (strcmp(vendor_book_card(view->book, vote->vendor), card) !=
		    0)
			continue;
		if (vote->word == STORE_VOTE_UNLIST)
			off = TRUE;
		else if (vote->word == STORE_VOTE_LIST)
			off = FALSE;
	}
	return off;
}

enum group_status
group_view_status(const struct group_view *view, const char *card)
{
	const struct group_choice *choice = group_view_choice(view, card);

	if (choice && choice->chosen)
		return GROUP_CHOSEN;
	if (view->decided || (!choice && was_taken_off(view, card)))
		return GROUP_DECLINED;
	return GROUP_NOT_NOW;
}

/* "Re: ", once, before what they wrote about. */
static char *
subject_of(const char *subject)
{
	g_autofree char *line = g_utf8_make_valid(subject, -1);
	g_autofree char *answer = NULL;

	for (char *p = line; *p; p++)
		if ((guchar)*p < ' ' || *p == 0x7f)
			*p = ' ';
	g_strstrip(line);
	if (*line == '\0')
		answer = g_strdup("Your mail to us");
	else if (g_ascii_strncasecmp(line, "re:", 3) == 0)
		answer = g_strdup(line);
	else
		answer = g_strconcat("Re: ", line, NULL);
	return compose_text(answer, strlen("Subject: "));
}

static char *
date_of(gint64 now_us)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu",
					    "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
					      "May", "Jun", "Jul", "Aug",
					      "Sep", "Oct", "Nov", "Dec" };
	g_autoptr(GDateTime) date =
		g_date_time_new_from_unix_utc(now_us / G_USEC_PER_SEC);

	return g_strdup_printf(
		"%s, %d %s %d %02d:%02d:%02d +0000",
		days[g_date_time_get_day_of_week(date) - 1],
		g_date_time_get_day_of_month(date),
		months[g_date_time_get_month(date) - 1],
		g_date_time_get_year(date), g_date_time_get_hour(date),
		g_date_time_get_minute(date), g_date_time_get_second(date));
}

/* In a header, as it is. */
static gboolean
is_plain(const char *addr)
{
	for (; *addr; addr++)
		if (*addr <= ' ' || *addr > '~' || strchr("<>,;()", *addr))
			return FALSE;
	return TRUE;
}

char *
group_letter_new(const struct group_letter *letter, GError **error)
{
	const char *door = letter->group->front_door;
	g_autofree char *to = NULL;
	g_autofree char *subject = NULL;
	g_autofree char *date = NULL;
	char id[ID_LEN + 1];

	if (!door) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "the group %s has no front_door to answer from",
			    letter->group->id);
		return NULL;
	}
	to = address_from_envelope(letter->to, error);
	if (!to)
		return NULL;
	if (*to == '\0' || !is_plain(to)) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "there is no address to answer to");
		return NULL;
	}
	subject = subject_of(letter->subject);
	date = date_of(letter->now_us);
	id_new(id);
	return g_strdup_printf("From: %s\r\n"
			       "To: %s\r\n"
			       "Reply-To: %s\r\n"
			       "Subject: %s\r\n"
			       "Date: %s\r\n"
			       "Message-ID: <%s@%s>\r\n"
			       "MIME-Version: 1.0\r\n"
			       "Content-Type: text/plain; charset=us-ascii\r\n"
			       "\r\n"
			       "%s",
			       door, to, door, subject, date, id,
			       strrchr(door, '@') + 1, texts[letter->status]);
}
