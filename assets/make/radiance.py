# SPDX-License-Identifier: Apache-2.0
# Baked radiance as pictures: the RGBM code (its definition opens common.py), noise filter, filling of what no face covers.
import numpy as np
from PIL import Image

RANGE = 64.0


# -- RGBM -------------------------------------------------------------------------------------------------------------
def rgbm_encode(linear):
    c = np.sqrt(np.clip(linear, 0.0, RANGE) / RANGE)
    a = np.maximum(np.ceil(c.max(-1) * 255.0), 1.0) / 255.0
    rgb = np.round(np.clip(c / a[..., None], 0, 1) * 255.0)
    return np.dstack([rgb, np.round(a * 255.0)]).astype(np.uint8)


def rgbm_decode(pixels):
    p = pixels.astype(np.float64) / 255.0
    return (p[..., :3] * p[..., 3:4]) ** 2 * RANGE


def write_rgbm(path, linear):
    Image.fromarray(rgbm_encode(linear), "RGBA").save(path, optimize=True)


# -- noise ------------------------------------------------------------------------------------------------------------
def shifted(a, dy, dx):
    return np.roll(np.roll(a, dy, 0), dx, 1)


def filter_noise(img, mask, radius=2, sigma_log=0.16, passes=2):
    """3x3 median against stray texels, then a bilateral filter in the log domain; both stay where mask is set."""
    lum = img.mean(-1)
    around = [np.where(shifted(mask, y, x), shifted(lum, y, x), lum) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    med = np.median(np.stack(around), 0)
    odd = mask & ((lum > 1.6 * med + 1e-4) | (lum < 0.6 * med))   # dark ones too: few samples miss a lamp altogether
    scale = np.where(odd, med / np.maximum(lum, 1e-5), 1.0)
    out = (img * np.minimum(scale, 50.0)[..., None]).astype(np.float32)
    m = mask.astype(np.float32)
    for _ in range(passes):
        log = np.log(np.maximum(out.mean(-1), 1e-4))
        total, weight = np.zeros_like(out), np.zeros_like(m)
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                w = shifted(m, dy, dx) * np.exp(-((shifted(log, dy, dx) - log) ** 2) / (2 * sigma_log**2)
                                                - (dy * dy + dx * dx) / (2 * radius * radius))
                total += shifted(out, dy, dx) * w[..., None]
                weight += w
        out = np.where(mask[..., None], total / np.maximum(weight, 1e-6)[..., None], out)
    return out


def halve(img, mask):
    h, w = mask.shape
    m = mask.reshape(h // 2, 2, w // 2, 2).astype(np.float32)
    s = (img * mask[..., None]).reshape(h // 2, 2, w // 2, 2, 3).sum((1, 3))
    n = m.sum((1, 3))
    return s / np.maximum(n, 1)[..., None], n > 0


def spread(img, mask):
    """Fills what no face covers, first from the neighbours, then from coarser levels, so that filtering never meets black."""
    img, mask = img.copy(), mask.copy()
    for _ in range(6):
        total, weight = np.zeros_like(img), np.zeros(mask.shape, np.float32)
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                m = shifted(mask, dy, dx)
                total += shifted(img, dy, dx) * m[..., None]
                weight += m
        grow = ~mask & (weight > 0)
        img[grow] = (total[grow] / weight[grow][:, None])
        mask |= grow
    if not mask.all() and min(mask.shape) > 2:
        small, sm = halve(img, mask)
        big = np.repeat(np.repeat(spread(small, sm), 2, 0), 2, 1)
        img[~mask] = big[~mask]
    return img
