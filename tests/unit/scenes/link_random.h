// SPDX-License-Identifier: Apache-2.0
// Messages of every kind with random contents, from a seed.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "scenes/link/fields.h"

namespace accalmie::testing {

class RandomMessages {
public:
    explicit RandomMessages(std::uint64_t seed) : random_(seed) {}

    template <class M>
    M make() {
        M message;
        link::Fields<M>::visit(message, [&](auto&... field) { (fill(field), ...); });
        return message;
    }
    link::Message any(std::size_t kind) { return any(kind, std::make_index_sequence<std::variant_size_v<link::Message>>()); }
    std::uint64_t number() { return random_(); }

private:
    template <std::size_t... I>
    link::Message any(std::size_t kind, std::index_sequence<I...>) {
        link::Message message;
        ((I == kind ? (message = make<std::variant_alternative_t<I, link::Message>>(), 0) : 0), ...);
        return message;
    }
    template <class T>
        requires std::is_integral_v<T>
    void fill(T& value) { value = static_cast<T>(random_()); }
    void fill(bool& value) { value = (random_() & 1) != 0; }
    void fill(float& value) { value = std::ldexp(static_cast<float>(static_cast<std::int32_t>(random_())), static_cast<int>(random_() % 64) - 48); }
    void fill(double& value) { value = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random_())), static_cast<int>(random_() % 64) - 80); }
    void fill(link::ShownEye& eye) { eye = make<link::ShownEye>(); }
    void fill(link::ShownFrame& frame) { frame = make<link::ShownFrame>(); }
    void fill(std::vector<link::ShownFrame>& frames) {
        frames.resize(random_() % 4);
        for (auto& frame : frames) fill(frame);
    }
    void fill(std::vector<float>& numbers) {
        numbers.resize(random_() % 6);
        for (auto& number : numbers) fill(number);
    }
    void fill(std::vector<link::CueDose>& cues) {
        cues.resize(random_() % 4);
        for (auto& cue : cues) cue = make<link::CueDose>();
    }
    template <class T, std::size_t N>
    void fill(std::array<T, N>& numbers) {
        for (T& number : numbers) fill(number);
    }
    void fill(std::string& text) {
        text.resize(random_() % 40);
        for (char& c : text) c = static_cast<char>(random_());
    }
    void fill(std::vector<std::string>& list) {
        list.resize(random_() % 6);
        for (auto& item : list) fill(item);
    }
    void fill(glm::vec3& v) { fill(v.x), fill(v.y), fill(v.z); }
    void fill(glm::quat& q) {
        std::uniform_real_distribution<float> part(-1, 1);
        do q = glm::quat(part(random_), part(random_), part(random_), part(random_));
        while (glm::dot(q, q) < 0.1f);
        q = glm::normalize(q);
    }
    std::mt19937_64 random_;
};

// Equality field by field, apart from the serialiser that is under test.
template <class M>
bool same_fields(const M& a, const M& b) {
    return link::Fields<M>::visit(a, [&](const auto&... of_a) { return link::Fields<M>::visit(b, [&](const auto&... of_b) { return ((of_a == of_b) && ...); }); });
}

inline bool same(const link::Message& a, const link::Message& b) {
    if (a.index() != b.index()) return false;
    return std::visit([&]<class M>(const M& one) { return same_fields(one, std::get<M>(b)); }, a);
}

}  // namespace accalmie::testing
