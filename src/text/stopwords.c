#include "stopwords_private.h"

#include <string.h>

/* The functions stay in this file's hot loop. */
#define XXH_INLINE_ALL
#include <xxhash.h>

/*
 * Folded, as text_fold() leaves them, and as words_split() cuts them: an
 * apostrophe ends a word ("l", "qu", "ll"). English comes first: it is what
 * everything unknown is taken for.
 */
struct list {
	const char *code;
	const char *words;
};

/* clang-format off */
static const struct list lists[] = {
	{ "en",
	  "the of and to in is that it for you was on are with as be "
	  "at this have from or by not but what all were we when your "
	  "can an our my if will they their has been would which "
	  "there do how about so me us am could any who some just "
	  "than then i a s t re ve ll don out no up had its more "
	  "these" },
	{ "ar",
	  "في من على أن إلى هذا هذه التي الذي ما لا مع كان عن "
	  "هو هي بعد كل كما لم أو قد ذلك بين إن أي عند غير نحن "
	  "أنت هل منذ حول عبر خلال حيث أيضا ولا وقد وهو وفي ومن "
	  "لكم لنا لك شكرا" },
	{ "ca",
	  "de la que i el a en un els les per amb no una del es al "
	  "ens com més són va ha hi li seu seva aquest aquesta "
	  "però si us també ja tot molt perquè nosaltres vostre "
	  "nostra sobre fins entre quan on ser fer pot això dels "
	  "sense volem estem podem" },
	{ "da",
	  "og i at det er en til på af den de med for jeg ikke der "
	  "et vi har som kan du om fra men så os vil dig ved være "
	  "mig eller hvis også skal efter hvad når jer jeres vores "
	  "kun hvor mere blev have nu noget bliver denne dette ud "
	  "over op ind fået" },
	{ "de",
	  "der die und in den von zu das mit sich des auf für ist im "
	  "dem nicht ein eine als auch es an werden aus er hat dass "
	  "sie nach wird bei einer um am sind noch wie einem über "
	  "einen so zum kann zur ihr ihre ihnen wir uns unser ich "
	  "aber oder vor wenn nur mehr haben können durch bis dieser "
	  "diese dann mich mir" },
	{ "el",
	  "και το να του η τησ τα με που την τον για από ο στο "
	  "θα σε τι στην των δεν είναι οι μασ σασ μου σου αν ή "
	  "όπωσ μια ένα έχει κάθε πολύ όταν αυτό αυτή ότι στισ "
	  "στον στα έχουμε είμαστε μπορεί προσ κατά μετά πριν" },
	{ "es",
	  "de la que el en y a los se del las un por con no una su "
	  "para es al lo como más o pero sus le ha me si sin sobre "
	  "este ya entre cuando todo esta ser son dos también fue "
	  "había era muy años hasta desde está mi porque qué "
	  "sólo han yo hay vez puede todos así nos ni nuestro "
	  "nuestra usted ustedes eso estamos tiene" },
	{ "eu",
	  "eta da du bat ez dira dute den baina ere zen hau egin izan "
	  "baino edo gure zure dugu dut dituzte naiz gara zara zuen "
	  "bere hori horrek guztiak batzuk nola noiz orain beste oso "
	  "bai arte egiten dela duen direla dago izango" },
	{ "fi",
	  "ja on ei se että oli ovat mutta kun myös joka sekä tai "
	  "jos niin nyt ole hän kanssa voi vain olla tämä sen ne "
	  "me te meidän teidän minä sinä mitä miten kuin jo "
	  "vielä sitten koska siitä ollut olen olemme noin mukaan "
	  "tämän asti jotka" },
	{ "fr",
	  "de la le et les des en un une du que est pour qui dans par "
	  "sur pas au plus ne nous vous il elle ce cette ces avec "
	  "sont aux mais ou où notre nos votre vos je se si leur y "
	  "sa son ses été être avoir ont a tout très bien l d qu "
	  "j c n s m fait comme sans même" },
	{ "ga",
	  "an na agus is ar tá bhí sé sí go ag le do i ní atá a "
	  "siad mé tú muid sinn ach mar nach seo sin ó faoi chun "
	  "raibh bheith leis aige againn agat agam orm ort air uirthi "
	  "gach cad conas nuair anois eile idir gan ná níl den don" },
	{ "hi",
	  "के है में की का से को और पर यह हैं ने एक कि भी नहीं तो आप हम इस या कर "
	  "हो था जो ही अपने लिए थे थी वह साथ किया गया आपके आपको हमारे हमें कोई जब "
	  "अब तक बहुत कुछ मैं" },
	{ "hu",
	  "a az és hogy nem is egy meg de van ez mint csak már volt "
	  "ha azt vagy kell még ki el be fel mert lesz aki ezt "
	  "nagyon minden sem itt ott most akkor után közt között "
	  "hogyan mi ön önök nekünk számára szerint lehet "
	  "vannak által majd én te" },
	{ "hy",
	  "եւ է են որ մեր ձեր այս այդ այն մի մեկ հետ համար "
	  "մասին ու եմ ենք եք կամ բայց իր նրա ինչ որպես ես դուք "
	  "մենք նա չի մինչ հետո նաեւ այլ բոլոր շատ պետք կա դա "
	  "ով եթե" },
	{ "id",
	  "yang dan di ini untuk dengan dari itu tidak dalam pada "
	  "akan anda kami ada juga ke oleh bisa atau kita telah sudah "
	  "karena saya dapat sebagai lebih adalah mereka dia bahwa "
	  "saat jika tersebut hanya belum secara para bagi agar harus "
	  "menjadi seperti apa lagi kepada" },
	{ "it",
	  "di che e la il un a per non una in è del con i della sono "
	  "si le da al dei nel come più ma lo ha se alla gli ci "
	  "anche questo questa o delle io mi noi voi vostro nostra "
	  "nostro vi suo sua sul quando essere molto tutto così dal "
	  "alle hanno siamo può abbiamo dell l all nell d" },
	{ "lt",
	  "ir yra kad tai su į ne iš bet ar jo kaip buvo dar apie "
	  "už prie po nuo iki mes jūs jūsų mūsų man aš jis ji "
	  "tik labai gali būti jau kai šis ši šią kurie kuri "
	  "kuris visi taip bus jei dėl per tarp arba jums mums turi "
	  "nėra" },
	{ "ne",
	  "छ र को मा यो पनि छन् हो ले लाई गर्न भने तर एक लागि गरेको भएको थियो "
	  "हुन्छ तपाईं हामी म उनले अनि नै छैन गरी सबै यस त्यो हाम्रो मेरो गर्ने बाट "
	  "सँग थिए हुन् भयो अब केही जुन कि यी पर्छ" },
	{ "nl",
	  "de van het een en in is dat op te zijn met voor niet aan "
	  "er om ook als dan maar bij nog naar uit wij ik u je jullie "
	  "hun deze dit die door heeft hebben kunnen wordt worden "
	  "over we onze ons uw meer zou kan wil geen hoe wat waar "
	  "omdat graag mijn zo al tot" },
	{ "no",
	  "og i det er på en til av som den med at for jeg ikke de "
	  "et vi har å om kan du fra men så oss vil deg ved være "
	  "meg eller hvis også skal etter hva når dere deres vår "
	  "våre kun hvor mer ble nå noe blir denne dette ut over "
	  "opp inn fått bare hadde må hos" },
	{ "pl",
	  "i w na z do się nie to że jest o jak za od po co tak ale "
	  "przez dla czy już tym oraz są być może ich jego jej "
	  "tylko które który która pan pani państwo państwa nam "
	  "was nas mnie mi ma tego także lub przy bardzo można "
	  "jeśli aby jesteśmy ze ten ta te pod więc" },
	{ "pt",
	  "de que a o e do da em um para é com não uma os no se na "
	  "por mais as dos como mas foi ao ele das tem à seu sua ou "
	  "ser quando muito há nos já está eu também só pelo "
	  "pela até isso ela entre era depois sem mesmo aos ter seus "
	  "nas nós você vocês nosso nossa são estamos pode temos "
	  "lhe num" },
	{ "ro",
	  "de și în la a cu să nu pe o că este din un care pentru "
	  "mai se sunt ne ce dar sau fi au prin fost noi ca am "
	  "dumneavoastră vă ai ei ea el lui le îi acest această "
	  "aceasta foarte când unde dacă despre după între toate "
	  "nostru noastră avea are putem fără" },
	{ "ru",
	  "и в не на я что с он как это по но из у за к от для "
	  "так же все мы вы о бы ее их был да или если уже "
	  "когда до ни вас вам нас нам ваш наш только еще чтобы "
	  "есть может быть мне при со меня который которые "
	  "этого также" },
	{ "sr",
	  "и је у да на се за од са су не то као али или по из "
	  "што би ће он ми ви није све када који која које био "
	  "бити само још више i je u da na se za od sa su ne to "
	  "kao ali ili po iz što bi će on mi vi nije sve kada koji "
	  "koja koje bio biti samo još više vas nas smo ste biste "
	  "може можемо možemo" },
	{ "sv",
	  "och i att det som en på är av för med till den har de "
	  "inte om ett jag han men var sig från vi så kan man när "
	  "nu du skulle hur vid era er vår våra oss eller vad efter "
	  "upp bara mycket där ut denna detta finns mig dig blir "
	  "här vill också mer än någon över" },
	{ "ta",
	  "ஒரு என்று மற்றும் இந்த இது என்ற கொண்டு என்பது பல ஆகும் அல்லது அவர் நான் "
	  "உள்ள அந்த இவர் என முதல் என்ன இருந்து சில என் போன்ற வேண்டும் வந்து இதன் "
	  "அது அவன் தான் பலரும் என்னும் மேலும் பின்னர் உங்கள் எங்கள் நாம் நீங்கள் அதன்" },
	{ "tr",
	  "ve bir bu için ile de da çok daha olarak gibi olan ne "
	  "var mi mı ama o en sonra kadar her biz siz ben bize size "
	  "sizin bizim ki ya değil veya hem şu ise göre ancak diye "
	  "nasıl olduğu oldu kendi tüm zaman yok bunu şekilde iyi "
	  "ilgili" },
	{ "yi",
	  "און איז די דער דאס דאָס צו אין מיט פון נישט ניט אויף "
	  "איך ער זי מיר איר זיי האט האָט ווי אז אַז פאר פֿאַר פֿון "
	  "וואס וואָס אויך נאר נאָר דעם א אַ זיין קען מען אבער "
	  "אָבער ווען דאך" },
};
/* clang-format on */

static const char *const codes[] = { "en", "ar", "ca", "da", "de", "el",
				     "es", "eu", "fi", "fr", "ga", "hi",
				     "hu", "hy", "id", "it", "lt", "ne",
				     "nl", "no", "pl", "pt", "ro", "ru",
				     "sr", "sv", "ta", "tr", "yi", NULL };

G_STATIC_ASSERT(G_N_ELEMENTS(codes) == G_N_ELEMENTS(lists) + 1);
G_STATIC_ASSERT(G_N_ELEMENTS(lists) <= 32);

#define SLOTS 4096 /* a power of two, three times the words at least */
#define CODES (26 * 26)

/* Two words with one hash are one, which happens once in 2^64. */
struct entry {
	guint64 hash;
	guint32 languages;
};

struct stop_index {
	guint16 slot[SLOTS]; /* 1 + the place in entry, 0: free */
	struct entry entry[SLOTS / 2];
	guint n;
	guint8 language[CODES];
};

static guint
code_place(const char *code)
{
	const guint first = (guint)((guchar)code[0] - 'a');

	if (first >= 26)
		return CODES;
	const guint second = (guint)((guchar)code[1] - 'a');
	if (second >= 26 || code[2] != '\0')
		return CODES;
	return first * 26 + second;
}

/* The word's slot, or the free one where it belongs. */
static guint
slot_find(const struct stop_index *index, guint64 hash)
{
	guint at = (guint)hash % SLOTS;

	while (index->slot[at] != 0 &&
	       index->entry[index->slot[at] - 1].hash != hash)
		at = (at + 1) % SLOTS;
	return at;
}

static void
word_index(struct stop_index *index, guint64 hash, guint language)
{
	const guint at = slot_find(index, hash);

	if (index->slot[at] == 0) {
		g_assert(index->n < G_N_ELEMENTS(index->entry));
		index->entry[index->n] = (struct entry){ hash, 0 };
		index->slot[at] = (guint16)++index->n;
	}
	index->entry[index->slot[at] - 1].languages |= 1U << language;
}

static gpointer
index_new(gpointer unused)
{
	struct stop_index *index = g_new0(struct stop_index, 1);

	(void)unused;
	for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
		const char *word = lists[i].words;
		g_assert(strcmp(lists[i].code, codes[i]) == 0);
		index->language[code_place(codes[i])] = (guint8)i;
		while (*word != '\0') {
			const gsize len = strcspn(word, " ");
			word_index(index, XXH3_64bits(word, len), i);
			word += len + (word[len] == ' ' ? 1 : 0);
		}
	}
	return index;
}

/* Made once, by whoever comes first, and never changed or freed. */
static const struct stop_index *
index_get(void)
{
	static GOnce once = G_ONCE_INIT;

	return g_once(&once, index_new, NULL);
}

const char *const *
stop_language_codes(void)
{
	return codes;
}

guint
stop_language_find(const char *code)
{
	const guint place = code_place(code);

	return place < CODES ? index_get()->language[place] : 0;
}

guint32
stop_languages_hashed(guint64 hash)
{
	const struct stop_index *index = index_get();
	const guint16 slot = index->slot[slot_find(index, hash)];

	return slot == 0 ? 0 : index->entry[slot - 1].languages;
}

guint32
stop_languages_of(const char *word, gsize len)
{
	return stop_languages_hashed(XXH3_64bits(word, len));
}
