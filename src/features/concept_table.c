/*
 * Phrases that mean the same in eight languages: what a person who sells to
 * strangers says, and what people with business say. A phrase ends at "|"; a
 * word with "*" stands for all that begin with its first five letters.
 */
#include "concepts_private.h"

const struct concept_phrases concept_table[] = {
	{ CONCEPT_INTRODUCES_SELF, "en",
	  "my name is|i am reaching out|i'm reaching out|"
	  "reaching out|wanted to introduce|introduce myself|"
	  "introduce our|introduce you to|i represent|"
	  "i am with|i work with|i lead|we have not met|"
	  "we haven't met|you don't know me|quick introduction|"
	  "allow me to introduce|writing to introduce|i run|"
	  "i founded" },
	{ CONCEPT_INTRODUCES_SELF, "de",
	  "mein name ist|ich bin|ich vertrete|darf ich mich|"
	  "kurz vorstellen|möchte mich|stelle mich|"
	  "wir kennen uns|ich leite|ich betreue|ich melde mich|"
	  "ich schreibe ihnen|wende mich" },
	{ CONCEPT_INTRODUCES_SELF, "fr",
	  "je m'appelle|je me présente|je me permets|"
	  "permettez moi|je suis|je vous contacte|"
	  "je vous écris|nous ne nous connaissons|je dirige|"
	  "je représente|je travaille chez" },
	{ CONCEPT_INTRODUCES_SELF, "es",
	  "me llamo|mi nombre es|soy|me presento|"
	  "permítame presentar|le escribo|"
	  "me pongo en contacto|no nos conocemos|represento|"
	  "le contacto|me dirijo" },
	{ CONCEPT_INTRODUCES_SELF, "it",
	  "mi chiamo|mi presento|sono|le scrivo|la contatto|"
	  "mi permetto|permetta|non ci conosciamo|rappresento|"
	  "mi occupo" },
	{ CONCEPT_INTRODUCES_SELF, "pt",
	  "chamo me|meu nome|o meu nome|sou|apresento me|"
	  "escrevo lhe|permita me|não nos conhecemos|"
	  "represento|entro em contacto|entro em contato|"
	  "venho por este" },
	{ CONCEPT_INTRODUCES_SELF, "nl",
	  "mijn naam is|ik ben|ik stel me|even voorstellen|"
	  "ik vertegenwoordig|wij kennen elkaar|ik benader|"
	  "ik schrijf u|ik neem contact" },
	{ CONCEPT_INTRODUCES_SELF, "pl",
	  "nazywam się|jestem|reprezentuję|pozwolę sobie|"
	  "chciałbym przedstawić|chciałabym przedstawić|"
	  "piszę do|kontaktuję się|zwracam się" },
	{ CONCEPT_ASKS_TIME, "en",
	  "quick call|short call|brief call|a call|15 minutes|"
	  "20 minutes|30 minutes|minutes of your|a few minutes|"
	  "minutes next week|hop on|jump on|book a|schedule a|"
	  "set up a|on your calendar|my calendar|time to chat|"
	  "time to talk|open to a|open to chat|worth a|"
	  "are you available|are you free|grab a time|"
	  "pick a time|find a time|meet for|coffee|"
	  "convenient time|would you have|do you have time|"
	  "happy to show|show you how|quick chat|"
	  "call next week" },
	{ CONCEPT_ASKS_TIME, "de",
	  "minuten|kurzes gespräch|kurzes telefonat|telefonat|"
	  "termin|haben sie zeit|zeit für|austausch*|rückruf|"
	  "wann passt|passt ihnen|vorbeikommen|nächste woche" },
	{ CONCEPT_ASKS_TIME, "fr",
	  "minutes|un échange|échanger|rendez vous|un appel|"
	  "un créneau|seriez vous disponible|"
	  "êtes vous disponible|la semaine prochaine|un rdv|"
	  "votre agenda|un entretien" },
	{ CONCEPT_ASKS_TIME, "es",
	  "minutos|una llamada|una reunión|reunirnos|"
	  "tiene disponibilidad|estaría disponible|"
	  "próxima semana|la semana que viene|agendar|"
	  "su agenda|una charla|conversar" },
	{ CONCEPT_ASKS_TIME, "it",
	  "minuti|una chiamata|una telefonata|un incontro|"
	  "incontrarci|disponibile|la prossima settimana|"
	  "un appuntamento|fissare|sentirci|una call" },
	{ CONCEPT_ASKS_TIME, "pt",
	  "minutos|uma chamada|uma ligação|uma reunião|"
	  "disponibilidade|próxima semana|agendar|conversar|"
	  "sua agenda|uma conversa" },
	{ CONCEPT_ASKS_TIME, "nl",
	  "minuten|een gesprek|kort gesprek|belletje|bellen|"
	  "afspraak|volgende week|agenda|kennismaken|"
	  "heeft u tijd|schikt" },
	{ CONCEPT_ASKS_TIME, "pl",
	  "minut|rozmow*|rozmowę|spotkanie|spotkania|termin|"
	  "w przyszłym tygodniu|kalendarz|telefonicznie|"
	  "zadzwonić|umówić" },
	{ CONCEPT_OPTS_OUT, "en",
	  "unsubscribe|opt out|not interested|stop receiving|"
	  "no longer wish|remove you|take you off|won't bother|"
	  "reply stop|reply no|not the right time|"
	  "let me know if not|if this isn't|if i'm off|"
	  "manage preferences|update your preferences|"
	  "prefer not to|don't want to hear" },
	{ CONCEPT_OPTS_OUT, "de",
	  "abmelden|abbestellen|austragen|keine weiteren|"
	  "nicht mehr schreiben|kein interesse|"
	  "nicht interessiert|newsletter abbestellen|"
	  "keine post|schreiben sie stop" },
	{ CONCEPT_OPTS_OUT, "fr",
	  "désabonn*|désinscri*|ne plus recevoir|"
	  "pas intéressé|se désinscrire|plus de message|"
	  "répondez stop" },
	{ CONCEPT_OPTS_OUT, "es",
	  "darse de baja|darme de baja|baja|no le interesa|"
	  "no desea|dejar de recibir|cancelar suscripción|"
	  "no recibir" },
	{ CONCEPT_OPTS_OUT, "it",
	  "disiscri*|cancellar*|non interessa|non desidera|"
	  "non ricevere più|rimuovere" },
	{ CONCEPT_OPTS_OUT, "pt",
	  "cancelar|descadastr*|remover|não deseja|"
	  "não tem interesse|deixar de receber|sair da lista" },
	{ CONCEPT_OPTS_OUT, "nl",
	  "afmelden|uitschrijven|geen interesse|"
	  "niet meer ontvangen|geen berichten" },
	{ CONCEPT_OPTS_OUT, "pl",
	  "wypisz|rezygnuj*|rezygnacj*|nie chcesz|"
	  "nie otrzymywać|wypisać|nie jest zainteresowan*|"
	  "jeśli nie" },
	{ CONCEPT_WE_HELP, "en",
	  "we help|we helped|helps companies|help you|"
	  "help teams|our platform|our solution|our solutions|"
	  "our software|our product|our team of|our service|"
	  "our services|our customers|our clients|we build|"
	  "we offer|we provide|we specialize|we specialise|"
	  "we make|we work with|we supply|we manufacture|"
	  "our company|we deliver|we partner|we are a" },
	{ CONCEPT_WE_HELP, "de",
	  "wir helfen|wir bieten|wir unterstützen|"
	  "unsere plattform|unsere lösung*|unsere software|"
	  "unsere kunden|unser system|wir liefern|wir bauen|"
	  "wir entwickeln|wir sind|unser team|unsere firma|"
	  "unser unternehmen|wir machen" },
	{ CONCEPT_WE_HELP, "fr",
	  "nous aidons|nous proposons|nous accompagnons|"
	  "notre plateforme|notre solution|nos solutions|"
	  "nos clients|notre logiciel|nous fabriquons|"
	  "nous fournissons|nous sommes|notre équipe|"
	  "notre société|notre entreprise" },
	{ CONCEPT_WE_HELP, "es",
	  "ayudamos|ofrecemos|nuestra plataforma|"
	  "nuestra solución|nuestras soluciones|"
	  "nuestros clientes|nuestro software|fabricamos|"
	  "suministramos|somos|nuestro equipo|nuestra empresa" },
	{ CONCEPT_WE_HELP, "it",
	  "aiutiamo|offriamo|proponiamo|la nostra piattaforma|"
	  "la nostra soluzione|le nostre soluzioni|"
	  "i nostri clienti|il nostro software|produciamo|"
	  "forniamo|siamo|la nostra azienda" },
	{ CONCEPT_WE_HELP, "pt",
	  "ajudamos|oferecemos|a nossa plataforma|"
	  "nossa plataforma|nossa solução|nossas soluções|"
	  "nossos clientes|nosso software|fabricamos|"
	  "fornecemos|somos|a nossa empresa|nossa empresa" },
	{ CONCEPT_WE_HELP, "nl",
	  "wij helpen|we helpen|wij bieden|we bieden|"
	  "ons platform|onze oplossing*|onze klanten|"
	  "onze software|wij leveren|we leveren|wij zijn|"
	  "ons bedrijf|wij maken" },
	{ CONCEPT_WE_HELP, "pl",
	  "pomagamy|oferujemy|nasza platforma|"
	  "nasze rozwiązan*|nasi klienci|naszych klientów|"
	  "nasze oprogramowanie|produkujemy|dostarczamy|"
	  "jesteśmy|nasza firma|zajmujemy się" },
	{ CONCEPT_PROOF, "en",
	  "companies like|teams like|customers like|such as|"
	  "case study|reference|references|used by|trusted by|"
	  "saved|reduced|cut|increased|improved|roi|pilot|"
	  "similar companies|hospitals like|one of our|results|"
	  "within six|per cent|percent" },
	{ CONCEPT_PROOF, "de",
	  "referenz*|kunden wie|unternehmen wie|eingespart|"
	  "gesenkt|gesteigert|pilot*|reduziert|prozent|"
	  "fallstudie|ergebnis" },
	{ CONCEPT_PROOF, "fr",
	  "référence*|clients comme|réduit|économis*|"
	  "gagné|pilote|cas client|pour cent|résultat*" },
	{ CONCEPT_PROOF, "es",
	  "referenc*|clientes como|empresas como|redujo|ahorr*|"
	  "aument*|piloto|caso de éxito|resultado*" },
	{ CONCEPT_PROOF, "it",
	  "referenz*|clienti come|aziende come|ridotto|"
	  "risparmi*|aument*|pilota|caso studio|risultat*" },
	{ CONCEPT_PROOF, "pt",
	  "referênc*|clientes como|empresas como|reduziu|"
	  "economi*|aument*|piloto|caso de|resultado*" },
	{ CONCEPT_PROOF, "nl",
	  "referentie*|klanten als|klanten zoals|bedrijven als|"
	  "bespaard*|verlaagd*|pilot|resultaat" },
	{ CONCEPT_PROOF, "pl",
	  "referencj*|klienci tacy|firmy takie|obniży*|"
	  "zmniejszy*|oszczędn*|pilotaż*|wyniki|procent" },
	{ CONCEPT_OFFERS, "en",
	  "free trial|free|demo|pricing|price|prices|quote|"
	  "discount|offer|trial|sample|samples|brochure|"
	  "catalogue|catalog|whitepaper|webinar|no obligation|"
	  "no cost|proposal|per month|per user|starting at|"
	  "flat fee|introductory" },
	{ CONCEPT_OFFERS, "de",
	  "kostenlos*|demo|preis|preise|angebot*|rabatt|testen|"
	  "muster|broschüre|katalog|unverbindlich|webinar|"
	  "pro monat|festpreis|probe*" },
	{ CONCEPT_OFFERS, "fr",
	  "gratuit*|démo*|prix|tarif*|devis|offre|remise|"
	  "essai|échantillon*|brochure|catalogue|"
	  "sans engagement|webinaire|par mois|forfait" },
	{ CONCEPT_OFFERS, "es",
	  "gratis|gratuit*|demo*|precio*|presupuesto|oferta|"
	  "descuento|prueba|muestra*|folleto|catálogo|"
	  "sin compromiso|al mes|webinar" },
	{ CONCEPT_OFFERS, "it",
	  "gratuit*|demo|prezz*|preventivo|offerta|sconto|"
	  "prova|campion*|brochure|catalogo|senza impegno|"
	  "al mese|webinar" },
	{ CONCEPT_OFFERS, "pt",
	  "grátis|gratuit*|demo*|preço*|orçamento|oferta|"
	  "desconto|teste|amostra*|folheto|catálogo|"
	  "sem compromisso|por mês|webinar" },
	{ CONCEPT_OFFERS, "nl",
	  "gratis|demo|prijs|prijzen|offerte|aanbod|aanbieding|"
	  "korting|proef*|monster*|brochure|catalogus|"
	  "vrijblijvend|per maand|webinar" },
	{ CONCEPT_OFFERS, "pl",
	  "bezpłatn*|demo|cena|ceny|cennik|wycen*|ofert*|"
	  "rabat|próbk*|katalog*|niezobowiązując*|"
	  "miesięcznie|webinar*|za darmo" },
	{ CONCEPT_FOLLOWS_UP, "en",
	  "following up|follow up|circling back|checking in|"
	  "bumping|bump|any thoughts|did you get|did you see|"
	  "last email|previous email|my note|my email|"
	  "haven't heard|just wanted to|touching base|"
	  "final note|last note|one last|close the loop|"
	  "close your file|closing the loop|resurface|float" },
	{ CONCEPT_FOLLOWS_UP, "de",
	  "nachfassen|nachgehakt|nachfrag*|meine letzte|"
	  "meine mail|meine nachricht|letzter versuch|"
	  "noch einmal|haben sie schon|nochmals" },
	{ CONCEPT_FOLLOWS_UP, "fr",
	  "je me permets de revenir|je reviens|relance|"
	  "mon dernier|mon message|dernier message|"
	  "sans réponse|sans retour|avez vous pu" },
	{ CONCEPT_FOLLOWS_UP, "es",
	  "seguimiento|mi correo|mi mensaje|último correo|"
	  "sin respuesta|vuelvo a|retomo|pudo ver" },
	{ CONCEPT_FOLLOWS_UP, "it",
	  "torno a|la mia mail|mio messaggio|ultimo messaggio|"
	  "senza risposta|ha avuto modo|sollecit*|riprendo" },
	{ CONCEPT_FOLLOWS_UP, "pt",
	  "retomo|meu email|meu e mail|minha mensagem|"
	  "última mensagem|sem resposta|volto a|conseguiu ver" },
	{ CONCEPT_FOLLOWS_UP, "nl",
	  "nog even|mijn vorige|mijn mail|mijn bericht|"
	  "laatste bericht|geen reactie|heeft u al|"
	  "kom ik terug" },
	{ CONCEPT_FOLLOWS_UP, "pl",
	  "wracam do|moja wiadomość|poprzedni*|"
	  "ostatnia wiadomość|przypomin*|bez odpowiedzi|"
	  "czy udało|ponawiam" },
	{ CONCEPT_ROUTES, "en",
	  "right person|wrong person|who handles|"
	  "who is responsible|point me|forward this|"
	  "appropriate person|best person|decision maker|"
	  "person in charge|responsible for|who looks after|"
	  "pass this on|your colleague" },
	{ CONCEPT_ROUTES, "de",
	  "richtige ansprech*|ansprechpartner*|zuständig*|"
	  "weiterleiten|wer kümmert|verantwortlich*|"
	  "leiten sie" },
	{ CONCEPT_ROUTES, "fr",
	  "bonne personne|bon interlocuteur|interlocuteur|"
	  "personne en charge|transférer|faire suivre|"
	  "responsable de" },
	{ CONCEPT_ROUTES, "es",
	  "persona adecuada|persona indicada|responsable de|"
	  "reenviar|quién se encarga|persona encargada" },
	{ CONCEPT_ROUTES, "it",
	  "persona giusta|persona corretta|referente|"
	  "responsabile di|inoltrare|chi si occupa" },
	{ CONCEPT_ROUTES, "pt",
	  "pessoa certa|pessoa indicada|responsável por|"
	  "encaminhar|quem trata|quem cuida" },
	{ CONCEPT_ROUTES, "nl",
	  "juiste persoon|verantwoordelijk*|doorsturen|"
	  "wie gaat|contactpersoon" },
	{ CONCEPT_ROUTES, "pl",
	  "właściw* osob*|osoba odpowiedzialn*|"
	  "odpowiedzialn*|przekazać|przekierow*|kto zajmuje" },
	{ CONCEPT_NOTICED_YOU, "en",
	  "i noticed|i saw|i read|came across|saw that|"
	  "noticed that|your website|your recent|"
	  "congratulations on|your role|your linkedin|"
	  "your company|companies your size|i see that|"
	  "your job posting|your team is|you are hiring|"
	  "heard you" },
	{ CONCEPT_NOTICED_YOU, "de",
	  "ich habe gesehen|ich habe gelesen|gelesen dass|"
	  "gesehen dass|ihre website|ihrer website|"
	  "ihr unternehmen|aufgefallen|bin auf|glückwunsch|"
	  "ihrem hause|in ihrem haus|ihre stellenanzeige" },
	{ CONCEPT_NOTICED_YOU, "fr",
	  "j'ai vu|j'ai lu|j'ai remarqué|votre site|"
	  "votre entreprise|félicitations|votre société|"
	  "votre annonce|votre poste" },
	{ CONCEPT_NOTICED_YOU, "es",
	  "he visto|vi que|he leído|leí que|su página|"
	  "su web|su empresa|felicidades|enhorabuena|su sitio" },
	{ CONCEPT_NOTICED_YOU, "it",
	  "ho visto|ho letto|ho notato|il vostro sito|"
	  "la vostra azienda|la sua azienda|complimenti|"
	  "vostro annuncio" },
	{ CONCEPT_NOTICED_YOU, "pt",
	  "vi que|li que|reparei|o vosso site|seu site|"
	  "sua empresa|vossa empresa|parabéns|notei" },
	{ CONCEPT_NOTICED_YOU, "nl",
	  "ik zag|ik las|gezien dat|uw website|uw bedrijf|"
	  "gefeliciteerd|opgevallen|uw vacature" },
	{ CONCEPT_NOTICED_YOU, "pl",
	  "zauważy*|widzia*|przeczyta*|państwa stron*|"
	  "państwa firm*|gratul*|waszej firm*|"
	  "państwa ogłoszeni*" },
	{ CONCEPT_TRANSACTS, "en",
	  "invoice|order|your order|receipt|payment|paid|"
	  "account number|tracking|shipment|delivery|"
	  "confirmation|confirmed|ticket|your request|"
	  "reference number|due date|statement|password|"
	  "verification|reset|login|sign in|has been|"
	  "was received|your subscription|renewal|"
	  "automatically generated|do not reply|booking|"
	  "reservation|appointment" },
	{ CONCEPT_TRANSACTS, "de",
	  "rechnung*|bestell*|auftrag*|zahlung*|kundennummer|"
	  "rechnungsnummer|lieferung|lieferschein|sendung*|"
	  "bestätig*|ticket|ihre anfrage|vorgang*|fällig|"
	  "kontoauszug|passwort|automatisch erzeugt|"
	  "antworten sie nicht|buchung|vertragsnummer|mahnung" },
	{ CONCEPT_TRANSACTS, "fr",
	  "facture*|commande|paiement|réglé|"
	  "numéro de client|livraison|expédi*|confirm*|"
	  "ticket|votre demande|échéance|relevé|"
	  "mot de passe|ne pas répondre|réservation|dossier" },
	{ CONCEPT_TRANSACTS, "es",
	  "factura*|pedido|pago|recibo|número de cliente|"
	  "entrega|envío|confirm*|ticket|su solicitud|"
	  "vencimiento|contraseña|no responda|reserva|"
	  "expediente" },
	{ CONCEPT_TRANSACTS, "it",
	  "fattura*|ordine|pagamento|ricevuta|numero cliente|"
	  "consegna|spedizion*|conferm*|ticket|"
	  "la sua richiesta|scadenza|password|non rispond*|"
	  "prenotazione|pratica" },
	{ CONCEPT_TRANSACTS, "pt",
	  "fatura*|factura*|encomenda|pedido|pagamento|recibo|"
	  "número de cliente|entrega|envio|confirm*|ticket|"
	  "vencimento|senha|não responda|reserva|processo" },
	{ CONCEPT_TRANSACTS, "nl",
	  "factuur*|bestelling|order|betaling|klantnummer|"
	  "levering|verzending|bevestig*|ticket|uw aanvraag|"
	  "vervaldatum|wachtwoord|niet beantwoorden|boeking|"
	  "dossier" },
	{ CONCEPT_TRANSACTS, "pl",
	  "faktur*|zamówieni*|płatnoś*|paragon|"
	  "numer klienta|dostaw*|przesył*|potwierdz*|"
	  "zgłoszeni*|termin płatności|hasło|"
	  "nie odpowiada*|rezerwacj*|wygenerowan*" },
	{ CONCEPT_DEALINGS, "en",
	  "as discussed|as agreed|as promised|per our|our call|"
	  "our meeting|yesterday|this morning|on friday|"
	  "thanks for|thank you for|attached|please find|"
	  "the contract|the draft|the minutes|"
	  "the file|your comments|see below|the signed|"
	  "our agreement|we agreed|you asked|you sent|"
	  "you mentioned|your question" },
	{ CONCEPT_DEALINGS, "de",
	  "wie besprochen|wie vereinbart|wie abgesprochen|"
	  "unser telefonat|unserem telefonat|gestern|"
	  "heute morgen|anbei|im anhang|danke für|"
	  "vielen dank für|den vertrag|der entwurf|"
	  "das protokoll|ihre rückmeldung|sie hatten gefragt|"
	  "unterschrieben*|bis freitag|die datei" },
	{ CONCEPT_DEALINGS, "fr",
	  "comme convenu|comme prévu|suite à|notre échange|"
	  "notre appel|hier|ci joint|en pièce jointe|"
	  "merci pour|merci de|le contrat|le projet de|"
	  "le compte rendu|vous m'aviez|signé*|avant vendredi|"
	  "le fichier" },
	{ CONCEPT_DEALINGS, "es",
	  "como acordamos|como quedamos|según lo|"
	  "nuestra llamada|ayer|adjunto|le adjunto|gracias por|"
	  "el contrato|el borrador|el acta|me pediste|"
	  "me pidió|firmado*|antes del viernes|el archivo" },
	{ CONCEPT_DEALINGS, "it",
	  "come concordato|come d'accordo|come da|"
	  "la nostra telefonata|ieri|in allegato|allego|"
	  "grazie per|il contratto|la bozza|il verbale|"
	  "mi aveva chiesto|firmat*|entro venerdì|il file" },
	{ CONCEPT_DEALINGS, "pt",
	  "como combinado|conforme combinado|conforme acordado|"
	  "a nossa chamada|ontem|em anexo|segue em anexo|"
	  "obrigado pel*|obrigada pel*|o contrato|a minuta|"
	  "a ata|pediu me|assinad*|até sexta|o ficheiro" },
	{ CONCEPT_DEALINGS, "nl",
	  "zoals besproken|zoals afgesproken|ons gesprek|"
	  "gisteren|bijgevoegd|in de bijlage|bedankt voor|"
	  "dank voor|het contract|het concept|de notulen|"
	  "u vroeg|ondertekend*|voor vrijdag|het bestand" },
	{ CONCEPT_DEALINGS, "pl",
	  "zgodnie z|jak ustali*|jak rozmawiali*|"
	  "naszej rozmow*|wczoraj|w załączeniu|"
	  "w załączniku|załączam|dziękuję za|"
	  "dziękujemy za|umow*|projekt umowy|protokół|"
	  "prosił*|podpisan*|do piątku|plik" },
};

const guint concept_table_size = G_N_ELEMENTS(concept_table);

const char *const concept_names[CONCEPTS] = {
	"introduces-self",   "asks-time",      "opts-out",
	"we-help",	     "proof",	       "offers",
	"follows-up",	     "routes",	       "noticed-you",
	"transacts",	     "dealings",       "applies",
	"introduces-others", "closeness",      "answers-enquiry",
	"official",	     "under-contract",
};
