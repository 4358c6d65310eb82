// SPDX-License-Identifier: Apache-2.0
// Owns: the worker thread that reads and decodes scenes, so that no frame waits for a disk. Never: touches the GPU.
// Thread: the frame thread calls; the worker is private. Units: milliseconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "engine/content/scene_asset.h"
#include "scenes/scene_file.h"

namespace accalmie::scenes {

struct LoadedScene {
    std::string name;
    SceneFile file;
    content::SceneAsset asset;
    std::vector<content::SoundFile> sounds;
    std::int32_t load_ms = 0;
    std::optional<Error> error;  // then nothing else but the name is filled
};

// The calling thread does not get in the way of those that draw.
void behind_the_frames();
// Reads and decodes on the calling thread.
LoadedScene load_scene(const std::string& root, const std::string& name, bool with_sound);
std::int64_t triangles_of(const content::SceneAsset& asset);

class SceneLoader {
public:
    SceneLoader(std::string root, bool with_sound);

    // A scene that is asked for already is not read twice, until forget() (the GPU lost it, or reading it failed).
    void request(const std::string& name);
    void forget(const std::string& name) { asked_.erase(name); }
    void forget_all() { asked_.clear(); }
    std::optional<LoadedScene> poll();

private:
    void work(const std::stop_token& stop);

    std::string root_;
    bool with_sound_;
    std::set<std::string> asked_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<std::string> waiting_;
    std::deque<LoadedScene> done_;
    std::jthread worker_;  // last: it ends before what it uses
};

}  // namespace accalmie::scenes
