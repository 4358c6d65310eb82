// SPDX-License-Identifier: Apache-2.0
// What of a .glb becomes a figure, and every way in which that is refused.
#include <algorithm>
#include <limits>

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

#include "engine/content/limits.h"
#include "engine/content/scene_asset.h"
#include "figure_file.h"

using namespace accalmie;
using accalmie::testing::FigureFile;
using accalmie::testing::TemporaryFolder;
using Catch::Approx;

namespace {

Result<content::SceneAsset> load(const FigureFile& file) {
    const TemporaryFolder folder;
    return content::load_scene_asset(folder.write("patron.glb", file.bytes()));
}

content::SceneAsset loaded(const FigureFile& file) {
    auto asset = load(file);
    if (!asset) FAIL(describe(asset.error()));
    return std::move(*asset);
}

// Where the hand of the first figure is.
glm::vec3 hand_at(const content::SceneAsset& asset, double time_s, std::size_t figure = 0) {
    const content::Figure& of = asset.figures[figure];
    std::vector<glm::mat4> bones(of.bones.size()), joints(of.joints.size());
    std::vector<float> weights(of.weights.size());
    content::pose_at(of, asset.keys, time_s - static_cast<double>(of.phase_s), bones, joints, weights);
    return glm::vec3(joints.back() * glm::vec4(0, 2, 0, 1));
}

bool near(glm::vec3 a, glm::vec3 b) { return glm::length(a - b) < 1e-4f; }

// Refused with a word on what is wrong, and the file's name.
void check_refused(const char* why, const FigureFile& file) {
    INFO(why);
    const auto asset = load(file);
    REQUIRE_FALSE(asset);
    INFO(describe(asset.error()));
    CHECK(asset.error().message.find(why) != std::string::npos);
    CHECK(asset.error().file.find("patron.glb") != std::string::npos);
}

template <class Break>
void check_refused_with(const char* why, Break&& do_break) {
    FigureFile file;
    do_break(file);
    check_refused(why, file);
}

void put(FigureFile& file, int accessor, std::size_t place, float value) { std::memcpy(file.accessors[static_cast<std::size_t>(accessor)].bytes.data() + place * 4, &value, 4); }

}  // namespace

TEST_CASE("a skin, its morph target and its animation are read") {
    const auto asset = loaded({});
    REQUIRE(asset.figures.size() == 1);
    REQUIRE(asset.nodes.size() == 1);
    const content::Figure& figure = asset.figures[0];
    const content::Deform& deform = asset.deforms[0];
    CHECK(asset.nodes[0].figure == 0);
    CHECK(asset.nodes[0].cue_id == "patron");
    CHECK(asset.nodes[0].world_from_node[3].z == -2);   // the patron's own space: nothing moves the node above its bones
    CHECK(figure.phase_s == 0.25f);
    CHECK(figure.skinned);
    CHECK(figure.bones.size() == 2);
    CHECK(deform.targets[0].name == "longer");
    CHECK(deform.targets[0].deltas[4].position.y == 0.5f);
    CHECK(deform.influences[1].weights[0] == 1);        // two made one
    CHECK(deform.influences[3].joints[0] == 1);         // the stronger first
    CHECK(deform.influences[3].weights[1] == Approx(0.25f));
    CHECK(near(hand_at(asset, 0), {0, 2, 0}));
    CHECK(near(hand_at(asset, 1), {-1, 1, 0}));
    CHECK(figure.bounds_min.x < -0.99f);
    CHECK(figure.bounds_max.y > 2.4f);
}

TEST_CASE("joints and weights are taken in every type that glTF allows, and the four strongest of eight") {
    FigureFile file;
    const int joints = file.add<std::uint16_t>({0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0}, "VEC4", 4, 5123);
    const int weights = file.add<std::uint8_t>({255, 0, 0, 0, 255, 0, 0, 0, 128, 127, 0, 0, 64, 191, 0, 0, 255, 0, 0, 0}, "VEC4", 4, 5121, R"(,"normalized":true)");
    const int more_joints = file.add<std::uint8_t>(std::vector<std::uint8_t>(20, 1), "VEC4", 4, 5121);
    const int more_weights = file.add<std::uint16_t>({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 65535}, "VEC4", 4, 5123, R"(,"normalized":true)");
    file.attributes = std::format(R"("POSITION":{},"JOINTS_0":{},"WEIGHTS_0":{},"JOINTS_1":{},"WEIGHTS_1":{})", file.position, joints, weights, more_joints, more_weights);
    const auto asset = loaded(file);
    CHECK(asset.deforms[0].influences[3].weights[0] == Approx(191 / 255.0f));
    const content::Influence& last = asset.deforms[0].influences[4];
    CHECK(last.weights[0] + last.weights[1] == Approx(1));
    CHECK(last.weights[1] == Approx(0.5f));
}

TEST_CASE("a sparse morph target is read") {
    FigureFile file;
    const int places = file.add<std::uint8_t>({4}, "SCALAR", 1, 5121), values = file.floats({0, 0.5f, 0}, "VEC3", 3);
    file.accessors[static_cast<std::size_t>(file.longer)].more =
        std::format(R"(,"sparse":{{"count":1,"indices":{{"bufferView":{},"componentType":5121}},"values":{{"bufferView":{}}}}})", places, values);
    put(file, file.longer, 13, 0);  // what the sparse part says is not in the dense one
    CHECK(loaded(file).deforms[0].targets[0].deltas[4].position.y == 0.5f);
    file.accessors[static_cast<std::size_t>(places)].bytes[0] = 5;
    check_refused("beyond its elements", file);
}

TEST_CASE("two people of one mesh have a skeleton each; a thing that a bone carries moves with it") {
    FigureFile file;
    file.nodes = R"([{"name":"room","children":[1,5]},
        {"name":"one","children":[2,3]},{"name":"body-1","mesh":0,"skin":0},{"name":"shoulder-1","children":[4]},{"name":"elbow-1","translation":[0,1,0],"children":[9]},
        {"name":"two","translation":[1,0,0],"children":[6,7]},{"name":"body-2","mesh":0,"skin":1},{"name":"shoulder-2","children":[8]},{"name":"elbow-2","translation":[0,1,0]},
        {"name":"glass","mesh":0,"translation":[0,1,0]}])";
    file.skins = std::format(R"([{{"joints":[3,4],"inverseBindMatrices":{0}}},{{"joints":[7,8],"inverseBindMatrices":{0}}}])", file.bind);
    file.channels = R"([{"sampler":0,"target":{"node":4,"path":"rotation"}}])";
    const auto asset = loaded(file);
    REQUIRE(asset.figures.size() == 3);
    CHECK(asset.meshes.size() == 1);
    CHECK(asset.deforms.size() == 1);
    const auto figure_of = [&](const char* name) { return static_cast<std::size_t>(std::ranges::find(asset.nodes, name, &content::Node::name)->figure); };
    CHECK(near(hand_at(asset, 1, figure_of("body-1")), {-1, 1, 0}));
    CHECK(near(hand_at(asset, 1, figure_of("body-2")), {0, 2, 0}));  // its own bones stand still
    const content::Figure& glass = asset.figures[figure_of("glass")];
    CHECK_FALSE(glass.skinned);
    CHECK(near(hand_at(asset, 1, figure_of("glass")), {-3, 1, 0}));  // (0, 2, 0) of the glass, a metre beyond the elbow, turned
}

TEST_CASE("of several animations the file's first moves a bone, unless the node asks for another") {
    FigureFile file;
    const int back = file.floats({0, 0, 0, 1, 0, 0, -0.70710678f, 0.70710678f, 0, 0, 0, 1}, "VEC4", 4);
    const auto animation = [&](const char* name, int turns) {
        return std::format(R"({{"name":"{}","samplers":[{{"input":{},"output":{}}}],"channels":[{{"sampler":0,"target":{{"node":3,"path":"rotation"}}}}]}})", name, file.times, turns);
    };
    file.animations = std::format("[{},{}]", animation("left", file.turns), animation("right", back));
    CHECK(near(hand_at(loaded(file), 1), {-1, 1, 0}));
    file.nodes.replace(file.nodes.find(R"("cue")"), 0, R"("animation":"right",)");
    CHECK(near(hand_at(loaded(file), 1), {1, 1, 0}));
    file.nodes.replace(file.nodes.find(R"(:"right")"), 8, R"(:"up")");
    check_refused("asks for the animation up", file);
}

TEST_CASE("splines and steps are read, and unknown ways refused") {
    FigureFile file;
    const int curve = file.floats({0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.70710678f, 0.70710678f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, "VEC4", 4);
    const auto with = [&](const char* way, int output) {
        file.samplers = std::format(R"([{{"input":{},"output":{},"interpolation":"{}"}},{{"input":{},"output":{}}}])", file.times, output, way, file.times, file.sizes);
        return file;
    };
    CHECK(near(hand_at(loaded(with("CUBICSPLINE", curve)), 1), {-1, 1, 0}));
    CHECK(near(hand_at(loaded(with("STEP", file.turns)), 0.9), {0, 2, 0}));
    check_refused("9 are wanted", with("CUBICSPLINE", file.turns));
    check_refused("unknown way", with("BEZIER", file.turns));
}

TEST_CASE("broken figures are refused by name, never crashed on") {
    check_refused_with("names a skin that the file does not have", [](FigureFile& f) { f.skins = "[]"; });
    check_refused_with("0 joints", [](FigureFile& f) { f.skins = R"([{"joints":[]}])"; });
    check_refused_with("joint that the file does not have", [](FigureFile& f) { f.skins = R"([{"joints":[2,99]}])"; });
    check_refused_with("hangs on joint 1 of a skin that has 1", [](FigureFile& f) { f.skins = R"([{"joints":[2]}])"; });
    check_refused_with("where 2 are wanted", [](FigureFile& f) { f.skins = std::format(R"([{{"joints":[2,3],"inverseBindMatrices":{}}}])", f.floats(std::vector<float>(16, 1), "MAT4", 16)); });
    check_refused_with("accessor that the file does not have", [](FigureFile& f) { f.skins = R"([{"joints":[2,3],"inverseBindMatrices":77}])"; });
    check_refused_with("hangs on no joints", [](FigureFile& f) { f.attributes = R"("POSITION":0)"; });
    check_refused_with("no coordinate", [](FigureFile& f) { put(f, f.bind, 5, std::numeric_limits<float>::quiet_NaN()); });
    check_refused_with("no coordinate", [](FigureFile& f) { put(f, f.weights, 3, std::numeric_limits<float>::infinity()); });
    check_refused_with("below zero", [](FigureFile& f) { put(f, f.weights, 0, -1); });
    check_refused_with("joints are not whole numbers", [](FigureFile& f) { f.attributes = std::format(R"("POSITION":{},"JOINTS_0":{},"WEIGHTS_0":{})", f.position, f.weights, f.weights); });
    check_refused_with("accessor that the file does not have", [](FigureFile& f) { f.attributes = R"("POSITION":0,"JOINTS_0":1)"; });
    check_refused_with("morph target 0", [](FigureFile& f) { f.targets = R"([{"POSITION":7}])"; });
    check_refused_with("morph target 0", [](FigureFile& f) { f.accessors[static_cast<std::size_t>(f.longer)].count = 4; });
    check_refused_with("morph weight that is no number", [](FigureFile& f) { f.mesh_more = R"(,"weights":[1e30])"; });
    check_refused_with("more morph targets", [](FigureFile& f) {
        f.targets = "[{}";
        for (std::size_t i = 0; i < content::limits::morph_targets; ++i) f.targets += ",{}";
        f.targets += "]";
    });
    check_refused_with("moves a node that the file does not have", [](FigureFile& f) { f.channels = R"([{"sampler":0,"target":{"node":40,"path":"rotation"}}])"; });
    check_refused_with("without a sampler", [](FigureFile& f) { f.channels = R"([{"sampler":9,"target":{"node":3,"path":"rotation"}}])"; });
    check_refused_with("times do not rise", [](FigureFile& f) { put(f, f.times, 1, 5); });
    check_refused_with("no coordinate", [](FigureFile& f) { put(f, f.times, 2, std::numeric_limits<float>::quiet_NaN()); });
    check_refused_with("rotation that is none", [](FigureFile& f) { put(f, f.turns, 3, 0); });
    check_refused_with("3 are wanted", [](FigureFile& f) { f.channels = R"([{"sampler":1,"target":{"node":3,"path":"translation"}}])"; });
    check_refused_with("round in a circle", [](FigureFile& f) {
        f.nodes = R"([{"name":"patron","children":[1]},{"name":"body","mesh":0,"skin":0},{"name":"shoulder","children":[3]},{"name":"elbow","children":[2]}])";
    });
    check_refused_with("two parents", [](FigureFile& f) {
        f.nodes = R"([{"name":"patron","children":[1,2]},{"name":"body","mesh":0,"skin":0},{"name":"shoulder","children":[3]},{"name":"elbow"},{"name":"other","children":[3]}])";
    });
}

TEST_CASE("more people than are taken are refused") {
    FigureFile file;
    file.nodes = R"([{"name":"room","children":[1)";
    std::string bodies;
    for (std::size_t i = 0; i <= content::limits::figures; ++i) {
        if (i > 0) file.nodes += std::format(",{}", i + 3);
        if (i > 0) bodies += R"(,{"name":"body","mesh":0,"skin":0})";
    }
    file.nodes += R"(]},{"name":"body","mesh":0,"skin":0},{"name":"shoulder","children":[3]},{"name":"elbow","translation":[0,1,0]})" + bodies + "]";
    check_refused("more moves than is taken", file);
}
