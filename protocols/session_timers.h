// SPDX-License-Identifier: Apache-2.0
// Owns: when the next thing of a running step is due. Private to the state machine. Units: milliseconds of session time.
#pragma once

#include <cstdint>
#include <limits>

#include "protocols/session.h"

namespace accalmie::protocols::timers {

inline constexpr std::int64_t kNever_ms = std::numeric_limits<std::int64_t>::max();

// Sums saturate: a plan made by hand may hold any number, and a total function has no overflow.
std::int64_t plus(std::int64_t a, std::int64_t b);

bool in_step(const SessionPlan& plan, const SessionState& state);
const Step& step_of(const SessionPlan& plan, const SessionState& state);  // only when in_step
int level_of(const Step& step, int index);

bool rule_met(const Step& step, const SessionState& state);

// When the level (exposure) or the step (others) ends by itself.
std::int64_t end_ms(const Step& step, const SessionState& state);

// The first question after `after_ms` (at it too, when `inclusive`); -1: none in this level or step.
std::int64_t next_question_ms(const Step& step, const SessionState& state, std::int64_t after_ms, bool inclusive);

}  // namespace accalmie::protocols::timers
