# SPDX-License-Identifier: Apache-2.0
# Base-colour textures by numpy and PIL, all tileable unless the name says print. Every function returns a file's path.
import math
import os

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"


def font(size, face="DejaVuSerif-Bold.ttf"):
    for root, _, files in os.walk("/usr/share/fonts"):
        if face in files:
            return ImageFont.truetype(os.path.join(root, face), size)
    return ImageFont.truetype(FONTS + "DejaVuSans.ttf", size)


def noise(w, h, cells, seed, octaves=4, stretch=(1, 1), gain=0.5):
    """Periodic value noise in 0..1; stretch squeezes cells along x or y."""
    rng = np.random.default_rng(seed)
    out, amp, total = np.zeros((h, w)), 1.0, 0.0
    for o in range(octaves):
        cx = max(1, int(cells * 2**o / stretch[0]))
        cy = max(1, int(cells * 2**o / stretch[1]))
        grid = rng.random((cy, cx))
        x = np.arange(w) / w * cx
        y = np.arange(h) / h * cy
        x0, y0 = x.astype(int), y.astype(int)
        fx, fy = x - x0, y - y0
        fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
        x0, y0 = x0 % cx, y0 % cy
        x1, y1 = (x0 + 1) % cx, (y0 + 1) % cy
        top = grid[y0][:, x0] * (1 - fx) + grid[y0][:, x1] * fx
        bot = grid[y1][:, x0] * (1 - fx) + grid[y1][:, x1] * fx
        out += amp * (top * (1 - fy[:, None]) + bot * fy[:, None])
        total += amp
        amp *= gain
    return out / total


def ramp(t, stops):
    t = np.clip(t, 0, 1)
    xs = [s[0] for s in stops]
    return np.stack([np.interp(t, xs, [s[1][c] for s in stops]) for c in range(3)], -1)


def save(folder, name, rgb, quality=88):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name + ".jpg")
    if isinstance(rgb, np.ndarray):
        rgb = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
    rgb.convert("RGB").save(path, quality=quality, subsampling=0 if quality > 90 else 2)
    return path


def wood(folder, name, dark, mid, light, seed=1, size=512, planks=0, rings=9.0, contrast=1.0):
    """Grain along u. planks > 0 cuts the tile into that many boards with their own tone and a dark joint."""
    h = w = size
    warp = noise(w, h, 3, seed, 3, (4, 1))
    y = np.arange(h)[:, None] / h
    board = np.zeros((h, w))
    if planks:
        idx = np.floor(y * planks).astype(int) + np.zeros((h, w), int)
        rng = np.random.default_rng(seed)
        board = rng.random(planks)[idx]
        warp = np.roll(warp, 0, 0) + board * 3.0
    rings_t = 0.5 + 0.5 * np.sin(2 * math.pi * (y * rings + 2.2 * warp))
    fibre = noise(w, h, 64, seed + 1, 3, (16, 0.5))
    broad = noise(w, h, 4, seed + 2, 3, (2, 1))
    t = 0.42 * fibre + 0.33 * rings_t + 0.35 * broad + (board - 0.5) * 0.35
    t = 0.5 + (t - t.mean()) * 1.7 * contrast
    pores = noise(w, h, 128, seed + 3, 1, (20, 0.5)) > 0.86
    rgb = ramp(t, [(0, dark), (0.5, mid), (1, light)])
    rgb *= np.where(pores, 0.82, 1.0)[..., None]
    if planks:
        edge = np.abs(y * planks - np.round(y * planks)) / planks * h
        rgb *= np.where(edge < 1.2, 0.45, 1.0)[..., None]
    return save(folder, name, rgb)


def plaster(folder, name, color, seed=5, size=512, depth=0.10):
    n = noise(size, size, 3, seed, 6, gain=0.62)
    f = noise(size, size, 60, seed + 1, 2)
    k = 1 + depth * ((n - 0.5) * 2.2 + (f - 0.5) * 0.7)
    return save(folder, name, np.asarray(color)[None, None] * k[..., None])


def brick(folder, name, colors, mortar, seed=3, size=1024, across=4, down=12):
    """A tile of 1 m x 0.9 m: running bond, uneven tones, soft shadow under each brick."""
    rng = np.random.default_rng(seed)
    img = np.ones((size, size, 3)) * np.asarray(mortar, float)
    grit = noise(size, size, 90, seed, 3)
    stain = noise(size, size, 5, seed + 1, 4)
    bh, bw, gap = size / down, size / across, size / down * 0.12
    yy, xx = np.mgrid[0:size, 0:size]
    wob = (noise(size, size, 24, seed + 2, 2) - 0.5) * gap * 1.3
    row = np.floor(yy / bh).astype(int)
    off = (row % 2) * bw / 2
    col = np.floor(((xx + off) % size) / bw).astype(int)
    ly, lx = yy - row * bh, ((xx + off) % size) - col * bw
    d = np.minimum(np.minimum(lx, bw - lx), np.minimum(ly, bh - ly)) + wob
    tone = rng.integers(0, len(colors), (down, across + 1))
    shade = rng.normal(1, 0.13, (down, across + 1))
    base = np.asarray(colors, float)[tone[row, col]] * shade[row, col][..., None]
    base *= (0.72 + 0.56 * grit)[..., None] * (0.8 + 0.4 * stain)[..., None]
    edge = np.clip((d - gap / 2) / (gap * 0.55), 0, 1)
    base *= (0.72 + 0.28 * np.clip(d / (gap * 2.5), 0, 1))[..., None]
    img = img * (0.75 + 0.5 * grit)[..., None]
    img *= np.where(ly > bh - gap * 0.9, 0.6, 1.0)[..., None]
    return save(folder, name, img * (1 - edge[..., None]) + base * edge[..., None])


def fabric(folder, name, color, seed=11, size=256, weave=64, depth=0.16, second=None):
    y, x = np.mgrid[0:size, 0:size] / size * weave * 2 * math.pi
    w = 0.5 + 0.25 * np.sin(x) * np.cos(y / 2) + 0.25 * np.sin(y)
    n = noise(size, size, 6, seed, 4)
    k = 1 + depth * ((w - 0.5) * 1.4 + (n - 0.5) * 1.6)
    rgb = np.asarray(color, float)[None, None] * k[..., None]
    if second is not None:
        m = np.clip((noise(size, size, 8, seed + 2, 3) - 0.45) * 4, 0, 1)[..., None]
        rgb = rgb * (1 - m) + np.asarray(second, float) * k[..., None] * m
    return save(folder, name, rgb)


def tiles(folder, name, a, b, grout, seed=2, size=512, n=4, check=False, depth=0.05):
    rng = np.random.default_rng(seed)
    yy, xx = np.mgrid[0:size, 0:size]
    s = size / n
    i, j = (yy // s).astype(int), (xx // s).astype(int)
    pick = ((i + j) % 2 == 0) if check else np.ones_like(i, bool)
    tone = rng.normal(1, 0.025, (n, n))[i, j]
    speck = noise(size, size, 100, seed, 2)
    cloud = noise(size, size, 7, seed + 1, 4)
    rgb = np.where(pick[..., None], np.asarray(a, float), np.asarray(b, float))
    rgb = rgb * (tone * (1 + depth * ((speck - 0.5) * 2 + (cloud - 0.5) * 1.5)))[..., None]
    d = np.minimum(np.minimum(xx % s, s - xx % s), np.minimum(yy % s, s - yy % s))
    rgb = np.where((d < size / 300)[..., None], np.asarray(grout, float), rgb)
    return save(folder, name, rgb)


def bokeh(folder, name, seed=4, w=1024, h=512):
    """City lights out of focus beyond a night window."""
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 1, h)[:, None, None]
    img = np.asarray([10, 14, 30.0]) * (1 - y) + np.asarray([26, 20, 26.0]) * y + np.zeros((h, w, 3))
    pal = [(255, 190, 110), (255, 220, 170), (255, 120, 70), (235, 70, 60), (150, 190, 255), (120, 230, 190), (255, 240, 220)]
    layer = Image.new("RGB", (w, h))
    for k in range(210):
        cx = rng.random() * w
        cy = h * (0.92 - abs(rng.normal(0, 0.26)))
        r = rng.uniform(5, 19) if k < 170 else rng.uniform(18, 30)
        c = np.asarray(pal[rng.integers(len(pal))]) * rng.uniform(0.15, 0.75) * (1 if k < 170 else 0.35)
        one = Image.new("RGB", (w, h))
        dr = ImageDraw.Draw(one)
        dr.ellipse([cx - r, cy - r, cx + r, cy + r], fill=tuple(int(v) for v in c * 0.8),
                   outline=tuple(int(v) for v in np.minimum(c * 1.15, 255)), width=2)
        layer = Image.fromarray(np.minimum(np.asarray(layer).astype(int) + np.asarray(one), 255).astype(np.uint8))
    soft = np.asarray(layer.filter(ImageFilter.GaussianBlur(1.6))).astype(float)
    glow = np.asarray(layer.filter(ImageFilter.GaussianBlur(18))).astype(float)
    return save(folder, name, img + soft + glow * 0.7, 90)


def dusk_garden(folder, name, seed=8, day=False, w=1024, h=1024):
    """A garden out of focus, by evening or by day: sky, far hills, trees with round crowns, hedge, lawn."""
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 1, h)
    evening = [(0, (150, 172, 206)), (0.30, (196, 196, 206)), (0.47, (240, 208, 178)), (0.56, (252, 214, 164)), (1, (250, 214, 170))]
    noon = [(0, (150, 186, 226)), (0.35, (190, 212, 234)), (0.55, (224, 230, 234)), (1, (226, 230, 232))]
    img = np.repeat(ramp(y, noon if day else evening)[:, None], w, 1)
    cloud = np.clip((noise(w, h, 3, seed + 40, 4, (1, 4)) - 0.52) * 3, 0, 1)[..., None] * 0.45
    img = img * (1 - cloud) + np.asarray((244, 240, 238) if day else (252, 224, 200)) * cloud
    yy, xx = np.mgrid[0:h, 0:w] / h
    warm = np.asarray((0.98, 1.0, 0.98) if day else (1.06, 1.0, 0.9))

    def lay(mask, color, depth=0.3, cells=26):
        nonlocal img
        leaf = (1 - depth / 2) + depth * noise(w, h, cells, int(rng.integers(1000)), 3)
        img = img * (1 - mask[..., None]) + np.asarray(color) * warm * leaf[..., None] * mask[..., None]
    for k, (base, amp, color) in enumerate([(0.52, 0.06, (152, 164, 170)), (0.57, 0.05, (126, 144, 134))]):
        line = base - amp * (noise(w, 8, 5 + 3 * k, seed + k, 4)[0] - 0.35)
        lay(np.clip((yy - line[None]) / 0.01, 0, 1), color, 0.15)
    for k in range(13):
        cx, r = rng.random(), rng.uniform(0.03, 0.085)
        cy = 0.665 - r * rng.uniform(0.7, 1.5)
        m = np.zeros((h, w))
        for _ in range(14):
            bx, by, br = cx + rng.normal(0, r * 0.55), cy + rng.normal(0, r * 0.5), r * rng.uniform(0.35, 0.7)
            m = np.maximum(m, np.clip((br - np.hypot(xx - bx, yy - by)) / 0.012, 0, 1))
        m = np.maximum(m, np.clip((r * 0.09 - np.abs(xx - cx)) / 0.004, 0, 1) * (yy > cy) * (yy < 0.70))
        tone = rng.uniform(0.8, 1.15)
        lay(m, (92 * tone, 116 * tone, 78 * tone), 0.5, 40)
    line = 0.675 - 0.02 * (noise(w, 8, 22, seed + 7, 3)[0] - 0.4)
    lay(np.clip((yy - line[None]) / 0.008, 0, 1), (82, 106, 68), 0.5, 44)
    lay(np.clip((yy - 0.745) / 0.015, 0, 1), (132, 150, 92), 0.2, 12)
    for k in range(90):   # flowers along the hedge
        bx, by, br = rng.random(), 0.742 + rng.normal(0, 0.010), rng.uniform(0.003, 0.007)
        lay_color = [(226, 190, 200), (236, 226, 214), (214, 170, 120), (190, 170, 206)][int(rng.integers(4))]
        m = np.clip((br - np.hypot(xx - bx, yy - by)) / 0.003, 0, 1)[..., None]
        img = img * (1 - m) + np.asarray(lay_color) * m
    pic = Image.fromarray(np.clip(img, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(3.5))
    return save(folder, name, pic, 90)


def lettering(folder, name, size, back, items, quality=90, after=None):
    """items: (x, y, text, face, points, colour, anchor) on a plain ground; `after(draw, image)` adds the rest."""
    img = Image.new("RGB", size, back)
    d = ImageDraw.Draw(img)
    for x, y, text, face, pt, color, anchor in items:
        d.text((x, y), text, font=font(pt, face), fill=color, anchor=anchor)
    if after:
        after(d, img)
    return save(folder, name, img, quality)
