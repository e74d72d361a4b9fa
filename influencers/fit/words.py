"""Words in notes that point to what the law protects most (GDPR, article 9): the writer is asked, never stopped.

Whole words are looked for, whatever the case and the accents, in the eight languages in which notes are written. A word that is
part of the creator's or the brand's name is let pass.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: dict[str, str | Promise] = {
    "health": _("health"),
    "religion": _("religion"),
    "politics": _("politics"),
    "orientation": _("sexual orientation"),
    "ethnicity": _("ethnicity"),
    "union": _("trade union"),
}

# By topic and language. Words with a harmless everyday sense (party, race, black) stand only in phrases that leave no doubt.
WORDS: dict[str, dict[str, str]] = {
    "health": {
        "en": "ill|illness|disease|diseases|cancer|depression|depressed|anxiety|burnout|burned out|pregnant|pregnancy|"
        "miscarriage|diabetes|diabetic|disabled|disability|adhd|autism|autistic|bipolar|epilepsy|anorexia|anorexic|"
        "bulimia|eating disorder|eating disorders|hiv|diagnosis|diagnosed|medication|addiction|addicted|alcoholic|rehab|"
        "mental health|health issue|health issues|health problem|health problems|health condition|hospitalised|suicidal",
        "da": "syg|sygdom|kræft|depression|deprimeret|angst|sygemeldt|udbrændt|gravid|graviditet|handicap|"
        "handicappet|sklerose|autisme|autist|spiseforstyrrelse|anoreksi|alkoholiker|misbrug|diagnose|sukkersyge|abort",
        "de": "krank|krankheit|krebs|depressionen|depressiv|angststörung|schwanger|schwangerschaft|behindert|behinderung|"
        "schwerbehindert|autismus|autistisch|essstörung|magersucht|alkoholiker|alkoholikerin|süchtig|diagnose|fehlgeburt|zuckerkrank",
        "nl": "ziek|ziekte|kanker|depressie|depressief|angststoornis|overspannen|zwanger|zwangerschap|gehandicapt|handicap|"
        "autisme|autistisch|eetstoornis|verslaafd|verslaving|alcoholist|diagnose|miskraam|suikerziekte",
        "sv": "sjuk|sjukdom|sjukskriven|cancer|deprimerad|ångest|utbränd|gravid|graviditet|funktionsnedsättning|autism|"
        "ätstörning|alkoholist|missbruk|missfall|diagnos",
        "pt": "doente|doença|câncer|cancro|depressão|deprimida|deprimido|ansiedade|grávida|gravidez|deficiente|deficiência|"
        "autismo|autista|transtorno alimentar|alcoólatra|diagnóstico|aborto",
        "es": "enferma|enfermo|enfermedad|cáncer|depresión|deprimida|deprimido|ansiedad|embarazada|embarazo|discapacidad|"
        "discapacitada|discapacitado|autismo|autista|trastorno alimentario|alcohólica|alcohólico|diagnóstico|aborto",
        "fr": "malade|maladie|cancer|dépression|dépressif|dépressive|anxiété|est enceinte|était enceinte|tombée enceinte|"
        "grossesse|handicapé|handicapée|handicap|autisme|autiste|trouble alimentaire|alcoolique|diagnostic|fausse couche",
    },
    "religion": {
        "en": "religion|religious|christian|catholic|protestant|muslim|islam|islamic|jewish|jew|judaism|hindu|buddhist|sikh|"
        "mormon|jehovah's witness|atheist|hijab|headscarf",
        "da": "religiøs|kristen|katolik|katolsk|muslimsk|jøde|jødisk|hinduist|buddhistisk|ateist|tørklæde af tro|jehovas vidne",
        "de": "religiös|christlich|katholisch|katholik|katholikin|evangelisch|muslimin|muslimisch|jude|jüdin|jüdisch|hinduistisch|"
        "buddhistisch|atheist|atheistin|kopftuch|zeugin jehovas",
        "nl": "religie|religieus|christelijk|katholiek|gereformeerd|moslim|moslima|islamitisch|jood|joods|hindoe|boeddhist|"
        "atheïst|hoofddoek|gelovig",
        "sv": "religiös|religiöst|kristet|katolik|muslimsk|jude|judisk|hinduisk|buddhistisk|frikyrklig|slöja",
        "pt": "religião|religiosa|religioso|cristã|cristão|católica|católico|evangélica|evangélico|muçulmana|muçulmano|judia|judeu|"
        "budista|ateu|ateia|candomblé",
        "es": "religión|religiosa|religioso|cristiana|cristiano|católica|católico|evangélica|evangélico|musulmana|musulmán|judía|"
        "judío|budista|atea|ateo",
        "fr": "religieux|religieuse|chrétien|chrétienne|catholique|musulman|musulmane|juif|juive|bouddhiste|athée|voilée|"
        "pratiquante",
    },
    "politics": {
        "en": "politics|political|politically|left wing|right wing|far right|far left|socialist|communist|republican voter|"
        "votes republican|votes democrat|trump supporter|party member|member of parliament|anarchist|fascist|feminist activist",
        "da": "politik|politisk|venstreorienteret|højreorienteret|socialist|socialdemokrat|kommunist|partimedlem|folketinget",
        "de": "politik|politisch|linksradikal|rechtsradikal|rechtsextrem|linksextrem|sozialistin|sozialdemokrat|kommunist|afd|"
        "parteimitglied|parteibuch|parteipolitisch",
        "nl": "politiek|linkse activist|rechts extremist|extreemrechts|extreemlinks|communist|socialist|partijlid|tweede kamerlid",
        "sv": "politik|politisk|politiskt|vänsterpartist|sverigedemokrat|socialdemokrat|moderat väljare|högerextrem|partimedlem",
        "pt": "política|políticas|político|políticos|esquerdista|direitista|bolsonarista|petista|comunista|filiada ao partido|"
        "filiado ao partido",
        "es": "política|políticas|político|políticos|izquierdista|derechista|ultraderecha|comunista|socialista|afiliada al partido|"
        "afiliado al partido",
        "fr": "politique|politiques|politiquement|gauchiste|extrême droite|extrême gauche|communiste|socialiste|macroniste|"
        "adhérente du parti",
    },
    "orientation": {
        "en": "gay|lesbian|bisexual|homosexual|heterosexual|queer|transgender|transsexual|asexual|non binary|nonbinary|"
        "sexual orientation|lgbt|lgbtq|lgbtqia",
        "da": "homoseksuel|bøsse|biseksuel|heteroseksuel|lesbisk|transkønnet|nonbinær|seksualitet",
        "de": "schwul|schwuler|lesbisch|lesbe|homosexuell|bisexuell|heterosexuell|transsexuell|nichtbinär|sexuelle orientierung",
        "nl": "homo|homoseksueel|lesbisch|lesbienne|biseksueel|heteroseksueel|transgender|seksuele geaardheid|geaardheid",
        "sv": "homosexuell|bög|bisexuell|heterosexuell|transperson|sexuell läggning|hbtq",
        "pt": "lésbica|homossexual|bissexual|heterossexual|transexual|orientação sexual",
        "es": "lesbiana|homosexual|bisexual|heterosexual|transexual|orientación sexual",
        "fr": "homosexuel|homosexuelle|lesbienne|bisexuel|bisexuelle|hétérosexuel|transgenre|orientation sexuelle",
    },
    "ethnicity": {
        "en": "ethnicity|ethnic|ethnically|racial|skin colour|skin color|dark skinned|light skinned|black woman|black man|"
        "black people|black girl|black guy|white woman|white man|white people|mixed race|gypsy|immigrant background|asian looking",
        "da": "etnicitet|etnisk|hudfarve|mørk hud|indvandrer|indvandrerbaggrund|sigøjner|sort kvinde|sort mand",
        "de": "ethnie|ethnisch|hautfarbe|dunkelhäutig|migrationshintergrund|schwarze frau|schwarzer mann|roma herkunft",
        "nl": "etniciteit|etnisch|huidskleur|donkere huid|migratieachtergrund|allochtoon|zwarte vrouw|zwarte man",
        "sv": "etnicitet|etnisk|etniskt|hudfärg|mörkhyad|invandrarbakgrund|svart kvinna|svart man",
        "pt": "etnia|étnica|étnico|cor da pele|mulher negra|homem negro|pessoa negra|pessoas negras|cigana|cigano",
        "es": "etnia|étnica|étnico|color de piel|mujer negra|hombre negro|persona negra|gitana|gitano",
        "fr": "ethnie|ethnique|couleur de peau|femme noire|homme noir|personne noire|gitane|issue de l'immigration",
    },
    "union": {
        "en": "trade union|labour union|labor union|union member|unionised|unionized|shop steward",
        "da": "fagforening|fagforeninger|fagbevægelse|fagligt organiseret|tillidsrepræsentant",
        "de": "gewerkschaft|gewerkschafter|gewerkschafterin|gewerkschaftsmitglied|betriebsrat",
        "nl": "vakbond|vakbondslid|vakbeweging|ondernemingsraad",
        "sv": "fackförbund|fackförening|fackligt ansluten|facklig",
        "pt": "sindicato|sindicalista|sindicalizada|sindicalizado",
        "es": "sindicato|sindicalista|sindicada|sindicado",
        "fr": "syndicat|syndicaliste|syndiqué|syndiquée",
    },
}
# Also given and family names: with another capital word beside it, a capital one is read as part of a name.
ALSO_NAMES = frozenset({"gay", "christian", "jude", "jew", "moslim", "kristen"})
SPELLED_OUT = str.maketrans({"ø": "oe", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "’": "'"})
PLAIN_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """A word as it was written, and what it may point to."""

    text: str
    topic: str

    @property
    def about(self) -> str:
        return str(TOPICS[self.topic])


def fold(text: str) -> str:
    """Lower case without accents, as two spellings of a word are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPELLED_OUT))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@cache
def _topics() -> dict[str, str]:
    """Topic by folded word or phrase, signs between the words of a phrase as one space."""
    return {
        _phrase(word): topic
        for topic, languages in WORDS.items()
        for words in languages.values()
        for word in words.split("|")
    }


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_topics(), key=len, reverse=True)
    spelled = (re.escape(word).replace(r"\ ", r"[\s\-–]+") for word in longest_first)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(spelled)})(?![^\W_])")


def _phrase(text: str) -> str:
    return re.sub(r"[\s\-–]+", " ", fold(text))


def sensitive_words(text: str, *, names: Iterable[str] = ()) -> list[SensitiveWord]:
    """The words of the text that point to something sensitive, each once, in the order of the text."""
    folded, places = _folded_with_places(text)
    known = {word for name in names for word in PLAIN_WORD.findall(fold(name))}
    found: dict[str, SensitiveWord] = {}
    for match in _pattern().finditer(folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        word = _phrase(match[0])
        if word not in known and not (word in ALSO_NAMES and _is_in_a_name(text, start, end)):
            found.setdefault(word, SensitiveWord(text[start:end], _topics()[word]))
    return list(found.values())


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its signs where it stands in the text."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = fold(sign)
        signs.append(plain)
        places.extend([place] * len(plain))
    return "".join(signs), places


def _is_in_a_name(text: str, start: int, end: int) -> bool:
    return text[start].isupper() and any(word[0].isupper() for word in _neighbours(text, start, end))


def _neighbours(text: str, start: int, end: int) -> Iterator[str]:
    """The words directly before and after, with nothing but a space or hyphen between."""
    if before := re.search(r"([^\W_]+)[ -]$", text[:start]):
        yield before[1]
    if after := re.match(r"[ -]([^\W_]+)", text[end:]):
        yield after[1]
