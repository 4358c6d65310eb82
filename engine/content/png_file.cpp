// SPDX-License-Identifier: Apache-2.0
#include "engine/content/png_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

namespace accalmie::content {

std::vector<std::uint8_t> encode_png(std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba) {
    const std::size_t pixels = std::size_t{width} * height;
    if (pixels == 0 || rgba.size() != pixels * 4) return {};
    std::vector<std::uint8_t> rgb(pixels * 3);
    for (std::size_t i = 0; i < pixels; ++i) std::memcpy(&rgb[i * 3], &rgba[i * 4], 3);
    std::vector<std::uint8_t> png;
    const auto append = [](void* context, void* data, int size) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        static_cast<std::vector<std::uint8_t>*>(context)->insert(static_cast<std::vector<std::uint8_t>*>(context)->end(), bytes, bytes + size);
    };
    stbi_write_png_to_func(append, &png, static_cast<int>(width), static_cast<int>(height), 3, rgb.data(), static_cast<int>(width * 3));
    return png;
}

Result<void> write_png(const std::string& path, std::uint32_t width, std::uint32_t height, std::span<const std::uint8_t> rgba) {
    const auto png = encode_png(width, height, rgba);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
    file.close();
    if (png.empty() || !file) {
        return std::unexpected(Error{.message = std::string("the picture cannot be written: ") + std::strerror(errno), .hint = "check the folder and the room on the disk", .file = path});
    }
    return {};
}

}  // namespace accalmie::content
