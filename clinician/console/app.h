// SPDX-License-Identifier: Apache-2.0
// Owns: the running console: start screen, live session, panels, window, and the loop that pumps the session before it draws. The session
// is pumped at least every 40 ms, minimised or not. Never: decides anything about the session. Thread: the main thread.
// Errors: what the user has to mend (no display, no player, a study that does not open).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "clinician/records/accounts.h"
#include "clinician/session/live_session.h"

namespace accalmie::console {

struct AppOptions {
    session::Setup setup;             // without steps in its plan the start screen asks
    std::string study_directory;      // empty: a throw-away rehearsal study
    std::optional<records::Key> key;  // with study_directory
    std::optional<records::Account> account;  // signed in: what the views around the sessions may show and record
    std::string show;                 // open the workbench at this view ("diary", ...) instead of a session
    std::string language = "fr";
    bool window = true;
    int width = 1600, height = 900;
    float scale = 1;
    bool automatic = false;           // starts by itself, resumes after a gap, leaves at the end
    std::string shot_file;            // a picture of the console (with show: of the view, then it leaves) ...
    std::optional<double> shot_at_s;  // ... once the session's clock is here; without it, once the third cue level has a rating
    std::function<void(const session::LiveSession&)> progress;  // after every pump
};

struct AppResult {
    std::string session_id;   // empty: no session was opened
    std::string outcome;
    std::int64_t acknowledged_rows = 0;
    std::size_t ratings = 0;
    std::string session_digest;        // hex
    std::vector<std::string> shots;
    std::uint64_t frames = 0;          // console frames drawn
};

Result<AppResult> run_app(const AppOptions& options);

}  // namespace accalmie::console
