"""Words of which invented countries, firms and things are made. No slot of Faker has these."""

from __future__ import annotations

from typing import Final


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


LOCALES: Final = _words(
    "en_US, en_US, en_US, en_GB, en_CA, en_AU, en_NZ, en_IN, en_IE, en_PH, en_KE, en_NG, "
    "en_PK, es_ES, es_MX, es_CO, es_AR, fr_FR, fr_CA, fr_CH, de_DE, de_AT, de_CH, it_IT, "
    "pl_PL, hu_HU, cs_CZ, sk_SK, sl_SI, hr_HR, sv_SE, da_DK, fi_FI, no_NO, is_IS, nl_NL, "
    "nl_BE, pt_BR, pt_PT, ro_RO, bg_BG, tr_TR, az_AZ, uz_UZ, lt_LT, lv_LV, et_EE, ga_IE, "
    "vi_VN, id_ID, fil_PH, zu_ZA, yo_NG, ha_NG, ig_NG, tw_GH, sw"
)
"""Of Faker, as often as they are to be taken; those without Latin letters are left out."""

LANGUAGES: Final = {
    "de": ("de_DE", "de_AT", "de_CH"),
    "es": ("es_ES", "es_MX", "es_CO", "es_AR"),
    "fr": ("fr_FR", "fr_CA", "fr_CH"),
    "pt": ("pt_BR", "pt_PT"),
    "it": ("it_IT",),
    "nl": ("nl_NL", "nl_BE"),
    "pl": ("pl_PL",),
}
"""Locales whose names stand in the templates of a language other than English."""

LANGUAGE_SHARES: Final = {"de": 2, "es": 2, "fr": 2, "pt": 1, "it": 1, "nl": 1, "pl": 1}

COUNTRIES: Final = _words(
    "Germany, France, Spain, Italy, Portugal, Poland, Hungary, Austria, Switzerland, "
    "Norway, Sweden, Finland, Denmark, Iceland, Ireland, Scotland, Wales, England, Canada, "
    "Mexico, Brazil, Argentina, Chile, Peru, Colombia, Ecuador, Cuba, Haiti, Jamaica, "
    "Guatemala, Honduras, Nicaragua, Panama, Egypt, Morocco, Algeria, Nigeria, Ghana, "
    "Kenya, Ethiopia, Uganda, Tanzania, India, Pakistan, Bangladesh, Nepal, Vietnam, "
    "Thailand, Cambodia, Laos, China, Japan, Korea, Taiwan, Philippines, Indonesia, "
    "Malaysia, Singapore, Australia, Turkey, Greece, Bulgaria, Romania, Serbia, Croatia, "
    "Slovenia, Slovakia, Ukraine, Russia, Lithuania, Latvia, Estonia, Israel, Lebanon, "
    "Syria, Iraq, Iran, Jordan, Afghanistan, the Netherlands, New Zealand, Costa Rica, "
    "El Salvador, Dominican Republic, Czech Republic, South Africa, Sri Lanka, "
    "Saudi Arabia, Puerto Rico, United Kingdom, United States"
)
STATES: Final = _words("NY, SC, DE, CA, TX, ON, QC, BC, PA, NJ, OH, FL, NSW, VIC, WA, MA")
TITLES: Final = _words(
    "Mr., Mrs., Ms., Dr., Mr, Mrs, Ms, Dr, Prof., Miss, Señora, Herr, Frau, Mme, Sr., "
    "Coach, Father, Sister, Officer, Judge, Captain, Rabbi, Uncle, Aunt, Auntie, Tía, "
    "Grandma, Grandpa"
)

TRADES: Final = _words(
    "Plumbing, Heating, Electric, Roofing, Drains, Consulting, Energy, Partners, Group, "
    "Holdings, Systems, Supply, Logistics, Media, Foods, Bank, Insurance, Realty, "
    "Properties, Motors, Clinic, Studio, Labs, Software, Networks, Trading, Industries, "
    "Foundation, Museum, Orchestra, University, Hospital, Church, Airlines"
)
LEGAL_FORMS: Final = _words("Inc, LLC, Ltd, GmbH, Corp, Group, PLC, Co.")
GRAND_WORDS: Final = _words(
    "First, Northern, Blue, United, Global, Pacific, Summit, Royal, Pioneer, Golden"
)
SYLLABLES: Final = _words(
    "ac, cen, tu, pro, gas, key, span, tri, vex, lum, nor, dex, ora, syn, tel, co, min, "
    "ver, ti, qua, sol, ter, ra, pex, bro, dyn, gy, hoe, gal, en, ron, mon, do, plat, um, "
    "cor, ve, lin, zen, ix, al, pha, net, om, ni, tech, aqua, flo, thermo, max, dura, sta, "
    "flex"
)
BRANDS: Final = _words(
    "Moen, Kohler, Rheem, Grundfos, Siemens, Bosch, Lowes, Ferguson, Microsoft, Google, "
    "Amazon, Honeywell, Carrier, Trane, Lennox, Navien, Viessmann, Vaillant, Worcester, "
    "Makita, DeWalt, Milwaukee, Stanley, PayPal, Stripe, Verizon, Comcast, FedEx, Subaru, "
    "Toyota, Ford, Home Depot"
)

MONTHS: Final = _words("January, March, April, May, June, August, October")
DAYS: Final = _words("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday")
UNITS: Final = _words("Apt, Apt., Suite, Unit, Flat, Floor, #")
THINGS: Final = _words(
    "boiler, water heater, kitchen faucet, Moen cartridge, breaker panel, sump pump, "
    "Bradford White heater, garage door, toilet flange, Kohler valve, Jackson valve, roof, "
    "septic tank, AC unit, dishwasher, thermostat, gate, fence, furnace, outlet"
)

# How what is made of parts is put together, and how often in a hundred.
FULL_NAMES: Final = {
    "{first} {last}": 70,
    "{first} {letter}. {last}": 8,
    "{first} {letter} {last}": 6,
    "{first} {last}-{last2}": 4,
    "{first} {first2} {last}": 4,
    "{initial}. {last}": 3,
    "{last}, {first}": 5,
}
ADDRESSES: Final = {
    "{number} {street}": 60,
    "{street} {number}": 25,
    "{number} {street} {small}": 15,
}
FIRMS: Final = {
    "{last} {trade}": 35,
    "{last} & Sons": 15,
    "{last} {form}": 10,
    "{last}, {last2} and {last3}": 10,
    "{grand} {trade}": 10,
    "{last2}-{last}": 10,
    "{brand}": 10,
}
COINED_FIRMS: Final = {
    "{letters}": 35,
    "{coined}": 35,
    "{one}{two}": 15,
    "{coined} {trade}": 15,
}
"""Names that no list has; a quarter of all firms bear one."""
