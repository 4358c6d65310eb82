// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/commands.h"

#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/reports/session_report.h"

namespace accalmie::commands {
namespace {

struct Options {
    std::string study, session, out, language;
    KeyOption key;
    bool as_json = false;
};

void run(const Options& options) {
    auto key = records::Key::read_file(options.key.resolve());
    if (!key) fail(key.error());
    auto study = records::Study::open(options.study, *key, true);
    if (!study) fail(study.error());
    const std::string language = options.language.empty() ? study->info().language : options.language;
    if (auto written = reports::write_session_report(*study, options.session, language, options.out); !written) fail(written.error());
    if (options.as_json)
        std::println("{}", nlohmann::json({{"report", options.out}, {"session", options.session}, {"language", language}}).dump());
    else
        std::println("{}", options.out);
    finish(0);
}

}  // namespace

void add_report(CLI::App& app) {
    CLI::App& command = *app.add_subcommand("report", "One page about one session, as PDF, for the clinician's file");
    const auto options = std::make_shared<Options>();
    command.add_option("--study", options->study, "The study's folder")->required()->type_name("DIR");
    options->key.add(command);
    command.add_option("--session", options->session, "The session, as accalmie study sessions lists it")->required()->type_name("ID");
    command.add_option("--out", options->out, "The PDF file")->required()->type_name("FILE");
    command.add_option("--language", options->language, "Language of the page; the study's own without it")->check(CLI::IsMember({"fr", "en"}))->type_name("fr|en");
    command.add_flag("--json", options->as_json, "Answer in JSON");
    command.footer("Example: accalmie report --study ./crave --key-file site.key --session S0001 --out report.pdf --language fr");
    command.callback([options] { run(*options); });
}

}  // namespace accalmie::commands
