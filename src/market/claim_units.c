#include "claim_words_private.h"

#include <string.h>

struct named {
	const char *word;
	const char *name;
};

/* The name of the first word that `text` begins with. */
static const char *
name_of(const struct named *table, const char *text)
{
	for (; table->word; table++) {
		const gsize len = strlen(table->word);

		if (g_ascii_strncasecmp(text, table->word, len) == 0 &&
		    !g_ascii_isalpha(text[len]) && (guchar)text[len] < 0x80)
			return table->name;
	}
	return NULL;
}

static const struct named times[] = {
	{ "seconds", "seconds" },  { "second", "seconds" },
	{ "secs", "seconds" },	   { "sec", "seconds" },
	{ "minutes", "minutes" },  { "minute", "minutes" },
	{ "mins", "minutes" },	   { "min", "minutes" },
	{ "hours", "hours" },	   { "hour", "hours" },
	{ "hrs", "hours" },	   { "working days", "days" },
	{ "days", "days" },	   { "day", "days" },
	{ "weeks", "weeks" },	   { "week", "weeks" },
	{ "months", "months" },	   { "month", "months" },
	{ "years", "years" },	   { "Sekunden", "seconds" },
	{ "Minuten", "minutes" },  { "Stunden", "hours" },
	{ "Tage", "days" },	   { "Tagen", "days" },
	{ "Wochen", "weeks" },	   { "Monaten", "months" },
	{ "secondes", "seconds" }, { "heures", "hours" },
	{ "jours", "days" },	   { "semaines", "weeks" },
	{ "mois", "months" },	   { "secondi", "seconds" },
	{ "minuti", "minutes" },   { "ore", "hours" },
	{ "giorni", "days" },	   { "settimane", "weeks" },
	{ "mesi", "months" },	   { "segundos", "seconds" },
	{ "minutos", "minutes" },  { "horas", "hours" },
	{ "días", "days" },	   { "dias", "days" },
	{ "semanas", "weeks" },	   { "meses", "months" },
	{ "uur", "hours" },	   { "dagen", "days" },
	{ "weken", "weeks" },	   { "maanden", "months" },
	{ "godzin", "hours" },	   { "dni", "days" },
	{ "h", "hours" },	   { NULL, NULL }
};

const char *
claim_words_time(const char *word)
{
	return name_of(times, word);
}

static const struct named periods[] = { { "month", "month" },
					{ "mo", "month" },
					{ "monthly", "month" },
					{ "year", "year" },
					{ "yr", "year" },
					{ "annum", "year" },
					{ "annually", "year" },
					{ "week", "week" },
					{ "day", "day" },
					{ "hour", "hour" },
					{ "hr", "hour" },
					{ "ph", "hour" },
					{ "Monat", "month" },
					{ "Jahr", "year" },
					{ "mois", "month" },
					{ "par an", "year" },
					{ "mes", "month" },
					{ "año", "year" },
					{ "mese", "month" },
					{ "anno", "year" },
					{ "mês", "month" },
					{ "ano", "year" },
					{ "maand", "month" },
					{ "jaar", "year" },
					{ "miesięcznie", "month" },
					{ "rocznie", "year" },
					{ NULL, NULL } };

static const struct named ones[] = { { "user", "user" },
				     { "users", "user" },
				     { "seat", "seat" },
				     { "agent", "agent" },
				     { "employee", "employee" },
				     { "head", "person" },
				     { "person", "person" },
				     { "participant", "person" },
				     { "endpoint", "endpoint" },
				     { "device", "device" },
				     { "server", "server" },
				     { "site", "site" },
				     { "branch", "branch" },
				     { "truck", "truck" },
				     { "vehicle", "vehicle" },
				     { "pojazd", "vehicle" },
				     { "invoice", "invoice" },
				     { "TB", "TB" },
				     { "GB", "GB" },
				     { "tonne", "tonne" },
				     { "t", "tonne" },
				     { "MT", "tonne" },
				     { "kg", "kg" },
				     { "sqm", "sqm" },
				     { "point", "point" },
				     { "turbine", "turbine" },
				     { "Nutzer", "user" },
				     { "Lkw", "truck" },
				     { "utilisateur", "user" },
				     { "utente", "user" },
				     { "usuario", "user" },
				     { "gebruiker", "user" },
				     { "consent", "consent" },
				     { "cup", "cup" },
				     { "osobę", "person" },
				     { "transazione", "transaction" },
				     { "consegna", "delivery" },
				     { "each", "unit" },
				     { "stuk", "unit" },
				     { "palabra", "word" },
				     { NULL, NULL } };

/* So many words after an amount say what it is for. */
#define FOR_WORDS 7

static const char *
name_after(const struct named *table, const char *after)
{
	for (guint n = 0; *after && n < FOR_WORDS; n++) {
		const char *name;

		while (*after == ' ' || *after == '/')
			after++;
		name = name_of(table, after);
		if (name)
			return name;
		while (*after && !strchr(" /", *after)) {
			if (strchr(",;:.(", *after))
				return "";
			after++;
		}
	}
	return "";
}

const char *
claim_words_period(const char *after)
{
	return name_after(periods, after);
}

const char *
claim_words_per(const char *after)
{
	return name_after(ones, after);
}
