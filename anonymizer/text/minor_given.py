"""Given names that are common among children, and their short forms.

They say only that a word may be a name where something else says that a child is named:
in mail written without capitals, and beside a bare number.
"""

from __future__ import annotations

from collections.abc import Iterable

_LISTED_1 = """
    aaliyah abril april may
    aaron abby abdul abel abigail abram ada adam adele adeline adrian adriana
    agnes ahmed aidan aiden ainhoa aisha aitana alan alba albert alec alejandra alejandro
    alessandra alessia alex alexa alexander alexandra alexia alexis alfie alfred ali alice
    alicia alina alison alma alvaro alyssa amanda amara amari amber amelia amelie amina
    amir amy ana anastasia anders andre andrea andrei andres andrew andy angela angelina
    angus anika anita anja ann anna annabel annabelle anne annie annika anthony antoine
    anton antonia antonio anya ariana ariel aria ari arjun arlo arnav arthur arun arya
    asher ashley ashton astrid athena atlas aubrey audrey august aurelia aurora austin ava
    avery axel ayaan ayden ayla bailey bao barnaby barrett beatrice beatriz beau beckett
    belen bella ben benedict benicio benjamin bennett benny bentley bernard bertie beth
    bethany betty bianca billy blake bo bobby bodhi brady brandon braxton brayden brenda
    brendan brennan brianna briar bridget brielle brody brooke brooklyn bruno bryan bryce
    bryson caden caitlin cal caleb callie callum calvin camden cameron cami camila camilla
    camille camilo carla carlos carly carmen caroline carson carter carys casper caspian
    cassandra cassidy catalina catherine cayden cecilia cedric celeste celia celine cesar
    chaim chaya chana charlie charlotte chelsea chiara chloe chloé chris christian
    christina christopher cici claire clara clarissa claudia clem clementine cleo clemens
    clémence clément cody colby cole colin collin colton conner connor conor constance
    cooper cora coraline corinne cosmo courtney cristian cristina cruz curtis cyrus daisy
    dakota damian damien dan dana daniel daniela danielle danny dante daphne darcy darius
    dario darren daryl dash dashiell dave david davi davis dawson deacon dean declan
    delaney delia delilah denis dennis derek desmond destiny devin devon dexter diana
    diego dimitri dina dinah dominic dominik donovan dora dorothy dorian doug douglas dre
    drew duncan dustin dylan easton eddie eden edgar edith eduardo edward edwin eitan
    elaine elena eleanor eli elian eliana elias elijah elin elina eliot elisa elise elisha
    eliza elizabeth ella elle ellen ellery ellie elliot elliott elliot ellis elodie eloise
    elsa elsie emerson emil emilia emiliano emilie emilio emily emma emmanuel emmett emmy
    emre enrique enzo eric erik erica erin ernesto esme esmeralda esteban estelle esther
    estrella ethan etta eugene eva evan evangeline eve evelyn everett evie ezekiel ezra
    fabian faith farah fatima felicity felipe felix fernanda fernando fiona finley finn
    finnegan fintan fletcher flora florence flynn frances francesca francis francisco
    frank frankie franklin franny freddie frederick freya frida frieda gabby gabe gabriel
    gabriela gabriella gabrielle gael gage gaia garrett gavin gemma genevieve george
    georgia georgie gerald gia gianna gideon gigi gilbert gina giovanni giulia gloria
    grace gracie grady graham grant grayson greta gretchen greg gregory griffin guadalupe
    guillermo gus gustav gwen gwendolyn hadley hailey hal haley hamza hana hank hanna
    hannah harley harper harriet harrison harry harvey hassan hattie haven hayden hazel
    hector heidi helen helena helene henrik henri henry herman holden holly hope howard
    hudson hugh hugo hunter ian ibrahim ida iker ilan ilse iman imani imogen ines inés
    inès ingrid inigo irene iris isa isaac isabel isabella isabelle isaiah isla ismael
    israel ivan ivy izzy jace jack jackie jackson jacob jacqueline jade jaden jaelyn jai
    jaime jake jalen jamal jamar jamari james jameson jamie jan jana jane janet janice
    jared jasmine jason jasper javi javier jax jaxon jay jayden jayla jaylen jean jed jeff
    jefferson jeffrey jen jenna jennifer jenny jeremiah jeremy jerome jesse jesper jess
    jessica jesus jill jillian jim jimena jimmy joan joana joanna joaquin jocelyn joe joel
    joey johan johann johannes john johnny jonah jonas jonathan jordan jordi jordy jorge
    jose joseph josephine josh joshua josiah josie joy joyce juan juana juanita jude
    judith julia julian juliana julie julien juliet juliette julio julius june junie
    juniper juno justice justin kai kaia kaitlyn kaleb kamila kane kara kareem karen karim
    karin karina karl karla karolina kasia kate katelyn katherine kathryn kathleen katie
    katy kavya kayden kayla kaylee keira keisha keith kelly kelsey kendall kendra kennedy
    kenneth kenny kenzie kevin khalil kiara kieran kiki kim kimberly kinsley kira kirsten
    kit kofi kobe kristen kristina kurt kyle kylie lachlan laila lana lance landon lara
    lars laura lauren laurence laurie lautaro lawrence layla lea leah leander leandro
    leila leland lena lenny leo leon leona leonard leonardo leonie leonor leopold leroy
    leslie leticia levi lewis lexi lia liam lian liana lidia lila lilah lilian liliana
    lillian lily lina lincoln linda lindsey linus lionel lisa liv livia liz lizzie logan
    lois lola lorelei lorenzo lotte lottie louis louisa louise luana luca lucas lucia
    lucía lucian luciana lucie lucien lucille lucy luis luisa luka lukas luke luna luz
    lyla lydia lyra mabel mackenzie macy maddie maddox maddy madeleine madeline madison
    mae maeve magdalena magnus mahmoud maia maisie maja makayla malachi malak malcolm
    malia malik manon manuel manuela marc marcel marcela marcello marcie marco marcos
    marcus margaret margarita margaux margo margot maria mariah mariam mariana marie
    mariella marin marina mario marisol marissa marius mark marlene marlon marlowe marly
    marta martha martin martina marty marvin mary mason mateo mathias mathilda mathilde
    mathis matilda mats matt matteo matthew matthias maureen maurice maverick max maxim
    maxime maximilian maxine maxwell maya mckenna mckenzie megan mehmet mei melanie melina
    melissa melody mercedes mia mica micah michael michaela michelle miguel mika mikael
    mike mikey mila milan mildred milena miles millie milly milo mimi min mina mira
    miranda miriam mischa misha mitchell moe mohamed mohammed moira molly mona monica
    morgan moritz moshe moses muhammad mustafa myla myles myra nadia naia nancy naomi
    natalia natalie natasha nate nathan nathaniel nayeli neal ned neil nell nellie nelson
    neve nia niall nicholas nick nicky nico nicolas nicole nigel niko nikolai nils nina
    noa noah noe noé noel noelle noemi noemie nola nolan nora norah norman nova nuria nyla
    oakley octavia odette odin olaf oleg olga olive oliver olivia ollie omar ondine oona
    ophelia orion orla orlando oscar oskar osman otis otto owen paige paisley palmer
    paloma pamela parker pascal patricia patrick patty paul paula paulina pauline paz
    pearl pedro penelope penny pepe percy perry pete peter petra peyton phil philip
    philipp philippa phillip phoebe phoenix pia pierre pilar pip piper polly poppy porter
    presley preston priscilla priya quentin quincy quinn rachel rachid rae rafael rafe
    raiden ralph ramona ramon ramón rania raphael raquel rashad raul raven ravi ray
    raymond reagan rebecca reece reed reese regina reid remi rémi remy renata rené renee
    rex reyna rhett rhys ria riccardo richard ricky rico riley rio rita river rob robbie
    robert robin rocco roberta rodrigo rodney roger rohan roland roman romeo romy ronan
    ronin ronnie roosevelt rory rosa rosalie rosalind rosario rose rosie ross rowan roy
    ruben ruby rudy rufus russell ruth ryan ryder ryker rylan sabine sabrina sadie sage
    saira salma salome salvador sam samantha samir samira sammy samson samuel sandra
    sandro sandy santi santiago saoirse sara sarah sasha saskia saul savannah sawyer
    scarlett scott sean seamus sebastian selena selma serena sergio seth shane shannon
    shanice shaun shawn shay shea sheldon shelby sherman shira shiloh shreya sid sidney
    siena sienna silas silvia simeon simon simone skye skyler sloane sofia sofía sol
    solomon sonia sonja sonny sophia sophie soren spencer stacy stanley stefan stella
    stephanie stephen sterling steve steven stewart stuart sue summer susan susanna sven
    sydney sylvie sylvia tabitha talia tallulah tamara tamsin tania tanner tanya tara
    taran tariq tasha tate tatiana tatum taylor ted teddy teo teresa terrell terry tess
    tessa thalia thaddeus thea theo theodora theodore theresa thiago thibault thomas thor
    tiago tiana tiffany tilda tilly tim timmy timo timothy tina titus tobias toby todd tom
    tomas tomás tommy toni tony travis trent trevor trey tricia trinity tristan troy
    tucker tyler tyrese tyrone tyson uma uriel ursula valentin valentina valeria valerie
    vanessa vera veronica vicky victor victoria vikram vincent viola violet violeta
    virginia vivian viviana vivienne wade walker walter wanda warren waylon wendy wes
    wesley weston wiley willa william willow wilson winnie winona winston wren wyatt
    xander xavi xavier ximena yael yara yasmin yasmine yosef young yusuf yuki yvette
    yvonne zach zachary zack zadie zahra zaid zain zane zara zeke zelda zeynep zion zoe
    zoé zoey zofia zola zoya zuri
"""
GIVEN = frozenset(_LISTED_1.split())
"""Common given names, folded or with their accents."""

_SHORT_FORMS = """
    abigail abby gail; alexander alex xander sasha lex; alexandra alex lexi sasha;
    alejandro ale; amelia millie mia; andrew andy drew; anthony tony ant; antonia toni;
    benjamin benny benji ben; benedict ben; beatrice bea trixie; caroline carrie caro;
    catherine cathy kate katie cat; katherine kate katie kat kitty; kathryn kate katie;
    charlotte charlie lottie; charles charlie chuck chip; christopher chris kit topher;
    daniel danny dan; dashiell dash; david dave davey; deborah deb debbie; dominic dom
    nic; dorothy dot dottie dolly; edward eddie ted teddy ned; eleanor ellie nell nora
    ella lenny; elizabeth liz lizzie beth betsy betty eliza ellie lily libby; emily em
    emmy millie; emma em; emmanuel manny; evangeline evie; evelyn evie; ezekiel zeke;
    florence flo florrie; francis frank frankie; francisca paca; francisco paco pancho;
    frances fran frankie; frederick fred freddie; gabriel gabe; gabriela gabi gaby;
    gabriella gabby gabi ella; genevieve gen evie viv; george georgie; guadalupe lupe
    lupita; harold harry hal; henry harry hank; isabel izzy bella isa; isabella izzy bella
    bel isa; ignacio nacho; jacob jake; james jamie jim jimmy jem; jennifer jen jenny;
    jessica jess jessie; jonathan jon jonny; john johnny jack; jose pepe; joseph joe joey;
    josephine josie jo; joshua josh; kimberly kim; laurence larry; leonardo leo; leonard
    leo lenny; lillian lily; louisa lou; louis lou; lucas luke; madeleine maddie maddy;
    madeline maddie maddy; madison maddie maddy; margaret maggie meg peggy greta;
    margarita rita; maria mari; matilda tilly mattie; matthew matt matty; maximilian max;
    maxwell max; michael mike mikey mick; mohammed mo; muhammad mo; nathaniel nate nat
    nathan; nathan nate; natalie nat; nicholas nick nicky nico; nicole nicky nikki; olivia
    liv livvy livia; oliver ollie; patrick paddy pat rick; patricia pat patty tricia
    trish; penelope penny nell; philip phil pip; rebecca becca becky; richard rick ricky
    dick; robert rob robbie bob bobby; rosalind ros; rosario charo; samantha sam sammy;
    samuel sam sammy; santiago santi; sebastian seb bash; sophia sophie; stephanie steph;
    steven steve; susan sue susie; tabitha tabby; theodora thea dora; theodore theo ted
    teddy; theresa tess terry; teresa tere; thomas tom tommy; timothy tim timmy; valentina
    vale tina; victoria vicky tori; vincent vince vinny; vivian viv; william will bill
    billy liam; winifred winnie; zachary zach zack
"""
SHORT_FORMS: dict[str, frozenset[str]] = {
    name: frozenset(shorts)
    for name, *shorts in (entry.split() for entry in _SHORT_FORMS.split(";"))
}
"""Short forms by name, folded."""

_ENDINGS = ("ie", "ey", "y", "i", "")
_STEM = 3


def is_short_of(word: str, name: str) -> bool:
    """Return whether the folded *word* is surely a short form of the folded *name*.

    "Bri" of Brielle, "Gabby" of Gabriella, "Dash" of Dashiell; never the other way round.
    """
    if len(word) < _STEM or word == name or len(name) < 4:  # noqa: PLR2004 - Leo, Mia
        return False
    if word in SHORT_FORMS.get(name, ()):
        return True
    for ending in _ENDINGS:
        stem = word.removesuffix(ending) if ending else word
        if ending and stem == word:
            continue
        if len(stem) > _STEM and stem[-1] == stem[-2]:
            stem = stem[:-1]
        if len(stem) >= _STEM and name.startswith(stem) and len(name) > len(stem) + 1:
            return True
    return False


def shorts_among(words: Iterable[str], name: str) -> set[str]:
    """Return which of the folded *words* are short forms of the folded *name*."""
    return {word for word in words if is_short_of(word, name)}
