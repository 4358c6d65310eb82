// SPDX-License-Identifier: Apache-2.0
// Owns: what the panels show beside the live session's own view: when each level began and the timeline, gathered after every pump.
// Never: decides or records; every action goes straight to the session. Units: milliseconds of session time. Thread: the session's.
#pragma once

#include <string>
#include <vector>

#include "clinician/console/model.h"

namespace accalmie::console {

class LiveModel : public SessionModel {
public:
    LiveModel(session::LiveSession& session, std::string site, bool rehearsal, std::string directory, std::vector<scenes::SceneFile> scenes);

    void observe();                         // after every pump
    void record_failed(const Error& error);  // pump() failed: the record is not written any more

    const session::View& view() const override { return session_.view(); }
    const protocols::SessionPlan& plan() const override { return session_.plan(); }
    session::LiveSession::Mirror mirror() const override { return session_.mirror(); }
    const std::vector<LevelMark>& marks() const override { return marks_; }
    const std::vector<TimelineEntry>& timeline() const override { return timeline_; }
    const std::string& site() const override { return site_; }
    DiskState disk() const override { return disk_; }
    bool rehearsal() const override { return rehearsal_; }
    const scenes::SceneFile* scene(const std::string& name) const override;
    void act(session::Action action) override { session_.act(action); }
    void rate(int value) override { session_.rate(value); }
    void note(const std::string& text) override;
    void speak(bool held) override { session_.speak(held); }

private:
    void add(TimelineEntry::Kind kind, std::int64_t t_ms, std::string text);
    bool in_calm() const;
    void mark_level();

    session::LiveSession& session_;
    std::string site_;
    bool rehearsal_;
    std::string directory_;
    std::vector<scenes::SceneFile> scenes_;
    std::vector<LevelMark> marks_;
    std::vector<TimelineEntry> timeline_;
    std::size_t banners_seen_ = 0;
    DiskState disk_;
    int until_disk_check_ = 0;
};

}  // namespace accalmie::console
