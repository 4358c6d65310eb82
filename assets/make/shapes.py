# SPDX-License-Identifier: Apache-2.0
# Geometry by numpy: every shape arrives with its own normals and tiled texture coordinates, outward faces, metres.
# Axes are Blender's (x right, y ahead of the patient, z up); the exporter turns them into glTF's (x, z, -y).
import math

import numpy as np


def rot_z(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def rot_x(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1.0, 0, 0], [0, c, -s], [0, s, c]])


def rot_y(angle):
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s], [0, 1.0, 0], [-s, 0, c]])


def unit(v):
    v = np.asarray(v, float)
    n = np.linalg.norm(v, axis=-1, keepdims=True)
    return v / np.maximum(n, 1e-12)


class Part:
    """One node of the scene: faces of any number of materials. Knows nothing of Blender."""

    def __init__(self, name, level_min=None, level_max=None, cue=None, lightmap=True, density=1.0, idle=None,
                 origin=(0, 0, 0), parent=None):
        self.name, self.level_min, self.level_max, self.cue = name, level_min, level_max, cue
        self.lightmap, self.density, self.idle = lightmap, density, idle
        self.origin, self.parent = origin, parent
        self.exported = True  # False: only there for the bakes (the hidden half of a bottle, what fills it)
        self.verts, self.faces, self.mats, self.uvs, self.normals, self.uv2 = [], [], [], [], [], []
        self.stack = [(np.eye(3), np.zeros(3))]
        self.rng = np.random.default_rng(abs(hash_name(name)) % 2**32)

    # -- placing -------------------------------------------------------------------------------------------------
    def at(self, loc=(0, 0, 0), rot=None):
        """`with part.at((x, y, z), rot_z(a)):` moves everything made inside."""
        return _Placed(self, np.asarray(loc, float), np.eye(3) if rot is None else rot)

    def add(self, mat, verts, faces, uvs, normals, uv2=None):
        """faces: lists of vertex numbers; uvs, normals, uv2 (print on a label): one per face corner, in order."""
        r, t = self.stack[-1]
        base = len(self.verts)
        self.verts.extend(np.asarray(verts, float) @ r.T + t)
        for f in faces:
            self.faces.append([base + i for i in f])
            self.mats.append(mat)
        self.uvs.extend(np.asarray(uvs, float).reshape(-1, 2))
        self.uv2.extend(np.asarray(uvs if uv2 is None else uv2, float).reshape(-1, 2))
        self.normals.extend(unit(np.asarray(normals, float).reshape(-1, 3)) @ r.T)

    # -- solids --------------------------------------------------------------------------------------------------
    def box(self, mat, lo, hi, bevel=0.004, scale=1.0, grain=True, sides="xXyYzZ"):
        """A box with rounded edges; `grain` runs the texture's u along the longer side and shifts it at random.
        `sides` names the faces kept (x is the one at lo.x); bevels are made only for a whole box."""
        lo, hi = np.minimum(lo, hi).astype(float), np.maximum(lo, hi).astype(float)
        c, e = (lo + hi) / 2, (hi - lo) / 2
        b = min(bevel, 0.45 * 2 * e.min()) if len(sides) == 6 else 0.0
        shift = self.rng.random(2) if grain else np.zeros(2)
        verts, index = _box_corners(c, e, b)
        faces, normals, uvs = [], [], []
        for corners in _box_faces(sides, b > 0):
            pts = verts[[index[k] for k in corners[:3]]]
            if np.dot(np.cross(pts[1] - pts[0], pts[2] - pts[0]), verts[[index[k] for k in corners]].mean(0) - c) < 0:
                corners = corners[::-1]
            faces.append([index[k] for k in corners])
            axis = corners[0][3]
            a, d = [x for x in range(3) if x != axis]
            if (e[d] > e[a]) if grain else (a == 2):
                a, d = d, a
            for k in corners:
                n = np.zeros(3)
                n[k[3]] = k[k[3]]
                normals.append(n)
                v = verts[index[k]]
                uvs.append((v[a] / scale + shift[0], v[d] / scale + shift[1]))
        self.add(mat, verts, faces, uvs, normals)

    def quad(self, mat, corners, uv=((0, 0), (1, 0), (1, 1), (0, 1)), split=1):
        """One flat face, counter-clockwise seen from its front; `split` cuts it for the light map's sake."""
        p = np.asarray(corners, float)
        uv = np.asarray(uv, float)
        n = np.cross(p[1] - p[0], p[3] - p[0])
        verts, uvs, faces = [], [], []
        for j in range(split + 1):
            for i in range(split + 1):
                s, t = i / split, j / split
                w = np.array([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t])
                verts.append(w @ p)
                uvs.append(w @ uv)
        for j in range(split):
            for i in range(split):
                a = j * (split + 1) + i
                faces.append([a, a + 1, a + split + 2, a + split + 1])
        self.add(mat, verts, faces, [uvs[i] for f in faces for i in f], [n] * sum(len(f) for f in faces))

    def wall(self, mat, p0, p1, z0, z1, scale=1.0):
        """A vertical inward face from p0 to p1 (its front lies to the left of p0 -> p1), texture in metres."""
        p0, p1 = np.asarray(p0, float), np.asarray(p1, float)
        w = np.linalg.norm(p1 - p0)
        self.quad(mat, [(p1[0], p1[1], z0), (p0[0], p0[1], z0), (p0[0], p0[1], z1), (p1[0], p1[1], z1)],
                  [(0, z0 / scale), (w / scale, z0 / scale), (w / scale, z1 / scale), (0, z1 / scale)])

    def flat(self, mat, x0, y0, x1, y1, z, up=True, scale=1.0):
        c = [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]
        uv = [(p[0] / scale, p[1] / scale) for p in c]
        if not up:
            c, uv = c[::-1], uv[::-1]
        self.quad(mat, c, uv)

    def lathe(self, mat, profile, segs=20, arc=(0.0, 2 * math.pi), sharp=45.0, uv=(1.0, 1.0), inward=False, uvbox=None,
              squash=1.0):
        """Turns a profile [(radius, z)...], listed from bottom to top for outward faces, about z."""
        pr = np.asarray(profile, float)
        seg_n = np.stack([np.diff(pr[:, 1]), -np.diff(pr[:, 0])], 1)
        seg_n = unit(seg_n)
        length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(pr, axis=0), axis=1))])
        length /= max(length[-1], 1e-9)
        closed = abs(arc[1] - arc[0]) > 2 * math.pi - 1e-6
        ang = np.linspace(arc[0], arc[1], segs + 1)
        verts = []
        cols = segs if closed else segs + 1
        for r, z in pr:
            for a in ang[:cols]:
                verts.append((r * math.cos(a), r * math.sin(a) * squash, z))
        faces, uvs, normals, uv2 = [], [], [], []
        cos_sharp = math.cos(math.radians(sharp))

        def corner_normal(i, s):  # point i as seen from segment s
            t = i - 1 if s == i else i
            other = s - 1 if s == i else s + 1
            if 0 <= other < len(seg_n) and np.dot(seg_n[s], seg_n[other]) > cos_sharp:
                return unit(seg_n[s] + seg_n[other])
            return seg_n[s]

        u0, v0, u1, v1 = uvbox or (0, 0, uv[0], uv[1])
        for s in range(len(pr) - 1):
            n0, n1 = corner_normal(s, s), corner_normal(s + 1, s)
            for j in range(segs):
                k = (j + 1) % cols
                quad = [(s, j, j), (s, k, j + 1), (s + 1, k, j + 1), (s + 1, j, j)]
                if pr[s][0] < 1e-6:
                    quad = [quad[0], quad[2], quad[3]]
                elif pr[s + 1][0] < 1e-6:
                    quad = quad[:3]
                if inward:
                    quad = quad[::-1]
                faces.append([q[0] * cols + q[1] for q in quad])
                for q in quad:
                    a, n = ang[q[2]], (n0 if q[0] == s else n1)
                    v = np.array([n[0] * math.cos(a), n[0] * math.sin(a) / squash, n[1]])
                    normals.append(-v if inward else v)
                    uvs.append((u0 + (u1 - u0) * q[2] / segs, v0 + (v1 - v0) * length[q[0]]))
                    uv2.append((q[2] / segs, length[q[0]]))
        self.add(mat, verts, faces, uvs, normals, uv2)

    def disc(self, mat, r, z=0.0, segs=24, up=True, squash=1.0):
        a = np.linspace(0, 2 * math.pi, segs, endpoint=False)
        v = [(r * math.cos(t), r * math.sin(t) * squash, z) for t in a]
        uv = [(0.5 + 0.5 * math.cos(t), 0.5 + 0.5 * math.sin(t)) for t in a]
        f = list(range(segs)) if up else list(range(segs))[::-1]
        self.add(mat, v, [f], [uv[i] for i in f], [(0, 0, 1 if up else -1)] * segs)

    def ball(self, mat, r, segs=20, rings=12, squash=(1, 1, 1)):
        """An ellipsoid centred on the current origin."""
        sq = np.asarray(squash, float) * r
        verts, normals_v = [], []
        for i in range(rings + 1):
            t = math.pi * (i / rings - 0.5)
            for j in range(segs):
                a = 2 * math.pi * j / segs
                n = np.array([math.cos(t) * math.cos(a), math.cos(t) * math.sin(a), math.sin(t)])
                verts.append(n * sq)
                normals_v.append(n / sq)
        faces, uvs = [], []
        for i in range(rings):
            for j in range(segs):
                k = (j + 1) % segs
                q = [(i, j, j), (i, k, j + 1), (i + 1, k, j + 1), (i + 1, j, j)]
                q = [q[0], q[2], q[3]] if i == 0 else q[:3] if i == rings - 1 else q
                faces.append([a * segs + b for a, b, _ in q])
                uvs += [(c / segs, a / rings) for a, _, c in q]
        self.add(mat, verts, faces, uvs, [normals_v[i] for f in faces for i in f])

    def tube(self, mat, points, radius, segs=10, caps=True, uv=(1.0, 1.0), flatten=1.0):
        """A round bar along a path; radius is one number or one per point."""
        p = np.asarray(points, float)
        n = len(p)
        rad = np.broadcast_to(np.asarray(radius, float), (n,))
        tan = unit(np.gradient(p, axis=0))
        ref = np.array([0, 0, 1.0]) if abs(tan[0][2]) < 0.9 else np.array([1.0, 0, 0])
        side = unit(np.cross(tan[0], ref))
        verts, nv = [], []
        for i in range(n):
            side = unit(side - tan[i] * np.dot(side, tan[i]))
            up = np.cross(tan[i], side)
            for j in range(segs):
                a = 2 * math.pi * j / segs
                d = side * math.cos(a) + up * math.sin(a) * flatten
                verts.append(p[i] + d * rad[i])
                nv.append(d)
        along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(p, axis=0), axis=1))])
        faces, uvs, normals = [], [], []
        for i in range(n - 1):
            for j in range(segs):
                k = (j + 1) % segs
                q = [(i, j, j), (i, k, j + 1), (i + 1, k, j + 1), (i + 1, j, j)]
                faces.append([a * segs + b for a, b, _ in q])
                uvs += [(along[a] * uv[0], c / segs * uv[1]) for a, _, c in q]
                normals += [nv[a * segs + b] for a, b, _ in q]
        if caps:
            for i, rev, d in ((0, True, -tan[0]), (n - 1, False, tan[-1])):
                f = [i * segs + j for j in range(segs)]
                f = f[::-1] if rev else f
                faces.append(f)
                uvs += [(0.5, 0.5)] * segs
                normals += [d] * segs
        self.add(mat, verts, faces, uvs, normals)

    def sheet(self, mat, grid, uv=(1.0, 1.0)):
        """A curved sheet from a grid of points [rows][columns], front towards columns x rows; give it a double-sided material."""
        g = np.asarray(grid, float)
        rows, cols = g.shape[:2]
        du, dv = np.gradient(g, axis=1), np.gradient(g, axis=0)
        nn = unit(np.cross(du, dv)).reshape(-1, 3)
        faces, uvs = [], []
        for i in range(rows - 1):
            for j in range(cols - 1):
                f = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
                faces.append([a * cols + b for a, b in f])
                uvs += [(b / (cols - 1) * uv[0], a / (rows - 1) * uv[1]) for a, b in f]
        normals = [nn[i] for f in faces for i in f]
        self.add(mat, g.reshape(-1, 3), faces, uvs, normals)


def _box_corners(c, e, bevel):
    """Three points a corner, one on each of its faces; keys are (sign x, sign y, sign z, axis of the face)."""
    verts, index = [], {}
    for sx in (-1, 1):
        for sy in (-1, 1):
            for sz in (-1, 1):
                s = np.array([sx, sy, sz])
                for axis in range(3):
                    v = c + s * (e - bevel)
                    v[axis] = c[axis] + s[axis] * e[axis]
                    index[(sx, sy, sz, axis)] = len(verts)
                    verts.append(v)
    return np.array(verts), index


def _box_faces(sides, bevelled):
    """Corner keys of each face: the six sides, then the edges' and the corners' bevels."""
    def key(**signs):
        return (signs["x0"], signs["x1"], signs["x2"])

    for axis in range(3):
        o = [a for a in range(3) if a != axis]
        for s in (-1, 1):
            if ("xyz" if s < 0 else "XYZ")[axis] not in sides:
                continue
            quad = []
            for p, q in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                k = key(**{f"x{axis}": s, f"x{o[0]}": p, f"x{o[1]}": q})
                quad.append((*k, axis))
            yield quad
    if not bevelled:
        return
    for axis in range(3):  # edges parallel to `axis`
        o = [a for a in range(3) if a != axis]
        for p in (-1, 1):
            for q in (-1, 1):
                k0, k1 = (key(**{f"x{axis}": s, f"x{o[0]}": p, f"x{o[1]}": q}) for s in (-1, 1))
                yield [(*k0, o[0]), (*k1, o[0]), (*k1, o[1]), (*k0, o[1])]
    for sx in (-1, 1):
        for sy in (-1, 1):
            for sz in (-1, 1):
                yield [(sx, sy, sz, 0), (sx, sy, sz, 1), (sx, sy, sz, 2)]


class _Placed:
    def __init__(self, part, loc, rot):
        self.part, self.loc, self.rot = part, loc, rot

    def __enter__(self):
        r, t = self.part.stack[-1]
        self.part.stack.append((r @ self.rot, r @ self.loc + t))
        return self.part

    def __exit__(self, *_):
        self.part.stack.pop()


def hash_name(text):  # Python's own hash changes from run to run
    h = 2166136261
    for ch in text.encode():
        h = (h ^ ch) * 16777619 & 0xFFFFFFFF
    return h


def smooth(points, times=2, keep_ends=True):
    """Chaikin's corner cutting, for profiles and paths."""
    p = np.asarray(points, float)
    for _ in range(times):
        q = np.empty((2 * (len(p) - 1), p.shape[1]))
        q[0::2] = 0.75 * p[:-1] + 0.25 * p[1:]
        q[1::2] = 0.25 * p[:-1] + 0.75 * p[1:]
        p = np.vstack([p[:1], q, p[-1:]]) if keep_ends else q
    return p


def arc_points(centre, radius, a0, a1, n, plane="xy"):
    a = np.linspace(a0, a1, n)
    x, y = radius * np.cos(a), radius * np.sin(a)
    z = np.zeros(n)
    cols = {"xy": (x, y, z), "xz": (x, z, y), "yz": (z, x, y)}[plane]
    return np.stack(cols, 1) + np.asarray(centre, float)
