// SPDX-License-Identifier: Apache-2.0
// Owns: how the simulated patient's hand reaches the player: over the link (off-screen, desktop) or as genuine OpenXR actions through our
// API layer. Either way the player sees an aimed ray, a press and a stop, never a number. Thread: the session's.
#pragma once

#include <memory>

#include "engine/xr/layer_client.h"
#include "engine/xr/session.h"
#include "scenes/link/channel.h"

namespace accalmie::session {

class PatientHands {
public:
    virtual ~PatientHands() = default;
    virtual Result<void> aim(const xr::Pose& world_from_aim) = 0;
    virtual Result<void> press(bool held) = 0;
    virtual Result<void> stop(bool held) = 0;
};

// `channel` outlives the hands.
std::unique_ptr<PatientHands> make_link_hands(link::Channel& channel);
// `layer` outlives the hands; it reaches the player that was started with its environment.
std::unique_ptr<PatientHands> make_layer_hands(xr::LayerClient& layer);

// A hand beside the knee that points at `target_m`.
xr::Pose pointing_at(const glm::vec3& target_m);

}  // namespace accalmie::session
