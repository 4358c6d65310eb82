# SPDX-License-Identifier: Apache-2.0
# calm-room: the room that is always resident. Plaster, oak, a wide window on a pale evening garden. Few things, all of them soft.
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import numpy as np  # noqa: E402

import common  # noqa: E402
import props  # noqa: E402
import textures as tx  # noqa: E402
from shapes import rot_x, rot_z, smooth  # noqa: E402

X0, X1, Y0, Y1, H = -2.5, 2.5, -1.9, 3.0, 2.6


def materials(s):
    t = os.path.join(common.WORK, "textures", s.name)
    s.mat("plaster", (1, 1, 1), tx.plaster(t, "plaster", (226, 214, 196), depth=0.05), rough=0.92)
    s.mat("ceiling", (0.90, 0.88, 0.84), rough=0.95)
    s.mat("floor", (1, 1, 1), tx.wood(t, "oak", (150, 112, 74), (186, 146, 102), (208, 172, 128), 3, 512, planks=5, rings=14, contrast=0.6),
          rough=0.45)
    s.mat("oak", (1, 1, 1), tx.wood(t, "bench", (158, 116, 76), (190, 148, 104), (212, 174, 130), 9, 256, rings=7, contrast=0.7), rough=0.5)
    s.mat("white", (0.86, 0.84, 0.80), rough=0.55)
    s.mat("linen", (1, 1, 1), tx.fabric(t, "linen", (228, 218, 200), 4, 256, 90, 0.10), rough=0.95, double=True)
    s.mat("rug", (1, 1, 1), tx.fabric(t, "rug", (176, 166, 148), 14, 256, 44, 0.22, (198, 188, 170)), rough=1.0)
    s.mat("sage", (1, 1, 1), tx.fabric(t, "sage", (112, 134, 112), 24, 256, 60, 0.14), rough=0.95)
    s.mat("sand", (1, 1, 1), tx.fabric(t, "sand", (206, 178, 148), 25, 256, 60, 0.14), rough=0.95)
    s.mat("pot", (0.62, 0.56, 0.50), rough=0.7)
    s.mat("stone", (0.48, 0.46, 0.43), rough=0.75)
    s.mat("soil", (0.10, 0.07, 0.05), rough=1)
    s.mat("leaf1", (0.13, 0.24, 0.09), rough=0.45, double=True)
    s.mat("leaf2", (0.18, 0.30, 0.12), rough=0.45, double=True)
    s.mat("stem", (0.20, 0.22, 0.10), rough=0.8)
    s.mat("brass", (0.72, 0.56, 0.32), rough=0.35, metal=1)
    s.mat("paper", (0.92, 0.88, 0.80), rough=0.9, emit=(1.0, 0.80, 0.56), strength=1.3)
    for i, c in enumerate([(0.55, 0.50, 0.42), (0.40, 0.46, 0.44), (0.66, 0.58, 0.48), (0.34, 0.36, 0.40), (0.62, 0.46, 0.36)]):
        s.mat(f"book{i}", c, rough=0.8)

    def hills(d, img):
        for k, c in enumerate([(214, 206, 192), (190, 190, 178), (160, 170, 160), (128, 146, 140)]):
            n = tx.noise(400, 8, 3 + k, 30 + k, 3)[0]
            pts = [(x, 150 + 42 * k - 60 * (n[x] - 0.5)) for x in range(400)] + [(400, 400), (0, 400)]
            d.polygon(pts, fill=c)
        d.ellipse([250, 70, 300, 120], fill=(236, 214, 178))
    s.mat("print", (1, 1, 1), tx.lettering(t, "hills", (400, 300), (232, 224, 210), [], after=hills), rough=0.8)
    s.mat("garden", (0, 0, 0), rough=1, emit=(1, 1, 1), strength=0.82, emit_tex=tx.dusk_garden(t, "garden"))


def shell(s):
    p = s.part("room", density=0.8)
    wx = (1.0, 4.0)  # the window along the far wall, measured from the right corner
    props.wall_with_holes(p, "plaster", (X1, Y1), (X0, Y1), 0, H, [(wx[0], wx[1], 0.50, 2.25)], 2.0)
    p.wall("plaster", (X0, Y1), (X0, Y0), 0, H, 2.0)
    p.wall("plaster", (X0, Y0), (X1, Y0), 0, H, 2.0)
    p.wall("plaster", (X1, Y0), (X1, Y1), 0, H, 2.0)
    p.flat("floor", X0, Y0, X1, Y1, 0, True, 1.0)
    p.flat("ceiling", X0, Y0, X1, Y1, H, False)
    with p.at((0, Y1, 0)):
        props.window(p, "white", -1.5, 1.5, 0.50, 2.25, 0.18, (3, 1))
    props.skirting(p, "white", [(X1, Y1), (X0, Y1), (X0, Y0), (X1, Y0), (X1, Y1)], 0.09)
    with p.at((1.2, Y0, 0), rot_z(math.pi)):
        props.door(p, "white", "white", "brass")


def bench(p):
    p.box("oak", (-1.35, 2.25, 0.37), (1.35, 2.68, 0.42), 0.012)
    for x in (-1.2, 0.0, 1.2):
        p.box("oak", (x - 0.025, 2.30, 0), (x + 0.025, 2.63, 0.37), 0.006)
    p.box("linen", (-1.30, 2.27, 0.42), (0.55, 2.66, 0.50), 0.03, 0.4, False)
    for x, m, a, w in ((-1.00, "sage", 0.12, 0.44), (-0.60, "sand", -0.16, 0.40)):
        with p.at((x, 2.585, 0.495 + w * 0.46), rot_z(a) @ rot_x(-0.24)):
            props.pillow(p, m, w, w, 0.15)
    with p.at((0.95, 2.46, 0.42)):  # three pebbles on a book
        p.box("book2", (-0.15, -0.10, 0), (0.13, 0.10, 0.028), 0.004)
        for z, r in ((0.048, 0.058), (0.082, 0.044), (0.108, 0.030)):
            with p.at((0.01 * r, 0, z)):
                p.ball("stone", r, 14, 8, (1, 0.85, 0.36))


def shelf(p, g):
    for z in (0.95, 1.35, 1.75):
        p.box("oak", (X0, 0.35, z), (X0 + 0.24, 1.75, z + 0.03), 0.004)
    with p.at((X0, 1.05, 0), rot_z(math.pi / 2)):
        for z, a, b, k in ((0.98, -0.6, 0.05, 3), (1.38, -0.1, 0.55, 5), (1.78, -0.62, -0.2, 8)):
            props.books(p, [f"book{i}" for i in range(5)], a, b, -0.01, z, k)
    with p.at((X0 + 0.12, 1.50, 0.98)):
        p.lathe("pot", smooth([(0.045, 0), (0.09, 0.05), (0.085, 0.13), (0.03, 0.18), (0.035, 0.21)], 2), 18)
    with p.at((X0 + 0.12, 0.62, 1.38)):
        p.lathe("sand", smooth([(0.05, 0), (0.075, 0.03), (0.07, 0.10), (0.05, 0.12)], 2), 16)
    props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (X0 + 0.13, 1.25, 1.78), 0.30, 16, 0.07, 0.11, 4, (0.11, 0.045), 0.3)


def furniture(s):
    p = s.part("furniture", density=1.2)
    g = s.part("plants", lightmap=False)
    bench(p)
    shelf(p, g)
    with p.at((0, 1.15, 0)):
        p.lathe("rug", [(1.25, 0.0), (1.25, 0.010), (1.24, 0.014)], 48)
        a = np.linspace(0, 2 * math.pi, 48, endpoint=False)
        v = [(1.24 * math.cos(x), 1.24 * math.sin(x), 0.014) for x in a]
        p.add("rug", v, [list(range(48))], [(c[0] * 1.6, c[1] * 1.6) for c in v], [(0, 0, 1)] * 48)
    props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (1.92, 2.35, 0), 1.55, 40, 0.20, 0.34, 2, (0.34, 0.17), 0.9)
    with p.at((X1, 0.9, 1.5), rot_z(-math.pi / 2)):
        props.picture(p, "oak", "print", "white", 0.95, 0.74, 0.022, 0.025, 0.07)
    for x0, x1, k in ((-2.12, -1.42, 1), (1.42, 2.12, 2)):
        props.curtain(p, "linen", x0, x1, 2.86, 0.03, 2.42, 6, 0.045, 5, 6, k)
    p.tube("brass", [(-2.2, 2.86, 2.44), (2.2, 2.86, 2.44)], 0.012, 8)
    with p.at((-1.85, 2.45, 0)):  # standing lamp
        p.lathe("brass", [(0.14, 0), (0.14, 0.015), (0.012, 0.03), (0.010, 1.35), (0.0, 1.36)], 16)


def lamp(s):
    p = s.part("lamp", lightmap=False)
    with p.at((-1.85, 2.45, 1.30)):
        p.lathe("paper", [(0.17, 0), (0.13, 0.26)], 24)
    q = s.part("outside", lightmap=False)
    q.quad("garden", [(-4.6, 6.2, -1.4), (4.6, 6.2, -1.4), (4.6, 6.2, 4.4), (-4.6, 6.2, 4.4)], [(0, 0), (1, 0), (1, 1), (0, 1)])


def lights(s):
    s.background((0, 0, 0))
    s.light("AREA", (0, 3.12, 1.42), 84, (1.0, 0.93, 0.84), 2.9, (0, 0, 1.0), 1.7)
    s.light("SUN", (0, 0, 5), 0.8, (1.0, 0.80, 0.58), 0.10, (-1.3, -5.2, 2.9 - 2.2))
    s.light("AREA", (0.2, -1.0, 2.5), 11, (1.0, 0.93, 0.85), 2.0, (0.2, -0.6, 0), 1.6)
    s.light("POINT", (-1.85, 2.45, 1.43), 5, (1.0, 0.72, 0.44), 0.08)


def main():
    s = common.Scene("calm-room")
    materials(s)
    shell(s)
    furniture(s)
    lamp(s)
    s.build()
    lights(s)
    hide = {"lamp"}
    q = s.quick
    if "beauty" in s.opt:
        for k, yaw in enumerate((0, 70, -70, 180)):
            s.beauty(f"beauty{k}", 480, 270, 12, (), yaw, -6 if k == 0 else 0)
        return
    s.bake_lightmap(256 if q else 1024, int(s.opt.get("light", 8 if q else 64)), hide | {"outside"}, int(s.opt.get("over", 2)))
    s.render_environment(int(s.opt.get("env", 8 if q else 128)))
    s.export()


main()
