# SPDX-License-Identifier: Apache-2.0
# waiting-room: a clinic's waiting room by day. Neutral on purpose: chairs, magazines, a plant, a clock, a notice board; no cue of any kind.
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

X0, X1, Y0, Y1, H = -2.7, 2.6, -2.1, 3.3, 2.65
MAGAZINES = [("JARDINS", "Le potager en mars", (118, 148, 92), (240, 236, 220)), ("Cap au Large", "Îles et phares", (70, 116, 150), (246, 244, 236)),
             ("RANDO", "40 sentiers", (196, 140, 78), (40, 40, 40)), ("Ciel & Étoiles", "Observer l'hiver", (38, 46, 78), (240, 226, 180)),
             ("Maison claire", "Bois et lin", (222, 214, 200), (90, 80, 70))]


def materials(s):
    t = os.path.join(common.WORK, "textures", s.name)
    s.mat("wall", (1, 1, 1), tx.plaster(t, "wall", (224, 224, 216), 5, 512, 0.035), rough=0.9)
    s.mat("dado", (1, 1, 1), tx.plaster(t, "dado", (168, 186, 180), 6, 512, 0.04), rough=0.75)
    s.mat("floor", (1, 1, 1), tx.tiles(t, "tiles", (196, 194, 186), (178, 178, 172), (150, 150, 146), 2, 512, 4, True, 0.09), rough=0.35)
    s.mat("ceiling", (1, 1, 1), tx.tiles(t, "ceiling", (228, 228, 224), (228, 228, 224), (186, 186, 184), 4, 256, 2, False, 0.08), rough=0.95)
    s.mat("white", (0.84, 0.84, 0.82), rough=0.45)
    s.mat("grey", (0.42, 0.43, 0.44), rough=0.6)
    s.mat("door", (1, 1, 1), tx.wood(t, "door", (150, 118, 84), (176, 144, 106), (196, 166, 128), 61, 256, rings=6, contrast=0.5), rough=0.45)
    s.mat("table", (1, 1, 1), tx.wood(t, "table", (168, 138, 102), (196, 166, 128), (214, 188, 150), 71, 256, rings=6, contrast=0.5), rough=0.4)
    s.mat("seat", (1, 1, 1), tx.fabric(t, "seat", (74, 108, 128), 24, 256, 70, 0.18), rough=0.95)
    s.mat("seat2", (1, 1, 1), tx.fabric(t, "seat2", (96, 124, 110), 25, 256, 70, 0.18), rough=0.95)
    s.mat("steel", (0.66, 0.67, 0.68), rough=0.3, metal=1)
    s.mat("black", (0.03, 0.03, 0.03), rough=0.5)
    s.mat("paper", (0.88, 0.87, 0.84), rough=0.9)
    s.mat("pot", (0.70, 0.70, 0.68), rough=0.5)
    s.mat("soil", (0.10, 0.07, 0.05), rough=1)
    s.mat("leaf1", (0.10, 0.24, 0.08), rough=0.4, double=True)
    s.mat("leaf2", (0.14, 0.30, 0.11), rough=0.4, double=True)
    s.mat("stem", (0.20, 0.22, 0.10), rough=0.8)
    s.mat("panel", (0, 0, 0), rough=1, emit=(1.0, 0.98, 0.94), strength=1.6)
    s.mat("sky", (0, 0, 0), rough=1, emit=(1, 1, 1), strength=1.0, emit_tex=tx.dusk_garden(t, "garden", 18, True))
    for i, c in enumerate([(0.62, 0.58, 0.40), (0.30, 0.44, 0.56), (0.60, 0.36, 0.28), (0.40, 0.52, 0.42)]):
        s.mat(f"leaflet{i}", c, rough=0.8)
    prints(s, t)


def prints(s, t):
    for i, (name, line, back, ink) in enumerate(MAGAZINES):
        def cover(d, img, i=i, ink=ink, back=back):
            rng = np.random.default_rng(i)
            tint = tuple(min(255, c + 34) for c in back)
            d.rectangle([20, 120, 236, 300], fill=tint)
            if i in (0, 4):
                for _ in range(14):
                    x, y, r = rng.integers(30, 226), rng.integers(140, 290), rng.integers(10, 26)
                    d.ellipse([x - r, y - r, x + r, y + r], fill=tuple(int(c * rng.uniform(0.6, 1.0)) for c in back))
            elif i == 3:
                for _ in range(60):
                    x, y = rng.integers(22, 234), rng.integers(122, 298)
                    d.point((x, y), fill=(250, 246, 220))
                d.ellipse([140, 150, 200, 210], fill=(226, 220, 196))
            else:
                d.polygon([(20, 300), (90, 170), (140, 240), (180, 190), (236, 300)], fill=tuple(int(c * 0.62) for c in back))
        s.mat(f"mag{i}", (1, 1, 1), tx.lettering(t, f"mag{i}", (256, 340), back, [(128, 60, name, "DejaVuSans-Bold.ttf", 36 if len(name) < 9 else 27, ink, "mm"),
              (128, 320, line, "DejaVuSans.ttf", 18, ink, "mm")], 88, cover), rough=0.35)

    def notices(d, img):
        rng = np.random.default_rng(6)
        pic = tx.noise(768, 512, 120, 4, 2)
        img.paste(tx.Image.fromarray(np.clip(np.array([176, 138, 96.0]) * (0.85 + 0.3 * pic[..., None]), 0, 255).astype(np.uint8)))
        sheets = [(40, 40, 190, 250, "HORAIRES", (250, 250, 246)), (260, 30, 200, 130, "Merci de\nparler bas", (250, 236, 170)),
                  (490, 50, 230, 170, "Ateliers du\nmercredi", (214, 232, 240)), (270, 190, 170, 240, "Lavage\ndes mains", (240, 250, 244)),
                  (480, 260, 180, 220, "Bus 4 · 12", (252, 250, 244)), (60, 320, 160, 140, "Objets\ntrouvés", (246, 220, 206))]
        for x, y, w, h, text, c in sheets:
            d.rectangle([x + 4, y + 5, x + w + 4, y + h + 5], fill=(120, 92, 62))
            d.rectangle([x, y, x + w, y + h], fill=c)
            d.multiline_text((x + w / 2, y + 18), text, font=tx.font(24, "DejaVuSans-Bold.ttf"), fill=(50, 66, 80), anchor="ma", align="center")
            for k in range(int((h - 90) / 16)):
                d.line([x + 16, y + 84 + 16 * k, x + w - 16 - int(rng.integers(0, 50)), y + 84 + 16 * k], fill=(150, 156, 160), width=3)
            d.ellipse([x + w / 2 - 7, y + 2, x + w / 2 + 7, y + 16], fill=[(196, 60, 50), (60, 110, 170), (230, 190, 60)][int(rng.integers(3))])
    s.mat("notices", (1, 1, 1), tx.lettering(t, "notices", (768, 512), (170, 130, 90), [], 88, notices), rough=0.9)

    def dial(d, img):
        c = 128
        for k in range(60):
            a, r0 = k * math.pi / 30, 104 if k % 5 else 94
            d.line([c + r0 * math.sin(a), c - r0 * math.cos(a), c + 112 * math.sin(a), c - 112 * math.cos(a)], fill=(40, 40, 40), width=2 if k % 5 else 5)
        for k in range(1, 13):
            a = k * math.pi / 6
            d.text((c + 76 * math.sin(a), c - 76 * math.cos(a)), str(k), font=tx.font(26, "DejaVuSans.ttf"), fill=(30, 30, 30), anchor="mm")
        for a, r, w in ((10.15 * math.pi / 6, 54, 9), (9 * math.pi / 30, 88, 6)):
            d.line([c - 12 * math.sin(a), c + 12 * math.cos(a), c + r * math.sin(a), c - r * math.cos(a)], fill=(20, 20, 20), width=w)
        d.ellipse([c - 8, c - 8, c + 8, c + 8], fill=(20, 20, 20))
    s.mat("dial", (1, 1, 1), tx.lettering(t, "dial", (256, 256), (246, 246, 242), [], 90, dial), rough=0.4)

    def coast(d, img):
        w, h = img.size
        for i in range(h):
            c = i / h
            d.line([0, i, w, i], fill=(int(190 + 40 * c), int(206 + 20 * c), int(220 - 10 * c)))
        d.rectangle([0, 170, w, h], fill=(126, 160, 170))
        d.polygon([(0, 190), (120, 140), (190, 178), (260, 190), (w, 196), (w, h), (0, h)], fill=(150, 150, 120))
        d.polygon([(0, 240), (160, 220), (w, 262), (w, h), (0, h)], fill=(206, 192, 158))
    s.mat("coast", (1, 1, 1), tx.lettering(t, "coast", (400, 300), (200, 200, 200), [], 90, coast), rough=0.5)
    s.mat("sign", (1, 1, 1), tx.lettering(t, "sign", (256, 96), (66, 104, 124), [(128, 48, "Consultation", "DejaVuSans.ttf", 34, (245, 245, 245), "mm")]), rough=0.5)


def shell(s):
    p = s.part("room", density=0.8)
    hole = (1.3, 3.7)   # the window, measured along the left wall from the far corner
    props.wall_with_holes(p, "dado", (X0, Y1), (X0, Y0), 0, 0.85, [], 2.0)
    props.wall_with_holes(p, "wall", (X0, Y1), (X0, Y0), 0.85, H, [(*hole, 0.95, 2.2)], 2.0)
    for a, b in (((X1, Y1), (X0, Y1)), ((X0, Y0), (X1, Y0)), ((X1, Y0), (X1, Y1))):
        p.wall("dado", a, b, 0, 0.85, 2.0)
        p.wall("wall", a, b, 0.85, H, 2.0)
    p.flat("floor", X0, Y0, X1, Y1, 0, True, 1.6)
    p.flat("ceiling", X0, Y0, X1, Y1, H, False, 1.2)
    with p.at((X0, 0, 0), rot_z(math.pi / 2)):
        props.window(p, "white", Y1 - hole[1], Y1 - hole[0], 0.95, 2.2, 0.20, (3, 1))
        radiator(p, (Y1 - hole[0] + Y1 - hole[1]) / 2)
    for a, b, gap in (((X1, Y1), (X0, Y1), (X1 - 2.29, X1 - 1.21)), ((X0, Y1), (X0, Y0), None), ((X0, Y0), (X1, Y0), (-1.6 - 0.54 - X0, -1.6 + 0.54 - X0)),
                      ((X1, Y0), (X1, Y1), None)):   # dado rail and skirting stop at the doors
        a, b = np.array(a), np.array(b)
        length = float(np.linalg.norm(b - a))
        for s0, s1 in ((0, length),) if gap is None else ((0, gap[0]), (gap[1], length)):
            with p.at((*a, 0), rot_z(math.atan2(*(b - a)[::-1]))):
                p.box("white", (s0, 0, 0.84), (s1, 0.016, 0.875), sides="YzZ")
                p.box("grey", (s0, 0, 0), (s1, 0.012, 0.08), sides="YZ")
    with p.at((1.75, Y1, 0)):
        props.door(p, "door", "white", "steel", 0.92, 2.05)
        p.quad("sign", [(-0.14, -0.0125, 1.52), (0.14, -0.0125, 1.52), (0.14, -0.0125, 1.62), (-0.14, -0.0125, 1.62)])
    with p.at((-1.6, Y0, 0), rot_z(math.pi)):
        props.door(p, "door", "white", "steel", 0.92, 2.05)


def radiator(p, x):
    for i in range(14):
        a = x - 0.56 + 0.08 * i
        p.box("white", (a, -0.15, 0.16), (a + 0.066, -0.05, 0.74), 0.018)
    p.tube("white", [(x - 0.58, -0.10, 0.69), (x + 0.58, -0.10, 0.69)], 0.02, 8)
    p.tube("white", [(x - 0.58, -0.10, 0.21), (x + 0.58, -0.10, 0.21)], 0.02, 8)
    p.tube("steel", [(x + 0.60, -0.10, 0.21), (x + 0.66, -0.10, 0.21), (x + 0.66, -0.10, 0.0)], 0.010, 8)


def chair(p, seat):
    """Faces -y in its own frame; seat 0.45 m."""
    p.box(seat, (-0.25, -0.24, 0.40), (0.25, 0.24, 0.47), 0.028, 0.4, False)
    with p.at((0, 0.235, 0.66), rot_x(-0.16)):
        p.box(seat, (-0.25, -0.03, -0.12), (0.25, 0.03, 0.22), 0.026, 0.4, False)
    for x in (-0.27, 0.27):
        path = [(x, -0.24, 0.0), (x, -0.22, 0.62), (x, -0.19, 0.655), (x, 0.16, 0.655), (x, 0.21, 0.63), (x, 0.27, 0.0)]
        p.tube("steel", smooth(path, 2), 0.011, 8)
        p.box("black", (x - 0.024, -0.20, 0.655), (x + 0.024, 0.14, 0.68), 0.009)
    p.tube("steel", [(-0.27, -0.20, 0.385), (0.27, -0.20, 0.385)], 0.010, 8)
    p.tube("steel", [(-0.27, 0.20, 0.385), (0.27, 0.20, 0.385)], 0.010, 8)


def table(p):
    with p.at((-0.05, 1.35, 0)):
        p.box("table", (-0.55, -0.32, 0.385), (0.55, 0.32, 0.42), 0.010)
        p.box("table", (-0.50, -0.27, 0.16), (0.50, 0.27, 0.18), 0.006)
        for x in (-0.5, 0.5):
            for y in (-0.27, 0.27):
                p.box("table", (x - 0.025, y - 0.025, 0), (x + 0.025, y + 0.025, 0.385), 0.006)
        for i, (x, y, a, z) in enumerate([(-0.30, 0.04, 0.12, 0), (0.02, -0.08, -0.28, 0), (0.34, 0.02, 0.3, 0), (0.36, 0.0, 0.05, 1), (-0.28, 0.02, -0.15, 1)]):
            with p.at((x, y, 0.4205 + 0.0065 * z), rot_z(a)):
                p.box("paper", (-0.10, -0.135, 0), (0.10, 0.135, 0.006), 0.001)
                p.quad(f"mag{i}", [(-0.10, -0.135, 0.0063), (0.10, -0.135, 0.0063), (0.10, 0.135, 0.0063), (-0.10, 0.135, 0.0063)])
        for i in range(5):
            p.box(f"leaflet{i % 4}", (-0.42 + 0.004 * i, -0.12, 0.18 + 0.007 * i), (-0.20 + 0.004 * i, 0.16, 0.1865 + 0.007 * i), 0.001)


def furniture(s):
    p = s.part("furniture", density=1.1)
    for x, y, a, m in [(-1.75, 2.86, 0, "seat"), (-1.15, 2.86, 0, "seat"), (-0.55, 2.86, 0, "seat2"), (0.05, 2.86, 0, "seat"), (2.20, 1.7, -1.5708, "seat"),
                       (2.20, 1.1, -1.5708, "seat2"), (2.20, 0.5, -1.5708, "seat"), (2.20, -0.1, -1.5708, "seat"), (0.2, -1.66, math.pi, "seat"),
                       (0.8, -1.66, math.pi, "seat2")]:
        with p.at((x, y, 0), rot_z(a)):
            chair(p, m)
    table(p)
    with p.at((-0.85, Y1, 1.62)):
        props.picture(p, "table", "notices", "white", 1.25, 0.86, 0.03, 0.02, 0.0)
    with p.at((0.72, Y1, 2.05), rot_x(math.pi / 2)):
        p.lathe("grey", [(0.165, 0), (0.165, 0.03), (0.155, 0.042), (0.148, 0.034)], 32)
        p.disc("dial", 0.15, 0.034, 32)
    with p.at((X1, 0.85, 1.6), rot_z(-math.pi / 2)):
        props.picture(p, "white", "coast", "paper", 1.0, 0.75, 0.02, 0.02, 0.06)
    with p.at((0.9, Y0, 1.6), rot_z(math.pi)):
        props.picture(p, "white", "coast", "paper", 0.8, 0.6, 0.02, 0.02, 0.06)
    with p.at((2.25, 2.95, 0)):   # paper basket
        p.lathe("grey", [(0.11, 0.0), (0.135, 0.30), (0.138, 0.30), (0.12, 0.04)], 20)
    with p.at((X1, 2.45, 1.25), rot_z(-math.pi / 2)):  # leaflet rack
        for r in range(2):
            p.box("white", (-0.28, -0.03, -0.26 + 0.30 * r), (0.28, -0.005, -0.24 + 0.30 * r), 0.003)
            p.box("white", (-0.28, -0.05, -0.26 + 0.30 * r), (0.28, -0.045, -0.17 + 0.30 * r), 0.002)
            for c in range(4):
                p.box(f"leaflet{(c + r) % 4}", (-0.26 + 0.135 * c, -0.040, -0.24 + 0.30 * r), (-0.15 + 0.135 * c, -0.025, -0.03 + 0.30 * r), 0.001)
        p.box("white", (-0.29, -0.012, -0.28), (0.29, 0.0, 0.36), 0.003)
    g = s.part("plant", lightmap=False)
    props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (-2.3, 2.75, 0), 1.35, 34, 0.19, 0.34, 3, (0.30, 0.13), 0.8)
    e = s.part("ceiling-lights", lightmap=False)
    for x, y in ((-0.9, 1.5), (0.9, 1.5), (0, -0.9)):
        e.quad("panel", [(x - 0.28, y + 0.28, H - 0.004), (x + 0.28, y + 0.28, H - 0.004), (x + 0.28, y - 0.28, H - 0.004), (x - 0.28, y - 0.28, H - 0.004)])
        p.box("white", (x - 0.31, y - 0.31, H - 0.012), (x + 0.31, y - 0.28, H), 0.002)
        p.box("white", (x - 0.31, y + 0.28, H - 0.012), (x + 0.31, y + 0.31, H), 0.002)
        p.box("white", (x - 0.31, y - 0.28, H - 0.012), (x - 0.28, y + 0.28, H), 0.002)
        p.box("white", (x + 0.28, y - 0.28, H - 0.012), (x + 0.31, y + 0.28, H), 0.002)
    q = s.part("outside", lightmap=False)
    q.quad("sky", [(X0 - 2.2, -3.0, -0.6), (X0 - 2.2, 5.5, -0.6), (X0 - 2.2, 5.5, 4.2), (X0 - 2.2, -3.0, 4.2)], [(0, 0), (1, 0), (1, 1), (0, 1)])


def lights(s):
    s.light("AREA", (X0 - 0.35, 0.8, 1.6), 120, (0.92, 0.97, 1.0), 2.6, (1.0, 0.8, 0.7), 1.4)
    for x, y in ((-0.9, 1.5), (0.9, 1.5), (0, -0.9)):
        s.light("AREA", (x, y, H - 0.03), 11, (1.0, 0.96, 0.90), 0.55, (x, y, 0))


def main():
    s = common.Scene("waiting-room")
    materials(s)
    shell(s)
    furniture(s)
    s.build()
    lights(s)
    q = s.quick
    if "beauty" in s.opt:
        for k, yaw in enumerate((0, 70, -70, 180)):
            s.beauty(f"beauty{k}", 480, 270, 12, (), yaw, -8)
        return
    s.bake_lightmap(256 if q else 1024, int(s.opt.get("light", 8 if q else 64)), {"ceiling-lights", "outside"}, int(s.opt.get("over", 2)))
    s.render_environment(int(s.opt.get("env", 8 if q else 128)))
    s.export()


main()
