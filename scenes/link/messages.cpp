// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/messages.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <format>
#include <type_traits>

#include "scenes/link/fields.h"

namespace accalmie::link {
namespace {

constexpr std::uint32_t kMaximumListItems = 256;

// A struct inside a message.
template <class T>
concept Part = std::is_same_v<T, ShownEye> || std::is_same_v<T, ShownFrame> || std::is_same_v<T, CueDose>;

template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

class Writer {
public:
    template <Number T>
    void put(T value) {
        auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof(T)>>(value);
        if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    void put(bool value) { put(static_cast<std::uint8_t>(value ? 1 : 0)); }
    void put(const std::string& text) {
        put(static_cast<std::uint32_t>(text.size()));
        out.insert(out.end(), text.begin(), text.end());
    }
    void put(const std::vector<std::string>& list) {
        put(static_cast<std::uint32_t>(list.size()));
        for (const auto& item : list) put(item);
    }
    void put(const glm::vec3& v) { put(v.x), put(v.y), put(v.z); }
    void put(const glm::quat& q) { put(q.w), put(q.x), put(q.y), put(q.z); }
    template <Number T, std::size_t N>
    void put(const std::array<T, N>& numbers) {
        for (const T number : numbers) put(number);
    }
    template <Part P>
    void put(const P& part) { Fields<P>::visit(part, [&](const auto&... field) { (put(field), ...); }); }
    void put(const std::vector<float>& numbers) {
        put(static_cast<std::uint32_t>(numbers.size()));
        for (const float number : numbers) put(number);
    }
    template <Part P>
    void put(const std::vector<P>& parts) {
        put(static_cast<std::uint32_t>(parts.size()));
        for (const P& part : parts) put(part);
    }

    std::vector<std::uint8_t> out;
};

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

    template <Number T>
    void get(T& value) {
        std::array<std::uint8_t, sizeof(T)> bytes{};
        if (!take(bytes.data(), sizeof(T))) return;
        if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
        value = std::bit_cast<T>(bytes);
        if constexpr (std::is_floating_point_v<T>) {
            if (!std::isfinite(value)) fail("holds a number that is not finite");
        }
    }
    void get(bool& value) {
        std::uint8_t byte = 0;
        get(byte);
        if (byte > 1) fail("holds a truth value that is neither 0 nor 1");
        value = byte == 1;
    }
    void get(std::string& text) {
        std::uint32_t length = 0;
        get(length);
        if (length > rest_.size()) return fail("ends inside a text");
        text.assign(reinterpret_cast<const char*>(rest_.data()), length);
        rest_ = rest_.subspan(length);
    }
    void get(std::vector<std::string>& list) {
        std::uint32_t count = 0;
        get(count);
        if (count > kMaximumListItems || count > rest_.size() / sizeof(std::uint32_t)) return fail("holds a list that is too long");
        list.resize(count);
        for (auto& item : list) get(item);
    }
    void get(glm::vec3& v) { get(v.x), get(v.y), get(v.z); }
    void get(glm::quat& q) {
        get(q.w), get(q.x), get(q.y), get(q.z);
        const float length = std::sqrt(glm::dot(q, q));
        if (!(length > 0.5f && length < 2.0f)) return fail("holds an orientation that is no rotation");
    }
    template <Number T, std::size_t N>
    void get(std::array<T, N>& numbers) {
        for (T& number : numbers) get(number);
    }
    template <Part P>
    void get(P& part) { Fields<P>::visit(part, [&](auto&... field) { (get(field), ...); }); }
    void get(std::vector<ShownFrame>& frames) { get_list(frames, kMostShownFrames, "holds too many frames"); }
    void get(std::vector<float>& tangents) { get_list(tangents, kMostTangents, "holds too many numbers"); }
    void get(std::vector<CueDose>& cues) { get_list(cues, kMostCues, "holds too many cues"); }

    // The first thing that was wrong, with what is left over counted as wrong too.
    const char* finish() {
        if (!rest_.empty()) fail("is longer than its fields");
        return wrong_;
    }

private:
    template <class T>
    void get_list(std::vector<T>& parts, std::size_t most, const char* too_many) {
        std::uint32_t count = 0;
        get(count);
        if (count > most) return fail(too_many);
        parts.resize(count);
        for (T& part : parts) get(part);
    }
    bool take(void* to, std::size_t size) {
        if (size > rest_.size()) {
            fail("ends inside a field");
            return false;
        }
        std::memcpy(to, rest_.data(), size);
        rest_ = rest_.subspan(size);
        return true;
    }
    void fail(const char* what) {
        if (!wrong_) wrong_ = what;
        rest_ = {};
    }

    std::span<const std::uint8_t> rest_;
    const char* wrong_ = nullptr;
};

Error refused(const char* what) {
    return Error{.message = std::format("a message on the link {}", what), .hint = "the console and the player have to be of one build", .file = {}};
}

template <class M>
Result<Message> decode_as(std::span<const std::uint8_t> bytes) {
    M message;
    Reader reader(bytes);
    Fields<M>::visit(message, [&](auto&... field) { (reader.get(field), ...); });
    if (const char* wrong = reader.finish()) return std::unexpected(refused(wrong));
    return Message(std::move(message));
}

using Decoder = Result<Message> (*)(std::span<const std::uint8_t>);

template <std::size_t... I>
constexpr std::array<Decoder, sizeof...(I)> decoders(std::index_sequence<I...>) {
    return {&decode_as<std::variant_alternative_t<I, Message>>...};
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
    Writer writer;
    writer.out.reserve(2 * sizeof(VoiceBlock));  // it does not move while it is written: a voice leaves no copy behind
    writer.put(static_cast<std::uint16_t>(message.index()));
    std::visit([&]<class M>(const M& one) { Fields<M>::visit(one, [&](const auto&... field) { (writer.put(field), ...); }); }, message);
    return std::move(writer.out);
}

Result<Message> decode(std::span<const std::uint8_t> bytes) {
    static constexpr auto kDecoders = decoders(std::make_index_sequence<std::variant_size_v<Message>>());
    if (bytes.size() > kMaximumMessageBytes) return std::unexpected(refused("is too long"));
    if (bytes.size() < 2) return std::unexpected(refused("has no tag"));
    const std::size_t tag = bytes[0] | static_cast<std::size_t>(bytes[1]) << 8;
    if (tag >= kDecoders.size()) return std::unexpected(refused("has a tag that is unknown"));
    return kDecoders[tag](bytes.subspan(2));
}

}  // namespace accalmie::link
