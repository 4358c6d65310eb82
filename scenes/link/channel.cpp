// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <format>

namespace accalmie::link {
namespace {

Error system_error(const char* call) { return Error{.message = std::format("{}: {}", call, std::strerror(errno)), .hint = {}, .file = {}}; }

bool peer_is_gone(int code) { return code == EPIPE || code == ECONNRESET || code == ENOTCONN || code == EBADF; }

// Descriptors that came with a message; all but the first are closed, or a hostile peer could fill the table.
FileDescriptor take_descriptor(msghdr& header) {
    FileDescriptor first;
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(int));
            FileDescriptor owned(fd);
            if (!first.valid()) first = std::move(owned);
        }
    }
    return first;
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::pair<Channel, FileDescriptor>> Channel::make_pair() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return std::unexpected(system_error("socketpair"));
    FileDescriptor ours(ends[0]), theirs(ends[1]);
    if (::fcntl(theirs.get(), F_SETFD, 0) != 0) return std::unexpected(system_error("fcntl"));
    return std::pair(Channel(std::move(ours)), std::move(theirs));
}

Result<void> Channel::send(const Message& message, int passed_descriptor) {
    if (closed_) return {};
    auto bytes = encode(message);
    if (bytes.size() > kMaximumMessageBytes)
        return std::unexpected(Error{.message = std::format("a message of {} bytes is too long for the link", bytes.size()), .hint = "shorten its text", .file = {}});
    iovec part{bytes.data(), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (passed_descriptor >= 0) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(rights), &passed_descriptor, sizeof(int));
    }
    ssize_t sent = -1;
    do sent = ::sendmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0) return {};
    closed_ = true;
    if (peer_is_gone(errno)) return {};
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
        return std::unexpected(Error{.message = "the other side of the link has stopped reading", .hint = "it counts as hung", .file = {}});
    return std::unexpected(system_error("sendmsg"));
}

Result<std::optional<Channel::Received>> Channel::receive(std::chrono::milliseconds wait) {
    if (closed_) return std::nullopt;
    if (wait.count() > 0) {
        pollfd ready{socket_.get(), POLLIN, 0};
        (void)::poll(&ready, 1, static_cast<int>(wait.count()));  // a signal ends the wait early, as if nothing had come
    }
    std::array<std::uint8_t, kMaximumMessageBytes> buffer;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(4 * sizeof(int))> control{};
    iovec part{buffer.data(), buffer.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    ssize_t got = -1;
    do got = ::recvmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
        const bool gone = peer_is_gone(errno);
        closed_ = true;
        if (gone) return std::nullopt;
        return std::unexpected(system_error("recvmsg"));
    }
    FileDescriptor descriptor = take_descriptor(header);
    if (got == 0) {
        closed_ = true;
        return std::nullopt;
    }
    if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return std::unexpected(Error{.message = "a message on the link is too long", .hint = "the console and the player have to be of one build", .file = {}});
    auto message = decode({buffer.data(), static_cast<std::size_t>(got)});
    ::explicit_bzero(buffer.data(), static_cast<std::size_t>(got));  // a voice may have been in it
    if (!message) return std::unexpected(std::move(message.error()));
    return Received{std::move(*message), std::move(descriptor)};
}

}  // namespace accalmie::link
