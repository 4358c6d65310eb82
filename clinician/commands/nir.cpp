// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdio>
#include <format>
#include <functional>
#include <memory>
#include <print>

#include <nlohmann/json.hpp>

#include "clinician/commands/commands.h"
#include "clinician/commands/nir_print.h"
#include "device/nir/identify.h"
#include "device/nir/model.h"
#include "device/nir/number.h"
#include "device/nir/read.h"
#include "device/nir/simulated.h"

namespace accalmie::commands {
namespace {

using nlohmann::json;

struct NirOptions {
    std::string data, rows, range, target, prep = "none", method = "pls", components = "1-10", cv = "venetian:10", name, unit, out, model;
    std::vector<std::string> models;
    bool json = false, plot = false, simulated = false;
    std::string sample = "tablet";
    std::uint64_t seed = 1;
    int count = 1;
    double amount = 0;
};

// Names in a file may hold anything; the answer is UTF-8 whatever they were.
void print_json(const json& value) { std::println("{}", value.dump(2, ' ', false, json::error_handler_t::replace)); }

[[noreturn]] void refuse(const NirOptions& options, const device::Error& error) {
    if (options.json) {
        print_json({{"ok", false}, {"error", {{"file", error.file}, {"line", error.line}, {"column", error.column}, {"message", error.message}, {"hint", error.hint}}}});
    }
    fail(error);
}

template <class T>
T need(const NirOptions& options, device::Result<T> result) {
    if (!result) refuse(options, result.error());
    return *std::move(result);
}

nir::SpectrumTable read_rows(const NirOptions& options, nir::RowSelection& rows) {
    const auto table = need(options, nir::read_spectra(options.data));
    auto selected = nir::parse_rows(options.rows, table.rows());
    if (!selected) {
        selected.error().message = options.data + ": " + selected.error().message;
        refuse(options, selected.error());
    }
    rows = *std::move(selected);
    return nir::select_rows(table, rows);
}

void read(const NirOptions& options) {
    nir::RowSelection rows;
    auto table = read_rows(options, rows);
    if (!options.range.empty()) table = need(options, nir::cut_range(table, need(options, nir::parse_range(options.range))));
    if (options.json) return print_json(table_json(table));
    print_table(table);
    if (!options.plot) return;
    constexpr Eigen::Index most_plots = 5;
    for (Eigen::Index row = 0; row < std::min(table.rows(), most_plots); ++row)
        std::print("\n{}\n{}", table.row_name(row), spectrum_plot(table, row));
    if (table.rows() > most_plots) std::println("... and {} more (choose them with --rows)", table.rows() - most_plots);
}

// "1-10" chooses among them; "5" takes five.
void parse_components(const NirOptions& options, nir::TrainingSetup& setup) {
    const auto dash = options.components.find('-');
    const auto first = nir::parse_integer(std::string_view(options.components).substr(0, dash));
    const auto last = dash == std::string::npos ? first : nir::parse_integer(std::string_view(options.components).substr(dash + 1));
    if (!first || !last || *first < 1 || *last < *first || *last > 100)
        refuse(options, {std::format("--components '{}' is not a range of components", options.components), "write 1-10, or one number from 1 to 100"});
    setup.fewest_components = *first;
    setup.most_components = *last;
}

void train(const NirOptions& options) {
    nir::RowSelection rows;
    const auto table = read_rows(options, rows);
    nir::TrainingSetup setup;
    setup.target = options.target;
    setup.unit = options.unit;
    setup.name = options.name.empty() ? options.target : options.name;
    setup.prep = need(options, nir::parse_chain(options.prep));
    setup.cv = options.cv;
    if (!options.range.empty()) setup.range = need(options, nir::parse_range(options.range));
    parse_components(options, setup);
    const auto training = need(options, nir::train(table, setup));
    if (!options.out.empty())
        if (auto written = nir::write_file(options.out, nir::write_model(training.model)); !written) refuse(options, written.error());
    if (options.json)
        print_json(training_json(training, setup, options.out));
    else
        print_training(training, setup, options.out);
}

void quantify(const NirOptions& options) {
    const auto model = need(options, nir::read_model(options.model));
    nir::RowSelection rows;
    const auto table = read_rows(options, rows);
    Quantified quantified{model, table, rows, {}, {}, {}};
    quantified.predictions = need(options, nir::predict(model, table, &quantified.notes));
    if (!options.target.empty()) quantified.references = need(options, nir::numbers_of(table, options.target));
    if (options.json)
        print_json(quantified_json(quantified));
    else
        print_quantified(quantified);
}

void identify(const NirOptions& options) {
    const auto models = need(options, nir::read_models(options.models));
    nir::RowSelection rows;
    const auto table = read_rows(options, rows);
    Identified identified{models, table, rows, {}};
    for (Eigen::Index row = 0; row < table.rows(); ++row) identified.answers.push_back(need(options, nir::identify(models, table, row)));
    if (options.json)
        print_json(identified_json(identified));
    else
        print_identified(identified);
}

void acquire(const NirOptions& options, bool amount_given) {
    if (!options.simulated)
        refuse(options, {"no spectrometer can be driven from here yet", "measure with the instrument's own program and read its file, or give --simulated"});
    const auto sample = nir::simulated_sample(options.sample).value_or(nir::SimulatedSample::tablet);
    if (amount_given && sample == nir::SimulatedSample::powder && options.amount > 100)
        refuse(options, {std::format("--amount {} is more than the whole powder", options.amount), "a powder's amount is in percent of mass, 0 to 100"});
    const auto table = nir::simulate_table(sample, options.count, options.seed, amount_given ? std::optional(options.amount) : std::nullopt);
    if (auto written = nir::write_file(options.out, nir::write_csv(table)); !written) refuse(options, written.error());
    if (options.json)
        return print_json({{"ok", true}, {"out", options.out}, {"instrument", "simulated spectrometer"}, {"sample", options.sample}, {"spectra", table.rows()},
                           {"channels", table.channels()}, {"seed", options.seed}});
    std::println("wrote {}: {} spectra of the simulated spectrometer ({}, seed {})", options.out, table.rows(), options.sample, options.seed);
}

void add_data(CLI::App& command, NirOptions& options) {
    command.add_option("--data", options.data, "Spectra: CSV (one a row, axis in the header) or JCAMP-DX")->required()->type_name("FILE");
    command.add_option("--rows", options.rows, "Rows to take, such as 1-50,55 (all)");
    command.add_flag("--json", options.json, "For machines");
}

void add_read(CLI::App& nir, const std::shared_ptr<NirOptions>& options) {
    auto* command = nir.add_subcommand("read", "Say what a file of spectra holds");
    command->add_option("FILE", options->data, "CSV (wide, or two columns) or JCAMP-DX 4.24 and 5.01")->required();
    command->add_option("--rows", options->rows, "Rows to take, such as 1-5 (all)");
    command->add_option("--range", options->range, "Part of the axis, such as 800:1760");
    command->add_flag("--plot", options->plot, "Draw the spectra as text");
    command->add_flag("--json", options->json, "For machines");
    command->footer("Example: accalmie nir read spectrum.jdx --plot");
    command->callback([options] { read(*options); });
}

void add_train(CLI::App& nir, const std::shared_ptr<NirOptions>& options) {
    auto* command = nir.add_subcommand("train", "Calibrate a model by partial least squares, with its cross-validated error for every number of components");
    add_data(*command, *options);
    command->add_option("--target", options->target, "Column with the reference values")->required();
    command->add_option("--prep", options->prep, "Preprocessing in order: snv, sg(window,polynomial,derivative), none")->capture_default_str();
    command->add_option("--range", options->range, "Part of the axis, such as 800:1760 (all)");
    command->add_option("--method", options->method, "pls")->check(CLI::IsMember({"pls"}))->capture_default_str();
    command->add_option("--components", options->components, "How many components: a range to choose from, or one number")->capture_default_str();
    command->add_option("--cv", options->cv, "venetian:K, kfold:K, loo or group:COLUMN (keep the scans of one sample together)")->capture_default_str();
    command->add_option("--name", options->name, "Name of the model (the target)");
    command->add_option("--unit", options->unit, "Unit of the target");
    command->add_option("--out", options->out, "Model file to write")->type_name("FILE");
    command->footer("Example: accalmie nir train --data X.csv --target octane --rows 1-50 --prep 'snv, sg(15,2,1)' --components 1-10 --cv venetian:10 --out model.nir");
    command->callback([options] { train(*options); });
}

void add_quantify(CLI::App& nir, const std::shared_ptr<NirOptions>& options) {
    auto* command = nir.add_subcommand("quantify", "Give values with intervals, or say that a spectrum is none of those the model knows");
    command->add_option("--model", options->model, "Model file, or the name of a shipped one (simulated-tablet)")->required()->type_name("FILE");
    add_data(*command, *options);
    command->add_option("--target", options->target, "Column with reference values, for the error of prediction (none)");
    command->footer("Example: accalmie nir quantify --model model.nir --data X.csv --rows 51-60 --target octane --json");
    command->callback([options] { quantify(*options); });
}

void add_identify(CLI::App& nir, const std::shared_ptr<NirOptions>& options) {
    auto* command = nir.add_subcommand("identify", "Say which of several products a spectrum is, that it is none of these, or that more than one is possible");
    command->add_option("--model", options->models, "Model file, or the name of a shipped one; may be given again (all that ship)")->type_name("FILE")->allow_extra_args(false);
    add_data(*command, *options);
    command->footer("Example: accalmie nir identify --data X.csv --model simulated-tablet --model simulated-powder --json");
    command->callback([options] { identify(*options); });
}

void add_acquire(CLI::App& nir, const std::shared_ptr<NirOptions>& options) {
    auto* command = nir.add_subcommand("acquire", "Measure spectra; today with the simulated spectrometer (125 channels, 908 to 1676 nm)");
    command->add_flag("--simulated", options->simulated, "The simulated spectrometer: made-up substances, for rehearsal and tests");
    command->add_option("--sample", options->sample, "tablet (the reference tablet), powder (the reference powder), foreign (another powder), mixture (a tablet with a fifth of foreign powder)")
        ->check(CLI::IsMember({"tablet", "powder", "foreign", "mixture"}))->capture_default_str();
    command->add_option("--count", options->count, "How many spectra")->check(CLI::Range(1, 100'000))->capture_default_str();
    auto* amount = command->add_option("--amount", options->amount, "Active ingredient, the same in all: mg, of a powder percent (spread evenly: 30 to 70 mg, 10 to 60 %)")->check(CLI::Range(0.0, 200.0));
    command->add_option("--seed", options->seed, "Seed of everything that is drawn at random")->capture_default_str();
    command->add_option("--out", options->out, "CSV file to write")->required()->type_name("FILE");
    command->add_flag("--json", options->json, "For machines");
    command->footer("Example: accalmie nir acquire --simulated --count 240 --seed 2026 --out X.csv");
    command->callback([options, amount] { acquire(*options, amount->count() > 0); });
}

}  // namespace

void add_nir(CLI::App& app) {
    auto* nir = app.add_subcommand("nir", "Read near-infrared spectra, calibrate models, identify, quantify, check a substance without a patient");
    nir->require_subcommand(1);
    nir->footer("Example: accalmie nir quantify --model simulated-tablet --data X.csv");
    const auto options = std::make_shared<NirOptions>();
    add_read(*nir, options);
    add_train(*nir, options);
    add_quantify(*nir, options);
    add_identify(*nir, options);
    add_acquire(*nir, options);
    add_nir_field(*nir);
}

}  // namespace accalmie::commands
