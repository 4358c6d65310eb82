// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/monado.h"

#include <cstdlib>

namespace accalmie::session {

Result<SimulatedHeadset> SimulatedHeadset::start_unless_chosen() {
    SimulatedHeadset headset;
    if (const char* chosen = std::getenv("XR_RUNTIME_JSON"); chosen && *chosen) return headset;
    auto service = xr::MonadoService::start();
    if (!service) return std::unexpected(service.error());
    headset.service_.emplace(std::move(*service));
    // Children (the console, the player) find the runtime by these; nothing else of this process reads them.
    for (const auto& [name, value] : headset.service_->environment()) setenv(name.c_str(), value.c_str(), 1);
    return headset;
}

}  // namespace accalmie::session
