# SPDX-License-Identifier: Apache-2.0
# Materials: principled ones as the exporter knows them, and true glass that only the path tracer sees.
import bpy


class Materials:
    def mat(self, name, color=(0.8, 0.8, 0.8), tex=None, rough=0.6, metal=0.0, emit=None, strength=1.0, emit_tex=None,
            alpha=1.0, blend=False, double=False, glass=None, ior=1.45, cloud=0.0, sample_light=False, uv="uv0"):
        """color multiplies tex. glass=(r,g,b): true refraction for Cycles (look bakes), never exported as such; cloud: how much of
        the light a liquid scatters."""
        m = bpy.data.materials.new(name)
        m.use_nodes = True
        m.use_backface_culling = not double
        nt = m.node_tree
        if glass is not None:
            nt.nodes.clear()
            out = nt.nodes.new("ShaderNodeOutputMaterial")
            g = nt.nodes.new("ShaderNodeBsdfGlass")
            g.inputs["Color"].default_value = (*glass, 1)
            g.inputs["Roughness"].default_value = rough
            g.inputs["IOR"].default_value = ior
            # light reaches what stands behind or inside: a refracted shadow ray would be a caustic, and those are off
            t, mix, path, either = (nt.nodes.new("ShaderNode" + k) for k in ("BsdfTransparent", "MixShader", "LightPath", "Math"))
            t.inputs[0].default_value = (*glass, 1)
            either.operation = "MAXIMUM"
            body = g.outputs[0]
            if cloud:
                d, both = nt.nodes.new("ShaderNodeBsdfDiffuse"), nt.nodes.new("ShaderNodeMixShader")
                d.inputs[0].default_value, both.inputs[0].default_value = (*glass, 1), cloud
                nt.links.new(body, both.inputs[1])
                nt.links.new(d.outputs[0], both.inputs[2])
                body = both.outputs[0]
            nt.links.new(path.outputs["Is Shadow Ray"], either.inputs[0])
            nt.links.new(path.outputs["Is Diffuse Ray"], either.inputs[1])
            for a, b in ((either.outputs[0], mix.inputs[0]), (body, mix.inputs[1]), (t.outputs[0], mix.inputs[2]), (mix.outputs[0], out.inputs[0])):
                nt.links.new(a, b)
            return m
        b = nt.nodes["Principled BSDF"]
        b.inputs["Base Color"].default_value = (*color, 1)
        b.inputs["Roughness"].default_value, b.inputs["Metallic"].default_value = rough, metal
        b.inputs["Alpha"].default_value = alpha
        if tex:
            self._texture(nt, tex, b, color, blend, uv)
        if blend or alpha < 1:
            m.surface_render_method = "BLENDED"
        if emit is not None:
            b.inputs["Emission Color"].default_value = (*emit, 1)
            b.inputs["Emission Strength"].default_value = strength
            if emit_tex:
                i = nt.nodes.new("ShaderNodeTexImage")
                i.image = bpy.data.images.load(emit_tex, check_existing=True)
                uvn = nt.nodes.new("ShaderNodeUVMap")
                uvn.uv_map = uv
                nt.links.new(uvn.outputs[0], i.inputs[0])
                nt.links.new(i.outputs[0], b.inputs["Emission Color"])
            if not sample_light:
                m.cycles.emission_sampling = "NONE"
        return m

    def _texture(self, nt, tex, b, color, blend, uv):
        i = nt.nodes.new("ShaderNodeTexImage")
        i.image = bpy.data.images.load(tex, check_existing=True)
        uvn = nt.nodes.new("ShaderNodeUVMap")
        uvn.uv_map = uv
        nt.links.new(uvn.outputs[0], i.inputs[0])
        if color == (1, 1, 1):
            nt.links.new(i.outputs[0], b.inputs["Base Color"])
        else:  # the exporter knows this multiply as baseColorFactor
            mix = nt.nodes.new("ShaderNodeMix")
            mix.data_type, mix.blend_type = "RGBA", "MULTIPLY"
            mix.inputs[0].default_value = 1.0
            nt.links.new(i.outputs[0], mix.inputs[6])
            mix.inputs[7].default_value = (*color, 1)
            nt.links.new(mix.outputs[2], b.inputs["Base Color"])
        if blend:
            nt.links.new(i.outputs[1], b.inputs["Alpha"])
