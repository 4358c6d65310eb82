// SPDX-License-Identifier: Apache-2.0
#include "protocols/library.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace accalmie::protocols {

namespace fs = std::filesystem;

std::string shipped_folder() {
    std::error_code failed;
    if (const char* named = std::getenv("ACCALMIE_ROOT"); named != nullptr && *named != '\0') return (fs::path(named) / "protocols").string();
    fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
    while (!folder.empty()) {
        if (fs::is_directory(folder / "protocols" / "templates", failed)) return (folder / "protocols").string();
        if (folder == folder.parent_path()) break;
        folder = folder.parent_path();
    }
    return {};
}

std::string find_template(const std::string& name_or_path) {
    if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml")) return name_or_path;
    const std::string shipped = shipped_folder();
    if (shipped.empty()) return name_or_path;
    const fs::path path = fs::path(shipped) / "templates" / (name_or_path + ".toml");
    std::error_code failed;
    return fs::exists(path, failed) ? path.string() : name_or_path;
}

Result<std::vector<Listed>> list_templates(const ParseOptions& options) {
    const std::string shipped = shipped_folder();
    if (shipped.empty()) {
        return std::unexpected(Error{"the shipped protocols are not beside or above this program", "set ACCALMIE_ROOT to the project's folder"});
    }
    const fs::path folder = fs::path(shipped) / "templates";
    std::error_code failed;
    std::vector<std::string> paths;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().extension() == ".toml") paths.push_back(entry->path().string());
    }
    if (failed) return std::unexpected(Error{"the folder of templates cannot be read: " + failed.message(), "check its permissions", folder.string()});
    std::ranges::sort(paths);
    std::vector<Listed> listed;
    for (const std::string& path : paths) {
        Result<Diagnosis> diagnosis = diagnose_file(path, options);
        if (diagnosis) listed.push_back({path, *std::move(diagnosis)});
        else listed.push_back({path, Diagnosis{std::nullopt, {diagnosis.error()}, {}}});
    }
    return listed;
}

}  // namespace accalmie::protocols
