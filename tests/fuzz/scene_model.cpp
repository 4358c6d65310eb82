// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .glb: a scene whose every index stays in its array and whose figures have a pose at any time, or an error.
#include "engine/content/scene_asset.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace accalmie;

namespace {

void check_figure(const content::SceneAsset& asset, const content::Figure& figure) {
    const content::Deform& deform = asset.deforms.at(static_cast<std::size_t>(figure.deform));
    if (std::size_t{deform.first_vertex} + deform.vertex_count > asset.vertices.size()) std::abort();
    if (figure.joints.empty() || figure.joints.size() != figure.bone_from_mesh.size()) std::abort();
    if (figure.skinned && (deform.influences.size() != deform.vertex_count || deform.joints > figure.joints.size())) std::abort();
    if (figure.weights.size() != deform.targets.size()) std::abort();
    for (const content::MorphTarget& target : deform.targets)
        if (target.deltas.size() != deform.vertex_count) std::abort();
    std::vector<glm::mat4> bones(figure.bones.size()), joints(figure.joints.size());
    std::vector<float> weights(figure.weights.size());
    for (const double time_s : {-1.0, 0.0, 0.4, 1e6}) content::pose_at(figure, asset.keys, time_s, bones, joints, weights);
    for (int i = 0; i < 3; ++i)
        if (!(figure.bounds_min[i] <= figure.bounds_max[i])) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The loader takes a path: a file in memory has one.
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    if (fd < 0) std::abort();
    if (write(fd, data, size) != static_cast<ssize_t>(size)) std::abort();
    const Result<content::SceneAsset> asset = content::load_scene_asset("/proc/self/fd/" + std::to_string(fd));
    close(fd);
    if (!asset) return asset.error().message.empty() ? std::abort(), 0 : 0;
    for (const content::Mesh& mesh : asset->meshes) {
        for (const content::Primitive& primitive : mesh.primitives) {
            if (std::size_t{primitive.first_index} + primitive.index_count > asset->indices.size()) std::abort();
            if (primitive.material < 0 || static_cast<std::size_t>(primitive.material) >= asset->materials.size()) std::abort();
            for (std::uint32_t i = 0; i < primitive.index_count; ++i) {
                const std::int64_t vertex = std::int64_t{asset->indices[primitive.first_index + i]} + primitive.vertex_offset;
                if (vertex < 0 || static_cast<std::size_t>(vertex) >= asset->vertices.size()) std::abort();
            }
        }
    }
    for (const content::Node& node : asset->nodes) {
        if (node.mesh >= static_cast<int>(asset->meshes.size())) std::abort();
        if (node.figure >= static_cast<int>(asset->figures.size())) std::abort();
    }
    for (const content::Figure& figure : asset->figures) check_figure(*asset, figure);
    return 0;
}
