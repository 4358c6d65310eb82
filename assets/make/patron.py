# SPDX-License-Identifier: Apache-2.0
# A patron who stands and waits: the demo of skinned and morphed people, assets/demos/patron.glb. Seventeen bones with automatic
# weights, an idle animation of four seconds that loops, and three morph targets: blink, mouth-open, smile. Made to be seen at 3 m.
# Use: blender -b -noaudio --python-exit-code 1 --python assets/make/patron.py
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy  # noqa: E402
import numpy as np  # noqa: E402
from mathutils import Quaternion, Vector  # noqa: E402

import common  # noqa: E402
from people import brow, ears, eyes, flat_colours, head_shape, wrinkles  # noqa: E402
from sdf import body, cone, ellipsoid, grow, keep, rod, union  # noqa: E402
from shapes import Part, rot_x  # noqa: E402

OUT = os.path.join(common.ROOT, "assets", "demos", "patron.glb")
FPS, SECONDS = 24, 4
HEAD = (0, -0.03, 1.585)
MOUTH = np.array([0, -0.0875, -0.066])     # in the head's own space

# name: parent, head, tail; s_ bones come in a left and a right one
BONES = {
    "pelvis": (None, (0, 0.01, 0.92), (0, 0.01, 1.04)), "spine": ("pelvis", (0, 0.01, 1.04), (0, 0.01, 1.20)), "chest": ("spine", (0, 0.01, 1.20), (0, 0, 1.42)),
    "neck": ("chest", (0, 0, 1.42), (0, -0.01, 1.51)), "head": ("neck", (0, -0.01, 1.51), (0, -0.01, 1.74)),
    "s_upper_arm": ("chest", (0.178, 0, 1.375), (0.262, 0.01, 1.11)), "s_forearm": ("s_upper_arm", (0.262, 0.01, 1.11), (0.302, -0.05, 0.875)),
    "s_hand": ("s_forearm", (0.302, -0.05, 0.875), (0.312, -0.075, 0.78)),
    "s_thigh": ("pelvis", (0.09, 0.01, 0.90), (0.105, -0.005, 0.50)), "s_shin": ("s_thigh", (0.105, -0.005, 0.50), (0.115, 0.02, 0.09)),
    "s_foot": ("s_shin", (0.115, 0.02, 0.09), (0.13, -0.13, 0.03)),
}


# -- the figure -------------------------------------------------------------------------------------------------------
def torso(p):
    chest = union(ellipsoid((0, 0.0, 1.23), (0.160, 0.112, 0.22)), ellipsoid((0, 0.01, 1.01), (0.156, 0.120, 0.16)), k=0.10)
    top = chest
    for s in (-1, 1):
        top = union(top, rod([(0, 0.0, 1.425), (s * 0.10, 0.004, 1.395), (s * 0.160, 0.0, 1.372)], [0.052, 0.052, 0.054]), k=0.05)   # shoulders that slope
        top = union(top, rod([(s * 0.178, 0, 1.372), (s * 0.262, 0.01, 1.11)], [0.054, 0.046]), k=0.04)
        top = union(top, rod([(s * 0.262, 0.01, 1.11), (s * 0.299, -0.045, 0.895)], [0.046, 0.036]), k=0.012)
    body(p, "jumper", grow(top, 0, lambda q: wrinkles(q, 0.0026)), (-0.42, -0.18, 0.80), (0.42, 0.20, 1.49), 0.020)
    body(p, "jumper", cone((0, 0.0, 1.43), (0, -0.008, 1.475), 0.060, 0.056), (-0.08, -0.09, 1.35), (0.08, 0.08, 1.55), 0.016)
    body(p, "skin-guest", cone((0, 0.0, 1.41), (0, -0.015, 1.54), 0.050, 0.047), (-0.07, -0.08, 1.36), (0.07, 0.07, 1.60), 0.018)


def legs(p):
    hips = ellipsoid((0, 0.01, 0.91), (0.158, 0.118, 0.12))
    for s in (-1, 1):
        hips = union(hips, rod([(s * 0.088, 0.01, 0.88), (s * 0.105, -0.005, 0.50), (s * 0.115, 0.02, 0.085)], [0.088, 0.064, 0.052]), k=0.03)
        shoe = union(cone((s * 0.115, 0.04, 0.05), (s * 0.132, -0.14, 0.038), 0.046, 0.038), cone((s * 0.115, 0.03, 0.05), (s * 0.115, 0.02, 0.10), 0.045, 0.044), k=0.02)
        shoe = keep(shoe, lambda q: 0.004 - q[..., 2])
        body(p, "shoe", shoe, (s * 0.125 - 0.075, -0.20, -0.01), (s * 0.125 + 0.075, 0.11, 0.16), 0.019)
    body(p, "trousers", grow(hips, 0, lambda q: wrinkles(q, 0.0022)), (-0.21, -0.15, 0.02), (0.21, 0.17, 1.06), 0.022)


def hands(p):
    for s in (-1, 1):
        wrist, knuckles, tips = (s * 0.299, -0.045, 0.88), (s * 0.309, -0.068, 0.81), (s * 0.303, -0.085, 0.735)
        palm = union(cone(wrist, knuckles, 0.026, 0.030), cone(knuckles, tips, 0.028, 0.016), k=0.02)
        thumb = rod([(s * 0.295, -0.062, 0.855), (s * 0.278, -0.092, 0.815), (s * 0.278, -0.104, 0.785)], [0.015, 0.012, 0.010])
        body(p, "skin-guest", union(palm, thumb, k=0.012), (s * 0.297 - 0.07, -0.14, 0.70), (s * 0.297 + 0.07, 0.01, 0.92), 0.0135)


def face(p, lid, opened):
    """What a morph target changes is made anew for it: lids and mouth keep their triangles, so the difference is the target."""
    eyes(p, lid=lid, skin="skin-guest")
    with p.at(MOUTH + np.array([0, -0.001, -0.004 * opened]), rot_x(0.10)):
        p.ball("mouth", 0.021, 14, 8, (1.0 - 0.15 * opened, 0.35, 0.12 + 0.45 * opened))
    with p.at(MOUTH + np.array([0, -0.0005, -0.0065 - 0.016 * opened]), rot_x(0.15)):
        p.ball("lip", 0.017, 12, 6, (1.0 - 0.1 * opened, 0.42, 0.20))


def hair(p, h):
    """Short, parted, down to the nape; a line over the ears, and more of it in front."""
    strands = lambda q: 0.0026 * np.sin(150 * q[..., 0] + 40 * q[..., 1] + 3 * np.sin(24 * q[..., 1]))  # noqa: E731
    line = lambda q: np.maximum(0.052 - 0.95 * q[..., 1] - q[..., 2], -0.055 - q[..., 2] - np.clip(0.05 - q[..., 1], 0, 1) * 1.4)  # noqa: E731
    cap = keep(grow(h, 0.012, strands), line, 0.010)
    front = union(ellipsoid((0.014, -0.052, 0.108), (0.058, 0.044, 0.024)), ellipsoid((-0.012, 0.01, 0.116), (0.066, 0.078, 0.024)), k=0.03)
    body(p, "hair-dark", union(cap, grow(front, 0.0, strands), k=0.016), (-0.12, -0.14, -0.12), (0.12, 0.15, 0.19), 0.0115)


def person(lid=0.42, opened=0.0):
    p = Part("patron", lightmap=False)
    torso(p)
    legs(p)
    hands(p)
    with p.at(HEAD):
        h = head_shape()
        body(p, "skin-guest", h, (-0.10, -0.14, -0.135), (0.10, 0.13, 0.15), 0.0095, ratio=0.32)
        ears(p, "skin-guest")
        for s in (-1, 1):
            brow(p, "hair-dark", s)
        hair(p, h)
        face(p, lid, opened)
    return p


def jaw(verts, opened, smiled):
    """What the skin of the face does: the chin goes down, or the corners of the mouth up and apart."""
    q = verts - np.asarray(HEAD)
    front = np.clip((0.02 - q[:, 1]) / 0.06, 0, 1) * (np.abs(q[:, 2]) < 0.2)
    chin = np.clip((MOUTH[2] - q[:, 2]) / 0.02 + 0.5, 0, 1) * front
    corner = np.exp(-(((np.abs(q[:, 0]) - 0.024) / 0.016) ** 2 + ((q[:, 2] - MOUTH[2]) / 0.018) ** 2)) * front
    move = np.zeros_like(verts)
    move[:, 2] += -0.014 * opened * chin + 0.009 * smiled * corner
    move[:, 0] += 0.006 * smiled * corner * np.sign(q[:, 0])
    return move


# -- Blender's side ---------------------------------------------------------------------------------------------------
def rig(scene, o):
    data = bpy.data.armatures.new("patron")
    arm = bpy.data.objects.new("patron", data)
    scene.collection.objects.link(arm)
    bpy.context.view_layer.objects.active = arm
    bpy.ops.object.mode_set(mode="EDIT")
    for side in ("", "left", "right"):
        for name, (parent, head, tail) in BONES.items():
            if name.startswith("s_") != (side != ""):
                continue
            named = lambda n: n.replace("s_", side + "_", 1) if n.startswith("s_") else n  # noqa: E731
            flip = np.array([-1 if side == "right" else 1, 1, 1])
            b = data.edit_bones.new(named(name))
            b.head, b.tail = Vector(flip * head), Vector(flip * tail)
            if parent:
                b.parent = data.edit_bones[named(parent)]
    bpy.ops.object.mode_set(mode="OBJECT")
    o.select_set(True)
    arm.select_set(True)
    bpy.context.view_layer.objects.active = arm
    bpy.ops.object.parent_set(type="ARMATURE_AUTO")
    hold_head(o)
    return arm


def hold_head(o):
    """The head is a skull: it does not bend. And nothing may hang on no bone."""
    groups = {g.name: g for g in o.vertex_groups}
    loose = 0
    for v in o.data.vertices:
        z = v.co.z
        if z > 1.46:
            share = min(1.0, max(0.0, (z - 1.47) / 0.05))
            for g in groups.values():
                g.remove([v.index])
            groups["head"].add([v.index], share, "REPLACE")
            groups["neck"].add([v.index], 1 - share, "REPLACE")
        elif not any(g.weight > 0 for g in v.groups):
            loose += 1
            nearest = min(o.parent.data.bones, key=lambda b: (b.head_local.lerp(b.tail_local, 0.5) - v.co).length)
            groups[nearest.name].add([v.index], 1.0, "REPLACE")
    print(f"patron: {len(o.data.vertices)} vertices, {loose} that no bone held")


def turned(bone, turn):
    """A rotation vector about the figure's own axes (x to its left, y behind it, z up), in the bone's."""
    rest, angle = bone.bone.matrix_local.to_quaternion(), Vector(turn).length
    return rest.inverted() @ (Quaternion(Vector(turn) / angle, angle) if angle > 1e-9 else Quaternion()) @ rest


def idle(arm):
    """Breath, weight that goes from foot to foot, a look aside; every wave comes round in SECONDS. The feet stay."""
    wave = lambda t, times=1, ahead=0.0: math.sin(2 * math.pi * (times * t / SECONDS + ahead))  # noqa: E731
    for b in arm.pose.bones:
        b.rotation_mode = "QUATERNION"
    for frame in range(0, FPS * SECONDS + 1, 4):
        t = frame / FPS
        sway, breath = wave(t), wave(t, 1, 0.15)
        leg, tilt = 0.020 * sway, 0.030 * sway   # 0.86 m of leg for 0.018 m of way
        turns = {
            "pelvis": (0, tilt, 0), "spine": (0.010 * breath, -1.3 * tilt, 0.02 * sway), "chest": (-0.022 * breath, -0.6 * tilt, 0.03 * sway),
            "neck": (0.05 + 0.01 * breath, 0, 0.08 * wave(t, 1, 0.3)), "head": (0.02 + 0.03 * wave(t, 2, 0.1), 0.7 * tilt, 0.18 * wave(t, 1, 0.3)),
        }
        for side, s in (("left", 1), ("right", -1)):
            turns[side + "_upper_arm"] = (0.03 * wave(t, 1, 0.4 + 0.3 * s), s * (0.13 - 0.014 * breath), 0)
            turns[side + "_forearm"] = (-0.16 - 0.06 * s - 0.03 * wave(t, 1, 0.5), s * 0.05, 0)
            turns[side + "_hand"] = (0.06, s * 0.06, 0)
            turns[side + "_thigh"], turns[side + "_foot"] = (0, leg - tilt, 0), (0, -leg, 0)
        for name, turn in turns.items():
            b = arm.pose.bones[name]
            b.rotation_quaternion = turned(b, turn)
            b.keyframe_insert("rotation_quaternion", frame=frame)
        root = arm.pose.bones["pelvis"]
        root.location = (0.018 * sway, -0.002 * sway * sway, 0)
        root.keyframe_insert("location", frame=frame)
    arm.animation_data.action.name = "idle"


def blink(o):
    """Twice a round, a fifth of a second each, and a mouth that stirs."""
    keys = o.data.shape_keys.key_blocks
    for at, value in ((0, 0), (20, 0), (22, 1), (25, 0), (66, 0), (68, 1), (71, 0), (FPS * SECONDS, 0)):
        keys["blink"].value = value
        keys["blink"].keyframe_insert("value", frame=at)
    for at, value in ((0, 0.1), (48, 0.5), (FPS * SECONDS, 0.1)):
        keys["smile"].value = value
        keys["smile"].keyframe_insert("value", frame=at)
    o.data.shape_keys.animation_data.action.name = "idle"


def main():
    s = common.Scene("patron")
    flat_colours(s)
    scene = s.scene
    scene.render.fps, scene.frame_start, scene.frame_end = FPS, 0, FPS * SECONDS
    still = person()
    o = s._object(still)
    o.name = "patron-body"
    for layer in ("uv1", "uv0"):
        o.data.uv_layers.remove(o.data.uv_layers[layer])   # plain colours
    rest = np.asarray(still.verts)
    o.shape_key_add(name="rest")
    for name, changed, opened, smiled in (("blink", person(lid=-0.55), 0, 0), ("mouth-open", person(opened=1.0), 1, 0), ("smile", still, 0, 1)):
        key = o.shape_key_add(name=name)
        key.data.foreach_set("co", (np.asarray(changed.verts) + jaw(rest, opened, smiled)).astype(np.float32).ravel())
    arm = rig(scene, o)
    idle(arm)
    blink(o)
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    bpy.ops.object.select_all(action="DESELECT")
    o.select_set(True)
    arm.select_set(True)
    bpy.ops.export_scene.gltf(filepath=OUT, export_format="GLB", use_selection=True, export_extras=True, export_yup=True, export_texcoords=False, export_normals=True,
                              export_tangents=False, export_animations=True, export_animation_mode="ACTIONS", export_skins=True, export_influence_nb=4, export_def_bones=False,
                              export_morph=True, export_morph_normal=False, export_morph_tangent=False, export_morph_animation=True, export_try_sparse_sk=True,
                              export_optimize_animation_size=True, export_lights=False, export_cameras=False, export_attributes=False)
    print(f"patron: {sum(len(f) - 2 for f in still.faces)} triangles, {os.path.getsize(OUT) / 1e6:.2f} MB")


main()
