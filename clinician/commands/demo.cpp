// SPDX-License-Identifier: Apache-2.0
// The whole product in one command: a study, an exposure session run by the real console process against the simulated patient, a NIR
// verification of the same pseudonym, then everything that is read from the record: verification, report, export.
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
#include "clinician/commands/session_options.h"
#include "clinician/commands/virtual_display.h"
#include "clinician/exports/csv_package.h"
#include "clinician/records/study.h"
#include "clinician/reports/session_report.h"
#include "clinician/session/monado.h"
#include "clinician/session/nir_session.h"

namespace accalmie::commands {

namespace fs = std::filesystem;

namespace {

struct DemoOptions {
    SessionOptions session;
    std::string out = "out/demo";
};

struct Places {
    std::string out, key, study, pictures, console_picture, report, exported, nir_card;
    explicit Places(const std::string& folder)
        : out(folder), key(folder + "/demo.key"), study(folder + "/study"), pictures(study + "/pictures"), console_picture(folder + "/console.png"),
          report(folder + "/report.pdf"), exported(folder + "/export"), nir_card(folder + "/nir-result.txt") {}
};

void step(int number, const std::string& what) { std::println("[{}/6] {}", number, what); std::fflush(stdout); }

// An earlier demonstration is replaced; anything else that lies there is left alone.
void prepare_folder(const Places& places) {
    std::error_code failure;
    if (fs::exists(places.out) && !fs::is_empty(places.out, failure)) {
        if (!fs::exists(places.key)) fail("the folder " + places.out + " is not empty and was not made by a demonstration", "name another: --out DIR");
        for (const auto& made : {places.study, places.exported}) fs::remove_all(made, failure);
        for (const auto& made : {places.key, places.console_picture, places.report, places.nir_card}) fs::remove(made, failure);
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
                                          "--rehearse", "--auto", "--protocol", options.session.protocol, "--pseudonym", options.session.pseudonym,
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

void list_results(const Places& places) {
    std::size_t pictures = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(places.pictures)) ++pictures;
    std::println("\nMade in {}:", places.out);
    std::println("  study/            the encrypted record, verified (accalmie study verify --study {} --key-file {})", places.study, places.key);
    std::println("  study/pictures/   {} pictures: the patient's view at every rating", pictures);
    std::println("  report.pdf        one page for the file");
    std::println("  export/           CSV tables with datapackage.json");
    std::println("  console.png       the console during the session");
    std::println("  nir-result.txt    the result card of the NIR verification");
    std::println("  demo.key          the key of this demonstration, lying open because nobody's data is in it");
}

void run(DemoOptions options) {
    const Places places(fs::absolute(options.out).lexically_normal().string());
    if (options.session.pseudonym.empty()) options.session.pseudonym = seeded_pseudonym(options.session.seed);
    prepare_folder(places);

    step(1, "A new study, encrypted under a fresh key");
    const auto key = records::Key::random();
    if (auto written = key.write_file(places.key); !written) fail(written.error());
    {
        auto study = records::Study::create(places.study, {.id = "DEMO", .title = "Demonstration", .site = "Accalmie", .language = options.session.language, .rehearsal = true}, key);
        if (!study) fail(study.error());
        if (auto added = study->add_patient("", options.session.pseudonym); !added) fail(added.error());
    }

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
    const auto nir_session = verify_nir(*study, options, places);

    step(4, "The report");
    auto sessions = study->sessions();
    if (!sessions || sessions->empty()) fail("the study has no sessions");
    if (auto written = reports::write_session_report(*study, sessions->front().id, options.session.language, places.report); !written) fail(written.error());

    step(5, "The export");
    if (auto exported = exports::export_csv(*study, places.exported); !exported) fail(exported.error());

    step(6, "Verification of the whole record");
    for (const auto& one : *sessions) {
        auto digest = records::session_digest(study->ledger(), one.id);
        if (!digest) fail(digest.error());
        std::println("session digest {}  ({} {})", records::to_hex(*digest), one.id, one.kind);
    }
    auto report = records::verify(places.study, key);
    if (!report) fail(report.error());
    for (const auto& problem : report->problems) std::println(stderr, "  {}", problem);
    if (!report->ok) fail("the record does not verify");
    std::println("verified: {} rows in {} sessions, head {}", report->rows, report->sessions, records::to_hex(report->head));
    list_results(places);
}

}  // namespace

void add_demo(CLI::App& app) {
    auto* command = app.add_subcommand("demo", "One whole simulated study: exposure session, NIR verification, report, export");
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
