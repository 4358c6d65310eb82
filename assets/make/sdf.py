# SPDX-License-Identifier: Apache-2.0
# Signed-distance bodies: primitives and smooth unions in numpy, meshed by surface nets, thinned by Blender's edge collapse.
import bpy
import numpy as np

from shapes import unit


# -- distances (numpy, points as [..., 3]) ----------------------------------------------------------------------------
def sphere(c, r):
    return lambda p: np.linalg.norm(p - np.asarray(c, float), axis=-1) - r


def ellipsoid(c, r, rot=None):
    c, r = np.asarray(c, float), np.asarray(r, float)

    def f(p):
        q = p - c
        if rot is not None:
            q = q @ rot
        k0 = np.linalg.norm(q / r, axis=-1)
        k1 = np.linalg.norm(q / (r * r), axis=-1)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-9)
    return f


def cone(a, b, ra, rb):
    """A rounded rod from a to b whose radius runs from ra to rb."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    d = b - a
    dd = float(d @ d)

    def f(p):
        t = np.clip(((p - a) @ d) / dd, 0, 1)
        return np.linalg.norm(p - a - t[..., None] * d, axis=-1) - (ra + (rb - ra) * t)
    return f


def rod(points, radii):
    radii = np.broadcast_to(np.asarray(radii, float), (len(points),))
    return union(*[cone(points[i], points[i + 1], radii[i], radii[i + 1]) for i in range(len(points) - 1)])


def round_box(c, e, r, rot=None):
    c, e = np.asarray(c, float), np.asarray(e, float) - r

    def f(p):
        q = p - c
        if rot is not None:
            q = q @ rot
        q = np.abs(q) - e
        return np.linalg.norm(np.maximum(q, 0), axis=-1) + np.minimum(q.max(-1), 0) - r
    return f


def union(*fs, k=0.0):
    def f(p):
        d = fs[0](p)
        for g in fs[1:]:
            e = g(p)
            if k > 0:
                h = np.clip(0.5 + 0.5 * (d - e) / k, 0, 1)
                d = d * (1 - h) + e * h - k * h * (1 - h)
            else:
                d = np.minimum(d, e)
        return d
    return f


def carve(f, g, k=0.0):
    def h(p):
        a, b = f(p), -g(p)
        if k > 0:
            t = np.clip(0.5 - 0.5 * (a - b) / k, 0, 1)
            return a * (1 - t) + b * t + k * t * (1 - t)
        return np.maximum(a, b)
    return h


def keep(f, region, k=0.004):
    """f where region(p) < 0."""
    return carve(f, lambda p: -region(p), k)


def grow(f, r, ripple=None):
    return lambda p: f(p) - r - (ripple(p) if ripple else 0)


# -- surface nets -----------------------------------------------------------------------------------------------------
def mesh(f, lo, hi, cell):
    lo, hi = np.asarray(lo, float), np.asarray(hi, float)
    n = np.ceil((hi - lo) / cell).astype(int) + 1
    g = np.stack(np.meshgrid(*[lo[i] + cell * np.arange(n[i]) for i in range(3)], indexing="ij"), -1)
    d = f(g.reshape(-1, 3)).reshape(n)
    inside = d < 0
    corners = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    m = n - 1

    def corner(a, c):
        return a[c[0]:c[0] + m[0], c[1]:c[1] + m[1], c[2]:c[2] + m[2]]
    count = sum(corner(inside, c).astype(int) for c in corners)
    active = (count > 0) & (count < 8)
    total, weight = np.zeros((*m, 3)), np.zeros(m)
    for c0 in corners:
        for axis in range(3):
            if c0[axis]:
                continue
            c1 = tuple(c0[i] + (i == axis) for i in range(3))
            a, b = corner(d, c0), corner(d, c1)
            cross = (a < 0) != (b < 0)
            t = np.where(cross, a / np.where(cross, a - b, 1), 0)
            pos = np.asarray(c0, float) + np.zeros((*m, 3))
            pos[..., axis] += t
            total += pos * cross[..., None]
            weight += cross
    index = -np.ones(m, int)
    index[active] = np.arange(active.sum())
    cells = np.argwhere(active)
    verts = lo + cell * (cells + total[active] / weight[active][:, None])
    quads = []
    for axis in range(3):
        o1, o2 = (axis + 1) % 3, (axis + 2) % 3
        sl0, sl1 = [slice(1, -1)] * 3, [slice(1, -1)] * 3
        sl0[axis], sl1[axis] = slice(0, -1), slice(1, None)
        a, b = inside[tuple(sl0)], inside[tuple(sl1)]
        for flip, hit in ((False, a & ~b), (True, ~a & b)):
            p = np.argwhere(hit)
            if not len(p):
                continue
            p = p + np.array([0 if i == axis else 1 for i in range(3)])
            s1, s2 = np.eye(3, dtype=int)[o1], np.eye(3, dtype=int)[o2]
            q = np.stack([index[tuple((p - s1 - s2).T)], index[tuple((p - s2).T)], index[tuple(p.T)], index[tuple((p - s1).T)]], 1)
            quads.append(q[:, ::-1] if flip else q)
    quads = np.concatenate(quads)
    e = cell * 0.5
    grad = np.stack([f(verts + e * np.eye(3)[i]) - f(verts - e * np.eye(3)[i]) for i in range(3)], -1)
    normals = unit(grad)
    d = f(verts)
    verts = verts - normals * d[:, None] * 0.8     # onto the surface
    return verts, quads, normals


def fewer(verts, quads, ratio):
    """Blender's edge collapse: flat places give up their triangles, eyelids and knuckles keep theirs."""
    me = bpy.data.meshes.new("fewer")
    me.from_pydata(verts.tolist(), [], quads.tolist())
    o = bpy.data.objects.new("fewer", me)
    bpy.context.scene.collection.objects.link(o)
    m = o.modifiers.new("d", "DECIMATE")
    m.ratio, m.use_collapse_triangulate = ratio, True
    out = o.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    v = np.zeros(3 * len(out.vertices))
    out.vertices.foreach_get("co", v)
    t = np.zeros(len(out.loops), np.int32)
    out.loops.foreach_get("vertex_index", t)
    v, t = v.reshape(-1, 3), t.reshape(-1, 3).copy()
    bpy.data.objects.remove(o)
    bpy.data.meshes.remove(me)
    return v, t


def body(part, mat, f, lo, hi, cell, uv_scale=0.3, ratio=0.30):
    v, q, n = mesh(f, lo, hi, cell)
    v, q = fewer(v, q, ratio)
    e = cell * 0.4
    n = unit(np.stack([f(v + e * np.eye(3)[i]) - f(v - e * np.eye(3)[i]) for i in range(3)], -1))
    uv = np.stack([v[:, 0] + 0.6 * v[:, 1], v[:, 2]], 1) / uv_scale
    idx = q.ravel()
    part.add(mat, v, q.tolist(), uv[idx], n[idx])
