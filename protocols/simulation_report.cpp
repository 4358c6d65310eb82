// SPDX-License-Identifier: Apache-2.0
#include "protocols/simulation.h"

#include <algorithm>
#include <format>
#include <utility>

namespace accalmie::protocols {
namespace {

constexpr int kPlotRows = 11;  // 0, 10, ... 100 on the usual scale

std::string step_name(const SessionPlan& plan, int index) {
    return index >= 0 && std::cmp_less(index, plan.steps.size()) ? plan.steps[static_cast<std::size_t>(index)].id : "";
}

std::string_view step_kind(const SessionPlan& plan, int index) {
    return index >= 0 && std::cmp_less(index, plan.steps.size()) ? name_of(plan.steps[static_cast<std::size_t>(index)].kind) : "";
}

// Where the steps begin, in columns, with their names.
std::string step_line(const SessionPlan& plan, const SimulatedSession& session, int columns, std::int64_t end_ms, std::string& marks) {
    std::string names(static_cast<std::size_t>(columns), ' ');
    int shown = -1;
    for (const TimedCommand& timed : session.commands) {
        const Command& command = timed.command;
        if ((command.kind != CommandKind::show_scene && command.kind != CommandKind::show_calm) || command.step == shown) continue;
        shown = command.step;
        const auto column = static_cast<std::size_t>(timed.t_ms * (columns - 1) / end_ms);
        marks[column] = '|';
        std::string name = step_name(plan, shown);
        name.resize(std::min(name.size(), names.size() - column));
        names.replace(column, name.size(), name);
    }
    return names;
}

}  // namespace

std::string text_plot(const SessionPlan& plan, const SimulatedSession& session, int columns) {
    columns = std::clamp(columns, 20, 400);
    const std::int64_t end_ms = std::max<std::int64_t>(1, session.state.now_ms);
    const int range = std::max(1, plan.scale.maximum - plan.scale.minimum);
    std::vector<std::string> rows(kPlotRows, std::string(static_cast<std::size_t>(columns), ' '));
    for (const RatingPoint& point : session.state.ratings) {
        const int row = ((point.value - plan.scale.minimum) * (kPlotRows - 1) + range / 2) / range;
        const std::int64_t column = point.t_ms * (columns - 1) / end_ms;
        rows[static_cast<std::size_t>(std::clamp(row, 0, kPlotRows - 1))][static_cast<std::size_t>(column)] = 'o';
    }
    std::string plot;
    for (int row = kPlotRows - 1; row >= 0; --row) {
        const int value = plan.scale.minimum + row * range / (kPlotRows - 1);
        std::string line = std::format("{:>5} |{}", value, rows[static_cast<std::size_t>(row)]);
        line.erase(line.find_last_not_of(' ') + 1);
        plot += line + '\n';
    }
    std::string axis(static_cast<std::size_t>(columns), '-');
    const std::string names = step_line(plan, session, columns, end_ms, axis);
    return plot + "      +" + axis + "\n       " + names + std::format("\n       0 to {}\n", duration_text(end_ms / 1000 * 1000));
}

std::string ratings_csv(const SessionPlan& plan, const std::vector<SimulatedSession>& sessions) {
    struct Row {
        std::int64_t t_ms;
        std::string text;
    };
    std::string csv = "patient,seed,t_ms,step,kind,level,request,source,value,missing\r\n";
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        const SessionState& state = sessions[i].state;
        std::vector<Row> rows;
        for (const RatingPoint& point : state.ratings) {
            rows.push_back({point.t_ms, std::format("{},{},{},{},{},{},{},{},{},", i + 1, sessions[i].seed, point.t_ms, step_name(plan, point.step),
                                                    step_kind(plan, point.step), point.level, point.request, name_of(point.source), point.value)});
        }
        for (const MissedRating& missed : state.missed) {
            rows.push_back({missed.t_ms, std::format("{},{},{},{},{},{},{},,,{}", i + 1, sessions[i].seed, missed.t_ms, step_name(plan, missed.step),
                                                     step_kind(plan, missed.step), missed.level, missed.request, missed.declined ? "declined" : "timeout")});
        }
        std::ranges::stable_sort(rows, {}, &Row::t_ms);
        for (const Row& row : rows) csv += row.text + "\r\n";
    }
    return csv;
}

std::string sessions_csv(const SessionPlan& plan, const std::vector<SimulatedSession>& sessions) {
    std::string csv = "patient,seed,outcome,duration_ms,ratings,missing,baseline,peak,last,level_ends\r\n";
    const auto number = [](int value) { return value < 0 ? std::string() : std::to_string(value); };
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        const SimulationSummary summary = summarise(plan, sessions[i]);
        std::string ends;
        for (const ReasonCode code : summary.level_ends) ends += (ends.empty() ? "" : " ") + std::string(name_of(code));
        csv += std::format("{},{},{},{},{},{},{},{},{},{}\r\n", i + 1, sessions[i].seed, sessions[i].outcome, summary.duration_ms, summary.ratings,
                           summary.missed, number(summary.baseline), number(summary.peak), number(summary.last), ends);
    }
    return csv;
}

}  // namespace accalmie::protocols
