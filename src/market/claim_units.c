#include "claim_words_private.h"

#include <string.h>

const char *
claim_words_name(const struct named *table, const char *text)
{
	for (; table->word; table++) {
		const gsize len = strlen(table->word);

		if (g_ascii_strncasecmp(text, table->word, len) == 0 &&
		    !g_ascii_isalpha(text[len]) && (guchar)text[len] < 0x80)
			return table->name;
	}
	return NULL;
}

/* Before a unit of time: "working days". */
static const char *const labours[] = { "working ", "business " };

static gsize
labour(const char *text)
{
	for (gsize i = 0; i < G_N_ELEMENTS(labours); i++) {
		const gsize len = strlen(labours[i]);

		if (g_ascii_strncasecmp(text, labours[i], len) == 0)
			return len;
	}
	return 0;
}

static const struct named times[] = { { "seconds", "seconds" },
				      { "second", "seconds" },
				      { "secs", "seconds" },
				      { "sec", "seconds" },
				      { "minutes", "minutes" },
				      { "minute", "minutes" },
				      { "mins", "minutes" },
				      { "min", "minutes" },
				      { "hours", "hours" },
				      { "hour", "hours" },
				      { "hrs", "hours" },
				      { "days", "days" },
				      { "day", "days" },
				      { "weeks", "weeks" },
				      { "week", "weeks" },
				      { "months", "months" },
				      { "month", "months" },
				      { "years", "years" },
				      { "Sekunden", "seconds" },
				      { "Minuten", "minutes" },
				      { "Stunden", "hours" },
				      { "Tage", "days" },
				      { "Tagen", "days" },
				      { "Wochen", "weeks" },
				      { "Monaten", "months" },
				      { "secondes", "seconds" },
				      { "heures", "hours" },
				      { "jours", "days" },
				      { "semaines", "weeks" },
				      { "mois", "months" },
				      { "secondi", "seconds" },
				      { "minuti", "minutes" },
				      { "ore", "hours" },
				      { "giorni", "days" },
				      { "settimane", "weeks" },
				      { "mesi", "months" },
				      { "segundos", "seconds" },
				      { "minutos", "minutes" },
				      { "horas", "hours" },
				      { "días", "days" },
				      { "dias", "days" },
				      { "semanas", "weeks" },
				      { "meses", "months" },
				      { "uur", "hours" },
				      { "dagen", "days" },
				      { "weken", "weeks" },
				      { "maanden", "months" },
				      { "godzin", "hours" },
				      { "dni", "days" },
				      { "h", "hours" },
				      { "ms", "milliseconds" },
				      { "milliseconds", "milliseconds" },
				      { "Tag", "days" },
				      { "Woche", "weeks" },
				      { "Monate", "months" },
				      { "Jahre", "years" },
				      { "Jahren", "years" },
				      { "anni", "years" },
				      { "ans", "years" },
				      { "aÃ±os", "years" },
				      { NULL, NULL } };

const char *
claim_words_time(const char *word)
{
	return claim_words_name(times, word + labour(word));
}

gsize
claim_words_time_len(const char *word)
{
	gsize len = labour(word);

	while (g_ascii_isalpha(word[len]) || (guchar)word[len] >= 0x80)
		len++;
	return len;
}

double
claim_words_seconds(const char *unit)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {
		{ "milliseconds", 0.001 }, { "seconds", 1 },
		{ "minutes", 60 },	   { "hours", 3600 },
		{ "days", 86400 },	   { "weeks", 604800 },
		{ "months", 2629800 },	   { "years", 31557600 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strcmp(units[i].unit, unit) == 0)
			return units[i].seconds;
	}
	return 1;
}
