"""Small words by which a language is told, as rows: language → what its mail is full of.

Function words first, then what opens and closes a mail. A word may stand in several rows;
it then says less. All lower case, with their accents.
"""

# ruff: noqa: RUF001 - letters that tell languages apart

from __future__ import annotations

from typing import Final

_ROWS: Final = {
    "en": """
        the and you for that this with are was have has had not but from they will would can
        could should our your their them there here been were which what when who how if of to
        in is it on at be as we us he she his her my me i an or by do does did don't i'm it's
        please thanks thank any some all out up about into over after before just also than
        then so no yes hello dear regards let know get got need call send see more only other
        because while still very much until again
    """,
    "es": """
        el la los las un una unos unas de del al y o que en con por para como pero más muy no
        sí se su sus mi mis tu nos nuestro nuestra lo le les es son está están fue era hay ha
        han he soy somos estamos tiene tengo tienen tenemos puede pueden puedo podría quiero
        quisiera necesito necesitamos cuando donde dónde qué quién cuál porque también ya este
        esta estos estas eso esto ese esa hoy mañana ayer gracias hola buenos buenas días
        tardes noches señor señora saludos favor usted ustedes hasta desde sin sobre entre
        todo toda todos si me te hacer casa agua vez aquí ahora estimado estimada atentamente
        muchas cordial nos funciona fuga caldera grifo presupuesto factura pedido pieza llave
        llaves bien parece viene vivimos vivo
    """,
    "fr": """
        le la les un une des du de et ou que qui en dans avec pour par sur mais plus très ne
        pas se son sa ses mon ma mes nos notre votre vos il elle ils elles nous vous je tu on
        est sont était être avoir a ont ai avons avez suis sommes peut peux pouvez pourriez
        voudrais veux faut quand où quoi comment parce aussi déjà ce cet cette ces cela ça
        aujourd'hui demain hier merci bonjour bonsoir madame monsieur cordialement chez sans
        sous entre tout toute tous toutes si me te lui leur leurs y au aux faire fait salut
        depuis avant après fuite eau bien c'est j'ai jour l' d' qu' j' n' c' s' m' vers contre
        donc puis voici es devis facture chaudière robinet clés rendez-vous
    """,
    "de": """
        der die das den dem des ein eine einen einem einer und oder dass daß ist sind war
        waren sein haben hat habe hatte wir ich du sie er es ihr uns mich mir dir ihnen ihre
        ihrem ihren ihrer mein meine meiner unser unsere nicht kein keine mit für von vom zum
        zur zu im in am an auf aus bei nach über unter vor wegen seit bis durch ohne auch
        aber wenn weil wie was wer wo wann noch schon nur sehr mehr kann können könnten
        könnte muss müssen möchte möchten würde bitte danke hallo guten tag liebe lieber
        sehr geehrte geehrter damen herren grüße grüßen freundlichen heute morgen gestern
        rechnung angebot heizung termin schlüssel wasser werden wird wurde als so dann hier
        dort gibt uhr viele mfg
    """,
    "pt": """
        o a os as um uma uns umas de do da dos das no na nos nas ao à e ou que em com por para
        pelo pela como mas mais muito não sim se seu sua seus suas meu minha meus minhas nosso
        nossa lhe é são está estão foi era há tem têm tenho temos pode podem posso poderia
        quero gostaria preciso precisamos quando onde qual quem porque também já este esta
        isso isto esse essa hoje amanhã ontem obrigado obrigada olá bom boa dia tarde noite
        senhor senhora favor você vocês até desde sem sobre entre tudo todos ela ele eles
        estou estamos fazer água atenciosamente abraço cumprimentos num numa depois ainda
        vocês aqui agora torneira orçamento fatura chave peça vazamento
    """,
    "it": """
        il lo la i gli le un uno una di del dello della dei degli delle a al allo alla ai alle
        e o che in nel nella con per su sul sulla da dal dalla come ma più molto non sì si suo
        sua suoi mio mia miei nostro nostra è sono era erano ha hanno ho abbiamo siamo può
        possono posso potrebbe potete vorrei voglio bisogno quando dove quale chi perché anche
        già questo questa questi queste quello quella oggi domani ieri grazie ciao buongiorno
        buonasera salve gentile signor signora saluti cordiali favore prego fino senza sopra
        tra tutto tutti mi ti ci vi ne fare fatto casa acqua c'è dell'acqua l'acqua ancora
        sempre subito distinti l' d' c' dell' all' nell' un' sull' dall' verso contro come
        preventivo fattura caldaia rubinetto chiavi pezzo
    """,
    "nl": """
        de het een en of dat die in op met voor van naar bij uit aan om te is zijn was waren
        heeft hebben heb had wij we ik jij je u hij zij ze uw mijn ons onze hun hem haar niet
        geen maar ook als dan nog al wel zeer meer veel kan kunnen kunt zou zouden moet moeten
        wil willen wordt worden werd omdat hoe wat wie waar wanneer deze dit daar hier er
        vandaag morgen gisteren bedankt dank alvast hallo beste geachte heer mevrouw groet
        groeten vriendelijke goedemorgen goedemiddag dag graag over onder tot door zonder
        tussen alles alle mij me water lekt jullie waarom toen sinds tegen
        kraan ketel offerte factuur sleutel afspraak
    """,
    "pl": """
        i w z na do nie się że to jest są był była było być od po za przez przy dla ze we o u
        ale lub albo czy jak kiedy gdzie co kto który która które jego jej ich mój moja moje
        nasz nasza nam nas mi mnie pan pani panu panią państwo państwa proszę dziękuję dzień
        dobry witam cześć pozdrawiam pozdrowienia serdecznie już jeszcze też także tylko
        bardzo może można mogę możemy mam mamy ma mają chciałbym chciałabym potrzebuję dziś
        dzisiaj jutro wczoraj ten ta te tego tej tym tych tak bo żeby nad pod szanowni
        szanowny woda wody szacunkiem poważaniem kran piec oferta faktura klucz wizyta
    """,
    "sv": """
        och att det som en ett är på för med av till den har inte jag vi du ni han hon de om
        men kan ska vill var från när hur vad vem också mycket bara så här där min mitt vår
        vårt er ert hej tack hälsningar vänliga idag imorgon igår behöver skulle efter sig
    """,
    "da": """
        og at det som en et er på for med af til den har ikke jeg vi du han hun de om men kan
        skal vil var fra når hvordan hvad hvem også meget kun så her der min mit vores jeres
        hej tak hilsen venlig venlige hilsner dag morgen går gerne skulle efter sig blev
    """,
    "ro": """
        și în la de cu pe pentru este sunt nu un o care ce mai din că să se am are avem au
        fost când unde cine cum dar sau foarte doar meu mea noastră nostru dumneavoastră vă
        rog mulțumesc bună ziua salut astăzi mâine ieri stimate toate aceasta acest după
    """,
    "cs": """
        a v na je se že to s z do o k i ale jsem jsou byl byla bylo jak když kde co kdo který
        která které pro od po za při jeho její můj moje náš naše prosím děkuji dobrý den
        zdravím pozdravem dnes zítra včera také ještě už jen velmi může můžete mám máme není
    """,
    "tr": """
        ve bir bu için ile de da mi ne çok ama var yok değil olarak daha gibi kadar sonra ben
        biz siz o onun bizim benim merhaba teşekkürler teşekkür ederim lütfen bugün yarın dün
        saygılarımla iyi günler olan oldu olur ediyorum istiyorum mümkün
    """,
    "vi": """
        và là của có không được cho tôi chúng bạn anh chị em này đó với trong những một các
        đã sẽ đang để khi từ người nhà nước xin chào cảm ơn vui lòng hôm nay ngày mai cũng
        rất nhưng nếu thì ở
    """,
    "tl": """
        ang ng mga sa na ay at ko mo niya namin natin ninyo nila po opo hindi ako ikaw siya
        kami tayo sila para may mayroon wala kung kapag dahil pero salamat magandang umaga
        hapon gabi pwede puwede bukas ngayon kahapon yung bahay tubig naman lang din rin
    """,
    "ht": """
        mwen ou li nou yo se pa nan ak pou ki sa gen te ap pral kay dlo tanpri mèsi bonjou
        bonswa jodi demen yon la kijan kilè ka fè men si tou avèk anpil
    """,
    "sq": """
        dhe një është në për me të që nga nuk ka kam jam janë por si kur ku ju ne unë
        faleminderit përshëndetje mirëdita sot nesër shumë lutem
    """,
    "hu": """
        és a az egy hogy nem is van volt lesz de ha mert csak már még meg el ki be én mi ön
        önök kérem köszönöm üdvözlettel tisztelt jó napot ma holnap tegnap nagyon lehet
    """,
}  # fmt: skip

WORDS: Final = {language: frozenset(row.split()) for language, row in _ROWS.items()}
"""Small words by ISO 639-1 code."""

LETTERS: Final = {
    "es": "ñ¿¡",
    "pt": "ãõ",
    "de": "ßäö",
    "fr": "œêèç",
    "pl": "łżśźąęćń",
    "it": "òì",
    "sv": "å",
    "da": "øæ",
    "ro": "șțăşţ",
    "cs": "ěřůč",
    "tr": "ğış",
    "vi": "đơưạảấầậếềệốồộớờợứừự",
    "hu": "őű",
}
"""Letters that speak for a language; each counts like a word, once."""

SCRIPTS: Final = {
    "ar": r"\p{Script=Arabic}",
    "ru": r"\p{Script=Cyrillic}",
    "he": r"\p{Script=Hebrew}",
    "el": r"\p{Script=Greek}",
    "ja": r"[\p{Script=Hiragana}\p{Script=Katakana}]",
    "ko": r"\p{Script=Hangul}",
    "zh": r"\p{Script=Han}",
    "th": r"\p{Script=Thai}",
    "hi": r"\p{Script=Devanagari}",
    "bn": r"\p{Script=Bengali}",
    "pa": r"\p{Script=Gurmukhi}",
    "ka": r"\p{Script=Georgian}",
    "hy": r"\p{Script=Armenian}",
    "am": r"\p{Script=Ethiopic}",
}
"""Scripts that one language, or mostly one, is written in here."""

WITHIN_SCRIPT: Final = {
    "uk": ("ru", "іїєґ"),
    "ur": ("ar", "ٹڈڑےں"),
    "fa": ("ar", "پچژگیک"),
}
"""Languages told from another of the same script by letters that the other lacks."""

ENDINGS: Final = {
    "es": "ción|ciones|idad|amos|emos|aría|ando|iendo|ito|ita|illo",
    "fr": "eau|eux|aux|ité|ées?|és|ait|aient|erez|ez|oir|oire",
    "de": "ung|ungen|keit|heit|lich|lichen|isch|ische|ischen|schaft|ieren|iert|chen|zeug",
    "pt": "ção|ções|dade|mente|ando|endo|inho|inha|amos|aria",
    "it": "zione|zioni|ità|mente|ando|endo|etto|etta|iamo|ello|ella|tori",
    "nl": "ij|ijk|ijke|heid|oor|aar|aan|eer|een|elijk|tje|uur|ieuwe?",
    "pl": "ość|ości|ego|emu|ych|ach|ami|ować|anie|enie|any|owa|ów|ył|ała",
}
"""Endings of words that speak for a language where small words are few."""
