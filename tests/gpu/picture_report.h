// SPDX-License-Identifier: Apache-2.0
// Owns: the page on which people look at golden pictures that differ: FOLDER/NAME.expected.png, .actual.png and .difference.png (16 times as
// large), and FOLDER/index.html with all of them inside. Built from the folder's pictures each time, so that it shows every one that is there.
// Never: decides what is a difference (picture_compare.h). Thread: one owner.
#pragma once

#include <string>

#include "engine/render/renderer.h"

namespace accalmie::testing {

// Where tests/run looks for it.
inline const std::string kReportFolder = ACCALMIE_SOURCE_DIR "/build/test-reports/golden/";

// `expected`: null when there is no golden picture. Gives the page's path.
std::string report_picture(const std::string& folder, const std::string& name, const render::Renderer::Picture* expected, const render::Renderer::Picture& actual);
// It passed: off the page, when it was on it.
void forget_picture(const std::string& folder, const std::string& name);

}  // namespace accalmie::testing
