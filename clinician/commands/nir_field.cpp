// SPDX-License-Identifier: Apache-2.0
// `accalmie nir field` and `accalmie nir results`: a substance check without a patient, and what all of them were.
#include <cstdint>
#include <format>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/account_option.h"
#include "clinician/session/field_card.h"
#include "device/nir/number.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

struct Options {
    AccountOption account;
    std::string data, sample = "tablet", consent, place, week, card, language;
    std::vector<std::string> models;
    int row = 0;
    std::uint64_t seed = 1;
    bool simulated = false, consent_place = false, as_json = false;
};

void print_json(const json& value) { std::println("{}", value.dump(2, ' ', false, json::error_handler_t::replace)); }

session::FieldPlace place_of(const Options& options) {
    const auto comma = options.place.find(',');
    const std::string_view text = options.place;
    const auto latitude = nir::parse_number(text.substr(0, comma)), longitude = comma == text.npos ? std::nullopt : nir::parse_number(text.substr(comma + 1));
    if (!latitude || !longitude) fail("--place '" + options.place + "' is not latitude,longitude", "write degrees with a point, such as 48.7,2.2");
    return {.latitude_deg = *latitude, .longitude_deg = *longitude, .week = options.week};
}

session::FieldSetup setup_of(const Options& options) {
    if (options.simulated == !options.data.empty()) fail("one sample is needed", "give --data FILE, or --simulated with --sample and --seed");
    const bool place_asked = !options.place.empty() || !options.week.empty();
    if (place_asked && !options.consent_place) fail("a place and a week are kept only with consent", "ask, then give --consent-place; or leave --place and --week out");
    if (options.consent_place && (options.place.empty() || options.week.empty())) fail("--consent-place needs --place and --week", "give --place 48.7,2.2 --week 2026-W47, or leave all three out");
    session::FieldSetup setup;
    setup.sample.spectrum_file = options.data;
    setup.sample.row = options.row;
    setup.sample.simulated.sample = nir::simulated_sample(options.sample).value_or(nir::SimulatedSample::tablet);
    setup.sample.seed = options.seed;
    setup.models = options.models;
    setup.consent = options.consent == "given";
    if (place_asked) setup.place = place_of(options);
    setup.place_consent = options.consent_place;
    return setup;
}

json json_of(const session::FieldCheck& check, bool tell_cell) {
    json answer{{"session", check.session}, {"outcome", check.outcome}, {"consent", check.consent}, {"simulated", check.simulated}, {"verdict", check.verdict},
                {"judged", check.judged}, {"spectrum_source", check.spectrum_source}, {"spectrum_sha", check.spectrum_sha}};
    if (check.value) {
        answer["model"] = check.model;
        answer["unit"] = check.unit;
        answer["value"] = *check.value;
        answer["interval_low"] = check.interval_low.value_or(0);
        answer["interval_high"] = check.interval_high.value_or(0);
    }
    answer["week"] = check.week.empty() ? json() : json(check.week);
    answer["cell"] = check.cell.empty() || !tell_cell ? json() : json(check.cell);
    return answer;
}

void field(const Options& options) {
    const session::FieldSetup setup = setup_of(options);
    SignedIn who = options.account.sign_in(records::Right::check_substances);
    const std::string language = options.language.empty() ? who.study.info().language : options.language;
    auto outcome = session::run_field_check(who.study, who.account, setup);
    if (!outcome) fail(outcome.error());
    const auto& check = outcome->check;
    const auto card = session::field_card(check, language);
    if (!options.card.empty())
        if (auto written = session::write_field_card_html(card, options.card); !written) fail(written.error());
    for (const auto& notice : card.notices) std::println(stderr, "accalmie: notice: {}", notice);
    if (options.as_json) {
        // Who asks has just given the place; only lists hold small cells back.
        json answer = json_of(check, true);
        answer["notes"] = outcome->notes;
        answer["notices"] = card.notices;
        if (!options.card.empty()) answer["card"] = options.card;
        print_json(answer);
    } else {
        std::print("{}", session::text_of(card));
        for (const auto& note : outcome->notes) std::println("note: {}", note);
        std::println("\nsession {}, {}", check.session, check.outcome);
        if (!check.cell.empty()) std::println("kept with consent: square {} of {} degree, week {}", check.cell, session::kCellDegrees, check.week);
        if (!options.card.empty()) std::println("wrote {}", options.card);
    }
    finish(0);
}

void print_results(const std::vector<session::FieldCheck>& checks, const session::FieldCounts& counts) {
    std::println("{:<8} {:<26} {:<34} {:<26} {:<10} {}", "session", "verdict", "model", "content, 95 % interval", "week", "cell");
    for (const auto& check : checks) {
        const std::string content = session::content_words(check, "en");
        // The no-break space is two bytes wide in the padding and one on the screen.
        const auto padded = content + std::string(content.size() < 27 ? 26 + (content.empty() ? 0 : 1) - content.size() : 0, ' ');
        std::println("{:<8} {:<26} {:<34} {} {:<10} {}", check.session, check.verdict.empty() ? check.outcome : check.verdict, check.model, padded, check.week,
                     check.cell.empty() ? "" : counts.shows(check.cell) ? check.cell : std::format("(fewer than {})", session::kFewestInCell));
    }
    std::println("\nidentified {}, none of these {}, more than one possible {}, refused {}, interrupted {}", counts.identified, counts.none, counts.several, counts.refused, counts.interrupted);
    for (const auto& cell : counts.cells) std::println("cell {}: {} checks", cell.cell, cell.checks);
    if (counts.in_small_cells > 0) std::println("cells with fewer than {} checks are not told singly", session::kFewestInCell);
    std::println("without a place: {}", counts.without_place);
}

void results(const Options& options) {
    const SignedIn who = options.account.sign_in(records::Right::check_substances);
    auto checks = session::field_checks(who.study);
    if (!checks) fail(checks.error());
    const auto counts = session::count_checks(*checks);
    if (!options.as_json) {
        print_results(*checks, counts);
        finish(0);
    }
    json list = json::array(), cells = json::array();
    for (const auto& check : *checks) {
        json entry = json_of(check, counts.shows(check.cell));
        entry["cell_withheld"] = !check.cell.empty() && !counts.shows(check.cell);
        list.push_back(std::move(entry));
    }
    for (const auto& cell : counts.cells) cells.push_back({{"cell", cell.cell}, {"checks", cell.checks}});
    print_json({{"checks", list},
                {"verdicts", {{"identified", counts.identified}, {"none of these", counts.none}, {"more than one is possible", counts.several},
                              {"refused", counts.refused}, {"interrupted", counts.interrupted}}},
                {"cells", cells},
                {"small_cells", {{"fewer_than", session::kFewestInCell}, {"any", counts.in_small_cells > 0}}},
                {"without_place", counts.without_place}});
    finish(0);
}

void add_field(CLI::App& nir, const std::shared_ptr<Options>& options) {
    auto* command = nir.add_subcommand("field", "Check a substance without a patient: consent, verdict, content with an interval, result card");
    options->account.add(*command);
    command->add_option("--data", options->data, "The measured spectrum: CSV or JCAMP-DX. The shipped models know simulated spectra only and judge nothing real")->type_name("FILE");
    command->add_option("--row", options->row, "Which spectrum of the file, from 1 (the only one)")->check(CLI::Range(1, 10'000'000));
    command->add_flag("--simulated", options->simulated, "The simulated spectrometer instead of a file");
    command->add_option("--sample", options->sample, "What it measures")->check(CLI::IsMember({"tablet", "powder", "foreign", "mixture"}))->capture_default_str();
    command->add_option("--seed", options->seed, "Seed of the simulated spectrometer")->capture_default_str();
    command->add_option("--model", options->models, "Model file or shipped name; may be given again (all that ship)")->type_name("FILE")->allow_extra_args(false);
    command->add_option("--consent", options->consent, "What the person answered: this sample, one measurement")->required()->check(CLI::IsMember({"given", "refused"}));
    command->add_option("--place", options->place, "Where; only the half-degree square is kept (about 50 km)")->type_name("LAT,LON");
    command->add_option("--week", options->week, "ISO week of the check, as the person says it, such as 2026-W47")->type_name("YYYY-Www");
    command->add_flag("--consent-place", options->consent_place, "The person agreed that square and week are kept (off)");
    command->add_option("--card", options->card, "Result card to write: one HTML page, readable on a phone")->type_name("FILE");
    command->add_option("--language", options->language, "Language of the card (the study's)")->check(CLI::IsMember({"fr", "en"}));
    command->add_flag("--json", options->as_json, "For machines");
    command->footer("Example: accalmie nir field --study ./crave --key-file site.key --account a.martin --simulated --sample powder --seed 7 --consent given --card card.html");
    command->callback([options] { field(*options); });
}

void add_results(CLI::App& nir, const std::shared_ptr<Options>& options) {
    auto* command = nir.add_subcommand("results", std::format("List the substance checks, and count them by verdict and by cell (cells with fewer than {} are not told)", session::kFewestInCell));
    options->account.add(*command);
    command->add_flag("--json", options->as_json, "For machines");
    command->footer("Example: accalmie nir results --study ./crave --key-file site.key --account a.martin");
    command->callback([options] { results(*options); });
}

}  // namespace

void add_nir_field(CLI::App& nir) {
    const auto options = std::make_shared<Options>();
    add_field(nir, options);
    add_results(nir, options);
}

}  // namespace accalmie::commands
