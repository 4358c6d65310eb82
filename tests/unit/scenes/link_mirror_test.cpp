// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/channel.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

using namespace accalmie;
using link::FileDescriptor;
using link::MirrorReader;
using link::MirrorWriter;

namespace {

constexpr std::uint32_t kWidth = 160, kHeight = 90;

std::vector<std::uint8_t> picture(std::uint64_t frame) { return std::vector<std::uint8_t>(std::size_t{kWidth} * kHeight * 4, static_cast<std::uint8_t>(frame * 37 + 11)); }

FileDescriptor copy_of(const MirrorWriter& writer) { return FileDescriptor(::fcntl(writer.descriptor(), F_DUPFD_CLOEXEC, 3)); }

MirrorWriter make_writer() {
    auto writer = MirrorWriter::create(kWidth, kHeight);
    REQUIRE(writer);
    return std::move(*writer);
}

MirrorReader make_reader(const MirrorWriter& writer) {
    auto reader = MirrorReader::open(copy_of(writer), kWidth, kHeight);
    REQUIRE(reader);
    return std::move(*reader);
}

// What the torn-picture test looks for: a picture whose bytes are not all those of its frame.
bool is_whole(std::uint64_t frame, const std::vector<std::uint8_t>& rgba) {
    const auto wanted = static_cast<std::uint8_t>(frame * 37 + 11);
    return std::ranges::all_of(rgba, [&](std::uint8_t byte) { return byte == wanted; });
}

}  // namespace

TEST_CASE("there is no picture before the first, and each is read once") {
    MirrorWriter writer = make_writer();
    const MirrorReader reader = make_reader(writer);
    std::vector<std::uint8_t> rgba;
    CHECK_FALSE(reader.read(0, rgba));
    writer.publish(1, picture(1));
    REQUIRE(reader.read(0, rgba) == 1);
    CHECK(is_whole(1, rgba));
    CHECK_FALSE(reader.read(1, rgba));
    for (std::uint64_t frame = 2; frame < 12; ++frame) writer.publish(frame, picture(frame));
    REQUIRE(reader.read(1, rgba) == 11);
    CHECK(is_whole(11, rgba));
}

TEST_CASE("a picture of another size is left out") {
    MirrorWriter writer = make_writer();
    const MirrorReader reader = make_reader(writer);
    writer.publish(1, std::vector<std::uint8_t>(16));
    std::vector<std::uint8_t> rgba;
    CHECK_FALSE(reader.read(0, rgba));
}

TEST_CASE("no torn picture is ever returned, and the writer never waits") {
    MirrorWriter writer = make_writer();
    const MirrorReader reader = make_reader(writer);
    std::atomic<bool> done = false;
    constexpr std::uint64_t kFrames = 20'000;
    std::uint64_t reads = 0, last = 0;
    bool torn = false, backwards = false;
    std::jthread console([&] {
        std::vector<std::uint8_t> rgba;
        while (!done) {
            const auto frame = reader.read(last, rgba);
            if (!frame) continue;
            ++reads;
            torn = torn || !is_whole(*frame, rgba);
            backwards = backwards || *frame <= last;
            last = *frame;
        }
    });
    std::vector<std::vector<std::uint8_t>> pictures;
    for (std::uint64_t frame = 0; frame < 256; ++frame) pictures.push_back(picture(frame));
    for (std::uint64_t frame = 1; frame <= kFrames; ++frame) {
        writer.publish(frame, pictures[frame % 256]);
        if (frame % 64 == 0) std::this_thread::yield();
    }
    done = true;
    console.join();
    CHECK_FALSE(torn);
    CHECK_FALSE(backwards);
    CHECK(reads > 0);
}

TEST_CASE("the torn-picture test sees a torn picture") {
    auto rgba = picture(5);
    CHECK(is_whole(5, rgba));
    rgba.back() ^= 1;
    CHECK_FALSE(is_whole(5, rgba));
}

TEST_CASE("a picture that is being written is not read, even when its writer died in the middle") {
    MirrorWriter writer = make_writer();
    const MirrorReader reader = make_reader(writer);
    writer.publish(1, picture(1));
    // The memory can be written through a mapping that was made before the seal only; a private copy with an odd sequence count
    // stands for a player that was killed while it wrote.
    FileDescriptor copy(::memfd_create("half-written", MFD_ALLOW_SEALING));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(::lseek(writer.descriptor(), 0, SEEK_END)));
    REQUIRE(::pread(writer.descriptor(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    constexpr std::size_t kFirstSequence = 24;  // magic, size, count of pictures
    REQUIRE(bytes[kFirstSequence] == 2);
    bytes[kFirstSequence] = 3;
    REQUIRE(::write(copy.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    REQUIRE(::fcntl(copy.get(), F_ADD_SEALS, F_SEAL_SHRINK) == 0);
    auto half = MirrorReader::open(std::move(copy), kWidth, kHeight);
    REQUIRE(half);
    std::vector<std::uint8_t> rgba;
    CHECK_FALSE(half->read(0, rgba));
}

TEST_CASE("the memory can neither be shrunk nor grown nor written by the console") {
    MirrorWriter writer = make_writer();
    CHECK(::ftruncate(writer.descriptor(), 16) != 0);
    CHECK(::ftruncate(writer.descriptor(), 1 << 24) != 0);
    void* map = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, writer.descriptor(), 0);
    CHECK(map == MAP_FAILED);
    if (map != MAP_FAILED) ::munmap(map, 4096);
}

TEST_CASE("memory that is not the player's mirror is refused") {
    MirrorWriter writer = make_writer();
    CHECK_FALSE(MirrorReader::open(FileDescriptor(), kWidth, kHeight));
    CHECK_FALSE(MirrorReader::open(copy_of(writer), kWidth * 2, kHeight));
    CHECK_FALSE(MirrorReader::open(copy_of(writer), kHeight, kWidth));  // the same bytes, another shape
    CHECK_FALSE(MirrorReader::open(copy_of(writer), 0, 0));
    FileDescriptor unsealed(::memfd_create("unsealed", MFD_ALLOW_SEALING));
    REQUIRE(::ftruncate(unsealed.get(), 1 << 20) == 0);
    CHECK_FALSE(MirrorReader::open(std::move(unsealed), kWidth, kHeight));
    FileDescriptor empty(::memfd_create("empty", MFD_ALLOW_SEALING));
    REQUIRE(::ftruncate(empty.get(), ::lseek(writer.descriptor(), 0, SEEK_END)) == 0);
    REQUIRE(::fcntl(empty.get(), F_ADD_SEALS, F_SEAL_SHRINK) == 0);
    CHECK_FALSE(MirrorReader::open(std::move(empty), kWidth, kHeight));
    CHECK_FALSE(MirrorWriter::create(0, 10));
    CHECK_FALSE(MirrorWriter::create(100'000, 100'000));
}
