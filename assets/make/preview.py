# SPDX-License-Identifier: Apache-2.0
# A picture of an exported scene as the engine composes it: base colour x light map, emissive, environment reflections.
# Use: blender -b --python preview.py -- scene=bar-night level=2 yaw=0 pitch=-8 fov=75 size=960x540 out=FILE.png exposure=1
import math
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bpy  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

import common  # noqa: E402
import radiance  # noqa: E402

o = common.options()
name, level = o["scene"], int(o.get("level", 0))
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=os.path.join(common.SCENES, name + ".glb"), export_import_convert_lighting_mode="COMPAT")
for ob in bpy.data.lights:
    ob.use_shadow = False
sc = bpy.context.scene
sc.render.engine = "CYCLES"
sc.cycles.samples, sc.cycles.use_denoising = int(o.get("samples", 8)), False
sc.cycles.max_bounces, sc.cycles.transparent_max_bounces = 0, 24


def linear_image(path, key):
    lin = radiance.rgbm_decode(np.asarray(Image.open(path))).astype(np.float32)
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


class Rebuilt:
    """The principled material becomes emission of what the engine would compute."""

    def __init__(self, m, mapped):
        self.nt, self.mapped = m.node_tree, mapped
        self.n, self.L = self.nt.nodes, self.nt.links
        self.b = self.n.get("Principled BSDF")
        if self.b is None:
            return
        last = self.see_through(self.reflecting(self.own_light()))
        if m.use_backface_culling:
            g = self.n.new("ShaderNodeNewGeometry")
            last = self.mixed(g.outputs["Backfacing"], last, self.n.new("ShaderNodeBsdfTransparent").outputs[0])
        self.L.new(last, self.n.get("Material Output").inputs["Surface"])

    def mixed(self, factor, first, second):
        x = self.n.new("ShaderNodeMixShader")
        if hasattr(factor, "links"):
            self.L.new(factor, x.inputs[0])
        else:
            x.inputs[0].default_value = factor
        self.L.new(first, x.inputs[1])
        self.L.new(second, x.inputs[2])
        return x.outputs[0]

    def colour(self, name):
        s = self.b.inputs[name]
        if s.is_linked:
            return s.links[0].from_socket
        r = self.n.new("ShaderNodeRGB")
        v = s.default_value
        r.outputs[0].default_value = tuple(v) if hasattr(v, "__len__") else (v, v, v, 1)
        return r.outputs[0]

    def combine(self, kind, a, c):
        x = self.n.new("ShaderNodeMix")
        x.data_type, x.blend_type = "RGBA", kind
        x.inputs[0].default_value = 1.0
        self.L.new(a, x.inputs[6])
        self.L.new(c, x.inputs[7])
        return x.outputs[2]

    def light(self):
        i = self.n.new("ShaderNodeTexImage" if self.mapped else "ShaderNodeTexEnvironment")
        i.image = light if self.mapped else irr
        if self.mapped:
            uv = self.n.new("ShaderNodeUVMap")
            uv.uv_map = "UVMap.001"
            self.L.new(uv.outputs[0], i.inputs[0])
        else:
            self.L.new(self.n.new("ShaderNodeNewGeometry").outputs["Normal"], turned(self.n, self.L, i))
        return i.outputs[0]

    def own_light(self):
        """base x light + emissive; metals have no diffuse part; what has no light map gets the key light too."""
        metal = self.b.inputs["Metallic"].default_value > 0.5
        total = self.combine("MULTIPLY", self.colour("Emission Color"), self.colour("Emission Strength"))
        if not metal:
            total = self.combine("ADD", self.combine("MULTIPLY", self.colour("Base Color"), self.light()), total)
        e = self.n.new("ShaderNodeEmission")
        self.L.new(total, e.inputs[0])
        if metal or self.mapped:
            return e.outputs[0]
        di, ad = self.n.new("ShaderNodeBsdfDiffuse"), self.n.new("ShaderNodeAddShader")
        self.L.new(self.colour("Base Color"), di.inputs["Color"])
        self.L.new(e.outputs[0], ad.inputs[0])
        self.L.new(di.outputs[0], ad.inputs[1])
        return ad.outputs[0]

    def reflecting(self, first):
        metal, rough = self.b.inputs["Metallic"].default_value > 0.5, self.b.inputs["Roughness"].default_value
        gl = self.n.new("ShaderNodeBsdfGlossy")
        gl.inputs["Roughness"].default_value = rough
        if metal:
            self.L.new(self.colour("Base Color"), gl.inputs["Color"])
            return gl.outputs[0]
        f, mu = self.n.new("ShaderNodeFresnel"), self.n.new("ShaderNodeMath")
        f.inputs[0].default_value, mu.operation = 1.45, "MULTIPLY"
        mu.inputs[1].default_value = max(0.0, 1 - rough) ** 0.7
        self.L.new(f.outputs[0], mu.inputs[0])
        return self.mixed(mu.outputs[0], first, gl.outputs[0])

    def see_through(self, last):
        alpha = self.b.inputs["Alpha"]
        if not alpha.is_linked and alpha.default_value >= 1:
            return last
        factor = alpha.links[0].from_socket if alpha.is_linked else alpha.default_value
        return self.mixed(factor, self.n.new("ShaderNodeBsdfTransparent").outputs[0], last)


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
            c.cycles.emission_sampling = "NONE"
            Rebuilt(c, mapped)
            done[key] = c
        sl.material = done[key]

w = bpy.data.worlds.new("w")
w.use_nodes = True
w.cycles_visibility.diffuse = False
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
