"""What languages of Europe say around names in mail, as rows by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What a language that writes names with a capital says around them.

    Alternatives of regular expressions, read without regard to case: greetings, closings,
    titles, "my name is", whose kin, kin, "ask for", what people do, labels of a form, words
    for a flat, "from the" before a flat, "and".
    """

    hello: str
    close: str
    title: str
    called: str
    whose: str
    kin: str
    ask: str
    does: str
    label: str
    flat: str
    of: str
    also: str


SPEECHES: Final = {
    "es": Speech(
        hello=r"hola|buen[oa]s(?: d[ií]as| tardes| noches)?|estimad[oa]s?|querid[oa]s?"
        r"|apreciad[oa]",
        close=r"(?:un )?(?:cordial )?(?:saludos?|abrazos?)(?: cordiales)?|atentamente"
        r"|(?:muchas )?gracias"
        r"(?: de antemano| por todo)?|atte|besos|quedo a la espera",
        title=r"sra?\.?|srta\.?|señora?|señorita|don|doña|d\.|dª|dra?\.?|ing\.|lic\.",
        called=r"me llamo|mi nombre(?: completo)? es|le habla|les escribe|soy|de parte de",
        whose=r"mi|mis|su|sus|tu|nuestr[oa]s?|la|el",
        kin=r"marido|mujer|espos[oa]|herman[oa]|madre|padre|mam[aá]|pap[aá]|hij[oa]s?"
        r"|abuel[oa]|t[ií][oa]"
        r"|prim[oa]|sobrin[oa]|suegr[oa]|cuñad[oa]|yerno|nuera|vecin[oa]s?|inquilin[oa]s?"
        r"|novi[oa]"
        r"|amig[oa]|compañer[oa]|encargad[oa]|porter[oa]|conserje|cuidador[a]?|niñera|casero"
        r"|paciente|propietari[oa]|señora|señor|difunt[oa]",
        ask=r"pregunt(?:en?|ar|a) por|habl(?:ar|en|é|a) con|llam(?:ar|en?|é) a|avis(?:ar"
        r"|en?) a|dile a"
        r"|d[ií]ganle a|contact(?:ar|en?) con|a nombre de|a la atenci[oó]n de|con|para"
        r"|de parte de"
        r"|casa de|piso de|apartamento de|hablado con|quedado con|llave de",
        does=r"dijo|dice|me ha dicho|llam[oó]|abrir[aá]|les abrir[aá]|estar[aá]|est[aá]"
        r"|tiene|vive|viven|quiere"
        r"|necesita|trabaja|escribi[oó]|vino|viene|muri[oó]|falleci[oó]|padece|sufre",
        label=r"nombre(?: y apellidos)?|cliente|inquilin[oa]|contacto|titular|paciente"
        r"|firmado|att?n?"
        r"|a la atenci[oó]n de|propietari[oa]|solicitante|remitente|de|para",
        flat=r"piso|apto\.?|apartamento|depto\.?|departamento|puerta|unidad|habitaci[oó]n"
        r"|local",
        of=r"del|de la|en el|en la",
        also=r"y|e",
    ),
    "fr": Speech(
        hello=r"bonjour|bonsoir|salut|coucou|ch[eè]re?s?",
        close=r"(?:bien )?cordialement|merci(?: beaucoup| d'avance| bien)?"
        r"|salutations(?: distingu[ée]es)?"
        r"|bien à vous|amicalement|bonne (?:journ[ée]e|soir[ée]e)|bises|cdlt|à bient[oô]t",
        title=r"m\.|mm\.|mme\.?|mmes|mlle\.?|monsieur|madame|mademoiselle|dr\.?|docteur"
        r"|ma[iî]tre|me",
        called=r"je m'appelle|mon nom est|je suis|c'est|de la part de|ici",
        whose=r"mon|ma|mes|son|sa|ses|notre|nos|votre|leur|la|le",
        kin=r"mari|femme|[ée]pou(?:x|se)|fr[eè]re|s[oœ](?:e)?ur|m[eè]re|p[eè]re|maman|papa"
        r"|fils|fille"
        r"|grand-m[eè]re|grand-p[eè]re|tante|oncle|cousine?|neveu|ni[eè]ce|belle-m[eè]re"
        r"|beau-p[eè]re"
        r"|voisine?s?|locataires?|compagn(?:e|on)|conjointe?|amie?|copine?|coll[eè]gue"
        r"|gardienne?"
        r"|concierge|nounou|patiente?|propri[ée]taire|b[ée]b[ée]",
        ask=r"demande[zr]?|parle[zr]? (?:à|avec)|appele[zr]|pr[ée]ven(?:ir|ez)|contacte[zr]"
        r"|voir|joindre"
        r"|à l'attention de|au nom de|chez|avec|pour|de la part de|dites? à|parl[ée] (?:à"
        r"|avec)",
        does=r"a dit|dit|dira|m'a dit|a appel[ée]|appelle|ouvrira|vous ouvrira|sera|est|a"
        r"|habite|veut|travaille"
        r"|a [ée]crit|viendra|vient|est d[ée]c[ée]d[ée]e?|souffre|a les cl[ée]s",
        label=r"nom(?: et pr[ée]nom)?|pr[ée]nom|client|locataire|contact|titulaire|patient"
        r"|sign[ée]"
        r"|à l'attention de|propri[ée]taire|demandeur|exp[ée]diteur|de|à",
        flat=r"appartement|appt?\.?|logement|lot|porte|chambre|unit[ée]|studio",
        of=r"de l'|du|au|à l'",
        also=r"et",
    ),
    "de": Speech(
        hello=r"hallo|liebe[rs]?|guten (?:tag|morgen|abend)|moin|servus|gr[uü][sß]+ gott|hi"
        r"|sehr geehrte[rs]?",
        close=r"(?:mit )?(?:freundlichen|freundliche|viele|liebe|beste|sch[oö]ne|herzliche)"
        r" gr(?:[uü]|ue)(?:ß|ss)(?:en?)?|mfg|lg|vg|gru(?:ß|ss)|danke(?: sch[oö]n)?|(?:vielen"
        r"|besten|herzlichen) dank"
        r"|hochachtungsvoll|bis (?:bald|dann)",
        title=r"herrn?|frau|fr\.|hr\.|familie|fam\.|dr\.|prof\.|frl\.",
        called=r"ich hei(?:ß|ss)e|mein name ist|ich bin(?: die| der)?|hier ist|hier schreibt"
        r"|im auftrag von",
        whose=r"meine?[mnrs]?|unsere?[mnrs]?|seine?[mnrs]?|ihre?[mnrs]?|der|die|den|dem",
        kin=r"mann|frau|ehemann|ehefrau|ehegatt(?:e|in)|bruder|schwester|mutter|vater|mama"
        r"|papa|sohn"
        r"|tochter|oma|opa|gro(?:ß|ss)mutter|gro(?:ß|ss)vater|tante|onkel|cousine?|neffe|nichte"
        r"|schwiegermutter|schwiegervater|nachbar(?:in|n)?|mieter(?:in)?|untermieter(?:in)?"
        r"|freund(?:in)?|lebensgef[aä]hrt(?:e|in)|partner(?:in)?|kolleg(?:e|in|en)"
        r"|hausmeister(?:in)?"
        r"|vermieter(?:in)?|pfleger(?:in)?|chef(?:in)?|enkel(?:in)?|baby",
        ask=r"fragen sie(?: bitte)?(?: nach)?|frag(?:t)? nach|sprechen sie mit|gesprochen mit"
        r"|rufen sie(?: bitte)?|melden sie sich bei|zu h[aä]nden(?: von)?|z\.? ?hd\.?"
        r"|im namen von"
        r"|wohnung von|schl[uü]ssel (?:von|bei|hat)|klingeln(?: sie)? bei|klingel|bei",
        does=r"hat gesagt|sagt|sagte|meint|rief|l[aä](?:ß|ss)t sie|macht (?:ihnen )?auf"
        r"|wohnt|ist (?:zu hause|da|krank"
        r"|verstorben|nicht da|weg)|wird (?:da|zu hause)|kommt|hat (?:den|die"
        r"|einen) schl[uü]ssel|m[oö]chte"
        r"|schrieb|arbeitet|leidet|hat angerufen",
        label=r"name|vorname|nachname|kunde|mieter(?:in)?|kontakt|ansprechpartner(?:in)?"
        r"|patient(?:in)?"
        r"|unterschrift|gezeichnet|gez\.?|z\.? ?hd\.?|zu h[aä]nden|eigent[uü]mer(?:in)?"
        r"|absender|von|an",
        flat=r"wohnung|whg\.?|apartment|zimmer|einheit|t[uü]r|top",
        of=r"aus|in|von",
        also=r"und",
    ),
    "pt": Speech(
        hello=r"ol[aá]|oi|bo[ma] (?:dia|tarde|noite)|car[oa]s?|prezad[oa]s?|querid[oa]s?"
        r"|exm[oa]s?\.?",
        close=r"atenciosamente|(?:muito )?obrigad[oa]|abra[cç]os?|att\.?|cumprimentos"
        r"|melhores cumprimentos"
        r"|com os melhores cumprimentos|cordialmente|grat[oa]|beijos|sauda[cç][oõ]es",
        title=r"sr\.?|sra\.?|srta\.?|senhora?|dona|seu|dr\.?|dra\.?|d\.|eng\.?",
        called=r"meu nome [eé]|o meu nome [eé]|me chamo|chamo-me|sou|sou [oa]"
        r"|aqui [eé] [oa]?|da parte de",
        whose=r"meu|minha|meus|seu|sua|nosso|nossa|[oa]",
        kin=r"marido|mulher|espos[oa]|irm[aã]o?|m[aã]e|pai|filh[oa]s?|av[oó]|tia|tio"
        r"|prim[oa]|sobrinh[oa]"
        r"|sogr[oa]|cunhad[oa]|genro|nora|vizinh[oa]|inquilin[oa]|namorad[oa]|amig[oa]|colega"
        r"|porteir[oa]|cuidador[a]?|bab[aá]|senhori[oa]|propriet[aá]ri[oa]|beb[eê]|net[oa]",
        ask=r"pergunt(?:em?|ar) por|procur(?:em?|ar)(?: por| pel[oa])?|fal(?:ar|em?"
        r"|ei) com(?: [oa])?"
        r"|lig(?:ar|uem?) para(?: [oa])?|avis(?:ar|em?) [aoà]|aos cuidados de|em nome de"
        r"|com [oa]|para [oa]"
        r"|casa d[aeo]|apartamento d[aeo]|chave d[aeo]|chave com [oa]",
        does=r"disse|diz|ligou|vai abrir|vai estar|estar[aá]|est[aá]|tem|mora|vive|quer"
        r"|precisa|trabalha|escreveu"
        r"|veio|vem|morreu|faleceu|sofre",
        label=r"nome(?: completo)?|cliente|inquilin[oa]|contato|contacto|titular|paciente"
        r"|assinado"
        r"|aos cuidados de|a/c|propriet[aá]ri[oa]|remetente|de|para",
        flat=r"apartamento|apto\.?|ap\.?|andar|bloco|casa|unidade|fra[cç][aã]o|quarto|sala",
        of=r"do|da|no|na",
        also=r"e",
    ),
    "it": Speech(
        hello=r"ciao|salve|buongiorno|buonasera|gentil[ei](?:ssim[oa])?|car[oaie]|egregi[oa]"
        r"|spett\.?(?:le)?",
        close=r"(?:cordiali|distinti|cari) saluti|saluti|grazie(?: mille| tante"
        r"| in anticipo)?|cordialmente"
        r"|un (?:saluto|abbraccio)|a presto|in fede|buona giornata",
        title=r"sig\.?(?:ra|na)?\.?|signor[ae]?|signorina|dott\.?(?:ssa)?\.?|ing\.?|avv\.?"
        r"|geom\.?|don|donna",
        called=r"mi chiamo|il mio nome [eè]|sono(?: il| la)?|per conto di|da parte di",
        whose=r"mio|mia|miei|suo|sua|nostr[oa]|il|la",
        kin=r"marito|moglie|fratello|sorella|madre|padre|mamma|pap[aà]|figli[oa]?|nonn[oa]"
        r"|zi[oa]|cugin[oa]"
        r"|nipote|suocer[oa]|cognat[oa]|genero|nuora|vicin[oa]|inquilin[oa]|fidanzat[oa]"
        r"|compagn[oa]"
        r"|amic[oa]|collega|portier[ae]|custode|badante|tata|propriet?ari[oa]|pazient[ei]",
        ask=r"chied(?:ere|ete|a|i) (?:di|del|della)|parl(?:are|ate|i) con|chiam(?:are|ate"
        r"|i)(?: la| il)?"
        r"|avvis(?:are|ate|i)|contatt(?:are|ate|i)|all'attenzione di|a nome di|presso|c/o|da"
        r"|con"
        r"|casa di|appartamento di|chiav[ei] (?:di|da|a)|parlato con|rivolgersi a",
        does=r"ha detto|dice|ha chiamato|chiama|vi aprir[aà]|aprir[aà]|sar[aà]"
        r"|[eè] (?:a casa|in casa|malat[oa]|mort[oa])"
        r"|ha (?:le|la) chiav[ei]|abita|vive|vuole|lavora|ha scritto|viene|soffre",
        label=r"nome(?: e cognome)?|cognome|cliente|inquilin[oa]|contatto|intestatario"
        r"|paziente|firmato"
        r"|all'attenzione di|c\.?a\.?|proprietari[oa]|mittente|da|a",
        flat=r"appartamento|app\.?|interno|int\.?|scala|piano|stanza|unit[aà]",
        of=r"del|dell'|della|al|all'",
        also=r"e|ed",
    ),
    "nl": Speech(
        hello=r"hallo|hoi|hi|dag|beste|geachte|lieve|goede(?:morgen|middag|navond|n dag)",
        close=r"(?:met )?(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|mvg"
        r"|m\.v\.g\.|gr\.?"
        r"|(?:alvast )?bedankt|(?:hartelijk |alvast )?dank(?: u)?(?: wel)?|hoogachtend"
        r"|tot ziens",
        title=r"dhr\.?|de heer|heer|mevr?\.?|mevrouw|meneer|mw\.?|fam\.?|familie|dr\.",
        called=r"ik heet|mijn naam is|ik ben|u spreekt met|namens",
        whose=r"mijn|onze|ons|zijn|haar|hun|uw|de",
        kin=r"man|vrouw|echtgenote?|broer|zus|moeder|vader|mama|papa|zoon|dochter|oma|opa"
        r"|tante|oom|neef|nicht"
        r"|schoonmoeder|schoonvader|buurman|buurvrouw|buren|huurders?|huurster|vriend(?:in)?"
        r"|partner"
        r"|collega|conci[eë]rge|huismeester|verhuurder|eigenaar|oppas|baby|kleinzoon"
        r"|kleindochter",
        ask=r"vraag (?:naar|aan)|vragen naar|spreken met|gesproken met|bel(?:len)?(?: met)?"
        r"|t\.?a\.?v\.?"
        r"|ter attentie van|namens|bij|met|woning van|sleutel (?:van|bij)"
        r"|contact (?:op )?(?:nemen )?met|aan",
        does=r"zei|zegt|belde|heeft gebeld|doet open|is (?:thuis|ziek|overleden|er)"
        r"|is vandaag thuis|heeft (?:de|een) sleutel"
        r"|woont|wil|werkt|schreef|komt|lijdt",
        label=r"naam|voornaam|achternaam|klant|huurder|contact(?:persoon)?|pati[eë]nt"
        r"|ondertekend|t\.?a\.?v\.?"
        r"|eigenaar|afzender|van|aan",
        flat=r"appartement|app\.?|woning|kamer|huisnummer|unit|nr\.?",
        of=r"uit|van|in|op",
        also=r"en",
    ),
    "pl": Speech(
        hello=r"dzień dobry|cześć|witam|drog[ai]|szanown[aiy]|hej",
        close=r"pozdrawiam(?: serdecznie)?|z poważaniem|z wyrazami szacunku"
        r"|dziękuję(?: z góry)?|pozdrowienia"
        r"|serdecznie pozdrawiam",
        title=r"pana?|pani|panią|panem|panu|państwo|dr|inż\.?|ks\.?",
        called=r"nazywam się|mam na imię|jestem|z tej strony|w imieniu",
        whose=r"mój|moja|mojej|moją|mojego|moim|nasz|nasza|naszej|jego|jej",
        kin=r"mąż|mężem|żona|żony|żoną|brat|siostra|siostrą|matka|mama|mamą|ojciec|tata|syn"
        r"|syna|córka|córką"
        r"|babcia|dziadek|ciocia|wujek|kuzyn(?:ka)?|teściowa|teść|sąsiadka|sąsiadki|sąsiad"
        r"|sąsiada|lokator(?:ka)?"
        r"|najemca|narzeczon[ay]|partnerka?|przyjaciel|przyjaciółka|kolega|koleżanka|dozorca"
        r"|właściciel(?:ka)?|opiekunka|wnuk|wnuczka",
        ask=r"pytać o|proszę pytać o|rozmawiać z|rozmawiał[ae]m z|zadzwonić do|dzwonić do"
        r"|kontakt z|skontaktować się z"
        r"|do rąk|w imieniu|u|z|do|mieszkanie|klucz(?:e)? (?:ma|u)",
        does=r"powiedział[a]?|mówi|mówił[a]?|dzwonił[a]?|otworzy|będzie|jest|ma|mieszka|chce"
        r"|pracuje|napisał[a]?"
        r"|przyjdzie|zmarł[a]?|choruje",
        label=r"imię i nazwisko|imię|nazwisko|klient(?:ka)?|najemca|lokator|kontakt"
        r"|pacjent(?:ka)?|podpis(?:ano)?"
        r"|właściciel|nadawca|od|do",
        flat=r"mieszkanie|mieszkania|lokal|lokalu|m\.|pokój|nr",
        of=r"z|spod|w",
        also=r"i|oraz",
    ),
}
"""Rows by ISO 639-1 code."""
