# SPDX-License-Identifier: Apache-2.0
# bar-night: a bar counter at night. 0 empty, 1 bottles, 2 a poured glass, 3 the barkeeper offers one, 4 companions raise theirs.
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np  # noqa: E402

import bar_room as room  # noqa: E402
import common  # noqa: E402
import glassware as gw  # noqa: E402
import people  # noqa: E402
import props  # noqa: E402
import textures as tx  # noqa: E402
from shapes import rot_x, rot_z, smooth  # noqa: E402

OFFER, OFFER_Z = (-0.03, 0.965), 1.055    # where the offered glass stands in the air: axis and base


def glass_materials(s):
    t = os.path.join(common.WORK, "textures", s.name)
    for name, c in (("clear", (0.96, 0.97, 0.96)), ("green", (0.30, 0.62, 0.34)), ("brown", (0.62, 0.32, 0.12)), ("blue", (0.45, 0.65, 0.85)),
                    ("smoke", (0.72, 0.66, 0.58))):
        s.mat("g-" + name, glass=c, ior=1.14, rough=0.0)
    s.mat("g-ware", glass=(0.97, 0.98, 0.98), ior=1.45, rough=0.0)
    for name, c in (("amber", (0.86, 0.44, 0.10)), ("gold", (0.95, 0.70, 0.24)), ("water", (0.96, 0.97, 0.97)), ("red", (0.62, 0.06, 0.08)),
                    ("cognac", (0.72, 0.26, 0.06)), ("herb", (0.52, 0.70, 0.16)), ("pink", (0.93, 0.46, 0.42))):
        s.mat("l-" + name, glass=c, ior=1.33, rough=0.0)
    for k, path in enumerate(gw.label_prints(t)):
        s.mat(f"label{k}", (1, 1, 1), path, rough=0.7, uv="uv1")
    for name, c, m in (("cap-black", (0.02, 0.02, 0.02), 0), ("cap-gold", (0.7, 0.5, 0.2), 1), ("cap-red", (0.35, 0.03, 0.03), 0), ("cap-cork", (0.4, 0.26, 0.14), 0),
                       ("cap-white", (0.8, 0.78, 0.72), 0)):
        s.mat(name, c, rough=0.4, metal=m)


KINDS = [  # shape, glass, liquid, labels, caps
    ("bordeaux", "g-green", "l-red", (0, 4, 12, 8), ("cap-red", "cap-black", "cap-gold")),
    ("burgundy", "g-green", "l-gold", (3, 0, 12), ("cap-gold", "cap-white")),
    ("whisky", "g-clear", "l-amber", (2, 6, 8, 13), ("cap-black", "cap-cork", "cap-gold")),
    ("gin", "g-clear", "l-water", (1, 5, 7, 11), ("cap-black", "cap-white", "cap-cork")),
    ("gin", "g-blue", "l-water", (7, 11, 5), ("cap-black", "cap-cork")),
    ("tall", "g-clear", "l-water", (5, 1, 7), ("cap-red", "cap-black", "cap-white")),
    ("tall", "g-clear", "l-cognac", (13, 2, 4), ("cap-gold", "cap-red")),
    ("tall", "g-clear", "l-herb", (9, 3), ("cap-gold", "cap-black")),
    ("flask", "g-smoke", "l-cognac", (13, 6, 2), ("cap-cork", "cap-gold")),
    ("flask", "g-clear", "l-pink", (11, 3), ("cap-white", "cap-gold")),
    ("longneck", "g-brown", "l-amber", (10, 6, 8), ("cap-gold", "cap-red")),
    ("decanter", "g-ware", "l-amber", (0,), ("cap-gold",)),
    ("champagne", "g-green", "l-gold", (12, 0, 9), ("cap-gold",)),
]


def cells():
    for b, (a, c) in enumerate(zip(room.POSTS[:-1], room.POSTS[1:])):
        for r, z in enumerate(room.SHELVES):
            yield b, r, a + 0.09, c - 0.09, z


def bottles(s):
    """Shelves with groups of two or three of a kind, gaps, a few odd ones, some turned."""
    sh = gw.Shelf(s, "shelf-bottles", 32, 4, level_min=1, cue="shelf-bottles")
    rng = np.random.default_rng(12)
    small = [k for k in KINDS if gw.BOTTLES[k[0]][0][-1][1] < 285]
    for b, r, x0, x1, z in cells():
        x, kind, left = x0 + 0.03, None, 0
        stop = x1 - (0.30 if (b + r) % 3 == 0 else 0.0)
        while x < stop - 0.04:
            if left == 0:
                kind = (KINDS if r == 3 else small)[rng.integers(len(KINDS if r == 3 else small))]
                label = f"label{kind[3][rng.integers(len(kind[3]))]}"
                cap = kind[4][rng.integers(len(kind[4]))]
                left = int(rng.integers(1, 4))
            rad = max(q[0] for q in gw.BOTTLES[kind[0]][0]) / 1000
            x += rad
            if x + rad > stop:
                break
            y = (2.33 if r else 2.25) + rng.normal(0, 0.014)
            sh.bottle(kind[0], (x, y, z), kind[1], kind[2], label, cap)
            x += rad + abs(rng.normal(0.012, 0.012))
            left -= 1
            if left == 0 and rng.random() < 0.25:
                x += rng.uniform(0.03, 0.09)
    return sh


def ware(s):
    """What stands on the shelves whatever the level, and what fills the gaps while there is no bottle."""
    always = gw.Shelf(s, "shelf-glasses", 16, 4)
    rng = np.random.default_rng(4)
    for b, r, x0, x1, z in cells():
        if (b + r) % 3 == 0:
            for i in range(3):
                always.glass(["tumbler", "wine", "highball"][(b + r) // 3 % 3], (x1 - 0.25 + 0.095 * i, 2.34 + rng.normal(0, 0.01), z), "g-ware")
    empty = gw.Shelf(s, "shelf-glasses-0", 16, 4, level_max=0)
    p = s.part("shelf-things-0", level_max=0, lightmap=True, density=1.0)
    g = s.part("shelf-plants-0", level_max=0, lightmap=False)
    for b, r, x0, x1, z in cells():
        stop = x1 - (0.32 if (b + r) % 3 == 0 else 0.0)
        pick = (b * 2 + r * 3) % 5
        if pick == 0:
            props.books(p, [f"book{i}" for i in range(5)], x0 + 0.02, x0 + 0.42, 2.44, z, 3 + r, 0.15, (0.15, 0.23))
            props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (stop - 0.16, 2.34, z), 0.24, 18, 0.055, 0.09, b + r, (0.10, 0.042), 0.26)
        elif pick == 1:
            with p.at((x0 + 0.22, 2.42, z + 0.125), rot_x(-0.12)):
                props.picture(p, "panel", "print0", "paper", 0.27, 0.23, 0.015, 0.015, 0.02)
            for i in range(4):
                empty.glass("wine", (stop - 0.36 + 0.1 * i, 2.33 + rng.normal(0, 0.012), z), "g-ware")
        elif pick == 2:
            for i in range(7):
                empty.glass("tumbler", (x0 + 0.07 + 0.105 * i, 2.32 + rng.normal(0, 0.012), z), "g-ware")
        elif pick == 3:
            for i in range(6):
                empty.glass("highball", (x0 + 0.08 + 0.085 * i, 2.32 + rng.normal(0, 0.012), z), "g-ware")
            props.plant(g, "pot", "soil", ["leaf2", "leaf1"], "stem", (stop - 0.14, 2.34, z), 0.22, 16, 0.05, 0.08, b + 2 * r, (0.09, 0.04), 0.24)
        else:
            for i in range(5):
                empty.glass("coupe", (x0 + 0.09 + 0.125 * i, 2.33 + rng.normal(0, 0.012), z), "g-ware")
            with p.at((stop - 0.14, 2.43, z + 0.11), rot_x(-0.12)):
                props.picture(p, "brass", "print1", "paper", 0.20, 0.21, 0.012, 0.012, 0.015)
    return always, empty


def near(s):
    """What stands in reach: the bottle and the poured glass on the counter, the glass held out."""
    s.mat("foam", (0.92, 0.86, 0.72), rough=0.9)
    s.mat("l-beer", glass=(0.93, 0.56, 0.13), ior=1.33, rough=0.0, cloud=0.40)
    s.mat("l-spirit", glass=(0.93, 0.58, 0.18), ior=1.33, rough=0.0, cloud=0.22)
    sh = gw.Shelf(s, "counter-bottle", 4, 1, level_min=1, cue="counter-bottle")
    sh.bottle("whisky", (0.27, 0.86, room.TOP), "g-clear", "l-amber", "label2", "cap-cork", 24)
    sh.front = s.part("poured-glass", lightmap=False, level_min=2, cue="poured-glass")
    gw.poured(sh, "pint", (-0.16, 0.735, room.TOP + 0.005), "g-ware", "l-beer", 0.114, "foam")
    with s.part("coaster", lightmap=False, level_min=2).at((-0.16, 0.735, room.TOP), rot_z(0.2)) as c:
        c.lathe("cork", [(0.052, 0.0005), (0.052, 0.004), (0.051, 0.005), (0.0, 0.005)], 28)
    hold = gw.Shelf(s, "offered-glass", 3, 1, level_min=3, cue="offered-glass", parent="barkeeper", origin=(*OFFER, OFFER_Z))
    gw.poured(hold, "highball", (*OFFER, OFFER_Z), "g-ware", "l-spirit", 0.112,
              ice=((0.006, -0.004, 0.096, 0.4), (-0.010, 0.006, 0.074, 1.1), (0.008, 0.002, 0.050, 2.0)))
    taps(s)


def taps(s):
    p = s.part("taps", lightmap=False, level_min=1, cue="taps")
    with p.at((1.02, 0.93, room.TOP), rot_z(-0.5)):
        p.lathe("brass", smooth([(0.075, 0), (0.075, 0.012), (0.036, 0.03), (0.034, 0.24), (0.045, 0.26), (0.0, 0.27)], 1), 24)
        p.tube("brass", [(-0.17, 0, 0.25), (0.17, 0, 0.25)], 0.026, 14)
        for x, m in ((-0.12, "enamel"), (0.0, "cap-red"), (0.12, "enamel")):
            p.tube("steel", smooth([(x, 0, 0.25), (x, 0.10, 0.25), (x, 0.12, 0.22), (x, 0.12, 0.17)], 2), 0.011, 10)
            with p.at((x, 0.02, 0.275)):
                p.lathe(m, smooth([(0.009, 0), (0.010, 0.02), (0.020, 0.09), (0.014, 0.13), (0.0, 0.135)], 2), 14)


def company(s):
    people.materials(s, tx, os.path.join(common.WORK, "textures", s.name))
    s.mat("beer", (0.50, 0.24, 0.05), rough=0.08, emit=(0.9, 0.42, 0.09), strength=0.16)
    people.barkeeper(s, OFFER, OFFER_Z + 0.05)
    table = np.array([-2.25, 1.85])
    for name, at, shirt, hair, arm, kind in (("guest-left", (-2.65, 1.45), "jumper", "hair-grey", -1, "cap"),
                                             ("guest-right", (-1.85, 2.20), "blouse", "hair-dark", -1, "bun")):
        d = table - np.array(at)
        p, hold = people.guest(s, name, at, math.atan2(d[1], d[0]) + math.pi / 2, shirt, hair, arm, kind)
        with p.at(tuple(hold - np.array([0, 0, 0.045]))):
            p.lathe("beer", [(0.0, 0.002), (0.030, 0.002), (0.038, 0.118)], 16)
            p.lathe("foam", [(0.0385, 0.118), (0.0405, 0.142), (0.03, 0.150), (0.0, 0.151)], 16)


def main():
    s = common.Scene("bar-night")
    q, opt = s.quick, s.opt
    room.make(s)
    glass_materials(s)
    bottles(s)
    ware(s)
    company(s)
    near(s)
    s.build()
    room.lights(s)
    s.key_light((-0.62, 0.55, 2.05), 34, (1.0, 0.77, 0.54))
    level = {n: {p.name for p in s.parts if (p.level_min or 0) > n} for n in range(4)}
    rest = {p.name for p in s.parts if not p.exported}
    glass = {p.name for p in s.parts if p.name.startswith("shelf-glasses")}
    only0 = {p.name for p in s.parts if p.level_max == 0} | {"shelf-glasses-0-rest"}
    drink = {"shelf-bottles-rest", "counter-bottle-rest"}
    offer = {"offered-glass-rest"}
    if "beauty" in opt:
        views = ((0, -6, level[0] | drink | offer), (0, -6, only0), (0, 2, only0), (-48, -4, only0))
        for k, (yaw, pitch, hide) in enumerate(views):
            s.beauty(f"beauty{k}", 640, 360, int(opt.get("samples", 12)), hide, yaw, pitch, 80 if k != 2 else 40)
        return
    s.bake_lightmap(512 if q else 2048, int(opt.get("light", 8 if q else 48)), level[0] | rest | glass | room.GLOW | {"outside", "plants", "shelf-plants-0"}, int(opt.get("over", 2)))
    s.render_environment(int(opt.get("env", 16 if q else 160)), level[0] | drink | offer)
    n, k = int(opt.get("look", 8 if q else 96)), 2 if q else 1
    looks(s, n, k, level, only0, drink, offer)
    s.export()


def looks(s, n, k, level, only0, drink, offer):
    s.scene.cycles.diffuse_bounces = 2   # glass needs depth, the labels hardly any
    s.bake_look(["counter-bottle", "poured-glass"], "counter-glass", (1024 // k, 512 // k), n * 2, only0 | level[2] | offer, rough=0.12)
    s.bake_look(["offered-glass"], "offered-glass", (768 // k, 384 // k), n * 2, only0 | level[3], rough=0.12)
    s.bake_look(["shelf-bottles"], "shelf-bottles", (1536 // k, 768 // k), n, only0 | level[1] | offer)
    s.bake_look(["shelf-glasses-0"], "shelf-glasses-0", (768 // k, 768 // k), n, level[0] | drink | offer)
    s.bake_look(["shelf-glasses"], "shelf-glasses", (1024 // k, 512 // k), n, only0 | level[1] | offer)


main()
