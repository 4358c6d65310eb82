// SPDX-License-Identifier: Apache-2.0
// Owns: a display for the console where the machine has none: an Xvfb of its own that ends with this object.
#pragma once

#include <sys/types.h>

#include "engine/error.h"

namespace accalmie::commands {

class VirtualDisplay {
public:
    // Starts nothing when DISPLAY or WAYLAND_DISPLAY is set. Sets DISPLAY for the children otherwise.
    static Result<VirtualDisplay> start_unless_there();
    VirtualDisplay(VirtualDisplay&& other) noexcept;
    VirtualDisplay& operator=(VirtualDisplay&&) = delete;
    ~VirtualDisplay();

private:
    VirtualDisplay() = default;
    pid_t pid_ = -1;
};

}  // namespace accalmie::commands
