// SPDX-License-Identifier: Apache-2.0
// Owns: the OpenXR session state machine, spelled out: what each state asks of the program. Pure. Never: calls the runtime.
//
//   IDLE ──> READY ──begin──> SYNCHRONIZED <──> VISIBLE <──> FOCUSED        frames flow from READY to STOPPING
//    ^                             │
//    └──────────end── STOPPING <───┘          any state ──> LOSS_PENDING (lost)     IDLE ──> EXITING (finished)
#pragma once

#include "engine/xr/openxr_check.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

class SessionStates {
public:
    enum class Request : std::uint8_t { none, begin, end };

    Request on_state(XrSessionState state) {
        state_ = state;
        switch (state) {
            case XR_SESSION_STATE_READY: running_ = true; return Request::begin;
            case XR_SESSION_STATE_STOPPING: running_ = false; return Request::end;
            case XR_SESSION_STATE_LOSS_PENDING: lost_ = true; return Request::none;
            case XR_SESSION_STATE_EXITING: finished_ = true; return Request::none;
            default: return Request::none;
        }
    }

    void on_loss() { lost_ = true; }

    Status status() const {
        if (lost_) return Status::lost;
        if (finished_) return Status::finished;
        return running_ ? Status::running : Status::idle;
    }
    XrSessionState state() const { return state_; }

private:
    XrSessionState state_ = XR_SESSION_STATE_UNKNOWN;
    bool running_ = false;   // between xrBeginSession and xrEndSession
    bool lost_ = false;      // for good
    bool finished_ = false;  // for good
};

}  // namespace accalmie::xr
