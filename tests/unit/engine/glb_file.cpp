// SPDX-License-Identifier: Apache-2.0
#include "glb_file.h"

#include <cstdlib>
#include <cstring>
#include <format>
#include <fstream>

namespace accalmie::testing {
namespace {

template <class T>
void append(std::vector<std::uint8_t>& bytes, const T& value) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof value);
}

}  // namespace

std::vector<std::uint8_t> glb_bytes(const std::string& json, const std::vector<std::uint8_t>& binary) {
    std::string padded = json;
    while (padded.size() % 4 != 0) padded += ' ';
    std::vector<std::uint8_t> data = binary;
    while (data.size() % 4 != 0) data.push_back(0);
    std::vector<std::uint8_t> bytes;
    append(bytes, 0x46546C67U);  // "glTF"
    append(bytes, 2U);
    append(bytes, static_cast<std::uint32_t>(12 + 8 + padded.size() + 8 + data.size()));
    append(bytes, static_cast<std::uint32_t>(padded.size()));
    append(bytes, 0x4E4F534AU);  // "JSON"
    bytes.insert(bytes.end(), padded.begin(), padded.end());
    append(bytes, static_cast<std::uint32_t>(data.size()));
    append(bytes, 0x004E4942U);  // "BIN"
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "accalmie-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::vector<std::uint8_t>& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return path(name);
}

std::vector<std::uint8_t> TriangleFile::bytes() const {
    std::vector<std::uint8_t> binary;
    for (const float value : positions) append(binary, value);
    for (int corner = 0; corner < 3; ++corner)
        for (const float value : {0.0f, 0.0f, 1.0f}) append(binary, value);
    for (const float value : {0.0f, 0.0f, 1.0f, 0.0f, 0.0f, 1.0f}) append(binary, value);
    for (const std::uint16_t index : indices) append(binary, index);
    return glb_bytes(std::format(R"({{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":{}}}],"nodes":{},"meshes":[{{"name":"m","primitives":[{{"attributes":{}{}}}]}}],)"
                                 R"("materials":{},"accessors":{},"bufferViews":{},"buffers":[{{"byteLength":{}}}]{}}})",
                                 roots, nodes, attributes, primitive_more, materials, accessors, views, declared_bytes, more),
                     binary);
}

}  // namespace accalmie::testing
