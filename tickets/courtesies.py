"""Whether a message only says thank you: then a resolved ticket stays resolved.

It errs on the side of reopening: one word that is not on the list, a digit or a question mark is enough.
"""

import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 12
# What thanks or confirms: one of these must be there.
_CORE_WORDS = """
    gracias agradezco agradecemos agradecido agradecida agradecidos agradecidas perfecto perfecta
    perfectamente genial fenomenal estupendo estupendamente excelente fantastico maravilloso magnifico
    correcto vale ok okay okey oki acuerdo bien listo solucionado solucionada resuelto resuelta arreglado
    arreglada funciona funcionando recibido entendido enterado enterada
    gracies moltes eskerrik grazas thanks thank
"""
# What may stand around them without adding anything that somebody would have to read.
_AROUND_WORDS = """
    muchas muchisimas mil miles millones mucho muchisimo muy tan por para a de en con la el lo las los
    un una os te le les y e ya todo toda todos todas esta estan era eso esto asi que si claro pues
    tu tus vuestra vuestro vuestros vuestras gran buen buena amable amables rapido rapida rapidos
    hola buenas buenos dias dia tarde tardes noche noches feliz fin semana
    saludo saludos cordial cordiales abrazo abrazos equipo soporte
    asko you very much so moltissimes
"""
# «Ayuda» by itself asks for something; «por vuestra ayuda» thanks for it.
_THANKED_FOR = re.compile(
    r"\b(?:por|con) (?:toda )?(?:la|tu|vuestra|vuestro|el|tan) (?:gran |buen |buena |pronta )?(?:rapida )?"
    r"(?:ayuda|atencion|rapidez|respuesta|paciencia|gestion|amabilidad|trabajo|servicio|colaboracion)\b"
    r"|\bpor (?:todo|contestar|responder|ayudarme|avisar|arreglarlo|solucionarlo|la respuesta)\b"
)
_CORE, _AROUND = frozenset(_CORE_WORDS.split()), frozenset(_AROUND_WORDS.split())
_CHEERS = re.compile("[👍👌🙏👏💪🙌😊🙂😀😃😄😁😉❤♥🎉✅🏻🏼🏽🏾🏿\ufe0f\u200d]")
_PUNCTUATION = re.compile(r"[\s.,;:!¡…()'\"«»“”’-]+")


def is_courtesy(text: str, *, names: Iterable[str] = ()) -> bool:
    """Up to twelve words, all of them from the list, one of them a thank-you or a confirmation.

    `names` are those of the two who talk, which may be among them: «Gracias, Marta».
    """
    known = {word for name in names for word in _without_accents(name.lower()).split()} | _AROUND
    plain = _without_accents(text.lower())
    bare = _CHEERS.sub(" ", plain)
    words = _PUNCTUATION.sub(" ", bare).split()
    if not words:
        return bare != plain
    if len(words) > MOST_WORDS:
        return False
    rest = [_unstretched(word) for word in _THANKED_FOR.sub(" ", " ".join(words)).split()]
    return all(word in _CORE or word in known for word in rest) and any(word in _CORE for word in rest)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _unstretched(word: str) -> str:
    """«graciasss» is «gracias»."""
    return re.sub(r"(.)\1{2,}", r"\1", word)
