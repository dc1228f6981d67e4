"""Spanish text -> the folded words and stems that articles and queries are compared by.

Both sides pass through the same functions, so a rule only has to be consistent, not linguistically right:
«configuración», «configuracion» and «configurar» must meet, «año» and «ano» may.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

PREFIX_LENGTH = 6
LONGEST_WORD = 40
WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)*")
WRITTEN_WORD = re.compile(r"[^\W_]+(?:\.[0-9]+)*")
# «e-mail», «wi-fi» and «s/mime» are one word to everybody but a tokenizer.
SHORT_COMPOUND = re.compile(r"\b([a-z]{1,2})[-/](?=[a-z]{2,})")
KEEP_FINAL_S = frozenset({"https"})

_FUNCTION_WORDS = """
a al algo algun alguna algunas alguno algunos ante antes aqui asi aun aunque bajo cada como con contra cual
cuales cuando cuanto de del desde donde dos durante e el ella ellas ello ellos en entre era eran eres es esa
esas ese eso esos esta estaba estamos estan estar estas este esto estos estoy etc fue fueron ha habia haber
habeis han has hasta hay he hemos hace hacen hacer hago haga han i incluso la las le les lo los mas me mi mia
mio mis mismo misma mucha muchas mucho muchos muy nada ni no nos nosotros nuestra nuestras nuestro nuestros
o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean segun ser si sido sin
sino sobre solo somos son soy su sus tal tambien tampoco tan tanto te tengo tenemos tiene tienen tener ti
toda todas todo todos tu tus u un una unas uno unos vosotros vuestra vuestro vuestras y ya yo cosa cosas
sigue siguen seguir va van voy vez veces estoy siendo the of and to in is on for it by
"""
_TICKET_FILLER = """
hola buenas buenos dias tardes noches gracias saludos saludo cordial favor quiero quisiera querria queria
quieren necesito necesitamos necesitaria puedo puede pueden podeis podria podriais podemos poder sale salen
sabe saber sabeis ayer hoy manana ahora luego despues mientras ademas entonces siempre nunca intento intentar
intentado intentamos gustaria ayuda ayudar ayudarme ayudais favor decir dice dicen digo deja dejan dejado
parece aparece aparecen da dan dar doy pone poner puesto quede queda ver veo vemos veces
hecho mira pasa pasando pasado ocurre semana rato momento alguien gente persona creo cierto mejor
urgente problema problemas duda pregunta escribo escribimos forma manera bien mal tras casi toca
sabia imposible ocurrido favor sido estado estais hacemos hagamos quereis volver vuelve vuelvo
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
STOP_WORDS = FUNCTION_WORDS | frozenset(_TICKET_FILLER.split())


class _Snowball(threading.local):
    """A stemmer for each thread: it keeps the word that it works on in itself."""

    def __init__(self) -> None:
        self.stem_word = snowballstemmer.stemmer("spanish").stemWord


_snowball = _Snowball()


def fold(text: str) -> str:
    """Lower case without accents or other marks («Año» -> «ano»)."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text, in order. Anything outside Latin letters and digits is dropped."""
    return [word[:LONGEST_WORD] for word in WORD.findall(SHORT_COMPOUND.sub(r"\1", fold(text)))]


@lru_cache(maxsize=60_000)
def stem(word: str) -> str:
    """The stem of one folded word.

    The stemmer knows «-ción» only by its accent, English plurals not at all, and the neutral spelling
    «usuarixs» neither, so these endings are put into a form that it knows.
    """
    if len(word) < 4 or word[0].isdigit():
        return word
    if word.endswith(("cion", "sion")):
        word = word[:-2] + "ón"
    elif word.endswith("xs"):
        word = word[:-2] + "o"
    elif word.endswith("s") and word[-2] not in "eius" and word not in KEEP_FINAL_S:
        word = word[:-1]
    return _trim(fold(_snowball.stem_word(word)))


def _trim(stemmed: str) -> str:
    """Endings that the stemmer takes from some forms of a word and leaves on others."""
    if stemmed.endswith("acion") and (len(stemmed) >= 9 or stemmed == "creacion"):
        return stemmed[:-5]
    if stemmed.endswith("ic") and len(stemmed) >= 7:
        return stemmed[:-2]
    return stemmed


def is_stop_word(word: str) -> bool:
    return word in STOP_WORDS


def content_words(text: str) -> list[str]:
    """The words that carry meaning; all of them when nothing else would be left («¿Y ahora qué?»)."""
    found = words(text)
    return [word for word in found if word not in STOP_WORDS] or found


def stems(text: str) -> list[str]:
    """Stems of a document's text in order, function words left out."""
    return [stem(word) for word in words(text) if word not in FUNCTION_WORDS]


def prefix(stemmed: str) -> str:
    """The key of the coarser view: «configur» and «configuracion» share «config»."""
    return stemmed[:PREFIX_LENGTH]


@lru_cache(maxsize=60_000)
def stem_as_written(word: str) -> str:
    """The stem of a word as it stands in a text, accents and capitals included."""
    return stem(fold(word)[:LONGEST_WORD])
