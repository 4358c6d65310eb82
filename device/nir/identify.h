// SPDX-License-Identifier: Apache-2.0
// Owns: the answer to "which of these is it?": one spectrum judged by the gate of every model in a list. Exactly one accepts: that one, with
// its value and interval. None: "none of these". Several: "more than one is possible", and no number.
// Never: picks the likelier of two, gives a number for what was not identified, judges with a model that cannot take the spectrum (it is
// named in the notes; an error when no model can). Units: each model's own. Thread: pure functions; shipped_models() looks into a folder.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "device/nir/model.h"

namespace accalmie::nir {

enum class Identity : std::uint8_t { identified, none, several };
std::string_view name_of(Identity identity);   // "identified", "none of these", "more than one is possible"

struct Candidate {
    std::size_t model = 0;                     // index into the models that were asked
    std::string id;                            // of the model
    Prediction prediction;                     // its gate and its reasons; the value is for display only when this is the one identified
};

struct Identification {
    Identity identity = Identity::none;
    std::vector<Candidate> candidates;         // one for each model that could judge, in the order of the models
    std::optional<std::size_t> chosen;         // index into candidates, only when identified
    std::vector<std::string> notes;            // models that could not judge, interpolation

    const Candidate* found() const { return chosen ? &candidates[*chosen] : nullptr; }
};

// One row of a table. A model that is in the list twice (the same content) counts once.
Result<Identification> identify(std::span<const Model> models, const SpectrumTable& table, Eigen::Index row = 0);

// The models that ship, by name in alphabetical order ("simulated-powder", "simulated-tablet").
Result<std::vector<std::string>> shipped_models();
// Files or names of shipped ones; an empty list stands for all that ship.
Result<std::vector<Model>> read_models(const std::vector<std::string>& names_or_paths);

// Whether the model was trained on the simulated spectrometer alone: its name says so (models/README.md). It judges nothing real.
bool trained_on_simulated(const Model& model);
bool trained_on_simulated(std::string_view name_or_id);

}  // namespace accalmie::nir
