// SPDX-License-Identifier: Apache-2.0
// Owns: what `accalmie nir` prints, for people and as JSON. Never: computes. Private to clinician/commands.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "device/nir/identify.h"
#include "device/nir/model.h"

namespace accalmie::commands {

// One spectrum as a plot of text, `width` x `height` characters and its axes.
std::string spectrum_plot(const nir::SpectrumTable& table, Eigen::Index row, int width = 72, int height = 16);

nlohmann::json table_json(const nir::SpectrumTable& table);
void print_table(const nir::SpectrumTable& table);

nlohmann::json training_json(const nir::Training& training, const nir::TrainingSetup& setup, const std::string& path);
void print_training(const nir::Training& training, const nir::TrainingSetup& setup, const std::string& path);

struct Quantified {
    const nir::Model& model;
    const nir::SpectrumTable& table;                    // the rows asked for
    std::vector<Eigen::Index> rows;                     // their numbers in the file, from 0
    std::vector<nir::Prediction> predictions;
    std::vector<std::optional<double>> references;      // empty when none were asked for
    std::vector<std::string> notes;
};
nlohmann::json quantified_json(const Quantified& quantified);
void print_quantified(const Quantified& quantified);

struct Identified {
    const std::vector<nir::Model>& models;
    const nir::SpectrumTable& table;                    // the rows asked for
    std::vector<Eigen::Index> rows;                     // their numbers in the file, from 0
    std::vector<nir::Identification> answers;
};
nlohmann::json identified_json(const Identified& identified);
void print_identified(const Identified& identified);

}  // namespace accalmie::commands
