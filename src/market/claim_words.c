#include "claim_words_private.h"

#include <string.h>

static const char *const effect[] = {
	"cut ", "cuts ", "cutting ", "reduc", "lower", "less ", "fewer", "drop",
	"fell ", "falls ", "sav", "increas", "more ", "faster", "quicker",
	"improv", "grew ", "higher", "boost", "recover", "accura", "uptime",
	"availability", "match ", "matches ", "conversion", "cheaper", "shrink",
	"went from ", "beat ", "retain", "precision", "came back", "decreas",
	"halv", "shorter", "eliminat", "sooner", "slash", "trim", "→", "-> ",
	"down to ", "down by ",
	/* German */
	"sank ", "sinkt", "gingen ", "senk", "spar", "einspar", "weniger",
	"schneller", "reduzier", "stieg", "steiger", "erhöh", "geringer",
	"auszahlung", "gesunken",
	/* French */
	"rédui", "moins", "rapide", "baiss", "économ", "hausse", "conservé",
	"gagn",
	/* Italian */
	"riduc", "ridott", "meno ", "risparmi", "aument", "scesi ",
	"conversione", "precisione", "puntualit", "autorizzazione",
	/* Spanish, Portuguese */
	"redu", "recort", "cayó", "caiu ", "bajó", "baj", "menos", "ahorr",
	"mejor", "reducc", "reduz", "poup", "melhor",
	/* Dutch */
	"daal", "gedaald", "minder", "bespar", "verlaag", "sneller",
	"verkoopbaar", "retourpercentage",
	/* Polish */
	"obniż", "skróc", "zmniejsz", "oszcz", "mniej", "szybci", "wzrost",
	"spad", "redukc", NULL
};

static const char *const saving[] = { "save ",
				      "saves ",
				      "saved ",
				      "saving ",
				      "savings ",
				      "recovered",
				      "fell by ",
				      "off the bill",
				      "get back ",
				      "gets back",
				      "give back",
				      "gives back",
				      "give you back",
				      "gives you back",
				      "free up ",
				      "frees up",
				      "freed up",
				      "spart ",
				      "sparen",
				      "einspar",
				      "gespart",
				      "économis",
				      "ahorr",
				      "risparmi",
				      "poup",
				      "bespaar",
				      "bespar",
				      "oszcz",
				      NULL };

static const char *const quick[] = {
	"live ",      "install",  "operational", "deploy",     "up and running",
	"complet",    "migrat",	  "alert",	 "ping",       "detect",
	"contain",    "response", "respond",	 "answer",     "resolv",
	"turnaround", "replies ", "reply ",	 "on site",    "present cv",
	"onboard",    "roll out", "rolled out",	 "session",    "restor",
	"notice",     "teaches",  "works ",	 "entrega ",   "livraison",
	"tentativo",  "engage ",  "répon",	 "reagi",      "einsatz",
	"wdro",	      "dispatch", "verkoopbaar", "auszahlung", "fix",
	"boot",	      "load",	  "process",	 "recover",    "failover",
	"back ",      "go-live",  "went live",	 "set up",     "setup",
	"implement",  "payback",  "pays back",	 "result",     NULL
};

static const char *const users[] = {
	"customers",	 "clients ",	 "companies",
	"firms",	 "teams",	 "hospitals",
	"retailers",	 "districts",	 "banks",
	"manufacturers", "cos ",	 "carriers",
	"plants",	 "utilities",	 "universities",
	"schools",	 "clinics",	 "sites",
	"merchants",	 "brands",	 "consents",
	"kunden",	 "unternehmen",	 "betrieben",
	"clienti",	 "aziende",	 "clientes",
	"fabricantes",	 "empresas",	 "entreprises",
	"clienten",	 "klanten",	 "bedrijven",
	"klient",	 "firm ",	 "insurers",
	"institutions",	 "agencies",	 "installations",
	"clinicians",	 "workstations", "households",
	"users ",	 "farms",	 "offices",
	"hotels",	 "practices",	 "municipalit",
	"gemeenten",	 "gemeinden",	 "werke",
	"communes",	 "comuni",	 NULL
};

static const char *const using[] = {
	"trust",	  "use ",	    "uses ",	  "used ",
	"using ",	  "serve",	    "run on",	  "rely",
	"work with",	  "worked with",    "works with", "migrated",
	"passed ",	  "so far",	    "chose",	  "switched",
	"enrolled",	  "run it",	    "run our",	  "utiliz",
	"working with",	  "helped ",	    "with our ",  "we print",
	"we support",	  "vertrauen",	    "nutzen",	  "betreuen",
	"setzen auf",	  "font confiance", "utilis",	  "hemos migrado",
	"confían",	  "usano",	    "scelto",	  "confiam",
	"usam",		  "gebruiken",	    "korzysta",	  "zaufa",
	"have allocated", "standardi",	    "rolled",	  NULL
};

/* So many of anything that do it are users. */
static const char *const choose[] = { "use us",		"use it",
				      "use our",	"uses our",
				      "using our",	"trust us",
				      "rely on us",	"rely on our",
				      "run on our",	"work with us",
				      "cite our",	"nutzen ",
				      "vertrauen",	"setzen auf",
				      "utilisent",	"font confiance",
				      "utilizan",	"usan ",
				      "confían",	"usano ",
				      "usam ",		"confiam",
				      "gebruiken",	"vertrouwen",
				      "korzysta",	"already switched",
				      "switched to us", NULL };

static const char *const market[] = { "order by",
				      "you keep",
				      "of the saving",
				      "decline",
				      "below 30",
				      "we dropped",
				      "comptez ",
				      "survey",
				      "savings plan",
				      "khz",
				      "in our statistics",
				      "sanzioni",
				      "sanction",
				      "penalt",
				      "you type",
				      "of the limit",
				      "insurers give",
				      "overlap",
				      "the average",
				      "firms) ",
				      "trade in",
				      "are now ",
				      "grants",
				      "grant ",
				      "we charge",
				      "bonus",
				      "cost you",
				      "costs you",
				      "tuition",
				      "precio",
				      "preis",
				      "prezzo",
				      "prijs",
				      "prix ",
				      "study ",
				      "studies",
				      "research",
				      "report says",
				      "analysts say",
				      "analysts expect",
				      "analyst firm",
				      "as you know",
				      "according to",
				      "did you know",
				      "sabías",
				      "sapevi",
				      "lo sapev",
				      "wussten",
				      "saviez",
				      "sabia que",
				      "wist u",
				      "czy wiesz",
				      "% of companies",
				      "% of teams",
				      "% of the companies",
				      "% of organi",
				      "% of businesses",
				      "% of industrial",
				      "% of finance",
				      "% of buyers",
				      "% de los ",
				      "% des entreprises",
				      "% der unternehmen",
				      "% delle aziende",
				      "% das empresas",
				      "% van de bedrijven",
				      "% firm",
				      "on average costs",
				      "industry average",
				      "benchmark",
				      "market is",
				      "cagr",
				      "overpay",
				      "population",
				      "forecast",

				      "gartner",
				      "forrester",
				      "you lose",
				      "you are losing",
				      "you're losing",
				      "candidates",
				      "applicants",
				      "asks ",
				      "roi calculator",
				      "by 2030",
				      "by 2027",
				      "by 2028",
				      "by 2026",
				      "sessions",
				      "exhibitors",
				      "attend",
				      "readers",
				      NULL };

static const char *const might[] = { "if you ",	     "if your",	  "wenn ",
				     "would let",    "se il ",	  "se l'",
				     "imagine",	     "should be", "could be",
				     "target of",    "planned",	  "made-up",
				     "hypothetical", "si vous ",  "si usted",
				     "als u ",	     NULL };

static const char *const does[] = { "resolv",	"detect",   "catch",
				    "caught",	"block",    "automat",
				    "eliminat", "deflect",  "identif",
				    "remov",	"solv",	    "prevent",
				    "stops ",	"stopped ", NULL };

static const char *const done[] = {
	"installed",   "processed",    "delivered",  "shipped",	  "handled",
	"collected",   "cleaned",      "migrated",   "recycled",  "scanned",
	"completed",   "trained",      "placed ",    "treated",	  "deployed",
	"moved ",      "printed",      "repaired",   "inspected", "translated",
	"trattato",    "installato",   "consegnato", "traité",	  "livré",
	"installé",    "instalado",    "entregado",  "procesado", "instalámos",
	"verarbeitet", "ausgeliefert", NULL
};

static const char *const ours[] = {
	"we have ", "we've ", "it has ",      "has been ",  "have been ",
	"our ",	    "so far", "since launch", "have now ",  "has now ",
	"abbiamo",  "ha già", "hemos",	      "nous avons", "avons ",
	"temos",    NULL
};

static const char *const more[] = {
	" more ",      " less ",     " fewer ",	   " faster ",	" quicker ",
	" sooner",     " earlier",   " shorter",   " cheaper",	" lower",
	" higher",     " better",    " longer",	   " smaller",	" lighter",
	" as many",    " as much",   " as fast",   " as quick", " as long",
	" weniger",    " mehr ",     " schneller", " höher",	" so viele",
	" so schnell", " günstiger", " moins",	   " plus de ", " plus rapid",
	" plus vite",  " menos",     " más ",	   " meno ",	" più ",
	" mais ",      " minder",    " meer ",	   " sneller",	" mniej",
	" więcej",     " szybci",    " more sens", NULL
};

/* Twice as much of these is why somebody would buy, not what they get. */
static const char *const burden[] = {
	"price",     "cost",	  "premium",	   "bill",
	"fraud",     "attack",	  "demand",	   "rent ",
	"fees",	     "churn",	  "backlog",	   "fine",
	"inflation", "tariff",	  "freight",	   "wage",
	"our team",  "headcount", "fuel ",	   "energy price",
	"spend ",    "our staff", "we've doubled", "we doubled",
	"revenue",   "turnover",  "preis",	   "kosten",
	"prix ",     "coût",	  "precio",	   "prezz",
	NULL
};

static const char *const amount[] = { "$",   "€",  "£",	  "usd", "eur",
				      "gbp", "zł", "pln", NULL };

static const char *const range[] = { "run ",	"runs ",   "range",  "cost",
				     "price",	"fee",	   "rate",   "licen",
				     "comptez", "prezzo",  "prix",   "preis",
				     "kost",	"cuesta",  "precio", "tarif",
				     "prijs",	"pricing", "preço",  NULL };

static const char *const meeting[] = {
	"free ",    "quotation",   "come back", "estimate",
	"quote ",   "send back",   "firm rate", "kindly",
	"days out", "median on",   "trial",	"minutes of",
	"min call", "call ",	   "chat",	"demo",
	"webinar",  "meeting",	   "talk ",	"validity",
	"valid ",   "net ",	   "film",	"video",
	"read ",    "warranty",	   "contract",	"expires",
	"deadline", "seats",	   "interview", "kostenlos",
	"gratis",   "gratuit",	   "pilot",	"questionnaire",
	"i'll ",    "i will",	   "i can ",	"i could",
	"we ran ",  "confirm",	   "reply ",	"slot",
	"register", "gift",	   "spaces",	"let me",
	"invite",   "rendez-vous", "muestra",	"prueba",
	"prova ",   "hold ",	   "voicemail", "waited",
	"it took",  "payment",	   "stored",	"stores",
	NULL
};

static const char *const *const sets[] = {
	[CLAIM_EFFECT] = effect,
	[CLAIM_SAVING] = saving,
	[CLAIM_QUICK] = quick,
	[CLAIM_USERS] = users,
	[CLAIM_USING] = using,
	[CLAIM_CHOOSE] = choose,
	[CLAIM_MARKET] = market,
	[CLAIM_IF] = might,
	[CLAIM_DOES] = does,
	[CLAIM_DONE] = done,
	[CLAIM_OURS] = ours,
	[CLAIM_MORE] = more,
	[CLAIM_BURDEN] = burden,
	[CLAIM_AMOUNT] = amount,
	[CLAIM_RANGE] = range,
	[CLAIM_MEETING] = meeting,
	[CLAIM_ASKING] = claim_words_asking,
	[CLAIM_SHARE] = claim_words_share,
	[CLAIM_NO_PRICE] = claim_words_no_price,
	[CLAIM_HOLDING] = claim_words_holding,
	[CLAIM_NO_HOLDING] = claim_words_no_holding,
};

static gboolean
begins_word(const char *lower, const char *at)
{
	const guchar before = at > lower ? (guchar)at[-1] : ' ';

	return !g_ascii_isalnum(before) && before < 0x80;
}

gboolean
claim_words_any(const char *lower, enum claim_words set)
{
	for (const char *const *word = sets[set]; *word; word++) {
		for (const char *at = strstr(lower, *word); at;
		     at = strstr(at + 1, *word)) {
			if (begins_word(lower, at) || !g_ascii_isalpha(**word))
				return TRUE;
		}
	}
	return FALSE;
}
