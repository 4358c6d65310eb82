// SPDX-License-Identifier: Apache-2.0
// Owns: one end of the console-player socket, and the mirror's shared memory (triple buffer with frame ids, never blocks the player).
// Thread: one owner an end. Errors: a closed peer is Closed, not an Error.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scenes/link/messages.h"

namespace accalmie::link {

class FileDescriptor {  // move-only
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor();
    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

class Channel {
public:
    Channel() = default;
    explicit Channel(FileDescriptor socket) : socket_(std::move(socket)) {}

    // A connected pair. The first closes itself on exec; the second is inherited by the child, and the caller closes its own copy
    // after the start (or end-of-file would never come).
    static Result<std::pair<Channel, FileDescriptor>> make_pair();

    // Never blocks: a peer that stopped reading fills the socket, and that is reported as an Error after which closed() holds.
    // A peer that is gone is no Error: closed() holds.
    Result<void> send(const Message& message, int passed_descriptor = -1);

    struct Received {
        Message message;
        FileDescriptor descriptor;  // valid when one rode along
    };
    // nullopt: nothing there within `wait` (0: do not wait), or the peer is gone (then closed()). An Error is one message that made no
    // sense; the channel stays usable.
    Result<std::optional<Received>> receive(std::chrono::milliseconds wait = std::chrono::milliseconds(0));

    bool closed() const { return closed_; }
    int descriptor() const { return socket_.get(); }

private:
    FileDescriptor socket_;
    bool closed_ = false;
};

// The mirror: the patient's view (left eye with the panel) in RGBA8 sRGB. Three pictures in a sealed memory file (it can neither grow nor
// shrink, and only the player's own mapping can be written), each under a sequence count: a picture that changed while it was copied
// is not returned. Frame numbers start at 1.
class MirrorWriter {   // the player
public:
    static Result<MirrorWriter> create(std::uint32_t width, std::uint32_t height);
    int descriptor() const { return memory_.get(); }
    void publish(std::uint64_t frame, std::span<const std::uint8_t> rgba);  // a picture of another size is left out
    std::uint32_t width() const { return width_; }
    std::uint32_t height() const { return height_; }
    MirrorWriter(MirrorWriter&&) noexcept;
    MirrorWriter& operator=(MirrorWriter&&) noexcept;
    ~MirrorWriter();

private:
    MirrorWriter() = default;
    FileDescriptor memory_;
    std::uint8_t* map_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint32_t width_ = 0, height_ = 0;
};

class MirrorReader {   // the console
public:
    static Result<MirrorReader> open(FileDescriptor memory, std::uint32_t width, std::uint32_t height);
    // Copies the newest whole picture when it is newer than `after`; returns its frame number.
    std::optional<std::uint64_t> read(std::uint64_t after, std::vector<std::uint8_t>& rgba) const;
    std::uint32_t width() const { return width_; }
    std::uint32_t height() const { return height_; }
    MirrorReader(MirrorReader&&) noexcept;
    MirrorReader& operator=(MirrorReader&&) noexcept;
    ~MirrorReader();

private:
    MirrorReader() = default;
    FileDescriptor memory_;
    const std::uint8_t* map_ = nullptr;
    std::size_t bytes_ = 0;
    std::uint32_t width_ = 0, height_ = 0;
};

}  // namespace accalmie::link
