// SPDX-License-Identifier: Apache-2.0
// Owns: the inside of `step`. Private to the state machine: what happens to scenes and time is in session.cpp, what happens to
// ratings in session_ratings.cpp, when things are due in session_timers.cpp.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "protocols/session.h"
#include "protocols/session_timers.h"

namespace accalmie::protocols {

// One step in progress: the state as it changes and the commands so far.
class Machine {
public:
    Machine(const SessionPlan& plan, SessionState state);

    void take(const Event& event);
    StepResult result() && { return {std::move(state_), std::move(commands_)}; }

private:
    const Step& current() const { return timers::step_of(plan_, state_); }
    bool live() const { return state_.phase == Phase::running || state_.phase == Phase::paused; }
    bool over() const { return state_.phase == Phase::stopped || state_.phase == Phase::finished; }

    void command(CommandKind kind, const Reason& why, int request = 0);
    void advance(std::int64_t t_ms);
    void end_of_level_or_step();
    void show(const Reason& why);
    void withdraw_question();
    void enter(int index, const Reason& why);
    void enter_level(int index, const Reason& why);
    void calm_and_finish(const Reason& why, Phase phase);
    void stop(const Reason& why);

    void start(const Event& event);
    void rating(const Event& event);
    void record(const Event& event);
    void judge(int value);
    void missed(bool declined);
    void skip_questions_passed();
    void next(Source source);
    void previous(Source source);
    void pause(PauseCause cause, const Reason& why);
    void resume(const Event& event);
    void coping(const Reason& why);
    void player_ready();
    void tracking_back();
    void end(const Event& event);

    const SessionPlan& plan_;
    SessionState state_;
    std::vector<Command> commands_;
};

}  // namespace accalmie::protocols
