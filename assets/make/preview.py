# SPDX-License-Identifier: Apache-2.0
# A picture of an exported scene as the engine composes it: base colour x light map, emissive, environment reflections.
# Use: blender -b --python preview.py -- scene=bar-night level=2 yaw=0 pitch=-8 fov=75 size=960x540 out=FILE.png exposure=1
import math
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import common  # noqa: E402

o = common.options()
name, level = o["scene"], int(o.get("level", 0))
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=os.path.join(common.SCENES, name + ".glb"))
sc = bpy.context.scene
sc.render.engine = "CYCLES"
sc.cycles.samples, sc.cycles.use_denoising = int(o.get("samples", 8)), False
sc.cycles.max_bounces, sc.cycles.transparent_max_bounces = 0, 24


def linear_image(path, key):
    lin = common.rgbm_decode(np.asarray(Image.open(path))).astype(np.float32)
    h, w = lin.shape[:2]
    img = bpy.data.images.new(key, w, h, float_buffer=True)
    img.colorspace_settings.name = "Non-Color"
    img.pixels.foreach_set(np.dstack([lin, np.ones((h, w), np.float32)])[::-1].ravel().astype(np.float32))
    return img, lin


light, _ = linear_image(os.path.join(common.SCENES, name + ".lightmap.png"), "light")
env, env_lin = linear_image(os.path.join(common.SCENES, name + ".environment.png"), "env")


def irradiance(lin, w=32, h=16):
    """Cosine-weighted average of the environment for every direction, as the engine lights what has no light map."""
    H, W = lin.shape[:2]
    small = lin.reshape(h * 2, H // (h * 2), w * 2, W // (w * 2), 3).mean((1, 3))

    def dirs(w, h):
        u, v = (np.arange(w) + 0.5) / w, (np.arange(h) + 0.5) / h
        t, a = v[:, None] * math.pi, (u[None] - 0.5) * 2 * math.pi
        return np.stack([np.sin(t) * np.sin(a), np.sin(t) * np.cos(a), np.cos(t) + 0 * a], -1), np.sin(t) + 0 * a
    d, s = dirs(w * 2, h * 2)
    q, _ = dirs(w, h)
    k = np.maximum(q.reshape(-1, 3) @ d.reshape(-1, 3).T, 0) * s.reshape(1, -1)
    e = k @ small.reshape(-1, 3) * (math.pi / (h * 2)) * (2 * math.pi / (w * 2)) / math.pi
    img = bpy.data.images.new("irr", w, h, float_buffer=True)
    img.colorspace_settings.name = "Non-Color"
    img.pixels.foreach_set(np.dstack([e.reshape(h, w, 3), np.ones((h, w))])[::-1].ravel().astype(np.float32))
    return img


irr = irradiance(env_lin)


def rebuild(m, mapped):
    """The principled material becomes emission of what the engine would compute."""
    nt = m.node_tree
    b = nt.nodes.get("Principled BSDF")
    if b is None:
        return
    n, L = nt.nodes, nt.links

    def sock(s):
        if s.is_linked:
            return s.links[0].from_socket
        r = n.new("ShaderNodeRGB")
        v = s.default_value
        r.outputs[0].default_value = tuple(v) if hasattr(v, "__len__") else (v, v, v, 1)
        return r.outputs[0]

    def mix(kind, a, c):
        x = n.new("ShaderNodeMix")
        x.data_type, x.blend_type = "RGBA", kind
        x.inputs[0].default_value = 1.0
        L.new(a, x.inputs[6])
        L.new(c, x.inputs[7])
        return x.outputs[2]

    metal, rough = b.inputs["Metallic"].default_value, b.inputs["Roughness"].default_value
    base = sock(b.inputs["Base Color"])
    i = n.new("ShaderNodeTexEnvironment" if not mapped else "ShaderNodeTexImage")
    if mapped:
        i.image = light
        uv = n.new("ShaderNodeUVMap")
        uv.uv_map = "UVMap.001"
        L.new(uv.outputs[0], i.inputs[0])
    else:
        i.image = irr
        g = n.new("ShaderNodeNewGeometry")
        L.new(g.outputs["Normal"], turned(n, L, i))
    dif = mix("MULTIPLY", base, i.outputs[0])
    s = n.new("ShaderNodeRGB")
    k = 0.0 if metal > 0.5 else 1.0
    s.outputs[0].default_value = (k, k, k, 1)
    total = mix("MULTIPLY", dif, s.outputs[0])
    em = mix("MULTIPLY", sock(b.inputs["Emission Color"]), sock(b.inputs["Emission Strength"]))
    total = mix("ADD", total, em)
    e = n.new("ShaderNodeEmission")
    L.new(total, e.inputs[0])
    gl = n.new("ShaderNodeBsdfGlossy")
    gl.inputs["Roughness"].default_value = rough
    out = n.get("Material Output")
    mx = n.new("ShaderNodeMixShader")
    if metal > 0.5:
        L.new(base, gl.inputs["Color"])
        mx.inputs[0].default_value = 1.0
    else:
        f = n.new("ShaderNodeFresnel")
        f.inputs[0].default_value = 1.45
        mu = n.new("ShaderNodeMath")
        mu.operation = "MULTIPLY"
        mu.inputs[1].default_value = max(0.0, 1 - rough) ** 0.7
        L.new(f.outputs[0], mu.inputs[0])
        L.new(mu.outputs[0], mx.inputs[0])
    L.new(e.outputs[0], mx.inputs[1])
    L.new(gl.outputs[0], mx.inputs[2])
    last = mx.outputs[0]
    alpha = b.inputs["Alpha"]
    if alpha.is_linked or alpha.default_value < 1:
        tr = n.new("ShaderNodeBsdfTransparent")
        m2 = n.new("ShaderNodeMixShader")
        if alpha.is_linked:
            L.new(alpha.links[0].from_socket, m2.inputs[0])
        else:
            m2.inputs[0].default_value = alpha.default_value
        L.new(tr.outputs[0], m2.inputs[1])
        L.new(last, m2.inputs[2])
        last = m2.outputs[0]
    if m.use_backface_culling:
        tr = n.new("ShaderNodeBsdfTransparent")
        g = n.new("ShaderNodeNewGeometry")
        m3 = n.new("ShaderNodeMixShader")
        L.new(g.outputs["Backfacing"], m3.inputs[0])
        L.new(last, m3.inputs[1])
        L.new(tr.outputs[0], m3.inputs[2])
        last = m3.outputs[0]
    L.new(last, out.inputs["Surface"])


def turned(n, L, image_node):
    """Blender's equirectangular centre looks along -x... its +y is a quarter turn away: turn so that +y is the centre."""
    mp = n.new("ShaderNodeMapping")
    mp.vector_type = "VECTOR"
    mp.inputs["Rotation"].default_value = (0, 0, -math.pi / 2)
    L.new(mp.outputs[0], image_node.inputs[0])
    return mp.inputs[0]


def inherited(ob, key, default):
    while ob is not None:
        if key in ob:
            return ob[key]
        ob = ob.parent
    return default


done = {}
for ob in [x for x in bpy.data.objects if x.type == "MESH"]:
    lo, hi = inherited(ob, "level_min", 0), inherited(ob, "level_max", 1000)
    ob.hide_render = not lo <= level <= hi
    mapped = bool(ob.get("lightmap", False))
    ob.visible_glossy = ob.visible_diffuse = False
    for sl in ob.material_slots:
        key = (sl.material.name, mapped)
        if key not in done:
            c = sl.material.copy()
            rebuild(c, mapped)
            done[key] = c
        sl.material = done[key]

w = bpy.data.worlds.new("w")
w.use_nodes = True
sc.world = w
nt = w.node_tree
t = nt.nodes.new("ShaderNodeTexEnvironment")
t.image = env
geo = nt.nodes.new("ShaderNodeTexCoord")
nt.links.new(geo.outputs["Generated"], turned(nt.nodes, nt.links, t))
nt.links.new(t.outputs[0], nt.nodes["Background"].inputs[0])
cam = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
x, y, z = (float(v) for v in o.get("eye", "0,0,1.2").split(","))
cam.location = (x, y, z)
cam.data.angle, cam.data.clip_start = math.radians(float(o.get("fov", 75))), 0.02
cam.rotation_euler = (math.pi / 2 + math.radians(float(o.get("pitch", 0))), 0, math.radians(-float(o.get("yaw", 0))))
sc.collection.objects.link(cam)
sc.camera = cam
wd, ht = (int(v) for v in o.get("size", "960x540").split("x"))
sc.render.resolution_x, sc.render.resolution_y = wd, ht
sc.view_settings.view_transform = o.get("view", "AgX")
sc.view_settings.exposure = math.log2(float(o.get("exposure", 1)))
sc.render.image_settings.file_format = "PNG"
sc.render.filepath = o.get("out", os.path.join(common.WORK, f"{name}-preview.png"))
bpy.ops.render.render(write_still=True)
