"""Visemes: every phoneme that the voice can speak has a pose, at the time at which it is spoken."""

import importlib.util

import pytest
from voicelive_simulator.sound import espeak
from voicelive_simulator.sound.espeak import EspeakVoice
from voicelive_simulator.sound.speech import Viseme
from voicelive_simulator.sound.visemes import poses, visemes

spoken = pytest.mark.skipif(
    importlib.util.find_spec("espeakng_loader") is None, reason="the demo extra is not installed"
)

RICH = """The quick brown fox jumps over the lazy dog. Peter Piper picked a peck. She sells sea \
shells. Judge, church,
measure, vision, azure, garage. Think this thing, bathe. Yes you use music, few beauty. Boy, \
coin, oil. House,
cow, now. I, my eye, fire, ours. Go, boat, hour, poor, tour, cure, pure. Bird, nurse, letter, \
butter, water,
little bottle, button, kitten. Air, hair, care. Ear, near. Or more. Art, car. Ago about sofa. \
Happy city.
Book, put. Food, blue. Caught law. Lot, hot. Cut love. Bed said. Cat man. See me. Sit. Ring \
singer finger.
Loch Bach. Uh-oh. Croissant. Hmm. 3.14 and 2,024; a@b.com, $5 & 20%. Hello! What? ABC XYZ. One \
million onions.
Mirror, world, chasm, rhythm, prism. Genre. Ugh. Huh. Shh. Tsk. Brr. (in brackets) "quoted" - \
dash. Façade,
señor, über, naïve. Привет, 你好, こんにちは, γεια, مرحبا, नमस्ते, bonjour."""


@pytest.mark.parametrize(
    ("mnemonic", "expected"),
    [
        ("_:", (0,)),
        ("'a", (1,)),
        ("@", (1,)),
        ("'A:", (2,)),
        (",O:", (3,)),
        ("'eI", (4,)),
        ("'E", (4,)),
        ("U", (4,)),
        ("3:", (5, 13)),
        ("'i:", (6,)),
        ("j", (6,)),
        ("u:", (7,)),
        ("w", (7,)),
        ("oU", (8,)),
        ("aU", (9,)),
        ("OI", (10,)),
        ("aI", (11,)),
        ("h", (12,)),
        ("r", (13,)),
        ("l", (14,)),
        ("s", (15,)),
        ("z", (15,)),
        ("S", (16,)),
        ("tS", (16,)),
        ("dZ", (16,)),
        ("T", (17,)),
        ("D", (17,)),
        ("f", (18,)),
        ("v", (18,)),
        ("d", (19,)),
        ("t#", (19,)),
        ("n-", (19,)),
        ("k", (20,)),
        ("N", (20,)),
        ("p", (21,)),
        ("m", (21,)),
        ("i@3", (6, 13)),
        ("@L", (1, 14)),
        ("?", ()),
        (";", ()),
    ],
)
def test_phonemes_have_the_poses_of_azures_table(mnemonic: str, expected: tuple[int, ...]) -> None:
    assert poses(mnemonic) == expected


def test_what_is_no_phoneme_has_no_pose() -> None:
    assert poses("§") is None


def test_poses_follow_the_phonemes_and_end_in_silence() -> None:
    shown = visemes(
        [("'3:", 100), ("?", 200), ("t", 240), ("t", 260), ("_:", 300), ("_", 320)], 400
    )
    assert shown == (Viseme(0, 0), Viseme(5, 100), Viseme(13, 150), Viseme(19, 240), Viseme(0, 300))


def test_a_voice_that_stops_in_a_word_closes_the_mouth() -> None:
    assert visemes([("m", 0)], 90) == (Viseme(0, 0), Viseme(21, 0), Viseme(0, 90))


def test_poses_never_go_back_in_time() -> None:
    assert visemes([("a", 50), ("t", 40), ("s", 60)], 90) == (
        Viseme(0, 0),
        Viseme(19, 50),
        Viseme(15, 60),
        Viseme(0, 90),
    )


def test_nothing_spoken_is_silence() -> None:
    assert visemes([], 0) == (Viseme(0, 0),)


@spoken
def test_every_phoneme_that_the_voice_speaks_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def listen(phonemes: list[tuple[str, int]], end_ms: int) -> tuple[Viseme, ...]:
        heard.extend(mnemonic for mnemonic, _ in phonemes)
        return visemes(phonemes, end_ms)

    monkeypatch.setattr(espeak, "visemes", listen)
    shown = EspeakVoice().speak(RICH).visemes
    assert len(set(heard)) > 80
    assert [mnemonic for mnemonic in heard if poses(mnemonic) is None] == []
    assert {viseme.viseme_id for viseme in shown} == set(range(22))


@spoken
def test_the_lips_close_when_the_voice_says_so() -> None:
    spoken_words = EspeakVoice().speak("see the map")
    last = spoken_words.words[-1]
    closed = [viseme.start_ms for viseme in spoken_words.visemes if viseme.viseme_id == 21]
    assert last.start_ms <= closed[0] < last.start_ms + 40
    assert last.start_ms + 100 < closed[1] < last.start_ms + last.duration_ms
