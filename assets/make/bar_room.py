# SPDX-License-Identifier: Apache-2.0
# The bar itself without any drink: shell, counter, back bar, nook by the window, lamps, the things that lie about.
import math
import os

import numpy as np

import common
import props
import textures as tx
from shapes import arc_points, rot_x, rot_z, smooth

X0, X1, Y0, YB, YN, H = -4.1, 3.2, -3.0, 2.5, 3.4, 2.9   # room; YB bar's back wall, YN the nook's
XN = -1.62                                               # where the nook ends and the bar wall begins
TOP = 0.92                                               # counter
C0, C1 = 0.46, 1.10                                      # counter front and back
POSTS = (-1.45, -0.20, 1.05, 2.30)
SHELVES = (0.985, 1.315, 1.635, 1.945)
PENDANTS = ((-0.86, 0.80), (0.66, 0.80), (2.15, 0.80))


def materials(s):
    t = os.path.join(common.WORK, "textures", s.name)
    s.mat("brick", (1, 1, 1), tx.brick(t, "brick", [(120, 58, 42), (104, 46, 36), (138, 72, 50), (86, 42, 36), (126, 66, 54)],
                                      (92, 82, 74)), rough=0.9)
    s.mat("panel", (1, 1, 1), tx.wood(t, "panel", (34, 20, 13), (56, 33, 20), (80, 48, 28), 21, 512, rings=8), rough=0.5)
    s.mat("counter", (1, 1, 1), tx.wood(t, "counter", (74, 38, 18), (122, 68, 33), (164, 100, 52), 31, 1024, planks=4, rings=11), rough=0.26)
    s.mat("shelfwood", (1, 1, 1), tx.wood(t, "shelfwood", (48, 27, 15), (82, 48, 27), (112, 70, 40), 41, 512, rings=7), rough=0.4)
    s.mat("floor", (1, 1, 1), tx.wood(t, "floor", (36, 24, 17), (62, 42, 29), (86, 60, 42), 51, 1024, planks=8, rings=12), rough=0.5)
    s.mat("dark", (0.055, 0.045, 0.040), rough=0.85)
    s.mat("plaster", (1, 1, 1), tx.plaster(t, "plaster", (88, 62, 50), 6, 512, 0.16), rough=0.9)
    s.mat("leather", (1, 1, 1), tx.plaster(t, "leather", (104, 34, 26), 9, 256, 0.22), rough=0.42)
    s.mat("brass", (0.80, 0.56, 0.26), rough=0.28, metal=1)
    s.mat("steel", (0.62, 0.60, 0.58), rough=0.25, metal=1)
    s.mat("enamel", (0.025, 0.028, 0.030), rough=0.28)
    v = np.linspace(1, 0, 64)[:, None, None] + np.zeros((64, 8, 1))   # brighter towards the bulb
    inside = np.array([150, 84, 34.0]) * (1 - v**1.5) + np.array([255, 214, 150.0]) * v**1.5
    around = np.array([255, 178, 96.0]) * (0.55 + 0.45 * np.sin(np.pi * (0.15 + 0.7 * v)))
    s.mat("shade", (0.30, 0.25, 0.18), rough=0.6, emit=(1, 1, 1), strength=1.15, emit_tex=tx.save(t, "shade", inside, 92))
    s.mat("bulb", (0, 0, 0), rough=1, emit=(1.0, 0.70, 0.38), strength=28)
    s.mat("lampshade", (0.25, 0.20, 0.15), rough=0.9, emit=(1, 1, 1), strength=1.25, emit_tex=tx.save(t, "lampshade", around, 92))
    s.mat("paper", (0.86, 0.82, 0.74), rough=0.9)
    s.mat("cork", (0.45, 0.30, 0.18), rough=0.9)
    s.mat("cloth", (1, 1, 1), tx.fabric(t, "cloth", (196, 190, 178), 5, 128, 30, 0.2), rough=1, double=True)
    s.mat("pot", (0.36, 0.20, 0.13), rough=0.8)
    s.mat("soil", (0.05, 0.035, 0.025), rough=1)
    s.mat("leaf1", (0.06, 0.14, 0.05), rough=0.4, double=True)
    s.mat("leaf2", (0.10, 0.19, 0.06), rough=0.4, double=True)
    s.mat("stem", (0.14, 0.16, 0.07), rough=0.8)
    s.mat("wax", (0.9, 0.82, 0.66), rough=0.6, emit=(1.0, 0.52, 0.18), strength=0.9)
    s.mat("flame", (0, 0, 0), rough=1, emit=(1.0, 0.62, 0.22), strength=14)
    s.mat("votive", (0.9, 0.75, 0.55), rough=0.08, alpha=0.16, emit=(1.0, 0.5, 0.18), strength=0.10)
    s.mat("night", (0, 0, 0), rough=1, emit=(1, 1, 1), strength=1.1, emit_tex=tx.bokeh(t, "bokeh"))
    s.mat("pane", (0.02, 0.025, 0.03), rough=0.04, alpha=0.10)
    g = np.zeros((128, 64, 3))
    y = np.linspace(1, 0, 128)[:, None]  # top row first: light falls from a strip under the shelf above
    x = np.linspace(-1, 1, 64)[None]
    k = (0.17 + 0.83 * np.exp(-((1 - y) / 0.26)) + 0.12 * np.exp(-(y / 0.2))) * (1 - 0.3 * x**2)
    g[...] = np.array([255, 170, 92.0]) * np.clip(k, 0, 1)[..., None] ** (1 / 2.2)
    s.mat("backlight", (0, 0, 0), rough=1, emit=(1, 1, 1), strength=1.9, emit_tex=tx.save(t, "backlight", g, 92), sample_light=True)
    s.mat("strip", (0, 0, 0), rough=1, emit=(1.0, 0.78, 0.50), strength=7)
    for i, c in enumerate([(0.30, 0.10, 0.07), (0.08, 0.13, 0.16), (0.30, 0.24, 0.14), (0.10, 0.14, 0.08), (0.22, 0.18, 0.16)]):
        s.mat(f"book{i}", c, rough=0.7)
    prints(s, t)


def prints(s, t):
    ink, chalk = (34, 36, 34), (222, 218, 206)

    def board(d, img):
        rng = np.random.default_rng(3)
        for _ in range(900):
            x, y = rng.integers(0, 512), rng.integers(0, 640)
            c = int(40 + rng.integers(0, 14))
            d.line([x, y, x + int(rng.normal(0, 26)), y + int(rng.normal(0, 8))], fill=(c, c + 2, c), width=2)
        for x, y, text, size in ((256, 70, "Ce soir", 62), (256, 150, "musique vivante", 34), (256, 470, "Trio Lumen", 46), (256, 530, "21 h", 40),
                                 (256, 588, "entrée libre", 28)):
            d.text((x, y), text, font=tx.font(size, "DejaVuSerif-BoldItalic.ttf" if size > 45 else "DejaVuSerif.ttf"), fill=chalk, anchor="mm")
        d.line([90, 190, 420, 186], fill=chalk, width=4)
        d.ellipse([196, 330, 290, 424], outline=chalk, width=5)      # a guitar
        d.ellipse([214, 286, 280, 350], outline=chalk, width=5)
        d.ellipse([234, 352, 262, 380], outline=(210, 170, 120), width=5)
        d.line([252, 300, 330, 216], fill=chalk, width=9)
        d.line([326, 222, 344, 204], fill=chalk, width=15)
        for x, y in ((110, 280), (390, 330), (140, 390)):
            d.ellipse([x, y + 34, x + 22, y + 50], fill=(214, 178, 130))
            d.line([x + 21, y + 42, x + 21, y], fill=(214, 178, 130), width=4)
            d.arc([x + 14, y - 6, x + 42, y + 22], 270, 40, fill=(214, 178, 130), width=4)
    s.mat("board", (1, 1, 1), tx.lettering(t, "board", (512, 640), ink, [], 90, board), rough=0.9)

    def harbour(d, img):
        w, h = img.size
        for i in range(h):
            c = 1 - i / h
            d.line([0, i, w, i], fill=(int(120 + 90 * c), int(100 + 70 * c), int(90 + 40 * c)))
        d.rectangle([0, 200, w, h], fill=(70, 82, 88))
        d.polygon([(250, 200), (262, 70), (282, 70), (294, 200)], fill=(226, 214, 196))
        d.rectangle([258, 50, 286, 70], fill=(150, 50, 40))
        for i in range(40):
            y = 206 + i * 3
            d.line([(i * 53) % w, y, (i * 53) % w + 50, y], fill=(120, 130, 130), width=2)
        d.polygon([(70, 230), (170, 230), (150, 256), (88, 256)], fill=(40, 34, 32))
        d.polygon([(118, 226), (118, 130), (166, 222)], fill=(230, 222, 206))
    s.mat("print0", (1, 1, 1), tx.lettering(t, "harbour", (384, 320), (200, 190, 170), [], 88, harbour), rough=0.5)

    def faces(d, img):
        w, h = img.size
        for i, c in enumerate([(180, 80, 50), (210, 160, 90), (60, 80, 90), (120, 50, 44), (190, 170, 130)]):
            d.pieslice([40 + 36 * i, 40 + 40 * (i % 3), 220 + 36 * i, 260 + 30 * (i % 2)], 40 * i, 40 * i + 200, fill=c)
        d.line([30, 300, 350, 290], fill=(40, 30, 26), width=6)
    s.mat("print1", (1, 1, 1), tx.lettering(t, "shapes", (384, 320), (222, 210, 186), [(192, 300, "JAZZ D'AUTOMNE", "DejaVuSans-Bold.ttf", 30, (40, 30, 26), "mb")],
                                            88, faces), rough=0.5)
    s.mat("card", (1, 1, 1), tx.lettering(t, "card", (256, 160), (236, 228, 208), [(128, 62, "Réservé", "DejaVuSerif-Bold.ttf", 44, (60, 30, 20), "mm"),
                                          (128, 116, "bonne soirée", "DejaVuSerif.ttf", 24, (60, 30, 20), "mm")]), rough=0.9)


def shell(s):
    p = s.part("room", density=0.55)
    props.wall_with_holes(p, "plaster", (XN, YN), (X0, YN), 0, H, [(0.42, 2.08, 0.85, 2.35)], 2.0)
    props.wall_with_holes(p, "plaster", (X0, YN), (X0, Y0), 0, H, [(0.7, 2.9, 0.85, 2.35)], 2.0)
    p.wall("panel", (X0, Y0), (X1, Y0), 0, 1.05, 1.0)
    p.wall("plaster", (X0, Y0), (X1, Y0), 1.05, H, 2.0)
    p.wall("brick", (X1, Y0), (X1, YB), 0, H, 1.0)
    p.wall("brick", (X1, YB), (XN, YB), 0, H, 1.0)
    p.wall("brick", (XN, YB), (XN, YN), 0, H, 1.0)
    p.flat("floor", X0, Y0, X1, YN, 0, True, 1.2)
    p.flat("dark", X0, Y0, X1, YN, H, False)
    for y in (-2.2, -0.6, 1.45, 3.0):
        p.box("panel", (X0, y - 0.09, H - 0.20), (X1, y + 0.09, H), 0.012)
    with p.at((0, YN, 0)):
        props.window(p, "panel", XN - 2.08, XN - 0.42, 0.85, 2.35, 0.16, (2, 2), 0.05)
    with p.at((X0, 0, 0), rot_z(math.pi / 2)):
        props.window(p, "panel", 0.5, 2.7, 0.85, 2.35, 0.16, (3, 2), 0.05)
    with p.at((-1.4, Y0, 0), rot_z(math.pi)):
        props.door(p, "panel", "shelfwood", "brass", 1.0, 2.1)
    for x0, x1 in ((X0, XN),):  # wainscot in the nook
        p.box("panel", (x0, YN - 0.02, 0), (x1, YN, 0.72), 0.004)
        p.box("shelfwood", (x0, YN - 0.05, 0.72), (x1, YN, 0.76), 0.01)


def counter(s):
    p = s.part("counter", density=2.6)
    p.box("counter", (-1.5, C0, TOP - 0.045), (X1, C1, TOP), 0.016, 0.9)
    q = s.part("counter-front", density=0.8)
    q.box("panel", (-1.45, C0 + 0.05, 0.0), (X1, C1 - 0.06, TOP - 0.045), 0.004, 0.8)
    q.box("shelfwood", (-1.47, C0 + 0.025, TOP - 0.11), (X1, C0 + 0.06, TOP - 0.045), 0.012)
    x = -1.42
    while x < X1 - 0.5:
        q.box("panel", (x, C0 + 0.022, 0.12), (x + 0.07, C0 + 0.06, TOP - 0.11), 0.006, 0.8)
        q.box("shelfwood", (x + 0.15, C0 + 0.035, 0.22), (x + 0.50, C0 + 0.058, TOP - 0.20), 0.014, 0.8)
        x += 0.58
    q.tube("brass", [(-1.42, 0.34, 0.17), (X1, 0.34, 0.17)], 0.02, 12)
    for x in np.arange(-1.3, X1, 0.9):
        q.tube("brass", [(x, C0 + 0.04, 0.10), (x, 0.34, 0.17)], 0.012, 8)
    q.box("steel", (-1.45, C1 - 0.05, 0.74), (X1, C1 + 0.30, 0.77), 0.004, 1.0, False)   # the barkeeper's side
    q.box("dark", (-1.45, C1 + 0.02, 0.0), (X1, C1 + 0.28, 0.74), 0.004)


def back_bar(s):
    p = s.part("back-bar", density=1.25)
    x0, x1, y0, y1 = POSTS[0] - 0.05, POSTS[-1] + 0.05, 2.06, YB
    p.box("panel", (x0, y0, 0.0), (x1, y1, 0.94), 0.004, 0.8)
    p.box("counter", (x0 - 0.03, y0 - 0.03, 0.94), (x1 + 0.03, y1, 0.985), 0.010, 0.9)
    n = 6
    for i in range(n):
        a, b = x0 + (x1 - x0) * i / n + 0.03, x0 + (x1 - x0) * (i + 1) / n - 0.03
        p.box("shelfwood", (a, y0 - 0.02, 0.12), (b, y0, 0.88), 0.008, 0.7)
        p.box("panel", (a + 0.08, y0 - 0.028, 0.22), (b - 0.08, y0 - 0.018, 0.78), 0.006, 0.7)
        with p.at(((a + b) / 2 + (0.2 if i % 2 else -0.2), y0 - 0.03, 0.62)):
            p.ball("brass", 0.014, 10, 6)
    for x in POSTS:
        p.box("shelfwood", (x - 0.045, 2.20, 0.985), (x + 0.045, y1, 2.34), 0.008, 0.7)
        p.box("shelfwood", (x - 0.055, 2.18, 0.985), (x + 0.055, 2.22, 1.05), 0.008, 0.7)
    for z in SHELVES[1:]:
        for a, b in zip(POSTS[:-1], POSTS[1:]):
            p.box("shelfwood", (a + 0.045, 2.235, z - 0.028), (b - 0.045, y1 - 0.03, z), 0.005, 0.7)
    p.box("shelfwood", (x0 - 0.04, 2.14, 2.30), (x1 + 0.04, y1, 2.36), 0.012, 0.8)
    p.box("panel", (x0 - 0.07, 2.10, 2.36), (x1 + 0.07, y1, 2.45), 0.02, 0.8)
    g = s.part("back-light", lightmap=False)
    for a, b in zip(POSTS[:-1], POSTS[1:]):
        for z0, z1 in zip(SHELVES, SHELVES[1:] + (2.328,)):
            top = z1 - 0.028
            g.quad("backlight", [(a + 0.045, y1 - 0.025, z0), (b - 0.045, y1 - 0.025, z0), (b - 0.045, y1 - 0.025, top), (a + 0.045, y1 - 0.025, top)])
            g.box("strip", (a + 0.06, y1 - 0.055, top - 0.008), (b - 0.06, y1 - 0.035, top), 0.001)


def pendants(s):
    p = s.part("pendants", density=1.0)
    e = s.part("bulbs", lightmap=False)
    for x, y in PENDANTS:
        with p.at((x, y, 1.78)), e.at((x, y, 1.78)):
            prof = smooth([(0.165, 0), (0.155, 0.03), (0.12, 0.09), (0.06, 0.14), (0.035, 0.16), (0.035, 0.21), (0.0, 0.215)], 1)
            p.lathe("enamel", prof, 28)
            p.lathe("brass", [(0.024, 0.205), (0.026, 0.235), (0.012, 0.245)], 14)
            p.tube("enamel", [(0, 0, 0.24), (0, 0, H - 1.78)], 0.004, 6)
            e.lathe("shade", [(0.162, 0.001), (0.150, 0.03), (0.112, 0.09), (0.05, 0.135), (0.0, 0.14)], 28, inward=True)
            with e.at((0, 0, 0.055)):
                e.ball("bulb", 0.032, 14, 8, (1, 1, 1.25))


def stools(s):
    p = s.part("stools", density=0.7)
    for x, y in ((-0.85, 0.02), (0.95, 0.05), (1.75, 0.0), (2.55, 0.05)):
        with p.at((x, y, 0)):
            p.lathe("leather", smooth([(0.155, 0.62), (0.175, 0.64), (0.178, 0.675), (0.14, 0.695), (0.0, 0.70)], 1), 24)
            p.lathe("brass", [(0.165, 0.595), (0.168, 0.62), (0.155, 0.622)], 24)
            p.lathe("steel", [(0.20, 0), (0.20, 0.012), (0.04, 0.035), (0.025, 0.06), (0.025, 0.60)], 20)
            p.tube("steel", [tuple(q) for q in arc_points((0, 0, 0.22), 0.15, 0, 2 * math.pi, 21)], 0.010, 8, False)


def nook(s):
    p = s.part("nook", density=0.9)
    with p.at((-2.25, 1.85, 0)):   # the table that the companions share
        p.lathe("counter", [(0.0, 0.715), (0.33, 0.715), (0.34, 0.72), (0.34, 0.738), (0.33, 0.745), (0.0, 0.745)], 32)
        p.lathe("enamel", [(0.22, 0), (0.22, 0.015), (0.03, 0.04), (0.028, 0.715)], 20)
    for x, y, a in ((-2.65, 1.45, 0.75), (-1.85, 2.2, 0.75 + math.pi), (-3.3, 2.55, 2.2), (-3.1, 0.2, 0.4)):
        with p.at((x, y, 0), rot_z(a)):
            chair(p)
    with p.at((-3.45, -0.3, 0)):
        p.lathe("counter", [(0.0, 0.715), (0.33, 0.715), (0.34, 0.72), (0.34, 0.738), (0.33, 0.745), (0.0, 0.745)], 32)
        p.lathe("enamel", [(0.22, 0), (0.22, 0.015), (0.03, 0.04), (0.028, 0.715)], 20)
    p.box("leather", (-0.2, Y0 + 0.02, 0.22), (2.9, Y0 + 0.55, 0.46), 0.04, 0.6, False)    # banquette behind the patient
    for i in range(5):
        p.box("leather", (-0.2 + 0.62 * i, Y0 + 0.01, 0.46), (0.41 + 0.62 * i, Y0 + 0.14, 0.98), 0.03, 0.6, False)
    for x in (0.5, 2.0):
        with p.at((x, Y0 + 0.95, 0)):
            p.box("counter", (-0.4, -0.3, 0.715), (0.4, 0.3, 0.745), 0.01)
            p.lathe("enamel", [(0.24, 0), (0.24, 0.015), (0.03, 0.04), (0.028, 0.715)], 20)


def chair(p):
    """A bentwood chair; faces +x in its own frame (the sitter's nose)."""
    p.lathe("shelfwood", [(0.0, 0.44), (0.19, 0.44), (0.20, 0.45), (0.19, 0.468), (0.0, 0.468)], 24)
    for a in (0.7, -0.7, math.pi - 0.6, math.pi + 0.6):
        p.tube("shelfwood", smooth([(0.15 * math.cos(a), 0.15 * math.sin(a), 0.44), (0.18 * math.cos(a), 0.18 * math.sin(a), 0.2),
                                    (0.21 * math.cos(a), 0.21 * math.sin(a), 0)], 1), 0.014, 8)
    back = [(-0.15, -0.16, 0.45), (-0.20, -0.19, 0.70), (-0.23, -0.13, 0.88), (-0.24, 0, 0.92), (-0.23, 0.13, 0.88), (-0.20, 0.19, 0.70), (-0.15, 0.16, 0.45)]
    p.tube("shelfwood", smooth(back, 2), 0.014, 8)
    inner = [(-0.16, -0.09, 0.46), (-0.20, -0.10, 0.66), (-0.22, 0, 0.78), (-0.20, 0.10, 0.66), (-0.16, 0.09, 0.46)]
    p.tube("shelfwood", smooth(inner, 2), 0.009, 6)


def walls(s):
    p = s.part("pictures", density=1.3)
    with p.at((2.78, YB, 1.72)):
        props.picture(p, "panel", "board", "board", 0.66, 0.86, 0.035, 0.03, 0.0)
    for x, z, m, w, h in ((1.6, 1.75, "print0", 0.62, 0.52), (0.75, 1.65, "print1", 0.5, 0.42), (-0.1, 1.8, "print1", 0.36, 0.46)):
        with p.at((X1, x, z), rot_z(-math.pi / 2)):
            props.picture(p, "panel", m, "paper", w, h, 0.025, 0.025, 0.04)
    with p.at((1.3, Y0, 1.75), rot_z(math.pi)):
        props.picture(p, "panel", "print0", "paper", 0.9, 0.7, 0.03, 0.025, 0.06)
    with p.at((X0, -1.3, 1.7), rot_z(math.pi / 2)):
        props.picture(p, "panel", "print1", "paper", 0.6, 0.5, 0.03, 0.025, 0.05)
    e = s.part("sconces", lightmap=False)
    for loc, a in (((X1, 0.3, 1.95), -math.pi / 2), ((0.1, Y0, 1.9), math.pi), ((2.5, Y0, 1.9), math.pi), ((X0, -0.2, 1.9), math.pi / 2),
                   ((XN, 2.95, 1.85), -math.pi / 2 + math.pi)):
        if loc[0] == XN:
            a = -math.pi / 2
        with p.at(loc, rot_z(a)), e.at(loc, rot_z(a)):
            p.tube("brass", smooth([(0, 0, -0.06), (0, -0.08, -0.08), (0, -0.10, 0.0)], 2), 0.008, 8)
            p.lathe("brass", [(0.0, -0.062), (0.04, -0.062)], 12)
            with e.at((0, -0.10, 0)):
                e.lathe("lampshade", [(0.085, 0.0), (0.055, 0.15)], 20)


def clutter(s):
    p = s.part("clutter", density=2.0)
    e = s.part("candles", lightmap=False)
    for x, y, z in ((-0.58, 0.80, TOP), (1.42, 0.66, TOP), (-2.2, 1.80, 0.745), (0.5, Y0 + 0.9, 0.745)):
        with e.at((x, y, z)):
            e.lathe("votive", [(0.026, 0.0), (0.033, 0.004), (0.036, 0.072), (0.034, 0.072)], 20)
            e.lathe("wax", [(0.030, 0.003), (0.031, 0.034), (0.0, 0.031)], 16)
            e.lathe("flame", smooth([(0, 0.036), (0.005, 0.042), (0.004, 0.05), (0, 0.062)], 1), 8)
    with p.at((0.66, 0.96, TOP), rot_z(0.22)):     # napkins in a brass stand
        p.box("brass", (-0.062, -0.024, 0), (0.062, 0.024, 0.006), 0.002)
        for y0, y1 in ((-0.024, -0.021), (0.021, 0.024)):
            p.box("brass", (-0.062, y0, 0), (0.062, y1, 0.042), 0.001)
        for i in range(6):
            p.box("paper", (-0.058 + 0.002 * (i % 3), -0.019 + i * 0.0063, 0.008), (0.058 - 0.001 * i, -0.0145 + i * 0.0063, 0.094 - 0.003 * (i % 4)), 0.001)
    for x, y, a in ((0.98, 0.70, 0.1), (1.95, 0.75, 0.4)):
        with p.at((x, y, TOP), rot_z(a)):
            p.box("cork", (-0.047, -0.047, 0.0005), (0.047, 0.047, 0.005), 0.002)
    with s.part("coasters", lightmap=False).at((-0.352, 0.937, TOP)) as q:
        for i, a in enumerate((0.62, 0.5, 0.75, 0.58)):
            with q.at((0, 0, 0.0005 + 0.0046 * i), rot_z(a)):
                q.box("cork", (-0.048, -0.048, 0), (0.048, 0.048, 0.0042), 0.0015)
    with p.at((-0.82, 0.97, TOP), rot_z(0.35)):
        p.quad("card", [(-0.07, 0.0, 0.0), (0.07, 0.0, 0.0), (0.07, 0.025, 0.088), (-0.07, 0.025, 0.088)])
        p.quad("paper", [(0.07, 0.05, 0.0), (-0.07, 0.05, 0.0), (-0.07, 0.025, 0.088), (0.07, 0.025, 0.088)])
    with p.at((1.62, 0.94, TOP)):                  # a lamp on the counter
        p.lathe("brass", smooth([(0.075, 0), (0.075, 0.012), (0.02, 0.03), (0.012, 0.08), (0.018, 0.16), (0.008, 0.20), (0.008, 0.28)], 1), 20)
    with s.part("counter-lamp", lightmap=False).at((1.62, 0.94, TOP)) as q:
        q.lathe("lampshade", [(0.13, 0.22), (0.085, 0.38)], 28)
        q.lathe("lampshade", [(0.13, 0.22), (0.085, 0.38)], 28, inward=True)
    with p.at((0.30, 1.20, 0.77), rot_z(0.3)):      # cloth, on the barkeeper's side
        p.box("cloth", (-0.11, -0.08, 0), (0.11, 0.08, 0.02), 0.008, 0.3)
    with p.at((-0.40, 0.60, TOP)):
        p.lathe("enamel", smooth([(0.03, 0), (0.05, 0.004), (0.075, 0.035), (0.078, 0.045), (0.07, 0.04), (0.0, 0.022)], 1), 24)
        rng = np.random.default_rng(5)
        for _ in range(34):
            r, a = 0.055 * math.sqrt(rng.random()), rng.random() * 6.28
            with p.at((r * math.cos(a), r * math.sin(a), 0.034 + 0.012 * (1 - r / 0.055) + rng.random() * 0.006), rot_z(rng.random() * 6) @ rot_x(rng.random())):
                p.ball("cork", 0.0075, 7, 5, (1.4, 1, 1))
    g = s.part("plants", lightmap=False)
    props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (2.62, 0.90, TOP), 0.46, 26, 0.075, 0.12, 6, (0.15, 0.06), 0.42)
    props.plant(g, "pot", "soil", ["leaf1", "leaf2"], "stem", (-3.75, 3.0, 0), 1.7, 40, 0.2, 0.36, 7, (0.36, 0.16), 0.9)


def outside(s):
    q = s.part("outside", lightmap=False)
    q.quad("night", [(-5.2, YN + 1.4, -0.2), (-0.6, YN + 1.4, -0.2), (-0.6, YN + 1.4, 3.3), (-5.2, YN + 1.4, 3.3)], [(0, 0), (0.9, 0), (0.9, 1), (0, 1)])
    q.quad("night", [(X0 - 1.4, -1.2, -0.2), (X0 - 1.4, 4.8, -0.2), (X0 - 1.4, 4.8, 3.3), (X0 - 1.4, -1.2, 3.3)], [(0.1, 0), (1.3, 0), (1.3, 1), (0.1, 1)])


def lights(s):
    warm = (1.0, 0.66, 0.36)
    for x, y in PENDANTS:
        s.light("SPOT", (x, y, 1.86), 62, warm, 0.04, (x, y, 0), angle=118, blend=0.6)
        s.light("POINT", (x, y, 1.80), 3.0, warm, 0.05)
    for loc, w in (((X1 - 0.13, 0.3, 2.04), 22), ((0.1, Y0 + 0.13, 1.98), 26), ((2.5, Y0 + 0.13, 1.98), 26), ((X0 + 0.13, -0.2, 1.98), 20),
                   ((XN - 0.13, 2.95, 1.93), 16), ((1.62, 0.94, TOP + 0.30), 7)):
        s.light("POINT", loc, w, (1.0, 0.56, 0.26), 0.06)
    for x, y, z in ((-0.58, 0.80, TOP), (1.42, 0.66, TOP), (-2.2, 1.80, 0.745), (0.5, Y0 + 0.9, 0.745)):
        s.light("POINT", (x, y, z + 0.09), 0.35, (1.0, 0.5, 0.18), 0.02)
    s.light("AREA", (-0.6, -0.3, 2.86), 34, (1.0, 0.66, 0.42), 4.5, (-0.6, -0.3, 0), 4.0)   # what many small lamps add up to
    s.light("AREA", (0.42, 1.15, 2.05), 13, (1.0, 0.74, 0.48), 3.4, (0.42, 2.40, 1.5), 0.25)   # on the shelves
    s.light("AREA", (-2.8, YN + 0.3, 1.6), 16, (0.45, 0.6, 1.0), 1.6, (-2.6, 1.5, 0.8), 1.4)
    s.light("AREA", (X0 - 0.3, 1.6, 1.6), 20, (0.45, 0.6, 1.0), 2.0, (-2.2, 1.2, 0.8), 1.4)


def make(s):
    materials(s)
    shell(s)
    counter(s)
    back_bar(s)
    pendants(s)
    stools(s)
    nook(s)
    walls(s)
    clutter(s)
    outside(s)


GLOW = {"bulbs", "sconces", "candles", "counter-lamp"}   # they light through lights placed for the purpose, not by themselves
