// SPDX-License-Identifier: Apache-2.0
#include "device/nir/read.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>

#include "device/nir/number.h"

namespace accalmie::nir {

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return std::unexpected(Error{"this is a folder", "name one file of spectra", path});
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in)
        return std::unexpected(Error{std::format("the file cannot be opened: {}", std::strerror(errno)), "check the name and the permissions", path});
    std::string bytes;
    char block[1 << 16];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        bytes.append(block, static_cast<std::size_t>(in.gcount()));
        if (bytes.size() > limit)
            return std::unexpected(Error{std::format("the file is larger than {} MiB", limit >> 20), "split it into smaller files", path});
    }
    if (in.bad()) return std::unexpected(Error{"the file cannot be read to its end", "copy it again from the instrument", path});
    return bytes;
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
    const std::string partial = path + ".partial";
    const auto refuse = [&](const char* what) {
        const std::string reason = errno != 0 ? std::strerror(errno) : "unknown reason";
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        return std::unexpected(Error{std::format("the file cannot be {}: {}", what, reason), "check the folder, its permissions and the free space", path});
    };
    errno = 0;
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    if (!out) return refuse("created");
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return refuse("written");
    std::error_code error;
    std::filesystem::rename(partial, path, error);
    if (error) {
        errno = error.value();
        return refuse("put in place");
    }
    return {};
}

Result<SpectrumTable> read_spectra_text(std::string_view bytes, const std::string& name) {
    std::string_view start = bytes;
    if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
    start = start.substr(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    if (start.empty()) return std::unexpected(Error{"the file is empty", "export the spectra again", name, 1});
    if (bytes.substr(0, 65536).find('\0') != std::string_view::npos)
        return std::unexpected(Error{"this is a binary file, not text", "export the spectra as CSV or JCAMP-DX", name, 1, 1});
    if (start.starts_with("##") || start.starts_with("$$")) return read_jcamp(bytes, name);
    return read_csv(bytes, name);
}

Result<SpectrumTable> read_spectra(const std::string& path) {
    auto bytes = read_file(path, ReadLimits{}.bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return read_spectra_text(*bytes, path);
}

}  // namespace accalmie::nir
