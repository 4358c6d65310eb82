// SPDX-License-Identifier: Apache-2.0
// Owns: the choice of the OpenXR runtime for rehearsals: the one that the user's environment names, else a private Monado with its
// simulated headset, which lives as long as this object. Never: used with a real patient.
#pragma once

#include <optional>

#include "engine/xr/monado_service.h"

namespace accalmie::session {

class SimulatedHeadset {
public:
    // Starts nothing when XR_RUNTIME_JSON is set; the environment of later children then already names a runtime.
    static Result<SimulatedHeadset> start_unless_chosen();

private:
    std::optional<xr::MonadoService> service_;
};

}  // namespace accalmie::session
