// SPDX-License-Identifier: Apache-2.0
// Owns: a .glb made of a JSON text and a binary chunk, written to a folder that goes away with the object. For tests that break it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace accalmie::testing {

std::vector<std::uint8_t> glb_bytes(const std::string& json, const std::vector<std::uint8_t>& binary);

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    std::string write(const std::string& name, const std::vector<std::uint8_t>& bytes) const;
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

private:
    std::filesystem::path folder_;
};

// One triangle with normals and two UV sets; every part is a string that a test can break.
struct TriangleFile {
    std::string accessors = R"([
        {"bufferView":0,"componentType":5126,"count":3,"type":"VEC3","min":[0,0,0],"max":[1,1,0]},
        {"bufferView":1,"componentType":5126,"count":3,"type":"VEC3"},
        {"bufferView":2,"componentType":5126,"count":3,"type":"VEC2"},
        {"bufferView":3,"componentType":5123,"count":3,"type":"SCALAR"}])";
    std::string views = R"([
        {"buffer":0,"byteOffset":0,"byteLength":36},
        {"buffer":0,"byteOffset":36,"byteLength":36},
        {"buffer":0,"byteOffset":72,"byteLength":24},
        {"buffer":0,"byteOffset":96,"byteLength":6}])";
    std::string attributes = R"({"POSITION":0,"NORMAL":1,"TEXCOORD_0":2,"TEXCOORD_1":2})";
    std::string primitive_more = R"(,"indices":3,"material":0)";
    std::string materials = R"([{"name":"plain","pbrMetallicRoughness":{"baseColorFactor":[1,0.5,0.25,1]}}])";
    std::string nodes = R"([{"name":"triangle","mesh":0}])";
    std::string roots = "[0]";
    std::string more;  // further members of the file, beginning with a comma
    std::vector<float> positions{0, 0, 0, 1, 0, 0, 0, 1, 0};
    std::vector<std::uint16_t> indices{0, 1, 2};
    std::size_t declared_bytes = 104;

    std::vector<std::uint8_t> bytes() const;
};

}  // namespace accalmie::testing
