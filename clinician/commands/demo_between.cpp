// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/demo_between.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <format>
#include <fstream>
#include <print>

#include "clinician/between/corpus/counts.h"
#include "clinician/between/corpus/import.h"
#include "clinician/between/corpus/threads.h"
#include "clinician/between/corpus/title_words.h"
#include "clinician/between/directory/directory.h"
#include "clinician/between/directory/map_marks.h"
#include "clinician/between/diary/ladder.h"
#include "clinician/between/diary/simulated_diary.h"
#include "clinician/between/directory/referrals.h"
#include "clinician/between/map/map_svg.h"
#include "clinician/between/wishes.h"
#include "clinician/commands/commands.h"
#include "clinician/session/field_card.h"
#include "clinician/session/nir_field.h"

namespace accalmie::commands {
namespace {

template <class T>
T need(Result<T> result) {
    if (!result) fail(result.error());
    return std::move(*result);
}

bool in_french(const DemoAround& around) { return around.language.starts_with("fr"); }

void keep(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    if (!file.flush()) fail(path + " cannot be written", "name another folder: --out DIR");
}

// The local day so many days ago.
std::string day_before(int days) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    return std::format("{:%F}", today - std::chrono::days(days));
}

void save_map(const DemoAround& around, const between::Directory& directory) {
    const auto map = need(between::Map::load(around.root));
    const auto drawn = between::directory_picture(map, directory, between::search(directory, {}), around.language);
    keep(around.out + "/services.svg", between::map_svg(map, drawn.marks, drawn.picture));
}

// The referral's whole way, with days that lie behind us.
between::Referral refer(records::Study& study, const DemoAround& around, const between::Service& service) {
    const std::string letter = around.out + "/referral.pdf";
    const std::string reason = in_french(around) ? "Usage de cannabis et vécu persécutif ; demande un premier rendez-vous commun avec le patient."
                                                 : "Cannabis use with suspicious thoughts; asks for a first appointment together with the patient.";
    const auto letter_of = need(between::make_referral(study, around.clinician, {.pseudonym = around.pseudonym, .service = service.id, .reason = reason,
                                                                             .on = day_before(20), .letter_path = letter, .language = around.language}));
    using enum between::ReferralStep;
    between::Referral referral;
    for (const auto& [step, days] : {std::pair{sent, 19}, std::pair{received, 16}, std::pair{seen, 7}})
        referral = need(between::track_referral(study, around.clinician, letter_of.id, step, day_before(days), between::local_day()));
    return referral;
}

}  // namespace

std::vector<Made> demo_coach(records::Study& study, const DemoAround& around) {
    std::error_code failure;
    std::filesystem::create_directories(around.out + "/diary-page", failure);
    keep(around.out + "/diary-page/index.html", need(between::read_text_file(around.root + "/assets/diary/index.html", 1u << 20)));
    const auto simulated = between::simulate_diary(around.seed, 42, day_before(1));
    const std::string file = around.out + "/diary.jsonl";
    keep(file, between::write_diary(simulated.device, simulated.entries));
    const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const auto imported = need(between::import_diary(study, around.clinician, around.pseudonym, need(between::read_diary_file(file, now_s)), records::to_hex(need(records::file_hash(file)))));
    std::println("  {} entries of the simulated patient's diary imported", imported.new_entries);
    const auto proposals = need(between::propose_steps(study, around.clinician, around.pseudonym, need(scenes::list_scenes(around.root))));
    for (const auto& each : proposals) {
        const between::HardBlock block{.weekend = each.weekend, .first_hour = each.first_hour};
        std::println("  hard hours: {}, mean craving {:.1f}; proposed: {}", between::hours_words(block, "en"), each.mean_craving,
                     each.scene.empty() ? "a wish for a scene of " + each.place : std::format("{} level {}", each.scene, each.level));
    }
    const auto step = std::ranges::find_if(proposals, [](const auto& each) { return !each.scene.empty(); });
    if (step == proposals.end()) fail("the simulated diary proposed no step of the ladder", "choose another --seed");
    need(between::decide(study, around.clinician, step->id, true, in_french(around) ? "Convenu avec le patient." : "Agreed with the patient."));
    return {{"diary-page/index.html", "the diary page for the phone: open it in a browser"}, {"diary.jsonl", "what it hands over (here a simulated patient's)"}};
}

std::vector<Made> demo_bridge(records::Study& study, const DemoAround& around) {
    const std::string sample = around.root + "/assets/samples/services.csv";
    const auto file = need(between::read_directory_file(need(between::read_csv_table(sample))));
    const auto imported = need(between::import_directory(study, around.clinician, file, records::to_hex(need(records::file_hash(sample))), false));
    const auto directory = need(between::read_directory(study));
    save_map(around, directory);
    const auto near = need(between::locate(directory, "Lyon"));
    const auto found = between::search(directory, {.type = between::ServiceType::cmp, .age = 19, .near = near});
    if (found.empty()) fail("the sample directory has no CMP for somebody of 19");
    const auto& service = directory.services[found.front().index];
    const auto referral = refer(study, around, service);
    std::println("  {} services imported; nearest CMP to Lyon for a person of 19: {} ({:.0f} km)", imported.about.rows, service.name, found.front().distance_km.value_or(0));
    std::println("  referral {}: seen after {} days", referral.id, referral.days_to_first_appointment().value_or(0));
    return {{"services.svg", "the directory's map"}, {"referral.pdf", "a referral letter; the name is written on it by hand"}};
}

std::vector<Made> demo_corpus(records::Study& study, const DemoAround& around) {
    const auto imported = need(between::import_corpus(study, around.clinician, around.root + "/assets/samples/discussions.csv"));
    const auto corpora = need(between::read_corpora(study));
    const auto words = between::epidemic_words();
    const auto kept = between::filter_titles(corpora.front().threads, between::TitleWords(words));
    const auto table = between::count_threads(kept, between::CountBy::theme);
    const between::Count *most_written = nullptr, *most_read = nullptr;
    for (const auto& row : table.rows) {
        if (row.rank_threads == 1 && !most_written) most_written = &row;
        if (row.rank_views == 1) most_read = &row;
    }
    if (!most_written || !most_read) fail("the sample discussions cannot be counted");
    const std::string why = in_french(around) ? "Le thème le plus lu : la scène devrait permettre de s'exercer au refus." : "The most read theme: a scene should let people practise refusing.";
    const auto wish = need(between::make_wish(study, around.clinician, "corpus", most_read->key, why));
    std::println("  {} discussions, {} with an epidemic word in the title", imported.threads, table.threads);
    std::println("  most written about: {} ({} discussions); most read: {} ({} views); {} wishes for a scene of it", most_written->key, most_written->threads,
                 most_read->key, most_read->views, wish.id);
    return {};
}

std::vector<Made> demo_field(records::Study& study, const DemoAround& around) {
    using enum nir::SimulatedSample;
    constexpr std::array samples{tablet, powder, foreign, tablet, mixture};
    session::FieldOutcome shown;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        session::FieldSetup setup;
        setup.sample.simulated.sample = samples[i];
        setup.sample.seed = around.seed + i;
        setup.consent = setup.place_consent = true;
        // Four in one square, one alone in another: a square with fewer than three is not shown.
        setup.place = i < 4 ? session::FieldPlace{46.52, 6.63, "2026-W46"} : session::FieldPlace{45.76, 4.84, "2026-W47"};
        const auto outcome = need(session::run_field_check(study, around.clinician, setup));
        std::println("  check {}: {} {}", outcome.check.session, session::field_verdict_words(outcome.check.verdict, around.language), session::content_words(outcome.check, around.language));
        if (i == 0) shown = outcome;
    }
    if (auto written = session::write_field_card_html(session::field_card(shown.check, around.language), around.out + "/substance-card.html"); !written) fail(written.error());
    return {{"substance-card.html", "the result card of a substance check, for a phone"}};
}

std::vector<Made> demo_views(const DemoAround& around) {
    struct View {
        const char *id, *file, *what;
    };
    constexpr std::array views{View{"diary", "diary.png", "the console's view of the diary: high-risk hours and the ladder step they propose"},
                               View{"directory", "directory.png", "of the services and the referral"}, View{"corpus", "corpus.png", "of the discussions"},
                               View{"field", "substance-checks.png", "of the substance checks"}};
    std::vector<Made> made;
    for (const View& view : views) {
        std::vector<std::string> words{std::filesystem::read_symlink("/proc/self/exe").string(), "console", "--study", around.study, "--key-file", around.key,
                                       "--account", around.clinician.name, "--passphrase-file", around.passphrase_file, "--show", view.id, "--no-window",
                                       "--language", around.language, "--shot", around.out + "/" + view.file};
        std::vector<char*> argv;
        for (auto& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        pid_t child = -1;
        int status = 1;
        if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0 || waitpid(child, &status, 0) != child || status != 0)
            fail(std::format("the console could not draw its view of {}", view.id), "its own message stands above");
        made.push_back({view.file, view.what});
    }
    return made;
}

}  // namespace accalmie::commands
