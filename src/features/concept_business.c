/*
 * More phrases that mean the same in eight languages: what people with a
 * reason to write say. These are the cases that must never be held: an
 * applicant, somebody who introduces two others, a friend, the answer to an
 * enquiry, a public body, a supplier under contract.
 */
#include "concepts_private.h"

const struct concept_phrases concept_business[] = {
	{ CONCEPT_APPLIES, "en",
	  "apply for|applying for|my application|my cv|"
	  "my resume|attached cv|cover letter|i am applying|"
	  "job application|the vacancy|the position of|"
	  "years of experience as|available for interview|"
	  "speculative application|internship|my references|"
	  "open position|candidate for" },
	{ CONCEPT_APPLIES, "de",
	  "bewerbung*|bewerbe mich|lebenslauf|stelle als|"
	  "ausgeschrieben*|initiativbewerbung|praktik*|"
	  "berufserfahrung|anschreiben|vorstellungsgespräch|"
	  "motivationsschreiben" },
	{ CONCEPT_APPLIES, "fr",
	  "candidature|mon cv|curriculum vitae|"
	  "lettre de motivation|je postule|poste de|"
	  "votre annonce|entretien d'embauche|stage|"
	  "expérience en tant|votre offre d'emploi" },
	{ CONCEPT_APPLIES, "es",
	  "postul*|candidatura|mi cv|curriculum|currículum|"
	  "vacante|carta de presentación|puesto de|"
	  "oferta de empleo|prácticas|entrevista de" },
	{ CONCEPT_APPLIES, "it",
	  "candidatura|il mio cv|curriculum|"
	  "lettera di presentazione|mi candido|posizione di|"
	  "annuncio di lavoro|tirocinio|colloquio" },
	{ CONCEPT_APPLIES, "pt",
	  "candidatura|meu cv|currículo|carta de apresentação|"
	  "vaga de|candidato me|estágio|entrevista de|"
	  "oferta de emprego" },
	{ CONCEPT_APPLIES, "nl",
	  "solliciteer*|sollicit*|mijn cv|vacature|"
	  "motivatiebrief|functie van|stage|werkervaring" },
	{ CONCEPT_APPLIES, "pl",
	  "aplikuj*|moje cv|życiorys|list motywacyjny|"
	  "stanowisk*|rekrutac*|oferta pracy|staż|kandydat*" },
	{ CONCEPT_INTRODUCES_OTHERS, "en",
	  "meet my|like you to meet|connecting you|"
	  "introducing you two|you two should|the two of you|"
	  "warm introduction|introduce you two|"
	  "i'll let you two|as promised meet|cc'd here|"
	  "copied here|putting you in touch|put you in touch|"
	  "making the introduction|good hands|over to you both|"
	  "i told her|i told him|she's the one|he's the one" },
	{ CONCEPT_INTRODUCES_OTHERS, "de",
	  "bekannt machen|bekanntmachung|ihr solltet euch|"
	  "darf ich vorstellen|ich stelle dir|"
	  "ich stelle ihnen herrn|ich stelle ihnen frau|"
	  "in kontakt bringen|miteinander bekannt|"
	  "zusammenbringen|den kontakt herstellen|"
	  "alles weitere ihr" },
	{ CONCEPT_INTRODUCES_OTHERS, "fr",
	  "je te présente|je vous présente|"
	  "vous mettre en contact|vous mettre en relation|"
	  "mise en relation|te mettre en contact|"
	  "je vous laisse|faire connaissance|en copie" },
	{ CONCEPT_INTRODUCES_OTHERS, "es",
	  "te presento|le presento|les presento|os presento|"
	  "ponerlos en contacto|poneros en contacto|los dejo|"
	  "os dejo|en copia" },
	{ CONCEPT_INTRODUCES_OTHERS, "it",
	  "ti presento|vi presento|le presento|"
	  "metto in contatto|vi metto in|mettervi in contatto|"
	  "vi lascio|in copia" },
	{ CONCEPT_INTRODUCES_OTHERS, "pt",
	  "apresento te|apresento lhe|apresento vos|"
	  "te apresento|pôr em contacto|colocar em contato|"
	  "deixo vos|vos deixo|em cópia" },
	{ CONCEPT_INTRODUCES_OTHERS, "nl",
	  "stel je voor aan|stel jullie|breng jullie|"
	  "in contact brengen|jullie moeten elkaar|"
	  "met elkaar in contact|in de cc" },
	{ CONCEPT_INTRODUCES_OTHERS, "pl",
	  "przedstawiam ci|przedstawiam państwu|poznajcie|"
	  "poznajcie się|skontaktować was|łączę was|w kopii" },
	{ CONCEPT_CLOSENESS, "en",
	  "see you|have a good weekend|good weekend|"
	  "hope you're well|how are the kids|say hi|"
	  "lunch tomorrow|talk later|cheers|big hug|hugs|"
	  "my love to|miss you|haha|lol|thanks again|"
	  "sorry for the|i owe you|beer|happy birthday" },
	{ CONCEPT_CLOSENESS, "de",
	  "liebe grüße|lg|bis dann|bis morgen|"
	  "schönes wochenende|schönen abend|mach's gut|du|dir|"
	  "dich|euch|herzlich dein|alles liebe|tschüss|"
	  "drück dich" },
	{ CONCEPT_CLOSENESS, "fr",
	  "bises|bisous|à demain|à bientôt|bon week end|"
	  "bonne soirée|je t'embrasse|salut|amitiés|tu|toi|"
	  "merci encore|à tantôt" },
	{ CONCEPT_CLOSENESS, "es",
	  "abrazo|un abrazo|besos|nos vemos|buen fin de|"
	  "hasta mañana|un beso|cariños|al rato|me debes|"
	  "gracias de nuevo" },
	{ CONCEPT_CLOSENESS, "it",
	  "baci|un abbraccio|ci vediamo|buon weekend|"
	  "buon fine settimana|a domani|un bacio|grazie ancora|"
	  "mi raccomando|tvb" },
	{ CONCEPT_CLOSENESS, "pt",
	  "abraço|beijos|beijinhos|um abraço|até amanhã|"
	  "bom fim de|bom fim|a gente se|obrigada de novo|"
	  "saudades" },
	{ CONCEPT_CLOSENESS, "nl",
	  "groetjes|fijn weekend|tot morgen|liefs|tot straks|"
	  "dikke kus|hoi|jij|je nog|nogmaals dank" },
	{ CONCEPT_CLOSENESS, "pl",
	  "pozdro|buziaki|ściskam|do zobaczenia|do jutra|"
	  "miłego weekendu|cześć|hej|trzymaj się|dzięki jeszcze" },
	{ CONCEPT_ANSWERS_ENQUIRY, "en",
	  "your enquiry|your inquiry|your rfp|your rfq|"
	  "your tender|in response to your|in reply to your|"
	  "as requested|you requested|as you requested|"
	  "you asked us|per your request|answers to your|"
	  "the quotation you|quote you asked|your request for|"
	  "following your request|our quotation|"
	  "your specification|thank you for your enquiry|"
	  "thank you for your interest|invitation to tender|"
	  "request for proposal|request for quotation|our bid" },
	{ CONCEPT_ANSWERS_ENQUIRY, "de",
	  "ihre anfrage|ihrer anfrage|auf ihre anfrage|"
	  "wie angefragt|wie gewünscht|ihre ausschreibung|"
	  "unser angebot nr|angebot wie|anfrage vom|"
	  "ihrem lastenheft|von ihnen angefragt|"
	  "vielen dank für ihre anfrage|ihr interesse" },
	{ CONCEPT_ANSWERS_ENQUIRY, "fr",
	  "votre demande|votre appel d'offres|appel d'offres|"
	  "appel de propositions|suite à votre demande|"
	  "comme demandé|votre consultation|notre devis|"
	  "le devis demandé|en réponse à|"
	  "votre cahier des charges" },
	{ CONCEPT_ANSWERS_ENQUIRY, "es",
	  "su solicitud|su consulta|su licitación|"
	  "en respuesta a|como solicit*|lo solicitado|"
	  "la cotización solicitada|su pedido de|"
	  "según lo solicitado|a su solicitud|que nos pidió|"
	  "que nos pidieron" },
	{ CONCEPT_ANSWERS_ENQUIRY, "it",
	  "sua richiesta|vostra richiesta|come richiesto|"
	  "in risposta alla|preventivo richiesto|vostra gara|"
	  "il preventivo|bando di gara|alla richiesta" },
	{ CONCEPT_ANSWERS_ENQUIRY, "pt",
	  "seu pedido de|vosso pedido|sua solicitação|"
	  "conforme solicitado|em resposta ao|em resposta à|"
	  "orçamento solicitado|conforme pedido|vossa consulta|"
	  "seu concurso" },
	{ CONCEPT_ANSWERS_ENQUIRY, "nl",
	  "uw aanvraag|op uw verzoek|zoals gevraagd|"
	  "naar aanleiding van uw|uw offerteaanvraag|"
	  "onze offerte|de offerte|uw aanbesteding|uw verzoek" },
	{ CONCEPT_ANSWERS_ENQUIRY, "pl",
	  "państwa zapytanie|zapytani*|na zapytanie|"
	  "w odpowiedzi na|zgodnie z prośbą|oferta nr|"
	  "państwa prośb*|przetarg*|zapytania ofertowego" },
	{ CONCEPT_OFFICIAL, "en",
	  "pursuant to|hereby|regulation|the authority|"
	  "tax office|revenue|customs|inspector|inspection|"
	  "your obligation|court|statutory|within 14 days|"
	  "within 30 days|compliance deadline|public notice|"
	  "case number|ministry|council|department of" },
	{ CONCEPT_OFFICIAL, "de",
	  "gemäß|finanzamt|behörde|bescheid|aktenzeichen|"
	  "verordnung|gericht|bußgeld|frist|amtlich*|zollamt|"
	  "prüfung|landesamt|az|satzung" },
	{ CONCEPT_OFFICIAL, "fr",
	  "conformément|en application|préfecture|mairie|"
	  "impôts|urssaf|tribunal|règlement|arrêté|"
	  "direction générale|mise en demeure|dans un délai|"
	  "inspection|douane" },
	{ CONCEPT_OFFICIAL, "es",
	  "conforme a|de conformidad|hacienda|sat|"
	  "agencia tributaria|juzgado|reglamento|oficio|"
	  "plazo de|ayuntamiento|requerimiento|inspección|"
	  "aduana" },
	{ CONCEPT_OFFICIAL, "it",
	  "ai sensi|agenzia delle|ufficio|comune di|tribunale|"
	  "regolamento|dogane|entro 15 giorni|verifica|"
	  "procedimento|sanzion*|protocollo n" },
	{ CONCEPT_OFFICIAL, "pt",
	  "nos termos|finanças|autoridade|tribunal|regulamento|"
	  "câmara municipal|prazo de|notificação|alfândega|"
	  "coima|inspeção" },
	{ CONCEPT_OFFICIAL, "nl",
	  "ingevolge|belastingdienst|gemeente|rechtbank|"
	  "verordening|beschikking|bezwaar|kenmerk|inspectie|"
	  "binnen 14 dagen|douane" },
	{ CONCEPT_OFFICIAL, "pl",
	  "na podstawie|urząd|urzędu|sąd|rozporządzeni*|ustaw*|"
	  "sygn|decyzj*|wezwani*|w terminie|kontrol*|"
	  "postępowani*" },
	{ CONCEPT_UNDER_CONTRACT, "en",
	  "your account manager|your contract|our contract|"
	  "contract number|order number|purchase order|"
	  "po number|your purchase|go live|kick off|kickoff|"
	  "onboarding|implementation plan|your licence|"
	  "your license|your invoice|invoice number|"
	  "renewal date|service window|maintenance window|"
	  "your ticket|open ticket|acceptance test|"
	  "installation|delivered on|warranty|amendment|"
	  "credit note|your delivery|change request|sprint|"
	  "milestone" },
	{ CONCEPT_UNDER_CONTRACT, "de",
	  "ihr vertrag|ihrem vertrag|vertragsnummer|"
	  "auftragsnummer|bestellnummer|unsere bestellung|"
	  "ihre bestellung|inbetriebnahme|abnahme|wartung|"
	  "wartungsfenster|gewährleistung|gutschrift|"
	  "liefertermin|ihre lizenz|rechnung nr|meilenstein|"
	  "nachtrag" },
	{ CONCEPT_UNDER_CONTRACT, "fr",
	  "votre contrat|numéro de commande|bon de commande|"
	  "votre commande|mise en service|maintenance|garantie|"
	  "avoir|votre licence|facture no|réception|avenant|"
	  "livraison prévue|votre abonnement" },
	{ CONCEPT_UNDER_CONTRACT, "es",
	  "su contrato|orden de compra|número de pedido|"
	  "su pedido|puesta en marcha|mantenimiento|garantía|"
	  "nota de crédito|su licencia|factura no|"
	  "entrega prevista|adenda" },
	{ CONCEPT_UNDER_CONTRACT, "it",
	  "vostro contratto|suo contratto|ordine n|"
	  "ordine di acquisto|vostro ordine|messa in servizio|"
	  "collaudo|manutenzione|garanzia|nota di credito|"
	  "licenza|fattura n|consegna prevista" },
	{ CONCEPT_UNDER_CONTRACT, "pt",
	  "vosso contrato|seu contrato|ordem de compra|"
	  "nota de encomenda|sua encomenda|entrada em produção|"
	  "manutenção|garantia|nota de crédito|licença|"
	  "fatura n|entrega prevista|aditamento" },
	{ CONCEPT_UNDER_CONTRACT, "nl",
	  "uw contract|ordernummer|inkooporder|uw bestelling|"
	  "oplevering|onderhoud|garantie|creditnota|"
	  "uw licentie|factuur nr|levering op|meerwerk" },
	{ CONCEPT_UNDER_CONTRACT, "pl",
	  "państwa umow*|numer zamówienia|zamówienie nr|"
	  "uruchomieni*|odbiór|odbioru|serwis*|gwarancj*|"
	  "nota korygująca|licencj*|faktura nr|aneks" },
};

const guint concept_business_size = G_N_ELEMENTS(concept_business);
