# SPDX-License-Identifier: Apache-2.0
# People, stylised on purpose like a good animated film: soft signed-distance bodies meshed by surface nets, few colours,
# clear shapes. Whoever stands close is never half real; companions keep to profile and back light.
import math

import numpy as np

from sdf import body, carve, cone, ellipsoid, grow, keep, rod, sphere, union
from shapes import rot_x, rot_y, rot_z, smooth, unit


# -- the head ---------------------------------------------------------------------------------------------------------
def head_shape(chin=0.0):
    base = union(ellipsoid((0, 0.018, 0.038), (0.083, 0.100, 0.100)), ellipsoid((0, -0.026, -0.052), (0.063, 0.066, 0.068 + chin)), k=0.06)
    base = union(base, sphere((0.040, -0.060, -0.026), 0.032), sphere((-0.040, -0.060, -0.026), 0.032), k=0.035)
    base = union(base, ellipsoid((0, -0.076, 0.044), (0.058, 0.020, 0.016)), k=0.02)     # brow
    for s in (-1, 1):
        base = carve(base, sphere((s * 0.034, -0.106, 0.012), 0.020), 0.016)              # sockets
    nose = union(cone((0, -0.088, 0.026), (0, -0.115, -0.014), 0.008, 0.0135), sphere((0.012, -0.102, -0.018), 0.0085), sphere((-0.012, -0.102, -0.018), 0.0085), k=0.010)
    base = union(base, nose, k=0.014)
    return base


def ears(part, mat):
    for s in (-1, 1):
        shell = ellipsoid((s * 0.083, 0.012, 0.006), (0.014, 0.022, 0.032), rot_z(s * 0.35) @ rot_x(0.15))
        shell = carve(shell, ellipsoid((s * 0.096, 0.006, 0.010), (0.010, 0.012, 0.018)), 0.008)
        body(part, mat, shell, (min(s * 0.06, s * 0.108), -0.02, -0.036), (max(s * 0.06, s * 0.108), 0.046, 0.05), 0.009)


def eyes(part, look=(0, 0), lid=0.30, white="eye-white", iris="eye-iris", pupil="eye-pupil", skin="lid"):
    for s in (-1, 1):
        with part.at((s * 0.034, -0.0735, 0.011)):
            part.ball(white, 0.0205, 20, 14)
            with part.at((0, 0, 0), rot_z(look[0] + s * -0.05) @ rot_x(math.pi / 2 + look[1])):
                dome = [(0.0206 * math.sin(t), 0.0206 * math.cos(t) + 0.0005) for t in np.linspace(0.62, 0.0, 6)]
                part.lathe(iris, [(r, z) for r, z in dome], 22)
                dome = [(0.0210 * math.sin(t), 0.0210 * math.cos(t) + 0.0006) for t in np.linspace(0.30, 0.0, 4)]
                part.lathe(pupil, [(r, z) for r, z in dome], 18)
            with part.at((-0.006, -0.0205, 0.009)):
                part.ball("catchlight", 0.0024, 8, 6)
            for up, tilt, wide in ((1, -0.36 + lid, 1.10), (-1, 0.26, 0.92)):
                rot = rot_y(s * up * 0.10) @ (rot_x(-tilt) if up > 0 else rot_x(math.pi - tilt))
                with part.at((0, 0, 0), rot):
                    prof = [(0.0226 * math.sin(t), 0.0226 * math.cos(t)) for t in np.linspace(wide, 0.0, 8)]
                    part.lathe(skin, [(0.0208 * math.sin(wide), 0.0208 * math.cos(wide))] + prof, 22)


def brow(part, mat, s, lift=0.0):
    pts = smooth([(s * 0.014, -0.1005, 0.038 + lift), (s * 0.032, -0.0985, 0.047 + lift), (s * 0.056, -0.080, 0.040 + lift)], 2)
    n = len(pts)
    part.tube(mat, pts, [0.0062 * math.sin(math.pi * (0.22 + 0.70 * i / (n - 1))) for i in range(n)], 8)


def bearded_head(part, skin="skin", hair="hair", lip="lip"):
    h = head_shape()
    body(part, skin, h, (-0.10, -0.14, -0.135), (0.10, 0.13, 0.15), 0.0068)
    ears(part, skin)
    eyes(part)
    for s in (-1, 1):
        brow(part, hair, s)
    strand = lambda p: 0.0016 * np.sin(190 * p[..., 0] + 60 * p[..., 2] + 8 * np.sin(30 * p[..., 1]))  # noqa: E731
    beard = keep(grow(h, 0.0085, lambda p: 0.0011 * np.sin(260 * p[..., 0]) * np.sin(120 * p[..., 2])),
                 lambda p: np.maximum(p[..., 2] + 0.052 - 1.5 * np.maximum(np.abs(p[..., 0]) - 0.042, 0) - 0.004, p[..., 1] - 0.022 + 0.35 * (p[..., 2] + 0.05)), 0.008)
    beard = carve(beard, union(ellipsoid((0.012, -0.100, -0.0655), (0.020, 0.05, 0.0062), rot_y(-0.32)), ellipsoid((-0.012, -0.100, -0.0655), (0.020, 0.05, 0.0062), rot_y(0.32)), k=0.004), 0.005)
    beard = union(beard, *[ellipsoid((s * 0.017, -0.0985, -0.047), (0.023, 0.011, 0.0075), rot_y(s * 0.28)) for s in (-1, 1)], k=0.006)
    body(part, hair, beard, (-0.105, -0.14, -0.15), (0.105, 0.06, 0.04), 0.0075)
    mouth = smooth([(-0.029, -0.0905, -0.0535), (-0.015, -0.0985, -0.0645), (0, -0.1015, -0.0675), (0.015, -0.0985, -0.0645), (0.029, -0.0905, -0.0535)], 2)
    part.tube("mouth", mouth, 0.0026, 6)
    part.tube(lip, [q + np.array([0, -0.0005, -0.0052]) for q in mouth[3:-3]], [0.0044 * math.sin(math.pi * (0.15 + 0.7 * i / max(len(mouth) - 7, 1))) for i in range(len(mouth) - 6)], 8)
    comb = lambda p: 0.0030 * np.sin(150 * p[..., 0] + 26 * p[..., 1] + 3 * np.sin(24 * p[..., 1])) * np.clip((p[..., 2] - 0.03) * 20, 0.2, 1)  # noqa: E731
    cap = keep(grow(h, 0.009, strand), lambda p: np.maximum(0.046 - 0.62 * p[..., 1] - p[..., 2], -0.02 - p[..., 1] - np.clip(p[..., 2] - 0.035, 0, 1) * 4), 0.008)
    sides = keep(grow(h, 0.0055), lambda p: np.maximum.reduce([-0.030 - p[..., 1], p[..., 1] - 0.016, -0.02 - p[..., 2], p[..., 2] - 0.06]), 0.006)
    quiff = union(ellipsoid((0.014, -0.056, 0.111), (0.056, 0.040, 0.022), rot_y(0.16) @ rot_x(-0.25)), ellipsoid((0.004, 0.01, 0.118), (0.062, 0.075, 0.020)), k=0.03)
    hair_f = union(cap, grow(quiff, 0.0, comb), sides, k=0.014)
    body(part, hair, hair_f, (-0.115, -0.14, -0.09), (0.115, 0.145, 0.18), 0.0068)


# -- hands ------------------------------------------------------------------------------------------------------------
def grip(part, skin, axis_xy, z, wrist, radius=0.034):
    """A right hand round an upright glass at axis_xy, fingers towards the patient's side, thumb behind."""
    cx, cy = axis_xy

    def on(deg, r, h):
        a = math.radians(deg)
        return np.array([cx + r * math.cos(a), cy + r * math.sin(a), z + h])
    fs = []
    wrist = np.asarray(wrist, float)
    for i, (h, reach) in enumerate(((0.030, 0), (0.010, 6), (-0.010, 2), (-0.028, -10))):
        rf = 0.0094 - 0.0006 * i
        r = radius + rf * 0.9
        angles = (178, 206, 232, 258, 284 + reach, 304 + reach)
        pts = [on(angles[0], r + 0.007, h * 1.05 + 0.004)] + [on(a, r + 0.001, h) for a in angles[1:]]
        fs.append(rod(pts, [rf * 1.12, rf * 1.05, rf, rf, rf * 0.95, rf * 0.88]))
        fs.append(cone(wrist + np.array([0, 0, h * 0.45]), pts[0], 0.017, 0.0125))
    thumb = rod([wrist + np.array([0.006, -0.025, 0.012]), on(140, radius + 0.013, 0.022), on(104, radius + 0.010, 0.040), on(74, radius + 0.009, 0.050)],
                [0.017, 0.0125, 0.0105, 0.009])
    hand = union(union(*fs[1::2], k=0.012), thumb, k=0.010)
    hand = union(hand, union(*fs[0::2], k=0.002), k=0.006)
    lo = np.minimum(wrist, (cx - radius - 0.03, cy - radius - 0.03, z - 0.05)) - 0.028
    hi = np.maximum(wrist, (cx + radius + 0.03, cy + radius + 0.03, z + 0.07)) + 0.028
    return hand, lo, hi


def flat_hand(wrist, knuckles_at, z, spread=0.020, s=1):
    """A hand laid on a table, fingers along -y."""
    w, fs = np.asarray(wrist, float), []
    kx, ky = knuckles_at
    for i in range(4):
        x = kx + s * (i - 1.5) * spread
        rf = 0.0098 - 0.0005 * i
        L = (0.070, 0.078, 0.072, 0.056)[i]
        kn = np.array([x, ky + 0.004 * abs(i - 1), z + 0.022])
        fs += [rod([kn, (x + s * 0.002 * (i - 1.5), ky - L * 0.5, z + 0.018), (x + s * 0.004 * (i - 1.5), ky - L, z + 0.009)], [rf * 1.15, rf, rf * 0.88]),
               cone(w, kn, 0.021, 0.0135)]
    th = rod([w + np.array([-s * 0.012, -0.02, -0.006]), (kx - s * 0.050, ky + 0.018, z + 0.014), (kx - s * 0.056, ky - 0.016, z + 0.010)], [0.017, 0.0125, 0.0095])
    return union(union(*fs[1::2], k=0.014), union(*fs[0::2], k=0.004), th, k=0.008)


def wrinkles(p, amount=0.0022):
    return amount * (np.sin(70 * p[..., 2] + 26 * p[..., 0]) * 0.6 + np.sin(46 * p[..., 2] - 38 * p[..., 1] + 2.0) * 0.5)


def apron_cut(q):
    """An apron's outline: a bib in front, all round below the waist."""
    x, y, z = q[..., 0] - 0.01, q[..., 1], q[..., 2]
    bib = np.maximum.reduce([np.abs(x) - 0.098 - 0.25 * np.clip(1.07 - z, 0, 1), z - 1.195, y - 1.52])
    return np.minimum(bib, np.maximum(z - 0.98, y - 1.62))


def barkeeper(s, glass_axis, glass_z):
    """Stands at x = 0, y = 1.50, leans on the counter with one hand and holds out a glass with the other."""
    p = s.part("barkeeper", lightmap=False, level_min=3, cue="barkeeper", idle="breathe", origin=(0.02, 1.56, 0.95))
    sh_r, el_r, wr_r = (-0.165, 1.50, 1.285), (-0.262, 1.31, 1.095), (glass_axis[0] - 0.052, glass_axis[1] + 0.105, glass_z + 0.002)
    sh_l, el_l, wr_l = (0.190, 1.52, 1.285), (0.310, 1.42, 1.085), (0.285, 1.215, 0.985)
    chest = union(ellipsoid((0.01, 1.535, 1.15), (0.178, 0.118, 0.19)), ellipsoid((0.015, 1.57, 0.93), (0.155, 0.112, 0.24)), k=0.10)
    yoke = union(cone(sh_r, sh_l, 0.056, 0.056), cone((0.01, 1.52, 1.26), (0.01, 1.500, 1.355), 0.085, 0.056), k=0.05)
    shirt = union(chest, yoke, k=0.06)
    for sh, el, wr in ((sh_r, el_r, wr_r), (sh_l, el_l, wr_l)):
        mid = np.asarray(el) + 0.32 * (np.asarray(wr) - np.asarray(el))
        shirt = union(shirt, rod([sh, el], [0.058, 0.049]), k=0.045)
        shirt = union(shirt, rod([el, tuple(mid)], [0.048, 0.047]), k=0.02)
        cuff = np.asarray(el) + 0.36 * (np.asarray(wr) - np.asarray(el))
        shirt = union(shirt, rod([tuple(mid), tuple(cuff)], [0.054, 0.053]), k=0.006)
    body(p, "shirt", grow(shirt, 0, wrinkles), (-0.37, 1.20, 0.72), (0.41, 1.72, 1.38), 0.0165)
    apron = keep(grow(chest, 0.013), apron_cut, 0.004)
    body(p, "vest", apron, (-0.21, 1.36, 0.72), (0.23, 1.74, 1.25), 0.011)
    for sg in (-1, 1):
        strap = smooth([(0.01 + sg * 0.088, 1.410, 1.185), (0.01 + sg * 0.085, 1.420, 1.27), (0.01 + sg * 0.070, 1.475, 1.345), (0.01 + sg * 0.03, 1.56, 1.35)], 2)
        p.tube("vest", strap, 0.011, 8, flatten=0.5)
    for x in (-0.082, 0.102):
        with p.at((x, 1.418, 1.178)):
            p.ball("button", 0.009, 10, 6, (1, 0.6, 1))
    neck = cone((0.01, 1.512, 1.29), (0.01, 1.495, 1.42), 0.052, 0.048)
    body(p, "skin", neck, (-0.07, 1.42, 1.26), (0.09, 1.58, 1.47), 0.014)
    for sgn in (-1, 1):   # collar and bow tie
        with p.at((0.01, 1.500, 1.345)):
            p.sheet("collar", [[(0, -0.060, -0.012), (sgn * 0.030, -0.064, -0.040), (sgn * 0.055, -0.036, -0.018)],
                               [(0, -0.048, 0.014), (sgn * 0.034, -0.040, 0.024), (sgn * 0.056, -0.004, 0.030)]])
            body(p, "tie", ellipsoid((sgn * 0.026, -0.066, -0.006), (0.024, 0.009, 0.015), rot_y(sgn * 0.2)), (min(0, sgn * 0.056), -0.08, -0.028), (max(0, sgn * 0.056), -0.05, 0.016), 0.009)
    with p.at((0.01, 1.430, 1.339)):
        p.ball("tie", 0.011, 10, 8, (0.8, 0.7, 1))
    for el, wr in ((el_r, wr_r), (el_l, wr_l)):
        a = np.asarray(el) + 0.30 * (np.asarray(wr) - np.asarray(el))
        arm = rod([tuple(a), tuple(np.asarray(el) * 0.35 + np.asarray(wr) * 0.65), wr], [0.043, 0.034, 0.0255])
        body(p, "skin", arm, np.minimum(a, wr) - 0.05, np.maximum(a, wr) + 0.05, 0.013)
    hand, lo, hi = grip(p, "skin", glass_axis, glass_z, wr_r)
    body(p, "skin", hand, lo, hi, 0.0062)
    rest = flat_hand(wr_l, (0.272, 1.085), 0.921)
    body(p, "skin", rest, (0.18, 0.985, 0.912), (0.345, 1.26, 1.02), 0.0075)
    with p.at((0.012, 1.476, 1.532), 1.10 * (rot_z(-0.02) @ rot_x(0.09) @ rot_y(0.05))):
        bearded_head(p)
    return p


def guest(s, name, at, facing, shirt, hair, arm_up, kind, level=4, skin="skin-guest"):
    """Seated; in its own frame it faces -y. `kind`: how the hair falls. Raises one arm towards the table's middle."""
    p = s.part(name, lightmap=False, level_min=level, cue="companion", idle="breathe", origin=(at[0], at[1], 0.5))
    with p.at((at[0], at[1], 0.0), rot_z(facing)):
        chest = union(ellipsoid((0, 0.0, 0.82), (0.172, 0.115, 0.22)), ellipsoid((0, 0.01, 0.60), (0.165, 0.125, 0.16)), k=0.10)
        top = union(chest, cone((-0.17, 0.0, 0.99), (0.17, 0.0, 0.99), 0.058, 0.058), k=0.07)
        a = arm_up
        up = [(a * 0.20, 0.0, 0.985), (a * 0.24, -0.20, 0.83), (a * 0.13, -0.41, 0.985)]
        dn = [(-a * 0.20, 0.0, 0.985), (-a * 0.27, -0.05, 0.72), (-a * 0.17, -0.25, 0.775)]
        for arm in (up, dn):
            top = union(top, rod(arm[:2], [0.060, 0.050]), k=0.05)
            top = union(top, rod(arm[1:], [0.050, 0.036]), k=0.012)
        body(p, shirt, grow(top, 0, lambda q: wrinkles(q, 0.0026)), (-0.35, -0.46, 0.46), (0.35, 0.16, 1.08), 0.021)
        legs = union(*[rod([(sg * 0.09, 0.02, 0.54), (sg * 0.12, -0.42, 0.52), (sg * 0.12, -0.44, 0.10)], [0.088, 0.068, 0.048]) for sg in (-1, 1)], k=0.03)
        body(p, "trousers", legs, (-0.22, -0.54, 0.03), (0.22, 0.13, 0.66), 0.03)
        for sg in (-1, 1):
            body(p, "shoe", union(cone((sg * 0.12, -0.42, 0.045), (sg * 0.13, -0.56, 0.035), 0.042, 0.034)), (sg * 0.13 - 0.07, -0.62, -0.01), (sg * 0.13 + 0.07, -0.36, 0.10), 0.024)
        body(p, skin, cone((0, 0.0, 0.99), (0, -0.015, 1.12), 0.050, 0.047), (-0.07, -0.08, 0.96), (0.07, 0.07, 1.17), 0.018)
        for arm in (up, dn):
            w, e = np.asarray(arm[2]), np.asarray(arm[1])
            d = unit(w - e)
            tip = w + d * 0.075
            hand = union(ellipsoid((w + tip) / 2, (0.030, 0.034, 0.040)), cone(w, w + d * 0.03, 0.026, 0.028), k=0.02)
            body(p, skin, hand, np.minimum(w, tip) - 0.045, np.maximum(w, tip) + 0.045, 0.016)
        with p.at((0, -0.03, 1.215), rot_x(0.06)):
            guest_head(p, skin, hair, kind)
    hold = np.array([at[0], at[1], 0]) + rot_z(facing) @ np.array([a * 0.10, -0.475, 1.0])
    return p, hold


def guest_head(p, skin, hair, kind):
    h = head_shape()
    body(p, skin, h, (-0.10, -0.14, -0.135), (0.10, 0.13, 0.15), 0.0105)
    ears(p, skin)
    eyes(p, lid=0.42, skin=skin)
    for s in (-1, 1):
        brow(p, hair, s)
    p.tube("mouth", smooth([(-0.022, -0.090, -0.060), (0, -0.098, -0.067), (0.022, -0.090, -0.060)], 2), 0.0024, 6)
    ripple = lambda q: 0.0020 * np.sin(150 * q[..., 0] + 50 * q[..., 2])  # noqa: E731
    cap = keep(grow(h, 0.014, ripple), lambda q: 0.042 - 0.75 * q[..., 1] - q[..., 2], 0.010)
    if kind == "bun":
        f = union(cap, sphere((0, 0.115, 0.11), 0.045), ellipsoid((0, 0.085, -0.01), (0.07, 0.045, 0.085)), k=0.02)
        body(p, hair, f, (-0.12, -0.13, -0.12), (0.12, 0.18, 0.18), 0.0125)
    else:   # a flat cap over short hair
        body(p, hair, cap, (-0.12, -0.13, -0.12), (0.12, 0.15, 0.18), 0.0125)
        f = union(ellipsoid((0, 0.005, 0.105), (0.105, 0.122, 0.050)), ellipsoid((0, -0.115, 0.080), (0.070, 0.055, 0.010), rot_x(0.25)), k=0.015)
        body(p, "cap", f, (-0.125, -0.19, 0.03), (0.125, 0.15, 0.17), 0.0125)


def materials(s, tx, folder):
    shared_materials(s)
    s.mat("skin", (0.62, 0.345, 0.22), rough=0.55)
    s.mat("lid", (0.54, 0.285, 0.18), rough=0.55)
    s.mat("hair", (0.085, 0.042, 0.022), rough=0.5)
    s.mat("shirt", (1, 1, 1), tx.fabric(folder, "shirt", (236, 226, 208), 8, 128, 40, 0.10), rough=0.9)
    s.mat("collar", (0.70, 0.66, 0.59), rough=0.9, double=True)
    s.mat("vest", (1, 1, 1), tx.fabric(folder, "vest", (52, 40, 38), 9, 128, 40, 0.22), rough=0.85)
    s.mat("tie", (0.26, 0.035, 0.03), rough=0.6)
    s.mat("button", (0.55, 0.40, 0.2), rough=0.35, metal=1)
    s.mat("skin-guest", (0.40, 0.225, 0.15), rough=0.6)
    s.mat("jumper", (1, 1, 1), tx.fabric(folder, "jumper", (46, 70, 84), 10, 128, 34, 0.28), rough=0.95)
    s.mat("blouse", (1, 1, 1), tx.fabric(folder, "blouse", (128, 50, 44), 12, 128, 40, 0.18), rough=0.9)
    s.mat("trousers", (0.035, 0.035, 0.045), rough=0.9)
    s.mat("hair-grey", (0.20, 0.17, 0.14), rough=0.6)
    s.mat("cap", (0.075, 0.07, 0.06), rough=0.95)


def flat_colours(s):
    """Without pictures, for small files."""
    shared_materials(s)
    s.mat("skin-guest", (0.46, 0.27, 0.185), rough=0.6)
    s.mat("jumper", (0.07, 0.13, 0.17), rough=0.95)
    s.mat("trousers", (0.045, 0.045, 0.06), rough=0.9)


def shared_materials(s):
    s.mat("lip", (0.42, 0.17, 0.125), rough=0.45)
    s.mat("mouth", (0.10, 0.03, 0.025), rough=0.7)
    s.mat("eye-white", (0.74, 0.71, 0.67), rough=0.18)
    s.mat("eye-iris", (0.14, 0.075, 0.03), rough=0.12)
    s.mat("eye-pupil", (0.008, 0.007, 0.006), rough=0.08)
    s.mat("catchlight", (0, 0, 0), rough=1, emit=(1, 0.92, 0.8), strength=1.2)
    s.mat("shoe", (0.05, 0.03, 0.02), rough=0.4)
    s.mat("hair-dark", (0.035, 0.022, 0.016), rough=0.5)
