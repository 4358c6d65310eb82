// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bar_scene.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <queue>
#include <unordered_map>
#include <vector>

#include <glm/glm.hpp>
#include <nlohmann/json.hpp>

#include "engine/content/limits.h"
#include "engine/content/picture_file.h"

namespace accalmie::bench {
namespace {

using nlohmann::json;
constexpr std::uint32_t kMagic = 0x46546C67, kJson = 0x4E4F534A, kBinary = 0x004E4942;
constexpr float kCeiling_m = 2.85f;

struct Corner {
    glm::vec3 position, normal;
    glm::vec2 uv;
};
using Triangle = std::array<Corner, 3>;

struct Object {
    std::size_t node = 0;  // the shipped node that it belongs to
    json material;
    std::vector<Triangle> triangles;
    bool operator<(const Object& other) const { return triangles.size() < other.triangles.size(); }
};

struct Glb {
    json text;
    std::vector<std::uint8_t> binary;
};

Result<Glb> read_glb(const std::string& path) {
    auto bytes = content::read_file(path, content::limits::file_bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        if (at + 4 <= bytes->size()) std::memcpy(&value, bytes->data() + at, 4);
        return value;
    };
    const std::size_t text_size = word(12), binary_at = 20 + text_size + 8;
    if (word(0) != kMagic || word(16) != kJson || binary_at > bytes->size() || word(24 + text_size) != kBinary)
        return std::unexpected(Error{"this is no binary glTF file", {}, path});
    return Glb{json::parse(bytes->begin() + 20, bytes->begin() + 20 + static_cast<std::ptrdiff_t>(text_size)),
               {bytes->begin() + static_cast<std::ptrdiff_t>(binary_at), bytes->end()}};
}

// One accessor's numbers, `wide` of them an element. The bar's exporter writes floats, and indices of 16 or 32 bits.
std::vector<double> numbers(const Glb& glb, std::size_t accessor, std::size_t wide) {
    const json& from = glb.text["accessors"].at(accessor);
    const json& view = glb.text["bufferViews"].at(from.at("bufferView").get<std::size_t>());
    const int type = from.at("componentType");
    const std::size_t size = type == 5126 || type == 5125 ? 4 : 2;
    const std::size_t start = view.value("byteOffset", std::size_t{0}) + from.value("byteOffset", std::size_t{0}), stride = view.value("byteStride", size * wide);
    std::vector<double> values(from.at("count").get<std::size_t>() * wide);
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &glb.binary.at(start + i / wide * stride + i % wide * size + size - 1) - (size - 1), size);
        values[i] = type == 5126 ? static_cast<double>(std::bit_cast<float>(bits)) : bits;
    }
    return values;
}

bool above(const Triangle& triangle) { return std::ranges::all_of(triangle, [](const Corner& corner) { return corner.position.y > kCeiling_m; }); }

// What is shown at the highest level, each primitive an object.
std::vector<Object> objects_of(const Glb& glb) {
    std::vector<Object> objects;
    for (std::size_t node = 0; node < glb.text["nodes"].size(); ++node) {
        const json& from = glb.text["nodes"][node];
        if (!from.contains("mesh") || from.value("extras", json::object()).contains("level_max")) continue;
        for (const json& primitive : glb.text["meshes"].at(from["mesh"].get<std::size_t>()).at("primitives")) {
            const json& attributes = primitive.at("attributes");
            const auto positions = numbers(glb, attributes.at("POSITION"), 3), normals = numbers(glb, attributes.at("NORMAL"), 3);
            const auto uvs = numbers(glb, attributes.at("TEXCOORD_0"), 2), indices = numbers(glb, primitive.at("indices"), 1);
            Object object{node, primitive.at("material"), {}};
            for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
                Triangle triangle;
                for (std::size_t k = 0; k < 3; ++k) {
                    const auto at = static_cast<std::size_t>(indices[i + k]);
                    for (int axis = 0; axis < 3; ++axis) {
                        triangle[k].position[axis] = static_cast<float>(positions.at(at * 3 + static_cast<std::size_t>(axis)));
                        triangle[k].normal[axis] = static_cast<float>(normals.at(at * 3 + static_cast<std::size_t>(axis)));
                    }
                    triangle[k].uv = {static_cast<float>(uvs.at(at * 2)), static_cast<float>(uvs.at(at * 2 + 1))};
                }
                if (from.value("name", "") != "room" || !above(triangle)) object.triangles.push_back(triangle);
            }
            if (!object.triangles.empty()) objects.push_back(std::move(object));
        }
    }
    return objects;
}

// In halves along its longest axis.
std::pair<Object, Object> halves(Object whole) {
    const auto middle = [](const Triangle& t) { return t[0].position + t[1].position + t[2].position; };
    glm::vec3 low(1e9f), high(-1e9f);
    for (const Triangle& triangle : whole.triangles) {
        low = glm::min(low, middle(triangle));
        high = glm::max(high, middle(triangle));
    }
    const glm::vec3 size = high - low;
    const int axis = size.x >= size.y && size.x >= size.z ? 0 : size.y >= size.z ? 1 : 2;
    std::ranges::stable_sort(whole.triangles, {}, [&](const Triangle& t) { return middle(t)[axis]; });
    const auto half = whole.triangles.begin() + static_cast<std::ptrdiff_t>(whole.triangles.size() / 2);
    Object second{whole.node, whole.material, {half, whole.triangles.end()}};
    whole.triangles.erase(half, whole.triangles.end());
    return {std::move(whole), std::move(second)};
}

class Writer {
public:
    explicit Writer(const Glb& from) : from_(from) {
        for (const char* kept : {"asset", "materials", "textures", "samplers", "scene", "scenes"})
            if (from.text.contains(kept)) text_[kept] = from.text[kept];
        text_["extensionsUsed"] = {"KHR_materials_emissive_strength"};
        for (json image : from.text.value("images", json::array())) {
            const json& view = from.text["bufferViews"].at(image.at("bufferView").get<std::size_t>());
            const auto start = view.value("byteOffset", std::size_t{0});
            image["bufferView"] = add_view({from.binary.data() + start, view.at("byteLength").get<std::size_t>()});
            text_["images"].push_back(image);
        }
        for (json node : from.text["nodes"]) {
            for (const char* ours : {"mesh", "extras", "extensions"}) node.erase(ours);
            text_["nodes"].push_back(node);
        }
    }

    void add(const Object& object) {
        std::vector<float> positions, normals, uvs;
        std::vector<std::uint32_t> indices;
        std::unordered_map<std::string, std::uint32_t> known;
        glm::vec3 low(1e9f), high(-1e9f);
        for (const Triangle& triangle : object.triangles)
            for (const Corner& corner : triangle) {
                const auto [place, fresh] = known.try_emplace(std::string(reinterpret_cast<const char*>(&corner), sizeof corner), static_cast<std::uint32_t>(known.size()));
                indices.push_back(place->second);
                if (!fresh) continue;
                low = glm::min(low, corner.position);
                high = glm::max(high, corner.position);
                positions.insert(positions.end(), {corner.position.x, corner.position.y, corner.position.z});
                normals.insert(normals.end(), {corner.normal.x, corner.normal.y, corner.normal.z});
                uvs.insert(uvs.end(), {corner.uv.x, corner.uv.y});
            }
        const json position = add_accessor(positions, 5126, "VEC3", 3, 34962);
        text_["accessors"].back()["min"] = {low.x, low.y, low.z};
        text_["accessors"].back()["max"] = {high.x, high.y, high.z};
        const json normal = add_accessor(normals, 5126, "VEC3", 3, 34962), uv = add_accessor(uvs, 5126, "VEC2", 2, 34962);
        const json index = add_accessor(indices, 5125, "SCALAR", 1, 34963);
        text_["meshes"].push_back({{"primitives", {{{"attributes", {{"POSITION", position}, {"NORMAL", normal}, {"TEXCOORD_0", uv}}}, {"indices", index}, {"material", object.material}}}}});
        const std::size_t mesh = text_["meshes"].size() - 1;
        text_["nodes"][object.node]["children"].push_back(add_node({{"name", "object " + std::to_string(mesh)}, {"mesh", mesh}}));
        ++counts_.objects;
        counts_.triangles += static_cast<int>(object.triangles.size());
        triangles_[object.node] += static_cast<int>(object.triangles.size());
    }

    // The objects of a shipped node once more, at another place.
    void add_copy(const std::string& name, glm::vec3 by_m) {
        for (std::size_t node = 0; node < from_.text["nodes"].size(); ++node) {
            if (from_.text["nodes"][node].value("name", "") != name) continue;
            json copy = text_["nodes"][node];
            const json place = copy.value("translation", json{0, 0, 0});
            copy["translation"] = {place[0].get<float>() + by_m.x, place[1].get<float>() + by_m.y, place[2].get<float>() + by_m.z};
            const json pieces = std::exchange(copy["children"], json::array());
            for (const json& piece : pieces) {
                const json again = text_["nodes"][piece.get<std::size_t>()];
                copy["children"].push_back(add_node(again));
                ++counts_.objects;
            }
            counts_.triangles += triangles_[node];
            text_["scenes"][0]["nodes"].push_back(add_node(std::move(copy)));
        }
    }

    Result<BarScene> write(const std::string& path) {
        text_["buffers"] = {{{"byteLength", binary_.size()}}};
        std::string text = text_.dump();
        text.resize((text.size() + 3) / 4 * 4, ' ');
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        const auto word = [&](std::size_t value) {
            const auto bits = static_cast<std::uint32_t>(value);
            file.write(reinterpret_cast<const char*>(&bits), 4);
        };
        for (const std::size_t value : {std::size_t{kMagic}, std::size_t{2}, 28 + text.size() + binary_.size(), text.size(), std::size_t{kJson}}) word(value);
        file << text;
        word(binary_.size());
        word(kBinary);
        file.write(reinterpret_cast<const char*>(binary_.data()), static_cast<std::streamsize>(binary_.size()));
        file.close();
        if (!file) return std::unexpected(Error{"the scene for the peers cannot be written", "check the folder and the room on the disk", path});
        counts_.materials = static_cast<int>(text_.value("materials", json::array()).size());
        counts_.textures = static_cast<int>(text_.value("images", json::array()).size());
        return counts_;
    }

private:
    std::size_t add_node(json node) {
        text_["nodes"].push_back(std::move(node));
        return text_["nodes"].size() - 1;
    }

    std::size_t add_view(std::span<const std::uint8_t> bytes, int target = 0) {
        json view{{"buffer", 0}, {"byteOffset", binary_.size()}, {"byteLength", bytes.size()}};
        if (target != 0) view["target"] = target;
        text_["bufferViews"].push_back(std::move(view));
        binary_.insert(binary_.end(), bytes.begin(), bytes.end());
        binary_.resize((binary_.size() + 3) / 4 * 4);
        return text_["bufferViews"].size() - 1;
    }

    template <class T>
    std::size_t add_accessor(const std::vector<T>& values, int type, const char* shape, std::size_t wide, int target) {
        const std::size_t view = add_view({reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)}, target);
        text_["accessors"].push_back({{"bufferView", view}, {"componentType", type}, {"count", values.size() / wide}, {"type", shape}});
        return text_["accessors"].size() - 1;
    }

    const Glb& from_;
    json text_ = json::object();
    std::vector<std::uint8_t> binary_;
    std::unordered_map<std::size_t, int> triangles_;
    BarScene counts_;
};

}  // namespace

Result<BarScene> write_bar_scene(const std::string& shipped_glb, const std::string& out_glb, int objects) {
    auto glb = read_glb(shipped_glb);
    if (!glb) return std::unexpected(std::move(glb.error()));
    try {
        auto list = objects_of(*glb);
        std::priority_queue<Object> largest(std::less<Object>(), std::move(list));
        while (!largest.empty() && static_cast<int>(largest.size()) < objects && largest.top().triangles.size() > 1) {
            auto [first, second] = halves(largest.top());
            largest.pop();
            largest.push(std::move(first));
            largest.push(std::move(second));
        }
        Writer writer(*glb);
        for (; !largest.empty(); largest.pop()) writer.add(largest.top());
        writer.add_copy("guest-right", {3.4f, 0, 1.9f});
        writer.add_copy("guest-left", {0.4f, 0, 1.9f});
        return writer.write(out_glb);
    } catch (const std::exception& failure) {
        return std::unexpected(Error{std::string("the shipped bar is not as this bench knows it: ") + failure.what(), {}, shipped_glb});
    }
}

}  // namespace accalmie::bench
