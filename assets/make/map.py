#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes assets/maps/francophone.json: outlines for the directory's map, simplified from Natural Earth (public domain).

Use: python3 assets/make/map.py [PATH_TO_world-atlas/countries-10m.json]
The source is npm world-atlas 2.0.2 (`npm pack world-atlas@2.0.2`, or the author tier's node_modules); it is never committed.
Pure Python, the same bytes on every run. The page is 1 high and ASPECT wide, y grows downwards.

A frame is a piece of the world with a place on the page: mainland France with its neighbours, and an inset for each territory
overseas and for Quebec. Natural Earth's countries have no provinces: Quebec is the part of Canada in a box around it.
Borders are simplified arc by arc (Douglas and Peucker), so neighbours still share them, then cut to the frame. Holes are left
out: none of ours would be seen. Triangles are made here by ear clipping, because ImGui 1.90 fills convex shapes only.
"""
import json
import math
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "maps", "francophone.json")
DEFAULT = "/opt/accalmie/author-npm/node_modules/world-atlas/countries-10m.json"
ASPECT = 1.66
LABEL = 0.034      # strip at a frame's top that holds its name
DETAIL = 0.0012    # of the page's height: finer than a pixel where the map is 800 pixels high
COLUMN, ROW, GAP = 0.19, 0.24, 0.0133


def cell(column, row):
    x, y = 1.0633 + column * (COLUMN + GAP), row * (ROW + GAP)
    return [x, y, x + COLUMN, y + ROW]


LEGEND = cell(2, 3)


SHORT = {"quebec": "Québec", "saint-pierre-et-miquelon": "St-Pierre", "saint-martin": "St-Martin", "polynesie": "Polynésie", "nouvelle-caledonie": "N.-Calédonie",
         "wallis-et-futuna": "Wallis", "guyane": "Guyane"}  # where a frame is too narrow for its name

# id, French, English, place on the page, (latitude from, to, longitude from, to), who is at home, who is a partner
FRAMES = [
    ("mainland", "France métropolitaine et Suisse", "Mainland France and Switzerland", [0, 0, 1.05, 1], (41.2, 51.25, -5.4, 10.7), "France", "Switzerland"),
    ("quebec", "Québec (Canada)", "Québec (Canada)", cell(0, 0), (44.6, 62.8, -80.0, -57.0), "", "Canada"),
    ("saint-pierre-et-miquelon", "St-Pierre-et-Miquelon", "St-Pierre-et-Miquelon", cell(1, 0), (46.72, 47.17, -56.6, -55.95), "St. Pierre and Miquelon", ""),
    ("saint-martin", "St-Martin, St-Barth", "St-Martin, St-Barts", cell(2, 0), (17.82, 18.18, -63.25, -62.7), "St-Martin;St-Barthélemy", ""),
    ("guadeloupe", "Guadeloupe", "Guadeloupe", cell(0, 1), (15.80, 16.56, -61.9, -60.95), "France", ""),
    ("martinique", "Martinique", "Martinique", cell(1, 1), (14.36, 14.92, -61.3, -60.75), "France", ""),
    ("guyane", "Guyane", "French Guiana", cell(2, 1), (2.0, 6.0, -54.9, -51.3), "France", ""),
    ("la-reunion", "La Réunion", "Réunion", cell(0, 2), (-21.45, -20.80, 55.15, 55.92), "France", ""),
    ("mayotte", "Mayotte", "Mayotte", cell(1, 2), (-13.06, -12.58, 44.9, 45.4), "France", ""),
    ("polynesie", "Polynésie française", "French Polynesia", cell(0, 3), (-28.2, -7.4, -155.2, -134.0), "Fr. Polynesia", ""),
    ("nouvelle-caledonie", "Nouvelle-Calédonie", "New Caledonia", cell(2, 2), (-23.0, -19.4, 163.3, 168.4), "New Caledonia", ""),
    ("wallis-et-futuna", "Wallis-et-Futuna", "Wallis and Futuna", cell(1, 3), (-14.55, -12.95, -178.5, -175.9), "Wallis and Futuna Is.", ""),
]


def read_arcs(topology):
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x += step[0]
            y += step[1]
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def far_from(point, a, b, k):
    """Distance of a point to the segment ab, in degrees of latitude."""
    px, py, ax, ay, bx, by = point[0] * k, point[1], a[0] * k, a[1], b[0] * k, b[1]
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    t = 0 if length == 0 else max(0, min(1, ((px - ax) * dx + (py - ay) * dy) / length))
    return math.hypot(px - ax - t * dx, py - ay - t * dy)


def simplify(points, tolerance, k):
    if len(points) < 3:
        return points
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        worst, at = -1, -1
        for i in range(first + 1, last):
            distance = far_from(points[i], points[first], points[last], k)
            if distance > worst:
                worst, at = distance, i
        # an island is one closed arc: its farthest point is kept whatever its distance
        if at > 0 and (worst > tolerance or points[first] == points[last]):
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def clip(ring, box):
    """Sutherland and Hodgman: the part of a ring inside a box."""
    south, north, west, east = box
    for axis, bound, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        result = []
        for i, point in enumerate(ring):
            before = ring[i - 1]
            inside, was_inside = sign * (point[axis] - bound) >= 0, sign * (before[axis] - bound) >= 0
            if inside != was_inside:
                t = (bound - before[axis]) / (point[axis] - before[axis])
                result.append((before[0] + t * (point[0] - before[0]), before[1] + t * (point[1] - before[1])))
            if inside:
                result.append(point)
        ring = result
        if not ring:
            break
    return ring


def cross(a, b, c):
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def area(ring):
    return sum(ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1] for i in range(len(ring))) / 2


def ears(ring):
    """Triangles of a simple ring as indices; a ring that touches itself still ends, each step takes the best corner there is."""
    order = list(range(len(ring)))
    if area(ring) < 0:
        order.reverse()
    triangles = []
    while len(order) > 3:
        chosen, fallback = None, (0, None)
        for i in range(len(order)):
            a, b, c = order[i - 1], order[i], order[(i + 1) % len(order)]
            turn = cross(ring[a], ring[b], ring[c])
            if turn <= 0:
                continue
            blocked = False
            for p in order:
                if ring[p] in (ring[a], ring[b], ring[c]):
                    continue
                if cross(ring[a], ring[b], ring[p]) >= 0 and cross(ring[b], ring[c], ring[p]) >= 0 and cross(ring[c], ring[a], ring[p]) >= 0:
                    blocked = True
                    break
            if not blocked:
                chosen = i
                break
            if fallback[1] is None or turn < fallback[0]:
                fallback = (turn, i)
        if chosen is None:  # only flat corners are left, or the ring touches itself
            flat = [i for i in range(len(order)) if cross(ring[order[i - 1]], ring[order[i]], ring[order[(i + 1) % len(order)]]) == 0]
            chosen = flat[0] if flat else fallback[1] if fallback[1] is not None else 0
        a, b, c = order[chosen - 1], order[chosen], order[(chosen + 1) % len(order)]
        if cross(ring[a], ring[b], ring[c]) > 0:
            triangles += [a, b, c]
        del order[chosen]
    if cross(*(ring[i] for i in order)) > 0:
        triangles += order
    return triangles


def scale_of(frame):
    """Page heights a degree of latitude, and the cosine that narrows a degree of longitude."""
    _, _, _, place, (south, north, west, east), _, _ = frame
    k = math.cos(math.radians((south + north) / 2))
    return min((place[2] - place[0]) / ((east - west) * k), (place[3] - place[1] - LABEL) / (north - south)), k


def filled(frame):
    """The frame's box, widened so that it fills its place on the page."""
    _, _, _, place, (south, north, west, east), _, _ = frame
    scale, k = scale_of(frame)
    high, wide = (place[3] - place[1] - LABEL) / scale, (place[2] - place[0]) / scale / k
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    # the projection's cosine is that of the middle latitude, which stays
    return (round(middle_lat - high / 2, 4), round(middle_lat + high / 2, 4), round(middle_lon - wide / 2, 4), round(middle_lon + wide / 2, 4))


def shapes_of(frame, countries, arcs):
    _, _, _, _, _, home, partner = frame
    box = filled(frame)
    scale, k = scale_of(frame)
    tolerance = DETAIL / scale

    def joined(polygon, within):
        ring = []
        for index in polygon[0]:
            points = simplify(arcs[index if index >= 0 else ~index], within, k)
            for point in points if index >= 0 else points[::-1]:
                if not ring or point != ring[-1]:
                    ring.append(point)
        return ring[:-1] if ring[0] == ring[-1] else ring

    shapes = []
    for country in countries:
        name = country["properties"]["name"]
        role = "home" if name in home.split(";") else "partner" if name == partner else "neighbour"
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]] if country["type"] == "Polygon" else []
        for polygon in polygons:
            whole = [p for index in polygon[0] for p in arcs[index if index >= 0 else ~index]]
            if max(p[0] for p in whole) - min(p[0] for p in whole) > 180:
                continue  # cut by the antimeridian (Fiji, Russia): drawn flat it would be a stroke around the globe; none is ours
            if max(p[0] for p in whole) < box[2] or min(p[0] for p in whole) > box[3] or max(p[1] for p in whole) < box[0] or min(p[1] for p in whole) > box[1]:
                continue
            within = tolerance
            ring = joined(polygon, within)
            while len(ring) < 5 and role == "home" and within > tolerance / 100:  # an atoll stays an island, not a stroke
                within /= 2
                ring = joined(polygon, within)
            cut = clip(ring, box)
            rounded = []
            for x, y in cut:
                point = (round(x, 3), round(y, 3))
                if not rounded or point != rounded[-1]:
                    rounded.append(point)
            if len(rounded) > 1 and rounded[0] == rounded[-1]:
                rounded.pop()
            small = abs(area(rounded)) * k * scale * scale < 4e-6 if len(rounded) > 2 else True
            if len(rounded) < 3 or (small and role == "neighbour"):
                continue
            shapes.append({"role": role, "ring": [v for p in rounded for v in p], "triangles": ears(rounded)})
    order = {"neighbour": 0, "partner": 1, "home": 2}
    return sorted(shapes, key=lambda s: order[s["role"]])


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else DEFAULT
    if not os.path.exists(source):
        sys.exit(f"{source} is not here: `npm pack world-atlas@2.0.2` fetches it, unpack it anywhere and name countries-10m.json")
    with open(source, encoding="utf-8") as file:
        topology = json.load(file)
    arcs = read_arcs(topology)
    countries = topology["objects"]["countries"]["geometries"]
    frames = []
    for frame in FRAMES:
        ident, french, english, place, _, _, _ = frame
        frames.append({"id": ident, "fr": french, "en": english, "short": SHORT.get(ident, french), "place": [round(v, 4) for v in place], "bounds": list(filled(frame)),
                       "shapes": shapes_of(frame, countries, arcs)})
        if not any(shape["role"] != "neighbour" for shape in frames[-1]["shapes"]):
            sys.exit(f"{ident}: the source has no outline of it")
    answer = {"source": "Natural Earth (public domain) through npm world-atlas 2.0.2, simplified by assets/make/map.py",
              "aspect": ASPECT, "label": LABEL, "legend": [round(v, 4) for v in LEGEND], "frames": frames}
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w", encoding="utf-8") as file:
        file.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(os.path.relpath(OUT), os.path.getsize(OUT), "bytes,", sum(len(s["ring"]) // 2 for f in frames for s in f["shapes"]), "points")


if __name__ == "__main__":
    main()
