// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/clinician/console_fake.h"

namespace accalmie::test {
namespace {

using session::Action;

TEST_CASE("a click on stop is one stop, in both languages") {
    for (const std::string language : {"en", "fr"}) {
        Frames frames(language, 1600, 900, 1);
        FakeModel model;
        fill_mid_exposure(model, language == "fr");
        frames.step(model, 2);
        frames.click(model, "stop");
        CHECK(model.count(Action::stop) == 1);
        CHECK(model.acts_.size() == 1);
    }
}

}  // namespace
}  // namespace accalmie::test
