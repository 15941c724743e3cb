"""What makes a mail personal: rows of words and phrases in English, Spanish, French, German.

A row is a name, by which reasons tell of it, and its entries, parted by commas. Words of a
phrase are parted by spaces, words that may stand in one place by `|`, where `-` is none:
`miss|love you|-`. Entries are in lower case, without accents and without a final `'s`, as
`flows.intake.personal_signs` reads a mail. What a row weighs is learnt, and stands in
`flows.intake.personal_weights`.
"""

from __future__ import annotations

from itertools import product
from typing import Final

CueRows = tuple[tuple[str, str], ...]

KIN: Final = (
    "mom|mum|mommy|mummy|mama|dad|daddy|papa|grandma|grandpa|granny|nana|grammy|gramps|sis|bro|"
    "auntie|aunt|uncle|cousin|sister|brother|mother|father|mami|papi|abuela|abuelo|abuelita|"
    "abuelito|tia|tio|prima|primo|hermana|hermano|nonna|nonno|maman|mamie|papy|meme|pepe|tata|"
    "tonton|cousine|mutti|vati|oma|opa|omi|opi|onkel|tante|schwester|bruder|soeur|frere"
)
HEY: Final = (
    "hi|hey|hello|dear|hallo|liebe|lieber|liebes|hola|querida|querido|queridos|salut|coucou|"
    "chere|cher|ciao|cheers|thanks"
)
DAYS: Final = "saturday|sunday|samstag|sonntag|sabado|domingo|samedi|dimanche"

PERSONAL: Final[CueRows] = (
    (
        "love",
        "i love you, i miss you, love|miss you|ya|u all|both|too|so|guys|lots|tons, we|i "
        "love ya, miss|missing you|ya so|terribly|already|here, te quiero|amo|extrano, te "
        "quiero mucho, je t'aime, ich liebe dich, hab dich|euch lieb, hdl, ti amo, i adore "
        "you, love of my life, i love her|him, in love with, tu me manques, vermisse dich|"
        "euch, du fehlst mir",
    ),
    (
        "kisses",
        "xo, xox, xoxo, xoxoxo, xx, xxx, hugs, hugs and kisses, big hug, kisses, kiss the, "
        "besos, besitos, un beso, beso grande, un abrazote, abrazo grande|fuerte, baci, "
        "bisous, bises, bisou, gros bisous, kusse, kusschen, bussi, kuss, dicken kuss, "
        "drucker, umarmung, fuhl dich gedruckt, je t'embrasse, je vous embrasse, on vous "
        "embrasse, je t'embrasse fort",
    ),
    (
        "darling",
        f"{HEY}|my|morning|night sweetie|honey|hon|darling|babe|baby|sweetheart|dearest|"
        "love|sweety|stranger|gorgeous|handsome, sweetie, darling, sweetheart, mi amor, "
        "tesoro, amore, carino, mi vida, mon amour, ma cherie, mon cheri, ma belle, ma "
        "puce, mon coeur, schatz, schatzi, liebling, suesse, maus, mausi, mein lieber|"
        "engel, dearest, guapa, amiga mia",
    ),
    (
        "greets kin",
        f"{HEY}|bye {KIN}|family|familie|familia|kids|everybody|cuz|children|kinder|famille",
    ),
    (
        "signs kin",
        f"love|hugs|kisses|deine|dein {KIN}|daughter|son, love mom and dad, love|xo|hugs "
        f"from {KIN}|all|us, mom and dad, dad and mom, mum and dad, mama und papa, papa et "
        "maman, mama y papa, grandma and grandpa, oma und opa",
    ),
    (
        "signs with love",
        "with|all|much|lots|my love, all my love, lots of love, much love, love always, "
        "all our love, con carino, con amor, alles liebe, ganz liebe grusse, viele liebe, "
        "tout mon amour, affectueusement, in liebe, dein freund, deine freundin",
    ),
    (
        "kin",
        f"{KIN}|grandkids|grandson|granddaughter|grandmother|grandfather|grandparents|"
        "in-laws|nephew|niece|nephews|nieces|stepmom|stepdad|hermanita|sobrino|sobrina|"
        "nieto|nietos|enkel|neffe|nichte|neveu|niece|belle-mere|schwiegermutter|suegra, "
        "brother in law, sister in law, mother in law, whole|entire|our|the|ganze|toda|"
        "toute la|- family|familie|familia|famille, the|all|your cousins|twins|grandkids|"
        "little ones",
    ),
    (
        "spouse",
        "my|our|your|his|her|better wife|husband|girlfriend|boyfriend|fiance|fiancee|hubby|"
        "spouse|half|kids|kid|boys|girls|children|baby|toddler|son|daughter|folks|parents, "
        "hubby, mi|tu|su esposa|esposo|mujer|marido|novia|novio|hijo|hija|hijos|ninos, ma|"
        "mon|ta|ton|sa|son|mes|tes femme|mari|fille|fils|enfants|copine|copain, meine|mein|"
        "deine|dein frau|mann|freundin|sohn|tochter|eltern|kinder|jungs|madels",
    ),
    (
        "birthday",
        "happy|belated|wonderful|great|good birthday|bday|birhtday|b-day, many happy "
        "returns, many many more, feliz cumple|cumpleanos, joyeux|bon anniversaire, zum "
        "geburtstag, alles gute zum, turning thirty|forty|fifty|sixty|seventy, birthday|"
        "bday|graduation|engagement|anniversary|housewarming|retirement|surprise|bachelor|"
        "bachelorette|holiday|christmas|slumber|dinner|cocktail|block party|bash|dinner|"
        "present|gift|cake|wishes|girl|boy|list, my|your|her|his|mom|dad|grandma|grandpa "
        "birthday|bday, baby|bridal shower, cumple, fiesta de cumpleanos|-, "
        "geburtstagsfeier, geburtstag, fete d'anniversaire, happy anniversary",
    ),
    (
        "wedding",
        "getting|got|just married, our|my|their|her|his|the wedding|engagement|honeymoon, "
        "we're|are|they're engaged, she said yes, popped the question, nos casamos, se "
        "casa|casan, nuestra|la boda, on se marie, se marie|marient, notre|le mariage, wir "
        "heiraten, unsere|die hochzeit, happy couple, maid of honor, best man, bridesmaid, "
        "bridesmaids, vows",
    ),
    (
        "baby",
        "pregnant, we're|are|is expecting, having a baby, it a boy|girl, baby boy|girl|"
        "pictures|pics|photos|news, newborn, was born, mother and baby, due date, morning "
        "sickness, ultrasound, embarazada, enceinte, schwanger, nacio, est ne|nee, "
        "geboren, lbs oz, first|baby steps|tooth, expecting in, sleeping through the night",
    ),
    (
        "meal at home",
        "take-out, takeout, order|grab|- pizza, for|to dinner|supper|brunch, come|coming|"
        "came over|round, bring|bringing dessert|wine|pies|salad|chips|beer|beers|potato|"
        "drinks, our|my|your house|place, potluck, cookout, cook-out, bbq, barbecue, "
        "lasagna, leftovers, casserole, turkey and, ribs, for drinks, a beer, some|few|the|"
        "buy|buys beers|drinks|wings|round, beers on me, cena en|de|del|familiar, comida "
        "familiar|en, asado, paella, barbecue chez, chez nous|moi|toi|mes|mamie, bei uns|"
        "mir|dir|euch, en|a casa, apero, raclette, grillen, grillabend, kuchen, kaffee "
        "und, abendessen, diner, cenar, cenamos, dinner tonight|saturday|sunday|friday|"
        "together|plans|with, happy hour, dinner at, brunch",
    ),
    (
        "groceries",
        "milk, bread, eggs, diapers, groceries, dog|cat food, ice cream, grocery store|"
        "list|run, leche, du pain, le pain, du lait, milch, brot, brotchen, einkaufen, "
        "lunchbox, dishes, dishwasher soap, laundry is, what for dinner, out of milk, "
        "supermarkt, mercadona",
    ),
    (
        "weekend",
        "weekend, weekends, fin de semana, week-end, wochenende, finde, tonight, last "
        "night, this evening, heute abend, ce soir, esta noche, demain soir, manana por la "
        f"noche, {DAYS} night|evening|afternoon|abend|soir|noche|morning, on|this|next|am|"
        f"el|ce {DAYS}, see you soon|tonight|there|sunday|saturday|then|all, until sunday|"
        "then, bis dann|bald|sonntag|samstag, nos vemos, a dimanche|samedi|bientot|plus",
    ),
    (
        "leisure",
        "poker, fantasy football|draft|league, movie, movies, game|movie|trivia|girls|guys|"
        "date|bowling|poker|card|boys|league|softball night, road trip, roadtrip, camping, "
        "campsite, fishing, hiking, hike, canoe, kayak, beach, lake house, cabin, boat, "
        "ski, skiing, golf, tailgate, concert, book club, reunion, kegs, keg, hangover, "
        "bowling, softball, karaoke, sunburn, picnic, vacation, vacations, cruise, "
        "holidays, vacaciones, playa, vacances, plage, urlaub, strand, kino, kneipe, "
        "spieleabend, stammtisch, soiree, rando, fiesta, knitting, yoga, marathon, "
        "festival, gala, theatre, opera, museum, sail, sailing, swimming, pool party, "
        "guitar, band, novel, rummy, scrabble, barbie, disney, disneyland",
    ),
    (
        "sport",
        "astros, cowboys, longhorns, aggies, mets, yankees, giants, jets, knicks, lakers, "
        "red sox, cubs, bulls, steelers, barca, real madrid, bayern, psg, dodgers, "
        "celtics, super bowl, superbowl, playoffs, half-time, halftime, world cup, the "
        "game on, game tickets, season tickets, touchdown, home run, tennis, soccer, "
        "fussball, futbol, football, basketball, el partido, un padel, padel, le match, "
        "das spiel, cleats, shin guards, little league, coach said, our team won, they "
        "lost, we lost, we won",
    ),
    (
        "holiday",
        "thanksgiving, christmas, xmas, easter, hanukkah, passover, halloween, new year "
        "eve|day, santa, valentine, valentines, mother|father|mothers|fathers day, "
        "navidad, nochebuena, noel, reveillon, weihnachten, ostern, silvester, trick or "
        "treat, tooth fairy, easter egg, merry christmas, happy thanksgiving|easter|"
        "hanukkah|holidays|new, stockings, reyes, paques, pascua, heiligabend",
    ),
    (
        "child's day",
        "school run|play|bus|picnic|nurse|concert, daycare, day care, preschool, "
        "kindergarten, kita, guarderia, creche, recital, ballet|piano|violin|swim lesson|"
        "lessons|class|recital|practice, homework, report card, carpool, soccer|football|"
        "baseball|hockey|swim|dance|band practice|game|camp, sleepover, playdate, play "
        "date, bedtime, nap time, babysit, babysitter, babysitting, stroller, car seat, "
        "diaper, field trip, permission slip, parent teacher, parents evening, pta, "
        "spelling bee, summer camp, kids to|from|at, pick up|him|her from school|daycare|"
        "practice, recoger a, los ninos, les enfants, die kinder, kinder abholen, "
        "elternabend, kindergeburtstag, cole, dear parents|parent, your child, halloween "
        "costume, costumes, cookies for, graduated, graduation, dorm, semester, got into "
        "college",
    ),
    (
        "feelings",
        "wish you were here, coming home, thinking of|about you, can't|cannot wait to see|"
        "hug|celebrate|meet|catch, so proud of, proud of you|her|him|my, how are you "
        "feeling|holding|doing|guys, feeling better, get well, long time no, ages since, "
        "so good|great|nice|lovely to see|hear, good to see you, great seeing you, lovely "
        "seeing you, catch up, missed you at, heart is|-broken, cried, crying, hug, so "
        "happy for, so excited, echo de menos, que ganas, me alegro, j'ai hate, hate de, "
        "freue mich auf, freu mich, gute besserung, lonely, homesick, blessed, sending|"
        "send you love|hugs, hang in there, old friend|friends|times, my best|dear|oldest "
        "friend, how is life|everyone|everybody, how's life, what new with",
    ),
    (
        "grief",
        "passed away, died, funeral, memorial service, sorry for|about your loss, "
        "condolences, rest in peace, rip, in our|my|your prayers|thoughts, praying for, "
        "thoughts and prayers, pesame, fallecio, murio, condoleances, deces, beileid, "
        "gestorben, verstorben, beerdigung, obseques, entierro, funerals, put to sleep, "
        "put down, at peace, deepest sympathy, so sorry to hear",
    ),
    (
        "health",
        "chemo, oncologist, biopsy, benign, surgery went, in the hospital, from|to the "
        "hospital, hospice, doctor said|says|called|thinks, test results, blood pressure, "
        "root canal, therapist, migraine, fever, flu, stomach bug, throwing up, sprained, "
        "broke his|her|my, knee, hip replacement, en el hospital, l'hopital, krankenhaus, "
        "im krankenhaus, operation went, the operation, cast off, feel sick, still sick, "
        "diagnosis, pills, my back is",
    ),
    (
        "chat",
        "lol, haha, hahaha, hahahaha, hehe, omg, wtf, lmao, rofl, jaja, jajaja, jajajaja, "
        "mdr, ptdr, dude, buddy, yall, y'all, gonna, wanna, gotta, yay, yum, yup, nope, "
        "woohoo, woo-hoo, no way, hey man|dude|bud|buddy|girl|guys|you|sis|bro|there "
        "stranger, gossip, guess what|who, you won't|wont believe, soooo, sooo, soo, tell "
        "me everything, spill, btw, thx, cuz, ur, oye, mec, alter, digga, kumpel, krass, "
        "geil, rain check, slacker, bum, oh my god|gosh, ugh, argh, geez, jeez, wow, "
        "freaking, damn, hell, crap, what up, whats up, sup",
    ),
    (
        "joke",
        "funny, funnies, joke, jokes, hilarious, humor, laugh, laughed, laughing, laughs, "
        "cracked me up, cartoon, walks into a, walked into a, too funny, made me laugh|"
        "smile, enjoy this|these, thought you'd|you|would enjoy|like|appreciate, you'll|"
        "might enjoy, get a kick, had to share, have to share, share this|these with, "
        "forward|pass|send this|it to|on everyone|friends|someone|-, chain letter, chain, "
        "send this to, friends who, blonde, redneck, lawyers joke, top ten, top 10 "
        "reasons, good luck will, forward this, chiste, chistes, blague, blagues, witz, "
        "witze, lustig, drole, gracioso, priceless, inspirational, a little humor, how "
        "many does it take, virus hoax, quiz",
    ),
    (
        "dating",
        "divorce, ex wife|husband|boyfriend|girlfriend, asked her|him|me out, first|second|"
        "blind|hot date, broke|break|breaking|split up, crush on, tinder, snuggle, cuddle, "
        "in bed, kiss, dumped, cute, my new boyfriend|girlfriend, se dejaron, ont rompu, "
        "getrennt, a date with, dating, seeing someone, single again, flirting",
    ),
    (
        "pets",
        "dog, dogs, cat, puppy, puppies, kitten, kittens, vet, doggie, perro, perrita, "
        "gato, chien, hund, katze, welpe, walk the dog, feed the, hamster, pony",
    ),
    (
        "home life",
        "netflix, facebook, instagram, whatsapp, couch, backyard, spare|house key|keys, "
        "guest room, crash at, remote, binge, series finale, family chat|group, sleep in, "
        "nap, gym, weight, my apartment, new apartment, roommate, moving in with, yard "
        "sale, wlan, sofa, at home sick, hair cut, haircut, tattoo, dress, shoes, jeans, "
        "lottery, church, mass, prayer, bible, choir, sermon, kirche, misa, eglise, pastor",
    ),
    (
        "recipe",
        "recipe, recipes, rezept, receta, recette, cookies, brownies, apple|pumpkin|pecan "
        "pie, meatloaf, chili, apfelkuchen, tortilla, gateau, stuffing, potato salad, "
        "cheesecake, cake",
    ),
    (
        "invitation",
        "you're|are|all invited, rsvp, are you coming|free|around|up, you guys|all coming|"
        "free|around, wanna come|go|grab|hang, want to come|hang|grab|join, hang out, "
        "hanging out, grab a beer|drink|bite|coffee|beers, drop by, swing by, come|stay "
        "over|with, stay with us|you|me, save the date, join us, join me, invite, invited, "
        "invitation, invitado, invitada, vienes, os apuntais, te apuntas, tu viens, vous "
        "venez, on se voit, kommst du, kommt ihr, seid ihr dabei, bist du dabei, habt ihr "
        "lust, hast du lust, count me|us in, i'm in, we're in, love to come|see|join, have "
        "to pass, quedamos, te vienes, ca te dit, ca vous dit, guest list, and a guest, "
        "would love to see",
    ),
    (
        "pictures",
        "pictures|photos|pics|fotos|bilder from|of|de|vom|von|des|du, photo album, "
        "pictures of the, see the pictures|photos|pics, here are some|the pictures|photos|"
        "pics, more pics, video of, selfie, vacation pictures|photos, urlaubsfotos, baby "
        "album, slideshow, fotitos",
    ),
    (
        "money at home",
        "raffle, girl scout, pledge, charity|bike ride, walkathon, fundraiser, run for, "
        "our will, the will, executors, executor of, life insurance for us, college fund, "
        "allowance, owe me, i owe you, venmo, zelle me, split the bill, the bet, lost the "
        "bet, wedding gift, chip in, pitch in, gift for, go halves, regalo, regalo para, "
        "cadeau, cadeau pour, geschenk fur, geschenk",
    ),
    (
        "small talk",
        "what new, how was your|the trip|weekend|vacation|holiday|flight|birthday|date, "
        "how are things, everything ok, hope you're|are well|ok|staying|doing|having, "
        "weather, snow, storm, rain, que tal todo, como estas|andas|estais, que tal, "
        "comment vas, ca va, comment allez, wie geht's, wie geht, was machst, how is|are "
        "mom|dad|everybody|everyone|family|kids, neighborhood, neighbors, survived, "
        "flooded street",
    ),
)


def spelled_out(entries: str) -> frozenset[str]:
    """Return the words and phrases for which the entries of a row stand."""
    found: set[str] = set()
    for entry in entries.split(","):
        for words in product(*(place.split("|") for place in entry.split())):
            found.add(" ".join(word for word in words if word != "-"))
    return frozenset(found - {""})
