#include "text/language.h"

#include <string.h>

#include "text/fold.h"
#include "text/words.h"

struct row {
	const char *language;
	const char *text;
};

static const struct row rows[] = {
	{ "en", "We help finance teams close the books in three days. Do you "
		"have fifteen minutes this week for a short call?" },
	{ "de", "Wir unterstützen mittelständische Unternehmen bei der "
		"Einführung von Software und würden Ihnen das gerne zeigen. "
		"Haben Sie nächste Woche Zeit für ein kurzes Gespräch?" },
	{ "fr", "Nous aidons les entreprises à réduire leurs coûts d'énergie. "
		"Seriez-vous disponible pour un échange avec notre équipe la "
		"semaine prochaine ?" },
	{ "es", "Ayudamos a las empresas a reducir sus costes de energía. ¿Le "
		"vendría bien una llamada esta semana para que le cuente cómo "
		"lo hacemos?" },
	{ "it", "Aiutiamo le aziende a ridurre i costi della logistica. Sono "
		"disponibile per una breve chiamata con lei nei prossimi "
		"giorni, se le interessa." },
	{ "pt", "Ajudamos as empresas a reduzir os custos de energia. Teria "
		"disponibilidade para uma reunião com a nossa equipa na "
		"próxima semana? Não é preciso muito tempo." },
	{ "nl", "Wij helpen bedrijven om de kosten van hun logistiek te "
		"verlagen. Heeft u volgende week tijd voor een kort gesprek "
		"met een van onze collega's?" },
	{ "pl", "Pomagamy firmom w obniżeniu kosztów energii. Czy znajdzie "
		"Pan czas na krótką rozmowę w przyszłym tygodniu, aby to "
		"omówić? Nie zajmie to dużo czasu." },
	{ "sv", "Vi hjälper företag att sänka sina kostnader för el. Har du "
		"tid för ett kort samtal med oss nästa vecka så att jag kan "
		"visa hur det fungerar?" },
	{ "da", "Vi hjælper virksomheder med at spare på strømmen. Har du tid "
		"til en kort samtale i næste uge, så jeg kan vise dig, hvad "
		"vi har lavet af nyt for jer?" },
	{ "no", "Vi hjelper bedrifter med å spare strøm. Har du tid til en "
		"kort samtale neste uke, så jeg kan vise deg hva vi har laget "
		"av nye ting etter at dere begynte?" },
	{ "fi", "Autamme yrityksiä säästämään energiaa. Olisiko teillä aikaa "
		"lyhyelle puhelulle ensi viikolla, jotta voin kertoa, miten "
		"tämä on mahdollista ja mitä se maksaa?" },
	{ "hu", "Segítünk a cégeknek, hogy csökkentsék az energia költségeit. "
		"Ha van egy kis ideje, a jövő héten szívesen elmondom, hogy "
		"ez hogyan is működik." },
	{ "ro", "Ajutăm companiile să reducă costurile cu energia. Aveți timp "
		"pentru o scurtă discuție săptămâna viitoare, ca să vă arăt "
		"ce am făcut și cum funcționează?" },
	{ "tr", "Şirketlerin enerji maliyetlerini düşürmesine yardımcı "
		"oluyoruz. Bu hafta kısa bir görüşme için zamanınız var mı? "
		"Size nasıl çalıştığını daha ayrıntılı göstermek isteriz ve "
		"bunu çok kısa tutarız." },
	{ "id", "Kami membantu perusahaan untuk mengurangi biaya energi. "
		"Apakah Anda punya waktu dalam minggu ini untuk panggilan "
		"singkat dengan tim kami?" },
	{ "ca", "Ajudem les empreses a reduir els costos de l'energia. Us "
		"aniria bé una trucada amb nosaltres aquesta setmana per "
		"veure com ho fem amb els nostres clients?" },
	{ "eu", "Enpresei energia aurrezten laguntzen diegu eta hau da egiten "
		"duguna: zure datuak aztertu eta gero txosten bat idatzi. "
		"Nahi duzu hori ikusi edo ez da interesgarria?" },
	{ "ga",
	  "Tá muid ag obair leis an gcomhlacht agus is féidir linn cabhrú "
	  "libh. An bhfuil am agat don ghlao seo ar an Luan nó sa "
	  "tseachtain seo chugainn, más é do thoil é?" },
	{ "lt", "Padedame įmonėms sutaupyti energijos. Ar turite laiko trumpam "
		"pokalbiui kitą savaitę, kad galėčiau parodyti, kaip tai "
		"veikia ir ko reikia iš jūsų?" },
	{ "ru", "Мы помогаем компаниям снижать расходы на энергию. Найдётся ли "
		"у вас время для короткого разговора?" },
	{ "sr", "Помажемо компанијама да смање трошкове енергије. Да ли имате "
		"времена за кратак разговор следеће недеље?" },
	{ "sr", "Pomažemo kompanijama da smanje troškove za energiju. Da li "
		"imate vremena za kratak razgovor, kako bismo vam pokazali "
		"ono što smo uradili i koje su to mogućnosti?" },
	{ "el", "Βοηθάμε τις επιχειρήσεις να μειώσουν το κόστος ενέργειας." },
	{ "ar", "نساعد الشركات على خفض تكاليف الطاقة. هل لديك وقت؟" },
	{ "hy", "Մենք օգնում ենք ընկերություններին խնայել էներգիա։" },
	{ "hi", "हम कंपनियों को ऊर्जा की लागत कम करने में मदद करते हैं। क्या आप के पास "
		"समय है?" },
	{ "ne", "हामी कम्पनीहरूलाई ऊर्जा खर्च कम गर्न सहयोग गर्छौं र यो सबै एक "
		"हप्तामा हुन्छ। तपाईं को लागि समय छ भने भन्नुहोस्।" },
	{ "ta", "நிறுவனங்கள் மின்சாரச் செலவைக் குறைக்க நாங்கள் உதவுகிறோம்." },
	{ "yi",
	  "מיר העלפן פירמעס שפארן ענערגיע און דאס איז נישט טייער פאר איר" },
	/* English is what nothing else proves to be. */
	{ "en", "" },
	{ "en", "42 17 3" },
	{ "en", "Hi" },
	{ "en", "Invoice 4711 Kubernetes Terraform Grafana" },
	{ "en", "私たちは企業のエネルギーコスト削減を支援します。" },
	{ "en", "Müller GmbH invoice. The payment was received on Monday and "
		"the goods are on the way to you." },
};

static void
check_row(gconstpointer data)
{
	const struct row *row = data;

	g_autofree char *folded = text_fold(row->text, strlen(row->text), NULL);
	g_autoptr(GArray) words = words_split(folded, strlen(folded), 1000);
	g_assert_cmpstr(language_detect(folded, words), ==, row->language);
}

static void
codes(void)
{
	const char *const *list = language_list();

	guint n = 0;

	for (guint i = 0; list[i] != NULL; i++, n++) {
		g_assert_cmpuint(strlen(list[i]), ==, 2);
		gboolean tested = FALSE;
		for (guint j = 0; j < G_N_ELEMENTS(rows); j++)
			tested = tested ||
				 strcmp(rows[j].language, list[i]) == 0;
		g_assert_true(tested);
	}
	g_assert_cmpuint(n, ==, 29);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *name =
			g_strdup_printf("/language/%s/%u", rows[i].language, i);
		g_test_add_data_func(name, &rows[i], check_row);
	}
	g_test_add_func("/language/every-code-is-detected-somewhere", codes);
	return g_test_run();
}
