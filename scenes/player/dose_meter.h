// SPDX-License-Identifier: Apache-2.0
// Owns: the exposure dose of one scene and level at a time: for how long each cue was seen, for how long in the central 10 degrees and
// under the gaze, and its solid angle summed over time (steradian seconds; divided by the time it is the mean). A cue is "in" a cone
// for as long as any visible part of it is.
// What was seen at one look counts until the next look: at 10 looks a second the error of a time is below 0.1 s an appearance.
// Never: reads a clock or looks itself. Units: seconds of one clock that the caller chooses (_s): the player's own in real time, the
// session's in virtual time, where the dose therefore depends on the session and the driver alone. Thread: one owner. Only a report
// (once a second and at a change) allocates.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/render/measure.h"
#include "scenes/link/messages.h"

namespace accalmie::scenes {

class DoseMeter {
public:
    // From `time_s` on this is seen. `names` are those of the scene's cues, in the order of the views.
    void see(double time_s, const std::string& scene, int level, std::span<const std::string> names, const render::CueViews& views);
    // From then on no cue can be seen: no picture, or the headset is off the head.
    void see_nothing(double time_s);
    // Counts what is seen up to `time_s`. A second that is full becomes a report.
    void until(double time_s);
    // Ends the report that is being filled.
    void close();
    // What there is to tell, oldest first. A time in which no cue was seen is not told.
    std::vector<link::ExposureDose> take() { return std::exchange(due_, {}); }

private:
    struct Total {
        double visible_s = 0, central_s = 0, gaze_s = 0, sr_s = 0;
        float greatest_sr = 0;
    };
    std::string scene_;
    int level_ = 0;
    bool by_eyes_ = false;
    std::vector<std::string> names_;
    std::vector<render::CueView> seen_;
    std::vector<Total> totals_;
    std::optional<double> at_s_;   // counted up to here; none: nothing is seen
    double seconds_ = 0;           // in the report that is being filled
    std::vector<link::ExposureDose> due_;
};

}  // namespace accalmie::scenes
