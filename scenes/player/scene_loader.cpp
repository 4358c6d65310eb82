// SPDX-License-Identifier: Apache-2.0
#include "scenes/player/scene_loader.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>

namespace accalmie::scenes {
namespace {

constexpr int kBehindTheFrames = 10;  // nice value of the worker

}  // namespace

void behind_the_frames() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kBehindTheFrames); }

LoadedScene load_scene(const std::string& root, const std::string& name, bool with_sound) {
    const auto start = std::chrono::steady_clock::now();
    LoadedScene loaded;
    loaded.name = name;
    auto file = find_scene(root, name);
    if (!file) {
        loaded.error = std::move(file.error());
        return loaded;
    }
    auto asset = load_model(*file);
    if (!asset) {
        loaded.error = std::move(asset.error());
        return loaded;
    }
    if (with_sound) {
        auto sounds = load_sounds(file->sounds);
        if (!sounds) {
            loaded.error = std::move(sounds.error());
            return loaded;
        }
        loaded.sounds = std::move(*sounds);
    }
    loaded.file = std::move(*file);
    loaded.asset = std::move(*asset);
    loaded.load_ms = static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count());
    return loaded;
}

std::int64_t triangles_of(const content::SceneAsset& asset) {
    std::int64_t indices = 0;
    for (const content::Node& node : asset.nodes) {
        if (node.mesh < 0) continue;
        for (const content::Primitive& primitive : asset.meshes[static_cast<std::size_t>(node.mesh)].primitives) indices += primitive.index_count;
    }
    return indices / 3;
}

SceneLoader::SceneLoader(std::string root, bool with_sound) : root_(std::move(root)), with_sound_(with_sound), worker_([this](const std::stop_token& stop) { work(stop); }) {}

void SceneLoader::request(const std::string& name) {
    if (!asked_.insert(name).second) return;
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(name);
    }
    wake_.notify_one();
}

std::optional<LoadedScene> SceneLoader::poll() {
    const std::lock_guard lock(mutex_);
    if (done_.empty()) return std::nullopt;
    LoadedScene first = std::move(done_.front());
    done_.pop_front();
    return first;
}

void SceneLoader::work(const std::stop_token& stop) {
    behind_the_frames();
    for (;;) {
        std::string name;
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
            name = std::move(waiting_.front());
            waiting_.pop_front();
        }
        LoadedScene loaded = load_scene(root_, name, with_sound_);
        const std::lock_guard lock(mutex_);
        done_.push_back(std::move(loaded));
    }
}

}  // namespace accalmie::scenes
