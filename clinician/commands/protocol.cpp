// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <format>
#include <fstream>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "protocols/library.h"
#include "protocols/simulation.h"
#include "scenes/data_root.h"
#include "scenes/scene_file.h"

namespace accalmie::commands {

namespace {

using nlohmann::json;

struct ProtocolOptions {
    std::string file, out;
    int patients = 1;
    std::uint64_t seed = 1;
    double missing = 0;
    bool json = false;
};

// What the scenes on this machine offer. Without them a protocol is still checked, for the form of their names only.
protocols::ParseOptions parse_options() {
    protocols::ParseOptions options;
    const auto root = scenes::find_data_root();
    if (!root) return options;
    const auto all = scenes::list_scenes(*root);
    if (!all) {
        std::println(stderr, "accalmie: warning: scenes are not compared: {}", describe(all.error()));
        return options;
    }
    options.known_scenes.emplace();
    for (const auto& scene : *all) {
        options.known_scenes->push_back({scene.name, static_cast<int>(scene.levels.size()), scene.kind == scenes::SceneKind::cue});
    }
    return options;
}

json to_json(const protocols::Error& error) {
    return {{"file", error.file}, {"line", error.line}, {"column", error.column}, {"message", error.message}, {"hint", error.hint}};
}

json to_json(const std::vector<protocols::Error>& errors) {
    json rows = json::array();
    for (const auto& error : errors) rows.push_back(to_json(error));
    return rows;
}

// A file's bytes may be anything; the answer is UTF-8 whatever they were.
void print_json(const json& value) { std::println("{}", value.dump(2, ' ', false, json::error_handler_t::replace)); }

protocols::Diagnosis diagnose(const ProtocolOptions& options) {
    auto diagnosis = protocols::diagnose_file(options.file, parse_options());
    if (!diagnosis) {
        if (options.json) print_json({{"ok", false}, {"errors", json::array({to_json(diagnosis.error())})}, {"warnings", json::array()}});
        fail(diagnosis.error());
    }
    return *std::move(diagnosis);
}

void print_findings(const protocols::Diagnosis& diagnosis) {
    for (const auto& error : diagnosis.errors) std::println(stderr, "accalmie: error: {}", protocols::describe(error));
    for (const auto& warning : diagnosis.warnings) std::println(stderr, "accalmie: warning: {}", protocols::describe(warning));
}

// From the shortest to the longest that a session can be, without pauses.
std::pair<std::int64_t, std::int64_t> length_ms(const protocols::SessionPlan& plan) {
    std::int64_t shortest = 0, longest = 0;
    for (const auto& step : plan.steps) {
        const bool exposure = step.kind == protocols::StepKind::exposure;
        const auto levels = static_cast<std::int64_t>(step.levels.size());
        const auto least = std::max(step.rule.minimum_ms, step.rating_every_ms * step.rule.consecutive_ratings);
        shortest += exposure ? levels * std::min(least, step.rule.maximum_ms) : step.duration_ms;
        longest += exposure ? levels * step.rule.maximum_ms : step.duration_ms;
    }
    return {shortest, longest};
}

void list(const ProtocolOptions& options) {
    const auto templates = protocols::list_templates(parse_options());
    if (!templates) fail(templates.error());
    json rows = json::array();
    for (const auto& [path, diagnosis] : *templates) {
        if (!diagnosis.plan) {
            print_findings(diagnosis);
            rows.push_back({{"path", path}, {"ok", false}, {"errors", to_json(diagnosis.errors)}});
            continue;
        }
        const auto& plan = *diagnosis.plan;
        const auto [shortest, longest] = length_ms(plan);
        rows.push_back({{"id", plan.id}, {"version", plan.version}, {"path", path}, {"ok", true}, {"steps", plan.steps.size()},
                        {"title", {{"en", plan.title.en}, {"fr", plan.title.fr}}}, {"evidence", {{"en", plan.evidence.en}, {"fr", plan.evidence.fr}}},
                        {"rehearsal_only", plan.rehearsal_only}, {"shortest_ms", shortest}, {"longest_ms", longest}});
        if (options.json) continue;
        std::println("{:<14} v{:<3} {:<22} {}{}", plan.id, plan.version,
                     std::format("{} to {}", protocols::duration_text(shortest), protocols::duration_text(longest)), plan.title.en,
                     plan.rehearsal_only ? " (for tests of the software)" : "");
    }
    if (options.json) print_json(rows);
    const bool all_read = std::ranges::all_of(*templates, [](const auto& listed) { return listed.diagnosis.plan.has_value(); });
    if (!all_read) finish(1);
}

void check(const ProtocolOptions& options) {
    const auto diagnosis = diagnose(options);
    if (options.json) {
        print_json({{"ok", diagnosis.plan.has_value()}, {"errors", to_json(diagnosis.errors)}, {"warnings", to_json(diagnosis.warnings)}});
    } else {
        print_findings(diagnosis);
    }
    if (!diagnosis.plan) finish(1);
    const auto [shortest, longest] = length_ms(*diagnosis.plan);
    if (!options.json) {
        std::println("{}: ok ({}, {} steps, {} to {} without pauses)", options.file, diagnosis.plan->title.en, diagnosis.plan->steps.size(),
                     protocols::duration_text(shortest), protocols::duration_text(longest));
    }
}

std::string letters(const protocols::SimulationSummary& summary) {
    std::string text;
    for (const auto code : summary.level_ends) text += protocols::level_end_letter(code);
    return text.empty() ? "-" : text;
}

std::string number(int value) { return value < 0 ? "-" : std::to_string(value); }

json session_json(const protocols::SessionPlan& plan, const protocols::SimulatedSession& session) {
    const auto summary = protocols::summarise(plan, session);
    json ratings = json::array(), ends = json::array();
    for (const auto& point : session.state.ratings) ratings.push_back({{"t_ms", point.t_ms}, {"value", point.value}, {"step", point.step}, {"level", point.level}});
    for (const auto code : summary.level_ends) ends.push_back(protocols::name_of(code));
    const auto known = [](int value) { return value < 0 ? json() : json(value); };
    return {{"seed", session.seed}, {"outcome", session.outcome}, {"duration_ms", summary.duration_ms}, {"missing", summary.missed},
            {"baseline", known(summary.baseline)}, {"peak", known(summary.peak)}, {"last", known(summary.last)}, {"level_ends", ends},
            {"ceiling_reached", summary.ceiling_reached}, {"ratings", ratings}};
}

void print_table(const protocols::SessionPlan& plan, const std::vector<protocols::SimulatedSession>& sessions) {
    constexpr std::size_t kRowsShown = 40;
    std::println("{:>7} {:>20} {:>13} {:>7} {:>7} {:>8} {:>4} {:>4}  {:<10} {}", "patient", "seed", "duration", "ratings", "missing", "baseline", "peak", "last",
                 "levels", "outcome");
    double duration_s = 0, rise = 0;
    std::size_t rises = 0, ceilings = 0;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        const auto summary = protocols::summarise(plan, sessions[i]);
        duration_s += static_cast<double>(summary.duration_ms) / 1000;
        ceilings += summary.ceiling_reached ? 1U : 0U;
        if (summary.baseline >= 0 && summary.peak >= 0) {
            rise += summary.peak - summary.baseline;
            ++rises;
        }
        if (i >= kRowsShown) continue;
        const auto shown_ms = summary.duration_ms >= 60'000 ? summary.duration_ms / 1000 * 1000 : summary.duration_ms;
        std::println("{:>7} {:>20} {:>13} {:>7} {:>7} {:>8} {:>4} {:>4}  {:<10} {}", i + 1, sessions[i].seed, protocols::duration_text(shown_ms),
                     summary.ratings, summary.missed, number(summary.baseline), number(summary.peak), number(summary.last), letters(summary), sessions[i].outcome);
    }
    if (sessions.size() > kRowsShown) std::println("... and {} more (--json or --out has them all)", sessions.size() - kRowsShown);
    const auto count = static_cast<double>(sessions.size());
    std::println("{}", protocols::kLevelEndLegend);
    std::println("mean duration {:.1f} min, mean peak over baseline {:.1f} points, ceiling reached by {} of {}", duration_s / count / 60,
                 rises > 0 ? rise / static_cast<double>(rises) : 0.0, ceilings, sessions.size());
    std::println("These are simulated patients: a test of the protocol, never evidence about people.");
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) fail(path.string() + " cannot be written", "check the folder's permissions and the free space");
}

void simulate(const ProtocolOptions& options) {
    const auto diagnosis = diagnose(options);
    if (!diagnosis.plan) {
        if (options.json) print_json({{"ok", false}, {"errors", to_json(diagnosis.errors)}, {"warnings", to_json(diagnosis.warnings)}});
        print_findings(diagnosis);
        finish(1);
    }
    const auto& plan = *diagnosis.plan;
    protocols::PatientParameters parameters;
    parameters.miss_probability = options.missing;
    std::vector<protocols::SimulatedSession> sessions;
    for (int i = 0; i < options.patients; ++i) sessions.push_back(protocols::simulate_session(plan, parameters, options.seed + static_cast<std::uint64_t>(i)));

    if (!options.out.empty()) {
        std::error_code failed;
        std::filesystem::create_directories(options.out, failed);
        if (failed) fail("the folder " + options.out + " cannot be made: " + failed.message(), "choose another --out");
        write_file(std::filesystem::path(options.out) / "ratings.csv", protocols::ratings_csv(plan, sessions));
        write_file(std::filesystem::path(options.out) / "sessions.csv", protocols::sessions_csv(plan, sessions));
    }
    if (options.json) {
        json rows = json::array();
        for (const auto& session : sessions) rows.push_back(session_json(plan, session));
        print_json({{"ok", true}, {"protocol", plan.id}, {"version", plan.version}, {"simulated", true}, {"sessions", rows}});
        return;
    }
    print_table(plan, sessions);
    if (sessions.size() == 1) std::print("\n{}", protocols::text_plot(plan, sessions.front()));
    if (!options.out.empty()) std::println("wrote {0}/ratings.csv and {0}/sessions.csv", options.out);
}

}  // namespace

void add_protocol(CLI::App& app) {
    auto* protocol = app.add_subcommand("protocol", "List, check and simulate protocols");
    protocol->require_subcommand(1);
    auto options = std::make_shared<ProtocolOptions>();

    auto* list_command = protocol->add_subcommand("list", "The protocols that are installed");
    list_command->add_flag("--json", options->json, "For machines");
    list_command->footer("Example: accalmie protocol list");
    list_command->callback([options] { list(*options); });

    auto* check_command = protocol->add_subcommand("check", "Explain every mistake of a protocol with file:line:column");
    check_command->add_option("FILE", options->file, "A protocol file, or the name of a shipped one")->required();
    check_command->add_flag("--json", options->json, "For machines");
    check_command->footer("Example: accalmie protocol check protocols/templates/alcohol-bar.toml");
    check_command->callback([options] { check(*options); });

    auto* simulate_command = protocol->add_subcommand("simulate", "Run a protocol with simulated patients in virtual time, without a player");
    simulate_command->add_option("FILE", options->file, "A protocol file, or the name of a shipped one")->required();
    simulate_command->add_option("--patients", options->patients, "How many; patient i has the seed S + i - 1, so each can be repeated alone")
        ->check(CLI::Range(1, 100'000))->capture_default_str();
    simulate_command->add_option("--seed", options->seed, "Seed S of everything that is drawn at random")->capture_default_str();
    simulate_command->add_option("--missing", options->missing, "Share of questions left unanswered")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    simulate_command->add_option("--out", options->out, "Folder for ratings.csv and sessions.csv");
    simulate_command->add_flag("--json", options->json, "For machines");
    simulate_command->footer("Example: accalmie protocol simulate alcohol-bar --patients 20 --seed 7 --out trial-run");
    simulate_command->callback([options] { simulate(*options); });
}

}  // namespace accalmie::commands
