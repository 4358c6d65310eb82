// SPDX-License-Identifier: Apache-2.0
// The stream of a session: what was written comes back, what was changed is found and by which layer, what was cut is told apart.
#include <algorithm>
#include <sodium.h>

#include "clinician/records/compression.h"
#include "clinician/records/frame_record.h"
#include "clinician/records/stream.h"
#include "records_fixture.h"

using namespace accalmie;
using namespace accalmie::records;
using namespace accalmie::records::test;

namespace {

link::ShownFrame shown(std::uint64_t number) {
    link::ShownFrame frame{.frame = number, .monotonic_ns = static_cast<std::int64_t>(number) * 11'111'111, .scene_time_s = 0.1 * static_cast<double>(number)};
    frame.level = static_cast<std::int32_t>(number % 5);
    frame.brightness = 0.3f + 0.01f * static_cast<float>(number);
    frame.drawn_width = 900 + static_cast<std::uint32_t>(number);
    frame.calm = number % 2 == 0;
    frame.head_position_m = {0.01f * static_cast<float>(number), 1.2f, -0.1f};
    frame.left = {.position_m = {-0.0315f, 1.2f, 0}, .orientation = glm::quat(0.8f, 0.6f, 0, 0), .left = -0.7f, .right = 0.71f, .up = 0.72f, .down = -0.73f};
    frame.right = {.position_m = {0.0315f, 1.2f, 0}, .left = -0.6f, .right = 0.61f, .up = 0.62f, .down = -0.63f};
    frame.panel = number == 3 ? 1 : 0;
    frame.panel_value = number == 3 ? 40 : -1;
    return frame;
}

// Three chunks: a view, a plate, `frames` frames of two scenes, a picture.
void write(StreamWriter& writer, int frames = 9) {
    FrameRecords records;
    const auto sink = [&](std::span<const std::uint8_t> record, bool is_frame) { writer.add(record, is_frame); };
    records.view(1, sink);
    records.plate({.id = 1, .kind = 1, .language = "fr", .text = "Quelle est votre envie ?", .low_anchor = "aucune", .high_anchor = "irrésistible"}, sink);
    for (int i = 1; i <= frames; ++i) {
        records.frame({i < 5 ? "calm-room" : "bar-night"}, i * 11, shown(static_cast<std::uint64_t>(i)), sink);
        if (i % 4 == 0) writer.cut();
    }
    PictureRecord picture{.frame = 3, .width = 64, .height = 64, .at_rating = true};
    picture.sha.fill(9);
    records.picture(picture, sink);
}

struct Written {
    Folder folder;
    Key key = stream_key(streams_key(key_of(3)), "S0001");
    std::string path = folder / "S0001.stream";
    StreamSummary summary;
    explicit Written(bool close = true) {
        auto writer = must(StreamWriter::create(path, "S0001", key));
        write(*writer);
        if (close) summary = must(writer->close());
    }
    StreamContent read(SessionFrames* frames = nullptr) const { return read_as("S0001", key, frames); }
    StreamContent read_as(const std::string& session, const Key& with, SessionFrames* frames = nullptr) const {
        return must(read_stream(path, session, with, [&](std::span<const std::uint8_t> chunk) {
            if (frames) frames->take(chunk);
        }));
    }
    std::string bytes() const { return bytes_of(path); }
    void put(const std::string& bytes) const { write_bytes(path, bytes); }
};

// Where the chunks begin, from the lengths in the file.
std::vector<std::size_t> chunk_starts(const std::string& bytes) {
    std::vector<std::size_t> starts;
    for (std::size_t at = 74; at + 12 <= bytes.size();) {
        starts.push_back(at);
        std::uint32_t length = 0;
        for (std::size_t i = 0; i < 4; ++i) length |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
        at += 12 + length + 32;
    }
    starts.push_back(bytes.size());
    return starts;
}

bool told(const StreamContent& content, std::string_view layer) {
    for (const std::string& problem : content.problems)
        if (problem.contains(layer)) return true;
    return false;
}

}  // namespace

TEST_CASE("a stream gives back every frame, plate and picture, bit by bit") {
    const Written written;
    SessionFrames frames;
    const auto content = written.read(&frames);
    CHECK(content.problems.empty());
    CHECK(content.closed);
    CHECK_FALSE(content.torn);
    CHECK(content.chunks == 3);
    CHECK(content.chunks == written.summary.chunks);
    CHECK(written.summary.frames == 9);
    CHECK(content.sha == written.summary.sha);
    CHECK(content.sha == must(file_hash(written.path)));
    REQUIRE(frames.problems.empty());
    REQUIRE(frames.frames.size() == 9);
    for (std::size_t i = 0; i < 9; ++i) {
        CHECK(frames.frames[i].shown == shown(i + 1));
        CHECK(frames.frames[i].t_ms == static_cast<std::int64_t>(i + 1) * 11);
        CHECK(frames.scenes.at(frames.frames[i].scene).name == (i < 4 ? "calm-room" : "bar-night"));
    }
    CHECK(frames.plates.at({1, 1}).high_anchor == "irrésistible");
    REQUIRE(frames.pictures.size() == 1);
    CHECK(frames.pictures[0].frame == 3);
    CHECK(frames.pictures[0].sha[31] == 9);
    CHECK(frames.pictures[0].at_rating);
}

TEST_CASE("each frame of a stream knows what the lenses hid in it: nothing before the first mesh, and nothing of it after a new player") {
    xr::HiddenMesh small, large;
    small.triangles[0] = {{-1, -1}, {-0.5f, -1}, {-1, -0.5f}};
    large.triangles[1].assign(6000, {0.25f, 0.5f});
    std::vector<std::uint8_t> bytes;
    FrameRecords records;
    const auto sink = [&](std::span<const std::uint8_t> record, bool) { bytes.insert(bytes.end(), record.begin(), record.end()); };
    const auto hide = [&](const xr::HiddenMesh& mesh) {
        for (const auto& part : link::parts_of(mesh)) records.hidden(part, sink);
    };
    std::uint64_t number = 0;
    const auto draw = [&] { records.frame({"bar-night"}, 11, shown(++number), sink); };
    records.view(1, sink);
    draw();
    hide(small), draw(), draw();
    hide(large), draw();
    hide({}), draw();
    hide(small), draw();
    records.view(2, sink);
    draw();
    SessionFrames frames;
    frames.take(bytes);
    CHECK(frames.problems.empty());
    REQUIRE(frames.frames.size() == 7);
    const xr::HiddenMesh nothing;
    const std::array<const xr::HiddenMesh*, 7> expected{&nothing, &small, &small, &large, &nothing, &small, &nothing};
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(frames.hidden.at(frames.frames[i].hidden).triangles == expected[i]->triangles);

    // A part that does not follow.
    bytes.clear();
    records.hidden(link::parts_of(large)[1], sink);
    frames.take(bytes);
    CHECK_FALSE(frames.problems.empty());
}

TEST_CASE("each frame of a stream knows whether its scene's textures were compressed, and in a stream from before that they were not") {
    std::vector<std::uint8_t> bytes;
    FrameRecords records;
    const auto sink = [&](std::span<const std::uint8_t> record, bool) { bytes.insert(bytes.end(), record.begin(), record.end()); };
    records.view(1, sink);
    std::uint64_t number = 0;
    const std::array<ShownScene, 5> expected{{{"bar-night", false}, {"calm-room", true}, {"bar-night", true}, {"bar-night", false}, {"calm-room", true}}};
    for (const ShownScene& scene : expected) records.frame(scene, 11, shown(++number), sink);
    SessionFrames frames;
    frames.take(bytes);
    REQUIRE(frames.problems.empty());
    REQUIRE(frames.frames.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(frames.scenes.at(frames.frames[i].scene) == expected[i]);
    CHECK(frames.scenes.size() == 3);

    // A record of a scene as it was: a number and a name.
    const std::vector<std::uint8_t> older{2, 5, 0, 0, 0, 1, 0, 'b'};
    SessionFrames before;
    before.take(older);
    CHECK(before.problems.empty());
    CHECK(before.scenes == std::vector<ShownScene>{{"b", false}});
}

TEST_CASE("nothing of a stream's content is readable in its file") {
    const Written written;
    CHECK_FALSE(written.bytes().contains("bar-night"));
    CHECK_FALSE(written.bytes().contains("envie"));
}

TEST_CASE("a changed byte anywhere in a stream is found, closed or not") {
    for (const bool closed : {true, false}) {
        const Written written(closed);
        const std::string whole = written.bytes();
        for (std::size_t at = 0; at < whole.size(); ++at) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
            written.put(changed);
            const auto content = written.read();
            INFO("byte " << at << " of " << whole.size());
            REQUIRE_FALSE(content.problems.empty());
            REQUIRE_FALSE(content.torn);
        }
    }
}

TEST_CASE("a cut stream keeps its whole chunks, and a cut is no changed byte") {
    const Written written(false);
    const std::string whole = written.bytes();
    const auto starts = chunk_starts(whole);
    REQUIRE(starts.size() == 4);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        written.put(whole.substr(0, length));
        SessionFrames frames;
        const auto content = written.read(&frames);
        INFO("cut to " << length << " of " << whole.size());
        REQUIRE(content.problems.empty());
        REQUIRE_FALSE(content.closed);
        const auto expected = std::ranges::count_if(starts, [&](std::size_t start) { return start > starts[0] && start <= length; });
        REQUIRE(content.chunks == expected);
        REQUIRE(content.torn == !std::ranges::contains(starts, length));
        REQUIRE(frames.problems.empty());
    }
}

TEST_CASE("reordered, repeated, missing and added chunks are found by the chain") {
    const Written written;
    const std::string whole = written.bytes();
    const auto starts = chunk_starts(whole);
    const auto part = [&](std::size_t i) { return whole.substr(starts[i], starts[i + 1] - starts[i]); };
    const std::string head = whole.substr(0, starts[0]);
    for (const std::string& changed : {head + part(1) + part(0) + part(2), head + part(0) + part(0) + part(1) + part(2), head + part(0) + part(2),
                                       head + part(1) + part(2)}) {
        written.put(changed);
        CHECK(told(written.read(), "(chain)"));
    }
    written.put(whole + part(2));
    CHECK(told(written.read(), "after the end mark"));
}

TEST_CASE("somebody who mends the chain is found by the seal") {
    const Written written;
    std::string bytes = written.bytes();
    const auto starts = chunk_starts(bytes);
    bytes[starts[2] + 20] = static_cast<char>(bytes[starts[2] + 20] ^ 4);
    // The link of the last chunk made anew over what stands there now.
    const std::size_t sealed = starts[2] + 12, length = starts[3] - 32 - sealed;
    const std::string over = bytes.substr(starts[2] - 32, 32) + bytes.substr(sealed, length);
    Hash link{};
    crypto_generichash(link.data(), link.size(), reinterpret_cast<const std::uint8_t*>(over.data()), over.size(), nullptr, 0);
    bytes.replace(starts[3] - 32, 32, std::string(link.begin(), link.end()));
    written.put(bytes);
    const auto content = written.read();
    CHECK(told(content, "chunk 3"));
    CHECK(told(content, "(seal)"));
    CHECK(content.chunks == 2);
}

TEST_CASE("another session's stream, and another study's key, are refused") {
    const Written written;
    CHECK(told(written.read_as("S0002", stream_key(streams_key(key_of(3)), "S0002")), "not the stream of session S0002 (head)"));
    // With the name in the head changed, too.
    std::string bytes = written.bytes();
    bytes[18 + 4] = '2';
    written.put(bytes);
    CHECK(told(written.read_as("S0002", stream_key(streams_key(key_of(3)), "S0002")), "(chain)"));
    const Written other;
    CHECK(told(other.read_as("S0001", stream_key(streams_key(key_of(4)), "S0001")), "(seal)"));
}

TEST_CASE("a stream is never written over another") {
    const Written written;
    CHECK_FALSE(StreamWriter::create(written.path, "S0001", written.key));
}

TEST_CASE("a stream on a full disk keeps whole chunks and says what happened") {
    const Folder folder;
    const auto writer = StreamWriter::create("/dev/full", "S0001", key_of(1));
    CHECK_FALSE(writer);
    CHECK_FALSE(StreamWriter::create(folder / "no/such/folder", "S0001", key_of(1)));
}

TEST_CASE("packed bytes come back, and anything else is refused without asking for memory") {
    std::vector<std::uint8_t> bytes(5000);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i % 7);
    const auto packed = compress(bytes);
    CHECK(packed.size() < bytes.size() / 10);
    CHECK(must(expand(packed, 5000)) == bytes);
    CHECK(must(expand(compress({}), 0)).empty());
    CHECK_FALSE(expand(packed, 4999));
    for (std::size_t length = 0; length < packed.size(); ++length) CHECK_FALSE(expand(std::span(packed).first(length), 5000));
    auto other = packed;
    other[0] = 9;
    CHECK_FALSE(expand(other, 5000));
}
