// SPDX-License-Identifier: Apache-2.0
// Owns: the thread that waits: xrWaitFrame(N+1) is under way while the frame thread still draws N. The runtime blocks it until N has begun.
// Never: begins, locates or ends a frame. Thread: every call from the frame thread. Errors: those of xrWaitFrame, at next().
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/xr/openxr_check.h"

namespace accalmie::xr {

class FramePacer {
public:
    FramePacer() = default;
    FramePacer(const FramePacer&) = delete;
    FramePacer& operator=(const FramePacer&) = delete;
    ~FramePacer() { stop(); }

    void start(XrSession session);  // after xrBeginSession: the first wait begins
    Checked<XrFrameState> next();   // blocks until the runtime says go
    void begun();                   // after xrBeginFrame: the next wait begins
    void stop();                    // before xrEndSession and xrDestroySession; waits for a wait that is under way
    bool running() const { return thread_.joinable(); }

private:
    enum class Turn : std::uint8_t { resting, asked, answered };
    void run(const std::stop_token& stopping, XrSession session);

    std::mutex lock_;
    std::condition_variable_any changed_;
    Turn turn_ = Turn::resting;
    XrResult result_ = XR_SUCCESS;
    XrFrameState state_{XR_TYPE_FRAME_STATE};
    std::jthread thread_;
};

}  // namespace accalmie::xr
