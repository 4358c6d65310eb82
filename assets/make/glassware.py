# SPDX-License-Identifier: Apache-2.0
# Bottles and glasses as lathe profiles. What stands still is made twice: the half that faces the seat (exported, its look
# path-traced into a texture) and the rest (back half, liquid), which only the path tracer sees.
import math

import numpy as np

import textures as tx
from shapes import smooth

# (radius, height) from base to lip, in millimetres; the label's span in millimetres; how high the liquid stands
BOTTLES = {
    "bordeaux": ([(0, 0), (34, 0), (37, 4), (37, 185), (36, 200), (28, 216), (16, 232), (14, 245), (14, 292), (16, 293), (16, 300), (13, 301)], (60, 150), 236),
    "burgundy": ([(0, 0), (37, 0), (40, 5), (40, 140), (36, 170), (26, 205), (17, 238), (14, 262), (14, 292), (16, 293), (16, 299), (13, 300)], (45, 120), 230),
    "whisky": ([(0, 0), (42, 0), (45, 5), (45, 150), (44, 166), (34, 182), (18, 192), (15, 200), (15, 236), (19, 237), (19, 262), (15, 264)], (38, 125), 172),
    "gin": ([(0, 0), (38, 0), (42, 5), (43, 165), (41, 182), (28, 197), (17, 205), (15, 214), (15, 250), (20, 251), (20, 272), (17, 274)], (40, 120), 150),
    "tall": ([(0, 0), (32, 0), (35, 4), (36, 215), (34, 234), (22, 252), (14, 262), (13, 272), (13, 305), (16, 306), (16, 326), (13, 328)], (75, 170), 205),
    "flask": ([(0, 0), (44, 0), (50, 8), (52, 60), (48, 110), (34, 148), (19, 170), (15, 182), (15, 214), (19, 215), (19, 236), (15, 238)], (30, 95), 120),
    "longneck": ([(0, 0), (28, 0), (30.5, 4), (30.5, 130), (29, 146), (21, 170), (14.5, 190), (13, 205), (13, 218), (14, 219), (14, 226), (12.5, 227)], (45, 112), 176),
    "decanter": ([(0, 0), (40, 0), (46, 10), (50, 45), (46, 85), (26, 122), (15, 142), (14, 172), (20, 182), (12, 186), (11, 196), (24, 210), (27, 226), (20, 242), (0, 248)], None, 84),
    "champagne": ([(0, 0), (40, 0), (44, 6), (44, 135), (40, 168), (28, 208), (18, 245), (15, 268), (16, 270), (17, 300), (16, 309), (10, 312)], (40, 105), 230),
}
GLASSES = {
    "tumbler": [(0, 0), (34, 0), (37, 3), (42, 92), (41, 93), (36, 14), (0, 12)],
    "highball": [(0, 0), (28, 0), (30, 3), (33, 148), (32, 149), (27, 14), (0, 12)],
    "wine": [(0, 0), (33, 0), (34, 2), (8, 6), (4, 14), (4, 84), (8, 92), (30, 116), (38, 145), (36, 175), (31, 202), (30, 202),
             (35, 175), (37, 145), (29, 118), (6, 96), (0, 95)],
    "coupe": [(0, 0), (32, 0), (33, 2), (7, 6), (4, 14), (4, 104), (10, 112), (40, 126), (48, 146), (50, 158), (49, 158), (46, 147), (38, 128), (0, 116)],
    "pint": [(0, 0), (28, 0), (30, 4), (31, 30), (38, 96), (41, 118), (41, 150), (39.5, 151), (38.5, 118), (28, 30), (27, 12), (0, 10)],
}


def profile(points, times=1):
    """Rounded, then rid of the points that hardly turn."""
    p = [tuple(q) for q in smooth(np.asarray(points, float) / 1000.0, times)]
    k = 1
    while k < len(p) - 1:
        a, b, c = (np.array(q) for q in p[k - 1:k + 2])
        u, v = b - a, c - b
        turn = abs(u[0] * v[1] - u[1] * v[0]) / max(np.linalg.norm(u) * np.linalg.norm(v), 1e-12)
        if turn < 0.10 and np.dot(u, v) > 0:
            p.pop(k)
        else:
            k += 1
    return p


def cut(pr, z0, z1):
    """The run of an outer profile between two heights, ends interpolated (heights must not decrease)."""
    out = []
    for a, b in zip(pr[:-1], pr[1:]):
        for z in (z0, z1):
            if a[1] < z < b[1]:
                out.append((a[0] + (b[0] - a[0]) * (z - a[1]) / (b[1] - a[1]), z))
        if z0 <= b[1] <= z1:
            out.append(tuple(b))
    if z0 <= pr[0][1] <= z1:
        out.insert(0, tuple(pr[0]))
    return sorted(set(out), key=lambda q: q[1])


def dedupe(pr):
    out = [pr[0]]
    for q in pr[1:]:
        if abs(q[0] - out[-1][0]) + abs(q[1] - out[-1][1]) > 5e-4:
            out.append(q)
    return out


def remap(part, since, box):
    """Squeezes the texture coordinates made since then into one atlas cell (for looks that are not a lathe's)."""
    uv = np.asarray(part.uvs[since:])
    lo, hi = uv.min(0), uv.max(0)
    b = np.asarray(box)
    for i, q in enumerate((uv - lo) / np.maximum(hi - lo, 1e-9)):
        part.uvs[since + i] = b[:2] + q * (b[2:] - b[:2])


class Shelf:
    """Packs looks into one atlas and makes front (exported) and rest (bake only) for everything placed on it."""

    def __init__(self, scene, name, columns, rows, **kw):
        self.front = scene.part(name, lightmap=False, **kw)
        self.rest = scene.part(name + "-rest", lightmap=False)
        self.rest.exported = False
        self.columns, self.rows, self.used = columns, rows, 0

    def cell(self):
        c, r = self.used % self.columns, self.used // self.columns
        assert r < self.rows, "the look atlas is full"
        self.used += 1
        e = 0.06 / self.columns
        return (c / self.columns + e, r / self.rows + 0.02 / self.rows, (c + 1) / self.columns - e, (r + 1) / self.rows - 0.02 / self.rows)

    def _arcs(self, x, y):
        a = math.atan2(-y, -x)
        half = math.radians(102)
        return (a - half, a + half), (a + half, a - half + 2 * math.pi)

    def bottle(self, kind, loc, glass, liquid, label, cap, segs=7):
        pts, span, level = BOTTLES[kind]
        pr = dedupe([tuple(q) for q in profile(pts)])
        top = pr[-1][1]
        neck = top - 0.03 if kind != "decanter" else None
        runs = []
        if span:
            a, b = span[0] / 1000, span[1] / 1000
            runs = [(0, a, glass), (a, b, label), (b, neck, glass), (neck, top, cap)]
        else:
            runs = [(0, top, glass)]
        front, back = self._arcs(loc[0], loc[1])
        u0, v0, u1, v1 = self.cell()
        with self.front.at(loc), self.rest.at(loc):
            for z0, z1, mat in runs:
                run = cut(pr, z0, z1)
                if mat == label and span:
                    run = [(r + 0.0006, z) for r, z in run[:1] + run[-1:]]
                box = (u0, v0 + (v1 - v0) * z0 / top, u1, v0 + (v1 - v0) * z1 / top)
                self.front.lathe(mat, run, segs, front, uvbox=box)
                if mat != label:
                    self.rest.lathe(mat, run, segs, back)
            if liquid:
                body = [(0.0, 0.006)] + [(max(r - 0.0035, 0.001), max(z, 0.006)) for r, z in cut(pr, 0.006, level / 1000)] + [(0.0, level / 1000)]
                self.rest.lathe(liquid, dedupe(body), 20)

    def glass(self, kind, loc, glass, segs=9, flip=False, fill=None, level=0.0):
        pts = np.asarray(GLASSES[kind], float) / 1000
        if flip:
            pts = np.stack([pts[:, 0], pts[:, 1].max() - pts[:, 1]], 1)[::-1]
        n_out = int(np.argmax(pts[:, 1])) + 1 if not flip else len(pts)
        outer = pts[:n_out] if not flip else pts[int(np.argmin(pts[:, 1])):]
        inner = pts[n_out - 1:] if not flip else pts[:int(np.argmin(pts[:, 1])) + 1]
        front, back = self._arcs(loc[0], loc[1])
        with self.front.at(loc), self.rest.at(loc):
            self.front.lathe(glass, outer, segs, front, uvbox=self.cell())
            self.rest.lathe(glass, outer, segs, back)
            self.rest.lathe(glass, inner, 16)


def label_prints(folder):
    """Fictional brands, drawn: (name, line, paper, ink, accent, face)."""
    brands = [
        ("Vieux Phare", "CUVÉE RÉSERVE", (236, 226, 200), (40, 30, 24), (140, 40, 30), "DejaVuSerif-Bold.ttf"),
        ("CORVANE", "DRY No. 7", (24, 30, 44), (228, 208, 150), (180, 150, 80), "DejaVuSans-Bold.ttf"),
        ("Aldermoor", "TWELVE YEARS", (222, 202, 160), (60, 34, 16), (110, 60, 20), "DejaVuSerif-Bold.ttf"),
        ("LUNEVE", "BLANC SEC", (240, 238, 230), (60, 84, 70), (150, 170, 140), "DejaVuSerif.ttf"),
        ("Rubis Noir", "GRAND CRU", (90, 16, 22), (236, 214, 170), (210, 170, 90), "DejaVuSerif-Bold.ttf"),
        ("TARN & FILS", "DISTILLERS", (238, 234, 222), (20, 20, 20), (20, 70, 90), "DejaVuSans-Bold.ttf"),
        ("Ombreval", "AMBRÉE", (206, 150, 60), (52, 26, 10), (240, 226, 190), "DejaVuSerif-Bold.ttf"),
        ("KESTRIL", "ISLAND SPIRIT", (30, 62, 84), (240, 240, 235), (200, 220, 230), "DejaVuSans-Bold.ttf"),
        ("Maison Orge", "TRADITION", (232, 214, 178), (96, 36, 24), (60, 70, 40), "DejaVuSerif.ttf"),
        ("Sept Ponts", "LIQUEUR", (50, 76, 48), (238, 226, 180), (200, 180, 90), "DejaVuSerif-Bold.ttf"),
        ("BRISEMER", "BRUNE", (28, 22, 20), (226, 190, 120), (196, 70, 40), "DejaVuSans-Bold.ttf"),
        ("Hollin", "SMALL BATCH", (244, 240, 232), (120, 40, 60), (120, 40, 60), "DejaVuSerif.ttf"),
        ("Grand Sillon", "ROUGE", (246, 238, 220), (70, 20, 30), (170, 140, 80), "DejaVuSerif-Bold.ttf"),
        ("Pas du Loup", "VIEILLE", (60, 40, 28), (232, 206, 150), (180, 120, 60), "DejaVuSerif-Bold.ttf"),
    ]
    out = []
    for k, (name, line, paper, ink, accent, face) in enumerate(brands):
        def more(d, img, k=k, ink=ink, accent=accent):
            w, h = img.size
            for x in (0, w // 2):  # the print shows twice round the bottle, so that a turned bottle still shows one
                d.rectangle([x + 10, 10, x + w // 2 - 10, h - 10], outline=accent, width=4)
                cx, cy = x + w // 4, h * 0.33
                if k % 4 == 0:
                    d.polygon([(cx - 26, cy + 36), (cx - 12, cy - 34), (cx + 12, cy - 34), (cx + 26, cy + 36)], fill=accent)
                    d.ellipse([cx - 14, cy - 56, cx + 14, cy - 30], fill=ink)
                elif k % 4 == 1:
                    d.ellipse([cx - 40, cy - 40, cx + 40, cy + 40], outline=accent, width=8)
                    d.line([cx - 24, cy + 20, cx, cy - 24, cx + 24, cy + 20], fill=ink, width=6)
                elif k % 4 == 2:
                    for j in range(5):
                        d.arc([cx - 50 + 8 * j, cy - 30, cx + 50 - 8 * j, cy + 50], 180, 360, fill=accent, width=4)
                else:
                    d.polygon([(cx, cy - 44), (cx + 36, cy), (cx, cy + 44), (cx - 36, cy)], outline=accent, width=6)
                d.rectangle([x + 24, h - 66, x + w // 2 - 24, h - 62], fill=accent)
        size = 44 if len(name) < 9 else 36
        items = [(w, 190, name, face, size, ink, "mm") for w in (128, 384)] + \
                [(w, 232, line, "DejaVuSans.ttf", 20, ink, "mm") for w in (128, 384)] + \
                [(w, 275, "70 cl", "DejaVuSans.ttf", 14, ink, "mm") for w in (128, 384)]
        out.append(tx.lettering(folder, f"label{k}", (512, 300), paper, items, 88, more))
    return out


def poured(shelf, kind, loc, glass, liquid, level, foam=None, segs=24, ice=()):
    """A filled glass seen from the seat: the near wall, the far wall inside, what floats on top; the rest for the path tracer."""
    pts = np.asarray(GLASSES[kind], float) / 1000
    n_out = int(np.argmax(pts[:, 1])) + 1
    outer, inner = pts[:n_out], pts[n_out - 1:]
    front, back = shelf._arcs(loc[0], loc[1])
    fr, re = shelf.front, shelf.rest
    with fr.at(loc), re.at(loc):
        fr.lathe(glass, outer, segs, front, uvbox=shelf.cell())
        re.lathe(glass, outer, segs, back)
        re.lathe(glass, inner, segs, front)
        wall = cut(inner[::-1], level - 0.004, inner[:, 1].max())[::-1]
        fr.lathe(glass, wall, segs, back, uvbox=shelf.cell())
        re.lathe(glass, [q for q in inner if q[1] < level - 0.004] or inner[-2:], segs, back)
        body = cut(inner[::-1], 0.0, level)
        top = body[-1][0] - 0.0008
        body = [(0.0, body[0][1] + 0.001)] + [(max(r - 0.0008, 0.001), z + 0.001) for r, z in body]
        re.lathe(liquid, dedupe(body), 28)
        since = len(fr.uvs)
        if foam:
            re.lathe(foam, [(top, level + 0.001), (top + 0.001, level + 0.032)], 28)
            fr.lathe(foam, smooth([(top + 0.0014, level + 0.032), (top * 0.8, level + 0.037), (0, level + 0.038)], 1), 28, uv=(0, 1))
            _planar(fr, since, loc)
        else:
            fr.disc(liquid, top, level, 28)
        remap(fr, since, shelf.cell())
        for x, y, z, a in ice:
            with re.at((x, y, z), _tilt(a)):
                re.box(glass, (-0.013, -0.013, -0.013), (0.013, 0.013, 0.013), 0.004)


def _planar(part, since, loc):
    """Texture coordinates from above."""
    n = len(part.uvs) - since
    corners = [v for f in part.faces for v in f][-n:]
    for k, v in zip(range(since, since + n), corners):
        part.uvs[k] = np.asarray(part.verts[v][:2])


def _tilt(a):
    c, s = math.cos(a), math.sin(a)
    return np.array([[c, -s, 0], [s * 0.8, c * 0.8, -0.6], [s * 0.6, c * 0.6, 0.8]])
