// SPDX-License-Identifier: Apache-2.0
#include "device/nir/identify.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <format>

namespace accalmie::nir {

std::string_view name_of(Identity identity) {
    static constexpr std::array<std::string_view, 3> names{"identified", "none of these", "more than one is possible"};
    return names[static_cast<std::size_t>(identity)];
}

Result<Identification> identify(std::span<const Model> models, const SpectrumTable& table, Eigen::Index row) {
    if (models.empty()) return std::unexpected(Error{"no model to identify with", "name a model file, or a shipped one such as simulated-tablet"});
    if (row < 0 || row >= table.rows())
        return std::unexpected(Error{std::format("there is no spectrum {}", row + 1), std::format("there are spectra 1 to {}", table.rows()), table.file});
    const SpectrumTable one = select_rows(table, {row});
    Identification answer;
    std::optional<Error> first_refusal;
    for (std::size_t i = 0; i < models.size(); ++i) {
        std::string id = models[i].id();
        if (std::ranges::contains(answer.candidates, id, &Candidate::id)) continue;
        std::vector<std::string> notes;
        auto predictions = predict(models[i], one, &notes);
        if (!predictions) {
            answer.notes.push_back(std::format("{} could not judge this spectrum: {}", id, predictions.error().message));
            if (!first_refusal) first_refusal = std::move(predictions.error());
            continue;
        }
        for (auto& note : notes)
            if (!std::ranges::contains(answer.notes, note)) answer.notes.push_back(std::move(note));
        answer.candidates.push_back({i, std::move(id), std::move(predictions->front())});
    }
    if (answer.candidates.empty()) return std::unexpected(*std::move(first_refusal));
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < answer.candidates.size(); ++i) {
        if (answer.candidates[i].prediction.verdict != Verdict::inside) continue;
        ++accepted;
        answer.chosen = i;
    }
    answer.identity = accepted == 0 ? Identity::none : accepted == 1 ? Identity::identified : Identity::several;
    if (accepted != 1) answer.chosen.reset();
    return answer;
}

Result<std::vector<std::string>> shipped_models() {
    namespace fs = std::filesystem;
    // One of them is known by name, the others lie beside it.
    const fs::path folder = fs::path(find_model("simulated-tablet")).parent_path();
    std::vector<std::string> names;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed))
        if (entry->path().extension() == ".model") names.push_back(entry->path().stem().string());
    if (failed || names.empty())
        return std::unexpected(Error{"the shipped models are not there", "set ACCALMIE_ROOT to the folder that holds device/nir/models, or name a model file", folder.string()});
    std::ranges::sort(names);
    return names;
}

Result<std::vector<Model>> read_models(const std::vector<std::string>& names_or_paths) {
    std::vector<std::string> names = names_or_paths;
    if (names.empty()) {
        auto shipped = shipped_models();
        if (!shipped) return std::unexpected(std::move(shipped.error()));
        names = std::move(*shipped);
    }
    std::vector<Model> models;
    for (const auto& name : names) {
        auto model = read_model(name);
        if (!model) return std::unexpected(std::move(model.error()));
        models.push_back(std::move(*model));
    }
    return models;
}

bool trained_on_simulated(const Model& model) { return trained_on_simulated(model.name); }
bool trained_on_simulated(std::string_view name_or_id) { return name_or_id.starts_with("simulated-"); }

}  // namespace accalmie::nir
