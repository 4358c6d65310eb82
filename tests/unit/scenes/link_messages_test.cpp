// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/messages.h"

#include <catch2/catch_test_macros.hpp>

#include <cstring>

#include "link_random.h"
#include "scenes/link/hidden_mesh.h"

using namespace accalmie;
using testing::RandomMessages;

namespace {

constexpr std::size_t kKinds = std::variant_size_v<link::Message>;

// A value that turns into anything: how many of them a struct takes is how many members it has.
struct Anything {
    template <class T>
    operator T() const;
};
template <class M, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) { return requires { M{(void(I), Anything{})...}; }; }
template <class M, std::size_t N = 0>
constexpr std::size_t members() {
    if constexpr (N < 20) {
        constexpr std::size_t more = members<M, N + 1>();
        if constexpr (more > 0) return more;
        else return takes<M>(std::make_index_sequence<N>()) ? N : 0;
    } else {
        return 0;
    }
}
template <class M>
std::size_t listed() {
    M message;
    return link::Fields<M>::visit(message, [](auto&... field) { return sizeof...(field); });
}
template <class M>
void check_members_of() {
    CHECK(listed<M>() == members<M>());
}
template <std::size_t... I>
void check_members(std::index_sequence<I...>) {
    (check_members_of<std::variant_alternative_t<I, link::Message>>(), ...);
}

std::vector<std::uint8_t> bytes_of(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("every message comes back as it was sent, whatever is in it") {
    RandomMessages random(20261123);
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        for (int round = 0; round < 200; ++round) {
            const link::Message sent = random.any(kind);
            REQUIRE(sent.index() == kind);
            const auto received = link::decode(link::encode(sent));
            REQUIRE(received);
            REQUIRE(testing::same(sent, *received));
        }
}

TEST_CASE("no member of a message is left out of the wire") {
    STATIC_REQUIRE(members<link::AskRating>() == 6);
    STATIC_REQUIRE(members<link::Quit>() == 0);
    check_members(std::make_index_sequence<kKinds>());
    check_members_of<link::ShownEye>();
    check_members_of<link::ShownFrame>();
    check_members_of<link::CueDose>();
}

TEST_CASE("a message that is cut anywhere is refused") {
    RandomMessages random(7);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        const auto whole = link::encode(random.any(kind));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto decoded = link::decode(std::span(whole).first(size));
            REQUIRE_FALSE(decoded);
            REQUIRE_FALSE(decoded.error().message.empty());
        }
    }
}

TEST_CASE("bytes left over are refused") {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        auto bytes = link::encode(RandomMessages(kind).any(kind));
        bytes.push_back(0);
        REQUIRE_FALSE(link::decode(bytes));
    }
}

TEST_CASE("an unknown tag, an empty message and one that is too long are refused") {
    CHECK_FALSE(link::decode({}));
    CHECK_FALSE(link::decode(bytes_of({static_cast<int>(kKinds), 0})));
    CHECK_FALSE(link::decode(bytes_of({0xff, 0xff})));
    CHECK_FALSE(link::decode(link::encode(link::ShowText{std::string(link::kMaximumMessageBytes, 'x')})));
    CHECK(link::decode(link::encode(link::ShowText{std::string(link::kMaximumMessageBytes - 6, 'x')})));
}

TEST_CASE("a length that promises more than there is asks for no memory") {
    auto bytes = link::encode(link::LoadScenes{{"a"}});
    const std::uint32_t huge = 0xffff'ffff;
    std::memcpy(bytes.data() + 2, &huge, 4);
    CHECK_FALSE(link::decode(bytes));
    std::memcpy(bytes.data() + 6, &huge, 4);
    CHECK_FALSE(link::decode(bytes));
}

TEST_CASE("a full batch of frames fits into a message, and a fuller one is refused") {
    RandomMessages random(5);
    link::ShownFrames batch{.scene = std::string(200, 's'), .frames = {}};
    for (std::size_t i = 0; i < link::kMostShownFrames; ++i) batch.frames.push_back(random.make<link::ShownFrame>());
    CHECK(link::encode(batch).size() < link::kMaximumMessageBytes / 2);
    CHECK(link::decode(link::encode(batch)));
    batch.frames.push_back({});
    CHECK_FALSE(link::decode(link::encode(batch)));
}

TEST_CASE("a scene may have many cues, and a dose of more is refused") {
    link::ExposureDose dose{.scene = "bar", .level = 2, .session_ms = 5000, .seconds = 1, .gaze = "head", .cues = std::vector<link::CueDose>(link::kMostCues, {.cue = std::string(60, 'c')})};
    CHECK(link::encode(dose).size() < link::kMaximumMessageBytes / 2);
    CHECK(link::decode(link::encode(dose)));
    dose.cues.push_back({});
    CHECK_FALSE(link::decode(link::encode(dose)));
}

TEST_CASE("a mesh of hidden pixels comes back whole from as many messages as it needs, and a part in the wrong place is refused") {
    RandomMessages random(11);
    for (const std::size_t points : {0U, 3U, 12U, 1023U, 6000U}) {
        xr::HiddenMesh mesh;
        for (std::size_t i = 0; i < points; ++i) mesh.triangles[i % 3 == 0 ? 1 : 0].emplace_back(static_cast<float>(random.number() % 1000), static_cast<float>(i));
        const auto parts = link::parts_of(mesh);
        REQUIRE_FALSE(parts.empty());
        link::HiddenMeshParts join;
        std::optional<xr::HiddenMesh> whole;
        for (const auto& part : parts) {
            CHECK_FALSE(whole);
            const auto bytes = link::encode(part);
            REQUIRE(bytes.size() < link::kMaximumMessageBytes);
            const auto decoded = link::decode(bytes);
            REQUIRE(decoded);
            REQUIRE(join.take(std::get<link::HiddenMeshPart>(*decoded)));
            whole = join.whole();
        }
        REQUIRE(whole);
        CHECK(whole->triangles == mesh.triangles);
        if (points < 6000) continue;
        link::HiddenMeshParts other;
        CHECK_FALSE(other.take(parts[1]));
        CHECK(other.take(parts[0]));
        CHECK_FALSE(other.take(parts[2]));
        CHECK_FALSE(other.take(parts[1]));  // what there was is dropped
        CHECK(other.take(parts[0]));
        CHECK(other.take(parts[1]));
        auto longer = parts.back();
        longer.first_point = parts[2].first_point;
        longer.tangents.resize(link::kMostTangents + 1);
        CHECK_FALSE(link::decode(link::encode(longer)));
    }
    CHECK_FALSE(link::HiddenMeshParts().take({.left_points = xr::kMostHiddenPoints + 1}));
}

TEST_CASE("numbers that are not finite and turns that are no rotation are refused") {
    CHECK_FALSE(link::decode(link::encode(link::FrameTimes{.median_ms = std::nanf("")})));
    CHECK_FALSE(link::decode(link::encode(link::SimulatedHands{.aim_position_m = {0, INFINITY, 0}})));
    CHECK_FALSE(link::decode(link::encode(link::SimulatedHands{.head_orientation = glm::quat(0, 0, 0, 0)})));
}

TEST_CASE("random bytes never do more than be refused, and what is taken writes back to the same bytes") {
    RandomMessages random(99);
    int taken = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::vector<std::uint8_t> bytes(random.number() % 64);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.number());
        if (bytes.size() > 1) bytes[1] = 0, bytes[0] = static_cast<std::uint8_t>(bytes[0] % (kKinds + 2));
        const auto decoded = link::decode(bytes);
        if (!decoded) continue;
        ++taken;
        REQUIRE(link::encode(*decoded) == bytes);
    }
    CHECK(taken > 0);
}

TEST_CASE("messages with one byte changed are refused or are another whole message") {
    RandomMessages random(100);
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        const auto bytes = link::encode(random.any(kind));
        for (std::size_t at = 0; at < bytes.size(); ++at)
            for (const int flip : {1, 0x80, 0xff}) {
                auto changed = bytes;
                changed[at] = static_cast<std::uint8_t>(changed[at] ^ flip);
                const auto decoded = link::decode(changed);
                if (decoded) REQUIRE(link::encode(*decoded) == changed);
            }
    }
}
