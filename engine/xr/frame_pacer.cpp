// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/frame_pacer.h"

namespace accalmie::xr {

void FramePacer::start(XrSession session) {
    stop();
    turn_ = Turn::asked;
    thread_ = std::jthread([this, session](const std::stop_token& stopping) { run(stopping, session); });
}

void FramePacer::run(const std::stop_token& stopping, XrSession session) {
    for (;;) {
        {
            std::unique_lock lock(lock_);
            if (!changed_.wait(lock, stopping, [&] { return turn_ == Turn::asked; })) return;
        }
        const XrFrameWaitInfo info{XR_TYPE_FRAME_WAIT_INFO};
        XrFrameState state{XR_TYPE_FRAME_STATE};
        const XrResult result = xrWaitFrame(session, &info, &state);
        {
            const std::lock_guard lock(lock_);
            result_ = result;
            state_ = state;
            turn_ = Turn::answered;
        }
        changed_.notify_all();
    }
}

Checked<XrFrameState> FramePacer::next() {
    std::unique_lock lock(lock_);
    changed_.wait(lock, [&] { return turn_ == Turn::answered; });
    turn_ = Turn::resting;
    if (XR_FAILED(result_)) return std::unexpected(XrFailure{result_, "xrWaitFrame"});
    return state_;
}

void FramePacer::begun() {
    {
        const std::lock_guard lock(lock_);
        turn_ = Turn::asked;
    }
    changed_.notify_all();
}

void FramePacer::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    thread_ = {};
    turn_ = Turn::resting;
}

}  // namespace accalmie::xr
