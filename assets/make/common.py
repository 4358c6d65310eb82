# SPDX-License-Identifier: Apache-2.0
# What the scene scripts share: parts to Blender objects, materials, light map, environment map, export.
#
# Maps beside NAME.glb (8-bit RGBA PNG, not sRGB, not premultiplied, straight rows from the top):
#   store   c = sqrt(L / 64);  a = ceil(max(c.r, c.g, c.b) * 255) / 255 (at least 1/255);  rgb = c / a
#   decode  L = (rgb * a)^2 * 64          linear, per channel
#   NAME.lightmap.png      L = irradiance / pi: the light that leaves a white diffuse wall, so that out = base_color * L.
#                          Addressed by TEXCOORD_1 with glTF's convention (v = 0 is the top row). Level 0 is what lights it.
#   NAME.environment.png   512 x 256, radiance seen from the patient's eyes (0, 1.20, 0) in glTF axes, unit direction d:
#                          u = atan2(d.x, -d.z) / (2 pi) + 0.5,  v = acos(d.y) / pi   (centre = straight ahead, right = +x)
import math
import os
import sys

import bpy
import numpy as np
from mathutils import Vector
from PIL import Image

from materials import Materials
from radiance import filter_noise, halve, spread, write_rgbm

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCENES = os.path.join(ROOT, "assets", "scenes")
WORK = os.path.join(ROOT, "build", "assets")
EYE = (0.0, 0.0, 1.20)


def options():
    """Everything after `--`: name=value pairs. quick bakes small; keep=light,env,LOOK takes those stages from the last run."""
    argv = sys.argv[sys.argv.index("--") + 1:] if "--" in sys.argv else []
    return dict(a.split("=", 1) if "=" in a else (a, "1") for a in argv)


# -- the scene --------------------------------------------------------------------------------------------------------
class Scene(Materials):
    def __init__(self, name):
        self.name, self.parts, self.defs, self.objects = name, [], {}, {}
        self.opt = options()
        self.quick, self.key = "quick" in self.opt, None
        self.keep = set(self.opt.get("keep", "").split(","))
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        os.makedirs(SCENES, exist_ok=True)
        os.makedirs(WORK, exist_ok=True)
        s = self.scene
        s.render.engine = "CYCLES"
        c = s.cycles
        c.device, c.use_denoising, c.use_light_tree = "CPU", False, True
        c.caustics_reflective = c.caustics_refractive = False
        c.sample_clamp_indirect, c.max_bounces, c.diffuse_bounces = 1.5, 12, 4
        c.transparent_max_bounces, c.seed = 16, 7
        s.view_settings.view_transform = "AgX"
        s.world = bpy.data.worlds.new("world")
        s.world.use_nodes = True
        self.background((0, 0, 0))
        cam = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
        cam.location, cam.rotation_euler = EYE, (math.pi / 2, 0, 0)
        cam.data.clip_start = 0.01
        s.collection.objects.link(cam)
        s.camera = cam

    def background(self, rgb, strength=1.0):
        n = self.scene.world.node_tree.nodes["Background"]
        n.inputs[0].default_value, n.inputs[1].default_value = (*rgb, 1), strength

    def part(self, name, **kw):
        from shapes import Part
        p = Part(name, **kw)
        self.parts.append(p)
        return p

    # -- lights (for the bake and the environment only) -----------------------------------------------------------------
    def light(self, kind, loc, power, color=(1, 1, 1), size=0.1, target=None, size_y=None, angle=60, blend=0.5):
        d = bpy.data.lights.new("light", kind)
        d.energy, d.color = power, color
        if kind == "AREA":
            d.size = size
            if size_y:
                d.shape, d.size_y = "RECTANGLE", size_y
        elif kind == "SUN":
            d.angle = size
        else:
            d.shadow_soft_size = size
        if kind == "SPOT":
            d.spot_size, d.spot_blend = math.radians(angle), blend
        o = bpy.data.objects.new("light", d)
        o.location = loc
        if target is not None:
            o.rotation_euler = (Vector(target) - Vector(loc)).to_track_quat("-Z", "Y").to_euler()
        o.visible_camera = o.visible_glossy = o.visible_transmission = False
        self.scene.collection.objects.link(o)
        return o

    def key_light(self, loc, power, color):
        """The one light that the engine adds on what has no light map (people, plants): exported, seen by no bake."""
        o = self.light("POINT", loc, power, color, 0.1)
        o.name, o.hide_render = "key", True
        self.key = o

    # -- parts to objects -----------------------------------------------------------------------------------------------
    def build(self, parts=None):
        for p in parts or self.parts:
            if p.faces and p.name not in self.objects:
                self.objects[p.name] = self._object(p)
            elif not p.faces:
                o = bpy.data.objects.new(p.name, None)
                self.scene.collection.objects.link(o)
                self.objects[p.name] = o
            self._tag(p, self.objects[p.name])
        for p in parts or self.parts:
            if p.parent:
                o, par = self.objects[p.name], self.objects[p.parent]
                o.parent = par
                o.location = Vector(p.origin) - Vector(next(q.origin for q in self.parts if q.name == p.parent))

    def _object(self, p):
        origin = np.asarray(p.origin, float)
        me = bpy.data.meshes.new(p.name)
        me.from_pydata([tuple(v - origin) for v in p.verts], [], p.faces)
        names = sorted(set(p.mats))
        for n in names:
            me.materials.append(bpy.data.materials[n])
        slot = {n: i for i, n in enumerate(names)}
        me.polygons.foreach_set("material_index", [slot[n] for n in p.mats])
        me.polygons.foreach_set("use_smooth", [True] * len(p.faces))
        for layer, data in (("uv0", p.uvs), ("uv1", p.uv2)):
            me.uv_layers.new(name=layer).data.foreach_set("uv", np.asarray(data, np.float32).ravel())
        me.normals_split_custom_set([tuple(n) for n in p.normals])
        me.uv_layers["uv0"].active_render = True
        me.uv_layers.active = me.uv_layers["uv0"]
        o = bpy.data.objects.new(p.name, me)
        o.location = p.origin
        self.scene.collection.objects.link(o)
        return o

    def _tag(self, p, o):
        if p.level_min is not None:
            o["level_min"] = int(p.level_min)
        if p.level_max is not None:
            o["level_max"] = int(p.level_max)
        if p.cue:
            o["cue"] = p.cue
        if p.lightmap and p.faces:
            o["lightmap"] = True
        if p.idle:
            o["idle"] = p.idle

    # -- light map ------------------------------------------------------------------------------------------------------
    def unwrap(self, margin):
        """One atlas for every light-mapped part; `density` gives a part more texels a metre."""
        parts = [p for p in self.parts if p.lightmap and p.faces]
        verts, faces, density = [], [], []
        for p in parts:
            base = len(verts)
            verts += [tuple(v) for v in p.verts]
            faces += [[base + i for i in f] for f in p.faces]
            density += [p.density] * sum(len(f) for f in p.faces)
        me = bpy.data.meshes.new("atlas")
        me.from_pydata(verts, [], faces)
        o = bpy.data.objects.new("atlas", me)
        self.scene.collection.objects.link(o)
        bpy.context.view_layer.objects.active = o
        o.select_set(True)
        bpy.ops.object.mode_set(mode="EDIT")
        bpy.ops.mesh.select_all(action="SELECT")
        bpy.ops.uv.smart_project(angle_limit=math.radians(66), island_margin=0.0, area_weight=0.0)
        bpy.ops.object.mode_set(mode="OBJECT")
        uv = np.zeros(2 * len(me.loops), np.float32)
        me.uv_layers[0].data.foreach_get("uv", uv)
        uv *= np.repeat(np.asarray(density, np.float32), 2)
        me.uv_layers[0].data.foreach_set("uv", uv)
        bpy.ops.object.mode_set(mode="EDIT")
        bpy.ops.mesh.select_all(action="SELECT")
        bpy.ops.uv.select_all(action="SELECT")
        bpy.ops.uv.pack_islands(rotate=True, rotate_method="AXIS_ALIGNED", scale=True, margin_method="FRACTION",
                                margin=margin, shape_method="AABB")
        bpy.ops.object.mode_set(mode="OBJECT")
        me.uv_layers[0].data.foreach_get("uv", uv)
        at = 0
        for p in parts:
            n = 2 * sum(len(f) for f in p.faces)
            self.objects[p.name].data.uv_layers["uv1"].data.foreach_set("uv", uv[at:at + n])
            at += n
        bpy.data.objects.remove(o)
        bpy.data.meshes.remove(me)

    def bake_lightmap(self, size, samples, hide=(), over=2):
        """Bakes at `over` times the size, filters, halves; parts in `hide` (glass, people, higher levels) do not take part."""
        big = size * over
        self.unwrap(margin=5.0 / big)
        if "light" in self.keep:
            return
        img = bpy.data.images.new("light", big, big, alpha=True, float_buffer=True)
        img.generated_color = (0, 0, 0, 0)
        targets = [self.objects[p.name] for p in self.parts if p.lightmap and p.faces]
        self._bake(targets, img, "DIFFUSE", samples, hide, "uv1")
        px = np.zeros(big * big * 4, np.float32)
        img.pixels.foreach_get(px)
        px = px.reshape(big, big, 4)[::-1]
        mask = px[..., 3] > 0.5
        lum = px[..., :3].mean(-1)
        mask &= lum > 0.02 * np.median(lum[mask])   # what lies inside another body is filled from its neighbours
        lin, m = filter_noise(px[..., :3].copy(), mask, 2 if over == 2 else 3, 0.16 if samples >= 48 else 0.32, 2 if over == 2 else 3), mask
        if over == 2:
            lin, m = halve(lin, m)
        write_rgbm(os.path.join(SCENES, self.name + ".lightmap.png"), spread(lin, m))
        print(f"light map {size}: {mask.mean():.0%} covered, median {np.median(lin[m]):.3f}, max {lin[m].max():.2f}")
        bpy.data.images.remove(img)

    def _bake(self, targets, img, kind, samples, hide, layer):
        s = self.scene
        s.cycles.samples = samples
        bpy.ops.object.select_all(action="DESELECT")
        hidden = {p.name for p in self.parts if p.name in hide}
        for n, o in self.objects.items():
            o.hide_render = n in hidden
        nodes = []
        for o in targets:
            o.hide_render = False
            o.select_set(True)
            o.data.uv_layers.active = o.data.uv_layers[layer]
            for m in o.data.materials:
                if any(m is x for x, _ in nodes):
                    continue
                n = m.node_tree.nodes.new("ShaderNodeTexImage")
                n.image = img
                m.node_tree.nodes.active = n
                nodes.append((m, n))
        metals = self._dull(targets) if kind == "DIFFUSE" else []
        bpy.context.view_layer.objects.active = targets[0]
        b = s.render.bake
        b.use_clear, b.margin = True, 0
        b.use_pass_direct = b.use_pass_indirect = True
        b.use_pass_color = kind != "DIFFUSE"
        b.view_from = "ABOVE_SURFACE" if kind == "DIFFUSE" else "ACTIVE_CAMERA"
        bpy.ops.object.bake(type=kind)
        for socket, value in metals:
            socket.default_value = value
        for m, n in nodes:
            m.node_tree.nodes.remove(n)
        for o in targets:
            o.data.uv_layers.active = o.data.uv_layers["uv0"]

    def _dull(self, targets):
        """A metal has no diffuse part, so its texels would stay black and the engine would take its place for a dark one."""
        sockets = {m.node_tree.nodes["Principled BSDF"].inputs["Metallic"] for o in targets for m in o.data.materials}
        was = [(k, k.default_value) for k in sockets if k.default_value > 0]
        for k, _ in was:
            k.default_value = 0.0
        return was

    # -- a path-traced look, as seen from the seat, for glass that stays where it is --------------------------------------
    def bake_look(self, names, stem, size, samples, hide=(), rough=0.9):
        """Bakes what the eye sees in these parts (refraction, labels, back light) into an emissive texture and puts it on."""
        path = os.path.join(WORK, f"{self.name}-{stem}.jpg")
        targets = [self.objects[n] for n in names]
        if stem not in self.keep:
            self._path_trace_look(targets, path, size, samples, hide)
        with open(path + ".scale") as f:
            top = float(f.read())
        m = self.mat(f"{stem}-look", (0.0, 0.0, 0.0), rough=rough, emit=(1, 1, 1), strength=top, emit_tex=path)
        for o in targets:
            o.data.materials.clear()
            o.data.materials.append(m)
            o.data.polygons.foreach_set("material_index", [0] * len(o.data.polygons))

    def _path_trace_look(self, targets, path, size, samples, hide):
        img = bpy.data.images.new("look", size[0], size[1], alpha=True, float_buffer=True)
        img.generated_color = (0, 0, 0, 0)
        s = self.scene.render.bake
        s.use_pass_glossy = s.use_pass_diffuse = s.use_pass_transmission = s.use_pass_emit = True
        self._bake(targets, img, "COMBINED", samples, hide, "uv0")
        px = np.zeros(size[0] * size[1] * 4, np.float32)
        img.pixels.foreach_get(px)
        px = px.reshape(size[1], size[0], 4)[::-1]
        mask = px[..., 3] > 0.5
        lin = spread(filter_noise(px[..., :3].copy(), mask, radius=1, sigma_log=0.3, passes=1), mask)
        top = float(np.percentile(lin[mask].max(-1), 99.7))
        c = np.clip(lin / top, 0, 1)
        srgb = np.where(c <= 0.0031308, 12.92 * c, 1.055 * c ** (1 / 2.4) - 0.055)
        Image.fromarray((srgb * 255 + 0.5).astype(np.uint8)).save(path, quality=90, subsampling=0)
        with open(path + ".scale", "w") as f:
            f.write(repr(top))
        print(f"look {os.path.basename(path)}: {mask.mean():.0%} covered, full scale {top:.2f}")
        bpy.data.images.remove(img)

    # -- environment, pictures, export ----------------------------------------------------------------------------------
    def _render(self, path, w, h, samples, hide):
        s = self.scene
        s.cycles.samples = samples
        s.render.resolution_x, s.render.resolution_y, s.render.resolution_percentage = w, h, 100
        for n, o in self.objects.items():
            o.hide_render = n in hide
        s.render.filepath = path
        bpy.ops.render.render(write_still=True)

    def render_environment(self, samples, hide=()):
        if "env" in self.keep:
            return
        s, cam = self.scene, self.scene.camera
        cam.data.type = "PANO"
        cam.data.panorama_type = "EQUIRECTANGULAR"
        s.render.image_settings.file_format, s.render.image_settings.color_depth = "OPEN_EXR", "32"
        path = os.path.join(WORK, self.name + ".environment.exr")
        self._render(path, 512, 256, samples, hide)
        cam.data.type = "PERSP"
        img = bpy.data.images.load(path)
        px = np.zeros(512 * 256 * 4, np.float32)
        img.pixels.foreach_get(px)
        lin = px.reshape(256, 512, 4)[::-1, :, :3]
        lin = filter_noise(lin.copy(), np.ones((256, 512), bool), radius=1, passes=1)
        write_rgbm(os.path.join(SCENES, self.name + ".environment.png"), lin)
        print(f"environment: mean {lin.mean():.3f}, max {lin.max():.1f}")

    def beauty(self, stem, w=640, h=360, samples=24, hide=(), yaw=0.0, pitch=0.0, fov=75.0, exposure=0.0):
        s, cam = self.scene, self.scene.camera
        cam.data.angle = math.radians(fov)
        cam.rotation_euler = (math.pi / 2 + math.radians(pitch), 0, math.radians(-yaw))
        s.render.image_settings.file_format = "PNG"
        s.view_settings.exposure = exposure
        self._render(os.path.join(WORK, f"{self.name}-{stem}.png"), w, h, samples, hide)
        cam.rotation_euler = (math.pi / 2, 0, 0)

    def triangles(self):
        return sum(len(f) - 2 for p in self.parts if p.exported for f in p.faces)

    def export(self):
        bpy.ops.object.select_all(action="DESELECT")
        for p in self.parts:
            o = self.objects[p.name]
            o.hide_render = False
            o.select_set(p.exported)
        if self.key:
            self.key.select_set(True)
        path = os.path.join(SCENES, self.name + ".glb")
        bpy.ops.export_scene.gltf(filepath=path, export_format="GLB", use_selection=True, export_extras=True,
                                  export_yup=True, export_image_format="AUTO", export_apply=False, export_animations=False,
                                  export_texcoords=True, export_normals=True, export_tangents=False, export_cameras=False,
                                  export_lights=True, export_import_convert_lighting_mode="COMPAT", export_attributes=False)
        print(f"{self.name}: {self.triangles()} triangles, {os.path.getsize(path) / 1e6:.2f} MB")
