"""Given names and surnames of many peoples, and the capitalised words that are none.

A list alone proves little: cues say which places a listed name is believed in.
Source: person providers of https://pypi.org/project/Faker/ (MIT), read from the package.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Final

from anonymizer.text.languages_words import WORDS
from anonymizer.text.stand_ins import fold
from anonymizer.text.words import ALSO_WORDS, COMPANY_WORDS, NOT_NAMES, ROLE_ADDRESSES

_LOCALES: Final = (
    "ar_AA", "ar_DZ", "bg_BG", "bn_BD", "cs_CZ", "da_DK", "de_AT", "de_CH", "de_DE", "el_GR",
    "en_GB", "en_IE", "en_IN", "en_KE", "en_NG", "en_NZ", "en_PK", "en_US", "es_AR", "es_CL",
    "es_CO", "es_ES", "es_MX", "fa_IR", "fi_FI", "fr_CA", "fr_CH", "fr_DZ", "fr_FR", "ha_NG",
    "he_IL", "hi_IN", "hr_HR", "hu_HU", "id_ID", "ig_NG", "it_IT", "lt_LT", "nl_BE", "nl_NL",
    "no_NO", "pl_PL", "pt_BR", "pt_PT", "ro_RO", "ru_RU", "sk_SK", "sv_SE", "sw", "ta_IN",
    "tr_TR", "tw_GH", "uk_UA", "vi_VN", "yo_NG", "zu_ZA",
)  # fmt: skip
_ALSO_GIVEN: Final = """
    oluwaseun oluwatobi chukwuemeka adaeze ifeoma amara kwame kofi remedios perpetua rosaire
    milagros socorro consuelo encarnacion inmaculada guadalupe xochitl nayeli yesenia
    marisol bao huong thuy linh trang tuan dung phuong hai hoang minh jin wei ming xiu yan
    jun hao yuki haruto sakura kenji hiroshi malgorzata agnieszka
    katarzyna grzegorz krzysztof zbigniew wojciech jaroslaw stanislaw jadwiga bozena danuta
    genevieve mireille solange odile gaetan thibault ghislaine heloise noemie mohamed
    muhammad mohammed ahmed youssef fatoumata aminata mamadou ousmane
    ibrahima khadija zainab hamza bilal parvati lakshmi venkatesh sukhdeep gurpreet harpreet
    manpreet jaspreet siobhan niamh aoife caoimhe saoirse padraig oisin wolfgang jurgen
    gunther heike uwe dieter horst gudrun ingeborg rukhsana tariq imran nadia samira layla
    leila dmitri sergei svetlana oksana volodymyr oleksandr yevgenia rivka moshe shlomo
    yitzhak chaya
"""
_ALSO_SURNAMES: Final = """
    tran nguyen pham huynh phan vu vo dang bui do ngo duong ly okafor okonkwo adeyemi
    ogunleye mensah owusu boateng diallo toure traore keita ndiaye kowalski kowalska nowak
    wisniewski wojcik kaminski lewandowski zielinski szymanski wang zhang liu chen yang huang
    zhao zhou xu sun zhu hu guo lin luo zheng kim park choi jeong kang cho yoon jang lim
    singh kaur patel sharma gupta reddy iyer khan hussain ahmed malik chaudhry qureshi
"""
_SHORTEST: Final = 3
_NAMES_TOO: Final = """
    alaska ally alt america angel angeles august austin bach bauer becker benz berg berlin
    bishop blessing bliss bradford brooklyn carolina chad charlotte chester china columbia
    comfort coral cordoba cuba dakota dallas dean denver desire destiny dev dolores duke
    earl ellen engel ernst essence fairy felicity fleming florence ford france gay geneva
    georgia gross hal haven houston hudson india innocent israel italia jordan kaiser king
    kingston klein koch kramer kran kurz lady lale lang lea lexi liberty lieb lincoln
    linton lourdes luce luna luz madison major maler mar mara maurer mercedes neu newell
    orion orlando palmer paris paz perle phoenix pilar precious prince prudence queen ring
    rosa rose royal sanders santiago savannah sera sid sidney sister sol sommer spain
    stanford stark stein stern sydney treasure trinidad unique valencia venus victory
    virginia wald weber webster winter
"""
_WORDS_AFTER_ALL: Final = """
    direct main switchboard dispatch toll hotline reception warranty parts daycare parent
    section knob lever hood camera lead begin apr aug daytime evening night mobile landline
    pager whatsapp signal governor senator sen rep ceo cfo coo congressman representative
    made edu run less lot
    cap among link judge add doc else server side press ever reason media unknown man loan
    author forum council owe kick harm meta carry ran edit beat minor valid sole age tiny
    fed buster uni mad peer roll ham delta lies ties justice hence lone boss fleet brain
    sad ase tone pleas ler bud fate imo odd fancy harsh wage urban lean gun jail sys echo
    wash doctor joke visa cas math oral unnamed constant len ide prima emit pol ion goi
    bot rocky sing bent mate bitten journey ove ville wing shade icy seve mat male marine
    loyal ninja santa san los las new old north south east west saint river lake mount
    fort port star moon lane road street avenue drive court grand golden silver general
    sergeant captain master mister madam sir santo gas schmied boden mai morgen abend
    sonne licht gut frei ofen rohr bad flur keller dach garten haus hof tor tur platz kia
    honda toyota tesla chevy dodge white carrier trane lennox moen kohler rheem bosch
    siemens miele whirlpool samsung grohe american standard sloan watts ferguson uponor
    viega navien rinnai ideal alpha beta gamma omega montana indiana asia europa africa
    germany marche avril juin mars nord sud est ouest rue place chef baby rev del della lo
    allure plumber tap dee hut sub tank bay
"""

# Letters that no accent can be taken from.
_BARRED: Final = str.maketrans("łøđı", "lodi")

_BRANDS: Final = """
    moen kohler rheem ruud navien rinnai bosch siemens miele whirlpool samsung lg grohe sloan
    watts uponor viega ferguson hilti makita dewalt milwaukee ryobi stihl honda kubota
    caterpillar carrier trane lennox goodman york daikin mitsubishi fujitsu panasonic bryant
    amana honeywell ecobee nest generac kidde leviton lutron schneider eaton hubbell square
    bradford hansgrohe geberit vaillant viessmann buderus junkers weishaupt wolf saunier
    duval atlantic ariston beretta ferroli baxi roca immergas riello chaffoteaux velux knauf
    wilo grundfos danfoss oventrop kemper villeroy duravit keramag ideal home depot lowe's
    lowes ikea amazon paypal google gmail outlook microsoft apple whatsapp zoom docusign
    quickbooks venmo zelle stripe fedex ups usps dhl verizon at&t comcast zurn taco
    weil-mclain burnham bryan lochinvar laars peerless slant fin grainger winsupply hajoca
    supplyhouse nibco charlotte sharkbite zoeller liberty franklin goulds pentair culligan
    schlage baldwin yale medeco mul-t-lock assa abloy abus dom vachette bricard fichet fagor
    teka balay cointra vaillant tesy thermor hager legrand gira jung rehau kaldewei
    medeco best stanley klein fluke murray zinsco goodman mosler aga drano buderus a.o.smith
    crane briggs mansfield gerber elkay pfister danze symmons chicago bobrick hansa oras damixa
    nissan toyota ford chevrolet hyundai subaru volvo bmw audi tesla peugeot renault citroen
    fiat skoda iveco encode kwikset masterlock sargent corbin russwin adams rite lcn norton
    dormakaba salto simonsvoss winkhaus romex wago leviton cutler hammer westinghouse siemens
    ge gaggenau neff smeg candy beko indesit hotpoint worcester potterton glow-worm intergas
    remeha atag nefit itho broan nutone panasonic aprilaire ridgid rothenberger rems knipex
    wera wiha irwin lenox bahco festool metabo dremel karcher stiebel eltron noritz takagi
    mapress propress pex uponor wirsbo ipex oatey dap loctite gorilla teflon ridgid
    insinkerator frigidaire maytag kitchenaid electrolux kenmore sub-zero thermador
"""
BRANDS: Final = frozenset(_BRANDS.split())
"""Makers and firms of the trades: capitalised, and no people."""


_PARTICLE_WORDS: Final = """
    de da do dos das del della di van von der den la le el al bin ibn du ter zu y e
"""
PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
"""Small words that stand inside a name."""


def _never() -> frozenset[str]:
    small = frozenset().union(*WORDS.values())
    more = _WORDS_AFTER_ALL.split()
    firms = BRANDS | COMPANY_WORDS | ROLE_ADDRESSES
    return (small | firms | NOT_NAMES | set(more)) - ALSO_WORDS - set(_NAMES_TOO.split())


NEVER: Final = _never()
"""Words that are in no name, even beside one. Folded."""

ORDINARY: Final = NEVER | ALSO_WORDS | set(_NAMES_TOO.split()) | NOT_NAMES
"""Words that alone are more often something else than a name. Folded."""


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str]]:
    given: set[str] = set(_ALSO_GIVEN.split())
    family: set[str] = set(_ALSO_SURNAMES.split())
    for locale in _LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith(("first_names", "last_names")):
                names = getattr(provider, attribute)
                if isinstance(names, property):  # put together from the others
                    continue
                target = given if attribute.startswith("first") else family
                target.update(_plain(name) for name in names if isinstance(name, str))
    return _clean(given), _clean(family)


def _clean(names: set[str]) -> frozenset[str]:
    single = {name for name in names if len(name) >= _SHORTEST and " " not in name}
    return frozenset(single - ORDINARY)


def is_given_name(word: str) -> bool:
    """Return whether *word* is a given name somewhere and no ordinary word or town."""
    given = _lists()[0]
    return any(part in given for part in _plain(word).split())


def is_surname(word: str) -> bool:
    """Return whether *word* is a surname somewhere and no ordinary word."""
    return _plain(word) in _lists()[1]


def _plain(word: str) -> str:
    return fold(word).translate(_BARRED)
