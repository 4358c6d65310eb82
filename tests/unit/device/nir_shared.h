// SPDX-License-Identifier: Apache-2.0
// Owns: finding the reference data, which never enters the repository. A test that needs it is skipped, and counted, where it is missing.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <string>

#include "device/nir/read.h"

inline std::string reference_file(const std::string& name) {
    const std::string path = std::string(ACCALMIE_SOURCE_DIR) + "/../shared/data/nir/" + name;
    if (!std::filesystem::exists(path)) SKIP("reference data " << name << " is not here");
    return path;
}

template <class T>
T must(accalmie::device::Result<T> result) {
    if (!result) FAIL(accalmie::device::describe(result.error()));
    return std::move(*result);
}

inline accalmie::nir::SpectrumTable reference_table(const std::string& name) { return must(accalmie::nir::read_spectra(reference_file(name))); }
