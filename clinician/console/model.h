// SPDX-License-Identifier: Apache-2.0
// Owns: what the panels need of a running session, as one small interface; the console drives a live session through it and the tests
// drive it with canned data. Never: draws, knows ImGui. Units: milliseconds of session time. Thread: the console's one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clinician/session/live_session.h"
#include "protocols/plan.h"
#include "scenes/scene_file.h"

namespace accalmie::console {

// A moment at which the patient began to be shown something else.
struct LevelMark {
    std::int64_t t_ms = 0;
    int step = -1;
    int level = 0;
    bool calm = true;  // the calm room, whatever the step
    bool operator==(const LevelMark&) const = default;
};

struct TimelineEntry {
    enum class Kind : std::uint8_t { information, warning, alarm, note, rule } kind = Kind::information;
    std::int64_t t_ms = 0;
    std::string text;
};

struct DiskState {
    bool writing = true;           // the last row reached the disk
    std::int64_t free_bytes = -1;  // -1: not known
};

class SessionModel {
public:
    virtual ~SessionModel() = default;
    virtual const session::View& view() const = 0;
    virtual const protocols::SessionPlan& plan() const = 0;
    virtual session::LiveSession::Mirror mirror() const = 0;
    virtual const std::vector<LevelMark>& marks() const = 0;          // oldest first
    virtual const std::vector<TimelineEntry>& timeline() const = 0;   // oldest first
    virtual const std::string& site() const = 0;
    virtual DiskState disk() const = 0;
    virtual bool rehearsal() const = 0;
    virtual const scenes::SceneFile* scene(const std::string& name) const = 0;  // null: not one of the shipped scenes
    virtual void act(session::Action action) = 0;
    virtual void rate(int value) = 0;
    virtual void note(const std::string& text) = 0;
    virtual void speak(bool held) = 0;  // every frame while the button is held, and once when it is let go
};

}  // namespace accalmie::console
