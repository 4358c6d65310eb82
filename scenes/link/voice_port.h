// SPDX-License-Identifier: Apache-2.0
// Owns: the voice's own way onto the link: a second, sending descriptor of the console's socket, for the thread that reads the microphone.
// Never: waits, closes the link or gets in the way of it: a block that finds more than kMostWaiting bytes before it is dropped, so that a
// stop never has more than that of voice before it. Nothing stays of what was sent. Thread: one at a time.
#pragma once

#include "scenes/link/channel.h"

namespace accalmie::link {

// From now on this process leaves no crash dump: what the microphone heard last would be in it.
void leave_no_crash_dump();
void wipe(VoiceBlock& block);

class VoicePort {
public:
    // The kernel's count for this socket, its own book-keeping included: about 25 blocks. The socket takes ten times as much.
    static constexpr int kMostWaiting = 64 * 1024;

    VoicePort() = default;
    explicit VoicePort(const Channel& channel);
    bool valid() const { return socket_.valid(); }
    // False: dropped. The block's samples are zeroed either way.
    bool send(VoiceBlock& block);
    bool send(const VoiceEnd& end);

private:
    bool room() const;
    FileDescriptor socket_;
};

}  // namespace accalmie::link
