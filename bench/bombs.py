"""Pictures made to hurt, ten at a time, while somebody else reads: who sends them is told why they are
refused, and the reader's pages keep their speed."""

import io
import multiprocessing
import struct
import time
import zlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

from PIL import Image

from bench import load
from bench.desk import Desk
from bench.page import Page
from bench.visitor import File, Visitor

FORM, UPLOADS = "/tickets/nuevo/", "/tickets/nuevo/archivos/"
READ = (("Mi Cuenta", "/mi-cuenta/"), ("article", "/documentacion/correo-y-moviles/no-recibo-correos/"))
AT_ONCE = 10
QUIET_SECONDS = 10  # of reading before the first bomb; so long at least each kind is sent, wave by wave
BETWEEN_WAVES = 1  # seconds
PAUSE = 0.02  # seconds between two pages of the reader
LONGEST_EXAMINATION = 600  # seconds for all ten; each may take five of the processor


def measure(desk: Desk) -> int:
    """Send every kind to a desk whose web runs, and print the reader's times and the sentences; 1 when
    anything was not refused."""
    print(f"\n{'reader of':<20}" + "".join(f"{name + ', p50 ms':>20}{'p99 ms':>8}" for name, _path in READ))
    worker = desk.start_worker()
    with Reader(desk.address) as reader:
        time.sleep(QUIET_SECONDS)
    _show("before", reader)
    sentences: Counter[str] = Counter()
    for bomb in bombs():
        ends_at = time.monotonic() + QUIET_SECONDS
        with Reader(desk.address) as reader:
            while time.monotonic() < ends_at:
                sentences.update(_send_at_once(desk.address, bomb))
                time.sleep(BETWEEN_WAVES)
        _show(f"{AT_ONCE} × {bomb[0]}", reader)
    desk.kill(worker)
    for sentence, count in sentences.items():
        print(f"{count} × {sentence or 'NOT REFUSED'}")
    return int("" in sentences)


def _show(label: str, reader: "Reader") -> None:
    figures = [load.figures(reader.times[name], reader.seconds) for name, _path in READ]
    columns = "".join(f"{one.median_ms:>20.1f}{one.p99_ms:>8.1f}" for one in figures)
    print(f"{label:<20}{columns}   in {reader.seconds:.0f} s", flush=True)


def bombs() -> list[File]:
    return [
        ("enorme.png", wide_png(50_000), "image/png"),
        ("película.gif", film(500), "image/gif"),
        ("lenta.jpg", slow_jpeg(100_000), "image/jpeg"),
    ]


def wide_png(side: int) -> bytes:
    """A whole and correct black square of one bit for each pixel: 50,000 a side weigh 0.3 MB."""
    squeeze = zlib.compressobj(9)
    row = b"\0" * (1 + -(-side // 8))
    pixels = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def film(frames: int) -> bytes:
    """A small GIF of so many different frames."""
    pages = [Image.new("RGB", (64, 64), (number % 2 * 255, 0, 0)) for number in range(frames)]
    file = io.BytesIO()
    pages[0].save(file, "GIF", save_all=True, append_images=pages[1:], duration=20)
    return file.getvalue()


def slow_jpeg(size: int, width: int = 16_384, height: int = 3_051) -> bytes:
    """A grey progressive JPEG within our limits whose every scan refines all coefficients of all blocks, and
    says in 15 bits for 32,767 of them that nothing changes (ITU T.81, G.1.2.3): 1,313 scans in 100 kB, which
    libjpeg decodes for twenty to forty seconds."""

    def segment(marker: int, content: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content

    def scan(precision: int) -> bytes:
        return segment(0xDA, bytes([1, 1, 0, 1, 63, precision])) + runs

    blocks = -(-width // 8) * -(-height // 8)
    bits = "0" + "1" * 14  # the one code of the table below, and the longest run that it takes
    bits *= -(-blocks // 32_767)
    bits += "1" * (-len(bits) % 8)
    runs = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    one_code = bytes([1] + [0] * 15)
    start = (
        b"\xff\xd8"
        + segment(0xDB, bytes([0] + [1] * 64))
        + segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0]))
        + segment(0xC4, bytes([0x10]) + one_code + bytes([0xE0]))
        + scan(0x01)
    )
    again = scan(0x10)
    return start + again * ((size - len(start) - 2) // len(again)) + b"\xff\xd9"


def _send_at_once(address: str, bomb: File) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as senders:
        return list(senders.map(lambda _number: _send(address, bomb), range(AT_ONCE)))


def _send(address: str, bomb: File) -> str:
    """What a customer reads beside the file in the end; empty when it was taken."""
    customer = Visitor(address, timeout=LONGEST_EXAMINATION)
    hidden = customer.hidden_fields(FORM)
    own = {name: hidden[name] for name in ("form_key", "opened")}
    answer = customer.post(UPLOADS, own, {"attachments": [bomb]})
    ends_at = time.monotonic() + LONGEST_EXAMINATION
    while "data-analysing" in answer.text and time.monotonic() < ends_at:
        time.sleep(1)
        key = Page.read(answer.text).first("button", name="remove").attributes["value"]
        answer = customer.post(UPLOADS, own | {"look": key})
    error = Page.read(answer.text).first(class_="error")
    return error.text.removeprefix("Error: ") if error else ""


class Reader:
    """Another visitor, in a process of their own; `times` are what each page took in the `seconds` of the
    block."""

    def __init__(self, address: str) -> None:
        self.times: dict[str, list[float]] = {}
        self.seconds = 0.0
        self._over, self._results = multiprocessing.Event(), multiprocessing.Queue()
        arguments = (address, self._over, self._results)
        self._process = multiprocessing.Process(target=_read, args=arguments, daemon=True)

    def __enter__(self) -> "Reader":
        self._started = time.monotonic()
        self._process.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds = time.monotonic() - self._started
        self._over.set()
        self.times = self._results.get(timeout=LONGEST_EXAMINATION)
        self._process.join()


def _read(address: str, over: Event, results: Queue) -> None:
    times: dict[str, list[float]] = {name: [] for name, _path in READ}
    visitor = Visitor(address)
    while not over.wait(PAUSE):
        for name, path in READ:
            started = time.perf_counter()
            visitor.get(path)
            times[name].append(time.perf_counter() - started)
    results.put(times)
