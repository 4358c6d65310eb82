// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/layer/control.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <format>

namespace accalmie::xr::layer {

Control::~Control() {
    if (fd_ >= 0) close(fd_);
}

void Control::connect() {
    const char* path = std::getenv(kSocketVariable);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path == nullptr || *path == 0 || std::strlen(path) >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, path, std::strlen(path));
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        fd_ = fd;
        return;
    }
    std::fprintf(stderr, "%s: nobody listens at %s (%s); every call passes unchanged\n", kLayerName, path, std::strerror(errno));
    close(fd);
}

std::optional<std::string> Control::receive() {
    if (!connected()) return std::nullopt;
    char packet[kMaximumPacketBytes];
    const ssize_t length = recv(fd_, packet, sizeof packet, 0);
    if (length > 0) return std::string(packet, static_cast<std::size_t>(length));
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
    close(fd_);
    fd_ = -1;
    return std::nullopt;
}

void Control::answer(std::int64_t id, const Counters& counters) {
    std::string line = std::format("counters {}", id);
    for (const std::int64_t field : to_fields(counters)) line += std::format(" {}", field);
    if (connected()) send(fd_, line.data(), line.size(), MSG_NOSIGNAL);
}

}  // namespace accalmie::xr::layer
