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
_LINKING_WORDS = """
a al con de del e el en es ha han he la las le les lo los me mi mis nos o os por para que se su sus te tu
tus u un una unos unas y
"""
_TICKET_FILLER = """
hola buenas buenos dias dia tardes tarde noches noche gracias saludos saludo cordial favor quiero quisiera
querria queria quieren queremos querer necesito necesita necesitamos necesitaria puedo puede pueden podeis
podria podriais podemos poder pueda puedan podido pude sale salen salga salgan salido salia sabe saber sabeis
ayer hoy manana ahora luego despues mientras ademas entonces siempre nunca todavia aun intento intenta
intentar intentado intentamos intentando gustaria ayuda ayudar ayudarme ayudais favor decir dice dicen digo
dicho dijo dijeron diga digan diciendo deja dejan dejado dejar deje parece parecen aparece aparecen aparecido
da dan dar doy dado das pone ponen poner puesto pongo pondria quede queda quedan quedado ver veo vemos vi
visto veces hecho mira mirar mirado pasa pasan pasando pasado ocurre ocurrido semana semanas mes meses rato
momento alguien gente persona personas creo cierto mejor urgente problema problemas duda dudas pregunta
escribo escribimos forma manera manera bien mal tras casi toca sabia imposible sido estado estais hacemos
hagamos haciendo quereis volver vuelve vuelvo viene vienen venir vino llevo lleva llevamos llevan probado
probe he intente ponia pinta verdad solamente total supuesto parte lado tema
jefe jefa mujer marido hijo hija hermano hermana padre madre amigo amiga senor senora chico chica
quiza quizas acaso cualquier cualquiera ningun ninguno ninguna nadie aquel aquella aquellos aquellas
ambos ambas cuyo cuya mediante conmigo contigo
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
lunes martes miercoles jueves viernes sabado domingo
"""
# «abrirlo» is «abrir»; «informe» and «comparte» are whole words.
WITH_PRONOUN = re.compile(r"(.{2,}[aei]r)(?:se)?(?:l[aeo]s?|nos)")
SECOND_PLURAL = re.compile(r"(.{3,})[ae]is")
# Words that the stemmer would throw together with others («logo» with «log», «ordenador» with «orden»).
WHOLE = {
    "logo": "logotip",
    "logos": "logotip",
    "ordenador": "ordenador",
    "ordenadores": "ordenador",
    "publicidad": "publicidad",
    "importante": "important",
    "importantes": "important",
    "importe": "importe",
    "importes": "importe",
    "indice": "indice",
    "indices": "indice",
    "comando": "comando",
    "comandos": "comando",
    "recibos": "recibos",
}
# Verbs whose stem changes with person or tense: «cierra» is «cerrar», «abierto» is «abrir».
_IRREGULAR = """
abiert abrir  abre abrir  abren abrir  abri abrir  acuerd acord  adviert advert  aprueb aprob  bloque bloqu
cierr cerr  comienz comenz  comprueb comprob  conexion conect  consigu consegu  conviert convert
corrig correg  cuelg colg  cuest cost  demuestr demostr  desbloque desbloqu  desplieg despleg
devolu devolv  devuelt devolv  devuelv devolv  elig eleg  empiez empez  enciend encend  encuentr encontr
entiend entend  entra entrar  entrand entrar  entro entrar  envuelv envolv  escrit escrib
extiend extend  impid imped  inviert invert  lea leer  leen leer  leid leer  mantien manten  muestr mostr
muev mov  pierd perd  prefier prefer  prueb prob  recomiend recomend  recuerd record  reduzc reduc
refier refer  renuev renov  repit repet  requier requer  resolu resolv  resuelt resolv  resuelv resolv
sirv serv  sueld sold  suelt solt  suen son  sugier suger  traduzc traduc  transferent transfer
transfier transfer  vuelt volv  vuelv volv
"""
REGULAR = dict(zip(_IRREGULAR.split()[::2], _IRREGULAR.split()[1::2], strict=True))
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
NEGATIONS = frozenset({"no", "sin"})
LINKING_WORDS = frozenset(_LINKING_WORDS.split())
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
    if word in WHOLE:
        return WHOLE[word]
    if word.endswith(("cion", "sion")):
        word = word[:-2] + "ón"
    elif word.endswith("xs"):
        word = word[:-2] + "o"
    elif word.endswith("s") and word[-2] not in "eius" and word not in KEEP_FINAL_S:
        word = word[:-1]
    if match := WITH_PRONOUN.fullmatch(word):
        word = match[1]
    if match := SECOND_PLURAL.fullmatch(word):
        return REGULAR.get(match[1], match[1])
    stemmed = _trim(fold(_snowball.stem_word(word)))
    return REGULAR.get(stemmed, stemmed)


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
