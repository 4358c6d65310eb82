// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/texture_bench.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <format>

#include "engine/content/bc7.h"
#include "engine/content/texture_cache.h"
#include "scenes/data_root.h"
#include "scenes/scene_file.h"
#include "tests/unit/engine/bc7_decoder.h"

namespace accalmie::bench {
namespace {

constexpr double kMib = 1 << 20;

double thread_s() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double bytes_of(const content::TextureLevels& levels) {
    std::size_t bytes = 0;
    for (const auto& level : levels) bytes += level.size();
    return static_cast<double>(bytes);
}

TexturesMeasured measure_scene(const content::SceneAsset& asset) {
    TexturesMeasured measured{.scene = asset.name, .pictures = static_cast<int>(asset.images.size()), .worst_db = INFINITY};
    const auto images = content::compressible_images(asset);
    measured.compressible = static_cast<int>(images.size());
    for (const content::Image& image : asset.images) measured.plain_mib += bytes_of(image.mips) / kMib;
    measured.compressed_mib = measured.plain_mib;
    double seconds = 0;
    for (const std::size_t i : images) {
        const content::Image& image = asset.images[i];
        const double began_s = thread_s();
        const auto levels = *content::bc7_levels(image.mips, image.width, image.height);
        seconds += thread_s() - began_s;
        const double before = bytes_of(image.mips) / kMib;
        measured.compressible_mib += before;
        measured.compressed_mib += bytes_of(levels) / kMib - before;
        const double db = accalmie::testing::psnr_db(image.mips[0], accalmie::testing::Bc7Decoder::level(levels[0], image.width, image.height));
        measured.worst_db = std::min(measured.worst_db, db);
        if (std::isinf(db)) ++measured.exact;
        else measured.mean_db += db;
    }
    if (const int inexact = measured.compressible - measured.exact; inexact > 0) measured.mean_db /= inexact;
    if (seconds > 0) measured.mb_per_s = measured.compressible_mib * kMib * 1e-6 / seconds;
    return measured;
}

}  // namespace

Result<std::vector<TexturesMeasured>> measure_textures(const std::vector<std::string>& scenes) {
    auto root = scenes::find_data_root();
    if (!root) return std::unexpected(std::move(root.error()));
    auto shipped = scenes::list_scenes(*root);
    if (!shipped) return std::unexpected(std::move(shipped.error()));
    std::vector<TexturesMeasured> all;
    for (const scenes::SceneFile& scene : *shipped) {
        if (!scenes.empty() && !std::ranges::contains(scenes, scene.name)) continue;
        auto asset = scenes::load_model(scene);
        if (!asset) return std::unexpected(std::move(asset.error()));
        all.push_back(measure_scene(*asset));
    }
    if (all.empty()) return std::unexpected(Error{.message = "no scene of that name", .hint = "accalmie scene list says which there are", .file = {}});
    return all;
}

std::string to_text(const std::vector<TexturesMeasured>& measured) {
    std::string text = std::format("{:<14}{:>9}{:>14}{:>11}{:>10}{:>10}{:>10}{:>8}{:>9}\n", "scene", "pictures", "compressible", "plain MiB", "BC7 MiB", "mean dB", "worst dB", "exact", "MB/s");
    for (const TexturesMeasured& one : measured)
        text += std::format("{:<14}{:>9}{:>14}{:>11.1f}{:>10.1f}{:>10.1f}{:>10.1f}{:>8}{:>9.1f}\n", one.scene, one.pictures, one.compressible, one.plain_mib, one.compressed_mib, one.mean_db,
                            one.worst_db, one.exact, one.mb_per_s);
    return text;
}

}  // namespace accalmie::bench
