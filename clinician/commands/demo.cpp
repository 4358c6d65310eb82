// SPDX-License-Identifier: Apache-2.0
// The whole product in one command, all five systems in one study: an exposure session run by the real console process against the
// simulated patient, a NIR verification of the same pseudonym, the diary between sessions, the directory and a referral, the discussions,
// substance checks; then everything that is read from the record: the console's views, report, export, verification.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <format>
#include <fstream>
#include <memory>
#include <print>

#include "clinician/commands/commands.h"
#include "clinician/commands/demo_between.h"
#include "clinician/commands/session_options.h"
#include "clinician/commands/virtual_display.h"
#include "clinician/exports/csv_package.h"
#include "clinician/records/study.h"
#include "clinician/reports/session_report.h"
#include "clinician/session/monado.h"
#include "clinician/session/nir_session.h"
#include "scenes/data_root.h"

namespace accalmie::commands {

namespace fs = std::filesystem;

namespace {

struct DemoOptions {
    SessionOptions session;
    std::string out = "out/demo";
};

struct Places {
    std::string out, key, passphrase, study, pictures, console_picture, report, exported, nir_card;
    explicit Places(const std::string& folder)
        : out(folder), key(folder + "/demo.key"), passphrase(folder + "/demo.passphrase"), study(folder + "/study"), pictures(study + "/pictures"), console_picture(folder + "/console.png"),
          report(folder + "/report.pdf"), exported(folder + "/export"), nir_card(folder + "/nir-result.txt") {}
};

constexpr const char* kAdministrator = "chief";
constexpr const char* kClinician = "a.martin";

void step(int number, const std::string& what) { std::println("[{}/11] {}", number, what); std::fflush(stdout); }

// An earlier demonstration is replaced; anything else that lies there is left alone.
void prepare_folder(const Places& places) {
    std::error_code failure;
    if (fs::exists(places.out) && !fs::is_empty(places.out, failure)) {
        if (!fs::exists(places.key)) fail("the folder " + places.out + " is not empty and was not made by a demonstration", "name another: --out DIR");
        for (const auto& made : {places.study, places.exported}) fs::remove_all(made, failure);
        for (const auto& made : {places.key, places.passphrase, places.console_picture, places.report, places.nir_card}) fs::remove(made, failure);
        for (const char* made : {"services.svg", "referral.pdf", "substance-card.html", "diary-page", "diary.jsonl", "diary.png", "directory.png", "corpus.png", "substance-checks.png"})
            fs::remove_all(places.out + "/" + made, failure);
    }
    fs::create_directories(places.out, failure);
    if (failure) fail("the folder " + places.out + " cannot be made: " + failure.message(), "name another: --out DIR");
}

// Four letters and digits without look-alikes, from the seed: the demonstration's patient is the same for the same seed.
std::string seeded_pseudonym(std::uint64_t seed) {
    static constexpr std::string_view kLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    std::string pseudonym = "P-";
    std::uint64_t mixed = seed * 0x9E3779B97F4A7C15ull + 0xD1B54A32D192ED03ull;
    for (int i = 0; i < 4; ++i) {
        mixed ^= mixed >> 29;
        mixed *= 0xBF58476D1CE4E5B9ull;
        pseudonym += kLetters[(mixed >> 40) % kLetters.size()];
    }
    return pseudonym;
}

// The console as a process of its own, as a clinic starts it; its progress lines go to our own output.
void run_console(const DemoOptions& options, const Places& places) {
    std::vector<std::string> arguments = {fs::read_symlink("/proc/self/exe").string(), "console", "--study", places.study, "--key-file", places.key,
                                          "--account", kClinician, "--passphrase-file", places.passphrase, "--rehearse", "--auto", "--protocol", options.session.protocol, "--pseudonym", options.session.pseudonym,
                                          "--seed", std::to_string(options.session.seed), "--language", options.session.language,
                                          "--xr", options.session.xr, "--pictures", places.pictures, "--shot", places.console_picture};
    const auto add = [&](std::initializer_list<std::string> more) { arguments.insert(arguments.end(), more); };
    if (!options.session.size.empty()) add({"--size", options.session.size});
    if (options.session.samples) add({"--msaa", std::to_string(*options.session.samples)});
    if (options.session.stop_at_level) add({"--stop-at-level", std::to_string(*options.session.stop_at_level)});
    if (options.session.validation) add({"--validation"});

    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t child = -1;
    if (posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0) fail("the console does not start");
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail(WIFSIGNALED(status) ? std::format("the console was ended by signal {}", WTERMSIG(status)) : "the console did not finish the session",
             "its own message stands above; " + places.study + "/player.log has the player's");
    }
}

std::string verify_nir(records::Study& study, const DemoOptions& options, const Places& places) {
    session::NirSessionSetup setup;
    setup.pseudonym = options.session.pseudonym;
    setup.account = kClinician;
    setup.language = options.session.language;
    setup.consent.given = true;
    setup.seed = options.session.seed;
    auto outcome = session::run_nir_session(study, setup);
    if (!outcome) fail(outcome.error());
    std::ofstream card(places.nir_card);
    card << outcome->card.title << "\n\n" << outcome->card.headline << "\n\n";
    for (const auto& line : outcome->card.explanation) card << line << "\n";
    card << "\n";
    for (const auto& line : outcome->card.limits) card << "- " << line << "\n";
    card << "\n" << outcome->card.audience << "\n";
    if (!card.flush()) fail("the NIR result card cannot be written to " + places.nir_card);
    return outcome->session_id;
}

// A passphrase of random letters, in a file that only its owner reads.
std::string write_passphrase(const std::string& path) {
    const std::string words = records::to_hex(records::Key::random().bytes).substr(0, 24);
    std::ofstream file(path);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    file << words << "\n";
    if (!file.flush()) fail("the passphrase cannot be written to " + path);
    return words;
}

records::Account make_study(const DemoOptions& options, const Places& places, const records::Key& key) {
    auto study = records::Study::create(places.study, {.id = "DEMO", .title = "Demonstration", .site = "Accalmie", .language = options.session.language, .rehearsal = true}, key);
    if (!study) fail(study.error());
    if (auto added = study->add_patient("", options.session.pseudonym); !added) fail(added.error());
    const std::string passphrase = write_passphrase(places.passphrase);
    auto chief = records::add_account(*study, kAdministrator, records::AccountRole::administrator, passphrase, nullptr);
    if (!chief) fail(chief.error());
    auto clinician = records::add_account(*study, kClinician, records::AccountRole::clinician, passphrase, &*chief);
    if (!clinician) fail(clinician.error());
    return *clinician;
}

void list_results(const Places& places, const std::vector<Made>& around) {
    std::size_t pictures = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(places.pictures)) ++pictures;
    std::println("\nMade in {}:", places.out);
    const auto line = [](const std::string& file, const std::string& what) { std::println("  {:<22} {}", file, what); };
    line("study/", std::format("the encrypted record, verified (accalmie study verify --study {} --key-file {})", places.study, places.key));
    line("study/pictures/", std::format("{} pictures: the patient's view at every rating", pictures));
    line("report.pdf", "one page about the session, for the file");
    line("export/", "CSV tables with datapackage.json");
    line("console.png", "the console during the session");
    line("nir-result.txt", "the result card of the NIR verification");
    for (const Made& made : around) line(made.file, made.what);
    line("demo.key", "the key of this demonstration; demo.passphrase opens its accounts chief and a.martin. Both lie open because nobody's data is in it");
}

// The other four systems, each in a step of its own; what they left behind.
std::vector<Made> show_around(records::Study& study, const DemoAround& around) {
    std::vector<Made> all;
    const auto add = [&](int number, const std::string& what, std::vector<Made> (*system)(records::Study&, const DemoAround&)) {
        step(number, what);
        for (Made& made : system(study, around)) all.push_back(std::move(made));
    };
    add(4, "Coach: the diary between sessions, and what its hard hours propose", demo_coach);
    add(5, "Bridge: a directory of services, and a referral", demo_bridge);
    add(6, "Corpus: what people say on two forums, counted", demo_corpus);
    add(7, "Substance checks without a patient", demo_field);
    return all;
}

void prove(const records::Study& study, const Places& places, const records::Key& key, const std::vector<records::SessionSummary>& sessions) {
    for (const auto& one : sessions) {
        auto digest = records::session_digest(study.ledger(), one.id);
        if (!digest) fail(digest.error());
        std::println("session digest {}  ({} {})", records::to_hex(*digest), one.id, one.kind);
    }
    auto report = records::verify(places.study, key);
    if (!report) fail(report.error());
    for (const auto& problem : report->problems) std::println(stderr, "  {}", problem);
    if (!report->ok) fail("the record does not verify");
    std::println("verified: {} rows in {} sessions, head {}", report->rows, report->sessions, records::to_hex(report->head));
}

void run(DemoOptions options) {
    const Places places(fs::absolute(options.out).lexically_normal().string());
    if (options.session.pseudonym.empty()) options.session.pseudonym = seeded_pseudonym(options.session.seed);
    prepare_folder(places);

    step(1, "A new study, encrypted under a fresh key");
    const auto key = records::Key::random();
    if (auto written = key.write_file(places.key); !written) fail(written.error());
    const auto clinician = make_study(options, places, key);

    step(2, std::format("An exposure session in the console: simulated patient {}, virtual time, {}", options.session.pseudonym,
                        options.session.xr == "openxr" ? "an OpenXR runtime" : "off-screen"));
    std::optional<session::SimulatedHeadset> headset;
    if (options.session.xr == "openxr") {
        auto started = session::SimulatedHeadset::start_unless_chosen();
        if (!started) fail(started.error());
        headset = std::move(*started);
    }
    auto display = VirtualDisplay::start_unless_there();
    if (!display) fail(display.error());
    run_console(options, places);

    step(3, "A NIR verification session of the same pseudonym, with consent recorded");
    auto study = records::Study::open(places.study, key);
    if (!study) fail(study.error());
    verify_nir(*study, options, places);

    const auto root = scenes::find_data_root();
    if (!root) fail(root.error());
    const DemoAround around{.out = places.out, .study = places.study, .key = places.key, .passphrase_file = places.passphrase, .root = *root,
                            .pseudonym = options.session.pseudonym, .language = options.session.language, .seed = options.session.seed, .clinician = clinician};
    auto made = show_around(*study, around);
    study = std::unexpected(Error{});  // closed: each view is drawn by a console of its own

    step(8, "The console's views of the four");
    for (Made& each : demo_views(around)) made.push_back(std::move(each));

    study = records::Study::open(places.study, key);
    if (!study) fail(study.error());
    step(9, "The report");
    auto sessions = study->sessions();
    if (!sessions || sessions->empty()) fail("the study has no sessions");
    if (auto written = reports::write_session_report(*study, sessions->front().id, options.session.language, places.report); !written) fail(written.error());

    step(10, "The export");
    if (auto exported = exports::export_csv(*study, places.exported, kClinician); !exported) fail(exported.error());

    step(11, "Verification of the whole record");
    prove(*study, places, key, *sessions);
    list_results(places, made);
}

}  // namespace

void add_demo(CLI::App& app) {
    auto* command = app.add_subcommand("demo", "One whole simulated study: exposure session, NIR verification, diary, directory, discussions, substance checks, report, export");
    auto options = std::make_shared<DemoOptions>();
    options->session.stop_at_level = 4;  // the stop is part of what is shown
    options->session.add(*command);
    command->add_option("--out", options->out, "Folder for everything that is made")->capture_default_str();
    command->add_option("--stop-at-level", options->session.stop_at_level, "The simulated patient answers the second question at this cue level with the stop button; -1: never")
        ->capture_default_str();
    command->footer("Example: accalmie demo --seed 7 --out /tmp/accalmie-demo");
    command->callback([options] { run(*options); });
}

}  // namespace accalmie::commands
