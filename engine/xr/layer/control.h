// SPDX-License-Identifier: Apache-2.0
// Owns: the layer's end of the control socket. Never: blocks, or fails an OpenXR call. Thread: under the layer's lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/xr/layer/protocol.h"

namespace accalmie::xr::layer {

class Control {
public:
    Control() = default;
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;
    ~Control();

    // To the path in ACCALMIE_XR_LAYER_SOCKET. Without it, or with nobody there, the layer lets everything pass.
    void connect();
    bool connected() const { return fd_ >= 0; }
    // The next packet; nullopt when none waits. A closed peer ends the connection.
    std::optional<std::string> receive();
    void answer(std::int64_t id, const Counters& counters);

private:
    int fd_ = -1;
};

}  // namespace accalmie::xr::layer
