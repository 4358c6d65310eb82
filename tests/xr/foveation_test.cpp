// SPDX-License-Identifier: Apache-2.0
// Foveation by the runtime. No runtime here has it: our API layer stands for one and counts what is asked of it. That the calls are right
// is shown here; what becomes of the pixels is not.
#include "counted.h"

#include <openxr/openxr.h>

using namespace accalmie;

TEST_CASE("where the runtime has foveation, one profile of medium strength is made, given to the eyes' pictures, and gone with the session", "[xr]") {
    test::Monado monado;
    std::optional<std::int64_t> before;
    for (int session = 0; session < 2; ++session) {
        auto headset = test::openxr_headset();
        REQUIRE(headset->step_frames(3));
        const auto counters = test::counted(monado, *headset);
        CHECK(headset->session().features().contains("foveation medium, dynamic"));
        CHECK(counters.profiles == 1);
        CHECK(counters.foveation_level == 10 + XR_FOVEATION_LEVEL_MEDIUM_FB);
        if (before) CHECK(counters.foveated == *before + 1);
        before = counters.foveated;
        headset->session().shutdown();
        CHECK(headset->device().validation_messages() == 0);
    }
    CHECK(monado.complaints() == "");
}

TEST_CASE("a runtime that refuses dynamic foveation gets it fixed, and one without the extension none", "[xr]") {
    for (const bool there : {true, false}) {
        test::Monado monado({.hands = there});
        test::ScopedEnvironment environment;
        environment.set(xr::layer::kFixedFoveationVariable, "1");
        {
            auto headset = test::openxr_headset();
            REQUIRE(headset->step_frames(3));
            CHECK(headset->session().features().contains(there ? "foveation medium;" : "foveation not there"));
            if (there) CHECK(test::counted(monado, *headset).foveation_level == XR_FOVEATION_LEVEL_MEDIUM_FB);
        }
        CHECK(monado.complaints() == "");
    }
}

TEST_CASE("nothing is asked of a runtime's foveation where it is not wanted", "[xr]") {
    test::Monado monado;
    {
        auto headset = test::openxr_headset({.foveation = false});
        REQUIRE(headset->step_frames(3));
        CHECK(headset->session().features().contains("foveation off"));
        CHECK(test::counted(monado, *headset).profiles == 0);
    }
    CHECK(monado.complaints() == "");
}
