// SPDX-License-Identifier: Apache-2.0
#include "engine/content/picture_file.h"

#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>

#include "engine/content/limits.h"

// A private copy: another library of the program may carry stb as well.
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS 8192
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

namespace accalmie::content {

static_assert(STBI_MAX_DIMENSIONS == limits::picture_side);

namespace {

std::unexpected<Error> refuse(const std::string& name, const std::string& why) {
    return std::unexpected(Error{.message = std::format("picture {}", why), .hint = "save it as PNG or JPEG again", .file = name});
}

std::uint32_t big_endian(std::span<const std::uint8_t> four) {
    return std::uint32_t{four[0]} << 24 | std::uint32_t{four[1]} << 16 | std::uint32_t{four[2]} << 8 | four[3];
}

// stb_image copies to a null pointer when a PNG's first IDAT chunk is empty. No writer makes such a file.
bool begins_with_empty_data(std::span<const std::uint8_t> bytes) {
    static constexpr std::uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    if (bytes.size() < sizeof signature || std::memcmp(bytes.data(), signature, sizeof signature) != 0) return false;
    for (bytes = bytes.subspan(sizeof signature); bytes.size() >= 12;) {
        const std::size_t length = big_endian(bytes);
        if (std::memcmp(bytes.data() + 4, "IDAT", 4) == 0) return length == 0;
        if (length > bytes.size() - 12) return false;
        bytes = bytes.subspan(12 + length);  // length, name, content, check sum
    }
    return false;
}

}  // namespace

Result<PictureFile> look_at_picture(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() > limits::file_bytes) return refuse(name, "is too large");
    if (begins_with_empty_data(bytes)) return refuse(name, "has an empty data chunk");
    int width = 0, height = 0, channels = 0;
    if (stbi_info_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels) == 0) return refuse(name, "is neither PNG nor JPEG");
    if (width < 1 || height < 1 || width > static_cast<int>(limits::picture_side) || height > static_cast<int>(limits::picture_side))
        return refuse(name, std::format("has {} x {} pixels; at most {} a side are taken", width, height, limits::picture_side));
    return PictureFile{.width = static_cast<std::uint32_t>(width), .height = static_cast<std::uint32_t>(height), .rgba = {}};
}

Result<PictureFile> decode_picture(std::span<const std::uint8_t> bytes, const std::string& name) {
    auto picture = look_at_picture(bytes, name);
    if (!picture) return picture;
    int width = 0, height = 0, channels = 0;
    stbi_uc* pixels = stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, 4);
    if (pixels == nullptr) return refuse(name, "is damaged or cut short");
    picture->width = static_cast<std::uint32_t>(width);
    picture->height = static_cast<std::uint32_t>(height);
    picture->rgba.assign(pixels, pixels + static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    stbi_image_free(pixels);
    return picture;
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::size_t limit) {
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) return std::unexpected(Error{.message = "no such file", .hint = {}, .file = path});
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) return std::unexpected(Error{.message = failure.message(), .hint = {}, .file = path});
    if (size > limit) return std::unexpected(Error{.message = std::format("{} bytes; at most {} are taken", size, limit), .hint = {}, .file = path});
    std::vector<std::uint8_t> bytes(size);
    std::ifstream stream(path, std::ios::binary);
    if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
        return std::unexpected(Error{.message = std::format("cannot be read: {}", std::strerror(errno)), .hint = {}, .file = path});
    return bytes;
}

Result<PictureFile> read_picture(const std::string& path) {
    auto bytes = read_file(path, limits::file_bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    return decode_picture(*bytes, path);
}

}  // namespace accalmie::content
