// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/patient_hands.h"

#include <glm/gtc/quaternion.hpp>

namespace accalmie::session {

namespace {

class LinkHands final : public PatientHands {
public:
    explicit LinkHands(link::Channel& channel) : channel_(channel) {}
    Result<void> aim(const xr::Pose& world_from_aim) override {
        hands_.aim_valid = true;
        hands_.aim_position_m = world_from_aim.position_m;
        hands_.aim_orientation = world_from_aim.orientation;
        return channel_.send(hands_);
    }
    Result<void> press(bool held) override {
        hands_.select = held;
        return channel_.send(hands_);
    }
    Result<void> stop(bool held) override {
        hands_.stop = held;
        return channel_.send(hands_);
    }

private:
    link::Channel& channel_;
    link::SimulatedHands hands_;
};

class LayerHands final : public PatientHands {
public:
    explicit LayerHands(xr::LayerClient& layer) : layer_(layer) {
        // Monado's simulated head stands; the scenes are made for somebody who sits.
        layer_.set_head(xr::Pose{.position_m = glm::vec3(0, 1.20f, 0)});
    }
    Result<void> aim(const xr::Pose& world_from_aim) override {
        layer_.set_aim(world_from_aim);
        return {};
    }
    Result<void> press(bool held) override {
        layer_.set_select(held);
        return {};
    }
    Result<void> stop(bool held) override {
        layer_.set_stop(held);
        return {};
    }

private:
    xr::LayerClient& layer_;
};

}  // namespace

std::unique_ptr<PatientHands> make_layer_hands(xr::LayerClient& layer) { return std::make_unique<LayerHands>(layer); }

std::unique_ptr<PatientHands> make_link_hands(link::Channel& channel) { return std::make_unique<LinkHands>(channel); }

xr::Pose pointing_at(const glm::vec3& target_m) {
    const glm::vec3 hand_m(0.22f, 0.85f, -0.25f);
    return {glm::quatLookAt(glm::normalize(target_m - hand_m), glm::vec3(0, 1, 0)), hand_m};
}

}  // namespace accalmie::session
