"""提示音: the tune and strength that were set, through the system's player; a beep where there is none."""

import array
import itertools
import time
import wave

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from ui.app.looks import Looks
from ui.app.preferences import Preferences
from ui.app.ringing import Player, Ringing
from ui.app.tunes import TUNES, VOLUMES, tune_file
from ui.app.window import MainWindow


@pytest.fixture
def beeps(monkeypatch):
    heard = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append("beep"))
    return heard


@pytest.fixture
def player_program(tmp_path, monkeypatch):
    """player_program(code): the only player on this machine; it writes down what it was given and ends with `code`."""
    def install(code=0, name="aplay"):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        program, played = folder / name, tmp_path / "played"
        program.write_text(f'#!/bin/sh\necho "$@" >> {played}\nexit {code}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return lambda: played.read_text().split("\n")[:-1] if played.exists() else []
    return install


def loudest(path):
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        samples = array.array("h", file.readframes(file.getnframes()))
    return max(map(abs, samples)), samples


# ------------------------------------------------------------ tunes
def test_each_tune_is_a_sound_of_its_own_and_each_volume_louder_than_the_one_before(tmp_path):
    heard = set()
    for tune in TUNES:
        peaks = [loudest(tune_file(tmp_path, tune, volume))[0] for volume in VOLUMES]
        assert peaks[0] > 2_000 and all(2 * a < b for a, b in itertools.pairwise(peaks)) and peaks[-1] <= 32_767
        heard.add(loudest(tune_file(tmp_path, tune, "middle"))[1].tobytes())
    assert len(heard) == len(TUNES)


def test_a_tune_begins_at_once_and_ends_softly(tmp_path):
    for tune in TUNES:
        peak, samples = loudest(tune_file(tmp_path, tune, "high"))
        assert max(map(abs, samples[:1600])) > peak / 2
        assert max(map(abs, samples[-16:])) < peak / 50
        assert 0.5 < len(samples) / 16_000 < 1


def test_a_tune_is_written_once(tmp_path):
    first = tune_file(tmp_path, "bell", "low").stat().st_mtime_ns
    time.sleep(0.01)
    assert tune_file(tmp_path, "bell", "low").stat().st_mtime_ns == first


# ------------------------------------------------------------ playing
def test_the_systems_player_gets_the_tune(tmp_path, player_program, beeps, qtbot, qapp):
    played = player_program()
    Player(tmp_path / "sounds", qapp).play("knock", "high")
    qtbot.waitUntil(lambda: played() == [f"-q {tmp_path / 'sounds' / 'knock-high.wav'}"])
    assert beeps == []


def test_where_there_is_no_player_it_beeps(tmp_path, monkeypatch, beeps, qapp):
    monkeypatch.setenv("PATH", "")
    Player(tmp_path / "sounds", qapp).play("bell", "low")
    assert beeps == ["beep"]


def test_where_the_player_finds_no_loudspeaker_it_beeps(tmp_path, player_program, beeps, qtbot, qapp):
    played = player_program(code=1)
    player = Player(tmp_path / "sounds", qapp)
    player.play("bell", "low")
    qtbot.waitUntil(lambda: beeps == ["beep"])
    player.play("bell", "low")
    qtbot.waitUntil(lambda: len(played()) == 2 and len(beeps) == 2)


def test_where_the_tune_cannot_be_written_it_beeps(tmp_path, player_program, beeps, qapp):
    player_program()
    (tmp_path / "sounds").write_text("in the way")
    Player(tmp_path / "sounds", qapp).play("bell", "low")
    assert beeps == ["beep"]


def test_while_one_is_heard_another_does_not_speak_over_it(tmp_path, player_program, beeps, qtbot, qapp):
    played = player_program()
    player = Player(tmp_path / "sounds", qapp)
    for _ in range(5):
        player.play("bell", "low")
    qtbot.waitUntil(lambda: len(played()) == 1)
    qtbot.waitUntil(lambda: player._process is None)
    player.play("bell", "low")
    qtbot.waitUntil(lambda: len(played()) == 2)


# ------------------------------------------------------------ setting
@pytest.fixture
def window(make_place, qapp, qtbot, tmp_path, city):
    preferences = Preferences(tmp_path)
    place = make_place(city, "dispatcher")
    made = MainWindow(place, Looks(qapp, preferences), preferences)
    made.preferences = preferences
    qtbot.addWidget(made)
    Ringing(place.reminders, preferences)
    return made


def choose(window, menu, word):
    part = next(m for m in window.bar.menu.findChildren(type(window.bar.menu)) if m.title() == menu)
    next(action for action in part.actions() if action.text() == word).trigger()


def test_what_is_chosen_in_the_menu_is_heard_and_kept(window, tmp_path, player_program, qtbot):
    played = player_program()
    choose(window, "提示音样式", "敲击")
    qtbot.waitUntil(lambda: [line.rpartition("/")[2] for line in played()] == ["knock-middle.wav"])
    qtbot.waitUntil(lambda: window.place.reminders.findChild(Player)._process is None)
    choose(window, "提示音音量", "高")
    qtbot.waitUntil(lambda: [line.rpartition("/")[2] for line in played()][1:] == ["knock-high.wav"])
    window.preferences.save()
    kept = Preferences(tmp_path)
    assert (kept.tune, kept.volume) == ("knock", "high")


def test_choosing_a_tune_switches_the_sound_on(window, player_program, qtbot):
    played = player_program()
    window.preferences.sound = "off"
    choose(window, "提示音样式", "铃声")
    qtbot.waitUntil(lambda: [line.rpartition("/")[2] for line in played()] == ["bell-middle.wav"])
    assert window.preferences.sound == "on" and window.reminders.sound.text() == "提示音：开"


class Arrivals(QObject):
    """What tells of new reminders."""

    arrived = Signal(object)


@pytest.mark.parametrize(("sound", "heard"), [("on", ["chime-middle.wav"]), ("off", [])])
def test_a_reminder_is_heard_unless_it_is_switched_off(sound, heard, tmp_path, player_program, beeps, qtbot):
    played, preferences, arrivals = player_program(), Preferences(tmp_path), Arrivals()
    preferences.sound = sound
    ringing = Ringing(arrivals, preferences)
    arrivals.arrived.emit(())
    qtbot.waitUntil(lambda: ringing.player._process is None and len(played()) == len(heard))
    assert [line.rpartition("/")[2] for line in played()] == heard and beeps == []
