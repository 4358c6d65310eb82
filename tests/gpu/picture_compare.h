// SPDX-License-Identifier: Apache-2.0
// Owns: the golden pictures: compare, explain a difference, write anew. A pixel differs when a channel is off by more than 4 of 255;
// a picture when more than 0.1 % of its pixels do.
// ACCALMIE_WRITE_GOLDEN=1 writes the pictures instead of comparing them; ACCALMIE_GOLDEN_REPORT=1 puts those that pass on the page too.
#pragma once

#include <string>

#include "engine/render/renderer.h"
#include "picture_report.h"

namespace accalmie::testing {

struct Difference {
    double share = 0;    // of pixels that differ
    int greatest = 0;    // of all channels
    double mean = 0;     // over the pixels, of each one's greatest
    std::size_t pixels = 0;
};
Difference compare(const render::Renderer::Picture& a, const render::Renderer::Picture& b);
inline constexpr double kToleratedShare = 0.001;

// Empty when `actual` is the golden picture NAME; else what is wrong and the page to look at (picture_report.h).
std::string golden_mismatch(const std::string& name, const render::Renderer::Picture& actual, const std::string& report_folder = kReportFolder);

}  // namespace accalmie::testing
