# SPDX-License-Identifier: Apache-2.0
# Furniture and fittings that more than one scene uses. Each adds to a part; sizes in metres.
import math

import numpy as np

from shapes import rot_x, rot_z, smooth, unit


def wall_with_holes(p, mat, p0, p1, z0, z1, holes, scale=1.0):
    """An inward wall from p0 to p1 with rectangular openings [(s0, s1, z0, z1)...], s measured along the wall; no overlaps in s."""
    p0, p1 = np.asarray(p0, float), np.asarray(p1, float)
    w = np.linalg.norm(p1 - p0)
    d = (p1 - p0) / w

    def piece(s0, s1, a, b):
        if s1 - s0 < 1e-4 or b - a < 1e-4:
            return
        q0, q1 = p0 + d * s0, p0 + d * s1
        c = [(q1[0], q1[1], a), (q0[0], q0[1], a), (q0[0], q0[1], b), (q1[0], q1[1], b)]
        p.quad(mat, c, [((w - s1) / scale, a / scale), ((w - s0) / scale, a / scale),
                        ((w - s0) / scale, b / scale), ((w - s1) / scale, b / scale)])

    s = 0.0
    for s0, s1, a, b in sorted(holes):
        piece(s, s0, z0, z1)
        piece(s0, s1, z0, a)
        piece(s0, s1, b, z1)
        s = s1
    piece(s, w, z0, z1)


def window(p, frame, x0, x1, z0, z1, depth=0.14, bars=(2, 2), bar=0.045, sill=True):
    """A window in a wall at y = 0 of the current frame, room on the -y side, opening `depth` deep; reveals, frame, bars, sill."""
    p.box(frame, (x0, -0.019, z0 - 0.07), (x1, 0.012, z0), 0.004)
    p.box(frame, (x0, -0.019, z1), (x1, 0.012, z1 + 0.07), 0.004)
    p.box(frame, (x0 - 0.07, -0.02, z0 - 0.07), (x0, 0.012, z1 + 0.07), 0.004)
    p.box(frame, (x1, -0.02, z0 - 0.07), (x1 + 0.07, 0.012, z1 + 0.07), 0.004)
    p.quad(frame, [(x0, 0, z0), (x1, 0, z0), (x1, depth, z0), (x0, depth, z0)])
    p.quad(frame, [(x0, depth, z1), (x1, depth, z1), (x1, 0, z1), (x0, 0, z1)])
    p.quad(frame, [(x0, depth, z0), (x0, depth, z1), (x0, 0, z1), (x0, 0, z0)])
    p.quad(frame, [(x1, 0, z0), (x1, 0, z1), (x1, depth, z1), (x1, depth, z0)])
    y0, y1 = depth * 0.45, depth * 0.45 + 0.05
    nx, nz = bars
    for i in range(nx + 1):
        x = x0 + (x1 - x0) * i / nx
        h = bar * (0.5 if 0 < i < nx else 0.9)
        p.box(frame, (max(x - h, x0), y0, z0), (min(x + h, x1), y1, z1), 0.003)
    for j in range(nz + 1):
        z = z0 + (z1 - z0) * j / nz
        h = bar * (0.4 if 0 < j < nz else 0.9)
        p.box(frame, (x0, y0 + 0.004, max(z - h, z0)), (x1, y1 - 0.004, min(z + h, z1)), 0.003)
    if sill:
        p.box(frame, (x0 - 0.10, -0.14, z0 - 0.035), (x1 + 0.10, 0.02, z0), 0.008)


def curtain(p, mat, x0, x1, y, z0, z1, folds=7, depth=0.05, rows=6, per_fold=6, seed=1, scale=0.5):
    """Hangs along x at y, facing -y; folds open a little towards the hem."""
    rng = np.random.default_rng(seed)
    n = folds * per_fold + 1
    ph = rng.normal(0, 0.35, folds + 1)
    g = np.zeros((rows, n, 3))
    for i in range(rows):
        t = i / (rows - 1)
        for j in range(n):
            s = j / (n - 1)
            k = np.interp(s * folds, range(folds + 1), ph)
            a = depth * (1.0 - 0.35 * t)
            g[i, j] = (x0 + (x1 - x0) * s + 0.012 * (1 - t) * math.sin(9 * s + k), y + a * math.sin(2 * math.pi * folds * s + k),
                       z0 + (z1 - z0) * t)
    p.sheet(mat, g, uv=(abs(x1 - x0) * 1.6 / scale, (z1 - z0) / scale))


def leaf(p, mat, base, direction, length, width, droop=0.5, fold=0.25, segs=5):
    d = unit(np.asarray(direction, float))
    side = unit(np.cross(d, (0, 0, 1)) if abs(d[2]) < 0.98 else np.array([1.0, 0, 0]))
    g = np.zeros((segs + 1, 3, 3))
    pos = np.asarray(base, float)
    for i in range(segs + 1):
        t = i / segs
        w = width * math.sin(math.pi * min(1, 0.04 + t * 0.98)) ** 0.75 * (1 - 0.25 * t)
        up = unit(np.cross(side, d))
        g[i, 0], g[i, 1], g[i, 2] = pos - side * w / 2 + up * w * fold, pos, pos + side * w / 2 + up * w * fold
        d = unit(d + np.array([0, 0, -droop / segs]))
        pos = pos + d * length / segs
    p.sheet(mat, g)


def plant(p, pot, soil, leafs, stem, loc, height=1.0, leaves=26, pot_r=0.16, pot_h=0.28, seed=2, size=(0.22, 0.10), spread=0.5):
    rng = np.random.default_rng(seed)
    with p.at(loc):
        p.lathe(pot, [(pot_r * 0.72, 0), (pot_r * 0.74, 0.01), (pot_r * 0.98, pot_h * 0.9), (pot_r, pot_h * 0.91), (pot_r, pot_h),
                      (pot_r * 0.92, pot_h), (pot_r * 0.9, pot_h * 0.9)], 24)
        p.disc(soil, pot_r * 0.91, pot_h * 0.9, 16)
        for k in range(leaves):
            a = k * 2.39996 + rng.normal(0, 0.2)
            t = (k + 0.5) / leaves
            r = spread * (1 - 0.55 * t) * rng.uniform(0.5, 0.9) * 0.5
            top = np.array([r * math.cos(a), r * math.sin(a), pot_h * 0.9 + (height - pot_h) * (0.25 + 0.7 * t)])
            path = smooth([(0.02 * math.cos(a), 0.02 * math.sin(a), pot_h * 0.88), (r * 0.25 * math.cos(a), r * 0.25 * math.sin(a),
                          top[2] * 0.72), tuple(top)], 1)
            p.tube(stem, path, 0.0045, 4, caps=False)
            d = (math.cos(a), math.sin(a), rng.uniform(0.2, 1.1))
            leaf(p, leafs[k % len(leafs)], top, d, size[0] * rng.uniform(0.8, 1.2), size[1] * rng.uniform(0.8, 1.2),
                 droop=rng.uniform(0.5, 1.3))


def picture(p, frame, print_mat, mount, w, h, bar=0.03, depth=0.025, border=0.06):
    """A framed print centred at the origin of the current frame, on a wall at y = 0, seen from -y."""
    for lo, hi in (((-w / 2, -h / 2), (w / 2, -h / 2 + bar)), ((-w / 2, h / 2 - bar), (w / 2, h / 2)),
                   ((-w / 2, -h / 2 + bar), (-w / 2 + bar, h / 2 - bar)), ((w / 2 - bar, -h / 2 + bar), (w / 2, h / 2 - bar))):
        p.box(frame, (lo[0], -depth, lo[1]), (hi[0], -0.001, hi[1]), 0.004)

    def card(mat, e, y):
        p.quad(mat, [(-w / 2 + e, y, -h / 2 + e), (w / 2 - e, y, -h / 2 + e), (w / 2 - e, y, h / 2 - e), (-w / 2 + e, y, h / 2 - e)])
    if border > 0:
        card(mount, bar, -0.008)
    card(print_mat, bar + border, -0.009)


def skirting(p, mat, path, h=0.10, t=0.018):
    """Along inward walls: path of (x, y) corners, room on the left."""
    for a, b in zip(path[:-1], path[1:]):
        a, b = np.asarray(a, float), np.asarray(b, float)
        L = np.linalg.norm(b - a)
        ang = math.atan2(b[1] - a[1], b[0] - a[0])
        with p.at((a[0], a[1], 0), rot_z(ang)):
            p.box(mat, (0, 0, 0), (L, t, h), sides="YZ")


def door(p, leaf_mat, frame, knob, w=0.9, h=2.05):
    """In a wall at y = 0 of the current frame, seen from -y, centred on x."""
    p.box(frame, (-w / 2 - 0.08, -0.02, 0), (-w / 2, 0.0, h + 0.08), 0.005)
    p.box(frame, (w / 2, -0.02, 0), (w / 2 + 0.08, 0.0, h + 0.08), 0.005)
    p.box(frame, (-w / 2, -0.02, h), (w / 2, 0.0, h + 0.08), 0.005)
    p.quad(leaf_mat, [(-w / 2, -0.004, 0.005), (w / 2, -0.004, 0.005), (w / 2, -0.004, h), (-w / 2, -0.004, h)], split=2)
    for z0, z1 in ((0.18, 0.85), (1.0, h - 0.16)):
        for x0, x1 in ((-w / 2 + 0.12, -0.04), (0.04, w / 2 - 0.12)):
            p.box(leaf_mat, (x0, -0.012, z0), (x1, -0.003, z1), 0.006)
    with p.at((w / 2 - 0.07, -0.01, 1.0), rot_x(math.pi / 2)):
        p.lathe(knob, [(0.024, 0), (0.024, 0.006), (0.010, 0.01), (0.010, 0.04), (0.026, 0.05), (0.028, 0.06), (0.022, 0.072), (0, 0.076)], 14)


def books(p, mats, x0, x1, y, z, seed=3, depth=0.16, heights=(0.17, 0.25), lean=True):
    """A row of books on a shelf, spines towards -y."""
    rng = np.random.default_rng(seed)
    x = x0
    while x < x1 - 0.02:
        t, h = rng.uniform(0.015, 0.045), rng.uniform(*heights)
        d = depth * rng.uniform(0.8, 1.0)
        if x + t > x1:
            break
        m = mats[rng.integers(len(mats))]
        p.box(m, (x, y - d + rng.uniform(0, 0.02), z), (x + t, y, z + h), 0.003)
        x += t + 0.0015
        if lean and rng.random() < 0.08:
            x += rng.uniform(0.02, 0.07)


def pillow(p, mat, w, h, t, n=9, scale=0.3):
    """A stuffed square, pinched at the corners, thickest in the middle, lying in the frame's x-z plane."""
    u = np.linspace(-1, 1, n)
    for side in (-1, 1):
        g = np.zeros((n, n, 3))
        for i, b in enumerate(u):
            for j, a in enumerate(u):
                puff = ((1 - a**4) * (1 - b**4)) ** 0.6
                pinch = 1 - 0.07 * (1 - abs(a)) * abs(b) ** 3 - 0.07 * (1 - abs(b)) * abs(a) ** 3
                g[i, j] = (a * w / 2 * pinch * -side, side * t / 2 * puff, b * h / 2 * pinch)
        p.sheet(mat, g, uv=(w / scale, h / scale))
