// SPDX-License-Identifier: Apache-2.0
#include "protocols/plan_checks.h"

#include <algorithm>
#include <format>

#include "protocols/reason.h"

namespace accalmie::protocols {
namespace {

// A question every few seconds is itself a burden, and answers take about three seconds.
constexpr std::int64_t kShortestCadence_ms = 10'000;

void check_order(const SessionPlan& plan, const PlanPlaces& places, Findings& findings) {
    if (plan.steps.front().kind != StepKind::baseline) {
        findings.error(places.steps.front(), std::format("the first step is '{}', not a baseline", name_of(plan.steps.front().kind)),
                       "begin with a neutral scene: kind = \"baseline\"");
    }
    if (plan.steps.back().kind != StepKind::aftercare) {
        findings.error(places.steps.back(), std::format("the last step is '{}', not aftercare", name_of(plan.steps.back().kind)),
                       "end with kind = \"aftercare\", at least 20 min");
    }
    std::size_t last_exposure = 0;
    bool exposure = false;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (plan.steps[i].kind != StepKind::exposure) continue;
        last_exposure = i;
        exposure = true;
    }
    const auto after = plan.steps.begin() + static_cast<std::ptrdiff_t>(last_exposure);
    if (std::ranges::none_of(after, plan.steps.end(), [](const Step& step) { return step.kind == StepKind::coping; })) {
        findings.error(exposure ? places.steps[last_exposure] : places.whole,
                       exposure ? "no coping step follows this exposure" : "the protocol has no coping step",
                       "the ceiling and the clinician's coping key need one: kind = \"coping\"");
    }
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (plan.steps[i].id == plan.steps[j].id) {
                findings.error(places.steps[i], std::format("two steps have the id '{}'", plan.steps[i].id), "give each step an id of its own");
                break;
            }
        }
    }
}

void check_aftercare(const SessionPlan& plan, const PlanPlaces& places, Findings& findings) {
    std::int64_t given_ms = 0;
    for (const Step& step : plan.steps) {
        if (step.kind == StepKind::aftercare) given_ms += step.duration_ms;
    }
    if (given_ms >= kShortestAftercare_ms || plan.rehearsal_only || plan.steps.back().kind != StepKind::aftercare) return;
    const std::string message = std::format("aftercare lasts {}, under 20 min", duration_text(given_ms));
    if (places.short_aftercare_reason) {
        findings.warning(places.steps.back(), message, "accepted because: " + places.short_aftercare_reason->en);
    } else {
        findings.error(places.steps.back(), message,
                       "craving is still over baseline right after exposure; make it 20 min or add short_aftercare_reason = { en = ..., fr = ... }");
    }
}

void check_known_scene(const Step& step, Place scene_place, Place levels_place, const std::vector<KnownScene>& known, Findings& findings) {
    const auto scene = std::ranges::find(known, step.scene, &KnownScene::name);
    if (scene == known.end()) {
        std::vector<std::string> names;
        for (const KnownScene& one : known) names.push_back(one.name);
        findings.error(scene_place, std::format("there is no scene '{}'", step.scene), suggestion(step.scene, names));
        return;
    }
    if (step.kind != StepKind::exposure) {
        if (scene->cue) findings.error(scene_place, std::format("'{}' is a {} step in '{}', a scene with cues", step.id, name_of(step.kind), step.scene),
                                       "choose a neutral or calm scene; accalmie scene list names them");
    } else if (!step.levels.empty() && step.levels.back() >= scene->levels) {
        findings.error(levels_place, std::format("'{}' has {} levels, so there is no level {}", step.scene, scene->levels, step.levels.back()),
                       std::format("use levels from 0 to {}", scene->levels - 1));
    }
}

void check_exposure(const SessionPlan& plan, const Step& step, Place place, Findings& findings) {
    const HabituationRule& rule = step.rule;
    if (rule.maximum_ms > 0 && rule.minimum_ms > rule.maximum_ms) {
        findings.error(place, std::format("'{}': level_time.minimum {} is over its maximum {}", step.id, duration_text(rule.minimum_ms),
                                          duration_text(rule.maximum_ms)), "exchange them or raise the maximum");
    }
    if (step.rating_every_ms > 0 && rule.maximum_ms > 0) {
        if (step.rating_every_ms > rule.maximum_ms) {
            findings.error(place, std::format("'{}': a rating every {} never comes in a level of at most {}", step.id,
                                              duration_text(step.rating_every_ms), duration_text(rule.maximum_ms)), "ask more often");
        } else if (step.rating_every_ms * rule.consecutive_ratings > rule.maximum_ms) {
            findings.warning(place, std::format("'{}': {} ratings in a row do not fit into a level, so every level ends by time", step.id,
                                                rule.consecutive_ratings), "ask more often, ask for fewer in a row or raise level_time.maximum");
        }
    }
    const bool baseline_rated = std::ranges::any_of(plan.steps, [](const Step& other) {
        return other.kind == StepKind::baseline && (other.rating_every_ms > 0 || !other.rating_at_ms.empty());
    });
    if (!baseline_rated) {
        findings.error(place, std::format("'{}' compares with a baseline that nobody rates", step.id), "add ratings_every = \"60 s\" to the baseline step");
    }
}

void check_ratings(const SessionPlan& plan, const Step& step, Place place, Findings& findings) {
    if (step.rating_every_ms > 0 && step.rating_every_ms < kShortestCadence_ms && !plan.rehearsal_only) {
        findings.error(place, std::format("'{}' asks for a rating every {}", step.id, duration_text(step.rating_every_ms)),
                       "at least 10 s apart; 60 s is usual");
    }
    if (step.rating_every_ms > 0 && plan.scale.timeout_ms >= step.rating_every_ms) {
        findings.warning(place, std::format("'{}': an unanswered question stays for {}, longer than the {} to the next one", step.id,
                                            duration_text(plan.scale.timeout_ms), duration_text(step.rating_every_ms)), "shorten rating.timeout");
    }
    for (std::size_t i = 0; i < step.rating_at_ms.size(); ++i) {
        if (step.kind != StepKind::exposure && step.duration_ms > 0 && step.rating_at_ms[i] > step.duration_ms) {
            findings.error(place, std::format("'{}': a rating at {} comes after the step's {}", step.id, duration_text(step.rating_at_ms[i]),
                                              duration_text(step.duration_ms)), "take it out or make the step longer");
        }
        if (i > 0 && step.rating_at_ms[i] <= step.rating_at_ms[i - 1]) {
            findings.error(place, std::format("'{}': ratings_at does not ascend at {}", step.id, duration_text(step.rating_at_ms[i])),
                           "put the times in order, each once");
        }
    }
}

}  // namespace

void check_scenes(const SessionPlan& plan, const PlanPlaces& places, const ParseOptions& options, Findings& findings) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        const Step& step = plan.steps[i];
        if (step.scene.empty()) continue;  // already named
        if (options.known_scenes) check_known_scene(step, places.scenes[i], places.levels[i], *options.known_scenes, findings);
        if (step.kind == StepKind::exposure && step.scene == kCalmRoom) {
            findings.error(places.scenes[i], "an exposure plays in the calm room", "the calm room never shows a cue; name a cue scene");
        }
        const bool calm = step.kind == StepKind::coping || step.kind == StepKind::aftercare;
        if (calm && std::ranges::any_of(plan.steps, [&](const Step& other) { return other.kind == StepKind::exposure && other.scene == step.scene; })) {
            findings.error(places.scenes[i], std::format("'{}' is a {} step in a scene of exposure", step.id, name_of(step.kind)),
                           "let it play in \"calm-room\"");
        }
    }
}

void check_plan(const SessionPlan& plan, const PlanPlaces& places, Findings& findings) {
    if (plan.steps.empty()) return;
    check_order(plan, places, findings);
    check_aftercare(plan, places, findings);
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
        if (plan.steps[i].kind == StepKind::exposure) check_exposure(plan, plan.steps[i], places.steps[i], findings);
        check_ratings(plan, plan.steps[i], places.steps[i], findings);
    }
    if (plan.ceiling <= plan.scale.minimum || plan.ceiling > plan.scale.maximum) {
        findings.error(places.ceiling, std::format("the ceiling {} is not on the scale from {} to {}", plan.ceiling, plan.scale.minimum, plan.scale.maximum),
                       "choose the rating at which coping begins at once, 90 of 100 for instance");
    }
}

}  // namespace accalmie::protocols
