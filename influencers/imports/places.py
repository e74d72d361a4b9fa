"""Countries and languages as rosters write them, and their ISO codes."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from agency.countries import COUNTRIES

# Alpha-3 codes and names beside the English ones of the standard.
_COUNTRY_NAMES: Mapping[str, str] = {
    "AE": "united arab emirates|uae|are",
    "AR": "argentina|arg|argentinien|argentine|argentinie",
    "AT": "austria|aut|osterreich|ostrig|autriche|oostenrijk",
    "AU": "australia|aus|australien|australie",
    "BD": "bangladesh|bgd",
    "BE": "belgium|bel|belgie|belgique|belgien|belgica",
    "BG": "bulgaria|bgr",
    "BR": "brazil|bra|brasil|brasilien|bresil|brazilie",
    "CA": "canada|can|kanada",
    "CH": "switzerland|che|schweiz|suisse|zwitserland|suica|suiza",
    "CL": "chile|chl",
    "CN": "china|chn|chine",
    "CO": "colombia|col|kolumbien|colombie",
    "CZ": "czechia|cze|czech republic|tschechien",
    "DE": "germany|deu|deutschland|duitsland|tyskland|allemagne|alemanha|alemania",
    "DK": "denmark|dnk|danmark|danemark|denemarken|dinamarca",
    "EG": "egypt|egy",
    "ES": "spain|esp|spanien|spanje|espagne|espana|espanha",
    "EE": "estonia|est",
    "FI": "finland|fin|suomi|finlande|finlandia",
    "FR": "france|fra|frankreich|frankrijk|frankrig|franca|francia",
    "GB": "united kingdom|uk|gbr|great britain|england|scotland|wales|royaume uni|verenigd koninkrijk|"
    "reino unido|storbritannien",
    "GH": "ghana|gha",
    "GR": "greece|grc|griechenland|griekenland|graekenland|grece",
    "HK": "hong kong|hkg",
    "HR": "croatia|hrv|kroatien",
    "HU": "hungary|hun|ungarn",
    "ID": "indonesia|idn|indonesien",
    "IE": "ireland|irl|irland|ierland|irlande",
    "IL": "israel|isr",
    "IN": "india|ind|indien|inde",
    "IS": "iceland|isl|island",
    "IT": "italy|ita|italien|italie|italia",
    "JP": "japan|jpn|japon",
    "KE": "kenya|ken|kenia",
    "KR": "south korea|kor|korea|sudkorea",
    "LT": "lithuania|ltu",
    "LU": "luxembourg|lux|luxemburg",
    "LV": "latvia|lva",
    "MA": "morocco|mar|marokko|maroc",
    "MX": "mexico|mex|mexiko|mexique",
    "MY": "malaysia|mys",
    "NG": "nigeria|nga",
    "NL": "netherlands|nld|the netherlands|holland|nederland|niederlande|nederlandene|pays bas|"
    "paises baixos|paises bajos",
    "NO": "norway|nor|norge|norwegen|noorwegen|norvege|noruega",
    "NZ": "new zealand|nzl|neuseeland",
    "PE": "peru|per",
    "PH": "philippines|phl",
    "PK": "pakistan|pak",
    "PL": "poland|pol|polen|pologne|polonia",
    "PT": "portugal|prt",
    "RO": "romania|rou|rumanien",
    "RS": "serbia|srb|serbien",
    "RU": "russia|rus|russland|rusland|russie",
    "SA": "saudi arabia|sau|ksa",
    "SE": "sweden|swe|sverige|schweden|zweden|suede|suecia",
    "SG": "singapore|sgp",
    "SI": "slovenia|svn",
    "SK": "slovakia|svk",
    "TH": "thailand|tha",
    "TR": "turkey|tur|turkiye|turkei|turkije|turquie",
    "TW": "taiwan|twn",
    "UA": "ukraine|ukr",
    "US": "united states|usa|united states of america|america|u s a|u s|etats unis|vereinigte staaten|"
    "verenigde staten|estados unidos",
    "VN": "vietnam|vnm|viet nam",
    "ZA": "south africa|zaf|sudafrika|zuid afrika",
}

# ISO 639-1.
_LANGUAGE_CODES = (
    "af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja "
    "ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl so sq "
    "sr sv sw ta te th tl tr uk ur uz vi xh yo zh zu"
)
LANGUAGE_CODES = frozenset(_LANGUAGE_CODES.split())
_LANGUAGE_NAMES: Mapping[str, str] = {
    "ar": "arabic|arabe|arabisch|arabisk",
    "bn": "bengali",
    "cs": "czech|tschechisch",
    "da": "danish|dansk|danisch|deens|danois|danes|dinamarques",
    "de": "german|deutsch|duits|tysk|allemand|alemao|aleman",
    "el": "greek|griechisch",
    "en": "english|englisch|engels|engelsk|anglais|ingles",
    "es": "spanish|spanisch|spaans|spansk|espagnol|espanhol|espanol|castellano",
    "fi": "finnish|suomi|finnisch",
    "fr": "french|franzosisch|frans|fransk|francais|frances",
    "he": "hebrew",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian|bahasa indonesia",
    "is": "icelandic",
    "it": "italian|italienisch|italiaans|italiensk|italien|italiano",
    "ja": "japanese|japanisch",
    "ko": "korean|koreanisch",
    "nl": "dutch|nederlands|niederlandisch|hollandsk|neerlandais|holandes|flemish|vlaams",
    "no": "norwegian|norsk|norwegisch|noors",
    "pl": "polish|polnisch|pools|polski",
    "pt": "portuguese|portugiesisch|portugees|portugisisk|portugais|portugues",
    "ro": "romanian",
    "ru": "russian|russisch|russisk|russe",
    "sv": "swedish|svenska|schwedisch|zweeds|svensk|suedois",
    "sw": "swahili",
    "th": "thai",
    "tl": "tagalog|filipino",
    "tr": "turkish|turkce|turkisch|turks|tyrkisk",
    "uk": "ukrainian",
    "ur": "urdu",
    "vi": "vietnamese",
    "yo": "yoruba",
    "zh": "chinese|mandarin|chinesisch|chinees|kinesisk|chinois",
}
_LANGUAGES = {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split("|")}


@lru_cache(maxsize=1024)
def country_code(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a country's code or name, None if it is not known here."""
    key = _key(text)
    return key.upper() if key.upper() in COUNTRIES else _CODES_BY_NAME.get(key)


@lru_cache(maxsize=1024)
def language_code(text: str) -> str | None:
    """Return the ISO 639-1 code of a language's code (`pt`, `pt-BR`) or name, None if it is not known here."""
    key = _key(text)
    primary = key.partition(" ")[0] if len(key) == 5 else key
    return primary if primary in LANGUAGE_CODES else _LANGUAGES.get(key)


def _key(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    plain = "".join(sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign))
    return " ".join(plain.split())


_CODES_BY_NAME = {_key(country.name): code for code, country in COUNTRIES.items()} | {
    name: code for code, names in _COUNTRY_NAMES.items() for name in names.split("|")
}
