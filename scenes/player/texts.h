// SPDX-License-Identifier: Apache-2.0
// Owns: the few sentences that the player says to the patient by itself. Never: what a protocol or an instrument says.
#pragma once

#include "protocols/plan.h"

namespace accalmie::scenes {

inline const protocols::Text& console_away_text() {
    static const protocols::Text text{.en = "Everything is fine. Your clinician will be with you in a moment. You can take the headset off whenever you like.",
                                      .fr = "Tout va bien. Votre clinicien revient dans un instant. Vous pouvez retirer le casque quand vous voulez."};
    return text;
}

}  // namespace accalmie::scenes
