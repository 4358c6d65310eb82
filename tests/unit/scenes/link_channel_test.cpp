// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/channel.h"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "link_random.h"

using namespace accalmie;
using link::Channel;
using link::FileDescriptor;
using std::chrono::milliseconds;

namespace {

struct Ends {
    Channel console, player;
};

Ends make_ends() {
    auto pair = Channel::make_pair();
    REQUIRE(pair);
    return {std::move(pair->first), Channel(std::move(pair->second))};
}

int open_descriptors() {
    int count = 0;
    for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("messages keep their order and their bounds both ways") {
    Ends ends = make_ends();
    testing::RandomMessages random(3);
    std::vector<link::Message> sent;
    for (std::size_t kind = 0; kind < std::variant_size_v<link::Message>; ++kind) {
        sent.push_back(random.any(kind));
        REQUIRE(ends.console.send(sent.back()));
        REQUIRE(ends.player.send(sent.back()));
    }
    for (const auto& message : sent)
        for (Channel* end : {&ends.player, &ends.console}) {
            auto received = end->receive();
            REQUIRE(received);
            REQUIRE(*received);
            REQUIRE(testing::same((*received)->message, message));
        }
    auto nothing = ends.player.receive();
    REQUIRE(nothing);
    CHECK_FALSE(nothing->has_value());
    CHECK_FALSE(ends.player.closed());
}

TEST_CASE("one end closes on exec and the other is inherited") {
    auto pair = Channel::make_pair();
    REQUIRE(pair);
    CHECK((::fcntl(pair->first.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((::fcntl(pair->second.get(), F_GETFD) & FD_CLOEXEC) == 0);
}

TEST_CASE("what a peer sent before it went is still read, then the channel is closed") {
    Ends ends = make_ends();
    REQUIRE(ends.player.send(link::StopPressed{12}));
    ends.player = Channel();
    auto received = ends.console.receive();
    REQUIRE(received);
    REQUIRE(*received);
    CHECK(std::get<link::StopPressed>((*received)->message).frame == 12);
    auto end = ends.console.receive();
    REQUIRE(end);
    CHECK_FALSE(end->has_value());
    CHECK(ends.console.closed());
}

TEST_CASE("a peer that is gone is no error to the sender") {
    Ends ends = make_ends();
    ends.player = Channel();
    CHECK(ends.console.send(link::Heartbeat{1}));
    CHECK(ends.console.closed());
    CHECK(ends.console.send(link::Heartbeat{2}));
}

TEST_CASE("a peer that stopped reading never blocks the sender") {
    Ends ends = make_ends();
    const auto start = std::chrono::steady_clock::now();
    Result<void> sent;
    int count = 0;
    while (sent && count < 1'000'000) sent = ends.player.send(link::Heartbeat{static_cast<std::uint64_t>(++count)});
    CHECK_FALSE(sent);
    CHECK(ends.player.closed());
    CHECK(count > 100);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("waiting ends when a message comes, and not before its time without one") {
    Ends ends = make_ends();
    auto start = std::chrono::steady_clock::now();
    REQUIRE(ends.console.receive(milliseconds(60)));
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds(50));
    std::jthread speaker([&] {
        std::this_thread::sleep_for(milliseconds(20));
        (void)ends.player.send(link::Goodbye{});
    });
    start = std::chrono::steady_clock::now();
    auto received = ends.console.receive(milliseconds(5000));
    REQUIRE(received);
    CHECK(received->has_value());
    CHECK(std::chrono::steady_clock::now() - start < milliseconds(2500));
}

TEST_CASE("a descriptor rides on a message") {
    Ends ends = make_ends();
    auto mirror = link::MirrorWriter::create(8, 4);
    REQUIRE(mirror);
    REQUIRE(ends.player.send(link::Ready{}, mirror->descriptor()));
    auto received = ends.console.receive();
    REQUIRE(received);
    REQUIRE(*received);
    struct stat ours {}, theirs {};
    REQUIRE((*received)->descriptor.valid());
    REQUIRE(::fstat(mirror->descriptor(), &ours) == 0);
    REQUIRE(::fstat((*received)->descriptor.get(), &theirs) == 0);
    CHECK(ours.st_ino == theirs.st_ino);
    CHECK((::fcntl((*received)->descriptor.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("bytes that make no sense are an error and the next message is read") {
    Ends ends = make_ends();
    const std::uint8_t nonsense[] = {0xff, 0xff, 1, 2, 3};
    REQUIRE(::send(ends.console.descriptor(), nonsense, sizeof nonsense, 0) == sizeof nonsense);
    const std::vector<std::uint8_t> long_one(link::kMaximumMessageBytes + 1, 0);
    REQUIRE(::send(ends.console.descriptor(), long_one.data(), long_one.size(), 0) == static_cast<ssize_t>(long_one.size()));
    REQUIRE(ends.console.send(link::Quit{}));
    CHECK_FALSE(ends.player.receive());
    CHECK_FALSE(ends.player.receive());
    auto received = ends.player.receive();
    REQUIRE(received);
    REQUIRE(*received);
    CHECK(std::holds_alternative<link::Quit>((*received)->message));
    CHECK_FALSE(ends.player.closed());
}

TEST_CASE("descriptors that nobody asked for do not pile up") {
    Ends ends = make_ends();
    const int before = open_descriptors();
    for (int round = 0; round < 50; ++round) {
        auto bytes = link::encode(link::Heartbeat{});
        iovec part{bytes.data(), bytes.size()};
        alignas(cmsghdr) char control[CMSG_SPACE(3 * sizeof(int))]{};
        msghdr header{};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control;
        header.msg_controllen = sizeof control;
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(3 * sizeof(int));
        const int three[] = {0, 1, 2};
        std::memcpy(CMSG_DATA(rights), three, sizeof three);
        REQUIRE(::sendmsg(ends.console.descriptor(), &header, 0) > 0);
        (void)ends.player.receive();
    }
    CHECK(open_descriptors() == before);
}

TEST_CASE("a text that is too long for a message is refused by the sender, and the channel lives on") {
    Ends ends = make_ends();
    CHECK_FALSE(ends.console.send(link::ShowText{std::string(link::kMaximumMessageBytes, 'x')}));
    CHECK_FALSE(ends.console.closed());
    CHECK(ends.console.send(link::HideText{}));
}
