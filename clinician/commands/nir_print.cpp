// SPDX-License-Identifier: Apache-2.0
#include "clinician/commands/nir_print.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <format>
#include <print>

namespace accalmie::commands {
namespace {

using nlohmann::json;

std::string with_unit(const nir::Model& model) { return model.unit.empty() ? model.target : std::format("{} ({})", model.target, model.unit); }

// RMSEP and bias over the rows that have a reference value.
struct Errors {
    double rmsep = 0, bias = 0;
    int count = 0, count_inside = 0;
    double rmsep_inside = 0;
};

Errors errors_of(const Quantified& quantified) {
    Errors errors;
    double squares = 0, squares_inside = 0;
    for (std::size_t i = 0; i < quantified.references.size(); ++i) {
        if (!quantified.references[i]) continue;
        const double error = quantified.predictions[i].value - *quantified.references[i];
        squares += error * error;
        errors.bias += error;
        ++errors.count;
        if (quantified.predictions[i].verdict != nir::Verdict::inside) continue;
        squares_inside += error * error;
        ++errors.count_inside;
    }
    if (errors.count > 0) {
        errors.rmsep = std::sqrt(squares / errors.count);
        errors.bias /= errors.count;
    }
    if (errors.count_inside > 0) errors.rmsep_inside = std::sqrt(squares_inside / errors.count_inside);
    return errors;
}

}  // namespace

std::string spectrum_plot(const nir::SpectrumTable& table, Eigen::Index row, int width, int height) {
    const auto channels = table.channels();
    width = static_cast<int>(std::min<Eigen::Index>(width, channels));
    const double low = table.values.row(row).minCoeff(), high = table.values.row(row).maxCoeff();
    const double span = high > low ? high - low : 1.0;
    std::vector<std::string> lines(static_cast<std::size_t>(height), std::string(static_cast<std::size_t>(width), ' '));
    const auto line_of = [&](double value) { return static_cast<std::size_t>(std::lround((high - value) / span * (height - 1))); };
    for (int column = 0; column < width; ++column) {
        // A column shows everything from the lowest to the highest of its channels, so no narrow band is lost.
        const Eigen::Index from = channels * column / width, to = std::max(channels * (column + 1) / width, from + 1);
        const auto part = table.values.row(row).segment(from, to - from);
        for (std::size_t line = line_of(part.maxCoeff()); line <= line_of(part.minCoeff()); ++line) lines[line][static_cast<std::size_t>(column)] = '*';
    }
    std::string text;
    for (int line = 0; line < height; ++line) {
        const bool labelled = line == 0 || line == height - 1 || line == height / 2;
        const double value = high - span * line / (height - 1);
        text += labelled ? std::format("{:>10.4g} |", value) : std::string(10, ' ') + " |";
        text += lines[static_cast<std::size_t>(line)] + '\n';
    }
    const std::string first = std::format("{:.6g}", table.axis.values.front()), last = std::format("{:.6g} {}", table.axis.values.back(), table.axis.label);
    const auto gap = std::max<std::ptrdiff_t>(width - std::ssize(first) - std::ssize(last), 1);
    return text + std::string(11, ' ') + '+' + std::string(static_cast<std::size_t>(width), '-') + '\n' + std::string(12, ' ') + first +
           std::string(static_cast<std::size_t>(gap), ' ') + last + '\n';
}

json table_json(const nir::SpectrumTable& table) {
    json columns = json::array(), metadata = json::object();
    for (const auto& column : table.columns) columns.push_back(column.name);
    for (const auto& [key, value] : table.metadata) metadata[key] = value;
    return {{"ok", true}, {"file", table.file}, {"format", table.format}, {"spectra", table.rows()}, {"channels", table.channels()}, {"axis_unit", nir::name_of(table.axis.unit)},
            {"axis_label", table.axis.label}, {"axis_first", table.axis.values.front()}, {"axis_last", table.axis.values.back()}, {"quantity", nir::name_of(table.quantity)},
            {"lowest", table.values.minCoeff()}, {"highest", table.values.maxCoeff()}, {"columns", columns}, {"metadata", metadata}, {"warnings", table.warnings}};
}

void print_table(const nir::SpectrumTable& table) {
    std::println("{}: {}", table.file, table.format);
    std::println("  {} spectra of {} channels, {:.6g} to {:.6g} {}, {} from {:.4g} to {:.4g}", table.rows(), table.channels(), table.axis.values.front(),
                 table.axis.values.back(), table.axis.label, nir::name_of(table.quantity), table.values.minCoeff(), table.values.maxCoeff());
    std::string names;
    for (const auto& column : table.columns) names += (names.empty() ? "" : ", ") + column.name;
    if (!names.empty()) std::println("  columns beside the spectra: {}", names);
    for (const auto& [key, value] : table.metadata) std::println("  {}: {}", key, value.substr(0, value.find('\n')));
    for (const auto& warning : table.warnings) std::println(stderr, "accalmie: warning: {}", warning);
}

json training_json(const nir::Training& training, const nir::TrainingSetup& setup, const std::string& path) {
    const nir::Model& model = training.model;
    json by_components = json::array();
    for (std::size_t i = 0; i < training.rmsecv.size(); ++i) by_components.push_back({{"components", i + 1}, {"rmsecv", training.rmsecv[i]}});
    json answer{{"ok", true}, {"model", model.id()}, {"target", model.target}, {"unit", model.unit}, {"method", "pls"}, {"prep", model.prep.text()}, {"cv", model.cv},
                {"spectra", training.samples}, {"left_out", training.left_out}, {"channels", model.axis.values.size()}, {"rmsecv", by_components},
                {"components", model.components()}, {"chosen_from", {setup.fewest_components, setup.most_components}}, {"rmsec", model.rmsec},
                {"chosen_rmsecv", model.rmsecv}, {"reference_low", model.reference_low}, {"reference_high", model.reference_high}, {"t2_limit", model.t2_limit},
                {"q_limit", model.q_limit}, {"training_sha256", model.training_sha256}};
    if (!path.empty()) answer["out"] = path;
    return answer;
}

void print_training(const nir::Training& training, const nir::TrainingSetup& setup, const std::string& path) {
    const nir::Model& model = training.model;
    std::println("{} from {} spectra of {} channels, {}, cross-validated {}", with_unit(model), training.samples, model.axis.values.size(), model.prep.text(), model.cv);
    if (!training.left_out.empty()) {
        std::string names;
        for (std::size_t i = 0; i < training.left_out.size() && i < 12; ++i) names += (i == 0 ? "" : ", ") + training.left_out[i];
        std::println("left out, without a value of {}: {} rows ({}{})", model.target, training.left_out.size(), names, training.left_out.size() > 12 ? ", ..." : "");
    }
    std::println("{:>10} {:>12}", "components", "RMSECV");
    for (std::size_t i = 0; i < training.rmsecv.size(); ++i)
        std::println("{:>10} {:>12.6g}{}", i + 1, training.rmsecv[i], static_cast<int>(i) + 1 == model.components() ? "  <- chosen" : "");
    if (setup.fewest_components < setup.most_components) std::println("chosen: the fewest components within 2 % of the smallest error");
    std::println("calibration error {:.6g}, reference values {:.6g} to {:.6g}", model.rmsec, model.reference_low, model.reference_high);
    std::println("outside the model when Q > {:.4g} or T2 > {:.4g}", model.q_limit, model.t2_limit);
    if (path.empty())
        std::println("nothing was written: give --out FILE to keep the model");
    else
        std::println("wrote {} ({})", path, model.id());
}

json quantified_json(const Quantified& quantified) {
    const Errors errors = errors_of(quantified);
    json rows = json::array();
    for (std::size_t i = 0; i < quantified.predictions.size(); ++i) {
        const auto& prediction = quantified.predictions[i];
        json reasons = json::array();
        for (const auto& reason : prediction.reasons) reasons.push_back(nir::describe(reason));
        json row{{"row", quantified.rows[i] + 1}, {"id", quantified.table.row_name(static_cast<Eigen::Index>(i))}, {"value", prediction.value},
                 {"interval_low", prediction.interval_low}, {"interval_high", prediction.interval_high}, {"t2", prediction.t2}, {"q", prediction.q},
                 {"inside", prediction.verdict == nir::Verdict::inside}, {"verdict", nir::name_of(prediction.verdict)}, {"reasons", reasons}};
        if (!quantified.references.empty()) row["reference"] = quantified.references[i] ? json(*quantified.references[i]) : json();
        rows.push_back(std::move(row));
    }
    const nir::Model& model = quantified.model;
    json answer{{"ok", true}, {"model", model.id()}, {"target", model.target}, {"unit", model.unit}, {"components", model.components()},
                {"interval_probability", nir::interval_probability}, {"predictions", rows}, {"notes", quantified.notes}};
    if (errors.count > 0) {
        answer["rmsep"] = errors.rmsep;
        answer["bias"] = errors.bias;
        answer["with_reference"] = errors.count;
        answer["rmsep_inside"] = errors.count_inside > 0 ? json(errors.rmsep_inside) : json();
    }
    return answer;
}

void print_quantified(const Quantified& quantified) {
    const nir::Model& model = quantified.model;
    std::println("{} by {}, 95 % intervals", with_unit(model), model.id());
    std::println("{:>6} {:<16} {:>12} {:>25} {:>12}  {}", "row", "id", "value", "interval", quantified.references.empty() ? "" : "reference", "verdict");
    for (std::size_t i = 0; i < quantified.predictions.size(); ++i) {
        const auto& prediction = quantified.predictions[i];
        const bool known = !quantified.references.empty() && quantified.references[i].has_value();
        std::println("{:>6} {:<16} {:>12.6g} {:>25} {:>12}  {}", quantified.rows[i] + 1, quantified.table.row_name(static_cast<Eigen::Index>(i)).substr(0, 16), prediction.value,
                     std::format("{:.6g} to {:.6g}", prediction.interval_low, prediction.interval_high), known ? std::format("{:.6g}", *quantified.references[i]) : "",
                     nir::name_of(prediction.verdict));
        for (const auto& reason : prediction.reasons) std::println("{:>6} {}", "", nir::describe(reason));
    }
    for (const auto& note : quantified.notes) std::println("note: {}", note);
    const Errors errors = errors_of(quantified);
    if (errors.count == 0) return;
    std::println("RMSEP {:.6g} {}over {} rows, bias {:.4g}", errors.rmsep, model.unit.empty() ? "" : model.unit + " ", errors.count, errors.bias);
    if (errors.count_inside > 0 && errors.count_inside < errors.count) std::println("RMSEP of the {} rows inside the model: {:.6g}", errors.count_inside, errors.rmsep_inside);
}

json identified_json(const Identified& identified) {
    json models = json::array(), rows = json::array();
    for (const auto& model : identified.models) models.push_back({{"model", model.id()}, {"target", model.target}, {"unit", model.unit}, {"simulated", nir::trained_on_simulated(model)}});
    for (std::size_t i = 0; i < identified.answers.size(); ++i) {
        const auto& answer = identified.answers[i];
        json gates = json::array();
        for (const auto& candidate : answer.candidates) {
            json reasons = json::array();
            for (const auto& reason : candidate.prediction.reasons) reasons.push_back(nir::describe(reason));
            gates.push_back({{"model", candidate.id}, {"inside", candidate.prediction.verdict == nir::Verdict::inside}, {"t2", candidate.prediction.t2},
                             {"q", candidate.prediction.q}, {"reasons", reasons}});
        }
        json row{{"row", identified.rows[i] + 1}, {"id", identified.table.row_name(static_cast<Eigen::Index>(i))}, {"verdict", nir::name_of(answer.identity)},
                 {"gates", gates}, {"notes", answer.notes}};
        if (const auto* found = answer.found()) {
            row["model"] = found->id;
            row["unit"] = identified.models[found->model].unit;
            row["value"] = found->prediction.value;
            row["interval_low"] = found->prediction.interval_low;
            row["interval_high"] = found->prediction.interval_high;
        }
        rows.push_back(std::move(row));
    }
    return {{"ok", true}, {"interval_probability", nir::interval_probability}, {"models", models}, {"identifications", rows}};
}

void print_identified(const Identified& identified) {
    for (const auto& model : identified.models)
        std::println("{}: {}{}", model.id(), with_unit(model), nir::trained_on_simulated(model) ? ", trained on simulated spectra: it judges nothing real" : "");
    std::println("{:>6} {:<16} {:<26} {:<34} {}", "row", "id", "verdict", "model", "content, 95 % interval");
    for (std::size_t i = 0; i < identified.answers.size(); ++i) {
        const auto& answer = identified.answers[i];
        const auto* found = answer.found();
        std::string content;
        if (found) {
            const auto& p = found->prediction;
            content = std::format("{:.4g} {} ({:.4g} to {:.4g})", p.value, identified.models[found->model].unit, p.interval_low, p.interval_high);
        }
        std::println("{:>6} {:<16} {:<26} {:<34} {}", identified.rows[i] + 1, identified.table.row_name(static_cast<Eigen::Index>(i)).substr(0, 16), nir::name_of(answer.identity),
                     found ? found->id : "", content);
        for (const auto& note : answer.notes) std::println("{:>6} note: {}", "", note);
    }
}

}  // namespace accalmie::commands
