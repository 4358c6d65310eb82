// SPDX-License-Identifier: Apache-2.0
// Owns: which paths a scene file may write. Never: looks at the disk. Thread: any.
#pragma once

#include <algorithm>
#include <filesystem>

namespace accalmie::scenes {

// Stays below the data root, and is one name to the system: any other path could name any file of the machine.
inline bool stays_inside(const std::filesystem::path& path) {
    return !path.is_absolute() && !path.native().contains('\0') && std::ranges::none_of(path, [](const std::filesystem::path& part) { return part == ".."; });
}

}  // namespace accalmie::scenes
