#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes assets/sounds/*.wav: the rooms' sound, out of formulas and noise of fixed seeds alone; no recording is in it, and no word.

Use: python3 assets/make/sounds.py [check]      check only measures what is there

Each file is a loop of 24 kHz, 16 bits, mono, without a seam: filters run round the loop twice and keep the second round, and what
sounds at the end rings on at the beginning. A room's loop has -30 dBFS RMS; scene.toml sets what is heard of it.
"""
import array
import math
import random
import sys
import wave
from pathlib import Path

RATE = 24_000
ROOM_DBFS = -30.0
FOLDER = Path(__file__).resolve().parents[1] / "sounds"


def silence(seconds):
    return [0.0] * int(seconds * RATE)


def noise(seconds, seed):
    chance = random.Random(seed)
    return [chance.uniform(-1, 1) for _ in range(int(seconds * RATE))]


def band(samples, kind, hz, q=0.7071):
    """A second-order filter (R. Bristow-Johnson, Audio EQ Cookbook) that runs round the loop twice."""
    w = 2 * math.pi * hz / RATE
    alpha, cosine = math.sin(w) / (2 * q), math.cos(w)
    b = {"low": ((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2), "high": ((1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2), "band": (alpha, 0.0, -alpha)}[kind]
    b0, b1, b2 = (x / (1 + alpha) for x in b)
    a1, a2 = -2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha)
    out = samples
    x1 = x2 = y1 = y2 = 0.0
    for _ in range(2):
        out = []
        for x in samples:
            y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
            x2, x1, y2, y1 = x1, x, y1, y
            out.append(y)
    return out


def add(loop, at_s, sound, gain=1.0):
    """What goes over the end goes on at the beginning."""
    start = int(at_s * RATE)
    for i, x in enumerate(sound):
        loop[(start + i) % len(loop)] += gain * x


def sum_of(*parts):
    return [sum(values) for values in zip(*parts)]


def times(samples, gain):
    return [gain * x for x in samples]


def swell(samples, cycles, depth, phase=0.0):
    """Whole cycles a loop, so that the swell has no seam."""
    n = len(samples)
    return [x * (1 - depth + depth * 0.5 * (1 + math.sin(2 * math.pi * cycles * i / n + phase))) for i, x in enumerate(samples)]


def rms(samples):
    return math.sqrt(sum(x * x for x in samples) / len(samples))


def dbfs(value):
    return 20 * math.log10(max(value, 1e-9))


def at_level(samples, level_dbfs):
    return times(samples, 10 ** (level_dbfs / 20) / rms(samples))


def chirp(chance):
    """One note of a bird far away: a tone that slides, soft at both ends."""
    length = chance.uniform(0.06, 0.16)
    start, end = chance.uniform(2600, 3800), chance.uniform(2600, 4200)
    n, phase, out = int(length * RATE), 0.0, []
    for i in range(n):
        t = i / n
        phase += 2 * math.pi * (start + (end - start) * t + 120 * math.sin(2 * math.pi * 28 * i / RATE)) / RATE
        out.append(math.sin(phase) * math.sin(math.pi * t) ** 2)
    return out


def calm_room():
    seconds = 12
    air = band(band(noise(seconds, 101), "low", 420), "high", 60)
    leaves = swell(band(noise(seconds, 102), "band", 1500, 0.6), 2, 0.7)
    birds, chance = silence(seconds), random.Random(103)
    for at_s in (1.1, 3.9, 7.2, 10.3):
        for note in range(chance.randint(2, 4)):
            add(birds, at_s + note * chance.uniform(0.17, 0.24), chirp(chance), chance.uniform(0.5, 1))
    birds = band(birds, "low", 3400)
    return sum_of(at_level(swell(air, 1, 0.4), -31), at_level(leaves, -39), at_level(birds, -41))


def tick(pitch_hz):
    out = []
    for i in range(int(0.05 * RATE)):
        t = i / RATE
        out.append(math.exp(-t * 160) * math.sin(2 * math.pi * pitch_hz * t) * min(1.0, i / 12))
    return out


def waiting_room():
    seconds = 10
    duct = band(band(noise(seconds, 201), "low", 260), "high", 45)
    grille = band(noise(seconds, 202), "band", 900, 0.5)
    hum = [math.sin(2 * math.pi * 100 * i / RATE) + 0.4 * math.sin(2 * math.pi * 200 * i / RATE) for i in range(seconds * RATE)]
    clock = silence(seconds)
    for second in range(seconds):
        add(clock, second + 0.3, tick(2300 if second % 2 else 1900))
    return sum_of(at_level(swell(duct, 1, 0.15), -31), at_level(grille, -40), at_level(hum, -48), at_level(clock, -44))


def babble(seconds, seed):
    """A voice without words: a buzz whose pitch and two formants wander by the syllable, and pauses as between sentences."""
    chance = random.Random(seed)
    pitch_hz = chance.choice([1.0, 1.75]) * chance.uniform(95, 135)
    n = int(seconds * RATE)
    buzz, low, high = [0.0] * n, [0.0] * n, [0.0] * n
    at, phase = 0, 0.0
    while at < n:
        length = int(chance.uniform(0.12, 0.26) * RATE)
        speaks = chance.random() < 0.72
        first, second = chance.uniform(300, 750), chance.uniform(900, 2100)
        slope, loud = chance.uniform(-0.12, 0.06), chance.uniform(0.4, 1)
        for i in range(length):
            t = i / length
            place = (at + i) % n
            phase = (phase + pitch_hz * (1 + slope * t) / RATE) % 1
            pulse = (1 - phase / 0.6) * phase * 4 if phase < 0.6 else 0.0
            if speaks:
                buzz[place] += loud * (pulse - 0.27) * math.sin(math.pi * t) ** 1.5
            low[place], high[place] = first, second
        at += length
    out = [0.0] * n
    for hz_of, q, gain in ((low, 5.0, 1.0), (high, 7.0, 0.45)):
        x1 = x2 = y1 = y2 = 0.0
        hz = 0.0
        for round_ in range(2):
            for i in range(n):
                if i % 64 == 0:
                    hz += (hz_of[i] - hz) * 0.12 if hz else hz_of[i]  # a mouth moves slowly
                    w = 2 * math.pi * hz / RATE
                    alpha = math.sin(w) / (2 * q)
                    a1, a2, b0 = -2 * math.cos(w) / (1 + alpha), (1 - alpha) / (1 + alpha), alpha / (1 + alpha)
                y = b0 * (buzz[i] - x2) - a1 * y1 - a2 * y2
                x2, x1, y2, y1 = x1, buzz[i], y1, y
                if round_:
                    out[i] += gain * y
    return out


def bar_murmur():
    seconds = 12
    voices = silence(seconds)
    chance = random.Random(301)
    for voice in range(9):
        spoken = at_level(babble(seconds, 310 + voice), -30)
        echo_s, gain = chance.uniform(0.03, 0.07), chance.uniform(0.35, 1)
        add(voices, 0, spoken, gain)
        add(voices, echo_s, spoken, gain * 0.5)  # the room's walls
        add(voices, echo_s * 2.3, spoken, gain * 0.3)
    voices = band(band(voices, "low", 2300), "high", 140)
    room = band(band(noise(seconds, 302), "low", 500), "high", 70)
    return sum_of(at_level(voices, -30.8), at_level(room, -38))


def clink(chance):
    """Two glasses: partials of a struck shell, each dying away at its own rate."""
    base = chance.uniform(1900, 2700)
    partials = [(base * ratio * chance.uniform(0.995, 1.005), chance.uniform(0.3, 1) / (k + 1), chance.uniform(7, 14) * (1 + 0.7 * k))
                for k, ratio in enumerate((1.0, 1.62, 2.32, 3.14, 4.1))]
    return [min(1.0, i / 20) * sum(a * math.exp(-d * i / RATE) * math.sin(2 * math.pi * hz * i / RATE) for hz, a, d in partials if hz < RATE * 0.45)
            for i in range(int(0.6 * RATE))]


def bar_glasses():
    seconds, chance = 10, random.Random(401)
    loop = silence(seconds)
    for at_s in (0.9, 3.6, 3.78, 6.4, 8.7):
        add(loop, at_s, clink(chance), chance.uniform(0.4, 1))
    peak = max(abs(x) for x in loop)
    return times(loop, 10 ** (-12 / 20) / peak)


SOUNDS = {"calm-room": (calm_room, ROOM_DBFS), "waiting-room": (waiting_room, ROOM_DBFS), "bar-murmur": (bar_murmur, ROOM_DBFS), "bar-glasses": (bar_glasses, None)}


def write(name, samples):
    with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array("h", (round(max(-1.0, min(1.0, x)) * 32767) for x in samples)).tobytes())


def measure(path):
    with wave.open(str(path), "rb") as file:
        samples = [x / 32768 for x in array.array("h", file.readframes(file.getnframes()))]
    step = max(abs(b - a) for a, b in zip(samples, samples[1:]))
    seam = abs(samples[0] - samples[-1])
    peak = max(abs(x) for x in samples)
    print(f"{path.name:18} {len(samples) / RATE:5.1f} s  RMS {dbfs(rms(samples)):6.1f} dBFS  peak {dbfs(peak):6.1f} dBFS  seam {seam:.4f} of a largest step {step:.4f}  {path.stat().st_size} bytes")


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, (make, level_dbfs) in SOUNDS.items():
        if sys.argv[1:] != ["check"]:
            samples = make()
            write(name, samples if level_dbfs is None else at_level(samples, level_dbfs))
        measure(FOLDER / f"{name}.wav")


if __name__ == "__main__":
    main()
