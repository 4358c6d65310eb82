// SPDX-License-Identifier: Apache-2.0
#include "scenes/data_root.h"

#include <cstdlib>
#include <filesystem>
#include <format>

namespace accalmie::scenes {
namespace {

namespace fs = std::filesystem;

// The calm room is what tells the project from a build folder, which may have folders of the same names.
bool has_data(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_regular_file(folder / "scenes" / "calm-room" / "scene.toml", ignored) && fs::is_directory(folder / "assets", ignored);
}

}  // namespace

Result<std::string> find_data_root() {
    if (const char* named = std::getenv("ACCALMIE_ROOT"); named != nullptr && *named != '\0') {
        if (has_data(named)) return std::string(named);
        return std::unexpected(Error{.message = std::format("ACCALMIE_ROOT={} has no scenes/calm-room/scene.toml and no assets/", named), .hint = "name the project's folder, or unset it", .file = {}});
    }
    std::error_code failure;
    const fs::path program = fs::read_symlink("/proc/self/exe", failure);
    if (!failure) {
        for (fs::path folder = program.parent_path(); !folder.empty(); folder = folder.parent_path()) {
            if (has_data(folder)) return folder.string();
            if (folder == folder.root_path()) break;
        }
    }
    return std::unexpected(Error{.message = std::format("no folder above {} has scenes/calm-room/scene.toml and assets/", program.string()), .hint = "set ACCALMIE_ROOT to the project's folder", .file = {}});
}

}  // namespace accalmie::scenes
