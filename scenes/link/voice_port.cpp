// SPDX-License-Identifier: Apache-2.0
#include "scenes/link/voice_port.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace accalmie::link {
namespace {

bool send_and_wipe(int socket, std::vector<std::uint8_t>& bytes) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::explicit_bzero(bytes.data(), bytes.size());
    return sent == static_cast<ssize_t>(bytes.size());
}

}  // namespace

void leave_no_crash_dump() { ::prctl(PR_SET_DUMPABLE, 0); }

void wipe(VoiceBlock& block) { ::explicit_bzero(block.samples.data(), sizeof block.samples); }

VoicePort::VoicePort(const Channel& channel) {
    if (channel.descriptor() >= 0 && !channel.closed()) socket_ = FileDescriptor(::fcntl(channel.descriptor(), F_DUPFD_CLOEXEC, 0));
}

bool VoicePort::room() const {
    int waiting = 0;
    return socket_.valid() && ::ioctl(socket_.get(), SIOCOUTQ, &waiting) == 0 && waiting <= kMostWaiting;
}

bool VoicePort::send(VoiceBlock& block) {
    bool sent = false;
    if (room()) {
        auto bytes = encode(Message(block));  // the variant's copy goes with the statement, on the stack that the next call writes over
        sent = send_and_wipe(socket_.get(), bytes);
    }
    wipe(block);
    return sent;
}

bool VoicePort::send(const VoiceEnd& end) {
    auto bytes = encode(Message(end));
    return socket_.valid() && send_and_wipe(socket_.get(), bytes);
}

}  // namespace accalmie::link
