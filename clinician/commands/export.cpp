// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/commands.h"

#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/exports/csv_package.h"

namespace accalmie::commands {
namespace {

struct Options {
    std::string study, out, format = "csv", actor = "accalmie";
    KeyOption key;
    bool as_json = false;
};

void run(const Options& options) {
    auto key = records::Key::read_file(options.key.resolve());
    if (!key) fail(key.error());
    auto study = records::Study::open(options.study, *key);
    if (!study) fail(study.error());
    auto summary = exports::export_csv(*study, options.out, options.actor);
    if (!summary) fail(summary.error());
    if (options.as_json) {
        std::println("{}", nlohmann::json({{"directory", summary->directory}, {"files", summary->files}, {"sha", records::to_hex(summary->sha)}}).dump(2));
    } else {
        std::println("{}", summary->directory);
        for (const std::string& file : summary->files) std::println("  {}", file);
    }
    finish(0);
}

}  // namespace

void add_export(CLI::App& app) {
    CLI::App& command = *app.add_subcommand("export", "Write the study's data for other programs; each export is a row in the study's ledger");
    const auto options = std::make_shared<Options>();
    command.add_option("--study", options->study, "The study's folder")->required()->type_name("DIR");
    options->key.add(command);
    command.add_option("--to", options->format, "Format: csv, tables with a Frictionless data package descriptor")->check(CLI::IsMember({"csv"}))->type_name("csv");
    command.add_option("--out", options->out, "New or empty folder for the files")->required()->type_name("DIR");
    command.add_option("--by", options->actor, "Account that exports, for the ledger")->type_name("NAME");
    command.add_flag("--json", options->as_json, "Answer in JSON");
    command.footer("Example: accalmie export --study ./crave --key-file site.key --to csv --out ./crave-csv");
    command.callback([options] { run(*options); });
}

}  // namespace accalmie::commands
