// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <format>

#include "engine/content/gltf_extras.h"
#include "engine/content/gltf_library.h"
#include "engine/content/gltf_reader.h"
#include "engine/content/limits.h"

namespace accalmie::content {
namespace {

struct Bounds {
    const char* key;
    double least, most;
};
// A card brightens and darkens once a period: with two seconds and more nothing here comes near three flashes a second.
constexpr Bounds kCards{"cards", 1, 32}, kRise{"rise_m", 0, 5}, kSpread{"spread_m", 0, 2}, kPeriod{"period_s", 2, 120}, kGrow{"grow", 1, 10};

bool flat(const Mesh& mesh) {
    return std::ranges::all_of(mesh.primitives, [](const Primitive& part) {
        const glm::vec3 size = part.bounds_max - part.bounds_min;
        return size.x > 0 && size.y > 0 && size.z <= 0.001f * std::max(size.x, size.y);
    });
}

}  // namespace

Result<void> GltfReader::read_card(const tinygltf::Node& from, Node& node) {
    const tinygltf::Value *smoke = member(from.extras, "smoke"), *card = member(from.extras, "card");
    if (smoke == nullptr && card == nullptr) return {};
    if (smoke != nullptr && card != nullptr) return refuse(std::format("node {} is two kinds of card", from.name));
    if (!flat(asset_.meshes[static_cast<std::size_t>(node.mesh)]))
        return refuse(std::format("node {} is a card, but its mesh is no quad that stands in x and y", from.name), "in Blender: an upright plane seen from the front, rotation applied");
    if (card != nullptr) {
        if (text(from.extras, "card") != "glow") return refuse(std::format("node {} is a card of an unknown kind", from.name), "\"glow\" is known");
        node.glow = true;
        return {};
    }
    if (!smoke->IsObject()) return refuse(std::format("node {} has smoke without its numbers", from.name));
    Smoke made;
    for (const auto& [bounds, value] : {std::pair{kRise, &made.rise_m}, {kSpread, &made.spread_m}, {kPeriod, &made.period_s}, {kGrow, &made.grow}}) {
        if (member(*smoke, bounds.key) == nullptr) continue;
        const double given = number(*smoke, bounds.key).value_or(NAN);
        if (!(given >= bounds.least && given <= bounds.most))
            return refuse(std::format("the smoke of node {} has no usable {}", from.name, bounds.key), std::format("from {} to {}", bounds.least, bounds.most));
        *value = static_cast<float>(given);
    }
    const double cards = member(*smoke, kCards.key) == nullptr ? made.cards : number(*smoke, kCards.key).value_or(NAN);
    if (!(cards >= kCards.least && cards <= kCards.most) || cards != std::floor(cards))
        return refuse(std::format("the smoke of node {} has no usable cards", from.name), std::format("a whole number from {} to {}", kCards.least, kCards.most));
    made.cards = static_cast<int>(cards);
    draws_ += static_cast<std::size_t>(made.cards) * asset_.meshes[static_cast<std::size_t>(node.mesh)].primitives.size();
    if (draws_ > limits::draws) return refuse("the nodes show more meshes than are taken");
    node.smoke = made;
    return {};
}

}  // namespace accalmie::content
