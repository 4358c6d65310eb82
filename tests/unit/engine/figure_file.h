// SPDX-License-Identifier: Apache-2.0
// Owns: a .glb with a skin, morph targets and an animation, whose parts a test can break: an arm of two bones, three triangles high.
// Never: writes a file. Thread: one owner.
#pragma once

#include <cstring>
#include <format>
#include <string>
#include <vector>

#include "glb_file.h"

namespace accalmie::testing {

struct FigureFile {
    struct Accessor {
        std::vector<std::uint8_t> bytes;
        int component_type;
        std::string type;
        std::size_t count;
        std::string more;
    };
    std::vector<Accessor> accessors;

    template <class T>
    int add(const std::vector<T>& values, const char* type, std::size_t components, int component_type, std::string more = {}) {
        std::vector<std::uint8_t> bytes(values.size() * sizeof(T));
        if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
        accessors.push_back({std::move(bytes), component_type, type, values.size() / components, std::move(more)});
        return static_cast<int>(accessors.size()) - 1;
    }
    int floats(const std::vector<float>& values, const char* type, std::size_t components) { return add(values, type, components, 5126); }

    int position = floats({0, 0, 0, 0.1f, 0, 0, 0, 1, 0, 0.1f, 1, 0, 0, 2, 0}, "VEC3", 3);
    int joints = add<std::uint8_t>({0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0}, "VEC4", 4, 5121);
    int weights = floats({1, 0, 0, 0, 2, 0, 0, 0, 0.5f, 0.5f, 0, 0, 0.25f, 0.75f, 0, 0, 1, 0, 0, 0}, "VEC4", 4);
    int longer = floats({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5f, 0}, "VEC3", 3);
    int bind = floats({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, -1, 0, 1}, "MAT4", 16);
    int times = floats({0, 1, 2}, "SCALAR", 1);
    int turns = floats({0, 0, 0, 1, 0, 0, 0.70710678f, 0.70710678f, 0, 0, 0, 1}, "VEC4", 4);
    int sizes = floats({0, 1, 0}, "SCALAR", 1);
    int indices = add<std::uint16_t>({0, 1, 2, 1, 3, 2, 2, 3, 4}, "SCALAR", 1, 5123);

    std::string attributes = std::format(R"("POSITION":{},"JOINTS_0":{},"WEIGHTS_0":{})", position, joints, weights);
    std::string targets = std::format(R"([{{"POSITION":{}}}])", longer);
    std::string mesh_more = R"(,"weights":[0],"extras":{"targetNames":["longer"]})";
    std::string skins = std::format(R"([{{"joints":[2,3],"inverseBindMatrices":{}}}])", bind);
    std::string nodes = R"([{"name":"patron","translation":[0,0,-2],"children":[1,2],"extras":{"phase_s":0.25,"cue":"patron"}},
        {"name":"body","mesh":0,"skin":0},{"name":"shoulder","children":[3]},{"name":"elbow","translation":[0,1,0]}])";
    std::string samplers = std::format(R"([{{"input":{},"output":{}}},{{"input":{},"output":{}}}])", times, turns, times, sizes);
    std::string channels = R"([{"sampler":0,"target":{"node":3,"path":"rotation"}},{"sampler":1,"target":{"node":1,"path":"weights"}}])";
    std::string animations;  // empty: one, "wave", of the samplers and channels above

    std::vector<std::uint8_t> bytes() const {
        std::vector<std::uint8_t> binary;
        std::string views, all;
        for (const Accessor& each : accessors) {
            while (binary.size() % 4 != 0) binary.push_back(0);
            views += std::format(R"({}{{"buffer":0,"byteOffset":{},"byteLength":{}}})", views.empty() ? "" : ",", binary.size(), each.bytes.size());
            all += std::format(R"({}{{"bufferView":{},"componentType":{},"type":"{}","count":{}{}}})", all.empty() ? "" : ",", &each - accessors.data(), each.component_type, each.type,
                each.count, each.more);
            binary.insert(binary.end(), each.bytes.begin(), each.bytes.end());
        }
        const std::string moving = animations.empty() ? std::format(R"([{{"name":"wave","samplers":{},"channels":{}}}])", samplers, channels) : animations;
        return glb_bytes(std::format(R"({{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":{},"meshes":[{{"name":"arm","primitives":[{{"attributes":{{{}}},)"
                                     R"("indices":{},"targets":{}}}]{}}}],"skins":{},"animations":{},"accessors":[{}],"bufferViews":[{}],"buffers":[{{"byteLength":{}}}]}})",
                                     nodes, attributes, indices, targets, mesh_more, skins, moving, all, views, binary.size()),
                         binary);
    }
};

}  // namespace accalmie::testing
